"""What the checks say about several documents: a table that sorts and filters, a small picture, and each document as a reviewer reads it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from . import view
from .bars import Bar, bars
from .checks import Looked, shown
from .document import Document, Finding

if TYPE_CHECKING:
    import pandas

COLUMNS = ("severity", "document", "line", "column", "rule", "what", "fix", "shown", "tool")
"""What the table says of each finding; ``shown`` is the line it is about."""
MOST_SHOWN = 160
"""The most characters of a line that are shown."""
MOST_ROWS = 100
"""The most findings that are listed one by one."""
MOST_NOTES = 12
"""The most findings that stand before one document."""


class Findings(tuple[Finding, ...]):
    """Findings, errors first, with the documents they are about and what looked at each artefact in them."""

    documents: Mapping[str, Document]
    looked: tuple[Looked, ...]

    def __new__(
        cls, found: Iterable[Finding] = (), documents: Iterable[Document] = (), looked: Iterable[Looked] = ()
    ) -> Self:
        """These findings, in order: errors first, then as the documents and their lines follow each other."""
        known = {document.name: document for document in documents}
        places = {name: place for place, name in enumerate(known)}
        self = super().__new__(
            cls,
            sorted(found, key=lambda f: (f.severity != "error", places.get(f.document, len(places)), f.line, f.column)),
        )
        self.documents, self.looked = known, tuple(looked)
        return self

    @property
    def errors(self) -> int:
        """How many of them keep the documents from being approved by the policy."""
        return sum(finding.severity == "error" for finding in self)

    def shown(self, finding: Finding) -> str:
        """The line ``finding`` is about, cut to what can be shown; empty when it is about the whole."""
        document = self.documents.get(finding.document)
        return view.visible(shown(document, finding).strip()[:MOST_SHOWN]) if document else ""

    @cached_property
    def table(self) -> pandas.DataFrame:
        """One row a finding, in the columns :data:`COLUMNS`: to sort, to filter, to count."""
        rows = [
            (f.severity, _file(f.document), f.line, f.column, f.rule, f.message, f.hint, self.shown(f), f.tool)
            for f in self
        ]  # fmt: skip
        return view.frame(rows, COLUMNS)

    @cached_property
    def artefacts(self) -> pandas.DataFrame:
        """One row an artefact: its document and line, its kind, what checked it, or why nothing did."""
        rows = [(_file(l.document), l.line, l.kind, l.tool, l.why) for l in self.looked]  # noqa: E741
        return view.frame(rows, ["document", "line", "kind", "checked by", "not checked"])

    @property
    def picture(self) -> view.Shown:
        """Errors and warnings of each document, as bars."""
        found = Counter((finding.document, finding.severity) for finding in self)
        names = [*self.documents, *dict.fromkeys(f.document for f in self if f.document not in self.documents)]
        rows = []
        for name in names:
            errors, warnings = found[name, "error"], found[name, "warning"]
            said = ", ".join(count for count in (_many(errors, "error"), _many(warnings, "warning")) if count)
            rows.append(Bar("", _file(name), (float(errors), float(warnings)), None, said or "nothing found"))
        svg = bars(rows, ("errors", "warnings"), "What the checks found", "findings", "", whole=True)
        lines = "\n".join(f"{row.name}: {row.said}" for row in rows)
        return view.Shown(view.picture(svg, "errors and warnings by document"), lines)

    @property
    def _listed(self) -> view.Shown:
        """What is wrong, with its line and what mends it, as a reader wants it: the first ones, of the others how many."""
        rows = [
            (f.severity, f"{_file(f.document)}:{f.line}" if f.line else _file(f.document),
             f.message + (f" → {f.hint}" if f.hint else ""), self.shown(f), f.rule)
            for f in self[:MOST_ROWS]
        ]  # fmt: skip
        left = [f"and {len(self) - MOST_ROWS} more; .table has all of them"] if len(self) > MOST_ROWS else []
        listed = view.table(("severity", "where", "what → what mends it", "the line", "rule"), rows)
        return listed + view.box("note", left) if left else listed

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        head = [f"The checks: {view.count(self)}", checked(self.looked)]
        shown = view.box("wait" if self else "done", [line for line in head if line])
        if self:
            lines = "\n".join(f"{finding}" for finding in self)
            shown = shown + view.Shown(self.picture.html + self._listed.html, view.plain(lines))
        return shown._repr_mimebundle_()

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """As plain text: without this IPython prints the tuple it also is."""
        printer.text(self._repr_mimebundle_()["text/plain"])


def checked(looked: Sequence[Looked]) -> str:
    """How many artefacts there are, by what they were checked, and which were not, in one sentence; empty when there are none."""
    if not looked:
        return ""
    by = Counter(each.tool for each in looked if each.tool)
    done = "; ".join(f"{count} by {tool}" for tool, count in by.most_common())
    why = Counter(each.why if each.kind == "other" else f"{each.kind}: {each.why}" for each in looked if not each.tool)
    left = ", ".join(f"{count} × {reason}" for reason, count in why.most_common())
    several = "s" if len(looked) > 1 else ""
    return f"{len(looked)} artefact{several}: {sum(by.values())} checked" + (f" ({done})" if done else "") + (f"; not checked: {left}" if left else "")  # fmt: skip


def page(document: Document, found: Findings, attempts: Sequence[Mapping[str, Any]] = ()) -> view.Shown:
    """A document as a reviewer reads it: what the checks say first, with each line, then how its author mended it, then itself."""
    own = [finding for finding in found if finding.document == document.name]
    notes = [_note(finding, found.shown(finding)) for finding in own[:MOST_NOTES]]
    notes += [f"and {len(own) - MOST_NOTES} more; the table of findings has them"] if len(own) > MOST_NOTES else []
    notes += [line for line in (checked([each for each in found.looked if each.document == document.name]),) if line]
    return view.document(document, view.count(own), [*notes, *story(attempts)])


def story(attempts: Sequence[Mapping[str, Any]]) -> list[str]:
    """How a document came to be what it is, one sentence an attempt: nothing when the first one was handed in."""
    told = []
    last: Mapping[str, Any] | None = None
    for number, attempt in enumerate(attempts, start=1):
        faults = ", ".join(
            each for each in (_many(attempt["errors"], "error"), _many(attempt["warnings"], "warning")) if each
        )
        if last is not None:
            gone = [said for said in last["found"] if said not in attempt["found"]]
            what = f"mended: {'; '.join(gone)}" if attempt["kept"] else "dropped, it was no better"
            told.append(f"attempt {number}: {faults or 'nothing found'}; {what}")
        elif len(attempts) > 1:
            told.append(f"attempt 1: {faults or 'nothing found'}")
        last = attempt if attempt["kept"] else last
    return told


def _note(finding: Finding, line: str) -> str:
    place = f"line {finding.line}" if finding.line else "the whole"
    mends = f" → {finding.hint}" if finding.hint else ""
    about = f" — {line}" if line else ""
    return f"{finding.severity}, {place}: {finding.message}{mends}{about} [{finding.rule}, {finding.tool}]"


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}" if count else ""


def _file(name: str) -> str:
    return name.rpartition("/")[2]
