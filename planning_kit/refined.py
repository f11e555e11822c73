"""What an analyst answers: the parts of the facts it may write, as a JSON Schema and as facts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from .facts import LETTERS, Domain, Facts, PassageId, Said, Topic

REFINED = ("domains", "topics", "questions")
"""The parts of the facts an analyst may write; nobody but a person answers its questions."""


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Put(_Data):
    """A question to the people who know; its options are called a, b, c, d in their order."""

    id: Literal["Q1", "Q2", "Q3", "Q4", "Q5"]
    asks: Said
    passages: tuple[PassageId, ...]
    options: tuple[Said, ...]
    recommended: Literal["a", "b", "c", "d"]
    because: Said
    changes: Said


class Refined(_Data):
    """Domains, topics and questions; nothing else of the facts is an analyst's."""

    domains: tuple[Domain, ...]
    topics: tuple[Topic, ...]
    questions: tuple[Put, ...]


SCHEMA = json.dumps(Refined.model_json_schema(), sort_keys=True, separators=(",", ":"))
"""The JSON Schema an analyst's answer fits."""


def parts(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of the facts in ``answer``, in the form the facts have them; what does not fit is left for their own validation."""
    fresh = {name: answer[name] for name in REFINED if name in answer}
    if isinstance(questions := fresh.get("questions"), list):
        fresh["questions"] = [_by_letter(question) for question in questions]
    return fresh


def _by_letter(question: Any) -> Any:
    options = question.get("options") if isinstance(question, Mapping) else None
    if not isinstance(options, list):
        return question
    letters = (*LETTERS, *(f"option {number}" for number in range(len(LETTERS) + 1, len(options) + 1)))
    return {**question, "options": dict(zip(letters, options, strict=False))}


def written(known: Facts) -> str:
    """What an analyst may write of ``known``, as an answer has it."""
    said = known.model_dump(mode="json", include=set(REFINED))
    fields = tuple(Put.model_fields)
    said["questions"] = [
        {name: list(each[name].values()) if name == "options" else each[name] for name in fields}
        for each in said["questions"]
    ]
    return json.dumps(said, ensure_ascii=False, indent=1)
