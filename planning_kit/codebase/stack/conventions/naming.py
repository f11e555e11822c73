"""How files, functions and tests are named."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

from ...evidence import Evidence, Statement
from ...tree import Tree
from .majority import CLEAR, FEWEST, majority, name, shown

_STYLES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("snake_case", re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)+")),
    ("kebab-case", re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")),
    ("camelCase", re.compile(r"[a-z][a-z0-9]*(?:[A-Z][a-z0-9]*)+")),
    ("PascalCase", re.compile(r"(?:[A-Z]+[a-z0-9]+){2,}[A-Z]?|(?:[A-Z][a-z0-9]+)[A-Z]?")),
)
_DECLARED = re.compile(
    r"\n(?:[ \t]*+(?:(?:export|default|public|private|protected|internal|static|async|final|override|virtual|suspend|pub|abstract)\s+){0,5}"
    r"(?:def|function|fun|fn|func(?:\s*\([^)\n]{0,80}\))?)\s+(?:self\.)?([A-Za-z]\w*)|(?:export )?const ([A-Za-z]\w*) = (?:async )?\([^)\n]{0,120}\)[^=\n]{0,80}=>"
    r"|[ \t]++(?:(?:public|private|protected|internal|static|async|final|override|virtual)[ \t]+){1,4}[A-Za-z][\w<>\[\], ?]{0,60}[ \t]([A-Za-z]\w*)\("
    r"|[ \t]++(?:(?:public|private|protected|static|async)[ \t]+){0,3}([a-z]\w*+)\([^()\n]{0,200}\)[^;{}\n]{0,80}\{)"
)
"""A line that declares a function, with the end of the line before it: that is what is looked for, so most of a text is skipped."""
_ROLE = re.compile(r"[\w-]+\.([a-z-]+)\.[a-z]+")
TEST_NAMES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("test_*.py", re.compile(r"^test_.+\.py$")),
    ("*_test.py", re.compile(r"^.+_test\.py$")),
    ("*_test.go", re.compile(r"^.+_test\.go$")),
    ("*.test.ts", re.compile(r"^.+\.test\.[mc]?tsx?$")),
    ("*.test.js", re.compile(r"^.+\.test\.[mc]?jsx?$")),
    ("*.e2e-spec.ts", re.compile(r"^.+\.e2e-spec\.ts$")),
    ("*.spec.ts", re.compile(r"^.+\.spec\.[mc]?tsx?$")),
    ("*.spec.js", re.compile(r"^.+\.spec\.[mc]?jsx?$")),
    ("*_spec.rb", re.compile(r"^.+_spec\.rb$")),
    ("*_test.rb", re.compile(r"^.+_test\.rb$")),
    ("*Test.java", re.compile(r"^.+Tests?\.java$")),
    ("*Test.kt", re.compile(r"^.+Tests?\.kt$")),
    ("*Tests.cs", re.compile(r"^.+Tests?\.cs$")),
    ("*Test.php", re.compile(r"^.+Test\.php$")),
)
_TESTED = re.compile(r"[Tt]est|spec")
"""What all of these have in them."""


def _stem(path: str) -> str:
    return name(path).split(".")[0].lstrip("_")


@lru_cache(maxsize=20_000)
def _style(word: str) -> str:
    return next((name for name, pattern in _STYLES if pattern.fullmatch(word[:80])), "")


def naming(tree: Tree, code: Sequence[str], tests: Sequence[str], most_read: int) -> Iterable[Statement]:
    """How files, functions (of the first ``most_read`` files) and tests are named."""
    styled = [(style, each) for each in code if (style := _style(_stem(each)))]
    if (most := majority(styled)) and (evidence := shown(tree, most[2])):
        yield Statement("Naming", f"files are named in {most[0]} ({most[1]} of {len(styled)})", evidence)
    yield from _roles(tree, code)
    yield from _functions(tree, [each for each in code if not each.endswith(".go")][:most_read])
    known = [(called, each) for each in tests if (called := test_kind(name(each)))]
    if (most := majority(known)) and (evidence := shown(tree, most[2])):
        yield Statement("Naming", f"tests are named {most[0]} ({most[1]} of {len(known)})", evidence)


def test_kind(file: str) -> str:
    """How the test called ``file`` is named (``test_*.py``); empty when it is not named as a test."""
    if not _TESTED.search(file):
        return ""
    return next((each for each, pattern in TEST_NAMES if pattern.match(file)), "")


def _roles(tree: Tree, code: Sequence[str]) -> Iterable[Statement]:
    """Whether files say their role between two dots: ``orders.service.ts``."""
    found = [(role.group(1), each) for each in code if (role := _ROLE.fullmatch(name(each)))]
    counts = Counter(role for role, _ in found)
    if len(found) < FEWEST or len(counts) < 2 or len(found) < len(code) / 2:
        return
    common = max(sorted(counts), key=lambda role: counts[role])
    files = [each for role, each in found if role == common]
    if evidence := shown(tree, files):
        told = f"files are named by role: {name(files[0])} ({len(found)} of {len(code)})"
        yield Statement("Naming", told, evidence)


def _functions(tree: Tree, code: Sequence[str]) -> Iterable[Statement]:
    """How functions are named; a name of one word tells nothing."""
    found: list[tuple[str, Evidence]] = []
    for path in code:
        text = f"\n{tree.text(path)}"
        line = last = 0
        for each in _DECLARED.finditer(text):
            called = next(part for part in each.groups() if part)
            at = each.start() + each.group().rindex(called)
            line, last = line + text.count("\n", last, at), at
            style = "" if called.startswith("test") else _style(called)
            if style and (style != "PascalCase" or path.endswith(".cs")):
                found.append((style, Evidence(path, line)))
        if len(found) > 2_000:
            break
    counts = Counter(style for style, _ in found)
    if not found:
        return
    style, count = max(sorted(counts.items()), key=lambda item: item[1])
    if count >= FEWEST and count >= CLEAR * len(found):
        evidence = tuple(where for each, where in found if each == style)[:2]
        yield Statement("Naming", f"functions are named in {style} ({count} of {len(found)})", evidence)
