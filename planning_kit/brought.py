"""What is brought to be planned: a file, standard input or the text itself becomes a brief; nothing with a secret in it is taken."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from . import digest, files, redact
from .brief import LARGEST, Brief, decode
from .catalog import FOLDERS, SHIPPED
from .errors import BriefRefused, OptionRefused
from .reviewers import NAME as REVIEWERS

SAMPLE = SHIPPED / "samples" / "clinic-appointments.md"

_SUFFIXES = {".md", ".txt", ".markdown", ".rst", ".text", ".pdf", ".docx", ".html", ".json", ".yaml"}


def read_brief(said: str) -> tuple[Brief, str, Path | None]:
    """The brief, the SHA-256 of its bytes as they were brought, and the ``planning_kit/`` folder beside it if there is one.

    Raises:
        BriefRefused: no such file, or it cannot be read as text.
    """
    if said == "-":
        data = sys.stdin.buffer.read(LARGEST + 1) if sys.stdin else b""
        return Brief(decode(data, "standard input")), digest.of_bytes(data), None
    path = SAMPLE if not said else Path(said)
    if not _is_path(said) and said:
        data = said.encode("utf-8", "surrogateescape")
        return Brief(decode(data, "the brief")), digest.of_bytes(data), None
    try:
        data = files.read_regular(path, LARGEST + 1)
    except FileNotFoundError as error:
        raise BriefRefused(
            f"no such file: {said}; give a path, '-' for standard input, or the brief itself in quotes (more than one word)"
        ) from error
    except OSError as error:
        raise BriefRefused(
            f"{said}: {(error.strerror or str(error)).lower()}; give a text or Markdown file, or '-' for standard input"
        ) from error
    beside = path.resolve().parent / "planning_kit"
    ours = any((beside / kind).is_dir() for kind in FOLDERS) or (beside / REVIEWERS).is_file()
    own = beside if said and ours else None
    return Brief(decode(data, said or path.name), path.name), digest.of_bytes(data), own


def _is_path(said: str) -> bool:
    if "\n" in said or len(said) > 1000:
        return False
    try:
        if Path(said).exists():
            return True
    except (OSError, ValueError):
        return False
    return said.strip() != "" and (not any(c.isspace() for c in said.strip()) or Path(said).suffix.lower() in _SUFFIXES)


def refuse_secrets(brief: Brief, parameters: Mapping[str, str]) -> None:
    """Nothing, unless the brief or a parameter holds what looks like a secret: it would be in every file of the run, and asked of a model.

    Raises:
        OptionRefused: a parameter does.
        BriefRefused: the brief does; names the line.
    """
    for name, value in parameters.items():
        if redact.looks_secret(name, value):
            raise OptionRefused(f"the option {name!r} looks like a secret and would be kept with the run; set it in the environment instead")  # fmt: skip
    clean, found = redact.counted(brief.text)
    if found:
        pairs = zip(brief.text.split("\n"), clean.split("\n"), strict=False)
        line = next((at for at, (before, after) in enumerate(pairs, start=1) if before != after), 1)
        kinds = " and ".join(sorted(found))
        raise BriefRefused(f"{brief.name or 'the brief'}, line {line}: this looks like a secret ({kinds}); take it out, it would be kept with the run and told to the model")  # fmt: skip
