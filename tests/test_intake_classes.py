"""What each passage of a brief is said to be."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import pytest
import yaml

from planning_kit.brief import Brief, decode
from planning_kit.facts import CLASSES, REQUIREMENTS
from planning_kit.intake.areas import NAMES, areas
from planning_kit.intake.classes import classify, strength
from planning_kit.intake.coverage import coverage

HERE = Path(__file__).parent
FOLDERS = (HERE / "intake_briefs", HERE / "briefs", HERE / "reading_briefs")
LABELS = yaml.safe_load((HERE / "intake_briefs" / "labels.yaml").read_text("utf-8"))


def read(name: str) -> Brief:
    path = next(folder / name for folder in FOLDERS if (folder / name).exists())
    return Brief(decode(path.read_bytes(), name), name)


def labelled(name: str) -> dict[str, str]:
    """Passage id → the class a person gave it."""
    found = {}
    for label, spans in LABELS[name].items():
        for span in str(spans).split():
            first, _, last = span.partition("-")
            found.update({f"P{number}": label for number in range(int(first), int(last or first) + 1)})
    return found


def one(text: str, at: int = -1) -> str:
    """The class of the last passage (or another) of a text."""
    brief = Brief(text)
    return classify(brief)[brief.passages[at].id]


def test_every_line_marked_required_is_a_requirement():
    brief = read("govstack-scheduler-bb.md")
    classes = classify(brief)
    marked = [number for number, line in enumerate(brief.text.split("\n"), 1) if "(REQUIRED)" in line]
    starts = {passage.line: passage for passage in brief.passages}
    assert len(marked) == 72 - sum("REQUIRED" in line and "(REQUIRED)" not in line for line in brief.text.split("\n"))
    wrong = []
    for number in marked:
        passage = starts[max(line for line in starts if line <= number)]
        if classes[passage.id] not in REQUIREMENTS:
            wrong.append((number, passage.id, classes[passage.id]))
    assert len(marked) >= 70
    assert wrong == []


@pytest.mark.parametrize(
    "name", sorted(path.name for folder in FOLDERS for path in folder.glob("*.md") if path.name != "SOURCES.md")
)
def test_every_passage_has_one_of_the_classes(name):
    brief = read(name)
    classes = classify(brief)
    assert list(classes) == [passage.id for passage in brief.passages]
    assert set(classes.values()) <= set(CLASSES)


def test_the_rules_agree_with_a_person_on_nine_passages_of_ten():
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for name in LABELS:
        classes = classify(read(name))
        for passage, label in labelled(name).items():
            total[label] += 1
            right[label] += classes[passage] == label
    assert sum(total.values()) >= 250
    assert sum(right.values()) / sum(total.values()) >= 0.90
    for label in total:
        assert right[label] / total[label] >= 0.70, label


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("## Security\n\n- Sessions end after 20 minutes.", "quality"),
        ("# X\n\nNFR-7: pages open in 2 s.", "quality"),
        ("# X\n\nFR-12: a clerk files a claim.", "functional"),
        ("# X\n\n- As a nurse, I want to see allergies.", "functional"),
        ("# X\n\nGiven an empty cart, when the buyer pays, then nothing is charged.", "functional"),
        ("# Background\n\nThe current tool dates from 2009.", "context"),
        ("# Background\n\nThe new tool must keep the old numbers.", "functional"),
        ("## Non-goals\n\n### Features\n\n- Users can export to Excel.", "out of scope"),
        ("# X\n\nMobile apps are out of scope.", "out of scope"),
        ("## Glossary\n\n- Shipment: what leaves the dock.", "context"),
        ("## References\n\n- The old manual must be kept.", "other"),
        ("**Constraints**\n\n- Ruby and PostgreSQL.", "constraint"),
        ("The service must be written in Kotlin.", "constraint"),
        ("## Stakeholders\n\n- Warehouse lead", "actor"),
        ("## Interfaces to other systems\n\n- Weather data from DWD.", "integration"),
        ("## Data model\n\n- Parcel: id, weight, status", "data"),
        ("# X\n\n```sql\nCREATE TABLE parcels (id uuid);\n```", "data"),
        ("# X\n\n```sh\nmake run\n```", "context"),
        ("# X\n\n| Field | Type |\n|---|---|\n| plate | string |", "data"),
        ("# X\n\n| Role | Rights |\n|---|---|\n| Clerk | reads claims |", "actor"),
        ("# X\n\n| Metric | Target |\n|---|---|\n| p95 | 300 ms |", "quality"),
        ("# X\n\n| Term | Meaning |\n|---|---|\n| Dock | where trucks stop |", "context"),
        ("# Functional requirements", "other"),
        ("### 4.2 Audit trail (REQUIRED)", "quality"),
        ("<!-- hidden -->", "other"),
        ("---", "other"),
    ],
)
def test_a_passage_is_classed_by_its_words_then_its_table_then_its_section(text, expected):
    assert one(text) == expected


def test_a_list_item_asks_as_strongly_as_the_line_that_leads_it_in():
    brief = Brief("# Overview\n\nThe system must allow clerks to\n\n- file claims\n- close claims\n")
    assert [classify(brief)[passage.id] for passage in brief.passages] == [
        "other",
        "functional",
        "functional",
        "functional",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Logs are kept (RECOMMENDED)", "should"),
        ("[MUST] Logs are kept", "must"),
        ("Logs are kept (OPTIONAL)", "may"),
        ("The hub SHALL answer.", "must"),
        ("The hub should answer.", "should"),
        ("The sky is blue.", "none"),
    ],
)
def test_the_strength_is_the_word_of_rfc_2119(text, expected):
    assert strength(Brief(text).passages[0]) == expected


def test_a_text_speaks_about_the_areas_its_words_belong_to():
    assert areas("95 % of requests within 200 ms") == {"performance"}
    assert areas("Passwords are hashed and personal data is erased on request") >= {"security", "privacy"}
    assert areas("Clerks file claims") == frozenset()


def test_the_coverage_counts_every_passage_and_agrees_with_the_silent_areas():
    brief = read("govstack-scheduler-bb.md")
    classes = classify(brief)
    table = coverage(brief, classes)
    assert table.rows == CLASSES
    assert table.columns == (*NAMES, "none")
    spoken = sum(len(areas(passage.text)) or 1 for passage in brief.passages)
    assert sum(map(sum, table.counts)) == spoken
    assert table.silent == ("privacy", "safety")


@pytest.mark.parametrize(
    "text", ["must " * 100_000, "a-" * 200_000, "<a " * 100_000, "| a must | x |\n" * 20_000, "x: " + "a, " * 100_000]
)
def test_classes_of_a_pathological_text_take_linear_time(text):
    start = time.process_time()
    classify(Brief(text))
    assert time.process_time() - start < 5
