"""A brief is kept word for word, numbered, and named."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning_kit.brief import Brief, decode, slug
from planning_kit.errors import BriefRefused

BRIEFS = sorted((Path(__file__).parent / "briefs").glob("*.md"))


@given(st.text(max_size=400))
@settings(max_examples=300, deadline=None)
def test_joined_the_passages_are_the_brief(text: str) -> None:
    text = text.replace("\r", "\n")
    assert "".join(passage.text for passage in Brief(text).passages) == text


@pytest.mark.parametrize("path", BRIEFS, ids=lambda path: path.stem)
def test_joined_the_passages_are_a_real_brief(path: Path) -> None:
    brief = Brief(decode(path.read_bytes(), path.name), path.name)
    assert "".join(passage.text for passage in brief.passages) == brief.text
    assert [passage.id for passage in brief.passages] == [f"P{n + 1}" for n in range(len(brief.passages))]


def test_paragraphs_list_items_rows_and_headings_are_passages() -> None:
    text = "# Shop\n\nIt sells.\n\n- must sell\n  - must refund\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```\nx\n```\n"
    assert [(p.kind, p.plain) for p in Brief(text).passages] == [
        ("heading", "Shop"),
        ("paragraph", "It sells."),
        ("item", "must sell"),
        ("item", "must refund"),
        ("row", "a | b | |---|---"),
        ("row", "1 | 2"),
        ("code", "x"),
    ]


def test_a_passage_knows_the_headings_it_stands_under() -> None:
    text = "# A\n\n## B\n\none\n\n# C\n\ntwo\n"
    assert [p.section for p in Brief(text).passages if p.kind == "paragraph"] == [("A", "B"), ("C",)]


@pytest.mark.parametrize(
    ("text", "name", "title"),
    [
        ("# Ticket shop\n\nSell tickets.", "x.md", "Ticket shop"),
        ("# Introduction\n\nA web application called MyForum is wanted.", "prd.md", "MyForum"),
        ("# Overview\n\nWords.", "order_desk-prd.md", "Order desk prd"),
        ("Patients book appointments with doctors.", "", "Patients book appointments with doctors"),
    ],
)
def test_the_title_is_the_most_telling_name_there_is(text: str, name: str, title: str) -> None:
    assert Brief(text, name).title == title


@pytest.mark.parametrize(
    "title", ["한국어 예약 시스템", "😀🎉", "../..", "x" * 500, "", "   ", "con", "a/b", "A+B", "-"]
)
def test_any_title_gives_a_safe_slug(title: str) -> None:
    made = slug(title)
    assert 0 < len(made) <= 60
    assert set(made) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert made.strip("-") == made
    assert made != "con"


def test_a_clean_title_keeps_its_words_and_others_stay_apart() -> None:
    assert slug("Ticket shop") == "ticket-shop"
    assert len({slug("a b"), slug("a/b"), slug("a+b"), slug("a..b"), slug("ä b"), slug("한"), slug("국")}) == 7


@pytest.mark.parametrize(
    "data",
    [
        b"A shop.\r\nIt sells.\r\n",
        "\ufeffA shop.\nIt sells.\n".encode(),
        "A shop.\nIt sells.\n".encode("utf-16"),
        b"\xfe\xff" + "A shop.\nIt sells.\n".encode("utf-16-be"),
    ],
    ids=["CRLF", "UTF-8 with BOM", "UTF-16 LE with BOM", "UTF-16 BE with BOM"],
)
def test_common_encodings_are_read(data: bytes) -> None:
    assert decode(data, "x") == "A shop.\nIt sells.\n"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "the brief is empty"),
        (b" \n\t\n", "the brief is empty"),
        (b"ab\xffcd", "byte 2 is not UTF-8 text"),
        (b"\xef\xbb\xbfab\xffcd", "byte 5 is not UTF-8 text"),
        (b"ab\x00cd", "byte 2 is the control character U\\+0000"),
        (b"\x89PNG\r\n\x1a\n", "byte 0 is not UTF-8 text"),
        (b"a" * 1_000_001, "1,000,001 bytes and at most 1,000,000"),
    ],
)
def test_what_is_not_a_text_is_refused_with_the_place(data: bytes, says: str) -> None:
    with pytest.raises(BriefRefused, match=says):
        decode(data, "brief.md")


@pytest.mark.parametrize("odd", ["\x0c", "\x0b", "\u2028", "\x85", "\x1c"])
def test_only_a_newline_ends_a_line(odd: str) -> None:
    text = "".join(f"Page {n} ends.{odd}\n\n# Section {n}\n\nStatement {n}.\n\n" for n in range(1, 4))
    passages = Brief(text).passages
    assert [p.kind for p in passages] == ["paragraph", "heading", "paragraph"] * 3
    assert passages[-1].section == ("Section 3",)


def test_requirements_numbered_one_below_the_other_are_passages_of_their_own() -> None:
    text = "3. BOOKING\n3.1 Guests must book.\n3.2 Hosts may cancel\nwithin 2 days.\nFR-12: export\n\n```\n1.1 x\n1.2 y\n```\n"
    brief = Brief(text)
    assert [(p.kind, p.text.count("\n")) for p in brief.passages] == [
        ("item", 1), ("item", 1), ("item", 2), ("item", 2), ("code", 4),
    ]  # fmt: skip
    assert "".join(p.text for p in brief.passages) == text


def test_a_wrapped_line_that_begins_with_a_number_stays_in_its_paragraph() -> None:
    (passage,) = Brief("Each shop keeps at most\n2.5 GB of pictures.\n").passages
    assert passage.kind == "paragraph"
