"""What a template asks of a document: its sections, the headings beneath them, their tables and fenced blocks.

A template is markdown that anybody may have written. A heading with ``<…>`` in it stands for one or more headings of that form,
each with what stands beneath it; a table asks for one with these columns, which further ones may follow; a fenced block asks for
one of its language that holds its first line. Block quotes are for the author.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from ..document import Document, Fence, Table
from ..ids import METHODS
from ..template import OPEN
from .about import About
from .agreement.words import word
from .wrong import Wrong, Wrongs

_KNOWN = {
    "dom": r"[A-Z][A-Z0-9]{1,5}",
    "nn": r"\d{2,4}",
    "method": f"(?:{METHODS})",
}
"""What a form's ``<DOM>``, ``<NN>`` and ``<METHOD>`` stand for; ``<path>`` is anything after a slash, any other is anything."""
_LANGUAGES = (
    {"bash", "sh", "shell", "zsh", "console"},
    {"javascript", "js", "mjs", "jsx", "typescript", "ts", "tsx"},
    {"yaml", "yml"},
    {"", "text", "txt", "plain", "plaintext", "ascii"},
)
"""Names of one language."""
_NONE = re.compile(r"\b(?:none|no|nothing)\b", re.IGNORECASE)
_ADDED = frozenset({"withdrawn", "review remarks", "contents", "table of contents"})
"""Headings that may stand anywhere."""
_CORNERS = str.maketrans(dict.fromkeys("┌┐└┘├┤┬┴┼╔╗╚╝╠╣╦╩╬╭╮╯╰", "+"))
_DECLINED = 200
"""Within so many characters a section says that there is none of what it is about."""


@dataclass
class Part:
    """A heading with what stands beneath it: its ``text``, ``level`` and ``line`` (0 for the whole), where it ``ends``, its own tables and fences, the parts below."""

    text: str = ""
    level: int = 0
    line: int = 0
    ends: int = 0
    tables: list[Table] = field(default_factory=list)
    fences: list[Fence] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)

    def below(self) -> Iterator[Part]:
        """Every part beneath it, in order."""
        for each in self.parts:
            yield each
            yield from each.below()


@dataclass(frozen=True)
class Form:
    """What headings a heading of a template stands for: ``pieces`` with anything between them; alone it is ``anything``."""

    pieces: tuple[str, ...]

    @property
    def anything(self) -> bool:
        """Whether it says nothing of the heading."""
        return not any(self.pieces)

    def fits(self, heading: str) -> bool:
        """Whether ``heading`` is of this form; each piece is looked for once, from the left."""
        first, *rest = self.pieces
        said = re.match(first, heading)
        if said is None or not rest:
            return said is not None and said.end() == len(heading)
        at = said.end()
        for piece in rest[:-1]:
            found = re.compile(piece).search(heading, at + 1)
            if found is None:
                return False
            at = found.end()
        last = re.compile(rf"(?:{rest[-1]})\Z").search(heading, at)
        return last is not None and (last.start() > at or first.endswith("/"))


def whole(document: Document) -> Part:
    """``document`` as parts within parts; a title is no part."""
    root = Part(ends=len(document.lines))
    stack, order = [root], [root]
    for heading in document.headings:
        if heading.level == 1:
            stack = [Part(heading.text, 1, heading.line, len(document.lines), parts=root.parts)]
        else:
            while stack[-1].level >= heading.level:
                stack.pop()
            if len(stack) and stack[-1].parts:
                _close(stack[-1].parts[-1], heading.line - 1)
            stack[-1].parts.append(Part(heading.text, heading.level, heading.line, len(document.lines)))
            stack.append(stack[-1].parts[-1])
        order.append(stack[-1])
    lines = [each.line for each in order]
    for table in document.tables:
        order[bisect_right(lines, table.line) - 1].tables.append(table)
    for fence in document.fences:
        order[bisect_right(lines, fence.line) - 1].fences.append(fence)
    return root


def _close(part: Part, line: int) -> None:
    while True:
        part.ends = min(part.ends, line)
        if not part.parts:
            return
        part = part.parts[-1]


@lru_cache(maxsize=64)
def _asked(template: str) -> Part:
    return whole(Document("template.md", template))


@lru_cache(maxsize=512)
def form(heading: str) -> Form | None:
    """What ``heading`` of a template stands for; nothing when it stands for itself."""
    if not OPEN.search(heading):
        return None
    pieces, at = [""], 0
    for found in OPEN.finditer(heading):
        pieces[-1] += re.escape(heading[at : found.start()])
        at = found.end()
        name = found[1].strip().casefold()
        if name in _KNOWN:
            pieces[-1] += _KNOWN[name]
        else:
            pieces[-1] += "/" if name == "path" else ""
            pieces.append("")
    pieces[-1] += re.escape(heading[at:])
    return Form(tuple(pieces))


def follows_its_template(document: Document, about: About) -> Wrongs:
    """Under each section of the template have its headings, tables with its columns first, and fenced blocks that hold its first line; a heading with <…> stands for one or more of that form."""
    if not about.template.strip():
        return
    held = whole(document)
    for asked, parts in _assigned(_asked(about.template), held):
        if parts:
            yield from _each(document, asked, parts)
        elif form(asked[0].text):
            yield Wrong(0, f"there is no section of the form {asked[0].text!r}", f"add '## {asked[0].text}'")


