"""The languages whose code can be read, by the parser each has, and how an excerpt is completed so that it can be read."""

from __future__ import annotations

import re
from dataclasses import dataclass

Frame = tuple[str, str]
"""What stands before and after an excerpt to make it a file, each on lines of its own."""


SAME_LINE = "~"
"""Begins what stands after an excerpt on its last line: there a line's end would end the statement."""


@dataclass(frozen=True)
class Language:
    """A language: the ``name`` people know, its ``grammar``, and the ``frames`` an excerpt may come from."""

    name: str
    grammar: str
    frames: tuple[Frame, ...] = ()


_CURLY: tuple[Frame, ...] = (("class X {", "}"),)
_SCRIPT: tuple[Frame, ...] = (
    *_CURLY, ("async function* x() {", "}"), ("x = ({", "});"), ("x = (", ");"), ("class X { async x() {", "} }"), ("x", ";"), ("switch (x) {", "}"),
)  # fmt: skip
_TYPED: tuple[Frame, ...] = (
    *_SCRIPT,
    ("interface X {", "}"),
    ("abstract class X {", "}"),
    ("enum X {", "}"),
    ("type X =", ";"),
)
_C: tuple[Frame, ...] = (("void x(void) {", "}"), ("struct x {", "};"), ("int x =", ";"), ("enum x {", "};"))

_ALL = {
    "javascript js mjs cjs jsx": Language("JavaScript", "javascript", _SCRIPT),
    "typescript ts tsx": Language("TypeScript", "typescript", _TYPED),
    "csharp cs c#": Language("C#", "csharp", (
        *_CURLY, ("class X { async Task X() {", "} }"), ("class X { void X() { _ = x", "; } }"), ("class X { object x =", "; }"),
        ("class X { void X() {", "; } }"), ("interface X {", "}"), ("enum X {", "}"), ("class X { void X() { switch (x) {", "} } }"),
        ("class X { object x = x switch {", "}; }"), ("class X { object x = new X {", "}; }"),
    )),
    "go golang": Language("Go", "go", (
        ("func x() {", "}"), ("type X struct {", "}"), ("type X interface {", "}"), ("x(", "~)"), ("func x() { switch x {", "} }"), ("var x = X{", "}"),
        ("const (", ")"),
    )),
    "java": Language("Java", "java", (
        *_CURLY, ("class X { void x() {", "} }"), ("interface X {", "}"), ("enum X {", "}"), ("class X { Object x =", "; }"), ("class X { void x() { x", "; } }"),
        ("class X { void x() { switch (x) {", "} } }"), ("class X { Object x = x", "; }"),
    )),
    "kotlin kt": Language("Kotlin", "kotlin", (*_CURLY, ("fun x() {", "}"), ("val x = (", ")"), ("enum class X {", "}"), ("fun x() { x", "}"), ("fun x() { x(", ") }"), ("fun x() { when (x) {", "} }"))),
    "rust rs": Language("Rust", "rust", (("fn x() {", "}"), ("impl X {", "}"), ("trait X {", "}"), ("struct X {", "}"), ("enum X {", "}"), ("fn x() { let x =", "; }"), ("fn x() { match x {", "} }"), ("fn x() { x", "}"))),
    "ruby rb": Language("Ruby", "ruby", (("class X", "end"), ("x(", ")"), ("x", ""))),
    "php": Language("PHP", "php", (("class X {", "}"), ("function x() {", "}"), ("$x =", ";"), ("$x = [", "];"), ("interface X {", "}"), ("$x", ";"))),
    "swift": Language("Swift", "swift", (*_CURLY, ("func x() {", "}"), ("let x = (", ")"), ("protocol X {", "}"), ("enum X {", "}"))),
    "scala": Language("Scala", "scala", (*_CURLY, ("object X {", "}"), ("val x = (", ")"), ("def x = x match {", "}"), ("trait X {", "}"))),
    "elixir ex": Language("Elixir", "elixir", (("x = [", "]"), ("x = %{", "}"), ("x", ""))),
    "c": Language("C", "c", _C),
    "cpp c++": Language("C++", "cpp", (*_C, ("class X {", "};"))),
    "lua": Language("Lua", "lua", (("x = {", "}"), ("x = (", ")"), ("function x()", "end"))),
    "hcl terraform tf": Language("Terraform", "hcl", (('x "x" {', "}"), ("x = (", ")"), ("x = {", "}"))),
    "css": Language("CSS", "css", (("x {", "}"), ("x,", "~{}"))),
}  # fmt: skip
LANGUAGES: dict[str, Language] = {name: language for names, language in _ALL.items() for name in names.split()}
"""Fence language → how it is read. Only these names reach the parser: one it does not know ends its process."""

PYTHON = ("python", "py", "python3")
SHELL = ("bash", "sh", "shell", "zsh")
UNREAD = {
    "html": "a browser reads any HTML, so nothing says what is wrong in it",
    "dart": "there is no parser for Dart",
}
"""Languages that are known and not checked, and why."""

_ALONE = re.compile(r"[ \t]*(?:(?://|#|--|/\*|<!--)[ \t]*)?(?:\.{3,}|…|=>)[ \t]*(?:\*/|-->)?[,;]?[ \t]*")
_WITHIN = re.compile(
    r"(?<=[({\[])[ \t]*(?:\.\.\.|…)[ \t]*(?=[)}\]])|,[ \t]*(?:\.\.\.|…)[ \t]*(?=[)}\]])|(?:/\*[ \t]*(?:\.\.\.|…)[ \t]*\*/)"
)
_MACRO = re.compile(r"[ \t]*[A-Z][A-Z0-9_]{2,}\([^;]*\)[ \t]*")
"""A macro of C on a line of its own: what it stands for may hold the semicolon."""
_BODY = re.compile(r"(?<=[{;])[ \t]*(?:\.\.\.|…)[ \t]*;?[ \t]*(?=\})")


def elided(text: str) -> str:
    """``text`` without the marks for what was left out (``...``, ``// ...``, ``{ … }``), every line at its place."""
    lines = ["" if _ALONE.fullmatch(line) else _BODY.sub(" ", _WITHIN.sub(" ", line)) for line in text.split("\n")]
    return "\n".join("" if _MACRO.fullmatch(line) else line for line in lines)
