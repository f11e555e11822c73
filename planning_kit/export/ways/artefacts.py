"""The artefacts of a run as files of their own, each exactly as it stands in its document: contract, schema, pipeline, diagrams, queries, code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ...checks import openapi
from ...checks.artefact import Artefact, artefacts, of_kind
from ...document import Document
from ...errors import OptionRefused
from ...run import Run
from . import said
from .handed import Handed
from .work import documents

WAY = "artefacts"
ARCHITECTURE = "integration-architecture.md"
"""The document whose OpenAPI has the last word where there is one."""
PIPELINES = {
    "azure-pipelines": "azure-pipelines.yml at the top of the repository",
    "github-actions": ".github/workflows/pipeline.yml",
    "gitlab-ci": ".gitlab-ci.yml at the top of the repository",
}
"""Where each platform looks for its pipeline."""
FOLDERS = {
    "mermaid": ("diagrams", "mmd"), "gherkin": ("features", "feature"), "promql": ("queries", "promql"), "json-schema": ("schemas", "json"),
    "graphql": ("contracts", "graphql"), "protobuf": ("contracts", "proto"), "sql": ("queries", "sql"), "compose": ("deployment", "yml"),
}  # fmt: skip
"""Kind → the folder and the ending of what has no name of its own."""
_QUERIES = {"kusto": "kql", "kql": "kql", "logql": "logql", "traceql": "traceql"}
"""Languages of queries that no tool here checks → the ending of their files."""
_NAMED = ("code", "toml", "yaml", "json", "sql", "compose", "graphql", "protobuf", "other")
_WHOLE = re.compile(r"""(?m)^[ \t{]{0,40}["']?(?:openapi|swagger)["']?[ \t]{0,9}:""")
_CREATES = re.compile(r"(?im)^[ \t]{0,40}(?:CREATE|ALTER|COMMENT[ \t]+ON)\b")
_DROPS = re.compile(r"(?im)^[ \t]{0,40}DROP[ \t]+(?:TABLE|SCHEMA|DATABASE|TYPE)\b")


@dataclass
class _Files:
    """Files as they are found, each under a name of its own."""

    texts: dict[str, str] = field(default_factory=dict)
    counted: dict[str, int] = field(default_factory=dict)

    def add(self, name: str, text: str) -> None:
        """One file; the second of a name, and one inside of another, gets a number."""
        stem, dot, ending = name.rpartition(".")
        tries = (name, *(f"{stem}-{number}{dot}{ending}" for number in range(2, 10_000)))
        self.texts[next(each for each in tries if self._free(each))] = text

    def _free(self, name: str) -> bool:
        parts = name.split("/")
        above = ("/".join(parts[:at]) for at in range(1, len(parts)))
        return name not in self.texts and not any(each in self.texts for each in above)

    def number(self, of: str) -> int:
        """How many there have been of something, this one included."""
        self.counted[of] = self.counted.get(of, 0) + 1
        return self.counted[of]


def handed(run: Run) -> Handed:
    """Every artefact of the run's documents, and of those earlier runs gave it.

    Raises:
        OptionRefused: they hold none.
    """
    every = (*documents(run), *run.inherited)
    files, notes = _Files(), []
    for name, text in contracts(every).items():
        files.add(name, text)
    for name, text in _schemas(every):
        files.add(name, text)
    for name, artefact in _pipelines(every):
        files.add(name, artefact.text)
        notes.append(f"{name} goes to {PIPELINES[artefact.kind]}")
    labels = _labels(every)
    for document in every:
        for artefact in artefacts(document):
            _other(files, document, artefact, labels[document.name])
    if not files.texts:
        raise OptionRefused(
            f"the documents of {run.address} hold no artefacts: no contract, schema, pipeline, diagram or code"
        )
    return Handed(files.texts, tuple(notes))


def contracts(every: Sequence[Document]) -> Mapping[str, str]:
    """The OpenAPI documents that count, by the name of their file: the architecture's, else the only one, else one for each document.

    Those that have no operation are left out where others have.
    """
    found = [document for document in every if _contracts(document)]
    own = [each for each in found if each.name.rpartition("/")[2] == ARCHITECTURE]
    counting = own[:1] or [each for each in found if openapi.operations(each)] or found
    apart = _apart([each.name for each in counting])
    texts: dict[str, str] = {}
    for document in counting:
        for number, artefact in enumerate(_contracts(document), start=1):
            more = f"-{number}" if number > 1 else ""
            label = f"-{apart[document.name]}" if len(counting) > 1 else ""
            texts[f"openapi{label}{more}.{'json' if artefact.lang == 'json' else 'yaml'}"] = artefact.text
    return texts


def _contracts(document: Document) -> tuple[Artefact, ...]:
    """Its OpenAPI documents, without pieces of one that are shown beside it."""
    return tuple(each for each in of_kind(document, "openapi") if _WHOLE.search(each.text[:200_000]))


def schema(every: Sequence[Document]) -> str:
    """The DDL of the first document that has some; empty when none has."""
    return next((text for _, text in _schemas(every)), "")


def _schemas(every: Sequence[Document]) -> Iterator[tuple[str, str]]:
    """The DDL of each document that has some, in the order of its blocks: they are one script."""
    texts = {
        document.name: "\n".join(each.text for each in of_kind(document, "sql") if _is_schema(each))
        for document in every
    }
    texts = {name: text for name, text in texts.items() if text}
    apart = _apart(list(texts))
    for name, text in texts.items():
        yield f"schema{f'-{apart[name]}' if len(texts) > 1 else ''}.sql", text


def _is_schema(artefact: Artefact) -> bool:
    return not artefact.name and bool(_CREATES.search(artefact.text)) and not _DROPS.search(artefact.text)


def _pipelines(every: Sequence[Document]) -> Iterator[tuple[str, Artefact]]:
    found = [each for document in every for each in of_kind(document, *PIPELINES)]
    for number, artefact in enumerate(found, start=1):
        yield f"pipeline{f'-{number}' if number > 1 else ''}.yml", artefact


def _other(files: _Files, document: Document, artefact: Artefact, label: str) -> None:
    """An artefact that is neither contract, schema nor pipeline: under its own name, or by where it stands."""
    kind = artefact.kind
    if kind == "task-plan" and artefact.name == document.name:
        files.add(document.name.rpartition("/")[2], artefact.text)
    if kind in ("openapi", "task-plan", *PIPELINES) or (kind == "sql" and _is_schema(artefact)):
        return
    if kind in _NAMED and (name := _name(artefact.name)) and artefact.name != document.name:
        files.add(f"code/{label}/{name}", artefact.text)
        return
    folder, ending = ("queries", _QUERIES[artefact.lang]) if artefact.lang in _QUERIES else FOLDERS.get(kind, ("", ""))
    if folder:
        section = next((each.text for each in reversed(document.headings) if each.line < artefact.line), "")
        number = files.number(f"{folder}/{label}")
        files.add(f"{folder}/{label}-{number}-{said.name(section)}.{ending}", artefact.text)


def _name(name: str) -> str:
    """A path that a document gives a file, if it may be one below a folder of ours; else nothing."""
    parts = name.split("/")
    fits = all(
        re.fullmatch(r"[\w.-]{1,80}", part, re.ASCII) and part.strip(".") and part.lower() != ".git" for part in parts
    )
    return name if fits and len(parts) <= 12 else ""


def _labels(every: Iterable[Document]) -> Mapping[str, str]:
    """What each document is called in the names of files: its own name, with its folder where several have that."""
    alike: dict[str, list[str]] = {}
    for document in every:
        alike.setdefault(said.name(document.name.rpartition("/")[2].rpartition(".")[0]), []).append(document.name)
    found: dict[str, str] = {}
    for stem, names in alike.items():
        apart = _apart(names)
        found |= {name: f"{apart[name]}-{stem}" if len(names) > 1 else stem for name in names}
    return found


def _apart(names: Sequence[str]) -> Mapping[str, str]:
    """What tells paths apart: what is left of each without the folders they share at the beginning and the parts they share at the end."""
    parts = [name.split("/") for name in dict.fromkeys(names)]
    short = min(map(len, parts), default=0)
    first = next((at for at in range(short) if len({each[at] for each in parts}) > 1), 0)
    last = next((at for at in range(1, short + 1) if len({each[-at] for each in parts}) > 1), 1) - 1
    found: dict[str, str] = {}
    for each in parts:
        label = said.name("-".join(each[first : len(each) - last] or each))
        taken = set(found.values())
        found["/".join(each)] = next(
            name for name in (label, *(f"{label}-{number}" for number in range(2, 10_000))) if name not in taken
        )
    return found
