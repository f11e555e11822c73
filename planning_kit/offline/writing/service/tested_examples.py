"""Examples in pytest: one for the contract, one with the store, one for an attack; each calls an operation the contract has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..basis import Basis
from ..markdown import ASSUMED, code, fence
from . import contract as contracts
from .contract import Call, Contract
from .literals import WIDEST, function
from .literals import python as literal

_CONFTEST = """# tests/conftest.py
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml


@pytest.fixture(scope="session")
def client() -> Iterator[httpx.Client]:
    with httpx.Client(base_url=os.environ["SERVICE_URL"], timeout=5.0) as client:
        yield client


@pytest.fixture(scope="session")
def contract() -> dict[str, Any]:
    return yaml.safe_load(Path("openapi.yaml").read_text(encoding="utf-8"))
"""
_SIGNED = """

@pytest.fixture(scope="session")
def signed_in() -> dict[str, str]:
    return {header}
"""
_BARE = """# tests/test_service.py
import httpx


def test_the_service_says_that_it_is_up(client: httpx.Client) -> None:
    response = client.get("/health")
    assert response.status_code == 200


def test_the_service_says_which_version_it_is(client: httpx.Client) -> None:
    response = client.get("/version")
    assert response.status_code == 200
    assert response.json()["version"]
"""


def write(basis: Basis, contract: Contract) -> Iterator[str]:
    """The examples, file by file."""
    call = contract.lead
    if call is None:
        yield fence("python", _CONFTEST)
        yield fence("python", _BARE)
        return
    header = _credential(contract, call)
    yield f"They need pytest, httpx, PyYAML and jsonschema {ASSUMED}, and run once the service is there: {code('SERVICE_URL')} says where" + (f" (with {code(contract.base)} at its end)" if contract.base else "") + (", `TEST_TOKEN` holds a credential of the test issuer." if header else ".")  # fmt: skip
    yield fence("python", _CONFTEST + (_SIGNED.replace("{header}", header) if header else ""))
    yield fence("python", _contract(contract, call))
    yield fence("python", _stored(contract, call))
    yield fence("python", _attack(contract, call))


def request(contract: Contract, call: Call, body: str = "BODY", signed: bool = True, base: str = "") -> str:
    """The call of ``client`` that sends a valid request; ``base`` stands before the path."""
    given = [path(contract, call, base)]
    if call.body:
        given.append(f"json={body}")
    if needed := [each for each in call.at("query") if each.required]:
        given.append(f"params={literal({each.name: contract.value(each.schema) for each in needed})}")
    if signed and call.protected:
        given.append("headers=signed_in")
    verb = call.method.lower()
    if verb == "delete" and call.body or verb not in ("get", "post", "put", "patch", "delete", "head", "options"):
        return f'client.request("{call.method}", {", ".join(given)})'
    return f"client.{verb}({', '.join(given)})"


def path(contract: Contract, call: Call, base: str = "") -> str:
    """The path as a literal, with a value for each parameter."""
    values = {each.name: contract.value(each.schema) for each in call.at("path")}
    filled = re.sub(r"\{([^{}]*)\}", lambda hit: re.sub(r"[^\w.~-]", "-", str(values.get(hit[1], "1"))), call.path)
    return literal(base + filled)


def body(contract: Contract, call: Call) -> Any:
    """A body that fits: the example of the document, or one made from its schema."""
    return call.example if call.example is not None else contract.value(call.body)


def called(call: Call) -> str:
    """What the operation is called in a test's name."""
    return function(call.id)


def _credential(contract: Contract, call: Call) -> str:
    if not call.protected:
        return ""
    scheme = contract.scheme
    name = str(scheme.get("name", ""))
    if scheme.get("type") == "apiKey" and scheme.get("in") == "header":
        return f'{{{literal(name)}: os.environ["TEST_TOKEN"]}}'
    if scheme.get("type") == "apiKey" and scheme.get("in") == "cookie":
        return f'{{"Cookie": {literal(name + "=")} + os.environ["TEST_TOKEN"]}}'
    return '{"Authorization": "Bearer " + os.environ["TEST_TOKEN"]}'


def _test(does: str, call: Call, *more: str, signed: bool = True) -> str:
    """The head of a test function."""
    given = ["client: httpx.Client", *(["signed_in: dict[str, str]"] if call.protected and signed else []), *more]
    flat = f"def test_{does}({', '.join(given)}) -> None:"
    if len(flat) <= WIDEST:
        return flat
    return f"def test_{does}(\n    {', '.join(given)}\n) -> None:"


