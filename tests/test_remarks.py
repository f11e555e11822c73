"""Comments reach the author, the next version says what was done about each, and a gate says in words how it stands."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import planning_kit
from planning_kit.checks.structure import answers
from planning_kit.claude.prompt import render
from planning_kit.document import Document
from planning_kit.errors import AwaitingApproval, OptionRefused
from planning_kit.gate import Decision, Gate
from planning_kit.loopback import answers as loopback
from planning_kit.model import Request
from planning_kit.order import Order
from planning_kit.remarks import Anchor, anchored
from planning_kit.reviewers import Needs, Policy
from planning_kit.run import Run
from planning_kit.store import Store
from planning_kit.told import said, told

from .authors import FACTS, Writer, agreed

BRIEF = "# Notes\n\nReaders must be able to read notes over HTTP.\n"
SHIPPED = Path(planning_kit.__file__).parent / "consultants"
API, DATA = "planning-docs/notes/04-api-design.md", "planning-docs/notes/05-data-model.md"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A run whose five consultants have written; nobody has decided about them."""
    folder = tmp_path_factory.mktemp("written")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ANTHROPIC_API_KEY", "test-key")
        patch.setenv("ANTHROPIC_BASE_URL", "http://127.0.0.1:1")
        patch.setenv("XDG_STATE_HOME", str(folder / "state"))
        run, _ = Order(BRIEF, model="claude-sonnet-5-5", outputs=folder / "outputs").run()
        agreed(opened(run.folder)).phase("consultants").consult()
    yield run.folder


@pytest.fixture
def folder(written: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(written, tmp_path / "run"))


def opened(folder: Path, writer: Writer | None = None) -> Run:
    return Run.open(folder, author=lambda: writer or Writer())


class Forgetful(Writer):
    """Forgets to say what was done about the last remark, until the checks say so."""

    def write(self, request: Request) -> str:
        whole = super().write(request)
        last = f"| [R{len(request.remarks)}] |"
        return whole if request.findings else "\n".join(line for line in whole.split("\n") if not line.startswith(last))


def test_only_documents_with_remarks_are_written_again(folder: Path) -> None:
    writer = Writer()
    phase = opened(folder, writer).phase("consultants")
    before = phase.subject
    phase.comment(Anchor(API, "Endpoints"), "Say who may list notes.", "ann")
    decision = phase.send_back("bob")
    assert set(decision.subject) == {API} and decision.comment == ""
    phase.consult()
    assert [request.seat for request in writer.asked] == ["backend-consultant"]
    assert writer.asked[0].remarks == ("Say who may list notes.\n\n(About section 'Endpoints')",)
    assert [name for name in before if phase.subject[name] != before[name]] == [API]
    assert phase.findings == ()


def test_each_document_numbers_its_own_remarks_and_general_ones_go_to_all(folder: Path) -> None:
    writer = Writer()
    phase = opened(folder, writer).phase("consultants")
    phase.comment(Anchor(API, "Endpoints", 11, "GET /notes"), "Say who.", "ann")
    phase.comment(Anchor(DATA), "Too short.", "bob")
    phase.send_back("cleo", "Mention backups.")
    assert [(r.name, r.said, r.by) for r in phase.remarks(API)] == [
        ("R1", "Say who.", "ann"),
        ("R2", "Mention backups.", "cleo"),
    ]
    assert [(r.name, r.said, r.by) for r in phase.remarks(DATA)] == [
        ("R1", "Too short.", "bob"),
        ("R2", "Mention backups.", "cleo"),
    ]
    phase.consult()
    told_to = {request.seat: request.remarks for request in writer.asked}
    assert told_to["backend-consultant"] == (
        "Say who.\n\n(About section 'Endpoints', at “GET /notes”)",
        "Mention backups.",
    )
    assert told_to["security-consultant"] == ("Mention backups.",)
    assert len(told_to) == 5 and phase.findings == ()


def test_an_author_who_forgets_a_remark_is_sent_to_mend_it(folder: Path) -> None:
    writer = Forgetful()
    phase = opened(folder, writer).phase("consultants")
    phase.comment(Anchor(API), "Say who may list notes.", "ann")
    phase.comment(Anchor(API), "Name the limits.", "ann")
    phase.send_back("ann")
    phase.consult()
    first, mending = writer.asked
    assert first.remarks == mending.remarks
    assert mending.findings == (
        "error at “## Review remarks”: 'Review remarks' does not say what was done about [R2]; add a row to its table that begins with [R2]",
    )
    assert phase.findings == ()


