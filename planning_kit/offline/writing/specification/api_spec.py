"""The API specification of one domain: its operations with whom each serves, the OpenAPI document, examples, models and errors."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import partial

from ...facts import Operation, Question, Response
from .. import api, openapi, signin
from ..draft import Draft
from ..markdown import ASSUMED, bullets, cite, code, codes, fence, listing, quote, table
from ..problems import error_code
from . import api_spec_access as access
from . import api_spec_endpoints as endpoints
from . import api_spec_links as links
from .api_spec_part import Part, part
from .api_spec_served import Serving
from .api_spec_shape import Parts, passages
from .api_spec_touched import touched
from .ground import Ground
from .outline import assembled, tabled

CATALOGUE = ("Operation", "Method", "Path", "Auth", "Requirements", "Stories")
ERRORS = ("Status", "Code", "When", "Operations", "Source")
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def write(ground: Ground) -> Draft:
    """The draft of ``requirements/api-spec.md``."""
    here = part(ground)
    serving = Serving(ground, here.operations)
    draft = Draft(f"API Specification: {quote(ground.title)}")
    draft.questions += _questions(ground)
    written: Mapping[str, Parts] = {
        "overview": partial(_overview, ground, here),
        "endpoint catalogue": partial(_catalogue, ground, here, serving),
        "authentication": partial(access.authentication, ground, here, draft),
        "headers": partial(access.headers, ground, here),
        "openapi": lambda: [fence("yaml", openapi.dump(here.document))],
        "endpoints": partial(_endpoints, ground, here, serving),
        "data models": partial(_models, here),
        "errors": partial(_errors, ground, here),
    }
    assembled(draft, ground, written)
    _assume(ground, here, serving, draft)
    draft.decisions = _decisions(ground, here)
    return draft


def _questions(ground: Ground) -> list[Question]:
    """The reading's questions about interfaces that concern this domain; the first domain asks those that concern none."""
    own = {passage.id for passage in passages(ground)}
    first = ground.domain.name == ground.all[0].name
    settled = re.compile(r"(?i)format are errors|versioned|prove who|cut into pages")
    asked = (q for q in ground.plan.reading.questions if q.area == "api" and not settled.search(q.text))
    kept = [q for q in asked if own.intersection(q.sources) or (first and not q.sources)]
    return [Question("", q.text, q.assumed, q.sources) for q in kept]


def _overview(ground: Ground, here: Part) -> Iterator[str]:
    if not here.operations:
        yield from touched(ground)
        return
    operations = here.operations
    things = list(dict.fromkeys(openapi.tag(ground.plan, o) for o in operations))
    count = "one operation" if len(operations) == 1 else f"{len(operations)} operations"
    yield f"This domain offers {count} on {listing(things, 8)}. In the brief's words: “{quote(re.sub(r'^[^:]{1,60}: ', '', ground.domain.about)).rstrip('.')}”."
    yield table(("Convention", "Here", "Source"), _conventions(ground, here))


def _conventions(ground: Ground, here: Part) -> Iterator[tuple[str, str, str]]:
    plan, operations = ground.plan, here.operations
    served = not plan.reading.served
    yield ("Interface", "HTTP with JSON" if not served else f"The brief describes a {plan.reading.interface}; these are its commands as a service would offer them",
           ASSUMED if served else cite(api.interface(plan)))  # fmt: skip
    base = here.base or plan.existing.prefix
    yield ("Base path", code(base) if base else "none: paths begin with the thing they are about", "" if base else ASSUMED)  # fmt: skip
    version = plan.reading.version
    yield ("Version", code(version) if version else f"{code(here.document['info']['version'])}, in the OpenAPI document", "" if version else ASSUMED)  # fmt: skip
    lists = [o for o in operations if any(r.many for r in o.responses)]
    paged = [o for o in lists if any(p.name.lower() in ("limit", "page", "cursor") for p in o.parameters)]
    if lists:
        names = codes(p.name for p in paged[0].parameters if p.place == "query" and p.name.lower() in ("limit", "offset", "page", "cursor")) if paged else ""  # fmt: skip
        yield ("Lists", f"in pages: {names}" if paged else "whole, in one answer", ASSUMED)
    yield ("A request sent twice", _repeated(here), _repeated_source(here))
    behind = [o for o in operations if plan.protected(o)]
    means = listing([signin.title(way) for way in plan.reading.signin]) or "bearer token"
    means = means if means.isupper() or means[:2].isupper() else means[:1].upper() + means[1:]
    yield ("Authentication", f"{means} on {'every operation' if len(behind) == len(operations) else f'{len(behind)} of {len(operations)} operations'}" if behind else "none",
           cite(s for way in plan.reading.signin for s in way.sources) if plan.reading.signin and behind else cite(access.stated(plan) if behind else _open(operations)))  # fmt: skip
    stated = here.contract.stated_error
    told = [s for o in plan.operations for r in o.responses if r.status >= 400 and r.fields for s in r.sources]
    yield ("Errors", f"the brief's own {code(here.contract.error)}" if stated else "problem details (RFC 9457)", cite(told) if stated else ASSUMED)  # fmt: skip


