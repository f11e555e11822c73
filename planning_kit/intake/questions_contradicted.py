"""Questions about what is said twice: two values for one thing, and a brief that names one stack where the codebase uses another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from ..offline.facts import Quantity
from ..offline.reading import words
from . import contradictions, opposed_found
from .proposal_basis import Basis, clipped
from .questions_candidate import Candidate
from .wording import vocabulary, wordings

_SECONDS = {"ms": 0.001, "millisecond": 0.001, "s": 1, "sec": 1, "second": 1, "min": 60, "minute": 60, "hr": 3600, "hour": 3600,
            "day": 86_400, "week": 604_800, "month": 2_592_000, "year": 31_536_000}  # fmt: skip
_EMPTY = vocabulary(
    "the and for with without that this from into must shall should may can will not any all each every than more "
    "most least free within before after until their its our are has have been was were when then they system "
    "service per least only also able user one two who which"
)
_CONDITIONS = vocabulary(
    "basic standard premium pro enterprise trial mobile desktop development staging production "
    "test peak normal average p50 p95 p99 first second third weekday weekend summer winter phase tier read write "
    "search report export import small large critical minor free paid public private express"
)
"""Words that say under which condition a value holds."""
_SAME = {"fee": "charg", "fees": "charg", "free": "charg", "cost": "charg", "loan": "borrow", "loans": "borrow", "stored": "keep", "kept": "keep", "retained": "keep", "retention": "keep",
         "response": "answer", "respond": "answer", "responds": "answer", "answered": "answer", "uptime": "availab", "available": "availab", "availability": "availab"}  # fmt: skip


_MOST_NUMBERS = 150
_LANGUAGES = ("Python", "Java", "Kotlin", "Go", "TypeScript", "JavaScript", "Ruby", "PHP", "Rust", "C#", "Scala", "Elixir")  # fmt: skip


def contradiction(basis: Basis) -> Iterator[Candidate]:
    """Two values for one thing: which holds."""
    text = {p.id: words.sentences(p.plain.strip(" |")) for p in basis.told}
    for one, two in (*_found(basis), *_alike_pairs(basis, text)):
        first, second = _sentence(text.get(one.source, []), one), _sentence(text.get(two.source, []), two)
        if not first or not second:
            continue
        strict = 0 if _specific(basis, one.source) >= _specific(basis, two.source) else 1
        yield Candidate(
            100, "contradiction " + " ".join(sorted((one.source, two.source))),
            f"“{clipped(first, 140).rstrip('.')}” [{one.source}], or “{clipped(second, 140).rstrip('.')}” [{two.source}]: {one.text} or {two.text}?",
            (one.source, two.source), (_whole(first), _whole(second)),
            f"{(one, two)[strict].source} stands {'first' if not strict else 'among the requirements'}, and both cannot hold", "the validation rules, the error answers and the tests", strict,
        )  # fmt: skip


def denied(basis: Basis) -> Iterator[Candidate]:
    """Two sentences that cannot both hold: which of them does."""
    for number, pair in enumerate(opposed_found.opposed(wordings(basis.brief, basis.classes))):
        first, second = words.sentences(pair.first.text)[0], words.sentences(pair.second.text)[0]
        ids = (pair.first.passage, pair.second.passage)
        yield Candidate(
            110 - min(number, 8), "contradiction " + " ".join(sorted(ids)) + (pair.what if ids[0] == ids[1] else ""),
            f"“{clipped(first, 140).rstrip('.')}” [{ids[0]}], or “{clipped(second, 140).rstrip('.')}” [{ids[1]}]? Both cannot hold ({pair.what}).",
            ids, (_whole(first), _whole(second)),
            "it is the stricter of the two, and can be relaxed later" if pair.strict else "it stands first, and the brief does not say that the other one replaces it",
            "what depends on it: the rules, the tables, the operations and the tests", 0,
        )  # fmt: skip


def _found(basis: Basis) -> Iterator[tuple[Quantity, Quantity]]:
    """The pairs that the quality reading finds."""
    for remark in contradictions.numbers(wordings(basis.brief, basis.classes)):
        ids = re.findall(r"P\d+", remark.subject)
        pair = [
            next((q for q in basis.quantities if q.source == each and q.text in remark.text), None) for each in ids[:2]
        ]
        if len(pair) == 2 and pair[0] and pair[1]:
            yield pair[0], pair[1]


def _alike_pairs(basis: Basis, text: dict[str, list[str]]) -> Iterator[tuple[Quantity, Quantity]]:
    """The pairs of sentences of which the shorter says nothing that the longer does not."""
    numbers = [(q, _sentence(text.get(q.source, []), q)) for q in basis.quantities[:_MOST_NUMBERS]]
    stated = [(quantity, _stems(sentence, quantity)) for quantity, sentence in numbers if sentence]
    for (one, left), (two, right) in combinations(stated, 2):
        if one.source == two.source or not _same_measure(one, two) or _value(one) == _value(two):
            continue
        shared = left & right
        if len(shared) > 2 and len(shared) == min(len(left), len(right)) and not (left ^ right) & _CONDITIONS:
            yield one, two


def _sentence(sentences: list[str], quantity: Quantity) -> str:
    return next((one for one in sentences if quantity.text in one), "")


def _whole(sentence: str) -> str:
    cells = [cell.strip() for cell in sentence.split("|")]
    return f"{max(cells, key=len).rstrip('.')}."


def _value(quantity: Quantity) -> float:
    return quantity.value * _SECONDS.get(words.singular(quantity.unit.lower()), 1)


def _same_measure(one: Quantity, two: Quantity) -> bool:
    left, right = (words.singular(q.unit.lower()) for q in (one, two))
    return left == right or (left in _SECONDS and right in _SECONDS)


def _stems(sentence: str, quantity: Quantity) -> frozenset[str]:
    said = re.findall(r"[a-z]{3,}", sentence.replace(quantity.text, " ").lower())
    return frozenset(_SAME.get(word) or words.stem(words.singular(word)) for word in said if word not in _EMPTY)


def _specific(basis: Basis, source: str) -> bool:
    return basis.classes.get(source) in ("functional", "quality", "constraint")


def stack(basis: Basis) -> Iterator[Candidate]:
    """The brief names one language or database, the codebase uses another."""
    for kind, topic, said in (
        ("language", "Language", "The service is written in {}"),
        ("database", "Database", "The data is kept in {}"),
    ):
        used = basis.used(topic)
        named = [t for t in basis.reading.technologies if t.kind == kind and all(s.startswith("P") for s in t.sources)]
        bare = re.sub(r"\s+v?\d.*$", "", used)
        if (
            not used
            or not named
            or any(_alike(t.name, used) for t in named)
            or (kind == "language" and bare not in _LANGUAGES)
        ):
            continue
        also = f" with {basis.used('Framework')}" if kind == "language" and basis.used("Framework") else ""
        yield Candidate(
            95, f"stack {kind}",
            f"The brief names {named[0].name} and the codebase uses {used}: which {kind} is this built on?", named[0].sources,
            (said.format(f"{bare}{also}, as the codebase is") + ".", said.format(f"{named[0].name}, as the brief says, apart from the codebase") + "."),
            f"what is there in {bare} can be used again, and one {kind} is run instead of two",
            "every recommendation of the technology document, the migrations and how the parts are deployed",
        )  # fmt: skip


def _alike(named: str, used: str) -> bool:
    short = {"postgres": "postgresql", "golang": "go", "node.js": "javascript", "mssql": "sql server"}
    left, right = named.lower(), used.lower()
    left = short.get(left, left)
    return bool(re.search(rf"(?<![\w+#]){re.escape(left)}(?![\w+#])", right)) or {left, right.split()[0]} == {
        "javascript",
        "typescript",
    }


RULES = (contradiction, denied, stack)
