"""Each general rule of reading on a sentence or two, with what it must come to written out."""

from __future__ import annotations

import pytest

from planning_kit.brief import Brief
from planning_kit.offline.facts import Field, Reading
from planning_kit.offline.reading import read


def calls(found: Reading) -> list[str]:
    return [f"{operation.method} {operation.path}" for operation in found.operations]


def fields(found: Reading, name: str) -> dict[str, Field]:
    entity = found.entity(name)
    assert entity is not None, [kept.name for kept in found.entities]
    return {field.name: field for field in entity.fields}


def roles(found: Reading) -> dict[str, tuple[str, ...]]:
    return {f"{operation.method} {operation.path}": operation.roles for operation in found.operations}


def test_a_number_that_counts_something_is_no_numbering_and_nobody_is_no_actor() -> None:
    found = read(Brief("1. 30 days before a permit expires the resident gets a reminder by email.\n2. A member can list permits, and nobody should be able to delete a permit.\n"))  # fmt: skip
    assert [each.meaning for each in found.jobs] == ["30 days before a permit expires the resident gets a reminder by email."]  # fmt: skip
    assert "nobody" not in [each.name for each in found.actors]


def test_a_short_paragraph_gives_its_fields_and_operations() -> None:
    found = read(
        Brief(
            "An order has an id, a class, a style and a title. Admins delete users. "
            "Notes have a title and a text; editors create and delete notes."
        )
    )
    assert list(fields(found, "Order")) == ["id", "class", "style", "title"]
    assert list(fields(found, "Note")) == ["title", "text"]
    assert roles(found) == {
        "DELETE /users/{user_id}": ("admin",),
        "POST /notes": ("editor",),
        "DELETE /notes/{note_id}": ("editor",),
    }


def test_what_readers_read_is_kept() -> None:
    found = read(Brief("Readers must be able to read notes over HTTP."))
    assert calls(found) == ["GET /notes"]
    assert [entity.name for entity in found.entities] == ["Note"]


def test_whoever_is_able_to_do_something_is_an_actor() -> None:
    found = read(Brief("A grower must be able to register, rename and remove sensors."))
    assert [actor.name for actor in found.actors] == ["grower"]
    assert calls(found) == ["POST /sensors", "PATCH /sensors/{sensor_id}", "DELETE /sensors/{sensor_id}"]


def test_a_list_of_roles_says_what_each_does() -> None:
    found = read(
        Brief("# Flags\n\n## Roles\n\n- Viewer: can list campaigns\n- Publisher: creates and deletes campaigns\n")
    )
    assert roles(found) == {
        "GET /campaigns": ("viewer",),
        "POST /campaigns": ("publisher",),
        "DELETE /campaigns/{campaign_id}": ("publisher",),
    }


def test_every_property_of_a_definition_counts_also_unusual_ones() -> None:
    found = read(
        Brief(
            "Administrators create zones over HTTP. A zone has a code, a name, a price per year, a hue and a capacity."
        )
    )
    assert list(fields(found, "Zone")) == ["code", "name", "price", "hue", "capacity"]


def test_what_is_created_with_properties_is_kept_with_them() -> None:
    found = read(
        Brief(
            "A grower must be able to define an alert rule with metric, threshold, operator (above, below) and severity."
        )
    )
    rule = fields(found, "AlertRule")
    assert list(rule) == ["metric", "threshold", "operator", "severity"]
    assert rule["operator"].values == ("above", "below")


def test_properties_go_to_what_is_created_not_to_whom_it_is_for() -> None:
    found = read(
        Brief(
            "# Invoices\n\n## Features\n\n- Create a client with company name and email\n"
            "- Create an invoice for a client with line items (description, quantity, unit price), due date and currency\n"
        )
    )
    assert list(fields(found, "Client")) == ["company_name", "email"]
    assert list(fields(found, "Invoice")) == ["due_date", "currency", "client_id"]
    assert {name: field.references for name, field in fields(found, "LineItem").items()} == {
        "description": "",
        "quantity": "",
        "unit_price": "",
        "invoice_id": "Invoice",
    }


def test_what_the_system_creates_has_a_table_and_no_endpoint() -> None:
    found = read(
        Brief(
            "A clerk must be able to approve an application. When an application is approved, "
            "the system must create a permit with number, valid from and valid until."
        )
    )
    assert {name: field.type for name, field in fields(found, "Permit").items()} == {
        "number": "string",
        "valid_from": "date",
        "valid_until": "date",
    }
    assert calls(found) == ["POST /applications/{application_id}/approve"]


def test_a_filter_is_kept_where_it_can_be_looked_up() -> None:
    found = read(
        Brief(
            "Patients must be able to search for free slots by clinic, doctor, specialty and date range. "
            "Patients book appointments with doctors for a free slot. Clinic managers add doctors to a clinic. "
            "A clinic has doctors."
        )
    )
    assert {"starts_at", "doctor_id"} <= set(fields(found, "Slot"))
    assert fields(found, "Slot")["doctor_id"].references == "Doctor"
    assert "specialty" in fields(found, "Doctor")


