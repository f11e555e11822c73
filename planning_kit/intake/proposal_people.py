"""Who uses a system, as its brief names them: what the reading found, and whoever else stands where somebody acts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..brief import Passage
from ..offline.facts import Reading
from ..offline.reading import words
from ..offline.reading.grids import grids
from ..offline.reading.lexicon import NOISE, ROLES
from ..offline.reading.phrases import VERBS
from .wording import vocabulary

_NOBODY = re.compile(
    r"(?i)^(?:everybody|everyone|anybody|anyone|nobody|somebody|someone|(?:the )?(?:api|system|service|platform|application|app|server)|resource|recipient|owner|child|person|author)$"
)
_ACTS = re.compile(
    r"(?m)(?:^|[.;,:|]\s+|\b(?:and|[Aa]s an?|allows?|enables?|by)\s+)(?:The |the |An? |an? )?((?:[A-Za-z]{3,12} ){0,2}[A-Za-z]{4,20})(?=\s+(?!of\b|is\b|are\b)[a-z]{2,})"
)
_WORKERS = vocabulary("worker agent clerk officer team desk assistant operator technician")
_VAGUE = ("user", "people", "staff", "participant")
_MAKES_PEOPLE = re.compile(r"(?:(?<!numb)(?<!ord)(?<!us)er|or|ist|ian|ee)$")
"""Endings of nouns for people."""
_WHO = re.compile(r"(?i)^(?:as an?|as|role|actor|user|who|persona|user role)$")


def people(reading: Reading, told: Sequence[Passage], text: str) -> tuple[str, ...]:
    """Nouns for people, singular, most often named first; vague ones ('user') only where no other is named as often.

    Args:
        told: the passages that count.
        text: their words.
    """
    found = [actor.name for actor in reading.actors if not _NOBODY.match(actor.name)]
    found = [name for name in found if not re.search(r"\d", name) and not _offers(name, text)]
    heads = {name.split()[-1] for name in found}
    kept = {entity.name.lower() for entity in reading.entities} - ROLES
    for name in (*_in_columns(told), *_in_prose(text, kept)):
        if name.split()[-1] not in heads and not _NOBODY.match(name.split()[-1]):
            heads.add(name.split()[-1])
            found.append(name)
    found = [name for name in found if not any(other.startswith(f"{name} ") for other in found)]
    count = {name: len(re.findall(rf"(?i)\b{re.escape(name)}s?\b", text)) for name in found}
    most = max((count[name] for name in found if name not in _VAGUE), default=0)
    named = [name for name in found if name not in _VAGUE or count[name] >= most]
    return tuple(sorted(named, key=lambda name: -count[name]))


def _offers(name: str, text: str) -> bool:
    """Whether ``name`` is whoever builds the system: 'the vendor' of a tender, never one of several."""
    if name not in ("vendor", "contractor", "bidder", "tenderer", "supplier", "provider"):
        return False
    return not re.search(rf"(?i)\b(?:{name}s|an? {name}|each {name}|every {name})\b", text)


def _in_columns(told: Sequence[Passage]) -> Iterator[str]:
    """The people in a table's column that is headed 'As a' or 'Role'."""
    for grid in grids(told):
        at = next((n for n, name in enumerate(grid.header) if _WHO.match(name)), -1)
        for _, cells in grid.rows:
            if 0 <= at < len(cells) and re.fullmatch(r"[A-Za-z]{3,20}(?: [A-Za-z]{3,20})?", cells[at]):
                yield " ".join(words.one(cells[at]))


def _in_prose(text: str, kept: set[str]) -> Iterator[str]:
    for hit in _ACTS.finditer(text):
        said = hit.group(1).split()
        name = _acting(said)
        if not name and (first := words.singular(said[0].lower())) != said[0].lower():
            after = said[1] if len(said) > 1 else re.match(r"\s*(\w*)", text[hit.end() :]).group(1)  # type: ignore[union-attr]
            known = first in kept or first in NOISE
            name = first if _MAKES_PEOPLE.search(first) and after.lower() in VERBS and not known else ""
        if name:
            yield name


def _acting(said: list[str]) -> str:
    """Who acts at the beginning of a clause, singular: at most three words, of which the last names a person; empty for nobody."""
    for length in range(len(said), 0, -1):
        head, before = words.singular(said[length - 1].lower()), [word.lower() for word in said[: length - 1]]
        plain = not any(word.endswith("s") or word in ("and", "or", "the", "their", "all") for word in before)
        if plain and (head in _WORKERS if before else head in ROLES | _WORKERS):
            return " ".join([*before, head])
    return ""
