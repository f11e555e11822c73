"""A task plan as values: architecture, maker tasks, and behind each maker the critique that checks it."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Said = Annotated[str, StringConstraints(min_length=1, pattern=r"\S")]
"""Words: not empty, not only spaces."""
Order = Annotated[int, Field(ge=1)]
"""A task's number, from 1."""
Points = Annotated[int, Field(ge=1, le=10)]
"""How hard a task is, from 1 to 10."""
Seconds = Annotated[int, Field(ge=60, le=604_800)]
"""A time limit: a minute to a week."""
CRITIQUE = "backend-critique"
"""The skill that critiques what another one made, as the built plans name it."""


def loaded(text: str) -> Any:
    """``text`` as JSON.

    Raises:
        ValueError: it is none, or is nested deeper than can be read.
    """
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deep to be read") from None


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, use_attribute_docstrings=True)


class Endpoint(_Data):
    """An operation of the API: who may call it is ``required`` (sign-in) or ``public``."""

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE"]
    """The HTTP method, in capitals."""
    path: Annotated[str, StringConstraints(pattern=r"^/")]
    """The path template: ``/orders/{order_id}``."""
    purpose: Said
    """What it is for."""
    auth: Literal["required", "public"]
    """Who may call it: ``required`` with sign-in, ``public`` without."""

    @property
    def name(self) -> str:
        """Method and path: ``POST /orders``."""
        return f"{self.method} {self.path}"


class DataModel(_Data):
    """Something that is kept: its ``table`` and the fields that matter."""

    name: Said
    """Its name in the code."""
    purpose: Said
    """What it stands for."""
    table: Said
    """The table (or collection) it is kept in."""
    key_fields: list[Said]
    """The fields that matter."""


class Architecture(_Data):
    """What the tasks build."""

    summary: Said
    """The solution in a sentence or two."""
    endpoints: list[Endpoint]
    """The operations."""
    data_models: list[DataModel]
    """What is kept."""
    services: list[Said]
    """Each as ``Name - purpose``."""
    external_integrations: list[Said]
    """What is used that somebody else runs."""


class Criteria(_Data):
    """What is checked about a task's work: what has to hold, what is expected, what would be nice."""

    critical: Annotated[list[Said], Field(min_length=1)]
    """What has to hold."""
    expected: list[Said]
    """What should hold."""
    nice_to_have: list[Said]
    """What may be left."""


class Preceding(_Data):
    """The task a critique is about, as that task describes itself."""

    task_order: Order
    """Its number."""
    skill_id: Said
    """The skill that did it."""
    task_name: Said
    """Its name, word for word."""
    description: Said
    """Its description, word for word."""


class Inputs(BaseModel):
    """What a task is given. A maker has ``requirements`` and files; a critique what it is about. Skills may have inputs of their own beside these."""

    model_config = ConfigDict(extra="allow", frozen=True, strict=True, use_attribute_docstrings=True)

    requirements: Said | None = None
    """A maker's: what has to be done."""
    files_to_create: list[Said] | None = None
    """A maker's: files that do not exist yet, from the root of the codebase, with ``/``."""
    files_to_modify: list[Said] | None = None
    """A maker's: files that exist, or that an earlier task creates."""
    files_to_test: list[Said] | None = None
    """A maker's: files whose behaviour it tests."""
    test_types: list[Said] | None = None
    """A maker's: sorts of tests, ``unit``, ``integration``."""
    patterns_to_follow: Said | None = None
    """A maker's: existing code to do it like, as ``path:line``."""
    original_prompt: Said | None = None
    """A critique's: what the user asked for, the same in every critique."""
    preceding_task: Preceding | None = None
    """A critique's: the task it is about. A task that has it is a critique."""
    validation_criteria: Criteria | None = None
    """A critique's: the criteria of the task it is about, word for word."""
    look_for: list[Said] | None = None
    """A critique's: where work like this usually goes wrong."""

    @property
    def files(self) -> tuple[str, ...]:
        """Every file it names: to create, to modify, to test."""
        return tuple(each for listed in (self.files_to_create, self.files_to_modify, self.files_to_test) for each in listed or ())  # fmt: skip

    @property
    def touched(self) -> tuple[str, ...]:
        """The files it writes: those it creates and those it modifies."""
        return (*(self.files_to_create or ()), *(self.files_to_modify or ()))


