"""Words: sentences, singular and plural, and the spellings identifiers want."""

from __future__ import annotations

import re
from functools import lru_cache

from .lexicon import IRREGULAR, UNCOUNTABLE

_SINGULAR = {plural: one for one, plural in IRREGULAR.items()}
_STOP = re.compile(r"[.!?][\"'”’)\]]*\s+(?=[\"'“‘(\[]*[A-Z0-9\u0080-\uffff])|[。！？]\s*")
_ABBREVIATED = re.compile(
    r"(?:\b(?:e\.?g|i\.?e|etc|vs|approx|incl|no|nr|fig|mr|mrs|ms|dr|st|resp|max|min|sec)|(?:^|\s)\d{1,3}(?:\.\d{1,3}){0,4})$",
    re.IGNORECASE,
)
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_'’+#-]*|[^\sA-Za-z0-9]")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def sentences(text: str) -> list[str]:
    """The sentences of a one-line ``text``; 'e.g.' and numbering do not end one."""
    found, start = [], 0
    for stop in _STOP.finditer(text):
        before = text[max(start, stop.start() - 12) : stop.start()]
        if (
            stop.group()[0] == "."
            and _ABBREVIATED.search(before)
            and not (before.lower().endswith("etc") and stop.end() < len(text) and text[stop.end()].isupper())
        ):
            continue
        found.append(text[start : stop.end()].strip())
        start = stop.end()
    found.append(text[start:].strip())
    return [sentence for sentence in found if sentence]


def spans(text: str) -> list[tuple[str, int]]:
    """Words and punctuation marks of ``text``, in order, as they are spelt, each with where it ends."""
    return [(hit.group(), hit.end()) for hit in _WORD.finditer(text)]


@lru_cache(maxsize=20_000)
def singular(word: str) -> str:
    """One of what ``word`` names (lower case for a plural that is not spelt in capitals): ``people`` is ``person``."""
    low = word.lower()
    if low in _SINGULAR:
        return _SINGULAR[low]
    if (
        low in UNCOUNTABLE
        or low in IRREGULAR
        or len(low) < 4
        or not low.endswith("s")
        or low.endswith(("ss", "us", "is", "ous"))
    ):
        return low
    if low.endswith("ies") and len(low) > 4:
        return low[:-3] + "y"
    if low.endswith(("sses", "shes", "ches", "xes", "zzes")):
        return low[:-2]
    if low.endswith("uses") and not low.endswith(("auses", "ouses")):
        return low[:-2]
    return low[:-1]


@lru_cache(maxsize=20_000)
def plural(word: str) -> str:
    """Many of what ``word`` (singular) names: ``person`` is ``people``."""
    low = word.lower()
    if low in IRREGULAR:
        return IRREGULAR[low]
    if low in UNCOUNTABLE:
        return low
    if low.endswith("y") and low[-2:-1] not in "aeiou":
        return low[:-1] + "ies"
    if low.endswith(("s", "x", "z", "ch", "sh")):
        return low + "es"
    return low + "s"


def parts(phrase: str) -> list[str]:
    """Lower-case ASCII words of a phrase or identifier: ``AlertSchedule`` and ``alert_schedules`` both give two."""
    spaced = _CAMEL.sub(" ", re.sub(r"['’]s\b|['’]", "", phrase))
    return [word.lower() for word in re.findall(r"[A-Za-z0-9]+", spaced)]


def one(phrase: str) -> tuple[str, ...]:
    """The words of a noun phrase with its last word in the singular."""
    words = parts(phrase)
    return (*words[:-1], singular(words[-1])) if words else ()


def pascal(words: tuple[str, ...] | list[str]) -> str:
    """``AlertSchedule``."""
    return "".join(word[:1].upper() + word[1:] for word in words)


def camel(words: tuple[str, ...] | list[str]) -> str:
    """``alertSchedule``."""
    name = pascal(words)
    return name[:1].lower() + name[1:]


def snake(words: tuple[str, ...] | list[str]) -> str:
    """``alert_schedule``."""
    return "_".join(words)


def many(words: tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """The words of a phrase with its last word in the plural."""
    return (*words[:-1], plural(words[-1])) if words else ()


def identifier(phrase: str) -> str:
    """``phrase`` as a snake_case name, or empty when it has no ASCII letters."""
    name = snake(parts(phrase))
    return name if re.search(r"[a-z]", name) else ""


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """What the forms of a verb share: ``enrolment``, ``enrolled``, ``enroll`` give ``enrol``."""
    low = re.sub(r"at$", "", re.sub(r"(?:ments?|ions?|ings?|ed|e?s|e)$", "", word.lower()))
    low = re.sub(r"script$", "scrib", low)
    low = re.sub(r"([b-df-hj-np-tv-z])\1$", r"\1", low)
    return re.sub(r"i$", "y", low) if len(low) > 3 else low


def base(word: str, verbs: frozenset[str]) -> str:
    """The verb in ``verbs`` that ``word`` is a form of (``creating``, ``creates``), or empty."""
    low = word.lower()
    if low in verbs:
        return low
    for ending, instead in (
        ("ies", "y"),
        ("es", ""),
        ("s", ""),
        ("ying", "y"),
        ("ing", ""),
        ("ing", "e"),
        ("ied", "y"),
    ):
        if low.endswith(ending) and len(low) > len(ending) + 1:
            trunk = low[: -len(ending)] + instead
            if trunk in verbs:
                return trunk
            if len(trunk) > 3 and trunk[-1] == trunk[-2] and trunk[:-1] in verbs:
                return trunk[:-1]
    return ""


def undone(participle: str, verbs: frozenset[str]) -> str:
    """The verb in ``verbs`` whose participle in -ed this is (``cancelled``), or empty."""
    low = participle.lower()
    for trunk in (low[:-2], low[:-1], low[:-3], low[:-3] + "y"):
        if trunk in verbs:
            return trunk
    return ""
