"""Who does what to what: the clauses of a sentence that ask for something to be done through an API."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from . import lexicon, words
from .lexicon import ADVERBS, BOUNDARY, DETERMINERS
from .phrases import JOIN, VERBS, Noun, evident, is_verb, nouns, thinglike
from .sentences import Sentence

_PREPOSITIONS = {"of", "into", "in", "to", "for", "with", "from", "by", "at", "on", "within", "across", "between"}
ASIDES = re.compile(r"(?i)\s*\((?:e\.g\.?|for example|i\.e\.?|such as)[^)]{0,300}\)")
_FEATURES = re.compile(
    r"(?i)\b(?:features?|functional\w*|requirements?|capabilit\w+|use cases?|stor(?:y|ies)|operations?|functions?|management|scope|backlog|epics?|endpoints?|api|tasks?|must|can)\b"
)
_TWO = (
    (r"\blog in (?=(?:their|his|her|its|the|an?)\b)", "record "),
    (r"\b(?:log|sign)[ -]?(?:in|on)\b(?! (?:their|his|her|its|the|a|an)\b)", "login"),
    (r"\b(?:log|sign)[ -]?(?:out|off)\b", "logout"),
    (r"\bsign(?:ing)?[ -]?up\b", "signup"),
    (r"\bcheck(?:ing)?[ -]?in\b", "checkin"),
    (r"\b(?:search|look|query)(?:ing)? (?:for|up)\b", "search"),
    (r"\bset(?:ting)? ?up\b", "setup"),
    (r"\bunsubscribe\b", "unsubscribe"),
    (r"\bcomplains? (?:about|of|over)\b", "complain"),
    (r"\bmake sure\b", "ensure"),
    (r"\bup to [\d,]+ (?!hours|days|minutes|times|weeks|months|years|characters)(?=[a-z]+s\b)", ""),
    (r"\band/or\b", "or"),
)
_PASSIVE = re.compile(
    r"(?i)(?:^|[.;|]\s+)(?P<what>(?:[a-z-]+\s+){0,2}[a-z-]+)\s+(?:can|must|may|should|shall|will)\s+(?:also\s+)?be\s+"
    r"(?P<done>[a-z]+ed(?:(?:,\s*(?:and\s+|or\s+)?|\s+and\s+|\s+or\s+)[a-z]+ed){0,6})\s+(?:only\s+)?by\s+(?:an?\s+|the\s+)?(?P<who>[a-z][a-z -]{1,40}?)(?=[.,;|]|$)"
)
_TITLED = re.compile(
    r"^(?![^:|]{0,60}\b(?:status|state|type|category|priority|role):)([^:|]{2,60})(?::|\s\|)\s+", re.IGNORECASE
)
_SAID = re.compile(
    r"^\W*[\w-]+(?:\s+(?!that\b|which\b|who\b)[\w-]+){0,3}\s+(?:must|shall|should|may|can|cannot|is|are|will|cost|lasts?|apply|applies)\b"
)
"""A sentence that says something of its first words, which are no command: 'Duplicate readings must be ignored'."""
_WHO = r"(?P<who>(?:[\w'’\"“”/-]+,?\s+){0,6}?[\w'’\"“”/-]+)"
_ASKS = (
    re.compile(rf"(?i)\b(?:enabl|allow|permitt?|lett?|help)(?:e|es|s|ing)?\s+{_WHO}\s+(?:to\s+)"),
    re.compile(
        rf"(?i)\blets?\s+(?P<who>(?:\w+\s+){{0,3}}?(?:\w+s|user|people)|(?:an?|the|each|every|any)\s+(?:[\w-]+\s+){{0,2}}?[\w-]+)\s+"
        rf"(?=(?:{'|'.join(sorted(VERBS))})\b)"
    ),
    re.compile(
        rf"(?i)\bas an?\s+{_WHO},?\s+I(?:'d like| want| need| would like| wish| can| should be able| must be able)\s+(?:to\s+)?(?:be able to\s+)?"
    ),
    re.compile(rf"(?i)\b(?:grants?|gives?|provides?)\s+{_WHO}\s+(?:the\s+)?(?:ability|possibility|option|means) to\s+"),
    re.compile(
        r"(?i)\b(?:it (?:must|shall|should|will) be possible(?: for (?P<who>[\w\s]{2,40}?))? to|(?<!internal )(?:ability|possibility|option|functionality) to)\s+"
    ),
    re.compile(
        r"(?i)\b(?:system|application|platform|app|service|api|backend|software|product|website)\s+(?:must|shall|should|will)\s+be able to\s+"
    ),
    re.compile(
        rf"(?i)(?:^|[.;,:|]\s+|\b(?:which|that|when|where|and)\s+){_WHO}\s+"
        r"(?:(?:can|may|must|shall|should|will|could)(?: also| then| be able to| be allowed to)?|(?:is|are) (?:able|allowed) to|needs? to|wants? to)\s+"
    ),
    re.compile(
        r"(?i)\b(?:must|shall|should|will|to)?\s*(?:support|offer|provide|handle|facilitate)s?\s+(?:for\s+|the\s+|easy\s+)*(?=\w+(?:ing|ion|al|ment)\b)"
    ),
)
_PLAIN = re.compile(
    r"(?:^|[;:]\s+|,\s+(?:and|but|while)\s+)(?:[A-Z][\w ]{1,40}, )?(?P<others>[A-Z][\w -]{1,40}(?:, [\w-][\w -]{1,40}){0,4},? (?:and|or) )?(?:(?:[A-Z]\w+|registered|all|authorized|authenticated)\s+){0,2}?(?P<last>[A-Za-z]+s|[Pp]eople|[Ss]taff)\s+(?:of (?:[a-z]+ ){1,6}?)?"
    rf"(?:also\s+)?(?=(?:{'|'.join(sorted(VERBS))})\b)"
)
"""A sentence that begins with people and what they do: 'Patients of a clinic book appointments'."""
_SUBJECT = next(pattern for pattern in _ASKS if "wants" in pattern.pattern)
_SYSTEM = re.compile(
    r"(?i)\b(?:system|application|app|platform|service|server|api|backend|solution|software|website|product|tool|program|module|component|block|interface|project|"
    r"scheduler|engine|it|they|we|there|this|that|these|which|requests?|responses?|each|database|endpoints?)\b[\"'”]?$"
)
_ASIDE = re.compile(
    r"(?i)\b(?:goals?|objectives?|acceptance|constraints?|dependenc|assumptions?|tests?|testing|risks?|success|metrics?|timeline|milestones?|roadmap|glossary|terms)\b"
)
"""Headings under which an imperative asks nothing of an API."""
_ABLE = (" can", " able to", " may", " want to", " wants to", " I can")
_FILLERS = frozenset(["to", "also", "then", "be", "able", "easily", "quickly", "securely", "only", "both", "self", "-"])
_TITLES_OF_WORK = ("training", "working")


@dataclass(frozen=True)
class Clause:
    """Somebody does something: ``verbs``, the noun phrases they are done to and those after each preposition."""

    actor: str
    verbs: tuple[str, ...]
    objects: tuple[Noun, ...]
    after: dict[str, tuple[Noun, ...]] = field(compare=False)
    own: bool
    sentence: Sentence


def clauses(sentence: Sentence, roles: frozenset[str]) -> list[Clause]:
    """Every clause of ``sentence`` that somebody other than the system asks to do; ``roles`` are nouns for people."""
    if (
        sentence.excluded
        or sentence.kind == "heading"
        or re.match(r"(?i)for (?:example|instance)\b|e\.g\.", sentence.text)
    ):
        return []
    text = _joined(ASIDES.sub("", sentence.whole[:3000]))
    found = _passive(text, sentence, roles)
    reached = -1
    for start, who in _anchors(text, sentence, roles):
        if start <= reached or re.search(r"(?i)\b(?:not|never|cannot)\s*$", text[max(0, start - 12) : start]):
            continue
        read, length = _read(text[start:], who, sentence, text[:start].rstrip().endswith(_ABLE))
        found += read
        reached = start + length if read else reached
    return found


def _passive(text: str, sentence: Sentence, roles: frozenset[str]) -> list[Clause]:
    """'Appointments can be booked and cancelled by patients', turned round."""
    found = []
    for hit in _PASSIVE.finditer(text):
        verbs = tuple(
            verb for word in re.findall(r"[a-z]+ed\b", hit.group("done").lower()) if (verb := words.undone(word, VERBS))
        )
        if verbs and words.singular(hit.group("who").split()[-1]) in roles:
            found.append(Clause(hit.group("who"), verbs, (tuple(hit.group("what").split()),), {}, False, sentence))
    return found


def _joined(text: str) -> str:
    for pattern, word in _TWO:
        text = re.sub(pattern, word, text, flags=re.IGNORECASE)
    return text


def _anchors(text: str, sentence: Sentence, roles: frozenset[str]) -> list[tuple[int, str]]:
    """Where in ``text`` somebody's verbs begin, and who it is."""
    found = []
    for pattern in _ASKS:
        for hit in pattern.finditer(text):
            who = (hit.groupdict().get("who") or "").strip("\"'“” ")
            acts = pattern is not _SUBJECT or words.singular((words.parts(who) or [""])[-1]) in roles
            if acts and not _SYSTEM.search(who):
                found.append((hit.end(), who))
    title = _TITLED.match(text)
    begin = title.end() if title and sentence.kind in ("item", "row", "remark") else 0
    first = re.match(r"[\w-]+", text[begin:])
    if (
        first
        and sentence.kind in ("item", "remark")
        and not sentence.lead
        and not _ASIDE.search(sentence.heading)
        and words.base(first.group(), VERBS)
        and not _SAID.match(re.sub(r"\s*\([^)]*\)", "", text[begin:]))
        and _imperative(first.group(), sentence)
    ):
        found.append((begin, ""))
    found += [
        (begin + plain.end(), f"{plain.group('others') or ''}{plain.group('last')}")
        for plain in _PLAIN.finditer(text[begin:])
        if words.singular(plain.group("last")) in roles
    ]
    if title and words.singular(words.parts(title.group(1))[-1:][0] if words.parts(title.group(1)) else "") in roles:
        found += _titled(text, title)
    return sorted(found)


