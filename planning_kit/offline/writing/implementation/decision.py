"""The decision brief: what is built, the decisions that matter, risks, cost and time, each with a link."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ....document import Document
from ...reading.words import plural
from ..answers import Answer
from ..basis import Basis
from ..draft import Draft
from ..markdown import bullets, listing, quote, section, shorten, table
from ..naming import words
from ..service.contract import unserved
from .session import lower
from .sessions import Researched, read_back

HONEST = "*Compiled by rule from the documents it links.*"
ARCHITECTURE, PLAN, MANIFEST = "integration-architecture.md", "implementation-plan.md", "MANIFEST.md"
TASKS = "task-plan.md"
DECISIONS, RISKS, QUESTIONS = 5, 3, 2
WORDS = 328
"""What is written with room left for what the program adds, and a reviewer."""
_LENGTHS = (72, 64, 56, 48, 40)
"""How long a cell may be, the longest first."""
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()]*\)")
_MARKS = re.compile(r"\s*\[[PRQAS]\d+\](?:\s*\[[PRQAS]\d+\])*(?: and \d+ more)?|\s*\(assumed(?:; not researched)?\)")
_CLAUSE = re.compile(r"[,;.] | \(|(?: and| or)? (?:because|so that|in which|who|which|that|when|where|but) ")
"""Where what was said so far is a whole."""
_NOT_SO = re.compile(r"\AIt is not so: ")
_ITEM = re.compile(r"\s{0,3}[-*+]\s+(\S.*)")
Row = tuple[str, str, str, str]


@dataclass
class Page(Draft):
    """A decision brief while it is written: one page, so nothing is added to what it holds; ``asked`` are its open questions, a line of Markdown each."""

    asked: list[str] = field(default_factory=list)

    def text(self, answers: Sequence[Answer] = ()) -> str:
        """The whole document, with what became of each review remark."""
        parts = [f"# {self.title}", self.honest, *self.parts, section("Open questions", bullets(self.asked) or "None that the documents leave to you.")]  # fmt: skip
        if answers:
            rows = ((f"[{each.name}] {each.remark}", "; ".join(each.changes) or "It concerns a document linked here; send it back there.") for each in answers)  # fmt: skip
            parts.append(section("Review remarks", table(("Remark", "What was done about it"), rows)))
        return "\n\n".join([*parts, section("Key decisions", self.decisions)]) + "\n"


def write(basis: Basis) -> Draft:
    """The decision brief, from the documents as they stand; the more there is, the shorter each of it."""
    for most in _LENGTHS:
        page = _page(basis, most)
        if len(_LINK.sub(r"\1", page.text()).split()) <= WORDS:
            break
    return page


def _page(basis: Basis, most: int) -> Page:
    """The brief with cells of at most ``most`` characters."""
    page = Page(f"Decision Brief: {quote(basis.plan.feature)}", honest=HONEST)
    page.add("What will be built", _built(basis))
    rows = [(cut(one, max(most, 60)), cut(other, 2 * most // 3), cut(why, most), where) for one, other, why, where in list(decisions(basis))[:DECISIONS]]  # fmt: skip
    page.add("Decisions", table(("Decision", "Instead of", "Because", "Where"), rows))
    page.add("Risks", bullets(_risks(basis, most)) or "None that the documents name.")
    page.add("Cost and time", bullets(_cost(basis)))
    page.asked = list(_asked(basis, most + 40))
    page.decisions = "To be decided: whether it is built as planned, and who answers what is open."
    return page


def cut(said: str, most: int = _LENGTHS[0]) -> str:
    """The words of a cell of another document without links and citations; of what is longer than ``most`` characters the first clauses, else the first words."""
    plain = " ".join(_MARKS.sub("", _LINK.sub(r"\1", said)).replace("`", "").split()).rstrip(" .;,")
    found = [(each.start(), each[0][0] in ";.") for each in _CLAUSE.finditer(plain) if each.start() <= most]
    ends = [at for at, whole in found if whole and at >= 12] or [at for at, _ in found if at >= 2 * most // 3]
    return plain if len(plain) <= most else plain[: ends[-1]] if ends else shorten(plain, most)


def _built(basis: Basis) -> str:
    """For whom, what, and what is left out."""
    plan = basis.plan
    people = [quote(_many(each.name)) for each in plan.reading.actors]
    parts = [words(each.name) for each in basis.domains]
    sized = ((len(plan.operations), "operation"), (len(plan.tables), "table"), (len(plan.reading.jobs), "job"))
    counts = listing([f"{many} {one}{'s' if many > 1 else ''}" for many, one in sized if many])
    whom = f" for {listing(people, 3)}" if people else ""
    what = f": {listing(parts, 6)}" if len(parts) > 1 else ""
    out = [basis.passages.get(name, "").strip().lstrip("-*+• ") for name, kind in basis.classes.items() if kind == "out of scope"]  # fmt: skip
    out = list(dict.fromkeys(re.sub(r"(?i)\s+(?:is|are) (?:purely )?out of scope\b.*", "", each) for each in out))
    told = [
        short
        for each in out
        if each[-1:] not in ("", ":")
        and not re.match(r"(?i)the following\b", each)
        and not (short := cut(each, 60)).endswith("…")
    ]
    more = [f"{len(out) - 2} more"] if len(out) > 2 and told else []
    left = f" Left out: {listing([*(lower(quote(each)) for each in told[:2]), *more], 3)}." if told else ""
    unmet = unserved(basis)[1]
    if unmet:
        left += f" Not designed yet: {unmet} passage{'s' if unmet > 1 else ''} of the brief ({_link(basis, ARCHITECTURE, 'open questions', 'open-questions')})."
    whole = _link(basis, MANIFEST, "all documents") or _link(basis, PLAN, "the plan")
    return f"A backend{whom}{what}{f', with {counts}' if counts else ''}.{left} In full: {whole or _link(basis, ARCHITECTURE, 'the architecture')}."


def _many(name: str) -> str:
    """Several of those that ``name`` names: ``enforcement officer`` is ``enforcement officers``."""
    before, space, last = name.rpartition(" ")
    return f"{before}{space}{plural(last)}"


def decisions(basis: Basis) -> Iterator[Row]:
    """What was decided with what was rejected: the cut, the store, what was researched, the technologies; the costliest to take back first."""
    stores, researched = list(_stores(basis)), [each for each in map(_session, read_back(basis.documents)) if each]
    yield from _cut_of(basis)
    yield from stores[:1]
    yield from researched[:DECISIONS]
    yield from (*_technologies(basis, researched), *stores[1:])


def _cut_of(basis: Basis) -> Iterator[Row]:
    document = basis.document(ARCHITECTURE)
    said = " ".join((document.section("Overview") if document else "").split("```")[0].split())
    first, _, rest = said.partition(" Rejected: ")
    other, _, why = rest.partition("; ")
    if other:
        what, _, because = first.partition(": ")
        yield what, other.partition(". ")[0], why.partition(". ")[0] or because, _link(basis, ARCHITECTURE, "Overview", "overview")  # fmt: skip


def _stores(basis: Basis) -> Iterator[Row]:
    for row in _rows(basis.document(ARCHITECTURE), "Rejected alternative"):
        other, _, price = row["rejected alternative"].partition(": ")
        why = cut(row.get("chosen because", "").split("; ")[0]) if price else ""
        yield row.get("store", ""), other, "; ".join(filter(None, (why, price))), _link(basis, ARCHITECTURE, "Storage", "storage")  # fmt: skip


def _session(session: Researched) -> Row | None:
    """What a research session recommends, if it weighed something else."""
    others = [each for each in session.options if each != session.option]
    if session.area != "technology" or not others or not session.option:
        return None
    return session.option, lower(others[0]), session.because, f"[{session.topic}]({session.path})"


def _technologies(basis: Basis, known: Sequence[Row]) -> Iterator[Row]:
    """What the technology recommendations chose against something else, without what a research session has already."""
    document = basis.document("06-tech-recommendations.md")
    chosen = {row.get("component", "").casefold(): row for row in _rows(document, "Technology")}
    said = " ".join(row[0].casefold() for row in known)
    for row in _rows(document, "Alternative"):
        named = row.get("component", "")
        mine = chosen.get(named.casefold())
        if mine and row["alternative"] and mine.get("technology", "").casefold() not in said:
            why = next((held for name, held in row.items() if name.startswith(("why", "reason", "because"))), "")
            yield f"{cut(mine.get('technology', ''))} as {cut(named)}", row["alternative"], why or mine.get("rationale", ""), _link(basis, "06-tech-recommendations.md", "Technology")  # fmt: skip


def _risks(basis: Basis, most: int) -> Iterator[str]:
    """The gravest threat, and of the plan's risks those of different kinds: what nobody verified, what nobody answered, the rest."""
    planned = [row for row in _rows(basis.document(PLAN), "Mitigation") if "risk" in row and "impact" in row]
    first = planned[:1]
    open_ = [row for row in planned[1:] if row["risk"].startswith("It is not so")][:1]
    grave = [row for row in _rows(basis.document("07-security-requirements.md"), "Threat") if row.get("risk", "").startswith("high")][:1]  # fmt: skip
    rest = [row for row in planned if row not in (*first, *open_)]
    own = [(row["risk"], row["mitigation"], PLAN, "Risk Assessment") for row in (*first, *open_)]
    own += [(row["threat"], row.get("mitigation", ""), "07-security-requirements.md", "Threats") for row in grave]
    own += [(row["risk"], row["mitigation"], PLAN, "Risk Assessment") for row in rest]
    for risk, done, file, title in own[:RISKS]:
        said = cut(_NOT_SO.sub("Perhaps not so: ", risk.partition(": [")[0]), most + 44)
        yield f"{said}{'' if said.endswith('…') else '.'} Countered: {lower(cut(re.split(r'[:;] ', done)[0], most))} ({_link(basis, file, title)})."


