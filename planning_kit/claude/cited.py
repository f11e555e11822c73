"""What an answer cites from the web: its sources, numbered, and their marks in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..model import Source
from .stream import mended

LONGEST = 300
"""Most characters of a title or of quoted words that are kept."""


def cited(blocks: Sequence[Mapping[str, Any]], first: int, accessed: str) -> tuple[str, tuple[Source, ...]]:
    """The text of ``blocks`` with a mark like ``[S3]`` behind what a source says, and the sources.

    A page that is cited several times is one source, with all the words quoted from it.

    Args:
        blocks: the content of an answer.
        first: the number of the first source.
        accessed: the day it was looked up, ISO 8601.
    """
    pages = list(_fetched(blocks))
    found: dict[str, Source] = {}
    text: list[str] = []
    for block in blocks:
        if block.get("type") != "text":
            continue
        marks = []
        for citation in block.get("citations") or ():
            source = _source(citation, pages, f"S{first + len(found)}", accessed)
            if source is None:
                continue
            known = found.get(source.url)
            found[source.url] = source if known is None else _quoting(known, source.quoted)
            marks.append(f"[{found[source.url].id}]")
        text.append(_marked(block["text"], marks))
    return mended("".join(text)), tuple(found.values())


def _source(citation: Mapping[str, Any], pages: Sequence[tuple[str, str]], name: str, accessed: str) -> Source | None:
    url, title = citation.get("url"), citation.get("title") or citation.get("document_title")
    at = citation.get("document_index")
    if not url and isinstance(at, int) and 0 <= at < len(pages):
        url, title = pages[at][0], title or pages[at][1]
    if not isinstance(url, str) or not re.match(r"https?://[^\s<>]+$", url):
        return None
    url = mended(url)
    return Source(name, url, _line(title) or url, _line(citation.get("cited_text")), accessed)


def _quoting(source: Source, words: str) -> Source:
    """``source`` quoting ``words`` as well, unless it does or is long enough."""
    quoted = source.quoted if words in source.quoted else f"{source.quoted} … {words}"
    return source if len(quoted) > LONGEST else Source(source.id, source.url, source.title, quoted, source.accessed)


def _fetched(blocks: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Address and title of the pages that were read, in order: citations into a page name its place in this list."""
    for block in blocks:
        content = block.get("content")
        if block.get("type") == "web_fetch_tool_result" and isinstance(content, Mapping) and content.get("url"):
            document = content.get("content")
            yield str(content["url"]), _line(document.get("title")) if isinstance(document, Mapping) else ""


def _marked(text: str, marks: Sequence[str]) -> str:
    """``text`` with ``marks`` behind its last word."""
    words = text.rstrip()
    said = "".join(dict.fromkeys(marks))
    return f"{words} {said}{text[len(words) :]}" if said else text


def _line(text: Any) -> str:
    said = " ".join(mended(text).split()) if isinstance(text, str) else ""
    return said if len(said) <= LONGEST else said[: LONGEST - 1] + "…"
