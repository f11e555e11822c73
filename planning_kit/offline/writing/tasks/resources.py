"""A maker for each resource and one for its tests; resources are built side by side, each in files of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..markdown import listing, shorten
from ..service.called import Call
from .criteria import counted, guarded, of_call, sourced, usual, watched
from .first import chunks
from .held import Held, Resource
from .layout import Layout
from .work import BUILD, TEST, Work

MOST = 5
"""The most operations of one maker: what can be built in a day."""


def built(held: Held, layout: Layout, before: list[str]) -> Iterator[Work]:
    """The makers of the resources, and one that registers what the entry file does not find by itself.

    Args:
        held: what is to be built.
        layout: where files lie.
        before: the keys of the makers so far.
    """
    made: list[Work] = []
    taken: set[str] = set()
    for resource in held.resources:
        parts = _parts(resource)
        for at, calls in enumerate(parts):
            work = _resource(held, layout, resource, calls, at, len(parts))
            work.key = _key(work.key, taken)
            work.after = [each for each in _needs(held, resource, calls) if each in before]
            work.after += [made[-1].key] if at else []
            made.append(work)
            yield work
    if made and not layout.finds:
        yield from _registered(held, layout, made)


def _parts(resource: Resource) -> list[tuple[Call, ...]]:
    """Its operations in parts of at most :data:`MOST`, as even as can be."""
    count = -(-len(resource.calls) // MOST)
    size = -(-len(resource.calls) // count)
    return [resource.calls[at : at + size] for at in range(0, len(resource.calls), size)]


def _key(wanted: str, taken: set[str]) -> str:
    key = re.sub(r"[^a-z0-9]+", "-", wanted.lower()).strip("-") or "part"
    name, number = key, 1
    while name in taken:
        number += 1
        name = f"{key}-{number}"
    taken.add(name)
    return name


def _needs(held: Held, resource: Resource, calls: tuple[Call, ...]) -> Iterator[str]:
    """The keys it has to wait for: its tables with those they refer to, the skeleton without any, sign-in where callers show who they are."""
    parts = chunks(held)
    own = {name for name in resource.tables}
    needed = {each.name for each in held.tables if each.name in own} | {n for each in held.tables if each.name in own for n in each.needs}  # fmt: skip
    at = max((number for number, chunk in enumerate(parts, start=1) if needed & {each.name for each in chunk}), default=0)  # fmt: skip
    yield f"tables-{at}" if at else "skeleton"
    if any(each.protected for each in calls):
        yield "access"


def _resource(held: Held, layout: Layout, resource: Resource, calls: tuple[Call, ...], at: int, of: int) -> Work:
    names = [held.name(each) for each in calls]
    does = listing([_verb(each) for each in calls], MOST)
    part = f", part {at + 1} of {of}" if of > 1 else ""
    work = Work(
        f"{resource.name}-{at + 1}" if at else resource.name, f"Build {resource.said}{part}", f"{_upper(does)}.", BUILD
    )
    handlers, pattern = layout.handlers(resource.name)
    work.pattern = pattern
    work.creates, work.modifies = layout.parted([handlers, *([layout.file("service", resource.name)] if not held.basis.codebase else [])])  # fmt: skip
    work.asked.append(f"{'Commands' if not held.served else 'Operations'} as the contract has them: {', '.join(names)}{sourced(s for c in calls for s in c.sources)}.")  # fmt: skip
    for each in _rules(held, calls):
        work.asked.append(each)
    work.critical += list(guarded(held, calls))
    work.critical += [said for each in calls for said in of_call(held, each)]
    work.expected += list(usual(held, calls))
    work.nice.append(f"How long each {'operation' if held.served else 'command'} takes is measured")
    work.look += list(dict.fromkeys(watched(held, calls, resource.tables)))
    work.give("operations", names)
    work.give("requirements", [s for each in calls for s in each.sources])
    work.give(
        "requirements", [s for each in calls for a in each.errors if a.status == 409 for s in held.says(a.meaning)]
    )
    refusals = sum(each.status not in (400, 401, 403, 404, 412, 422, 429, 500, 503) for call in calls for each in call.errors)  # fmt: skip
    work.weight += [
        (0.7 * len(calls), f"{len(calls)} {'operation' if held.served else 'command'}{'s' if len(calls) > 1 else ''}"),
        (0.8 * refusals, f"{refusals} rule{'s' if refusals > 1 else ''} of the brief that refuse{'s' if refusals == 1 else ''} a request"),
        (0.4 * len(resource.tables), f"{len(resource.tables)} table{'s' if len(resource.tables) != 1 else ''}"),
    ]  # fmt: skip
    work.weight = [each for each in work.weight if each[0]]
    return work


def _rules(held: Held, calls: tuple[Call, ...]) -> Iterator[str]:
    """The brief's own words for these operations, with their passages."""
    for name in list(dict.fromkeys(s for each in calls for s in each.sources if s in held.basis.passages))[:6]:
        yield f"“{shorten(held.words(name), 240)}” [{name}]."


