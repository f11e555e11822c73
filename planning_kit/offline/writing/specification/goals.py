"""Requirements, stories and use cases as others wrote them, read back: who wants what done, and which operation does it."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ....ids import Thing
from ...facts import Operation, Reading
from ...reading import words
from ...reading.lexicon import ROLES
from .ground import Ground
from .phrasing import DEED

_ALLOWS = re.compile(
    r"(?i)\bshall (?P<denied>not )?(?:allow|enable|permit|require|make it possible for|grant|provide for)\s+(?P<who>(?:(?!\bshall\b)[^.;]){2,160}?)\s+"
    r"(?:to (?P<to>[a-z]\S*.*)|the ability to (?P<able>.+))$"
)
_LETS = re.compile(
    r"(?i)\bshall (?P<denied>not )?let\s+(?P<who>(?:an? |the |any |authori[sz]ed )?[\w' -]{2,40}?(?: of (?:an?|the|their|its) [\w-]+)?)\s+(?P<to>(?!of |staff |people |personnel |faculty )(?:[a-z]+ )?[a-z]{3,} .+)$"
)
_POSSIBLE = re.compile(r"(?i)\bshall (?P<denied>not )?make (?:it possible to (?P<to>.+)|possible (?P<what>.+))$")
_SYSTEM = re.compile(r"(?i)\bthe system (?:shall|may) (?P<denied>not )?(?P<to>.+)$")
_DEED_WORDS = {
    "delete": r"\bdelet|\bremov|\bcancel|\bwithdraw",
    "update": r"\bupdat|\bmodif|\bedit\b|\bchang|\bamend",
    "create": r"\bregist|\bcreat|\benrol|\bsign(?:ing)? up\b|\bplac(?:e|ing) an?\b|\badd(?:ed|ing|s)?\b|\bdefin|\bduplicat|\bunique id\b|\bpost\b|\bnew\b|\breport (?:an?\b|incidents)|\bassign|\bset\b|\bstore[ds]?\b|\blog status",
    "read": r"\bsearch|\blist|\bfind|\bview|\bextract|\bquer|\bsee\b|\bshow|\bretriev|\bget\b|\bfilter|\bidentify\b|\bread\b|\blook",
}
DEED_OF = {"POST": "keep", "GET": "read", "PATCH": "change", "PUT": "change", "DELETE": "remove"}
"""A method → what is done to a record, as a step of a flow says it."""
_METHODS = {"POST": "create", "GET": "read", "PATCH": "update", "PUT": "update", "DELETE": "delete"}


@dataclass(frozen=True)
class Goal:
    """What a requirement lets somebody do, or has the system do.

    Attributes:
        who: the words for who does it; empty when the system does it by itself.
        what: what is done, beginning with a verb: 'register events with …'.
        deed: create, read, update or delete; empty when it is none of them.
        denied: whether it must not be possible.
    """

    who: str
    what: str
    deed: str
    denied: bool = False


def plain(cell: str) -> str:
    """A Markdown cell as plain words, without citations and the mark of what is assumed."""
    text = re.sub(r"\[[PRQAS]\d+\]|\(assumed\)", "", cell)
    text = html.unescape(re.sub(r"\\([\\`*\[\]~$!_|#+=.)-])", r"\1", text))
    return re.sub(r"\s+", " ", text.replace("`", "")).strip()


def said(ground: Ground, each: Thing) -> str:
    """What a requirement says, as plain words."""
    cells = ground.cells.get(each.id, {})
    return plain(cells.get("requirement") or cells.get("constraint") or each.text)


def goal(text: str) -> Goal:
    """What the requirement ``text`` is about; ``text`` is plain, see :func:`plain`."""
    said = text.strip().rstrip(".")
    for pattern in (_LETS, _ALLOWS, _POSSIBLE):
        if found := pattern.search(said):
            parts = found.groupdict()
            what = parts.get("to") or parts.get("able") or f"do what it takes for {parts.get('what')}"
            who = parts.get("who") or ""
            if not re.match(r"(?:be|have been) ", what) and len(who.split()) < 16:
                return Goal(who, what, deed(what), bool(parts["denied"]))
    said = re.sub(r"^[^:]{2,60}: (?=the system )", "", said)
    system = _SYSTEM.search(said)
    if system and said.lower().startswith("the system"):
        return Goal("", system["to"], deed(system["to"]), bool(system["denied"]))
    return Goal("", said, deed(said), " shall not " in said)


def deed(text: str) -> str:
    """What is done to a record: by the verb itself, else by what the rest says; a rule is about what its condition is about."""
    low = text.lower()
    shall = re.search(r"\b(?:shall|may) (?:not )?(?:be |have (?:been )?)?", low)
    begins = re.match(r"(?:if|when|once|after)\b[^,]{3,200}", low)
    for part in (begins.group() if begins else "", low[shall.end() :] if shall else low):
        first = next((_VERBS[word] for word in re.findall(r"[a-z]+", part)[:4] if word in _VERBS), None)
        if first is not None:
            return first
    found = [(hit.start(), name) for name, pattern in _DEED_WORDS.items() if (hit := re.search(pattern, low))]
    if begins and any(name == "delete" for _, name in found):
        return "delete"
    return min(found)[1] if found else ""


_VERBS = {
    **DEED,
    **dict.fromkeys(
        (
            "categorize",
            "categorise",
            "brand",
            "tag",
            "tagged",
            "rename",
            "mark",
            "approve",
            "updated",
            "modified",
            "changed",
        ),
        "update",
    ),
    **dict.fromkeys(
        ("registered", "created", "captured", "defined", "stored", "submit", "upload", "post", "place", "affiliate"),
        "create",
    ),
    **dict.fromkeys(("deleted", "removed", "cancelled", "canceled", "withdraw"), "delete"),
    **dict.fromkeys(("show", "shown", "display", "filter", "identify", "read", "look", "export", "download"), "read"),
    **dict.fromkeys(
        (
            "receive",
            "track",
            "poll",
            "monitor",
            "detect",
            "configure",
            "choose",
            "maintain",
            "run",
            "route",
            "handle",
            "pay",
            "restricted",
        ),
        "",
    ),
}
"""A verb → what it does to a record; nothing for one that is about no record of its own."""


def roles(who: str, reading: Reading) -> tuple[str, ...]:
    """Those of the brief's actors that the words ``who`` mean, in their order; a role the brief lists nowhere by its own noun."""
    found: list[str] = []
    whole = {" ".join(words.one(actor.name)): actor.name for actor in reading.actors}
    listed = re.sub(r"\([^)]*\)|\b(?:in|from|with|that|who)\b.*", "", who)
    for part in re.split(r",\s*(?:and |or )?|\s+(?:and|or)\s+|/", listed):
        head, _, of = part.partition(" of ")
        bare = [
            word
            for word in words.one(head)
            if word not in ("a", "an", "the", "any", "all", "authorized", "registered", "new")
        ]
        if not bare:
            continue
        near = [
            actor.name for actor in reading.actors if _alike(bare[-1], words.singular(actor.name.split()[-1].lower()))
        ]
        near.sort(
            key=lambda name: (
                -len(
                    {words.singular(w) for w in words.parts(name)}
                    & {words.singular(w) for w in words.parts(f"{head} {of}")}
                )
            )
        )
        name = whole.get(" ".join(bare)) or next(iter(near), "") or (bare[-1] if bare[-1] in ROLES else "")
        if name and name not in found:
            found.append(name)
    return tuple(found)


