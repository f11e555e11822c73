"""What the offline author must not get wrong whatever the brief: the confirmed stack, what is there, who is a person, what is a noun."""

from __future__ import annotations

import re

import pytest

from planning_kit.brief import Brief
from planning_kit.facts import Facts
from planning_kit.offline.facts import Ruling
from planning_kit.offline.reading import read
from planning_kit.offline.reading.lexicon import ADVERBS, PREPOSITIONS
from planning_kit.offline.reading.sentences import unnumbered
from planning_kit.offline.reading.words import parts, singular

from .offline_documents import fenced, openapi_of
from .test_offline_facts import EMPTY, planned, settled

GYM = """# Gym

Members book courses. Trainers create courses with a title and a date. Trainers cancel courses.

Every night, a job sends members their bookings by e-mail.
"""
ROUTES = """# Codebase

Routes
- GET,POST /api/v2/courses/ -> CourseView (gym/urls.py:3)
- GET,PUT,PATCH,DELETE /api/v2/courses/{pk}/ -> CourseView (gym/urls.py:4)
- ANY /admin/ -> admin (gym/urls.py:1)

Models and tables
- Course: table gym_course; id, heading, starts (gym/models.py:5)
- Account: table accounts; id, role, mail (gym/models.py:20)
"""


def with_stack(**topics: str) -> Facts:
    return EMPTY.model_copy(update={"stack": {".": {name.replace("_", " "): said for name, said in topics.items()}}})


@pytest.mark.parametrize(
    ("shown", "runs"),
    [
        ("Celery 5.4 (pyproject.toml:4)", "Celery 5.4"),
        ("Sidekiq 7 (Gemfile:9); Redis 7 (compose.yml:3)", "Sidekiq 7"),
        ("Redis 7 (compose.yml:3); Kafka 3.7 (compose.yml:8)", "Kafka 3.7"),
        ("BullMQ 5 (package.json:7)", "BullMQ 5"),
    ],
)
def test_what_runs_jobs_in_the_stack_runs_them_in_the_plan(shown: str, runs: str) -> None:
    text = planned(Brief(GYM), with_stack(Infrastructure=shown))["06-tech-recommendations.md"].text
    assert f"| background jobs | {runs} |" in text and text.count(f"| {runs} |") == 1
    assert "job table" not in text and "message broker" not in text


@pytest.mark.parametrize(
    ("said", "title", "scheme"),
    [
        ("session cookies of the framework (settings.py:4)", "session cookie", {"type": "apiKey", "in": "cookie"}),
        ("JWT by some-library 3 (package.json:4)", "bearer token", {"type": "http", "scheme": "bearer"}),
        ("API keys (gateway.yml:2)", "API key", {"type": "apiKey", "in": "header"}),
    ],
)
def test_the_sign_in_of_the_stack_is_that_of_every_document(said: str, title: str, scheme: dict[str, str]) -> None:
    documents = planned(Brief(GYM), with_stack(Auth=said))
    schemes = openapi_of(documents["04-api-design.md"])["components"]["securitySchemes"]
    assert [{key: each[key] for key in scheme} for each in schemes.values()] == [scheme]
    assert f"behind {title}" in documents["04-api-design.md"].key_decisions
    assert title in documents["07-security-requirements.md"].key_decisions
    assert "signed bearer tokens" not in documents["06-tech-recommendations.md"].text
    assert not any("prove who it is" in document.text for document in documents.values())


def test_the_database_of_the_stack_is_not_assumed_and_wins_over_the_brief() -> None:
    known = with_stack(Database="PostgreSQL 15 (compose.yml:3)")
    plain = planned(Brief(GYM), known)["05-data-model.md"]
    assert "PostgreSQL `compose.yml:3` keeps" in plain.section("Key decisions")
    other = planned(Brief(GYM + "\nThe team likes MongoDB as a database.\n"), known)["05-data-model.md"]
    assert "PostgreSQL `compose.yml:3` keeps" in other.section("Key decisions")
    assert "MongoDB is named beside it" in other.section("Open questions")


