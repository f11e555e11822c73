"""The files of a C# scaffold that face the network: the routes, the errors, telemetry, the tests."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from . import tested_examples
from .contract import Contract
from .csharp_layers import Shown
from .literals import sharp

_APPINSIGHTS = """// src/Api/Telemetry.cs
using Azure.Monitor.OpenTelemetry.AspNetCore;
using Serilog;
using Serilog.Formatting.Compact;

namespace {space}.Api;

/// <summary>Logs as one JSON object a line, traces and metrics to Application Insights.</summary>
public static class Telemetry
{
    public static WebApplicationBuilder AddTelemetry(this WebApplicationBuilder builder)
    {
        builder.Host.UseSerilog((context, logging) => logging
            .ReadFrom.Configuration(context.Configuration)
            .Enrich.FromLogContext()
            .WriteTo.Console(new RenderedCompactJsonFormatter()));
        if (builder.Configuration["APPLICATIONINSIGHTS_CONNECTION_STRING"] is { Length: > 0 })
        {
            builder.Services.AddOpenTelemetry().UseAzureMonitor();
        }

        return builder;
    }
}
"""
_OTEL = """// src/Api/Telemetry.cs
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Serilog;
using Serilog.Formatting.Compact;

namespace {space}.Api;

/// <summary>Logs as one JSON object a line, traces and metrics to the collector by OTLP.</summary>
public static class Telemetry
{
    public static WebApplicationBuilder AddTelemetry(this WebApplicationBuilder builder)
    {
        builder.Host.UseSerilog((context, logging) => logging
            .ReadFrom.Configuration(context.Configuration)
            .Enrich.FromLogContext()
            .WriteTo.Console(new RenderedCompactJsonFormatter()));
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService({service}))
            .WithTracing(tracing => tracing.AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddOtlpExporter())
            .WithMetrics(metrics => metrics.AddAspNetCoreInstrumentation().AddRuntimeInstrumentation().AddOtlpExporter());
        return builder;
    }
}
"""
_ANSWER = """// src/Api/Problems.cs
using Microsoft.AspNetCore.Diagnostics;
{uses}
namespace {space}.Api;

/// <summary>Errors: one table, one form.</summary>
public static class Problems
{
    private static readonly Dictionary<int, (string Code, string Title)> Taxonomy = new()
    {
{taxonomy}
    };

    /// <summary>An error as it is sent.</summary>
    public static IResult Answer(HttpContext context, int status, string detail = "")
    {
        var (code, title) = Taxonomy.TryGetValue(status, out var known) ? known : ("error", "Error");
        var members = new Dictionary<string, object?>
        {
{members}
        };
        return Results.Json(members, contentType: {media}, statusCode: status);
    }
{failures}
    /// <summary>Has what nobody caught, and what has no body yet, sent in this form.</summary>
    public static void UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler(errors => errors.Run(context =>
        {
            var error = context.Features.Get<IExceptionHandlerFeature>()?.Error;
            var status = error is BadHttpRequestException ? {invalid} : StatusCodes.Status500InternalServerError;
            return Answer(context, status).ExecuteAsync(context);
        }));
        app.UseStatusCodePages(pages => Answer(pages.HttpContext, pages.HttpContext.Response.StatusCode).ExecuteAsync(pages.HttpContext));
    }
}
"""
_FAILURES = """
    /// <summary>The status of each failure.</summary>
    public static int Status(Failure failure) => failure switch
    {{
        Failure.Invalid => {invalid},
        Failure.NotFound => 404,
        Failure.Conflict => 409,
        _ => 500,
    }};
