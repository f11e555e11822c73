"""The layers a request passes in the confirmed stack, and the files they are in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from slugify import slugify

from ...facts import Operation
from ...reading import words
from .. import proposals, roles, stack, technology
from ..markdown import ASSUMED, cite, code, quote
from ..naming import pascal, snake
from ..openapi import tag
from ..plan import Plan
from .ground import Ground

API, SERVICE, STORE, GUARD, JOB = "API", "Service", "Repository", "Authentication", "Job"
_DOES = {
    GUARD: "finds out who calls, before anything else runs",
    API: "reads the request, checks its form, answers; holds no rule of the business",
    SERVICE: "holds the rules, decides, keeps what belongs together in one transaction",
    STORE: "reads and writes the tables, knows nothing of HTTP",
    JOB: "begins what no caller asks for, and calls the service",
}
_CALLS = {API: "who calls", SERVICE: "one call for each operation", STORE: "what is read and written"}
"""What a layer is called with by the one above it."""
_FILES = {
    "fastapi": ("app/api/{things}_router.py", "app/services/{thing}_service.py", "app/repositories/{thing}_repository.py", "app/api/dependencies.py", "app/jobs/{thing}_jobs.py"),
    "flask": ("app/api/{things}_routes.py", "app/services/{thing}_service.py", "app/repositories/{thing}_repository.py", "app/api/authentication.py", "app/jobs/{thing}_jobs.py"),
    "django": ("{things}/views.py", "{things}/services.py", "{things}/models.py", "accounts/authentication.py", "{things}/tasks.py"),
    "express": ("src/routes/{kebabs}.routes.js", "src/services/{kebab}.service.js", "src/repositories/{kebab}.repository.js", "src/middleware/authenticate.js", "src/jobs/{kebab}.job.js"),
    "nest": ("src/{kebabs}/{kebabs}.controller.ts", "src/{kebabs}/{kebabs}.service.ts", "src/{kebabs}/{kebabs}.repository.ts", "src/auth/auth.guard.ts", "src/{kebabs}/{kebabs}.job.ts"),
    "spring": ("{Thing}Controller.java", "{Thing}Service.java", "{Thing}Repository.java", "SecurityConfiguration.java", "{Thing}Job.java"),
    "kotlin": ("{Thing}Controller.kt", "{Thing}Service.kt", "{Thing}Repository.kt", "SecurityConfiguration.kt", "{Thing}Job.kt"),
    "rails": ("app/controllers/{things}_controller.rb", "app/services/{thing}_service.rb", "app/models/{thing}.rb", "app/controllers/application_controller.rb", "app/jobs/{thing}_job.rb"),
    "laravel": ("app/Http/Controllers/{Thing}Controller.php", "app/Services/{Thing}Service.php", "app/Models/{Thing}.php", "app/Http/Middleware/Authenticate.php", "app/Jobs/{Thing}Job.php"),
    "symfony": ("src/Controller/{Thing}Controller.php", "src/Service/{Thing}Service.php", "src/Repository/{Thing}Repository.php", "src/Security/Authenticator.php", "src/Command/{Thing}Command.php"),
    "aspnet": ("Controllers/{Things}Controller.cs", "Services/{Thing}Service.cs", "Repositories/{Thing}Repository.cs", "Security/Authentication.cs", "Jobs/{Thing}Job.cs"),
    "go": ("internal/{things}/handler.go", "internal/{things}/service.go", "internal/{things}/store.go", "internal/auth/middleware.go", "internal/{things}/job.go"),
    "rust": ("src/{things}/handlers.rs", "src/{things}/service.rs", "src/{things}/store.rs", "src/auth.rs", "src/{things}/jobs.rs"),
    "phoenix": ("lib/app_web/controllers/{thing}_controller.ex", "lib/app/{things}.ex", "lib/app/{things}/{thing}.ex", "lib/app_web/plugs/authenticate.ex", "lib/app/{things}/worker.ex"),
    "drogon": ("controllers/{Things}Controller.cc", "services/{Thing}Service.cc", "repositories/{Thing}Repository.cc", "filters/AuthenticationFilter.cc", "jobs/{Thing}Job.cc"),
}  # fmt: skip
"""Framework → the usual files of API, service, repository, authentication and jobs, as its own documentation lays a project out."""
_KNOWN = tuple(
    (re.compile(rf"(?i)^(?:{pattern})"), name)
    for pattern, name in (
        (r"fastapi|starlette|litestar|aiohttp|sanic", "fastapi"), (r"flask|quart|tornado|falcon|bottle", "flask"), (r"django", "django"),
        (r"nest\.?js", "nest"), (r"express|fastify|koa|hapi|hono|adonis|next\.?js|node", "express"), (r"ktor", "kotlin"),
        (r"spring|micronaut|quarkus|java\b", "spring"), (r"ruby on rails|rails|sinatra", "rails"), (r"laravel", "laravel"), (r"symfony", "symfony"),
        (r"asp\.net|\.net", "aspnet"), (r"gin\b|echo\b|chi\b|fiber|net/http|the standard library's net/http|gorilla", "go"),
        (r"axum|actix|rocket|warp", "rust"), (r"phoenix", "phoenix"), (r"drogon|c\+\+|crow\b", "drogon"),
    )
)  # fmt: skip


@dataclass(frozen=True)
class File:
    """A file a flow runs through: its ``path``, its ``layer``, where it is shown in the codebase (``path:line``, or empty)."""

    path: str
    layer: str
    evidence: str = ""

    @property
    def label(self) -> str:
        """``orders_router.py<br/>(API)``."""
        name = re.sub(r"[^\w.+-]", "-", self.path.rpartition("/")[2])
        return f"{name}<br/>({self.layer})"

    @property
    def does(self) -> str:
        """What it is responsible for."""
        return _DOES.get(self.layer, "")


class Layers:
    """The layers of the service that ``ground`` is planned for."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.plan: Plan = ground.plan

    @cached_property
    def framework(self) -> tuple[str, str]:
        """The HTTP framework and where it is named: a place in the codebase, passages, or that it is assumed."""
        for use in stack.uses(self.plan.stack):
            if use.topic == "Framework" and _layout(use.value):
                return use.value, code(use.evidence) if use.evidence else "(the codebase)"
        for named in self.plan.reading.technologies:
            if roles.FRAMEWORK in roles.of(named.name) and _layout(named.name):
                return named.name, cite(named.sources)
        return proposals.framework(technology.language(self.plan)), ASSUMED

    @property
    def assumed(self) -> bool:
        """Whether nothing names the framework."""
        return self.framework[1] == ASSUMED

    def files(self, things: str, operation: Operation | None = None) -> dict[str, File]:
        """The files of a flow on ``things`` (snake_case, plural) by layer; the codebase's own where it shows them."""
        api, service, store, guard, job = _FILES[_layout(self.framework[0]) or "fastapi"]
        shapes = ((API, api), (SERVICE, service), (STORE, store), (GUARD, guard), (JOB, job))
        found = {layer: File(_named(shape, things), layer) for layer, shape in shapes}
        if operation and (route := self._route(operation)):
            found[API] = File(route[0], API, route[1])
        table = self.plan.table(operation.entity) if operation else None
        model = self.plan.model(table) if table else None
        if model and ":" in model.evidence:
            found[STORE] = File(model.evidence.rpartition(":")[0], STORE, model.evidence)
        return found

    def things(self, operation: Operation) -> str:
        """What ``operation`` works on, in snake_case and plural."""
        return snake(tag(self.plan, operation))

    def _route(self, operation: Operation) -> tuple[str, str] | None:
        """The codebase's file for ``operation``, and the line if it is there already; the file of its neighbours for a new one."""
        own = self.plan.route(operation)
        if own and ":" in own.evidence:
            return own.evidence.rpartition(":")[0], own.evidence
        first = _first(operation.path, self.plan.existing.prefix)
        for route in self.plan.existing.routes:
            if ":" in route.evidence and _first(route.name.partition(" ")[2], self.plan.existing.prefix) == first:
                return route.evidence.rpartition(":")[0], ""
        return None

    def drawn(self, things: str, callers: Sequence[str] | None, outside: Sequence[str], guarded: bool) -> str:
        """The layers one above the other in plain characters, outermost first, with what each may call.

        Args:
            callers: who calls the API; nothing where the domain offers none, so that jobs are outermost.
            outside: other systems that are called.
            guarded: whether a caller has to show who they are.
        """
        files = self.files(things)
        layers = [JOB] if callers is None else [GUARD, API] if guarded else [API]
        layers += [SERVICE, STORE] if self.plan.tables else [SERVICE]
        boxes = [(f"{layer:<15}{files[layer].path}", files[layer].does) for layer in layers]
        calls = [_CALLS[layer] for layer in layers[1:]]
        if callers is not None:
            boxes.insert(
                0,
                (f"{'Callers':<15}{', '.join(callers[:4]) or 'anybody'}", "call the API over HTTPS, nothing below it"),
            )
            calls.insert(0, "HTTPS, JSON")
        if self.plan.tables:
            boxes.append((f"{'Database':<15}{self.plan.database[0]}", "called by the repository layer only"))
            calls.append("SQL")
        return _stacked(boxes, calls, outside)

    def said(self) -> Iterator[str]:
        """In words what the layers rest on."""
        name, where = self.framework
        database = f", {self.plan.shown_database}" if self.plan.tables else "; nothing is kept, so there is no database"
        guess = "Nothing names a framework; the files below are those it would usually have." if self.assumed else "Files are the codebase's own where it shows them, else those the framework would usually have."  # fmt: skip
        if not self.plan.reading.served:
            yield f"The brief describes a {self.plan.reading.interface}; what it offers is drawn as a service would offer it {ASSUMED}."
        yield f"{quote(name)} {where}{database}. {guess}"


