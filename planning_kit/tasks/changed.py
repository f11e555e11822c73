"""What an architect changes in a task plan: a maker split, two merged, one moved or dropped; the rest is built anew from the makers."""

from __future__ import annotations

import heapq
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ..errors import OptionRefused
from .built import critique, finished
from .model import Architecture, Inputs, Task, TaskPlan
from .pairs import KINDS, Pairs
from .parted import Part, joined, parted

__all__ = ["Part", "drop", "lost", "merge", "move", "split"]


@dataclass(frozen=True)
class _Piece:
    """A maker on its way into another plan.

    Attributes:
        key: what the others call it: its number in the plan before, less than 0 for a new one.
        maker: as it will be, but for its number and what it needs.
        was: as it was, with its critique; nothing for a new one.
        look_for: what its critic looks for.
        needs: the keys of the makers it needs, and ``also`` of those that only its critique waits for.
    """

    key: int
    maker: Task
    was: tuple[Task, Task] | None
    look_for: tuple[str, ...]
    needs: frozenset[int]
    also: frozenset[int] = frozenset()


def split(plan: TaskPlan, order: int, parts: Sequence[Part], side_by_side: bool = False) -> TaskPlan:
    """``plan`` with ``parts`` taken out of the maker ``order``, each a maker of its own behind it; what no part takes stays where it is.

    A criterion that no part takes holds for all of them. Time limit and complexity are shared out by how much each takes. Who needed
    the task needs its last part, or all of them where they stand side by side.

    Args:
        plan: the plan.
        order: the maker's number.
        parts: what becomes a task of its own.
        side_by_side: whether the parts can be done at the same time; else each needs the one before it.

    Raises:
        OptionRefused: there is no such maker, or the parts do not fit it; says which and why.
    """
    pieces = _pieces(plan)
    at, piece = _place(plan, pieces, order)
    made = parted(piece.maker, parts, side_by_side)
    fresh = [replace(piece, maker=made[0])]
    for number, maker in enumerate(made[1:], start=1):
        before = piece.needs if side_by_side else frozenset({fresh[-1].key})
        fresh.append(_Piece(-number, maker, None, piece.look_for, before))
    last = frozenset(each.key for each in fresh) if side_by_side else frozenset({fresh[-1].key})
    others = [_instead(each, piece.key, last) for each in pieces]
    return _rebuilt(plan, [*others[:at], *fresh, *others[at + 1 :]])


def merge(plan: TaskPlan, first: int, second: int, name: str = "") -> TaskPlan:
    """``plan`` with the maker ``second`` taken into ``first``: files, deliveries, criteria and time limits of both.

    It stands where ``first`` stood, or behind what it needs by now.

    Args:
        plan: the plan.
        first: the number of the maker that stays; its skill is kept.
        second: the number of the maker that goes into it.
        name: what it is called; by default both names.

    Raises:
        OptionRefused: there is no such maker, both are one, or a third stands between them.
    """
    if first == second:
        raise OptionRefused(f"merge two different tasks, not {first} with itself")
    pieces = _pieces(plan)
    (_, one), (_, other) = _place(plan, pieces, first), _place(plan, pieces, second)
    whole = _Piece(
        one.key, joined(one.maker, other.maker, name), None, tuple(dict.fromkeys((*one.look_for, *other.look_for))),
        (one.needs | other.needs) - {first, second}, (one.also | other.also) - {first, second},
    )  # fmt: skip
    rest = [_instead(each, second, frozenset({first})) for each in pieces if each.key != second]
    together = [whole if each.key == first else each for each in rest]
    prompt = [each.inputs.original_prompt for each in plan.tasks if each.inputs.preceding_task and each.inputs.preceding_task.task_order == first]  # fmt: skip
    return _rebuilt(plan, _sorted(together, first, second), {first: prompt[0] or ""} if prompt else None)


def move(plan: TaskPlan, order: int, before: int) -> TaskPlan:
    """``plan`` with the maker ``order`` in front of the maker ``before``; 0 is behind all of them.

    Raises:
        OptionRefused: there is no such maker, it would stand before what it needs, or behind what needs it.
    """
    pieces = _pieces(plan)
    _, piece = _place(plan, pieces, order)
    rest = [each for each in pieces if each.key != order]
    if before == order:
        return plan
    at = len(rest)
    if before:
        _place(plan, pieces, before)
        at = next(at for at, each in enumerate(rest) if each.key == before)
    behind = {each.key: each for each in rest[at:]}
    if needed := [each for each in rest if each.key in piece.needs | piece.also and each.key in behind]:
        raise OptionRefused(f"task {piece.maker.label} needs {needed[0].maker.label}; it cannot stand before it")
    if needing := [each for each in rest[:at] if order in each.needs | each.also]:
        raise OptionRefused(f"task {needing[0].maker.label} needs {piece.maker.label}; it cannot stand before it")
    moved = [*rest[:at], piece, *rest[at:]]
    return plan if [each.key for each in moved] == [each.key for each in pieces] else _rebuilt(plan, moved)


