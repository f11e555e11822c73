"""What a digest of a codebase says is there already: its routes, its models and their tables."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from ..facts import Existing, Found

_ROUTES = re.compile(r"(?i)^#*\s*\W*routes\b")
_MODELS = re.compile(r"(?i)^#*\s*\W*models\b")
_ITEM = re.compile(r"^\s*[-*] (?P<said>.{1,2000}?)(?: \((?P<evidence>[^()\s]{1,300}:\d{1,7})[^()]{0,300}\))?\s*$")
_ROUTE = re.compile(
    r"^`?(?P<method>[A-Z]{2,8}(?:,[A-Z]{2,8}){0,8}) (?P<path>/\S{0,300}?)`?(?:\s+->\s+(?P<does>.{1,200}))?$"
)
_MODEL = re.compile(r"^`?(?P<name>\w{1,80})`?: table `?(?P<table>[\w.]{1,80})`?(?:;\s*(?P<fields>.{0,1800}))?$")

_HEAD = re.compile(r"(?:/(?:[a-z]{1,12}-)?(?:api|rest|v\d{1,3}(?:\.\d{1,3})?)(?=/|$)){1,3}")
_BLOCK = re.compile(
    r"^\s*(?:export\s+|public\s+|data\s+)*(?:class|model|struct|interface|type|entity|record|create table)\s+[\"`']?(\w{1,80})"
)
_UUID = re.compile(
    r"(?i)^\s*(?:private\s+|val\s+|var\s+)?(?:id|\w{1,40}_id|UUID id)\b(?=.{0,200}uuid)(?=.{0,300}(?:@id\b|primary|pk\b|^\s*id\b))|^\s*id\b.{0,200}uuid"
)


def existing(digest: str) -> Existing:
    """What stands in ``digest`` under a line 'Routes' and under a line 'Models and tables', as

    ``- GET /orders/{id} -> orders.read_order (app/api/orders.py:31)`` and
    ``- Order: table orders; id, customer_id -> customers, status (app/models/order.py:10)``.
    """
    routes: list[Found] = []
    models: list[Found] = []
    part = ""
    for line in digest.splitlines():
        item = _ITEM.match(line[:2500])
        if item is None:
            if line.strip():
                part = "routes" if _ROUTES.match(line) else "models" if _MODELS.match(line) else ""
            continue
        said, evidence = item.group("said"), item.group("evidence") or "codebase"
        if part == "routes" and (route := _ROUTE.match(said)):
            name = f"{route.group('method')} {route.group('path')}"
            routes.append(Found(name, evidence, does=(route.group("does") or "").strip()))
        elif part == "models" and (model := _MODEL.match(said)):
            models.append(
                Found(model.group("name"), evidence, model.group("table"), _fields(model.group("fields") or ""))
            )
    uuids = _keyed(digest)
    return Existing(
        tuple(routes), tuple(replace(m, key="uuid") if m.name in uuids else m for m in models), _prefix(routes)
    )


def _keyed(digest: str) -> frozenset[str]:
    """The names of the models whose excerpt shows a UUID as key; the key of any other is taken as an integer."""
    found = set()
    name = ""
    for line in digest.splitlines():
        if begun := _BLOCK.match(line[:300]):
            name = begun.group(1)
        elif line.startswith("---"):
            name = ""
        elif name and _UUID.search(line[:500]):
            found.add(name)
    return frozenset(found)


def _prefix(routes: Sequence[Found]) -> str:
    """What the paths of more than half of ``routes`` begin with, where it says nothing but 'API' and a version: ``/api/v2``."""
    heads = Counter(hit.group() for r in routes if (hit := _HEAD.match(r.name.partition(" ")[2])))
    most, count = next(iter(heads.most_common(1)), ("", 0))
    return most if count * 2 > len(routes) else ""


def _fields(said: str) -> tuple[str, ...]:
    """The names in ``id, customer_id -> customers, status``."""
    names = (re.match(r"\s*`?(\w{1,80})", piece) for piece in said.split(","))
    return tuple(dict.fromkeys(name.group(1) for name in names if name))
