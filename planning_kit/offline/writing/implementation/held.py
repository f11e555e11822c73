"""What the codebase holds already that a component of the plan would otherwise be built for: a tool, a client, a model."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ...reading import words
from .. import stack
from ..plan import Plan
from .kinds import Kind

_ENTRY = re.compile(r"- (?P<what>.{1,500}) \((?P<place>[^()\s]{1,300}:\d{1,7})\)")
_HEADS = ("Stack", "Entry points", "Routes", "Models and tables", "Public interfaces", "Messages", "Patterns to follow")
_TOOLS = (
    ("search", re.compile(r"(?i)\b(?:elasticsearch|opensearch|solr|meilisearch|typesense|algolia|sphinx)\b")),
    ("load", re.compile(r"(?i)\b(?:redis|valkey|memcached|varnish)\b")),
    ("file", re.compile(r"(?i)\b(?:minio|amazon s3|aws s3|s3|azure blob|google cloud storage)\b")),
)
_MAIL = re.compile(r"(?i)\be-?mail\b|\bsmtp\b")


@dataclass(frozen=True)
class There:
    """Something a codebase has: the ``head`` of the digest it stands under, ``what`` it is, its ``place`` as ``path:line``."""

    head: str
    what: str
    place: str


def there(digest: str) -> Iterator[There]:
    """Every entry of a digest that names a line, in its order."""
    head = ""
    for line in digest.split("\n"):
        if line and not line.startswith((" ", "- ", "--- ")):
            head = line.strip()
        elif head in _HEADS and (found := _ENTRY.fullmatch(line[:900])):
            yield There(head, found["what"], found["place"])


def tool(kind: Kind, plan: Plan) -> stack.Use | None:
    """What is in use for questions of this kind as its trade, with its line: Celery for jobs, Elasticsearch for search."""
    return next((use for use in stack.uses(plan.stack) if use.evidence and serves(kind, use.value)), None)


def serves(kind: Kind, name: str) -> bool:
    """Whether the technology ``name`` answers questions of this kind as its trade."""
    if kind.mark.startswith("job"):
        return stack.runs_jobs(name)
    return any(kind.mark.startswith(mark) and pattern.search(name) for mark, pattern in _TOOLS)


def client(system: str, digest: str) -> There | None:
    """What of the codebase calls the ``system`` already: an interface or task with its name; for e-mail one that sends mail."""
    named = re.findall(r"[a-z0-9]{3,}", system.casefold())[:1]
    wanted = {*named, "mail", "mailer", "smtp"} if _MAIL.search(system) else set(named)
    for each in there(digest):
        calls = each.head == "Public interfaces" or (each.head == "Entry points" and each.what.startswith("task "))
        if calls and wanted & set(parted(each.what)):
            return each
    return None


def parted(text: str) -> list[str]:
    """The words of an identifier in lower case: ``StripeGateway`` is ``stripe`` and ``gateway``."""
    return re.findall(r"[a-z0-9]+", re.sub(r"(?<=[a-z0-9])(?=[A-Z])|_", " ", text).lower())


def spoken(digest: str, text: str) -> Iterator[tuple[str, str]]:
    """The models of the codebase that ``text`` speaks of by name, one or many of them: the name and ``path:line``."""
    low = re.sub(r"\bin order to\b", " ", text.casefold())
    for each in there(digest):
        name = each.what.partition(":")[0].strip() if each.head == "Models and tables" else ""
        *before, last = parted(name) or [""]
        if last and re.search(rf"\b{counted(' '.join((*before, words.singular(last))))}\b", low):
            yield name, each.place


def counted(name: str) -> str:
    """A pattern of ``name`` (words in lower case) as one and as many."""
    first, _, last = name.rpartition(" ")
    before = f"{re.escape(first)} " if first else ""
    return f"{before}(?:{re.escape(last)}|{re.escape(words.plural(last))})"