def _titled(text: str, title: re.Match[str]) -> list[tuple[int, str]]:
    """What a line such as 'Accountant: creates and sends invoices' or 'Viewer: can read flags' says the titled do."""
    able = re.match(r"(?:(?:can|may|must|is able to|are able to)\s+)?", text[title.end() :])
    begin = title.end() + (able.end() if able else 0)
    first = re.match(r"[\w-]+", text[begin:])
    return [(begin, title.group(1))] if first and words.base(first.group(), VERBS) else []


def _imperative(word: str, sentence: Sentence) -> bool:
    """Whether an item that begins with this verb asks for it: 'Create orders' does anywhere, 'Creating orders' and 'Creates orders' only among features."""
    return (
        word.lower() in VERBS
        or sentence.kind == "remark"
        or not sentence.section
        or any(_FEATURES.search(name) for name in sentence.section)
    )


def _read(text: str, who: str, sentence: Sentence, sure: bool = False) -> tuple[list[Clause], int]:
    """The clauses that begin at the start of ``text``, and how many characters they take; ``sure`` when a verb must come."""
    spelt = words.spans(text[:600])
    tokens = [token for token, _ in spelt]
    found: list[Clause] = []
    at = 0
    while at < len(tokens):
        verbs, at = _verbs(tokens, at)
        if not verbs and sure and not found:
            verbs, at = _unknown(tokens, at)
        if not verbs:
            break
        at += 2 if at + 2 < len(tokens) and tokens[at].lower() == "without" else 0
        objects, at = nouns(tokens, at)
        objects = _things(objects)
        after, at = _after(tokens, at)
        if found and objects in ((("them",),), (("it",),)):
            objects = found[-1].objects
        if verbs == ["comment"] and not objects:
            verbs, objects = ["add"], (("comment",),)
        own = bool(re.search(r"(?i)\b(?:my|own)\b", " ".join(tokens[:at][-12:])))
        found.append(Clause(who, tuple(verbs), objects, after, own, sentence))
        while at < len(tokens) and tokens[at].lower() in JOIN:
            at += 1
    return found, (spelt[at - 1][1] if at and spelt else 0)


