"""The same operation, table, role, status or limit named in two places agrees: computed from parsed artefacts and tables.

Where one artefact has the last word (OpenAPI for operations, DDL for tables), whatever names something else is told; where two
are equals, the later document, by name, is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ...document import Document
from .. import openapi, sql
from ..about import About
from ..fits import close
from ..wrong import Wrong, Wrongs
from . import named, words
from .access import agrees_on_who_may_call
from .answered import answers_as_its_api_documents
from .needed import agrees_on_what_is_required

_BESIDE = re.compile(r"/(?:healthz?|health/\w+|livez?|readyz?|metrics|docs|redoc|openapi\.(?:json|ya?ml))$")
"""What a server answers beside its API."""
_ANYBODY = re.compile(r"(?i)(?:any(?:body|one)?|every(?:body|one)|public|anonymous|nobody|no one)\b")
"""How a table says that it means no role."""
_BASES = re.compile(r"v\d+|api|rest|\{\}")
_LENGTH = re.compile(r"(?i)char(?:acter)?(?:\s+varying)?\s*\(\s*(\d{1,9})\s*\)")


def names_operations_its_api_has(document: Document, about: About) -> Wrongs:
    """Name only operations (method and path) that the plan's OpenAPI has, in endpoint tables and sequence diagrams."""
    known = {
        (each.method, words.path(base + each.path))
        for there in _all(document, about) for each in openapi.operations(there) for base in ("", each.base)
    }  # fmt: skip
    if not known:
        return
    paths = {path for _, path in known}
    own = about.plan and not about.domain or bool(openapi.operations(document))  # a domain may call another's
    resources = {part for path in paths for part in path.split("/") if part and not _BASES.fullmatch(part)}
    named_here = named.operations(document)
    asked = {each.to for each in named_here if (each.of, words.path(each.text)) in known}
    for each in named_here:
        path = words.path(each.text)
        of_it = any(part in resources or close(part, resources) for part in path.split("/") if part)
        if (
            (each.of, path) in known
            or _BESIDE.match(path)
            or (each.to and asked and each.to not in asked and not of_it)
        ):
            continue  # the last: somebody else's API is called
        others = sorted(method for method, there in known if there == path)
        hint = (
            f"the OpenAPI has {', '.join(others)} there"
            if others
            else f"add it to the OpenAPI or name one it has{_near(path, paths)}"
        )
        said = f"{each.of} {each.text} is not an operation of the OpenAPI document"
        yield Wrong(
            each.line, said, hint, severity="error" if of_it or own else "warning"
        )  # it may be another service's


def names_tables_its_ddl_has(document: Document, about: About) -> Wrongs:
    """Name only tables that the plan's DDL creates, in ER diagrams, table cards and columns called Table."""
    tables = _tables(document, about)
    if not tables:
        return
    known = {words.entity(name) for name in tables} | {words.entity(name) for name in about.tables}
    own = bool(sql.tables(document, about.dialect))
    for each in named.entities(document):
        if words.entity(each.text) not in known:
            message = f"the table {each.text!r} ({each.of}) is not in the DDL"
            hint = f"create it in the DDL, or use its name there{_near(each.text, tables)}"
            yield Wrong(each.line, message, hint, severity="error" if own else "warning")


def names_columns_its_ddl_has(document: Document, about: About) -> Wrongs:
    """Name only columns that the plan's DDL has, in ER diagrams and table cards."""
    tables = {words.entity(name): columns for name, columns in _tables(document, about).items()}
    own = bool(sql.tables(document, about.dialect))
    for each in named.attributes(document):
        columns = tables.get(words.entity(each.of))
        if columns and words.flat(each.text) not in {words.flat(name) for name in columns}:
            message = f"the column {each.text!r} of {each.of!r} is not in the DDL"
            hint = f"add it to the DDL, or use its name there{_near(each.text, columns)}"
            yield Wrong(each.line, message, hint, severity="error" if own else "warning")


def names_roles_of_its_matrix(document: Document, about: About) -> Wrongs:
    """Name only roles that the authorization matrix has, in columns called Role."""
    matrix = {
        words.snake(each.text)
        for there in _all(document, about)
        for each in named.roles(there)
        if each.of.casefold() == "authorization"
    }
    for each in named.roles(document) if matrix else ():
        if words.snake(each.text) not in matrix:
            hint = f"add it to the matrix under 'Authorization', or use a role it has{_near(words.snake(each.text), matrix)}"
            yield Wrong(
                each.line, f"the role {each.text!r} is not in the authorization matrix", hint, severity="warning"
            )


def names_roles_others_name(document: Document, about: About) -> Wrongs:
    """Name only roles that another document names too, in columns called Role or Actor."""
    others = [named.people(there) for there in about.beside]
    known = {words.role(each.text) for people in others for each in people}
    matrix = any(
        each.of.casefold() == "authorization" for there in _all(document, about) for each in named.roles(there)
    )
    for each in named.people(document) if known else ():
        said = each.to and not _ANYBODY.match(each.text)
        if said and not (matrix and each.to == "role") and not words.is_role(words.role(each.text), known):
            hint = f"name one they do, or have it added there{_near(each.text.casefold(), known)}"
            yield Wrong(each.line, f"the role {each.text!r} is in no other document", hint, severity="warning")


