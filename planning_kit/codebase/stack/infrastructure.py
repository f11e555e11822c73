"""What a part is built, deployed and checked with: containers, clusters, infrastructure as code, queues, stores, CI."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from yaml import Node

from ..evidence import Evidence, Statement
from .inventory import search
from .manifests import OPTIONAL, RUN, outline
from .part import Part
from .products import BROKERS, DRIVERS, QUEUES
from .sources import role

_IMAGES = {
    "postgres": "PostgreSQL", "postgresql": "PostgreSQL", "postgis": "PostgreSQL", "pgvector": "PostgreSQL", "timescaledb": "PostgreSQL", "mysql": "MySQL",
    "mysql-server": "MySQL", "mariadb": "MariaDB", "mongo": "MongoDB", "mongodb": "MongoDB", "redis": "Redis", "valkey": "Redis", "redis-stack": "Redis",
    "mssql": "SQL Server", "server": "SQL Server", "azure-sql-edge": "SQL Server", "cassandra": "Cassandra", "elasticsearch": "Elasticsearch",
    "dynamodb-local": "DynamoDB", "clickhouse-server": "ClickHouse", "oracle-xe": "Oracle", "oracle-free": "Oracle", "cockroach": "CockroachDB",
}  # fmt: skip
_SERVERS = {
    "rabbitmq": "RabbitMQ", "kafka": "Kafka", "cp-kafka": "Kafka", "redpanda": "Kafka", "nats": "NATS", "nginx": "nginx", "minio": "MinIO", "traefik": "Traefik",
    "caddy": "Caddy", "elasticsearch": "Elasticsearch", "localstack": "LocalStack", "elasticmq": "SQS", "elasticmq-native": "SQS", "memcached": "Memcached",
    "keycloak": "Keycloak", "prometheus": "Prometheus", "grafana": "Grafana", "opensearch": "OpenSearch",
}  # fmt: skip
_OTHERS = ("cp-kafka", "redpanda", "valkey", "redis-stack", "elasticmq", "elasticmq-native", "azure-sql-edge")
"""Images whose tags are versions of their own, not of what they stand in for."""
_TAG = re.compile(r"(?:\$\{\w+:?-)?v?([0-9]+(?:\.[0-9]+)*)")
_INSIDE_TAG = {
    "pgvector": re.compile(r"(?:.*-)?pg([0-9]+)"), "timescaledb": re.compile(r".*pg([0-9]+(?:\.[0-9]+)?)"),
    "kafka": re.compile(r"[0-9.]+-([0-9]+(?:\.[0-9]+)+)$|([0-9]+(?:\.[0-9]+)*)"),
}  # fmt: skip
"""Image → where its tag says the version of the product inside: after its own, or after Scala's."""
_OWN_VERSIONS = frozenset(each.value for each in QUEUES) - {"S3", "MinIO"}
"""What runs inside the program, in the version of its library; of a store's or broker's client the version says nothing."""
_COMPOSE = re.compile(r"(?:docker-)?compose[\w.-]*\.ya?ml")
_COMPOSED = re.compile(r"(?:^|/)(?:docker|compose|docker-compose)/[^/]+\.ya?ml$")
_DOCKER = re.compile(r"(?:[\w.-]+\.)?Dockerfile(?:\.[\w-]+)?|Containerfile")
_FROM = re.compile(r"(?i)FROM\s+(?:--platform=\S+\s+)?(?:[\w.-]+/){0,3}([\w-]+):(\S+)")
_KIND = re.compile(
    r"^kind: *(Deployment|StatefulSet|Service|Ingress|ConfigMap|Namespace|CronJob|Job|DaemonSet|Kustomization)\b", re.M
)
_CLUSTER = re.compile(
    r"(?:^|/)(?:k8s|kubernetes|kube|manifests?|deploy(?:ment)?s?|overlays|kustomize|gitops|argocd|infra(?:structure)?|ops|base)/|(?:deployment|service|ingress|kustomization|k8s|kubernetes)[\w-]*\.ya?ml$",
    re.I,
)
_NAMED = (
    ("Terraform", re.compile(r".*\.tf"), re.compile(r"^[ \t]*(?:resource|module|provider|terraform|variable)\b", re.M)),
    ("Pulumi", re.compile(r"Pulumi\.yaml"), re.compile(r"^(?:name|runtime):", re.M)),
    ("Serverless Framework", re.compile(r"serverless\.(?:ya?ml|ts)"), re.compile(r"^[ \t]*(?:service|provider|functions)\b", re.M)),
    ("AWS SAM", re.compile(r"(?:template|sam)\.ya?ml"), re.compile(r"AWS::Serverless")),
    ("AWS CDK", re.compile(r"cdk\.json"), re.compile(r"\"app\"")),
    ("Helm", re.compile(r"Chart\.yaml"), re.compile(r"^(?:apiVersion|name):", re.M)),
    ("nginx", re.compile(r"nginx[\w.-]*\.conf(?:\.\w+)?"), re.compile(r"^[ \t]*(?:server|upstream|events|http|location)\b", re.M)),
    ("Skaffold", re.compile(r"skaffold\.yaml"), re.compile(r"^apiVersion: *skaffold", re.M)),
    ("Heroku", re.compile(r"Procfile"), re.compile(r"^\w+:", re.M)), ("Fly.io", re.compile(r"fly\.toml"), re.compile(r"^app\b", re.M)),
)  # fmt: skip
_CI = (
    ("GitHub Actions", re.compile(r"\.github/workflows/[^/]+\.ya?ml"), re.compile(r"^jobs:", re.M)),
    ("GitLab CI", re.compile(r"\.gitlab-ci\.ya?ml"), re.compile(r"^[ \t]*(?:stages|stage|script|include|image):", re.M)),
    ("Azure Pipelines", re.compile(r"(?:.*/)?azure-pipelines[\w.-]*\.ya?ml"), re.compile(r"^[ \t]*-? ?(?:trigger|pool|stages|jobs|steps):", re.M)),
    ("CircleCI", re.compile(r"\.circleci/config\.ya?ml"), re.compile(r"^(?:version|jobs|orbs|workflows):", re.M)),
    ("Jenkins", re.compile(r"(?:.*/)?Jenkinsfile[\w.-]*"), re.compile(r"^[ \t]*(?:pipeline|node|@Library)\b", re.M)),
    ("Bitbucket Pipelines", re.compile(r"bitbucket-pipelines\.ya?ml"), re.compile(r"^[ \t]*(?:pipelines|image):", re.M)),
    ("Drone", re.compile(r"\.drone\.ya?ml"), re.compile(r"^(?:kind|pipeline|steps):", re.M)),
    ("Travis CI", re.compile(r"\.travis\.ya?ml"), re.compile(r"^(?:language|script|jobs):", re.M)),
)  # fmt: skip
_MOST_OPENED = 20
_CLOUD = (
    ("SQS", re.compile(r"boto3\.(?:client|resource)\(\s*[\"']sqs[\"']|aws_sqs_queue|AWS::SQS::Queue")),
    ("S3", re.compile(r"boto3\.(?:client|resource)\(\s*[\"']s3[\"']|storages\.backends\.s3")),
)