def _verb(call: Call) -> str:
    """What an operation does, as it goes on in a sentence."""
    said = (call.summary or call.called).rstrip(".")
    words = re.split(r":\s", said)[0]
    return shorten(words[:1].lower() + words[1:] if words[:2].istitle() else words, 70)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _registered(held: Held, layout: Layout, made: list[Work]) -> Iterator[Work]:
    """The one maker that changes the entry file, after all that are registered in it."""
    new = [each for each in made if each.creates]
    entry, place = _entry(held, layout)
    if not entry or not new:
        return
    what = "routes" if held.served else "commands"
    work = Work(
        f"register-{what}", f"Register the {what}", f"Every {what[:-1]} that was built is reached through {entry}."
    )
    work.after = [each.key for each in new]
    work.creates, work.modifies = layout.parted([entry])
    work.pattern = place
    work.asked.append(f"The only task that changes {entry} for what {len(new)} others built, so that they can be built side by side.")  # fmt: skip
    work.critical += [f"Every one of the {len(held.calls)} {'operations' if held.served else 'commands'} of the contract is reached, and none beside them"]  # fmt: skip
    if any(each.protected for each in held.calls) and held.served:
        work.critical.append("Every operation that needs sign-in answers 401 without it, asked of the running service")
    work.look.append("Two paths of which the first one swallows the second")
    work.weight.append((0.2 * len(new), f"{len(new)} parts in one file"))
    yield work


def _entry(held: Held, layout: Layout) -> tuple[str, str]:
    """The file that handlers are registered in, with a line of it to follow where it is there already."""
    if not held.basis.codebase:
        return layout.file("entry"), ""
    if layout.central:
        return layout.central, next(each.evidence for each in held.plan.existing.routes if each.evidence.startswith(layout.central))  # fmt: skip
    entries = re.search(r"(?m)^Entry points\n((?:- [^\n]*\n)+)", held.basis.codebase)
    places = re.findall(r"\(([\w@./+-]{1,200}\.\w{1,6}):(\d{1,7})\)", entries.group(1) if entries else "")
    found = next(((file, f"{file}:{line}") for file, line in places if file in layout.known and "docker" not in file.lower()), ("", ""))  # fmt: skip
    if found[0]:
        return found
    entry = next((file for file in sorted(layout.known, key=len) if re.search(r"(?i)(?:^|/)(?:main|server|app|index|program|application)\.\w{1,6}$", file)), "")  # fmt: skip
    return entry, f"{entry}:1" if entry else ""


def tested(held: Held, layout: Layout, made: list[Work]) -> Iterator[Work]:
    """The tests of each resource, once all of it is built and registered."""
    last = next((each.key for each in made if each.key.startswith("register-")), "")
    for resource in held.resources:
        names = {held.name(each) for each in resource.calls}
        mine = [each for each in made if names & set(each.delivers["operations"])]
        if not mine:
            continue
        file, pattern = layout.test(resource.name)
        work = Work(f"tests-{mine[0].key}", f"Test {resource.said}", f"Every answer of {listing(sorted(names), 3)} that the contract names, asked of what runs.", TEST)  # fmt: skip
        new = [each for each in mine if each.creates]
        work.after = [last] if last and new else [mine[-1].key]
        work.creates, work.modifies = layout.parted([file])
        work.pattern = pattern
        work.tests = [each for one in mine for each in (*one.creates, *one.modifies)]
        work.kinds = ["unit", "integration", "contract"] if held.served else ["unit", "integration"]
        _expected(held, work, resource, mine)
        yield work


def _expected(held: Held, work: Work, resource: Resource, mine: list[Work]) -> None:
    """What its tests show."""
    calls = resource.calls
    refused = [(each, answer) for each in calls for answer in each.errors if answer.status not in (429, 500, 503)]
    if held.served:
        work.asked.append(f"Each of {counted(len(calls), 'operation')} with each status of the contract: {len(refused)} refusals beside the answers when it works.")  # fmt: skip
    else:
        work.asked.append(f"Each of {counted(len(calls), 'command')} when it works and when it refuses, started as a user starts it.")  # fmt: skip
    ran = "the contract's" if held.served else "the described"
    every = f"Every one of {listing([held.name(each) for each in calls], 3)}" if len(calls) > 1 else held.name(calls[0])
    work.critical += [f"{every} is called, and its answer compared with {ran} one"]
    if any(each.protected for each in calls) and held.served:
        work.critical.append("Every operation is tried without a token (401) and with each role that may not use it (403)")  # fmt: skip
    both = next((each for each in calls if each.answer(409) and each.method == "POST"), None)
    if both and held.served:
        work.critical.append(f"Two callers at the same moment: one of {held.name(both)} succeeds and one gets 409, a hundred times over")  # fmt: skip
    limits = [said for each in held.tables if each.name in resource.tables and each.plan for said in _limits(each.plan.columns)]  # fmt: skip
    work.critical += limits[:3]
    work.expected += [*limits[3:6], "Each test makes its own data and leaves none; the tests pass in any order"]
    work.nice.append("Random bodies that fit the schema of the contract never give 500" if held.served else "Random arguments never give a stack trace")  # fmt: skip
    work.look += ["A test that passes with the operation taken out", "A test that compares with what the code does instead of what the contract says"]  # fmt: skip
    work.give("requirements", [s for each in mine for s in each.delivers["requirements"]])
    work.weight += [(0.4 * len(calls), counted(len(calls), 'operation' if held.served else 'command')), (0.08 * len(refused), f"{counted(len(refused), 'refusal')} to bring about")]  # fmt: skip
    work.weight = [each for each in work.weight if each[0]]


def _limits(columns: object) -> Iterator[str]:
    for each in columns if isinstance(columns, tuple) else ():
        if each.longest:
            yield f"{each.name} is tried with {each.longest} and with {each.longest + 1} characters{sourced(each.sources)}"
        elif each.values:
            yield f"{each.name} is tried with each of its {len(each.values)} values and with another one{sourced(each.sources)}"  # fmt: skip
