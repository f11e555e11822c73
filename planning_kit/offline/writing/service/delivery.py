"""The way to production: stages, the pipeline itself, approvals, secrets, gates and the way back, from the architecture as it stands."""

from __future__ import annotations

from collections.abc import Iterator

from ..basis import Basis
from ..diagram import label
from ..draft import Draft
from ..markdown import ASSUMED, code, codes, fence, listing, quote, table
from . import delivery_azure, delivery_github, delivery_gitlab, levels
from .delivery_facts import AZURE, KUBERNETES, Delivery
from .delivery_steps import SEMGREP, TRIVY

_PLATFORMS = {
    "azure": ("Azure Pipelines", delivery_azure.FILE, delivery_azure.pipeline),
    "github": ("GitHub Actions", delivery_github.FILE, delivery_github.pipeline),
    "gitlab": ("GitLab CI", delivery_gitlab.FILE, delivery_gitlab.pipeline),
}
_MEANS = {
    "azure": "approvals and checks of the environment `{name}`",
    "github": "required reviewers of the environment `{name}`, without administrators' bypass",
    "gitlab": "the manual job, and `{name}` as a protected environment with required approvals",
}


def azure(basis: Basis) -> Draft:
    """The draft of ``cicd-pipeline.md`` for Azure Pipelines."""
    return _write(Delivery(basis, "azure"))


def github(basis: Basis) -> Draft:
    """The draft of ``cicd-pipeline.md`` for GitHub Actions."""
    return _write(Delivery(basis, "github"))


def gitlab(basis: Basis) -> Draft:
    """The draft of ``cicd-pipeline.md`` for GitLab CI."""
    return _write(Delivery(basis, "gitlab"))


def _write(delivery: Delivery) -> Draft:
    draft = Draft(f"CI/CD Pipeline: {quote(delivery.basis.plan.feature)}")
    platform, file, pipeline = _PLATFORMS[delivery.platform]
    draft.add("Overview", _overview(delivery), fence("mermaid", _drawn(delivery)))
    draft.add("Stages", table(("Stage", "Runs", "Needs", "Gate"), _stages(delivery)))
    draft.add("Pipeline", f"The whole of {code(file)}.", fence("yaml", pipeline(delivery)), "What it calls has to be in the repository:", _called(delivery))  # fmt: skip
    draft.add("Environments and approvals", table(("Environment", "Deployed from", "Approved by", "Strategy"), _environments(delivery)), _means(delivery))  # fmt: skip
    draft.add("Variables and secrets", table(("Name", "Secret", "Kept in", "Read by", "What it is"), _variables(delivery)), _held_back(delivery))  # fmt: skip
    draft.add("Caching and artifacts", table(("What", "Key or name", "Kept for"), _kept(delivery)))
    draft.add("Quality gates", table(("Gate", "Threshold", "When missed", "Source"), _gates(delivery)))
    draft.add("Test reports", *_reports(delivery))
    draft.add("Rollback", *_rollback(delivery))
    _ask(delivery, draft)
    where = delivery.host or "where the service runs, by `deploy/release.sh`"
    draft.decisions = (
        f"{platform} builds one image for each change of `main`, and the same digest goes through {listing(_names(delivery))} to {where}; "
        f"the last {'two are' if len(delivery.environments) > 2 else 'one is'} approved by a person."
        + (
            f" Migrations of {delivery.store} only add before a release, so the release before runs on the new schema and going back needs no migration."
            if delivery.migrates
            else ""
        )
    )
    return draft


def _names(delivery: Delivery) -> list[str]:
    return [code(each) for each in delivery.environments]


def _id(name: str, environment: str) -> str:
    return f"{name}_{environment.replace('-', '_')}"


def _overview(delivery: Delivery) -> str:
    platform = _PLATFORMS[delivery.platform][0]
    first, last = delivery.environments[0], delivery.environments[-1]
    said = f"{platform}, by the option `ci`. A pull request is built, tested and scanned; nothing of it is kept or deployed. A commit on `main` becomes one image, which is deployed by its digest."
    took = 25 if delivery.contract.calls else 15
    return f"{said} From the commit to {code(first)} within {took} min, from the approval of {code(last)} to traffic within 15 min {ASSUMED}."


def _drawn(delivery: Delivery) -> str:
    lines = ["flowchart LR", '    commit["Commit on main"] --> build["Build: one image"]']
    lines += ['    build --> test["Test"]', '    build --> scan["Security scan"]']
    before = ["test", "scan"]
    for each in delivery.environments:
        node = _id("deploy", each)
        lines.append(f'    {node}["Deploy to {label(each)}"]')
        edge = "-->|approved|" if delivery.approver(each) else "-->"
        lines += [f"    {one} {edge} {node}" for one in before]
        before = [node]
        for chosen, name, title in (
            (delivery.verified, "verify", "Contract tests on"),
            (delivery.loaded, "load", "Load tests on"),
        ):
            if chosen == each:
                lines.append(f'    {before[0]} --> {_id(name, each)}["{title} {label(each)}"]')
                before = [_id(name, each)]
    last = delivery.environments[-1]
    lines.append(f'    {_id("deploy", last)} -.->|fails| back["Roll back: the image before"]')
    return "\n".join(lines)


