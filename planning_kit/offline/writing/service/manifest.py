"""The manifest: what there is, where it is, and what is still open; it decides nothing and repeats nothing."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from ....document import Document
from .. import openapi
from ..answers import Answer
from ..basis import Basis
from ..draft import Draft
from ..markdown import bullets, code, listing, section, shorten, table
from ..naming import words
from .contract import ARCHITECTURE, Call, contract
from .manifest_risks import risks

FILE = "MANIFEST.md"
HONEST = "*Compiled by rule from the documents it links; where one of them was edited, this follows the edit.*"
MOST = 40
"""Most open questions the manifest lists itself."""
_HOLDS = {
    ARCHITECTURE: (("Endpoints", "operation"), ("Error taxonomy", "error"), ("Storage", "store"), ("Service levels", "service level")),
    "test-specifications.md": (("Contract tests", "contract test"), ("Integration tests", "integration test"), ("Load tests", "load scenario"), ("Security tests", "security test")),
    "cicd-pipeline.md": (("Stages", "stage"), ("Environments and approvals", "environment"), ("Quality gates", "quality gate"), ("Variables and secrets", "variable or secret")),
    "observability-plan.md": (("Metrics", "metric"), ("Traces", "span"), ("Alerts", "alert"), ("Dashboards", "panel")),
}  # fmt: skip
"""File → the sections whose rows say what it holds, and what a row is."""
_ITEM = re.compile(r"\s{0,3}[-*+]\s+(\S.*)")
_CLOSING = ("Contents", "Assumptions", "Open questions", "Key decisions", "Overview", "Review remarks")


@dataclass
class Register(Draft):
    """A manifest while it is written: its closing sections stand where its template has them.

    Attributes:
        assumed: what the plan takes for granted, one line of Markdown each.
        asked: the open questions of all documents, one line of Markdown each.
        after: the sections behind the open questions.
    """

    assumed: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)

    def text(self, answers: Sequence[Answer] = ()) -> str:
        """The whole document, with what became of each review remark."""
        head, *rest = self.parts
        said = "None: everything that was asked at the intake was answered."
        parts = [f"# {self.title}", self.honest, head, section("Assumptions", bullets(self.assumed) or said), *rest,
                 section("Open questions", bullets(self.asked) or "None: no document leaves anything open."), *self.after]  # fmt: skip
        if answers:
            rows = ((f"[{each.name}] {each.remark}", "; ".join(each.changes) or "It concerns a document linked here; send it back there.") for each in answers)  # fmt: skip
            parts.append(section("Review remarks", table(("Remark", "What was done about it"), rows)))
        return "\n\n".join([*parts, section("Key decisions", self.decisions)]) + "\n"


def write(basis: Basis) -> Draft:
    """The manifest, in the place of the one the run began with."""
    begun = basis.document(FILE)
    own = tuple(each for each in basis.documents if each is not begun and _beside(begun, each))
    here = posixpath.dirname(begun.name) if begun else _folder(own)
    draft = Register(f"Manifest: {basis.plan.feature}", honest=HONEST)
    draft.assumed = _kept(begun, "Assumptions")
    draft.add("Brief", _brief(begun), _planned(own))
    draft.add("Non-goals", bullets(_kept(begun, "Non-goals")) or "The brief names none.")
    draft.add("Documents", table(("Agent", "Document", "Holds"), (_row(each, here) for each in own)))
    draft.add("API surface", *_surface(basis, here))
    draft.add("Data stores", _stores(basis, here))
    draft.add("Environments", _environments(basis, here))
    draft.add("Service levels", _levels(basis, here))
    draft.asked = list(_questions(own, here))
    draft.after.append(
        section("Risks", table(("Risk", "Consequence", "Countered by"), risks(basis, lambda s: _to(basis, here, s))))
    )
    draft.decisions = f"This manifest decides nothing: {ARCHITECTURE} has the last word on operations, stores, environments and service levels, and the other documents follow it."
    return draft


def _beside(begun: Document | None, document: Document) -> bool:
    """Whether ``document`` is of the same plan as the manifest: its folder is called after the same project and time."""
    if begun is None or len(begun.name.split("/")) < 3:
        return True
    project, time = begun.name.split("/")[-3:-1]
    return document.name.split("/")[-2:-1] == [f"{project}-{time}"]


def _folder(own: Sequence[Document]) -> str:
    """Where the manifest stands beside ``own`` when none was begun."""
    parts = own[0].name.split("/") if own else []
    project, _, time = (parts[-2] if len(parts) > 3 else "").rpartition("-")
    found = re.fullmatch(r"(.+)-(\d{8}-\d{6})", parts[-2]) if len(parts) > 3 else None
    project, time = found.groups() if found else (project, time)
    return "/".join([*parts[:-4], "projects", project, time]) if project else ""


def _way(document: Document, here: str) -> str:
    return posixpath.relpath(document.name, here or ".")


def _to(basis: Basis, here: str, title: str) -> str:
    """A link to a section of the architecture."""
    document = basis.document(ARCHITECTURE)
    anchor = re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-")
    return f"[{title}]({_way(document, here)}#{anchor})" if document else title


def _kept(begun: Document | None, title: str) -> list[str]:
    """The items a person may have edited in the manifest the run began with."""
    lines = begun.section(title).split("\n") if begun else []
    return [found[1].strip() for line in lines if (found := _ITEM.match(line))]


def _brief(begun: Document | None) -> str:
    return begun.section("Brief") if begun else ""


def _planned(own: Sequence[Document]) -> str:
    return f"Planned in {len(own)} {'document' if len(own) == 1 else 'documents'} beside this one." if own else "No document was written yet."  # fmt: skip


def _row(document: Document, here: str) -> tuple[str, str, str]:
    parts = document.name.split("/")
    return parts[-3] if len(parts) > 3 else "", f"[{parts[-1]}]({_way(document, here)})", _holds(document)


def _holds(document: Document) -> str:
    """What a document holds, counted."""
    found = []
    for title, one in _HOLDS.get(document.name.rpartition("/")[2], ()):
        many = sum(len(each.rows) for each in document.tables if each.section.casefold() == title.casefold())
        if many:
            name = f"{one[:-1]}ies" if one.endswith("y") else f"{one.replace(' or ', 's or ')}s"
            found.append(f"{many} {one if many == 1 else name}")
    if found:
        return listing(found)
    titles = [h.text for h in document.headings if h.level == 2 and h.text not in _CLOSING]
    return listing([each.lower() for each in titles], 5) or "no section"


def _surface(basis: Basis, here: str) -> Iterator[str]:
    """How many operations on what, and whether a caller has to be known."""
    known = contract(basis)
    info = known.spec.get("info")
    version = str(info.get("version", "")) if isinstance(info, dict) else ""
    if not known.calls:
        yield f"None yet: the OpenAPI document ({_to(basis, here, 'OpenAPI')}) has no operation."
        yield table(("Resource", "Operations", "Sign-in"), ())
        return
    groups: dict[str, list[Call]] = {}
    for call in known.calls:
        groups.setdefault(_resource(basis, call), []).append(call)
    base = f" under {code(known.base)}" if known.base else ""
    many = len(known.calls)
    yield f"{many} operation{'s' if many > 1 else ''}{base}, version {code(version or 'not given')}: {_to(basis, here, 'Endpoints')}, {_to(basis, here, 'OpenAPI')}."
    yield table(("Resource", "Operations", "Sign-in"), ((name, str(len(some)), _signed(some)) for name, some in groups.items()))  # fmt: skip


def _resource(basis: Basis, call: Call) -> str:
    if call.plan:
        return openapi.tag(basis.plan, call.plan)
    fixed = [part for part in call.path.split("/") if part and not re.search(r"[{}]|^(?:api|v\d+)$", part)]
    return words(fixed[0]) if fixed else "root"


def _signed(calls: Sequence[Call]) -> str:
    closed = sum(call.protected for call in calls)
    return "required" if closed == len(calls) else "none" if not closed else f"required by {closed} of {len(calls)}"


def _columns(basis: Basis, title: str, *names: str, file: str = ARCHITECTURE) -> list[tuple[str, ...]]:
    """The named columns of the first table of a section of a document, as they stand there."""
    document = basis.document(file)
    for each in document.tables if document else ():
        header = [re.sub(r"[`*]", "", cell).strip().casefold() for cell in each.header]
        if each.section.casefold() == title.casefold() and names[0].casefold() in header:
            at = [header.index(name.casefold()) if name.casefold() in header else -1 for name in names]
            return [tuple(row[n] if 0 <= n < len(row) else "" for n in at) for row in each.rows]
    return []


def _said(rows: Sequence[tuple[str, ...]], header: tuple[str, ...], where: str, none: str) -> str:
    return f"{table(header, rows)}\n\nMore under {where}." if rows else f"None: {none}; see {where}."


def _stores(basis: Basis, here: str) -> str:
    rows = [(name, shorten(holds, 110)) for name, holds in _columns(basis, "Storage", "Store", "Holds")]
    return _said(rows, ("Store", "Holds"), _to(basis, here, "Storage"), "the architecture keeps nothing")


def _environments(basis: Basis, here: str) -> str:
    """Who approves, as the pipeline has it; as the architecture has it where there is none."""
    approved = {
        words(name): who
        for name, who in _columns(
            basis, "Environments and approvals", "Environment", "Approved by", file="cicd-pipeline.md"
        )
    }
    rows = [(name, shorten(approved.get(words(name), "") or how, 110)) for name, how in _columns(basis, "Environments", "Environment", "Promoted by")]  # fmt: skip
    return _said(rows, ("Environment", "Approved by"), _to(basis, here, "Environments"), "the architecture names none")


def _levels(basis: Basis, here: str) -> str:
    rows = _columns(basis, "Service levels", "Indicator", "Objective", "Window")
    return _said(rows, ("Indicator", "Objective", "Window"), _to(basis, here, "Service levels"), "the architecture promises none")  # fmt: skip


def _questions(own: Iterable[Document], here: str) -> Iterator[str]:
    """The open questions of all documents, each once, with links to where it is asked."""
    asked: dict[str, tuple[str, list[str]]] = {}
    for document in own:
        link = f"[{document.name.rpartition('/')[2]}]({_way(document, here)}#open-questions)"
        for line in document.section("Open questions").split("\n"):
            found = _ITEM.match(line)
            if found and not found[1].startswith("None"):
                said = found[1].partition(" Until answered:")[0].strip()
                places = asked.setdefault(" ".join(re.findall(r"\w+", said.casefold())), (said, []))[1]
                if link not in places:
                    places.append(link)
    for said, places in list(asked.values())[:MOST]:
        yield f"{said} ({', '.join(places)})"
    if len(asked) > MOST:
        yield f"{len(asked) - MOST} more stand under the same heading of these documents: {', '.join(dict.fromkeys(p for _, places in list(asked.values())[MOST:] for p in places))}."
