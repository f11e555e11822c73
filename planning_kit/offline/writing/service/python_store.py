"""The store as a Python skeleton shows it: what the service needs of it, and a stand-in in memory."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..naming import pascal
from . import literals
from .contract import Property
from .python_endpoint import Shown, importing, plain, used


def store(shown: Shown) -> str:
    """The port the route needs and what stands in for the store until it is there."""
    typed, body = _typed(shown), list(_memory(shown))
    types = f"{shown.answer} {typed}"
    code = [each for each in body if not each.lstrip().startswith(("#", '"'))]
    text = " ".join([types, *code])
    return "\n".join([
        "# app/store.py", '"""What the service needs of its store, and a stand-in that keeps everything in memory."""', "",
        "from __future__ import annotations", "",
        *importing("datetime", [*used(("UTC",), text), *used(("date",), types), *used(("datetime",), text), *used(("time",), types)]),
        *importing("typing", [*used(("Any", "Literal"), text), "Protocol"]),
        *importing("uuid", used(("UUID", "uuid4"), text)), "",
        *importing("app.models", used(sorted(shown.models.written), text)),
        *importing("app.problems", used(("Problem",), text)), "", "",
        "class Store(Protocol):", '    """What is kept, as the service speaks of it; the adapter of the database does the same."""', "",
        "    def ready(self) -> bool:", '        """Whether it answers."""', "        ...", "",
        f"    def {shown.function}(self{typed}) -> {shown.answer or 'None'}:", *_promise(shown), "        ...", "", "",
        *body,
    ])  # fmt: skip


def _promise(shown: Shown) -> Iterator[str]:
    """The docstring of the port's method."""
    call = shown.call
    raised = [f"{each.status}, {literals.line(each.meaning, 70)}" for each in call.errors if each.status in (404, 409, 410)]  # fmt: skip
    said = f'        """{literals.line(call.summary or call.id, 90)}.'
    if not raised:
        yield f'{said}"""'
        return
    yield from [said, "", "        Raises:", f"            Problem: {'; '.join(raised)}.", '        """']


def _typed(shown: Shown) -> str:
    kinds = {each.name: plain(shown.models.type_of(each.schema, pascal(each.name))) + ("" if each.required else " | None") for each in shown.call.parameters if each.place in ("path", "query")}  # fmt: skip
    parts = [f"{literals.name(name)}: {kind.replace(' | None | None', ' | None')}" for name, kind in kinds.items()]
    return "".join(f", {each}" for each in [*parts, *([f"wanted: {shown.body}"] if shown.body else [])])


def _memory(shown: Shown) -> Iterator[str]:
    kind = shown.answer or "None"
    yield from [
        "class InMemory:",
        '    """Keeps everything until the process ends; for tests and the first start."""',
        "",
    ]
    if shown.creates:
        yield from ["    def __init__(self) -> None:", f"        self._kept: list[tuple[{shown.body}, {shown.answer}]] = []", ""]  # fmt: skip
    yield from ["    def ready(self) -> bool:", "        return True", ""]
    yield f"    def {shown.function}(self{_typed(shown)}) -> {kind}:"
    if shown.creates:
        yield from _created(shown)
    elif shown.lists:
        yield "        return []"
    elif shown.call.answer(404) and shown.call.at("path"):
        yield "        raise Problem(404)"
    elif shown.answer in shown.models.held:
        yield f"        return {shown.answer}.model_validate({literals.python(_example(shown), 8, 40)})"
    elif shown.answer:
        yield f"        return {literals.python(shown.contract.value(shown.call.success.schema), 8, 7)}"
    else:
        yield "        return None"


def _example(shown: Shown) -> Any:
    return shown.contract.value(shown.call.success.schema)


def _created(shown: Shown) -> Iterator[str]:
    """The body of the method that makes an entry."""
    clash = shown.call.answer(409)
    if clash:
        yield f"        # stands for the store's own constraint: {literals.line(clash.meaning, 80)}"
        yield "        if any(wanted == sent for sent, _ in self._kept):"
        yield "            raise Problem(409)"
    sent = {each.json: each for each in shown.models.held[shown.body]}
    yield f"        made = {shown.answer}("
    for each in shown.models.held[shown.answer]:
        value = _made(shown, each, sent.get(each.json))
        if value:
            yield f"            {each.name}={value},"
    yield "        )"
    yield "        self._kept.append((wanted, made))"
    yield "        return made"


def _made(shown: Shown, each: Property, sent: Property | None) -> str:
    """What a property of the answer is filled with; nothing for one that may be missing."""
    if sent and sent.type.removesuffix(" | None") == each.type.removesuffix(" | None"):
        value = f"wanted.{sent.name}"
        if sent.required and not sent.type.endswith("| None") or not each.required or each.type.endswith("| None"):
            return value
        return f"{value} if {value} is not None else {_fresh(shown, each)}"
    return _fresh(shown, each) if each.required else ""


def _fresh(shown: Shown, each: Property) -> str:
    bare = each.type.removesuffix(" | None")
    made = {"UUID": "uuid4()", "datetime": "datetime.now(UTC)", "date": "datetime.now(UTC).date()"}
    if bare in made:
        return made[bare]
    if bare == "int" and re.search(r"(?i)(?:^|_)id$|Id$", each.json):
        return "len(self._kept) + 1"
    value = shown.contract.value(each.schema)
    if bare in shown.models.held:
        return f"{bare}.model_validate({literals.python(value, 12, 40)})"
    return literals.python(value, 12, 20)
