"""Two runs side by side: options, operations, tables, decisions, findings, cost and gates, so that plans can be explored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import costs, view
from .checks import openapi, sql
from .checks.about import dialect
from .checks.agreement import words
from .document import Document
from .errors import OptionRefused
from .run import Run
from .runs import find_run, runs

if TYPE_CHECKING:
    import pandas

ONE, OTHER = "one", "other"
BOTH, DIFFERS = "both", "differs"
PARTS = ("options", "gates", "operations", "tables", "decisions", "findings", "cost")
"""What is compared."""
MOST_WORDS = 600
"""The most characters of a key decision that are shown side by side."""

Row = tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """One table of the comparison: its ``title``, ``columns`` and ``rows``; the last two columns but one are the runs', the last says how they relate."""

    title: str
    columns: Row
    rows: tuple[Row, ...]

    @property
    def differing(self) -> int:
        """How many rows are not the same in both."""
        return sum(row[-1] != BOTH for row in self.rows)


class Compared:
    """Two runs side by side; as pandas tables ``options``, ``gates``, ``operations``, ``tables``, ``decisions``, ``findings`` and ``cost``.

    Args:
        one: a run.
        other: the run it is compared with.
    """

    def __init__(self, one: Run, other: Run) -> None:
        self.one, self.other = one, other

    @property
    def notes(self) -> tuple[str, ...]:
        """What makes the two hard to compare, and how they are related; one sentence each."""
        one, other, said = self.one, self.other, []
        if one.id == other.id:
            said.append("this is one run, compared with itself")
        for fork, parent in ((one, other), (other, one)):
            if fork.forked.get("run") == parent.id:
                said.append(f"{fork.label} is a fork of {parent.label} from phase '{fork.forked['phase']}' on")
        if one.brief.digest != other.brief.digest:
            said.append("they plan different briefs: what is called the same need not be the same")
        if one.recipe.name != other.recipe.name:
            said.append(f"they follow different recipes, {one.recipe.name} and {other.recipe.name}: compared as far as both have it")  # fmt: skip
        if one.codebase != other.codebase:
            said.append("they land in different codebases")
        return tuple(said)

    @cached_property
    def parts(self) -> Mapping[str, Part]:
        """Every part that is compared, by the names in :data:`PARTS`."""
        made = (_options, _gates, _operations, _tables, _decisions, _findings, _cost)
        return {name: Part(*part(self.one, self.other)) for name, part in zip(PARTS, made, strict=True)}

    def __getattr__(self, name: str) -> pandas.DataFrame:
        if name not in PARTS:
            raise AttributeError(name)
        return self._frame(self.parts[name])

    def _frame(self, part: Part) -> pandas.DataFrame:
        return view.frame(part.rows, self._named(part))

    def _named(self, part: Part) -> Row:
        """The part's columns, with the runs named."""
        names = {ONE: self.one.label, OTHER: self.other.label if self.other.label != self.one.label else f"{self.other.label} (2)"}  # fmt: skip
        return tuple(names.get(column, column) for column in part.columns)

    @property
    def facts(self) -> dict[str, Any]:
        """As plain values."""
        parts = {name: [dict(zip(part.columns, row, strict=True)) for row in part.rows] for name, part in self.parts.items()}  # fmt: skip
        return {ONE: str(self.one.folder), OTHER: str(self.other.folder), "notes": list(self.notes), **parts}

    @property
    def _head(self) -> list[str]:
        counts = [f"{part.differing} of {len(part.rows)} {name}" for name, part in self.parts.items() if part.rows]
        return [f"{self.one.label} beside {self.other.label}", *self.notes, f"Not the same: {', '.join(counts)}"]

    def shown(self, whole: bool = False) -> view.Shown:
        """The comparison as a person reads it; what is the same in both is counted, and listed only when ``whole``."""
        shown = view.box("note", self._head)
        for part in self.parts.values():
            if rows := [row for row in part.rows if whole or row[-1] != BOTH]:
                left = len(part.rows) - len(rows)
                said = f"{part.title}: {left} the same in both" if left else part.title
                listed = view.table(self._named(part), rows)
                shown = shown + view.Shown(f"<h3>{view.escape(said)}</h3>{listed.html}", f"{said}\n{listed.text}")
        return shown

    @property
    def lines(self) -> Iterator[str]:
        """As a person reads it on a terminal: what is not the same, item by item."""
        yield from self._head
        for part in self.parts.values():
            rows = [row for row in part.rows if row[-1] != BOTH]
            if not rows:
                continue
            yield ""
            yield part.title
            for *what, one, other, how in rows:
                yield f"  {' '.join(each for each in what if each)}" + ("" if how == DIFFERS else f": {how}")
                yield from (f"    {run.label}: {said}" for run, said in ((self.one, one), (self.other, other)) if said)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return self.shown()._repr_mimebundle_()


