"""Source files: which language they are in, what they are for, and what they import, by line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

LANGUAGES = {
    ".py": "Python", ".ts": "TypeScript", ".tsx": "TypeScript", ".mts": "TypeScript", ".cts": "TypeScript",
    ".js": "JavaScript", ".mjs": "JavaScript", ".cjs": "JavaScript", ".jsx": "JavaScript", ".go": "Go", ".rs": "Rust",
    ".java": "Java", ".kt": "Kotlin", ".scala": "Scala", ".groovy": "Groovy", ".rb": "Ruby", ".php": "PHP", ".cs": "C#",
    ".fs": "F#", ".vb": "Visual Basic", ".ex": "Elixir", ".exs": "Elixir", ".dart": "Dart", ".swift": "Swift",
    ".clj": "Clojure", ".cpp": "C++", ".cc": "C++", ".c": "C",
}  # fmt: skip
"""File suffix → language."""
ECOSYSTEMS = {
    "Python": "python", "TypeScript": "npm", "JavaScript": "npm", "Go": "go", "Rust": "cargo", "Java": "jvm", "Kotlin": "jvm",
    "Scala": "jvm", "Groovy": "jvm", "Ruby": "ruby", "PHP": "php", "C#": "nuget", "F#": "nuget", "Visual Basic": "nuget", "Dart": "dart",
}  # fmt: skip
"""Language → whose manifests declare it."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TEST_FOLDERS = _words(
    "test tests __tests__ e2e testing testdata test-data fixtures fixture __fixtures__ mocks __mocks__"
    " integration-tests integration_tests unit-tests unittest unittests cypress test-utils testutils"
)
_ASIDE_FOLDERS = _words(
    "example examples sample samples demo demos doc docs documentation vendor third_party third-party thirdparty external"
    " node_modules bower_components site-packages benchmark benchmarks bench tutorial tutorials playground contrib"
    " build hooks scripts script tools tool hack misc .github .gitlab .circleci .vscode .devcontainer .husky ci generated"
)
_NO_PARTS = _words(
    "template templates skeleton skeletons scaffold scaffolds stub stubs boilerplate generators archetype"
)
_ROOTS = _words("src app lib internal pkg cmd main")
_TEST_NAME = re.compile(
    r"(?:test_[^/]*|[^/]*_test|conftest|tests)\.py|[^/]*[._](?:test|spec|e2e-spec|cy)\.[cm]?[jt]sx?|[^/]*_test\.(?:go|rs|exs)"
    r"|[^/]*(?:Tests?|IT|Spec)\.(?:java|kt|cs|groovy|scala|php)|[^/]*_(?:spec|test)\.rb"
)
_MADE = re.compile(
    r"[^/]*(?:\.pb\.go|_pb2(?:_grpc)?\.py|\.min\.js|\.d\.ts|\.g\.cs|\.designer\.cs|\.pb\.(?:js|ts)|\.bundle\.js|_generated\.go|\.gen\.go|zz_[^/]*\.go)"
    r"|[^/]*\.config\.[cm]?[jt]s|\.[^/]*rc\.[cm]?js|gulpfile\.js|gruntfile\.js|noxfile\.py|setup\.py|versioneer\.py", re.I,
)  # fmt: skip
_ASSETS = _words("static public assets wwwroot javascript javascripts js resources web_src staticfiles theme themes")


@cache
def language(path: str) -> str:
    """The language of the source file at ``path``; empty when it is none a person wrote to run."""
    name = path.rpartition("/")[2]
    dot = name.rfind(".")
    known = LANGUAGES.get(name[dot:].lower(), "") if dot > 0 else ""
    return "" if known and _MADE.fullmatch(name) else known


@cache
def role(path: str) -> str:
    """What the file at ``path`` is there for: ``source``, ``test``, or ``aside`` (examples, docs, scripts, what others wrote)."""
    folders, name = path.lower().split("/")[:-1], path.rpartition("/")[2]
    rooted = False
    for at, folder in enumerate(folders):
        if folder in ("main", "java") and rooted:
            break
        if "{{" in folder or folder.startswith("."):
            return "aside"
        if (
            folder in _TEST_FOLDERS
            or (folder in ("spec", "specs") and name.endswith((".rb", ".js", ".ts")))
            or folder.endswith((".tests", ".test", ".unittests", ".integrationtests", ".functionaltests"))
        ):
            return "test"
        if folder in _ASIDE_FOLDERS and not rooted and not (folder == "tools" and at):
            return "aside"
        rooted = rooted or folder in _ROOTS
    return "test" if _TEST_NAME.fullmatch(name) else "source"


