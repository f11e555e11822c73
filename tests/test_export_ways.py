"""A run handed over to trackers, task runners, Spec Kit and as files: in their shape, harmless there, and nobody's edit is lost."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jsonschema_rs
import pytest
from markdown_it import MarkdownIt

from planning_kit import checks, cli
from planning_kit.checks.about import About
from planning_kit.document import Document
from planning_kit.errors import BadInput, OptionRefused
from planning_kit.export.ways import WAYS, hand_over, handed, said
from planning_kit.export.ways.azure import MOST
from planning_kit.export.ways.placed import NAME as LEDGER
from planning_kit.export.ways.speckit.stories import Story
from planning_kit.export.ways.speckit.tasks import phase_of
from planning_kit.export.ways.work import Work, documents
from planning_kit.order import Order
from planning_kit.run import Run
from planning_kit.tasks.built import build
from planning_kit.tasks.model import Architecture, TaskPlan
from planning_kit.tasks.sketch import Sketch

ODD = (
    "Lay out the `app/` package",
    '=HYPERLINK("http://evil.example/","x")',
    "@octocat should look at #12, o/r#7 and GH-3",
    "$(touch pwned); `id`; '\"; exit 1 #",
    "../../etc/passwd\nand a second line",
    "<script>alert(1)</script> | [x](http://evil.example) ![y](z) {code} \\ [~admin]",
    "Übergröße – “naïve” ☂ \u202egnp.exe\u0007",
    "-minus, +plus and [task 001]",
)


def sketched(names: tuple[str, ...] = ODD, **of_first: Any) -> Sketch:
    """A sketch of makers with these names: the first is a foundation, the others rest on it, the last on all of them."""
    makers = []
    for at, name in enumerate(names):
        after = [] if at == 0 else [f"m{each}" for each in range(at)] if at == len(names) - 1 else ["m0"]
        makers.append(
            {
                "key": f"m{at}", "task_name": name, "description": f"{name}\n- and a point", "skill_id": "backend-development\u202e", "after": after,
                "requirements": name, "files_to_create": [f"app/m{at}.py"], "files_to_modify": [], "files_to_test": [], "test_types": [],
                "patterns_to_follow": "", "timeout_seconds": 3600, "complexity": {"score": 3, "reason": name}, "look_for": [name],
                "validation_criteria": {"critical": [name], "expected": ["it is fast"], "nice_to_have": []},
                "delivers": {"requirements": [f"P{at}"], "operations": [], "tables": [], "mitigations": [], "service_levels": []},
                **(of_first if at == 0 else {}),
            }
        )  # fmt: skip
    return Sketch.model_validate({"summary": names[1], "services": [], "external_integrations": [], "makers": makers})


def planned(names: tuple[str, ...] = ODD, **of_first: Any) -> TaskPlan:
    architecture = Architecture(summary=names[1], endpoints=[], data_models=[], services=[], external_integrations=[])
    return build(sketched(names, **of_first), architecture, "what was asked")


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run with an architecture and a task plan."""
    out = tmp_path_factory.mktemp("ways")
    brief = "# Shop\n\nA customer must be able to order books.\n\nA customer should be able to list their orders.\n"
    run, _ = Order(brief, "task-plan", "offline", out, headless=True).run()
    for name in ("intake", "scope", "architecture"):
        run.phase(name).consult().approve("ann")
    (run.folder / "documents" / "task-plan.json").write_text(planned().text, "utf-8")
    return run.folder


@pytest.fixture
def run(begun: Path, tmp_path: Path) -> Run:
    """Such a run with a plan of eight makers with odd names."""
    folder = tmp_path / "outputs" / begun.parent.name / begun.name
    shutil.copytree(begun, folder)
    (folder / "documents" / "task-plan.json").write_text(planned().text, "utf-8")
    return Run.open(folder)


