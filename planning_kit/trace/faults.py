"""What a trace shows to be wrong, as findings: an error is certain, a warning asks somebody to look."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..checks.fits import close
from ..checks.service.offered import ARCHITECTURE
from ..document import Finding
from . import agreed, renumbered
from .given import place
from .kinds import OPERATION, PASSAGE, REQUIREMENT, STORY, TEST, USE_CASE, Key, Node, kind_of
from .mentions import LONGEST
from .traced import LOST, Trace

TOOL = "planning_kit"
MOST, MOST_HINTS = 200, 40
"""The most ids of one document that are reported one by one as not defined, and how many of them are told what they may mean."""
_LONG = 90


_SETTLED = re.compile(r"(?i)assumed|\[[QAR]\d+\]")
"""What stands in the place of a passage: an assumption, an answer, a reviewer's remark."""


def found(trace: Trace) -> Iterator[Finding]:
    """Everything that is wrong, by what it is about."""
    yield from _unread(trace)
    yield from _lost(trace)
    yield from _untold(trace)
    yield from _invented(trace)
    yield from _unserved(trace)
    yield from _undefined(trace)
    yield from _twice(trace)
    yield from _withdrawn(trace)
    yield from renumbered.found(trace)
    yield from agreed.found(trace)


def _unread(trace: Trace) -> Iterator[Finding]:
    for document in trace.given.documents:
        if len(document.lines) > LONGEST:
            said = f"this document is not traced: it has more than {LONGEST:,} lines"
            yield _at(document.name, 1, "can-be-traced", "error", said, "split it")


def _lost(trace: Trace) -> Iterator[Finding]:
    """A passage that asks for something and reached nothing, or was deferred without a reason."""
    specified = trace.subjects == REQUIREMENT
    for each, standing in trace.standing.items():
        node = trace.nodes[PASSAGE, each]
        if standing == LOST and specified:
            hint = f"cite [{each}] as the source of a requirement{_of(node)}, or list it under 'Deferred and out of scope' with a reason"
            yield _about(node, "reaches-a-requirement", "error", f"{each} asks for something and reached no requirement: {_short(node.text)}", hint)  # fmt: skip
        elif standing == LOST and trace.given.documents:
            yield _about(node, "reaches-the-plan", "error", f"{each} asks for something and no document cites it: {_short(node.text)}", f"cite [{each}] where the plan answers it")  # fmt: skip
    for each, deferral in trace.deferred.items():
        if not deferral.reason.strip(" -–—"):
            yield _at(deferral.document, deferral.line, "defers-with-a-reason", "warning", f"{each} is deferred without a reason", "say why in the column Reason")  # fmt: skip


def _untold(trace: Trace) -> Iterator[Finding]:
    """A requirement that reached no story or no test, or rests on nothing; a story, a use case, a test that rests on nothing."""
    for row in trace.rows if trace.subjects == REQUIREMENT else ():
        node = row.subject
        severity = "error" if node.id.startswith("FR-") else "warning"
        if STORY in row.lacks:
            yield _about(node, "has-a-story", severity, f"{node.id} has no story: {_short(node.text)}", f"name {node.id} in the story that delivers it")  # fmt: skip
        if TEST in row.lacks:
            yield _about(node, "has-a-test", severity, f"{node.id} has no test: {_short(node.text)}", f"name {node.id} in the column Requirements of a test scenario")  # fmt: skip
        if not row.cells[PASSAGE] and not _SETTLED.search(_line(trace, node)):
            yield _about(node, "was-asked-for", "warning", f"{node.id} names no passage it comes from", "cite the passage, like [P12], or mark it (assumed)")  # fmt: skip
    wants = (
        (STORY, (REQUIREMENT,), "error", "names no requirement it comes from", "name the ids of its requirements"),
        (USE_CASE, (STORY, REQUIREMENT), "error", "names no story and no requirement", "name the ids of its stories"),
        (TEST, (REQUIREMENT, STORY), "warning", "names no requirement it tests", "name it in the column Requirements"),
    )
    for kind, before, severity, said, hint in wants if REQUIREMENT in trace.kinds else ():
        for node in trace.of_kind(kind):
            if not trace.rests_on(node, before):
                yield _about(node, "was-asked-for", severity, f"{node.id} {said}", hint)


def _invented(trace: Trace) -> Iterator[Finding]:
    """An operation that no requirement, story or passage asks for."""
    asked = "requirement or story" if trace.subjects == REQUIREMENT else "passage of the brief"
    for node in trace.invented:
        hint = "name what asks for it in its row of the endpoint catalogue, or leave it out"
        yield _about(node, "was-asked-for", "error", f"no {asked} asks for {node.id}", hint)


