"""The test specifications: each operation of the contract has its tests, of four kinds, with thresholds and examples that run."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from ... import ids
from ...document import Document, Fence, Table
from .. import openapi
from ..about import About
from ..agreement import words
from ..agreement.answered import covers
from ..agreement.named import column, rows
from ..specified import known
from ..specified.interface import Key, keys
from ..wrong import Wrong, Wrongs
from . import offered, tested_python
from .parts import NONE

KINDS: Mapping[str, str] = {
    "contract": "Contract tests", "integration": "Integration tests", "load": "Load tests", "security": "Security tests",
}  # fmt: skip
"""Kind of test → the section it is specified in."""
_STATUS = re.compile(
    r"(?<![\w.])([1-5](?:\d\d|XX))(?!\w|\.\d|\s{0,2}(?:%|(?:ms|s|sec\w{0,4}|millisec\w{0,6}|req\w{0,6}|rps|bytes?|[km]i?b|characters|items|rows|times)\b))",
    re.IGNORECASE,
)
"""A status, and no amount of something: ``200``, not ``250 ms``."""
_NOTHING = re.compile(r"(?i)[\s\-–—.*_]*(?:none|n/?a|nothing|not applicable|tbd)?[\s\-–—.*_]*")
_MEASURE = re.compile(r"(?<![\w.])\d[\d.,]{0,15}\s*(?:[%‰°/×]|[A-Za-zµ])")
"""A number with its unit."""
_AROUND = frozenset({"405", "406", "408", "413", "414", "415", "429", "431"})
"""What a server or something before it answers, whatever the contract says."""


class Row(NamedTuple):
    """A row of a section's tables: its ``line``, the operations it names (by method and path, or by operationId), its ``cells`` by column."""

    line: int
    named: tuple[Key | str, ...]
    cells: Mapping[str, str]


def covers_its_operations(document: Document, about: About) -> Wrongs:
    """Under 'Contract tests' give every operation of the OpenAPI document a row with its success status and each error status it declares."""
    served = offered.operations(document, about)
    place = known.place(document, KINDS["contract"])
    if not served or not place:
        return
    listed = list(_rows(document, KINDS["contract"]))
    for each in served:
        of_it = [row for row in listed if _about(row, each)]
        if not of_it:
            hint = f"add a row for `{each.method} {each.path}` with {_owed(each.statuses)}"
            yield Wrong(place, f"{each.method} {each.path} has no contract test", hint, 1)
            continue
        told = {status for row in of_it for cell in row.cells.values() for status in _statuses(cell)}
        missing = [status for status in each.statuses if not _told(status.upper(), told)]
        if missing:
            said = f"the contract tests of {each.method} {each.path} leave out {known.listed(missing)}"
            yield Wrong(of_it[0].line, said, f"test that it answers {known.listed(missing)}, as its OpenAPI declares")
    yield from _undeclared(listed, served)


def _undeclared(listed: list[Row], served: Iterable[openapi.Operation]) -> Wrongs:
    """Statuses that a contract test expects and the contract does not declare."""
    for row in listed:
        declared = [frozenset(map(str.upper, each.statuses)) for each in served if _about(row, each)]
        for name in ("success", "errors"):
            for status in _statuses(row.cells.get(name, "")) if declared else ():
                if not any(_declares(each, status) for each in declared) and status not in _AROUND:
                    said = f"{status} is tested here, which the OpenAPI document does not declare for this operation"
                    hint = f"take it out, or have it declared; it declares {known.listed(sorted(declared[0]))}"
                    sure = name == "success" and status[0] == "2"
                    yield Wrong(row.line, said, hint, severity="error" if sure else "warning")


def _declares(known_here: frozenset[str], status: str) -> bool:
    """Whether a status is declared, or a range some of which is."""
    within = status.endswith("XX") and any(each[0] == status[0] for each in known_here)
    return within or covers(known_here, status)


def tests_in_four_ways(document: Document, about: About) -> Wrongs:
    """Specify contract, integration, load and security tests, at least one of each."""
    found = dict(_found(document))
    bare = offered.empty(about)
    for kind, title in KINDS.items():
        place = known.place(document, title)
        if not place:
            yield Wrong(0, f"there are no {kind} tests", f"add '## {title}' with a table of them")
        elif kind not in found and not bare:
            yield Wrong(place, f"no {kind} test is specified under {title!r}", "give its table a row for each test", 1)


