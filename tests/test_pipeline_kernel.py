"""A notebook's executed copy tells the truth about how it ended, is whole at any moment and holds no secret."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from nbformat import validate
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, reads, writes

from planning_kit import kernel, pipeline
from planning_kit.errors import DiskRefused
from planning_kit.kernel import Failure

KEY = "sk-ant-api03-" + "Abc123Xyz9" * 4


def notebook(folder: Path, *cells: str) -> Path:
    """A notebook with a heading, a parameters cell and ``cells``."""
    book = new_notebook(cells=[new_markdown_cell("# A"), new_code_cell('given = ""'), *map(new_code_cell, cells)])
    book.cells[1].metadata["tags"] = ["parameters"]
    path = folder / "source.ipynb"
    path.write_text(writes(book), "utf-8")
    return path


def executed(folder: Path, *cells: str, timeout: int | None = None, **environment: str) -> tuple[Failure | None, Any]:
    """How the notebook ended, and its executed copy."""
    copy = folder / "executed.ipynb"
    failure = kernel.execute(notebook(folder, *cells), copy, {"given": "x"}, folder, environment, timeout)
    book = reads(copy.read_text("utf-8"))
    validate(book)
    return failure, book


def states(book: Any) -> list[str]:
    """The status papermill wrote on the notebook's own cells, without what it inserted."""
    return [c.metadata.papermill.status for c in book.cells if "papermill" in c.metadata]


def text(book: Any) -> str:
    return json.dumps(book)


def test_a_notebook_that_reaches_its_end_is_completed_and_got_its_parameters(tmp_path: Path) -> None:
    failure, book = executed(tmp_path, "import os\nprint(given, os.getcwd(), os.environ['COLOUR'])", COLOUR="red")
    assert failure is None
    assert states(book) == ["completed"] * 4
    assert book.cells[3].outputs[0].text == f"x {tmp_path} red\n"
    assert pipeline.complete(tmp_path / "executed.ipynb")


def test_an_exception_is_a_failed_cell_and_the_rest_stays_pending(tmp_path: Path) -> None:
    failure, book = executed(tmp_path, "1 / 0", "print(2)")
    assert failure is not None
    assert (failure.name, failure.message) == ("ZeroDivisionError", "division by zero")
    assert failure.traceback.endswith("ZeroDivisionError: division by zero")
    assert states(book) == ["completed", "completed", "completed", "failed", "pending"]
    assert not pipeline.complete(tmp_path / "executed.ipynb")


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("import sys; sys.exit(0)", "SystemExit"),
        ("import sys; sys.exit(3)", "SystemExit"),
        ("import os; os._exit(0)", "DeadKernelError"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "DeadKernelError"),
        ("while True: pass", "CellTimeoutError"),
    ],
)
def test_a_kernel_that_ends_early_never_looks_finished(tmp_path: Path, cell: str, name: str) -> None:
    failure, book = executed(tmp_path, cell, "print(2)", timeout=1 if name == "CellTimeoutError" else None)
    assert failure is not None
    assert (failure.name, failure.cell) == (name, 3)
    assert states(book) == ["completed", "completed", "completed", "failed", "pending"]
    assert book.metadata.papermill.exception is True
    broken = next(c for c in book.cells if c.metadata.get("papermill", {}).get("status") == "failed")
    assert [output.ename for output in broken.outputs if output.output_type == "error"] == [name]
    assert not pipeline.complete(tmp_path / "executed.ipynb")


def test_a_wait_shows_one_box_without_traceback_and_without_papermills_banner(tmp_path: Path) -> None:
    raising = "from planning_kit import cell\nfrom planning_kit.errors import AwaitingApproval\ncell.install()\nraise AwaitingApproval('gate <x> is closed')"
    failure, book = executed(tmp_path, raising, "print(2)")
    assert failure is not None
    assert (failure.name, failure.message, failure.traceback) == ("AwaitingApproval", "gate <x> is closed", "")
    assert states(book) == ["completed", "completed", "completed", "failed", "pending"]
    assert len(book.cells) == 5
    (box,) = book.cells[3].outputs
    assert sorted(box.data) == ["text/html", "text/plain"]
    assert box.data["text/plain"].startswith("Waiting for a decision\ngate <x> is closed\n")
    assert "gate &lt;x&gt; is closed" in box.data["text/html"]


def test_a_key_reaches_the_disk_from_no_door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unusual = 'kEy"with\\odd ünsigned/shape'
    monkeypatch.setenv("SOME_API_KEY", unusual)
    cell = f"""
import os, sys, logging
from IPython.display import display, HTML
key, odd = {KEY!r}, os.environ["SOME_API_KEY"]
print(key, odd)
print(key, odd, file=sys.stderr)
display(HTML(key + odd), metadata={{"about": key + odd}})
display({{key: odd}})
raise ValueError(key + " " + odd)
"""
    copy = tmp_path / "executed.ipynb"
    failure = kernel.execute(notebook(tmp_path, cell), copy, {"given": KEY}, tmp_path, {})
    assert failure is not None
    assert failure.name == "ValueError"
    for held in (
        copy.read_text("utf-8"),
        failure.message,
        failure.traceback,
        json.dumps(reads(copy.read_text("utf-8"))),
    ):
        assert KEY not in held
        for spelling in (unusual, json.dumps(unusual)[1:-1], repr(unusual)[1:-1]):
            assert spelling not in held
    assert copy.read_text("utf-8").count("[REDACTED") >= 6


