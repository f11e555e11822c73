"""What a call costs: a dated table of prices, what an answer came to, and what a request may come to."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from .model import Request, Usage

TYPICAL_OUTPUT = 8_000
"""Tokens a consultant's document usually takes, thinking included."""

_FRAME = 6_000
"""Bytes of house rules and marks around what a request carries (at most)."""


@dataclass(frozen=True)
class Price:
    """US dollars per million tokens.

    Attributes:
        input: tokens read fresh.
        write_5m: tokens read and kept in the cache for five minutes.
        write_1h: tokens read and kept in the cache for an hour.
        read: tokens taken from the cache.
        output: tokens written, thinking included.
        above: the price of a request whose prompt is longer than ``beyond`` tokens, if it differs.
        beyond: see ``above``.
    """

    input: float
    write_5m: float
    write_1h: float
    read: float
    output: float
    above: Price | None = None
    beyond: int = 0


def as_of() -> str:
    """The day the table was read off its source, ISO 8601."""
    return str(_table()["as_of"])


def known_models() -> tuple[str, ...]:
    """The model ids with a known price."""
    return tuple(_prices())


def price(model: str) -> Price | None:
    """The price of ``model``, with or without the date at its end; ``None`` when none is known (a local server)."""
    return _prices().get(re.sub(r"-\d{8}$", "", model))


def cost(model: str, usage: Usage) -> float:
    """US dollars for ``usage``, searches included; 0.0 for ``offline`` and models without a known price."""
    known = price(model)
    if known is None:
        return 0.0
    tier = _tier(known, usage.read)
    tokens = (
        usage.input * tier.input
        + usage.cache_write * tier.write_5m
        + usage.cache_write_1h * tier.write_1h
        + usage.cache_read * tier.read
        + usage.output * tier.output
    )
    return tokens / 1_000_000 + usage.searches * float(_table()["search"])


def most(request: Request) -> float:
    """US dollars one sending of ``request`` comes to at worst; 0.0 without a known price.

    Three UTF-8 bytes count as a token (English has about four), all of it is written to the cache, nothing is read
    from it, and the answer takes all of ``max_tokens``.
    """
    return cost(request.model, Usage(cache_write=_bytes(request) // 3 + 1, output=request.max_tokens))


def expected(request: Request) -> float:
    """US dollars one sending of ``request`` usually comes to, when nothing of it is in the cache yet; 0.0 without a known price."""
    return cost(request.model, usual(request))


def usual(request: Request) -> Usage:
    """Tokens one sending of ``request`` usually takes: a token for every four bytes read, :data:`TYPICAL_OUTPUT` written."""
    return Usage(cache_write=_bytes(request) // 4 + 1, output=min(TYPICAL_OUTPUT, request.max_tokens))


def _bytes(request: Request) -> int:
    pieces = [request.feature, request.role, request.task, request.draft]
    pieces += [*request.outline, *request.remarks, *request.findings]
    marks = 0
    for material in request.materials:
        pieces += [material.name, material.text]
        marks += 20 if material.kind == "passage" else 120
    return sum(len(piece.encode("utf-8", "replace")) + 8 for piece in pieces) + marks + _FRAME


def _tier(known: Price, prompt: int) -> Price:
    return known.above if known.above is not None and prompt > known.beyond else known


@cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = json.loads(files(__package__).joinpath("prices.json").read_text(encoding="utf-8"))
    return table


@cache
def _prices() -> dict[str, Price]:
    return {name: _read(entry) for name, entry in _table()["models"].items()}


def _read(entry: dict[str, Any]) -> Price:
    figures = {name: float(entry[name]) for name in ("input", "write_5m", "write_1h", "read", "output")}
    above = entry.get("above")
    return Price(**figures, above=_read(above) if above else None, beyond=int(above["prompt"]) if above else 0)
