"""The offline author's requirements, stories and use cases: every passage reached, each document resting on the one before, ids that stay."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from planning_kit import facts, ids
from planning_kit.brief import Brief
from planning_kit.checks import check
from planning_kit.checks.about import About
from planning_kit.document import Document
from planning_kit.facts import Domain, Facts
from planning_kit.intake.classes import classify
from planning_kit.intake.proposal import propose
from planning_kit.model import Material, Request
from planning_kit.offline.author import write
from planning_kit.offline.writing.specification.clauses import parted
from planning_kit.offline.writing.specification.goals import goal
from planning_kit.offline.writing.specification.present import ordered, present
from planning_kit.offline.writing.specification.wording import Wording

BRIEFS = Path(__file__).parent / "briefs"
SHAPES = Path(__file__).parents[1] / "planning_kit" / "templates"
FOLDER = "docs/en/specifications"
SEATS = {
    "requirements/requirements.md": ("requirements-analyst", "requirements", ("ids", "passages-reached")),
    "requirements/user-stories.md": ("story-writer", "user-stories", ("ids", "requirements-told")),
    "requirements/api-spec.md": ("api-specifier", "api-spec", ("ids", "openapi", "operations-asked-for")),
    "workflows/use-cases.md": ("use-case-analyst", "use-cases", ("ids", "stories-used")),
}
REQUIREMENTS, STORIES, SPEC, CASES = SEATS
META = "| Version | Last updated | Status | Recipe | Author |\n| --- | --- | --- | --- | --- |\n| 1 | 2026-11-22 | draft | specification | offline |\n"
LIBRARY = """# Library

Members borrow up to three books for four weeks.

- A librarian can create, update and delete books.
- The system must refuse a loan if the book is already lent.
- Every answer must come within 200 ms.
- The system must be written in Go.
- The system should send a reminder two days before a loan is due.

## Out of scope

- Selling books
"""


def shape(name: str) -> str:
    return (SHAPES / f"{name}.md").read_text(encoding="utf-8")


def known_of(brief: Brief) -> Facts:
    return propose(brief, classify(brief), None)


def asked(brief: Brief, known: Facts, domain: str, file: str, documents: dict[str, str], **more: object) -> Request:
    seat, template, _ = SEATS[file]
    text = str(more.pop("template", shape(template)))
    outline = tuple(f"## {each.text}" for each in Document("t.md", text).headings if each.level == 2)
    materials = (
        Material("passage", "brief", brief.text), Material("facts", "facts.yaml", facts.write(known)),
        *(Material("document", name, said) for name, said in documents.items()),
    )  # fmt: skip
    made = Request(
        "offline", seat, brief.title, "", materials, "", outline, today="2026-11-22", domain=domain, template=text
    )
    return replace(made, **more)  # type: ignore[arg-type]


def named(domain: str, file: str) -> str:
    return f"{FOLDER}/{domain}/{file}"


def specified(text: str, name: str = "", known: Facts | None = None) -> tuple[Brief, Facts, dict[str, str]]:
    """The documents of every domain, each written from those before it."""
    brief = Brief(text, name)
    known = known or known_of(brief)
    written: dict[str, str] = {}
    for domain in known.domains:
        for file in SEATS:
            written[named(domain.name, file)] = write(asked(brief, known, domain.name, file, written))
    return brief, known, written


@cache
def of(name: str) -> tuple[Brief, Facts, dict[str, str]]:
    return specified((BRIEFS / name).read_text(encoding="utf-8"), name)


@cache
def library() -> tuple[Brief, Facts, dict[str, str]]:
    return specified(LIBRARY)


def one(known: Facts) -> str:
    return known.domains[0].name


def rows(text: str, kind: str) -> dict[str, ids.Thing]:
    return {each.id: each for each in ids.things(Document("a.md", text)) if each.kind == kind and not each.withdrawn}


def said_wrong(
    brief: Brief,
    known: Facts,
    written: dict[str, str],
    domain: Domain,
    earlier: dict[str, str] | None = None,
    remarks: int = 0,
) -> list[str]:
    """What the checks say about a domain's documents, as the program would ask them."""
    taken = {each for one_of_them in known.domains for each in one_of_them.passages}
    first = domain is known.domains[0]
    asking = tuple(
        p.id for p in brief.passages
        if known.classes.get(p.id) in facts.REQUIREMENTS and (p.id in domain.passages or (first and p.id not in taken))
    )  # fmt: skip
    passages = (
        {p.id for p in brief.passages} | {q.name for q in known.questions} | {f"R{n}" for n in range(1, remarks + 1)}
    )
    code = ids.codes(each.name for each in known.domains)[domain.name]
    before: list[Document] = []
    found = []
    for file, (_, template, checks) in SEATS.items():
        name = named(domain.name, file)
        head, _, rest = written[name].partition("\n\n")
        document = Document(name, f"{head}\n\n{META}\n{rest}")
        sections = tuple(each.text for each in Document("t.md", shape(template)).headings if each.level == 2)
        about = About(
            sections, checks, frozenset(passages), beside=tuple(before), template=shape(template), domain=domain.name, prefix=code,
            asking=asking, earlier=(earlier or {}).get(name, ""),
        )  # fmt: skip
        found += [str(each) for each in check(document, about)]
        before.append(document)
    return found


