"""The one operation a Python skeleton shows: its store, its route, its tests."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ..naming import pascal, snake
from . import contract as contracts
from . import literals, tested_examples
from .contract import Call, Contract
from .python_models import Models, of_call


@dataclass(frozen=True)
class Shown:
    """The operation with its models.

    Attributes:
        body: the type of what is sent; empty for nothing.
        answer: the type of what comes back; empty for nothing that is JSON.
        roles: who may call it, if it says who may not.
    """

    contract: Contract
    call: Call
    models: Models
    body: str
    answer: str
    roles: tuple[str, ...] = ()

    @classmethod
    def of(cls, contract: Contract, call: Call) -> Shown:
        """The operation as a skeleton shows it."""
        models, body, answer = of_call(contract, call)
        answer = answer if call.success.status not in (204, 205, 304) else ""
        roles = tuple(snake(role) for role in call.plan.roles) if call.plan and call.answer(403) else ()
        return cls(contract, call, models, body, answer, roles)

    @property
    def function(self) -> str:
        """What it is called."""
        return literals.function(self.call.id)

    @property
    def creates(self) -> bool:
        """Whether it makes what it returns of what it is sent."""
        return self.call.method == "POST" and self.body in self.models.held and self.answer in self.models.held

    @property
    def lists(self) -> bool:
        """Whether it returns a list."""
        return self.answer.startswith("list[")

    @property
    def given(self) -> list[tuple[str, str, str]]:
        """Its parameters: name in Python, type, what FastAPI has to know."""
        found: list[tuple[str, str, str]] = []
        for each in self.call.parameters:
            where = {"path": "Path", "query": "Query", "header": "Header", "cookie": "Cookie"}.get(each.place)
            if where is None:
                continue
            name = literals.name(each.name if where != "Header" else snake(each.name))
            kind = plain(self.models.type_of(each.schema, pascal(each.name)))
            kind = kind if each.required or kind.endswith("| None") else f"{kind} | None"
            alias = f"alias={literals.python(each.name)}" if name != each.name and where != "Path" else ""
            found.append((name, f"Annotated[{kind}, {where}({alias})]", "" if each.required else " = None"))
        return sorted(found, key=lambda one: bool(one[2]))

    @property
    def names(self) -> list[str]:
        """The parameters and the body as they are handed on; headers are the route's own."""
        kept = [literals.name(each.name) for each in self.call.parameters if each.place in ("path", "query")]
        return [*kept, *(["wanted"] if self.body else [])]


def plain(kind: str) -> str:
    """The type of a parameter: text where it is none that a path, query or header can hold."""
    simple = re.fullmatch(
        r"(?:list\[)?(?:str|int|float|bool|UUID|datetime|date|time|Literal\[[^\[\]]*\])\]?(?: \| None)?", kind
    )
    return kind if simple else "str"


def used(names: Iterable[str], *texts: str) -> list[str]:
    """Those of ``names`` that stand as words in one of ``texts``."""
    words = set(re.findall(r"\w+", " ".join(texts)))
    return [each for each in names if each in words]


def importing(module: str, names: Iterable[str]) -> list[str]:
    """The line that imports ``names`` from ``module``; none for no name."""
    listed = ", ".join(names)
    return [f"from {module} import {listed}"] if listed else []


def route(shown: Shown) -> str:
    """The file with the route."""
    call, roles = shown.call, shown.roles
    typed = " ".join([shown.body, shown.answer, *(kind for _, kind, _ in shown.given)])
    params = sorted(set(re.findall(r", (Path|Query|Header|Cookie)\(", typed)))
    lines = [
        "# app/api.py", '"""The operations, as the OpenAPI document declares them; a route checks who calls and hands on."""', "",
        "from __future__ import annotations", "",
        *importing("datetime", used(("date", "datetime", "time"), typed)),
        *importing("typing", ["Annotated", *used(("Any", "Literal"), typed)]),
        *importing("uuid", used(("UUID",), typed)), "",
        *importing("fastapi", sorted(["APIRouter", "Depends", "Request", *params, *([] if shown.answer else ["Response"])])), "",
        *importing("app.access", ["SignedIn"] if call.protected else []),
        *importing("app.models", used(sorted(shown.models.written), typed)),
        *importing("app.problems", [*(["Problem"] if roles else []), *(["declared"] if call.errors else [])]),
        "from app.store import Store", "", "router = APIRouter()",
    ]  # fmt: skip
    if roles:
        listed = ", ".join(literals.python(role) for role in roles)
        lines += [
            f"ALLOWED = frozenset({{{listed}}})",
            '"""The roles that may; as in the matrix of the architecture."""',
        ]
    lines += [
        "", "", "def kept(request: Request) -> Store:", '    """The store of this application."""',
        "    store: Store = request.app.state.store", "    return store", "", "",
    ]  # fmt: skip
    return "\n".join([*lines, *_decorated(shown), *_handled(shown)])


