"""Tables for Azure Boards' CSV import: an epic, an issue for each maker, a task for each critique.

The shape is that of *Bulk import or update work items using CSV files* (https://learn.microsoft.com/azure/devops/boards/queries/import-work-items-from-csv):
``Work Item Type`` and the levels ``Title 1`` to ``Title 3``, no ``ID`` column for what is new, at most 1,000 work items a file. Which waits for
which cannot be imported, so each description says it. The types are those of the Basic process, which new projects have.
"""

from __future__ import annotations

import html
from collections.abc import Iterator

from ...run import Run
from ...tasks.model import Task
from . import github, said, told
from .handed import Handed
from .jira import table
from .work import Piece, Work, work

WAY = "azure-boards-csv"
MOST = 1000
"""The most work items of one file."""
TITLE = 250
"""The longest title, in characters; Azure Boards takes 255."""
HEADER = ("Work Item Type", "Title 1", "Title 2", "Title 3", "Description", "Tags", "Priority")
README = """\
1. Boards, Queries, Import Work Items: choose the file, Import, look through what it shows, Save items. What there is no ID for is created anew, so import each file once.
2. Epic, Issue and Task are the types of the Basic process. For Agile replace Issue by User Story in the first column, for Scrum by Product Backlog Item, for CMMI by Requirement.
3. A file holds at most 1,000 work items; more are in azure-boards-2.csv and so on, each with an epic of its own. Which issue waits for which stands in its description.
"""
"""How it is imported, in three lines."""


def handed(run: Run) -> Handed:
    """The tables, and how they are imported.

    Raises:
        OptionRefused: the run has no task plan.
        BadInput: its task plan cannot be read.
    """
    own = work(run, WAY)
    parts = list(_parts(own))
    texts = {}
    for number, pieces in enumerate(parts, start=1):
        part = f" ({number} of {len(parts)})" if len(parts) > 1 else ""
        rows = [
            HEADER,
            _epic(own, f"{said.line(run.title, TITLE - 40)}{part}"),
            *(row for piece in pieces for row in _rows(piece, own)),
        ]
        texts[f"azure-boards{f'-{number}' if number > 1 else ''}.csv"] = table(rows)
    return Handed(texts | {f"README-{WAY}.md": README}, (f"README-{WAY}.md says how they are imported",))


def _parts(own: Work) -> Iterator[list[Piece]]:
    """The pieces, as many as one file holds together with its epic."""
    part: list[Piece] = []
    for piece in own.pieces:
        if part and 1 + sum(1 + len(each.critiques) for each in (*part, piece)) > MOST:
            yield part
            part = []
        part.append(piece)
    yield part


def _epic(own: Work, title: str) -> tuple[str, ...]:
    text = "".join(told.prose(own.plan.architecture.summary, HTML))
    return ("Epic", f"Plan: {title}", "", "", text, "planned", "2")


def _rows(piece: Piece, own: Work) -> Iterator[tuple[str, ...]]:
    priority = "1" if piece.critical else "2"
    waits = (
        [HTML.text(f"Waits for: {', '.join(_title(own.by_number[each].task, html.escape) for each in piece.needs)}")]
        if piece.needs
        else []
    )
    text = "".join([*waits, *told.maker(piece, HTML)])
    yield ("Issue", "", _title(piece.task), "", text, "; ".join(github.labels(piece)), priority)
    for each in piece.critiques:
        tags = "; ".join(("planned", said.name(each.skill_id), f"wave-{piece.wave}"))
        yield ("Task", "", "", _title(each), "".join(told.critique(each, HTML)), tags, priority)


def _title(task: Task, shown: told.Words = str) -> str:
    return shown(said.line(f"{task.task_order} {task.task_name}", TITLE))


HTML = told.Markup(
    said.html,
    lambda text: f"<code>{html.escape(said.line(text))}</code>",
    lambda text: f"<h3>{text}</h3>",
    lambda entries: "<ul>" + "".join(f"<li>{each}</li>" for each in entries) + "</ul>",
    lambda text: f"<p>{text}</p>",
)
"""How Azure Boards writes."""
