"""A page on paper: printed by the Chromium that is there, with no network, in a profile that is thrown away."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from ..errors import OptionRefused

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
"""What Chromium is called, in the order it is looked for."""
SECONDS = 120.0
"""How long printing may take."""
PAPER = {"a4": "A4", "letter": "letter"}
"""The paper there is, and what CSS Paged Media calls it."""
_QUIET = (
    "--headless", "--disable-gpu", "--no-first-run", "--no-default-browser-check", "--disable-extensions", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage", "--no-pdf-header-footer",
    "--host-resolver-rules=MAP * ~NOTFOUND", "--proxy-server=127.0.0.1:9", "--proxy-bypass-list=<-loopback>",
)  # fmt: skip


def browser(environment: Mapping[str, str] = os.environ) -> str:
    """The Chromium to print with: ``$CHROMIUM``, else the first that is found.

    Raises:
        OptionRefused: there is none.
    """
    wanted = environment.get("CHROMIUM", "")
    for name in (wanted,) if wanted else NAMES:
        if found := shutil.which(name, path=environment.get("PATH")):
            return found
    said = f"CHROMIUM={wanted} is not there" if wanted else "none is installed"
    raise OptionRefused(
        f"a PDF is printed by Chromium and {said}; install it, or say where it is with CHROMIUM=PATH, or use --format html and print that"
    )


def pdf(page: str, paper: str = "a4") -> bytes:
    """``page`` as a PDF.

    Args:
        page: a self-contained page.
        paper: one of :data:`PAPER`.

    Raises:
        OptionRefused: there is no Chromium, no such paper, or Chromium printed nothing.
    """
    if paper not in PAPER:
        raise OptionRefused(f"no such paper: {paper!r}; there is {', '.join(PAPER)}")
    program = browser()
    sized = page.replace("</style>", f"@page {{ size: {PAPER[paper]} }}\n</style>", 1)
    with tempfile.TemporaryDirectory(prefix="planning-kit-", ignore_cleanup_errors=True) as folder:
        source, target = Path(folder) / "record.html", Path(folder) / "record.pdf"
        source.write_text(sized, encoding="utf-8")
        root = ("--no-sandbox",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()
        command = [program, *_QUIET, *root, f"--user-data-dir={folder}/profile", f"--print-to-pdf={target}"]
        said = _run([*command, source.as_uri()], folder)
        printed = target.read_bytes() if target.is_file() else b""
    if not printed.startswith(b"%PDF-"):
        last = next((line for line in reversed(said.splitlines()) if line.strip()), "it said nothing")
        raise OptionRefused(f"{program} printed no PDF: {last.strip()[:200]}; use --format html and print that")
    return printed


def _run(command: list[str], folder: str) -> str:
    """Run it to its end, or as long as it may take; gives what it said."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "LC_ALL", "TMPDIR")}
    environment = kept | {"HOME": folder, "XDG_CONFIG_HOME": folder, "XDG_CACHE_HOME": folder}
    try:
        process = subprocess.Popen(
            command, env=environment, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True, errors="replace", start_new_session=True,
        )  # fmt: skip
    except OSError as error:
        raise OptionRefused(f"{command[0]} cannot be started: {error.strerror or error}") from error
    try:
        return process.communicate(timeout=SECONDS)[1]
    except subprocess.TimeoutExpired as error:
        raise OptionRefused(f"{command[0]} did not come to an end within {SECONDS:.0f} s; use --format html and print that") from error  # fmt: skip
    finally:
        _end(process)


def _end(process: subprocess.Popen[str]) -> None:
    """Have the browser and everything it started gone."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (OSError, AttributeError):
        process.kill()
    process.wait()
    if process.stderr:
        process.stderr.close()
