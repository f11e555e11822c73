"""The manifest of a service design: what its check finds, what it lets pass, and what the offline author registers."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from planning_kit import facts
from planning_kit.brief import Brief
from planning_kit.checks import check
from planning_kit.checks.about import About
from planning_kit.checks.service.registry import registers_its_documents
from planning_kit.document import Document
from planning_kit.offline.reading import read
from planning_kit.offline.writing.basis import Basis
from planning_kit.offline.writing.plan import Plan
from planning_kit.offline.writing.service import WRITERS
from planning_kit.template import sections

from .architecture_by_hand import (  # fmt: skip
    ARCHITECTURE,
    ARCHITECTURE_NAME,
    AT,
    MANIFEST,
    MANIFEST_NAME,
    META,
    TESTS_NAME,
    UP,
    architecture,
    manifest,
    specified,
)

PACKAGE = Path(__file__).parent.parent / "planning_kit"
TEMPLATE = (PACKAGE / "templates" / "manifest.md").read_text(encoding="utf-8")
CLINIC = (PACKAGE / "samples" / "clinic-appointments.md").read_text(encoding="utf-8")


def found(text: str = "", *more: Document, beside: tuple[Document, ...] = ()) -> list[tuple[str, int, str, str]]:
    """Severity, line, message and hint of everything the check says of a manifest."""
    there = beside or (architecture(), specified(), *more)
    said = registers_its_documents(manifest(text), About(beside=there))
    return [(each.severity, each.line, each.message, each.hint) for each in said]


def line(text: str, part: str) -> int:
    """The line ``part`` begins on."""
    return text[: text.index(part)].count("\n") + 1


def test_a_manifest_in_other_words_raises_no_alarm() -> None:
    assert found() == []
    about = About(tuple(sections(TEMPLATE)), ("registry",), beside=(architecture(), specified()), template=TEMPLATE)
    assert [str(each) for each in check(manifest(), about)] == []


BREAKS = [
    (f"| api-backend-tester | [the tests]({UP}/api-backend-tester/courts-{AT}/test-specifications.md) | two contract tests |\n", "", "## Documents", "test-specifications.md is not registered under 'Documents'"),
    (f"[the tests]({UP}/api-backend-tester/courts-{AT}/test-specifications.md)", f"`{UP}/api-backend-tester/courts-{AT}/test-specifications.md`", "## Documents", "test-specifications.md is not registered under 'Documents'"),
    ("| Agent | Document | Holds |\n|---|---|---|\n", f"| Agent | Document | Holds |\n|---|---|---|\n| again | [x]({UP}/api-backend-tester/courts-{AT}/test-specifications.md) | twice |\n", "| api-backend-tester |", "test-specifications.md is registered twice, at line "),
    ("| 2 (create, list) |", "| 3 |", "## API surface", "'API surface' counts 3 operations, the OpenAPI document has 2"),
    ("| 2 (create, list) |", "| create, list |", "| bookings | create", "'Operations' of 'bookings' is not one number"),
    ("| Availability | 99.9 % |", "| Availability | 99.99 % |", "| Availability |", "objective '99.99 %' of 'Availability' is '≥ 99.9% of requests succeed' in the architecture"),
    ("| 99.9 % | 28 days |", "| 99.9 % | 30 days |", "| Availability |", "window '30 days' of 'Availability' is 'rolling 28 days' in the architecture"),
    ("| Lost bookings | zero bookings | quarter |\n", "", "## Service levels", "the service level 'Lost bookings' of the architecture is missing"),
    ("| Lost bookings | zero bookings | quarter |\n", "| Lost bookings | zero bookings | quarter |\n| Throughput | 50 per second | day |\n", "| Throughput |", "the architecture has no service level 'Throughput'"),
    ("| stage | pipeline |\n", "", "## Environments", "the environment 'Staging (UAT)' of the architecture is missing"),
    ("| prod | release manager |", "| prod | release manager |\n| perf | nobody |", "| perf |", "the architecture has no environment 'perf'"),
    ("| PostgreSQL | bookings |", "| Redis | bookings |", "## Data stores", "the store 'PostgreSQL 17' of the architecture is missing"),
    ("| members wait outside |", "| |", "| the door controller", "'Consequence' of 'the door controller is off' is empty"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "at", "message"), BREAKS)
def test_each_thing_that_is_not_as_the_documents_have_it_is_named(old: str, new: str, at: str, message: str) -> None:
    assert old in MANIFEST
    text = MANIFEST.replace(old, new, 1)
    said = found(text)
    assert said[0][0] == "error"
    assert said[0][2].startswith(message)
    assert said[0][1] == line(text, at)
    assert said[0][3], "an author is told what to do"
    assert len(said) == (2 if "Redis" in new else 1)


SAID_ELSE = [
    ("| 2 (create, list) |", "| two |", []),
    ("| 2 (create, list) |", "| [2](../../../agents/system-architect/part-7/integration-architecture.md) |", []),
    ("| 99.9 % | 28 days |", "| 99.9 % | four weeks |", []),
    ("| Lost bookings | zero bookings |", "| Lost bookings | none |", []),
    ("| Lost bookings | zero bookings |", "| Bookings | 0 |", []),
]


@pytest.mark.parametrize(("old", "new", "severities"), SAID_ELSE)
def test_figures_in_other_words_and_units_are_the_same(old: str, new: str, severities: list[str]) -> None:
    assert old in MANIFEST
    assert [each[0] for each in found(MANIFEST.replace(old, new, 1))] == severities


def test_an_objective_that_leaves_something_out_is_doubtful() -> None:
    more = ARCHITECTURE.replace("≥ 99.9% of requests succeed", "99.9% of requests within 2 s")
    assert more != ARCHITECTURE
    there = Document(ARCHITECTURE_NAME, architecture(more).text)
    assert [(each[0], each[2]) for each in found(beside=(there, specified()))] == [
        ("warning", "objective '99.9 %' of 'Availability' is '99.9% of requests within 2 s' in the architecture")
    ]


def test_a_link_to_another_place_is_told_where_the_document_really_is() -> None:
    right = f"{UP}/api-backend-tester/courts-{AT}/test-specifications.md"
    said = found(MANIFEST.replace(right, f"../../agents/api-backend-tester/courts-{AT}/test-specifications.md"))
    assert [each[2] for each in said] == [
        f"design/projects/agents/api-backend-tester/courts-{AT}/test-specifications.md is no document of this plan",
        "test-specifications.md is not registered under 'Documents'",
    ]
    assert said[0][3] == f"link {right}"


def test_documents_of_earlier_runs_need_not_be_registered_and_may_be() -> None:
    spec = Document("docs/en/specifications/courts/requirements/api-spec.md", "# Courts\n")
    older = Document(ARCHITECTURE_NAME.replace(AT, "20250101-000000"), ARCHITECTURE)
    assert found("", spec, older) == []
    row = "| api-specifier | [spec](../../../../docs/en/specifications/courts/requirements/api-spec.md) | before |\n"
    text = MANIFEST.replace("| api-backend-tester |", f"{row}| api-backend-tester |", 1)
    assert found(text, spec) == []


def test_with_nothing_beside_it_nothing_is_compared() -> None:
    assert list(registers_its_documents(manifest(), About())) == []


def test_a_copied_block_repeats_and_one_of_its_own_does_not() -> None:
    copied = "```mermaid\nflowchart LR\n    unit --> contract\n    contract --> load\n    load --> security\n```\n"
    text = MANIFEST.replace("## Risks\n", f"## Risks\n\n{copied}", 1)
    assert [(each[0], each[1], each[2]) for each in found(text)] == [
        ("error", line(text, "```mermaid"), "this block repeats test-specifications.md")
    ]
    own = text.replace("load --> security", "load --> release")
    assert found(own) == []
    short = MANIFEST.replace("## Risks\n", "## Risks\n\n```mermaid\nflowchart LR\n    unit --> contract\n```\n", 1)
    assert found(short) == []


def test_a_copied_table_repeats() -> None:
    table = "| Operation | Success |\n|---|---|\n| POST /bookings | 201 |\n| GET /bookings | 200 |\n"
    text = MANIFEST.replace("## Risks\n", f"## Risks\n\n{table}\n", 1)
    assert [(each[0], each[2]) for each in found(text)] == [("error", "this table repeats test-specifications.md")]


def test_a_question_without_its_place_and_one_asked_twice_are_warned_of() -> None:
    text = MANIFEST.replace("## Risks\n", "- Who pays?\n- Who pays?\n\n## Risks\n", 1)
    assert [(each[0], each[2]) for each in found(text)] == [
        ("warning", "the question does not say where it is asked"),
        ("warning", f"this question stands at line {line(text, '- Who pays?')} too"),
        ("warning", "the question does not say where it is asked"),
    ]


BEGUN = f"""# Manifest: Clinic appointments

