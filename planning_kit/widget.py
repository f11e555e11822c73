"""A widget that shows something while a kernel lives: its class, made when it is first needed, and what a notebook keeps of it."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

MIME = "application/vnd.jupyter.widget-view+json"
"""What a notebook calls the view of a widget."""


class Bundle:
    """The widget as a notebook takes it, and what is read where it is no more, or never was.

    Args:
        model: the widget's id.
        instead: what is shown without it.
    """

    def __init__(self, model: str, instead: Any) -> None:
        self._model, self._instead = model, instead

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        widget = {"version_major": 2, "version_minor": 0, "model_id": self._model}
        return {**self._instead._repr_mimebundle_(), MIME: widget}


@cache
def kind(name: str, file: str, *shown: str) -> Any:
    """The widget's class; nothing where anywidget is missing.

    Args:
        name: what the class is called.
        file: its script and its style, without the ending.
        shown: the names of what it shows, each a dictionary that kernel and browser share.
    """
    try:
        import anywidget
        import traitlets
    except ImportError:
        return None
    here = files(__package__)
    parts = {"_esm": f"{file}.js", "_css": f"{file}.css"}
    texts = {part: here.joinpath(text).read_text(encoding="utf-8") for part, text in parts.items()}
    shared = {each: traitlets.Dict().tag(sync=True) for each in shown}
    return type(name, (anywidget.AnyWidget,), {**texts, **shared, "__module__": __name__})
