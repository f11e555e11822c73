"""From story to use case to test: every story is used, flows branch where there is a step, every requirement is tested both ways."""

from __future__ import annotations

import re

from ... import ids
from ...document import Document
from ...ids import Thing
from ..about import About
from ..agreement import words
from ..agreement.answered import covers, documented
from ..agreement.named import column, rows
from ..wrong import Wrong, Wrongs
from . import known

_STEP = re.compile(r" {0,3}(\d{1,4})[.)][ \t]")
_BRANCH = re.compile(r"\W{0,9}(?:(?:at|after|before|from|in)\s+)?(?:the\s+)?(?:main\s+flow,?\s+)?(?:step\s*)?(\d{1,3})(?!\d|\s*(?:%|ms|s\b|second|minute))", re.IGNORECASE)  # fmt: skip
_STATUS = re.compile(r"(?<![\w.-])([2-5])\d\d(?![\w%-]|\.\d|\s*(?:ms|s|min)\b)")
_ENDS = re.compile(r"(?:^\W{0,3}|\b(?:HTTP|status|code|answers?|answered|answer is|with|returns?|gets?|receives?)\s{1,3}`?)([2-5]\d\d)(?![\w%-]|\.\d|\s*(?:ms|s|min|\w+s)\b)", re.IGNORECASE)  # fmt: skip
"""A status somebody gets, by the words before it."""
_GENERAL = re.compile(
    r"\bNFR-|\b(?:every|each|any|all)\s+(?:\w+\s+)?(?:operations?|endpoints?|requests?|calls?)\b", re.IGNORECASE
)
"""What is said of all operations, not of one."""
_BASES = re.compile(r"v\d+|api|rest|\{\}|")
"""Parts of a path that say nothing of what it is about."""


def uses_its_stories(document: Document, about: About) -> Wrongs:
    """Name every story in a use case, branch off at steps that the numbered main flow has, and test every requirement a use case names with a scenario, in success and in failure."""
    cases = known.here(document, about, known.CASES)
    used = {name for each in cases.values() for name in each.cites}
    stories = known.beside(about, known.STORIES)
    where = known.place(document, "Use cases")
    for name, each in stories.items():
        if name not in used:
            said = f"{name} ({known.beginning(each.text)}) is part of no use case"
            yield Wrong(where, said, "name it in the use case it belongs to, or write one")
    tests = [each for each in ids.things(document) if each.kind == known.TESTS and not each.withdrawn]
    tested = {name for each in tests for name in each.cites}
    for case in cases.values():
        lines = known.extent(document, case)
        if stories and not any(name in stories for name in case.cites):
            yield Wrong(case.line, f"{case.id} names no story", "name the stories it is part of", 1, severity="warning")
        yield from _served(document, about, case, lines)
        yield from _branches(document, case, lines)
        yield from _tested(document, case, lines, tested)
        yield from _both(document, case, lines)


def card(document: Document, lines: tuple[int, int], *names: str) -> tuple[int, str] | None:
    """The row of a use case's card that begins with one of ``names``: its line, and what it says."""
    wanted = {name.casefold() for name in names}
    for table in known.tables(document, lines):
        for line, row in rows(table):
            if len(row) > 1 and words.word(row[0]).casefold() in wanted:
                return line, " ".join(row[1:])
    return None


def _served(document: Document, about: About, case: Thing, lines: tuple[int, int]) -> Wrongs:
    """Operations of a card that the API does not have; answers of its scenarios that its one operation does not document."""
    there = documented(about.beside)
    known_here = {key for key in there if isinstance(key, tuple)}
    said = card(document, lines, "Operations", "Operation", "API endpoint", "Endpoints")
    if said is None or not known_here:
        return
    named = {(method, words.path(path)): f"{method} {path}" for method, path in ids.operations(said[1])}
    parts = {part for _, path in known_here for part in path.split("/")[1:] if not _BASES.fullmatch(part)}
    for key, name in named.items():
        if key not in known_here:
            near = known.near(" ".join(key), (" ".join(each) for each in sorted(known_here)))
            severity = "error" if parts & set(key[1].split("/")) else "warning"  # it may be another domain's
            text = f"{case.id}: {name} is no operation of the API"
            yield Wrong(said[0], text, f"name it as the API specification does{near}", severity=severity)
    if len(named) == 1 and named.keys() <= known_here:
        ((key, name),) = named.items()
        yield from _answered(document, lines, name, there[key])