"""


def telemetry(space: str, kind: str, service: str) -> str:
    """The hooks for logs, metrics and traces."""
    return (_OTEL if kind == "opentelemetry" else _APPINSIGHTS).replace("{space}", space).replace("{service}", sharp(service))  # fmt: skip


def problems(space: str, contract: Contract, shown: Shown | None, taxonomy: dict[int, tuple[str, str]], form: list[tuple[str, str]], invalid: int) -> str:  # fmt: skip
    """The errors' file; ``taxonomy`` is status → code and title, ``form`` the members of an error with what fills each."""
    spoken = {"title": "title", "code": "code", "problem.status": "status", "problem.detail": "detail.Length > 0 ? detail : null", "request.url.path": "context.Request.Path.Value", "problem.detail or title": "detail.Length > 0 ? detail : title"}  # fmt: skip
    members = "\n".join(f"            [{sharp(name)}] = {spoken.get(said, sharp(said.strip(chr(34))))}," for name, said in form)  # fmt: skip
    rows = "\n".join(f"        [{status}] = ({sharp(code)}, {sharp(title)})," for status, (code, title) in sorted(taxonomy.items()))  # fmt: skip
    media = contract.problem[0] or "application/problem+json"
    text = _ANSWER.replace("{failures}", _FAILURES.replace("{{", "{").replace("}}", "}") if shown else "")
    text = text.replace("{uses}", f"using {space}.Domain;\n" if shown else "").replace("{space}", space)
    return text.replace("{taxonomy}", rows).replace("{members}", members).replace("{media}", sharp(media)).replace("{invalid}", str(invalid))  # fmt: skip


def program(space: str, shown: Shown | None) -> str:
    """The application: what it is made of, and its routes."""
    guarded = bool(shown and shown.call.protected)
    uses = [
        *(["using System.Text.Json;", "using System.Text.Json.Serialization;"] if shown else []),
        *(["using Microsoft.AspNetCore.Authentication.JwtBearer;"] if guarded else []),
        *(["using Microsoft.AspNetCore.Mvc;"] if shown and shown.given else []),
        f"using {space}.Api;",
        *([f"using {space}.Application;", f"using {space}.Domain;", f"using {space}.Infrastructure;"] if shown else []),
    ]
    lines = [
        "// src/Api/Program.cs",
        *uses,
        "",
        "var builder = WebApplication.CreateBuilder(args);",
        "builder.AddTelemetry();",
    ]
    lines += _services(shown) if shown else []
    lines += ["", "var app = builder.Build();", "app.UseProblems();", *(["app.UseAuthentication();", "app.UseAuthorization();"] if guarded else []), ""]  # fmt: skip
    ready = '(HttpContext context, IStore store) => store.Ready()\n    ? Results.Ok(new { status = "ready" })\n    : Problems.Answer(context, 503)' if shown else '() => Results.Ok(new { status = "ready" })'  # fmt: skip
    lines += [
        'app.MapGet("/health", () => Results.Ok(new { status = "ok" }));',
        f'app.MapGet("/ready", {ready});',
        'app.MapGet("/version", (IConfiguration settings) => Results.Ok(new { version = settings["SERVICE_VERSION"] ?? "0.0.0" }));',
    ]  # fmt: skip
    lines += ["", *_route(shown)] if shown else []
    return "\n".join([*lines, "", "app.Run();", "", "/// <summary>Named for the tests.</summary>", "public partial class Program", "{", "}"])  # fmt: skip


def _services(shown: Shown) -> list[str]:
    lines = [
        "builder.Services.ConfigureHttpJsonOptions(options =>", "{",
        f"    options.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.{shown.types.policy};",
        "    options.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;", "});",
        "builder.Services.AddSingleton<IStore, InMemoryStore>();", f"builder.Services.AddScoped<{shown.name}Handler>();",
    ]  # fmt: skip
    if shown.call.protected:
        policy = f".AddPolicy({sharp(shown.call.id)}, policy => policy.RequireRole({', '.join(sharp(role) for role in shown.roles)}))" if shown.roles else ""  # fmt: skip
        lines += [
            "builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(options =>", "{",
            '    options.Authority = builder.Configuration["TOKEN_ISSUER"];', '    options.Audience = builder.Configuration["TOKEN_AUDIENCE"];', "});",
            f"builder.Services.AddAuthorizationBuilder(){policy};",
        ]  # fmt: skip
    return lines


