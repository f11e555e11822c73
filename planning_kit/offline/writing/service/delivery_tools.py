"""How a service is built, tested and run beside its store in a pipeline, by its language and by its store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Step:
    """A step of a pipeline: its ``name``, its ``lines`` of shell, what it reads from its environment: variable → where the value comes from."""

    name: str
    lines: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Tools:
    """The commands of one language.

    Attributes:
        name: what the language is called.
        version: the version its tools are set up in.
        image: the container image they are in.
        restore: fetches what the code depends on, at locked versions.
        build: compiles or packages it.
        style: checks style and types.
        unit: runs the unit tests and holds the line coverage; the report is ``results/unit.xml``.
        integration: runs integration and contract tests beside the store; the report is ``results/integration.xml``.
        contract: runs the contract tests against ``SERVICE_URL``; the report is ``results/contract.xml``.
        lock: the files a cache of dependencies is keyed by.
        folder: where the dependencies are cached, relative to the workspace.
        moved: the variables that put them there.
        coverage: how the line coverage is held.
        known: whether the commands are the language's own, not targets of a Makefile.
    """

    name: str
    version: str
    image: str
    restore: tuple[str, ...]
    build: tuple[str, ...]
    style: tuple[str, ...]
    unit: tuple[str, ...]
    integration: tuple[str, ...]
    contract: tuple[str, ...]
    lock: tuple[str, ...]
    folder: str
    moved: Mapping[str, str]
    coverage: str
    known: bool = True


PYTHON = Tools(
    "Python", "3.13", "python:3.13",
    ("python -m pip install --editable '.[test]'",),
    ("python -m pip wheel --no-deps --wheel-dir dist .",),
    ("python -m ruff check .", "python -m mypy ."),
    ("python -m pytest -m 'not integration and not contract' --cov --cov-fail-under=80 --junitxml=results/unit.xml",),
    ("python -m pytest -m 'integration or contract' --junitxml=results/integration.xml",),
    ("python -m pytest -m contract --junitxml=results/contract.xml",),
    ("pyproject.toml",), ".cache/pip", {"PIP_CACHE_DIR": "$PWD/.cache/pip"}, "`--cov-fail-under=80`",
)  # fmt: skip
CSHARP = Tools(
    "C#", "10.0.x", "mcr.microsoft.com/dotnet/sdk:10.0",
    ("dotnet restore --locked-mode",),
    ("dotnet build --configuration Release --no-restore -warnaserror",),
    ("dotnet format --verify-no-changes --no-restore",),
    ("dotnet test --configuration Release --filter 'Category!=Integration&Category!=Contract' --logger 'junit;LogFilePath=results/unit.xml' -p:CollectCoverage=true -p:Threshold=80 -p:ThresholdType=line",),
    ("dotnet test --configuration Release --filter 'Category=Integration|Category=Contract' --logger 'junit;LogFilePath=results/integration.xml'",),
    ("dotnet test --configuration Release --filter 'Category=Contract' --logger 'junit;LogFilePath=results/contract.xml'",),
    ("**/packages.lock.json",), ".cache/nuget", {"NUGET_PACKAGES": "$PWD/.cache/nuget"}, "coverlet, `-p:Threshold=80`",
)  # fmt: skip
NODE = Tools(
    "Node.js", "24", "node:24",
    ("npm ci",),
    ("npm run build --if-present",),
    ("npm run lint",),
    ("npm run test:unit -- --coverage",),
    ("npm run test:integration",),
    ("npm run test:contract",),
    ("package-lock.json",), ".cache/npm", {"npm_config_cache": "$PWD/.cache/npm"}, "the test runner's coverage threshold in `package.json`",
)  # fmt: skip
GO = Tools(
    "Go", "1.26", "golang:1.26",
    ("go mod download",),
    ("go build ./...",),
    ("go vet ./...",),
    ("mkdir -p results", "go run gotest.tools/gotestsum@v1.13.0 --junitfile results/unit.xml -- -short -race -coverprofile=results/cover.out ./...",
     """go tool cover -func=results/cover.out | awk '/^total:/ { sub("%", "", $3); exit ($3 < 80) }'"""),
    ("mkdir -p results", "go run gotest.tools/gotestsum@v1.13.0 --junitfile results/integration.xml -- -run 'Integration|Contract' ./...",),
    ("mkdir -p results", "go run gotest.tools/gotestsum@v1.13.0 --junitfile results/contract.xml -- -run Contract ./...",),
    ("go.sum",), ".cache/go", {"GOMODCACHE": "$PWD/.cache/go"}, "`go tool cover`",
)  # fmt: skip
JAVA = Tools(
    "Java", "21", "eclipse-temurin:21",
    ("./mvnw --batch-mode dependency:go-offline",),
    ("./mvnw --batch-mode -DskipTests package",),
    ("./mvnw --batch-mode -DskipTests checkstyle:check",),
    ("./mvnw --batch-mode test jacoco:report jacoco:check",),
    ("./mvnw --batch-mode -DskipUnitTests verify",),
    ("./mvnw --batch-mode -DskipUnitTests -Dgroups=contract verify",),
    ("pom.xml",), ".cache/maven", {"MAVEN_ARGS": "-Dmaven.repo.local=.cache/maven"}, "`jacoco:check`",
)  # fmt: skip
MAKE = Tools(
    "", "", "docker:29",
    ("make restore",), ("make build",), ("make lint",), ("make test-unit",), ("make test-integration",), ("make test-contract",),
    ("Makefile",), ".cache", {}, "`make test-unit`", False,
)  # fmt: skip
TOOLS: Mapping[str, Tools] = {
    "python": PYTHON, "csharp": CSHARP, "c#": CSHARP, ".net": CSHARP, "dotnet": CSHARP, "go": GO, "golang": GO, "java": JAVA,
    "node": NODE, "node.js": NODE, "nodejs": NODE, "javascript": NODE, "typescript": NODE,
}  # fmt: skip
"""By the language's name in lower case; :data:`MAKE` for any other."""


