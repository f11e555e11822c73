"""The API design: endpoints, schemas, the OpenAPI document, rules, errors, services, events and jobs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..facts import Field, Operation, Response
from . import openapi, present, rules, signin
from .access import unsaid
from .draft import Draft
from .markdown import ASSUMED, cite, code, codes, fence, listing, quote, shorten, table
from .naming import pascal
from .openapi import Contract
from .plan import Plan
from .problems import error_code


def write(plan: Plan) -> Draft:
    """The draft of ``04-api-design.md``."""
    contract, document = openapi.write(plan)
    draft = Draft(f"API Design: {quote(plan.feature)}")
    paged = plan.reading.served
    settled = r"(?i)format are errors|versioned|prove who" + ("" if paged else r"|cut into pages")
    draft.take(plan.reading.questions, "api", settled)
    draft.add("Overview", *_overview(plan, contract), present.routes(plan))
    draft.add("Endpoints", endpoints(plan))
    draft.add("Schemas", *_schemas(plan, contract))
    draft.add("OpenAPI", fence("yaml", openapi.dump(document)))
    draft.add("Validation rules", *rules.write(plan, contract))
    draft.add("Errors", *_errors(plan, contract))
    draft.add("Service layer", _services(plan))
    draft.add("Events and jobs", _events(plan, draft))
    _assume(plan, contract, draft)
    draft.decisions = _decisions(plan, contract)
    return draft


def auth(plan: Plan, operation: Operation) -> str:
    """How ``operation`` is protected, as the tables show it."""
    kind = "bearer" if plan.protected(operation) else "none"
    ways = signin.of(plan.reading, operation) if kind == "bearer" else ()
    if ways:
        who = f": {', '.join(quote(role) for role in operation.roles)}" if operation.roles else ""
        return f"{' or '.join(dict.fromkeys(signin.title(way) for way in ways))} {cite((s for way in ways for s in way.sources), 2)}{who}"
    before = ": " if plan.protected(operation) else "; meant for "
    roles = f"{before}{', '.join(quote(role) for role in operation.roles)}" if operation.roles else ""
    return f"{kind} {ASSUMED}{roles}" if operation.auth not in ("none", "bearer") else f"{kind}{roles}"


def _overview(plan: Plan, contract: Contract) -> list[str]:
    reading = plan.reading
    media = dict.fromkeys(r.media for o in plan.operations for r in o.responses if r.status < 400 and r.status != 204)
    silent = [o for o in plan.operations if o.auth not in ("none", "bearer")]
    bearer = [o for o in plan.operations if plan.protected(o)]
    said = [o for o in bearer if o not in silent]
    paths = " and ".join(code(prefix) for prefix in [plan.existing.prefix] if prefix)
    means = listing([signin.title(way) for way in reading.signin]) or "Bearer token"
    protection = f"{means} on {len(bearer)} of {len(plan.operations)} operations" if bearer else "None"
    spoken = cite(source for o in said for source in o.sources) if said else ASSUMED
    spoken = cite(source for way in reading.signin for source in way.sources) if reading.signin and bearer else spoken
    error = (
        f"The brief's own: {code(contract.error)} as JSON" if contract.stated_error else "Problem details (RFC 9457)"
    )
    rows = [
        ("Interface", "HTTP" if reading.interface in ("http", "unstated") else f"{reading.interface}, mapped to HTTP below",
         cite(interface(plan))),
        ("Authentication", protection, spoken),
        ("Answers", codes(media) or "none yet", cite(s for o in plan.operations for r in o.responses if r.status < 400 for s in r.sources)),
        ("Errors", error, ASSUMED if not contract.stated_error else cite(_error_sources(plan))),
        ("Version", code(reading.version) if reading.version else f"{paths}, as in the codebase" if paths else "none in the paths", "" if reading.version or paths else ASSUMED),
    ]  # fmt: skip
    parts = [table(("Convention", "Here", "Source"), rows)]
    if not reading.served:
        parts.append(
            f"The brief describes a {reading.interface}, not a server. Its commands keep their words; the operations below are the same "
            "commands as a service would offer them, so that schemas, rules and errors can be checked."
        )
        mapped = [
            (quote(shorten(o.purpose, 120)), code(f"{o.method} {o.path}"), code(o.id), cite(o.sources))
            for o in plan.operations
        ]
        parts.append(table(("Command", "Mapped to", "Operation", "Source"), mapped) if mapped else "")
    return parts


def interface(plan: Plan) -> list[str]:
    """The passages that say how the system is used."""
    stated = [source for o in plan.operations if o.stated for source in o.sources]
    said = {"command line": r"(?i)command[- ]line|\bCLI\b", "library": r"(?i)\blibrary\b|\bpackage\b|\bSDK\b"}
    pattern = said.get(plan.reading.interface, r"\bREST(?:ful)?\b|\bHTTPS?\b|\bAPIs?\b|(?i:endpoint)")
    asked = [s for q in plan.reading.questions if q.text.startswith("The brief describes a") for s in q.sources]
    return (
        stated or asked or [p.id for p in plan.reading.passages if p.kind != "heading" and re.search(pattern, p.plain)]
    )


def _error_sources(plan: Plan) -> Iterator[str]:
    for operation in plan.operations:
        for response in operation.responses:
            if response.status >= 400 and response.fields:
                yield from response.sources


def endpoints(plan: Plan) -> str:
    """Every operation as a row of the endpoint table."""
    if not plan.operations:
        empty = table(("Method", "Path", "Purpose", "Auth", "Source"), ())
        return f"{empty}\n\nThe brief names no operation and nothing that is managed, so none is written; see the open questions."
    rows = []
    for o in plan.operations:
        source = cite(o.sources) if o.stated or not o.sources else f"{cite(o.sources)}, path {ASSUMED}"
        rows.append(
            (
                code(o.method),
                code(o.path),
                quote(openapi.summary(plan, o)),
                auth(plan, o),
                present.marked(plan, o) + source,
            )
        )
    return table(("Method", "Path", "Purpose", "Auth", "Source"), rows)


def _schemas(plan: Plan, contract: Contract) -> Iterator[str]:
    if not contract.shown:
        yield "None: no operation carries a JSON object."
    for name in sorted(contract.shown):
        takes = [o.id for o in plan.operations if contract.bodies.get(o.id) == name]
        gives = [o.id for o in plan.operations if name in contract.returns.get(o.id, {}).values()]
        parts = [f"Request of {codes(takes)}." if takes else "", f"Response of {codes(gives)}." if gives else ""]
        used = " ".join(part for part in parts if part) or ("Every error." if name == contract.error else "")
        yield f"### {name}\n\n{used}\n\n{_carried(contract, name)}"


def _carried(contract: Contract, name: str) -> str:
    """The fields of a schema: a table, or one line when they are those of the schema it writes."""
    fields = contract.shown[name]
    whole = {f.name: f for f in contract.shown.get(re.sub(r"(?:Input|Update)$", "", name), ())}
    if (
        fields
        and name not in whole
        and len(whole) > len(fields)
        and all(f.name in whole and whole[f.name].type == f.type for f in fields)
    ):
        needed = [f.name for f in fields if f.required]
        ending = f"required: {codes(needed)}" if needed else "none required"
        return f"Carries of {code(re.sub(r'(?:Input|Update)$', '', name))}: {codes(f.name for f in fields)}; {ending}."
    rows = [(code(f.name), _type(f), "yes" if f.required else "no", quote(f.meaning), cite(f.sources)) for f in fields]
    return table(("Field", "Type", "Required", "Meaning", "Source"), rows)


def _type(one: Field) -> str:
    return f"{one.type}: {codes(one.values)}" if one.values else one.type


def _errors(plan: Plan, contract: Contract) -> list[str]:
    found: dict[tuple[int, str], list[Operation]] = {}
    sources: dict[tuple[int, str], list[str]] = {}
    for o in plan.operations:
        for r in o.responses:
            if r.status >= 400:
                found.setdefault((r.status, r.meaning), []).append(o)
                sources.setdefault((r.status, r.meaning), []).extend(r.sources)
    form = f"Errors are sent as {code(contract.error_media)}, schema {code(contract.error)}"
    form += (
        ", as the brief words them."
        if contract.stated_error
        else " (RFC 9457); the brief states no form of its own (assumed)."
    )
    if not found:
        return [form, "No operation has an error yet."]
    rows = []
    for (status, meaning), operations in sorted(found.items()):
        name = error_code(Response(status, meaning))
        where = (
            "all protected operations"
            if status == 401 and len(operations) > 4
            else listing([code(o.id) for o in operations], 4)
        )
        rows.append((str(status), code(name), quote(meaning), where, cite(sources[(status, meaning)])))
    return [form, table(("Status", "Code", "When", "Operations", "Source"), rows)]


def _services(plan: Plan) -> str:
    groups: dict[str, list[Operation]] = {}
    for o in plan.operations:
        groups.setdefault(openapi.tag(plan, o), []).append(o)
    if not groups:
        return "No operation, so no service yet."
    rows = []
    for name, operations in groups.items():
        held = next((t for o in operations if (t := plan.table(o.entity))), None)
        service = f"{pascal(held.entity if held else name)}Service"
        used = (
            [held.name, *dict.fromkeys(c.target for c in held.columns if c.target and c.target != held.name)]
            if held
            else []
        )
        methods = codes(f"{o.id}({', '.join(p.name for p in o.parameters if p.place == 'path')})" for o in operations)
        serves = codes(f"{o.method} {o.path}" for o in operations)
        rows.append(
            (code(service), methods, serves, codes(used) or "none", cite((s for o in operations for s in o.sources), 3))
        )
    return table(("Service", "Methods", "Serves", "Tables", "Source"), rows)


def _events(plan: Plan, draft: Draft) -> str:
    rows = [(quote(n.name), kind, quote(shorten(n.meaning, 200)), cite(n.sources))
            for kind, found in (("job", plan.reading.jobs), ("event", plan.reading.events)) for n in found]  # fmt: skip
    if rows:
        return table(("Name", "Kind", "What", "Source"), rows)
    draft.ask(
        "Does anything happen without a caller: on a schedule, or when something else has happened?", "nothing does"
    )
    return "The brief names none."


def _assume(plan: Plan, contract: Contract, draft: Draft) -> None:
    asked = unsaid(plan)
    if asked:
        draft.questions.append(asked)
        draft.assumptions.append(f"Authentication where the brief says nothing: {asked.assumed}.")
    derived = [o for o in plan.operations if not o.stated]
    if derived:
        draft.assumptions.append(
            f"{len(derived)} of {len(plan.operations)} paths are derived from what the brief manages, as resource paths."
        )
    if plan.operations and not contract.stated_error:
        draft.assumptions.append("Errors are problem details (RFC 9457).")
    lists = [o for o in plan.operations if any(r.many for r in o.responses) and not _paged(o)]
    if lists:
        names = listing([f"{o.method} {o.path}" for o in lists], 3)
        draft.ask(f"How many rows may {names} return at once?", "all of them, without paging", unless="cut into pages")
    if plan.operations and not contract.stated_error:
        draft.ask("In which format are errors returned?", "problem details (RFC 9457)")
    if plan.operations and not plan.reading.version and not plan.existing.prefix and plan.reading.served:
        draft.ask("How is the API versioned?", "not in its paths; the version stands in the OpenAPI document")
    if not plan.operations:
        draft.ask("What can be done with it, and by whom?", "no operation is written")


def _decisions(plan: Plan, contract: Contract) -> str:
    if not plan.operations:
        return "No interface is decided: the brief names nothing that can be done. It has to be asked first."
    shown = listing([code(f"{o.method} {o.path}") for o in plan.operations], 4)
    tags = list(dict.fromkeys(openapi.tag(plan, o) for o in plan.operations))
    bearer = [o for o in plan.operations if plan.protected(o)]
    if len(plan.operations) > 4:
        shown = f"{len(plan.operations)} operations over {listing([code(t) for t in tags], 8)}"
    means = signin.shown(plan.reading.signin, 2)
    token = (
        f"all behind {means}"
        if len(bearer) == len(plan.operations)
        else f"{len(bearer)} of them behind {means}"
        if bearer
        else "without authentication"
    )
    guess = f" {ASSUMED}" if any(o.auth not in ("none", "bearer") for o in plan.operations) else ""
    errors = (
        f"the brief's own {code(contract.error)} object"
        if contract.stated_error
        else "problem details (RFC 9457, assumed)"
    )
    first = "The API is" if plan.reading.served else f"The {plan.reading.interface} is mapped to"
    return f"{first} {shown}, {token}{guess}. Errors are {errors}."


def _paged(operation: Operation) -> bool:
    return any(parameter.name.lower() in ("limit", "page") for parameter in operation.parameters)
