"""What a server can do, as data, found by asking it once."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from ..errors import Damaged
from . import platforms

PATIENCE = 10.0
"""Seconds the question may take in all."""

EFFORTS = ("low", "medium", "high", "xhigh", "max")
THINKING = ("adaptive", "between_tools", "disabled")

_DATED = re.compile(r"[-@]\d{8}$")
_NO_LIST = (400, 404, 405, 410, 422, 501)
"""How a server says that it has no list of models."""

_MOST = 10_000
"""Models of one server, at most: a list that never ends is not read to its end."""


@dataclass(frozen=True)
class Ability:
    """What a model can do; what is not said, it cannot.

    Attributes:
        structured: its answer can be bound to a JSON Schema (``output_config.format``).
        web_search: it may be given the server's web search.
        effort: the levels of ``output_config.effort`` it takes.
        thinking: the values of ``thinking.type`` it takes, of those a request can name.
        most_output: most tokens of an answer; 0 when the server does not say.
        most_input: most tokens it reads; 0 when the server does not say.
    """

    structured: bool = False
    web_search: bool = False
    effort: tuple[str, ...] = ()
    thinking: tuple[str, ...] = ()
    most_output: int = 0
    most_input: int = 0


PORTABLE = Ability()
"""What every server that speaks the Messages API can do: text in, text out."""


@dataclass(frozen=True)
class Abilities:
    """What a server said when it was asked.

    Attributes:
        host: the server.
        asked_at: when, UTC, ISO 8601 to the second.
        models: model id → what it can do; ``None`` when the server lists no models.
        caching: whether marks for the prompt cache mean anything to it.
    """

    host: str
    asked_at: str
    models: Mapping[str, Ability] | None = None
    caching: bool = False

    def of(self, model: str) -> Ability:
        """What ``model`` can do, with or without the date at the end of its id; only text for one nobody knows."""
        there = self.models or {}
        return next((there[name] for name in (model, *_alike(model, there)) if name in there), PORTABLE)

    def knows(self, model: str) -> bool:
        """Whether ``model`` can be asked here: it is listed, with or without a date, or nothing is."""
        return not self.models or model in self.models or bool(_alike(model, self.models))

    def dumped(self) -> str:
        """Itself as JSON."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=2, sort_keys=True) + "\n"

    @classmethod
    def loaded(cls, text: str, where: str) -> Abilities:
        """What :meth:`dumped` gave.

        Args:
            text: the JSON.
            where: how a message names its place.

        Raises:
            Damaged: it is none.
        """
        try:
            said = json.loads(text)
            models = said["models"]
            known = None if models is None else {str(name): _opened(each) for name, each in models.items()}
            return cls(str(said["host"]), str(said["asked_at"]), known, bool(said["caching"]))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise Damaged(f"{where} cannot be read ({error}); delete it to have the server asked again") from error


@dataclass(frozen=True)
class _Waits:
    connection: float
    byte: float


def ask(
    base_url: str | None = None,
    api_key: str | None = None,
    *,
    patience: float = PATIENCE,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Abilities | None:
    """What the server can do; nothing when it could not be reached, refused the key or had trouble of its own.

    ``GET /v1/models``, all pages, asked once and without a second try. A server that has no such list, or one without
    abilities (Ollama, vLLM, llama.cpp and LiteLLM list models as OpenAI does), is believed to do text only.

    Args:
        base_url: where the API is; else where the environment says.
        api_key: a key; else what the environment holds.
        patience: seconds it may take in all.
        clock: gives the time of day, with its zone.

    Raises:
        BadInput: the address, the credential or the platform cannot be used.
    """
    connection = platforms.connect(base_url, api_key, _Waits(patience, patience))
    at = clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    name = platforms.platform() if base_url is None and api_key is None else ""
    if getattr(connection.client, "models", None) is None:
        connection.client.close()
        return Abilities(connection.host, at, None, caching=bool(name))
    found: list[Abilities | None] = []

    def work() -> None:
        found.append(_asked(connection, at, patience))

    thread = threading.Thread(target=work, name="abilities", daemon=True)
    thread.start()
    thread.join(patience)  # the SDK's timeouts are for each byte, and a server may send one now and then for ever
    return found[0] if found else None


def _asked(connection: platforms.Connection, at: str, patience: float) -> Abilities | None:
    import anthropic

    until = time.monotonic() + patience
    try:
        listed = list(_pages(connection.client, until))
    except anthropic.APIStatusError as error:
        return Abilities(connection.host, at) if error.status_code in _NO_LIST else None
    except ValueError:
        return Abilities(connection.host, at)
    except connection.failures:
        return None
    finally:
        connection.client.close()
    return _understood(connection.host, at, listed)


def _pages(client: Any, until: float) -> Iterator[Any]:
    """Every entry of the list of models, page by page; as they come, because the SDK's types know only Claude's.

    Raises:
        ValueError: what came is no list of models.
    """
    after, number = "", 0
    while time.monotonic() < until:
        params = {"limit": 1000, **({"after_id": after} if after else {})}
        page = client.get("/v1/models", cast_to=object, options={"params": params})
        entries = page.get("data") if isinstance(page, dict) else None
        if not isinstance(entries, list):
            raise ValueError("no list of models")
        yield from entries
        number += len(entries)
        before, after = after, page.get("last_id") or ""
        if not page.get("has_more") or not isinstance(after, str) or after in ("", before) or number > _MOST:
            return


def _understood(host: str, at: str, listed: Iterable[Any]) -> Abilities:
    """What the listed models can do; anything that has no proper id is passed over."""
    proper = [each for each in listed if isinstance(each, dict) and isinstance(each.get("id"), str) and each["id"]]
    told = any(isinstance(each.get("capabilities"), dict) for each in proper)
    return Abilities(host, at, {each["id"]: _ability(each) for each in proper} or None, caching=told)


def _ability(entry: Mapping[str, Any]) -> Ability:
    can = entry.get("capabilities")
    if not isinstance(can, dict):
        return Ability(most_output=_count(entry.get("max_tokens")), most_input=_count(entry.get("max_input_tokens")))
    return Ability(
        structured=_can(can, "structured_outputs"),
        web_search=_can(can, "server_tools", "web_search"),
        effort=tuple(level for level in EFFORTS if _can(can, "effort") and _can(can, "effort", level)),
        thinking=tuple(kind for kind in THINKING if _can(can, "thinking", "types", kind)),
        most_output=_count(entry.get("max_tokens")),
        most_input=_count(entry.get("max_input_tokens")),
    )


def _can(said: Any, *way: str) -> bool:
    for name in (*way, "supported"):
        said = said.get(name) if isinstance(said, dict) else None
    return said is True


def _count(said: Any) -> int:
    return said if isinstance(said, int) and not isinstance(said, bool) and said > 0 else 0


def _alike(model: str, there: Iterable[str]) -> list[str]:
    """The ids that differ from ``model`` only by a date at the end that one of the two has, or by Ollama's ``:latest``."""
    plain = _plain(model)
    dated = model != plain
    return [name for name in there if _plain(name) == plain and (name == plain or not dated)]


def _plain(model: str) -> str:
    return _DATED.sub("", model.removesuffix(":latest"))


def _opened(said: Mapping[str, Any]) -> Ability:
    return Ability(**{**said, "effort": tuple(said["effort"]), "thinking": tuple(said["thinking"])})
