"""The page that is handed over: complete, self-contained, safe; it says what is not as it should be, and what it cannot show."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from planning_kit import export, saved, view
from planning_kit.cli import main
from planning_kit.document import Document
from planning_kit.errors import BadInput, Damaged, OptionRefused
from planning_kit.export.cited import citations
from planning_kit.export.markup import cited
from planning_kit.export.notebooks import converted, sanitised
from planning_kit.order import Order
from planning_kit.remarks import Anchor
from planning_kit.run import Run

from .authors import Writer

FOLDER = "planning-docs/notes"
BRIEF = "# Notes\n\nReaders read notes <script>alert(1)</script>.\n\n- A note is kept for ten years.\n- Nobody cites this.\n"
HOSTILE = "<img src=https://example.org/x onerror=alert(1)> [P1] ![y](https://example.org/y) \u202e"


class Parsed(HTMLParser):
    """What a page holds: its elements with their attributes, and its words."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.words += data

    def all(self, name: str) -> list[str]:
        return [given[name] for _, given in self.elements if name in given]


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """A run in which everything has happened: comments, a document sent back and written again, an edit, a person, a rule."""
    folder = tmp_path_factory.mktemp("reviewed")
    (folder / "notes.md").write_text(BRIEF)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(folder / "state"))
        begun, _ = Order(str(folder / "notes.md"), model="offline", outputs=folder / "outputs").run()
        run = Run.open(begun.folder, author=Writer)
        for name in ("intake", "scope"):
            run.phase(name).consult().review("clean")
        run.phase("research").consult().approve("ann")
        design = run.phase("consultants").consult()
        api = f"{FOLDER}/04-api-design.md"
        design.comment(
            Anchor(api, "Endpoints", 20, "GET /notes"), f"Readers also search. {HOSTILE}", "Ann <ann@example.org>"
        )
        design.send_back("Ann <ann@example.org>")
        design.consult()
        data = f"{FOLDER}/05-data-model.md"
        text = run.shelf.path(data).read_text()
        design.edit(
            data,
            text.replace("# Data Model", "# The Data Model", 1) + "\nA last word.\n",
            "Bob",
            run.shelf.digest(data),
        )
        design.approve("Ann <ann@example.org>", "Good.")
        run.phase("synthesis").consult()
        yield run


@pytest.fixture(scope="module")
def page(reviewed: Run) -> str:
    return export.page(reviewed)


def test_the_page_loads_nothing_runs_nothing_and_leads_only_to_itself(page: str) -> None:
    parsed = Parsed(page)
    names = {tag for tag, _ in parsed.elements}
    assert not names & {"script", "iframe", "object", "embed", "link", "base", "form", "svg", "math", "video", "audio"}
    assert all(to.startswith("#") for to in parsed.all("href"))
    assert parsed.all("src") and all(to.startswith("data:image/svg+xml;base64,") for to in parsed.all("src"))
    assert not [name for _, given in parsed.elements for name in given if name.startswith("on")]
    policy = next(given["content"] for tag, given in parsed.elements if given.get("http-equiv"))
    assert policy == "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    assert "url(" not in re.sub(r"(?s)<pre.*?</pre>", "", page) and "@import" not in page


def test_every_link_leads_to_a_place_that_is_there_once(page: str) -> None:
    parsed = Parsed(page)
    places = parsed.all("id")
    assert len(places) == len(set(places))
    assert {to.removeprefix("#") for to in parsed.all("href")} <= set(places)


def test_headings_go_down_one_step_at_a_time(page: str) -> None:
    levels = [int(tag[1]) for tag, _ in Parsed(page).elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))


def test_every_document_is_there_as_it_reads_with_its_digest_and_its_author(page: str, reviewed: Run) -> None:
    words = Parsed(page).words
    for phase in reviewed.phases:
        for document in phase.documents:
            assert document.digest in words and document.name in words and document.title in words
    assert "A last word." in words
    assert "edited by Bob" in words


def test_decisions_are_there_with_who_when_how_and_on_which_digests(page: str, reviewed: Run) -> None:
    words = Parsed(page).words
    for phase in reviewed.phases:
        for decision in [*phase.gate.decisions]:
            assert f"{decision.verdict.capitalize()} by {decision.who}, {decision.at}" in words
            assert all(digest in words for digest in [*decision.subject.values(), *decision.rests_on.values()])
    assert "Approved by policy 'clean'" in words and "by a rule, not by a person" in words
    assert "as a person; not signed, so the name is a claim" in words


