"""What the documents of a specification owe each other is asked of each, and nothing is said of documents that keep it."""

from __future__ import annotations

import time

import pytest

from planning_kit import ids
from planning_kit.checks import NAMED, check, specified
from planning_kit.checks.about import About
from planning_kit.document import Document

from .specification_documents import TEXTS, document, known

IDS = "keeps-its-ids"
PASSAGES = "reaches-its-passages"
TOLD = "tells-its-requirements"
ASKED = "asks-for-its-operations"
USED = "uses-its-stories"
DRAWN = "draws-its-use-cases"
OWN = {IDS, PASSAGES, TOLD, ASKED, USED, DRAWN}


def replaced(kind: str, old: str, new: str) -> str:
    assert old in TEXTS[kind], old
    return TEXTS[kind].replace(old, new, 1)


def said(kind: str, text: str = "", **more: str) -> list[tuple[str, str, int, str]]:
    """Severity, rule, line and message of what the rules of this file say."""
    about = known(kind, more.pop("earlier", ""), bool(more.pop("later", "")), **more)
    found = check(document(kind, text), about)
    return [(each.severity, each.rule, each.line, each.message) for each in found if each.rule in OWN]


def line(text: str, part: str) -> int:
    """The line ``part`` begins on."""
    return text[: text.index(part)].count("\n") + 1


@pytest.mark.parametrize("kind", TEXTS)
@pytest.mark.parametrize("later", [False, True])
def test_documents_that_keep_their_word_raise_no_alarm(kind: str, later: bool) -> None:
    assert [str(each) for each in check(document(kind), known(kind, later=later))] == []
    assert [str(each) for each in check(document(kind), known(kind, earlier=TEXTS[kind] + "\n"))] == []


