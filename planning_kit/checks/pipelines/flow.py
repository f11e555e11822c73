"""The way through a pipeline: which job builds, tests, scans or deploys where, and what each waits for.

The order is that of the platforms: Azure's stages follow each other unless ``dependsOn`` says otherwise, GitHub's jobs wait for what
they ``need``, GitLab's for every earlier stage unless they say what they ``need``. Runs in the process aside.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..places import Path, Tree, Unreadable, read
from . import azure, gitlab
from .fault import listed, mapping, strings, words
from .production import deploys, is_production

KINDS = ("github-actions", "azure-pipelines", "gitlab-ci")
"""The kinds of pipeline whose way is read."""
WORK: dict[str, re.Pattern[str]] = {
    "build": re.compile(
        r"\b(?:builds?|building|compiles?|packages?|packaging|assembles?|publish|buildah|buildx|buildpacks?|kaniko|bake)\b"
    ),
    "test": re.compile(
        r"\b(?:tests?|testing|unit|integration|e2e|pytest|xunit|specs|verify|coverage|tox|nox|jest|vitest|nunit|mstest)\b"
    ),
    "scan": re.compile(
        r"\b(?:scans?|scanning|scanner|security|sast|dast|sca|audits?|vulnerabilit\w{1,3}|trivy|codeql|snyk|semgrep|gitleaks"
        r"|bandit|grype|sonar\w{0,12}|sbom|zap|dependency (?:check|review)|owasp|checkov|tfsec|kics|osv|gosec|brakeman|trufflehog|veracode"
        r"|checkmarx|fortify|anchore|clair)\b"
    ),
}
"""What a job does, by words of what it, its stage and its steps are called, as :func:`spelt` writes them."""
ENVIRONMENTS = ("dev", "stage", "prod")
_PLACES = {
    "dev": re.compile(r"\b(?:dev|devel|develop|development)\b"),
    "stage": re.compile(r"\b(?:stage|staging|stg|uat|acceptance|pre ?prod(?:uction)?)\b"),
}
_BEFORE = re.compile(r"\b(?:test|testing|tst|qa|quality|sit|integration|int|sandbox|preview|demo|trial|ci)\b")
"""What else an environment before production is called."""
_BACK = re.compile(r"\b(?:roll ?back|roll back|undo|revert|restore|hot ?fix)\b")
_MATRIX = re.compile(r"\$\{\{\s{0,9}matrix\.([\w-]{1,60})\s{0,9}\}\}")
_LONGEST = 500


@dataclass
class Job:
    """One job: its ``names`` (its own first), its ``line``, what it ``does``, what it might do by its commands, where it deploys, whether it takes back, the numbers of those it waits for."""

    names: list[str]
    line: int
    steps: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    known: bool = True
    after: set[int] = field(default_factory=set)


def spelt(name: str) -> str:
    """``name`` as words in lower case: ``deployStage_1`` and ``Deploy-Stage 1`` alike."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name[:_LONGEST])
    return " ".join(re.split(r"[\W_]+", apart)).strip().lower()


def environment(name: str) -> str:
    """Which of :data:`ENVIRONMENTS` a name means; empty when none."""
    if is_production(name[:_LONGEST]):
        return "prod"
    return next((each for each, looks in _PLACES.items() if looks.search(spelt(name))), "")


def environments(names: Iterable[str]) -> dict[str, str]:
    """Which of :data:`ENVIRONMENTS` each of the names of all environments means; empty when none.

    Where none is called dev or stage, one called ``test`` or ``qa`` takes its place: the last one that of stage.
    """
    told = {name: environment(name) for name in names}
    others = [name for name, place in told.items() if not place and _BEFORE.search(spelt(name))]
    for place in ("stage", "dev"):
        if others and place not in told.values():
            told[others.pop(-1 if place == "stage" else 0)] = place
    return told


