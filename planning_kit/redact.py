"""What must never reach a disk: secrets, recognised by their shape, by their name, or because they are in use."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import quote

from .sieve import Sieve

SHORTEST = 8
"""A literal of fewer characters is a word, not a secret: replacing it everywhere would garble the text."""

_START = r"(?:(?<![A-Za-z0-9_-])|(?<=\\[bfnrt])|(?<=\\u[0-9A-Fa-f]{4}))"
"""Where a token may begin: not inside a word; the letter of a JSON escape (``\\n``) is not part of a word."""

_BETWEEN = r"(?:[\s\"',:;=|]|\\[nrt\"\\])"
_GAP = _BETWEEN + "{1,12}"
"""What stands between a name and its value, or between two values, in text, CSV or serialized JSON."""

_DIGIT = r"(?=[A-Za-z._~+/=-]{0,80}[0-9])"
"""A token has a digit early on; the prose after "bearer" does not."""

_SHAPES: tuple[tuple[str, tuple[str, ...], re.Pattern[str]], ...] = tuple(
    (kind, tuple(triggers.split()), re.compile(pattern))
    for kind, triggers, pattern in (
        ("anthropic-key", "sk-ant-", rf"{_START}(sk-ant-[A-Za-z0-9_-]{{10,}})"),
        (
            "openai-key",
            "sk-",
            rf"{_START}(sk-(?:proj|svcacct|admin|or-v1|None)-[A-Za-z0-9_-]{{20,}}|sk-[A-Za-z0-9]{{32,}})",
        ),
        (
            "github-token",
            "ghp_ gho_ ghu_ ghs_ ghr_ github_pat_",
            rf"{_START}(gh[pousr]_[A-Za-z0-9]{{30,}}|github_pat_[A-Za-z0-9_]{{22,}})",
        ),
        (
            "gitlab-token",
            "glpat- gldt- glrt- glptt- glcbt-",
            rf"{_START}(gl(?:pat|dt|rt|ptt|cbt)-[A-Za-z0-9_-]{{20,}})",
        ),
        (
            "aws-secret",
            "AKIA ASIA",
            rf"(?:AKIA|ASIA)[A-Z0-9]{{16}}{_GAP}([A-Za-z0-9/+]{{40}})(?![A-Za-z0-9/+])",
        ),
        (
            "aws-secret",
            "~secret",
            rf"(?i:aws_?secret(?:_?access)?_?key|secret_?access_?key){_GAP}([A-Za-z0-9/+]{{40}})(?![A-Za-z0-9/+])",
        ),
        ("aws-key", "AKIA ASIA", rf"{_START}((?:AKIA|ASIA)[A-Z0-9]{{16}})(?![A-Za-z0-9])"),
        (
            "google-key",
            "AIza GOCSPX- ya29.",
            rf"{_START}(AIza[A-Za-z0-9_-]{{35}}|GOCSPX-[A-Za-z0-9_-]{{20,}}|ya29\.[A-Za-z0-9_-]{{20,}})",
        ),
        ("slack-token", "xox xapp-", rf"{_START}(xox[abeoprs]-[A-Za-z0-9-]{{10,}}|xapp-[A-Za-z0-9-]{{20,}})"),
        ("slack-webhook", "hooks.slack.com/", r"hooks\.slack\.com/(?:services|workflows)/([A-Za-z0-9/_-]{20,})"),
        (
            "stripe-key",
            "k_live_ k_test_ whsec_",
            rf"{_START}([rs]k_(?:live|test)_[A-Za-z0-9]{{16,}}|whsec_[A-Za-z0-9+/=]{{24,}})",
        ),
        (
            "package-token",
            "npm_ pypi- hf_",
            rf"{_START}(npm_[A-Za-z0-9]{{30,}}|pypi-[A-Za-z0-9_-]{{40,}}|hf_[A-Za-z0-9]{{30,}})",
        ),
        ("sendgrid-key", "SG.", rf"{_START}(SG\.[A-Za-z0-9_-]{{16,}}\.[A-Za-z0-9_-]{{16,}})"),
        ("jwt", ".eyJ", rf"{_START}(eyJ[A-Za-z0-9_-]{{8,}}\.eyJ[A-Za-z0-9_-]{{8,}}\.[A-Za-z0-9_-]*)"),
        ("bearer-token", "~bearer", rf"{_START}(?i:bearer){_BETWEEN}{{1,4}}{_DIGIT}([A-Za-z0-9._~+/=-]{{16,}})"),
        (
            "password",
            "://",
            r"://(?<=[a-z]://)[^\s:/@\"'\\<>\[]{0,100}:(?!(?i:pass(?:word|wd)?|pwd|secret|guest|change_?me|\*{3,9}|x{3,9})@)([^\s:/@\"'\\<>\[{$]{3,100})@",
        ),
    )
)
"""Kind, triggers and pattern; the first group is what is replaced. A text without any of the triggers (``~``: in
whatever case) cannot match, and looking for them is many times faster. Shapes: the issuers' published prefixes. Every
repeat is bounded, ends its match, or cannot begin again inside itself, so the time grows with the length of the text."""

_AS_WRITTEN = tuple(trigger for _, triggers, _ in _SHAPES for trigger in triggers if trigger[0] != "~")
_ANY_CASE = tuple(trigger[1:] for _, triggers, _ in _SHAPES for trigger in triggers if trigger[0] == "~")
_SIEVE = Sieve(_AS_WRITTEN)
_SHORT = 400
"""A text of fewer characters is looked through faster than it is taken apart."""
_MARK = re.compile(r"\[REDACTED:([a-z-]{1,30})\]")

_KEY_BEGINS = re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_KEY_ENDS = re.compile(r"-----(?:BEGIN|END) [A-Z0-9 ]{0,80}-----")
_LONGEST_KEY = 20_000
_KEY_LETTERS = re.compile(r"[A-Za-z0-9+/=]{16}")
_BREAK = r"(?:\s|\\[nr](?!\"|\\\")|\\n\",\s{1,20}\"(?![^\"\\]{0,100}\"\s?:))"
_KEY_BODY = re.compile(
    rf"(?:{_BREAK}++[A-Z][A-Za-z-]{{1,20}}: [A-Za-z0-9,. -]{{1,80}}+){{0,4}}"
    rf"(?:{_BREAK}++[A-Za-z0-9+/=]{{16,}}+)*+(?:{_BREAK}++[A-Za-z0-9+/=]++)?"
)
"""What follows a key's first line when its last one is missing: headers, then letters over several lines,
also as the list of lines a notebook keeps; it ends on a letter, so the JSON around it stays whole."""

_SECRET_WORDS = frozenset(
    [
        "password",
        "passwd",
        "passphrase",
        "secret",
        "secrets",
        "credential",
        "credentials",
        "apikey",
        "authtoken",
        "accesstoken",
        "privatekey",
        "secretkey",
        "accesskey",
        "bearer",
        "authorization",
    ]
)
_KEY_OF = frozenset(
    [
        "api",
        "private",
        "secret",
        "access",
        "auth",
        "signing",
        "encryption",
        "ssh",
        "client",
        "account",
        "master",
        "deploy",
    ]
)
_COUNTED = frozenset(["limit", "limits", "count", "budget", "max", "min", "total", "size", "per", "number"])


def redact(text: str, also: Iterable[str] = ()) -> str:
    """``text`` with every secret in it replaced by ``[REDACTED:kind]``; serialized JSON stays JSON.

    Args:
        text: anything that is about to be written or shown.
        also: secrets in use (a key); those of fewer than :data:`SHORTEST` characters are left alone.
    """
    for literal in sorted({word.strip() for word in also}, key=len, reverse=True):
        if len(literal) >= SHORTEST:
            for spelling in _spellings(literal):
                text = text.replace(spelling, "[REDACTED:key-in-use]")
    return _without_shapes(text)


def counted(text: str) -> tuple[str, Counter[str]]:
    """``text`` as :func:`redact` gives it but with every line in its place, and how many secrets of which kind went."""
    clean = _without_shapes(text, keep_lines=True)
    if clean == text:
        return text, Counter()
    return clean, Counter(_MARK.findall(clean)) - Counter(_MARK.findall(text))


def looks_secret(name: str, value: str) -> bool:
    """Whether a parameter called ``name`` holding ``value`` is, or is meant to be, a secret.

    The name alone is enough (``api_key``, ``githubToken``, ``DB_PASSWORD``); ``max_tokens`` counts, so it is none.
    """
    words = [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)]
    pairs = set(zip(words, words[1:], strict=False))
    if _SECRET_WORDS & {*words, "".join(words)} or any(left in _KEY_OF and right == "key" for left, right in pairs):
        return True
    if "pwd" in words and len(words) > 1:  # PWD alone is the working directory
        return True
    if "token" in words and not _COUNTED & set(words):
        return True
    if any(left in _KEY_OF and right in ("tokens", "keys") for left, right in pairs):
        return True
    return redact(value) != value


@lru_cache(maxsize=64)
def _spellings(literal: str) -> list[str]:
    """How ``literal`` may stand in plain text, in serialized JSON and in an address; longest first."""
    spellings = {
        literal,
        json.dumps(literal)[1:-1],
        json.dumps(literal, ensure_ascii=False)[1:-1],
        quote(literal, safe=""),
    }
    return sorted(spellings, key=len, reverse=True)


def _replaced(found: re.Match[str], kind: str) -> str:
    whole, start = found.group(), found.start()
    return f"{whole[: found.start(1) - start]}[REDACTED:{kind}]{whole[found.end(1) - start :]}"


def _without_shapes(text: str, keep_lines: bool = False) -> str:
    """``text`` without what is shaped like a secret."""
    if "PRIVATE KEY" in text:
        text = _without_private_keys(text, keep_lines)
    folded = text.casefold()
    long = len(text) > _SHORT
    held = {each for each in (_SIEVE.bare if long else _AS_WRITTEN) if each in text}
    held |= _SIEVE.of(text, folded) if long else set()
    held |= {f"~{each}" for each in _ANY_CASE if each in folded}
    for kind, triggers, pattern in _SHAPES:
        if not held.isdisjoint(triggers):
            text = pattern.sub(lambda found, kind=kind: _replaced(found, kind), text)  # type: ignore[misc]
    return text


def _without_private_keys(text: str, keep_lines: bool = False) -> str:
    """``text`` without the blocks that begin with a private key's line, cut-off ones included."""
    pieces: list[str] = []
    done = 0
    for begin in _KEY_BEGINS.finditer(text):
        if begin.start() < done:
            continue
        mark = _KEY_ENDS.search(text, begin.end(), begin.end() + _LONGEST_KEY)
        if mark and mark.group().startswith("-----END"):
            end = mark.end()
        else:
            body = _KEY_BODY.match(text, begin.end())
            end = body.end() if body else begin.end()
        if _KEY_LETTERS.search(text, begin.end(), end):
            lines = text.count("\n", begin.start(), end) if keep_lines else 0
            pieces += [text[done : begin.start()], "[REDACTED:private-key]", "\n" * lines]
            done = end
    return "".join(pieces) + text[done:]
