"""``planning-kit fake-server``: it prints what to set, ends by itself, and gives its bill."""

import json
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from planning_kit.loopback import KEY, Billed, lines
from planning_kit.model import Usage

BODY = {"model": "claude-opus-5-5", "max_tokens": 9, "messages": [{"role": "user", "content": "x" * 40}]}


@contextmanager
def serving(*options: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The server's address and its process."""
    command = [sys.executable, "-m", "planning_kit", "fake-server", "--seconds", "60", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = [process.stdout.readline().strip() for _ in range(2)]
        assert told[1] == f"export ANTHROPIC_API_KEY={KEY}"
        yield told[0].removeprefix("export ANTHROPIC_BASE_URL="), process


def got(url: str, body: Any = None) -> Any:
    request = urllib.request.Request(url, json.dumps(body).encode() if body else None, {"x-api-key": KEY})
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=20) as answer:
        return json.load(answer)


def refused(url: str, body: Any) -> int:
    with pytest.raises(urllib.error.HTTPError) as error:
        got(url, body)
    error.value.close()
    return error.value.code


def test_it_answers_from_a_file_after_its_script_ends_by_itself_and_gives_the_bill(tmp_path):
    file = tmp_path / "reply.md"
    file.write_text("x" * 4_000, encoding="utf-8")
    with serving("--requests", "2", "--reply", str(file), "--script", "status:503") as (url, process):
        assert refused(f"{url}/v1/messages", BODY) == 503
        assert got(f"{url}/v1/messages", BODY)["content"][0]["text"] == "x" * 4_000
        bill, _ = process.communicate(timeout=20)
        assert process.returncode == 0
    assert "answered   1 requests: 1 whole\n" in bill
    assert "input 10 · cache write 5m 0 · cache write 1h 0 · cache read 0 · output 1,000 · 0 searches\n" in bill
    assert "billed     $0.0200 it would have been" in bill


def test_it_gives_its_bill_when_it_is_interrupted_and_knows_only_the_models_it_was_given():
    with serving("--models", "llama,qwen", "--plain") as (url, process):
        assert [model["id"] for model in got(f"{url}/v1/models")["data"]] == ["llama", "qwen"]
        assert refused(f"{url}/v1/messages", BODY) == 404
        got(f"{url}/v1/messages", {**BODY, "model": "llama"})
        assert [entry["model"] for entry in got(f"{url}/billed")["billed"]] == ["llama"]
        process.send_signal(signal.SIGINT)
        bill, problems = process.communicate(timeout=20)
    assert (process.returncode, problems) == (0, "")
    assert "answered   1 requests: 1 whole" in bill and "no price is known for llama" in bill


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--reply", "no-such-file.md"], "no-such-file.md cannot be read"),
        (["--script", "ok,okay"], "no such scenario: okay; there is ok, research"),
        (["--port", "99999999"], "--port 99999999 cannot be had"),
        (["--pace", "fast"], "invalid float value: 'fast'"),
    ],
)
def test_options_that_cannot_be_used_are_refused_in_a_line(options, words):
    command = [sys.executable, "-m", "planning_kit", "fake-server", *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr and done.stderr.count("\n") == 1


def test_the_bill_sums_up_tokens_and_dollars_and_names_what_has_no_price():
    entries = (
        Billed("a", "dear", "x", Usage(input=1_000, output=2_000, cache_read=5_000_000, searches=2), "whole"),
        Billed("b", "dear", "x", Usage(input=1, output=1, cache_write=7), "broken"),
        Billed("c", "free", "x", Usage(output=1, cache_write_1h=9), "whole"),
    )
    told = lines(entries, lambda model, usage: usage.output / 100 if model == "dear" else 0.0, "2026-11-20")
    assert told == (
        "answered   3 requests: 2 whole, 1 broken",
        "tokens     input 1,001 · cache write 5m 7 · cache write 1h 9 · cache read 5,000,000 · output 2,002 · 2 searches",
        "billed     $20.0100 it would have been, at the prices of 2026-11-20; no price is known for free",
    )
    assert lines((), lambda model, usage: 0.0, "2026-11-20")[0] == "answered   0 requests"
