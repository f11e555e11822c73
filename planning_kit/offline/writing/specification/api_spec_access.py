"""Who calls a domain's API and how they show who they are: the sequence diagram, the words, and the headers."""

from __future__ import annotations

from collections.abc import Iterator

from .... import ids
from ...facts import Named, Operation
from .. import access, signin
from ..diagram import label
from ..draft import Draft
from ..markdown import ASSUMED, cite, code, codes, fence, listing, quote
from ..plan import Plan
from . import api_spec_links as links
from .api_spec_part import Part
from .ground import Ground
from .outline import tabled

_PROVIDED = ("openIdConnect", "oauth2", "saml", "sso")
"""Means of sign-in where somebody else says who the caller is."""
_SHOWS = {
    "apiKey": "X-API-Key: <key>",
    "cookie": "Cookie: sessionid=<session>",
    "mutualTLS": "a client certificate",
}
HEADERS = ("Header", "In", "Required", "Meaning")


def authentication(ground: Ground, part: Part, draft: Draft) -> Iterator[str]:
    """In words which operations need what, then one call from its sign-in to its answer."""
    plan = ground.plan
    behind = [o for o in part.operations if plan.protected(o)]
    bare = [o for o in part.operations if not plan.protected(o)]
    spoken = set(stated(plan))
    asking = [each for kind in ids.REQUIREMENTS for each in ground.things(kind) if spoken.intersection(each.cites)]
    if asking:
        yield f"Asked for by {links.shown(ground, links.SPEC, asking)}."
    if not part.operations:
        yield _elsewhere(ground)
    if behind:
        ways = signin.shown(plan.reading.signin) if plan.reading.signin else f"a bearer token {cite(stated(plan), 3)}"
        yield f"{_which(behind, part)} {'needs' if len(behind) == 1 else 'need'} {ways}. What is shown is checked on every call, its expiry included {ASSUMED}; without it the answer is 401."
        roles = _roles(behind)
        if roles:
            yield f"After that the role decides: {roles}. Any other caller is answered with 403."
    if bare:
        silent = any(o.auth != "none" for o in bare)
        said = ASSUMED if silent else cite((s for o in bare for s in o.sources), 3)
        yield f"{_which(bare, part)} {'is' if len(bare) == 1 else 'are'} open to everybody {said}."
    yield fence("mermaid", drawn(ground, part))
    asked = access.unsaid(plan, part.operations)
    if asked:
        draft.questions.append(asked)


def drawn(ground: Ground, part: Part) -> str:
    """One call as a Mermaid sequence diagram, from the sign-in to the answer."""
    plan = ground.plan
    behind = [o for o in part.operations if plan.protected(o)]
    shown = next((o for o in behind if 403 in part.answers(o)), next(iter(behind or part.operations), None))
    ways = signin.of(plan.reading, shown) if shown and behind else plan.reading.signin
    way = next(iter(ways), None)
    provided = bool(way and way.kind in _PROVIDED)
    caller = label(shown.roles[0]).capitalize() if shown and shown.roles else "Caller"
    lines = ["sequenceDiagram", f"    participant caller as {caller}"]
    if provided and way:
        lines.append(f"    participant provider as {label(signin.title(way)).replace(',', '')} provider")
    lines.append(f"    participant api as {label(ground.title)} API")
    if provided:
        lines += ["    caller->>provider: sign in", "    provider-->>caller: token, valid for a limited time"]
    if shown is None:
        return "\n".join([*lines, "    Note over caller,api: no operation of its own is called here"])
    lines += _guarded(plan, part, shown, way) if shown in behind else _open(part, shown)
    return "\n".join(lines)


def headers(ground: Ground, part: Part) -> Iterator[str]:
    """Every header that a request or a response carries."""
    if not part.operations:
        yield "This domain has no operation, so no header is exchanged."
    yield tabled(ground, "Headers", HEADERS, _headers(ground.plan, part))


def stated(plan: Plan) -> list[str]:
    """The passages that say how callers prove who they are."""
    return [s.source for s in access.spoken(plan)]


def means(plan: Plan, operation: Operation) -> str:
    """How a protected operation is shown who calls, as a header (``Authorization: Bearer <token>``)."""
    way = next(iter(signin.of(plan.reading, operation)), None)
    return _SHOWS.get(way.kind if way else "", "Authorization: Bearer <token>")


