"""The pipeline as ``.gitlab-ci.yml`` (docs.gitlab.com, "CI/CD YAML syntax reference")."""

from __future__ import annotations

from . import delivery_steps as steps
from .delivery_facts import Delivery
from .delivery_tools import Step
from .delivery_yaml import Values, script, written

FILE = ".gitlab-ci.yml"
_MAIN = "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH"
_DOCKER = "docker:29"
_KUBECTL = "alpine/k8s:1.34.2"


def pipeline(delivery: Delivery) -> str:
    """The whole file."""
    environments = [each.replace("-", "_") for each in delivery.environments]
    jobs: dict[str, Values] = {"compile": _compile(delivery), "container": _image(delivery), "unit": _unit(delivery)}
    jobs |= {"integration": _integration(delivery), **_scans()}
    for environment in delivery.environments:
        name = environment.replace("-", "_")
        jobs[f"deploy_{name}"] = _deploy(delivery, environment)
        if environment == delivery.verified:
            jobs[f"verify_{name}"] = _verify(delivery, environment)
        if environment == delivery.loaded:
            jobs[f"load_{name}"] = _load(environment)
    last = delivery.environments[-1]
    jobs[f"rollback_{last.replace('-', '_')}"] = _back(delivery, last)
    stages = ["build", "test", "scan"]
    for name, environment in zip(environments, delivery.environments, strict=True):
        stages += [name, *([f"check_{name}"] if environment in (delivery.verified, delivery.loaded) else [])]
    rules = [{"if": "$CI_PIPELINE_SOURCE == 'merge_request_event'"}, {"if": _MAIN}]
    whole: Values = {
        "stages": stages,
        "workflow": {"rules": rules},
        "variables": {"DOCKER_HOST": "tcp://docker:2376", "DOCKER_TLS_CERTDIR": "/certs", "DOCKER_CERT_PATH": "/certs/client", "DOCKER_TLS_VERIFY": "1", **_moved(delivery)},
        "default": {"interruptible": True},
        **jobs,
    }  # fmt: skip
    return written(
        FILE, whole, r"(?:compile|container|unit|integration|scan_\w+|(?:deploy|verify|load|rollback)_\w+):$"
    )


def _moved(delivery: Delivery) -> Values:
    return {name: value.replace("$PWD", "$CI_PROJECT_DIR") for name, value in delivery.tools.moved.items()}


def _run(found: list[Step]) -> list[str]:
    return [script(step.lines) for step in found]


def _in_tools(delivery: Delivery) -> Values:
    """The image of the language's tools, and the cache of what the code depends on."""
    tools = delivery.tools
    cache = {"key": {"files": list(tools.lock)}, "paths": [f"{tools.folder}/"]}
    return {"image": tools.image, **({"services": [f"{_DOCKER}-dind"]} if not tools.known else {}), "cache": cache}


def _compile(delivery: Delivery) -> Values:
    return {"stage": "build", **_in_tools(delivery), "script": _run(steps.checked(delivery))}


def _sign_in() -> str:
    return 'echo "$CI_REGISTRY_PASSWORD" | docker login "$CI_REGISTRY" --username "$CI_REGISTRY_USER" --password-stdin'


def _image(delivery: Delivery) -> Values:
    build = (
        f'image="$CI_REGISTRY_IMAGE/{delivery.slug}:$CI_COMMIT_SHA"',
        'docker build --tag "$image" --label "org.opencontainers.image.revision=$CI_COMMIT_SHA" .',
        'docker push "$image"',
        'echo "IMAGE=$(docker inspect --format \'{{index .RepoDigests 0}}\' "$image")" > image.env',
    )
    return {
        "stage": "build", "needs": ["compile"], "image": _DOCKER, "services": [f"{_DOCKER}-dind"],
        "rules": [{"if": _MAIN}], "script": [_sign_in(), script(build)],
        "artifacts": {"reports": {"dotenv": "image.env"}},
    }  # fmt: skip


def _reports(name: str) -> Values:
    return {
        "when": "always",
        "expire_in": "30 days",
        "paths": ["results/"],
        "reports": {"junit": f"results/{name}.xml"},
    }


def _unit(delivery: Delivery) -> Values:
    return {"stage": "test", **_in_tools(delivery), "script": _run(steps.unit(delivery)), "artifacts": _reports("unit")}


