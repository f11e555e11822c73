"""How a codebase is cut, from its folders: one pattern, or none where the tree does not show it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ..evidence import Evidence, Statement
from .part import Part
from .sources import is_asset, language, role, telling_line

_ROLES = {
    "shows": "controllers controller routers router routes route handlers handler endpoints endpoint api rest resources web delivery http transport",
    "does": "services service usecases usecase use_cases use-cases logic business managers interactors",
    "keeps": "repositories repository repos repo dao daos crud store stores persistence storage dal data",
    "holds": "models model entities entity schemas schema dto dtos domain",
}  # fmt: skip
_ROLE = {word: role for role, words in _ROLES.items() for word in words.split()}
_STEMS = {
    "routers": "shows", "routes": "shows", "router": "shows", "handlers": "shows", "handler": "shows", "controller": "shows", "controllers": "shows",
    "services": "does", "service": "does", "crud": "keeps", "repository": "keeps", "repositories": "keeps",
    "models": "holds", "model": "holds", "schemas": "holds", "entities": "holds", "entity": "holds",
}  # fmt: skip
_ENDS = re.compile(
    r"[a-z0-9](Controller|Resource|Handler|Service|ServiceImpl|Repository|Dao|Entity)\.(?:java|kt|cs|php|ts)$|\.(controller|service|repository|entity|model|resolver)\.[jt]s$"
)
_END_ROLE = {
    "controller": "shows", "resource": "shows", "handler": "shows", "resolver": "shows", "service": "does", "serviceimpl": "does",
    "repository": "keeps", "dao": "keeps", "entity": "holds", "model": "holds",
}  # fmt: skip
_LAYERS = {
    "domain": "domain", "core": "domain", "entities": "domain", "entity": "domain", "application": "application", "usecases": "application",
    "usecase": "application", "use_cases": "application", "use-cases": "application", "app": "application", "infrastructure": "infrastructure",
    "infra": "infrastructure", "adapters": "infrastructure", "frameworks": "infrastructure", "gateways": "infrastructure", "data": "infrastructure",
    "persistence": "infrastructure", "interfaces": "presentation", "interface": "presentation", "presentation": "presentation", "api": "presentation",
    "delivery": "presentation", "web": "presentation", "controllers": "presentation", "repository": "infrastructure",
}  # fmt: skip
_TACTICAL = re.compile(
    r"aggregates?|aggregate_root|aggregateroot|value_?-?objects?|valueobjects?|domain_?-?events?|\w*aggregate(?:model)?",
    re.I,
)
_TACTICAL_CODE = re.compile(r"\b(?:AggregateRoot|ValueObject|IAggregateRoot|DomainEvent|Aggregate)\b")
_STARTS = re.compile(
    r"(?:^|/)(?:main|app|server|index|program|startup|manage|asgi|wsgi|\w{0,80}application)\.\w+$", re.I
)
"""A source a program starts with: a library has none."""
_MODULE_FOLDERS = ("modules", "contexts", "bounded_contexts", "bounded-contexts", "components", "packs")
_VIEWS = re.compile(
    r"(?:^|/)(?:views?|templates|Views|Pages)/.+\.(?:html?|erb|haml|slim|cshtml|blade\.php|twig|ejs|pug|hbs|j2|jinja2?)$"
)


class _Folders:
    """The folders of source files: each folder's path → the first telling file at or below it."""

    def __init__(self, paths: Iterable[str]) -> None:
        self.first: dict[str, str] = {}
        self.below: dict[str, set[str]] = {}
        for path in paths:
            parts = path.split("/")
            for depth in range(1, len(parts)):
                folder = "/".join(parts[:depth])
                self.first.setdefault(folder, path)
                self.below.setdefault("/".join(parts[: depth - 1]), set()).add(folder)

    def named(self, *names: str) -> list[str]:
        """The folders whose last name, in lower case, is one of ``names``."""
        return [folder for folder in self.first if folder.rpartition("/")[2].lower() in names]


