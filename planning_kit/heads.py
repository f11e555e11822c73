"""The heads of journals, kept outside the runs' folders: who cuts the end off a journal does not reach them."""

from __future__ import annotations

import contextlib
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
    """What the journal of a run ended with once.

    Attributes:
        seq: its last record.
        digest: that record's SHA-256.
        at: when, UTC, ISO 8601.
        folder: where the run was then.
    """

    seq: int
    digest: str
    at: str
    folder: str = ""

    @property
    def line(self) -> str:
        """As a person is told it at a decision."""
        return f"record {self.seq}, head {self.digest}: keep it, it shows a cut tail (planning-kit verify RUN --head {self.digest[:16]})"


def folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Where they are kept: ``planning_kit/heads`` below ``XDG_STATE_HOME`` (XDG Base Directory Specification 0.8: a relative path is none)."""
    said = Path(environment.get("XDG_STATE_HOME") or "")
    state = said if said.is_absolute() else Path(environment.get("HOME") or Path.home()) / ".local" / "state"
    return state / "planning_kit" / "heads"


def kept(run: str) -> tuple[Head, ...]:
    """The heads kept for the run with this id, in the order of their records; none when there are none, and none that cannot be read."""
    found = []
    with contextlib.suppress(OSError):
        for path in _place(run).iterdir():
            with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
                said = json.loads(files.read(path))
                found.append(Head(int(said["seq"]), str(said["digest"]), str(said["at"]), str(said.get("folder", ""))))
    return tuple(sorted(found, key=lambda head: (head.seq, head.at, head.digest)))


def keep(run: str, head: Head) -> bool:
    """Keep ``head`` for the run with this id; says whether it could be kept.

    Each is a file of its own, written once: two processes, or two copies of a run, take nothing from each other.
    """
    try:
        files.create(
            _place(run) / f"{head.seq:06d}-{re.sub(r'[^0-9a-f]', '', head.digest)[:64]}.json",
            json.dumps(asdict(head)).encode(),
        )
    except (DiskRefused, OSError):
        return False
    return True


def _place(run: str) -> Path:
    return folder() / (re.sub(r"[^0-9a-z-]", "", run) or "-")
