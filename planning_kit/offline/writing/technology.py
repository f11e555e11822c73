"""The technology recommendations: what brief and codebase fix, what the rules propose meanwhile, and what was consulted."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..facts import Named
from . import figures, grounds, stack
from .draft import Draft
from .grounds import PROPOSED, UNKNOWN, Choice
from .markdown import ASSUMED, cite, code, listing, quote, shorten, table
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
_DATABASE = re.compile(r"(?i)sql|mongo|oracle|redis|cassandra|dynamo|mariadb|database")


def write(plan: Plan) -> Draft:
    """The draft of ``06-tech-recommendations.md``."""
    draft = Draft(f"Technology Recommendations: {quote(plan.feature)}")
    draft.take(plan.reading.questions, "technology", "(?i)^Where does it run" if _hosted(plan) else "")
    chosen = list(choices(plan))
    rows = [(c.component, c.technology, grounds.version(plan, c), c.rationale, grounds.source(plan, c)) for c in chosen]
    known = table(("Component", "Technology", "Version", "Rationale", "Source"), rows)
    draft.add("Recommendations", known if rows else "None: the brief names nothing to be run.", _figures(plan))
    other = [(c.component, c.technology, name, why) for c in chosen for name, why in c.alternatives]
    given = listing([c.technology for c in chosen if c.given])
    weighed = f"{given}: given, so nothing was weighed against it." if given else ""
    draft.add(
        "Alternatives considered",
        table(("Component", "Proposed", "Alternative", "Why not"), other) if other else "",
        weighed or ("None." if not other else ""),
    )
    draft.add("Integration notes", _integrations(plan, draft))
    draft.add("Research", *grounds.research(plan))
    draft.add("Sources", grounds.sources(plan))
    _assume(plan, draft, chosen)
    draft.decisions = _decisions(chosen)
    return draft


def choices(plan: Plan) -> Iterator[Choice]:
    """What is given first, in the brief's order, then a proposal for each component that follows from the brief and has none yet."""
    there = list(stack.uses(plan.stack))
    for use in there:
        where = f" of {code(use.package)}" if len(plan.stack) > 1 else ""
        yield Choice(quote(use.topic.lower()) + where, quote(use.value), quote(use.version) or UNKNOWN, "in the codebase already",
                     code(use.evidence or "codebase"), given=True)  # fmt: skip
    for named in plan.reading.technologies:
        if not any(_same(named, use) for use in there):
            version = re.search(rf"(?i){re.escape(named.name)}\s+v?(\d+(?:\.\d+)*)", " ".join(_text(plan, named)))
            yield Choice(_component(named), quote(named.name), quote(version.group(1)) if version else UNKNOWN,
                         quote(shorten(named.meaning, 140)) or "the brief names it", cite(named.sources), given=True)  # fmt: skip
    yield from _proposed(plan)


def _hosted(plan: Plan) -> bool:
    """Whether the stack, the brief or an answer names the place to run in."""
    named = [use.value for use in stack.uses(plan.stack)] + [n.name for n in plan.reading.technologies]
    return any(stack.HOSTS.search(name) for name in named) or any(n.kind == "cloud" for n in plan.reading.technologies)


def language(plan: Plan) -> str:
    """The programming language that a remark or answer, the confirmed stack or the brief names, in that order, in lower case; empty when nothing does."""
    names = [n.name.lower() for n in plan.reading.technologies if any(source[:1] in "RQ" for source in n.sources)]
    names += [use.value.lower() for use in stack.uses(plan.stack) if use.topic == "Language"]
    names += [n.name.lower() for n in plan.reading.technologies]
    for name in names:
        for known in sorted(_FRAMEWORKS, key=len, reverse=True):
            if re.search(rf"(?<![\w+#]){re.escape(known)}(?![\w+#])", name):
                return known
    return ""


def _same(named: Named, use: stack.Use) -> bool:
    return bool(re.match(rf"{re.escape(named.name.lower())}(?![\w+#])", use.value.lower()))