def state(part: Part, parts: Sequence[Part], servers: Sequence[Part], built: frozenset[str]) -> Iterator[Statement]:
    """The architecture of ``part``; of the root of several parts, that of the whole.

    Args:
        part: the part.
        parts: all parts.
        servers: those that serve requests or messages.
        built: folders that are built into an image of their own.
    """
    if part.path == "." and len(parts) > 1:
        whole = list(_whole(part, parts, servers, built))
        yield from whole
        if whole or part not in servers:
            return
    paths = [
        path
        for path in part.files
        if role(path) == "source" and language(path) and not is_asset(path) and not path.endswith("__init__.py")
    ]
    folders = _Folders(path for path in paths if part.sizes[path] > 0)
    for rule in (_hexagonal, _onion, _modules, _mvc, _layered):
        found = rule(part, folders, paths)
        if found:
            yield _statement(part, *found)
            return


def _statement(part: Part, value: str, files: Iterable[str]) -> Statement:
    evidence = [Evidence(path, line) for path in dict.fromkeys(files) if (line := telling_line(part.text(path)) or 1)]
    return Statement("Architecture", value, tuple(evidence[:4]))


Rule = tuple[str, list[str]] | None


def _whole(root: Part, parts: Sequence[Part], servers: Sequence[Part], built: frozenset[str]) -> Iterator[Statement]:
    own = [part for part in servers if part.path != "." and (part.path in built or _starts(part))]
    deployed = [part for part in own if part.path in built]
    cut = deployed if len(deployed) >= 2 else own if len(own) >= 3 else []
    if cut:
        yield Statement("Architecture", "Microservices", tuple(_entry(part) for part in cut[:4]))
        return
    below = [part for part in parts if part.path != "." and part.sources]
    layers = {
        layer: part for part in below for layer in [_LAYERS.get(re.split(r"[./-]", part.path.lower())[-1])] if layer
    }
    started = own or [part for part in servers if part is root]
    same = [part for part in below if started and set(part.ecosystems) & set(started[0].ecosystems)]
    if {"domain", "application", "infrastructure"} <= set(layers):
        tactical = any(_TACTICAL.fullmatch(name) for path in layers["domain"].sources for name in path.split("/")[:-1])
        yield Statement(
            "Architecture", "DDD" if tactical else "Clean", tuple(_entry(part) for part in layers.values())[:4]
        )
    elif len(started) == 1 and len(same) >= 4:
        yield Statement("Architecture", "Modular monolith", tuple(_entry(part) for part in same[:4]))


def _starts(part: Part) -> bool:
    """Whether a program starts in ``part``; a project of the web SDK of .NET is one by itself."""
    return ("nuget", "sdk:microsoft.net.sdk.web") in part.dependencies or any(map(_STARTS.search, part.sources))


def _entry(part: Part) -> Evidence:
    """The line that shows a part best: of its first source, else of its manifest."""
    for path in part.sources:
        if line := telling_line(part.text(path)):
            return Evidence(path, line)
    manifest = part.manifests[0]
    return Evidence(manifest.path, manifest.dependencies[0].line if manifest.dependencies else 1)


def _hexagonal(part: Part, folders: _Folders, paths: list[str]) -> Rule:
    ports = folders.named("ports", "port")
    adapters = folders.named("adapters", "adapter")
    if ports and adapters:
        return "Hexagonal", [folders.first[ports[0]], folders.first[adapters[0]]]
    return None


def _onion(part: Part, folders: _Folders, paths: list[str]) -> Rule:
    """Domain, application and infrastructure beside each other: clean, or DDD where the domain is modelled tactically or in contexts."""
    contexts: list[dict[str, str]] = []
    for siblings in folders.below.values():
        layers: dict[str, str] = {}
        for folder in sorted(siblings):
            layer = _LAYERS.get(folder.rpartition("/")[2].lower())
            if layer:
                layers.setdefault(layer, folder)
        names = {folder.rpartition("/")[2].lower() for folder in siblings}
        cases = bool(names & {"usecases", "usecase", "use_cases", "use-cases"}) and "domain" in layers
        if (
            cases
            or {"domain", "application", "infrastructure"} <= set(layers)
            and names & {"domain", "core", "entities"}
            and names & {"application", "infrastructure"}
        ):
            contexts.append(layers)
    if not contexts:
        return None
    files = [folders.first[folder] for layers in contexts[:2] for folder in layers.values()]
    domains = [layers["domain"] for layers in contexts]
    if any(_depends_outward(part, layers) for layers in contexts):
        return "Layered", files
    inside = [path for path in paths if any(path.startswith(f"{domain}/") for domain in domains)]
    tactical = [path for path in inside if any(_TACTICAL.fullmatch(name.split(".")[0]) for name in path.split("/"))]
    tactical += [path for path in inside[:8] if not tactical and _TACTICAL_CODE.search(part.text(path))]
    if tactical or len(contexts) >= 2:
        return "DDD", [*tactical[:1], *files]
    return "Clean", files