def replan(run: Run, names: tuple[str, ...]) -> Run:
    (run.folder / "documents" / "task-plan.json").write_text(planned(names).text, "utf-8")
    return Run.open(run.folder)


@pytest.mark.parametrize("way", WAYS)
def test_exporting_twice_changes_nothing_and_every_name_stays_inside(run: Run, tmp_path: Path, way: str) -> None:
    to = tmp_path / "to"
    first, _ = hand_over(run, way, to)
    before = {path: path.read_bytes() for path in to.rglob("*") if path.is_file()}
    again, _ = hand_over(run, way, to)
    assert first.written and not first.unchanged + first.kept + first.left
    assert again.unchanged == first.written and not again.written + again.kept + again.left
    assert before == {path: path.read_bytes() for path in to.rglob("*") if path.is_file()}
    assert all(re.fullmatch(r"[\w.-]+", part, re.ASCII) for path in before for part in path.relative_to(to).parts)
    assert not (tmp_path / "etc").exists()


@pytest.mark.parametrize("way", WAYS)
def test_nothing_hidden_goes_out_of_the_plan(run: Run, way: str) -> None:
    texts = {name: text for name, text in handed(run, way).texts.items() if name != "task-plan.json"}
    assert not [name for name, text in texts.items() if re.search("[\u202e\u0007]", text) or "\\u202e" in text]


def test_an_edited_file_is_kept_also_when_the_plan_has_changed_and_what_is_no_longer_part_is_said(
    run: Run, tmp_path: Path
) -> None:
    to = tmp_path / "to"
    hand_over(run, "github-issues", to)
    mine, stale = to / "issues/001-lay-out-the-app-package.json", to / "issues/009-etc-passwd-and-a-second-line.json"
    mine.write_text("mine\n")
    done, _ = hand_over(replan(run, (*ODD[:4], "Something else", *ODD[5:])), "github-issues", to)
    assert done.kept == (mine,) and mine.read_text() == "mine\n"
    assert done.left == (stale,) and stale.exists()
    assert to / "issues/009-something-else.json" in done.written
    listed = (to / "issues.txt").read_text().split()
    assert stale.name not in listed and len(listed) == 8
    mine.unlink()
    assert mine in hand_over(run, "github-issues", to)[0].written


@pytest.mark.parametrize(
    "ledger",
    ["", "{", "[]", '{"format": 1, "ways": 3}', '{"format": 1, "ways": {"taskmaster": {"tasks.json": ["x", 5]}}}', "[" * 100_000,
     '{"format": 1, "ways": {"taskmaster": {"../../outside": ["' + "0" * 64 + '"], "/etc/passwd": ["' + "0" * 64 + '"]}}}'],
)  # fmt: skip
def test_a_damaged_or_hostile_ledger_costs_nobody_their_file(run: Run, tmp_path: Path, ledger: str) -> None:
    to = tmp_path / "to"
    to.mkdir()
    (to / LEDGER).write_text(ledger)
    (to / "tasks.json").write_text("mine\n")
    (tmp_path / "outside").write_text("theirs\n")
    done, _ = hand_over(run, "taskmaster", to)
    assert done.kept == (to / "tasks.json",) and not done.written + done.left
    assert (to / "tasks.json").read_text() == "mine\n" and (tmp_path / "outside").read_text() == "theirs\n"


def test_a_link_on_the_way_is_not_followed(run: Run, tmp_path: Path) -> None:
    (tmp_path / "to").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "to" / "issues").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OptionRefused, match="is a link to somewhere else"):
        hand_over(run, "github-issues", tmp_path / "to")
    assert not list((tmp_path / "elsewhere").iterdir())


