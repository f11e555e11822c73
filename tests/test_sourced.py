"""Sources: who cites one that was looked up is right, who invents one or gives none is told on the line and at the column."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from planning_kit.checks import sourced
from planning_kit.checks.about import About
from planning_kit.checks.wrong import Wrongs
from planning_kit.document import Document

ABOUT = About(passages=frozenset({"P1", "P4"}), sources=frozenset({"S1", "S2"}))
TABLE = "## Recommendations\n\n| Component | Choice | Source |\n|---|---|---|\n"
NOT_DONE = "## Findings\n\nResearch was not done.\n"
EXIST, RECOMMENDED, LOOKED_UP = (
    sourced.cites_sources_that_exist,
    sourced.gives_each_recommendation_a_source,
    sourced.says_what_was_not_looked_up,
)


@pytest.mark.parametrize(
    ("check", "text"),
    [
        (EXIST, "Said [S1]."), (EXIST, "Said [P4, S2]; [S1][S2]."), (EXIST, "An object in `[S9]`."), (EXIST, "A link [S9](https://e.org)."),
        (EXIST, "```text\n[S9]\n```"), (EXIST, "The bucket S3 and [S3-compatible] storage."), (EXIST, "Nothing."),
        (RECOMMENDED, TABLE + "| cache | Redis | [S1] |"), (RECOMMENDED, TABLE + "| cache | Redis | [P4], [S1] |"), (RECOMMENDED, TABLE + "| cache | Redis | app/main.py:3 |"),
        (RECOMMENDED, TABLE + "| cache | Redis | not verified |"), (RECOMMENDED, TABLE + "| cache | Redis | Not verified: nobody asked |"), (RECOMMENDED, TABLE + "| cache | Redis | [Q1] |"),
        (RECOMMENDED, "## Recommendations\n\nNone: nothing runs."), (LOOKED_UP, NOT_DONE), (LOOKED_UP, "## Findings\n\n- one [S1]\n- two: not verified\n"),
        (LOOKED_UP, "## Findings\n\n1. one,\n   says [S2]\n\n## Notes\n\n- no source\n"), (LOOKED_UP, "## Findings\n\n| Topic | Finding |\n|---|---|\n| a | b [S1] |\n| c | d [P4] |\n"),
    ],
)  # fmt: skip
def test_what_has_its_source_raises_no_alarm(check: Callable[[Document, About], Wrongs], text: str) -> None:
    assert list(check(Document("x.md", text), ABOUT)) == []


@pytest.mark.parametrize(
    ("check", "text", "line", "column"),
    [
        (EXIST, "Said [S9].", 1, 7), (EXIST, "x\n\nSaid [P4, S3].", 3, 11), (EXIST, "In `code` and [S1; S7].", 1, 20), (EXIST, "| a | [S12] |\n|---|---|", 1, 8), (EXIST, "```text\nx\n```\n[S3]", 4, 2),
        (RECOMMENDED, TABLE + "| cache | Redis | well known |", 5, 1), (RECOMMENDED, TABLE + "| a | b | [S1] |\n| cache | Redis | |", 6, 1), (RECOMMENDED, TABLE + "| cache | Redis | app/main.py |", 5, 1),
        (RECOMMENDED, TABLE + "| cache | Redis | [S1](https://e.org) |", 5, 1), (RECOMMENDED, TABLE.replace("Source", "Origin") + "| cache | Redis | [S1] |", 1, 0), (RECOMMENDED, "# T\n\n## Recommendations\n\nUse Redis.", 3, 0),
        (RECOMMENDED, TABLE + "| cache | Redis | verified |", 5, 1), (LOOKED_UP, "## Findings\n\nEverything is fine.\n", 0, 0), (LOOKED_UP, "## Findings\n\n- one [S1]\n- two\n", 4, 1),
        (LOOKED_UP, "## Findings\n\n| Topic | Finding |\n|---|---|\n| a | b [S1] |\n| c | d |\n", 6, 1), (LOOKED_UP, "## Findings\n\n1. one [S1]\n2. two,\n   and more\n", 4, 1),
    ],
)  # fmt: skip
def test_what_has_no_source_is_named_at_its_place(
    check: Callable[[Document, About], Wrongs], text: str, line: int, column: int
) -> None:
    (wrong,) = check(Document("x.md", text), ABOUT)
    assert (wrong.line, wrong.column) == (line, column) and wrong.hint and wrong.severity == "error"
