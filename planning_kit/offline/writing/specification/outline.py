"""A document put together in the order of its template: sections, and tables with the template's columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from ....document import Document
from .. import generic
from ..draft import Draft
from ..markdown import quote, table
from .ground import Ground

CLOSING = ("assumptions", "open questions", "review remarks", "key decisions")
"""Sections that every draft writes by itself, in this order."""
OPEN = "open"
"""What stands in a column that a user's template adds and nothing is known for."""

Parts = Iterable[str]


def assembled(draft: Draft, ground: Ground, sections: Mapping[str, Callable[[], Parts]]) -> Draft:
    """``draft`` with the sections of the outline, in its order.

    Args:
        sections: how each section is written, by its heading in lower case, in the order to write them if the outline is
            empty; one the outline leaves out is not written, one that is not known is written from the brief's passages.
    """
    headings = [each.lstrip("# ").strip() for each in ground.outline] or [key.capitalize() for key in sections]
    own = {heading: writer() for heading in headings if (writer := sections.get(heading.casefold()))}
    for heading in headings:
        if heading.casefold() in CLOSING:
            continue
        if heading in own:
            draft.add(quote(heading), *own[heading])
            continue
        asked = [each for each in ground.plan.reading.passages if each.id in ground.domain.passages] or ground.asking
        other = generic.write(ground.plan.feature, ground.domain.name, [heading], asked)
        draft.parts += other.parts
        draft.questions += other.questions
    return draft


def columns(ground: Ground, section: str, usual: Sequence[str]) -> tuple[str, ...]:
    """The columns a table has: those of the template's table that begins with the same column, in ``section`` or beneath it; else ``usual``."""
    document = Document("template.md", ground.template)
    inside = False
    headings = {heading.line: heading for heading in document.headings}
    tables = {each.line: each for each in document.tables}
    for line in sorted({*headings, *tables}):
        if line in headings:
            if headings[line].level <= 2:
                inside = headings[line].text.casefold() == section.casefold()
        elif inside and tables[line].header and tables[line].header[0].casefold() == usual[0].casefold():
            return tables[line].header
    return tuple(usual)


def filled(ground: Ground, section: str, usual: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    """A table in ``section`` with the template's columns, of rows that know their cells by the column's name in lower case."""
    wanted = columns(ground, section, usual)
    known = {name.casefold() for name in wanted}
    header = (*wanted, *(name for name in usual if name.casefold() not in known))
    cells = ([row.get(name.casefold()) or OPEN for name in header] for row in rows)
    return table([quote(name) for name in header], cells)


def tabled(ground: Ground, section: str, usual: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in ``section`` with the template's columns; a column only the template knows holds 'open'.

    Args:
        usual: the columns of ``rows``, whose cells are Markdown already; one the template leaves out is kept behind its own.
    """
    wanted = columns(ground, section, usual)
    left = [(name.casefold(), at) for at, name in enumerate(usual)]
    header, places = list(wanted), []
    for name in wanted:
        hit = next((each for each in left if each[0] == name.casefold()), None)
        places.append(hit[1] if hit else -1)
        left = [each for each in left if each != hit]
    header += [usual[at] for _, at in left]
    places += [at for _, at in left]
    return table([quote(name) for name in header], ([row[at] if at >= 0 else OPEN for at in places] for row in rows))
