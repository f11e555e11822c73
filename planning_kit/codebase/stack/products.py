"""What the libraries are: which dependency or import stands for which framework, ORM, database, migration or test tool."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

Row = tuple[str, str, str, str] | tuple[str, str, str, str, str]


@dataclass(frozen=True)
class Product:
    """A library as planners call it.

    Attributes:
        value: its name.
        ecosystem: where it comes from.
        dependencies: what it is called in manifests; an end in ``*`` stands for any end.
        companions: libraries that bring it along under a version of their own.
        imports: what it is called in sources.
        used: whether it counts only where a source imports it.
        standard: whether an import is enough, because no manifest has to name it.
    """

    value: str
    ecosystem: str
    dependencies: tuple[str, ...]
    companions: tuple[str, ...]
    imports: tuple[str, ...]
    used: bool = False
    standard: bool = False

    def rank(self, dependency: str) -> int | None:
        """How early ``dependency`` is among what manifests call it, companions last; nothing when they do not."""
        names = (*self.dependencies, *self.companions)
        return next((at for at, name in enumerate(names) if self._is(name, dependency)), None)

    def tells_version(self, dependency: str) -> bool:
        """Whether the version of ``dependency`` is the product's own."""
        rank = self.rank(dependency)
        return rank is not None and rank < len(self.dependencies)

    def _is(self, name: str, dependency: str) -> bool:
        """Whether ``dependency`` is ``name``, by its pattern or, of a Go module, in a major version or a folder of it."""
        if name.endswith("*"):
            return dependency.startswith(name[:-1])
        return dependency == name or self.ecosystem == "go" and dependency.startswith(f"{name}/v")


def products(rows: Iterable[Row]) -> tuple[Product, ...]:
    """The products of a table whose rows are name, ecosystem, dependencies, imports and, if wanted, ``used`` or ``standard``.

    Dependencies after a ``|`` are companions. Without imports a library is imported by the names it is declared by (Python and
    Rust write ``_`` for ``-``).
    """
    found = []
    for value, ecosystem, dependencies, imported, *how in rows:
        own, _, brought = dependencies.lower().replace("_", "-").partition("|")
        names = own.split()
        under = [name.replace("-", "_") for name in names] if ecosystem in ("python", "cargo") else names
        imports = tuple(imported.split() or under)
        found.append(
            Product(value, ecosystem, tuple(names), tuple(brought.split()), imports, "used" in how, "standard" in how)
        )
    return tuple(found)


