"""Code skeletons: routes that the contract has, code that can be read, whatever names and schemas the contract holds."""

from __future__ import annotations

import time

import pytest

from planning_kit.catalog import Catalog
from planning_kit.checks import check
from planning_kit.checks.about import About
from planning_kit.checks.artefact import artefacts
from planning_kit.checks.service.skeleton import routes
from planning_kit.document import Document
from planning_kit.offline.writing.basis import Basis
from planning_kit.offline.writing.service import WRITERS

from .test_service_tests import BRIEFS, basis, line

RULE = "lines-up-with-its-contract"
OPENAPI = """openapi: 3.1.0
info: {title: Orders, version: "1"}
paths:
  /orders:
    get: {operationId: listOrders, responses: {"200": {description: the orders}}}
    post: {operationId: createOrder, responses: {"201": {description: created}, "409": {description: there already}}}
  /orders/{order_id}:
    parameters: [{name: order_id, in: path, required: true, schema: {type: string}}]
    get: {operationId: getOrder, responses: {"200": {description: the order}, "404": {description: none}}}
"""


def architecture(spec: str) -> Document:
    return Document("d/integration-architecture.md", f"# A\n\n## OpenAPI\n\n```yaml\n{spec}```\n")


PYTHON = """# Skeleton

## Application

```python
# app/main.py
from fastapi import APIRouter, FastAPI

app = FastAPI()
router = APIRouter(prefix="/orders")


@app.get("/health")
def health() -> dict[str, str]:
    return {}


@app.get("/ready")
def ready() -> dict[str, str]:
    return {}


@app.get("/version")
def version() -> dict[str, str]:
    return {}
```

## Endpoints

```python
# app/orders.py
@router.post(
    "",
    status_code=201,
)
def create() -> None:
    raise Conflict


@router.get("/{id}")
def read(id: str) -> None:
    raise NotFound
```
"""
CSHARP = """# Skeleton

## Application

```csharp
// src/Api/Program.cs
var app = builder.Build();
app.MapHealthChecks("/healthz");
app.MapHealthChecks("/readyz");
app.MapGet("/version", () => Results.Ok());
var orders = app.MapGroup("/orders");
orders.MapGet("/{id:guid}", (Guid id) => Results.NotFound());
```

## Api

```csharp
// src/Api/OrdersController.cs
[ApiController]
[Route("[controller]")]
public class OrdersController : ControllerBase
{
    [HttpGet]
    public IActionResult List() => Ok();

    [HttpPost("")]
    public IActionResult Create() => Conflict(Created());
}
```
"""
FUNCTIONS = """# Skeleton

## Application

```csharp
public class Health
{
    public object Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health")] object r) => r;
    public object Ready([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "ready")] object r) => r;
    public object Version([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "version")] object r) => r;
    public object List([HttpTrigger(AuthorizationLevel.Function, "get", Route = "orders")] object r) => r;
}
```
"""


def found(text: str, spec: str = OPENAPI) -> list[tuple[str, int, str]]:
    """Severity, line and message of what the check of skeletons says."""
    about = About(plan=False, checks=("skeleton",), beside=(architecture(spec),) if spec else ())
    return [(each.severity, each.line, each.message) for each in check(Document("d/x.md", text), about) if each.rule == RULE]  # fmt: skip


@pytest.mark.parametrize("text", [PYTHON, CSHARP, FUNCTIONS], ids=["fastapi", "aspnet", "functions"])
def test_a_sound_skeleton_raises_no_alarm(text: str) -> None:
    assert found(text) == []
    assert found(text.replace("orders", "things").replace("Orders", "Things"), "") == []


def test_flask_and_prefixes_that_are_made_when_it_runs_are_known() -> None:
    text = PYTHON.replace('@app.get("/version")', '@app.route("/version", methods=["GET"])')
    assert found(text.replace('prefix="/orders"', "prefix=settings.base").replace('    "",', '    "/orders",')) == []


