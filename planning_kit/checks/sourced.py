"""Where a document's statements come from: sources that exist, and none where nothing was looked up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ..document import Document, Table
from .about import About
from .wrong import Wrong, Wrongs

_MARKS = re.compile(r"\[((?:[PRQAS]\d+[,;\s]*)+)\](?!\()")
"""What cites: ``[S3]``, ``[P4, S3]``; the text of a link does not."""
_PLACE = re.compile(r"[\w.)\]-]:\d+\b")
"""The end of ``path:line``."""
NOT_VERIFIED = "not verified"
NOT_DONE = "not done"


def cites(document: Document) -> Iterator[tuple[int, str]]:
    """The line and the name of every source that is cited (``S3``) outside of code."""
    return ((line, name) for line, _, name in _cited(document))


def _cited(document: Document) -> Iterator[tuple[int, int, str]]:
    """The line, the column and the name of every source that is cited."""
    code = {
        line for fence in document.fences for line in range(fence.line - 1, fence.line + fence.text.count("\n") + 1)
    }
    for number, line in enumerate(document.text.split("\n"), start=1):
        if number not in code and "[" in line:
            plain = re.sub(r"`[^`]*`", lambda code: " " * len(code.group()), line)
            for marks in _MARKS.finditer(plain):
                for name in re.finditer(r"\bS\d+\b", marks.group(1)):
                    yield number, marks.start(1) + name.start() + 1, name.group()


def recited(document: Document, names: Mapping[str, str]) -> str:
    """The text of ``document`` with every citation of a source of ``names`` under its other number; code stays as it is."""
    lines = document.text.split("\n")
    for number, column, name in reversed(list(_cited(document))):
        if name in names:
            line = lines[number - 1]
            lines[number - 1] = line[: column - 1] + names[name] + line[column - 1 + len(name) :]
    return "\n".join(lines)


def cites_sources_that_exist(document: Document, about: About) -> Wrongs:
    """Cite what was looked up by the number of its source, like [S3], and only sources that were given or looked up."""
    if not about.passages:
        return
    for number, column, name in _cited(document):
        if name not in about.sources:
            hint = f"cite the source that says it, or write '{NOT_VERIFIED}'"
            yield Wrong(number, f"[{name}] is not a source of this run", hint, column)


def gives_each_recommendation_a_source(document: Document, about: About) -> Wrongs:
    """Give each row under 'Recommendations' in its column Source a source [S3], a passage [P4], an answer, a remark or a file with its line, or say 'not verified'."""
    tables = [table for table in _within(document, "Recommendations") if "Source" in table.header]
    if not tables and not re.match(r"none\b", document.section("Recommendations").casefold()):
        place = _place(document, "Recommendations")[0]
        hint = "add it, or begin with 'None'"
        yield Wrong(place, "the table with the column Source under 'Recommendations' is missing", hint)
    for table in tables:
        column = table.header.index("Source")
        for number, row in enumerate(table.rows):
            said = row[column] if column < len(row) else ""
            if not (_MARKS.search(said) or _PLACE.search(said) or NOT_VERIFIED in said.casefold()):
                hint = f"cite one like [S3] or [P4], name a file with its line, or write '{NOT_VERIFIED}'"
                yield Wrong(table.line + 2 + number, f"{row[0]!r} has no source", hint, 1)


def says_what_was_not_looked_up(document: Document, about: About) -> Wrongs:
    """Give each row and item under 'Findings' its source, like [S3], or the passage that says it, or say there that it is not verified; where nothing was looked up, say plainly that research was not done."""
    if not any(True for _ in cites(document)):
        if NOT_DONE not in " ".join(document.text.casefold().split()):
            hint = "say plainly that research was not done, or cite what was looked up like [S3]"
            yield Wrong(0, "no source is cited", hint)
        return
    for number, said in _findings(document):
        if not (re.search(r"\b[SPQA]\d", " ".join(_MARKS.findall(said))) or NOT_VERIFIED in said.casefold()):
            yield Wrong(
                number,
                "this finding has no source",
                f"cite one like [S3] or the passage that says it, or write '{NOT_VERIFIED}'",
                1,
            )


def _findings(document: Document) -> Iterator[tuple[int, str]]:
    """Each row and each item under 'Findings', with its line."""
    first, last = _place(document, "Findings")
    for table in document.tables:
        if first < table.line <= last:
            yield from ((table.line + 2 + number, " ".join(row)) for number, row in enumerate(table.rows))
    lines = document.text.split("\n")
    starts = [at for at in range(first, last) if re.match(r"\s{0,3}(?:[-*+]|\d+[.)])\s", lines[at])]
    for at, after in zip(starts, [*starts[1:], last], strict=False):
        yield at + 1, " ".join(lines[at:after])


def _within(document: Document, section: str) -> list[Table]:
    """The tables of a section and of what stands under it."""
    first, last = _place(document, section)
    return [table for table in document.tables if first < table.line <= last]


def _place(document: Document, section: str) -> tuple[int, int]:
    """The line of a section's heading and of its last line, from 1; ``(0, 0)`` if there is none."""
    for at, heading in enumerate(document.headings):
        if heading.text.casefold() == section.casefold():
            after = [h.line - 1 for h in document.headings[at + 1 :] if h.level <= heading.level]
            return heading.line, after[0] if after else document.text.count("\n") + 1
    return 0, 0
