"""A document as people read it: markdown as it stands, data as a page."""

from __future__ import annotations

from functools import lru_cache

from .document import Document
from .tasks import page
from .tasks.model import TaskPlan


def legible(document: Document) -> Document:
    """``document`` as markdown: a task plan as its page, any other data as a block; its lines are not those of the file then."""
    return document if is_legible(document.name) else Document(document.name, as_read(document.text, document.name))


def is_legible(name: str) -> bool:
    """Whether the document called ``name`` is read as it stands."""
    return not name.endswith((".json", ".yaml"))


@lru_cache(maxsize=64)
def as_read(text: str, name: str = "") -> str:
    """``text`` as people read it, with the name of its file as the title if it is data; markdown stays what it is."""
    if is_legible(name) and not text.startswith("{"):
        return text
    title = f"# {name.rpartition('/')[2] or 'Data'}\n\n"
    try:
        return title + page.text(TaskPlan.read(text))
    except ValueError:
        return text if is_legible(name) else f"{title}````json\n{text}\n````\n"