def kinds(document: Document) -> Iterator[tuple[str, int]]:
    """What there is of each kind of test, in words, with the line of its first row: ``contract: 12 operations``, 34; a kind without any is said too."""
    found = dict(_found(document))
    yield from ((f"{kind}: {NONE}", line) for kind, title in KINDS.items() if kind not in found and (line := known.place(document, title)))  # fmt: skip
    for kind, (number, line) in found.items():
        of = {"contract": "operation", "load": "scenario"}.get(kind, "test")
        yield f"{kind}: {number} {of}{'' if number == 1 else 's'}", line


def _found(document: Document) -> Iterator[tuple[str, tuple[int, int]]]:
    """Each kind of test there is, with how many there are of it and the line of the first."""
    for kind, title in KINDS.items():
        held = [row for row in _rows(document, title) if _says(row)]
        if held:
            number = len({name for row in held for name in row.named}) if kind == "contract" else 0
            yield kind, (number or len(held), held[0].line)


def sets_load_thresholds(document: Document, about: About) -> Wrongs:
    """Under 'Load tests' give each scenario an operation, a load and a threshold that are numbers with units."""
    served = offered.everywhere(document, about)
    ids_known = {each.id for each in served.values() if each.id}
    for row in _rows(document, KINDS["load"]):
        if not _says(row) and not _measured_nowhere(row):
            continue
        name = words.word(next(iter(row.cells.values()), ""))[:60]
        strange = [f"{key[0]} {key[1]}" for key in row.named if isinstance(key, tuple) and not _served(key, served)]
        if not any(isinstance(key, tuple) or key in ids_known or not served for key in row.named):
            yield Wrong(row.line, f"the load test {name!r} names no operation", "name it like `GET /orders/{id}`")
        elif served and strange:
            hint = f"name one it has{known.near(strange[0], (' '.join(key) for key in served))}"
            yield Wrong(row.line, f"{strange[0]} is not an operation of the OpenAPI document", hint)
        for title, example in (("load", "50 requests/s for 10 min"), ("threshold", "p95 ≤ 300 ms, errors < 0.1 %")):
            if title in row.cells and not _MEASURE.search(row.cells[title][:2_000]):
                said = f"the {title} of the load test {name!r} is no number with a unit"
                yield Wrong(row.line, said, f"write it like {example!r}")


def _served(key: Key, served: Mapping[Key, openapi.Operation]) -> bool:
    operational = offered.OPERATIONAL.fullmatch(key[1][:300])
    return bool(operational) or any(key[0] == method and offered.fits(key[1], path) for method, path in served)


def shows_tests_that_run(document: Document, about: About) -> Wrongs:
    """Under 'Examples' show pytest functions that call operations the OpenAPI document has, and assert what comes back."""
    first, last = known.under(document, "Examples")
    fences = [each for each in known.between(document.fences, (first or 1, last or len(document.lines))) if each.lang in ("python", "py", "python3")]  # fmt: skip
    if not first or not fences:
        return  # the template asks for both
    shown = [(fence, test) for fence in fences for test in tested_python.tests_in(fence.text)]
    if not shown:
        hint = "write functions that pytest finds: def test_…(client): with an assert in each"
        yield Wrong(first, "the examples hold no pytest function that can be read", hint, 1)
    served = offered.everywhere(document, about)
    for fence, test in shown:
        place = fence.line + test.line - 1
        if not test.asserts:
            severity = "error" if test.bare else "warning"
            yield Wrong(place, f"{test.name} asserts nothing", "assert the status and what the body holds", severity=severity)  # fmt: skip
        for call in test.calls if served else ():
            yield from _called(fence.line + call.line - 1, call, served, test.refused, fences)
    yield from _helped(fences, served)
    if served and shown and not any(_known(call, served) or _bases(call, served) for _, test in shown for call in test.calls) and not any(test.indirect for _, test in shown):  # fmt: skip
        said = "no example calls an operation of the OpenAPI document by its path"
        yield Wrong(first, said, "call one with its path: client.get('/…')", 1, severity="warning")


def _helped(fences: Iterable[Fence], served: Mapping[Key, openapi.Operation]) -> Wrongs:
    """What fixtures and helpers of the examples call that is certainly no operation."""
    held = list(fences)
    for fence in held if served else ():
        for call in tested_python.helping(fence.text):
            wrong = _called(fence.line + call.line - 1, call, served, False, held)
            yield from (each for each in wrong if each.severity == "error")


def _known(call: tested_python.Call, served: Mapping[Key, openapi.Operation]) -> bool:
    return any(method == call.method and _leads(call.path, path) for method, path in served)


