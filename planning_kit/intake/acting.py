"""Sentences in the present tense that tell what somebody or something does: requirements without a 'must'."""

from __future__ import annotations

import re

from ..offline.reading import words
from ..offline.reading.phrases import VERBS
from .wording import vocabulary

_MORE = vocabulary(
    "report confirm subscribe bill finish bill notify arrive register collect measure deliver receive send pay print sign scan open lock unlock close start stop plan freeze compute calculate check "
    "warn block count sort group rank match forward route publish push pull poll ask answer reply vote rate comment like follow join leave enter pick choose select book cancel reserve borrow return lend "
    "hand take give get see view read show display list search filter find browse download upload export import attach share invite practise practice record log track monitor trigger run retry expire keep store "
    "save hold archive delete remove mark flag assign release approve reject review accept refuse refund charge invoice credit transfer issue renew extend suspend set change edit update add create write draw "
    "transmit look check pull carry board exceed reach scan weigh cover fill submit apply order buy sell ship draw log report"
)
_ACTS = VERBS | _MORE
_STATIVE = vocabulary(
    "is are was were be has have had belong belongs live lives mean means need needs want wants know knows like likes depend depends cost costs seem seems lose loses work works use uses "
    "consist consists contain contains include includes exist exists remain remains become becomes"
)
_NUMBER = re.compile(r"^\W{0,4}(?:(?:[A-Z]{1,5}-?)?\d{1,4}(?:\.\d{1,3})*[.):]?\s+)?")
_ADVERBS = vocabulary("also then only automatically always never")
_ENDS = vocabulary(
    "and or of who that which is are in with to for by on at from has have had must shall can may will should"
)
_MOST = 6
"""Most words before the verb."""
_PASSIVE = re.compile(
    r"\b(?:is|are|gets?) (?:also |then |only |always |automatically |never |not )?(?P<verb>[a-z]{3,20}(?:ed|pt|wn|en|ent|ld|aid|old))\b(?! (?:of|that))"
)
_SETTLED = vocabulary(
    "located based called named known written interested tired supposed involved affected concerned divided organised organized used employed owned run connected related limited expected needed required allowed "
    "planned given listed described defined dedicated experienced licensed regulated situated often open been children broken hidden women men frozen golden then seven ten eleven even content present different current recent"
)
_PAST = re.compile(
    r"(?i)\b(?:today|currently|at the moment|at present|nowadays|so far|until now|last year|these days|traditionally|usually|in the past)\b"
)
_MANY = vocabulary("people staff children crew police men women foremen salesmen craftsmen tradesmen nobody")
_NOBODY = vocabulary("we i you they it this that these those there here our my your which what most many some it's")
_WISH = re.compile(
    r"(?i)\b(?:I|we)(?:['’]d like| would like| want| need| wish for|['’]re looking for| are looking for)\b.{0,80}?\b(?:something|app|tool|site|system|platform|service|program|solution|website|way|place)\b|\b(?:I|we)(?:['’]d like| would like| want| need)\b [^.]{0,60}\b(?:to be able to|where|that lets?|with which)\b"
)
_ORDER = re.compile(
    r"^\W{0,4}(?:(?:[A-Z]{1,5}-?)?\d{1,4}(?:\.\d{1,3})*[.):]?\s+)?(?:please )?(?:Build|Create|Design|Develop|Implement|Make|Add|Write|Provide|Set up|Extend|Replace|Migrate|Let|Allow|Enable|Send|Show|Support|Expose|Export|Import|Print|Track|Record|Search|Remind|Notify|List|Generate|Offer|Integrate|build|create|design|develop|implement|make|write|add) (?:me |us )?(?:\w)"
)


def acts(sentence: str) -> bool:
    """Whether ``sentence`` has somebody or something other than the writer act now ('Citizens report missed bins', 'WCS bills extra emptyings')."""
    text = sentence[:600]
    if _PAST.search(text):
        return False
    said = re.findall(r"[\w'’-]+|[^\w\s]", _NUMBER.sub("", text, count=1))[: _MOST + 2]
    if not said or said[0].lower() in _NOBODY:
        return False
    for at, verb in enumerate(said[1 : _MOST + 1], start=1):
        before = said[at - 1]
        if not re.match(r"\w", verb) or before.lower() in _ENDS:
            return False
        who = said[: at - 1] if before.lower() in _ADVERBS and at > 1 else said[:at]
        if at + 1 < len(said) and re.match(r"\w", said[at + 1]) and verb not in _STATIVE and _agrees(who, verb):
            return True
    return False


def done(sentence: str) -> bool:
    """Whether something is regularly done in ``sentence`` ('All bins are emptied weekly')."""
    hit = _PASSIVE.search(sentence[:600])
    return bool(hit) and hit.group("verb") not in _SETTLED and not _PAST.search(sentence[:600])  # type: ignore[union-attr]


def wished(text: str) -> bool:
    """Whether a text asks for something to be made: an order to build, or what its writer would like."""
    return bool(_ORDER.match(text) or _WISH.search(text[:2000]))


def _agrees(who: list[str], verb: str) -> bool:
    """Whether the last word before ``verb`` is several and the verb bare, or one and the verb ends in 's'."""
    head = who[-1]
    bare = words.singular(verb) if verb.endswith("s") else verb
    if verb.endswith("s") and not verb.endswith("ss"):
        several = head.endswith("s") and not head.endswith("ss") and not head.isupper()
        return bare in _ACTS and not several
    return verb in _ACTS and (
        head.endswith("s") and words.singular(head.lower()) != head.lower() or head.lower() in _MANY
    )
