"""SQL of a document is run on a PostgreSQL of its own: what it finds is placed, and what it runs can reach nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from planning_kit import checks
from planning_kit.checks.about import About
from planning_kit.checks.sql import postgres
from planning_kit.document import Document


def ran(*blocks: str, known: tuple[str, ...] = ()) -> list[tuple[int, int, str]]:
    return [
        (block, line, message) for block, line, _, _, message, _ in postgres.run(json.dumps(blocks), json.dumps(known))
    ]


def test_what_only_the_server_knows_is_told_on_its_line() -> None:
    assert ran(
        "CREATE TABLE a (id int PRIMARY KEY, at timestamptz);\nCREATE INDEX ON a (at)\nWHERE at > now();",
        "CREATE TABLE p (id int PRIMARY KEY, at date) PARTITION BY RANGE (at);\n"
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$\n SELECT x FROM a\n$$;\n"
        "CREATE FUNCTION g() RETURNS int LANGUAGE plpgsql AS $$\nBEGIN\n RETRUN 1;\nEND $$;",
        "SELECT id FROM a WHERE id = :id AND at > ? LIMIT $1;\nSELECT nothing FROM a WHERE id = :id;",
    ) == [
        (0, 2, "PostgreSQL: functions in index predicate must be marked IMMUTABLE"),
        (1, 1, "PostgreSQL: unique constraint on partitioned table must include all partitioning columns"),
        (1, 3, 'PostgreSQL: column "x" does not exist'),
        (1, 7, 'PostgreSQL: syntax error at or near "RETRUN"'),
        (2, 2, 'PostgreSQL: column "nothing" does not exist'),
    ]


def test_one_fault_is_not_told_again_by_what_depends_on_it() -> None:
    assert ran("CREATE TABLE a (id nonsense);\nCREATE TABLE b (id int REFERENCES a);\nCREATE INDEX ON b (id);") == [
        (0, 1, 'PostgreSQL: type "nonsense" does not exist')
    ]
    assert ran("CREATE TABLE b (id int REFERENCES elsewhere);\nCREATE INDEX ON b (id);", known=("elsewhere",)) == []


def test_what_the_small_server_lacks_is_no_fault() -> None:
    assert ran(
        'CREATE EXTENSION "uuid-ossp";\nCREATE EXTENSION pg_trgm;\nCREATE EXTENSION nobody_knows;\n'
        "CREATE TABLE a (id uuid DEFAULT uuid_generate_v4(), name text);\nCREATE INDEX ON a USING gin (name gin_trgm_ops);\n"
        "CREATE ROLE clerk;\nGRANT SELECT ON a TO clerk;\nALTER SYSTEM SET fsync = on;"
    ) == []  # fmt: skip


@pytest.mark.parametrize(
    "reaches",
    [
        "COPY (SELECT 1) TO PROGRAM 'touch {file}'",
        "COPY (SELECT 1) TO '{file}'",
        "SELECT pg_read_file('/etc/passwd')",
        "SELECT pg_ls_dir('/')",
        "SELECT lo_import('/etc/passwd')",
        "CREATE FUNCTION system(cstring) RETURNS int AS '/lib/x86_64-linux-gnu/libc.so.6', 'system' LANGUAGE C",
        "ALTER SYSTEM SET archive_command = 'touch {file}'",
        "CREATE ROLE other SUPERUSER",
        "ALTER ROLE CURRENT_USER SUPERUSER",
        "GRANT pg_execute_server_program TO CURRENT_USER",
        "SET ROLE keeper",
        "SET SESSION AUTHORIZATION keeper",
        "CREATE DATABASE other",
        "SET temp_file_limit = -1",
        "CREATE EXTENSION dblink",
    ],
)
def test_nothing_beyond_the_throw_away_database_can_be_reached(reaches: str, tmp_path: Path) -> None:
    statement = reaches.format(file=tmp_path / "made")
    with postgres._server().fresh() as connection:
        with pytest.raises(psycopg.Error):
            connection.execute(statement)
        quoted = statement.replace("'", "''")
        assert connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone() == (False,)
    ran(f"DO $x$ BEGIN EXECUTE '{quoted}'; END $x$;", statement + ";")
    assert not (tmp_path / "made").exists()


def test_the_server_listens_to_no_network() -> None:
    assert postgres._server().admin.execute("SHOW listen_addresses").fetchone() == ("",)


@pytest.mark.parametrize(
    "endless",
    [
        "DO $$ BEGIN LOOP NULL; END LOOP; END $$",
        "SET statement_timeout = 0; DO $$ BEGIN LOOP NULL; END LOOP; END $$",
        "CREATE TABLE x AS SELECT * FROM generate_series(1, 1000000000000)",
        "CREATE TABLE y AS WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
    ],
)
def test_what_does_not_end_is_ended_and_the_next_document_is_not_touched(
    endless: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "SECONDS", 0.4)
    monkeypatch.setattr(postgres, "ALL_SECONDS", 1.0)
    begun = time.monotonic()
    ran(f"CREATE TABLE a (id int);\n{endless};\nCREATE TABLE b (id int);")
    assert time.monotonic() - begun < 5
    assert ran("CREATE TABLE a (id int);\nSELECT id FROM a;") == []
    names = postgres._server().admin.execute("SELECT count(*) FROM pg_database WHERE datname LIKE 'plan%'").fetchone()
    assert names == (0,)


def test_the_server_ends_with_the_process_that_was_killed() -> None:
    code = "from planning_kit.checks.sql import postgres; s = postgres._server(); print(s.folder, flush=True); input()"
    process = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout and process.stdin
    folder = Path(process.stdout.readline().decode().strip())
    server = int((folder / "data" / "postmaster.pid").read_text().split("\n")[0])
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    process.stdin.close()
    until = time.monotonic() + 10
    while folder.exists() and time.monotonic() < until:
        time.sleep(0.02)
    assert not folder.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(server, 0)


def test_a_document_names_both_tools_and_the_server_only_adds() -> None:
    text = (
        "```sql\nCREATE TABLE a (id int PRIMARY KEY, at timestamptz);\nCREATE INDEX ON a (id) WHERE at > now();\n```\n"
    )
    examined = checks.examine(Document("d.md", text), About(plan=False))
    assert [each.tool.split(", ")[1].split()[0] for each in examined.looked] == ["PostgreSQL"]
    assert [(each.line, each.rule) for each in examined.findings] == [(3, "runs-on-postgresql")]
    twice = "```sql\nCREATE TABLE a (\n id uuid REFERENCES b (id)\n);\n```\n"
    assert [each.rule for each in checks.check(Document("d.md", twice), About(plan=False))] == ["creates-what-its-sql-refers-to"]  # fmt: skip