def test_two_rounds_of_remarks_are_numbered_on_and_the_draft_is_what_was_sent_back(folder: Path) -> None:
    writer = Writer()
    phase = opened(folder, writer).phase("consultants")
    for text in ("Say who.", "Say who."):
        phase.comment(Anchor(API), text, "ann")
        phase.send_back("ann")
        sent = phase.run.shelf.document(API)
        phase.consult()
    assert sent is not None and writer.asked[-1].draft == sent.text
    assert [remark.name for remark in phase.remarks(API)] == ["R1", "R2"]
    body = str(render(writer.asked[-1]))
    assert "[R1] Say who." in body and "[R2] Say who." in body
    assert [(each.answer, each.again) for each in phase.dealt(API)] == [("Taken up: Say who..", True)] * 2
    assert phase.findings == ()


def test_a_withdrawn_comment_is_not_carried(folder: Path) -> None:
    phase = opened(folder).phase("consultants")
    gone = phase.comment(Anchor(API), "Never mind.", "ann")
    phase.comment(Anchor(DATA), "Say more.", "bob")
    phase.withdraw(gone.seq, "ann")
    decision = phase.send_back("bob")
    assert set(decision.subject) == {DATA}
    assert phase.remarks(API) == () and [remark.said for remark in phase.remarks(DATA)] == ["Say more."]
    with pytest.raises(OptionRefused, match=f"no comment {gone.seq} waits at 'consultants'"):
        phase.withdraw(gone.seq, "ann")


def test_a_comment_on_a_version_that_changed_since_keeps_its_quote_and_the_author_gets_what_was_sent_back(
    folder: Path,
) -> None:
    writer = Writer()
    phase = opened(folder, writer).phase("consultants")
    first = phase.run.shelf.document(API)
    assert first is not None
    phase.comment(Anchor(API, "Endpoints", 11, "list them"), "List what?", "ann")
    phase.edit(API, first.text.replace("list them", "list all notes"), "bob", first.digest)  # type: ignore[attr-defined]
    edited = phase.subject[API]
    phase.send_back("cleo")
    (remark,) = phase.remarks(API)
    assert (remark.anchor.quote, remark.seen, remark.version) == ("list them", first.digest, edited)
    assert [each.words for each in phase.dealt(API)] == ["not written again yet"]
    phase.consult()
    assert "list all notes" in writer.asked[0].draft


def test_a_document_that_a_person_edited_after_it_was_sent_back_is_theirs(folder: Path) -> None:
    writer = Writer()
    phase = opened(folder, writer).phase("consultants")
    phase.comment(Anchor(API, "Endpoints"), "List what?", "ann")
    phase.send_back("ann")
    document = phase.run.shelf.document(API)
    assert document is not None
    phase.edit(API, document.text.replace("list them", "list all notes"), "Bob <bob@example.org>", document.digest)  # type: ignore[attr-defined]
    phase.consult()
    assert writer.asked == [] and phase.findings == ()
    assert [each.words for each in phase.dealt(API)] == [
        "edited by Bob <bob@example.org>; section 'Endpoints' changed (+1 −1 lines)"
    ]


def test_an_edit_outside_of_the_panel_is_somebodys(folder: Path) -> None:
    phase = opened(folder).phase("consultants")
    phase.send_back("ann", "List what?")
    path = phase.path(API)
    path.write_text(path.read_text().replace("list them", "list all notes"))
    assert phase.dealt(API)[0].words == "edited by somebody; the document changed (+1 −1 lines)"
    assert phase.dealt(DATA)[0].words == "not written again yet"


def test_an_approved_document_is_left_alone_when_others_go_back_and_when_prompts_improve(folder: Path) -> None:
    (folder / "reviewers.yaml").write_text("phases: {consultants: {people: 2}}\n")
    own = folder / "catalog" / "consultants"
    own.mkdir(parents=True)
    for seat in ("backend-consultant", "database-consultant"):
        shipped = (SHIPPED / f"{seat}.md").read_text()
        (own / f"{seat}.md").write_text(f"{shipped}\nBe brief.\n")
    writer = Writer()
    phase = opened(folder, writer).phase("consultants")
    assert all("Be brief." in phase.question(duty).task for duty in phase.duties[:2])
    phase.approve("ann", names=[API])
    phase.comment(Anchor(phase.names[2]), "Say more.", "bob")
    phase.send_back("bob")
    phase.consult()
    assert sorted(request.seat for request in writer.asked) == ["database-consultant", "stack-consultant"]
    assert [each.by for each in phase.gate.approvals(API)] == ["ann"] and not phase.gate.approved(API)


