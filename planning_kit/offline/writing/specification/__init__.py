"""The five documents of one domain, written by rule: each rests on the ones before it as they stand now."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from ..answers import Answer
from ..draft import Draft
from . import api_spec, requirements, sequences, stories, use_cases
from .ground import Ground

WRITERS: dict[str, Callable[[Ground], Draft]] = {
    "requirements-analyst": requirements.write,
    "story-writer": stories.write,
    "api-specifier": api_spec.write,
    "use-case-analyst": use_cases.write,
    "sequence-designer": sequences.write,
}
"""Who writes for which seat."""


def answered(draft: Draft, answers: Sequence[Answer]) -> tuple[Answer, ...]:
    """``answers`` with what ``draft`` did about each remark: the ids that rest on it, and what it changed in the reading that is shown here."""
    text = "\n".join(draft.parts)
    found = []
    for answer in answers:
        rows = [line for line in text.split("\n") if f"[{answer.name}]" in line]
        own = list(
            dict.fromkeys(
                name for row in rows for name in re.findall(r"\b[A-Z]{2,3}-[A-Z0-9]{2,6}-\d{2,4}\b", row[:80])
            )
        )
        shown = [each for each in answer.changes if any(name in text for name in re.findall(r"`([^`]+)`", each))]
        said = [f"written into {', '.join(own)}"] if own else []
        found.append(replace(answer, changes=(*said, *shown)))
    return tuple(found)
