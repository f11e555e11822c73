"""What one sentence denies outright and another asks for."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .opposed import Opposed, Said, form
from .wording import vocabulary

_PASSIVE = re.compile(
    r"(?i)^(?P<what>[^,.;:]{2,80}?) (?:(?:is|are) [^,.;]{2,80} and )?(?:must|shall|may|can|should|will|is|are|do|does)(?: ?not| never) (?:ever )?(?:be )(?P<verb>[a-z]{3,20}(?:ed|en|pt|nt|ld|wn))\b(?P<rest>.*)$|"
    r"^(?P<what2>[^,.;:]{2,80}?) (?:is|are) (?:not|never) (?P<verb2>[a-z]{3,20}(?:ed|en|pt|nt|ld|wn))\b(?P<rest2>.*)$"
)
_ACTIVE = re.compile(
    r"(?i)^(?P<who>[^,.;:]{2,60}?) (?:(?:must|shall|may|can|should|will|do|does)(?: ?not| never)|never) (?P<verb>[a-z]{3,20}) (?P<what>(?:an? |the |any |their |its )?(?:[a-z-]+ ){0,3}[a-z-]+)(?P<rest>.*)$"
)
_NONE = re.compile(
    r"(?i)^no (?P<what>(?:[a-z-]+ ){0,2}?[a-z-]{3,30})(?: (?:is|are|will be|may be|shall be|must be|can be) (?P<verb>[a-z]{3,20}))?(?P<rest>[ .;!]*|(?: at all| whatsoever| anywhere| ever| by (?:the )?(?:system|service|platform|app))[ .;!]*)$"
)
_CONDITION = re.compile(
    r"(?i)\b(?:if|when|while|unless|until|before|after \w|except|without|only|more than|less than|within|longer|than|by anyone|in (?:the )?\w|on \w|outside|during|as long|twice|again|same|other|another|for (?:more|less|the)|to (?!be\b)\w)"
)
_DETERMINERS = vocabulary("the a an any all every each its their his her our this that these those of")
_BE = ("be", "been", "is", "are")
_SYSTEM = frozenset(form(word) for word in ["system", "platform", "service", "application", "app", "solution", "software", "server", "it", "we", "user"])  # fmt: skip
_PERSONAL = re.compile(
    r"(?i)\b(?:(?:full |first |last |family )?names? (?:and|or|,) |(?:and|,|with|incl\.?|including|by) (?:their )?names?\b(?! of)|phone numbers?|mobile numbers?|telephone numbers?|e-?mail address(?:es)?|dates? of birth|birth ?dates?|postal address(?:es)?|home address(?:es)?|passport numbers?)"
)
_PERSONAL_NOUN = re.compile(
    r"(?i)^(?:any )?personal (?:data|information|details)$|^personally identif\w+ (?:data|information)$"
)
_KEEPS = frozenset(
    form(word)
    for word in ["kept", "stored", "collected", "processed", "saved", "recorded", "held", "required", "requested"]
)
_NOUN_OF = {"registr": "register", "logi": "login", "subscript": "subscrib", "authent": "authenticat"}
_LOOSE = vocabulary("change impact limit need reason guarantee time additional further extra more other such downtime")


@dataclass(frozen=True)
class _Denial:
    """A sentence that denies an act (``verb``) on a thing (``noun``, told apart by ``narrow``) to somebody (``who``; empty: to all)."""

    said: Said
    verb: str
    noun: str
    narrow: frozenset[str]
    who: str


def denials(said: Sequence[Said]) -> Iterator[Opposed]:
    """A flat denial against a sentence that asks for the same act on the same thing."""
    index: dict[str, list[Said]] = defaultdict(list)
    for each in said:
        if not each.negated:
            for token in dict.fromkeys(each.tokens):
                index[token].append(each)
    for each in said:
        if not each.negated:
            continue
        if denied := _denial(each):
            for other in index.get(denied.verb, ())[:200]:
                if _asks(denied, other):
                    yield Opposed(each, other, f"whether this may be: {denied.noun}", True)
                    break
    yield from _personal(said)
    yield from _bare(said)


def _denial(said: Said) -> _Denial | None:
    text = said.text.rstrip(" .!;|")
    if hit := _NONE.match(text):
        if not hit.group("verb") or _PERSONAL_NOUN.match(hit.group("what")):
            return None
        return _made(said, hit.group("verb"), hit.group("what"), "")
    if hit := _PASSIVE.match(text):
        what, verb, rest = (hit.group("what") or hit.group("what2"), hit.group("verb") or hit.group("verb2"), hit.group("rest") or hit.group("rest2") or "")  # fmt: skip
        return None if _CONDITION.search(rest) or re.match(r"(?i)\s*by\b", rest) else _made(said, verb, what, "")
    if hit := _ACTIVE.match(text):
        if _CONDITION.search(hit.group("rest")) or re.search(r"(?i)\b(?:if|when|who|that|which)\b", hit.group("who")):
            return None
        who = (
            form(re.findall(r"[A-Za-z-]+", hit.group("who"))[-1])
            if re.search(r"[a-z]", hit.group("who"), re.IGNORECASE)
            else ""
        )
        return _made(said, hit.group("verb"), hit.group("what"), "" if who in _SYSTEM else who)
    return None


def _made(said: Said, verb: str, what: str, who: str) -> _Denial | None:
    """The denial of ``verb`` on ``what``; nothing when the thing is told apart by a clause."""
    if re.search(r"(?i)\b(?:if|when|while|that|which|who|whose|with|without|not|after|before)\b", what):
        return None
    noun_words = [
        word
        for word in re.split(r" (?:of|in|for|from|to|by) ", what.strip())[0].split()
        if word.lower() not in _DETERMINERS
    ]
    whole = [form(word) for word in re.findall(r"[A-Za-z][\w'-]*", what) if word.lower() not in _DETERMINERS]
    if not noun_words or noun_words[-1].lower() in _LOOSE or not re.match(r"[A-Za-z]", noun_words[-1]):
        return None
    noun = form(noun_words[-1])
    return _Denial(said, form(verb), noun, frozenset(whole) - {noun}, who)


def _asks(denied: _Denial, said: Said) -> bool:
    """Whether ``said`` has the denied act done to the denied thing, by whom it is denied."""
    tokens = said.tokens
    if said.negated or not denied.narrow <= set(tokens) or denied.noun not in tokens or denied.noun == denied.verb:
        return False
    if denied.who and denied.who not in tokens[:5]:
        return False
    if re.search(
        r"(?i)\b(?:by hand|manually|today|currently|asks?|wants?|request\w*|attempts?|tr(?:y|ies))\b", said.text
    ):
        return False
    for at, token in enumerate(tokens):
        if token != denied.verb:
            continue
        passive = bool(at and tokens[at - 1] in _BE)
        if passive and denied.noun in tokens[max(0, at - 6) : at]:
            return True
        if not passive and denied.noun in tokens[at + 1 : at + 5]:
            return True
    return False


def _personal(said: Sequence[Said]) -> Iterator[Opposed]:
    """'No personal data is stored' against a sentence that shows or keeps names, telephone numbers or addresses of people."""
    for each in said:
        hit = _NONE.match(each.text.rstrip(" .!;|"))
        if not hit or not _PERSONAL_NOUN.match(hit.group("what")):
            continue
        if hit.group("verb") and form(hit.group("verb")) not in _KEEPS:
            continue
        other = next((one for one in said if not one.negated and one is not each and _PERSONAL.search(one.text)), None)
        if other:
            yield Opposed(each, other, "whether personal data is kept", True)


def _bare(said: Sequence[Said]) -> Iterator[Opposed]:
    """'No registration.' against a sentence in which the same people register."""
    for at, each in enumerate(said):
        hit = re.match(
            r"(?i)^no ([a-z-]{4,20}(?: [a-z-]{4,20})?)(?: (?:is|are) (?:required|needed|necessary|allowed|used|wanted|possible|offered|supported))?[ .!;]*$",
            each.text,
        )
        if not hit or _LOOSE & set(hit.group(1).lower().split()):
            continue
        noun = form(hit.group(1).split()[-1])
        narrow = {form(word) for word in hit.group(1).split()[:-1]}
        act = _NOUN_OF.get(noun, noun)
        before = said[at - 1] if at and said[at - 1].passage == each.passage else None
        who = before.tokens[0] if before and before.tokens else ""
        for other in said:
            at_act = next((n for n, token in enumerate(other.tokens) if token in (act, noun)), -1)
            if at_act < 0 or other.negated or other is each or not narrow <= set(other.tokens):
                continue
            if (not who or who in other.tokens[:4]) and _wanted(other, at_act):
                yield Opposed(each, other, f"whether there is {hit.group(1)}", True)
                break


def _wanted(said: Said, at: int) -> bool:
    """Whether ``said`` has somebody do or get what stands at its word ``at``."""
    before = said.tokens[max(0, at - 4) : at]
    return bool(set(before) & {"must", "shall", "can", "may", "need", "has", "have", "get", "send", "receiv", "with", "by", "via", "requir", "mandatori"}) or at == 1  # fmt: skip