def test_an_issue_is_the_body_of_a_request_in_which_nobody_is_named_and_nothing_is_linked(run: Run) -> None:
    texts = handed(run, "github-issues").texts
    issues = [json.loads(text) for name, text in texts.items() if name.startswith("issues/")]
    assert len(issues) == 8
    for issue in issues:
        assert set(issue) == {"title", "body", "labels"} and len(issue["title"]) <= 256 and "\n" not in issue["title"]
        assert set(issue["labels"]) <= set(texts["labels.txt"].split())
        words = [
            part.content
            for token in MarkdownIt("gfm-like", {"html": True}).disable("linkify").parse(issue["body"])
            for part in (token.children or [token])
            if part.type not in ("code_inline", "fence")
        ]
        kinds = {part.type for token in MarkdownIt().parse(issue["body"]) for part in (token.children or [token])}
        assert not re.search(r"@\w|#\d|GH-\d|://", " ".join(words))
        assert not kinds & {"html_inline", "html_block", "link_open", "image", "table_open"}
    assert issues[-1]["body"].startswith("Depends on [task 001], [task 003], ")
    assert issues[-1]["body"].count("[task 001]") == 1 and "- [ ] Has to hold: " in issues[0]["body"]


@pytest.mark.parametrize(
    "words",
    ["`a``@octocat", "@x``a`", "@octocat[x](y)``_```*#12", "http://x#12```&amp;www.e.x<b>`", "@``x`y`", "_GH-3 `a``#1`", "```@octocat``#12"],
)  # fmt: skip
def test_backticks_that_do_not_match_let_nothing_out_of_code(words: str) -> None:
    tokens = [part for token in MarkdownIt("gfm-like", {"html": True}).disable("linkify").parse(said.markdown(words)) for part in token.children or ()]  # fmt: skip
    assert not {part.type for part in tokens} & {"html_inline", "link_open", "image"}
    assert not [part.content for part in tokens if part.type == "text" and re.search(r"@\w|#\d|GH-\d|://", part.content)]  # fmt: skip


@pytest.mark.parametrize("words", ["![x](http://e.example/x.png)", "[x](javascript:alert(1))", "```", "~~~ mermaid", "[x]: http://e.example", "<b>"])  # fmt: skip
def test_in_a_file_for_agents_no_fence_picture_or_link_begins(words: str) -> None:
    tokens = MarkdownIt().parse(f"{said.plain(words)}\n\n[x]\n")
    kinds = {part.type for token in tokens for part in (token, *(token.children or ()))}
    assert not kinds & {"html_inline", "link_open", "image", "fence"}


GH = """#!/bin/sh
log=$(dirname "$0")/log
printf '%s\\n' "$*" >>"$log"
case "$1 $2" in
  'repo view') [ -n "${REPOSITORY-}" ] && printf '%s\\n' "$REPOSITORY" || exit 1 ;;
  'label create') exit 0 ;;
  'api --method')
    count=$(grep -c -e '--method POST' "$log")
    cat >"$(dirname "$0")/body-$3-$count"
    [ -z "${FAILS_AT-}" ] || [ "$count" != "$FAILS_AT" ] || exit 1
    printf '%s\\n' "$((40 + count))" ;;
  'api repos/'*) exit 1 ;;
esac
"""


def created(to: Path, bin_: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """What the script of an export says, with a stand-in for ``gh`` that records what it is asked."""
    environment = {"PATH": f"{bin_}:/usr/bin:/bin", "CREATE_PAUSE": "0", **environment}
    return subprocess.run(
        ["/bin/sh", str(to / "create-issues.sh")], cwd=bin_, env=environment, capture_output=True, text=True, timeout=60
    )


@pytest.fixture
def gh(tmp_path: Path) -> Path:
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "gh").write_text(GH)
    (folder / "gh").chmod(0o755)
    return folder


