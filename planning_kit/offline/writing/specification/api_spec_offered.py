"""The operations that an API specification offers as it is now, whoever wrote or edited it last."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import yaml

from .... import ids
from ....document import Document
from ...facts import Operation
from .api_spec_links import SPEC
from .api_spec_part import part
from .ground import Ground

LARGEST = 2_000_000
"""The longest OpenAPI document that is read, in characters."""
_METHODS = ("get", "post", "put", "patch", "delete")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Offered:
    """One operation of the API specification.

    Attributes:
        id: its ``operationId``, or method and path.
        method: ``POST``.
        path: as written.
        summary: what it does, in a few words.
        answers: status and when it is returned, in order.
        protected: whether a caller has to show who they are.
        body: whether something is sent.
        plan: the operation of the plan it is, if it is one.
        serves: ids of the requirements and stories that the endpoint catalogue names for it.
    """

    id: str
    method: str
    path: str
    summary: str
    answers: tuple[tuple[int, str], ...]
    protected: bool
    body: bool
    plan: Operation | None = None
    serves: tuple[str, ...] = ()

    @property
    def success(self) -> int:
        """The first status that says it worked; 200 when none is written."""
        return next((status for status, _ in self.answers if status < 400), 200)

    def when(self, *statuses: int) -> tuple[int, str] | None:
        """The first of ``statuses`` that it answers with, and when."""
        known = dict(self.answers)
        return next(((status, known[status]) for status in statuses if status in known), None)

    @property
    def called(self) -> str:
        """``POST /path``."""
        return f"{self.method} {self.path}"


def offered(ground: Ground) -> tuple[Offered, ...]:
    """The operations of the domain's API specification; those of the plan where there is none that can be read."""
    known = {(o.method, o.path): o for o in ground.plan.operations}
    spec = ground.documents.get(SPEC)
    written = _written(spec) if spec else None
    if written is None:
        here = part(ground)
        written = tuple(_described(here.document))
        known.update({(o.method, o.path): o for o in here.operations})
    serves = _catalogue(spec) if spec else {}
    names = ((each, (each.method, each.path)) for each in written)
    return tuple(replace(each, plan=known.get(name), serves=serves.get(name, ())) for each, name in names)


@lru_cache(maxsize=64)
def _catalogue(spec: Document) -> dict[tuple[str, str], tuple[str, ...]]:
    """Method and path → the ids that the row of the endpoint catalogue names."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for table in spec.tables:
        if table.section.casefold() == "endpoint catalogue":
            for row in table.rows:
                said = " ".join(row)
                found.update({name: ids.cited(said) for name in ids.operations(said)[:1]})
    return found


@lru_cache(maxsize=64)
def _written(spec: Document) -> tuple[Offered, ...] | None:
    """What the OpenAPI document in ``spec`` offers; nothing when there is none that can be read."""
    for fence in spec.fences:
        if fence.lang in ("yaml", "yml", "json") and len(fence.text) <= LARGEST and '"$schema"' not in fence.text[:200]:
            try:
                said = yaml.load(fence.text, Loader=_LOADER)  # noqa: S506 (a safe loader)
            except (yaml.YAMLError, ValueError, RecursionError):
                continue
            if isinstance(said, dict) and "openapi" in said:
                return tuple(_described(said))
    return None


def _described(said: dict[str, Any]) -> Iterator[Offered]:
    paths = said.get("paths")
    shared = _map(_map(said.get("components")).get("responses"))
    for path, methods in _map(paths).items():
        for method, told in _map(methods).items():
            if method not in _METHODS or not isinstance(told, dict):
                continue
            answers = tuple(_answers(_map(told.get("responses")), shared))
            security = told.get("security", said.get("security"))
            protected = bool(security) and {} not in (security if isinstance(security, list) else ())
            name = str(told.get("operationId") or f"{method.upper()} {path}")
            summary = str(told.get("summary") or name)
            yield Offered(name, method.upper(), str(path), summary, answers, protected, "requestBody" in told)


def _answers(responses: dict[str, Any], shared: dict[str, Any]) -> Iterator[tuple[int, str]]:
    found = []
    for status, told in responses.items():
        if str(status).isdigit():
            own = _map(told)
            named = shared.get(str(own.get("$ref", "")).rpartition("/")[2])
            found.append((int(status), str(_map(named or own).get("description", ""))))
    yield from sorted(found)


def _map(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
