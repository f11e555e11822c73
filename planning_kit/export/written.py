"""The documents on the page: each as it reads, what the checks found, what changed from version to version, what reviewers said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from .. import changes, findings, view
from ..document import Document, Finding
from ..findings import Findings
from ..journal import Record
from ..legible import legible
from ..run import Run
from ..step import Step
from .markup import Safe, banner, cited, code, facts, fold, joined, link, listed, named, table, tag

MOST_FINDINGS = 500
"""The most findings of one document that are listed; of the others it is said how many."""


@dataclass(frozen=True)
class Page:
    """One document on the page: its ``place``, the ``phase`` it belongs to, what the checks ``found``."""

    place: str
    phase: Step
    document: Document
    found: Findings

    @property
    def own(self) -> list[Finding]:
        """The findings about it."""
        return [each for each in self.found if each.document == self.document.name]

    @cached_property
    def read(self) -> Document:
        """The document as it is read."""
        return legible(self.document)

    @property
    def file(self) -> str:
        """Its file's name, without the folder."""
        return self.document.name.rpartition("/")[2]

    def at(self, line: int) -> str:
        """Where the heading at ``line`` is on the page."""
        return f"{self.place}-l{line}"


class Written:
    """The documents of ``run`` as parts of the page."""

    def __init__(self, run: Run) -> None:
        self.run = run

    @cached_property
    def pages(self) -> tuple[Page, ...]:
        """Every document that is written, in the order of the phases; the checks are run here."""
        found: list[Page] = []
        for phase in self.run.phases:
            written = phase.documents
            checked = phase.findings if written else Findings()
            found += [Page(f"d{len(found) + at}", phase, each, checked) for at, each in enumerate(written, start=1)]
        return tuple(found)

    def place(self, name: str) -> str:
        """Where the document called ``name`` is on the page; empty when it is not written."""
        return next((page.place for page in self.pages if page.document.name == name), "")

    def shown(self, known: Mapping[str, str]) -> Safe:
        """Every document; ``known`` says where on the page what it cites is."""
        return joined(self._page(page, known) for page in self.pages)

    def _page(self, page: Page, known: Mapping[str, str]) -> Safe:
        beside: dict[int, str] = {}
        for finding in page.own:
            if finding.line:
                beside[finding.line] = beside.get(finding.line, "") + _note(finding)
        beside = beside if page.read is page.document else {}
        text = view.html(page.read.text, beside, lines=True, deeper=2)
        body = Safe(cited(named(text, page.place), lambda name: known.get(name, "")))
        parts = [
            self._about(page),
            *self._said(page),
            tag("div", body, class_="document"),
            *self._remarks(page),
            *self._versions(page),
        ]
        head = tag("p", f"{page.phase.title} · ", code(page.document.name), class_="kicker")
        label = f"{page.read.title} ({page.file})"
        return tag("article", head, *parts, id_=page.place, aria_label=label)

    def _about(self, page: Page) -> Safe:
        shelf, name = self.run.shelf, page.document.name
        history = shelf.history(name)
        drafts = [each for each in history if each.kind == "drafted"]
        gate = page.phase.own_gate
        given = [f"{each.who}, {each.at}" for each in gate.approvals(name)]
        state = "approved by " + "; ".join(given) if gate.approved(name) else "not approved"
        author = _author(history[-1]) if history else "nobody is recorded"
        if shelf.edited(name) and (not history or history[-1].body.get("digest") != page.document.digest):
            author = "a person, in the file; the edit is not recorded yet"
        return facts(
            [
                ("state", state if gate.approved(name) or not given else f"{state} yet; approved so far by {'; '.join(given)}"),
                ("version", f"{len(history)} ({len(drafts)} written by its author)" if len(history) != 1 else "1"),
                ("written by", author),
                ("checks", ", ".join([view.count(page.own), *self._looked(page)])),
                ("SHA-256", code(page.document.digest)),
            ]
        )  # fmt: skip

    def _looked(self, page: Page) -> list[str]:
        line = findings.checked([each for each in page.found.looked if each.document == page.document.name])
        return [line] if line else []

    def _said(self, page: Page) -> Iterator[Safe]:
        own = page.own
        errors = sum(each.severity == "error" for each in own)
        rows = [
            (each.severity, f"line {each.line}" if each.line else "the whole", each.message, each.hint, code(page.found.shown(each)) if each.line else "", f"{each.rule} ({each.tool})")
            for each in own[:MOST_FINDINGS]
        ]  # fmt: skip
        if rows:
            yield banner("stop" if errors else "wait", f"The checks say: {view.count(own)}")
            yield table(
                f"Findings in {page.file}", ("severity", "where", "what", "what mends it", "the line", "rule"), rows
            )
        if len(own) > MOST_FINDINGS:
            yield tag("p", f"and {len(own) - MOST_FINDINGS} more")
        left = [
            (f"line {each.line}", each.kind, each.why)
            for each in page.found.looked
            if each.document == page.document.name and not each.tool
        ]
        yield table(f"Not checked in {page.file}", ("where", "kind", "why"), left)
        if story := findings.story(page.phase.attempts(page.document.name)):
            yield fold("How its author came to it", listed(story))

    def _remarks(self, page: Page) -> Iterator[Safe]:
        remarks = page.phase.remarks(page.document.name)
        if not remarks:
            return
        rows = []
        for remark in remarks:
            before = self.run.store.version(remark.seen) or ""
            dealt = changes.dealt(remark, before, page.document.text)
            rows.append(
                (remark.name, remark.anchor.words, _before_place(remark.text), f"{remark.by}, {remark.at}", dealt.words)
            )
        yield tag("h4", "Review remarks, and what was done about each", id_=f"{page.place}-remarks")
        yield table(
            f"Review remarks on {page.file}",
            ("remark", "about", "what was said", "who, when", "what was done"),
            rows,
            "said",
        )

    def _versions(self, page: Page) -> Iterator[Safe]:
        texts = list(self._texts(page))
        if len(texts) < 2:
            return
        yield tag("h4", "What changed from version to version", id_=f"{page.place}-versions")
        for number, (before, after) in enumerate(zip(texts, texts[1:], strict=False), start=2):
            changed = changes.changes(before[1], after[1])
            head = f"Version {number}: {after[0]}; {_many(len(changed), 'section')} changed"
            lost = (
                "" if before[1] and after[1] else "the text of one of these versions is missing from the run's folder"
            )
            yield fold(head, tag("p", lost) if lost else Safe(changes.shown(changed).html))

    def _texts(self, page: Page) -> Iterator[tuple[str, str]]:
        """Each version in words, with its text."""
        history = self.run.shelf.history(page.document.name)
        for record in history:
            yield f"{_author(record)}, {record.at}", self.run.store.version(str(record.body.get("digest", ""))) or ""
        if not history or history[-1].body.get("digest") != page.document.digest:
            yield "as it lies in the run's folder now, not recorded yet", page.document.text

    def contents(self) -> Safe:
        """The documents and their sections, to jump by."""
        return tag("ol", *(self._entry(page) for page in self.pages), class_="documents")

    def _entry(self, page: Page) -> Safe:
        sections = [link(page.at(each.line), each.text) for each in page.read.headings if each.level == 2]
        errors = view.count(page.own) if page.own else ""
        head = joined([link(page.place, page.read.title), f" ({errors})" if errors else ""])
        return tag("li", head, fold("sections", listed(sections)) if sections else "")


def _author(record: Record) -> str:
    body = record.body
    if record.kind == "edited":
        return f"edited by {body.get('by') or 'a person'}"
    return f"{body.get('seat', 'an author')} ({body.get('model', 'unknown model')})"


def _note(finding: Finding) -> str:
    mends = f" What mends it: {finding.hint}" if finding.hint else ""
    words = f"{finding.severity}, line {finding.line}: {finding.message}.{mends} [{finding.rule}]"
    return tag("p", words, class_=f"beside {'stop' if finding.severity == 'error' else 'wait'}", role="note")


def _before_place(text: str) -> Safe:
    """A remark's words; where it was said stands in a column of its own."""
    return tag("span", text.partition("\n\n(About ")[0], class_="words")


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