def test_the_script_creates_each_issue_once_with_the_numbers_github_gave(run: Run, tmp_path: Path, gh: Path) -> None:
    to = tmp_path / "to"
    hand_over(run, "github-issues", to)
    for shell in ("sh", "bash"):
        assert subprocess.run([shell, "-n", str(to / "create-issues.sh")], timeout=60).returncode == 0
    stopped = created(to, gh, REPOSITORY="o/r", FAILS_AT="3")
    assert stopped.returncode != 0 and len((to / "created.tsv").read_text().splitlines()) == 3
    (gh / "log").write_text(
        (gh / "log").read_text().replace("--method POST", "gone", 1)
    )  # the one that failed has no number
    done = created(to, gh, REPOSITORY="o/r")
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("create-issues: 6 created\n")
    rows = [line.split("\t") for line in (to / "created.tsv").read_text().splitlines()]
    assert rows[0] == ["# repository o/r"] and [int(row[1]) for row in rows[1:]] == list(range(41, 49))
    body = json.loads((gh / "body-POST-8").read_text())["body"]
    assert body.startswith("Depends on #41, #42, #43, #44, #45, #46, #47.")
    assert not re.search(r"(?<!\\)\[task \d+\]", body.replace("`", ""))
    again = created(to, gh, REPOSITORY="o/r")
    assert again.returncode == 0 and again.stdout.endswith("create-issues: 0 created\n")
    assert "--method PATCH" not in (gh / "log").read_text() and not list(tmp_path.rglob("pwned"))
    assert "label create wave-1 --repo o/r" in (gh / "log").read_text()


def test_an_issue_that_waits_for_a_later_one_gets_its_number_in_a_second_pass(
    run: Run, tmp_path: Path, gh: Path
) -> None:
    hand_over(run, "github-issues", tmp_path / "to")
    first = next((tmp_path / "to/issues").glob("001-*"))
    first.write_text(first.read_text().replace('"body": "', '"body": "Depends on [task 003]. '))
    assert created(tmp_path / "to", gh, REPOSITORY="o/r").returncode == 0
    assert (gh / "log").read_text().count("--method PATCH repos/o/r/issues/41 ") == 1
    assert json.loads((gh / "body-PATCH-8").read_text())["body"].startswith("Depends on #42. ")
    assert created(tmp_path / "to", gh, REPOSITORY="o/r").returncode == 0
    assert (gh / "log").read_text().count("--method PATCH") == 1


def test_what_is_created_is_not_created_again_under_the_number_a_changed_plan_gives_it(
    run: Run, tmp_path: Path, gh: Path
) -> None:
    to = tmp_path / "to"
    hand_over(replan(run, ("Base", "Twice", "Twice", "Dropped", "Last")), "github-issues", to)
    assert created(to, gh, REPOSITORY="o/r").returncode == 0
    hand_over(replan(run, ("Base", "New", "Twice", "Twice", "Last")), "github-issues", to)
    again = created(to, gh, REPOSITORY="o/r")
    assert again.stdout.splitlines()[1:] == [
        "#44 007-dropped.json: no longer in the plan; close it if nobody needs it",
        "#46 003-new.json",
        "create-issues: 1 created",
    ]
    assert json.loads((gh / "body-POST-6").read_text())["body"].startswith("Depends on #41.")
    rows = [line.split("\t")[:2] for line in (to / "created.tsv").read_text().splitlines()[1:]]
    assert rows == [
        ["001-base.json", "41"], ["005-twice.json", "42"], ["007-twice-2.json", "43"],
        ["dropped-007-dropped.json", "44"], ["009-last.json", "45"], ["003-new.json", "46"],
    ]  # fmt: skip
    hand_over(replan(run, ("Base", "Dropped", "Last", "After all")), "github-issues", to)
    back = created(to, gh, REPOSITORY="o/r")
    assert back.stdout.splitlines()[-2:] == ["#47 007-after-all.json", "create-issues: 1 created"]
    assert json.loads((gh / "body-POST-7").read_text())["body"].startswith("Depends on #41, #44, #45.")


