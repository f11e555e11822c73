"""What the offline author writes as API specification and as sequence diagrams of one domain."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from planning_kit import checks, ids
from planning_kit.brief import Brief
from planning_kit.checks.about import About
from planning_kit.document import Document
from planning_kit.intake.classes import classify
from planning_kit.intake.proposal import propose
from planning_kit.offline.facts import Existing, Found, Ruling
from planning_kit.offline.reading import read
from planning_kit.offline.writing import openapi
from planning_kit.offline.writing.plan import Plan
from planning_kit.offline.writing.specification import api_spec, sequences
from planning_kit.offline.writing.specification.ground import Ground, Whole

TEMPLATES = Path(checks.__file__).parents[1] / "templates"
META = "| Version | Last updated | Status | Recipe | Author |\n| --- | --- | --- | --- | --- |\n| 1 | 2026-11-22 | draft | specification | offline |"  # fmt: skip
REQUIREMENTS, STORIES, SPEC, CASES, SEQUENCES = (
    "requirements/requirements.md",
    "requirements/user-stories.md",
    "requirements/api-spec.md",
    "workflows/use-cases.md",
    "workflows/sequence-diagram.md",
)
CHECKS = {SPEC: ("ids", "openapi", "operations-asked-for"), SEQUENCES: ("ids", "use-cases-drawn")}
CLINIC = """# Clinic

## Appointments

A patient must be able to book an appointment with a doctor at a time. The system must answer within 2 seconds.

The same doctor must not be booked twice for the same time.

A patient must be able to cancel an appointment.

A receptionist must be able to list the appointments of a day.

The system must send every change of an appointment to the Messaging Service.

## Invoices

A receptionist must be able to create an invoice for a patient with an amount.

A patient must be able to see an invoice.

## Audit

Every call must be logged with its caller and the time.

