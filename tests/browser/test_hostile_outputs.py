"""Every hostile output, in a live notebook, in its panel, in the exported page and in nbconvert's page: nothing runs, nothing is requested."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbconvert import HTMLExporter
from playwright.sync_api import Browser, Page

from planning_kit import pipeline
from planning_kit.export import page as exported
from planning_kit.order import Order
from planning_kit.remarks import Anchor
from planning_kit.run import Run

from ..authors import Writer, agreed
from ..hostile_outputs import HANDLERS, LOADING, OUTPUTS, document
from .lab import Lab, session

pytestmark = pytest.mark.browser

MATH = r"$\style{background:url(https://evil.example/m)}{x}$ $$\href{javascript:alert(1)}{x}$$"
NAME = '"><img src=x onerror=alert(1)><script>alert(1)</script>'
BRIEF = f"# Notes {NAME}\n\nA reader keeps notes. [x](javascript:alert(1)) ![y](https://evil.example/b.png)\n\nA note has a title {NAME}.\n"
TRAP = """window.__ran = [];
for (const name of ["alert", "confirm", "prompt", "print", "open"]) window[name] = () => { window.__ran.push(name); };"""
FOREIGN = """(roots) => {
  const wrong = [];
  const never = "script, iframe, frame, object, embed, link, meta, base, form, video, audio, math, template, marquee, portal, svg, area";
  for (const root of document.querySelectorAll(roots)) for (const each of root.querySelectorAll("*")) {
    if (each.matches(never)) wrong.push(each.outerHTML.slice(0, 120));
    for (const { name, value } of each.attributes) {
      const leads = ["href", "src", "action", "formaction", "srcset", "background", "data", "xlink:href"].includes(name);
      const ours = value.startsWith("#") || (each.tagName === "IMG" && value.startsWith("data:image/svg+xml;base64,"));
      if (name.startsWith("on") || (leads && !ours) || (name === "style" && /url|expression/.test(value))) wrong.push(`${each.tagName} ${name}=${value.slice(0, 80)}`);
    }
  }
  return wrong;
}"""
"""What stands below ``roots`` that neither the renderer nor a panel makes."""


@pytest.fixture(scope="module")
def lab(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("hostile")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GIT_AUTHOR_NAME", NAME)
        shots = Path(os.environ.get("BROWSER_SHOTS") or folder / "shots")
        with session(browser, folder / "work", folder, shots) as opened:
            yield opened


def hostile(outputs: Path) -> Run:
    """A run whose brief, documents, comments, people and versions are hostile; the five documents hold all outputs between them."""
    begun, _ = Order(BRIEF, model="offline", outputs=outputs).run()
    agreed(begun, NAME)
    Run(begun.store, author=Writer).phase("consultants").consult()
    consultants = begun.phase("consultants")
    parts = document().split("\n\n<!-- -->\n")
    assert len(parts) > len(OUTPUTS)
    for at, name in enumerate(consultants.names):
        path = consultants.path(name)
        path.write_text(path.read_text("utf-8") + "\n\n".join(parts[at :: len(consultants.names)]), "utf-8", errors="replace")  # fmt: skip
        consultants.comment(Anchor(name, section=NAME, line=3, quote=NAME), f"{NAME} [x](javascript:alert(1))", NAME)
    consultants.approve(NAME, f"{NAME} {MATH} ![x](https://evil.example/c.png)", names=[consultants.names[0]])
    return begun


def requested(page: Page) -> list[str]:
    """What ``page`` asks for from now on, beside what it is itself."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.add_init_script(TRAP)
    return asked


def opened(browser: Browser, path: Path) -> tuple[Page, list[str]]:
    """A page from the disk, with every request blocked, and what it asked for."""
    page = browser.new_page()
    asked = requested(page)
    page.route("**/*", lambda route: route.continue_() if route.request.url == path.as_uri() else route.abort())
    page.goto(path.as_uri(), wait_until="load")
    asked[:] = [url for url in asked if url != path.as_uri() and not url.startswith("data:")]
    return page, asked


def clicked(page: Page, roots: str) -> None:
    """Click everything there is below ``roots``; the page is still the same one afterwards."""
    before = page.evaluate("location.href.split('#')[0]")
    page.evaluate("roots => document.querySelectorAll(roots).forEach(each => each.click?.())", roots)  # fmt: skip
    page.wait_for_timeout(200)
    assert page.evaluate("location.href.split('#')[0]") == before


