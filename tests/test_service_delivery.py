"""The pipeline of a service: what its checks find, what they let pass, and what the offline author writes for three platforms."""

from __future__ import annotations

import time

import pytest
import yaml

from planning_kit.checks.about import About
from planning_kit.checks.pipelines.flow import environment, environments, way
from planning_kit.checks.service.delivery import CHECKS, EVIDENCE
from planning_kit.document import Document

from .service_offline import CLINIC, architecture, findings, on, written

NAME = "design/agents/github-actions-expert/shop-1/cicd-pipeline.md"
GITHUB = """name: ship
on: [push]
jobs:
  package:
    runs-on: ubuntu-latest
    steps: [{run: make package}]
  unit-tests:
    needs: package
    runs-on: ubuntu-latest
    steps: [{run: make check}]
  codeql:
    needs: package
    runs-on: ubuntu-latest
    steps: [{run: make analyse}]
  rollout-dev:
    needs: [unit-tests, codeql]
    environment: development
    runs-on: ubuntu-latest
    steps: [{run: ./ship dev}]
  rollout-staging:
    needs: rollout-dev
    environment: {name: staging}
    runs-on: ubuntu-latest
    steps: [{run: ./ship staging}]
  rollout-live:
    needs: rollout-staging
    environment: production
    runs-on: ubuntu-latest
    steps:
      - run: ./ship production
        env: {TOKEN: "${{ secrets.SHIP_TOKEN }}"}
      - if: failure()
        run: ./ship production --previous"""
AZURE = """trigger: [main]
stages:
  - stage: BuildAndTest
    jobs: [{job: all, steps: [{script: make build test}]}]
  - stage: SecurityScan
    jobs: [{job: scan, steps: [{script: make scan}]}]
  - stage: DeployDev
    jobs: [{deployment: dev, environment: shop-dev, strategy: {runOnce: {deploy: {steps: [{script: ./ship dev}]}}}}]
  - stage: DeployStage
    jobs: [{deployment: stage, environment: shop-stage, strategy: {runOnce: {deploy: {steps: [{script: ./ship stage}]}}}}]
  - stage: DeployProd
    jobs: [{deployment: prod, environment: shop-prod, strategy: {runOnce: {deploy: {steps: [{script: ./ship prod}]}, on: {failure: {steps: [{script: ./ship back}]}}}}}]"""
GITLAB = """stages: [build, test, security, dev, staging, production]
compile: {stage: build, script: [make build]}
verify: {stage: test, script: [make test]}
sast: {stage: security, script: [make sast]}
.to: {script: [./ship]}
to-dev: {extends: .to, stage: dev, environment: dev}
to-staging: {extends: .to, stage: staging, environment: {name: staging}}
to-production: {extends: .to, stage: production, environment: production, when: manual}
rollback-production: {script: [./ship back], stage: production, environment: production, when: manual, needs: []}"""
KINDS = {"github-actions": GITHUB, "azure-pipelines": AZURE, "gitlab-ci": GITLAB}
PIPELINE = f"""# Delivery

## Stages

| Stage | Runs | Needs | Gate |
|---|---|---|---|
| package | compile and package | – | it compiles |
| unit-tests | unit tests | package | all pass |
| codeql | the scan for vulnerabilities | package | 0 high |
| rollout-dev | deploy | unit-tests | none |
| rollout-staging | deploy | rollout-dev | approval |
| rollout-live | deploy to production | rollout-staging | approval |

## Pipeline

```yaml
{GITHUB}
```

## Environments and approvals

| Environment | Deployed from | Approved by | Strategy |
|---|---|---|---|
| development | main | automatic | all at once |
| staging | main | QA lead | rolling |
| production | main | Release manager, by required reviewers | canary |

## Variables and secrets

| Name | Secret | Kept in | Read by |
|---|---|---|---|
| `SHIP_TOKEN` | yes | environment secrets | rollout |
| `REGION` | no | – | rollout |

## Caching and artifacts

| What | Key or name | Kept for |
|---|---|---|
| image | `shop@sha256` | 90 days |

## Quality gates

| Gate | Threshold | When missed |
|---|---|---|
| Coverage | ≥ 75 % | the run fails |
| Scan | no high or critical finding | the run fails |
| Unit tests | all pass | the run fails |

## Rollback

When the error rate of production exceeds 2 % after a release:

1. Redeploy the image before.
2. Leave the schema as it is: migrations only add.
"""
DESIGN = Document("design/agents/system-architect/shop-1/integration-architecture.md", "# A\n\n### Environments\n\n| Environment | Purpose |\n|---|---|\n| dev | a |\n| stage | b |\n| prod | c |\n")  # fmt: skip


