"""A run as pandas tables, for those who explore it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from . import costs as reckoned
from . import digest, view
from .checks.evidence import cited_in
from .document import Document
from .gate import SENT_BACK, Gate
from .gate import decisions as decided
from .research import Sources
from .run import Run
from .step import Step
from .tally import Sum

if TYPE_CHECKING:
    import pandas

_PAID = {
    "input": "input",
    "cache_write": "cache write 5 min",
    "cache_write_1h": "cache write 1 h",
    "cache_read": "cache read",
    "output": "output",
    "searches": "searches",
}
"""What is paid for, by its name in :class:`model.Usage`, and its column."""
SURE = ("low", "medium", "high")
"""What a session of research may say of its confidence, in order."""
_SESSION = ("Area", "Topic", "Recommendation", "Confidence", "Options", "Evidence", "Errors", "Gate")
_SHORTENED = ("e.g.", "i.e.", "vs.", "cf.", "etc.", "approx.", "no.", "resp.")
"""What ends with a full stop and ends no sentence."""


def phases(run: Run) -> pandas.DataFrame:
    """One row a phase: its notebook, how many of its documents are written, its gate."""
    rows = [
        {
            "phase": phase.title,
            "notebook": phase.notebook,
            "documents": f"{len(phase.documents)} of {len(phase.names)}",
            "gate": "open" if phase.gate.open else "; ".join(phase.gate.why),
        }
        for phase in run.phases
    ]
    return _frame(rows).set_index("phase")


def documents(run: Run) -> pandas.DataFrame:
    """One row a document: its words, version, author, seconds it took, findings when it was drafted, digest of its text."""
    rows: list[dict[str, Any]] = []
    every = {document.name: document for phase in run.phases for document in phase.documents}
    files = Counter(name.rpartition("/")[2] for name in every)
    for name, document in every.items():
        last = run.shelf.drafted(name)
        drafted = last.body if last else {}
        file = name.rpartition("/")[2]
        rows.append(
            {
                "document": file if files[file] == 1 else "/".join(name.split("/")[-2:]),
                "words": len(document.text.split()),
                "version": drafted.get("version", 0),
                "author": "a person" if run.shelf.edited(name) else drafted.get("model", ""),
                "seconds": drafted.get("seconds", 0.0),
                "findings": drafted.get("findings", 0),
                "sha256": digest.short(document.digest),
            }
        )
    return _frame(rows)


def decisions(run: Run) -> pandas.DataFrame:
    """One row a decision, in order: the phase, the verdict, who, how, when, the comment."""
    rows = [
        {"phase": d.phase, "verdict": d.verdict, "by": d.by, "how": d.how, "at": d.at, "comment": d.comment}
        for d in sorted((d for phase in run.phases for d in decided(run.journal, phase.name)), key=lambda d: d.seq)
    ]
    return _frame(rows, ["phase", "verdict", "by", "how", "at", "comment"])


def calls(run: Run) -> pandas.DataFrame:
    """One row a kept answer: who was asked, how it ended, tokens, US dollars, seconds, tries."""
    rows = [
        {
            "seat": call.seat,
            "model": call.model,
            "ended": call.reply.stop,
            "input": call.reply.usage.read,
            "output": call.reply.usage.output,
            "dollars": call.dollars,
            "seconds": call.reply.seconds,
            "tries": call.reply.attempts,
        }
        for call in run.ledger.calls
    ]
    return _frame(rows, ["seat", "model", "ended", "input", "output", "dollars", "seconds", "tries"])


def costs(run: Run) -> pandas.DataFrame:
    """What was paid for: one row a seat, one a phase, one for the run.

    Tokens by kind (broken tries left out), searches, US dollars (broken tries included; missing where no price is known),
    the dollars that were expected before anything was spent, and ``off``: what was taken over what was expected, for
    the seats that have both.
    """
    known = reckoned.of(run)
    rows: list[list[Any]] = []
    for phase in known.phases:
        rows += [_cost(phase.name, line.seat, line.model, Sum(line.seat, (line,))) for line in phase.lines]
        rows.append(_cost(phase.name, "together", "", phase))
    rows.append(_cost("the run", "together", "", known.total))
    frame = view.frame(rows, ["phase", "seat", "model", *_PAID.values(), "dollars", "expected", "off"])
    return frame.astype({"dollars": "Float64", "expected": "Float64", "off": "Float64"}).round(4)


def _cost(phase: str, seat: str, model: str, those: Sum) -> list[Any]:
    paid = [getattr(those.usage, kind) for kind in _PAID]
    return [phase, seat, model, *paid, those.dollars, those.expected, those.off]


def sources(run: Run) -> pandas.DataFrame:
    """One row a source that was looked up for the run: its id, title, address, the words quoted, the day, and the document it is for.

    Raises:
        Damaged: ``sources.json`` cannot be read.
    """
    columns = ["id", "title", "url", "quoted", "accessed", "document"]
    rows = [[getattr(source, name) for name in columns] for source in Sources(run.store).all]
    return view.frame(rows, columns)


def researched(run: Run) -> pandas.DataFrame:
    """One row a session of research (:data:`_SESSION`): what it recommends, how sure it is, how many options it weighs, how many
    places it cites for its findings, how many errors the checks find in it, and where its decision stands.

    A session is a document of a step that is done for each topic; a recipe without one has no rows. ``Confidence`` sorts by its meaning.
    """
    import pandas

    rows = [row for step in run.phases if any(duty.part.topic for duty in step.duties) for row in _sessions(step)]
    sure = pandas.CategoricalDtype(list(SURE), ordered=True)
    return view.frame(rows, _SESSION).astype({"Confidence": sure, "Options": int, "Evidence": int, "Errors": int})


def _sessions(step: Step) -> Iterator[list[Any]]:
    """A row for each document of ``step``."""
    wrong = Counter(finding.document for finding in step.findings if finding.severity == "error")
    now = step.own_gate
    for duty in step.duties:
        name = duty.document
        read = _concluded(step.run.shelf.document(name))
        yield [step.title, duty.part.name, *read, wrong[name], _standing(now, name)]


def _concluded(document: Document | None) -> tuple[str, str | None, int, int]:
    """What a session recommends, in one sentence, its confidence, and its number of options and of places that are cited."""
    if document is None:
        return "", None, 0, 0
    findings = Document(document.name, document.section("Findings"))
    marks = re.findall(r"\[((?:[PRQAS]\d{1,6}[,;\s]{0,3}){1,40})\](?!\()", findings.text)
    cited = {name for mark in marks for name in re.findall(r"[PRQAS]\d+", mark)}
    cited |= {f"{place.path}:{place.first}" for place in cited_in(findings)}
    options = sum(len(table.rows) for table in Document(document.name, document.section("Options")).tables)
    sure = re.search(r"\b(low|medium|high)\b", document.section("Confidence").casefold())
    return _sentence(document.section("Recommendation")), sure and sure.group(1), options, len(cited)


def _sentence(text: str) -> str:
    """The first sentence of ``text``, without marks."""
    words = re.sub(r"(\*\*|__|`)|^\s{0,3}(?:[-*+>]|\d{1,3}\.)\s", "", text.partition("\n\n")[0]).split()
    for at, word in enumerate(words):
        if word.rstrip(")\"”'").endswith((".", "!", "?")) and word.casefold().lstrip("(") not in _SHORTENED:
            more = at + 2 if re.match(r"\[[PRQAS]\d", " ".join(words[at + 1 : at + 2])) else at + 1
            return " ".join(words[:more])
    return " ".join(words)


def _standing(now: Gate, name: str) -> str:
    """Where the decision about the document called ``name`` stands."""
    if not now.subject.get(name):
        return "not written"
    last = now.about(name)[-1:]
    if now.approved(name):
        return f"approved by {last[0].who}"
    if last and last[0].verdict == SENT_BACK:
        return "sent back" if last[0].subject[name] == now.subject[name] else "written again"
    if now.approvals(name):
        return f"approved by {last[0].who}, which is not enough"
    return "approved, then changed" if last else "not decided"


def _frame(rows: list[dict[str, Any]], columns: Sequence[str] = ()) -> pandas.DataFrame:
    """``rows``, each its values by column; ``columns`` are needed where there may be no row."""
    names = list(columns or (rows[0] if rows else ()))
    return view.frame([[row[name] for name in names] for row in rows], names)
