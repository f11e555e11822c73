"""The manifest: what there is, where it is, and what is still open; it decides nothing and repeats nothing."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ....document import Document
from .. import openapi
from ..answers import Answer
from ..basis import Basis
from ..draft import Draft
from ..implementation.sessions import read_back
from ..markdown import bullets, code, codes, listing, section, shorten, table
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
    "api-spec.md": (("Endpoint catalogue", "operation"),),
    "04-api-design.md": (("Operations", "operation"), ("Service layer", "service"), ("Events and jobs", "event or job")),
    "05-data-model.md": (("Relationships", "relationship"), ("Indexes", "index")),
    "06-tech-recommendations.md": (("Recommendations", "recommendation"), ("Alternatives considered", "rejected alternative")),
    "07-security-requirements.md": (("Threat model", "threat"), ("Authorization", "rule of access")),
    "08-compliance-requirements.md": (("Personal data", "kind of personal data"), ("Regulations", "regulation")),
    "observability-plan.md": (("Metrics", "metric"), ("Traces", "span"), ("Alerts", "alert"), ("Dashboards", "panel")),
}  # fmt: skip
"""File → the sections whose rows say what it holds, and what a row is."""
_IDENTIFIED = {
    "requirements.md": (("FR", "functional requirement"), ("NFR", "quality requirement")),
    "user-stories.md": (("US", "user story"),),
    "use-cases.md": (("UC", "use case"),),
}
"""File → the kinds of ids it defines, and what each is."""
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
    listed = _register(begun)
    own = tuple(sorted(own, key=lambda each: listed.get(_way(each, here), (len(listed), ""))[0])) if listed else own
    draft.add(
        "Documents",
        table(("Agent", "Document", "Holds"), (_row(each, here, listed) for each in own)),
        _later(listed, own, here),
    )
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
    """Whether ``document`` is of the same plan as the manifest: it stands below its folder, or in one that is called after the same project and time."""
    if begun is None or len(begun.name.split("/")) < 3:
        return True
    if begun.name.split("/")[-4:-3] != ["projects"]:
        return document.name.startswith(f"{posixpath.dirname(begun.name)}/")
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


def _row(document: Document, here: str, listed: Mapping[str, tuple[int, str]]) -> tuple[str, str, str]:
    way = _way(document, here)
    return _agent(document, way, listed), f"[{_called(way)}]({way})", _holds(document)


def _called(way: str) -> str:
    """What a document is called: its file, within the plan's own folder with the folders it stands in."""
    return way.rpartition("/")[2] if way.startswith("..") else way


def _register(begun: Document | None) -> dict[str, tuple[int, str]]:
    """What the manifest the run began with says will be written: its place in the plan's folder → its number in that order, and who writes it."""
    rows = [row for each in (begun.tables if begun else ()) for row in each.rows if each.section == "Documents"]
    return {row[1].strip("` "): (at, row[0]) for at, row in enumerate(rows) if len(row) > 1}


def _agent(document: Document, way: str, listed: Mapping[str, tuple[int, str]]) -> str:
    """Who wrote it: as the manifest the run began with has it; else the folder of an agent's documents."""
    if way in listed:
        return listed[way][1]
    parts = document.name.split("/")
    return parts[-3] if way.startswith("..") and len(parts) > 3 else "template, filled in"


def _later(listed: Mapping[str, tuple[int, str]], own: Sequence[Document], here: str) -> str:
    """What is written after this manifest; it cannot be linked before it is there."""
    there = {_way(each, here) for each in own}
    left = [way for way in listed if way not in (*there, FILE) and not way.startswith("..")]
    return f"Written after this one: {codes(left[:12])}." if there & set(listed) and left else ""


def _holds(document: Document) -> str:
    """What a document holds, counted; what a research session recommends."""
    if session := next(iter(read_back((document,))), None):
        return f"recommends: {session.option[:1].lower()}{session.option[1:]}"
    found = list(_identified(document))
    for title, one in _HOLDS.get(document.name.rpartition("/")[2], ()):
        tables = [each for each in document.tables if each.section.casefold() == title.casefold()]
        many = sum(len(each.rows) for each in tables if each.header == tables[0].header)
        if many:
            found.append(f"{many} {one if many == 1 else _plural(one)}")
    if found:
        return listing(found)
    titles = [h.text for h in document.headings if h.level == 2 and h.text not in _CLOSING]
    return listing([each.lower() for each in titles], 5) or "no section"


def _identified(document: Document) -> Iterator[str]:
    """What a document of a domain defines by id, counted."""
    kinds = dict(_IDENTIFIED.get(document.name.rpartition("/")[2], ()))
    named = [row[0].strip("`* ") for each in document.tables for row in each.rows if row]
    named += [each.text.partition(":")[0].strip() for each in document.headings if each.level > 2]
    for kind, one in kinds.items():
        many = len({each for each in named if re.fullmatch(rf"{kind}-[A-Z0-9]{{1,8}}-\d{{1,4}}", each)})
        if many:
            yield f"{many} {one if many == 1 else _plural(one)}"


def _plural(one: str) -> str:
    """``rule of access``, ``variable or secret``, ``index`` in the plural."""
    first, of, rest = one.partition(" of ")
    if of:
        return f"{_plural(first)} of {rest}"
    if first.endswith("y"):
        return f"{first[:-1]}ies"
    return f"{first}es" if first.endswith("x") else f"{first.replace(' or ', 's or ')}s"


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
