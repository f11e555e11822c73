"""What a server can do is asked once, believed as far as it goes, and never in the way of a run."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from planning_kit.claude.abilities import Abilities, Ability, ask
from planning_kit.errors import BadInput, Damaged

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


@contextmanager
def listing(*answers: tuple[int, Any], dripping: bool = False) -> Iterator[tuple[str, list[str]]]:
    """A server that gives ``answers`` to ``GET /v1/models``, one after the other; its address, and the paths asked for."""
    asked: list[str] = []
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            status, body = answers[min(len(asked), len(answers)) - 1]
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("content-type", "text/html" if isinstance(body, bytes) else "application/json")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            for at in range(200 if dripping else 0):
                if over.wait(0.02):
                    return
                self.wfile.write(data[at : at + 1])
            self.wfile.write(data if not dripping else b"")

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
    finally:
        over.set()
        server.shutdown()
        thread.join()
        server.server_close()


def model(name: str, search: bool = True) -> dict[str, Any]:
    """An entry as the API gives it (``anthropic.types.ModelInfo``)."""
    yes, no = {"supported": True}, {"supported": False}
    effort = {"supported": True, "low": yes, "medium": yes, "high": yes, "xhigh": no, "max": yes}
    types = {"adaptive": yes, "between_tools": yes, "disabled": no, "enabled": no}
    capabilities = {
        "structured_outputs": yes,
        "server_tools": {"supported": True, "web_search": {"supported": search}, "code_execution": yes},
        "effort": effort,
        "thinking": {"supported": True, "types": types},
    }
    return {
        "type": "model",
        "id": name,
        "max_tokens": 128000,
        "max_input_tokens": 1000000,
        "capabilities": capabilities,
    }


def test_every_page_is_read_and_every_capability_taken_as_it_is_said() -> None:
    first = {"data": [model("claude-opus-5-5")], "has_more": True, "first_id": "a", "last_id": "claude-opus-5-5"}
    last = {"data": [model("claude-haiku-5-5", search=False)], "has_more": False, "last_id": "claude-haiku-5-5"}
    with listing((200, first), (200, last)) as (url, asked):
        found = ask(url, "k", clock=lambda: NOW)
    assert found is not None and found.caching
    assert asked == ["/v1/models?limit=1000", "/v1/models?limit=1000&after_id=claude-opus-5-5"]
    assert (found.host, found.asked_at) == (url.removeprefix("http://"), "2026-11-21T09:30:00Z")
    effort = ("low", "medium", "high", "max")
    assert found.of("claude-opus-5-5") == Ability(True, True, effort, ("adaptive", "between_tools"), 128_000, 1_000_000)
    assert not found.of("claude-haiku-5-5").web_search
    assert Abilities.loaded(found.dumped(), "server.json") == found


def test_a_list_as_openai_gives_it_has_models_that_can_do_text_only() -> None:
    said = {"object": "list", "data": [{"id": "qwen3:latest", "object": "model", "created": 1, "owned_by": "library"}]}
    with listing((200, said)) as (url, _):
        found = ask(url, "k")
    assert found is not None and found.models == {"qwen3:latest": Ability()} and not found.caching
    assert found.knows("qwen3") and not found.knows("qwen2") and found.of("qwen3") == Ability()


@pytest.mark.parametrize(
    "answer", [(404, {"error": {}}), (200, b"<html>hello</html>"), (200, {"data": "x"}), (200, {"data": []}), (200, [])]
)
def test_a_server_without_a_list_is_believed_to_know_any_model(answer: tuple[int, Any]) -> None:
    with listing(answer) as (url, asked):
        found = ask(url, "k")
    assert found is not None and found.models is None and found.knows("anything") and len(asked) == 1
    assert Abilities.loaded(found.dumped(), "server.json") == found


def test_entries_that_are_no_models_are_passed_over() -> None:
    said = {
        "data": [
            None,
            1,
            {"id": 3},
            {"id": ""},
            {"id": "a", "capabilities": {"effort": None, "thinking": [1]}, "max_tokens": "9"},
        ]
    }
    with listing((200, said)) as (url, _):
        found = ask(url, "k")
    assert found is not None and found.models == {"a": Ability()}


@pytest.mark.parametrize("status", [401, 403, 429, 500, 529])
def test_a_server_in_trouble_is_asked_once_and_nothing_is_concluded(status: int) -> None:
    with listing((status, {"type": "error", "error": {"type": "x", "message": "no"}})) as (url, asked):
        assert ask(url, "k") is None
    assert len(asked) == 1


def test_a_server_nobody_answers_at_concludes_nothing() -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        assert ask(f"http://127.0.0.1:{bound.getsockname()[1]}", "k") is None


def test_a_server_that_answers_byte_by_byte_is_not_waited_for() -> None:
    with listing((200, {"data": [], "padding": "x" * 300}), dripping=True) as (url, asked):
        assert ask(url, "k", patience=0.2) is None
    assert len(asked) == 1


def test_a_list_that_never_ends_is_left() -> None:
    same = {"data": [model("a")], "has_more": True, "last_id": "a"}
    with listing((200, same)) as (url, asked):
        found = ask(url, "k")
    assert found is not None and list(found.models or ()) == ["a"] and len(asked) == 2


@pytest.mark.parametrize(
    ("listed", "said", "known"),
    [
        ("claude-opus-4-5-20251101", "claude-opus-4-5", True),
        ("claude-opus-4-5", "claude-opus-4-5-20251101", True),
        ("claude-opus-4-5", "claude-opus-4-5@20251101", True),
        ("claude-opus-4-5-20251101", "claude-opus-4-5-20250101", False),
        ("claude-opus-4-5", "claude-opus-4-6", False),
    ],
)
def test_a_date_at_the_end_of_a_model_id_may_be_missing_on_either_side(listed: str, said: str, known: bool) -> None:
    found = Abilities("host", "", {listed: Ability(structured=True)})
    assert found.knows(said) is known and found.of(said).structured is known


def test_a_kept_answer_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    for text in ("", "[]", '{"host": "a"}', '{"host": "a", "asked_at": "", "models": {"a": {}}, "caching": true}'):
        with pytest.raises(
            Damaged, match=r"server\.json cannot be read \(.*\); delete it to have the server asked again"
        ):
            Abilities.loaded(text, str(tmp_path / "server.json"))


def test_a_credential_that_cannot_be_used_is_refused() -> None:
    with pytest.raises(BadInput, match="set ANTHROPIC_API_KEY"):
        ask("http://127.0.0.1:1")
