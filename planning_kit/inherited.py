"""What a run that begins takes over from an earlier one it rests on: the documents approved there, its facts, its codebase, its brief."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import digest, facts
from .brief import Brief
from .errors import Damaged, OptionRefused
from .facts import Facts
from .given import FOLDER, Approval, Earlier, Given, Taken
from .prices import USUAL_BYTES
from .redact import redact
from .run import Run
from .step import Step

if TYPE_CHECKING:
    from .codebase import Codebase

LARGEST = 2_000_000
"""The most characters that are taken over: every seat reads all of them, and no model reads more than about a million tokens."""
_CODE = ("codebase.md", "codebase.json")


@dataclass(frozen=True)
class Inherited:
    """What is taken over from ``run`` by one that plans ``brief``.

    Attributes:
        run: the earlier run.
        given: its documents, and those it was given itself.
        same: whether the brief is the same, so that its facts hold.
    """

    run: Run
    given: Given
    same: bool

    @property
    def identity(self) -> dict[str, Any]:
        """What of it makes two orders the same run."""
        now = self.run.sheet.now
        return {
            "run": self.run.id,
            "documents": {each.name: each.digest for each in self.given.taken},
            "facts": {part: now.digest(part) for part in facts.SECTIONS} if self.same else {},
            "codebase": digest.of_text(self.run.codebase) if self.run.codebase else "",
        }

    @property
    def landing(self) -> Codebase | None:
        """What the earlier run read of the codebase."""
        return self.run.landing

    @property
    def code(self) -> dict[str, str]:
        """The files that say what was read of the codebase."""
        return {name: text for name in _CODE if (text := self.run.store.read(name)) is not None}

    def refuse_unreadable(self, most: Mapping[str, int]) -> None:
        """Nothing, if every model that is asked can read all of the documents.

        Args:
            most: model → the most tokens it reads; 0 where the server does not say.

        Raises:
            OptionRefused: one cannot, as far as can be reckoned.
        """
        tokens = round(sum(len(text.encode()) for text in self.given.texts.values()) / USUAL_BYTES)
        for model, reads in most.items():
            if 0 < reads < tokens:
                raise OptionRefused(f"{self.given.words}, about {tokens:,} tokens, and {model} reads at most {reads:,}; ask another with --model, or rest on a run with fewer documents")  # fmt: skip

    def settled(self, proposed: Facts, anew: bool) -> Facts:
        """The facts to begin with: those of the earlier run for the same brief, else what is ``proposed``.

        Args:
            proposed: by rule, for this brief and the codebase it lands in.
            anew: whether that codebase was read anew, so that its stack holds.
        """
        if not self.same:
            return proposed
        now = self.run.sheet.now
        return now.model_copy(update={"stack": proposed.stack}) if anew else now


def inherit(run: Run, brief: Brief | None = None) -> Inherited:
    """What a run that plans ``brief`` (that of ``run`` when nothing is said) takes over from ``run``.

    Raises:
        OptionRefused: nothing of it is approved, a document holds what looks like a secret, or it is too much to be read.
        Damaged: what it began with was changed, or cannot be read.
    """
    _refuse_changed(run)
    same = brief is None or brief.digest == run.brief.digest
    own = dict(_approved(run))
    if not any(taken.approved for taken, _ in own.values()):
        raise OptionRefused(f"{run.label} has no document that is approved as it is now, to rest on. {_decide(run)}")
    before = {each.name: each for each in run.given.taken if each.name not in own}
    taken = (*before.values(), *(taken for taken, _ in own.values()))
    texts = {**{name: run.given.texts[name] for name in before}, **{name: text for name, (_, text) in own.items()}}
    for name, text in texts.items():
        if redact(text) != text:
            raise OptionRefused(f"{run.label}: {name} holds what looks like a secret; take it out and approve it again: it would be told to the model")  # fmt: skip
    earlier = Earlier(run.id, run.label, run.recipe.name, run.journal.head, run.brief.digest)
    settled = [part for step in run.phases if step.settles and step.gate.open for part in step.settles] if same else []
    given = Given((earlier, *run.given.runs), taken, tuple(dict.fromkeys(settled)), texts)
    if given.size > LARGEST:
        raise OptionRefused(
            f"{given.words}; at most {LARGEST:,} can be rested on, because every seat reads all of them"
        )
    return Inherited(run, given, same)


def _approved(run: Run) -> Iterator[tuple[str, tuple[Taken, str]]]:
    """Every document of ``run`` that is approved as it is now, and every index that follows from such documents; by name."""
    decided = {name for step in run.phases if step.own_gate.decides for name in step.names}
    for step in run.phases:
        gate = step.own_gate
        for name in step.names:
            there = run.shelf.document(name)
            if there is None:
                continue
            if gate.decides and gate.approved(name):
                said = tuple(Approval(each.by, each.how, each.at, each.seq) for each in gate.approvals(name))
                yield name, (Taken(name, there.digest, run.id, said), there.text)
            elif not gate.decides and name not in decided and gate.subject[name] and _follows(step):
                yield name, (Taken(name, there.digest, run.id), there.text)


def _follows(step: Step) -> bool:
    """Whether everything an index was filled in from is approved."""
    return not step.gate.before


def _decide(run: Run) -> str:
    """How something comes to be approved there, in words."""
    waiting = run.waiting
    if waiting and waiting.ready and waiting.names:
        return waiting.how_to_decide
    return f"Go on with it first: planning-kit resume {run.address}"


def _refuse_changed(run: Run) -> None:
    """Nothing, if brief, codebase and given documents of ``run`` are what it began with.

    Raises:
        Damaged: one was changed, or is gone.
    """
    first: Mapping[str, str] = run.ordered.get("first", {})
    for name, sha in first.items():
        if name in ("brief.md", *_CODE) or name.startswith(FOLDER):
            text = run.store.read(name)
            if text is None or digest.of_text(text) != sha:
                raise Damaged(f"{run.folder / Path(name)} is not what the run began with; restore it from a copy of the run, then rest on it")  # fmt: skip