def _decorated(shown: Shown) -> Iterator[str]:
    call = shown.call
    verb = call.method.lower()
    path = re.sub(r"\{([^{}]*)\}", lambda hit: "{" + literals.name(hit[1]) + "}", call.path)
    yield f"@router.{verb}("
    yield f"    {literals.python(path)},"
    yield f"    operation_id={literals.python(call.id)},"
    yield f"    status_code={call.success.status},"
    if shown.answer:
        yield "    response_model_exclude_none=True,"
    else:
        yield "    response_model=None,"
    if call.errors:
        yield f"    responses=declared({', '.join(str(each.status) for each in call.errors)}),"
    yield ")"


def _handled(shown: Shown) -> Iterator[str]:
    call = shown.call
    needed = [f"{name}: {kind}" for name, kind, default in shown.given if not default]
    optional = [f"{name}: {kind}{default}" for name, kind, default in shown.given if default]
    parts = [*([f"wanted: {shown.body}"] if shown.body else []), *needed, *(["caller: SignedIn"] if call.protected else []), "store: Annotated[Store, Depends(kept)]", *optional]  # fmt: skip
    yield f"def {shown.function}("
    yield from (f"    {each}," for each in parts)
    yield f") -> {shown.answer or 'Response'}:"
    yield f'    """{literals.line(call.summary or call.id, 100)}."""'
    if shown.roles:
        yield "    if not caller.roles & ALLOWED:"
        yield "        raise Problem(403)"
    asked = f"store.{shown.function}({', '.join(shown.names)})"
    if shown.answer:
        yield f"    return {asked}"
        return
    media = f", media_type={literals.python(call.success.media)}" if call.success.media else ""
    yield f"    {asked}"
    yield f"    return Response(status_code={call.success.status}{media})"


def tests(shown: Shown) -> str:
    """Its tests, in line with the test specifications."""
    call, contract = shown.call, shown.contract
    valued = [f"BODY = {literals.python(tested_examples.body(contract, call), 0, 8)}"] if call.body else []
    lines = [f"# tests/test_{shown.function.strip('_')}.py", f'"""{call.called}: its success and its errors."""', "", "from fastapi.testclient import TestClient", "", *valued, "", ""]  # fmt: skip
    good = _expected(shown)
    lines += [f"def test_{shown.function}_answers_{good}(client: TestClient{_signed(call)}) -> None:", f"    response = {_request(shown)}", f"    assert response.status_code == {good}"]  # fmt: skip
    if shown.creates:
        same = next((each for each in shown.models.held[shown.body] if each.required and each.json in contracts.properties(contract.followed(dict(call.success.schema))) and each.json in _body(shown) and each.type in ("str", "int") or each.type.startswith("Literal")), None)  # fmt: skip
        if same and same.json in _body(shown):
            lines += [f"    assert response.json()[{literals.python(same.json)}] == BODY[{literals.python(same.json)}]"]
    return "\n".join([*lines, *_refusals(shown)])


def _request(shown: Shown, body: str = "BODY", signed: bool = True) -> str:
    return tested_examples.request(shown.contract, shown.call, body, signed, shown.contract.base)


def _body(shown: Shown) -> dict[str, Any]:
    said = tested_examples.body(shown.contract, shown.call)
    return said if isinstance(said, dict) else {}


def _expected(shown: Shown) -> int:
    """What the stand-in answers to a valid request."""
    empty = not shown.creates and not shown.lists and shown.call.answer(404) and shown.call.at("path")
    return 404 if empty else shown.call.success.status


def _signed(call: Call) -> str:
    return ", signed_in: dict[str, str]" if call.protected else ""


def _refusals(shown: Shown) -> Iterator[str]:
    call, contract = shown.call, shown.contract
    if shown.creates and call.answer(409):
        yield from ["", "", f"def test_{shown.function}_answers_409_to_the_same_again(client: TestClient{_signed(call)}) -> None:", f"    assert {_request(shown)}.status_code == {call.success.status}", f"    assert {_request(shown)}.status_code == 409"]  # fmt: skip
    required = [each.json for each in shown.models.held.get(shown.body, ()) if each.required and each.json in _body(shown)]  # fmt: skip
    refused = call.answer(400, 422)
    if required and refused:
        media = contract.problem[0] or "application/problem+json"
        yield from ["", "", f"def test_{shown.function}_answers_{refused.status}_without_{literals.name(required[0]).strip('_')}(client: TestClient{_signed(call)}) -> None:", f"    body = {{name: value for name, value in BODY.items() if name != {literals.python(required[0])}}}", f"    response = {_request(shown, 'body')}", f"    assert response.status_code == {refused.status}", f'    assert response.headers["content-type"].startswith({literals.python(media)})']  # fmt: skip
    if call.protected:
        yield from ["", "", f"def test_{shown.function}_answers_401_to_nobody(client: TestClient) -> None:", f"    assert {_request(shown, signed=False)}.status_code == 401"]  # fmt: skip
    if shown.roles and call.protected:
        yield from ["", "", f"def test_{shown.function}_answers_403_to_another_role(client: TestClient, stranger: dict[str, str]) -> None:", f"    assert {_request(shown).replace('signed_in', 'stranger')}.status_code == 403"]  # fmt: skip
