"""The interface of a service design: the plan's OpenAPI document with what running a service adds, and the errors it names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ...facts import Operation, Response
from .. import openapi
from ..markdown import ASSUMED, cite, code, quote, table
from ..naming import distinct
from ..openapi import Contract
from ..plan import Plan
from ..problems import PROBLEM, error_code
from ..values import Schema, ref

KEYED, MATCHED = "IdempotencyKey", "IfMatch"
_PARAMETERS: Schema = {
    KEYED: {
        "name": "Idempotency-Key", "in": "header", "required": False, "schema": {"type": "string", "minLength": 1, "maxLength": 255},
        "description": "A value the client makes once for each thing it wants created; repeated with the same body it creates nothing again.",
    },
    MATCHED: {
        "name": "If-Match", "in": "header", "required": False, "schema": {"type": "string", "maxLength": 255},
        "description": "The ETag of the version the change rests on (RFC 9110, section 13.1.1): its updated_at in quotation marks.",
    },
}  # fmt: skip
_ETAG: Schema = {
    "ETag": {
        "description": "The version of what is returned: its updated_at in quotation marks.",
        "schema": {"type": "string"},
    }
}
_AFTER: Schema = {
    "Retry-After": {"description": "Seconds until a new try makes sense.", "schema": {"type": "integer", "minimum": 1}}
}
_REUSED = "idempotency_key_reused"
_RUNNING = {
    412: ("VersionChanged", "the version the change rests on is not the current one", "version_changed"),
    422: ("KeyReused", "the Idempotency-Key was used with another body", _REUSED),
    429: ("TooManyRequests", "the caller has sent more requests than the rate limit allows", "too_many_requests"),
    500: (
        "InternalError",
        "something failed that nobody expected; the log has it under the trace id",
        "internal_error",
    ),
    503: ("Unavailable", "the service or its store cannot answer at the moment", "unavailable"),
}
"""What running a service adds: status → name of the response, when it comes, code."""
_RETRY = {
    400: "no, the request has to change", 401: "after signing in again", 403: "no", 404: "no", 405: "no", 406: "no", 409: "not before the conflict is gone",
    410: "no", 412: "after reading the current version", 413: "no, the body has to be smaller", 415: "no", 422: "no, the request has to change",
    429: "yes, after `Retry-After`", 500: "once, if repeating is safe", 502: "yes, with growing pauses", 503: "yes, after `Retry-After`",
    504: "yes, if repeating is safe",
}  # fmt: skip


@dataclass(frozen=True)
class Offer:
    """What the service offers.

    Attributes:
        contract: what each operation takes and returns.
        document: the OpenAPI document.
        keyed: ids of the operations that take an Idempotency-Key.
        matched: ids of the operations that take If-Match.
    """

    contract: Contract
    document: Schema
    keyed: tuple[str, ...] = ()
    matched: tuple[str, ...] = ()

    def errors(self) -> Iterator[tuple[Operation, int, str, str]]:
        """Every error of every operation: the operation, its status, when it comes, its code."""
        shared = self.document.get("components", {}).get("responses", {})
        for operation in self.contract.plan.operations:
            told = self.document["paths"][operation.path][operation.method.lower()]["responses"]
            for status, said in told.items():
                if re.fullmatch(r"[45]\d\d", status):
                    held = shared.get(str(said["$ref"]).rpartition("/")[2], {}) if "$ref" in said else said
                    meaning = str(held.get("description", ""))
                    yield operation, int(status), meaning, _code(held, int(status), meaning)


def offer(
    plan: Plan, keys: bool, over: Callable[[Schema], Schema] = lambda document: document, reused: int = 422
) -> Offer:
    """The plan's interface with what running it adds: limits, failures, repeated and concurrent requests.

    What the brief names outright stays as it names it, and so does an interface whose errors have the brief's own form.

    Args:
        keys: whether repeated requests are told by an Idempotency-Key (draft-ietf-httpapi-idempotency-key-header).
        over: puts what is approved already over the document.
        reused: the status of a key that comes again with another body: the draft's 422, unless the brief states one.
    """
    contract, document = openapi.write(plan)
    document = over(document)
    if contract.stated_error or not plan.reading.served:
        return Offer(contract, document)
    own = [o for o in plan.operations if not o.stated]
    keyed = [o for o in own if keys and _creates(o)]
    matched = [o for o in own if o.method in ("PUT", "PATCH") and _versioned(plan, o)]
    added = _Added(contract, document, reused)
    for operation in own:
        added.answers(operation, 429, 500, 503)
        if operation in keyed:
            added.takes(operation, KEYED, reused)
        if operation in matched:
            added.takes(operation, MATCHED, 412)
            added.shows_version(operation.path)
    return Offer(contract, document, tuple(o.id for o in keyed), tuple(o.id for o in matched))


class _Added:
    """An OpenAPI document while it grows; each shared response and parameter is written when it is first needed."""

    def __init__(self, contract: Contract, document: Schema, reused: int) -> None:
        self.contract, self.document = contract, document
        self.running = {(reused if status == 422 else status): said for status, said in _RUNNING.items()}
        self.names: dict[int, str] = {}

    def answers(self, operation: Operation, *statuses: int) -> None:
        responses = self._told(operation)["responses"]
        for status in statuses:
            if str(status) not in responses:
                responses[str(status)] = {"$ref": f"#/components/responses/{self._shared(status)}"}
        ordered = dict(sorted(responses.items()))
        responses.clear()
        responses.update(ordered)

    def takes(self, operation: Operation, parameter: str, status: int) -> None:
        listed = self._told(operation).setdefault("parameters", [])
        reference = {"$ref": f"#/components/parameters/{parameter}"}
        if reference not in listed and not any(_PARAMETERS[parameter]["name"] == each.get("name") for each in listed):
            self._part("parameters").setdefault(parameter, _PARAMETERS[parameter])
            listed.append(reference)
        self.answers(operation, status)

    def shows_version(self, path: str) -> None:
        for method in ("get", "put", "patch"):
            told = self.document["paths"][path].get(method, {})
            if "200" in told.get("responses", {}):
                told["responses"]["200"]["headers"] = _ETAG

    def _told(self, operation: Operation) -> Schema:
        said: Schema = self.document["paths"][operation.path][operation.method.lower()]
        return said

    def _part(self, name: str) -> Schema:
        part: Schema = self.document["components"].setdefault(name, {})
        return part

    def _shared(self, status: int) -> str:
        if status not in self.names:
            wanted, meaning, name = self.running[status]
            self._part("schemas").setdefault(self.contract.error, PROBLEM)
            there = self._part("responses").get(wanted)
            self.names[status] = wanted if there else distinct(wanted, set(self._part("responses")))
            if there:
                return wanted
            example = {"title": meaning[:1].upper() + meaning[1:], "status": status, "code": name}
            content = {self.contract.error_media: {"schema": ref(self.contract.error), "example": example}}
            headers = {"headers": _AFTER} if status in (429, 503) else {}
            self._part("responses")[self.names[status]] = {"description": meaning, **headers, "content": content}
        return self.names[status]


def _creates(operation: Operation) -> bool:
    return operation.method == "POST" and any(r.status == 201 for r in operation.responses)


def _versioned(plan: Plan, operation: Operation) -> bool:
    held = plan.table(operation.entity)
    return operation.path.endswith("}") and bool(held and any(c.name == "updated_at" for c in held.columns))


def _code(held: dict[str, Any], status: int, meaning: str) -> str:
    for media in held.get("content", {}).values():
        said = media.get("example")
        if isinstance(said, dict) and isinstance(said.get("code"), str):
            return str(said["code"])
    return error_code(Response(status, meaning))


def taxonomy(offer: Offer, keys: Sequence[str] = ()) -> list[str]:
    """The form of an error, then every status and code once.

    Args:
        keys: the passages that ask for an Idempotency-Key.
    """
    contract = offer.contract
    found: dict[tuple[int, str], tuple[dict[str, None], dict[str, None], dict[str, None]]] = {}
    for operation, status, meaning, name in offer.errors():
        when, where, sources = found.setdefault((status, name), ({}, {}, {}))
        when[meaning.rstrip(".")] = None
        where[operation.id] = None
        stated = (r.sources for r in operation.responses if r.status == status)
        sources.update(dict.fromkeys(source for each in stated for source in each))
    if not found:
        return ["No operation has an error yet."]
    form = f"{code(contract.error)} as {code(contract.error_media)}"
    if contract.stated_error:
        said = f"Errors are sent as {form}, as the brief words them; the codes below name them in logs and tests {ASSUMED}."
    else:
        said = f"Errors are problem details (RFC 9457), {form}; `code` is an extension member {ASSUMED}."
    most = len(contract.plan.operations)
    rows = [
        (str(status), code(name), _when(when), _retry(status, name), _where(where, most), cite([*sources, *(keys if name == _REUSED else ())]))
        for (status, name), (when, where, sources) in sorted(found.items())
    ]  # fmt: skip
    return [said, table(("Status", "Code", "When", "Retry", "Operations", "Source"), rows)]


def _retry(status: int, name: str) -> str:
    """Whether a caller may try again."""
    return _RETRY[422] if name == _REUSED else _RETRY.get(status, "no" if status < 500 else "if repeating is safe")


def _when(meanings: dict[str, None]) -> str:
    shown = list(meanings)
    things = [found[1] for each in shown if (found := re.fullmatch(r"no such ([\w ]+)", each))]
    if len(things) == len(shown) > 1:
        return f"no such {', '.join(things[:-1])} or {things[-1]}"
    return "; ".join(quote(each) for each in shown[:6])


def _where(names: dict[str, None], most: int) -> str:
    if len(names) == most > 3:
        return f"all {most}"
    return ", ".join(code(name) for name in list(names)[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