FRAMEWORKS = products([
    ("FastAPI", "python", "fastapi fastapi-slim", "fastapi"),
    ("Django", "python", "django", "django"),
    ("Django REST framework", "python", "djangorestframework", "rest_framework"),
    ("Django Ninja", "python", "django-ninja", "ninja"),
    ("Flask", "python", "flask", "flask"),
    ("Starlette", "python", "starlette", "starlette"),
    ("Litestar", "python", "litestar", "litestar"),
    ("Sanic", "python", "sanic", "sanic"),
    ("Tornado", "python", "tornado", "tornado.web", "used"),
    ("Falcon", "python", "falcon", "falcon"),
    ("Pyramid", "python", "pyramid", "pyramid"),
    ("aiohttp", "python", "aiohttp", "aiohttp.web", "used"),
    ("NestJS", "npm", "@nestjs/core", "@nestjs/core @nestjs/common"),
    ("Next.js", "npm", "next", "next"),
    ("Express", "npm", "express", "express"),
    ("Fastify", "npm", "fastify", "fastify"),
    ("Koa", "npm", "koa", "koa"),
    ("Hono", "npm", "hono", "hono"),
    ("hapi", "npm", "@hapi/hapi", ""),
    ("Spring Boot", "jvm", "org.springframework.boot:spring-boot-starter* org.springframework.boot:spring-boot plugin:org.springframework.boot", "org.springframework.boot"),
    ("Quarkus", "jvm", "io.quarkus:* plugin:io.quarkus", "io.quarkus"),
    ("Micronaut", "jvm", "io.micronaut:micronaut-http-server* io.micronaut:micronaut-runtime | plugin:io.micronaut.application", "io.micronaut"),
    ("Ktor", "jvm", "io.ktor:ktor-server* plugin:io.ktor.plugin", "io.ktor.server"),
    ("Vert.x", "jvm", "io.vertx:vertx-web", "io.vertx.ext.web"),
    ("Javalin", "jvm", "io.javalin:javalin*", "io.javalin"),
    ("Gin", "go", "github.com/gin-gonic/gin", ""),
    ("Echo", "go", "github.com/labstack/echo", ""),
    ("Fiber", "go", "github.com/gofiber/fiber", ""),
    ("chi", "go", "github.com/go-chi/chi", ""),
    ("Gorilla mux", "go", "github.com/gorilla/mux", ""),
    ("Actix Web", "cargo", "actix-web", ""),
    ("Axum", "cargo", "axum", ""),
    ("Rocket", "cargo", "rocket", ""),
    ("Warp", "cargo", "warp", ""),
    ("Rails", "ruby", "rails railties", "rails"),
    ("Sinatra", "ruby", "sinatra", "sinatra"),
    ("Hanami", "ruby", "hanami", "hanami"),
    ("Grape", "ruby", "grape", "grape"),
    ("Laravel", "php", "laravel/framework laravel/lumen-framework", "Illuminate"),
    ("Symfony", "php", "symfony/framework-bundle symfony/symfony", "Symfony\\Bundle\\FrameworkBundle"),
    ("Slim", "php", "slim/slim", "Slim"),
    ("ASP.NET Core", "nuget", "sdk:microsoft.net.sdk.web microsoft.aspnetcore.app", "Microsoft.AspNetCore"),
    ("React", "npm", "react", ""), ("Vue", "npm", "vue", ""), ("Angular", "npm", "@angular/core", ""), ("Svelte", "npm", "svelte", ""),
])  # fmt: skip
FRONT_ENDS = frozenset(("React", "Vue", "Angular", "Svelte"))
"""What draws in a browser: said only where nothing serves."""
INSIDE = {
    "FastAPI": {"Starlette"}, "Litestar": {"Starlette"}, "NestJS": {"Express", "Fastify"}, "Rails": {"Sinatra", "Grape"},
    "Laravel": {"Symfony", "Slim"}, "Next.js": {"Express"}, "Quarkus": {"Vert.x"},
}  # fmt: skip
"""Framework → what it brings along, which is not said beside it."""

ORMS = products([
    ("SQLAlchemy", "python", "sqlalchemy | flask-sqlalchemy advanced-alchemy", "sqlalchemy flask_sqlalchemy"),
    ("SQLModel", "python", "sqlmodel", ""),
    ("Tortoise ORM", "python", "tortoise-orm", "tortoise"),
    ("Peewee", "python", "peewee", ""),
    ("Pony ORM", "python", "pony", "pony.orm"),
    ("Beanie", "python", "beanie", ""), ("MongoEngine", "python", "mongoengine | flask-mongoengine", ""), ("ODMantic", "python", "odmantic", ""),
    ("Prisma", "npm", "@prisma/client", "@prisma/client"),
    ("TypeORM", "npm", "typeorm | @nestjs/typeorm", ""),
    ("Sequelize", "npm", "sequelize | sequelize-typescript @nestjs/sequelize", ""),
    ("Drizzle", "npm", "drizzle-orm", ""),
    ("Mongoose", "npm", "mongoose | @nestjs/mongoose", ""),
    ("MikroORM", "npm", "@mikro-orm/core", ""),
    ("Knex", "npm", "knex", ""), ("Objection.js", "npm", "objection", ""), ("Kysely", "npm", "kysely", ""),
    ("GORM", "go", "gorm.io/gorm github.com/jinzhu/gorm", ""),
    ("ent", "go", "entgo.io/ent", ""),
    ("sqlx", "go", "github.com/jmoiron/sqlx", ""), ("Bun", "go", "github.com/uptrace/bun", ""), ("XORM", "go", "xorm.io/xorm", ""),
    ("SQLx", "cargo", "sqlx", ""),
    ("Diesel", "cargo", "diesel | diesel-async", ""),
    ("SeaORM", "cargo", "sea-orm", ""),
    ("ActiveRecord", "ruby", "activerecord | sinatra-activerecord", "active_record"),
    ("Sequel", "ruby", "sequel", ""), ("Mongoid", "ruby", "mongoid", ""), ("ROM", "ruby", "rom rom-sql", ""),
    ("Hibernate/JPA", "jvm", "org.hibernate:hibernate-core org.hibernate.orm:hibernate* | org.hibernate:hibernate* org.springframework.boot:spring-boot-starter-data-jpa io.quarkus:quarkus-hibernate-orm* io.micronaut.data:micronaut-data-hibernate-jpa jakarta.persistence:* javax.persistence:* plugin:org.hibernate.orm", "jakarta.persistence javax.persistence org.hibernate"),
    ("MyBatis", "jvm", "org.mybatis:mybatis | org.mybatis:* org.mybatis.spring.boot:* com.baomidou:mybatis-plus*", "org.apache.ibatis com.baomidou.mybatisplus"),
    ("jOOQ", "jvm", "org.jooq:* | org.springframework.boot:spring-boot-starter-jooq", "org.jooq"),
    ("Exposed", "jvm", "org.jetbrains.exposed:*", "org.jetbrains.exposed"),
    ("Spring Data JDBC", "jvm", "| org.springframework.boot:spring-boot-starter-data-jdbc", "org.springframework.data.jdbc"),
    ("Spring Data R2DBC", "jvm", "| org.springframework.boot:spring-boot-starter-data-r2dbc", "org.springframework.data.r2dbc"),
    ("Spring Data MongoDB", "jvm", "| org.springframework.boot:spring-boot-starter-data-mongodb*", "org.springframework.data.mongodb"),
    ("Eloquent", "php", "illuminate/database laravel/framework", "Illuminate\\Database\\Eloquent", "used"),
    ("Doctrine", "php", "doctrine/orm | doctrine/doctrine-bundle", "Doctrine\\ORM"),
    ("EF Core", "nuget", "microsoft.entityframeworkcore* | npgsql.entityframeworkcore* pomelo.entityframeworkcore* aspire.npgsql.entityframeworkcore* aspire.microsoft.entityframeworkcore* aspire.pomelo.entityframeworkcore* mongodb.entityframeworkcore", "Microsoft.EntityFrameworkCore"),
    ("Dapper", "nuget", "dapper", "Dapper"),
    ("NHibernate", "nuget", "nhibernate", "NHibernate"),
])  # fmt: skip

