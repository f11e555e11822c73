"""What the rules propose for each role that brief and codebase leave open."""

from __future__ import annotations

from collections.abc import Iterator

from . import figures, roles
from .grounds import PROPOSED, UNKNOWN, Choice
from .markdown import ASSUMED, cite, code, listing, quote
from .plan import Plan

_FRAMEWORKS = {
    "python": "FastAPI", "java": "Spring Boot", "kotlin": "Spring Boot", "javascript": "Fastify", "typescript": "Fastify",
    "node": "Fastify", "go": "the standard library's net/http", "golang": "the standard library's net/http", "rust": "axum",
    "c#": "ASP.NET Core", ".net": "ASP.NET Core", "ruby": "Ruby on Rails", "php": "Laravel", "c++": "Drogon",
}  # fmt: skip
_MIGRATIONS = {
    "python": "Alembic", "java": "Flyway", "kotlin": "Flyway", "go": "golang-migrate", "golang": "golang-migrate", "ruby": "Rails migrations",
    "php": "Laravel migrations", "c#": "EF Core migrations", ".net": "EF Core migrations",
}  # fmt: skip
LANGUAGES = frozenset(_FRAMEWORKS)
"""The languages that anything can be proposed for, in lower case."""


def proposed(plan: Plan, spoken: str) -> Iterator[Choice]:
    """A proposal for each component that follows from the brief and that nothing given fills; ``spoken`` is the language, or empty."""
    filled = roles.filled(plan)
    if not spoken and "language" not in filled and (plan.operations or plan.tables):
        yield Choice("language", f"Python {PROPOSED}", UNKNOWN, "brief and codebase name no language; the team's own comes first", ASSUMED,
                     (("the team's own language", "none is known; if there is one, it wins over this proposal"),))  # fmt: skip
    served = plan.reading.served
    if served and plan.operations and roles.FRAMEWORK not in filled:
        yield _framework(plan, framework(spoken))
    if plan.tables:
        yield from _storage(plan, spoken, filled)
    yield from _guarded(plan, filled)
    if plan.reading.jobs and roles.JOBS not in filled:
        yield Choice(roles.JOBS, f"a worker with a job table in {plan.database[0]} {PROPOSED}", UNKNOWN, running(plan), cite((s for j in plan.reading.jobs for s in j.sources), 3),
                     (("a separate message broker", "one more thing to run; worth it when the job table becomes the bottleneck"),))  # fmt: skip


def framework(spoken: str) -> str:
    """The HTTP framework that is proposed for a programming language (lower case; empty when none is known)."""
    return _FRAMEWORKS.get(spoken or "python", "FastAPI")


def running(plan: Plan) -> str:
    """What runs by itself, as a reason for something that runs it."""
    many = len(plan.reading.jobs)
    return (
        f"{many} jobs run without a caller" if many > 1 else f"{quote(plan.reading.jobs[0].name)} runs without a caller"
    )


def _framework(plan: Plan, framework: str) -> Choice:
    load = [q for q in plan.reading.quantities if figures.kind(q) in ("load", "answer time", "availability")][:4]
    told = (
        f"; it has to hold {listing([quote(q.text) for q in load], 4)} {cite(q.source for q in load)}" if load else ""
    )
    many = "one operation" if len(plan.operations) == 1 else f"{len(plan.operations)} operations"
    other = (
        ("Django", "brings an ORM, templates and an admin that nothing here asks for")
        if framework == "FastAPI"
        else ("no framework", "routing, validation and errors would be written by hand")
    )
    return Choice(
        roles.FRAMEWORK,
        f"{framework} {PROPOSED}",
        UNKNOWN,
        f"{many} over HTTP, described in OpenAPI{told}",
        cite((s for o in plan.operations for s in o.sources), 2),
        (other,),
    )


def _storage(plan: Plan, spoken: str, filled: frozenset[str]) -> Iterator[Choice]:
    foreign = sum(1 for t in plan.tables for c in t.columns if c.target)
    size = f"{len(plan.tables)} table{'s' if len(plan.tables) > 1 else ''}, {foreign} foreign key{'' if foreign == 1 else 's'}"
    tables = cite((s for t in plan.tables for s in t.sources), 2)
    if "database" not in filled:
        why = (
            f"the model's {foreign} foreign keys would be kept by application code"
            if foreign
            else "nothing here needs documents without a fixed form"
        )
        other = (
            ("SQLite", "one writer at a time; enough if a single process serves everything"),
            ("a document database", why),
        )
        yield Choice("database", f"PostgreSQL {PROPOSED}", UNKNOWN, size, tables, other)
    if roles.MIGRATIONS not in filled:
        tool = _MIGRATIONS.get(spoken or "python", "plain SQL files run in order")
        yield Choice(
            roles.MIGRATIONS, f"{tool} {PROPOSED}", UNKNOWN, f"{size}, created in the order of the data model", tables
        )


def _guarded(plan: Plan, filled: frozenset[str]) -> Iterator[Choice]:
    bearer = [o for o in plan.operations if plan.protected(o)]
    spoken = cite((s for o in bearer for s in o.sources), 2)
    if bearer and roles.AUTHENTICATION not in filled:
        yield Choice(roles.AUTHENTICATION, f"signed bearer tokens, checked with the framework's own library {PROPOSED}", UNKNOWN, f"{len(bearer)} protected operations", spoken,
                     (("server-side sessions", "callers other than browsers would have to keep cookies"),))  # fmt: skip
    hashed = [c for t in plan.tables for c in t.columns if c.name.endswith("_hash") and c.personal]
    if hashed and roles.HASHING not in filled:
        yield Choice(roles.HASHING, f"Argon2id {PROPOSED}", UNKNOWN, f"{listing([code(c.name) for c in hashed])} must not be readable", cite(hashed[0].sources),
                     (("bcrypt", "cuts passwords at 72 bytes; sound otherwise"),))  # fmt: skip
