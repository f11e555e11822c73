"""An answer as it comes in, event by event; it knows whether it is whole."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from ..model import Usage
from .faults import Fault, Kind, told

_DELTAS = {
    "text_delta": "text",
    "thinking_delta": "thinking",
    "signature_delta": "signature",
    "input_json_delta": "partial_json",
}
"""What a delta adds to in its block."""


class Answer:
    """What the stream's events add up to; whole only with ``message_stop``, a stop reason and every block closed.

    Args:
        host: how messages name the server.
        web: whether the server was given leave to search the web; any other tool call is against the rules.

    Attributes:
        model: how the server names the model.
        stop: the stop reason, empty until it is known; for a refusal with its category.
        usage: the tokens counted so far.
        begun: whether ``message_start`` came.
        ended: whether ``message_stop`` came.
        blocks: the content as it will have to be handed back.
    """

    def __init__(self, host: str, web: bool = False) -> None:
        self.model = ""
        self.stop = ""
        self.usage = Usage()
        self.begun = False
        self.ended = False
        self.blocks: list[dict[str, Any]] = []
        self._host = host
        self._web = web
        self._pieces: dict[str, list[str]] | None = None
        self._characters = 0

    @property
    def text(self) -> str:
        """Everything written, the halves of characters that came in two pieces joined."""
        return mended("".join(block["text"] for block in self.blocks if block.get("type") == "text"))

    @property
    def doing(self) -> str:
        """What the model is doing by what came last: ``thinking`` (before its first word as well), ``searching`` or ``writing``."""
        sort = str(self.blocks[-1].get("type")) if self.blocks else "thinking"
        if sort == "text":
            return "writing"
        return "searching" if "tool" in sort else "thinking"

    @property
    def taken(self) -> Usage:
        """The tokens so far: a server counts what it writes only at the end, so what has come counts at four characters each."""
        return replace(self.usage, output=max(self.usage.output, self._characters // 4))

    def take(self, data: str) -> str | None:
        """Take one event's data; gives the text it adds, or ``None`` for an event without content (a ping).

        Raises:
            Fault: the event is broken, out of order, an error, or a tool call that nobody offered.
        """
        try:
            event = json.loads(data)
        except (ValueError, RecursionError):
            raise self._broken("an event that is not JSON") from None
        sort = event.get("type") if isinstance(event, dict) else None
        if not isinstance(sort, str):
            raise self._broken("an event without a type")
        if sort == "error":
            fault = told(event, self._host)
            fault.usage = self.usage
            raise fault
        known = {
            "message_start": self._start,
            "content_block_start": self._block,
            "content_block_delta": self._delta,
            "content_block_stop": self._close,
            "message_delta": self._stopping,
            "message_stop": self._end,
        }
        if sort not in known:
            return None
        if self.begun == (sort == "message_start"):
            raise self._broken(f"{sort} out of order")
        return known[sort](event)

    def whole(self) -> None:
        """Make sure the answer came to its end.

        Raises:
            Fault: it did not.
        """
        if not self.ended:
            raise self._broken("an answer that breaks off before its end")
        if self._pieces is not None or not self.stop:
            raise self._broken("an answer without a proper end")

    def _broken(self, what: str) -> Fault:
        return Fault(Kind.MAYBE_PAID, f"{self._host} sent {what}", usage=self.usage)

    def _start(self, event: dict[str, Any]) -> str:
        message = _part(event, "message")
        self.begun = True
        self.model = _word(message, "model")
        self._count(_part(message, "usage"))
        return ""

    def _block(self, event: dict[str, Any]) -> str:
        block = _part(event, "content_block")
        if self._pieces is not None or event.get("index") != len(self.blocks):
            raise self._broken("content blocks out of order")
        sort = _word(block, "type")
        if not sort:
            raise self._broken("a content block without a type")
        if sort.endswith("tool_use") and not (self._web and sort == "server_tool_use"):
            raise self._tool()
        text = _word(block, "text") if sort == "text" else ""
        self.blocks.append({"type": "text", "text": text} if sort == "text" else dict(block))
        self._pieces = {"text": [text]} if sort == "text" else {}
        return text

    def _delta(self, event: dict[str, Any]) -> str:
        if self._pieces is None or event.get("index") != len(self.blocks) - 1:
            raise self._broken("text outside its block")
        delta = _part(event, "delta")
        sort, block = _word(delta, "type"), self.blocks[-1]
        if sort == "citations_delta":
            block["citations"] = [*(block.get("citations") or ()), _part(delta, "citation")]
        name = _DELTAS.get(sort)
        if name is None:
            return ""
        piece = _word(delta, name)
        self._characters += len(piece)
        self._pieces.setdefault(name, [_word(block, name)] if name != "partial_json" else []).append(piece)
        return piece if sort == "text_delta" else ""

    def _close(self, event: dict[str, Any]) -> str:
        if self._pieces is None or event.get("index") != len(self.blocks) - 1:
            raise self._broken("content blocks out of order")
        block = self.blocks[-1]
        for name, pieces in self._pieces.items():
            if name != "partial_json":
                block[name] = "".join(pieces)
            elif whole := "".join(pieces):
                try:
                    block["input"] = json.loads(whole)
                except (ValueError, RecursionError):
                    raise self._broken("a search that is not JSON") from None
        self._pieces = None
        return ""

    def _stopping(self, event: dict[str, Any]) -> str:
        delta = _part(event, "delta")
        self.stop = _word(delta, "stop_reason") or self.stop
        self._count(_part(event, "usage"))
        if self.stop == "tool_use":
            raise self._tool()
        if self.stop == "refusal" and (category := _word(_part(delta, "stop_details"), "category")):
            self.stop = f"refusal ({category})"
        return ""

    def _end(self, event: dict[str, Any]) -> str:
        self.ended = True
        return ""

    def _tool(self) -> Fault:
        text = f"protocol: {self._host} wants a tool run although none is offered; nothing was run"
        return Fault(Kind.STOP, text, usage=self.usage)

    def _count(self, usage: dict[str, Any]) -> None:
        """Later counts replace earlier ones: the stream's are cumulative."""

        def latest(counts: dict[str, Any], name: str, before: int) -> int:
            value = counts.get(name)
            return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else before

        now = self.usage
        hour = latest(_part(usage, "cache_creation"), "ephemeral_1h_input_tokens", now.cache_write_1h)
        written = latest(usage, "cache_creation_input_tokens", now.cache_write + now.cache_write_1h)
        self.usage = Usage(
            input=latest(usage, "input_tokens", now.input),
            output=latest(usage, "output_tokens", now.output),
            cache_read=latest(usage, "cache_read_input_tokens", now.cache_read),
            cache_write=max(0, written - hour),
            cache_write_1h=min(hour, written),
            searches=latest(_part(usage, "server_tool_use"), "web_search_requests", now.searches),
        )


def mended(text: str) -> str:
    """``text`` with split surrogate pairs joined and halves without their other half replaced, so that it has UTF-8."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def line(text: str, most: int) -> str:
    """``text`` on one line of at most ``most`` characters, without anything a terminal would obey."""
    plain = " ".join("".join(letter if letter.isprintable() else " " for letter in mended(text)).split())
    return plain if len(plain) <= most else plain[: most - 1] + "…"


def _part(event: dict[str, Any], name: str) -> dict[str, Any]:
    part = event.get(name)
    return part if isinstance(part, dict) else {}


def _word(part: dict[str, Any], name: str) -> str:
    word = part.get(name)
    return word if isinstance(word, str) else ""
