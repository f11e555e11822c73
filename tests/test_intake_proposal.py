"""Domains and topics are what an architect would draw from the brief, and the proposal is sound for every brief."""

from __future__ import annotations

from pathlib import Path

import pytest

from planning_kit import facts
from planning_kit.brief import Brief
from planning_kit.codebase import Codebase, Evidence, Package, Statement
from planning_kit.facts import CLASSES, Facts
from planning_kit.intake.classes import classify
from planning_kit.intake.domains_names import short, spelling
from planning_kit.intake.proposal import propose

HERE = Path(__file__).parent
BRIEFS = sorted(
    path
    for path in (*HERE.glob("reading_briefs/*.md"), *HERE.glob("briefs/*.md"), HERE.parent / "planning_kit/samples/clinic-appointments.md")
    if path.name != "SOURCES.md"
)  # fmt: skip
HOTEL = """# Harbour Hotel bookings

We run four small hotels. Guests book rooms through our website, the front desk takes calls.

## Requirements
1. A guest can search rooms by hotel, dates, number of guests and price.
2. A guest can book a room for a range of nights and pays a deposit of 30 % by card.
3. A guest can cancel a booking free of charge until 3 days before arrival.
4. Front desk clerks can create, change and cancel bookings for walk-in guests and check guests in and out.
5. Each room has a number, a type (single, double, suite), a floor and a nightly rate.
6. After check-out the guest receives an invoice as PDF by e-mail.
7. A booking can be cancelled without fee up to 48 hours before arrival.

## Out of scope
- Dogs: a guest can book a basket.
"""


def read(name: str) -> Brief:
    path = next(path for path in BRIEFS if path.name == name)
    return Brief(path.read_text(encoding="utf-8"), path.name)


def proposed(brief: Brief, codebase: Codebase | None = None) -> Facts:
    return propose(brief, classify(brief), codebase)


def codebase(*statements: Statement, path: str = ".") -> Codebase:
    return Codebase((Package(path, statements),), "", (), (), {}, 1, "0" * 64)


def said(topic: str, value: str, path: str = "pyproject.toml", line: int = 9) -> Statement:
    return Statement(topic, value, (Evidence(path, line),))


PYTHON = codebase(
    said("Language", "Python 3.12"), said("Framework", "FastAPI 0.115"), said("ORM", "SQLAlchemy 2.0"), said("Migrations", "Alembic 1.13"),
    said("Database", "PostgreSQL 16", "compose.yaml", 4), said("Architecture", "layered", "src/appointment/service.py", 1),
)  # fmt: skip


@pytest.mark.parametrize("path", BRIEFS, ids=lambda path: path.stem)
def test_a_proposal_is_sound_whatever_the_brief(path: Path) -> None:
    brief = Brief(path.read_text(encoding="utf-8"), path.name)
    found = proposed(brief)
    assert facts.parse(facts.write(found)) == found
    assert found == proposed(brief)
    assert found.unknown({passage.id for passage in brief.passages}) == ()
    assert tuple(found.passages) == CLASSES
    assert sorted(found.classes) == sorted(passage.id for passage in brief.passages)
    placed = [each for domain in found.domains for each in domain.passages]
    assert len(placed) == len(set(placed))
    headings = {passage.id for passage in brief.passages if passage.kind == "heading"}
    assert not headings & set(placed)
    assert not {each for each in placed if found.classes[each] == "out of scope"}
    assert 1 <= len(found.domains) <= 7
    assert len(found.topics) <= 8


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("clinic-appointments.md", {"appointments", "patients", "clinics", "auth", "notifications", "audit"}),
        ("tasks.md", {"tasks", "auth", "members", "files", "notifications"}),
        ("tickets.md", {"events", "tickets", "auth", "payments", "reporting"}),
        ("shop.md", {"products", "orders", "customers", "notifications", "payments"}),
        ("library-stories.md", {"books", "loans", "members", "notifications", "reporting"}),
        ("fleet.md", {"vehicles", "drivers"}),
        ("govstack-scheduler-bb.md", {"events", "resources", "entities", "subscribers", "alerts", "affiliations", "appointments"}),
        ("baxbench-forum.md", {"messages"}),
        ("baxbench-secret_storage.md", {"secrets"}),
        ("devbench-idcenter-prd.md", {"idcenter"}),
    ],
)  # fmt: skip
def test_domains_are_drawn_from_what_the_brief_keeps_and_asks_for(name: str, wanted: set[str]) -> None:
    assert {domain.name for domain in proposed(read(name)).domains} == wanted


