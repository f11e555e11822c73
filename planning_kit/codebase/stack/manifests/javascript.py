"""What a Node project declares: package.json and the workspaces of npm, yarn and pnpm."""

from __future__ import annotations

import json

from . import outline
from .declared import DEV, OPTIONAL, RUN, Dependency, Lines, Manifest, Spoken, key, readable
from .python import Text, strings, table

_SCOPES = (
    ("dependencies", RUN),
    ("devDependencies", DEV),
    ("peerDependencies", OPTIONAL),
    ("optionalDependencies", OPTIONAL),
)


def package(path: str, text: Text) -> Manifest | None:
    """A package.json (npm's documentation of its fields)."""
    data, lines = json.loads(text(path)), Lines(text(path))
    if not isinstance(data, dict):
        return None
    found = []
    for field, scope in _SCOPES:
        after = lines.start(f'"{field}"')
        for name, version in table(data, field).items():
            found.append(Dependency(key(name), readable(version), path, lines.word(name, after), scope))
    node = table(data, "engines").get("node")
    line = lines.word("node", lines.start('"engines"'))
    spoken = (Spoken("Node.js", readable(node), path, line),) if isinstance(node, str) else ()
    spaces = data.get("workspaces")
    members = strings(spaces if isinstance(spaces, list) else table(table(data, "workspaces"), "packages", list))
    return Manifest(path, "npm", tuple(found), spoken, members)


def pnpm(path: str, text: Text) -> Manifest | None:
    """A pnpm-workspace.yaml."""
    for document in outline.documents(text(path)):
        members = [item for item in outline.texts(outline.child(document, "packages")) if not item.startswith("!")]
        return Manifest(path, "npm", members=tuple(members), names=False)
    return None
