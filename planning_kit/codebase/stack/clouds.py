"""What Terraform has a cloud run: managed services with their engines, and the region they are in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ..evidence import Evidence, Statement
from .part import Part
from .sources import role

_SERVICES = {
    "aws_db_instance": "Amazon RDS", "aws_rds_cluster": "Amazon Aurora", "aws_msk_cluster": "Amazon MSK", "aws_msk_serverless_cluster": "Amazon MSK", "aws_mq_broker": "Amazon MQ",
    "aws_elasticache_cluster": "Amazon ElastiCache", "aws_elasticache_replication_group": "Amazon ElastiCache", "aws_sqs_queue": "Amazon SQS", "aws_sns_topic": "Amazon SNS",
    "aws_s3_bucket": "Amazon S3", "aws_ecs_cluster": "Amazon ECS", "aws_ecs_service": "Amazon ECS", "aws_eks_cluster": "Amazon EKS", "aws_lambda_function": "AWS Lambda",
    "aws_dynamodb_table": "Amazon DynamoDB", "aws_docdb_cluster": "Amazon DocumentDB", "aws_opensearch_domain": "Amazon OpenSearch", "aws_cognito_user_pool": "Amazon Cognito",
    "aws_apprunner_service": "AWS App Runner", "aws_api_gateway_rest_api": "Amazon API Gateway", "aws_apigatewayv2_api": "Amazon API Gateway", "aws_kinesis_stream": "Amazon Kinesis",
    "aws_secretsmanager_secret": "AWS Secrets Manager", "aws_cloudfront_distribution": "Amazon CloudFront", "aws_sfn_state_machine": "AWS Step Functions", "aws_cloudwatch_event_bus": "Amazon EventBridge",
    "google_sql_database_instance": "Cloud SQL", "google_container_cluster": "Google Kubernetes Engine", "google_cloud_run_service": "Cloud Run", "google_cloud_run_v2_service": "Cloud Run",
    "google_cloudfunctions_function": "Cloud Functions", "google_cloudfunctions2_function": "Cloud Functions", "google_pubsub_topic": "Pub/Sub", "google_storage_bucket": "Cloud Storage",
    "google_redis_instance": "Memorystore", "google_spanner_instance": "Cloud Spanner", "google_bigquery_dataset": "BigQuery", "google_alloydb_cluster": "AlloyDB", "google_secret_manager_secret": "Secret Manager",
    "azurerm_postgresql_flexible_server": "Azure Database for PostgreSQL", "azurerm_postgresql_server": "Azure Database for PostgreSQL", "azurerm_mysql_flexible_server": "Azure Database for MySQL",
    "azurerm_mssql_server": "Azure SQL", "azurerm_mssql_database": "Azure SQL", "azurerm_kubernetes_cluster": "Azure Kubernetes Service", "azurerm_servicebus_namespace": "Azure Service Bus",
    "azurerm_eventhub_namespace": "Azure Event Hubs", "azurerm_storage_account": "Azure Storage", "azurerm_container_app": "Azure Container Apps", "azurerm_linux_web_app": "Azure App Service",
    "azurerm_redis_cache": "Azure Cache for Redis", "azurerm_key_vault": "Azure Key Vault", "azurerm_cosmosdb_account": "Azure Cosmos DB", "azurerm_linux_function_app": "Azure Functions",
    "digitalocean_database_cluster": "DigitalOcean Managed Databases", "digitalocean_kubernetes_cluster": "DigitalOcean Kubernetes", "digitalocean_app": "DigitalOcean App Platform", "digitalocean_droplet": "DigitalOcean Droplets",
    "hcloud_server": "Hetzner Cloud", "scaleway_rdb_instance": "Scaleway Managed Database", "scaleway_k8s_cluster": "Scaleway Kubernetes", "ovh_cloud_project_database": "OVHcloud Managed Database",
    "confluent_kafka_cluster": "Confluent Cloud", "mongodbatlas_cluster": "MongoDB Atlas", "mongodbatlas_advanced_cluster": "MongoDB Atlas",
}  # fmt: skip
"""Resource type of a provider (the Terraform Registry) → the service."""
_BLOCK = re.compile(r"(?m)^[ \t]*(resource|provider)[ \t]+\"(\w+)\"(?:[ \t]+\"([\w-]+)\")?[ \t]*\{")
_REGION = re.compile(r"(?m)(?:^|[{\s])(?:region|location)[ \t]*=[ \t]*(?:\"([\w -]{2,40})\"|var\.(\w+))")
_ENGINE = re.compile(r"(?m)(?:^|[{\s])engine[ \t]*=[ \t]*\"([\w-]{2,40})\"")
_VERSION = re.compile(
    r"(?m)(?:^|[{\s])(?:engine_version|kafka_version|version|database_version|kubernetes_version|redis_version)[ \t]*=[ \t]*\"([\w.-]{1,40})\""
)
_VARIABLE = r"(?m)^[ \t]*variable[ \t]+\"{}\"[ \t]*\{{(?:[^{{}}]|\{{[^{{}}]*\}}){{0,800}}?\bdefault[ \t]*=[ \t]*\"([\w -]{{2,40}})\""
_PROVIDERS = {"aws": "AWS", "google": "Google Cloud", "azurerm": "Azure", "scaleway": "Scaleway", "ovh": "OVHcloud"}
_LONGEST = 4_000
"""Most characters of one block that are looked at."""
_MOST_FILES = 40


def state(part: Part) -> Iterator[Statement]:
    """The managed services and regions in the Terraform files of ``part``."""
    paths = [path for path in part.files if path.endswith(".tf") and role(path) == "source"][:_MOST_FILES]
    texts = {path: part.text(path) for path in paths}
    held: dict[str, list[Evidence]] = {}
    for path, text in texts.items():
        for found in _BLOCK.finditer(text):
            kind, name = found.group(1), found.group(2)
            body = _body(text, found.end())
            if kind == "resource" and name in _SERVICES:
                value, at = _service(_SERVICES[name], body)
                shown = [_at(path, text, found.start(2)), *([_at(path, text, found.end() + at)] if at else [])]
                held.setdefault(value, []).extend(shown)
            if kind == "provider" and name in _PROVIDERS or name == "azurerm_resource_group":
                for region, evidence in _regions(path, text, found.end(), body, texts):
                    held.setdefault(f"{_PROVIDERS[name.split('_')[0]]} region {region}", []).append(evidence)
    for value, lines in held.items():
        yield Statement("Infrastructure", value, tuple(dict.fromkeys(lines)))


def _body(text: str, start: int) -> str:
    """What stands in the block whose brace is before ``start``."""
    depth = 1
    for found in re.finditer(r"[{}]", text[start : start + _LONGEST]):
        depth += 1 if found.group() == "{" else -1
        if not depth:
            return text[start : start + found.start()]
    return text[start : start + _LONGEST]


def _service(name: str, body: str) -> tuple[str, int]:
    """A service with its engine and version, and where in its block the version stands."""
    engine, version = _ENGINE.search(body), _VERSION.search(body)
    runs = engine.group(1) if engine else "Kafka" if version and "kafka_version" in version.group() else ""
    told = f"{runs} {version.group(1) if version else ''}".strip()
    return f"{name} ({told})" if told else name, version.start(1) if version else 0


def _regions(path: str, text: str, start: int, body: str, texts: Mapping[str, str]) -> Iterator[tuple[str, Evidence]]:
    """The region a block names, itself or by a variable with a default."""
    found = _REGION.search(body)
    if found and found.group(1):
        yield found.group(1), _at(path, text, start + found.start(1))
    elif found:
        pattern = re.compile(_VARIABLE.format(found.group(2)))
        for other, there in texts.items():
            if default := pattern.search(there):
                yield default.group(1), _at(other, there, default.start(1))
                return


def _at(path: str, text: str, at: int) -> Evidence:
    return Evidence(path, text.count("\n", 0, at) + 1)
