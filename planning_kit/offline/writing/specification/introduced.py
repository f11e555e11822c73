"""Sentences that say what the product is, not what it has to do: context, where others say the same more concretely."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...reading import words

if TYPE_CHECKING:
    from .statements import Stated

_INTRODUCES = re.compile(
    r"(?i)the system shall (?:be (?:designed to support )?an? |support a (?:simple |web |mobile )*(?:web |mobile )?(?:application|app|site)\b|"
    r"expose (?:\w+|\d+) (?:api |http )?(?:endpoints?|operations?|apis?)\W*$)|"
    r"[^.]{2,60} shall be an? (?:[\w-]+ ){0,5}(?:service|application|app|system|platform|website|tool|product|server|api|program)\b"
)
_RUNS_IN = re.compile(r"(?i)\bwritten in\b|\bruns? (?:on|in)\b|\bavailab|\bsecure\b|\d")


def introduces_the_product(each: Stated) -> bool:
    """Whether ``each`` tells what the product is, and binds nobody to anything."""
    return each.kind == "FR" and bool(_INTRODUCES.match(each.text)) and not _RUNS_IN.search(each.text)


def introduced(text: str) -> bool:
    """Whether ``text`` begins like an introduction to a product, so that it says little about one domain of it."""
    return bool(
        re.match(
            r"(?i)(?:the (?:server|system|service|app\w*|platform|api) (?:is|will be)|this |we |build |public\b|\w+ is an? )",
            text,
        )
    )


def concrete(stated: Sequence[Stated]) -> tuple[list[Stated], dict[int, tuple[str, ...]]]:
    """``stated`` without what only introduces the product, and which of the others (by place) take over its passages.

    All of it stays where nothing else is a function of the domain.
    """
    introduce = [each for each in stated if introduces_the_product(each)]
    homes = {name for each in introduce for name in each.sources}
    others = {
        word for each in stated if each.kind == "FR" and not homes & set(each.sources) for word in _long(each.text)
    }
    introduce += [
        each for each in stated
        if each.kind == "FR" and each not in introduce and homes & set(each.sources) and _told(each.text, others)
    ]  # fmt: skip
    left = [each for each in stated if each not in introduce]
    if not any(each.kind == "FR" for each in left):
        return list(stated), {}
    taken: dict[int, tuple[str, ...]] = {}
    for each in introduce:
        if {name for names in taken.values() for name in names} >= set(each.sources):
            continue
        near = max(
            (
                (_shared(each.text, other.text), bool(set(each.sources) & set(other.sources)), -place)
                for place, other in enumerate(left)
                if other.kind == "FR"
            )
        )[-1]
        taken[-near] = tuple(dict.fromkeys((*taken.get(-near, ()), *each.sources)))
    return left, taken


def _told(text: str, others: set[str]) -> bool:
    """Whether most of what ``text`` speaks of is spoken of by others, and it sets no limit."""
    own = _long(text)
    return len(own & others) * 2 >= len(own) > 0 and not re.search(r"\d", text)


def _shared(one: str, other: str) -> int:
    """How many longer words two texts have in common."""
    return len(_long(one) & _long(other))


def _long(text: str) -> set[str]:
    return {
        words.stem(word)
        for word in words.parts(text)
        if len(word) > 3 and word not in ("system", "shall", "from", "them", "they", "with", "that", "this", "which")
    }