Callers must sign in with OpenID Connect.
"""
DOMAINS = {"appointments": (3, 4, 5, 6, 7), "invoices": (9, 10), "audit": (12, 13)}


@cache
def clinic(text: str = CLINIC) -> Whole:
    """Three domains of a small brief, of which the last offers nothing itself."""
    brief = Brief(text)
    facts = propose(brief, classify(brief), None)
    one = facts.domains[0]
    domains = tuple(
        one.model_copy(update={"name": name, "about": f"what the brief says about {name}", "passages": tuple(f"P{n}" for n in numbers)})
        for name, numbers in DOMAINS.items()
    )  # fmt: skip
    classes = {passage.id: "functional" for passage in brief.passages if passage.kind != "heading"}
    owed = {each.name: each.passages for each in domains}
    return Whole(Plan(brief.title, read(brief, (), Ruling()), "2026-11-22"), domains, classes, owed)


def named(whole: Whole, name: str, file: str) -> str:
    return f"docs/en/specifications/{name}/{file}"


def framed(body: str) -> str:
    """A draft as the program puts it down: the meta block under its title."""
    head, _, rest = body.partition("\n")
    return f"{head}\n\n{META}\n{rest}"


def before(whole: Whole, name: str) -> list[Document]:
    """Requirements, stories and use cases as somebody may have written them: a requirement a passage, a story and a use case an operation."""
    ground = Ground.of(whole, name, [])
    code = ground.code
    rows = [
        f"| FR-{code}-{n:02} | {p.plain.replace('|', '/')} | Must | [{p.id}] |" for n, p in enumerate(ground.asking, 1)
    ]
    asked = {p.id: f"FR-{code}-{n:02}" for n, p in enumerate(ground.asking, 1)}
    table = "\n".join(["| ID | Requirement | Priority | Source |", "|---|---|---|---|", *rows])
    stories, cases = [], []
    for n, o in enumerate(ground.operations, 1):
        of = " ".join(asked[s] for s in o.sources if s in asked)
        stories.append(f"### US-{code}-{n:02}: {o.id}\n\nFrom {of}. Needs `{o.method} {o.path}`.")
        card = f"| Item | Value |\n|---|---|\n| Actors | patient |\n| Stories | US-{code}-{n:02} |\n| Requirements | {of} |\n| Operations | `{o.method} {o.path}` |"
        cases.append(f"### UC-{code}-{n:02}: {o.id}\n\n{card}")
    bodies = {
        REQUIREMENTS: f"# Requirements\n\n## Functional requirements\n\n### All\n\n{table}\n",
        STORIES: "\n\n".join(["# Stories", "## User stories", *stories]),
        CASES: "\n\n".join(["# Use cases", "## Use cases", *cases]),
    }
    return [Document(named(whole, name, file), body) for file, body in bodies.items()]


def template(file: str) -> str:
    return (TEMPLATES / file.rpartition("/")[2]).read_text(encoding="utf-8")


def outline(text: str) -> tuple[str, ...]:
    return tuple(heading.text for heading in Document("t.md", text).headings if heading.level == 2)


def spec_of(whole: Whole, name: str, documents: list[Document], shape: str = "") -> Document:
    shape = shape or template(SPEC)
    early = [each for each in documents if not each.name.endswith(CASES)]
    ground = Ground.of(whole, name, early, template=shape, outline=outline(shape))
    return Document(named(whole, name, SPEC), framed(api_spec.write(ground).text()))


def drawn_of(whole: Whole, name: str, documents: list[Document], shape: str = "") -> Document:
    shape = shape or template(SEQUENCES)
    ground = Ground.of(whole, name, documents, template=shape, outline=outline(shape))
    return Document(named(whole, name, SEQUENCES), framed(sequences.write(ground).text()))


@cache
def written() -> dict[str, dict[str, Document]]:
    """Domain → file → document, of every domain of the clinic."""
    found = {}
    for domain in clinic().domains:
        documents = before(clinic(), domain.name)
        documents.append(spec_of(clinic(), domain.name, documents))
        documents.append(drawn_of(clinic(), domain.name, documents))
        found[domain.name] = {file_of(each): each for each in documents}
    return found


def file_of(document: Document) -> str:
    return "/".join(document.name.split("/")[-2:])


def api_of(document: Document) -> dict[str, Any]:
    (text,) = [fence.text for fence in document.fences if fence.text.startswith("openapi:")]
    return dict(yaml.safe_load(text))


def operations_of(document: Document) -> list[tuple[str, str]]:
    return [(method.upper(), path) for path, methods in api_of(document)["paths"].items() for method in methods]


def cells(document: Document, section: str) -> list[dict[str, str]]:
    """The rows of the tables in a section, by column."""
    return [dict(zip(t.header, row, strict=True)) for t in document.tables if t.section == section for row in t.rows]


def edited(documents: Iterable[Document], file: str, old: str, new: str) -> list[Document]:
    """The documents with a person's edit in one of them."""
    found = []
    for each in documents:
        if file_of(each) == file:
            assert old in each.text
            each = Document(each.name, each.text.replace(old, new))
        found.append(each)
    return found


def early(name: str) -> list[Document]:
    return [each for file, each in written()[name].items() if file in (REQUIREMENTS, STORIES)]


def through_use_cases(name: str) -> list[Document]:
    return [each for file, each in written()[name].items() if file != SEQUENCES]


@pytest.mark.parametrize("name", DOMAINS)
@pytest.mark.parametrize("file", CHECKS)
def test_the_checks_find_nothing_wrong(name: str, file: str) -> None:
    documents = written()[name]
    shape = template(file)
    about = About(
        sections=outline(shape),
        checks=CHECKS[file],
        passages=frozenset(p.id for p in clinic().plan.reading.passages),
        beside=tuple(each for known, each in documents.items() if known != file),
        template=shape,
        domain=name,
        prefix=clinic().codes[name],
    )
    assert [str(found) for found in checks.check(documents[file], about)] == []


def test_the_documents_of_all_domains_hold_every_operation_exactly_once() -> None:
    held = [each for documents in written().values() for each in operations_of(documents[SPEC])]
    assert sorted(held) == sorted((o.method, o.path) for o in clinic().plan.operations)


