"""What an OpenAPI document promises is read with its lines, what is wrong in it is said in words, and nothing hostile gets far."""

from __future__ import annotations

import time

import pytest

from planning_kit.checks import examine
from planning_kit.checks.about import About
from planning_kit.checks.artefact import artefacts
from planning_kit.checks.openapi import Operation, Property, documents_in, operations, schemas
from planning_kit.document import Document, Finding

from .offline_documents import LIBRARY, drafted

HEAD = "openapi: 3.1.0\ninfo: {title: Orders, version: '1'}\n"
ORDERS = """# Orders

```yaml
openapi: 3.1.0
info: {title: Orders, version: '1'}
servers: [{url: 'https://api.example/v1/'}]
security: [{oauth: [orders.read]}]
paths:
  /orders/{id}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: string}}
    get:
      operationId: getOrder
      responses: {'200': {description: an order}, 4XX: {description: none}}
    put:
      x-roles: [clerk]
      security: [{}, {oauth: [orders.write]}]
      operationId: putOrder
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
      responses: {'204': {description: changed}}
components:
  securitySchemes:
    oauth: {type: oauth2, flows: {clientCredentials: {tokenUrl: 'https://id.example', scopes: {orders.read: r, orders.write: w}}}}
  schemas:
    Status: {type: string, enum: [open, paid]}
    Base:
      type: object
      required: [id]
      properties: {id: {type: string, format: uuid}}
    Order:
      allOf:
        - $ref: '#/components/schemas/Base'
        - type: object
          required: [status]
          properties:
            status: {$ref: '#/components/schemas/Status'}
            note: {type: [string, 'null'], maxLength: 200}
```
"""


def findings(text: str, lang: str = "yaml") -> tuple[Finding, ...]:
    return examine(Document("d.md", f"```{lang}\n{text}\n```\n"), About(plan=False)).findings


def test_operations_are_read_with_their_lines_and_what_they_require() -> None:
    get, put = operations(Document("d.md", ORDERS))
    assert get == Operation(
        "GET", "/orders/{id}", "getOrder", 12, ("200", "4XX"), (("oauth",),), ("orders.read",), (("id", "path"),), (), "/v1"
    )  # fmt: skip
    assert put.security == ((), ("oauth",)) and put.scopes == ("orders.write", "clerk")
    assert (put.line, put.body, put.statuses) == (15, ("application/json",), ("204",))


def test_schemas_are_read_with_their_properties_wherever_they_come_from() -> None:
    status, base, order = schemas(Document("d.md", ORDERS))
    assert (status.name, status.line, status.enum) == ("Status", 25, ("open", "paid"))
    identity = Property("id", "string", 29, "uuid", required=True)
    assert base.properties == (identity,)
    assert order.properties == (
        identity,
        Property("status", "string", 36, enum=("open", "paid"), required=True, ref="Status"),
        Property("note", "string", 37, limits=(("maxLength", 200),), nullable=True),
    )


def test_what_is_read_twice_is_the_same_and_what_does_not_parse_is_nothing() -> None:
    assert operations(Document("d.md", ORDERS)) == operations(Document("d.md", ORDERS)) != ()
    assert schemas(Document("d.md", ORDERS)) == schemas(Document("e.md", ORDERS)) != ()
    broken = Document("d.md", "```yaml\nopenapi: 3.1.0\n  a: b\n```\n")
    assert operations(broken) == schemas(broken) == () and documents_in(broken) == []


@pytest.mark.parametrize(
    ("text", "lang", "kind"),
    [
        ("paths:\n  /a:\n    get: {}", "yaml", "openapi"),
        ("# more\npaths:\n\n  # one\n  '/a':\n    get: {}", "yaml", "openapi"),
        ("components:\n  schemas:\n    A: {}", "yaml", "openapi"),
        ('{"openapi": "3.1.0"}', "json", "openapi"),
        ("openapi: 3.1.0", "yml", "openapi"),
        ("asyncapi: 3.0.0\ncomponents:\n  schemas:\n    A: {}", "yaml", "yaml"),
        ("springdoc:\n  openapi: true", "yaml", "yaml"),
        ("paths: [a]", "yaml", "yaml"),
        ('{"dependencies": {"swagger": "0.7.5"}}', "json", "json"),
        ('{\n  "$schema": "http://json-schema.org/draft-07/schema#"}', "json", "json-schema"),
    ],
)
def test_an_interface_is_known_by_its_content(text: str, lang: str, kind: str) -> None:
    assert [each.kind for each in artefacts(Document("d.md", f"```{lang}\n{text}\n```\n"))] == [kind]


