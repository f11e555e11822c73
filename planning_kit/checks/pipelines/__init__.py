"""CI pipelines and compose files: GitHub Actions, Azure Pipelines, GitLab CI, Docker Compose.

They are validated against the JSON Schemas their makers publish, as the package check-jsonschema carries them, and then
looked through for what no schema says: names that do not exist, production without approval, secrets in the clear.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ... import aside
from ...document import Document
from ..about import About
from ..artefact import Artefact
from ..kind import Kind, Look
from ..wrong import NotChecked, Wrong, Wrongs, tool

SCHEMAS = {
    "github-actions": "a GitHub Actions workflow",
    "azure-pipelines": "an Azure pipeline",
    "gitlab-ci": "a GitLab pipeline",
    "compose": "a compose file",
}
"""Kind of artefact → what it is checked as."""


def validates_its_pipeline(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Write pipelines and compose files as complete YAML that their schemas allow: no unknown key, nothing left out."""
    yield from _said(artefact, "schema")


def names_jobs_and_stages_that_exist(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Write needs, dependsOn, extends and stage so that each names a job or stage of the same file, without circles."""
    yield from _said(artefact, "names")


def names_services_and_volumes_that_exist(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Write compose files so that every service, named volume, network and secret they use is defined in them."""
    yield from _said(artefact, "names")


def asks_before_production(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Write pipelines so that somebody approves a deployment to production: by an environment, or a manual step."""
    yield from _said(artefact, "approval")


def can_roll_back(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Write pipelines that deploy to production with a step that rolls back what failed."""
    yield from _said(artefact, "rollback")


def keeps_secrets_out_of_pipelines(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Write no password, key or token into pipelines and compose files: take them from the secrets of the platform."""
    yield from _said(artefact, "secrets")


def pins_its_actions(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Write GitHub actions with a version (owner/action@v4 or a commit), never @main or @master."""
    yield from _said(artefact, "pins")


def runs_no_foreign_code_with_secrets(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Write no GitHub workflow that checks out a pull request's head on pull_request_target."""
    yield from _said(artefact, "foreign")


def _said(artefact: Artefact, topic: str) -> Iterator[Wrong]:
    found = aside.call(
        "planning_kit.checks.pipelines.reading:faults", artefact.text, _lang(artefact), artefact.kind, seconds=15
    )
    for about, line, column, message, hint, severity in found:
        if about == topic:
            by = tool("jsonschema-rs") if topic == "schema" else ""
            yield Wrong(line, message, hint, column, by, severity)


def _lang(artefact: Artefact) -> str:
    return "json" if artefact.lang == "json" else "yaml"


def _tool(artefact: Artefact, about: About) -> str:
    tool("check-jsonschema")
    return f"{tool('jsonschema-rs')}, as {SCHEMAS[artefact.kind]}"


_TEMPLATE = re.compile(r"(?m)^[ \t]*(?:-[ \t]+)?\$\{\{.{1,500}\}\}[ \t]*:")
_FILLED_IN = re.compile(r"(?m)^parameters[ \t]*:")
_STARTS = re.compile(r"(?m)^(?:trigger|pr|schedules|resources|extends)[ \t]*:")


def _azure_tool(artefact: Artefact, about: About) -> str:
    if _FILLED_IN.search(artefact.text) and _TEMPLATE.search(artefact.text) and not _STARTS.search(artefact.text):
        raise NotChecked("a template: what its expressions become is known only where it is used")
    return _tool(artefact, about)


def _kind(of: Callable[[Artefact, About], str], *checks: Look) -> Kind:
    return Kind(of, (validates_its_pipeline, *checks))


_DELIVERY: tuple[Look, ...] = (
    names_jobs_and_stages_that_exist,
    asks_before_production,
    can_roll_back,
    keeps_secrets_out_of_pipelines,
)
GITHUB = _kind(_tool, *_DELIVERY, pins_its_actions, runs_no_foreign_code_with_secrets)
AZURE = _kind(_azure_tool, *_DELIVERY)
GITLAB = _kind(_tool, *_DELIVERY)
COMPOSE = _kind(_tool, names_services_and_volumes_that_exist, keeps_secrets_out_of_pipelines)