def _open(operations: tuple[Operation, ...]) -> list[str]:
    """The passages that say an operation is open to everybody."""
    return [source for o in operations if o.auth == "none" for source in o.sources[:1]]


def _repeated(here: Part) -> str:
    """What becomes of a request that is sent again."""
    made = [o for o in here.operations if o.method == "POST"]
    refused = [o for o in made if any(r.status == 409 for r in o.responses)]
    if not made:
        return "changes nothing: no operation here is a POST"
    rest = [o for o in made if o not in refused]
    if not rest:
        return f"is refused with 409 by {codes(o.id for o in refused)}"
    said = f"is done again by {codes(o.id for o in rest)}: a caller looks first"
    return f"{said}; is refused with 409 by {codes(o.id for o in refused)}" if refused else said


def _repeated_source(here: Part) -> str:
    known = [
        s for o in here.operations if o.method == "POST" for r in o.responses if r.status == 409 for s in r.sources
    ]
    return cite(known)


def _catalogue(ground: Ground, here: Part, serving: Serving) -> Iterator[str]:
    rows = []
    for o in here.operations:
        served = serving.of[o.id]
        guess = f" {ASSUMED}" if served.guessed and served.requirements else ""
        asked = (links.shown(ground, links.SPEC, served.requirements) or "none") + guess
        told = links.shown(ground, links.SPEC, served.stories) or "none"
        rows.append((code(o.id), code(o.method), code(o.path), _auth(ground, o), asked, told))
    if not rows:
        yield "None: no requirement of this domain needs an operation of its own."
    yield tabled(ground, "Endpoint catalogue", CATALOGUE, rows)
    there = [(o, found) for o in here.operations if (found := ground.plan.route(o))]
    if there:
        yield "In the codebase already:"
        yield bullets(f"{code(o.id)}: {code(found.evidence)}" for o, found in there)
    if serving.left and here.operations:
        named = ", ".join(each.id for each in serving.left)
        every = len(ground.things("FR"))
        yield f"{len(serving.left)} of {every} functional requirements have no operation here: {named}. What they ask for happens behind an operation, without a caller, or in another domain."


def _auth(ground: Ground, operation: Operation) -> str:
    if not ground.plan.protected(operation):
        return "none" if operation.auth == "none" else f"none {ASSUMED}"
    ways = signin.of(ground.plan.reading, operation)
    kind = " or ".join(dict.fromkeys(signin.title(way) for way in ways)) or "bearer"
    who = f": {', '.join(quote(role) for role in operation.roles)}" if operation.roles else ""
    return kind + who + ("" if ways or operation.auth == "bearer" else f" {ASSUMED}")


def _endpoints(ground: Ground, here: Part, serving: Serving) -> Iterator[str]:
    if not here.operations:
        yield "None, see the overview."
    for o in here.operations:
        yield endpoints.section(ground, here, o, serving.of[o.id])


def _models(here: Part) -> Iterator[str]:
    if not here.schemas:
        yield "None: nothing is sent or answered as JSON here."
    for name, schema in here.schemas.items():
        takes = [o.id for o in here.operations if here.contract.bodies.get(o.id) == name]
        gives = [o.id for o in here.operations if name in here.contract.returns.get(o.id, {}).values()]
        used = [f"Request of {codes(takes)}." if takes else "", f"Response of {codes(gives)}." if gives else ""]
        told = " ".join(filter(None, used)) or ("Every error." if name == here.contract.error else "")
        whole = {"$schema": _DIALECT, "title": name, **schema}
        sources = [source for one in here.contract.shown.get(name, ()) for source in one.sources]
        from_where = f" Fields from {cite(sources, 8)}." if sources else ""
        yield f"### {name}\n\n{told}{from_where}\n\n{fence('json', json.dumps(whole, indent=2, ensure_ascii=False))}"


