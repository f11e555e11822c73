"""The technologies the brief names: which of them it gives, and which it only asks about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from ... import packages
from ..facts import Named, Question, Reading
from .gazetteer import TECHNOLOGIES
from .sentences import Sentence

_NEAR = re.compile(
    r"(?i)\b(?:written in|built (?:with|in|on|using)|using|uses?|language|framework|database|stack|backend|runtime|deploy|hosted|service in|implemented in|developed in|queue|api|server)\b"
)


def _pattern(names: str) -> re.Pattern[str]:
    ordered = sorted(names.replace("!", "").split("|"), key=len, reverse=True)
    return re.compile(rf"(?<![\w.+#/-])({'|'.join(re.escape(name) for name in ordered)})(?![\w+#]|-[a-z]*ed\b)")


_TECHNOLOGY = {
    category: (_pattern(names), frozenset(name.rstrip("!") for name in names.split("|") if name.endswith("!")))
    for category, names in TECHNOLOGIES.items()
}
_SAME = {"Postgres": "PostgreSQL", "Golang": "Go", "NodeJS": "Node.js", "RESTful": "REST", "OAuth2": "OAuth 2.0", "PubSub": "Pub/Sub", "K8s": "Kubernetes", "NGINX": "Nginx",
         "WebSockets": "WebSocket", "Apache Kafka": "Kafka", "Amazon Web Services": "AWS", "ExpressJS": "Express.js", "Amazon SQS": "SQS", "Google Cloud": "Google Cloud", "GCP": "Google Cloud"}  # fmt: skip
_BEFORE_NOT = re.compile(
    r"(?i)\b(?:not|never|no|nobody|no one|without|neither|nor|avoid|instead of|rather than|except|replac\w+)\b[^.;,:]{0,50}$"
)
_AFTER_NOT = re.compile(
    r"(?i)^[^.;,:]{0,25}\b(?:not|never)\b[^.;,:]{0,12}\b(?:allowed|used?|wanted|an option|needed|required|supported|permitted)\b"
    r"|^[^.;,:]{0,15}\b(?:forbidden|prohibited|banned|excluded|ruled out|out of scope)\b"
)
_OPEN_HEADING = re.compile(
    r"(?i)\b(?:open|unresolved|outstanding|undecided) (?:points?|questions?|issues?|items?|topics?|decisions?)\b"
    r"|\bto be (?:decided|determined)\b|\bTBD\b|^(?:questions|undecided)$"
)
_ASKED = re.compile(
    r"(?i)\?\W*$|^\W*whether\b|\bto be (?:decided|determined)\b|\b(?:still|yet) to be (?:decided|chosen|agreed|confirmed|clarified)\b"
    r"|\bTBD\b|\bundecided\b|\bnot yet (?:been )?(?:decided|settled|chosen|agreed)\b|\b(?:still|left) open\b"
)
_SURROUNDINGS = "\nNode.js.\nPython."
"""What makes a sentence of a text that names its surroundings such a text by itself."""


def technologies(sentences: Sequence[Sentence]) -> tuple[Named, ...]:
    """Languages, databases, frameworks, packages, queues, clouds and protocols that the brief gives, in its order.

    Everyday words count only where technology is spoken of; what a sentence declines, and what is only asked about, is not given.
    """
    return tuple(_named(m for m in _mentions(sentences) if not m[3]))


def left_open(reading: Reading, text: str, sentences: Sequence[Sentence]) -> Iterator[Question]:
    """A question for every sentence that leaves open whether a technology is used that is given nowhere else."""
    given = {named.name for named in reading.technologies}
    asked: dict[str, tuple[str, list[str]]] = {}
    for name, _, sentence, doubtful in _mentions(sentences):
        if doubtful and name not in given and sentence.source[:1] not in "QA":
            names = asked.setdefault(sentence.text[:200], (sentence.source, []))[1]
            names += [name] if name not in names else []
    for said, (source, names) in asked.items():
        yield Question(
            "technology",
            f"The brief leaves open: “{said}” Which is it?",
            f"It is planned without {' and '.join(names[:4])}.",
            (source,),
        )


_Mention = tuple[str, str, Sentence, bool]


def _mentions(sentences: Sequence[Sentence]) -> Iterator[_Mention]:
    """Each technology where it is named: its name, its category, the sentence, and whether it is only asked about there."""
    read = [sentence for sentence in sentences if not sentence.excluded]
    known = packages.named("\n".join(sentence.text for sentence in read)[:400_000])
    for sentence in read:
        found = {at: (name, category) for at, name, category in _listed(sentence.text)}
        covered = {package for name, _ in found.values() for package in _packages(name)}
        for at, package in _packaged(sentence.text, known):
            if package.name not in covered:
                found.setdefault(at, (package.product, "package"))
        for at, (name, category) in sorted(found.items()):
            if not _declined(sentence.text, at, at + len(name)):
                yield _SAME.get(name, name), category, sentence, _doubtful(sentence, at)


def _listed(text: str) -> Iterator[tuple[int, str, str]]:
    for category, (pattern, everyday) in _TECHNOLOGY.items():
        for hit in pattern.finditer(text):
            if hit.group(1) not in everyday or _NEAR.search(text[max(0, hit.start() - 60) : hit.end() + 40]):
                yield hit.start(1), hit.group(1), category


def _packaged(text: str, known: Sequence[packages.Package]) -> Iterator[tuple[int, packages.Package]]:
    """The packages of ``known`` that ``text`` names, each with its place."""
    low = text.casefold()
    likely = [package for package in known if package.product.casefold() in low]
    here = packages.named(text + _SURROUNDINGS) if likely else ()
    for package in likely:
        if package in here:
            spelt = re.escape(package.product)
            hit = re.search(rf"(?<!\w){spelt}(?!\w)", text) or re.search(rf"(?i)(?<!\w){spelt}(?!\w)", text)
            if hit:
                yield hit.start(), package


def _named(mentions: Iterable[_Mention]) -> Iterator[Named]:
    found: dict[str, tuple[str, list[Sentence]]] = {}
    for name, category, sentence, _ in mentions:
        key = next((old for old in found if old == name or _one(old, name)), name)
        found.setdefault(key, (category, []))[1].append(sentence)
    for name, (category, where) in found.items():
        yield Named(name, category, where[0].text[:200], tuple(dict.fromkeys(s.source for s in where)))


def _one(one: str, two: str) -> bool:
    """Whether both names are of one package (Express, Express.js)."""
    if one[:3].casefold() != two[:3].casefold():
        return False
    return bool(_packages(one) & _packages(two))


@lru_cache(maxsize=1024)
def _packages(name: str) -> frozenset[str]:
    """The packages that a technology is, as their indexes name them."""
    return frozenset(package.name for package in packages.named(f"`{name}`"))


def _declined(text: str, start: int, end: int) -> bool:
    """Whether what stands between ``start`` and ``end`` is named only to be left out: 'we do not use X', 'X is not allowed'."""
    return bool(_BEFORE_NOT.search(text[:start][-70:]) or _AFTER_NOT.match(text[end:][:60]))


def _doubtful(sentence: Sentence, at: int) -> bool:
    """Whether the technology at ``at`` is only asked about: in a question, under open points, in an open point that is quoted."""
    if sentence.kind == "heading":
        return False
    if any(_OPEN_HEADING.search(heading) for heading in sentence.section):
        return True
    text = sentence.text
    for quoted in re.finditer(r"“([^“”]{1,400})”", text):
        if quoted.start() < at < quoted.end():
            return bool(_ASKED.search(quoted.group(1)))
    begin = text.rfind(";", 0, at) + 1
    end = text.find(";", at)
    return bool(_ASKED.search(text[begin : end if end >= 0 else len(text)]))