def compare(one: Run, other: Run) -> Compared:
    """``one`` and ``other`` side by side."""
    return Compared(one, other)


def chosen(one: str, other: str, outputs: Path | str = "outputs") -> Compared | view.Shown:
    """The two runs a person means side by side, see :func:`runs.find_run`; a sentence while there are not two.

    Args:
        one: a run; empty for the latest.
        other: another; empty for the one ``one`` is a fork of, else the one before it of the same brief, else before it at all.
        outputs: where runs are kept.

    Raises:
        OptionRefused: no such run.
        Damaged: one of them cannot be read.
    """
    every = list(runs(Path(outputs)))
    if not one and len(every) < 2:
        return view.box("note", [f"There are not two runs in {outputs} yet to compare."])
    first = find_run(one, Path(outputs)) if one else every[-1]
    if other:
        return Compared(first, find_run(other, Path(outputs)))
    others = [run for run in every if run.folder != first.folder]
    before = [run for run in others if run.folder.name <= first.folder.name] or others
    parents = [run for run in others if run.id == first.forked.get("run")]
    same = [run for run in before if run.slug == first.slug]
    if not others:
        raise OptionRefused(f"there is no other run in {outputs} to compare {first.label} with")
    return Compared((parents or same or before)[-1], first)


def _how(one: str, other: str) -> str:
    """How the two relate, by what each has; empty for what it does not have."""
    if one == other:
        return BOTH
    return DIFFERS if one and other else f"only in {'the first' if one else 'the second'}"


def _beside(one: Mapping[Row, str], other: Mapping[Row, str]) -> tuple[Row, ...]:
    """One row for each thing, with what each run says of it."""
    return tuple((*key, one.get(key, ""), other.get(key, ""), _how(one.get(key, ""), other.get(key, ""))) for key in dict.fromkeys((*one, *other)))  # fmt: skip


_Part = tuple[str, Row, tuple[Row, ...]]


def _options(one: Run, other: Run) -> _Part:
    return "Options", ("option", ONE, OTHER, "in"), _beside(_ordered(one), _ordered(other))


def _ordered(run: Run) -> dict[Row, str]:
    said: dict[Row, str] = {("brief",): run.title, ("recipe",): run.recipe.name, ("budget",): f"${run.budget:.2f}"}
    said |= {(name,): value for name, value in run.options.items()}
    for seat, role in run.roles.items():
        ways = [role.model, role.effort and f"effort {role.effort}", role.thinking and f"thinking {role.thinking}"]
        ways += [f"{role.web.searches} searches"] if role.web else []
        said[(f"model of {seat}",)] = ", ".join(way for way in ways if way)
    return said | {("fallback",): run.fallback or "none", ("looks up packages",): "yes" if run.lookup else "no"}


def _gates(one: Run, other: Run) -> _Part:
    def standing(run: Run) -> dict[Row, str]:
        gates = {step.name: step.own_gate for step in run.phases}
        return {(name,): f"open: {_decided(gate.decision)}" if gate.open else f"closed: {'; '.join(gate.why)}" for name, gate in gates.items()}  # fmt: skip

    return "Gates", ("phase", ONE, OTHER, "in"), _beside(standing(one), standing(other))


def _decided(decision: Any) -> str:
    return f"{decision.verdict} by {decision.who}" if decision else ""


def _documents(run: Run) -> Iterator[tuple[str, Document]]:
    """The documents of ``run``, each with its name as it is in any run of the recipe."""
    folder = f"{run.ground}/" if run.ground else ""
    for step in run.phases:
        for document in step.documents:
            yield document.name.removeprefix(folder), document


