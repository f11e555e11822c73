"""How untrusted text is shown: one safe renderer for every face."""

from __future__ import annotations

import base64
import html as markup
import re
import secrets
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from xml.etree import ElementTree

import nh3
from markdown_it import MarkdownIt

from . import diagram, digest
from .aside import Undone
from .document import Document, Finding

MOST_CHARACTERS = 100_000
"""The longest text that is shown, in characters; what comes after is counted, not shown."""
MOST_LINES = 2_000
"""The most lines that are shown."""
MOST_DIAGRAMS = 20
"""The most diagrams drawn for one text; further ones show their source."""
LARGEST_DIAGRAM = 20_000
"""The longest diagram that is drawn, in characters."""

_TAGS = {"p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "strong", "em", "s", "del", "code", "pre", "blockquote"}
_TAGS |= {"ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td"}
_STATEMENT = re.compile(r"(?m)(?:^|;)[ \t]*(?:(?:click|callback)[ \t]+\w|links?[ \t]+\w+[ \t]*[:\"'])")
_REFUSED = re.compile(r"(?i)%%\s*\{|\A\s*---|javascript:|\bhref\b|\$\$|@import|url\s*\(|(?<!<)<(?!br\s*/?>)[a-z/!?]")
_QUIET = {0x115F, 0x1160, 0x2800, 0x3164, 0xFFA0, 0x034F, 0x17B4, 0x17B5}
_COLOURS = {
    "note": ("#eef3fb", "#3b6fb6"),
    "wait": ("#fff7e0", "#c98a00"),
    "done": ("#ecf7ee", "#2e8b57"),
    "stop": ("#fdeeee", "#b3261e"),
}
_PAGE = "mathjax_ignore tex2jax_ignore"


@dataclass(frozen=True)
class Shown:
    """Something that shows itself in a notebook: ``html`` that is safe as it stands, and the same as ``text``.

    It offers ``text/html`` and ``text/plain`` and nothing else: a live output is trusted, so Markdown or
    Mermaid from a model would run whatever it holds.
    """

    html: str
    text: str

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"text/html": f'<div class="{_PAGE}">{self.html}</div>', "text/plain": self.text}

    def __str__(self) -> str:
        return self.text

    def __add__(self, other: Shown) -> Shown:
        return Shown(self.html + other.html, f"{self.text}\n\n{other.text}")


