"""Requirements said as what is so: 'The system shall send …' becomes 'the system sends …', for steps and scenarios."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...reading import words
from ...reading.lexicon import UNCOUNTABLE
from ...reading.phrases import VERBS
from .goals import goal
from .phrasing import MORE, lower

_LEADS = re.compile(
    r"(?P<word>If|When|Once|After|As soon as|In case|Whenever)\s+(?P<when>[^,]{3,240}),\s*(?:then\s+)?(?P<then>.+)"
)
_LEADS_FAR = re.compile(
    r"(?P<word>If|When|Once|After|As soon as|In case|Whenever)\s+(?P<when>.{3,240}?),\s*(?:then\s+)?(?P<then>[^,]{2,90}?\b(?:shall|may)\b.+)"
)
_TRAILS = re.compile(
    r"(?P<then>.{12,}?),?\s+(?:when|whenever|if|once|as soon as)\s+(?P<when>[^,;]{3,160}\b[a-z]+(?:s|ed)\b[^,;]*)$"
)
_SHALL = re.compile(r"\b(?:shall|must)\s+(?P<denied>not\s+)?(?P<adverb>(?:(?:[a-z]+ly|also|then|still|never)\s+)*)")
_PHRASE_ENDS = re.compile(r"\s(?:of|in|for|with|to|from|by|that|which|who|at|on|about|between|within|per)\s|\s?\(")
_KEPT = {
    "kept": "keep", "sent": "send", "shown": "show", "held": "hold", "made": "make", "given": "give", "told": "tell", "run": "run",
    "written": "write", "built": "build", "stored": "store", "encrypted": "encrypt", "hashed": "hash", "limited": "limit",
    "rate limited": "rate limit", "logged": "log", "published": "publish", "defined": "define", "recorded": "record", "refused": "refuse",
    "deleted": "delete", "updated": "update", "created": "create", "notified": "notify", "validated": "validate", "counted": "count",
}  # fmt: skip


@dataclass(frozen=True)
class Situation:
    """``when`` something happens (empty when a requirement names no occasion), and what is so ``then``; both in the present tense."""

    when: str
    then: str


def situation(text: str) -> Situation:
    """The occasion a requirement names, and what it asks for; ``text`` is plain."""
    said = untitled(text)
    if led := _LEADS_FAR.fullmatch(said) or _LEADS.fullmatch(said):
        return Situation(lower(led["when"].strip()), _present(led["then"]))
    trailed = _TRAILS.fullmatch(said)
    if trailed and " shall " in trailed["then"]:
        return Situation(trailed["when"].strip(), _present(trailed["then"]))
    return Situation("", _present(said))


def untitled(text: str) -> str:
    """``text`` without the title it stands behind: 'Search: the system shall …'."""
    said = text.strip().rstrip(".")
    if not re.search(r"\bshall\b", said):
        return re.sub(r"^[A-Z][\w &'/-]{1,59}: (?=[A-Z][a-z]+(?: \S+){3})", "", said)
    return re.sub(r"^[A-Z][\w &'/-]{1,59}: (?=[^:]{0,120}\bshall\b)", "", said)


def present(text: str) -> str:
    """A requirement as a clause in the present tense, with a small first letter: 'a patient can pick a doctor'."""
    said = untitled(text)
    led = _LEADS_FAR.fullmatch(said) or _LEADS.fullmatch(said)
    if led:
        return f"{led['word'].lower()} {lower(led['when'])}, {_present(led['then'])}"
    return _present(said)


def _present(said: str) -> str:
    wanted = goal(said)
    if wanted.who and re.match(r"(?i)the system shall (?:not )?(?:let|allow|enable|permit)\b", said):
        if wanted.denied and wanted.who.lower() in ("anybody", "anyone"):
            return f"nobody can {wanted.what}"
        return f"{lower(wanted.who)} {'cannot' if wanted.denied else 'can'} {wanted.what}"
    if wanted.who and re.match(r"(?i)the system shall require\b", said):
        return f"{lower(wanted.who)} {'have' if several(wanted.who) else 'has'} to {wanted.what}"
    shall = _SHALL.search(said)
    if shall is None:
        return lower(said)
    subject, rest = said[: shall.start()].strip(), said[shall.end() :]
    many = several(subject)
    return f"{lower(subject)} {shall['adverb']}{_finite(rest, many, bool(shall['denied']))}"


def _finite(rest: str, many: bool, denied: bool) -> str:
    """``rest``, a phrase that begins with an infinitive, with a verb in the present tense."""
    verb, _, after = rest.partition(" ")
    if verb == "be":
        return f"{'are' if many else 'is'} {'not ' if denied else ''}{after}"
    if denied:
        return f"{'do' if many else 'does'} not {rest}"
    if many:
        return rest

    def also(hit: re.Match[str]) -> str:
        return f"{hit['before']}{third(hit['verb'])}" if hit["verb"] in VERBS | MORE else hit.group()

    after = re.sub(
        r"(?P<before>, (?:and |or )?(?:then )?|\b(?:and|or) (?:then )?)(?P<verb>[a-z]{3,})\b(?= (?:the|an?|their|his|her|its|it|them|all|any)\b)",
        also,
        after,
    )
    return f"{third(verb)} {after}".strip()


def third(verb: str) -> str:
    """``send`` → ``sends``."""
    if verb == "have":
        return "has"
    if verb.endswith("y") and verb[-2:-1] not in "aeiou":
        return f"{verb[:-1]}ies"
    return f"{verb}{'es' if re.search(r'(?:s|x|z|ch|sh|o)$', verb) else 's'}"


def several(subject: str) -> bool:
    """Whether a noun phrase is in the plural."""
    head = _PHRASE_ENDS.split(subject.strip(), maxsplit=1)[0].strip(" ,")
    if re.match(r"(?i)(?:all|multiple|several|many|both|these|those|some|such|they|we)\b", head) or re.search(
        r"\b(?:and)\b", head
    ):
        return True
    if re.match(r"(?i)(?:an?|each|every|one|this|it|whoever|nobody)\b", head) or not head:
        return False
    last = head.split()[-1]
    return last.isalpha() and last.islower() and last not in UNCOUNTABLE and words.singular(last) != last


def ordered(text: str) -> str:
    """A requirement as a goal, beginning with a verb: 'Keep patient data confidential'; what it says in the present tense where it has no such form."""
    said = _LEADS.sub(lambda hit: hit["then"], untitled(text))
    wanted = goal(said)
    if wanted.who and not wanted.denied and re.match(r"(?i)the system shall (?:let|allow|enable|permit)\b", said):
        return wanted.what
    shall = _SHALL.search(said) or re.search(r"(?<=system) may (?P<denied>not )?", said)
    if shall is None or shall["denied"]:
        return _present(said)
    subject, rest = said[: shall.start()].strip(), said[shall.end() :]
    if re.fullmatch(
        r"(?i)(?:.{2,60}: )?the system|(?:GET|POST|PUT|PATCH|DELETE) /\S*", subject
    ) and not rest.startswith("be "):
        return rest
    passive = re.match(rf"be (?P<done>{'|'.join(_KEPT)})\b\s*(?P<rest>.*)", rest)
    if passive:
        return f"{_KEPT[passive['done']]} {lower(subject)} {passive['rest']}".strip()
    return _present(said)


def the(number: int, thing: str) -> str:
    """``The story``, ``The 3 stories``."""
    return f"The {thing}" if number == 1 else f"The {counted(number, thing)}"


def counted(number: int, thing: str) -> str:
    """``1 story``, ``3 stories``."""
    head, _, last = thing.rpartition(" ")
    return f"{number} {thing}" if number == 1 else f"{number} {f'{head} ' if head else ''}{words.plural(last)}"
