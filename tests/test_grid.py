"""A table to look through: what is sorted by what, what never reaches a notebook, every row where nobody can click; and the research in one."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas
import pytest

from planning_kit import grid, tables, widget
from planning_kit.model import Request

from . import authors
from .small_domains import opened as opened_again
from .small_domains import through
from .small_topics import ANN, ordered
from .small_topics import settle as settle_topics

SESSION = {
    "Findings": "| Finding | Evidence |\n|---|---|\n| It is read [P1]. | [P1, P2] |\n| It is slow. | `app/notes.py:12` |\n| It may grow. | not verified |",
    "Options": "| Option | For | Against |\n|---|---|---|\n| Database | there | slow |\n| Engine | quick | new |\n| Nothing | free | slow |",
    "Recommendation": "**Database**, e.g. PostgreSQL, as `notes` are few. [P1] An engine can come later.",
    "Confidence": "Medium: nothing was measured. High load would tell.",
}


class Researcher(authors.Writer):
    """Writes what a session of research comes to; about caching next to nothing."""

    def write(self, request: Request) -> str:
        """The document."""
        thin = request.domain == "caching"
        parts = {} if thin else SESSION
        return "\n\n".join(f"## {each}\n\n{parts.get(each, 'Nothing is known.')}" for each in ("Thoughts", *SESSION, "Key decisions"))  # fmt: skip


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return settle_topics(tmp_path, monkeypatch)


@pytest.fixture
def anywhere() -> Iterator[None]:
    """The widget's class is looked for anew."""
    widget.kind.cache_clear()
    yield
    widget.kind.cache_clear()


def test_columns_are_sorted_by_what_their_values_mean() -> None:
    sure = pandas.Categorical(["low", None, "high"], ["low", "medium", "high"], ordered=True)
    table = pandas.DataFrame({"Count": [3, 10, 2], "Paid": ["$1,200.50", "~$90", ""], "Sure": sure, "Name": ["b", "a", "c"], "Share": ["5 %", "−12 %", "0 %"]})  # fmt: skip
    shown = grid.of(table)
    assert shown.ranks == {"0": [3.0, 10.0, 2.0], "1": [1200.5, 90.0, None], "2": [0, None, 2], "4": [5.0, -12.0, 0.0]}
    assert shown.figures == [0, 1, 4]
    assert shown.rows[1] == ["10", "~$90", "", "a", "−12 %"]


def test_what_is_missing_in_a_table_of_pandas_is_an_empty_cell() -> None:
    table = pandas.DataFrame({"Dollars": pandas.array([1.5, None], dtype="Float64"), "Note": [None, float("nan")], "Day": [pandas.NaT, pandas.NaT]})  # fmt: skip
    shown = grid.of(table)
    assert shown.rows == [["1.5", "", ""], ["", "", ""]]
    assert shown.ranks == {"0": [1.5, None]}


def test_an_index_is_shown_where_it_has_a_name() -> None:
    table = pandas.DataFrame({"phase": ["a"], "words": [3]})
    assert grid.of(table.set_index("phase")).columns == ("phase", "words")
    assert grid.of(table["words"].to_frame()).columns == ("words",)


def test_plain_rows_are_as_long_as_there_are_columns() -> None:
    assert grid.of([("T-1", 2)], ("Id", "Hours")).rows == [["T-1", "2"]]
    with pytest.raises(ValueError, match="every row of 'Tasks' needs 2 values"):
        grid.of([("T-1", 2), ("T-2",)], ("Id", "Hours"), called="Tasks")


def test_what_is_hidden_is_spelled_out_what_is_secret_is_taken_out_and_markup_stays_text() -> None:
    key = "sk-ant-api03-" + "k" * 40
    shown = grid.of([(f"a\u202eb {key}", "<b>bold</b>")], ("On\u200be", "Two"), called="T\u200bable")
    assert "␣U+202E" in shown.rows[0][0] and key not in str(shown.rows) and "␣U+200B" in shown.columns[0]
    assert "&lt;b&gt;bold" in shown.shown.html and key not in shown.shown.html
    assert shown.called == "T␣U+200Bable"