def test_what_changed_is_told_since_the_last_version_and_since_a_decision(folder: Path) -> None:
    phase = opened(folder).phase("consultants")
    assert phase.changed(API) == ()
    phase.comment(Anchor(API), "Say who.", "ann")
    decision = phase.send_back("ann")
    phase.consult()
    assert "section 'Review remarks' is new (+4 lines)" in [change.words for change in phase.changed(API)]
    text = phase.path(API).read_text()
    phase.path(API).write_text(text.replace("list them", "list all"))
    assert [change.section for change in phase.changed(API)] == ["Endpoints"]
    assert {"Endpoints", "Review remarks"} <= {change.section for change in phase.changed(API, decision)}


def test_a_remark_at_the_scope_reaches_the_analyst_with_the_facts_that_were_sent_back(folder: Path) -> None:
    class Analyst(Writer):
        def write(self, request: Request) -> str:
            return (
                FACTS.replace("notes are looked up", "notes are searched")
                if len(request.remarks) == 2
                else super().write(request)
            )

    writer = Analyst()
    phase = opened(folder, writer).phase("scope")
    phase.send_back("ann", "Think again.")
    phase.consult()
    phase.comment(Anchor("facts.yaml: topics"), "Search is the topic.", "ann")
    phase.send_back("ann")
    phase.consult()
    first, request = writer.asked
    assert first.remarks == ("Think again.",) and '"topics": []' in first.draft
    assert request.remarks == ("Think again.", "Search is the topic.\n\n(About facts.yaml: topics)")
    assert '"name": "full-text-search"' in request.draft and '"May notes be changed?"' in request.draft
    assert [each.words for each in phase.dealt("facts.yaml: topics")] == [
        "the analyst was asked again; 'topics' changed (+4 −1 lines)",
        "the analyst was asked again; 'topics' changed (+1 −1 lines)",
    ]
    assert [each.remark.name for each in phase.dealt("facts.yaml: domains")] == ["R1"]
    assert [(change.section, change.counted) for change in phase.changed("facts.yaml: topics")] == [("topics", (1, 1))]


@pytest.mark.parametrize("said_of", ["text", "quote", "decision", "name"])
def test_what_looks_like_a_secret_is_in_no_comment(folder: Path, said_of: str) -> None:
    phase = opened(folder).phase("consultants")
    key = "sk-ant-api03-" + "e" * 40
    with pytest.raises(OptionRefused, match="holds what looks like a secret"):
        if said_of == "decision":
            phase.send_back("ann", f"why {key}?")
        elif said_of == "name":
            phase.comment(Anchor(API), "Why?", f"ann {key}")
        else:
            phase.comment(
                Anchor(API, quote=key if said_of == "quote" else ""), key if said_of == "text" else "Why?", "ann"
            )
    assert phase.pending == () and phase.returned == ()


def test_an_anchor_is_found_from_a_heading_or_a_line() -> None:
    document = Document("a.md", "# A\n\nIntro.\n\n## End points\n\n| a | b |\n|---|---|\n\n```sql\nSELECT 1;\n```\n")
    assert anchored(document) == Anchor("a.md")
    assert anchored(document, "## end POINTS") == Anchor("a.md", "End points")
    assert anchored(document, line=3) == Anchor("a.md", "A", 3, "Intro.")
    assert anchored(document, line=5) == Anchor("a.md", "End points", 5)
    assert anchored(document, line=7) == Anchor("a.md", "End points", 7, "| a | b |")
    assert anchored(document, line=10) == Anchor("a.md", "End points", 10, "SELECT 1;")
    with pytest.raises(OptionRefused, match=r"a.md: no such section: 'Endpoint'; did you mean 'End points'\?"):
        anchored(document, "Endpoint")
    for line in (-1, 13, 99):
        with pytest.raises(OptionRefused, match=f"a.md: there is nothing at line {line}; it has 13 lines"):
            anchored(document, line=line)


