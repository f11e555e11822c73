"""What the checks say as a table, a picture and a page: errors first, each with its line."""

from __future__ import annotations

from planning_kit.checks import Looked
from planning_kit.document import Document, Finding
from planning_kit.findings import COLUMNS, Findings, checked, page, story

A = Document("plan/a.md", "# Title\n\nthe line\n")
B = Document("plan/b.md", "# Other\n\n‮hidden\n")
WARNING = Finding(A.name, 3, "r-one", "tool 1", "warning", "is vague", 5, "say which")
ERROR = Finding(B.name, 3, "r-two", "tool 2", "error", "is missing")
LATER = Finding(A.name, 0, "r-two", "planning_kit", "error", "is about the whole")
LOOKED = [
    Looked(A.name, 5, "sql", "squawk 2.70"),
    Looked(A.name, 9, "other", why="no tool for bicep"),
    Looked(B.name, 2, "sql", "squawk 2.70"),
]
FOUND = Findings([WARNING, ERROR, LATER], [A, B], LOOKED)


def test_errors_stand_first_then_documents_and_lines_in_order() -> None:
    assert list(FOUND) == [LATER, ERROR, WARNING]
    assert FOUND.errors == 2


def test_the_table_has_a_row_for_each_finding_with_its_line_and_can_be_filtered() -> None:
    table = FOUND.table
    assert tuple(table.columns) == COLUMNS
    assert list(table.query("severity == 'warning'")["shown"]) == ["the line"]
    assert list(table.sort_values("rule")["document"]) == ["a.md", "a.md", "b.md"]
    assert table.iloc[1]["shown"] == "␣U+202Ehidden"


def test_an_empty_table_can_be_sorted_too() -> None:
    assert Findings().table.sort_values(["document", "line"]).empty


def test_every_artefact_is_named_with_what_checked_it_or_why_nothing_did() -> None:
    assert checked(LOOKED) == "3 artefacts: 2 checked (2 by squawk 2.70); not checked: 1 × no tool for bicep"
    assert checked([]) == ""
    rows = FOUND.artefacts
    assert list(rows["checked by"]) == ["squawk 2.70", "", "squawk 2.70"]
    assert list(rows["not checked"]) == ["", "no tool for bicep", ""]


def test_the_picture_counts_errors_and_warnings_of_each_document() -> None:
    shown = FOUND.picture
    assert shown.text == "a.md: 1 error, 1 warning\nb.md: 1 error"
    assert "data:image/svg+xml" in shown.html


def test_what_shows_itself_says_the_counts_and_what_was_not_checked() -> None:
    shown = FOUND._repr_mimebundle_()
    assert "3 findings (2 errors)" in shown["text/html"] and "no tool for bicep" in shown["text/html"]
    assert "plan/b.md:3: error: is missing" in shown["text/plain"]
    assert "no findings" in Findings()._repr_mimebundle_()["text/plain"]


def test_a_page_shows_its_own_findings_with_their_lines_first_and_nothing_of_others() -> None:
    shown = page(A, FOUND)
    assert shown.text.splitlines()[:5] == [
        "Title: 2 findings (1 error)",
        "  error, the whole: is about the whole [r-two, planning_kit]",
        "  warning, line 3: is vague → say which — the line [r-one, tool 1]",
        "  2 artefacts: 1 checked (1 by squawk 2.70); not checked: 1 × no tool for bicep",
        "",
    ]
    assert "is missing" not in shown.html
    assert shown.html.index("is vague") < shown.html.index("<h1>")


def test_the_story_tells_what_each_attempt_mended_and_which_was_dropped() -> None:
    first = {"errors": 2, "warnings": 0, "kept": True, "found": ["one", "two"]}
    worse = {"errors": 3, "warnings": 0, "kept": False, "found": ["one", "two", "three"]}
    better = {"errors": 1, "warnings": 1, "kept": True, "found": ["two", "new"]}
    assert story([first, worse, better]) == [
        "attempt 1: 2 errors",
        "attempt 2: 3 errors; dropped, it was no better",
        "attempt 3: 1 error, 1 warning; mended: one",
    ]
    assert story([first]) == [] == story([])
