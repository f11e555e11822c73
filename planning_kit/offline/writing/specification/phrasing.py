"""The forms a requirement's words take: tidied, one obligation each, verbs as they stand after 'shall'."""

from __future__ import annotations

import re

from ...reading import words
from ...reading.phrases import VERBS
from ..markdown import shorten


def each_of(text: str) -> frozenset[str]:
    """The words of ``text``."""
    return frozenset(text.split())


LONGEST = 420
"""Most characters of a requirement."""
TAG = re.compile(r"\s*\(?\b(?:REQUIRED|RECOMMENDED|OPTIONAL)\b\)?[\s.]*$")
_GROUPS = {
    "create": "create add register book enroll enrol define record",
    "read": "search list extract view find see query read get retrieve browse look",
    "update": "update modify edit change amend",
    "delete": "delete remove cancel",
}
DEED = {verb: group for group, verbs in _GROUPS.items() for verb in verbs.split()}
"""A verb → what is done to a record: create, read, update or delete."""
_VERB = "|".join(sorted(DEED, key=len, reverse=True))
_DEEDS = re.compile(
    rf"\b(?P<before>to|shall|shall not|let [^,]{{3,40}}?) (?P<verbs>(?:{_VERB})(?:(?:\s*/\s*|, and |, or |, | and | or )(?:{_VERB}))+)\s+(?P<rest>\S.*)"
)
_ALSO = re.compile(
    r"\s+and\s+(?P<also>(?:also\s+)?(?:(?:must|shall|MUST)\s+)?(?:notify|notifies|escalate|log|send|remove|perform|publish|have been|alert|return|prompt|avoid) (?!and\b)\S.*)"
)
MORE = each_of(
    "ensure verify generate transform serve offer provide support allow enable maintain handle route remind include "
    "enter log utilize accept confirm check track monitor detect store keep retain validate run configure prompt "
    "collect measure compute calculate permit grant guarantee protect encrypt redirect count shorten answer respond "
    "lock block expose take sign "
)
"""Verbs of systems that no operation is derived from."""


def tidy(text: str) -> str:
    """``text`` without numbering, tags, doubled words and long asides, its keywords in small letters."""
    text = TAG.sub("", re.sub(r"\s+", " ", text).strip(" *•"))
    text = re.sub(
        r"^(?:\d{1,2}(?:\.\d{1,2}){2,3}\.?|\d{1,2}(?:\.\d{1,2}){0,2}\.|\d{1,2}\.\d{1,2}(?=\s+[A-Z]))\s+", "", text
    )
    text = re.sub(
        r"^(?!(?:ISO|IEC|RFC|UTF|SHA|AES|TLS|DIN|EN|HTTP|WCAG)\b)(?:[A-Z]{1,6}-?\d{1,4}(?:\.\d{1,3}){0,3}|[A-Z]{2,3}-[A-Z][A-Z0-9]{1,5} \d{2,4})\s?[:.)–—-]\s+",
        "",
        text,
    )
    text = re.sub(r"(?<=[)\]])(?=(?:must|shall|should|can|may|will)\b)", " ", text)
    text = re.sub(r"\b(\w{4,}) \1\b", r"\1", text)
    text = re.sub(r"\b(MUST|SHALL|SHOULD|MAY|WILL|CAN)\b( NOT\b)?", lambda hit: hit.group().lower(), text)
    text = (
        re.sub(r"\bdo not (?=\w)", "not ", text) if re.search(r"\b(?:must|shall|should|and) do not\b", text) else text
    )
    text = re.sub(r"\s*\((?:e\.g\.?|for example|such as)[^()]{60,400}\)", "", text)
    text = re.sub(r"^(Takes? [^,.]{3,80}), (?=returns? )", r"\1 and ", text)
    return text.rstrip(" .;,")


def and_also(text: str) -> list[str]:
    """A statement with a second obligation joined by 'and', as two with the same subject."""
    also = _ALSO.search(text)
    shall = text.find(" shall ")
    if also is None or not 0 <= shall < also.start() or "," in text[also.start() : also.start() + 2]:
        return [text]
    first = re.sub(r"^(?:not |\w+ly )+", "", text[shall + 7 : also.start()])
    if len(first.split()) < 2 or re.search(r", [a-z]+ [a-z]+$", first):
        return [text]
    second = re.sub(r"^(?:also\s+)?(?:must|shall|MUST)\s+", "", also["also"])
    head = text[: shall + len(" shall ")]
    required = re.match(r"(?:require|allow) .{3,80}? to (?=be |have )", text[shall + 7 :])
    if required:
        head += required.group()
    elif re.match(r"(?:enable|allow|let|require|make it possible)\b", text[shall + 7 :]):
        return [text]
    return [text[: also.start()], f"{head}{second}"]


def deeds(text: str) -> list[str]:
    """A statement about creating, changing and deleting something, as one for each of them."""
    found = _DEEDS.search(text)
    if found is None:
        return [text]
    verbs = re.findall(rf"\b(?:{_VERB})\b", found["verbs"])
    grouped = {
        group: [verb for verb in verbs if DEED[verb] == group] for group in dict.fromkeys(DEED[v] for v in verbs)
    }
    if len(grouped) < 2:
        return [text]
    head = text[: found.start("verbs")]
    return [f"{head}{' and '.join(dict.fromkeys(some))} {found['rest']}" for some in grouped.values()]


def base(verb: str) -> str:
    """``reminds`` → ``remind``."""
    known = words.base(verb, VERBS | MORE)
    if known or verb == "has":
        return known or "have"
    if verb.endswith("ies") and len(verb) > 4:
        return verb[:-3] + "y"
    return verb[:-2] if re.search(r"(?:ss|x|z|ch|sh|o)es$", verb) else verb[:-1]


def begins_with_a_verb(text: str) -> bool:
    """Whether ``text`` begins with a verb of a system or its users in its plain form."""
    first = text.split(" ")[0].lower()
    return first in VERBS | MORE


def lower(text: str) -> str:
    """``text`` with a small first letter, unless its first word is a name or an abbreviation."""
    first = re.split(r"[\s(]", text, maxsplit=1)[0]
    return text if re.search(r"[A-Z].*[A-Z]|\d", first) or not first[:1].isupper() else text[:1].lower() + text[1:]


def bases(text: str) -> str:
    """``text`` with the verbs that go on after a comma or 'and' in the form they have after 'shall'."""

    def base(hit: re.Match[str]) -> str:
        known = words.base(hit["verb"], VERBS | MORE)
        return f"{hit['before']}{known}" if known and known != hit["verb"] else hit.group()

    return re.sub(
        r"(?P<before>, (?:and )?(?:then )?|\band (?:then )?)(?P<verb>[a-z]{3,}s)\b(?= (?:the|an?|their|his|her|its|it|them|different)\b)",
        base,
        text,
    )


def upper(text: str) -> str:
    """``text`` with a large first letter."""
    return text[:1].upper() + text[1:]


def ended(text: str) -> str:
    """``text`` as a sentence, cut to :data:`LONGEST` at a word."""
    return shorten(upper(text.strip().rstrip(" .;,")), LONGEST).rstrip(".") + ("" if len(text) > LONGEST else ".")
