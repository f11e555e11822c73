"""How code is checked beside the samples: what is an error, what nothing checks, what takes too long, and how calls of curl are read."""

from __future__ import annotations

import re

import pytest

from planning_kit.checks import Looked, examine
from planning_kit.checks.about import About
from planning_kit.checks.code import curl, languages, python, shell, trees
from planning_kit.checks.openapi import Operation
from planning_kit.document import Document, Finding

OPERATIONS = (
    Operation("GET", "/orders", "", 1, base="/v1"), Operation("POST", "/orders", "", 1, base="/v1"),
    Operation("GET", "/orders/{id}", "", 1, base="/v1"), Operation("POST", "/orders/{id}:cancel", "", 1, base="/v1"),
)  # fmt: skip
KNOWN = curl.api(
    OPERATIONS, [{"servers": [{"url": "https://{tenant}.shop.test/v1"}, {"url": "http://localhost:8000/v1"}]}]
)


def examined(lang: str, text: str, info: str = "") -> tuple[tuple[Finding, ...], tuple[Looked, ...]]:
    seen = examine(Document("x.md", f"# T\n\n```{lang}{info}\n{text}\n```\n"), About(plan=False))
    return seen.findings, seen.looked


@pytest.mark.parametrize(("info", "severity"), [("", "warning"), (' title="app/main.py"', "error")])
def test_an_excerpt_that_cannot_be_read_is_doubtful_and_a_file_is_wrong(info: str, severity: str) -> None:
    ((finding,), (looked,)) = examined("python", "x = 1\ny = (", info)
    assert (finding.line, finding.severity) == (5, severity) and looked.tool.startswith("Python 3")


def test_the_name_of_a_file_may_be_its_first_line() -> None:
    assert [each.severity for each in examined("go", "// cmd/main.go\npackage main\n\nfunc main() {")[0]] == ["error"]


@pytest.mark.parametrize("lang", ["dart", "html", "powershell", "dockerfile", "bicep"])
def test_a_language_that_nothing_checks_is_said_to_be_unchecked(lang: str) -> None:
    findings, ((looked),) = examined(lang, "{{{ (")
    assert findings == () and looked.why and not looked.tool


@pytest.mark.parametrize("lang", sorted({each.grammar for each in languages.LANGUAGES.values()}))
def test_every_grammar_is_there_and_finds_a_bracket_that_is_never_closed(lang: str) -> None:
    name = next(key for key, each in languages.LANGUAGES.items() if each.grammar == lang)
    assert trees.fault("", name, "") is None
    assert trees.fault("a b ( ( {", name, "") is not None


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("rust", "impl Orders {\n    pub async fn cancel(&self, id: Uuid) -> Result<Order, Error> { self.repo.find(id).await? }\n}\n"),
        ("rust", "Some(order) if order.paid => ship(order),\nNone => return Err(Error::Gone),\n"), ("ruby", "has_many :lines, dependent: :destroy\nvalidates :number, presence: true\n"),
        ("php", "public function show(Order $order): JsonResponse\n{\n    return response()->json($order);\n}\n"), ("php", "Route::get('/orders', [OrderController::class, 'index']);\n"),
        ("hcl", 'resource "aws_sqs_queue" "orders" {\n  name = "orders-${var.env}"\n  tags = { a = "b" }\n}\n'), ("terraform", "min_size = 2\nmax_size = 10\n"),
        ("swift", "func cancel(_ id: UUID) async throws -> Order { try await api.delete(id) }\n"), ("scala", "def cancel(id: UUID): IO[Order] = repo.find(id).flatMap(_.cancel)\n"),
        ("elixir", "def cancel(%Order{} = order), do: Repo.update(change(order, status: :cancelled))\n"), ("c", "int total(const order *o) { return o->n * 2; }\n"),
        ("cpp", "template <typename T> auto find(const std::vector<T>& all) { return all.begin(); }\n"), ("lua", "local n = redis.call('INCR', KEYS[1])\nreturn n\n"), ("css", "color: var(--ink);\nmargin: 0;\n"),
        ("kotlin", "enum class Status(val code: String) { NEW(\"new\"), PAID(\"paid\") }\n"), ("csharp", "options.UseNpgsql(...);\n"),
    ],
)  # fmt: skip
def test_excerpts_of_other_languages_are_read(lang: str, text: str) -> None:
    assert trees.fault(text, lang, "") is None


@pytest.mark.parametrize(
    ("text", "lang"),
    [("(" * 100_000, "python"), ("-" * 100_000 + "1", "py"), ("[" * 100_000, "js"), ("{" * 100_000, "go"), ("$(" * 20_000, "bash"), ("x = " * 30_000, "python"), ("a\n" * 50_000, "csharp"), ("'" * 100_001, "bash")],
)  # fmt: skip
def test_hostile_code_comes_to_an_end(text: str, lang: str) -> None:
    findings, _ = examined(lang, text)
    assert len(findings) <= 200