def _stages(delivery: Delivery) -> Iterator[tuple[str, ...]]:
    tools = delivery.tools
    beside = (
        f"; integration and contract tests beside {delivery.store} in a container"
        if delivery.beside
        else "; integration and contract tests"
    )
    yield ("build", f"restore, compile, style and types; the image, pushed once {ASSUMED}", "the commit", "each ends without an error")  # fmt: skip
    yield ("test", f"unit tests with coverage{beside}", "build", f"every test passes; coverage by {tools.coverage}")
    yield ("scan", "security scan: dependencies, secrets, configuration, code; then the image", "test" if delivery.platform == "gitlab" else "build", "no finding that is high or critical")  # fmt: skip
    before = "scan" if delivery.platform == "gitlab" else "test, scan"
    for each in delivery.environments:
        runs = (
            f"migration of {delivery.store} that only adds, " if delivery.migrates else ""
        ) + f"the image by its digest to {code(each)}, smoke test"
        who = delivery.approver(each)
        yield (
            _id("deploy", each),
            runs,
            before,
            f"approved by {who}" if who else "none: as soon as what it needs has passed",
        )
        before = _id("deploy", each)
        if each == delivery.verified:
            yield (_id("verify", each), f"contract tests against {code(each)}", before, "every operation answers as its contract says")  # fmt: skip
            before = _id("verify", each)
        if each == delivery.loaded:
            yield (
                _id("load", each),
                f"load tests against {code(each)}",
                before,
                "no threshold of the load tests is passed",
            )
            before = _id("load", each)


def _called(delivery: Delivery) -> str:
    tools = delivery.tools
    rows = [("`Dockerfile`", "the image of the service; runs as a user without privileges" + ("; started with `migrate` it brings the store to its version and ends" if delivery.migrates else ""))]  # fmt: skip
    if not tools.known:
        targets = codes(line.split()[-1] for step in (tools.restore, tools.build, tools.style, tools.unit, tools.integration, tools.contract) for line in step)  # fmt: skip
        why = f"the rules know no commands for {quote(tools.name)}" if tools.name else "no language is settled yet"
        rows.append(("`Makefile`", f"the targets {targets}: {why}; each test target writes JUnit files to `results/`"))
    if not delivery.host:
        rows.append(("`deploy/release.sh ENVIRONMENT IMAGE`", "puts that digest where the service runs and waits until it is up; with `--previous` puts back the digest that ran before the last call. It is the only file that knows where the service runs"))  # fmt: skip
    if delivery.loaded:
        rows.append(("`tests/load/expected.js`", "the load tests as a k6 script with the thresholds of the test specifications"))  # fmt: skip
    rows.append(
        (
            "`/health`, `/ready`, `/version`",
            "answer the smoke test without a token; `/version` names the commit of the image",
        )
    )
    return table((f"What {ASSUMED}", "What it does"), rows)


def _environments(delivery: Delivery) -> Iterator[tuple[str, ...]]:
    last = delivery.environments[-1]
    for each in delivery.environments:
        purpose = quote(delivery.purposes.get(each, {}).get("purpose", ""))
        who = delivery.approver(each)
        by = f"{who}, by {_MEANS[delivery.platform].format(name=_environment(delivery, each))}" if who else "nobody: deployed when test and scan have passed"  # fmt: skip
        strategy = "rolling: a new instance takes traffic when `/ready` answers, then an old one ends"
        came = f"`main`, after {', '.join(_before(delivery, each))}"
        yield (code(each), came, by + (f" {ASSUMED}" if who else ""), f"{strategy}; watched for 30 min {ASSUMED}" if each == last else f"{strategy} {ASSUMED}", purpose)[:4]  # fmt: skip


def _before(delivery: Delivery, environment: str) -> list[str]:
    at = delivery.environments.index(environment)
    if at == 0:
        return ["`test`", "`scan`"]
    before = delivery.environments[at - 1]
    name = "load" if before == delivery.loaded else "verify" if before == delivery.verified else "deploy"
    return [code(_id(name, before))]


def _environment(delivery: Delivery, environment: str) -> str:
    return f"{delivery.slug}-{environment}" if delivery.platform == "azure" else environment


