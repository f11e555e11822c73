"""The trace: what rests on what is read off the documents; every link is found, every defect named, and nothing is taken on trust."""

from __future__ import annotations

import csv
import io
import json
import re
import time
import xml.etree.ElementTree as ElementTree
from base64 import b64decode
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from planning_kit import cli, diagram
from planning_kit.brief import Brief
from planning_kit.document import Document
from planning_kit.errors import DiskRefused, OptionRefused
from planning_kit.trace import COVERED, DEFERRED, LOST, Trace, drawn, grid, of, table, trace
from planning_kit.trace.calls import entity
from planning_kit.trace.scenarios import scenarios

from . import small_runs
from .traced_documents import brief, name, passages_of, specification

TWO = {"files": 2, "people": 1}


def traced(documents: Sequence[Document], count: int = 3, **more: object) -> Trace:
    """The trace of documents of the domains in ``TWO``, of a brief with ``count`` passages that all ask for something."""
    passages = brief(count)
    given = {"asking": [each.id for each in passages], "domains": passages_of(TWO), **more}
    return trace(documents, passages, **given)  # type: ignore[arg-type]


def whole() -> Trace:
    return traced(specification(TWO))


def changed(domain: str, what: str, *changes: tuple[str, str]) -> list[Document]:
    """The specification of ``TWO`` with one document changed."""
    documents = specification(TWO)
    for at, document in enumerate(documents):
        if document.name == name(domain, what):
            text = document.text
            for old, new in changes:
                assert old in text, old
                text = text.replace(old, new)
            documents[at] = Document(document.name, text)
    return documents


def added(domain: str, what: str, text: str) -> list[Document]:
    return [
        Document(each.name, each.text + text) if each.name == name(domain, what) else each
        for each in specification(TWO)
    ]


def said(found: Trace) -> list[tuple[str, str, str]]:
    """Severity, rule and message of each finding."""
    return [(each.severity, each.rule, each.message) for each in found.findings]


def linked(found: Trace) -> set[tuple[str, str]]:
    return {(link.source[1], link.target[1]) for link in found.links}


# what links to what


def test_every_kind_of_link_is_read_off_the_documents() -> None:
    links = linked(whole())
    assert {
        ("P1", "FR-FIL-01"),
        ("FR-FIL-01", "US-FIL-01"),
        ("US-FIL-01", "UC-FIL-01"),
        ("US-FIL-01", "POST /files-1"),
        ("FR-FIL-01", "POST /files-1"),
        ("UC-FIL-01", "POST /files-1"),
        ("FR-FIL-01", "TS-FIL-01"),
        ("US-FIL-01", "US-FIL-01/1"),
        ("POST /files-1", "files/use-cases.md:18"),
        ("POST /files-1", "files/sequence-diagram.md:13"),
        ("UC-FIL-01", "files/sequence-diagram.md:13"),
        ("UC-FIL-01", "files/use-cases.md:18"),
    } <= links
    assert ("FR-FIL-01", "US-FIL-02") not in links and ("POST /files-1", "files/sequence-diagram.md:25") not in links


def test_a_link_names_the_document_and_the_line_that_say_so() -> None:
    found = whole()
    link = next(each for each in found.links if (each.source[1], each.target[1]) == ("P1", "FR-FIL-01"))
    assert (link.document, link.line) == (name("files", "requirements"), 9)
    assert found.given.documents[0].line(9).startswith("| FR-FIL-01")


def test_a_row_has_what_its_requirement_reached_and_nothing_of_others() -> None:
    rows = {row.subject.id: row for row in whole().rows}
    assert list(rows) == ["FR-FIL-01", "FR-FIL-02", "FR-PEO-01"]
    cells = {kind: [node.id for node in nodes] for kind, nodes in rows["FR-FIL-02"].cells.items() if nodes}
    assert cells == {
        "passage": ["P2"], "requirement": ["FR-FIL-02"], "story": ["US-FIL-02"], "use case": ["UC-FIL-02"],
        "operation": ["POST /files-2"], "message": ["files/use-cases.md:41", "files/sequence-diagram.md:25"],
        "test": ["TS-FIL-02", "US-FIL-02/1", "US-FIL-02/2"],
    }  # fmt: skip


def test_a_whole_specification_has_no_finding() -> None:
    found = whole()
    assert said(found) == []
    assert found.summary == "3 requirements: 3 have a story, 3 a use case, 3 an operation, 3 a message, 3 a test; 3 passages ask for something: 3 covered, 0 lost"  # fmt: skip


def test_a_kind_no_document_defines_is_left_out_of_everything() -> None:
    found = traced(specification(TWO)[:1], domains={"files": ("P1", "P2", "P3")})
    assert found.kinds == ("passage", "requirement")
    assert list(found.matrix.columns) == ["domain", "requirement", "says", "passages", "standing"]
    assert found.summary == "2 requirements; 3 passages ask for something: 2 covered, 1 lost"
    assert "stor" not in grid.draw(found) and {row["lacks"] == [] for row in table.facts(found)["rows"]} == {True}


def test_what_is_written_in_no_domain_yet_is_not_missed_there() -> None:
    documents = [each for each in specification(TWO) if "/people/" not in each.name or "requirements.md" in each.name]
    assert said(traced(documents)) == []


