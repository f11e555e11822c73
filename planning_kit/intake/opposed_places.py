"""Where data may be against where it is to go, and one part of the system in two languages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from .opposed import Opposed, Said

_EU = ("austria", "belgium", "bulgaria", "croatia", "cyprus", "czechia", "denmark", "estonia", "finland", "france", "germany", "greece", "hungary", "ireland", "italy", "latvia", "lithuania",
       "luxembourg", "malta", "netherlands", "poland", "portugal", "romania", "slovakia", "slovenia", "spain", "sweden", "frankfurt", "dublin", "paris", "amsterdam", "stockholm")  # fmt: skip
_NAMES = {"the eu": "eu", "eu": "eu", "european union": "eu", "eea": "eu", "european": "eu", "europe": "eu", "us": "us", "usa": "us", "u.s.": "us", "united states": "us", "american": "us",
          "america": "us", "uk": "uk", "united kingdom": "uk", "britain": "uk", "england": "uk", "switzerland": "switzerland", "swiss": "switzerland", "india": "india", "china": "china", "canada": "canada",
          "australia": "australia", "japan": "japan", "singapore": "singapore", "brazil": "brazil", "german": "germany", "french": "france", "virginia": "us", "oregon": "us", "ohio": "us",
          "us-east-1": "us", "us-east-2": "us", "us-west-1": "us", "us-west-2": "us", "eu-central-1": "germany", "eu-west-1": "ireland", **{name: name for name in _EU}}  # fmt: skip
_PLACE = (
    r"(?:the )?\b(?P<place>"
    + "|".join(
        sorted((re.escape(name) if len(name) > 3 and name != "u.s." else f"(?-i:{re.escape(name.upper())})" for name in _NAMES if name != "the eu"), key=len, reverse=True)
    )
    + r")(?![\w-])"
)  # fmt: skip
_ONLY = re.compile(
    rf"(?i)\b(?:(?:must|may|shall|can|will) (?:not|never) leave|never leaves?|(?:must|shall|has to|have to|may only|only) (?:always |only )?(?:be )?(?:stay|remain|stored|kept|hosted|processed|run|live|located)s? (?:only |exclusively )?(?:in|within|inside)|(?:stays?|remains?|hosted|stored|processed|kept|located) (?:only|exclusively|solely|entirely) (?:in|within)|exclusively (?:in|within)|only (?:in|within)) {_PLACE}"
)
_AFTER = re.compile(
    rf"(?i){_PLACE} only\b|{_PLACE.replace('place', 'place2')}[- ](?:based )?hosting is (?:required|mandatory)"
)
_GOES = re.compile(
    rf"(?i)\b(?:(?:hosted|stored|kept|backed up|replicated|processed|mirrored|runs?|run|sent|copied|deployed|located) (?:\w+ ){{0,4}}?(?:in|to|at|on) (?:an? |any |our )?{_PLACE}|{_PLACE.replace('place', 'place2')}[- ](?:based )?(?:\w+ )?(?:cloud|host\w*|providers?|regions?|servers?|data ?cent(?:er|re)s?)|(?:cloud|regions?|servers?|data ?cent(?:er|re)s?|providers?|host\w*) (?:in|from) {_PLACE.replace('place', 'place3')})"
)
_NAMES_LANGUAGES = (
    r"Python|Java|Kotlin|Go|Golang|TypeScript|JavaScript|Node\.js|Ruby|PHP|Rust|C#|\.NET|Scala|Elixir|C\+\+|Swift|Perl"
)
_WRITTEN = re.compile(
    rf"(?:[Ww]ritten|[Ii]mplemented|[Dd]eveloped|[Bb]uilt|[Cc]oded|[Pp]rogrammed)(?: entirely| only| exclusively)? (?:in|with|using) (?:the )?({_NAMES_LANGUAGES})(?![\w+#-])|"
    rf"\b(?:[Bb]ack-?end|[Ss]erver|[Ss]ervices?|[Pp]latform|[Ll]anguage|[Cc]ode)\W{{1,3}}(?:is |are |in |must be |shall be |uses? )?({_NAMES_LANGUAGES})(?![\w+#-])|[\"'”’\w] \(({_NAMES_LANGUAGES})\)|\b({_NAMES_LANGUAGES}) (?:back-?end|server|services?|platform|code ?base|monolith)\b"
)
_FAMILY = {"golang": "go", "javascript": "typescript", "node.js": "typescript", ".net": "c#", "kotlin": "java"}
_ROLES = re.compile(
    r"(?i)\b(front-?end|user interface|UI|web client|mobile|iOS|Android|app|script\w*|test\w*|machine learning|model|analytics|firmware|embedded|SDK|librar\w+|client|plug-?in|notebook\w*|tool\w*|worker|pipeline)\b"
)
_MOVES = re.compile(
    r"(?i)\b(?:migrat\w+|replac\w+|rewrit\w+|ported?|either|instead of|rather than|or|formerly|prototype|not)\b"
)


def regions(said: Sequence[Said]) -> Iterator[Opposed]:
    """Data that must stay in one region against a host or copy in another."""
    bound = [
        (place, each)
        for each in said
        if (hit := _ONLY.search(each.text) or _AFTER.search(each.text)) and (place := _place(hit))
    ]
    for place, one in bound[:20]:
        for two in said:
            if two is one or two.negated or not (hit := _GOES.search(two.text)):
                continue
            other = _place(hit)
            if other and not _inside(other, place):
                yield Opposed(one, two, "where data may be", True)


def _place(hit: re.Match[str]) -> str:
    name = next((value for value in hit.groupdict().values() if value), "")
    return _NAMES.get(name.lower(), "")


def _inside(place: str, region: str) -> bool:
    inner = {
        "frankfurt": "germany",
        "dublin": "ireland",
        "paris": "france",
        "amsterdam": "netherlands",
        "stockholm": "sweden",
    }
    return (
        place == region
        or inner.get(place) == region
        or (region == "eu" and place in _EU)
        or (place == "eu" and region in _EU)
    )


def languages(said: Sequence[Said]) -> Iterator[Opposed]:
    """One part of the system in two languages."""
    found = [
        (language, each, _role(each.text))
        for each in said
        if not _MOVES.search(each.text)
        for language in _languages(each.text)
    ][:40]
    for (one, first, left), (two, second, right) in combinations(found, 2):
        if one != two and left == right and first is not second:
            yield Opposed(first, second, "in which language it is written")
            return


def _languages(text: str) -> frozenset[str]:
    named = frozenset(next(filter(None, hit.groups())).lower() for hit in _WRITTEN.finditer(text))
    return frozenset(_FAMILY.get(name, name) for name in named)


def _role(text: str) -> str:
    """Which part of the system a sentence is about, as far as it says; empty for the server."""
    hit = _ROLES.search(text)
    return hit.group(1).lower().replace("-", "")[:6] if hit else ""
