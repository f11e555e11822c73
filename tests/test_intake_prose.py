"""Lists and prose under no heading: what each line is, what it is called, what is no mistake."""

from __future__ import annotations

import re

import pytest

from planning_kit.brief import Brief
from planning_kit.intake.classes import classify
from planning_kit.intake.proposal import propose
from planning_kit.intake.quality import findings

METERS = """
1. The gateway collects readings from 900 water meters once an hour. [functional]
2. Leaks trigger an alarm to the duty engineer. [functional]
3. Duty engineers acknowledge alarms on their phone. [functional]
4. Interface: consumption data to the billing company via SFTP. [integration]
5. Max. 2 hours downtime per month. [quality]
6. Roles: tenant, landlord, duty engineer. [actor]
7. Meter: serial number, address, type, installation date. [data]
8. Hosting in Germany only. [constraint]
9. Not part of this contract: heat meters. [out of scope]
10. We have 14 buildings in four towns. [context]
11. Budget: 80,000 EUR until March. [constraint]
12. Faulty readings are replaced by the operator. [functional]
13. Only the caretaker sees addresses. [functional]
14. Today caretakers read meters by hand. [context]
"""


def test_lines_under_no_heading_show_what_they_are():
    wanted = re.findall(r"\[([a-z ]+)\]", METERS)
    brief = Brief(re.sub(r" \[[a-z ]+\]", "", METERS).strip())
    said = classify(brief)
    assert [said[passage.id] for passage in brief.passages] == wanted


@pytest.mark.parametrize("text", ["Build subscription API with Stripe", "I manage a hostel. I'd like something where guests see free beds and book one.", "Create a service that shortens links."])  # fmt: skip
def test_an_idea_asks_for_something(text):
    assert set(classify(Brief(text)).values()) == {"functional"}


def terms(text: str) -> str:
    brief = Brief(text)
    return " ".join(each.message for each in findings(brief, classify(brief)) if each.rule == "undefined-term")


def test_words_of_a_title_in_capitals_are_no_abbreviations():
    assert not terms("CITY OF BERGHEIM - DEPT OF PARKS\nRequest for a tree register\n\n- Gardeners must record trees.")
    assert "'TRX'" in terms("CITY OF BERGHEIM - DEPT OF PARKS\n\n- Gardeners must send trees to the TRX.")


def test_the_name_of_a_maker_is_no_abbreviation():
    assert not terms("- The clerk must read labels with the ZEBRAX scanner.")
    assert not terms("- The system must call the laboratory VITA every day.")
    assert "'VITA'" in terms("- The system must call VITA every day.")


def test_an_abbreviation_whose_words_the_brief_writes_out_is_known():
    text = "- The Tree Register must list trees.\n- The Tree Register must be public.\n- The TR must sort trees."
    assert not terms(text)


def test_roles_in_a_line_break_the_silence_about_security():
    lines = "- Clerks must log visits online.\n- Roles: clerk, auditor (read only)."
    brief = Brief(lines)
    told = [each.message for each in findings(brief, classify(brief)) if each.rule == "silent-quality-area"]
    assert not [each for each in told if "about security" in each]


def test_an_idea_with_people_in_it_is_silent_about_privacy():
    brief = Brief("I'd like something where singers see the next rehearsal and say whether they come.")
    told = " ".join(each.message for each in findings(brief, classify(brief)) if each.rule == "silent-quality-area")
    assert "privacy" in told
    assert "security" in told


@pytest.mark.parametrize("word", ["reasonable time", "few minutes", "state of the art", "scalable"])
def test_vague_words_are_named(word):
    text = (
        f"- The planner must finish in a {word}."
        if word.endswith(("time", "minutes"))
        else f"- The planner must be {word}."
    )
    brief = Brief(text)
    assert word in " ".join(each.message for each in findings(brief, classify(brief)))


@pytest.mark.parametrize(
    "text",
    [
        "I run a small bakery and I'm often tired of lost orders. Maybe other bakeries would pay for it.",
        "- Rangers often register trails.\n- Trails are often closed.\n- Hikers report broken bridges.\n- Bridges are repaired by rangers.\n- A trail has a name and a length.",
        "- WGS bills extra pickups to the town monthly.\n- Drivers confirm pickups.\n- Pickups are planned daily.\n- Clerks plan pickups.",
    ],
)
def test_the_words_of_a_domain_stand_in_the_brief(text):
    brief = Brief(text)
    known = {"auth", "notifications", "payments", "billing", "reporting", "audit", "search", "files"}
    domains = propose(brief, classify(brief), None).domains
    assert domains
    for domain in domains:
        assert domain.name in known or all(
            re.search(rf"\b{part.rstrip('s')[:5]}", text.lower()) for part in domain.name.split("-")
        )
        assert "often" not in domain.name


def test_an_auditor_among_the_roles_is_no_audit_trail():
    brief = Brief(
        "- Clerks register visits.\n- A visit has a date and a room.\n- Roles: clerk, auditor (read only).\n- Guards see visits."
    )
    found = propose(brief, classify(brief), None)
    assert "audit-trail" not in {topic.name for topic in found.topics}
    assert "audit" not in {domain.name for domain in found.domains}