def test_routers_within_routers_versions_and_made_up_prefixes_are_known() -> None:
    deep = OPENAPI.replace("  /orders", "  /api/v1/orders")
    nested = PYTHON.replace('router = APIRouter(prefix="/orders")', 'router = APIRouter(prefix="/orders")\nv1 = APIRouter(prefix="/v1")\napi = APIRouter(prefix="/api")')  # fmt: skip
    assert found(nested, deep) == []
    versioned = CSHARP.replace('[Route("[controller]")]', '[Route("api/v{version:apiVersion}/[controller]")]').replace("/orders", "/api/v1/orders")  # fmt: skip
    assert found(versioned, deep) == []
    made = PYTHON.replace('prefix="/orders"', 'prefix=f"/{VERSION}/orders"')
    assert found(made, OPENAPI.replace("  /orders", "  /v1/orders")) == []


def test_routes_in_a_way_that_is_not_known_are_doubtful_and_those_of_another_path_missing() -> None:
    begin, end = PYTHON.split("## Endpoints")
    other = (
        begin
        + '## Endpoints\n\n```python\napp.add_api_route("/orders/{id}", read, methods=["GET"])\nraise NotFound\n```\n'
    )
    message = "the skeleton shows no operation of the OpenAPI document"
    assert [(severity, said) for severity, _, said in found(other)] == [("warning", message)]
    assert [(severity, said) for severity, _, said in found(other.replace("/orders/{id}", "/x/{id}"))] == [
        ("error", message)
    ]


def test_a_word_in_an_answer_is_no_route() -> None:
    text = PYTHON.replace('@app.get("/ready")\ndef ready() -> dict[str, str]:\n    return {}', 'def ready() -> dict[str, str]:\n    return {"status": "ready"}')  # fmt: skip
    assert text != PYTHON
    assert [said for _, _, said in found(text)] == ["the skeleton shows no readiness"]


@pytest.mark.parametrize(
    ("text", "old", "new", "at", "severity", "message"),
    [
        (PYTHON, '@app.get("/health")', '@app.get("/orders")', "## Application", "error", "the skeleton shows no health"),
        (PYTHON, '@app.get("/ready")', '@app.get("/orders")', "## Application", "error", "the skeleton shows no readiness"),
        (CSHARP, 'app.MapGet("/version", ', 'app.MapGet("/orders", ', "## Application", "error", "the skeleton shows no version"),
        (PYTHON, '@router.get("/{id}")', '@router.get("/{id}/lines")', '@router.get("/{id}")', "error", "GET /{id}/lines is not an operation of the OpenAPI document"),
        (PYTHON, '@router.get("/{id}")', '@router.put("/{id}")', '@router.get("/{id}")', "error", "PUT /{id} is not an operation of the OpenAPI document"),
        (CSHARP, 'orders.MapGet("/{id:guid}"', 'orders.MapDelete("/{id:guid}"', 'orders.MapGet("/{id:guid}"', "error", "DELETE /{id} is not an operation of the OpenAPI document"),
        (CSHARP, "[HttpGet]", "[HttpPatch]", "    [HttpGet]", "error", "PATCH without a path is not an operation of the OpenAPI document"),
        (FUNCTIONS, 'Route = "orders"', 'Route = "version"', "", "error", "the skeleton shows no operation of the OpenAPI document"),
        (PYTHON, "raise Conflict", "return None", "## Endpoints", "warning", "the skeleton of POST /orders never answers 409"),
    ],
)  # fmt: skip
def test_what_does_not_line_up_is_told_there(text: str, old: str, new: str, at: str, severity: str, message: str) -> None:  # fmt: skip
    assert old in text
    assert found(text.replace(old, new, 1)) == [(severity, line(text, at) if at else 0, message)]


def test_routes_are_read_with_their_lines() -> None:
    assert [(each.line, each.method, each.path) for each in routes(Document("x.md", CSHARP))] == [
        (line(CSHARP, 'app.MapGet("/version"'), "GET", "/version"),
        (line(CSHARP, "orders.MapGet"), "GET", "/{id}"),
        (line(CSHARP, "    [HttpGet]"), "GET", ""),
        (line(CSHARP, "    [HttpPost"), "POST", ""),
    ]


