"""The stack of the facts, one use of a technology at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..facts import Named

CONVENTIONS = ("Naming", "Layout", "Errors")
"""The topics that name no technology."""


@dataclass(frozen=True)
class Use:
    """One technology in use: the ``package`` it is used in, its ``topic``, its name with its ``version``, its ``evidence`` (``path:line``) or nothing."""

    package: str
    topic: str
    value: str
    version: str
    evidence: str


def uses(stack: Mapping[str, Mapping[str, str]]) -> Iterator[Use]:
    """Every technology in ``stack``: values are joined by '; ', each may end in its evidence in parentheses."""
    for package, topics in stack.items():
        for topic, text in topics.items():
            if topic in CONVENTIONS:
                continue
            for said in re.split(r";\s+", text):
                shown = re.search(r"\s*\(([^()]{1,400}:\d{1,7}[^()]{0,200})\)\s*$", said)
                value = (said[: shown.start()] if shown else said).strip()
                version = re.search(r"\d+(?:\.\d+)+|(?<=[ v>=~^])\d+\b", value)
                if value:
                    yield Use(
                        package, topic, value, version.group() if version else "", shown.group(1) if shown else ""
                    )


_SIGNED = re.compile(r"(?i)^(?:auth\w*|sign[- ]?in|log[- ]?in|identity|access|security)\b")
_WAYS = (
    ("openIdConnect", re.compile(r"(?i)OpenID|\bOIDC\b|keycloak|auth0|okta|cognito|entra")),
    ("saml", re.compile(r"(?i)\bSAML\b")),
    ("oauth2", re.compile(r"(?i)\bOAuth")),
    ("cookie", re.compile(r"(?i)\bsessions?\b|\bcookies?\b")),
    ("token", re.compile(r"(?i)\bJWTs?\b|JSON Web Token|\bbearer\b|\btokens?\b|\bsanctum\b")),
    ("apiKey", re.compile(r"(?i)\bAPI[- ]?keys?\b")),
    ("mutualTLS", re.compile(r"(?i)\bmTLS\b|mutual TLS|client certificate")),
)
_RUNNERS = re.compile(
    r"(?i)\b(?:celery|sidekiq|resque|good_?job|delayed_?job|solid queue|dramatiq|huey|arq|rq|bull(?:mq)?|agenda|hangfire|quartz|temporal|airflow|"
    r"oban|asynq|river|horizon|spring batch|active ?job|que)\b"
)
_BROKERS = re.compile(
    r"(?i)\b(?:(?:apache )?kafka|rabbitmq|nats|activemq|(?:amazon |aws )?sqs|google pub/?sub|pub/?sub|azure service bus|pulsar|redpanda)\b"
)
_KEPT = re.compile(r"(?i)\b(?:redis|valkey)\b")
HOSTS = re.compile(
    r"(?i)\b(?:aws|amazon web services|azure|google cloud|gcp|cloud run|heroku|hetzner|digitalocean|vercel|netlify|fly\.io|render\.com|ovh\w*|scaleway|"
    r"kubernetes|openshift|openstack|lambda|own data cent(?:re|er)|on[- ]premises?)\b"
)
"""What names a place to run in."""


def signin(stack: Mapping[str, Mapping[str, str]]) -> tuple[Named, ...]:
    """How callers prove who they are, as the stack says it; each with its evidence as source."""
    found: dict[str, Named] = {}
    for use in uses(stack):
        kind = next((kind for kind, pattern in _WAYS if pattern.search(use.value)), "")
        if _SIGNED.match(use.topic) and kind:
            found.setdefault(kind, Named(use.value, kind, use.value, (use.evidence or "facts.yaml",)))
    return tuple(found.values())


def runs_jobs(name: str) -> bool:
    """Whether the technology ``name`` runs jobs or carries their messages as its trade; a store that could do so too does not."""
    return bool(_RUNNERS.match(name) or _BROKERS.match(name))


def runner(names: Mapping[str, str]) -> tuple[str, str]:
    """Of ``names`` (technology → where it is shown) what runs jobs or carries their messages, a job runner first, with its place; empty without one."""
    for pattern in (_RUNNERS, _BROKERS, _KEPT):
        for name, place in names.items():
            if (hit := pattern.search(name)) and not re.search(r"(?i)compose|hash|cache only", name):
                return name[hit.start() :], place
    return "", ""