def test_the_script_refuses_where_it_cannot_know_what_it_does(run: Run, tmp_path: Path, gh: Path) -> None:
    hand_over(run, "github-issues", tmp_path / "to")
    outside = created(tmp_path / "to", gh)
    assert outside.returncode == 2 and "no GitHub repository here" in outside.stderr
    assert created(tmp_path / "to", gh, REPOSITORY="o/r").returncode == 0
    other = created(tmp_path / "to", gh, REPOSITORY="o/other")
    assert other.returncode == 2 and "is about o/r, and this is o/other" in other.stderr
    (gh / "gh").unlink()
    for name in ("sh", "dirname", "sed", "cat"):
        (gh / name).symlink_to(shutil.which(name) or name)
    without = created(tmp_path / "to", gh, PATH=str(gh))
    assert without.returncode == 2 and "gh is not installed" in without.stderr


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize(("way", "name"), [("jira-csv", "jira.csv"), ("azure-boards-csv", "azure-boards.csv")])
def test_no_cell_of_a_table_is_a_formula_and_all_rows_are_of_one_width(run: Run, way: str, name: str) -> None:
    table = handed(run, way).texts[name]
    read = rows(table)
    assert len({len(row) for row in read}) == 1 and table.endswith('"\r\n')
    assert not [cell for row in read for cell in row if cell[:1] in tuple("=+-@\t\r＝＋－＠'")]


def test_a_cell_of_somebody_elses_words_alone_is_text() -> None:
    assert [said.cell(each) for each in ("=1+1", "@SUM(A1)", "-2", "a=b", "")] == [
        "'=1+1",
        "'@SUM(A1)",
        "'-2",
        "a=b",
        "",
    ]


def test_jira_gets_parents_above_their_children_and_who_blocks_whom(run: Run) -> None:
    header, *body = rows(handed(run, "jira-csv").texts["jira.csv"])
    assert header[:7] == ["Issue ID", "Parent", "Issue Type", "Summary", "Description", "Priority", "Original Estimate"]
    assert header.count("Labels") == 4 and header.count("Link blocks") == 7
    seen: set[str] = set()
    for row in body:
        assert row[0] not in seen and (not row[1] or row[1] in seen)
        seen.add(row[0])
        assert len(row[3]) <= 255 and "\n" not in row[3]
        assert not re.search(r"(?<!\\)[\[\]!]|(?<!\{)(?<!\\)\{(?!\{)", row[4].replace("{{", "").replace("}}", ""))
    assert [row[2] for row in body] == ["Epic", *["Task"] * 8, *["Sub-task"] * 8]
    first = next(row for row in body if row[0] == "1")
    assert [cell for cell, name in zip(first, header, strict=True) if name == "Link blocks"] == ["3", "5", "7", "9", "11", "13", "15"]  # fmt: skip
    assert first[6] == "3600"


def test_azure_boards_gets_three_levels_without_ids_and_at_most_a_thousand_items_a_file(run: Run) -> None:
    many = replan(run, tuple(f"Build part {at}" for at in range(600)))
    texts = {name: text for name, text in handed(many, "azure-boards-csv").texts.items() if name.endswith(".csv")}
    assert list(texts) == ["azure-boards.csv", "azure-boards-2.csv"]
    kinds = []
    for text in texts.values():
        header, *body = rows(text)
        assert header[:4] == ["Work Item Type", "Title 1", "Title 2", "Title 3"] and "ID" not in header
        assert len(body) <= MOST and [bool(cell) for cell in body[0][1:4]] == [True, False, False]
        assert all(row[{"Epic": 1, "Issue": 2, "Task": 3}[row[0]]] and sum(map(bool, row[1:4])) == 1 for row in body)
        kinds += [row[0] for row in body]
    assert (kinds.count("Epic"), kinds.count("Issue"), kinds.count("Task")) == (2, 600, 600)
    odd = rows(handed(replan(run, ODD), "azure-boards-csv").texts["azure-boards.csv"])
    assert not [row for row in odd if "<script>" in row[4]] and any("&lt;script&gt;" in row[4] for row in odd)
    assert "<p>Waits for: 1 Lay out" in odd[-2][4]


