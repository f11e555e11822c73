"""What mends the other kinds of diagram, and any of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

from ..said import Fault
from .remedy import Remedies, Remedy, shown


def leaves_out_fences(line: str, message: str) -> Remedies:
    """A line of backticks within a diagram is left out."""
    if re.match(r"\s*(?:`{3,}|~{3,})", line):
        yield "", "leave the line of backticks out"


def comments_by_percent(line: str, message: str) -> Remedies:
    """Comments begin with ``%%``."""
    if found := re.match(r"(\s*)(?://|#|--\s|/\*)\s*(.*)$", line):
        yield f"{found[1]}%% {found[2]}", f"write the comment as '%% {shown(found[2])}'"
    elif (found := re.match(r"(.*?\S)\s+(?://|#\s|%%)\s*([^\"]*)$", line)) or (
        found := re.match(r"(.*?\S)\s*(//)[^\"]*$", line)
    ):
        yield found[1], "put the comment on a line of its own, as '%% …'"


def begins_with_its_kind(lines: list[str], fault: Fault) -> Iterator[Remedy]:
    """The first word is the kind of diagram that is nearest, or what stands before the diagram is left out."""
    kind = re.search(r"begin it with '([\w-]+)'$", fault.hint)
    at = fault.line - 1
    if not 0 <= at < len(lines) or not lines[at].strip():
        return
    if kind:
        yield Remedy([*lines[:at], re.sub(r"\S+", kind[1], lines[at], count=1), *lines[at + 1 :]], fault.hint)
    yield Remedy([*lines[:at], "", *lines[at + 1 :]], f"leave the line {shown(lines[at])!r} out", True)
    for first, sign in (
        ("sequenceDiagram", "->>"),
        ("erDiagram", "||--"),
        ("stateDiagram-v2", "[*]"),
        ("flowchart TD", "-->"),
    ):
        if any(sign in line for line in lines):
            yield Remedy([*lines[:at], first, *lines[at:]], f"begin it with {first!r}", True)


def names_its_states(line: str, message: str) -> Remedies:
    """The id of a state is one word of letters, digits and ``_``."""
    head, colon, text = line.partition(":")
    new = re.sub(r"(?<=\w)-(?=\w)", "_", head)
    if new != head:
        yield new + colon + text, f"write '_' for '-' in the ids of states: {shown(new + colon + text)}"
    new = re.sub(r"\[\s*\*\s*\]|\(\*\)|\((?:start|end)\)", "[*]", head)
    if new != head:
        yield new + colon + text, f"write a start or an end as [*]: {shown(new + colon + text)}"
    for wrong in (r"\s*→\s*", r"\s*-->>\s*", r"(?<!-)\s*->\s*", r"\s*=+>\s*"):
        new = re.sub(wrong, " --> ", head)
        if new != head:
            yield new + colon + text, f"draw the transition as -->: {shown(new + colon + text)}"
    if found := re.match(r"(\s*.+?--+>)\|([^|]*)\|\s*(.+?)\s*$", line):
        new = f"{found[1]} {found[3]} : {found[2]}"
        yield new, f"write the label after a colon: {shown(new)}"
    if found := re.match(r"(\s*.*?-->)\s*([^:]+?)\s*(:.*)?$", line):
        word = "".join(re.findall(r"\w+", found[2].title()))
        new = f"{found[1]} {word} {found[3] or ''}".rstrip()
        yield new, f'give the state an id of one word, and its name by: state "{shown(found[2])}" as {word}'
    new = head + colon + re.sub(r"[:;{}\[\]]", " ", text)
    if new != line:
        yield new, "leave ':', ';' and brackets out of the label"


def writes_its_tasks(line: str, message: str) -> Remedies:
    """A task is its name, a colon, and when."""
    if ":" not in line:
        if found := re.match(r"(.*?\S)\s+((?:after\s+\w+|\d{4}-\d\d-\d\d|\d+[dwhm]).*)$", line):
            yield f"{found[1]} :{found[2]}", f"put a colon between name and time: {shown(f'{found[1]} :{found[2]}')}"
        yield f"{line.rstrip()} :1d", f"write when it is, after a colon: {shown(line)} :id, 2026-01-05, 3d"


def quotes_its_arguments(line: str, message: str) -> Remedies:
    """Texts in the brackets of a C4 statement stand in quotes, separated by commas; what holds others opens a brace."""
    if "wants '{'" in message and re.match(r"\s*(?:\w*Node\w*|\w*Boundary)\s*\(.*\)\s*$", line):
        inside = f'{line.rstrip()} {{\n    Container(inside, "inside")\n}}'
        yield inside, f"it holds others, so put in braces what runs there: {shown(line)} {{ Container(…) }}"
    if found := re.match(r"(\s*)(Person|System|Container|Component)(?!_Boundary)\w*(\(.*\)\s*\{\s*)$", line):
        new = f"{found[1]}{'Container' if found[2] in ('Container', 'Component') else 'System'}_Boundary{found[3]}"
        yield new, f"write what holds others as a boundary: {shown(new)}"
    if not (found := re.match(r"(\s*\w+)\s*\((.*)\)\s*(\{?)\s*$", line)):
        if re.match(r"\s*\w+\s*\([^)]*$", line):
            yield f"{line.rstrip()})", f"close the bracket: {shown(line)})"
            yield f'{line.rstrip()}")', f"close quote and bracket: {shown(line)}{chr(34)})"
        return
    parts = [part.strip() for part in re.findall(r'\s*"[^"]*"\s*|[^,"]+', found[2]) if part.strip()]
    first, *rest = parts or [""]
    made = [first, *(part if part.startswith(("$", '"')) or re.fullmatch(r"[A-Za-z_]\w*", part) and at == 0 and "Rel" in found[1] else f'"{part}"' for at, part in enumerate(rest))]  # fmt: skip
    new = f"{found[1]}({', '.join(made)}){' {' if found[3] else ''}"
    yield new, f"put texts in quotes, with commas between: {shown(new)}"


def quotes_its_slices(line: str, message: str) -> Remedies:
    """A slice of a pie is a quoted text and a number."""
    if found := re.match(r"\s*\"?([^\":]+?)\"?\s*:\s*([\d.,]+)\s*\S*\s*$", line):
        new = f'    "{found[1]}" : {found[2].replace(",", "")}'
        yield new, f"write the name in quotes and a bare number: {shown(new)}"


def scores_its_steps(line: str, message: str) -> Remedies:
    """A step of a journey is its name, its score and who takes it."""
    if ":" not in line:
        yield f"{line.rstrip()}: 3: User", f"write score and actors after colons: {shown(line)}: 3: User"


def merges_a_branch_that_is_there(lines: list[str], fault: Fault) -> Iterator[Remedy]:
    """A branch is merged by the name it was made with."""
    at = fault.line - 1
    found = re.match(r"(\s*)merge\s+(\S+)(.*)", lines[at]) if 0 <= at < len(lines) else None
    branches = [made[1] for line in lines if (made := re.match(r"\s*branch\s+(\S+)", line))]
    for near in get_close_matches(found[2], branches, n=1) if found else ():
        new = f"{found[1]}merge {near}{found[3]}" if found else ""
        yield Remedy([*lines[:at], new, *lines[at + 1 :]], f"merge a branch that is there: merge {near}")


def branches_before_it_checks_out(line: str, message: str) -> Remedies:
    """A branch is made once, before it is checked out, and merged into another one."""
    if "existing branch" in message and (found := re.match(r"(\s*)branch\s+(\S+)", line)):
        yield f"{found[1]}checkout {found[2]}", f"it is there already, so check it out: checkout {found[2]}"
    if "into itself" in message and (found := re.match(r"(\s*)merge\s+(\S+)", line)):
        yield f"{found[1]}checkout main\n{line}", f"check out the branch that takes {found[2]!r} in before it: checkout main"  # fmt: skip
    if found := re.match(r"(\s*)(?:checkout|switch)\s+(\S+)", line):
        yield f"{found[1]}branch {found[2]}", f"make the branch first: branch {found[2]}"
    if found := re.match(r"(\s*commit)\s+(?:-m\s+)?\"?([^\":]+)\"?\s*$", line):
        yield f'{found[1]} id: "{found[2]}"', f'name the commit with: commit id: "{shown(found[2])}"'


def hangs_below_one_root(line: str, message: str) -> Remedies:
    """Everything in a mindmap is indented below its one root; texts with brackets stand in quotes."""
    if "root" in message:
        yield f"    {line}", "indent what comes after the first node: a mindmap has one root"
    if found := re.match(r"(\s*)(?:[\w]+)?[\[({]*\"?(.+?)\"?[\])}]*\s*$", line):
        text = line.strip()
        yield (
            f'{found[1]}id_["{text.replace(chr(34), "#quot;")}"]',
            f'put the text in quotes, with an id before: id1["{shown(text)}"]',
        )


def stays_between_0_and_1(line: str, message: str) -> Remedies:
    """A point's name stands in quotes, and its place is between 0 and 1."""
    if found := re.match(r"(\s*)\"?(.+?)\"?\s*:\s*\[?\s*(-?[\d.]+)\s*,\s*(-?[\d.]+)\s*\]?(.*)$", line):
        yield (
            f'{found[1]}"{found[2]}": [{found[3]}, {found[4]}]{found[5]}',
            f'put the name in quotes: "{shown(found[2])}": [{found[3]}, {found[4]}]',
        )
        yield f'{found[1]}"{found[2]}": [0.5, 0.5]', "give both coordinates as numbers from 0 to 1"
    elif found := re.match(r"(\s*(?:title|x-axis|y-axis|quadrant-\d)\s+)([^\"]+?)(?:\s*(-->)\s*([^\"]+?))?\s*$", line):
        new = f'{found[1]}"{found[2]}"' + (f' --> "{found[4]}"' if found[3] else "")
        yield new, f"put the text in quotes: {shown(new)}"


