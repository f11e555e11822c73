"""Numbers with units, each with the words around it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..facts import Quantity
from .sentences import Sentence

_UNIT = (
    r"%|percent|ms|milliseconds?|seconds?|secs?|s\b|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?|"
    r"(?:requests?|transactions?|messages?|events?|writes?|reads?|calls?|orders?|queries|operations?)(?:\s*(?:/|per|a)\s*(?:second|sec|s|minute|min|hour|day|month|year)\b)|"
    r"rps|tps|qps|[KMGTP]i?B|bytes?|kilobytes?|megabytes?|gigabytes?|terabytes?|"
    r"(?:(?:concurrent|daily|active|registered|simultaneous|monthly|total|new|unique|paying|daily active|monthly active)\s+){0,2}"
    r"(?:users?|customers?|requests?|messages?|orders?|records?|rows|items?|products?|tickets?|events?|patients?|doctors?|nurses?|employees?|drivers?|vehicles?|members?|visitors?|bookings?|payments?|shops?|stores?|branches|clinics?|schools?|sites?|students?|sessions?|connections?|devices?|attendees?|"
    r"tenants?|lines?|IDs?|characters?|chars|attempts?|retries|times|pages?|files?|transactions?|appointments?|people|locations?|seats?|replicas?|regions?|languages?|bits?|entries|results)|"
    r"USD|EUR|GBP|CHF|KRW|JPY|dollars?|euros?|pounds?"
)
_NUMBER = (
    r"(?:\d{1,3}(?:[, \u202f]\d{3}){1,4}|\d{1,12})(?:\.\d{1,6})?(?:\s?(?:k|K|million|thousand|billion|M)(?![\w]))?"
)
_WITH_UNIT = re.compile(rf"(?<![\w.,/:-])(?P<number>{_NUMBER})\+?\s?-?(?P<unit>{_UNIT})(?![\w])")
_MONEY = re.compile(rf"(?P<unit>[$€£₩¥])\s?(?P<number>{_NUMBER})(?![\w])")
_SPELT = re.compile(
    r"(?i)\b(?P<number>one|two|three|five|ten|a hundred|a thousand|one million|a million)\s+(?P<unit>(?:concurrent )?(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|users?|IDs?|million|requests?))\b"
)
_VALUES = {
    "one": 1,
    "two": 2,
    "three": 3,
    "five": 5,
    "ten": 10,
    "a hundred": 100,
    "a thousand": 1000,
    "one million": 1_000_000,
    "a million": 1_000_000,
}
_SCALE = {"k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "billion": 1e9}

_ASKED = re.compile(r"^.{1,100}\?\W*$")


def quantities(sentences: Sequence[Sentence]) -> tuple[Quantity, ...]:
    """Every number with a unit, in order; a number that answers a question keeps the question in front of its words."""
    found: list[Quantity] = []
    for before, sentence in zip((None, *sentences), sentences, strict=False):
        text = sentence.text
        asked = f"{before.text} " if before and before.source == sentence.source and _ASKED.search(before.text) else ""
        for pattern in (_WITH_UNIT, _MONEY, _SPELT):
            for hit in pattern.finditer(text):
                found.append(
                    Quantity(
                        hit.group().strip(),
                        _value(hit.group("number")),
                        hit.group("unit").strip(),
                        asked + _around(text, hit.start(), hit.end()),
                        sentence.source,
                    )
                )
    return tuple(found)


def _value(number: str) -> float:
    low = number.lower().strip()
    if low in _VALUES:
        return float(_VALUES[low])
    scale = re.search(r"(k|thousand|million|m|billion)$", low)
    digits = re.sub(r"[^\d.]", "", low)
    return round(float(digits) * (_SCALE[scale.group(1)] if scale else 1.0), 6)


def _around(text: str, start: int, end: int) -> str:
    before = text[max(0, start - 70) : start]
    before = before.split(" ", 1)[-1] if start > 70 else before
    after = text[end : end + 50]
    after = after.rsplit(" ", 1)[0] if len(text) > end + 50 else after
    return f"{before}{text[start:end]}{after}".strip()
