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


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Endpoint(_Data):
    """An operation of the API: who may call it is ``required`` (sign-in) or ``public``."""

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE"]
    path: Annotated[str, StringConstraints(pattern=r"^/")]
    purpose: Said
    auth: Literal["required", "public"]

    @property
    def name(self) -> str:
        """Method and path: ``POST /orders``."""
        return f"{self.method} {self.path}"


class DataModel(_Data):
    """Something that is kept: its ``table`` and the fields that matter."""

    name: Said
    purpose: Said
    table: Said
    key_fields: list[Said]


class Architecture(_Data):
    """What the tasks build."""

    summary: Said
    endpoints: list[Endpoint]
    data_models: list[DataModel]
    services: list[Said]
    external_integrations: list[Said]


class Criteria(_Data):
    """What is checked about a task's work: what has to hold, what is expected, what would be nice."""

    critical: Annotated[list[Said], Field(min_length=1)]
    expected: list[Said]
    nice_to_have: list[Said]


class Preceding(_Data):
    """The task a critique is about, as that task describes itself."""

    task_order: Order
    skill_id: Said
    task_name: Said
    description: Said


class Inputs(BaseModel):
    """What a task is given. A maker has ``requirements`` and files; a critique what it is about. Skills may have inputs of their own beside these."""

    model_config = ConfigDict(extra="allow", frozen=True, strict=True)

    requirements: Said | None = None
    files_to_create: list[Said] | None = None
    files_to_modify: list[Said] | None = None
    files_to_test: list[Said] | None = None
    test_types: list[Said] | None = None
    patterns_to_follow: Said | None = None
    original_prompt: Said | None = None
    preceding_task: Preceding | None = None
    validation_criteria: Criteria | None = None
    look_for: list[Said] | None = None

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
    operations: list[Said] = []
    tables: list[Said] = []
    mitigations: list[Said] = []
    service_levels: list[Said] = []


class Complexity(_Data):
    """How hard a task is, and why."""

    score: Points
    reason: Said


class Task(_Data):
    """One task. A critique has ``inputs.preceding_task``; every other task is a maker."""

    task_name: Said
    description: Said
    skill_id: Said
    task_order: Order
    dependencies: list[Order]
    inputs: Inputs
    validation_criteria: Criteria
    timeout_seconds: Seconds
    delivers: Delivers | None = None
    complexity: Complexity | None = None
    critiques_tasks: list[Order] | None = None
    verdict_schema: dict[str, Any] | None = None

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
    total: Annotated[int, Field(ge=0)]


class CriticalPath(_Data):
    """The longest way through the plan by time limits, and by complexity."""

    by_timeout: Path
    by_complexity: Path


class TaskPlan(_Data):
    """A plan of tasks.

    ``waves`` are the tasks that may be done side by side, wave after wave; ``critical_path`` says what the whole cannot be faster than.
    Both follow from the tasks, and a plan from elsewhere may leave them out.
    """

    status: Literal["planned"]
    category: Literal["backend"]
    architecture: Architecture
    tasks: Annotated[list[Task], Field(min_length=1)]
    waves: list[list[Order]] | None = None
    critical_path: CriticalPath | None = None

    @classmethod
    def read(cls, text: str) -> TaskPlan:
        """The plan that ``text`` is, as JSON.

        Raises:
            ValueError: it is no JSON (``json.JSONDecodeError``), or no plan (``pydantic.ValidationError``, a ``loc`` for each fault).
        """
        return cls.model_validate(json.loads(text))

    @property
    def text(self) -> str:
        """The plan as JSON: what was not said stays away, so that a plan read from such a text gives the same text again."""
        return json.dumps(self.model_dump(mode="json", exclude_unset=True), ensure_ascii=False, indent=2) + "\n"

    @property
    def makers(self) -> tuple[Task, ...]:
        """The tasks that make something, in order."""
        return tuple(task for task in self.tasks if not task.critique)