@pytest.mark.parametrize("where", ["It is hosted with Hetzner.", "It runs on AWS.", "Hosting is with OVH in France."])
def test_where_it_runs_is_not_asked_when_the_brief_says_it(where: str) -> None:
    documents = planned(Brief(f"{GYM}\n{where}\n"), None)
    assert "Where does it run" not in documents["06-tech-recommendations.md"].text
    assert "Where does it run" in planned(Brief(GYM), None)["06-tech-recommendations.md"].text


@pytest.mark.parametrize("word", ["often", "mostly", "daily", "always", "elsewhere", "quickly", "together", "twice"])
@pytest.mark.parametrize("verb", ["creates", "updates", "deletes", "manages"])
def test_no_adverb_becomes_a_thing_or_a_property(word: str, verb: str) -> None:
    said = f"# Depot\n\n- Clerk: {verb} parcels, {word} by phone.\n- A clerk can create {word} and edit parcels with a label, {word} and a weight.\n"
    found = read(Brief(said), (), Ruling())
    names = {name for e in found.entities for name in parts(e.name)} | {
        name for e in found.entities for f in e.fields for name in parts(f.name)
    }
    names |= {name for actor in found.actors for name in parts(actor.name)}
    assert not names & {word, singular(word), *ADVERBS, *PREPOSITIONS}, names
    assert "Parcel" in {e.name for e in found.entities}


@pytest.mark.parametrize("number", ["FR-1 ", "FR-12: ", "NFR3 ", "G1. ", "REQ-12.3 ", "[US-4] ", "SHOP-FR-7 ", "F2) "])
def test_the_id_of_a_requirement_is_never_read(number: str) -> None:
    bare = read(Brief("# Shop\n\nAn editor can create articles with a title and a text.\n"), (), Ruling())
    named = read(Brief(f"# Shop\n\n{number}An editor can create articles with a title and a text.\n"), (), Ruling())
    assert [a.name for a in named.actors] == [a.name for a in bare.actors] == ["editor"]
    assert [(o.method, o.path) for o in named.operations] == [(o.method, o.path) for o in bare.operations]
    assert unnumbered(f"{number}An editor") == "An editor"


@pytest.mark.parametrize(
    "text", ["ISO-8601 Dates are used", "S3 stores files", "A4 sheets are printed", "I run a shop"]
)
def test_a_name_with_a_number_is_no_id(text: str) -> None:
    assert unnumbered(text) == text


@pytest.mark.parametrize("thing", ["horse", "tractor", "boiler pump", "warehouse"])
def test_what_is_known_of_a_thing_is_no_personal_data(thing: str) -> None:
    said = f"# Register\n\nClerks create {thing}s. A {thing} has a name, a date of birth, an age and a diagnosis.\n"
    assert not read(Brief(said), (), Ruling()).personal
    person = read(Brief(said.replace(thing, "patient")), (), Ruling())
    assert {"date of birth", "age"} <= {p.element for p in person.personal}


def test_the_health_of_animals_is_no_health_data_and_that_of_employees_is() -> None:
    said = "# Zoo\n\nKeepers look after animals. Keepers record treatments of animals with a diagnosis. Animals get medication.\n"
    assert not [p for p in read(Brief(said), (), Ruling()).personal if p.sensitivity == "special"]
    more = read(Brief(f"{said}\nThe employee's diagnosis is recorded.\n"), (), Ruling())
    assert [p.element for p in more.personal if p.sensitivity == "special"] == ["health data"]


@pytest.mark.parametrize(
    "out",
    [
        "Not part of this tender: salaries, invoices.",
        "Payroll and invoices are out of scope.",
        "Out of scope: payroll, passports.",
    ],
)
def test_what_a_sentence_puts_out_of_scope_gives_nothing(out: str) -> None:
    with_it = read(Brief(f"{GYM}\n{out}\n"), (), Ruling())
    without = read(Brief(GYM), (), Ruling())
    assert [p.element for p in with_it.personal] == [p.element for p in without.personal]
    assert [e.name for e in with_it.entities] == [e.name for e in without.entities]
    assert [o.path for o in with_it.operations] == [o.path for o in without.operations]


