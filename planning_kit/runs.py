"""Every run there is below a folder, how each stands, and the one a person means."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import view
from .errors import OptionRefused, PlanningError, nearest
from .person import who
from .run import Run
from .standing import Catalogs, Standing, now, standing

if TYPE_CHECKING:
    import pandas

COLUMNS = ("run", "brief", "recipe", "options", "phase", "waits for", "findings", "cost", "age")
"""What the table says of each run."""
_SHOWN = ("run", "brief", "recipe", *COLUMNS[4:])
_LEFT = "text-align:left;vertical-align:top"


def runs(outputs: Path) -> Iterator[Run]:
    """Every run below ``outputs`` whose ``run.json`` can be read, oldest first.

    Raises:
        OptionRefused: ``outputs`` cannot be read.
    """
    yield from _readable(outputs, "*/*/run.json")


def latest(folder: Path, same: str) -> Run | None:
    """The latest run in ``folder`` whose order has the identity ``same``."""
    return next(
        (run for run in reversed(list(_readable(folder, "*/run.json"))) if run.ordered.get("identity") == same), None
    )


def _folders(folder: Path, pattern: str) -> list[Path]:
    """The folders of runs, readable or not, oldest first."""
    try:
        paths = sorted(folder.glob(pattern), key=lambda path: (path.parent.name, path.parent.parent.name))
    except OSError as error:
        raise OptionRefused(
            f"cannot read the outputs folder {folder}: {error.strerror}; pick another with --outputs DIR"
        ) from error
    # a run that is just being begun has another name in a moment
    return [path.parent for path in paths if not path.parent.name.startswith(".")]


def _readable(folder: Path, pattern: str) -> Iterator[Run]:
    for place in _folders(folder, pattern):
        with contextlib.suppress(PlanningError, OSError):  # it is reported when somebody asks for it
            run = Run.open(place)
            _ = run.ordered
            yield run


def find_run(said: str, outputs: Path) -> Run:
    """The run a person means: its folder, the folder of a slug (its latest), ``<slug>/<time>`` or ``<slug>`` below ``outputs``, or empty for the latest of all.

    Raises:
        OptionRefused: there is none.
        Damaged: its ``run.json`` cannot be read.
    """
    with contextlib.suppress(OSError):
        if (said and (Path(said) / "run.json").is_file()) or said in (".", ".."):
            return Run.open(Path(said))
        if said and (outputs / said / "run.json").is_file():
            return Run.open(outputs / said)
        if said and Path(said).is_dir() and (there := list(_readable(Path(said), "*/run.json"))):
            return there[-1]
    every = list(runs(outputs))
    mine = [run for run in every if not said or said == run.slug]
    if mine:
        return mine[-1]
    near = nearest(said, [run.label for run in every]) if every else f"; there is none in {outputs}"
    raise OptionRefused(f"no such run: {said or 'latest'!r}{near}; 'planning-kit run BRIEF' begins one")


def earlier_run(said: str, outputs: Path, recipe: str) -> Run:
    """The run a person means by ``said``, for a new one of ``recipe`` to rest on; where a slug is said, its latest that a run of ``recipe`` can rest on.

    What rests on a run of ``recipe`` itself is left out, so that the same words mean the same run after the new one was begun.

    Raises:
        OptionRefused: there is none, or it is a run of the same recipe.
        Damaged: its ``run.json`` cannot be read.
    """
    meant = find_run(said, outputs)
    if meant.folder.name not in said and meant.folder != Path(said).resolve():
        others = [run for run in _readable(meant.folder.parent, "*/run.json") if recipe not in _recipes(run)]
        meant = others[-1] if others else meant
    if meant.ordered["recipe"] == recipe:
        raise OptionRefused(f"--from {said}: {meant.label} is a {recipe} itself; rest on a run of another recipe, or go another way from it with 'planning-kit fork {meant.address} PHASE'")  # fmt: skip
    return meant


def _recipes(run: Run) -> set[str]:
    """The recipe of ``run`` and of those it rests on."""
    return {str(run.ordered["recipe"]), *(each.recipe for each in run.given.runs)}


@dataclass(frozen=True)
class Overview:
    """All runs in a table, the newest first; it shows itself in a notebook.

    Attributes:
        rows: how each stands.
        me: who asks, as git writes people.
        outputs: where they are.
        others: how many more runs there are, which wait for somebody else or for nobody.
    """

    rows: tuple[Standing, ...]
    me: str
    outputs: Path
    others: int = 0

    @property
    def awaiting(self) -> Overview:
        """Those that wait for a decision that who asks can make."""
        mine = tuple(row for row in self.rows if row.mine)
        return Overview(mine, self.me, self.outputs, self.others + len(self.rows) - len(mine))

    @property
    def facts(self) -> dict[str, Any]:
        """As plain values."""
        return {"outputs": str(self.outputs), "me": self.me, "runs": [row.facts for row in self.rows]}

    @cached_property
    def table(self) -> pandas.DataFrame:
        """One row a run, to sort and to filter: in :data:`COLUMNS`, and as figures ``errors``, ``warnings``, ``dollars``, ``began``, ``last``, whether it is ``mine``."""
        figures = ("state", "errors", "warnings", "dollars", "began", "last", "mine")
        rows = [[*self._cells(row), *(getattr(row, name) for name in figures)] for row in self.rows]
        return view.frame(rows, [*COLUMNS, *figures])

    @property
    def lines(self) -> Iterator[str]:
        """As a person reads it on a terminal: two lines a run."""
        for row in self.rows:
            cells = dict(zip(COLUMNS, self._cells(row), strict=True))
            yield f"{row.run}  {cells['brief']}" + "".join(f"  ({said})" for said in _from(row))
            options = f" [{cells['options']}]" if cells["options"] else ""
            found = f", findings {cells['findings']}" if cells["findings"] else ""
            yield f"  {cells['recipe']}{options}, {row.phase or row.state}; waits for {cells['waits for']}{found}, {cells['cost']}, {cells['age']}"
        if not self.rows:
            yield self._none

    @property
    def _none(self) -> str:
        if self.others:
            return f"Nothing waits for {self.me or 'you'} in {self.outputs}; all runs: planning-kit runs"
        return f"There is no such run in {self.outputs}; 'planning-kit run BRIEF' or the notebook 1_intake.ipynb begins one."  # fmt: skip

    def _cells(self, row: Standing) -> list[str]:
        options = " ".join(f"{key}={value}" for key, value in row.options)
        return [
            row.run, row.title, row.recipe, options, row.phase or row.state, row.waits, row.found,
            f"${row.dollars:.2f}", row.age(now()),
        ]  # fmt: skip

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        if not self.rows:
            return view.box("note", [self._none])._repr_mimebundle_()
        mine = sum(row.mine for row in self.rows)
        who_asks = f" as {self.me}" if self.me else ""
        head = [f"{len(self.rows)} run{'' if len(self.rows) == 1 else 's'}; {mine} wait{'s' if mine == 1 else ''} for you{who_asks}"]  # fmt: skip
        head += ["To open one: open its notebook, write its line into the parameters cell, run all."]
        box = view.box("wait" if mine else "note", head)
        text = view.table((*COLUMNS, "open"), [[*self._cells(row), self._line(row)] for row in self.rows]).text
        names = "".join(f'<th style="{_LEFT}">{name}</th>' for name in _SHOWN)
        body = "".join(f"<tr>{self._row(row)}</tr>" for row in self.rows)
        table = f"<table><thead><tr>{names}</tr></thead><tbody>{body}</tbody></table>"
        return view.Shown(box.html + table, f"{box.text}\n\n{text}")._repr_mimebundle_()

    def _line(self, row: Standing) -> str:
        """Where a run is opened, and what to write there."""
        return f'{row.notebook}.ipynb: run = "{row.run}"' if row.notebook else "planning-kit status tells more"

    def _row(self, row: Standing) -> str:
        """A row for a notebook: the run with the way to its notebook, which lies beside this one, and the line to write in it."""
        said = dict(zip(COLUMNS, map(view.escape, self._cells(row)), strict=True))
        name, came = view.escape(f"{row.notebook}.ipynb"), "".join(f"<br>{view.escape(each)}" for each in _from(row))
        opened = f'<br><a href="{name}">{name}</a><br><code>run = &quot;{said["run"]}&quot;</code>' if row.notebook else ""  # fmt: skip
        cells = [
            f"{said['run'] if not opened else ''}{opened.removeprefix('<br>')}",
            said["brief"] + came,
            said["recipe"] + (f"<br>{said['options']}" if said["options"] else ""),
            *(said[name] for name in COLUMNS[4:]),
        ]
        return "".join(f'<td style="{_LEFT}">{cell}</td>' for cell in cells)


def _from(row: Standing) -> list[str]:
    """Which runs it comes from, in words."""
    came = (("fork of", row.forked), ("rests on", row.rests_on))
    return [f"{how} {label}" for how, label in came if label]


def overview(outputs: Path | str = "outputs", me: str | None = None) -> Overview:
    """How all runs below ``outputs`` stand, the newest first; one that cannot be read has a row that says why.

    Args:
        outputs: where runs are kept.
        me: who asks; by default as :func:`person.who` says.

    Raises:
        OptionRefused: ``outputs`` cannot be read.
    """
    place, asks = Path(outputs), who() if me is None else me
    rows = []
    catalogs: Catalogs = {}
    for folder in reversed(_folders(place, "*/*/run.json")):
        try:
            run = Run.open(folder)
        except (PlanningError, OSError) as error:
            rows.append(Standing(f"{folder.parent.name}/{folder.name}", folder, why=str(error)))
            continue
        rows.append(standing(run, asks, catalogs))
    return Overview(tuple(rows), asks, place)


def awaiting(outputs: Path | str = "outputs", me: str | None = None) -> Overview:
    """The runs below ``outputs`` that wait for ``me``, see :func:`overview`."""
    return overview(outputs, me).awaiting
