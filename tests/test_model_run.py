"""Whole runs by a model: five streams side by side, killed, resumed, held by two; against the loopback server."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from planning_kit.loopback import Loopback, asked
from planning_kit.loopback.answers import answered

from .authors import FACTS, PARTS
from .patience import until

TEXT = "Readers must be able to read notes over HTTP."
TOGETHER = [
    "backend-consultant",
    "compliance-consultant",
    "database-consultant",
    "security-consultant",
    "stack-consultant",
]
KEY = "sk-ant-api03-" + "k" * 40


def written(body: dict[str, Any]) -> str:
    """An answer that passes every check."""
    outline = [heading.lstrip("# ") for heading in asked(body).outline]
    if not outline:
        return FACTS
    parts = {**PARTS, "Review remarks": answered(asked(body).remarks)}
    return "# Title\n\n" + "\n\n".join(
        f"## {section}\n\n{parts.get(section, 'As the brief says [P1].')}" for section in outline
    )


def slow_together(slow: float) -> Loopback:
    """A server that lets the five consultants write slowly, so that something can happen meanwhile."""

    def reply(body: dict[str, Any]) -> str:
        if asked(body).seat in TOGETHER:
            server.delay = slow
        return written(body)

    server = Loopback(reply)
    return server


def environment(server: Loopback) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("ANTHROPIC_", "PLANNING_KIT_"))}
    quick = {
        "PLANNING_KIT_POSTGRES": "off"
    }  # what SQL does is other tests' business, and a server for each kernel takes its time
    return {**clean, **quick, "ANTHROPIC_BASE_URL": server.url, "ANTHROPIC_API_KEY": KEY, "NO_PROXY": "127.0.0.1"}


def command(*more: str) -> list[str]:
    return [sys.executable, "-m", "planning_kit", "run", TEXT, "--reviewer", "clean", *more]


def start(server: Loopback, cwd: Path, *more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command(*more), cwd=cwd, env=environment(server), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_a_model_plans_a_brief_five_streams_side_by_side_and_the_key_is_nowhere(tmp_path: Path) -> None:
    leads, meeting = iter([True]), threading.Barrier(4)

    def reply(body: dict[str, Any]) -> str:
        if asked(body).seat in TOGETHER and not next(leads, False):  # the first goes ahead until its answer has begun
            meeting.wait(timeout=30)
        return written(body)

    with Loopback(reply, delay=0.05) as server:
        run = start(server, tmp_path)
        out, err = run.communicate(timeout=120)
        assert run.returncode == 0, err
        assert server.at_once == 5
        assert len(server.requests) == 8
    assert re.search(r"author: claude-\S+ at 127.0.0.1:\d+: 8 documents, about \$\d+\.\d\d", err)
    assert re.search(r"cost +\$0\.\d\d \(8 answers by claude-", out)
    assert KEY not in out + err
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]


def test_killed_while_answers_come_it_asks_again_only_for_what_was_not_kept(tmp_path: Path) -> None:
    late, seats = threading.Event(), []

    def reply(body: dict[str, Any]) -> str:
        if asked(body).seat in TOGETHER:
            seats.append(asked(body).seat)
            if len(seats) == 5:
                late.wait(timeout=60)
        return written(body)

    with Loopback(reply) as server:
        run = start(server, tmp_path)
        until(lambda: len(list(tmp_path.glob("outputs/*/*/calls/*/*.json"))) == 6)
        run.send_signal(signal.SIGKILL)
        run.communicate()
        late.set()
        before = [asked(request.body).seat for request in server.requests]
        again = start(server, tmp_path)
        _, err = again.communicate(timeout=120)
        assert again.returncode == 0, err
        after = [asked(request.body).seat for request in server.requests][len(before) :]
    assert sorted(before) == sorted([*TOGETHER, "intake-analyst", "technology-researcher"])
    assert after == [seats[4], "backend-summary"]


def test_a_killed_kernel_is_a_stopped_run_and_the_same_command_finishes_it(tmp_path: Path) -> None:
    with slow_together(0.4) as server:
        run = start(server, tmp_path)
        until(lambda: server.at_once == 5)
        holder = json.loads(next(tmp_path.glob("outputs/*/*/writer.json")).read_bytes())
        os.kill(holder["pid"], signal.SIGKILL)
        server._reply, server.delay = written, 0.0
        _, err = run.communicate(timeout=120)
        assert run.returncode == 4, err
        assert re.search(
            r"planning-kit: the kernel of 5_consultants ended in cell \d+ .*; the same command carries on", err
        )
        again = start(server, tmp_path)
        _, err = again.communicate(timeout=120)
        assert again.returncode == 0, err
    executed = json.loads(next(tmp_path.glob("outputs/*/*/notebooks/5_consultants.ipynb")).read_bytes())
    assert {cell["metadata"]["papermill"]["status"] for cell in executed["cells"]} == {"completed"}


def test_the_second_process_on_a_run_is_told_who_holds_it_within_a_second(tmp_path: Path) -> None:
    with slow_together(0.4) as server:
        first = start(server, tmp_path)
        until(lambda: server.at_once == 5)
        began = time.monotonic()
        second = start(server, tmp_path)
        _, err = second.communicate(timeout=60)
        assert second.returncode == 4
        assert re.search(rf"is held by process {first.pid} on \S+ since \S+; wait for it or stop it", err)
        assert (
            time.monotonic() - began < 5
        )  # with the interpreter's start on a busy machine; the lock itself does not wait
        server._reply, server.delay = written, 0.0
        _, err = first.communicate(timeout=120)
        assert first.returncode == 0, err


def test_a_model_that_says_no_stops_the_run_with_one_line_and_it_can_be_resumed(tmp_path: Path) -> None:
    with Loopback(written, script=["status:401"]) as server:
        stopped = start(server, tmp_path)
        _, err = stopped.communicate(timeout=120)
        assert stopped.returncode == 4
        assert "ANTHROPIC_API_KEY" in err.splitlines()[-1] and KEY not in err
        again = start(server, tmp_path)
        _, err = again.communicate(timeout=120)
        assert again.returncode == 0, err


def test_the_budget_stops_the_run_before_it_is_passed(tmp_path: Path) -> None:
    with Loopback(written) as server:
        stopped = start(server, tmp_path, "--budget", "0.01")
        _, err = stopped.communicate(timeout=120)
        assert stopped.returncode == 4
        assert "of the budget of $0.01 is spent" in err.splitlines()[-1]
        assert server.requests == []
        again = start(server, tmp_path, "--budget", "30")
        _, err = again.communicate(timeout=120)
        assert again.returncode == 0, err
