"""Secrets in the clear: a value whose key says that it is one, and what is shaped like a credential."""

from __future__ import annotations

import re

from ... import redact
from ..places import Path, Tree
from .fault import Fault, Faults, at, strings

_NAMES = re.compile(
    r"(?:password|passwd|passphrase|pwd|secret|secretkey|token|apikey|accesskey|secretaccesskey|privatekey|signingkey"
    r"|encryptionkey|jwtkey|accountkey|connectionstring|credentials?)\Z"
)
_NO_SECRETS = {"idtoken", "pwd", "secret", "cancellationtoken", "usetoken", "injecttoken"}
"""Names that end like a secret's and are none: a permission, a folder, a reference to a secret by its name."""
_ELSEWHERE = re.compile(r"[$<>%{}\s]|\*\*\*|\.\.\.|\A(?:/|\./|env:|vault:|arn:|https?://|op://|file:|!)")
"""What a value holds that stands for another one."""
_PLAIN = re.compile(r"(?i)(?:true|false|yes|no|none|null|read|write|inherit|required|optional|auto|default|bearer|basic|oidc)\Z")  # fmt: skip
_THROWAWAY = re.compile(
    r"(?i)(?:(?>postgres|mysql|mariadb|mongo|redis|rabbitmq|rabbit|minio|keycloak|sqlserver|password|passwd|pass|word|pw"
    r"|secret|secrets|token|key|root|admin|guest|user|test|tests|testing|dev|devel|development|local|localhost|ci|demo|example|sample"
    r"|dummy|fake|mock|changeme|change|me|placeholder|not|for|prod|production|only|a|the|your|db|database|app|api|service|x+)[-_.]?)+\d{0,4}!?\Z"
)
"""A password made of such words protects nothing: it is one of a container that lives for one run."""
_WORDS = re.compile(r"[a-z]{1,20}(?:[-_.][a-z]{1,20}){0,4}\Z")
"""Lower-case words alone are a name, or the password of a container that lives for one run; no key looks so."""
_REFERENCE = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\Z")
_URL = re.compile(r"(?<=://)([^\s:/@\"']{0,100}):([^\s:/@\"']{1,100})@")
_IN_TEXT = re.compile(r"(?i)(?:password|pwd|accountkey|sharedaccesskey)=([^;\s\"']{3,200})")
_SETS = re.compile(r"([A-Za-z_][\w.-]{1,80})=([^\s\"']{3,200}|\"[^\"\n]{3,200}\"|'[^'\n]{3,200}')\s*\Z")
_HINT = "keep it in the platform's secrets and name it here: ${{ secrets.NAME }}, $(NAME) or ${NAME}"


def faults(tree: Tree) -> Faults:
    """The secrets that stand in ``tree``."""
    for path, text in strings(tree.value):
        if "-----BEGIN" in text or redact.redact(_without_throwaways(text)) != _without_throwaways(text):
            yield _told(tree, path, "a credential stands here in the clear")
        elif name := _named(path, text):
            yield _told(tree, path, f"the value of '{name}' is a secret in the clear")


def _named(path: Path, text: str) -> str:
    """The name of the secret that ``text`` at ``path`` is; empty if it is none."""
    keys = [each for each in path if isinstance(each, str)]
    key = keys[-1] if keys else ""
    if path and isinstance(path[-1], str) and not _holds_names(keys) and _is_name(key) and _is_literal(key, text):
        return key
    if (path and isinstance(path[-1], int)) and (said := _SETS.match(text)):
        name, value = said[1], said[2].strip("\"'")
        if _is_name(name) and _is_literal(name, value):
            return name
    for said in _IN_TEXT.finditer(text):
        if _is_literal(said[0].partition("=")[0], said[1]):
            return key or said[0].partition("=")[0]
    return ""


def _holds_names(keys: list[str]) -> bool:
    """Whether what stands there are names of secrets, not secrets: under ``secrets``, ``permissions``, ``id_tokens``."""
    return bool({"permissions", "id_tokens", "outputs", "inputs"} & set(keys[:-1])) or keys[0] in ("secrets", "configs")


def _is_name(key: str) -> bool:
    plain = re.sub(r"[^a-z]", "", key.lower())
    return plain not in _NO_SECRETS and bool(_NAMES.search(plain))


def _is_literal(key: str, value: str) -> bool:
    connection = ";" in value and "=" in value
    if len(value) < 4 or (_ELSEWHERE.search(value) and not connection) or connection:
        return False
    return not (
        _PLAIN.match(value)
        or _WORDS.match(value)
        or _THROWAWAY.match(value)
        or _REFERENCE.match(value)
        or value.lower() == key.lower()
    )


def _without_throwaways(text: str) -> str:
    """``text`` without the passwords in addresses that protect nothing or stand for another."""

    def plain(said: re.Match[str]) -> str:
        name, word = said[1], said[2]
        return (
            "" if word == name or _ELSEWHERE.search(word) or _THROWAWAY.match(word) or _WORDS.match(word) else said[0]
        )

    return _URL.sub(plain, text)


def _told(tree: Tree, path: Path, message: str) -> Fault:
    return at(tree, path, "secrets", message, _HINT)
