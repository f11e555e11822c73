"""What kind of quality or constraint a statement is, by its words, and how a quality that has no measure could be measured.

Qualities are the characteristics of ISO/IEC 25010:2023.
"""

from __future__ import annotations

import re

_QUALITIES = (
    ("Maintainability", r"indicators|internal metrics|housekeeping"),
    ("Security", r"secur|encrypt|authenticat|authoris|authoriz|\btokens?\b|password|access\b|privacy|confidential|audit (?:trail|consideration)|audited|GDPR|PCI|personal|"
     r"two-factor|\bcard data\b|stored in the|rate[- ]limit|\blog(?:s|ged|ging)?\b.{0,40}\bactions?\b|license plates|deleted after|\bdata is gone|\bgone \d"),
    ("Performance efficiency", r"latency|performance|throughput|per second|response time|\bms\b|answered within|\bfast|swift|efficien|concurren|"
     r"\bload\b|scal(?:e|ing|ability)|capacity|queue depth|stored procedure|same ten minutes|seconds old|\d\s?s for\b|opened? in"),
    ("Maintainability", r"maintain|monitor|metrics|indicators|housekeeping|audit purposes|administ|configur|source code|test(?:able|ed)"),
    ("Reliability", r"\blost\b|availab|uptime|reliab|fault|recover|resilien|redundan|backup|retr(?:y|ies)|failure|down at night|thread[- ]saf|anomal|correctness"),
    ("Interaction capability", r"\bphones?\b|\bmobile\b|usab|user[- ]friendly|easy to use|accessib|language|straightforward|feedback messages|WCAG"),
    ("Compatibility", r"compatib|interoperab|integrat|standard|interface"),
    ("Flexibility", r"portab|adapt|agnostic|browser|platform|deploy|install"),
    ("Safety", r"\bsafety\b|hazard|harm"),
)  # fmt: skip
_MEASURES = {
    "Security": "every operation that is not public answers 401 without valid credentials and 403 without the right to do it",
    "Performance efficiency": "95 % of the requests are answered within 500 ms",
    "Reliability": "99.5 % of the month, measured at the interface",
    "Interaction capability": "4 of 5 users finish the main task at the first attempt without help",
    "Maintainability": "each indicator named here can be read from one place within 60 s of its change",
    "Compatibility": "the contract tests of each named interface pass",
    "Flexibility": "an instance is set up on a second environment without a change of the code",
    "Safety": "each hazard that is named has a test",
    "Functional suitability": "a test or a review shows that it is so",
}
_CLOSER = (
    (r"hash", "no secret in clear text is found in the store, the logs or a backup"),
    (r"encrypt", "no copy of the data can be read without its key"),
    (
        r"\bnot (?:be )?(?:stored|kept|logged)|\bnever (?:be )?(?:stored|kept|logged)",
        "no such data is found in the store, the logs or a backup",
    ),
    (r"stored in the", "every store and every backup is in the named region"),
    (r"\blog(?:s|ged|ging)?\b|audit", "each such action is found in the log with who did it and when"),
    (r"\blost\b", "a test that interrupts the service at any moment loses nothing"),
    (r"\bphones?\b|\bmobile\b", "every page can be used 360 px wide without scrolling sideways"),
)
"""Words → a measure that fits them better than the one of their quality."""
_COUNTED = re.compile(
    r"\b\d[\d.,]*\s?(?:%|(?:ms|s|seconds?|minutes?|hours?|days?|months?|years?|requests?|users?|times?)\b)?(?:\s(?:per|a)\s\w+)?"
)
_OPERATIONAL = re.compile(
    r"(?i)\bhost|\bdeploy|\bcloud|data cent|operat(?:ed|ion)|backup|budget|licen[cs]e|deadline|users? (?:must|shall|should)|familiar|vendor|"
    r"certif|on-premises?|load balanc|collocat|staff|\bcost"
)
_TECHNICAL = re.compile(
    r"(?i)\bwritten in\b|\bbuilt (?:using|with)|\bjava\b|python|\bC\+\+|sql|database|runtime|environment|language|framework|"
    r"librar|version|standard|format|protocol|schema|endpoint|request|json"
)


def characteristic(text: str) -> str:
    """The characteristic of ISO/IEC 25010 a statement is about; functional suitability when its words say none."""
    return next((name for name, said in _QUALITIES if re.search(f"(?i)(?:{said})", text)), "Functional suitability")


def measure(quality: str, text: str = "") -> str:
    """A measure that is proposed where the brief gives none, for what ``text`` asks."""
    return next((said for pattern, said in _CLOSER if re.search(f"(?i){pattern}", text)), _MEASURES[quality])


def counted(text: str) -> str:
    """The number with its unit that ``text`` names itself; empty when it names none."""
    found = [hit.group().strip() for hit in _COUNTED.finditer(text) if " " in hit.group().strip() or "%" in hit.group()]
    return ", ".join(dict.fromkeys(found))


def constraint(text: str) -> str:
    """``technical``, ``architecture`` or ``operational``: what a constraint binds."""
    if _OPERATIONAL.search(text):
        return "operational"
    return "technical" if _TECHNICAL.search(text) else "architecture"
