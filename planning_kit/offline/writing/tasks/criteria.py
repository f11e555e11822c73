"""What can be tested about operations and tables, in sentences: statuses with their codes, what a rule of the brief refuses, limits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ..markdown import cite, shorten
from ..schema import Column, Table
from ..service.called import Answer, Call
from .held import Held, Kept

_COMMON = (400, 401, 403, 404, 412, 422, 429, 500, 503)
"""What most operations answer, whatever they are about."""
_STAFF = re.compile(r"(?i)\b(?:(?:super|web)?[- ]?admin\w*|clerks?|officers?|moderators?|curators?|supervisors?|dispatchers?|auditors?|inspectors?|registrars?|receptionists?|librarians?|staff)$")  # fmt: skip
"""Roles whose work is on what belongs to others."""


def sourced(sources: Iterable[str]) -> str:
    """``[P2] [P4]`` with a space before, empty for what no passage says."""
    known = [each for each in sources if re.fullmatch(r"[PQRA]\d+", each)]
    return f" {cite(known)}" if known else ""


def of_call(held: Held, call: Call) -> Iterator[str]:
    """What has to hold of one operation: its answer when it works, and each refusal of its own."""
    name = held.name(call)
    if not held.served:
        yield f"'{call.summary or name}' does what it says, ends with exit status 0, and prints what it did{sourced(call.sources)}"
    else:
        yield f"{name} answers {call.success.status} {_with(call)}{sourced(call.sources)}"
    for each in call.errors:
        if each.status not in _COMMON:
            yield _refused(held, call, each)


def _with(call: Call) -> str:
    if call.success.status == 204 or not call.success.media:
        return "without a body"
    if call.success.status in (200, 203, 206) and call.reads and not call.at("path"):
        return "and a body that fits the contract, an empty result included"
    return "and a body that fits the contract"


def _refused(held: Held, call: Call, answer: Answer) -> str:
    when = shorten(answer.meaning, 140).rstrip(".") or "it cannot be done"
    said = held.says(answer.meaning)[:2]
    if not held.served:
        return f"'{call.summary or call.called}' refuses with a message and another exit status, and changes nothing, when: {when}{sourced(said)}"
    code = f" ({answer.code})" if answer.code else ""
    return f"{held.name(call)} answers {answer.status}{code} and writes nothing when: {when}{sourced(said)}"


def guarded(held: Held, calls: Iterable[Call]) -> Iterator[str]:
    """Who may call, as criteria that are critical."""
    protected = [each for each in calls if each.protected]
    if not held.served or not protected:
        return
    names = _named(held, protected)
    yield f"Without a valid sign-in {names} answer{'s' if len(protected) == 1 else ''} 401"
    barred = [each for each in protected if each.answer(403)]
    by_roles: dict[tuple[str, ...], list[Call]] = {}
    for each in barred:
        by_roles.setdefault(tuple(sorted(each.plan.roles)) if each.plan else (), []).append(each)
    for roles, those in by_roles.items():
        whom = f"; only {' and '.join(roles)} may" if roles else ""
        yield f"A caller whose role may not gets 403 from {_named(held, those)}{whom}"
    of_one = [each for each in protected if each.at("path") and each.answer(404)]
    if mine := [each for each in of_one if not _for_others(each)]:
        yield f"A row of somebody else is answered with 404 by {_named(held, mine)}, as one that is not there"
    if theirs := [each for each in of_one if _for_others(each)]:
        yield f"An id that is not there, or not within the caller's reach, is answered with 404 by {_named(held, theirs)}"


def _for_others(call: Call) -> bool:
    """Whether only people call it whose work is on what belongs to others: a clerk approves what a resident asked for."""
    roles = call.plan.roles if call.plan else ()
    return bool(roles) and all(_STAFF.search(role) for role in roles)


def usual(held: Held, calls: tuple[Call, ...]) -> Iterator[str]:
    """What is expected beside: input, versions, repeated requests, pages."""
    bodies = [each for each in calls if each.body or any(p.place == "query" for p in each.parameters)]
    if bodies and held.served:
        yield f"A missing required field or a value beyond its limit is answered with 400 that names the field ({_named(held, bodies)})"
    elif bodies:
        yield "A missing or wrong argument is refused with a message that names it"
    if versions := [each for each in calls if each.answer(412)]:
        yield f"A change that rests on an old version is answered with 412 ({_named(held, versions)})"
    if keys := [each for each in calls if each.header("Idempotency-Key")]:
        yield f"The same Idempotency-Key gives the same answer and one row; with another body it gives 422 ({_named(held, keys)})"
    paged = [(each, p) for each in calls for p in each.parameters if p.name == "limit" and isinstance(p.schema.get("maximum"), int)]  # fmt: skip
    if paged:
        yield f"No more than {paged[0][1].schema['maximum']} rows are returned at once, whatever limit says ({_named(held, [each for each, _ in paged])})"


def watched(held: Held, calls: tuple[Call, ...], tables: Iterable[str]) -> Iterator[str]:
    """What goes wrong with operations like these, for the critic."""
    for each in calls:
        conflict = each.answer(409)
        if conflict and each.method == "POST" and held.served and "state" not in conflict.meaning:
            yield f"Two calls of {held.name(each)} at the same moment: a check before the write lets both pass; the store itself has to refuse the second ({shorten(conflict.meaning, 100)})"
    if any(each.at("path") and each.protected and not _for_others(each) for each in calls):
        yield "The id in the path is looked up without asking whose it is"
    if any(each.answer(403) for each in calls) and held.served:
        yield "403 is tried with another signed-in role for each operation, not only 401 without a token"
    if any(each.answer(412) for each in calls):
        yield "The version is compared in the statement that writes, not in one before it"
    if any(each.header("Idempotency-Key") for each in calls):
        yield "The key is kept in the same transaction as the row; a crash between the two makes a second row"
    if any(each.reads and not each.at("path") for each in calls):
        yield "A list without a fixed order repeats or loses rows between its pages, and asks once per row for what belongs to it"
    if any(each.method == "DELETE" for each in calls):
        yield "What still refers to a deleted row, and what deleting it a second time does"
    yield from (f"Fields of {', '.join(tables)} that the contract does not name are in no answer" for _ in [0] if any(tables) and held.served)  # fmt: skip
    if not held.served:
        yield "An error ends with exit status 0, or prints a stack trace instead of a sentence"


def of_table(table: Kept) -> Iterator[str]:
    """What the store itself has to refuse for one table."""
    if table.plan is None:
        return
    for each in table.plan.columns:
        if said := _column(table.plan, each):
            yield said


def _column(table: Table, column: Column) -> str:
    name, source = f"{table.name}.{column.name}", sourced(column.sources)
    if column.values:
        return f"{name} takes {', '.join(column.values)} and nothing else{source}"
    if column.longest:
        return f"{name} takes {column.longest} characters and refuses {column.longest + 1}{source}"
    if column.unique and not column.primary:
        return f"A second row with the same {name} is refused by the store{source}"
    if column.least or column.most:
        span = " and ".join(filter(None, (f"at least {column.least}" if column.least else "", f"at most {column.most}" if column.most else "")))  # fmt: skip
        return f"{name} takes {span}, and refuses what is beyond{source}"
    return ""


def counted(number: int, what: str) -> str:
    """``1 operation``, ``3 operations``."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _named(held: Held, calls: Iterable[Call]) -> str:
    names = [held.name(each) for each in calls]
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
