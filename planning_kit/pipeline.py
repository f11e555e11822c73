"""Notebooks in a row: each phase's notebook in its own kernel, as far as the gates let the run go."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import digest, errors, files, redact
from .catalog import notebooks_folder
from .errors import AwaitingApproval, DiskRefused, KernelDied, OptionRefused, PlanningError
from .model import OFFLINE
from .sitting import SeatProgress, Snapshot
from .standby import CHECKS, KERNEL, MODEL, Standby, surroundings
from .store import HOLDER

if TYPE_CHECKING:
    from .kernel import Failure
    from .run import Run
    from .step import Step

GLANCE = 0.25
"""Seconds between two looks at what a kernel is doing."""

_ENDED = ("DeadKernelError", "SystemExit", "CellTimeoutError")


@dataclass(frozen=True)
class Event:
    """Something a watcher of a chain is told.

    Attributes:
        kind: ``started``, ``progress``, ``finished`` or ``kept`` (nothing left to do, no kernel started).
        notebook: the notebook's name, without its ending.
        seconds: since this notebook was begun.
        snapshot: for ``progress``, what its consultants are doing.
    """

    kind: str
    notebook: str
    seconds: float = 0.0
    snapshot: Snapshot | None = None


Watch = Callable[[Event], None]


def notebooks_here(folder: Path) -> Path:
    """``folder`` if the notebooks are in it, else those of a checkout, else a copy of them put there."""
    shipped = notebooks_folder()
    if not (folder / "1_intake.ipynb").is_file():
        if shipped.parent.name != "planning_kit" or (shipped.parent / "pyproject.toml").is_file():
            return shipped
        for notebook in sorted(shipped.glob("*.ipynb")):
            files.create(folder / notebook.name, notebook.read_bytes())
    return folder.resolve()


def carry(run: Run, reviewer: str, watch: Watch = lambda event: None) -> None:
    """Hold the run and take it through its notebooks; see :func:`run_notebooks`.

    Raises:
        RunHeld: another process works on it.
    """
    if not _left(run):
        for notebook in run.recipe.notebooks:
            watch(Event("kept", notebook))
        return
    with run.store.drive() as holder:
        run_notebooks(run, reviewer=reviewer, watch=watch, holder=holder)


def run_notebooks(
    run: Run,
    *,
    reviewer: str,
    watch: Watch = lambda event: None,
    holder: str = "",
    parameters: Mapping[str, str] | None = None,
) -> None:
    """Run the recipe's notebooks in order; where nothing is left to do no kernel is started.

    What happened is read off the run's journal, never off a notebook.

    Args:
        run: the run; its executed notebooks go to ``notebooks/`` in its folder.
        reviewer: who decides at the gates, ``person`` or ``clean``.
        watch: told what goes on; progress comes on another thread.
        holder: the token by which the kernels show that they work for this process.
        parameters: further values for the notebooks' parameters.

    Raises:
        OptionRefused: a parameter is, or looks like, a secret.
        AwaitingApproval: a gate is closed; somebody has to decide.
        Stopped: the model or the machine stopped it; the same command carries on.
        RuntimeError: a bug; its text ends with the cell's traceback.
    """
    given = {"run": ".", "reviewer": reviewer, **(parameters or {})}
    for name, value in given.items():
        if redact.looks_secret(name, str(value)):
            raise OptionRefused(
                f"the parameter {name!r} looks like a secret and would be written into the notebook; set it in the environment instead"
            )
    left = _left(run)
    with _standby(holder, run.model, len(left) - 1 if reviewer == "clean" else 0) if left else nullcontext() as ready:
        for notebook in run.recipe.notebooks:
            if notebook in _left(run):
                _carry_through(run, notebook, given, holder, watch, ready)
            else:
                watch(Event("kept", notebook))


def _standby(holder: str, model: str, more: int) -> Standby:
    """A process that gets ready while this one loads papermill, and then one while each notebook runs."""
    modules = (*KERNEL, *(() if model == OFFLINE else MODEL), *CHECKS)
    return Standby(surroundings(_environment(holder)), modules, more)


def _carry_through(
    run: Run, notebook: str, given: Mapping[str, str], holder: str, watch: Watch, ready: Standby | None
) -> None:
    """One notebook, from its start to its gates."""
    phases = [phase for phase in run.phases if phase.notebook == notebook]
    executed = run.folder / "notebooks" / f"{notebook}.ipynb"
    began = time.monotonic()
    with _watching(run, notebook, watch):
        failure = _execute(run, notebook, executed, given, holder, ready)
    if not (run.folder / "run.json").is_file():
        raise DiskRefused(
            f"{run.folder} went away while {notebook} was running; put it back, or run the same command again"
        )
    _record(run, notebook, executed)
    watch(Event("finished", notebook, time.monotonic() - began))
    _judge(notebook, failure, phases)


def _record(run: Run, notebook: str, executed: Path) -> None:
    """Write down which copy of a notebook was executed, so that another one shows."""
    with contextlib.suppress(FileNotFoundError), run.store.write():
        run.journal.add("executed", notebook=notebook, digest=digest.of_bytes(files.read(executed)))


def _left(run: Run) -> list[str]:
    """The notebooks that have something left to do: a closed gate, or an executed copy that is not whole."""
    closed = {phase.notebook for phase in run.phases if not phase.gate.open}
    folder = run.folder / "notebooks"
    return [name for name in run.recipe.notebooks if name in closed or not complete(folder / f"{name}.ipynb")]


def complete(executed: Path) -> bool:
    """Whether the executed copy of a notebook is there and every cell of it was run to its end."""
    try:
        book = json.loads(executed.read_bytes())
        about = book["metadata"]["papermill"]
        states = [cell["metadata"]["papermill"]["status"] for cell in book["cells"]]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return bool(about.get("end_time")) and not about.get("exception") and set(states) == {"completed"}


def _environment(holder: str) -> dict[str, str]:
    return {"PLANNING_KIT_HEADLESS": "1", HOLDER: holder}


def _execute(
    run: Run, notebook: str, executed: Path, given: Mapping[str, str], holder: str, ready: Standby | None
) -> Failure | None:
    from . import kernel  # starts slowly, and a run that is finished needs none

    source = notebooks_folder() / f"{notebook}.ipynb"
    executed.parent.mkdir(exist_ok=True)
    return kernel.execute(source, executed, given, run.folder, _environment(holder), standby=ready)


def _judge(notebook: str, failure: Failure | None, phases: list[Step]) -> None:
    """Go on only when nothing failed and the notebook's gates are open."""
    if failure is not None:
        kind: Any = getattr(errors, failure.name, None)
        if kind is AwaitingApproval:
            for phase in phases:
                phase.require()
        if isinstance(kind, type) and issubclass(kind, PlanningError):
            raise kind(failure.message)
        if failure.name in _ENDED:
            said = failure.message.splitlines()[0] if failure.message else failure.name
            raise KernelDied(
                f"the kernel of {notebook} ended in cell {failure.cell + 1} ({said}); the same command carries on"
            )
        raise RuntimeError(
            f"{notebook}, cell {failure.cell + 1}: {failure.name}: {failure.message}\n{failure.traceback}".rstrip()
        )
    for phase in phases:
        phase.require()


@contextmanager
def _watching(run: Run, notebook: str, watch: Watch) -> Iterator[None]:
    """Tell ``watch`` that the notebook started and, until it ends, what the run shows of itself."""
    ended = threading.Event()
    began = time.monotonic()

    def look() -> None:
        last: Snapshot | None = None
        while not ended.wait(GLANCE):
            now = _snapshot(run.store.watch("live.json"))
            if now is not None and now != last:
                last = now
                watch(Event("progress", notebook, time.monotonic() - began, now))

    watch(Event("started", notebook))
    thread = threading.Thread(target=look, name="watching", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _snapshot(shown: Mapping[str, Any] | None) -> Snapshot | None:
    try:
        return Snapshot(**{**shown, "seats": tuple(SeatProgress(**seat) for seat in shown["seats"])}) if shown else None
    except (TypeError, KeyError):
        return None
