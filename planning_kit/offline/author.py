"""The author who needs no model: reads the brief by rule and writes what follows from it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from .. import facts, ids
from ..brief import Brief, Passage
from ..document import Document
from ..facts import Domain, Facts
from ..model import Hear, Material, Reply, Request
from ..told import said
from .facts import Existing, Reading, Ruling
from .reading import read
from .reading.existing import existing
from .reading.fitted import fitted
from .writing import api, compliance, data, generic, research, security, summary, tasks, technology
from .writing.answers import Answer, answer
from .writing.asked import unreflected, unsettled
from .writing.basis import Basis
from .writing.draft import Draft
from .writing.implementation import WRITERS as PLANNED
from .writing.implementation.sessions import read_back
from .writing.plan import Plan
from .writing.service import WRITERS as DESIGNED
from .writing.service.beside import kept_beside
from .writing.specification import WRITERS as SPECIFIED
from .writing.specification import answered
from .writing.specification.ground import Ground, Whole
from .writing.stack import signin
from .writing.surface import protected

WRITERS: dict[str, Callable[[Plan], Draft]] = {
    "backend-consultant": api.write,
    "database-consultant": data.write,
    "stack-consultant": technology.write,
    "security-consultant": security.write,
    "compliance-consultant": compliance.write,
}
"""Who writes for which seat; the researcher, the summary and any other seat are written by :class:`Offline` itself."""

SUMMARY = "backend-summary"
RESEARCH = "technology-researcher"
DATABASE, STACK = "database-consultant", "stack-consultant"


class Offline:
    """Writes by rule: the same request always gets the same text, no token is spent and nothing is asked of a network."""

    def send(self, request: Request, hear: Hear) -> Reply:
        """The document ``request`` asks for, told to ``hear`` section by section."""
        text = write(request)
        for number, part in enumerate(text.split("\n## ")):
            hear(part if number == 0 else f"\n## {part}")
        return Reply(text, "offline", at=f"{request.today}T00:00:00Z")


def write(request: Request) -> str:
    """The body of the document for ``request.seat``.

    Raises:
        FactsRefused: the facts among the materials cannot be read.
    """
    remarks = tuple(map(said, request.remarks))
    brief = Brief("".join(material.text for material in request.materials if material.kind == "passage"))
    if request.seat == SUMMARY:
        documents = [Document(m.name, m.text) for m in request.materials if m.kind == "document"]
        return summary.write(request.feature, documents, _unheard(remarks))
    if request.seat == RESEARCH:
        told = _partly_known(request)
        draft = research.write(request.feature, request.today, told.topics, told.stack, request.materials)
        return draft.text(_unheard(remarks))
    if request.seat in SPECIFIED:
        return _specified(request, brief, remarks)
    if request.seat in DESIGNED or request.seat in PLANNED:
        return _designed(request, brief, remarks, _partly_known(request))
    known = _known(request)
    if request.seat == tasks.PLANNER and known:
        basis = Basis.of(request, _planned(request, brief, remarks, known), known)
        return tasks.write(basis, tasks.owed(request.task))
    ruling = _ruling(known)
    writer = WRITERS.get(request.seat)
    if writer is None:
        passages = (*brief.passages, *ruling.answers)
        return generic.write(request.feature, request.seat, request.outline, passages).text(_unheard(remarks))
    plan = _planned(request, brief, remarks, known)
    stack, questions = plan.stack, plan.questions
    documents = [Document(m.name, m.text) for m in request.materials if m.kind == "document"]
    plan = replace(plan, beside=kept_beside(plan, documents)) if request.seat == DATABASE else plan
    draft = technology.write(plan, _sessions(documents)) if request.seat == STACK else writer(plan)
    used = {topic for topics in stack.values() for topic in topics}
    draft.questions = [
        *unsettled(draft.questions, questions, used),
        *unreflected(questions, request.seat, draft.parts, brief.passages),
    ]
    return draft.text(answer(remarks, lambda some: read(brief, some, ruling)))


def _sessions(documents: Sequence[Document]) -> list[technology.Session]:
    """The research sessions on technology among ``documents``."""
    found = (each for each in read_back(documents) if each.area == "technology" and each.option)
    return [technology.Session(each.topic, each.option, each.because, each.confidence, each.link) for each in found]


def _planned(request: Request, brief: Brief, remarks: tuple[str, ...], known: Facts | None) -> Plan:
    """What is settled for all documents of ``request``'s run."""
    reading = read(brief, remarks, _ruling(known))
    stack, questions = (known.stack, known.questions) if known else ({}, ())
    found = _existing(request)
    looked_up = tuple(research.given(request.materials))
    return Plan(
        request.feature, fitted(_signed(reading, stack), found), request.today, stack, found, questions, looked_up
    )