def may_hold_a_part(folder: str) -> bool:
    """Whether a manifest in ``folder`` may describe a part of the codebase: not in examples, tests or templates of projects."""
    names = set(folder.lower().split("/"))
    return role(f"{folder}/x") == "source" and not names & _NO_PARTS


def is_asset(path: str) -> bool:
    """Whether a script at ``path`` stands where a server keeps what it sends to browsers."""
    return bool(_ASSETS.intersection(path.lower().split("/")[:-1]))


_JS = re.compile(r"""(?:^|[\s;}])(?:from|import|require\(|import\()\s*["']([^"'\s]{1,200})["']""")
_PATTERNS = {
    "go": re.compile(r"""\s*(?:import\s+)?(?:[\w.]+\s+)?"([\w.~-]+(?:/[\w.~-]+)*)"\s*(?://.*)?$"""),
    "jvm": re.compile(r"\s*import\s+(?:static\s+)?([\w.]+)"),
    "cargo": re.compile(
        r"\s*(?:pub(?:\([\w:]+\))?\s+)?(?:use|extern crate)\s+(?:::)?([\w:]+)|\s*#\[(?:[\w]+\()?(\w+::\w+)"
    ),
    "nuget": re.compile(r"\s*(?:global\s+)?using\s+(?:static\s+|\w+\s*=\s*)?([\w.]+)\s*;"),
    "ruby": re.compile(r"""\s*require\s*\(?["']([\w/.-]+)["']"""),
    "php": re.compile(r"\s*use\s+(?:function\s+)?\\?([\w\\]+)"),
    "dart": re.compile(r"""\s*import\s+["']package:([\w/]+)"""),
}
_PYTHON = re.compile(r"\s*(?:from\s+([\w.]+)\s+import\s+(.*)|import\s+([\w., ]+))")


def imports(text: str, ecosystem: str) -> Iterator[tuple[str, int]]:
    """What source ``text`` imports, as written, each with its line."""
    if ecosystem == "python":
        yield from _python(text)
        return
    pattern = _PATTERNS.get(ecosystem, _JS)
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) < 400 and not line.lstrip().startswith(("//", "*", "/*")):
            found = pattern.search(line) if pattern is _JS else pattern.match(line)
            if found:
                yield next(group for group in found.groups() if group), number


def _python(text: str) -> Iterator[tuple[str, int]]:
    """Python's imports; of ``from a import b`` both ``a`` and ``a.b``."""
    for number, line in enumerate(text.split("\n"), 1):
        if ("import " not in line and "from " not in line) or len(line) > 400:
            continue
        if found := _PYTHON.match(line):
            module, names, plain = found.groups()
            if plain:
                for each in plain.split(","):
                    yield each.strip().split(" ")[0], number
            elif not module.startswith("."):
                yield module, number
                for each in names.strip("() ").split(","):
                    if each.strip():
                        yield f"{module}.{each.strip().split(' ')[0]}", number


_TELLS = re.compile(
    r"\s*(?:@?\w+ ){0,4}(?:class|def|func|fun|fn|mod|function|interface|struct|enum|type|trait|module|record|object|impl|export|model|message|namespace|package|const|public|describe|create table)\b",
    re.I,
)
_REMARKS = ("#", "//", "/*", "*", "--", "<?php", '"""', "'''", "using ", "import ", "from ", "use ")


def telling_line(text: str) -> int:
    """The line that shows best what a source file is: its first declaration, else its first line of code; 0 when it is empty."""
    first = any_line = 0
    for number, line in enumerate(text.split("\n"), 1):
        plain = line.strip()
        any_line = any_line or (number if plain else 0)
        if not plain or plain.startswith(_REMARKS):
            continue
        if _TELLS.match(line[:200]) and not plain.startswith(("package ", "namespace ")):
            return number
        first = first or number
    return first or any_line