@pytest.mark.parametrize("text", ["Say who.", "Say\n\nwho.", "It says (About that) twice.\n\n(About)"])
def test_what_was_said_is_told_apart_from_where(text: str) -> None:
    assert said(told(text, "section 'A', at “x\n\n(About y)”")) == text
    assert said(told(text, "")) == text


def test_what_a_remark_quotes_is_no_wish_to_the_offline_author(tmp_path: Path) -> None:
    run, _ = Order(BRIEF, model="offline", outputs=tmp_path / "outputs").run()
    agreed(run)
    phase = run.phase("consultants").consult()
    phase.comment(
        Anchor(API, "Endpoints", 9, "Editors must be able to delete comments."),
        "Notes must also have an author.",
        "ann",
    )
    phase.send_back("ann")
    phase.consult()
    text = phase.path(API).read_text()
    assert "author" in text and "/comments" not in text and "(About" not in text
    assert phase.dealt(API)[0].answer.startswith("added field `Note.author`")


NOW = {"a.md": "1", "b.md": "2", "c.md": "3", "d.md": "4", "e.md": "5"}
AT = "2026-11-21T10:00:00Z"


def decided(verdict: str, by: str, subject: dict[str, str], comment: str = "", how: str = "person", comments: tuple[int, ...] = (), rests: str = "0") -> Decision:  # fmt: skip
    return Decision("p", verdict, by, how, comment, AT, subject, {"brief.md": rests}, 1, comments)


def approved(by: str = "ann", how: str = "person", rests: str = "0", **subject: str) -> Decision:
    return decided(
        "approved", by, {f"{name}.md": written for name, written in subject.items()} or NOW, how=how, rests=rests
    )


TWO = Policy(Needs(people=2))
SECURE = Policy(Needs(roles={"security": 1}), {"sam": ("security",)})
BACK = decided("sent back", "bob", {"b.md": "2"}, comments=(7, 8))
STATES: list[tuple[str, Policy, tuple[Decision, ...], dict[str, str], tuple[str, ...]]] = [
    ("nothing decided", Policy(), (), {}, ("nobody has decided yet",)),
    ("nothing decided, two needed", TWO, (), {}, ("nobody has decided yet: approval of 2 more people is needed",)),
    ("nothing decided, a role needed", SECURE, (), {}, ("nobody has decided yet: approval of 1 more with the role 'security' is needed",)),
    ("not written", Policy(), (), {"b.md": ""}, ("b.md is not written yet",)),
    ("one of five approved", Policy(), (approved(a="1"),), {}, ("nobody has decided about b.md and 3 more yet",)),
    ("four of five approved", Policy(), (approved(a="1", b="2", c="3", d="4"),), {}, ("nobody has decided about e.md yet",)),
    ("all approved", Policy(), (approved(),), {}, ()),
    ("all approved by rule", Policy(), (approved("clean", "policy"),), {}, ()),
    ("all sent back", Policy(), (decided("sent back", "bob", NOW, "say more"),), {}, (f"sent back by bob at {AT}: say more",)),
    ("one sent back, nothing else decided", Policy(), (BACK,), {},
     (f"b.md: sent back by bob at {AT} with 2 comments", "nobody has decided about a.md and 3 more yet")),
    ("one of the approved sent back", Policy(), (approved(), BACK), {}, (f"b.md: sent back by bob at {AT} with 2 comments",)),
    ("written again", Policy(), (approved(), BACK), {"b.md": "9"},
     (f"b.md: sent back by bob at {AT} with 2 comments (written again since; nobody has decided about that yet)",)),
    ("written again and approved", Policy(), (approved(), BACK, approved(b="9")), {"b.md": "9"}, ()),
    ("sent back and approved as it is after all", Policy(), (approved(), BACK, approved(b="2")), {}, ()),
    ("changed after", Policy(), (approved(),), {"c.md": "9"}, (f"c.md changed after it was approved by ann at {AT}",)),
    ("changed after approval by rule", Policy(), (approved("clean", "policy"),), {"c.md": "9"},
     (f"c.md changed after it was approved by policy 'clean' at {AT}",)),
    ("rests on what changed", Policy(), (approved(rests="8"),), {},
     (f"it rests on brief.md, which changed after it was approved by ann at {AT}",)),
    ("two needed, one came", TWO, (approved(),), {}, ("approval of 1 more person is needed",)),
    ("two needed, the same came twice", TWO, (approved("Ann <ann@x.org>"), approved("A. <ANN@x.org>")), {},
     ("approval of 1 more person is needed",)),
    ("two needed, both came for two of them", TWO, (approved(), approved("bob", a="1", b="2")), {},
     ("c.md and 2 more: approval of 1 more person is needed",)),
    ("two needed, both came", TWO, (approved(), approved("bob")), {}, ()),
    ("a role needed, somebody else came", SECURE, (approved(),), {}, ("approval of 1 more with the role 'security' is needed",)),
    ("a role needed, it came", SECURE, (approved("sam"),), {}, ()),
]  # fmt: skip


