"""The pipelines of a document: what their jobs do, in which order, and which secrets they read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ...aside import Undone, call
from ...document import Document
from ..artefact import Artefact, of_kind, place
from ..pipelines.flow import ENVIRONMENTS, KINDS

_SECRET = re.compile(r"(?<![\w.])secrets\.([A-Za-z_]\w{0,80})")


@dataclass(frozen=True)
class Way:
    """The way through one pipeline.

    Attributes:
        document: where it stands.
        artefact: its YAML.
        jobs: as :func:`planning_kit.checks.pipelines.flow.way` tells them.
        stages: the names of its stages and jobs.
        is_open: whether a part of it stands in another file.
    """

    document: Document
    artefact: Artefact
    jobs: tuple[dict[str, Any], ...]
    stages: tuple[str, ...]
    is_open: bool

    @property
    def line(self) -> int:
        """The document's line it starts on."""
        return self.artefact.line

    def at(self, job: dict[str, Any]) -> int:
        """The document's line of one of its jobs."""
        return place(self.document, self.artefact, int(job["line"]), 0)[0]

    def has(self, kind: str) -> bool:
        """Whether a job does ``kind`` of work, or deploys to the environment ``kind``."""
        return bool(self.called(kind))

    def called(self, kind: str) -> list[str]:
        """The names of the jobs that do ``kind`` of work, or deploy to the environment ``kind``."""
        key = "environments" if kind in ENVIRONMENTS else "does"
        jobs = (job for job in self.jobs if kind in job[key] and not job["back"])
        return list(dict.fromkeys(job["names"][0] for job in jobs if job["names"]))


def ways(document: Document) -> list[Way]:
    """The pipelines in ``document`` that can be read and have jobs; of one that takes too long nothing."""
    found = []
    for artefact in of_kind(document, *KINDS):
        try:
            told = call("planning_kit.checks.pipelines.flow:way", artefact.text, _lang(artefact), artefact.kind)
        except Undone:
            continue
        if told["jobs"] or told["open"]:
            found.append(Way(document, artefact, tuple(told["jobs"]), tuple(told["stages"]), told["open"]))
    return found


def secrets_in(document: Document) -> Iterator[tuple[str, int]]:
    """The secrets that GitHub workflows name, each once, with the document's line; their own token is none."""
    seen = {"GITHUB_TOKEN"}
    for artefact in of_kind(document, "github-actions"):
        for number, line in enumerate(artefact.lines, 1):
            for name in _SECRET.findall(line[:2000]):
                if name not in seen:
                    seen.add(name)
                    yield name, place(document, artefact, number, 0)[0]


def _lang(artefact: Artefact) -> str:
    return "json" if artefact.lang == "json" else "yaml"