def test_a_passage_belongs_where_it_is_mostly_about() -> None:
    domains = {domain.name: domain.passages for domain in proposed(read("clinic-appointments.md")).domains}
    assert domains["notifications"] == ("P15",)  # 'must send an SMS reminder … before an appointment'
    assert domains["audit"] == ("P21",)  # 'Every change to an appointment must be recorded with who made it'
    assert domains["auth"] == ("P25",)
    assert {"P11", "P13", "P16"} <= set(domains["appointments"])


def test_what_a_domain_is_about_is_said_in_the_words_of_the_brief() -> None:
    about = {domain.name: domain.about for domain in proposed(read("clinic-appointments.md")).domains}
    assert about["patients"].startswith("register a patient with name, date of birth, phone, email")
    assert about["notifications"] == "send an SMS reminder through the Twilio gateway 48 hours before an appointment"


@pytest.mark.parametrize(
    ("text", "name"),
    [("Build a URL shortener.", "url-shortener"), ("# Wallet service\n\nIt keeps a balance.", "wallet"), ("주문 서비스를 만든다.", "jumun-seobiseureul-mandeunda")],
)  # fmt: skip
def test_a_line_is_one_domain(text: str, name: str) -> None:
    found = proposed(Brief(text))
    assert [domain.name for domain in found.domains] == [name]
    assert len(found.topics) <= 1


def test_what_is_out_of_scope_asks_for_no_domain_and_a_corrected_class_does() -> None:
    brief = Brief(HOTEL)
    classes = classify(brief)
    assert "P12" not in [each for domain in propose(brief, classes, None).domains for each in domain.passages]
    taken_in = propose(brief, {**classes, "P12": "functional"}, None)
    assert "P12" in [each for domain in taken_in.domains for each in domain.passages]
    left_out = propose(brief, {**classes, "P9": "out of scope"}, None)
    assert "notifications" in [domain.name for domain in propose(brief, classes, None).domains]
    assert "notifications" not in [domain.name for domain in left_out.domains]


def test_the_codebase_gives_domains_its_own_spelling() -> None:
    names = [domain.name for domain in proposed(read("clinic-appointments.md"), PYTHON).domains]
    assert "appointment" in names and "appointments" not in names
    assert spelling("alert-schedules", codebase(said("Layout", "x", "src/AlertSchedule/model.py"))) == "alert-schedule"


def test_the_stack_is_told_by_package_with_its_evidence() -> None:
    more = codebase(said("Framework", "FastAPI 0.115"), said("Framework", "Celery 5", line=12), path="apps/api")
    assert proposed(Brief("Add a health check."), more).stack == {
        "apps/api": {"Framework": "FastAPI 0.115 (pyproject.toml:9); Celery 5 (pyproject.toml:12)"}
    }


def test_a_short_name_drops_what_every_brief_says() -> None:
    assert short("1. The Order Management System (PRD)") == "order"
    assert short("???") == "service"


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("clinic-appointments.md", {"openid-connect", "appointment-concurrency", "gdpr-duties", "twilio-api", "background-jobs", "audit-trail"}),
        ("tickets.md", {"oauth", "idempotent-payments", "stripe-api", "gdpr-duties", "high-availability", "load-and-scaling"}),
        ("fleet.md", {"time-series-storage", "gdpr-duties", "file-storage"}),
        ("shop.md", {"idempotent-payments", "pci-dss-duties", "stripe-api"}),
    ],
)  # fmt: skip
def test_topics_are_what_this_brief_makes_worth_looking_up(name: str, wanted: set[str]) -> None:
    topics = proposed(read(name)).topics
    assert wanted <= {topic.name for topic in topics}
    assert len(topics) >= 3
    assert all(topic.passages for topic in topics if topic.name in wanted)


def test_a_topic_quotes_the_sentence_it_comes_from_and_names_the_stack() -> None:
    topics = {topic.name: topic for topic in proposed(read("clinic-appointments.md"), PYTHON).topics}
    clash = topics["appointment-concurrency"]
    assert "PostgreSQL 16" in clash.why and "“The same doctor must not be booked twice for the same time.”" in clash.why
    assert clash.passages == ("P12",)
    assert "FastAPI 0.115" in topics["openid-connect"].why
    assert "Alembic 1.13" in topics["migrations-with-alembic"].why


def test_a_library_and_a_trivial_brief_have_no_topics() -> None:
    assert proposed(Brief("# csvdiff\n\nA Python library that compares two CSV files.\n")).topics == ()
    assert proposed(Brief("GET /health must return 200.")).topics == ()
