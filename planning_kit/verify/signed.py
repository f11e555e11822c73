"""Whether what says it is signed is: the signature is there, it is good, by the key the record names, and that key is the person's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from .. import signing
from ..errors import OptionRefused
from ..journal import Record, record_name, signature_name
from ..person import Person
from .seen import Fault, Seen, text


def faults(seen: Seen, allowed: Path | None) -> Iterator[Fault]:
    """Signatures that are missing, not good, by another key, or by a key that is not the person's.

    Raises:
        OptionRefused: they are to be checked against ``allowed`` and ``ssh-keygen`` is not installed.
    """
    signed = [record for record in seen.trusted if text(record.body, "signed")]
    names = {record.seq for record in signed}
    for record in seen.trusted:
        if record.seq not in names and seen.bytes_of(signature_name(record.seq)) is not None:
            seen.note(
                f"{signature_name(record.seq)} is of no record: record {record.seq} does not say that it was signed"
            )
    if signed:
        seen.counted["signatures"] = len(signed)
    if not signing.there() and signed:
        if allowed is not None:
            raise OptionRefused(
                "--allowed-signers: signatures cannot be checked, because ssh-keygen is not installed; it is part of OpenSSH"
            )
        seen.note(f"signatures: {len(signed)} not checked, because ssh-keygen is not installed")
        return
    for record in signed:
        yield from _one(seen, record, allowed)
    if signed and allowed is None:
        seen.note(
            f"signatures: {len(signed)} looked at; whose the keys are was not checked (give --allowed-signers FILE)"
        )
    if allowed is not None:
        for record in seen.having("decided"):
            if record.seq not in names and record.body.get("how") != "policy":
                seen.note(
                    f"record {record.seq} is not signed: that it was decided by {text(record.body, 'by')} is a claim"
                )


def _one(seen: Seen, record: Record, allowed: Path | None) -> Iterator[Fault]:
    name, data = signature_name(record.seq), seen.texts[record.seq]
    if seen.bytes_of(name) is None:
        yield Fault(
            name,
            record.seq,
            f"is missing; {record_name(record.seq)} says it was signed with {text(record.body, 'signed')}",
        )
        return
    path = seen.store.path(name)
    found = signing.check(data, path)
    if not found.good:
        yield Fault(name, record.seq, f"is no signature of the record, or for another purpose ({found.why})")
    elif found.fingerprint != text(record.body, "signed"):
        yield Fault(
            name, record.seq, f"is by the key {found.fingerprint}, and the record says {text(record.body, 'signed')}"
        )
    elif allowed is not None:
        yield from _whose(record, name, data, path, allowed)


def _whose(record: Record, name: str, data: bytes, path: Path, allowed: Path) -> Iterator[Fault]:
    person = Person.of(text(record.body, "by"))
    principal = person.email or person.name
    if not principal or signing.check_by(data, path, allowed, principal, record.at).good:
        return
    others = [each for each in signing.principals(path, allowed) if each != principal]
    if others:
        yield Fault(
            name, record.seq, f"is by a key of {', '.join(others)}, and the record says {text(record.body, 'by')}"
        )
    else:
        yield Fault(
            name,
            record.seq,
            f"is by a key that {allowed.name} does not give to {principal} (at {record.at}): {text(record.body, 'signed')}",
        )
