"""Real Chromium says of every diagram of the corpus what the checks say: can it be read, and where they say more, can it be drawn."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from planning_kit import diagram
from planning_kit.checks.artefact import of_kind
from planning_kit.document import Document

from ..test_corpus import Sample, samples

pytestmark = pytest.mark.browser

UNDRAWN = {"relates-what-it-declares", "dates-its-tasks"}
"""What Mermaid reads without a word and does not draw, or not as it is written."""
GUESSED = {
    "after a task without this id",
    "a date in another format than the chart's",
    "the thirtieth of February",
    "a task that ends before it begins",
}
"""Drawn all the same, and wrong: the checks say so by rules of their own."""
_PARSE = "source => mermaid.parse(source).then(() => '', fault => String(fault && fault.message || fault) || '?')"
_RENDER = (
    "source => mermaid.render('it', source).then(() => '', fault => String(fault && fault.message || fault) || '?')"
)


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """A page with the very mermaid.js that checks and draws, and no network."""
    script = files("mermaidx").joinpath("assets/mermaid.js").read_text(encoding="utf-8")
    page = browser.new_page(offline=True)
    page.set_content("<body></body>")
    page.add_script_tag(content=script)
    page.evaluate("() => { window.mermaid = (__esbuild_esm_mermaid_nm.mermaid.default || __esbuild_esm_mermaid_nm.mermaid); mermaid.initialize({startOnLoad: false}); }")  # fmt: skip
    yield page
    page.close()


def sources(sample: Sample) -> list[str]:
    return [each.text for each in of_kind(Document("sample.md", sample.text), "mermaid")]


def said(page: Page, script: str, source: str) -> Any:
    return page.evaluate(script, source)


def test_chromium_reads_what_the_check_reads(page: Page) -> None:
    differ = []
    for sample in samples("mermaid"):
        for source in sources(sample):
            theirs, ours = said(page, _PARSE, source), diagram.fault(source)
            if bool(theirs) != bool(ours):
                differ.append((sample.title, theirs, ours))
    assert differ == []


def test_chromium_draws_what_is_good(page: Page) -> None:
    failed = [
        (sample.title, why)
        for sample in samples("mermaid")
        if sample.verdict == "good"
        for source in sources(sample)
        if (why := said(page, _RENDER, source))
    ]
    assert failed == []


def test_chromium_does_not_draw_what_only_the_further_rules_find(page: Page) -> None:
    drawn = {
        sample.title
        for sample in samples("mermaid")
        if sample.rule in UNDRAWN and not any(said(page, _RENDER, source) for source in sources(sample))
    }
    assert drawn == GUESSED
