"""Two runs side by side: what is in both is counted, what differs is named, down to columns and key decisions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from planning_kit import cli
from planning_kit.compared import Compared, chosen, compare
from planning_kit.errors import OptionRefused
from planning_kit.fork import Fork
from planning_kit.model import Request
from planning_kit.run import Run

from . import two_options
from .authors import OPENAPI
from .two_options import finished, opened, ordered, settle

MORE = """  /tags:
    get:
      operationId: listTags
      responses: {"200": {description: the tags}}
```"""
HOSTILE = "<script>alert(1)</script> \u202e[x](javascript:alert(1)) ![i](http://example.org/i.png)"


class Documenter(two_options.Writer):
    """Plans more for MongoDB: another operation, another answer, another table, another type."""

    def write(self, request: Request) -> str:
        text = super().write(request)
        if "mongodb" not in request.task:
            return text.replace("Notes are read over HTTP.", "PostgreSQL keeps the notes." if request.seat == "keeper" else "Short.")  # fmt: skip
        wide = (
            "CREATE TABLE notes (id bigint PRIMARY KEY, body text NOT NULL);\nCREATE TABLE tags (id uuid PRIMARY KEY);"
        )
        text = text.replace("CREATE TABLE notes (id uuid PRIMARY KEY);", wide)
        return text.replace("Notes are read over HTTP.", f"MongoDB keeps the notes. {HOSTILE}")


class Shaper(Documenter):
    """Likewise for the seat that draws the API."""

    def write(self, request: Request) -> str:
        text = super().write(request)
        if request.seat != "shaper" or "us" not in request.feature + "".join(request.remarks):
            return text
        return text.replace(OPENAPI, OPENAPI.replace('"200"', '"206"').removesuffix("```") + MORE)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Compared]:
    """A finished run, and its fork with another database whose API was sent back once."""
    with pytest.MonkeyPatch.context() as patch:
        place = settle(tmp_path_factory.mktemp("compared"), patch)
        patch.setenv("XDG_STATE_HOME", str(place / "state"))
        one = finished(ordered(place), Shaper())
        fork = opened(Fork(one, "architecture", ("db=mongodb",)).begin().run, Shaper())
        fork.phase("architecture").consult().send_back("ann", "Serve us tags too.")  # type: ignore[attr-defined]
        fork.phase("architecture").consult().approve("Bob")  # type: ignore[attr-defined]
        yield compare(Run.open(one.folder), Run.open(fork.folder))


def rows(both: Compared, part: str) -> dict[tuple[str, ...], tuple[str, ...]]:
    return {row[:-3]: row[-3:] for row in both.parts[part].rows}


def test_options_and_models_stand_side_by_side(both: Compared) -> None:
    found = rows(both, "options")
    assert found[("db",)] == ("postgres", "mongodb", "differs")
    assert found[("region",)] == ("eu", "eu", "both")
    assert found[("model of keeper",)] == ("claude-sonnet-5-5", "claude-sonnet-5-5", "both")
    assert both.parts["options"].differing == 1


def test_operations_are_those_of_the_apis(both: Compared) -> None:
    found = rows(both, "operations")
    assert found[("GET", "/notes")] == ("id listNotes; answers 200", "id listNotes; answers 206", "differs")
    assert found[("GET", "/tags")] == ("", "id listTags; answers 200", "only in the second")


def test_tables_and_columns_are_those_of_the_ddl(both: Compared) -> None:
    assert rows(both, "tables") == {
        ("notes", ""): ("key id", "key id", "both"),
        ("notes", "id"): ("uuid, required", "bigint, required", "differs"),
        ("notes", "body"): ("", "text, required", "only in the second"),
        ("tags", ""): ("", "key id", "only in the second"),
        ("tags", "id"): ("", "uuid, required", "only in the second"),
    }


def test_key_decisions_findings_gates_and_cost_stand_side_by_side(both: Compared) -> None:
    keeping = rows(both, "decisions")[("02-keeping.md",)]
    assert keeping[0].startswith("PostgreSQL keeps the notes.") and keeping[1].startswith("MongoDB keeps the notes.")
    assert rows(both, "findings")[("01-shape.md",)][0].endswith("warnings")
    gates = rows(both, "gates")
    assert gates[("architecture",)] == ("open: approved by Ann <ann@example.org>", "open: approved by Bob", "differs")
    assert gates[("intake",)][1] == "open: approved by policy 'carried over'"
    assert gates[("synthesis",)][1] == "closed: plan/notes/03-close.md is not written yet"
    assert rows(both, "cost") == {("together",): ("$0.00, 0 tokens", "$0.00, 0 tokens", "both")}