def test_a_document_of_stories_that_tells_none_is_missed() -> None:
    documents = [
        Document(each.name, "# User stories\n") if each.name == name("people", "stories") else each
        for each in specification(TWO)
    ]
    assert ("error", "has-a-story", "FR-PEO-01 has no story: “The system shall keep files of kind 1 of people.”") in said(traced(documents))  # fmt: skip


def test_a_test_counts_for_what_it_names_and_not_for_all_its_use_case_serves() -> None:
    documents = changed("files", "use-cases", ("| Stories | US-FIL-01 |", "| Stories | US-FIL-01, US-FIL-02 |"))
    documents = [
        Document(each.name, re.sub(r"(?s)```gherkin.*?```", "", each.text)) if "user-stories" in each.name else each
        for each in documents
    ]
    found = traced([each for each in documents if each.name])
    tests = {row.subject.id: [node.id for node in row.cells["test"]] for row in found.rows}
    assert tests["FR-FIL-02"] == ["TS-FIL-02"]
    assert "TS-FIL-01" in {node.id for node in found.forward("US-FIL-02").nodes}
    assert "TS-FIL-01" not in {node.id for node in found.forward("FR-FIL-02").nodes}


def test_a_scenario_that_names_its_requirement_tests_that_one_only() -> None:
    documents = changed(
        "files", "stories",
        ("From FR-FIL-01;", "From FR-FIL-01, FR-FIL-02;"), ("  Scenario: A file is kept", "  @FR-FIL-01\n  Scenario: A file is kept"),
    )  # fmt: skip
    tests = {row.subject.id: {node.id for node in row.cells["test"]} for row in traced(documents).rows}
    assert "US-FIL-01/1" in tests["FR-FIL-01"] and "US-FIL-01/1" not in tests["FR-FIL-02"]
    assert "US-FIL-01/2" in tests["FR-FIL-02"]


def test_a_scenario_beyond_the_stories_tests_none_of_them() -> None:
    more = "\n## Common behaviour\n\n```gherkin\nFeature: x\n  Scenario: Nobody is signed in\n    Then FR-PEO-01 holds\n```\n"
    found = traced(added("people", "stories", more))
    assert [link.source[1] for link in found.back["test", "people/user-stories.md/1"]] == ["FR-PEO-01"]


def test_messages_are_those_that_call_what_a_requirement_asks_for() -> None:
    more = ("C->>S: POST /files-1\n", "C->>S: POST /files-1\n    C->>S: POST /files-2\n")
    rows = {row.subject.id: row for row in traced(changed("files", "use-cases", more)).rows}
    assert [node.text[-7:] for node in rows["FR-FIL-01"].cells["message"]] == ["files-1", "files-1"]
    assert len(rows["FR-FIL-02"].cells["message"]) == 3


def test_passages_that_later_documents_cite_are_no_part_of_a_specification() -> None:
    assert "section" not in traced(added("files", "api", "\n## Notes\n\nAs asked [P3].\n")).kinds


def test_tests_are_missed_once_the_use_cases_are_written() -> None:
    documents = [
        Document(d.name, re.sub(r"(?s)```gherkin.*?```", "", d.text))
        for d in specification(TWO) if "/files/" not in d.name and "api" not in d.name and "sequence" not in d.name
    ]  # fmt: skip
    passages: dict[str, object] = {"domains": {"people": ("P3",)}, "asking": ["P3"]}
    assert said(traced(documents[:2], **passages)) == []
    documents[2] = Document(documents[2].name, "# Use cases\n")
    assert [each[1] for each in said(traced(documents, **passages))] == ["has-a-test"]


def test_a_heading_and_its_row_in_an_overview_are_one_story() -> None:
    documents = added(
        "files", "stories", "\n## Overview of stories\n\n| ID | Story |\n|---|---|\n| US-FIL-01 | Keep |\n"
    )
    assert said(traced(documents)) == []


def test_an_operation_goes_by_its_path_with_and_without_the_server() -> None:
    documents = changed("files", "api", ("version: '1'}", "version: '1'}\nservers: [{url: 'https://example.org/v1'}]"))
    documents = [
        Document(each.name, each.text.replace("POST /files-1", "POST /v1/files-1/"))
        if "sequence" in each.name
        else each
        for each in documents
    ]
    assert ("POST /files-1", "files/sequence-diagram.md:13") in linked(traced(documents))


def test_messages_are_those_mermaid_reads() -> None:
    source = """sequenceDiagram
    autonumber
    participant C as client.py<br/>(Client)
    actor B as Bob the clerk
    create participant S as "a service"
    C->>S: POST /files
    S-->>C: 201
    B-)S: GET /files/{id}?full=true
    C->>+S: 3. `PUT` /files/{id}
    S--xB: DELETE /files/{id}
    S<<->>B: PATCH /files/{id}
    Note over C,S: GET /nothing
    C -> S : HEAD /files
    alt it is there
      long-name->>S: OPTIONS /files
    end
"""
    mermaid = [each["line"] for each in diagram.facts(source)["messages"] if re.search(r"[A-Z]{3,7}`? /", each["text"])]
    own = list(drawn.messages(Document("a.md", f"```mermaid\n{source}```\n")))
    assert [each.line - 1 for each in own] == mermaid and len(own) == 7
    assert (own[0].sender, own[0].operation) == ("client.py", ("POST", "/files"))
    assert own[1].operation == ("GET", "/files/{id}?full=true")