TASK = {
    "type": "object",
    "required": ["id", "title", "description", "status", "dependencies", "priority", "details", "testStrategy", "subtasks"],
    "additionalProperties": False,
    "properties": {
        "id": {"type": "integer", "minimum": 1},
        "title": {"type": "string", "minLength": 1, "maxLength": 200},
        "description": {"type": "string", "minLength": 1},
        "status": {"enum": ["pending", "in-progress", "blocked", "done", "cancelled", "deferred"]},
        "dependencies": {"type": "array", "items": {"type": "integer", "minimum": 1}},
        "priority": {"enum": ["low", "medium", "high", "critical"]},
        "details": {"type": "string"},
        "testStrategy": {"type": "string"},
        "subtasks": {"type": "array", "maxItems": 0},
        "metadata": {"type": "object"},
    },
}  # fmt: skip
"""A task as Task Master 0.43 describes it (``src/schemas/base-schemas.js``), with what it lets users add."""


def test_task_master_gets_every_task_with_the_critique_between_a_maker_and_what_rests_on_it(run: Run) -> None:
    whole = json.loads(handed(run, "taskmaster").texts["tasks.json"])
    assert set(whole) == {"master"} and set(whole["master"]) == {"tasks", "metadata"}
    tasks = whole["master"]["tasks"]
    for task in tasks:
        jsonschema_rs.validate(TASK, task)
        assert all(each < task["id"] for each in task["dependencies"])
    assert [task["id"] for task in tasks] == list(range(1, 17))
    assert [task["dependencies"] for task in tasks[:4]] == [[], [1], [2], [3]]
    assert "- Has to hold: " in tasks[1]["testStrategy"] and "Look for:" in tasks[1]["details"]


LINE = re.compile(
    r"- \[ \] (T\d{3,}) (?:\[P\] )?(?:\[US(\d+)\] )?\S.* in \S.*|- \[ \] (T\d{3,}) (?:\[US(\d+)\] )?Review T\d{3,} .* in \S.*"
)


def test_spec_kit_gets_a_feature_folder_under_its_own_headings(run: Run) -> None:
    texts = {name.rpartition("001-")[2].partition("/")[2]: text for name, text in handed(run, "spec-kit").texts.items()}
    assert {"spec.md", "plan.md", "tasks.md", "contracts/openapi.yaml", "data-model.md", "quickstart.md"} == set(texts)
    for name, headings in {
        "spec.md": ("## User Scenarios & Testing *(mandatory)*", "### Edge Cases", "## Requirements *(mandatory)*", "### Functional Requirements", "## Success Criteria *(mandatory)*", "### Measurable Outcomes", "## Assumptions"),
        "plan.md": ("## Summary", "## Technical Context", "## Constitution Check", "## Project Structure", "### Source Code (repository root)", "## Complexity Tracking"),
        "tasks.md": ("## Format: `[ID] [P?] [Story] Description`", "## Dependencies & Execution Order"),
    }.items():  # fmt: skip
        lines = texts[name].splitlines()
        assert [each for each in headings if lines.count(each) != 1] == []
    assert "### User Story 1 - Order books (Priority: P1)" in texts["spec.md"]
    assert "### User Story 2 - List their orders (Priority: P2)" in texts["spec.md"]
    assert "**Then** the answer is 201" in texts["spec.md"]
    assert "<script>" not in re.sub(r"\\<", "", "".join(texts.values()))


