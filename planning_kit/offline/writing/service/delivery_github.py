"""The pipeline as a GitHub Actions workflow (docs.github.com, "Workflow syntax for GitHub Actions")."""

from __future__ import annotations

from typing import Any

from . import delivery_steps as steps
from .delivery_facts import Delivery
from .delivery_tools import Step
from .delivery_yaml import Values, script, written

FILE = ".github/workflows/delivery.yml"
_MAIN = "github.ref == 'refs/heads/main' && github.event_name != 'pull_request'"
_IMAGE = "${{ needs.build.outputs.image }}"
_SETUP: dict[str, tuple[str, str]] = {
    "Python": ("actions/setup-python@v6", "python-version"), "C#": ("actions/setup-dotnet@v5", "dotnet-version"),
    "Node.js": ("actions/setup-node@v6", "node-version"), "Go": ("actions/setup-go@v6", "go-version"),
    "Java": ("actions/setup-java@v5", "java-version"),
}  # fmt: skip


def pipeline(delivery: Delivery) -> str:
    """The whole workflow."""
    jobs: dict[str, Values] = {
        "build": _build(delivery),
        "test": _test(delivery),
        "scan": _scan(),
    }
    before = ["test", "scan"]
    for environment in delivery.environments:
        name = f"deploy_{environment.replace('-', '_')}"
        jobs[name] = _deploy(delivery, environment, before)
        before = [name]
        if environment == delivery.verified:
            jobs[f"verify_{environment.replace('-', '_')}"] = _after(delivery, environment, name, contract=True)
            before = [f"verify_{environment.replace('-', '_')}"]
        if environment == delivery.loaded:
            jobs[f"load_{environment.replace('-', '_')}"] = _after(delivery, environment, before[0], contract=False)
            before = [f"load_{environment.replace('-', '_')}"]
    whole = {
        "name": "delivery",
        "on": {"push": {"branches": ["main"]}, "pull_request": {"branches": ["main"]}},
        "permissions": {"contents": "read"},
        "concurrency": {"group": "delivery-${{ github.ref }}", "cancel-in-progress": "${{ github.event_name == 'pull_request' }}"},
        "jobs": jobs,
    }  # fmt: skip
    return written(FILE, whole, r"  (?:build|test|scan|(?:deploy|verify|load)_\w+):$")


def _job(name: str, *held: Any, **keys: Any) -> Values:
    given = {key.replace("_", "-"): value for key, value in keys.items() if value}
    return {"name": name, "runs-on": "ubuntu-24.04", **given, "steps": [{"uses": "actions/checkout@v5"}, *held]}


def _tools(delivery: Delivery) -> list[Values]:
    """The language's tools, and the cache of what the code depends on."""
    tools = delivery.tools
    found: list[Values] = []
    if tools.name in _SETUP:
        action, key = _SETUP[tools.name]
        given = {key: tools.version} | ({"distribution": "temurin"} if tools.name == "Java" else {})
        found.append({"uses": action, "with": given | ({"cache": False} if tools.name == "Go" else {})})
    locks = ", ".join(f"'{each}'" for each in tools.lock)
    key = f"{delivery.slug}-${{{{ runner.os }}}}-${{{{ hashFiles({locks}) }}}}"
    found.append({"uses": "actions/cache@v4", "with": {"path": tools.folder, "key": key}})
    return found


def _run(step: Step, **keys: str) -> Values:
    env = {name: f"${{{{ secrets.{secret} }}}}" for name, secret in step.env.items()}
    named = {key: value for key, value in keys.items() if value}
    return {"name": step.name, **named, **({"env": env} if env else {}), "run": script(step.lines)}


def _login(condition: str = "") -> Values:
    step = Step("Sign in to the registry", ('echo "$GITHUB_TOKEN" | docker login ghcr.io --username "$GITHUB_ACTOR" --password-stdin',), {"GITHUB_TOKEN": "GITHUB_TOKEN"})  # fmt: skip
    told = _run(step)
    return {"name": told.pop("name"), **({"if": condition} if condition else {}), **told}


