"""Where files lie: as is usual for the language, or as the codebase has them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from ..naming import pascal, snake
from ..plan import Plan

_PYTHON = {
    "manifest": "pyproject.toml", "entry": "app/main.py", "config": "app/config.py", "health": "app/routers/health.py", "problems": "app/problems.py",
    "access": "app/access.py", "telemetry": "app/telemetry.py", "handlers": "app/routers/{r}.py", "service": "app/services/{r}.py",
    "command": "app/commands/{r}.py", "client": "app/clients/{r}.py", "job": "app/jobs/{r}.py", "test": "tests/test_{r}.py", "start": "tests/test_start.py",
}  # fmt: skip
_CSHARP = {
    "manifest": "src/Api/Api.csproj", "entry": "src/Api/Program.cs", "config": "src/Api/Settings.cs", "health": "src/Api/Health/HealthEndpoints.cs",
    "problems": "src/Api/Problems.cs", "access": "src/Api/Security/Access.cs", "telemetry": "src/Api/Telemetry.cs", "handlers": "src/Api/{R}/{R}Endpoints.cs",
    "service": "src/Api/{R}/{R}Service.cs", "command": "src/Api/Commands/{R}Command.cs", "client": "src/Api/Clients/{R}Client.cs", "job": "src/Api/Jobs/{R}Job.cs",
    "test": "tests/Api.Tests/{R}Tests.cs", "start": "tests/Api.Tests/StartTests.cs",
}  # fmt: skip
_GO = {
    "manifest": "go.mod", "entry": "cmd/server/main.go", "config": "internal/config/config.go", "health": "internal/health/handlers.go",
    "problems": "internal/problems/problems.go", "access": "internal/access/access.go", "telemetry": "internal/telemetry/telemetry.go",
    "handlers": "internal/{r}/handlers.go", "service": "internal/{r}/service.go", "command": "internal/{r}/command.go", "client": "internal/clients/{r}.go",
    "job": "internal/jobs/{r}.go", "test": "internal/{r}/handlers_test.go", "start": "cmd/server/main_test.go",
}  # fmt: skip
_JAVA = {
    "manifest": "pom.xml", "entry": "src/main/java/app/Application.java", "config": "src/main/java/app/Settings.java", "health": "src/main/java/app/health/HealthController.java",
    "problems": "src/main/java/app/Problems.java", "access": "src/main/java/app/security/Access.java", "telemetry": "src/main/java/app/Telemetry.java",
    "handlers": "src/main/java/app/{r}/{R}Controller.java", "service": "src/main/java/app/{r}/{R}Service.java", "command": "src/main/java/app/commands/{R}Command.java",
    "client": "src/main/java/app/clients/{R}Client.java", "job": "src/main/java/app/jobs/{R}Job.java", "test": "src/test/java/app/{r}/{R}Test.java",
    "start": "src/test/java/app/StartTest.java",
}  # fmt: skip
_NODE = {
    "manifest": "package.json", "entry": "src/server.ts", "config": "src/config.ts", "health": "src/routes/health.ts", "problems": "src/problems.ts",
    "access": "src/access.ts", "telemetry": "src/telemetry.ts", "handlers": "src/routes/{r}.ts", "service": "src/services/{r}.ts",
    "command": "src/commands/{r}.ts", "client": "src/clients/{r}.ts", "job": "src/jobs/{r}.ts", "test": "test/{r}.test.ts", "start": "test/start.test.ts",
}  # fmt: skip
_PLAIN = {
    "manifest": "README.md", "entry": "src/main{e}", "config": "src/config{e}", "health": "src/health{e}", "problems": "src/problems{e}", "access": "src/access{e}",
    "telemetry": "src/telemetry{e}", "handlers": "src/{r}/handlers{e}", "service": "src/{r}/service{e}", "command": "src/commands/{r}{e}",
    "client": "src/clients/{r}{e}", "job": "src/jobs/{r}{e}", "test": "tests/{r}_test{e}", "start": "tests/start_test{e}",
}  # fmt: skip
_KNOWN: Mapping[str, tuple[Mapping[str, str], bool]] = {
    "python": (_PYTHON, True), "c#": (_CSHARP, True), ".net": (_CSHARP, True), "java": (_JAVA, True), "typescript": (_NODE, True), "node": (_NODE, True),
    "javascript": ({name: path.replace(".ts", ".js") for name, path in _NODE.items()}, True),
    "kotlin": ({name: path.replace(".java", ".kt").replace("/java/", "/kotlin/") for name, path in _JAVA.items()}, True),
    "go": (_GO, False), "golang": (_GO, False),
}  # fmt: skip
"""Language → its files, and whether an application can find its handlers by itself."""
_ENDINGS = {"ruby": ".rb", "php": ".php", "rust": ".rs", "c++": ".cpp", "c": ".c", "swift": ".swift", "scala": ".scala"}
_MANIFESTS = {
    "ruby": "Gemfile",
    "php": "composer.json",
    "rust": "Cargo.toml",
    "c++": "CMakeLists.txt",
    "c": "CMakeLists.txt",
}
_CENTRAL = re.compile(
    r"(?i)(?:^|/)(?:urls?|routes?|router|routing|server|main|app|index|program|application)\.\w{1,6}$"
)
_TREE = re.compile(r"(?m)^- (\S{1,300}/) [\d,]+ files?: (.{1,20000})$")
_PLACE = re.compile(r"(?<![\w/.-])([\w@.+-]+(?:/[\w@.+-]+)*\.\w{1,8}):\d{1,7}\b")


@dataclass(frozen=True)
class Layout:
    """Where files lie.

    Attributes:
        plan: what the codebase has already.
        language: in lower case; empty when nothing says.
        codebase: the digest of the codebase, empty without one.
        served: whether it answers over HTTP.
    """

    plan: Plan
    language: str
    codebase: str = ""
    served: bool = True
    taken: set[str] = field(default_factory=set, compare=False)

    @cached_property
    def _table(self) -> tuple[Mapping[str, str], bool]:
        ending = _ENDINGS.get(self.language, "")
        plain = {name: path.replace("{e}", ending) for name, path in _PLAIN.items()}
        plain["manifest"] = _MANIFESTS.get(self.language, plain["manifest"])
        return _KNOWN.get(self.language, (plain, False))

    @property
    def finds(self) -> bool:
        """Whether the application finds handlers by itself, so that none has to be registered."""
        return self._table[1] and not self.codebase

    @property
    def settled(self) -> bool:
        """Whether the language is known, so that files have their ending."""
        return bool(self.language)

    def file(self, what: str, name: str = "") -> str:
        """The file for ``what`` (``handlers``, ``client`` …) of something called ``name``."""
        if what == "handlers" and not self.served:
            what = "command"
        return self._table[0][what].replace("{r}", snake(name)).replace("{R}", pascal(name) or "Part")

    @cached_property
    def known(self) -> frozenset[str]:
        """Every file of the codebase that its digest names."""
        listed = set(_PLACE.findall(self.codebase))
        for folder, files in _TREE.findall(self.codebase):
            listed |= {f"{folder}{name.strip()}".removeprefix("./") for name in files.split(",") if name.strip()}
        return frozenset(listed)

    @cached_property
    def _routed(self) -> list[tuple[str, str]]:
        """File and ``file:line`` of each route of the codebase."""
        return [(each.evidence.rpartition(":")[0], each.evidence) for each in self.plan.existing.routes if ":" in each.evidence]  # fmt: skip

    @cached_property
    def central(self) -> str:
        """The file of the codebase that all routes are registered in; empty if there is none."""
        files = Counter(file for file, _ in self._routed)
        return next((file for file in files if len(files) == 1 and _CENTRAL.search(file)), "")

    def handlers(self, name: str) -> tuple[str, str]:
        """The file for the handlers of ``name`` and the code it has to look like, as ``path:line``."""
        wanted = snake(name)
        mine = [each.evidence for each in self.plan.existing.routes if wanted in snake_parts(each.name)]
        if mine and not self.central:
            return mine[0].rpartition(":")[0], mine[0]
        shown = mine[0] if mine else self._routed[0][1] if self._routed else ""
        if not self._routed:
            return self.file("handlers", name), ""
        if self.central:
            return self._feature(name), shown
        home = Counter(file.rpartition("/")[0] for file, _ in self._routed).most_common(1)[0][0]
        like = next(file for file, _ in self._routed if file.rpartition("/")[0] == home)
        return _beside(like, name), next(place for file, place in self._routed if file == like)

    def _feature(self, name: str) -> str:
        """The handlers of a new feature where all routes are registered in one file: as the features there are have theirs."""
        held = [file for file in sorted(self.known) if re.search(r"(?i)(?:^|/)(?:views|handlers?|controllers?|endpoints?|api)\.\w{1,6}$", file)]  # fmt: skip
        if held:
            folder, _, file = held[0].rpartition("/")
            return "/".join(filter(None, (folder.rpartition("/")[0], snake(name), file)))
        return _beside(self.central, name)

    def model(self, table: str) -> str:
        """The ``path:line`` of the model of the codebase that keeps ``table``; of any model where none does; empty without models."""
        models = self.plan.existing.models
        mine = next((each for each in models if snake(each.table) == snake(table)), None)
        return (mine or models[0]).evidence if models else ""

    def kept(self, table: str) -> str:
        """The file of the codebase that the model of ``table`` belongs into: its own, the one that all models are in, or a new one beside them; empty without models."""
        models = [each for each in self.plan.existing.models if ":" in each.evidence]
        mine = next((each for each in models if snake(each.table) == snake(table)), None)
        files = list(dict.fromkeys(each.evidence.rpartition(":")[0] for each in models))
        if mine or not files:
            return mine.evidence.rpartition(":")[0] if mine else ""
        folders = {file.rpartition("/")[0] for file in files}
        return _beside(files[0], table) if len(files) > 1 and len(folders) == 1 else files[0]

    def migration(self, number: int, name: str) -> str:
        """The file of a migration: the codebase's next one where it has some."""
        held = sorted(file for file in self.known if re.search(r"(?i)(?:^|/)(?:migrations?|versions)/[^/]{1,120}\.\w{1,6}$", file) and "__init__" not in file)  # fmt: skip
        folder, ending = "migrations", ".sql"
        if held:
            folder, _, last = held[-1].rpartition("/")
            ending = "." + last.rpartition(".")[2]
            digits = re.match(r"\d{1,6}", last)
            number += int(digits.group()) if digits else 0
        return f"{folder}/{number:04}_{snake(name)}{ending}"

    def test(self, name: str) -> tuple[str, str]:
        """The file of the tests of ``name``, and a test of the codebase to follow as ``path:line``."""
        held = sorted(file for file in self.known if re.search(r"(?i)(?:^|/)(?:test_[^/]{1,80}|[^/]{1,80}[._](?:test|spec|tests))\.\w{1,6}$", file))  # fmt: skip
        if not held:
            return self.file("test", name), ""
        folder, _, file = held[0].rpartition("/")
        wanted = re.sub(r"(?i)^(test_)[^/.]+|^[^/]+?([._](?:test|spec|tests)\.\w+)$", lambda hit: f"{hit[1]}{snake(name)}" if hit[1] else f"{snake(name)}{hit[2]}", file)  # fmt: skip
        return f"{folder}/{wanted}" if folder else wanted, f"{held[0]}:1"

    def parted(self, files: list[str]) -> tuple[list[str], list[str]]:
        """``files`` as those to create and those that are there: in the codebase, or created by a maker before."""
        there = [each for each in files if each in self.known or each in self.taken]
        new = [each for each in dict.fromkeys(files) if each not in there]
        self.taken.update(new)
        return new, there


def _beside(like: str, name: str) -> str:
    """A file for ``name`` beside ``like``, with its ending and its way of writing names."""
    folder, _, file = like.rpartition("/")
    stem, dot, ending = file.partition(".")
    mark = next((m for m in ("Controller", "Endpoints", "Routes", "Handler", "_controller", "_routes", "_handlers") if stem.endswith(m)), "")  # fmt: skip
    made = f"{pascal(name) if stem[:1].isupper() else snake(name)}{mark}{dot}{ending}"
    return f"{folder}/{made}" if folder else made


def snake_parts(route: str) -> list[str]:
    """The parts of a route's path that name something, in snake case."""
    return [snake(part) for part in route.partition(" ")[2].split("/") if part and not part.startswith(("{", "<", ":"))]
