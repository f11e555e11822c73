"""Consultants and recipes are files; a broken one is found before anything is spent."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from planning_kit.catalog import Catalog
from planning_kit.errors import CatalogRefused

GOOD = """---
title: Cost consultant
role: You count money.
writes: 09-costs.md
heading: Costs
sections: [Costs, Key decisions]
---
Count the cost of {{ feature }}.
"""


def added(tmp_path: Path, text: str, name: str = "cost-consultant.md") -> Path:
    (tmp_path / "consultants").mkdir(exist_ok=True)
    (tmp_path / "consultants" / name).write_text(text)
    return tmp_path


def test_the_shipped_catalog_fits_together() -> None:
    catalog = Catalog.read()
    recipe = catalog.recipe("backend-plan")
    assert recipe.notebooks == ("1_intake", "2_research", "5_consultants", "6_synthesis")
    assert [catalog.consultants[seat].writes for phase in recipe.phases for seat in phase.seats] == [
        "facts.yaml",
        "03-research.md",
        "04-api-design.md",
        "05-data-model.md",
        "06-tech-recommendations.md",
        "07-security-requirements.md",
        "08-compliance-requirements.md",
        "00-backend-summary.md",
    ]
    assert catalog.own == {}


def test_a_folder_adds_and_overrides(tmp_path: Path) -> None:
    shipped = Catalog.read()
    catalog = Catalog.read(added(tmp_path, GOOD))
    assert catalog.consultants["cost-consultant"].task(feature="Shop") == "Count the cost of Shop."
    assert list(catalog.own) == ["consultants/cost-consultant.md"]
    assert catalog.digest != shipped.digest


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("writes:", "wirtes:"), r"consultants/cost-consultant.md:4: no such field: 'wirtes'; did you mean 'writes'\?"),
        (
            ("heading: Costs\n", ""),
            "consultants/cost-consultant.md:1: field 'heading' is missing|:2: field 'heading' is missing",
        ),
        (("09-costs.md", "../../etc/passwd"), ":4: writes: '../../etc/passwd' is not a plain file name"),
        (("[Costs, Key decisions]", "[]"), ":6: sections: name at least one heading"),
        (("[Costs, Key decisions]", "{a: b}"), ":6: sections"),
        (("{{ feature }}", "{{ feature"), "the prompt's line"),
        (("{{ feature }}", "{{ featur }}"), "the prompt cannot be filled in: 'featur' is undefined"),
        (("{{ feature }}", "{{ ''.__class__.__mro__ }}"), "the prompt cannot be filled in"),
        (("{{ feature }}", "{{ feature() }}"), "the prompt's line 1: 'call' is not allowed"),
        (("{{ feature }}", "{{ 'a' * 10 ** 11 }}"), "the prompt's line 1: 'mul' is not allowed"),
        (("{{ feature }}", "{% for a in feature %}{% endfor %}"), "the prompt's line 1: 'for' is not allowed"),
        (("{{ feature }}", "{% include 'x' %}"), "the prompt's line 1: 'include' is not allowed"),
        (("title: Cost consultant", "title: ''"), ":2: title: string should have at least 1 character"),
        (("title: Cost consultant", "title: a\x00b"), "unacceptable character"),
        (("title: Cost consultant", "title: " + "[" * 60_000), "nested deeper than 12 levels"),
        (("title: Cost consultant", "title: &a Cost"), ":2: a YAML anchor is not allowed"),
        (("title: Cost consultant", "title: !!python/object:os.system x"), ":2: a YAML tag is not allowed"),
        (("title: Cost consultant", "title: a\ntitle: b"), ":3: field 'title' is given twice"),
        (("title: Cost consultant", "title: [a"), ":[23]: "),
        (("---\ntitle", "title"), ":1: no front matter"),
        (("sections: [", "reads: [04-api-desing.md]\nsections: ["), None),
    ],
)
def test_a_broken_consultant_is_named_with_file_line_and_field(
    tmp_path: Path, change: tuple[str, str], says: str | None
) -> None:
    folder = added(tmp_path, GOOD.replace(*change))
    if says is None:
        assert "cost-consultant" in Catalog.read(folder).consultants  # in no recipe, so nothing is missing yet
        return
    with pytest.raises(CatalogRefused, match=says):
        Catalog.read(folder)


RECIPE = """---
title: Costs
summary: only costs
documents: costs/{slug}
phases:
  - name: intake
    title: Intake
    notebook: 1_intake
  - name: money
    title: Money
    notebook: 5_consultants
    seats: [cost-consultant]
---
"""


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            ("[cost-consultant]", "[cost-consultnat]"),
            r"recipes/costs.md:12: seats: no such consultant: 'cost-consultnat'; did you mean 'cost-consultant'\?",
        ),
        (("[cost-consultant]", "[cost-consultant, cost-consultant]"), "both write 09-costs.md"),
        (("seats:", "seat:"), r"recipes/costs.md:12: no such field: 'phases.1.seat'; did you mean 'seats'\?"),
        (("costs/{slug}", "/etc/{slug}"), ":4: documents: '/etc/{slug}' is not a folder"),
        (("costs/{slug}", "../{slug}"), "is not a folder"),
        (("5_consultants", "../x"), "notebook: '../x' is not a notebook"),
        (
            ("5_consultants", "5_consultant"),
            r"recipes/costs.md:11: notebook: no such notebook: '5_consultant'; did you mean '5_consultants'\?",
        ),
        (("name: money", "name: intake"), "'intake' is not a name of its own"),
    ],
)
def test_a_broken_recipe_is_named_with_file_line_and_nearest_name(
    tmp_path: Path, change: tuple[str, str], says: str
) -> None:
    added(tmp_path, GOOD)
    (tmp_path / "recipes").mkdir()
    (tmp_path / "recipes" / "costs.md").write_text(RECIPE.replace(*change))
    with pytest.raises(CatalogRefused, match=says):
        Catalog.read(tmp_path)


def test_what_is_read_must_have_been_written_before(tmp_path: Path) -> None:
    added(tmp_path, GOOD.replace("sections:", "reads: [04-api-desing.md]\nsections:"))
    (tmp_path / "recipes").mkdir()
    (tmp_path / "recipes" / "costs.md").write_text(RECIPE)
    with pytest.raises(
        CatalogRefused, match="consultants/cost-consultant.md:6: reads: nobody before writes '04-api-desing.md'"
    ):
        Catalog.read(tmp_path)


def test_a_pipe_among_the_consultants_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "consultants").mkdir()
    os.mkfifo(tmp_path / "consultants" / "x.md")
    with pytest.raises(CatalogRefused, match="not a regular file"):
        Catalog.read(tmp_path)


def test_a_prompt_may_use_what_a_recipe_offers_as_options(tmp_path: Path) -> None:
    added(tmp_path, GOOD.replace("{{ feature }}", "{{ options.currency }}"))
    (tmp_path / "recipes").mkdir()
    (tmp_path / "recipes" / "costs.md").write_text(RECIPE.replace("phases:", "options: {currency: EUR}\nphases:"))
    assert Catalog.read(tmp_path).recipe("costs").options == {"currency": "EUR"}
