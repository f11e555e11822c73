"""A text read as a plan of tasks, or as the sketch a plan is built of; what keeps it from being one is said by JSON path."""

from __future__ import annotations

import contextlib
import gc
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from pydantic import ValidationError

from ...tasks.built import VERDICT, build
from ...tasks.model import Architecture, TaskPlan
from ...tasks.sketch import Sketch
from ..strict_json import Json
from ..tree import MOST_DEEP, Path, Unreadable
from ..wrong import Wrong
from .faults import Fault, faults, json_path, shown
from .places import Places

_DEEP = (f"it is nested more than {MOST_DEEP} deep", 1, 0, "write it flatter")
LARGEST = 100_000_000
"""The longest text that is read, in characters."""
MOST_VALUES = 2_000_000
"""The most values of a text that is read, by its commas: each may be a fault of its own. A plan of 5,000 tasks has 250,000."""


@dataclass(frozen=True, eq=False)
class Reading:
    """What a text is.

    Attributes:
        text: the text.
        plan: the plan it is, if it is one.
        unreadable: why it is no JSON, if it is none.
        faults: what keeps the JSON from being a plan.
        value: the JSON that is no plan.
    """

    text: str
    plan: TaskPlan | None = None
    unreadable: Unreadable | None = None
    faults: tuple[Fault, ...] = ()
    value: Any = None

    @cached_property
    def _places(self) -> Places:
        return Places(self.text)

    @cached_property
    def orders(self) -> dict[int, int]:
        """Task number → its place in the plan, from 0; the first of two with one number."""
        found: dict[int, int] = {}
        for at, task in enumerate(self.plan.tasks if self.plan else ()):
            found.setdefault(task.task_order, at)
        return found

    def _label(self, at: int) -> str:
        """The task at ``at`` by number and name, as far as it has them."""
        if self.plan:
            task = self.plan.tasks[at]
            return f"task {task.task_order} {shown(task.task_name)}"
        held = self.value["tasks"][at] if isinstance(self.value, dict) else None
        said = [held.get("task_order"), held.get("task_name")] if isinstance(held, dict) else []
        if not any(isinstance(each, (int, str)) for each in said):
            return ""
        return " ".join(
            (
                "task",
                *(str(each) if isinstance(each, int) else shown(each) for each in said if isinstance(each, (int, str))),
            )
        )

    def wrong(self, path: Path, said: str, hint: str = "", severity: str = "error") -> Wrong:
        """What is wrong at ``path``, with its place, and the task it is about by number and name."""
        line, column = self._places.at(path)
        task = ""
        if path[:1] == ("tasks",) and len(path) > 1 and isinstance(path[1], int):
            task = f" ({label})" if (label := self._label(path[1])) else ""
        return Wrong(line, f"{json_path(path)}{task}: {said}", hint, column, "", severity)


@lru_cache(maxsize=4)
def read(text: str) -> Reading:
    """What ``text`` is."""
    with _uncollected():
        return _read(text)


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """Have no garbage looked for: of the values of a large plan none is garbage, and looking takes longer than reading it."""
    collected = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collected:
            gc.enable()


def _read(text: str) -> Reading:
    try:
        value = parsed(text)
    except Unreadable as why:
        return Reading(text, unreadable=why)
    if isinstance(value, dict) and "makers" in value and "tasks" not in value:
        return Reading(text, faults=tuple(_sketched(value)))
    try:
        plan = TaskPlan.model_validate(value)
    except ValidationError as error:
        return Reading(text, faults=tuple(dict.fromkeys(faults(error, TaskPlan))), value=value)
    free = [
        each
        for task in plan.tasks
        for each in (task.verdict_schema, task.inputs.model_extra)
        if each and each != VERDICT
    ]
    if _too_deep(free):
        return Reading(text, unreadable=Unreadable(*_DEEP))
    return Reading(text, plan)


def parsed(text: str) -> Any:
    """The one JSON value that ``text`` is (RFC 8259), each key once, all of it text that can be stored.

    Raises:
        Unreadable: it is none; says where, and what mends it.
    """
    if len(text) > LARGEST:
        raise Unreadable(f"it is longer than {LARGEST:,} characters", 1, hint="make two plans of it")
    if text.count(",") > MOST_VALUES:
        raise Unreadable(f"it holds more than {MOST_VALUES:,} values", 1, hint="make two plans of it")
    try:
        value = json.loads(text, object_pairs_hook=_once, parse_constant=_refuse, parse_float=_finite)
    except RecursionError:
        raise Unreadable(*_DEEP) from None
    except _Refused as why:
        raise _placed(text, why) from None
    except ValueError as error:
        raise _fault(text, error) from error
    if re.search(r"\\u[dD][89a-fA-F]", text) and not _storable(value):
        half = re.search(
            r"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2}",
            text,
        )
        line, column = _line(text, half.start() if half else 0)
        raise Unreadable(
            "half of a surrogate pair is no character", line, column, "leave it out, or write the whole pair"
        )
    return value