def _each(document: Document, asked: list[Part], parts: list[Part], around: str = "", again: bool = False) -> Wrongs:
    """What parts lack that one of several ``asked`` parts of the same form is the shape of."""
    repeated = again or form(asked[0].text) is not None
    for part in parts:
        where = f"{part.text[:80]!r}" + (f" of {around}" if again else "")
        lacking = [list(_compared(document, each, part, where, repeated)) for each in asked]
        yield from min(lacking, key=len)


def _compared(document: Document, asked: Part, held: Part, where: str, again: bool) -> Wrongs:
    """What ``held`` lacks of ``asked``: headings, tables, blocks; ``again`` for what is within a heading of a form."""
    pairs = _assigned(asked, held)
    claimed = {id(part) for _, parts in pairs for part in parts}
    own = [held, *_unclaimed(held, claimed)]
    none = bool(_NONE.search(_opening(document, held)))
    yield from _tables(asked.tables, [table for each in own for table in each.tables], held, where, none)
    fences = [fence for each in own for fence in each.fences]
    yield from _blocks(asked.fences, fences, held, where, none and not again)
    for wanted, parts in pairs:
        first = wanted[0]
        marks = "#" * min(6, held.level + 1)
        if parts:
            yield from _each(document, wanted, parts, f"{held.text[:60]!r}", again)
        elif form(first.text) and not none:
            said = f"{where} has no heading of the form {first.text!r}"
            yield Wrong(held.line, said, f"add one: '{marks} {first.text}', or say that there is none", 1)
        elif not form(first.text) and not (none and not held.parts):
            yield Wrong(
                held.line, f"{where} has no heading {first.text!r}", f"add '{marks} {first.text}' beneath it", 1
            )


def _unclaimed(held: Part, claimed: set[int]) -> Iterator[Part]:
    for each in held.parts:
        if id(each) not in claimed:
            yield each
            yield from _unclaimed(each, claimed)


def _assigned(asked: Part, held: Part) -> list[tuple[list[Part], list[Part]]]:
    """Each part that is asked for (several of one form together) with those that are there: by its words, by its form, by its place."""
    below = sorted(held.below(), key=lambda each: each.level)
    named: dict[str, Part] = {}
    for part in below:
        named.setdefault(part.text.casefold(), part)
    forms: dict[Form, list[Part]] = {}
    found: list[tuple[list[Part], list[Part]]] = []
    for each in asked.parts:
        shape = form(each.text)
        if shape is None:
            found.append(([each], [named[each.text.casefold()]] if each.text.casefold() in named else []))
        elif shape in forms:
            forms[shape].append(each)
        else:
            forms[shape] = [each]
            found.append((forms[shape], []))
    taken = {id(part) for _, parts in found for part in parts}
    for shape in sorted(forms, key=lambda each: each.anything):
        among = held.parts if shape.anything else sorted(below, key=lambda each: each.line)
        fits = [p for p in among if id(p) not in taken and p.text.casefold() not in _ADDED and shape.fits(p.text)]
        taken |= {id(each) for each in fits}
        next(parts for wanted, parts in found if wanted is forms[shape]).extend(fits)
    return found


def _opening(document: Document, part: Part) -> str:
    """The first words under a heading, before anything else begins."""
    said = ""
    for line in document.lines[part.line : part.ends]:
        if len(said) > _DECLINED or re.match(r"\s*(?:#{1,6}\s|\||`{3}|~{3})", line):
            break
        said += f" {line[:_DECLINED]}"
    return said[:_DECLINED]


def _tables(asked: Iterable[Table], held: list[Table], part: Part, where: str, none: bool) -> Wrongs:
    for each in asked:
        columns = _columns(each)
        others = [table for table in held if _columns(table)[:1] != ("withdrawn",)]
        if any(_columns(table)[: len(columns)] == columns for table in held) or none and not others:
            continue
        named = " | ".join(each.header)
        near = max(held, key=lambda table: len(set(columns) & set(_columns(table))), default=None)
        if near and len(shared := set(columns) & set(_columns(near))) * 2 > len(set(columns)):
            missing = [cell for cell in each.header if word(cell).casefold() not in shared]
            said = f"has no column {', '.join(map(repr, missing))}" if missing else "has its columns in another order"
            hint = f"begin it with | {named} |; further columns may follow"
            yield Wrong(near.line, f"the table of {where} {said}", hint)
        else:
            yield Wrong(part.line, f"{where} has no table | {named} |", "add it, or say that there is none", 1)


def _columns(table: Table) -> tuple[str, ...]:
    return tuple(word(cell).casefold() for cell in table.header)


def _blocks(asked: Iterable[Fence], held: list[Fence], part: Part, where: str, none: bool) -> Wrongs:
    for each in asked:
        first = next((line.strip() for line in each.text.splitlines() if line.strip()), "")
        alike = [fence for fence in held if _language(fence) == _language(each)]
        if any(_bare(first) in _bare(fence.text) for fence in alike) or none and not alike:
            continue
        lang = each.lang or "text"
        line = alike[0].line - 1 if len(alike) == 1 else part.line
        said = f"{where} has no {lang} block" + (f" with {first!r}" if first else "")
        yield Wrong(line, said, f"add one: ```{lang}" + (f", and in it {first}" if first else ""), 1)


def _language(fence: Fence) -> str:
    return next((min(names) for names in _LANGUAGES if fence.lang in names), fence.lang)


def _bare(text: str) -> str:
    """``text`` as far as two ways of writing one thing have it in common: without quotes, blanks as one, a drawn corner as a plus."""
    text = " ".join(re.sub(r"[\"']", "", text).split()).translate(_CORNERS)
    return re.sub(r"\bflowchart\b", "graph", text)
