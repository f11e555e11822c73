"""An order becomes a run, or one clear line that says what is wrong with it; then nothing is left behind."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from planning_kit import roles
from planning_kit.authors import Authors, resolve_model
from planning_kit.errors import BadInput, Damaged, OptionRefused
from planning_kit.model import Request
from planning_kit.order import Order
from planning_kit.roles import Role
from planning_kit.run import Run
from planning_kit.runs import find_run
from planning_kit.store import begun

from .authors import Writer
from .test_claude_abilities import listing

TEXT = "Readers must be able to read notes over HTTP."


def order(tmp_path: Path, **said: object) -> Order:
    return Order(**{"brief": TEXT, "model": "offline", "outputs": tmp_path / "outputs", **said})  # type: ignore[arg-type]


def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Point the environment at a port on which nobody answers."""
    monkeypatch.setenv("ANTHROPIC_API_KEY", "any")
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "http://127.0.0.1:1")


def listed(monkeypatch: pytest.MonkeyPatch, *models: str) -> AbstractContextManager[tuple[str, list[str]]]:
    """A server that lists ``models``, and the environment pointed at it."""

    @contextmanager
    def serving() -> Iterator[tuple[str, list[str]]]:
        entries = {"object": "list", "data": [{"id": model, "object": "model"} for model in models]}
        with listing((200, entries)) as (url, asked):
            monkeypatch.setenv("ANTHROPIC_API_KEY", "any")
            monkeypatch.setenv("ANTHROPIC_BASE_URL", url)
            yield url, asked

    return serving()


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
    nobody(monkeypatch)
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
        ({"settings": ("efort=high",)}, r"no such option: 'efort'; did you mean 'effort'\?"),
        ({"settings": ("model.securty-consultant=x",)}, r"no such seat: .*; did you mean 'security-consultant'\?"),
        ({"settings": ("modle.security-consultant=x",)}, r"did you mean 'model.security-consultant'\?"),
        ({"settings": ("model.security-consultant=claude-opus-5-5",)}, "the model claude-opus-5-5 needs a key"),
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
    assert resolve_model("auto") == "auto"
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    monkeypatch.setenv("PLANNING_KIT_PLATFORM", "foundry")
    assert resolve_model("auto") == "auto"


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


def test_a_run_that_another_process_is_about_to_begin_is_not_there_yet(tmp_path: Path) -> None:
    run, _ = order(tmp_path).run()
    slug = run.slug
    run.folder.rename(run.folder.with_name(".partial-1-abcd"))
    with pytest.raises(OptionRefused, match="no such run"):
        find_run(slug, tmp_path / "outputs")
    again, before = order(tmp_path).run()
    assert not before and not again.folder.name.startswith(".")


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


def test_general_options_are_kept_as_roles_and_not_handed_to_prompts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody(monkeypatch)
    settings = ("model.security-consultant=quick", "effort=high", "fallback=strong", "web.searches=2", "lookup=off")
    run, _ = order(tmp_path, model="m-1", settings=settings).run()
    quick, strong = roles.tiers()["quick"], roles.tiers()["strong"]
    assert run.role("security-consultant").model == quick and run.role("backend-consultant").model == "m-1"
    assert {run.role(seat).effort for seat in run.roles} == {"high"}
    assert (run.fallback, run.lookup, run.model) == (strong, False, f"m-1 and {quick}")
    assert not set(run.options) & {"effort", "fallback", "web.searches", "lookup", "model.security-consultant"}
    assert {entry["model"] for entry in run.call_plan if entry["consultant"] == "security-consultant"} == {quick}
    assert json.loads((run.folder / "run.json").read_text())["format"] == 4


def test_who_is_asked_as_what_is_part_of_what_makes_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nobody(monkeypatch)
    said = [(), ("model.security-consultant=m-2",), ("effort=low",), ("fallback=m-3",), ("lookup=off",)]
    folders = [order(tmp_path, model="m-1", settings=settings).run()[0].folder for settings in said]
    assert len(set(folders)) == len(said)
    assert order(tmp_path, model="m-1", settings=said[1]).run()[0].folder == folders[1]