DRIVERS = products([
    ("PostgreSQL", "python", "psycopg psycopg-binary psycopg2 psycopg2-binary asyncpg aiopg pg8000", "psycopg psycopg2 asyncpg aiopg pg8000"),
    ("MySQL", "python", "mysqlclient pymysql aiomysql asyncmy mysql-connector-python", "MySQLdb pymysql aiomysql asyncmy mysql.connector"),
    ("SQLite", "python", "aiosqlite", "aiosqlite"), ("SQLite", "python", "", "sqlite3", "standard"),
    ("MongoDB", "python", "pymongo motor beanie mongoengine odmantic flask-pymongo djongo", "pymongo motor"),
    ("SQL Server", "python", "pymssql mssql-django", "pymssql"), ("Oracle", "python", "cx-oracle oracledb", "cx_Oracle oracledb"),
    ("DynamoDB", "python", "pynamodb", "pynamodb"), ("Cassandra", "python", "cassandra-driver scylla-driver", "cassandra"),
    ("Elasticsearch", "python", "elasticsearch elasticsearch-dsl", "elasticsearch"),
    ("ClickHouse", "python", "clickhouse-driver clickhouse-connect", "clickhouse_driver clickhouse_connect"),
    ("Redis", "python", "redis aioredis django-redis redis-om", "redis aioredis"),
    ("PostgreSQL", "npm", "pg postgres pg-promise @neondatabase/serverless @mikro-orm/postgresql", ""),
    ("MySQL", "npm", "mysql mysql2 mariadb @mikro-orm/mysql", ""), ("SQLite", "npm", "sqlite3 better-sqlite3 @libsql/client @mikro-orm/sqlite", ""),
    ("MongoDB", "npm", "mongodb mongoose @nestjs/mongoose @mikro-orm/mongodb", ""), ("SQL Server", "npm", "mssql tedious", ""), ("Oracle", "npm", "oracledb", ""),
    ("DynamoDB", "npm", "@aws-sdk/client-dynamodb @aws-sdk/lib-dynamodb dynamoose", ""), ("Cassandra", "npm", "cassandra-driver", ""),
    ("Elasticsearch", "npm", "@elastic/elasticsearch", ""), ("Redis", "npm", "redis ioredis", ""),
    ("PostgreSQL", "go", "github.com/lib/pq github.com/jackc/pgx gorm.io/driver/postgres github.com/uptrace/bun/driver/pgdriver", ""),
    ("MySQL", "go", "github.com/go-sql-driver/mysql gorm.io/driver/mysql", ""),
    ("SQLite", "go", "github.com/mattn/go-sqlite3 modernc.org/sqlite gorm.io/driver/sqlite github.com/glebarez/sqlite", ""),
    ("PostgreSQL", "go", "", "github.com/jinzhu/gorm/dialects/postgres", "standard"), ("MySQL", "go", "", "github.com/jinzhu/gorm/dialects/mysql", "standard"),
    ("SQLite", "go", "", "github.com/jinzhu/gorm/dialects/sqlite", "standard"),
    ("SQL Server", "go", "github.com/denisenkom/go-mssqldb github.com/microsoft/go-mssqldb gorm.io/driver/sqlserver", ""),
    ("MongoDB", "go", "go.mongodb.org/mongo-driver", ""), ("Redis", "go", "github.com/redis/go-redis github.com/go-redis/redis github.com/gomodule/redigo", ""),
    ("DynamoDB", "go", "github.com/aws/aws-sdk-go-v2/service/dynamodb", ""), ("Cassandra", "go", "github.com/gocql/gocql", ""),
    ("Elasticsearch", "go", "github.com/elastic/go-elasticsearch", ""), ("ClickHouse", "go", "github.com/clickhouse/clickhouse-go", ""),
    ("PostgreSQL", "cargo", "tokio-postgres postgres deadpool-postgres", ""), ("MySQL", "cargo", "mysql mysql_async", ""),
    ("SQLite", "cargo", "rusqlite", ""), ("MongoDB", "cargo", "mongodb", ""), ("Redis", "cargo", "redis deadpool-redis fred", ""),
    ("PostgreSQL", "ruby", "pg", "pg"), ("MySQL", "ruby", "mysql2 trilogy", "mysql2"), ("SQLite", "ruby", "sqlite3", "sqlite3"),
    ("MongoDB", "ruby", "mongoid mongo", "mongo"), ("SQL Server", "ruby", "tiny_tds activerecord-sqlserver-adapter", "tiny_tds"),
    ("Redis", "ruby", "redis redis-rails hiredis", "redis"), ("Elasticsearch", "ruby", "elasticsearch searchkick chewy", "elasticsearch"),
    ("PostgreSQL", "jvm", "org.postgresql:postgresql org.postgresql:r2dbc-postgresql io.quarkus:quarkus-jdbc-postgresql io.quarkus:quarkus-reactive-pg-client io.r2dbc:r2dbc-postgresql", "org.postgresql"),
    ("MySQL", "jvm", "mysql:mysql-connector-java com.mysql:mysql-connector-j io.quarkus:quarkus-jdbc-mysql", "com.mysql"),
    ("MariaDB", "jvm", "org.mariadb.jdbc:mariadb-java-client io.quarkus:quarkus-jdbc-mariadb", "org.mariadb"),
    ("SQLite", "jvm", "org.xerial:sqlite-jdbc", "org.sqlite"), ("H2", "jvm", "com.h2database:h2 io.quarkus:quarkus-jdbc-h2", "org.h2"),
    ("SQL Server", "jvm", "com.microsoft.sqlserver:mssql-jdbc", "com.microsoft.sqlserver"), ("Oracle", "jvm", "com.oracle.database.jdbc:ojdbc*", "oracle.jdbc"),
    ("MongoDB", "jvm", "org.mongodb:* org.springframework.boot:spring-boot-starter-data-mongodb* io.quarkus:quarkus-mongodb*", "com.mongodb"),
    ("Redis", "jvm", "org.springframework.boot:spring-boot-starter-data-redis* redis.clients:jedis io.lettuce:lettuce-core io.quarkus:quarkus-redis-client", "redis.clients.jedis org.springframework.data.redis"),
    ("Cassandra", "jvm", "org.springframework.boot:spring-boot-starter-data-cassandra* com.datastax.oss:java-driver-core", "com.datastax"),
    ("Elasticsearch", "jvm", "org.springframework.boot:spring-boot-starter-data-elasticsearch co.elastic.clients:elasticsearch-java", "co.elastic.clients"),
    ("DynamoDB", "jvm", "software.amazon.awssdk:dynamodb*", "software.amazon.awssdk.services.dynamodb"),
    ("PostgreSQL", "nuget", "npgsql npgsql.entityframeworkcore.postgresql aspire.npgsql*", "Npgsql"),
    ("MySQL", "nuget", "pomelo.entityframeworkcore.mysql mysqlconnector mysql.data mysql.entityframeworkcore", "MySqlConnector MySql.Data"),
    ("SQLite", "nuget", "microsoft.entityframeworkcore.sqlite microsoft.data.sqlite", "Microsoft.Data.Sqlite"),
    ("SQL Server", "nuget", "microsoft.entityframeworkcore.sqlserver microsoft.data.sqlclient system.data.sqlclient", "Microsoft.Data.SqlClient System.Data.SqlClient"),
    ("MongoDB", "nuget", "mongodb.driver", "MongoDB.Driver"), ("Oracle", "nuget", "oracle.managedataaccess* oracle.entityframeworkcore", "Oracle.ManagedDataAccess"),
    ("Redis", "nuget", "stackexchange.redis aspire.stackexchange.redis microsoft.extensions.caching.stackexchangeredis", "StackExchange.Redis"),
    ("DynamoDB", "nuget", "awssdk.dynamodbv2", "Amazon.DynamoDBv2"),
    ("MongoDB", "php", "mongodb/mongodb mongodb/laravel-mongodb jenssegers/mongodb ext-mongodb", "MongoDB"),
    ("PostgreSQL", "php", "ext-pdo_pgsql ext-pgsql", "PgSql"), ("MySQL", "php", "ext-pdo_mysql ext-mysqli", "mysqli"), ("SQLite", "php", "ext-pdo_sqlite", "SQLite3"),
    ("Redis", "php", "predis/predis ext-redis", "Predis"),
])  # fmt: skip