def way(text: str, lang: str, kind: str) -> dict[str, Any]:
    """The way through the pipeline ``text``.

    Args:
        text: YAML or JSON.
        lang: ``yaml`` or ``json``.
        kind: one of :data:`KINDS`.

    Returns:
        ``open``: whether a part of it stands in another file. ``jobs``: of each its ``names`` (its stage's among them), its ``line``
        from 1, what it ``does`` by what it is called (keys of :data:`WORK`) and ``might`` do by its commands, the ``environments``
        it deploys to, whether it ``deploys`` by its name or kind, whether it takes ``back``, and ``waits``: what those do, and where
        they deploy, that it waits for. ``stages``: the names of stages and jobs. Nothing of a text that does not parse.
    """
    try:
        tree = read(text, lang)
    except Unreadable:
        return {"open": True, "jobs": [], "stages": []}
    if not isinstance(tree.value, dict):
        return {"open": True, "jobs": [], "stages": []}
    readers = {"github-actions": _github, "azure-pipelines": _azure, "gitlab-ci": _gitlab}
    jobs, is_open = readers[kind](tree)
    stages = list(dict.fromkeys(name for job in jobs for name in job.names))
    return {"open": is_open, "jobs": _told(jobs), "stages": stages}


def _told(jobs: list[Job]) -> list[dict[str, Any]]:
    meant = environments(place for job in jobs for place in job.places)
    own = [_own(job, meant) for job in jobs]
    waits: list[set[str]] = []
    for number, before in enumerate(_closed(jobs)):
        kinds = {kind for each in (*before, number) for kind in own[each]["does"]}
        waits.append(kinds | {place for each in before for place in own[each]["environments"] if not own[each]["back"]})
    return [{**each, "waits": sorted(kinds)} for each, kinds in zip(own, waits, strict=True)]


def _own(job: Job, meant: Mapping[str, str]) -> dict[str, Any]:
    titles = [spelt(each) for each in (*job.names, *job.steps)]
    commands = [spelt(each) for each in job.commands[:400]]
    named = list(dict.fromkeys(filter(None, (meant[each] for each in job.places))))
    if not named and any(deploys(spelt(each)) for each in job.names):
        named = list(dict.fromkeys(filter(None, map(environment, job.names))))[:1]
    return {
        "names": job.names,
        "line": job.line,
        "does": [work for work, looks in WORK.items() if any(map(looks.search, titles))],
        "might": [work for work, looks in WORK.items() if any(map(looks.search, commands))],
        "environments": named,
        "deploys": bool(job.places) or any(deploys(spelt(each)) for each in job.names),
        "back": any(_BACK.search(spelt(each)) for each in job.names),
    }


def _closed(jobs: list[Job]) -> Iterator[set[int]]:
    """For each job the numbers of all it waits for; jobs that wait for each other are told elsewhere."""
    known: dict[int, set[int]] = {}
    for number in range(len(jobs)):
        seen: set[int] = set()
        waiting = list(jobs[number].after)
        while waiting:
            each = waiting.pop()
            if each not in seen:
                seen.add(each)
                done = known.get(each)
                seen |= done or set()
                waiting += () if done is not None else jobs[each].after - seen
        known[number] = seen
        yield seen


def _azure(tree: Tree) -> tuple[list[Job], bool]:
    jobs: list[Job] = []
    groups: dict[str, set[int]] = {}
    stages = azure.stages_of(tree)
    is_open = "extends" in tree.value
    before: set[int] = set()
    for where, stage in stages or [((), tree.value)]:
        name = azure.name_of(stage, "stage") if stages else ""
        titles = [name, str(stage.get("displayName") or "")]
        is_open = is_open or "template" in stage or "$" in name
        waits = set(before)
        if "dependsOn" in stage:
            waits = {one for each, _ in words(stage["dependsOn"], ()) for one in groups.get(each, ())}
        own = list(_azure_jobs(tree, where, stage, titles, len(jobs)))
        is_open = is_open or any(not job.known for job in own)
        for job in own:
            job.after |= waits
        before = groups[name] = {*range(len(jobs), len(jobs) + len(own))} or waits
        jobs += own
    return jobs, is_open


