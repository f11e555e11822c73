"""``requirements/requirements.md``: what the brief asks of one domain, statement by statement, each with its passages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from ...facts import Question
from ...reading import words
from ..diagram import label
from ..draft import Draft
from ..markdown import ASSUMED, cite, fence, listing, quote, shorten, table
from .asked_for import Asked, Register, quality_of, register
from .goals import EVERYBODY, USER, goal, roles, usual
from .ground import Ground
from .introduced import introduced
from .outline import assembled, filled, tabled
from .phrasing import begins_with_a_verb, lower
from .present import ordered
from .statements import GENERAL, worded
from .voice import short

MOST = 8
"""Most people or systems a diagram shows."""
_CONSTRAINTS = (("Technical", "technical"), ("Architecture", "architecture"), ("Operational", "operational"))
_OTHER_SYSTEM = re.compile(r"(?i)^(?:the )?(?:system|application|app|platform|service|server|api)$")


def write(ground: Ground) -> Draft:
    """The draft of ``requirements/requirements.md``."""
    known = register(ground)
    people = stakeholders(ground, known)
    draft = Draft(f"Requirements: {quote(ground.title)}")
    assembled(
        draft,
        ground,
        {
            "overview": lambda: _overview(ground, known, people),
            "stakeholders": lambda: [tabled(ground, "Stakeholders", ("Stakeholder", "Interest", "Source"), people)],
            "system context": lambda: [fence("mermaid", _context(ground, people, known))],
            "functional requirements": lambda: _functional(ground, known),
            "non-functional requirements": lambda: _qualities(ground, known),
            "constraints": lambda: _constraints(ground, known),
            "deferred and out of scope": lambda: _deferred(ground, known),
            "traceability matrix": lambda: [_matrix(ground, known)],
        },
    )
    if known.withdrawn and not any("| Withdrawn |" in part for part in draft.parts):
        draft.add("Withdrawn", _withdrawn(known))
    _assume(ground, known, draft)
    _ask(ground, known, draft)
    draft.decisions = _decisions(ground, known)
    return draft


Holder = tuple[str, str, str]
"""A stakeholder, what it is to them, and the passages that say so: cells of Markdown."""


def stakeholders(ground: Ground, known: Register) -> list[Holder]:
    """Everybody the requirements name as acting, with what they do; other systems they name; who they are when the brief names nobody."""
    reading = ground.plan.reading
    does: dict[str, list[str]] = {}
    cites: dict[str, list[str]] = {}
    for each in known.of("FR"):
        wanted = goal(each.text)
        for name in roles(wanted.who, reading):
            if name in EVERYBODY:
                continue
            does.setdefault(name, []).append(("not: " if wanted.denied else "") + wanted.what)
            cites.setdefault(name, []).extend(each.sources)
    for operation in ground.operations:
        for role in operation.roles:
            does.setdefault(role, [])
            cites.setdefault(role, []).extend(operation.sources)
    rows = [(quote(_title(name)), _interest(does[name]), cite(cites[name], 6)) for name in does]
    named = " ".join(each.text for each in known.asked).lower()
    for other in reading.integrations:
        own = (
            re.match(r"(?i)(?:[\w-]+ ){0,3}building block$", other.name)
            and other.name.split()[0] in worded(reading).products
        )
        if (
            not own
            and other.name.lower() in named
            and not _OTHER_SYSTEM.match(other.name)
            and not any(other.name.lower() == row[0].lower() for row in rows)
        ):
            rows.append(
                (
                    quote(_title(other.name)),
                    f"another system: {quote(shorten(other.meaning, 90)) or 'exchanges data'}",
                    cite(other.sources, 4),
                )
            )
    if any(not interest.startswith("another system") for _, interest, _ in rows) and (
        usual(ground.operations) != USER or any(row[0] == "User" for row in rows)
    ):
        return rows
    if any(not interest.startswith("another system") for _, interest, _ in rows):
        return [*rows, ("User", f"uses the operations that name no role {ASSUMED}", ASSUMED)]
    return [*rows, ("User", f"uses what this domain offers {ASSUMED}", ASSUMED)]


def _title(name: str) -> str:
    return name[:1].upper() + name[1:]


def _interest(does: list[str]) -> str:
    """The first things somebody does, in the brief's words."""
    said = list(dict.fromkeys(re.split(r"\s\(|, | so that | as needed | which | in order ", each)[0] for each in does))
    shown = [
        quote(short(each, 90)[:1].lower() + short(each, 90)[1:]) for each in said[:3] if not each.startswith("use ")
    ]
    return "; ".join(shown) or "uses the operations that name this role"