def test_what_is_left_out_is_taken_out_line_for_line() -> None:
    text = "f(a, ...)\n// ...\nconst x = { ... };\nreturn [...rest, ...more];\n…\n/* ... */\n"
    assert re.sub(" +", " ", languages.elided(text)) == "f(a )\n\nconst x = { };\nreturn [...rest, ...more];\n\n\n"


def test_a_fault_of_an_indented_excerpt_is_at_its_own_line() -> None:
    assert (python.fault("    def a(self):\n        return (1\n", "") or (0,))[0] == 2


def test_a_session_is_read_without_its_output() -> None:
    said = shell.commands("$ echo <name> \\\n>   b\nout (\n$ cat <<EOF\nit's\nEOF\nx )\n")
    assert [line.strip() for line in said.split("\n")] == [
        "echo ______ \\",
        "b",
        "",
        "cat <<EOF",
        "it's",
        "EOF",
        "",
        "",
    ]


@pytest.mark.parametrize(
    ("command", "method", "host", "path"),
    [
        ("curl https://a.test/x?b=1", "GET", "a.test", "/x"), ("curl -XDELETE 'https://u:p@a.test:8443/x/1'", "DELETE", "a.test:8443", "/x/1"),
        ("curl -sSfL --data @f.json https://a.test/x", "POST", "a.test", "/x"), ("curl --request=PUT --url https://a.test/x -T f", "PUT", "a.test", "/x"),
        ('curl -H "Referer: https://no.test/" -e https://no.test/ -o https "$BASE/x/{id}"', "GET", "", "/x/{id}"), ("id=$(curl -s -X POST {{host}}/x | jq .id)", "POST", "", "/x"),
        ("B=https://b.test/v2\ncurl ${B}/x -F file=@a", "POST", "b.test", "/v2/x"), ("curl -G https://a.test/x -d q=1", "GET", "a.test", "/x"), ("curl -I https://a.test", "HEAD", "a.test", "/"),
        ("curl -d '{\n\"a\": \"https://no.test/\"\n}' https://a.test/x", "POST", "a.test", "/x"),
    ],
)  # fmt: skip
def test_a_call_of_curl_is_read(command: str, method: str, host: str, path: str) -> None:
    (call,) = curl.called(curl.calls(command), command)
    assert (call.method, call.host, call.path) == (method, host, path)


@pytest.mark.parametrize(
    ("method", "host", "path", "says"),
    [
        ("GET", "a.shop.test", "/v1/orders/4", ""), ("POST", "a.shop.test", "/v1/orders/4:cancel", ""), ("GET", "localhost:8000", "/v1/orders/", ""),
        ("GET", "", "/orders", ""), ("GET", "", "/v1/orders", ""), ("GET", "api.example.com", "/v1/orders", ""), ("POST", "other.test", "/v1/orders/4", ""),
        ("GET", "a.shop.test", "/v1/metrics", ""), ("GET", "localhost:9090", "/api/v1/query", ""), ("OPTIONS", "a.shop.test", "/v1/orders", ""),
        ("DELETE", "a.shop.test", "/v1/orders/4", "call it with GET"), ("GET", "a.shop.test", "/orders", "call /v1/orders"),
        ("GET", "a.shop.test", "/v1/customers", "which the OpenAPI document does not have"), ("POST", "", "/orders/4/cancel", "call POST /orders/{id}:cancel"),
        ("GET", "a.b.shop.test", "/v1/nothing", ""), ("PATCH", "localhost:3000", "/orders", "GET or POST"),
    ],
)  # fmt: skip
def test_a_call_is_held_against_the_operations(method: str, host: str, path: str, says: str) -> None:
    wrong = curl.mismatch(curl.Call(1, 1, method, host, path), KNOWN)
    assert (wrong is None) == (not says) and (wrong is None or says in "; ".join(wrong))


def test_the_operations_of_a_document_beside_count() -> None:
    api = Document(
        "04-api.md",
        "```yaml\nopenapi: 3.1.0\ninfo: {title: A, version: '1'}\npaths:\n  /orders:\n    get: {operationId: a, responses: {'200': {description: b}}}\n```\n",
    )
    about = About(plan=False, beside=(api,))
    findings = examine(Document("x.md", "```bash\ncurl -X DELETE http://localhost/orders\n```\n"), about).findings
    assert [(each.line, each.rule, each.severity) for each in findings] == [(2, "calls-what-the-api-has", "error")]
