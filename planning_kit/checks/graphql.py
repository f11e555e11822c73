"""GraphQL, checked by graphql-core: schemas and operations. Rules by the GraphQL specification of October 2021.

A plan shows a schema in parts, so what a part does not define is sought in the document's other GraphQL blocks, and
nothing is said of a schema that says it is not whole: one without a query root, or with ``...`` in a comment.
"""

from __future__ import annotations

import re
from typing import Any

from ..aside import call
from ..document import Document
from .about import About
from .artefact import Artefact, of_kind
from .kind import Kind
from .wrong import Wrong, Wrongs, tool

_LEFT_OUT = re.compile(r"(?im)#[^\n]*(?:\.\.\.|…|\betc\b|omitted|left out|elided|other (?:types|fields)|rest of)")
_APART = "\n#\x1f\n"
_FEDERATION = {"_Any", "_Entity", "_Service", "FieldSet", "_FieldSet", "link__Import", "link__Purpose"}
"""Types that a gateway adds (Apollo Federation 2)."""
_HINTS = (
    (r"Expected Name, found '[})]'", "name at least one field, or take the brackets away"),
    (r"Expected ':', found", "write name: Type"),
    (r"Expected '\]'", "close the list: [Type!]!"),
    (r"found '='", "put the default after the type: name: Type = value"),
    (r"found '\.\.\.'|Expected Name, found '\.'", "write the fields out: ... stands only before a fragment's name"),
    (r"[Uu]nexpected character: '/'", "begin a comment with #"),
    (r"single quote", 'use double quotes: "'),
    (r"Unexpected Name 'interface|Expected Name, found Name|implements", "join interfaces with &: type A implements B & C"),
    (r"found <EOF>", "close the bracket"),
    (r"Unexpected Name", "begin with type, input, enum, interface, union, scalar, directive, query, mutation or fragment"),
    (r"Expected Name, found (?:String|Int)", "write a name without quotes"),
)  # fmt: skip
_OF_OPERATIONS = ("KnownFragmentNames", "NoFragmentCycles", "NoUndefinedVariables", "UniqueOperationNames", "UniqueVariableNames", "UniqueFragmentNames", "UniqueArgumentNames", "UniqueInputFieldNames")  # fmt: skip
"""The rules that need no schema."""
_OF_SCHEMAS = ("UniqueTypeNames", "UniqueFieldDefinitionNames", "UniqueEnumValueNames", "UniqueArgumentDefinitionNames", "UniqueDirectiveNames", "LoneSchemaDefinition", "UniqueOperationTypes")  # fmt: skip
"""The rules that hold for a part of a schema too."""

Fault = tuple[int, int, str, str]
"""Line, column, message, hint."""


