"""A run handed over: its documents as markdown, its whole record as one page or on paper, its executed notebooks as HTML."""

from .markdown import Exported, below, export, put
from .paper import pdf
from .whole import page

__all__ = ["Exported", "below", "export", "page", "pdf", "put"]