@pytest.mark.parametrize(
    ("kind", "old", "new", "at", "severity", "rule", "message"),
    [
        ("requirements", "| FR-BOO-03 |", "| FR-BOO-3 |", "| FR-BOO-3 |", "error", IDS, "'FR-BOO-3' is no id"),
        ("user-stories", "### US-BOO-02: See", "### US-02: See", "### US-02", "error", IDS, "'US-02' is no id"),
        ("requirements", "| NFR-BOO-01 |", "| NFR-PAY-01 |", "| NFR-PAY-01 |", "error", IDS, "NFR-PAY-01 is defined here with the code of another domain"),
        ("requirements", "| FR-BOO-03 | The", "| FR-BOO-02 | The", "| FR-BOO-02 | The system shall list", "error", IDS, "FR-BOO-02 is defined on line 34 already"),
        ("requirements", "| FR-BOO-03 | The", "| FR-BOO-002 | The", "| FR-BOO-002", "error", IDS, "FR-BOO-002 is defined on line 34 already as FR-BOO-02"),
        ("user-stories", "from FR-BOO-03", "from FR-BOO-03 and FR-BOO-30", "It comes from FR-BOO-03", "error", IDS, "FR-BOO-30 is named, and nothing defines it"),
        ("user-stories", "from FR-BOO-03", "from FR-BOO-03, not FR-BOO-04", "It comes from FR-BOO-03", "warning", IDS, "FR-BOO-04 is withdrawn in requirements.md"),
        ("requirements", "reminders were dropped by the customer", "–", "| FR-BOO-04", "error", IDS, "no reason is given for withdrawing FR-BOO-04"),
        ("requirements", "| FR-BOO-03 | The", "| FR-BOO-04 | The", "| FR-BOO-04 | The", "error", IDS, "FR-BOO-04 is withdrawn, and defined as well"),
        ("requirements", "| [P7] | deferred | payment is another release |\n", "", "## Functional", "error", PASSAGES, "the passage [P7] reaches no requirement, and is not deferred"),
        ("requirements", "payment is another release", "–", "| [P7]", "error", PASSAGES, "no reason is given for deferring [P7]"),
        ("requirements", "| must | [P2] |", "| must | (proposed) |", "## Functional", "error", PASSAGES, "the passage [P2] reaches no requirement, and is not deferred"),
        ("requirements", "| should | [P4] |", "| should | [P4] |\n| FR-BOO-05 | The system shall sing. | could | the team |", "| FR-BOO-05", "error", PASSAGES, "FR-BOO-05 follows from no passage"),
        ("requirements", "is HTTP. | [P6] |", "is HTTP [P6]. | [P6] |\n| CON-BOO-02 | Paper is not used. | usual |", "| CON-BOO-02", "warning", PASSAGES, "CON-BOO-02 follows from no passage"),
        ("user-stories", "It comes from FR-BOO-03, and", "It", "## User stories", "error", TOLD, "FR-BOO-03 ('The system shall list all bookings of a day for a clerk.') is told in no story"),
        ("user-stories", "It comes from FR-BOO-03, and", "It", "### US-BOO-02", "error", TOLD, "US-BOO-02 names no requirement"),
        ("user-stories", "It comes from FR-BOO-03, and", "It", "| FR-BOO-03 |", "warning", TOLD, "the table says that US-BOO-02 tells FR-BOO-03, which is not named there"),
        ("user-stories", "**As a** clerk", "**As an** auditor", "**As an** auditor", "warning", TOLD, "'auditor' is no stakeholder of the requirements"),
        ("api-spec", "| listBookings | GET | `/bookings` | bearer: clerk | FR-BOO-03 | US-BOO-02 |\n", "", "    get:", "error", ASKED, "GET /bookings is not in the endpoint catalogue"),
        ("api-spec", "clerk | FR-BOO-03 | US-BOO-02 |", "clerk | | |", "| listBookings", "error", ASKED, "nobody asks for GET /bookings"),
        ("api-spec", "clerk | FR-BOO-03 | US-BOO-02 |", "clerk | FR-BOO-04 | |", "| listBookings", "error", ASKED, "nobody asks for GET /bookings: FR-BOO-04 is not there"),
        ("api-spec", "| listBookings | GET", "| getDay_bookings | GET", "| getDay", "warning", ASKED, "GET /bookings is called getDay_bookings here and listBookings in the OpenAPI document"),
        ("api-spec", "### GET /bookings", "### GET /days", "## Endpoints", "error", ASKED, "GET /bookings has no section of its own"),
        ("api-spec", "### GET /bookings", "### GET /days", "### GET /days", "error", ASKED, "'GET /days' is not an operation of the OpenAPI document"),
        ("use-cases", "| Stories | US-BOO-02 |", "| Stories | none |", "## Use cases", "error", USED, "US-BOO-02 ('See a day') is part of no use case"),
        ("use-cases", "| Stories | US-BOO-02 |", "| Stories | none |", "### UC-BOO-02", "warning", USED, "UC-BOO-02 names no story"),
        ("use-cases", "| A1 | step 2 |", "| A1 | step 3 |", "| A1 |", "error", USED, "the main flow of UC-BOO-01 has no step 3 to branch off at"),
        ("use-cases", "1. The clerk names a day.\n2. The system lists its bookings.", "The system lists the day.", "#### Main flow\n\n```mermaid\nsequenceDiagram\n  Clerk", "error", USED, "the main flow of UC-BOO-02 has no numbered steps"),
        ("use-cases", "answer is 409 | FR-BOO-02 |", "answer is 409 | FR-BOO-01 |", "| Requirements | FR-BOO-01", "error", USED, "FR-BOO-02 of UC-BOO-01 is tested by no scenario"),
        ("use-cases", "FR-BOO-01, NFR-BOO-01 |\n| TS", "FR-BOO-01 |\n| TS", "| Requirements | FR-BOO-01", "warning", USED, "NFR-BOO-01 of UC-BOO-01 is tested by no scenario"),
        ("use-cases", "asks | 403 |", "asks | 200 with none |", "| TS-BOO-03", "warning", USED, "every test scenario of UC-BOO-02 succeeds"),
        ("use-cases", "asks | 200 with both |", "asks | 404 |", "| TS-BOO-03", "warning", USED, "no test scenario of UC-BOO-02 succeeds"),
        ("use-cases", "| TS-BOO-04 | two bookings | a member asks | 403 | FR-BOO-03 |\n", "", "### UC-BOO-02", "warning", USED, "UC-BOO-02 has one test scenario"),
        ("use-cases", "| Operations | `GET /bookings` |", "| Operations | `GET /bookings`, `GET /bookings/days` |", "| Operations | `GET", "error", USED, "UC-BOO-02: GET /bookings/days is no operation of the API"),
        ("use-cases", "| Operations | `GET /bookings` |", "| Operations | `GET /bookings`, `POST /payments` |", "| Operations | `GET", "warning", USED, "UC-BOO-02: POST /payments is no operation of the API"),
        ("use-cases", "the answer is 409 |", "the answer is 422 |", "| TS-BOO-02", "warning", USED, "POST /bookings ends with 422 here, which its OpenAPI does not document"),
        ("use-cases", "is no clerk | 403 |", "is no clerk | `401` |", "| A1 | 2", "warning", USED, "GET /bookings ends with 401 here, which its OpenAPI does not document"),
        ("sequence-diagram", "It draws UC-BOO-02.", "It draws a day.", "## Normal flows", "error", DRAWN, "UC-BOO-02 ('See a day') is drawn in no normal flow"),
        ("sequence-diagram", "C->>R: GET /api/bookings", "C->>R: POST /bookings", "### Seeing a day", "error", DRAWN, "the flow of UC-BOO-02 calls none of its operations"),
        ("sequence-diagram", "It draws UC-BOO-02.\n\n```mermaid", "It draws UC-BOO-02.\n\n```text", "### Seeing a day", "error", DRAWN, "the flow of UC-BOO-02 has no sequence diagram"),
        ("sequence-diagram", "| 300 ms |", "| 0.5 s at most |", "| writing a booking", "warning", DRAWN, "this may take 0.5 s, and NFR-BOO-01 allows 0.3 s"),
        ("sequence-diagram", "bookings.py<br/>(Domain)", "bookings.py", "  participant S", "warning", DRAWN, "no file and layer: bookings.py"),
    ],
)  # fmt: skip
def test_what_is_not_kept_is_told_on_its_line(kind: str, old: str, new: str, at: str, severity: str, rule: str, message: str) -> None:  # fmt: skip
    text = replaced(kind, old, new)
    assert (severity, rule, line(text, at), message) in said(kind, text)


