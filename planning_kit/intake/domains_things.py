"""The things a brief speaks of: nouns that recur after an article and in the plural, for briefs whose sentences the reading cannot take apart."""

from __future__ import annotations

import re
from collections import defaultdict

from ..offline.facts import Entity
from ..offline.reading import words
from ..offline.reading.lexicon import FIELD_NOUNS, LIGHT, NOISE, ROLES
from ..offline.reading.sentences import cut
from .proposal_basis import Basis
from .wording import vocabulary

_COVERED = 0.5
"""Share of the asking passages that operations come from; with more, only a noun that recurs is added, and only to a brief without headings."""
_MOST = 5
_RECURS = 3
"""Sentences that must name a noun where the reading is enough for most of the brief."""
_ARTICLE = re.compile(
    r"(?i)\b(?:an?|the|each|every|any|one|this|another)\s+([a-z]{3,24})\b(?!\s+[a-z]{4,24}s?\s+(?:is|are|has|have|can|must)\b)"
)
_OBJECT = re.compile(
    r"(?i)\b(?:orders?|creates?|adds?|lists?|scans?|tracks?|sees?|views?|opens?|closes?|saves?|stores?|keeps?|posts?|sends?|manages?|enters?|"
    r"registers?|approves?|rejects?|requests?|records?|plans?|shares?|submits?|uploads?|searche?s?|edits?|deletes?|removes?|raises?|assigns?|"
    r"publish(?:es)?|imports?|exports?|returns?|replaces?|signs?)\s+(?:an?\s+|the\s+|their\s+|all\s+|new\s+|own\s+){0,2}([a-z]{3,24})\b"
)
_SUBJECT = re.compile(
    r"^\W{0,4}(?:\d{1,3}[.)]\s+)?(?:All |The |Each )?([A-Z]?[a-z]{3,24})\s+(?:are|is|must|shall|can|may|will|has|have)\b"
)
"""What a sentence begins with."""
_NEVER = NOISE | LIGHT | ROLES | FIELD_NOUNS | vocabulary(
    "same other own new first last next free late whole single current given number maximum minimum hour team brief "
    "case group kind connection change other range reason phone way back full plan week term law mobile rule set "
    "often always never once twice again also still then soon today later together however therefore something everything nothing half few lot bit sale stake fact entity command target specific"
)  # fmt: skip


def things(basis: Basis) -> tuple[Entity, ...]:
    """Nouns of at least two sentences that none of the reading's entities is about, at most five, most often named first."""
    done = {source for operation in basis.reading.operations for source in operation.sources}
    covered = sum(passage.id in done for passage in basis.asking)
    least, most = (_RECURS, 1) if covered > _COVERED * len(basis.asking) else (2, _MOST)
    if least == _RECURS and (basis.small or any(passage.section for passage in basis.asking)):
        return ()
    known = {word for e in basis.reading.entities for word in words.parts(e.name)} | {
        word for actor in basis.reading.actors for word in words.parts(actor.name)
    }
    seen, sources = _named(basis)
    fit = [n for n in seen if len(seen[n]) >= least and n not in known and n not in _NEVER]
    best = sorted(fit, key=lambda noun: (-len(seen[noun]), min(seen[noun])))[:most]
    return tuple(
        Entity(words.pascal((noun,)), words.plural(noun), "", (), tuple(dict.fromkeys(sources[noun])), False)
        for noun in best
    )


def _named(basis: Basis) -> tuple[dict[str, set[int]], dict[str, list[str]]]:
    """Noun → the sentences it is in, and the passages; only nouns that stand after an article or as an object, and in the plural too."""
    text = [sentence for sentence in cut(basis.told) if sentence.kind != "heading"]
    nouns = {
        words.singular(hit.group(1).lower())
        for sentence in text
        for pattern in (_ARTICLE, _OBJECT, _SUBJECT)
        for hit in pattern.finditer(sentence.text[:2000])
    }
    seen: dict[str, set[int]] = defaultdict(set)
    sources: dict[str, list[str]] = defaultdict(list)
    several: set[str] = set()
    for number, sentence in enumerate(text):
        for word in re.findall(r"[A-Za-z]{3,24}", sentence.text[:4000]):
            one = words.singular(word.lower())
            if one in nouns:
                seen[one].add(number)
                sources[one].append(sentence.source)
                several |= {one} if one != word.lower() else set()
    return {noun: seen[noun] for noun in seen if noun in several}, sources
