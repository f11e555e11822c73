"""The files of a C# scaffold, layer by layer: domain, application, infrastructure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..naming import pascal, snake
from . import csharp_types, literals
from .contract import Call, Contract, Property
from .csharp_types import Types
from .literals import line, sharp

_SIMPLE = frozenset({"string", "long", "decimal", "bool", "Guid", "DateTimeOffset", "DateOnly", "TimeOnly"})
"""What a path, query or header can hold."""


@dataclass(frozen=True)
class Shown:
    """The operation a scaffold shows.

    Attributes:
        space: the namespace of everything.
        name: the operation in Pascal case.
        body: the type of what is sent; empty for nothing.
        answer: the type of what comes back; empty for nothing that is JSON.
        roles: who may call it, if it says who may not.
    """

    contract: Contract
    call: Call
    types: Types
    space: str
    name: str
    body: str
    answer: str
    roles: tuple[str, ...]

    @classmethod
    def of(cls, contract: Contract, call: Call, space: str) -> Shown:
        """The operation with its types."""
        types, name = Types(contract), pascal(call.id)
        types.taken |= {f"{name}Handler", space}
        types.taken.add(name)
        body = ""
        if call.body:
            held = contract.followed(dict(call.body))
            types.taken.discard(name)
            body = types.record(held, "", name) if held.get("properties") else "JsonElement"
            types.taken.add(name)
        json = "json" in call.success.media and call.success.schema and call.success.status not in (204, 205, 304)
        answer = types.type_of(call.success.schema, f"{name}Response") if json else ""
        roles = tuple(snake(role) for role in call.plan.roles) if call.plan and call.answer(403) else ()
        return cls(contract, call, types, space, name, body, answer, roles)

    @property
    def creates(self) -> bool:
        """Whether it makes what it returns of what it is sent."""
        return self.call.method == "POST" and self.body in self.types.held and self.answer in self.types.held

    @property
    def given(self) -> list[tuple[str, str, str, str]]:
        """Its parameters in path, query and header: type, name in C#, attribute, name in HTTP; the required ones first."""
        found = []
        for each in self.call.parameters:
            attribute = {"path": "FromRoute", "query": "FromQuery", "header": "FromHeader"}.get(each.place)
            if attribute:
                kind = self.types.type_of(each.schema, pascal(each.name))
                kind = kind if kind.removesuffix("?") in _SIMPLE else "string"
                kind = kind if each.required or kind.endswith("?") else f"{kind}?"
                found.append((not each.required, kind, literals.local(each.name), f"[{attribute}(Name = {sharp(each.name)})]", each.name))  # fmt: skip
        return [one[1:] for one in sorted(found, key=lambda each: each[0])]

    @property
    def handed(self) -> list[tuple[str, str]]:
        """What is handed on to the handler: type and name; headers are the route's own."""
        kept = [(kind, name) for kind, name, attribute, _ in self.given if "FromHeader" not in attribute]
        return [*([(self.body, "wanted")] if self.body else []), *kept]

    @property
    def returned(self) -> str:
        """What the handler gives, in an ``Outcome``."""
        return self.answer or "bool"


def domain(shown: Shown) -> str:
    """The things the operation returns, and how something can fail."""
    types = shown.types
    records = [name for name in types.held if name != shown.body]
    body = [text for name in records for text in ("", *types.lines(name, f"{name} of the contract."))]
    failures = ["Invalid", "NotFound", "Conflict"]
    text = "\n".join(body)
    return "\n".join([
        "// src/Domain/Model.cs", *types.uses(text), *([""] if types.uses(text) else []), f"namespace {shown.space}.Domain;", *body, "",
        "/// <summary>Why something was not done; which status that is, only the Api knows.</summary>", "public enum Failure", "{", *(f"    {each}," for each in failures), "}", "",
        "/// <summary>What came of a command or query: a value, or why there is none.</summary>", "public sealed record Outcome<T>(T? Value, Failure? Failure = null, string Detail = \"\");",
    ])  # fmt: skip


