"""One JupyterLab for the tests of a module that want no settings of their own; Playwright opens one at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from .lab import Lab, session


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("lab")
    with session(folder / "work", folder, Path(os.environ.get("BROWSER_SHOTS") or folder / "shots")) as lab:
        yield lab
