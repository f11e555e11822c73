"""``plan.md`` of a Spec Kit feature: how it is built, under the headings of its template."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from .... import ids
from ....document import Document
from ....run import Run
from .. import said
from ..work import Work

_UNKNOWN = "NEEDS CLARIFICATION"
_LANGUAGES = {"python": "Python", "csharp": "C#"}
_DATABASES = {"postgres": "PostgreSQL", "sqlserver": "SQL Server", "mysql": "MySQL", "mariadb": "MariaDB", "sqlite": "SQLite", "mongodb": "MongoDB", "cosmosdb": "Azure Cosmos DB", "dynamodb": "DynamoDB", "cassandra": "Cassandra", "oracle": "Oracle", "cockroachdb": "CockroachDB"}  # fmt: skip
_FRAMEWORKS = (
    "FastAPI",
    "Django",
    "Flask",
    "ASP.NET Core",
    "Spring Boot",
    "NestJS",
    "Express",
    "Gin",
    "Rails",
    "Laravel",
)
_RUNNERS = ("pytest", "xUnit", "NUnit", "JUnit", "Vitest", "Jest", "RSpec", "PHPUnit", "go test")
_SCALE = re.compile(r"(?i)\b(?:requests|users|per second|concurrent|rows|records|tenants|GB|TB)\b")
_SPEED = re.compile(r"(?i)\b(?:ms|milliseconds?|seconds?|latency|p9\d|throughput|fast)\b")
_MOST = 4


def text(run: Run, branch: str, every: Sequence[Document], own: Work | None) -> str:
    """The plan of ``run`` as the feature ``branch``."""
    files = [name for piece in own.pieces for name in piece.task.inputs.touched] if own else []
    parts = (_head(run, branch), _summary(every, own), _context(run, every), _structure(branch, files))
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def _head(run: Run, branch: str) -> Iterator[str]:
    yield f"# Implementation Plan: {said.plain(run.title)}"
    yield from ("", f"**Branch**: `{branch}` | **Date**: {run.today} | **Spec**: [spec.md](spec.md)", "")
    yield f"**Input**: Feature specification from `/specs/{branch}/spec.md`"


def _summary(every: Sequence[Document], own: Work | None) -> Iterator[str]:
    """What is built, and what was decided, in the words of the documents."""
    yield from ("## Summary", "")
    said_of_it = own.plan.architecture.summary if own else ""
    yield said.plain(said_of_it) if said_of_it else "The decisions of the design, document by document:"
    designs = (each for each in every if "research/" not in each.name and each.name.rpartition("/")[2] not in ids.HOMES)
    decided = [
        f"- {said.plain(each.title)}: {said.plain(each.key_decisions)}" for each in designs if each.key_decisions
    ]
    if decided:
        yield from ("", *decided)


def _context(run: Run, every: Sequence[Document]) -> Iterator[str]:
    """The fields of the template, from the codebase, the options, the documents and the brief's qualities."""
    stack: dict[str, str] = {}
    for package in run.sheet.now.stack.values():
        for name, value in package.items():
            stack.setdefault(name.casefold(), said.plain(value))
    language = stack.get("language") or _LANGUAGES.get(str(run.options.get("stack")), "")
    storage = (
        stack.get("database") or _DATABASES.get(str(run.options.get("db")), "") or _named(_DATABASES.values(), every)
    )
    framework = stack.get("framework") or _named(_FRAMEWORKS, every)
    tests = stack.get("tests") or stack.get("testing") or _named(_RUNNERS, every)
    quality = [
        each
        for each in run.brief.passages
        if run.sheet.now.classes.get(each.id) in ("quality", "constraint") and each.kind != "heading"
    ]
    speed = [each for each in quality if _SPEED.search(each.plain)]
    scale = [each for each in quality if _SCALE.search(each.plain) and each not in speed]
    rest = [each for each in quality if each not in speed and each not in scale]
    yield from ("## Technical Context", "")
    yield f"**Language/Version**: {language or _UNKNOWN}"
    for name, value in (("Primary Dependencies", framework), ("Storage", storage), ("Testing", tests), ("Target Platform", stack.get("platform", ""))):  # fmt: skip
        yield from ("", f"**{name}**: {value or _UNKNOWN}")
    yield from ("", "**Project Type**: web-service")
    for name, found in (("Performance Goals", speed), ("Constraints", rest), ("Scale/Scope", scale)):
        listed = "; ".join(f"{said.plain(each.plain)} ({each.id})" for each in found[:_MOST])
        yield from ("", f"**{name}**: {listed or _UNKNOWN}")
    yield from (
        "",
        "## Constitution Check",
        "",
        "*GATE: Must pass before Phase 0 research. Re-check after Phase 1 design.*",
        "",
    )
    yield "Not checked here: the project's constitution (`.specify/memory/constitution.md`) is not known to this plan."


def _named(names: Iterable[str], every: Sequence[Document]) -> str:
    """The first of ``names`` that the documents name most often; empty when they name none."""
    counted = {
        name: sum(len(re.findall(rf"(?<!\w){re.escape(name)}(?!\w)", each.text)) for each in every) for name in names
    }
    best = max(counted, key=lambda name: counted[name])
    return best if counted[best] else ""


def _structure(branch: str, files: Sequence[str]) -> Iterator[str]:
    yield from (
        "## Project Structure",
        "",
        "### Documentation (this feature)",
        "",
        "```text",
        f"specs/{branch}/",
        "├── spec.md",
        "├── plan.md",
        "└── tasks.md and what the run has beside: contracts/, data-model.md, research.md, quickstart.md",
        "```",
    )
    yield from ("", "### Source Code (repository root)", "", "```text")
    named = sorted({said.line(each).replace("`", "'") for each in files})
    yield from named or ["no file is named yet"]
    yield from ("```", "", "**Structure Decision**: the files above are those the tasks create and change.")
    yield from ("", "## Complexity Tracking", "", "No violation of a constitution is known.")
