"""All runs in a table: where each is, for whom it waits, and whether that is me; no run, however broken, stops it."""

from __future__ import annotations

import json
import os
import shutil
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from planning_kit import open_runs
from planning_kit.errors import OptionRefused
from planning_kit.fork import Fork
from planning_kit.model import Usage
from planning_kit.remarks import Anchor
from planning_kit.run import Run
from planning_kit.runs import Overview, awaiting, find_run, overview
from planning_kit.standing import Standing, standing

from .authors import Hopeless
from .two_options import Writer, finished, opened, ordered, settle

ANN, BOB, CID = "Ann <ann@example.org>", "bob@example.org", "Cid"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return settle(tmp_path, monkeypatch)


def reviewed(place: Path, rules: str) -> str:
    file = place / "reviewers.yaml"
    file.write_text(rules)
    return f"reviewers={file}"


def row(run: Run, me: str = ANN) -> Standing:
    return standing(Run.open(run.folder), me)


def to_architecture(run: Run) -> Run:
    going = opened(run, Writer())
    for phase in going.phases[:2]:
        phase.approve("somebody", names=None)
    going.phase("architecture").consult()
    return going


def test_a_run_says_where_it_is_and_for_whom_it_waits(place: Path) -> None:
    run = ordered(place, "db=mongodb")
    begun = row(run)
    assert (begun.title, begun.recipe, dict(begun.options)) == ("Notes", "two", {"db": "mongodb", "region": "eu"})
    assert (begun.state, begun.phase, begun.notebook) == ("waiting", "intake", "1_intake")
    assert (begun.waits, begun.mine) == ("you: nobody has decided yet", True)
    for phase in run.phases[:2]:
        phase.approve("somebody")
    owed = row(run)
    assert (owed.state, owed.phase, owed.waits, owed.mine) == (
        "unfinished",
        "architecture",
        "its authors: 2 of 2 to be written",
        False,
    )
    done = row(finished(run))
    assert (done.state, done.phase, done.waits, done.mine, done.notebook) == (
        "finished",
        "",
        "nobody",
        False,
        "6_synthesis",
    )


def test_what_was_sent_back_waits_for_its_authors_until_it_is_written_again(place: Path) -> None:
    run = to_architecture(ordered(place))
    step = run.phase("architecture")
    step.comment(Anchor(step.names[0]), "Say more.", ANN)
    assert row(run).mine
    step.send_back(ANN)
    back = row(run)
    assert (back.waits, back.mine) == (f"its authors: sent back by {ANN}", False)
    step.consult()
    assert (row(run).whom, row(run).mine) == ("a person", True)


def test_a_gate_waits_for_those_whose_role_is_missing(place: Path) -> None:
    rules = "people: {bob@example.org: [security], Cid: [security, data]}\nphases: {architecture: {people: 2, roles: {security: 1}}}\n"
    run = to_architecture(ordered(place, reviewed(place, rules)))
    asked = row(run, BOB)
    assert asked.mine
    who = "(security: bob@example.org, cid)"
    assert asked.why == f"1 more with the role 'security' and 1 more person has to approve {who}"
    assert row(run, ANN).mine
    run.phase("architecture").approve(ANN)
    assert row(run, BOB).why == f"1 more with the role 'security' has to approve {who}"
    assert not row(run, ANN).mine
    assert not row(run, "Dan").mine
    assert row(run, CID).mine and row(run, BOB).mine
    run.phase("architecture").approve(BOB)
    assert row(run, CID).phase == "synthesis"


def test_what_i_approved_already_does_not_wait_for_me(place: Path) -> None:
    run = to_architecture(ordered(place, reviewed(place, "phases: {architecture: {people: 2}}\n")))
    run.phase("architecture").approve(ANN)
    assert not row(run, ANN).mine
    assert (row(run, BOB).mine, row(run, BOB).why) == (True, "1 more person has to approve")


def test_my_own_edit_does_not_wait_for_me_where_that_is_forbidden(place: Path) -> None:
    run = to_architecture(ordered(place, reviewed(place, "every: {own_edits: false}\n")))
    step = run.phase("architecture")
    for name in step.names:
        text = step.run.shelf.document(name).text + "\nMine.\n"  # type: ignore[union-attr]
        step.edit(name, text, ANN, run.shelf.digest(name))  # type: ignore[attr-defined]
    assert (row(run, ANN).mine, row(run, BOB).mine) == (False, True)


def test_a_change_after_the_approval_is_said(place: Path) -> None:
    run = finished(ordered(place))
    name = run.phase("architecture").names[0]
    run.shelf.path(name).write_text("# Another\n")
    changed = row(run, BOB)
    assert changed.phase == "architecture"
    assert changed.why.startswith(f"{name} changed after it was approved by {ANN}")
    assert (changed.mine, changed.edited) == (True, 1)


def test_findings_and_cost_are_what_the_records_say(place: Path) -> None:
    run = ordered(place)
    for phase in run.phases[:2]:
        phase.approve("somebody")
    opened(run, Hopeless(usage=Usage(input=1_000_000))).phase("architecture").consult()
    found = row(run)
    assert (found.errors > 0, found.found.startswith(f"{found.errors} error")) == (True, True)
    assert found.dollars == pytest.approx(Run.open(run.folder).spent) != 0
    child = Fork(run, "architecture", ("region=us",)).begin().run
    assert (row(child).dollars, row(child).forked) == (0.0, run.label)