## Brief

Clinic appointments: `clinic-appointments.md`, 28 passages, SHA-256 `00`.

## Assumptions

- [A1] A receptionist confirms. (Who does?)
- Added by a person: three clinics, no more.

## Non-goals

- Billing. [P27]
- Added by a person: no app.

## Documents

| Agent | Document | State |
|---|---|---|
| system-architect | `{UP}/system-architect/clinic-{AT}/integration-architecture.md` | not written yet |
"""


@cache
def registered() -> tuple[Document, tuple[Document, ...]]:
    """The manifest the offline author writes for the sample, and the documents it registers."""
    held = read(Brief(CLINIC))
    asked = facts.Question(
        id="Q1", asks="Who confirms?", options={"a": "A receptionist confirms.", "b": "Nobody."}, recommended="a",
        because="They know.", changes="The operations of appointments.",
    )  # fmt: skip
    plan = Plan(held.title, held, "2026-01-15", questions=(asked,))
    name = f"design/agents/system-architect/clinic-{AT}/integration-architecture.md"
    first = WRITERS["system-architect"](Basis(plan, "system-architect")).text()
    other = Document(TESTS_NAME.replace("courts", "clinic"), "# T\n\n## Contract tests\n\n| Operation | Success |\n|---|---|\n| a | 201 |\n\n## Open questions\n\n- Who is on call?\n")  # fmt: skip
    elsewhere = Document("docs/en/specifications/x/requirements/api-spec.md", "# X\n\n## Open questions\n\n- Old?\n")
    beside = (elsewhere, Document(name, first), other)
    begun = Document(MANIFEST_NAME.replace("courts", "clinic"), BEGUN)
    text = WRITERS["orchestrator"](Basis(plan, "orchestrator", (*beside, begun))).text()
    head, rest = text.split("\n", 1)
    return Document(begun.name, f"{head}\n{META}{rest}"), beside


def test_what_the_offline_author_registers_passes_its_check() -> None:
    document, beside = registered()
    passages = frozenset({"A1", *(p.id for p in Brief(CLINIC).passages)})
    about = About(tuple(sections(TEMPLATE)), ("registry",), passages, beside=beside, template=TEMPLATE)
    assert [str(each) for each in check(document, about)] == []


def test_what_a_person_added_to_the_begun_manifest_is_kept() -> None:
    document, _ = registered()
    assert "- Added by a person: three clinics, no more." in document.section("Assumptions")
    assert "- Added by a person: no app." in document.section("Non-goals")


def test_open_questions_come_from_every_document_of_the_plan_with_the_way_there() -> None:
    document, _ = registered()
    asked = document.section("Open questions")
    way = f"{UP}/api-backend-tester/clinic-{AT}/test-specifications.md#open-questions"
    assert f"- Who is on call? ([test-specifications.md]({way}))" in asked
    assert "Old?" not in asked
    assert "Until answered" not in asked


def test_the_summary_follows_an_edit_of_the_architecture() -> None:
    held = read(Brief(CLINIC))
    plan = Plan(held.title, held, "2026-01-15")
    text = WRITERS["system-architect"](Basis(plan, "system-architect")).text().replace("| 99.9 % |", "| 99.95 % |")
    edited = Document(f"design/agents/system-architect/clinic-{AT}/integration-architecture.md", text)
    begun = Document(MANIFEST_NAME.replace("courts", "clinic"), BEGUN)
    written = WRITERS["orchestrator"](Basis(plan, "orchestrator", (edited, begun))).text()
    assert "| Availability of all operations | 99.95 % |" in written


def test_an_assumption_nobody_confirmed_is_a_risk_that_says_what_hangs_on_it() -> None:
    document, _ = registered()
    assert "the assumption [A1] turns out wrong" in document.section("Risks")
    assert "The operations of appointments" in document.section("Risks")
