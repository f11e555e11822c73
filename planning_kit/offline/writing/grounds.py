"""What the technology recommendations rest on: each choice with its source, what was consulted, the newest versions that were looked up."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from . import stack
from .markdown import ASSUMED, bullets, code, quote, shorten, table
from .plan import Plan
from .research import NOT_VERIFIED, Found

UNKNOWN = "open: verify at research"
PROPOSED = "(assumed; not researched)"
_SPOKEN = {"R": "a reviewer's remark", "Q": "answered at the intake", "A": "assumed at the intake", "P": "the brief"}


@dataclass(frozen=True)
class Choice:
    """One component: what is used for it, since when that is fixed, why, and after which passages or files."""

    component: str
    technology: str
    version: str
    rationale: str
    source: str
    alternatives: tuple[tuple[str, str], ...] = ()
    given: bool = False


def _newest(plan: Plan, choice: Choice) -> Found | None:
    return plan.newest(choice.technology.replace(f" {PROPOSED}", ""))


def version(plan: Plan, choice: Choice) -> str:
    """Its version; where none is fixed, the newest one if that was looked up."""
    newest = _newest(plan, choice) if choice.version == UNKNOWN else None
    if newest is None:
        return choice.version
    return f"{'open; the newest is ' if choice.given else ''}{newest.version} [{newest.source}]"


def source(plan: Plan, choice: Choice) -> str:
    """What it rests on: passages, remarks, answers, files, sources; that it is not verified without any."""
    newest = _newest(plan, choice)
    told = choice.source if re.search(r"\[[PRQA]\d+\]|:\d", choice.source) else ""
    if not told and choice.source not in ("", ASSUMED):
        return f"{choice.source}, {NOT_VERIFIED}"
    return " ".join(filter(None, [told or NOT_VERIFIED, f"[{newest.source}]" if newest else ""]))


def research(plan: Plan, sessions: str = "") -> list[str]:
    """What was consulted and what was not, and which versions in use are not the newest.

    Args:
        sessions: links to the research sessions of the run, in a sentence; empty without any.
    """
    consulted = "the brief and the codebase" if plan.stack else "the brief"
    consulted += f", and the research sessions {sessions}" if sessions else ""
    if plan.looked_up:
        cited = " ".join(f"[{known.source}]" for known in plan.looked_up[:12])
        consulted += f", and the package indexes for the newest versions {cited}"
    here = ((use, plan.newest(use.value)) for use in stack.uses(plan.stack) if use.version)
    behind = [
        f"{quote(use.value)} is in use, {known.version} is the newest [{known.source}]" for use, known in here if known
    ]
    return [f"Research date: {plan.today}. Consulted: {consulted}. No web search was done: offline.", bullets(behind),
            f"Every version marked *{UNKNOWN}*, and every proposal marked {PROPOSED}, has to be looked up before it is relied on."]  # fmt: skip


def sources(plan: Plan, sessions: Sequence[str] = ()) -> str:
    """The passages, the places in the codebase and the research ``sessions`` (links) that were consulted, with the date."""
    used = dict.fromkeys(s for n in (*plan.reading.technologies, *plan.reading.integrations) for s in n.sources)
    used.update(dict.fromkeys(q.source for q in plan.reading.quantities))
    rows = []
    for name in sorted(used, key=lambda n: int(re.sub(r"\D", "", n) or 0)):
        passage = plan.reading.by_id.get(name)
        spoken = quote(shorten(passage.plain, 90)) if passage else ""
        words = (
            f"brief, line {passage.line}: {spoken}" if passage and passage.line else f"{_SPOKEN[name[:1]]}: {spoken}"
        )
        rows.append((f"[{name}]", words, plan.today))
    rows += [
        (code(use.evidence or "codebase"), quote(f"{use.topic}: {use.value}"), plan.today)
        for use in stack.uses(plan.stack)
    ]
    rows += [(link, "research session of this plan", plan.today) for link in sessions]
    if not rows:
        return f"The brief as a whole, read {plan.today}; no passage of it names a technology."
    return table(("Source", "What it is", "Accessed"), rows)
