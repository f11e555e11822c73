"""The files of a Python skeleton that do not hang on one operation: settings, errors, who is calling, the application and its own tests."""

from __future__ import annotations

from ..basis import Basis
from . import levels, literals
from .contract import Contract

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
