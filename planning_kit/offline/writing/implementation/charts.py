"""The phases as pictures, and how long they take: a flowchart, a Gantt chart, the longest chain."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from ..diagram import label
from ..markdown import fence
from .phases import Phase


def flowchart(phases: Sequence[Phase]) -> str:
    """An arrow from each prerequisite to the phase that needs it; the syntax is https://mermaid.js.org/syntax/flowchart.html."""
    lines = ["flowchart LR", *(f'    p{each.number}["{each.titled}"]' for each in phases)]
    lines += [f"    p{need} --> p{each.number}" for each in phases for need in each.needs]
    return fence("mermaid", "\n".join(lines))


def gantt(phases: Sequence[Phase], title: str, today: str) -> str:
    """Each phase after those it needs, in working days; the syntax is https://mermaid.js.org/syntax/gantt.html."""
    lines = ["gantt", f"    title {label(title) or 'Plan'}", "    dateFormat YYYY-MM-DD", "    excludes weekends"]
    for each in phases:
        after = f"after {' '.join(f'p{need}' for need in each.needs)}" if each.needs else begins(today)
        lines += [f"    section Phase {each.number}", f"    {each.name} :p{each.number}, {after}, {each.days}d"]
    return fence("mermaid", "\n".join(lines))


def begins(today: str) -> str:
    """The first Monday after ``today`` (ISO 8601), as ISO 8601."""
    day = date.fromisoformat(today)
    return (day + timedelta(days=7 - day.weekday())).isoformat()


def chain(phases: Sequence[Phase]) -> tuple[int, tuple[int, ...]]:
    """The working days of the longest chain of phases that wait for each other, and their numbers."""
    longest: dict[int, tuple[int, tuple[int, ...]]] = {}
    for each in phases:
        before = max((longest[need] for need in each.needs), default=(0, ()))
        longest[each.number] = (before[0] + each.days, (*before[1], each.number))
    return max(longest.values(), default=(0, ()))