@pytest.mark.parametrize("kind", ["graph TD", "stateDiagram-v2"])
def test_messages_of_other_diagrams_are_none(kind: str) -> None:
    assert not list(drawn.messages(Document("a.md", f"```mermaid\n{kind}\n  A-->B: POST /files\n```\n")))


def test_scenarios_are_told_by_the_keywords_of_their_language() -> None:
    text = '# language: de\nFunktionalität: x\n  Szenario: Eins\n    Angenommen es gilt FR-FIL-01\n    """\n    Szenario: keins\n    """\n  @P2 @FR-FIL-02\n  Szenariogrundriss: Zwei\n'
    assert scenarios(text) == [("Eins", 3, ("FR-FIL-01",)), ("Zwei", 9, ("FR-FIL-02",))]
    assert [each[0] for each in scenarios("Scenario: a part\n  Given x\nExample: another\n")] == ["a part", "another"]
    assert scenarios("# language: no-such\nScenario: English all the same\n")[0][0] == "English all the same"


def test_a_task_would_be_traced_if_ids_knew_tasks() -> None:
    assert "task" not in whole().kinds and whole().given.codes == {"FIL": "files", "PEO": "people"}


# a plan without requirements


PLAN = [
    Document(
        "plan/04-api.md",
        """# API

## Endpoints

| Method | Path | Source |
|---|---|---|
| POST | `/files` | [P1] |
| GET | `/files/{file_id}` | [P2] and 1 more |

## OpenAPI

```yaml
openapi: 3.1.0
info: {title: Files, version: '1'}
paths:
  /files:
    post:
      operationId: keep
      responses: {'201': {description: kept}}
  /files/{id}:
    get:
      operationId: read
      x-sources: [P2, P4]
      responses: {'200': {description: it, content: {application/json: {schema: {$ref: '#/components/schemas/FileDetails'}}}}}
  /files/{id}/persons:
    post:
      operationId: share
      x-sources: [P2]
      responses: {'204': {description: done}}
  /clerks:
    get:
      operationId: clerks
      responses: {'200': {description: them, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Person'}}}}}}
components:
  schemas:
    FileDetails: {type: object}
    Person: {type: object}
```
""",
    ),
    Document(
        "plan/05-data.md",
        """# Data

## Tables

### files

| Column | Source |
|---|---|
| id | [P3] |

```sql
CREATE TABLE files (id bigint PRIMARY KEY);
CREATE TABLE persons (id bigint PRIMARY KEY);
```

## Risks

Files may be lost [P5].

## Traceability

[P6]
""",
    ),
]


def planned() -> Trace:
    return traced(PLAN, 6, domains={})


def test_a_plan_is_traced_from_passages_to_operations_to_tables() -> None:
    found = planned()
    assert found.subjects == "passage" and found.kinds == ("passage", "operation", "table", "section")
    cells = {row.subject.id: {kind: [n.id for n in row.cells[kind]] for kind in ("operation", "table", "section")} for row in found.rows}  # fmt: skip
    assert cells["P1"] == {"operation": ["POST /files"], "table": ["files"], "section": ["04-api.md › Endpoints"]}
    assert cells["P3"]["operation"] == [] and cells["P3"]["table"] == ["files"]
    assert cells["P4"]["operation"] == ["GET /files/{id}"]
    assert cells["P5"] == {"operation": [], "table": [], "section": ["05-data.md › Risks"]}
    assert {each for each in linked(found) if each[1] in ("files", "persons") and each[0][0] != "P" or "persons" in each[0]} >= {
        ("GET /clerks", "persons"), ("POST /files/{id}/persons", "persons")
    }  # fmt: skip
    assert not {("GET /clerks", "files"), ("POST /files/{id}/persons", "files")} & linked(found)
    assert next(each.line for each in found.links if each.source[1] == "GET /clerks") == 31


def test_an_operation_that_rests_on_an_answer_or_an_assumption_was_asked_for() -> None:
    row = "| GET | `/files/{file_id}` | [P2] and 1 more |\n"
    told = [replace(each, text=each.text.replace(row, f"{row}| GET | /clerks | assumed [A1] |\n")) for each in PLAN]
    assert "was-asked-for" not in {each.rule for each in traced(told, 6, domains={}).findings}


def test_a_passage_no_document_cites_and_an_operation_no_passage_asks_for_are_named() -> None:
    found = planned()
    assert [(each.place, each.rule) for each in found.findings] == [
        ("plan/04-api.md:31", "was-asked-for"), ("brief.md:11", "reaches-the-plan"),
    ]  # fmt: skip
    assert (
        found.summary
        == "6 passages ask for something: 5 covered, 1 lost; 3 reached an operation, 4 a table, 5 a section"
    )


@pytest.mark.parametrize(
    "schema, about",
    [("SlotInput", "slot"), ("CreateSlotRequest", "slot"), ("SlotList", "slot"), ("AlertSchedules", "alert_schedule"), ("List", "list")],
)  # fmt: skip
def test_a_schema_is_of_its_entity(schema: str, about: str) -> None:
    assert entity(schema) == about


# findings: each silent above in test_a_whole_specification_has_no_finding


