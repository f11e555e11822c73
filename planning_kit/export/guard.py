"""What must not be handed over: a run that holds what looks like a secret."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .. import saved
from ..errors import BadInput, OptionRefused
from ..factsheet import NAME as FACTS
from ..redact import redact
from ..research import NAME as SOURCES
from ..run import Run

_PICTURE = re.compile(r"data:image/[a-z+]+;base64,[A-Za-z0-9+/=]+")


def refuse(run: Run) -> None:
    """Nothing, if what ``run`` holds may be handed over.

    Raises:
        OptionRefused: nothing is written yet.
        BadInput: something holds what looks like a secret; names the file.
    """
    if not any(phase.documents for phase in run.phases):
        raise OptionRefused(f"{run.address} has no documents yet; 'planning-kit resume {run.address}' has them written")
    in_use = _in_use()
    for place, text, mend in _texts(run):
        if redact(text, also=in_use) != text:
            raise BadInput(f"{run.folder / place} holds what looks like a secret; {mend}, then export")


def checked(page: str, said: str = "the page would hold what looks like a secret; look for it in the run's folder and take it out") -> str:  # fmt: skip
    """``page``, if nothing in it looks like a secret.

    Raises:
        BadInput: something does; the message is ``said``.
    """
    words = _PICTURE.sub("", page)
    if redact(words, also=_in_use()) != words:
        raise BadInput(said)
    return page


def _in_use() -> tuple[str, ...]:
    """The secrets of the environment; a single word is none: a database's password that is its name stands in every plan."""
    return tuple(value for value in saved.secrets() if not value.strip().isalpha())


def _texts(run: Run) -> Iterator[tuple[str, str, str]]:
    """Everything that goes out: its file, its text, and what mends it."""
    for phase in run.phases:
        for document in phase.documents:
            yield f"documents/{document.name}", document.text, "take it out, approve the document again"
            for record in run.shelf.history(document.name):
                name = str(record.body.get("digest", ""))
                yield f"versions/{name[:2]}/{name}.md", run.store.version(name) or "", "begin the run again without it"
    yield "brief.md", run.brief.text, "begin the run again without it"
    yield FACTS, run.sheet.text, "take it out"
    yield SOURCES, run.store.read(SOURCES) or "", "take it out"
    for each in run.journal:
        yield f"journal/{each.seq:06d}.json", each.bytes().decode("utf-8"), "begin the run again without it"
