"""One consultant, one document: ask, check, have it mended."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from . import checks
from .checks.about import About
from .document import Document, Finding
from .errors import BudgetSpent
from .facts import Question
from .model import Hear, Reply, Request, Source, Transport
from .research import numbered

STATUS = "draft for review; decisions are in the run's record"
REPAIRS = 2
"""How often an author is asked to mend a draft before it is handed in with its findings."""


class Around(Protocol):
    """What makes a document of an author's words."""

    @property
    def name(self) -> str:
        """The document's name."""
        ...

    def around(self, reply: Reply) -> Document:
        """The document."""
        ...


@dataclass(frozen=True)
class Frame:
    """What the program puts around an author's words.

    Attributes:
        name: the document's name under ``documents/``.
        title: its first heading.
        recipe: the recipe's name.
        version: how many drafts there were, this one included.
        questions: what was answered and what is assumed at the intake: every document says it, whoever writes.
        sources: what was looked up for the run before.
    """

    name: str
    title: str
    recipe: str
    version: int
    questions: tuple[Question, ...] = ()
    sources: tuple[Source, ...] = ()

    def around(self, reply: Reply) -> Document:
        """The document: title, meta block, and the author's text below its own title."""
        body = _unwrapped(reply.text)
        body = re.sub(r"\A#[ \t]+.*\n?", "", body).strip()
        if not body:
            body = f"The author wrote nothing (it ended with '{reply.stop}')."
        author = reply.model.replace("|", "\\|")
        meta = (
            "| Version | Last updated | Status | Recipe | Author |\n|---|---|---|---|---|\n"
            f"| {self.version} | {reply.at[:10]} | {STATUS} | {self.recipe} | {author} |"
        )
        whole = f"# {self.title}\n\n{meta}\n\n{self._assumed}{body}\n"
        return Document(self.name, numbered(whole, (*self.sources, *reply.sources)))

    @property
    def _assumed(self) -> str:
        lines = [
            f"- [{q.name}] {_one_line(q.settled)} ({'asked' if q.answered else 'assumed, nobody answered'}: {_one_line(q.asks)})"
            for q in self.questions
        ]
        return "Settled at the intake:\n\n" + "\n".join(lines) + "\n\n" if lines else ""


@dataclass(frozen=True)
class Draft:
    """What a consultant hands in: the ``document``, what is still wrong with it, the last ``reply``, how often it was ``mended``."""

    document: Document
    findings: tuple[Finding, ...]
    reply: Reply
    mended: int


def consult(
    request: Request,
    frame: Around,
    about: About,
    transport: Transport,
    hear: Hear,
    at: Callable[[str], None],
    repairs: int = REPAIRS,
) -> Draft:
    """Ask, check, and have it mended while that helps; what cannot be mended is handed in with its findings.

    Args:
        request: the question.
        frame: what goes around the answer.
        about: what the checks need to know.
        transport: whom to ask.
        hear: told the text as it comes.
        at: told what is going on: ``writing``, ``checking`` or ``mending``.
        repairs: most times the author is asked to mend.

    Raises:
        ModelStopped: no answer came.
        BudgetSpent: the first question could pass the cap.
    """
    at("writing")
    best = _drafted(transport.send(request, hear), frame, about, at, 0)
    for mended in range(1, repairs + 1):
        if not best.findings or not best.reply.complete:
            break
        at("mending")
        wrong = tuple(f"line {f.line}: {f.message}" if f.line else f.message for f in best.findings)
        try:
            reply = transport.send(request.revised(best.reply.text, wrong), hear)
        except BudgetSpent:
            break
        reply = replace(reply, sources=best.reply.sources + reply.sources)
        again = _drafted(reply, frame, about, at, mended)
        if len(again.findings) >= len(best.findings) or not reply.complete:
            break
        best = again
    return best


def _drafted(reply: Reply, frame: Around, about: About, at: Callable[[str], None], mended: int) -> Draft:
    at("checking")
    document = frame.around(reply)
    found = frozenset(source.id for source in reply.sources)
    known = replace(about, complete=reply.complete, stop=reply.stop, sources=about.sources | found)
    return Draft(document, checks.check(document, known), reply, mended)


def _one_line(text: str) -> str:
    """``text`` as words inside one item of a list: no line breaks, no marks that begin a block or a tag."""
    return re.sub(r"([\\`*_\[\]<>|#])", r"\\\1", " ".join(text.split()))


def _unwrapped(text: str) -> str:
    """``text`` without a fence around the whole of it, and without what was said before its title."""
    text = text.replace("\r\n", "\n").strip()
    wrapped = re.fullmatch(r"(`{3,})(?:markdown|md)[ \t]*\n(.*)\n\1", text, re.DOTALL)
    text = wrapped.group(2).strip() if wrapped else text
    title = re.search(r"(?m)^#[ \t]+\S", text)
    return text[title.start() :] if title and "\n#" not in text[: title.start()] and title.start() < 500 else text
