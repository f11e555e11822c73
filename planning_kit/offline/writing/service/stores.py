"""What a database is good for, in the words an architecture needs: its kind, how it keeps two writers apart, how it is split, what it stands against."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Store:
    """A kind of database.

    Attributes:
        kind: ``relational``, ``file``, ``document`` or ``key-value``.
        holds: what a table is called there.
        entry: what a row is called there.
        ties: how one entry names another.
        apart: what refuses a second entry of the same key at the moment of writing.
        together: how an entry and the outbox message about it are written at once.
        newer: what refuses a change that rests on an old version.
        split: how it is partitioned, when that is needed.
        adds: how a new field comes in while the service runs.
        against: what was weighed and rejected, with why; ``{ties}`` stands for how many references there are.
    """

    kind: str
    holds: str
    entry: str
    ties: str
    apart: str
    together: str
    newer: str
    split: str
    adds: str
    against: tuple[str, str]


_RELATIONAL = Store(
    "relational", "table", "row", "foreign key", "a unique constraint", "one transaction writes both",
    "the change names the version it rests on (`WHERE updated_at = …`)", "range partitions by time on the table that grows, each dropped whole",
    "add what is new: a column that may be null, a table, an index built without a lock",
    ("MongoDB", "{ties} would be kept by code instead of the database"),
)  # fmt: skip
_FILE = Store(
    "file", "table", "row", "foreign key", "a unique constraint", "one transaction writes both",
    "one writer at a time, so the version is compared inside the transaction", "none: one file on one machine",
    "add what is new: a column that may be null, a table, an index",
    ("PostgreSQL", "a server to run beside a program that has one writer"),
)  # fmt: skip
_DOCUMENT = Store(
    "document", "collection", "document", "reference by id, held by the service", "a unique index",
    "one multi-document transaction writes both, or the message is kept inside the document it is about",
    "the change names the version it rests on as a filter", "by a shard key that every frequent query names",
    "write the new field with new documents; readers accept documents without it",
    ("PostgreSQL", "{ties} could be held by the database; given up for the store that was chosen"),
)  # fmt: skip
_KEYED = Store(
    "key-value", "table", "item", "reference by key, held by the service", "a conditional write on the key",
    "a transactional write of both items, or the table's own change stream as the outbox",
    "a condition on the version attribute", "by the partition key; one that every frequent query names and that spreads the load",
    "write the new attribute with new items; readers accept items without it; a new query gets a new index",
    ("PostgreSQL", "{ties} and searches by any field would come with it; given up for the store that was chosen"),
)  # fmt: skip
_WIDE = Store(
    "key-value", "table", "row", "reference by key, held by the service", "a lightweight transaction (`IF NOT EXISTS`)",
    "a logged batch writes both; it is atomic, not isolated", "a lightweight transaction on the version (`IF version = …`)",
    "by the partition key; one table for each query that is asked often",
    "add a column, or a table for the new query; readers accept rows without it",
    ("PostgreSQL", "{ties} and searches by any field would come with it; given up for the store that was chosen"),
)  # fmt: skip
_KINDS = {
    "SQLite": _FILE, "MongoDB": _DOCUMENT, "Couchbase": _DOCUMENT, "CouchDB": _DOCUMENT, "Firestore": _DOCUMENT, "Cosmos DB": _DOCUMENT,
    "DynamoDB": _KEYED, "Cassandra": _WIDE,
}  # fmt: skip


def of(database: str) -> Store:
    """What the database of this name is; a relational one where nothing else is known."""
    return _KINDS.get(database, _RELATIONAL)
