"""One consultant, one document: ask, check, have it mended."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from . import checks
from .checks.about import About
from .checks.markdown.read import headings
from .document import Document, Finding
from .errors import BudgetSpent
from .facts import Question
from .model import Hear, Reply, Request, Source, Transport
from .research import numbered

STATUS = "draft for review; decisions are in the run's record"
MOST_TOLD = 40
"""The most findings an author is told at once, the errors first."""


_CONTENTS = re.compile(r"(?:table of )?contents|toc", re.IGNORECASE)


class Around(Protocol):
    """What makes a document of an author's words."""

    @property
    def name(self) -> str:
        """The document's name."""
        ...

    def around(self, reply: Reply) -> Document:
        """The document."""
        ...

    def told(self, findings: tuple[str, ...], reply: Reply) -> tuple[str, ...]:
        """``findings`` of the document in words that fit the author's answer, which is what gets mended."""
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
        links: what leads to the documents before and after it, in Markdown; empty for none.
        lists: whether it has a table of contents, made of its headings.
        short: whether it is one page, on which what was settled is named and not told again.
    """

    name: str
    title: str
    recipe: str
    version: int
    questions: tuple[Question, ...] = ()
    sources: tuple[Source, ...] = ()
    links: str = ""
    lists: bool = False
    short: bool = False

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
        links = f"{self.links}\n\n" if self.links else ""
        sources = (*self.sources, *reply.sources)
        listed = contents(numbered(body, sources)) if self.lists else ""
        body = _without_contents(body) if self.lists else body
        whole = f"# {self.title}\n\n{meta}\n\n{links}{listed}{self._assumed}{body}\n"
        return Document(self.name, numbered(whole, sources))

    def told(self, findings: tuple[str, ...], reply: Reply) -> tuple[str, ...]:
        """The findings as they are: the answer is the document."""
        return findings

    @property
    def _assumed(self) -> str:
        if self.short and self.questions:
            return f"Settled at the intake: {' '.join(f'[{q.name}]' for q in self.questions)}\n\n"
        lines = [
            f"- [{q.name}] {one_line(q.settled)} ({'asked' if q.answered else 'assumed, nobody answered'}: {one_line(q.asks)})"
            for q in self.questions
        ]
        return "Settled at the intake:\n\n" + "\n".join(lines) + "\n\n" if lines else ""


@dataclass(frozen=True)
class Attempt:
    """One try at a document: the ``document``, what is wrong with it, and whether it was ``kept``: no worse than the one before."""

    document: Document
    findings: tuple[Finding, ...]
    kept: bool = True

    @property
    def faults(self) -> tuple[int, int]:
        """How many errors it has, and how many warnings: the less the better."""
        errors = sum(finding.severity == "error" for finding in self.findings)
        return errors, len(self.findings) - errors


@dataclass(frozen=True)
class Draft:
    """What a consultant hands in: the last ``reply`` that was kept, and every attempt at the document, the first one first."""

    reply: Reply
    attempts: tuple[Attempt, ...]

    @property
    def best(self) -> Attempt:
        """The last attempt that was kept."""
        return next(attempt for attempt in reversed(self.attempts) if attempt.kept)

    @property
    def document(self) -> Document:
        """The document handed in."""
        return self.best.document

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is still wrong with it."""
        return self.best.findings

    def handed(self, document: Document, sources: tuple[Source, ...]) -> Draft:
        """This with ``document`` for the one handed in, and what it cites."""
        best = self.best
        attempts = tuple(replace(each, document=document) if each is best else each for each in self.attempts)
        return Draft(replace(self.reply, sources=sources), attempts)

    def after(self, reply: Reply, attempt: Attempt) -> Draft:
        """This with one more attempt, which is kept when it is whole and has less wrong with it."""
        if reply.complete and attempt.faults < self.best.faults:
            return Draft(reply, (*self.attempts, attempt))
        return Draft(self.reply, (*self.attempts, replace(attempt, kept=False)))