def _azure_jobs(tree: Tree, where: Path, stage: dict[str, Any], titles: list[str], first: int) -> Iterator[Job]:
    """The jobs of one stage, the first of which has the number ``first``."""
    blocks = list(azure.blocks_of(stage.get("jobs"), (*where, "jobs")))
    if not blocks and "steps" in stage:
        blocks = [(where, stage)]
    numbers = {azure.name_of(job, "job"): first + at for at, (_, job) in enumerate(blocks)}
    for path, job in blocks:
        name = azure.name_of(job, "job")
        names = [each for each in (name, str(job.get("displayName") or ""), *titles) if each]
        place = mapping(job.get("environment")).get("name", job.get("environment"))
        texts = [text for key in ("steps", "strategy") for _, text in strings(job.get(key))]
        steps = [text for key in ("steps", "strategy") for at, text in strings(job.get(key)) if at[-1] == "displayName"]
        places = [str(place).partition(".")[0]] if place else []
        after = {numbers[each] for each, _ in words(job.get("dependsOn"), ()) if each in numbers}
        yield Job(names, tree.at(path)[0], steps, texts, places, "template" not in job and "$" not in name, after)


def _github(tree: Tree) -> tuple[list[Job], bool]:
    held = {str(name): mapping(job) for name, job in mapping(tree.value.get("jobs")).items()}
    numbers = {name: at for at, name in enumerate(held)}
    jobs = []
    for name, job in held.items():
        names = [name, str(job.get("name") or "")]
        texts = [text for _, text in strings(job.get("steps"))] + [str(job.get("uses") or "")]
        steps = [str(mapping(step).get("name") or "") for step in listed(job.get("steps"))]
        after = {numbers[each] for each, _ in words(job.get("needs"), ()) if each in numbers}
        line = tree.at(("jobs", name))[0]
        jobs.append(
            Job(
                [each for each in names if each],
                line,
                steps,
                texts,
                list(_github_places(job)),
                "uses" not in job,
                after,
            )
        )
    return jobs, any(not job.known for job in jobs)


def _github_places(job: dict[str, Any]) -> Iterator[str]:
    """What its environment may be called: of a matrix each of them, of a workflow that is called what is handed on."""
    given = job.get("environment")
    place = str(given.get("name", "") if isinstance(given, dict) else given or "")
    if varied := _MATRIX.search(place[:_LONGEST]):
        matrix = mapping(mapping(job.get("strategy")).get("matrix"))
        yield from (text for _, text in strings(matrix.get(varied[1])))
        yield from (str(mapping(each).get(varied[1], "")) for each in listed(matrix.get("include")))
    elif place:
        yield place
    for key, value in mapping(job.get("with")).items():
        if isinstance(value, str) and re.search(r"(?i)env|stage|target", str(key)[:100]):
            yield value


def _gitlab(tree: Tree) -> tuple[list[Job], bool]:
    held, stages = gitlab.running(tree), gitlab.stages_of(tree)
    numbers = {name: at for at, name in enumerate(held)}
    groups: dict[str, set[int]] = {}
    for name, job in held.items():
        groups.setdefault(str(job.get("stage", "test")), set()).add(numbers[name])
    jobs = []
    for name, job in held.items():
        stage, given = str(job.get("stage", "test")), job.get("environment")
        place = str(mapping(given).get("name", "") if isinstance(given, dict) else given or "")
        texts = [text for key in ("before_script", "script", "image") for _, text in strings(job.get(key))]
        after = {numbers[each] for each in gitlab.needed_by(job) if each in numbers}
        if "needs" not in job and stage in stages:
            after = {one for each in stages[: stages.index(stage)] for one in groups.get(each, ())}
        line = tree.at((name,))[0]
        jobs.append(Job([name, stage], line, [], texts, [place] if place else [], "trigger" not in job, after))
    return jobs, "include" in tree.value or any(not job.known for job in jobs)
