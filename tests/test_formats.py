"""JSON, YAML, TOML, GraphQL, protobuf, Gherkin and PromQL: hints that mend, parts of files, hostile text."""

from __future__ import annotations

import time

import pytest

from planning_kit.checks import Examined, examine
from planning_kit.checks.about import About
from planning_kit.checks.data import fault
from planning_kit.document import Document


def looked(*blocks: tuple[str, str]) -> Examined:
    text = "\n".join(f"```{info}\n{block}\n```\n" for info, block in blocks)
    return examine(Document("plan.md", text), About(plan=False))


MENDED = [
    ("json", '{"a": 1,}', "leave out the comma", '{"a": 1}'),
    ("json", "{'a': 1}", "double quotes", '{"a": 1}'),
    ("json", '{"a": True}', "true", '{"a": true}'),
    ("json", '{"a": NaN}', "null", '{"a": null}'),
    ("yaml", "a: b: c", "quote the value", 'a: "b: c"'),
    ("yaml", "a: @b", "quote the value", 'a: "@b"'),
    ("yaml", "a:\n\tb: 1", "spaces", "a:\n  b: 1"),
    ("toml", "a = b", "quote the text", 'a = "b"'),
    ("toml", "a = None", "leave the key out", ""),
    ("toml", 'a = "b', "close the quotation mark", 'a = "b"'),
    ("graphql", "type A { b: [C! }", "close the list", "type A { b: [C!] }"),
    ("graphql", "type A { // x\n b: Int }", "#", "type A { # x\n b: Int }"),
    ("protobuf", "message A {\n string b;\n}", "string name = 1;", "message A {\n string b = 1;\n}"),
    ("protobuf", "enum A { B = 1; }", "UNSPECIFIED = 0", "enum A { A_UNSPECIFIED = 0; B = 1; }"),
    ("gherkin", "Feature: a\nScenario: b\nGiven c\nWen d\nThen e", "'When'", "Feature: a\nScenario: b\nGiven c\nWhen d\nThen e"),
    ("promql", "rate(a)", "[5m]", "rate(a[5m])"),
    ("promql", "sum(a) by b", "sum by (job)", "sum by (b) (a)"),
]  # fmt: skip


@pytest.mark.parametrize(("lang", "wrong", "hint", "right"), MENDED)
def test_the_hint_mends(lang: str, wrong: str, hint: str, right: str) -> None:
    (finding,) = looked((lang, wrong)).findings
    assert hint in finding.hint
    assert looked((lang, right)).findings == ()


def test_a_fault_of_a_list_is_placed_where_it_stands() -> None:
    text = "1. see\n\n   ```graphql\n   type A {\n     id ID!\n   }\n   ```\n"
    (finding,) = examine(Document("plan.md", text), About(plan=False)).findings
    assert (finding.line, finding.column) == (5, 9)


@pytest.mark.parametrize("lang", ["json", "yaml", "toml"])
def test_a_template_is_reported_as_not_checked(lang: str) -> None:
    examined = looked((lang, "a: {{ .Values.a }}\n  b {% if c %}"))
    assert examined.findings == ()
    assert [each.why for each in examined.looked] == [f"a template: it is no {lang} until it is filled in"]


def test_what_an_imported_file_defines_is_known_and_what_is_not_shown_is_a_warning() -> None:
    order = 'syntax = "proto3";\nimport "money.proto";\nmessage A { Money b = 1; }'
    money = 'syntax = "proto3";\nmessage Money { int64 c = 1; }'
    assert looked(('proto title="money.proto"', money), ("proto", order)).findings == ()
    (finding,) = looked(("proto", order)).findings
    assert (finding.severity, finding.line) == ("warning", 3)
    typo = order.replace("Money b", "Mony b")
    assert [each.line for each in looked(('proto title="money.proto"', money), ("proto", typo)).findings] == [9]


def test_an_import_that_leaves_the_folder_is_not_followed() -> None:
    for name in ("../../etc/passwd", "/etc/passwd"):
        found = looked(("proto", f'syntax = "proto3";\nimport "{name}";\nmessage A {{}}')).findings
        assert all("root:" not in str(each) for each in found)


def test_an_operation_alone_and_a_schema_in_two_blocks_are_sound() -> None:
    assert looked(("graphql", "query A($id: ID!) { b(id: $id) { c } }")).findings == ()
    assert looked(("graphql", "type Query { a: A }"), ("graphql", "type A { b: Int }")).findings == ()


HOSTILE = {
    "json": "[" * 200_000,
    "json keys": '{"a":' * 100_000,
    "yaml": "a: &a [x]\n" + "".join(f"k{n}: &k{n} [{', '.join(f'*k{m}' for m in range(n))}]\n" for n in range(40)),
    "yaml deep": "- " * 200_000,
    "yaml flow": "{a: " * 200_000,
    "toml": "a = " + "[" * 100_000,
    "graphql": "{a" * 100_000,
    "graphql list": "type Query { a: " + "[" * 100_000,
    "protobuf": "message A {" * 50_000,
    "protobuf comment": "/*" * 200_000,
    "gherkin": "Feature: a\n" + "Scenario: b\n Given c\n" * 5_000,
    "gherkin cells": "Feature: a\nScenario: b\nGiven c\n" + "|" * 50_000,
    "promql": "(" * 100_000,
    "promql lines": "a +\n" * 50_000,
    "promql dollars": "$" * 100_000 + "[" * 50_000,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_text_ends_in_time_with_a_finding(kind: str) -> None:
    began = time.monotonic()
    found = looked((kind.split()[0], HOSTILE[kind])).findings
    assert time.monotonic() - began < 20
    assert found


def test_two_megabytes_of_sound_data_are_read_in_time() -> None:
    began = time.monotonic()
    assert fault("[" + ",".join(["1"] * 150_000) + "]", "json") is None
    assert time.monotonic() - began < 10
