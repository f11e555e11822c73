"""What asking Claude costs beside the asking: `make benchmark` prints ratios, all measured in one run against the loopback server.

(a) wall time of a five-seat phase over the critical path of the simulated latencies, and what papermill and kernels add to a whole run;
(b) input cost of a five-seat phase with a prefix of 40,000 tokens over the same without a cache;
(c) CPU and peak memory of a call at 1, 20 and 100 streams at once, over the same calls with the bare SDK;
(d) time from a kill in mid-answer to the first new token after `resume`.

Nothing here passes or fails; the figures go into the README.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from planning_kit import prices
from planning_kit.catalog import Catalog
from planning_kit.loopback import KEY, Loopback
from planning_kit.loopback.answers import Body, asked
from planning_kit.model import Material, Reply, Request, Usage
from planning_kit.order import Order
from planning_kit.run import Run

FIRST, PACE = 1.0, 60.0
"""Seconds to the first token, and tokens a second: what the phase of (a) is simulated with."""
PREFIX = 40_000
"""Tokens every seat of (b) reads."""
MODEL = "claude-sonnet-5-5"
GATES = ("intake", "scope", "research")
STREAMS = (1, 20, 100)
TOKENS, STREAM = 500, 100.0
"""Tokens each answer of (c) has, and how many come a second."""

PARTS = {
    "Endpoints": "| Method | Path | Purpose | Auth |\n|---|---|---|---|\n| GET | /notes | list them | none |",
    "OpenAPI": "```yaml\nopenapi: 3.1.0\ninfo: {title: Notes, version: '1'}\npaths:\n  /notes:\n    get:\n      operationId: listNotes\n"
    "      responses: {'200': {description: the notes}}\n```",
    "ER diagram": "```mermaid\nerDiagram\n  NOTE {\n    uuid id PK\n  }\n```",
    "DDL": "```sql\nCREATE TABLE notes (id uuid PRIMARY KEY);\n```",
    "Recommendations": "| Component | Technology | Version | Rationale | Source |\n|---|---|---|---|---|\n| API | HTTP | 1.1 | plain | [P1] |",
    "Sources": "- the brief [P1], accessed 2026-11-21",
    "Threat model": "| Threat | STRIDE | Element | Risk | Mitigation |\n|---|---|---|---|---|\n| guessing | Spoofing | GET /notes | low | ids |",
    "Authorization": "| Role | notes | action |\n|---|---|---|\n| reader | notes | read |",
    "Personal data": "There is no personal data here. This is not legal advice.",
    "Key decisions": "Notes are read over HTTP.",
    "Implementation Order": "1. Database migrations\n2. Models\n3. Services\n4. Endpoints\n5. Validation and auth",
}
"""What the checks ask of a section, so that nothing has to be mended and every seat is asked once."""


def document(body: Body) -> str:
    """A document that passes every check, of about 300 words to a section."""
    wanted = asked(body)
    if not wanted.outline:
        return '{"domains": [{"name": "notes", "about": "Notes.", "passages": ["P1"]}], "topics": [], "questions": []}'
    filler = " ".join(["Notes are kept as the brief says [P1]."] * 10)
    heads = [head.lstrip("# ") for head in wanted.outline]
    said = [f"## {head}\n\n{PARTS.get(head, filler)}" for head in heads]
    return f"# {wanted.seat}\n\n" + "\n\n".join(said) + "\n"


def words(count: int) -> str:
    """A brief of about ``count`` tokens in passages."""
    line = "The service keeps notes that a reader lists, and each note has a title and a text of its own."
    return "# Notes\n\n" + "\n\n".join([line] * max(1, count * 4 // len(line)))


@contextlib.contextmanager
def served(reply: Callable[[Body], str] = document, **settings: Any) -> Iterator[Loopback]:
    """A loopback server that the environment points at."""
    with Loopback(reply, seconds=900, most=100_000, **settings) as server:
        os.environ["ANTHROPIC_BASE_URL"], os.environ["ANTHROPIC_API_KEY"] = server.url, KEY
        yield server


def begun(outputs: Path, brief: str) -> Run:
    """A new run whose facts and research are approved, so that the consultants may be asked."""
    run, _ = Order(brief, model=MODEL, outputs=outputs, new=True, settings=("lookup=off", "web.searches=0")).run()
    for name in GATES:
        run.phase(name).consult()
        run.phase(name).approve("benchmark")
    return run


def phase(outputs: Path) -> None:
    """(a): the five seats side by side, against a path that nothing could shorten."""
    with served() as server:
        run = begun(outputs, words(400))
        server.first, server.pace = FIRST, PACE
        before = len(server.billed)
        began = time.monotonic()
        run.phase("consultants").consult()
        wall = time.monotonic() - began
        calls = server.billed[before:]
    takes = [FIRST + call.usage.output / PACE for call in calls]
    path = max(takes[0], FIRST + max(takes[1:]))
    print(
        f"(a) five seats, {len(calls)} calls: {wall:.2f} s over {path:.2f} s on the critical path = {wall / path:.3f}"
    )


def kernels(outputs: Path) -> None:
    """(a), second half: the same run with and without notebooks."""
    brief = outputs / "notes.md"
    brief.write_text(words(400))
    with served():
        began = time.monotonic()
        command = (
            "run",
            str(brief),
            "--model",
            MODEL,
            "--reviewer",
            "clean",
            "--new",
            "--outputs",
            str(outputs),
            "--set",
            "lookup=off",
        )
        subprocess.run([sys.executable, "-m", "planning_kit", *command], check=True, capture_output=True)
        whole = time.monotonic() - began
        began = time.monotonic()
        subprocess.run([sys.executable, __file__, "--without-notebooks", str(brief), str(outputs)], check=True)
        bare = time.monotonic() - began
    books = len(Catalog.read().recipe("backend-plan").notebooks)
    print(
        f"    whole backend-plan: {whole:.2f} s with {books} notebooks, {bare:.2f} s without any: {(whole - bare) / books:.2f} s a notebook"
    )


def without_notebooks(brief: str, outputs: str) -> None:
    """The whole plan in this one process, as a notebook's cells would have it."""
    run, _ = Order(brief, model=MODEL, outputs=Path(outputs), new=True, settings=("lookup=off",)).run()
    for step in run.phases:
        step.consult()
        step.review("clean")
        step.require()


