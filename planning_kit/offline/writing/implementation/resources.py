"""What has to run, what is depended on, what it is built with, and what a release needs."""

from __future__ import annotations

from collections.abc import Iterator

from .. import roles, stack, technology
from ..markdown import ASSUMED, bullets, cite, code, listing, quote, shorten
from .cut import Cut, cited

_RUNNERS = {
    "python": "pytest", "java": "JUnit", "kotlin": "JUnit", "typescript": "Vitest", "javascript": "Vitest", "node": "Vitest", "go": "go test",
    "golang": "go test", "c#": "xUnit", ".net": "xUnit", "ruby": "RSpec", "php": "PHPUnit", "rust": "cargo test",
}  # fmt: skip
_SHOWN = frozenset(("Language", "Database", "API style", "Architecture", "Tests", "CI"))


def required(cut: Cut) -> Iterator[str]:
    """The four parts of the resource requirements."""
    yield f"### Infrastructure\n\n{bullets(_infrastructure(cut))}"
    yield f"### Dependencies\n\n{bullets(_dependencies(cut))}"
    yield f"### Development Tools\n\n{bullets(_tools(cut))}"
    yield f"### Deployment Requirements\n\n{bullets(_deployment(cut))}"


def _infrastructure(cut: Cut) -> Iterator[str]:
    plan = cut.plan
    high = next((each for each in cut.measured if each.kind == "availability"), None)
    if high and cut.served:
        yield f"Two instances of the service behind a health check, for {high.quoted} {ASSUMED}."
    elif cut.served:
        yield f"One instance of the service; a second is a matter of settings, as it holds no state {ASSUMED}."
    else:
        yield f"A machine that the program is installed on; the brief names no server {ASSUMED}."
    if plan.tables:
        yield f"{plan.shown_database}, with backups, for {len(plan.tables)} table{'s' if len(plan.tables) > 1 else ''}."
    if plan.reading.jobs:
        jobs = listing([f"“{quote(shorten(job.name, 60))}”" for job in plan.reading.jobs], 3)
        yield f"A worker beside it that runs {jobs} {cite((s for job in plan.reading.jobs for s in job.sources), 4)}."
    for each in [n for n in plan.reading.technologies if n.kind in ("cloud", "platform")][:3]:
        yield f"{quote(each.name)}, as the brief names it {cite(each.sources)}."
    if cut.served:
        yield f"A test environment that differs from production only in size {ASSUMED}."


def _dependencies(cut: Cut) -> Iterator[str]:
    said = False
    for each in cut.systems:
        said = True
        yield f"{quote(each.name)}: access, credentials and a test environment {cite(each.sources)}."
    for way in cut.plan.reading.signin:
        said = True
        yield f"Sign-in by {quote(way.name)} {cited(way.sources)}."
    for use in [u for u in stack.uses(cut.plan.stack) if u.topic not in _SHOWN and u.evidence][:8]:
        said = True
        yield f"{quote(use.value)} ({use.topic.lower() if use.topic != 'ORM' else 'ORM'}), in the codebase {code(use.evidence.split(', ')[0])}."
    if not said:
        yield "None that the brief names; a library is chosen in the phase that needs it, and recorded with its licence."


def _tools(cut: Cut) -> Iterator[str]:
    uses = {use.topic: use for use in stack.uses(cut.plan.stack)}
    if tests := uses.get("Tests"):
        place = f" {code(tests.evidence.split(', ')[0])}" if tests.evidence else ""
        yield f"{quote(tests.value)}, as the codebase uses it{place}."
    else:
        runner = _RUNNERS.get(technology.language(cut.plan), "")
        yield f"{runner or 'The test runner of the language that is chosen'}, on every machine and in the pipeline {ASSUMED}."
    if cut.plan.tables and roles.MIGRATIONS not in roles.filled(cut.plan):
        proposed = next((c.technology for c in technology.choices(cut.plan) if c.component == roles.MIGRATIONS), "")
        yield f"{proposed.partition(' (assumed')[0] or 'A migration tool'} for the schema {ASSUMED}."
    if cut.served and cut.plan.operations:
        yield f"The contract as OpenAPI in the repository, compared with the running service by tests {ASSUMED}."
    if cut.plan.tables and cut.plan.database[0] != "SQLite":
        yield f"{cut.plan.database[0]} in a container for the tests {ASSUMED}."


def _deployment(cut: Cut) -> Iterator[str]:
    if cut.plan.tables:
        yield f"Migrations run before the new version starts, and each leaves the earlier version working {ASSUMED}."
    if not cut.served:
        yield f"A package with its version in its name, and the package before it kept {ASSUMED}."
        return
    secret = [*(["the database"] if cut.plan.tables else []), *(quote(each.name) for each in cut.systems)]
    yield f"Secrets come from the platform's store, never from the repository{f': {listing(secret, 6)}' if secret else ''} {ASSUMED}."
    yield f"A release is approved by a named person, and the earlier version can be put back without a new build {ASSUMED}."
    yield f"An instance gets requests only once its readiness check has answered {ASSUMED}."