@pytest.mark.parametrize(
    ("kind", "old", "new"),
    [
        ("requirements", "| FR-BOO-01 | The", "| **FR-BOO-01** | The"),
        ("requirements", "| NFR-BOO-01 |", "| `NFR-BOO-01` |"),
        ("requirements", "| must | [P3] |", "| must | [P2, P3], [Q1] |"),
        ("requirements", "| [P7] | deferred |", "| P7, P6 | deferred |"),
        ("requirements", "300 ms at the 95th percentile (assumed) | [P5] |", "300 ms [P5] | (assumed) |"),
        ("requirements", "Members book slots of courts.", "Members book slots, see US-BOO-01 and FR-PAY-01."),
        ("requirements", "### Architecture", "### US-East-1 only"),
        ("user-stories", "It comes from FR-BOO-03", "It comes from [FR-BOO-03](requirements.md#functional-requirements)"),
        ("user-stories", "**As a** signed-in member, **I want to** book a free slot, **so", "> As a *Member* or clerk, I want to book a free slot, so"),
        ("user-stories", "**As a** clerk, **I", "As a clerk I"),
        ("user-stories", "| Requirement | Stories |\n|---|---|\n| FR-BOO-01 ", "| ID | Requirement | Stories |\n|---|---|---|\n| FR-BOO-01 | a slot "),
        ("user-stories", "### US-BOO-02: See a day", "### US-BOO-02 – See a day"),
        ("api-spec", "| listBookings | GET |", "| See a day | GET |"),
        ("api-spec", "| POST | `/bookings` |", "| `POST` | `/api/bookings` |"),
        ("api-spec", "### GET /bookings", "### `GET /api/bookings`"),
        ("api-spec", "### GET /bookings", "### GET /bookings (see a day)"),
        ("api-spec", "| FR-BOO-01, FR-BOO-02 | US-BOO-01 |", "| – | [US-BOO-01](user-stories.md#us-boo-01-book-a-slot) |"),
        ("use-cases", "| A1 | step 2 |", "| A1 | after step 2 of the main flow |"),
        ("use-cases", "| A1 | step 2 |", "| A1 | UC-BOO-02, step 2a |"),
        ("use-cases", "| A1 | step 2 |", "| A1 | any step |"),
        ("use-cases", "1. The clerk names a day.\n2. The", "1. The clerk names a day.\n   1. By its date.\n1. The"),
        ("use-cases", "1. The clerk names a day.\n2. The system lists its bookings.", "| Step | What |\n|---|---|\n| 1 | a day |\n| 2 | a list |"),
        ("use-cases", "| Requirements | FR-BOO-03 |", "| Requirements | FR-BOO-03, CON-BOO-01 |"),
        ("use-cases", "| Operations | `GET /bookings` |", "| Operations | GET /bookings?day=2026-11-21 |"),
        ("use-cases", "asks | 200 with both |", "asks | she gets 300 bookings with 250 ms |"),
        ("use-cases", "asks | 403 |", "asks | every operation answers 401 to a stranger |"),
        ("use-cases", "asks | 200 with both |", "asks | both are listed |"),
        ("sequence-diagram", "### Seeing a day\n\nIt draws UC-BOO-02.", "### UC-BOO-02: Seeing a day"),
        ("sequence-diagram", "C->>R: GET /api/bookings", "C->>R: 1. GET /bookings?day=today"),
        ("sequence-diagram", "bookings.py<br/>(Domain)", "bookings.py<br>(Domain)"),
        ("sequence-diagram", "| 300 ms |", "| 50 ms of 300 ms |"),
        ("sequence-diagram", "| 300 ms |", "| 900 rows, 0.3 seconds |"),
    ],
)  # fmt: skip
def test_other_ways_of_writing_it_raise_no_alarm(kind: str, old: str, new: str) -> None:
    assert said(kind, replaced(kind, old, new)) == []