def _operations(one: Run, other: Run) -> _Part:
    def named(run: Run) -> dict[Row, tuple[str, str]]:
        found: dict[Row, tuple[str, str]] = {}
        for _, document in _documents(run):
            for each in openapi.operations(document):
                found.setdefault((each.method, words.path(each.base + each.path)), (each.path, _promised(each)))
        return found

    mine, theirs = named(one), named(other)
    shown: dict[Row, Row] = {key: (key[0], (mine.get(key) or theirs[key])[0]) for key in {**mine, **theirs}}
    rows = _beside(*({shown[key]: said for key, (_, said) in each.items()} for each in (mine, theirs)))
    return "Operations", ("method", "path", ONE, OTHER, "in"), rows


def _promised(each: openapi.Operation) -> str:
    """What an operation promises, in words."""
    parameters = ", ".join(sorted(f"{name} in {where}" for name, where in each.parameters if where != "path"))
    ways = [] if each.security is None else [" and ".join(sorted(way)) or "nothing" for way in each.security]
    said = {
        "id": each.id, "answers": ", ".join(sorted(each.statuses)), "takes": ", ".join(each.body), "with": parameters,
        "needs": " or ".join(ways), "scopes": ", ".join(sorted(each.scopes)),
    }  # fmt: skip
    return "; ".join(f"{name} {value}" for name, value in said.items() if value) or "named"


def _tables(one: Run, other: Run) -> _Part:
    mine, theirs = _columns(one), _columns(other)
    names = {key: name for each in (theirs, mine) for key, (name, _) in each.items()}
    rows = _beside(*({names[key]: said for key, (_, said) in each.items()} for each in (mine, theirs)))
    return "Tables and columns", ("table", "column", ONE, OTHER, "in"), tuple(sorted(rows))


def _columns(run: Run) -> dict[Row, tuple[Row, str]]:
    """Every table and column of the run's DDL by what makes two names one: its name, and what it is."""
    stack = [said for package in run.sheet.now.stack.values() for topic, said in package.items() if topic == "Database"]
    spoken = dialect(run.options.get("db", ""), *stack, run.brief.text)
    found: dict[Row, tuple[Row, str]] = {}
    for _, document in _documents(run):
        for table in sql.tables(document, spoken):
            entity = words.entity(table.name)
            keys = [f"{', '.join(key.columns)} → {key.table}" for key in table.foreign_keys]
            said = "; ".join([f"key {', '.join(table.primary_key)}" if table.primary_key else "no key", *sorted(keys)])
            found.setdefault((entity, ""), ((table.name, ""), said))
            for column in table.columns:
                values = f" of {', '.join(map(str, column.values))}" if column.values else ""
                kind = f"{column.type}{values}{'' if column.nullable else ', required'}"
                found.setdefault((entity, words.flat(column.name)), ((table.name, column.name), kind))
    return found


def _decisions(one: Run, other: Run) -> _Part:
    def key(run: Run) -> dict[Row, str]:
        return {(name,): d.key_decisions or "none given" for name, d in _documents(run)}

    rows = tuple((*what, _cut(mine), _cut(theirs), how) for *what, mine, theirs, how in _beside(key(one), key(other)))
    return "Key decisions", ("document", ONE, OTHER, "in"), rows


def _cut(text: str) -> str:
    return text if len(text) <= MOST_WORDS else f"{text[:MOST_WORDS]} …"


def _findings(one: Run, other: Run) -> _Part:
    def counted(run: Run) -> dict[Row, str]:
        found = Counter((each.document, each.severity) for step in run.phases if step.names for each in step.findings)
        return {(name,): _count(found[document.name, "error"], found[document.name, "warning"]) for name, document in _documents(run)}  # fmt: skip

    return "Findings", ("document", ONE, OTHER, "in"), _beside(counted(one), counted(other))


def _count(errors: int, warnings: int) -> str:
    return f"{errors} error{'' if errors == 1 else 's'}, {warnings} warning{'' if warnings == 1 else 's'}"


def _cost(one: Run, other: Run) -> _Part:
    def spent(run: Run) -> dict[Row, str]:
        known = costs.of(run)
        said: dict[Row, str] = {
            (line.seat,): _price(line.dollars, line.tokens) for line in known.lines if line.tokens or line.dollars
        }
        return said | {("together",): _price(known.total.dollars, sum(line.tokens for line in known.lines))}

    return "Cost", ("seat", ONE, OTHER, "in"), _beside(spent(one), spent(other))


def _price(dollars: float | None, tokens: int) -> str:
    return f"${dollars:.2f}, {tokens:,} tokens" if dollars is not None else f"{tokens:,} tokens, no price known"
