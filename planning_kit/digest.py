"""What makes two things the same thing: the only place that hashes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

Plain = None | bool | int | float | str | Sequence["Plain"] | Mapping[str, "Plain"]


def of_bytes(data: bytes) -> str:
    """SHA-256 of ``data`` as 64 lower-case hex characters."""
    return hashlib.sha256(data).hexdigest()


def of_text(text: str) -> str:
    """SHA-256 of ``text`` in UTF-8, 64 hex characters."""
    return of_bytes(text.encode("utf-8"))


def canonical(fact: Plain) -> bytes:
    """``fact`` as JSON that is the same bytes for the same content (keys sorted, no NaN).

    Raises:
        ValueError: for NaN or infinity, which JSON has no word for.
    """
    text = json.dumps(fact, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8", errors="surrogatepass")


def of_fact(fact: Plain) -> str:
    """SHA-256 of a fact made of plain JSON values, 64 hex characters."""
    return of_bytes(canonical(fact))


def short(digest: str) -> str:
    """The first 12 characters: enough for a person to compare two digests by eye."""
    return digest[:12]
