"""A feature folder of GitHub's Spec Kit, filled from a run's documents: specification, plan, tasks, contracts, data model, research, quickstart.

The headings are those of its templates (https://github.com/github/spec-kit, ``templates/``, as of August 2026); what the run does not say is marked
``[NEEDS CLARIFICATION: …]``, which its command *clarify* asks about.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ....checks import openapi
from ....checks.artefact import is_markdown
from ....document import Document
from ....run import Run
from .. import artefacts, said
from ..handed import Handed
from ..work import documents, planned
from . import plan, spec, tasks
from .stories import stories

WAY = "spec-kit"
_CLOSING = ("03-research.md",)


def handed(run: Run) -> Handed:
    """The folder ``specs/001-<slug>``; without a task plan it has no ``tasks.md``, which Spec Kit writes itself then.

    Raises:
        BadInput: the run's task plan cannot be read.
    """
    every = tuple(each for each in (*documents(run), *run.inherited) if is_markdown(each))
    own = planned(run)
    branch = f"001-{said.name(run.slug)}"
    told = stories(run, every)
    contracts = artefacts.contracts(every)
    texts = {
        "spec.md": spec.text(run, branch, every, told, own),
        "plan.md": plan.text(run, branch, every, own),
        **({"tasks.md": tasks.text(run, branch, told, own)} if own else {}),
        **{f"contracts/{name}": text for name, text in contracts.items()},
        **_beside(every),
        **({"quickstart.md": "\n".join(_quickstart(run, every)) + "\n"} if contracts else {}),
    }
    missing = (
        ()
        if own
        else (
            "no tasks.md: this run has no task plan; Spec Kit's command tasks writes one, or plan it with --recipe task-plan",
        )
    )
    return Handed({f"specs/{branch}/{name}": text for name, text in texts.items()}, missing)


def _beside(every: Sequence[Document]) -> Mapping[str, str]:
    """Data model and research, as the run has them."""
    found = {}
    model = next((each.text for each in every if each.name.endswith("05-data-model.md")), "")
    if not model:
        section = next(
            (
                text
                for each in every
                if each.name.rpartition("/")[2] == artefacts.ARCHITECTURE and (text := each.section("Data model"))
            ),
            "",
        )
        model = f"# Data Model\n\n{section}\n" if section else ""
    if model:
        found["data-model.md"] = model
    research = [
        each.text.strip() for each in every if "research/" in each.name or each.name.rpartition("/")[2] in _CLOSING
    ]
    if research:
        found["research.md"] = "\n\n---\n\n".join(research) + "\n"
    return found


def _quickstart(run: Run, every: Sequence[Document]) -> Iterator[str]:
    """How somebody sees that it works: each operation of the contract, with what it answers."""
    yield f"# Quickstart: {said.plain(run.title)}"
    yield from (
        "",
        "Shows from outside that the feature works. The requests and answers in full are in `contracts/`.",
        "",
    )
    yield from ("## Validation Scenarios", "")
    for document in every:
        for each in openapi.operations(document) if _counts(document, every) else ():
            good = " or ".join(status for status in each.statuses if status.startswith("2")) or "a success"
            yield f"- [ ] `{each.method} {said.line(each.path)}` with a valid request answers {good}"


def _counts(document: Document, every: Sequence[Document]) -> bool:
    """Whether the contract of ``document`` counts: the architecture's alone where there is one."""
    last = [
        each for each in every if each.name.rpartition("/")[2] == artefacts.ARCHITECTURE and openapi.operations(each)
    ]
    return not last or document is last[0]
