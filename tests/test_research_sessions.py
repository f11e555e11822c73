"""A session of research concludes: evidence for what was found, options that are weighed, one of them recommended, and how sure that is."""

from __future__ import annotations

import time

import pytest

from planning_kit.checks import NAMED
from planning_kit.checks.about import About
from planning_kit.checks.cited_code import Digest
from planning_kit.document import Document
from planning_kit.offline.writing.implementation.practice import API, BASE, KINDS, OTHER, kind
from planning_kit.order import Order
from planning_kit.run import Run

DIGEST = (
    "Stack\n- Framework: FastAPI >=0.115 (pyproject.toml:6)\n- Database: PostgreSQL (pyproject.toml:9)\n- Auth: JWT by PyJWT (pyproject.toml:10)\n"
    "Routes\n- GET /notes -> notes.list_notes (app/notes.py:7)\nModels and tables\n- Note: table notes; id, text (app/models.py:4)\n"
    "Tree\n- app/ 2 files: notes.py, models.py\n- ./ 1 file: pyproject.toml\n"
)
SOUND = """# Caching

## Question

How lists of notes stay fast.

## Findings

| Finding | Evidence |
|---|---|
| Redis 8 is the newest release. | [S1] |
| Lists are read ten times as often as they change. | [P3] |
| The route that lists notes asks the database each time. | `app/notes.py:7` |
| Its licence suits us. | Not verified. |

## Options

| Option | For | Against | Cost |
|---|---|---|---|
| **Redis** (managed) | Shared by all instances | One more thing to pay for | 20 a month |
| HTTP cache headers with `ETag` | Nothing to run | Helps repeated readers only | none |

## Recommendation

We would begin with the headers and their ETag: they cost nothing and can be taken back.

## Confidence

Medium, since nobody has measured how often the same reader comes back; a day of access logs would settle it.
"""


def said(text: str, rule: str = "researched", code: str = "") -> list[tuple[str, str, str]]:
    document = Document("research/technology/caching.md", text)
    about = About(checks=(rule,), code=Digest(code) if code else None)
    return [(each.severity, document.line(each.line), each.message) for each in NAMED[rule](document, about)]


def replaced(old: str, new: str) -> str:
    assert old in SOUND, old
    return SOUND.replace(old, new, 1)


def test_a_session_in_somebody_elses_words_raises_no_alarm() -> None:
    assert said(SOUND) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("| [P3] |", "| |", "| Lists are read ten times as often as they change. | |", "the finding 'Lists are read ten times as often as they change.' has no evidence"),
        ("| Not verified. |", "| everybody knows |", "| Its licence suits us. | everybody knows |", "the finding 'Its licence suits us.' has no evidence"),
        ("| **Redis** (managed) | Shared by all instances | One more thing to pay for | 20 a month |\n", "", "## Options", "there is only one option"),
        ("| Nothing to run | Helps repeated readers only |", "| Nothing to run | – |", "| HTTP cache headers with `ETag` | Nothing to run | – | none |", "nothing is said against 'HTTP cache headers with `ETag`'"),
        ("| Shared by all instances |", "| |", "| **Redis** (managed) | | One more thing to pay for | 20 a month |", "nothing is said for '**Redis** (managed)'"),
        ("We would begin with the headers and their ETag: they cost nothing and can be taken back.", "Let us wait and see.", "## Recommendation", "the recommendation names none of the options"),
        ("Medium, since nobody", "Nobody", "## Confidence", "the confidence is not said to be high, medium or low"),
        ("Medium, since nobody has measured how often the same reader comes back; a day of access logs would settle it.", "High.", "## Confidence", "the confidence is not explained"),
    ],
)  # fmt: skip
def test_what_a_session_owes_is_asked_where_it_is_missing(old: str, new: str, line: str, message: str) -> None:
    assert said(replaced(old, new)) == [("error", line, message)]


LETTERED = SOUND.replace("**Redis** (managed)", "Option 1: Redis, managed").replace("HTTP cache headers with `ETag`", "Option 2 – HTTP cache headers with `ETag`")  # fmt: skip


@pytest.mark.parametrize(
    ("text", "recommended", "fine"),
    [
        (LETTERED, "Option 2, because it costs nothing.", True), (LETTERED, "The option we like is the third.", False), (LETTERED, "**Option 3**.", False),
        (LETTERED.replace("Option 1:", "A –").replace("Option 2", "B"), "**B**: nothing to run.", True),
        (LETTERED.replace("Option 1:", "A –").replace("Option 2", "B"), "A, as it is shared.", True),
        (LETTERED.replace("Option 1:", "A –").replace("Option 2", "B"), "A closer look is needed.", False),
    ],
)  # fmt: skip
def test_an_option_is_named_by_the_letter_or_number_it_has(text: str, recommended: str, fine: bool) -> None:
    whole = text.replace("We would begin with the headers and their ETag: they cost nothing and can be taken back.", recommended)  # fmt: skip
    assert whole != text
    messages = [each[2] for each in said(whole)]
    assert messages == ([] if fine else ["the recommendation names none of the options"])