@pytest.mark.parametrize(
    "name", ["baxbench-forum.md", "baxbench-secret_storage.md", "devbench-people-management-prd.md"]
)
def test_the_checks_find_nothing_in_the_documents_of_the_shared_briefs(name: str) -> None:
    brief, known, written = of(name)
    assert [wrong for domain in known.domains for wrong in said_wrong(brief, known, written, domain)] == []


def assert_told_used_and_tested(known: Facts, written: dict[str, str]) -> None:
    for domain in known.domains:
        wanted = rows(written[named(domain.name, REQUIREMENTS)], "FR")
        stories = rows(written[named(domain.name, STORIES)], "US")
        cases = rows(written[named(domain.name, CASES)], "UC")
        tests = rows(written[named(domain.name, CASES)], "TS")
        assert wanted
        assert set(wanted) <= {cited for story in stories.values() for cited in story.cites}
        assert set(stories) <= {cited for case in cases.values() for cited in case.cites}
        assert set(wanted) <= {cited for test in tests.values() for cited in test.cites}
        assert all(test.within in cases for test in tests.values())


@pytest.mark.parametrize(
    "name", ["baxbench-secret_storage.md", "devbench-idcenter-prd.md", "devbench-people-management-prd.md"]
)
def test_everything_asked_for_is_told_used_and_tested(name: str) -> None:
    _, known, written = of(name)
    assert_told_used_and_tested(known, written)


def test_of_the_largest_brief_every_required_line_is_asked_for_told_tested_and_every_operation_called() -> None:
    brief, known, written = of("govstack-scheduler-bb.md")
    required = {passage.id for passage in brief.passages if "REQUIRED" in passage.text}
    asked_for = [
        each
        for domain in known.domains
        for kind in ids.REQUIREMENTS
        for each in rows(written[named(domain.name, REQUIREMENTS)], kind).values()
    ]
    assert len(known.domains) >= 3
    assert len(required) == 72
    assert required - {name for each in asked_for for name in each.cites} == set()
    assert_told_used_and_tested(known, written)
    for domain in known.domains:
        offered = re.findall(r"(?m)^### ((?:GET|POST|PUT|PATCH|DELETE) /\S+)", written[named(domain.name, SPEC)])
        called = {
            f"{m} {p}" for case in rows(written[named(domain.name, CASES)], "UC").values() for m, p in case.operations
        }
        assert offered
        assert called == set(offered)


