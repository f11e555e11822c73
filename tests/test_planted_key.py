"""A server that echoes the key, in pieces and whole: after a run, a stop and a crash it is in no file, no output, no command line."""

from __future__ import annotations

import base64
import json
import os
import re
import signal
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from planning_kit.claude import Abilities, Ability, Claude
from planning_kit.errors import ModelStopped
from planning_kit.ledger import Ledger
from planning_kit.loopback import Loopback, asked
from planning_kit.loopback.refused import Refused
from planning_kit.model import Web
from planning_kit.spool import Spool
from planning_kit.store import Store

from .test_faults import HEAD, REQUEST, raw
from .test_model_run import TOGETHER, command, environment, until, written

PLANTED = 'Zq7"plant\\ed+3kEy/9f=Xv2T&wM8rB-4nHs%Lp'
"""No known shape, and other letters in JSON and in an address than by itself."""


def forms() -> set[bytes]:
    """The key as it stands by itself, in JSON, in JSON inside JSON, in an address, and in base64 from each of its three beginnings."""
    once = json.dumps(PLANTED)[1:-1]
    said = {PLANTED, once, json.dumps(once)[1:-1], quote(PLANTED), quote(PLANTED, safe="")}
    for ahead in range(3):
        coded = base64.b64encode(b"x" * ahead + PLANTED.encode())
        inner = coded[4 if ahead else 0 : len(coded) - 4].decode()
        said |= {inner, inner.replace("+", "-").replace("/", "_")}
    return {form.encode() for form in said}


def nowhere(folder: Path) -> None:
    """The key is in no file below ``folder``, and in no name of one."""
    looked = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    assert looked
    found = [path for path in looked for form in forms() if form in path.read_bytes() or form in str(path).encode()]
    assert found == []


def test_the_search_finds_the_key_in_every_form(tmp_path: Path) -> None:
    nested = json.dumps({"text": json.dumps({"key": PLANTED})})
    for text in (PLANTED, nested, quote(PLANTED), base64.b64encode(f"a {PLANTED} b".encode()).decode()):
        (tmp_path / "file").write_text(f"before {text} after")
        with pytest.raises(AssertionError):
            nowhere(tmp_path)


@contextmanager
def watched() -> Iterator[list[str]]:
    """The command lines on this machine in which the key was seen meanwhile.

    Environments are not looked at: that is where the user puts the key, kernels inherit it as any child does, and only
    the user can read it there; a command line is open to everybody.
    """
    over, seen = threading.Event(), []

    def look() -> None:
        while not over.wait(0.05):
            for path in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    said = path.read_bytes()
                except OSError:
                    continue
                if any(form in said for form in forms()):
                    seen.append(str(path))

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()


class Home:
    """A user's home, cache, temporary folder and working folder, all of them below one."""

    def __init__(self, folder: Path, server: Loopback) -> None:
        self.folder, self.here = folder, folder / "here"
        places = {
            "HOME": "home",
            "XDG_CACHE_HOME": "cache",
            "XDG_CONFIG_HOME": "config",
            "TMPDIR": "tmp",
            "IPYTHONDIR": "ipython",
        }
        for name in ("here", *places.values()):
            (folder / name).mkdir()
        own = {name: str(folder / place) for name, place in places.items()}
        self._environment = {**environment(server), **own, "ANTHROPIC_API_KEY": PLANTED}

    def start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            command(), cwd=self.here, env=self._environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def ended(self, run: subprocess.Popen[str], status: int) -> str:
        """What it printed; the key is not in it, nor in any file by now."""
        out, err = run.communicate(timeout=120)
        assert run.returncode == status, err
        assert not [form for form in forms() if form in (out + err).encode()]
        nowhere(self.folder)
        return out + err


def echoing(body: dict[str, Any]) -> str:
    """A good answer with the key in it, again and again."""
    text = written(body)
    echo = "".join(f"\n{'x' * ahead} The credential was {PLANTED} [P1].\n" for ahead in range(12))
    return text + echo if asked(body).outline else text


@pytest.mark.long
def test_a_run_a_stop_and_a_crash_leave_the_key_nowhere_and_the_same_command_carries_on(tmp_path: Path) -> None:
    ill = [True]

    def refused(body: object, number: int) -> str:
        if ill.pop() if ill else False:
            raise Refused(f"invalid bearer {PLANTED} ({quote(PLANTED, safe='')})", 401)
        return ""

    with Loopback(echoing, script=refused) as server, watched() as seen:
        home = Home(tmp_path, server)
        said = home.ended(home.start(), 4)
        assert "[REDACTED:key-in-use]" in said and "ANTHROPIC_API_KEY" in said
        server.pace = 200.0  # pieces of five tokens, so that the key comes in three of them
        run = home.start()
        until(lambda: sum(asked(request.body).seat in TOGETHER for request in server.requests) >= 2)
        until(lambda: any(b"text_delta" in path.read_bytes() for path in tmp_path.rglob("spool/*/*.sse")))
        os.kill(json.loads(next(tmp_path.rglob("writer.json")).read_bytes())["pid"], signal.SIGKILL)
        said = home.ended(run, 4)
        assert re.search(
            r"planning-kit: the kernel of 5_consultants ended in cell \d+ .*; the same command carries on", said
        )
        server.pace = 0.0
        home.ended(home.start(), 0)
        assert server.requests[-1].headers["authorization"] == f"Bearer {PLANTED}"
        assert seen == []
    executed = json.loads(next(tmp_path.rglob("notebooks/5_consultants.ipynb")).read_bytes())
    assert {cell["metadata"]["papermill"]["status"] for cell in executed["cells"]} == {"completed"}
    kept = [json.loads(path.read_bytes())["reply"]["text"] for path in tmp_path.rglob("calls/*/*.json")]
    assert (
        len(kept) >= 8 and sum("[REDACTED:key-in-use]" in text for text in kept) >= 7
    )  # the facts fit a schema of ours


