"""What was asked: the brief, verbatim, and its numbered passages."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from markdown_it import MarkdownIt
from slugify import slugify

from . import digest
from .errors import BriefRefused

LARGEST = 1_000_000
"""The longest brief that is taken, in bytes."""

_BLOCKS = {
    "heading_open": "heading",
    "paragraph_open": "paragraph",
    "fence": "code",
    "code_block": "code",
    "html_block": "html",
    "tr_open": "row",
}
_NUMBERED = re.compile(r"\s{0,8}(?:\d{1,3}(?:\.\d{1,3}){1,4}[.)]?|[A-Z]{1,6}-?\d{1,4}(?:\.\d{1,3})?[.:)]?)\s+\S")
"""A line that begins with a requirement's number (``3.1``, ``FR-12:``): plain-text briefs put one below the other."""
_METADATA = re.compile(r"(?m)^---[ \t]*\n(?:[A-Za-z_][\w-]*:.*\n(?:[ \t]+.*\n)*)+---[ \t]*(?:\n|\Z)")
_GENERIC = re.compile(
    r"(?i)^[\d.\s]*(introduction|overview|description|summary|background|context|requirements?|prd|goals?|"
    r"scope|purpose|abstract|preface|about|specification|product requirements? document|table of contents|"
    r"executive summary|functional requirements?)[\s:.]*$"
)
_NAMED = (
    re.compile(
        r"\b(?:application|system|service|platform|app|project|product|tool|website)\s+(?:called|named)\s+[\"'“‘]?([A-Z][\w-]{2,30})"
    ),
    re.compile(r"(?m)^The ((?:[A-Z][\w-]+ ){1,4}[A-Z][\w-]+) \([A-Z]{2,6}\) is\b"),
    re.compile(r"\b[Tt]he [\"'‘“]([\w-]{3,30})[\"'’”] (?:project|system|service|application|platform)\b"),
)
_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}


@dataclass(frozen=True)
class Passage:
    """One numbered piece of the brief; joined, the passages are the brief.

    Attributes:
        id: stable name, ``P1`` onwards, in the order of the text.
        kind: heading, paragraph, item, row, code, html, rule or metadata.
        text: its exact lines, with the blank lines that follow it.
        line: its first line in the brief, from 1.
        section: the headings it stands under, outermost first.
    """

    id: str
    kind: str
    text: str
    line: int
    section: tuple[str, ...]

    @cached_property
    def plain(self) -> str:
        """Its words on one line, without list bullets, heading marks and emphasis."""
        return plain(self.text)


@dataclass(frozen=True)
class Brief:
    """What an architect brought: ``text`` with newlines as ``\\n``, and where its title came from."""

    text: str
    name: str = ""

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the text."""
        return digest.of_text(self.text)

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """The numbered passages, in order; nothing of the text is left out."""
        return _number(self.text)

    @cached_property
    def title(self) -> str:
        """What the feature is called: a telling first heading, a name the text gives, the file's name, or its first words."""
        for passage in self.passages:
            if (
                passage.kind == "heading"
                and passage.text.lstrip().startswith("# ")
                and not _GENERIC.match(passage.plain)
            ):
                return _shorten(re.sub(r"^[\d.]+\s+", "", passage.plain))
            if passage.kind not in ("metadata", "html"):
                break
        for pattern in _NAMED:
            if found := pattern.search(self.text[:4000]):
                return _shorten(found.group(1))
        stem = re.sub(r"[\s_-]+", " ", Path(self.name).stem).strip()
        return _shorten(stem[:1].upper() + stem[1:] if stem else plain(self.text))

    @cached_property
    def slug(self) -> str:
        """The title as a folder's name, see :func:`slug`."""
        return slug(self.title)


def slug(title: str) -> str:
    """A folder's name for ``title``: lower-case ASCII words joined by ``-``, at most 60 characters.

    A title that loses anything but case, spaces and hyphens on the way keeps a piece of its digest,
    so two titles never share a slug, and none is empty or escapes its folder.
    """
    wanted = re.sub(r"[\s_-]+", "-", title.strip().lower()).strip("-")
    words = str(slugify(title, max_length=48, word_boundary=True))
    if words and words == wanted and words not in _RESERVED:
        return words
    return f"{words or 'plan'}-{digest.of_text(title)[:8]}"


