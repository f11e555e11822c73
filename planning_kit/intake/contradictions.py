"""Two values for one thing, and what must and must not be."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from ..offline.facts import Quantity
from ..offline.reading.quantities import quantities
from ..offline.reading.sentences import Sentence
from ..offline.reading.words import singular
from .remark import Remark
from .wording import Wording, vocabulary

RULE = "contradiction"
MOST = 2_000
"""Most values of a brief that are compared, and most sentences."""
MOST_ALIKE = 120
"""Most values of one unit that are compared with each other."""

_SECONDS = {"ms": 0.001, "millisecond": 0.001, "s": 1, "sec": 1, "second": 1, "min": 60, "minute": 60, "hr": 3600, "hour": 3600,
            "day": 86_400, "week": 604_800, "month": 2_592_000, "year": 31_536_000}  # fmt: skip
_BYTES = {"byte": 1, "kb": 1e3, "kib": 1024, "mb": 1e6, "mib": 1024**2, "gb": 1e9, "gib": 1024**3, "tb": 1e12, "kilobyte": 1e3, "megabyte": 1e6,
          "gigabyte": 1e9, "terabyte": 1e12}  # fmt: skip
_MOST = re.compile(
    r"(?i)(?:up to|at most|no more than|not more than|maximum(?: \w+){0,3}?(?: of| is| are)?|max\.?(?: of)?|within|under|below|less than|(?:not|never) exceed\w*|limited to|no longer than|not longer than|upper limit of)\s*(?:the |a )?$"
)
_LEAST = re.compile(
    r"(?i)(?:at least|no less than|no fewer than|minimum(?: \w+){0,3}?(?: of| is| are)?|min\.?(?: of)?|more than|over|not less than)\s*(?:the |a )?$"
)
_AFTER_MOST = re.compile(r"(?i)^\s*(?:\w+\s)?(?:at most|maximum|max\b|or less|or fewer)")
_AFTER_LEAST = re.compile(r"(?i)^\s*(?:\w+\s)?(?:at least|minimum|or more)")
_SAME = {
    "retain": "keep", "retained": "keep", "retention": "keep", "kept": "keep", "keep": "keep", "stored": "keep", "store": "keep", "preserved": "keep",
    "deleted": "keep", "delete": "keep", "purged": "keep", "erased": "keep", "removed": "keep", "archived": "keep",
    "uptime": "available", "availability": "available", "available": "available",
    "answered": "respond", "answer": "respond", "response": "respond", "respond": "respond", "responds": "respond", "latency": "respond", "returned": "respond",
    "expire": "expire", "expires": "expire", "expired": "expire", "expiry": "expire", "expiration": "expire", "timeout": "expire", "valid": "expire",
    "logout": "expire", "cancelled": "cancel", "canceled": "cancel", "cancellation": "cancel", "refunded": "refund", "signin": "login", "attached": "attach",
}  # fmt: skip
"""Words that name one thing when a value follows."""
_EMPTY = vocabulary(
    "the a an of to in on for and or be is are was must shall should may can will have has had with within up at most least than more less no not maximum minimum max min "
    "limit limited that this it its their his her each every all any per which when if by as from system platform service application app user users allow allowed allows "
    "support supports add added carry contain contains accept create set time times one total number exceed able need needs require required requires "
    "only always never also then after before period duration long length month percent about under over below and/or into there they them itself exactly following guarantee ensure "
    "target least rate data must-have priority could would high low medium get gets been other during"
)
_SPLITS = vocabulary(
    "free basic standard premium pro enterprise trial paid guest anonymous admin administrator staff internal external mobile web desktop dev development staging production "
    "test testing peak normal off-peak average mean median percentile p50 p90 p95 p99 first second third weekday weekend summer winter eu us uk domestic international "
    "phase tier plan level version release initial later region read write reads writes cold hot warm soft hard daily weekly monthly yearly hourly new existing inactive active "
    "concurrent registered silver gold bronze small large emergency critical urgent minor major business retry backup export import search login "
    "default otherwise except unless inactivity idle student teacher child adult"
)
"""Words that say under which condition a value holds; where they differ, two values are two conditions."""
_PERIODS = {f"per {period}" for period in ("day", "week", "month", "quarter", "year")}
_EXAMPLE = re.compile(r"(?i)\b(?:e\.g|for example|for instance|such as|given|suppose|currently|today)\b")
_COUNTED = re.compile(
    r"(?i)\b(?:up to|at most|no more than|not more than|maximum of|max\.?(?: of)?|limited to|(?:not|never) exceed|at least|no fewer than|minimum of)\s+(?P<number>\d{1,9}) (?P<noun>[a-z]{3,20}s)\b"
)
"""A bounded number of things, whatever they are called."""
_AHEAD = re.compile(r"(?i)\s+(?:before|ahead|in advance|prior)\b")
"""What follows a moment, of which there can be several."""
_NEGATED = re.compile(r"(?i)\b(must|shall|should|may|can|will)(?: not|not\b)|\b(can)not\b|\bmust never\b")


@dataclass(frozen=True)
class _Value:
    """A value: in base units, of which dimension, as a bound (most, least or exactly), of what (``words``), under which conditions."""

    value: float
    text: str
    dimension: str
    bound: str
    words: frozenset[str]
    splits: frozenset[str]
    others: frozenset[str]
    wording: Wording
    sentence: str


def numbers(wordings: Sequence[Wording]) -> Iterator[Remark]:
    """Two values for the same thing, under the same conditions, that cannot both hold."""
    found: dict[str, list[_Value]] = defaultdict(list)
    count = 0
    for wording in wordings:
        if count >= MOST:
            break
        if wording.passage.kind in ("code", "heading") or wording.name in ("out of scope", "other"):
            continue
        for sentence in wording.sentences:
            for value in _values(wording, sentence):
                if len(found[value.dimension]) < MOST_ALIKE:
                    found[value.dimension].append(value)
                count += 1
    seen: set[tuple[str, str]] = set()
    for alike in found.values():
        for one, two in combinations(alike, 2):
            pair = (one.wording.passage.id, two.wording.passage.id)
            if one.sentence != two.sentence and pair not in seen and _clash(one, two):
                seen.add(pair)
                yield Remark(
                    RULE, f"{pair}", pair[1], two.wording.line(max(two.wording.passage.text.find(two.text), 0)),
                    f"says {_shown(two)} where {pair[0]} says {_shown(one)}: write which holds, or what tells the two apart",
                )  # fmt: skip


def orders(wordings: Sequence[Wording]) -> Iterator[Remark]:
    """The same words once with 'must' and once with 'must not'."""
    found: dict[frozenset[str], tuple[bool, str]] = {}
    sentences = ((wording, each) for wording in wordings if wording.asks for each in wording.sentences)
    for wording, sentence in sentences:
        words = frozenset(_stem(word) for word in re.findall(r"[a-z]+", sentence.whole[:400].lower())) - {
            "not",
            "never",
            "cannot",
        }
        if len(words) < 5 or not re.search(r"(?i)\b(?:must|shall|may|can|should|will|cannot)\b", sentence.text):
            continue
        words -= {"must", "shall", "may", "can", "should", "will", "be", "be able", "able", "to"}
        negated = bool(_NEGATED.search(sentence.whole))
        known, passage = found.setdefault(words, (negated, wording.passage.id))
        if known != negated and passage != wording.passage.id:
            yield Remark(
                RULE, f"{passage} {wording.passage.id}", wording.passage.id, wording.passage.line,
                f"says the opposite of {passage}: write which holds, or when the one and when the other",
            )  # fmt: skip


def _values(wording: Wording, sentence: Sentence) -> Iterator[_Value]:
    text = sentence.text[:2000]
    if _EXAMPLE.search(text) or not re.search(r"\d|\b(?:one|two|three|five|ten) ", text):
        return
    hits = [*quantities([sentence])]
    known = {hit.text for hit in hits}
    for found in _COUNTED.finditer(text):
        said = text[found.start("number") : found.end()]
        if said not in known:
            hits.append(Quantity(said, float(found.group("number")), found.group("noun"), "", sentence.source))
    for hit in hits[:6]:
        at = text.find(hit.text)
        dimension, scale = _dimension(hit.unit)
        if at < 0 or not dimension or _AHEAD.match(text[at + len(hit.text) :]):
            continue
        clause = _clause(text, at)
        words, splits = _about(clause, hit.text, wording.passage.section[-1:])
        if dimension.startswith("of "):
            words -= {dimension[3:], "upload"}
        if dimension == "percent":
            splits -= _PERIODS
        others = frozenset(each.text for each in hits if each is not hit and each.text in clause)
        bound = _bound(text[:at], text[at + len(hit.text) :])
        yield _Value(hit.value * scale, hit.text, dimension, bound, words, splits, others, wording, text)


def _dimension(unit: str) -> tuple[str, float]:
    """What a unit measures and how many base units it is; nothing for units that are compared with nothing."""
    low = singular(unit.lower().strip().rstrip(".")) if len(unit) > 2 else unit.lower()
    if low in _SECONDS:
        return "time", _SECONDS[low]
    if low in _BYTES and unit not in ("M", "K"):
        return "size", _BYTES[low]
    if low in ("%", "percent"):
        return "percent", 1.0
    if re.search(r"/|\b(?:per|a)\b|^[rtq]ps$", low):
        return f"rate {re.sub(r'[^a-z]+', ' ', low)}", 1.0
    return (f"of {singular(low.split()[-1])}", 1.0) if re.fullmatch(r"[a-z ]+", low) else ("", 1.0)


def _clause(text: str, at: int) -> str:
    """The part of a sentence around ``at``, between semicolons, dashes and 'and', 'but', 'while' after a comma."""
    edges = [
        0,
        *(found.end() for found in re.finditer(r";|,? (?:but|while|whereas) |, and |\|| – | — ", text)),
        len(text),
    ]
    place = max(index for index, edge in enumerate(edges) if edge <= at)
    return text[edges[place] : edges[place + 1]]


def _about(clause: str, value: str, section: Sequence[str]) -> tuple[frozenset[str], frozenset[str]]:
    """The words a value is about, in one form each, and the conditions among them (with those of the heading above)."""
    said = re.findall(r"[A-Za-z][\w-]*", clause.replace(value, " "))
    words = {_stem(word.lower()) for word in said} - _EMPTY - {""}
    heading = {_stem(word) for name in section for word in re.findall(r"[a-z][\w-]*", name.lower())}
    per = {
        f"per {_stem(word.lower())}"
        for word in re.findall(r"(?i)(?:\b(?:per|for each|for every)|^\s{0,3}an?)\s+([a-z]+)", clause.split(value)[-1])
    }
    numbered = {
        f"{name} {number}".lower()
        for name, number in re.findall(r"(?i)\b(phase|tier|level|version|plan|v|release|step|stage)\s?(\d+)", clause)
    }
    named = {
        name.lower() for name in re.findall(r"(?<=[a-z,] )[A-Z][a-z]{2,30}\b", clause)
    }  # what holds for one place, plan or partner
    return frozenset(words - _SPLITS - {_stem(name) for name in named}), frozenset(
        named | (words | heading) & _SPLITS | per | numbered
    )


def _stem(word: str) -> str:
    return _SAME.get(word) or _SAME.get(singular(word)) or singular(word)


def _bound(before: str, after: str) -> str:
    if _MOST.search(before[-60:]) or _AFTER_MOST.search(after[:40]):
        return "most"
    return "least" if _LEAST.search(before[-60:]) or _AFTER_LEAST.search(after[:40]) else ""


def _clash(one: _Value, two: _Value) -> bool:
    """Whether two values are about one thing under the same conditions and cannot both hold."""
    if one.splits != two.splits or one.others != two.others:
        return False
    fewer, more = sorted((one.words, two.words), key=len)
    counted = one.dimension.startswith("of ") and one.bound == two.bound != ""
    if not fewer <= more or len(more - fewer) > 2 or (not fewer and not counted):
        return False
    if one.bound == two.bound:
        return one.value != two.value
    most = one if one.bound == "most" else two if two.bound == "most" else None
    least = one if one.bound == "least" else two if two.bound == "least" else None
    exact = one if one.bound == "" else two
    if most and least:
        return least.value > most.value
    return exact.value > most.value if most else bool(least and exact.value < least.value)


def _shown(value: _Value) -> str:
    return f"{ {'most': 'at most ', 'least': 'at least '}.get(value.bound, '') }{value.text}"