def _depends_outward(part: Part, layers: dict[str, str]) -> bool:
    """Whether the domain imports the infrastructure: then the layers are there, the direction is not."""
    outer = layers.get("infrastructure", "?").rpartition("/")[2]
    pattern = re.compile(rf"(?:import|from|using|use|require)\b[^\n]{{0,80}}\b{re.escape(outer)}\b")
    inside = [path for path in part.sources if path.startswith(f"{layers['domain']}/")][:8]
    return any(pattern.search(part.text(path)) for path in inside)


def _modules(part: Part, folders: _Folders, paths: list[str]) -> Rule:
    """Several modules, each with more than one role of its own."""
    for parent in folders.named(*_MODULE_FOLDERS):
        whole = [child for child in sorted(folders.below.get(parent, ())) if len(_roles(paths, f"{child}/")) >= 2]
        if len(whole) >= 2:
            return "Modular monolith", [folders.first[child] for child in whole]
    return None


def _roles(paths: Iterable[str], prefix: str = "") -> dict[str, str]:
    """Role → the first file that has it, among ``paths`` that begin with ``prefix``."""
    found: dict[str, str] = {}
    for path in paths:
        if path.startswith(prefix):
            *parents, name = path[len(prefix) :].split("/")
            roles = [_ROLE[each.lower()] for each in parents if each.lower() in _ROLE]
            if stem := _STEMS.get(name.split(".")[0].lower()):
                roles.append(stem)
            if end := _ENDS.search(name):
                roles.append(_END_ROLE[(end.group(1) or end.group(2)).lower()])
            for each in roles[-1:]:
                found.setdefault(each, path)
    return found


def _mvc(part: Part, folders: _Folders, paths: list[str]) -> Rule:
    """Models, views and controllers: as Rails, Laravel, Django and the others lay them out."""
    rails = folders.named("controllers"), folders.named("models")
    names = {name for ecosystem, name in part.dependencies}
    if "rails" in names and all(rails):
        return "MVC", [folders.first[rails[0][0]], folders.first[rails[1][0]]]
    if "laravel/framework" in names and (shows := folders.named("controllers")):
        return "MVC", [folders.first[shows[0]], *(folders.first[each] for each in folders.named("models")[:1])]
    if "django" in names | {name for _, name in part.uses}:
        beside = (path for path in paths if path.endswith("views.py") and f"{path[:-8]}models.py" in part.sizes)
        if views := next(beside, ""):
            return "MVC", [f"{views[:-8]}models.py", views]
    pages = next(
        (path for path in part.files if _VIEWS.search(path) and role(path) == "source" and "mail" not in path.lower()),
        None,
    )
    roles = _roles(paths)
    shown = next((path for path in paths if re.search(r"(?:^|/)[cC]ontrollers?/|Controller\.\w+$", path)), None)
    if pages and shown and ("holds" in roles or "keeps" in roles):
        return "MVC", [shown, roles.get("holds") or roles["keeps"], pages]
    return None


def _layered(part: Part, folders: _Folders, paths: list[str]) -> Rule:
    """What shows, and at least two of what does, what keeps and what holds."""
    prefix = "" if part.path == "." else f"{part.path}/"
    roles = _roles(paths, prefix)
    if "shows" in roles and len(roles) >= 3:
        return "Layered", [roles[each] for each in ("shows", "does", "keeps", "holds") if each in roles]
    return None
