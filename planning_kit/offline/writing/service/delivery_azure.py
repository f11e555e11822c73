"""The pipeline as multi-stage YAML of Azure Pipelines (learn.microsoft.com, "YAML schema reference for Azure Pipelines")."""

from __future__ import annotations

from . import delivery_steps as steps
from .delivery_facts import AZURE, Delivery
from .delivery_tools import Step
from .delivery_yaml import Values, script, written

FILE = "azure-pipelines.yml"
_MAIN = "and(succeeded(), eq(variables['Build.SourceBranch'], 'refs/heads/main'), ne(variables['Build.Reason'], 'PullRequest'))"
_SETUP: dict[str, Values] = {
    "Python": {"task": "UsePythonVersion@0", "inputs": {"versionSpec": ""}},
    "C#": {"task": "UseDotNet@2", "inputs": {"packageType": "sdk", "version": ""}},
    "Node.js": {"task": "NodeTool@0", "inputs": {"versionSpec": ""}},
    "Go": {"task": "GoTool@0", "inputs": {"version": ""}},
    "Java": {"task": "JavaToolInstaller@0", "inputs": {"versionSpec": "", "jdkArchitectureOption": "x64", "jdkSourceOption": "PreInstalled"}},
}  # fmt: skip
_READ = Step("Read which image was built", ('echo "##vso[task.setvariable variable=IMAGE]$(cat "$(Pipeline.Workspace)/release/image.txt")"',))  # fmt: skip


def pipeline(delivery: Delivery) -> str:
    """The whole file."""
    stages = [_build(delivery), _test(delivery), _scan(delivery)]
    before = ["test", "scan"]
    for environment in delivery.environments:
        stages.append(_deploy(delivery, environment, before))
        before = [stages[-1]["stage"]]
        if environment == delivery.verified:
            stages.append(_after(delivery, environment, before, contract=True))
        if environment == delivery.loaded:
            stages.append(_after(delivery, environment, before, contract=False))
        before = [stages[-1]["stage"]]
    whole = {
        "trigger": {"branches": {"include": ["main"]}},
        "pr": {"branches": {"include": ["main"]}},
        "pool": {"vmImage": "ubuntu-24.04"},
        "variables": [{"group": f"{delivery.slug}-build"}, *_moved(delivery)],
        "stages": stages,
    }
    return written(FILE, whole, r"  - stage:")


def _moved(delivery: Delivery) -> list[Values]:
    where = {
        name: value.replace("$PWD", "$(System.DefaultWorkingDirectory)") for name, value in delivery.tools.moved.items()
    }
    return [{"name": name, "value": value} for name, value in where.items()]


def _tools(delivery: Delivery) -> list[Values]:
    tools = delivery.tools
    found: list[Values] = []
    if tools.name in _SETUP:
        task = _SETUP[tools.name]
        found.append({**task, "inputs": {key: value or tools.version for key, value in task["inputs"].items()}})
    key = " | ".join([f'"{delivery.slug}"', '"$(Agent.OS)"', *tools.lock])
    found.append({"task": "Cache@2", "displayName": "Cache dependencies", "inputs": {"key": key, "path": tools.folder}})
    return found


def _run(step: Step, condition: str = "") -> Values:
    env = {name: f"$({_named(secret)})" for name, secret in step.env.items()}
    held: Values = {"script": script(_stops(step.lines)), "displayName": step.name}
    return held | ({"condition": condition} if condition else {}) | ({"env": env} if env else {})


def _stops(lines: tuple[str, ...]) -> tuple[str, ...]:
    """Lines that end with the first one that fails, which Azure's shell does not do by itself."""
    return ("set -e", *lines) if len(lines) > 1 else lines


def _named(secret: str) -> str:
    """A secret's name in a vault, which has no underscores; those of the build are in a variable group."""
    return secret if secret.startswith("DB_TEST") else secret.lower().replace("_", "-").replace("kube-config", "kubeconfig")  # fmt: skip


def _login(delivery: Delivery, environment: str) -> Values:
    inputs = {
        "azureSubscription": f"{delivery.slug}-{environment}", "scriptType": "bash", "scriptLocation": "inlineScript",
        "inlineScript": 'az acr login --name "${REGISTRY%%.*}"',
    }  # fmt: skip
    return {"task": "AzureCLI@2", "displayName": "Sign in to the registry", "inputs": inputs}


def _build(delivery: Delivery) -> Values:
    image = Step("Build the image once, and keep its digest", (
        f'image="$REGISTRY/{delivery.slug}:$(Build.SourceVersion)"',
        'docker build --tag "$image" --label "org.opencontainers.image.revision=$(Build.SourceVersion)" .',
        'docker push "$image"',
        "docker inspect --format '{{index .RepoDigests 0}}' \"$image\" > \"$(Build.ArtifactStagingDirectory)/image.txt\"",
    ))  # fmt: skip
    held = [*_tools(delivery), *map(_run, steps.checked(delivery))]
    login = _login(delivery, "build") | {"condition": _MAIN}
    keep = {"publish": "$(Build.ArtifactStagingDirectory)", "artifact": "release", "displayName": "Keep the digest as the artifact", "condition": _MAIN}  # fmt: skip
    return _stage("build", "Build", [], [{"job": "build", "displayName": "Build", "steps": [*held, login, _run(image, _MAIN), keep]}])  # fmt: skip


def _stage(name: str, title: str, after: list[str], jobs: list[Values], **keys: object) -> Values:
    given = {key: value for key, value in keys.items() if value}
    return {"stage": name, "displayName": title, "dependsOn": after, **given, "jobs": jobs}


