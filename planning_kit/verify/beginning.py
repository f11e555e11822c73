"""Whether what a run began with is as it was: ``run.json`` names the digest of each file, and the first record that of ``run.json``."""

from __future__ import annotations

from collections.abc import Iterator

from ..began import FORMAT
from ..given import FOLDER
from ..given import NAME as GIVEN
from ..reviewers import NAME as REVIEWERS
from .seen import Fault, Seen, mapping

SERVER = "server.json"
NEVER_LATER = ("codebase.md", "codebase.json", REVIEWERS, GIVEN)
"""Files that are there from the beginning or never."""


def faults(seen: Seen) -> Iterator[Fault]:
    """Files the run began with that were changed or are gone, and ones that came later."""
    if not seen.begun:
        yield Fault("run.json", 1 if 1 in seen.texts else 0, "cannot be read; restore it from a copy of the run")
        return
    if seen.begun.get("format") not in (2, 3, FORMAT):
        yield Fault(
            "run.json",
            1 if 1 in seen.texts else 0,
            f"has the format {seen.begun.get('format')!r}, which this version does not know",
        )
        return
    if seen.begun["format"] < FORMAT:
        yield from _by_decisions(seen)
        return
    for name, sha in seen.first.items():
        now = seen.sha(name)
        if not now:
            yield Fault(name, 0, "is missing; run.json names it among the files the run began with")
        elif now != sha and name != SERVER:
            yield Fault(name, 0, "was changed; run.json names another digest of it")
    seen.counted["files it began with"] = len(seen.first) + 1
    for name in (*seen.listed("catalog"), *seen.listed(FOLDER), *NEVER_LATER):
        if name not in seen.first and (seen.store.folder / name).exists():
            yield Fault(name, 0, "was not there when the run began; run.json names every file that was")


def _by_decisions(seen: Seen) -> Iterator[Fault]:
    """For a run that does not name the files it began with: brief and codebase as decisions name them."""
    for name in ("brief.md", "codebase.md"):
        named = [
            (record.seq, sha)
            for record in seen.having("decided")
            for field in ("subject", "rests_on")
            if (sha := mapping(record.body, field).get(name))
        ]
        if named and seen.sha(name) != named[-1][1]:
            yield Fault(name, named[-1][0], "was changed or is gone; the decision names another digest of it")
