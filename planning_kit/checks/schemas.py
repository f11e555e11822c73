"""JSON Schema, compiled by jsonschema-rs, with the lint it lacks; and the JSON example that stands beside a schema."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any
from urllib.parse import unquote, urljoin

from ..aside import Undone, call
from ..document import Document
from .about import About
from .artefact import Artefact, artefacts
from .fits import FORMATS, close, misfits
from .kind import Kind
from .places import Path, Tree, Unreadable, read
from .vocabulary import idle, misspelt, patterns, subschemas, undefined
from .wrong import Wrong, Wrongs, tool

_DRAFTS = {
    "http://json-schema.org/draft-04/schema": "Draft4",
    "http://json-schema.org/draft-06/schema": "Draft6",
    "http://json-schema.org/draft-07/schema": "Draft7",
    "https://json-schema.org/draft/2019-09/schema": "Draft201909",
    "https://json-schema.org/draft/2020-12/schema": "Draft202012",
}
_BASE = "https://document.invalid/schema.json"
"""What a schema without a name is called: a name that $refs can be relative to."""
_COUNTER = re.compile(
    r"(?i)\b(?:in-?valid|not valid|reject\w*|refus\w*|wrong|fails?|counter-?examples?|bad|violat\w*|error\w*)\b"
)
MOST = 50
"""The most faults given of one sort."""
Fault = tuple[str, int, int, str, str, str]
"""Rule, line and column within the text, message, hint, severity."""
_Said = Iterator[tuple[str, Path, str, str, str]]


def parses_its_schema(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Write JSON Schema in a fenced json or yaml block that parses, each key once."""
    return _of(artefact, "parse", "json" if _lang(artefact) == "json" else tool("PyYAML"))


