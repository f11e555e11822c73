"""A recipe's file: what it says of itself fits together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from . import frontmatter
from .errors import CatalogRefused, nearest
from .frontmatter import Page
from .recipe import NAME, Phase, Recipe, terms

_FOLDER = re.compile(r"[\w.-]+(/[\w.-]+)*")
_PLACED = ("seat", "slug", "time", "domain")


def read(page: Page, name: str) -> Recipe:
    """The recipe called ``name``, as ``page`` says it.

    Raises:
        CatalogRefused: with file, line, field and the nearest right name.
    """
    recipe = frontmatter.fitted(Recipe, page, {**page.fields, "name": name, "about": page.body})
    for path, said in (*_documents(recipe), *_phases(recipe), *_places(recipe)):
        raise CatalogRefused(f"{page.where}:{page.line(path)}: {path[0] if len(path) < 3 else path[2]}: {said}")
    return recipe


def apart(phase: Phase, one: str, other: str) -> bool:
    """Whether two seats of ``phase`` never sit together: some option has other values for each."""
    first, second = (dict(terms(phase.when.get(seat, ""))) for seat in (one, other))
    return any(not set(first[key]) & set(second[key]) for key in first.keys() & second.keys())


_Faults = Iterator[tuple[tuple[str | int, ...], str]]


def _documents(recipe: Recipe) -> _Faults:
    unknown = [each for each in re.findall(r"\{(\w+)\}", recipe.documents) if each not in ("slug", *recipe.options)]
    if unknown:
        yield ("documents",), f"no such option: {unknown[0]!r}{nearest(unknown[0], ['slug', *recipe.options])}"
        return
    folder = recipe.folder("x", dict.fromkeys(recipe.options, "x"))
    if folder and not _FOLDER.fullmatch(folder) or ".." in folder.split("/"):
        yield ("documents",), f"{recipe.documents!r} is not a folder like 'planning-docs/{{slug}}'"


def _phases(recipe: Recipe) -> _Faults:
    names = [phase.name for phase in recipe.phases]
    if not names:
        yield ("phases",), "a recipe needs at least one"
    for at, phase in enumerate(recipe.phases):
        if not NAME.fullmatch(phase.name) or names.index(phase.name) != at:
            yield ("phases", at), f"{phase.name!r} is not a name of its own"
        if not re.fullmatch(r"[0-9]_[a-z_]+", phase.notebook):
            yield ("phases", at, "notebook"), f"{phase.notebook!r} is not a notebook like '1_intake'"
        for seat, condition in phase.when.items():
            if seat not in phase.seats:
                yield (
                    ("phases", at, "when", seat),
                    f"no such seat in {phase.name!r}: {seat!r}{nearest(seat, phase.seats)}",
                )
            elif said := _condition(recipe, condition):
                yield ("phases", at, "when", seat), said
        if phase.only and (said := _condition(recipe, phase.only)):
            yield ("phases", at, "only"), said
        if phase.together and not (phase.seats and not phase.settles):
            yield ("phases", at, "together"), "it is for phases in which consultants write documents"
    groups = [together for together, _ in groupby(phase.together for phase in recipe.phases) if together]
    if again := next((each for each in groups if groups.count(each) > 1), ""):
        yield ("phases",), f"those that are written together ({again!r}) have to follow each other"


def _condition(recipe: Recipe, condition: str) -> str:
    """What is wrong with a condition on which somebody or something is there; empty for nothing."""
    for part, (key, values) in zip(condition.split(), terms(condition), strict=True):
        if "=" not in part or key not in recipe.options:
            return f"write OPTION=VALUE; no such option: {key!r}{nearest(key, list(recipe.options))}"
        choices = recipe.choices.get(key, ())
        if unknown := next((each for each in values if choices and each not in choices), ""):
            return f"no such value of {key}: {unknown!r}{nearest(unknown, choices)}"
    return "" if condition.strip() else "write OPTION=VALUE, or leave it out"


def _places(recipe: Recipe) -> _Faults:
    seats = [seat for phase in recipe.phases for seat in phase.seats]
    for seat, folder in recipe.places.items():
        if seat not in seats:
            yield ("places", seat), f"no such seat: {seat!r}{nearest(seat, seats)}"
        elif said := _place(folder):
            yield ("places", seat), said
    for seat in recipe.reads:
        if seat not in seats:
            yield ("reads", seat), f"no such seat: {seat!r}{nearest(seat, seats)}"
    for at, phase in enumerate(recipe.phases):
        for file in phase.renders:
            if said := _place(file.replace("{domain}", "x")):
                yield ("phases", at, "renders", file), said


def _place(folder: str) -> str:
    """What is wrong with a folder that may name :data:`_PLACED`; empty for nothing."""
    unknown = [each for each in re.findall(r"\{(\w+)\}", folder) if each not in _PLACED]
    if unknown:
        return f"{folder!r} names {{{unknown[0]}}}, and may name {', '.join(f'{{{each}}}' for each in _PLACED)}"
    plain = re.sub(r"\{\w+\}", "x", folder)
    return "" if _FOLDER.fullmatch(plain) and ".." not in plain.split("/") else f"{folder!r} is not a folder"


__all__ = ["apart", "read"]