def _answered(document: Document, lines: tuple[int, int], name: str, statuses: frozenset[str]) -> Wrongs:
    """Statuses that scenarios and alternative flows end with, and the operation does not document."""
    for table in known.tables(document, lines):
        at = column(table, "Then", "What happens")
        for line, row in rows(table) if at is not None else ():
            cell = row[at or 0][:400]
            for status in () if _GENERAL.search(cell) else _ENDS.findall(cell):
                if not covers(statuses, status):
                    said = f"{name} ends with {status} here, which its OpenAPI does not document"
                    hint = f"document it there, or end with one it documents: {', '.join(sorted(statuses))}"
                    yield Wrong(line, said, hint, severity="warning")


def _branches(document: Document, case: Thing, lines: tuple[int, int]) -> Wrongs:
    """Flows that branch off at a step that is not there."""
    steps = _steps(document, lines)
    main = known.under(document, "Main flow", lines)
    if not steps and main[0]:
        yield Wrong(main[0], f"the main flow of {case.id} has no numbered steps", "add them as a list: 1., 2., 3.", 1)
    for table in known.tables(document, lines):
        at = column(table, "Branches at", "Branches off at", "Branch", "Branch point", "At step")
        if at is None or not steps:
            continue
        for line, row in rows(table):
            said = _BRANCH.match(ids.ID.sub(" ", row[at][:200]))
            if said and int(said[1]) not in steps:
                hint = f"name one of its steps, 1 to {max(steps)}"
                yield Wrong(line, f"the main flow of {case.id} has no step {said[1]} to branch off at", hint)


def _steps(document: Document, lines: tuple[int, int]) -> frozenset[int]:
    """The numbers of the steps of a use case's main flow: of its list, as markdown counts it, or of a table."""
    first, last = known.under(document, "Main flow", lines)
    if not first:
        first, last = lines
    for table in known.tables(document, (first, last)):
        if (at := column(table, "Step", "#", "No.", "Nr.")) is not None:
            found = (re.match(r"\W*(\d{1,4})\b", row[at]) for _, row in rows(table))
            if steps := frozenset(int(each[1]) for each in found if each):
                return steps
    drawn: set[int] = set()
    for fence in known.between(document.fences, (first, last)):
        drawn.update(range(fence.line, fence.line + fence.text.count("\n")))
    written = [
        int(said[1])
        for number in range(first + 1, last + 1)
        if number not in drawn and (said := _STEP.match(document.line(number)))
    ]
    return frozenset(written) | frozenset(range(written[0], written[0] + len(written)) if written else ())


def _tested(document: Document, case: Thing, lines: tuple[int, int], tested: set[str]) -> Wrongs:
    """Requirements of a card that no scenario tests."""
    said = card(document, lines, "Requirements", "Requirement", "Related requirements")
    line, named = said or (case.line, "")
    for name in ids.cited(named):
        kind = name.partition("-")[0]
        if kind in ("FR", "NFR") and name not in tested:
            hint = "add a test scenario with it in the column Requirements"
            severity = "error" if kind == "FR" else "warning"
            yield Wrong(line, f"{name} of {case.id} is tested by no scenario", hint, severity=severity)


def _both(document: Document, case: Thing, lines: tuple[int, int]) -> Wrongs:
    """Whether there is a scenario that succeeds and one that does not, as far as the statuses they end with tell."""
    tests: dict[int, set[str]] = {}
    for table in known.tables(document, lines):
        at = column(table, "Then")
        for line, row in rows(table):
            if at is not None and row[0].strip(" `*").startswith(f"{known.TESTS}-"):
                tests[line] = set(_STATUS.findall(row[at][:4_000]))
    hint = "write one that succeeds and one that does not"
    if len(tests) < 2:
        said = f"{case.id} has {'one' if tests else 'no'} test scenario"
        yield Wrong(case.line, said, hint, 1, severity="warning")
    elif all(each and each <= {"2", "3"} for each in tests.values()):
        yield Wrong(min(tests), f"every test scenario of {case.id} succeeds", "add one that does not", severity="warning")  # fmt: skip
    elif all(each and each <= {"4", "5"} for each in tests.values()):
        yield Wrong(min(tests), f"no test scenario of {case.id} succeeds", "add one that does", severity="warning")