def validates_its_schema(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Write JSON Schema that its own draft allows, with types, patterns and $refs that exist."""
    return _of(artefact, "shape", tool("jsonschema-rs"))


def fits_its_schema(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Give defaults and examples that fit their JSON Schema."""
    return _of(artefact, "values", tool("jsonschema-rs"))


def spells_its_schema(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Spell the keywords of JSON Schema as it does, and require only properties that are defined."""
    return _of(artefact, "words", "")


def agrees_with_the_schema_beside_it(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Let a JSON example that follows its JSON Schema fit it."""
    schema = _beside(artefact, document)
    if schema is None:
        return
    others = [each for each in artefacts(document) if each.kind == "json-schema" and each.line < schema.line]
    try:
        found = call("planning_kit.checks.exampled:disagreements", schema.text, _lang(schema), artefact.text)
        if any(call("planning_kit.checks.exampled:fits", each.text, _lang(each), artefact.text) for each in others[-6:] if found):  # fmt: skip
            return
    except Undone:  # said of the schema already
        return
    for _, line, column, message, hint, severity in found:
        yield Wrong(
            line, f"{message}, says the schema on line {schema.line}", hint, column, tool("jsonschema-rs"), severity
        )


def _of(artefact: Artefact, rule: str, found_by: str) -> Wrongs:
    for name, line, column, message, hint, severity in call(
        "planning_kit.checks.schemas:faults", artefact.text, _lang(artefact)
    ):
        if name == rule:
            yield Wrong(line, message, hint, column, found_by, severity)


def _lang(artefact: Artefact) -> str:
    return "yaml" if artefact.lang in ("yaml", "yml") else "json"


def _beside(artefact: Artefact, document: Document) -> Artefact | None:
    """The JSON Schema that ``artefact`` is the example of: the JSON before it in the same section, if nothing says that it should not fit."""
    before = [
        each for each in artefacts(document) if each.line < artefact.line and each.lang in ("json", "yaml", "yml")
    ]
    if not before or before[-1].kind != "json-schema":
        return None
    schema = before[-1]
    end = schema.line + len(schema.lines)
    if any(end <= heading.line < artefact.line for heading in document.headings):
        return None
    between = "\n".join(document.lines[end - 1 : artefact.line - 1])
    return None if _COUNTER.search(between) else schema


def faults(text: str, lang: str) -> list[Fault]:
    """What is wrong with a JSON Schema; if it does not parse, one fault of the rule ``parse``. Runs aside."""
    try:
        tree = read(text, lang)
    except Unreadable as error:
        return [("parse", error.line, error.column, error.message, error.hint, "error")]
    if not isinstance(tree.value, dict):
        return []
    draft = draft_of(tree.value)
    if not draft:
        if re.search(r"json-schema\.org/(?:draft-0[0-3]/|draft[-/][\w-]+/hyper-)", str(tree.value.get("$schema"))):
            said = "a schema of this draft was not checked: only drafts 4 to 2020-12 are"
            return [("shape", *tree.at(("$schema",)), said, "write it in 2020-12", "warning")]
        said = f"{tree.value.get('$schema')!r} is no draft of JSON Schema"
        near = close(str(tree.value.get("$schema")), _DRAFTS) or "https://json-schema.org/draft/2020-12/schema"
        return [("shape", *tree.at(("$schema",)), said, f"write {near!r}", "error")]
    held = sorted(subschemas(tree.value), key=lambda each: tree.at(each[0]))
    finders = (_shape(tree.value, draft), _references(tree, held), _words(held), _values(tree.value, draft, held))
    found = [each for find in finders for each in islice(find, MOST)]
    return [(rule, *tree.at(path), *rest) for rule, path, *rest in found]  # type: ignore[misc]


def draft_of(schema: dict[str, Any]) -> str:
    """The draft a schema names; the newest where it names none."""
    said = schema.get("$schema", "https://json-schema.org/draft/2020-12/schema")
    plain = re.sub(r"^https?:", "", str(said)).rstrip("#")
    if plain == "//json-schema.org/schema":
        return "Draft202012"
    return next((draft for uri, draft in _DRAFTS.items() if re.sub(r"^https?:", "", uri) == plain), "")


def _where(path: Path) -> str:
    parts = [str(part) for part in path if part not in ("properties", "$defs", "definitions")]
    return ".".join(parts) or "the schema"


def _shape(schema: dict[str, Any], draft: str) -> _Said:
    import jsonschema_rs

    uri = next(uri for uri, name in _DRAFTS.items() if name == draft)
    kind = getattr(jsonschema_rs, f"{draft}Validator")
    meta = kind({"$ref": uri}, validate_formats=False, offline=True)
    for each in dict.fromkeys(misfits(meta, schema)):  # a draft in parts says the same of one place several times
        hint = each.hint
        if each.path[-1:] == ("required",) and each.message.startswith(("is true", "is false")):
            hint = 'list the required properties in the schema of the object: "required": ["name"]'
        elif each.path[-1:] == ("items",) and isinstance(_get(schema, each.path), list):
            hint = "write prefixItems, which 2020-12 has for it"
        yield "shape", each.path, f"{_where(each.path)} {each.message}", hint, "error"
    for path, one in subschemas(schema):
        for at, said, severity in patterns(one):
            yield "shape", (*path, *at), f"{_where(path)}: {said}", "", severity


def _get(value: Any, path: Path) -> Any:
    for part in path:
        value = value[part]
    return value


def _references(tree: Tree, held: list[tuple[Path, dict[str, Any]]]) -> _Said:
    """Each $ref that leads nowhere, or out of the document."""
    bases = {path: base for path, each in held for base in [each.get("$id", each.get("id"))] if isinstance(base, str)}
    anchors = {each[key] for _, each in held for key in ("$anchor", "$dynamicAnchor") if isinstance(each.get(key), str)}
    anchors |= {base[1:] for base in bases.values() if base.startswith("#")}
    root = bases.get((), "")
    known = {urljoin(root, base).rstrip("#") for base in bases.values()} | {root.rstrip("#")}
    for path, each in held:
        ref = each.get("$ref")
        nested = any(path[:end] in bases and not bases[path[:end]].startswith("#") for end in range(1, len(path) + 1))
        if not isinstance(ref, str) or nested and ref.startswith("#"):
            continue
        outside, _, fragment = urljoin(root, ref).partition("#") if not ref.startswith("#") else ("", "", ref[1:])
        if outside and outside not in known:
            if not re.match(r"https?://json-schema\.org/", outside):
                said = f"{_where(path)}: $ref {ref!r} leads out of this schema and was not checked"
                yield "shape", (*path, "$ref"), said, "", "warning"
        elif fragment in anchors or (outside and outside != root.rstrip("#")) or _leads(tree.value, fragment):
            continue
        else:
            yield (
                "shape",
                (*path, "$ref"),
                f"{_where(path)}: $ref {ref!r} leads nowhere",
                _defined(tree.value, ref),
                "error",
            )


def _leads(value: Any, fragment: str) -> bool:
    """Whether the JSON pointer ``fragment`` (RFC 6901) leads to something."""
    if fragment and not fragment.startswith("/"):
        return False
    for part in fragment.split("/")[1:]:
        name = unquote(part).replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict) and name in value:
            value = value[name]
        elif isinstance(value, list) and name.isdecimal() and int(name[:9]) < len(value):
            value = value[int(name)]
        else:
            return False
    return True


def _defined(schema: dict[str, Any], ref: str) -> str:
    name = ref.rpartition("/")[2]
    for key in ("$defs", "definitions"):
        held = schema.get(key)
        if isinstance(held, dict) and (near := name if name in held else close(name, map(str, held))):
            return f"write '#/{key}/{near}'"
    return f"define {name!r} under $defs" if name else ""


def _words(held: list[tuple[Path, dict[str, Any]]]) -> _Said:
    for path, each in held:
        for key, said, hint, severity in idle(each):
            yield "words", (*path, key), f"{_where(path)}: {said}", hint, severity
        for key, said, hint in misspelt(each):
            yield "words", (*path, key), f"{_where(path)}: {said}", hint, "error"
        if each.get("nullable") is True:
            hint = 'write "type": [..., "null"]'
            yield (
                "words",
                (*path, "nullable"),
                f"{_where(path)}: 'nullable' is of OpenAPI 3.0 and means nothing here",
                hint,
                "warning",
            )
        for number, name, hint in undefined(path, each):
            said = f"{_where(path)} requires {name!r}, which is not among its properties"
            yield "words", (*path, "required", number), said, hint, "warning"


def _values(schema: dict[str, Any], draft: str, held: list[tuple[Path, dict[str, Any]]]) -> _Said:
    """Each default and example that its own schema does not allow."""
    try:
        registry = registry_of(schema, draft)
    except ValueError:  # the schema itself is wrong, as said before
        return
    for path, each in held:
        told = [((*path, "default"), each["default"], "the default")] if "default" in each else []
        listed = each.get("examples")
        told += [
            ((*path, "examples", at), one, "the example")
            for at, one in enumerate(listed if isinstance(listed, list) else ())
        ]
        for at, value, what in told:
            try:
                found = list(misfits(validator_of(registry, draft, path), value))
            except ValueError:  # the schema itself is wrong, as said before
                continue
            for one in found:
                severity = "warning" if one.keyword == "format" else "error"
                yield "values", (*at, *one.path), f"{_where(path)}: {what} {one.message}", one.hint, severity


def registry_of(schema: dict[str, Any], draft: str) -> tuple[Any, str]:
    """The schema where its parts can be named, and its name; what is outside of it allows everything."""
    import jsonschema_rs

    name = urljoin(_BASE, str(schema.get("$id", schema.get("id", "")))).partition("#")[0]
    own = {key: each for key, each in schema.items() if key not in ("$id", "id", "$schema")}
    return jsonschema_rs.Registry([(name, own)], draft=getattr(jsonschema_rs, draft), retriever=lambda uri: {}), name


def validator_of(registry: tuple[Any, str], draft: str, path: Path) -> Any:
    """What tells whether a value fits the part at ``path`` of a schema in its ``registry``."""
    import jsonschema_rs

    pointer = "".join("/" + str(part).replace("~", "~0").replace("/", "~1").replace("%", "%25") for part in path)
    kind = getattr(jsonschema_rs, f"{draft}Validator")
    schema = {"$ref": f"{registry[1]}#{pointer}" if pointer else registry[1]}
    return kind(schema, registry=registry[0], offline=True, validate_formats=True, formats=FORMATS)


def _tool(artefact: Artefact, about: About) -> str:
    return tool("jsonschema-rs")


KIND = Kind(_tool, (parses_its_schema, validates_its_schema, fits_its_schema, spells_its_schema))
