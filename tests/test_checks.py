"""Every check finds what it is for, and says it to the author on the right line."""

from __future__ import annotations

import pytest

from planning_kit import checks
from planning_kit.catalog import Catalog
from planning_kit.checks.about import About
from planning_kit.document import Document
from planning_kit.errors import CatalogRefused

from .authors import OPENAPI, PARTS

META = "| Version | Last updated | Status | Recipe | Author |\n|---|---|---|---|---|\n| 1 | 2026-11-21 | draft | backend-plan | offline |"
END = "## Key decisions\n\nOne thing was decided."

RECOMMENDED = """## Recommendations

### Serving

| Component | Technology | Source |
|---|---|---|
| database | PostgreSQL | [P1] |
| framework | FastAPI | `app/main.py:3` |
| cache | Redis | not verified |
| server | uvicorn | [S1] |

## Notes

| Component | Source |
|---|---|
| not asked | no source |"""
FINDINGS = """## Findings

| Topic | Finding | Source |
|---|---|---|
| licence | MIT | [S1, P1] |
| limits | none known | not verified |

- it is maintained,
  says its author [P1] and [S2]

## Notes

- nothing"""


def found(
    body: str,
    *named: str,
    sections: tuple[str, ...] = (),
    passages: tuple[str, ...] = ("P1",),
    head: str = f"# T\n\n{META}",
    sources: tuple[str, ...] = ("S1", "S2"),
) -> list[tuple[int, str, str]]:
    text = f"{head}\n\n{body}\n\n{END}\n" if "## Key decisions" not in body else f"{head}\n\n{body}\n"
    about = About(sections, named, frozenset(passages), sources=frozenset(sources))
    return [(f.line, f.rule, f.message) for f in checks.check(Document("x.md", text), about)]


def test_a_sound_document_has_no_findings() -> None:
    assert found("## Notes\n\nAs said [P1].", sections=("Notes", "Key decisions")) == []


@pytest.mark.parametrize(
    ("body", "line", "rule"),
    [
        ("## Notes\n\nAs said [P9].", 9, "cites-passages-that-exist"),
        ("## Notes\n\nx\n\n```mermaid\nerDiagram\n  A ||--o{ B\n```", 13, "draws-its-diagrams"),
        ("```sql\nCREATE TABLE a (\n  id int,,\n  b int\n);\n```", 9, "parses-its-sql"),
        ('```json\n{\n  "a": 1,\n}\n```', 10, "parses-its-data"),
        ("```yaml\na: 1\n b: 2\n```", 9, "parses-its-data"),
    ],
)
def test_a_fault_is_found_on_its_line_in_the_document(body: str, line: int, rule: str) -> None:
    assert [(at, name) for at, name, _ in found(body)] == [(line, rule)]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            ('info: {title: Notes, version: "1"}', "info: {title: Notes}"),
            "info lacks 'version'",
        ),
        (
            ("{description: the notes}", "{$ref: '#/components/responses/Gone'}"),
            "$ref '#/components/responses/Gone' leads nowhere",
        ),
        (
            ('responses: {"200": {description: the notes}}', 'responses: {"200": {}}'),
            "GET /notes, response 200 lacks 'description'",
        ),
    ],
)
def test_an_openapi_fault_is_found(change: tuple[str, str], says: str) -> None:
    assert any(says in message for _, _, message in found(OPENAPI.replace(*change)))