def test_a_statement_is_the_briefs_own_words_as_one_obligation() -> None:
    wording = Wording(["Scheduler"], ["organizer", "subscriber"])
    assert wording.requirements("The Scheduler must not allow duplicate entries") == (
        "The system shall not allow duplicate entries.",
    )
    assert wording.requirements("If an event is deleted, the Scheduler must remove all alerts and notify the organizer (REQUIRED)") == (
        "If an event is deleted, the system shall remove all alerts.", "If an event is deleted, the system shall notify the organizer.",
    )  # fmt: skip
    assert wording.requirements("The system must enable an organizer to create/update/delete and list events") == (
        "The system shall enable an organizer to create events.", "The system shall enable an organizer to update events.",
        "The system shall enable an organizer to delete events.", "The system shall enable an organizer to list events.",
    )  # fmt: skip
    assert wording.requirements("enroll themselves into an event", "The Scheduler MUST enable Subscribers to") == (
        "The system shall enable Subscribers to enroll themselves into an event.",
    )
    assert wording.requirements("As a subscriber, I want to cancel my place, so that I can stay at home") == (
        "The system shall allow a subscriber to cancel their place, so that they can stay at home.",
    )
    assert wording.requirements("Receipts are sent by e-mail within 5 minutes") == (
        "Receipts shall be sent by e-mail within 5 minutes.",
    )
    assert wording.requirements("Opening hours of the shop") == ()


def test_a_requirement_is_read_back_as_who_does_what() -> None:
    read = goal("The system shall let members borrow up to three books.")
    assert (read.who, read.what, read.denied) == ("members", "borrow up to three books", False)
    read = goal("The system shall not allow an organizer to delete events.")
    assert (read.who, read.deed, read.denied) == ("an organizer", "delete", True)
    assert goal("If an event is deleted, the system shall notify the organizer.").deed == "delete"


@pytest.mark.parametrize(("piece", "statements"), [
    ("404 if it does not exist", ["The system shall answer 404 if it does not exist."]),
    ("Nobody may book a slot that is taken", ["The system shall not allow anybody to book a slot that is taken."]),
    ("We need subscribers to be able to book online", ["The system shall allow subscribers to book online."]),
    ("Organizer: creates events and cancels them", ["The system shall let an organizer create events and cancel them."]),
    ('The "sort" parameter can have two values', ['The "sort" parameter shall have two values.']),
    ("Subscribers who register could collect points", ["The system shall allow subscribers who register to collect points."]),
])  # fmt: skip
def test_what_is_said_in_a_form_of_its_own_is_one_statement(piece: str, statements: list[str]) -> None:
    assert list(Wording([], ["organizer", "subscriber"]).requirements(piece)) == statements


def test_a_sentence_of_several_clauses_is_one_for_each_with_its_own_subject() -> None:
    acts = Wording([], ["organizer", "subscriber"]).acts
    assert parted("An organizer sees the day's events, can book for others, and marks those who stayed away", acts) == [
        "An organizer sees the day's events", "An organizer can book for others", "An organizer marks those who stayed away",
    ]  # fmt: skip
    assert parted("Names must be kept secret, and the pages have to work on a phone", acts) == [
        "Names must be kept secret", "The pages have to work on a phone",
    ]  # fmt: skip
    assert parted("Subscribers borrow books", acts) == ["Subscribers borrow books"]


@pytest.mark.parametrize(("text", "now", "order"), [
    ("The system shall send a reminder when a loan is due.", "the system sends a reminder when a loan is due", "send a reminder when a loan is due"),
    ("Patient data shall be kept confidential.", "patient data is kept confidential", "keep patient data confidential"),
    ("The system shall not allow anybody to book twice.", "nobody can book twice", "nobody can book twice"),
    ("The system shall let a member borrow books.", "a member can borrow books", "borrow books"),
    ("GET /a shall accept two parameters.", "GET /a accepts two parameters", "accept two parameters"),
    ("If a loan ends, the system shall tell the member.", "if a loan ends, the system tells the member", "tell the member"),
])  # fmt: skip
def test_a_requirement_is_said_as_what_is_so_and_as_a_goal(text: str, now: str, order: str) -> None:
    assert (present(text), ordered(text)) == (now, order)


def test_what_a_passage_says_of_its_operation_is_told_with_that_operation() -> None:
    _, known, written = of("baxbench-forum.md")
    stories = rows(written[named(one(known), STORIES)], "US").values()
    assert [each.text for each in stories] == ["List messages", "Create message"]
    text = written[named(one(known), STORIES)]
    assert "**I want to** list messages." in text
    assert "have the system" not in text
    assert "MyForum, which allows" not in written[named(one(known), REQUIREMENTS)].partition("## Functional")[2]