def _designed(request: Request, brief: Brief, remarks: tuple[str, ...], known: Facts) -> str:
    """A document of a service design, of research or of an implementation plan, written in its template's shape."""
    plan = _planned(request, brief, remarks, known)
    basis = Basis.of(request, plan, known)
    draft = {**DESIGNED, **PLANNED}[request.seat](basis)
    topics = {topic for used in plan.stack.values() for topic in used}
    draft.questions = unsettled(draft.questions, plan.questions, topics)
    ruling = _ruling(known)
    return draft.text(answer(remarks, lambda some: read(brief, some, ruling)))


def _specified(request: Request, brief: Brief, remarks: tuple[str, ...]) -> str:
    """One of the five documents of a domain; ids that the brief has of its own are written so that nobody takes them for ours."""
    known = _known(request)
    brief = Brief(ids.theirs(brief.text))
    ruling = _ruling(known)
    ground = Ground.of(
        _whole(replace(request, materials=_shared(request), **_ALIKE), brief, remarks),
        request.domain,
        [Document(m.name, m.text) for m in request.materials if m.kind == "document"],
        earlier=request.draft or request.earlier, template=request.template, outline=request.outline, remarks=remarks,
        unlinked=tuple(_UNLINKED.findall(request.task)),
    )  # fmt: skip
    draft = SPECIFIED[request.seat](ground)
    topics = {topic for topics in ground.plan.stack.values() for topic in topics}
    draft.questions = unsettled(draft.questions, ground.plan.questions, topics)
    return draft.text(answered(draft, answer(remarks, lambda some: read(brief, some, ruling))))


_UNLINKED = re.compile(r"\bdo not link ([\w-]{1,60}\.md)\b")
"""How a task names what is not written in its run."""
_ALIKE: dict[str, Any] = {
    "options": (), "seat": "", "role": "", "task": "", "outline": (), "draft": "", "findings": (), "domain": "", "template": "", "earlier": "",
}  # fmt: skip
"""What of a request makes no difference to the plan of the whole."""


def _shared(request: Request) -> tuple[Material, ...]:
    """The materials that are the same for every document of a run."""
    return tuple(material for material in request.materials if material.kind not in ("document", "remark"))


@lru_cache(maxsize=4)
def _whole(request: Request, brief: Brief, remarks: tuple[str, ...]) -> Whole:
    """What is the same for every domain; made once for all requests that differ in nothing it rests on."""
    known = _known(request)
    plan = _planned(request, brief, remarks, known)
    if known is None:
        passages = tuple(passage.id for passage in brief.passages)
        asking = {statement.source: "functional" for statement in plan.reading.statements}
        known = Facts(domains=(Domain(name="whole", about="everything the brief asks for", passages=passages),))
        return Whole(plan, known.domains, asking, known.asking)
    domains = tuple(each.model_copy(update={"about": ids.theirs(each.about)}) for each in known.domains)
    return Whole(plan, domains, known.classes, known.asking)


def _signed(reading: Reading, stack: Mapping[str, Mapping[str, str]]) -> Reading:
    """``reading`` with the sign-in of the confirmed stack, unless a person answered otherwise."""
    ways = signin(stack)
    said = any(source[:1] in "QR" for way in reading.signin for source in way.sources)
    if not ways or said:
        return reading
    known = (
        replace(o, auth="bearer" if protected(reading, o) else "none") if o.auth == "open" else o
        for o in reading.operations
    )
    return replace(reading, signin=ways, operations=tuple(known))


_parsed = lru_cache(maxsize=16)(facts.parse)


def _known(request: Request) -> Facts | None:
    """The facts of the run; none for a request that was made without them."""
    return next((_parsed(m.text, m.name) for m in request.materials if m.kind == "facts"), None)


def _partly_known(request: Request) -> Facts:
    """The parts of the facts that a seat was given which does not get all of them."""
    told = Facts(domains=(Domain(name="whole", about="everything the brief asks for"),))
    for material in request.materials:
        if material.kind == "facts":
            told = facts.corrected(told, material.text, material.name)
    return told


def _ruling(known: Facts | None) -> Ruling:
    """The facts as far as they change how the brief is read."""
    if known is None:
        return Ruling()
    answers = (Passage(question.name, "remark", question.settled, 0, ()) for question in known.questions)
    return Ruling(tuple(sorted(known.classes.items())), tuple(answers))


def _existing(request: Request) -> Existing:
    return existing("\n".join(m.text for m in request.materials if m.kind == "codebase"))


def _unheard(remarks: tuple[str, ...]) -> tuple[Answer, ...]:
    """The remarks on a document that is not written from a reading."""
    return tuple(Answer(f"R{number}", remark, ()) for number, remark in enumerate(remarks, start=1))
