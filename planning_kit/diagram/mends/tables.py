"""What mends an entity-relationship diagram and a class diagram."""

from __future__ import annotations

import re

from .remedy import Remedies, shown

_ENDS = r"(?:\|o|\|\||\}o|\}\|)(?:--|\.\.)(?:o\||\|\||o\{|\|\{)"


def writes_type_then_name(line: str, message: str) -> Remedies:
    """An attribute is its type, its name, its keys, and a comment in quotes."""
    if re.search(r"--|\.\.", line) or not re.match(r"\s*[\w\"(]", line):
        return
    bare = line.rstrip().rstrip(",;")
    indent = bare[: len(bare) - len(bare.lstrip())]
    if bare != line.rstrip():
        yield bare, f"leave out what ends the line: {shown(bare)}"
    new = re.sub(r"\b(PK|FK|UK)[ /|&+]+(?=(?:PK|FK|UK)\b)", r"\1, ", bare)
    new = re.sub(r"\b(PK|FK|UK)[ /|&+]+(?=(?:PK|FK|UK)\b)", r"\1, ", new)
    if new != bare:
        yield new, f"put a comma between the keys: {shown(new)}"
    if found := re.match(r"\s*(\w+)\s*:\s*([\w()\[\]]+)\s*(.*)$", bare):
        new = f"{indent}{found[2]} {found[1]} {found[3]}".rstrip()
        yield new, f"write the type, then the name: {shown(new)}"
    if re.fullmatch(r"\s*[\w-]+", bare):
        yield f"{indent}string {bare.strip()}", f"write the type before the name: {shown('string ' + bare.strip())}"
    if found := re.match(r"\s*(PK|FK|UK)\s+(\S+\s+\S+)(.*)$", bare):
        yield (
            f"{indent}{found[2]} {found[1]}{found[3]}",
            f"write the key after the name: {shown(f'{found[2]} {found[1]}{found[3]}')}",
        )
    if found := re.match(r"\s*(\w+)\s*\(([^)]*)\)\s+(\w+)\s*(.*)$", bare):
        said = found[2].replace("'", "").replace('"', "")
        yield f'{indent}{found[1]} {found[3]} "{said}"', f"write what is in brackets as a comment: {shown(f'{found[1]} {found[3]} {chr(34)}{said}{chr(34)}')}"  # fmt: skip
    if found := re.match(r"\s*([\w()\[\],]+)\s+(\w+)\s+((?:(?:PK|FK|UK)\b,?\s*)*)(.+)$", bare):
        said = found[4].replace('"', "").strip("-#%/ ")
        new = f'{indent}{found[1]} {found[2]} {found[3].strip()} "{said}"'.replace("  ", " ") if indent != "  " else f'{indent}{found[1]} {found[2]} {found[3]}"{said}"'  # fmt: skip
        yield new, f"write what is neither type, name nor key as a comment in quotes: {shown(new)}"
    if found := re.match(r"\s*([\w()\[\]]+)\s+(\S+)(.*)$", bare):
        new = f"{indent}{found[1]} {re.sub(r'[^A-Za-z0-9_]+', '_', found[2]).strip('_')}{found[3]}"
        yield new, f"name the attribute with letters, digits and '_': {shown(new)}"
        new = f"{indent}{re.sub(r'[^A-Za-z0-9_]+', '_', found[1]).strip('_')} {found[2]}{found[3]}"
        yield new, f"write the type with letters, digits and '_': {shown(new)}"


