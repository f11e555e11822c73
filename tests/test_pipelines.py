"""A pipeline is told apart, explained in words and judged beyond its schema, and a hostile one ends in time."""

from __future__ import annotations

import time

import pytest

from planning_kit.checks import Examined, examine
from planning_kit.checks.about import About
from planning_kit.checks.artefact import artefacts
from planning_kit.checks.pipelines import SCHEMAS
from planning_kit.checks.pipelines.production import is_production
from planning_kit.document import Document, Finding

GITHUB = """on: push
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
"""
AZURE = "trigger: [main]\nsteps:\n"


def looked(text: str, lang: str = "yaml") -> Examined:
    return examine(Document("plan.md", f"```{lang}\n{text}\n```\n"), About(plan=False))


def only(text: str) -> Finding:
    (finding,) = looked(text).findings
    return finding


@pytest.mark.parametrize(
    ("text", "kind", "tool"),
    [
        (GITHUB + "      - run: make", "github-actions", "as a GitHub Actions workflow"),
        (AZURE + "  - script: make", "azure-pipelines", "as an Azure pipeline"),
        ("stages: [a]\nx:\n  stage: a\n  script: make", "gitlab-ci", "as a GitLab pipeline"),
        ("services:\n  a: {image: b}", "compose", "as a compose file"),
        ("a:\n  runs-on: ubuntu-latest\n  steps: []", "yaml", "as plain YAML: an excerpt of a workflow"),
        ("- task: Npm@1", "yaml", "as plain YAML: an excerpt of a pipeline"),
        ("a: 1", "yaml", "PyYAML"),
    ],
)
def test_it_is_said_as_what_a_block_is_checked(text: str, kind: str, tool: str) -> None:
    (said,) = looked(text).looked
    assert said.kind == kind
    assert tool in said.tool
    assert not said.why


@pytest.mark.parametrize(
    ("text", "place", "message", "hint"),
    [
        (GITHUB + "      - scirpt: make", (7, 9), "unknown key 'scirpt' in jobs.a.steps[0]", "write one of: uses, run"),
        (GITHUB + "      - {run: make, nam: x}", (7, 21), "unknown key 'nam' in jobs.a.steps[0]", "write 'name'"),
        (AZURE + "  - scirpt: make", (4, 5), "unknown key 'scirpt' in steps[0]", "write 'script'"),
        (AZURE + "  - task: DotNetCorCLI@2", (4, 5), "there is no task 'DotNetCorCLI@2'", "write 'DotNetCoreCLI@2'"),
        (AZURE + "  - task: Docker@9", (4, 5), "the task 'Docker' has no version '9'", "write 'Docker@2'"),
        ("services:\n  a: {image: b, ports: 80}", (3, 17), "services.a.ports must be a list, not '80'", "write a list"),
        ("stages: [a]\nx: {stage: a, script: make}\ny:\n  stage: b\n  script: make", (5, 3), "there is no stage 'b'; there are: .post, .pre, a", "define the stage 'b', or name one that is there"),
    ],
)  # fmt: skip
def test_a_fault_is_explained_by_the_form_that_was_meant(
    text: str, place: tuple[int, int], message: str, hint: str
) -> None:
    finding = only(text)
    assert (finding.line, finding.column) == place
    assert finding.message == message
    assert finding.hint.startswith(hint)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("prod", True), ("prod-eu", True), ("DeployProduction", True), ("deploy_prod", True), ("PROD", True)]
    + [("non-prod", False), ("nonprod", False), ("pre-prod", False), ("product", False), ("reproduce", False), ("PreProd", False), ("produce", False), ("", False)],
)  # fmt: skip
def test_production_is_told_from_what_only_sounds_like_it(name: str, expected: bool) -> None:
    assert is_production(name) is expected


def test_a_template_of_azure_is_reported_as_not_checked() -> None:
    text = "parameters:\n  - {name: envs, type: object}\nsteps:\n  - ${{ each e in parameters.envs }}:\n      - script: make"
    (said,) = looked(text).looked
    assert not said.tool
    assert said.why.startswith("a template")


@pytest.mark.parametrize(
    "step",
    [
        "{task: dotnetcorecli@2, inputs: {Command: Test}}",
        "{task: DotNetCoreCLI@2, inputs: {command: '${{ parameters.command }}'}, continueOnError: true}",
        "{task: My-Own.Task@3, inputs: {anything: 1}, displayName: x, enabled: false}",
    ],
)
def test_what_azure_takes_is_not_flagged(step: str) -> None:
    assert looked(AZURE + f"  - {step}").findings == ()


@pytest.mark.parametrize(
    "value",
    ["${{ secrets.KEY }}", "$(key)", "$KEY", "<your key>", "***", "postgres", "change-me", "DB_PASSWORD", "/run/secrets/key", "test123"],
)  # fmt: skip
def test_what_stands_for_a_secret_or_protects_nothing_is_none(value: str) -> None:
    assert (
        looked(
            GITHUB.replace("    steps:\n", f"    env: {{DB_PASSWORD: '{value}'}}\n    steps: [{{run: make}}]")
        ).findings
        == ()
    )


HOSTILE = {
    "aliases": "services:\n  a: &a {image: x, labels: [b, b]}\n" + "".join(f"  s{n}: &s{n} {{image: x, labels: [*a, *a, {', '.join(f'*s{k}' for k in range(n))}]}}\n" for n in range(30)),
    "deep": AZURE + "  - script: x\n    env: " + "{a: " * 50_000,
    "keys": "services:\n  a:\n    image: x\n" + "    b: 1\n" * 40_000,
    "steps": GITHUB + "      - scirpt: x\n" * 3_000,
    "azure steps": AZURE + "  - scirpt: x\n" * 300,
    "jobs": "stages: [a]\nx:\n  script: y\n" + "  b:\n" * 40_000,
    "lines": "a:\n" + "  b: c\n" * 40_000,
    "circle": "stages: [a]\n" + "".join(f"j{n}: {{stage: a, script: x, needs: [j{(n + 1) % 2000}]}}\n" for n in range(2000)) + "k:\n  script: x\n",
}  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE.values(), ids=list(HOSTILE))
def test_a_hostile_pipeline_ends_in_time_with_a_finding(text: str) -> None:
    began = time.monotonic()
    found = looked(text).findings
    assert time.monotonic() - began < 20
    assert found or artefacts(Document("plan.md", f"```yaml\n{text}\n```\n"))[0].kind not in SCHEMAS
