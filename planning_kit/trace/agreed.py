"""What two domains say differently: a limit with two numbers, somebody who is a person here and a system there, or spelled two ways."""

from __future__ import annotations

from collections.abc import Iterator

from ..checks.agreement import words
from ..checks.fits import close
from ..document import Finding
from .actors import Actor
from .given import place
from .traced import Trace

MOST_COMPARED = 500
"""Of more names than these none is compared with the others."""


def found(trace: Trace) -> Iterator[Finding]:
    """What the domains of ``trace`` do not agree on."""
    domains = {document.name: place(document.name, trace.given.domains) for document in trace.given.documents}
    yield from _limits(trace, domains)
    yield from _actors([each for said in trace.given.said for each in said.actors if domains[each.document]], domains)


def _limits(trace: Trace, domains: dict[str, str]) -> Iterator[Finding]:
    """A limit of the same name and unit that has another number in another domain."""
    first: dict[tuple[str, str, str], tuple[float, str, str, int]] = {}
    for said in trace.given.said:
        name, domain = said.document.name, domains[said.document.name]
        for each, (number, unit) in said.limits if domain else ():
            key = (words.snake(each.text), unit, each.of)
            before = first.setdefault(key, (number, domain, name, each.line))
            if before[0] != number and before[1] != domain:
                message = f"{each.text!r} has another value in '{before[1]}' ({before[2]}:{before[3]})"
                yield _at(name, each.line, "agrees-on-limits", message, "give both the same value, or each a name of its own")  # fmt: skip


def _actors(there: list[Actor], domains: dict[str, str]) -> Iterator[Finding]:
    """Somebody who is of another kind in another domain; a name that is nearly the one more domains use."""
    kinds: dict[str, Actor] = {}
    used: dict[str, dict[str, Actor]] = {}
    for each in there:
        name, domain = words.snake(each.name), domains[each.document]
        used.setdefault(name, {}).setdefault(domain, each)
        before = kinds.setdefault(name, each) if each.kind else each
        if domains[before.document] != domain and words.snake(before.kind) != words.snake(each.kind):
            said = f"{each.name!r} is a {each.kind} here and a {before.kind} in '{domains[before.document]}' ({before.document}:{before.line})"
            yield _at(each.document, each.line, "agrees-on-actors", said, "say the same of both, or call them differently")  # fmt: skip
    shared = [name for name, where in used.items() if len(where) > 1] if len(used) <= MOST_COMPARED else []
    for name, where in used.items():
        near = close(name, shared) if len(where) == 1 else ""
        if near and _is_misspelled(name, near) and not set(where) & set(used[near]):
            each, right = next(iter(where.values())), next(iter(used[near].values()))
            message = (
                f"{each.name!r} is named in '{domains[each.document]}' only; the other domains have {right.name!r}"
            )
            yield _at(each.document, each.line, "agrees-on-actors", message, f"call it {right.name!r}")


def _is_misspelled(one: str, other: str) -> bool:
    """Whether two names are one with two letters more, less or different: ``organiser`` and ``organizer``."""
    if abs(len(one) - len(other)) > 1 or min(len(one), len(other)) < 5:
        return False
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    one, other = one[start:], other[start:]
    end = next(
        (at for at, (a, b) in enumerate(zip(one[::-1], other[::-1], strict=False)) if a != b), min(len(one), len(other))
    )
    return max(len(one), len(other)) - end <= 2


def _at(document: str, line: int, rule: str, message: str, hint: str) -> Finding:
    return Finding(document, line, rule, "planning_kit", "warning", message, hint=hint)
