"""Where a person corrects the facts in place: what is asked, as plain values, and what was said, read back as facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import facts, view
from .errors import FactsRefused
from .facts import Facts, Question
from .settling import Settling

OWN = "own"
"""The choice of an answer in one's own words."""
WRITTEN = ("stack", "domains", "topics")
"""The parts of the facts that are corrected as text."""


def asked(step: Settling) -> dict[str, Any]:
    """What a form for ``step`` asks, filled with what is there now.

    ``text`` is the part of the facts that is corrected as YAML (absent when nothing is), ``moves`` is there when passages may be moved
    to another class, ``questions`` are those to be answered, each with its options by letter and what is chosen now.
    """
    now = step.run.sheet.now
    parts = tuple(part for part in step.settles if part in WRITTEN)
    form: dict[str, Any] = {
        "questions": [_question(question) for question in now.questions] if "questions" in step.settles else []
    }
    if parts:
        form["text"] = facts.write(now, parts)
    if "passages" in step.settles:
        form["moves"] = ""
    return form


def read(now: Facts, said: Mapping[str, Any]) -> Facts:
    """``now`` as corrected by what was ``said``.

    Args:
        now: the facts.
        said: ``text`` (YAML), ``moves`` (``P17 quality, P20 data``) and ``answers`` (question → ``choice``, a letter, ``own`` or
            empty, and ``own`` words); what is not there stays as it is.

    Raises:
        FactsRefused: a field cannot be read; says which line or what.
    """
    text, moves = said.get("text"), str(said.get("moves") or "")
    new = facts.corrected(now, str(text), "Correct") if text is not None else now
    new = facts.moved(new, moves) if moves.strip() else new
    answers = said.get("answers") or {}
    questions = [
        question.model_copy(update={"answer": _answer(question, answers[question.id])})
        if question.id in answers
        else question
        for question in new.questions
    ]
    return new.model_copy(update={"questions": tuple(questions)})


def _question(question: Question) -> dict[str, Any]:
    said = question.answer.strip()
    chosen = said.lower() if said.lower() in question.options else OWN if said else ""
    return {
        "id": question.id,
        "asks": view.visible(question.asks),
        "passages": list(question.passages),
        "options": [
            {"letter": letter, "text": view.visible(text), "recommended": letter == question.recommended}
            for letter, text in question.options.items()
        ],
        "because": view.visible(question.because),
        "changes": view.visible(question.changes),
        "choice": chosen,
        "own": said if chosen == OWN else "",
    }


def _answer(asked: Question, said: Mapping[str, Any]) -> str:
    """What was answered: own words count although nobody chose them, and are needed by who chose them."""
    question, choice, own = asked.id, str(said.get("choice") or ""), str(said.get("own") or "").strip()
    if choice not in (*asked.options, OWN, ""):
        raise FactsRefused(f"{question}: there is no option {choice!r}; there is {', '.join(asked.options)}")
    if choice == OWN and not own:
        raise FactsRefused(f"{question}: 'in my own words' is chosen and no words are there; write them, or choose")
    if own and choice not in (OWN, ""):
        raise FactsRefused(f"{question}: option {choice} is chosen and own words are there; clear one of them")
    if len(own) > facts.LONGEST:
        raise FactsRefused(f"{question}: the answer has {len(own):,} characters and at most {facts.LONGEST:,} are kept")
    return own or choice
