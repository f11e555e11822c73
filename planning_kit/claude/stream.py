"""An answer as it comes in, event by event; it knows whether it is whole."""

from __future__ import annotations

import json
from typing import Any

from ..model import Usage
from .faults import Fault, Kind, told


class Answer:
    """What the stream's events add up to; whole only with ``message_stop``, a stop reason and every block closed.

    Attributes:
        model: how the server names the model.
        stop: the stop reason, empty until it is known.
        usage: the tokens counted so far.
        ended: whether ``message_stop`` came.
    """

    def __init__(self, host: str) -> None:
        self.model = ""
        self.stop = ""
        self.usage = Usage()
        self.ended = False
        self._host = host
        self._begun = False
        self._blocks = 0
        self._open: int | None = None
        self._pieces: list[str] = []

    @property
    def text(self) -> str:
        """Everything written, the halves of characters that came in two pieces joined."""
        return mended("".join(self._pieces))

    def take(self, data: str) -> str | None:
        """Take one event's data; gives the text it adds, or ``None`` for an event without content (a ping).

        Raises:
            Fault: the event is broken, out of order, an error, or a tool call (none is offered).
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
        if self._begun == (sort == "message_start"):
            raise self._broken(f"{sort} out of order")
        piece = known[sort](event)
        self._pieces.append(piece)
        return piece

    def whole(self) -> None:
        """Make sure the answer came to its end.

        Raises:
            Fault: it did not.
        """
        if not self.ended:
            raise self._broken("an answer that breaks off before its end")
        if self._open is not None or not self.stop:
            raise self._broken("an answer without a proper end")

    def _broken(self, what: str) -> Fault:
        return Fault(Kind.MAYBE_PAID, f"{self._host} sent {what}", usage=self.usage)

    def _start(self, event: dict[str, Any]) -> str:
        message = _part(event, "message")
        self._begun = True
        self.model = _word(message, "model")
        self._count(_part(message, "usage"))
        return ""

    def _block(self, event: dict[str, Any]) -> str:
        block = _part(event, "content_block")
        if self._open is not None or event.get("index") != self._blocks:
            raise self._broken("content blocks out of order")
        if "tool_use" in _word(block, "type"):
            raise self._tool()
        self._open = self._blocks
        self._blocks += 1
        return _word(block, "text") if block.get("type") == "text" else ""

    def _delta(self, event: dict[str, Any]) -> str:
        if self._open is None or event.get("index") != self._open:
            raise self._broken("text outside its block")
        delta = _part(event, "delta")
        return _word(delta, "text") if delta.get("type") == "text_delta" else ""

    def _close(self, event: dict[str, Any]) -> str:
        if self._open is None or event.get("index") != self._open:
            raise self._broken("content blocks out of order")
        self._open = None
        return ""

    def _stopping(self, event: dict[str, Any]) -> str:
        self.stop = _word(_part(event, "delta"), "stop_reason") or self.stop
        self._count(_part(event, "usage"))
        if self.stop == "tool_use":
            raise self._tool()
        return ""

    def _end(self, event: dict[str, Any]) -> str:
        self.ended = True
        return ""

    def _tool(self) -> Fault:
        text = f"protocol: {self._host} wants a tool run although none is offered; nothing was run"
        return Fault(Kind.STOP, text, usage=self.usage)

    def _count(self, usage: dict[str, Any]) -> None:
        """Later counts replace earlier ones: the stream's are cumulative."""

        def latest(name: str, before: int) -> int:
            value = usage.get(name)
            return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else before

        self.usage = Usage(
            input=latest("input_tokens", self.usage.input),
            output=latest("output_tokens", self.usage.output),
            cache_read=latest("cache_read_input_tokens", self.usage.cache_read),
            cache_write=latest("cache_creation_input_tokens", self.usage.cache_write),
        )


def mended(text: str) -> str:
    """``text`` with split surrogate pairs joined and halves without their other half replaced, so that it has UTF-8."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _part(event: dict[str, Any], name: str) -> dict[str, Any]:
    part = event.get(name)
    return part if isinstance(part, dict) else {}


def _word(part: dict[str, Any], name: str) -> str:
    word = part.get(name)
    return word if isinstance(word, str) else ""