class Delivers(_Data):
    """What a maker delivers of the plan before it, by name: requirements (``FR-EVE-01``, ``P12``), operations (``POST /orders``), tables, threat mitigations, service levels."""

    requirements: list[Said] = []
    """Ids of requirements or passages."""
    operations: list[Said] = []
    """Method and path of endpoints."""
    tables: list[Said] = []
    """Names of tables."""
    mitigations: list[Said] = []
    """What is done against threats."""
    service_levels: list[Said] = []
    """Indicators with their objectives."""


class Complexity(_Data):
    """How hard a task is, and why."""

    score: Points
    """From 1, a change in one place, to 10, several hard problems at once."""
    reason: Said
    """Why."""


class Task(_Data):
    """One task. A critique has ``inputs.preceding_task``; every other task is a maker."""

    task_name: Said
    """Its name, its own in the plan."""
    description: Said
    """What it makes, or what it reviews."""
    skill_id: Said
    """The skill that does it."""
    task_order: Order
    """Its place in the plan, from 1."""
    dependencies: list[Order]
    """The numbers of earlier tasks it waits for."""
    inputs: Inputs
    """What it is given."""
    validation_criteria: Criteria
    """What its work is checked against."""
    timeout_seconds: Seconds
    """How long it may take, in seconds."""
    delivers: Delivers | None = None
    """What of the design it delivers; a maker's."""
    complexity: Complexity | None = None
    """How hard it is; a maker's."""
    critiques_tasks: list[Order] | None = None
    """The numbers of the tasks it judges; a critique's."""
    verdict_schema: dict[str, Any] | None = None
    """The JSON Schema of the verdict it has to return; a critique's."""

    @property
    def critique(self) -> bool:
        """Whether it checks another task's work."""
        return self.inputs.preceding_task is not None

    @property
    def label(self) -> str:
        """Number and name: ``3 'Build orders'``."""
        return f"{self.task_order} '{self.task_name}'"


class Path(_Data):
    """The tasks on the longest way through the plan, and how long it is: in seconds, or in points of complexity."""

    tasks: list[Order]
    """Their numbers, first task first."""
    total: Annotated[int, Field(ge=0)]
    """Seconds, or points of complexity."""


class CriticalPath(_Data):
    """The longest way through the plan by time limits, and by complexity."""

    by_timeout: Path
    """By time limits, in seconds."""
    by_complexity: Path
    """By complexity, in points."""


class TaskPlan(_Data):
    """A plan of tasks.

    ``waves`` are the tasks that may be done side by side, wave after wave; ``critical_path`` says what the whole cannot be faster than.
    Both follow from the tasks, and a plan from elsewhere may leave them out.
    """

    status: Literal["planned"]
    """Always ``planned``."""
    category: Literal["backend"]
    """Always ``backend``."""
    architecture: Architecture
    """What the tasks build."""
    tasks: Annotated[list[Task], Field(min_length=1)]
    """Makers, each with its critique right behind it."""
    waves: list[list[Order]] | None = None
    """Numbers of tasks that may be done side by side, wave after wave."""
    critical_path: CriticalPath | None = None
    """The longest ways through the plan."""

    @classmethod
    def read(cls, text: str) -> TaskPlan:
        """The plan that ``text`` is, as JSON.

        Raises:
            ValueError: it is no JSON (``json.JSONDecodeError``), or no plan (``pydantic.ValidationError``, a ``loc`` for each fault).
        """
        return cls.model_validate(loaded(text))

    @property
    def text(self) -> str:
        """The plan as JSON: what was not said stays away, so that a plan read from such a text gives the same text again."""
        return self.model_dump_json(exclude_unset=True, indent=2) + "\n"

    @property
    def makers(self) -> tuple[Task, ...]:
        """The tasks that make something, in order."""
        return tuple(task for task in self.tasks if not task.critique)
