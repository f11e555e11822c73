"""One JupyterLab for the tests of a module that want no settings of their own; Playwright opens one at a time."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from planning_kit import pipeline

from .lab import Lab, session


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("lab")
    with session(folder / "work", folder, Path(os.environ.get("BROWSER_SHOTS") or folder / "shots")) as lab:
        yield lab


@pytest.fixture
def lab(server: Lab, request: pytest.FixtureRequest) -> Lab:
    """The open JupyterLab, in a folder of this test's own that has the notebooks."""
    server.folder = request.function.__name__
    server.page.set_default_timeout(60_000)
    shutil.copytree(pipeline.notebooks_folder(), server.root / server.folder / "notebooks")
    return server