def test_a_passage_is_covered_or_deferred_by_name_or_lost() -> None:
    documents = changed(
        "people", "requirements",
        ("[P3]", "(assumed)"), ("| Passage | Decision | Reason |\n|---|---|---|\n", "| Passage | Decision | Reason |\n|---|---|---|\n| [P3] [P4] | later | no budget |\n"),
    )  # fmt: skip
    found = traced(documents, 5)
    assert found.standing == {"P1": COVERED, "P2": COVERED, "P3": DEFERRED, "P4": DEFERRED, "P5": LOST}
    assert said(found) == [("error", "reaches-a-requirement", "P5 asks for something and reached no requirement: “The office must be able to keep files of kind 5.”")]  # fmt: skip
    lost = found.findings[0]
    assert (lost.place, "'files'" in lost.hint) == ("brief.md:9", True)
    assert found.summary.endswith("5 passages ask for something: 2 covered, 2 deferred, 1 lost")


def test_a_deferral_needs_no_reason_to_count_and_stands_in_the_matrix() -> None:
    text = "\n## Deferred and out of scope\n\n| Passage | Decision |\n|---|---|\n| P4 | later |\n"
    found = traced(added("people", "requirements", text), 4)
    assert found.standing["P4"] == DEFERRED
    assert found.matrix.iloc[-1][["domain", "passages", "standing"]].tolist() == ["files", "P4", "deferred"]


def test_a_passage_of_two_domains_is_the_first_ones_and_one_of_none_too() -> None:
    found = traced([], 4, domains={"files": ("P1",), "people": ("P1", "P2")})
    assert [found.node(f"P{n}").domain for n in (1, 2, 3)] == ["files", "people", "files"]


def test_a_table_a_model_filled_in_about_itself_covers_nothing() -> None:
    documents = changed("people", "requirements", ("[P3]", "(assumed)"))
    text = "\n## Traceability matrix\n\n| Passage | Requirements |\n|---|---|\n| [P3] | FR-PEO-01 |\n"
    documents = [Document(d.name, d.text + text) if d.name == name("people", "requirements") else d for d in documents]
    assert traced(documents).standing["P3"] == LOST


def test_what_only_a_withdrawn_requirement_asks_for_is_lost() -> None:
    row = "| FR-PEO-01 | The system shall keep files of kind 1 of people. | must | [P3] |"
    gone = "| FR-PEO-02 | The system shall do more. (assumed) | must | |\n\n| Withdrawn | Reason | Source |\n|---|---|---|\n| FR-PEO-01 | Nobody wants it | [P3] |"
    found = traced(changed("people", "requirements", (row, gone)))
    assert found.standing["P3"] == LOST and "FR-PEO-01" not in {row.subject.id for row in found.rows}
    rules = {(rule, message) for _, rule, message in said(found)}
    assert ("rests-on-what-holds", "US-PEO-01 names FR-PEO-01, which is withdrawn") in rules
    assert ("was-asked-for", "US-PEO-01 names no requirement it comes from") in rules


def test_a_deferral_and_a_withdrawal_say_why() -> None:
    table_ = "| Passage | Decision | Reason |\n|---|---|---|\n"
    documents = changed("people", "requirements", (table_, f"{table_}| [P3] | later | – |\n\n| Withdrawn | Reason |\n|---|---|\n| FR-PEO-09 | |\n"))  # fmt: skip
    assert {each[1:] for each in said(traced(documents))} == {
        ("defers-with-a-reason", "P3 is deferred without a reason"),
        ("says-why-it-was-withdrawn", "FR-PEO-09 is withdrawn without a reason"),
    }


def test_a_requirement_without_a_story_and_without_a_test_is_named() -> None:
    documents = changed("files", "stories", ("From FR-FIL-02", "From FR-FIL-01"))
    documents = [Document(d.name, d.text.replace("| FR-FIL-02 |", "| FR-FIL-01 |")) if "use-cases" in d.name else d for d in documents]  # fmt: skip
    found = traced(documents)
    assert [each[:2] for each in said(found)] == [("error", "has-a-story"), ("error", "has-a-test")]
    assert found.matrix.set_index("requirement").loc["FR-FIL-02", "stories"] == ""
    assert found.matrix.set_index("requirement").loc["FR-FIL-02", "standing"] == "no story, no test"


def test_a_quality_is_missed_with_less_noise_and_a_constraint_not_at_all() -> None:
    more = "\n## Non-functional requirements\n\n| ID | Quality | Requirement | Measure | Source |\n|---|---|---|---|---|\n| NFR-FIL-01 | Speed | It shall be quick. | 1 s | [P1] |\n\n| ID | Constraint | Source |\n|---|---|---|\n| CON-FIL-01 | In Java. | [P1] |\n"
    found = traced(added("files", "requirements", more))
    assert [(each.severity, each.message[:17]) for each in found.findings] == [("warning", "NFR-FIL-01 has no")] * 2
    assert found.summary.startswith("5 requirements (one of them a constraint): 3 have a story")
    assert found.node("NFR-FIL-01").text == "It shall be quick."


def test_what_rests_on_nothing_is_named() -> None:
    documents = changed("files", "requirements", ("[P2]", ""))
    assert ("warning", "was-asked-for", "FR-FIL-02 names no passage it comes from") in said(traced(documents))
    assert ("error", "was-asked-for", "US-FIL-02 names no requirement it comes from") in said(traced(changed("files", "stories", ("From FR-FIL-02; ", ""))))  # fmt: skip
    alone = changed("people", "use-cases", ("| Stories | US-PEO-01 |\n", ""), ("| FR-PEO-01 |", "| |"))
    assert {each for each in said(traced(alone)) if each[1] == "was-asked-for"} == {
        ("error", "was-asked-for", "UC-PEO-01 names no story and no requirement"),
        ("warning", "was-asked-for", "TS-PEO-01 names no requirement it tests"),
    }


