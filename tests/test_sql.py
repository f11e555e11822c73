"""The SQL of a document is one script per dialect: split, read, compared with itself, and never able to hang a check."""

from __future__ import annotations

import json
import time

import pytest

from planning_kit import checks
from planning_kit.checks import sql
from planning_kit.checks.about import About
from planning_kit.checks.artefact import artefacts
from planning_kit.checks.sql import parsers, script
from planning_kit.document import Document

from .test_corpus import samples

SHOP = """# Data

```sql
CREATE TYPE state AS ENUM ('new', 'paid');
CREATE TABLE customers (id uuid PRIMARY KEY, email text NOT NULL);
```

1. Then the orders:

   ```sql
   CREATE TABLE orders (
     id bigint PRIMARY KEY,
     state state NOT NULL,
     kind text CHECK (kind IN ('web', 'shop')),
     customer_id uuid REFERENCES customers (id)
   );
   ```
"""


def found(text: str, **about: object) -> list[tuple[int, int, str]]:
    examined = checks.examine(Document("d.md", text), About(plan=False, **about))  # type: ignore[arg-type]
    return [(each.line, each.column, each.rule) for each in examined.findings]


@pytest.mark.parametrize(
    ("lang", "text", "otherwise", "dialect"),
    [
        ("sql", "SELECT 1", "postgres", "postgres"),
        ("sql", "SELECT 1", "tsql", "tsql"),
        ("mssql", "SELECT 1", "postgres", "tsql"),
        ("mariadb", "SELECT 1", "postgres", "mysql"),
        ("sql", "-- dialect: MySQL 8\nSELECT 1", "postgres", "mysql"),
        ("sql", "-- Dialect: SQL Server\nSELECT 1", "postgres", "tsql"),
        ("sql", "-- dialect: SQLite\nSELECT 1", "postgres", "sqlite"),
        ("plsql", "SELECT 1 FROM dual", "postgres", "oracle"),
        ("sql", "-- a dialect nobody knows\nSELECT 1", "postgres", "postgres"),
    ],
)
def test_a_block_says_its_dialect_by_fence_comment_or_document(
    lang: str, text: str, otherwise: str, dialect: str
) -> None:
    assert script.dialect(lang, text, otherwise) == dialect


def test_statements_end_where_the_database_ends_them() -> None:
    text = "SELECT 'a;b'; -- c;\nCREATE FUNCTION f() RETURNS int AS $x$ SELECT 1; $x$ LANGUAGE sql;\nSELECT 2 /* ; */"
    assert [each.first for each in script.statements(text, "postgres")] == ["SELECT", "CREATE", "SELECT"]
    text = "CREATE TABLE a (id INT)\nCREATE TABLE b (id INT)\nGO\nCREATE PROC p AS BEGIN SELECT 1; SELECT 2; END\nGO"
    assert [each.body for each in script.statements(text, "tsql")] == [False, False, True]
    text = "DELIMITER //\nCREATE TRIGGER x BEGIN a; b; END//\nDELIMITER ;\nINSERT INTO t VALUES ('a\\';b'); # c;\n"
    assert [each.body for each in script.statements(text, "mysql")] == [True, False]


def test_values_that_are_given_later_keep_every_column_in_its_place() -> None:
    text = "SELECT a FROM t WHERE b = :name AND c = ? AND d ? 'key' AND e = 'x'::text LIMIT ?"
    for dialect in ("postgres", "tsql", "mysql"):
        made = script.without_parameters(text, script.blanked(text, dialect), dialect)
        assert len(made) == len(text) and ":name" not in made and made.index("'key'") == text.index("'key'")


def test_the_tables_of_a_document_are_read_with_their_lines_and_values() -> None:
    customers, orders = sql.tables(Document("d.md", SHOP))
    assert (customers.name, customers.line, customers.primary_key) == ("customers", 5, ("id",))
    assert [(each.name, each.type, each.line) for each in orders.columns][:2] == [("id", "bigint", 12), ("state", "state", 13)]  # fmt: skip
    assert [each.values for each in orders.columns] == [(), ("new", "paid"), ("web", "shop"), ()]
    assert [(key.columns, key.table, key.targets, key.line) for key in orders.foreign_keys] == [(("customer_id",), "customers", ("id",), 15)]  # fmt: skip
    assert found(SHOP) == []