@pytest.mark.parametrize("name", ["baxbench-forum.md", "devbench-people-management-prd.md", "govstack-scheduler-bb.md"])
def test_no_story_wants_to_be_sure_and_no_step_waits_for_its_time(name: str) -> None:
    _, _, written = of(name)
    text = "\n".join(written.values())
    for said in (
        "be sure of this",
        "have the system ",
        "When its time has come",
        "The 1 ",
        "does what FR-",
        "become 1 stories",
    ):
        assert said not in text, said


def test_a_small_brief_gives_functions_qualities_constraints_and_what_is_left_out() -> None:
    brief, known, written = library()
    text = written[named(one(known), REQUIREMENTS)]
    document = Document("a.md", text)
    wanted = {each.text: each for each in rows(text, "FR").values()}
    assert "The system shall let members borrow up to three books for four weeks." in wanted
    assert {f"The system shall allow a librarian to {verb} books." for verb in ("create", "update", "delete")} <= set(
        wanted
    )
    cells = {
        row[1]: row[2] for table in document.tables if table.header[:2] == ("ID", "Requirement") for row in table.rows
    }
    assert cells["The system shall send a reminder two days before a loan is due."] == "Should"
    (quality,) = [row for table in document.tables if table.header[:2] == ("ID", "Quality") for row in table.rows]
    assert quality[1:4] == ("Performance efficiency", "Every answer shall come within 200 ms.", "200 ms")
    assert "The system shall be written in Go." in document.section("Technical")
    assert "Selling books" in document.section("Deferred and out of scope")
    for domain in known.domains:
        assert said_wrong(brief, known, written, domain) == []


def test_the_same_request_gives_the_same_document() -> None:
    brief, known, written = library()
    assert specified(LIBRARY)[2] == written


def test_a_revision_without_a_change_is_the_same_document() -> None:
    brief, known, written = of("devbench-people-management-prd.md")
    for domain in known.domains:
        for file in SEATS:
            name = named(domain.name, file)
            before = {
                other: text for other, text in written.items() if list(written).index(other) < list(written).index(name)
            }
            assert write(asked(brief, known, domain.name, file, before, earlier=written[name])) == written[name], name


def test_what_a_person_wrote_into_the_requirements_stays_and_is_told_and_tested() -> None:
    brief, known, written = library()
    domain = one(known)
    name = named(domain, REQUIREMENTS)
    code = ids.codes(each.name for each in known.domains)[domain]
    first = f"| FR-{code}-01 |"
    own = f"| FR-{code}-40 | The system shall let a librarian print labels. | Could | (assumed) |\n{first}"
    edited = written[name].replace(first, own, 1)
    again = write(asked(brief, known, domain, REQUIREMENTS, {}, earlier=edited))
    assert f"| FR-{code}-40 | The system shall let a librarian print labels. | Could | (assumed) |" in again
    documents = {name: again}
    for file in (STORIES, SPEC, CASES):
        documents[named(domain, file)] = write(asked(brief, known, domain, file, documents))
    told = [each for each in rows(documents[named(domain, STORIES)], "US").values() if f"FR-{code}-40" in each.cites]
    assert [each.text for each in told] == ["Print labels"]
    assert any(f"FR-{code}-40" in each.cites for each in rows(documents[named(domain, CASES)], "TS").values())


def test_new_statements_go_on_counting_and_reworded_ones_keep_their_id() -> None:
    brief, known, written = library()
    domain = one(known)
    before = written[named(domain, REQUIREMENTS)]
    reworded = before.replace("send a reminder two days before a loan is due", "warn the member in good time")
    again = write(
        asked(
            brief,
            known,
            domain,
            REQUIREMENTS,
            {},
            earlier=reworded,
            remarks=("The system must let a member renew a loan once.",),
        )
    )
    old, new = rows(reworded, "FR"), rows(again, "FR")
    assert {name: each.text for name, each in old.items()}.items() <= {
        name: each.text for name, each in new.items()
    }.items()
    (added,) = [each for name, each in new.items() if name not in old]
    assert added.number == max(each.number for each in old.values()) + 1
    assert added.cites == ("R1",)
    assert f"| [R1] The system must let a member renew a loan once. | written into {added.id}" in again


