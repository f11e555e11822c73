"""One notebook in a kernel of its own, and an honest record of how it ended."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from . import errors, redact
from .saved import SCHEME, Files, addressed, secrets
from .sitting import LANDING
from .standby import Standby, surroundings


@contextlib.contextmanager
def _without(module: str) -> Iterator[None]:
    """Imports inside find no ``module``: an optional one that costs a second and is of no use here."""
    known = module in sys.modules
    if not known:
        sys.modules[module] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        if not known:
            del sys.modules[module]


with _without("rfc3987_syntax"):
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager
    from jupyter_core.utils import ensure_event_loop, run_sync
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
    from nbformat import NotebookNode
    from papermill.clientwrap import PapermillNotebookClient
    from papermill.engines import NBClientEngine, papermill_engines
    from papermill.exceptions import PapermillExecutionError
    from papermill.execute import execute_notebook
    from papermill.iorw import papermill_io

LONGEST = 60
"""The longest folder for sockets, in characters: the system takes about a hundred for a whole socket's path."""
GRACE = LANDING + 10.0
"""How long an interrupted cell may take to come to an end, in seconds: what is asked of a model may land."""

_ENGINE = "planning-kit"
_COLOUR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


@dataclass(frozen=True)
class Failure:
    """Why a notebook did not reach its end.

    Attributes:
        cell: which cell of the executed copy, from 0.
        name: the exception's class; ``DeadKernelError``, ``SystemExit`` and ``CellTimeoutError`` among them.
        message: what it said.
        traceback: its last lines, without colours; empty when the notebook showed a box instead.
    """

    cell: int
    name: str
    message: str
    traceback: str = ""


def execute(
    source: Path,
    target: Path,
    parameters: Mapping[str, Any],
    folder: Path,
    environment: Mapping[str, str],
    timeout: int | None = None,
    standby: Standby | None = None,
) -> Failure | None:
    """Run the notebook at ``source`` in a fresh kernel of this interpreter; the executed copy is whole at any moment.

    Args:
        source: the notebook; it is only read.
        target: where the executed copy goes, saved after every cell.
        parameters: values for the notebook's parameters cell.
        folder: the kernel's working directory.
        environment: variables the kernel gets beside those of this process.
        timeout: the longest a cell may take, in seconds; without one it takes what it takes.
        standby: gives a process that is ready to be the kernel, with this environment; else one is started.

    Returns:
        Why it stopped, or nothing when every cell was run.

    Raises:
        DiskRefused: the executed copy could not be written.
        KeyboardInterrupt: passed on after the kernel has been interrupted and given :data:`GRACE` seconds.
    """
    failures: list[Failure] = []
    loop = ensure_event_loop()
    loop.set_exception_handler(
        lambda *_: None
    )  # what an interrupt leaves unfinished is in the journal, not on the terminal
    with contextlib.suppress(PapermillExecutionError), contextlib.closing(loop):
        execute_notebook(
            addressed(source),
            addressed(target),
            dict(parameters),
            engine_name=_ENGINE,
            kernel_name="python3",
            language="python",
            progress_bar=False,
            autosave_cell_every=2,
            folder=str(folder),
            environment=surroundings(environment),
            failures=failures,
            standby=standby,
            execution_timeout=timeout,
        )
    if not failures:
        return None
    message, traceback = (redact.redact(text, secrets()) for text in (failures[0].message, failures[0].traceback))
    return replace(failures[0], message=message, traceback=traceback)


class _Manager(AsyncKernelManager):
    """Starts kernels of this very interpreter, whatever a kernelspec called python3 points to."""

    standby: Standby | None = None

    @property
    def kernel_spec(self) -> KernelSpec:
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=argv, display_name="Python 3", language="python")

    async def _async_launch_kernel(self, kernel_cmd: list[str], **options: Any) -> None:
        """Launch the kernel, in the process that is ready for it if there is one."""
        where = str(options["cwd"])
        process = self.standby.take(kernel_cmd[3:], where, options["env"]) if self.standby else None
        if process is None or self.provisioner is None:
            return await super()._async_launch_kernel(kernel_cmd, **options)
        provisioner: Any = self.provisioner
        provisioner.process, provisioner.pid, provisioner.cwd = process, process.pid, options["cwd"]
        provisioner.pgid = os.getpgid(process.pid) if hasattr(os, "getpgid") else None
        self._reconcile_connection_info(provisioner.connection_info)


