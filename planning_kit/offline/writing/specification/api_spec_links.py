"""Ids as links to where they are defined, from one document of a domain to another."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from .... import ids
from ....document import Document
from ..markdown import code
from .ground import Ground

SPEC = "requirements/api-spec.md"
USE_CASES = "workflows/use-cases.md"
SEQUENCES = "workflows/sequence-diagram.md"


def shown(ground: Ground, here: str, things: Sequence[ids.Thing], most: int = 12) -> str:
    """The ids of ``things`` as links from the document ``here``; what is beyond ``most`` is counted."""
    links = [f"[{each.id}]({_target(ground, here, each)})" for each in things[:most]]
    more = f" and {len(things) - most} more" if len(things) > most else ""
    return ", ".join(links) + more


def file(here: str, there: str, anchor: str = "") -> str:
    """The address of the document ``there`` of the same domain, as seen from ``here``: ``../workflows/use-cases.md``."""
    path = posixpath.relpath(there, posixpath.dirname(here))
    return f"{path}#{anchor}" if anchor else path


def operation(ground: Ground, here: str, method: str, path: str) -> str:
    """An operation as a link to its section in the API specification; in plain letters where that has none."""
    named = code(f"{method} {path}")
    spec = ground.documents.get(SPEC)
    anchor = slug(f"{method} {path}")
    return f"[{named}]({file(here, SPEC, anchor)})" if spec and anchor in _anchors(spec) else named


def slug(heading: str) -> str:
    """The anchor GitHub makes of a heading: lower case, letters, digits, ``-`` and ``_`` kept, blanks become ``-`` (github-slugger)."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _target(ground: Ground, here: str, thing: ids.Thing) -> str:
    there = "/".join(thing.document.split("/")[-2:])
    document = ground.documents.get(there)
    above = [h for h in document.headings if h.line <= thing.line] if document else []
    anchor = slug(above[-1].text) if above else ""
    if not document or anchor not in _anchors(document):
        return file(here, there)
    return f"#{anchor}" if there == here else file(here, there, anchor)


@lru_cache(maxsize=64)
def _anchors(document: Document) -> frozenset[str]:
    """The anchors of ``document`` that one heading only has."""
    found = [slug(heading.text) for heading in document.headings]
    return frozenset(_once(found))


def _once(names: Iterable[str]) -> Iterable[str]:
    counted: dict[str, int] = {}
    for name in names:
        counted[name] = counted.get(name, 0) + 1
    return (name for name, times in counted.items() if times == 1)