def test_each_openapi_document_holds_what_its_operations_refer_to_and_nothing_else() -> None:
    _, whole = openapi.write(clinic().plan)
    for documents in written().values():
        api = api_of(documents[SPEC])
        components = api.get("components", {})
        referred = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(api)))
        assert referred == set(components.get("schemas", {}))
        for name, schema in components.get("schemas", {}).items():
            assert schema == whole["components"]["schemas"][name]


def test_catalogue_endpoints_and_openapi_name_the_same_operations() -> None:
    document = written()["appointments"][SPEC]
    listed = [(row["Method"].strip("`"), row["Path"].strip("`")) for row in cells(document, "Endpoint catalogue")]
    headed = [
        tuple(h.text.split(" ", 1)) for h in document.headings if re.match(r"(GET|POST|PATCH|PUT|DELETE) /", h.text)
    ]
    assert listed == headed == operations_of(document)
    assert ("POST", "/appointments") in listed


def test_an_operation_names_the_requirement_and_the_story_it_serves_as_links() -> None:
    row = next(row for row in cells(written()["appointments"][SPEC], "Endpoint catalogue") if row["Path"] == "`/appointments`" and row["Method"] == "`POST`")  # fmt: skip
    assert row["Requirements"] == "[FR-APP-01](requirements.md#all), [FR-APP-02](requirements.md#all)"
    assert row["Stories"] == "[US-APP-01](user-stories.md#us-app-01-createappointment)"


def test_examples_fit_the_data_models_beside_them() -> None:
    for documents in written().values():
        document = documents[SPEC]
        models = {m["title"]: m for f in document.fences if f.lang == "json" and "$schema" in (m := json.loads(f.text))}
        api = api_of(document)
        assert set(models) == set(api.get("components", {}).get("schemas", {}))
        for methods in api["paths"].values():
            for said in methods.values():
                body = said.get("requestBody", {}).get("content", {}).get("application/json")
                if body:
                    Draft202012Validator(models[body["schema"]["$ref"].rpartition("/")[2]]).validate(body["example"])


def test_each_endpoint_has_a_request_a_success_an_error_and_two_calls() -> None:
    text = written()["appointments"][SPEC].section("POST /appointments")
    assert text.count("```json") == 3
    assert "Example of 201:" in text
    assert "Example of 409:" in text
    assert "curl --request POST 'https://api.example.com/appointments'" in text
    assert 'fetch("https://api.example.com/appointments"' in text
    assert "[use-cases.md](../workflows/use-cases.md)" in text
    assert "[sequence-diagram.md](../workflows/sequence-diagram.md)" in text


def test_a_requirement_that_only_its_rule_serves_is_not_lost() -> None:
    """'The same doctor must not be booked twice' is no operation; it is the conflict of one."""
    assert "FR-APP-02" in written()["appointments"][SPEC].section("POST /appointments")


def test_a_domain_without_an_operation_says_so_and_which_operations_it_bears_on() -> None:
    document = written()["audit"][SPEC]
    assert operations_of(document) == []
    assert "No requirement of this domain needs an operation of its own" in document.section("Overview")
    assert "- appointments: `POST /appointments` (who calls [P13]; every call [P12])" in document.section("Overview")
    assert document.key_decisions.startswith("Audit offers no operation of its own")


def test_an_operation_somebody_added_to_a_requirement_is_specified() -> None:
    row = "| FR-APP-40 | The system shall confirm an appointment by `POST /appointments/{appointment_id}/confirmations`. | Must | [P3] |"
    documents = edited(early("appointments"), REQUIREMENTS, "| FR-APP-05", f"{row}\n| FR-APP-05")
    document = spec_of(clinic(), "appointments", documents)
    assert ("POST", "/appointments/{appointment_id}/confirmations") in operations_of(document)
    assert "FR-APP-40" in document.section("POST /appointments/{appointment_id}/confirmations")
    assert "The requirements or stories name it, the brief does not." in document.section("Open questions")


def test_an_operation_of_another_domain_that_a_story_names_is_not_specified_again() -> None:
    documents = edited(
        early("appointments"),
        STORIES,
        "Needs `POST /appointments`.",
        "Needs `POST /appointments` and `POST /invoices`.",
    )
    assert ("POST", "/invoices") not in operations_of(spec_of(clinic(), "appointments", documents))