def drop(plan: TaskPlan, order: int) -> TaskPlan:
    """``plan`` without the maker ``order`` and its critique; who needed it needs what it needed. :func:`lost` says what is not delivered any more.

    Raises:
        OptionRefused: there is no such maker, or it is the only one.
    """
    pieces = _pieces(plan)
    _, piece = _place(plan, pieces, order)
    if len(pieces) == 1:
        raise OptionRefused(f"task {piece.maker.label} is the only one; a plan without a task is no plan")
    return _rebuilt(plan, [_instead(each, order, piece.needs) for each in pieces if each.key != order])


def lost(before: TaskPlan, after: TaskPlan) -> dict[str, tuple[str, ...]]:
    """What ``before`` delivers and ``after`` does not, by kind; only the kinds of which something is lost."""
    had, has = _delivered(before), _delivered(after)
    gone = {kind: tuple(each for each in names if each not in has[kind]) for kind, names in had.items()}
    return {kind: names for kind, names in gone.items() if names}


def _delivered(plan: TaskPlan) -> dict[str, dict[str, None]]:
    found: dict[str, dict[str, None]] = {kind: {} for kind in KINDS}
    for pair in Pairs(plan):
        for kind, names in pair.delivers.items():
            found[kind] |= dict.fromkeys(names)
    return found


def _pieces(plan: TaskPlan) -> list[_Piece]:
    """The makers of ``plan``.

    Raises:
        OptionRefused: it is no plan of pairs, so that nothing can be built anew of it.
    """
    orders = [task.task_order for task in plan.tasks]
    if len(set(orders)) < len(orders):
        raise OptionRefused(f"two tasks have the number {next(each for each in orders if orders.count(each) > 1)}; {_MEND}")  # fmt: skip
    about = [(task, task.inputs.preceding_task.task_order) for task in plan.tasks if task.inputs.preceding_task]
    makers = {task.task_order for task in plan.makers}
    seen: set[int] = set()
    for task, order in about:
        if order not in makers or order in seen:
            raise OptionRefused(f"task {task.label} checks {order}, which {'has a critique already' if order in seen else 'is no maker'}; {_MEND}")  # fmt: skip
        seen.add(order)
    owner = {order: order for order in makers} | {task.task_order: order for task, order in about}
    found = []
    for pair in Pairs(plan):
        critic = pair.critique
        also = {owner[each] for each in (critic.dependencies if critic else ()) if each in owner} - {pair.order}
        was = (pair.maker, critic) if critic else None
        look_for = tuple(critic.inputs.look_for or ()) if critic else ()
        found.append(_Piece(pair.order, pair.maker, was, look_for, frozenset(pair.needs), frozenset(also)))
    return found


_MEND = "mend the plan first: planning-kit check says what is wrong with it"


def _place(plan: TaskPlan, pieces: Sequence[_Piece], order: int) -> tuple[int, _Piece]:
    """The maker ``order`` and where it stands."""
    for at, piece in enumerate(pieces):
        if piece.key == order:
            return at, piece
    for task in plan.tasks:
        if task.task_order == order and task.inputs.preceding_task:
            raise OptionRefused(f"task {order} is a critique and follows from its maker; change task {task.inputs.preceding_task.task_order}")  # fmt: skip
    raise OptionRefused(f"there is no task {order}; the makers are {', '.join(str(each.key) for each in pieces[:12])}{' …' if len(pieces) > 12 else ''}")  # fmt: skip


def _instead(piece: _Piece, of: int, those: frozenset[int]) -> _Piece:
    """``piece``, which needs ``those`` where it needed ``of``."""
    needs, also = ((each - {of}) | those if of in each else each for each in (piece.needs, piece.also))
    return piece if (needs, also) == (piece.needs, piece.also) else replace(piece, needs=needs, also=also)


