"""The author without a model looks nothing up and says so; what was looked up for it is used with its source."""

from __future__ import annotations

from dataclasses import replace

import pytest

from planning_kit import checks, facts
from planning_kit.brief import Brief
from planning_kit.catalog import Catalog
from planning_kit.checks.about import About
from planning_kit.consult import Frame
from planning_kit.document import Document, Finding
from planning_kit.facts import Facts, Topic
from planning_kit.model import Material, Request, Source
from planning_kit.offline.author import Offline
from planning_kit.research import numbered

DAY = "2026-11-21"
BRIEF = Brief(
    "# Orders\n\nCustomers create orders with a total.\n\nOrders must be found by the words in their notes, in [S3] too.\n"
)
SOURCES = (
    Source("S1", "https://pypi.org/project/fastapi/", "fastapi on PyPI", "0.165.0, released 2026-11-18", DAY),
    Source("S2", "https://mirror.example/", "@nestjs/core on npm (by way of mirror.example)", "12.5.1", DAY),
    Source("S3", "https://e.org/", "A page | <b>", "words [P999]", DAY),
)
STACK = {
    "api": {"Language": "Python 3.12 (api/pyproject.toml:5)", "Framework": "FastAPI 0.115 (api/pyproject.toml:9)"},
    "web": {"Framework": "NestJS 10.2 (web/package.json:4)", "Database": "PostgreSQL"},
}
TOPICS = (
    Topic(name="full-text-search", why="notes are | looked up", passages=("P3",)),
    Topic(name="what-runs", why="the versions in use"),
)
KNOWN = Facts(domains=({"name": "all", "about": "everything"},), stack=STACK, topics=TOPICS)  # type: ignore[arg-type]


def asked(
    seat: str = "technology-researcher",
    known: str = facts.write(KNOWN),
    sources: tuple[Source, ...] = (),
    documents: tuple[Document, ...] = (),
) -> Request:
    materials = [Material("passage", p.id, p.text) for p in BRIEF.passages]
    materials += [Material("facts", "facts.yaml", known)]
    materials += [Material("source", source.id, source.described) for source in sources]
    materials += [Material("document", f"planning-docs/x/{d.name}", d.text) for d in documents]
    outline = Catalog.read().consultants[seat].sections
    return Request("offline", seat, "Orders", "role", tuple(materials), "task", outline, today=DAY)


def written(request: Request, sources: tuple[Source, ...] = ()) -> tuple[Document, tuple[Finding, ...]]:
    """The document as a run would have it, and what every check says about it."""
    seat = Catalog.read().consultants[request.seat]
    framed = Frame(seat.writes, "T", "backend-plan", 1).around(Offline().send(request, lambda piece: None))
    document = Document(framed.name, numbered(framed.text, sources))
    passages = frozenset([p.id for p in BRIEF.passages] + [f"R{n}" for n, _ in enumerate(request.remarks, start=1)])
    about = About(seat.sections, seat.checks, passages, sources=frozenset(source.id for source in sources))
    return document, checks.check(document, about)


@pytest.mark.parametrize("sources", [(), SOURCES[:1], SOURCES], ids=["nothing", "one", "all"])
@pytest.mark.parametrize(
    "known",
    [facts.write(KNOWN), facts.write(KNOWN, ("stack", "topics")), facts.write(KNOWN, ("topics",)), "domains: [{name: a, about: b}]\n"],
    ids=["all", "parts", "topics", "no topics"],
)  # fmt: skip
def test_it_passes_every_check_whatever_was_given(known: str, sources: tuple[Source, ...]) -> None:
    document, findings = written(asked(known=known, sources=sources), sources)
    assert findings == ()
    assert document.section("Findings").startswith("Research was not done: no model with web search was there")
    assert "Research was not done" in document.key_decisions


def test_the_topics_stand_there_with_their_passages_and_nothing_is_claimed_about_them() -> None:
    document, _ = written(asked())
    assert r"| `full-text-search` | notes are \| looked up | [P3]: Orders must be found" in document.section(
        "Questions"
    )
    assert "| `full-text-search` | nothing was looked up | not verified |" in document.section("Findings")
    assert "`full-text-search`: maintenance, licence, known limits [P3]" in document.section("Not verified")
    assert document.section("Versions").strip() == "None was looked up."
    assert "http" not in document.text


def test_versions_that_were_looked_up_stand_beside_those_in_use_with_their_source() -> None:
    document, _ = written(asked(sources=SOURCES), SOURCES)
    (table,) = (table for table in document.tables if table.section == "Versions")
    assert table.rows == (
        ("`fastapi`", "0.165.0", "2026-11-18", "0.115 (`api/pyproject.toml:9`)", "[S1]"),
        ("`@nestjs/core`", "12.5.1", "the index does not say", "10.2 (`web/package.json:4`)", "[S2]"),
    )
    assert "PostgreSQL" in document.section("Not verified") and "FastAPI" not in document.section("Not verified")
    assert document.section("Sources").count("[S1]") == 1


@pytest.mark.parametrize("sources", [(), SOURCES[:1]], ids=["nothing", "one"])
def test_only_what_was_looked_up_is_said_to_have_been(sources: tuple[Source, ...]) -> None:
    document, _ = written(asked(sources=sources), sources)
    assert "nobody looked" not in document.text and "may be taken as given" not in document.text
    assert (f"looked up on {DAY}" in document.key_decisions) == bool(sources)
    assert (f"whether a version has changed since {DAY}" in document.section("Not verified")) == bool(sources)
    recommended, findings = written(asked("stack-consultant", documents=(document,)), sources)
    assert findings == ()
    told = "Consulted: the brief and the codebase" + (
        ", and the package indexes for the newest versions [S1]. " if sources else ". "
    )
    assert f"{told}No web search was done: offline." in recommended.section("Research")


def test_a_remark_is_answered_honestly() -> None:
    document, findings = written(replace(asked(), remarks=("Look up the licence of Redis.",)))
    assert findings == ()
    assert "| [R1] Look up the licence of Redis. | The rules could not act on it" in document.text


@pytest.mark.parametrize("sources", [(), SOURCES[:2]], ids=["nothing", "versions"])
@pytest.mark.parametrize("stack", [{}, STACK], ids=["new", "there"])
def test_the_recommendations_cite_what_the_research_holds(
    sources: tuple[Source, ...], stack: dict[str, dict[str, str]]
) -> None:
    known = facts.write(KNOWN.model_copy(update={"stack": stack}))
    research, _ = written(asked(known=known, sources=sources), sources)
    document, findings = written(asked("stack-consultant", known, documents=(research,)), sources)
    assert findings == ()
    rows = {row[1].split(" (")[0]: (row[2], row[4]) for row in document.tables[1].rows}
    if stack:
        behind = "FastAPI 0.115 is in use, 0.165.0 is the newest [S1]" in document.section("Research")
        assert behind == bool(sources)
        assert rows["FastAPI 0.115"] == ("0.115", "`api/pyproject.toml:9`" + (" [S1]" if sources else ""))
        assert rows["PostgreSQL"] == ("open: verify at research", "`codebase`, not verified")
    else:
        version, source = rows["FastAPI"]
        assert version == ("0.165.0 [S1]" if sources else "open: verify at research")
        assert ("[S1]" in source) == bool(sources)
        assert rows["Python"][1] == "not verified"
    assert ("- [S1] [fastapi on PyPI](https://pypi.org/project/fastapi/)" in document.section("Sources")) == bool(
        sources
    )
