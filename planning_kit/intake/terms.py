"""Abbreviations that are expanded nowhere, and terms that a glossary lacks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from ..brief import Brief
from .acronyms import KNOWN, SHOUTED
from .remark import Remark
from .wording import Wording

MOST_NAMED = 12
"""Most abbreviations that get a finding of their own; more are listed in one."""
_ACRONYM = re.compile(r"(?<![\w./#@&-])(?:[A-Z]{2,6}|[A-Z][A-Z0-9]{1,5})(?=s?(?![\w@/-]))")
_MAKER = re.compile(r"(?i)\b(?:laboratory|lab|company|manufacturer|supplier|brand|firm|carrier|maker|made by)\s$")
_DEVICE = re.compile(r"(?i)\s(?:analy[sz]ers?|scanners?|printers?|readers?|cameras?|devices?|machines?|terminals?)\b")
_ROMAN = re.compile(r"^[IVX]+$")
_PAIR = re.compile(
    r"[A-Za-z][ \u00a0][^()\n]{0,60}\(\s{0,3}(?:the\s)?[\"“'*_]{0,3}([A-Z][A-Z0-9]{1,5})s?[\"”'*_]{0,3}\s{0,3}[),;]|"
    r"(?<!\w)([A-Z][A-Z0-9]{1,5})s?[\"”'*_]{0,3}\s{1,3}\(\s{0,3}[A-Za-z][\w-]*[ /][^)\n]{3,100}\)"
)
_DEFINED = re.compile(
    r"(?m)^\s{0,20}(?:[-*+•|]\s{0,5})?[*_`\"“]{0,3}([A-Z][A-Z0-9]{1,5})s?[*_`\"”]{0,3}\s{0,5}(?:[:–—=|]|-\s|[*_]{0,3}\s{1,3}(?:stands for|means|is short for|is (?:an?|the)\s))|"
    r"\b([A-Z][A-Z0-9]{1,5})s? (?:stands for|means|is short for|refers to)\b"
)
_TERM = re.compile(r"(?<=[a-z,] )([A-Z][a-z]{2,20}(?: [A-Z][a-z]{2,20}){1,2})(?! ?[A-Z(])")


def abbreviations(brief: Brief, wordings: Sequence[Wording]) -> Iterator[Remark]:
    """Abbreviations in use that the brief expands nowhere and that are in no general use."""
    text = brief.text
    told = {found.group(1) or found.group(2) for pattern in (_PAIR, _DEFINED) for found in pattern.finditer(text)}
    lower = set(re.findall(r"(?<!\w)[a-z]{2,6}(?!\w)", text))
    used: dict[str, list[tuple[Wording, int]]] = {}
    spelt: dict[str, bool] = {}
    for wording in wordings:
        if wording.passage.kind in ("code", "metadata", "rule", "html") or _shouts(wording.own):
            continue
        for found in _ACRONYM.finditer(wording.own):
            word = found.group()
            plain = word in KNOWN or word in SHOUTED or word.lower() in lower or _ROMAN.match(word) or word in told
            named = plain or _shouted(wording.own, found) or _names(wording.own, found)
            if not named and any(each.isalpha() for each in word[1:]) and not _enumerated(wording.own, found):
                if word not in used and word not in spelt:
                    spelt[word] = _spelt(word, text)
                if spelt[word]:
                    continue
                places = used.setdefault(word, [])
                if not places or places[-1][0] is not wording:
                    places.append((wording, found.start()))
    if len(used) > MOST_NAMED:
        first, at = next(iter(used.values()))[0]
        yield Remark(
            "undefined-term", "", first.passage.id, first.line(at),
            f"{len(used)} abbreviations are expanded nowhere ({', '.join(list(used)[:40])}): write each out where it is first used",
        )  # fmt: skip
        return
    for word, places in used.items():
        for wording, at in places:
            yield Remark(
                "undefined-term",
                word,
                wording.passage.id,
                wording.line(at),
                f"'{word}' is expanded nowhere: write it out where it is first used",
            )


def unlisted(wordings: Sequence[Wording]) -> Iterator[Remark]:
    """Terms with capitals, used more than once inside sentences, that the brief's own glossary lacks."""
    glossary = " ".join(
        wording.passage.text for wording in wordings
        if any(re.search(r"(?i)\bglossary\b|\bdefinitions?\b|\bterm(?:s|inology)\b", name) for name in wording.passage.section)
    ).lower()  # fmt: skip
    if not glossary:
        return
    headings = " ".join(wording.passage.plain for wording in wordings if wording.passage.kind == "heading").lower()
    places: dict[str, tuple[Wording, int]] = {}
    counts: Counter[str] = Counter()
    for wording in wordings:
        for found in _TERM.finditer(wording.own) if wording.asks else ():
            counts[found.group(1)] += 1
            places.setdefault(found.group(1), (wording, found.start()))
    for term, _ in [each for each in counts.most_common(40) if each[1] > 1][:10]:
        if term.lower().rstrip("s") not in glossary and term.lower() not in headings:
            wording, at = places[term]
            yield Remark(
                "not-in-glossary",
                term,
                wording.passage.id,
                wording.line(at),
                f"'{term}' is written like a defined term and the glossary lacks it: add it, or use the glossary's word",
            )