def _means(delivery: Delivery) -> str:
    if delivery.platform == "azure":
        return f"Approvals stand on the environments of the project, not in the file, so a change of the file cannot take them away. The exclusive lock stands there too: one deployment at a time. `main` takes pull requests only, with one review and this pipeline as a build policy {ASSUMED}."
    if delivery.platform == "github":
        return f"Reviewers and the branch `main` as the only one that may deploy are set on the environments, not in the file. `main` takes pull requests only, with one review and `build`, `test` and `scan` as required checks {ASSUMED}."
    return f"Who may start the manual jobs is set on the protected environments, not in the file. `main` is protected: merge requests only, with one approval and a pipeline that succeeded {ASSUMED}."


def _variables(delivery: Delivery) -> Iterator[tuple[str, ...]]:
    for each in delivery.variables():
        names = codes(part.strip() for part in each.name.split(","))
        yield (names, "yes" if each.hidden else "no", f"{each.kept} {ASSUMED}", each.reads, each.what)


def _held_back(delivery: Delivery) -> str:
    rows = [levels.cells(row) for row in levels.rows(delivery.basis, "Secrets and keys")]
    own = [quote(row.get("secret", "")) for row in rows if "pipeline" not in row.get("read by", "") and "no secret" not in row.get("secret", "")]  # fmt: skip
    said = (
        f"What only the service reads at its start never comes to the pipeline: {listing([each for each in own if each], 5)}."
        if own
        else ""
    )
    return f"{said} A pull request reads no secret of an environment."


def _kept(delivery: Delivery) -> Iterator[tuple[str, str, str]]:
    tools = delivery.tools
    days = {"azure": "7 days after its last use", "github": "7 days after its last use", "gitlab": "as the runner's cache is cleaned"}  # fmt: skip
    keyed = f"{code(f'{delivery.slug} + operating system + ' + ', '.join(tools.lock))}"
    if delivery.platform == "gitlab":
        keyed = f"the contents of {codes(tools.lock)}"
    yield (f"dependencies in {code(tools.folder)}", keyed, days[delivery.platform])
    image = {"azure": "$(registry)", "github": "ghcr.io/<repository>", "gitlab": "$CI_REGISTRY_IMAGE"}[
        delivery.platform
    ]
    yield ("the image, built once for every environment", f"{code(f'{image}/{delivery.slug}@sha256:…')}", f"the last 20 of `main`, and every one that is deployed {ASSUMED}")  # fmt: skip
    handed = {"azure": ("the digest, as pipeline artifact", "`release/image.txt`", "with the run, 30 days"), "github": ("the digest, as output of `build`", "`image`", "with the run, 90 days"), "gitlab": ("the digest, as dotenv report of `container`", "`IMAGE`", "with the pipeline")}  # fmt: skip
    yield handed[delivery.platform]
    yield ("test reports", "`results/*.xml` (JUnit)", "30 days")


def _gates(delivery: Delivery) -> Iterator[tuple[str, ...]]:
    stops = "the run ends, nothing is deployed"
    yield ("Tests", "100 % pass; none is repeated until it does", stops, ASSUMED)
    yield ("Line coverage of the unit tests", f"at least 80 %, held by {delivery.tools.coverage}", stops, ASSUMED)
    yield ("Style and types", "0 findings", stops, ASSUMED)
    yield (f"Dependencies, secrets, configuration ({code(TRIVY.partition(':')[0])})", "0 findings high or critical; an exception stands in `.trivyignore` with its reason and a date", stops, ASSUMED)  # fmt: skip
    yield (f"Code ({code(SEMGREP.partition(':')[0])})", "0 findings of the default rules", stops, ASSUMED)
    yield ("Image", "0 findings high or critical that a newer package mends", stops, ASSUMED)
    if delivery.verified:
        count = len(delivery.contract.calls)
        yield ("Contract tests", f"{count} of {count} operations answer as the OpenAPI document says", f"{code(delivery.verified)} keeps it, nothing goes on", ASSUMED)  # fmt: skip
    if delivery.loaded:
        every = levels.levels(delivery.basis)
        failing = [each for each in every if each.allowed]
        counted = next((each for each in failing if "5xx" in each.indicator), next(iter(failing), None))
        for each in every:
            if each.latency or each is counted:  # availability over weeks is nothing a run of minutes can show
                yield (f"Load: {quote(each.indicator)}", quote(each.objective), f"{code(delivery.environments[-1])} is not offered for approval", each.source or ASSUMED)  # fmt: skip
    yield ("Smoke test", "3 of 3 addresses answer 2xx within 10 tries of 5 s", "the image before is put back", ASSUMED)


