"""The Python skeleton: a FastAPI service that starts, with one operation of the contract and its tests."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .. import stack
from ..basis import Basis
from ..draft import Draft
from ..markdown import ASSUMED, bullets, cite, code, codes, fence, quote, table
from . import contract as contracts
from . import levels, literals, python_endpoint, python_files, python_models, python_problems, python_store
from .contract import Contract
from .python_endpoint import Shown

_PACKAGES = "fastapi>=0.115", "pydantic>=2.7", "uvicorn>=0.30"
_CONFTEST = '''# tests/conftest.py
"""The application with a store in memory, and callers that are known."""

import pytest
from fastapi.testclient import TestClient

{imports}


@pytest.fixture
def client() -> TestClient:
    settings = Settings(
        {settings},
    )
    return TestClient(create_app({given}), raise_server_exceptions=False)
'''
_SERVICE = '''# tests/test_service.py
"""What the service answers beside its operations."""

from fastapi.testclient import TestClient


def test_health_answers_without_asking_anything(client: TestClient) -> None:
    assert client.get("/health").json() == {"status": "ok"}


def test_ready_answers_when_what_it_needs_is_there(client: TestClient) -> None:
    assert client.get("/ready").status_code == 200


def test_version_says_the_release(client: TestClient) -> None:
    assert client.get("/version").json() == {"version": "1.2.3"}


def test_a_path_that_is_not_there_is_a_problem(client: TestClient) -> None:
    response = client.get("/nothing/is/here")
    assert response.status_code == 404
    assert response.headers["content-type"].startswith({media})
'''


def write(basis: Basis) -> Draft:
    """The document."""
    contract = contracts.contract(basis)
    call = contract.lead
    shown = Shown.of(contract, call) if call else None
    draft = Draft(f"Python Sample Implementation: {quote(basis.plan.feature)}")
    draft.add("Overview", *_overview(basis, contract, shown))
    draft.add("Folder layout", fence("text", _layout(shown)), "The project's file:", fence("toml", _project(basis)))
    draft.add("Configuration", _settings(basis, contract), fence("python", python_files.config(basis, contract)))
    parts = [fence("python", main(basis, shown)), fence("python", start(shown))]
    draft.add("Application", *parts, *([fence("python", python_files.access(contract))] if _guarded(shown) else []))
    draft.add("Endpoints", *_endpoints(shown))
    draft.add("Error handling", "A handler raises `Problem` with a status of the taxonomy; what FastAPI raises by itself is turned into the same form.", fence("python", python_problems.problems(contract, call)))  # fmt: skip
    draft.add("Conventions", _conventions())
    draft.add("Tests", "Run with `pytest`; they follow the contract tests of the test specifications, without a network.", *_tests(basis, contract, shown))  # fmt: skip
    _close(basis, contract, shown, draft)
    return draft


def _guarded(shown: Shown | None) -> bool:
    return bool(shown and shown.call.protected)


def _overview(basis: Basis, contract: Contract, shown: Shown | None) -> Iterator[str]:
    if shown is None:
        yield "The OpenAPI document has no operation yet: the skeleton starts, answers health, readiness and version, and has a place for the first operation."
        return
    others = len(contract.calls) - 1
    yield f"A FastAPI service that starts and shows one operation from end to end, {code(shown.call.called)} {cite(shown.call.sources)}, with its models, statuses and errors as the OpenAPI document has them. The other {others if others > 1 else ''} {'operations follow' if others > 1 else 'one follows'} its pattern.".replace("  ", " ") if others else f"A FastAPI service that starts and shows its one operation, {code(shown.call.called)} {cite(shown.call.sources)}."  # fmt: skip
    kept = levels.stores(basis)
    left = [
        f"the adapter for {quote(kept[0][0])}: `InMemory` stands in for it behind `Store`" if kept else "",
        "the check of tokens: `Nobody` lets nobody in until the identity provider is connected" if shown.call.protected else "",
        f"{codes(each for each in ('Idempotency-Key', 'If-Match') if shown.call.header(each))} is taken and not yet acted on" if any(shown.call.header(each) for each in ("Idempotency-Key", "If-Match")) else "",
        "the rate limit (429) belongs to the gateway" + f" {ASSUMED}" if shown.call.answer(429) else "",
    ]  # fmt: skip
    found = [each for each in left if each]
    if found:
        yield "Left out, each at one place in the code:"
        yield bullets(found)


def _layout(shown: Shown | None) -> str:
    lines = ["pyproject.toml", "app/", "  __init__.py   empty", "  config.py     settings from the environment", "  start.py      what the server starts", "  main.py       health, readiness, version, and what is put together"]  # fmt: skip
    lines += ["  access.py     who is calling"] if _guarded(shown) else []
    lines += ["  problems.py   errors by the taxonomy"]
    if shown:
        lines += ["  models.py     what is sent and returned"] if shown.models.written else []
        lines += ["  api.py        the operations", "  store.py      what is needed of the store"]
    lines += ["tests/", "  conftest.py", "  test_service.py"]
    return "\n".join([*lines, *([f"  test_{shown.function.strip('_')}.py"] if shown else [])])


def _project(basis: Basis) -> str:
    name = re.sub(r"[^a-z0-9]+", "-", basis.plan.feature.lower()).strip("-")[:40].strip("-") or "service"
    uses = {use.value.split()[0].lower(): use.version for use in stack.uses(basis.plan.stack) if use.version}
    needs = [f"{each.partition('>')[0]}>={uses[each.partition('>')[0]]}" if each.partition(">")[0] in uses else each for each in _PACKAGES]  # fmt: skip
    listed = ", ".join(f'"{each}"' for each in needs)
    return f'# pyproject.toml\n[project]\nname = "{name}"\nversion = "0.1.0"\nrequires-python = ">=3.11"\ndependencies = [{listed}]\n\n[dependency-groups]\ntest = ["pytest>=8", "httpx>=0.27"]\n\n[tool.pytest.ini_options]\npythonpath = ["."]'  # fmt: skip


def _settings(basis: Basis, contract: Contract) -> str:
    rows = [(code(env), said, "yes, from the vault" if secret else "no", "stops the start when missing" if env not in ("SERVICE_VERSION", "LOG_LEVEL") else "has a default") for env, _, said, secret in python_files.settings(basis, contract)]  # fmt: skip
    return table(("Setting", "What it is", "Secret", "Missing"), rows)


def main(basis: Basis, shown: Shown | None) -> str:
    """The application's file."""
    imports, given, kept, routed, ready = ["from app.config import Settings"], ["settings: Settings"], "", "", ""
    if shown:
        imports = ["from app.api import router", "from app.config import Settings", "from app.problems import Problem, handle_errors", "from app.store import Store"]  # fmt: skip
        given.append("store: Store")
        kept, routed = "    app.state.store = store\n", f"    app.include_router(router{_prefix(shown)})\n"
        ready = "        if not store.ready():\n            raise Problem(503)\n"
        if shown.call.protected:
            imports.insert(0, "from app.access import Verifier")
            given.append("verifier: Verifier")
            kept += "    app.state.verifier = verifier\n"
    else:
        imports.append("from app.problems import handle_errors")
    text = python_files.MAIN.format(imports="\n".join(imports), given=", ".join(given), title=literals.python(literals.line(basis.plan.feature, 80)), kept=kept, routed=routed, ready=ready)  # fmt: skip
    return text if shown else text.replace('\n\n        Raises:\n            Problem: 503 while what it needs is away.\n        """', '"""')  # fmt: skip


