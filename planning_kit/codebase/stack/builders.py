"""What installs a part's dependencies and ties the parts of a repository together."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..evidence import Evidence, Statement
from .libraries import WORKSPACES
from .part import Part

_CHOSEN = re.compile(r"\"packageManager\"\s*:\s*\"(pnpm|yarn|bun)@([0-9][\w.-]*)")
_LOCKS = (
    ("pnpm-lock.yaml", "pnpm"), ("pnpm-workspace.yaml", "pnpm"), ("yarn.lock", "Yarn"), ("bun.lock", "Bun"), ("uv.lock", "uv"), ("poetry.lock", "Poetry"),
    ("pdm.lock", "PDM"), ("Pipfile.lock", "Pipenv"),
)  # fmt: skip
"""Lock file → what writes it; npm, pip and what a language has only one of go without saying."""
_SECTIONS = (
    ("Poetry", re.compile(r"(?m)^\[tool\.poetry(?:\.dependencies)?\]")), ("uv", re.compile(r"(?m)^\[tool\.uv(?:\.\w[\w-]*)?\]")), ("PDM", re.compile(r"(?m)^\[tool\.pdm(?:\.\w[\w-]*)?\]")),
    ("Hatch", re.compile(r"(?m)^\[tool\.hatch\.envs[\w.-]*\]")),
)  # fmt: skip
_TIES = (
    ("turbo.json", "Turborepo"), ("nx.json", "Nx"), ("lerna.json", "Lerna"), ("rush.json", "Rush"), ("pants.toml", "Pants"), (".moon/workspace.yml", "Moon"),
    ("MODULE.bazel", "Bazel"), ("WORKSPACE.bazel", "Bazel"),
)  # fmt: skip


def state(part: Part) -> Iterator[Statement]:
    """The package managers and monorepo tools of ``part``."""
    prefix = "" if part.path == "." else f"{part.path}/"
    held: dict[str, list[Evidence]] = {}
    versions: dict[str, str] = {}
    if chosen := _CHOSEN.search(part.text(f"{prefix}package.json")):
        name = {"yarn": "Yarn", "bun": "Bun"}.get(chosen.group(1), chosen.group(1))
        versions[name] = chosen.group(2)
        held[name] = [_at(f"{prefix}package.json", part.text(f"{prefix}package.json"), chosen.start())]
    for name, evidence in (*_named(part, prefix), *_sections(part, prefix)):
        held.setdefault(name, []).append(evidence)
    for product in WORKSPACES:
        for (ecosystem, dependency), declared in part.work.items():
            if ecosystem == product.ecosystem and product.rank(dependency) is not None:
                held.setdefault(product.value, []).append(Evidence(declared.path, declared.line))
                versions.setdefault(product.value, declared.version)
    for name, lines in held.items():
        yield Statement("Infrastructure", f"{name} {versions.get(name, '')}".strip(), tuple(dict.fromkeys(lines)))


def _named(part: Part, prefix: str) -> Iterator[tuple[str, Evidence]]:
    for file, name in (*_LOCKS, *_TIES):
        path = f"{prefix}{file}"
        if path in part.sizes:
            lines = part.text(path)[:2_000].split("\n")
            yield name, Evidence(path, next((at for at, line in enumerate(lines, 1) if line.strip(" {#")), 1))


def _sections(part: Part, prefix: str) -> Iterator[tuple[str, Evidence]]:
    path = f"{prefix}pyproject.toml"
    for name, pattern in _SECTIONS:
        if found := pattern.search(part.text(path)):
            yield name, _at(path, part.text(path), found.start())


def _at(path: str, text: str, at: int) -> Evidence:
    return Evidence(path, text.count("\n", 0, at) + 1)
