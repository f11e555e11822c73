"""Whether the records follow from each other: each names the digest of the one before it, the first that of ``run.json``."""

from __future__ import annotations

from collections.abc import Iterator

from .. import digest, heads
from ..journal import Record, record_name, signature_name
from .seen import Fault, Seen, mapping, text


def faults(seen: Seen) -> Iterator[Fault]:
    """What is missing, in a place that is not its own, changed, or of another run."""
    if not seen.texts:
        seen.note("there are no records yet, so nothing vouches for run.json and what it names")
    yield from _unreadable(seen)
    yield from _broken(seen)
    for name in seen.listed("journal"):
        known = {record_name(seq) for seq in seen.texts} | {signature_name(seq) for seq in seen.texts}
        if name not in known:
            seen.note(f"{name} belongs to no record: a left-over, or put there by somebody")


def _unreadable(seen: Seen) -> Iterator[Fault]:
    for seq in range(1, seen.last + 1):
        name = record_name(seq)
        if seq not in seen.texts:
            yield Fault(name, seq, f"is missing, although record {seen.last} is there")
        elif seq not in seen.records:
            yield Fault(name, seq, _why_unreadable(seen.texts[seq], seq))


def _why_unreadable(data: bytes, seq: int) -> str:
    try:
        record = Record.of(data.decode("utf-8"))
    except ValueError as error:
        return f"was changed: it is no record any more ({' '.join(str(error).split())[:120]})"
    return f"holds record {record.seq}: it was renamed, swapped or copied"


def _broken(seen: Seen) -> Iterator[Fault]:
    """Where a record does not follow from the one before it, and which of the two was changed as far as that can be told."""
    said: set[int] = set()
    for seq, record in sorted(seen.records.items()):
        if _holds(seen, seq) is not False:
            continue
        after = _holds(seen, seq + 1)
        if after is None:
            after = _kept_outside(seen, seq)
        if seq == 1:
            yield _first(seen, record, after)
        elif after and seq - 1 not in said:
            said.add(seq - 1)
            yield Fault(
                record_name(seq - 1),
                seq - 1,
                f"was changed, or is of another run: record {seq} does not follow from it",
            )
        elif after is False and seq not in said:
            said.add(seq)
            yield Fault(
                record_name(seq),
                seq,
                f"was changed, or is of another run: it does not follow from record {seq - 1}, nor record {seq + 1} from it",
            )
        elif after is None:
            said |= {seq - 1, seq}
            yield Fault(
                record_name(seq),
                seq,
                f"does not follow from record {seq - 1}: one of the two was changed, or is of another run",
            )


def _first(seen: Seen, record: Record, after: bool | None) -> Fault:
    """What is wrong when record 1 is not chained to ``run.json``."""
    if after is False:
        return Fault(
            record_name(1),
            1,
            "was changed, or is of another run: it does not follow from run.json, nor record 2 from it",
        )
    if not _at_home(seen):
        return Fault(record_name(1), 1, "is of another run: it follows from another run.json")
    return Fault("run.json", 1, "was changed, or the records are another run's: record 1 does not follow from it")


def _at_home(seen: Seen) -> bool:
    """Whether the records are this run's: a head of it was kept outside, they name the brief that lies here, or the texts that do."""
    there = {digest.of_bytes(data) for data in seen.texts.values()}
    known = {head.digest for head in heads.kept(seen.id)}
    briefs = {mapping(record.body, "subject").get("brief.md") for record in seen.having("decided")}
    if known & there or seen.sha("brief.md") in briefs:
        return True
    named = [text(record.body, "digest") for record in seen.having("drafted", "settled")]
    return not known and all(seen.sha(f"versions/{sha[:2]}/{sha}.md") for sha in named)


def _holds(seen: Seen, seq: int) -> bool | None:
    """Whether record ``seq`` follows from the one before; nothing when one of the two is not there, or is wrong by itself."""
    record = seen.records.get(seq)
    if record is None or (seq > 1 and seq - 1 not in seen.records):
        return None
    before = digest.of_bytes(seen.texts[seq - 1]) if seq > 1 else seen.start
    return record.before == before if before else None


def _kept_outside(seen: Seen, seq: int) -> bool | None:
    """Whether a head kept outside says that record ``seq`` is as it was, or that the one before is."""
    known = {head.digest for head in heads.kept(seen.id)}
    if digest.of_bytes(seen.texts[seq]) in known:
        return True
    return False if seq - 1 in seen.texts and digest.of_bytes(seen.texts[seq - 1]) in known else None