def plain(text: str) -> str:
    """``text`` on one line without Markdown's marks for headings, lists, emphasis, links and code."""
    lines = [re.sub(r"^\s*(?:>\s*)*(?:#{1,6}\s+|[-*+•]\s+|\d{1,3}[.)]\s+)?", "", line) for line in text.splitlines()]
    joined = " ".join(line.strip() for line in lines if line.strip())
    joined = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", joined)
    joined = re.sub(r"<[^>\n]{1,200}>|&#x20;|&nbsp;", " ", joined)
    joined = re.sub(r"(\*\*|__|`)", "", joined)
    joined = re.sub(r"(?<!\w)\*(\S(?:[^*]*\S)?)\*(?!\w)", r"\1", joined)
    joined = re.sub(r"\\([_*#|~])", r"\1", joined)
    return re.sub(r"\s+", " ", joined).strip(" |")


def decode(data: bytes, where: str) -> str:
    """The text of a brief's bytes: UTF-8 (with or without a mark) or UTF-16 with one; newlines as ``\\n``.

    Args:
        data: what was read.
        where: how the message names its source.

    Raises:
        BriefRefused: too large, not text (with the byte's offset), or blank.
    """
    if len(data) > LARGEST:
        raise BriefRefused(
            f"{where}: the brief has {len(data):,} bytes and at most {LARGEST:,} are taken; split it or shorten it"
        )
    encoding = "utf-8-sig"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and not data.startswith(codecs.BOM_UTF32_LE):
        encoding = "utf-16"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        offset = error.start + (3 if encoding == "utf-8-sig" and data.startswith(codecs.BOM_UTF8) else 0)
        raise BriefRefused(
            f"{where}: byte {offset} is not {encoding.removesuffix('-sig').upper()} text; save the brief as UTF-8 text or Markdown"
        ) from error
    control = re.search(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]", text)
    if control:
        offset = len(text[: control.start()].encode("utf-8"))
        raise BriefRefused(
            f"{where}: byte {offset} is the control character U+{ord(control.group()):04X}, so this is not a text file; export the brief as text or Markdown"
        )
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not re.search(r"\w", text):
        raise BriefRefused(f"{where}: the brief is empty; write down what is to be built, one sentence is enough")
    return text


def _number(text: str) -> tuple[Passage, ...]:
    lines = re.findall(
        r"[^\n]*\n|[^\n]+", text
    )  # as the parser counts: str.splitlines also breaks at form feeds and U+2028
    starts = _starts(text)
    starts = {0: starts.get(0, "paragraph"), **starts} if lines else {}
    order = sorted(starts)
    passages: list[Passage] = []
    section: list[tuple[int, str]] = []
    for number, first in enumerate(order, start=1):
        last = order[number] if number < len(order) else len(lines)
        raw = "".join(lines[first:last])
        kind = starts[first]
        if kind == "heading":
            marks = re.match(r"\s*(#{1,6})", raw)
            level = len(marks.group(1)) if marks else (1 if re.search(r"(?m)^=+\s*$", raw) else 2)
            section = [above for above in section if above[0] < level]
            passages.append(Passage(f"P{number}", kind, raw, first + 1, tuple(name for _, name in section)))
            section.append((level, re.sub(r"\s*\n\s*[=-]+\s*$", "", plain(raw))))
        else:
            passages.append(Passage(f"P{number}", kind, raw, first + 1, tuple(name for _, name in section)))
    return tuple(passages)


def _starts(text: str) -> dict[int, str]:
    """Where each passage begins (line from 0) and of what kind it is."""
    starts: dict[int, str] = {}
    for block in _METADATA.finditer(text):
        starts[text.count("\n", 0, block.start())] = "metadata"
    rest = _METADATA.sub(lambda block: "\n" * block.group().count("\n"), text)
    inside: list[str] = []
    lines = rest.split("\n")
    for token in MarkdownIt("commonmark").enable("table").disable("inline").parse(rest):
        if token.type == "list_item_open":
            inside.append("item")
        elif token.type == "list_item_close":
            inside.pop()
        elif token.type == "hr" and token.map:
            starts.setdefault(token.map[0], "rule")
        elif token.type in _BLOCKS and token.map:
            kind = "item" if inside and token.type == "paragraph_open" else _BLOCKS[token.type]
            starts.setdefault(token.map[0], kind)
            if token.type == "paragraph_open":
                numbered = [n for n in range(*token.map) if _NUMBERED.match(lines[n])]
                starts.update((n, "item") for n in numbered if len(numbered) > 1)
    bullets = {n: "item" for n, line in enumerate(lines) if re.match(r"\s*•\s+\S", line)}
    return {**starts, **{n: kind for n, kind in bullets.items() if starts.get(n) in ("paragraph", None)}}


def _shorten(title: str, most: int = 80) -> str:
    title = re.sub(r"\s+", " ", title).strip().rstrip(".:;,")
    if len(title) <= most:
        return title
    return title[:most].rsplit(" ", 1)[0].rstrip(".:;,") or title[:most]