@pytest.mark.parametrize(
    ("policy", "decisions", "changed", "why"), [state[1:] for state in STATES], ids=[state[0] for state in STATES]
)
def test_a_gate_says_why_it_is_closed(
    policy: Policy, decisions: tuple[Decision, ...], changed: dict[str, str], why: tuple[str, ...]
) -> None:
    gate = Gate("p", {**NOW, **changed}, {"brief.md": "0"}, decisions, policy)
    assert gate.why == why and gate.open == (not why)


def test_a_gate_behind_a_closed_one_says_that_first() -> None:
    gate = Gate("p", NOW, {"brief.md": "0"}, (approved(),), before=("the gate 'o' before it is closed",))
    assert gate.why == ("the gate 'o' before it is closed",)


def test_who_edited_it_cannot_approve_it_where_the_reviewers_file_says_so() -> None:
    policy = Policy(Needs(own_edits=False))
    gate = Gate("p", {"a.md": "1"}, {"brief.md": "0"}, (approved(a="1"),), policy, {"a.md": frozenset({"ann"})})
    assert gate.why == ("approval of 1 more person is needed (who edited it cannot approve it: ann)",)


def test_a_token_stands_for_what_would_be_approved_and_what_that_rests_on(folder: Path) -> None:
    phase = opened(folder).phase("consultants")
    seen = phase.token
    assert len(seen) == 12 and opened(folder).phase("consultants").token == seen
    path = phase.path(API)
    text = path.read_text()
    path.write_text(text + "x\n")
    assert phase.token != seen
    path.write_text(text)
    assert phase.token == seen


def test_a_comment_taken_back_while_the_run_is_held_is_not_half_done(folder: Path) -> None:
    phase = opened(folder).phase("consultants")
    comment = phase.comment(Anchor(API), "Say who.", "ann")
    with Store(folder).drive(), pytest.raises(Exception, match="is held by process"):
        phase.withdraw(comment.seq, "ann")
    assert [each.seq for each in phase.pending] == [comment.seq]


def test_sending_back_twice_with_the_same_words_is_one_remark(folder: Path) -> None:
    phase = opened(folder).phase("consultants")
    once = phase.send_back("ann", "Say who.")
    assert phase.send_back("ann", "Say who. ") == once
    assert phase.send_back("bob", "Say who.") != once
    assert [remark.by for remark in phase.remarks(API)] == ["ann", "bob"]
    phase.consult()
    phase.send_back("bob", "Say who.")
    assert len(phase.remarks(API)) == 3


def test_the_loopback_server_answers_every_remark(folder: Path) -> None:
    phase = opened(folder).phase("consultants")
    phase.comment(Anchor(API, "Endpoints"), "Say who.\n\nAnd when.", "ann")
    phase.send_back("bob", "Name the limits.")
    question = phase.question(phase.duties[0])
    text = loopback.document(render(question))
    assert set(answers(Document("a.md", text))) == {"R1", "R2"}


def test_nobody_comments_where_there_is_no_author(folder: Path) -> None:
    phase = opened(folder).phase("intake")
    with pytest.raises(OptionRefused, match="'intake' has no author who would read a comment; edit "):
        phase.comment(Anchor(), "Say who.", "ann")


def test_what_changed_meanwhile_is_not_sent_back_unseen(folder: Path) -> None:
    phase = opened(folder).phase("consultants")
    shown = phase.subject
    phase.comment(Anchor(API), "Say who.", "ann")
    path = phase.path(API)
    path.write_text(path.read_text() + "x\n")
    with pytest.raises(AwaitingApproval, match="changed since they were shown"):
        phase.send_back("ann", subject=shown)
    assert len(phase.pending) == 1
