"""Who sits in front of the machine, as its own settings say."""

from __future__ import annotations

import getpass
import os
import re
from collections.abc import Mapping
from pathlib import Path


def who(environment: Mapping[str, str] = os.environ) -> str:
    """The name a decision is proposed under: git's, as its own settings say, or the account's. No git is run.

    Args:
        environment: where ``GIT_AUTHOR_NAME``, ``XDG_CONFIG_HOME`` and ``HOME`` are looked up.
    """
    if environment.get("GIT_AUTHOR_NAME"):
        return environment["GIT_AUTHOR_NAME"]
    home = Path(environment.get("HOME") or Path.home())
    for settings in (
        home / ".gitconfig",
        Path(environment.get("XDG_CONFIG_HOME") or home / ".config") / "git" / "config",
    ):
        try:
            text = settings.read_text("utf-8", errors="replace")
        except OSError:
            continue
        section = re.search(r"(?ms)^\s*\[user\](.*?)(?=^\s*\[|\Z)", text)
        name = re.search(r'(?m)^\s*name\s*=\s*"?([^"\n#;]+)', section.group(1) if section else "")
        if name:
            return name.group(1).strip()
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
