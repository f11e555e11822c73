"""What the codebase has already, beside what the plan adds to it."""

from __future__ import annotations

from ..facts import Operation
from .markdown import cite, code, codes, table
from .plan import Plan
from .schema import Table


def routes(plan: Plan) -> str:
    """The routes that are there, with what each means for this plan; empty without any."""
    if not plan.existing.routes:
        return ""
    planned: dict[str, list[Operation]] = {}
    for operation in plan.operations:
        if found := plan.route(operation):
            planned.setdefault(found.name, []).append(operation)
    rows = [
        (code(r.name), code(r.does) or "not said", _same(planned.get(r.name, [])), code(r.evidence))
        for r in plan.existing.routes
    ]
    return _titled(table(("Route", "Served by", "In this plan", "Evidence"), rows))


def _same(operations: list[Operation]) -> str:
    named = (f"{code(operation.id)} {cite(operation.sources, 2)}" for operation in operations)
    return f"is {', '.join(named)}" if operations else "stays as it is"


def models(plan: Plan) -> str:
    """The models that are there, with what each means for this plan; empty without any."""
    if not plan.existing.models:
        return ""
    planned = {found.name: one for one in plan.tables if (found := plan.model(one))}
    rows = [
        (code(m.name), code(m.table), codes(m.fields) or "not said", _used(plan, planned.get(m.name)), code(m.evidence))
        for m in plan.existing.models
    ]
    return _titled(table(("Model", "Table", "Columns", "In this plan", "Evidence"), rows))


def _used(plan: Plan, one: Table | None) -> str:
    if one is None:
        return "stays as it is"
    new = plan.lacking(one)
    return f"is used; new: {codes(c.name for c in new)}" if new else "is used as it is"


def marked(plan: Plan, operation: Operation) -> str:
    """How the endpoint table marks an operation that is there already; empty for a new one."""
    found = plan.route(operation)
    return f"exists ({code(found.evidence)}), " if found else ""


def noted(plan: Plan, one: Table) -> str:
    """How a table's card marks what is there already; empty for a new table."""
    found = plan.model(one)
    return f"Exists as {code(found.name)} ({code(found.evidence)}). " if found else ""


def _titled(shown: str) -> str:
    return f"### Already in the codebase\n\n{shown}"
