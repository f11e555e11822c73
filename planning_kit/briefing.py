"""What the intake understood, as a person is asked to confirm it: the stack, the domains with their folders, the topics, the questions."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence

from . import view
from .facts import CLASSES, Domain, Facts, Question

FOLDERS = ("requirements", "workflows")
"""What a domain's folder holds in a plan that is written domain by domain."""


def shown(now: Facts, settles: Sequence[str], documents: Sequence[str]) -> view.Shown:
    """The parts of the facts that a gate settles, one card each.

    Args:
        now: the facts.
        settles: which parts.
        documents: the paths of the documents the run will write.
    """
    cards = {
        "stack": lambda: view.box("note", list(stack(now))),
        "passages": lambda: view.box("note", [f"The brief's {len(now.classes)} passages", *counted(now)]),
        "domains": lambda: view.box("note", ["Proposed domains", *domains(now.domains, documents)]),
        "topics": lambda: view.box("note", ["Technology topics worth research", *topics(now)]),
        "questions": lambda: view.box("wait" if now.assumptions else "note", list(questions(now))),
    }
    whole = [cards[part]() for part in settles]
    return view.Shown("".join(card.html for card in whole), "\n\n".join(card.text for card in whole))


def stack(now: Facts) -> Iterator[str]:
    """The detected stack as a list, package by package, with the question whether it is right."""
    if not now.stack:
        yield "Detected tech stack: none"
        yield "No codebase was given, or it declares nothing: the plan takes no technology as given."
        return
    yield "Detected tech stack:"
    for package, topics in now.stack.items():
        if len(now.stack) > 1:
            yield f"{'the whole' if package == '.' else package}:"
        yield from (f"- {topic}: {said}" for topic, said in topics.items())
    yield "The plan is based on this stack. Does this look correct?"


def counted(now: Facts) -> Iterator[str]:
    """How many passages are of which class."""
    for name in CLASSES:
        if ids := now.passages.get(name, ()):
            few = ", ".join(ids[:12])
            yield f"{name}: {len(ids)} ({few}{', …' if len(ids) > 12 else ''})"


def domains(proposed: Sequence[Domain], documents: Sequence[str]) -> Iterator[str]:
    """Each domain with what it is about, and the directory tree that results."""
    for domain in proposed:
        rests = f" [{', '.join(domain.passages)}]" if domain.passages else ""
        yield f"- {domain.name}: {domain.about}{rests}"
    yield "The directory tree that results:"
    yield from tree(documents)
    if any(f"/{domain.name}/" in name for domain in proposed for name in documents):
        return
    yield "and, in a recipe that writes domain by domain:"
    yield from tree([f"specifications/{domain.name}/{folder}/" for domain in proposed for folder in FOLDERS])


def tree(paths: Sequence[str]) -> Iterator[str]:
    """``paths`` as the directory tree they lie in; what all of them share is one line at its top."""
    if not paths:
        return
    shared = posixpath.commonpath([posixpath.dirname(path) for path in paths])
    yield f"{shared}/"
    yield from _branches([path.removeprefix(f"{shared}/").split("/") for path in paths], "")


def topics(now: Facts) -> Iterator[str]:
    """Each topic with why it is worth looking up."""
    for topic in now.topics:
        rests = f" [{', '.join(topic.passages)}]" if topic.passages else ""
        yield f"- {topic.name}: {topic.why}{rests}"
    if not now.topics:
        yield "none"


def questions(now: Facts) -> Iterator[str]:
    """Each question with its options, and what happens while nobody answers."""
    open_ones = len(now.assumptions)
    yield f"Questions: {len(now.questions)}, {open_ones} unanswered" if now.questions else "Questions: none"
    for question in now.questions:
        yield from asked(question)
    if open_ones:
        yield "What stays unanswered is assumed as recommended, and every document says so."


def asked(question: Question) -> Iterator[str]:
    """One question: what is asked, its options with the recommended one and why, what hangs on it, the answer."""
    about = f" [{', '.join(question.passages)}]" if question.passages else ""
    yield f"{question.id}. {question.asks}{about}"
    for letter, option in question.options.items():
        mark = f" (recommended: {question.because})" if letter == question.recommended else ""
        yield f"   {letter}. {option}{mark}"
    yield f"   changes: {question.changes}"
    if question.answered:
        yield f"   answered: {question.settled}"


def _branches(paths: Sequence[Sequence[str]], before: str) -> Iterator[str]:
    """One level of a tree, with what lies below it; an empty last part is a folder."""
    names = list(dict.fromkeys(path[0] for path in paths))
    for name in names:
        below = [path[1:] for path in paths if path[0] == name and len(path) > 1]
        last = name == names[-1]
        yield f"{before}{'└──' if last else '├──'} {name}{'/' if below else ''}"
        yield from _branches([path for path in below if path[0]], before + ("    " if last else "│   "))
