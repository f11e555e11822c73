"""What is to be done without saying by whom, and qualities without a value that can be tested."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..offline.reading.lexicon import ROLES
from .ambiguity import measured
from .remark import Remark
from .wording import Wording

_ACTS = (
    "approved|rejected|reviewed|verified|authori[sz]ed|escalated|assigned|moderated|configured|appointed|granted|revoked|confirmed|inspected|overridden|waived|"
    "signed off|monitored|logged|documented|reported|maintained"
)
"""Acts for which it matters who does them: somebody has to be allowed to, or has to remember to."""
_ALLOWED = (
    _ACTS
    + "|cancel+ed|published|refunded|edited|modified|changed|amended|deleted|removed|deactivated|suspended|unlocked|reopened|disabled|adjusted|corrected|"
    "added|created|invited|blocked|exported|imported|restored|archived|downloaded|viewed|shared|transferred"
)
"""Acts that are allowed: to whom decides the access rules."""
_PASSIVE = re.compile(
    rf"(?i)\b(?:(?:must|shall|should|has to|have to|needs? to|will)\s+(?:only\s+|also\s+|first\s+)?be\s+(?:[a-z]+ly\s+)?({_ACTS})|"
    rf"(?:can|may)\s+(?:only\s+|also\s+|not\s+)?be\s+(?:[a-z]+ly\s+)?({_ALLOWED}))\b"
)
_BY = re.compile(
    r"(?i)\b(?:by|via|through|automatic\w*|system|scheduler|platform|service|server|backend|application|api|app|endpoint|block|component|database|job|migration)\b"
)
_ACTIVE = re.compile(
    rf"(?i)\b(?:{'|'.join(sorted(each for each in ROLES if each.isalpha()))})s?\s+(?:must|shall|should|can|may|will|wants?|needs?|has|have|is able|are able)\b(?!\s+(?:only\s+|also\s+|not\s+)?be\s)"
)
_UNMEASURED = re.compile(
    r"(?i)\b(?:be|is|are|remain|stay) (?:\w+ )?(?:fast|quick|scalable|highly available|available(?= ?[.;]| at all times|$)|responsive|reliable|performant|resilient|efficient|robust|fault[- ]tolerant|maintainable|portable)\b|"
    r"\b(?:high|good|excellent|optimal|great|sufficient|acceptable|low|fast|short|better) (?:availability|performance|throughput|latency|response times?|reliability|scalability|uptime|load)\b|"
    r"\b(?:ensur\w+|guarantee\w*|provide|offer|maintain|support)s? (?:\w+ )?(?:availability|performance|reliability|scalability|uptime|efficiency|maintainability|resilience)\b|"
    r"\b(?:handle|support|cope with|sustain) (?:a )?(?:large|many|high|increasing|growing|heavy|peak|thousands|millions)\b|\bscales? (?:well|easily|horizontally|up|with)\b|\bminimi[sz]\w+ (?:latency|downtime|overhead|load)\b|"
    r"\b(?:swiftly|quickly|efficiently|without (?:undue )?delays?|user[- ]friendly|easy to use)\b"
)


def without_actor(wording: Wording) -> Iterator[Remark]:
    """An act that somebody must be allowed or obliged to do, with nobody named in its sentence."""
    for sentence in wording.sentences:
        whole = f"{sentence.lead} {sentence.text}"
        found = _PASSIVE.search(sentence.text)
        if found and not _BY.search(whole) and not _ACTIVE.search(whole):
            yield Remark(
                "requirement-without-actor", (found.group(1) or found.group(2)).lower(), wording.passage.id, _line(wording, found.group()),
                f"'{found.group().lower()}' does not say by whom: name the role or the part of the system that does it",
            )  # fmt: skip
            return


def without_measure(wording: Wording) -> Iterator[Remark]:
    """A quality that is asked for without a value."""
    if wording.name != "quality":
        return
    for sentence in wording.sentences:
        found = _UNMEASURED.search(sentence.text)
        if found and not measured(sentence.text):
            yield Remark(
                "quality-without-measure", "", wording.passage.id, _line(wording, found.group()),
                f"'{found.group()}' cannot be tested: write a number, its unit, and when it is measured",
            )  # fmt: skip
            return


def _line(wording: Wording, words: str) -> int:
    at = wording.passage.text.find(words)
    return wording.line(max(at, 0))
