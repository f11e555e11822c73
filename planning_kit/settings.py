"""What is said with ``--set``: keys and values, and whether a recipe takes them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from . import roles
from .errors import OptionRefused, nearest
from .recipe import Recipe


def settings_of(settings: Sequence[str]) -> dict[str, str]:
    """``KEY=VALUE`` texts as keys and values.

    Raises:
        OptionRefused: one is not written so.
    """
    options: dict[str, str] = {}
    for setting in settings:
        key, equals, value = setting.partition("=")
        if not equals or not key:
            raise OptionRefused(f"--set {setting!r}: write KEY=VALUE")
        options[key] = value
    return options


def check_options(options: Mapping[str, str], recipe: Recipe) -> None:
    """Refuse ``options`` that ``recipe`` does not have.

    Raises:
        OptionRefused: there is one; names the nearest.
    """
    for key in options:
        if key not in recipe.options:
            known = ["consultants", "reviewers", *recipe.options, *roles.general(recipe)]
            near = nearest(key, known)
            plain = [name for name in known if "." not in name]
            some = (
                near
                if "did you mean" in near
                else nearest(key, [*plain, "model.SEAT", "effort.SEAT", "thinking.SEAT", "web.searches", "web.domains"])
            )
            raise OptionRefused(f"no such option: {key!r}{some}")
        _check_value(key, options[key], recipe)


def _check_value(key: str, value: str, recipe: Recipe) -> None:
    """Refuse a value that is none of the option's choices, or cannot be part of a folder's name where it has to be."""
    choices = recipe.choices.get(key, ())
    if choices and value not in choices:
        raise OptionRefused(f"--set {key}={value}: no such value{nearest(value, choices)}")
    if f"{{{key}}}" not in recipe.documents:
        return
    if key == "language" and not re.fullmatch(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?", value):
        raise OptionRefused(f"--set language={value}: write a language's code (BCP 47), like en, ko or pt-BR")
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]{0,34}", value):
        raise OptionRefused(f"--set {key}={value}: it is part of a folder's name; use letters, digits and '-'")
