"""The paths of an OpenAPI document: their parameters, what tells them apart, and what their operations are called."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..fits import close
from ..places import Path
from .said import Said
from .spec import Operation, Spec

_NAME = re.compile(r"\{([^{}]*)\}")


def parameters(spec: Spec) -> Iterator[Said]:
    """Path parameters: each of the template declared, each declared in the template, required, and once."""
    told: set[tuple[Path, str]] = set()
    for operation in spec.operations:
        wanted = _NAME.findall(operation.template)
        shared = _declared(spec, operation.item.get("parameters"), ("paths", operation.template, "parameters"))
        own = _declared(spec, operation.value.get("parameters"), (*operation.path, "parameters"))
        for said in _each(spec, operation, wanted, [*shared, *own]):
            if (said.path, said.message) not in told:
                told.add((said.path, said.message))
                yield said
        yield from _twice(own)
    for template, item in _items(spec):
        yield from _twice(_declared(spec, item.get("parameters"), ("paths", template, "parameters")))
        for name in _NAME.findall(template):
            if _NAME.findall(template).count(name) > 1:
                yield Said(("paths", template), f"{template} has {{{name}}} twice", "give each its own name")
                break


def _items(spec: Spec) -> Iterator[tuple[str, dict[str, Any]]]:
    paths = spec.value.get("paths")
    for template, item in paths.items() if isinstance(paths, dict) else ():
        if isinstance(item, dict):
            yield str(template), item


def _declared(spec: Spec, listed: Any, path: Path) -> list[tuple[Path, Any]]:
    """Each parameter with its own place; nothing for one that cannot be followed."""
    return [((*path, at), spec.followed(each)[0]) for at, each in enumerate(listed if isinstance(listed, list) else ())]


def _each(spec: Spec, operation: Operation, wanted: list[str], declared: list[tuple[Path, Any]]) -> Iterator[Said]:
    named = [
        (path, each["name"])
        for path, each in declared
        if isinstance(each, dict) and each.get("in") == "path" and isinstance(each.get("name"), str)
    ]
    missing = [name for name in dict.fromkeys(wanted) if name not in {each for _, each in named}]
    strange = [(path, name) for path, name in named if name not in wanted]
    for path, name in strange:
        near = missing[0] if len(missing) == len(strange) == 1 else close(name, missing)
        hint = f"name it {near!r}" if near else f"write {{{name}}} into the path, or leave the parameter out"
        where = operation.name if len(path) > 4 else operation.template
        yield Said(path, f"{where} declares the path parameter {name!r}, which is not in the path", hint)
    if any(each is None for _, each in declared) or len(missing) == len(strange) == 1:
        return
    for name in missing:
        elsewhere = any(isinstance(each, dict) and each.get("name") == name for _, each in declared)
        hint = f"write in: path for {name!r}" if elsewhere else f"add to parameters: {_example(spec, name)}"
        yield Said(operation.path, f"{operation.name} does not declare its path parameter {{{name}}}", hint)


def _example(spec: Spec, name: str) -> str:
    typed = "type: string" if spec.version == "2.0" else "schema: {type: string}"
    return f"{{name: {name}, in: path, required: true, {typed}}}"


def _twice(declared: list[tuple[Path, Any]]) -> Iterator[Said]:
    seen = set()
    for path, each in declared:
        if isinstance(each, dict) and isinstance(each.get("name"), str) and isinstance(each.get("in"), str):
            key = (each["name"], each["in"])
            if key in seen:
                yield Said(path, f"the {key[1]} parameter {key[0]!r} is declared twice", "keep one of the two")
            seen.add(key)


def names(spec: Spec) -> Iterator[Said]:
    """Operation ids: one for each operation, none twice."""
    seen: dict[str, str] = {}
    for operation in spec.operations:
        said = operation.value.get("operationId")
        at = (*operation.path, "operationId")
        if said is None:
            hint = f"write operationId: {_called(operation)}"
            yield Said(operation.path, f"{operation.name} has no operationId", hint, "warning")
        elif isinstance(said, str) and said in seen:
            both = f"the operationId {said!r} is that of {seen[said]} already"
            yield Said(at, f"{operation.name}: {both}", "give each operation its own")
        elif isinstance(said, str):
            seen[said] = operation.name


def _called(operation: Operation) -> str:
    words = [word for part in operation.template.split("/") for word in re.findall(r"[A-Za-z0-9]+", part)]
    return operation.method + "".join(word[:1].upper() + word[1:] for word in words)[:60]


def apart(spec: Spec) -> Iterator[Said]:
    """Paths that no request can tell apart, because they differ only in the names of their parameters."""
    seen: dict[str, str] = {}
    for template, _ in _items(spec):
        bare = _NAME.sub("{}", template)
        if bare in seen:
            said = f"{template} and {seen[bare]} are the same path: only the names of their parameters differ"
            yield Said(("paths", template), said, "put their operations under one path")
        seen.setdefault(bare, template)
        if template.startswith("/") and ("?" in template or "#" in template):
            said = f"the path {template!r} has a query in it"
            yield Said(("paths", template), said, "declare what follows the ? as parameters with in: query")
