"""The tables of a script and what it says of them wrongly, as JSON can hold it. Runs in the process aside."""

from __future__ import annotations

import json
from typing import Any

from . import agree, queries
from .made import At, Made
from .model import Model
from .script import line_and_column


def read(blocks: str, dialect: str, known: str) -> dict[str, Any]:
    """What the SQL ``blocks`` (a JSON list of texts) make, and what is wrong with it.

    Args:
        blocks: the blocks of one script, in order.
        dialect: the dialect of all of them.
        known: a JSON list of tables, in lower case, that are created elsewhere.

    Returns:
        ``tables`` with their columns and keys, and ``faults`` as rule, block, line, column, message and hint; lines and
        columns count from 1 in their block, blocks from 0. ``outside`` are tables that are changed and not created.
    """
    texts = json.loads(blocks)
    model = Model(texts, dialect)
    outside = agree.outside(model)
    elsewhere = frozenset(json.loads(known)) | outside
    found = [*agree.faults(model, elsewhere), *queries.faults(model, elsewhere)]

    def place(at: At) -> tuple[int, int, int]:
        return (at.block, *line_and_column(texts[at.block], at.offset))

    return {
        "tables": [_table(model, made, place) for made in model.made if made.columns],
        "outside": sorted(outside),
        "faults": [[each.rule, *place(each.at), each.message, each.hint] for each in dict.fromkeys(found)],
    }


def _table(model: Model, made: Made, place: Any) -> dict[str, Any]:
    return {
        "name": made.name,
        "place": place(made.at),
        "primary": list(made.primary),
        "columns": [
            [each.name, each.type, place(each.at), each.nullable, list(each.values)] for each in made.columns.values()
        ],
        "keys": [
            [list(key.columns), model.fold(key.table.this), list(map(model.fold, key.targets)), place(key.at)]
            for key in made.keys
        ],
    }