def _route(shown: Shown) -> Iterator[str]:
    call = shown.call
    verb = {"GET": "MapGet", "POST": "MapPost", "PUT": "MapPut", "PATCH": "MapPatch", "DELETE": "MapDelete"}.get(call.method)  # fmt: skip
    path = sharp(re.sub(r"\{([^{}]*)\}", lambda hit: "{" + hit[1] + "}", shown.contract.base + call.path))
    head = f"app.{verb}({path}, (" if verb else f"app.MapMethods({path}, new string[] {{ {sharp(call.method)} }}, ("
    typed = [*([f"{shown.body} wanted"] if shown.body else []), *(f"{attribute} {kind} {name}" for kind, name, attribute, _ in shown.given), f"{shown.name}Handler handler", "HttpContext context"]  # fmt: skip
    yield head
    yield ",\n".join(f"    {each}" for each in typed) + ") =>"
    yield "{"
    yield f"    var outcome = handler.Handle({', '.join(name for _, name in shown.handed)});"
    yield "    return outcome.Failure is { } failure"
    yield "        ? Problems.Answer(context, Problems.Status(failure), outcome.Detail)"
    yield f"        : {_success(shown)};"
    yield "})"
    if call.protected:
        yield f"    .RequireAuthorization({sharp(call.id) if shown.roles else ''})"
    yield f"    .WithName({sharp(call.id)})"
    yield _produces(shown)
    media = shown.contract.problem[0] or "application/problem+json"
    yield "\n".join(f"    .Produces({each.status}, contentType: {sharp(media)})" for each in call.errors) + ";" if call.errors else "    ;"  # fmt: skip


def _produces(shown: Shown) -> str:
    kind = f"<{shown.answer.rstrip('?')}>" if shown.answer else ""
    return f"    .Produces{kind}({shown.call.success.status})"


def _success(shown: Shown) -> str:
    status = shown.call.success.status
    if not shown.answer:
        return f"Results.StatusCode({status})"
    return f"Results.Json(outcome.Value, statusCode: {status})"


def tests(shown: Shown | None, space: str) -> str:
    """Tests in xUnit, over HTTP, of the application as it runs."""
    head = [
        "// tests/Api.Tests/ServiceTests.cs", "using System.Net;", *(["using System.Text;"] if shown and shown.call.body else []),
        "using Microsoft.AspNetCore.Mvc.Testing;", "using Xunit;", "", f"namespace {space}.Tests;", "",
        "public sealed class ServiceTests : IClassFixture<WebApplicationFactory<Program>>", "{",
        "    private readonly HttpClient _client;", "",
        "    public ServiceTests(WebApplicationFactory<Program> service)", "    {", "        _client = service.CreateClient();", "    }", "",
        "    [Theory]", '    [InlineData("/health")]', '    [InlineData("/ready")]', '    [InlineData("/version")]',
        "    public async Task AnswersBesideItsOperations(string path)", "    {", "        var response = await _client.GetAsync(path);", "        Assert.Equal(HttpStatusCode.OK, response.StatusCode);", "    }",
    ]  # fmt: skip
    return "\n".join([*head, *(_called(shown) if shown else []), "}"])  # fmt: skip


def _called(shown: Shown) -> Iterator[str]:
    call, contract = shown.call, shown.contract
    path = sharp(contract.base + tested_examples.path(contract, call).strip('"'))
    if call.body:
        text = json.dumps(tested_examples.body(contract, call), ensure_ascii=True, default=str)
        yield from ["", f"    private const string Body = {sharp(text)};"]
    status = 401 if call.protected and call.answer(401) else _expected(shown)
    does = "RefusesWhoIsNotSignedIn" if call.protected else "AnswersAsTheContractSays"
    yield from [
        "", "    [Fact]", f"    public async Task {shown.name}{does}()", "    {",
        *_request(shown, path, "Body"),
        f"        Assert.Equal({status}, (int)response.StatusCode);", "    }",
    ]  # fmt: skip
    refused = call.answer(400, 422)
    if call.body and not call.protected and refused:
        yield from [
            "", "    [Fact]", f"    public async Task {shown.name}RefusesABrokenBody()", "    {",
            *_request(shown, path, '"{"'),
            f"        Assert.Equal({refused.status}, (int)response.StatusCode);", "    }",
        ]  # fmt: skip


def _expected(shown: Shown) -> int:
    empty = not shown.creates and shown.call.answer(404) and shown.call.at("path")
    return 404 if empty else shown.call.success.status


def _request(shown: Shown, path: str, body: str) -> list[str]:
    lines = [f"        using var request = new HttpRequestMessage(new HttpMethod({sharp(shown.call.method)}), {path});"]
    if shown.call.body:
        lines.append(f'        request.Content = new StringContent({body}, Encoding.UTF8, "application/json");')
    return [*lines, "        var response = await _client.SendAsync(request);"]
