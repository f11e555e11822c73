"""What an operation is for, in a few words: the brief's own sentence where it is short enough."""

from __future__ import annotations

import re

from ..facts import Entity
from . import phrases, shapes, words
from .clauses import Clause


def kebab(entity: Entity) -> str:
    """The entity's collection as a path segment: ``alert-schedules``."""
    return words.snake(words.many(words.parts(entity.name))).replace("_", "-")


def acts(path: str, target: Entity) -> bool:
    """Whether a path ends in an action on one record."""
    last = path.rsplit("/", 1)[-1]
    return path.count("{") == 1 and not path.endswith("}") and shapes.verbal(last) and last != kebab(target)


def sentence(clause: Clause) -> str:
    """The clause's sentence without its requirement mark and full stop."""
    text = re.sub(
        r"\s*\((?:REQUIRED|RECOMMENDED|OPTIONAL)\)\W*$", "", re.sub(r"(?i)^to\s+", "", clause.sentence.text)
    ).rstrip(".")
    text = max(text.split(" | ")[:2], key=len).rstrip(". ")
    return text[:1].upper() + text[1:]


def purpose(clause: Clause, method: str, path: str, target: Entity) -> str:
    """The sentence itself when it is short and about one thing, else what the operation does in a few words."""
    text = sentence(clause)
    told = re.match(r"[A-Z][a-z]+s\b", text) and words.base(text.split()[0], phrases.VERBS) and clause.verbs != ()
    plain = not (told and clause.sentence.kind in ("row", "item")) and not re.search(
        r",|;|:| and (?!date\b|time\b)", text
    )
    if (
        plain
        and len(clause.verbs) < 3
        and len(text) <= 110
        and len(clause.objects) < 2
        and len(clause.after.get("of", ())) < 2
    ):
        return text
    thing = " ".join(words.parts(target.name))
    last = path.rsplit("/", 1)[-1].replace("-", " ")
    if acts(path, target):
        return f"{last.capitalize()} the {thing}"
    if method == "GET" and not path.endswith("}"):
        return f"Search and list {last}"
    article = "an" if thing[:1] in "aeiou" and not re.match(r"user|uni|eu|one", thing) else "a"
    return {
        "POST": f"Create {article} {thing}",
        "GET": f"Read one {thing}",
        "PATCH": f"Change {article} {thing}",
        "PUT": f"Replace {article} {thing}",
        "DELETE": f"Delete {article} {thing}",
    }[method]