def caching(outputs: Path) -> None:
    """(b): what is paid for reading, by the server's bill."""
    with served() as server:
        run = begun(outputs, words(PREFIX))
        before = len(server.billed)
        run.phase("consultants").consult()
        calls = [call.usage for call in server.billed[before:]]
    paid = sum(prices.cost(MODEL, replace(usage, output=0)) for usage in calls)
    bare = sum(prices.cost(MODEL, Usage(input=usage.read)) for usage in calls)
    cold = sum(prices.cost(MODEL, Usage(input=u.input, cache_write=u.read - u.input)) for u in calls)
    read = calls[0].read
    print(
        f"(b) {len(calls)} calls of about {read:,} tokens: input ${paid:.4f} over ${bare:.4f} without a cache = {paid / bare:.3f} (all at once, cold: {cold / bare:.2f})"
    )


def streams() -> None:
    """(c): each way and number of streams in a process of its own, so that memory is its own too."""
    text = "word " * (TOKENS * 4 // 5)
    with served(lambda body: text, pace=STREAM) as server:
        for count in STREAMS:
            ours, bare = (_measured(way, count, server.url) for way in ("ours", "bare"))
            cpu, memory = (ours[key] / bare[key] for key in ("cpu", "memory"))
            print(
                f"(c) {count:>3} streams: CPU a call {ours['cpu'] / count * 1000:.0f} ms over {bare['cpu'] / count * 1000:.0f} ms = {cpu:.2f}; "
                f"peak memory {ours['memory'] / 1024:.0f} MB over {bare['memory'] / 1024:.0f} MB = {memory:.2f}"
            )


def _measured(way: str, count: int, url: str) -> dict[str, float]:
    said = [
        subprocess.run(
            [sys.executable, __file__, "--stream", way, str(count), url], check=True, capture_output=True, text=True
        ).stdout
        for _ in range(3)
    ]
    figures = [json.loads(each) for each in said]
    return {key: statistics.median(figure[key] for figure in figures) for key in ("cpu", "memory")}


def one_way(way: str, count: int, url: str) -> None:
    """``count`` calls at once, with the package or with the bare SDK; prints CPU seconds since both were loaded, and the peak in kB."""
    requests = [_request(number) for number in range(count)]
    with tempfile.TemporaryDirectory() as folder:
        call = _ours(folder, url) if way == "ours" else _bare(url)
        call(_request(-1))
        before = resource.getrusage(resource.RUSAGE_SELF)
        threads = [threading.Thread(target=call, args=(request,)) for request in requests]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        after = resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    with open("/proc/self/status") as status:  # ru_maxrss would be the parent's, if that was larger
        peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))
    print(json.dumps({"cpu": cpu, "memory": peak}))


