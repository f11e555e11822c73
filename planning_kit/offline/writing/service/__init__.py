"""The documents of a service design, written by rule: each rests on the architecture as it stands now."""

from collections.abc import Callable

from ..basis import Basis
from ..draft import Draft
from . import architecture, behaviour, csharp, delivery, manifest, pythonic, signals, tested

WRITERS: dict[str, Callable[[Basis], Draft]] = {
    "azure-devops-pipelines-expert": delivery.azure,
    "github-actions-expert": delivery.github,
    "gitlab-ci-expert": delivery.gitlab,
    "azure-monitor-logs-expert": signals.azure,
    "opentelemetry-expert": signals.opentelemetry,
    "api-backend-tester": tested.write,
    "python-backend-dev": pythonic.write,
    "csharp-expert": csharp.write,
    "system-architect": architecture.write,
    "orchestrator": manifest.write,
    "contract-consultant": behaviour.write,
}
"""Who writes for which seat."""
