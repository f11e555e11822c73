"""GitHub Actions: what its schema cannot say. Rules by docs.github.com, "Workflow syntax for GitHub Actions"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..places import Path, Tree
from .fault import Faults, at, circular, listed, mapping, missing, strings, words
from .production import Deployment, deploys, is_production, runs_deployment

_EXPRESSION = re.compile(r"\$\{\{([^}]{0,500})")
_NEEDS = re.compile(r"(?<![\w.])needs\.([\w-]+)\.(?:outputs|result)")
_STEPS = re.compile(r"(?<![\w.])steps\.([\w-]+)\.(?:outputs|outcome|conclusion)")
_ASKS = re.compile(r"(?i)approv|manual|gate|release")
_CONTEXT, _QUOTED = re.compile(r"(?<![\w.'-])([A-Za-z_]\w*)\.[A-Za-z_*]"), re.compile(r"'[^']*'")
_CONTEXTS = [
    "github",
    "env",
    "vars",
    "job",
    "jobs",
    "steps",
    "runner",
    "secrets",
    "strategy",
    "matrix",
    "needs",
    "inputs",
]
"""What an expression can read (docs.github.com, "Contexts reference")."""
_MOVES = {"main", "master", "latest", "head", "develop", "trunk"}
_HEAD = re.compile(r"github\.event\.pull_request\.head\.|github\.head_ref|refs/pull/")
_STARTED_BY_HAND = {"workflow_dispatch", "release", "workflow_call"}


def _jobs(tree: Tree) -> dict[str, dict[str, Any]]:
    return {name: mapping(job) for name, job in mapping(tree.value.get("jobs")).items()}


def names(tree: Tree) -> Faults:
    """``needs`` that name no job, or go in a circle; outputs of jobs and steps that are not there."""
    jobs = _jobs(tree)
    edges = {name: [each for each, _ in words(job.get("needs"), ())] for name, job in jobs.items()}
    for name, job in jobs.items():
        for needed, path in words(job.get("needs"), ("jobs", name, "needs")):
            if needed not in jobs:
                yield missing(tree, path, needed, "job", [each for each in jobs if each != name])
        yield from _outputs(tree, name, job, edges[name])
    yield from circular(tree, edges, {name: ("jobs", name) for name in jobs}, "jobs")


def _outputs(tree: Tree, name: str, job: dict[str, Any], needs: list[str]) -> Faults:
    ids = {step.get("id") for step in listed(job.get("steps")) if isinstance(step, dict)}
    for path, text in strings(job, ("jobs", name)):
        for said in _expressions(text, path):
            for needed in _NEEDS.findall(said):
                if needed not in needs:
                    yield at(tree, path, "names", f"the job '{name}' reads 'needs.{needed}' but does not need '{needed}'", f"add '{needed}' to its 'needs'", "warning")  # fmt: skip
            for context in _CONTEXT.findall(_QUOTED.sub("''", said)):
                if context not in _CONTEXTS:
                    yield missing(tree, path, context, "context", _CONTEXTS)
            for step in _STEPS.findall(said):
                if step not in ids:
                    yield at(tree, path, "names", f"no step of the job '{name}' has the id '{step}'", f"add 'id: {step}' to the step that gives it", "warning")  # fmt: skip
        if text.rfind("${{") > text.rfind("}}"):
            yield at(
                tree, path, "names", "an expression begins with '${{' and is not closed by '}}'", "close it: ${{ … }}"
            )


def _expressions(text: str, path: Path) -> Iterator[str]:
    yield from (said[1] for said in _EXPRESSION.finditer(text))
    if path[-1] == "if" and "${{" not in text:
        yield text


def pins(tree: Tree) -> Faults:
    """Actions without a version, or with one that moves."""
    for name, job in _jobs(tree).items():
        for number, step in enumerate(listed(job.get("steps"))):
            uses = mapping(step).get("uses")
            if not isinstance(uses, str) or uses.startswith(("./", "docker://", "${{")):
                continue
            action, _, version = uses.partition("@")
            path: Path = ("jobs", name, "steps", number, "uses")
            if not version:
                yield at(tree, path, "pins", f"the action '{action}' has no version", f"write {action}@v1, with its version or commit")  # fmt: skip
            elif version.lower() in _MOVES:
                yield at(tree, path, "pins", f"'{uses}' changes whenever its author pushes", f"name a version or a commit: {action}@v1", "warning")  # fmt: skip


def foreign(tree: Tree) -> Faults:
    """A pull request's code that runs with the secrets of the repository."""
    if "pull_request_target" not in _events(tree):
        return
    for name, job in _jobs(tree).items():
        for number, step in enumerate(listed(job.get("steps"))):
            used, given = str(mapping(step).get("uses", "")), mapping(mapping(step).get("with"))
            if used.startswith("actions/checkout") and _HEAD.search(
                f"{given.get('ref', '')} {given.get('repository', '')}"
            ):
                said = "on pull_request_target this checks out the pull request's code, which then runs with the repository's secrets"
                yield at(tree, ("jobs", name, "steps", number), "foreign", said, "run it on pull_request, which has no secrets", "warning")  # fmt: skip


def _events(tree: Tree) -> set[str]:
    on = tree.value.get("on")
    return set(on) if isinstance(on, dict) else {name for name, _ in words(on, ())}


def deployments(tree: Tree) -> list[Deployment]:
    """The jobs that deploy to production; one that calls another workflow is judged there."""
    jobs = _jobs(tree)
    by_hand = bool(_events(tree)) and _events(tree) <= _STARTED_BY_HAND
    found = []
    for name, job in jobs.items():
        if "uses" in job:
            continue
        texts = [str(mapping(step).get("run", "")) for step in listed(job.get("steps"))]
        named = is_production(_environment(job)) and (deploys(name, job.get("name")) or runs_deployment(texts, False))
        titled = any(is_production(title) and deploys(title) for title in (name, job.get("name")))
        if named or titled or runs_deployment(texts):
            found.append(Deployment(("jobs", name), name, by_hand or _approved(name, jobs, set())))
    return found


def _approved(name: str, jobs: dict[str, dict[str, Any]], seen: set[str]) -> bool:
    """Whether the job has an environment, or one it waits for is production's or asks for an approval."""
    job = jobs.get(name, {})
    if name in seen:
        return False
    environment = _environment(job)
    asks = not seen or is_production(environment) or bool(_ASKS.search(f"{environment} {name}"))
    if (environment and asks) or any(
        "approval" in str(mapping(step).get("uses", "")) for step in listed(job.get("steps"))
    ):
        return True
    seen.add(name)
    return any(_approved(each, jobs, seen) for each, _ in words(job.get("needs"), ()))


def _environment(job: dict[str, Any]) -> str:
    given = job.get("environment")
    return str(given.get("name", "") if isinstance(given, dict) else given or "")