MIGRATORS = products([
    ("Alembic", "python", "alembic | flask-migrate", "alembic"), ("Aerich", "python", "aerich", ""), ("yoyo", "python", "yoyo-migrations", "yoyo"),
    ("Drizzle Kit", "npm", "drizzle-kit", ""), ("node-pg-migrate", "npm", "node-pg-migrate", ""), ("migrate-mongo", "npm", "migrate-mongo", ""),
    ("golang-migrate", "go", "github.com/golang-migrate/migrate", ""), ("goose", "go", "github.com/pressly/goose", ""),
    ("Atlas", "go", "ariga.io/atlas", ""), ("Refinery", "cargo", "refinery", ""), ("SeaORM migrations", "cargo", "sea-orm-migration", ""),
    ("Flyway", "jvm", "org.flywaydb:* | org.springframework.boot:spring-boot-starter-flyway io.quarkus:quarkus-flyway plugin:org.flywaydb.flyway plugin:org.flywaydb:flyway-maven-plugin io.micronaut.flyway:*", "org.flywaydb"),
    ("Liquibase", "jvm", "org.liquibase:* | org.springframework.boot:spring-boot-starter-liquibase io.quarkus:quarkus-liquibase plugin:org.liquibase.gradle io.micronaut.liquibase:*", "liquibase"),
    ("Phinx", "php", "robmorgan/phinx", "Phinx"), ("Doctrine Migrations", "php", "doctrine/migrations | doctrine/doctrine-migrations-bundle", "Doctrine\\Migrations"),
    ("FluentMigrator", "nuget", "fluentmigrator*", "FluentMigrator"), ("DbUp", "nuget", "dbup dbup-*", "DbUp"),
])  # fmt: skip