def test_a_comment_is_there_with_what_was_done_about_it_and_what_changed(page: str) -> None:
    parsed = Parsed(page)
    assert "Readers also search." in parsed.words
    assert "section 'Endpoints', at “GET /notes”" in parsed.words
    assert "answered: Taken up: Readers also search" in parsed.words
    assert "Version 2: backend-consultant (offline)" in parsed.words
    assert {"ins", "del"} & {tag for tag, _ in parsed.elements}


def test_the_trace_says_who_cites_a_passage_and_which_nobody_cites(page: str) -> None:
    assert re.search(r'<span id="t-P1">.*?04-api-design.md</code>: .*?<a href="#d\d-l\d+">Overview</a>', page)
    left = page.split("passages that nobody cites", 1)[1].split("</ul>", 1)[0]
    assert '<a href="#P4">P4</a>: Nobody cites this.' in left


def test_a_citation_leads_to_its_passage_but_not_out_of_code() -> None:
    shown = cited(
        "<p>as [P1, P2] says</p><pre><code>[P1]</code></pre><p>[S9]</p>", lambda name: name if name != "S9" else ""
    )
    assert shown == '<p>as [<a href="#P1">P1</a>, <a href="#P2">P2</a>] says</p><pre><code>[P1]</code></pre><p>[S9]</p>'


def test_a_trace_counts_by_section() -> None:
    found = citations([Document("a.md", "# A\n\nFirst [P1].\n\n## B\n\n[P1, P2] and [P1]\n")])
    assert [(each.section, each.line, each.times) for each in found.of("P1")] == [("A", 1, 1), ("B", 5, 2)]
    assert [each.times for each in found.of("P2")] == [1] and found.of("P3") == ()


def test_the_page_says_at_its_top_that_not_everything_is_approved(page: str) -> None:
    head = Parsed(page).words.split("Contents", 1)[0]
    assert "Not everything is approved" in head and "Synthesis: nobody has decided yet" in head


def test_the_journal_is_there_record_by_record_and_to_the_byte(page: str, reviewed: Run) -> None:
    words = Parsed(page).words
    for record in reviewed.journal:
        assert view.visible(record.bytes().decode().strip()) in words
    assert reviewed.journal.head in words and "Ann <ann@example.org> on planning-docs/notes/04-api-design.md" in words


def test_what_an_unsigned_chain_cannot_show_is_said(page: str) -> None:
    last = Parsed(page).words.rsplit("What this cannot show:", 1)[1]
    assert "sign" in last


def test_a_finding_stands_beside_its_passage_and_says_what_mends_it(reviewed: Run, tmp_path: Path) -> None:
    run = _copy(reviewed, tmp_path)
    path = run.shelf.path(f"{FOLDER}/00-backend-summary.md")
    path.write_text(path.read_text().replace("## Key decisions", "As [P99] says.\n\n## Key decisions"))
    shown = export.page(run)
    assert re.search(
        r"As \[P99\] says\.</p>\s*<p class=\"beside stop\" role=\"note\">error, line \d+: \[P99\] is not a passage of the brief\. What mends it: cite",
        shown,
    )
    assert "The checks find 1 error in the documents as they are" in shown


def test_a_run_that_differs_from_its_record_is_not_exported_unless_it_is_said_so(
    reviewed: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = _copy(reviewed, tmp_path)
    (run.folder / "brief.md").write_text("# Another brief\n")
    to = tmp_path / "to" / "record.html"
    for kind in ("markdown", "html"):
        assert main(["export", str(run.folder), "--format", kind, "--to", str(to)]) == 1
    said = capsys.readouterr().err
    assert "brief.md" in said and "nothing is exported" in said
    assert not to.parent.exists()
    assert main(["export", str(run.folder), "--format", "html", "--to", str(to), "--even-so"]) == 0
    head = Parsed(to.read_text()).words.split("Contents", 1)[0]
    assert "differs from its record" in head and "brief.md" in head


def test_the_command_writes_one_file_into_a_folder_or_under_a_name(
    reviewed: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", str(reviewed.folder), "--format", "html", "--to", str(tmp_path / "to")]) == 0
    said = capsys.readouterr()
    place = tmp_path / "to" / f"notes-{reviewed.folder.name}.html"
    assert said.out == f"wrote {place}\n" and said.err.endswith("not everything is approved: synthesis\n")
    assert [each.name for each in (tmp_path / "to").iterdir()] == [place.name]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--format", "htm"), "no such format: 'htm'; did you mean 'html'?"),
        (("--format", "pdf", "--paper", "a5"), "no such paper: 'a5'; there is a4, letter"),
        (("--format", "pdf"), "a PDF is printed by Chromium and CHROMIUM=/nowhere is not there"),
        (("--format", "notebooks"), "has no executed notebooks"),
    ],
)
def test_what_cannot_be_handed_over_is_one_line(
    reviewed: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str,
) -> None:  # fmt: skip
    monkeypatch.setenv("CHROMIUM", "/nowhere")
    assert main(["export", str(reviewed.folder), *words, "--to", str(tmp_path / "to")]) == 2
    told = capsys.readouterr().err
    assert said in told and told.count("\n") == 1
    assert not (tmp_path / "to").exists()