def test_the_check_list_of_spec_kit_is_in_the_order_of_execution_with_its_stories_in_their_phases(run: Run) -> None:
    text = next(text for name, text in handed(run, "spec-kit").texts.items() if name.endswith("/tasks.md"))
    listed = [line for line in text.splitlines() if line.startswith("- [ ]")]
    found = [LINE.fullmatch(line) for line in listed]
    assert all(found), [line for line, hit in zip(listed, found, strict=True) if not hit]
    numbers = [hit[1] or hit[3] for hit in found if hit]
    assert numbers == [f"T{at:03d}" for at in range(1, 17)]
    for line in listed:
        own = line.split()[3]
        assert all(each < own for each in re.findall(r"T\d{3}", line.rpartition("(depends on ")[2] if "(depends on" in line else ""))  # fmt: skip
    phase = 0
    for line in text.splitlines():
        if head := re.match(r"## Phase \d+: (?:User Story (\d+))?", line):
            phase = int(head[1] or 0)
        elif line.startswith("- [ ]"):
            assert re.findall(r"^- \[ \] T\d+ (?:\[P\] )?\[US(\d+)\]", line) == ([str(phase)] if phase else [])
    assert "## Phase 1: Setup (Shared Infrastructure)" in text and text.count(" [P] ") == 4


def test_what_several_stories_need_is_built_before_them_and_what_gathers_them_after() -> None:
    def story(operation: str, requirement: str) -> Story:
        return Story("A", "a", "P1", "b", "c", (), frozenset({requirement}), frozenset({("GET", operation)}))

    def delivering(operations: list[str], requirements: list[str], after: list[str]) -> dict[str, Any]:
        nothing = {"tables": [], "mitigations": [], "service_levels": []}
        return {"delivers": {"operations": operations, "requirements": requirements, **nothing}, "after": after}

    makers = [
        each.model_dump()
        for each in sketched(("skeleton", "sign-in", "books", "orders", "load test", "tidy up")).makers
    ]
    for maker, given in zip(
        makers,
        [delivering([], [], []), delivering([], ["FR-SHO-02"], ["m0"]), delivering(["GET /books"], [], ["m1"]),
         delivering(["GET /orders"], [], ["m1"]), delivering([], ["FR-SHO-01"], ["m2", "m3"]), delivering([], [], ["m4"])],
        strict=True,
    ):  # fmt: skip
        maker |= given
    sketch = Sketch.model_validate({"summary": "s", "services": [], "external_integrations": [], "makers": makers})
    nothing = Architecture(summary="s", endpoints=[], data_models=[], services=[], external_integrations=[])
    work = Work(build(sketch, nothing, "p"))
    assert dict(phase_of(work, (story("/books", "FR-SHO-01"), story("/orders", "FR-SHO-02")))) == {
        1: 1, 3: 2, 5: 3, 7: 4, 9: 4, 11: 5,
    }  # fmt: skip


def test_artefacts_stand_as_in_their_documents_and_pass_their_checks_as_files(run: Run) -> None:
    texts = handed(run, "artefacts").texts
    written = [document.text for phase in run.phases for document in phase.documents]
    assert {"openapi.yaml", "task-plan.json"} < set(texts) and any(name.startswith("diagrams/integration-architecture-1-") for name in texts)  # fmt: skip
    for name, text in texts.items():
        assert any(text in each for each in written), name
        found = checks.check(Document(name, text), About(plan=False)) if name != "task-plan.json" else ()
        assert [str(each) for each in found if each.severity == "error"] == []


def test_a_document_that_one_phase_begins_and_another_goes_on_with_is_handed_over_once() -> None:
    begun, other = Document("MANIFEST.md", "# Manifest\n"), Document("05-data-model.md", "# Data\n")
    phases = [SimpleNamespace(documents=each) for each in ((begun,), (other,), (begun,))]
    run: Any = SimpleNamespace(phases=phases)
    assert documents(run) == (begun, other)


MANY = """# Designs

## A pipeline

```yaml
# .github/workflows/build.yml
on: push
jobs: {build: {runs-on: ubuntu-latest, steps: [{run: make}]}}
```

## The tables

```sql
CREATE TABLE books (id bigint PRIMARY KEY);
```

```sql
CREATE INDEX books_id ON books (id);
```

```sql
SELECT id FROM books;
```

## Code

```python
# app/main.py
print(1)
```

```python
# app/main.py
print(2)
```

```python title="../../../evil.py"
print(3)
```

```kusto
AppRequests | take 1
```
"""


