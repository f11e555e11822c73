"""How fast it is: `make benchmark` prints medians of several runs as whole processes, and the share spent in kernels.

Nothing here passes or fails; the figures go into the README.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
RUNS = 5


def timed(*command: str) -> float:
    """Seconds of one run of ``planning-kit`` with the given arguments."""
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "planning_kit", *command],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return time.perf_counter() - began


def in_kernels(outputs: Path) -> float:
    """Seconds the newest run's notebooks were executing, from what papermill noted in them."""
    run = max(outputs.glob("*/*/notebooks"), key=lambda folder: folder.stat().st_mtime)
    return sum(json.loads(path.read_bytes())["metadata"]["papermill"]["duration"] for path in run.glob("*.ipynb"))


def cells(outputs: Path) -> float:
    """Seconds of that spent inside cells."""
    run = max(outputs.glob("*/*/notebooks"), key=lambda folder: folder.stat().st_mtime)
    books = [json.loads(path.read_bytes()) for path in run.glob("*.ipynb")]
    return sum(cell["metadata"].get("papermill", {}).get("duration") or 0.0 for book in books for cell in book["cells"])


def main() -> None:
    """Measure and print."""
    briefs = sorted((HERE / "briefs").glob("*.md"), key=lambda path: path.stat().st_size)
    brief = str(briefs[-1])
    print(
        f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, median of {RUNS} whole processes (fastest–slowest)"
    )
    with tempfile.TemporaryDirectory() as folder:
        outputs = Path(folder) / "outputs"
        where = ("--outputs", str(outputs))
        timed("--help")
        show("planning-kit --help", [timed("--help") for _ in range(RUNS)])
        whole, kernels, inside = [], [], []
        for _ in range(RUNS):
            whole.append(timed("run", brief, "--model", "offline", "--reviewer", "clean", "--new", *where))
            kernels.append(in_kernels(outputs))
            inside.append(cells(outputs))
        show(f"offline backend-plan of {briefs[-1].name} ({briefs[-1].stat().st_size:,} bytes)", whole)
        shares = [a / b for a, b in zip(kernels, whole, strict=True)]
        work = [a / b for a, b in zip(inside, whole, strict=True)]
        print(f"  share with a kernel up {statistics.median(shares):.0%}, inside cells {statistics.median(work):.0%}")
        run = str(max(outputs.glob("*/*/run.json"), key=lambda path: path.stat().st_mtime).parent)
        show("resume of that finished run", [timed("resume", run) for _ in range(RUNS)])
        show("status of that finished run", [timed("status", run) for _ in range(RUNS)])


def show(what: str, seconds: list[float]) -> None:
    """One line of the table."""
    print(f"{what}: {statistics.median(seconds):.2f} s ({min(seconds):.2f}–{max(seconds):.2f})", flush=True)


if __name__ == "__main__":
    main()