def test_a_model_that_is_there_keeps_its_columns_key_and_timestamps() -> None:
    said = "# Yard\n\nClerks create boats. A boat has a name, a registration number, a date of birth and a colour.\n"
    digest = "Models and tables\n- Boat: table yard_boat; id, name, registration, born (yard/models.py:3)\n"
    document = planned(Brief(said), EMPTY, digest)["05-data-model.md"]
    sql = fenced(document, "sql")
    assert re.findall(r"ADD COLUMN (\w+)", sql) == ["colour"]
    assert "uuid" not in sql and "created_at" not in document.text and "CREATE TABLE boats" not in sql
    shown = digest + "Excerpts\n--- yard/models.py:3-9\n  class Boat(Model):\n      id = UUIDField(primary_key=True)\n"
    assert "`uuid`" in planned(Brief(said), EMPTY, shown)["05-data-model.md"].text


def test_a_role_of_the_users_table_gets_no_table_of_its_own() -> None:
    without = fenced(planned(Brief(GYM), EMPTY)["05-data-model.md"], "sql")
    sql = fenced(planned(Brief(GYM), EMPTY, ROUTES)["05-data-model.md"], "sql")
    assert "CREATE TABLE members" in without
    assert "CREATE TABLE members" not in sql and "CREATE TABLE trainers" not in sql


def test_every_route_that_is_there_is_listed_and_new_paths_begin_as_they_do() -> None:
    document = planned(Brief(GYM), EMPTY, ROUTES)["04-api-design.md"]
    listed = {table.section: table for table in document.tables}["Already in the codebase"]
    assert len(listed.rows) == 3
    assert all(path.startswith("/api/v2/") for path in openapi_of(document)["paths"])
    assert "exists (`gym/urls.py:3`)" in document.section("Endpoints")


@pytest.mark.parametrize(
    ("said", "made", "thing"),
    [
        ("Tenants report broken lamps.", "LampReport", "lamps"),
        ("Passengers report missing vehicles.", "VehicleReport", "vehicles"),
        ("Customers complain about drivers.", "DriverComplaint", "drivers"),
        ("Students rate courses.", "CourseRating", "courses"),
    ],
)
def test_who_says_something_of_a_thing_does_not_create_the_thing(said: str, made: str, thing: str) -> None:
    found = read(Brief(f"# City\n\n{said}\n"), (), Ruling())
    assert made in {e.name for e in found.entities}
    assert ("POST", f"/{thing}") not in {(o.method, o.path) for o in found.operations}
    assert any(f.references for e in found.entities if e.name == made for f in e.fields)


def test_what_comes_into_being_by_being_reported_is_created() -> None:
    found = read(Brief("# City\n\nEmployees report incidents with a description and a date.\n"), (), Ruling())
    assert ("POST", "/incidents") in {(o.method, o.path) for o in found.operations}


@pytest.mark.parametrize("who", ["dancers", "volunteers", "pupils and teachers"])
def test_a_brief_that_names_people_is_not_said_to_hold_no_personal_data(who: str) -> None:
    said = f"We want something where {who} see what is on next week, instead of a group chat."
    document = planned(Brief(said), EMPTY)["08-compliance-requirements.md"]
    assert "by design" not in document.text
    assert f"What is kept about {who.split()[0]}" in document.section(
        "Open questions"
    ) or "teachers" in document.section("Open questions")


def test_an_answer_the_rules_cannot_use_is_an_open_question_where_it_matters() -> None:
    known = settled(
        "Who wins when two change a course?",
        "The last change holds.",
        answer="Keep the losing row in a column called former.",
    )
    documents = planned(Brief(GYM), known)
    asked = documents["05-data-model.md"].section("Open questions")
    assert "Not reflected yet: Keep the losing row in a column called former." in asked and "[Q1]" in asked
    used = settled("Which database is used?", "The data is kept in MySQL.", answer="a")
    assert "Not reflected yet" not in planned(Brief(GYM), used)["05-data-model.md"].text


def test_an_adverb_after_a_noun_leaves_the_noun() -> None:
    found = read(Brief("# Library\n\nA member can renew loans once. Members create loans.\n"), (), Ruling())
    assert ("POST", "/loans/{loan_id}/renew") in {(o.method, o.path) for o in found.operations}
