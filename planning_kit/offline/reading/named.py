"""What the brief names: external systems, regulations, jobs that run by themselves, and events that are told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ..facts import Named
from . import words
from .gazetteer import INTEGRATIONS, REGULATIONS
from .sentences import Sentence

_BLOCK = re.compile(r"\b((?:[A-Z][\w/]*\s+){1,3}(?:Building Block|Gateway|Provider|API Gateway))s?\b")
_JOB = re.compile(
    r"(?i)\b(?:every (?:night|day|hour|minute|week|month|morning|\d+ \w+)|nightly|daily|hourly|weekly|monthly|periodically|on a schedule|scheduled (?:job|task)s?|cron|in the background|background (?:job|task|process)\w*|"
    r"asynchronously|automatically|retr(?:y|ies)|back-?off|re-?send|"
    r"purge|clean ?up|expires? after|synchroni[sz]\w+|poll(?:s|ing)? (?:participants|for)|track (?:all )?alert|monitor(?:s|ing)? (?:and log|the logs|stock)|mark the participant)\b"
)
_SENDS = re.compile(
    r"(?i)(?:\b(?:must|shall|should|will|may|can|and|to)\s+(?:\w+\s+)?|^)sends? (?:[\w/-]+ ){0,4}?(?:reminder|notification|alert|email|sms|message|newsletter|report)s?\b|\b(?:gets?|receives?) (?:[\w-]+ )?(?:reminders?|notifications?|alerts?)\b"
)
_HAPPENED = re.compile(
    r"(?i)(?:\b(?:is|are|was|were|been|be|gets?|or|and)\s+(?:\w+\s+)?|[/,]\s*)(created|updated|cancell?ed|deleted|registered|completed|published|placed|shipped|paid|booked|confirmed|approved|rejected|failed)\b|\b(deletion|registration)\b"
)
_TOLD = re.compile(
    r"(?i)\b(?:notif\w+|inform(?:s|ed)?|alerted|alerts? the|publish(?:es|ing)?\b|emit\w*|webhooks?|broadcast\w*|send\w*|log all|receive\w*|confirmation|convey)\b"
)
_INTEGRATION = {kind: re.compile(rf"(?<![\w-])({names})(?![\w-])") for kind, names in INTEGRATIONS.items()}
_REGULATION = {name: re.compile(rf"(?<!\w)(?:{pattern})(?!\w)") for name, pattern in REGULATIONS.items()}


def integrations(sentences: Sequence[Sentence], own: str) -> tuple[Named, ...]:
    """External systems: products known by name, kinds of them, and building blocks other than the one described (``own``)."""
    found: dict[tuple[str, str], list[Sentence]] = {}
    for sentence in sentences:
        if sentence.kind == "heading" or sentence.excluded:
            continue
        for kind, pattern in _INTEGRATION.items():
            for hit in pattern.finditer(sentence.text):
                found.setdefault((_same_case(hit.group(1), found), kind), []).append(sentence)
        for hit in _BLOCK.finditer(sentence.text.replace("Pub/Sub", "PubSub")):
            name = _named_block(hit.group(1), own)
            if name:
                found.setdefault((name, "building block" if name.endswith("Block") else "gateway"), []).append(sentence)
        if re.search(r"(?i)\b(?:SMS|text message)s?\b(?!/)", sentence.text) and re.search(
            r"(?i)\b(?:send|get|receive|remind|notif)", sentence.text
        ):
            found.setdefault(("SMS gateway", "messaging"), []).append(sentence)
        if re.search(
            r"(?i)\b(?:send|sends|receive|get)\b[^.]{0,40}\be-?mails?\b|\b(?:sent|send|notified|notify) (?:\w+ ){0,3}(?:by|via|per|an) e-?mail\b|\bby e-?mail\b|\be-?mail (?:notification|confirmation|reminder)s?\b|\b(?:confirmation|reminder|notification) e-?mails?\b",
            sentence.text,
        ):
            found.setdefault(("email provider", "email"), []).append(sentence)
        if re.search(
            r"(?i)\b(?:pay|pays|paid) (?:by|with|via|using)\b|\b(?:online|card) payments?\b", sentence.text
        ) and not any(kind == "payment" for _, kind in found):
            found.setdefault(("payment provider", "payment"), []).append(sentence)
    own_words = set(words.parts(own))
    found = {
        key: where
        for key, where in found.items()
        if key[1] not in ("building block", "gateway") or not _itself(key[0], own_words)
    }
    generic = {"SMS gateway", "email provider", "payment provider", "payment gateway", "payment processor"}
    known = {kind for name, kind in found if name not in generic}
    return tuple(
        Named(name, kind, where[0].text[:200], _ids(where))
        for (name, kind), where in found.items()
        if name not in generic or kind not in known
    )


def _same_case(name: str, found: Iterable[tuple[str, str]]) -> str:
    name = words.singular(name).capitalize().lower() if name.islower() else name
    return next((old for old, _ in found if old.lower() == name.lower()), name)


def _itself(name: str, own: set[str]) -> bool:
    """Whether ``name`` is the described system's own: every telling word of it stands in the title."""
    telling = [
        word
        for word in words.parts(name)
        if word not in ("building", "block", "gateway", "provider", "system", "service", "the")
    ]
    return bool(telling) and set(telling) <= own


