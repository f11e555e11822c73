"""The panel decides about the bytes it showed, once, and leaves a card and the documents behind instead of itself."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_notebook, reads, writes

from planning_kit import kernel, panel, person
from planning_kit.document import Finding
from planning_kit.findings import Findings
from planning_kit.order import Order
from planning_kit.run import Run

from .authors import agreed

OPEN = """import json
from planning_kit import open_run
phase = open_run(run).phase({phase!r})
panel = phase.review()
heard = []
def say(**what):
    panel.widget.send = heard.append
    panel.hear(what)
    print(json.dumps(heard[-1]))
"""
STATIC = ["text/html", "text/plain"]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Order("# Loans\n\nMembers must be able to borrow books.\n", model="offline", outputs=tmp_path).run()[0]


def cells(run: Run, phase: str, *sources: str, **environment: str) -> list[Any]:
    """The outputs of a notebook that shows the panel of ``phase`` and then runs ``sources``, cell by cell."""
    opened = new_code_cell(OPEN.format(phase=phase))
    book = new_notebook(cells=[new_code_cell('run = "."'), opened, *map(new_code_cell, ("panel", *sources))])
    book.cells[0].metadata["tags"] = ["parameters"]
    source, copy = run.folder.parent / "source.ipynb", run.folder.parent / "executed.ipynb"
    source.write_text(writes(book), "utf-8")
    failure = kernel.execute(source, copy, {}, run.folder, environment)
    assert failure is None, failure
    return [cell.outputs for cell in reads(copy.read_text("utf-8")).cells[2:]]


def draft(run: Run) -> list[Path]:
    """Have the consultants' documents lie in the run as somebody wrote them by hand."""
    phase = run.phase("consultants")
    for name in phase.names:
        run.shelf.path(name).parent.mkdir(parents=True, exist_ok=True)
        run.shelf.path(name).write_text(f"# {name}\n\nwritten by hand\n", "utf-8")
    return [run.shelf.path(name) for name in phase.names]


def kinds(outputs: list[Any]) -> list[list[str]]:
    return [sorted(output.data) for output in outputs]


def plain(output: Any) -> str:
    return str(output.data["text/plain"])


def test_approving_twice_records_once_and_leaves_a_card_and_what_was_shown(run: Run) -> None:
    approve = "say(do='approve', id=1, by='Ann', shown=panel.review.step.subject)"
    shown, first, second = cells(run, "intake", approve, approve)
    (decided,) = run.journal.of("decided")
    assert (decided.body["by"], decided.body["how"]) == ("Ann", "person")
    assert kinds(shown) == [STATIC, STATIC]
    assert plain(shown[0]).startswith("Intake: approved by Ann, ")
    assert all(f"{digest[:12]}  {name}" in plain(shown[0]) for name, digest in decided.body["subject"].items())
    assert f"the journal, whose head is {run.journal.head}" in plain(shown[0])
    assert "Detected tech stack: none" in plain(shown[1])
    assert json.loads(first[0].text)["settled"] and json.loads(second[0].text)["settled"]


def test_nothing_is_recorded_before_somebody_decides_and_what_stands_for_the_panel_says_that_it_is_inert(
    run: Run,
) -> None:
    shown, made = cells(run, "intake", "print(sorted(panel._place and panel.widget.state['shown']))")
    assert kinds(shown) == [STATIC, STATIC], "a saved copy holds no widget"
    assert "plan of execution" in made[0].text
    assert "is inert" in plain(shown[0]) and "Run this cell again" in plain(shown[0])
    assert f"planning-kit approve {run.label} intake --by NAME" in plain(shown[0])
    assert run.journal.of("decided") == []


def test_without_anybody_there_a_card_says_how_to_decide(run: Run) -> None:
    (shown,) = cells(run, "intake", PLANNING_KIT_HEADLESS="1")
    assert kinds(shown) == [STATIC, STATIC]
    assert f"planning-kit approve {run.label} intake --by NAME" in plain(shown[0])
    assert "inert" not in plain(shown[0])


def test_before_anything_is_written_there_is_no_panel_but_a_way_to_have_it_written(run: Run) -> None:
    (shown,) = cells(agreed(run, "Ann"), "consultants")
    assert kinds(shown) == [STATIC]
    assert plain(shown[0]).startswith("Consultants: not written yet") and "run-all-cells" in shown[0].data["text/html"]
    run.phase("research").send_back("Ann", "Say more.")
    (shown,) = cells(run, "consultants")
    assert "the gate 'research' before it is closed" in plain(shown[0])
    assert "run-all-cells" not in shown[0].data["text/html"]


