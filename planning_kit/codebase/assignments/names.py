"""Secrets recognised by the name they are assigned to: ``password = "…"``, ``API_KEY=…``, ``getenv("TOKEN", "…")``."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator

from . import values

_WORD = re.compile(r"(?i)pass(?:w(?:or)?d|phrase|code|wort)?|pwd|secret|token|key|credential|identified by|basic ")
_HITS = ("pass", "pwd", "secret", "token", "key", "credential", "identified by", "basic ")
_STRONG = ("pass", "pwd", "secret", "identified by", "basic ")
"""The words that always mean a secret; a token or a key is one often."""
_KEY_OF = tuple(
    [
        "api", "private", "secret", "access", "auth", "signing", "signature", "encryption", "crypto", "session", "client", "account",
        "master", "deploy", "shared", "storage", "hmac", "webhook", "jwt", "license", "service", "app", "application", "cookie", "hash",
        "cipher", "aes", "subscription", "integration", "write", "admin"
    ]
)  # fmt: skip
"""What makes a key a secret: an API key is one, a primary key is not."""
_PASS_OF = tuple(
    [
        "require",
        "master",
        "db",
        "user",
        "root",
        "admin",
        "smtp",
        "ftp",
        "mail",
        "key",
        "store",
        "my",
        "auth",
        "bind",
        "redis",
        "mysql",
        "pg",
        "sql",
        "http",
        "proxy",
        "login",
        "cert",
    ]
)
"""What is written together with ``pass`` in the name of a password."""

_SUFFIX = r"(?:[_-]?(?:base|prod(?:uction)?|dev(?:elopment)?|staging|test|live|default|old|new|value|str(?:ing)?|v?\d{1,3}))?s?"
_QUOTE = r"(?P<q>\\?\"\"\"|'''|\\?[\"'`])(?P<v>(?:(?!(?P=q))(?:\\.|[^\n\\])){1,300})(?P=q)"
_TYPE = r"(?:[!?]?[ \t]{0,8}:[ \t]{0,8}[A-Za-z&][\w.<>\[\]|?&' ]{0,40}?|[ \t](?:string|String|str|text)(?=[ \t]?=))?"
_SIGN = r"[ \t]{0,40}(?:=>|:=|[=!]?={1,2}|:|=)[ \t]{0,40}"
_CLOSED = r"\\?[\"'`]?\]?"
_WRAPPED = (
    r"(?:(?:(?:new[ ]{1,2})?(?:str|bytes|(?:pydantic\.)?Secret(?:Str|Bytes)?|String(?:::from)?|\[\]byte|Buffer\.from|Some|strdup|lit|r|(?:pydantic\.)?Field|b64decode"
    r"|base64\.b64decode|atob|(?:\w{1,20}\.){0,3}GetBytes|TextEncoder\(\)\.encode|&?\w{0,20}::from)?[ \t]?\(\s{0,40}){0,3}|\[\s{0,40})"
)
"""What may stand around the value itself: parentheses, a list, or a call that only changes its type."""
_MARK = r"(?:[rbuf@$]{1,2}(?=[\"']))?"
_FIRST = r"(?:(?<==)|(?<==[ \t])|(?![!*%@$]))[^\s\"'`#;,<>(){}\[\]&|]"
_ELSE = (
    r"(?:\s{0,20}(?:\|\||\?\?|\?:|//|\bor\b)=?\s{0,20}|[ \t]{0,4}\)?\s{0,20}\??\.(?:orElse(?:Get)?|unwrap_or(?:_else)?|or_else|getOrElse|ifEmpty|ifBlank|fallback)"
    r"\s{0,4}[({]\s{0,8}(?:\|\w{0,8}\|\s{0,4}|\(\)\s{0,4}->\s{0,4})?|\)\s{0,8}\{\s{0,8})"
)

# The ways in which a value follows a name.
_QUOTED = re.compile(rf"(?i){_SUFFIX}{_CLOSED}{_TYPE}{_SIGN}{_WRAPPED}{_MARK}{_QUOTE}")  # password = "…"
_PLAIN = re.compile(  # password: … as in YAML and .env
    rf"(?i){_SUFFIX}[\"']?(?:[ \t]{{0,40}}[=:][ \t]{{0,40}}(?P<v>{_FIRST}[^\s\"'`,;(]{{0,300}})[ \t]{{0,40}}(?=$|[\n\r#]|;|,(?![ \t]{{1,4}}[a-z]{{1,20}}[ .,;]))"
    rf"|=(?P<w>{_FIRST}[^\s\"'`,;(]{{0,300}})(?=\s))"
)
_LINE = re.compile(
    rf"(?i){_SUFFIX}[ \t]{{0,8}}(?:=|:[ \t])[ \t]{{0,8}}(?![A-Za-z_][\w.:]{{0,80}}\((?:\S{{0,200}}\))?[;,]?[ \t]{{0,8}}(?:$|[\n\r]))(?P<v>{_FIRST}\S{{3,300}})[ \t]{{0,8}}(?=$|[\n\r])"
)
_EXPORTED = re.compile(r"(?:_[A-Z0-9]{1,10})?=(?P<v>[A-Za-z0-9+/=_-]{8,300})(?![\w.(\[])")  # TOKEN=…
_ELEMENT = re.compile(rf"(?i){_SUFFIX}>(?:<!\[CDATA\[)?(?P<v>[^<\s\]]{{3,300}})(?:\]\]>)?</")  # <password>…</password>
_NAMED = re.compile(  # name="password" value="…"
    rf"(?i){_SUFFIX}[\"']?(?:>(?P<v>[^<\s]{{3,300}})</|,?\s{{1,40}}[\"']?value[\"']?\s{{0,8}}[:=]\s{{0,8}}(?:[\"'](?P<w>[^\s\"']{{3,300}})[\"']|(?P<u>[^\s\"'|>&*!{{]\S{{2,300}})(?=\s|$)))"
)
_GIVEN = re.compile(  # getenv("TOKEN", "…"), define('PASSWORD', '…')
    rf"(?i){_SUFFIX}[\"'`]\s{{0,8}},\s{{0,20}}(?:default(?:_value)?\s{{0,4}}[=:]\s{{0,4}})?{_MARK}{_QUOTE}(?:\.\w{{1,12}}\(\))?\s{{0,8}},?\s{{0,20}}[),]"
)
_CALLED = re.compile(rf"(?i)\(\s{{0,8}}{_MARK}{_QUOTE}(?:\.\w{{1,16}}\(\))?\s{{0,8}}\)")  # setPassword("…")
_FALLBACK = re.compile(
    rf"(?i){_SUFFIX}[\"'`]?[\])]{{0,3}}!?{_ELSE}{_WRAPPED}{_MARK}{_QUOTE}"
)  # process.env.TOKEN || "…"
_DEFAULTED = re.compile(  # password = Column(String, default="…")
    rf"(?i)(?:[^\n;]|;(?=\S)){{0,200}}?(?<![\"'\w])[\"']?default(?:_?value|_if_empty)?[\"']?\s{{0,4}}(?:[:=(]|=>|(?=[\"']))\s{{0,4}}\(?(?:[\"'](?=[\"']))?"
    rf"(?:{_MARK}{_QUOTE}|(?<=default:)(?P<w>[^\s;\"'`(]{{4,100}}))"
)
_DECLARED = re.compile(
    rf"(?i){_SUFFIX}[\"']\s{{0,8}}\{{[^{{}}]{{0,300}}?\bdefault\s{{0,20}}=\s{{0,8}}{_QUOTE}"
)  # variable "password" {{ default = "…" }}
_LATER = re.compile(
    rf"(?i){_SUFFIX}{_CLOSED}{_SIGN}[\w.$\[\]()>?-]{{1,80}}{_ELSE}{_MARK}{_QUOTE}"
)  # secret: given ?? "…"
_CELL = re.compile(
    rf"(?i){_SUFFIX}[`*]{{0,3}}[ \t]{{0,40}}\|[ \t]{{0,40}}[`*]{{0,3}}(?P<v>(?=[^\s|]{{0,80}}\d)[^\s|`*]{{6,300}})[`*]{{0,3}}[ \t]{{0,40}}\|"
)  # | `PASSWORD` | … |
_SAID = re.compile(
    r"[ \t]{1,8}(?:'(?P<v>[^'\n]{1,300})'|\"(?P<w>[^\"\n]{1,300})\"(?=\s{0,4}(?:;|\n|$)))"
)  # PASSWORD '…'
_OPTION = re.compile(
    r"(?:[ \t]{1,4}|=|[\"'],\s{0,20}(?=[\"']))[\"']?(?P<v>[^\s\"'<>\[\]{}-][^\s\"'<>]{3,300})"
)  # --password …
_SPACED = re.compile(r"[ \t]{1,8}[\"']?(?P<v>[^\s\"'<>=;{}][^\s\"'<>;]{3,300})")  # ENV API_TOKEN …
_CONNECTION = re.compile(r"[ \t]?[=:][ \t]?(?P<v>[^;\"'`\s<\\]{3,300})(?=[;\"'`\\]|[ \t]?$)")  # "…;Password=…;"
_QUERY = re.compile(r"=(?P<v>[^\s&\"'`<>#{}$\\)|]{4,300})")  # ?api_key=…
_WORDED = re.compile(
    r"[ \t]?=[ \t]?(?P<v>[^\s\"'`,()<>{}]{4,300})(?=[\"'`]|[ \t]\w{2,24}=|[ \t]{0,4}(?:$|\n))"
)  # host=db password=…
_DEFAULT = re.compile(r":[-=]?(?P<v>[^\s{}$\"']{3,300})\}")  # ${PASSWORD:-…}
_LOGIN = re.compile(r"(?P<v>[A-Za-z0-9+/]{12,300}={0,2})")  # Authorization: Basic …
_FURTHER = re.compile(rf"(?:[ \t]{{0,8}}|\s{{0,40}}[+.\\,]\s{{0,40}}){_QUOTE}")

_AHEAD = re.compile(
    rf"(?i){_SUFFIX}\\?[\"'`]?[\])]{{0,3}}!?(?:[ \t]{{0,40}}(?:=>|[:=!]=?)|>|,|{_ELSE}|\(\s{{0,8}}[rbu]?\\?[\"'`]|[ \t]{{1,8}}\S|[`*]{{0,3}}[ \t]{{0,40}}\||\s{{1,40}}[\"']?value|[A-Za-z0-9+/]{{12}}|\?[ \t]?:)"
    r"|(?:_[A-Z0-9]{1,10})?="
)
"""What has to follow a name so that any of the ways above can; many names fail it, and it is one look instead of many."""

_NAME = string.ascii_letters + string.digits + "_.:-"
_PAIR = re.compile(r"(?:\w=[^\s,()\"']{1,60}|[\"'`])[ \t]\Z")
_DIRECTIVE = re.compile(
    r"(?i)(?:^|[\n;&|`])[ \t]{0,40}(?:RUN |sudo )?(?:ENV|ARG|SetEnv|setenv|setx|set(?: -\w{1,4}){0,2}|fastcgi_param|proxy_set_header|add_header|define|config set|git config[ \w.-]{0,30}"
    r"|aws configure set|user \w{1,30}|login \w{1,30}|(?:yarn|npm) config set)[ \t]{1,8}\Z"
)
_ALONE = re.compile(r"(?:^|\n)[ \t]{0,40}\Z")


def spans(text: str, folded: str, settings: bool) -> Iterator[tuple[int, int, str]]:
    """Where a secret begins, where it ends, and what it is.

    Args:
        text: code or configuration.
        folded: the same in lower case, character by character.
        settings: whether a value may stand without quotes.
    """
    dashes = "--" in text
    for hit in _HITS:
        place = -1
        while (place := folded.find(hit, place + 1)) >= 0:
            word = _WORD.match(text, place)
            end = word.end() if word else place + len(hit)
            defaulted = folded.find("default", end, end + 220) >= 0
            if defaulted or _AHEAD.match(text, end) or (dashes and folded.find("--", max(0, place - 40), place) >= 0):
                name = _before(text, place)
                for found in _values(text, place, end, name, hit, settings, defaulted):
                    group = next((each for each in ("v", "w", "u") if found.groupdict().get(each)), "v")
                    if values.is_secret(found[group], name + text[place:end], strong=hit in _STRONG):
                        yield found.start(group), found.end(group), _kind(hit)
                        yield from _rest(text, found, hit)
                        break


def _rest(text: str, found: re.Match[str], hit: str) -> Iterator[tuple[int, int, str]]:
    """The further pieces of a value written as several strings: ``"…" + "…"``, a list in brackets."""
    if found.re is not _QUOTED or found.end("v") + len(found["q"]) != found.end():
        return
    listed = "[" in text[found.start() : found.start("v")].rpartition("=")[2]
    place = found.end()
    for _ in range(20):
        more = _FURTHER.match(text, place)
        if not more or ("," in text[place : more.start("q")]) is not listed or len(more["v"]) < 3:
            return
        yield more.start("v"), more.end("v"), _kind(hit)
        place = more.end()


def _before(text: str, place: int) -> str:
    """What of a name stands before ``place``."""
    window = text[max(0, place - 40) : place]
    return window[len(window.rstrip(_NAME)) :]


def _values(
    text: str, place: int, end: int, before: str, hit: str, settings: bool, defaulted: bool
) -> Iterator[re.Match[str]]:
    """What could be the value of the name that is ``before`` and the word at ``place`` to ``end``."""
    tries: list[re.Pattern[str]] = []
    if hit == "basic ":
        tries = [_LOGIN] if "authorization" in text[max(0, place - 30) : place].lower() else []
    elif hit == "identified by":
        tries = [_SAID]
    elif _promises(before, text[place:end], hit, text[max(0, place - len(before) - 1) : place - len(before)]):
        lead = text[max(0, place - len(before) - 120) : place - len(before)]
        tries = _tries(before, lead, hit, settings)
        if hit == "pass" and end - place > len(hit):
            tries.append(_SAID)
        if text[place:end].isupper() and not settings:
            tries.append(_EXPORTED)
        if defaulted:
            tries += [_DEFAULTED, _DECLARED]
    yield from (found for pattern in tries if (found := pattern.match(text, end)))


def _promises(before: str, word: str, hit: str, lead: str) -> bool:
    """Whether a name of ``before`` and ``word``, with ``lead`` before it, is a secret's."""
    stem = before.rstrip("_-.:").lower()
    if hit == "key":
        return stem.endswith(_KEY_OF) or (not stem and lead in ("?", "&") and lead != "")
    if word.lower() == "pass":
        apart = not before or not before[-1].isalnum() or (word[0].isupper() and before[-1].islower())
        return apart or stem.endswith(_PASS_OF)
    return True


