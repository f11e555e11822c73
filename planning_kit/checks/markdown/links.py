"""Links within a plan: to headings, to files beside it, to definitions below."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import NamedTuple
from urllib.parse import unquote

from ...document import Document
from ..about import About
from ..wrong import Wrong, Wrongs
from .read import anchors, headings, prose

_LINK = re.compile(r"(!?)\[([^\[\]]{0,500})\]\(\s*(?:<([^<>\n]{0,1000})>|([^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)*))")
_SECOND = re.compile(r"(?<![\w\])\\!])\[([^\[\]]{1,300})\]\[([^\[\]]{0,300})\](?![\[(:])")
_DEFINED = re.compile(r"^[ >]*\[([^\[\]]{1,300})\]:[ \t]*(?:<([^<>\n]*)>|(\S+))")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_CITES = re.compile(r"(?:[PRQAS]\d+[,;\s]*)+|[\d\s,;^-]*|[ xX]|\S")
_RANGE = re.compile(r"[aA]-[zZfF]|0-9|(?<!\w)\w-\w(?!\w)|[\\^*+?|]")
_NOTE = re.compile(r"(?<![\\\[\]()])\[\^([A-Za-z0-9][\w-]{0,60})\](?![:(*+?{\w])")
_PAGES = (".md", ".markdown")


class Link(NamedTuple):
    """A link: its ``line`` and ``column`` from 1, where it leads (``target``), whether it is an ``image``."""

    line: int
    column: int
    target: str
    image: bool


def links(document: Document) -> Iterator[Link]:
    """Every link and image outside of code, and every definition of one."""
    for number, line in enumerate(prose(document), start=1):
        if "](" in line:
            for found in _LINK.finditer(line):
                target = found.group(3) if found.group(3) is not None else found.group(4)
                yield Link(number, found.start() + 1, target, bool(found.group(1)))
        if "]:" in line and (defined := _DEFINED.match(line)) and not defined.group(1).startswith("^"):
            yield Link(number, defined.start(1), defined.group(2) or defined.group(3) or "", False)


def targets(document: Document) -> frozenset[str]:
    """The files ``document`` links to, as paths on the same ground as its name: what to look for before it is checked."""
    return frozenset(path for link in links(document) if (path := _split(document, link.target)[0]))


def links_to_what_is_there(document: Document, about: About) -> Wrongs:
    """Link only to headings, files and definitions that exist, headings by their GitHub anchor."""
    beside = {posixpath.normpath(each.name): each for each in (document, *about.beside)}
    files = {posixpath.normpath(each) for each in about.files}
    for link in links(document):
        path, anchor = _split(document, link.target)
        if not path and not anchor:
            continue
        if path and path not in beside:
            yield from _missing(link, path, document, [*beside, *files], bool(files))
            continue
        there = beside[path] if path else document
        if anchor and (there is document or there.name.endswith(_PAGES)):
            yield from _anchor(link, anchor, there, there is document)
    yield from _undefined(document)


def _split(document: Document, target: str) -> tuple[str, str]:
    """The file a link leads to (empty: the document itself, or out into the web) and the anchor there."""
    if not target or _SCHEME.match(target) or target.startswith(("/", "//")) or "{" in target or "<" in target:
        return "", ""
    path, _, anchor = target.partition("#")
    path = unquote(path.partition("?")[0])
    if not path:
        return "", unquote(anchor)
    return posixpath.normpath(posixpath.join(posixpath.dirname(document.name), path)), unquote(anchor)


def _missing(link: Link, path: str, document: Document, known: list[str], all_known: bool) -> Wrongs:
    """A file that is not there; without the list of files only one that is nearly one of those known."""
    if path in known or any(each.startswith(f"{path.rstrip('/')}/") for each in known) or path == ".":
        return
    near = [each for each in get_close_matches(path, known, 1, 0.6) if each != document.name]
    here = posixpath.dirname(document.name)
    same = [each for each in near if posixpath.dirname(each) == posixpath.dirname(path)]
    if not all_known and not (same and _begin_alike(path, same[0])):
        return
    hint = f"link to {posixpath.relpath(near[0], here or '.')}" if near else "add the file, or take the link out"
    what = "image" if link.image else "link"
    yield Wrong(
        link.line, f"this {what} leads to {link.target.partition('#')[0]}, which is not there", hint, link.column
    )


def _begin_alike(one: str, other: str) -> bool:
    """Whether two file names carry the same number, or begin with the same word and carry none."""
    first, second = (re.match(r"\d+|\w+", posixpath.basename(each)) for each in (one, other))
    return bool(first and second and first.group() == second.group())


def _anchor(link: Link, anchor: str, there: Document, own: bool) -> Wrongs:
    if not there.lines or anchor.lower() in ("top", "") or re.fullmatch(r"L\d+(?:C\d+)?(?:-L\d+(?:C\d+)?)?", anchor):
        return
    known = anchors(there)
    if anchor in known or anchor.startswith(("fn", "user-content-", ":~:")):
        return
    bare = _bare(anchor)
    alike = [each for each in headings(there) if _bare(each.text) == bare or _bare(each.anchor) == bare]
    if any(each.loose for each in alike):
        return
    where = "" if own else f" in {there.name}"
    near = alike[0].anchor if alike else next(iter(get_close_matches(anchor.lower(), sorted(known), 1, 0.5)), "")
    hint = f"link to #{near}" if near else "name a heading that is there, or take the link out"
    severity = "warning" if alike and anchor == anchor.lower() else "error"  # other sites make other anchors of signs
    yield Wrong(link.line, f"no heading{where} has the anchor #{anchor}", hint, link.column, severity=severity)


def _bare(text: str) -> str:
    return re.sub(r"[\W_]", "", text.lower())


def _undefined(document: Document) -> Wrongs:
    """``[text][name]`` where nothing defines the name: it is shown with its brackets."""
    lines = prose(document)
    defined = {_label(found.group(1)) for line in lines if "]:" in line and (found := _DEFINED.match(line))}
    for number, line in enumerate(lines, start=1):
        for found in _SECOND.finditer(line) if "][" in line else ():
            text, name = found.group(1), found.group(2) or found.group(1)
            if _CITES.fullmatch(text) or _CITES.fullmatch(name) or _RANGE.search(text) or _RANGE.search(name):
                continue
            if _label(name) not in defined:
                yield Wrong(
                    number, f"[{text}][{found.group(2)}] is no link: nothing defines [{name}]",
                    f"add a line '[{name}]: address', or write [{text}](address)", found.start() + 1, severity="warning",
                )  # fmt: skip
        for found in _NOTE.finditer(line) if "[^" in line else ():
            if _label(f"^{found.group(1)}") not in defined and not _RANGE.search(found.group(1)):
                yield Wrong(
                    number, f"the note {found.group()} is nowhere", f"add a line '{found.group()}: what it says', or take it out",
                    found.start() + 1, severity="warning",
                )  # fmt: skip


def _label(name: str) -> str:
    """A link's label as it is compared (CommonMark 0.31, section 4.7)."""
    return " ".join(name.casefold().split())
