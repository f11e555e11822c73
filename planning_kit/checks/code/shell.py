"""Shell commands, read by tree-sitter's bash grammar in the process aside: scripts, and sessions with prompts and output."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .trees import Fault, first_fault, parsed

_PROMPT = re.compile(r"[ \t]*(?:[\w.-]+@[\w.-]+:?[~\w/.-]*)?[$%#❯➜][ \t]+(?=\S)")
_SESSION = re.compile(r"(?m)^[ \t]*(?:[\w.-]+@[\w.-]+:?[~\w/.-]*)?[$❯➜][ \t]+\S")
_PLACEHOLDER = re.compile(r"<[A-Za-z][\w.:|/-]{0,60}(?: [\w.:|/'-]{1,40}){0,8}>")
_ELIDED = re.compile(r"[ \t]*(?:\.{3,}|…)[ \t]*")
_OUTPUT = re.compile(
    r"[ \t]*(?:HTTP/\d|[| \t]*(?:\+--|`--|[├└│])|[\w/@.-]+@\d[\w.-]*(?:\s|$)|[\[\]{}][ \t]*,?$|\"[^\"]*\"[ \t]*:|[<>*][ \t]|[A-Za-z-]+:[ \t])"
)
_QUOTES = re.compile("[“”‘’]")
_DASH = re.compile(r"(?<!\S)[–—][A-Za-z]")
_STRINGS = ("string", "raw_string", "comment", "heredoc_body", "ansi_c_string", "heredoc_content")


def faults(text: str, whole: str) -> list[tuple[Any, ...]]:
    """What is wrong with ``text``: line, column, message, hint and (``yes`` or empty) whether it is only doubtful.

    Args:
        text: a script, or a session with prompts.
        whole: ``yes`` when it says it is a file.
    """
    said = commands(text) if not whole else text
    found: list[tuple[Any, ...]] = [(*each, "yes") for each in (*_written_wrong(said), *_addresses(said))]
    if not found and (wrong := first_fault(said, "bash")):
        plain = "\n".join("" if _OUTPUT.match(line) or _ELIDED.fullmatch(line) else line for line in said.split("\n"))
        if whole or first_fault(plain, "bash"):
            found.append((*wrong, ""))
    return found


def commands(text: str) -> str:
    """``text`` without prompts, output and what stands for something (``<token>``), everything else at its place."""
    if _SESSION.search(text):
        text = "\n".join(_typed(text.split("\n")))
    return _PLACEHOLDER.sub(lambda found: "_" * len(found.group()), text)


def _typed(lines: list[str]) -> Iterator[str]:
    """The lines of a session that were typed: those with a prompt and what they go on with."""
    goes_on, until = False, ""
    for line in lines:
        prompt = _PROMPT.match(line)
        if prompt and not until and line.strip()[0] != "#":
            line = " " * prompt.end() + line[prompt.end() :]
        elif goes_on or until:
            line = re.sub(r"^>( |$)", " ", line)
        else:
            line = "" if not line.lstrip().startswith("#") else line
        yield line
        if until:
            until = "" if line.strip() == until else until
        elif begun := re.search(r"<<-?\s*['\"]?(\w+)", line):
            until = begun.group(1)
        goes_on = line.rstrip().endswith(("\\", "|", "&&")) or _quote_open(line)


def _quote_open(line: str) -> bool:
    """Whether a quotation that began in ``line`` goes on in the next one."""
    return line.count("'") % 2 == 1 and not line.strip().startswith("#")


def _written_wrong(text: str) -> Iterator[Fault]:
    """What a shell reads in another way than it looks."""
    lines = text.split("\n")
    for at, line in enumerate(lines[:-1]):
        after = lines[at + 1].strip()
        if re.search(r"\\[ \t]+$", line) and after and not line.lstrip().startswith("#"):
            yield at + 1, len(line.rstrip()), "a blank after the backslash ends the command here", "take the blank out"
    for node in _nodes(parsed(text, "bash")):
        kind, place = node.kind(), node.range()
        line, column = place.start.line + 1, place.start.column + 1
        if kind in ("word", "ERROR") and not node.children():
            said = node.text()
            if found := _QUOTES.search(said):
                yield (
                    line,
                    column + found.start(),
                    f"{found.group()} is no quotation mark in a shell",
                    "write straight quotes: ' or \"",
                )
            elif _DASH.match(said):
                yield (
                    line,
                    column,
                    f"{said[:20]} begins with a long dash, which the shell takes for a word",
                    f"write -{said[1:20]}",
                )
        elif kind == "command":
            yield from _command(node, line, column, lines)


def _command(node: Any, line: int, column: int, lines: list[str]) -> Iterator[Fault]:
    words = [child.text() for child in node.children()[:3]]
    if len(words) == 3 and words[1] == "=" and re.fullmatch(r"[A-Z_][A-Z0-9_]*", words[0]):
        yield (
            line,
            column,
            f"the shell runs {words[0]} as a command here",
            f"write {words[0]}={words[2][:40]} without blanks",
        )
    elif re.match(r"--?[A-Za-z]", words[0]) and line > 1 and lines[line - 2].strip():
        yield (
            line,
            column,
            f"the shell takes {words[0][:20]} for a command of its own",
            "end the line before it with \\",
        )


def _addresses(text: str) -> Iterator[Fault]:
    """Addresses without quotes whose ``&`` ends the command."""
    for at, line in enumerate(text.split("\n"), start=1):
        if "://" in line and (
            found := re.search(r"(?<![\"'\w=])https?://[^\s'\"&]{1,300}\?[^\s'\"&]{0,300}(&)\w+=", line)
        ):
            before = line[: found.start()]
            if before.count("'") % 2 == 0 and before.count('"') % 2 == 0 and "#" not in before:
                yield (
                    at,
                    found.start(1) + 1,
                    "the & ends the command here: the address is not in quotes",
                    "put the address in quotes",
                )


def _nodes(root: Any) -> Iterator[Any]:
    """Every node that is not within a string or a comment, in order."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.kind() in _STRINGS:
            continue
        yield node
        waiting.extend(reversed(node.children()))