def _sorted(pieces: Sequence[_Piece], first: int, second: int) -> list[_Piece]:
    """``pieces``, each behind what it needs, otherwise as they stand.

    Raises:
        OptionRefused: what was merged needs what needs it.
    """
    place = {piece.key: at for at, piece in enumerate(pieces)}
    left = {piece.key: {each for each in piece.needs | piece.also if each in place} for piece in pieces}
    needing: dict[int, list[int]] = {}
    for key, needs in left.items():
        for each in needs:
            needing.setdefault(each, []).append(key)
    ready = [place[key] for key, needs in left.items() if not needs]
    heapq.heapify(ready)
    found = []
    while ready:
        piece = pieces[heapq.heappop(ready)]
        found.append(piece)
        for key in needing.get(piece.key, ()):
            left[key].discard(piece.key)
            if not left[key]:
                heapq.heappush(ready, place[key])
    if len(found) < len(pieces):
        between = pieces[min(place[each] for each in left[first])]
        raise OptionRefused(f"task {between.maker.label} stands between {first} and {second}: it needs one of them and the other needs it; merge it too, or drop it")  # fmt: skip
    return found


def _rebuilt(plan: TaskPlan, pieces: Sequence[_Piece], prompts: Mapping[int, str] | None = None) -> TaskPlan:
    """The plan of ``pieces`` in this order: numbers, critiques, dependencies, waves and paths follow from it."""
    number = {piece.key: 2 * at + 1 for at, piece in enumerate(pieces)}
    asked = next((task.inputs.original_prompt for task in plan.tasks if task.inputs.original_prompt), plan.architecture.summary)  # fmt: skip
    tasks: list[Task] = []
    for piece in pieces:
        order = number[piece.key]
        needs = sorted(number[each] + 1 for each in piece.needs if each in number)
        if needs and needs[-1] > order:
            late = next(each for each in pieces if number[each.key] + 1 == needs[-1])
            raise OptionRefused(f"task {piece.maker.label} needs {late.maker.label}, which stands behind it; {_MEND}")
        also = sorted(number[each] + 1 for each in piece.also if each in number)
        if piece.was and _stays(piece, order, needs, also):
            tasks += piece.was
            continue
        maker = piece.maker.model_copy(update={"task_order": order, "dependencies": needs})
        prompt = (prompts or {}).get(piece.key) or (piece.was[1].inputs.original_prompt if piece.was else None) or asked
        made = critique(maker, piece.look_for, prompt)
        tasks += [maker, _as_it_was(made, piece, prompt, also) if piece.was else made]
    return finished(_counted(plan, len(pieces)), tasks)


def _counted(plan: TaskPlan, many: int) -> Architecture:
    """The architecture of ``plan``; a summary that says 'in 18 tasks' of its makers says how ``many`` there are now."""
    said = plan.architecture.summary
    now = re.sub(rf"\bin {len(plan.makers)} tasks?\b", f"in {many} task{'' if many == 1 else 's'}", said, count=1)
    return plan.architecture if now == said else plan.architecture.model_copy(update={"summary": now})


def _stays(piece: _Piece, order: int, needs: Sequence[int], also: Sequence[int]) -> bool:
    """Whether maker and critique are where they were, as they were, so that nothing has to be built."""
    assert piece.was is not None
    maker, critic = piece.was
    same = piece.maker is maker and (order, list(needs)) == (maker.task_order, maker.dependencies)
    return same and critic.task_order == order + 1 and sorted([order, *also]) == sorted(critic.dependencies)


def _as_it_was(made: Task, piece: _Piece, prompt: str, also: Sequence[int]) -> Task:
    """The critique ``made`` of a maker, with what a person or another planner wrote into the one before."""
    assert piece.was is not None
    maker, old = piece.was
    built = critique(maker, piece.look_for, prompt)
    kept = {
        name: getattr(made if getattr(old, name) == getattr(built, name) else old, name)
        for name in old.model_fields_set - {"task_order", "dependencies", "inputs", "critiques_tasks"}
    }
    inputs = old.inputs.model_copy(update=_anew(made.inputs, old.inputs))
    kept |= {"task_order": made.task_order, "dependencies": sorted({*made.dependencies, *also}), "inputs": inputs}
    if "critiques_tasks" in old.model_fields_set:
        kept["critiques_tasks"] = made.critiques_tasks
    return old.model_copy(update=kept)


def _anew(made: Inputs, old: Inputs) -> dict[str, object]:
    """What of a critique's inputs follows from its maker."""
    return {name: getattr(made, name) for name in ("preceding_task", "validation_criteria") if name in old.model_fields_set}  # fmt: skip
