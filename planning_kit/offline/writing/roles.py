"""What a named technology does in a service: framework, migrations, background jobs, database, cache and the like."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ...packages import named as packages_named
from ..facts import Named
from . import stack
from .plan import Plan

FRAMEWORK, MIGRATIONS, JOBS, AUTHENTICATION, HASHING = (
    "HTTP framework", "migrations", "background jobs", "authentication", "password hashing",
)  # fmt: skip
OTHER = "named in the brief"
_LANGUAGE = re.compile(
    r"(?i)^(?:python|java|kotlin|javascript|typescript|node(?:\.?js)?|go(?:lang)?|rust|c#|\.net|ruby|php|c\+\+|scala|elixir|swift|dart)(?:\s+v?\d.*)?$"
)
_ROLES = tuple(
    (role, re.compile(rf"(?i)(?<![\w.]){pattern}"))
    for role, pattern in (
        (
            FRAMEWORK,
            r"(?:fastapi|starlette|django(?!-)|flask(?!-sqlalchemy)|litestar|aiohttp|sanic|tornado|falcon\b|quart\b|express(?:\.?js)?\b|nest\.?js|fastify|koa\b|hapi\b|"
            r"adonis\.?js|hono\b|spring(?! batch)|micronaut|quarkus|ktor|ruby on rails|rails\b|laravel|symfony|asp\.net|gin\b|axum|actix|phoenix framework|drogon)",
        ),
        ("database access", r"(?:sqlalchemy|sqlmodel|tortoise|peewee|flask-sqlalchemy|hibernate|prisma|typeorm|mikroorm|sequelize|kysely|knex|drizzle|objection|mongoose|"
         r"psycopg\d?|asyncpg|pymysql|pymongo|node-postgres|mysql2)"),
        (MIGRATIONS, r"(?:alembic|flyway|liquibase|golang-migrate|django(?!-)|ruby on rails|rails\b|laravel|prisma|typeorm|mikroorm|sequelize|knex|drizzle|objection|ef core|entity framework)"),
        (AUTHENTICATION, r"(?:jwt|pyjwt|oauth|json web token|jsonwebtoken|openid|oidc|saml|passport|next-?auth|better auth|authlib|python-jose|django-allauth|keycloak)"),
        (HASHING, r"(?:argon2|bcrypt|scrypt|passlib)"),
        ("cache", r"(?:redis|memcached|valkey)"),
    )
)  # fmt: skip
_DATABASE = re.compile(r"(?i)sql\b|mongodb|oracle|cassandra|dynamo|mariadb|database|cockroach|couch|firestore|sqlite")
_PROTOCOL = re.compile(r"(?i)\brest|http|graphql|grpc|websocket|mqtt|soap\b|\btls|fhir|hl7")
_KINDS = {
    "queue": "messaging", "cloud": "hosting", "platform": "platform", "monitoring": "monitoring", "protocol": "protocol",
    "language": "language", "database": "storage",
}  # fmt: skip
_SPEAKS = {
    "java": r"spring|micronaut|quarkus|hibernate", "kotlin": r"ktor", "ruby": r"\brails|sidekiq", "php": r"laravel|symfony",
    "c#": r"asp\.net", "go": r"\bgin\b",
}  # fmt: skip
_INDEXES = {"pypi": "python", "npm": "node"}


def of(name: str) -> tuple[str, ...]:
    """The roles that the technology ``name`` fills, the one it is best known for first; none for what the rules do not know."""
    if _LANGUAGE.match(name):
        return ("language",)
    found = [role for role, pattern in _ROLES if pattern.match(name)]
    if stack.runs_jobs(name):
        found.append(JOBS)
    if not found and _DATABASE.search(name):
        found.append("database")
    return tuple(found)


def component(named: Named) -> str:
    """What ``named`` is listed as."""
    found = of(named.name)
    if named.kind == "queue" and found == (JOBS,):
        return _KINDS["queue"]
    if "cache" in found and not re.search(r"(?i)\bcach", named.meaning):
        return "key-value store"
    if found:
        return " and ".join(found[:2])
    return "protocol" if _PROTOCOL.search(named.name) else _KINDS.get(named.kind, OTHER)


def filled(plan: Plan) -> frozenset[str]:
    """The roles for which brief, remarks, answers or codebase give a technology: nothing is proposed for them."""
    topics = {use.topic for use in stack.uses(plan.stack)}
    found = {FRAMEWORK} if "Framework" in topics else set()
    found |= {MIGRATIONS} if "Migrations" in topics else set()
    found |= {"database"} if plan.database[1] or plan.kept else set()
    if plan.reading.signin or any(topic.lower().startswith(("auth", "sign", "login", "identity")) for topic in topics):
        found.add(AUTHENTICATION)
    return frozenset(found.union(*(of(name) for name in _names(plan))))


def implied(names: Iterable[str]) -> str:
    """The language that the first framework or server library of ``names`` is written for, in lower case; empty when none is known."""
    for name in names:
        roles = set(of(name)) & {FRAMEWORK, MIGRATIONS, JOBS, "database access"}
        if not roles:
            continue
        for language, pattern in _SPEAKS.items():
            if re.search(f"(?i){pattern}", name):
                return language
        product = re.split(r"\s+v?\d", name)[0]
        for package in packages_named(f"`{product}`"):
            return _INDEXES[package.index]
    return ""


def _names(plan: Plan) -> list[str]:
    return [use.value for use in stack.uses(plan.stack)] + [n.name for n in plan.reading.technologies]