@pytest.mark.parametrize("hostile", ["@a." * 40_000, "\n" * 100_000 + "x", "[Http" * 40_000, "MapGroup(" * 40_000, "prefix=" * 40_000])  # fmt: skip
@pytest.mark.parametrize("lang", ["python", "csharp"])
def test_hostile_code_takes_no_time(hostile: str, lang: str) -> None:
    document = Document("x.md", f"# S\n\n```{lang}\n{hostile}\n```\n")
    begun = time.process_time()
    list(routes(document))
    assert time.process_time() - begun < 3


ODD = {
    "a server with a path, names that are no names, a schema that holds itself": """openapi: 3.1.0
info: {title: T, version: '1'}
servers: [{url: 'https://api.example.com/v2'}]
paths:
  /orders/{order-id}:
    get:
      operationId: get-order
      parameters: [{name: order-id, in: path, required: true, schema: {type: integer}}, {name: from, in: query, schema: {type: array, items: {type: string}}}, {name: filter, in: query, schema: {type: object, properties: {a: {type: string}}}}]
      responses:
        "200": {description: ok, content: {application/json: {schema: {type: object, required: [id], properties: {id: {type: integer}, class: {type: string}, "x-y": {type: [string, "null"]}, next: {$ref: "#/components/schemas/Node"}}}}}}
        "404": {description: 'no "such" */ \\ order', content: {application/problem+json: {schema: {$ref: "#/components/schemas/Problem"}}}}
components:
  schemas:
    Node: {type: object, properties: {value: {type: number}, next: {$ref: "#/components/schemas/Node"}, children: {type: array, items: {$ref: "#/components/schemas/Node"}}}}
    Problem: {type: object, required: [title, status, trace], properties: {title: {type: string}, status: {type: integer}, trace: {type: string}}}
""",
    "a cookie, allOf, properties called like types": """openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /things:
    post:
      operationId: delete
      security: [{c: []}]
      requestBody: {content: {application/json: {schema: {allOf: [{$ref: "#/components/schemas/A"}, {type: object, required: [date], properties: {date: {type: string, format: date}, list: {type: array, minItems: 1, items: {type: integer}}, str: {type: integer, minimum: 3}, kind: {enum: [1, 2]}, 'quo"te': {type: string}}}]}}}}
      responses:
        "201": {description: made, content: {application/json: {schema: {$ref: "#/components/schemas/B"}}}}
        "401": {description: no, content: {application/json: {schema: {type: object, required: [error], properties: {error: {type: string}}}}}}
        "409": {description: twice}
        "422": {description: bad}
components:
  securitySchemes: {c: {type: apiKey, in: cookie, name: sid}}
  schemas:
    A: {type: object, required: [name], properties: {name: {type: string}, schema: {type: string}, json: {type: boolean}, model_x: {type: string}}}
    B: {allOf: [{$ref: "#/components/schemas/A"}, {type: object, required: [id, date, at, inner], properties: {id: {type: integer}, date: {type: string, format: date}, at: {type: string, format: date-time}, inner: {type: object, required: [n], properties: {n: {type: string, format: uuid}}}}}]}
""",
    "a header, quotes in values": """openapi: 3.1.0
info: {title: 'TQQQ', version: '1'}
paths:
  /keys:
    post:
      operationId: 9lives
      summary: 'Make QQQa keyQQQ \\ {x} */ <b>'
      security: [{k: []}]
      requestBody: {content: {application/json: {schema: {type: object, required: [id, color], properties: {id: {type: string}, color: {type: string, enum: [red, 'gr"een', "a'b"]}, note: {type: string}}}, example: {id: x, color: red, note: "say 'hi' \\"there\\" {name}"}}}}
      responses:
        "200": {description: 'made QQQ', content: {application/json: {schema: {type: object, required: [id, note], properties: {id: {type: string}, note: {type: string}}}}}}
        "400": {description: "bad\\nworse"}
        "401": {description: no}
components: {securitySchemes: {k: {type: apiKey, in: header, name: X-Key}}}
""".replace("QQQ", '"""'),
    "no JSON": """openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /{code}:
    get: {responses: {"302": {description: elsewhere}}}
  /t:
    delete: {operationId: none, responses: {"204": {description: gone}}}
""",
    "a list": """openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /bulk:
    put:
      operationId: putAll
      requestBody: {content: {application/json: {schema: {type: array, items: {type: object, required: [a], properties: {a: {type: string}}}}}}}
      responses: {"200": {description: t, content: {application/json: {schema: {type: array, items: {type: object}}}}}, "400": {description: b}}
""",
    "hardly an OpenAPI document": "openapi: 3.1.0\npaths:\n  /a: [1]\n  /b: {get: 3, post: {responses: 7, parameters: {a: 1}, requestBody: [], security: 3}}\n  7: {get: {responses: {200: {description: [x]}}}}\ncomponents: []\n",
    "no operation": "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\n",
}  # fmt: skip


