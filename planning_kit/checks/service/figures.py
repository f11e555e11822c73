"""Figures of two documents side by side: whether one says what the other says, in its own words and units."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import islice

_LONGEST = 500
_MOST = 300
"""So many names are compared word by word."""
_COUNTED = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_WORDS = {word: str(number) for number, word in enumerate(_COUNTED)}
_SECONDS = {
    "ms": 0.001, "millisecond": 0.001, "s": 1.0, "sec": 1.0, "second": 1.0, "m": 60.0, "min": 60.0, "minute": 60.0, "h": 3600.0, "hr": 3600.0,
    "hour": 3600.0, "d": 86400.0, "day": 86400.0, "w": 604800.0, "week": 604800.0, "month": 2592000.0, "quarter": 7776000.0, "year": 31536000.0,
}  # fmt: skip
_TIME = "ms|milliseconds?|secs?|seconds?|s|mins?|minutes?|m|hrs?|hours?|h|days?|d|weeks?|w|months?|quarters?|years?"
_TOKEN = re.compile(rf"(?<![\w.])(p)?(\d{{1,15}}(?:\.\d{{1,15}})?)\s{{0,3}}-?(?:({_TIME})\b)?|\b({_TIME})\b")
_NONE = re.compile(r"(?:none|no\b.{0,80}|never|nothing)")


@lru_cache(maxsize=4096)
def figures(text: str) -> frozenset[str]:
    """The figures of ``text``: lengths of time in seconds whatever their unit, other numbers as they are, ``0`` for none."""
    plain = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text[:_LONGEST].casefold())
    plain = re.sub(r"[a-z]+", lambda word: _WORDS.get(word.group(), word.group()), plain)
    found = set()
    for _, number, unit, alone in _TOKEN.findall(plain):
        times = _seconds(unit or alone)
        if number:
            found.add(f"{float(number) * times:.12g} s" if unit else f"{float(number):.12g}")
        elif len(alone) > 2:
            found.add(f"{times:.12g} s")
    return frozenset(found or ({"0"} if _NONE.fullmatch(plain.strip(" .*")) else ()))


def agree(mine: str, theirs: str) -> str:
    """``same`` when both name the same figures (or, without any, the same words), ``part`` when one names only some of the other's, else ``other``."""
    one, other = figures(mine), figures(theirs)
    if not one or not other:
        return "same" if one == other and words(mine) == words(theirs) else "other"
    if one == other:
        return "same"
    return "part" if one < other or other < one else "other"


def words(text: str) -> str:
    """The words of ``text`` in lower case, one space apart."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def meant(name: str, among: Iterable[str]) -> str:
    """Which of ``among``, as :func:`words` writes them, ``name`` means: the same words, else the only one that has all of its words or none but its words; empty if that is not certain."""
    held = among if isinstance(among, Mapping) else list(among)
    own = words(name)
    if own in held:
        return own
    mine = set(own.split())
    near = [
        each
        for each in islice(held, _MOST)
        if mine and each and (mine <= set(each.split()) or set(each.split()) <= mine)
    ]
    return near[0] if len(near) == 1 else ""


def _seconds(unit: str) -> float:
    return _SECONDS.get(unit) or _SECONDS.get(unit.removesuffix("s"), 1.0)