def _tries(before: str, lead: str, hit: str, settings: bool) -> list[re.Pattern[str]]:
    """The ways in which a value may follow, given what stands before the name (``lead``: at most 120 characters)."""
    ways = [_QUOTED, _NAMED, _FALLBACK, _LATER]
    last = lead[-1:]
    if last == "<":
        ways.append(_ELEMENT)
    if lead.rstrip(" \t\n")[-1:] == "(" or (last in ('"', "'", "`") and lead[:-1].rstrip(" \t\n")[-1:] == "("):
        ways.append(_GIVEN)
    if before.lower().endswith(("set", "with", "set_", "with_")) or (hit in _STRONG and before.endswith((".", "::"))):
        ways.append(_CALLED)
    if last in ("?", "&") or lead.endswith(("&amp;", "\\u0026")):
        ways.append(_QUERY)
    if lead.rstrip(" \t")[-1:] in (";", '"', "'", "`"):
        ways.append(_CONNECTION)
    if last in ('"', "'", "`", " ") and (last != " " or _PAIR.search(lead)):
        ways.append(_WORDED)
    if lead.endswith("${"):
        ways.append(_DEFAULT)
    if before.startswith("--"):
        ways.append(_OPTION)
    if settings:
        ways += [_LINE] if _ALONE.search(lead) or lead.endswith((" ", "-")) else []
        ways += [_PLAIN, _CELL]
        if _DIRECTIVE.search(lead) or (_ALONE.search(lead) and before.lower() in ("require", "master")):
            ways.append(_SPACED)
    return ways


def _kind(hit: str) -> str:
    """How a secret under a name that ends in ``hit`` is called."""
    return {"secret": "secret", "token": "token", "key": "key", "credential": "secret"}.get(hit, "password")