def test_a_verb_the_rules_do_not_know_is_an_action() -> None:
    found = read(Brief("Members post messages over HTTP. Members can react to a message with an emoji."))
    reacting = next(operation for operation in found.operations if operation.path.endswith("/react"))
    assert (reacting.method, reacting.path, reacting.id) == ("POST", "/messages/{message_id}/react", "reactMessage")
    assert [field.name for field in reacting.body] == ["emoji"]


def test_a_rejection_that_needs_a_reason_takes_one() -> None:
    found = read(Brief("A clerk must be able to approve or reject an application; a rejection needs a reason."))
    bodies = {
        operation.path.rsplit("/", 1)[-1]: [field.name for field in operation.body] for operation in found.operations
    }
    assert bodies == {"approve": [], "reject": ["reason"]}


def test_who_orders_products_makes_orders() -> None:
    found = read(
        Brief(
            "A small shop API: customers order products.\nStaff manage products (name, price, stock) and ship orders.\n"
        )
    )
    assert roles(found)["POST /orders"] == ("customer",)
    assert list(fields(found, "Product")) == ["name", "price", "stock"]
    assert {field.references for field in fields(found, "Order").values()} == {"Product", "Customer"}


def test_adjectives_joined_by_or_are_no_things() -> None:
    found = read(Brief("A member can create a public or private channel and archive it."))
    assert calls(found) == ["POST /channels", "POST /channels/{channel_id}/archive"]


def test_a_statement_about_things_is_no_command() -> None:
    found = read(
        Brief(
            "# Sensors\n\n## Requirements\n\n- A grower must be able to list readings.\n"
            "- Duplicate readings (same sensor and timestamp) must be ignored.\n"
        )
    )
    assert calls(found) == ["GET /readings"]


def test_reading_without_signing_in_is_open() -> None:
    found = read(
        Brief(
            "Librarians add books. A book has a title and an author. "
            "Anybody can search the catalogue by title and author without signing in. Librarians sign in with OpenID Connect."
        )
    )
    assert {f"{o.method} {o.path}": o.auth for o in found.operations} == {"POST /books": "bearer", "GET /books": "none"}


def test_those_who_do_the_same_have_the_same_rights() -> None:
    found = read(
        Brief("# Clinic\n\n- Patients book and cancel appointments.\n- Receptionists do the same for any patient.\n")
    )
    assert roles(found) == {
        "POST /appointments": ("patient", "receptionist"),
        "POST /appointments/{appointment_id}/cancel": ("patient", "receptionist"),
    }
    assert "Receptionist" not in {entity.name for entity in found.entities}


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("Sign-in uses the clinics' existing OpenID Connect provider.", "openIdConnect"),
        ("Shippers authenticate with API keys.", "apiKey"),
        ("Each gateway authenticates with a client certificate (mTLS).", "mutualTLS"),
        ("Residents sign in with DigiD (SAML).", "saml"),
        ("Single sign-on via Keycloak.", "sso"),
    ],
)
def test_the_means_of_sign_in_are_read_and_no_login_is_drafted(sentence: str, kind: str) -> None:
    found = read(Brief(f"Members create notes. {sentence}"))
    assert [way.kind for way in found.signin] == [kind]
    assert [(f"{o.method} {o.path}", o.auth) for o in found.operations] == [("POST /notes", "bearer")]
    assert not any("prove who they are" in question.text for question in found.questions)


def test_limits_stay_with_their_property() -> None:
    found = read(
        Brief(
            "Patients book appointments. Patients may leave a note of up to 500 characters with an appointment. "
            "Members create channels. A channel has a name (unique, at most 80 characters) and a topic."
        )
    )
    note = fields(found, "Appointment")["note"]
    assert (note.type, note.required, note.longest) == ("text", False, 500)
    channel = fields(found, "Channel")
    assert (channel["name"].longest, channel["name"].unique) == (80, True)
    assert (channel["topic"].longest, channel["topic"].unique) == (0, False)


def test_a_question_the_brief_answers_is_not_asked() -> None:
    found = read(
        Brief(
            "Members create notes. 40,000 members will be registered. Searching must answer within 300 ms at 50 requests per second. "
            "The service must be available 99.9 % of the time. It runs on Azure. "
            "Every change must be recorded with who made it and when. Members may ask for a copy of their data and for its deletion."
        )
    )
    asked = " ".join(question.text for question in found.questions)
    for answered in ("How many requests a second", "availability is promised", "How fast must", "Where does it run",
                     "How many records", "must be traceable", "correct, export and erase"):  # fmt: skip
        assert answered not in asked


def test_the_described_system_is_no_integration_of_its_own() -> None:
    found = read(
        Brief(
            "# Scheduler Building Block\n\nThe Scheduler Building Block must notify the Messaging Building Block over HTTP.\n"
        )
    )
    assert [named.name for named in found.integrations] == ["Messaging Building Block"]


def test_a_library_that_lends_books_is_no_software_library() -> None:
    found = read(Brief("# Library\n\nThe library lends books. Members borrow books of the library over a web site."))
    assert found.interface == "http"


def test_what_the_brief_declines_is_not_given() -> None:
    text = (
        "We do not use Kubernetes and MongoDB is not allowed. There is no one to run Kafka. Redis is ruled out. "
        "Notes are kept in PostgreSQL. We use Django instead of Flask."
    )
    assert {named.name for named in read(Brief(text)).technologies} == {"PostgreSQL", "Django"}
