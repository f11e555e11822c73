"""What can be mended safely in a document: each mend is kept only if the checks find less afterwards and nothing new."""

from __future__ import annotations

import os
import re
import stat
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from .. import diagram, files
from ..checks.artefact import Artefact, is_markdown, of_kind
from ..checks.markdown import guessed_language
from ..document import Finding
from ..errors import DiskRefused, OptionRefused
from . import contents
from .lint import Checked, Linted, lint, look
from .sources import LARGEST, Source

ALIASES = {"mmd": "mermaid", "merm": "mermaid", "mermaidjs": "mermaid"}
"""Fence languages nobody draws or colours → the one that is meant."""
MOST_FAULTS = 30
"""How many faults of one diagram are mended."""
_LINES = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


@dataclass(frozen=True)
class Edit:
    """Lines of a document, written anew.

    Attributes:
        line: the first of them, from 1.
        old: how many there are.
        new: what stands there instead, without line ends.
        what: what was mended, in a few words.
    """

    line: int
    old: int
    new: tuple[str, ...]
    what: str


@dataclass(frozen=True)
class Mended:
    """What was mended where; ``name`` is the document's."""

    name: str
    what: str
    line: int

    def __str__(self) -> str:
        return f"mended {self.name}: {self.what} (line {self.line})"


Edits = tuple[Edit, ...]
"""Edits that are made together, or not at all; from the first line to the last."""


def mend(linted: Linted) -> tuple[Linted, tuple[Mended, ...]]:
    """Mend what can be mended, write the files, and check all of them again.

    Raises:
        OptionRefused: a document came from standard input.
        DiskRefused: a file could not be written, or was changed meanwhile.
    """
    if any(each.source.path is None for each in linted.checked):
        raise OptionRefused("--fix mends files; standard input cannot be written")
    done: list[Mended] = []
    sources = []
    for each in linted.checked:
        mended, edits = _mended(each)
        sources.append(mended.source)
        done += [Mended(each.document.name, edit.what, edit.line) for edit in sorted(edits, key=lambda e: e.line)]
        if edits:
            _write(each.source, mended.source.data)
    return _again(linted, sources) if done else linted, tuple(done)


def _again(linted: Linted, sources: Sequence[Source]) -> Linted:
    about = linted.checked[0].about
    return lint(sources, linted.refused, about.dialect, about.code)


def _mended(checked: Checked) -> tuple[Checked, list[Edit]]:
    """The document after all mends that help."""
    done: list[Edit] = []
    for mends in _MENDS:
        tried: set[Edits] = set()
        while candidate := next((each for each in mends(checked) if each not in tried), None):
            tried.add(candidate)
            if better := _better(checked, candidate):
                checked = better
                done += candidate
    return checked, done


def _better(checked: Checked, edits: Edits) -> Checked | None:
    """The document with ``edits``, if the checks find less in it and nothing they did not find before."""
    source = checked.source
    after = look(replace(source, data=edited(source.data, edits)), checked.about)
    now, before = _kinds(after.findings), _kinds(checked.findings)
    return after if now < before else None


def _kinds(findings: Sequence[Finding]) -> Counter[tuple[str, ...]]:
    """What was found, wherever it is now."""
    return Counter((each.rule, each.severity, each.message) for each in findings)


def edited(data: bytes, edits: Edits) -> bytes:
    """The bytes of a document with ``edits``: other lines stay as they are, new ones end as the line they stand for.

    Args:
        data: UTF-8, with or without a byte order mark.
        edits: do not overlap.
    """
    text = data.decode("utf-8")
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    lines = _LINES.findall(text.removeprefix(mark))
    usual = next((end for end in ("\r\n", "\n", "\r") if lines and lines[0].endswith(end)), "\n")
    for edit in sorted(edits, key=lambda each: each.line, reverse=True):
        first, last = edit.line - 1, edit.line - 1 + edit.old
        ends = [line[len(line.rstrip("\r\n")) :] for line in lines[first:last]]
        final = not ends[-1] if ends else False
        new = [f"{said}{ends[at] if at < len(ends) and ends[at] else usual}" for at, said in enumerate(edit.new)]
        if final and new:
            new[-1] = new[-1].rstrip("\r\n")
        lines[first:last] = new
    return (mark + "".join(lines)).encode("utf-8")


def _write(source: Source, data: bytes) -> None:
    """Have ``data`` where ``source`` was read, whole or not at all; links lead to the file, who may read it stays as it is."""
    if source.path is None:
        return
    place = source.path.resolve()
    try:
        mode = stat.S_IMODE(place.stat().st_mode)
        same = files.read_regular(place, LARGEST + 1) == source.data
    except OSError as error:
        raise DiskRefused(f"{source.name} is not there any more: {error.strerror or error}; run it again") from error
    if not same:
        raise DiskRefused(f"{source.name} was changed while it was checked; nothing was written to it, run it again")
    files.replace(place, data)
    os.chmod(place, mode)


def _diagrams(checked: Checked) -> Iterator[Edits]:
    """Diagrams Mermaid cannot read, mended fault by fault without changing a word."""
    for artefact in of_kind(checked.document, "mermaid"):
        text, told = artefact.text, list[str]()
        for _ in range(MOST_FAULTS):
            fault = diagram.fault(text)
            if fault is None or not fault.mended:
                break
            text = fault.mended
            told.append(fault.hint)
        if told:
            yield _placed(checked, artefact, text, "; ".join(dict.fromkeys(told)))


def _placed(checked: Checked, artefact: Artefact, text: str, what: str) -> Edits:
    """``text`` in place of an artefact's, only the lines that differ, as far right as they stood."""
    first = next(line for line in artefact.lines if line.strip())
    there = checked.document.line(artefact.line + artefact.lines.index(first))
    indent = there[: len(there) - len(first)] if there.endswith(first) else ""
    new = text.split("\n")
    steps = SequenceMatcher(None, artefact.lines, new, autojunk=False).get_opcodes()
    return tuple(
        Edit(artefact.line + start, end - start, tuple(indent + line for line in new[at:to]), what)
        for step, start, end, at, to in steps
        if step != "equal"
    )


def _languages(checked: Checked) -> Iterator[Edits]:
    """Fences without a language, or with one nobody knows by that name."""
    if not is_markdown(checked.document):
        return
    edits = []
    for fence in checked.document.fences:
        line = checked.document.line(fence.line - 1)
        meant = ALIASES.get(fence.lang) if fence.lang else guessed_language(fence.text)
        marks = re.match(r"(.*?(?:`{3,}|~{3,}))[ \t]*", line)
        if meant and marks:
            rest = line[marks.end() + len(fence.lang) :] if fence.lang else ""
            what = f"'{meant}' names the language of a fence"
            edits.append(Edit(fence.line - 1, 1, (f"{marks.group(1)}{meant}{rest}",), what))
    if edits:
        yield tuple(edits)
        found = {each.line for each in checked.findings}
        yield from ((edit,) for edit in edits if {edit.line, edit.line + 1} & found)


def _contents(checked: Checked) -> Iterator[Edits]:
    """Tables of contents that lead nowhere, or leave a heading away."""
    if not is_markdown(checked.document):
        return
    for listed in contents.tables(checked.document):
        new = contents.written(checked.document, listed)
        if new != listed.lines:
            yield (Edit(listed.line, len(listed.lines), new, "the table of contents follows the headings"),)


_MENDS: tuple[Callable[[Checked], Iterator[Edits]], ...] = (_diagrams, _languages, _contents)
