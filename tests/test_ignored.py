"""Comments that silence a rule: for the block that follows, for a line, for a document; only where a person wrote them."""

from __future__ import annotations

import time

import pytest

from planning_kit.checks.about import About
from planning_kit.checks.ignored import sieve
from planning_kit.document import Document, Finding

PERSON = About(plan=False, ignores=True)
RULES = {"draws-its-diagrams", "parses-its-sql", "links-to-what-is-there"}


def left(text: str, *found: tuple[int, str], name: str = "a.md", about: About = PERSON) -> list[tuple[int, str]]:
    """Line and rule of what is left of ``found`` in ``text``."""
    document = Document(name, text)
    findings = [Finding(name, line, rule, "tool", "error", "wrong") for line, rule in found]
    return [(each.line, each.rule) for each in sieve(document, findings, about, RULES)]


DRAWS, SQL, LINKS = "draws-its-diagrams", "parses-its-sql", "links-to-what-is-there"
BLOCKS = {
    "a fence": "# A\n\n<!-- planning-kit: ignore draws-its-diagrams -->\n```mermaid\nx\n```\n\ntext\n",
    "a fence after an empty line": "# A\n<!-- planning-kit: ignore draws-its-diagrams -->\n\n```mermaid\nx\n```\n\ntext\n",
    "a paragraph": "# A\n\n<!-- planning-kit: ignore draws-its-diagrams -->\none\ntwo\nthree\n\ntext\n",
    "a table": "# A\n\n<!-- planning-kit: ignore draws-its-diagrams -->\n| a |\n|---|\n| b |\n\ntext\n",
    "a list item": "# A\n\n<!-- planning-kit: ignore draws-its-diagrams -->\n- one\n  two\n  three\n- next\n  text\n",
    "several comments": (
        "<!-- planning-kit: ignore draws-its-diagrams -->\n<!-- planning-kit: ignore parses-its-sql -->\n\n"
        "one\ntwo\nthree\n\ntext\n"
    ),
    "one comment with two rules": "# A\n\n<!-- planning-kit: ignore parses-its-sql, draws-its-diagrams -->\none\ntwo\n3\n\ntext\n",
}


@pytest.mark.parametrize("text", BLOCKS.values(), ids=BLOCKS)
def test_a_comment_of_its_own_silences_the_block_that_follows_and_nothing_after_it(text: str) -> None:
    both = "parses-its-sql" in text
    found = [(5, DRAWS), (8, DRAWS), (5, LINKS)] + ([(5, SQL)] if both else [])
    assert left(text, *found) == [(8, DRAWS), (5, LINKS)]


def test_a_comment_at_the_end_of_a_line_silences_that_line() -> None:
    text = "one <!-- planning-kit: ignore links-to-what-is-there -->\ntwo\n\n| a | b <!-- planning-kit: ignore parses-its-sql --> |\n"
    assert left(text, (1, LINKS), (2, LINKS), (4, SQL)) == [(2, LINKS)]


def test_a_comment_about_the_file_silences_the_whole_document() -> None:
    text = "<!-- planning-kit: ignore-file parses-its-sql -->\n\none\n\ntwo\n"
    assert left(text, (0, SQL), (3, SQL), (5, SQL), (5, LINKS)) == [(5, LINKS)]


def test_an_authors_draft_can_silence_nothing() -> None:
    text = "<!-- planning-kit: ignore-file parses-its-sql -->\n\none\n"
    assert left(text, (3, SQL), about=About()) == [(3, SQL)]
    assert left(text, (3, SQL), about=About(plan=False)) == [(3, SQL)]


@pytest.mark.parametrize(
    "text",
    [
        "```html\n<!-- planning-kit: ignore-file parses-its-sql -->\n```\n",
        "text\n\n    <!-- planning-kit: ignore-file parses-its-sql -->\n",
        "write `<!-- planning-kit: ignore parses-its-sql -->`\n",
        "it is <!-- planning-kit: ignore parses-its-sql --> in the middle\n",
        "planning-kit: ignore-file parses-its-sql\n",
    ],
)
def test_what_only_shows_a_comment_is_none(text: str) -> None:
    every = [(number, SQL) for number in range(1, text.count("\n") + 1)]
    assert left(text, *every) == every


def test_a_rule_that_does_not_exist_is_named_with_the_nearest() -> None:
    document = Document("a.md", "x\n\n<!-- planning-kit: ignore parse-its-sql -->\none\n")
    (said,) = sieve(document, [], PERSON, RULES)
    assert (said.line, said.column, said.rule, said.severity) == (3, 1, "names-rules-that-exist", "warning")
    assert said.message == "there is no rule 'parse-its-sql'"
    assert said.hint == "write parses-its-sql"


@pytest.mark.parametrize(
    ("comment", "message"),
    [("ignore", "this comment names no rule to silence"), ("ingore parses-its-sql", "a comment cannot say 'ingore'")],
)
def test_a_comment_that_says_nothing_that_can_be_done_is_named(comment: str, message: str) -> None:
    (said,) = sieve(Document("a.md", f"<!-- planning-kit: {comment} -->\n\none\n"), [], PERSON, RULES)
    assert (said.rule, said.message) == ("names-rules-that-exist", message)


def test_a_comment_that_silences_nothing_is_unused() -> None:
    text = "<!-- planning-kit: ignore parses-its-sql, draws-its-diagrams -->\none\n\n<!-- planning-kit: ignore-file links-to-what-is-there -->\n"
    assert left(text, (2, SQL)) == [(1, "unused"), (4, "unused")]
    assert left(text, (2, SQL), about=About(plan=False)) == [(2, SQL)]


FILES = {
    "a.sql": ("-- planning-kit: ignore parses-its-sql", "select 1; -- planning-kit: ignore parses-its-sql"),
    "a.yaml": ("# planning-kit: ignore parses-its-sql", "a: b # planning-kit: ignore parses-its-sql"),
    "a.mmd": ("%% planning-kit: ignore parses-its-sql", "%% planning-kit: ignore parses-its-sql"),
    "a.proto": ("/* planning-kit: ignore parses-its-sql */", "int32 a = 1; // planning-kit: ignore parses-its-sql"),
}


@pytest.mark.parametrize(("name", "own"), [(name, said[0]) for name, said in FILES.items()])
def test_in_a_file_that_is_one_artefact_its_own_comment_silences_what_follows(name: str, own: str) -> None:
    text = f"first\n{own}\none\ntwo\n\nthree\n"
    assert left(text, (1, SQL), (3, SQL), (4, SQL), (6, SQL), name=name) == [(1, SQL), (6, SQL)]
    whole = text.replace("ignore ", "ignore-file ")
    assert left(whole, (1, SQL), (6, SQL), (0, SQL), name=name) == []


@pytest.mark.parametrize(("name", "line"), [(name, said[1]) for name, said in FILES.items() if name != "a.mmd"])
def test_in_a_file_a_comment_after_something_silences_its_line(name: str, line: str) -> None:
    assert left(f"{line}\nnext\n", (1, SQL), (2, SQL), name=name) == [(2, SQL)]


def test_many_comments_end_in_time() -> None:
    text = "<!-- planning-kit: ignore parses-its-sql -->\n" * 20_000 + "x <!-- planning-kit: ignore" + " " * 100_000
    before = time.process_time()
    left(text, *((number, SQL) for number in range(1, 400)))
    assert time.process_time() - before < 5
