"""What a reviewer's remark orders in so many words: withdraw a requirement, give it another priority, defer a passage."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from .... import ids
from ..markdown import quote, shorten

_WITHDRAW = re.compile(r"(?i)\b(?:withdraw\w*|drop\w*|remov\w+|delet\w+|strike|not needed|no longer needed)\b")
_PRIORITY = re.compile(
    r"(?i)\b(?:is|are|as|to|be|priority:?|only)\s+(?:an? )?[\"'“]?(must|should|could)\b(?!\s+\w+\s+\w+)"
)
_DEFER = re.compile(
    r"(?i)\b(?:out of scope|defer\w*|later (?:version|release)|not in this version|next (?:version|release)|postpone\w*)\b"
)


@dataclass
class Wishes:
    """Orders by what they are about.

    Attributes:
        withdrawn: id → why, as Markdown.
        priorities: id → Must, Should or Could.
        deferred: passage → why, as Markdown.
        heard: the remarks that are such orders and nothing else (``R1`` …).
    """

    withdrawn: dict[str, str] = field(default_factory=dict)
    priorities: dict[str, str] = field(default_factory=dict)
    deferred: dict[str, str] = field(default_factory=dict)
    heard: set[str] = field(default_factory=set)


def wishes(remarks: Sequence[str]) -> Wishes:
    """The orders in ``remarks``, oldest first; a later one replaces an earlier one."""
    found = Wishes()
    for number, remark in enumerate(remarks, start=1):
        name = f"R{number}"
        for sentence in re.split(r"(?<=[.;!])\s+", remark[:20_000]):
            why = f"{quote(shorten(sentence, 160))} [{name}]"
            named = [each.group() for each in ids.ID.finditer(sentence)]
            passages = re.findall(r"\bP\d{1,6}\b", sentence)
            if named and (priority := _PRIORITY.search(sentence)):
                found.priorities |= {each: priority[1].capitalize() for each in named}
                found.heard.add(name)
            elif named and _WITHDRAW.search(sentence):
                found.withdrawn |= dict.fromkeys(named, why)
                found.heard.add(name)
            elif passages and _DEFER.search(sentence):
                found.deferred |= dict.fromkeys(passages, why)
                found.heard.add(name)
    return found
