"""How fast a whole plan is checked: `python -m tests.benchmark_checks` prints seconds, megabytes and how far from the limits they are.

Thirty documents with eighty artefacts, taken from the good samples of the corpora as a full plan has them, are checked in a process of
its own: cold, then again unchanged, and by the command. Nothing here passes or fails.
"""

from __future__ import annotations

import itertools
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

DOCUMENTS = 30
RUNS = 5
LIMITS = {"cold": 10.0, "again": 2.0, "megabytes": 300.0}
"""Seconds of the first look, of an unchanged second one in the process, and megabytes of all processes together."""
MIX = {
    "mermaid": 22, "openapi": 5, "sql-postgres": 14, "json-schema": 5, "json": 6, "yaml": 3, "github-actions": 2, "azure-pipelines": 1,
    "gitlab-ci": 1, "code-python": 5, "code-javascript": 5, "code-shell": 4, "gherkin": 4, "promql": 1, "protobuf": 1, "graphql": 1,
}  # fmt: skip
"""How many samples of each corpus: eighty."""
PROSE = "The service keeps what it was told until somebody with the right to do so changes it, and says who did. " * 40
CORPUS = Path(__file__).parent / "corpus"

LOOK = """
import json, sys, time
from pathlib import Path
began = time.perf_counter()
from planning_kit.checks import examine
from planning_kit.checks.about import About
from planning_kit.document import Document
paths = sorted(Path(sys.argv[1]).glob("*.md"))
def look():
    documents = [Document(path.name, path.read_text()) for path in paths]
    examined = [examine(each, About(plan=False, beside=tuple(o for o in documents if o is not each))) for each in documents]
    return sum(len(e.findings) for e in examined), sum(len(e.looked) for e in examined), sum(bool(l.tool) for e in examined for l in e.looked)
found = look()
cold = time.perf_counter(); look(); again = time.perf_counter()
def most(pid):
    status = Path(f"/proc/{pid}/status").read_text()
    own = int(status.split("VmHWM:")[1].split()[0]) / 1024
    return own + sum(most(int(child)) for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split())
import os
print(json.dumps({"cold": cold - began, "again": again - cold, "megabytes": most(os.getpid()), "found": found}))
"""


def samples(kind: str) -> list[str]:
    """The good samples of a corpus."""
    text = (CORPUS / f"{kind}.txt").read_text(encoding="utf-8")
    parts = re.split(r"(?m)^(?==== )", text)
    return [part.partition("\n")[2] for part in parts if part.startswith("=== good") and "```" in part]


def written(folder: Path) -> tuple[int, int]:
    """Write the documents; gives how many, and how many characters they have."""
    pieces = [
        sample for kind, count in MIX.items() for sample in itertools.islice(itertools.cycle(samples(kind)), count)
    ]
    for number in range(DOCUMENTS):
        own = pieces[number::DOCUMENTS]
        body = "\n\n".join(
            f"## Part {at}\n\n{PROSE}\n\n{re.sub(r'(?m)^#+ .*$', '', piece)}" for at, piece in enumerate(own)
        )
        (folder / f"{number:02}-part.md").write_text(f"# Document {number}\n\n{body}\n", encoding="utf-8")
    return DOCUMENTS, sum(path.stat().st_size for path in folder.glob("*.md"))


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        count, size = written(folder)
        looks = [
            json.loads(
                subprocess.run([sys.executable, "-c", LOOK, name], capture_output=True, text=True, check=True).stdout
            )
            for _ in range(RUNS)
        ]
        command = []
        for _ in range(RUNS):
            began = time.perf_counter()
            subprocess.run([sys.executable, "-m", "planning_kit", "check", name], capture_output=True, check=False)
            command.append(time.perf_counter() - began)
    findings, artefacts, checked = looks[0]["found"]
    print(
        f"{count} documents, {size:,} characters, {artefacts} artefacts, {checked} of them checked, {findings} findings"
    )
    for what, limit in LIMITS.items():
        figures = [look[what] for look in looks]
        middle = statistics.median(figures)
        print(
            f"{what:<10} {middle:8.3f} ({min(figures):.3f}-{max(figures):.3f}), limit {limit:g}, ratio {middle / limit:.2f}"
        )
    print(
        f"{'command':<10} {statistics.median(command):8.3f} ({min(command):.3f}-{max(command):.3f}) seconds for `planning-kit check`"
    )


if __name__ == "__main__":
    main()
