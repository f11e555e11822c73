"""What the operations of an OpenAPI document answer and are sent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .said import Said
from .spec import Operation, Spec

_BODILESS = ("get", "head", "delete")
_EMPTY = ("204", "304")


def answers(spec: Spec) -> Iterator[Said]:
    """Responses: some, one of them a success, none that has to be empty with a body, the codes in quotation marks."""
    bare = 0
    for operation in spec.operations:
        at, responses = (*operation.path, "responses"), operation.value.get("responses")
        if responses is None or responses == {}:
            if spec.version not in ("2.0", "3.0") and responses is None:
                said = f"{operation.name} does not say what it answers"
                yield Said(operation.path, said, 'add responses: {"200": {description: ...}}', "warning")
            elif responses is not None:
                hint = 'add at least one, as "200": {description: ...}'
                yield Said(at, f"{operation.name} has no response", hint)
            continue
        if not isinstance(responses, dict):
            continue
        codes = [str(each) for each in responses if not str(each).startswith("x-")]
        if not any(each[:1] in ("1", "2", "3") or each == "default" for each in codes):
            yield Said(at, f"{operation.name} has no response for success", 'add one, as "200"', "warning")
        for code in codes:
            bare += (*at, code) in spec.tree.bare
            if (*at, code) in spec.tree.bare and bare == 1:
                said = f"the status code {code} is a number; keys are strings"
                yield Said((*at, code), said, f'write "{code}", and so for every status code', "warning")
            yield from _empty(spec, operation, code, responses[code])


def _empty(spec: Spec, operation: Operation, code: str, response: Any) -> Iterator[Said]:
    held, _ = spec.followed(response)
    if code not in _EMPTY or not isinstance(held, dict):
        return
    for key in ("content", "schema"):
        if held.get(key):
            at = (*operation.path, "responses", code, *([key] if held is response else []))
            said = f"{operation.name}: a response {code} has no body, and here it has {key}"
            yield Said(at, said, f'leave {key} out, or answer "200"')


def bodies(spec: Spec) -> Iterator[Said]:
    """Request bodies where they have no meaning (RFC 9110, section 9.3)."""
    for operation in spec.operations:
        if operation.method in _BODILESS and "requestBody" in operation.value:
            said = f"{operation.name} has a request body, which has no meaning for {operation.method.upper()}"
            hint = "take it as query parameters, or use POST"
            yield Said((*operation.path, "requestBody"), said, hint, "warning")
