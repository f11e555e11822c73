"""The framework that serves requests, and the styles of API that are offered."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..evidence import Evidence, Statement
from .inventory import Found, search, stated
from .libraries import RULES
from .manifests import OPTIONAL, RUN
from .part import Part
from .products import BROKERS, FRAMEWORKS, FRONT_ENDS, INSIDE, STYLES
from .sources import ECOSYSTEMS, language, role

_SERVES = re.compile(r"\bhttp\.(?:ListenAndServe|HandleFunc|NewServeMux|Handle)\(|&?http\.Server\{")
_NODE = re.compile(r"\bhttps?\.createServer\(|(?<![.\w])createServer\(\s*(?:async\s*)?\(\s*req")
_NEXT_API = re.compile(r"(?:^|/)(?:pages/api/.+\.[jt]sx?|app/(?:.+/)?route\.[jt]s)$")
_ROUTES = {
    "python": re.compile(
        r"@\w+\.(?:get|post|put|patch|delete|route|api_route)\(|\b\w{0,80}ViewSet\b|\bgenerics\.\w{1,80}View\b|\bAPIView\b|@api_view|\bDefaultRouter\(|\bSimpleRouter\(|\badd_resource\("
        r"|\bJsonResponse\(|\bMethodView\b|\.add_(?:get|post|put|delete|patch)\(|\bRoute\(\s*[\"']/|\bNinjaAPI\(|\.add_api_route\(|\bAPIRouter\("
    ),
    "npm": re.compile(
        r"\b(?:app|router|routes?|server|fastify|api|[a-z]\w*(?:Router|Routes|App))\.(?:get|post|put|patch|delete|all)\(\s*[\"'`]|@(?:Get|Post|Put|Patch|Delete)\(|@Controller\("
        r"|\b(?:router|app)\.route\(\s*[\"'`]|\bexport (?:async )?function (?:GET|POST|PUT|PATCH|DELETE)\b|\b(?:NextApiRequest|NextApiResponse)\b|\bnew Hono\("
    ),
    "go": re.compile(
        r"\.(?:GET|POST|PUT|PATCH|DELETE|Get|Post|Put|Patch|Delete|HandleFunc|Handle|Method)\(\s*[\"`](?:(?:GET|POST|PUT|PATCH|DELETE) )?/"
    ),
    "cargo": re.compile(r"\.route\(|#\[(?:actix_web::|rocket::)?(?:get|post|put|patch|delete)\(|web::(?:resource|scope)\(|warp::path"),
    "jvm": re.compile(
        r"@RestController\b|@(?:Path|GET|POST)\b(?:\(\")?|@Controller\(\"|\b(?:get|post|put|delete|patch)\(\"/|\broute\(\"|\brouting\s*\{"
    ),
    "ruby": re.compile(r"^[ \t]*(?:namespace :api|scope .{0,40}\bapi\b|render json:|resources? :\w+.{0,80}defaults:.{0,40}json)|ActionController::API|^[ \t]*(?:get|post|put|delete|patch) ['\"]/.*\bdo\b", re.M),
    "php": re.compile(r"Route::(?:apiResource|apiResources)\(|\bJsonResponse\b|response\(\)->json|#\[ApiResource|->(?:get|post|put|delete|patch)\(\s*'/|\$this->json\("),
    "nuget": re.compile(r"\[ApiController\]|\[Http(?:Get|Post|Put|Patch|Delete)\b.*|\.Map(?:Get|Post|Put|Patch|Delete|Group)\("),
}  # fmt: skip
_PAGES = re.compile(r"\brender_template\(|\brender\(\s*request|\bTemplateView\b|return View\(|res\.render\(")
_DATA = re.compile(r"\bjsonify\(|\bJsonResponse\(|\.json\(|\[ApiController\]|\breturn \{|\bResponse\(")
"""What a handler answers with that is no page."""
_SOCKETS = {
    "python": re.compile(r"@\w+\.websocket\(|\bWebSocketEndpoint\b|\bAsyncWebsocketConsumer\b|\bWebsocketConsumer\b"),
    "npm": re.compile(r"\bnew WebSocketServer\(|@WebSocketGateway\(|\bnew WebSocket\.Server\("),
    "cargo": re.compile(r"\bWebSocketUpgrade\b"),
    "nuget": re.compile(r"\bMapHub<|:\s*Hub\b"),
    "ruby": re.compile(r"ApplicationCable::Channel|ActionCable::Channel"),
}
_GRPC = re.compile(
    r"\bgrpc\.NewServer\(|\bnew (?:grpc\.)?Server\(|\bgrpc\.(?:aio\.)?server\(|\bServer::builder\(|\b\w{1,80}ImplBase\b|\bServerBuilder\b"
    r"|@GrpcService\b|\bMapGrpcService\b|\bGRPC::RpcServer\b|Transport\.GRPC\b|\bRegister\w+Server\(|\badd_\w+_to_server\("
)
"""What serves gRPC; a part that only calls others does not offer it."""
_SQS = re.compile(r"boto3\.(?:client|resource)\(\s*[\"']sqs[\"']")
_OPENAPI = re.compile(r"^[ \t]*[\"']?(?:openapi|swagger)[\"']?\s*:\s*[\"']?([0-9][\w.]*)", re.M)
_OPENAPI_NAME = re.compile(r"(?:openapi|swagger|api-docs|apispec)[\w.-]*\.(?:ya?ml|json)|api\.ya?ml", re.I)
_SERVICE = re.compile(r"^[ \t]*service\s+\w+", re.M)
_SYNTAX = re.compile(r"^[ \t]*syntax\s*=", re.M)
_SCHEMA = re.compile(r"^[ \t]*(?:extend\s+)?(?:type\s+(?:Query|Mutation)|schema)\b", re.M)


def state(part: Part) -> Iterator[Statement]:
    """The frameworks of ``part``; what only draws in a browser where nothing serves."""
    found = list(search(part, FRAMEWORKS))
    inside = {name for each in found for name in INSIDE.get(each.product.value, ())}
    found = [each for each in found if each.product.value not in inside]
    serving = [each for each in found if each.product.value not in FRONT_ENDS]
    for statement in stated("Framework", serving):
        routes = _next_routes(part) if statement.value.startswith("Next.js") else ()
        value = f"{statement.value} (API routes)" if routes else statement.value
        engine = _engine(part) if statement.value.startswith("NestJS") else ()
        value = f"{value} (Fastify adapter)" if engine else value
        yield Statement("Framework", value, (*statement.evidence, *routes, *engine))
    if not serving:
        plain = list(_plain(part))
        drawing = [each for each in found if not plain]
        yield from plain
        for statement in stated("Framework", drawing):
            yield Statement("Framework", f"{statement.value} (front end)", statement.evidence)


def state_rules(part: Part) -> Iterator[Statement]:
    """What checks the requests of ``part`` and what describes its API."""
    yield from stated("API style", search(part, RULES, (RUN, OPTIONAL)))


def is_front_end(statement: Statement) -> bool:
    """Whether a framework that was stated only draws in a browser, or pages without an API."""
    value = statement.value
    return value.endswith(" (front end)") or value.startswith("Next.js") and not value.endswith("(API routes)")


def _engine(part: Part) -> tuple[Evidence, ...]:
    """What shows that NestJS answers by Fastify; by Express it does unless somebody says so."""
    use = part.uses.get(("npm", "@nestjs/platform-fastify"))
    declared = part.dependencies.get(("npm", "@nestjs/platform-fastify"))
    return (*([Evidence(declared.path, declared.line)] if declared else ()), use) if use else ()


def _next_routes(part: Part) -> tuple[Evidence, ...]:
    for path in part.files:
        if _NEXT_API.search(path) and (line := _line(part.text(path), _ROUTES["npm"]) or 1):
            return (Evidence(path, line),)
    return ()


def _plain(part: Part) -> Iterator[Statement]:
    """A server made of the standard library alone."""
    for ecosystem, value, module, pattern in (
        ("go", "net/http", "net/http", _SERVES),
        ("npm", "Node.js http", "", _NODE),
    ):
        if ecosystem in part.ecosystems and (shown := part.sign(pattern, ecosystem)):
            use = part.uses.get((ecosystem, module))
            yield Statement("Framework", value, (*((use,) if use else ()), shown))


def state_styles(part: Part, serves: bool) -> Iterator[Statement]:
    """The styles of API ``part`` offers; several may hold.

    Args:
        part: the part.
        serves: whether a framework of its own serves requests.
    """
    if serves:
        yield from _rest(part)
    graphs = [Found(each.product, "", each.evidence) for each in search(part, STYLES, (RUN, OPTIONAL))]
    graphs = [each for each in graphs if each.product.value != "gRPC" or _offers(part, each.product.ecosystem)]
    libraries = {statement.value: statement.evidence for statement in stated("API style", graphs, versions=False)}
    for value, shown in (("GraphQL", _schema(part)), ("gRPC", _proto(part)), ("WebSocket", _socket(part))):
        evidence = (*libraries.get(value, ()), *shown)
        if evidence:
            yield Statement("API style", value, evidence[:4])
    yield from _messages(part)
    yield from _documents(part)


def _rest(part: Part) -> Iterator[Statement]:
    """REST where a source declares a route and does not only draw pages for it."""
    for path, text in part.read.items():
        pattern = _ROUTES.get(ECOSYSTEMS.get(language(path), ""))
        pages = pattern and _PAGES.search(text) and not _DATA.search(text)
        if pattern and not pages and (shown := part.seen(path, pattern)):
            yield Statement("API style", "REST", (shown,))
            return


def _offers(part: Part, ecosystem: str) -> bool:
    """Whether the part serves gRPC itself; in .NET a library only for servers says so."""
    serves = any(name.startswith("grpc.aspnetcore") for each, name in part.dependencies if each == "nuget")
    return serves if ecosystem == "nuget" else part.sign(_GRPC, ecosystem) is not None


def _line(text: str, pattern: re.Pattern[str]) -> int:
    found = pattern.search(text)
    return text.count("\n", 0, found.end()) + 1 if found else 0


def _named(part: Part, *ends: str) -> Iterator[tuple[str, str]]:
    """Path and text of the part's files with one of ``ends``, tests aside."""
    for path in part.files:
        if path.endswith(ends) and role(path) == "source":
            yield path, part.text(path)


