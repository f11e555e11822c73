from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from planning_kit.codebase.evidence import TOPICS, Evidence, Package
from planning_kit.codebase.stack import detect
from planning_kit.codebase.stack.proof import versions
from planning_kit.codebase.tree import Tree

STACKS = Path(__file__).parent / "stacks"
CONVENTIONS = TOPICS[-3:]
Codebase = tuple[dict[str, str], dict[str, dict[str, list[str]]]]


def _codebases() -> dict[str, Codebase]:
    """Name → (path → text, package → topic → values), from the notation of ``stacks/*.txt``.

    ``##### name`` begins a codebase, ``@ folder`` a package that is expected of it, ``Topic: value`` what is said about it,
    ``=== path`` a file.
    """
    found: dict[str, Codebase] = {}
    for table in sorted(STACKS.glob("*.txt")):
        for block in re.split(r"^##### ", table.read_text(encoding="utf-8"), flags=re.M)[1:]:
            name, _, rest = block.partition("\n")
            said, *files = re.split(r"^=== ", rest, flags=re.M)
            packages: dict[str, dict[str, list[str]]] = {}
            for line in said.splitlines():
                if line.startswith("@ "):
                    package = packages.setdefault(line[2:], {})
                else:
                    topic, _, value = line.partition(": ")
                    package.setdefault(topic, []).append(value)
            assert name not in found
            found[name] = (dict(file.split("\n", 1) for file in files), packages)
    return found


CODEBASES = _codebases()


def _write(files: dict[str, str], root: Path) -> Path:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root


def _said(packages: tuple[Package, ...]) -> dict[str, dict[str, list[str]]]:
    return {
        package.path: {
            topic: sorted(package.values(topic))
            for topic in TOPICS
            if topic not in CONVENTIONS and package.values(topic)
        }
        for package in packages
    }


@pytest.mark.parametrize("name", CODEBASES)
def test_the_stack_of_a_codebase_is_what_it_shows_and_nothing_else(name: str, tmp_path: Path) -> None:
    files, expected = CODEBASES[name]
    said = _said(detect(Tree.read(_write(files, tmp_path))))
    assert said == {
        path: {topic: sorted(values) for topic, values in topics.items()} for path, topics in expected.items()
    }


