"""A kernel that is ready before it is needed: its slow imports are done while the notebook before it is still running.

Run as a module it is that kernel: it imports, waits for one line on standard input, and becomes what the line says.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import select
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from . import aside

ASIDE = "aside:"
"""Before the name of a module that the process aside imports."""
KERNEL = ("ipykernel.kernelapp", "planning_kit.order", "planning_kit.costs")
"""What every notebook needs."""
MODEL = ("anthropic",)
"""What it needs besides when a model is asked."""
CHECKS = (
    "pandas",
    *(f"{ASIDE}{name}" for name in ("planning_kit.checks", "mermaidx", "jsonschema_rs", "sqlglot")),
)
"""What the notebooks need that check and show documents; what follows :data:`ASIDE` is imported where artefacts are checked."""


def surroundings(environment: Mapping[str, str]) -> dict[str, str]:
    """The whole environment of a kernel that gets ``environment`` beside the variables of this process."""
    return {**os.environ, "PYTHONSAFEPATH": "1", **environment}


class Standby:
    """Keeps one process ready; give it back with :meth:`close`, or use it as a context manager.

    Args:
        environment: the environment of the kernels.
        modules: what they import beforehand; a module that is not there is passed over.
        more: how many are wanted after the first.
    """

    def __init__(self, environment: Mapping[str, str], modules: Sequence[str], more: int = 0) -> None:
        self._environment, self._modules, self._more = dict(environment), modules, more
        self._ready: subprocess.Popen[bytes] | None = self._start()

    def __enter__(self) -> Standby:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def take(self, argv: Sequence[str], folder: str, environment: Mapping[str, str]) -> subprocess.Popen[bytes] | None:
        """The process that is ready, become a kernel; nothing when there is none, or it has died.

        Args:
            argv: what the kernel's command line says after the module's name.
            folder: its working directory.
            environment: its whole environment.
        """
        process, self._ready = self._ready, None
        if process is None or process.stdin is None:
            return None
        order = {"argv": list(argv), "folder": folder, "environment": dict(environment)}
        try:
            process.stdin.write(json.dumps(order).encode() + b"\n")
            process.stdin.flush()
            process.stdin.close()
        except OSError:
            _let_go(process)
            return None
        if self._more:
            self._more -= 1
            self._ready = self._start()
        return process

    def close(self) -> None:
        """Let go of the one nobody took."""
        process, self._ready = self._ready, None
        if process is not None:
            _let_go(process)

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "planning_kit.standby", *self._modules]
        environment = {**self._environment, "JPY_PARENT_PID": str(os.getpid())}  # read when ipykernel is imported
        return subprocess.Popen(command, stdin=subprocess.PIPE, env=environment, start_new_session=True)


def _let_go(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    with contextlib.suppress(OSError):
        process.communicate()


def main() -> None:
    """Import what the command line names, wait, and become a kernel; end when nobody wants one."""
    asides = [name.removeprefix(ASIDE) for name in sys.argv[1:] if name.startswith(ASIDE)]
    if asides:
        aside.ready(*asides)
    for module in (name for name in sys.argv[1:] if not name.startswith(ASIDE)):
        if _is_wanted():
            break
        with contextlib.suppress(ImportError):
            importlib.import_module(module)
    line = sys.stdin.buffer.readline()
    if not line.endswith(b"\n"):
        return
    order: dict[str, Any] = json.loads(line)
    os.environ.clear()
    os.environ.update(order["environment"])
    os.chdir(order["folder"])
    sys.argv = ["ipykernel_launcher", *order["argv"]]
    from ipykernel import kernelapp

    kernelapp.launch_new_instance()


def _is_wanted() -> bool:
    """Whether the line is there already: what is not imported yet will be when it is needed."""
    return os.name != "nt" and bool(select.select([sys.stdin], [], [], 0)[0])


if __name__ == "__main__":
    main()
