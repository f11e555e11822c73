"""A review binds to what was shown, records once, and answers in words; it needs no widget and no notebook."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from planning_kit.order import Order
from planning_kit.review import Review
from planning_kit.run import Run

from .authors import Writer, agreed

BRIEF = "# Loans\n\nMembers must be able to borrow books.\n"


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """A run whose five documents are written, each in one short section."""
    run = agreed(Order(BRIEF, model="offline", outputs=tmp_path).run()[0])
    return Run(run.store, author=Writer)


def draft(run: Run, text: str = "# {title}\n\n## Endpoints\n\nGET /loans lists them [P1].\n\n- one\n- two\n") -> Review:
    """The consultants' documents as somebody wrote them by hand, under review."""
    phase = run.phase("consultants")
    for name in phase.names:
        path = phase.path(name)  # type: ignore[attr-defined]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.format(title=name), "utf-8")
    return Review(phase)


def kinds(run: Run, since: int = 0) -> list[str]:
    return [record.kind for record in run.journal if record.seq > since]


def test_what_there_is_to_see_is_plain_values_and_whole(run: Run) -> None:
    state = draft(run).state()
    assert json.loads(json.dumps(state)) == state
    assert (state["title"], state["gate"]["open"], state["can_be_sent_back"]) == ("Consultants", False, True)
    first = state["documents"][0]
    assert (first["file"], first["version"], first["verdict"]) == ("04-api-design.md", 1, "not decided")
    assert first["digest"] == state["shown"][first["name"]]
    page = first["page"]
    assert [each["text"] for each in page["outline"]][1:] == ["Endpoints"]
    assert 'data-line="5"' in page["html"]
    assert {"brief.md", "facts.yaml: domains"} < {each["name"] for each in page["rests_on"]}
    assert state["rests_on"][-1]["approved"]


def test_only_the_documents_that_are_wanted_come_whole(run: Run) -> None:
    review = draft(run)
    state = review.state(whole=())
    assert not [each for each in state["documents"] if "page" in each]
    name = state["documents"][1]["name"]
    assert [each["name"] for each in review.state(whole=[name])["documents"] if "page" in each] == [name]


def test_a_finding_stands_at_the_top_and_beside_the_passage_it_is_about(run: Run) -> None:
    review = draft(run, "# A title\n\n## Endpoints\n\nSee [P77] for more.\n\nThe end.\n")
    page = review.page(review.step.subject and next(iter(review.step.subject)))
    (about,) = [each for each in page["findings"] if "P77" in each["message"]]
    assert about["line"] == 5
    html = page["html"]
    assert html.index("See [P77]") < html.index(about["message"]) < html.index("The end.")


def test_what_it_rests_on_can_be_read_in_the_same_place(run: Run) -> None:
    review = draft(run)
    assert "borrow books" in review.page("brief.md")["html"]
    assert "domains" in review.page("facts.yaml: domains")["html"]
    assert review.page(review.state()["rests_on"][-1]["name"])["read_only"]


def test_a_comment_finds_its_section_by_its_line_and_is_written_down_once(run: Run) -> None:
    review = draft(run)
    name = next(iter(review.step.subject))
    for _ in range(2):
        answer = review.comment(name, line=5, quote="GET   /loans\nlists", text="Which ones?", by="Ann <ann@x>")
        assert answer.done
    (comment,) = review.state(whole=())["comments"]
    assert (comment["section"], comment["line"], comment["text"], comment["same"]) == (
        "Endpoints",
        5,
        "Which ones?",
        True,
    )
    assert comment["where"] == "section 'Endpoints', at “GET /loans lists”"
    assert review.withdraw(comment["seq"], "Ann <ann@x>").done and review.withdraw(comment["seq"], "Ann <ann@x>").done
    assert review.state(whole=())["comments"] == []
    assert kinds(run).count("commented") == kinds(run).count("withdrawn") == 1


def test_approving_names_exactly_what_was_shown_and_records_once(run: Run) -> None:
    review = draft(run)
    shown = review.state(whole=())["shown"]
    answers = [review.approve("Ann", "fine", shown=shown) for _ in range(2)]
    assert [answer.decided for answer in answers] == ["approved", "approved"]
    (decided,) = run.journal.of("decided", phase="consultants")
    assert decided.body["subject"] == shown
    assert f"record {decided.seq} of the journal" in answers[0].said
    assert review.state(whole=())["gate"]["open"]


