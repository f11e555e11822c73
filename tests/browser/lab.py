"""JupyterLab in a real browser: a server of its own on a folder, and one page that is driven through it."""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, Route

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
PATIENCE = 90_000
"""The longest anything may take, in milliseconds."""


class Lab:
    """An open JupyterLab.

    Args:
        page: the browser's page.
        address: the server's, with its token.
        root: the folder the server shows.
        shots: where screenshots go.
    """

    def __init__(self, page: Page, address: str, token: str, root: Path, shots: Path) -> None:
        self.page = page
        self.address = address
        self.token = token
        self.root = root
        self.shots = shots
        self.blocked: list[str] = []
        self.folder = ""
        self.name = ""
        page.set_default_timeout(PATIENCE)
        page.route("**/*", self._only_here)

    def _only_here(self, route: Route) -> None:
        if route.request.url.startswith((self.address, "data:", "blob:")):
            route.continue_()
        else:
            self.blocked.append(route.request.url)
            route.abort()

    def open(self, name: str) -> None:
        """Open the notebook ``name`` of :attr:`folder` alone and wait for its kernel."""
        self.name = f"{self.folder}/{name}"
        self.page.goto(f"{self.address}/lab/tree/{self.name}?token={self.token}&reset")
        self.ready()

    def ready(self) -> None:
        """Wait until the notebook is there and its kernel has nothing to do."""
        self.page.wait_for_function(
            "() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
        )

    def command(self, command: str, **arguments: str) -> None:
        """Have JupyterLab do ``command`` and wait until it is done."""
        self.page.evaluate(
            "([command, said]) => window.jupyterapp.commands.execute(command, said)", [command, arguments]
        )

    def reveal(self, source: str) -> None:
        """Bring that cell into view: JupyterLab draws what is out of sight when it finds the time."""
        self.page.evaluate("at => window.jupyterapp.shell.currentWidget.content.scrollToItem(at)", self.find(source))

    def end_kernels(self) -> None:
        """End every kernel."""
        self.page.evaluate("() => window.jupyterapp?.serviceManager.sessions.shutdownAll()")

    def panel(self) -> Locator:
        """The review panel that is to be decided."""
        return self.page.locator(".pk:not(.pk-settled)").last

    def field(self, name: str) -> Locator:
        """The field called ``name``."""
        return self.page.get_by_role("textbox", name=name, exact=True).last

    def run_all(self) -> None:
        """Run every cell, as far as it goes; a traceback is a failure."""
        self.command("notebook:run-all-cells")
        for cell in self.cells():
            for output in cell.get("outputs", ()):
                assert output["output_type"] != "error", "\n".join([output["evalue"], *output["traceback"]])

    def run_cell(self, index: int) -> None:
        """Run cell ``index`` (from 0)."""
        self.page.evaluate("index => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = index }", index)
        self.command("notebook:run-cell")

    def cells(self) -> list[dict[str, Any]]:
        """The notebook as it is in the browser right now."""
        model = "JSON.stringify(window.jupyterapp.shell.currentWidget.content.model.toJSON().cells)"
        return list(json.loads(self.page.evaluate(f"() => {model}")))

    def find(self, source: str) -> int:
        """The index of the first code cell whose source holds ``source``."""
        texts = ["".join(cell["source"]) if cell["cell_type"] == "code" else "" for cell in self.cells()]
        return next(at for at, text in enumerate(texts) if source in text)

    def outputs(self, source: str) -> list[dict[str, Any]]:
        """The outputs of that cell."""
        return list(self.cells()[self.find(source)]["outputs"])

    def text(self, source: str) -> str:
        """What that cell shows, as plain text."""
        shown = [output.get("data", {}).get("text/plain", output.get("text", "")) for output in self.outputs(source)]
        return "\n".join("".join(text) for text in shown)

    def click(self, name: str, clicks: int = 1) -> None:
        """Click the button called ``name``."""
        self.page.get_by_role("button", name=name, exact=True).click(click_count=clicks)

    def wait_text(self, text: str) -> None:
        """Wait until the page shows ``text``."""
        self.page.get_by_text(text).first.wait_for()

    def wait_run(self, source: str) -> None:
        """Wait until that cell has been run to its end."""
        self.page.wait_for_function(
            "at => { const w = window.jupyterapp.shell.currentWidget;"
            " return w.content.widgets[at].model.executionState === 'idle' && w.content.widgets[at].model.executionCount }",
            arg=self.find(source),
        )

    def save(self) -> dict[str, Any]:
        """Save the notebook; what is on the disk then."""
        self.command("docmanager:save")
        return dict(json.loads((self.root / self.name).read_text("utf-8")))

    def shot(self, name: str, source: str = "") -> None:
        """A screenshot; with ``source`` of that cell, however tall it is."""
        path = self.shots / f"{name}.png"
        if source:
            self.page.locator(".jp-Notebook .jp-Cell").nth(self.find(source)).screenshot(path=path)
        else:
            self.page.screenshot(path=path)


@contextmanager
def session(browser: Browser, root: Path, home: Path, shots: Path) -> Iterator[Lab]:
    """A JupyterLab on ``root``, a folder it makes, that keeps its settings in ``home``; ended afterwards with its kernels."""
    root.mkdir()
    token, port = secrets.token_hex(16), _free_port()
    with _server(root, home, port, token) as address:
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        shots.mkdir(parents=True, exist_ok=True)
        try:
            yield Lab(page, address, token, root, shots)
        finally:
            page.close()


@contextmanager
def _server(root: Path, home: Path, port: int, token: str) -> Iterator[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("ANTHROPIC_", "JUPYTER"))}
    places = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTERLAB_SETTINGS_DIR")
    environment |= {name: str(home / name.lower()) for name in (*places, "JUPYTERLAB_WORKSPACES_DIR", "IPYTHONDIR")}
    flags = [f"--ServerApp.port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}"]
    flags += ["--no-browser", "--allow-root", f"--ServerApp.root_dir={root}", "--LabApp.expose_app_in_browser=True"]
    quiet = home / "jupyter_config_dir" / "labconfig" / "page_config.json"
    quiet.parent.mkdir(parents=True)
    quiet.write_text('{"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": true}}')
    process = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", *flags], cwd=root, env=environment, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stderr
        said = ""
        for line in process.stderr:
            said += line
            if "is running at" in line:
                break
        else:
            raise RuntimeError(f"JupyterLab did not start:\n{said}")
        with (home / "server.log").open("w") as log:
            drain = subprocess.Popen(["cat"], stdin=process.stderr, stdout=log)
        yield f"http://localhost:{port}"
    finally:
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stderr and process.stderr.close()
        drain.wait()


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])