def events(*blocks: tuple[dict[str, Any], list[dict[str, Any]]], stop: str) -> bytes:
    """A stream of ``blocks``, each with its deltas."""
    usage = {"input_tokens": 1, "output_tokens": 1}
    said: list[dict[str, Any]] = [{"type": "message_start", "message": {"model": PLANTED, "usage": usage}}]
    for at, (block, deltas) in enumerate(blocks):
        said.append({"type": "content_block_start", "index": at, "content_block": block})
        said += [{"type": "content_block_delta", "index": at, "delta": delta} for delta in deltas]
        said.append({"type": "content_block_stop", "index": at})
    said += [{"type": "message_delta", "delta": {"stop_reason": stop}, "usage": usage}, {"type": "message_stop"}]
    return HEAD + b"".join(f"data: {json.dumps(each)}\n\n".encode() for each in said)


ECHO = events(
    ({"type": "server_tool_use", "id": "s1", "name": "web_search", "input": {}},
     [{"type": "input_json_delta", "partial_json": piece} for piece in (json.dumps({"query": PLANTED})[:20], json.dumps({"query": PLANTED})[20:])]),
    ({"type": "web_search_tool_result", "tool_use_id": "s1", "content": [
        {"type": "web_search_result", "url": f"https://a.example/?k={quote(PLANTED, safe='')}", "title": PLANTED, "encrypted_content": "e"}]}, []),
    ({"type": "text", "text": ""}, [
        {"type": "text_delta", "text": PLANTED[:9]}, {"type": "text_delta", "text": PLANTED[9:]}, {"type": "text_delta", "text": f" {PLANTED} "},
        {"type": "citations_delta", "citation": {"type": "web_search_result_location", "url": f"https://a.example/?k={quote(PLANTED, safe='')}",
                                                 "title": PLANTED, "cited_text": PLANTED}}]),
    stop="pause_turn",
)  # fmt: skip
PIECES = {
    "an answer": ECHO,
    "a broken answer": ECHO[: len(ECHO) * 2 // 3],
    "an error": HEAD + f"data: {json.dumps({'type': 'error', 'error': {'type': 'api_error', 'message': 'y' * 530 + PLANTED}})}\n\n".encode(),
}  # fmt: skip


def claude(folder: Path, url: str, hear: Callable[[str], None]) -> None:
    store = Store(folder)
    able = Abilities("h", "2026-11-21T09:00:00Z", {REQUEST.model: Ability(web_search=True)})
    author = Claude(Spool(store), able, base_url=url, api_key=PLANTED, sleep=lambda seconds: None)
    Ledger(store, lambda: author, 100.0).send(replace(REQUEST, web=Web(2)), hear)


@pytest.mark.parametrize("said", PIECES)
def test_a_key_in_searches_sources_errors_and_in_two_pieces_is_not_kept(said: str, tmp_path: Path) -> None:
    def answer(peer: socket.socket) -> None:
        peer.sendall(PIECES[said])

    with raw(answer) as url:
        if said == "an answer":
            claude(tmp_path, url, lambda text: None)
            (entry,) = (json.loads(path.read_bytes())["reply"] for path in tmp_path.glob("calls/*/*.json"))
            assert entry["text"].startswith("[REDACTED:key-in-use] [REDACTED:key-in-use]")
            assert (
                len(entry["sources"]) == 1 and json.loads(entry["content"])[1]["content"][0]["encrypted_content"] == "e"
            )
        else:
            with pytest.raises(ModelStopped) as stop:
                claude(tmp_path, url, lambda text: None)
            assert not any(PLANTED[:size] in str(stop.value) for size in (12, 20))
            assert len(list(tmp_path.glob("spool/*/*.lost"))) == 3
    nowhere(tmp_path)


def test_what_is_spooled_by_a_process_that_dies_holds_no_whole_key(tmp_path: Path) -> None:
    class Killed(BaseException):
        """As good as a kill: nobody tidies up."""

    def die(text: str) -> None:
        if text.startswith(" "):
            raise Killed

    def answer(peer: socket.socket) -> None:
        peer.sendall(ECHO)

    with raw(answer) as url:
        with pytest.raises(Killed):
            claude(tmp_path, url, die)
        assert list(tmp_path.glob("spool/*/*.sse"))
        nowhere(tmp_path)
        claude(tmp_path, url, lambda text: None)
    nowhere(tmp_path)


@pytest.mark.parametrize("key", ["x", "text", "type"])
def test_a_key_that_is_a_mere_word_garbles_nothing(key: str, tmp_path: Path) -> None:
    with Loopback(script=["max_tokens"]) as server:
        store = Store(tmp_path)
        author = Claude(Spool(store), base_url=server.url, api_key=key)
        reply = Ledger(store, lambda: author, 100.0).send(REQUEST, lambda text: None)
    assert "[REDACTED" not in reply.text and json.loads(reply.content)[0]["type"] == "text"
