"""``workflows/use-cases.md``: what the actors complete, from requirements, stories and the API as they stand now."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ....ids import Thing
from ..diagram import label
from ..draft import Draft
from ..markdown import bullets, fence, listing, quote, shorten, table
from . import api_spec_links as links
from .api_spec_links import USE_CASES
from .api_spec_offered import offered
from .case_diagrams import Shown, actors, drawn, related, upper
from .cases import Case, cases, examples
from .goals import said
from .ground import Ground
from .kept import Withdrawn, calls_the_same, covered, stays, withdrawn_before
from .numbered import Numbers, Wanted, body
from .outline import assembled, tabled
from .present import counted, the
from .scenarios import held, outcome, tests
from .steps import asked_step, branches, occasion_step, run, thing

_CARD = ("Item", "Value")
_PARTS = ("US", "FR", "NFR")
"""The kinds of ids that make a use case what it is."""
_EXPECTS = re.compile(
    r"(?P<before>\| TS-[A-Z0-9]+-\d+ \|[^|]*\|[^|]*\| )it (?:holds that|is refused, because) [^|]* \| (?P<id>[A-Z]+-[A-Z0-9]+-\d+)(?P<after> \|.*)"
)
"""The row of a scenario that says a requirement again."""
_STEP = re.compile(r"(?P<before>\d+\. ).* \((?P<id>[A-Z]+-[A-Z0-9]+-\d+)\)\.")
_CALL = re.compile(r"(?P<before>\s*[AS]->>S: )(?P<id>[A-Z]+-[A-Z0-9]+-\d+) .*")
"""A step, and a message of the diagram, that do the same."""
HELD = 320
"""Most characters of what a scenario expects."""


def write(ground: Ground) -> Draft:
    """The draft of ``workflows/use-cases.md``."""
    draft = Draft(f"Use Cases: {quote(ground.title)}")
    shown, withdrawn = _shown(ground)
    assembled(
        draft,
        ground,
        {
            "overview": lambda: _overview(ground, shown),
            "actors": lambda: actors(ground, shown),
            "use case diagram": lambda: [fence("mermaid", drawn(ground, shown))],
            "relationships": lambda: related(ground, shown),
            "use cases": lambda: _cards(shown, withdrawn),
        },
    )
    if withdrawn and not any("| Withdrawn |" in part for part in draft.parts):
        draft.add("Withdrawn", table(("Withdrawn", "Said", "Reason"), withdrawn))
    draft.assumptions.append(
        "What happens when the store or another system does not answer is assumed: the failure is recorded, and nothing is left half done."
    )
    missing = _missing(ground)
    if missing:
        draft.ask(
            f"Are {listing(missing, 8)} wanted? The stories name them, the API specification does not have them.",
            "the use cases leave them out",
        )
    told = len(ground.things("US"))
    draft.decisions = f"{the(told, 'story')} of {quote(ground.title)} {'is' if told == 1 else 'are'} {counted(len(shown), 'use case')}; every requirement named there is tested by a scenario."
    return draft


def _shown(ground: Ground) -> tuple[list[Shown], list[Withdrawn]]:
    """The use cases with their ids, and what is dropped; one whose stories, requirements and operations are what they were stays as it is."""
    some = cases(ground)
    every = offered(ground)
    numbers = Numbers(ground.code, ground.before)
    past = {each.id: each for each in numbers.before if each.kind == "UC"}
    known = covered(past.values(), *_PARTS)
    wanted = [Wanted(case.title, frozenset(story.id for story in case.stories)) for case in some]
    found: list[Shown] = []
    for name, case in zip(numbers.give("UC", wanted), some, strict=True):
        own = [each.id for each in (*case.stories, *case.requirements)]
        before = past.get(name)
        if (
            before
            and stays(ground, before, own, known, *_PARTS)
            and calls_the_same(ground, before, case.offered, every)
        ):
            found.append(_again(ground, before, case))
        elif before or not set(own) <= known:
            found.append(Shown(name, case.title, _written(ground, case, numbers, name), case))
    withdrawn = withdrawn_before(numbers)
    for each in numbers.dropped("UC", [case.id for case in found]):
        if stays(ground, each, (), known, *_PARTS) and calls_the_same(ground, each, (), every):
            found.append(_again(ground, each, None))
        else:
            gone = ", ".join(sorted(covered([each], "US")))
            withdrawn.append((each.id, each.text, f"its stories ({gone}) are told no more, or in another use case"))
    now = set(re.findall(r"(?m)^\| (TS-[A-Z0-9]+-\d+) \|", "\n".join(each.text for each in found)))
    lost = (each for each in numbers.before if each.kind == "TS" and each.id not in now)
    withdrawn += [(each.id, shorten(each.text, 120), "its scenario is part of no use case any more") for each in lost]
    return sorted(found, key=lambda each: (len(each.id), each.id)), withdrawn


def _again(ground: Ground, before: Thing, case: Case | None) -> Shown:
    """A use case as it was, with the words of the requirements it tests and follows as they are now."""
    asked = {each.id: each for each in (case.functional if case else ())}
    lines = body(ground.before, before).split("\n")
    for number, row in enumerate(lines):
        for pattern in (_EXPECTS, _STEP, _CALL):
            hit = pattern.fullmatch(row)
            if hit and hit["id"] in asked:
                begins = bool(case and not case.wants and not case.offered) and hit["before"] == "1. "
                each = asked[hit["id"]]
                lines[number] = f"1. {occasion_step(ground, each)}" if begins else _renewed(ground, each, pattern, hit)
    return Shown(before.id, before.text, "\n".join(lines), case)


def _renewed(ground: Ground, each: Thing, pattern: re.Pattern[str], hit: re.Match[str]) -> str:
    """A line that says a requirement again, with its words as they are now."""
    if pattern is _EXPECTS:
        return f"{hit['before']}{quote(shorten(held(ground, each), HELD))} | {hit['id']}{hit['after']}"
    text, message = asked_step(ground, each)
    return f"{hit['before']}{text}" if pattern is _STEP else f"{hit['before']}{_message(message)}"


def _written(ground: Ground, case: Case, numbers: Numbers, name: str) -> str:
    """Everything beneath the heading of one use case."""
    ran = run(ground, case)
    steps = "\n".join(f"{number}. {text}" for number, text in enumerate(ran.steps, start=1))
    diagram = [
        "sequenceDiagram",
        f"    actor A as {label(case.actors[0]) or 'Actor'}",
        f"    participant S as {label(ground.title)}",
    ]
    if any("D" in message[:2] for message in ran.messages):
        diagram.append("    participant D as Store")
    diagram += [
        f"    {a}{'-->>' if (a, b) in (('D', 'S'), ('S', 'A')) else '->>'}{b}: {_message(text)}"
        for a, b, text in ran.messages
    ]
    parts = [
        table(_CARD, _card(ground, case)),
        "#### Preconditions", bullets(_before_it(ground, case)),
        "#### Postconditions", _after_it(ground, case),
        "#### Main flow", fence("mermaid", "\n".join(diagram)), steps,
        "#### Alternative flows", tabled(ground, "Use cases", ("Flow", "Branches at", "Condition", "What happens"), branches(case, ran)),
        "#### Test scenarios", _tests(ground, case, numbers, name),
    ]  # fmt: skip
    parts += [fence(lang, text) for call in case.offered for lang, text in examples(ground, call)]
    return "\n\n".join(parts)


def _message(text: str) -> str:
    """A message Mermaid can show: a call as it is, anything else without marks."""
    return (
        text if re.fullmatch(r"[A-Z]+ /[\w{}/.~-]*|\d{3}", text) else re.sub(r"[;#:]", " ", label(text)) or "continue"
    )


def _card(ground: Ground, case: Case) -> Iterator[tuple[str, str]]:
    yield "Actors", ", ".join(quote(upper(actor)) for actor in case.actors)
    yield "Requirements", links.shown(ground, USE_CASES, case.requirements, 99)
    yield "Stories", links.shown(ground, USE_CASES, case.stories, 99)
    yield (
        "Operations",
        ", ".join(links.operation(ground, USE_CASES, each.method, each.path) for each in case.offered)
        or "none: it is no operation of this interface",
    )


def _before_it(ground: Ground, case: Case) -> Iterator[str]:
    if any(call.protected for call in case.offered):
        yield f"The {quote(case.actors[0])} is signed in."
    for one in dict.fromkeys(thing(call) for call in case.offered if "{" in call.path):
        yield f"There is the {quote(one)} that is meant."
    demands = [
        each
        for each in case.rules
        if re.search(
            r"(?i)\bbefore (?:they|it|the|participation)|\bpre-?registered|\bmust have been|\bshall have been",
            said(ground, each),
        )
    ]
    yield from (f"{quote(said(ground, each))} ({each.id})" for each in demands[:4])
    if not demands and not any(call.protected or "{" in call.path for call in case.offered):
        yield "The system is in use."


def _after_it(ground: Ground, case: Case) -> str:
    held = [each.id for each in case.functional]
    asked = (
        f"what {listing(held, 8)} {'asks' if len(held) == 1 else 'ask'} is so" if held else "what was asked for is done"
    )
    answer = "it is recorded"
    if case.offered:
        call = case.offered[0]
        shown = outcome(call)
        answer = f"{quote(shown)}, and the {quote(case.actors[0])} has the answer {call.success}"
    reads = all(call.method == "GET" for call in case.offered) and case.offered
    kept = (
        "nothing that is kept was changed in any case, and nothing is shown"
        if reads
        else "nothing is changed, and nothing is left half done"
    )
    told = f"the {quote(case.actors[0])} is told why" if case.offered else "the cause is recorded"
    return bullets([f"**Success:** {answer}; {asked}.", f"**Failure:** {kept}; {told}."])


def _tests(ground: Ground, case: Case, numbers: Numbers, name: str) -> str:
    some = tests(ground, case)
    wanted = [
        Wanted(f"{quote(given)} {quote(when)} {quote(then)}", frozenset(asked)) for given, when, then, asked in some
    ]
    given_ids = numbers.give("TS", wanted, within=name)
    cells = [
        (ts, quote(given), quote(when), quote(shorten(then, HELD)), ", ".join(asked))
        for ts, (given, when, then, asked) in zip(given_ids, some, strict=True)
    ]
    return tabled(ground, "Use cases", ("ID", "Given", "When", "Then", "Requirements"), cells)


def _overview(ground: Ground, shown: list[Shown]) -> Iterator[str]:
    calls = [each for each in shown if each.case and each.case.offered]
    actors = dict.fromkeys(upper(actor) for each in shown if each.case for actor in each.case.actors)
    spec = f"[API specification]({links.file(USE_CASES, links.SPEC)})"
    many = {
        0: f"None of them calls an operation of the {spec}",
        len(shown): f"{'It calls' if len(shown) == 1 else 'Each of them calls'} an operation of the {spec}",
    }
    said = many.get(
        len(calls),
        f"{len(calls)} of them {'calls' if len(calls) == 1 else 'call'} an operation of the {spec}; the others need none, or the interface has none for them",
    )
    yield (
        f"{upper(listing([quote(actor) for actor in actors], 8)) or 'Nobody'} {'takes' if len(actors) < 2 else 'take'} part in {counted(len(shown), 'use case')} of {quote(ground.title)}. "
        f"{said}. {'It rests' if len(shown) == 1 else 'Each rests'} on the [stories]({links.file(USE_CASES, 'requirements/user-stories.md')}) it names."
    )


def _cards(shown: list[Shown], withdrawn: list[Withdrawn]) -> Iterator[str]:
    if not shown:
        yield "None: there is no story."
    if withdrawn:
        yield table(("Withdrawn", "Said", "Reason"), withdrawn)
    yield from (f"### {each.id}: {each.title}\n\n{each.text}" for each in shown)


def _missing(ground: Ground) -> list[str]:
    """Operations that stories name and the API specification does not have."""
    known = {(each.method, each.path) for each in offered(ground)}
    return [
        f"{method} {path}"
        for method, path in dict.fromkeys(o for story in ground.things("US") for o in story.operations)
        if (method, path) not in known
    ]
