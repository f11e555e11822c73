"""Markdown from anybody as HTML that can run nothing, load nothing and lead nowhere."""

from __future__ import annotations

import html as markup
import re
import secrets
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_block.table import escapedSplit
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from ..aside import patience
from ..ids import HOMES, ID
from .drawing import MOST_DIAGRAMS, UNDRAWN, code, figure
from .letters import clean, cut, escape, secrets_in_use, spelled, visible
from .shown import box

LONGEST_PARAGRAPH = 20_000
"""The longest paragraph or cell whose marks are read, in characters; a longer one is shown as it is written."""
DRAWING = 60.0
"""How long the diagrams of one text may be drawn, in seconds; those that are remembered take none of it."""

REMEMBERED = 8_000_000
"""How much HTML is remembered, in characters: what is reviewed is shown again and again."""

_NESTED = 24
"""How deep quotes and lists may be nested; a block in which they are deeper is shown as it is written."""
_TAGS = {"p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "strong", "em", "s", "del", "code", "pre", "blockquote"}
_TAGS |= {"ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td"}
_BLOCKS = {
    "paragraph_open",
    "heading_open",
    "list_item_open",
    "tr_open",
    "fence",
    "code_block",
    "blockquote_open",
    "hr",
}
_MARKED = re.compile(r"[\\`*_~\[<&]|[ \t]\n|\n[ \t]")
_LANGUAGE = re.compile(r"[\w+#.-]{0,30}")
_NEAR = re.compile(r"(?:(?:\.\./|[\w-]+/){0,8}(?P<name>[\w-]{1,80})\.md)?(?:#(?P<section>[\w-]{1,120}))?")
"""An address in this document or in one that lies near it."""
_HOMES = {home.rpartition("/")[2].removesuffix(".md") for home in HOMES}


_shown: dict[tuple[Any, ...], str] = {}
_lock = threading.Lock()


@dataclass(frozen=True)
class _How:
    """How a text is to be shown, as :func:`html` is told."""

    beside: dict[int, str]
    lines: bool
    deeper: int
    draw: bool


def html(
    text: str, beside: Mapping[int, str] | None = None, lines: bool = False, deeper: int = 0, draw: bool = True
) -> str:
    """Markdown from anybody as HTML that can run nothing, load nothing and lead nowhere.

    Raw HTML is shown as the text it is, a link as its words and its address, an image as its description;
    Mermaid is drawn to an inert picture with its source beneath. What markdown itself would not show is shown
    too: titles, what stands behind a fence's language, cells beyond a table's columns, definitions nothing refers to.

    Args:
        text: the markdown.
        beside: by a line of ``text``, from 1: HTML that is safe already, put after the outermost block that holds the line.
        lines: whether every block says on which line of ``text`` it begins, from 1, as ``data-line``.
        deeper: by how many levels its headings stand lower than written, for a page that has headings of its own.
        draw: whether diagrams are drawn that have not been before; half a second to five each.
    """
    how = _How(dict(beside or {}), lines, deeper, draw)
    key = (text, tuple(how.beside.items()), lines, deeper, secrets_in_use())
    if (known := _shown.get(key)) is None:
        known = _made(text, how)
        if UNDRAWN not in known:  # the next time there may be more to see
            with _lock:
                while _shown and sum(map(len, _shown.values())) + len(known) > REMEMBERED:
                    del _shown[next(iter(_shown))]
                _shown[key] = known
    return known


def _made(text: str, how: _How) -> str:
    shown, left = cut(text)
    mark = secrets.token_hex(8)
    drawn: list[str] = []
    with patience(DRAWING):
        page = _render(visible(shown), how, mark, drawn)
    page = nh3.clean(clean(page), tags=_TAGS, attributes={"ol": {"start"}, "*": {"data-line"}}, link_rel=None)
    page = re.sub(r"<(t[dh])>", r'<\1 style="text-align:left">', spelled(page))
    page = re.sub(f"<p>{mark}-([0-9]+)</p>", lambda found: drawn[int(found[1])], page)
    return page + (box("wait", [left]).html if left else "")


def _render(text: str, how: _How, mark: str, drawn: list[str]) -> str:
    """HTML for ``text``, with a placeholder for each picture and each thing beside it, which are appended to ``drawn``."""

    def kept(safe: str) -> str:
        drawn.append(safe)
        return f"<p>{mark}-{len(drawn) - 1}</p>\n"

    env: dict[str, Any] = {"kept": kept, "addresses": [], "diagrams": 0, "draw": how.draw, "used": set()}
    beside = {line: kept(how.beside[line]) for line in sorted(how.beside)}
    tokens = _parser().parse(text, env)
    written = text.split("\n")
    tokens = _whole_rows(_shallow(tokens, written, kept), written)
    for token in tokens:
        if token.type.startswith("heading_") and how.deeper:
            token.tag = f"h{min(6, int(token.tag[1]) + how.deeper)}"
        if how.lines and token.map and token.type in _BLOCKS:
            token.attrs = {"data-line": token.map[0] + 1}
    tokens = _with_beside(tokens, beside)
    page = str(_parser().renderer.render(tokens, _parser().options, env))
    return page + _unused(env)


@cache
def _parser() -> MarkdownIt:
    options = {"html": False, "maxNesting": _NESTED, "store_labels": True}
    parser = MarkdownIt("commonmark", options).enable(["table", "strikethrough"])
    parser.core.ruler.at("inline", _inline)
    rules: dict[str, Callable[..., str]] = {
        "fence": _fence,
        "image": _image,
        "link_open": _link_open,
        "link_close": _link_close,
    }
    parser.renderer.rules.update(rules)  # type: ignore[attr-defined]
    return parser


def _inline(state: StateCore) -> None:
    """Read the marks in each paragraph and cell; what has none, or is too long, is text."""
    for token in state.tokens:
        if token.type != "inline":
            continue
        token.children = []
        if _MARKED.search(token.content) and len(token.content) <= LONGEST_PARAGRAPH:
            state.md.inline.parse(token.content, state.md, state.env, token.children)
        else:
            token.children = [Token("text", "", 0, content=token.content)]


def _shallow(tokens: list[Token], lines: Sequence[str], kept: Callable[[str], str]) -> list[Token]:
    """``tokens``, with a block in which quotes or lists are nested too deep as it is written; markdown leaves out what is deeper."""
    found: list[Token] = []
    start = 0
    for token in tokens:
        found.append(token)
        if token.level == 0 and token.nesting == 1:
            start = len(found) - 1
        elif token.level == 0 and token.nesting == -1 and any(map(_too_deep, found[start:])):
            first, after = found[start].map or [0, len(lines)]
            written = kept(code("\n".join(lines[first:after])))
            found[start:] = [Token("html_block", "", 0, content=written, map=[first, after])]
    return found


def _too_deep(token: Token) -> bool:
    return token.level >= _NESTED - 1 and token.type in ("blockquote_open", "list_item_open")


def _whole_rows(tokens: list[Token], lines: Sequence[str]) -> list[Token]:
    """``tokens``, with the cells of a row that the table has no column for; markdown leaves them out."""
    found: list[Token] = []
    row: list[Token] = []
    for token in tokens:
        if token.type == "tr_open":
            row = [token]
        elif token.type == "td_open":
            row.append(token)
        elif token.type == "tr_close" and len(row) > 1 and row[0].map:
            cells = escapedSplit(re.sub(r"^[\s>]*", "", lines[row[0].map[0]]).rstrip())
            cells = cells[1 if cells[0] == "" else 0 : -1 if cells[-1] == "" else None]
            for cell in cells[len(row) - 1 :]:
                words = Token("inline", "", 0, children=[Token("text", "", 0, content=cell.strip())])
                found += [Token("td_open", "td", 1), words, Token("td_close", "td", -1)]
        found.append(token)
    return found


def _with_beside(tokens: list[Token], placed: Mapping[int, str]) -> list[Token]:
    """``tokens``, with each of ``placed`` after the outermost block that holds its line, or the one before it."""
    waiting = sorted(placed)
    found: list[Token] = []

    def due(before: float) -> None:
        while waiting and waiting[0] < before:
            found.append(Token("html_block", "", 0, content=placed[waiting.pop(0)]))

    for token in tokens:
        if token.level == 0 and token.map and token.nesting >= 0:
            due(token.map[0] + 1)
        found.append(token)
    due(float("inf"))
    return found


def _fence(tokens: Sequence[Token], at: int, options: object, env: dict[str, Any]) -> str:
    token = tokens[at]
    info = token.info.strip()
    line = f' data-line="{token.attrs["data-line"]}"' if token.attrs else ""
    if (info.split() or [""])[0].lower() != "mermaid":
        said = "" if _LANGUAGE.fullmatch(info) else f"<p><code>{markup.escape(info)}</code></p>\n"
        return f"{said}<pre{line}><code>{markup.escape(token.content)}</code></pre>\n"
    env["diagrams"] += 1
    drawing = figure(token.content, env["draw"]) if env["diagrams"] <= MOST_DIAGRAMS else code(token.content)
    said = f"<p><code>{escape(info)}</code></p>" if len(info.split()) > 1 else ""
    return str(env["kept"](f"<div{line}>{said}{drawing}</div>" if line else said + drawing))


def _link_open(tokens: Sequence[Token], at: int, options: object, env: dict[str, Any]) -> str:
    token = tokens[at]
    words = "".join(each.content for each in tokens[at + 1 : at + 2])
    address = str(token.attrGet("href") or "")
    env["used"].add(token.meta.get("label"))
    env["addresses"].append(_address("" if _says(words, address) else address, token.attrGet("title")))
    return ""


def _says(words: str, address: str) -> bool:
    """Whether the words of a link say where it leads: they are the address, the section or the document, or an id of a document of ids."""
    near = _NEAR.fullmatch(address)
    if near is None:
        return address in (words, f"mailto:{words}")
    name = re.sub(r"[^\w -]", "", words.lower()).replace(" ", "-")
    return (
        words == address
        or name in (near["section"], near["name"])
        or (near["name"] in _HOMES and bool(ID.fullmatch(words)))
    )


def _link_close(tokens: Sequence[Token], at: int, options: object, env: dict[str, Any]) -> str:
    address = env["addresses"].pop()
    return f" ({address})" if address else ""


def _image(tokens: Sequence[Token], at: int, options: object, env: dict[str, Any]) -> str:
    token = tokens[at]
    env["used"].add(token.meta.get("label"))
    return (
        f"[image: {markup.escape(token.content)} {_address(str(token.attrGet('src') or ''), token.attrGet('title'))}]"
    )


def _address(address: str, title: object) -> str:
    """An address and its title, to be read."""
    said = f"<code>{markup.escape(address)}</code>" if address else ""
    return said + (f" “{markup.escape(str(title))}”" if title else "")


def _unused(env: dict[str, Any]) -> str:
    """The definitions that nothing in the text refers to, and those that another one with the same name hides."""
    known: dict[str, Any] = env.get("references", {})
    left = [(name, known[name]) for name in known if name not in env["used"]]
    left += [(each.get("label", ""), each) for each in env.get("duplicate_refs", [])]
    if not left:
        return ""
    each = "".join(
        f"<li>{markup.escape(name)}: {_address(str(what['href']), what['title'])}</li>" for name, what in left
    )
    return f"<p><em>Defined, and nothing refers to it:</em></p><ul>{each}</ul>\n"