def test_findings_without_a_row_are_none() -> None:
    rows = SOUND[SOUND.index("| Redis 8") : SOUND.index("\n## Options")]
    assert [each[2] for each in said(replaced(rows, ""))] == ["there is no finding"]


def test_with_a_codebase_a_session_names_a_line_of_it_or_says_that_nothing_is_there() -> None:
    assert said(SOUND, "codebase-evidenced", DIGEST) == []
    bare = replaced("| `app/notes.py:7` |", "| [P3] |")
    assert [each[2] for each in said(bare, "codebase-evidenced", DIGEST)] == ["no finding names a line of the codebase"]
    nothing = bare.replace(
        "The route that lists notes asks the database each time.", "Nothing in the code keeps what was read."
    )
    assert said(nothing, "codebase-evidenced", DIGEST) == []


def test_without_a_codebase_a_session_says_so_and_cites_none() -> None:
    [(severity, line, message)] = said(SOUND, "codebase-evidenced")
    assert (severity, message) == ("error", "app/notes.py:7 cannot be shown: there is no codebase")
    assert "app/notes.py" in line
    bare = replaced("| `app/notes.py:7` |", "| [P3] |")
    assert [each[2] for each in said(bare, "codebase-evidenced")] == ["it is not said that there is no codebase"]
    for way in (
        "No codebase was given.",
        "This is greenfield work.",
        "There is not yet any code to read.",
        "It is built from scratch.",
    ):
        assert said(bare.replace("How lists of notes stay fast.", way), "codebase-evidenced") == [], way


def test_long_cells_and_many_rows_are_read_in_a_moment() -> None:
    rows = "".join(f"| {'a ' * 2_000}| {'[' * 2_000} |\n" for _ in range(30))
    text = replaced("| Redis 8 is the newest release. | [S1] |\n", rows)
    began = time.process_time()
    assert len(said(text)) == 30
    assert time.process_time() - began < 2


# ---- the author without a model --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "mark"),
    [("event-concurrency", "concurren"), ("sign-in-tokens", "sign-"), ("idempotent-payments", "payment"), ("gdpr-duties", "duties"), ("schema-migrations", "migrations"),
     ("migrations-with-alembic", "migrations"), ("data-import", "import"), ("high-availability", "availab"), ("background-jobs", "job"), ("audit-trail", "audit"),
     ("information-mediator-building-api", "api"), ("file-store-api", "api"), ("framework-and-runtime", "framework"), ("paging-and-filtering", "paging")],
)  # fmt: skip
def test_a_topic_is_known_by_its_name(name: str, mark: str) -> None:
    assert kind(name).mark.startswith(mark)


def test_what_is_commonly_done_is_said_of_every_kind_with_two_ways_at_least() -> None:
    for each in (*KINDS, OTHER, API, BASE):
        assert len(each.ways) >= 2, each.mark
        assert all(way.name and way.speaks and way.against for way in each.ways), each.mark
        assert each.piece.name and each.unit and each.whole and each.measure and each.ground and each.hard, each.mark
    assert kind("something-else") is OTHER


BRIEF = (
    "# Notes\n\nUsers must be able to register and log in with a password.\n\nA user must be able to write a note with a title and a text.\n\n"
    "A user must be able to list their notes.\n\nPostgreSQL is the database; the team writes Python.\n"
)
AREAS = ("technology", "existing-system", "new-components", "testing")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run as far as its research, by the author without a model."""
    place = tmp_path_factory.mktemp("researched")
    made = Order(BRIEF, "implementation-plan", "offline", place / "outputs", headless=True).run()[0]
    for notebook in made.recipe.notebooks[:2]:
        made.steps(notebook).consult("clean")
    return made


def text(run: Run, area: str) -> str:
    document = run.shelf.document(f"research/{area}/{next(iter(run.topics))}.md")
    assert document is not None
    return document.text


def test_every_session_by_rule_passes_its_checks(run: Run) -> None:
    for area in AREAS:
        step = run.phase(area)
        assert step.own_gate.open and len(step.documents) == len(run.topics), area
        assert [str(each) for each in step.findings] == [], area


def test_research_without_a_search_says_what_was_not_looked_up(run: Run) -> None:
    found = text(run, "technology")
    assert "Research was not done" in found
    assert "Low: nothing was looked up" in found


def test_an_existing_system_that_is_none_is_said_to_be_none(run: Run) -> None:
    assert "No codebase was given" in text(run, "existing-system")


def test_the_requirements_summary_shows_passages_as_sentences(run: Run) -> None:
    document = run.shelf.document("requirements-summary.md")
    assert document is not None
    assert "- A user must be able to list their notes. [P4]" in document.text
    assert "- - " not in document.text