def _results(title: str) -> Values:
    inputs = {"testResultsFormat": "JUnit", "testResultsFiles": "results/*.xml", "testRunTitle": title, "failTaskOnFailedTests": True}  # fmt: skip
    return {"task": "PublishTestResults@2", "displayName": "Publish the test report", "condition": "succeededOrFailed()", "inputs": inputs}  # fmt: skip


def _test(delivery: Delivery) -> Values:
    unit = [*_tools(delivery), *map(_run, steps.unit(delivery)), _results("Unit")]
    beside = [*_tools(delivery), *map(_run, steps.integration(delivery)), _results("Integration and contract")]
    jobs = [
        {"job": "unit", "displayName": "Unit tests", "steps": unit},
        {"job": "integration", "displayName": "Integration and contract tests", "steps": beside},
    ]
    return _stage("test", "Test", ["build"], jobs)


def _scan(delivery: Delivery) -> Values:
    code = {"job": "scan_code", "displayName": "Scan the code", "steps": [*map(_run, steps.scanned())]}
    held = [{"download": "current", "artifact": "release"}, _run(_READ), _login(delivery, "build"), _run(steps.image_scanned())]  # fmt: skip
    image = {"job": "scan_image", "displayName": "Scan the image", "condition": _MAIN, "steps": held}
    return _stage("scan", "Security scan", ["build"], [code, image])


def _deploy(delivery: Delivery, environment: str, after: list[str]) -> Values:
    held: list[Values] = [{"checkout": "self"}, {"download": "current", "artifact": "release"}, _run(_READ)]
    kept = [_named(each) for each in _secrets(delivery)]
    if kept:
        inputs = {"azureSubscription": f"{delivery.slug}-{environment}", "KeyVaultName": "$(keyVault)", "SecretsFilter": ",".join(kept)}  # fmt: skip
        held.append({"task": "AzureKeyVault@2", "displayName": "Read the secrets", "inputs": inputs})
    held.append(_login(delivery, environment))
    if delivery.migrates:
        held.append(_run(steps.migrated()))
    held += _release(delivery, environment)
    job = {
        "deployment": f"deploy_{environment.replace('-', '_')}",
        "displayName": f"Deploy to {environment}",
        "environment": f"{delivery.slug}-{environment}",
        "strategy": {"runOnce": {"deploy": {"steps": held}}},
    }
    name = f"deploy_{environment.replace('-', '_')}"
    group = [{"group": f"{delivery.slug}-{environment}"}]
    return _stage(name, f"Deploy to {environment}", after, [job], condition=_MAIN, variables=group, lockBehavior="sequential")  # fmt: skip


def _secrets(delivery: Delivery) -> list[str]:
    found = [*steps.migrated().env.values()] if delivery.migrates else []
    return found if delivery.host == AZURE else [*found, *steps.released(delivery, "").env.values()]


def _release(delivery: Delivery, environment: str) -> list[Values]:
    """Deploy, look whether it answers, and put back what ran before if it does not."""
    begun = 'echo "##vso[task.setvariable variable=RELEASED]yes"'
    failed = "and(failed(), eq(variables['RELEASED'], 'yes'))"
    smoke = _run(steps.smoked()) | {"env": {"SERVICE_URL": "$(serviceUrl)"}}
    if delivery.host != AZURE:
        step = steps.released(delivery, environment)
        first = _run(Step(step.name, (begun, *step.lines), step.env))
        return [first, smoke, _run(steps.taken_back(delivery, environment), failed)]
    group = '--resource-group "$(resourceGroup)"'
    query = '--query "properties.template.containers[0].image" --output tsv'
    every = 'for app in $(containerApps); do az containerapp update --name "$app" ' + group
    deploy = (
        'first="$(echo "$(containerApps)" | cut -d " " -f 1)"',
        f'previous="$(az containerapp show --name "$first" {group} {query})"',
        'echo "##vso[task.setvariable variable=PREVIOUS]$previous"',
        begun,
        f'{every} --image "$IMAGE" --output none || exit 1; done',
    )
    back = (f'{every} --image "$PREVIOUS" --output none; done',)
    return [_cli(delivery, environment, "Deploy", deploy), smoke, _cli(delivery, environment, "Roll back", back, failed)]  # fmt: skip


def _cli(delivery: Delivery, environment: str, name: str, lines: tuple[str, ...], condition: str = "") -> Values:
    inputs = {"azureSubscription": f"{delivery.slug}-{environment}", "scriptType": "bash", "scriptLocation": "inlineScript", "inlineScript": script(_stops(lines))}  # fmt: skip
    return {"task": "AzureCLI@2", "displayName": name, **({"condition": condition} if condition else {}), "inputs": inputs}  # fmt: skip


def _after(delivery: Delivery, environment: str, after: list[str], contract: bool) -> Values:
    group = [{"group": f"{delivery.slug}-{environment}"}]
    name = f"{'verify' if contract else 'load'}_{environment.replace('-', '_')}"
    env = {"env": {"SERVICE_URL": "$(serviceUrl)"}}
    if contract:
        title = f"Verify {environment}"
        restore, tests = map(_run, steps.contract(delivery))
        held = [*_tools(delivery), restore, tests | env, _results("Contract")]
    else:
        title = f"Load tests on {environment}"
        held = [_run(steps.loaded()) | env]
    return _stage(name, title, after, [{"job": name, "displayName": title, "steps": held}], condition=_MAIN, variables=group)  # fmt: skip
