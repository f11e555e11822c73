"""The questions are few, about the brief's own things, and never about what the brief answers."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest

from planning_kit.brief import Brief, Passage
from planning_kit.facts import Question
from planning_kit.intake.classes import classify
from planning_kit.intake.proposal import propose
from planning_kit.offline.facts import Reading, Ruling
from planning_kit.offline.reading import read as reading_of

from .test_intake_proposal import BRIEFS, HOTEL, codebase, read, said

LEDGER = """# Wallet service

It keeps a balance for each customer.

POST /wallets/{id}/debit {amount, currency, reference}

POST /wallets/{id}/credit {amount, currency, reference}

GET /wallets/{id} returns the balance.

A debit larger than the balance is answered with 409. Callers authenticate with mTLS.
"""


def asked(brief: Brief) -> tuple[Question, ...]:
    return propose(brief, classify(brief), None).questions


def questions(text: str) -> dict[str, Question]:
    return {question.asks: question for question in asked(Brief(text))}


def shape(found: Reading) -> set[tuple[str, ...]]:
    return {
        *(("entity", e.name) for e in found.entities),
        *(("field", e.name, f.name) for e in found.entities for f in e.fields if f.name != "password"),
        *(("operation", o.method, o.path) for o in found.operations if o.path != "/login"),
        *(("relationship", r.parent, r.child) for r in found.relationships),
    }


@pytest.mark.parametrize("path", BRIEFS, ids=lambda path: path.stem)
def test_questions_are_sound_whatever_the_brief(path: Path) -> None:
    brief = Brief(path.read_text(encoding="utf-8"), path.name)
    found = asked(brief)
    assert len(found) <= 5
    assert [question.id for question in found] == [f"Q{number}" for number in range(1, len(found) + 1)]
    words = set(re.findall(r"[a-z]{4,}", brief.text.lower()))
    for question in found:
        assert question.passages and "?" in question.asks and question.because and question.changes
        own = {word.rstrip("s") for word in re.findall(r"[a-z]{4,}", question.asks.lower())}
        assert own & {word.rstrip("s") for word in words} - {"user", "what", "with", "many"}, question.asks
        for option in question.options.values():
            assert option.endswith(".") and len(option.split()) > 5
        kinds = [set(re.findall(r"[\w,]+", option.lower())) for option in question.options.values()]
        assert all(one - two and two - one or len(one ^ two) > 2 for one, two in itertools.combinations(kinds, 2))
        assert question.settled == question.options[question.recommended]


@pytest.mark.parametrize("path", BRIEFS, ids=lambda path: path.stem)
def test_an_option_can_stand_in_the_brief_without_inventing_things(path: Path) -> None:
    brief = Brief(path.read_text(encoding="utf-8"))
    classes = tuple(sorted(classify(brief).items()))
    before = shape(reading_of(brief, (), Ruling(classes)))
    for question in asked(brief):
        for letter, option in question.options.items():
            ruling = Ruling(classes, (Passage("Q1", "remark", option, 0, ()),))
            more = shape(reading_of(brief, (), ruling)) - before - {("entity", "User")}
            assert not more, f"{question.id}{letter}: {option}"


def test_the_sample_is_asked_what_it_leaves_open_and_nothing_else() -> None:
    found = asked(read("clinic-appointments.md"))
    assert [question.asks for question in found] == [
        "Records are kept for 10 years [P21], and a patient may ask for deletion [P22]: what is left of a patient who has asked?",
        "An appointment can be confirmed, completed or missed, and the brief says of nobody that they set that: who does?",
        "A doctor leaves: who removes them, and what becomes of their appointments?",
    ]
    assert found[1].options == {
        "a": "A receptionist sets an appointment to confirmed, completed or missed.",
        "b": "A clinic manager sets an appointment to confirmed, completed or missed.",
        "c": "The system sets an appointment to confirmed, completed or missed by itself, from dates and from what was done before.",
    }
    assert found[1].passages == ("P11",)


def test_a_contradiction_comes_first_with_both_sentences_as_options() -> None:
    first = asked(Brief(HOTEL))[0]
    assert first.asks.endswith("3 days or 48 hours?") and first.passages == ("P6", "P10")
    assert first.options == {
        "a": "A guest can cancel a booking free of charge until 3 days before arrival.",
        "b": "A booking can be cancelled without fee up to 48 hours before arrival.",
    }


@pytest.mark.parametrize(
    "text",
    [
        "A guest can cancel a booking until 3 days before arrival.\n\nA guest can change a booking until 48 hours before arrival.",
        "Reading a report must be answered within 200 ms.\n\nWriting a report must be answered within 900 ms.",
        "`idworker 100 out.txt` writes a file of 200 lines.\n\n`sidworker 100 out.txt` writes a file of 100 lines.",
        "A photo is deleted after 30 days.\n\nAn invoice is kept for 10 years.",
    ],
)
def test_two_values_for_two_things_are_no_contradiction(text: str) -> None:
    assert not [question for question in asked(Brief(text)) if "[P1]" in question.asks]


def test_who_signs_in_is_asked_in_the_names_of_those_who_do() -> None:
    first = asked(read("library-stories.md"))[0]
    assert first.asks.startswith("How do members, librarians and administrators sign in?")
    assert first.options["a"] == "Members, librarians and administrators sign in with an e-mail address and a password."
    assert first.recommended == "c" and first.options["c"].startswith("Members sign in with an e-mail address")
    assert first.changes == "tables, the OpenAPI security scheme and the threat model"


@pytest.mark.parametrize(
    "text",
    ["Members log in with e-mail and password.", "Sign-in is through Azure AD.", "Callers send an API key.", "Books can be read without signing in."],
)  # fmt: skip
def test_who_signs_in_is_not_asked_when_the_brief_says_it(text: str) -> None:
    brief = read("library-stories.md").text
    assert any("sign in?" in asks for asks in questions(brief))
    assert not any("sign in?" in asks for asks in questions(f"{brief}\n\n{text}\n"))


@pytest.mark.parametrize(
    ("gone", "text"),
    [
        ("In which countries", "The library is in Berlin."),
        ("In which countries", "The GDPR applies."),
        ("How many members", "Up to 300 members use it."),
        ("at the same moment", "A book must not be lent twice."),
        ("deletes a book", "If a book is deleted, its loans are deleted too."),
        ("For how long", "It must be available 99 % of the time."),
    ],
)
def test_what_the_brief_answers_is_not_asked(gone: str, text: str) -> None:
    brief = read("library-stories.md").text
    assert not any(gone in asks for asks in questions(f"{brief}\n\n{text}\n"))


def test_small_briefs_get_few_questions_and_trivial_ones_none() -> None:
    assert questions("Build a URL shortener.") == {}
    assert questions("GET /health must return 200 and the build version.") == {}
    (forum,) = asked(read("baxbench-forum.md"))
    assert forum.options["a"] == "Anybody reads and writes messages without signing in."
    (secret,) = asked(read("baxbench-secret_storage.md"))
    assert (
        secret.asks
        == "POST /set_secret takes a username beside the token: may a user reach another user's secret by naming them?"
    )


def test_a_program_that_is_no_server_is_asked_whether_it_becomes_one() -> None:
    (question,) = asked(read("devbench-idcenter-prd.md"))
    assert question.settled == "Idcenter stays a command-line program; nothing is offered over HTTP."


def test_money_that_moves_twice_is_asked_about_unless_the_brief_says_what_happens() -> None:
    twice = next(question for question in asked(Brief(LEDGER)) if "sent twice" in question.asks)
    assert twice.options["b"].endswith("with a reference that was used before is refused with 409.")
    assert not any("sent twice" in asks for asks in questions(LEDGER + "\nRequests are idempotent.\n"))


@pytest.mark.parametrize(
    ("text", "asks", "option"),
    [
        ("Parents sign children up for clubs. Each club has a name and a maximum of 20 children.",
         "What happens when somebody signs up a child for a club that has 20 children already?", "A sign-up for a club with 20 children goes on a waiting list, and moves up when a place becomes free."),
        ("Employees create requests. A manager approves a request. When a request is approved the employee is notified.",
         "By which channel is an employee told when a request is approved?", "An employee is told by e-mail when a request is approved."),
        ("Cooks save recipes. Cooks can use the app without a connection; changes are sent later. The mobile app calls an API.",
         "Two cooks change the same recipe without a connection: whose change holds when both are back?", "The change of a recipe that was made last holds, and the other one is kept as an older version."),
        ("Teachers create clubs and teachers see clubs. Today everything is in a spreadsheet with 600 children.",
         "Is what stands in today's spreadsheet (600 children) taken over before the start?", "Nothing is taken over from today's spreadsheet; the system starts empty."),
    ],
)  # fmt: skip
def test_silences_that_matter_are_asked_about_in_the_words_of_the_brief(text: str, asks: str, option: str) -> None:
    filler = "The team meets every Monday and the steering group looks at the budget of the whole project in the first week of each quarter, which says nothing of the system itself. "
    found = questions(f"# Plan\n\n{filler}{text}\n")
    assert asks in found
    assert option in found[asks].options.values()


def test_a_codebase_in_another_language_than_the_brief_names_is_asked_about() -> None:
    brief = Brief(
        "# Orders\n\nCustomers create orders and clerks list orders.\n\nThe service is written in Go with MySQL.\n"
    )
    there = codebase(said("Language", "Python 3.12"), said("Framework", "FastAPI 0.115"), said("Database", "MySQL 8"))
    first = propose(brief, classify(brief), there).questions[0]
    assert first.asks == "The brief names Go and the codebase uses Python 3.12: which language is this built on?"
    assert first.settled == "The service is written in Python with FastAPI 0.115, as the codebase is."
    assert first.passages == ("P3",)
    same = codebase(said("Language", "Go 1.22"), said("Database", "MySQL 8"))
    assert not any("codebase uses" in q.asks for q in propose(brief, classify(brief), same).questions)


def test_the_order_is_by_consequence_whatever_the_order_of_the_brief() -> None:
    text = read("library-stories.md").text
    lines = text.splitlines()
    turned = "\n".join(lines[:4] + lines[4:12][::-1] + lines[12:])
    one, two = ([re.sub("borrow|reserve", "take", q.asks) for q in asked(Brief(each))] for each in (text, turned))
    assert one == two and turned != text
