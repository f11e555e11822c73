"""What the headings of a template say: which are sections, and which stand for others."""

from __future__ import annotations

import re

from .document import Document

OPEN = re.compile(r"<([^<>]{1,80})>")
"""What in a template's heading stands for something else: ``<Title>``."""


def sections(template: str) -> tuple[str, ...]:
    """The headings of ``template`` that each stand for one section, in order; those of a form (``## <Name>``) are not among them."""
    headings = Document("template.md", template).headings
    return tuple(each.text for each in headings if each.level == 2 and not OPEN.search(each.text))