def _request(number: int) -> Request:
    """A question with a prefix of its own, so that nobody waits for anybody."""
    material = Material("passage", "P1", f"Notes of service {number}. " + "The service keeps notes. " * 400)
    return Request(
        MODEL,
        "backend-consultant",
        "Notes",
        "You design.",
        (material,),
        "Design it.",
        ("Overview",),
        today="2026-11-21",
    )


def _ours(folder: str, url: str) -> Callable[[Request], Reply]:
    from planning_kit.claude import Claude
    from planning_kit.ledger import Ledger
    from planning_kit.spool import Spool
    from planning_kit.store import Store

    store = Store(Path(folder))
    claude = Claude(Spool(store), base_url=url, api_key=KEY)
    ledger = Ledger(store, lambda: claude, budget=1e6)
    return lambda request: ledger.send(request, lambda text: None)


def _bare(url: str) -> Callable[[Request], Any]:
    import anthropic

    from planning_kit.claude import render

    client = anthropic.Anthropic(base_url=url, api_key=KEY, max_retries=0)

    def call(request: Request) -> Any:
        with client.messages.stream(**render(request)) as stream:
            for _ in stream.text_stream:
                pass
            return stream.get_final_message()

    return call


def killed(outputs: Path) -> None:
    """(d): a driver killed while five answers are being written, and the first token its successor is sent."""
    brief = outputs / "killed.md"
    brief.write_text(words(400))
    common = ("--outputs", str(outputs), "--reviewer", "clean")
    took = []
    with served(pace=PACE) as server:
        for _ in range(3):
            before = len(server.requests)
            command = [
                sys.executable,
                "-m",
                "planning_kit",
                "run",
                str(brief),
                "--model",
                MODEL,
                "--new",
                "--set",
                "lookup=off",
                *common,
            ]
            driver = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            until(lambda before=before: len(server.requests) >= before + 6)
            time.sleep(1.0)
            os.kill(driver.pid, signal.SIGKILL)
            began = time.monotonic()
            driver.wait()
            heard = len(server.requests)
            run = max(outputs.glob("*/*/run.json"), key=lambda path: path.stat().st_mtime).parent
            resumed = subprocess.Popen(
                [sys.executable, "-m", "planning_kit", "resume", str(run), *common],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            until(lambda heard=heard: len(server.requests) > heard)
            took.append(time.monotonic() - began)
            resumed.wait()
    print(f"(d) from a kill to the first new token: {statistics.median(took):.2f} s ({min(took):.2f}–{max(took):.2f})")


def until(holds: Callable[[], bool], seconds: float = 120.0) -> None:
    """Wait until something holds.

    Raises:
        TimeoutError: it never did.
    """
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError("it never came about")
        time.sleep(0.01)


def main() -> None:
    """Measure and print."""
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, {MODEL}, loopback", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        outputs = Path(folder)
        phase(outputs)
        kernels(outputs)
        caching(outputs)
        streams()
        killed(outputs)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stream", nargs=3, metavar=("WAY", "COUNT", "URL"), help=argparse.SUPPRESS)
    parser.add_argument("--without-notebooks", nargs=2, metavar=("BRIEF", "OUTPUTS"), help=argparse.SUPPRESS)
    said = parser.parse_args()
    if said.stream:
        one_way(said.stream[0], int(said.stream[1]), said.stream[2])
    elif said.without_notebooks:
        without_notebooks(*said.without_notebooks)
    else:
        main()
