"""A document of the offline author before it is written down, and the closing sections every one of them has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from ..facts import Question
from .answers import Answer
from .markdown import bullets, cite, quote, section, table

HONEST = (
    "*First draft by rule, without a model: every statement names the passage of the brief it follows from in square brackets, "
    "what the rules added is marked (assumed), and what the brief is silent about is an open question.*"
)


@dataclass
class Draft:
    """A document while it is written.

    Attributes:
        title: its heading, with the feature's name in it.
        parts: its sections, in order, as Markdown.
        assumptions: what the rules took for granted, one line of Markdown each.
        questions: what the brief does not say.
        decisions: one or two sentences: what was decided.
        honest: the line under the title that says what kind of draft this is.
    """

    title: str
    parts: list[str] = field(default_factory=list)
    assumptions: list[str] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    decisions: str = ""
    honest: str = HONEST

    def add(self, title: str, *parts: str) -> None:
        """Add a section."""
        self.parts.append(section(title, *parts))

    def ask(self, text: str, assumed: str, *sources: str, unless: str = "") -> None:
        """Add an open question, unless one that matches the pattern ``unless`` is asked already.

        Args:
            assumed: what the draft does meanwhile.
            sources: the passages it is about.
        """
        if not (unless and any(re.search(unless, question.text) for question in self.questions)):
            self.questions.append(Question("", text, assumed, sources))

    def take(self, questions: Iterable[Question], area: str, settled: str = "") -> None:
        """Add the reading's questions of ``area``, without those matching ``settled``, which this document asks in its own words."""
        taken = (q for q in questions if q.area == area and not (settled and re.search(settled, q.text)))
        self.questions += [replace(question, area="") for question in taken]

    def text(self, answers: Sequence[Answer] = ()) -> str:
        """The whole document, with what became of each review remark."""
        refused = [
            Question("", answer.remark, "nothing was changed", (answer.name,))
            for answer in answers
            if not answer.changes
        ]
        questions = list(dict.fromkeys([*self.questions, *refused]))
        closing = [
            section("Assumptions", bullets(dict.fromkeys(self.assumptions)) or "None beyond what is marked above."),
            section(
                "Open questions",
                bullets(_question(question) for question in questions)
                or "None: the brief answers what the rules ask of it.",
            ),
        ]
        if answers:
            closing.append(
                section(
                    "Review remarks", table(("Remark", "What was done about it"), (_row(answer) for answer in answers))
                )
            )
        closing.append(section("Key decisions", self.decisions))
        return "\n\n".join([f"# {self.title}", self.honest, *self.parts, *closing]) + "\n"


def _question(question: Question) -> str:
    assumed = f" Until answered: {quote(question.assumed).rstrip('.')}." if question.assumed else ""
    ended = "" if question.text.rstrip("”\"')")[-1:] in (".", "?", "!", "…") else "."
    return f"{quote(question.text)}{ended if assumed else ''}{assumed}" + (
        f" {cite(question.sources)}" if question.sources else ""
    )


def _row(answer: Answer) -> tuple[str, str]:
    done = "; ".join(answer.changes) or "The rules could not act on it; it stands as an open question."
    return f"[{answer.name}] {quote(answer.remark)}", done