def _elsewhere(ground: Ground) -> str:
    if not ground.plan.operations:
        return "No operation is known yet, so nobody signs in; who may call what has to be asked first."
    ways = f"callers prove who they are by {signin.shown(ground.plan.reading.signin)}; " if ground.plan.reading.signin else ""  # fmt: skip
    return f"This domain offers no operation, so nobody signs in to it. For the operations of the other domains: {ways}each states its own in its API specification."


def _which(operations: list[Operation], part: Part) -> str:
    if len(operations) == len(part.operations) and len(operations) > 2:
        return f"All {len(operations)} operations"
    return listing([code(f"{o.method} {o.path}") for o in operations], 6)


def _roles(behind: list[Operation]) -> str:
    """Role by role how much they may call."""
    roles = dict.fromkeys(role for o in behind for role in o.roles)
    told = []
    for role in roles:
        mine = [o for o in behind if role in o.roles]
        some = "all of them" if len(mine) == len(behind) and len(mine) > 1 else codes(o.id for o in mine)
        told.append(f"{quote(role)}: {some}")
    return "; ".join(told)


def _guarded(plan: Plan, part: Part, shown: Operation, way: Named | None) -> list[str]:
    carries = means(plan, shown).replace("<", "").replace(">", "")
    answers = part.answers(shown)
    success = min((status for status in answers if status < 400), default=200)
    lines = [f"    caller->>api: {shown.method} {shown.path}"]
    lines.append(f"    Note over caller,api: {carries}")
    lines.append("    api->>api: check what is shown and when it expires")
    lines += ["    alt nothing shown, expired or forged", "        api-->>caller: 401 problem details"]
    if 403 in answers:
        lines += ["    else the role may not do this", "        api-->>caller: 403 problem details"]
    ends = f"        api-->>caller: {success} {label(answers[success].get('description', '')) if success in answers else ''}"  # fmt: skip
    return [*lines, "    else allowed", ends.rstrip(), "    end"]


def _open(part: Part, shown: Operation) -> list[str]:
    answers = part.answers(shown)
    success = min((status for status in answers if status < 400), default=200)
    return [
        f"    caller->>api: {shown.method} {shown.path}",
        "    Note over caller,api: no sign-in is asked for",
        f"    api-->>caller: {success}",
    ]


def _headers(plan: Plan, part: Part) -> Iterator[tuple[str, ...]]:
    operations = part.operations
    behind = [o for o in operations if plan.protected(o)]
    ways = {means(plan, o) for o in behind}
    for shown in sorted(ways):
        name, colon, value = shown.partition(": ")
        if colon:
            yield (code(name), "request", _of(behind, operations), f"who calls: {code(value)}")
    bodies = [o for o in operations if part.contract.bodies.get(o.id)]
    if bodies:
        yield ("`Content-Type`", "request", _of(bodies, operations), "`application/json`")  # fmt: skip
    if operations:
        media = dict.fromkeys(
            m for o in operations for said in part.answers(o).values() for m in said.get("content", {})
        )
        yield (
            "`Accept`",
            "request",
            "no",
            f"without it the answer is {codes(media) or 'empty'} all the same {ASSUMED}",
        )
        yield ("`Content-Type`", "response", "where there is a body", codes(media) or "none")
    stated: dict[str, list[Operation]] = {}
    for o in operations:
        for p in o.parameters:
            if p.place == "header":
                stated.setdefault(p.name, []).append(o)
    for name, found in stated.items():
        known = next(p for o in found for p in o.parameters if p.name == name and p.place == "header")
        yield (code(name), "request", "yes" if known.required else "no", f"{quote(known.meaning) or 'as the brief names it'} {cite(known.sources)}")  # fmt: skip
    if any(means(plan, o).startswith("Authorization") for o in behind):
        yield ("`WWW-Authenticate`", "response", "with 401", f"which sign-in is asked for (RFC 9110, 11.6.1) {ASSUMED}")  # fmt: skip


def _of(some: list[Operation], every: tuple[Operation, ...]) -> str:
    return "yes" if len(some) == len(every) else f"yes, of {codes(o.id for o in some)}"
