"""Whether what lies there for people is what was decided: documents, facts, executed notebooks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .. import facts
from ..errors import PlanningError
from ..facts import SECTIONS
from ..factsheet import NAME as FACTS
from ..gate import APPROVED, Decision
from ..journal import Record
from .seen import Fault, Seen, is_document, mapping, text


def faults(seen: Seen) -> Iterator[Fault]:
    """What is not what was approved, is gone, or was written by nobody."""
    yield from _documents(seen)
    yield from _facts(seen)
    yield from _notebooks(seen)


@dataclass(frozen=True)
class _Said:
    """What a record says a document is: its ``digest``, whether it ``approved`` it, and in words."""

    record: Record
    digest: str
    approved: bool
    words: str


def _documents(seen: Seen) -> Iterator[Fault]:
    said = _histories(seen)
    for name, history in said.items():
        now, last = seen.sha(f"documents/{name}"), history[-1]
        if now == last.digest:
            continue
        yield from _another(seen, name, now, history)
    seen.counted["documents"] = len(said)
    for path in seen.listed("documents"):
        name = path.removeprefix("documents/")
        leaf = name.rsplit("/", 1)[-1]
        if name not in said and leaf.endswith(".md") and not leaf.startswith("."):
            if seen.tree is None or name in seen.tree:
                seen.note(f"{path} is named by no record yet: a person wrote it, or put it there")
            else:
                yield Fault(path, 0, "is no document of this run: no record names it, nor does its recipe")


def _another(seen: Seen, name: str, now: str, history: list[_Said]) -> Iterator[Fault]:
    """What to say of a document that is not what its last record says."""
    path, last = f"documents/{name}", history[-1]
    placed = [record.seq for record in seen.having("placed") if text(record.body, "document") == name]
    written = last.record.kind in ("drafted", "edited") and (
        last.record.kind == "drafted" or text(last.record.body, "by")
    )
    if written and last.record.seq > max(placed, default=0) and now in {"", *(each.digest for each in history[:-1])}:
        seen.note(
            f"{path} was being put in its place when the program ended; the next run finishes that (record {last.record.seq})"
        )
    elif not now:
        yield Fault(path, last.record.seq, f"is missing; the record says what it was: {last.words}")
    elif last.approved:
        yield Fault(path, last.record.seq, f"is not what was {last.words}; it was changed since")
    else:
        seen.note(
            f"{path} was changed by hand since record {last.record.seq} ({last.words}); nobody has decided about it as it is now"
        )


def _histories(seen: Seen) -> dict[str, list[_Said]]:
    """What the records say of each document, oldest first."""
    found: dict[str, list[_Said]] = {}
    for record in seen.having("drafted", "edited", "decided"):
        body = record.body
        if record.kind != "decided":
            who = text(body, "model") or text(body, "by") or "a person"
            said = _Said(record, text(body, "digest"), False, f"{record.kind} by {who} at {record.at}")
            found.setdefault(text(body, "document"), []).append(said)
            continue
        words = f"{text(body, 'verdict')} by {_who(record)} at {record.at}"
        for name, sha in mapping(body, "subject").items():
            if is_document(name):
                found.setdefault(name, []).append(_Said(record, sha, body.get("verdict") == APPROVED, words))
    return {name: history for name, history in found.items() if name}


def _who(record: Record) -> str:
    try:
        return Decision.of(record).who
    except (KeyError, TypeError, ValueError):
        return "somebody"


def _facts(seen: Seen) -> Iterator[Fault]:
    settled = list(seen.having("settled"))
    seq = settled[-1].seq if settled else 0
    wanted = text(settled[-1].body, "digest") if settled else text(seen.begun, "proposed")
    data = seen.bytes_of(FACTS)
    if data is None:
        yield Fault(FACTS, seq, "is missing; its last version is under versions/")
        return
    if seen.sha(FACTS) == wanted:
        return
    try:
        now = facts.parse(data.decode("utf-8"), FACTS)
    except (PlanningError, UnicodeDecodeError, RecursionError) as error:
        yield Fault(FACTS, seq, f"was changed, and cannot be read any more ({' '.join(str(error).split())[:160]})")
        return
    moved = {}
    for record in seen.having("decided"):
        for name, sha in mapping(record.body, "subject").items():
            section = name.removeprefix(f"{FACTS}: ")
            if name != section and section in SECTIONS:
                moved[section] = (record, sha)
    changed = [
        (section, record)
        for section, (record, sha) in moved.items()
        if record.body.get("verdict") == APPROVED and now.digest(section) != sha
    ]
    for section, record in changed:
        yield Fault(
            FACTS,
            record.seq,
            f"'{section}' is not what was approved by {_who(record)} at {record.at}; it was changed since",
        )
    if not changed:
        since = f"since record {seq}" if seq else "since the run began"
        seen.note(f"{FACTS} was changed by hand {since}; what was approved of it is the same")


def _notebooks(seen: Seen) -> Iterator[Fault]:
    """Executed notebooks: people run and save them again, so another text is no fault."""
    last = {text(record.body, "notebook"): record for record in seen.having("executed")}
    for name, record in last.items():
        path = f"notebooks/{name}.ipynb"
        now = seen.sha(path) if re.fullmatch(r"[\w.-]+", name) else ""
        if not now:
            yield Fault(path, record.seq, "is missing; the record says it was executed")
        elif now != text(record.body, "digest"):
            seen.note(
                f"{path} is not the copy that record {record.seq} names: somebody ran or saved it again, or changed it; decisions are in the journal, not in it"
            )
    unnamed = [
        path
        for path in seen.listed("notebooks")
        if path.endswith(".ipynb") and "/." not in path and path[10:-6] not in last
    ]
    if unnamed:
        seen.note(f"named by no record, so nothing vouches for what they show: {', '.join(unnamed)}")
