"""The files of a Python skeleton that do not hang on one operation: settings, errors, who is calling, the application and its own tests."""

from __future__ import annotations

from collections.abc import Iterator

from ..basis import Basis
from . import contract as contracts
from . import levels, literals
from .contract import Call, Contract

CONFIG = '''# app/config.py
"""Settings, read from the environment once, when the service starts."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field


class SettingMissing(RuntimeError):
    """A setting that the service cannot start without is not there; names it, never its value."""


@dataclass(frozen=True)
class Settings:
    """What may differ between environments.

    Attributes:
{attributes}
    """

{fields}

    @classmethod
    def read(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """The settings of this process.

        Raises:
            SettingMissing: one of those without a default is empty or not there.
        """
        def needed(name: str) -> str:
            if not (value := environ.get(name, "").strip()):
                raise SettingMissing(f"{{name}} is not set")
            return value

        return cls(
{read}
        )
'''
MAIN = '''# app/main.py
"""The application: what it is made of is handed in, so that a test makes it of something else."""

from __future__ import annotations

from fastapi import FastAPI

{imports}


def create_app({given}) -> FastAPI:
    """The service as it runs."""
    app = FastAPI(title={title}, version=settings.version)
{kept}    handle_errors(app)

    @app.get("/health", tags=["operation"])
    def health() -> dict[str, str]:
        """Whether the process answers; asks nothing else, so that a store that is away restarts nothing."""
        return {{"status": "ok"}}

    @app.get("/ready", tags=["operation"])
    def ready() -> dict[str, str]:
        """Whether requests may be sent here.

        Raises:
            Problem: 503 while what it needs is away.
        """
{ready}        return {{"status": "ready"}}

    @app.get("/version", tags=["operation"])
    def version() -> dict[str, str]:
        """Which release answers."""
        return {{"version": settings.version}}

{routed}    return app
'''
START = '''# app/start.py
"""What the server starts: ``uvicorn app.start:app``."""

from app.config import Settings
from app.main import create_app
{imports}
app = create_app({given})
'''
ACCESS = '''# app/access.py
"""Who is calling: the credential is read here and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Protocol

from fastapi import Depends, Request

from app.problems import Problem


@dataclass(frozen=True)
class Caller:
    """Who sent a request: the ``subject`` of the credential and the ``roles`` it names."""

    subject: str
    roles: frozenset[str]


class Verifier(Protocol):
    """Knows whose credential it is."""

    def verify(self, credential: str) -> Caller | None:
        """The caller; nothing when the credential is not valid now."""
        ...


class Nobody:
    """Lets nobody in: what runs until the identity provider is connected."""

    def verify(self, credential: str) -> Caller | None:
        return None


def signed_in(request: Request) -> Caller:
    """The caller of this request.

    Raises:
        Problem: 401 without a valid credential.
    """
    credential = {credential}
    verifier: Verifier = request.app.state.verifier
    caller = verifier.verify(credential) if credential else None
    if caller is None:
        raise Problem(401)
    return caller


SignedIn = Annotated[Caller, Depends(signed_in)]
'''


_ANYWAY = (
    (404, "there is nothing here"), (405, "the path does not have this method"), (500, "something failed that nobody expected"),
    (503, "the service cannot answer at the moment"),
)  # fmt: skip
"""What every service answers, whatever its contract declares."""


def settings(basis: Basis, contract: Contract) -> list[tuple[str, str, str, bool]]:
    """Each setting: its variable, its field, what it is, whether it is a secret; those without a default first."""
    found = []
    if levels.stores(basis):
        found.append(
            (
                "DATABASE_URL",
                "database_url",
                f"where {literals.line(levels.stores(basis)[0][0], 40)} is, with its password",
                True,
            )
        )
    kind = contract.scheme.get("type") if any(each.protected for each in contract.calls) else ""
    if kind in ("openIdConnect", "oauth2", "http"):
        found += [("TOKEN_ISSUER", "token_issuer", "whose tokens are taken", False), ("TOKEN_AUDIENCE", "token_audience", "for whom they have to be", False)]  # fmt: skip
    elif kind:
        found.append(("CREDENTIAL_SALT", "credential_salt", "what stored credentials are hashed with", True))
    return [*found, ("SERVICE_VERSION", "version", "the release, as `/version` says it", False), ("LOG_LEVEL", "log_level", "from which level on lines are logged", False)]  # fmt: skip


def config(basis: Basis, contract: Contract) -> str:
    """The file that reads them."""
    known = settings(basis, contract)
    defaults = {"version": "0.0.0", "log_level": "INFO"}
    fields = []
    for _, name, _, secret in known:
        shown = " = field(repr=False)" if secret else f' = "{defaults[name]}"' if name in defaults else ""
        fields.append(f"    {name}: str{shown}")
    read = [f'            {name}=environ.get("{env}", "{defaults[name]}"),' if name in defaults else f'            {name}=needed("{env}"),' for env, name, _, _ in known]  # fmt: skip
    text = CONFIG.format(
        attributes="\n".join(f"        {name}: {said.replace('`', '')}." for _, name, said, _ in known),
        fields="\n".join(fields), read="\n".join(read),
    )  # fmt: skip
    if not any(secret for *_, secret in known):
        text = text.replace("import dataclass, field", "import dataclass")
    if all(name in defaults for _, name, _, _ in known):
        text = text[: text.index("        def needed")] + text[text.index("        return cls(") :]
        text = text.replace("\n\n        Raises:\n            SettingMissing: one of those without a default is empty or not there.\n        ", "")  # fmt: skip
        start, end = text.index("class SettingMissing"), text.index("@dataclass(frozen=True)")
        text = text[:start] + text[end:]
    return text


def access(contract: Contract) -> str:
    """The file that says who is calling."""
    scheme = contract.scheme
    name = literals.python(str(scheme.get("name") or "Authorization"))
    if scheme.get("type") == "apiKey" and scheme.get("in") in ("header", "cookie", "query"):
        held = {"header": "headers", "cookie": "cookies", "query": "query_params"}[str(scheme["in"])]
        return ACCESS.replace("{credential}", f'request.{held}.get({name}, "")')
    return ACCESS.replace("{credential}", 'request.headers.get("Authorization", "").removeprefix("Bearer ").strip()')


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
