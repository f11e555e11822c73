"""What everything else stands on: the skeleton, delivery, the tables, who is calling."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..markdown import shorten
from .criteria import counted, guarded, of_call, of_table, sourced
from .held import Held, Kept
from .layout import Layout
from .work import DELIVER, MIGRATE, Work

MOST_TABLES = 6
"""The most tables of one maker."""
_PIPELINES = (
    (".github/workflows/service.yml", r"(?m)\.github/workflows|^on:|actions/checkout"),
    ("azure-pipelines.yml", r"(?m)azure-pipelines|vmImage|^trigger:"),
    (".gitlab-ci.yml", r"\.gitlab-ci|CI_COMMIT"),
)


def skeleton(held: Held, layout: Layout) -> Iterator[Work]:
    """What starts and says that it runs; nothing where a codebase is there already."""
    if held.basis.codebase:
        return
    parts = ("manifest", "entry", "config", "problems") + (("health",) if held.served else ())
    work = Work("skeleton", f"Set up the {held.plan.what} skeleton", f"Everything the rest is put into: start, settings, errors{', health' if held.served else ''}.")  # fmt: skip
    work.creates, _ = layout.parted([*(layout.file(each) for each in parts), layout.file("start")])
    work.asked.append(f"A {held.plan.what} that starts, reads its settings from the environment once, and reports errors in one form.")  # fmt: skip
    work.critical += [
        f"The {held.plan.what} starts with the documented settings and refuses to start when one is missing, naming it and never its value",
        "No secret stands in the repository; each is read from the environment or the platform's secret store",
    ]
    if held.served:
        work.asked.append("It answers its health and readiness checks, and readiness says no while the store cannot be reached.")  # fmt: skip
        work.critical.append("The health check answers 200 while the process runs; the readiness check answers 503 while the store does not answer")  # fmt: skip
        work.expected.append("Every error is a problem detail (RFC 9457) with status, code and trace id, and shows nothing of the inside")  # fmt: skip
        work.look += ["A readiness check that is true before the store answers", "Settings read again on every request"]
    else:
        work.expected += ["Help lists every command with its arguments", "A wrong argument ends with another exit status than a failure"]  # fmt: skip
        work.look += ["A stack trace where a sentence belongs", "Paths that only work in the author's folder"]
    if held.served:
        work.expected.append("Logs are one JSON object a line, with a trace id and without personal data")
    if layout.finds:
        work.asked.append(f"{layout.file('entry')} finds every module beside the others by itself, so that adding one changes no shared file.")  # fmt: skip
        work.critical.append("A new module in the folder of handlers is found without a change to the entry file")
    if not layout.settled:
        work.asked.append("No document names a language: settle it first and record why; the files of all tasks then take its ending.")  # fmt: skip
        work.weight.append((1, "the language is still to be settled"))
    work.give("operations", [held.name(each) for each in held.operational])
    work.critical += [said for each in held.operational for said in of_call(held, each)]
    work.weight.append((2, f"{len(work.creates)} files that all others rest on"))
    yield work


def pipeline(held: Held, layout: Layout) -> Iterator[Work]:
    """Build, tests and delivery on every change."""
    planned = held.basis.document("cicd-pipeline.md")
    if planned is None and held.basis.codebase:
        return
    text = planned.text if planned else ""
    file = next((name for name, looks in _PIPELINES if re.search(looks, text)), "scripts/check.sh")
    files = [file, *(["Dockerfile"] if held.served else [])]
    work = Work("pipeline", "Set up build and delivery", "Every change is built, checked and tested the same way on every machine and before a release.", DELIVER)  # fmt: skip
    work.after = ["skeleton"] if not held.basis.codebase else []
    work.creates, work.modifies = layout.parted(files)
    if work.modifies:
        work.pattern = f"{work.modifies[0]}:1"
    work.asked.append(f"As designed in {planned.name}." if planned else f"One script that builds, checks and tests the {held.plan.what}; the pipeline of any platform runs it.")  # fmt: skip
    work.critical += [f"A change that breaks a test does not pass {file}", "No credential stands in the pipeline's files; each comes from the platform's secret store"]  # fmt: skip
    work.expected += [
        "A build of the same commit gives the same result",
        "Known vulnerable dependencies fail the build",
    ]
    if held.served:
        work.expected.append("The image runs as a user without privileges")
    work.look += ["A step that fails and is reported as passed", "A secret in a log, in an image layer or in a cache"]
    work.weight.append((2, f"{len(files)} files, {'stages as designed' if planned else 'build, checks and tests'}"))
    yield work


def migrations(held: Held, layout: Layout) -> Iterator[Work]:
    """The tables, each after those it refers to; each maker changes the schema after the one before."""
    number, parts = 0, chunks(held)
    for at, chunk in enumerate(parts):
        work = _migration(held, chunk, at, len(parts))
        work.after = [f"tables-{at}"] if at else ["skeleton"] if not held.basis.codebase else []
        files = []
        for each in chunk:
            number += 1
            files.append(layout.migration(number, each.name))
        held_by = [place for each in chunk if (place := layout.model(each.name))]
        mine = [layout.kept(each.name) for each in chunk]
        work.creates, work.modifies = layout.parted([*files, *dict.fromkeys(mine)])
        work.pattern = ", ".join(dict.fromkeys(held_by[:2]))
        yield work


def _migration(held: Held, chunk: tuple[Kept, ...], at: int, of: int) -> Work:
    names = [each.name for each in chunk]
    listed = ", ".join(names)
    there = {each.name: place for each in chunk if each.plan and (model := held.plan.model(each.plan)) and (place := model.evidence)}  # fmt: skip
    new = ", ".join(name for name in names if name not in there)
    title = " and ".join(filter(None, (f"create the tables {new}" if new else "", f"change {', '.join(there)}" if there else "")))  # fmt: skip
    work = Work(f"tables-{at + 1}", title[:1].upper() + title[1:], f"Migrations for {listed}, in the order of what refers to what.", MIGRATE)  # fmt: skip
    if there:
        work.asked.append(f"There already: {', '.join(f'{name} ({place})' for name, place in there.items())}; their migrations add what is missing and keep every row.")  # fmt: skip
        work.critical.append(f"Every row of {', '.join(there)} from before the migrations is there after them, unchanged")  # fmt: skip
    work.asked.append(f"{held.plan.database[0]}: {listed}, with keys, references and constraints as the data model has them.")  # fmt: skip
    work.critical += ["The migrations run on an empty store and on one that has the version before", f"Each of {listed} can be written and read, and a reference to a row that is not there is refused"]  # fmt: skip
    limits = [said for each in chunk for said in of_table(each)]
    work.critical += limits[:6]
    work.expected += [*limits[6:], "Each migration has a way back that was run once", "Every column that a list filters or orders by has an index"]  # fmt: skip
    for resource in held.resources:
        for each in resource.calls:
            conflict = each.answer(409) if each.method == "POST" and set(resource.tables) & set(names) else None
            if conflict and "state" not in conflict.meaning:
                work.critical.append(f"The store itself refuses the second of two rows written at the same moment where: {shorten(conflict.meaning, 140)}{sourced(held.says(conflict.meaning))}")  # fmt: skip
                work.give("requirements", held.says(conflict.meaning))
    secret = [c.name for each in chunk if each.plan for c in each.plan.columns if c.personal]
    if secret and not held.served:
        work.critical.append(f"Personal data ({', '.join(dict.fromkeys(secret))}) may be read only by the account that runs the program")  # fmt: skip
    elif secret:
        work.critical.append(f"Personal data ({', '.join(dict.fromkeys(secret))}) is encrypted at rest, and only the service's own account may read it")  # fmt: skip
    if of > 1:
        work.asked.append(f"Part {at + 1} of {of}{': later tables may refer to these' if at + 1 < of else ''}.")
    refers = sum(len(each.needs) for each in chunk)
    work.look += ["A constraint that only the program keeps", "What a delete does to rows that refer to the deleted one", "A migration that locks a table while it is read"]  # fmt: skip
    work.give("tables", names)
    work.give("requirements", [s for each in chunk if each.plan for s in each.plan.sources])
    if at == 0:
        work.give("requirements", held.plan.database[1])
    if any(re.search(r"(?i)audit|history", name) for name in names):
        kept = [s.source for s in held.plan.reading.statements if re.search(r"(?i)\baudit|\brecorded\b|\btraceab|who (?:made|did|changed)", s.text)]  # fmt: skip
        work.give("requirements", kept)
        work.critical += [f"Entries about what was done can be added and not changed or removed{sourced(kept)}"]
    work.weight += [(0.5 * len(chunk), counted(len(chunk), "table")), (0.2 * refers + 0.2 * len(limits), f"{counted(refers, 'reference')} and {counted(len(limits), 'rule')} the store keeps")]  # fmt: skip
    return work


def access(held: Held, layout: Layout) -> Iterator[Work]:
    """Sign-in and roles, where anybody has to show who they are."""
    if not held.served or not (held.signing or any(each.protected for each in held.calls)):
        return
    ways = [each.name for each in held.plan.reading.signin]
    how = ", ".join(dict.fromkeys(ways)) or "the sign-in of the contract"
    work = Work(
        "access", "Build sign-in and roles", f"Who is calling and what they may do, by {how}, checked in one place."
    )
    work.after = ([] if held.basis.codebase else ["skeleton"]) + ([f"tables-{_accounts(held)}"] if held.signing and held.tables else [])  # fmt: skip
    files = [layout.file("access"), *([layout.handlers("sign_in")[0]] if held.signing else [])]
    work.creates, work.modifies = layout.parted(files)
    work.asked.append(f"Callers prove who they are by {how}{sourced(s for w in held.plan.reading.signin for s in w.sources)}; what is not allowed is denied.")  # fmt: skip
    work.critical += ["A token that is expired, altered, for another audience or by another issuer is refused with 401", "Tokens and passwords are in no log and no error"]  # fmt: skip
    if held.roles:
        work.asked.append(f"Roles: {', '.join(held.roles)}.")
        work.critical.append(f"Each of {', '.join(held.roles)} may do what the table of roles allows and gets 403 for everything else")  # fmt: skip
    work.critical += [said for each in held.signing for said in of_call(held, each)]
    work.critical += list(guarded(held, held.signing))
    if held.signing:
        work.critical.append("More failed sign-ins than the limit allows are answered with 429, whether the account exists or not")  # fmt: skip
        work.look.append("Answer and answer time tell whether an account exists")
    work.expected.append("Keys are fetched from the provider and may change without a restart" if not held.signing else "Passwords are kept only as slow salted hashes")  # fmt: skip
    work.look += ["An operation that forgets to ask: denied has to be what happens when nobody says anything", "Roles read from what the caller sends instead of from the token or the store"]  # fmt: skip
    work.give("operations", [held.name(each) for each in held.signing])
    work.give("requirements", [s for w in held.plan.reading.signin for s in w.sources if s[:1] == "P"] + [s for c in held.signing for s in c.sources if s[:1] == "P"])  # fmt: skip
    work.weight += [(2, shorten(how, 60)), (0.5 * len(held.roles), counted(len(held.roles), "role")), (0.7 * len(held.signing), f"{counted(len(held.signing), 'operation')} to sign in")]  # fmt: skip
    work.weight = [each for each in work.weight if each[0]]
    yield work


def _accounts(held: Held) -> int:
    """The number of the part that makes the last table sign-in rests on: those with a password; the last part where none has one."""
    parts = chunks(held)
    secret = [number for number, chunk in enumerate(parts, start=1) for each in chunk if each.plan and any("password" in c.name for c in each.plan.columns)]  # fmt: skip
    return max(secret, default=len(parts))


def chunks(held: Held) -> list[tuple[Kept, ...]]:
    """The tables of each maker of tables, in order."""
    tables = held.tables
    size = -(-len(tables) // -(-len(tables) // MOST_TABLES)) if tables else 1
    return [tables[at : at + size] for at in range(0, len(tables), size)]
