"""What is left to be found out of a recipe's options: the user's own platform, read off the codebase, else off the brief."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .unrolled import AUTO

_PLATFORMS: Mapping[str, tuple[str, str, tuple[tuple[str, str], ...]]] = {
    "stack": ("Language|Framework", "none", (("python", r"\bpython\b|\bfastapi\b|\bdjango\b|\bflask\b"), ("csharp", r"c#|\.net\b|\basp\.net\b"))),
    "ci": ("CI", "azure", (("azure", r"azure (?:pipelines|devops)"), ("github", r"github actions"), ("gitlab", r"gitlab[ -]ci"))),
    "observability": (
        "Observability", "azure",
        (("azure", r"application insights|azure monitor|log analytics|\bkql\b"), ("opentelemetry", r"opentelemetry|\botel\b|prometheus|grafana|jaeger")),
    ),
}  # fmt: skip
"""Option → where the stack says it, what holds when nothing does, and by which words each value is known."""


def fitting(options: Mapping[str, str], stack: Mapping[str, Mapping[str, str]], brief: str) -> dict[str, str]:
    """``options`` with each ``auto`` that names a platform settled: what the codebase uses, else what the brief names, else the usual.

    Args:
        options: the recipe's, as they were said.
        stack: package path → topic → what is used, with its evidence.
        brief: the brief's text.
    """
    return {
        key: _found(key, stack, brief) if value == AUTO and key in _PLATFORMS else value
        for key, value in options.items()
    }


def _found(key: str, stack: Mapping[str, Mapping[str, str]], brief: str) -> str:
    topics, usual, marks = _PLATFORMS[key]
    said = "\n".join(text for package in stack.values() for topic, text in package.items() if re.search(topics, topic))
    return _named(said, marks) or _named(brief, marks) or usual


def _named(text: str, marks: tuple[tuple[str, str], ...]) -> str:
    """The value whose words come first in ``text``; empty if none do."""
    places = {value: found.start() for value, words in marks if (found := re.search(words, text, re.IGNORECASE))}
    return min(places, key=lambda value: places[value], default="")
