"""What reaches production: whether somebody approves it first, and whether it can be taken back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from ..places import Path, Tree
from .fault import Faults, at

_PRODUCTION = re.compile(
    r"(?<![Nn]on)(?<![Pp]re)(?<![Nn]on[-_ ])(?<![Pp]re[-_ ])"
    r"(?:(?<![A-Za-z])(?:prod(?:uction)?|PROD(?:UCTION)?)|(?<![A-Z])Prod(?:uction)?)(?![a-z])"
)
_DEPLOYS = re.compile(r"(?i)deploy|rollout|(?<![a-z])release|promote")
_COMMAND = re.compile(
    r"(?i)(?:kubectl|oc) (?:[-\w=/.]{1,40} ){0,4}(?:apply|set image|rollout restart)|helm (?:upgrade|install)|terraform apply"
    r"|az (?:webapp|functionapp|containerapp) (?:deploy|up|update)|aws ecs update-service|gcloud run deploy|argocd app sync"
    r"|(?:cdk|serverless|sls|flyctl|fly|eb|sam|pulumi|ansible-playbook|docker stack) (?:deploy|up)|(?<![\w-])deploy(?:\.\w{1,4})?(?![\w-])"
)
_BACK = re.compile(
    r"(?i)roll(?:s|ed|ing)?[-_ ]?back|(?<![a-z])undo(?![a-z])|(?<![a-z])revert|previous|slot[-_ ]?swap|swap[-_ ]?slot|swapslots"
    r"|--atomic|on:\s*\n?\s*failure:|circuit[-_ ]?breaker|blue[-_/ ]?green|last[-_ ]good"
)
_APPROVE = {
    "github-actions": "give the job 'environment: production' and require reviewers for that environment",
    "azure-pipelines": "make it a 'deployment' job with an 'environment', or put a ManualValidation@1 before it",
    "gitlab-ci": "add 'when: manual' to the job (in 'rules', where it has some)",
}
_BACK_HINT = {
    "github-actions": "add a step with 'if: failure()' that deploys the previous version again",
    "azure-pipelines": "add 'on: failure:' to the deployment strategy, with steps that deploy the previous version again",
    "gitlab-ci": "add a manual job that deploys the previous version again",
}


class Deployment(NamedTuple):
    """A job that deploys to production: its ``path``, its ``name``, whether somebody approves it before it runs."""

    path: Path
    name: str
    approved: bool


def is_production(*names: object) -> bool:
    """Whether one of ``names`` means production: ``prod-eu`` does, ``non-prod`` and ``product`` do not."""
    return any(isinstance(name, str) and _PRODUCTION.search(name[:2000]) for name in names)


def deploys(*texts: object) -> bool:
    """Whether one of ``texts`` speaks of a deployment."""
    return any(isinstance(text, str) and _DEPLOYS.search(text) for text in texts)


def runs_deployment(texts: Iterable[str], named: bool = True) -> bool:
    """Whether a line of ``texts`` is a command that deploys: one that names production, if it has to be ``named``."""
    lines = (line[:2000] for text in texts for line in text.split("\n"))
    return any(
        _COMMAND.search(line)
        and not line.lstrip().startswith(("echo", "#"))
        and (not named or _PRODUCTION.search(line))
        for line in lines
    )


def faults(tree: Tree, text: str, deployments: list[Deployment], kind: str) -> Faults:
    """Deployments that nobody approves, and a pipeline that deploys but cannot go back."""
    for each in deployments:
        if not each.approved:
            said = f"'{each.name}' deploys to production, and nobody has to approve it"
            yield at(tree, each.path, "approval", said, _APPROVE[kind], "warning")
    if deployments and not _BACK.search(text):
        said = f"'{deployments[0].name}' deploys to production, and nothing rolls back what fails"
        yield at(tree, deployments[0].path, "rollback", said, _BACK_HINT[kind], "warning")
