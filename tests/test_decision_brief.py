"""The decision brief: one page, decisions with what was rejected, and what the offline author makes of the documents."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest

from planning_kit.checks.about import About
from planning_kit.checks.planned.decided import LINES, WORDS, fits_on_one_page, names_five_decisions
from planning_kit.document import Document
from planning_kit.offline.writing.basis import Basis
from planning_kit.offline.writing.implementation.decision import cut
from planning_kit.offline.writing.service.contract import UNSERVED, unserved

META = "# Decision Brief: Shop\n\n| Version | Author |\n|---|---|\n| 1 | somebody with a long name |\n\n"
THERE = Document("plan/integration-architecture.md", "# A\n")


def brief(text: str) -> Document:
    return Document("plan/decision-brief.md", META + text)


def decided(*rows: str) -> list[tuple[str, str]]:
    table = "\n".join(["| Decision | Instead of | Because | Where |", "|---|---|---|---|", *rows])
    found = names_five_decisions(brief(f"## Decisions\n\n{table}\n"), About(beside=(THERE,)))
    return [(wrong.severity, wrong.message) for wrong in found]


def test_a_page_is_counted_without_its_meta_block_and_without_the_addresses_of_links() -> None:
    words = "[word](a/very/long/address.md) " * WORDS
    page = "\n".join(words[at : at + 31 * 12] for at in range(0, len(words), 31 * 12))
    assert list(fits_on_one_page(brief(page), About())) == []
    said = [wrong.message for wrong in fits_on_one_page(brief(page + " more"), About())]
    assert said == [f"the brief has {WORDS + 1} words; a page has room for {WORDS}"]


def test_a_page_has_room_for_so_many_lines_and_a_long_one_is_several() -> None:
    assert list(fits_on_one_page(brief("- word\n\n" * LINES), About())) == []
    long = "- word\n" * (LINES - 1) + "a" * 150 + "\n"
    assert [wrong.message for wrong in fits_on_one_page(brief(long), About())] == [
        f"the brief has {LINES + 1} lines; a page has room for {LINES}"
    ]


def test_a_decision_names_what_was_rejected_and_leads_to_where_it_was_made() -> None:
    assert decided("| SQL | files | safe | [Storage](integration-architecture.md#storage) |") == []
    assert decided("| SQL | – | safe | [Storage](integration-architecture.md) |") == [("error", "'SQL' has no rejected alternative")]  # fmt: skip
    assert decided("| SQL | sql | safe | [Storage](integration-architecture.md) |") == [("error", "'SQL' is its own alternative")]  # fmt: skip
    assert decided("| SQL | files | | [Storage](integration-architecture.md) |") == [("error", "'SQL' has nothing under 'Because'")]  # fmt: skip
    nowhere = [("error", "'SQL' does not lead to the document it was decided in")]
    assert decided("| SQL | files | safe | the architecture |") == nowhere
    assert decided("| SQL | files | safe | [there](https://example.com/a.md) |") == nowhere
    assert decided("| SQL | files | safe | [here](#storage) |") == nowhere


@pytest.mark.parametrize(
    "where",
    ["<integration-architecture.md#storage>", 'integration-architecture.md "Storage"', "integration%2Darchitecture.md", "integration-architecture.md#storage-(main)"],
)  # fmt: skip
def test_a_link_may_be_written_in_any_way_links_are(where: str) -> None:
    assert decided(f"| SQL | files | safe | [Storage [draft]]({where}) |") == []
    assert decided("| SQL | files | safe | [Storage][s] |", "", "[s]: integration-architecture.md") == []


def test_a_line_of_wide_characters_takes_twice_the_room() -> None:
    page = brief("字" * 50 * LINES + "\n")
    assert list(fits_on_one_page(page, About())) == []
    assert [wrong.message for wrong in fits_on_one_page(brief("字" * 60 * LINES + "\n"), About())] == [f"the brief has {LINES + 7} lines; a page has room for {LINES}"]  # fmt: skip


def test_a_link_to_a_document_that_is_not_known_is_a_doubt() -> None:
    assert decided("| SQL | files | safe | [there](other.md) |") == [
        ("warning", "other.md is none of the documents that the brief rests on")
    ]


def test_five_decisions_are_enough_and_none_is_too_few() -> None:
    row = "| SQL {} | files | safe | [there](integration-architecture.md) |"
    assert decided(*(row.format(at) for at in range(5))) == []
    assert decided(*(row.format(at) for at in range(6))) == [("error", "6 decisions are named")]
    assert decided() == [("error", "no decision is named")]


def test_what_the_architecture_serves_with_nothing_is_counted_with_its_passages() -> None:
    asked = f"- {UNSERVED} “A map”? Until answered: nothing is drafted for it. [P3]\n- {UNSERVED} 4 more passages? Until answered: nothing is drafted for them. [P5] [P6] and 2 more\n- How long? Until answered: a year. [P9]\n"
    known = SimpleNamespace(document=lambda name: Document(name, f"# A\n\n## Open questions\n\n{asked}"))
    assert unserved(cast(Basis, known)) == (("P3", "P5", "P6"), 5)
    assert unserved(cast(Basis, SimpleNamespace(document=lambda name: None))) == ((), 0)


def test_a_cell_is_cut_at_a_semicolon_before_a_comma() -> None:
    said = (
        "Residents sign in with an e-mail address and a password; clerks, officers and administrators sign in elsewhere"
    )
    assert cut(said, 80) == "Residents sign in with an e-mail address and a password"


def test_a_cell_is_cut_where_what_was_said_is_a_whole() -> None:
    assert cut("the brief names it [P24] [P3]; 10 references (assumed) between tables the database itself can hold", 60) == "the brief names it"  # fmt: skip
    assert cut("nothing asks for releases of their own; 10 references between tables would become calls", 72) == "nothing asks for releases of their own"  # fmt: skip
    assert cut("[Storage](a.md#storage) by `PostgreSQL`.") == "Storage by PostgreSQL"