def test_an_operation_nobody_asked_for_is_scope_invention() -> None:
    documents = changed("files", "api", ("| FR-FIL-02 | US-FIL-02 |", "| – | – |"))
    assert said(traced(documents)) == []  # a story still needs it
    documents = [Document(d.name, d.text.replace("needs `POST /files-2`", "")) if "stories" in d.name else d for d in documents]  # fmt: skip
    found = traced(documents)
    assert said(found) == [("error", "was-asked-for", "no requirement or story asks for POST /files-2")]
    assert "unasked" in grid.draw(found)


def test_an_id_that_is_nowhere_defined_is_named_once_a_document() -> None:
    documents = added("files", "sequences", "\nSee UC-FIL-07 and again UC-FIL-07.\n")
    found = traced(documents)
    assert said(found) == [("error", "is-defined", "UC-FIL-07 is named and nowhere defined")]
    assert found.findings[0].hint == "define it, or name UC-FIL-02"


def test_an_id_of_documents_that_are_not_written_yet_is_not_missed() -> None:
    documents = [
        d for d in added("files", "api", "\nDrawn for UC-FIL-01, tested by TS-FIL-01.\n") if "workflows" not in d.name
    ]
    assert said(traced(documents)) == []


def test_an_id_that_two_domains_define_is_named_at_the_second() -> None:
    more = "\n| ID | Requirement | Priority | Source |\n|---|---|---|---|\n| FR-FIL-01 | Another. | must | [P3] |\n"
    found = traced(added("people", "requirements", more))
    assert [each for each in said(found) if each[0] == "error"] == [
        ("error", "is-defined-once", f"FR-FIL-01 is defined already at {name('files', 'requirements')}:9")
    ]
    assert found.findings[0].document == name("people", "requirements")


def test_an_operation_that_two_domains_define_is_named() -> None:
    text = next(d.text for d in specification(TWO) if d.name == name("files", "api"))
    documents = [Document(d.name, text) if d.name == name("people", "api") else d for d in specification(TWO)]
    assert ("warning", "is-defined-once", f"POST /files-1 is defined already in {name('files', 'api')}") in said(traced(documents))  # fmt: skip


REQUIREMENTS = name("files", "requirements")


@pytest.mark.parametrize(
    "change, expected",
    [
        (("| FR-FIL-02 |", "| FR-FIL-09 |"), ("error", "what was FR-FIL-02 is called FR-FIL-09 now")),
        (("| FR-FIL-02 | The system shall keep files of kind 2 of files. | must | [P2] |\n", ""), ("error", "FR-FIL-02 is gone since somebody decided about it")),
        (("The system shall keep files of kind 2 of files.", "Everybody pays in advance by card."), ("warning", "FR-FIL-02 says something else than when somebody decided about it")),
        (("keep files of kind 2 of files", "keep all files of kind 2 of files for a year"), None),
    ],
)  # fmt: skip
def test_an_id_stays_what_it_was_when_it_was_approved(
    change: tuple[str, str], expected: tuple[str, str] | None
) -> None:
    before = specification(TWO)[0].text
    found = traced(changed("files", "requirements", change), earlier={REQUIREMENTS: before})
    kept = [(each.severity, each.message) for each in found.findings if each.rule == "keeps-its-id"]
    assert kept == ([expected] if expected else [])


def test_two_requirements_that_swapped_their_ids_are_both_named() -> None:
    before = specification(TWO)[0].text
    swapped = changed("files", "requirements", ("FR-FIL-01", "FR-FIL-XX"), ("FR-FIL-02", "FR-FIL-01"), ("FR-FIL-XX", "FR-FIL-02"))  # fmt: skip
    found = traced(swapped, earlier={REQUIREMENTS: before})
    assert {each.message for each in found.findings if each.rule == "keeps-its-id"} == {
        "what was FR-FIL-02 is called FR-FIL-01 now", "what was FR-FIL-01 is called FR-FIL-02 now",
    }  # fmt: skip


def test_statements_that_are_the_same_say_nothing_of_renumbering() -> None:
    row = "| FR-FIL-02 | The system shall keep files of kind 1 of files. | must | [P2] |\n"
    before = specification(TWO)[0].text.replace("kind 2", "kind 1")
    found = traced(
        changed("files", "requirements", (row.replace("kind 1", "kind 2"), row.replace("02", "03"))),
        earlier={REQUIREMENTS: before},
    )
    assert [f.message for f in found.findings if f.rule == "keeps-its-id"] == [
        "FR-FIL-02 is gone since somebody decided about it"
    ]


def test_a_withdrawn_id_is_kept_and_never_used_again() -> None:
    withdrawn = "\n| Withdrawn | Reason |\n|---|---|\n| FR-FIL-02 | Nobody wants it |\n"
    row = "| FR-FIL-02 | The system shall keep files of kind 2 of files. | must | [P2] |\n"
    before = specification(TWO)[0].text
    after = before.replace(row, "") + withdrawn
    documents = [Document(d.name, after) if d.name == REQUIREMENTS else d for d in specification(TWO)]
    assert not [f for f in traced(documents, earlier={REQUIREMENTS: before}).findings if f.rule == "keeps-its-id"]
    again = traced(specification(TWO), earlier={REQUIREMENTS: after})
    assert [(f.severity, f.message) for f in again.findings] == [("error", "FR-FIL-02 was withdrawn and is used again")]


