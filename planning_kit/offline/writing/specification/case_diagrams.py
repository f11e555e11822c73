"""The use cases of a domain together: who takes part, and which includes or extends which."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ...reading import words
from ..diagram import label
from ..markdown import fence, listing, quote
from .cases import Case
from .ground import Ground
from .outline import tabled
from .steps import thing

MOST = 40
"""Most use cases one diagram shows."""


@dataclass(frozen=True)
class Shown:
    """A use case as it stands in the document: its ``id``, ``title``, the ``text`` beneath its heading, and what it was made of, if it was made here."""

    id: str
    title: str
    text: str
    case: Case | None = None


def actors(ground: Ground, shown: list[Shown]) -> Iterator[str]:
    """Everybody who takes part, as a table and as a diagram."""
    does: dict[str, list[Shown]] = {}
    for each in shown:
        for actor in each.case.actors if each.case else ():
            does.setdefault(actor, []).append(each)
    cells = [
        (quote(upper(actor)), "person", listing([f"{each.id} {quote(each.title)}" for each in some], 6))
        for actor, some in does.items()
    ]
    others = _systems(ground)
    cells += [(name, "system", "exchanges data with this domain") for name in others]
    yield tabled(ground, "Actors", ("Actor", "Kind", "Does"), cells)
    lines = ["graph LR"]
    for number, (actor, some) in enumerate(does.items(), start=1):
        lines.append(
            f'    a{number}["{label(upper(actor))}"] --> d["{label(ground.title)}: {len(some)} use case{"s" if len(some) > 1 else ""}"]'
            if number == 1 and len(does) == 1
            else f'    a{number}["{label(upper(actor))}"] -->|{len(some)}| d["{label(ground.title)}"]'
        )
    lines += [
        f'    d["{label(ground.title)}"] --> s{number}["{label(name)}"]' for number, name in enumerate(others, start=1)
    ]
    if len(lines) == 1:
        lines.append(f'    d["{label(ground.title)}"]')
    yield fence("mermaid", "\n".join(lines))


def _systems(ground: Ground) -> list[str]:
    """The other systems among the stakeholders."""
    document = ground.documents.get("requirements/requirements.md")
    found = [
        row for one in (document.tables if document else ()) if one.header[:1] == ("Stakeholder",) for row in one.rows
    ]
    return [row[0] for row in found if len(row) > 1 and row[1].startswith("another system")]


def drawn(ground: Ground, shown: list[Shown]) -> str:
    """Actors and use cases, with what includes and what extends what."""
    lines = ["graph TD"]
    actors: dict[str, str] = {}
    for number, each in enumerate(shown[:MOST], start=1):
        lines.append(f'    u{number}(["{label(f"{each.id} {each.title}")}"])')
        for actor in each.case.actors if each.case else ():
            if actor not in actors:
                actors[actor] = f"a{len(actors) + 1}"
                lines.append(f'    {actors[actor]}["{label(upper(actor))}"]')
            lines.append(f"    {actors[actor]} --> u{number}")
    place = {each.id: number for number, each in enumerate(shown[:MOST], start=1)}
    lines += [
        f"    u{place[one]} -. {kind} .-> u{place[other]}"
        for one, kind, other, _ in _relations(shown)
        if one in place and other in place
    ]
    return "\n".join(lines if shown else [*lines, f'    d["{label(ground.title)}"]'])


def _relations(shown: list[Shown]) -> Iterator[tuple[str, str, str, str]]:
    """Use case, include or extend, use case, when: what works on one record includes finding it; what removes or changes it extends what shows it."""
    made = {call.id: each for each in shown if each.case for call in each.case.offered}
    calls = {name: call for each in shown if each.case for call in each.case.offered for name in (call.id,)}
    for name, call in calls.items():
        if not call.path.endswith("}"):
            continue
        near = [
            other
            for other, one in calls.items()
            if one.method == "GET"
            and one.path in (call.path, call.path.rsplit("/", 1)[0])
            and made[other] is not made[name]
        ]
        near.sort(key=lambda other: calls[other].path != call.path)
        if near and call.method in ("PATCH", "PUT", "DELETE"):
            yield (
                made[name].id,
                "extend",
                made[near[0]].id,
                f"the {words.one(thing(call))[-1] if words.one(thing(call)) else 'record'} that is shown is to be {'removed' if call.method == 'DELETE' else 'changed'}",
            )
        elif near:
            yield made[name].id, "include", made[near[0]].id, "the id is not known yet"


def related(ground: Ground, shown: list[Shown]) -> Iterator[str]:
    """Which use case includes or extends which, as a table; that there is none otherwise."""
    found = list(_relations(shown))
    if found:
        yield tabled(ground, "Relationships", ("Use case", "Relation", "Use case", "When"), found)
    else:
        yield "None: no use case includes or extends another."


def upper(text: str) -> str:
    """``text`` with a large first letter."""
    return text[:1].upper() + text[1:]