def test_without_anybody_there_every_row_stands_in_a_plain_table(capsys: pytest.CaptureFixture[str]) -> None:
    many = grid.of([(n,) for n in range(1000)], ("Number",))
    bundle = many._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/plain"} and bundle["text/html"].count("<tr>") == 1001
    many._ipython_display_()
    assert many.widget is None and capsys.readouterr().out.splitlines()[-1] == "999"
    assert grid.of([], ("Number",), called="Tasks")._repr_mimebundle_()["text/plain"] == "Tasks: no rows"


def test_somebody_who_is_there_gets_the_table_once_and_the_same_without_it_folded(anywhere: None) -> None:
    few = grid.Grid(("Number",), [[1, 2]], "Few", live=True)
    widget: Any = few._made()
    assert widget.table["rows"] == [["1"], ["2"]] and widget.table["ranks"] == {"0": [1.0, 2.0]}
    assert widget.table["at_once"] < 1000
    widget.close()


def test_without_anywidget_there_is_the_plain_table(anywhere: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "anywidget", None)
    assert grid.Grid(("Number",), [[1]], "Few", live=True)._made() is None


def test_research_is_a_row_for_each_session_with_what_it_came_to(place: Path) -> None:
    run = opened_again(ordered(place), Researcher())
    run.phase("setup").consult()
    assert list(tables.researched(run).Gate) == ["not written"] * 4
    run.phase("far").consult()
    run.phase("near").approve(ANN)
    table = tables.researched(run)
    assert list(table.columns) == ["Area", "Topic", "Recommendation", "Confidence", "Options", "Evidence", "Errors", "Gate"]  # fmt: skip
    rows = table.set_index(["Area", "Topic"]).astype({"Confidence": object})
    assert list(rows.loc[("Far", "search")]) == ["Database, e.g. PostgreSQL, as notes are few. [P1]", "medium", 3, 3, 0, "not decided"]  # fmt: skip
    assert list(rows.loc[("Near", "caching")])[2:] == [0, 0, 0, f"approved by {ANN}"]
    assert rows.loc[("Near", "caching"), "Recommendation"] == "Nothing is known."
    assert pandas.isna(rows.loc[("Near", "caching"), "Confidence"])
    assert list(table.sort_values("Confidence", ascending=False).Confidence)[:2] == ["medium", "medium"]


def test_research_says_what_was_sent_back_and_what_was_written_again(place: Path) -> None:
    run = through(ordered(place), "setup")
    run.phase("far").consult()
    run.phase("far").send_back(ANN, "Say more.")
    assert set(tables.researched(run).query("Area == 'Far'").Gate) == {"sent back"}
    opened_again(run).phase("far").consult()
    assert set(tables.researched(run).query("Area == 'Far'").Gate) == {"written again"}
    run.phase("near").approve(ANN)
    path = run.shelf.path(run.phase("near").names[0])
    path.write_text(path.read_text() + "\nAnd more.\n")
    assert sorted(tables.researched(run).query("Area == 'Near'").Gate) == [f"approved by {ANN}", "approved, then changed"]  # fmt: skip


def test_a_recipe_without_sessions_has_no_rows(place: Path) -> None:
    run = opened_again(ordered(place, recipe="backend-plan"))
    table = tables.researched(run)
    assert len(table) == 0 and list(table.columns)[0] == "Area"
    assert grid.of(table, called="Research sessions").shown.text == "Research sessions: no rows"


def test_steps_say_who_sits_there_what_they_write_and_what_they_read(place: Path) -> None:
    run = ordered(place)
    said = run.steps("2_research")._repr_mimebundle_()["text/plain"]
    assert said.startswith("Next: Setup ('setup')")
    lines = [line.split("  ") for line in said.splitlines()]
    assert ["Far", "looked/far/<topic>.md, for 2 topics", "ground.md"] in [[each.strip() for each in line if each] for line in lines]  # fmt: skip
    assert "Keeper" in run.steps("5_consultants")._repr_mimebundle_()["text/plain"]


def test_steps_with_one_gate_require_it_by_name_and_with_several_each(place: Path) -> None:
    run = through(ordered(place))
    assert run.steps("5_consultants").require().text.startswith("Gate 'keeping' is open: approved by Ann")
    said = run.steps("2_research").require().text.splitlines()
    assert said[0] == "Every gate of 2_research is open."
    assert [line.split("'")[1] for line in said[1:]] == ["far", "near"]
