"""A document as people read it: markdown as it stands, data as a page."""

from __future__ import annotations

from .document import Document
from .tasks import page
from .tasks.model import TaskPlan


def legible(document: Document) -> str:
    """``document`` as markdown: a task plan as its page, any other data as a block."""
    if not document.name.endswith(".json"):
        return document.text
    try:
        return f"# {document.name.rpartition('/')[2]}\n\n{page.text(TaskPlan.read(document.text))}"
    except ValueError:
        return f"# {document.name.rpartition('/')[2]}\n\n````json\n{document.text}\n````\n"
