"""Whatever is done to a run's folder is named by file and record; what changes nothing of it raises no alarm."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from planning_kit import cli, digest, heads
from planning_kit.errors import OptionRefused
from planning_kit.journal import Record, record_name
from planning_kit.run import Run
from planning_kit.verify import Verified, verify

from .small_runs import ANN, READING, SUMMARY, WRITING, Forgetful, begin, key, opened, reviewed

LOOSE = "every: {people: 1}\n"
STRICT = """every: {people: 1}
phases:
  writing: {people: 1, own_edits: false}
"""


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A finished run, and beside it ``keys``, ``state`` (what this machine keeps of it) and another run ``other``."""
    folder = tmp_path_factory.mktemp("sound")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(folder / "state"))
        key(folder / "keys")
        key(folder / "keys", "bob")
        for name in ("one", "other"):
            (folder / name).mkdir()
        run = reviewed(begin(folder / "one", STRICT), folder / "keys", Forgetful())
        other = begin(folder / "other", STRICT, brief="# Notes\n\nOther readers must be able to read notes.\n")
        other.phase("intake").approve(ANN)
        for dollars in range(30, 34):
            other.allow(dollars)
        for name, done in (("one", run), ("other", other)):
            shutil.move(done.folder, folder / f"{name}-run")
    yield folder