@pytest.mark.parametrize(
    "damage",
    [
        lambda run: (run / "run.json").write_text(""),
        lambda run: (run / "run.json").write_text('{"format": 4}'),
        lambda run: (run / "run.json").write_text('{"format": 99}'),
        lambda run: (run / "run.json").write_bytes(b"\xff\xfe"),
        lambda run: (run / "journal" / "000001.json").write_text("{}"),
        lambda run: (run / "facts.yaml").write_text("stack: ["),
        lambda run: (run / "brief.md").unlink(),
        lambda run: shutil.rmtree(run / "catalog"),
        lambda run: (run / "reviewers.yaml").write_text("people: 3"),
        lambda run: (run / "catalog" / "recipes" / "two.md").write_text("---\n---\n"),
    ],
    ids=["empty", "bare", "foreign", "bytes", "journal", "facts", "brief", "catalog", "reviewers", "recipe"],
)
def test_a_broken_run_is_named_in_its_row_and_stops_nothing(place: Path, damage: object) -> None:
    good = ordered(place)
    good.phase("intake").approve("x")
    bad = ordered(place, brief="# Broken\n\nReaders must read.\n")
    bad.phase("intake").approve("x")
    damage(bad.folder)  # type: ignore[operator]
    rows = {each.run: each for each in overview(place / "outputs", ANN).rows}
    assert rows[good.label].state == "waiting"
    broken = rows[bad.label]
    assert broken.state == "broken" and broken.waits.startswith("broken: ") and len(broken.why) > 3
    assert f"broken: {broken.why}" in str(open_runs(str(place / "outputs"), ANN)._repr_mimebundle_()["text/plain"])


def test_what_is_no_run_is_no_row(place: Path) -> None:
    ordered(place)
    for name in ("notes/.partial-1-abcd", "notes/empty", "loose"):
        (place / "outputs" / name).mkdir()
    (place / "outputs" / "notes" / ".partial-1-abcd" / "run.json").write_text("{}")
    (place / "outputs" / "file").write_text("")
    assert len(overview(place / "outputs").rows) == 1
    assert overview(place / "nowhere").rows == ()
    assert "There is no such run" in str(overview(place / "nowhere")._repr_mimebundle_())


def test_that_nothing_waits_for_who_asks_is_not_called_no_run(place: Path) -> None:
    finished(ordered(place))
    assert list(awaiting(place / "outputs", ANN).lines) == [
        f"Nothing waits for {ANN} in {place / 'outputs'}; all runs: planning-kit runs"
    ]
    assert "There is no such run" in str(list(awaiting(place / "nowhere", ANN).lines))


def test_the_newest_comes_first_and_what_is_mine_can_be_asked_for(place: Path) -> None:
    first = finished(ordered(place))
    second = ordered(place, "db=mongodb")
    every = overview(place / "outputs", ANN)
    assert [each.run for each in every.rows] == [second.label, first.label]
    assert [each.run for each in awaiting(place / "outputs", ANN).rows] == [second.label]
    assert every.facts["runs"][0]["mine"] is True
    assert json.loads(json.dumps(every.facts))["me"] == ANN
    assert list(every.table["state"]) == ["waiting", "finished"]
    assert list(every.table["waits for"]) == ["you: nobody has decided yet", "nobody"]


def test_it_shows_the_notebook_and_the_line_that_open_a_run(place: Path) -> None:
    run = ordered(place)
    shown = overview(place / "outputs", ANN)._repr_mimebundle_()
    assert f'1_intake.ipynb: run = "{run.label}"' in shown["text/plain"]
    assert f'<a href="1_intake.ipynb">1_intake.ipynb</a><br><code>run = &quot;{run.label}&quot;</code>' in shown["text/html"]  # fmt: skip


def test_what_a_brief_is_called_is_shown_as_text(place: Path) -> None:
    hostile = "# <img src=x onerror=alert(1)> \u202e[a](javascript:alert(1))\n\nReaders must be able to read.\n"
    ordered(place, brief=hostile)
    shown = overview(place / "outputs", ANN)
    assert "<img" not in shown._repr_mimebundle_()["text/html"]
    assert "\u202e" not in str(shown._repr_mimebundle_())
    assert not any("\u202e" in str(cell) for cell in shown.table["brief"])


@pytest.mark.parametrize(
    ("ago", "words"), [(20, "just now"), (61, "1 minute"), (7_300, "2 hours"), (86_400 * 3, "3 days")]
)
def test_an_age_is_told_in_words(ago: int, words: str) -> None:
    now = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    assert Standing("a/b", Path(), began=(now - timedelta(seconds=ago)).isoformat()).age(now) == words
    assert Standing("a/b", Path(), began="once").age(now) == ""


def test_sixty_runs_are_listed_in_two_seconds_of_work(place: Path) -> None:
    run = finished(ordered(place))
    for at in range(60):
        folder = place / "many" / f"s{at % 20}" / f"20261121-{at:06d}"
        shutil.copytree(run.folder, folder, copy_function=os.link)
    began = time.process_time()
    every = overview(place / "many", ANN)
    assert time.process_time() - began < 2
    assert [each.state for each in every.rows] == ["finished"] * 60
    assert isinstance(every, Overview)


def test_the_folder_of_a_slug_is_its_latest_run(place: Path) -> None:
    ordered(place)
    last = ordered(place, "db=mongodb")
    assert find_run(str(place / "outputs" / "notes"), place / "elsewhere").folder == last.folder
    assert find_run(last.folder.name.join(["notes/", ""]), place / "outputs").folder == last.folder
    with pytest.raises(OptionRefused, match="no such run"):
        find_run(str(place / "outputs"), place / "outputs")
