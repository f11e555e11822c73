"""What is handed over is the documents, byte for byte, and nobody's edit is lost."""

from __future__ import annotations

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


def test_an_export_is_the_documents_byte_for_byte(planned: Run, tmp_path: Path) -> None:
    done = export(planned, tmp_path / "to")
    assert len(done.written) == 7 and done.closed == ()
    for path in done.written:
        assert path.read_bytes() == planned.shelf.path(str(path.relative_to(tmp_path / "to"))).read_bytes()


def test_exporting_twice_changes_nothing(planned: Run, tmp_path: Path) -> None:
    export(planned, tmp_path / "to")
    again = export(planned, tmp_path / "to")
    assert again.written == () and len(again.unchanged) == 7


def test_a_file_somebody_edited_is_kept_and_a_stale_one_is_replaced(planned: Run, tmp_path: Path) -> None:
    export(planned, tmp_path / "to")
    api, data = (tmp_path / "to" / FOLDER / name for name in ("04-api-design.md", "05-data-model.md"))
    api.write_text("mine\n")
    planned.phase("consultants").send_back("bob", "more")
    planned.phase("consultants").consult()
    done = export(planned, tmp_path / "to")
    assert done.kept == (api,) and api.read_text() == "mine\n"
    assert data in done.written
    assert done.closed == ("consultants", "synthesis")


def test_what_looks_like_a_secret_is_not_handed_over(planned: Run, tmp_path: Path) -> None:
    path = planned.shelf.path(f"{FOLDER}/04-api-design.md")
    path.write_text(path.read_text() + "\nsk-ant-api03-" + "a" * 40 + "\n")
    with pytest.raises(BadInput, match="04-api-design.md holds what looks like a secret"):
        export(planned, tmp_path / "to")
    assert not (tmp_path / "to").exists()


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