def _overview(ground: Ground, known: Register, people: list[Holder]) -> Iterator[str]:
    about = re.sub(rf"(?i)^{re.escape(ground.title)}:\s*", "", ground.domain.about).rstrip(".")
    if "…" in about or len(about.split()) < 3 or introduced(about):
        wanted = [ordered(each.text) for each in known.of("FR")]
        goals = dict.fromkeys(short(each, 60) for each in [e for e in wanted if begins_with_a_verb(e)] or wanted)
        about = listing([lower(each) for each in goals], 4)
    counts = Counter(each.kind for each in known.asked)
    passages = {source for each in known.asked for source in each.sources if source.startswith("P")}
    said = [
        f"This document says what the brief asks of **{quote(ground.title)}**: {quote(shorten(about, 300))}.",
        f"It holds {_count(counts['FR'], 'functional requirement')}, {_count(counts['NFR'], 'non-functional requirement')} and "
        f"{_count(counts['CON'], 'constraint')}, from {_count(len(passages), 'passage')} of the brief.",
        f"{'The stakeholder is' if len(people) == 1 else 'The stakeholders are'} {listing([name for name, _, _ in people], 6)}.",
    ]
    kept = [
        quote(" ".join(words.parts(name))) for name in dict.fromkeys(o.entity for o in ground.operations if o.entity)
    ]
    if kept:
        said.append(f"It keeps {listing([words.plural(name) for name in kept], 6)}.")
    yield " ".join(said)
    if others := _neighbours(ground, known):
        yield f"It ends where other domains begin: {listing(others, 8)}."


def _neighbours(ground: Ground, known: Register) -> list[str]:
    """Links to the requirements of the domains whose things these requirements name."""
    text = " ".join(each.text for each in known.asked).lower()
    found = []
    for domain in ground.all:
        one = words.singular(domain.name.split("-")[-1])
        if domain.name != ground.domain.name and re.search(rf"\b{re.escape(one)}", text):
            found.append(f"[{quote(domain.name)}](../../{domain.name}/requirements/requirements.md)")
    return found


def _context(ground: Ground, people: list[Holder], known: Register) -> str:
    """A C4Context diagram; the syntax is https://mermaid.js.org/syntax/c4.html."""
    system = label(f"{ground.title} of {ground.plan.feature}") or "System"
    lines = ["C4Context", f"    title System context of {label(ground.title)}"]
    drawn = []
    for number, (name, interest, _) in enumerate(people[:MOST], start=1):
        outside = interest.startswith("another system")
        shape = "System_Ext" if outside else "Person"
        does = label(re.sub(r"\\|&\w+;|\(assumed\)", " ", interest.split("; ")[0].removeprefix("another system: ")))
        lines.append(f'    {shape}(s{number}, "{label(name) or f"Stakeholder {number}"}")')
        drawn.append(
            f'    Rel(s{number}, domain, "{_short(does) or "uses"}")'
            if not outside
            else f'    Rel(domain, s{number}, "{_short(does) or "exchanges data"}")'
        )
    lines.append(f'    System(domain, "{system}", "{_count(len(known.asked), "requirement")}")')
    return "\n".join([*lines, *drawn])


def _short(text: str) -> str:
    said = short(text, 48)
    return said[:1].lower() + said[1:]


def _functional(ground: Ground, known: Register) -> Iterator[str]:
    groups = dict.fromkeys(each.group for each in known.of("FR"))
    for group in groups:
        rows = [each.cells for each in known.of("FR") if each.group == group]
        title = ground.title if group in (GENERAL, "") and len(groups) == 1 else group or GENERAL
        yield f"### {quote(title)}\n\n" + filled(
            ground, "Functional requirements", ("ID", "Requirement", "Priority", "Source"), rows
        )


def _qualities(ground: Ground, known: Register) -> Iterator[str]:
    rows = [each.cells for each in known.of("NFR")]
    if not rows:
        yield _unstated(ground)
    else:
        yield filled(ground, "Non-functional requirements", ("ID", "Quality", "Requirement", "Measure", "Source"), rows)