def test_a_limit_with_two_numbers_in_two_domains_is_named_and_with_one_not() -> None:
    limit = "\n## Limits\n\n| Limit of | Limit |\n|---|---|\n| Upload size | {} |\n"
    first = added("files", "api", limit.format("10 MB"))
    same, other = (
        [Document(d.name, d.text + limit.format(much)) if d.name == name("people", "api") else d for d in first]
        for much in ("10,000 kB", "20 MB")
    )
    assert said(traced(same)) == []
    assert [each[:2] for each in said(traced(other))] == [("warning", "agrees-on-limits")]
    twice = added("files", "api", limit.format("10 MB") + limit.format("20 MB"))
    assert said(traced(twice)) == []  # within a domain the checks of its documents say so


def test_an_actor_who_is_a_system_elsewhere_or_spelled_in_another_way_is_named() -> None:
    actors = "\n## Actors\n\n| Actor | Kind | Does |\n|---|---|---|\n| {} | {} | things |\n"
    three = {"files": 1, "people": 1, "tasks": 1}

    def named(*who: tuple[str, str]) -> list[str]:
        texts = dict(zip(three, (actors.format(*each) for each in who), strict=True))
        documents = [
            Document(d.name, d.text + next(t for domain, t in texts.items() if f"/{domain}/" in d.name))
            if "use-cases" in d.name else d
            for d in specification(three)
        ]  # fmt: skip
        found = trace(documents, brief(3), ["P1"], passages_of(three))
        return [f.message for f in found.findings if f.rule == "agrees-on-actors"]

    assert named(("Organizer", "person"), ("Organizer", "person"), ("Clerk", "person")) == []
    assert named(("Organizer", "person"), ("Organizer", "system"), ("Clerk", "person")) == [
        f"'Organizer' is a system here and a person in 'files' ({name('files', 'use-cases')}:32)"
    ]
    assert named(("Organizer", "person"), ("Organizer", "person"), ("Organiser", "person")) == [
        "'Organiser' is named in 'tasks' only; the other domains have 'Organizer'"
    ]
    assert named(("Organizer", "person"), ("Organizer", "person"), ("Optimizer", "person")) == []
    assert named(("Health worker", "person"), ("Health worker", "person"), ("Health workforce", "person")) == []


# how it shows itself


def test_forward_and_backward_say_everything_that_is_reached() -> None:
    found = whole()
    assert str(found.forward("P3")).splitlines()[:4] == [
        "passage P3: The office must be able to keep files of kind 3. (brief.md:5)",
        "  requirement FR-PEO-01: The system shall keep files of kind 1 of people. (requirements.md:9)",
        "    story US-PEO-01: Keep files of kind 1 (user-stories.md:5)",
        "      use case UC-PEO-01: Keep a file of kind 1 (use-cases.md:5)",
    ]
    assert {node.id for node in found.backward("TS-PEO-01").nodes} == {
        "TS-PEO-01", "FR-PEO-01", "P3", "UC-PEO-01", "US-PEO-01",
    }  # fmt: skip
    assert "operation POST /people-1" in found.forward("UC-PEO-01")._repr_mimebundle_()["text/html"]
    with pytest.raises(OptionRefused, match="nothing in the trace is called 'FR-PEO-02'; did you mean 'FR-PEO-01'"):
        found.forward("FR-PEO-02")


def test_a_tree_unfolds_what_it_meets_again_only_once() -> None:
    lines = str(whole().forward("P1")).splitlines()
    again = [line for line in lines if line.endswith("(see above)")]
    assert again and sum("operation POST /files-1" in line for line in lines) == 3
    assert sum("message files/use-cases.md:18" in line for line in lines) == 2  # of its use case, and of its operation


def test_the_picture_marks_what_is_missing_with_a_colour_and_a_sign() -> None:
    documents = changed("files", "stories", ("From FR-FIL-02", "From FR-FIL-01"))
    good, bad = (ElementTree.fromstring(grid.draw(each)) for each in (whole(), traced(documents, 4)))
    words = ["".join(each.itertext()) for each in bad.iter("{http://www.w3.org/2000/svg}text")]
    assert {"✕ none", "✕ lost", "FR-FIL-02", "files", "stories"} <= set(words)
    assert words[0] == "What became of what was asked for: 1 lost, 1 requirement not told or not tested"
    assert (
        sum("✕ none" in "".join(each.itertext()) for each in good.iter("{http://www.w3.org/2000/svg}text")) == 1
    )  # the legend
    assert float(bad.get("width") or 0) <= 1200


def test_of_many_requirements_only_those_with_a_defect_are_drawn_one_by_one() -> None:
    many = {"files": 90, "people": 70}
    documents = [
        Document(d.name, d.text.replace("From FR-FIL-07", "From FR-FIL-08"))
        if d.name == name("files", "stories")
        else d
        for d in specification(many)
    ]
    found = trace(documents, brief(160), [f"P{n}" for n in range(1, 161)], passages_of(many))
    drawing, people = grid.draw(found), grid.draw(found, "people")
    assert "FR-PEO-09<" in people and "FR-FIL-07<" not in people
    with pytest.raises(OptionRefused, match="no such domain: 'peple'; did you mean 'people'"):
        found.pictured("peple")
    assert (
        "FR-FIL-07<" in drawing
        and "89 more" in drawing
        and "70 requirements<" in drawing
        and "FR-FIL-09<" not in drawing
    )


