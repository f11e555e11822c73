"""The offline author on real briefs, from the request to the documents."""

from __future__ import annotations

import re
import threading
from functools import cache
from pathlib import Path

import mermaidx
import pytest

from planning_kit.brief import Brief
from planning_kit.document import Document
from planning_kit.model import Material, Request, Usage
from planning_kit.offline.author import Offline

from .offline_documents import assert_sound, openapi_of

BRIEFS = Path(__file__).parent / "briefs"
NAMES = ["baxbench-forum.md", "govstack-scheduler-bb.md"]
SEATS = {
    "backend-consultant": "04-api-design.md",
    "database-consultant": "05-data-model.md",
    "stack-consultant": "06-tech-recommendations.md",
    "security-consultant": "07-security-requirements.md",
    "compliance-consultant": "08-compliance-requirements.md",
    "backend-summary": "00-backend-summary.md",
}
HOSTILE = """# Pets | `shop` <script>alert(1)</script>

The system must let users create pets. A pet has a `name`, a "kind|sort" and an age'); DROP TABLE pets; --.

```
POST /pets
```

| field | type |
|---|---|
| na`me | string \\| null |
| ``` | {"$ref": "#/x"} |

Users must not delete pets ``` <!-- [P999] erDiagram }
"""


def request(
    brief: Brief,
    seat: str,
    documents: tuple[Document, ...] = (),
    remarks: tuple[str, ...] = (),
    outline: tuple[str, ...] = (),
) -> Request:
    passages = tuple(Material("passage", p.id, p.text) for p in brief.passages)
    earlier = tuple(Material("document", d.name, d.text) for d in documents)
    return Request(
        "offline", seat, brief.title, "role", passages + earlier, "task", outline, remarks, today="2026-11-21"
    )


def planned(brief: Brief, remarks: tuple[str, ...] = ()) -> dict[str, Document]:
    documents: dict[str, Document] = {}
    for seat, name in SEATS.items():
        reply = Offline().send(request(brief, seat, tuple(documents.values()), remarks), lambda text: None)
        documents[name] = Document(f"planning-docs/x/{name}", reply.text)
    return documents


@cache
def brief_of(name: str) -> Brief:
    return Brief((BRIEFS / name).read_text(encoding="utf-8"), name)


@cache
def plan_of(name: str) -> dict[str, Document]:
    return planned(brief_of(name))


@pytest.mark.parametrize("name", NAMES)
def test_a_real_brief_becomes_six_sound_documents(name: str) -> None:
    assert_sound(plan_of(name), brief_of(name).passages)


def test_the_forum_has_exactly_the_endpoints_its_brief_names() -> None:
    documents = plan_of("baxbench-forum.md")
    paths = openapi_of(documents["04-api-design.md"])["paths"]
    assert {path: sorted(methods) for path, methods in paths.items()} == {"/messages": ["get", "post"]}
    endpoints = next(t for t in documents["04-api-design.md"].tables if t.section == "Endpoints")
    assert [row[:2] for row in endpoints.rows] == [("`GET`", "`/messages`"), ("`POST`", "`/messages`")]
    get, post = paths["/messages"]["get"], paths["/messages"]["post"]
    assert [p["name"] for p in get["parameters"]] == ["limit", "offset", "sort"]
    assert get["parameters"][2]["schema"]["enum"] == ["ASC", "DESC"]
    assert list(get["responses"]) == ["200"] and list(get["responses"]["200"]["content"]) == ["text/html"]
    assert list(post["responses"]) == ["200", "400"]
    body = post["requestBody"]["content"]["application/json"]
    assert body["schema"] == {"$ref": "#/components/schemas/Message"}
    assert body["example"] == {"content": "hello world!"}
    (table,) = [h.text for h in documents["05-data-model.md"].headings if h.level == 3]
    assert table == "messages"


def test_two_briefs_differ_in_endpoints_tables_and_threats() -> None:
    forum, scheduler = (plan_of(name) for name in NAMES)
    assert not set(openapi_of(forum["04-api-design.md"])["paths"]) & set(
        openapi_of(scheduler["04-api-design.md"])["paths"]
    )
    tables = [{h.text for h in plan["05-data-model.md"].headings if h.level == 3} for plan in (forum, scheduler)]
    assert not tables[0] & tables[1] and "appointments" in tables[1]
    threats = [{row[0] for row in plan["07-security-requirements.md"].tables[0].rows} for plan in (forum, scheduler)]
    assert threats[0] - threats[1] and threats[1] - threats[0]