def test_yaml_that_multiplies_itself_is_refused_and_not_expanded() -> None:
    bomb = "\n".join(
        ["openapi: 3.1.0", "a0: &a0 [x, x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 20))]
    )
    assert [rule for _, rule, _ in found(f"```yaml\n{bomb}\n```")] == ["parses-its-openapi"]


@pytest.mark.parametrize(
    ("name", "part", "broken"),
    [
        ("endpoint-table", PARTS["Endpoints"], ("Purpose", "Why")),
        ("openapi", OPENAPI, ("openapi:", "swagger:")),
        ("openapi", PARTS["Endpoints"] + "\n\n" + OPENAPI, ("| GET | /notes", "| GET | /others")),
        ("er-diagram", PARTS["ER diagram"], ("erDiagram\n  NOTE {\n    uuid id PK\n  }", "flowchart TD\n  A --> B")),
        ("ddl", PARTS["DDL"], ("(id uuid PRIMARY KEY)", "(id uuid REFERENCES missing (id))")),
        ("stride-table", PARTS["Threat model"], ("Information disclosure", "Badness")),
        ("role-matrix", "## Authorization\n\n" + PARTS["Authorization"], ("## Authorization", "## Access")),
        ("sources", "## Sources\n\n" + PARTS["Sources"], ("2026-11-21", "today")),
        ("recommendations-sourced", RECOMMENDED, ("| [P1] |", "| (assumed) |")),
        ("recommendations-sourced", RECOMMENDED, ("app/main.py:3", "app/main.py")),
        ("recommendations-sourced", RECOMMENDED, ("not verified", "well known")),
        ("recommendations-sourced", RECOMMENDED, ("[S1]", "[S1](https://e.org)")),
        ("recommendations-sourced", RECOMMENDED, ("Source", "Origin")),
        ("recommendations-sourced", "## Recommendations\n\nNone: nothing is run.", ("None", "Some")),
        ("says-what-was-not-looked-up", FINDINGS, ("| [S1, P1] |", "| well known |")),
        ("says-what-was-not-looked-up", FINDINGS, ("not verified", "sure")),
        ("says-what-was-not-looked-up", FINDINGS, ("[P1] and [S2]", "and more")),
        ("says-what-was-not-looked-up", "## Findings\n\nResearch was not\ndone.", ("not\ndone", "easy")),
        ("personal-data-table", "## Personal data\n\n" + PARTS["Personal data"], ("no personal data", "nothing")),
        ("not-legal-advice", PARTS["Personal data"], ("not legal advice", "fine")),
        (
            "implementation-order",
            "## Implementation Order\n\n" + PARTS["Implementation Order"],
            ("3. Service layer\n", ""),
        ),
    ],
)
def test_a_promise_is_checked_both_ways(name: str, part: str, broken: tuple[str, str]) -> None:
    assert broken[0] in part
    assert found(part, name) == []
    assert [rule for _, rule, _ in found(part.replace(*broken), name)] != []


def test_the_shape_is_checked() -> None:
    rules = {rule for _, rule, _ in found("## B\n\nx\n\n## A\n\n", sections=("A", "B", "C"), head="no title")}
    assert rules == {"begins-with-its-meta-block", "has-its-sections"}
    said = [message for _, _, message in found("## B\n\nx\n\n## A\n\n### deeper\n", sections=("A", "B", "C"))]
    assert said[0] == "the section 'C' is missing"
    assert "out of order" in said[1]


@pytest.mark.parametrize(
    ("said", "good"), [("One. Two.", True), ("One.", True), ("One. Two. Three.", False), ("", False)]
)
def test_key_decisions_are_one_or_two_sentences(said: str, good: bool) -> None:
    assert ("ends-with-key-decisions" not in {rule for _, rule, _ in found(f"## Key decisions\n\n{said}")}) == good


def test_every_author_is_told_beforehand_what_will_be_checked() -> None:
    for consultant in Catalog.read().consultants.values():
        told = checks.promised(About(consultant.sections, consultant.checks))
        assert len(told) >= len(checks.PLAN) + len(checks.ALWAYS) + len(consultant.checks)
        assert all(sentence.endswith(".") or sentence.endswith("]") for sentence in told)


def test_an_unknown_check_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(
        CatalogRefused, match=r"consultants/x.md:7: checks: no such check: 'openapy'; did you mean 'openapi'\?"
    ):
        checks.refuse_unknown("consultants/x.md:7", ("openapy",))


def test_a_key_may_refer_to_a_table_that_the_codebase_has_already() -> None:
    document = Document("d.md", "```sql\nCREATE TABLE notes (id uuid REFERENCES owners (id));\n```\n")
    rule = "creates-what-its-sql-refers-to"
    assert [f.rule for f in checks.check(document, About(checks=("ddl",))) if f.rule == rule] == [rule]
    assert not [
        f for f in checks.check(document, About(checks=("ddl",), tables=frozenset({"owners"}))) if f.rule == rule
    ]


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("Said [S1].", []),
        ("Said [S9], [P1; S8].", [(7, "[S9]"), (7, "[S8]")]),
        ("In a bucket `[S9]` and a link [S9](https://e.org).", []),
        ("```mermaid\nflowchart TD\n  A[S9] --> B\n```", []),
        ("```text\nx\n```\n[S9]", [(10, "[S9]")]),
    ],
)
def test_a_source_that_was_never_looked_up_is_found(body: str, lines: list[tuple[int, str]]) -> None:
    said = [(line, message.split(" is not")[0]) for line, rule, message in found(body) if rule.startswith("cites-sour")]
    assert said == lines


def test_a_document_of_no_run_may_cite_what_it_likes() -> None:
    assert found("Said [S9] and [P9].", passages=()) == []


def test_a_recommendation_without_a_source_is_found_on_its_row() -> None:
    (fault,) = found(RECOMMENDED.replace("not verified", "well known"), "recommendations-sourced")
    assert fault[0] == 15 and fault[2].startswith("'cache' has no source")


def test_a_passage_beside_a_source_is_checked_too() -> None:
    assert [rule for _, rule, _ in found("Said [P9, S1].")] == ["cites-passages-that-exist"]
