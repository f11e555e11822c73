"""What changed between two versions, section by section: told truly, shown safely, and in time that grows with the texts."""

from __future__ import annotations

import random
import time
from html.parser import HTMLParser

import pytest

from planning_kit import alike
from planning_kit.changes import MOST_LINES, changes, dealt, shown
from planning_kit.remarks import Anchor, Remark
from planning_kit.versions import UNALIGNED

META = "| Version | Last updated | Status | Recipe | Author |\n|---|---|---|---|---|\n"
ONE = f"""# API: Notes

{META}| 1 | 2026-11-21 | draft | backend-plan | offline |

## Endpoints

| Method | Path |
|---|---|
| GET | /notes |

### Errors

All errors are problem documents, with a type and a title.

## Review

Nothing to review.

## Key decisions

Notes are read over HTTP.
"""


def words(before: str, after: str) -> list[str]:
    return [change.words for change in changes(before, after)]


def test_a_new_version_and_a_new_date_alone_are_no_change() -> None:
    again = ONE.replace("| 1 | 2026-11-21 |", "| 2 | 2026-11-23 |")
    assert again != ONE and changes(ONE, again) == ()
    assert str(shown(changes(ONE, again))) == "Nothing changed."


def test_another_author_in_the_meta_block_is_a_change() -> None:
    other = ONE.replace(
        "| 1 | 2026-11-21 | draft | backend-plan | offline |", "| 2 | 2026-11-22 | draft | backend-plan | claude |"
    )
    (change,) = changes(ONE, other)
    assert change.words == "the beginning changed (+1 −1 lines)"
    assert ("+", "| 2 | 2026-11-22 | draft | backend-plan | claude |") in change.lines


def test_empty_lines_and_white_space_at_the_end_of_lines_are_no_change() -> None:
    assert changes(ONE, ONE.replace("\n\n", "\n\n\n").replace("/notes |", "/notes |  ")) == ()


def test_a_change_names_its_section_with_the_lines_around_it() -> None:
    after = ONE.replace("| GET | /notes |", "| GET | /notes |\n| POST | /notes |")
    (change,) = changes(ONE, after)
    assert (change.section, change.kind, change.line) == ("Endpoints", "changed", 7)
    assert change.lines == ((" ", "…"), (" ", "|---|---|"), (" ", "| GET | /notes |"), ("+", "| POST | /notes |"))
    assert change.words == "section 'Endpoints' changed (+1 line)"


def test_what_is_left_out_between_two_changes_is_marked() -> None:
    before = "# T\n\n## A\n\n" + "\n".join(f"line {number}" for number in range(20))
    after = before.replace("line 3\n", "line three\n").replace("line 15\n", "line fifteen\n")
    (change,) = changes(before, after)
    assert change.lines == (
        (" ", "…"), (" ", "line 1"), (" ", "line 2"), ("-", "line 3"), ("+", "line three"), (" ", "line 4"), (" ", "line 5"),
        (" ", "…"), (" ", "line 13"), (" ", "line 14"), ("-", "line 15"), ("+", "line fifteen"), (" ", "line 16"), (" ", "line 17"),
        (" ", "…"),
    )  # fmt: skip


def test_sections_that_came_went_were_renamed_or_moved_are_told_as_such() -> None:
    assert words(ONE, ONE.replace("## Key", "## Limits\n\nTen a second.\n\n## Key")) == [
        "section 'Limits' is new (+2 lines)"
    ]
    assert words(ONE, ONE.replace("## Review\n\nNothing to review.\n\n", "")) == [
        "section 'Review' was removed (−2 lines)"
    ]
    assert words(ONE, ONE.replace("### Errors", "### Problems")) == [
        "section 'Endpoints › Problems' was renamed from 'Errors'"
    ]
    assert words(ONE, ONE.replace("### Errors", "## Errors")) == ["section 'Errors' stood under 'Endpoints'"]
    moved = ONE.replace("## Review\n\nNothing to review.\n\n", "").replace(
        "## Endpoints", "## Review\n\nNothing to review.\n\n## Endpoints"
    )
    assert words(ONE, moved) == ["section 'Review' was moved"]


