"""How a story is told: its title, what somebody wants, and why."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ...reading import words
from ...reading.phrases import VERBS
from ..markdown import shorten
from .goals import plain
from .ground import Ground
from .statements import GENERAL
from .told import Story

_BENEFITS = (
    (re.compile(r"\bso that (?:(?:the|it|they|he|she) )?(?P<why>[^.;]{6,200})"), "{}"),
    (re.compile(r"\bin such a way (?:that )?(?P<why>[^.;]{6,200})"), "{}"),
    (re.compile(r"\b(?:in order|as needed) to (?P<why>[^.;,]{6,140})"), "I can {}"),
    (re.compile(r"\b(?:to help|that help|that helps|useful) in (?P<why>[^.;]{6,140})"), "it helps in {}"),
    (re.compile(r"\bas needed for (?P<why>[^.;,]{6,140})"), "there is what is needed for {}"),
    (re.compile(r"\b(?:useful )?for (?P<why>(?:easy|better|timely|faster|quick)\s[^.;,]{4,140})"), "it serves {}"),
    (re.compile(r"\buseful for (?P<why>[^.;,]{6,140})"), "it is useful for {}"),
    (
        re.compile(
            r"\bto (?P<why>(?:avoid|prevent|minimi[sz]e|reduce|obtain|participate|provide respective)\b[^.;,]{4,140})"
        ),
        "I can {}",
    ),
)
_LOOSE = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "by",
        "for",
        "from",
        "from",
        "has",
        "have",
        "in",
        "into",
        "is",
        "of",
        "on",
        "or",
        "own",
        "per",
        "than",
        "that",
        "the",
        "their",
        "this",
        "to",
        "up",
        "via",
        "was",
        "which",
        "who",
        "with",
        "without",
        "either",
        "no",
        "not",
        "its",
        "it",
        "all",
        "any",
        "each",
        "such",
        "other",
        "more",
    ]
)
"""Words a title does not end in."""
_MINE = (
    (r"\btheir own\b", "my own"),
    (r"\bthey are\b", "I am"),
    (r"\bthemselves\b", "myself"),
    (r"\btheir\b", "my"),
    (r"\bthey\b", "I"),
)


def title(story: Story, twins: Iterable[Story]) -> str:
    """A few words for what ``story`` is about; with its role when another story of ``twins`` uses the same operation."""
    if story.operation:
        name = " ".join(words.parts(story.operation.id))
        twin = any(other is not story and other.operation is story.operation for other in twins)
        return f"{name[:1].upper()}{name[1:]}" + (f" as {story.role}" if twin else "")
    if not story.wants and len(story.rules) > 1 and story.group not in ("", GENERAL):
        twin = any(
            other is not story and not other.operation and not other.wants and other.group == story.group
            for other in twins
        )
        return f"{story.group}: {small(short(story.first.what, 48))}" if twin else story.group
    text = plain(story.leading.text)
    if (
        not story.wants
        and story.group not in ("", GENERAL)
        and not re.match(r"(?i)the system |if |when |once |in ", text)
    ):
        return f"{story.group}: {small(short(text, 48))}"
    return short(story.first.what)


def short(text: str, most: int = 64) -> str:
    """``text`` as a title: its first clause, no longer than ``most``, that does not end in the middle of a phrase."""
    what = re.split(r"\s\(|, | so that | as needed | which | in order | (?:shall|may) ", text.strip().rstrip("."))[0]
    if re.match(r"(?i)(?:if|when|once|after|in|for|given) ", text) and ", " in text:
        what = re.sub(r"(?i)^the system (?:shall|may) ", "", text.split(", ", 1)[1])
        what = re.split(r"\s\(|, | so that | which ", what)[0]
    cut = shorten(what, most).removesuffix(" …").split(" ")
    while len(cut) > 2 and cut[-1].lower() in _LOOSE:
        cut.pop()
    said = " ".join(cut).rstrip(" .,;:")
    return said[:1].upper() + said[1:]


def small(text: str) -> str:
    """``text`` with a small first letter, unless it begins with a name in capitals."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def capability(story: Story) -> str:
    """What the role wants, from 'I want to' on."""
    wanted = story.first
    if story.wants:
        what = re.sub(r"\s*\([^()]*\)", "", wanted.what)
        what = re.split(r"\s+so that\b|,? as needed\b", what)[0]
        for theirs, mine in _MINE:
            what = re.sub(theirs, mine, what)
        return shorten(what, 180).rstrip(" .;,")
    text = plain(story.leading.text).rstrip(".")
    if story.operation and not re.match(r"(?i)the system (?:shall|may) (?!not )", text):
        purpose = story.operation.purpose.strip().rstrip(".")
        verb = purpose.split(" ")[0].lower()
        return (
            shorten(f"{verb}{purpose[len(verb) :]}", 160)
            if words.base(verb, VERBS) == verb
            else " ".join(words.parts(story.operation.id))
        )
    plainly = re.match(r"(?i)the system (?:shall|may) (?!not )(?P<what>.+)", text)
    what = f"have the system {plainly['what']}" if plainly else f"be sure of this: {text[:1].lower()}{text[1:]}"
    return shorten(what, 200).rstrip(" .;,")


def benefit(story: Story, ground: Ground) -> str:
    """Why, in the brief's words; empty when it does not say."""
    by_id = ground.plan.reading.by_id
    texts = [plain(each.text) for each in story.requirements]
    texts += [by_id[name].plain for each in story.requirements for name in each.cites if name in by_id]
    for text in texts:
        for pattern, form in _BENEFITS:
            if found := pattern.search(text):
                why = re.sub(r"\s*\((?:REQUIRED|RECOMMENDED|OPTIONAL)\)", "", found["why"]).strip(" .,")
                subject = re.match(r"so that ((?:the|it|they) )", found.group())
                return shorten(form.format((subject[1] if subject else "") + why), 200)
    return ""