def _build(delivery: Delivery) -> Values:
    push = Step("Build the image once, and keep its digest", (
        f'image="ghcr.io/${{GITHUB_REPOSITORY,,}}/{delivery.slug}"',
        'docker build --tag "$image:$GITHUB_SHA" --label "org.opencontainers.image.revision=$GITHUB_SHA" .',
        'docker push "$image:$GITHUB_SHA"',
        "echo \"image=$(docker inspect --format '{{index .RepoDigests 0}}' \"$image:$GITHUB_SHA\")\" >> \"$GITHUB_OUTPUT\"",
    ))  # fmt: skip
    pushed = _run(push)
    job = _job(
        "Build", *_tools(delivery), *map(_run, steps.checked(delivery)), _login(_MAIN),
        {"name": pushed["name"], "id": "image", "if": _MAIN, "run": pushed["run"]},
        permissions={"contents": "read", "packages": "write"}, outputs={"image": "${{ steps.image.outputs.image }}"},
        env=_env(delivery),
    )  # fmt: skip
    return job


def _env(delivery: Delivery) -> Values:
    return {name: value.replace("$PWD", "${{ github.workspace }}") for name, value in delivery.tools.moved.items()}


def _test(delivery: Delivery) -> Values:
    named = [_run(each) for each in steps.unit(delivery)] + [_run(each) for each in steps.integration(delivery)[1:]]
    report = {"name": "Publish the test report", "if": "always()", "uses": "actions/upload-artifact@v4", "with": {"name": "test-results", "path": "results/", "retention-days": 30}}  # fmt: skip
    return _job("Test", *_tools(delivery), *named, report, needs="build", env=_env(delivery))


def _scan() -> Values:
    found = _run(steps.image_scanned())
    image = {"name": found["name"], "if": _MAIN, "env": {"IMAGE": _IMAGE}, "run": found["run"]}
    code = [_run(each) for each in steps.scanned()]
    return _job("Security scan", *code, _login(_MAIN), image, needs="build", permissions={"contents": "read", "packages": "read"})  # fmt: skip


def _deploy(delivery: Delivery, environment: str, needs: list[str]) -> Values:
    held = [_login()]
    if delivery.migrates:
        held.append(_run(steps.migrated()))
    held.append(_run(steps.released(delivery, environment), id="release"))
    held.append(_run(steps.smoked()))
    back = _run(steps.taken_back(delivery, environment))
    held.append({"name": back.pop("name"), "if": "failure() && steps.release.outcome != 'skipped'", **back})
    return _job(
        f"Deploy to {environment}", *held, needs=["build", *needs], permissions={"contents": "read", "packages": "read", "id-token": "write"},
        **{"if": _MAIN}, environment={"name": environment, "url": "${{ vars.SERVICE_URL }}"},
        outputs={"url": "${{ vars.SERVICE_URL }}"},
        concurrency={"group": f"{delivery.slug}-{environment}", "cancel-in-progress": False},
        env={"IMAGE": _IMAGE, "SERVICE_URL": "${{ vars.SERVICE_URL }}"},
    )  # fmt: skip


def _after(delivery: Delivery, environment: str, needs: str, contract: bool) -> Values:
    """The tests of a deployed environment; the job is not in it, so nobody is asked to approve a second time."""
    deployed = f"deploy_{environment.replace('-', '_')}"
    env = {"SERVICE_URL": f"${{{{ needs.{deployed}.outputs.url }}}}"}
    waits = list(dict.fromkeys([deployed, needs]))
    if contract:
        held = [*_tools(delivery), *map(_run, steps.contract(delivery))]
        return _job(f"Verify {environment}", *held, needs=waits, env={**env, **_env(delivery)})
    return _job(f"Load tests on {environment}", _run(steps.loaded()), needs=waits, env=env)