def _cost(basis: Basis) -> Iterator[str]:
    document, tasks = basis.document(PLAN), _tasks(basis)
    days = [row.get("working days", "") for row in _rows(document, "Working days")]
    total = sum(int(each) for each in days if each.isdigit())
    said = document.section("Development Timeline") if document else ""
    longest = re.search(r"(\d{1,5}) along the longest chain", said)
    along = f", {longest[1]} along the longest chain" if longest else ""
    if total:
        yield f"{total} working days of one developer{along}, counted by rule ({_link(basis, PLAN, 'Timeline', 'development-timeline')})."
    elif document:
        yield f"Effort and duration: {_link(basis, PLAN, 'Timeline and Milestones', 'timeline-and-milestones')}."
    if tasks:
        makers, every, along = tasks
        way = f", {along} along the critical path" if along else ""
        yield f"{makers}, each with its critique: time limits for agents of {every} in all{way} ({_link(basis, TASKS, 'task plan')})."
    yield "Left out, as no document has a figure: cloud, licences, running it."


def _tasks(basis: Basis) -> tuple[str, str, str] | None:
    """How many tasks the page of the task plan counts, their time limits together, and those along the critical path (empty if it has none)."""
    document = basis.document(TASKS)
    head = document.text[:20_000] if document else ""
    makers, every = (
        re.search(r"(?m)^- ([\d,]+) makers?,", head),
        re.search(r"(?m)^- All time limits together: ([\w ,]+)", head),
    )
    along = re.search(r"(?m)^- Critical path by time limits[^:\n]*: ([\d,]+ \w+(?: \d+ min)?)", head)
    if not (makers and every):
        return None
    return f"{makers[1]} task{'' if makers[1] == '1' else 's'}", every[1].strip(), along[1] if along else ""


