"""What there is to choose from, and where to try it."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from pathlib import Path

from .. import terminal
from ..errors import OptionRefused
from .words import Commands, Parser, listed


def add(commands: Commands, place: Parser) -> None:
    """``recipes``, ``consultants``, ``lab``, ``fake-server``."""
    commands.add_parser("recipes", help="what can be planned, one line each").set_defaults(do=_recipes)
    commands.add_parser("consultants", help="who can be asked, one line each").set_defaults(do=_consultants)
    lab = commands.add_parser(
        "lab", help="JupyterLab on the notebooks; what follows is handed to it, e.g. --no-browser"
    )
    lab.set_defaults(do=_lab)
    fake = commands.add_parser("fake-server", help="a Claude API on this machine that only pretends, to try everything")
    _faking(fake)
    fake.set_defaults(do=_fake_server)


def _faking(fake: argparse.ArgumentParser) -> None:
    """How the fake server answers, and when it ends."""
    fake.add_argument("--port", type=int, default=0, help="port on 127.0.0.1 (default: a free one)")
    fake.add_argument("--seconds", type=float, default=600.0, help="end after so many seconds (default: 600)")
    fake.add_argument("--requests", type=int, default=1000, help="end after so many requests (default: 1000)")
    fake.add_argument("--reply", metavar="FILE", type=Path, help="answer every request with this file's text")
    fake.add_argument(
        "--script", metavar="LIST", type=listed, default=(), help="how the first requests fare: ok,status:529,eof"
    )
    fake.add_argument(
        "--delay", metavar="SECONDS", type=float, default=0.0, help="before each piece of an answer (default: 0)"
    )
    fake.add_argument(
        "--first", metavar="SECONDS", type=float, default=0.0, help="before an answer begins (default: 0)"
    )
    fake.add_argument(
        "--pace", metavar="TOKENS", type=float, default=0.0, help="per second (default: as fast as it goes)"
    )
    fake.add_argument(
        "--models",
        metavar="LIST",
        type=listed,
        help="the only models there are (default: any, lists those with a price)",
    )
    fake.add_argument(
        "--plain", action="store_true", help="like a local server: no cache, search, structured answers or capabilities"
    )


def _recipes(said: argparse.Namespace) -> int:
    from ..catalog import Catalog

    recipes = Catalog.read().recipes
    wide = max(map(len, recipes))
    for recipe in recipes.values():
        terminal.tell(sys.stdout, f"{recipe.name:<{wide}} {recipe.summary}")
    return 0


def _consultants(said: argparse.Namespace) -> int:
    from ..catalog import Catalog

    consultants = Catalog.read().consultants
    wide = max(map(len, consultants))
    for consultant in consultants.values():
        terminal.tell(sys.stdout, f"{consultant.name:<{wide}} {consultant.title}: writes {consultant.writes}")
    return 0


def _lab(said: argparse.Namespace) -> int:
    from ..pipeline import notebooks_here

    folder = notebooks_here(Path("notebooks"))
    settings = [str(Path(__file__).parents[1] / "jupyter"), *filter(None, [os.environ.get("JUPYTER_CONFIG_PATH")])]
    os.execve(
        sys.executable,
        [sys.executable, "-m", "jupyterlab", "--ServerApp.root_dir", str(folder.parent), *said.more, str(folder)],
        {**os.environ, "JUPYTER_CONFIG_PATH": os.pathsep.join(settings)},
    )


def _fake_server(said: argparse.Namespace) -> int:
    from .. import loopback, prices

    try:
        text = said.reply.read_text(encoding="utf-8") if said.reply else ""
    except (OSError, UnicodeDecodeError) as error:
        raise OptionRefused(f"--reply {said.reply} cannot be read as UTF-8 text: {error}") from error
    try:
        server = loopback.Loopback(
            (lambda body: text) if said.reply else None, said.script, said.delay, seconds=said.seconds, most=said.requests,
            port=said.port, first=said.first, pace=said.pace, models=said.models, plain=said.plain,
            strict_models=said.models is not None,
        )  # fmt: skip
    except ValueError as error:
        raise OptionRefused(f"--script: {error}; there is {', '.join(loopback.SCENARIOS)}") from error
    except (OSError, OverflowError) as error:
        raise OptionRefused(f"--port {said.port} cannot be had: {error}; leave it away to take a free one") from error
    with server, contextlib.suppress(KeyboardInterrupt):
        exports = (f"export ANTHROPIC_BASE_URL={server.url}", f"export ANTHROPIC_API_KEY={loopback.KEY}")
        terminal.tell(sys.stdout, *exports)
        server.wait()
    terminal.tell(sys.stdout, *loopback.lines(server.billed, prices.cost, prices.as_of()))
    return 0
