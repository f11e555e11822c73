"""The brief's own words as a requirement: one sentence, one obligation, 'The system shall …'.

'Shall' for what binds is ISO/IEC/IEEE 29148:2018, 5.2.4; so is one requirement a statement (singular).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ...reading import words
from ...reading.lexicon import BOUNDARY, ROLES
from ...reading.phrases import VERBS
from .forms import does_so, is_thing, put
from .phrasing import MORE, TAG, and_also, base, bases, deeds, ended, lower, tidy, upper

_SYSTEMS = (
    "system|application|app|platform|service|server|backend|solution|software|website|product|tool|program|component|"
    "sub-?block|building block|block|module|project|api|key digital functionality|functionality|interface|bb"
)
_MODAL = re.compile(
    r"(?P<modal>\bcannot\b|\b(?:must|shall|should|will|may|might|could|can)\b|\b(?:needs?|ha(?:s|ve)) to\b|"
    r"\b(?:is|are) (?:able|required|designed|expected|allowed|intended) to\b)"
    r"(?P<adverb>(?:\s+(?:also|further|then|only|always|periodically|internally|automatically|still|additionally))*)"
    r"(?P<denied>\s+(?:not|never))?\s+(?P<able>be (?:able|allowed) to\s+)?"
)
_BINDS = re.compile(r"must|shall|needs?|ha(?:s|ve)|cannot|required|expected")
_GRANTS = re.compile(r"may|might|could|can|able|allowed")
_CONDITION = re.compile(
    r"(?:If|When|While|Once|After|Before|During|Until|Upon|Since|In|For|To|As soon as|From|On|With|At|Given)\b"
)
_MAIN = re.compile(
    r"(?:the|an?|each|every|all|any|it|this|these|such|no|multiple|only|they|users?)\s|[A-Z]", re.IGNORECASE
)
_BREAK = re.compile(
    rf"(?i)^(?:If|When|For|To|In|Once)\b[^,]{{3,200}}?(?=\s+(?:it|the (?:{_SYSTEMS}|[a-z]+er))\s+(?:must|shall|should|may|will|can)\b)"
)
_STATE = re.compile(r"(?:After|Once|When|If) [^,]{6,120}?(?= the \w+ (?:is|are) [a-z]+(?:ed|t|n)\b)")
_DOES = re.compile(
    r"(?P<adverb>(?:also|further|then|automatically|internally|typically)\s+)?(?P<verb>[a-z]{3,}s)\s+(?P<rest>\S.*)"
)
_IS = re.compile(r"(?P<who>[^,;:]{2,160}?)\s+(?:is|are)\s+(?P<rest>\S.*)")
_TELLS = "follows|has|takes|operates|utilizes|carries|keeps|lapses|expires|returns|requires|accepts|specifies|contains|provides|involves|includes|retrieves|allows|results|exposes|supports|responds"
_FINITE = re.compile(
    r"(?i)\b(?:is|are|was|has|have|enables?|ensures?|requires?|allows?|takes?|uses?|that|which|who|if|when|where|there)\b"
)
"""Words that show that a subject has ended before: another clause has begun."""
_STORY = re.compile(
    r"(?i)as an? (?P<who>[^,.]{2,60}?),?\s+I(?:'d like| want| need| would like| wish| can| should be able| must be able)\s+(?:to\s+)?(?:be able to\s+)?(?P<what>\S.*)"
)
_STATES = re.compile(rf"(?P<who>[^,;:]{{2,90}}?)\s+(?P<verb>{_TELLS})\s+(?P<rest>\S.*)")
_TITLED = re.compile(r"(?P<title>[^\W\d_][\w'’/-]*(?: [\w'’&/-]+){0,5}):\s+(?P<rest>\S.*)")
_IDLE = re.compile(
    r"(?i)^(?:however|typically|additionally|furthermore|moreover|also|and|but|thus|therefore|hence|subsequently|in addition|in general|more specifically|it also|potentially)\b,?\s*"
)
_NOTE = re.compile(
    r"(?i)^(?:for example|for instance|e\.g|an example|(?:however, )?this will|in (?:the )?current scope\b.*\bexamples?\b|in a real-world|in another implementation|in practical|this is needed|"
    r"these are dedicated|the (?:exact|choice)|similarly|associated implementation|note\b)|"
    r"\bimplementation[ -]time decision\b|\bnot (?:specified|defined) here\W*$|"
    r"\bare example\b|\bmay be example\b"
)


def pieces(text: str) -> list[str]:
    """The sentences of a passage's words, without the tag that says how binding it is."""
    return [TAG.sub("", each).strip() for each in words.sentences(TAG.sub("", text)) if TAG.sub("", each).strip()]