def _prefix(shown: Shown) -> str:
    return f", prefix={literals.python(shown.contract.base)}" if shown.contract.base else ""


def start(shown: Shown | None) -> str:
    """The file the server starts."""
    imports = ["from app.store import InMemory"] if shown else []
    given = ["Settings.read()", *(["InMemory()"] if shown else [])]
    if _guarded(shown):
        imports, given = ["from app.access import Nobody", *imports], [*given, "Nobody()"]
    first = [each for each in imports if each < "from app.config"]
    rest = [each for each in imports if each > "from app.config"]
    text = python_files.START.format(imports="".join(f"{each}\n" for each in rest), given=", ".join(given))
    return text.replace("from app.config", "\n".join([*first, "from app.config"]), 1)


def _endpoints(shown: Shown | None) -> Iterator[str]:
    if shown is None:
        yield "None yet: the OpenAPI document has no operation. Its first one gets a route in `app/api.py`:"
        yield fence("python", "# app/api.py\nfrom fastapi import APIRouter\n\nrouter = APIRouter()")
        return
    call = shown.call
    errors = ", ".join(str(each.status) for each in call.errors) or "none"
    yield f"{code(call.called)} ({code(call.id)}): success {call.success.status}, errors {errors}."
    if shown.models.written:
        yield fence("python", python_models.file(shown.models))
    yield fence("python", python_endpoint.route(shown))
    yield fence("python", python_store.store(shown))