def test_a_reviewer_withdraws_a_requirement_for_good_and_gives_another_its_priority() -> None:
    brief, known, written = library()
    domain = one(known)
    code = ids.codes(each.name for each in known.domains)[domain]
    (reminder,) = [e.id for e in rows(written[named(domain, REQUIREMENTS)], "FR").values() if "reminder" in e.text]
    order = f"Withdraw {reminder}: nobody reads them. FR-{code}-01 is a Could."
    again = write(
        asked(brief, known, domain, REQUIREMENTS, {}, earlier=written[named(domain, REQUIREMENTS)], remarks=(order,))
    )
    assert reminder not in rows(again, "FR")
    (gone,) = [each for each in ids.things(Document("a.md", again)) if each.withdrawn]
    assert gone.id == reminder
    assert re.search(rf"(?m)^\| FR-{code}-01 \|.*\| Could \|", again)
    assert "| Withdrawn | What it asked for is withdrawn" in again
    third = write(asked(brief, known, domain, REQUIREMENTS, {}, earlier=again))
    assert rows(third, "FR").keys() == rows(again, "FR").keys()
    assert [each.id for each in ids.things(Document("a.md", third)) if each.withdrawn] == [reminder]
    stories = write(
        asked(
            brief, known, domain, STORIES, {named(domain, REQUIREMENTS): again}, earlier=written[named(domain, STORIES)]
        )
    )
    assert reminder not in "".join(stories.split("Withdrawn")[0])
    assert not any(reminder in each.cites for each in ids.things(Document("a.md", stories)) if not each.withdrawn)


def test_a_passage_that_moves_to_another_domain_takes_its_requirement_along() -> None:
    brief = Brief(LIBRARY)
    listed = [p.id for p in brief.passages if p.kind in ("item", "paragraph")]
    half = Facts(
        passages=known_of(brief).passages,
        domains=(
            Domain(name="books", about="books", passages=tuple(listed[:3])),
            Domain(name="loans", about="loans", passages=tuple(listed[3:])),
        ),
    )
    moved = half.model_copy(
        update={
            "domains": (
                Domain(name="books", about="books", passages=(listed[0], listed[2])),
                Domain(name="loans", about="loans", passages=(listed[1], *listed[3:])),
            )
        }
    )
    first = write(asked(brief, half, "books", REQUIREMENTS, {}))
    again = write(asked(brief, moved, "books", REQUIREMENTS, {}, earlier=first))
    gone = [each for each in ids.things(Document("a.md", again)) if each.withdrawn]
    assert [each.text for each in gone] == [
        f"The system shall allow a librarian to {verb} books." for verb in ("create", "update", "delete")
    ]
    assert all(
        f"{listed[1]} asks for nothing of this domain any more" in line
        for line in again.split("\n")
        if line.startswith(f"| {gone[0].id} ")
    )


def test_use_cases_call_what_the_api_specification_has_now() -> None:
    brief, known, written = library()
    domain = next(d.name for d in known.domains if "### POST /books" in written[named(d.name, SPEC)])
    spec = written[named(domain, SPEC)]
    documents = {**written, named(domain, SPEC): spec.replace("/books", "/volumes")}
    del documents[named(domain, CASES)]
    text = write(asked(brief, known, domain, CASES, documents))
    called = {f"{m} {p}" for case in rows(text, "UC").values() for m, p in case.operations}
    assert not any("/books" in each for each in called)
    assert "POST /books" in Document("a.md", text).section("Open questions")