def test_an_operation_whose_requirement_was_withdrawn_is_left_out_with_the_reason() -> None:
    known = early("appointments")
    row = next(line for line in known[0].lines if line.startswith("| FR-APP-03"))
    gone = "\n| Withdrawn | Requirement | Reason |\n|---|---|---|\n| FR-APP-03 | cancel an appointment [P5] | not wanted |\n"
    documents = edited(
        edited(known, REQUIREMENTS, f"{row}\n", ""), REQUIREMENTS, "# Requirements\n", f"# Requirements\n{gone}"
    )
    document = spec_of(clinic(), "appointments", documents)
    assert all("cancel" not in path for _, path in operations_of(document))
    assert "is left out: FR-APP-03 is withdrawn" in document.section("Assumptions")


def test_a_template_decides_sections_columns_and_subheadings() -> None:
    shape = (
        "## Endpoints\n\n### <METHOD> <path>\n\n#### Examples\n\n#### Rate limits\n\n## Endpoint catalogue\n\n"
        "| Operation | Owner | Requirements |\n|---|---|---|\n\n## Invoices by post\n"
    )
    document = spec_of(clinic(), "invoices", early("invoices"), shape)
    top = [heading.text for heading in document.headings if heading.level == 2]
    assert top == [
        "Endpoints",
        "Endpoint catalogue",
        "Invoices by post",
        "Assumptions",
        "Open questions",
        "Key decisions",
    ]
    below = [heading.text for heading in document.headings if heading.level == 4]
    assert below[:2] == ["Examples", "Rate limits"]
    assert cells(document, "Endpoint catalogue")[0]["Owner"] == "open"
    assert "[P9]" in document.section("Invoices by post")


@pytest.mark.parametrize("name", ["appointments", "invoices"])
def test_every_use_case_is_drawn_by_its_own_operation(name: str) -> None:
    document = written()[name][SEQUENCES]
    cases = [each for each in ids.things(written()[name][CASES]) if each.kind == "UC"]
    assert cases
    for case in cases:
        ((method, path),) = case.operations
        text = document.section(f"{case.text} ({case.id})")
        assert f"[{case.id}](use-cases.md#" in text
        assert f"caller->>api: {method} {path}\n" in text
    assert not ids.things(document), "a heading that begins with an id would define it again"


def test_participants_are_files_with_their_layer() -> None:
    text = written()["appointments"][SEQUENCES].section("Normal flows")
    assert "participant api as appointments_router.py<br/>(API)" in text
    labels = re.findall(r"participant \w+ as (.+)", written()["appointments"][SEQUENCES].text)
    assert [label for label in labels if not re.fullmatch(r"[\w .-]+<br/>\([A-Z]\w+\)", label)] == []


def test_a_session_that_ended_a_caller_who_may_not_and_a_silent_system_are_drawn() -> None:
    document = written()["appointments"][SEQUENCES]
    headings = [heading.text for heading in document.headings if heading.level == 3]
    assert headings[-5:] == [
        "A session that has ended",
        "A caller who may not do this",
        "Somebody was faster",
        "Something that is not there",
        "A system that does not answer",
    ]
    assert "must not be booked twice for the same time [P4]" in document.section("Somebody was faster")


def test_a_figure_of_the_brief_is_a_performance_point_with_its_requirement() -> None:
    rows = cells(written()["appointments"][SEQUENCES], "Performance")
    (row,) = [row for row in rows if "2 seconds" in row["Measure"]]
    assert "FR-APP-01" in row["Requirement"]


def test_the_files_are_those_of_the_confirmed_stack_and_of_the_codebase() -> None:
    stack = {".": {"Language": "Java 21 (pom.xml:9)", "Framework": "Spring Boot 3.4 (pom.xml:12)"}}
    there = Existing(
        (Found("GET /appointments", "src/main/java/clinic/AppointmentApi.java:31", does="AppointmentApi.list"),), (), ""
    )
    whole = replace(clinic(), plan=replace(clinic().plan, stack=stack, existing=there))
    document = drawn_of(whole, "appointments", through_use_cases("appointments"))
    rows = cells(document, "Code references")
    assert rows[0]["File"] == "`SecurityConfiguration.java` (assumed)"
    assert "`src/main/java/clinic/AppointmentApi.java:31`" in [row["File"] for row in rows]
    assert "`src/main/java/clinic/AppointmentApi.java` (assumed)" in [row["File"] for row in rows], (
        "its neighbours go into the same file"
    )
    assert "participant service as AppointmentService.java<br/>(Service)" in document.text
    assert "Spring Boot 3.4 `pom.xml:12`" in document.section("Architecture layers")


