"""The shape every document has: meta block, sections, key decisions, citations that lead somewhere."""

from __future__ import annotations

import re

from ..document import Document
from .about import About
from .wrong import Wrong, Wrongs

META = ("Version", "Last updated", "Status", "Recipe", "Author")
DECISIONS = "Key decisions"
REMARKS = "Review remarks"
"""The section that says, remark by remark, what was done about it."""
_MARKS = re.compile(r"\[((?:[PRQAS]\d+[,;\s]*)+)\]")


def begins_with_its_meta_block(document: Document, about: About) -> Wrongs:
    """Begin with one title; the program puts the meta block (version, date, status, recipe, author) under it."""
    titles = [heading for heading in document.headings if heading.level == 1]
    if len(titles) != 1 or document.headings[0].level != 1:
        yield Wrong(
            (titles[1].line if len(titles) > 1 else 1),
            f"the document needs exactly one title ('# …'), it has {len(titles)}",
            "make the others '##'" if len(titles) > 1 else "begin with '# ' and the title",
        )
    if not document.tables or document.tables[0].header != META:
        yield Wrong(1, f"the meta block ({', '.join(META)}) under the title is missing", "put it back")


def has_its_sections(document: Document, about: About) -> Wrongs:
    """Have every section of the outline as a heading, in that order, each with something under it."""
    places = {heading.text.casefold(): heading for heading in reversed(document.headings)}
    last = 0
    for section in about.sections:
        heading = places.get(section.casefold())
        if heading is None:
            yield Wrong(0, f"the section '{section}' is missing", f"add '## {section}'")
        elif not document.section(section):
            hint = "write it, or say why there is nothing to say"
            yield Wrong(heading.line, f"the section '{section}' is empty", hint, 1)
        elif heading.line < last:
            hint = f"the order is {', '.join(about.sections)}"
            yield Wrong(heading.line, f"the section '{section}' is out of order", hint, 1)
        last = max(last, heading.line if heading else 0)


def answers_its_remarks(document: Document, about: About) -> Wrongs:
    """When reviewers sent the document back, say in '## Review remarks', a table | Remark | What was done about it |, for each of [R1], [R2] … what was changed and where, or why not."""
    known = answers(document)
    known, (place, _) = answers(document), _remarked(document)
    for name in about.remarks:
        if not known.get(name):
            said = f"'{REMARKS}' does not say what was done about [{name}]"
            yield Wrong(place, said, f"add a row to its table that begins with [{name}]", 1 if place else 0)


def answers(document: Document) -> dict[str, str]:
    """What the document says was done about each remark: ``R1`` → its words; a row may begin with several of them."""
    found: dict[str, str] = {}
    first, last = _remarked(document)
    for table in document.tables:
        for row in table.rows if first < table.line <= last else ():
            named = re.match(r"\W*R\d+(?:(?:\W|\band\b)+R\d+)*\b", row[0])
            if named and len(row) > 1 and re.search(r"\w", row[1]):
                for name in re.findall(r"R\d+", named.group()):
                    found.setdefault(name, row[1].strip())
    return found


def _remarked(document: Document) -> tuple[int, int]:
    """The first and the last line of the section about remarks, what stands below it included; zeros if there is none."""
    heads = document.headings
    for at, head in enumerate(heads):
        if head.text.casefold() == REMARKS.casefold():
            after = (each.line - 1 for each in heads[at + 1 :] if each.level <= head.level)
            return head.line, next(after, len(document.lines))
    return 0, 0


def ends_with_key_decisions(document: Document, about: About) -> Wrongs:
    """End with '## Key decisions': one or two sentences."""
    top = [heading for heading in document.headings if heading.level <= 2]
    if not top or top[-1].text.casefold() != DECISIONS.casefold():
        place = top[-1].line if top else 0
        yield Wrong(
            place, "the last section must be '## Key decisions'", "end with it: one or two sentences", 1 if place else 0
        )
        return
    said = document.key_decisions
    sentences = [part for part in re.split(r"(?<=[.!?])\s+(?=[A-Z0-9`'\"(])", said) if part]
    if not 1 <= len(sentences) <= 2:
        hint = "write what decides the rest, in one or two sentences"
        yield Wrong(top[-1].line, f"'Key decisions' must hold one or two sentences, it holds {len(sentences)}", hint, 1)


def cites_passages_that_exist(document: Document, about: About) -> Wrongs:
    """Cite the brief by passage id, like [P17], and only passages that exist."""
    if not about.passages:
        return
    for number, line in enumerate(document.lines, start=1):
        for marks in _MARKS.finditer(line) if "[" in line else ():
            for name in re.finditer(r"\b[PRQA]\d+\b", marks.group(1)):
                if name.group() not in about.passages:
                    column = marks.start(1) + name.start() + 1
                    hint = "cite the passage this follows from, or mark it as assumed"
                    yield Wrong(number, f"[{name.group()}] is not a passage of the brief", hint, column)


def carries_what_was_settled(document: Document, about: About) -> Wrongs:
    """Hold to what was answered and assumed at the intake; the program lists it under the meta block as [Q1], [A2], and it stays there."""
    for name in about.settled:
        if not re.search(rf"\[[^\]\n]*\b{name}\b[^\]\n]*\]", document.text):
            what = "assumption" if name.startswith("A") else "answer"
            yield Wrong(1, f"the {what} [{name}] is missing", "put its line back under the meta block")


def is_complete(document: Document, about: About) -> Wrongs:
    """Come to the end: an answer that was cut off or refused is not a document."""
    if not about.complete:
        hint = "send it back, or raise the limit and ask again"
        yield Wrong(0, f"the answer is incomplete (it ended with '{about.stop}')", hint)
