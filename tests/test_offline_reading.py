"""The rule-based reading of real briefs: what an architect expects to find in them, and nothing else."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from planning_kit.brief import Brief
from planning_kit.offline.facts import Field, Operation, Reading
from planning_kit.offline.reading import read

HERE = Path(__file__).parent


@cache
def reading(name: str) -> Reading:
    path = next(folder / name for folder in (HERE / "briefs", HERE / "reading_briefs") if (folder / name).exists())
    return read(Brief(path.read_text(encoding="utf-8"), name))


def calls(found: Reading) -> list[str]:
    return [f"{operation.method} {operation.path}" for operation in found.operations]


def call(found: Reading, wanted: str) -> Operation:
    return next(operation for operation in found.operations if f"{operation.method} {operation.path}" == wanted)


def entity(found: Reading, name: str) -> dict[str, Field]:
    kept = found.entity(name)
    assert kept is not None, f"no entity {name}"
    return {field.name: field for field in kept.fields}


def test_a_brief_that_names_endpoints_comes_out_with_exactly_those() -> None:
    found = reading("baxbench-forum.md")
    assert found.interface == "http"
    assert calls(found) == ["GET /messages", "POST /messages"]
    assert all(operation.stated for operation in found.operations)
    listing = call(found, "GET /messages")
    assert [(p.name, p.place, p.type, p.required, p.values) for p in listing.parameters] == [
        ("limit", "query", "integer", False, ()),
        ("offset", "query", "integer", False, ()),
        ("sort", "query", "string", False, ("ASC", "DESC")),
    ]
    assert [(r.status, r.media, r.schema) for r in listing.responses] == [(200, "text/html", "")]
    assert listing.purpose == "Retrieves all previously posted messages"


def test_a_schema_the_brief_spells_out_is_the_entity_and_the_body() -> None:
    found = reading("baxbench-forum.md")
    assert [kept.name for kept in found.entities] == ["Message"]
    posting = call(found, "POST /messages")
    assert posting.body_schema == "Message"
    assert [(f.name, f.type, f.required, f.example) for f in posting.body] == [
        ("content", "string", True, "hello world!")
    ]
    assert [(r.status, r.meaning) for r in posting.responses] == [
        (200, "A successful operation"),
        (400, "Invalid input"),
    ]
    assert list(entity(found, "Message")) == ["content"]


def test_each_endpoint_keeps_its_own_body_answers_and_authentication() -> None:
    found = reading("baxbench-secret_storage.md")
    assert calls(found) == ["POST /register", "POST /login", "POST /set_secret", "GET /get_secret"]
    assert {operation.path: operation.auth for operation in found.operations} == {
        "/register": "none",
        "/login": "none",
        "/set_secret": "bearer",
        "/get_secret": "bearer",
    }
    assert [f.name for f in call(found, "POST /register").body] == ["email", "username", "password"]
    assert [f.name for f in call(found, "POST /login").body] == ["email", "password"]
    assert [f.name for f in call(found, "POST /set_secret").body] == ["username", "secret"]
    assert [(p.name, p.place, p.required) for p in call(found, "GET /get_secret").parameters] == [
        ("username", "query", True)
    ]
    statuses = {operation.path: [r.status for r in operation.responses] for operation in found.operations}
    assert statuses == {
        "/register": [201, 400],
        "/login": [200, 401],
        "/set_secret": [200, 401],
        "/get_secret": [200, 401],
    }
    assert [f.name for f in call(found, "POST /login").responses[0].fields] == ["token", "message"]


def test_what_is_looked_up_by_a_user_name_belongs_to_the_user() -> None:
    found = reading("baxbench-secret_storage.md")
    assert {kept.name for kept in found.entities} == {"User", "Secret"}
    assert list(entity(found, "User")) == ["email", "username", "password"]
    assert {name: field.references for name, field in entity(found, "Secret").items()} == {
        "secret": "",
        "user_id": "User",
    }
    assert [(r.parent, r.cardinality, r.child) for r in found.relationships] == [("User", "one-to-many", "Secret")]
    assert entity(found, "User")["email"].example == "newuser@example.com"


def test_commands_become_operations_and_their_options_fields() -> None:
    found = reading("devbench-people-management-prd.md")
    assert found.interface == "command line"
    assert sorted(calls(found)) == [
        "DELETE /people/{person_id}",
        "DELETE /schools/{school_id}",
        "GET /mentorships",
        "GET /people",
        "GET /schools",
        "PATCH /people/{person_id}",
        "PATCH /schools/{school_id}",
        "POST /mentorships",
        "POST /people",
        "POST /schools",
    ]
    assert list(entity(found, "Person")) == ["id", "name", "age", "school", "type"]
    assert list(entity(found, "Mentorship")) == ["id", "student_id", "faculty_id"]
    assert list(entity(found, "School")) == ["id", "name"]
    assert len(found.entities) == 3
    assert entity(found, "Person")["type"].values == ("1", "2")
    assert entity(found, "Person")["school"].references == "School"
    assert entity(found, "Mentorship")["student_id"].references == "Person"
    assert [p.name for p in call(found, "GET /mentorships").parameters] == ["student_id", "faculty_id"]


def test_odd_descriptions_and_the_missing_api_are_asked_about() -> None:
    asked = [question.text for question in reading("devbench-people-management-prd.md").questions]
    assert any(text.startswith("'search' is described as") for text in asked)
    assert any(text.startswith("'mentor' is described as") for text in asked)
    assert any("command line program" in text and "HTTP API" in text for text in asked)


def test_a_tool_that_keeps_nothing_has_functions_and_no_tables() -> None:
    found = reading("devbench-idcenter-prd.md")
    assert calls(found) == ["POST /id-worker/ids", "POST /sid-worker/ids", "POST /base62/encode", "POST /base62/decode"]
    assert found.entities == ()
    assert any("What does the system keep?" in question.text for question in found.questions)
    assert [(t.name, t.kind) for t in found.technologies][0] == ("Java", "language")


def test_a_long_specification_gives_the_entities_an_architect_expects_and_no_others() -> None:
    found = reading("govstack-scheduler-bb.md")
    assert {kept.name for kept in found.entities} == {
        "Event",
        "Entity",
        "Resource",
        "Subscriber",
        "Affiliation",
        "Appointment",
        "AlertSchedule",
        "AlertMessage",
        "StatusLog",
    }
    assert entity(found, "Event")["status"].values == ("started", "ended", "open", "closed")
    assert {"name", "duration", "start_at", "end_at"} <= set(entity(found, "Event"))
    assert {"weekdays", "working_hours"} <= set(entity(found, "Affiliation"))
    pairs = {(r.parent, r.child) for r in found.relationships}
    assert {
        ("Resource", "Affiliation"),
        ("Entity", "Affiliation"),
        ("Event", "Appointment"),
        ("Entity", "Event"),
    } <= pairs
    assert ("Event", "Subscriber") not in pairs


def test_operations_are_those_asked_for_with_their_roles_and_filters() -> None:
    found = reading("govstack-scheduler-bb.md")
    assert "POST /events/{event_id}/appointments" in calls(found)
    assert "POST /appointments" not in calls(found)
    assert "GET /resources/{resource_id}/free-time-slots" in calls(found)
    assert len(found.operations) < 45
    assert {"from", "to", "category", "entity_id", "resource_id"} <= {
        p.name for p in call(found, "GET /events").parameters
    }
    assert call(found, "POST /events/{event_id}/appointments").roles == ("organizer", "subscriber")
    assert call(found, "DELETE /events/{event_id}").roles == ("organizer",)


def test_every_required_line_is_a_statement_that_must_hold() -> None:
    found = reading("govstack-scheduler-bb.md")
    tagged = [passage for passage in found.passages if re.search(r"\(REQUIRED\)\s*$", passage.text)]
    strict = {statement.source for statement in found.statements if statement.strength == "must"}
    assert len(tagged) > 65
    assert [passage.id for passage in tagged if passage.id not in strict] == []


def test_what_is_out_of_scope_is_an_exclusion_and_asks_nothing_of_the_api() -> None:
    found = reading("govstack-scheduler-bb.md")
    outside = {passage.id for passage in found.passages if passage.section and "2.2 Out of Scope" in passage.section}
    assert outside
    assert {statement.area for statement in found.statements if statement.source in outside} == {"exclusion"}
    assert not [operation for operation in found.operations if outside & set(operation.sources)]


@pytest.mark.parametrize(
    "name",
    [
        "baxbench-forum.md",
        "baxbench-secret_storage.md",
        "devbench-people-management-prd.md",
        "devbench-idcenter-prd.md",
        "govstack-scheduler-bb.md",
        "shop.md",
        "library-stories.md",
        "tickets.md",
        "fleet.md",
        "tasks.md",
    ],
)
def test_every_reading_is_sound(name: str) -> None:
    found = reading(name)
    ids = [operation.id for operation in found.operations]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[a-z][A-Za-z0-9]*", operation_id) for operation_id in ids)
    shapes = [(o.method, re.sub(r"\{[^}]*\}", "{}", o.path)) for o in found.operations]
    assert len(shapes) == len(set(shapes))
    spelt: dict[str, set[str]] = {}
    for operation in found.operations:
        spelt.setdefault(re.sub(r"\{[^}]*\}", "{}", operation.path), set()).add(operation.path)
        assert sorted(re.findall(r"\{([^}]*)\}", operation.path)) == sorted(
            p.name for p in operation.parameters if p.place == "path"
        )
        assert any(response.status < 300 for response in operation.responses)
        assert operation.sources and operation.purpose
        assert len({p.name for p in operation.parameters}) == len(operation.parameters)
    assert all(len(paths) == 1 for paths in spelt.values())
    _sources_exist(found)
    areas = [question.area for question in found.questions]
    assert max(areas.count(area) for area in set(areas)) <= 6


def _sources_exist(found: Reading) -> None:
    known = set(found.by_id)
    named = {entity.name for entity in found.entities}
    for kept in found.entities:
        assert kept.sources and set(kept.sources) <= known
        assert len({field.name for field in kept.fields}) == len(kept.fields)
        for field in kept.fields:
            assert set(field.sources) <= known
            assert not field.references or field.references in named
    for relation in found.relationships:
        assert {relation.parent, relation.child} <= named and set(relation.sources) <= known
    for fact in (*found.actors, *found.jobs, *found.events, *found.technologies, *found.integrations, *found.personal):
        assert fact.sources and set(fact.sources) <= known
    assert all(statement.source in known for statement in found.statements)
    assert all(operation.entity in named | {""} for operation in found.operations)


def test_a_reading_is_the_same_every_time() -> None:
    text = (HERE / "briefs" / "govstack-scheduler-bb.md").read_text(encoding="utf-8")
    assert read(Brief(text)) == read(Brief(text))
