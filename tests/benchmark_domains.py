"""What many domains side by side cost beside the asking: `make benchmark` prints a ratio, measured against the loopback server.

Twenty domains, five documents each: a hundred calls, at most twenty at once, through the package API in this one process; the server is
another. The ideal is five steps of one call's time each, 0.2 s and then 2 s. The same calls with the bare SDK are measured beside it.
Nothing here passes or fails; the figures go into the README.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from planning_kit.facts import Domain
from planning_kit.loopback import KEY, Loopback
from planning_kit.order import Order
from planning_kit.run import Run

DOMAINS, STEPS = 20, 5
"""Domains, and documents for each."""
CALLS = {0.2: 5, 2.0: 1}
"""Seconds a call takes, and how often that is measured."""
MODEL = "claude-sonnet-5-5"
SEAT = "---\ntitle: Seat {at}\nrole: You write.\nwrites: {at}.md\nheading: Part {at}\nreads: [{reads}]\nsections: [Overview, Key decisions]\n---\nWrite about {{{{ domain.name }}}}.\n"
RECIPE = """---
title: Many
summary: Five documents for each of many domains.
documents: docs/many
options: {domains: auto}
phases:
  - {name: intake, title: Intake, notebook: 1_intake, settles: [stack, passages]}
  - {name: scope, title: Scope, notebook: 1_intake, settles: [domains, topics, questions]}
"""


def own(place: Path) -> Path:
    """The recipe and its five seats in a folder."""
    for kind in ("recipes", "consultants"):
        (place / kind).mkdir(parents=True)
    steps = [
        f"  - {{name: step-{at}, title: Step {at}, notebook: 3_specification, each: domain, seats: [seat-{at}]}}\n"
        for at in range(STEPS)
    ]
    (place / "recipes" / "many.md").write_text(RECIPE + "".join(steps) + "---\nMany.\n")
    for at in range(STEPS):
        reads = ", ".join(f"{before}.md" for before in range(at))
        (place / "consultants" / f"seat-{at}.md").write_text(SEAT.format(at=at, reads=reads))
    return place


def begun(place: Path) -> Run:
    """A run with its twenty domains approved."""
    brief = "# Many\n\n" + "\n\n".join(f"Users must be able to manage things of kind {at}." for at in range(DOMAINS))
    order = Order(
        brief, "many", MODEL, place / "outputs", settings=(f"consultants={place / 'own'}",), headless=True, new=True
    )
    run, _ = order.run()
    domains = tuple(Domain(name=f"kind-{at}", about=f"Kind {at}.", passages=(f"P{at + 2}",)) for at in range(DOMAINS))
    with run.store.write():
        run.sheet.write(run.sheet.now.model_copy(update={"domains": domains}), "person", "benchmark", "agreed")
    for name in ("intake", "scope"):
        run.phase(name).approve("benchmark")
    return run


def planned(run: Run) -> float:
    """Seconds for all the steps, written, checked, placed and decided by the policy."""
    began = time.monotonic()
    run.steps("3_specification").consult("clean")
    took = time.monotonic() - began
    assert run.finished and len(run.tree) == DOMAINS * STEPS
    return took


def bare(url: str) -> float:
    """Seconds for as many calls with the bare SDK: twenty threads at a time, one client."""
    from anthropic import Anthropic

    client = Anthropic(base_url=url, api_key=KEY, max_retries=0)

    def call() -> None:
        with client.messages.stream(
            model=MODEL, max_tokens=1000, messages=[{"role": "user", "content": "Write."}]
        ) as stream:
            stream.get_final_message()

    began = time.monotonic()
    for _ in range(STEPS):
        threads = [threading.Thread(target=call) for _ in range(DOMAINS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return time.monotonic() - began


def main() -> None:
    """Print the ratios."""
    for call, times in CALLS.items():
        server = subprocess.Popen([sys.executable, __file__, "serve", str(call)], stdout=subprocess.PIPE, text=True)
        assert server.stdout
        try:
            url = server.stdout.readline().strip()
            os.environ["ANTHROPIC_BASE_URL"], os.environ["ANTHROPIC_API_KEY"] = url, KEY
            measure(url, call, times)
        finally:
            server.terminate()
            server.wait()


def measure(url: str, call: float, times: int) -> None:
    """The package and the bare SDK against the server at ``url``, ``times`` times each; medians."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        own(place / "own")
        planned(begun(place))  # what is loaded once
        bare(url)
        ours = statistics.median(planned(begun(place)) for _ in range(times))
        theirs = statistics.median(bare(url) for _ in range(times))
    ideal, peak = call * STEPS, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{DOMAINS} domains, {DOMAINS * STEPS} documents at {call} s a call, {DOMAINS} at once: {ours:.2f} s over {ideal:.2f} s = {ours / ideal:.2f}; "
        f"bare SDK calls {theirs / ideal:.2f}; peak {peak:.0f} MB"
    )


def serve() -> None:
    """The server, in a process of its own."""
    with Loopback(first=float(sys.argv[2]), seconds=300, most=100_000) as server:
        print(server.url, flush=True)
        server.over.wait()


if __name__ == "__main__":
    serve() if sys.argv[1:2] == ["serve"] else main()
