"""The checklist at the end of a service design: computed from the journal and the documents, and failing exactly where something is missing."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from planning_kit import checklist, digest, progress, status
from planning_kit.brought import SAMPLE
from planning_kit.checklist import Line
from planning_kit.export import decided, export
from planning_kit.journal import Record
from planning_kit.order import Order
from planning_kit.run import Run

SETTINGS = ("stack=python",)
FILES = {
    "architecture": "integration-architecture.md",
    "tests": "test-specifications.md",
    "pipeline": "cicd-pipeline.md",
    "signals": "observability-plan.md",
}


@pytest.fixture(scope="module")
def designed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A service design of the sample brief by the offline author, finished."""
    outputs = tmp_path_factory.mktemp("designed")
    run, _ = Order(str(SAMPLE), "service-design", "offline", outputs, settings=SETTINGS, headless=True).run()
    for notebook in run.recipe.notebooks:
        run.steps(notebook).consult("clean")
    assert run.finished, run.waiting and [str(each) for each in run.waiting.findings.errors]
    return run.folder


@pytest.fixture
def run(designed: Path, tmp_path: Path) -> Run:
    """A copy of it, to be broken."""
    return Run.open(Path(shutil.copytree(designed, tmp_path / designed.parent.name / designed.name)))


def failing(run: Run) -> list[Line]:
    """The lines that do not hold."""
    return [line for line in checklist.of(run).lines if not line.holds]


def named(run: Run, file: str) -> str:
    """The document whose file is called ``file``."""
    return next(name for name in run.tree if name.endswith(f"/{file}"))


def edited(run: Run, file: str, change: Callable[[str], str]) -> Run:
    """``run`` with a document changed as a person would."""
    path = run.shelf.path(named(run, file))
    before = path.read_text(encoding="utf-8")
    assert (after := change(before)) != before
    path.write_text(after, encoding="utf-8")
    return Run.open(run.folder)


def retold(run: Run, seq: int, **body: object) -> Run:
    """``run`` with another body for one record, and the journal chained anew from there on."""
    before = ""
    for record in list(run.journal)[seq - 1 :]:
        said = {**record.body, **body} if record.seq == seq else record.body
        told = Record(record.seq, record.at, record.kind, said, before or record.before)
        (run.folder / "journal" / f"{record.seq:06d}.json").write_bytes(told.bytes())
        before = digest.of_bytes(told.bytes())
    return Run.open(run.folder)


def without(title: str) -> Callable[[str], str]:
    """Takes the text of a section away, down to the next one."""
    return lambda text: re.sub(rf"(?ms)^## {title}\n.*?(?=^## )", f"## {title}\n\nNothing yet.\n\n", text)


def test_every_line_of_a_good_run_holds_and_gives_its_evidence(run: Run) -> None:
    lines = checklist.of(run).lines
    assert [line.says for line in lines] == [
        "Every consultant was called separately",
        "Setup and synthesis only frame the others' work",
        "Specialists were called side by side",
        "An OpenAPI document is there, and valid",
        "Tests cover contract, integration, load and security",
        "Delivery covers environments, approvals and rollback",
        "Observability covers logs, metrics, traces, dashboards and alerts",
    ]
    assert all(line.holds and line.evidence for line in lines), [str(line) for line in lines]
    assert "6 calls for 6 documents" in lines[0].evidence[0]
    assert "all 4 calls were under way from " in lines[2].evidence[0]
    assert re.search(r"OpenAPI 3\.1\.\d: \d+ operations \(integration-architecture\.md:\d+\)", lines[3].evidence[0])
    for line, words in ((lines[4], "contract integration load security"), (lines[5], "environments approvals rollback"), (lines[6], "logs metrics traces dashboards alerts")):  # fmt: skip
        assert all(any(word in each for each in line.evidence) for word in words.split()), line.evidence


def test_a_document_whose_answer_is_gone_fails_the_line_of_the_calls(run: Run) -> None:
    record = run.journal.of("drafted", document=named(run, FILES["tests"]))[-1]
    asked = record.body["asked"]
    (run.folder / "calls" / asked[:2] / f"{asked}.json").unlink()
    (line,) = failing(Run.open(run.folder))
    assert line.says.startswith("Every consultant")
    assert "the answer behind test-specifications.md" in line.lacking[0] and "send the document back" in line.lacking[0]


