"""The commands of a command line, read as operations on what they name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ...brief import Passage, plain
from ..facts import Field
from . import fields, words
from .lexicon import CREATE, DELETE, LIST, UPDATE
from .phrases import Noun
from .roster import Roster

_CALL = re.compile(r"^\s*(?:\$\s+|>\s+)?(?:\./)([\w.-]+)\s+(\S.{0,300})$|^\s*\$\s+([a-z][\w.-]+)\s+(\S.{0,300})$")
_TOOLS = frozenset(
    [
        "gradlew",
        "mvnw",
        "configure",
        "make",
        "npm",
        "yarn",
        "pip",
        "docker",
        "cd",
        "ls",
        "mkdir",
        "git",
        "brew",
        "apt",
        "node",
        "python",
        "python3",
        "java",
        "bash",
        "sh",
        "cmake",
        "cargo",
        "go",
        "curl",
        "wget",
        "sudo",
        "export",
        "source",
        "run.sh",
        "build.sh",
    ]
)
_FOR = re.compile(
    r"(?i)\b(compulsory|required|mandatory|available|optional|supported)?\s*(?:options|parameters|arguments|flags) for (?:an? |the )?([a-z][\w ]{1,30}?)\s*(?:\(|:|$)"
)
_FLAG = re.compile(r"-{1,2}([A-Za-z][\w-]*)(?:[= ]([A-Z][A-Z_]{1,30}|<[\w-]+>|\w+))?")
_ASSIGN = frozenset(["assign", "set", "link", "connect", "attach"])


@dataclass
class Command:
    """One command line: its ``verb``, what it is for, its flags, the options listed for it, and the passages it stands in."""

    verb: str
    target: Noun
    flags: tuple[Field, ...]
    purpose: str
    sources: tuple[str, ...]
    options: list[Field] = field(default_factory=list)


def commands(passages: Sequence[Passage], roster: Roster) -> list[Command]:
    """Every command whose target is or becomes an entity of ``roster``; their listed options become its fields."""
    found: list[Command] = []
    current: list[Command] = []
    wanted: tuple[Noun, bool] | None = None
    intro = ""
    for passage in passages:
        text = plain(passage.text[:4000])
        calls = [call for line in passage.text.splitlines()[:200] if (call := _call(line, passage.id, intro, roster))]
        if passage.kind == "heading":
            current, wanted, intro = [], None, text
        elif calls:
            current = [command for call in calls for command in call]
            found += current
            wanted = None
        elif opening := _FOR.search(text):
            target = roster.means(words.one(opening.group(2))) or words.one(opening.group(2))
            wanted = (target, (opening.group(1) or "").lower() in ("compulsory", "required", "mandatory"))
        elif wanted and (listed := fields.options(passage, wanted[1])):
            for command in current:
                if command.target == wanted[0]:
                    command.options += listed
                    command.sources = tuple(dict.fromkeys((*command.sources, passage.id)))
            intro = intro or text
        else:
            intro = text if text.endswith(":") else intro
    _described(found, roster)
    return found


def _call(line: str, source: str, intro: str, roster: Roster) -> list[Command]:
    hit = _CALL.match(line)
    if not hit or (hit.group(1) or hit.group(3)) in _TOOLS:
        return []
    rest = hit.group(2) or hit.group(4)
    bare = re.split(r"\s+[-\[<]", rest)[0].split()
    if not bare or bare[0].lower() in ("command", "help", "version"):
        return []
    verb, targets = bare[0].lower(), [word for word in bare[1:] if word != "|"]
    flags = tuple(_flag(name, place, source) for name, place in _FLAG.findall(rest))
    if targets and words.base(verb, CREATE | LIST | UPDATE | DELETE):
        return [
            Command(verb, roster.means(words.one(target)) or words.one(target), flags, intro, (source,))
            for target in targets
            if re.fullmatch(r"[A-Za-z][\w-]*", target)
        ]
    kept = roster.means(words.one(verb)) or next(
        (name for name in roster if len(name) == 1 and name[0].startswith(verb) and len(verb) > 3), None
    )
    if kept and targets:
        doing = targets[0].lower()
        known = "add" if doing in _ASSIGN else doing
        return (
            [Command(known, kept, flags, intro, (source,))]
            if words.base(known, CREATE | LIST | UPDATE | DELETE)
            else []
        )
    return []


def _flag(name: str, place: str, source: str) -> Field:
    spelt = (
        place.strip("<>").lower().replace("-", "_")
        if place and re.search(r"(?i)_id>?$", place)
        else name.replace("-", "_")
    )
    return Field(
        spelt,
        "integer" if spelt.endswith("_id") or spelt == "id" else fields.typed(spelt),
        True,
        f"-{name} {place}".strip(),
        (source,),
    )


def _described(found: Sequence[Command], roster: Roster) -> None:
    """Give the entities of ``roster`` the options of their commands, and make kinds of a thing (1 for student) mean the thing."""
    for command in found:
        entity = roster.get(command.target) or roster.note(command.target, command.sources[0], 10, True)
        if entity is None:
            continue
        first = next(
            (
                other
                for other in found
                if other.target == command.target and words.base(other.verb, CREATE) and other.options
            ),
            command,
        )
        for source in command.sources:
            entity.seen(source, 1)
        if command is first and command.options:
            entity.fields = fields.merged(entity.fields, command.options)
        for made in entity.fields:
            for kind in re.findall(r"\b\d+ (?:for|=|is) ([a-z]+)", made.meaning):
                roster.aliases[(words.singular(kind),)] = command.target
    for entity in roster.values() if found else ():
        entity.fields = tuple(_pointing(made, roster) for made in entity.fields)


def _pointing(made: Field, roster: Roster) -> Field:
    target = (
        roster.means((made.name[:-3],), strict=True)
        if made.name.endswith("_id")
        else roster.means((made.name,), strict=True)
        if made.references
        else None
    )
    kind = "integer" if made.name == "id" or made.name.endswith("_id") else made.type
    return Field(
        made.name,
        kind,
        made.required,
        made.meaning,
        made.sources,
        made.values,
        made.example,
        words.pascal(target) if target else "",
        made.personal,
    )
