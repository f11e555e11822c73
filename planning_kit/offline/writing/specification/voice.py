"""How a story is told: its title, what somebody wants, and why."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ...facts import Operation
from ...reading import words
from ...reading.lexicon import UNCOUNTABLE
from ...reading.phrases import VERBS
from ..markdown import shorten
from .goals import plain
from .ground import Ground
from .phrasing import MORE, each_of, lower
from .present import ordered, untitled
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
_LOOSE = each_of(
    "a an and are as at be by for from has have in into is of on or own per than that the their this to up via was "
    "which who with without either no not its it all any each such other more "
)
"""Words a title does not end in."""
_PARTICLES = each_of("up down in out on off")
"""Words a title may end in where it is not cut: 'Mark those who did not turn up'."""
_STOPS = re.compile(r",? (?:and|or|by|with|for|from|through|into|in|on|at|to|of|until|choosing|related|that) |: |; |, ")
"""Where a long title may end."""
_SIGNS = re.compile(r"(?i)/(log-?in|sign-?in|log-?out|sign-?out|register|sign-?up)$")
_SIGNED = {
    "login": "log in",
    "signin": "log in",
    "logout": "log out",
    "signout": "log out",
    "register": "register",
    "signup": "register",
}
_TELLS_WHOM = re.compile(
    r"(?i)the system (?:shall|may) (?P<verb>send|notify|remind|inform|alert) (?:the |an? |all )?(?P<who>[a-z-]+(?: [a-z-]+)?) (?P<what>(?:an? |the |about |of |when |if |by |that ).+)"
)
_TOLD = {"notify": "notified", "remind": "reminded", "inform": "informed", "alert": "alerted"}
_VERBS = {"get": "see", "update": "change"}
"""Names of operations → what somebody wants."""
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
        twin = any(other is not story and other.operation is story.operation for other in twins)
        return heading(story.operation, story) + (f" as {story.role}" if twin else "")
    if story.wants:
        return short(story.first.what)
    return short(ordered(plain(story.leading.text)))


def heading(operation: Operation, story: Story) -> str:
    """What ``operation`` is there for, as a title: 'Create order'; 'Log in' where its name says no more."""
    name = " ".join(words.parts(operation.id))
    return short(served(operation, story)) if _named_by_path(operation) else f"{name[:1].upper()}{name[1:]}"


def _named_by_path(operation: Operation) -> bool:
    """Whether an operation has a name that says nothing: one of no entity, or of signing in."""
    return bool(_SIGNS.search(operation.path)) or (not operation.entity and operation.stated)


def served(operation: Operation, story: Story) -> str:
    """What ``operation`` lets somebody do, from 'I want to' on."""
    if signs := _SIGNS.search(operation.path):
        return _SIGNED[signs.group(1).replace("-", "").replace("_", "").lower()]
    if not operation.entity and operation.stated:
        said = [ordered(plain(each.text)) for each in story.requirements]
        acts = [each for each in said if words.base(each.split(" ")[0], VERBS | MORE) == each.split(" ")[0]]
        acts = [each for each in acts if each.split(" ")[0] not in ("answer", "return", "take", "be")] or acts
        return (
            short(acts[0], 120)[:1].lower() + short(acts[0], 120)[1:]
            if acts
            else f"use {operation.method} {operation.path}"
        )
    verb, *noun = words.parts(operation.id)
    if not noun:
        return verb
    one = " ".join(noun)
    many = words.singular(noun[-1]) != noun[-1] or noun[-1] in UNCOUNTABLE or noun[-1][-1:].isdigit()
    return f"{_VERBS.get(verb, verb)} {one if many else article(one)}"


def short(text: str, most: int = 64) -> str:
    """``text`` as a title: its first clause, no longer than ``most``, that does not end in the middle of a phrase."""
    what = text.strip(" -*•").rstrip(".")
    if re.match(r"(?i)(?:if|when|once|after|in|for|given) ", what) and ", " in what:
        what = re.sub(r"(?i)^the system (?:shall|may) ", "", what.split(", ", 1)[1])
    what = re.split(r"\s\(| so that | as needed | which | in order | (?:shall|may) | (?:if|when|unless) ", what)[0]
    before = what.split(", ", 1)[0]
    whole = what = before if len(before.split()) > (3 if before.lower().startswith("the system") else 2) else what
    if len(what) > most:
        ends = [hit.start() for hit in _STOPS.finditer(what[: most + 1]) if hit.start() >= 12]
        what = what[: ends[-1]] if ends else what
    cut = shorten(what, most).removesuffix(" …").split(" ")
    while len(cut) > 2 and cut[-1].lower() in _LOOSE and (" ".join(cut) != whole or cut[-1].lower() not in _PARTICLES):
        cut.pop()
    said = " ".join(cut).rstrip(" .,;:")
    return said[:1].upper() + said[1:]


def capability(story: Story) -> str:
    """What the role does, from 'asks to' on: what a requirement lets it do, else what its operation is there for; empty when it does nothing."""
    if story.wants and not story.first.what.startswith("use "):
        what = re.sub(r"\s*\([^()]*\)", "", story.first.what)
        what = re.split(r"\s+so that\b|,? as needed\b", what)[0]
        for theirs, mine in _MINE:
            what = re.sub(theirs, mine, what)
        return shorten(what, 180).rstrip(" .;,")
    return served(story.operation, story) if story.operation else ""


def by_itself(operation: Operation) -> bool:
    """Whether what ``operation`` does is said of the system: the brief names it outright, and it keeps no record and signs nobody in."""
    return not operation.entity and operation.stated and not _SIGNS.search(operation.path)


def wish(story: Story) -> str:
    """What the role wants, from 'I want' on: 'to list messages', 'the system to send a reminder', 'the order to be refused'."""
    does = capability(story)
    if does and not story.wants and story.operation and by_itself(story.operation) and not does.startswith("use "):
        return f"the system to {does}"
    if does:
        return f"to {does}"
    text = untitled(plain(story.leading.text))
    when, _, main = text.partition(", ") if re.match(r"(?:If|When|Once|After)\b", text) else ("", "", text)
    told = _TELLS_WHOM.match(main)
    if told and words.singular(told["who"].split()[-1].lower()) == words.singular(story.role.split()[-1].lower()):
        said = f"to get {told['what']}" if told["verb"] == "send" else f"to be {_TOLD[told['verb']]} {told['what']}"
    else:
        shall = re.match(r"(?P<who>.+?) (?:shall|may|must) (?P<not>not )?(?P<what>.+)", main)
        who = lower(shall["who"]) if shall else ""
        said = (
            f"{who} {'not ' if shall['not'] else ''}to {shall['what']}"
            if shall
            else f"this to hold: {lower(main).strip(' -')}"
        )
    return shorten(f"{said}{f' {when[:1].lower()}{when[1:]}' if when else ''}", 200).rstrip(" .;,")


def article(noun: str) -> str:
    """``noun`` with 'a' or 'an', or 'the' where there is no one of it."""
    if noun.rpartition(" ")[2].lower() in UNCOUNTABLE:
        return f"the {noun}"
    return f"{'an' if noun[:1].lower() in 'aeio' or noun.lower().startswith(('u', 'hour')) and not noun.lower().startswith(('us', 'uni', 'ut')) else 'a'} {noun}"


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