def _errors(ground: Ground, here: Part) -> Iterator[str]:
    form = (
        f"Errors are sent as the brief words them: {code(here.contract.error)} as {code(here.contract.error_media)}."
        if here.contract.stated_error
        else f"Errors are problem details (RFC 9457), sent as {code(here.contract.error_media)}; {code('code')} is the name in the table {ASSUMED}."
    )
    yield form
    yield tabled(ground, "Errors", ERRORS, _error_rows(here))
    if here.operations:
        yield (
            "A server that cannot answer at all (5xx) has stored nothing of the request; a caller may send it again after a while "
            f"{ASSUMED}."
        )


def _error_rows(here: Part) -> Iterator[tuple[str, ...]]:
    found: dict[tuple[int, str], list[Operation]] = {}
    sources: dict[tuple[int, str], list[str]] = {}
    for o in here.operations:
        for r in o.responses:
            if r.status >= 400:
                found.setdefault((r.status, r.meaning), []).append(o)
                sources.setdefault((r.status, r.meaning), []).extend(r.sources)
    for (status, meaning), operations in sorted(found.items()):
        every = len(operations) == len(here.operations) and len(operations) > 2
        name = code(error_code(Response(status, meaning)))
        yield str(status), name, quote(meaning), "all" if every else codes(o.id for o in operations), cite(sources[status, meaning])  # fmt: skip


def _assume(ground: Ground, here: Part, serving: Serving, draft: Draft) -> None:
    for o, gone in here.dropped:
        draft.assumptions.append(f"{code(f'{o.method} {o.path}')} is left out: {listing(list(gone))} is withdrawn and nothing else asks for it.")  # fmt: skip
    for o in here.operations:
        if o.id in here.added:
            draft.ask(f"What does {o.method} {o.path} take and answer? The requirements or stories name it, the brief does not.", "only its path and its usual answers are written", *o.sources)  # fmt: skip
    derived = [o for o in here.operations if not o.stated and o.id not in here.added]
    if derived:
        draft.assumptions.append(f"{len(derived)} of {len(here.operations)} paths are derived from what the requirements manage, as resource paths.")  # fmt: skip
    if serving.likened:
        draft.assumptions.append(f"An operation serves {', '.join(serving.likened)} because it does what these speak of, though it follows from another passage.")  # fmt: skip
    guessed = [o.id for o in here.operations if serving.of[o.id].guessed and serving.of[o.id].requirements]
    if guessed:
        draft.assumptions.append(f"Which requirement {codes(guessed)} {'serves' if len(guessed) == 1 else 'serve'} is told by its words alone.")  # fmt: skip
    if here.operations and not here.contract.stated_error:
        draft.assumptions.append("Errors are problem details (RFC 9457): the brief states no form of its own.")
    _ask(ground, here, serving, draft)


def _ask(ground: Ground, here: Part, serving: Serving, draft: Draft) -> None:
    nobody = [o for o in here.operations if not serving.of[o.id].requirements]
    if nobody:
        names = listing([f"{o.method} {o.path}" for o in nobody], 6)
        draft.ask(f"Is {names} wanted at all? No requirement of this domain asks for it.", "it stays, marked as asked for by nothing", *dict.fromkeys(s for o in nobody for s in o.sources[:1]))  # fmt: skip
    if not here.operations:
        draft.ask(
            "Is anything of this domain to be called from outside, and by whom?",
            "no, so no operation is written",
            unless="(?i)what can be done|called from outside",
        )


def _decisions(ground: Ground, here: Part) -> str:
    if not ground.plan.operations:
        return f"{quote(ground.title)} offers no operation yet: the brief names nothing that can be called, so it has to be asked first."  # fmt: skip
    if not here.operations:
        return f"{quote(ground.title)} offers no operation of its own: its requirements hold for those of the other domains."  # fmt: skip
    shown = listing([code(f"{o.method} {o.path}") for o in here.operations], 4)
    if len(here.operations) > 4:
        things = list(dict.fromkeys(openapi.tag(ground.plan, o) for o in here.operations))
        shown = f"{len(here.operations)} operations on {listing([code(each) for each in things], 6)}"
    behind = [o for o in here.operations if ground.plan.protected(o)]
    who = "all of them behind a sign-in" if len(behind) == len(here.operations) else f"{len(behind)} of them behind a sign-in" if behind else "open to everybody"  # fmt: skip
    form = f"the brief's own {code(here.contract.error)}" if here.contract.stated_error else "problem details"
    return f"{quote(ground.title)} is {shown}, {who if len(here.operations) > 1 else ('behind a sign-in' if behind else 'open to everybody')}; errors are {form}."  # fmt: skip
