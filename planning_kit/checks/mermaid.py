"""Mermaid, checked by the real Mermaid, and for what it reads without a word and then draws wrong or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches
from typing import Any

from .. import diagram
from ..document import Document
from .about import About
from .artefact import Artefact
from .kind import Kind
from .wrong import Wrong, Wrongs

_WORDS = r"([\w.-]+(?:[ \t]+[\w.-]+)+)"
_ENDS = r"(?:\|o|\|\||\}o|\}\|)(?:--|\.\.)(?:o\||\|\||o\{|\|\{)"
_SEVERAL = {
    "stateDiagram": (
        (
            re.compile(rf"\s*[\w.*\[\]]+\s*-->\s*{_WORDS}\s*(?::(?!:)|$)"),
            "{name!r} is drawn as several states, because the id of a state is one word",
            'declare it, and use its id: state "{name}" as {first}',
        ),
        (
            re.compile(rf"\s*state\s+(?!.*\sas\s){_WORDS}\s*\{{?\s*$"),
            "of the state {name!r} only one word is drawn, because the id of a state is one word",
            'write it in quotes, with an id: state "{name}" as {first}',
        ),
        (
            re.compile(r"\s*[\w.*\[\]]+\s*-->\s*(\|[^|]*\|.*\S)"),
            "the label in {name!r} is drawn as a state",
            "write it after a colon: A --> B : label",
        ),
    ),
    "er": (
        (
            re.compile(rf"\s*[^{{]*{_ENDS}[^:]*:\s*{_WORDS}\s*$"),
            "of the label {name!r} only the first word is one, the others are drawn as entities",
            'put it in quotes: "{name}"',
        ),
        (
            re.compile(rf"\s*{_WORDS}\s*\{{\s*$"),
            "{name!r} is drawn as several entities, because a name without quotes is one word",
            'put it in quotes: "{name}"',
        ),
    ),
}
"""By kind of diagram: what reads several words as several things, what is said then, and what mends it."""


def draws_its_diagrams(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Write diagrams as fenced mermaid blocks that the real Mermaid can read; put labels with brackets or other marks in quotes."""
    if wrong := diagram.fault(artefact.text):
        yield Wrong(
            wrong.line, f"Mermaid cannot read this diagram: {wrong.message}", wrong.hint, wrong.column, diagram.TOOL
        )


