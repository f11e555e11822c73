"""Code read by tree-sitter's grammars, in the process aside: the first place that cannot be read, and which bracket is to blame."""

from __future__ import annotations

import re
from typing import Any

from .languages import LANGUAGES, SAME_LINE, Language, elided

Fault = tuple[int, int, str, str]
"""Line and column from 1, what is wrong, what mends it."""
_PAIRS = {")": "(", "]": "[", "}": "{"}
_CLOSES = {left: right for right, left in _PAIRS.items()}
_PHP = "<?php "
_DEEPEST = 1_000
"""How deep brackets may be nested: far beyond any program, and before the parser slows down."""
_QUOTES = "“”‘’"
_CURLY = re.compile(f"[{_QUOTES}]")
_SEMICOLONS = ("csharp", "java", "php", "c", "cpp", "rust")
_ONE_LINE = ("csharp", "java", "go", "javascript", "typescript", "tsx", "c", "cpp", "kotlin", "swift", "hcl")
_OPEN_END = re.compile(r"[\w)\]\"']\s*$")
_GO_HEAD = re.compile(r"\s*(?:func|if|for|switch|select|else)\b[^{}]*[\w)\]]\s*")
_CLOSE = 6
"""A fault of fewer lines is named at its first one, a longer one where the innermost is."""
_LONGEST_FRAMED = 20_000
"""The longest text, in characters, that is tried as an excerpt of something; a longer one is no excerpt."""


def fault(text: str, lang: str, whole: str) -> Fault | None:
    """Why ``text`` cannot be read; nothing when it can.

    Args:
        text: the code.
        lang: a name of :data:`LANGUAGES`.
        whole: ``yes`` when it says it is a file; else it may be an excerpt of one, with parts left out.
    """
    language = LANGUAGES[lang]
    first = _of(text, language)
    if first is None or whole:
        return first
    tried = elided(text)
    if tried != text and (first := _of(tried, language)) is None:
        return None
    if len(text) <= _LONGEST_FRAMED:
        for before, after in language.frames:
            inside = (
                f"{before}\n{tried.rstrip()}{after[1:]}\n"
                if after.startswith(SAME_LINE)
                else f"{before}\n{tried}\n{after}\n"
            )
            if not first_fault(f"{_PHP}{inside}" if language.grammar == "php" else inside, language.grammar):
                return None
    return first


def _of(text: str, language: Language) -> Fault | None:
    """The fault of ``text`` as a file; TypeScript is also tried with the elements of React in it."""
    if language.grammar == "php" and "<?" not in text:
        found = first_fault(f"{_PHP}{text}", "php")
        return (found[0], max(1, found[1] - len(_PHP)), *found[2:]) if found and found[0] == 1 else found
    found = first_fault(text, language.grammar)
    if found and language.grammar == "typescript" and "<" in text and not first_fault(text, "tsx"):
        return None
    return found


def first_fault(text: str, grammar: str) -> Fault | None:
    """The first place of ``text`` that ``grammar`` cannot read; nothing when there is none.

    Raises:
        ValueError: brackets are nested deeper than anybody writes.
    """
    root = parsed(text, grammar)
    wrong: list[Any] = []
    brackets: list[tuple[str, int, int]] = []
    waiting = [root]
    while waiting:
        node = waiting.pop()
        children = node.children()
        if node.kind() == "ERROR" or (not children and "identifier" in node.kind() and _CURLY.search(node.text())):
            wrong.append(node)
        waiting.extend(reversed(children))
        if children or node.is_named():
            continue
        kind, place = node.kind(), node.range()
        if place.start.index == place.end.index:
            if kind.strip() and kind not in ("automatic_semicolon", "end"):
                wrong.append(node)
        elif kind in _PAIRS or (kind[-1:] in _CLOSES and kind not in ("((", "[[")):
            brackets.append((kind[-1], place.start.line, place.start.column))
    lines = text.split("\n")
    if not wrong:
        return _brace_below(lines) if grammar == "go" else None
    blamed = _curly_quote(wrong, lines) or _quotation(wrong, lines, grammar)
    if grammar != "bash":  # its case patterns have one without the other
        blamed = blamed or _bracket(brackets, lines)
    return blamed or _nearest(wrong, lines, grammar)


def parsed(text: str, grammar: str) -> Any:
    """The root of the tree of ``text``.

    Raises:
        ValueError: brackets are nested deeper than anybody writes.
    """
    from ast_grep_py import SgRoot

    depth = 0
    for found in re.finditer(r"[(\[{]+|[)\]}]+", text):
        size = found.end() - found.start()
        depth = depth + size if found.group()[0] in _CLOSES else max(0, depth - size)
        if depth > _DEEPEST:
            raise ValueError("its brackets are nested too deep")
    return SgRoot(text, grammar).root()