def _things(objects: tuple[Noun, ...]) -> tuple[Noun, ...]:
    """``objects`` without adverbs and adjectives; once one of them was no thing, those after it have to show that they are nouns."""
    objects = tuple(_without_adverbs(phrase) for phrase in objects)
    named = [thinglike(words.singular(phrase[-1].lower())) for phrase in objects]
    broken = next((at for at, whole in enumerate(named) if not whole), len(objects))
    return tuple(p for at, p in enumerate(objects) if named[at] and (at < broken or evident(p)))


def _without_adverbs(phrase: Noun) -> Noun:
    """``phrase`` without the adverbs after its noun: 'a loan once' is a loan."""
    while len(phrase) > 1 and phrase[-1].lower() in ADVERBS:
        phrase = phrase[:-1]
    return phrase


def _unknown(tokens: list[str], at: int) -> tuple[list[str], int]:
    """A verb the rules do not know, where only a verb can stand and something follows that it is done to."""
    if at + 1 >= len(tokens):
        return [], at
    verb, following = tokens[at].lower(), tokens[at + 1].lower()
    if not re.fullmatch(r"[a-z]{3,15}", verb) or verb in BOUNDARY | lexicon.STATES or verb.endswith(("ed", "ing")):
        return [], at
    if following in ("to", "on") and at + 2 < len(tokens) and tokens[at + 2].lower() in DETERMINERS:
        return [verb], at + 2
    return ([verb], at + 1) if following in DETERMINERS else ([], at)


