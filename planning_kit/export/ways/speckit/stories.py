"""The user stories of a run: those its specification tells, else one for each passage of the brief that asks for a function."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from .... import ids
from ....checks import openapi
from ....document import Document
from ....run import Run
from .. import said

Operation = tuple[str, str]
"""Method and path."""
PRIORITIES = {"must": "P1", "should": "P2", "could": "P3", "won't": "P3", "would": "P3"}
"""MoSCoW → the priority Spec Kit gives a story."""
_STEP = re.compile(r"\s{0,20}(Given|When|Then|And|But|\*)\s+(\S.*)")
_BLOCK = re.compile(r"\s{0,20}(Background|Scenario(?: Outline| Template)?|Example)\s{0,9}:\s{0,9}(.*)")
_WHO = re.compile(r"(?i)\A(?:an?|the) [\w ]{1,40}? (?:must|shall|should|may|can) be able to ")
_WEAK = (
    ("could", re.compile(r"(?i)\b(?:could|may|might|nice to have|optional(?:ly)?|later)\b")),
    ("should", re.compile(r"(?i)\bshould\b")),
)


@dataclass(frozen=True)
class Story:
    """A user story.

    Attributes:
        title: in few words.
        words: what the user wants, in a sentence.
        priority: ``P1`` to ``P3``.
        why: what the priority rests on.
        source: its id, or the passage it is.
        scenarios: each as ``**Given** …, **When** …, **Then** …``.
        requirements: the functional requirements it tells, or the passage it is.
        operations: the operations it is done with.
    """

    title: str
    words: str
    priority: str
    why: str
    source: str
    scenarios: tuple[str, ...]
    requirements: frozenset[str]
    operations: frozenset[Operation]


def stories(run: Run, every: Sequence[Document]) -> tuple[Story, ...]:
    """The stories in the order of their priority, those of one priority as they are written."""
    told = [each for document in every for each in _told(document, _ranks(every))]
    return tuple(sorted(told or _asked(run, every), key=lambda each: each.priority))


def _told(document: Document, ranks: Mapping[str, str]) -> Iterator[Story]:
    """The stories a document tells under a heading each."""
    extents = ids.extents(document)
    for thing in ids.things(document):
        if thing.kind != "US" or thing.withdrawn or thing.line not in extents:
            continue
        last = extents[thing.line]
        body = (each.strip() for each in document.lines[thing.line : last])
        words = next((each for each in body if each and not each.startswith(("#", "|", "`"))), thing.text)
        fences = (
            each.text
            for each in document.fences
            if each.lang in ("gherkin", "feature") and thing.line < each.line <= last
        )
        ranked = {ranks[each] for each in thing.cites if each in ranks}
        rank = next((each for each in PRIORITIES if each in ranked), "must")
        named = ", ".join(each for each in thing.cites if each in ranks) or thing.id
        yield Story(
            said.plain(thing.text), said.plain(words), PRIORITIES[rank], f"ranked {rank.capitalize()} ({named})", thing.id,
            tuple(each for text in fences for each in _scenarios(text)), frozenset(each for each in thing.cites if each.startswith("FR-")), frozenset(thing.operations),
        )  # fmt: skip


def _ranks(every: Iterable[Document]) -> dict[str, str]:
    """Requirement id → how it is ranked, in lower case, by the column *Priority* of its table."""
    found: dict[str, str] = {}
    for document in every:
        for table in document.tables:
            header = [each.casefold() for each in table.header]
            if header[:1] == ["id"] and "priority" in header:
                at = header.index("priority")
                found |= {row[0].strip(" `*"): row[at].strip().lower() for row in table.rows if len(row) > at}
    return found


def _scenarios(gherkin: str) -> Iterator[str]:
    """The scenarios of a feature, each in a sentence."""
    before: list[tuple[str, str]] = []
    steps: list[tuple[str, str]] | None = None
    for each in (*gherkin.splitlines(), "Scenario:"):
        if block := _BLOCK.fullmatch(each):
            if steps and steps is not before:
                yield _sentence([*before, *steps])
            steps = before if block[1] == "Background" else []
        elif steps is not None and (step := _STEP.fullmatch(each)):
            steps.append((step[1], step[2].strip()))


def _sentence(steps: Sequence[tuple[str, str]]) -> str:
    parts = [f"**{word}** {said.plain(text)}" if word in ("Given", "When", "Then") else f"{'but' if word == 'But' else 'and'} {said.plain(text)}" for word, text in steps]  # fmt: skip
    return ", ".join(parts)


def _asked(run: Run, every: Sequence[Document]) -> Iterator[Story]:
    """A story for each passage that asks for a function, and for one an operation rests on that no such passage has.

    Its scenarios are what the contract promises of the operations that cite it.
    """
    promised = {(each.method, each.path): each for document in every for each in openapi.operations(document)}
    done = {passage: [each for each in found if each in promised] for passage, found in _done(every).items()}
    asked = {name for name, kind in run.sheet.now.classes.items() if kind == "functional"}
    covered = {each for name in asked for each in done.get(name, ())}
    for passage in run.brief.passages:
        operations = done.get(passage.id, [])
        if passage.id not in asked and (passage.kind == "heading" or covered >= set(operations)):
            continue
        covered |= set(operations)
        rank, word = next(
            ((name, hit[0]) for name, looks in _WEAK if (hit := looks.search(passage.plain))), ("must", "")
        )
        why = f"the brief says '{word.lower()}'" if word else "the brief asks for it without reservation"
        yield Story(
            _title(passage.plain), said.plain(passage.plain), PRIORITIES[rank], why, passage.id,
            tuple(each for operation in operations for each in _promises(promised[operation])), frozenset({passage.id}), frozenset(operations),
        )  # fmt: skip


def _title(words: str) -> str:
    """What is to be done, without who must be able to do it; at most so many characters as a heading bears."""
    short = _WHO.sub("", words)
    return said.plain(said.line(short[:1].upper() + short[1:], 80)).rstrip(".")


def _done(every: Iterable[Document]) -> dict[str, list[Operation]]:
    """Passage → the operations that rest on it, by the rows that name both."""
    found: dict[str, list[Operation]] = {}
    for document in every:
        for table in document.tables:
            for row in table.rows:
                cells = " | ".join(row)
                operations = ids.operations(cells) or _split(row)
                for passage in ids.cited(cells) if len(operations) == 1 else ():
                    listed = found.setdefault(passage, [])
                    listed += [each for each in operations if each not in listed]
    return found


def _split(row: Sequence[str]) -> tuple[Operation, ...]:
    """An operation whose method and path stand in cells of their own."""
    return ids.operations(" ".join(each.strip(" `") for each in row[:2]))


def _promises(operation: openapi.Operation) -> Iterator[str]:
    """What the contract promises of an operation: that it succeeds, and what it answers when it is refused."""
    name = f"`{operation.method} {said.line(operation.path)}`"
    who = "a caller who may do this" if operation.security else "any caller"
    good = [each for each in operation.statuses if each.startswith("2")]
    if good:
        yield f"**Given** {who}, **When** they send a valid {name}, **Then** the answer is {' or '.join(good)}"
    refused = {"400": "input that is not valid", "401": "no valid sign-in", "403": "a role that may not do this", "404": "an id that is not there", "409": "a state that does not allow it", "422": "input that breaks a rule"}  # fmt: skip
    for status, words in refused.items():
        if status in operation.statuses:
            yield f"**Given** {words}, **When** {name} is sent, **Then** the answer is {status} and nothing is changed"