STYLES = products([
    ("GraphQL", "python", "strawberry-graphql graphene graphene-django ariadne", "strawberry graphene ariadne"),
    ("GraphQL", "npm", "@apollo/server apollo-server apollo-server-express @nestjs/graphql graphql-yoga express-graphql graphql-http mercurius type-graphql @graphql-yoga/node", ""),
    ("GraphQL", "go", "github.com/99designs/gqlgen github.com/graphql-go/graphql github.com/graph-gophers/graphql-go", ""),
    ("GraphQL", "cargo", "async-graphql juniper", ""), ("GraphQL", "ruby", "graphql", "graphql"),
    ("GraphQL", "jvm", "org.springframework.boot:spring-boot-starter-graphql com.netflix.graphql.dgs:* com.graphql-java:graphql-java* com.expediagroup:graphql-kotlin-* io.quarkus:quarkus-smallrye-graphql", "graphql com.netflix.graphql"),
    ("GraphQL", "php", "nuwave/lighthouse webonyx/graphql-php api-platform/graphql", "GraphQL"), ("GraphQL", "nuget", "hotchocolate* graphql graphql.server*", "HotChocolate GraphQL"),
    ("gRPC", "python", "grpcio grpclib", "grpc grpclib", "used"), ("gRPC", "npm", "@grpc/grpc-js", "", "used"), ("gRPC", "go", "google.golang.org/grpc", "", "used"),
    ("gRPC", "cargo", "tonic", "", "used"), ("gRPC", "jvm", "io.grpc:* net.devh:grpc-server-spring-boot-starter io.quarkus:quarkus-grpc", "io.grpc", "used"),
    ("gRPC", "nuget", "grpc.aspnetcore*", "Grpc"), ("gRPC", "ruby", "grpc", "grpc"),
    ("WebSocket", "python", "channels websockets python-socketio flask-socketio", "channels websockets socketio flask_socketio fastapi.WebSocket starlette.websockets", "used"),
    ("WebSocket", "npm", "ws socket.io @nestjs/websockets @fastify/websocket", "", "used"),
    ("WebSocket", "go", "github.com/gorilla/websocket nhooyr.io/websocket github.com/coder/websocket github.com/olahol/melody", "", "used"),
    ("WebSocket", "cargo", "tokio-tungstenite actix-ws actix-web-actors", "axum::extract::ws tokio_tungstenite actix_ws", "used"),
    ("WebSocket", "jvm", "org.springframework.boot:spring-boot-starter-websocket io.ktor:ktor-server-websockets* io.quarkus:quarkus-websockets*", "org.springframework.web.socket jakarta.websocket", "used"),
    ("WebSocket", "nuget", "microsoft.aspnetcore.signalr*", "Microsoft.AspNetCore.SignalR", "used"), ("WebSocket", "php", "laravel/reverb beyondcode/laravel-websockets", "Ratchet", "used"),
])  # fmt: skip

