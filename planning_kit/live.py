"""Live progress under a cell: one line per seat and the text as it appears, and a table when it is over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from . import redact, view, widget
from .cell import attended, show
from .chair import TAIL
from .saved import secrets

if TYPE_CHECKING:
    from .chair import SeatProgress
    from .sitting import Snapshot

SHOWN = 600
"""Characters shown of what a seat wrote last."""
SELDOM = 1.0
"""Seconds between two updates where there is no widget and the whole table is sent."""
SAID = 5.0
"""Seconds a screen reader is left alone between two sentences about who is doing what."""

_OVER = view.box(
    "note", ["Consultants were writing here when this was saved.", "Run the cell again: what was answered is kept."]
)


class Live:
    """What a cell shows while seats write; the table that stays takes its place when they have ended.

    Args:
        live: whether somebody may be watching; else only the table is shown. By default, as it seems.
    """

    def __init__(self, live: bool | None = None) -> None:
        self._live = live
        self._begun = False
        self._place: Any = None
        self._widget: Any = None
        self._frames: Frames | None = None
        self._due = 0.0

    def show(self, snapshot: Snapshot) -> None:
        """Show where the step is."""
        if snapshot.ended:
            self._settle(pace(snapshot))
        elif not self._begun:
            self._begin(snapshot)
        elif self._widget is not None and self._frames is not None:
            self._widget.frame = self._frames.of(snapshot)
        elif self._place is not None and snapshot.seconds >= self._due:
            self._due = snapshot.seconds + SELDOM
            self._place.update(pace(snapshot))

    def _begin(self, snapshot: Snapshot) -> None:
        self._begun = True
        if not (attended() if self._live is None else self._live):
            return
        kind = widget.kind("LiveView", "live", "frame")
        if kind is None:
            self._place, self._due = show(pace(snapshot)), snapshot.seconds + SELDOM
            return
        self._frames = Frames()
        self._widget = kind(frame=self._frames.of(snapshot))
        self._place = show(widget.Bundle(self._widget.model_id, _OVER))

    def _settle(self, table: view.Shown) -> None:
        """Leave a table; no widget remains in the notebook."""
        if self._place is not None:
            self._place.update(table)
        else:
            show(table)
        if self._widget is not None:
            self._widget.close()
        self._begun, self._place, self._widget, self._frames = False, None, None, None


class Frames:
    """Makes of each snapshot what the widget shows: plain values, texts safe to read, nothing that grows."""

    def __init__(self) -> None:
        self._secrets = tuple(each.strip() for each in secrets())
        self._tails: dict[str, tuple[str, str]] = {}
        self._said, self._silent = "", float("-inf")

    def of(self, now: Snapshot) -> dict[str, Any]:
        """The frame for ``now``."""
        tails = now.tails or ("",) * len(now.seats)
        rows = [
            {"cells": cells, "state": seat.state, "tail": self._tail(seat.seat, tail)}
            for seat, cells, tail in zip(now.seats, _cells(now), tails, strict=True)
        ]
        if now.seconds - self._silent >= SAID or now.note:
            self._said, self._silent = now.note or _summary(now), now.seconds
        return {"line": view.visible(_line(now)), "said": self._said, "note": now.note, "rows": rows}

    def _tail(self, seat: str, tail: str) -> str:
        known = self._tails.get(seat)
        if known is None or known[0] != tail:
            known = self._tails[seat] = (tail, shown(tail, self._secrets))
        return known[1]


def shown(tail: str, also: Sequence[str] = ()) -> str:
    """The end of what a seat has written: whole words, without what looks like a secret, what is invisible spelled out.

    Args:
        tail: what came last, at most :data:`chair.TAIL` characters.
        also: secrets that are in use.
    """
    end = next((at for at in range(len(tail), 0, -1) if tail[at - 1].isspace()), 0)
    begin = next((at for at, character in enumerate(tail) if character.isspace()), end) if len(tail) >= TAIL else 0
    whole = tail[begin:end]
    return view.visible(redact.redact(whole, [each for each in also if each[: redact.SHORTEST] in whole])[-SHOWN:])


def pace(now: Snapshot) -> view.Shown:
    """A snapshot as a line and a table: who wrote what, with how many words, tokens and dollars, in what time."""
    table = view.table(HEADER, _cells(now))
    line = _line(now)
    note = view.box("wait", now.note.splitlines()) if now.note else view.Shown("", "")
    text = "\n".join(filter(None, (line, table.text, note.text)))
    return view.Shown(f"<p><strong>{view.escape(line)}</strong></p>{table.html}{note.html}", text)


HEADER = ("consultant", "document", "state", "words", "tokens", "dollars", "seconds")


def _cells(now: Snapshot) -> list[list[str]]:
    """A row for each seat."""
    names = [seat.document.rpartition("/")[2] for seat in now.seats]
    if len(set(names)) < len(names):  # one file for each domain, or each area, is told apart by its folder
        names = ["/".join(seat.document.split("/")[-2:]) for seat in now.seats]
    return [_row(seat, name) for seat, name in zip(now.seats, names, strict=True)]


def _row(seat: SeatProgress, document: str) -> list[str]:
    """One row; a ``~`` marks an estimate."""
    about, tokens = "~" if seat.about else "", seat.read + seat.written
    paid = tokens and seat.dollars is not None
    return [
        seat.seat,
        document,
        seat.state,
        f"{seat.words:,}",
        f"{about}{tokens:,}" if tokens else "",
        f"{about}${seat.dollars:.2f}" if paid else "",
        f"{seat.seconds:.0f}",
    ]


def _line(now: Snapshot) -> str:
    """Everything in one line."""
    words, tokens = sum(seat.words for seat in now.seats), sum(seat.read + seat.written for seat in now.seats)
    about = "~" if any(seat.about for seat in now.seats) else ""
    counted = f"{about}{tokens:,} tokens, " if tokens else ""
    dollars = f"{'~' if now.under_way else ''}${now.spent + now.under_way:.2f}"
    return f"{now.phase}: {_written(now)}, {words:,} words, {counted}{dollars}, {now.seconds:.0f} s"


def _summary(now: Snapshot) -> str:
    """Who is doing what, as it is read aloud."""
    busy = [f"{seat.seat} {seat.state}" for seat in now.seats if seat.state not in ("done", "kept")]
    return "; ".join([f"{now.phase}: {_written(now)}", *busy])


def _written(now: Snapshot) -> str:
    return f"{sum(seat.state in ('done', 'kept') for seat in now.seats)} of {len(now.seats)} written"