class _Refused(ValueError):
    """Something that Python takes for JSON and that is none."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise _Refused("a key is there twice")
    return made


def _refuse(name: str) -> Any:
    raise _Refused(f"{name} is not JSON")


def _finite(said: str) -> float:
    made = float(said)
    if made in (float("inf"), float("-inf")):
        raise _Refused(f"{said[:40]} is too large for a number")
    return made


def _fault(text: str, error: ValueError) -> Unreadable:
    """Why the parser refused ``text``, with what mends it; what reads it slowly knows that."""
    if not text.strip():
        return Unreadable("it is empty", 1, 1, "write one JSON object")
    if isinstance(error, json.JSONDecodeError) and not text.lstrip().startswith(("{", "[")):
        return Unreadable("it does not begin with '{'", 1, 1, "write one JSON object, and no words or fences around it")
    if not isinstance(error, json.JSONDecodeError) and "digits" in str(
        error
    ):  # more than Python turns into a number; its own words name a setting of Python
        long = re.search(r"\d{4300}", text)
        return Unreadable(
            "a number has too many digits", *_line(text, long.start() if long else 0), "write the number that is meant"
        )
    try:
        Json(text).tree()
    except Unreadable as why:
        if "after the end" in why.message:
            return Unreadable(why.message, why.line, why.column, "write one JSON object, and nothing behind it")
        if isinstance(error, json.JSONDecodeError) and (
            not text[error.pos :].strip() or error.msg.startswith("Unterminated")
        ):
            return Unreadable(
                f"it ends in the middle ({why.message})",
                why.line,
                why.column,
                "hand in the whole of it, up to the last bracket",
            )
        return _hinted(why)
    return Unreadable(" ".join(str(error).split())[:200], 1)


def _hinted(why: Unreadable) -> Unreadable:
    """``why`` with what mends it, where the parser only says what it met."""
    if why.hint:
        return why
    hint = "write texts and names in straight double quotes, numbers in digits, and nothing but spaces between them"
    if "control character" in why.message:
        return Unreadable("a control character stands in a text", why.line, why.column, "write \\n for a line's end, \\t for a tab, or leave it out")  # fmt: skip
    return Unreadable(why.message, why.line, why.column, hint)


def _placed(text: str, refused: _Refused) -> Unreadable:
    try:
        Json(text).tree()
    except Unreadable as why:
        if "values" not in why.message:  # it is about something else than its size
            return why
    found = re.search(rf"(?<![\w\"]){re.escape(str(refused).split()[0])}", text)
    return Unreadable(
        str(refused), *(_line(text, found.start()) if found else (1, 0)), "write the number that is meant"
    )


def _line(text: str, at: int) -> tuple[int, int]:
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def _storable(value: Any) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _too_deep(value: Any) -> bool:
    """Whether a value stands deeper than :data:`MOST_DEEP`; level by level, so that nothing here recurses."""
    level: list[Any] = [[value]]
    for _ in range(MOST_DEEP + 2):
        level = [
            each
            for above in level
            for each in (above.values() if isinstance(above, dict) else above)
            if isinstance(each, (dict, list))
        ]
        if not level:
            return False
    return True


def _sketched(value: dict[str, Any]) -> Iterator[Fault]:
    """What keeps an author's answer from becoming a plan, in the answer's own paths."""
    try:
        sketch = Sketch.model_validate(value)
    except ValidationError as error:
        yield from dict.fromkeys(faults(error, Sketch))
        return
    nothing = Architecture(summary=sketch.summary, endpoints=[], data_models=[], services=[], external_integrations=[])
    try:
        build(sketch, nothing, "-")
    except ValueError as why:
        yield _unbuilt(sketch, str(why))
        return
    yield Fault(
        ("makers",),
        "this is what a plan is made of, not a plan: critiques, order and dependencies are missing",
        "hand in the plan",
    )


def _unbuilt(sketch: Sketch, why: str) -> Fault:
    """What ``build`` refused, at the maker it is about."""
    known: set[str] = set()
    for at, maker in enumerate(sketch.makers):
        if maker.key in known:
            return Fault(("makers", at, "key"), why, "give it a key of its own")
        for number, each in enumerate(maker.after):
            if each not in known:
                before = ", ".join(sorted(known)) or "none: it is the first"
                return Fault(
                    ("makers", at, "after", number), why, f"name makers that stand before it; there is {before}"[:300]
                )
        known.add(maker.key)
    return Fault(("makers",), why)
