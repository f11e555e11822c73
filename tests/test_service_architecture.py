"""The architecture of a service: what its checks find, what they let pass, and what the offline author writes."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from planning_kit import facts
from planning_kit.brief import Brief
from planning_kit.checks import check
from planning_kit.checks.about import About
from planning_kit.checks.service.architecture import CHECKS
from planning_kit.document import Document
from planning_kit.offline.facts import Question, Reading, Ruling
from planning_kit.offline.reading import read
from planning_kit.offline.writing import figures
from planning_kit.offline.writing.basis import Basis
from planning_kit.offline.writing.draft import Draft
from planning_kit.offline.writing.plan import CHOICES, Plan
from planning_kit.offline.writing.service import WRITERS
from planning_kit.template import sections

from .architecture_by_hand import ARCHITECTURE, ARCHITECTURE_NAME, META, architecture

PACKAGE = Path(__file__).parent.parent / "planning_kit"
TEMPLATE = (PACKAGE / "templates" / "integration-architecture.md").read_text(encoding="utf-8")
CLINIC = (PACKAGE / "samples" / "clinic-appointments.md").read_text(encoding="utf-8")
BRIEFS = sorted(path for path in (Path(__file__).parent / "briefs").glob("*.md") if path.stem.islower())
PASSAGES = frozenset({"P1"})


def found(text: str) -> list[tuple[str, str, int, str, str]]:
    """Severity, check, line, message and hint of everything the named checks say of an architecture."""
    document = architecture(text)
    return [
        (each.severity, name, each.line, each.message, each.hint)
        for name, look in CHECKS.items()
        for each in look(document, About(beside=(document,)))
    ]


def line(text: str, part: str) -> int:
    """The line ``part`` begins on."""
    return text[: text.index(part)].count("\n") + 1


@cache
def reading(brief: str) -> Reading:
    return read(Brief(brief))


def written(brief: str, questions: tuple[facts.Question, ...] = (), **options: str) -> Document:
    """The architecture the offline author writes for ``brief``."""
    held = reading(brief)
    plan = Plan(held.title, held, "2026-01-15", questions=questions, chosen=CHOICES.get(options.get("db", ""), ""))
    text = WRITERS["system-architect"](Basis(plan, "system-architect", options=options)).text()
    head, rest = text.split("\n", 1)
    return Document(ARCHITECTURE_NAME, f"{head}\n{META}{rest}")


def resting_on(*earlier: Document) -> Document:
    """The architecture of the sample, given documents of an earlier run."""
    held = reading(CLINIC)
    basis = Basis(Plan(held.title, held, "2026-01-15"), "system-architect", earlier)
    head, rest = WRITERS["system-architect"](basis).text().split("\n", 1)
    return Document(ARCHITECTURE_NAME, f"{head}\n{META}{rest}")


def contract(document: Document) -> dict[str, Any]:
    fence = next(each for each in document.fences if each.lang == "yaml")
    said: dict[str, Any] = yaml.safe_load(fence.text)
    return said


def rows(document: Document, section: str) -> list[tuple[str, ...]]:
    return [row for table in document.tables if table.section == section for row in table.rows]


def cell(document: Document, section: str, first: str, column: int = 1) -> str:
    return next(row[column] for row in rows(document, section) if row[0] == first)


def test_an_architecture_in_other_words_raises_no_alarm() -> None:
    assert found("") == []
    about = About(tuple(sections(TEMPLATE)), tuple(CHECKS), PASSAGES, template=TEMPLATE)
    assert [str(each) for each in check(architecture(), about)] == []


BREAKS = [
    ("| 409 | slot-taken | somebody was faster | no |\n", "", "## Error taxonomy", "error-taxonomy", "409 is answered by POST /bookings and is not in the error taxonomy"),
    ("| 409 | slot-taken | somebody was faster | no |", "| 409 | slot-taken | somebody was faster | – |", "| 409 |", "error-taxonomy", "'Retry' of '409' is empty"),
    ("| 429 | slow-down |", "| 401 | signed-out |", "| 401 | signed-out | more", "error-taxonomy", "401 signed-out is named twice, at line "),
    ("| 429 | slow-down |", "| many | slow-down |", "| many |", "error-taxonomy", "'many' is no status of an error"),
    ("DynamoDB: the reports would be scans", "", "| PostgreSQL 17 |", "storage-justified", "'Rejected alternative' of 'PostgreSQL 17' is empty"),
    ("DynamoDB: the reports would be scans", "PostgreSQL 17", "| PostgreSQL 17 |", "storage-justified", "'PostgreSQL 17' is its own rejected alternative"),
    ("| PostgreSQL 17 | bookings | one unique index keeps a slot from being sold twice | DynamoDB: the reports would be scans |\n", "", "## Storage", "storage-justified", "the data model has bookings, and no store holds them"),
    ("| 2 | fill them in the background | stop the job |", "| 2 | fill them in the background | |", "| 2 |", "migration-plan", "'Way back' of '2' is empty"),
    ("| 2 | fill them", "| 4 | fill them", "| 3 |", "migration-plan", "step 3 comes after step 4"),
    ("The API is versioned in the media type; a breaking change is announced with a Sunset header.", "It changes slowly.", "## Migration and versioning", "migration-plan", "'Migration and versioning' does not say how the interface is versioned"),
    ("The club's OIDC provider issues JWTs; the API checks signature, issuer and audience.", "Everybody is welcome.", "## Authentication and authorization", "security-model", "2 operations are protected, and 'Authentication and authorization' does not say how a caller is known"),
    ("| member | bookings | create, read own | [P1] |\n| auditor | bookings | none | [P1] |\n", "", "## Authentication and authorization", "security-model", "2 operations are protected, and no role may do anything"),
    ("| create, read own |", "| |", "| member |", "security-model", "it is not said what 'member' may do with 'bookings'"),
    ("Vault, path `courts/db`; never in the repository", "the repository", "| database password |", "security-model", "'database password' is kept where everybody who reads the code reads it"),
    ("Vault, path `courts/db`; never in the repository", "", "| database password |", "security-model", "it is not said where 'database password' is kept"),
    ("every 30 days", "–", "| database password |", "security-model", "it is not said how often 'database password' is rotated"),
    ("A single club per installation; two clubs are two installations.", "Later.", "## Tenancy", "security-model", "'Tenancy' answers nothing"),
    ("unknown, see the open questions", "", "| e-mail address |", "security-model", "'Kept for' of 'e-mail address' is empty"),
    ("| e-mail address | ordinary | TLS and disk encryption | unknown, see the open questions |\n", "", "## Personal data", "security-model", "'Personal data' neither lists personal data nor says that there is none"),
    ("| Caching | none: a booking that is shown must be true | – | [P1] |\n", "", "## Performance and scalability", "performance-plan", "'Performance and scalability' does not answer caching"),
    ("none: a booking that is shown must be true", "None.", "| Caching |", "performance-plan", "'Caching' is said not to be needed, and not why"),
    ("| 1 winner |", "| |", "| Simultaneous bookings |", "performance-plan", "'Simultaneous bookings' has no limit"),
    ("| Transactional outbox | door codes leave through it | 30 s | [P1] |\n", "", "## Reliability", "reliability-plan", "'Reliability' does not answer outbox"),
    ("| DLQ | a code", "| Refused codes | a code", "## Reliability", "reliability-plan", "'Reliability' does not answer dead letters"),
    ("so that the inbox of the controller drops a second copy", "for the log", "## Reliability", "reliability-plan", "'Reliability' does not answer inbox"),
    ("door codes leave through it", "", "| Transactional outbox |", "reliability-plan", "'Approach' of 'Transactional outbox' is empty"),
    ("p95 < 250 ms", "fast", "| Latency of booking |", "service-levels", "the objective of 'Latency of booking' is no number with a unit: 'fast'"),
    ("| rolling 28 days |", "| |", "| Availability |", "service-levels", "'Availability' has no window"),
    ("| Latency of booking | p95", "| Availability | p95", "| Availability | p95", "service-levels", "'Availability' has another objective at line "),
    ("| Staging (UAT) | rehearsal | masked data | green pipeline |\n", "", "### Environments", "environments", "there is no environment stage"),
    ("| release manager |", "| – |", "| Production |", "environments", "'Promoted by' of 'Production' is empty"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "at", "name", "message"), BREAKS)
def test_each_thing_that_is_missing_is_named_where_it_belongs(
    old: str, new: str, at: str, name: str, message: str
) -> None:
    assert old in ARCHITECTURE
    text = ARCHITECTURE.replace(old, new, 1)
    said = found(text)
    assert [(each[0], each[1]) for each in said] == [("error", name)]
    assert said[0][3].startswith(message)
    assert said[0][2] == line(text, at)
    assert said[0][4], "an author is told what to do"


def test_a_number_needs_no_unit_where_it_is_none_or_its_name_has_it() -> None:
    head = "| Indicator | Objective | Window |\n|---|---|---|\n"
    for row in ("| Lost bookings | 0 | month |", "| p95 latency (ms) | < 300 | month |", "| Availability (%) | 99.9 | month |"):  # fmt: skip
        document = Document("a.md", f"# A\n\n## Service levels\n\n{head}{row}\n")
        assert list(CHECKS["service-levels"](document, About())) == [], row
    bare = Document("a.md", f"# A\n\n## Service levels\n\n{head}| Latency | < 300 | month |\n")
    assert [each.severity for each in CHECKS["service-levels"](bare, About())] == ["error"]


def test_a_reason_may_stand_in_the_column_of_limits() -> None:
    head = "# A\n\n## Reliability\n\nRetries, idempotency, outbox, dead letters.\n\n| Concern | Approach | Limit |\n|---|---|---|\n"
    check_ = CHECKS["reliability-plan"]
    assert list(check_(Document("a.md", f"{head}| Inbox | Not needed | nothing is received |\n"), About())) == []
    for limit in ("–", "none"):
        [wrong] = check_(Document("a.md", f"{head}| Inbox | Not needed | {limit} |\n"), About())
        assert wrong.message == "'Inbox' is said not to be needed, and not why"


def test_steps_may_be_numbered_within_each_other() -> None:
    head = "# A\n\n## Migration and versioning\n\nVersioned by path.\n\n| Step | What is done | Way back |\n|---|---|---|\n"
    look = CHECKS["migration-plan"]
    rows_ = "| 1.1 Expand | a | b |\n| 1.2 Fill | a | b |\n| 1.10 Look | a | b |\n| 2 Contract | a | b |\n"
    assert list(look(Document("a.md", head + rows_), About())) == []
    [wrong] = look(Document("a.md", head + rows_.replace("1.10", "1.1")), About())
    assert wrong.message == "step 1.1 comes after step 1.2"


@pytest.mark.parametrize("names", [("dev", "test", "prod"), ("test", "staging", "production"), ("dev", "QA", "prod")])
def test_an_environment_may_be_called_test(names: tuple[str, ...]) -> None:
    table = "| Environment | Purpose | Promoted by |\n|---|---|---|\n" + "".join(
        f"| {each} | a | b |\n" for each in names
    )
    look = CHECKS["environments"]
    assert list(look(Document("a.md", f"# A\n\n### Environments\n\n{table}"), About())) == []
    fewer = table.replace(f"| {names[1]} | a | b |\n", "")
    assert len(list(look(Document("a.md", f"# A\n\n### Environments\n\n{fewer}"), About()))) == 1


def test_what_is_not_certain_is_a_warning() -> None:
    text = ARCHITECTURE.replace("| 429 | slow-down |", "| 418 | slow-down |").replace("every 30 days", "never")
    text = text.replace("| rolling 28 days |", "| always |")
    assert [each[0] for each in found(text)] == ["warning", "warning", "warning"]


def test_personal_data_that_is_denied_and_stands_in_the_contract_is_a_warning() -> None:
    row = "| e-mail address | ordinary | TLS and disk encryption | unknown, see the open questions |\n"
    text = ARCHITECTURE.replace(row, "").replace("| Data | Class |", "No personal data.\n\n| Data | Class |")
    text = text.replace("contact_email", "email")
    assert [(each[0], each[3]) for each in found(text)] == [
        ("warning", "the OpenAPI document has email, and 'Personal data' lists no data")
    ]


@pytest.mark.parametrize("brief", [CLINIC, *(path.read_text(encoding="utf-8") for path in BRIEFS), "A URL shortener with click statistics", "Forum where users post threads and replies"], ids=range(len(BRIEFS) + 3))  # fmt: skip
def test_what_the_offline_author_writes_passes_its_own_checks(brief: str) -> None:
    document = written(brief)
    assert [
        (name, each.message) for name, look in CHECKS.items() for each in look(document, About(beside=(document,)))
    ] == []


def test_the_whole_architecture_of_a_brief_raises_nothing() -> None:
    document = written(CLINIC)
    passages = frozenset(p.id for p in reading(CLINIC).passages)
    about = About(tuple(sections(TEMPLATE)), ("endpoint-table", "openapi", "er-diagram"), passages, template=TEMPLATE)
    assert [str(each) for each in check(document, about)] == []


def test_the_chosen_database_wins_over_what_the_brief_names_and_the_difference_is_asked() -> None:
    document = written(CLINIC, db="mongodb")
    assert [row[0] for row in rows(document, "Storage")] == ["MongoDB", "MongoDB, `audit_records`"]
    assert cell(document, "Storage", "MongoDB", 3).startswith("PostgreSQL: ")
    assert "MongoDB was chosen for this run, and the brief names PostgreSQL" in document.section("Open questions")
    assert cell(written(CLINIC), "Storage", "PostgreSQL", 2).startswith("the brief names it [P24]")


@pytest.mark.parametrize("db", ["mongodb", "cosmosdb", "dynamodb"])
def test_a_store_without_tables_in_rows_is_not_described_as_one_with_them(db: str) -> None:
    document = written(CLINIC, db=db)
    text = "\n".join(document.section(title) for title in ("Storage", "Migration and versioning", "Performance and scalability", "Reliability"))  # fmt: skip
    assert re.findall(r"(?i)\bforeign keys?\b|\bcolumns?\b|\brows?\b|\bSQL\b|unique constraint", text) == []


def test_a_store_that_answers_by_key_names_the_key_of_each_query() -> None:
    assert "`listSlots` by " in written(CLINIC, db="dynamodb").section("Data model")
    assert "`listSlots` by " not in written(CLINIC).section("Data model")


def test_a_store_that_is_a_file_is_never_shared_by_two_instances() -> None:
    document = written(CLINIC, db="sqlite")
    assert "a second instance could not write" in document.section("Deployment")
    assert "instance 2" not in document.text


def test_the_contract_says_how_repeated_and_concurrent_requests_are_told() -> None:
    document = written(CLINIC)
    paths = contract(document)["paths"]
    keyed = {"$ref": "#/components/parameters/IdempotencyKey"}
    assert keyed in paths["/appointments"]["post"]["parameters"]
    assert keyed not in paths["/appointments"]["get"]["parameters"]
    assert {"$ref": "#/components/parameters/IfMatch"} in paths["/appointments/{appointment_id}"]["patch"]["parameters"]
    assert "412" in paths["/appointments/{appointment_id}"]["patch"]["responses"]
    assert {"429", "500", "503"} <= set(paths["/slots"]["get"]["responses"])


def test_each_error_of_the_contract_stands_in_the_taxonomy_under_the_code_that_is_sent() -> None:
    document = written(CLINIC)
    said = contract(document)
    shared = said["components"]["responses"]
    sent = set()
    for methods in said["paths"].values():
        for operation in methods.values():
            for status, response in operation["responses"].items():
                if status >= "400":
                    held = shared[response["$ref"].rpartition("/")[2]] if "$ref" in response else response
                    sent.add((status, held["content"]["application/problem+json"]["example"]["code"]))
    assert {(row[0], row[1].strip("`")) for row in rows(document, "Error taxonomy")} == sent


def test_an_interface_the_brief_words_itself_keeps_its_own_statuses() -> None:
    forum = next(path for path in BRIEFS if "forum" in path.name).read_text(encoding="utf-8")
    paths = contract(written(forum))["paths"]
    assert {method: sorted(each["responses"]) for method, each in paths["/messages"].items()} == {
        "get": ["200"], "post": ["200", "400"],
    }  # fmt: skip


def _settled(asks: str, holds: str) -> facts.Question:
    return facts.Question(
        id="Q1",
        asks=asks,
        options={"a": holds, "b": "Otherwise."},
        recommended="a",
        because="It is.",
        changes="The API.",
    )


def test_what_was_settled_about_repeated_requests_holds() -> None:
    asked = "May a request that creates something be sent twice without creating it twice?"
    refused = written(CLINIC, (_settled(asked, "No idempotency key; a repeat creates a second record."),))
    assert "Idempotency-Key" not in refused.text
    assert "[A1]" in cell(refused, "Reliability", "Idempotency", 3)
    taken = written(CLINIC, (_settled(asked, "Yes, by a key the client sends."),))
    assert "[A1]" in cell(taken, "Reliability", "Idempotency", 3)
    assert "Idempotency-Key" in taken.text


def test_service_levels_are_the_briefs_where_it_has_any_and_assumed_otherwise() -> None:
    levels = rows(written(CLINIC), "Service levels")
    assert levels[0][:2] == ("Availability of all operations", "99.9 %")
    assert levels[1] == ("Answer time of `listSlots`", "95 % within 300 ms", "30 days (assumed)", "[P19]")
    vague = rows(written("A URL shortener with click statistics"), "Service levels")
    assert {row[3] for row in vague} == {"(assumed)"}


def test_one_service_is_cut_into_several_only_where_the_brief_asks_for_it() -> None:
    assert written(CLINIC).section("Overview").startswith("One deployable service, cut into ")
    asked = CLINIC.replace("## Constraints\n\n", "## Constraints\n\n- The system is built as micro-services.\n")
    several = written(asked).section("Overview")
    assert several.startswith("Services, ")
    assert 'Container(gateway, "Gateway"' in several


def test_what_is_asked_of_a_server_is_not_asked_of_a_program_that_a_user_starts() -> None:
    document = written((Path(__file__).parent / "briefs" / "devbench-people-management-prd.md").read_text(encoding="utf-8"))  # fmt: skip
    assert document.section("Service levels").startswith("None: nothing is served")
    assert "load balancer" not in document.text.lower()
    assert "Which availability" not in document.section("Open questions")
    assert [row[0] for row in rows(document, "Migration and versioning")] == ["1. Copy", "2. Change", "3. Check"]


def test_a_record_of_who_did_what_is_kept_where_the_brief_asks_for_it() -> None:
    assert "audit_records" in written(CLINIC).section("Data model")
    silent = re.sub(r"- Every change to an appointment[^-]+", "", CLINIC)
    assert "audit_records" not in written(silent).text


def test_a_million_is_no_length_of_time() -> None:
    million = next(iter(read(Brief("# Ids\n\nIt must generate one million ids.")).quantities), None)
    assert million is None or figures.kind(million) != "answer time"
    text = "# Ids\n\nGenerate IDs (e.g., one million) and check them within the run."
    assert all(figures.kind(q) != "answer time" for q in read(Brief(text), (), Ruling((), ())).quantities)


def test_hostile_words_of_a_brief_stay_words() -> None:
    evil = '# X\n\nA member must be able to add an item with a name "]) --> x". </script> The item` | must not be added twice.\n\n- A member must be able to delete an item.'
    document = written(evil)
    about = About(tuple(sections(TEMPLATE)), tuple(CHECKS), frozenset(p.id for p in reading(evil).passages), template=TEMPLATE)  # fmt: skip
    assert [str(each) for each in check(document, about) if each.severity == "error"] == []


def test_passages_out_of_scope_cut_no_service() -> None:
    text = CLINIC.replace("- Video consultations.", "- Micro-services.\n- Video consultations.")
    assert written(text).section("Overview").startswith("One deployable service")


EARLIER = """# API Specification: appointments

