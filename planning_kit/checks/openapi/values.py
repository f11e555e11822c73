"""Whether the examples, defaults and enums of an OpenAPI document fit their schemas."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..fits import FORMATS, compiles, misfits, shown
from ..places import Path
from .said import Said
from .spec import Part, Spec

_URI = "https://document.invalid/openapi.json"
_MOST = 2000


def examples(spec: Spec) -> Iterator[Said]:
    """Each example that its schema does not allow."""
    fitting = Fitting(spec)
    for part in spec.of("media type", "parameter", "header", "schema"):
        for schema, path, value in _examples(spec, part):
            yield from fitting.faults(schema, path, value, "the example")


def defaults(spec: Spec) -> Iterator[Said]:
    """Each default and each value of an enum that its own schema does not allow."""
    fitting = Fitting(spec)
    for part in spec.of("schema"):
        if "default" in part.value and not ("$ref" in part.value and spec.version in ("2.0", "3.0")):
            yield from fitting.faults(part.path, (*part.path, "default"), part.value["default"], "the default")
        enum, typed = part.value.get("enum"), part.value.get("type")
        if isinstance(enum, list) and isinstance(typed, (str, list)):
            nullable = part.value.get("nullable") is True
            for at, each in enumerate(enum[:200]):
                if not _typed(each, typed) and not (each is None and nullable):
                    wanted = typed if isinstance(typed, str) else " or ".join(map(str, typed))
                    said = f"{spec.named(part.path)}: the enum has {shown(each)}, which is not of type {wanted}"
                    quoted = (
                        f'quote it: "{shown(each)}"'
                        if "string" in wanted and not isinstance(each, (dict, list))
                        else ""
                    )
                    hint = "write nullable: true, or type: [..., 'null']" if each is None else quoted
                    yield Said((*part.path, "enum", at), said, hint)


def _typed(value: Any, typed: str | list[Any]) -> bool:
    kinds = typed if isinstance(typed, list) else [typed]
    names = {
        str: {"string"}, bool: {"boolean"}, int: {"integer", "number"}, type(None): {"null"}, list: {"array"}, dict: {"object"},
    }  # fmt: skip
    own = names.get(
        type(value), {"number"} | ({"integer"} if isinstance(value, float) and value.is_integer() else set())
    )
    known = {"string", "boolean", "integer", "number", "null", "array", "object", "file"}
    return bool(own & {str(each) for each in kinds}) or not known.issuperset(map(str, kinds))


def _examples(spec: Spec, part: Part) -> Iterator[tuple[Path, Path, Any]]:
    """Every example of one object: the path of its schema, its own path, its value."""
    if part.kind == "schema":
        if "$ref" in part.value and spec.version in ("2.0", "3.0"):
            return
        if "example" in part.value:
            yield part.path, (*part.path, "example"), part.value["example"]
        listed = part.value.get("examples")
        for number, each in enumerate(listed if isinstance(listed, list) else ()):
            yield part.path, (*part.path, "examples", number), each
        return
    schema = (*part.path, "schema")
    if not isinstance(part.value.get("schema"), dict):
        return
    loose = part.kind == "media type" and "json" not in str(part.path[-1]).lower()
    named = part.value.get("examples")
    found: list[tuple[Path, Any]] = []
    if "example" in part.value:
        found.append(((*part.path, "example"), part.value["example"]))
    for name, each in named.items() if isinstance(named, dict) else ():
        held, at = spec.followed(each, (*part.path, "examples", name))
        if isinstance(held, dict) and "value" in held:
            found.append(((*at, "value"), held["value"]))
    for path, value in found:
        if not (loose and isinstance(value, str)):
            yield schema, path, value


class Fitting:
    """Values against the schemas of one document, with what only OpenAPI means taken out of them."""

    def __init__(self, spec: Spec) -> None:
        self._spec = spec
        self._older = spec.version in ("2.0", "3.0")
        self._marked = {
            str(name)
            for part in spec.of("schema")
            if isinstance(part.value.get("properties"), dict)
            for name, each in part.value["properties"].items()
            if isinstance(each, dict) and (each.get("readOnly") is True or each.get("writeOnly") is True)
        }
        self._registry: Any = None
        self._left = _MOST

    def faults(self, schema: Path, path: Path, value: Any, what: str) -> Iterator[Said]:
        """What of the ``value`` at ``path`` the schema at ``schema`` does not allow; ``what`` it is called."""
        import jsonschema_rs

        self._left -= 1
        if self._left < 0:
            return
        try:
            found = list(misfits(self._validator(schema), value))
        except (ValueError, jsonschema_rs.ReferencingError):  # the schema itself is wrong: other rules say so
            return
        for each in found:
            at = (*path, *each.path)
            inside = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in each.path)
            said = f"{self._spec.named(path[:-1])}: {what}{inside} {each.message}"
            yield Said(at, said, each.hint, "warning" if each.keyword == "format" else "error")

    def _validator(self, schema: Path) -> Any:
        import jsonschema_rs

        kind = jsonschema_rs.Draft4Validator if self._older else jsonschema_rs.Draft202012Validator
        if self._registry is None:
            document = {**_plain(self._spec, self._marked)}
            self._registry = jsonschema_rs.Registry(
                [(_URI, document)],
                draft=jsonschema_rs.Draft4 if self._older else jsonschema_rs.Draft202012,
                retriever=lambda uri: {},  # what is outside of the document allows everything
            )
        pointer = "/".join(str(part).replace("~", "~0").replace("/", "~1").replace("%", "%25") for part in schema)
        return kind(
            {"$ref": f"{_URI}#/{pointer}"}, registry=self._registry, offline=True, validate_formats=True, formats=FORMATS
        )  # fmt: skip


def _plain(spec: Spec, marked: set[str]) -> dict[str, Any]:
    """The document with schemas of plain JSON Schema.

    ``nullable`` (3.0.3, section 4.7.24.2) becomes a type; ``required`` does not bind what is only read or only written (section 4.8.24.2);
    patterns that the engine cannot use are left out.
    """

    def plain(value: Any, path: Path) -> Any:
        if isinstance(value, list):
            return [plain(each, (*path, at)) for at, each in enumerate(value)]
        if not isinstance(value, dict):
            return value
        made = {key: plain(each, (*path, key)) for key, each in value.items()}
        return _schema(made, marked, spec) if spec.kinds.get(path) == "schema" else made

    return dict(plain(spec.value, ()))


def _schema(made: dict[str, Any], marked: set[str], spec: Spec) -> dict[str, Any]:
    for key in ("example", "examples", "default", "discriminator", "xml", "externalDocs"):
        made.pop(key, None)
    if isinstance(made.get("required"), list):
        made["required"] = [each for each in made["required"] if each not in marked]
        if not made["required"]:
            del made["required"]
    if isinstance(made.get("pattern"), str) and not compiles(made["pattern"]):
        del made["pattern"]
    if made.get("nullable") is True and spec.version in ("2.0", "3.0"):
        rest = {key: each for key, each in made.items() if key != "nullable"}
        if isinstance(rest.get("enum"), list):  # tools differ on whether null has to be listed: it may be left out
            rest["enum"] = [*rest["enum"], None]
        if isinstance(rest.get("type"), str):
            rest["type"] = [rest["type"], "null"]
            return rest
        return {"anyOf": [{"enum": [None]}, rest]}
    return made
