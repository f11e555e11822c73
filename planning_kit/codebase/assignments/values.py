"""Whether a value in code or configuration is a secret itself rather than a reference, a path, a label or a placeholder."""

from __future__ import annotations

import re

_VOCABULARY = frozenset(
    [
        "a", "an", "the", "my", "your", "our", "this", "that", "here", "there", "me", "it", "change", "changeme", "replace", "replaceme",
        "with", "insert", "enter", "put", "set", "add", "fill", "use", "some", "any", "from", "in", "for", "of", "to", "is", "not", "no",
        "yes", "on", "off", "only", "example", "sample", "dummy", "fake", "mock", "stub", "test", "tests", "testing", "placeholder",
        "pass", "password", "passwd", "passphrase", "pwd", "secret", "secrets", "key", "keys", "api", "apikey", "token", "tokens",
        "access", "refresh", "auth", "authorization", "bearer", "basic", "client", "public", "private", "value", "string", "str", "text",
        "bytes", "char", "varchar", "int", "integer", "number", "float", "bool", "boolean", "object", "uuid", "date", "json", "user",
        "username", "name", "email", "mail", "login", "id", "db", "database", "none", "null", "nil", "undefined", "true", "false",
        "empty", "default", "todo", "tbd", "fixme", "foo", "bar", "baz", "qux", "dev", "development", "prod", "production", "local",
        "staging", "env", "environment", "required", "optional", "hidden", "masked", "redacted", "encrypted", "include", "omit",
        "inherit", "same", "origin", "header", "cookie", "session", "csrf", "xsrf", "x", "reset", "forgot", "update", "new", "old",
        "current", "confirm", "confirmation", "repeat", "hash", "hashed", "grant", "type", "code", "unset", "unknown", "invalid",
        "missing", "bcrypt", "argon", "scrypt", "sha", "md", "jwt", "oauth", "opaque", "plaintext", "plain", "stored", "mandatory",
        "unchanged", "expired", "revoked", "active", "inactive", "valid", "abc", "xyz", "data", "input", "field", "latest", "stable", "min", "max", "length", "nullable", "confirmed", "sometimes"
    ]
)  # fmt: skip
"""The words placeholders, types, labels and names of things are made of."""

_PATH = re.compile(r"(?:file:)?(?:[.~]{0,2}/|[A-Za-z]:\\)[\w.@~-]{0,80}(?:[/\\][\w.@~-]{0,80}){0,12}\Z")
_TEMPLATE = re.compile(
    r"\$\{|\$\(|\A\$[A-Za-z_]\w*\Z|\{\{|%[({]|(?:\A|[:/=])%[sdv]|#\{|<[^>]*>|\{[A-Za-z_][\w.\[\]\"']*\}|\A(?:ENC\[|!|@@|https?://|op://|vault:|ref\+|arn:|projects/|workspace:|link:|npm:|catalog:|git\+|github:)|\A%\w+%\Z|\[REDACTED:"
)
_FILLED = re.compile(
    r"(?i)(?:your|insert|replace|enter|put)[-_ .].*|your[a-z].*|.*(?:change|replace|fill)[-_ ]?(?:me|this|it).*|.*[-_ ]here|.*(?:\.\.\.|…)|[x*•.:?#_-]+|(\w)\1*|\w{0,12}x{4,}\w{0,4}"
)
_VERSION = re.compile(r"[~^>=<v]{0,3}\d{1,4}(?:\.(?:\d{1,6}|x|\*)){1,3}(?:[-+.][A-Za-z0-9.-]{1,24})?")
_PIECES = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_DIGIT = re.compile(r"\d")


def is_secret(value: str, name: str, strong: bool) -> bool:
    """Whether ``value`` is a secret itself rather than a reference, a path, a label or a placeholder.

    Args:
        value: what stands after the name, without its quotes.
        name: the name it is assigned to.
        strong: whether the name means a secret always (a password), not only often (a token, a key).
    """
    value = re.sub(r"\A\{(?:noop|plain)\}", "", value)
    if len(value) < (4 if strong else 8) or re.search(r"\s", value):
        return False
    if _TEMPLATE.search(value) or _PATH.match(value) or _FILLED.fullmatch(value) or _VERSION.fullmatch(value):
        return False
    words = [piece.lower() for piece in _PIECES.findall(value)]
    own = {piece.lower() for piece in _PIECES.findall(name)}
    if words and all(piece in _VOCABULARY or piece in own for piece in words if not piece.isdigit()):
        return any(piece.isdigit() and len(piece) > 2 for piece in words) and strong
    if strong:
        return True
    return bool(_DIGIT.search(value)) or len(value) >= 24
