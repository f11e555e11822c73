"""What is in a codebase that a planner has to know, what matters for the brief first, within a token budget."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator, Sequence

from ..evidence import Package
from ..tree import Omission, Tree
from . import digest
from .digest import BUDGET, CHARACTERS, Line, Section, entry, named
from .entrypoints import entrypoints
from .excerpts import excerpts
from .interfaces import interfaces
from .models import Model, models
from .modules import Modules
from .ranking import Entry, Ranking, aside
from .ranking import words as stems
from .routes import Route, routes
from .source import Source, is_generated, is_test, suffix

__all__ = ["BUDGET", "survey"]

_CODE = {
    "py", "js", "ts", "mjs", "cjs", "mts", "tsx", "jsx", "java", "kt", "cs", "php", "go", "rs", "rb", "graphql", "gql", "graphqls", "proto",
    "prisma", "sql", "yaml", "yml", "json", "toml", "dockerfile",
}  # fmt: skip
_FILES = ("Dockerfile", "Procfile", "config.ru", "artisan")
_CONVENTIONS = ("Naming", "Layout", "Errors")
_NAMES = 8


def survey(
    tree: Tree, packages: Sequence[Package], words: frozenset[str], tokens: int = BUDGET
) -> tuple[str, dict[str, int]]:
    """The digest's text, and path → how many characters of that file it quotes.

    The budget is an estimate: a token is taken to have 3.5 characters. Nothing is run or imported; what is quoted is redacted.

    Args:
        tree: the codebase as it may be read.
        packages: its parts, with what is said about each.
        words: what the brief is about, lower-case words; what shares them comes first.
        tokens: the longest digest, in tokens.
    """
    with _uncollected():
        sources = _sources(tree, words)
        found, left_out = _found(sources)
        ranking = _ranking(tree, words, [each for kind in found for each in kind])
        ordered = [ranking.ordered(each) for each in found]
    share = int(tokens * CHARACTERS * 0.09)
    code = excerpts([(_typical(each, ranking), share) for each in ordered[:2]], sources)
    sections = [
        Section("Stack", "statements", _statements(packages, conventions=False)),
        Section("Entry points", "entry points", _entries(_started(ranking.ordered(entrypoints(sources))))),
        Section("Routes", "routes", _entries(ordered[0])),
        Section("Models and tables", "models", _entries(ordered[1])),
        Section("Public interfaces", "interfaces", _entries(ordered[2])),
        Section("Patterns to follow", "patterns", _statements(packages, conventions=True)),
        Section("Tree", "files", _folders(tree, ranking)),
        Section("Excerpts", "", code),
    ]
    return digest.write(sections, [*tree.left_out, *left_out], tokens)


def _found(sources: dict[str, Source]) -> tuple[list[list[Entry]], list[Omission]]:
    """Routes, models and interfaces; and the files that were too many to parse."""
    modules = Modules(sources)
    found = [
        [_route(each) for each in routes(sources, modules)],
        [_model(each) for each in models(sources, modules)],
        interfaces(sources, modules),
    ]
    unparsed = modules.unparsed
    return found, [Omission(unparsed[0], "too much Python to parse", len(unparsed))] if unparsed else []


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """No search for unreachable cycles meanwhile: among a million nodes of syntax trees, it takes longer than the parsing."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _sources(tree: Tree, asked: frozenset[str]) -> dict[str, Source]:
    """The files that can hold routes, models, interfaces or entry points: no tests, nothing generated or minified.

    By path, but Python by what matters most, as that is what may be too much to parse.
    """
    sources: dict[str, Source] = {}
    ranking = Ranking(asked, map(stems, tree.paths))
    for path in sorted(tree.paths, key=lambda path: (-ranking.score(path) if path.endswith(".py") else 0, path)):
        name = path.rpartition("/")[2]
        if (suffix(path) in _CODE or name.startswith(_FILES)) and not is_test(path):
            text = tree.text(path)
            if text and not is_generated(path, text):
                sources[path] = Source(path, text)
    return sources


def _route(route: Route) -> Entry:
    return Entry(str(route), route.file, route.line)


def _model(model: Model) -> Entry:
    return Entry(str(model), model.file, model.line, " ".join(field.name for field in model.fields))


def _ranking(tree: Tree, asked: frozenset[str], entries: Sequence[Entry]) -> Ranking:
    corpus = [stems(path) for path in tree.paths] + [stems(each.what) | stems(each.about) for each in entries]
    return Ranking(asked, corpus)


def _entries(entries: Sequence[Entry]) -> list[Line]:
    return [entry(each.what, each.path, each.line) for each in entries]


def _started(entries: Sequence[Entry]) -> list[Entry]:
    """Entry points with what runs all the time first, scripts that somebody starts by hand last."""
    return sorted(entries, key=lambda each: (aside(each.path), each.what.startswith("python ")))


def _typical(entries: Sequence[Entry], ranking: Ranking) -> list[Entry]:
    """The entries with the best match first; without any match, those of the file that has most of them."""
    if not entries or ranking.entry(entries[0]) > 0:
        return list(entries)
    count: dict[str, int] = {}
    for each in entries:
        count[each.path] = count.get(each.path, 0) + 1
    return sorted(entries, key=lambda each: (-min(count[each.path], 8), each.path, each.line))


def _statements(packages: Sequence[Package], conventions: bool) -> list[Line]:
    """What is said of the packages, by folder when there are several."""
    lines = []
    for package in packages:
        folder = f"{named(package.path)}: " if len(packages) > 1 else ""
        for each in package.statements:
            if (each.topic in _CONVENTIONS) == conventions and each.evidence:
                topic = "" if conventions else f"{each.topic}: "
                lines.append(entry(f"{folder}{topic}{each.value}", each.evidence[0].path, each.evidence[0].line))
    return lines


def _folders(tree: Tree, ranking: Ranking) -> list[Line]:
    """Each folder with how many files are directly in it, and the names that match the brief first."""
    inside: dict[str, list[str]] = {}
    for path in tree.paths:
        folder, _, name = path.rpartition("/")
        inside.setdefault(folder, []).append(name)
    scored = []
    for folder, names in inside.items():
        scores = {name: ranking.score(name) for name in names}
        best = sorted(names, key=lambda name: (-scores[name], name))
        weight = ranking.score(folder) + max(scores.values())
        code = sum(suffix(name) in _CODE for name in names)
        scored.append(((-weight, not code, is_test(f"{folder}/x"), folder.count("/"), folder), folder, best))
    return [_folder(folder, names) for _, folder, names in sorted(scored)]


def _folder(folder: str, names: Sequence[str]) -> Line:
    listed = ", ".join(named(name) for name in names[:_NAMES]) + (", …" if len(names) > _NAMES else "")
    count = f"{len(names)} file" + ("s" if len(names) != 1 else "")
    return Line(f"- {named(folder) if folder else '.'}/ {count}: {listed}", "", len(names))