def _stacked(boxes: Sequence[tuple[str, str]], calls: Sequence[str], outside: Sequence[str]) -> str:
    """Boxes one above the other, each with an arrow to the next that says what is called."""
    width = max(len(text) for box in boxes for text in box) + 2
    edge, arrow = f"+{'-' * width}+", " " * (width // 2)
    lines = [edge]
    for at, (name, does) in enumerate(boxes):
        lines += [f"| {name:<{width - 2}} |", f"| {does:<{width - 2}} |", edge]
        if at < len(calls):
            lines += [f"{arrow}| {calls[at]}", f"{arrow}v", edge]
    if outside:
        lines += ["", f"The service layer alone calls other systems: {', '.join(outside[:6])}."]
    return "\n".join(lines)


def _layout(framework: str) -> str:
    """The layout of a framework; empty for one that is not known."""
    return next((name for pattern, name in _KNOWN if pattern.match(framework.strip())), "")


def _named(shape: str, things: str) -> str:
    head, _, last = things.rpartition("_")
    one = f"{head}_{words.singular(last)}" if head else words.singular(last)
    kebab, kebabs = (str(slugify(each, separator="-")) or "thing" for each in (one, things))
    return shape.format(things=things, thing=one, Thing=pascal(one), Things=pascal(things), kebab=kebab, kebabs=kebabs)


def _first(path: str, prefix: str) -> str:
    rest = path.removeprefix(prefix) if prefix else path
    return next((part for part in rest.split("/") if part and not re.match(r"[{:<\[]", part)), "")
