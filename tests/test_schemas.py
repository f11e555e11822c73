"""JSON Schema: whether a value fits is said in sentences, and what a schema cannot say is found beside it."""

from __future__ import annotations

import json
from typing import Any

import jsonschema_rs
import pytest

from planning_kit.checks import examine
from planning_kit.checks.about import About
from planning_kit.checks.fits import close, misfits, no_pattern
from planning_kit.checks.vocabulary import misspelt
from planning_kit.document import Document, Finding

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def findings(schema: Any, after: str = "") -> tuple[Finding, ...]:
    text = f"```json\n{json.dumps(schema)}\n```\n{after}"
    return examine(Document("d.md", text), About(plan=False)).findings


def said(schema: Any, value: Any) -> list[str]:
    return [each.message for each in misfits(jsonschema_rs.Draft202012Validator(schema, validate_formats=True), value)]


@pytest.mark.parametrize(
    ("schema", "value", "message"),
    [
        ({"type": "integer"}, "1", 'is "1", not an integer'),
        ({"type": ["string", "null"]}, 1, "is 1, not a null or string"),
        ({"required": ["a"]}, {}, "lacks 'a'"),
        ({"properties": {"b": True}, "additionalProperties": False}, {"a": 1}, "has 'a', which is not defined"),
        ({"enum": ["open", "paid"]}, "opened", 'is "opened", not one of "open", "paid"'),
        ({"const": 1}, 2, "is 2, not 1"),
        ({"minimum": 3}, 2, "is 2, less than 3"),
        ({"exclusiveMaximum": 3}, 3, "is 3, not less than 3"),
        ({"maxLength": 2}, "abc", 'is "abc", longer than 2 characters'),
        ({"minItems": 1}, [], "has fewer than 1 items"),
        ({"pattern": "^a"}, "b", 'is "b", which does not match the pattern ^a'),
        ({"format": "date"}, "2026-02-30", 'is "2026-02-30", which is not a date'),
        ({"uniqueItems": True}, [1, 1], "has an item twice"),
        ({"multipleOf": 2}, 3, "is 3, not a multiple of 2"),
        ({"not": {"type": "string"}}, "a", 'is "a", which its schema rules out'),
        ({"oneOf": [{"type": "integer"}, {"minimum": 2}]}, 3, "(3) fits more than one choice of its oneOf"),
        ({"contains": {"type": "string"}}, [1], "([1]) does not fit the keyword 'contains'"),
        (False, 1, "must not be there"),
    ],
)
def test_what_does_not_fit_is_said_in_a_sentence(schema: Any, value: Any, message: str) -> None:
    assert said(schema, value) == [message]


def test_of_a_choice_the_branch_that_was_meant_is_told() -> None:
    card = {"type": "object", "required": ["kind", "number"], "properties": {"kind": {"const": "card"}}}
    bank = {"type": "object", "required": ["kind", "iban"], "properties": {"kind": {"const": "bank"}}}
    assert said({"oneOf": [card, bank]}, {"kind": "bank"}) == ["lacks 'iban'"]
    assert said({"anyOf": [card, {"type": "null"}]}, {"kind": "card"}) == ["lacks 'number'"]
    assert said({"anyOf": [{"type": "string"}, {"type": "null"}]}, 1) == ["(1) fits none of the choices of its anyOf"]


@pytest.mark.parametrize("pattern", [r"^[\w-.]+$", "^{.*}$", r"(?<y>a)\k<y>", "[^]", "^.{1,100000}$", r"^\p{L}+\/$"])
def test_what_ecma_takes_is_a_pattern(pattern: str) -> None:
    assert no_pattern(pattern) == ""


@pytest.mark.parametrize("pattern", ["([", "a{2,1}", "*a", r"\Aa", r"a\Z", "(?P<n>a)", "(?i)a", "(" * 3000])
def test_what_ecma_does_not_take_is_none(pattern: str) -> None:
    assert no_pattern(pattern) != ""


@pytest.mark.parametrize(
    ("word", "meant"),
    [("propertys", "properties"), ("requird", "required"), ("min_length", "minLength"), ("maxLenght", "maxLength"),
     ("additional_properties", "additionalProperties"), ("ref", "$ref"), ("any_of", "anyOf"), ("enums", "enum")],
)  # fmt: skip
def test_a_misspelt_keyword_is_told_with_what_was_meant(word: str, meant: str) -> None:
    ((key, _, hint),) = misspelt({"type": "object", word: 1})
    assert (key, hint) == (word, f"write {meant!r}")


@pytest.mark.parametrize(
    "word", ["x-order", "_enum", "unit", "min", "name", "order", "$data", "errorMessage", "values", "tags"]
)
def test_a_word_of_somebody_else_is_none_of_ours(word: str) -> None:
    assert list(misspelt({"type": "object", word: 1})) == []


def test_nothing_is_compared_with_thousands_of_names() -> None:
    assert close("abd", ["abc"]) == "abc" and close("zzz", ["abc"]) == ""
    assert close("abd", [f"abc{n}" for n in range(5000)]) == ""


def test_a_reference_out_of_the_schema_is_told_and_never_followed() -> None:
    schema = {
        "$schema": DRAFT,
        "properties": {"a": {"$ref": "http://127.0.0.1:9/x.json#/y"}, "b": {"$ref": "file:///etc/passwd"}},
    }
    assert [each.severity for each in findings({**schema, "default": {"b": 1}})] == ["warning", "warning"]


@pytest.mark.parametrize(
    ("between", "example", "severities"),
    [
        ("Such as:", {"a": "x", "b": 1}, ["error"]),
        ("This one is invalid:", {"a": "x", "b": 1}, []),
        ("## Another", {"a": "x", "b": 1}, []),
        ("Such as:", {"a": 1, "b": 1}, []),
        ("Such as:", {"a": "x", "b": 1, "c": 2}, ["warning"]),
        ("Such as:", {"a": "x", "c": 1, "d": 2, "e": 3}, []),
        ("Such as:", ["x"], []),
    ],
)
def test_an_example_beside_a_schema_has_to_fit_it(between: str, example: Any, severities: list[str]) -> None:
    schema = {"$schema": DRAFT, "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}}
    after = f"\n{between}\n\n```json\n{json.dumps(example)}\n```\n"
    assert [each.severity for each in findings(schema, after)] == severities


@pytest.mark.parametrize(
    "schema",
    [
        {"properties": {"a": {"pattern": "^(a+)+$", "default": "a" * 5000 + "!"}}},
        {"properties": {"a": {"pattern": "^(?=a)(a+)+\\1$", "default": "a" * 5000 + "!"}}},
        {"$defs": {f"d{n}": {"$ref": f"#/$defs/e{n}"} for n in range(1500)}},
        {f"propertis{n}": 1 for n in range(3000)},
        {"oneOf": [{"$ref": "#"}, {"$ref": "#"}], "default": 1},
    ],
)
def test_what_is_hostile_ends_in_time(schema: Any) -> None:
    assert {each.rule for each in findings({"$schema": DRAFT, **schema})} <= {
        "validates-its-schema", "fits-its-schema", "spells-its-schema",
    }  # fmt: skip


def test_a_draft_older_than_the_tool_is_said_not_to_be_checked() -> None:
    (finding,) = findings({"$schema": "http://json-schema.org/draft-03/schema#", "required": True})
    assert finding.severity == "warning" and "was not checked" in finding.message
