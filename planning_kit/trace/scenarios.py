"""The scenarios of a Gherkin text, by the keywords of its language (cucumber.io/docs/gherkin/reference)."""

from __future__ import annotations

import re
from functools import cache

from .. import ids

_LANGUAGE = re.compile(r"\s*#\s*language\s*:\s*([\w-]{2,20})")
_QUOTES = ('"""', "```")


def scenarios(text: str) -> list[tuple[str, int, tuple[str, ...]]]:
    """Each scenario and outline of ``text``: its name, its line from 1, the ids its tags, its name and its steps give.

    A line begins a scenario as Cucumber's own scanner tells it: by a keyword and a colon, outside a text between quotation
    marks. A text that is no whole feature has scenarios all the same.
    """
    said = _LANGUAGE.match(text)
    words = _keywords(said[1] if said else "en") or _keywords("en")
    found: list[tuple[str, int, list[str]]] = []
    tags: list[str] = []
    quote = ""
    for number, line in enumerate(text.split("\n"), start=1):
        bare = line.strip()
        if opened := next((mark for mark in _QUOTES if bare.startswith(mark)), ""):
            quote = "" if quote == opened else quote or opened
        elif not quote and bare.startswith("@"):
            tags.append(bare)
        elif not quote and (word := next((each for each in words if bare.startswith(f"{each}:")), "")):
            found.append((bare[len(word) + 1 :].strip(), number, [*tags, bare]))
            tags = []
        elif found:
            found[-1][2].append(bare)
    return [(name, line, ids.cited("\n".join(lines))) for name, line, lines in found]


@cache
def _keywords(language: str) -> tuple[str, ...]:
    """What begins a scenario in ``language``, the longest word first; nothing if there is no such language."""
    from gherkin.dialect import Dialect

    dialect = Dialect.for_name(language)
    words = (*dialect.scenario_keywords, *dialect.scenario_outline_keywords) if dialect else ()
    return tuple(sorted(set(words), key=len, reverse=True))