def test_a_hundred_clicks_on_eight_threads_record_one_decision(run: Run) -> None:
    review = draft(run)
    shown = review.state(whole=())["shown"]
    clicks = [
        threading.Thread(target=lambda: [review.approve("Ann", shown=shown) for _ in range(12)]) for _ in range(8)
    ]
    for click in clicks:
        click.start()
    for click in clicks:
        click.join()
    assert len(run.journal.of("decided", phase="consultants")) == 1


def test_what_changed_since_it_was_shown_is_refused_and_named(run: Run) -> None:
    review = draft(run)
    shown = review.state(whole=())["shown"]
    name = next(iter(shown))
    run.shelf.path(name).write_text("# Another\n", "utf-8")
    for answer in (review.approve("Ann", shown=shown), review.approve("Ann", names=[name], shown=shown)):
        assert (answer.done, answer.changed) == (False, (name,))
        assert "changed since they were shown" in answer.said
    assert review.send_back("Ann", "shorter", shown).changed == (name,)
    assert review.edit(name, "mine", "Ann", shown[name]).changed == (name,)
    assert run.journal.of("decided", phase="consultants") == []
    assert review.approve("Ann", shown=review.state(whole=())["shown"]).done


def test_one_document_is_approved_and_then_the_others_only(run: Run) -> None:
    review = draft(run)
    shown = review.state(whole=())["shown"]
    first, *others = shown
    review.approve("Ann", names=[first], shown=shown)
    state = review.state(whole=())
    assert [each["approved"] for each in state["documents"]] == [True, False, False, False, False]
    assert state["documents"][0]["verdict"] == "approved by Ann"
    review.approve("Bob <bob@x>", shown=shown)
    review.approve("Ann", shown=shown)
    named = [list(record.body["subject"]) for record in run.journal.of("decided", phase="consultants")]
    assert named == [[first], [first, *others], others]


def test_all_without_findings_are_approved_at_once_and_the_others_are_not(run: Run) -> None:
    run.phase("consultants").consult()
    review = Review(run.phase("consultants"))
    name = next(iter(review.step.subject))
    run.shelf.path(name).write_text("# Nothing of what was asked\n", "utf-8")
    shown = review.state(whole=())["shown"]
    clean = review.clean
    assert clean and name not in clean
    assert review.approve_all_without_findings("Ann", shown=shown).done
    now = review.step.gate
    assert [each for each in shown if now.approved(each)] == list(clean)
    assert "approved already" in review.approve_all_without_findings("Ann", shown=shown).said
    assert len(run.journal.of("decided", phase="consultants")) == 1


def test_where_every_document_has_findings_none_is_approved_as_being_without(run: Run) -> None:
    review = draft(run)
    answer = review.approve_all_without_findings("Ann", shown=review.state(whole=())["shown"])
    assert (answer.done, answer.said) == (False, "every document has findings; approve them one by one")


def test_sending_back_carries_the_comments_and_the_next_version_says_what_was_done(run: Run) -> None:
    run.phase("consultants").consult()
    review = Review(run.phase("consultants"))
    shown = review.state(whole=())["shown"]
    name = next(iter(shown))
    assert "needs a comment" in review.send_back("Ann", "", shown).said
    review.comment(name, "Endpoints", text="Add POST /notes.", by="Ann")
    answers = [review.send_back("Ann", "", shown) for _ in range(2)]
    assert [answer.decided for answer in answers] == ["sent back", "sent back"]
    (decided,) = run.journal.of("decided", phase="consultants")
    assert list(decided.body["subject"]) == [name]
    assert review.page(name)["remarks"][0]["words"] == "not written again yet"
    run.phase("consultants").consult()
    state = review.state(whole=[name])
    assert state["comments"] == []
    (remark,) = state["documents"][0]["page"]["remarks"]
    assert (remark["name"], remark["text"]) == ("R1", "Add POST /notes.")
    assert remark["words"].startswith("answered: Taken up")
    changed = state["documents"][0]["page"]["changes"]
    assert changed["since"].startswith("version 1 (backend-consultant, ")
    assert "Review remarks" in [each["section"] for each in changed["sections"]]
    assert state["documents"][0]["verdict"] == "written again since Ann sent it back"


