"""One call of a process that kills itself at a step; :func:`begun` starts it where the slow imports are done already."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from planning_kit import files
from planning_kit.claude import Claude
from planning_kit.ledger import Ledger
from planning_kit.model import Request
from planning_kit.spool import Spool
from planning_kit.store import Store
from planning_kit.turns import Whole

KINDS = ("message_start", "content_block_start", "content_block_delta", "content_block_stop", "message_delta", "message_stop", "ping", "error")  # fmt: skip
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["anthropic", __name__])


class Kept(Store):
    """Tells when a note or an answer is kept."""

    die: Callable[[str], None]

    def keep(self, name: str, text: str) -> bool:
        what = "note" if name.startswith("spool") else "answer"
        self.die(f"before the {what} is kept")
        with files._temporary(self.path(name), text.encode()):
            self.die(f"while the {what} is kept")
        done = super().keep(name, text)
        self.die(f"after the {what} was kept")
        return done


class Spooled(Spool):
    """Tells what of an answer has been put away."""

    die: Callable[[str], None]

    @contextlib.contextmanager
    def keeping(self, asked: str) -> Iterator[tuple[int, Callable[[str], None]]]:
        with super().keeping(asked) as (number, keep):
            self.die("before the request is sent")
            seen: list[str] = []

            def told(events: str) -> None:
                for event in events.split("\n"):  # what came together is told together
                    keep(event)
                    seen.append(event)
                    sort = next(name for name in KINDS if f'"type": "{name}"' in event)
                    count = f" {sum(sort in one for one in seen)}" if sort == "content_block_delta" else ""
                    self.die(f"after {sort}{count}")

            yield number, told

    def done(self, asked: str) -> None:
        super().done(asked)
        self.die("after the spool is cleared")


def call(step: str, url: str, folder: str, key: str, question: Request) -> None:
    """Ask ``question`` and be killed at ``step``."""

    def die(at: str) -> None:
        if at == step:
            os.kill(os.getpid(), signal.SIGKILL)

    store = Kept(Path(folder))
    store.die = die
    spool = Spooled(store)
    spool.die = die
    ledger = Ledger(store, lambda: Claude(spool, base_url=url, api_key=key, sleep=lambda seconds: None), 100.0, spool)
    Whole(ledger).send(question, lambda text: None)
    die("after everything")


def begun(step: str, url: str, folder: str, key: str, question: Request) -> ForkServerProcess:
    """:func:`call` in a process of its own."""
    process = PROCESSES.Process(target=call, args=(step, url, folder, key, question))
    process.start()
    return process
