"""What mends a sequence diagram."""

from __future__ import annotations

import re

from .remedy import Remedies, shown

_ARROWS = r"(?:<<)?--?(?:>>|>|x|\))"


def spells_out_semicolons(line: str, message: str) -> Remedies:
    """A ``;`` ends a statement: in a text it is spelled ``#59;``."""
    head, colon, text = line.partition(":")
    new = re.sub(r"(#\w+;)|;", lambda found: found[1] or "#59;", text)
    if colon and new != text:
        yield head + colon + new, f"write the ';' of a text as '#59;': {shown(head + colon + new)}"


def says_what_is_sent(line: str, message: str) -> Remedies:
    """A message has a text after a colon."""
    if ":" not in line and re.search(rf"\S\s*{_ARROWS}\s*\S", line):
        yield f"{line.rstrip()}: text", f"say what is sent, after a colon: {shown(line.rstrip())}: …"


def draws_its_arrows(line: str, message: str) -> Remedies:
    """Arrows of other notations become arrows."""
    head, colon, text = line.partition(":")
    for wrong, right in ((r"\s*[→⇒]\s*", "->>"), (r"\s*=+>+\s*", "->>"), (r"-{3,}>+", "-->>"), (r"--?>>>+", "->>"), (r"\s*-\.-?>+\s*", "-->>"), (r"~+>", "->>")):  # fmt: skip
        new = re.sub(wrong, right, head)
        if new != head:
            yield new + colon + text, f"draw the arrow as {right!r}: {shown(new + colon + text)}"
    if found := re.match(r"(\s*)(\S+)\s*<(--?)<?\s*(\S+)\s*$", head):
        new = f"{found[1]}{found[4]}{found[3]}>>{found[2]}{colon}{text}"
        yield new, f"write who sends first: {shown(new)}"
    if found := re.match(rf"(\s*\S+\s*{_ARROWS})\|([^|]*)\|\s*(\S+)\s*$", line):
        new = f"{found[1]}{found[3]}: {found[2]}"
        yield new, f"write the text after a colon: {shown(new)}"


def places_its_notes(line: str, message: str) -> Remedies:
    """A note says where it stands."""
    if not (found := re.match(r"(\s*)[Nn]ote\s+(.*?)\s*:\s*(.*)$", line)):
        if found := re.match(r"(\s*[Nn]ote\s+(?:over|right of|left of)\s+\S+)\s+(.+)$", line):
            yield f"{found[1]}: {found[2]}", f"write the text after a colon: {shown(f'{found[1]}: {found[2]}')}"
        return
    indent, where, text = found.groups()
    tries = [
        re.sub(r"^(right|left)\s+(?!of\b)", r"\1 of ", where),
        re.sub(r"^over\s+(\w+)(?:\s+and|\s+to)?\s+(\w+)$", r"over \1,\2", where),
    ]
    tries += [f"over {where}", re.sub(r"^(?:right|left) of\s+(\w+\s*,)", r"over \1", where)]
    for new in tries:
        if new != where:
            made = f"{indent}Note {new}: {text}"
            yield made, f"say where the note stands: {shown(made)}"


def names_its_participants(line: str, message: str) -> Remedies:
    """A participant has an id of one word, and a label."""
    if found := re.match(r"(\s*(?:create\s+)?(?:participant|actor)\s+)\"?([^\"]+?)\"?(?:\s+as\s+(.+?))?\s*$", line):
        name, label = found[2], found[3] or found[2]
        id = "".join(re.findall(r"\w+", name.title())) or "A"
        new = f"{found[1]}{id} as {label.strip(chr(34))}"
        yield new, f"give the participant an id of one word, and its name after 'as': {shown(new)}"
        if found := re.match(r"(\s*(?:participant|actor)\s+)(\w+)\s*[:\[(]\s*\"?([^\]\")]+)\"?[\])]?\s*$", line):
            new = f"{found[1]}{found[2]} as {found[3].strip()}"
            yield new, f"write its name after 'as': {shown(new)}"
    new = re.sub(r"(?i)(?<![\w\"])end(?![\w\"])", "End_", line.partition(":")[0]) + "".join(line.partition(":")[1:])
    if line.strip() != "end" and new != line:
        yield new, "give the participant 'end' another name, such as 'End_': the word is Mermaid's own"


def deactivates_what_is_active(line: str, message: str) -> Remedies:
    """Nothing is deactivated twice."""
    if "deactivated" in message:
        new = re.sub(rf"({_ARROWS})\s*-", r"\1", line)
        if new != line:
            yield new, f"leave out the '-' after the arrow: {shown(new)}"
        if re.match(r"\s*deactivate\b", line):
            yield "", "leave this 'deactivate' out"


REMEDIES = (
    spells_out_semicolons,
    deactivates_what_is_active,
    draws_its_arrows,
    says_what_is_sent,
    places_its_notes,
    names_its_participants,
)
