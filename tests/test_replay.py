"""A run is made again from its kept answers: its documents come out byte for byte the same, or the step that differs is named."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from planning_kit import cli, digest, loopback
from planning_kit.journal import Record, record_name
from planning_kit.order import Order
from planning_kit.replay import replay
from planning_kit.replayed import Played
from planning_kit.run import Run

from .small_runs import ANN, BOB, MODEL, READING, SUMMARY, WRITING, Forgetful, begin, opened, reviewed


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A run with a repair, an answer, a comment, a send-back and an edit."""
    folder = tmp_path_factory.mktemp("finished")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(folder / "state"))
        yield reviewed(begin(folder), writer=Forgetful()).folder


@pytest.fixture
def run(finished: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    shutil.copytree(finished, tmp_path / "run")
    return tmp_path / "run"


def played(run: Path) -> Played:
    return replay(Run.open(run))


def steps(played: Played) -> dict[str, str]:
    return {each.what: each.how for each in played.made}


SAME = {
    "facts.yaml as refined at 'scope'": "same", f"{READING}, draft 1": "same", f"{READING}, draft 2": "same",
    f"{WRITING}, draft 1": "same", f"{SUMMARY}, draft 1": "same",
}  # fmt: skip


def drafted(run: Path, document: str, at: int = 0) -> Record:
    return Run.open(run).journal.of("drafted", document=document)[at]


def answer(run: Path, record: Record) -> Path:
    asked = record.body["asked"]
    return run / "calls" / asked[:2] / f"{asked}.json"


def forge(path: Path, what: str, into: str) -> None:
    """Change the words of an answer and make its own digest fit."""
    entry = json.loads(path.read_text())
    assert what in entry["reply"]["text"]
    entry["reply"]["text"] = entry["reply"]["text"].replace(what, into)
    entry["digest"] = digest.of_fact({"request": entry["request"], "reply": entry["reply"]})
    path.write_text(json.dumps(entry, ensure_ascii=False, indent=1) + "\n")


def test_a_run_comes_out_byte_for_byte_the_same_with_nobody_asked(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    before = {path: path.read_bytes() for path in run.rglob("*") if path.is_file()}
    found = played(run)
    assert steps(found) == SAME and found.same
    assert len(drafted(run, READING).body["attempts"]) == 2
    assert dict(found.taken) == {"decided": 5, "settled": 1, "commented": 1, "edited": 1, "executed": 1}
    assert {path: path.read_bytes() for path in run.rglob("*") if path.is_file()} == before


def test_one_line_a_step_and_the_status_say_how_it_went(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["replay", str(run)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 6
    assert all(line.endswith(": same") and line.startswith("record ") for line in lines[:-1])
    assert "5 of 5 came out byte for byte the same; no model was asked" in lines[-1]
    assert cli.main(["replay", str(run), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["same"] is True
    assert cli.main(["replay", str(run.parent / "none")]) == 2


def test_a_changed_answer_is_named_with_the_line_that_differs(run: Path) -> None:
    record = drafted(run, SUMMARY)
    forge(answer(run, record), "As the brief says", "As nobody says")
    found = played(run)
    assert steps(found) == {**SAME, f"{SUMMARY}, draft 1": "differs"}
    (wrong,) = [each for each in found.made if each.how != "same"]
    assert (wrong.record, wrong.what) == (record.seq, f"{SUMMARY}, draft 1")
    assert not found.same


def test_a_changed_last_answer_differs_at_its_line(run: Path) -> None:
    """The answer that mended the draft says something else than the document."""
    record = drafted(run, READING, 1)
    entries = {path: json.loads(path.read_text())["request"] for path in (run / "calls").glob("*/*.json")}
    (mended,) = [path for path, asked in entries.items() if asked["remarks"] and asked["findings"]]
    forge(mended, "Notes are read over HTTP.", "Notes are never read.")
    found = played(run)
    assert steps(found) == {**SAME, f"{READING}, draft 2": "differs"}
    (wrong,) = [each for each in found.made if each.how != "same"]
    assert wrong.record == record.seq
    assert (
        wrong.said.startswith("line ")
        and "was “Notes are read over HTTP.” and is “Notes are never read.”" in wrong.said
    )


def test_an_answer_that_cannot_be_read_is_named(run: Path) -> None:
    path = answer(run, drafted(run, WRITING))
    path.write_text(path.read_text().replace("brief", "author"))
    found = played(run)
    assert steps(found) == {**SAME, f"{WRITING}, draft 1": "cannot be replayed"}
    (said,) = [each.said for each in found.made if each.how != "same"]
    assert said.startswith(f"its kept answer calls/{path.parent.name}/{path.name}")
    assert path.exists() and not path.with_suffix(".damaged").exists()


def test_an_answer_that_is_gone_is_asked_of_nobody(run: Path) -> None:
    answer(run, drafted(run, WRITING)).unlink()
    found = played(run)
    assert steps(found) == {**SAME, f"{WRITING}, draft 1": "cannot be replayed"}
    (said,) = [each.said for each in found.made if each.how != "same"]
    assert said == "no answer of writing-consultant is kept to what it is asked"


def test_a_document_that_lies_there_otherwise_is_named(run: Path) -> None:
    path = run / "documents" / WRITING
    path.write_text(path.read_text().replace("Notes are kept and read", "Notes are lost"))
    found = played(run)
    assert {each.what for each in found.made if each.how == "differs"} == {f"documents/{WRITING} as it lies there"}
    (run / "documents" / READING).unlink()
    assert [each.said for each in played(run).made if not each.record][0] == "it is missing"


def test_another_consultants_file_makes_another_question(run: Path) -> None:
    """The run's own beginning is changed with everything that is chained to it: what is asked is not what was asked."""
    consultant = run / "catalog" / "consultants" / "writing-consultant.md"
    consultant.write_text(consultant.read_text().replace("Write how writers", "Write why writers"))
    found = played(run)
    assert steps(found) == {**SAME, f"{WRITING}, draft 1": "differs"}
    (said,) = [each.said for each in found.made if each.how != "same"]
    assert said.startswith("writing-consultant is asked something else than then")


def test_a_text_that_is_missing_is_said(run: Path) -> None:
    sha = drafted(run, READING).body["digest"]
    (run / "versions" / sha[:2] / f"{sha}.md").unlink()
    found = played(run)
    assert steps(found)[f"{READING}, draft 1"] == "same"
    assert not found.same


def test_a_run_of_another_version_says_so(run: Path) -> None:
    def other(facts: dict[str, Any]) -> dict[str, Any]:
        return {**facts, "planning_kit": "0.0.9"}

    facts = other(json.loads((run / "run.json").read_text()))
    (run / "run.json").write_text(json.dumps(facts, ensure_ascii=False, indent=2) + "\n")
    before = digest.of_bytes((run / "run.json").read_bytes())
    for path in sorted((run / "journal").glob("*.json")):
        fact = json.loads(path.read_text())
        record = Record(fact["seq"], fact["at"], fact["kind"], fact["body"], before)
        (run / record_name(record.seq)).write_bytes(record.bytes())
        before = digest.of_bytes(record.bytes())
    found = played(run)
    assert found.same
    assert found.notes[0].startswith("the run was begun with planning-kit 0.0.9, this is ")


def test_a_seat_that_was_asked_again_after_the_others_is_the_same(tmp_path: Path) -> None:
    """One seat fails, somebody answers a question, the seat is asked again: its question is of another time than the others'."""
    run = opened(begin(tmp_path), Forgetful(failing="writing-consultant"))
    run.phase("intake").approve(ANN)
    run.phase("scope").consult().approve(ANN)
    with pytest.raises(Exception, match="nobody answered"):
        run.phase("writing").consult()
    with run.store.write():
        run.sheet.answer("Q1", "b", BOB)
    run = opened(run, Forgetful())
    run.phase("scope").approve(ANN)
    run.phase("writing").consult()
    found = played(run.folder)
    assert found.same
    assert {f"{READING}, draft 1", f"{READING}, draft 2", f"{WRITING}, draft 1"} <= set(steps(found))


def test_a_run_by_the_rules_alone_is_the_same(tmp_path: Path) -> None:
    run = begin(tmp_path, model="offline")
    for phase in run.phases:
        phase.consult().approve(ANN)
    found = played(run.folder)
    assert found.same and len(found.made) == 3
    shutil.rmtree(run.folder / "calls")
    assert played(run.folder).same


def test_a_run_that_asked_a_server_is_the_same_when_the_server_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(tmp_path)
    with loopback.Loopback() as server:
        monkeypatch.setenv("ANTHROPIC_API_KEY", loopback.KEY)
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        monkeypatch.chdir(tmp_path)
        run, _ = Order("notes.md", recipe="small", model=MODEL, outputs=tmp_path / "served").run()
        for phase in run.phases:
            phase.consult().approve(ANN)
        asked = len(server.billed)
    assert asked >= 4
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    monkeypatch.delenv("ANTHROPIC_BASE_URL")
    found = played(run.folder)
    assert found.same, found.lines
    assert len(found.made) == 4