def test_every_kind_of_artefact_has_a_file_and_no_name_leads_out(run: Run) -> None:
    architecture = next(run.folder.rglob("integration-architecture.md"))
    architecture.write_text(MANY)
    done = handed(Run.open(run.folder), "artefacts")
    assert done.notes == ("pipeline.yml goes to .github/workflows/pipeline.yml",)
    assert (
        done.texts["schema.sql"]
        == "CREATE TABLE books (id bigint PRIMARY KEY);\n\nCREATE INDEX books_id ON books (id);\n"
    )
    assert set(done.texts) == {
        "pipeline.yml", "schema.sql", "queries/integration-architecture-1-the-tables.sql", "queries/integration-architecture-2-code.kql",
        "code/integration-architecture/app/main.py", "code/integration-architecture/app/main-2.py", "task-plan.json",
    }  # fmt: skip


@pytest.mark.parametrize("way", ["github-issues", "jira-csv", "azure-boards-csv", "taskmaster"])
def test_a_task_plan_that_is_not_there_or_not_one_is_refused_in_one_line(run: Run, tmp_path: Path, way: str) -> None:
    plan = run.folder / "documents" / "task-plan.json"
    plan.write_text("{}")
    with pytest.raises(BadInput, match=r"task-plan\.json is no task plan; 'planning-kit check "):
        hand_over(Run.open(run.folder), way, tmp_path / "to")
    plan.unlink()
    with pytest.raises(OptionRefused, match=r"is not written yet; 'planning-kit resume "):
        hand_over(Run.open(run.folder), way, tmp_path / "to")
    assert not (tmp_path / "to").exists()


def test_a_run_whose_recipe_plans_no_tasks_is_told_which_does(tmp_path: Path) -> None:
    begun, _ = Order("Readers read notes.", model="offline", outputs=tmp_path, headless=True).run()
    (begun.folder / "documents" / begun.tree[0]).parent.mkdir(parents=True)
    (begun.folder / "documents" / begun.tree[0]).write_text("# API Design\n")
    with pytest.raises(OptionRefused, match="the recipes full-plan and task-plan write one") as refused:
        hand_over(Run.open(begun.folder), "taskmaster", tmp_path / "to")
    assert "\n" not in str(refused.value) and not (tmp_path / "to").exists()


def test_nothing_that_looks_like_a_secret_goes_out(run: Run, tmp_path: Path) -> None:
    plan = run.folder / "documents" / "task-plan.json"
    plan.write_text(planned((*ODD[:7], "use ghp_" + "a1B2c3D4e5F6" * 3)).text)
    with pytest.raises(BadInput, match="looks like a secret"):
        hand_over(Run.open(run.folder), "jira-csv", tmp_path / "to")
    assert not (tmp_path / "to").exists()


def test_the_command_says_what_became_of_each_file(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said_first = ["export", str(run.folder), "--to", str(tmp_path / "to"), "--format", "taskmaster", "--even-so"]
    tasks = tmp_path / "to" / "tasks.json"
    assert cli.main(said_first) == 0
    assert f"wrote {tasks}\n" in capsys.readouterr().out
    tasks.write_text("mine\n")
    assert cli.main(said_first) == 0
    shown = capsys.readouterr()
    assert f"kept {tasks}: it was edited there" in shown.err and "wrote" not in shown.out
    assert cli.main([*said_first[:-2], "task-master"]) == 2
    assert "did you mean 'taskmaster'" in capsys.readouterr().err
    assert cli.main([*said_first, "--under", "x"]) == 2


def test_the_formats_of_the_command_are_those_there_are() -> None:
    from planning_kit.commands import recording

    assert tuple(WAYS) == recording.WAYS
    assert os.sep not in "".join(WAYS)
