"""A document that is made to hang, fill or crash what checks it ends as findings, in time."""

from __future__ import annotations

import time

import pytest

from planning_kit import checks
from planning_kit.aside import Spent, call, hurry, patience
from planning_kit.checks import examine
from planning_kit.checks.about import About
from planning_kit.document import Document, Finding

LANGUAGES = ("sql", "json", "yaml", "toml", "python", "typescript", "bash", "mermaid", "graphql", "proto", "gherkin", "promql", "go", "")  # fmt: skip
LAUGHS = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "\n".join(
    f"{chr(98 + at)}: &{chr(98 + at)} [{','.join(['*' + chr(97 + at)] * 9)}]" for at in range(12)
)


def found(text: str, **known: object) -> tuple[Finding, ...]:
    return examine(Document("a.md", text), About(plan=False, ignores=True, **known)).findings  # type: ignore[arg-type]


def fence(lang: str, text: str) -> str:
    return f"```{lang}\n{text}\n```\n\n"


def test_once_patience_is_at_its_end_no_call_is_made_and_afterwards_they_are() -> None:
    with patience(60), patience(0), pytest.raises(Spent):
        call("planning_kit.checks.data:fault", "{}", "json")
    hurry()
    assert call("planning_kit.checks.data:fault", "{", "json")


def test_what_is_left_when_a_document_has_taken_too_long_is_named_once_and_counted_as_not_checked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(checks, "SPENT", 0.0)
    text = "# T\n\n" + fence("json", "{") * 3 + fence("sql", "SELECT 1;")
    examined = examine(Document("spent.md", text), About(plan=False))
    (finding,) = (each for each in examined.findings if each.rule == "can-be-checked")
    assert (finding.line, finding.severity) == (4, "error")
    assert "and what follows it" in finding.message
    assert [each.tool for each in examined.looked] == [""] * 4
    assert all("taken all the time" in each.why for each in examined.looked)


def test_no_check_of_a_document_needs_a_tool_to_come_to_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "SPENT", 0.0)
    api = fence("yaml", "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}")
    everything = api + fence("mermaid", "erDiagram\n  A ||--o{ B : has") + fence("sql", "CREATE TABLE a (id int);")
    asked = About(plan=True, checks=tuple(checks.NAMED), beside=(Document("b.md", everything),))
    assert examine(Document("whole.md", everything), asked).findings


def test_a_document_of_more_lines_than_anybody_writes_is_not_read_nor_compared_with() -> None:
    long = Document("long.md", "- a\n" * (checks.LONGEST + 1))
    (finding,) = examine(long, About(plan=False)).findings
    assert (finding.line, finding.rule, finding.severity) == (1, "can-be-checked", "error")
    assert found("# T\n\ntext\n", beside=(long,)) == ()
    assert "_tokens" not in long.__dict__


