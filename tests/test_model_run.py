"""Whole runs by a model: five streams side by side, killed, resumed, held by two; against the loopback server."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from planning_kit.errors import RunHeld
from planning_kit.loopback import Loopback, asked
from planning_kit.loopback.answers import answered
from planning_kit.store import Store

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


@pytest.mark.long
def test_five_streams_write_side_by_side_while_a_second_process_is_told_who_holds_the_run_and_the_key_is_nowhere(
    tmp_path: Path,
) -> None:
    leads, told = iter([True]), threading.Event()

    def reply(body: dict[str, Any]) -> str:
        if asked(body).seat in TOGETHER and not next(leads, False):  # the first goes ahead until its answer has begun
            told.wait(timeout=90)
        return written(body)

    with Loopback(reply, delay=0.05) as server:
        run = start(server, tmp_path)
        until(lambda: len(server.requests) == 7)
        began = time.monotonic()
        with pytest.raises(RunHeld), Store(next(tmp_path.glob("outputs/*/*/run.json")).parent).drive():
            pass
        assert time.monotonic() - began < 1
        second = start(server, tmp_path)
        refused = second.communicate(timeout=60)[1]
        assert second.returncode == 4
        assert re.search(rf"is held by process {run.pid} on \S+ since \S+; wait for it or stop it", refused)
        told.set()
        out, err = run.communicate(timeout=120)
        assert run.returncode == 0, err
        assert server.at_once == 5
        assert len(server.requests) == 8
    assert re.search(r"author: claude-\S+ at 127.0.0.1:\d+: 8 documents, about \$\d+\.\d\d", err)
    assert re.search(r"cost +\$0\.\d\d \(8 answers by claude-", out)
    assert KEY not in out + err
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]


@pytest.mark.long
def test_stopped_before_the_budget_is_passed_then_killed_while_answers_come_it_asks_only_for_what_was_not_kept(
    tmp_path: Path,
) -> None:
    late, seats = threading.Event(), []

    def reply(body: dict[str, Any]) -> str:
        if asked(body).seat in TOGETHER:
            seats.append(asked(body).seat)
            if len(seats) == 5:
                late.wait(timeout=60)
        return written(body)

    with Loopback(reply) as server:
        stopped = start(server, tmp_path, "--budget", "0.01")
        _, err = stopped.communicate(timeout=120)
        assert stopped.returncode == 4
        assert "of the budget of $0.01 is spent" in err.splitlines()[-1]
        assert server.requests == []
        run = start(server, tmp_path, "--budget", "30")
        until(lambda: len(list(tmp_path.glob("outputs/*/*/calls/*/*.json"))) == 6)
        run.send_signal(signal.SIGKILL)
        run.communicate()
        late.set()
        before = [asked(request.body).seat for request in server.requests]
        again = start(server, tmp_path, "--budget", "30")
        _, err = again.communicate(timeout=120)
        assert again.returncode == 0, err
        after = [asked(request.body).seat for request in server.requests][len(before) :]
    assert sorted(before) == sorted([*TOGETHER, "intake-analyst", "technology-researcher"])
    assert after == [seats[4], "backend-summary"]
