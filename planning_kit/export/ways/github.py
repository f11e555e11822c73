"""Issues for GitHub: one JSON body for each maker, and a script that has them created once each, each naming those it waits for.

A maker and its critique are one issue: the work is done when the review of it has passed, so the review stands in it as a list to tick,
and no second issue waits for the first to be closed. The bodies are those of the REST API's *Create an issue*
(https://docs.github.com/rest/issues/issues#create-an-issue): ``title``, ``body``, ``labels``, and nothing it does not know.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from importlib.resources import files
from itertools import chain, count

from ...run import Run
from . import said, told
from .handed import Handed
from .work import Piece, Work, work

WAY = "github-issues"
TITLE = 200
"""The longest title, in characters; GitHub takes 256."""
BODY = 60_000
"""The longest body, in characters; GitHub takes 65,536."""


def handed(run: Run) -> Handed:
    """The issues of the run's task plan.

    Raises:
        OptionRefused: the run has no task plan.
        BadInput: its task plan cannot be read.
    """
    own = work(run, WAY)
    names = _names(own)
    issues = {f"{number(piece.order)}-{names[piece.order]}.json": issue(piece, own) for piece in own.pieces}
    texts = {f"issues/{name}": json.dumps(each, ensure_ascii=False, indent=2) + "\n" for name, each in issues.items()}
    texts["issues.txt"] = "".join(f"{name}\n" for name in issues)
    texts["labels.txt"] = "".join(
        f"{each}\n" for each in sorted({each for piece in own.pieces for each in labels(piece)})
    )
    texts["create-issues.sh"] = files(__package__).joinpath("create-issues.sh").read_text("utf-8")
    note = "in a clone of the repository, run: sh PLACE/create-issues.sh (needs gh, signed in); it may be run again, what is created is in created.tsv"
    return Handed(texts, (note,))


def _names(own: Work) -> Mapping[int, str]:
    """What each piece is called in the name of its file; no two alike, since the script knows by it what it created before the plan was numbered anew."""
    found: dict[int, str] = {}
    taken: set[str] = set()
    for piece in own.pieces:
        name = said.name(piece.task.task_name)
        found[piece.order] = next(each for each in chain([name], (f"{name}-{at}" for at in count(2))) if each not in taken)  # fmt: skip
        taken.add(found[piece.order])
    return found


def issue(piece: Piece, own: Work) -> dict[str, object]:
    """One maker as the body of a request. ``[task 003]`` in it becomes the number GitHub gives that issue, once there is one."""
    body = "\n\n".join(_body(piece, own)) + "\n"
    if len(body) > BODY:
        body = f"{body[:BODY].rsplit(chr(10), 1)[0]}\n\nCut here: the whole is in the plan.\n"
    return {"title": said.line(piece.task.task_name, TITLE), "body": body, "labels": list(labels(piece))}


def labels(piece: Piece) -> tuple[str, ...]:
    """What a piece is found by: its skill, its wave, whether the whole waits for it."""
    last = ("critical-path",) if piece.critical else ()
    return tuple(dict.fromkeys(("planned", said.name(piece.task.skill_id), f"wave-{piece.wave}", *last)))


def number(order: int) -> str:
    """A task's number, so wide that names sort by it."""
    return f"{order:03d}"


def _body(piece: Piece, own: Work) -> Iterator[str]:
    if piece.needs:
        yield f"Depends on {', '.join(f'[task {number(each)}]' for each in piece.needs)}."
    yield from told.maker(piece, MARKDOWN)
    for each in piece.critiques:
        yield f"## Review (task {each.task_order}, {MARKDOWN.code(each.skill_id)})"
        yield from told.prose(each.description, MARKDOWN)
        about = each.inputs.validation_criteria or piece.task.validation_criteria
        ticked = [
            *told.criteria(about, MARKDOWN),
            *(f"Looked for: {said.markdown(look)}" for look in each.inputs.look_for or ()),
        ]
        yield "\n".join(said.listed(ticked, "- [ ] "))


def _code(text: str) -> str:
    words = said.line(text)
    return f"`{words}`" if "`" not in words else said.markdown(words)


MARKDOWN = told.Markup(
    said.markdown, _code, lambda text: f"## {text}", lambda entries: "\n".join(said.listed(entries)), lambda text: text
)
"""How GitHub writes (GitHub Flavored Markdown)."""