def test_a_model_the_server_does_not_know_is_refused_with_the_nearest_and_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with listed(monkeypatch, "qwen3:32b", "llama4:8b") as (url, _):
        host = url.removeprefix("http://")
        for said in ({"model": "qwen3:23b"}, {"model": "llama4:8b", "settings": ("fallback=qwen3:23b",)},
                     {"model": "llama4:8b", "settings": ("model.security-consultant=qwen3:23b",)}):  # fmt: skip
            with pytest.raises(
                OptionRefused, match=rf"no such model at {host}: 'qwen3:23b'; did you mean 'qwen3:32b'\?"
            ):
                order(tmp_path, **said).run()
        with pytest.raises(OptionRefused, match="no such model at .*: 'claude-.*'; there is llama4:8b, qwen3:32b"):
            order(tmp_path, model="auto").run()
    assert not (tmp_path / "outputs").exists()


def test_the_server_is_asked_once_and_what_it_said_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with listed(monkeypatch, "qwen3:32b") as (url, asked):
        said = order(tmp_path, model="qwen3:32b", settings=("model.security-consultant=offline",))
        run, _ = said.run()
        said.run()
        assert len(asked) == 1
        assert run.abilities is not None and list(run.abilities.models or ()) == ["qwen3:32b"]
        assert Run.open(run.folder).abilities == run.abilities and len(asked) == 1
        (run.folder / "server.json").unlink()
        assert Run.open(run.folder).abilities is not None and len(asked) == 2
        assert (run.folder / "server.json").is_file()
        kept = run.abilities.host
    with listed(monkeypatch, "other"):
        now = Run.open(run.folder).abilities
        assert now is not None and now.host != kept and list(now.models or ()) == ["other"]
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    assert Run.open(run.folder).abilities == now
    (run.folder / "server.json").write_text("{")
    with pytest.raises(Damaged, match="server.json cannot be read"):
        _ = Run.open(run.folder).abilities


def test_offline_asks_nobody_and_a_rehearsal_only_what_a_run_would_ask_before_it_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with listed(monkeypatch, "qwen3:32b") as (_, asked):
        run, _ = order(tmp_path).run()
        assert run.abilities is None and not (run.folder / "server.json").exists() and asked == []
        with order(tmp_path, model="qwen3:32b").rehearsed() as rehearsed:
            assert rehearsed.abilities is not None and len(asked) == 1
        with (
            pytest.raises(OptionRefused, match="did you mean 'qwen3:32b'"),
            order(tmp_path, model="qwen3:23b").rehearsed(),
        ):
            raise AssertionError("nothing is rehearsed")


def test_a_server_that_cannot_be_asked_or_lists_nothing_is_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody(monkeypatch)
    run, _ = order(tmp_path, model="m-1").run()
    assert not (run.folder / "server.json").exists() and run.abilities is None
    with listed(monkeypatch):
        run, _ = order(tmp_path, model="m-2").run()
    assert run.abilities is not None and run.abilities.models is None


def test_a_run_that_is_there_is_found_without_reading_the_codebase(tmp_path: Path) -> None:
    (tmp_path / "code").mkdir()
    said = order(tmp_path, repo=str(tmp_path / "code"))
    run, _ = said.run()
    (tmp_path / "code").rmdir()
    again, before = said.run()
    assert (again.folder, before) == (run.folder, True)


def test_a_run_from_before_there_were_roles_still_opens(tmp_path: Path) -> None:
    run, _ = order(tmp_path).run()
    path = run.folder / "run.json"
    said = json.loads(path.read_text())
    old = {key: value for key, value in said.items() if key not in ("roles", "fallback", "lookup")}
    path.write_text(json.dumps({**old, "format": 2, "model": "m-1"}))
    before = Run.open(run.folder)
    assert set(before.roles) == set(run.roles) and set(before.roles.values()) == {Role("m-1")}
    assert (before.fallback, before.lookup, before.model) == ("", False, "m-1")
    path.write_text(json.dumps({**old, "format": 3}))
    with pytest.raises(Damaged, match="run.json does not say how its seats are asked"):
        Run.open(run.folder).role("backend-consultant")


def test_each_request_goes_to_the_author_it_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = Writer()
    made: list[str] = []

    def claude() -> Writer:
        made.append("claude")
        return writer

    both = Authors(claude)
    asked = Request("offline", "backend-consultant", "Notes", "You.", (), "Write.", ("Overview",), today="2026-11-21")
    assert both.send(asked, lambda _: None).model == "offline" and made == []
    for _ in range(2):
        assert both.send(replace(asked, model="m-1"), lambda _: None).model == "m-1"
    assert made == ["claude"] and [request.model for request in writer.asked] == ["m-1", "m-1"]
