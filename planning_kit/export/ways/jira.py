"""A table for Jira Cloud's CSV import: an epic, a task for each maker, a sub-task for each critique, and who blocks whom.

The shape is that of *Import data from a CSV file* and *CSV import: Parent-child mapping* (https://support.atlassian.com/jira-cloud-administration/docs/import-data-from-a-csv-file/):
a header row with ``Summary`` and no punctuation, ``Issue ID`` and ``Parent`` for the hierarchy with parents above their children, a column
repeated for each value of a field, time in seconds.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from ...run import Run
from ...tasks.model import Task
from . import github, said, told
from .handed import Handed
from .work import Piece, Work, work

WAY = "jira-csv"
SUMMARY = 250
"""The longest summary, in characters; Jira takes 255."""
DESCRIPTION = 32_000
"""The longest description, in characters; Jira takes 32,767."""
LINKS = 60
"""The most columns of links: a task that blocks more says of the others in its description."""
_SINGLE = ("Issue ID", "Parent", "Issue Type", "Summary", "Description", "Priority", "Original Estimate")
README = """\
1. As an administrator: Settings, System, External system import, CSV; choose jira.csv, encoding UTF-8, delimiter a comma. (The import on the list of issues takes no hierarchy.)
2. Map Issue ID, Parent, Issue Type, Summary, Description, Priority, Labels and Original Estimate (seconds) to the fields of these names, and Link blocks to Link "blocks" (outward).
3. Map the values of Issue Type: Epic, Task and Sub-task to what your project calls them (Subtask in a team-managed project); begin with the dry run (Validate).
"""
"""How it is mapped, in three lines."""


def handed(run: Run) -> Handed:
    """The table, and how its columns are mapped.

    Raises:
        OptionRefused: the run has no task plan.
        BadInput: its task plan cannot be read.
    """
    own = work(run, WAY)
    rows = list(_rows(own, run.title))
    labels = max(len(row[1]) for row in rows)
    links = max(len(row[2]) for row in rows)
    header = [*_SINGLE, *["Labels"] * labels, *["Link blocks"] * links]
    padded = ([*single, *_padded(tags, labels), *_padded(blocks, links)] for single, tags, blocks in rows)
    return Handed(
        {"jira.csv": table([header, *padded]), f"README-{WAY}.md": README},
        (f"README-{WAY}.md says how the columns are mapped",),
    )


def table(rows: Iterable[Sequence[str]]) -> str:
    """``rows`` as CSV (RFC 4180): every cell between quotation marks, lines end with CRLF, no cell is a formula."""
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows([map(said.cell, row) for row in rows])
    return text.getvalue()


def _padded(values: Sequence[str], width: int) -> list[str]:
    return [*values, *[""] * (width - len(values))]


def _rows(own: Work, title: str) -> Iterator[tuple[list[str], Sequence[str], Sequence[str]]]:
    """The single cells of each row, its labels, what it blocks: the epic, then the tasks, then the sub-tasks."""
    epic = str(max(task.task_order for task in own.plan.tasks) + 1)
    about = "\n".join(told.prose(own.plan.architecture.summary, WIKI))
    yield (
        [epic, "", "Epic", f"Plan: {said.line(title, SUMMARY - 6)}", f"The plan: {about}", "Medium", ""],
        ["planned"],
        [],
    )
    for piece in own.pieces:
        blocks = [str(each) for each in own.blocks[piece.order]]
        more = [f"Blocks also the tasks {', '.join(blocks[LINKS:])} of the plan."] if blocks[LINKS:] else []
        text = "\n\n".join(["The task:", *more, *told.maker(piece, WIKI)])
        yield (
            _row(piece.task, epic, "Task", text, "High" if piece.critical else "Medium"),
            github.labels(piece),
            blocks[:LINKS],
        )
    for piece in own.pieces:
        for each in piece.critiques:
            text = "\n\n".join(["The critique:", *told.critique(each, WIKI)])
            yield (
                _row(each, str(piece.order), "Sub-task", text, "High" if piece.critical else "Medium"),
                _tags(piece, each),
                [],
            )


def _row(task: Task, parent: str, kind: str, text: str, priority: str) -> list[str]:
    name = f"{task.task_order} {said.line(task.task_name)}"
    short = (
        text
        if len(text) <= DESCRIPTION
        else f"{text[:DESCRIPTION].rsplit(chr(10), 1)[0]}\n\nCut here: the whole is in the plan."
    )
    return [str(task.task_order), parent, kind, said.line(name, SUMMARY), short, priority, str(task.timeout_seconds)]


def _tags(piece: Piece, critique: Task) -> tuple[str, ...]:
    return ("planned", said.name(critique.skill_id), f"wave-{piece.wave}")


def _code(text: str) -> str:
    return said.wiki(f"`{said.line(text)}`" if "`" not in text else text)


WIKI = told.Markup(
    said.wiki,
    _code,
    lambda text: f"h3. {text}",
    lambda entries: "\n".join(said.listed(entries, "* ")),
    lambda text: text,
)
"""How Jira writes (its wiki markup, which the import turns into its own format)."""
