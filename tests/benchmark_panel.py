"""What watching and reviewing cost: `python -m tests.benchmark_panel` prints figures; with `--browser` also in JupyterLab in Chromium.

The live view: eight seats stream 100 tokens a second each for about eight seconds into a kernel, with the view and without; the
difference is what the view costs. The review panel: a document of 200 kB with tables, code and five diagrams, from nothing to what is
sent to the browser, then once more. Nothing here passes or fails.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nbformat.v4 import new_code_cell, new_notebook, reads, writes

SEATS, PACE, TOKENS = 8, 100, 800
LIMITS = {"share": 0.05, "painted": 1.0}
"""Share of a core the live view may take, and seconds until a panel may be painted."""
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}

SERVER = f"""
from planning_kit.loopback import Loopback
words = "The doctor's appointments are kept [P12] in a table, and the second booking is answered with 409.\\n"
with Loopback(lambda body: (words * 100)[: {TOKENS} * 4], pace={PACE}) as server:
    print(server.url, flush=True)
    server.wait()
"""

WATCH = """
import json, os, resource, tempfile, time
from pathlib import Path
from planning_kit.chair import Chair, SeatProgress
from planning_kit.checks.about import About
from planning_kit.claude import Claude
from planning_kit.consult import Frame
from planning_kit.ledger import Ledger
from planning_kit.live import Live
from planning_kit.model import Material, Request
from planning_kit.sitting import Watching, sit
from planning_kit.spool import Spool
from planning_kit.store import Store
from planning_kit.turns import Whole

SECONDS = lambda: sum(resource.getrusage(resource.RUSAGE_SELF)[:2])

def share(show, folder):
    store = Store(Path(folder))
    ledger = Ledger(store, lambda: Claude(Spool(store), base_url=URL, api_key="benchmark-key"), 100.0)
    seats = [Request("claude-sonnet-5-5", f"seat-{{at}}", "Clinic", "You plan.", (Material("passage", "P1", "Book."),), "Write.", ()) for at in range({seats})]
    chairs = [Chair(each, Frame(f"{{each.seat}}.md", "T", "r", 1), About(plan=False), 0) for each in seats]
    rest = [SeatProgress(each.seat, each.seat, "kept", 0) for each in seats]
    watch = Watching("consultants", lambda busy: rest, lambda: ledger.account.dollars, store, show)
    began, cpu = time.perf_counter(), SECONDS()
    for _ in sit(chairs, Whole(ledger), watch):
        pass
    return (SECONDS() - cpu) / (time.perf_counter() - began)

sent = []
live = Live(live=True)
def counted(snapshot):
    live.show(snapshot)
    sent.append(len(json.dumps(live._widget.frame)) if live._widget else 0)
with tempfile.TemporaryDirectory() as folder:
    share(lambda snapshot: None, folder + "/warm")
    without = share(lambda snapshot: None, folder + "/without")
    shown = share(counted, folder + "/with")
print("FIGURES", json.dumps({{"without": without, "with": shown, "updates": len(sent), "bytes": max(sent)}}))
"""

PANEL = """
import json, time
from planning_kit import open_run
phase = open_run(RUN).phase("consultants")
from planning_kit.review import Review
took = {}
began = time.perf_counter()
found = phase.findings
took["checks"] = time.perf_counter() - began
for name in ("cold", "warm"):
    began = time.perf_counter()
    review = Review(phase)
    review._known = (None, found)
    state = review.state(whole=())
    page = review.page(max(state["documents"], key=lambda each: len(review.text(each["name"])[0]))["name"])
    took[name] = time.perf_counter() - began
