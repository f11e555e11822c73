"""Questions about what becomes of what is kept: its states, its deletion, and how long it stays."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..offline.facts import Entity, Field
from ..offline.reading import words
from .proposal_basis import Basis, article, listed, named, several, spoken
from .questions_candidate import Candidate, children, field_words, person_of, public, things, told_of

_ERASED = r"\b(?:ask(?:s|ed)?|request(?:s|ed)?|right) (?:\w+ ){0,8}(?:deletion|erasure|deleted|erased|forgotten)\b|\bits deletion\b|\berase their\b|\bdelete their (?:account|data)\b"
_KEPT = r"\b(?:kept|retained|stored|archived|keep|retain|preserved) (?:\w+ ){0,3}for\b|\bretention\b|\bdeleted? (?:after|\d+ \w+ after|within)\b|\bpurged?\b|\berased? after\b|\bstores? .{0,30} for (?:\d+|one|two|three|five|ten) (?:days|weeks|months|years)\b|\bkeep their data\b"
_DELETING = r"\b(?:cascade|also deleted|deleted too|soft[- ]delet|archiv|deactivat|must (?:also )?(?:be )?delet\w+ (?:all|their|its)|cannot be deleted|hidden instead|if an? .{2,40} is deleted)"
_EVENTS = ("overdue", "expired", "late", "due", "active", "past", "missed", "completed", "ended", "closed")


def states(basis: Basis) -> Iterator[Candidate]:
    """Who sets the states that the brief lists and has nobody set."""
    if basis.tiny:
        return
    for entity in things(basis):
        for state in entity.fields:
            if not re.fullmatch(r"status|state", state.name) or len(state.values) < 3 or _edited(basis, entity):
                continue
            unset = [value for value in state.values[1:] if not _set(basis, state, value)]
            if unset and len(unset) <= 4:
                yield _state(basis, entity, state, unset)
                return


def _edited(basis: Basis, entity: Entity) -> bool:
    """Whether somebody changes the whole of it: 'create, edit and delete tasks'."""
    done = r"(?:edit|update|manage|maintain|modif(?:y|ie)|change the status of|set the status of)s?"
    return bool(re.search(rf"(?i)\b{done}\b(?:[\w,/ -]{{0,60}})\b{named(entity.name).pattern}", basis.text))


def _set(basis: Basis, state: Field, value: str) -> bool:
    """Whether a sentence, apart from the list itself, says something of ``value`` being brought about."""
    stem = words.stem(value.split()[0].lower())
    irregular = {
        "paid": r"pa(?:y|ys|id|yment)",
        "sent": r"se(?:nd|nds|nt)",
        "sold": r"s(?:ell|ells|old)",
        "lost": r"los",
        "done": r"done|finish",
        "written": r"writ\w* off",
    }
    pattern = re.compile(rf"(?i)\b(?:{irregular.get(value.split()[0].lower(), re.escape(stem))})")
    own = set(state.sources)
    rest = [s for p in basis.told for s in words.sentences(p.plain) if not (p.id in own and _lists(s, state))]
    return any(pattern.search(sentence) for sentence in rest)


def _lists(sentence: str, state: Field) -> bool:
    return sum(bool(re.search(rf"(?i)\b{re.escape(value)}\b", sentence)) for value in state.values) > 2


def _state(basis: Basis, entity: Entity, state: Field, unset: list[str]) -> Candidate:
    one, shown = spoken(entity.name), listed(unset, "or")
    beside = told_of(basis, entity).lower()
    roles = [r for o in basis.operations(entity) for r in o.roles] + [p for p in basis.people if p in beside]
    roles += list(basis.people)
    people = [p for p in dict.fromkeys(roles) if not public(p)][:2] or list(dict.fromkeys(roles))[:2]
    options = [f"{article(person)} sets {article(one)} to {shown}." for person in people]
    options.append(f"The system sets {article(one)} to {shown} by itself, from dates and from what was done before.")
    if len(options) < 2:
        options.insert(0, f"Whoever created {article(one)} sets it to {shown}.")
    timed = all(value in _EVENTS for value in unset)
    return Candidate(
        72, "states", f"{article(one)} can be {shown}, and the brief says of nobody that they set that: who does?", state.sources[:2], tuple(options),
        f"{shown} follow from dates that the system knows" if timed else "somebody who was there knows it, the system does not",
        f"which operations {several(one)} have, who may call them and which changes of {state.name} are allowed", len(options) - 1 if timed else 0,
    )  # fmt: skip


def both(basis: Basis) -> Iterator[Candidate]:
    """Records that have to be kept, and persons who may ask for deletion."""
    erased = basis.where(_ERASED, 2)
    long = [
        q
        for q in basis.quantities
        if re.match(r"years?$", q.unit) and re.search(r"\bkept\b|\bretain|\bkeep\b|\barchiv", q.about)
    ]
    if not erased or not long or basis.says(r"anonymi[sz]|pseudonymi[sz]"):
        return
    told = {p.id: p.plain for p in basis.told}
    who = next((p for p in basis.people if re.search(rf"(?i)\b{re.escape(p)}s?\b", told[erased[0]])), "person")
    years = long[0].text
    yield Candidate(
        84, "deletion", f"Records are kept for {years} [{long[0].source}], and {article(who)} may ask for deletion [{erased[0]}]: what is left of {article(who)} who has asked?", (long[0].source, *erased),
        (f"When {article(who)} asks for deletion, name and contact details are erased at once, and the records that have to be kept stay without them.", f"When {article(who)} asks for deletion, everything about them is erased, the records too.",
         f"When {article(who)} asks for deletion, nothing is erased until the records need not be kept any longer."),
        "both sentences of the brief can only hold this way", "which columns can be emptied, what the records refer to, and the erasure procedure of the compliance document",
    )  # fmt: skip


def deleting(basis: Basis) -> Iterator[Candidate]:
    """What becomes of what hangs on a thing that is deleted."""
    if basis.small or basis.says(_DELETING):
        return
    for entity in things(basis):
        gone = next((o for o in basis.operations(entity) if o.method == "DELETE"), None)
        below = children(basis, entity)
        if gone is None or not below:
            continue
        one, many = spoken(entity.name), several(below[0].name)
        who = gone.roles[0] if gone.roles else (basis.people[0] if basis.people else "user")
        yield Candidate(
            66, "deletion", f"{article(who)} deletes {article(one)} that has {many}: what becomes of the {many}?", gone.sources[:2] + below[0].sources[:2],
            (f"{article(one)} that has {many} cannot be deleted; the request is refused.", f"{article(one)} that is deleted is hidden from lists, and its {many} stay.", f"The {many} of {article(one)} are deleted with it."),
            f"{many} say what has happened, and nothing that has happened is lost by mistake", "the foreign keys, the 409 answer and what the lists show",
        )  # fmt: skip
        return


def either(basis: Basis) -> Iterator[Candidate]:
    """Deleted or deactivated, where the brief says both of one thing."""
    for passage in basis.told:
        if not re.search(r"(?i)\bdelet", passage.plain) or not re.search(r"(?i)\bdeactivat", passage.plain):
            continue
        entity = next((e for e in basis.reading.entities if named(e.name).search(passage.plain)), None)
        if entity is None:
            continue
        one, below = spoken(entity.name), children(basis, entity)
        many = f" and its {several(below[0].name)}" if below else ""
        yield Candidate(
            73, "deletion", f"{article(one)} is deleted: is it erased, or only deactivated? The brief says both.", tuple(p.id for p in basis.told if re.search(r"(?i)\bdeactivat", p.plain))[:4],
            (f"{article(one)} that is deleted is deactivated: it can be used for nothing new, and what refers to it stays.", f"{article(one)} that is deleted is erased{many}.",
             f"{article(one)} is deactivated first, and erased a year later by a nightly job."),
            f"what has been done with the {one} can still be read afterwards", f"a column that says since when it is inactive, the foreign keys to {several(one)} and what the lists show",
        )  # fmt: skip
        return


def leaving(basis: Basis) -> Iterator[Candidate]:
    """What becomes of the work of somebody who is registered and never removed."""
    if basis.small:
        return
    for entity in basis.reading.entities:
        person = person_of(basis, entity)
        verbs = {o.id for o in basis.operations(entity)}
        below = [
            e
            for e in children(basis, entity)
            if any(f.type in ("date", "date-time") for f in e.fields) and basis.operations(e)
        ]
        added = next(
            (o for o in basis.operations(entity) if o.method == "POST" and o.roles and o.roles[0] != person), None
        )
        ends = re.compile(
            rf"(?i)\b(?:remove|delete|deactivate|suspend|dismiss|leave)[sd]?\b[^.]{{0,40}}\b{re.escape(person)}s?\b|\b{re.escape(person)}s? (?:who )?leaves?\b"
        )
        if (
            not person
            or public(person)
            or not added
            or not below
            or any(re.match("delete|remove|deactivate|suspend", v) for v in verbs)
            or ends.search(basis.text)
        ):
            continue
        many, who = several(below[0].name), added.roles[0]
        yield Candidate(
            56, "leaving", f"{article(person)} leaves: who removes them, and what becomes of their {many}?", added.sources[:2] + below[0].sources[:1],
            (f"{article(who)} cannot remove {article(person)} who still has {many} to come.", f"{article(who)} removes {article(person)}, and the {many} to come are cancelled.", f"{article(who)} passes the {many} to come to another {person} and then removes the one who leaves."),
            f"no {spoken(below[0].name)} is lost without somebody deciding it", f"the operations on {several(person)}, the foreign key from {many} and whom is told",
        )  # fmt: skip
        return


def retention(basis: Basis) -> Iterator[Candidate]:
    """How long personal data stays, where nothing says so."""
    if basis.small or basis.says(_KEPT):
        return
    best = None
    for entity in basis.reading.entities:
        own = [f for f in entity.fields if f.personal and f.personal != "credential"]
        if len(own) > 1 and person_of(basis, entity) and (best is None or len(own) > len(best[1])):
            best = (entity, own)
    if best is None:
        return
    entity, own = best
    one = spoken(entity.name)
    data = listed([field_words(f).replace("_", " ") for f in own[:3]])
    work = next((several(e.name) for e in children(basis, entity)), "")
    until = f"the last of their {work}" if work else "their last visit"
    yield Candidate(
        62, "deletion", f"How long are {data} of {article(one)} kept after {until}?", tuple(s for f in own[:3] for s in f.sources[:1]) or entity.sources[:2],
        (f"The {data} of {article(one)} are erased two years after {until}.", f"The {data} of {article(one)} are erased 30 days after the {one} has asked for it, and kept until then.", f"The {data} of {article(one)} are kept for ten years after {until}."),
        "the brief names no duty to keep them, and the GDPR (Art. 5 (1) (e)) lets nothing be kept without a purpose", "a job that erases, the columns that can be emptied, and the compliance document",
    )  # fmt: skip


RULES = (states, both, either, deleting, leaving, retention)