def is_note(piece: str) -> bool:
    """Whether ``piece`` explains, gives an example or leaves something to the implementation, and asks for nothing."""
    return bool(_NOTE.search(piece)) or piece.endswith((":", "?")) or introduces(piece)


def introduces(piece: str) -> bool:
    """Whether ``piece`` only leads in the lines that follow it: 'The system must enable users to'."""
    return bool(re.search(r"(?i)(?:\bto|\bcan|\bmust|\bshall|\bshould|\bfollowing|:)\W*$", piece))


class Wording:
    """How a brief's sentences become requirements: it knows what the brief calls the system and who acts.

    Args:
        products: what the brief calls the system (``Scheduler``).
        actors: who acts, as the brief names them.

    Attributes:
        products: what the brief calls the system.
    """

    def __init__(self, products: Iterable[str], actors: Iterable[str]) -> None:
        self.products = tuple(products)
        products = self.products
        names = "|".join(re.escape(name) for name in sorted(products, key=len, reverse=True))
        named = f"(?:{names})|" if names else ""
        self._system = re.compile(
            rf"(?i)(?:it|we|(?:(?:the|this|that|our|a)\s+)?(?:{named}{_SYSTEMS})(?:\s+building block)?)"
        )
        self._roles = {words.singular(name.split()[-1].lower()) for name in actors if name.split()} | ROLES

    def requirements(self, piece: str, lead: str = "") -> tuple[str, ...]:
        """What ``piece`` asks for, one obligation each; empty when it is a sentence that asks for nothing.

        Args:
            lead: the line that introduces the list ``piece`` is an item of.
        """
        text = tidy(piece)
        if lead and re.search(r"\b(?:to|can|must|should|shall|may|will)\W*$", lead):
            text = self._led(tidy(lead), re.sub(r"^to\s+", "", text))
        text = re.sub(r"\bthus\s+", "", _IDLE.sub("", text))
        said = self._story(text) or put(text, self.acts) or self._said(text)
        if not said:
            return ()
        return tuple(ended(each) for part in and_also(said) for each in deeds(part))

    def whole(self, piece: str) -> str:
        """``piece`` as it stands, tidied: for what is no sentence; a command and its options are what the system accepts."""
        text = tidy(piece)
        if re.match(r"(?:\./|\$ )\S", text):
            return ended(f"The system shall accept the command {text}")
        if re.match(r"-{1,2}[a-z][\w-]*: \w", text):
            return ended(f"The command shall take the options {text}")
        return ended(text)

    def acts(self, subject: str) -> bool:
        """Whether ``subject`` names somebody who acts."""
        bare = (
            re.sub(r"\([^)]*\)|\b(?:of|in|about|for|with|on|to|from|within|as)\b.*", "", subject)
            .strip()
            .lower()
            .split()
        )
        return bool(bare) and words.singular(bare[-1]) in self._roles

    def _led(self, lead: str, text: str) -> str:
        lead = lead.rstrip(" :")
        enables = re.search(
            r"(?i)\b(?:enables?|allows?|lets?|permits?)\s+(?:the\s+)?(?P<who>[\w -]{2,60}?)\s+to$", lead
        )
        if enables or not re.search(r"(?i)\b(?:must|shall|should|will)\b[^.]*\bto$", lead):
            return f"{lead} {text[:1].lower()}{text[1:]}"
        return f"The system shall {text[:1].lower()}{text[1:]}"

    def _story(self, text: str) -> str:
        """'As a member, I want to search books' as what the system has to allow."""
        story = _STORY.match(text)
        if story is None:
            return ""
        who, what = lower(story["who"].strip(" ,")), story["what"]
        for own, theirs in ((r"\bI am\b", "they are"), (r"\bI\b", "they"), (r"\bmy\b", "their"), (r"\bme\b", "them")):
            what = re.sub(own, theirs, what)
        return f"The system shall allow {'an' if who[:1] in 'aeiou' else 'a'} {who} to {what}"

    def _said(self, text: str) -> str:
        text = upper(text)
        titled = _TITLED.match(text)
        if titled and self.acts(titled["title"]) and (does := _DOES.fullmatch(titled["rest"])):
            return does_so(titled["title"], base(does["verb"]), bases(does["rest"]))
        if titled and not _MODAL.search(titled["title"]) and not titled["title"].lower().startswith(("if ", "when ")):
            inner = self._said(_IDLE.sub("", titled["rest"]))
            same = words.parts(titled["title"]) and set(words.parts(titled["title"])) <= set(words.parts(inner))
            return inner if same or not inner else f"{upper(titled['title'])}: {lower(inner)}"
        if _CONDITION.match(text):
            return self._conditional(text)
        return self._obliged(text) or self._told(text)

    def _conditional(self, text: str) -> str:
        """'If this is so, that must be done': the condition stays as it is."""
        if broken := _BREAK.match(text) or _STATE.match(text):
            text = f"{broken.group()},{text[broken.end() :]}"
        then = re.search(r",\s+then\s+", text)
        places = [then] if then else list(re.finditer(r",\s+", text))[:8]
        for place in places:
            main = text[place.end() :]
            verb = main.split(" ")[0].lower()
            if (_MAIN.match(main) or verb in VERBS | MORE) and (said := self._said(main)):
                return f"{text[: place.start()]}, {lower(said)}"
        return ""

    def _obliged(self, text: str) -> str:
        """A sentence with a modal verb."""
        text = re.sub(r"^(?:Could|May|Can|Must|Should|Shall|Will)\b", lambda hit: hit.group().lower(), text)
        found = _MODAL.search(text)
        if found is None or found.start() > 240:
            return ""
        subject, rest = text[: found.start()].strip(" ,"), text[found.end() :].strip()
        plainly = re.sub(r"\s(?:who|that)\s[\w-]+(?: [\w-]+){0,5}$", "", subject)
        bare = plainly if self.acts(plainly) else subject
        if _FINITE.search(re.sub(r"\([^)]*\)", "", bare)) or subject.lower() in ("this", "that", "these", "those"):
            return ""
        modal = found["modal"].lower()
        denied = "not " if found["denied"] or modal == "cannot" else ""
        adverb = f"{found['adverb'].strip()} " if found["adverb"].strip() not in ("", "also") else ""
        if not rest:
            return ""
        if not subject:
            return f"The system shall {denied}{adverb}{rest}" if _GRANTS.match(modal) else ""
        if subject.lower() == "it" and rest.startswith("be possible"):
            rest = re.sub(r"^be possible\s+", "", rest)
            return (
                f"The system shall make it possible {rest}"
                if rest.startswith(("to ", "for "))
                else f"The system shall make possible {rest}"
            )
        if subject.lower() == "it" and (
            way := re.match(r"be (?:suitable|recommended|preferred|possible) to (.+)", rest)
        ):
            return f"The system shall make it possible to {way[1]}"
        if self._system.fullmatch(subject):
            return f"The system {'may' if modal in ('may', 'might') else 'shall'} {denied}{adverb}{rest}"
        if _GRANTS.match(modal) and not denied and is_thing(subject):
            return f"{upper(subject)} {'may' if modal in ('may', 'might') else 'shall'} {adverb}{rest}"
        if _GRANTS.match(modal) or found["able"] or (denied and self.acts(subject)):
            return f"The system shall {denied}allow {lower(subject)} to {adverb}{rest}"
        if self.acts(subject) and _BINDS.match(modal) and not denied and not rest.startswith("be "):
            return f"The system shall require {lower(subject)} to {adverb}{rest}"
        return f"{upper(subject)} shall {denied}{adverb}{rest}"

    def _told(self, text: str) -> str:
        """A sentence without a modal verb: what the system does, what somebody does, how something is."""
        if re.match(r"(?i)it is (?:recommended|suitable|preferred|possible) to ", text):
            return f"The system shall make it possible to {text.split(' to ', 1)[1]}"
        return self._acted(text) or self._ordered(text) or self._stated(text)

    def _acted(self, text: str) -> str:
        """What the system or somebody does: 'The system reminds members', 'Members borrow books'."""
        for who in self._subjects(text):
            system = who == "This" or bool(self._system.fullmatch(who))
            does = _DOES.fullmatch(text[len(who) :].strip())
            if does and not re.search(r"(?:ous|ss|ways|wise)$|^(?:has|does|this|its|was)$", does["verb"]):
                verb, adverb = base(does["verb"]), (does["adverb"] or "").replace("also ", "")
                if system:
                    return f"The system shall {adverb}{verb} {bases(does['rest'])}"
                return f"The system shall let {lower(who)} {adverb}{verb} {bases(does['rest'])}"
        many = re.match(
            r"(?:[A-Z][\w-]+\s+){0,2}?[A-Za-z-]+s\b(?:\s+of\s+(?:an?|the|their)\s+[\w -]{2,30}?)?(?=\s)", text
        )
        if many is None or not self.acts(many.group()):
            many = re.match(
                r"[A-Za-z][\w-]*(?: [\w-]+)?\s(?:staff|people|faculty|personnel)(?=\s)|(?:Staff|People|Faculty)(?=\s)",
                text,
            )
        if many is None or not self.acts(many.group()):
            return ""
        never = re.match(r"\s+(?:never|do not|don't)\s+", text[many.end() :])
        after = text[many.end() + (never.end() if never else 0) :].strip()
        verb = after.split(" ")[0].lower()
        if (
            " " not in after
            or not re.fullmatch(r"[a-z]{3,}", verb)
            or verb in BOUNDARY
            or re.search(r"(?:s|ed|ing|ly)$", verb)
        ):
            return ""
        return f"The system shall {'not ' if never else ''}let {lower(many.group())} {after}"

    def _ordered(self, text: str) -> str:
        """A command, or what is done by what a title names: 'Create orders', 'Creates orders'."""
        first, _, rest = text.partition(" ")
        verb = first.lower()
        follows = rest.split(" ")[0]
        if not rest or follows in ("of", "by", "for", "is", "are", "answer", "work") or re.match(r"[A-Z]{2}", first):
            return ""
        if verb in VERBS | MORE:
            return f"The system shall {verb} {rest}"
        base = words.base(verb, VERBS | MORE) if verb.endswith("s") else ""
        return f"The system shall {base} {bases(rest)}" if base else ""

    def _stated(self, text: str) -> str:
        """How something is: 'Receipts are sent by e-mail'."""
        states = _STATES.fullmatch(text)
        if states and not _FINITE.search(states["who"]) and not self.acts(states["who"].split(" ")[0]):
            return f"{upper(states['who'])} shall {base(states['verb'])} {bases(states['rest'])}"
        state = _IS.fullmatch(text)
        if state is None or _FINITE.search(state["who"]):
            return ""
        if self._system.fullmatch(state["who"]):
            return f"The system shall be {state['rest']}"
        if re.match(r"(?i)(?:this|that|these|those|there|it|which)\b", state["who"]):
            return ""
        denied = "not " if state["rest"].startswith("not ") else ""
        return f"{upper(state['who'])} shall {denied}be {state['rest'].removeprefix('not ')}"

    def _subjects(self, text: str) -> list[str]:
        """The beginnings of ``text`` that name the system or one who acts."""
        tokens = text.split(" ")[:6]
        starts = [" ".join(tokens[:count]) for count in range(1, len(tokens))]
        system = [start for start in starts if self._system.fullmatch(start) or start == "This"]
        one = [
            s
            for s in starts
            if re.match(r"(?i)(?:an?|the|each|every|one)\s", s) and self.acts(s) and not s.lower().endswith("s")
        ]
        return system[-1:] or one[:1]