SHOWN_BY = {
    "Language": r"python|requires|[a-z]+-version|^v?[0-9.]+$|^go |edition|node|java|maven\.compiler|kotlin|jvm|ruby|php|TargetFramework|FROM|rust|class|def|func|export|import|require|fn |mod |return|struct|public|=|\(",
    "PostgreSQL": r"psycopg|pgsql|asyncpg|postgres|postgis|\bpg\b|npgsql|pq|pgx",
    "MySQL": r"mysql",
    "MariaDB": r"mariadb",
    "SQLite": r"sqlite",
    "MongoDB": r"mongo|motor",
    "SQL Server": r"sqlserver|sqlclient|mssql|azure-sql",
    "Hibernate/JPA": r"jpa|hibernate|persistence",
    "EF Core": r"EntityFrameworkCore",
    "ASP.NET Core": r"AspNetCore|NET\.Sdk\.Web",
    "Django ORM": r"models\.Model|DATABASES",
    "ActiveRecord": r"ApplicationRecord|ActiveRecord",
    "Eloquent": r"Eloquent|laravel",
    "Laravel": r"laravel|Illuminate",
    "Rails": r"rails",
    "Spring Boot": r"springframework|spring-boot",
    "Gin": r"gin",
    "net/http": r"http",
    "Node.js http": r"http",
    "Next.js": r"next|export async function|GET",
    "Django REST framework": r"rest_?framework",
    "Heroku": r"^web:",
    "Laravel migrations": r"Migration",
    "Rails migrations": r"Migration",
    "EF Core Migrations": r"Migration",
    "SeaORM": r"sea.orm",
    "MyBatis": r"mybatis|ibatis",
    "sqlc": r"sql|engine",
    "Migrations": r"alembic|upgrade|Migration|CREATE|migrat|flyway|liquibase|goose|drizzle|queryInterface|doctrine",
    "REST": r"get|post|put|delete|route|ViewSet|api|controller|Path|json|new Hono|Map|handle|routing|Route",
    "GraphQL": r"graphql|apollo|type Query|schema|strawberry|graphene|juniper|lighthouse|HotChocolate",
    "gRPC": r"grpc|service|syntax|tonic",
    "WebSocket": r"websocket|ws|socket|hub|channel",
    "Message-driven": r"kafka|amqp|rabbit|nats|sqs|pika",
    "Architecture": r"class|def|func|interface|struct|type|export|const|router|<|fn |module|package|import|\w+",
    "Docker Compose": r"image:|^\s+[\w-]+:",
    "Docker": r"^FROM",
    "Kubernetes": r"^kind:",
    "Terraform": r"resource|provider|module",
    "Helm": r"apiVersion|name",
    "nginx": r"nginx|events|http|server",
    "Spring Security": r"spring-boot-starter-(?:security|oauth2)|springframework\.security",
    "ASP.NET Core Identity": r"Identity",
    "session authentication": r"SessionAuthentication",
    "Django auth": r"AUTH_USER_MODEL|django\.contrib\.auth",
    "pnpm": r"pnpm|lockfileVersion|packages:",
    "Yarn": r"yarn",
    "uv": r"^version = 1$|tool\.uv",
    "Turborepo": r"turbo|^\{",
    "Poetry": r"poetry|^\[\[package\]\]",
    "AWS SAM": r"AWS::Serverless",
    "Amazon": r"aws_|version|engine",
    "OpenID Connect": r"oidc|openid",
    "AWS": r"region|default",
    "Bean Validation": r"validation",
    "CI": r"jobs:|stages|pipeline|trigger|version|kind|script|image|language",
    "JUnit": r"junit|starter-test",
    "Tests": r"test|pytest|describe|junit|spec|jest|vitest|mocha|xunit|phpunit|pest|kotest|spock|minitest|nunit",
}
"""Value, or topic, → what a line that shows it holds; any other value is shown by a word of its own name."""


def _pattern(topic: str, value: str) -> str:
    known = [name for name in sorted(SHOWN_BY, key=len, reverse=True) if value.startswith(name)]
    if known:
        return SHOWN_BY[known[0]]
    if topic in SHOWN_BY:
        return SHOWN_BY[topic]
    words = [
        word
        for word in re.findall(r"[A-Za-z]{2,}", value)
        if word not in ("none", "used", "directly", "ORM", "front", "end", "js")
    ]
    return "|".join({*words, *(word[:4] for word in words)})


@pytest.mark.parametrize("name", CODEBASES)
def test_every_line_that_is_cited_exists_and_shows_what_is_said(name: str, tmp_path: Path) -> None:
    files, _ = CODEBASES[name]
    for package in detect(Tree.read(_write(files, tmp_path))):
        for statement in package.statements:
            assert statement.evidence
            assert len(set(statement.evidence)) == len(statement.evidence), statement
            if statement.topic not in CONVENTIONS:
                cited = [_cited(files, each) for each in statement.evidence]
                told = versions(statement.value)
                assert not told or told[-1] in cited[0], (str(statement), cited)
                named = [bool(re.search(_pattern(statement.topic, statement.value), each, re.I)) for each in cited]
                pinned = [bool(told) and told[-1] in each for each in cited]
                assert any(named), (str(statement), cited)
                assert all(one or other for one, other in zip(named, pinned, strict=True)), (str(statement), cited)


def _cited(files: dict[str, str], evidence: Evidence) -> str:
    lines = files[evidence.path].splitlines()
    assert 1 <= evidence.line <= len(lines), (str(evidence), lines)
    return lines[evidence.line - 1]


