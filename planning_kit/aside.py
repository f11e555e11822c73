"""What is run aside: in a process of its own, for so long and with so much memory, so that nothing hostile can hang or fill this one.

:func:`call` names a function and hands it strings; the answer comes back as JSON and is remembered. The process starts
with the first call and ends with this one. Run as a module it is that process.
"""

from __future__ import annotations

import atexit
import contextlib
import importlib
import json
import math
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from functools import lru_cache
from typing import IO, Any

SECONDS = 10.0
"""How long one call may take unless it says otherwise, in seconds."""
MEMORY = 2_000_000_000
"""The most address space the process may have, in bytes; where the system can limit it."""
REMEMBERED = 4096
"""How many answers are remembered."""
_INHERITED = {
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "TMPDIR",
    "TEMP",
    "TMP",
    "SYSTEMROOT",
    "PYTHONPATH",
    "VIRTUAL_ENV",
    "LD_LIBRARY_PATH",
}
"""The variables it gets; no credential is among them."""
_START = 30.0
"""How long the process may take to start, in seconds."""


class Undone(Exception):
    """A call came to no end: it took too long, needed too much, or the function raised; says which in a few words."""


class Spent(Undone):
    """A call was not made: the block it stands in has lasted as long as it may."""


_patience = threading.local()


@contextlib.contextmanager
def patience(seconds: float) -> Iterator[None]:
    """Have :func:`hurry`, and so every call of this thread, refuse once the block has lasted so many seconds."""
    before: float = getattr(_patience, "until", math.inf)
    _patience.until = min(before, time.monotonic() + seconds)
    try:
        yield
    finally:
        _patience.until = before


def hurry() -> None:
    """Nothing, while the :func:`patience` of the block lasts.

    Raises:
        Spent: it is at its end.
    """
    if time.monotonic() >= getattr(_patience, "until", math.inf):
        raise Spent("what stands before it has taken all the time there is for one document")


class _Process:
    """One helper process and what it says, line by line."""

    def __init__(self) -> None:
        inherited = {name: value for name, value in os.environ.items() if name.upper() in _INHERITED}
        environment = {**inherited, "PYTHONSAFEPATH": "1", "PYTHONWARNINGS": "ignore"}
        command = [sys.executable, "-m", "planning_kit.aside"]
        self._said: queue.Queue[bytes] = queue.Queue()
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
        )
        self._ear = threading.Thread(target=self._hear, daemon=True, name="aside")
        self._ear.start()
        self.said(_START)

    def _hear(self) -> None:
        out = self._process.stdout
        for line in out if out else ():
            self._said.put(line)
        self._said.put(b"")

    def ask(self, question: bytes) -> None:
        """Hand it a question."""
        if self._process.stdin is None:
            raise Undone("its process is closed")
        with contextlib.suppress(OSError):  # it has died: what it says next is nothing
            self._process.stdin.write(question + b"\n")
            self._process.stdin.flush()

    def said(self, seconds: float) -> bytes:
        """Its next line.

        Raises:
            Undone: none came in time, or it died; it is gone then.
        """
        try:
            line = self._said.get(timeout=seconds)
        except queue.Empty:
            self.close()
            raise Undone(f"it took longer than {seconds:g} s") from None
        if not line:
            self.close()
            raise Undone(f"its process died; it may have needed more than {MEMORY / 1e9:g} GB or too deep a stack")
        return line

    @property
    def alive(self) -> bool:
        """Whether it can be asked."""
        return self._process.poll() is None

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()
        self._ear.join(timeout=1)
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                if pipe:
                    pipe.close()


_lock = threading.Lock()
_processes: dict[int, _Process] = {}
"""The process of this one, by its number: what a fork inherits is not its own."""


def call(task: str, *arguments: str, seconds: float = SECONDS) -> Any:
    """What ``task`` gives for ``arguments``; the same call is made once.

    Args:
        task: ``package.module:function``; it takes strings and gives something that JSON can hold.
        arguments: the strings.
        seconds: how long it may take.

    Raises:
        Undone: it came to no end; says why. That is remembered too, but not that there was no time left to make it.
    """
    hurry()
    answer = _called(task, arguments, seconds)
    if "undone" in answer:
        raise Undone(answer["undone"])
    return answer["gave"]


@lru_cache(maxsize=REMEMBERED)
def _called(task: str, arguments: tuple[str, ...], seconds: float) -> dict[str, Any]:
    with _lock:
        try:
            process = _processes.get(os.getpid())
            if process is not None and not process.alive:
                process.close()
                process = None
            if process is None:
                process = _processes[os.getpid()] = _Process()
            process.ask(json.dumps([task, arguments]).encode())
            return dict(json.loads(process.said(seconds)))
        except Undone as undone:
            return {"undone": str(undone)}


def ready(*modules: str) -> None:
    """Have the process started, and ``modules`` imported in it, while there is time."""
    threading.Thread(target=_called, args=("planning_kit.aside:imported", modules, _START), daemon=True).start()


def imported(*modules: str) -> int:
    """How many of ``modules`` could be imported."""
    done = 0
    for name in modules:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
            done += 1
    return done


@atexit.register
def _close() -> None:
    if process := _processes.pop(os.getpid(), None):
        process.close()


def _main() -> None:
    """Answer questions until there are no more; what libraries print goes nowhere."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    _limit()
    _say(out, {"gave": "ready"})
    for line in sys.stdin.buffer:
        task, arguments = json.loads(line)
        _say(out, _done(task, arguments))


def _done(task: str, arguments: list[str]) -> dict[str, Any]:
    module, _, function = task.partition(":")
    try:
        return {"gave": getattr(importlib.import_module(module), function)(*arguments)}
    except RecursionError:
        return {"undone": "it is nested too deep"}
    except MemoryError:
        return {"undone": f"it needs more than {MEMORY / 1e9:g} GB of memory"}
    except Exception as error:  # whatever a tool raises is the answer
        return {"undone": f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"}


def _say(out: IO[bytes], answer: dict[str, Any]) -> None:
    out.write(json.dumps(answer).encode() + b"\n")
    out.flush()


def _limit() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):  # no such limits on this system
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


if __name__ == "__main__":
    _main()