@dataclass(frozen=True)
class Beside:
    """The store that integration tests run beside: a throw-away container.

    Attributes:
        image: its image.
        port: the port it listens on.
        env: what it is started with.
        ready: the command inside it that succeeds once it answers; empty where only the port tells.
        address: what the service is given as ``DATABASE_URL``, ``HOST`` for its host.
        command: what it is started as; empty for what its image does.
        hidden: the variable of the password it wants, where it starts without none.
        copy: how a copy of what it holds is made before a change that destroys something.
        way: what carries the schema's version.
    """

    image: str
    port: int
    env: Mapping[str, str]
    ready: str
    address: str
    command: str = ""
    hidden: str = ""
    copy: str = "a snapshot of the database"
    way: str = "schema"


STORES: Mapping[str, Beside] = {
    "PostgreSQL": Beside("postgres:18", 5432, {"POSTGRES_HOST_AUTH_METHOD": "trust", "POSTGRES_DB": "app"}, "pg_isready --username postgres", "postgresql://postgres@HOST:5432/app", copy="`pg_dump`, or the provider's point-in-time copy"),
    "MySQL": Beside("mysql:8.4", 3306, {"MYSQL_ALLOW_EMPTY_PASSWORD": "yes", "MYSQL_DATABASE": "app"}, "mysqladmin ping --silent", "mysql://root@HOST:3306/app", copy="`mysqldump --single-transaction`, or the provider's point-in-time copy"),
    "MariaDB": Beside("mariadb:11.8", 3306, {"MARIADB_ALLOW_EMPTY_ROOT_PASSWORD": "yes", "MARIADB_DATABASE": "app"}, "healthcheck.sh --connect --innodb_initialized", "mysql://root@HOST:3306/app", copy="`mariadb-dump --single-transaction`, or the provider's point-in-time copy"),
    "SQL Server": Beside("mcr.microsoft.com/mssql/server:2022-latest", 1433, {"ACCEPT_EULA": "Y"}, '/opt/mssql-tools18/bin/sqlcmd -C -S localhost -U sa -P "$MSSQL_SA_PASSWORD" -Q "SELECT 1"', "Server=HOST,1433;User ID=sa;Password=$MSSQL_SA_PASSWORD;TrustServerCertificate=True", hidden="MSSQL_SA_PASSWORD", copy="`BACKUP DATABASE`, or the provider's point-in-time copy"),
    "Oracle": Beside("gvenzl/oracle-free:23-slim-faststart", 1521, {}, "healthcheck.sh", "oracle://system:$ORACLE_PASSWORD@HOST:1521/FREEPDB1", hidden="ORACLE_PASSWORD", copy="a guaranteed restore point"),
    "CockroachDB": Beside("cockroachdb/cockroach:v25.4.0", 26257, {}, 'cockroach sql --insecure --execute "SELECT 1"', "postgresql://root@HOST:26257/defaultdb", "start-single-node --insecure", copy="`BACKUP`"),
    "MongoDB": Beside("mongo:8", 27017, {}, 'mongosh --quiet --eval "db.runCommand({ping: 1})"', "mongodb://HOST:27017/app", copy="`mongodump`, or the provider's point-in-time copy", way="shape of the documents"),
    "Cassandra": Beside("cassandra:5", 9042, {}, 'cqlsh --execute "DESCRIBE CLUSTER"', "cassandra://HOST:9042/app", copy="`nodetool snapshot`"),
    "DynamoDB": Beside("amazon/dynamodb-local:3.1.0", 8000, {}, "", "http://HOST:8000", copy="an on-demand backup of the table", way="shape of the items"),
    "Cosmos DB": Beside("mcr.microsoft.com/cosmosdb/linux/azure-cosmos-emulator:vnext-preview", 8081, {}, "", "http://HOST:8081", copy="the account's point-in-time copy", way="shape of the documents"),
}  # fmt: skip
"""By the name of the database; a file database and what is not among them need no container."""


def started(store: Beside) -> Step:
    """The step that starts the store's container on a machine with Docker and waits until it answers; a password reaches it by name only."""
    given = [f"--env {name}={value}" for name, value in store.env.items()] + [f"--env {store.hidden}"] * bool(
        store.hidden
    )
    run = ["docker run --detach --name db --publish", f"{store.port}:{store.port}", *given, store.image, store.command]
    probe = f"curl --silent --output /dev/null http://localhost:{store.port}"
    wait = f"docker exec db {store.ready}" if store.ready else probe
    lines = (" ".join(filter(None, run)), f"timeout 120 sh -c 'until {wait}; do sleep 2; done'")
    return Step("Start a throw-away store", lines, {store.hidden: "DB_TEST_PASSWORD"} if store.hidden else {})
