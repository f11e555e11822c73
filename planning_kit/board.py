"""The board under a cell where an architect looks through the tasks of a plan, and splits, merges, moves or drops them."""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from . import grid, view, widget
from .bench import COLUMNS, Bench, Outcome
from .cell import attended, show
from .errors import OptionRefused, PlanningError
from .person import who
from .redact import redact
from .tasks.pairs import FILES, KINDS, LEVELS, Pairs
from .tasks.parted import items

if TYPE_CHECKING:
    from .run import Run

MOST_FOUND = 5
"""The most findings that are shown between the form and the pictures."""
_SAID = FILES | KINDS | LEVELS
_FORM_GONE = view.box(
    "note",
    [
        "Tasks can be split, merged, moved and dropped here while the kernel lives.",
        "On the command line: planning-kit tasks RUN --help",
    ],
)


def of(run: Run) -> Board:
    """The board of ``run``'s task plan.

    Raises:
        OptionRefused: its recipe makes no task plan.
    """
    return Board(run)


class Board:
    """The tasks of ``run``; it shows itself.

    Args:
        run: the run.
        live: whether somebody may be there to click; by default, as it seems.
    """

    def __init__(self, run: Run, live: bool | None = None) -> None:
        self.bench = Bench(run)
        self.live = live
        self.widget: Any = None
        self._table: grid.Grid | None = None
        self._places: tuple[Any, ...] = ()
        self._lock = threading.RLock()
        self._last: tuple[dict[str, Any], dict[str, Any]] = ({}, {})

    def split(
        self, order: int, parts: Mapping[str, Collection[str]], side_by_side: bool = False, by: str = ""
    ) -> Outcome:
        """Take parts out of a maker, each a task of its own.

        Args:
            order: the maker's number.
            parts: the name of each new task → the files, deliveries and criteria that go into it, as the task names them.
            side_by_side: whether they can be done at the same time; else each waits for the one before it.
            by: who does so; by default git's name and e-mail.

        Raises:
            OptionRefused: it cannot be done; says why.
        """
        return self._done(self.bench.split(order, parts, side_by_side, by))

    def merge(self, first: int, second: int, name: str = "", by: str = "") -> Outcome:
        """Take the maker ``second`` into the maker ``first``.

        Raises:
            OptionRefused: it cannot be done; says why.
        """
        return self._done(self.bench.merge(first, second, name, by))

    def move(self, order: int, before: int = 0, by: str = "") -> Outcome:
        """Put the maker ``order`` in front of the maker ``before``; 0 is behind all of them.

        Raises:
            OptionRefused: it cannot be done; says why.
        """
        return self._done(self.bench.move(order, before, by))

    def drop(self, order: int, by: str = "") -> Outcome:
        """Take the maker ``order`` and its critique out of the plan.

        Raises:
            OptionRefused: it cannot be done; says why.
        """
        return self._done(self.bench.drop(order, by))

    def undo(self, by: str = "") -> Outcome:
        """Take the last change by a person back.

        Raises:
            OptionRefused: there is none.
        """
        return self._done(self.bench.undo(by))

    def _done(self, outcome: Outcome) -> Outcome:
        self._paint()
        return outcome

    @property
    def table(self) -> grid.Grid:
        """A row for each task, to sort and to filter."""
        table = grid.of(self.bench.rows, COLUMNS, "Tasks")
        table.live = self.live
        return table

    @property
    def shown(self) -> view.Shown:
        """Every row and both pictures, without a widget."""
        if (missing := self._missing) is not None:
            return missing
        return self.table.shown + self.bench.pictures

    @property
    def _missing(self) -> view.Shown | None:
        """What stands in the board's place when there is no plan to work on."""
        try:
            self.bench.read()
        except PlanningError as error:
            return view.box("wait", [str(error)])
        return None

    def _ipython_display_(self) -> None:
        self.widget, self._table, self._places = None, None, ()
        live = attended() if self.live is None else self.live
        if not live or self._missing is not None:
            show(self.shown)
            return
        self._table = self.table
        self._table._ipython_display_()
        self.widget = self._made()
        if self.widget is not None:
            show(widget.Bundle(self.widget.model_id, _FORM_GONE))
        self._places = (show(self._judged), show(self.bench.pictures))

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return self.shown._repr_mimebundle_()

    def _made(self) -> Any:
        """The form; without anywidget there is none."""
        kind = widget.kind("TaskBoard", "board", "board", "typed")
        made = kind and kind(board=self.state)
        if made is not None:
            made.on_msg(lambda _, said, buffers: self.hear(said))
        return made

    @property
    def state(self) -> dict[str, Any]:
        """What the form needs: each maker with what of it can be shared out, and the digest a change binds to."""
        makers = [
            {
                "order": pair.order,
                "name": view.visible(pair.maker.task_name),
                "items": [[_SAID[field], each, view.visible(each)] for field, each in items(pair.maker)],
            }
            for pair in Pairs(self.bench.plan)
        ]
        document = self.bench.document
        return {"makers": makers, "seen": document.digest if document else "", "by": who(), "undo": self.bench.can_undo}

    @property
    def _judged(self) -> view.Shown:
        """How the gate stands, and what the checks say."""
        found, gate = self.bench.findings, self.bench.step.own_gate
        state = f"open: {gate.decision}" if gate.open else f"closed: {'; '.join(gate.why)}"
        judged = f"the checks find {view.count(found)}" if found else "the checks find nothing"
        head = f"Gate '{self.bench.step.name}' is {state}; {judged}."
        more = (
            [f"and {len(found) - MOST_FOUND} more; run the cell that shows the findings again"]
            if len(found) > MOST_FOUND
            else []
        )
        return view.box("done" if gate.open else "wait", [head, *(str(each) for each in found[:MOST_FOUND]), *more])

    def _paint(self) -> None:
        """Show what is there now, in the places where it is shown already."""
        if not self._places or self._table is None:
            return
        if (missing := self._missing) is not None:
            self._places[0].update(missing)
            return
        self._table.repaint(self.table)
        for place, shown in zip(self._places, (self._judged, self.bench.pictures), strict=True):
            place.update(shown)
        if self.widget is not None:
            self.widget.board = self.state

    def hear(self, said: Mapping[str, Any]) -> None:
        """Do what the form asks for, and show what came of it; what is asked twice is done once. May run on any thread.

        Args:
            said: ``do`` and what belongs to it, as the form's script sends it; ``id`` is sent back as ``to``.
        """
        with self._lock:
            asked = {name: each for name, each in said.items() if name != "id"}
            if self._last[0] == asked and self._last[1].get("done"):
                self.widget.send({"to": said.get("id"), **self._last[1]})
                return
            try:
                reply = {"done": True, "said": view.visible(self._do(asked).said)}
            except PlanningError as error:
                reply = {"done": False, "said": view.visible(" ".join(str(error).split()))}
            except Exception as error:  # what is raised here is shown nowhere else
                fault = redact(f"{type(error).__name__}: {error}")
                reply = {"done": False, "said": view.visible(f"The board failed: {fault}. Nothing was recorded by it; run this cell again")}  # fmt: skip
            self._last = (asked, reply)
            self._paint()
            self.widget.send({"to": said.get("id"), **reply})

    def _do(self, said: Mapping[str, Any]) -> Outcome:
        order, other = int(said.get("order") or 0), int(said.get("other") or 0)
        by, seen = str(said.get("by") or ""), str(said.get("seen") or "-")
        if not by.strip():
            raise OptionRefused("say who changes the plan: fill in 'Changed by'")
        match said.get("do"):
            case "split":
                parts = {str(said.get("name") or ""): [str(each) for each in said.get("takes") or ()]}
                return self.bench.split(order, parts, bool(said.get("side_by_side")), by, seen)
            case "merge":
                return self.bench.merge(order, other, "", by, seen)
            case "move":
                return self.bench.move(order, other, by, seen)
            case "drop":
                return self.bench.drop(order, by, seen)
            case "undo":
                return self.bench.undo(by, seen)
        return Outcome(f"the board cannot do {str(said.get('do'))[:40]!r}")
