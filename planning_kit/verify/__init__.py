"""Whether a run's folder holds what its records say: what was changed, missing, reordered, cut off or copied from another run, by file and record."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from .. import files, signing
from ..errors import OptionRefused, PlanningError
from . import beginning, chain, lying, signed, tail, texts
from .seen import Fault, Seen, Verified

if TYPE_CHECKING:
    from ..run import Run

__all__ = ["Fault", "Verified", "verify"]

NOT_COVERED = "not covered, because no decision rests on it: live.json, locks, what is under spool/, .gitattributes"
"""What is in a run's folder and says nothing that lasts."""


def verify(run: Run, allowed_signers: Path | None = None, head: str = "") -> Verified:
    """Look at everything in the folder of ``run`` that a record vouches for; nothing is changed, and no fault ends the look.

    Args:
        run: the run; its folder may be damaged in any way as long as there is a ``run.json``.
        allowed_signers: who may sign with which key: a file as in ssh-keygen(1), "ALLOWED SIGNERS".
        head: a head that was printed at a decision, or at least its first twelve characters.

    Raises:
        OptionRefused: ``allowed_signers`` cannot be read or gives nobody a key, ``head`` is none, or signatures cannot be checked here.
    """
    if allowed_signers is not None:
        _refuse_unreadable(allowed_signers)
    wanted = tail.wanted(head)
    seen = Seen.of(run.store)
    with contextlib.suppress(PlanningError, ValueError, KeyError, TypeError, AttributeError):
        seen.tree = frozenset(run.tree)
    steps: tuple[Callable[[], Iterator[Fault]], ...] = (
        lambda: chain.faults(seen),
        lambda: tail.faults(seen, wanted),
        lambda: beginning.faults(seen),
        lambda: texts.faults(seen),
        lambda: lying.faults(seen),
        lambda: signed.faults(seen, allowed_signers),
    )
    found: list[Fault] = []
    for step in steps:
        new = list(step())
        found += new
        seen.distrust(fault.record for fault in new if fault.file.startswith("journal/"))
    seen.note(NOT_COVERED)
    return Verified(run.label, seen.counted, seen.head, tuple(dict.fromkeys(found)), tuple(dict.fromkeys(seen.notes)))


def _refuse_unreadable(allowed: Path) -> None:
    how = "give a file as in ssh-keygen(1), ALLOWED SIGNERS"
    try:
        text = files.read_regular(allowed, -1).decode("utf-8", "replace")
    except OSError as error:
        raise OptionRefused(f"--allowed-signers {allowed}: {(error.strerror or str(error)).lower()}; {how}") from error
    if not signing.gives_keys(text):
        raise OptionRefused(
            f"--allowed-signers {allowed}: gives nobody a key; {how}, for example: ann@example.org ssh-ed25519 AAAA…"
        )
