"""A step that fills templates in: nobody is asked, nothing is decided, and what it writes follows from what is there."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from . import view
from .consult import one_line
from .document import Document
from .errors import CatalogRefused
from .facts import CLASSES, Facts
from .gate import Gate
from .legible import legible
from .model import Request
from .recipe import compiled
from .step import Step
from .unrolled import NOBODY, Duty, Part

TEMPLATE = "template"
"""What a record says instead of a model, for a text that was filled in."""
_DOMAIN = "{domain}"
_CLOSING = ("Overview", "Assumptions", "Open questions", "Key decisions")


class Rendering(Step):
    """The documents that follow from the others: an index, one for each domain. A person's edit of one of them is kept."""

    @property
    def _files(self) -> dict[str, tuple[str, Part]]:
        """Each document with its template and the domain it is about."""
        found: dict[str, tuple[str, Part]] = {}
        parts = self.run.parts
        for file, template in self.act.phase.renders.items():
            if _DOMAIN not in file:
                found[self.run.placed(file)] = (template, NOBODY)
            elif len(parts) > 1:
                found |= {self.run.placed(file.replace(_DOMAIN, p.name)): (template, p) for p in parts.values()}
        return found

    @property
    def names(self) -> tuple[str, ...]:
        """The documents it writes."""
        return tuple(self._files)

    @property
    def subject(self) -> dict[str, str]:
        """Its documents, name → SHA-256; empty for one that is not written, or does not follow from what is there any more."""
        return {name: self.run.shelf.digest(name) if self._current(name) else "" for name in self.names}

    @property
    def rests_on(self) -> dict[str, str]:
        """Nothing that is decided on."""
        return {}

    @property
    def own_gate(self) -> Gate:
        """Open when its documents are there: there is nothing to decide."""
        return Gate(self.name, self.subject, {}, decides=False)

    def question(self, duty: Duty) -> Request:
        """Nobody is asked."""
        raise AssertionError(f"nobody is asked at '{self.name}'")

    def consult(self) -> Step:
        """Write what does not follow from what is there any more.

        Raises:
            AwaitingApproval: a gate before this one is closed.
            CatalogRefused: a template cannot be filled in.
            RunHeld: another process works on this run.
        """
        if closed := next((step for step in self.before if not step.own_gate.open), None):
            closed.require()
        with self.run.store.write():
            self._sit()
        return self

    def _sit(self) -> None:
        shelf = self.run.shelf
        for name in self.names:
            shelf.settle(name)
            shelf.note_edit(name)
            if not self._current(name):
                document = Document(name, self.rendered(name))
                shelf.place(
                    document, "", phase=self.name, seat="", version=shelf.versions(name) + 1,
                    model=TEMPLATE, stop="end_turn", findings=0, seconds=0.0, attempts=[],
                )  # fmt: skip

    def _current(self, name: str) -> bool:
        document = self.run.shelf.document(name)
        if document is None:
            return False
        return self._replaced(name) or self.run.shelf.edited(name) or document.text == self.rendered(name)

    def _replaced(self, name: str) -> bool:
        """Whether a later step has written it anew since."""
        last = self.run.shelf.drafted(name)
        return last is not None and last.body["phase"] != self.name

    def _template(self, name: str) -> str:
        return self.run.catalog.templates[self._files[name][0]]

    def rendered(self, name: str) -> str:
        """The text the document called ``name`` has by its template.

        Raises:
            CatalogRefused: the template cannot be filled in.
        """
        now, built = self.run.sheet.now, self._built
        if name not in self._made or self._made[name][0] is not now or self._made[name][1] != built:
            self._made[name] = now, built, self._filled_in(name, built)
        return self._made[name][2]

    @cached_property
    def _made(self) -> dict[str, tuple[Facts, tuple[Document, ...], str]]:
        """What was filled in last, with what it follows from: a gate asks for it again and again."""
        return {}

    @property
    def _built(self) -> tuple[Document, ...]:
        """What the program has built before this step: data that a template shows as a page."""
        names = [duty.document for step in self.run.phases[: self.at] for duty in step.duties if duty.seat.builds]
        return tuple(document for name in names if (document := self.run.shelf.document(name)))

    def _filled_in(self, name: str, built: Sequence[Document]) -> str:
        template, part = self._files[name]
        here = posixpath.dirname(name)
        known = {
            "feature": self.run.title,
            "today": self.run.today,
            "recipe": self.run.recipe.name,
            "options": self.run.options,
            "domain": _shown(part),
        }
        domains = [{"name": each.name, "about": one_line(each.about), "code": each.code, "documents": self._listed(each, here)} for each in self.run.parts.values()]  # fmt: skip
        known["tasks"] = "\n".join(legible(each).text.partition("\n\n")[2] for each in built)
        known |= {"domains": domains, "topics": [_shown(each) for each in self.run.topics.values()]}
        try:
            text = compiled(self._template(name)).render(**known, **self._settled, register=self._register(here))
        except Exception as error:  # a template may raise anything its expressions do
            raise CatalogRefused(f"templates/{template}.md: it cannot be filled in: {error}") from error
        return text.strip() + "\n"

    @property
    def _settled(self) -> dict[str, Any]:
        """What brief and facts say: the brief, the passages of each class, the stack, the questions with what holds, those of them that are assumed; and on how many documents of which runs it rests."""
        run, now = self.run, self.run.sheet.now
        text = {passage.id: one_line(passage.text) for passage in run.brief.passages}
        questions = [{"name": q.name, "settled": one_line(q.settled), "asks": one_line(q.asks)} for q in now.questions]
        return {
            "brief": {"name": run.brief.name or "a line of text", "title": one_line(run.brief.title), "passages": len(text), "digest": run.brief.digest},
            "passages": {name: [{"id": each, "text": text.get(each, "")} for each in now.passages.get(name, ())] for name in CLASSES},
            "stack": {package: {topic: one_line(said) for topic, said in topics.items()} for package, topics in now.stack.items()},
            "questions": questions,
            "rests_on": [{"run": one_line(each.label), "recipe": one_line(each.recipe), "documents": sum(taken.run == each.run for taken in run.given.taken)} for each in run.given.runs],
            "assumptions": [each for each in questions if each["name"].startswith("A")],
        }  # fmt: skip

    def _register(self, here: str) -> list[dict[str, str]]:
        """Every document that consultants write, with the way to it from the folder ``here``."""
        return [
            {"seat": duty.seat.name, "title": duty.titled, "path": posixpath.relpath(duty.document, here)}
            for step in self.run.phases
            if not step.settles
            for duty in step.duties
        ]

    def _listed(self, part: Part, here: str) -> list[dict[str, str]]:
        """The documents of a domain, in order, with the way to them from the folder ``here``."""
        found = []
        for step in self.run.phases[: self.at]:
            for duty in step.duties:
                if duty.part.name == part.name:
                    held = ", ".join(each for each in duty.seat.sections if each not in _CLOSING)
                    path = posixpath.relpath(duty.document, here)
                    found.append(
                        {"title": duty.seat.heading, "path": path, "file": posixpath.basename(path), "holds": held}
                    )
        return found

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        state = "written" if self.gate.open else f"not written: {'; '.join(self.gate.why)}"
        return view.box("done" if self.gate.open else "wait", [f"{self.title}: {state}."])._repr_mimebundle_()


def _shown(part: Part) -> Part:
    """``part`` with words that are no Markdown."""
    return replace(part, about=one_line(part.about))