def _brace_below(lines: list[str]) -> Fault | None:
    """A brace on a line of its own, before which Go ends the statement (Go specification, Semicolons)."""
    for at in range(len(lines) - 1):
        if lines[at + 1].strip() == "{" and _GO_HEAD.fullmatch(lines[at]):
            return (
                at + 1,
                len(lines[at].rstrip()) + 1,
                "the brace of this line stands on the next one",
                "write { at its end",
            )
    return None


def _curly_quote(wrong: list[Any], lines: list[str]) -> Fault | None:
    for node in wrong:
        place = node.range()
        for at in range(place.start.line, min(place.end.line + 1, len(lines))):
            for quote in _QUOTES:
                if quote in lines[at]:
                    return (
                        at + 1,
                        lines[at].index(quote) + 1,
                        f"{quote} is no quotation mark in code",
                        "write straight quotes",
                    )
    return None


def _quotation(wrong: list[Any], lines: list[str], grammar: str) -> Fault | None:
    """A string that has no end on its line, where strings have one."""
    if grammar not in _ONE_LINE:
        return None
    for node in wrong:
        place = node.range()
        for at in range(place.start.line, min(place.end.line + 1, len(lines))):
            plain = re.sub(r"\\.|'\"'|//.*", "", lines[at])
            if plain.count('"') % 2 and '"""' not in plain and "`" not in plain:
                return at + 1, lines[at].rindex('"') + 1, "this quotation is never closed", 'close it with "'
    return None


def _bracket(brackets: list[tuple[str, int, int]], lines: list[str]) -> Fault | None:
    """The bracket without its other one: by indentation, where a later one was taken for it."""
    open_: list[tuple[str, int, int]] = []
    doubtful: tuple[str, int, int] | None = None
    for kind, line, column in brackets:
        if kind not in _PAIRS:
            open_.append((kind, line, column))
            continue
        if _PAIRS[kind] not in (each[0] for each in open_):
            return line + 1, column + 1, f"this {kind} closes nothing", "take it out, or open it"
        opened = open_.pop()
        if opened[0] != _PAIRS[kind]:
            return _unclosed(opened)
        first = not lines[line][:column].strip()
        if doubtful is None and first and opened[1] != line and _indent(lines[line]) < _indent(lines[opened[1]]):
            doubtful = opened
    return _unclosed(doubtful or open_[-1]) if open_ else None


def _unclosed(opened: tuple[str, int, int]) -> Fault:
    closes = _CLOSES[opened[0]]
    return opened[1] + 1, opened[2] + 1, f"this {opened[0]} is never closed", f"close it with {closes}"


def _nearest(wrong: list[Any], lines: list[str], grammar: str) -> Fault:
    """The innermost fault of the first place that cannot be read."""
    outer = min(wrong, key=lambda node: (node.range().start.index, -node.range().end.index))
    last = outer.range().end.index
    begins, ends = outer.range().start.line, outer.range().end.line
    first = (
        outer
        if begins and ends - begins < _CLOSE
        else min((node for node in wrong if node.range().start.index <= last), key=_size)
    )
    place = first.range()
    line, column = place.start.line, place.start.column
    if place.start.index == place.end.index:
        opened = first.parent().range().start if grammar == "bash" and first.parent() else None
        if opened and opened.line < line:
            what = " ".join(lines[opened.line][opened.column :].split())[:40]
            return opened.line + 1, opened.column + 1, f"{what!r} is never closed", f"end it with {first.kind()}"
        return line + 1, column + 1, f"{first.kind()!r} is missing here", f"write {first.kind()}"
    above = next((at for at in range(line - 1, -1, -1) if lines[at].strip()), -1) if line < len(lines) else -1
    if grammar in _SEMICOLONS and above >= 0 and not lines[line][:column].strip() and _OPEN_END.search(lines[above]):
        return above + 1, len(lines[above].rstrip()) + 1, "this line lacks its semicolon", "end it with ;"
    said = " ".join(lines[line][column : column + 40].split()) if line < len(lines) else ""
    if not said:
        return line + 1, max(1, column), "something is missing at the end of this line", ""
    return line + 1, column + 1, f"{said!r} cannot stand here", ""


def _size(node: Any) -> tuple[int, int]:
    place = node.range()
    return place.end.index - place.start.index, place.start.index


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
