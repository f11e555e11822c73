"""What a digest of a codebase says is there already: its routes, its models and their tables."""

from __future__ import annotations

import re

from ..facts import Existing, Found

_ROUTES = re.compile(r"(?i)^#*\s*\W*routes\b")
_MODELS = re.compile(r"(?i)^#*\s*\W*models\b")
_ITEM = re.compile(r"^\s*[-*] (?P<said>.{1,2000}?)(?: \((?P<evidence>[^()\s]{1,300}:\d{1,7})[^()]{0,300}\))?\s*$")
_ROUTE = re.compile(r"^`?(?P<method>[A-Z]{3,7}) (?P<path>/\S{0,300}?)`?(?:\s+->\s+(?P<does>.{1,200}))?$")
_MODEL = re.compile(r"^`?(?P<name>\w{1,80})`?: table `?(?P<table>[\w.]{1,80})`?(?:;\s*(?P<fields>.{0,1800}))?$")


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
    return Existing(tuple(routes), tuple(models))


def _fields(said: str) -> tuple[str, ...]:
    """The names in ``id, customer_id -> customers, status``."""
    names = (re.match(r"\s*`?(\w{1,80})", piece) for piece in said.split(","))
    return tuple(dict.fromkeys(name.group(1) for name in names if name))
