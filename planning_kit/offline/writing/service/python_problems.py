"""The errors of a skeleton: the table of all there are, the one form they are sent in, and the Python file that holds both."""

from __future__ import annotations

from collections.abc import Iterator

from . import contract as contracts
from . import literals
from .contract import Call, Contract

_ANYWAY = (
    (404, "there is nothing here"), (405, "the path does not have this method"), (500, "something failed that nobody expected"),
    (503, "the service cannot answer at the moment"),
)  # fmt: skip
"""What every service answers, whatever its contract declares."""
_PROBLEMS = '''# app/problems.py
"""Errors: one table, one form; a handler raises a problem, and nothing else decides how it is sent."""

from __future__ import annotations

import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

log = logging.getLogger(__name__)
MEDIA = {media}
TAXONOMY: dict[int, tuple[str, str]] = {
{taxonomy}
}
"""Status → code and title, as in the error taxonomy of the architecture."""


class Problem(Exception):
    """Something that is answered with an error.

    Attributes:
        status: one of the taxonomy.
        detail: what the caller may know of it beyond the title; never a value of somebody else.
    """

    def __init__(self, status: int, detail: str = "") -> None:
        super().__init__(f"{status} {detail}".strip())
        self.status, self.detail = status, detail


def declared(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The error responses of an operation, for the document that the service makes of itself."""
    return {each: {"description": TAXONOMY[each][1], "content": {MEDIA: {}}} for each in statuses}


def answer(request: Request, problem: Problem) -> JSONResponse:
    """``problem`` as it is sent."""
    code, title = TAXONOMY.get(problem.status, ("error", "Error"))
    members = {
{body}
    }
    return JSONResponse({name: value for name, value in members.items() if value}, problem.status, media_type=MEDIA)


def handle_errors(app: FastAPI) -> None:
    """Have every error of ``app`` sent in this form."""

    @app.exception_handler(Problem)
    def known(request: Request, problem: Problem) -> JSONResponse:
        return answer(request, problem)

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        places = sorted({".".join(str(part) for part in each["loc"]) for each in error.errors()})
        return answer(request, Problem({invalid}, f"not valid: {', '.join(places)}"))

    @app.exception_handler(HTTPException)
    def refused(request: Request, error: HTTPException) -> JSONResponse:
        return answer(request, Problem(error.status_code))

    @app.exception_handler(Exception)
    def unexpected(request: Request, error: Exception) -> JSONResponse:
        log.exception("%s %s failed", request.method, request.url.path, exc_info=error)
        return answer(request, Problem(500))
'''


def taxonomy(contract: Contract, call: Call | None) -> tuple[dict[int, tuple[str, str]], list[tuple[str, str]]]:
    """Status → code and title of every error of the contract, and the members of an error with what each is filled with."""
    known = {each.status: each for one in reversed(contract.calls) for each in one.errors}
    known |= {each.status: each for each in (call.errors if call else ())}
    refused = call.answer(400, 422) if call else None
    found = {status: (each.code or _code(status), each.meaning or str(status)) for status, each in known.items()}
    for status, said in (*_ANYWAY, (refused.status if refused else 400, "the request breaks a rule of the contract")):
        found.setdefault(status, (_code(status), said))
    titled = {
        status: (name, literals.line(said[:1].upper() + said[1:], 90)) for status, (name, said) in sorted(found.items())
    }
    return titled, list(_form(contract, contract.followed(contract.problem[1])))


def problems(contract: Contract, call: Call | None) -> str:
    """The file with the taxonomy and the one form errors are sent in."""
    refused = call.answer(400, 422) if call else None
    titled, form = taxonomy(contract, call)
    lines = [
        f"    {status}: ({literals.python(name)}, {literals.python(said)})," for status, (name, said) in titled.items()
    ]
    body = "\n".join(f"        {literals.python(name)}: {value}," for name, value in form)
    media = literals.python(contract.problem[0] or "application/problem+json")
    text = _PROBLEMS.replace("{taxonomy}", "\n".join(lines)).replace("{body}", body)
    return text.replace("{media}", media).replace("{invalid}", str(refused.status if refused else 400))


def _code(status: int) -> str:
    known = {400: "invalid_request", 401: "unauthenticated", 403: "forbidden", 404: "not_found", 405: "method_not_allowed", 409: "conflict", 422: "invalid_request", 429: "too_many_requests", 500: "internal_error", 503: "unavailable"}  # fmt: skip
    return known.get(status, f"error_{status}")


def _form(contract: Contract, held: dict[str, object]) -> Iterator[tuple[str, str]]:
    """The members of an error, each with what it is filled with; problem details (RFC 9457) where the contract gives no schema."""
    properties = contracts.properties(held)
    if not properties:
        yield from (("title", "title"), ("status", "problem.status"), ("code", "code"), ("detail", "problem.detail"))
        return
    said = held.get("required")
    required = said if isinstance(said, list) else []
    texts = {"title": "title", "message": "problem.detail or title", "error": "problem.detail or title", "description": "problem.detail or title", "detail": "problem.detail", "code": "code", "instance": "request.url.path"}  # fmt: skip
    spoken = any(name in texts for name in properties)
    for name, each in properties.items():
        schema = contract.followed(each)
        kind = contracts.kind_of(schema)
        if kind in ("integer", "number") and (name in ("status", "statusCode", "status_code") or (name == "code" and kind == "integer")):  # fmt: skip
            yield name, "problem.status"
        elif kind in ("string", "") and name in texts:
            yield name, texts[name]
        elif name in required:
            yield name, "problem.detail or title" if kind == "string" and not spoken else literals.python(contract.value(schema))  # fmt: skip