def names_its_relations(line: str, message: str) -> Remedies:
    """A relation has a cardinality at each end and a label after a colon."""
    bare = line.rstrip().rstrip(";")
    if found := re.match(rf"(.*{_ENDS}[^:]*?)\s*:?\s*$", bare):
        yield f"{found[1]} : has", f"name the relation after a colon: {shown(found[1])} : has"
    if found := re.match(rf"(.*{_ENDS}[^:]*:)\s*(.+?)\s*$", bare):
        new = f'{found[1]} "{found[2].replace(chr(34), "")}"'
        yield new, f"put the name of the relation in quotes: {shown(new)}"
    if found := re.match(rf"(.*{_ENDS}\s*[^\s:]+)\s+([^:]+)$", bare):
        new = f'{found[1]} : "{found[2].strip()}"'
        yield new, f"name the relation after a colon: {shown(new)}"
    if found := re.match(
        r"(\s*)(\"?[\w -]+?\"?)\s*([|}{o<>.*\d-]*[-.][|}{o<>.*\d-]*)\s*(\"?\w[\w -]*?\"?)\s*(:.*)?$", bare
    ):
        named = found[5] or ": has"
        new = f"{found[1]}{found[2]} ||--o{{ {found[4]} {named}"
        yield new, f"write a cardinality at each end, such as ||--o{{ (one to many): {shown(new)}"
    sides = re.match(rf"(\s*)(.+?)\s*({_ENDS})\s*([^:]+?)\s*(:.*)?$", bare)
    if sides:
        ends = [
            end.strip('"') if re.fullmatch(r'"?[\w-]+"?', end) else f'"{end.strip(chr(34))}"'
            for end in (sides[2], sides[4])
        ]
        new = f"{sides[1]}{ends[0]} {sides[3]} {ends[1]} {sides[5] or ': has'}"
        yield new, f"put a name that is not one word in quotes: {shown(new)}"


def opens_its_entities(line: str, message: str) -> Remedies:
    """An entity is its name and an opening brace."""
    if found := re.match(r"(\s*)(?:entity\s+|table\s+)?([^{]+?)\s*\{\s*$", line):
        name = found[2].strip('"')
        yield f"{found[1]}{name} {{", f"write the name alone: {shown(name)} {{"
        yield (
            f'{found[1]}"{name}" {{',
            f"put a name that is not one word in quotes: {shown(chr(34) + name + chr(34))} {{",
        )
    elif found := re.match(r"(\s*)([\w\"-]+)\s*\(\s*$", line):
        yield f"{found[1]}{found[2]} {{", f"open it with a brace: {shown(found[2])} {{"


def writes_its_classes(line: str, message: str) -> Remedies:
    """A class is the word ``class``, a name of one word and, if wanted, a label."""
    if found := re.match(
        r"(\s*)(?:public\s+|abstract\s+)*(class|interface|enum|abstract|struct|record)\s+\"?([^\"{]+?)\"?\s*(\{?)\s*$",
        line,
    ):
        kind, name = found[2], found[3]
        if kind != "class":
            new = f"{found[1]}class {name}{found[4]}" + (f"\n{found[1]}  <<{kind}>>" if found[4] else "")
            yield new, f"write 'class {name}', and <<{kind}>> on the first line within it"
        bare = re.split(r"\s+(?:extends|implements|:)\s*", name)[0]
        if bare != name:
            yield (
                f"{found[1]}class {bare}{found[4]}",
                f"write 'class {bare}', and what it extends as a relation: {bare} --|> Other",
            )
        word = "".join(re.findall(r"\w+", name.title() if " " in name else name))
        yield (
            f'{found[1]}class {word}["{name}"]{found[4]}',
            f'give the class a name of one word, and its label: class {word}["{name}"]',
        )


def relates_its_classes(line: str, message: str) -> Remedies:
    """A relation is an arrow, with a label after a colon."""
    for wrong, right in (
        (r"(?<![-<|*o.])->(?!>)", "-->"),
        (r"\s*→\s*", " --> "),
        (r"--?\|?>>", "-->"),
        (r"=+>", "-->"),
        (r"-\|>", "--|>"),
    ):
        new = re.sub(wrong, right, line)
        if new != line:
            yield new, f"draw the relation as {right.strip()!r}: {shown(new)}"
    if found := re.match(r"(\s*\S+\s*\S*--\S*)\|([^|]*)\|\s*(\S+)\s*$", line):
        new = f"{found[1]} {found[3]} : {found[2]}"
        yield new, f"write the label after a colon: {shown(new)}"
    new = re.sub(r"<([\w, ]+)>", r"~\1~", line)
    if new != line:
        yield new, f"write what is generic with '~': {shown(new)}"


ER = (writes_type_then_name, names_its_relations, opens_its_entities)
CLASS = (writes_its_classes, relates_its_classes)
