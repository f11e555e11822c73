"""An answer as the events of a stream, ready to be sent."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .scenarios import Answer

PIECE = 20
"""Characters of a piece when a pace is kept: five tokens."""


@dataclass(frozen=True)
class Event:
    """One event: its bytes, and the characters and searches that have been sent once it is out."""

    data: bytes
    characters: int = 0
    searches: int = 0


def event(fact: Mapping[str, Any]) -> bytes:
    """One event as it goes over the wire."""
    return f"event: {fact['type']}\ndata: {json.dumps(fact)}\n\n".encode()


def message(model: str, answer: Answer | None, usage: Mapping[str, Any]) -> dict[str, Any]:
    """A message in the API's shape; without an answer, one that has only begun."""
    return {
        "id": "msg_loopback",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": answer.content if answer else [],
        "stop_reason": answer.stop if answer else None,
        "stop_details": answer.details if answer else None,
        "stop_sequence": None,
        "usage": dict(usage),
    }


def beginning(model: str, usage: Mapping[str, Any]) -> bytes:
    """The events an answer begins with, before a word of it is known."""
    begun = message(model, None, {**usage, "output_tokens": 1})
    return event({"type": "message_start", "message": begun}) + event({"type": "ping"})


def stream(answer: Answer, usage: Mapping[str, Any], paced: bool, closed: bool = True) -> list[Event]:
    """The events of a whole answer after its beginning.

    Args:
        answer: what it says.
        usage: the tokens of the whole answer, in the API's shape.
        paced: whether its texts come in pieces of :data:`PIECE` characters, else in a dozen pieces each.
        closed: whether its last block is closed.
    """
    told: list[Event] = []
    characters = searches = 0
    for index, block in enumerate(answer.content):
        searches += block["type"] == "web_search_tool_result" and isinstance(block["content"], list)
        told.append(Event(_start(index, block), characters, searches))
        for kind, field, value in _deltas(block, paced):
            characters += len(value) if field in ("text", "thinking") else 0
            delta = {"type": kind, field: value}
            data = event({"type": "content_block_delta", "index": index, "delta": delta})
            told.append(Event(data, characters, searches))
        if closed or index + 1 < len(answer.content):
            told.append(Event(event({"type": "content_block_stop", "index": index}), characters, searches))
    end = {"stop_reason": answer.stop, "stop_sequence": None, "stop_details": answer.details}
    last = event({"type": "message_delta", "delta": end, "usage": dict(usage)})
    return [*told, Event(last, characters, searches), Event(event({"type": "message_stop"}), characters, searches)]


def _start(index: int, block: Mapping[str, Any]) -> bytes:
    """The beginning of a block: what comes in pieces is still empty."""
    empty: dict[str, dict[str, Any]] = {
        "text": {"text": "", **({"citations": []} if "citations" in block else {})},
        "thinking": {"thinking": "", "signature": ""},
        "server_tool_use": {"input": {}},
    }
    return event(
        {"type": "content_block_start", "index": index, "content_block": {**block, **empty.get(block["type"], {})}}
    )


def _deltas(block: Mapping[str, Any], paced: bool) -> Iterator[tuple[str, str, Any]]:
    """The pieces of a block: the kind of each, its field, its value."""
    kind = block["type"]
    if kind == "text":
        yield from (("text_delta", "text", piece) for piece in _pieces(block["text"], paced))
        yield from (("citations_delta", "citation", citation) for citation in block.get("citations", ()))
    elif kind == "thinking":
        yield from (("thinking_delta", "thinking", piece) for piece in _pieces(block["thinking"], paced))
        yield "signature_delta", "signature", block["signature"]
    elif kind == "server_tool_use":
        yield "input_json_delta", "partial_json", json.dumps(block["input"])


def _pieces(words: str, paced: bool) -> Iterator[str]:
    step = PIECE if paced else max(1, -(-len(words) // 12))
    return (words[at : at + step] for at in range(0, len(words), step))
