"""Markdown as a reader sees it: its prose line by line, everything else blanked in place, and its headings with their anchors."""

from __future__ import annotations

import re
import string
from collections import Counter
from functools import lru_cache
from typing import NamedTuple

from ...document import Document, Heading

_RUN = re.compile(r"`+")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.S)
_FENCE = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(`{3,}|~{3,})")
_META_KEY = re.compile(r"[A-Za-z_][\w -]{0,60}:(?:\s|$)")
_LIST_MARK = re.compile(r"[ \t]*(?:>[ \t]?)*[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?)?")
_MARKED = re.compile(r"\{#([\w:.-]+)[^{}]*\}\s*$")
_INLINE_LINK = re.compile(r"!?\[([^\[\]]*)\](?:\([^()]*\)|\[[^\[\]]*\])")
_HTML_ANCHOR = re.compile(r"""<[A-Za-z][^<>]{0,200}?\b(?:id|name)\s*=\s*["']?([^"'\s<>]+)""")


class Anchored(NamedTuple):
    """A ``heading``, the ``anchor`` GitHub gives it, its ``text`` as it is shown, and whether a renderer may see its signs otherwise."""

    heading: Heading
    anchor: str
    text: str
    loose: bool


@lru_cache(maxsize=64)
def prose(document: Document, spans: bool = False) -> tuple[str, ...]:
    """The lines of ``document``, with blanks for fenced and indented code, comments, front matter and (unless ``spans``) code spans.

    Every line keeps its length, so what is found in it is found at its own column.
    """
    lines = list(document.lines)
    for first, last in [*code_lines(document), *_front_matter(document)]:
        for at in range(first - 1, min(last, len(lines))):
            lines[at] = " " * len(lines[at])
    text = "\n".join(lines)
    if "<!--" in text:
        text = _COMMENT.sub(lambda found: _blank(found.group()), text)
    return tuple((text if spans else _without_spans(text)).split("\n"))


@lru_cache(maxsize=64)
def code_lines(document: Document) -> tuple[tuple[int, int], ...]:
    """The first and the last line of every fenced block (with its fences), and of every indented one."""
    found = []
    for fence in document.fences:
        end = fence.line + fence.text.count("\n")
        found.append((fence.line - 1, end if closing(document, end, opening(document, fence.line - 1)) else end - 1))
    covered = {line for first, last in found for line in range(first, last + 1)}
    lines = document.lines
    for at in range(
        1, len(lines)
    ):  # an indented block: after an empty line, and no list above it that it could belong to
        if at + 1 in covered or not lines[at].startswith(("    ", "\t")) or not lines[at].strip():
            continue
        if (found and found[-1] == (at, at)) or (not lines[at - 1].strip() and _stands_alone(lines, at)):
            found.append((at + 1, at + 1))
    return tuple(found)


def _stands_alone(lines: tuple[str, ...], at: int) -> bool:
    """Whether the nearest text above that is not indented is no list item."""
    for above in range(at - 1, max(-1, at - 200), -1):
        if lines[above].strip() and not lines[above].startswith(("    ", "\t")):
            mark = re.match(r"\s*(?:>\s?)*\s*(?:[-*+]|\d{1,9}[.)])\s|\s+\S", lines[above])
            return mark is None
    return False


def opening(document: Document, line: int) -> str:
    """The marks of the fence that begins on ``line``; empty if none does."""
    found = _FENCE.match(document.line(line))
    return found.group(1) if found else ""


def closing(document: Document, line: int, marks: str) -> bool:
    """Whether ``line`` closes a fence that was opened with ``marks``."""
    said = document.line(line).strip().lstrip("> \t")
    return bool(marks) and len(said) >= len(marks) and not said.strip(marks[0])


@lru_cache(maxsize=64)
def headings(document: Document) -> tuple[Anchored, ...]:
    """Every heading but what front matter looks like, with the anchor it has on GitHub (a repeated one counts: ``-1``)."""
    hidden = {line for first, last in _front_matter(document) for line in range(first, last + 1)}
    found: list[Anchored] = []
    used: Counter[str] = Counter()
    for heading in document.headings:
        if heading.line in hidden:
            continue
        raw = re.sub(r"^\s*(?:>\s*)*(?:[-*+]\s+)?#{1,6}(?:\s+|$)|\s+#+\s*$", "", document.line(heading.line))
        text = _shown(_MARKED.sub("", raw[:1000]))
        slug = slugged(text)
        anchor = f"{slug}-{used[slug]}" if used[slug] else slug
        used[slug] += 1
        loose = any(ord(each) > 0x2000 and not each.isalnum() for each in text)
        found.append(Anchored(heading, anchor, text, loose))
    return tuple(found)


@lru_cache(maxsize=64)
def anchors(document: Document) -> frozenset[str]:
    """Every anchor that can be linked to: of headings, and those somebody set by hand."""
    named = {each.anchor for each in headings(document)}
    named |= {found.group(1) for each in document.headings if (found := _MARKED.search(document.line(each.line)))}
    if "<" in document.text:
        named |= {found.lower() for line in prose(document, True) for found in _HTML_ANCHOR.findall(line)}
    return frozenset(named)


def slugged(text: str) -> str:
    """The anchor GitHub makes of a heading: lower case, letters, digits, ``-`` and ``_`` kept, blanks become ``-`` (github-slugger)."""
    return re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")


def item(line: str) -> str:
    """A line without the marks of a quotation or list before it."""
    found = _LIST_MARK.match(line)
    return line[found.end() :] if found else line


def _shown(text: str) -> str:
    """A heading's text without its marks: what is shown of links, emphasis, code and HTML."""
    spans = re.split(r"(`[^`]*`)", text)
    for at in range(0, len(spans), 2):
        said = _INLINE_LINK.sub(r"\1", spans[at])
        said = re.sub(r"</?[A-Za-z][A-Za-z0-9-]*(?:\s[^<>]*)?/?>", "", said)
        said = re.sub(r"(?<![\w\\])(\*{1,3}|_{1,3})(?=\S)(.+?)(?<=\S)\1(?!\w)", r"\2", said)
        spans[at] = re.sub(rf"\\([{re.escape(string.punctuation)}])", r"\1", said)
    return "".join(part[1:-1] if at % 2 else part for at, part in enumerate(spans)).strip()


def _front_matter(document: Document) -> tuple[tuple[int, int], ...]:
    """The first and the last line of YAML between ``---`` at the very top."""
    lines = document.lines
    if lines[0].rstrip() != "---" or len(lines) < 3 or not _META_KEY.match(lines[1]):
        return ()
    for at in range(2, min(len(lines), 200)):
        if lines[at].rstrip() in ("---", "..."):
            return ((1, at + 1),)
    return ()


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def _without_spans(text: str) -> str:
    """``text`` with blanks for code spans; a span ends with as many backticks as it began with, within its paragraph."""
    made = []
    for paragraph in re.split(r"(\n[ \t]*\n)", text):
        made.append(_paragraph(paragraph) if "`" in paragraph else paragraph)
    return "".join(made)


def _paragraph(text: str) -> str:
    runs = [(found.start(), found.end()) for found in _RUN.finditer(text)]
    last = {end - start: at for at, (start, end) in enumerate(runs)}
    pieces, done, at = [], 0, 0
    while at < len(runs):
        start, end = runs[at]
        size = end - start
        escaped = start > 0 and text[start - 1] == "\\" and size == 1
        after = at + 1
        if not escaped and last[size] > at:
            while runs[after][1] - runs[after][0] != size:
                after += 1
            pieces += [text[done:start], _blank(text[start : runs[after][1]])]
            done, after = runs[after][1], after + 1
        at = after
    return "".join([*pieces, text[done:]])