def quotes_what_it_says(line: str, message: str) -> Remedies:
    """Texts stand in quotes."""
    if found := re.match(r"(\s*[\w-]+\s*:?\s+)([^\"\[]+?)\s*$", line):
        yield f'{found[1]}"{found[2]}"', f"put the text in quotes: {shown(f'{found[1]}{chr(34)}{found[2]}{chr(34)}')}"
    if found := re.match(r"(.*?\[)([^\]\"]*)(\].*)$", line):
        quoted = ", ".join(f'"{part.strip()}"' for part in found[2].split(","))
        yield f"{found[1]}{quoted}{found[3]}", f"put the texts in quotes: {shown(f'{found[1]}{quoted}{found[3]}')}"
    bare = re.sub(r"[()\[\]{}:;#]", " ", line)
    if bare != line and ":" not in line:
        yield bare, "leave brackets and ';' out of the text"


def begins_where_the_last_ends(line: str, message: str) -> Remedies:
    """The fields of a packet follow each other."""
    if (wanted := re.search(r"should start from (\d+)", message)) and (found := re.match(r"(\s*)\d+(.*)$", line)):
        new = f"{found[1]}{wanted[1]}{found[2]}"
        yield new, f"begin the field where the last one ends: {shown(new)}"


def quotes_its_front_matter(line: str, message: str) -> Remedies:
    """A value with a colon in front matter stands in quotes."""
    if "front matter" in message and (found := re.match(r"(\s*[\w-]+:\s+)(.+?)\s*$", line)):
        new = f'{found[1]}"{found[2].replace(chr(34), chr(39))}"'
        yield new, f"put the value in quotes: {shown(new)}"


