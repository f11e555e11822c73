"""What a brief says about sign-in, limits, clashes and figures, found again in the documents."""

from __future__ import annotations

import re

from planning_kit.brief import Brief
from planning_kit.document import Document
from planning_kit.offline.reading import read
from planning_kit.offline.writing import summary
from planning_kit.offline.writing.answers import answer

from .offline_documents import assert_sound, drafted, fenced, openapi_of

CLINIC = """# Clinic appointments

- Patients book appointments with doctors and cancel them over HTTP.
- Receptionists register patients with name, email and phone.
- The same doctor must not be booked twice for the same time.
- A patient must be able to cancel an appointment up to 24 hours before it starts.
- Patients may leave a note of up to 500 characters with an appointment.
- Searching must answer within 300 ms at 50 requests per second.
- Patients are kept for 10 years.
- Sign-in uses the clinics' existing OpenID Connect provider.
"""


def documents() -> dict[str, Document]:
    found = read(Brief(CLINIC))
    made = drafted(found)
    assert_sound(made, found.passages)
    return made


def test_the_brief_s_sign_in_is_the_authentication_with_its_passage() -> None:
    made = documents()
    spec = openapi_of(made["04-api-design.md"])
    assert {name: scheme["type"] for name, scheme in spec["components"]["securitySchemes"].items()} == {
        "openId": "openIdConnect"
    }
    assert spec["paths"]["/appointments"]["post"]["security"] == [{"openId": []}]
    assert "OpenID Connect [P9]: patient" in made["04-api-design.md"].section("Endpoints")
    assert "OpenID Connect [P9] is required by" in made["07-security-requirements.md"].section("Authentication")
    assert "bearer" not in made["04-api-design.md"].section("Endpoints").lower()


def test_a_length_is_in_the_schema_the_rules_and_the_sql() -> None:
    made = documents()
    note = openapi_of(made["04-api-design.md"])["components"]["schemas"]["Appointment"]["properties"]["note"]
    assert note["maxLength"] == 500
    assert "at most 500 characters" in made["04-api-design.md"].section("Validation rules")
    assert "note text CHECK (char_length(note) <= 500)" in fenced(made["05-data-model.md"], "sql")


def test_what_must_not_be_there_twice_is_a_conflict_and_a_question() -> None:
    made = documents()
    spec = openapi_of(made["04-api-design.md"])
    assert spec["paths"]["/appointments"]["post"]["responses"]["409"]["description"] == (
        "The same doctor must not be booked twice for the same time"
    )
    assert "409" not in spec["paths"]["/patients"]["post"]["responses"]
    asked = made["05-data-model.md"].section("Open questions")
    assert "which columns of appointments decide that two rows clash" in asked


def test_a_rule_names_the_operation_it_holds_for() -> None:
    rules = documents()["04-api-design.md"].section("Validation rules")
    row = next(line for line in rules.splitlines() if "up to 24 hours before" in line)
    assert "`cancelAppointment`" in row and "[P5]" in row


def test_figures_stand_where_they_decide_something() -> None:
    made = documents()
    figures = {
        row[0]: row[1]
        for row in next(t for t in made["06-tech-recommendations.md"].tables if t.header[0] == "Figure").rows
    }
    assert figures == {
        "24 hours": "deadline",
        "500 characters": "limit",
        "300 ms": "answer time",
        "50 requests per second": "load",
        "10 years": "retention",
    }
    assert "10 years [P8]" in made["08-compliance-requirements.md"].section("Retention")


def test_every_operation_is_in_the_matrix_of_roles() -> None:
    made = documents()
    matrix = made["07-security-requirements.md"].section("Authorization")
    assert re.search(r"\| patient \| appointments \| allowed \|.*`cancelAppointment`", matrix)
    assert re.search(r"\| receptionist \| patients \| allowed \|", matrix)


def test_the_summary_lists_fifteen_questions_and_counts_the_rest() -> None:
    questions = "\n".join(f"- Question number {n}?" for n in range(20))
    cited = "- How are two told apart? [P2]"
    text = f"# API Design: X\n\n## Open questions\n\n{questions}\n{cited}\n\n## Key decisions\n\nNone yet.\n"
    asked = Document("00.md", summary.write("X", [Document("04-api-design.md", text)])).section("Open questions")
    lines = [line for line in asked.splitlines() if line.startswith("- ") and "was not there" not in line]
    assert "- How are two told apart? [P2]" in lines
    assert sum("Question number" in line for line in lines) == 14
    assert "- 6 more questions in [04-api-design.md](04-api-design.md)." in lines


def test_naming_one_more_source_for_a_thing_is_not_a_change() -> None:
    brief = Brief("We use Kubernetes. Users create notes with a title.")
    (said,) = answer(("We know Kubernetes well.",), lambda remarks: read(brief, remarks))
    assert not [change for change in said.changes if "technology" in change]
