"""What broke when a stranger tried to: names of documents, templates alone, withdrawn ids, passages of domains to come, forks."""

from __future__ import annotations

from pathlib import Path

import pytest

from planning_kit.catalog import Catalog
from planning_kit.checks import shape
from planning_kit.commands.words import documents_meant, shortened
from planning_kit.errors import CatalogRefused, OptionRefused
from planning_kit.fork import Fork
from planning_kit.order import Order
from planning_kit.progress import greeting
from planning_kit.trace import LOST, trace
from planning_kit.trace.traced import AWAITED

from . import small_domains
from .specification_documents import TEXTS, document, known
from .traced_documents import brief, passages_of, specification

TEXT = "# Notes\n\nReaders must be able to read notes over HTTP.\n"
NAMES = ("docs/en/a/orders/requirements/requirements.md", "docs/en/a/orders/README.md", "docs/en/a/bills/requirements/requirements.md", "facts.yaml: domains")  # fmt: skip
TWO = {"files": 2, "people": 1}


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (NAMES[0], [0]),
        (f"outputs/x/documents/{NAMES[0]}", [0]),
        ("orders/requirements/requirements.md", [0]),
        ("orders/requirements/requirements", [0]),
        ("bills", [2]),
        ("orders", [0, 1]),
        ("requirements.md", [0, 2]),
        ("requirements", [0, 2]),
        ("domains", [3]),
        ("rders/README.md", []),
        ("/", []),
    ],
)
def test_a_document_is_named_by_the_end_of_its_path_or_by_its_folder(said: str, meant: list[int]) -> None:
    assert documents_meant(NAMES, said) == [NAMES[at] for at in meant]


def test_documents_of_the_same_file_name_are_told_apart_by_their_folders() -> None:
    short = shortened(NAMES)
    assert short == ["orders/requirements/requirements.md", "README.md", "bills/requirements/requirements.md", "domains"]  # fmt: skip
    assert [documents_meant(NAMES, each) for each in short] == [[name] for name in NAMES]


def _own(place: Path, name: str, text: str) -> Path:
    """A brief in ``place``, with one template of its own beside it and nothing else."""
    templates = place / "planning_kit" / "templates"
    templates.mkdir(parents=True)
    (templates / name).write_text(text)
    (place / "my-prd.md").write_text(TEXT)
    return place / "my-prd.md"


def test_a_template_alone_beside_the_brief_is_followed(tmp_path: Path) -> None:
    path = _own(tmp_path, "requirements.md", "## Only this\n")
    run, _ = Order(str(path), recipe="specification", model="offline", outputs=tmp_path / "outputs").run()
    assert run.catalog.consultants["requirements-analyst"].sections == ("Only this",)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("usecases.md", "## Overview\n", r"templates/usecases\.md: no consultant and no recipe uses .*did you mean 'use-cases'\?"),
        ("use-cases.md", "Some words.\n", r"templates/use-cases\.md: has no heading; give it one '## …' for each section"),
    ],
)  # fmt: skip
def test_a_template_that_nobody_can_follow_is_refused(tmp_path: Path, name: str, text: str, said: str) -> None:
    path = _own(tmp_path, name, text)
    with pytest.raises(CatalogRefused, match=said):
        Catalog.read(path.parent / "planning_kit")


def test_nothing_deferred_may_be_said_above_what_is_withdrawn() -> None:
    table = "| Withdrawn | Said | Reason |\n|---|---|---|\n| FR-BOO-90 | Something | Asked for no more |"
    start = TEXTS["requirements"].index("## Deferred and out of scope")
    end = TEXTS["requirements"].index("\n## ", start)
    lacks = "'Deferred and out of scope' has no table"
    for words, found in (("None.", 0), ("", 1)):
        said = f"## Deferred and out of scope\n\n{words}\n\n{table}\n"
        text = TEXTS["requirements"][:start] + said + TEXTS["requirements"][end:]
        wrongs = shape.follows_its_template(document("requirements", text), known("requirements"))
        assert sum(lacks in str(each) for each in wrongs) == found


def test_a_passage_of_a_domain_that_is_not_written_yet_is_awaited_and_no_error() -> None:
    passages, domains = brief(3), passages_of(TWO)
    asking = [each.id for each in passages]
    written = specification(TWO)
    first = [each for each in written if "/people/" not in each.name]
    found = trace(first, passages, asking=asking, domains=domains)
    assert found.standing["P3"] == AWAITED and "1 not yet" in found.summary
    assert not [each for each in found.findings if each.rule == "reaches-a-requirement"]
    assert "not yet" in found.picture.text and "lost" in found.picture.text
    begun = [*first, next(each for each in written if each.name.endswith("people/requirements/user-stories.md"))]
    assert trace(begun, passages, asking=asking, domains=domains).standing["P3"] == LOST


def test_a_fork_may_not_change_how_domains_are_gone_through_once_their_gates_have_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = small_domains.ordered(small_domains.settle(tmp_path, monkeypatch), "domains=side-by-side")
    with pytest.raises(OptionRefused, match="from 'plans' on the gates .* domains=side-by-side; fork it from 'scope'"):
        Fork(run, "plans", ("domains=in-turn",)).begin()
    again = Fork(run, "scope", ("domains=in-turn",)).begin().run
    assert [step.name for step in again.phases][2:4] == ["reading/wishes", "reading/plans"]


@pytest.mark.parametrize(("language", "said"), [("ko", 1), ("en", 0)])
def test_that_the_offline_author_writes_english_is_said_where_another_language_was_asked_for(
    tmp_path: Path, language: str, said: int
) -> None:
    settings = (f"language={language}",)
    given = {"recipe": "specification", "model": "offline", "outputs": tmp_path / "outputs"}
    run, _ = Order(TEXT, settings=settings, **given).run()  # type: ignore[arg-type]
    told = [line for line in greeting(run) if "writes English" in line]
    assert len(told) == said and all("'ko'" in line for line in told)
