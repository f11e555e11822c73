"""The interface as one OpenAPI 3.1 document, made as plain data and written down as YAML."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import yaml

from ..facts import Field, Operation, Parameter, Response
from . import signin
from .markdown import shorten
from .naming import distinct, pascal, snake, words
from .plan import Plan
from .problems import PROBLEM, error_code
from .values import Schema, property_of, ref, sample, value

_VERBS = {
    "create": "Create",
    "add": "Add",
    "register": "Register",
    "list": "List",
    "search": "List",
    "get": "Read",
    "update": "Change",
    "delete": "Delete",
}


@dataclass
class Contract:
    """The interface while it is written: ``schemas`` by name, which fields each has, which of them each operation takes and returns."""

    plan: Plan
    schemas: dict[str, Schema] = field(default_factory=dict)
    shown: dict[str, tuple[Field, ...]] = field(default_factory=dict)
    bodies: dict[str, str] = field(default_factory=dict)
    returns: dict[str, dict[int, str]] = field(default_factory=dict)
    error: str = "Problem"
    error_media: str = "application/problem+json"
    stated_error: bool = False
    shared: dict[tuple[int, str, tuple[Field, ...]], str] = field(default_factory=dict)

    def keep(self, wanted: str, fields: Iterable[Field]) -> str:
        """Keep a schema under ``wanted``, or under the next free name when that one means something else already."""
        fields = tuple({one.name: one for one in fields}.values())
        schema = _object(fields)
        name = pascal(wanted)
        if self.schemas.get(name, schema) != schema:
            name = distinct(name, set(self.schemas))
        self.schemas[name] = schema
        self.shown[name] = fields
        return name


def write(plan: Plan) -> tuple[Contract, Schema]:
    """The contract and the OpenAPI document it comes down to."""
    contract = Contract(plan)
    _choose_error(contract)
    for operation in sorted(plan.operations, key=lambda o: not o.stated):
        _keep_schemas(contract, operation)
    responses = _share(contract)
    paths: dict[str, Schema] = {}
    for operation in plan.operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(contract, operation)
    if not contract.stated_error and any(r.status >= 400 for o in plan.operations for r in o.responses):
        contract.schemas[contract.error] = PROBLEM
    document: Schema = {
        "openapi": "3.1.0",
        "info": {"title": plan.feature, "version": _version(plan), "description": _description(plan)},
    }
    tags = dict.fromkeys(tag(plan, operation) for operation in plan.operations)
    if plan.reading.version.startswith("/") and not any(
        o.path.startswith(plan.reading.version) for o in plan.operations
    ):
        document["servers"] = [{"url": plan.reading.version}]
    document["tags"] = [{"name": name, "description": f"Operations on {name}."} for name in tags]
    document["paths"] = paths
    components: Schema = {
        "schemas": dict(sorted(contract.schemas.items())),
        **({"responses": responses} if responses else {}),
    }
    if any(plan.protected(operation) for operation in plan.operations):
        jwt = any(re.search(r"\bJWT\b|JSON Web Token", p.text) for p in plan.reading.passages)
        components["securitySchemes"] = signin.schemes(plan.reading, jwt)
    document["components"] = components
    return contract, document


def dump(document: Schema) -> str:
    """The document as YAML, in the order it was made, without anchors and without folded lines."""
    return yaml.dump(document, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=1_000_000)


def tag(plan: Plan, operation: Operation) -> str:
    """What the operation is filed under: its table, or the first fixed part of its path."""
    table = plan.table(operation.entity)
    if table:
        return table.name.replace("_", " ")
    fixed = [
        part for part in operation.path.split("/") if part and "{" not in part and not re.fullmatch(r"api|v\d+", part)
    ]
    return words(fixed[0]) if fixed else "root"


def summary(plan: Plan, operation: Operation) -> str:
    """What ``operation`` does: the brief's words where it names the endpoint, ``Create an event`` where the rules derived it."""
    said = re.sub(r"\s+", " ", operation.purpose).strip() or operation.id
    table = plan.table(operation.entity)
    verb = _VERBS.get(re.match(r"[a-z]*", operation.id).group(), "")  # type: ignore[union-attr]
    last = [part for part in operation.path.split("/") if part and "{" not in part][-1:]
    own = bool(
        table and last and (snake(last[0]) == table.name or snake(last[0]).startswith(snake(operation.entity)[:-1]))
    )
    if operation.stated or not table or not verb or not own:
        return shorten(said, 110)
    one = words(operation.entity)
    above = re.findall(r"\{(\w+?)(?:_?[iI]d)?\}/[^{}]+$", operation.path)
    of = f" of one {words(above[0])}" if above and above[0] not in ("", "id") else ""
    if verb == "List":
        return f"List {table.name.replace('_', ' ')}{of}"
    return f"{verb} {'an' if one[:1] in 'aeiou' and not re.match('user|uni|eu|one', one) else 'a'} {one}{of}"