def fences_no_line_of_a_diagram(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Write no line of backticks within a diagram."""
    for number, line in enumerate(artefact.lines, 1):
        if re.match(r"[ \t]*(?:`{3}|~{3})", line):
            yield Wrong(
                number,
                "a line of backticks within a diagram is read as a part of it",
                "leave the line out",
                _column(line),
            )


def relates_what_it_declares(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Declare each C4 element before a relation names it."""
    facts = _facts(artefact, "c4")
    declared, around = facts.get("elements", {}), facts.get("boundaries", {})
    for each in facts.get("relations", ()):
        for name in dict.fromkeys((each["from"], each["to"])):
            column = _at(artefact, each["line"], name)
            if name in declared:
                continue
            if name in around:
                said = f"{name!r} is a boundary, and Mermaid draws relations between elements only"
                yield Wrong(each["line"], said, f"name an element within {name!r}", column, diagram.TOOL)
            elif swallowed := _swallowing(artefact, name):
                said = f"Mermaid reads the line that declares {name!r} as a part of this one, because of its brackets"
                yield Wrong(swallowed, said, "put texts in quotes, and close the bracket", 0, diagram.TOOL)
            else:
                said = f"the relation from {each['from']!r} to {each['to']!r} names {name!r}, which is not declared{_near(name, declared)}"
                hint = f'declare it, as in System({name}, "…"), or name one that is declared'
                yield Wrong(each["line"], said, hint, column, diagram.TOOL)


def dates_its_tasks(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Give each task of a gantt chart dates that exist, in the chart's dateFormat, or the id of a task it comes after."""
    facts = _facts(artefact, "gantt")
    if said := facts.get("invalid"):
        day = str(said).partition(":")[2].strip()
        line = _line_with(artefact, day)
        hint = "write a date that exists in the chart's dateFormat (YYYY-MM-DD), or 'after' and the id of a task"
        yield Wrong(line, f"{day or said!r} is no date", hint, _at(artefact, line, day), diagram.TOOL)
    for day in facts.get("guessed", ()):
        line = _line_with(artefact, day)
        column = _at(artefact, line, day)
        if (exists := _exists(day)) is False:
            yield Wrong(line, f"{day!r} is no date: the month has no such day", "write a date that exists", column)
        elif exists is None or facts["format"]:
            said = f"{day!r} is not in the chart's dateFormat: each browser guesses"
            hint = "write it in the chart's dateFormat, or set the dateFormat it has"
            yield Wrong(line, said, hint, column, diagram.TOOL, "warning")
    known = {task["id"] for task in facts.get("tasks", ())}
    for task in facts.get("tasks", ()):
        for name in task["after"]:
            if name not in known:
                said = f"the task {task['name']!r} comes after {name!r}, and no task has this id{_near(name, known)}"
                yield Wrong(
                    task["line"],
                    said,
                    f"give the task it waits for the id: Name :{name}, …",
                    _at(artefact, task["line"], name),
                )
        if task["backwards"]:
            yield Wrong(
                task["line"], f"the task {task['name']!r} ends before it begins", "write the earlier date first"
            )
        elif not task["dated"]:
            yield Wrong(
                task["line"],
                f"the task {task['name']!r} has no dates that can be told",
                "write a start and a length: 2026-01-05, 3d",
            )


def declares_its_participants(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Name participants of a sequence diagram by the ids they are declared with."""
    facts = _facts(artefact, "sequence")
    known = facts.get("participants", {})
    declared = {name: each["label"] for name, each in known.items() if each["declared"]}
    others = [name for name in known if name not in declared]
    for name in others:
        line = next(
            (each["line"] for each in facts["messages"] if name in (each["from"], each["to"])), known[name]["line"]
        )
        column = _at(artefact, line, name)
        meant = [id for id, label in declared.items() if label.casefold() == name.casefold()]
        meant = meant or get_close_matches(name, declared, 1, 0.75)
        if meant:
            said = f"{name!r} is drawn as a participant of its own, beside {meant[0]!r}"
            yield Wrong(
                line, said, f"name it {meant[0]!r}, or declare it: participant {name}", column, severity="warning"
            )
        elif len(declared) >= 3 and len(others) * 3 <= len(declared):
            said = f"{name!r} takes part and is not declared like the others"
            yield Wrong(line, said, f"declare it: participant {name}", column, severity="warning")


def styles_by_classes_it_defines(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Define each style class of a diagram with classDef."""
    facts = _facts(artefact, "flowchart", "stateDiagram", "er", "class")
    defined = {*(facts.get("styles") or ()), "default", "clickable"}
    if facts.get("styles") is None:
        return
    told: set[str] = set()
    for part in ("nodes", "groups", "states", "entities", "classes"):
        for each in facts.get(part, {}).values():
            for name in each["classes"]:
                if name not in defined and name not in told:
                    told.add(name)
                    line = _line_with(artefact, name)
                    said = f"the style class {name!r} is not defined{_near(name, defined)}"
                    yield Wrong(line, said, f"add 'classDef {name} fill:#eee', or leave it out", _at(artefact, line, name), severity="warning")  # fmt: skip


def styles_what_it_draws(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Style only nodes that the flowchart draws."""
    facts = _facts(artefact, "flowchart")
    drawn = {*facts.get("groups", {}), *(end for each in facts.get("edges", ()) for end in (each["from"], each["to"]))}
    drawn |= {name for group in facts.get("groups", {}).values() for name in group["nodes"]}
    rest = "\n".join(line for line in artefact.lines if not re.match(r"\s*(?:style|linkStyle|class|click)\s", line))
    words = set(re.findall(r"[\w.-]+", rest))
    for number, line in enumerate(artefact.lines if facts else (), 1):
        found = re.match(r"\s*style\s+([\w.,-]+)", line)
        for name in found[1].split(",") if found else ():
            if name and name not in drawn and name not in words:
                said = f"the style of {name!r} draws a node that is nowhere else{_near(name, drawn)}"
                yield Wrong(number, said, "style a node by its id", _at(artefact, number, name), severity="warning")


def says_messages_whole(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Write '#' in a message of a sequence diagram as '#35;', for Mermaid leaves out what follows it."""
    for number, line in enumerate(artefact.lines if _facts(artefact, "sequence") else (), 1):
        head, colon, text = line.partition(":")
        lost = (
            re.search(r"#(?!\w+;)", text)
            if colon and re.search(r"(?i)--?[>x)]|^\s*note\s", head) and not head.lstrip().startswith("%%")
            else None
        )
        if lost:
            said = f"Mermaid leaves out {text[lost.start() :].strip()!r}, because a '#' begins a comment"
            yield Wrong(number, said, "write '#' as '#35;'", len(head) + 2 + lost.start(), severity="warning")


def quotes_names_of_several_words(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Put names and labels of several words in quotes in an erDiagram; in a state diagram write: state "Waiting for payment" as Waiting."""
    kind = _facts(artefact, "stateDiagram", "er").get("type", "")
    for number, line in enumerate(artefact.lines if kind else (), 1):
        for rule, said, hint in _SEVERAL[kind]:
            if found := rule.match(line):
                name, first = " ".join(found[1].split()), found[1].split()[0]
                yield Wrong(
                    number,
                    said.format(name=name),
                    hint.format(name=name, first=first),
                    found.start(1) + 1,
                    severity="warning",
                )


def gives_attributes_a_type_and_a_name(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Write constraints of an attribute of an erDiagram as a comment in quotes: string email UK "not null"."""
    for name, entity in _facts(artefact, "er").get("entities", {}).items():
        for each in entity["attributes"]:
            if (
                each["type"].upper() in ("NOT", "DEFAULT", "UNIQUE", "PRIMARY", "FOREIGN", "REFERENCES", "CHECK")
                and each["name"].isupper()
            ):
                said = f"{each['type']} {each['name']} is drawn as an attribute of {name!r} of its own"
                yield Wrong(each["line"], said, f'write it as a comment: "{each["type"].lower()} {each["name"].lower()}"', _at(artefact, each["line"], each["type"]), severity="warning")  # fmt: skip


def _exists(text: str) -> bool | None:
    """Whether there is such a day (or month, or year); nothing if it is not written as YYYY-MM-DD."""
    if re.fullmatch(r"\d{4}(?:-(?:0[1-9]|1[0-2]))?", text):
        return True
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return None
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _facts(artefact: Artefact, *kinds: str) -> dict[str, Any]:
    facts = diagram.facts(artefact.text)
    return facts if facts.get("type") in kinds else {}


def _near(wrong: str, right: Iterable[str]) -> str:
    """The end of a message about a name that is not known, if one is near."""
    close = get_close_matches(wrong, sorted(right), 1)
    return f"; did you mean {close[0]!r}?" if close else ""


def _swallowing(artefact: Artefact, name: str) -> int:
    """The line whose unquoted brackets take in the line that declares a C4 element; 0 if there is none."""
    open_ = 0
    for number, line in enumerate(artefact.lines, 1):
        if re.match(rf"\s*\w+\(\s*{re.escape(name)}\s*[,)]", line):
            return open_
        bare = re.sub(r'"[^"]*"', "", line)
        if re.search(r"\(.*\(", bare) or bare.count("(") > bare.count(")"):
            open_ = number
    return 0


def _line_with(artefact: Artefact, text: str) -> int:
    """The first line that holds ``text`` as it stands, or the first."""
    return next((number for number, line in enumerate(artefact.lines, 1) if text and text in line), 1)


def _at(artefact: Artefact, line: int, text: str) -> int:
    """The column of ``text`` in a line, from 1; 0 if it is not there."""
    own = artefact.lines[line - 1] if 1 <= line <= len(artefact.lines) else ""
    found = re.search(rf"(?<!\w){re.escape(text)}(?!\w)", own)
    return found.start() + 1 if found else 0


def _column(line: str) -> int:
    return len(line) - len(line.lstrip()) + 1


def _tool(artefact: Artefact, about: About) -> str:
    return diagram.TOOL


KIND = Kind(
    _tool,
    (
        draws_its_diagrams,
        fences_no_line_of_a_diagram,
        relates_what_it_declares,
        dates_its_tasks,
        declares_its_participants,
        styles_by_classes_it_defines,
        styles_what_it_draws,
        says_messages_whole,
        quotes_names_of_several_words,
        gives_attributes_a_type_and_a_name,
    ),
)
