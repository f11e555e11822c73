"""Sentences of a form of their own, and the requirement each of them is."""

from __future__ import annotations

import re
from collections.abc import Callable

from ...reading import words
from ...reading.lexicon import UNCOUNTABLE
from ...reading.phrases import VERBS
from .phrasing import MORE, each_of, lower

_NEEDS = re.compile(
    r"(?P<before>.*?\b(?:and )?(?:needs?|wants?|wishe?s?|would like)\s+)(?P<who>(?:the |our |all |an? )?[\w-]+(?: [\w-]+){0,2}?)\s+to\s+(?:be able to\s+)?(?P<what>[a-z]{2,}\b.+)"
)
"""'We need patients to be able to book': who is to be able to do what."""
_NOBODY = re.compile(
    r"(?i)(?:nobody|no one|no-one|none)\s+(?:may|can|must|shall|is allowed to)\s+(?:be able to\s+)?(?P<what>\S.+)"
)
_BUILD = re.compile(
    r"(?i)(?:build|develop|implement|create|design|write)\s+(?P<what>an?\s+.*?\b(?:api|service|app|application|system|website|platform|tool)\b.*)"
)
_STATUS = re.compile(r"(?P<status>[1-5]\d\d)\s+(?P<rest>(?:if|when|for|on|with|unless)\s.+)")
_THINGS = each_of(
    "parameter request response field value header body answer name property attribute column page file message code"
)


def put(text: str, acts: Callable[[str], bool]) -> str:
    """Who needs to do what, what nobody may do, what is to be built, when a status is answered; empty for any other sentence.

    Args:
        acts: whether words name somebody who acts.
    """
    if nobody := _NOBODY.fullmatch(text):
        return f"The system shall not allow anybody to {nobody['what']}"
    if status := _STATUS.fullmatch(text):
        return f"The system shall answer {status['status']} {status['rest']}"
    if build := _BUILD.fullmatch(text):
        return f"The system shall be {build['what']}"
    needs = _NEEDS.fullmatch(text)
    if needs and acts(needs["who"]) and not re.match(r"(?i)(?:if|when|once|as)\b", text):
        return f"The system shall allow {lower(needs['who'])} to {needs['what']}"
    return ""


def does_so(title: str, verb: str, rest: str) -> str:
    """What somebody named by a ``title`` does, 'Customer: orders pizza and pays for it', as what the system lets them do."""
    who = lower(title)
    last = who.split()[-1]
    named = re.match(r"(?:an?|the|all|each)\b", who) or last in UNCOUNTABLE or words.singular(last) != last
    one = who if named else f"{'an' if who[:1] in 'aeio' else 'a'} {who}"

    def plainly(hit: re.Match[str]) -> str:
        return f"{hit['and']}{words.base(hit['verb'], VERBS | MORE) or hit['verb']}"

    rest = re.sub(r"(?P<and>\band |, )(?P<verb>[a-z]{3,}s)\b(?= [a-z])", plainly, rest)
    return f"The system shall let {one} {verb} {rest}"


def is_thing(subject: str) -> bool:
    """Whether ``subject`` plainly names a thing of the interface, that is allowed nothing: a parameter, an answer."""
    last = re.sub(r"\W", "", subject.split()[-1].lower())
    return words.singular(last) in _THINGS or bool(re.match(r"(?:GET|POST|PUT|PATCH|DELETE) /", subject))