@pytest.mark.parametrize("sign", ["\x00", "\ud800", "\u202e", "\x0c", "\u2028", "\x85", "\r", "\ufeff"])
def test_a_strange_sign_anywhere_raises_nothing(sign: str) -> None:
    blocks = "".join(fence(lang, f"a{sign}: {sign}[\n{sign}") for lang in LANGUAGES)
    assert isinstance(
        found(f"# T{sign}\n\n[a](#{sign}b) [c][{sign}]\n\n| a{sign} |\n|---|\n| {sign} | |\n\n{blocks}"), tuple
    )


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("opens", ["[", "{", "("])
def test_brackets_without_end_are_a_finding_or_nothing_but_never_an_exception(lang: str, opens: str) -> None:
    began = time.monotonic()
    assert isinstance(found("# T\n\n" + fence(lang, f"a = {opens * 20_000}")), tuple)
    assert time.monotonic() - began < 20


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[" * 200_000, id="open brackets"),
        pytest.param("[a](" * 60_000, id="open links"),
        pytest.param("[a][b]" * 60_000, id="second links"),
        pytest.param("[^a]" * 60_000, id="notes"),
        pytest.param("![" * 100_000, id="open images"),
        pytest.param("`` ` " * 60_000, id="open spans"),
        pytest.param("<!--" * 100_000, id="open comments"),
        pytest.param("<a id " * 60_000, id="open tags"),
        pytest.param("- " * 20_000 + "a", id="lists in lists"),
        pytest.param(">" * 20_000 + " a", id="quotations in quotations"),
        pytest.param("# " + "*a" * 100_000, id="a long heading"),
        pytest.param("a" + " " * 500_000 + "b", id="a long gap"),
        pytest.param("a/" * 100_000 + ".py:1", id="a long path"),
        pytest.param("{{" * 100_000 + "<x " * 60_000, id="open placeholders"),
        pytest.param("| a |\n|---|\n" + "| b | c |\n" * 5_000, id="a ragged table"),
        pytest.param("| Limit | Value |\n|---|---|\n" + "| x | 1 s |\n| x | 2 s |\n" * 2_000, id="limits"),
        pytest.param("| Limit | Value |\n|---|---|\n| " + "[" * 100_000 + " | " + "(" * 100_000 + " |\n", id="a cell of brackets"),
        pytest.param("```\nFeature: a\n" + "\n" * 90_000 + "\n```\n", id="a feature of blank lines"),
        pytest.param("".join(f"[a](#h{at})\n" for at in range(5_000)), id="links that lead nowhere"),
        pytest.param("```json\n{\n" + "```yaml\n" * 5_000, id="blocks in an open block"),
        pytest.param("```text\nx\n```\n\n" * 10_000, id="many blocks"),
        pytest.param("- ```json\n\t{\n>\t```yaml\n>\ta: [\n>\t```\n", id="blocks in lists and quotations"),
        pytest.param("# T\r\n\r\n```json\r\n{\"a\": 1,}\r\n```\r\n| a |\r\n|---|\r\n| b | c |\r\n", id="CRLF"),
        pytest.param(fence("yaml", LAUGHS) + fence("yaml", f"on: push\njobs: 1\n{LAUGHS}"), id="laughs"),
        pytest.param(fence("yaml", "a:\n" * 20_000), id="keys without end"),
        pytest.param(fence("yaml", "services:\n" * 5_000), id="services without end"),
        pytest.param(fence("yaml", ("components:\n" + " " * 300 + "\n" * 50) * 100), id="components without end"),
        pytest.param(fence("json", (" " * 400 + "\n") * 200), id="blank lines"),
    ],
)  # fmt: skip
def test_the_checks_of_markdown_read_what_is_hostile_in_time(text: str) -> None:
    began = time.monotonic()
    assert isinstance(found(f"# T\n\n{text}\n"), tuple)
    assert time.monotonic() - began < 20


def _bomb() -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    return "\n".join(lines)


def _schema() -> str:
    properties = ",\n".join(f'"p{n}": {{"type": "strng", "description": "{"x" * 60}"}}' for n in range(20_000))
    return f'{{"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "properties": {{\n{properties}\n}}}}'


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        pytest.param("mermaid", "flowchart LR\n" + "\n".join(f"  n{n} --> n{n + 1}" for n in range(5_000)), id="a diagram of 5,000 edges"),
        pytest.param("yaml", "a: " + "[" * 200_000, id="YAML nested 200,000 deep"),
        pytest.param("yaml", _bomb(), id="a billion laughs"),
        pytest.param("json", _schema(), id="a schema of 2 MB"),
    ],
)  # fmt: skip
def test_a_hostile_artefact_ends_as_a_finding_within_its_time(lang: str, text: str) -> None:
    began = time.monotonic()
    examined = examine(Document("d.md", fence(lang, text)), About(plan=False))
    assert any(finding.severity == "error" for finding in examined.findings)
    assert time.monotonic() - began < 25
