"""The C# scaffold: a layered ASP.NET Core service with one operation of the contract and its tests."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..basis import Basis
from ..draft import Draft
from ..markdown import ASSUMED, bullets, cite, code, fence, listing, quote, table
from ..naming import pascal
from . import contract as contracts
from . import csharp_api, csharp_layers, levels, python_files, python_problems
from .contract import Contract
from .csharp_layers import Shown


def write(basis: Basis) -> Draft:
    """The document."""
    contract = contracts.contract(basis)
    space = _space(basis.plan.feature)
    shown = Shown.of(contract, contract.lead, space) if contract.lead else None
    store = next((name for name, _ in levels.stores(basis)), "a store")
    draft = Draft(f"C# Implementation: {quote(basis.plan.feature)}")
    draft.add("Overview", *_overview(basis, contract, shown))
    draft.add("Folder layout", fence("text", _layout(shown)), _projects(basis, shown))  # fmt: skip
    if shown:
        draft.add("Domain", "What is returned, and why something can fail; no HTTP, no store.", fence("csharp", csharp_layers.domain(shown)))  # fmt: skip
        draft.add("Application", f"{'The command' if not shown.call.reads else 'The query'} behind {code(shown.call.called)} ({code(shown.call.id)}).", fence("csharp", csharp_layers.application(shown)))  # fmt: skip
        draft.add("Infrastructure", f"{quote(store)} gets its adapter here, behind the same port.", fence("csharp", csharp_layers.infrastructure(shown, store)))  # fmt: skip
    else:
        for title, what in (("Domain", "the first entity"), ("Application", "the first command or query"), ("Infrastructure", "the first adapter")):  # fmt: skip
            draft.add(title, f"Empty: the OpenAPI document has no operation yet; {what} comes with it.", fence("csharp", f"// src/{title}/Marker.cs\nnamespace {space}.{title};\n\n/// <summary>Names the assembly until it has {what}.</summary>\npublic static class Marker\n{{\n}}"))  # fmt: skip
    draft.add("Api", *_api(contract, shown, space))
    draft.add("Observability", *_observed(basis, space))
    draft.add("Secrets and configuration", _settings(basis, contract), "Nothing of it stands in `appsettings.json`; in development secrets come from `dotnet user-secrets`, elsewhere from the environment, which the platform fills from the vault.")  # fmt: skip
    draft.add("Tests", "Run with `dotnet test`; they call the application over HTTP, as the contract tests do.", fence("csharp", csharp_api.tests(shown, space)))  # fmt: skip
    draft.assumptions.append(".NET 8 with minimal APIs; Serilog writes the logs; versions were not looked up.")
    draft.assumptions.append("The code was checked for its syntax; it was not compiled.")
    draft.decisions = (
        f"Four layers with {code(shown.call.called)} from route to store; a failure is a value until the Api gives it its status."
        if shown
        else "Four layers that start and answer health, readiness and version; operations are added when the contract has them."
    )
    return draft


def _space(feature: str) -> str:
    words = re.findall(r"[A-Za-z0-9]+", feature)[:4]
    return pascal(" ".join(words))[:40] or "Service"


def _overview(basis: Basis, contract: Contract, shown: Shown | None) -> Iterator[str]:
    if shown is None:
        yield "The OpenAPI document has no operation yet: the scaffold starts and answers health, readiness and version."
        return
    others = len(contract.calls) - 1
    yield f"An ASP.NET Core service in four layers that shows {code(shown.call.called)} {cite(shown.call.sources)} from route to store, with its path, statuses and errors as the OpenAPI document has them" + (f"; the other {others} follow its pattern." if others > 1 else ".")  # fmt: skip
    left = [
        f"the adapter for {quote(name)}" for name, _ in levels.stores(basis)[:1]
    ] + [f"what {code(each)} asks for: it is taken and not yet acted on" for each in ("Idempotency-Key", "If-Match") if shown.call.header(each)]  # fmt: skip
    left += [f"the rate limit (429), which belongs to the gateway {ASSUMED}"] if shown.call.answer(429) else []
    if left:
        yield "Left out, each at one place in the code:"
        yield bullets(left)


def _layout(shown: Shown | None) -> str:
    name = shown.name if shown else "Marker"
    domain = "Model.cs" if shown else "Marker.cs"
    store = "InMemoryStore.cs" if shown else "Marker.cs"
    return "\n".join([
        "src/", "  Domain/", f"    {domain}", "  Application/", f"    {name}.cs", "  Infrastructure/", f"    {store}",
        "  Api/", "    Program.cs       routes, and what they are made of", "    Problems.cs      errors by the taxonomy", "    Telemetry.cs     logs, metrics, traces",
        "tests/", "  Api.Tests/", "    ServiceTests.cs",
    ])  # fmt: skip


def _projects(basis: Basis, shown: Shown | None) -> str:
    """What the projects refer to."""
    exporter = ["`Azure.Monitor.OpenTelemetry.AspNetCore`"] if basis.options.get("observability") != "opentelemetry" else ["`OpenTelemetry.Extensions.Hosting`", "`OpenTelemetry.Exporter.OpenTelemetryProtocol`", "`OpenTelemetry.Instrumentation.AspNetCore`", "`OpenTelemetry.Instrumentation.Http`", "`OpenTelemetry.Instrumentation.Runtime`"]  # fmt: skip
    packages = ["`Serilog.AspNetCore`", "`Serilog.Formatting.Compact`", *exporter, *(["`Microsoft.AspNetCore.Authentication.JwtBearer`"] if shown and shown.call.protected else [])]  # fmt: skip
    return bullets([
        "A layer refers only to those right of it: Api → Infrastructure → Application → Domain; Api registers what Infrastructure offers.",
        f"A project for each folder, `net8.0`, with `ImplicitUsings` and `Nullable` {ASSUMED}.",
        f"Packages of Api: {listing(packages, 9)}; of Api.Tests: `xunit`, `Microsoft.AspNetCore.Mvc.Testing`.",
    ])  # fmt: skip


def _api(contract: Contract, shown: Shown | None, space: str) -> Iterator[str]:
    call = shown.call if shown else None
    if call:
        errors = ", ".join(str(each.status) for each in call.errors) or "none"
        yield f"{code(call.called)}: success {call.success.status}, errors {errors}."
    yield fence("csharp", csharp_api.program(space, shown))
    refused = call.answer(400, 422) if call else None
    taxonomy, form = python_problems.taxonomy(contract, call)
    yield fence("csharp", csharp_api.problems(space, contract, shown, taxonomy, form, refused.status if refused else 400))  # fmt: skip


def _observed(basis: Basis, space: str) -> Iterator[str]:
    kind = basis.options.get("observability", "azure")
    where = "the OpenTelemetry collector" if kind == "opentelemetry" else "Application Insights"
    yield f"Trace context comes and goes in `traceparent` (W3C Trace Context), which ASP.NET Core and HttpClient read and write by themselves; logs carry the trace id. Traces and metrics go to {where}. Neither body nor credential is logged."  # fmt: skip
    yield fence("csharp", csharp_api.telemetry(space, kind, space.lower()))


def _settings(basis: Basis, contract: Contract) -> str:
    known = [each for each in python_files.settings(basis, contract) if each[0] != "LOG_LEVEL"]
    rows = [(code(env), "yes" if secret else "no", "the vault, through the environment" if secret else "the environment", said) for env, _, said, secret in known]  # fmt: skip
    if basis.options.get("observability") == "opentelemetry":
        rows.append(("`OTEL_EXPORTER_OTLP_ENDPOINT`", "no", "the environment", "where the collector is"))
    else:
        rows.append(("`APPLICATIONINSIGHTS_CONNECTION_STRING`", "yes", "the vault, through the environment", "where traces and metrics go; nothing is sent without it"))  # fmt: skip
    rows.append(("`Serilog__MinimumLevel__Default`", "no", "the environment", "from which level on lines are logged"))
    return table(("Setting", "Secret", "Read from", "What it is"), rows)
