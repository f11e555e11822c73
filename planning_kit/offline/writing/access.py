"""Who calls and what they may do: authentication, and the matrix of roles, resources and actions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..facts import Operation, Question, Statement
from . import signin
from .draft import Draft
from .markdown import ASSUMED, cite, code, codes, listing, quote, shorten, table
from .openapi import tag
from .plan import Plan

_ACTIONS = ("create", "read", "update", "delete")
_CREATES = r"(?i)create|add|regist|post|set|store|save|new|assign|book|enrol|submit|upload|insert|put"
_SPOKEN = re.compile(
    r"(?i)authenticat|\b(?:access|bearer|authentication|requestor's|verify the) token|jwt|oauth|\blogin\b|\blog in to\b|\bsign in\b|\biam\b|single sign|bearer|credential"
)


def unsaid(plan: Plan, some: Sequence[Operation] | None = None) -> Question | None:
    """The question about the operations (``some`` of the plan's, else all) whose protection the brief leaves open; none when it says it for all."""
    silent = [o for o in (plan.operations if some is None else some) if o.auth not in ("none", "bearer")]
    if not silent:
        return None
    kinds = {plan.protected(o) for o in silent}
    mixed = "a bearer token, except for endpoints the brief names and where tokens are handed out"
    meanwhile = mixed if len(kinds) > 1 else "a bearer token" if True in kinds else "none"
    sources = tuple(s for o in silent for s in o.sources[:1]) if len(silent) < 5 else ()
    named = f"{len(silent)} operations" if len(silent) > 3 else listing([f"{o.method} {o.path}" for o in silent])
    return Question("", f"Who may call {named}, and how does a caller prove who it is?", meanwhile, sources)


def spoken(plan: Plan) -> list[Statement]:
    """What the brief says about how callers prove who they are."""
    return [s for s in plan.reading.statements if _SPOKEN.search(s.text)]


def authentication(plan: Plan, draft: Draft) -> Iterator[str]:
    """What the brief asks for, then which operations need a token and which do not."""
    said = spoken(plan)
    if said:
        yield table(
            ("What the brief asks for", "Strength", "Source"),
            ((quote(shorten(s.text, 260)), s.strength, f"[{s.source}]") for s in said),
        )
    bearer = [o for o in plan.operations if plan.protected(o)]
    bare = [o for o in plan.operations if not plan.protected(o)]
    if bearer:
        stated = [o for o in bearer if o.auth == "bearer"]
        source = cite((s for o in stated for s in o.sources), 3) if stated else ASSUMED
        if plan.reading.signin:
            ways = signin.shown(plan.reading.signin)
            yield f"{ways[:1].upper() + ways[1:]} {'are' if ' and ' in ways else 'is'} required by {_which(bearer, plan)}. Issuer, signature and expiry of what {'they hand' if ' and ' in ways else 'it hands'} out are checked on every call (assumed)."
        else:
            yield f"A bearer token is required by {_which(bearer, plan)} {source}. Its issuer, signature and expiry are checked on every call (assumed)."
    if bare:
        silent = [o for o in bare if o.auth != "none"]
        yield f"No token is required {_lead(bare, plan)} {cite((s for o in bare for s in o.sources), 3) if not silent else ASSUMED}."
    if bearer and not any(re.search(r"(?i)expir|lifetime|valid for", s.text) for s in plan.reading.statements):
        draft.ask(
            "How long is a token valid, and how is one revoked?",
            "one hour, not revoked before",
            *dict.fromkeys(s for o in bearer[:2] for s in o.sources[:1]),
            unless="How long is a token valid",
        )
    if not plan.operations:
        yield "The brief names no operation to protect."


def _lead(operations: list[Operation], plan: Plan) -> str:
    whole = len(operations) == len(plan.operations) and len(operations) > 3
    return "anywhere" if whole else f"by {_which(operations, plan)}"


def _which(operations: list[Operation], plan: Plan) -> str:
    if len(operations) == len(plan.operations) and len(operations) > 3:
        return f"all {len(operations)} operations"
    return listing([code(f"{o.method} {o.path}") for o in operations], 4)


def action(operation: Operation) -> str:
    """``operation`` as create, read, update or delete; ``other`` for a command that does none of them."""
    if operation.method == "POST" and not re.match(_CREATES, operation.id):
        return "other"
    return {"GET": "read", "POST": "create", "PUT": "update", "PATCH": "update", "DELETE": "delete"}[operation.method]


def authorization(plan: Plan, draft: Draft) -> Iterator[str]:
    """The matrix: a role and a resource a row, an action a column."""
    resources: dict[str, list[Operation]] = {}
    for operation in plan.operations:
        resources.setdefault(tag(plan, operation), []).append(operation)
    rows = []
    for role in dict.fromkeys(role for o in plan.operations for role in o.roles):
        for resource, operations in resources.items():
            mine = [o for o in operations if role in o.roles]
            if mine:
                rows.append(
                    (quote(role), resource, *_marks(mine, "allowed"), cite((s for o in mine for s in o.sources), 3))
                )
    unsaid = [o for o in plan.operations if not o.roles]
    for resource, operations in resources.items():
        left = [o for o in operations if o in unsaid]
        if left:
            anybody = (
                "anybody"
                if not any(plan.protected(o) for o in left)
                else "any caller with a token"
                if all(plan.protected(o) for o in left)
                else "any caller"
            )
            rows.append(
                (
                    f"{anybody} {ASSUMED}",
                    resource,
                    *_marks(left, "allowed"),
                    cite((s for o in left for s in o.sources), 3),
                )
            )
    yield table(("Role", "Resource", "Create", "Read", "Update", "Delete", "Other", "Source"), rows)
    yield f"What the table does not allow is denied {ASSUMED}."
    ask_roles(plan, draft, unsaid)


def ask_roles(plan: Plan, draft: Draft, unsaid: list[Operation]) -> None:
    """Ask what those may do whom no operation names, and who may call the operations that name nobody."""
    quiet = [a for a in plan.reading.actors if not any(a.name in o.roles for o in plan.operations)]
    if quiet:
        draft.ask(
            f"What may each of these do, and what not: {listing([a.name for a in quiet], 6)}?",
            "the same as any other caller",
            *dict.fromkeys(s for a in quiet for s in a.sources[:1]),
            unless="Who may do what",
        )
    if any(plan.protected(o) for o in unsaid) and len(plan.reading.actors) > 1:
        draft.ask(
            f"Which role may call {listing([f'{o.method} {o.path}' for o in unsaid], 4)}?",
            "any caller the interface lets in",
            unless="Who may do what",
        )


def _marks(operations: list[Operation], mark: str) -> list[str]:
    done = {action(operation) for operation in operations}
    other = codes(o.id for o in operations if action(o) == "other")
    return [*(mark if one in done else "–" for one in _ACTIONS), other or "–"]