def test_without_anywidget_there_is_the_same_card(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    panel._kind.cache_clear()
    monkeypatch.setitem(sys.modules, "anywidget", None)
    assert panel.Panel(run.phase("intake"), live=True)._made() is None
    panel._kind.cache_clear()


def test_a_decided_gate_shows_its_decision_and_no_panel(run: Run) -> None:
    run.phase("intake").approve("Ann", "go on")
    (shown,) = cells(run, "intake")
    assert kinds(shown) == [STATIC, STATIC]
    assert "approved by Ann" in plain(shown[0])
    assert "“go on”" in plain(shown[0])


def test_a_file_that_changed_after_it_was_shown_is_shown_again_before_it_can_be_approved(run: Run) -> None:
    agreed(run, "Ann")
    edited = draft(run)[0]
    change = f"from pathlib import Path\nseen = dict(panel.widget.state['shown'])\nPath({str(edited)!r}).write_text('# New\\n\\nchanged behind the back\\n')\n"
    approve = "say(do='approve', id=1, by='Ann', shown={})"
    shown, _, refused, again = cells(
        run, "consultants", change, approve.format("seen") + "\nprint('changed behind' in panel.widget.page['html'])",
        approve.format("panel.widget.state['shown']"),
    )  # fmt: skip
    said, repainted = refused[0].text.splitlines()
    assert "changed since they were shown" in json.loads(said)["said"]
    assert repainted == "True"
    assert "changed behind the back" in plain(shown[1])
    (decided,) = run.journal.of("decided", phase="consultants")
    assert decided.body["subject"] == run.phase("consultants").subject


def test_what_the_panel_sends_reaches_the_record(run: Run) -> None:
    agreed(run, "Ann")
    name = (draft(run), run.phase("consultants").names)[1][0]
    shown, comment, text, edit, back = cells(
        run, "consultants",
        f"say(do='comment', id=1, document={name!r}, line=3, quote='written by hand', text='why?', by='Ann')",
        f"say(do='text', id=2, name={name!r})",
        f"say(do='edit', id=3, name={name!r}, text='# Mine\\n', seen=heard[-1]['digest'], by='Ann')",
        "say(do='send back', id=4, by='Ann', shown=panel.widget.state['shown'])",
    )  # fmt: skip
    said = [json.loads(each[0].text) for each in (comment, text, edit, back)]
    assert [(each["to"], each["done"]) for each in said] == [(1, True), (2, True), (3, True), (4, True)]
    assert said[1]["text"].endswith("written by hand\n")
    assert said[3]["again"]
    (decided,) = run.journal.of("decided", phase="consultants")
    assert (decided.body["verdict"], list(decided.body["subject"]), len(decided.body["comments"])) == (
        "sent back",
        [name],
        1,
    )
    assert len(run.journal.of("edited", document=name, by="Ann")) == 1
    assert "is inert" in plain(shown[0]), "four documents are still to be decided: the panel stays"


def test_a_fault_of_the_panel_is_said_in_the_panel_and_holds_no_secret(run: Run) -> None:
    fault = "def fail(*_):\n    raise ValueError('sk-ant-api03-' + 'x' * 95)\npanel.review.text = fail\nsay(do='text', id=7)"
    *_, said = cells(run, "intake", fault)
    assert "The panel failed: ValueError" in said[0].text
    assert "sk-ant-api03" not in said[0].text


def test_sending_all_back_leaves_a_card_that_says_which_cell_to_run(run: Run) -> None:
    agreed(run, "Ann")
    draft(run)
    back = "say(do='send back', id=1, by='Ann', comment={}, shown=panel.widget.state['shown'])"
    shown, refused, _ = cells(run, "consultants", back.format("''"), back.format("'add loans'"))
    assert "needs a comment" in json.loads(refused[0].text)["said"]
    assert kinds(shown) == [STATIC, STATIC]
    assert "sent back by Ann" in plain(shown[0])
    assert "Run the cell that consults again" in plain(shown[0])


def test_documents_with_findings_come_first(run: Run) -> None:
    draft(run)
    phase = run.phase("consultants")
    finding = Finding(phase.names[3], 3, "rule", "tool 1", "error", "is <b>missing</b>")
    shown = panel.documents(phase, Findings((finding,), phase.documents))
    assert shown.text.splitlines()[0] == f"{phase.names[3]}: 1 finding (1 error)"
    assert shown.html.count("<details>") == 5
    assert "is &lt;b&gt;missing&lt;/b&gt;" in shown.html


def test_a_decision_by_rule_reads_as_one(run: Run) -> None:
    run.phase("intake").review("clean")
    assert panel.card(run.phase("intake")).text.startswith("Intake: approved by policy 'clean', ")


def test_the_script_asks_no_network_and_puts_only_what_is_safe_in_as_html() -> None:
    here = Path(panel.__file__).parent
    script = "\n".join((here / part).read_text("utf-8") for part in panel.PARTS)
    assert not re.findall(
        r"https?:|import\s|fetch\(|XMLHttpRequest|WebSocket|insertAdjacentHTML|outerHTML|eval\(", script
    )
    assert script.count("innerHTML") == 1
    safe = set(re.findall(r"safe: ([\w.]+)", script))
    assert safe == {"page.html", "changes.html", "each.html", "message.card"}


def test_its_script_and_its_style_lie_in_the_package_from_which_the_wheel_is_made() -> None:
    here = Path(panel.__file__).parent
    assert all((here / name).read_text("utf-8").strip() for name in (*panel.PARTS, "panel.css"))


@pytest.mark.parametrize(
    ("settings", "environment", "name"),
    [
        ('[core]\n\teditor = vi\n[user]\n\temail = a@b\n\tname = "Ann Architect" # me\n', {}, "Ann Architect <a@b>"),
        ("[user]\n\tname = Ann\n", {"GIT_AUTHOR_NAME": "Bob"}, "Bob"),
    ],
)
def test_the_proposed_name_is_gits_without_running_git(
    tmp_path: Path, settings: str, environment: dict[str, str], name: str
) -> None:
    (tmp_path / ".gitconfig").write_text(settings)
    assert person.who({"HOME": str(tmp_path), **environment}) == name


def test_without_git_the_account_is_proposed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "architect")
    assert person.who({"HOME": str(tmp_path)}) == "architect"