def _leads(path: str, template: str) -> bool:
    """Whether a path that is called may be a request to ``template``; one that begins with ``{}`` has any beginning."""
    if not path.startswith("{}/"):
        return offered.fits(path, template)
    deep = path.count("/")
    return deep <= template.count("/") and offered.fits(path[2:], "/" + "/".join(template.split("/")[-deep:]))


def _bases(call: tested_python.Call, served: Mapping[Key, openapi.Operation]) -> list[str]:
    """What has to stand before the path of a call so that it is an operation: ``/v1``, ``/api/v2``; nothing but versions and bases."""
    found = []
    for method, path in served:
        base = "/".join(path.split("/")[: -call.path.count("/")])
        if method == call.method and base and not offered.resources([base]) and _leads(f"{base}{call.path}", path):
            found.append(base)
    return found


def _called(line: int, call: tested_python.Call, served: Mapping[Key, openapi.Operation], refused: bool, shown: Iterable[Fence]) -> Wrongs:  # fmt: skip
    """What is wrong with the operation that an example calls, unless it is called to be refused; what its base address makes up for is not."""
    path = call.path.removeprefix("{}")
    if _known(call, served) or refused or offered.OPERATIONAL.fullmatch(path[:300]):
        return
    bases = _bases(call, served)
    if any(re.search(rf"{re.escape(base)}/?[\"']", each.text) for base in bases for each in shown):
        return
    there = sorted(method for method, each in served if _leads(call.path, each))
    paths = offered.resources(each for _, each in served)
    alike = any(part in paths for part in path.split("/")) and not bases
    said = f"{call.method} {path} is not an operation of the OpenAPI document"
    near = known.near(f"{call.method} {words.path(path)}", (" ".join(key) for key in served))
    hint = f"it has {', '.join(there)} there" if there else f"call one it has{near}"
    yield Wrong(line, said, hint, severity="error" if alike else "warning")


def _rows(document: Document, title: str) -> Iterator[Row]:
    """The rows of the tables under ``title`` that name what they test, with the operations they name."""
    for table in known.tables(document, known.under(document, title)):
        at = _tested(table)
        for line, row in rows(table):
            cells = {words.word(head).casefold(): cell for head, cell in zip(table.header, row, strict=True)}
            yield Row(line, _named(row[at] if at is not None else ""), cells)


def _tested(table: Table) -> int | None:
    return column(table, "Operation", "Operations", "Endpoint", "Endpoints")


def _named(cell: str) -> tuple[Key | str, ...]:
    """The operations a cell names: by method and path, else by operationId."""
    by_path = tuple((method, words.path(path)) for method, path in ids.operations(cell[:2_000]))
    return by_path or tuple(dict.fromkeys(re.findall(r"[A-Za-z_]\w{1,80}", words.word(cell))))


def _about(row: Row, operation: openapi.Operation) -> bool:
    return any(each == operation.id if isinstance(each, str) else each in keys(operation) for each in row.named)


def _says(row: Row) -> bool:
    """Whether a row says anything in its first two cells."""
    return not any(_NOTHING.fullmatch(cell[:200]) for cell in list(row.cells.values())[:2])


def _measured_nowhere(row: Row) -> bool:
    """Whether a scenario has a name and figures, and no operation."""
    cells = list(row.cells.values())
    figures = (row.cells.get(name, "")[:2_000] for name in ("load", "threshold"))
    return bool(cells) and not _NOTHING.fullmatch(cells[0][:200]) and any(map(_MEASURE.search, figures))


def _statuses(cell: str) -> list[str]:
    return [found.upper() for found in _STATUS.findall(cell[:2_000])]


def _told(status: str, told: set[str]) -> bool:
    """Whether a declared status is tested: itself, a range it lies in, or one of the range it is."""
    if status == "DEFAULT":
        return True
    return status in told or f"{status[0]}XX" in told or (status.endswith("XX") and any(s[0] == status[0] for s in told))  # fmt: skip


def _owed(statuses: Iterable[str]) -> str:
    good = [status for status in statuses if status[:1] in "23"]
    bad = [status for status in statuses if status[:1] in "45"]
    return f"success {known.listed(good) or 'as declared'} and errors {known.listed(bad) or 'none'}"


CHECKS: Mapping[str, Callable[[Document, About], Wrongs]] = {
    "contract-tests": covers_its_operations,
    "test-kinds": tests_in_four_ways,
    "load-thresholds": sets_load_thresholds,
    "pytest-examples": shows_tests_that_run,
}
"""By the name a consultant asks for it."""
EVIDENCE: Mapping[str, Callable[[Document], Iterable[tuple[str, int]]]] = {"test-kinds": kinds}
"""For a check that asks for several things what a document has of each, with the line: the checklist of a run shows it."""
