"""The implementation plan: what it rests on, the order of its phases, their components and how their success is measured."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping

from ...document import Document
from ..about import About
from ..evidence import cited_in
from ..wrong import Wrong, Wrongs
from .drawn import draws_its_phases
from .implementation import holds_no_implementation
from .reading import (
    Part,
    Phase,
    column,
    items,
    linked,
    mentioned,
    phases,
    plain,
    prerequisites,
    research,
    rows,
    tables,
    under,
)

CHANGES = ("build", "modify", "reuse")
"""What can be done with a component."""
_MEASURED = re.compile(
    r"(?i)\d|%|`|\b(?:all|every|each|none|no|zero|never|only|one|two|three|both|exactly|at least|at most|within|under|below|above|"
    r"pass(?:es|ed)?|fails?|green|returns?|responds?|answers?|rejects?|rejected|refuse[sd]?|den(?:y|ies|ied)|exists?|"
    r"deploy(?:s|ed)|merged|sign(?:s|ed)(?: off)?|approve[sd]|accept(?:s|ed)|record(?:s|ed)|log(?:s|ged)|list(?:s|ed)|shown|shows|visible|restored?|rolled back|"
    r"appl(?:y|ies|ied)|creates?|created|deletes?|deleted|stores?|stored|sends?|sent|receives?|received|written|published|documented|closed|"
    r"decisions?|decided|names|complete[sd]?|completes|starts|started|runs|reviewed|verified|validated|demonstrated|migrated|imported|encrypted|blocked|reachable|available|"
    r"coverage|test|tests|benchmark|baseline|can be|cannot|is not|are not|without)\b"
)
"""What says that somebody can look whether it is so: a number, an amount, a state, something that passes."""
_NONE = re.compile(r"(?i)\W{0,4}(?:none|no|nothing)\b")


def rests_on_its_research(document: Document, about: About) -> Wrongs:
    """Under 'Key Technologies' link a research document of this plan in every row, as in [caching](research/technology/caching.md), and under 'Research Foundation' link every research document."""
    known = frozenset(research(about.beside))
    if held := under(document, "Key Technologies"):
        yield from _chosen(document, held, known)
    if held := under(document, "Research Foundation"):
        there = {path for _, path in linked(document, held)}
        for name in sorted(known - there):
            link = posixpath.relpath(name, posixpath.dirname(posixpath.normpath(document.name)) or ".")
            said = f"'Research Foundation' does not link {link}"
            yield Wrong(held.line, said, "link it, and say in a sentence what it found", 1)


def _chosen(document: Document, held: Part, known: frozenset[str]) -> Wrongs:
    """Rows of technologies that rest on no research document, or on one that the plan does not have."""
    led: dict[int, list[str]] = {}
    for line, path in linked(document, held):
        led.setdefault(line, []).append(path)
    count = 0
    for table in tables(document, held):
        for line, row in rows(table):
            count += 1
            there = led.get(line, [])
            if not any(path in known if known else "research/" in path for path in there):
                lost = next((path for path in there if "research/" in path), "")
                said = f"the choice of {row[0][:60]!r} rests on no research document" + (
                    f": there is no {lost}" if lost else ""
                )
                hint = "link one in its row; where none looked at it, leave it open and plan the step that finds out"
                yield Wrong(line, said, hint, 1)
    if not count and not _NONE.match(held.said.strip()):
        yield Wrong(held.line, "there is no technology", "name what is used in the table, or say that there is none", 1)


def orders_its_phases(document: Document, about: About) -> Wrongs:
    """Number the phases from 1; under 'Dependencies' each names the phases it needs (Phase 1), or None; they exist, come before it, and there is no cycle."""
    found = phases(document)
    held = under(document, "Implementation Phases")
    if not found and held:
        yield Wrong(held.line, "there is no phase", "add headings of the form '### Phase 1: Name'", 1)
    known = {each.number for each in found}
    needs = {each.number: prerequisites(each, found) for each in found}
    for at, each in enumerate(found, start=1):
        if each.number != at:
            yield Wrong(
                each.line, f"{each.titled} is the {_nth(at)} phase", f"number the phases in their order: Phase {at}", 1
            )
            return
        yield from _waits(each, needs[each.number], known, bool(mentioned(each, found)))
    cycles = list(_cycles(needs))
    for cycle in cycles:
        path = " → ".join(f"Phase {number}" for number in (*cycle, cycle[0]))
        line = needs[cycle[0]][cycle[1]] if len(cycle) > 1 else 0
        yield Wrong(
            line,
            f"these phases wait for each other: {path}",
            "take one of these prerequisites out, or divide a phase",
            1,
        )
    around = {number for cycle in cycles for number in cycle}
    for number, there in needs.items():
        for other, line in there.items():
            if other in known and other > number and not {other, number} <= around:
                said = f"Phase {number} needs Phase {other}, which comes after it"
                yield Wrong(line, said, "number them in the order they are built in", 1, severity="warning")


def _waits(phase: Phase, needs: Mapping[int, int], known: set[int], spoken: bool) -> Wrongs:
    """What is wrong with the prerequisites of one phase."""
    held = phase.part("Dependencies")
    if held is None:
        return  # its template asks for it
    if not held.said.strip():
        yield Wrong(held.line, f"{phase.titled} does not say what it needs", "name the phases, or say None", 1)
    for number, line in needs.items():
        if number == phase.number:
            yield Wrong(line, f"{phase.titled} needs itself", "name the phases before it, or None", 1)
        elif number not in known:
            many = f"the phases are 1 to {max(known)}" if len(known) > 1 else "there is only Phase 1"
            yield Wrong(line, f"{phase.titled} needs Phase {number}, which there is not", many, 1)
    if phase.number > 1 and held.said.strip() and not spoken and not re.search(r"(?i)\bnone\b", held.said):
        said = f"{phase.titled} names no phase that it needs"
        yield Wrong(held.line, said, "name it (Phase 1), or say None", 1, severity="warning")


def _cycles(needs: Mapping[int, Mapping[int, int]]) -> Iterator[tuple[int, ...]]:
    """Phases that wait for each other, each cycle once; one that waits for itself is none."""
    done: set[int] = set()
    for start in needs:
        path: list[int] = []
        stack = [(start, iter(needs[start]))] if start not in done else []
        path += [start] if stack else []
        while stack:
            number, rest = stack[-1]
            after = next((each for each in rest if each in needs and each != number), None)
            if after is None:
                done.add(number)
                stack.pop()
                path.pop()
            elif after in path:
                yield tuple(path[path.index(after) :])
            elif after not in done:
                path.append(after)
                stack.append((after, iter(needs[after])))


def _nth(number: int) -> str:
    return {1: "first", 2: "second", 3: "third"}.get(number, f"{number}th")


def measures_its_success(document: Document, about: About) -> Wrongs:
    """Under 'Success Criteria' list for each phase what can be measured: a number, a test that passes, a state that can be looked up."""
    for phase in phases(document):
        held = phase.part("Success Criteria")
        if held is None:
            continue  # its template asks for it
        listed = list(items(held)) or [(held.line, text) for text in held.said.split("\n") if text.strip()]
        vague = [(line, text) for line, text in listed if not _MEASURED.search(text)]
        if len(vague) == len(listed):
            hint = "say for each what can be looked up: a number, a test that passes, a state"
            yield Wrong(held.line, f"no success criterion of {phase.titled} can be measured", hint, 1)
        for line, text in vague if len(vague) < len(listed) else ():
            said = f"nobody can tell whether this is met: {text[:60]!r}"
            yield Wrong(
                line, said, "name a number, a test that passes, or a state that can be looked up", 1, severity="warning"
            )


def marks_its_components(document: Document, about: About) -> Wrongs:
    """Mark every component build, modify or reuse in the column Change; what is modified or reused is in the codebase already and is named as path:line, and without a codebase everything is built."""
    cited: dict[int, list[tuple[str, int]]] = {}
    for each in cited_in(document):
        cited.setdefault(each.line, []).append((each.path, each.first))
    for phase in phases(document):
        held = phase.part("Components")
        if held is None:
            continue
        count = 0
        for table in tables(document, held):
            at = column(table, "Change")
            for line, row in rows(table) if at is not None else ():
                count += 1
                yield from _marked(
                    line, row, plain(row[at or 0]) if (at or 0) < len(row) else "", cited.get(line, []), about
                )
        if not count:
            yield Wrong(
                held.line, f"{phase.titled} has no component", "name what is built, modified or reused in the table", 1
            )


def _marked(line: int, row: tuple[str, ...], change: str, cited: list[tuple[str, int]], about: About) -> Wrongs:
    """What is wrong with one component."""
    name = row[0][:60]
    word = re.match(r"[a-z]*", change)
    first = word.group() if word else ""
    if first not in CHANGES:
        yield Wrong(line, f"{name!r} is marked {change[:40]!r}", "write build, modify or reuse in the column Change", 1)
    elif first == "build":
        return
    elif about.code is None:
        hint = "write build; what an earlier phase builds is no part of a codebase yet"
        yield Wrong(line, f"there is no codebase in which {name!r} could be: nothing can be marked {first}", hint, 1)
    elif not cited:
        hint = "name it as path:line, as the research has it, or write build"
        yield Wrong(line, f"{name!r} is marked {first}, and no line of the codebase shows it", hint, 1)
    elif all(about.code.line(*each) is None for each in cited):
        path, number = cited[0]
        yield Wrong(
            line,
            f"{name!r} is marked {first}, and {path}:{number} is not in the codebase",
            "name a line that is there, or write build",
            1,
        )


CHECKS: Mapping[str, Callable[[Document, About], Wrongs]] = {
    "decisions-researched": rests_on_its_research,
    "phases-ordered": orders_its_phases,
    "phases-drawn": draws_its_phases,
    "criteria-measurable": measures_its_success,
    "components-marked": marks_its_components,
    "no-implementation": holds_no_implementation,
}
"""By the name a consultant asks for it."""
