"""The makers of a task plan, written by rule from what is designed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from ..basis import Basis
from ..markdown import listing, shorten
from ..service import levels
from . import across, first, resources, settled
from .held import Held
from .layout import Layout
from .remarked import heard
from .work import Work

PLANNER = "task-planner"
"""Who writes them."""
_KIND = re.compile(r"(?m)^([a-z_]+):\n((?:- .+\n?)+)")


def owed(task: str) -> Mapping[str, tuple[str, ...]]:
    """What has to be delivered, by kind, as the task tells it behind 'What has to be delivered'."""
    listed = task.partition("What has to be delivered, by the names that `delivers` uses:\n")[2]
    return {kind: tuple(line[2:] for line in lines.splitlines()) for kind, lines in _KIND.findall(listed)}


def write(basis: Basis, owed: Mapping[str, tuple[str, ...]]) -> str:
    """The answer to the planner's question as JSON, see ``planning_kit.tasks.sketch``."""
    held = Held(basis, owed)
    made = makers(held)
    made, said = heard(made, basis.remarks)
    summary = " ".join(filter(None, (_summary(held, made), *said)))
    external = [f"{each.name}: {shorten(each.meaning, 120)}" if each.meaning and each.meaning != each.name else each.name for each in held.systems]  # fmt: skip
    sketch = {
        "summary": summary,
        "services": _services(held),
        "external_integrations": external,
        "makers": [each.values() for each in made],
    }
    return json.dumps(sketch, ensure_ascii=False, indent=1)


def makers(held: Held) -> list[Work]:
    """Every maker, each after those it needs."""
    layout = Layout(held.plan, held.language, held.basis.codebase, held.served)
    if not held.calls and not held.tables:
        return _vague(held, layout)
    made = [*first.skeleton(held, layout), *first.pipeline(held, layout), *first.migrations(held, layout), *first.access(held, layout)]  # fmt: skip
    made += across.clients(held, layout)
    made += resources.built(held, layout, [each.key for each in made])
    made += across.jobs(held, layout)
    made += across.erased(held, layout)
    made += resources.tested(held, layout, made)
    made += across.observed(held, layout, [each.key for each in made])
    made += across.closed(held, layout, made)
    made += across.loaded(held, layout, made)
    return _completed(held, layout, made)


def _vague(held: Held, layout: Layout) -> list[Work]:
    """For a brief that names nothing to build: questions first, then what is owed whatever the answers are."""
    made = list(settled.first(held, layout))
    for each in (*across.observed(held, layout, []), *across.closed(held, layout, made)):
        each.after = [made[len(made) - 1].key]
        made.append(each)
    return _completed(held, layout, made)


def _completed(held: Held, layout: Layout, made: list[Work]) -> list[Work]:
    """``made`` with what nobody serves, and with keys in ``after`` that are there."""
    made += settled.left(held, layout, made)
    keys = {each.key for each in made}
    for each in made:
        each.after = [key for key in each.after if key in keys and key != each.key]
    return made


def _summary(held: Held, made: list[Work]) -> str:
    """What is built and in how many tasks, in two sentences."""
    counts = [(len(held.calls), "operation" if held.served else "command"), (len(held.tables), "table"), (len(held.plan.reading.jobs), "job"), (len(held.systems), "outside system")]  # fmt: skip
    named = listing([f"{n} {what}{'s' if n > 1 else ''}" for n, what in counts if n])
    feature = shorten(held.plan.feature, 120)
    if not held.calls and not held.tables:
        return f"{feature}: the brief names no operation and nothing that is kept, so the first {len([w for w in made if w.key.startswith('settle-')])} tasks settle what is built."
    return f"{feature}: a {held.plan.what} with {named}, in {len(made)} tasks, each followed by its critique; resources are built side by side once the tables{' and sign-in' if any(w.key == 'access' for w in made) else ''} stand."  # fmt: skip


def _services(held: Held) -> list[str]:
    """The services of the architecture as ``Name - purpose``; the resources where it names none."""
    rows = [levels.cells(row) for row in levels.rows(held.basis, "Service boundaries")]
    found = [f"{row.get('service', '').strip()} - {shorten(row.get('responsibility', '').strip() or 'see the architecture', 160)}" for row in rows if row.get("service", "").strip()]  # fmt: skip
    return found or [f"{each.said} - {len(each.calls)} operations" for each in held.resources]