@pytest.fixture
def run(sound: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, to be tampered with."""
    monkeypatch.setenv("XDG_STATE_HOME", str(sound / "state"))
    shutil.copytree(sound / "one-run", tmp_path / "run")
    shutil.copytree(sound / "other-run", tmp_path / "other")
    return tmp_path / "run"


def records(run: Path) -> dict[int, dict[str, Any]]:
    return {int(path.stem): json.loads(path.read_text()) for path in sorted((run / "journal").glob("*.json"))}


def seq(run: Path, kind: str, at: int = 0, **fields: Any) -> int:
    """The place of a record of ``kind`` whose body has ``fields``; the ``at``-th."""
    found = [
        n
        for n, r in records(run).items()
        if r["kind"] == kind and all(r["body"].get(k) == v for k, v in fields.items())
    ]
    return found[at]


def rewrite(run: Path, place: int, **fields: Any) -> None:
    """Change what a record says, written the way records are."""
    fact = records(run)[place]
    body = {**fact["body"], **{k: v for k, v in fields.items() if k not in ("at", "before", "seq")}}
    new = {**fact, "body": body, **{k: v for k, v in fields.items() if k in ("at", "before", "seq")}}
    (run / record_name(place)).write_bytes(digest.canonical(new) + b"\n")


def rechain(run: Path) -> None:
    """Have every record follow from the one before again."""
    before = digest.of_bytes((run / "run.json").read_bytes())
    for place in records(run):
        rewrite(run, place, before=before)
        before = digest.of_bytes((run / record_name(place)).read_bytes())


def swap(one: Path, other: Path) -> None:
    kept = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(kept)


def text_of(run: Path, kind: str, at: int = 0) -> Path:
    sha = records(run)[seq(run, kind, at)]["body"]["digest"]
    return run / "versions" / sha[:2] / f"{sha}.md"


def answer_of(run: Path, document: str, at: int = 0) -> Path:
    asked = records(run)[seq(run, "drafted", at, document=document)]["body"]["asked"]
    return run / "calls" / asked[:2] / f"{asked}.json"


def altered(path: Path, what: str, into: str) -> None:
    text = path.read_text()
    assert what in text
    path.write_text(text.replace(what, into))


def forged(path: Path) -> None:
    """Change the words of an answer and make its own digest fit."""
    entry = json.loads(path.read_text())
    entry["reply"]["text"] = entry["reply"]["text"].replace("brief", "author")
    entry["digest"] = digest.of_fact({"request": entry["request"], "reply": entry["reply"]})
    path.write_text(json.dumps(entry, ensure_ascii=False, indent=1) + "\n")


def named(found: Verified) -> list[tuple[str, int]]:
    return [(fault.file, fault.record) for fault in found.faults]


def ordered(run: Path) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads((run / "run.json").read_text())
    return facts


Tamper = Callable[[Path], "tuple[str, int] | None"]


def _said(do: Callable[[Path], object], file: Callable[[Path], str], record: Callable[[Path], int]) -> Tamper:
    def tamper(run: Path) -> tuple[str, int]:
        expected = file(run), record(run)
        do(run)
        return expected

    return tamper


def on_record(do: Callable[[Path, int], object], find: Callable[[Path], int]) -> Tamper:
    """Something done to one record, which is named."""

    def tamper(run: Path) -> tuple[str, int]:
        place = find(run)
        do(run, place)
        return record_name(place), place

    return tamper


def on_file(
    do: Callable[[Path], object], find: Callable[[Path], Path], record: Callable[[Path], int] = lambda run: 0
) -> Tamper:
    """Something done to one other file, which is named, with the record that says otherwise."""

    def tamper(run: Path) -> tuple[str, int]:
        path, place = find(run), record(run)
        do(path)
        return path.relative_to(run).as_posix(), place

    return tamper


def last(run: Path) -> int:
    return max(records(run))


def cut(run: Path, many: int) -> tuple[str, int]:
    decided = seq(run, "decided", -1)
    for place in range(last(run), last(run) - many, -1):
        (run / record_name(place)).unlink()
    return record_name(decided), decided


def cut_all(run: Path) -> tuple[str, int]:
    shutil.rmtree(run / "journal")
    return record_name(1), 1


def moved_record(run: Path) -> tuple[str, int]:
    (run / record_name(5)).rename(run / record_name(last(run) + 1))
    return record_name(5), 5


def doubled(run: Path) -> tuple[str, int]:
    after = last(run) + 1
    shutil.copy(run / record_name(6), run / record_name(after))
    return record_name(after), after


def written_anew(run: Path) -> tuple[str, int]:
    """A whole journal that fits together, in which somebody else decided."""
    place = seq(run, "decided", -1)
    rewrite(run, place, by="mallory", how="person")
    rechain(run)
    return record_name(place), place


def run_and_journal_anew(run: Path) -> tuple[str, int]:
    facts = {**ordered(run), "budget": 1000.0}
    (run / "run.json").write_text(json.dumps(facts, ensure_ascii=False, indent=2) + "\n")
    rechain(run)
    place = seq(run, "decided", 0)
    return record_name(place), place


def brief_and_its_digest(run: Path) -> tuple[str, int]:
    altered(run / "brief.md", "must", "need not")
    facts = ordered(run)
    facts["first"]["brief.md"] = digest.of_bytes((run / "brief.md").read_bytes())
    (run / "run.json").write_text(json.dumps(facts, ensure_ascii=False, indent=2) + "\n")
    return "run.json", 1


def document_and_its_text(run: Path) -> tuple[str, int]:
    """The approved text and the kept version both say something else."""
    for path in (run / "documents" / SUMMARY, text_of(run, "drafted", -1)):
        altered(path, "Notes", "Nothing")
    return f"documents/{SUMMARY}", seq(run, "decided", -1)


def documents_swapped(run: Path) -> tuple[str, int]:
    swap(run / "documents" / READING, run / "documents" / WRITING)
    return f"documents/{READING}", seq(run, "decided", -1, phase="writing")


def linked(run: Path) -> tuple[str, int]:
    path = run / "documents" / READING
    shutil.move(path, run.parent / "away.md")
    path.symlink_to(run.parent / "away.md")
    return f"documents/{READING}", seq(run, "decided", -1, phase="writing")


def planted(run: Path) -> tuple[str, int]:
    (run / "documents" / "plan" / "notes" / "09-costs.md").write_text("# Costs\n")
    return "documents/plan/notes/09-costs.md", 0


def signature(run: Path) -> Path:
    return run / f"journal/{seq(run, 'decided', -1, phase='writing'):06d}.sig"


def signed_by_bob(run: Path) -> tuple[str, int]:
    path, keys = signature(run), Path(os.environ["XDG_STATE_HOME"]).parent / "keys"
    record = path.with_suffix(".json")
    made = subprocess.run(
        ["ssh-keygen", "-q", "-Y", "sign", "-n", "planning-kit", "-f", str(keys / "bob")],
        input=record.read_bytes(),
        capture_output=True,
        check=True,
        timeout=20,
    )
    path.write_bytes(made.stdout)
    return f"journal/{path.name}", int(path.stem)


def for_another_purpose(run: Path) -> tuple[str, int]:
    path, keys = signature(run), Path(os.environ["XDG_STATE_HOME"]).parent / "keys"
    made = subprocess.run(
        ["ssh-keygen", "-q", "-Y", "sign", "-n", "git", "-f", str(keys / "id")],
        input=path.with_suffix(".json").read_bytes(),
        capture_output=True,
        check=True,
        timeout=20,
    )
    path.write_bytes(made.stdout)
    return f"journal/{path.name}", int(path.stem)


def answers_swapped(run: Path) -> tuple[str, int]:
    one, other = answer_of(run, READING), answer_of(run, WRITING)
    swap(one, other)
    return one.relative_to(run).as_posix(), seq(run, "decided", 2)


def taken_from(other: str) -> Callable[[Path, int], object]:
    return lambda run, place: shutil.copy(
        run.parent / "other" / other / Path(record_name(place)).name, run / record_name(place)
    )


def first_decision(run: Path) -> int:
    return seq(run, "decided")


TAMPERINGS: dict[str, Tamper] = {
    "a decision says another name": on_record(lambda run, at: rewrite(run, at, by="mallory"), lambda run: seq(run, "decided", 1)),
    "a decision says another verdict": on_record(lambda run, at: rewrite(run, at, verdict="approved"), lambda run: seq(run, "decided", 2)),
    "a decision by rule reads as a person's": on_record(lambda run, at: rewrite(run, at, by="ann", how="person"), lambda run: seq(run, "decided", -1)),
    "a decision says another time": on_record(lambda run, at: rewrite(run, at, at="2020-01-01T00:00:00Z"), lambda run: seq(run, "decided", 1)),
    "the first record says something else": on_record(lambda run, at: rewrite(run, at, comment="Fine."), lambda run: 1),
    "a comment says something else": on_record(lambda run, at: rewrite(run, at, text="Nothing to say."), lambda run: seq(run, "commented")),
    "an edit has another author": on_record(lambda run, at: rewrite(run, at, by=ANN), lambda run: seq(run, "edited")),
    "a record is written with other spaces": on_record(lambda run, at: (run / record_name(at)).write_text(json.dumps(records(run)[at])), lambda run: 4),
    "a record is no JSON": on_record(lambda run, at: (run / record_name(at)).write_text("{"), lambda run: 4),
    "a record is empty": on_record(lambda run, at: (run / record_name(at)).write_bytes(b""), lambda run: 7),
    "a record is no text": on_record(lambda run, at: (run / record_name(at)).write_bytes(b"\xff\xfe"), lambda run: 7),
    "a record is missing": on_record(lambda run, at: (run / record_name(at)).unlink(), lambda run: 6),
    "two records are swapped": on_record(lambda run, at: swap(run / record_name(at), run / record_name(at + 1)), lambda run: 7),
    "a record has another place": moved_record,
    "a record is there twice": doubled,
    "a record is another run's": on_record(taken_from("journal"), lambda run: seq(run, "decided", 1)),
    "the first record is another run's": on_record(taken_from("journal"), lambda run: 1),
    "the last two records are cut off": lambda run: cut(run, 2),
    "the last half is cut off": lambda run: cut(run, 10),
    "all records are cut off": cut_all,
    "a decision and all that follows are written anew": written_anew,
    "run.json and all records are written anew": run_and_journal_anew,
    "run.json has another budget": _said(lambda run: altered(run / "run.json", '"budget": 20.0', '"budget": 90.0'), lambda run: "run.json", lambda run: 1),
    "run.json is no JSON": _said(lambda run: (run / "run.json").write_text("{"), lambda run: "run.json", lambda run: 1),
    "run.json is another run's": _said(lambda run: shutil.copy(run.parent / "other" / "run.json", run / "run.json"), lambda run: "run.json", lambda run: 1),
    "the journal is another run's": _said(lambda run: (shutil.rmtree(run / "journal"), shutil.copytree(run.parent / "other" / "journal", run / "journal")), lambda run: record_name(1), lambda run: 1),
    "the brief is another": on_file(lambda path: altered(path, "must", "need not"), lambda run: run / "brief.md"),
    "the brief is gone": on_file(Path.unlink, lambda run: run / "brief.md"),
    "the brief and what run.json says of it are others": brief_and_its_digest,
    "a consultant of the run's own is another": on_file(lambda path: altered(path, "You plan", "You praise"), lambda run: run / "catalog/consultants/reading-consultant.md"),
    "a consultant was put in": on_file(lambda path: path.write_text("---\n---\n"), lambda run: run / "catalog/consultants/backend-consultant.md"),
    "who has to approve is loosened": on_file(lambda path: path.write_text(LOOSE), lambda run: run / "reviewers.yaml"),
    "who has to approve is gone": on_file(Path.unlink, lambda run: run / "reviewers.yaml"),
    "a codebase was put in": on_file(lambda path: path.write_text("# Codebase\n"), lambda run: run / "codebase.md"),
    "a kept text is another": on_file(lambda path: altered(path, "Notes", "Nothing"), lambda run: text_of(run, "drafted"), lambda run: seq(run, "drafted")),
    "a kept text is gone": on_file(Path.unlink, lambda run: text_of(run, "drafted", 1), lambda run: seq(run, "drafted", 1)),
    "the text of an edit is gone": on_file(Path.unlink, lambda run: text_of(run, "edited"), lambda run: seq(run, "edited")),
    "an answer is another": on_file(lambda path: altered(path, "Notes", "Nothing"), lambda run: answer_of(run, READING), lambda run: seq(run, "decided", 2)),
    "an answer is another and its own digest fits": on_file(forged, lambda run: answer_of(run, READING), lambda run: seq(run, "decided", 2)),
    "an answer is gone": on_file(Path.unlink, lambda run: answer_of(run, SUMMARY), lambda run: seq(run, "decided", -1)),
    "two answers are swapped": answers_swapped,
    "an answer is set aside": on_file(lambda path: path.rename(path.with_suffix(".damaged")), lambda run: answer_of(run, SUMMARY), lambda run: seq(run, "decided", -1)),
    "what was looked up is another": on_file(lambda path: path.write_text("[ ]\n"), lambda run: run / "sources.json", lambda run: seq(run, "decided", -1)),
    "an approved document is another": on_file(lambda path: altered(path, "Notes", "Nothing"), lambda run: run / "documents" / READING, lambda run: seq(run, "decided", -2)),
    "an approved document is gone": on_file(Path.unlink, lambda run: run / "documents" / WRITING, lambda run: seq(run, "decided", -2)),
    "a document approved by rule is another": on_file(lambda path: altered(path, "Notes", "Nothing"), lambda run: run / "documents" / SUMMARY, lambda run: seq(run, "decided", -1)),
    "a document and its kept text are others": document_and_its_text,
    "two documents are swapped": documents_swapped,
    "a document is a link": linked,
    "a document was put in": planted,
    "the facts are others": on_file(lambda path: altered(path, "reading", "writing"), lambda run: run / "facts.yaml", lambda run: seq(run, "decided", 1)),
    "the facts are gone": on_file(Path.unlink, lambda run: run / "facts.yaml", lambda run: seq(run, "settled", -1)),
    "the facts are no YAML": on_file(lambda path: path.write_text("{"), lambda run: run / "facts.yaml", lambda run: seq(run, "settled", -1)),
    "a signature is gone": on_file(Path.unlink, signature, lambda run: int(signature(run).stem)),
    "a signature is another's": signed_by_bob,
    "a signature is of another record": on_file(lambda path: shutil.copy(path.with_name("000001.sig"), path), signature, lambda run: int(signature(run).stem)),
    "a signature was made for another purpose": for_another_purpose,
    "a signature is no signature": on_file(lambda path: path.write_text("-----BEGIN SSH SIGNATURE-----\n"), signature, lambda run: int(signature(run).stem)),
    "an executed notebook is gone": on_file(Path.unlink, lambda run: run / "notebooks/6_synthesis.ipynb", lambda run: seq(run, "executed")),
}  # fmt: skip


@pytest.mark.parametrize("tamper", TAMPERINGS.values(), ids=list(TAMPERINGS))
def test_what_was_done_is_named_by_file_and_record(
    run: Path, tamper: Tamper, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = tamper(run)
    assert expected is not None
    found = verify(Run.open(run))
    assert expected in named(found), found.lines
    assert cli.main(["verify", str(run)]) == 1
    file, record = expected
    assert f"wrong: {file}{f', record {record}' if record else ''}: " in capsys.readouterr().out


ONE_FAULT = {
    name: TAMPERINGS[name]
    for name in (
        "a decision says another name", "a record is missing", "the brief is another", "who has to approve is loosened", "an approved document is another",
        "an answer is another", "a signature is gone", "run.json has another budget", "the last two records are cut off",
    )
}  # fmt: skip


@pytest.mark.parametrize("tamper", ONE_FAULT.values(), ids=list(ONE_FAULT))
def test_one_thing_done_is_one_thing_named(run: Path, tamper: Tamper) -> None:
    expected = tamper(run)
    assert named(verify(Run.open(run))) == [expected]


def test_everything_that_was_done_is_named_at_once(run: Path) -> None:
    expected = {TAMPERINGS[name](run) for name in ("the brief is gone", "an approved document is gone", "an answer is gone", "a consultant was put in", "a signature is gone", "a record is no JSON")}  # fmt: skip
    assert expected <= set(named(verify(Run.open(run))))


def cloned(run: Path) -> Path:
    def git(*arguments: str, cwd: Path = run) -> None:
        settings = [
            "-c",
            "user.name=a",
            "-c",
            "user.email=a@example.org",
            "-c",
            "core.autocrlf=true",
            "-c",
            "init.defaultBranch=main",
        ]
        subprocess.run(["git", *settings, *arguments], cwd=cwd, check=True, capture_output=True, timeout=30)

    git("init")
    git("add", "-A")
    git("commit", "-m", "a run")
    git("clone", str(run), str(run.parent / "clone"))
    return run.parent / "clone"


def moved(run: Path) -> Path:
    (run.parent / "elsewhere").mkdir()
    return Path(shutil.move(run, run.parent / "elsewhere" / "another name"))


def copied(run: Path) -> Path:
    subprocess.run(["cp", "-r", str(run), str(run.parent / "copy")], check=True, timeout=20)
    return run.parent / "copy"


def touched(run: Path) -> Path:
    for path in run.rglob("*"):
        os.utime(path, (1, 1))
        path.chmod(0o755 if path.is_dir() else 0o600)
    return run


def zipped(run: Path) -> Path:
    archive = shutil.make_archive(str(run.parent / "run-archive"), "zip", run)
    shutil.unpack_archive(archive, run.parent / "unpacked")
    return run.parent / "unpacked"


def left_over(run: Path) -> Path:
    (run / "live.json").write_text("{")
    (run / "documents" / ".DS_Store").write_bytes(b"\0")
    (run / "documents" / "plan" / "notes" / "01-reading.md~").write_text("old")
    (run / "notes to myself.txt").write_text("call Bob")
    (run / "journal" / "000099.sig").write_text("half a signature")
    return run


def cleaned(run: Path) -> Path:
    for path in [*run.glob("*.lock"), *run.glob("live.json"), run / ".gitattributes"]:
        path.unlink(missing_ok=True)
    return run


def saved_again(run: Path) -> Path:
    (run / "notebooks" / "6_synthesis.ipynb").write_text('{"cells": [], "metadata": {}}\n')
    (run / "notebooks" / "mine.ipynb").write_text("{}")
    return run


def budget_raised(run: Path) -> Path:
    Run.open(run).allow(30.0)
    return run


def looked_at(run: Path) -> Path:
    for phase in opened(run).phases:
        phase.consult().review("clean")
        assert phase.findings is not None
    return run


def forgotten_here(run: Path) -> Path:
    os.environ["XDG_STATE_HOME"] = str(run.parent / "another machine")
    return run


INNOCENT: dict[str, Callable[[Path], Path]] = {
    "nothing": lambda run: run, "moved and renamed": moved, "copied with cp -r": copied, "cloned with git": cloned, "touched, with other rights": touched,
    "zipped and unpacked": zipped, "left-overs of other programs": left_over, "locks and live.json taken away": cleaned, "a notebook saved again": saved_again,
    "a budget raised": budget_raised, "run through once more": looked_at, "looked at on another machine": forgotten_here,
}  # fmt: skip


@pytest.mark.parametrize("change", INNOCENT.values(), ids=list(INNOCENT))
def test_what_changes_nothing_of_the_record_raises_no_alarm(
    run: Path, change: Callable[[Path], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", os.environ["XDG_STATE_HOME"])
    changed = change(run)
    assert verify(Run.open(changed)).faults == ()
    assert cli.main(["verify", str(changed)]) == 0


def test_nothing_is_written_by_looking(run: Path) -> None:
    before = {path: path.read_bytes() for path in run.rglob("*") if path.is_file()}
    verify(Run.open(run))
    assert {path: path.read_bytes() for path in run.rglob("*") if path.is_file()} == before


def test_a_changed_draft_nobody_has_decided_about_is_noted_and_no_fault(run: Path) -> None:
    cut_at = seq(run, "decided", -1)
    for place in range(last(run), cut_at - 1, -1):
        (run / record_name(place)).unlink()
    altered(run / "documents" / SUMMARY, "Notes", "More notes")
    os.environ["XDG_STATE_HOME"] = str(run.parent / "nothing kept")
    found = verify(Run.open(run))
    assert found.faults == ()
    drafted = seq(run, "drafted", -1)
    assert any(f"documents/{SUMMARY} was changed by hand since record {drafted}" in note for note in found.notes)


def test_an_edit_that_is_recorded_is_none_of_its_business(run: Path) -> None:
    altered(run / "documents" / READING, "Notes", "More notes")
    opened(run).phase("writing").consult()
    assert verify(Run.open(run)).faults == ()


def test_what_cannot_be_shown_is_said(run: Path) -> None:
    notes = "\n".join(verify(Run.open(run)).notes)
    assert "1 of 4 decisions by people are not signed" in notes
    assert "who can write to the folder can write all of it anew" in notes
    assert "names are what people said of themselves" in notes
    assert "not covered" in notes and "live.json" in notes
    os.environ["XDG_STATE_HOME"] = str(run.parent / "another machine")
    assert "no head of this run is kept on this machine" in "\n".join(verify(Run.open(run)).notes)


def test_a_head_that_was_noted_down_shows_a_cut_tail_on_any_machine(run: Path) -> None:
    os.environ["XDG_STATE_HOME"] = str(run.parent / "another machine")
    head = digest.of_bytes((run / record_name(last(run))).read_bytes())
    assert verify(Run.open(run), head=head).faults == ()
    assert verify(Run.open(run), head=head[:16].upper()).faults == ()
    (run / record_name(last(run))).unlink()
    assert named(verify(Run.open(run), head=head)) == [(record_name(last(run) + 1), last(run) + 1)]
    with pytest.raises(OptionRefused, match="at least the first 12"):
        verify(Run.open(run), head="3f2a")


def test_a_copy_that_was_carried_on_elsewhere_is_told_from_a_cut_tail(run: Path, tmp_path: Path) -> None:
    os.environ["XDG_STATE_HOME"] = str(tmp_path / "one machine")
    copy = copied(run)
    for place, by in ((run, "ann"), (copy, "bob")):
        altered(place / "documents" / SUMMARY, "Notes", f"Notes of {by}")
        opened(place).phase("summary").approve(by)
    for place, other in ((run, copy), (copy, run)):
        found = verify(Run.open(place))
        assert found.faults == ()
        assert any("carried on in two places" in note and str(other) in note for note in found.notes)
    (copy / record_name(last(copy))).unlink()
    assert named(verify(Run.open(copy))) != []


def test_a_home_that_cannot_be_written_keeps_nobody_from_deciding(run: Path, tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("")
    os.environ["XDG_STATE_HOME"] = str(tmp_path / "a file")
    assert not heads.keep("0123", heads.Head(1, "a" * 64, "2026-11-21T00:00:00Z"))
    assert heads.kept("0123") == ()
    altered(run / "documents" / SUMMARY, "Notes", "More notes")
    assert opened(run).phase("summary").approve("ann").verdict == "approved"
    assert verify(Run.open(run)).faults == ()


def test_heads_are_kept_one_by_one_and_none_takes_another_away() -> None:
    every = [heads.Head(at, digest.of_text(str(at)), "2026-11-21T00:00:00Z", "/somewhere") for at in (3, 1, 2)]
    assert all(heads.keep("0123", head) and heads.keep("0123", head) for head in every)
    assert heads.kept("0123") == tuple(sorted(every, key=lambda head: head.seq))
    assert heads.kept("4567") == ()
    (heads.folder() / "0123" / "000009-x.json").write_text("{")
    assert len(heads.kept("0123")) == 3


def test_an_older_run_is_verified_as_far_as_it_goes(run: Path) -> None:
    facts = {key: value for key, value in ordered(run).items() if key not in ("id", "first")}
    (run / "run.json").write_text(json.dumps({**facts, "format": 3}))
    before = "0" * 64
    for place in records(run):
        body = {k: v for k, v in records(run)[place]["body"].items() if k != "signed"}
        fact = Record(place, records(run)[place]["at"], records(run)[place]["kind"], body, before)
        (run / record_name(place)).write_bytes(fact.bytes())
        before = digest.of_bytes(fact.bytes())
        (run / record_name(place)).with_suffix(".sig").unlink(missing_ok=True)
    os.environ["XDG_STATE_HOME"] = str(run.parent / "another machine")
    found = verify(Run.open(run))
    assert found.faults == ()
    assert any("before format 4" in note for note in found.notes)
    altered(run / "brief.md", "must", "need not")
    assert named(verify(Run.open(run))) == [("brief.md", seq(run, "decided", -1))]


def test_a_run_that_has_only_begun_is_sound_and_says_what_nothing_vouches_for(tmp_path: Path) -> None:
    found = verify(opened(begin(tmp_path)))
    assert found.faults == ()
    assert any("no records yet" in note for note in found.notes)


def test_it_is_plain_values_for_programs(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (run / "brief.md").unlink()
    assert cli.main(["verify", str(run), "--json"]) == 1
    facts = json.loads(capsys.readouterr().out)
    assert facts["sound"] is False
    assert facts["faults"] == [
        {"file": "brief.md", "record": 0, "said": "is missing; run.json names it among the files the run began with"}
    ]
    assert facts["counted"]["records"] == last(run)


HOSTILE = {
    "a digest that climbs out": {"digest": "../../../../etc/passwd"}, "numbers for texts": {"subject": 7, "by": [1], "comments": "x"},
    "a digest that is a list": {"digest": ["a"], "attempts": {"a": 1}}, "names that climb out": {"kept": {"../../etc/passwd": "0" * 64, "/etc/passwd": "1"}, "notebook": "../../x"},
    "deep": {"subject": {"documents/../../x.md": "0" * 64}, "signed": {"a": []}},
}  # fmt: skip


@pytest.mark.parametrize("body", HOSTILE.values(), ids=list(HOSTILE))
def test_records_made_to_trip_the_reader_do_not(run: Path, body: dict[str, Any]) -> None:
    for place in (seq(run, "decided", 1), seq(run, "drafted"), seq(run, "executed"), seq(run, "settled")):
        rewrite(run, place, **body)
    rechain(run)
    assert verify(Run.open(run)).faults != ()