def test_an_excerpt_is_not_asked_for_what_stands_elsewhere() -> None:
    excerpt = "paths:\n  /a:\n    get:\n      operationId: a\n      security: [{x: []}]\n      responses: {'200': {$ref: '#/components/responses/A'}}"
    assert findings(excerpt) == ()
    (finding,) = findings(excerpt.replace("operationId: a", "operationid: a\n      operationId: a"))
    assert (finding.line, finding.column, finding.hint) == (5, 7, "write 'operationId'")


@pytest.mark.parametrize(
    ("said", "message", "hint"),
    [
        ("paths: {a: {}}", "the path 'a' does not begin with a slash", "write '/a'"),
        ("paths: {/a: {GET: {}}}", "/a: methods are written in lower case", "write 'get'"),
        ("paths: {}\nsecurity: {a: []}", 'security is {"a": []}, not an array', "write a list"),
        ("paths: {}\nwebhoks: {}", "the document has 'webhoks', which OpenAPI 3.1 does not know there", "write 'webhooks'"),
        (
            "paths: {/a: {get: {operationId: a, parameters: [{name: b, in: body}], responses: {'200': {description: b}}}}}",
            'GET /a, parameter b: in is "body", not one of path, query, header, cookie',
            "describe a body under requestBody",
        ),
        (
            "paths: {/a: {get: {operationId: a, parameters: [{name: b, in: query}], responses: {'200': {description: b}}}}}",
            "GET /a, parameter b has neither schema nor content",
            "put the type into a schema",
        ),
        (
            "components: {schemas: {A: {type: strin}}}",
            "schema 'A', type is \"strin\", not one of",
            "write string",
        ),
        ("components: {schemas: {A: {pattern: '(['}}}", "the pattern '([' is no regular expression", ""),
        ("components: {schemas: {A: {$ref: '#/components/schemas/A'}}}", "leads to itself", "say what it is"),
    ],
)  # fmt: skip
def test_a_fault_of_shape_is_said_in_words(said: str, message: str, hint: str) -> None:
    (finding,) = findings(HEAD + said)
    assert message in finding.message and hint in finding.hint
    assert finding.line >= 4 and finding.column >= 1


@pytest.mark.parametrize(("version", "wrong"), [("3.0.4", 0), ("3.1.1", 0), ("3.2.0", 0), ("3.9.0", 1), ("4.0.0", 1)])
def test_a_version_that_does_not_exist_is_named(version: str, wrong: int) -> None:
    said = findings(HEAD.replace("3.1.0", version) + "paths: {}")
    assert [each.message for each in said] == [f"'{version}' is no version of OpenAPI"][:wrong]


def test_thirty_paths_take_a_moment() -> None:
    path = ORDERS.split("paths:\n")[1].split("components:")[0]
    paths = "".join(path.replace("/orders", f"/o{n}").replace("Order\n", f"Order{n}\n") for n in range(30))
    text = ORDERS.replace(path, paths)
    assert examine(Document("d.md", ORDERS), About(plan=False)).findings == ()  # what is loaded once is loaded
    began = time.monotonic()
    assert examine(Document("d.md", text), About(plan=False)).findings == ()
    assert time.monotonic() - began < 3  # measured 0.1 s, on machines that do other things


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "components:\n  schemas:\n" + "".join(f"    S{n}: {{$ref: '#/components/schemas/T{n}'}}\n" for n in range(1500)),
        HEAD + "paths: {}\nx-a: " + "[" * 5000,
        HEAD + "paths: {}\ncomponents: {schemas: {A: {type: string, default: " + "a" * 20_000 + "!, pattern: '^(a+)+$'}}}",
        HEAD + "paths: {'/" + "{" * 20_000 + "': {}}",
    ],
)  # fmt: skip
def test_what_is_hostile_ends_in_time(text: str) -> None:
    began = time.monotonic()
    assert findings(text) != ()
    assert time.monotonic() - began < 10


def test_what_the_offline_author_writes_raises_no_alarm() -> None:
    document = drafted(LIBRARY)["04-api-design.md"]
    found = examine(document, About(plan=False, checks=("openapi",))).findings
    assert [str(each) for each in found if "openapi" in each.rule or each.line] == []
    assert operations(document) != () and schemas(document) != ()


def test_an_endpoint_of_the_table_is_looked_for_however_it_is_written() -> None:
    table = "\n| Method | Path |\n|---|---|\n| `GET` | `/v1/orders/:orderId?full=1` |\n| GET/PUT | /orders/<id> |\n| WS | /live |\n"
    document = Document("d.md", ORDERS + table)
    assert examine(document, About(plan=False, checks=("openapi",))).findings == ()
    more = Document("d.md", document.text + "| PATCH | /orders/{id} |\n")
    found = examine(more, About(plan=False, checks=("openapi",))).findings
    assert (45, "names-operations-its-api-has") in {(each.line, each.rule) for each in found}
