"""Whether the end of the journal is its end: heads that were kept outside the run's folder, or by a person."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from .. import digest, files, heads
from ..errors import OptionRefused
from ..journal import record_name
from .seen import Fault, Seen, text

SHORTEST = 12
"""Fewest characters of a head that tell it from others."""


def wanted(said: str) -> str:
    """The head a person names, in small letters.

    Raises:
        OptionRefused: it is none.
    """
    head = said.strip().lower()
    if head and not re.fullmatch(rf"[0-9a-f]{{{SHORTEST},64}}", head):
        raise OptionRefused(
            f"--head {said!r}: give the 64 characters that were printed at a decision, or at least the first {SHORTEST} of them"
        )
    return head


def faults(seen: Seen, head: str) -> Iterator[Fault]:
    """Heads that the journal does not have any more."""
    there = {seq: digest.of_bytes(data) for seq, data in seen.texts.items()}
    if head and not any(sha.startswith(head) for sha in (*there.values(), seen.start)):
        yield Fault(
            record_name(seen.last + 1),
            seen.last + 1,
            f"no record has the head {head}: the journal was cut off after record {seen.last} or written anew, or it is of another run",
        )
    kept = heads.kept(seen.id)
    for each in kept:
        if there.get(each.seq) == each.digest or each.seq in seen.distrusted or _other_branch(seen, each, kept, there):
            continue
        if each.seq > seen.last:
            yield Fault(
                record_name(each.seq),
                each.seq,
                f"is cut off: it was written at {each.at} and the journal ends with record {seen.last}; or the run was restored from an older copy",
            )
        elif each.seq in there:
            yield Fault(
                record_name(each.seq),
                each.seq,
                f"is not the record that was written at {each.at}: it and what follows were written anew, or the run was carried on in two places",
            )
    _said(seen, len(kept), max((each.seq for each in kept), default=0), head)


def _other_branch(seen: Seen, head: heads.Head, kept: Sequence[heads.Head], there: Mapping[int, str]) -> bool:
    """Whether ``head`` is of another copy of this run, which was carried on there as this one was here: both have heads the other has not."""
    if not head.folder or Path(head.folder) == seen.store.folder:
        return False

    def theirs(seq: int) -> str:
        try:
            return digest.of_bytes(files.read(Path(head.folder) / record_name(seq)))
        except (OSError, ValueError):
            return ""

    ours = [each for each in kept if there.get(each.seq) == each.digest and theirs(each.seq) not in ("", each.digest)]
    if not ours or theirs(head.seq) != head.digest:
        return False
    seen.note(
        f"the run was carried on in two places: another copy, {head.folder}, has other records from record {ours[0].seq} on or earlier"
    )
    return True


def _said(seen: Seen, kept: int, highest: int, head: str) -> None:
    """What is not shown about the end."""
    decided = [record for record in seen.having("decided") if record.body.get("how") != "policy"]
    unsigned = [record for record in decided if not text(record.body, "signed")]
    if not kept and not head and seen.texts:
        seen.note(
            "no head of this run is kept on this machine: a cut tail would not show; give one that was printed at a decision with --head"
        )
    elif kept and highest < seen.last:
        seen.note(
            f"the last head kept on this machine is of record {highest}: nothing shows whether records after {seen.last} were cut off"
        )
    if unsigned:
        seen.note(
            f"{len(unsigned)} of {len(decided)} decisions by people are not signed: a chain without signatures shows that nothing was changed by itself, not who wrote it; "
            "names are what people said of themselves, and who can write to the folder can write all of it anew (heads kept elsewhere show that)"
        )
    if seen.begun.get("format") in (2, 3):
        seen.note(
            "a run from before format 4: its records are chained to zeros, so they could be another run's, and run.json and what it began with are vouched for only as far as decisions name them"
        )