def _alike(noun: str, other: str) -> bool:
    """Whether one noun is the other, or a longer or shorter form of it: an admin is an administrator."""
    return noun == other or (len(noun) > 3 and other.startswith(noun[:5]) and noun.startswith(other[:5]))


def does(operation: Operation) -> str:
    """What an operation does to a record: by its method, unless its path ends in an action."""
    last = operation.path.rstrip("/").rsplit("/", 1)[-1]
    if (
        operation.method == "POST"
        and words.singular(last) == last
        and "{" in operation.path
        and not last.startswith("{")
    ):
        return deed(last.replace("-", " ")) or "update"
    return _METHODS[operation.method]


EVERYBODY = frozenset(["anybody", "anyone", "everybody", "everyone", "nobody"])
"""Words for whoever it may be, who are nobody in particular."""
USER = "user"
"""Who does what no role is named for."""


def usual(operations: Sequence[Operation]) -> str:
    """The role that most of ``operations`` name; :data:`USER` when more of them name none, empty without operations."""
    counted = Counter(role for operation in operations for role in operation.roles)
    free = sum(not operation.roles for operation in operations)
    most = counted.most_common(1)
    if most and most[0][1] >= free:
        return most[0][0]
    return USER if free else ""


def best(ground: Ground, text: str, cites: Iterable[str], named: Sequence[tuple[str, str]] = ()) -> Operation | None:
    """The operation of the domain that does what ``text`` asks for; nothing when none does.

    Args:
        cites: the passages the text rests on.
        named: operations the text itself names.
    """
    wanted, sources = goal(text), set(cites)
    scored = [
        (score, -at)
        for at, each in enumerate(ground.operations)
        if (score := _score(each, text, wanted, sources, named)) >= 2
    ]
    if scored:
        return ground.operations[-max(scored)[1]]
    shared = {each.id: len(sources & set(each.sources)) for each in ground.operations if each.stated}
    most = max(shared.values(), default=0)
    alone = [each for each in ground.operations if most and shared.get(each.id) == most]
    if len(alone) > 1:
        alone = [each for each in alone if re.search(rf"\b{each.method}\b", text)]
    if len(alone) != 1 and not wanted.who and re.match(r"(?i)the (?:system shall accept the )?command\b", text):
        alone = sorted(ground.operations, key=lambda each: -len(sources & set(each.sources)))[:1]
        alone = [each for each in alone if sources & set(each.sources)]
    return alone[0] if len(alone) == 1 else None