def test_a_section_below_one_that_was_renamed_did_not_change() -> None:
    assert words(ONE, ONE.replace("## Endpoints", "## Operations")) == [
        "section 'Operations' was renamed from 'Endpoints'"
    ]


def test_a_renamed_section_that_also_changed_says_both() -> None:
    after = ONE.replace("### Errors", "### Problems").replace(
        "a type and a title.", "a type and a title.\nThey say what to do."
    )
    assert words(ONE, after) == ["section 'Endpoints › Problems' changed (+1 line); it was renamed from 'Errors'"]


def test_what_was_removed_stands_where_it_was() -> None:
    after = (
        ONE.replace("## Review\n\nNothing to review.\n\n", "")
        .replace("/notes", "/papers")
        .replace("read over", "sent over")
    )
    assert [change.section for change in changes(ONE, after)] == ["Endpoints", "Review", "Key decisions"]


def test_headings_within_a_fence_begin_no_section() -> None:
    before = "# T\n\n## A\n\n```sh\n# one\n```\n"
    assert words(before, before.replace("# one", "# two")) == ["section 'A' changed (+1 −1 lines)"]


def test_a_document_without_headings_or_text_is_compared_too() -> None:
    assert words("", "a\n") == ["the beginning changed (+1 line)"]
    assert words("a\nb", "a\n") == ["the beginning changed (−1 line)"]


def test_a_script_makes_the_new_of_the_old() -> None:
    chance = random.Random(6)
    for _ in range(400):
        old, new = (["abcde"[chance.randrange(5)] for _ in range(chance.randrange(14))] for _ in range(2))
        steps, fine = alike.script(old, new)
        assert fine
        assert [old[a] for sign, a, _ in steps if sign != "+"] == old
        assert [new[b] for sign, _, b in steps if sign != "-"] == new
        assert [a for sign, a, _ in steps if sign != "+"] == list(range(len(old)))


def test_a_longest_rising_run_is_found() -> None:
    assert sorted(alike.rising([3, 0, 1, 5, 2, 4])) == [1, 2, 4, 5]
    assert alike.rising([]) == frozenset()


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


def test_what_is_shown_has_a_sign_and_a_colour_and_marks_words() -> None:
    page = shown(changes(ONE, ONE.replace("read over HTTP", "read over HTTPS"))).html
    assert (
        '− <del style="text-decoration:none">Notes are read over <strong style="background:#f4b6b1">HTTP</strong>.</del>'
        in page
    )
    assert (
        '+ <ins style="text-decoration:none">Notes are read over <strong style="background:#a5dfae">HTTPS</strong>.</ins>'
        in page
    )
    assert shown(changes(ONE, ONE.replace("read over", "sent over"))).text == (
        "Section 'Key decisions' changed (+1 −1 lines):\n  - Notes are read over HTTP.\n  + Notes are sent over HTTP."
    )


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</div></ins><a href='javascript:alert(1)'>x</a>",
        "\u202ereversed\u2066", "[x](javascript:alert(1))", "![x](http://evil.example/x.png)", "\x00\x1b[31m", "<!--", "</style><svg onload=alert(1)>",
    ],
)  # fmt: skip
def test_hostile_text_is_text(hostile: str) -> None:
    for before, after in (
        (ONE, ONE.replace("Nothing", hostile)),
        (ONE, ONE.replace("### Errors", f"### Errors {hostile}")),
    ):
        drawn = shown(changes(before, after))
        page = _Page()
        page.feed(drawn.html)
        assert page.tags <= {"p", "strong", "div", "ins", "del"} and page.attributes <= {"style"}
        assert not {"\u202e", "\u2066", "\x00", "\x1b"} & set(drawn.html + drawn.text)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("".join(f"| x{n} | {n} |\n" for n in range(12_000)), "".join(f"| y{n} | {n} |\n" for n in range(12_000))),
        ("a\nb\n" * 20_000, "b\na\na\n" * 15_000),
        ("".join(f"## h{n}\na\n" for n in range(4_000)), "".join(f"## k{n}\na\n" for n in range(4_000))),
        ("x y " * 50_000, "y x z " * 40_000),
    ],
    ids=["rows", "the same two lines", "headings", "one line"],
)
def test_hostile_texts_take_no_longer_than_their_length(before: str, after: str) -> None:
    began = time.process_time()
    shown(changes(before, after))
    assert time.process_time() - began < 4


