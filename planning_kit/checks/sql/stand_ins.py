"""What stands in for extensions of PostgreSQL that its small build does not bring, so that a script which uses them can be run."""

from __future__ import annotations

_UUID = "CREATE FUNCTION {}() RETURNS uuid LANGUAGE sql VOLATILE AS 'SELECT gen_random_uuid()'"
_NAMED = "CREATE FUNCTION {}(uuid, text) RETURNS uuid LANGUAGE sql IMMUTABLE AS 'SELECT $1'"
_BYTES = "CREATE FUNCTION {}({}) RETURNS bytea LANGUAGE sql IMMUTABLE AS 'SELECT NULL::bytea'"
_TEXT = "CREATE FUNCTION {}({}) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT NULL::text'"

MADE: dict[str, tuple[str, ...]] = {
    "uuid-ossp": (
        *(_UUID.format(name) for name in ("uuid_generate_v1", "uuid_generate_v1mc", "uuid_generate_v4", "uuid_nil")),
        *(_NAMED.format(name) for name in ("uuid_generate_v3", "uuid_generate_v5")),
    ),
    "pgcrypto": (
        *(_BYTES.format(name, kinds) for name, kinds in (
            ("digest", "text, text"), ("digest", "bytea, text"), ("hmac", "text, text, text"), ("hmac", "bytea, bytea, text"),
            ("gen_random_bytes", "integer"), ("pgp_sym_encrypt", "text, text"), ("pgp_sym_encrypt", "text, text, text"), ("pgp_pub_encrypt", "text, bytea"),
            ("encrypt", "bytea, bytea, text"), ("decrypt", "bytea, bytea, text"),
        )),
        *(_TEXT.format(name, kinds) for name, kinds in (
            ("crypt", "text, text"), ("gen_salt", "text"), ("gen_salt", "text, integer"), ("pgp_sym_decrypt", "bytea, text"), ("pgp_pub_decrypt", "bytea, bytea"),
        )),
    ),
    "citext": ("CREATE DOMAIN citext AS text",),
}  # fmt: skip
"""Extension → statements that make functions and types of its names (PostgreSQL manual, appendix F)."""

NAMES: dict[str, frozenset[str]] = {
    "uuid-ossp": frozenset(),
    "pgcrypto": frozenset(),
    "citext": frozenset(),
    "btree_gist": frozenset({"gist", "EXCLUDE"}),
    "btree_gin": frozenset({"gin"}),
    "pg_trgm": frozenset({"gin_trgm_ops", "gist_trgm_ops", "similarity", "word_similarity", "%", "show_trgm"}),
    "postgis": frozenset({"geometry", "geography", "ST_DWithin", "ST_MakePoint", "ST_SetSRID", "ST_Distance", "box2d"}),
    "hstore": frozenset({"hstore"}),
    "ltree": frozenset({"ltree", "lquery"}),
    "unaccent": frozenset({"unaccent"}),
    "timescaledb": frozenset({"create_hypertable", "time_bucket", "add_retention_policy", "add_compression_policy", "timescaledb"}),
    "pg_cron": frozenset({"cron"}),
    "pg_partman": frozenset({"partman", "create_parent"}),
    "pg_stat_statements": frozenset({"pg_stat_statements"}),
}  # fmt: skip
"""Extension → words of what it brings that nothing stands in for: a statement with one of them that fails is not told."""