def _unserved(trace: Trace) -> Iterator[Finding]:
    """A domain whose API is specified and in which no functional requirement has an operation."""
    first: dict[str, Node] = {}
    served: set[str] = set()
    for row in trace.rows if trace.subjects == REQUIREMENT else ():
        if row.subject.id.startswith("FR-") and row.subject.domain:
            first.setdefault(row.subject.domain, row.subject)
            served |= {row.subject.domain} if row.cells.get(OPERATION) else set()
    for document in trace.given.documents:
        domain = place(document.name, trace.given.domains)
        if document.name.endswith("/api-spec.md") and domain in first.keys() - served:
            said = f"no functional requirement of '{domain}' has an operation: is nothing of it offered?"
            yield _at(
                document.name,
                1,
                "is-offered",
                "warning",
                said,
                "specify the operations its stories need, or say why there are none",
            )


def _undefined(trace: Trace) -> Iterator[Finding]:
    """An id that is named and never defined, once for each document that names it."""
    defined = {thing.id for said in trace.given.said for thing in said.things}
    hints = MOST_HINTS
    for said in trace.given.said if defined else ():
        missing = [(name, line) for name, line in said.used.items() if name not in defined and _is_due(trace, name)]
        for name, line in missing[:MOST]:
            alike = (
                [each for each in defined if each.rpartition("-")[0] == name.rpartition("-")[0]] if hints > 0 else []
            )
            near, hints = close(name, alike), hints - 1
            hint = f"define it, or name {near}" if near else "define it, or name one that is defined"
            yield _at(said.document.name, line, "is-defined", "error", f"{name} is named and nowhere defined", hint)
        if more := missing[MOST:]:
            said_so = f"{len(more):,} more ids are named and nowhere defined"
            yield _at(said.document.name, more[0][1], "is-defined", "error", said_so, "define them, or leave them out")


def _is_due(trace: Trace, name: str) -> bool:
    """Whether what ``name`` stands for would be defined by now: the documents of its kind are written in its domain."""
    kind, domain = kind_of(name), trace.given.codes.get(name.split("-")[1], "")
    wanted = USE_CASE if kind == TEST else kind
    return not domain or kind == REQUIREMENT or wanted in trace.written.get(domain, ())


def _twice(trace: Trace) -> Iterator[Finding]:
    """An id that is defined twice, over all domains; an operation that two documents define, unless one is the architecture, which merges them."""
    first: dict[str, tuple[str, int]] = {}
    for said in trace.given.said:
        for thing in said.things:
            if (before := first.setdefault(thing.id, (thing.document, thing.line))) != (thing.document, thing.line):
                yield _at(thing.document, thing.line, "is-defined-once", "error", f"{thing.id} is defined already at {_place(*before)}", f"give it the next free number of {thing.id.rpartition('-')[0]}")  # fmt: skip
    calls: dict[Key, str] = {}
    for said in trace.given.said:
        for node in said.nodes:
            given = said.document.name in trace.given.before or said.document.name.rpartition("/")[2] == ARCHITECTURE
            if (
                node.kind == OPERATION
                and not given
                and (there := calls.setdefault(node.key, node.document)) != node.document
            ):
                yield _about(node, "is-defined-once", "warning", f"{node.id} is defined already in {there}", "define it in one domain, and link to it from the other")  # fmt: skip


def _withdrawn(trace: Trace) -> Iterator[Finding]:
    """A dropped requirement without a reason, or one that something still rests on alone."""
    for said in trace.given.said:
        for thing in said.things:
            if thing.withdrawn and not thing.text.strip(" -–—"):
                yield _at(thing.document, thing.line, "says-why-it-was-withdrawn", "warning", f"{thing.id} is withdrawn without a reason", "give the reason beside it")  # fmt: skip
    for node in trace.nodes.values():
        if node.withdrawn:
            for link in trace.out.get(node.key, ()):
                after = trace.nodes[link.target]
                if not after.withdrawn and after.kind in (STORY, USE_CASE, OPERATION, TEST) and kind_of(node.id) in (REQUIREMENT, STORY):  # fmt: skip
                    yield _at(link.document, link.line, "rests-on-what-holds", "warning", f"{after.id} names {node.id}, which is withdrawn", "name what took its place, or leave it out")  # fmt: skip


def _line(trace: Trace, node: Node) -> str:
    """The line that defines ``node``."""
    return next((each.line(node.line) for each in trace.given.documents if each.name == node.document), "")


def _of(node: Node) -> str:
    return f" of '{node.domain}'" if node.domain else ""


def _short(text: str) -> str:
    return f"“{text[: _LONG - 1]}…”" if len(text) > _LONG else f"“{text}”"


def _place(document: str, line: int) -> str:
    return f"{document}:{line}"


def _about(node: Node, rule: str, severity: str, message: str, hint: str) -> Finding:
    return _at(node.document, node.line, rule, severity, message, hint)


def _at(document: str, line: int, rule: str, severity: str, message: str, hint: str) -> Finding:
    return Finding(document, line, rule, TOOL, severity, message, hint=hint)
