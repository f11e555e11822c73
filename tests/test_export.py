"""What is handed over is the documents, byte for byte, with what they rest on and their record; nobody's edit is lost."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest

from planning_kit import tables
from planning_kit.errors import BadInput, OptionRefused
from planning_kit.export import export
from planning_kit.order import Order
from planning_kit.run import Run

from .authors import Writer

FOLDER = "planning-docs/readers-read-notes"


@pytest.fixture
def planned(tmp_path: Path) -> Run:
    begun, _ = Order("Readers read notes.", model="offline", outputs=tmp_path / "outputs").run()
    run = Run.open(begun.folder, author=Writer)
    for phase in run.phases:
        phase.consult().approve("ann")
    return run


def test_an_export_is_the_documents_and_the_facts_byte_for_byte_and_a_record(planned: Run, tmp_path: Path) -> None:
    done = export(planned, tmp_path / "to")
    assert done.closed == ()
    *documents, facts, record = done.written
    assert len(documents) == 7
    for path in documents:
        assert path.read_bytes() == planned.shelf.path(str(path.relative_to(tmp_path / "to"))).read_bytes()
    assert facts == tmp_path / "to" / FOLDER / "facts.yaml" and facts.read_text() == planned.sheet.text
    assert record == tmp_path / "to" / FOLDER / "RECORD.md"


def test_the_record_names_what_was_handed_over_who_decided_and_how_the_journal_ended(
    planned: Run, tmp_path: Path
) -> None:
    done = export(planned, tmp_path / "to")
    record = done.written[-1].read_text()
    for path in done.written[:-1]:
        name, digest = path.relative_to(tmp_path / "to").as_posix(), sha256(path.read_bytes()).hexdigest()
        assert f"| `{name}` | `{digest}` | " in record
    assert f"its head is `{planned.journal.head}`" in record
    decision = planned.phase("synthesis").gate.decision
    assert decision is not None
    assert f"- Record {decision.seq}, {decision.at}: approved by ann (as a person, not signed)\n" in record
    above, last = record.rsplit("SHA-256 of everything above this line: ", 1)
    assert last == f"`{sha256(above.encode()).hexdigest()}`\n"


def test_exporting_twice_changes_nothing(planned: Run, tmp_path: Path) -> None:
    export(planned, tmp_path / "to")
    again = export(planned, tmp_path / "to")
    assert again.written == () and len(again.unchanged) == 9


def test_a_file_somebody_edited_is_kept_and_a_stale_one_is_replaced(planned: Run, tmp_path: Path) -> None:
    export(planned, tmp_path / "to")
    api, data, record = (tmp_path / "to" / FOLDER / name for name in ("04-api-design.md", "05-data-model.md", "RECORD.md"))  # fmt: skip
    api.write_text("mine\n")
    planned.phase("consultants").send_back("bob", "more")
    planned.phase("consultants").consult()
    done = export(planned, tmp_path / "to")
    assert done.kept == (api,) and api.read_text() == "mine\n"
    assert data in done.written and record in done.written
    assert done.closed == ("consultants", "synthesis")
    assert "sent back by bob (as a person, not signed): “more”" in record.read_text()


def test_a_record_or_a_list_of_sources_somebody_edited_is_kept(planned: Run, tmp_path: Path) -> None:
    source = {"id": "S1", "url": "https://example.org/", "title": "A", "quoted": "", "accessed": "2026-11-21", "document": ""}  # fmt: skip
    (planned.folder / "sources.json").write_text(json.dumps([source]))
    sources, record = (tmp_path / "to" / FOLDER / name for name in ("sources.json", "RECORD.md"))
    assert sources in export(planned, tmp_path / "to").written
    (planned.folder / "sources.json").write_text(json.dumps([source | {"title": "B"}]))
    assert export(planned, tmp_path / "to").written == (sources, record)
    sources.write_text("[]")
    (planned.folder / "sources.json").write_text(json.dumps([source | {"title": "C"}]))
    assert export(planned, tmp_path / "to").kept == (sources,)
    record.write_text(record.read_text().replace("ann", "bob"))
    assert export(planned, tmp_path / "to").kept == (sources, record)


def test_words_in_a_record_are_no_markdown(planned: Run, tmp_path: Path) -> None:
    planned.phase("consultants").send_back("ann", "more", None)
    planned.phase("consultants").consult().approve("bob [x](https://example.org)", "<img src=x>\n# `all`\u202e")
    record = export(planned, tmp_path / "to").written[-1].read_text()
    assert r"bob \[x\](https://example.org)" in record
    assert r"“\<img src=x\> \# \`all\`␣U+202E”" in record


def test_what_looks_like_a_secret_is_not_handed_over(planned: Run, tmp_path: Path) -> None:
    path = planned.shelf.path(f"{FOLDER}/04-api-design.md")
    path.write_text(path.read_text() + "\nsk-ant-api03-" + "a" * 40 + "\n")
    with pytest.raises(BadInput, match="04-api-design.md holds what looks like a secret"):
        export(planned, tmp_path / "to")
    assert not (tmp_path / "to").exists()


def test_a_secret_of_the_environment_is_not_handed_over_in_a_comment(
    planned: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned.phase("synthesis").send_back("ann", "the key is correct horse battery")
    monkeypatch.setenv("DB_PASSWORD", "correct horse battery")
    with pytest.raises(BadInput, match=r"journal/\d{6}.json holds what looks like a secret"):
        export(planned, tmp_path / "to")


def test_an_export_needs_documents_and_a_folder(planned: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OptionRefused, match="pick another folder with --to DIR"):
        export(planned, tmp_path / "file")
    fresh, _ = Order("Another brief entirely.", model="offline", outputs=tmp_path / "outputs").run()
    with pytest.raises(OptionRefused, match="has no documents yet"):
        export(fresh, tmp_path / "to")


def test_a_run_can_be_explored_in_pandas(planned: Run) -> None:
    assert list(tables.phases(planned)["gate"]) == ["open"] * 5
    assert list(tables.documents(planned)["version"]) == [1] * 7
    assert list(tables.decisions(planned)["by"]) == ["ann"] * 5
    assert list(tables.calls(planned)["ended"]) == ["end_turn"] * 7