BROKERS = products([
    ("Kafka", "python", "aiokafka kafka-python confluent-kafka faust-streaming", "aiokafka kafka confluent_kafka faust"), ("Kafka", "npm", "kafkajs node-rdkafka @confluentinc/kafka-javascript", ""),
    ("Kafka", "go", "github.com/segmentio/kafka-go github.com/ibm/sarama github.com/shopify/sarama github.com/confluentinc/confluent-kafka-go github.com/twmb/franz-go", ""),
    ("Kafka", "cargo", "rdkafka", ""), ("Kafka", "jvm", "org.springframework.kafka:* org.apache.kafka:* io.quarkus:quarkus-smallrye-reactive-messaging-kafka org.springframework.cloud:spring-cloud-starter-stream-kafka", "org.springframework.kafka org.apache.kafka"),
    ("Kafka", "nuget", "confluent.kafka masstransit.kafka", "Confluent.Kafka"), ("Kafka", "ruby", "ruby-kafka karafka rdkafka", "kafka karafka"),
    ("RabbitMQ", "python", "pika aio-pika", "pika aio_pika"), ("RabbitMQ", "npm", "amqplib amqp-connection-manager @golevelup/nestjs-rabbitmq", ""),
    ("RabbitMQ", "go", "github.com/rabbitmq/amqp091-go github.com/streadway/amqp", ""), ("RabbitMQ", "cargo", "lapin", ""), ("RabbitMQ", "ruby", "bunny sneakers", "bunny"),
    ("RabbitMQ", "jvm", "org.springframework.boot:spring-boot-starter-amqp com.rabbitmq:amqp-client", "org.springframework.amqp com.rabbitmq"),
    ("RabbitMQ", "nuget", "rabbitmq.client masstransit.rabbitmq easynetq aspire.rabbitmq.client", "RabbitMQ.Client"), ("RabbitMQ", "php", "php-amqplib/php-amqplib vladimir-yuldashev/laravel-queue-rabbitmq", "PhpAmqpLib"),
    ("NATS", "python", "nats-py", "nats"), ("NATS", "npm", "nats @nats-io/transport-node", ""), ("NATS", "go", "github.com/nats-io/nats.go", ""), ("NATS", "cargo", "async-nats nats", ""),
    ("SQS", "npm", "@aws-sdk/client-sqs sqs-consumer", ""), ("SQS", "go", "github.com/aws/aws-sdk-go-v2/service/sqs", ""), ("SQS", "cargo", "aws-sdk-sqs", ""),
    ("SQS", "jvm", "software.amazon.awssdk:sqs io.awspring.cloud:spring-cloud-aws-starter-sqs", "software.amazon.awssdk.services.sqs"), ("SQS", "nuget", "awssdk.sqs", "Amazon.SQS"), ("SQS", "ruby", "aws-sdk-sqs shoryuken", "aws-sdk-sqs"),
])  # fmt: skip