def _conventions() -> str:
    return bullets([
        "A route reads the request, checks who may, and hands on; what is decided about the data is decided behind `Store`.",
        "Everything public is typed and has a docstring: one sentence, then `Raises` where it raises; `mypy --strict` passes " + ASSUMED + ".",
        "Names are those of the OpenAPI document, `operationId` in snake case; a test's name says what is so.",
        "Only `app/config.py` reads the environment, only `app/start.py` makes what is not made by a test.",
        "A log line carries no body and no credential.",
    ])  # fmt: skip


def _tests(basis: Basis, contract: Contract, shown: Shown | None) -> Iterator[str]:
    imports, given = ["from app.config import Settings", "from app.main import create_app"], ["settings"]
    callers = ""
    if shown:
        imports.append("from app.store import InMemory")
        given.append("InMemory()")
    if shown and shown.call.protected:
        imports.insert(0, "from app.access import Caller")
        given.append("Known()")
        callers = _callers(shown, python_files.access(contract))
    made = ",\n        ".join(f'{name}="{_made_up(name)}"' for _, name, _, _ in python_files.settings(basis, contract) if name != "log_level")  # fmt: skip
    text = _CONFTEST.format(imports="\n".join(imports), settings=made, given=", ".join(given))
    head, _, rest = text.partition("\n\n\n@pytest.fixture")
    known = _known(shown) if callers else ""
    yield fence("python", f"{head}{known}\n\n\n@pytest.fixture{rest}{callers}")
    media = literals.python(contract.problem[0] or "application/problem+json")
    yield fence("python", _SERVICE.replace("{media}", media))
    if shown:
        yield fence("python", python_endpoint.tests(shown))


def _made_up(name: str) -> str:
    return {"version": "1.2.3", "database_url": "memory", "token_issuer": "https://issuer.test", "token_audience": "service"}.get(name, "made up")  # fmt: skip


def _known(shown: Shown | None) -> str:
    role = shown.roles[0] if shown and shown.roles else "member"
    return f'''


class Known:
    """Takes two credentials, and no other."""

    def verify(self, credential: str) -> Caller | None:
        roles = {{"good": {literals.python(role)}, "other": "another role"}}.get(credential)
        return Caller("somebody", frozenset({{roles}})) if roles else None'''


def _callers(shown: Shown, access: str) -> str:
    scheme = shown.contract.scheme
    name = literals.python(str(scheme.get("name") or ""))

    def header(value: str) -> str:
        if 'request.headers.get("Authorization"' in access:
            return f'{{"Authorization": "Bearer {value}"}}'
        if scheme.get("in") == "cookie":
            return f'{{"Cookie": {literals.python(str(scheme.get("name")) + "=" + value)}}}'
        return f'{{{name}: "{value}"}}'

    said = f"\n\n@pytest.fixture\ndef signed_in() -> dict[str, str]:\n    return {header('good')}\n"
    if shown.roles:
        said += f"\n\n@pytest.fixture\ndef stranger() -> dict[str, str]:\n    return {header('other')}\n"
    return said


def _close(basis: Basis, contract: Contract, shown: Shown | None, draft: Draft) -> None:
    draft.assumptions += [
        "FastAPI with pydantic 2 and Python 3.11 or newer; versions are lower bounds that were not looked up."
    ]
    if shown and shown.call.answer(409) and shown.creates:
        draft.assumptions.append("`InMemory` takes two equal bodies for a conflict; the store's own constraint says what really is one.")  # fmt: skip
    draft.decisions = (
        f"The skeleton shows {code(shown.call.called)} from route to store, with every error sent in one form; the other operations are added by the same three files."
        if shown
        else "The skeleton starts and answers health, readiness and version; operations are added when the contract has them."
    )
