"""The loopback server on the command line."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Sequence
from pathlib import Path

from .server import KEY, Loopback


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until the time or the requests are used up, or Ctrl-C; print what to set to be answered from here."""
    parser = argparse.ArgumentParser(prog="python -m planning_kit.loopback", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1 (default: a free one)")
    parser.add_argument("--seconds", type=float, default=600.0, help="end after so many seconds (default: 600)")
    parser.add_argument("--requests", type=int, default=1000, help="end after so many requests (default: 1000)")
    parser.add_argument("--reply", type=Path, help="answer every request with this file's text")
    parser.add_argument("--script", default="", help="scenarios of the first requests, by comma: ok,status:529,eof")
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before each piece of an answer (default: 0)")
    given = parser.parse_args(arguments)
    try:
        text = given.reply.read_text(encoding="utf-8") if given.reply else None
    except (OSError, UnicodeDecodeError) as error:
        parser.error(f"{given.reply} cannot be read as UTF-8 text: {error}")
    script = [scenario for scenario in given.script.split(",") if scenario]
    reply = (lambda body: text) if text is not None else None
    try:
        server = Loopback(reply, script, given.delay, seconds=given.seconds, most=given.requests, port=given.port)
    except OSError as error:
        parser.error(f"port {given.port} cannot be had: {error.strerror}; leave --port away to take a free one")
    with server:
        print(f"export ANTHROPIC_BASE_URL={server.url}\nexport ANTHROPIC_API_KEY={KEY}", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            server.wait()


if __name__ == "__main__":
    main()
