"""What an author of a task plan answers: the makers, and what each critic should look for; everything else of the plan is built."""

from __future__ import annotations

import json
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from .model import Complexity, Criteria, Delivers, Said, Seconds, loaded


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Maker(_Data):
    """A task that makes something.

    Attributes:
        key: what other makers call it in ``after``: lower-case words with hyphens, its own in the plan.
        after: the keys of the makers whose work, once their critics have passed it, this one needs; each stands before it.
        look_for: what its critic should look for, beyond the criteria.
    """

    key: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    task_name: Said
    description: Said
    skill_id: Said
    after: list[str]
    requirements: Said
    files_to_create: list[Said]
    files_to_modify: list[Said]
    files_to_test: list[Said]
    test_types: list[Said]
    patterns_to_follow: str
    validation_criteria: Criteria
    timeout_seconds: Seconds
    delivers: Delivers
    complexity: Complexity
    look_for: Annotated[list[Said], Field(min_length=1)]


class Sketch(_Data):
    """The author's part of a plan: ``services`` as ``Name - purpose``; endpoints and data models are taken from the documents."""

    summary: Said
    services: list[Said]
    external_integrations: list[Said]
    makers: Annotated[list[Maker], Field(min_length=1)]

    @classmethod
    def read(cls, text: str) -> Sketch:
        """The sketch that ``text`` is, as JSON.

        Raises:
            ValueError: it is no JSON (``json.JSONDecodeError``), or no sketch (``pydantic.ValidationError``).
        """
        return cls.model_validate(loaded(text))

    @property
    def text(self) -> str:
        """The sketch as JSON."""
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=False, indent=1)


SCHEMA = json.dumps(Sketch.model_json_schema(), sort_keys=True, separators=(",", ":"))
"""The JSON Schema an author's answer fits."""