def test_the_api_is_read_as_a_person_left_it() -> None:
    known = edited(through_use_cases("appointments"), SPEC, "/cancel", "/cancellation")
    document = drawn_of(clinic(), "appointments", edited(known, CASES, "/cancel", "/cancellation"))
    assert "caller->>api: POST /appointments/{appointment_id}/cancellation" in document.text
    assert "/cancel\n" not in document.text


@pytest.mark.parametrize(
    "text",
    [
        "openapi: [",
        "openapi: 3.1.0\npaths: 7\n",
        "openapi: 3.1.0\npaths: {/a: {get: 1, post: {responses: [], security: x}}}\n",
    ],
)
def test_an_api_that_cannot_be_read_breaks_nothing(text: str) -> None:
    known = [each for each in through_use_cases("appointments") if file_of(each) != SPEC]
    known.append(Document(named(clinic(), "appointments", SPEC), f"# API\n\n## OpenAPI\n\n```yaml\n{text}```\n"))
    assert drawn_of(clinic(), "appointments", known).section("Architecture layers")


def test_without_the_documents_before_both_are_written_all_the_same() -> None:
    assert operations_of(spec_of(clinic(), "appointments", []))
    document = drawn_of(clinic(), "appointments", [])
    assert "caller->>api: POST /appointments" in document.section("Create an appointment")


def test_hostile_names_in_the_documents_before_stay_text() -> None:
    known = edited(
        through_use_cases("appointments"), CASES, "| Actors | patient |", "| Actors | x<script>end alt:;%%{init: 1}%% |"
    )
    document = drawn_of(clinic(), "appointments", edited(known, CASES, ": createAppointment", ": `a` <b> | [P99] ```"))
    shape = template(SEQUENCES)
    about = About(
        sections=outline(shape), template=shape, passages=frozenset(p.id for p in clinic().plan.reading.passages)
    )
    assert [str(found) for found in checks.check(document, about) if found.severity == "error"] == []
    assert "<script" not in document.text


def test_the_same_ground_gives_the_same_documents() -> None:
    again = spec_of(clinic(), "appointments", early("appointments"))
    assert again.text == written()["appointments"][SPEC].text


def test_a_use_case_that_names_no_operation_is_drawn_by_the_one_that_serves_what_it_asks_for() -> None:
    known = edited(through_use_cases("invoices"), CASES, "| Operations | `POST /invoices` |", "| Operations | none |")
    document = drawn_of(clinic(), "invoices", known)
    text = document.section("createInvoice (UC-INV-01)")
    assert "which names no operation; by the API specification" in text
    assert "caller->>api: POST /invoices\n" in text


def test_what_nobody_asks_for_begins_in_a_job() -> None:
    case = "\n\n### UC-APP-20: Tell of changes\n\n| Item | Value |\n|---|---|\n| Actors | system |\n| Requirements | FR-APP-05 |\n| Operations | none |\n"
    known = edited(
        through_use_cases("appointments"), REQUIREMENTS, "The system must send", "The system shall periodically send"
    )
    known = [Document(each.name, each.text + case) if file_of(each) == CASES else each for each in known]
    text = drawn_of(clinic(), "appointments", known).section("Tell of changes (UC-APP-20)")
    assert "participant job as appointment_jobs.py<br/>(Job)" in text
    assert "service->>service: FR-APP-05" in text


def test_a_change_under_a_command_is_no_new_row() -> None:
    text = written()["appointments"][SEQUENCES].section("cancelAppointment (UC-APP-03)")
    assert "store->>database: UPDATE appointments by key" in text
    assert "INSERT" not in text