def found(text: str, *beside: Document) -> list[tuple[str, str, str]]:
    """Check, severity and message of what the three say of a document."""
    document = Document(NAME, text)
    about = About(beside=beside)
    return [(name, one.severity, one.message) for name, look in CHECKS.items() for one in look(document, about)]


def test_a_pipeline_in_other_words_raises_no_alarm() -> None:
    assert found(PIPELINE, DESIGN) == []


BREAKS = {
    "no scan": (GITHUB, GITHUB.replace("codeql", "second").replace("analyse", "more"), "delivery-stages", "no job of the pipeline scans for vulnerabilities"),
    "no stage": (GITHUB, GITHUB.replace("rollout-staging", "wait-here").replace("environment: {name: staging}", "timeout-minutes: 5"), "delivery-stages", "no job of the pipeline deploys to stage"),
    "prod first": ("needs: rollout-staging\n    environment: production", "needs: [unit-tests, codeql]\n    environment: production", "delivery-stages", "'rollout-live' deploys to prod without waiting for the deployment to stage"),
    "stage first": ("needs: rollout-dev", "needs: [unit-tests, codeql]", "delivery-stages", "'rollout-staging' deploys to stage without waiting for the deployment to dev"),
    "untested": ("needs: [unit-tests, codeql]", "needs: codeql", "delivery-stages", "'rollout-live' deploys to prod without waiting for any job that tests"),
    "no pipeline": ("jobs:\n  package:", "work:\n  package:", "delivery-stages", "there is no pipeline under 'Pipeline' that can be read"),
    "no row for prod": ("| rollout-live | deploy to production | rollout-staging | approval |\n", "", "delivery-stages", "no stage under 'Stages' deploys to prod"),
    "no environment": ("| staging | main | QA lead | rolling |\n", "", "approvals-and-rollback", "'Environments and approvals' has no environment stage"),
    "nobody": ("Release manager, by required reviewers", "nobody", "approvals-and-rollback", "nobody approves the deployment to prod"),
    "automatic": ("QA lead", "Automatic", "approvals-and-rollback", "nobody approves the deployment to stage"),
    "no steps": ("1. Redeploy the image before.\n2. Leave", "Redeploy the image before. Leave", "approvals-and-rollback", "'Rollback' does not give its steps in order"),
    "no trigger": ("When the error rate of production exceeds 2 % after a release:", "Steps:", "approvals-and-rollback", "'Rollback' does not say what triggers it"),
    "no database": ("Leave the schema as it is: migrations only add.", "Tell the team.", "approvals-and-rollback", "'Rollback' does not say what becomes of the database"),
    "no rollback": ("## Rollback", "## Afterwards", "approvals-and-rollback", "there is no way back: the section 'Rollback' is missing"),
    "vague gate": ("≥ 75 %", "sufficient", "quality-gates", "the gate 'Coverage' has no threshold that can be measured"),
    "no consequence": ("| all pass | the run fails |", "| all pass | – |", "quality-gates", "nothing is said of what happens when 'Unit tests' is missed"),
    "no place": ("| yes | environment secrets |", "| yes | – |", "quality-gates", "nothing is said of where the secret 'SHIP_TOKEN' is kept"),
    "no key": ("`shop@sha256`", "–", "quality-gates", "'image' has no key or name"),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after", "check", "message"), BREAKS.values(), ids=list(BREAKS))
def test_what_is_broken_is_told_by_its_own_check_and_no_other(
    before: str, after: str, check: str, message: str
) -> None:
    assert before in PIPELINE
    errors = [(name, said) for name, severity, said in found(PIPELINE.replace(before, after)) if severity == "error"]
    assert errors == [(check, message)]


WORDED = {
    "bullets": ("1. Redeploy the image before.\n2. Leave", "- Redeploy the image before.\n- Leave"),
    "prose": ("1. Redeploy the image before.\n2. Leave", "First redeploy the image before. Then leave"),
    "steps as headings": ("1. Redeploy the image before.\n2. Leave the", "### Step 1: the image\n\nThe one before.\n\n### Step 2: the data\n\nLeave the"),
    "nothing stored": ("Leave the schema as it is: migrations only add.", "Nothing is stored, so nothing is taken back."),
    "approved on a condition": ("QA lead", "Automatically once the QA lead has agreed"),
    "a rating": ("≥ 75 %", "SonarQube rating A"),
    "another scanner": (GITHUB, GITHUB.replace("codeql", "dependency-check").replace("analyse", "more")),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after"), WORDED.values(), ids=list(WORDED))
def test_what_is_said_in_another_way_is_no_error(before: str, after: str) -> None:
    text = PIPELINE.replace(before, after).replace("| codeql | the scan", f"| {'dependency-check' if 'dependency' in after else 'codeql'} | the scan")  # fmt: skip
    assert text != PIPELINE
    assert [said for _, severity, said in found(text) if severity == "error"] == []


def test_an_environment_called_test_stands_for_the_one_that_is_missing() -> None:
    swapped = PIPELINE.replace("rollout-staging", "rollout-test").replace("{name: staging}", "{name: shop-test}")
    text = swapped.replace("| staging | main |", "| test (`shop-test`) | main |")
    design = Document(DESIGN.name, DESIGN.text.replace("| stage |", "| test |"))
    assert found(text, design) == []
    assert ("approvals-and-rollback", "error", "nobody approves the deployment to stage") in found(text.replace("QA lead", "nobody"))  # fmt: skip
    early = found(text.replace("needs: rollout-test", "needs: [unit-tests, codeql]"))
    assert ("delivery-stages", "error", "'rollout-live' deploys to prod without waiting for the deployment to stage") in early  # fmt: skip


@pytest.mark.parametrize(
    ("names", "meant"),
    [
        (("dev", "test", "prod"), ("dev", "stage", "prod")), (("test", "staging", "production"), ("dev", "stage", "prod")),
        (("test", "qa", "prod"), ("dev", "stage", "prod")), (("dev", "test", "stage", "prod"), ("dev", "", "stage", "prod")), (("perf", "prod"), ("", "prod")),
    ],
)  # fmt: skip
def test_environments_are_known_by_what_the_others_are_called(names: tuple[str, ...], meant: tuple[str, ...]) -> None:
    assert tuple(environments(names).values()) == meant


def test_what_is_doubtful_is_a_warning() -> None:
    text = PIPELINE.replace("| `SHIP_TOKEN` | yes | environment secrets | rollout |\n", "").replace(
        "| codeql |", "| nightly scan |"
    )
    extra = DESIGN.text.replace("| prod | c |", "| prod | c |\n| sandbox | d |")
    said = found(text, Document(DESIGN.name, extra))
    assert {severity for _, severity, _ in said} == {"warning"}
    assert [message for _, _, message in said] == [
        "the stage 'nightly scan' is not in the pipeline's YAML",
        "the architecture's environment 'sandbox' is not under 'Environments and approvals'",
        "the pipeline reads the secret 'SHIP_TOKEN', which is not under 'Variables and secrets'",
    ]


def test_a_part_in_another_file_makes_what_is_missing_doubtful() -> None:
    text = PIPELINE.replace(
        "runs-on: ubuntu-latest\n    steps: [{run: make analyse}]", "uses: ./.github/workflows/check.yml"
    ).replace("codeql", "second")
    assert ("delivery-stages", "warning", "no job of the pipeline scans for vulnerabilities") in found(text)
    assert not [each for each in found(text) if each[1] == "error" and "pipeline" in each[2]]


@pytest.mark.parametrize("kind", KINDS)
def test_each_platform_is_read_in_its_own_order(kind: str) -> None:
    jobs = way(KINDS[kind], "yaml", kind)["jobs"]
    assert sorted({place for job in jobs for place in job["environments"]}) == ["dev", "prod", "stage"]
    last = next(job for job in jobs if job["environments"] == ["prod"] and not job["back"])
    assert set(last["waits"]) == {"build", "test", "scan", "dev", "stage"}
    assert not next(job for job in jobs if job["environments"] == ["dev"])["waits"].count("stage")


def test_an_order_that_is_switched_off_is_seen_on_each_platform() -> None:
    azure = AZURE.replace("- stage: DeployProd\n", "- stage: DeployProd\n    dependsOn: DeployDev\n")
    gitlab = GITLAB.replace("to-production: {extends: .to,", "to-production: {extends: .to, needs: [to-dev],")
    for kind, text in (("azure-pipelines", azure), ("gitlab-ci", gitlab)):
        assert text != KINDS[kind]
        last = next(
            job for job in way(text, "yaml", kind)["jobs"] if job["environments"] == ["prod"] and not job["back"]
        )
        assert "stage" not in last["waits"] and "dev" in last["waits"]


def test_names_of_environments_are_told_apart() -> None:
    known = {"shop-dev": "dev", "Deploy to staging": "stage", "pre-prod": "stage", "UAT": "stage", "prodEU": "prod", "PRODUCTION": "prod", "product": "", "device": "", "$(env)": ""}  # fmt: skip
    assert {name: environment(name) for name in known} == known


def test_a_matrix_of_environments_is_read() -> None:
    text = "on: push\njobs:\n  deploy:\n    strategy: {matrix: {to: [dev, stage, prod]}}\n    environment: ${{ matrix.to }}\n    runs-on: x\n    steps: [{run: ./ship}]\n"
    assert way(text, "yaml", "github-actions")["jobs"][0]["environments"] == ["dev", "stage", "prod"]


def test_the_evidence_names_environments_approvals_and_rollback_with_their_lines() -> None:
    document = Document(NAME, PIPELINE)
    said = list(EVIDENCE["approvals-and-rollback"](document))
    assert [text for text, _ in said] == [
        "environments: development, staging, production",
        "approvals: stage by QA lead, prod by Release manager, by required reviewers",
        "rollback: 2 steps, the database included",
    ]
    assert [document.line(at)[:14] for _, at in said] == ["| development ", "| staging | ma", "1. Redeploy th"]


def test_hostile_documents_take_no_time() -> None:
    many = "\n".join(f"  j{n}: {{needs: [j{n - 1}], runs-on: x, steps: [{{run: build}}]}}" for n in range(1, 600))
    texts = [
        PIPELINE.replace(GITHUB, f"on: push\njobs:\n{many}"),
        PIPELINE.replace("QA lead", "no " * 50_000).replace("≥ 75 %", "x " * 50_000),
        PIPELINE.replace("1. Redeploy", "1. Redeploy\n" * 1_500),
        "## Stages\n\n|Stage|Runs|\n|---|---|\n" + "| a-b-c | d |\n" * 1_500,
    ]
    begun = time.process_time()
    for text in texts:
        found(text)
    assert time.process_time() - begun < 8


SEATS = {"azure": "azure-devops-pipelines-expert", "github": "github-actions-expert", "gitlab": "gitlab-ci-expert"}
VAGUE = "A URL shortener with click statistics"
CASES = [
    ("azure", "python", "auto", CLINIC), ("github", "csharp", "sqlserver", CLINIC), ("gitlab", "none", "mongodb", CLINIC),
    ("azure", "none", "auto", VAGUE), ("github", "python", "sqlite", CLINIC), ("gitlab", "csharp", "cockroachdb", CLINIC),
]  # fmt: skip


@pytest.mark.parametrize(
    ("ci", "stack", "db", "brief"), CASES, ids=lambda each: each[:12] if isinstance(each, str) else ""
)
def test_the_offline_author_writes_a_pipeline_no_check_objects_to(ci: str, stack: str, db: str, brief: str) -> None:
    document = written(brief, SEATS[ci], stack=stack, db=db, ci=ci)
    assert [str(each) for each in findings(document, brief, SEATS[ci], architecture(brief, db))] == []
    assert len(list(EVIDENCE["approvals-and-rollback"](document))) == 3


def pipeline(document: Document) -> str:
    return next(fence.text for fence in document.fences if fence.lang == "yaml")


def test_the_pipeline_runs_what_the_language_and_the_store_ask_for() -> None:
    github = pipeline(written(CLINIC, SEATS["github"], stack="csharp", ci="github", db="sqlserver"))
    assert "dotnet test" in github and "mssql/server" in github and "${{ secrets.DB_TEST_PASSWORD }}" in github
    mongo = written(CLINIC, SEATS["gitlab"], stack="python", ci="gitlab", db="mongodb")
    assert "mongodb://store:27017" in pipeline(mongo) and "pytest" in pipeline(mongo)
    assert "`mongodump`" in mongo.section("Rollback") and "PostgreSQL" not in mongo.text
    file = written(CLINIC, SEATS["github"], stack="python", ci="github", db="sqlite")
    assert "MIGRATION_DATABASE_URL" not in file.text and "a copy of it is made before each release" in file.text


def test_an_unknown_language_becomes_targets_of_a_makefile_and_a_question() -> None:
    document = written(VAGUE, SEATS["github"], ci="github")
    assert "make test-unit" in pipeline(document)
    assert "Which programming language is the service written in?" in document.section("Open questions")
    assert "nothing is stored" in document.section("Rollback")


def test_one_image_is_built_and_the_same_goes_to_every_environment() -> None:
    for ci, seat in SEATS.items():
        text = pipeline(written(CLINIC, seat, stack="python", ci=ci))
        assert text.count("docker build ") == 1, ci
        assert yaml.safe_load(text)


def test_a_script_of_azure_ends_with_its_first_failure() -> None:
    text = pipeline(written(CLINIC, SEATS["azure"], stack="python"))
    scripts = [at.split("\n", 1)[1] for at in text.split("cript: |")[1:]]
    assert scripts and all(each.lstrip().startswith("set -e") for each in scripts)


def test_environments_are_those_of_the_architecture_as_it_stands() -> None:
    ground = architecture(CLINIC)
    row = next(line for line in ground.lines if line.startswith("| stage |"))
    more = Document(ground.name, ground.text.replace(row, row.replace("| stage |", "| test |", 1) + "\n" + row))
    document = on(more, CLINIC, SEATS["github"], stack="python", ci="github")
    assert [str(each) for each in findings(document, CLINIC, SEATS["github"], more)] == []
    jobs = list(yaml.safe_load(pipeline(document))["jobs"])
    assert [name for name in jobs if name.startswith("deploy_")] == [
        "deploy_dev",
        "deploy_test",
        "deploy_stage",
        "deploy_prod",
    ]


PINNED = "# Ledger\n\nClerks can create a payment with an amount and a reference. PostgreSQL 16, Python 3.12. It runs on AWS EKS in eu-central-1.\n"


def test_store_and_language_are_those_of_the_versions_the_brief_names() -> None:
    text = pipeline(written(PINNED, SEATS["github"], stack="python", ci="github"))
    assert "postgres:16" in text and "python-version: '3.12'" in text


def test_a_cluster_the_brief_names_beside_its_cloud_is_where_it_is_deployed() -> None:
    text = written(PINNED, SEATS["github"], stack="python", ci="github").text
    assert "kubectl set image" in text and "Where does the service run" not in text


def test_a_program_that_serves_nothing_is_not_said_to_run_on_a_platform_for_services() -> None:
    brief = "# Matcher\n\nA command line program; no web service, no API. It matches payments to invoices.\n"
    text = written(brief, SEATS["azure"], stack="python").text
    assert "Azure Container Apps" not in text and "The architecture releases one package and serves nothing" in text
