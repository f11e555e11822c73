"""Who has to approve what is a file; a broken one is refused before anything is spent, and says where it is broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from planning_kit.errors import CatalogRefused, OptionRefused
from planning_kit.person import Person
from planning_kit.reviewers import LARGEST, Approval, Needs, Policy, Reviewers

from .small_runs import begin

WHOLE = """people:
  ann@example.org: [architect, security]
  bob@example.org: [security]
  Cleo Clerk: [product]
every:
  people: 1
phases:
  writing:
    people: 2
    roles: {security: 1}
    own_edits: no
    rule: no
"""
ANN, BOB, CLEO, DAN = "Ann <ann@example.org>", "Bob <bob@example.org>", "Cleo Clerk", "Dan <dan@example.org>"


def people(*names: str) -> list[Approval]:
    return [Approval(name, "person") for name in names]


def lacks(phase: str, *names: str, editors: tuple[str, ...] = (), text: str = WHOLE) -> str:
    return Reviewers(text).policy(phase).lacks(people(*names), editors)


def test_without_a_file_one_person_or_the_rule_is_enough() -> None:
    policy = Reviewers().policy("writing")
    assert policy == Policy()
    assert policy.lacks([], ()) == "approval of 1 more person is needed"
    assert policy.lacks(people("ann"), ()) == policy.lacks([Approval("clean", "policy")], ()) == ""


@pytest.mark.parametrize(
    ("names", "missing"),
    [
        ((), "approval of 1 more with the role 'security' and 1 more person is needed"),
        ((DAN,), "approval of 1 more with the role 'security' is needed"),
        ((DAN, CLEO), "approval of 1 more with the role 'security' is needed"),
        ((BOB,), "approval of 1 more person is needed"),
        ((BOB, DAN), ""),
        ((ANN, BOB), ""),
        ((BOB, BOB), "approval of 1 more person is needed"),
    ],
)
def test_people_and_roles_are_counted(names: tuple[str, ...], missing: str) -> None:
    assert lacks("writing", *names) == missing


@pytest.mark.parametrize(
    "spellings",
    [
        ("Bob <bob@example.org>", "BOB@EXAMPLE.ORG"),
        ("Bob <bob@example.org>", "Robert B. <bob@example.org>"),
        ("bob", "Bob <bob@example.org>"),
        ("Bob <bob@example.org>", "  bob "),
        ("Bob  Builder <bob@example.org>", "bob builder"),
        ("Ｂob", "Bob <bob@example.org>", "bob@example.org"),
    ],
)
def test_one_person_in_several_spellings_is_one_person(spellings: tuple[str, ...]) -> None:
    assert lacks("writing", *spellings) == "approval of 1 more person is needed"


def test_two_people_of_one_name_are_two_people() -> None:
    assert lacks("writing", "Bob <bob@example.org>", "Bob <robert@example.org>") == ""
    assert not Person.of("Bob <bob@example.org>").same(Person.of("Bob <robert@example.org>"))


def test_a_role_is_had_by_e_mail_or_by_name() -> None:
    policy = Reviewers(WHOLE).policy("writing")
    assert policy.roles("Anyone <ANN@example.org>") == ("architect", "security")
    assert policy.roles("cleo  clerk") == policy.roles("Cleo Clerk <cleo@example.org>") == ("product",)
    assert policy.roles("ann") == policy.roles("") == ()


def test_a_person_with_two_roles_counts_for_both() -> None:
    text = WHOLE.replace("roles: {security: 1}", "roles: {security: 1, architect: 1}").replace("people: 2", "people: 1")
    assert lacks("writing", ANN, text=text) == ""
    assert lacks("writing", BOB, text=text) == "approval of 1 more with the role 'architect' is needed"


@pytest.mark.parametrize("editor", [BOB, "bob@example.org", "Bob", "BOB "])
def test_who_edited_a_document_cannot_approve_it_in_any_spelling(editor: str) -> None:
    said = (
        "approval of 1 more with the role 'security' is needed (who edited it cannot approve it: Bob <bob@example.org>)"
    )
    assert lacks("writing", DAN, BOB, editors=(editor,)) == said
    assert lacks("writing", DAN, ANN, editors=(editor,)) == ""


def test_another_of_the_same_name_may_approve_what_somebody_edited() -> None:
    assert lacks("writing", DAN, BOB, editors=("Bob <robert@example.org>", "robert@example.org")) == ""


def test_an_own_edit_counts_where_nothing_is_said_against_it() -> None:
    assert lacks("summary", BOB, editors=(BOB,)) == ""


def test_a_rule_opens_only_what_it_may() -> None:
    reviewers = Reviewers(WHOLE)
    rule = [Approval("clean", "policy")]
    assert reviewers.policy("summary").lacks(rule, ()) == ""
    assert (
        reviewers.policy("writing").lacks(rule, ())
        == "approval of 1 more with the role 'security' and 1 more person is needed"
    )


def test_a_rule_never_counts_as_a_person() -> None:
    policy = Policy(Needs(people=1, rule=False))
    assert policy.lacks([Approval("ann", "policy")], ()) == "approval of 1 more person is needed"


BROKEN = {
    "an unknown field": (WHOLE.replace("people: 2", "poeple: 2"), r"reviewers.yaml:9: no such field: 'phases.writing.poeple'; did you mean 'people'\?"),
    "an unknown part": (WHOLE.replace("every:", "evrey:"), r"reviewers.yaml:5: no such field: 'evrey'; did you mean 'every'\?"),
    "nobody has to": (WHOLE.replace("people: 2", "people: 0"), r"reviewers.yaml:9: phases.writing.people: input should be greater than or equal to 1"),
    "a role nobody has": (WHOLE.replace("{security: 1}", "{secruity: 1}"), r"reviewers.yaml:10: phases.writing.roles: 1 with the role 'secruity' is needed and it names nobody; did you mean 'security'\?"),
    "more than have it": (WHOLE.replace("{security: 1}", "{security: 3}"), r"reviewers.yaml:10: phases.writing.roles: 3 with the role 'security' are needed and it names 2$"),
    "none of a role": (WHOLE.replace("{security: 1}", "{security: 0}"), r"reviewers.yaml:10: phases.writing.roles.security: input should be greater than or equal to 1"),
    "neither yes nor no": (WHOLE.replace("rule: no", "rule: perhaps"), r"reviewers.yaml:12: phases.writing.rule: input should be a valid boolean"),
    "no list": (WHOLE.replace("[security]", "security"), r"reviewers.yaml:3: people.bob@example.org: input should be a valid tuple"),
    "no YAML": ("people: [\n", r"reviewers.yaml:2: "),
    "no fields": ("- ann\n", r"reviewers.yaml:1: it must be fields"),
    "a field twice": ("every: {people: 1}\nevery: {people: 2}\n", r"reviewers.yaml:2: field 'every' is given twice"),
    "an alias": ("every: &a {people: 1}\nphases: {writing: *a}\n", r"reviewers.yaml:1: a YAML anchor is not allowed here"),
    "too large": ("# " + "x" * LARGEST, r"reviewers.yaml: longer than 100,000 bytes"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "says"), BROKEN.values(), ids=list(BROKEN))
def test_a_broken_file_names_file_line_and_field(text: str, says: str) -> None:
    with pytest.raises(CatalogRefused, match=says) as refused:
        Reviewers(text)
    assert "\n" not in str(refused.value)


def test_a_phase_there_is_none_of_is_refused_before_the_run_begins(tmp_path: Path) -> None:
    with pytest.raises(
        CatalogRefused, match=r"reviewers.yaml:8: phases: no such phase: 'writting'; did you mean 'writing'\?"
    ):
        begin(tmp_path, WHOLE.replace("  writing:", "  writting:"))
    assert not list(tmp_path.glob("outputs/*/*"))


def test_the_file_is_kept_with_the_run_and_another_one_makes_another_run(tmp_path: Path) -> None:
    run = begin(tmp_path, WHOLE)
    assert run.reviewers.policy("writing").needs.people == 2
    again = begin(tmp_path, WHOLE)
    other = begin(tmp_path, WHOLE.replace("people: 2", "people: 1"))
    assert run.folder == again.folder != other.folder


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    from planning_kit.order import Order

    with pytest.raises(OptionRefused, match="cannot be read as UTF-8 text"):
        Order(
            "Notes are kept.", model="offline", outputs=tmp_path, settings=(f"reviewers={tmp_path / 'none.yaml'}",)
        ).run()