def _score(operation: Operation, text: str, wanted: Goal, sources: set[str], named: Sequence[tuple[str, str]]) -> float:
    """How well ``operation`` fits: from 2 on it does."""
    if (operation.method, operation.path) in named or f"{operation.method} {operation.path}" in text:
        return 10
    shared = len(sources & set(operation.sources))
    low = text.lower()
    parts = words.parts(operation.entity) if operation.entity else words.parts(operation.path.rsplit("/", 1)[-1])
    thing = " ".join(parts)
    if wanted.who and not shared:
        low = re.split(r" (?:for|with|that|which|into|in|so that|hosted) ", wanted.what.lower(), maxsplit=1)[0]
    about = bool(thing) and re.search(rf"\b{re.escape(thing)}(?:e?s)?\b", low.replace("_", " ")) is not None
    same = wanted.deed == does(operation)
    tail = set(words.parts(operation.path.rsplit("/", 1)[-1])) - {"id", *parts} if "{" in operation.path else set()
    exact = bool(tail) and all(words.singular(word) in {words.singular(w) for w in words.parts(low)} for word in tail)
    if tail and not operation.path.endswith("}") and operation.method == "GET" and not exact:
        return 0
    if wanted.denied and not same:
        return 0
    one = operation.path.endswith("}") and operation.method == "GET"
    own = re.search(r"\btheir own\b|\bdetails? of (?:a|one|the)\b", low) is not None
    score = (2.0 if shared else 0.0) + (1.0 if same else -1.0) + (1.0 if about else 0.0) + (0.5 if exact else 0)
    if one:
        score += 0.5 if own else -0.25
    return score if (shared and (same or about)) or (about and same) else 0