def ran(page: Page) -> list[Any]:
    return list(page.evaluate("window.__ran"))


def test_what_would_run_or_load_is_noticed(lab: Lab, tmp_path: Path) -> None:
    raw = tmp_path / "raw.html"
    acting = {**HANDLERS, **LOADING}
    raw.write_text("<body>" + "\n".join(acting.values()), "utf-8")
    page, asked = opened(lab.page.context.browser, raw)  # type: ignore[arg-type]
    assert len(ran(page)) > 10
    assert len({url for url in asked if "evil.example" in url}) > 5
    assert len(page.evaluate(FOREIGN, "body")) > 50
    page.close()


def test_nothing_hostile_runs_or_is_requested_wherever_it_is_shown(lab: Lab, tmp_path: Path) -> None:
    lab.folder = "hostile"
    (lab.root / "hostile").mkdir()
    run = hostile(lab.root / "hostile" / "outputs")
    notebook = lab.root / "hostile" / "5_consultants.ipynb"
    book = nbformat.read(pipeline.notebooks_folder() / "5_consultants.ipynb", as_version=4)
    next(cell for cell in book.cells if "parameters" in cell.metadata.get("tags", ())).source = f'run = {str(run.folder)!r}\noutputs = "outputs"\nreviewer = "person"'  # fmt: skip
    tables = "from planning_kit import tables\ndisplay(consultants.findings.table, tables.decisions(planning), tables.phases(planning))"
    book.cells.insert(-3, nbformat.v4.new_code_cell(tables))
    nbformat.write(book, notebook)
    asked = requested(lab.page)

    lab.open("5_consultants.ipynb")
    lab.run_all()
    lab.wait_run("require()")
    lab.page.wait_for_selector(".pk-doc")
    picks = lab.page.locator(".pk-pick")
    assert picks.count() == 5
    shown = ""
    for at in range(picks.count()):
        picks.nth(at).click()
        lab.page.wait_for_function("at => document.querySelectorAll('.pk-pick')[at].getAttribute('aria-current') === 'true' && document.querySelector('.pk-doc')", arg=at)  # fmt: skip
        shown += lab.page.locator(".pk-doc").inner_text()
        assert lab.page.evaluate(FOREIGN, ".pk") == []
        clicked(lab.page, ".pk-doc :not(button)")
    assert [name for name in OUTPUTS if name not in shown] == []
    assert lab.page.evaluate(FOREIGN, ".jp-RenderedHTMLCommon[data-mime-type='text/html'] > .mathjax_ignore") == []
    lab.run_cell(lab.find("tables.decisions"))
    lab.wait_run("tables.decisions")
    assert lab.page.evaluate(FOREIGN, "table.dataframe") == []
    assert lab.page.locator("table.dataframe").count() >= 4
    assert lab.page.locator(".jp-OutputArea-output mjx-container, .pk mjx-container").count() == 0
    clicked(lab.page, ".jp-RenderedHTMLCommon > .mathjax_ignore :not(button)")
    lab.shot("hostile-panel")
    assert ran(lab.page) == [] and lab.blocked == []
    assert [url for url in asked if url.endswith("/x") or "evil" in url or "kernels/../" in url] == []
    lab.save()

    browser = lab.page.context.browser
    assert browser
    plain, _ = HTMLExporter().from_notebook_node(nbformat.v4.new_notebook())
    whole, _ = HTMLExporter().from_filename(str(notebook))
    (tmp_path / "plain.html").write_text(plain, "utf-8")
    (tmp_path / "notebook.html").write_text(whole, "utf-8", errors="surrogatepass")
    (tmp_path / "exported.html").write_text(exported(run), "utf-8")
    base = set(opened(browser, tmp_path / "plain.html")[1])
    for name, roots, own in (("notebook", ".jp-Cell-outputWrapper", base), ("exported", "body", set())):
        page, more = opened(browser, tmp_path / f"{name}.html")
        assert [wrong for wrong in page.evaluate(FOREIGN, roots) if "dataframe" not in wrong] == []
        clicked(page, f"{roots} *")
        page.screenshot(path=lab.shots / f"hostile-{name}.png")
        assert ran(page) == [] and set(more) - own == set()
        assert page.locator("img[src^='data:image/svg']").count() >= 2
        page.close()
