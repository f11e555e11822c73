"""Where a person corrects the facts in place: the fields of a form, read back as facts."""

from __future__ import annotations

from typing import Any

from . import briefing, facts, view
from .errors import FactsRefused
from .facts import Facts, Question
from .settling import Settling

OWN = "own"
"""The choice of an answer in one's own words."""


class Form:
    """The fields for what ``step`` settles, filled with what is there now.

    Raises:
        ImportError: ipywidgets is not installed.
    """

    def __init__(self, step: Settling) -> None:
        import ipywidgets

        self._widgets = ipywidgets
        self._now: Facts = step.run.sheet.now
        self._wide = ipywidgets.Layout(width="90%", max_width="900px")
        self._parts = tuple(part for part in step.settles if part in ("stack", "domains", "topics"))
        self.text: Any = self._text() if self._parts else None
        self.moves: Any = self._moves() if "passages" in step.settles else None
        self.answers: dict[str, tuple[Any, Any]] = {}
        asked = self._now.questions if "questions" in step.settles else ()
        shown = [widget for question in asked for widget in self._asked(question)]
        self.fields = [widget for widget in (self.text, self.moves) if widget is not None] + shown

    def _text(self) -> Any:
        text = facts.write(self._now, self._parts)
        return self._widgets.Textarea(
            value=text, description="Correct", layout=self._wide, rows=min(24, text.count("\n") + 2)
        )

    def _moves(self) -> Any:
        hint = "passages that are something else, like: P17 quality, P20 out of scope"
        return self._widgets.Text(description="Passages", placeholder=hint, layout=self._wide)

    def _asked(self, question: Question) -> list[Any]:
        """What is asked, the choice, and a field for own words."""
        options = [
            (f"{letter}{' (recommended)' if letter == question.recommended else ''}", letter)
            for letter in question.options
        ]
        said = question.answer.strip()
        chosen = said.lower() if said.lower() in question.options else OWN if said else ""
        head = self._widgets.HTML(view.box("note", list(briefing.asked(question))).html)
        choice = self._widgets.ToggleButtons(
            options=[*options, ("in my own words", OWN), ("leave open", "")], value=chosen, description=question.id
        )
        own = self._widgets.Text(
            value=said if chosen == OWN else "",
            placeholder="your own words",
            description=f"{question.id} words",
            layout=self._wide,
        )
        self.answers[question.id] = (choice, own)
        return [head, choice, own]

    def read(self) -> Facts:
        """The facts as the form says now.

        Raises:
            FactsRefused: a field cannot be read; says which line or what.
        """
        now = facts.corrected(self._now, self.text.value, "Correct") if self.text is not None else self._now
        now = facts.moved(now, self.moves.value) if self.moves is not None and self.moves.value.strip() else now
        questions = []
        for question in now.questions:
            if question.id in self.answers:
                question = question.model_copy(update={"answer": self._answer(question.id)})
            questions.append(question)
        return now.model_copy(update={"questions": tuple(questions)})

    def _answer(self, question: str) -> str:
        """What the form answers: own words count although nobody chose them, and are needed by who chose them."""
        choice, own = self.answers[question]
        said = str(own.value).strip()
        if choice.value == OWN and not said:
            raise FactsRefused(f"{question}: 'in my own words' is chosen and no words are there; write them, or choose")
        if said and choice.value not in (OWN, ""):
            raise FactsRefused(
                f"{question}: option {choice.value} is chosen and own words are there; clear one of them"
            )
        return said or str(choice.value)
