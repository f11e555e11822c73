"""The scenarios: what an answer holds and why it ends."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .. import digest
from . import search, structured, turns
from .answers import Body

SCENARIOS = (
    "ok", "research", "search_error", "refusal", "refusal_mid", "max_tokens", "pause_turn", "ctx", "thinking", "tool_use",
    "empty", "unknown_stop", "worst", "json_wrong", "json_cut", "open_block", "no_stop", "status", "spend_limit",
    "drop_before", "slow_headers", "sse_error", "drop", "eof", "stall", "pings", "malformed",
)  # fmt: skip
"""The names of the scenarios; some take more after a colon."""

BREAKS = ("sse_error", "drop", "eof", "stall", "pings", "malformed")
"""Those that break a stream off in its middle."""

_STOPS = {
    "refusal": "refusal", "refusal_mid": "refusal", "max_tokens": "max_tokens", "json_cut": "max_tokens",
    "pause_turn": "pause_turn", "ctx": "model_context_window_exceeded", "unknown_stop": "something_new", "no_stop": None,
}  # fmt: skip

_HALVES = ("refusal_mid", "max_tokens", "json_cut", "pause_turn", "ctx")


@dataclass(frozen=True)
class Answer:
    """A whole answer.

    Attributes:
        content: its blocks.
        stop: its stop reason; ``None`` only where a fault is wanted.
        details: its stop details.
        searches: how many searches are billed with it.
    """

    content: list[dict[str, Any]]
    stop: str | None
    details: dict[str, Any] | None = None
    searches: int = 0

    @property
    def characters(self) -> int:
        """How many characters were written, thoughts included."""
        return sum(len(written(block)) for block in self.content)


def known(scenario: str) -> bool:
    """Whether there is such a scenario; an empty one is ``ok``, a status needs its number, a silence may have its seconds."""
    name, _, detail = scenario.partition(":")
    if name == "status":
        return re.fullmatch(r"[1-9]\d\d(:.*)?", detail) is not None
    if name == "slow_headers":
        return re.fullmatch(r"(\d+(\.\d+)?)?", detail) is not None
    return name in ("", *SCENARIOS)


def written(block: dict[str, Any]) -> str:
    """What the model wrote of a block; what a search found is not its writing."""
    return str(block.get("text") or block.get("thinking") or "")


def answer(name: str, detail: str, body: Body, text: str, own: bool) -> Answer:
    """The answer a scenario gives.

    Args:
        name: the scenario.
        detail: what stands behind its colon.
        body: the request.
        text: the text it would be answered with as a whole.
        own: the text was written by whoever started the server.
    """
    if name in ("empty", "refusal"):
        content: list[dict[str, Any]] = []
    elif name == "tool_use":
        return Answer([{"type": "tool_use", "id": "toolu_loopback", "name": "run", "input": {}}], "tool_use")
    else:
        content = turns.remaining(_whole(name, detail, body, text, own), turns.given(body))
    if name in _HALVES:
        content = _half(content)
    if name == "thinking":
        thought = "The passages are read one after the other before a word is written."
        content = [{"type": "thinking", "thinking": thought, "signature": digest.of_text(thought)}, *content]
    stop = _STOPS.get(name, "end_turn")
    why = {"type": "refusal", "category": detail or "cyber", "explanation": None} if stop == "refusal" else None
    return Answer(content, stop, why, search.made(content))


def _whole(name: str, detail: str, body: Body, text: str, own: bool) -> list[dict[str, Any]]:
    """All that would be said to ``body`` if nothing had been said yet."""
    schema = structured.wanted(body)
    if name == "json_wrong":
        text = structured.wrong(schema or {"type": "string"})
    elif schema is not None and name != "worst":
        text = structured.text(schema, text, own)
    offered = search.tool(body) is not None and name not in ("worst", "json_wrong")
    if name == "search_error":
        return search.failed(body, text, detail or "max_uses_exceeded")
    if offered and text:
        return search.research(body, text, cited=schema is None)
    return [{"type": "text", "text": text}] if text else []


def _half(content: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first half: of the only block its text, of several the first ones."""
    if len(content) != 1:
        return list(content[: -(-len(content) // 2)])
    text = content[0].get("text", "")
    return [{**content[0], "text": text[: len(text) // 2]}] if len(text) > 1 else list(content)
