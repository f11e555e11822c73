"""Whether every text a record names is there and whole, and every answer: what is written once and never again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .. import kept
from ..errors import Damaged
from ..journal import Record
from ..ledger import opened
from .seen import SHA, Fault, Seen, is_document, mapping, text


def faults(seen: Seen) -> Iterator[Fault]:
    """Versions and answers that are missing, changed, or under another's name."""
    yield from _versions(seen)
    yield from _kept(seen)
    yield from _answers(seen)


def _versions(seen: Seen) -> Iterator[Fault]:
    named = {text(seen.begun, "proposed"): 0}
    for record in seen.trusted:
        for sha in _named(record):
            named.setdefault(sha, record.seq)
    there = seen.listed("versions")
    for name in there:
        sha = name.rsplit("/", 1)[-1].removesuffix(".md")
        if name != _version(sha):
            seen.note(f"{name} is no version of a text: a left-over, or put there by somebody")
        elif seen.sha(name) != sha:
            yield Fault(name, named.get(sha, 0), "was changed: it is not the text it is named by")
    for sha, seq in named.items():
        if SHA.fullmatch(sha) and _version(sha) not in there:
            yield Fault(_version(sha), seq, "is missing: a text that the record names")
    seen.counted["texts"] = len(there)


def _version(sha: str) -> str:
    return f"versions/{sha[:2]}/{sha}.md"


def _named(record: Record) -> Iterator[str]:
    """The digests of the texts a record names."""
    body = record.body
    if record.kind in ("drafted", "placed", "edited", "settled"):
        yield text(body, "digest")
    if record.kind == "commented" and is_document(text(body, "document")):
        yield text(body, "digest")
    if record.kind == "decided":
        for field in ("subject", "rests_on"):
            yield from (sha for name, sha in mapping(body, field).items() if is_document(name))
    attempts = body.get("attempts")
    for attempt in attempts if isinstance(attempts, list) else ():
        if isinstance(attempt, Mapping):
            yield text(attempt, "digest")


def _kept(seen: Seen) -> Iterator[Fault]:
    """The files that decisions name as they were then."""
    named = _latest(seen)
    for name, (seq, sha) in named.items():
        now = seen.sha(name)
        if not now and name.startswith("calls/") and seen.bytes_of(name.removesuffix(".json") + ".damaged") is not None:
            yield Fault(name, seq, "was changed, and set aside when it was to be read: an answer that the record names")
        elif not now:
            yield Fault(name, seq, "is missing; the record names it")
        elif now != sha and not _replaced_since(seen, name, seq):
            yield Fault(name, seq, "was changed; the record names another digest of it")
    for name in kept.REPLACED:
        if name not in named and seen.sha(name) not in ("", seen.first.get(name, "")):
            if name in seen.first and not _replaced_since(seen, name, 0):
                yield Fault(name, 0, "was changed; run.json names another digest of it")
            else:
                seen.note(f"{name} is named by no record yet; the next decision names it")


def _latest(seen: Seen) -> dict[str, tuple[int, str]]:
    """What the records say of these files: name → the record that said it last, and the SHA-256."""
    said: dict[str, tuple[int, str]] = {}
    for record in seen.trusted:
        said |= {name: (record.seq, sha) for name, sha in mapping(record.body, "kept").items()}
    return said


def _replaced_since(seen: Seen, name: str, seq: int) -> bool:
    """Whether ``name`` may be another by now: authors were asked, or something was looked up, after the record ``seq`` named it."""
    if name not in kept.REPLACED:
        return False
    later = [record.seq for record in seen.having("drafted", "looked-up", "settled") if record.seq > seq]
    if later:
        seen.note(
            f"{name} is not as record {seq} names it; it may be another since record {later[0]}, and the next decision names it"
        )
    return bool(later)


def _answers(seen: Seen) -> Iterator[Fault]:
    """Answers whose question or words were changed, ones a draft was made of that are gone, and ones no record names yet."""
    named = _latest(seen)
    there = [
        name for name in seen.listed("calls") if re.fullmatch(r"calls/[0-9a-f]{2}/[0-9a-f]{64}\.(json|damaged)", name)
    ]
    fresh = 0
    for name in there:
        if name.endswith(".damaged"):
            if name.removesuffix(".damaged") + ".json" not in named:
                yield Fault(
                    name, _asker(seen, name), "an answer that was changed, and set aside when it was to be read"
                )
        elif name not in named:
            fresh += 1
            if not _whole(seen, name):
                yield Fault(name, _asker(seen, name), "was changed: it does not hold what was asked and answered")
        elif named[name][1] == seen.sha(name) and not _whole(seen, name):
            yield Fault(
                name, named[name][0], "does not hold what was asked and answered, and did not when the record named it"
            )
    for record in seen.having("drafted", "settled"):
        asked = "" if "taken" in record.body or record.body.get("how") == "rule" else text(record.body, "asked")
        name = f"calls/{asked[:2]}/{asked}.json"
        if (
            SHA.fullmatch(asked)
            and name not in there
            and name.removesuffix(".json") + ".damaged" not in there
            and name not in named
        ):
            yield Fault(name, record.seq, "is missing: the answer to what the record says was asked")
    seen.counted["answers"] = len(there)
    if fresh:
        seen.note(
            f"{fresh} answer{' is' if fresh == 1 else 's are'} named by no decision yet: {'its' if fresh == 1 else 'their'} digests show what was changed by mistake; the next decision names {'it' if fresh == 1 else 'them'}"
        )


def _whole(seen: Seen, name: str) -> bool:
    """Whether the answer kept as ``name`` is the answer to the question it is named by."""
    try:
        opened(name.rsplit("/", 1)[-1].removesuffix(".json"), (seen.bytes_of(name) or b"").decode("utf-8"))
    except (Damaged, UnicodeDecodeError, RecursionError):
        return False
    return True


def _asker(seen: Seen, name: str) -> int:
    """The record of the draft that was made of the answer kept as ``name``; 0 for none."""
    asked = name.rsplit("/", 1)[-1].partition(".")[0]
    bodies: list[tuple[int, Mapping[str, Any]]] = [(each.seq, each.body) for each in seen.having("drafted", "settled")]
    return next((seq for seq, body in bodies if body.get("asked") == asked), 0)