def consult(
    request: Request,
    frame: Around,
    about: About,
    transport: Transport,
    hear: Hear,
    at: Callable[[str], None],
    repairs: int,
) -> Draft:
    """Ask, check, and have errors mended while that helps; what cannot be mended is handed in with its findings.

    Args:
        request: the question.
        frame: what goes around the answer.
        about: what the checks need to know.
        transport: whom to ask.
        hear: told the text as it comes.
        at: told what is going on: ``waiting`` (for the first word), ``checking`` or ``mending``.
        repairs: most times the author is asked to mend; warnings alone are no reason to ask.

    Raises:
        ModelStopped: no answer came.
        BudgetSpent: the first question could pass the cap.
        Interrupted: nothing more is to be asked; what was answered is kept.
    """
    at("waiting")
    reply = transport.send(request, hear)
    draft = Draft(reply, (_attempt(reply, frame, about, at),))
    for _ in range(repairs):
        if not draft.best.faults[0] or not draft.reply.complete:
            break
        at("mending")
        try:
            told = frame.told(_told(draft.best), draft.reply)
            reply = transport.send(request.revised(draft.reply.text, told), hear)
        except BudgetSpent:
            break
        reply = replace(reply, sources=draft.reply.sources + reply.sources)
        draft = draft.after(reply, _attempt(reply, frame, about, at))
        if not draft.attempts[-1].kept:  # the same question again would be answered the same
            break
    return draft


def _attempt(reply: Reply, frame: Around, about: About, at: Callable[[str], None]) -> Attempt:
    at("checking")
    document = frame.around(reply)
    found = frozenset(source.id for source in reply.sources)
    known = replace(about, complete=reply.complete, stop=reply.stop, sources=about.sources | found)
    return Attempt(document, checks.check(document, known))


def _told(attempt: Attempt) -> tuple[str, ...]:
    """What its author reads: errors first, each with the line it is about (the author's draft has other line numbers) and what mends it."""
    ordered = sorted(attempt.findings, key=lambda finding: finding.severity != "error")
    said = []
    for finding in ordered[:MOST_TOLD]:
        line = " ".join(attempt.document.line(finding.line).split())[:200]
        about = f"{finding.severity} at “{line}”: " if line else f"{finding.severity}: "
        said.append(about + finding.message + (f"; {finding.hint}" if finding.hint else ""))
    return tuple(said)


def contents(body: str) -> str:
    """The numbered table of contents of a text: its sections, each a link to it; empty for a text without any."""
    sections = [each for each in headings(Document("", body)) if each.heading.level == 2 and not _CONTENTS.fullmatch(each.text)]  # fmt: skip
    lines = [f"{number}. [{each.text}](#{each.anchor})" for number, each in enumerate(sections, start=1)]
    return "\n".join(["## Contents", "", *lines, "", ""]) if lines else ""


def _without_contents(body: str) -> str:
    """``body`` without the table of contents its author typed."""
    lines, found = body.split("\n"), Document("", body).headings
    for at, heading in reversed(list(enumerate(found))):
        if _CONTENTS.fullmatch(heading.text):
            after = next((each.line for each in found[at + 1 :] if each.level <= heading.level), len(lines) + 1)
            del lines[heading.line - 1 : after - 1]
    return "\n".join(lines).strip()


def one_line(text: str) -> str:
    """``text`` as words inside one item of a list: no line breaks, no marks that begin a block or a tag."""
    return re.sub(r"([\\`*_\[\]<>|#])", r"\\\1", " ".join(text.split()))


def _unwrapped(text: str) -> str:
    """``text`` without a fence around the whole of it, and without what was said before its title."""
    text = text.replace("\r\n", "\n").strip()
    wrapped = re.fullmatch(r"(`{3,})(?:markdown|md)[ \t]*\n(.*)\n\1", text, re.DOTALL)
    text = wrapped.group(2).strip() if wrapped else text
    title = re.search(r"(?m)^#[ \t]+\S", text)
    return text[title.start() :] if title and "\n#" not in text[: title.start()] and title.start() < 500 else text