def _shouts(text: str) -> bool:
    """Whether a passage is written in capitals throughout."""
    letters = [each for each in text[:2000] if each.isalpha()]
    return len(letters) > 8 and sum(each.isupper() for each in letters) * 3 > len(letters) * 2


def _shouted(text: str, found: re.Match[str]) -> bool:
    """Whether the word stands in a line of capitals, or with two others in a row, as in a title."""
    start = max(text.rfind("\n", max(0, found.start() - 100), found.start()) + 1, found.start() - 100, 0)
    line = text[start : found.end() + 100].split("\n", 1)[0]
    run = re.search(
        r"(?:\b[A-Z]{2,20}[ .,:&-]{1,3}){2}$", text[max(start, found.start() - 60) : found.start()]
    ) or re.match(r"(?:[ .,:&-]{1,3}[A-Z]{2,20}\b){2}", text[found.end() : found.end() + 60])
    return _shouts(line) or bool(run)


def _names(text: str, found: re.Match[str]) -> bool:
    """Whether the word is the name of a company or product: five letters or more, or beside the word for a maker or a device.

    Abbreviations of five letters or more are rare and mostly known; a shorter one is taken for a name only where the text says whose or what.
    """
    word = found.group()
    before, after = text[max(0, found.start() - 30) : found.start()], text[found.end() : found.end() + 30]
    beside = _MAKER.search(before) or _DEVICE.match(after)
    return word.isalpha() and (len(word) >= 5 or bool(beside and len(word) >= 4))


def _spelt(word: str, text: str) -> bool:
    """Whether the brief writes out, with capitals and more than once, what the word's letters begin ('Building Block' for BB)."""
    if not word.isalpha() or len(word) < 2:
        return False
    spelt = r"\b" + r"[ -]".join(f"{letter}[a-z]{{2,20}}" for letter in word) + r"\b"
    found = [each.rstrip("s") for each in re.findall(spelt, text)]
    return len(found) > 1 and len({*found}) == 1


def _enumerated(text: str, found: re.Match[str]) -> bool:
    """Whether the word is a value among others in capitals (``OPEN, CLOSED``), which are names and not abbreviations."""
    before, after = text[max(0, found.start() - 20) : found.start()], text[found.end() : found.end() + 20]
    listed = re.match(r"\s*(?:[,|/→]|->|or\b|and\b)\s*[A-Z]{3,}", after) or re.search(
        r"[A-Z]{3,}\s*(?:[,|/→]|->|,? or|,? and)\s*$", before
    )
    return bool(listed) and len(found.group()) >= 4
