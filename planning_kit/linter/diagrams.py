"""What language models get wrong in Mermaid and a program can mend: labels without quotes, ``;``, ``end``, a stray fence.

A mend takes the text of a diagram and gives as many lines; :data:`GONE` stands for a line that is taken out. Whether it
helped is for Mermaid to say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

GONE = "\0"
"""Stands for a line that is taken out; no text that is checked holds it."""
_LONGEST = 500
"""Longer lines are left alone, in characters."""
_LARGEST = 20_000
"""Longer diagrams are left alone, in characters."""

_SHAPES = (
    ("(((", ")))"), ("((", "))"), ("([", "])"), ("[[", "]]"), ("[(", ")]"), ("{{", "}}"), ("[/", "/]"), ("[/", "\\]"),
    ("[\\", "\\]"), ("[\\", "/]"), ("[", "]"), ("(", ")"), ("{", "}"),
)  # fmt: skip
"""What encloses the label of a node, the longer ones first (mermaid.js.org/syntax/flowchart, node shapes)."""
_NAME = re.compile(r"[A-Za-z0-9_](?:[\w.-]*\w)?(?=[\[({])")
_AFTER = re.compile(r"\s*(?:$|;|&|:::|@\{|%%|<?(?:--|==|-\.|~~~)|[ox]--)")
"""What may follow a node: nothing, another, a class, or a link."""
_NEEDS_QUOTES = re.compile(r"[()\[\]{}|\"@;]|^[/\\]|[/\\]$")
_LINK_TEXT = re.compile(r"(--|==|-\.)([ \t]+)([^\s\"|<>=-][^\"|<>=]*?)([ \t]+)(-->|---|==>|===|\.->|-\.->|\.-)")
_SUBGRAPH = re.compile(r"(\s*subgraph[ \t]+)(\S.*?)[ \t]*$")
_TITLED = re.compile(r"([\w-]+)[ \t]*\[([^\"].*)\]$")
_PASSED = re.compile(
    r"\s*(?:%%|style\b|classDef\b|class\b|linkStyle\b|click\b|direction\b|end\s*;?\s*$|accTitle|accDescr)"
)
_END = re.compile(r"(?<![\w\"'|.-])end(?=\s*(?:$|;|&|:::|[\[({]|<?(?:--|==|-\.)|[ox]--))")
_COVERED = re.compile(r"\"[^\"]*\"|\|[^|]*\||\[[^\]]*\]|\([^)]*\)|\{[^}]*\}")
_TAKEN = re.compile(r"(?m)\bEnd\b|^\s*(?:style|class|click|linkStyle)\s+(?:[^\n]*,)?end\b")
"""What keeps a node ``end`` from being called ``End``: another one is, or a line about its looks names it."""
_SAYS = re.compile(
    r"(\s*(?:[Nn]ote[ \t][^:]*|[^:;%]*?(?:<<)?-{1,2}(?:>>|>|x|\))[^:;]*):|\s*(?:loop|alt|else|opt|par|and|critical|option|break)[ \t])(.*)$"
)
_MESSAGE = re.compile(r"[^:;]*-{1,2}(?:>>|>|x|\))[^:;]*:")


@dataclass(frozen=True)
class Mend:
    """One way to mend a diagram: ``what`` it does in a few words, and the function that does it."""

    what: str
    mend: Callable[[str], str]


def quoted(text: str) -> str:
    """A flowchart whose labels are in quotes where they hold signs that mean something to Mermaid."""
    return _flowchart(text, _quoted)


def renamed(text: str) -> str:
    """A flowchart without a node called ``end``, the word that closes a subgraph."""
    return text if _TAKEN.search(text) else _flowchart(text, _named)


def escaped(text: str) -> str:
    """A sequence diagram whose messages hold no bare ``;``, which would end the line."""
    if len(text) > _LARGEST or not re.match(r"sequenceDiagram\b", _first(text)):
        return text
    return "\n".join(_escaped(line) if len(line) <= _LONGEST else line for line in text.split("\n"))


def unfenced(text: str) -> str:
    """A diagram without lines that are marks of a fence."""
    fence = re.compile(r"\s*(?:`{3,}|~{3,})\s*(?:mermaid)?\s*$")
    return "\n".join(GONE if fence.match(line) else line for line in text.split("\n"))


MENDS = (
    Mend("a stray fence is taken out of a diagram", unfenced),
    Mend("labels of a diagram are in quotes", quoted),
    Mend("';' in a message is written #59;", escaped),
    Mend("a node called 'end' is called 'End'", renamed),
)
"""Every mend, in the order they are made together."""


def _flowchart(text: str, mend: Callable[[str], str]) -> str:
    if len(text) > _LARGEST or not re.match(r"(?:flowchart|graph)\b", _first(text)):
        return text
    return "\n".join(line if _PASSED.match(line) or len(line) > _LONGEST else mend(line) for line in text.split("\n"))


def _first(text: str) -> str:
    """The line that says what kind of diagram it is, after front matter, comments and stray fences."""
    lines = iter(text.split("\n"))
    for line in lines:
        said = line.strip()
        if said == "---":
            next((each for each in lines if each.strip() == "---"), None)
        elif said and not said.startswith(("%%", "```", "~~~", GONE)):
            return said
    return ""


def _quoted(line: str) -> str:
    if title := _SUBGRAPH.match(line):
        return title.group(1) + _title(title.group(2))
    return "".join(_pieces(line))


def _title(said: str) -> str:
    if named := _TITLED.match(said):
        return f"{named.group(1)} [{_label(named.group(2))}]"
    return _label(said) if not re.match(r"[\w-]+[ \t]*\[", said) else said


def _pieces(line: str) -> Iterator[str]:
    """A line in pieces, labels in quotes; what is in quotes already is passed over."""
    at = 0
    while at < len(line):
        if line[at] == '"':
            end = line.find('"', at + 1)
            end = len(line) if end < 0 else end + 1
            yield line[at:end]
        elif line[at] == "|" and (end := line.find("|", at + 1)) > 0:
            yield f"|{_label(line[at + 1 : end])}|"
            end += 1
        elif text := _LINK_TEXT.match(line, at):
            yield f"{text[1]}{text[2]}{_label(text[3])}{text[4]}"
            end = text.start(5)
            yield line[end : text.end(5)]
            end = text.end(5)
        elif (at == 0 or not (line[at - 1].isalnum() or line[at - 1] == "_")) and (name := _NAME.match(line, at)):
            shown, end = _shape(line, name.end())
            yield name.group() + shown
        else:
            yield line[at]
            end = at + 1
        at = end


def _shape(line: str, at: int) -> tuple[str, int]:
    """A node's label with what encloses it, in quotes where it needs them, and where it ends."""
    for opens, closes in _SHAPES:
        if not line.startswith(opens, at):
            continue
        end = line.find(closes, at + len(opens))
        while end >= 0 and not _AFTER.match(line, end + len(closes)):
            end = line.find(closes, end + 1)
        if end >= 0:
            said = line[at + len(opens) : end]
            return f"{opens}{_label(said)}{closes}", end + len(closes)
    return line[at], at + 1


def _label(said: str) -> str:
    bare = said.strip()
    inner = bare[1:-1] if len(bare) > 1 and bare[0] == bare[-1] == '"' else bare
    if not _NEEDS_QUOTES.search(inner if inner is not bare else said) or (inner is not bare and '"' not in inner):
        return said
    return '"' + inner.replace('"', "#quot;") + '"'


def _named(line: str) -> str:
    """``line`` with ``End`` where a node is called ``end``; in labels the word stays as it is."""
    covered = [(found.start(), found.end()) for found in _COVERED.finditer(line)]
    return _END.sub(
        lambda found: "end" if any(first < found.start() < last for first, last in covered) else "End", line
    )


def _escaped(line: str) -> str:
    says = _SAYS.match(line)
    if not says or ";" not in says.group(2):
        return line
    made, rest = "", says.group(2)
    while ";" in rest:
        said, _, after = rest.partition(";")
        ends = not after.strip() or bool(_MESSAGE.match(after)) or re.search(r"#\w{1,10}$", said) is not None
        made += said + (";" if ends else "#59;")
        rest = after
    return says.group(1) + made + rest
