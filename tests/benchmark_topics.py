"""What research side by side costs beside the asking: `make benchmark` prints a ratio, measured against the loopback server.

Four topics in four areas, sixteen sessions in one sitting, then the implementation plan: seventeen calls of two seconds through the package
API in this one process; the server is another. The critical path is what nothing could shorten: of those who share a prefix one goes ahead
until its first word, the others follow, and then the plan. The server answers with what the offline author writes, so that every
document passes its checks and nothing has to be mended. Nothing here passes or fails; the figures go into the README.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from planning_kit.brought import SAMPLE
from planning_kit.facts import Topic
from planning_kit.loopback import KEY, Loopback
from planning_kit.model import Request
from planning_kit.offline.author import write
from planning_kit.order import Order
from planning_kit.run import Run

FIRST, CALL, TIMES = 0.25, 2.0, 3
"""Seconds to the first event, seconds a call takes, and how often the whole is measured."""
MODEL = "claude-sonnet-5-5"
TOPICS = ("time-slots", "reminders", "patient-search", "opening-hours")
SETTINGS = ("lookup=off",)


def begun(place: Path, model: str) -> Run:
    """A run whose four topics are approved."""
    order = Order(str(SAMPLE), "implementation-plan", model, place, settings=() if model == "offline" else SETTINGS, headless=True, new=True)  # fmt: skip
    run, _ = order.run()
    topics = tuple(Topic(name=name, why=f"{name} is open", passages=(f"P{at}",)) for at, name in enumerate(TOPICS, 5))
    with run.store.write():
        run.sheet.write(run.sheet.now.model_copy(update={"topics": topics}), "person", "benchmark", "agreed")
    for name in ("intake", "scope"):
        run.phase(name).approve("benchmark")
    return run


def answers(place: Path) -> Mapping[str, str]:
    """What the offline author writes for each document, by the title that its author is told."""
    run, texts = begun(place, "offline"), {}
    for notebook in ("2_research", "6_synthesis"):
        steps = run.steps(notebook)
        for step in steps:
            step.consult()
            for duty in step.duties:
                texts[f"# {step.titled(duty)}"] = write(asked(step, duty))  # type: ignore[attr-defined]
            if step.own_gate.decides:
                step.approve("benchmark")
    return texts


def asked(step: Any, duty: Any) -> Request:
    """What the offline author is asked."""
    question: Request = step.question(duty)
    return question


def planned(run: Run) -> tuple[float, float]:
    """Seconds for research and plan, written, checked, placed and decided by the policy; and those of the longest chain of its answers as they were measured."""
    began = time.monotonic()
    for notebook in ("2_research", "6_synthesis"):
        run.steps(notebook).consult("clean")
    took = time.monotonic() - began
    waits = [f"{step.name}: {each}" for step in run.phases if not step.own_gate.open for each in step.findings.errors]
    assert run.finished, waits[:5]
    assert len(run.ledger.calls) == len(TOPICS) * 4 + 1, "something was mended"
    seconds = {call.seat: [] for call in run.ledger.calls}  # type: dict[str, list[float]]
    for call in run.ledger.calls:
        seconds[call.seat].append(call.reply.seconds)
    (plan,) = seconds.pop("backend-planner")
    return took, max(
        map(max, seconds.values())
    ) + plan  # who waited for the one that went ahead has that in its own seconds


def main() -> None:
    """Print the ratio."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "answers.json").write_text(json.dumps(answers(place / "offline")))
        command = [sys.executable, __file__, "serve", str(place / "answers.json")]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert server.stdout
        try:
            os.environ["ANTHROPIC_BASE_URL"], os.environ["ANTHROPIC_API_KEY"] = server.stdout.readline().strip(), KEY
            planned(begun(place / "warm", MODEL))  # what is loaded once
            took = [planned(begun(place / str(at), MODEL)) for at in range(TIMES)]
        finally:
            server.terminate()
            server.wait()
    walls, paths = [wall for wall, _ in took], [path for _, path in took]
    told, path, median = FIRST + 2 * CALL, statistics.median(paths), statistics.median(walls)
    print(f"4 topics × 4 areas side by side, then the plan, at {CALL} s a call: {median:.2f} s ({min(walls):.2f}-{max(walls):.2f}) over {path:.2f} s of the longest chain of answers = {median / path:.3f}; over {told:.2f} s as the server was told = {median / told:.3f}")  # fmt: skip


def serve() -> None:
    """The server, in a process of its own: each answer comes in :data:`CALL` seconds, its first word after :data:`FIRST`."""
    texts = json.loads(Path(sys.argv[2]).read_text())

    def reply(body: Mapping[str, Any]) -> str:
        said = json.dumps(body["messages"][-1], ensure_ascii=False)
        return next((text for title, text in texts.items() if f"'{title}'" in said), "")

    with Loopback(reply, first=FIRST, lasts=CALL - FIRST, seconds=600, most=100_000) as server:
        print(server.url, flush=True)
        server.over.wait()


if __name__ == "__main__":
    serve() if sys.argv[1:2] == ["serve"] else main()
