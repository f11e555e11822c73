"""What makes a request none, for the API and for a local server that knows less."""

from __future__ import annotations

import json
from typing import Any

from .answers import Body, blocks
from .refused import Refused

_PLAIN = {
    "model", "max_tokens", "messages", "system", "stream", "tools", "tool_choice", "stop_sequences", "metadata",
    "cache_control", "temperature", "top_p", "top_k",
}  # fmt: skip

_PLAIN_BLOCKS = ("text", "image", "tool_use", "tool_result", "thinking")


def parsed(data: bytes, counted: bool = False) -> dict[str, Any]:
    """The body of a request for a message.

    Args:
        data: as it came.
        counted: only its tokens are asked for, so it needs no ``max_tokens``.

    Raises:
        Refused: it is none.
    """
    try:
        body: dict[str, Any] = json.loads(data)
        model, most = body["model"], 1 if counted else int(body["max_tokens"])
        _ = body["messages"][-1]["content"]
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise Refused(f"no proper request: {error!r}") from error
    if most <= 0 or not isinstance(model, str):
        raise Refused("max_tokens must be positive and model a string")
    return body


def check_plain(body: Body) -> None:
    """Refuse what a local server does not know: every extra but ``cache_control``, which it overlooks.

    Raises:
        Refused: the request wants a structured answer, effort, thinking, a server's tool or a kind of block it does not know.
    """
    for name in body:
        if name not in _PLAIN:
            inner = ".format" if name == "output_config" and "format" in (body[name] or ()) else ""
            raise Refused(f"{name}{inner}: Extra inputs are not permitted")
    for at, tool in enumerate(body.get("tools") or ()):
        if tool.get("type", "custom") != "custom":
            raise Refused(f"tools.{at}.type: Input should be 'custom'")
    for at, message in enumerate(body["messages"]):
        for block in blocks(message.get("content")):
            if block.get("type") not in _PLAIN_BLOCKS:
                raise Refused(f"messages.{at}.content: a block of type {block.get('type')!r} is not known")