def test_the_copy_names_no_folder_of_this_machine_and_keeps_no_widget_state(tmp_path: Path) -> None:
    home = str(Path.home())
    _, book = executed(
        tmp_path, f"import ipywidgets\nprint({home + '/secret-client/x'!r})\nipywidgets.Text('typed in')"
    )
    assert "widgets" not in book.metadata
    assert "typed in" not in text(book).replace("Text('typed in')", "").replace("Text(value='typed in')", "")
    assert home + "/" not in text(book)
    assert book.metadata.papermill.input_path == "source.ipynb"
    assert book.metadata.papermill.output_path == "executed.ipynb"


def test_a_copy_that_cannot_be_written_is_a_stop_and_not_a_bug(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where the folder should be")
    with pytest.raises(DiskRefused, match="could not write .*executed.ipynb"):
        kernel.execute(notebook(tmp_path, "1"), tmp_path / "taken" / "executed.ipynb", {}, tmp_path, {})


def test_nothing_is_printed_beside_the_notebook(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    executed(tmp_path, "print(1)", "import os; os._exit(1)")
    assert capfd.readouterr() == ("", "")


def test_a_kernel_is_this_interpreter_whatever_is_registered_as_python3(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = tmp_path / "jupyter" / "kernels" / "python3"
    spec.mkdir(parents=True)
    (spec / "kernel.json").write_text('{"argv": ["false"], "display_name": "x", "language": "python"}')
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    _, book = executed(tmp_path, "import sys; print(sys.executable)")
    assert book.cells[3].outputs[0].text == f"{sys.executable}\n"


def test_a_file_in_the_runs_folder_is_never_imported(tmp_path: Path) -> None:
    for name in ("json", "ipykernel", "pandas", "fractions"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('taken over')")
    failure, _ = executed(tmp_path, "import json, fractions")
    assert failure is None


def test_notebooks_side_by_side_keep_to_their_own_folders(tmp_path: Path) -> None:
    folders = [tmp_path / "{a}", tmp_path / "b c"]
    seen: dict[Path, str] = {}

    def work(folder: Path) -> None:
        folder.mkdir()
        seen[folder] = executed(folder, "import os; print(os.getcwd())")[1].cells[3].outputs[0].text

    before = os.getcwd()
    threads = [threading.Thread(target=work, args=(folder,)) for folder in folders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == {folder: f"{folder}\n" for folder in folders}
    assert os.getcwd() == before


DRIVER = """
import contextlib, os, sys
from pathlib import Path
folder = Path(sys.argv[1])
try:
    from planning_kit import kernel
    kernel.execute(folder / "source.ipynb", folder / "executed.ipynb", {}, folder, {})
finally:
    with contextlib.suppress(OSError):
        os.write(os.open(folder / "said", os.O_WRONLY | os.O_NONBLOCK), b"0")
"""


@pytest.fixture
def driver(tmp_path: Path) -> Iterator[Any]:
    """Starts another process that executes a notebook with the given cells in ``tmp_path``."""
    started: list[subprocess.Popen[str]] = []

    def start(*cells: str) -> subprocess.Popen[str]:
        notebook(tmp_path, *cells)
        (tmp_path / "said").unlink(missing_ok=True)
        os.mkfifo(tmp_path / "said")
        process = subprocess.Popen([sys.executable, "-c", DRIVER, str(tmp_path)], stdout=subprocess.PIPE, text=True)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def gone(pid: int, seconds: float) -> bool:
    """Whether process ``pid`` ends within ``seconds``."""
    try:
        watched = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([watched], [], [], seconds)[0])
    finally:
        os.close(watched)


@pytest.mark.long
def test_the_copy_can_be_read_at_any_moment_and_after_a_kill(tmp_path: Path, driver: Any) -> None:
    said = "open('said', 'w').write(str(os.getpid()) + chr(10))"
    process = driver("import os, time", *["print('x' * 20_000)"] * 12, f"{said}\ntime.sleep(60)")
    copy = tmp_path / "executed.ipynb"
    read = 0
    kernels: list[int] = []
    listener = threading.Thread(target=lambda: kernels.append(int((tmp_path / "said").read_text())))
    listener.start()
    while listener.is_alive():
        if copy.exists():
            json.loads(copy.read_text("utf-8"))
            read += 1
    process.kill()
    process.wait()
    assert read > 20
    book = reads(copy.read_text("utf-8"))
    assert states(book)[-1] == "running"
    assert not pipeline.complete(copy)
    assert gone(kernels[0], 6.0)


@pytest.mark.long
def test_an_interrupt_lets_the_cell_put_its_work_away(tmp_path: Path, driver: Any) -> None:
    cell = """
import os, time
try:
    open('said', 'w').write(str(os.getpid()) + chr(10))
    time.sleep(60)
finally:
    print('put away')
"""
    process = driver(cell, "print(2)")
    kernel_pid = int((tmp_path / "said").read_text())
    for _ in range(
        3
    ):  # Python drops an interrupt that comes while it takes an object away; whoever presses, presses again
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.communicate(timeout=15)
            break
    assert process.returncode == -signal.SIGINT
    book = reads((tmp_path / "executed.ipynb").read_text("utf-8"))
    assert states(book)[-2:] == ["failed", "pending"]
    assert "put away" in text(book)
    assert gone(kernel_pid, 6.0)
