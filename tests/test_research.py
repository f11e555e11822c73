"""What was looked up is numbered once, kept with the run, and listed in the documents that cite it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from planning_kit import packages, research
from planning_kit.document import Document
from planning_kit.errors import Damaged
from planning_kit.model import Source
from planning_kit.packages import Package, Release
from planning_kit.research import Sources, numbered
from planning_kit.store import Store

FASTAPI = Package("FastAPI", "pypi", "fastapi")
EXPRESS = Package("Express", "npm", "express")
DAY = "2026-11-21"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What an index was asked for; it knows every package."""
    rows: list[list[str]] = []

    def newest_of(wanted: list[Package]) -> dict[Package, Release]:
        rows.append([package.name for package in wanted])
        return {
            p: Release("1.2", "2026-11-01" if p.index == "pypi" else "", f"https://pypi.org/project/{p.name}/")
            for p in wanted
            if p.name != "gone"
        }

    monkeypatch.setattr(packages, "newest_of", newest_of)
    return rows


def web(number: int, url: str = "https://example.org/a", title: str = "A page", quoted: str = "it holds") -> Source:
    return Source(f"S{number}", url, title, quoted, DAY)


def test_newest_versions_become_sources_and_are_asked_for_once(tmp_path: Path, asked: list[list[str]]) -> None:
    sources = Sources(Store(tmp_path))
    assert (sources.all, sources.next) == ((), 1)
    sources.looked_up([FASTAPI, EXPRESS], DAY)
    first = (tmp_path / "sources.json").read_bytes()
    assert [source.described for source in Sources(Store(tmp_path)).looked_up([EXPRESS, FASTAPI], "2026-12-24")] == [
        "fastapi on PyPI: 1.2, released 2026-11-01 (https://pypi.org/project/fastapi/, accessed 2026-11-21)",
        "express on npm: 1.2 (https://pypi.org/project/express/, accessed 2026-11-21)",
    ]
    assert asked == [["fastapi", "express"]]
    assert (tmp_path / "sources.json").read_bytes() == first
    assert [source.id for source in sources.all] == ["S1", "S2"]
    assert json.loads(first)[0] == {
        "id": "S1", "url": "https://pypi.org/project/fastapi/", "title": "fastapi on PyPI", "quoted": "1.2, released 2026-11-01",
        "accessed": DAY, "document": "",
    }  # fmt: skip


def test_a_package_of_the_same_name_in_the_other_index_is_another(tmp_path: Path, asked: list[list[str]]) -> None:
    sources = Sources(Store(tmp_path))
    sources.looked_up([Package("redis-py", "pypi", "redis")], DAY)
    sources.looked_up([Package("node-redis", "npm", "redis"), Package("Gone", "pypi", "gone")], DAY)
    assert [source.title for source in sources.all] == ["redis on PyPI", "redis on npm"]


def test_without_an_answer_nothing_is_written(tmp_path: Path, asked: list[list[str]]) -> None:
    assert Sources(Store(tmp_path)).looked_up([Package("Gone", "pypi", "gone")], DAY) == ()
    assert Sources(Store(tmp_path)).looked_up([], DAY) == ()
    assert list(tmp_path.iterdir()) == []
    assert asked == [["gone"]]


def test_another_index_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    release = Release("1.2", "", "https://mirror.example/")
    monkeypatch.setattr(packages, "newest_of", lambda wanted: dict.fromkeys(wanted, release))
    sources = Sources(Store(tmp_path))
    sources.looked_up([FASTAPI], DAY)
    assert [s.title for s in sources.looked_up([FASTAPI], DAY)] == ["fastapi on PyPI (by way of mirror.example)"]


def test_a_documents_web_sources_are_replaced_and_numbers_are_not_given_twice(
    tmp_path: Path, asked: list[list[str]]
) -> None:
    sources = Sources(Store(tmp_path))
    sources.looked_up([FASTAPI], DAY)
    sources.cited("a.md", [web(2), web(3)])
    sources.cited("b.md", [web(4)])
    sources.cited("a.md", [web(12, title="New")])
    assert [(source.id, source.document) for source in sources.all] == [("S1", ""), ("S4", "b.md"), ("S12", "a.md")]
    assert [source.title for source in sources.of("a.md")] == ["New"]
    assert sources.next == 13
    with pytest.raises(ValueError, match="another source is called S4"):
        sources.cited("a.md", [web(4)])
    sources.cited("a.md", [web(12, title="Old"), web(12, title="Newer")])
    assert [source.title for source in sources.of("a.md")] == ["Newer"]
    sources.cited("a.md", [])
    assert [source.id for source in sources.all] == ["S1", "S4"]
    assert [source.id for source in sources.versions] == ["S1"]