took["bytes"] = len(json.dumps(state)) + len(json.dumps(page))
print("FIGURES", json.dumps(took))
"""
SHOWN = "phase.review()"


def document() -> str:
    """200 kB as a plan has them: prose, tables, code, five diagrams."""
    parts = ["# API design: Clinic\n\n| Version | Last updated |\n|---|---|\n| 1 | 2026-11-21 |\n"]
    for at in range(5):
        nodes = "\n".join(f"  N{n}[Step {at} {n}] --> N{n + 1}[Step {at} {n + 1}]" for n in range(12))
        parts.append(f"## Diagram {at}\n\n```mermaid\nflowchart TD\n{nodes}\n```\n")
    prose = (
        "The service keeps what it was told until somebody with the right to do so changes it, and says who did [P1]. "
        * 6
    )
    rows = "\n".join(f"| GET | /v1/things/{n} | read thing {n} | bearer |" for n in range(20))
    code = "\n".join(f"def read_{n}(key: str) -> Thing:\n    return things[key, {n}]\n" for n in range(12))
    size, at = sum(map(len, parts)), 0
    while size < 200_000:
        part = f"## Part {at}\n\n{prose}\n\n- one\n- two\n\n| Method | Path | Purpose | Auth |\n|---|---|---|---|\n{rows}\n\n```python\n{code}```\n"
        parts.append(part)
        size, at = size + len(part), at + 1
    return "\n".join(parts)


def ran(cells: list[str], folder: Path) -> dict[str, Any]:
    """The figures a notebook of ``cells`` prints in a kernel without a browser."""
    from planning_kit import kernel

    source, copy = folder / "source.ipynb", folder / "copy.ipynb"
    book = new_notebook(cells=[new_code_cell("x = 1"), *map(new_code_cell, cells)])
    book.cells[0].metadata["tags"] = ["parameters"]
    source.write_text(writes(book), "utf-8")
    failure = kernel.execute(source, copy, {}, folder, {})
    if failure:
        raise SystemExit(f"{failure.name}: {failure.message}\n{failure.traceback}")
    return figures(reads(copy.read_text("utf-8")).cells)


def figures(cells: Any) -> dict[str, Any]:
    """What was printed behind FIGURES."""
    texts = ["".join(output.get("text", "")) for cell in cells for output in cell.get("outputs", ())]
    return dict(json.loads(next(text for text in texts if "FIGURES" in text).split("FIGURES", 1)[1]))


@contextmanager
def served() -> Iterator[str]:
    """A loopback server in a process of its own, so that what it takes is not counted."""
    process = subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        yield process.stdout.readline().strip()
    finally:
        process.kill()
        process.wait()


def planned(folder: Path) -> Path:
    """A run whose first consultant's document is the long one."""
    from planning_kit.order import Order

    from .authors import agreed

    run = agreed(Order("Readers read notes.", model="offline", outputs=folder / "outputs").run()[0], "Ann")
    phase = run.phase("consultants").consult()
    run.shelf.path(phase.names[0]).write_text(document(), "utf-8")
    return run.folder


def watch_line(what: str, took: dict[str, Any]) -> None:
    """One line about the live view."""
    cost = took["with"] - took["without"]
    print(f"{what}: {cost:.1%} of a core for the view (limit {LIMITS['share']:.0%}); {took['without']:.1%} without it, "
          f"{took['with']:.1%} with it; {took['updates']} updates, the largest {took['bytes']:,} bytes", flush=True)  # fmt: skip


def in_browser(url: str, folder: Path, run: Path) -> None:
    """The same in JupyterLab."""
    from .browser.lab import session

    with session(folder / "work", folder, Path(os.environ.get("BROWSER_SHOTS") or folder / "shots")) as lab:
        lab.folder = "bench"
        (folder / "work" / "bench").mkdir()
        for name, cells in {"watch": [f"URL = {url!r}", WATCH.format(seats=SEATS)], "panel": [f"RUN = {str(run)!r}", PANEL, SHOWN]}.items():  # fmt: skip
            book = new_notebook(cells=[new_code_cell(cell) for cell in cells], metadata={"kernelspec": KERNEL})
            (folder / "work" / "bench" / f"{name}.ipynb").write_text(writes(book), "utf-8")
        lab.page.set_default_timeout(40_000)
        lab.open("watch.ipynb")
        lab.run_all()
        watch_line("live view, JupyterLab", figures(lab.cells()))
        lab.open("panel.ipynb")
        lab.run_cell(0)
        lab.run_cell(1)
        lab.wait_run("FIGURES")
        began = time.perf_counter()
        lab.page.evaluate(
            "() => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = 2;"
            " window.jupyterapp.commands.execute('notebook:run-cell') }"
        )
        lab.page.wait_for_function("() => (document.querySelector('.pk-doc')?.textContent.length || 0) > 100_000")
        lab.page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 0)))")
        print(
            f"review panel, JupyterLab, from the cell's start until painted: {time.perf_counter() - began:.2f} s (limit {LIMITS['painted']:.0f} s)"
        )
        lab.shot("panel-200kb")


def main() -> None:
    """Measure and print."""
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}")
    with tempfile.TemporaryDirectory() as place, served() as url:
        folder = Path(place)
        run = planned(folder)
        if "--only-browser" not in sys.argv:
            watch_line(f"live view, {SEATS} seats, kernel", ran([f"URL = {url!r}", WATCH.format(seats=SEATS)], folder))
            took = ran([f"RUN = {str(run)!r}", PANEL], folder)
            print(f"review panel, kernel, {len(document()):,} bytes: state and page {took['cold']:.2f} s cold, {took['warm']:.2f} s warm; "
                  f"checks {took['checks']:.1f} s before; {took['bytes']:,} bytes sent", flush=True)  # fmt: skip
        if any("browser" in each for each in sys.argv):
            in_browser(url, folder, run)


if __name__ == "__main__":
    main()