def parses_its_graphql(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Write GraphQL schemas and operations that parse."""
    yield from _wrongs(call("planning_kit.checks.graphql:syntax", artefact.text))


def defines_its_graphql_types(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Write GraphQL schemas in which every type is defined once (scalar DateTime too) and every interface is fulfilled."""
    others = [each.text for each in of_kind(document, "graphql") if each is not artefact]
    yield from _wrongs(call("planning_kit.checks.graphql:meaning", artefact.text, _APART.join(others)))


def _wrongs(faults: list[Fault]) -> Wrongs:
    for line, column, message, hint in faults:
        yield Wrong(line, message, hint, column, tool("graphql-core"))


def syntax(text: str) -> list[Fault]:
    """Why ``text`` does not parse; nothing when it does."""
    import graphql

    try:
        graphql.parse(text, no_location=False, max_tokens=200_000)
    except graphql.GraphQLSyntaxError as error:
        said = error.message.removeprefix("Syntax Error: ").rstrip(".")
        if said == "Unexpected <EOF>" and not text.strip("\n #"):
            return [(1, 0, "GraphQL: there is nothing in this block", "write a schema or an operation")]
        hint = next((hint for looks, hint in _HINTS if re.search(looks, error.message)), "")
        place = error.locations[0] if error.locations else None
        return [(place.line if place else 1, place.column if place else 0, f"GraphQL: {said}", hint)]
    return []


def meaning(text: str, others: str) -> list[Fault]:
    """What is wrong with definitions that parse.

    Args:
        text: one block.
        others: the document's other blocks, between marks.
    """
    import graphql
    from graphql import validation

    document = graphql.parse(text)
    beside = _definitions(others)
    sdl = [each for each in document.definitions if not isinstance(each, graphql.ExecutableDefinitionNode)]
    found: list[Fault] = []
    if len(sdl) < len(document.definitions):
        only = [each for each in document.definitions if isinstance(each, graphql.ExecutableDefinitionNode)]
        held = {each.name.value for each in beside if isinstance(each, graphql.FragmentDefinitionNode)}
        more = () if held else ("NoUnusedVariables",)  # a fragment elsewhere may use them
        named = [getattr(validation, f"{name}Rule") for name in (*_OF_OPERATIONS, *more)]
        empty = graphql.build_schema("type Query { it: Int }")
        for error in validation.validate(empty, graphql.DocumentNode(definitions=tuple(only)), named):
            if not any(f'"{name}"' in error.message or f"'{name}'" in error.message for name in held):
                found.append(_fault(error, _hint_of_operation(error.message), -1 if "only" in error.message else 0))
    if sdl:
        found += _of_schema(
            sdl, [each for each in beside if not isinstance(each, graphql.ExecutableDefinitionNode)], text + others
        )
    return found


def _of_schema(sdl: list[Any], beside: list[Any], text: str) -> list[Fault]:
    """Definitions that are there twice, types that are nowhere, interfaces that are not fulfilled."""
    import graphql
    from graphql import validation
    from graphql.validation.validate import validate_sdl

    once = [getattr(validation, f"{name}Rule") for name in _OF_SCHEMAS]
    errors = validate_sdl(graphql.DocumentNode(definitions=tuple(sdl)), None, once)
    if errors:
        return [_fault(error, "keep one of the two") for error in errors]
    if _LEFT_OUT.search(text) or not _has_root([*sdl, *beside]):
        return []
    known = _names([*sdl, *beside])
    strange = list(_unknown(sdl, known))
    return strange or _invalid(sdl, beside)


def _has_root(definitions: list[Any]) -> bool:
    import graphql

    named = [each for each in definitions if isinstance(each, graphql.ObjectTypeDefinitionNode)]
    return any(isinstance(each, graphql.SchemaDefinitionNode) for each in definitions) or any(each.name.value == "Query" for each in named)  # fmt: skip


def _names(definitions: list[Any]) -> set[str]:
    """The types there are; one that is only extended is defined in another service."""
    import graphql

    types = (graphql.TypeDefinitionNode, graphql.TypeExtensionNode)
    return (
        {each.name.value for each in definitions if isinstance(each, types)}
        | set(graphql.specified_scalar_types)
        | _FEDERATION
    )


def _unknown(sdl: list[Any], known: set[str]) -> Any:
    import difflib

    import graphql

    told: set[str] = set()
    for definition in sdl:
        for node in _named_types(definition, graphql.NamedTypeNode):
            name = node.name.value
            if name in known or name.startswith("__") or name in told or "__" in name:
                continue
            told.add(name)
            place = graphql.get_location(node.loc.source, node.loc.start)
            close = difflib.get_close_matches(name, sorted(known), 1, 0.75)
            define = f"define it: scalar {name}" if re.search(r"Date|Time|UUID|URL|JSON|Decimal|Money|Email|Long|BigInt|Upload", name) else f"define it: type {name} {{ … }}"  # fmt: skip
            yield (
                place.line,
                place.column,
                f"GraphQL: the type '{name}' is not defined",
                f"write '{close[0]}'" if close else define,
            )


def _named_types(definition: Any, kind: type) -> Any:
    """Every naming of a type in a definition."""
    waiting = [definition]
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, kind):
            yield node
            continue
        for key in node.keys:
            value = getattr(node, key, None)
            if key not in ("loc", "directives"):
                waiting += [
                    each for each in (value if isinstance(value, (list, tuple)) else [value]) if hasattr(each, "keys")
                ]


def _invalid(sdl: list[Any], beside: list[Any]) -> list[Fault]:
    """What graphql-core says of the schema the definitions make together, where it is about this block."""
    import graphql

    own = {id(each) for each in sdl}
    held = {each.name.value for each in sdl if hasattr(each, "name") and each.name}
    more = [each for each in beside if getattr(getattr(each, "name", None), "value", None) not in held]
    try:
        schema = graphql.build_ast_schema(graphql.DocumentNode(definitions=(*sdl, *more)), assume_valid_sdl=True)
        errors = graphql.validate_schema(schema)
    except (TypeError, KeyError, graphql.GraphQLError):  # a part of a schema, which other services complete
        return []
    found = []
    source = next((each.loc.source for each in sdl if id(each) in own and each.loc), None)
    for error in errors:
        places = [node.loc for node in error.nodes or () if node and node.loc and node.loc.source is source]
        if places and "root type must be" not in error.message:
            place = graphql.get_location(places[-1].source, places[-1].start)
            found.append(
                (place.line, place.column, f"GraphQL: {error.message.rstrip('.')}", _hint_of_schema(error.message))
            )
    return found


def _hint_of_schema(message: str) -> str:
    if "expected but" in message:
        return "add the interface's field, with the same type and arguments"
    if "must be Output Type" in message:
        return "return a type; an input is only for arguments"
    if "must be Input Type" in message:
        return "take an input, an enum or a scalar as argument, not a type"
    return ""


def _hint_of_operation(message: str) -> str:
    if "is never used" in message:
        return "use it, or take it out"
    if "is not defined" in message and "Variable" in message:
        return "declare it after the operation's name: query Name($id: ID!)"
    return (
        "define it in the block: fragment Name on Type { … }"
        if "Unknown fragment" in message
        else "keep one of the two"
    )


def _definitions(text: str) -> list[Any]:
    """What the other blocks define, those that parse."""
    import graphql

    found: list[Any] = []
    for part in text.split(_APART):
        try:
            found += graphql.parse(part, max_tokens=200_000).definitions
        except graphql.GraphQLSyntaxError:
            continue
    return found


def _fault(error: Any, hint: str, which: int = -1) -> Fault:
    place = error.locations[which] if error.locations else None
    return (place.line if place else 1, place.column if place else 0, f"GraphQL: {error.message.rstrip('.')}", hint)


def _tool(artefact: Artefact, about: About) -> str:
    return tool("graphql-core")


KIND = Kind(_tool, (parses_its_graphql, defines_its_graphql_types))