```yaml
openapi: 3.1.0
info: {title: Appointments, version: 2.0.0}
paths:
  /appointments:
    post:
      operationId: createAppointment
      summary: Book an appointment
      security: [{openId: []}]
      requestBody:
        content: {application/json: {schema: {$ref: '#/components/schemas/Appointment'}}}
      responses:
        '202': {description: taken up}
        '451': {description: not in this country}
  /appointments/{appointment_id}/confirm:
    post:
      operationId: confirmAppointment
      summary: Confirm an appointment
      parameters: [{name: appointment_id, in: path, required: true, schema: {type: string}}]
      security: []
      responses:
        '200': {description: confirmed}
components:
  schemas:
    Appointment: {type: object, properties: {when: {type: string, format: date-time}}}
  securitySchemes:
    openId: {type: openIdConnect, openIdConnectUrl: 'https://id.example.com/.well-known/openid-configuration'}
```
"""


def test_operations_approved_in_an_earlier_run_are_taken_over_as_they_stand() -> None:
    document = resting_on(Document("docs/en/specifications/appointments/requirements/api-spec.md", EARLIER))
    said = contract(document)
    assert {(path, method) for path, each in said["paths"].items() for method in each} == {
        ("/appointments", "post"), ("/appointments/{appointment_id}/confirm", "post"),
    }  # fmt: skip
    posted = said["paths"]["/appointments"]["post"]
    assert {"202", "451", "429", "503"} <= set(posted["responses"])
    assert said["components"]["schemas"]["Appointment"]["properties"] == {
        "when": {"type": "string", "format": "date-time"}
    }
    assert cell(document, "Error taxonomy", "451", 2) == "not in this country"
    assert [row[1:4:2] for row in rows(document, "Endpoints")] == [
        ("`/appointments`", "OpenID Connect [P25]: patient, receptionist"),
        ("`/appointments/{appointment_id}/confirm`", "none"),
    ]
    assert [(n, e.message) for n, look in CHECKS.items() for e in look(document, About(beside=(document,)))] == []


def test_two_documents_that_mean_different_things_by_one_schema_keep_both() -> None:
    other = EARLIER.replace("/appointments", "/visits").replace("Appointment:", "Appointment:").replace("when:", "day:")
    other = other.replace("createAppointment", "createVisit").replace("confirmAppointment", "confirmVisit")
    first = Document("docs/a/api-spec.md", EARLIER)
    said = contract(resting_on(first, Document("docs/b/api-spec.md", other)))
    body = said["paths"]["/visits"]["post"]["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    assert body != "#/components/schemas/Appointment"
    assert list(said["components"]["schemas"][body.rpartition("/")[2]]["properties"]) == ["day"]
    assert list(said["components"]["schemas"]["Appointment"]["properties"]) == ["when"]


def test_where_it_runs_is_asked_once_and_follows_where_it_is_delivered() -> None:
    azure = written(CLINIC, ci="azure", observability="opentelemetry")
    assert "Azure Key Vault" in azure.section("Secrets and keys")
    assert "Does it run on Azure" in azure.section("Open questions")
    assert "Where does it run" not in azure.section("Open questions")
    free = written(CLINIC, ci="github", observability="opentelemetry")
    assert "Where does it run" in free.section("Open questions")
    assert "Azure" not in free.text


EVENTS = (
    "# Ledger\n\n"
    "- A clerk creates a payment with an amount and a reference.\n"
    "- Clerks can create a payment with an amount and a reference.\n"
    "- Every request that creates a payment carries an `Idempotency-Key`; a repeated key with another body is refused with 409.\n"
    "- The service shall publish the event payment.captured to Kafka at least once.\n"
    "- No booking may be lost: RPO 0.\n"
    "- Creating a payment shall answer within 300 ms at the 95th percentile at 500 requests per second.\n"
)


def test_events_the_brief_has_published_go_through_the_outbox_and_no_row_says_that_none_is_needed() -> None:
    text = written(EVENTS).text
    assert "| Outbox | what Kafka has to be told is written to `outbox`" in text
    assert "no other system is told of a change" not in text
    assert '"outbox" {' in text and "| Dead letters | a message that failed five times" in text


def test_what_the_brief_asks_of_messages_without_an_operation_for_it_is_open_and_quoted() -> None:
    text = written("# Alarms\n\nThe dispatcher is told. An alarm is raised and sent by SMS to the dispatcher.\n").text
    assert "| Outbox | open: “An alarm is raised and sent by SMS to the dispatcher” asks for it" in text
    assert "| Inbox | not needed" in text


def test_a_repeated_key_answers_as_the_brief_says_and_by_422_where_it_is_silent() -> None:
    stated, silent = written(EVENTS).text, written(EVENTS.replace(" with 409", "")).text
    assert "| 409 | `idempotency_key_reused` | the Idempotency-Key was used with another body | no, the request has to change |" in stated  # fmt: skip
    assert "idempotency_key_reused` | " in silent and "| 422 | `idempotency_key_reused`" in silent
    assert "422" not in stated


def test_where_nothing_may_be_lost_no_daily_backup_is_proposed() -> None:
    text = written(EVENTS).text
    assert "| Recovery point | a write is answered when a second machine has it" in text and "“No booking may be lost: RPO 0”" in text  # fmt: skip
    assert "daily backup" not in text


def test_a_percentile_the_brief_states_is_not_called_assumed() -> None:
    assert "95 % within 300 ms" in written(EVENTS).text


def test_a_load_that_one_service_may_not_carry_is_measured_instead_of_waved_through() -> None:
    brief = "# Telemetry\n\nTechnicians can register a box with a serial number. At peak 25,000 messages per second come in.\n"
    text = written(brief).text
    assert "Whether it carries 25,000 messages per second [P2] is measured" in text and "need no more" not in text


def test_tenants_of_the_brief_stand_beside_the_data_model_too() -> None:
    text = written("# School\n\nEach school is a tenant. Teachers can create a lesson with a title and a date.\n").text
    model = text.split("## Data model")[1].split("## Storage")[0]
    assert "Each row also names its tenant [P2]" in model


def test_a_period_belongs_to_the_data_its_part_of_the_sentence_names() -> None:
    brief = (
        "# School\n\nTeachers can record attendance of a pupil. Grades are kept for 10 years, attendance for 2 years.\n"
    )
    row = next(each for each in written(brief).text.splitlines() if each.startswith("| attendance |"))
    assert "2 years" in row and "10 years" not in row


def test_a_tool_that_is_no_web_service_is_designed_as_a_program() -> None:
    text = written(
        "# Matcher\n\nA command line program; no web service, no API. It matches payments to invoices.\n"
    ).text
    assert "One program, as the brief describes a command line" in text and "Load balancer" not in text
    assert "must the API offer" not in text and "Is an HTTP API wanted" not in text


def test_a_passage_that_nothing_serves_is_asked_about_by_name() -> None:
    held = reading("# Returns\n\n- Customers can create an order with a title.\n- A refund moves the money back.\n")
    plan = Plan(held.title, held, "2026-01-15")
    asked = {"P2": "functional", "P3": "functional"}
    text = WRITERS["system-architect"](Basis(plan, "system-architect", classes=asked)).text()
    assert "What serves “A refund moves the money back”?" in text and "What serves “Customers can create" not in text


def test_a_database_chosen_for_the_run_is_not_called_assumed() -> None:
    assert "SQL Server (chosen for this run)" in written(EVENTS, db="sqlserver").text


def test_a_remark_that_stands_as_a_question_ends_in_a_full_stop() -> None:
    text = Draft("X", questions=[Question("", "The key must answer 409", "nothing was changed", ("R1",))]).text()
    assert "- The key must answer 409. Until answered: nothing was changed. [R1]" in text