def _text(plan: Plan, named: Named) -> Iterator[str]:
    return (plan.reading.by_id[source].plain for source in named.sources if source in plan.reading.by_id)


def _component(named: Named) -> str:
    name = named.name.lower()
    if any(name == known or name.startswith(f"{known} ") for known in _FRAMEWORKS):
        return "language"
    if _DATABASE.search(name):
        return "database"
    if re.search(r"jwt|oauth|json web token|openid|saml", name):
        return "authentication"
    if re.search(r"rest|http|graphql|grpc|websocket", name):
        return "protocol"
    return "named in the brief"


def _proposed(plan: Plan) -> Iterator[Choice]:
    spoken = language(plan)
    served = plan.reading.interface not in ("command line", "library")
    topics = {use.topic for use in stack.uses(plan.stack)}
    text = " ".join(use.value for use in stack.uses(plan.stack)).lower()
    if not spoken and (plan.operations or plan.tables):
        yield Choice("language", f"Python {PROPOSED}", UNKNOWN, "brief and codebase name no language; the team's own comes first", ASSUMED,
                     (("the team's own language", "none is known; if there is one, it wins over this proposal"),))  # fmt: skip
    framework = _FRAMEWORKS.get(spoken or "python", "FastAPI")
    if (
        served
        and plan.operations
        and "Framework" not in topics
        and not re.search(r"fastapi|django|flask|spring|express|fastify|rails|laravel|axum|gin\b|asp\.net", text)
    ):
        load = [q for q in plan.reading.quantities if figures.kind(q) in ("load", "answer time", "availability")][:4]
        told = (
            f"; it has to hold {listing([quote(q.text) for q in load], 4)} {cite(q.source for q in load)}"
            if load
            else ""
        )
        many = "one operation" if len(plan.operations) == 1 else f"{len(plan.operations)} operations"
        other = (
            ("Django", "brings an ORM, templates and an admin that nothing here asks for")
            if framework == "FastAPI"
            else ("no framework", "routing, validation and errors would be written by hand")
        )
        yield Choice(
            "HTTP framework",
            f"{framework} {PROPOSED}",
            UNKNOWN,
            f"{many} over HTTP, described in OpenAPI{told}",
            cite((s for o in plan.operations for s in o.sources), 2),
            (other,),
        )
    if plan.tables:
        yield from _storage(plan, spoken)
    yield from _needed(plan)


def _storage(plan: Plan, spoken: str) -> Iterator[Choice]:
    name, sources = plan.database
    foreign = sum(1 for t in plan.tables for c in t.columns if c.target)
    size = f"{len(plan.tables)} table{'s' if len(plan.tables) > 1 else ''}, {foreign} foreign key{'' if foreign == 1 else 's'}"
    tables = cite((s for t in plan.tables for s in t.sources), 2)
    if not sources and name == "PostgreSQL" and not plan.kept:
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
    if any(use.topic == "Migrations" for use in stack.uses(plan.stack)):
        return
    tool = _MIGRATIONS.get(spoken or "python", "plain SQL files run in order")
    yield Choice("migrations", f"{tool} {PROPOSED}", UNKNOWN, f"{size}, created in the order of the data model", tables)