def test_an_edit_is_a_new_version_with_its_authors_name_and_is_saved_once(run: Run) -> None:
    review = draft(run)
    name = next(iter(review.step.subject))
    text, seen = review.text(name)
    answers = [review.edit(name, text + "\nmine\n", "Ann <ann@x>", seen) for _ in range(2)]
    assert [answer.done for answer in answers] == [True, True]
    assert "nothing is recorded" in answers[1].said
    first = review.state(whole=())["documents"][0]
    assert (first["author"], first["version"]) == ("edited by Ann", 2)
    assert [each["section"] for each in review.page(name)["changes"]["sections"]] == ["Endpoints"]
    assert len(run.journal.of("edited", by="Ann <ann@x>")) == 1


def test_what_is_refused_is_an_answer_in_words(run: Run) -> None:
    review = draft(run)
    name = next(iter(review.step.subject))
    assert not review.approve("").done
    assert "no such document" in review.comment("nothing.md", text="x", by="Ann").said
    assert not review.edit(name, "", "Ann", review.text(name)[1]).done
    assert not review.withdraw(999, "Ann").done
    assert "settles no facts" in review.correct({}, "Ann").said


def test_what_anybody_wrote_is_never_html(run: Run) -> None:
    evil = "<img src=x onerror=alert(1)>"
    review = draft(run, f"# {evil}\n\n## {evil}\n\n{evil} \u202e [P77]\n")
    name = next(iter(review.step.subject))
    review.comment(name, evil, 5, evil, evil, f"{evil} <a@b>")
    review.send_back("Ann", evil, None)
    state = review.state()

    def htmls(value: object) -> list[str]:
        if isinstance(value, dict):
            found = [inner for key, each in value.items() for inner in ([each] if key == "html" else htmls(each))]
            return [each for each in found if isinstance(each, str)]
        return [inner for each in value for inner in htmls(each)] if isinstance(value, list) else []

    pages = htmls(state)
    assert len(pages) > 5
    assert not [page for page in pages if "<img src=x" in page or "\u202e" in page]


def test_the_facts_are_corrected_and_approved_in_one_step(tmp_path: Path) -> None:
    run = Order(BRIEF, model="offline", outputs=tmp_path).run()[0]
    review = Review(run.phase("intake"))
    state = review.state()
    assert [each["part"] for each in state["facts"]["parts"]] == ["stack", "passages"]
    shown = state["shown"]
    wrong = review.approve("Ann", shown=shown, corrected={"moves": "P2 konstraint"})
    assert (wrong.done, "no such class: 'konstraint'" in wrong.said) == (False, True)
    assert review.approve("Ann", shown=shown, corrected={"moves": "P2 constraint"}).decided == "approved"
    assert run.sheet.now.classes["P2"] == "constraint"
    assert run.journal.of("settled", by="Ann")
    assert review.state()["gate"]["open"]


def test_facts_that_changed_after_they_were_shown_are_not_overwritten(tmp_path: Path) -> None:
    run = Order(BRIEF, model="offline", outputs=tmp_path).run()[0]
    run.phase("intake").approve("Ann")
    review = Review(run.phase("scope"))
    state = review.state()
    text = run.sheet.text
    run.sheet.path.write_text(text.replace(f"- name: {run.sheet.now.domains[0].name}", "- name: edited-elsewhere"))
    corrected = {"text": state["facts"]["form"]["text"]}
    assert not review.approve("Ann", shown=state["shown"], corrected=corrected).done
    assert not review.correct(corrected, "Ann", state["shown"]).done
    assert run.sheet.now.domains[0].name == "edited-elsewhere"


def test_own_words_are_never_lost_and_never_missing(tmp_path: Path) -> None:
    run, _ = Order("", model="offline", outputs=tmp_path).run()
    run.phase("intake").approve("Ann")
    review = Review(run.phase("scope"))
    shown = review.state()["shown"]
    questions = review.state()["facts"]["form"]["questions"]
    assert [each["id"] for each in questions][:2] == ["Q1", "Q2"]
    own = {"Q1": {"choice": "", "own": "Only the clinic may."}, "Q2": {"choice": "own", "own": " "}}
    assert "Q2: 'in my own words' is chosen" in review.correct({"answers": own}, "Ann", shown).said
    assert "no option 'z'" in review.correct({"answers": {"Q1": {"choice": "z"}}}, "Ann", shown).said
    both = {"Q1": {"choice": "a", "own": "but"}}
    assert "clear one of them" in review.correct({"answers": both}, "Ann", shown).said
    own["Q2"]["choice"] = "b"
    assert review.correct({"answers": own}, "Ann", shown).done
    assert [question.answer for question in run.sheet.now.questions][:2] == ["Only the clinic may.", "b"]
    assert not review.state()["gate"]["open"]