class _Client(PapermillNotebookClient):  # type: ignore[misc]
    """Runs the cells; whatever ends them early is marked on the cell it happened in, the rest stays pending."""

    def __init__(
        self, book: Any, sockets: str, failures: list[Failure], standby: Standby | None, **options: Any
    ) -> None:
        super().__init__(book, **options)
        self.sockets = sockets
        self.standby = standby
        self.failures = failures

    def create_kernel_manager(self) -> Any:
        transport = "tcp" if os.name == "nt" else "ipc"
        self.km = _Manager(kernel_name="python3", transport=transport, connection_file=f"{self.sockets}/kernel.json")
        self.km.standby = self.standby
        return self.km

    def execute(self, **start: Any) -> Any:
        self.reset_execution_trackers()
        try:
            with self.setup_kernel(**start):
                self.papermill_execute_cells()
                if not self.failures:
                    reply = self.wait_for_reply(self.kc.kernel_info())
                    self.nb.metadata["language_info"] = reply["content"]["language_info"]
        except RuntimeError as error:
            if self.code_cells_executed or self.failures:
                raise
            self._mark(0, Failure(0, "DeadKernelError", f"the kernel did not start: {error}"))
        return self.nb

    def papermill_execute_cells(self) -> None:
        for index, cell in enumerate(self.nb.cells):
            if cell.cell_type != "code":
                cell.metadata.papermill["status"] = self.nb_man.COMPLETED
                continue
            self.nb_man.cell_start(cell, index)
            try:
                self.execute_cell(cell, index)
            except CellExecutionError as error:
                self._mark(index, Failure(index, error.ename, error.evalue, _trace(cell)))
            except (CellTimeoutError, DeadKernelError) as error:
                self._mark(index, Failure(index, type(error).__name__, str(error)))
            except BaseException as error:
                if isinstance(error, KeyboardInterrupt):
                    self._let_finish()
                self._mark(index, Failure(index, type(error).__name__, str(error)))
                raise
            finally:
                self.nb_man.cell_complete(self.nb.cells[index], cell_index=index)
            if self.failures:
                break

    def _mark(self, index: int, failure: Failure) -> None:
        """Say on the cell that it failed, with an error output unless it has one or showed a box of ours."""
        self.failures.append(failure)
        cell = self.nb.cells[index]
        ours = isinstance(getattr(errors, failure.name, None), type) and not _shows_error(cell)
        if cell.cell_type == "code" and not ours and not _shows_error(cell):
            cell.outputs.append(
                NotebookNode(  # type: ignore[no-untyped-call]
                    output_type="error",
                    ename=failure.name,
                    evalue=failure.message,
                    traceback=[f"{failure.name}: {failure.message}"],
                )
            )
        self.nb_man.cell_exception(cell, cell_index=index)
        if ours:
            cell.metadata.papermill["exception"] = failure.name

    def _let_finish(self) -> None:
        """Interrupt the running cell and wait for what it still has to put away, unless somebody interrupts again."""
        if self.km is None or self.task_poll_for_reply is None:
            return
        with contextlib.suppress(Exception, KeyboardInterrupt):
            run_sync(self.km.interrupt_kernel)()
            ensure_event_loop().run_until_complete(asyncio.wait_for(self.task_poll_for_reply, GRACE))


class _Engine(NBClientEngine):  # type: ignore[misc]
    """Papermill's engine with a kernel that gets its own folder and environment, over sockets nobody else can open."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **options: Any) -> Any:
        short = "/tmp" if len(tempfile.gettempdir()) > LONGEST and os.path.isdir("/tmp") else None
        with tempfile.TemporaryDirectory(prefix="plan-", dir=short, ignore_cleanup_errors=True) as sockets:
            client = _Client(
                nb_man,
                sockets,
                options["failures"],
                options["standby"],
                kernel_name=kernel_name,
                timeout=options["execution_timeout"],
                startup_timeout=60,
                shutdown_kernel="immediate",
                coalesce_streams=True,
                extra_arguments=["--InteractiveShellApp.ignore_cwd=True"],
                log=_quiet(),
            )
            return client.execute(cwd=options["folder"], env=options["environment"])


def _shows_error(cell: Any) -> bool:
    return any(output.output_type == "error" for output in cell.get("outputs", ()))


def _trace(cell: Any) -> str:
    """The last lines of the cell's traceback, without colours."""
    lines = [line for output in cell.outputs if output.output_type == "error" for line in output.traceback]
    return "\n".join(_COLOUR.sub("", "\n".join(lines)).splitlines()[-12:])


def _quiet() -> logging.Logger:
    logger = logging.getLogger(f"{__name__}.quiet")
    logger.addHandler(logging.NullHandler())
    logger.propagate = False
    return logger


logging.getLogger("papermill").addHandler(logging.NullHandler())
logging.getLogger("papermill").propagate = False
papermill_engines.register(_ENGINE, _Engine)
papermill_io.register(SCHEME, Files())
