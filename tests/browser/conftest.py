"""One Chromium and one JupyterLab for all tests here that want no settings of their own: each start takes many seconds."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from planning_kit import pipeline

from .lab import CHROMIUM, Lab, session


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; Playwright opens one at a time, and while it is open this thread can run no kernel."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def shared(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("lab")
    shots = Path(os.environ.get("BROWSER_SHOTS") or folder / "shots")
    with session(browser, folder / "work", folder, shots) as lab:
        yield lab


@pytest.fixture(scope="module")
def server(shared: Lab) -> Iterator[Lab]:
    """The open JupyterLab, in which no kernel runs and nothing was blocked yet."""
    shared.blocked.clear()
    yield shared
    shared.end_kernels()


@pytest.fixture
def lab(server: Lab, request: pytest.FixtureRequest) -> Lab:
    """The open JupyterLab, in a folder of this test's own that has the notebooks."""
    server.folder = request.function.__name__
    server.page.set_default_timeout(60_000)
    shutil.copytree(pipeline.notebooks_folder(), server.root / server.folder / "notebooks")
    return server
