"""The models the loopback server knows, as the API lists them and as a local server does.

Shapes: ``anthropic/types/model_info.py`` and what it nests, SDK 2.11; a local server's list is that of
https://platform.openai.com/docs/api-reference/models/list.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qs

from .refused import Refused

_LINES = ("haiku", "sonnet", "opus", "fable", "mythos")
_SMALL = ("claude-opus-4-5", "claude-haiku-4-5", "claude-sonnet-4-5")
_BUDGET = (*_SMALL, "claude-opus-4-6", "claude-sonnet-4-6")
_ALWAYS = ("claude-opus-5-5", "claude-fable-5")


class Models:
    """The list of models.

    Args:
        ids: the models there are; none at all means that nothing is listed, as by a server without such an address.
        plain: list them as a local server does, without anything said about them.
    """

    def __init__(self, ids: Sequence[str] | None = None, plain: bool = False) -> None:
        self.ids = tuple(ids) if ids is not None else known()
        self._plain = plain

    def check(self, model: str) -> None:
        """Refuse a model that is not listed, with or without the date at its end."""
        if model not in self.ids and re.sub(r"-\d{8}$", "", model) not in self.ids:
            raise Refused(f"model: {model}", 404)

    def page(self, query: str) -> dict[str, Any]:
        """The answer to ``GET /v1/models?query``: ``limit`` (20, at most 1000) and ``after_id`` are heeded."""
        if not self.ids:
            raise Refused("Not Found", 404)
        if self._plain:
            return {"object": "list", "data": [self._told(name) for name in self.ids]}
        asked = {name: values[-1] for name, values in parse_qs(query).items()}
        limit = asked.get("limit", "20")
        if not limit.isdecimal() or not 1 <= int(limit) <= 1000:
            raise Refused("limit: must be between 1 and 1000")
        after = asked.get("after_id")
        start = self.ids.index(after) + 1 if after in self.ids else 0
        page = self.ids[start : start + int(limit)]
        return {
            "data": [self._told(name) for name in page],
            "has_more": start + len(page) < len(self.ids),
            "first_id": page[0] if page else None,
            "last_id": page[-1] if page else None,
        }

    def one(self, name: str) -> dict[str, Any]:
        """The answer to ``GET /v1/models/name``."""
        self.check(name)
        return self._told(name)

    def _told(self, name: str) -> dict[str, Any]:
        return {"id": name, "object": "model"} if self._plain else _info(name)


@cache
def known() -> tuple[str, ...]:
    """The Claude models there is a price for."""
    return tuple(json.loads(files("planning_kit").joinpath("prices.json").read_text(encoding="utf-8"))["models"])


def prefills(model: str) -> bool:
    """Whether the model goes on with an assistant's turn at the end of a request; those from 4.6 on refuse it."""
    return model.startswith(_SMALL)


def _info(name: str) -> dict[str, Any]:
    line = next((line for line in _LINES if f"-{line}-" in name), None)
    number = re.sub(r"(\d)-(?=\d)", r"\1.", re.sub(r"-\d{8}$", "", name))
    return {
        "type": "model",
        "id": name,
        "display_name": number.replace("-", " ").title(),
        "created_at": "1970-01-01T00:00:00Z",
        "lifecycle": "active",
        "line": line,
        "deprecated_at": None,
        "retires_at": None,
        "max_input_tokens": 200_000 if name.startswith(_SMALL) else 1_000_000,
        "max_tokens": 64_000 if name.startswith(_SMALL) else 128_000,
        "capabilities": _capabilities(name),
    }


def _capabilities(name: str) -> dict[str, Any]:
    yes, no = {"supported": True}, {"supported": False}
    levels = dict.fromkeys(("low", "medium", "high", "max"), no if name.startswith("claude-haiku-4-5") else yes)
    kinds: Mapping[str, bool] = {
        "adaptive": not name.startswith(_SMALL),
        "between_tools": name.startswith("claude-sonnet-5-5"),
        "disabled": not name.startswith((*_ALWAYS, "claude-sonnet-5-5")),
        "enabled": name.startswith(_BUDGET),
    }
    return {
        "batch": yes,
        "citations": yes,
        "code_execution": yes,
        "context_management": yes,
        "effort": {**levels["low"], **levels, "xhigh": no if name.startswith(_BUDGET) else yes},
        "image_input": yes,
        "pdf_input": yes,
        "server_tools": {**yes, "web_search": yes, "code_execution": yes},
        "structured_outputs": yes,
        "thinking": {**yes, "types": {kind: {"supported": so} for kind, so in kinds.items()}},
    }