def _needed(plan: Plan) -> Iterator[Choice]:
    bearer = [o for o in plan.operations if plan.protected(o)]
    spoken = cite((s for o in bearer for s in o.sources), 2)
    if (
        bearer
        and not plan.reading.signin
        and not any(_component(n) == "authentication" for n in plan.reading.technologies)
        and not any(
            use.topic.lower().startswith(("auth", "sign", "login", "identity")) for use in stack.uses(plan.stack)
        )
    ):
        yield Choice("authentication", f"signed bearer tokens, checked with the framework's own library {PROPOSED}", UNKNOWN, f"{len(bearer)} protected operations", spoken,
                     (("server-side sessions", "callers other than browsers would have to keep cookies"),))  # fmt: skip
    hashed = [c for t in plan.tables for c in t.columns if c.name.endswith("_hash") and c.personal]
    if hashed:
        yield Choice("password hashing", f"Argon2id {PROPOSED}", UNKNOWN, f"{listing([code(c.name) for c in hashed])} must not be readable", cite(hashed[0].sources),
                     (("bcrypt", "cuts passwords at 72 bytes; sound otherwise"),))  # fmt: skip
    if plan.reading.jobs:
        many = len(plan.reading.jobs)
        why = (
            f"{many} jobs run without a caller"
            if many > 1
            else f"{quote(plan.reading.jobs[0].name)} runs without a caller"
        )
        there = {use.value: code(use.evidence or "facts.yaml") for use in stack.uses(plan.stack)}
        there.update({n.name: cite(n.sources) for n in plan.reading.technologies if n.name not in there})
        name, place = stack.runner(there)
        sources = cite((s for j in plan.reading.jobs for s in j.sources), 3)
        if name:
            yield Choice(
                "background jobs",
                f"{quote(name)}, which is there already",
                UNKNOWN,
                why,
                f"{place} {sources}",
                given=True,
            )
            return
        yield Choice("background jobs", f"a worker with a job table in {plan.database[0]} {PROPOSED}", UNKNOWN, why, cite((s for j in plan.reading.jobs for s in j.sources), 3),
                     (("a separate message broker", "one more thing to run; worth it when the job table becomes the bottleneck"),))  # fmt: skip


def _figures(plan: Plan) -> str:
    rows = [
        (
            quote(q.text),
            figures.kind(q),
            quote(shorten(q.about, 140)),
            f"{figures.design(q)} {ASSUMED}",
            f"[{q.source}]",
        )
        for q in plan.reading.quantities
    ]
    header = ("Figure", "Decides", "About", "What follows", "Source")
    return "Figures the choice has to meet:\n\n" + table(header, rows) if rows else ""


def _integrations(plan: Plan, draft: Draft) -> str:
    rows = []
    for named in plan.reading.integrations:
        rows.append(
            (
                quote(named.name),
                quote(shorten(named.meaning, 200)),
                "endpoint, credentials, limits and behaviour when it is down: open",
                cite(named.sources),
            )
        )
    if not rows:
        return "The brief names no other system."
    names = listing([n.name for n in plan.reading.integrations], 8)
    draft.ask(f"Which interface and version does each of these offer, and who runs it: {names}?", "each is reached through one client module of its own, so that it can be replaced",
              *dict.fromkeys(s for n in plan.reading.integrations for s in n.sources[:1]))  # fmt: skip
    return table(("System", "What the brief says", "To be settled", "Source"), rows)


def _assume(plan: Plan, draft: Draft, chosen: list[Choice]) -> None:
    proposed = [c for c in chosen if not c.given]
    if proposed:
        draft.assumptions.append(
            f"Proposed without research, as mainstream defaults: {listing([c.technology.replace(f' {PROPOSED}', '') for c in proposed], 10)}."
        )
        draft.ask(
            f"Is anything fixed by the team or its platform for {listing([c.component for c in proposed], 10)}?",
            "the proposals above",
            unless="language does the team",
        )
    if not plan.stack:
        draft.assumptions.append("There is no codebase to fit into.")
    if plan.operations and not plan.reading.quantities:
        draft.ask(
            "How many users, rows and requests per second does it have to carry, and how fast?",
            "one server and one database are enough",
            unless="requests a second",
        )


def _decisions(chosen: list[Choice]) -> str:
    given = [f"{c.technology} {re.sub(r'(?<=[]]) .*', '', c.source)}" for c in chosen if c.given]
    proposed = [c.technology.replace(f" {PROPOSED}", "") for c in chosen if not c.given]
    first = (
        f"{listing(given, 6)} {'is' if len(given) == 1 else 'are'} given."
        if given
        else "Neither brief nor codebase fixes a technology."
    )
    second = f" Proposed for the rest, to be verified by research: {listing(proposed, 8)}." if proposed else ""
    return first + second
