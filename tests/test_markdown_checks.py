"""Links between the documents of a plan, what the anchors of headings are, and texts that are made to take long."""

from __future__ import annotations

import pytest

from planning_kit.checks import check
from planning_kit.checks.about import About
from planning_kit.checks.markdown import CHECKS, guessed_language, targets
from planning_kit.checks.markdown.read import anchors, prose
from planning_kit.document import Document

API = Document(
    "planning/shop/04-api-design.md",
    "# API\n\n## Errors\n\nx\n\n## Errors\n\ny\n\n## `GET` /orders/{id}: *all* [of](x) it_s\n\nz\n",
)


def links(text: str, **known: object) -> list[tuple[int, str, str]]:
    about = About(plan=False, beside=(API,), **known)  # type: ignore[arg-type]
    findings = check(Document("planning/shop/00-summary.md", text), about)
    return [
        (each.column, each.severity, f"{each.message}; {each.hint}")
        for each in findings
        if each.rule == "links-to-what-is-there"
    ]


def test_a_link_to_a_document_beside_leads_to_it_and_to_its_headings() -> None:
    assert (
        links("# A\n\n[x](04-api-design.md) [y](./04-api-design.md#errors-1) [z](../shop/04-api-design.md#api)\n") == []
    )
    ((column, severity, says),) = links("# A\n\n[x](04-api-design.md#problems)\n")
    assert (column, severity) == (1, "error") and "in planning/shop/04-api-design.md has the anchor #problems" in says


def test_a_link_to_nearly_the_name_of_a_document_beside_is_reported_without_the_list_of_files() -> None:
    ((_, severity, says),) = links("# A\n\n[x](04-api.md)\n")
    assert severity == "error" and says.endswith("link to 04-api-design.md")
    assert links("# A\n\n[x](05-data-model.md) ![y](figure.png) [z](../../README.md)\n") == []


def test_with_the_list_of_files_every_link_must_lead_to_one() -> None:
    files = frozenset({"planning/shop/05-data-model.md", "planning/shop/img/er 1.png", "README.md"})
    text = "# A\n\n[x](05-data-model.md#any) ![y](img/er%201.png) ![y](<img/er 1.png>) [z](../../README.md) [d](img/) [w](https://a.test/b.md)\n"
    assert links(text, files=files) == []
    said = links('# A\n\n[x](05-data.md) and ![y](img/er2.png "title")\n', files=files)
    assert [each[0] for each in said] == [1, 21] and "link to 05-data-model.md" in said[0][2]


def test_the_files_a_document_links_to_are_told_on_the_ground_of_its_name() -> None:
    document = Document(
        "plan/a.md", "# A\n\n[x](b.md#c) ![y](../img/d.png) [w](https://e.test) [v](#f) `[u](g.md)`\n\n[t]: h.md\n"
    )
    assert targets(document) == {"plan/b.md", "img/d.png", "plan/h.md"}


def test_headings_have_the_anchors_of_github() -> None:
    assert anchors(API) == {"api", "errors", "errors-1", "get-ordersid-all-of-it_s"}
    own = Document(
        "a.md",
        "# 1. What's new? (v2)\n\n## `__init__` & Co.\n\n## Größe <br> Ünder_score\n\n<a name='x'></a>\n\n## Y {#why}\n",
    )
    assert anchors(own) == {"1-whats-new-v2", "__init__--co", "größe--ünder_score", "x", "y", "why"}


def test_prose_keeps_every_place_and_blanks_what_is_none() -> None:
    text = "---\na: b\n---\n# T `x` y ``a`b`` z\n<!-- n\nm --> k\n\n```text\nq\n```\n\n    i\n\n- l\n\n    p\n"
    lines = prose(Document("a.md", text))
    assert [len(line) for line in lines] == [len(line) for line in text.split("\n")]
    assert " ".join(" ".join(lines).split()) == "# T y z k - l p"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("erDiagram\n  A ||--o{ B : has\n", "mermaid"), ("%% x\nflowchart LR\n A --> B\n", "mermaid"), ("graph theory is fun\n", ""),
        ("select a\nfrom b\nwhere c;\n", "sql"), ("select a seat from the list\n", ""), ("-- up\nALTER TABLE a ADD b int;\n", "sql"),
        ('[{"a": 1}]', "json"), ("[1, 2]", ""), ("{id}", ""), ("openapi: 3.1.0\ninfo: {}\n", "yaml"),
        ("Host: a\nAccept: b\nETag: c\n", ""), ("on:\n  push:\n    branches: [main]\n", "yaml"), ('syntax = "proto3";\n', "protobuf"),
        ("Feature: Orders\n  Scenario: one\n    Given x\n", "gherkin"), ("", ""), ("{" * 50_000, ""), ("Note:\n  this is prose\n", ""),
    ],
)  # fmt: skip
def test_a_language_is_guessed_only_where_it_is_clear(text: str, language: str) -> None:
    assert guessed_language(text) == language


def test_a_promised_section_that_is_empty_is_reported_once() -> None:
    findings = check(Document("a.md", "# A\n\n## B\n\n## C\n\nx\n"), About(sections=("B", "C")))
    assert [each.rule for each in findings if "empty" in each.message or "nothing under" in each.message] == [
        "has-its-sections"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "[" * 200_000, "[a](" * 80_000, "`" * 200_001, "` `` ``` " * 30_000, "|" * 200_000 + "\n" + "|-" * 100_000, "# " + "*a" * 100_000,
        "<!-- " * 60_000, "- " * 500 + "x", "{{" * 100_000, "a | b\n" * 40_000, "[a][b]" * 40_000, "(to be defined " * 20_000, "# a\n" * 4_000,
    ],
    ids=range(13),
)  # fmt: skip
def test_a_hostile_text_is_read_in_time(text: str) -> None:
    document = Document("a.md", text)
    assert [len(list(run(document, About(plan=False)))) >= 0 for run in CHECKS]
