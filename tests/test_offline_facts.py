"""The offline author takes the facts as given: classes, answers, assumptions, the stack, and what the codebase has already."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from planning_kit import facts
from planning_kit.brief import Brief
from planning_kit.document import Document
from planning_kit.facts import Facts, Question
from planning_kit.intake.classes import classify
from planning_kit.intake.proposal import propose
from planning_kit.model import Material, Request
from planning_kit.offline.author import WRITERS, write
from planning_kit.offline.reading import read as reading_of
from planning_kit.offline.reading.existing import existing

from .offline_documents import assert_sound, fenced, openapi_of, syntax_errors
from .test_intake_proposal import BRIEFS, read

NAMES = {
    "backend-consultant": "04-api-design.md", "database-consultant": "05-data-model.md", "stack-consultant": "06-tech-recommendations.md",
    "security-consultant": "07-security-requirements.md", "compliance-consultant": "08-compliance-requirements.md",
}  # fmt: skip
ORDERS = """# Orders

Customers create orders with a shipping address and a total. Customers list their orders.

Clerks cancel orders.

## Out of scope

- Clerks create vouchers with a code and a value.
"""
DIGEST = """# Codebase

Routes
- GET /orders -> orders.list_orders (app/api/orders.py:20)
- GET /orders/{id} -> orders.read_order (app/api/orders.py:31)

Models and tables
- Order: table orders; id, customer_id -> customers, total, status (app/models/order.py:10)
- Customer: table customers; id, email (app/models/customer.py:8)