def test_two_documents_of_one_call_fail_the_line_of_the_calls(run: Run) -> None:
    first = run.journal.of("drafted", document=named(run, FILES["pipeline"]))[-1].body["asked"]
    name = named(run, FILES["signals"])
    document = run.shelf.document(name)
    body = dict(run.journal.of("drafted", document=name)[-1].body)
    facts = {key: body[key] for key in body if key not in ("document", "digest", "asked")}
    run.shelf.place(document, first, **facts)  # type: ignore[arg-type]
    (line,) = failing(run)
    assert line.says.startswith("Every consultant") and "share one call" in line.lacking[0]


def test_an_orchestrator_who_writes_somebody_elses_document_fails_its_line(run: Run) -> None:
    name = named(run, FILES["tests"])
    body = dict(run.journal.of("drafted", document=name)[-1].body)
    facts = {key: body[key] for key in body if key not in ("document", "digest", "asked", "seat")}
    document = run.shelf.document(name)
    run.shelf.place(document, body["asked"], seat="orchestrator", **facts)  # type: ignore[arg-type]
    (line,) = failing(run)
    assert line.says.startswith("Setup and synthesis")
    assert "orchestrator also wrote test-specifications.md" in line.lacking[0] and "send that document back" in line.lacking[0]  # fmt: skip


def test_a_specialist_called_after_the_others_had_ended_fails_the_line_of_the_overlap(run: Run) -> None:
    record = run.journal.of("drafted", document=named(run, FILES["signals"]))[0]
    rewritten = retold(run, record.seq, span=[each + 600 for each in record.body["span"]])
    (line,) = failing(rewritten)
    assert line.says.startswith("Specialists") and "azure-monitor-logs-expert was called at" in line.lacking[0]
    assert "one sitting" in line.lacking[0]


BREAKS = [
    (FILES["architecture"], without("OpenAPI"), "An OpenAPI document", "OpenAPI"),
    (FILES["architecture"], lambda text: text.replace("$ref: '#/components/", "$ref: '#/component/", 1).replace('$ref: "#/components/', '$ref: "#/component/', 1), "An OpenAPI document", "leads nowhere"),
    *[(FILES["tests"], without(f"{kind} tests"), "Tests cover", kind.lower()) for kind in ("Contract", "Integration", "Load", "Security")],
    (FILES["pipeline"], without("Environments and approvals"), "Delivery covers", "approv"),
    (FILES["pipeline"], without("Rollback"), "Delivery covers", "ollback"),
    *[(FILES["signals"], without(title), "Observability covers", word) for title, word in (("Logs", "og"), ("Metrics", "etric"), ("Traces", "race"), ("Dashboards", "ashboard"), ("Alerts", "lert"))],
]  # fmt: skip


@pytest.mark.parametrize(("file", "change", "line", "word"), BREAKS, ids=[f"{b[2]}-{b[3]}-{at}" for at, b in enumerate(BREAKS)])  # fmt: skip
def test_what_is_taken_out_of_a_document_fails_exactly_its_line_and_says_what_to_do(
    run: Run, file: str, change: Callable[[str], str], line: str, word: str
) -> None:
    (found,) = failing(edited(run, file, change))
    assert found.says.startswith(line)
    said = " ".join(found.lacking)
    assert f"{file}:" in said and word in said and "; " in said, "where, what, and what to do"


def test_a_document_that_is_not_written_fails_its_line(run: Run) -> None:
    order = Order("A queue of jobs that workers take.", "service-design", "offline", run.folder.parent.parent, headless=True)  # fmt: skip
    begun, _ = order.run()
    lines = failing(begun)
    assert len(lines) == 7 - 1 + 1 and all(re.search("written|called|run the step", line.lacking[0]) for line in lines)


def test_a_recipe_without_a_checklist_has_no_lines(tmp_path: Path) -> None:
    begun, _ = Order("Notes that readers share.", "backend-plan", "offline", tmp_path).run()
    assert checklist.of(begun).lines == () and checklist.of(begun).holds
    assert "This recipe has no checklist." in checklist.of(begun)._repr_mimebundle_()["text/html"]


def test_the_checklist_is_told_at_the_end_in_status_record_and_page(run: Run, tmp_path: Path) -> None:
    assert sum(line.startswith("  ✓") for line in progress.farewell(run)) == 7
    assert all(each["holds"] for each in status.facts(run)["checklist"])
    export(run, tmp_path / "out")
    record = next((tmp_path / "out").rglob("RECORD.md")).read_text()
    assert record.count("\n- [x] ") == 7
    assert decided.held(run).count("✓") == 7
    shown = checklist.of(run)._repr_mimebundle_()["text/html"]
    assert "Every line holds." in shown and "✗" not in shown
