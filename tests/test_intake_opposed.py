"""Sentences of a brief that cannot both hold, and the questions they become."""

from __future__ import annotations

import re
import time

import pytest

from planning_kit.brief import Brief
from planning_kit.intake.classes import classify
from planning_kit.intake.opposed_found import opposed
from planning_kit.intake.proposal import propose
from planning_kit.intake.quality import findings
from planning_kit.intake.wording import wordings


def pairs(*lines: str) -> set[str]:
    """What the lines of a list disagree about."""
    brief = Brief("\n".join(f"- {line}" for line in lines))
    return {pair.what for pair in opposed(wordings(brief, classify(brief)))}


def proposed(*lines: str):
    brief = Brief("\n".join(f"- {line}" for line in lines))
    return propose(brief, classify(brief), None)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Approved timesheets must not be changed.", "Managers can change approved timesheets."),
        ("Readings are never deleted.", "An operator can delete faulty readings."),
        ("Meters are read every 30 days.", "All meters are read weekly."),
        ("Filters are cleaned twice a week.", "Filters are cleaned every day."),
        ("The service may be down at most 2 hours per year.", "It is taken offline for maintenance for 3 hours every month."),
        ("Downtime is at most 30 minutes a month.", "There is a maintenance window every Saturday 01:00-04:00."),
        ("Patient data must stay in Switzerland.", "Backups are replicated to Frankfurt."),
        ("All data is stored only in the EU.", "The portal runs on a US cloud."),
        ("The server is written in Go.", "The service shall be implemented in Python."),
        ("No personal data is stored.", "The list shows each volunteer with phone number."),
        ("Visitors browse the map. No registration.", "Visitors can register with an e-mail address."),
    ],
)  # fmt: skip
def test_two_sentences_that_cannot_both_hold_are_found(one, two):
    assert pairs(one, two)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Paid invoices must not be changed.", "The accountant can change an invoice."),
        ("Drivers must not change tours.", "Dispatchers can change tours."),
        ("Orders must not be cancelled after dispatch.", "A customer can cancel an order."),
        ("Backups are made daily.", "Full backups are made weekly."),
        ("A report is sent daily to the manager.", "A report is sent monthly to the ministry."),
        ("Bins are emptied weekly from May to September.", "Bins are emptied every 14 days."),
        ("Downtime is at most 4 h per year, excluding maintenance.", "Maintenance window every Sunday 02:00-08:00."),
        ("Data must stay in the EU.", "The portal is hosted in Ireland."),
        ("The server is written in Go.", "The mobile app is written in Kotlin."),
        ("The prototype was written in PHP.", "The service is written in Go."),
        ("No personal data is stored on the scanner.", "A member has a name and a phone number."),
        ("Readings are never deleted.", "Readings can be exported by an operator."),
        ("Visitors browse the map. No registration.", "Farmers register with a tax number."),
    ],
)  # fmt: skip
def test_two_sentences_that_can_both_hold_are_left_alone(one, two):
    assert not pairs(one, two)


def test_a_contradiction_is_a_finding_that_names_both_passages():
    brief = Brief("- Readings are never deleted.\n- Hall 3.\n- An operator can delete faulty readings.")
    told = [each.message for each in findings(brief, classify(brief)) if each.rule == "contradiction"]
    assert len(told) == 1
    assert "[P3]" in told[0]
    assert "P1" in told[0]


def test_every_contradiction_is_asked_before_anything_else():
    asked = proposed(
        "Members see the readings of their hall.", "Readings are never deleted.", "An operator can delete faulty readings.",
        "Meters are read every 30 days.", "All meters are read weekly.", "Operators are notified immediately when a meter fails.",
    ).questions  # fmt: skip
    assert [set(question.passages) for question in asked[:2]] == [{"P2", "P3"}, {"P4", "P5"}]
    assert {*asked[0].options.values()} == {"Readings are never deleted.", "An operator can delete faulty readings."}


def test_an_open_point_of_the_brief_is_asked_with_its_own_alternatives():
    asked = proposed(
        "Members book a court.", "A court has a name.", "To be decided: SMS or e-mail for reminders.", "Is a deposit taken?"
    ).questions  # fmt: skip
    by_passage = {question.passages: [*question.options.values()] for question in asked}
    assert "SMS" in by_passage["P3",][0]
    assert "e-mail" in by_passage["P3",][1]
    assert [option.split(":")[0] for option in by_passage["P4",]] == ["No", "Yes"]


def test_nothing_is_offered_that_is_out_of_scope():
    lines = (
        "Members book courts.", "Trainers cancel courses.", "A member is informed when a course is cancelled.", "Members pay a fee for each course.",
        "Not part of this project: e-mails, invoices.",
    )  # fmt: skip
    offered = " ".join(option for question in proposed(*lines).questions for option in question.options.values())
    assert "an invoice" not in offered
    assert not re.search(r"told by e-mail", offered)


def test_two_sizes_for_attachments_contradict():
    brief = Brief("- Attachments may be up to 20 MB.\n- A user can add attachments of at most 50 MB.")
    assert [each.rule for each in findings(brief, classify(brief)) if each.rule == "contradiction"] == ["contradiction"]


@pytest.mark.parametrize(
    "text", ["Tours must not be changed. Clerks can change tours. ", "All bins are emptied weekly and ", "no data is "]
)
def test_a_long_brief_is_compared_in_little_time(text):
    start = time.process_time()
    pairs(*[text * 3] * 1_500)
    pairs(text * 3_000)
    assert time.process_time() - start < 8
