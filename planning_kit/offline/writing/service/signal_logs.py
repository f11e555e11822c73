"""One line of the log: its fields, their schema, an example, and what of the brief's personal data stays out of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ..markdown import ASSUMED, code, codes, fence, listing, table
from . import levels
from .signal_facts import Observed


def _fields(observed: Observed) -> list[tuple[str, dict[str, Any], str, bool]]:
    """Each field of a log line: its name, its schema, what it means, whether it is always there."""
    text: dict[str, Any] = {"type": "string"}
    coded: dict[str, Any] = {"enum": observed.codes} if observed.codes else text
    found: list[tuple[str, dict[str, Any], str, bool]] = [
        ("time", {"type": "string", "format": "date-time"}, "when it happened, in UTC", True),
        ("level", {"enum": ["DEBUG", "INFO", "WARN", "ERROR"]}, "ERROR only for what somebody has to look at", True),
        ("service", text, f"what wrote it: {listing([code(each) for each in _names(observed)])}", True),
        ("version", text, "the commit that runs", True),
        ("environment", text, f"one of {codes(levels.environments(observed.basis))}", True),
        ("message", {"type": "string", "maxLength": 500}, "a fixed sentence; what varies stands in the other fields", True),
        ("trace_id", {"type": "string", "pattern": "^[0-9a-f]{32}$"}, "the trace, as in W3C Trace Context; there whenever a request or job is behind the line", False),
        ("span_id", {"type": "string", "pattern": "^[0-9a-f]{16}$"}, "the span within it", False),
        ("correlation_id", {"type": "string", "maxLength": 64}, "the id the caller knows; the same through messages and jobs", False),
    ]  # fmt: skip
    if observed.contract.calls:
        found += [
            ("operation", text, f"the operationId, such as {code(observed.contract.calls[0].id)}", False),
            ("status", {"type": "integer", "minimum": 100, "maximum": 599}, "the status that was answered", False),
            ("error_code", coded, "the code of the error taxonomy", False),
        ]
    if any(each.protected for each in observed.contract.calls):
        found += [("actor", {"type": "string", "maxLength": 64}, f"the caller's id, hashed with a key of the service {ASSUMED}", False), ("role", text, "the caller's role", False)]  # fmt: skip
    found.append(("duration_ms", {"type": "number", "minimum": 0}, "how long it took", False))
    if observed.worker:
        found.append(("job", text, "the job that ran", False))
    return found


def _names(observed: Observed) -> list[str]:
    return [observed.slug, f"{observed.slug}-worker"] if observed.worker else [observed.slug]


def logs(observed: Observed) -> Iterator[str]:
    """The fields of a log line as a table and as JSON Schema (draft 2020-12), an example that fits it, and what is never logged."""
    fields = _fields(observed)
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "One line of the log",
        "type": "object",
        "additionalProperties": False,
        "required": [name for name, _, _, always in fields if always],
        "properties": {name: one for name, one, _, _ in fields},
    }
    yield f"One JSON object a line on standard output {ASSUMED}."
    yield table(("Field", "Type", "Meaning"), ((code(name), _type(one), meaning) for name, one, meaning, _ in fields))
    yield fence("json", json.dumps(schema, indent=2, ensure_ascii=False))
    yield "A line:"
    yield fence("json", json.dumps(_line(observed), indent=2, ensure_ascii=False))
    out = ["bodies of requests and answers", "tokens, passwords and keys", "query strings", "the text of queries to the store"]  # fmt: skip
    if observed.personal:
        yield f"Never logged: {listing(out)}. Nor the personal data of the architecture: {listing(observed.personal, 12)}; a record is named by its id. The schema allows no further field, and a test feeds each of these through every operation and looks for it in what was written {ASSUMED}."
    else:
        yield f"Never logged: {listing(out)}. The architecture names no personal data; should a field hold some, it is left out of the line and the record is named by its id {ASSUMED}."


def _type(one: dict[str, Any]) -> str:
    kind = one.get("type", "string")
    return f"{kind}, {one['format']}" if "format" in one else f"{kind}, one of {len(one['enum'])}" if "enum" in one else str(kind)  # fmt: skip


def _line(observed: Observed) -> dict[str, Any]:
    """An example of a line that fits the schema."""
    call = observed.contract.calls[0] if observed.contract.calls else None
    said: dict[str, Any] = {
        "time": "2026-01-15T09:00:00.123Z", "level": "INFO", "service": observed.slug, "version": "4f2c9e1",
        "environment": levels.environments(observed.basis)[-1], "message": "request answered" if call else "service started",
        "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736", "span_id": "00f067aa0ba902b7", "correlation_id": "c-7f3a2b19",
    }  # fmt: skip
    if call:
        said |= {"operation": call.id, "status": call.success.status}
    return said | {"duration_ms": 41.7}