PACKET = (begins_where_the_last_ends,)
STATE = (names_its_states,)
GANTT = (writes_its_tasks,)
C4 = (quotes_its_arguments,)
PIE = (quotes_its_slices, quotes_what_it_says)
JOURNEY = (scores_its_steps,)
GIT = (branches_before_it_checks_out,)
MINDMAP = (hangs_below_one_root,)
QUADRANT = (stays_between_0_and_1,)
QUOTES = (quotes_what_it_says,)


def names_its_requirements(line: str, message: str) -> Remedies:
    """Names of requirements are one word, texts stand in quotes."""
    new = re.sub(r"(?<=\w)-(?=\w)", "_", line)
    if new != line:
        yield new, f"write '_' for '-' in names: {shown(new)}"
    yield from quotes_what_it_says(line, message)


def draws_its_edges(line: str, message: str) -> Remedies:
    """An edge says at which side of each service it ends; a title with more than words stands in quotes."""
    if "parent does not exist" in message and (found := re.match(r"(\s*).*\bin\s+(\w+)\s*$", line)):
        made = f"group {found[2]}(cloud)[{found[2]}]"
        yield f"{found[1]}{made}\n{line}", f"name a group that is declared, or declare it before: {made}"
    if found := re.match(r"(\s*)([\w-]+)\s*(?:<?--?>?)\s*([\w-]+)\s*$", line):
        new = f"{found[1]}{found[2]}:R --> L:{found[3]}"
        yield new, f"say at which side of each the edge ends (L, R, T, B): {shown(new)}"
    if found := re.match(r"(.*?\[)([^\]\"]*)(\].*|)$", line):
        new = f'{found[1]}"{found[2]}"{found[3] or "]"}'
        yield new, f"put the title in quotes: {shown(new)}"
        words = " ".join(re.findall(r"\w+", found[2]))
        new = f"{found[1]}{words}{found[3] or ']'}"
        yield new, f"write the title with letters and digits only: {shown(new)}"


def draws_its_links(line: str, message: str) -> Remedies:
    """A link of blocks is an arrow with two dashes."""
    new = re.sub(r"(?<!-)->", "-->", line)
    if new != line:
        yield new, f"draw the arrow as -->: {shown(new)}"


REQUIREMENT = (names_its_requirements,)
ARCHITECTURE = (draws_its_edges,)
BLOCK = (draws_its_links,)
