"""What an answer cites from the web becomes numbered sources, with their marks in the text."""

from __future__ import annotations

from typing import Any

import pytest

from planning_kit.claude.cited import LONGEST, cited
from planning_kit.model import Source


def found(url: str, words: str = "It is 18.1.", title: str = "Docs") -> dict[str, Any]:
    """A citation of a search result, as the API gives it."""
    return {
        "type": "web_search_result_location",
        "url": url,
        "title": title,
        "cited_text": words,
        "encrypted_index": "e",
    }


def said(text: str, *citations: object) -> dict[str, Any]:
    return {"type": "text", "text": text, **({"citations": list(citations)} if citations else {})}


def test_a_source_has_a_number_an_address_a_title_the_words_and_the_day() -> None:
    text, sources = cited(
        [said("The newest is "), said("18.1.", found("https://a.example/x")), said("\n")], 1, "2026-11-21"
    )
    assert text == "The newest is 18.1. [S1]\n"
    assert sources == (Source("S1", "https://a.example/x", "Docs", "It is 18.1.", "2026-11-21"),)


def test_the_mark_stands_before_the_line_break_and_numbers_go_on_from_where_others_ended() -> None:
    a, b = found("https://a.example/"), found("https://b.example/", "Other.")
    text, sources = cited([said("One.\n\n", a), said("Two.", b, a)], 7, "2026-11-21")
    assert text == "One. [S7]\n\nTwo. [S8][S7]"
    assert [source.id for source in sources] == ["S7", "S8"]


def test_a_page_cited_for_several_things_is_one_source_with_all_their_words() -> None:
    blocks = [said("a", found("https://a.example/", "First.")), said("b", found("https://a.example/", "Second."))]
    _, (source,) = cited([*blocks, blocks[0]], 1, "2026-11-21")
    assert source.quoted == "First. … Second."
    many = [said("c", found("https://a.example/", f"Sentence number {n}.")) for n in range(100)]
    assert len(cited(many, 1, "2026-11-21")[1][0].quoted) <= LONGEST


def test_words_from_a_page_that_was_read_have_the_address_of_that_page() -> None:
    page = {
        "type": "web_fetch_tool_result",
        "tool_use_id": "t",
        "content": {"type": "web_fetch_result", "url": "https://a.example/page", "content": {"title": "A page"}},
    }
    words = {"type": "char_location", "document_index": 0, "document_title": None, "cited_text": "Words."}
    text, (source,) = cited([page, said("So it is.", words)], 1, "2026-11-21")
    assert (text, source.url, source.title) == ("So it is. [S1]", "https://a.example/page", "A page")


@pytest.mark.parametrize(
    "citation",
    [
        {}, {"url": "javascript:alert(1)"}, {"url": "file:///etc/passwd"}, {"url": ["x"]}, {"document_index": 4},
        {"document_index": -1}, {"url": "https://a.example/\nx"}, {"url": "https://a.example/<script>"},
    ],
)  # fmt: skip
def test_what_has_no_address_of_a_page_is_no_source(citation: dict[str, Any]) -> None:
    assert cited([said("Words.", citation)], 1, "2026-11-21") == ("Words.", ())


def test_titles_and_words_stand_on_one_line_and_have_an_end() -> None:
    _, (source,) = cited([said("x", found("https://a.example/", "a\n b" * 900, "t\r\nu"))], 1, "2026-11-21")
    assert source.title == "t u" and "\n" not in source.quoted and len(source.quoted) == LONGEST