Elsewhere
- POST /not-a-route (x:1)
"""
EMPTY = Facts(domains=({"name": "all", "about": "everything"},))  # type: ignore[arg-type]


def request(brief: Brief, seat: str, known: Facts | None, digest: str = "") -> Request:
    materials = tuple(Material("passage", p.id, p.text) for p in brief.passages)
    materials += (Material("codebase", "codebase.md", digest),) if digest else ()
    materials += (Material("facts", "facts.yaml", facts.write(known)),) if known else ()
    return Request("offline", seat, brief.title, "role", materials, "task", (), today="2026-11-21")


def planned(brief: Brief, known: Facts | None, digest: str = "") -> dict[str, Document]:
    return {NAMES[seat]: Document(NAMES[seat], write(request(brief, seat, known, digest))) for seat in WRITERS}


def settled(asks: str, says: str, answer: str = "") -> Facts:
    question = Question(
        id="Q1", asks=asks, options={"a": says, "b": "Nothing of the kind happens here."}, recommended="a", because="it is usual",
        changes="the API", answer=answer,
    )  # fmt: skip
    return EMPTY.model_copy(update={"questions": (question,)})


def classed(brief: Brief, more: Mapping[str, str]) -> Facts:
    classes = {**classify(brief), **more}
    lists = {name: tuple(each for each, own in classes.items() if own == name) for name in facts.CLASSES}
    return EMPTY.model_copy(update={"passages": lists})


@pytest.mark.parametrize("path", BRIEFS, ids=lambda path: path.stem)
def test_empty_facts_change_nothing(path: object) -> None:
    brief = read(path.name)  # type: ignore[attr-defined]
    assert {n: d.text for n, d in planned(brief, EMPTY).items()} == {n: d.text for n, d in planned(brief, None).items()}


@pytest.mark.parametrize("path", BRIEFS, ids=lambda path: path.stem)
def test_documents_are_sound_with_the_proposed_facts_whatever_the_brief(path: object) -> None:
    brief = read(path.name)  # type: ignore[attr-defined]
    known = propose(brief, classify(brief), None)
    documents = planned(brief, known)
    summary = "00-backend-summary.md"
    plain = planned(brief, None)
    materials = tuple(Material("document", d.name, d.text) for d in documents.values())
    whole = Request("offline", "backend-summary", brief.title, "role", materials, "task", (), today="2026-11-21")
    documents[summary] = Document(summary, write(whole))
    assert_sound(documents, brief.passages, settled=[question.name for question in known.questions])
    assert all(documents[name].title == plain[name].title for name in plain)


def test_what_is_classed_out_of_scope_is_not_designed_and_what_is_taken_in_is() -> None:
    brief = Brief(ORDERS)
    whole = openapi_of(planned(brief, None)["04-api-design.md"])["paths"]
    assert set(whole) == {"/orders", "/orders/{order_id}/cancel"}
    less = openapi_of(planned(brief, classed(brief, {"P3": "out of scope"}))["04-api-design.md"])["paths"]
    assert set(less) == {"/orders"}
    more = planned(brief, classed(brief, {"P5": "functional"}))
    assert "/vouchers" in openapi_of(more["04-api-design.md"])["paths"]
    assert "CREATE TABLE vouchers" in fenced(more["05-data-model.md"], "sql")


def test_a_table_and_an_endpoint_in_code_that_are_out_of_scope_are_not_designed() -> None:
    brief = Brief(
        "# Shop\n\nCustomers create orders.\n\n| Field of Voucher | Type |\n|---|---|\n| code | string |\n\n```\nPOST /vouchers\n```\n"
    )
    codes = {p.id: "out of scope" for p in brief.passages if p.kind in ("row", "code")}
    documents = planned(brief, classed(brief, codes))
    assert list(openapi_of(documents["04-api-design.md"])["paths"]) == ["/orders"]
    assert "POST /vouchers" not in documents["04-api-design.md"].text


def test_a_class_decides_the_area_of_what_is_asked() -> None:
    brief = Brief("# X\n\nOrders must be exported within 5 minutes.\n")
    assert [s.area for s in reading_of(brief).statements] == ["quality"]
    known = classed(brief, {"P2": "constraint"})
    from planning_kit.offline.facts import Ruling

    assert [s.area for s in reading_of(brief, (), Ruling(tuple(known.classes.items()))).statements] == ["constraint"]


SIGNIN = "Customers sign in with an e-mail address and a password; clerks sign in through the organisation's identity provider by OpenID Connect."


def test_what_is_assumed_is_followed_and_cited_by_its_name() -> None:
    known = settled("How do customers and clerks sign in?", SIGNIN)
    document = planned(Brief(ORDERS), known)["04-api-design.md"]
    spec = openapi_of(document)
    assert spec["components"]["securitySchemes"]["openId"]["type"] == "openIdConnect"
    assert spec["paths"]["/orders"]["post"]["security"] == [{"bearerAuth": []}]
    assert spec["paths"]["/orders/{order_id}/cancel"]["post"]["security"] == [{"openId": []}]
    assert spec["paths"]["/login"]["post"]["security"] == []
    assert "OpenID Connect [A1]: clerk" in document.text and "[Q1]" not in document.text


def test_an_answer_in_own_words_is_followed_and_cited_as_answered() -> None:
    known = settled(
        "Who deletes an order?",
        "Nobody deletes an order at any time.",
        "Clerks can also delete an order after 10 years.",
    )
    document = planned(Brief(ORDERS), known)["04-api-design.md"]
    assert "delete" in openapi_of(document)["paths"]["/orders/{order_id}"]
    row = next(
        row for table in document.tables for row in table.rows if row[:2] == ("`DELETE`", "`/orders/{order_id}`")
    )
    assert row[-1].startswith("[Q1]") and "[A1]" not in document.text


@pytest.mark.parametrize(
    ("asks", "says", "name", "gone"),
    [
        ("How do customers and clerks sign in?", SIGNIN, "07-security-requirements.md", "prove who it is"),
        ("How do customers and clerks sign in?", SIGNIN, "04-api-design.md", "prove who it is"),
        ("A clerk deletes an order that has items: what becomes of the items?", "The items of an order are deleted with it.", "05-data-model.md", "erased"),
        ("For how long may customers be unable to create orders when a server fails?", "The orders are available 99.5 % of the time.", "06-tech-recommendations.md", "Which availability is promised"),
        ("How many customers create orders at once on the busiest day?", "At most 50 customers create orders at once.", "06-tech-recommendations.md", "requests a second"),
        ("In which countries do the customers live?", "The customers live in Spain.", "08-compliance-requirements.md", "In which countries"),
    ],
)  # fmt: skip
def test_what_the_facts_settle_is_not_an_open_question(asks: str, says: str, name: str, gone: str) -> None:
    brief = Brief(ORDERS)
    assert gone in planned(brief, None)[name].section("Open questions")
    assert gone not in planned(brief, settled(asks, says))[name].section("Open questions")


def test_the_stack_of_the_facts_decides_the_technology() -> None:
    stack = {
        "apps/api": {"Language": "Python 3.12 (apps/api/pyproject.toml:5)", "Framework": "FastAPI 0.115 (apps/api/pyproject.toml:9); Celery 5.4 (apps/api/pyproject.toml:10)",
                     "Database": "SQLite 3", "Migrations": "Alembic 1.13 (apps/api/pyproject.toml:12)", "Naming": "snake_case (apps/api/main.py:1)"},
        "apps/web": {"Language": "TypeScript 5.6 (apps/web/package.json:20)"},
    }  # fmt: skip
    documents = planned(Brief(ORDERS), EMPTY.model_copy(update={"stack": stack}))
    rows = [(row[0], row[1], row[2], row[4]) for row in documents["06-tech-recommendations.md"].tables[0].rows]
    assert rows[:4] == [
        ("language of `apps/api`", "Python 3.12", "3.12", "`apps/api/pyproject.toml:5`"),
        ("framework of `apps/api`", "FastAPI 0.115", "0.115", "`apps/api/pyproject.toml:9`"),
        ("framework of `apps/api`", "Celery 5.4", "5.4", "`apps/api/pyproject.toml:10`"),
        ("database of `apps/api`", "SQLite 3", "3", "`codebase`, not verified"),
    ]
    assert not {"HTTP framework", "migrations", "language"} & {row[0] for row in rows}
    asked = documents["06-tech-recommendations.md"].section("Open questions")
    assert "programming language" not in asked and "Is a database given" not in asked
    assert "snake_case" not in documents["06-tech-recommendations.md"].tables[0].rows.__repr__()
    assert "PRAGMA" in fenced(documents["05-data-model.md"], "sql")
    assert "Database: SQLite (the codebase)" in documents["05-data-model.md"].text


def test_a_corrected_stack_wins_over_the_codebase_it_was_read_from() -> None:
    digest = "- dependency: django 5.1 (pyproject.toml:9)\nlanguage: Ruby (Gemfile:1)\n"
    corrected = EMPTY.model_copy(update={"stack": {".": {"Language": "Go 1.22 (go.mod:3)"}}})
    text = planned(Brief(ORDERS), corrected, digest)["06-tech-recommendations.md"].text
    assert "Go 1.22" in text and "net/http" in text and "Ruby" not in text and "django" not in text


def test_what_the_codebase_has_already_is_listed_and_marked() -> None:
    documents = planned(Brief(ORDERS), EMPTY, DIGEST)
    assert_sound_but_summary(documents, Brief(ORDERS))
    api = {table.section: table for table in documents["04-api-design.md"].tables}["Already in the codebase"]
    assert api.rows == (
        ("`GET /orders`", "`orders.list_orders`", "is `listOrders` [P2]", "`app/api/orders.py:20`"),
        ("`GET /orders/{id}`", "`orders.read_order`", "stays as it is", "`app/api/orders.py:31`"),
    )
    assert "exists (`app/api/orders.py:20`), [P2]" in documents["04-api-design.md"].section("Endpoints")
    data = {table.section: table for table in documents["05-data-model.md"].tables}["Already in the codebase"]
    assert data.rows[0][3:] == ("is used; new: `shipping_address`", "`app/models/order.py:10`")
    assert "Exists as `Order` (`app/models/order.py:10`)." in documents["05-data-model.md"].section("Tables")


def test_the_migration_alters_nothing_that_is_there() -> None:
    document = planned(Brief(ORDERS), EMPTY, DIGEST)["05-data-model.md"]
    sql = fenced(document, "sql")
    assert "CREATE TABLE orders" not in sql
    assert "ALTER TABLE orders ADD COLUMN shipping_address text;" in sql
    assert sql.count("ALTER TABLE orders") == 1 and "NOT NULL" not in sql.split("ADD COLUMN")[1]
    assert syntax_errors(sql) == []
    assert "nothing that is there is altered" in document.section("Migration order")


def test_a_digest_is_read_by_its_lines_whatever_else_is_in_it() -> None:
    found = existing(DIGEST)
    assert [route.name for route in found.routes] == ["GET /orders", "GET /orders/{id}"]
    assert [(m.name, m.table, m.fields) for m in found.models] == [
        ("Order", "orders", ("id", "customer_id", "total", "status")),
        ("Customer", "customers", ("id", "email")),
    ]
    assert existing("Routes\n- <script> -> [x](y)\n- GET not/a/path (a:1)\n" + "- " + "(" * 50_000).routes == ()


def assert_sound_but_summary(documents: dict[str, Document], brief: Brief) -> None:
    assert_sound(documents, brief.passages)


def test_a_seat_the_rules_do_not_know_reads_the_answers_too() -> None:
    known = settled("How are orders shipped?", "Orders are shipped within two days by post.")
    asked = request(Brief(ORDERS), "shipping-consultant", known)
    document = Document("09.md", write(Request(**{**asked.__dict__, "outline": ("# Shipping", "## Shipped orders")})))
    assert "Orders are shipped within two days by post. [A1]" in document.section("Shipped orders")


@pytest.mark.parametrize(
    "text",
    ["An alarm has a status open, acknowledged or resolved.", "An alarm has a status (open, acknowledged, resolved).", "An alarm has a status of open, acknowledged or resolved.",
     "The alarm status is one of open, acknowledged and resolved.", "- An alarm has a status: open, acknowledged or resolved."],
)  # fmt: skip
def test_a_status_with_its_values_is_one_field_however_it_is_put(text: str) -> None:
    (alarm,) = reading_of(Brief(f"# Alarms\n\nClerks create alarms.\n\n{text}\n")).entities
    assert [(field.name, field.values) for field in alarm.fields] == [("status", ("open", "acknowledged", "resolved"))]


def test_a_value_may_have_two_words_and_another_property_may_follow() -> None:
    text = "Clerks create alarms. An alarm has a status of open, in progress or written off, and a due date."
    (alarm,) = reading_of(Brief(text)).entities
    assert [(field.name, field.values) for field in alarm.fields] == [
        ("status", ("open", "in progress", "written off")),
        ("due_date", ()),
    ]


def test_a_condition_gives_a_thing_no_property() -> None:
    text = "# Books\n\nClerks create books with a title and an author.\n\nA book that has loans cannot be deleted.\n"
    assert [field.name for field in reading_of(Brief(text)).entities[0].fields] == ["title", "author"]
