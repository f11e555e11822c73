"""The executed notebooks of a run as HTML by nbconvert, from which nothing is requested and in which nothing runs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nh3

from .. import files, view
from ..errors import Damaged, OptionRefused
from ..run import Run
from . import guard
from .whole import POLICY

TEMPLATE = """{% extends 'lab/index.html.j2' %}
{% block html_head_js %}<meta http-equiv="Content-Security-Policy" content="POLICY">{% endblock %}
{% block html_head_js_mathjax %}{% endblock %}
{% block html_head_js_mermaidjs %}{% endblock %}
{% block jupyter_widgets %}{% endblock %}
""".replace("POLICY", POLICY)
"""nbconvert's own ``lab`` template without the scripts it would fetch."""
ALLOWED = ("text/html", "image/svg+xml", "image/png", "image/jpeg", "text/plain")
"""What is kept of an output; widgets, scripts, TeX, Markdown and Mermaid are not, their plain text is."""
LARGEST = 50_000_000
"""The largest notebook that is converted, in bytes."""
_TAGS = {
    "a", "b", "blockquote", "br", "button", "caption", "code", "dd", "del", "details", "div", "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5", "h6",
    "hr", "i", "img", "ins", "li", "ol", "p", "pre", "s", "section", "small", "span", "strong", "sub", "summary", "sup", "table",
    "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {
    "*": {"class", "style", "title", "role", "aria-label", "data-line"},
    "details": {"open"}, "img": {"src", "alt", "width", "height"}, "ol": {"start"},
    "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan", "scope"},
}  # fmt: skip
_INERT = re.compile(r"data:image/(?:svg\+xml|png|jpeg);base64,[A-Za-z0-9+/=]+")
_STYLES = {
    "background", "background-color", "border", "border-bottom", "border-left", "border-radius", "border-right", "border-top", "color", "display",
    "font-family", "font-size", "font-style", "font-weight", "height", "line-height", "margin", "margin-top", "margin-bottom", "max-height", "max-width", "min-width",
    "overflow", "overflow-wrap", "overflow-x", "padding", "text-align", "text-decoration", "vertical-align", "white-space", "width", "grid-template-columns", "gap",
}  # fmt: skip


def notebooks(run: Run) -> Iterator[tuple[str, str]]:
    """Each executed notebook of ``run``: its name, and itself as a page of its own.

    Raises:
        OptionRefused: none was executed yet.
        Damaged: one of them is no notebook.
        BadInput: one of them holds what looks like a secret.
    """
    found = sorted((run.folder / "notebooks").glob("*.ipynb"))
    if not found:
        raise OptionRefused(
            f"{run.address} has no executed notebooks; 'planning-kit resume {run.address}' has them executed"
        )
    for place in found:
        yield place.stem, converted(place)


def converted(place: Path) -> str:
    """The notebook at ``place`` as a page.

    Raises:
        Damaged: it is no notebook.
        BadInput: it holds what looks like a secret.
    """
    import nbformat
    from jinja2 import pass_context
    from nbconvert import HTMLExporter

    try:
        text = files.read(place).decode("utf-8")
        if len(text) > LARGEST:
            raise ValueError(f"it has more than {LARGEST:,} characters")
        book = nbformat.from_dict(_inert(json.loads(text)))  # type: ignore[no-untyped-call]
        nbformat.validate(book)
    except (
        OSError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        RecursionError,
        nbformat.ValidationError,
    ) as error:
        said = " ".join(str(error).split())[:120]
        raise Damaged(f"{place} is not a notebook ({said}); restore it, or take it away") from error
    guard.checked(text, f"{place} holds what looks like a secret; take it out, then export")
    exporter = HTMLExporter(raw_template=TEMPLATE, filters={"markdown2html": pass_context(_words)})  # type: ignore[no-untyped-call]
    page, _ = exporter.from_notebook_node(book, {"metadata": {"name": place.stem}})
    return str(page)


def _words(context: object, source: str) -> str:
    """A cell of markdown by the one renderer."""
    return view.html(source)


def _inert(book: dict[str, Any]) -> dict[str, Any]:
    """``book`` in nbformat 4, with what can run, load or lead somewhere left out of its outputs."""
    cells = []
    for number, cell in enumerate(book["cells"]):
        kept = {"cell_type": cell["cell_type"], "id": f"cell-{number}", "metadata": {}, "source": _text(cell["source"])}
        if cell["cell_type"] == "code":
            shown = [_output(output) for output in cell.get("outputs", ())]
            kept |= {"execution_count": cell.get("execution_count"), "outputs": shown}
        cells.append(kept)
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {"language_info": {"name": "python"}}, "cells": cells}


def _output(output: dict[str, Any]) -> dict[str, Any]:
    if output["output_type"] == "stream":
        return {**output, "text": _text(output["text"])}
    if "data" not in output:
        return output
    data = {kind: _text(what) for kind, what in output["data"].items() if kind in ALLOWED}
    if "text/html" in data:
        data["text/html"] = sanitised(data["text/html"])
    left = ", ".join(view.visible(str(kind)) for kind in output["data"])
    return {
        **output,
        "metadata": {},
        "data": data or {"text/plain": f"[an output that is not part of this page: {left}]"},
    }


def _text(what: str | list[str]) -> str:
    return what if isinstance(what, str) else "".join(what)


def sanitised(html: str) -> str:
    """``html`` from an output anybody may have edited, with nothing in it that runs, loads or leads anywhere.

    What a cell of this package shows comes out as it went in.
    """
    kept = nh3.clean(html, tags=_TAGS - {"a", "button"}, attributes=_ATTRIBUTES, attribute_filter=_filtered, url_schemes={"data"}, filter_style_properties=_STYLES, link_rel=None)  # fmt: skip
    return str(kept)


def _filtered(element: str, attribute: str, value: str) -> str | None:
    if attribute == "src":
        return value if _INERT.fullmatch(value) else None
    if attribute == "style":
        return None if re.search(r"(?i)url|expression|import|\\|image-set|position", value) else value
    return value
