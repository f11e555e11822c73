"""What is already there: the stack with its evidence, what matters for a brief, and what was left out; nothing is executed."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from .. import digest
from ..errors import Damaged
from .evidence import Evidence, Package, Statement
from .kept import Kept
from .tree import Omission, Tree

__all__ = ["Codebase", "Evidence", "Omission", "Package", "Quoted", "Statement", "read_codebase"]


@dataclass(frozen=True)
class Quoted:
    """A file that the digest quotes: its ``path``, how many of its characters are in the digest, secrets replaced in it by kind."""

    path: str
    characters: int
    redacted: Mapping[str, int]


@dataclass(frozen=True)
class Codebase:
    """What was read of a codebase.

    Attributes:
        packages: its parts with a stack of their own; at least one unless nothing is there.
        digest: what the consultants are told, within the token budget.
        quoted: the files the digest quotes: what would be sent.
        left_out: what was not read, and why; a limit that was hit stands first.
        redacted: secrets replaced in everything that was read, by kind.
        files: how many files there are.
        fingerprint: SHA-256 of what was read; another one says that the codebase moved.
    """

    packages: tuple[Package, ...]
    digest: str
    quoted: tuple[Quoted, ...]
    left_out: tuple[Omission, ...]
    redacted: Mapping[str, int]
    files: int
    fingerprint: str

    def dumped(self) -> str:
        """This as JSON; the same codebase always gives the same text."""
        return digest.canonical(asdict(self)).decode("utf-8")

    @classmethod
    def loaded(cls, text: str, where: str = "codebase.json") -> Codebase:
        """The codebase that was dumped as ``text``.

        Args:
            text: what :meth:`dumped` gave.
            where: how the message names its source.

        Raises:
            Damaged: it is anything else: no JSON, a field too many or too few, a value of another type.
        """
        try:
            data = _fields(cls, json.loads(text))
            return cls(
                packages=tuple(_package(each) for each in _list(data["packages"])),
                digest=_text(data["digest"]),
                quoted=tuple(_quoted(each) for each in _list(data["quoted"])),
                left_out=tuple(_omission(each) for each in _list(data["left_out"])),
                redacted=_counts(data["redacted"]),
                files=_count(data["files"]),
                fingerprint=_text(data["fingerprint"]),
            )
        except (ValueError, TypeError, RecursionError) as error:
            raise Damaged(
                f"{where}: not what a scan of a codebase wrote ({error}); begin a new run to read the codebase again"
            ) from error


def read_codebase(root: Path, without: Path | None = None, words: Collection[str] = ()) -> Codebase:
    """What is at ``root``: only regular files inside it are read, no link is followed, nothing is run.

    A second look at the same files gives what the first one found without reading them again (:mod:`.kept`).

    Args:
        root: the codebase's top folder.
        without: a folder inside it to leave out (where runs are kept).
        words: what the brief is about, in lower case: what matters for it comes first in the digest.

    Raises:
        OptionRefused: there is no such folder.
    """
    tree = Tree.read(root, without)
    kept = Kept(tree, without, words)
    if found := kept.recall():
        try:
            return Codebase.loaded(found)
        except Damaged:
            pass
    codebase = _scan(tree, frozenset(words))
    kept.keep(codebase.dumped())
    return codebase


def _scan(tree: Tree, words: frozenset[str]) -> Codebase:
    """What the files of ``tree`` say; only statements that a line shows, only quotations of files that were read."""
    from .stack import detect  # what is remembered is found without loading what finds it
    from .survey import survey

    packages = tuple(Package(each.path, shown(each.statements, tree)) for each in detect(tree))
    text, characters = survey(tree, packages, words)
    quoted = (
        Quoted(path, count, dict(tree.redacted.get(path, {}))) for path, count in characters.items() if tree.was_read(path)
    )  # fmt: skip
    return Codebase(packages, text, tuple(quoted), tree.left_out, dict(tree.kinds()), len(tree.files), tree.fingerprint)


def shown(statements: Sequence[Statement], tree: Tree) -> tuple[Statement, ...]:
    """The statements that a line of a file in ``tree`` shows, each with only the evidence that exists.

    Args:
        statements: what is said.
        tree: the files; evidence counts when its file was read and has that line.
    """
    checked = (
        Statement(each.topic, each.value, tuple(evidence for evidence in each.evidence if _exists(evidence, tree)))
        for each in statements
    )
    return tuple(each for each in checked if each.evidence)


def _exists(evidence: Evidence, tree: Tree) -> bool:
    text = tree.text(evidence.path)
    lines = text.count("\n") + (not text.endswith("\n"))
    return tree.was_read(evidence.path) and 1 <= evidence.line <= lines


def _fields(record: type, data: object) -> dict[str, Any]:
    """``data`` if it has exactly the fields of ``record``."""
    names = {field.name for field in fields(record)}
    if not isinstance(data, dict) or set(data) != names:
        raise ValueError(f"{record.__name__.lower()} needs exactly {', '.join(sorted(names))}")
    return data


def _package(data: object) -> Package:
    fields = _fields(Package, data)
    return Package(_text(fields["path"]), tuple(_statement(each) for each in _list(fields["statements"])))


def _statement(data: object) -> Statement:
    fields = _fields(Statement, data)
    return Statement(_text(fields["topic"]), _text(fields["value"]), tuple(_evidence(each) for each in _list(fields["evidence"])))  # fmt: skip


def _evidence(data: object) -> Evidence:
    fields = _fields(Evidence, data)
    return Evidence(_text(fields["path"]), _count(fields["line"]))


def _quoted(data: object) -> Quoted:
    fields = _fields(Quoted, data)
    return Quoted(_text(fields["path"]), _count(fields["characters"]), _counts(fields["redacted"]))


def _omission(data: object) -> Omission:
    fields = _fields(Omission, data)
    return Omission(_text(fields["what"]), _text(fields["why"]), _count(fields["count"]))


def _text(data: object) -> str:
    if not isinstance(data, str):
        raise TypeError(f"text is expected, not {type(data).__name__}")
    return data


def _count(data: object) -> int:
    if not isinstance(data, int) or isinstance(data, bool) or data < 0:
        raise TypeError(f"a count is expected, not {data!r:.40}")
    return data


def _list(data: object) -> list[object]:
    if not isinstance(data, list):
        raise TypeError(f"a list is expected, not {type(data).__name__}")
    return data


def _counts(data: object) -> dict[str, int]:
    if not isinstance(data, dict):
        raise TypeError(f"counts are expected, not {type(data).__name__}")
    return {_text(kind): _count(count) for kind, count in data.items()}