def _unstated(ground: Ground) -> str:
    """Why a domain has no quality of its own, and where those of the brief stand."""
    stated = {name for name, kind in ground.classes.items() if kind == "quality"}
    homes = [
        f"[{quote(domain.name)}](../../{domain.name}/requirements/requirements.md)"
        for domain in ground.all
        if domain.name != ground.domain.name and stated & set(domain.passages)
    ]
    if homes:
        return f"None of its own: the qualities that the brief states stand in the requirements of {listing(homes, 8)}."
    return "None: the brief states no quality of this domain, and nothing is proposed where it has no operation."


def _constraints(ground: Ground, known: Register) -> Iterator[str]:
    for title, kind in _CONSTRAINTS:
        rows = [each.cells for each in known.of("CON") if quality_of(each) == kind]
        shown = filled(ground, "Constraints", ("ID", "Constraint", "Source"), rows) if rows else "None stated."
        yield f"### {title}\n\n{shown}"


def _deferred(ground: Ground, known: Register) -> Iterator[str]:
    rows = [
        (f"[{each.passage}]", quote(each.decision), each.reason if "[R" in each.reason else quote(each.reason))
        for each in known.deferred
    ]
    if rows:
        yield tabled(ground, "Deferred and out of scope", ("Passage", "Decision", "Reason"), rows)
    else:
        yield "None: every passage that asks something of this domain is the source of a requirement above."
    if known.withdrawn:
        yield _withdrawn(known)


def _withdrawn(known: Register) -> str:
    return table(("Withdrawn", "Said", "Reason"), known.withdrawn)


def _matrix(ground: Ground, known: Register) -> str:
    reached: dict[str, list[str]] = {}
    for each in known.asked:
        for source in each.sources:
            reached.setdefault(source, []).append(each.id)
    order = sorted(reached, key=lambda name: (name[:1] != "P", int(name[1:])))
    rows = [(f"[{name}]", ", ".join(reached[name])) for name in order]
    return tabled(ground, "Traceability matrix", ("Passage", "Requirements"), rows)


def _assume(ground: Ground, known: Register, draft: Draft) -> None:
    draft.assumptions += [
        f"Left to the implementation: “{quote(shorten(words_, 220))}” [{passage}]" for words_, passage in known.left
    ]
    for each in ground.plan.questions:
        if not each.answered and set(each.passages) & set(ground.domain.passages):
            draft.assumptions.append(f"{quote(each.settled)} [{each.name}]")
    if any(ASSUMED in each.cells.get("measure", "") for each in known.of("NFR")):
        draft.assumptions.append(
            f"Measures marked {ASSUMED} are proposals: the brief asks for the quality and gives no number."
        )
    if any(ASSUMED in each.cells.get("source", "") for each in known.asked):
        draft.assumptions.append(
            f"Requirements whose source is {ASSUMED} follow from no passage and have to be confirmed."
        )


def _ask(ground: Ground, known: Register, draft: Draft) -> None:
    unmeasured = [each for each in known.of("NFR") if ASSUMED in each.cells.get("measure", "")]
    if unmeasured:
        names = ", ".join(each.id for each in unmeasured)
        draft.ask(f"Which measures hold for {names}?", "the proposed ones stand", *_first(unmeasured))
    if not any(passage.id in each.sources for each in known.of("FR") for passage in ground.asking):
        draft.ask(
            f"Is {ground.title} a domain of its own?",
            "it is kept, with what the brief says of it",
            *ground.domain.passages[:4],
        )
    own = {passage.id for passage in ground.asking} | set(ground.domain.passages)
    asked = [q for q in ground.plan.reading.questions if set(q.sources) & own]
    draft.questions += [Question("", q.text, q.assumed, q.sources) for q in asked[:MOST]]


def _first(asked: Iterable[Asked]) -> list[str]:
    return list(dict.fromkeys(source for each in asked for source in each.sources[:1]))[:6]


def _decisions(ground: Ground, known: Register) -> str:
    counts = Counter(each.cells.get("priority", "") for each in known.of("FR"))
    ranked = listing([f"{counts[name]} {name}" for name in ("Must", "Should", "Could") if counts[name]]) or "none"
    return f"The functional requirements of {quote(ground.title)} are ranked {ranked}, in the brief's own words, and their ids stay what they are."


def _count(number: int, thing: str) -> str:
    return (
        f"{number} {thing}"
        if number == 1
        else f"{number} {words.plural(thing.split()[-1]) if ' ' not in thing else thing + 's'}"
    )