def agrees_on_values(document: Document, about: About) -> Wrongs:
    """Give a status or type the same values in the OpenAPI enum, the DDL's CHECK or enum type, and the state diagram."""
    stored = {
        (words.entity(table.name), words.flat(column.name)): (there.name, column.line, tuple(column.values))
        for there in _all(document, about) for table in sql.tables(there, about.dialect) for column in table.columns if column.values
    }  # fmt: skip
    for there, schema, each in _properties(document, about):
        held = stored.get((words.entity(schema), words.flat(each.name)))
        if held and each.enum and not _same(each.enum, held[2]) and document.name == max(there.name, held[0]):
            message = f"{schema}.{each.name}: {_differing('OpenAPI', each.enum, 'DDL', held[2])}"
            yield Wrong(_line(each, there, document, held[1]), message, "give both the same values")
    yield from _states(document, [values for _, _, values in stored.values()])


def _states(document: Document, known: list[tuple[str, ...]]) -> Wrongs:
    for line, drawn in named.states(document):
        for values in known:
            stored = frozenset(words.snake(str(value)) for value in values)
            shared = drawn & stored
            if len(shared) < 2 or 2 * len(shared) < len(drawn | stored) or drawn == stored:
                continue
            message = _differing("state diagram", sorted(drawn), "DDL", sorted(stored))
            yield Wrong(line, message, "draw a state for each value, and no other", severity="warning")


def agrees_on_lengths(document: Document, about: About) -> Wrongs:
    """Give a text the same longest length in the OpenAPI (maxLength) and the DDL (varchar)."""
    held = {
        (words.entity(table.name), words.flat(column.name)): (there.name, column.line, int(length[1]))
        for there in _all(document, about) for table in sql.tables(there, about.dialect) for column in table.columns
        if (length := _LENGTH.search(column.type))
    }  # fmt: skip
    for there, schema, each in _properties(document, about):
        name, line, room = held.get((words.entity(schema), words.flat(each.name)), ("", 0, 0))
        most = dict(each.limits).get("maxLength")
        if not room or not isinstance(most, int) or most == room or document.name != max(there.name, name):
            continue
        message = f"{schema}.{each.name} may have {most} characters in the OpenAPI, its column holds {room}"
        severity = "error" if most > room else "warning"
        yield Wrong(_line(each, there, document, line), message, "give both the same length", severity=severity)


def agrees_on_limits(document: Document, about: About) -> Wrongs:
    """Give a limit one value: a row of the same name says the same in every table."""
    first: dict[tuple[str, str, str], tuple[float, str, int]] = {}
    for there in sorted(_all(document, about), key=lambda each: each.name):
        for each, (number, unit) in named.limits(there):
            before = first.setdefault((words.snake(each.text), unit, each.of), (number, there.name, each.line))
            if before[0] != number and there.name == document.name:
                place = (
                    f"line {before[2]}" if before[1] == document.name else f"{before[1].rpartition('/')[2]}:{before[2]}"
                )
                yield Wrong(each.line, f"{each.text!r} has another value at {place}", "give both the same value")


CHECKS = (
    names_operations_its_api_has,
    names_tables_its_ddl_has,
    names_columns_its_ddl_has,
    names_roles_of_its_matrix,
    agrees_on_values,
    agrees_on_lengths,
    agrees_on_limits,
    agrees_on_who_may_call,
    answers_as_its_api_documents,
    agrees_on_what_is_required,
    names_roles_others_name,
)
"""Run on every document, with those it has to agree with."""


def _all(document: Document, about: About) -> tuple[Document, ...]:
    return (document, *about.beside)


def _properties(document: Document, about: About) -> Iterator[tuple[Document, str, openapi.Property]]:
    """Every property of the plan's OpenAPI, with its document and the name of its schema."""
    for there in _all(document, about):
        for schema in openapi.schemas(there):
            yield from ((there, schema.name, each) for each in schema.properties)


def _line(each: openapi.Property, there: Document, document: Document, column: int) -> int:
    """The property's line where ``document`` holds it, else that of its ``column``."""
    return each.line if there.name == document.name else column


def _tables(document: Document, about: About) -> dict[str, set[str]]:
    """Every table of the plan's DDL, with its columns."""
    return {
        table.name: {words.snake(column.name) for column in table.columns}
        for there in _all(document, about) for table in sql.tables(there, about.dialect)
    }  # fmt: skip


def _near(wrong: str, right: Iterable[str]) -> str:
    near = close(wrong, right)
    return f", perhaps {near!r}" if near else ""


def _same(one: Sequence[object], other: Sequence[object]) -> bool:
    return {words.snake(str(each)) for each in one} == {words.snake(str(each)) for each in other}


def _differing(here: str, ours: Sequence[object], there: str, theirs: Sequence[object]) -> str:
    """What only one of two lists of values has, in words."""
    known = {words.snake(str(each)) for each in ours}, {words.snake(str(each)) for each in theirs}
    only = [each for each in ours if words.snake(str(each)) not in known[1]]
    missing = [each for each in theirs if words.snake(str(each)) not in known[0]]
    said = [f"only the {name} has {_listed(values)}" for name, values in ((here, only), (there, missing)) if values]
    return "; ".join(said)


def _listed(values: Sequence[object]) -> str:
    named = ", ".join(str(value) for value in values[:8])
    return f"{named} …" if len(values) > 8 else named
