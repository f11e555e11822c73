"""Fenced blocks: closed, and with the language that has them coloured, drawn and checked."""

from __future__ import annotations

import json
import re
from difflib import get_close_matches

from ...document import Document
from ..about import About
from ..artefact import is_known
from ..wrong import Wrong, Wrongs
from .read import closing, opening

_MERMAID = re.compile(
    r"(?:\s*%%[^\n]*\n)*\s*(?:(?:graph|flowchart)\s+(?:TB|TD|BT|RL|LR)\b|(?:sequenceDiagram|erDiagram|classDiagram(?:-v2)?|"
    r"stateDiagram(?:-v2)?|gantt|gitGraph|C4(?:Context|Container|Component|Dynamic|Deployment))\s*(?:\n|$))"
)
_SQL = re.compile(
    r"(?is)(?:\s*--[^\n]*\n)*\s*(?:create\s+(?:or\s+replace\s+)?(?:unique\s+)?(?:table|index|view|type|extension|schema|function|trigger)\s+\S"
    r"|alter\s+table\s+\S|insert\s+into\s+\S+|drop\s+table\s+\S|select\s.{1,2000}?\sfrom\s+\S).*;\s*\Z"
)
_OPENAPI = re.compile(r"""(?:\s*#[^\n]*\n)*["']?(?:openapi|swagger)["']?\s*:\s*["']?[23]""")
_PROTO = re.compile(r"""(?:\s*//[^\n]*\n)*\s*syntax\s*=\s*["']proto[23]["']""")
_GHERKIN = re.compile(r"(?:\s*(?:#|@)[^\n]*\n)*\s*Feature:[^\n]*\n(?:[^\n]*\n)*?[ \t]*Scenario(?: Outline)?:")
_YAML_LINE = re.compile(r"""\s*(?:#|-(?:\s|$)|(?:-\s+)?["']?[A-Za-z_$/.{][\w $./{}-]*["']?:(?:\s|$))""")
_LONGEST = 100_000
_SPELT = ("mermaid", "openapi", "yaml", "json", "graphql", "protobuf", "gherkin", "promql", "python", "javascript", "typescript", "csharp", "kotlin", "bash", "mysql", "postgresql")  # fmt: skip
"""Languages whose misspelt name is told."""


def closes_its_fences(document: Document, about: About) -> Wrongs:
    """Close every fenced block with a bare line of the same marks before the next text or block begins."""
    for fence in document.fences:
        marks = opening(document, fence.line - 1)
        if not marks:
            continue
        inner = _opened_inside(fence.text, marks)
        end = fence.line + fence.text.count("\n")
        if inner is not None:
            yield Wrong(
                fence.line + inner, f"another block begins here while the one of line {fence.line - 1} is not closed",
                f"put a line {marks} before this one; if this block shows markdown, begin and end it with {marks + marks[0]}", 1,
            )  # fmt: skip
        elif not closing(document, end, marks):
            after = end - fence.line
            yield Wrong(
                fence.line - 1, f"the block that begins here is never closed: it takes the {after} lines after it with it",
                f"put a line {marks} where it ends", 1,
            )  # fmt: skip


def _opened_inside(text: str, marks: str) -> int | None:
    """The line of a block's text, from 0, that begins another block with the same marks."""
    if marks not in text:
        return None
    looks = re.compile(
        rf" {{0,3}}{re.escape(marks[0])}{{{len(marks)},}}[A-Za-z{{][\w+#.{{}}-]*[ \t]*(?:\w+=\S+)?[ \t]*"
    )
    return next((at for at, line in enumerate(text.split("\n")) if looks.fullmatch(line)), None)


def names_the_language_of_its_fences(document: Document, about: About) -> Wrongs:
    """Name the language of every fenced block."""
    for fence in document.fences:
        if not fence.info and (guessed := guessed_language(fence.text)):
            yield Wrong(
                fence.line - 1, f"this block holds {guessed} and does not say so, so nothing colours, draws or checks it",
                f"begin it with {opening(document, fence.line - 1) or '```'}{guessed}", 1, severity="warning",
            )  # fmt: skip
        elif (
            len(fence.lang) > 5
            and not is_known(fence.lang)
            and (near := get_close_matches(fence.lang, _SPELT, n=1, cutoff=0.8))
        ):
            yield Wrong(
                fence.line - 1, f"no language is called {fence.lang!r}", f"write {near[0]!r}", severity="warning"
            )


def guessed_language(text: str) -> str:
    """The language ``text`` is clearly written in: ``mermaid``, ``sql``, ``json``, ``yaml`` (OpenAPI too), ``protobuf`` or ``gherkin``; else empty."""
    if not text.strip() or len(text) > _LONGEST:
        return ""
    for language, looks in (
        ("mermaid", _MERMAID),
        ("protobuf", _PROTO),
        ("gherkin", _GHERKIN),
        ("yaml", _OPENAPI),
        ("sql", _SQL),
    ):
        if looks.match(text):
            return language
    if text.lstrip()[0] in "{[":
        return "json" if _is_json(text) else ""
    return "yaml" if _is_yaml(text) else ""


def _is_json(text: str) -> bool:
    try:
        held = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return (
        isinstance(held, dict) and bool(held) or isinstance(held, list) and any(isinstance(each, dict) for each in held)
    )


def _is_yaml(text: str) -> bool:
    """Whether every line is a key, an item or a comment, some of them one below the other; headers of HTTP are flat and stay text."""
    lines = [line for line in text.rstrip().split("\n") if line.strip()]
    if len(lines) < 3 or not all(_YAML_LINE.match(line) for line in lines):
        return False
    opens = [re.search(r":\s*(?:#.*)?$", line) is not None for line in lines]
    indents = [len(line) - len(line.lstrip()) for line in lines]
    nested = any(opens[at] and indents[at + 1] > indents[at] for at in range(len(lines) - 1))
    return nested and indents[0] == 0 and not lines[0].lstrip().startswith("-")