def files(text: str) -> dict[str, str]:
    """The files a document holds, by name."""
    return {each.name: each.text for each in artefacts(Document("x.md", text)) if each.name}


def assert_sound(seat: str, ground: Basis) -> dict[str, str]:
    """The document of ``seat`` passes every check; gives its files."""
    consultant = Catalog.read().consultants[seat]
    text = WRITERS[seat](ground).text()
    about = About(plan=False, checks=consultant.checks, sections=consultant.sections, beside=ground.documents)
    assert [str(each) for each in check(Document(f"d/{consultant.writes}", text), about)] == []
    return files(text)


@pytest.mark.parametrize("spec", ODD.values(), ids=ODD)
def test_whatever_the_contract_holds_the_code_can_be_read(spec: str) -> None:
    ground = basis("# Orders\n\nCustomers order things.", architecture(spec))
    for name, text in assert_sound("python-backend-dev", ground).items():
        if name.endswith(".py"):
            compile(text, name, "exec", dont_inherit=True)
    assert_sound("csharp-expert", ground)


@pytest.mark.parametrize("text", BRIEFS, ids=["clinic", "one line", "nothing"])
def test_what_the_offline_author_writes_for_a_brief_passes_every_check(text: str) -> None:
    ground = basis(text)
    held = assert_sound("python-backend-dev", ground)
    assert {"app/main.py", "app/config.py", "app/problems.py", "tests/test_service.py", "pyproject.toml"} <= held.keys()
    assert "src/Api/Program.cs" in assert_sound("csharp-expert", ground)


def test_the_python_skeleton_is_the_operation_as_the_contract_has_it() -> None:
    held = assert_sound("python-backend-dev", basis(BRIEFS[0]))
    route = held["app/api.py"]
    assert '@router.post(\n    "/appointments",\n    operation_id="createAppointment",\n    status_code=201,' in route
    assert "responses=declared(400, 401, 403, 409)" in route
    assert 'Literal["booked", "confirmed", "cancelled", "completed", "missed"]' in held["app/models.py"]
    assert "def test_create_appointment_answers_409_to_the_same_again(" in held["tests/test_create_appointment.py"]


def test_the_csharp_scaffold_is_the_operation_as_the_contract_has_it() -> None:
    held = assert_sound("csharp-expert", basis(BRIEFS[0]))
    assert 'app.MapPost("/appointments", (' in held["src/Api/Program.cs"]
    assert "public required Guid DoctorId { get; init; }" in held["src/Application/CreateAppointment.cs"]
    assert "JsonNamingPolicy.SnakeCaseLower" in held["src/Api/Program.cs"]
    assert "[409] = (" in held["src/Api/Problems.cs"]


@pytest.mark.parametrize(("chosen", "hook"), [("azure", "UseAzureMonitor"), ("opentelemetry", "AddOtlpExporter")])
def test_the_hooks_are_those_of_the_observability_that_was_chosen(chosen: str, hook: str) -> None:
    assert hook in assert_sound("csharp-expert", basis(BRIEFS[0], observability=chosen))["src/Api/Telemetry.cs"]


def test_no_setting_that_is_a_secret_has_a_value() -> None:
    held = assert_sound("python-backend-dev", basis(BRIEFS[0]))
    assert "database_url: str = field(repr=False)" in held["app/config.py"]
    assert 'database_url=needed("DATABASE_URL"),' in held["app/config.py"]