def _schema(part: Part) -> list[Evidence]:
    found = ((path, _line(text, _SCHEMA)) for path, text in _named(part, ".graphql", ".graphqls", ".gql"))
    return [Evidence(path, line) for path, line in found if line][:1]


def _proto(part: Part) -> list[Evidence]:
    if "nuget" in part.ecosystems and not _offers(part, "nuget"):
        return []
    for path, text in _named(part, ".proto"):
        if line := _line(text, _SERVICE):
            syntax = _line(text, _SYNTAX)
            return [*([Evidence(path, syntax)] if syntax else []), Evidence(path, line)]
    return []


def _socket(part: Part) -> list[Evidence]:
    found = (part.sign(_SOCKETS[each], each) for each in part.ecosystems if each in _SOCKETS)
    return [each for each in found if each][:1]


def _messages(part: Part) -> Iterator[Statement]:
    """Message-driven where a broker's client is imported, or declared by a program without one."""
    found = [each for each in search(part, BROKERS) if len(each.evidence) > 1 or not part.read]
    sqs = part.sign(_SQS, "python")
    evidence = [line for each in found for line in each.evidence] + ([sqs] if sqs else [])
    if evidence:
        yield Statement("API style", "Message-driven", tuple(dict.fromkeys(evidence))[:4])


def _documents(part: Part) -> Iterator[Statement]:
    for path in part.files:
        if _OPENAPI_NAME.fullmatch(path.rpartition("/")[2]) and role(path) == "source":
            found = _OPENAPI.search(part.text(path)[:4_000])
            if found:
                line = part.text(path).count("\n", 0, found.start(1)) + 1
                yield Statement("API style", f"OpenAPI {found.group(1)}", (Evidence(path, line),))
                return
