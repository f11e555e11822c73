"""One session of research, as all four areas write it down."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..basis import Basis
from ..draft import Draft
from ..markdown import ASSUMED, quote, table
from .scope import Scope

HONEST = (
    "*Written by rule, without a model: what the brief or the codebase shows names its place, general practice is marked (assumed), "
    "and what nobody looked up is not verified.*"
)


@dataclass
class Session:
    """What a session found out.

    Attributes:
        area: the document's heading.
        question: what had to be known.
        before: paragraphs above the findings.
        findings: each with its evidence.
        after: what stands below the findings, as Markdown.
        options: each way with what speaks for and against it.
        recommended: the name of one of them.
        because: why.
        confidence: ``High``, ``Medium`` or ``Low``.
        why: why it is not surer, and what would make it so.
    """

    area: str
    question: str
    before: tuple[str, ...] = ()
    findings: list[tuple[str, str]] = field(default_factory=list)
    after: tuple[str, ...] = ()
    options: list[tuple[str, str, str]] = field(default_factory=list)
    recommended: str = ""
    because: str = ""
    confidence: str = "Medium"
    why: str = ""

    def draft(self, basis: Basis, scope: Scope) -> Draft:
        """The draft of its document; assumptions and questions are still to be written."""
        draft = Draft(f"{self.area}: {quote(basis.plan.feature)}", honest=HONEST)
        draft.add("Question", *scope.question(self.question))
        draft.add("Findings", *self.before, table(("Finding", "Evidence"), self.findings), *self.after)
        draft.add("Options", table(("Option", "For", "Against"), self.options))
        draft.add("Recommendation", f"**{self.recommended}**: {self.because}")
        draft.add("Confidence", f"{self.confidence}: {self.why}")
        draft.decisions = (
            f"For {quote(scope.said)}: {lower(self.recommended)}, with {self.confidence.lower()} confidence."
        )
        return draft


def assumed(text: str) -> str:
    """General practice, marked as such."""
    return f"{text} {ASSUMED}"


def lower(text: str) -> str:
    """``text`` with a small first letter, unless its first word is a name or an abbreviation."""
    first = text.split(" ", 1)[0]
    plain = first[:1].isupper() and (len(first) == 1 or first[1:].islower()) and first not in _NAMES
    return text[:1].lower() + text[1:] if plain else text


_NAMES = ("Twilio", "Postgres", "Oracle", "Cassandra", "Fastify", "Drogon", "Java", "Python", "Docker")