def test_the_consultants_name_these_checks_and_each_tells_its_author_a_sentence() -> None:
    names = ("ids", "passages-reached", "requirements-told", "operations-asked-for", "stories-used", "use-cases-drawn")
    assert {NAMED[name].__name__.replace("_", "-") for name in names} == OWN
    assert all((NAMED[name].__doc__ or "").splitlines()[0].endswith(".") for name in names)


def test_an_id_that_a_later_document_will_define_may_be_named_and_is_asked_for_there() -> None:
    early = replaced("api-spec", "It serves FR-BOO-03 and", "It is drawn in UC-BOO-09, and serves FR-BOO-03 and")
    assert said("api-spec", early) == []
    message = "api-spec.md names UC-BOO-09, which is not defined here"
    assert said("use-cases", api_spec=early) == [("warning", IDS, 0, message)]
    assert [each[-1] for each in said("api-spec", early, later="yes")] == ["UC-BOO-09 is named, and nothing defines it"]


def test_ids_of_another_domain_are_left_alone_until_a_document_of_it_is_beside() -> None:
    text = replaced("user-stories", "It comes from FR-BOO-03", "Like FR-PAY-07, it comes from FR-BOO-03")
    assert said("user-stories", text) == []
    other = Document("docs/pay.md", "# Pay\n\n| ID | Requirement |\n|---|---|\n| FR-PAY-01 | pay |\n")
    about = About(beside=(document("requirements"), other), prefix="BOO")
    found = [each.message for each in specified.keeps_its_ids(document("user-stories", text), about)]
    assert found == ["FR-PAY-07 is named, and nothing defines it"]


