"""The few pieces of HTML the page is made of: what is not safe already is escaped by ``view``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from .. import view

_CITES = re.compile(r"\[((?:[PS]\d+[,;\s]*)+)\]")
_TAG = re.compile(r"(<[^>]*>)")
_LINED = re.compile(r' (?:data-line="(\d+)"|style="text-align:left")')


class Safe(str):
    """HTML that is safe as it stands: made here, or by ``view``."""


def said(what: object) -> Safe:
    """``what`` for use between tags: as it is when it is safe, else escaped with everything invisible spelled out."""
    return what if isinstance(what, Safe) else Safe(view.escape(str(what)))


def tag(name: str, *parts: object, **attributes: str) -> Safe:
    """An element; ``class_`` stands for ``class``, ``_`` in other attributes for ``-``, empty attributes are left out."""
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{view.escape(value)}"' for key, value in attributes.items() if value
    )
    return Safe(f"<{name}{given}>{''.join(map(said, parts))}</{name}>")


def joined(parts: Iterable[object], between: str = "") -> Safe:
    """``parts`` one after the other."""
    return Safe(said(between).join(said(part) for part in parts))


def link(to: str, words: object) -> Safe:
    """Words that lead to the place called ``to`` on the same page."""
    return tag("a", words, href=f"#{to}")


def code(words: object) -> Safe:
    """A name, digest or command."""
    return tag("code", words)


def listed(items: Iterable[object], class_: str = "") -> Safe:
    """A list; nothing when it is empty."""
    found = [tag("li", item) for item in items]
    return tag("ul", *found, class_=class_) if found else Safe("")


def table(caption: str, header: Sequence[str], rows: Iterable[Sequence[object]], class_: str = "") -> Safe:
    """A table that scrolls by itself where the page is narrow; nothing when it has no rows.

    Args:
        caption: what it shows, for those who jump from table to table.
        header: its columns.
        rows: one sequence a row; the first cell names the row.
        class_: how it looks.
    """
    body = [tag("tr", tag("th", row[0], scope="row"), *(tag("td", cell) for cell in row[1:])) for row in rows]
    if not body:
        return Safe("")
    head = tag("thead", tag("tr", *(tag("th", name, scope="col") for name in header)))
    whole = tag("table", tag("caption", caption), head, tag("tbody", *body), class_=class_)
    return tag("div", whole, class_="wide", role="region", aria_label=caption, tabindex="0")


def facts(pairs: Iterable[tuple[str, object]]) -> Safe:
    """Names with their values; a value that is empty leaves its name out."""
    found = [tag("div", tag("dt", name), tag("dd", value)) for name, value in pairs if str(value)]
    return tag("dl", *found)


def fold(summary: object, *parts: object, id_: str = "", opened: bool = False) -> Safe:
    """Something one can unfold; on paper it is always unfolded."""
    whole = tag("details", tag("summary", summary), *parts, id_=id_)
    return Safe(whole.replace("<details", "<details open", 1)) if opened else whole


def banner(kind: str, head: str, lines: Iterable[object] = ()) -> Safe:
    """What must not be overlooked: ``stop`` for what is wrong, ``wait`` for what is open, ``done`` for what is as it should be."""
    return tag("div", tag("strong", head), listed(lines), class_=f"banner {kind}", role="note")


def named(page: str, prefix: str) -> str:
    """The safe HTML of a document, each heading with its line in its name (``<prefix>-l12``), no other line kept."""
    return _TAG.sub(lambda tag: _LINED.sub(lambda line: _name(tag.group(), line.group(1), prefix), tag.group()), page)


def _name(tag: str, line: str | None, prefix: str) -> str:
    return f' id="{prefix}-l{line}"' if line and re.match(r"<h[1-6]\s", tag) else ""


def cited(page: str, place: Callable[[str], str]) -> str:
    """The safe HTML of a document in which each citation (``[P12]``, ``[S3]``) leads to what it cites.

    Args:
        page: as ``view`` made it.
        place: where a name is on the page; empty when it is nowhere.
    """
    inside, found = 0, []
    for piece in _TAG.split(page):
        if re.match(r"</?(?:pre|code|a)[\s>]", piece):
            inside += -1 if piece.startswith("</") else 1
        elif not piece.startswith("<") and not inside and "[" in piece:
            piece = _CITES.sub(lambda marks: f"[{_led(marks.group(1), place)}]", piece)
        found.append(piece)
    return "".join(found)


def _led(names: str, place: Callable[[str], str]) -> str:
    return re.sub(r"[PS]\d+", lambda name: link(to, name.group()) if (to := place(name.group())) else name.group(), names)  # fmt: skip
