"""What a call costs: a dated table of prices, what an answer came to, what a request usually and at worst comes to."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from . import digest
from .model import Request, Usage, lasting

TYPICAL_OUTPUT = 8_000
"""Tokens a consultant's document usually takes, thinking included."""
USUAL_BYTES = 3.5
"""UTF-8 bytes taken for a token where the usual is reckoned: English had about four, models since 4.7 count some 30 % more tokens."""
FEWEST_BYTES = 2
"""UTF-8 bytes taken for a token where the worst is reckoned: prose never comes near it, code and digits seldom."""
USUAL_PAGE = 10_000
"""Tokens one search, with what is read of its results, is expected to bring in."""
LONGEST_PAGE = 20_000
"""Tokens one search, or one page that is read, brings in at worst."""
SHORTEST_PREFIX = 1_024
"""Tokens below which the server keeps nothing in its cache (it differs by model, from 512 to 4,096)."""

KINDS = {
    "input": "read fresh",
    "cache_write": "cached for 5 min",
    "cache_write_1h": "cached for 1 h",
    "cache_read": "read from the cache",
    "output": "written",
    "searches": "searches",
}
"""What is paid for, by its name in :class:`model.Usage`, and what a person calls it."""

_USUAL_MARKS, _MOST_MARKS = (2_300, 4, 80), (6_000, 36, 136)
"""Bytes around what a request carries: of the house rules, around a passage, around any other material."""


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


def shares(model: str, usage: Usage) -> dict[str, float]:
    """US dollars for ``usage`` by what they were paid for (:data:`KINDS`); all 0.0 without a known price."""
    known = price(model)
    if known is None:
        return dict.fromkeys(KINDS, 0.0)
    tier = _tier(known, usage.read)
    return {
        "input": usage.input * tier.input / 1_000_000,
        "cache_write": usage.cache_write * tier.write_5m / 1_000_000,
        "cache_write_1h": usage.cache_write_1h * tier.write_1h / 1_000_000,
        "cache_read": usage.cache_read * tier.read / 1_000_000,
        "output": usage.output * tier.output / 1_000_000,
        "searches": usage.searches * float(_table()["search"]),
    }


def cost(model: str, usage: Usage) -> float:
    """US dollars for ``usage``, searches included; 0.0 for ``offline`` and models without a known price."""
    return sum(shares(model, usage).values())


def most(request: Request) -> float:
    """US dollars one sending of ``request`` comes to at worst; 0.0 without a known price.

    A token for every :data:`FEWEST_BYTES`, all of it written to the cache at the dearest rate that is asked for and
    nothing read from it; the answer takes all of ``max_tokens``. A seat with leave to search makes every search and
    reads as many pages, each of :data:`LONGEST_PAGE`, and before each the server reads again, from its cache, what
    there is so far. A continued answer, an empty one that is asked again, a mended one and a further try are sendings
    of their own.
    """
    brought, again = 0, 0
    prompt = sum(_bytes(request, _MOST_MARKS)) // FEWEST_BYTES + 1
    if request.web:
        looks = 2 * request.web.searches
        brought = looks * LONGEST_PAGE
        again = looks * prompt + LONGEST_PAGE * looks * (looks - 1) // 2
    written = prompt + brought
    usage = Usage(
        output=request.max_tokens,
        cache_read=again,
        cache_write=0 if request.lasting else written,
        cache_write_1h=written if request.lasting else 0,
        searches=request.web.searches if request.web else 0,
    )
    return cost(request.model, usage)


def expected(request: Request, cached: bool = False) -> float:
    """US dollars one sending of ``request`` usually comes to; 0.0 without a known price. See :func:`usual`."""
    return cost(request.model, usual(request, cached))


def usual(request: Request, cached: bool = False) -> Usage:
    """Tokens one sending of ``request`` usually takes: one for every :data:`USUAL_BYTES`, :data:`TYPICAL_OUTPUT` written.

    The part that all seats of a step share is written to the cache (passages and codebase for an hour where they are
    ``lasting``), the seat's own part is read fresh. A seat with leave to search makes half of the searches it may
    make, each bringing in :data:`USUAL_PAGE`, which the server keeps for five minutes. A server whose prices nobody
    knows is taken to keep nothing.

    Args:
        request: what is asked.
        cached: whether another seat of the step has had the shared part written to the cache before.
    """
    lasting, shared, own = (round(size / USUAL_BYTES) for size in _bytes(request, _USUAL_MARKS))
    searches = (request.web.searches + 1) // 2 if request.web else 0
    brought = searches * USUAL_PAGE
    answer = Usage(input=own, output=min(TYPICAL_OUTPUT, request.max_tokens), searches=searches)
    if price(request.model) is None:
        return answer + Usage(input=lasting + shared + brought)
    if lasting + shared < SHORTEST_PREFIX:
        return answer + Usage(input=lasting + shared, cache_write=brought)
    if cached:
        return answer + Usage(cache_read=lasting + shared, cache_write=brought)
    hour = lasting if request.lasting else 0
    return answer + Usage(cache_write=lasting + shared - hour + brought, cache_write_1h=hour)


def prefix(request: Request) -> str:
    """A name for what ``request`` can share with others in the server's cache: two share it only if theirs agree.

    Model, tools, thinking, effort and the form of the answer are part of what the server keeps, see
    https://platform.claude.com/docs/en/build-with-claude/prompt-caching
    """
    tools = list(request.web.domains) + [request.web.searches] if request.web else None
    materials = [[each.kind, each.name, each.text] for each in request.materials if each.kind != "remark"]
    return digest.of_fact([request.model, tools, request.thinking, request.effort, request.schema, materials])


def _bytes(request: Request, marks: tuple[int, int, int]) -> tuple[int, int, int]:
    """Bytes of what every step of the run reads, of what else every seat of the step reads, and of the seat's own part."""
    rules, around_passage, around = marks
    parts = {True: rules, False: 0}
    own = [
        request.feature,
        request.role,
        request.task,
        request.draft,
        request.schema,
        request.template,
        request.earlier,
    ]
    own += [*request.outline, *request.remarks, *request.findings, *(turn.content for turn in request.turns)]
    for material, lasts in zip(request.materials, lasting(request.materials), strict=True):
        if material.kind == "remark":
            own.append(material.text)
            continue
        size = _size(material.name) + _size(material.text)
        parts[lasts] += size + (around_passage if material.kind == "passage" else around)
    return parts[True], parts[False], sum(_size(piece) + 8 for piece in own)


def _size(text: str) -> int:
    return len(text.encode("utf-8", "replace"))


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
