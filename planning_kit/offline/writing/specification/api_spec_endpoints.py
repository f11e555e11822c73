"""The operations one by one: whom each serves, what is sent, what comes back, and a call by curl and by fetch."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from ...facts import Field, Operation, Response
from .. import openapi
from ..markdown import ASSUMED, cite, code, fence, quote, shorten, table
from ..plan import Plan
from ..problems import error_code
from ..values import Schema, value
from . import api_spec_links as links
from .api_spec_access import means
from .api_spec_part import Part
from .api_spec_served import Served
from .api_spec_shape import beneath, parted
from .ground import Ground

BENEATH = ("Request", "Responses", "Examples")
_SERVER = "https://api.example.com"
_RULE = {"minLength": "at least {} characters", "maxLength": "at most {} characters", "minimum": "at least {}", "maximum": "at most {}"}  # fmt: skip


def section(ground: Ground, part: Part, operation: Operation, served: Served) -> str:
    """Everything about one operation under its method and path."""
    written = {
        "Request": partial(_request, ground.plan, part, operation),
        "Responses": partial(_responses, part, operation),
        "Examples": partial(_examples, ground.plan, part, operation),
    }
    head = f"### {operation.method} {operation.path}"
    lead = f"{quote(openapi.summary(ground.plan, operation)).rstrip('.')}. {_source(operation, part)}"
    return "\n\n".join(
        [head, lead, _served(ground, operation, served), parted(beneath(ground, "Endpoints", BENEATH), written)]
    )


def _source(operation: Operation, part: Part) -> str:
    if operation.id in part.added:
        return f"Named in the requirements or stories, not in the brief {cite(operation.sources) if operation.sources else ASSUMED}."  # fmt: skip
    path = "" if operation.stated else f", path {ASSUMED}"
    return f"{cite(operation.sources)}{path if operation.sources else ''}."


def _served(ground: Ground, operation: Operation, served: Served) -> str:
    """The requirements, stories, use cases and diagrams of an operation, as links."""
    named = (operation.method, operation.path)
    cases = [each for each in ground.things("UC") if named in each.operations]
    pages = {"use cases": links.USE_CASES, "sequence diagrams": links.SEQUENCES}
    use_cases = links.shown(ground, links.SPEC, cases) if cases else f"[{_last(pages['use cases'])}]({links.file(links.SPEC, pages['use cases'])})"  # fmt: skip
    flows = f"[{_last(pages['sequence diagrams'])}]({links.file(links.SPEC, pages['sequence diagrams'])})"
    guess = f" {ASSUMED}" if served.guessed and served.requirements else ""
    rows = [
        ("Requirements", (links.shown(ground, links.SPEC, served.requirements) or "none: nothing asks for it") + guess),
        ("Stories", links.shown(ground, links.SPEC, served.stories) or "none"),
        ("Use cases", use_cases),
        ("Flows", flows),
    ]
    unwritten = {"Use cases": links.USE_CASES, "Flows": links.SEQUENCES}
    told = ((name, text) for name, text in rows if _last(unwritten.get(name, "")) not in ground.unlinked)
    return "\n".join(f"- {name}: {text}" for name, text in told)


def _last(path: str) -> str:
    return path.rpartition("/")[2]


def _request(plan: Plan, part: Part, operation: Operation) -> Iterator[str]:
    """Headers, parameters and the body with an example."""
    said = part.described(operation)
    body = said.get("requestBody")
    rows = []
    if plan.protected(operation):
        name, colon, shown = means(plan, operation).partition(": ")
        rows.append((code(name) if colon else quote(name), "header" if colon else "connection", "yes", code(shown) if colon else "shown when connecting"))  # fmt: skip
    if body:
        rows.append(("`Content-Type`", "header", "yes", "`application/json`"))
    for each in said.get("parameters", ()):
        told = f"{quote(each['description'])}; " if each.get("description") else ""
        rows.append((code(each["name"]), each["in"], "yes" if each["required"] else "no", told + _rule(each["schema"])))
    if rows:
        yield table(("Name", "In", "Required", "Value"), rows)
    if not body:
        yield "No body." if rows else "Nothing is sent but the address."
        return
    shown = part.contract.bodies[operation.id]
    schema = part.schemas[shown]
    needed = set(schema.get("required", ()))
    yield f"Body: {_schema_link(shown)}."
    yield table(
        ("Field", "Required", "Value"),
        ((code(name), "yes" if name in needed else "no", _rule(one)) for name, one in schema["properties"].items()),
    )
    yield fence("json", _json(body["content"]["application/json"]["example"]))


def _schema_link(name: str) -> str:
    return f"[{name}](#{links.slug(name)})"


def _rule(schema: Schema) -> str:
    """What a value has to be, in words."""
    if schema.get("enum"):
        return f"one of {', '.join(code(str(each)) for each in schema['enum'])}"
    kind = schema.get("format") or schema.get("type") or "any JSON value"
    said = [kind, *(words.format(schema[name]) for name, words in _RULE.items() if name in schema)]
    text = ", ".join(said).replace("at least 1 characters", "not empty")
    return f"{text}, {schema['default']} without it" if "default" in schema else text


def _responses(part: Part, operation: Operation) -> Iterator[str]:
    """Every answer by status, then an example of one that succeeds and of one that does not."""
    answers = part.answers(operation)
    rows = []
    for status, said in sorted(answers.items()):
        content = next(iter(said.get("content", {}).items()), None)
        shown = _shape(content[1]) if content else "none"
        error = code(error_code(Response(status, said["description"]))) if status >= 400 else ""
        rows.append((str(status), _upper(quote(shorten(said["description"], 200))), f"{shown} {error}".strip()))
    yield table(("Status", "When", "Body"), rows)
    for status in _told(answers):
        example = _example(answers[status])
        if example is not None:
            yield f"Example of {status}:"
            yield fence("json", _json(example))


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _told(answers: dict[int, Schema]) -> list[int]:
    """The statuses an example is given of: the success, and the error that says most about the operation."""
    success = [status for status in answers if status < 400]
    errors = [
        status for status in (409, 422, 400, 404, 403, 401, *sorted(answers)) if status in answers and status > 399
    ]
    return [*sorted(success)[:1], *errors[:1]]


def _shape(content: Schema) -> str:
    schema = content.get("schema", {})
    if schema.get("type") == "array" and "$ref" in schema.get("items", {}):
        return f"list of {_schema_link(schema['items']['$ref'].rpartition('/')[2])}"
    if "$ref" in schema:
        return _schema_link(schema["$ref"].rpartition("/")[2])
    return quote(str(schema.get("type", "any")))


def _example(said: Schema) -> Any:
    return next((content["example"] for content in said.get("content", {}).values() if "example" in content), None)


def _json(example: Any) -> str:
    return json.dumps(example, indent=2, ensure_ascii=False)


def _examples(plan: Plan, part: Part, operation: Operation) -> Iterator[str]:
    """The same call by curl and by fetch."""
    address = f"{_SERVER}{_served_at(part)}{_filled(plan, part, operation)}"
    body = part.described(operation).get("requestBody")
    example = body["content"]["application/json"]["example"] if body else None
    shown = _shown_header(plan, operation)
    yield fence("bash", _curl(plan, operation, address, shown, example))
    yield fence("javascript", _fetch(operation, address, shown, example))


def _served_at(part: Part) -> str:
    served = part.document.get("servers")
    return str(served[0]["url"]).rstrip("/") if served else ""


def _filled(plan: Plan, part: Part, operation: Operation) -> str:
    """The path with a value for each of its parameters, and the query parameters that have to be there."""
    path = operation.path
    query = []
    for each in part.described(operation).get("parameters", ()):
        schema = each["schema"]
        shown = str(schema["enum"][0] if schema.get("enum") else value(Field(each["name"], _type(schema))))
        if each["in"] == "path":
            path = path.replace("{" + each["name"] + "}", re.sub(r"[^\w.-]", "-", shown))
        elif each["in"] == "query" and (each["required"] or each["name"] == "limit"):
            query.append(f"{each['name']}={re.sub(r'[^A-Za-z0-9_.:-]', '%20', shown if each['name'] != 'limit' else '20')}")  # fmt: skip
    return path + (f"?{'&'.join(query)}" if query else "")


def _type(schema: Schema) -> str:
    return str(schema.get("format") or schema.get("type") or "string")


def _shown_header(plan: Plan, operation: Operation) -> tuple[str, str]:
    """Name and value of the header that shows who calls; empty where none does."""
    if not plan.protected(operation):
        return "", ""
    name, colon, shown = means(plan, operation).partition(": ")
    return (name, re.sub(r"<(\w+)>", lambda found: f"${found.group(1).upper()}", shown)) if colon else ("", "")


def _curl(plan: Plan, operation: Operation, address: str, shown: tuple[str, str], example: Any) -> str:
    lines = [f"curl --request {operation.method} '{address}'"]
    if shown[0]:
        lines.append(f'--header "{shown[0]}: {shown[1]}"')
    if plan.protected(operation) and not shown[0]:
        lines.append("--cert client.pem --key client.key")
    if example is not None:
        lines.append("--header 'Content-Type: application/json'")
        told = json.dumps(example, ensure_ascii=False).replace("'", "\\u0027")
        lines.append(f"--data '{told}'")
    return " \\\n  ".join(lines)


def _fetch(operation: Operation, address: str, shown: tuple[str, str], example: Any) -> str:
    headers: dict[str, str] = {}
    if example is not None:
        headers["Content-Type"] = "application/json"
    entries = [f'    "{name}": "{said}",' for name, said in headers.items()]
    if shown[0]:
        said = re.sub(r"\$(\w+)", lambda found: f"${{{found.group(1).lower()}}}", shown[1])
        entries.insert(0, f'    "{shown[0]}": `{said}`,')
    lines = [f'const response = await fetch("{address}", {{', f'  method: "{operation.method}",']
    if entries:
        lines += ["  headers: {", *entries, "  },"]
    if example is not None:
        told = _json(example).replace("\n", "\n  ")
        lines.append(f"  body: JSON.stringify({told}),")
    lines += ["});", "if (!response.ok) {", "  throw new Error(`${response.status}: ${await response.text()}`);", "}"]
    return "\n".join(lines)
