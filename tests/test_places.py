"""YAML and JSON are read with the place of every value, strictly and within limits."""

from __future__ import annotations

import json

import pytest

from planning_kit.checks.places import MOST_DEEP, Unreadable, read


def refused(text: str, lang: str = "yaml") -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        read(text, lang)
    return caught.value


@pytest.mark.parametrize("lang", ["json", "yaml"])
def test_every_value_has_its_place(lang: str) -> None:
    tree = read('{"a": 1,\n  "b": [true,\n    {"c": null}]}', lang)
    assert tree.value == {"a": 1, "b": [True, {"c": None}]}
    assert tree.at(("a",)) == (1, 2) and tree.at(("b",)) == (2, 3)
    assert tree.at(("b", 1)) == (3, 5) and tree.at(("b", 1, "c")) == (3, 6)
    assert tree.at(("b", 1, "c", "not", "there")) == (3, 6) and tree.at(()) == (1, 1)


def test_json_is_read_as_json_and_not_as_yaml() -> None:
    said = {"emoji": "\U0001f4dd", "slash": "/", "tab": "\t", "big": 1e300, "deep": [[[]]], "del": "\x7f"}
    text = json.dumps(said).replace("/", "\\/")
    assert read(text, "json").value == said
    assert read('{\n\t"a": 1.0, "b": -0, "c": 1E2}', "json").value == {"a": 1.0, "b": 0, "c": 100.0}


@pytest.mark.parametrize(
    ("text", "line", "column", "hint"),
    [
        ('{"a": 1,\n}', 2, 1, "leave out the comma"),
        ("[1, 2,\n]", 2, 1, "leave out the comma"),
        ("{'a': 1}", 1, 2, 'use double quotes: "'),
        ("{a: 1}", 1, 2, "put the key into double quotes"),
        ('{"a": 1 // one\n}', 1, 9, "leave out the comment: JSON has none"),
        ('{"a": ...}', 1, 7, "write it out: JSON has no '...'"),
        ('{"a": True}', 1, 7, "write true, false or null"),
        ('{"a": NaN}', 1, 7, "write a number, a string or null"),
        ('{"a": <id>}', 1, 7, 'write a value, or quote the placeholder: "<id>"'),
        ('{"a": 1\n "b": 2}', 2, 2, "add the comma before it"),
        ('{"a": 1}\n{"b": 2}', 2, 1, "write one value in a block"),
        ('{"a": 1,\n "a": 2}', 2, 2, "keep one of the two"),
    ],
)
def test_a_fault_in_json_is_placed_and_has_what_mends_it(text: str, line: int, column: int, hint: str) -> None:
    fault = refused(text, "json")
    assert (fault.line, fault.column, fault.hint) == (line, column, hint)


@pytest.mark.parametrize(
    ("text", "line", "hint"),
    [
        ("a: b: c", 1, "quote the value"),
        ("a:\n\t- b", 2, "spaces instead of tabs"),
        ("a: @b", 1, "quote the value"),
        ("a: *b", 1, "a leading * means an alias"),
        ('a: "b" c', 1, "quote a value that goes on"),
        ("a: [b,\n  c\n", 1, "close the bracket"),
        ("a: 1\n---\nb: 1\nb: 2", 4, "keep one of the two"),
        ("a: 1\nb\nc: 2", 2, "put a colon"),
        ('a: "b\n\n', 1, "quotation mark"),
        ("a: \x07", 1, "leave it out"),
    ],
)
def test_a_fault_in_yaml_is_placed_and_has_what_mends_it(text: str, line: int, hint: str) -> None:
    fault = refused(text)
    assert (fault.line, hint in fault.hint) == (line, True), fault.hint


def test_yaml_has_the_booleans_of_1_2_and_keys_that_are_strings() -> None:
    tree = read("on: yes\n200: x\n'404': y\ntrue: no\nday: 2026-11-21\nn: 0x1F\nm: &m {a: 1}\nk: {<<: *m, b: 2}")
    assert tree.value == {
        "on": "yes", "200": "x", "404": "y", "true": "no", "day": "2026-11-21", "n": 31, "m": {"a": 1}, "k": {"a": 1, "b": 2},
    }  # fmt: skip
    assert tree.bare == {("200",), ("true",)}
    assert tree.at(("k", "a")) == (8, 1)


@pytest.mark.parametrize("lang", ["json", "yaml"])
@pytest.mark.parametrize("deep", [MOST_DEEP + 10, 3_000, 50_000])
def test_what_is_nested_too_deep_is_refused(lang: str, deep: int) -> None:
    assert "deep" in refused("[" * deep + "]" * deep, lang).message


def test_a_few_lines_that_stand_for_gigabytes_are_refused() -> None:
    bomb = "\n".join(["a0: &a0 [x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30))])
    assert "stands for more than 200,000 values" in refused(bomb).message
    assert "deep" in refused("a: &a [*a]").message


def test_no_text_is_nothing_in_yaml_and_a_fault_in_json() -> None:
    assert read("").value is None and read("# nothing\n").value is None
    assert refused("", "json").line == 1
