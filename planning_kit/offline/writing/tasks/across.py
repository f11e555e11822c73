"""What spans the resources: systems of others, work without a caller, measurement, threats, load, what nothing answers yet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ...facts import Named
from ..markdown import listing, shorten
from ..service import levels
from .criteria import counted, sourced
from .first import chunks
from .held import Held, Risk
from .layout import Layout
from .work import OBSERVE, TEST, Work

MOST_JOBS, MOST_RISKS = 5, 6
"""The most jobs, and the most threats, of one maker."""
_KEEPS = re.compile(r"(?i)outbox|inbox|queue|dead")
_CALLS_BACK = re.compile(r"(?i)\bweb-?hooks?\b|\bcall-?backs?\b|\bcalls? (?:us|the (?:system|service)) back\b")


def clients(held: Held, layout: Layout) -> Iterator[Work]:
    """One for each system of others."""
    for at, each in enumerate(held.systems, start=1):
        work = Work(f"client-{at}", f"Connect {each.name}", f"The one place that speaks to {each.name}.")
        work.after = [] if held.basis.codebase else ["skeleton"]
        work.creates, work.modifies = layout.parted([layout.file("client", each.name)])
        said = [held.words(name) for name in each.sources if name in held.basis.passages]
        work.asked += [f"“{shorten(each.meaning or each.name, 200)}”{sourced(each.sources)}.", "Only the fields it needs are sent."]  # fmt: skip
        if back := next(
            (one for one in said if _CALLS_BACK.search(one) and each.name.casefold() in one.casefold()), ""
        ):
            work.asked.append(f"It calls back: “{shorten(back, 240)}”.")
            work.critical.append(f"What {each.name} calls back with is acted on only once its signature and age are checked, and the same event twice does nothing twice")  # fmt: skip
            work.look.append("The signature is checked on what was parsed instead of on the bytes as they came")
        work.critical += [f"With {each.name} out of reach, slow or answering nonsense, no caller's request waits longer than its time limit, and nothing is lost", f"The credentials for {each.name} come from the secret store and are in no log"]  # fmt: skip
        work.expected += ["A call that is tried again does nothing twice", f"A stand-in for {each.name} answers in tests as it does, errors included"]  # fmt: skip
        work.nice.append("Calls, failures and answer times are counted")
        work.look += ["No time limit, or one longer than the caller's", "Tried again at once and for ever", "Personal data in what is sent, beyond what is needed"]  # fmt: skip
        work.give("requirements", each.sources)
        work.weight += [(3, f"a system of somebody else ({each.name}) that fails by itself")]
        yield work


def jobs(held: Held, layout: Layout) -> Iterator[Work]:
    """What runs without a caller."""
    every = held.plan.reading.jobs
    size = -(-len(every) // -(-len(every) // MOST_JOBS)) if every else 1
    for at in range(0, len(every), size):
        mine = every[at : at + size]
        number = at // size + 1
        of = f", part {number} of {-(-len(every) // size)}" if len(every) > size else ""
        work = Work(f"jobs-{number}", f"Build the background work{of}", f"{_listed(mine)}.")
        work.after = [f"tables-{len(chunks(held))}"] if held.tables else [] if held.basis.codebase else ["skeleton"]
        spoken = " ".join((*(j.name for j in mine), *(j.meaning for j in mine))).casefold()
        work.after += [f"client-{n}" for n, each in enumerate(held.systems, start=1) if _speaks_of(spoken, each.name)]
        name = "due_work" if len(every) <= size else f"due_work_{number}"
        work.creates, work.modifies = layout.parted([layout.file("job", name)])
        work.asked += [f"“{shorten(each.meaning or each.name, 240)}”{sourced(each.sources)}." for each in mine]
        how = levels.needed(held.basis, "Reliability", "outbox") or levels.needed(held.basis, "Reliability", "inbox|idempot")  # fmt: skip
        if how:
            work.asked.append(f"As the architecture has it: {shorten(levels.cells({'how': how})['how'], 240)}.")
        if extra := _unmade(held):
            work.asked.append(f"It keeps what is due in {extra} of the architecture; its migration is part of this task.")  # fmt: skip
            new, _ = layout.parted([layout.migration(len(held.tables) + number, "due_work")] if number == 1 else [])
            work.creates += new
        work.critical += ["A second start of the same work does nothing twice", "Work that fails is tried again with growing pauses, and what fails for good is seen by somebody"]  # fmt: skip
        work.critical += [f"{_upper(shorten(each.name, 120))}: done when it is due, shown with a clock that the test sets{sourced(each.sources)}" for each in mine[:4]]  # fmt: skip
        work.expected += ["Stopped in the middle and started again it goes on where it was", "Each run is counted with how long it took and how it ended"]  # fmt: skip
        work.look += ["Two workers that take the same row", "Due times compared in two time zones", "A failure that stops everything behind it"]  # fmt: skip
        work.give("requirements", [s for each in mine for s in each.sources])
        work.weight += [
            (1.2 * len(mine), f"{len(mine)} job{'s' if len(mine) > 1 else ''}"),
            (1.5, "everything has to bear a second start"),
        ]
        yield work


def _speaks_of(spoken: str, system: str) -> bool:
    """Whether ``spoken``, in lower case, is about ``system``, by its name without the word for what it is: an e-mail provider by 'email'."""
    bare = re.sub(
        r"\s+(?:provider|service|gateway|system|server|platform|api)s?$",
        "",
        system.casefold().replace("e-mail", "email"),
    )
    return bool(re.search(rf"(?<!\w){re.escape(bare)}s?(?!\w)", spoken.replace("e-mail", "email")))


def _unmade(held: Held) -> str:
    """The table that keeps what is due, where the architecture draws one and the data model does not make it."""
    made = {each.name for each in held.tables}
    return next((name for name in held.drawn if _KEEPS.search(name) and name not in made), "") if made else ""


def observed(held: Held, layout: Layout, before: list[str]) -> Iterator[Work]:
    """What measures the service levels."""
    if not held.levels:
        return
    planned = held.basis.document("observability-plan.md")
    work = Work("signals", "Measure the service levels", "What is promised is measured, and somebody is told before it is missed.", OBSERVE)  # fmt: skip
    work.after = [each for each in (["skeleton"] if not held.basis.codebase else []) + [b for b in before if b.startswith("jobs-")]]  # fmt: skip
    work.creates, work.modifies = layout.parted([layout.file("telemetry"), "ops/alerts.yaml"])
    work.asked.append(f"As designed in {planned.name}: " if planned else "Each level of the architecture: ")
    work.asked[-1] += "; ".join(held.levels) + "."
    work.critical += [f"Measured from what the {held.plan.what} did: {each}" for each in held.levels]
    work.critical.append("No personal data, no token and no id of a person is in a log line, a label or a span")
    work.expected += ["An alert fires in a test that spends the error budget faster than it lasts, and is silent otherwise", "A log line, a metric and a trace of one request can be found by its trace id"]  # fmt: skip
    work.look += [
        "Labels with unlimited values",
        "Health checks counted as answers",
        "An average where a percentile is promised",
    ]
    work.give("service_levels", held.levels)
    work.weight += [
        (1, "measures every operation"),
        (0.6 * len(held.levels), counted(len(held.levels), "service level")),
    ]
    yield work


def erased(held: Held, layout: Layout) -> Iterator[Work]:
    """A copy and the erasure of what is kept about a person, where the brief asks for it and no operation does it."""
    asks = [s.source for s in held.plan.reading.statements if re.search(r"(?i)\b(?:eras|delet|remov)\w*.{0,60}\b(?:data|record|account)s?\b|\b(?:data|account)\b.{0,40}\bdelet|right to|copy of (?:their|his|her) data", s.text)]  # fmt: skip
    personal = sorted({f"{t.name}.{c.name}" for t in held.plan.tables for c in t.columns if c.personal})
    asks = [each for each in dict.fromkeys(asks) if each in held.asking and not any(each in call.sources for call in held.calls)]  # fmt: skip
    if not asks or not personal or not held.tables:
        return
    work = Work("personal-data", "Hand out and erase what is kept about a person", f"One task of an operator each: {counted(len(personal), 'personal field')}, backups and logs included.")  # fmt: skip
    work.after = [f"tables-{len(chunks(held))}"]
    work.creates, work.modifies = layout.parted([layout.file("job", "personal_data"), "docs/personal-data.md"])
    work.asked += [f"“{shorten(held.words(each), 240)}” [{each}]." for each in asks[:4]]
    work.critical += [f"A copy holds {', '.join(personal[:6])}{' and what else is kept about the person' if len(personal) > 6 else ''}, and nothing about anybody else", "After an erasure no row, log line or search result leads to the person; what has to be kept by law stays without name and contact", "Only the operator's role may start either, and each use is recorded"]  # fmt: skip
    work.expected.append("Erased people do not come back when a backup is restored")
    work.look += ["Rows that refer to the person and are forgotten", "Personal data in free text"]
    work.give("requirements", asks)
    work.weight += [(0.2 * len(personal), counted(len(personal), "personal field")), (1, "cannot be taken back")]
    yield work


def closed(held: Held, layout: Layout, made: list[Work]) -> Iterator[Work]:
    """Each threat goes to the maker whose work it is about; what is nobody's own gets makers of its own."""
    left = [risk for risk in held.risks if not _given(held, risk, made)]
    size = -(-len(left) // -(-len(left) // MOST_RISKS)) if left else 1
    for at in range(0, len(left), size):
        mine, number = left[at : at + size], at // size + 1
        name = "hardening" if len(left) <= size else f"hardening-{number}"
        work = Work(name, f"Close what threatens the whole{f', part {number}' if len(left) > size else ''}", "Threats that no single part can close.")  # fmt: skip
        work.after = [each.key for each in made if each.delivers["operations"] and each.creates] or [each.key for each in made[-1:]]  # fmt: skip
        work.after += [f"hardening-{number - 1}"] if number > 1 else []
        work.creates, work.modifies = layout.parted([layout.file("service" if not held.basis.codebase else "access", name), layout.file("test", name)])  # fmt: skip
        for risk in mine:
            _mitigated(work, risk)
        work.look += [
            "A measure that is there and switched off by default",
            "An attack that is tried at one operation only",
        ]
        work.weight += [(0.9 * len(mine), counted(len(mine), "threat")), (1, "touches every resource")]
        yield work


def _given(held: Held, risk: Risk, made: list[Work]) -> bool:
    """Whether the one maker that ``risk`` is about took it."""
    about = f"{risk.element} {risk.threat}".replace("`", "")
    owners = [each for each in made if any(name in about for name in each.delivers["operations"])]
    if not owners and (asks := re.search(r"(?i)\brole\b|\btoken\b|sign(?:ed)?[- ]?in|password", about)):
        owners = [each for each in made if each.key == "access" and asks]
    if len(owners) > 1 and re.search(r"(?i)another role|reserved for", about):
        owners = [each for each in made if each.key == "access"] or owners
    if not owners and re.match(r"(?i)\W*jobs?\b", risk.element):
        owners = [each for each in made if each.key.startswith("jobs-")][:1]
    owners = owners or [e for e in made if e.key.startswith("client-") and e.name.removeprefix("Connect ") in about]
    if not owners and (table := re.match(r"(?i)\W*table[s]? `?(\w+)`?", risk.element)):
        owners = [each for each in made if table[1] in each.delivers["tables"]]
    if len(owners) != 1:
        return False
    _mitigated(owners[0], risk)
    return True


def _mitigated(work: Work, risk: Risk) -> None:
    measure = re.sub(r"\s*\(assumed\)|`", "", risk.mitigation).rstrip(". ")
    work.critical.append(f"{shorten(risk.threat.replace('`', ''), 160)}: closed by '{shorten(measure, 180)}', and a test tries it")  # fmt: skip
    work.asked.append(f"Against “{shorten(risk.threat.replace('`', ''), 120)}”: {shorten(measure, 160)}.")
    work.give("mitigations", [risk.name])


def loaded(held: Held, layout: Layout, made: list[Work]) -> Iterator[Work]:
    """Load against the levels and figures that can be missed under it."""
    timed = [each for each in held.levels if re.search(r"(?i)\d\s*m?s\b|second|millisecond", each)]
    figures = [q for q in held.plan.reading.quantities if re.search(r"(?i)request|second|\bms\b|concurrent|users?\b|%", q.text)]  # fmt: skip
    if not held.calls or not (timed or figures):
        return
    work = Work("load", "Test under load" if held.served else "Test its speed", "What is promised of speed holds under the load that is named.", TEST)  # fmt: skip
    work.after = [each.key for each in made if each.key.startswith("register-")] or [e.key for e in made if e.delivers["operations"]]  # fmt: skip
    work.after += [each.key for each in made if each.key == "signals"]
    file, work.pattern = layout.test("load")
    work.creates, work.modifies = layout.parted([file])
    work.tests = [file for each in made if each.delivers["operations"] for file in each.creates]
    work.kinds = ["load"]
    said = list(
        dict.fromkeys(f"“{shorten(held.words(q.source) or q.about, 200)}”{sourced([q.source])}" for q in figures)
    )[:6]
    work.asked.append("; ".join([*said, *timed]) + ".")
    work.critical += [f"Holds for an hour under the named load, as measured from outside: {each}" for each in timed] or ["Each figure of the brief holds, measured from outside, and the measurement is kept with its settings"]  # fmt: skip
    work.expected += ["Twice the named load is refused in order (429 or 503), and the service recovers by itself" if held.served else "Ten times the usual input ends in order", "The data has the size that is expected after a year"]  # fmt: skip
    work.look += ["A load that comes from one caller and meets the rate limit", "Only the mean is looked at", "An empty store"]  # fmt: skip
    work.give("service_levels", timed)
    work.give("requirements", [q.source for q in figures])
    work.weight += [
        (1.5, "data and load that resemble a year of use"),
        (0.5 * len(timed), counted(len(timed), "service level")),
    ]
    work.weight = [each for each in work.weight if each[0]]
    yield work


def _listed(mine: Iterable[Named]) -> str:
    return _upper(listing([shorten(each.name, 60) for each in mine], 3))


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
