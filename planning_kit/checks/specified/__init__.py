"""What the documents of a specification owe each other: ids that hold, requirements that were asked for, told, used and drawn.

Each check reads one document and those beside it; what defines what is read by :mod:`planning_kit.ids`.
"""

from __future__ import annotations

from .cases import uses_its_stories
from .demanded import reaches_its_passages, tells_its_requirements
from .drawn import draws_its_use_cases
from .identified import keeps_its_ids
from .interface import asks_for_its_operations

__all__ = [
    "asks_for_its_operations",
    "draws_its_use_cases",
    "keeps_its_ids",
    "reaches_its_passages",
    "tells_its_requirements",
    "uses_its_stories",
]
