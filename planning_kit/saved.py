"""How an executed notebook is saved: whole or absent, without secrets and without this machine's paths."""

from __future__ import annotations

import json
import os
import re
from functools import lru_cache
from pathlib import Path

from . import files, redact

SCHEME = "planning-kit://"
"""How papermill is told that a path is ours to read and write."""

_WIDGET = "application/vnd.jupyter.widget-view+json"
_FORMS = {"text/html", "text/plain"}


class Files:
    """Where papermill reads and writes: every save whole or absent, without secrets and without this machine's paths."""

    def read(self, address: str) -> str:
        """The notebook at ``address``."""
        return files.read(_path(address)).decode("utf-8")

    def write(self, text: str, address: str) -> None:
        """Save a notebook, cleaned."""
        files.replace(_path(address), clean(text).encode("utf-8"))

    def listdir(self, address: str) -> list[str]:
        """What is in a folder."""
        return [SCHEME + str(path) for path in _path(address).iterdir()]

    def pretty_path(self, address: str) -> str:
        """The path as a person reads it."""
        return str(_path(address))


def clean(notebook: str) -> str:
    """A serialized notebook without secrets, widget state, or paths of this machine.

    A widget that has another form beside it is left out: programs that show a notebook take the widget first, which
    without its state is nothing.
    Secrets are those :func:`planning_kit.redact.redact` knows by their shape, and every environment variable that
    is one by its name.
    """
    book = json.loads(notebook)
    metadata = book.get("metadata", {})
    metadata.pop("widgets", None)
    about = metadata.get("papermill", {})
    about.update({key: Path(_path(about[key])).name for key in ("input_path", "output_path") if about.get(key)})
    for output in (output for cell in book.get("cells", []) for output in cell.get("outputs", ())):
        if _FORMS & output.get("data", {}).keys():
            output["data"].pop(_WIDGET, None)
    in_use = secrets()
    book["cells"] = [json.loads(_cleaned(json.dumps(cell), in_use)) for cell in book.get("cells", [])]
    head = {key: value for key, value in book.items() if key != "cells"}
    book.update(json.loads(_cleaned(json.dumps(head), in_use)))
    return json.dumps(book, ensure_ascii=False, indent=1) + "\n"


@lru_cache(maxsize=256)
def _cleaned(text: str, in_use: tuple[str, ...]) -> str:
    """Serialized ``text`` cleaned; a notebook is saved often and few of its cells change in between."""
    home = json.dumps(os.path.expanduser("~"))[1:-1]
    if len(home) > 3:
        text = re.sub(rf"(?<![\w.-]){re.escape(home)}(?![\w.-])", "~", text)
    return redact.redact(text, also=in_use)


def secrets() -> tuple[str, ...]:
    """The environment variables that are secrets by their name."""
    return tuple(value for name, value in os.environ.items() if redact.looks_secret(name, value))


def addressed(path: Path) -> str:
    """``path`` as papermill takes it; it fills in braces, so ours are doubled."""
    return SCHEME + str(path.absolute()).replace("{", "{{").replace("}", "}}")


def _path(address: str) -> Path:
    return Path(address.removeprefix(SCHEME))