def test_of_many_passages_those_that_are_lost_are_drawn_one_by_one() -> None:
    cited = "## A\n\n" + " ".join(f"[P{n}]" for n in range(2, 11))
    few, many = (
        grid.draw(trace([Document("a.md", cited)], brief(count), [f"P{n}" for n in range(1, count + 1)]))
        for count in (125, 400)
    )
    assert ">P1<" in few and ">P2<" not in few and ">9 more<" in few and "without a defect: P2 … P10<" in few
    assert ">280 more<" in many and "271 of them with a defect" in many


def test_a_notebook_shows_summary_picture_and_findings() -> None:
    shown = traced(specification(TWO), 4)._repr_mimebundle_()
    assert shown["text/plain"].startswith("3 requirements: 3 have a story")
    assert "P4 asks for something and reached no requirement" in shown["text/html"]
    picture = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', shown["text/html"])
    assert picture and "✕ lost" in b64decode(picture[1]).decode()
    assert "<script" not in shown["text/html"]


def test_the_matrix_on_a_terminal_fits_into_a_hundred_columns() -> None:
    lines = list(table.lines(traced(changed("files", "stories", ("From FR-FIL-02", "From FR-FIL-01")), 4)))
    assert max(map(len, lines)) <= 100
    assert next(line for line in lines if line.startswith("FR-FIL-02")).split()[2] == "MISSING"


def test_the_file_for_spreadsheets_has_every_requirement_and_every_passage_that_reached_none(tmp_path: Path) -> None:
    text = "The system shall keep files of kind 2 of files."
    documents = changed("files", "requirements", (text, '=HYPERLINK("http://example.org","x")'))
    found = traced(documents, 4)
    assert table.write(found, tmp_path / "trace.csv") == 4
    rows = list(csv.DictReader(io.StringIO((tmp_path / "trace.csv").read_text(encoding="utf-8"))))
    assert [row["requirement"] for row in rows] == ["FR-FIL-01", "FR-FIL-02", "FR-PEO-01", ""]
    assert rows[1]["says"] == '\'=HYPERLINK("http://example.org","x")'
    assert (rows[3]["passages"], rows[3]["standing"]) == ("P4", "lost")
    with pytest.raises(DiskRefused):
        table.write(found, tmp_path / "trace.csv" / "more.csv")
    assert rows[0]["tests"] == "TS-FIL-01, US-FIL-01/1, US-FIL-01/2"


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1"])
def test_no_cell_of_it_is_computed(cell: str) -> None:
    assert table._defused(cell).startswith("'")


# runs and the command


def test_a_run_is_traced_as_it_is_now_and_against_what_was_approved(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = small_runs.begin(tmp_path)
    document = Document(small_runs.READING, "# Reading\n\n## Plan\n\nNotes are read [P2].\n")
    with run.store.write():
        run.shelf.place(document, "", phase="writing", seat="reading-consultant", stop="end_turn")
        run.journal.add("decided", phase="writing", verdict="approved", subject={document.name: document.digest})
    found = of(run)
    assert (found.subjects, found.standing, found.given.earlier) == ("passage", {"P2": COVERED}, {})
    path = run.shelf.path(small_runs.READING)
    path.write_text(path.read_text() + "\nMore.\n")
    with run.store.write():
        other = Document(small_runs.WRITING, "# Writing\n")
        run.shelf.place(other, "", phase="writing", seat="writing-consultant", stop="end_turn")
        subject = {document.name: "0" * 64, other.name: other.digest}
        run.journal.add("decided", phase="writing", verdict="sent back", subject=subject)
        run.shelf.path(other.name).write_text("# Writing\n\nMore.\n")
    assert of(run).given.earlier == {document.name: document.text, other.name: other.text}
    assert cli.main(["trace", str(run.folder), "--csv", str(tmp_path / "t.csv")]) == 0
    told = capsys.readouterr().out
    assert "0 errors, 0 warnings" in told and f"wrote {tmp_path / 't.csv'}: 1 row" in told
    path.write_text("# Reading\n")
    assert cli.main(["trace", str(run.folder), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["passages"][0]["id"] == "P2"


def test_the_command_refuses_a_folder_and_a_run_that_is_not_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["trace", str(tmp_path / "no-such-run")]) == 2
    assert cli.main(["trace", "x", "--csv", str(tmp_path)]) == 2
    assert "this is a folder; name a file in it" in capsys.readouterr().err


# hostile documents


def test_hostile_words_do_no_harm() -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)> \u202e ]]> &amp; $\\href{javascript:1}{x}$ \x00"
    documents = changed("files", "requirements", ("The system shall keep files of kind 2 of files.", evil))
    documents += [
        Document(
            name("files", "stories").replace("files", "<b>"),
            f"# {evil}\n\n### US-FIL-44: {evil}\n\nFR-FIL-02 FR-FIL-77\n",
        )
    ]
    found = traced(documents, 4)
    shown = found._repr_mimebundle_()
    assert (
        "<script" not in shown["text/html"]
        and "<img src=x" not in shown["text/html"]
        and "\u202e" not in shown["text/html"]
    )
    ElementTree.fromstring(grid.draw(found))
    assert (
        "\u202e" not in shown["text/plain"]
        and "<script>" not in found.forward("US-FIL-44")._repr_mimebundle_()["text/html"]
    )


