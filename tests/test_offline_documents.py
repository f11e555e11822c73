"""The offline author's documents, made from readings written by hand."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

import pytest

from planning_kit.checks import examine
from planning_kit.checks.about import About
from planning_kit.document import Document
from planning_kit.offline.facts import (
    Entity,
    Field,
    Named,
    Operation,
    Response,
)
from planning_kit.offline.writing import data, summary
from planning_kit.offline.writing.answers import answer
from planning_kit.offline.writing.plan import Plan

from .offline_documents import CLOSING, HEADINGS, LIBRARY, assert_sound, drafted, fenced, openapi_of, reading


def test_every_document_has_its_headings_and_sound_artefacts() -> None:
    assert_sound(drafted(LIBRARY), LIBRARY.passages)


def test_a_brief_that_says_nothing_gives_honest_documents() -> None:
    facts = reading()
    documents = drafted(facts)
    assert_sound(documents, facts.passages)
    assert openapi_of(documents["04-api-design.md"])["paths"] == {}
    assert "What can be done with it" in documents["04-api-design.md"].section("Open questions")
    assert "What has to be kept" in documents["05-data-model.md"].section("Open questions")


def test_the_interface_and_the_tables_agree() -> None:
    documents = drafted(LIBRARY)
    spec = openapi_of(documents["04-api-design.md"])
    loan = spec["components"]["schemas"]["Loan"]
    assert list(loan["properties"]) == ["id", "status", "order", "member_id", "created_at", "updated_at"]
    cards = {found.section: found for found in documents["05-data-model.md"].tables}
    assert [row[0].strip("`") for row in cards["loans"].rows] == list(loan["properties"])
    assert list(spec["components"]["schemas"]["LoanInput"]["properties"]) == ["status", "order", "member_id"]
    assert "required" not in spec["components"]["schemas"]["LoanUpdate"]


def test_a_password_is_taken_but_never_kept_or_shown() -> None:
    documents = drafted(LIBRARY)
    schemas = openapi_of(documents["04-api-design.md"])["components"]["schemas"]
    assert schemas["MemberInput"]["properties"]["password"]["writeOnly"] is True
    assert "password" not in schemas["Member"]["properties"]
    assert "password_hash text NOT NULL" in fenced(documents["05-data-model.md"], "sql")


def test_what_the_brief_says_about_keys_and_deletion_is_in_the_sql() -> None:
    document = drafted(LIBRARY)["05-data-model.md"]
    sql = fenced(document, "sql")
    assert "email text NOT NULL UNIQUE" in sql
    assert "member_id uuid NOT NULL REFERENCES members (id) ON DELETE CASCADE" in sql
    assert '"order" bigint' in sql
    assert "status text NOT NULL CHECK (status IN ('open', 'returned'))" in sql
    assert 'CREATE TABLE "user" (' in sql
    assert sql.index("CREATE TABLE members") < sql.index("CREATE TABLE loans")
    assert "cascade [P4]" in document.section("Relationships")


def test_tables_that_refer_to_each_other_can_be_created() -> None:
    entities = (
        Entity("A", "as", "a", (Field("b", references="B"),), ("P1",)),
        Entity("B", "bs", "b", (Field("a", references="A"),), ("P1",)),
    )
    facts = reading(entities=entities)
    assert_sound(drafted(facts), facts.passages)
    assert 'ALTER TABLE "as" ADD CONSTRAINT' in fenced(drafted(facts)["05-data-model.md"], "sql")
    light = replace(facts, technologies=(Named("SQLite", "technology", "", ("P1",)),))
    connection = sqlite3.connect(":memory:")
    connection.executescript(fenced(drafted(light)["05-data-model.md"], "sql"))
    connection.execute('INSERT INTO "as" (b) VALUES (NULL)')


def test_sqlite_is_written_when_the_brief_names_it() -> None:
    facts = replace(LIBRARY, technologies=(Named("SQLite", "technology", "keeps the data", ("P2",)),))
    documents = drafted(facts)
    assert_sound(documents, facts.passages)
    assert "id INTEGER PRIMARY KEY" in fenced(documents["05-data-model.md"], "sql")
    assert "Database: SQLite [P2]." in documents["05-data-model.md"].section("Overview")
    schema = openapi_of(documents["04-api-design.md"])["components"]["schemas"]["Loan"]
    assert schema["properties"]["id"]["type"] == "integer"


def test_a_database_without_a_dialect_of_its_own_is_asked_about() -> None:
    facts = replace(LIBRARY, technologies=(Named("Oracle", "technology", "", ("P2",)),))
    document = drafted(facts)["05-data-model.md"]
    assert "Is Oracle fixed" in document.section("Open questions")
    assert fenced(document, "sql").startswith("-- dialect: PostgreSQL\n")


@pytest.mark.parametrize(
    ("database", "says", "has"),
    [
        ("MySQL", "MySQL", "`id` char(36) PRIMARY KEY DEFAULT (uuid())"),
        ("MariaDB", "MySQL", "FOREIGN KEY (`member_id`) REFERENCES `members` (`id`)"),
        ("SQL Server", "SQL Server", "[id] uniqueidentifier PRIMARY KEY DEFAULT NEWID()"),
    ],
)
def test_the_sql_is_that_of_the_database_the_brief_names(database: str, says: str, has: str) -> None:
    facts = replace(LIBRARY, technologies=(Named(database, "technology", "", ("P2",)),))
    document = drafted(facts)["05-data-model.md"]
    assert fenced(document, "sql").startswith(f"-- dialect: {says}\n") and has in fenced(document, "sql")
    assert examine(document, About(plan=False)).findings == ()
    assert f"Is {database} fixed" not in document.section("Open questions")


def test_an_unprotected_endpoint_of_the_brief_stays_open_and_is_a_threat() -> None:
    post = Operation(
        "post",
        "POST",
        "/notes",
        "leave a note",
        "Note",
        body=(Field("text", sources=("P1",)),),
        responses=(Response(200, "done"),),
        sources=("P1",),
        stated=True,
    )
    page = Operation(
        "page",
        "GET",
        "/notes",
        "show notes",
        "Note",
        responses=(Response(200, "page", "text/html"),),
        sources=("P1",),
        stated=True,
    )
    facts = reading(
        entities=(Entity("Note", "notes", "a note", (Field("text", sources=("P1",)),), ("P1",)),),
        operations=(post, page),
    )
    documents = drafted(facts)
    spec = openapi_of(documents["04-api-design.md"])
    assert spec["paths"]["/notes"]["post"]["security"] == []
    assert "securitySchemes" not in spec["components"]
    assert spec["paths"]["/notes"]["get"]["responses"]["200"]["content"] == {
        "text/html": {"schema": {"type": "string"}}
    }
    threats = {row[0]: row[3] for row in documents["07-security-requirements.md"].tables[0].rows}
    assert threats["Anybody can write notes, under any name and as often as they like"] == "high (2×3)"
    assert threats["Script in `post.text` runs in the browser of everybody who reads it"] == "high (3×3)"


def test_the_briefs_own_error_form_is_used_everywhere() -> None:
    message = Field("message", example="Invalid token", sources=("P1",))
    facts = reading(
        operations=(
            Operation(
                "a",
                "GET",
                "/a",
                "a",
                responses=(Response(200, "ok"), Response(401, "invalid token", fields=(message,), sources=("P1",))),
                auth="bearer",
                sources=("P1",),
                stated=True,
            ),
            Operation("b", "GET", "/b/{x}", "b", auth="bearer", sources=("P1",)),
        )
    )
    spec = openapi_of(drafted(facts)["04-api-design.md"])
    answers = [
        r["content"]
        for methods in spec["paths"].values()
        for o in methods.values()
        for s, r in o["responses"].items()
        if s >= "400"
    ]
    assert {media for content in answers for media in content} == {"application/json"}
    assert answers[0]["application/json"]["example"] == {"message": "Invalid token"}
    assert list(spec["components"]["schemas"]["Error"]["properties"]) == ["message"]


@pytest.mark.parametrize("interface", ["command line", "library"])
def test_commands_are_mapped_to_operations_and_need_no_token(interface: str) -> None:
    facts = replace(LIBRARY, interface=interface, operations=tuple(replace(o, auth="open") for o in LIBRARY.operations))
    documents = drafted(facts)
    assert_sound(documents, facts.passages)
    overview = documents["04-api-design.md"].section("Overview")
    assert f"The brief describes a {interface}, not a server." in overview
    assert "| lend a book | `POST /loans` | `createLoan` | [P2] |" in overview
    assert "securitySchemes" not in fenced(documents["04-api-design.md"], "yaml")
    assert "created_at" not in documents["05-data-model.md"].text


def test_a_codebase_is_preferred_to_a_proposal() -> None:
    stack = {
        ".": {
            "Language": "Python 3.12 (pyproject.toml:5)",
            "Framework": "Django 5.1 (pyproject.toml:9)",
            "Database": "PostgreSQL (settings.py:80)",
        }
    }
    document = drafted(LIBRARY, stack=stack)["06-tech-recommendations.md"]
    rows = {row[0]: row[1:] for row in document.tables[0].rows}
    assert rows["framework"] == ("Django 5.1", "5.1", "in the codebase already", "`pyproject.toml:9`")
    assert "HTTP framework" not in rows
    assert rows["database"][0] == "PostgreSQL"


def test_no_version_and_no_research_is_claimed() -> None:
    document = drafted(LIBRARY)["06-tech-recommendations.md"]
    assert {row[2] for row in document.tables[0].rows} == {"open: verify at research"}
    assert all("(assumed; not researched)" in row[1] for row in document.tables[0].rows)
    assert "Research date: 2026-11-21. Consulted: the brief. No web search was done: offline." in document.text


def test_no_personal_data_is_said_with_what_was_looked_for() -> None:
    text = drafted(replace(LIBRARY, personal=()))["08-compliance-requirements.md"].section("Personal data")
    assert "Looked for in every passage and every column" in text


def test_the_summary_follows_a_persons_edit() -> None:
    documents = drafted(LIBRARY)
    edited = documents["04-api-design.md"].text.replace(
        "| `GET` | `/members/{member_id}` |", "| `GET` | `/people/{person_id}` |"
    )
    edited = edited.replace("## Open questions\n", "## Open questions\n\n- Who pays for it?\n", 1)
    changed = [Document(d.name, edited if name.startswith("04") else d.text) for name, d in documents.items()]
    document = Document("00-backend-summary.md", summary.write("Library", changed))
    assert "`/people/{person_id}`" in document.section("API Overview")
    assert "`/members/{member_id}`" not in document.section("API Overview")
    assert "- Who pays for it?" in document.section("Open questions")
    assert document.section("Open questions").count("How long is a loan kept?") == 1
    assert "[04-api-design.md](04-api-design.md)" in document.text
    steps = [line.split("**")[1] for line in document.section("Implementation Order").splitlines()]
    assert steps == [
        "Database migrations",
        "Models and relationships",
        "Service layer",
        "API endpoints",
        "Validation and auth",
    ]


def test_a_summary_without_its_documents_says_so() -> None:
    document = Document("00-backend-summary.md", summary.write("Library", []))
    assert [h.text for h in document.headings if h.level == 2] == HEADINGS["00-backend-summary.md"] + CLOSING
    assert "05-data-model.md was not there to be compiled." in document.section("Data Model")


def test_a_remark_is_answered_with_what_it_changed() -> None:
    more = replace(LIBRARY, entities=(*LIBRARY.entities, Entity("Book", "books", "a book", (), ("R1",))))
    answers = answer(("Add books.", "Make it nicer."), lambda remarks: more if remarks else LIBRARY)
    document = Document("05-data-model.md", data.write(Plan("Library", more)).text(answers))
    assert "| [R1] Add books. | added entity `Book` |" in document.section("Review remarks")
    assert "| [R2] Make it nicer. | The rules could not act on it; it stands as an open question. |" in document.text
    assert "- Make it nicer. Until answered: nothing was changed. [R2]" in document.section("Open questions")


def test_a_command_on_one_row_carries_no_more_than_the_brief_says() -> None:
    cancel = Operation("cancelLoan", "POST", "/loans/{loan_id}/cancel", "cancel a loan", "Loan", sources=("P2",))
    spec = openapi_of(drafted(replace(LIBRARY, operations=(cancel,)))["04-api-design.md"])
    assert "requestBody" not in spec["paths"]["/loans/{loan_id}/cancel"]["post"]


def test_a_database_named_in_a_remark_wins() -> None:
    named = (Named("SQLite", "technology", "", ("P2",)), Named("PostgreSQL", "technology", "", ("R1",)))
    document = drafted(replace(LIBRARY, technologies=named))["05-data-model.md"]
    assert "Database: PostgreSQL [R1]." in document.text
