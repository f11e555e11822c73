"""Which of the known products a part of a codebase has: what it declares first, then what its sources import."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..evidence import Evidence, Statement
from .manifests import OPTIONAL, RUN, Dependency, is_exact
from .part import Part
from .products import Product


@dataclass(frozen=True)
class Found:
    """A product that is there: its version or none, the lines that show it, the manifest's first, and whether it is optional."""

    product: Product
    version: str
    evidence: tuple[Evidence, ...]
    optional: bool = False

    @property
    def text(self) -> str:
        """Name and version."""
        return f"{self.product.value} {self.version}".strip()


def stated(topic: str, found: Iterator[Found] | list[Found], versions: bool = True) -> Iterator[Statement]:
    """One statement for each value, the evidence of those that share it together."""
    held: dict[str, list[Found]] = {}
    for each in found:
        held.setdefault(each.product.value, []).append(each)
    for value, several in held.items():
        first = next((each for each in several if each.version), several[0])
        evidence = dict.fromkeys((*first.evidence, *(line for each in several for line in each.evidence)))
        yield Statement(topic, first.text if versions else value, tuple(evidence))


def search(part: Part, table: tuple[Product, ...], scopes: tuple[str, ...] = (RUN,)) -> Iterator[Found]:
    """The products of ``table`` that ``part`` declares within ``scopes``, or imports when it declares nothing; in table order."""
    declared = {ecosystem for ecosystem, _ in (*part.dependencies, *part.inherited)}
    for product in table:
        if product.ecosystem not in part.ecosystems:
            continue
        use = used(part.uses, product)
        dependency = _declared(part, product, scopes, use is not None)
        if dependency and (use or not product.used):
            yield _found(part, product, dependency, use)
        elif use and not dependency and (product.standard or product.ecosystem not in declared):
            yield Found(product, "", (use,))


def used(uses: dict[tuple[str, str], Evidence], product: Product) -> Evidence | None:
    """The first line that imports ``product``."""
    return next((uses[product.ecosystem, name] for name in product.imports if (product.ecosystem, name) in uses), None)


def _found(part: Part, product: Product, dependency: Dependency, use: Evidence | None) -> Found:
    version, evidence = "", (Evidence(dependency.path, dependency.line), *((use,) if use else ()))
    name = dependency.name
    if product.tells_version(name):
        version = dependency.version or part.version(product.ecosystem, name.removeprefix("plugin:"))
    elif product.dependencies:
        name = product.dependencies[0]
    ranged = product.ecosystem == "cargo" or version.count(".") < 2 or not is_exact(version)
    if ranged and (pinned := part.locks.find(part.path, product.ecosystem, name)):
        version, evidence = pinned[0], (*evidence, pinned[1])
    return Found(product, version, evidence, dependency.scope == OPTIONAL)


def _declared(part: Part, product: Product, scopes: tuple[str, ...], is_used: bool) -> Dependency | None:
    """What stands for ``product``: the part's own dependency, else one from the folders around it that is used here."""
    for dependencies in (part.dependencies, part.inherited if is_used else {}):
        found = [
            (rank, dependency)
            for (ecosystem, name), dependency in dependencies.items()
            if ecosystem == product.ecosystem
            and dependency.scope in scopes
            and (rank := product.rank(name)) is not None
        ]
        if found:
            return min(found, key=lambda each: each[0])[1]
    return None