def test_a_table_of_the_codebase_or_of_another_document_may_be_referred_to() -> None:
    text = "```sql\nCREATE TABLE notes (id uuid PRIMARY KEY, owner_id uuid REFERENCES owners (id));\n```\n"
    owners = Document("data.md", "```sql\nCREATE TABLE owners (id uuid PRIMARY KEY);\n```\n")
    assert found(text) == [(2, 67, "creates-what-its-sql-refers-to")]
    assert found(text, tables=frozenset({"owners"})) == []
    assert found(text, beside=(owners,)) == []
    assert found("```sql\nALTER TABLE owners ADD COLUMN x int;\n```\n" + text) == []


def test_sqlite_is_run_by_sqlite_itself_without_reach_beyond_memory(tmp_path: object) -> None:
    bad = "```sqlite\nCREATE TABLE a (id INTEGER PRIMARY KEY);\nSELECT nothing FROM a;\n```\n"
    assert (3, 8, "parses-its-sql") in found(bad)
    assert found("```sqlite\nPRAGMA foreign_keys = ON;\nCREATE TABLE a (id INTEGER PRIMARY KEY);\nSELECT id FROM a WHERE id = ?;\n```\n") == []  # fmt: skip
    file = f"{tmp_path}/x.db"
    begun = time.process_time()
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n) SELECT count(*) FROM n"
    assert parsers.lite(json.dumps([f"ATTACH '{file}' AS x; {endless};"])) == []
    assert time.process_time() - begun < 5
    assert found("```sqlite\nCREATE TABEL a (id INTEGER);\n```\n") == [(2, 8, "parses-its-sql")]


def test_sql_no_tool_reads_is_said_not_to_be_checked() -> None:
    document = Document("d.md", "```sql\n-- dialect: oracle\nSELECT 1 FROM dual;\n```\n")
    assert [each.tool.split()[0] for each in checks.examine(document, About(plan=False)).looked] == ["sqlfluff"]
    (looked,) = checks.examine(Document("d.md", "```sql\nSELECT 1\n```\n"), About(plan=False, dialect="db2")).looked
    assert looked.why == "no tool for the SQL of db2"


@pytest.mark.parametrize("kind", ["sql-postgres"])
def test_the_verdicts_are_the_same_without_the_server(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(sql.SWITCH, "off")
    for sample in samples(kind):
        text = f"{sample.text}\n"
        examined = checks.examine(Document("off.md", text), sample.about)
        assert not any("PostgreSQL" in each.tool for each in examined.looked)
        if sample.verdict == "good":
            assert examined.findings == (), sample.title
        else:
            assert (sample.line, sample.rule) in {(each.line, each.rule) for each in examined.findings}, sample.title


@pytest.mark.parametrize(
    ("text", "dialect"),
    [
        ("SELECT " + "(" * 100_000, "postgres"),
        ("SELECT " + "(" * 50_000, "tsql"),
        ("CREATE TABLE t (a int);\nSELECT '" + "x" * 1_000_000, "postgres"),
        ("CREATE TABLE t (a int);\nDO $$ BEGIN " + "x " * 400_000, "postgres"),
        ("CREATE TABLE t (a int" + "," * 300_000 + ");", "mysql"),
    ],
    ids=["nested", "nested for SQL Server", "a string", "a body", "commas"],
)
def test_hostile_sql_ends_as_a_finding(text: str, dialect: str) -> None:
    begun = time.monotonic()
    assert found(f"```sql\n{text}\n```\n", dialect=dialect)
    assert time.monotonic() - begun < 15


@pytest.mark.parametrize("text", ["'" * 300_000, "(" * 300_000, "/*" * 150_000, "$a$" * 100_000, ":a " * 100_000, "= ?" * 100_000, "-- dialect" + " " * 300_000, "DELIMITER x\n" * 30_000])  # fmt: skip
def test_a_script_is_split_in_a_time_that_grows_with_it(text: str) -> None:
    begun = time.monotonic()
    for dialect in ("postgres", "tsql", "mysql"):
        script.dialect("sql", text, "postgres")
        script.statements(text, dialect)
        script.without_parameters(text, script.blanked(text, dialect), dialect)
    assert time.monotonic() - begun < 6


def test_a_document_that_promises_ddl_has_it() -> None:
    def promised(text: str) -> list[str]:
        about = About(plan=False, checks=("ddl",))
        return [each.message for each in checks.check(Document("d.md", text), about) if each.rule == "holds-its-ddl"]

    assert promised("# Nothing\n") == ["there is no DDL"]
    assert promised("```sql\nSELECT 1;\n```\n") == ["the sql blocks create no table and change none"]
    assert promised(SHOP) == []
    assert len(artefacts(Document("d.md", SHOP))) == 2