def visible(text: str) -> str:
    """``text`` with every invisible, bidirectional or control character spelled out, as in ``␣U+200B``.

    Newlines and tabs stay, and so does a joiner between two visible characters of one script or emoji.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_spelled(text, at) if _hidden(character) else character for at, character in enumerate(text))


def escape(text: str) -> str:
    """``text`` for use between tags or in a quoted attribute, with what is invisible spelled out."""
    return markup.escape(visible(text), quote=True)


def plain(text: str) -> str:
    """``text`` for a terminal: at most what is displayed of any text, nothing that moves a cursor or hides."""
    shown, left = _cut(text)
    return visible(shown) + (f"\n[{left}]" if left else "")


def html(text: str) -> str:
    """Markdown from anybody as HTML that can run nothing, load nothing and lead nowhere.

    Raw HTML is shown as the text it is, a link as its words and its address, an image as its description;
    Mermaid is drawn to an inert picture with its source beneath.
    """
    shown, left = _cut(text)
    mark = secrets.token_hex(8)
    drawn: list[str] = []
    page = nh3.clean(_render(visible(shown), mark, drawn), tags=_TAGS, attributes={"ol": {"start"}}, link_rel=None)
    page = re.sub(r"<(t[dh])>", r'<\1 style="text-align:left">', visible(page))
    for at, picture in enumerate(drawn):
        page = page.replace(f"<p>{mark}-{at}</p>", picture)
    return page + (box("wait", [left]).html if left else "")


def figure(source: str) -> str:
    """Mermaid ``source`` as a picture with the source beneath; only the source when it is not safe to draw or not valid."""
    code = f"<pre><code>{escape(source)}</code></pre>"
    picture, why = _picture(source)
    if not picture:
        return f"<p><em>{escape(why)}</em></p>{code}"
    return f"{picture}<details><summary>Source of the diagram</summary>{code}</details>"


def box(kind: str, lines: Sequence[str]) -> Shown:
    """A card: the first line stands out, the rest follow beneath.

    Args:
        kind: ``note``, ``wait``, ``done`` or ``stop``; gives the colour.
        lines: plain text, each on a line of its own.
    """
    ground, edge = _COLOURS[kind]
    first, *rest = [plain(line) for line in lines] or [""]
    style = f"background:{ground};color:#1b1b1b;border-left:4px solid {edge};padding:8px 12px;margin:6px 0;line-height:1.5;white-space:pre-wrap"
    body = "".join(f"<br>{markup.escape(line)}" for line in rest)
    return Shown(f'<div style="{style}"><strong>{markup.escape(first)}</strong>{body}</div>', "\n".join([first, *rest]))


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Shown:
    """A table of plain values, escaped; in a terminal its columns are aligned.

    Args:
        header: the columns' names.
        rows: one sequence per row, as long as the header.
    """
    cells = [[visible(str(value)).replace("\n", " ") for value in row] for row in rows]
    head = "".join(f'<th style="text-align:left">{escape(name)}</th>' for name in header)
    body = "".join(
        "<tr>" + "".join(f'<td style="text-align:left">{markup.escape(cell)}</td>' for cell in row) + "</tr>"
        for row in cells
    )
    widths = [max(len(line[at]) for line in [list(header), *cells]) for at in range(len(header))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in [list(header), *cells]
    ]
    return Shown(f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>", "\n".join(lines))


def document(shown: Document, head: str = "", notes: Sequence[str] = (), folded: bool = True) -> Shown:
    """A document as it reads, under a line one can unfold.

    Args:
        shown: the document.
        head: what stands beside its title.
        notes: what is said before its text, one sentence each; plain text.
        folded: whether it starts folded.
    """
    summary = f"{shown.title}: {head}" if head else shown.title
    listed = "".join(f"<li>{escape(note)}</li>" for note in notes)
    body = (f"<ul>{listed}</ul>" if listed else "") + html(shown.text)
    state = "" if folded else " open"
    fold = f"<details{state}><summary><strong>{escape(summary)}</strong> <code>{escape(shown.name.rpartition('/')[2])}</code></summary>{body}</details>"
    lines = [summary, *(f"  {note}" for note in notes), "", shown.text]
    return Shown(fold, plain("\n".join(lines)))


def count(found: Sequence[Finding]) -> str:
    """How many findings, and how many of them are errors, in words."""
    errors = sum(each.severity == "error" for each in found)
    in_all = f"{len(found)} finding{'' if len(found) == 1 else 's'}" if found else "no findings"
    return f"{in_all} ({errors} error{'' if errors == 1 else 's'})" if errors else in_all


def _cut(text: str) -> tuple[str, str]:
    """What is shown of ``text``, and a sentence about what is not."""
    lines = text.splitlines(keepends=True)
    shown = "".join(lines[:MOST_LINES])[:MOST_CHARACTERS]
    if len(shown) == len(text):
        return text, ""
    return shown, (
        f"Cut here: {shown.count(chr(10)) or 1:,} of {len(lines):,} lines and {len(shown):,} of {len(text):,} characters are shown; "
        "open the file to read the rest"
    )


def _hidden(character: str) -> bool:
    if character in "\n\t":
        return False
    code = ord(character)
    if code < 0x7F:
        return code < 0x20
    return (
        unicodedata.category(character) in ("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp")
        or code in _QUIET
        or 0xFE00 <= code <= 0xFE0E
        or 0x180B <= code <= 0x180F
        or 0xE0100 <= code <= 0xE01EF
    )


def _spelled(text: str, at: int) -> str:
    if text[at] in "\u200c\u200d" and 0 < at < len(text) - 1:
        before, after = text[at - 1], text[at + 1]
        if not (before.isascii() or after.isascii() or _hidden(before) or _hidden(after)):
            return text[at]
    return f"␣U+{ord(text[at]):04X}"


def _render(text: str, mark: str, drawn: list[str]) -> str:
    """HTML for ``text``, a placeholder paragraph for each diagram, whose picture is appended to ``drawn``."""

    def fence(tokens: Sequence[Any], at: int, options: object, env: object) -> str:
        if (tokens[at].info.split() or [""])[0].lower() != "mermaid":
            return f"<pre><code>{markup.escape(tokens[at].content)}</code></pre>\n"
        drawn.append(
            figure(tokens[at].content)
            if len(drawn) < MOST_DIAGRAMS
            else f"<pre><code>{escape(tokens[at].content)}</code></pre>"
        )
        return f"<p>{mark}-{len(drawn) - 1}</p>\n"

    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable(["table", "strikethrough"])
    rules: dict[str, Callable[..., str]] = {
        "fence": fence,
        "image": _image,
        "link_open": _link_open,
        "link_close": _link_close,
    }
    parser.renderer.rules.update(rules)  # type: ignore[attr-defined]
    return str(parser.render(text, {"addresses": []}))


def _link_open(tokens: Sequence[Any], at: int, options: object, env: dict[str, Any]) -> str:
    words = "".join(token.content for token in tokens[at + 1 : at + 2])
    address = str(tokens[at].attrGet("href") or "")
    env["addresses"].append("" if address in (words, f"mailto:{words}") else address)
    return ""


def _link_close(tokens: Sequence[Any], at: int, options: object, env: dict[str, Any]) -> str:
    address = env["addresses"].pop()
    return f" (<code>{markup.escape(address)}</code>)" if address else ""


def _image(tokens: Sequence[Any], at: int, options: object, env: object) -> str:
    token = tokens[at]
    return f"[image: {markup.escape(token.content)} <code>{markup.escape(str(token.attrGet('src') or ''))}</code>]"


def _picture(source: str) -> tuple[str, str]:
    """An inert ``img`` of the diagram, or nothing and the reason."""
    if len(source) > LARGEST_DIAGRAM:
        return "", f"This diagram is longer than {LARGEST_DIAGRAM:,} characters and is not drawn:"
    if _STATEMENT.search(source) or _REFUSED.search(source):
        return "", "This diagram holds a link, a directive or markup and is not drawn:"
    return _image_of(source)


@lru_cache(maxsize=256)
def _image_of(source: str) -> tuple[str, str]:
    try:
        if fault := diagram.fault(source):
            return "", f"This diagram cannot be drawn ({fault.message}):"
        return picture(diagram.draw(source), f"diagram {digest.short(digest.of_text(source))}"), ""
    except (Undone, diagram.Undrawn, ElementTree.ParseError, ValueError) as error:
        return "", f"This diagram cannot be drawn ({error}):"


def picture(svg: str, words: str) -> str:
    """A drawing as an inert image: nothing in it can run, load or be clicked.

    Args:
        svg: the drawing, with a ``viewBox``.
        words: what stands for it where no image is shown.

    Raises:
        ValueError: it declares entities, or has no size.
        xml.etree.ElementTree.ParseError: it is not well-formed.
    """
    width, height = _size(svg)
    encoded = base64.b64encode(svg.encode("utf-8")).decode("ascii")
    return (
        f'<p><img alt="{escape(words)}" width="{width}" height="{height}" '
        f'style="max-width:100%;height:auto;background:#ffffff" src="data:image/svg+xml;base64,{encoded}"></p>'
    )


def _size(svg: str) -> tuple[int, int]:
    """Width and height of a well-formed drawing, in pixels."""
    if "<!DOCTYPE" in svg or "<!ENTITY" in svg:
        raise ValueError("it declares entities")
    corners = (ElementTree.fromstring(svg).get("viewBox") or "").split()
    if len(corners) != 4:
        raise ValueError("it has no size")
    return max(1, round(float(corners[2]))), max(1, round(float(corners[3])))
