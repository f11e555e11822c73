"""What is handed over, in a real browser without a network: nothing is requested, nothing runs, the diagrams are there, it prints."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from nbconvert import HTMLExporter
from playwright.sync_api import Browser, Page, Route

from planning_kit import export, kernel
from planning_kit.brought import SAMPLE
from planning_kit.catalog import notebooks_folder
from planning_kit.export.notebooks import notebooks
from planning_kit.order import Order
from planning_kit.run import Run

from ..authors import agreed
from .lab import CHROMIUM

pytestmark = pytest.mark.browser

STOCK = ("cdnjs.cloudflare.com/ajax/libs/require.js/", "cdnjs.cloudflare.com/ajax/libs/mathjax/")
"""What nbconvert's own template asks for, whatever is in the notebook."""


@dataclass
class Seen:
    """A page, opened with every request blocked: what it asked for and said, its pictures' widths."""

    page: Page
    asked: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def open(self, html: str, place: Path) -> Seen:
        place.write_text(html, encoding="utf-8")
        self.page.route("**/*", lambda route: self._block(route, place.as_uri()))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("dialog", lambda dialog: self.said.append(dialog.message))
        self.page.goto(place.as_uri())
        self.page.wait_for_load_state("load")
        return self

    def _block(self, route: Route, own: str) -> None:
        if route.request.url == own:
            route.continue_()
        else:
            self.asked.append(route.request.url)
            route.abort()

    @property
    def widths(self) -> list[int]:
        return list(self.page.evaluate("[...document.images].map(each => each.naturalWidth)"))


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run whose consultants' notebook was executed, its gate opened by rule."""
    begun, _ = Order(str(SAMPLE), model="offline", outputs=tmp_path_factory.mktemp("run") / "outputs").run()
    found = agreed(begun)
    target = found.folder / "notebooks" / "5_consultants.ipynb"
    target.parent.mkdir()
    parameters = {"run": ".", "reviewer": "clean"}
    source = notebooks_folder() / target.name
    with ThreadPoolExecutor(1) as aside:  # this thread's event loop may be the browser's
        done = aside.submit(kernel.execute, source, target, parameters, found.folder, {"PLANNING_KIT_HEADLESS": "1"})
    assert done.result() is None
    return found


@pytest.fixture
def seen(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Seen]:
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    yield Seen(page)
    if folder := os.environ.get("BROWSER_SHOTS"):
        name = re.sub(r"\W+", "-", request.node.name).strip("-").removeprefix("test_").replace("_", "-")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=Path(folder) / f"exported-{name}-{scheme}.png")
    page.close()


def test_the_page_asks_for_nothing_and_its_diagrams_are_there(seen: Seen, run: Run, tmp_path: Path) -> None:
    seen.open(export.page(run), tmp_path / "record.html")
    assert seen.asked == [] and seen.said == []
    assert len(seen.widths) >= 1 and all(seen.widths)
    assert seen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    seen.page.set_viewport_size({"width": 400, "height": 800})
    assert seen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    seen.page.get_by_role("link", name="The brief", exact=True).click()
    assert seen.page.evaluate("document.getElementById('brief').getBoundingClientRect().top") < 100


def test_executed_notebooks_ask_for_nothing_and_their_diagrams_are_there(seen: Seen, run: Run, tmp_path: Path) -> None:
    [(name, html)] = notebooks(run)
    seen.open(html, tmp_path / f"{name}.html")
    assert seen.asked == [] and seen.said == []
    assert len(seen.widths) >= 1 and all(seen.widths)


def test_nbconverts_own_page_of_an_executed_notebook_asks_only_for_what_its_template_does(
    seen: Seen, run: Run, tmp_path: Path
) -> None:
    executed = run.folder / "notebooks" / "5_consultants.ipynb"
    html, _ = HTMLExporter().from_filename(str(executed))
    seen.open(html, tmp_path / "stock.html")
    assert [address for address in seen.asked if not any(each in address for each in STOCK)] == []
    assert seen.said == []
    assert len(seen.widths) >= 1 and all(seen.widths)
    assert "approved by policy" in seen.page.inner_text("body")


def test_nbconverts_own_page_asks_for_nothing_with_the_settings_that_come_with_the_package(
    browser: Browser, run: Run, tmp_path: Path
) -> None:
    executed = run.folder / "notebooks" / "5_consultants.ipynb"
    environment = {**os.environ, "JUPYTER_CONFIG_PATH": str(notebooks_folder().parent / "planning_kit" / "jupyter")}
    command = [sys.executable, "-m", "nbconvert", "--to", "html", "--output-dir", str(tmp_path), str(executed)]
    subprocess.run(command, env=environment, check=True, capture_output=True)
    html = (tmp_path / "5_consultants.html").read_text("utf-8")
    seen = Seen(browser.new_page()).open(html, tmp_path / "stock.html")
    assert seen.asked == [] and seen.said == []
    assert len(seen.widths) >= 1 and all(seen.widths)


def test_the_page_prints_whole_with_a_foot_on_each_sheet(run: Run, tmp_path: Path) -> None:
    assert shutil.which(CHROMIUM)
    printed = export.pdf(export.page(run), "letter")
    assert printed.startswith(b"%PDF-") and printed.count(b"/Type /Page\n") > 20
    assert b"[0 0 612 792]" in printed
