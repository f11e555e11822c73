"""Whether every $ref of an OpenAPI document leads to an object of the kind that is meant."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote

from ..fits import close
from .said import Said
from .spec import Part, Spec

_FOLDERS = {
    "schema": "schemas", "response": "responses", "parameter": "parameters", "example": "examples",
    "request body": "requestBodies", "header": "headers", "security scheme": "securitySchemes", "link": "links",
    "callback": "callbacks", "path item": "pathItems",
}  # fmt: skip


def references(spec: Spec) -> Iterator[Said]:
    """Each $ref that leads nowhere, to the wrong kind of object, or out of the document."""
    for part in spec.parts:
        ref = part.value.get("$ref")
        if isinstance(ref, str) and not _rebased(spec, part):
            yield from _reference(spec, part, ref)
    for part in spec.of("schema"):
        yield from _mapping(spec, part)
    known = {str(part.value.get("operationId")) for part in spec.of("operation")}
    for part in spec.of("link") if not spec.partial else ():
        name = part.value.get("operationId")
        if isinstance(name, str) and name not in known:
            near = close(name, known - {"None"})
            hint = f"write {near!r}" if near else "name the operationId of an operation of this document"
            yield Said((*part.path, "operationId"), f"{spec.named(part.path)}: no operation has the operationId {name!r}", hint)  # fmt: skip


def _rebased(spec: Spec, part: Part) -> bool:
    """Whether an ``$id`` above gives its $ref another base."""
    return part.kind == "schema" and any(
        spec.kinds.get(part.path[:end]) == "schema" and "$id" in spec.get(part.path[:end])
        for end in range(len(part.path) + 1)
    )


def _reference(spec: Spec, part: Part, ref: str) -> Iterator[Said]:
    at, what = (*part.path, "$ref"), spec.named(part.path)
    found = spec.target(ref)
    if found is not None:
        kind = spec.kinds.get(found, "")
        if kind and kind != part.kind and found:
            yield Said(
                at, f"{what}: $ref {ref!r} leads to a {kind}, where a {part.kind} is meant", _hint(spec, part, ref)
            )
        elif found == part.path:
            yield Said(at, f"{what}: $ref {ref!r} leads to itself", "say what it is")
    elif ref.startswith("#/") or _mended(spec, part, ref):
        if not spec.partial:
            yield Said(at, f"{what}: $ref {ref!r} leads nowhere", _hint(spec, part, ref))
    elif ref.startswith("#"):
        yield Said(at, f"{what}: $ref {ref!r} leads nowhere", _hint(spec, part, ref))
    else:
        yield Said(at, f"{what}: $ref {ref!r} leads out of this document and was not checked", severity="warning")


def _hint(spec: Spec, part: Part, ref: str) -> str:
    if mended := _mended(spec, part, ref):
        return f"write {mended!r}"
    folder = _FOLDERS.get(part.kind, "")
    name = unquote(ref.rpartition("/")[2].rpartition("#")[2])
    root = "definitions" if spec.version == "2.0" else f"components/{folder}"
    return f"define {name!r} under {root}" if name and folder else ""


def _mended(spec: Spec, part: Part, ref: str) -> str:
    """A $ref that leads somewhere and may have been meant."""
    folder = _FOLDERS.get(part.kind, "")
    components = spec.value.get("components")
    named = components.get(folder) if isinstance(components, dict) else None
    root = f"#/components/{folder}/"
    if spec.version == "2.0":
        named, root = spec.value.get("definitions"), "#/definitions/"
    if not isinstance(named, dict) or "." in ref or ":" in ref:
        return ""
    name = ref.rpartition("/")[2].lstrip("#")
    near = name if name in named else close(name, map(str, named))
    return f"{root}{near}" if near else ""


def _mapping(spec: Spec, part: Part) -> Iterator[Said]:
    discriminator = part.value.get("discriminator")
    mapping = discriminator.get("mapping") if isinstance(discriminator, dict) else None
    for name, ref in mapping.items() if isinstance(mapping, dict) else ():
        if isinstance(ref, str) and ref.startswith("#") and spec.target(ref) is None and not spec.partial:
            at = (*part.path, "discriminator", "mapping", name)
            said = f"{spec.named(part.path)}: the discriminator maps {name!r} to {ref!r}, which leads nowhere"
            yield Said(at, said, _hint(spec, part, ref))
