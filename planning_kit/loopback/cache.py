"""The cache rules of the Messages API: what of a request's input is written to the cache, and what is read from it.

Source: https://platform.claude.com/docs/en/build-with-claude/prompt-caching
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .. import digest
from .answers import Body, blocks
from .refused import Refused

BREAKPOINTS = 4
"""Most blocks of a request that may be marked."""

BACK = 20
"""Most blocks that are looked at from a breakpoint backwards, itself the first."""

SECONDS = {"5m": 300.0, "1h": 3600.0}
"""How long an entry lives, counted from the start of the request that wrote or read it."""


@dataclass(frozen=True)
class Counted:
    """Tokens of a request's input: read fresh, written for five minutes or an hour, read from the cache."""

    input: int = 0
    write_5m: int = 0
    write_1h: int = 0
    read: int = 0


@dataclass(frozen=True)
class Looked:
    """What a look-up found.

    Attributes:
        counted: the tokens of the input.
        at: when the request began, by the cache's clock.
        kept: the entries that are written or refreshed as soon as the response begins: digest and time to live.
    """

    counted: Counted
    at: float
    kept: Mapping[str, str]


@dataclass(frozen=True)
class _Block:
    """A block by the digest of everything up to it, the tokens up to it, and its mark (``5m``, ``1h`` or none)."""

    digest: str
    tokens: int
    ttl: str


@dataclass
class Cache:
    """A cache of prefixes.

    Args:
        minimum: tokens a prefix must have to be kept; a shorter one is read fresh every time, and nothing says so.
        clock: seconds, from any beginning.
    """

    minimum: int = 1024
    clock: Callable[[], float] = time.monotonic
    _entries: dict[str, tuple[str, float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def look(self, body: Body) -> Looked:
        """What of ``body`` is in the cache now, and what will be once its response has begun.

        Raises:
            Refused: too many marks, one the API does not know, or an hour's behind one of five minutes.
        """
        now, told = self.clock(), list(_told(body))
        marked = [at for at, block in enumerate(told) if block.ttl]
        _check([told[at].ttl for at in marked])
        hit, kept = -1, {}
        with self._lock:
            for at in marked:
                for back in range(at, max(-1, at - BACK), -1):
                    ttl, until = self._entries.get(told[back].digest, ("", 0.0))
                    if ttl and until > now:
                        hit, kept[told[back].digest] = max(hit, back), ttl
                        break
        before = read = told[hit].tokens if hit >= 0 else 0
        wrote = {"5m": 0, "1h": 0}
        for block in (told[at] for at in marked if at > hit and told[at].tokens >= self.minimum):
            wrote[block.ttl] += block.tokens - before
            before, kept[block.digest] = block.tokens, block.ttl
        counted = Counted(told[-1].tokens - before if told else 0, wrote["5m"], wrote["1h"], read)
        return Looked(counted, now, kept)

    def begun(self, looked: Looked) -> None:
        """The response has begun: from now on others read what this request wrote."""
        with self._lock:
            for name, ttl in looked.kept.items():
                until = looked.at + SECONDS[ttl]
                self._entries[name] = (ttl, max(until, self._entries.get(name, ("", until))[1]))


def size(body: Body) -> int:
    """Tokens of the whole input of ``body``, at four characters each."""
    return max((block.tokens for block in _told(body)), default=0)


def _told(body: Body) -> Iterator[_Block]:
    """The blocks of ``body`` in the API's order: tools, system, messages.

    The key of an entry holds the model, all tools, ``output_config`` and ``thinking`` beside the blocks themselves;
    marks are no part of it.
    """
    said = list(_blocks(body))
    tools = [_bare(tool) for tool in body.get("tools") or ()]
    name = digest.of_fact([body.get("model"), body.get("output_config"), body.get("thinking"), tools])
    characters = 0
    for at, (role, block) in enumerate(said):
        bare = digest.canonical([role, _bare(block)])
        name = digest.of_bytes(name.encode() + bare)
        words = block.get("text") if block.get("type") == "text" else None
        characters += len(words) if isinstance(words, str) else len(bare)
        mark = block.get("cache_control") or (body.get("cache_control") if at == len(said) - 1 else None)
        if mark and words == "":
            raise Refused("cache_control cannot be set for empty text blocks")
        yield _Block(name, characters // 4, _ttl(mark))


def _blocks(body: Body) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield from (("tool", tool) for tool in body.get("tools") or ())
    yield from (("system", block) for block in blocks(body.get("system")))
    for message in body.get("messages") or ():
        yield from ((str(message.get("role")), block) for block in blocks(message.get("content")))


def _bare(block: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in block.items() if name != "cache_control"}


def _ttl(mark: Any) -> str:
    if not mark:
        return ""
    known = isinstance(mark, Mapping) and mark.get("type") == "ephemeral"
    ttl = str(mark.get("ttl") or "5m") if known else ""
    if ttl not in SECONDS:
        raise Refused("cache_control: only {'type': 'ephemeral', 'ttl': '5m' or '1h'} is known")
    return ttl


def _check(marks: list[str]) -> None:
    if len(marks) > BREAKPOINTS:
        raise Refused(f"A maximum of {BREAKPOINTS} blocks with cache_control may be provided. Found {len(marks)}.")
    if "1h" in marks[marks.index("5m") :] if "5m" in marks else False:
        raise Refused(
            "a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block; "
            "blocks are processed in the order tools, system, messages"
        )