def test_a_person_may_divide_stories_otherwise_and_a_reworded_requirement_reaches_them() -> None:
    brief, known, written = library()
    domain = one(known)
    name, stories = named(domain, REQUIREMENTS), named(domain, STORIES)
    rule = next(e for e in rows(written[name], "FR").values() if "already lent" in e.text)
    home = next(e for e in rows(written[stories], "US").values() if rule.id in e.cites)
    own = f"### US-{home.code}-41: Refuse what is lent\n\n**As a** member, **I want to** be told. ({rule.id})\n\n## Traceability"
    divided = written[stories].replace("## Traceability", own, 1)
    reworded = written[name].replace("already lent", "lent to somebody else")
    again = write(asked(brief, known, domain, STORIES, {name: reworded}, earlier=divided))
    assert rows(again, "US").keys() == rows(divided, "US").keys()
    assert "**I want to** be told." in again
    cases = named(domain, CASES)
    documents = {name: reworded, stories: again, named(domain, SPEC): written[named(domain, SPEC)]}
    tested = write(asked(brief, known, domain, CASES, documents, earlier=written[cases]))
    assert re.findall(r"(?m)^.*already lent.*$", tested.partition("## Use cases")[2]) == []
    assert "it holds that the system refuses a loan if the book is lent to somebody else" in tested
    assert rows(written[cases], "TS").keys() <= rows(tested, "TS").keys()


def test_a_use_case_is_written_anew_when_its_operation_answers_otherwise() -> None:
    brief, known, written = library()
    domain = next(d.name for d in known.domains if "### POST /books" in written[named(d.name, SPEC)])
    name = named(domain, CASES)
    documents = {other: text for other, text in written.items() if other != name}
    spec = named(domain, SPEC)
    documents[spec] = re.sub(r"(?m)^(\s+)\"?'?201'?\"?:$", r"\1'202':", documents[spec], count=1)
    assert documents[spec] != written[spec]
    text = write(asked(brief, known, domain, CASES, documents, earlier=written[name]))
    assert "The system answers 202." in text
    assert rows(text, "UC").keys() == rows(written[name], "UC").keys()


def test_a_users_template_decides_on_sections_and_columns() -> None:
    brief, known, _ = library()
    own = "## Stakeholders\n\n| Stakeholder | Interest | Source | Signs |\n|---|---|---|---|\n\n## Loans and reminders\n\n## Functional requirements\n\n### <Group>\n\n| ID | Requirement | Owner | Source |\n|---|---|---|---|\n\n## Key decisions\n"
    text = write(asked(brief, known, one(known), REQUIREMENTS, {}, template=own))
    document = Document("a.md", text)
    closing = ["Assumptions", "Open questions", "Key decisions"]
    assert [h.text for h in document.headings if h.level == 2] == [
        "Stakeholders",
        "Loans and reminders",
        "Functional requirements",
        *closing,
    ]
    headers = [table.header for table in document.tables]
    assert ("Stakeholder", "Interest", "Source", "Signs") in headers
    assert ("ID", "Requirement", "Owner", "Source", "Priority") in headers
    assert "reminder" in document.section("Loans and reminders")


@pytest.mark.parametrize("text", [
    'The system must a|b `x` ```\n```\n# Fake\n<script>alert(1)</script> "); DROP TABLE users; -- [P999] {{x}} }',
    "# Bestellungen\n\nDer Kunde muss eine Bestellung stornieren können.\n\n- Bestellungen müssen binnen 2 Sekunden bestätigt werden.\n",
    "시스템은 주문을 저장해야 한다.\n\n- 관리자는 주문을 삭제할 수 있어야 한다.\n",
    "must\n\n- \n\n# \n\nx",
    "The system must " + "and must ".join(["send a mail "] * 400),
])  # fmt: skip
def test_any_brief_gives_documents_that_hold(text: str) -> None:
    brief, known, written = specified(text)
    for domain in known.domains:
        wrong = said_wrong(brief, known, written, domain)
        assert [each for each in wrong if ": error: " in each] == []
        assert "<script>" not in "".join(written.values())


def test_a_seat_without_facts_and_without_a_domain_writes_for_the_whole() -> None:
    brief = Brief(LIBRARY)
    materials = (Material("passage", "brief", brief.text),)
    text = write(
        Request("offline", "requirements-analyst", "Library", "", materials, "", ("## Functional requirements",))
    )
    assert "| FR-WHO-01 |" in text
    assert "## Functional requirements" in text
