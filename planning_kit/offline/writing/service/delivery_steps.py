"""What a pipeline runs, whatever its platform: steps of shell for building, testing, scanning, deploying and going back.

Tools of the scan: Trivy (trivy.dev) for dependencies, secrets and images, Semgrep (semgrep.dev) for the code; k6 (k6.io) for load.
"""

from __future__ import annotations

from .delivery_facts import KUBERNETES, Delivery
from .delivery_tools import Step, started

TRIVY, SEMGREP, K6 = "aquasec/trivy:0.67.2", "semgrep/semgrep:1.140.0", "grafana/k6:1.4.0"
FINDINGS = "--severity HIGH,CRITICAL --exit-code 1"


def checked(delivery: Delivery) -> list[Step]:
    """What the build does before there is an image."""
    tools = delivery.tools
    return [Step("Restore", tools.restore), Step("Build", tools.build), Step("Check style and types", tools.style)]


def unit(delivery: Delivery) -> list[Step]:
    """The unit tests."""
    return [Step("Restore", delivery.tools.restore), Step("Unit tests and coverage", delivery.tools.unit)]


def integration(delivery: Delivery, host: str = "localhost") -> list[Step]:
    """Integration and contract tests beside a throw-away store, every migration applied first by the tests themselves."""
    steps = [Step("Restore", delivery.tools.restore)]
    store = delivery.beside
    lines = delivery.tools.integration
    env = {}
    if store:
        steps += [started(store)] if host == "localhost" else []
        lines = (f'export DATABASE_URL="{store.address.replace("HOST", host)}"', *lines)
        env = {store.hidden: "DB_TEST_PASSWORD"} if store.hidden else {}
    return [*steps, Step("Integration and contract tests", lines, env)]


def contract(delivery: Delivery) -> list[Step]:
    """The contract tests against a deployed service."""
    return [
        Step("Restore", delivery.tools.restore),
        Step("Contract tests against the service", delivery.tools.contract),
    ]


def scanned() -> list[Step]:
    """The code, its dependencies and what it should not hold."""
    here = 'docker run --rm --volume "$PWD:/src:ro"'
    return [
        Step("Scan dependencies, secrets and configuration", (f"{here} {TRIVY} fs --scanners vuln,secret,misconfig {FINDINGS} /src",)),
        Step("Scan the code", (f"{here} {SEMGREP} semgrep scan --config p/default --error /src",)),
    ]  # fmt: skip


def image_scanned() -> Step:
    """The image that will be deployed."""
    return Step("Scan the image", (f'docker run --rm --env DOCKER_CONFIG=/docker --volume "$HOME/.docker:/docker:ro" {TRIVY} image --ignore-unfixed {FINDINGS} "$IMAGE"',))  # fmt: skip


def loaded() -> Step:
    """The load tests; k6 fails when a threshold of its script is passed."""
    return Step("Load tests", (f'docker run --rm --volume "$PWD/tests/load:/load:ro" --env SERVICE_URL {K6} run /load/expected.js',))  # fmt: skip


def migrated() -> Step:
    """The expanding part of a migration, by the image that is deployed next."""
    return Step("Migrate the store (what only adds)", ('docker run --rm --env DATABASE_URL "$IMAGE" migrate',), {"DATABASE_URL": "MIGRATION_DATABASE_URL"})  # fmt: skip


def released(delivery: Delivery, environment: str) -> Step:
    """The deployment of ``$IMAGE``, where it runs."""
    if delivery.host == KUBERNETES:
        names = delivery.apps
        lines = [f'kubectl set image deployment/{each} {each}="$IMAGE"' for each in names]
        lines += [f"kubectl rollout status deployment/{each} --timeout=300s" for each in names]
        return Step("Deploy", (*_kubeconfig(), *lines), {"KUBE_CONFIG": "KUBE_CONFIG"})
    return Step("Deploy", (f'./deploy/release.sh {environment} "$IMAGE"',), {"DEPLOY_TOKEN": "DEPLOY_TOKEN"})


def taken_back(delivery: Delivery, environment: str) -> Step:
    """What ran before, put back."""
    if delivery.host == KUBERNETES:
        names = delivery.apps
        lines = [f"kubectl rollout undo deployment/{each}" for each in names]
        lines += [f"kubectl rollout status deployment/{each} --timeout=300s" for each in names]
        return Step("Roll back", (*_kubeconfig(), *lines), {"KUBE_CONFIG": "KUBE_CONFIG"})
    return Step("Roll back", (f"./deploy/release.sh {environment} --previous",), {"DEPLOY_TOKEN": "DEPLOY_TOKEN"})


def smoked() -> Step:
    """Whether what was deployed answers, and is what was deployed."""
    probe = "curl --fail --silent --show-error --retry 10 --retry-delay 5 --retry-all-errors --max-time 5"
    return Step("Smoke test", (f'{probe} "$SERVICE_URL/health"', f'{probe} "$SERVICE_URL/ready"', f'{probe} "$SERVICE_URL/version"'))  # fmt: skip


def _kubeconfig() -> tuple[str, ...]:
    return ('export KUBECONFIG="$(mktemp)"', 'printf "%s" "$KUBE_CONFIG" > "$KUBECONFIG"')
