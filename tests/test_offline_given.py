"""What the brief gives is taken: nothing is proposed beside it; what it only asks about stays a question."""

from __future__ import annotations

import re

import pytest

from planning_kit.brief import Brief
from planning_kit.document import Document
from planning_kit.offline.facts import Ruling
from planning_kit.offline.reading import read

from .test_offline_facts import EMPTY, planned, settled

COURSES = """# Courses

Members book courses. Trainers create courses with a title and a date. Trainers cancel courses.

Every night, a job sends members their bookings by e-mail.
"""
PYTHON = "FastAPI on Python, PostgreSQL and Redis. SQLAlchemy and Alembic for the database; Celery for background jobs."
NODE = "A Node.js service with Express, Prisma and BullMQ. It keeps data in PostgreSQL and caches in Redis."


def recommended(said: str) -> Document:
    return planned(Brief(f"{COURSES}\n{said}\n"), None)["06-tech-recommendations.md"]


def rows(document: Document) -> dict[str, tuple[str, ...]]:
    """The recommendations by technology; no technology may stand there twice."""
    table = next(table for table in document.tables if table.section == "Recommendations")
    found = {row[1].split(" (assumed")[0]: row for row in table.rows}
    assert len(found) == len(table.rows), table.rows
    return found


def test_what_the_brief_names_fills_its_role_and_nothing_is_proposed_for_it() -> None:
    document = recommended(PYTHON)
    assert {name: row[0] for name, row in rows(document).items() if "assumed" not in row[1]} == {
        "FastAPI": "HTTP framework", "Python": "language", "PostgreSQL": "database", "Redis": "key-value store",
        "SQLAlchemy": "database access", "Alembic": "migrations", "Celery": "background jobs",
    }  # fmt: skip
    proposed = [row[0] for row in rows(document).values() if "assumed" in row[1]]
    assert proposed == ["authentication"]
    assert "FastAPI [P4]" in document.key_decisions and document.key_decisions.count("FastAPI") == 1


@pytest.mark.parametrize(
    ("said", "never"),
    [
        ("The backend uses Go with Gin Gonic.", "net/http"),
        ("The service is built with Ruby on Rails.", "Rails migrations"),
        ("The service is built with Django.", "Alembic"),
        ("The service uses Flyway and Spring Boot.", "Python"),
        ("The database is CockroachDB.", "PostgreSQL (assumed"),
        ("The server uses NestJS with TypeORM and Node.js.", "plain SQL files"),
    ],
)
def test_no_rival_is_proposed_to_what_is_given(said: str, never: str) -> None:
    assert never not in recommended(said).section("Recommendations")
    assert never in "".join(
        recommended(other).text for other in ("", "The backend uses Go.", "Ruby.", "We use Node.js.")
    )


def test_the_language_is_not_asked_for_when_a_framework_implies_it() -> None:
    asked = recommended("The service is built with Ruby on Rails and MySQL.").section("Open questions")
    assert "Which programming language" not in asked and "Is a database given" not in asked
    assert "Which programming language" in recommended("").section("Open questions")


def test_a_job_runner_has_one_row_and_each_citation_stands_once() -> None:
    _, technology, version, why, source = rows(recommended(PYTHON))["Celery"]
    assert (technology, version, source) == ("Celery", "open: verify at research", "[P4] [P3]")
    assert why.endswith("2 jobs run without a caller")
    for row in rows(recommended(PYTHON)).values():
        cited = re.findall(r"\[P\d+\]", row[4])
        assert len(cited) == len(set(cited))


def test_a_store_runs_the_jobs_only_where_nothing_better_is_given() -> None:
    alone = rows(recommended("We use Python and keep sessions in Redis."))
    assert alone["Redis"][0] == "key-value store and background jobs"
    assert not any(name.startswith("a worker with a job table") for name in alone)
    assert rows(recommended("We use Python, Kafka and Redis."))["Kafka"][0] == "background jobs"


def test_packages_named_as_products_are_given() -> None:
    document = recommended(NODE)
    listed = {name: row[0] for name, row in rows(document).items()}
    assert listed["Express"] == "HTTP framework" and listed["BullMQ"] == "background jobs"
    assert listed["Prisma"] == "database access and migrations" and listed["Redis"] == "cache"
    assert listed["Node.js"] == "language"
    assert all(f"{name} [P4]" in document.key_decisions for name in ("Express", "Prisma", "BullMQ"))
    plain = recommended("The courier is American Express, and parcels go by express. We use Node.js.")
    assert "Express" not in rows(plain)


@pytest.mark.parametrize(
    "said",
    [
        "## Open points\n\n- Whether TimescaleDB may be installed in our PostgreSQL.",
        "May we use TimescaleDB?",
        "Python is used; the use of TimescaleDB is to be decided.",
        "## Open questions\n\n- TimescaleDB or plain tables.",
    ],
)
def test_what_is_only_asked_about_is_an_open_question_and_not_given(said: str) -> None:
    document = recommended(f"We use PostgreSQL.\n\n{said}")
    assert "TimescaleDB" not in rows(document) and "PostgreSQL" in rows(document)
    assert "TimescaleDB" not in document.key_decisions
    assert re.search(r"The brief leaves open: “.*TimescaleDB.*\[P\d\]", document.section("Open questions"))


def test_an_answer_gives_what_the_brief_left_open_and_a_quoted_question_does_not() -> None:
    brief = Brief(f"{COURSES}\nMay we use TimescaleDB?\n")
    answered = planned(brief, settled("Which store holds readings?", "We use TimescaleDB.", "a"))
    assert "TimescaleDB" in rows(answered["06-tech-recommendations.md"])
    assumed = planned(brief, settled("Which?", "The plan names one: “May we use TimescaleDB?”."))
    assert "TimescaleDB" not in rows(assumed["06-tech-recommendations.md"])
    assert planned(brief, EMPTY)["06-tech-recommendations.md"].text.count("May we use TimescaleDB?") == 1


@pytest.mark.parametrize(
    ("said", "decides"),
    [
        ("Recovery point 5 minutes, recovery time 2 hours.", {"5 minutes": "recovery point", "2 hours": "recovery time"}),
        ("The RPO is 15 minutes and the RTO is 4 hours.", {"15 minutes": "recovery point", "4 hours": "recovery time"}),
        ("We may lose at most 10 minutes of data.", {"10 minutes": "recovery point"}),
        ("How long are readings kept? The agency says 25 years.", {"25 years": "retention"}),
        ("No reading older than 10 years is needed at full resolution.", {"10 years": "retention"}),
        ("Courses are cancelled 24 hours before.", {"24 hours": "deadline"}),
    ],
)  # fmt: skip
def test_recovery_objectives_and_periods_of_keeping_are_what_they_are(said: str, decides: dict[str, str]) -> None:
    document = recommended(said)
    table = next(table for table in document.tables if table.header[0] == "Figure")
    assert {row[0]: row[1] for row in table.rows} == decides
    asked = "how much data may be lost" in document.section("Open questions")
    assert asked == (not any("recovery" in kind for kind in decides.values()))


def test_a_period_the_brief_disputes_does_not_settle_how_long_personal_data_is_kept() -> None:
    said = "# X\n\nUsers create notes. A user has an email address.\n\nHow long are notes kept? Some say 25 years, others 5."
    assert "How long is each kind of personal data kept?" in {q.text for q in read(Brief(said), (), Ruling()).questions}
