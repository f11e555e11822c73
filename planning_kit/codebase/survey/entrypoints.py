"""Where a codebase is started: applications, main functions, container and process commands, scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from .messages import messages
from .ranking import Entry
from .source import Source, shown

_PYTHON_APP = re.compile(
    r"(?m)^(\w+)\s*(?::[^=\n]{1,60})?=\s*(?:\w+\.)?(FastAPI|Flask|Starlette|Quart|Sanic|Litestar|Celery|FastMCP|get_wsgi_application|get_asgi_application|create_app|make_app|ASGIApp)\("
)
_PYTHON_MADE = re.compile(r"(?m)^(app|application|api|asgi_app)\s*(?::[^=\n]{1,60})?=\s*(?:await\s+)?([\w.]+)\(")
_FACTORY = re.compile(r"(?m)^(?:async\s+)?def\s+(create_app|make_app|get_app|build_app|app_factory)\s*\(")
_PYTHON_MAIN = re.compile(r"(?m)^if __name__ == ['\"]__main__['\"]")
_SECTION = re.compile(r"(?m)^\[(?:project\.scripts|tool\.poetry\.scripts)\][ \t]*$")
_SCRIPT = re.compile(r"^\s*[\"']?([\w.-]+)[\"']?\s*=\s*[\"']([\w.:-]+)[\"']")
_SETUP = re.compile(r"['\"]([\w-]+)\s*=\s*([\w.]+:\w+)['\"]")
_NODE = re.compile(
    r"^[^\n]{0,400}?\"((?:start|serve|worker|consumer|cron)(?::(?:prod|worker|consumer|api))?)\"\s*:\s*\"((?:[^\"\\]|\\.)*)\""
)
_NODE_LISTEN = re.compile(
    r"\b(NestFactory)\.create\w*\s*[<(]|\b((?i:app|application|\w*server|fastify|koa|http|io|instance))\.listen\s*\(|\b(?:Deno|Bun)\.serve\s*\(|(?<![.\w])serve\(\s*(?:\{|app)"
)
_DOCKER = re.compile(r"(?i)^\s*(CMD|ENTRYPOINT)\s+(.+)$")
_SERVICE = re.compile(r"^(?: {2}|\t)([\w.-]{1,60}):\s*$")
_COMMAND = re.compile(r"^\s+(?:command|entrypoint):[ \t]*(?![>|&*])(\S[^\n]{0,200})")
_PROCESS = re.compile(r"^([A-Za-z][\w-]*):\s+(\S.*)$")
# word(?<=^word) is ^word: written so, re looks for the word itself first, which is many times faster
_MAINS = {
    "go": re.compile(r"(?m)func (?<=^func )(main)\(\)"),
    "java": re.compile(r"\bpublic\s+static\s+void\s+(main)\s*\("),
    "kt": re.compile(r"(?m)^(?:suspend\s+)?fun\s+(main)\s*\("),
    "rs": re.compile(r"(?m)^(?:pub\s+)?(?:async\s+)?fn\s+(main)\s*\(\)"),
    "cs": re.compile(r"\bstatic\s+(?:async\s+)?(?:void|int|Task(?:<int>)?)\s+(Main)\s*\(|\b(?:WebApplication|Host)\.(Create(?:Default|Slim)?Builder|CreateApplicationBuilder)\s*\("),
}  # fmt: skip
_PLACES = ("manage.py", "config.ru", "public/index.php", "artisan")


def entrypoints(sources: Mapping[str, Source]) -> list[Entry]:
    """How the codebase is started, each with its line."""
    found: list[Entry] = []
    for path, source in sources.items():
        for what, line in (*_of(source), *messages(source, sources)):
            found.append(Entry(shown(what), path, line))
    return found


def _of(source: Source) -> Iterator[tuple[str, int]]:
    path, suffix, name = source.path, source.suffix, source.path.rpartition("/")[2]
    if suffix == "py" and name != "setup.py":
        yield from _python(source)
    elif name == "pyproject.toml":
        yield from _scripts(source)
    elif name == "setup.py":
        yield from (
            (f"{found.group(1)} = {found.group(2)}", source.line(found.start()))
            for found in _SETUP.finditer(source.text)
        )
    elif name == "package.json":
        for number, line in enumerate(source.lines, 1):
            if '"' in line and (found := _NODE.match(line)):
                yield f"scripts.{found.group(1)}: {found.group(2)}", number
    elif name == "Dockerfile" or name.startswith("Dockerfile.") or suffix == "dockerfile":
        for number, line in enumerate(source.lines, 1):
            if found := _DOCKER.match(line):
                yield f"{name} {found.group(1).upper()}: {found.group(2)}", number
    elif suffix in ("yml", "yaml") and "compose" in name:
        yield from _composed(source)
    elif name == "Procfile":
        for number, line in enumerate(source.lines, 1):
            if found := _PROCESS.match(line):
                yield f"Procfile {found.group(1)}: {found.group(2)}", number
    elif suffix in _MAINS:
        yield from _mains(source)
    elif suffix in ("js", "ts", "mjs", "cjs", "mts") and (
        "listen(" in source.text or "NestFactory" in source.text or "serve(" in source.text
    ):
        if found := _NODE_LISTEN.search(source.bare):
            yield (
                f"{path} {'NestFactory.create' if found.group(1) else (found.group(2) or '') + '.listen' if found.group(2) else 'serve'}",
                source.line(found.start()),
            )
    elif any(path == place or path.endswith(f"/{place}") for place in _PLACES):
        yield path, 1


def _composed(source: Source) -> Iterator[tuple[str, int]]:
    """What the services of a compose file run that are built here; the image of another says what it runs."""
    name, built = "", False
    for number, line in enumerate(source.lines, 1):
        if found := _SERVICE.match(line):
            name, built = found.group(1), False
        elif name and line.lstrip().startswith("build:"):
            built = True
        elif built and (command := _COMMAND.match(line)):
            yield f"{name}: {command.group(1)}", number


def _python(source: Source) -> Iterator[tuple[str, int]]:
    module = source.path.removesuffix(".py").removesuffix("/__init__").removeprefix("src/").replace("/", ".")
    apps = list(_PYTHON_APP.finditer(source.text))
    if not apps and re.search(r"(?:^|/)(?:main|app|server|asgi|wsgi|__main__)\.py$", source.path):
        apps = list(_PYTHON_MADE.finditer(source.text))
    for found in apps:
        kind = {"Celery": " (worker)"}.get(found.group(2), "")
        yield f"{module}:{found.group(1)}{kind}", source.line(found.start())
    if not apps:
        for found in _FACTORY.finditer(source.text):
            yield f"{module}:{found.group(1)}()", source.line(found.start())
    if "__main__" in source.text and (found_main := _PYTHON_MAIN.search(source.text)):
        yield f"python {source.path}", source.line(found_main.start())


def _scripts(source: Source) -> Iterator[tuple[str, int]]:
    for section in _SECTION.finditer(source.text):
        start = source.line(section.start())
        for number, line in enumerate(source.lines[start : start + 60], start + 1):
            if line.startswith("["):
                break
            if found := _SCRIPT.match(line):
                yield f"{found.group(1)} = {found.group(2)}", number


def _mains(source: Source) -> Iterator[tuple[str, int]]:
    if source.suffix == "go" and not re.search(r"(?m)^package main\b", source.text):
        return
    if "main" not in source.text and "Main" not in source.text and "Builder" not in source.text:
        return
    if found := _MAINS[source.suffix].search(source.bare):
        yield f"{source.path} {found.group(1) or found.group(2)}", source.line(found.start())
