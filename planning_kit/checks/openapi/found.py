"""Everything wrong with an OpenAPI document, by rule, found in one pass: what runs in the process aside."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice

from ..places import Unreadable, read
from . import answers, paths, references, security, shape, values, words
from .said import Said
from .spec import Spec

MOST = 50
"""The most faults given of one rule."""
RULES: dict[str, tuple[Callable[[Spec], Iterable[Said]], ...]] = {
    "shape": (shape.shape, words.versions, words.together),
    "references": (references.references,),
    "values": (values.examples, values.defaults),
    "security": (security.security,),
    "parameters": (paths.parameters,),
    "names": (paths.names,),
    "apart": (paths.apart,),
    "answers": (answers.answers,),
    "bodies": (answers.bodies,),
    "words": (words.words, words.required),
}
"""Rule → what finds its faults."""
Fault = tuple[str, int, int, str, str, str]
"""Rule, line and column within the text, message, hint, severity."""


def faults(text: str, lang: str) -> list[Fault]:
    """What is wrong with ``text`` (``lang``: ``json``, or else YAML); if it does not parse, one fault of the rule ``parse``."""
    try:
        tree = read(text, lang)
    except Unreadable as error:
        return [("parse", error.line, error.column, error.message, error.hint, "error")]
    if not isinstance(tree.value, dict):
        return [("parse", 1, 1, "an OpenAPI document is an object with keys", "begin with openapi: 3.1.0", "error")]
    spec = Spec(tree)
    found: list[Fault] = []
    for rule, finders in RULES.items():
        said = islice((each for find in finders for each in find(spec)), MOST)
        found += [(rule, *tree.at(each.path), *each[1:]) for each in said]
    return found