def _named_block(name: str, own: str) -> str:
    name = re.sub(r"\s+", " ", name.rsplit("/", 1)[-1]).strip()
    name = re.sub(
        r"^(?:The|This|Other|Each|A|An|In|Of|Through|Its|External|Multiple|Various|Such|All|Target)\s+", "", name
    )
    head = name.removesuffix(" Building Block").strip()
    return (
        ""
        if head in ("Building Block", "", "Building", "other", "target", "Other") or head.lower() in own.lower()
        else name
    )


def regulations(sentences: Sequence[Sentence]) -> tuple[Named, ...]:
    """Laws and standards of data protection and security the brief names."""
    found = {
        name: [sentence for sentence in sentences if pattern.search(sentence.text)]
        for name, pattern in _REGULATION.items()
    }
    return tuple(Named(name, "regulation", where[0].text[:200], _ids(where)) for name, where in found.items() if where)


def jobs(sentences: Sequence[Sentence]) -> tuple[Named, ...]:
    """What runs by itself: on a schedule, in the background, again after a failure."""
    found = []
    for sentence in sentences:
        if sentence.excluded or sentence.kind == "heading":
            continue
        internal = bool(
            re.search(r"(?i)\b(?:internal functionality|automated?|automatically|background jobs?)\b", sentence.lead)
        )
        hit = _JOB.search(sentence.text) or (
            _SENDS.search(sentence.text)
            if not re.search(r"(?i)\b(?:so that|as needed|be used to)\b", sentence.text)
            else None
        )
        if (
            (hit or internal)
            and not _permits(sentence)
            and not re.search(r"(?i)\bstays a (?:command[- ]line )?(?:program|library)\b", sentence.text)
            and not re.match(r"(?i)(?:for example|in another|it also|these|each)\b", sentence.text)
            and (internal or not re.search(r"(?i)\b(?:enable|configure|set ?up|capability)\b", sentence.text))
        ):
            found.append(
                Named(_titled(sentence.text, hit), _kind(sentence.text), sentence.text[:300], (sentence.source,))
            )
    return tuple({job.name: job for job in reversed(found)}.values())[::-1]


def _permits(sentence: Sentence) -> bool:
    return bool(re.search(r"(?i)\benables? (?:an? |the )?(?:[\w-]+ ){1,4}to\b", sentence.whole)) and not re.search(
        r"(?i)\bautomatic|\bperiodic|\bnightly|\bevery\b", sentence.text
    )


def _titled(text: str, hit: re.Match[str] | None) -> str:
    text = re.sub(r"\s*\((?:REQUIRED|RECOMMENDED|OPTIONAL)\)\W*$|\([^)]*\)", "", text)
    text = re.sub(
        r"(?i)^(?:[^.,;]{2,50}?|if [^.;]{2,120}?)\s+(?:must|shall|should|may|will|can)\s+(?:also |internally |be designed to )?(?!be )",
        "",
        text,
    ).strip()
    text = re.split(r"(?<=\w)[.;,]\s", text)[0].strip(" .,:")
    if hit and (told := re.match(r"(?i)(?:gets?|receives?)\s+(.+)", hit.group())):
        text = f"send {told.group(1)}"
    return text if len(text) <= 80 else text[:80].rsplit(" ", 1)[0].strip(" .,:") + " …"


def _kind(text: str) -> str:
    for kind, pattern in (
        ("retry", r"\bretr(?:y|ies)|back-?off|re-?send"),
        (
            "scheduled",
            r"\bevery\b|nightly|daily|hourly|weekly|monthly|periodic|schedule|cron|track|monitor|expires|depending on date|\d+ (?:hours?|days?|minutes?|weeks?) (?:before|after)",
        ),
    ):
        if re.search(rf"(?i){pattern}", text):
            return kind
    return "background"


def events(sentences: Sequence[Sentence], entities: Sequence[str]) -> tuple[Named, ...]:
    """Things that happen to an entity and that somebody is told: ``event.deleted``."""
    found: dict[str, list[Sentence]] = {}
    for sentence in sentences:
        if sentence.excluded or sentence.kind == "heading" or not _TOLD.search(sentence.text):
            continue
        for hit in _HAPPENED.finditer(sentence.text):
            done = {"deletion": "deleted", "registration": "registered", "canceled": "cancelled"}.get(
                said := (hit.group(1) or hit.group(2)).lower(), said
            )
            noun = bool(hit.group(2))
            before = sentence.text[hit.end() : hit.end() + 40] if noun else sentence.text[: hit.start()]
            if noun and not re.match(r"(?i)\s+of\b", before):
                continue
            if name := _nearest(before, entities):
                found.setdefault(f"{name}.{done}", []).append(sentence)
    return tuple(Named(name, "domain event", where[0].text[:200], _ids(where)) for name, where in found.items())


def _nearest(before: str, entities: Sequence[str]) -> str:
    """The entity named last in the last 60 characters of ``before``."""
    best, place = "", -1
    for entity in entities:
        spelt = words.parts(entity)
        pattern = rf"(?i)\b{'[ _]'.join([*spelt[:-1], f'(?:{spelt[-1]}|{words.plural(spelt[-1])})'])}\b"
        for hit in re.finditer(pattern, before[-60:]):
            if hit.end() > place or (hit.end() == place and len(spelt) > len(best.split("_"))):
                best, place = words.snake(spelt), hit.end()
    return best


def _ids(where: Sequence[Sentence]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sentence.source for sentence in where))
