"""The heads of journals, kept outside the runs' folders: who cuts the end off a journal does not reach them."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from . import files
from .errors import DiskRefused


@dataclass(frozen=True)
class Head:
    """What the journal of a run ended with once: its last record ``seq``, that record's ``digest``, when (``at``, UTC)."""

    seq: int
    digest: str
    at: str


def folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Where they are kept: ``planning_kit/heads`` below ``XDG_STATE_HOME`` (XDG Base Directory Specification 0.8)."""
    state = environment.get("XDG_STATE_HOME") or str(Path(environment.get("HOME") or Path.home()) / ".local" / "state")
    return Path(state) / "planning_kit" / "heads"


def kept(run: str) -> tuple[Head, ...]:
    """The heads kept for the run with this id, oldest first; none when there are none or they cannot be read."""
    try:
        said = json.loads(files.read(_place(run)))
        return tuple(Head(int(each["seq"]), str(each["digest"]), str(each["at"])) for each in said)
    except (OSError, ValueError, KeyError, TypeError):
        return ()


def keep(run: str, head: Head) -> bool:
    """Keep ``head`` for the run with this id; says whether it could be kept."""
    known = kept(run)
    if head in known:
        return True
    try:
        files.replace(_place(run), json.dumps([asdict(each) for each in (*known, head)], indent=1).encode())
    except (DiskRefused, OSError):
        return False
    return True


def _place(run: str) -> Path:
    return folder() / f"{re.sub(r'[^0-9a-z-]', '', run)}.json"
