"""One part of a codebase: a folder with a stack of its own, its files, what it declares and what its sources import."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from ..evidence import Evidence
from .locks import Locks
from .manifests import DEV, Dependency, Manifest
from .sources import ECOSYSTEMS, imports, is_asset, language, role

MOST_READ = 60
"""Most source files of one part that are looked into."""
MOST_IMPORTING = 300
"""Most source files of one part that are read for what they import."""
MOST_TESTS = 6
"""Most test files of one part that are read."""
LONGEST_READ = 60_000
"""Longest source file that is read for what it imports, in bytes."""
MOST_IN_ALL = 1_000_000
"""Most bytes of source that are read over all parts, past five files each."""
_TELLING = re.compile(
    r"main|app|server|index|program|startup|application|settings|config|urls|routes?|routers?|models?|schema|controller"
    r"|handler|database|db|store|repository|consumer|worker|api|graphql|resolvers?|socket|queue|tasks?|celery"
)
_SEPARATORS = re.compile(r"::|[./:\\]")

Text = Callable[[str], str]


@dataclass
class Part:
    """A folder with a stack of its own.

    Attributes:
        path: its folder, ``.`` for the root.
        text: gives the text of a file of the codebase, empty for what is not there.
        locks: the versions that were chosen.
        sizes: path → bytes of every file that is its own and not aside.
        manifests: what describes it.
        tests: manifests of what only tests it.
        above: manifests of the folders around it.
        ties: the ecosystems whose manifest here only ties other parts together.
        most: bytes of source that may be looked into.
        importing: how many sources may be read for what they import.
    """

    path: str
    text: Text
    locks: Locks
    sizes: dict[str, int]
    manifests: list[Manifest]
    tests: list[Manifest]
    above: list[Manifest]
    ties: frozenset[str] = frozenset()
    most: int = MOST_IN_ALL
    importing: int = MOST_IMPORTING

    @property
    def files(self) -> Iterable[str]:
        """Its files, sorted."""
        return self.sizes.keys()

    @cached_property
    def sources(self) -> list[str]:
        """Its source files, those first that tell most: by their name or folder's name, three of each folder in turn, by depth."""
        found = [path for path in self.sizes if role(path) == "source" and language(path)]
        named = {path: bool(_TELLING.search(path.rpartition("/")[2].lower())) for path in found}
        before: Counter[str] = Counter()
        places = {}
        for path in sorted(found, key=lambda path: (not named[path], path.count("/"), path)):
            folder = path.rpartition("/")[0]
            tells = named[path] or _TELLING.search(folder.rpartition("/")[2].lower())
            places[path] = (not tells, before[folder] // 3, path.count("/"), path)
            before[folder] += 1
        return sorted(found, key=lambda path: places[path])

    @cached_property
    def languages(self) -> Counter[str]:
        """How many source files there are of each language, those a server only sends to browsers aside."""
        return Counter(language(path) for path in self.sources if not is_asset(path))

    @cached_property
    def ecosystems(self) -> list[str]:
        """Whose manifests count here, the one with most sources first."""
        held = Counter({each.ecosystem: 0 for each in self.manifests if each.names and each.ecosystem not in self.ties})
        for name, count in self.languages.items():
            held[ECOSYSTEMS.get(name, name)] += count
        declared = {each.ecosystem for each in self.manifests if each.names} - self.ties
        counts = [name for name in declared if held[name] or not any(held[other] for other in held)]
        if len(declared) > 1 and "npm" in counts and not self._serves_with_node:
            counts.remove("npm")
        if not counts and held:
            most = max(held.values())
            counts = [name for name in held if held[name] and held[name] * 3 >= most]
        return sorted(counts, key=lambda name: (-held[name], name))

    @property
    def _serves_with_node(self) -> bool:
        servers = ("express", "fastify", "koa", "hono", "@nestjs/core", "@hapi/hapi", "next")
        return any(each.name in servers for one in self.manifests if one.ecosystem == "npm"
                   for each in one.dependencies if each.scope != DEV)  # fmt: skip

    @cached_property
    def dependencies(self) -> dict[tuple[str, str], Dependency]:
        """(Ecosystem, name) → what it declares; of several, what it runs with, then the one with a version."""
        found: dict[tuple[str, str], Dependency] = {}
        ranks = {"run": 0, "optional": 1, "dev": 2}
        for manifest in self.manifests:
            if manifest.ecosystem in self.ecosystems or manifest.ecosystem == "dart":
                for each in manifest.dependencies:
                    known = found.get((manifest.ecosystem, each.name))
                    better = known is None or (ranks[each.scope], not each.version) < (
                        ranks[known.scope],
                        not known.version,
                    )
                    if better:
                        found[manifest.ecosystem, each.name] = each
        return found

    @cached_property
    def inherited(self) -> dict[tuple[str, str], Dependency]:
        """What the folders around it declare to run with; it counts where it is used."""
        return {
            (manifest.ecosystem, each.name): each
            for manifest in self.above
            if manifest.ecosystem in self.ecosystems
            for each in manifest.dependencies
            if each.scope != DEV
        }

    @cached_property
    def work(self) -> dict[tuple[str, str], Dependency]:
        """Everything declared here by whatever scope, tests and tied parts included: what testing it takes."""
        return {
            (manifest.ecosystem, each.name): each
            for manifest in (*self.tests, *self.manifests)
            for each in manifest.dependencies
        }  # fmt: skip

    @cached_property
    def read(self) -> dict[str, str]:
        """Path → text of the sources that are read, within :data:`MOST_READ` and what is left of :data:`MOST_IN_ALL`."""
        found: dict[str, str] = {}
        left = self.most
        for path in self.sources:
            if len(found) >= MOST_READ or (left <= 0 and len(found) >= 5):
                break
            if 0 < self.sizes[path] <= LONGEST_READ and not is_asset(path):
                found[path] = self.text(path)
                left -= self.sizes[path]
        return found

    @cached_property
    def test_files(self) -> list[str]:
        """Its test files that are source code, those with test in their own name first."""
        found = [path for path in self.sizes if role(path) == "test" and language(path)]
        return sorted(found, key=lambda path: ("test" not in path.rpartition("/")[2].lower(), path.count("/"), path))

    @cached_property
    def uses(self) -> dict[tuple[str, str], Evidence]:
        """(Ecosystem, module) → the first line that imports it or something of it."""
        some = [path for path in self.sources if self.sizes[path] <= LONGEST_READ and not is_asset(path)]
        return dict(_used({path: self.text(path) for path in some[: self.importing]}))

    @cached_property
    def test_uses(self) -> dict[tuple[str, str], Evidence]:
        """The same for what its tests import."""
        some = [path for path in self.test_files if self.sizes[path] <= LONGEST_READ][:MOST_TESTS]
        return dict(_used({path: self.text(path) for path in some}))

    def sign(self, pattern: re.Pattern[str], ecosystem: str = "") -> Evidence | None:
        """The first line of a source that is read, of ``ecosystem`` if one is given, that ``pattern`` matches and that is no comment."""
        paths = (path for path in self.read if not ecosystem or ECOSYSTEMS.get(language(path)) == ecosystem)
        return next((shown for path in paths if (shown := self.seen(path, pattern))), None)

    def seen(self, path: str, pattern: re.Pattern[str]) -> Evidence | None:
        """The first line of the file at ``path`` that ``pattern`` matches and that is no comment."""
        text = self.text(path)
        for found in pattern.finditer(text):
            if not _is_comment(text, found.start()):
                start = found.start() + len(found.group()) - len(found.group().lstrip())
                return Evidence(path, text.count("\n", 0, start) + 1)
        return None

    def version(self, ecosystem: str, name: str) -> str:
        """The version that the folders around set for dependency ``name`` or its group, or empty."""
        for manifest in (*self.manifests, *self.above):
            managed = dict(manifest.managed) if manifest.ecosystem == ecosystem else {}
            if found := managed.get(name) or managed.get(name.split(":")[0]):
                return found
        return ""


def _is_comment(text: str, at: int) -> bool:
    begin = text.rfind("\n", 0, at) + 1
    line = text[begin : begin + 80].lstrip()
    return line.startswith(("#", "//", "*", "/*", "--", '"""')) and not line.startswith("#[")


def _used(texts: dict[str, str]) -> Iterator[tuple[tuple[str, str], Evidence]]:
    seen: set[tuple[str, str]] = set()
    for path, text in texts.items():
        ecosystem = ECOSYSTEMS.get(language(path), "")
        for module, line in imports(text, ecosystem):
            module = module.lower() if ecosystem in ("go", "npm") else module
            for prefix in prefixes(module):
                if (ecosystem, prefix) not in seen:
                    seen.add((ecosystem, prefix))
                    yield (ecosystem, prefix), Evidence(path, line)


def prefixes(module: str) -> Iterator[str]:
    """``module`` and everything it is inside of: ``a.b.c``, ``a.b``, ``a``."""
    for cut in _SEPARATORS.finditer(module):
        if cut.start():
            yield module[: cut.start()]
    yield module
