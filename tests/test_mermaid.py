"""Mermaid says where a diagram is wrong, what mends it is proved on it, and nothing hostile outlasts its time."""

from __future__ import annotations

import re
import subprocess
import sys
import time

import pytest

from planning_kit import diagram, view
from planning_kit.checks import check
from planning_kit.checks.about import About
from planning_kit.checks.artefact import of_kind
from planning_kit.diagram.mends import mended
from planning_kit.diagram.said import Fault
from planning_kit.document import Document, Finding
from tests.test_corpus import samples

LIMIT = 12.0
"""How long the worst diagram may take, its process started anew included, in seconds."""


def found(source: str) -> tuple[Finding, ...]:
    return check(Document("a.md", f"# A\n\n```mermaid\n{source}\n```\n"), About(plan=False))


PLACES = {
    "the token itself": ("flowchart LR\n  A --> B[x (y)]", 2, 13),
    "the end of a line": ("sequenceDiagram\n  A->>B\n  B-->>A: ok", 2, 8),
    "after front matter": ("---\ntitle: x\nconfig:\n  theme: dark\n---\n\n\nflowchart LR\n  A[x (y)]", 9, 7),
    "after a directive of several lines": ('%%{init: {\n  "theme": "dark"\n}}%%\nflowchart LR\n  A[x (y)]', 5, 7),
    "after comments and the empty lines before them": ("flowchart LR\n\n\n  %% a\n  %% b\n\n  A[x (y)]", 7, 7),
    "after a comment before the kind": ("%% a\n\n%% b\nflowchart LR\n  A[x (y)]", 5, 7),
    "after an entity in the same line": ("flowchart LR\n  A[a #35; b] --> B[x (y)]", 2, 23),
    "with ends of lines of another system": ("flowchart LR\r\n  %% a\r\n  A[x (y)]", 3, 7),
    "what a lexer does not know": ("quadrantChart\n  %% a\n  A: [1.5, 0.2]", 3, 8),
    "a grammar of the newer family": ("%% a\npie\n  a : 10", 3, 3),
    "a word of Mermaid's own code": ("%% a\ngitGraph\n  commit\n  checkout dev", 4, 3),
    "front matter": ("---\ntitle: a: b\n---\nflowchart LR\n  A", 2, 9),
    "the kind": ("%% a\nflowchrt LR\n  A --> B", 2, 1),
}


@pytest.mark.parametrize(("source", "line", "column"), PLACES.values(), ids=list(PLACES))
def test_a_fault_has_its_place_in_the_source_as_it_was_written(source: str, line: int, column: int) -> None:
    fault = diagram.fault(source)
    assert fault and (fault.line, fault.column) == (line, column)


def test_a_sentence_about_a_fault_is_short_and_names_the_thing() -> None:
    (finding,) = found("flowchart LR\n  gw --> orders[Order service (Python)]")
    assert str(finding).startswith(
        "a.md:5:31: error: Mermaid cannot read this diagram: '(' is not expected after 'gw --> orders[Order service'; "
        'put the label in quotes: orders["Order service (Python)"] [draws-its-diagrams, mermaid 11'
    )


def test_every_fault_of_the_corpus_comes_with_what_mends_it() -> None:
    without = [
        sample.title
        for sample in samples("mermaid")
        if sample.rule == "draws-its-diagrams" and sample.verdict == "bad"
        for artefact in of_kind(Document("a.md", sample.text), "mermaid")
        if (fault := diagram.fault(artefact.text)) and not fault.hint
    ]
    assert without == ["the style of an arrow that is not there"]


def test_a_remedy_is_told_only_if_the_diagram_can_be_read_further_with_it() -> None:
    fault = Fault("'(' is not expected here", 2, 5)
    source = "flowchart LR\n  A[x (y)]"
    assert mended(source, fault, lambda text: fault).hint == ""
    tried: list[str] = []
    mended(source, fault, lambda text: tried.append(text) or fault)  # type: ignore[func-returns-value]
    assert 'A["x (y)"]' in tried[0] and len(tried) <= 24


HOSTILE = {
    "5,000 arrows": "flowchart LR\n" + "\n".join(f"A{n} --> B{n % 70}" for n in range(5_000)),
    "1,000 arrows": "flowchart LR\n" + "\n".join(f"A{n} --> B{n % 70}" for n in range(1_000)),
    "brackets": "flowchart LR\n A" + "[" * 40_000,
    "half-open labels": "flowchart LR\n A" + "(x" * 15_000,
    "groups within groups": "flowchart LR\n" + "subgraph a\n" * 200,
    "a megabyte": "flowchart LR\n A[" + "x" * 1_000_000,
    "front matter": "---\n" + "- " * 20_000 + "\n---\nflowchart LR\n A-->B",
}


@pytest.mark.parametrize("source", HOSTILE.values(), ids=list(HOSTILE))
def test_hostile_diagrams_end_as_findings_in_time(source: str) -> None:
    diagram.fault("flowchart LR\n  A --> B")
    began = time.perf_counter()
    findings = found(source)
    assert time.perf_counter() - began < LIMIT
    assert [each.severity for each in findings] == ["error"]


def test_what_runs_into_the_time_limit_is_a_finding_and_the_next_diagram_is_checked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(diagram, "SECONDS", 0.01)
    findings = found("flowchart LR\n" + "\n".join(f"A{n} --> C{n % 70}" for n in range(450)))
    assert [each.rule for each in findings] == ["can-be-checked"]
    monkeypatch.undo()
    assert found("flowchart LR\n  A --> next") == ()


def test_a_diagram_that_cannot_be_drawn_in_time_shows_its_source_and_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagram, "DRAWING", 0.01)
    page = view.figure("flowchart LR\n  A --> too_late")
    assert "This diagram cannot be drawn (it took longer than 0.01 s)" in page
    assert "too_late" in page and "<img" not in page


def test_a_diagram_of_very_many_things_is_checked_and_not_drawn() -> None:
    source = "flowchart LR\n" + "\n".join(f"A{n} --> B{n}" for n in range(120))
    assert diagram.fault(source) is None
    assert "it has 360 nodes, arrows and rows" in view.figure(source)


def test_the_parent_process_runs_no_javascript() -> None:
    script = (
        "import sys\nfrom planning_kit import diagram\n"
        "diagram.fault('pie')\nassert not {'quickjs', 'mermaidx'} & set(sys.modules), 'loaded here'"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


def test_every_kind_of_diagram_is_known() -> None:
    kinds = {diagram.facts(artefact.text).get("type") for sample in samples("mermaid") if sample.verdict == "good" for artefact in of_kind(Document("a.md", sample.text), "mermaid")}  # fmt: skip
    assert kinds >= {
        "flowchart", "sequence", "er", "class", "stateDiagram", "c4", "gantt", "journey", "pie", "mindmap", "timeline", "quadrantChart",
        "gitGraph", "requirement", "sankey", "xychart", "block", "architecture", "kanban", "packet",
    }  # fmt: skip
    assert None not in kinds


def test_a_hint_names_lines_of_the_diagram_by_their_words_not_by_number() -> None:
    for sample in samples("mermaid"):
        for finding in sample.examined[0]:
            assert not re.search(r"\bline \d", finding.message + finding.hint)
