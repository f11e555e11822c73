"""The offline author's documents, when the text they quote is hostile, and for a seat the author does not know."""

from __future__ import annotations

import re

import mermaidx

from planning_kit.brief import Brief
from planning_kit.document import Document
from planning_kit.offline.facts import (
    Actor,
    Entity,
    Field,
    Named,
    Operation,
    Parameter,
    Personal,
    Question,
    Relationship,
    Response,
    Statement,
)
from planning_kit.offline.writing import generic
from planning_kit.offline.writing.markdown import cite, code, fence, quote, table

from .offline_documents import CLOSING, HOSTILE, assert_sound, drafted, fenced, reading


def test_text_from_the_brief_breaks_nothing() -> None:
    facts = reading(
        HOSTILE,
        actors=(Actor(HOSTILE, HOSTILE, ("P1",)),),
        entities=(
            Entity(HOSTILE, HOSTILE, HOSTILE, (Field(HOSTILE, meaning=HOSTILE, values=("a'b", HOSTILE), sources=("P1",)), Field("pk", example=HOSTILE, personal=HOSTILE), Field("pk")), ("P1",)),
            Entity("select", "class", "", (Field("id", "uuid"), Field("table", "number", values=("x",)), Field("1st", "json", example="{")), ()),
            Entity("日本", "日本", "", (), ()),
        ),
        relationships=(Relationship(HOSTILE, "select", "one-to-many", HOSTILE, ()), Relationship("select", "select", "one-to-one", "", ()), Relationship("日本", "select", "many-to-many", "", ())),
        operations=(
            Operation(HOSTILE, "post", HOSTILE, HOSTILE, HOSTILE, body=(Field(HOSTILE),), roles=(HOSTILE,), sources=("P1",)),
            Operation("x", "GET", "/a/{b c}/<int:d>/:e?f=1", "", "select", (Parameter("f", "query", "string", False, HOSTILE, (), (HOSTILE,)),), responses=(Response(200, HOSTILE, HOSTILE, "select", True),)),
            Operation("x", "GET", "/a/{y}/{z}/{w}", "the same again"),
        ),
        statements=(Statement(HOSTILE + " must not log", "must", "functional", "P1"),),
        integrations=(Named(HOSTILE, "integration", HOSTILE, ("P1",)),),
        technologies=(Named(HOSTILE, "technology", HOSTILE, ("P1",)),),
        regulations=(Named(HOSTILE, "regulation", HOSTILE, ("P1",)),),
        jobs=(Named(HOSTILE, "job", HOSTILE, ("P1",)),),
        personal=(Personal(HOSTILE, HOSTILE, "special", HOSTILE, ("P1",)),),
        questions=tuple(Question(area, HOSTILE, HOSTILE, ("P1",)) for area in ("api", "data", "technology", "security", "compliance")),
    )  # fmt: skip
    documents = drafted(facts, feature=HOSTILE, stack={HOSTILE: {"Language": HOSTILE}, ".": {HOSTILE: HOSTILE}})
    assert_sound(documents, facts.passages)
    assert "<svg" in mermaidx.render(fenced(documents["05-data-model.md"], "mermaid")).svg()
    for document in documents.values():
        prose = re.sub(r"(?ms)^(`{3,})\w+\n.*?^\1$", "", document.text)
        assert "<script" not in re.sub(r"`[^`\n]*`", "", prose)
    assert "DROP TABLE users" not in re.sub(r"'(?:[^']|'')*'", "", fenced(documents["05-data-model.md"], "sql"))


def test_another_seat_gets_what_the_brief_says_under_its_headings() -> None:
    passages = Brief("# Shop\n\nOrders are shipped within 2 days.\n\nPayment is by card.\n").passages
    draft = generic.write(
        "Shop", "ops-consultant", ["# Operations", "## Shipping", "## Monitoring", "## Key decisions"], passages
    )
    document = Document("09.md", draft.text())
    assert [h.text for h in document.headings] == ["Operations: Shop", "Shipping", "Monitoring", *CLOSING]
    assert document.section("Shipping") == "- Orders are shipped within 2 days. [P2]"
    assert "What is wanted for “Monitoring”?" in document.section("Open questions")


def test_an_outline_of_plain_titles_is_enough() -> None:
    document = Document(
        "09.md", generic.write("Shop", "ops_consultant", ["Costs"], Brief("Nothing is said.").passages).text()
    )
    assert [h.text for h in document.headings] == ["Ops consultant: Shop", "Costs", *CLOSING]
    assert document.key_decisions == "Nothing is decided: the brief says nothing about the headings asked for."


def test_quoted_text_stays_text() -> None:
    assert quote("# a *b* <i> [P1] `c`\n| d") == r"\# a \*b\* &lt;i&gt; \[P1\] \`c\` \| d"
    assert quote("1. x_y _z_") == r"1\. x_y \_z\_"
    assert code("a`b|c\nd") == r"`a'b\|c d`"
    assert fence("sql", "```\n````") == "`````sql\n```\n````\n`````"
    assert table(("a",), [("x|y\nz",)]) == "| a |\n| --- |\n| x\\|y z |"
    assert cite(("P10", "P2", "P2", "R1")) == "[R1] [P2] [P10]" or cite(("P10", "P2", "R1")) == "[P2] [P10] [R1]"
    assert cite(()) == "(assumed)"
