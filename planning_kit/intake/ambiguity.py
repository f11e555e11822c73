"""Words that let two readers expect two different systems, each with what to write instead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .remark import Remark
from .wording import Wording

RULE = "ambiguous-word"


@dataclass(frozen=True)
class Smell:
    """A kind of ambiguous wording: its ``words``, what to write ``instead``, and whether a measured value in the same sentence mends it."""

    words: re.Pattern[str]
    instead: str
    measurable: bool


def _smell(instead: str, words: str, measurable: bool = True) -> Smell:
    return Smell(re.compile(rf"(?i)(?<![\w-])(?:{words})(?![\w-])"), instead, measurable)


SMELLS = (
    _smell(
        "write how much time it may take, for which share of the cases and under which load",
        r"fast(?! track| forward)|quick(?:ly)|swift(?:ly)?|rapid(?:ly)?|prompt(?:ly)|(?:with)?in (?:an? )?(?:reasonable|short|acceptable|appropriate) time|(?:a )?few (?:seconds|minutes|hours|days|weeks)|at short notice|in a timely (?:manner|fashion)|timely(?! reminder)|immediate(?:ly)|instant(?:ly|aneous(?:ly)?)|"
        r"(?:in|near) real[- ]time|as soon as (?:possible|practicable)|asap|without (?:undue )?delays?|short(?:ly)(?! before| after)|low latency|high[- ]performance|performant|responsive",
    ),
    _smell(
        "write the interval or the number of times",
        r"frequent(?:ly)(?! asked)|regularly|periodically|from time to time|occasional(?:ly)|sometimes|often",
    ),
    _smell(
        "write what somebody can do, in how many steps or minutes, without help",
        r"user[- ]friendly|easy[- ]to[- ]\w+|eas(?:y|ily)|simple to \w+|intuitive(?:ly)?|convenient(?:ly)?|straight-?forward|self-explanatory|seamless(?:ly)?|smooth(?:ly)?|effortless(?:ly)?|hassle-free",
    ),
    _smell(
        "write the property that can be tested, with its value",
        r"robust(?:ly|ness)?|flexibl[ey]|powerful|modern|state[- ]of[- ]the[- ]art|cutting-edge|world-class|future-proof|best practices|industry[- ]standard|efficient(?:ly)?|effective(?:ly)?(?! date)|cost-effective|"
        r"elegant(?:ly)?|graceful(?:ly)?|proper(?:ly)?|clean(?:ly)|reasonabl[ey]|acceptable|sensibl[ey]|adequate(?:ly)?|sufficient(?:ly)?(?! (?:stock|balance|funds|permissions?|privileges?|rights|credits?|inventory))|"
        r"significant(?:ly)?(?! (?:digits?|figures?))|minimal(?:ly)?|substantial(?:ly)?|considerabl[ey]|high[- ]quality|good performance|highly available|scalable|reliabl[ey]|secure(?:ly)(?! (?:with|using|via|by|over)\b)|error-free|bug-free|100 ?% secure",
    ),
    _smell(
        "write which one, or the condition that decides it",
        r"appropriate(?:ly)?|suitabl[ey]|relevant|applicable(?! law)|certain (?!that\b)(?=[a-z]+s\b)|some kind of|normal(?:ly)?(?! (?:users?|form|distribution|hours?|operations?))|usual(?:ly)|general(?:ly)|typical(?:ly)|most(?:ly)",
    ),
    _smell(
        "write the value that is enough",
        r"optimal(?:ly)?|optimi[sz]ed|minimi[sz]e[sd]?|maximi[sz]e[sd]?|the best|fastest|easiest|as (?:much|many|far|little|few|fast|quickly|low|high|short|small) as possible|better(?! than)|faster(?! than)|easier(?! than)|improved|enhanced",
    ),
    _smell(
        "write when it holds and when not; as it stands anybody can skip it",
        r"(?:if|when|where|wherever|whenever) (?:it is )?(?:possible|practical|practicable|feasible|appropriate|applicable|needed|necessary|required)|as (?:appropriate|applicable|necessary|needed|required)|if need be|"
        r"to the extent possible|best[- ]effort|ideally|preferably|eventually(?! consistent)|depending on needs",
        False,
    ),
    _smell(
        "list all that belongs to it, or give the rule that decides",
        r"etc|and so (?:on|forth)|including but not limited to|but not limited to|and more(?=[\s]*[.,;)]|$)|among others|and similar|or similar|and the like|and others(?=[\s]*[.,;)]|$)|as a minimum",
        False,
    ),
)
"""The requirement smells of ISO/IEC/IEEE 29148:2018, 5.2.7, and of Femmer et al., *Rapid quality assurance with Requirements Smells* (2017)."""

_MEASURED = re.compile(
    r"(?i)\d[\d,.]*\s?(?:%|percent\b|ms\b|milliseconds?|s\b|sec\w*|min\w*|hours?|days?|weeks?|months?|years?|clicks?|steps?|[KMGT]B\b|per\b|/|times\b|of (?:\d|all)|th percentile|users|requests|rps\b|tps\b)|\bp\d\d\b|\b(?:one|two|three|five|ten) (?:seconds?|minutes?|hours?|clicks?|steps?)\b|\bWCAG\b"
)
_PRONOUN = re.compile(
    r"^\s{0,20}(?:[-*+•]\s+|\d{1,3}[.)]\s+)?(It|They|This|These|Those|That)\s+(?:(?:also|then|only)\s+)?(must|shall|should|will|can|may|[a-z]+s)\b(?!\s+be\s+possible)"
)
_TWICE = re.compile(
    r"(?i)\b(?:must|shall|should|may) not\b[^.;]{0,120}?\b(unless|except|other than)\b[^.;]{0,120}?\b(?:not|no|un(?:less|til))\b"
)


def remarks(wording: Wording) -> Iterator[Remark]:
    """What is ambiguous in a passage that asks for something, each word once; not what is quoted, code, a name or measured."""
    seen: set[str] = set()
    for smell in SMELLS:
        for found in smell.words.finditer(wording.own):
            word = re.sub(r"\s+", " ", found.group().lower()).strip()
            if (
                any(f" {word} " in f" {each} " for each in seen)
                or _names(wording.own, found)
                or (smell.measurable and measured(wording.around(found.start())))
            ):
                continue
            seen.add(word)
            yield Remark(
                RULE,
                word,
                wording.passage.id,
                wording.line(found.start()),
                f"'{word}' leaves open what is meant: {smell.instead}",
            )
    pronoun = _PRONOUN.match(wording.own)
    if pronoun and wording.passage.kind == "item" and pronoun.group(2) not in ("is", "does", "has", "was"):
        word = pronoun.group(1)
        yield Remark(
            "vague-pronoun",
            "",
            wording.passage.id,
            wording.line(0),
            f"'{word}' names nothing: begin with who or what '{word.lower()}' is",
        )
    if double := _TWICE.search(wording.own):
        yield Remark(
            "double-negative", "", wording.passage.id, wording.line(double.start()),
            f"'not … {double.group(1)} … not' is easily read the wrong way round: write who may do it, and when",
        )  # fmt: skip


def measured(sentence: str) -> bool:
    """Whether a sentence holds a value that can be tested."""
    return bool(_MEASURED.search(sentence[:2000]))


def _names(text: str, found: re.Match[str]) -> bool:
    """Whether the word is part of a name: written with a capital inside a sentence, or before a word that is."""
    if not found.group()[0].isupper():
        return False
    before = text[max(0, found.start() - 40) : found.start()].rstrip(" *_")
    return (
        bool(before) and before[-1] not in ".!?:;\n-|•" and not re.search(r"(?:^|\n)\s*(?:[-*+]|\d{1,3}[.)])$", before)
    )