class _Plain(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def _version(plan: Plan) -> str:
    named = plan.reading.version.strip()
    return named if named and not named.startswith("/") else "0.1.0"


def _description(plan: Plan) -> str:
    said = "First draft by rule from the brief; x-sources names the passages each operation follows from."
    if not plan.reading.served:
        return f"{said} The brief describes a {plan.reading.interface}: these operations are its commands as a service would offer them."
    return said


def _choose_error(contract: Contract) -> None:
    """Take the brief's own error form when it states one, problem details (RFC 9457) otherwise."""
    found: dict[str, Field] = {}
    for operation in contract.plan.operations:
        for response in operation.responses:
            if response.status >= 400:
                found.update({f.name: f for f in response.fields if f.name not in found})
    if found:
        contract.error = contract.keep(
            "Error", (Field(f.name, f.type, f.required, f.meaning, f.sources) for f in found.values())
        )
        contract.error_media, contract.stated_error = "application/json", True
    elif any(pascal(entity.name) == "Problem" for entity in contract.plan.reading.entities):
        contract.error = "ProblemDetails"


def _share(contract: Contract) -> Schema:
    """The errors that several operations answer with, written once."""
    counted = Counter(
        (r.status, r.meaning, r.fields) for o in contract.plan.operations for r in o.responses if r.status >= 400
    )
    made: Schema = {}
    taken: set[str] = set()
    for (status, meaning, fields), times in counted.items():
        if times > 1:
            response = Response(status, meaning, fields=fields)
            name = distinct(pascal(error_code(response)), taken)
            made[name] = _response(contract, contract.plan.operations[0], response)
            contract.shared[(status, meaning, fields)] = name
    return made


def _keep_schemas(contract: Contract, operation: Operation) -> None:
    plan = contract.plan
    fields = plan.fields(operation)
    if fields and operation.method in ("POST", "PUT", "PATCH"):
        contract.bodies[operation.id] = contract.keep(_body_name(contract, operation), fields)
    kept = contract.returns.setdefault(operation.id, {})
    for response in operation.responses:
        if response.status >= 400 or response.status == 204 or not _json(response):
            continue
        table = plan.table(response.schema)
        if table:
            whole = [plan.shown(c, c.required) for c in table.columns if c.field and not _secret(c.name, c.personal)]
            name = pascal(table.entity)
            clash = name in contract.schemas and contract.schemas[name] != _object(tuple(whole))
            kept[response.status] = contract.keep(f"{name}Record" if clash else name, whole)
        elif response.fields:
            wanted = response.schema or f"{operation.id[:1].upper()}{operation.id[1:]}Response"
            kept[response.status] = contract.keep(wanted, response.fields)


def _body_name(contract: Contract, operation: Operation) -> str:
    if operation.stated and operation.body_schema:
        return operation.body_schema
    inside = operation.method == "POST" and "{" in operation.path
    if operation.entity and not operation.stated and not inside:
        return f"{operation.entity}{'Update' if operation.method == 'PATCH' else 'Input'}"
    return operation.body_schema or f"{operation.id[:1].upper()}{operation.id[1:]}Request"


def _secret(name: str, personal: str) -> bool:
    return name.endswith("_hash") or (personal == "credential" and "password" in name)


def _json(response: Response) -> bool:
    return "json" in response.media


def _operation(contract: Contract, operation: Operation) -> Schema:
    plan = contract.plan
    made: Schema = {
        "operationId": operation.id,
        "summary": summary(plan, operation),
        "tags": [tag(plan, operation)],
        "description": shorten(operation.purpose, 300) or operation.id,
        "x-sources": list(operation.sources),
        "security": signin.required(plan.reading, operation) if plan.protected(operation) else [],
    }
    if operation.parameters:
        made["parameters"] = [_parameter(plan, operation, parameter) for parameter in operation.parameters]
    body = contract.bodies.get(operation.id)
    if body:
        content = {"schema": ref(body), "example": sample(contract.shown[body])}
        made["requestBody"] = {"required": True, "content": {"application/json": content}}
    made["responses"] = {str(r.status): _response(contract, operation, r) for r in operation.responses}
    return made


def _parameter(plan: Plan, operation: Operation, parameter: Parameter) -> Schema:
    kind = parameter.type
    table = plan.table(operation.entity)
    if parameter.place == "path" and table and not operation.stated:
        column = next(
            (c for c in table.columns if c.field == parameter.name or (c.primary and parameter.name.endswith("id"))),
            None,
        )
        kind = plan.key_type(column) if column else kind
    made: Schema = {
        "name": parameter.name,
        "in": parameter.place,
        "required": parameter.place == "path" or parameter.required,
    }
    if parameter.meaning:
        made["description"] = re.sub(r"\s+", " ", parameter.meaning)
    made["schema"] = property_of(Field(parameter.name, kind, values=parameter.values))
    least = {"limit": 1, "page": 1, "offset": 0}.get(parameter.name.lower())
    if kind == "integer" and least is not None:
        made["schema"]["minimum"] = least
        if not parameter.sources:
            made["schema"].update({"maximum": 100, "default": 20} if parameter.name == "limit" else {"default": least})
    return made


def _response(contract: Contract, operation: Operation, response: Response) -> Schema:
    made: Schema = {"description": re.sub(r"\s+", " ", response.meaning).strip() or str(response.status)}
    if response.status >= 400 and (name := contract.shared.get((response.status, response.meaning, response.fields))):
        return {"$ref": f"#/components/responses/{name}"}
    if response.status >= 400:
        made["content"] = {
            contract.error_media: {"schema": ref(contract.error), "example": errorsample(contract, response)}
        }
        return made
    if response.status == 204:
        return made
    if not _json(response):
        made["content"] = {response.media: {"schema": {"type": "string"}}}
        return made
    name = contract.returns.get(operation.id, {}).get(response.status)
    if name:
        shown = sample(contract.shown[name])
        schema = {"type": "array", "items": ref(name)} if response.many else ref(name)
        made["content"] = {response.media: {"schema": schema, "example": [shown] if response.many else shown}}
    return made


def errorsample(contract: Contract, response: Response) -> Schema:
    """An error as it is sent for ``response``."""
    meaning = re.sub(r"\s+", " ", response.meaning).strip() or "error"
    if contract.stated_error:
        own = {f.name: f for f in response.fields}
        fields = [own.get(f.name, f) for f in contract.shown[contract.error]]
        return {f.name: value(f) if f.example or f.type != "string" else meaning for f in fields}
    return {"title": meaning[:1].upper() + meaning[1:], "status": response.status, "code": error_code(response)}


def _object(fields: tuple[Field, ...]) -> Schema:
    made: Schema = {"type": "object"}
    required = [f.name for f in fields if f.required]
    if required:
        made["required"] = required
    made["properties"] = {f.name: property_of(f) for f in fields}
    return made