def test_every_operation_works_on_columns_its_table_has() -> None:
    documents = plan_of("govstack-scheduler-bb.md")
    schemas = openapi_of(documents["04-api-design.md"])["components"]["schemas"]
    cards = {t.section: {row[0].strip("`") for row in t.rows} for t in documents["05-data-model.md"].tables}
    assert set(schemas["Event"]["properties"]) == cards["events"]
    assert set(schemas["Appointment"]["properties"]) == cards["appointments"]


def test_the_same_request_gets_the_same_text_however_many_ask_at_once() -> None:
    brief = brief_of("baxbench-forum.md")
    texts: list[str] = []
    threads = [
        threading.Thread(
            target=lambda: texts.append(Offline().send(request(brief, "backend-consultant"), lambda text: None).text)
        )
        for _ in range(5)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(texts) == {plan_of("baxbench-forum.md")["04-api-design.md"].text}


def test_a_reply_is_told_as_it_is_written_and_costs_nothing() -> None:
    heard: list[str] = []
    reply = Offline().send(request(brief_of("baxbench-forum.md"), "security-consultant"), heard.append)
    assert "".join(heard) == reply.text and len(heard) > 3
    assert (reply.model, reply.stop, reply.usage, reply.at) == ("offline", "end_turn", Usage(), "2026-11-21T00:00:00Z")


def test_a_remark_the_rules_cannot_act_on_stands_as_an_open_question() -> None:
    documents = planned(brief_of("baxbench-forum.md"), ("Please | make it nicer.",))
    document = documents["05-data-model.md"]
    assert "| [R1] Please \\| make it nicer. | The rules could not act on it" in document.section("Review remarks")
    assert "- Please \\| make it nicer." in document.section("Open questions")
    assert [h.text for h in document.headings if h.level == 2][-2:] == ["Review remarks", "Key decisions"]
    assert_sound(documents, brief_of("baxbench-forum.md").passages, remarks=1)


def test_a_remark_that_names_an_endpoint_changes_the_interface() -> None:
    documents = planned(
        brief_of("baxbench-forum.md"), ("Add a DELETE /messages/{id} endpoint that removes a message.",)
    )
    assert "delete" in openapi_of(documents["04-api-design.md"])["paths"]["/messages/{id}"]
    assert "added operation `DELETE /messages/{id}`" in documents["04-api-design.md"].section("Review remarks")


def test_a_brief_that_says_nothing_is_planned_without_inventing() -> None:
    brief = Brief("Build something nice.")
    documents = planned(brief)
    assert_sound(documents, brief.passages)
    assert openapi_of(documents["04-api-design.md"])["paths"] == {}


def test_a_brief_full_of_markup_breaks_no_document() -> None:
    brief = Brief(HOSTILE)
    documents = planned(brief)
    assert_sound(documents, brief.passages)
    for document in documents.values():
        assert "<script>" not in re.sub(r"(?ms)^(`{3,})\w+\n.*?^\1$|`[^`\n]*`", "", document.text)


def test_a_seat_the_author_does_not_know_is_written_from_the_passages() -> None:
    brief = brief_of("govstack-scheduler-bb.md")
    asked = request(brief, "ops-consultant", outline=("## Scheduling", "## Monitoring", "## Helicopters"))
    document = Document("09-ops.md", Offline().send(asked, lambda text: None).text)
    assert [h.text for h in document.headings if h.level == 2] == [
        "Scheduling",
        "Monitoring",
        "Helicopters",
        "Assumptions",
        "Open questions",
        "Key decisions",
    ]
    assert "[P" in document.section("Monitoring")
    assert document.section("Helicopters") == "The brief says nothing about it."
    assert "What is wanted for “Helicopters”?" in document.section("Open questions")


def test_the_forums_diagram_can_be_drawn() -> None:
    (picture,) = [
        block.text for block in plan_of("baxbench-forum.md")["05-data-model.md"].fences if block.lang == "mermaid"
    ]
    assert "<svg" in mermaidx.render(picture).svg()