def _reports(delivery: Delivery) -> Iterator[str]:
    where = {
        "azure": "`PublishTestResults@2` puts them under *Tests* of the run, also when one failed; a failed test names its history there",
        "github": "the artifact `test-results` of the run holds them, also when a test failed; the summary of the job names those that did",
        "gitlab": "`artifacts:reports:junit` puts them under *Tests* of the pipeline and beside the merge request, also when one failed",
    }[delivery.platform]
    yield f"Each test job writes JUnit files to `results/`: {where}. What the scans found stands in the log of `scan`{', what the load tests measured in that of ' + code(_id('load', delivery.loaded)) if delivery.loaded else ''} {ASSUMED}."


def _rollback(delivery: Delivery) -> Iterator[str]:
    last = delivery.environments[-1]
    alerts = [quote(each.indicator) for each in levels.levels(delivery.basis) if each.allowed or each.latency][:2]
    yield f"It begins by itself when the deployment or the smoke test of {code(last)} fails, and by hand when within 30 min after a release an alert about {listing(alerts) or 'errors'} begins, or somebody on duty says so {ASSUMED}."
    by_hand = {
        "azure": f"run the stage {code(_id('deploy', last))} of the last good run again",
        "github": f"run the job {code(_id('deploy', last))} of the last good run again",
        "gitlab": f"start {code(_id('rollback', last))}",
    }[delivery.platform]
    back = {AZURE: "the image that ran before is set again (`az containerapp update`)", KUBERNETES: "`kubectl rollout undo` sets the replica set before"}.get(delivery.host, "`deploy/release.sh` with `--previous` puts the digest before back")  # fmt: skip
    steps = ["Stop: no other deployment starts, because one of the environment runs at a time.", f"Put back: {back}; by hand: {by_hand}.", "Prove: the smoke test answers, `/version` names the commit before, the error rate is what it was."]  # fmt: skip
    steps += list(_data_back(delivery))
    steps.append("Tell: the run is marked, the change is taken out of `main` by a commit that reverts it, and the cause is written down within 2 working days.")  # fmt: skip
    yield "\n".join(f"{number}. {each}" for number, each in enumerate(steps, 1))
    yield f"Target: 10 min from the decision to the release before {ASSUMED}; rehearsed on {code(delivery.environments[-2] if len(delivery.environments) > 1 else last)} once a quarter {ASSUMED}."


def _data_back(delivery: Delivery) -> Iterator[str]:
    store = delivery.beside
    if not delivery.store:
        yield "Data: nothing is stored, so there is no database to take back."
    elif not delivery.migrates:
        yield f"Database: {delivery.store} is a file of the service: a copy of it is made before each release; only a migration that destroyed something needs it back, with what was written since lost."
    else:
        what = store.way if store else "schema"
        yield f"Database: {delivery.store} keeps its {what}: what a migration added stays, the release before does not read it; a backfill is stopped."
        yield f"Only when the last step of a change (*Contract* of the architecture) was part of the release: the service is stopped, the copy made before it is restored ({store.copy if store else 'a backup'}), and what was written since is entered again from the log or given up, by decision of whoever owns the data."


def _ask(delivery: Delivery, draft: Draft) -> None:
    name, source = delivery.language
    draft.assumptions += ["One image holds the service and what runs beside it; every environment gets the same digest, with its own variables.", "The branch `main` is what is released."]  # fmt: skip
    if name:
        draft.assumptions.append(f"The commands are those of {quote(delivery.tools.name or name)}, by {source}; versions of tools and images are those the rules know, to be replaced by those in use.")  # fmt: skip
    else:
        draft.ask("Which programming language is the service written in?", "the pipeline calls targets of a `Makefile`", unless="(?i)programming language")  # fmt: skip
    host, named = delivery.hosts
    if delivery.packaged:
        draft.assumptions.append("The architecture releases one package and serves nothing: the image carries the package, deploy/release.sh installs it where it is started, and the smoke test has to call one of its commands instead of an address.")  # fmt: skip
    if host == AZURE and named == ASSUMED or not host:
        meanwhile = "Azure Container Apps" if host else "deploy/release.sh is the one place that has to know"
        draft.ask("Where does the service run, and who may change what runs there?", meanwhile, unless="(?i)where does it run")  # fmt: skip
    elif named:
        draft.assumptions.append(f"It runs on {host} {named}.")
    draft.ask(f"Who approves {listing([each for each in delivery.environments[1:]])}, and who stands in for them?", "roles are named, not people")  # fmt: skip
    if delivery.migrates:
        draft.assumptions.append(f"The machines of the pipeline reach {delivery.store} for the migration; where they must not, the same command runs as a job beside the service.")  # fmt: skip
        draft.ask(f"When may a migration that removes something run in {delivery.environments[-1]}, and who decides that the data written since may be lost?", "never by the pipeline; by hand, after a copy was made and restored once")  # fmt: skip
