"""How code is written here: names of files and functions, where things lie, how errors are told; only what has a clear majority."""

from __future__ import annotations

import re
from collections import Counter

from ...evidence import Statement
from ...tree import Tree
from .faults import errors
from .layout import layout
from .majority import CLEAR, FEWEST, name
from .naming import naming, test_kind

__all__ = ["CLEAR", "FEWEST", "conventions"]

_FAMILIES = {
    "py": "py", "js": "js", "ts": "js", "mjs": "js", "cjs": "js", "mts": "js", "java": "java", "kt": "java", "cs": "cs", "php": "php",
    "go": "go", "rs": "rs", "rb": "rb",
}  # fmt: skip
"""The ending of a file of code → the language family whose customs it follows."""
_READ = 120
"""Files that are read for the names of functions and for errors; the first by path, so it is the same ones each time."""
_TESTS = re.compile(r"(?:^|/)(?:tests?|__tests__|spec|e2e)/")
_ASIDE = re.compile(r"(?:^|/)(?:migrations?|alembic|versions|node_modules|\.[^/]+)/")


def conventions(tree: Tree, path: str) -> tuple[Statement, ...]:
    """The conventions of the package at folder ``path`` (``.`` for the root): topics Naming, Layout and Errors.

    They are those of the language most of its files are in. A statement is made only where at least :data:`FEWEST`
    agree and :data:`CLEAR` of all do; each carries the lines that show it.
    """
    prefix = "" if path in (".", "") else f"{path}/"
    files = [each for each in tree.paths if each.startswith(prefix) and _family(each) and not _ASIDE.search(each)]
    tests = [each for each in files if _is_test(each.removeprefix(prefix))]
    testing = set(tests)
    code = [each for each in files if each not in testing]
    families = Counter(_family(each) for each in code)
    main = max(sorted(families), key=lambda family: families[family], default="")
    code = [each for each in code if _family(each) == main]
    tests = [each for each in tests if _family(each) == main]
    return (*naming(tree, code, tests, _READ), *layout(tree, prefix, code, tests), *errors(tree, code[:_READ]))


def _family(path: str) -> str:
    return _FAMILIES.get(path.rpartition(".")[2], "") if "." in name(path) else ""


def _is_test(path: str) -> bool:
    return bool(test_kind(name(path)) or _TESTS.search(path))
