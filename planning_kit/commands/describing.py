"""The formats of what is handed in and handed over, as JSON Schema."""

from __future__ import annotations

import argparse
import json
import sys

from .. import terminal
from ..errors import OptionRefused, nearest
from .words import Commands, Parser


def add(commands: Commands, place: Parser) -> None:
    """``schema``."""
    schema = commands.add_parser(
        "schema",
        help="the JSON Schema of a task plan, to write one elsewhere or to check it with other tools",
        description="Print a JSON Schema (draft 2020-12); without NAME what there is. "
        "What no schema can say of a task plan (copies, order, circles, files) is checked by 'planning-kit check task-plan.json'.",
    )
    schema.add_argument("name", metavar="NAME", nargs="?", default="", help="task-plan, task-sketch or verdict")
    schema.set_defaults(do=_schema)


def _schema(said: argparse.Namespace) -> int:
    from ..tasks.schema import PUBLISHED, published

    if not said.name:
        width = max(map(len, PUBLISHED))
        terminal.tell(sys.stdout, *(f"{name:{width}}  {about}" for name, about in PUBLISHED.items()))
        return 0
    if said.name not in PUBLISHED:
        raise OptionRefused(f"no such schema: {said.name!r}{nearest(said.name, PUBLISHED)}")
    terminal.tell(sys.stdout, json.dumps(published(said.name), indent=2))
    return 0
