"""Secrets in code and configuration that no shape gives away, only the name they are assigned to: ``password = "…"``, ``API_KEY=…``."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Iterator

SETTINGS = frozenset(
    [
        "yaml", "yml", "properties", "ini", "cfg", "conf", "cnf", "config", "env", "envrc", "sh", "bash", "zsh", "fish", "ps1", "bat",
        "cmd", "dockerfile", "containerfile", "makefile", "example", "sample", "template", "dist"
    ]
)  # fmt: skip
"""How the names of files end in which a value stands without quotes."""

_WORD = re.compile(r"(?i)pass(?:w(?:or)?d|phrase|code)?|pwd|secret|token|key|credential|identified by|basic ")
_HITS = ("pass", "pwd", "secret", "token", "key", "credential", "identified by", "basic ")
_STRONG = ("pass", "pwd", "secret", "identified by", "basic ")
"""The words that always mean a secret; a token or a key is one often."""
_KEY_OF = tuple(
    [
        "api", "private", "secret", "access", "auth", "signing", "signature", "encryption", "crypto", "session", "client", "account",
        "master", "deploy", "shared", "storage", "hmac", "webhook", "jwt", "license", "service", "app", "application"
    ]
)  # fmt: skip
"""What makes a key a secret: an API key is one, a primary key is not."""
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
        "missing", "abc", "xyz", "data", "input", "field", "latest", "stable", "min", "max", "length", "nullable", "confirmed", "sometimes"
    ]
)  # fmt: skip
"""The words placeholders, types, labels and names of things are made of."""

_SUFFIX = r"(?:[_-]?(?:base|prod(?:uction)?|dev(?:elopment)?|staging|test|live|default|old|new|\d{1,3}))?"
_QUOTE = r"(?P<q>\\?\"\"\"|'''|\\?[\"'`])(?P<v>(?:(?!(?P=q))(?:\\.|[^\n\\])){1,300})(?P=q)"
_TYPE = r"(?:[ \t]{0,8}:[ \t]{0,8}[A-Za-z&][\w.<>\[\]|?&' ]{0,40}?|[ \t](?:string|String|str|text)(?=[ \t]?=))?"
_SIGN = r"[ \t]{0,40}(?:=>|:=|[=!]?={1,2}|:|=)[ \t]{0,40}"
_CLOSED = r"\\?[\"'`]?\]?"

# The ways in which a value follows a name: quoted (password = "…"), plain as in YAML and .env, exported (TOKEN=…), in an element
# (<password>…</password>), of a named setting (name="password" value="…"), as a second argument (define('PASSWORD', '…')) or the
# only one (setPassword("…")), in SQL (PASSWORD '…'), as an option (--password …), in a connection string or header, as a default
# (${PASSWORD:-…}), in a basic authorization.
_QUOTED = re.compile(rf"(?i){_SUFFIX}{_CLOSED}{_TYPE}{_SIGN}(?:[rbuf@$]{{1,2}}(?=[\"']))?{_QUOTE}")
_PLAIN = re.compile(
    rf"(?i){_SUFFIX}[\"']?(?:[ \t]{{0,40}}[=:][ \t]{{0,40}}(?P<v>[^\s\"'`#;,<>(){{}}\[\]!&*|>%@$][^\s\"'`,;(]{{0,300}})[ \t]{{0,40}}(?=$|[\n#;,])"
    rf"|=(?P<w>[^\s\"'`#;,<>(){{}}\[\]!&*|>%@$][^\s\"'`,;(]{{0,300}})(?=\s))"
)
_EXPORTED = re.compile(r"(?:_[A-Z0-9]{1,10})?=(?P<v>[A-Za-z0-9+/=_-]{8,300})(?![\w.(\[])")
_ELEMENT = re.compile(rf"(?i){_SUFFIX}>(?P<v>[^<\s]{{3,300}})</")
_NAMED = re.compile(
    rf"(?i){_SUFFIX}[\"']?(?:>(?P<v>[^<\s]{{3,300}})</|,?\s{{1,40}}[\"']?value[\"']?\s{{0,8}}[:=]\s{{0,8}}(?:[\"'](?P<w>[^\s\"']{{3,300}})[\"']|(?P<u>[^\s\"'|>&*!{{]\S{{2,300}})(?=\s|$)))"
)
_GIVEN = re.compile(rf"(?i){_SUFFIX}[\"']\s{{0,8}},\s{{0,8}}{_QUOTE}\s{{0,8}}\)")
_CALLED = re.compile(rf"(?i)\(\s{{0,8}}{_QUOTE}\s{{0,8}}\)")
_SAID = re.compile(r"[ \t]{1,8}'(?P<v>[^'\n]{1,300})'")
_OPTION = re.compile(r"(?:[ \t]{1,4}|=)[\"']?(?P<v>[^\s\"'<>\[\]${}-][^\s\"'<>]{3,300})")
_CONNECTION = re.compile(r"[ \t]?[=:][ \t]?(?P<v>[^;\"'`\s{$<]{3,300})(?=[;\"'`])")
_DEFAULT = re.compile(r":[-=]?(?P<v>[^\s{}$\"']{3,300})\}")
_LOGIN = re.compile(r"(?P<v>[A-Za-z0-9+/]{12,300}={0,2})")

_AHEAD = re.compile(
    rf"(?i){_SUFFIX}(?:{_CLOSED}{_TYPE}{_SIGN}[rbuf@$]{{0,2}}\\?[\"'`]|[\"']?(?:>|,?\s{{1,40}}[\"']?value)|[\"']\s{{0,8}},\s{{0,8}}\\?[\"'`]|\(\s{{0,8}}\\?[\"'`]|[ \t]{{1,8}}'"
    r"|[A-Za-z0-9+/]{12}|[ \t]?[=:][ \t]?[^;\"'`\s{$<]{3,300}[;\"'`}])|(?:_[A-Z0-9]{1,10})?=[A-Za-z0-9+/=_-]{8}"
)
_AHEAD_SETTING = re.compile(
    rf"{_AHEAD.pattern}|(?:{_SUFFIX})[\"']?[ \t]{{0,40}}[=:][ \t]{{0,40}}[^\s\"'`#;,<>(){{}}\[\]!&*|>%@$]"
)
"""What has to follow a name so that any of the ways above can; most names fail it, and it is one look instead of many."""

_NAME = string.ascii_letters + string.digits + "_.:-"
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


def is_settings(path: str) -> bool:
    """Whether a value may stand without quotes in the file at ``path``, judged by how its name ends."""
    return path.lower().rpartition("/")[2].rpartition(".")[2] in SETTINGS


def counted(text: str, settings: bool = False) -> tuple[str, Counter[str]]:
    """``text`` with what is assigned to a secret's name replaced by ``[REDACTED:kind]``, and how many of which kind.

    Names of variables, calls, types, references (``${TOKEN}``), paths and placeholders (``changeme``) stay.

    Args:
        text: code or configuration.
        settings: whether a value may stand without quotes, as in YAML, ``.env`` and shell.
    """
    folded = text.lower()
    if len(folded) != len(text):  # one capital letter becomes two characters: places would not fit
        folded = text.replace("\u0130", "I").lower()
    spans = sorted(set(_spans(text, folded, settings)))
    pieces: list[str] = []
    kinds: Counter[str] = Counter()
    done = 0
    for start, end, kind in spans:
        if start >= done:
            pieces += [text[done:start], f"[REDACTED:{kind}]"]
            kinds[kind] += 1
            done = end
    return ("".join(pieces) + text[done:], kinds) if pieces else (text, kinds)


def _spans(text: str, folded: str, settings: bool) -> Iterator[tuple[int, int, str]]:
    """Where a secret begins, where it ends, and what it is."""
    ahead, dashes = (_AHEAD_SETTING if settings else _AHEAD), "--" in text
    for hit in _HITS:
        place = -1
        while (place := folded.find(hit, place + 1)) >= 0:
            word = _WORD.match(text, place)
            end = word.end() if word else place + len(hit)
            if ahead.match(text, end) or (dashes and folded.find("--", max(0, place - 40), place) >= 0):
                name = _before(text, place)
                for found in _values(text, place, end, name, hit, settings):
                    group = next((each for each in ("v", "w", "u") if found.groupdict().get(each)), "v")
                    if _is_secret(found[group], name + text[place:end], strong=hit in _STRONG):
                        yield found.start(group), found.end(group), _kind(hit)
                        break


def _before(text: str, place: int) -> str:
    """What of a name stands before ``place``."""
    window = text[max(0, place - 40) : place]
    return window[len(window.rstrip(_NAME)) :]


def _values(text: str, place: int, end: int, before: str, hit: str, settings: bool) -> Iterator[re.Match[str]]:
    """What could be the value of the name that is ``before`` and the word at ``place`` to ``end``."""
    if hit == "basic ":
        tries = [_LOGIN] if "authorization" in text[max(0, place - 30) : place].lower() else []
    elif hit == "identified by":
        tries = [_SAID]
    elif _promises(before, text[place:end], hit):
        lead = text[max(0, place - len(before) - 2) : place - len(before)]
        tries = _tries(before, lead, hit, settings)
        if hit == "pass" and end - place > len(hit):
            tries.append(_SAID)
        if text[place:end].isupper() and not settings:
            tries.append(_EXPORTED)
    else:
        tries = []
    yield from (found for pattern in tries if (found := pattern.match(text, end)))


def _promises(before: str, word: str, hit: str) -> bool:
    """Whether a name of ``before`` and ``word`` is a secret's."""
    stem = before.rstrip("_-.").lower()
    if hit == "key":
        return stem.endswith(_KEY_OF)
    if word.lower() == "pass":
        return not before or not before[-1].isalnum() or (word[0].isupper() and before[-1].islower())
    return True


def _tries(before: str, lead: str, hit: str, settings: bool) -> list[re.Pattern[str]]:
    """The ways in which a value may follow, given what stands before the name."""
    ways = [_QUOTED, _NAMED]
    if lead.endswith("<"):
        ways.append(_ELEMENT)
    if lead in ("('", '("'):
        ways.append(_GIVEN)
    if hit == "pass":
        ways += [_CALLED] if before.lower().endswith((".", "set", "with")) else []
    if lead[-1:] in (";", '"', "'", "`"):
        ways.append(_CONNECTION)
    if lead == "${":
        ways.append(_DEFAULT)
    if before.startswith("--"):
        ways.append(_OPTION)
    return [*ways, _PLAIN] if settings else ways


def _is_secret(value: str, name: str, strong: bool) -> bool:
    """Whether ``value`` is a secret itself rather than a reference, a path, a label or a placeholder.

    Args:
        value: what stands after the name, without its quotes.
        name: the name it is assigned to.
        strong: whether the name means a secret always (a password), not only often (a token, a key).
    """
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


def _kind(hit: str) -> str:
    """How a secret under a name that ends in ``hit`` is called."""
    return {"secret": "secret", "token": "token", "key": "key", "credential": "secret"}.get(hit, "password")