def test_every_part_is_a_pandas_table_with_the_runs_for_columns(both: Compared) -> None:
    assert list(both.operations.columns) == ["method", "path", both.one.label, both.other.label, "in"]
    assert len(both.operations.query('`in` != "both"')) == 2
    assert len(both.tables) == 5
    assert {len(getattr(both, part)) > 0 for part in both.parts} == {True}
    with pytest.raises(AttributeError):
        _ = both.nothing


def test_it_shows_itself_safely_and_counts_what_is_the_same(both: Compared) -> None:
    shown = both._repr_mimebundle_()
    assert f"{both.other.label} is a fork of {both.one.label} from phase 'architecture' on" in shown["text/plain"]
    assert "Options: 9 the same in both" in shown["text/plain"]
    assert "<script" not in shown["text/html"] and "<img" not in shown["text/html"] and "<a" not in shown["text/html"]
    assert "\u202e" not in str(shown) and "\u202e" not in "".join(both.decisions[both.other.label])
    assert "region" not in shown["text/plain"] and "region" in both.shown(whole=True).text


def test_facts_and_lines_say_the_same(both: Compared) -> None:
    facts = json.loads(json.dumps(both.facts))
    assert [each["path"] for each in facts["operations"]] == ["/notes", "/tags"]
    lines = "\n".join(both.lines)
    assert "  GET /tags: only in the second\n" in lines
    assert f"    {both.other.label}: id listTags; answers 200" in lines


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return settle(tmp_path, monkeypatch)


def test_runs_of_different_briefs_and_recipes_are_compared_as_far_as_possible(place: Path) -> None:
    one = ordered(place)
    other = ordered(place, brief="# Tags\n\nReaders must be able to read tags.\n", recipe="backend-plan")
    both = compare(one, other)
    assert both.notes == (
        "they plan different briefs: what is called the same need not be the same",
        "they follow different recipes, two and backend-plan: compared as far as both have it",
    )
    assert rows(both, "gates")[("architecture",)][2] == "only in the first"
    assert rows(both, "gates")[("intake",)][2] == "both"
    assert both.parts["operations"].rows == ()


def test_a_run_beside_itself_is_said_and_the_same(place: Path) -> None:
    run = ordered(place)
    both = compare(run, Run.open(run.folder))
    assert both.notes == ("this is one run, compared with itself",)
    assert all(part.differing == 0 for part in both.parts.values())
    assert len(set(both.options.columns)) == 4


def test_the_two_to_compare_are_the_fork_and_its_parent_unless_others_are_named(place: Path) -> None:
    outputs = place / "outputs"
    assert "not two runs" in str(chosen("", "", outputs))
    parent = ordered(place)
    between = ordered(place, "region=us")
    fork = Fork(parent, "intake", ("db=mongodb",)).begin().run
    named = [chosen("", "", outputs), chosen(between.label, "", outputs), chosen(parent.label, between.label, outputs)]
    assert [(each.one.folder, each.other.folder) for each in named if isinstance(each, Compared)] == [
        (parent.folder, fork.folder),
        (parent.folder, between.folder),
        (parent.folder, between.folder),
    ]
    with pytest.raises(OptionRefused, match="no such run"):
        chosen("nobody", "", outputs)


def test_the_commands_list_compare_and_fork(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = ordered(place)
    there = ("--outputs", str(place / "outputs"))
    assert cli.main(["fork", run.label, "--from-phase", "scope", "--set", "db=mongodb", "--json", *there]) == 0
    fork = json.loads(capsys.readouterr().out)
    assert fork["differs"] == {"db": {"was": "postgres", "is": "mongodb"}}
    assert fork["decide_again"] == {"intake": [f"{name} was not approved" for name in run.phase("intake").subject]}
    assert cli.main(["fork", run.label, "--from-phase", "scope", "--set", "db=mongodb", *there]) == 0
    assert "there is this fork already" in capsys.readouterr().out
    assert cli.main(["fork", run.label, "--from-phase", "scope", "--set", "cloud=mars", *there]) == 2
    assert "no such option: 'cloud'" in capsys.readouterr().err
    assert cli.main(["runs", "--mine", "--by", "Ann", "--json", *there]) == 0
    assert [each["run"] for each in json.loads(capsys.readouterr().out)["runs"]] == [fork["label"], run.label]
    assert cli.main(["runs", *there]) == 0
    assert f"{fork['label']}  Notes  (fork of {run.label})" in capsys.readouterr().out
    assert cli.main(["compare", run.label, fork["label"], "--json", *there]) == 0
    assert json.loads(capsys.readouterr().out)["options"][3]["in"] == "differs"
    assert cli.main(["status", fork["label"], *there]) == 0
    assert f"fork     of {run.label} from phase 'scope' on, at its record 0" in capsys.readouterr().out
