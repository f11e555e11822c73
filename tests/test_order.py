"""An order becomes a run, or one clear line that says what is wrong with it; then nothing is left behind."""

from __future__ import annotations

import io
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest

from planning_kit.errors import BadInput, OptionRefused
from planning_kit.order import Order, find_run, resolve_model
from planning_kit.store import begun

TEXT = "Readers must be able to read notes over HTTP."


def order(tmp_path: Path, **said: object) -> Order:
    return Order(**{"brief": TEXT, "model": "offline", "outputs": tmp_path / "outputs", **said})  # type: ignore[arg-type]


def test_a_run_is_laid_out_by_slug_and_time(tmp_path: Path) -> None:
    run, before = order(tmp_path).run()
    assert not before
    assert run.folder.parent.parent == tmp_path / "outputs"
    assert run.folder.parent.name == "readers-must-be-able-to-read-notes-over-http"
    assert len(run.folder.name) == len("20261121-104227")
    assert (run.folder / "brief.md").read_text() == TEXT


def test_the_same_order_carries_its_run_on_and_new_begins_another(tmp_path: Path) -> None:
    first, _ = order(tmp_path).run()
    again, before = order(tmp_path).run()
    assert (again.folder, before) == (first.folder, True)
    other, before = order(tmp_path, new=True).run()
    assert other.folder != first.folder and not before


def test_another_brief_model_or_codebase_is_another_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "test-key")
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "main.py").write_text("print()\n")
    orders = [
        order(tmp_path),
        order(tmp_path, brief=TEXT + " And write."),
        order(tmp_path, model="claude-haiku-5-5"),
        order(tmp_path, repo=str(tmp_path / "code")),
    ]
    assert len({each.run()[0].folder for each in orders}) == 4


def test_a_brief_may_be_a_file_text_or_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "my-prd.md"
    path.write_text(TEXT)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode())))
    assert {order(tmp_path, brief=said).run()[0].brief.text for said in (str(path), "-", TEXT)} == {TEXT}


def test_a_folder_beside_the_brief_adds_consultants(tmp_path: Path) -> None:
    path = tmp_path / "my-prd.md"
    path.write_text(TEXT)
    own = tmp_path / "planning_kit" / "consultants"
    own.mkdir(parents=True)
    shipped = (Path(__file__).parents[1] / "planning_kit" / "consultants" / "stack-consultant.md").read_text()
    (own / "stack-consultant.md").write_text(shipped.replace("title: Stack consultant", "title: Our stack consultant"))
    run, _ = order(tmp_path, brief=str(path)).run()
    assert run.catalog.consultants["stack-consultant"].title == "Our stack consultant"
    assert (run.folder / "catalog" / "consultants" / "stack-consultant.md").is_file()


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({"brief": "no-such-brief.md"}, "no such file: no-such-brief.md"),
        ({"brief": "no such brief.md"}, "no such file: no such brief.md"),
        ({"brief": "."}, ".: is a directory"),
        ({"brief": "   "}, "the brief is empty"),
        ({"recipe": "backend-plans"}, r"no such recipe: 'backend-plans'; did you mean 'backend-plan'\?"),
        ({"settings": ("consultant=x",)}, r"no such option: 'consultant'; did you mean 'consultants'\?"),
        ({"settings": ("consultants",)}, "--set 'consultants': write KEY=VALUE"),
        ({"settings": ("consultants=/nowhere",)}, "/nowhere: no such folder"),
        ({"model": "claude-sonet-5-5"}, r"no such model: 'claude-sonet-5-5'; did you mean 'claude-sonnet-5-5'\?"),
        ({"model": "claude-sonnet-5-5"}, "needs a key: set ANTHROPIC_API_KEY"),
        ({"repo": "/nowhere"}, "--repo /nowhere: no such folder"),
        ({"budget": -1.0}, "--budget -1.0: give US dollars"),
        ({"budget": float("nan")}, "--budget nan: give US dollars"),
    ],
)
def test_a_wrong_order_is_one_clear_line_and_leaves_nothing_behind(
    tmp_path: Path, said: dict[str, object], says: str
) -> None:
    with pytest.raises(BadInput, match=says) as refused:
        order(tmp_path, **said).run()
    assert "\n" not in str(refused.value)
    assert not (tmp_path / "outputs").exists()