@pytest.mark.parametrize(
    "text",
    [
        "FR-FIL-01 " * 30_000,
        "\n".join(f"FR-FIL-{n:04}" for n in range(3_000, 9_999)),
        "\n".join(f"### US-FIL-{n:04}: x\n\nFR-FIL-01 FR-FIL-02 `POST /files-1`\n" for n in range(100, 2_500)),
        "| ID | Requirement |\n|---|---|\n" + "\n".join(f"| FR-FIL-{n:04} | [P1] {'|' * 9} |" for n in range(100, 4_000)),
        "```mermaid\nsequenceDiagram\n" + "A->>B: POST /files-1\n" * 3_000 + "```\n",
        "```mermaid\nsequenceDiagram\n" + "a" * 100_000 + "\n" + "-" * 100_000 + "\n" + "A->>" * 20_000 + "\n```\n",
        "```gherkin\n" + "Scenario: x\n" * 3_000 + "```\n",
        "| Method | Path |\n|---|---|\n" + f"| {'POST ' * 500} | /files-1 {'FR-FIL-01 ' * 2_000} |\n",
        "| Passage | Reason |\n|---|---|\n" + f"| {'P1 ' * 20_000} | {'[' * 20_000} |\n",
        "| Actor | Kind |\n|---|---|\n" + "\n".join(f"| somebody{n} | person |" for n in range(3_000)),
        "# " + "[P1" * 20_000,
    ],
    ids=["one id", "ids", "stories", "rows", "messages", "lines", "scenarios", "cells", "deferrals", "actors", "brackets"],
)  # fmt: skip
def test_a_huge_document_takes_little_time(text: str) -> None:
    documents = [
        *specification(TWO),
        Document(name("files", "stories").replace("user-", "more-"), f"# More\n\n{text}\n"),
    ]
    start = time.process_time()
    found = traced(documents)
    found._repr_mimebundle_()
    list(table.lines(found))
    assert time.process_time() - start < 4


def test_a_document_that_is_too_long_is_named_and_not_read() -> None:
    found = traced([*specification(TWO), Document("long.md", "FR-FIL-99\n" * 100_001)])
    assert said(found) == [("error", "can-be-traced", "this document is not traced: it has more than 100,000 lines")]


def test_no_documents_and_no_passages_are_no_fault() -> None:
    assert trace([], []).summary == "0 passages ask for something: 0 covered, 0 lost"
    assert trace([], [])._repr_mimebundle_()["text/plain"]
    assert Brief("x").passages[0].id == "P1" and trace([], Brief("x").passages, ["P1", "P9"]).standing == {"P1": LOST}


def test_a_hundred_documents_take_less_than_two_seconds() -> None:
    many = {f"domain-{chr(97 + n)}": 10 for n in range(20)}
    documents, passages = specification(many), brief(200)
    start = time.process_time()
    found = trace(documents, passages, [each.id for each in passages], passages_of(many))
    assert (len(documents), len(found.rows), list(found.findings)) == (100, 200, [])
    assert time.process_time() - start < 2


def test_a_domain_whose_requirements_have_no_operation_at_all_is_named_once() -> None:
    folder = "docs/en/specifications/orders"
    asked = Document(
        f"{folder}/requirements/requirements.md",
        "# R\n\n| ID | Requirement | Priority | Source |\n|---|---|---|---|\n| FR-ORD-01 | The system shall list orders. | Must | [P1] |\n",
    )
    empty = Document(f"{folder}/requirements/api-spec.md", "# API\n\nNothing is offered.\n")
    rows = (
        "| Operation | Method | Path | Requirements |\n|---|---|---|---|\n| listOrders | GET | /orders | FR-ORD-01 |\n"
    )
    api = "openapi: 3.1.0\ninfo: {title: O, version: '1'}\npaths: {/orders: {get: {operationId: listOrders, responses: {'200': {description: ok}}}}}"
    full = Document(empty.name, f"# API\n\n{rows}\n```yaml\n{api}\n```\n")
    found = {
        name: [
            str(each.message)
            for each in trace((asked, document), (), (), {"orders": ("P1",)}).findings
            if each.rule == "is-offered"
        ]
        for name, document in (("empty", empty), ("full", full))
    }
    assert found == {
        "empty": ["no functional requirement of 'orders' has an operation: is nothing of it offered?"],
        "full": [],
    }


@pytest.mark.parametrize(("source", "count"), [("[A1]", 0), ("[R2]", 0), ("(assumed)", 0), ("the clerk", 1)])
def test_a_requirement_rests_on_a_passage_an_answer_a_remark_or_an_assumption(source: str, count: int) -> None:
    rows = f"# R\n\n| ID | Requirement | Priority | Source |\n|---|---|---|---|\n| FR-ORD-01 | The system shall list orders. | Must | {source} |\n"
    document = Document("docs/en/specifications/orders/requirements/requirements.md", rows)
    found = trace((document,), (), (), {"orders": ()}).findings
    assert len([each for each in found if each.rule == "was-asked-for"]) == count
