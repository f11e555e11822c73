"""Facts are one file a person edits: read strictly, written the same each time, corrected part by part."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning_kit import facts
from planning_kit.errors import FactsRefused
from planning_kit.facts import Domain, Facts, Question, Topic

QUESTION = Question(
    id="Q1",
    asks="Who may cancel a booking?",
    passages=("P4",),
    options={"a": "Only the guest may cancel.", "b": "Guest and host may cancel."},
    recommended="b",
    because="hosts fall ill too",
    changes="the role matrix",
)
KNOWN = Facts(
    stack={".": {"Language": "Python 3.11 (pyproject.toml:4)", "Framework": "FastAPI 0.115 (pyproject.toml:9)"}},
    passages={"functional": ("P2", "P4"), "quality": ("P5",), "other": ("P1", "P3")},
    domains=(Domain(name="bookings", about="Booking: and 'cancelling'", passages=("P2", "P4")),),
    topics=(Topic(name="sign-in", why="no means is named", passages=()),),
    questions=(QUESTION,),
)


def test_what_is_written_is_read_back_and_written_the_same() -> None:
    text = facts.write(KNOWN)
    assert facts.parse(text) == KNOWN
    assert facts.write(facts.parse(text)) == text
    assert "functional: [P2, P4]" in text


@given(st.text(min_size=1).filter(str.strip), st.text(min_size=1, max_size=300).filter(str.strip))
def test_any_words_survive_being_written_and_read(about: str, answer: str) -> None:
    try:
        said = Facts(
            domains=(Domain(name="x", about=about),), questions=(QUESTION.model_copy(update={"answer": answer}),)
        )
    except ValueError:
        return
    printable = "".join(c for c in about + answer if c.isprintable()) == about + answer
    if printable and len(answer) > 1:
        assert facts.parse(facts.write(said)) == said


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("domains:", "domain:"), r"facts.yaml:\d+: no such field: 'domain'; did you mean 'domains'\?"),
        (("  functional:", "  functionl:"), r"facts.yaml:\d+: passages: no such class: 'functionl'"),
        (("quality: [P5]", "quality: [P4]"), "P4 stands under two classes"),
        (("name: bookings", "name: ../bookings"), r"domains.0.name: '../bookings' is not a name: lower-case letters"),
        (("recommended: b", "recommended: e"), "'e' is none of the options a, b"),
        (("answer: ''", "answer: z"), "'z' is none of the options a, b"),
        (("    b: Guest", "    x: Guest"), "two to four, called a, b, c, d"),
        (("about:", "about: &x"), "a YAML anchor is not allowed"),
        (("name: sign-in", "name: !!python/none x"), "a YAML tag is not allowed"),
        (("- id: Q1", "- id: Q1\n  id: Q1"), "given twice"),
        (("topics:\n", "topics: [\n"), r"facts.yaml:\d+: "),
    ],
)
def test_a_mistake_is_named_with_its_line(change: tuple[str, str], message: str) -> None:
    text = facts.write(KNOWN)
    assert change[0] in text
    with pytest.raises(FactsRefused, match=message):
        facts.parse(text.replace(*change, 1))


def test_a_sixth_question_is_refused() -> None:
    six = tuple(QUESTION.model_copy(update={"id": f"Q{n}"}) for n in range(1, 7))
    with pytest.raises(FactsRefused, match="at most 5 questions"):
        facts.parse(facts.write(KNOWN.model_copy(update={"questions": six})))


def test_there_is_always_a_domain() -> None:
    with pytest.raises(FactsRefused, match="at least one domain"):
        facts.corrected(KNOWN, "domains: []\n")


def test_only_the_part_that_changed_has_another_digest() -> None:
    new = facts.corrected(KNOWN, "domains:\n- name: stays\n  about: Nights\n")
    assert [name for name in facts.SECTIONS if new.digest(name) != KNOWN.digest(name)] == ["domains"]


def test_the_layout_of_the_file_is_not_a_fact() -> None:
    text = facts.write(KNOWN).replace("\n\n", "\n\n\n# a note of mine\n")
    assert all(facts.parse(text).digest(name) == KNOWN.digest(name) for name in facts.SECTIONS)


def test_a_passage_moves_to_another_class() -> None:
    new = facts.moved(KNOWN, "P5 out of scope; p2 constraint")
    assert new.passages == {
        "functional": ("P4",),
        "constraint": ("P2",),
        "out of scope": ("P5",),
        "other": ("P1", "P3"),
    }


@pytest.mark.parametrize(
    ("said", "message"), [("P9 data", "no such passage: 'P9'"), ("P5 date", "did you mean 'data'")]
)
def test_a_correction_that_leads_nowhere_is_refused(said: str, message: str) -> None:
    with pytest.raises(FactsRefused, match=message):
        facts.moved(KNOWN, said)


def test_what_nobody_answered_is_assumed_as_recommended_and_named() -> None:
    (assumed,) = KNOWN.assumptions
    assert (assumed.name, assumed.text) == ("A1", "Guest and host may cancel.")
    answered = QUESTION.model_copy(update={"answer": "A"})
    assert (answered.name, answered.settled) == ("Q1", "Only the guest may cancel.")
    own = QUESTION.model_copy(update={"answer": "Nobody may."})
    assert (own.name, own.settled, Facts(domains=KNOWN.domains, questions=(own,)).assumptions) == (
        "Q1",
        "Nobody may.",
        (),
    )