def _integration(delivery: Delivery) -> Values:
    job: Values = {"stage": "test", **_in_tools(delivery)}
    if store := delivery.beside:
        beside: Values = {"name": store.image, "alias": "store"}
        beside |= {"command": store.command.split()} if store.command else {}
        job["services"] = [*job.get("services", []), beside]
        given: Values = dict(store.env) | ({store.hidden: "$DB_TEST_PASSWORD"} if store.hidden else {})
        job |= {"variables": given} if given else {}
    return job | {"script": _run(steps.integration(delivery, "store")), "artifacts": _reports("integration")}


def _scans() -> dict[str, Values]:
    trivy = {"name": steps.TRIVY, "entrypoint": [""]}
    return {
        "scan_dependencies": {"stage": "scan", "image": trivy, "script": [f"trivy fs --scanners vuln,secret,misconfig {steps.FINDINGS} ."]},
        "scan_code": {"stage": "scan", "image": {"name": steps.SEMGREP, "entrypoint": [""]}, "script": ["semgrep scan --config p/default --error ."]},
        "scan_image": {
            "stage": "scan", "image": trivy, "rules": [{"if": _MAIN}],
            "variables": {"TRIVY_USERNAME": "$CI_REGISTRY_USER", "TRIVY_PASSWORD": "$CI_REGISTRY_PASSWORD"},
            "script": [f'trivy image --ignore-unfixed {steps.FINDINGS} "$IMAGE"'],
        },
    }  # fmt: skip


def _place(delivery: Delivery, environment: str) -> Values:
    tiers = {"dev": "development", "stage": "staging", "staging": "staging", "prod": "production", "production": "production"}  # fmt: skip
    tier = tiers.get(environment, "production" if environment == delivery.environments[-1] else "testing")
    return {"name": environment, "deployment_tier": tier}


def _deploy(delivery: Delivery, environment: str) -> Values:
    asked = [{"if": _MAIN, "when": "manual", "allow_failure": False}] if delivery.approver(environment) else [{"if": _MAIN}]  # fmt: skip
    lines = [_sign_in()]
    if delivery.migrates:
        lines.append('DATABASE_URL="$MIGRATION_DATABASE_URL" ' + steps.migrated().lines[0])
    lines += ["touch .released", *_run([steps.released(delivery, environment), steps.smoked()])]
    back = script(steps.taken_back(delivery, environment).lines)
    undo = 'if [ "$CI_JOB_STATUS" != success ] && [ -e .released ]; then\n' + "\n".join(f"  {line}" for line in back.strip().split("\n")) + "\nfi\n"  # fmt: skip
    return {
        "stage": environment.replace("-", "_"), **_hands(delivery), "interruptible": False,
        "resource_group": environment, "environment": _place(delivery, environment), "rules": asked,
        "before_script": _curl(delivery), "script": lines, "after_script": [*_curl(delivery), f"# roll back\n{undo}"],
    }  # fmt: skip


def _hands(delivery: Delivery) -> Values:
    """The image a deployment runs in, with Docker beside it for the migration."""
    return {"image": _DOCKER, "services": [f"{_DOCKER}-dind"]}


def _curl(delivery: Delivery) -> list[str]:
    return ["apk add --no-cache bash curl" + (" kubectl" if delivery.host else "")]


def _verify(delivery: Delivery, environment: str) -> Values:
    job = {"stage": f"check_{environment.replace('-', '_')}", **_in_tools(delivery), **_looking(environment)}
    return job | {"script": _run(steps.contract(delivery)), "artifacts": _reports("contract")}


def _load(environment: str) -> Values:
    image = {"name": steps.K6, "entrypoint": [""]}
    return {
        "stage": f"check_{environment.replace('-', '_')}", "image": image, **_looking(environment), "script": ["k6 run tests/load/expected.js"],
    }  # fmt: skip


def _looking(environment: str) -> Values:
    """Reads the variables of an environment without deploying to it."""
    return {"environment": {"name": environment, "action": "verify"}, "rules": [{"if": _MAIN}]}


def _back(delivery: Delivery, environment: str) -> Values:
    return {
        "stage": environment.replace("-", "_"), **_hands(delivery), "interruptible": False, "needs": [f"deploy_{environment.replace('-', '_')}"],
        "resource_group": environment, "environment": _place(delivery, environment),
        "rules": [{"if": _MAIN, "when": "manual", "allow_failure": True}],
        "before_script": _curl(delivery), "script": _run([steps.taken_back(delivery, environment), steps.smoked()]),
    }  # fmt: skip
