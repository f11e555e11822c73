"""The stack of the facts, one use of a technology at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

CONVENTIONS = ("Naming", "Layout", "Errors")
"""The topics that name no technology."""


@dataclass(frozen=True)
class Use:
    """One technology in use: the ``package`` it is used in, its ``topic``, its name with its ``version``, its ``evidence`` (``path:line``) or nothing."""

    package: str
    topic: str
    value: str
    version: str
    evidence: str


def uses(stack: Mapping[str, Mapping[str, str]]) -> Iterator[Use]:
    """Every technology in ``stack``: values are joined by '; ', each may end in its evidence in parentheses."""
    for package, topics in stack.items():
        for topic, text in topics.items():
            if topic in CONVENTIONS:
                continue
            for said in re.split(r";\s+", text):
                shown = re.search(r"\s*\(([^()]{1,400}:\d{1,7}[^()]{0,200})\)\s*$", said)
                value = (said[: shown.start()] if shown else said).strip()
                version = re.search(r"\d+(?:\.\d+)+|(?<=[ v>=~^])\d+\b", value)
                if value:
                    yield Use(
                        package, topic, value, version.group() if version else "", shown.group(1) if shown else ""
                    )
