"""What is asked of an author and what comes back: Request, Reply, Transport, and the tool-free seam between them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, astuple, dataclass, field, replace
from functools import cached_property
from typing import Any, Protocol

from . import digest

OFFLINE = "offline"
"""The model name of the author who needs no model."""

CONTINUABLE = ("max_tokens", "pause_turn")
"""Stop reasons after which the same author goes on when what it wrote is handed back: its length was used up, or it paused."""

_LATER = ("domain", "template", "earlier", "options")
"""Parts of a question that older questions do not have: empty ones do not change its digest."""

RUN_LONG = ("passage", "codebase")
"""Kinds of material that stay the same for a whole run; the others stay the same for a step."""

Hear = Callable[[str], None]
"""Told each piece of text as it is written; an empty piece says that the answer has begun."""


@dataclass(frozen=True)
class Material:
    """Something an author reads: ``kind`` (passage, codebase, facts, document, source or remark), its ``name``, its ``text``."""

    kind: str
    name: str
    text: str


def lasting(materials: Sequence[Material]) -> tuple[bool, ...]:
    """For each of ``materials`` whether it stays the same for a whole run: passages, the codebase, and the documents of earlier runs, which stand before the facts."""
    facts = next((at for at, each in enumerate(materials) if each.kind == "facts"), 0)
    return tuple(each.kind in RUN_LONG or (each.kind == "document" and at < facts) for at, each in enumerate(materials))


@dataclass(frozen=True)
class Web:
    """Leave to look things up while answering: at most ``searches`` searches (and as many pages read), only in ``domains`` if any are named."""

    searches: int
    domains: tuple[str, ...] = ()


@dataclass(frozen=True)
class Turn:
    """A part of an answer that its author did not end: why it ended (``stop``), its ``content`` blocks as JSON, how many ``sources`` it cites."""

    stop: str
    content: str
    sources: int = 0


@dataclass(frozen=True)
class Request:
    """Exactly what is asked, with no path, time or user in it: its digest is the name of the answer.

    Attributes:
        model: model id, or ``offline``.
        seat: the consultant's name.
        feature: the title of what is planned.
        role: who is asked (the system prompt).
        materials: what is read, in order: the brief's passages, the codebase, earlier documents.
        task: what this consultant is asked to write.
        outline: the headings the document must have, in order.
        remarks: what reviewers sent the document back with, oldest first.
        draft: for a revision, the text to revise.
        findings: for a revision, what the checks said about the draft.
        today: the date of the question, ISO 8601 (``2026-11-21``), fixed for the whole run.
        max_tokens: most tokens the answer may have.
        effort: how hard the model tries (``low`` to ``max``); empty for its own default.
        thinking: how it thinks (``adaptive``, ``between_tools``, ``disabled``); empty for its own default.
        schema: the JSON Schema the answer must fit, as canonical JSON; empty for a text.
        web: leave to search the web, if there is any.
        turns: what the answer consists of so far, when this asks for it to be continued: in order.
        again: whether the answer before was empty, so that the same is asked in other words.
        domain: the domain the document is about; empty for the whole.
        template: the text of the template the document follows; empty when it follows none.
        earlier: the text of the version that was approved last, whose ids stay what they are; empty when there is none, and
            when ``draft`` is that text.
        options: what was chosen for the recipe (``("db", "postgres")``), for an author who reads no prompt.
        lasting: whether later steps read the same brief and codebase, so that they are worth keeping in the server's
            cache for an hour instead of five minutes; no part of the question.
    """

    model: str
    seat: str
    feature: str
    role: str
    materials: tuple[Material, ...]
    task: str
    outline: tuple[str, ...]
    remarks: tuple[str, ...] = ()
    draft: str = ""
    findings: tuple[str, ...] = ()
    today: str = ""
    max_tokens: int = 32_000
    effort: str = ""
    thinking: str = ""
    schema: str = ""
    web: Web | None = None
    turns: tuple[Turn, ...] = ()
    again: bool = False
    domain: str = ""
    template: str = ""
    earlier: str = ""
    options: tuple[tuple[str, str], ...] = ()
    lasting: bool = False

    @cached_property
    def facts(self) -> dict[str, Any]:
        """The question, field by field: everything that could change the answer; not to be changed."""
        said = asdict(self)
        del said["lasting"]
        return {name: value for name, value in said.items() if value or name not in _LATER}

    @cached_property
    def digest(self) -> str:
        """SHA-256 over :attr:`facts`: two requests are the same question only if all of them agree."""
        return digest.of_fact(self.facts)

    @property
    def who(self) -> str:
        """Who is asked, in words: ``story-writer``, ``story-writer (payment)``."""
        return f"{self.seat} ({self.domain})" if self.domain else self.seat

    def revised(self, draft: str, findings: tuple[str, ...]) -> Request:
        """The same question, asking for ``draft`` to be mended of ``findings``."""
        return replace(self, draft=draft, findings=findings)


@dataclass(frozen=True)
class Usage:
    """Tokens of one answer, as the server counted them.

    Attributes:
        input: read fresh.
        output: written, thinking included.
        cache_read: read from the server's cache.
        cache_write: read, and written to the cache for five minutes.
        cache_write_1h: read, and written to the cache for an hour.
        searches: how often the web was searched.
    """

    input: int = 0
    output: int = 0
    cache_read: int = 0
    cache_write: int = 0
    cache_write_1h: int = 0
    searches: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(*(mine + its for mine, its in zip(astuple(self), astuple(other), strict=True)))

    @property
    def read(self) -> int:
        """Every token that was read, wherever it came from."""
        return self.input + self.cache_read + self.cache_write + self.cache_write_1h


@dataclass(frozen=True)
class Source:
    """What was looked up: its ``id`` (``S3``), ``url``, ``title``, the words ``quoted`` from it, and the day it was ``accessed``, ISO 8601."""

    id: str
    url: str
    title: str
    quoted: str
    accessed: str

    @property
    def described(self) -> str:
        """As an author reads it: ``fastapi on PyPI: 0.121.0, released 2026-11-01 (https://…, accessed 2026-11-21)``."""
        return f"{self.title}: {self.quoted} ({self.url}, accessed {self.accessed})"


@dataclass(frozen=True)
class Reply:
    """What came back.

    Attributes:
        text: the markdown written, with a mark like ``[S3]`` behind what a source says.
        model: who wrote it, as the server names itself.
        stop: ``end_turn`` when complete; anything else is handed in as incomplete.
        usage: tokens of the answer, in as many turns as it took.
        at: when it was finished, UTC, ISO 8601 to the second.
        seconds: how long it took.
        attempts: how many times it was asked, failed ones and further turns included.
        lost: tokens of tries that were broken off, as far as the server had told them: they may have been billed.
        sources: what was looked up and cited, in the order of their ids.
        content: the content blocks as JSON, as they have to be handed back to have the answer continued; empty for one
            that came to its end.
    """

    text: str
    model: str
    stop: str = "end_turn"
    usage: Usage = field(default_factory=Usage)
    at: str = ""
    seconds: float = 0.0
    attempts: int = 1
    lost: Usage = field(default_factory=Usage)
    sources: tuple[Source, ...] = ()
    content: str = ""

    @property
    def complete(self) -> bool:
        """Whether the author came to the end by itself."""
        return self.stop == "end_turn"

    @property
    def refused(self) -> bool:
        """Whether the model declined to answer."""
        return self.stop.startswith("refusal")

    @classmethod
    def of(cls, facts: dict[str, Any]) -> Reply:
        """The reply whose ``asdict`` is ``facts``.

        Raises:
            TypeError, KeyError: it is none.
        """
        sources = tuple(Source(**source) for source in facts.get("sources", ()))
        usage, lost = Usage(**facts["usage"]), Usage(**facts.get("lost", {}))
        return cls(**{**facts, "usage": usage, "lost": lost, "sources": sources})


class Listener:
    """Who hears how an answer is made: its text, and what else is known of it while it comes.

    Any :data:`Hear` can be told an answer; one that is a listener is told more. This one passes the text on to
    ``hear`` and takes no notice of the rest. May be told from another thread than the one that made it.
    """

    def __init__(self, hear: Hear) -> None:
        self._hear = hear

    def __call__(self, text: str) -> None:
        """A piece of the text; an empty one says that the answer has begun, or goes on without words."""
        self._hear(text)

    def asking(self, request: Request) -> None:
        """``request`` waits to be sent, for the first time or again; may be said as often as one likes.

        Raises:
            Interrupted: nobody wants it any more.
        """

    def wait(self, seconds: float, sleep: Callable[[float], None]) -> None:
        """Let so many ``seconds`` pass before something is asked, with ``sleep``.

        Raises:
            Interrupted: nobody wants it any more.
        """
        sleep(seconds)

    def doing(self, what: str, taken: Usage) -> None:
        """The author is ``thinking``, ``searching`` or ``writing``; ``taken`` are the tokens of this try so far, estimated where the server has not counted."""

    def landed(self, request: Request, reply: Reply, fresh: bool) -> None:
        """The answer to ``request`` is kept: since just now, or (not ``fresh``) since before."""


def listener(hear: Hear) -> Listener:
    """``hear`` itself if it is a listener, else one that passes the text on to it."""
    return hear if isinstance(hear, Listener) else Listener(hear)


class Transport(Protocol):
    """The one seam everything that costs money sits behind."""

    def send(self, request: Request, hear: Hear) -> Reply:
        """Ask, telling ``hear`` the text as it comes.

        Raises:
            ModelStopped: no complete answer came.
        """
        ...
