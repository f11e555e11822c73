"""What is kept, in groups: each thing with what hangs on it."""

from __future__ import annotations

from collections.abc import Sequence

from ..offline.facts import Entity
from ..offline.reading import words
from .domains_things import things
from .proposal_basis import Basis

_FEW = 2
"""An entity with at most as many operations can hang on another."""


def groups(basis: Basis) -> list[tuple[Entity, ...]]:
    """The entities in groups, each group's root first, in the order of the reading."""
    entities = (*basis.reading.entities, *things(basis))
    above = {entity.name: _above(basis, entity) for entity in entities}
    roots = {entity.name: _root(entity.name, above) for entity in entities}
    found: dict[str, list[Entity]] = {}
    for entity in entities:
        found.setdefault(_family(roots[entity.name], entities), []).append(entity)
    return [tuple(sorted(group, key=lambda e: roots[e.name] != e.name)) for group in found.values()]


def _above(basis: Basis, entity: Entity) -> str:
    """What ``entity`` hangs on; empty when it stands for itself."""
    own = words.parts(entity.name)
    for other in basis.reading.entities:
        begins = words.parts(other.name)
        if len(begins) < len(own) and own[: len(begins)] == begins:
            return other.name
    done = basis.operations(entity)
    if entity.stated:
        return ""
    if len(done) > _FEW or not (near := _neighbours(basis, entity)):
        return ""
    made = [operation for operation in done if operation.method == "POST" and operation.path.count("/") == 1]
    for operation in done:
        inside = operation.path.strip("/").split("/")[0] if operation.path.count("/") > 1 else ""
        holder = next((e.name for e in near if _plain(e.table) == _plain(inside)), "")
        if holder and not made:
            return holder
    light = len(done) <= 1 and len(basis.mentions(entity)) <= _FEW
    seldom = len(basis.mentions(entity)) <= 2 * _FEW
    return _closest(basis, entity, near) if (not made and len(done) <= 1 and seldom) or light else ""


def _plain(name: str) -> str:
    return name.replace("-", "_").lower()


def _neighbours(basis: Basis, entity: Entity) -> list[Entity]:
    """What ``entity`` refers to or is referred to by, parents first."""
    parents = [r.parent for r in basis.reading.relationships if r.child == entity.name != r.parent]
    children = [r.child for r in basis.reading.relationships if r.parent == entity.name != r.child]
    known = {e.name: e for e in basis.reading.entities}
    return [known[name] for name in dict.fromkeys([*parents, *children]) if name in known]


def _closest(basis: Basis, entity: Entity, near: Sequence[Entity]) -> str:
    """The neighbour that is named with ``entity`` most often; whoever acts on it first among equals; none that is lighter."""
    own = set(basis.mentions(entity))
    acting = {role.lower() for operation in basis.operations(entity) for role in operation.roles}

    def nearness(other: Entity) -> tuple[int, bool, int]:
        together = len(own & set(basis.mentions(other)))
        return together, other.name.lower() in acting, len(basis.operations(other))

    heavier = [e for e in near if len(basis.operations(e)) >= len(basis.operations(entity))]
    return max(heavier, key=nearness).name if heavier else ""


def _root(name: str, above: dict[str, str]) -> str:
    """Where the chain from ``name`` ends; in a circle, its alphabetically first."""
    seen: list[str] = []
    while above.get(name) and name not in seen:
        seen.append(name)
        name = above[name]
    return min(seen[seen.index(name) :]) if name in seen else name


def _family(root: str, entities: Sequence[Entity]) -> str:
    """What roots that begin with the same word share: ``AlertSchedule`` and ``AlertMessage`` are both ``alert``."""
    first = words.parts(root)[0]
    alike = [e for e in entities if words.parts(e.name)[0] == first and len(words.parts(e.name)) > 1]
    return first if len(alike) > 1 and len(words.parts(root)) > 1 else root
