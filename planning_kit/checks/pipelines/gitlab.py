"""GitLab CI: what its schema cannot say. Rules by docs.gitlab.com, "CI/CD YAML syntax reference"."""

from __future__ import annotations

import re
from typing import Any

from ..places import Path, Tree
from .fault import NOT_THERE, Fault, Faults, at, circular, listed, mapping, missing, strings, words
from .production import Deployment, deploys, is_production, runs_deployment

_RESERVED = {"spec", "image", "services", "before_script", "after_script", "variables", "cache", "default", "stages", "include", "workflow"}  # fmt: skip
_STAGES = (".pre", "build", "test", "deploy", ".post")
"""The stages of a file that names none."""
_REFERENCE = re.compile(r"!reference[ \t]{0,20}\[[ \t]{0,20}[\"']?([^,\]\s\"']{1,200})")
_RUNS = {"script", "run", "trigger"}
"""What a job does: one of these, of its own or of what it extends."""
_DEEPEST = 11
"""How many steps of ``extends`` GitLab follows."""


def _jobs(tree: Tree) -> dict[str, dict[str, Any]]:
    """Jobs and hidden jobs by name."""
    return {name: job for name, job in tree.value.items() if isinstance(job, dict) and name not in _RESERVED}


def _whole(name: str, jobs: dict[str, dict[str, Any]], deep: int = 0) -> dict[str, Any]:
    """A job with what it extends."""
    job = jobs.get(name, {})
    made: dict[str, Any] = {}
    if deep < _DEEPEST:
        for base, _ in words(job.get("extends"), ()):
            made |= _whole(base, jobs, deep + 1) if base != name else {}
    return made | job


def running(tree: Tree) -> dict[str, dict[str, Any]]:
    """The jobs that run, by name, each with what it extends."""
    jobs = _jobs(tree)
    return {name: _whole(name, jobs) for name in jobs if not name.startswith(".")}


def stages_of(tree: Tree) -> list[str]:
    """The stages in their order."""
    named = [each for each, _ in words(tree.value.get("stages"), ())] if "stages" in tree.value else []
    return [".pre", *named, ".post"] if "stages" in tree.value else list(_STAGES)


def needed_by(job: dict[str, Any]) -> list[str]:
    """The jobs of this pipeline that a job says it needs, whether it must or can."""
    return [each for each, _ in _needed(job, "needs", ())]


def names(tree: Tree) -> Faults:
    """Stages, jobs and hidden jobs that are named but not there; nothing where other files are included."""
    if "include" in tree.value:
        return
    jobs = _jobs(tree)
    running = {name: _whole(name, jobs) for name in jobs if not name.startswith(".")}
    stages = [".pre", *(each for each, _ in words(tree.value.get("stages"), ())), ".post"]
    stages = stages if "stages" in tree.value else list(_STAGES)
    for name, job in jobs.items():
        for base, path in words(job.get("extends"), (name, "extends")):
            if base not in jobs:
                yield missing(tree, path, base, "job to extend", (each for each in jobs if each != name))
    for name, job in running.items():
        stage = job.get("stage", "test")
        if isinstance(stage, str) and "$" not in stage and stage not in stages:
            where: Path = (name, "stage") if "stage" in jobs[name] else (name,)
            said = missing(tree, where, stage, "stage", stages)
            yield said if "stage" in job else said._replace(hint=f"give '{name}' a 'stage': without one it is 'test'")
        yield from _needs(tree, name, jobs[name], running, stages)
        if not _RUNS & set(job) and all(base in jobs for base, _ in words(job.get("extends"), ())):
            yield at(tree, (name,), "names", f"{NOT_THERE} 'script' in the job '{name}': it runs nothing", "add 'script', or 'trigger'")  # fmt: skip
    edges = {name: [each for each, _ in _needed(job, "needs", ())] for name, job in running.items()}
    yield from circular(tree, edges, {name: (name,) for name in running}, "jobs")
    bases = {name: [each for each, _ in words(job.get("extends"), ())] for name, job in jobs.items()}
    yield from circular(tree, bases, {name: (name,) for name in jobs}, "jobs")


def references(tree: Tree, text: str) -> Faults:
    """``!reference`` to a job that is not there: its tag is not part of the values, so it is sought in the text."""
    for number, line in enumerate(text.split("\n") if "include" not in tree.value else (), 1):
        for said in _REFERENCE.finditer(line):
            if said[1] not in tree.value:
                known = [name for name in tree.value if str(name).startswith(".")]
                yield missing(tree, (), said[1], "job to refer to", known)._replace(
                    line=number, column=said.start() + 1
                )


def _needs(tree: Tree, name: str, job: dict[str, Any], running: dict[str, dict[str, Any]], stages: list[str]) -> Faults:
    own = running[name].get("stage", "test")
    for key in ("needs", "dependencies"):
        for needed, path in _needed(job, key, (name, key)):
            if needed not in running:
                yield missing(tree, path, needed, "job", (each for each in running if each != name))
                continue
            other = running[needed].get("stage", "test")
            if {other, own} <= set(stages) and stages.index(other) > stages.index(own):
                yield _later(tree, path, name, needed, other)


def _later(tree: Tree, path: Path, name: str, needed: str, stage: str) -> Fault:
    said = f"'{name}' needs '{needed}', which runs later, in the stage '{stage}'"
    return at(tree, path, "names", said, "put the stages in the order in which the jobs need each other")


def _needed(job: dict[str, Any], key: str, path: Path) -> list[tuple[str, Path]]:
    """The jobs of this pipeline that a job needs, whether it must or can."""
    found = []
    for number, each in enumerate(listed(job.get(key))):
        if isinstance(each, dict) and not {"pipeline", "project"} & set(each) and each.get("optional") is not True:
            each = each.get("job")
        if isinstance(each, str) and "$" not in each:
            found.append((re.sub(r":\s*\[.*\]$", "", each), (*path, number)))
    return found


def deployments(tree: Tree) -> list[Deployment]:
    """The jobs that deploy to production."""
    jobs = _jobs(tree)
    running = {name: _whole(name, jobs) for name in jobs if not name.startswith(".")}
    asked = {name for name, job in running.items() if _is_manual(job) and re.search(r"(?i)approv|confirm|gate", name)}
    found = []
    for name, job in running.items():
        environment = job.get("environment")
        place = environment.get("name") if isinstance(environment, dict) else environment
        stops = isinstance(environment, dict) and environment.get("action") in ("stop", "verify", "prepare", "access")
        texts = [text for _, text in strings(job.get("script"))]
        titled = any(is_production(title) and deploys(title) for title in (name, job.get("stage")))
        if stops or "trigger" in job or re.search(r"(?i)roll.?back", name):
            continue
        if (
            titled
            or (is_production(place) and (deploys(name, job.get("stage")) or runs_deployment(texts, False)))
            or runs_deployment(texts)
        ):
            protected = bool(environment) and _is_protected(tree, name)
            found.append(Deployment((name,), name, bool(asked) or protected or _is_manual(job)))
    return found


def _is_manual(job: dict[str, Any]) -> bool:
    rules = [mapping(rule) for rule in listed(job.get("rules"))]
    return job.get("when") == "manual" or any(rule.get("when") == "manual" for rule in rules)


def _is_protected(tree: Tree, name: str) -> bool:
    """Whether the pipeline says that its environment is protected, which is set outside of it."""
    tier = mapping(mapping(tree.value.get(name)).get("environment"))
    said = [text for _, text in strings({"tier": tier, "variables": tree.value.get("variables")})]
    return any(re.search(r"(?i)protected|approv", text) for text in said)
