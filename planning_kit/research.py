"""What was looked up for a run: its numbered sources, kept with the run in ``sources.json``, and how a document lists them."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from urllib.parse import quote, urlsplit

from . import packages
from .checks import sourced
from .checks.structure import DECISIONS
from .document import Document
from .errors import Damaged
from .model import Source
from .packages import INDEXES, Package
from .store import Store

NAME = "sources.json"

LONGEST = 300
"""Most characters of a source's title or quoted words that a document shows."""

HOSTS = ("pypi.org", "www.npmjs.com")
"""Where the public indexes show a package."""


@dataclass(frozen=True)
class Kept(Source):
    """A source of the run; ``document`` is the one it was looked up for, empty for the newest versions of packages."""

    document: str = ""


class Sources:
    """The numbered sources of one run.

    Args:
        store: the run's folder.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    @property
    def all(self) -> tuple[Kept, ...]:
        """Every source there is, by number.

        Raises:
            Damaged: the file does not hold what was written into it.
        """
        text = self._store.read(NAME)
        try:
            kept = tuple(_kept(fields) for fields in json.loads(text)) if text is not None else ()
            if len({source.id for source in kept}) != len(kept):
                raise ValueError("two sources have the same number")
        except (ValueError, TypeError, RecursionError) as error:
            reason = " ".join(str(error).split())
            raise Damaged(
                f"{self._store.path(NAME)} does not hold the sources of this run ({reason[:120]}); restore it, or take it away"
            ) from error
        return tuple(sorted(kept, key=_number))

    @property
    def next(self) -> int:
        """The number of the next source: higher than any there is."""
        return max((_number(source) for source in self.all), default=0) + 1

    def of(self, document: str) -> tuple[Kept, ...]:
        """What was looked up on the web for one document."""
        return tuple(source for source in self.all if source.document == document)

    @property
    def versions(self) -> tuple[Kept, ...]:
        """The newest versions of packages."""
        return self.of("")

    def looked_up(self, wanted: Iterable[Package], today: str) -> tuple[Kept, ...]:
        """Have the newest versions of ``wanted`` among the sources, asking the index for those that are not there yet; gives :attr:`versions`.

        Args:
            wanted: which packages.
            today: the date of the look-up, ISO 8601.

        Raises:
            Damaged: the file cannot be read.
            DiskRefused: the disk said no.
        """
        there = {source.title.split(" (")[0] for source in self.versions}
        missing = [package for package in wanted if f"{package.name} on {INDEXES[package.index]}" not in there]
        found = packages.newest_of(missing) if missing else {}
        fresh = [
            Kept(
                f"S{number}",
                release.url,
                _title(package, release.url),
                f"{release.version}, released {release.released}" if release.released else release.version,
                today,
            )
            for number, (package, release) in enumerate(found.items(), start=self.next)
        ]
        if fresh:
            self._write((*self.all, *fresh))
        return self.versions

    def apart(self, document: Document, sources: Sequence[Source]) -> tuple[Document, tuple[Source, ...]]:
        """``document`` with its ``sources`` under numbers that are no other document's: of sessions side by side each begins at the same one.

        Raises:
            Damaged: the file cannot be read.
        """
        others = {each.id for each in self.all if each.document != document.name}
        free = max((int(name[1:]) for name in (*others, *(each.id for each in sources))), default=0) + 1
        taken = [name for name in dict.fromkeys(each.id for each in sources) if name in others]
        names = {name: f"S{free + at}" for at, name in enumerate(taken)}
        if not names:
            return document, tuple(sources)
        text = sourced.recited(document, names)
        return Document(document.name, text), tuple(replace(each, id=names.get(each.id, each.id)) for each in sources)

    def cited(self, document: str, sources: Iterable[Source]) -> None:
        """Make ``sources`` all that was looked up on the web for ``document``, under the numbers they have; of two with one number the later.

        Raises:
            ValueError: one of the numbers is a source's of something else.
            Damaged: the file cannot be read.
            DiskRefused: the disk said no.
        """
        there = self.all
        others = tuple(source for source in there if source.document != document)
        new = {s.id: Kept(s.id, s.url, s.title, s.quoted, s.accessed, document) for s in sources}
        if taken := {source.id for source in others} & set(new):
            raise ValueError(f"another source is called {', '.join(sorted(taken))}")
        if new or len(others) != len(there):
            self._write((*others, *new.values()))

    def _write(self, sources: Iterable[Kept]) -> None:
        rows = [asdict(source) for source in sorted(sources, key=_number)]
        self._store.replace(NAME, json.dumps(rows, indent=1, ensure_ascii=False) + "\n")


def numbered(text: str, sources: Iterable[Source], heading: str = "Sources") -> str:
    """``text`` with one line under ``heading`` for each of ``sources`` it cites; numbering it again changes nothing.

    Args:
        text: a markdown document.
        sources: what was looked up.
        heading: the section the lines stand in; it is put before *Key decisions* if there is none.
    """
    known = {source.id: source for source in sources}
    if not known:
        return text
    lines = text.split("\n")
    first, last, there = _place(text, heading)
    head, own, tail = lines[:first], lines[first:last], lines[last:]
    kept = [line for line in own if _listed(line) not in known]
    named = {name for _, name in sourced.cites(Document("", "\n".join([*head, *kept, *tail])))}
    rows = [_row(source) for source in sorted(known.values(), key=_number) if source.id in named]
    if not rows and kept == own:
        return text
    begun = _ended([*head, *kept] if there else [*_ended(head), "", f"## {heading}"])
    goes_on = bool(re.match(r"\s{0,3}[-*+] ", begun[-1])) if begun else False
    return "\n".join([*begun, *([] if goes_on else [""]), *rows, *([""] if rows or goes_on else []), *tail])


def _place(text: str, heading: str) -> tuple[int, int, bool]:
    """Where the body of a section is among the lines of ``text``, and whether it is there; else where it would be put."""
    headings = Document("", text).headings
    for at, one in enumerate(headings):
        if one.text.casefold() == heading.casefold():
            after = [h.line - 1 for h in headings[at + 1 :] if h.level <= one.level]
            return one.line, after[0] if after else text.count("\n") + 1, True
    ends = [h.line - 1 for h in headings if h.text.casefold() == DECISIONS.casefold()]
    end = ends[-1] if ends else text.count("\n") + 1
    return end, end, False


def _ended(lines: list[str]) -> list[str]:
    """``lines`` without the empty ones at the end."""
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    return lines


def _listed(line: str) -> str:
    """Which source a line of the list is about; empty for any other line."""
    shown = re.match(r"\s{0,3}[-*+] \[(S\d+)\] ", line)
    return shown.group(1) if shown else ""


def _row(source: Source) -> str:
    """A source as one item of a list, in which nothing of what the web said is live."""
    title = _quiet(source.title) or "no title"
    linked = f"[{title}]({_address(source.url)})" if re.match(r"(?i)https?://[^\s/]", source.url) else title
    quoted = f': "{_quiet(source.quoted).replace(chr(34), chr(39))}"' if source.quoted.strip() else ""
    return f"- [{source.id}] {linked}, accessed {_quiet(source.accessed)}{quoted}"


def _quiet(text: str) -> str:
    """``text`` as words of one line: no control or invisible characters, no marks that begin a link, a tag or a block."""
    words = " ".join("".join(c if c.isspace() or unicodedata.category(c)[0] != "C" else "" for c in text).split())
    cut = words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"
    return re.sub(r"([\\`*_\[\]<>|#~$&])", r"\\\1", cut)


def _address(url: str) -> str:
    return quote(url, safe="/:?&=%@+,;~!'#.-_")


def _number(source: Source) -> int:
    return int(source.id[1:])


def _title(package: Package, url: str) -> str:
    """``fastapi on PyPI``, and by way of which host if that was another."""
    host = urlsplit(url).hostname or ""
    by = "" if host in HOSTS else f" (by way of {host})"
    return f"{package.name} on {INDEXES[package.index]}{by}"


def _kept(fields: object) -> Kept:
    """One row of the file.

    Raises:
        TypeError, ValueError: it is none.
    """
    if not isinstance(fields, dict) or not all(isinstance(value, str) for value in fields.values()):
        raise ValueError("a source is not made of texts")
    kept = Kept(**fields)
    if not re.fullmatch(r"S[1-9]\d{0,5}", kept.id):
        raise ValueError(f"{kept.id!r} is not the number of a source")
    return kept