def test_an_outputs_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "outputs").write_text("a file")
    with pytest.raises(
        OptionRefused, match="cannot write to the outputs folder .*outputs: .*; pick another with --outputs DIR"
    ):
        order(tmp_path).run()
    with pytest.raises(OptionRefused, match="cannot write to the outputs folder /proc/outputs"):
        order(tmp_path, outputs=Path("/proc/outputs")).run()


def test_auto_takes_the_api_only_when_there_is_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    assert resolve_model("auto") == "offline"
    monkeypatch.setenv("ANTHROPIC_API_KEY", " ")
    assert resolve_model("auto") == "offline"
    monkeypatch.setenv("ANTHROPIC_API_KEY", "test-key")
    assert resolve_model("auto").startswith("claude-")


def test_any_model_name_goes_to_a_server_of_ones_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "any")
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "http://127.0.0.1:11434")
    assert resolve_model("qwen3:32b") == "qwen3:32b"


def test_a_run_is_found_by_folder_label_or_slug(tmp_path: Path) -> None:
    run, _ = order(tmp_path).run()
    for said in (str(run.folder), run.label, run.slug, ""):
        assert find_run(said, tmp_path / "outputs").folder == run.folder
    with pytest.raises(OptionRefused, match="no such run: 'nots'"):
        find_run("nots", tmp_path / "outputs")


def test_the_codebase_one_stands_in_does_not_change_by_being_planned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = {"repo": ".", "outputs": Path("outputs")}
    first, _ = order(tmp_path, **said).run()
    (tmp_path / "new.py").write_text("")
    again, before = order(tmp_path, **said).run()
    assert (again.folder, before) == (first.folder, True)


def test_two_equal_orders_at_the_same_moment_are_one_run(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        folders = {run.folder for run, _ in pool.map(lambda _: order(tmp_path).run(), range(8))}
    assert len(folders) == 1


def test_what_cannot_be_written_leaves_no_half_of_a_run(tmp_path: Path) -> None:
    with pytest.raises(UnicodeEncodeError):
        begun(tmp_path / "outputs", "x", {"brief.md": "a", "run.json": "\ud800"}, datetime.now())
    assert not list((tmp_path / "outputs" / "x").iterdir())


def test_a_damaged_run_does_not_stand_in_the_way_of_others(tmp_path: Path) -> None:
    run, _ = order(tmp_path).run()
    damaged = run.folder.with_name("29991231-235959")
    damaged.mkdir()
    (damaged / "run.json").write_text("")
    assert order(tmp_path).run()[0].folder == run.folder
    assert find_run(run.slug, tmp_path / "outputs").folder == run.folder


@pytest.mark.parametrize("dollars", [float("nan"), float("inf"), -3.0, 1e12])
def test_a_budget_that_is_none_is_refused_wherever_it_is_given(tmp_path: Path, dollars: float) -> None:
    run, _ = order(tmp_path).run()
    with pytest.raises(OptionRefused, match="give US dollars between 0 and 1,000,000"):
        run.allow(dollars)
    assert run.budget == 20.0


def test_a_pipe_or_a_device_is_no_brief(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    for said in (str(tmp_path / "pipe.md"), "/dev/zero"):
        with pytest.raises(BadInput, match="not a regular file; give a text or Markdown file, or '-'"):
            order(tmp_path, brief=said).run()


def test_a_key_that_no_header_can_carry_is_refused_before_anything_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "a b")
    with pytest.raises(BadInput, match="ANTHROPIC_API_KEY has blanks"):
        order(tmp_path, model="claude-sonnet-5-5").run()
    assert not (tmp_path / "outputs").exists()
