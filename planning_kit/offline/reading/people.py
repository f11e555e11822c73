"""The nouns with which this brief names who acts, beside those the rules know anyway."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from . import words
from .lexicon import NOISE, ROLES
from .phrases import VERBS
from .sentences import Sentence

SECTION = re.compile(r"(?i)\b(?:actors?|(?:user )?roles?|personas?|stakeholders?|user types?|users|who uses)\b")
_STORY = re.compile(r"(?i)\bas an?\s+((?:[\w-]+\s+){0,2}?[\w-]+),?\s+I\b")
_ABLE = re.compile(
    r"(?i)(?:^|[.;,|]\s+|\band\s+)(?:an?\s+|the\s+|each\s+|every\s+)?((?:[\w-]+\s+){0,2}?[\w-]+)\s+(?:must|shall|should|will|may)\s+be able to\b"
)
_CAN = re.compile(
    r"(?:^|[.;|]\s+)(?:(?:An?|The|Each|Every|Any)\s+)?([A-Za-z]+)\s+(?:can|may|must|should|shall)\s+(?:also\s+)?([a-z]+)\s"
)
_LISTED = re.compile(
    r"^[\"“'`]?([A-Z][\w-]*(?:\s+[A-Za-z][\w-]*)?)[\"”'`]?\s*(?:[:–—|]|-\s|(?=(?:can|may|must|should)\b))"
)
_AGENT = re.compile(r"(?:[a-z]{3,}(?:er|or|ist|ian)|[a-z]{2,}ee)$")
_THING = frozenset(
    [
        "server",
        "container",
        "number",
        "order",
        "parameter",
        "error",
        "folder",
        "header",
        "filter",
        "letter",
        "paper",
        "computer",
        "router",
        "sensor",
        "vector",
        "monitor",
        "processor",
        "adapter",
        "register",
        "trigger",
        "timer",
        "counter",
        "buffer",
        "cluster",
        "layer",
        "marker",
        "power",
        "identifier",
        "offer",
        "voucher",
        "transfer",
        "newsletter",
        "chapter",
        "answer",
        "controller",
        "scheduler",
        "helper",
        "worker",
        "paperwork",
        "fee",
        "employee-record",
        "matter",
        "paper",
        "center",
        "color",
        "floor",
        "door",
        "motor",
        "mirror",
        "charter",
        "banner",
        "reminder",
        "integer",
        "pointer",
        "user-story",
        "water",
        "weather",
        "summer",
        "winter",
        "september",
        "october",
        "november",
        "december",
        "quarter",
        "meter",
        "printer",
        "scanner",
        "browser",
        "provider",
    ]
)
"""Nouns with the ending of somebody who acts that name a thing."""
_SYSTEM = frozenset(
    [
        "system",
        "application",
        "app",
        "platform",
        "service",
        "api",
        "backend",
        "solution",
        "software",
        "website",
        "site",
        "product",
        "tool",
        "program",
        "module",
        "component",
        "interface",
        "project",
        "engine",
        "scheduler",
        "building",
        "block",
        "it",
        "they",
        "we",
        "there",
        "this",
        "that",
        "these",
        "which",
        "request",
        "response",
        "database",
        "endpoint",
        "portal",
        "block",
        "implementation",
        "data",
    ]
)


def roles(sentences: Sequence[Sentence]) -> frozenset[str]:
    """:data:`ROLES` and the nouns this brief lists as roles, tells stories of, or says are able to do something."""
    found: set[str] = set()
    for sentence in sentences:
        if sentence.excluded or sentence.kind == "heading":
            continue
        for pattern in (_STORY, _ABLE):
            found.update(hit.group(1) for hit in pattern.finditer(sentence.text[:2000]))
        found.update(
            hit.group(1)
            for hit in _CAN.finditer(sentence.text[:2000])
            if hit.group(2) in VERBS and agent(words.singular(hit.group(1)))
        )
        if sentence.kind in ("item", "row") and SECTION.search(sentence.heading):
            listed = _LISTED.match(sentence.text)
            found.update(
                [listed.group(1)]
                if listed and not re.match(r"(?i)(?:user )?roles?\b|name\b|actor", sentence.text)
                else []
            )
    heads = {words.singular(words.parts(name)[-1]) for name in found if words.parts(name)}
    return ROLES | frozenset(
        head for head in heads if len(head) > 2 and head not in _SYSTEM and (head not in NOISE or head == "consumer")
    )


def persons(texts: Iterable[str]) -> tuple[str, ...]:
    """The plural nouns for people in ``texts``, in order of first mention, each once: members, singers, nurses."""
    found: dict[str, None] = {}
    for text in texts:
        for word in re.findall(r"[A-Za-z]{4,30}", text[:20_000]):
            low = word.lower()
            one = words.singular(low)
            if (one != low or low in ("people", "staff")) and (
                one in ROLES - {"host"} or agent(one) or low in ("people", "children", "persons")
            ):
                found.setdefault(low)
    return tuple(found)


def agent(noun: str) -> bool:
    """Whether ``noun`` (singular, lower case) has the ending of somebody who acts."""
    return bool(_AGENT.fullmatch(noun)) and noun not in _THING and noun not in _SYSTEM