def application(shown: Shown) -> str:
    """The command or query, the port it needs and what handles it."""
    types = shown.types
    said = line(shown.call.summary or shown.call.id)
    lines: list[str] = []
    if shown.body in types.held:
        record = list(types.lines(shown.name, f"{said}: what is sent."))
        checks = list(csharp_types.broken(types, shown.body))
        end = ["", "    /// <summary>The properties that hold what the contract forbids.</summary>", "    public IEnumerable<string> Broken()", "    {", *(checks or ["        yield break;"]), "    }", "}"]  # fmt: skip
        lines += [*record[:-1], *end, ""]
    typed = ", ".join(f"{kind} {name}" for kind, name in shown.handed)
    lines += [
        "/// <summary>What the service needs of its store.</summary>", "public interface IStore", "{",
        "    /// <summary>Whether it answers.</summary>", "    bool Ready();", "",
        f"    /// <summary>{said}.</summary>", f"    Outcome<{shown.returned}> {shown.name}({typed});", "}", "",
        f"/// <summary>{said}: decides, and asks the store.</summary>", f"public sealed class {shown.name}Handler", "{",
        "    private readonly IStore _store;", "", f"    public {shown.name}Handler(IStore store)", "    {", "        _store = store;", "    }", "",
        f"    public Outcome<{shown.returned}> Handle({typed})", "    {", *_decided(shown),
        f"        return _store.{shown.name}({', '.join(name for _, name in shown.handed)});", "    }", "}",
    ]  # fmt: skip
    text = "\n".join(lines)
    uses = [*types.uses(text), f"using {shown.space}.Domain;"]
    return "\n".join(
        [f"// src/Application/{shown.name}.cs", *uses, "", f"namespace {shown.space}.Application;", "", text]
    )


def _decided(shown: Shown) -> Iterator[str]:
    if shown.body in shown.types.held:
        yield from [
            "        var broken = wanted.Broken().ToList();", "        if (broken.Count > 0)", "        {",
            f"            return new Outcome<{shown.returned}>(default, Failure.Invalid, string.Join(\", \", broken));", "        }", "",
        ]  # fmt: skip


def infrastructure(shown: Shown, store: str) -> str:
    """What stands in for the store."""
    typed = ", ".join(f"{kind} {name}" for kind, name in shown.handed)
    body = list(_kept(shown))
    text = "\n".join(body)
    uses = [*shown.types.uses(f"{text}{typed}"), f"using {shown.space}.Application;", f"using {shown.space}.Domain;"]
    return "\n".join([
        "// src/Infrastructure/InMemoryStore.cs", *uses, "", f"namespace {shown.space}.Infrastructure;", "",
        f"/// <summary>Keeps everything until the process ends; stands in for {line(store, 40)}.</summary>",
        "public sealed class InMemoryStore : IStore", "{", *_fields(shown),
        "    public bool Ready() => true;", "", f"    public Outcome<{shown.returned}> {shown.name}({typed})", "    {", *body, "    }", "}",
    ])  # fmt: skip


def _fields(shown: Shown) -> list[str]:
    if not shown.creates:
        return []
    return ["    private readonly object _gate = new();", f"    private readonly List<({shown.body} Sent, {shown.answer} Made)> _kept = new();", ""]  # fmt: skip


def _kept(shown: Shown) -> Iterator[str]:
    call, types = shown.call, shown.types
    made = f"Outcome<{shown.returned}>"
    if not shown.creates:
        if call.answer(404) and call.at("path"):
            yield f'        return new {made}(default, Failure.NotFound, "nothing is kept yet");'
        elif shown.answer:
            yield f"        return new {made}({csharp_types.value(types, shown.answer, [] if shown.answer.startswith('IReadOnlyList') else shown.contract.value(call.success.schema))});"  # fmt: skip
        else:
            yield f"        return new {made}(true);"
        return
    sent = {each.json: each for each in types.held[shown.body]}
    fields = [f"{each.name} = {given}," for each in types.held[shown.answer] if (given := _given(shown, each, sent.get(each.json)))]  # fmt: skip
    clash = call.answer(409)
    conflict = [
        f"            // Stands for the store's own constraint: {line(clash.meaning, 80)}", "            if (_kept.Any(each => each.Sent == wanted))", "            {",
        f'                return new {made}(default, Failure.Conflict, "");', "            }", "",
    ] if clash else []  # fmt: skip
    yield from [
        "        lock (_gate)", "        {", *conflict, f"            var made = new {shown.answer}", "            {", *(f"                {each}" for each in fields),
        "            };", "            _kept.Add((wanted, made));", f"            return new {made}(made);", "        }",
    ]  # fmt: skip


def _given(shown: Shown, each: Property, sent: Property | None) -> str:
    """What a property of the answer is filled with; nothing for one that may be missing."""
    bare = each.type.removesuffix("?")
    fresh = {"Guid": "Guid.NewGuid()", "DateTimeOffset": "DateTimeOffset.UtcNow", "DateOnly": "DateOnly.FromDateTime(DateTime.UtcNow)"}.get(bare) or csharp_types.value(shown.types, each.type, shown.contract.value(each.schema))  # fmt: skip
    if bare == "long" and snake(each.json).endswith("id"):
        fresh = "_kept.Count + 1"
    if sent and sent.type.removesuffix("?") == bare:
        certain = (sent.required and not sent.type.endswith("?")) or not each.required or each.type.endswith("?")
        return f"wanted.{sent.name}" if certain else f"wanted.{sent.name} ?? {fresh}"
    return fresh if each.required else ""
