"""The same act at two rhythms, and more planned downtime than may be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .opposed import Opposed, Said, form
from .wording import vocabulary

_DAYS = {"hour": 1 / 24, "hourly": 1 / 24, "day": 1.0, "daily": 1.0, "night": 1.0, "nightly": 1.0, "week": 7.0, "weekly": 7.0, "fortnight": 14.0, "fortnightly": 14.0,
         "month": 30.0, "monthly": 30.0, "quarter": 91.0, "quarterly": 91.0, "year": 365.0, "yearly": 365.0, "annually": 365.0, "minute": 1 / 1440, "second": 1 / 86_400,
         **dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "weekend"), 7.0)}  # fmt: skip
_NUMBERS = {"two": 2, "second": 2, "other": 2, "three": 3, "third": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "ten": 10, "fourteen": 14, "twice": 2, "once": 1}  # fmt: skip
_UNIT = r"(hour|day|night|week|fortnight|month|quarter|year|minute|second)s?"
_EVERY = re.compile(
    rf"(?i)\b(?:every|each) (?:(\d{{1,4}}|two|second|other|three|third|four|five|six|seven|ten|fourteen) )?{_UNIT}\b"
)
_TIMES = re.compile(
    rf"(?i)\b(once|twice|(?:\d{{1,3}}|two|three|four|five|six) times) (?:a|an|per|every|each) {_UNIT}\b"
)
_ADVERB = re.compile(
    r"(?i)\b(hourly|daily|nightly|weekly|fortnightly|monthly|quarterly|yearly|annually)\b(?! [a-z]+(?:s|t|n|y)\b(?<!from)(?<!by)(?<!at)(?<!in))"
)
_EMPTY = vocabulary(
    "the a an of to in on by at and or is are be was were must shall should may can will has have been it its their his her all every each any at least most once twice times only "
    "also always automatically exactly per from"
)
_SEASON = re.compile(
    r"(?i)\b(?:from|between|during|in) (?:the )?(?:january|february|march|april|may|june|july|august|september|october|november|december|summer|winter|holidays|season)\b|\b(?:also|additionally|in addition|unless|except|if|when|after|other|full|incremental)\b"
)
_ALL = re.compile(r"(?i)\b(?:all|every|each|any) ")


@dataclass(frozen=True)
class _Rhythm:
    days: float
    said: Said
    about: frozenset[str]
    general: bool


def rhythms(said: Sequence[Said]) -> Iterator[Opposed]:
    """The same act on the same thing at two rhythms, or on all of them at one and on some at another."""
    found = [rhythm for each in said for rhythm in _rhythms(each)][:300]
    for at, one in enumerate(found):
        for two in found[at + 1 :]:
            if one.said is two.said or 0.8 < one.days / two.days < 1.25:
                continue
            fewer, more = sorted((one, two), key=lambda each: len(each.about))
            extra = len(more.about - fewer.about)
            if (
                len(fewer.about) > 1
                and fewer.about <= more.about
                and (extra == 0 or (fewer.general and extra < 3 and not more.general))
            ):
                yield Opposed(one.said, two.said, "how often")


def _rhythms(said: Said) -> Iterator[_Rhythm]:
    for clause in re.split(r"[;:]|, (?:and|but|while) ", said.text):
        if _SEASON.search(clause):
            continue
        hit = _TIMES.search(clause) or _EVERY.search(clause) or _ADVERB.search(clause)
        if not hit:
            continue
        rest = clause[: hit.start()] + " " + clause[hit.end() :]
        about = {form(word) for word in re.findall(r"[A-Za-z][\w-]*", rest) if word.lower() not in _EMPTY}
        yield _Rhythm(_days(hit), said, frozenset(about), bool(_ALL.search(rest)))


def _days(hit: re.Match[str]) -> float:
    if hit.re is _ADVERB:
        return _DAYS[hit.group(1).lower()]
    count = (hit.group(1) or "1").lower().split()[0]
    number = int(count) if count.isdigit() else _NUMBERS.get(count, 1)
    length = _DAYS[hit.group(2).lower()]
    return length / max(number, 1) if hit.re is _TIMES else length * max(number, 1)


_HOURS = {"s": 1 / 3600, "sec": 1 / 3600, "second": 1 / 3600, "m": 1 / 60, "min": 1 / 60, "minute": 1 / 60, "h": 1.0, "hr": 1.0, "hour": 1.0, "day": 24.0}  # fmt: skip
_LENGTH = r"(\d{1,4}(?:[.,]\d{1,2})?) ?-?(seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?)\b"
_PER = r"(?:(?:per|a|an|each|every|/) ?|in any )(day|night|week|month|quarter|year)"
_BUDGET = re.compile(
    rf"(?i)\b(?:downtime|outages?|unavailab\w+|be (?:down|unavailable)(?! for maintenance))\b[^.;]{{0,40}}?{_LENGTH} ?{_PER}\b|{_LENGTH} (?:of )?(?:downtime|outages?) ?{_PER}\b"
)
_SHARE = re.compile(
    r"(?i)\b(?:availab\w+|uptime|SLA)\b[^.;]{0,60}?\b(9\d(?:[.,]\d{1,4})?) ?%|\b(9\d(?:[.,]\d{1,4})?) ?%[^.;]{0,30}\b(?:availab\w+|uptime)\b"
)
_ALWAYS = re.compile(
    r"(?i)\b(?:never (?:be )?(?:down|unavailable)|no downtime|zero[- ]downtime|without (?:any )?(?:downtime|interruption))\b|\b(?:available|availability|uptime|runs?)\b[^.;]{0,30}\b(?:24/7|24x7|around the clock)"
)
_PLANNED = re.compile(
    r"(?i)\b(?:maintenance|planned downtime|taken offline|shut down|service window|downtime window|(?:is|be|goes) (?:down|offline|unavailable) (?:for|from|between|every|each))"
)
_WINDOW = re.compile(r"\b(\d{1,2})[:.](\d\d) ?(?:-|–|to|until|and) ?(\d{1,2})[:.](\d\d)\b")
_EXEMPT = re.compile(
    r"(?i)\b(?:exclud\w+|except|outside|apart from|besides|other than|unplanned|unscheduled|not count\w*|between \d|not (?:be )?(?:interrupt|affect)|without)\b"
)
_YEAR = {"day": 365.0, "night": 365.0, "week": 52.0, "month": 12.0, "quarter": 4.0, "year": 1.0}


def downtime(said: Sequence[Said]) -> Iterator[Opposed]:
    """More hours of planned downtime a year than the brief allows in all, and two budgets of which one is a quarter more than the other."""
    budgets = [(hours, each) for each in said if (hours := _allowed(each.text)) is not None][:50]
    planned = [(hours, each) for each in said if (hours := _needed(each.text))][:50]
    exempt = any(_EXEMPT.search(each.text) for _, each in (*budgets, *planned))
    for allowed, one in budgets:
        for needed, two in planned:
            if one is not two and not exempt and needed > allowed * 1.01:
                yield Opposed(
                    one, two, f"{_hours(allowed)} of downtime a year and {_hours(needed)} of maintenance", True
                )
    for at, (most, one) in enumerate(budgets):
        for other, two in budgets[at + 1 :]:
            if (
                one is not two
                and not (_SHARE.search(one.text) and _SHARE.search(two.text))
                and most
                and other
                and max(most, other) > 1.25 * min(most, other)
                and _where(one) == _where(two)
            ):
                yield Opposed(one, two, f"{_hours(most)} of downtime a year and {_hours(other)}")


def _where(said: Said) -> frozenset[str]:
    """The words that can tell two budgets apart: names, and what is available."""
    known = vocabulary(
        "the a of system platform service availability available uptime sla max maximum downtime per year month week is be must shall at least most in minimum and h hours hour percent solution it has to time "
        "target application whole total guaranteed not exceed may have outage down an"
    )
    return frozenset(word for word in re.findall(r"[a-z]+", said.text.lower()) if word not in known)


def _allowed(text: str) -> float | None:
    """How many hours a year it may be down, where ``text`` says so."""
    if _PLANNED.search(text) and not _SHARE.search(text):
        return None
    if hit := _BUDGET.search(text):
        number, unit, period = hit.group(1, 2, 3) if hit.group(1) else hit.group(4, 5, 6)
        return _number(number) * _HOURS[_one(unit)] * _YEAR[period.lower()]
    if hit := _SHARE.search(text):
        return (100 - _number(hit.group(1) or hit.group(2))) / 100 * 8760 if not re.search(r"\d:\d\d", text) else None
    return 0.0 if _ALWAYS.search(text) else None


def _needed(text: str) -> float:
    """How many hours a year it is planned to be down."""
    if not _PLANNED.search(text) or _SHARE.search(text):
        return 0.0
    often = _EVERY.search(text) or _TIMES.search(text) or _ADVERB.search(text) or re.search(
        r"(?i)\b(?:every|each|on|per) (monday|tuesday|wednesday|thursday|friday|saturday|sunday|weekend|week|month)s?\b", text
    )  # fmt: skip
    if not often:
        return 0.0
    days = _days(often) if often.re in (_EVERY, _TIMES, _ADVERB) else _DAYS[often.group(1).lower()]
    if hit := _WINDOW.search(text):
        start, end = int(hit.group(1)) + int(hit.group(2)) / 60, int(hit.group(3)) + int(hit.group(4)) / 60
        return ((end - start) % 24 or 24) * 364 / days
    length = re.search(_LENGTH, text)
    return _number(length.group(1)) * _HOURS[_one(length.group(2))] * 364 / days if length else 0.0


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def _one(unit: str) -> str:
    low = unit.lower()
    return low.rstrip("s") or "s"


def _hours(hours: float) -> str:
    return f"{hours:,.1f} h".replace(".0 h", " h")