def _contract(contract: Contract, call: Call) -> str:
    """Its success by the schema, and a body the schema forbids."""
    lines = ["# tests/test_contract.py", "from typing import Any", "", "import httpx"]
    held = contract.followed(dict(call.body))
    required = [str(each) for each in held.get("required", ()) if isinstance(each, str)]
    refused = call.answer(400, 422) if required else None
    schema = call.success.schema
    lines += ["import pytest"] if refused else []
    lines += ["from jsonschema import Draft202012Validator"] if schema else []
    lines += ["", *([f"BODY: dict[str, Any] = {literal(body(contract, call), taken=23)}", ""] if call.body else []), ""]
    lines += [
        _test(f"{called(call)}_answers_as_the_contract_says", call, "contract: dict[str, Any]"),
        f"    response = {request(contract, call)}",
        f"    assert response.status_code == {call.success.status}",
    ]
    if schema:
        lines += [
            f"    schema = {literal(dict(schema))} | {{\"components\": contract[\"components\"]}}",
            "    Draft202012Validator(schema).validate(response.json())",
        ]  # fmt: skip
    if refused:
        media = refused.media or contract.problem[0]
        without = "{name: value for name, value in BODY.items() if name != missing}"
        lines += [
            "", "",
            f"@pytest.mark.parametrize(\"missing\", {literal(required[:6])})",
            _test(f"{called(call)}_refuses_a_body_that_lacks_something", call, 'missing: str'),
            f"    body = {without}",
            f"    response = {request(contract, call, 'body')}",
            f"    assert response.status_code == {refused.status}",
            f"    assert response.headers[\"content-type\"].startswith({literal(media)})",
        ]  # fmt: skip
    return "\n".join(lines)


def _stored(contract: Contract, call: Call) -> str:
    """Two callers at once where that is a conflict; else that what was sent is there."""
    lines = ["# tests/test_store.py"]
    valued = [f"BODY = {literal(body(contract, call), taken=8)}", ""] if call.body else []
    clash = next((each for each in contract.calls if each.method == "POST" and each.answer(409) and each.body), None)
    if clash:
        head = [*lines, "from concurrent.futures import ThreadPoolExecutor", "", "import httpx", "", f"BODY = {literal(body(contract, clash), taken=8)}", "", ""]  # fmt: skip
        return "\n".join([
            *head,
            _test(f"{called(clash)}_lets_one_of_two_callers_win", clash),
            f"    def send(_: int) -> int:\n        return {request(contract, clash)}.status_code",
            "",
            "    with ThreadPoolExecutor(2) as callers:",
            "        answers = sorted(callers.map(send, range(2)))",
            f"    assert answers == {sorted((clash.success.status, 409))}",
        ])  # fmt: skip
    read = next((each for each in contract.calls if each.method == "GET" and each.path == call.path), None)
    lines += ["import httpx", "", *valued, ""]
    first = [_test(f"what_{called(call)}_did_is_there_afterwards", call), f"    first = {request(contract, call)}", f"    assert first.status_code == {call.success.status}"]  # fmt: skip
    again = read or call
    return "\n".join([
        *lines, *first,
        f"    second = {request(contract, again)}",
        f"    assert second.status_code == {again.success.status}",
        *(["    assert first.json() in second.json()"] if read and read is not call and _lists(contract, read) and call.success.schema else []),
    ])  # fmt: skip


def _lists(contract: Contract, call: Call) -> bool:
    return contracts.kind_of(contract.followed(dict(call.success.schema))) == "array"


def _attack(contract: Contract, call: Call) -> str:
    """A call without a credential; code as input where everybody may call."""
    lines = ["# tests/test_attacks.py", "import httpx", ""]
    valued = [f"BODY = {literal(body(contract, call), taken=8)}", "", ""] if call.body else [""]
    if call.protected:
        refused = call.answer(401, 403)
        said = f"== {refused.status}" if refused else "in (401, 403)"
        return "\n".join([
            *lines, *valued,
            _test(f"{called(call)}_refuses_who_is_not_signed_in", call, signed=False),
            f"    response = {request(contract, call, signed=False)}",
            f"    assert response.status_code {said}",
            "    assert \"Traceback\" not in response.text",
        ])  # fmt: skip
    return "\n".join([
        *lines, *valued,
        _test(f"{called(call)}_takes_code_for_text", call, signed=False),
        f"    response = {_hostile(contract, call)}",
        "    assert response.status_code < 500",
        "    assert \"Traceback\" not in response.text",
    ])  # fmt: skip


def _hostile(contract: Contract, call: Call) -> str:
    held = contracts.properties(contract.followed(dict(call.body)))
    text = next((name for name, each in held.items() if contracts.kind_of(contract.followed(each)) == "string"), "")
    if text:
        return request(contract, call, f'{{**BODY, {literal(text)}: "\' OR 1=1 --"}}')
    return request(contract, call)