def test_what_two_documents_define_is_told_in_the_one_that_defines_fewer_of_the_kind() -> None:
    rows = "# T\n\n| ID | Requirement |\n|---|---|\n| FR-BOO-01 | book |\n"
    one, other = Document("1.md", rows), Document("2.md", f"{rows}| FR-BOO-02 | refuse |\n")
    found = [(each.line, each.message) for each in specified.keeps_its_ids(one, About(beside=(other,)))]
    assert found == [(5, "FR-BOO-01 is defined in 2.md:5")]
    assert list(specified.keeps_its_ids(other, About(beside=(one,)))) == []


def test_a_requirement_that_only_the_stories_have_is_not_defined() -> None:
    text = replaced(
        "user-stories", "| Requirement | Stories |\n|---|---|\n", "| ID | Stories |\n|---|---|\n| FR-BOO-09 | none |\n"
    )
    assert [(each[0], each[-1]) for each in said("user-stories", text)] == [
        ("error", "FR-BOO-09 is named, and nothing defines it")
    ]


def test_a_table_that_only_lists_what_is_defined_above_is_a_warning() -> None:
    text = TEXTS["user-stories"].replace("## Traceability", "| ID | Story |\n|---|---|\n| US-BOO-01 | Book a slot |\n\n## Traceability")  # fmt: skip
    assert [each[:2] for each in said("user-stories", text)] == [("warning", IDS)]


BEFORE = TEXTS["requirements"]
BOOK = "| FR-BOO-01 | The system shall let a member book a free slot of a court. | must | [P2] |\n"
REFUSE = "| FR-BOO-02 | The system shall refuse to book a slot that somebody else holds. | must | [P3] |\n"


def test_a_revision_may_edit_words_continue_the_numbers_and_withdraw_with_a_reason() -> None:
    text = BEFORE.replace("let a member book a free slot of a court", "let a member book any free slot")
    text = text.replace("| should | [P4] |", "| should | [P4] |\n| FR-BOO-05 | The system shall sing. | could | [P4] |")
    assert said("requirements", text, earlier=BEFORE) == []
    text = text.replace(REFUSE, "").replace("| FR-BOO-04 |", "| FR-BOO-02 | the customer wants to overbook [P3] |\n| FR-BOO-04 |")  # fmt: skip
    text = text.replace("| [P7] |", "| [P3] | dropped | see FR-BOO-02 below |\n| [P7] |")
    assert said("requirements", text, earlier=BEFORE) == []


def messages(text: str) -> list[tuple[str, str]]:
    return [(each[0], each[-1]) for each in said("requirements", text, earlier=BEFORE)]


def test_an_id_that_is_gone_and_one_that_was_given_to_another_statement_are_named() -> None:
    gone = "FR-BOO-02 ('The system shall refuse to book a slot that somebody else …') is gone"
    assert ("error", gone) in messages(BEFORE.replace(REFUSE, ""))
    swapped = BEFORE.replace(BOOK + REFUSE, REFUSE.replace("-02", "-01") + BOOK.replace("-01", "-02"))
    first = "FR-BOO-01 said 'The system shall let a member book a free slot of a court.', which is FR-BOO-02 now: it was renumbered"
    second = "FR-BOO-02 said 'The system shall refuse to book a slot that somebody else …', which is FR-BOO-01 now: it was renumbered"
    assert messages(swapped) == [("error", first), ("error", second)]
    moved = BEFORE.replace(REFUSE, REFUSE.replace("FR-BOO-02", "FR-BOO-09"))
    assert ("error", "FR-BOO-02 ('The system shall refuse to book a slot that somebody else …') is FR-BOO-09 now: it was renumbered") in messages(moved)  # fmt: skip