def test_what_cannot_be_compared_line_by_line_says_so_and_is_whole() -> None:
    chance = random.Random(1)
    before, after = ("".join(f"{chance.random()}\n" for _ in range(300)) for _ in range(2))
    (change,) = changes(before, after)
    assert change.counted == (300, 300) and change.note == UNALIGNED
    assert change.words == f"the beginning changed (+300 −300 lines); it {UNALIGNED}"


def test_of_very_many_changes_the_rest_is_counted() -> None:
    before, after = ("".join(f"## {n}\n{letter}\n" for n in range(1_500)) for letter in "ab")
    drawn = shown(changes(before, after))
    assert drawn.text.count("\n  ") <= MOST_LINES
    assert "Cut here: 2,500 more lines are not shown; compare the two versions in an editor" in drawn.text


def remark(section: str = "", line: int = 0, name: str = "R1") -> Remark:
    return Remark(name, "say more", Anchor("a.md", section, line), "", "ann", "2026-11-21T00:00:00Z", 3)


def answered(text: str, what: str = "Added POST /notes.") -> str:
    table = f"## Review remarks\n\n| Remark | What was done about it |\n|---|---|\n| [R1] say more | {what} |\n\n"
    return text.replace("## Key decisions", f"{table}## Key decisions")


@pytest.mark.parametrize(
    ("section", "after", "said"),
    [
        ("Endpoints", answered(ONE.replace("| GET | /notes |", "| GET | /n |\n| POST | /n |")),
         "answered: Added POST /notes; section 'Endpoints' changed (+2 −1 lines)"),
        ("Endpoints", answered(ONE.replace("with a type and a title", "with a type")),
         "answered: Added POST /notes; section 'Endpoints' changed (+1 −1 lines)"),
        ("endpoints", ONE + "x\n", "not answered; section 'endpoints' did not change, but 'Key decisions' did"),
        ("Errors", answered(ONE), "answered: Added POST /notes; section 'Errors' did not change"),
        ("Errors", ONE.replace("### Errors", "### Problems"), "not answered; section 'Errors' was renamed to 'Problems'"),
        ("Review", ONE.replace("## Review\n\nNothing to review.\n\n", ""), "not answered; section 'Review' is gone"),
        ("", answered(ONE), "answered: Added POST /notes; the document did not change"),
        ("", ONE.replace("/notes", "/n"), "not answered; the document changed (+1 −1 lines)"),
        ("API: Notes", ONE.replace("/notes", "/n"), "not answered; section 'API: Notes' changed (+1 −1 lines)"),
        ("Errors", ONE, "not written again yet"),
    ],
)  # fmt: skip
def test_what_was_done_about_a_remark_is_said_in_one_sentence(section: str, after: str, said: str) -> None:
    assert dealt(remark(section), ONE, after).words == said


def test_of_two_sections_of_one_name_the_line_tells_which_was_meant() -> None:
    before = "# T\n\n## A\n\n### Example\n\none\n\n## B\n\n### Example\n\ntwo\n"
    after = before.replace("two", "three")
    assert dealt(remark("Example", 7), before, after).changes == ()
    assert [change.section for change in dealt(remark("Example", 13), before, after).changes] == ["B › Example"]


def test_a_row_may_answer_several_remarks() -> None:
    after = answered(ONE).replace("| [R1] say more |", "| [R1], [R2] and R3: as asked |")
    assert [dealt(remark(name=name), ONE, after).answer for name in ("R1", "R2", "R3", "R4")] == [
        "Added POST /notes."
    ] * 3 + [""]
