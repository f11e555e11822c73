"""Characters that nobody sees, words that mix alphabets, and how they are spelled for a person."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

HIDDEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Default-ignorable, bidirectional, tag and variation characters (Unicode Standard, DerivedCoreProperties ``Default_Ignorable_Code_Point``)."""
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_JOINING = re.compile("[\u0600-\u0dff\u0e00-\u109f\u1780-\u18af]")
_LATIN = r"A-Za-z\u00c0-\u024f"
_MIXED = re.compile(
    rf"(?<!\w)(?=[{_LATIN}]{{0,60}}[\u0370-\u052f])(?=[\u0370-\u052f]{{0,60}}[{_LATIN}])[{_LATIN}\u0370-\u052f]{{3,60}}(?!\w)"
)
_ALIKE = re.compile(
    "[\u0391\u0392\u0395-\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03b1\u03b9\u03ba\u03bd\u03bf\u03c1\u03c4\u03c5]"
)
_SAME_SHAPE = str.maketrans(
    "АВЕЅІЈКМНОРСТУХаеорсухіјѕԁһԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧαιονρυ", "ABESIJKMHOPCTYXaeopcyxijsdhqwABEZHIKMNOPTYXaiovpu"
)
_TAGS = re.compile("[\U000e0020-\U000e007e]+")


def hidden(text: str) -> list[re.Match[str]]:
    """The invisible characters of ``text`` that its script or its emoji do not need."""
    if text.isascii():
        return []
    right_to_left = bool(_RIGHT_TO_LEFT.search(text))
    return [found for found in HIDDEN.finditer(text) if not _needed(text, found.start(), right_to_left)]


def _needed(text: str, at: int, right_to_left: bool) -> bool:
    """Whether the invisible character at ``at`` has work to do: in an emoji, a flag, or a script that joins or runs from the right."""
    sign, before, after = text[at], text[max(0, at - 1) : at], text[at + 1 : at + 2]
    if sign in "\ufe0e\ufe0f":
        return bool(before) and (
            unicodedata.category(before) in ("So", "Sm", "Sk", "Po") or before in "0123456789\u2194\u2b1b"
        )
    if sign == "\u200d":
        return _pictures(before) and _pictures(after) or bool(_JOINING.match(before or " "))
    if sign == "\u200c":
        return bool(_JOINING.match(before or " "))
    if sign in "\u200e\u200f\u061c\u2066\u2067\u2068\u2069":
        return right_to_left
    if "\U000e0020" <= sign <= "\U000e007f":
        flag = text.rfind("\U0001f3f4", max(0, at - 8), at)
        return flag >= 0 and all("\U000e0020" <= each <= "\U000e007f" for each in text[flag + 1 : at])
    return sign in "\u180b\u180c\u180d\u180e\u180f" and "\u1800" <= before <= "\u18af"


def _pictures(sign: str) -> bool:
    return bool(sign) and (unicodedata.category(sign) in ("So", "Sk", "Mn") or sign in "\ufe0f\u2640\u2642")


def spelled(text: str, most: int = 80) -> str:
    """``text`` on one line with its invisible and control characters as ``U+200B``, at most ``most`` characters."""
    shown = "".join(
        f"U+{ord(each):04X}"
        if HIDDEN.match(each) or unicodedata.category(each) in ("Cc", "Cf", "Co") and each not in "\n\t"
        else each
        for each in text[: most * 2]
    )
    shown = " ".join(shown.split())
    return shown if len(shown) <= most else shown[: most - 1] + "…"


def counted(found: list[re.Match[str]]) -> str:
    """How many of which: ``U+200B ×12, U+2060 ×2``; the rarer kinds by number only."""
    kinds = Counter(each.group() for each in found).most_common()
    named = ", ".join(f"U+{ord(sign):04X} ×{many}" for sign, many in kinds[:5])
    return f"{named} and {len(kinds) - 5} more kinds" if len(kinds) > 5 else named


def told(text: str) -> str:
    """What tag characters say in ASCII; empty if there are none."""
    return " ".join("".join(chr(ord(each) - 0xE0000) for each in found) for found in _TAGS.findall(text))


def seen(text: str) -> str:
    """``text`` as a reader sees it: without what is invisible, compatible forms and look-alike letters in Latin."""
    if text.isascii():
        return text
    plain = unicodedata.normalize("NFKC", HIDDEN.sub("", text))
    return _MIXED.sub(lambda found: found.group().translate(_SAME_SHAPE), plain)


def mixed(text: str) -> re.Match[str] | None:
    """The first word that mixes Latin with look-alike Greek or Cyrillic letters; a symbol beside a unit (``μs``, ``ΔT``) is none."""
    if text.isascii():
        return None
    for found in _MIXED.finditer(text):
        word = found.group()
        cyrillic = any("\u0400" <= each <= "\u052f" for each in word)
        alike = len(_ALIKE.findall(word))
        latin = sum(each.isascii() for each in word)
        if cyrillic or (alike and latin >= 3):
            return found
    return None