@pytest.mark.parametrize(
    "text",
    ["{", "3", '[{"id": "S1"}]', '["S1"]', "[" * 100_000]
    + [json.dumps([{"id": i, "url": "", "title": "", "quoted": "", "accessed": "", "document": ""} for i in ids])
       for ids in (["x"], ["S0"], ["S1", "S1"], [1])],
)  # fmt: skip
def test_a_damaged_file_is_one_line_that_names_it(tmp_path: Path, text: str) -> None:
    (tmp_path / "sources.json").write_text(text)
    with pytest.raises(
        Damaged, match=r"\A\S+/sources.json does not hold the sources of this run \(.*\); restore it.*\Z"
    ):
        _ = Sources(Store(tmp_path)).all


TEXT = "# T\n\nAs said [S2], and [P1, S10].\n\n## Key decisions\n\nOne.\n"


def test_a_document_lists_what_it_cites_before_its_key_decisions() -> None:
    shown = numbered(TEXT, [web(10, title="Ten"), web(2), web(3)])
    assert shown == (
        "# T\n\nAs said [S2], and [P1, S10].\n\n## Sources\n\n"
        '- [S2] [A page](https://example.org/a), accessed 2026-11-21: "it holds"\n'
        '- [S10] [Ten](https://example.org/a), accessed 2026-11-21: "it holds"\n\n'
        "## Key decisions\n\nOne.\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        "# T\n\nx [S3]",
        "# T\n\n## Sources\n\n- the brief [P1]\n\n## After\n\n[S2]\n\n## Key decisions\n\nOne.\n",
        "# T\n\n[S2]\n\n## Sources\n",
        "# T\n\nnothing cited\n\n## Sources\n\n- [S2] Old words\n- [S9] unknown\n\n### Below\n\nx\n\n## Key decisions\n\nOne.\n",
        "",
    ],
)
def test_numbering_again_changes_nothing(text: str) -> None:
    once = numbered(text, [web(2), web(3)])
    assert numbered(once, [web(2), web(3)]) == once
    assert once.count("## Sources") <= 1


def test_the_authors_own_lines_stay_and_a_source_is_listed_once() -> None:
    text = "# T\n\n[S2]\n\n## Sources\n\n- the brief [P1]\n- [S2] my own words\n- [S9] unknown\n\n## Key decisions\n\nOne.\n"
    lines = Document("", numbered(text, [web(2)])).section("Sources").split("\n")
    assert lines == [
        "- the brief [P1]",
        "- [S9] unknown",
        '- [S2] [A page](https://example.org/a), accessed 2026-11-21: "it holds"',
    ]


def test_a_source_that_is_not_cited_any_more_is_not_listed_any_more() -> None:
    text = numbered(TEXT, [web(2), web(10)]).replace("[S2], and ", "")
    assert "- [S2] " not in numbered(text, [web(2), web(10)])


def test_code_cites_nothing() -> None:
    text = (
        "# T\n\n```mermaid\nflowchart TD\n  A[S2] --> B\n```\n\nThe bucket `x[S2]` and the link [S2](https://e.org).\n"
    )
    assert numbered(text, [web(2)]) == text


def test_nothing_of_what_the_web_said_is_live() -> None:
    hostile = web(
        2,
        "https://e.org/a) <b>|x`(y",
        "]( javascript:alert(1) ) <img src=x>\n## Approved\u202e [S9] `x` | *b*",
        'He said "yes"\n\n- [P999] | <script>',
    )
    row = Document("", numbered("# T\n\n[S2]\n", [hostile])).section("Sources")
    assert row == (
        r"- [S2] [\]( javascript:alert(1) ) \<img src=x\> \#\# Approved \[S9\] \`x\` \| \*b\*]"
        r"(https://e.org/a%29%20%3Cb%3E%7Cx%60%28y), accessed 2026-11-21: "
        "\"He said 'yes' - \\[P999\\] \\| \\<script\\>\""
    )


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://e.org/x", "https:/x", "data:text/html,x", ""])
def test_only_web_addresses_are_links(url: str) -> None:
    row = Document("", numbered("# T\n\n[S2]\n", [web(2, url)])).section("Sources")
    assert row == '- [S2] A page, accessed 2026-11-21: "it holds"'


def test_long_titles_are_cut_and_missing_ones_are_said() -> None:
    row = Document("", numbered("# T\n\n[S2]\n", [web(2, title="x" * 5_000, quoted="")])).section("Sources")
    assert len(row) < research.LONGEST + 80 and "…" in row and ': "' not in row
    assert "[no title](" in numbered("# T\n\n[S2]\n", [web(2, title="\u200b")])
