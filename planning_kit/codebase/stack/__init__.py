"""Which stack a codebase uses, from what it declares and holds; every statement with the line that shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..evidence import TOPICS, Package, Statement
from ..tree import Tree
from . import (
    architecture,
    auth,
    builders,
    clouds,
    databases,
    extensions,
    frameworks,
    infrastructure,
    languages,
    migrations,
    observability,
    testing,
)
from .conventions import conventions
from .infrastructure import Service
from .part import Part
from .parts import find_parts
from .proof import proved


def detect(tree: Tree) -> tuple[Package, ...]:
    """The stack of each package of ``tree``, the root's first; none when there is nothing to say.

    Only what a manifest, a configuration or a source of the package shows is said; examples, documents, tests and templates
    of projects are no packages, and what they use is not what the codebase uses.
    """
    parts = find_parts(tree)
    first = {part.path: _first(part) for part in parts}
    services = {part.path: infrastructure.services(part) for part in parts}
    servers = [part for part in parts if _serves(first[part.path])]
    built = frozenset(_built(parts, services))
    stored = {part.path: databases.shown(part, infrastructure.databases(services[part.path])[0]) for part in parts}
    packages = []
    for part in parts:
        elsewhere = part.path == "." and any(stored[other.path] for other in parts if other is not part)
        names = databases.said(part, stored[part.path], elsewhere)
        versions = infrastructure.databases(services[part.path])[1]
        statements = [
            *first[part.path],
            *databases.state(stored[part.path], names, versions),
            *extensions.state(part, services[part.path]),
            *_rest(part, names, services[part.path]),
            *(() if _draws(first[part.path]) else _asked(part)),
            *(() if _draws(first[part.path]) else architecture.state(part, parts, servers, built)),
            *(conventions(tree, part.path) if part.sources else ()),
        ]
        if statements:
            shown = [proved(each, part.text) for each in statements]
            packages.append(Package(part.path, tuple(sorted(shown, key=lambda each: TOPICS.index(each.topic)))))
    return tuple(packages)


def _first(part: Part) -> list[Statement]:
    """What has to be known of every part before any can be seen in the whole."""
    served = list(frameworks.state(part))
    return [*languages.state(part), *served, *frameworks.state_styles(part, _serves(served))]


def _serves(statements: Sequence[Statement]) -> bool:
    """Whether a part serves requests or messages."""
    return any(
        statement.topic == "Framework" and not frameworks.is_front_end(statement)
        or statement.topic == "API style" and statement.value in ("gRPC", "Message-driven")
        for statement in statements
    )  # fmt: skip


def _draws(statements: Sequence[Statement]) -> bool:
    """Whether a part has a framework, and only for a front end."""
    found = [statement for statement in statements if statement.topic == "Framework"]
    return bool(found) and all(map(frameworks.is_front_end, found))


def _rest(part: Part, stores: Sequence[str], services: Sequence[Service]) -> list[Statement]:
    return [
        *databases.state_mapping(part, stores),
        *migrations.state(part),
        *infrastructure.state(part, services, stores),
        *clouds.state(part),
        *builders.state(part),
        *infrastructure.state_ci(part),
        *testing.state(part),
    ]


def _asked(part: Part) -> list[Statement]:
    """What only a part that answers somebody, or is used by one that does, has to say."""
    return [*frameworks.state_rules(part), *auth.state(part), *observability.state(part)]


def _built(parts: Sequence[Part], services: Mapping[str, Sequence[Service]]) -> list[str]:
    """The folders that are built into an image of their own: by a Dockerfile in them, or by a compose file."""
    found = [path.rpartition("/")[0] for part in parts for path in part.files if path.endswith("/Dockerfile")]
    built = [service.built for several in services.values() for service in several if service.built]
    return [*found, *(folder.removeprefix("./").strip("/") for folder in built)]
