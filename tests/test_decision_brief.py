"""The decision brief: one page, decisions with what was rejected, and what the offline author makes of the documents."""

from __future__ import annotations

from planning_kit.checks.about import About
from planning_kit.checks.planned.decided import LINES, WORDS, fits_on_one_page, names_five_decisions
from planning_kit.document import Document
from planning_kit.offline.writing.implementation.decision import cut

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


def test_a_link_to_a_document_that_is_not_known_is_a_doubt() -> None:
    assert decided("| SQL | files | safe | [there](other.md) |") == [
        ("warning", "other.md is none of the documents that the brief rests on")
    ]


def test_five_decisions_are_enough_and_none_is_too_few() -> None:
    row = "| SQL {} | files | safe | [there](integration-architecture.md) |"
    assert decided(*(row.format(at) for at in range(5))) == []
    assert decided(*(row.format(at) for at in range(6))) == [("error", "6 decisions are named")]
    assert decided() == [("error", "no decision is named")]


def test_a_cell_is_cut_where_what_was_said_is_a_whole() -> None:
    assert cut("the brief names it [P24] [P3]; 10 references (assumed) between tables the database itself can hold", 60) == "the brief names it"  # fmt: skip
    assert cut("nothing asks for releases of their own; 10 references between tables would become calls", 72) == "nothing asks for releases of their own"  # fmt: skip
    assert cut("[Storage](a.md#storage) by `PostgreSQL`.") == "Storage by PostgreSQL"
