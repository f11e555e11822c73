"""A kernel that is ready before it is needed: it becomes what it is told, and never outlives who wanted it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from planning_kit.standby import Standby, surroundings

from .patience import until


def alive(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_it_becomes_the_kernel_it_is_told_to_be_in_the_folder_and_environment_it_is_told(tmp_path: Path) -> None:
    with Standby(surroundings({}), ("json",)) as ready:
        connection = tmp_path / "kernel.json"
        kernel = ready.take(["-f", str(connection)], str(tmp_path), surroundings({"SAID_LATER": "yes"}))
        assert kernel is not None
        until(connection.exists)
        assert os.readlink(f"/proc/{kernel.pid}/cwd") == str(tmp_path)
        assert ready.take([], str(tmp_path), {}) is None
        kernel.send_signal(signal.SIGTERM)
        kernel.wait(30)


def test_a_module_that_is_not_there_is_passed_over(tmp_path: Path) -> None:
    with Standby(surroundings({}), ("no_such_module_here",)) as ready:
        kernel = ready.take(["-f", str(tmp_path / "kernel.json")], str(tmp_path), surroundings({}))
        assert kernel is not None
        until((tmp_path / "kernel.json").exists)
        kernel.kill()
        kernel.wait(30)


def test_as_many_are_made_ready_as_are_wanted_and_who_is_not_taken_is_let_go(tmp_path: Path) -> None:
    ready = Standby(surroundings({}), ("json",), more=1)
    first = ready.take(["-f", str(tmp_path / "kernel.json")], str(tmp_path), surroundings({}))
    second = ready._ready
    assert first is not None and second is not None and second.pid != first.pid
    ready.close()
    until(lambda: not alive(second.pid))
    first.kill()
    first.wait(30)


def test_one_that_has_died_is_not_handed_out(tmp_path: Path) -> None:
    with Standby(surroundings({}), ("json",)) as ready:
        waiting = ready._ready
        assert waiting is not None
        waiting.kill()
        waiting.wait(30)
        assert ready.take([], str(tmp_path), {}) is None


def test_it_ends_when_the_process_that_wanted_it_is_killed(tmp_path: Path) -> None:
    code = (
        "import sys, time\nfrom planning_kit.standby import Standby, surroundings\n"
        "ready = Standby(surroundings({}), ('json',))\nprint(ready._ready.pid, flush=True)\ntime.sleep(60)\n"
    )
    driver = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert driver.stdout is not None
    pid = int(driver.stdout.readline())
    driver.kill()
    driver.wait()
    driver.stdout.close()
    until(lambda: not alive(pid))
