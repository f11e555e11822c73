"""The questions of a plan of execution, step by step."""

from __future__ import annotations

from dataclasses import dataclass

from . import prices
from .model import Usage

PACE = 60
"""Tokens a model is assumed to write a second; nothing here has measured it."""


@dataclass(frozen=True)
class Call:
    """One question.

    Attributes:
        seat: whose, by title.
        name: whose, by name.
        document: what is written.
        model: who is asked.
        usage: tokens it usually takes, by kind.
        most: US dollars it may cost at most, which the budget has to have left.
        repairs: how often its author may be asked to mend it.
    """

    seat: str
    name: str
    document: str
    model: str
    usage: Usage
    most: float = 0.0
    repairs: int = 0

    @property
    def read(self) -> int:
        """Tokens read, wherever they come from."""
        return self.usage.read

    @property
    def written(self) -> int:
        """Tokens written."""
        return self.usage.output

    @property
    def dollars(self) -> float:
        """US dollars; 0.0 where :attr:`priced` says that nobody knows."""
        return prices.cost(self.model, self.usage)

    @property
    def priced(self) -> bool:
        """Whether the model has a known price."""
        return prices.price(self.model) is not None


@dataclass(frozen=True)
class Stage:
    """One step: its ``title``, its ``gate``, the ``notebook`` that shows it, the ``calls`` that are made side by side, whether anything is decided, with which others it is written ``together``."""

    title: str
    gate: str
    notebook: str
    calls: tuple[Call, ...]
    decides: bool = True
    together: str = ""

    @property
    def who(self) -> str:
        """Who writes which document; a seat that writes one for each of several domains or topics is named once."""
        files: dict[str, list[str]] = {}
        for call in self.calls:
            files.setdefault(call.seat, []).append(call.document)
        return ", ".join(f"{seat} → {_written(names)}" for seat, names in files.items())

    @property
    def seconds(self) -> float:
        """How long its slowest call is expected to take."""
        return max((call.written / PACE for call in self.calls), default=0.0)


def _written(names: list[str]) -> str:
    """The documents of one seat in words: the file's name; of several, that there is one for each domain, or in one folder for each topic."""
    ends = dict.fromkeys(name.rpartition("/")[2] for name in names)
    if len(names) == 1:
        return next(iter(ends))
    folder = names[0].rpartition("/")[0]
    return (
        f"{next(iter(ends))} for each of {len(names)} domains"
        if len(ends) == 1
        else f"{folder}/ for each of {len(names)} topics"
    )