def _after(tokens: list[str], at: int) -> tuple[dict[str, tuple[Noun, ...]], int]:
    """The noun phrases after each preposition from ``at`` on."""
    after: dict[str, tuple[Noun, ...]] = {}
    while at < len(tokens) and tokens[at].lower() in _PREPOSITIONS:
        preposition = tokens[at].lower()
        if preposition == "to" and is_verb(tokens, at + 1):
            break
        named, end = nouns(tokens, at + 1)
        doing = named[0][0].lower() if named else ""
        if doing.endswith("ing") and preposition in ("for", "by", "in") and doing not in _TITLES_OF_WORK:
            break
        at = end
        after.setdefault(preposition, named)
    return after, at


def _verbs(tokens: list[str], at: int) -> tuple[list[str], int]:
    """The verbs that stand together from ``at`` on: 'create, edit and delete'."""
    verbs: list[str] = []
    while at < len(tokens):
        low = tokens[at].lower()
        if low in _FILLERS or low.endswith("ly"):
            at += 1
        elif (not verbs and words.base(low, VERBS)) or (
            verbs and tokens[at - 1].lower() in JOIN and is_verb(tokens, at)
        ):
            verbs.append(words.base(low, VERBS))
            at += 1
        elif (
            verbs
            and low in JOIN
            and is_verb(tokens, at + (2 if at + 1 < len(tokens) and tokens[at + 1].lower() in JOIN else 1))
        ):
            at += 1
        else:
            break
    return verbs, at