def test_a_requirements_file_outside_the_codebase_is_not_read(tmp_path: Path) -> None:
    _write({"requirements.txt": "django\n", "elsewhere/base.txt": "flask\n"}, tmp_path)
    root = _write(
        {"requirements.txt": "-r ../requirements.txt\n-r away/base.txt\n-r requirements.txt\n", "main.py": "x = 1\n"},
        tmp_path / "repo",
    )
    (root / "away").symlink_to(tmp_path / "elsewhere")
    assert _said(detect(Tree.read(root))) == {".": {"Language": ["Python"]}}


def test_a_setup_py_is_read_and_never_run(tmp_path: Path) -> None:
    witness = tmp_path / "ran"
    text = f"import pathlib\npathlib.Path({str(witness)!r}).touch()\nfrom setuptools import setup\nsetup(install_requires=['flask==3.0.0'])\n"
    root = _write({"setup.py": text, "app.py": "import flask\n"}, tmp_path / "repo")
    assert _said(detect(Tree.read(root)))["."]["Framework"] == ["Flask 3.0.0"]
    assert not witness.exists()


HOSTILE = """package.json pyproject.toml compose.yaml pom.xml setup.py setup.cfg requirements.txt Pipfile Cargo.toml go.mod go.work build.gradle settings.gradle
Gemfile x.gemspec composer.json pubspec.yaml x.csproj Directory.Packages.props packages.config gradle/libs.versions.toml package-lock.json
Gemfile.lock Cargo.lock composer.lock Dockerfile Jenkinsfile main.tf nginx.conf openapi.yaml x.proto x.graphql schema.prisma k8s/x.yaml
.gitlab-ci.yml config/database.yml alembic.ini application.properties migrations/1.sql main.ts main.go main.rs Main.java Main.kt main.rb main.php Main.cs"""
FRAGMENTS = [
    "[",
    "{",
    "(",
    "<a>",
    "- ",
    "a: &a [*a]\n",
    "a=",
    "a.",
    " ",
    "a",
    "\n",
    "\t",
    '"',
    "'a',",
    "include '",
    "gem 'x', ",
    "import ",
    "from a ",
    "group  ",
    "a/",
    "@a",
    "1",
    "a::",
    "do |",
    "implementation 'a:a:",
    "resources :a defaults:",
]


@pytest.mark.parametrize("fragment", FRAGMENTS)
def test_a_hostile_file_declares_nothing_and_costs_little_time(fragment: str, tmp_path: Path) -> None:
    text = fragment * (58_000 // len(fragment))
    root = _write({path: text for path in HOSTILE.split()}, tmp_path)
    (root / "main.py").write_text("import flask\n" + text, encoding="utf-8")
    tree = Tree.read(root)
    assert tree.text("main.py").startswith("import flask")
    began = time.process_time()
    said = _said(detect(tree))
    assert time.process_time() - began < 5
    assert not {"Database", "ORM", "Architecture", "CI"} & said["."].keys()


def test_the_stack_of_five_thousand_files_takes_about_a_second(tmp_path: Path) -> None:
    body = "from fastapi import APIRouter\nimport sqlalchemy\n\nclass Thing:\n    pass\n" + "    # what it does\n" * 60
    for package in range(10):
        files = {f"services/s{package}/app/part{at // 50}/module{at}.py": body for at in range(498)}
        files[f"services/s{package}/pyproject.toml"] = (
            f'[project]\nname = "s{package}"\ndependencies = ["fastapi==0.115.0", "sqlalchemy>=2"]\n'
        )
        files[f"services/s{package}/Dockerfile"] = "FROM python:3.12\n"
        _write(files, tmp_path)
    tree = Tree.read(tmp_path)
    assert tree.text(tree.paths[0])
    began = time.process_time()
    packages = detect(tree)
    assert len(tree.files) == 5_000
    assert len(packages) == 11
    assert time.process_time() - began < 2