def _asked(basis: Basis, most: int) -> Iterator[str]:
    """What nobody answered at the intake first: it changes most; then where the rest stands."""
    left = [each for each in basis.plan.questions if not each.answered]
    for each in left[:QUESTIONS]:
        yield f"{_question(each.asks, most)} [{each.name}]"
    file = MANIFEST if basis.document(MANIFEST) else ARCHITECTURE
    document = basis.document(file)
    listed = [found[1] for line in (document.section("Open questions") if document else "").split("\n") if (found := _ITEM.match(line))]  # fmt: skip
    asked = [each for each in listed if not each.startswith("None")]
    for one in asked[: max(0, QUESTIONS - len(left))]:
        yield _question(re.split(r" Until answered:| \(\[", one)[0], most)
    more = len(asked) - max(0, QUESTIONS - len(left)) + max(0, len(left) - QUESTIONS)
    if more > 0:
        yield f"{more} more {'stands' if more == 1 else 'stand'} in {_link(basis, file, file, 'open-questions')}."


def _question(said: str, most: int) -> str:
    """The sentence of ``said`` that asks, at most ``most`` characters of it."""
    plain = _MARKS.sub("", re.sub(r"\\([\[\]])", r"\1", said)).strip()
    asks = [each for each in re.split(r"(?<=[?.!])\s+", plain) if each.endswith("?")] or [plain]
    return quote(shorten(plain if len(plain) <= most else asks[-1], most))


def _rows(document: Document | None, column: str) -> Iterator[Mapping[str, str]]:
    """The rows of the first table that has ``column``, each by the lower-case titles of its columns."""
    for each in document.tables if document else ():
        header = [re.sub(r"[`*]", "", cell).strip().casefold() for cell in each.header]
        if column.casefold() in header:
            return (yield from (dict(zip(header, (*row, *[""] * len(header)), strict=False)) for row in each.rows))


def _link(basis: Basis, file: str, shown: str, anchor: str = "") -> str:
    """A document of the plan, which stands in the same folder; empty where it was not written."""
    return f"[{shown}]({file}{f'#{anchor}' if anchor else ''})" if basis.document(file) else ""