def test_numbers_are_not_used_again_nor_filled_in() -> None:
    again = BEFORE.replace("| FR-BOO-04 | reminders were dropped by the customer |\n", "").replace(REFUSE, REFUSE + "| FR-BOO-04 | The system shall remind. | could | [P4] |\n")  # fmt: skip
    assert ("error", "FR-BOO-04 was withdrawn, and an id is not used again") in messages(again)
    unlisted = BEFORE.replace("| FR-BOO-04 | reminders were dropped by the customer |\n", "")
    assert ("error", "FR-BOO-04 was withdrawn, and is no longer listed as such") in messages(unlisted)
    before = BEFORE.replace("FR-BOO-03", "FR-BOO-08")
    filled = before.replace(REFUSE, REFUSE + "| FR-BOO-05 | The system shall remind. | could | [P4] |\n")
    found = said("requirements", filled, earlier=before)
    assert [(each[0], each[-1]) for each in found] == [("warning", "FR-BOO-05 is new, and not the next number")]


def test_an_id_that_is_about_something_else_now_is_a_warning() -> None:
    text = BEFORE.replace(REFUSE, "| FR-BOO-02 | Invoices are printed weekly on yellow paper. | must | [P3] |\n")
    assert messages(text) == [("warning", "FR-BOO-02 said 'The system shall refuse to book a slot that somebody else …' before, and is about something else now")]  # fmt: skip


def test_requirements_that_differ_only_in_their_first_columns_words_are_told_apart() -> None:
    rows = "| NFR-BOO-01 | performance efficiency | A booking is confirmed at once. | 300 ms at the 95th percentile (assumed) | [P5] |\n"
    text = BEFORE.replace(rows, rows + "| NFR-BOO-02 | performance efficiency | A day is listed at once. | 1 s | [P5] |\n")  # fmt: skip
    assert said("requirements", text, earlier=BEFORE) == []


def test_a_domain_without_operations_and_stories_of_several_requirements_are_fine() -> None:
    text = f"# Sequence Diagrams\n\n## Normal flows\n\n### A nightly run\n\nUC-BOO-01 and UC-BOO-02.\n\n{TEXTS['sequence-diagram'][TEXTS['sequence-diagram'].index('```mermaid') :]}"  # fmt: skip
    cases = TEXTS["use-cases"].replace("`POST /bookings`", "none").replace("`GET /bookings`", "none")
    assert [each for each in said("sequence-diagram", text, use_cases=cases) if each[1] == DRAWN] == []


@pytest.mark.parametrize(
    "text",
    [
        "# T\n\n" + "".join(f"## US-BOO-{at:04}: a\n\n" for at in range(1, 4_999)),
        "# T\n\n| ID | A |\n|---|---|\n" + "".join(f"| FR-BOO-{at:04} | {'a ' * 9} |\n" for at in range(1, 4_999)),
        "# T\n\n" + "".join(f"## UC-BOO-{at:03}\n\n| ID | Then |\n|---|---|\n| TS-BOO-{at:03} | 200 |\n\n" for at in range(1, 999)),
        "# T\n\n" + "[P1" * 30_000 + "As a " * 9_000 + "FR-BOO-" * 9_000,
    ],
)  # fmt: skip
def test_a_document_of_very_many_ids_is_read_in_time(text: str) -> None:
    long = Document("a.md", text)
    about = About(prefix="BOO", asking=("P1",), beside=(long, document("requirements")), earlier=text + "\nmore")
    ids.things(Document("warm.md", "# A"))
    began = time.process_time()
    for name in ("ids", "passages-reached", "requirements-told", "stories-used"):
        list(NAMED[name](long, about))
    assert time.process_time() - began < 5
