"""How long the full plan of the largest brief takes, notebooks and kernels included: `python -m tests.benchmark_full_plan [DEPTH]`.

Nothing here passes or fails; the figures go into the README. The folder of the run is kept when a gate stays closed, so that it can be looked into.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BRIEF = Path(__file__).parent / "briefs" / "govstack-scheduler-bb.md"
COMMAND = (sys.executable, "-m", "planning_kit", "run", str(BRIEF), "--recipe", "full-plan", "--model", "offline", "--reviewer", "clean")  # fmt: skip


def notebooks(outputs: Path) -> dict[str, float]:
    """Seconds each notebook was executing, from what papermill noted in it."""
    found = sorted(outputs.glob("*/*/notebooks/*.ipynb"))
    return {path.stem: json.loads(path.read_bytes())["metadata"]["papermill"]["duration"] for path in found}


def main(depth: str) -> int:
    """Print the seconds of one run as a process of its own, and what of them each notebook took; gives the run's exit status."""
    outputs = Path(tempfile.mkdtemp(prefix="planning-kit-benchmark-"))
    began, before = time.perf_counter(), os.times()
    ended = subprocess.run([*COMMAND, "--set", f"depth={depth}", "--outputs", str(outputs)], check=False, stdout=subprocess.DEVNULL)  # fmt: skip
    seconds, now = time.perf_counter() - began, os.times()
    spent = now.children_user + now.children_system - before.children_user - before.children_system
    print(f"full-plan, depth={depth}, {BRIEF.name}: {seconds:.1f} s, {spent:.1f} s of processor time, status {ended.returncode}")  # fmt: skip
    for name, took in notebooks(outputs).items():
        print(f"  {name:16} {took:6.1f} s")
    if ended.returncode:
        print(f"  kept in {outputs}")
    return ended.returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2] or ["thorough"]))