@dataclass(frozen=True)
class Service:
    """A service of a compose file: its ``name``, ``image`` and tag if it is not built here, whether it is ``built``, where it stands."""

    name: str
    image: str
    tag: str
    built: str
    evidence: Evidence
    pinned: Evidence | None = None
    """The line of its image where its name, not its image, says what it runs."""

    @property
    def version(self) -> str:
        """The version its tag names of what it runs, or empty."""
        if self.image in _OTHERS:
            return ""
        found = _INSIDE_TAG.get(self.image, _TAG).match(self.tag)
        return next(each for each in found.groups() if each) if found else ""


def services(part: Part) -> list[Service]:
    """The services in the compose files of ``part``, each name once."""
    found: dict[str, Service] = {}
    for path in part.files:
        if (_COMPOSE.fullmatch(path.rpartition("/")[2]) or _COMPOSED.search(path)) and role(path) == "source":
            for document in outline.documents(part.text(path)):
                for name, line, node in outline.fields(outline.child(document, "services")):
                    service = _service(path, name, line, {key: (at, value) for key, at, value in outline.fields(node)})
                    if name not in found or service.image:
                        found[name] = service
    return list(found.values())


def _service(path: str, name: str, line: int, fields: dict[str, tuple[int, Node]]) -> Service:
    at, image = fields.get("image", (line, None))
    written = outline.text(image) if image else ""
    image_name, _, tag = written.rpartition("/")[2].split("@")[0].partition(":")
    built = fields.get("build", (line, None))[1]
    folder = (outline.text(built) or outline.text(outline.child(built, "context"))) if built else ""
    if not built and image_name not in _IMAGES and name in _IMAGES:
        return Service(name, name, tag, folder, Evidence(path, line), Evidence(path, at))
    return Service(name, "" if built else image_name, tag, folder, Evidence(path, line if built else at))


