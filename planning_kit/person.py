"""Who sits in front of the machine, as its own settings say, and who is meant by a name."""

from __future__ import annotations

import getpass
import os
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Person:
    """Somebody, as git writes them: ``name`` and ``email``; either may be empty."""

    name: str
    email: str = ""

    @classmethod
    def of(cls, said: str) -> Person:
        """The person meant by ``Ann Architect <ann@example.org>``, by a name alone, or by an e-mail address alone."""
        match = re.fullmatch(r"\s*(.*?)\s*<([^<>\s]*)>\s*", said, re.DOTALL)
        if match:
            return cls(match.group(1), match.group(2))
        said = said.strip()
        return cls("", said) if re.fullmatch(r"[^\s@<>]+@[^\s@<>]+", said) else cls(said)

    @property
    def key(self) -> str:
        """What makes two names the same person: the e-mail if there is one, else the name; as :func:`_plain` writes it."""
        return _plain(self.email or self.name)

    def same(self, other: Person) -> bool:
        """Whether both are one person: by e-mail if both have one, else by name."""
        if self.email and other.email:
            return _plain(self.email) == _plain(other.email)
        return bool(self.name and other.name) and _plain(self.name) == _plain(other.name)

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>" if self.name and self.email else self.name or self.email


def _plain(said: str) -> str:
    """In small letters, with single spaces and composed characters (Unicode NFKC)."""
    return " ".join(unicodedata.normalize("NFKC", said).casefold().split())


def who(environment: Mapping[str, str] = os.environ) -> str:
    """The name a decision is proposed under: git's name and e-mail, as its own settings say, or the account's. No git is run.

    Args:
        environment: where ``GIT_AUTHOR_NAME``, ``GIT_AUTHOR_EMAIL``, ``XDG_CONFIG_HOME`` and ``HOME`` are looked up.
    """
    said = dict(_settings(environment))
    said |= {key: environment[f"GIT_AUTHOR_{key.upper()}"] for key in ("name", "email") if environment.get(f"GIT_AUTHOR_{key.upper()}")}  # fmt: skip
    if said.get("name"):
        return str(Person(said["name"], said.get("email", "")))
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


def signing_key(environment: Mapping[str, str] = os.environ) -> str:
    """The SSH key git signs with (``user.signingkey``), as its settings say; empty when they do not."""
    return dict(_settings(environment)).get("signingkey", "")


def _settings(environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The fields of ``[user]`` in git's own settings, the user's own file last, because it wins."""
    home = Path(environment.get("HOME") or Path.home())
    shared = Path(environment.get("XDG_CONFIG_HOME") or home / ".config") / "git" / "config"
    for settings in (shared, home / ".gitconfig"):
        try:
            text = settings.read_text("utf-8", errors="replace")
        except OSError:
            continue
        for section in re.findall(r"(?ms)^\s*\[user\](.*?)(?=^\s*\[|\Z)", text):
            for field, value in re.findall(r'(?m)^\s*(\w+)\s*=\s*"?([^"\n#;]+)', section):
                yield field.lower(), value.strip()