QUEUES = products([
    ("Celery", "python", "celery django-celery-beat", "celery"), ("RQ", "python", "rq django-rq", "rq django_rq"), ("Dramatiq", "python", "dramatiq", ""), ("arq", "python", "arq", ""),
    ("BullMQ", "npm", "bullmq @nestjs/bullmq", ""), ("Bull", "npm", "bull @nestjs/bull", ""), ("Asynq", "go", "github.com/hibiken/asynq", ""),
    ("Sidekiq", "ruby", "sidekiq", "sidekiq"), ("Solid Queue", "ruby", "solid_queue", "solid_queue"), ("Resque", "ruby", "resque", "resque"), ("Hangfire", "nuget", "hangfire*", "Hangfire"),
    ("Laravel Horizon", "php", "laravel/horizon", "Laravel\\Horizon"), ("Symfony Messenger", "php", "symfony/messenger", "Symfony\\Component\\Messenger"),
    (".NET Aspire", "nuget", "aspire.hosting.apphost sdk:aspire.apphost.sdk", "Aspire.Hosting"),
    ("S3", "npm", "@aws-sdk/client-s3", ""), ("S3", "go", "github.com/aws/aws-sdk-go-v2/service/s3", ""), ("S3", "cargo", "aws-sdk-s3", ""), ("S3", "jvm", "software.amazon.awssdk:s3", "software.amazon.awssdk.services.s3"),
    ("S3", "nuget", "awssdk.s3", "Amazon.S3"), ("S3", "ruby", "aws-sdk-s3", "aws-sdk-s3"), ("S3", "php", "league/flysystem-aws-s3-v3", "Aws\\S3"),
    ("MinIO", "python", "minio", ""), ("MinIO", "npm", "minio", ""), ("MinIO", "go", "github.com/minio/minio-go", ""), ("MinIO", "jvm", "io.minio:minio", "io.minio"),
])  # fmt: skip

TESTERS = products([
    ("pytest", "python", "pytest | pytest-django pytest-asyncio pytest-cov pytest-mock pytest-xdist pytest-flask", "pytest"), ("unittest", "python", "", "unittest", "standard"),
    ("Jest", "npm", "jest ts-jest", "@jest/globals"), ("Vitest", "npm", "vitest", ""), ("Mocha", "npm", "mocha", ""), ("node:test", "npm", "", "node:test", "standard"),
    ("JUnit", "jvm", "org.junit.jupiter:* junit:junit org.springframework.boot:spring-boot-starter-test io.quarkus:quarkus-junit5 org.jetbrains.kotlin:kotlin-test-junit*", "org.junit", "standard"),
    ("TestNG", "jvm", "org.testng:testng", "org.testng"), ("Kotest", "jvm", "io.kotest:*", "io.kotest"), ("Spock", "jvm", "org.spockframework:*", "spock.lang"),
    ("RSpec", "ruby", "rspec rspec-rails", "rspec"), ("Minitest", "ruby", "minitest", "minitest rails/test_help"),
    ("PHPUnit", "php", "phpunit/phpunit", "PHPUnit"), ("Pest", "php", "pestphp/pest", "Pest"),
    ("xUnit", "nuget", "xunit xunit.v3 xunit.v3.mtp-v2", "Xunit"), ("NUnit", "nuget", "nunit", "NUnit"), ("MSTest", "nuget", "mstest.testframework mstest sdk:mstest.sdk", "Microsoft.VisualStudio.TestTools"),
    ("go test", "go", "", "testing", "standard"),
    ("Testcontainers", "python", "testcontainers", ""), ("Testcontainers", "npm", "testcontainers @testcontainers/*", ""), ("Testcontainers", "go", "github.com/testcontainers/testcontainers-go", ""),
    ("Testcontainers", "jvm", "org.testcontainers:*", "org.testcontainers"), ("Testcontainers", "nuget", "testcontainers*", "Testcontainers"), ("Testcontainers", "cargo", "testcontainers*", ""),
    ("Playwright", "npm", "@playwright/test playwright", ""), ("Playwright", "python", "playwright pytest-playwright", "playwright"), ("Cypress", "npm", "cypress", ""), ("Supertest", "npm", "supertest", ""),
])  # fmt: skip