def databases(found: Sequence[Service]) -> tuple[dict[str, list[Evidence]], dict[str, str]]:
    """Which databases the services run, by the lines of their images, and in which version."""
    lines: dict[str, list[Evidence]] = {}
    versions: dict[str, str] = {}
    for each in found:
        if name := _IMAGES.get(each.image):
            lines.setdefault(name, []).extend([each.evidence, *([each.pinned] if each.pinned else [])])
            if version := each.version:
                versions.setdefault(name, version)
    return lines, versions


def state(part: Part, found: Sequence[Service], database: Sequence[str]) -> Iterator[Statement]:
    """The infrastructure of ``part``.

    Args:
        part: the part.
        found: the services of its compose files.
        database: what is already said to be its database.
    """
    yield from _docker(part)
    if found:
        names = ", ".join(each.name for each in found[:12])
        yield Statement("Infrastructure", f"Docker Compose ({names})", tuple(each.evidence for each in found[:4]))
    yield from _clusters(part)
    held, versions = _held(part, found)
    for name, lines in held.items():
        if name != "Elasticsearch" or name not in database:
            yield Statement("Infrastructure", f"{name} {versions.get(name, '')}".strip(), tuple(dict.fromkeys(lines)))


def _held(part: Part, found: Sequence[Service]) -> tuple[dict[str, list[Evidence]], dict[str, str]]:
    """What ``part`` runs with, by the lines that show it, and the versions that images and pins tell."""
    held = {each.value: list(each.evidence) for each in _by_name(part, "Infrastructure", _NAMED)}
    versions: dict[str, str] = {}
    for each in (*search(part, BROKERS), *search(part, QUEUES)):
        held.setdefault(each.product.value, []).extend(each.evidence)
        if each.product.value in _OWN_VERSIONS and each.version:
            versions.setdefault(each.product.value, each.version)
    for each in search(part, DRIVERS, (RUN, OPTIONAL)):
        if each.product.value in ("Redis", "Elasticsearch"):
            held.setdefault(each.product.value, []).extend(each.evidence)
    for service in (*found, *_stages(part)):
        if name := _SERVERS.get(service.image) or ("Redis" if _IMAGES.get(service.image) == "Redis" else ""):
            held.setdefault(name, []).append(service.evidence)
            if service.version:
                versions.setdefault(name, service.version)
    for name, pattern in _CLOUD:
        if shown := part.sign(pattern):
            held.setdefault(name, []).append(shown)
    return held, versions


def _stages(part: Part) -> Iterator[Service]:
    """The servers a Dockerfile starts from, each as a service of its own."""
    for path in _dockerfiles(part):
        for number, line in enumerate(part.text(path).split("\n"), 1):
            if (found := _FROM.match(line)) and found.group(1) in _SERVERS:
                yield Service(path, found.group(1), found.group(2), "", Evidence(path, number))


def state_ci(part: Part) -> Iterator[Statement]:
    """What checks and ships the code."""
    yield from _by_name(part, "CI", _CI, whole=True)


def _docker(part: Part) -> Iterator[Statement]:
    found = []
    for path in _dockerfiles(part):
        for number, line in enumerate(part.text(path).split("\n"), 1):
            if line[:5].upper() == "FROM ":
                found.append(Evidence(path, number))
                break
    if found:
        yield Statement("Infrastructure", "Docker", tuple(found[:3]))


def _dockerfiles(part: Part) -> Iterator[str]:
    return (path for path in part.files if _DOCKER.fullmatch(path.rpartition("/")[2]) and role(path) == "source")


def _clusters(part: Part) -> Iterator[Statement]:
    opened = 0
    for path in part.files:
        if (
            path.endswith((".yaml", ".yml"))
            and _CLUSTER.search(path)
            and not path.startswith(".")
            and opened < _MOST_OPENED
        ):
            opened += 1
            text = part.text(path)
            if "apiVersion:" in text and (kind := _KIND.search(text)):
                yield Statement(
                    "Infrastructure", "Kubernetes", (Evidence(path, text.count("\n", 0, kind.start()) + 1),)
                )
                return


def _by_name(
    part: Part, topic: str, table: tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...], whole: bool = False
) -> Iterator[Statement]:
    for value, named, holds in table:
        opened = 0
        for path in part.files:
            if (
                opened < 3
                and named.fullmatch(path if whole else path.rpartition("/")[2])
                and (whole or role(path) == "source")
            ):
                opened += 1
                text = part.text(path)
                if found := holds.search(text):
                    line = text.count("\n", 0, found.start() + len(found.group()) - len(found.group().lstrip())) + 1
                    yield Statement(topic, value, (Evidence(path, line),))
                    break