def test_a_browser_that_prints_nothing_is_said_to_and_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = tmp_path / "browser"
    browser.write_text("#!/bin/sh\necho 'no display' >&2\n")
    browser.chmod(0o755)
    monkeypatch.setenv("CHROMIUM", str(browser))
    with pytest.raises(OptionRefused, match="printed no PDF: no display; use --format html"):
        export.pdf("<style></style>")


def test_a_secret_never_stands_on_the_page(reviewed: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = _copy(reviewed, tmp_path)
    run.phase("synthesis").comment(Anchor(), "the key is correct-horse-battery", "ann")
    monkeypatch.setenv("DB_PASSWORD", "correct-horse-battery")
    with pytest.raises(BadInput, match=r"journal/\d{6}\.json holds what looks like a secret"):
        export.page(run)


def test_a_password_that_is_a_word_of_every_plan_stops_no_export(
    reviewed: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DB_PASSWORD", "endpoints")
    assert export.page(reviewed)


def test_an_executed_notebook_becomes_a_page_that_loads_nothing_whatever_was_put_into_it(tmp_path: Path) -> None:
    place = tmp_path / "5_consultants.ipynb"
    outputs = {
        "text/html": f'<p style="color:red;background:url(https://e.org)" onclick="x()">kept{HOSTILE}</p><script>x()</script><meta http-equiv="refresh" content="0;url=https://e.org">',
        "application/javascript": "x()",
        "text/vnd.mermaid": "</pre><script>x()</script>",
    }  # fmt: skip
    cell = {"cell_type": "code", "execution_count": 1, "metadata": {}, "source": "1", "id": "a"}
    shown = [{"output_type": "display_data", "metadata": {}, "data": {kind: text}} for kind, text in outputs.items()]
    markdown = {"cell_type": "markdown", "metadata": {}, "id": "b", "source": HOSTILE + "<script>x()</script>"}
    book = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"title": "</title><script>x()</script>", "widgets": {}}, "cells": [{**cell, "outputs": shown}, markdown]}  # fmt: skip
    place.write_text(json.dumps(book))
    parsed = Parsed(converted(place))
    assert not {tag for tag, _ in parsed.elements} & {"script", "iframe", "form", "link"}
    assert not parsed.all("src") and not [to for to in parsed.all("href") if not to.startswith("#")]
    assert not [name for _, given in parsed.elements for name in given if name.startswith("on")]
    assert [given["http-equiv"] for tag, given in parsed.elements if "http-equiv" in given] == [
        "Content-Security-Policy"
    ]
    assert "kept" in parsed.words


def test_a_saved_notebook_keeps_the_form_of_a_widget_that_needs_no_state() -> None:
    data = {"application/vnd.jupyter.widget-view+json": {"model_id": "1"}, "text/html": "<p>decided</p>"}
    cell = {"cell_type": "code", "outputs": [{"output_type": "display_data", "data": data}]}
    book = json.loads(saved.clean(json.dumps({"metadata": {"widgets": {"state": {}}}, "cells": [cell]})))
    assert book["metadata"] == {} and book["cells"][0]["outputs"][0]["data"] == {"text/html": "<p>decided</p>"}


def test_what_is_no_notebook_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.ipynb").write_text("[]")
    with pytest.raises(Damaged, match=r"a\.ipynb is not a notebook"):
        converted(tmp_path / "a.ipynb")


def test_what_a_cell_of_ours_shows_is_left_as_it_is(reviewed: Run) -> None:
    from planning_kit.panel import card

    shown = card(reviewed.phase("intake")).html
    assert Parsed(sanitised(shown)).words == Parsed(shown).words
    assert "border-left" in sanitised(shown)


def _copy(run: Run, to: Path) -> Run:
    shutil.copytree(run.folder, to / "outputs" / "notes" / run.folder.name)
    return Run.open(to / "outputs" / "notes" / run.folder.name, author=Writer)
