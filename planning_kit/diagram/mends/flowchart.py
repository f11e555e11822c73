"""What mends a flowchart."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..said import Fault
from .remedy import LONGEST, Remedies, Remedy, shown

_CLOSERS = {
    "(((": (")))",), "((": ("))",), "([": ("])",), "[[": ("]]",), "[(": (")]",), "{{": ("}}",), "[/": ("/]", "\\]"), "[\\": ("\\]", "/]"),
    "[": ("]",), "(": (")",), "{": ("}",), ">": ("]",),
}  # fmt: skip
_OPENER = re.compile(r"(?<=[\w-])(?:\(\(\(|\(\(|\(\[|\[\[|\[\(|\{\{|\[/|\[\\|\[|\(|\{|(?<=\w)>)")
_FOLLOWS = re.compile(r"\s*(?:$|;|:::|&|@\{|[<xo]?(?:--|-\.|==|~~~))")
_SPECIAL = (re.compile(r"[()\[\]{}<>@\"|/\\]|\b(?:end|default)\b"), re.compile(r"[;#]"))
_ARROW = re.compile(r"(\s*(?:<?-{2,}[->ox]?|<?-\.+->?|<?={2,}>?|&)\s*(?:\|[^|]*\|)?\s*)")
_STATEMENT = re.compile(
    r"\s*(?:subgraph|end\s*;?\s*$|style|linkStyle|classDef|class\s+\w|click|direction|graph\s|flowchart\s|%%)"
)
"""Lines whose first word is Mermaid's."""
_LABEL = re.compile(r"\"[^\"]*\"|\|[^|]*\||\[[^\]]*\]|\([^)]*\)|\{[^}]*\}")
_RESERVED = re.compile(r"(?<![\w\"|-])(end|graph|subgraph|default|style|class|click|call|href)(?![\w\"|-])")


def quotes_its_labels(line: str, message: str) -> Remedies:
    """Labels with brackets, quotes or slashes are put in quotes."""
    for special in _SPECIAL:
        if made := _labels_quoted(line, special):
            yield made[0], f"put the label in quotes: {shown(made[1])}"


def _labels_quoted(line: str, special: re.Pattern[str]) -> tuple[str, str] | None:
    """The line with its special labels in quotes, and the first of them; nothing if there is none."""
    made, first, last, at = [], "", 0, 0
    while opener := _OPENER.search(line, at):
        at = opener.end()
        for open_ in (opener[0], opener[0][:1]):
            start = opener.start() + len(open_)
            if (end := _label_ends(line, start, _CLOSERS[open_])) is None:
                continue
            label = line[start : end[0]]
            bare = label.strip()
            inner = bare[1:-1] if len(bare) > 1 and bare[0] == bare[-1] == '"' else bare
            if special.search(label) and not (label.strip() == f'"{inner}"' and '"' not in inner):
                new = '"' + inner.replace('"', "#quot;") + '"'
                made += [line[last:start], new]
                last = end[0]
                first = first or f"{_name(line, opener.start())}{open_}{new}{end[1]}"
            at = end[0]
            break
    return ("".join([*made, line[last:]]), first) if made else None


def _name(line: str, end: int) -> str:
    found = re.search(r"[\w-]+$", line[:end])
    return found[0] if found else ""


def _label_ends(line: str, start: int, closers: tuple[str, ...]) -> tuple[int, str] | None:
    """Where the label that begins at ``start`` ends: at the first closing bracket after which an arrow or nothing comes."""
    for at in range(start, len(line)):
        for closer in closers:
            if line.startswith(closer, at) and _FOLLOWS.match(line, at + len(closer)):
                return at, closer
    return None


def quotes_text_on_its_arrows(line: str, message: str) -> Remedies:
    """The text on an arrow is put in quotes."""
    new = re.sub(r'\|([^|"]*)\|', lambda found: f'|"{found[1].strip()}"|', line)
    if new != line:
        yield new, f"put the text on the arrow in quotes: {shown(new)}"
    new = re.sub(r'(--|==|-\.)\s+([^"|<>=-][^"|<>]*?)\s+(--+>|==+>|\.-+>|---)', r'\1 "\2" \3', line)
    if new != line:
        yield new, f"put the text on the arrow in quotes: {shown(new)}"


def quotes_all_its_texts(line: str, message: str) -> Remedies:
    """Labels and the texts on arrows are put in quotes together."""
    made = _labels_quoted(line, _SPECIAL[0])
    for new, _ in quotes_text_on_its_arrows(made[0], message) if made else ():
        yield new, f"put labels and the text on arrows in quotes: {shown(new)}"


def quotes_titles_of_groups(line: str, message: str) -> Remedies:
    """The title of a subgraph is put in quotes."""
    if titled := re.match(r"(\s*subgraph\s+[\w-]+\s*\[)([^\"].*)\]\s*$", line):
        new = f'{titled[1]}"{titled[2]}"]'
        yield new, f"put the title in quotes: {shown(new)}"
        return
    if (found := re.match(r"(\s*subgraph\s+)([^\[\"]+?)\s*$", line)) or (
        found := re.match(r"(\s*subgraph\s+)([^\"]+?)\s*$", line)
    ):
        yield f'{found[1]}"{found[2]}"', f"put the title in quotes: {shown(f'subgraph {chr(34)}{found[2]}{chr(34)}')}"


def closes_its_brackets(line: str, message: str) -> Remedies:
    """A bracket or a quote that is not closed is closed."""
    if line.count('"') % 2:
        for found in re.finditer(r"[\])}]+(?=\s*(?:$|--|-\.|==|&))", line):
            new = f'{line[: found.start()]}"{line[found.start() :]}'
            yield new, f"close the quote: {shown(new)}"
    for opener, closer in (("[", "]"), ("(", ")"), ("{", "}")):
        if line.count(opener) > line.count(closer):
            new = re.sub(
                rf"(\w{re.escape(opener)}[^\[\]()|{{}}]*?)(\s*)((?:--|-\.|==|&).*|$)", rf"\1{closer}\2\3", line, count=1
            )
            yield new, f"close the bracket: {shown(new)}"
        elif line.count(closer) > line.count(opener):
            at = line.rfind(closer)
            new = line[:at] + line[at + 1 :]
            yield new, f"leave out the {closer!r} that closes nothing: {shown(new)}"


def draws_its_arrows(line: str, message: str) -> Remedies:
    """Arrows of other notations become arrows."""
    for wrong, right in (
        (r"\s*→\s*", " --> "),
        (r"(?<![-=.<~])->>?(?!>)", "-->"),
        (r"-->>", "-->"),
        (r"(\|[^|]*\|)>", r"\1"),
        (r"(?<![=<])=>", "==>"),
        (r"<--(?![-\w>])", "---"),
        (r"--->?>>", "-->"),
    ):
        new = re.sub(wrong, right, line)
        if new != line:
            yield new, f"draw the arrow as {right.strip() if right[0] != chr(92) else '-->|text|'!r}: {shown(new)}"
    if found := re.match(r"(\s*)(\S+)\s*(--+>|==+>|-\.+->)\s*([^\s:]+)\s*:(?!:)\s*(.+?)\s*$", line):
        new = f'{found[1]}{found[2]} {found[3]}|"{found[5]}"| {found[4]}'
        yield new, f"put the text on the arrow: {shown(new)}"


def names_no_node_by_a_reserved_word(lines: list[str], fault: Fault) -> Iterator[Remedy]:
    """A node that is called like a word of Mermaid gets a capital letter, wherever it stands."""
    for at in (fault.line, fault.line - 1):
        line = lines[at - 1] if 1 <= at <= len(lines) else ""
        words = _RESERVED.findall(line) if len(line) <= LONGEST and not _STATEMENT.match(line) else []
        if words:
            named = re.compile(rf"(?<![\w\"|-]){words[0]}(?![\w\"|-])")
            new = [each if _STATEMENT.match(each) else _capitalised(each, named) for each in lines]
            called = words[0].capitalize()
            yield Remedy(
                new, f"write the node {words[0]!r} with a capital letter, {called!r}: the word is Mermaid's own"
            )


def _capitalised(line: str, named: re.Pattern[str]) -> str:
    """``line`` with a capital where a node is ``named``; in labels the word stays as it is."""
    if len(line) > LONGEST:
        return line
    labels = [found.span() for found in _LABEL.finditer(line)]
    return named.sub(
        lambda found: found[0] if any(at < found.start() < end for at, end in labels) else found[0].capitalize(), line
    )


def names_its_nodes_in_one_word(line: str, message: str) -> Remedies:
    """A node whose name has spaces gets an id of one word."""
    if re.match(r"\s*(?:subgraph|style|linkStyle|classDef|class|click|direction|end)\b", line):
        return
    parts = _ARROW.split(line)
    made = []
    for part in parts:
        text = part.strip()
        if re.fullmatch(r"[^\W\d_][\w.,'()/-]*(?: [\w.,'()/&-]+)+", text):
            id = "".join(word.capitalize() for word in re.findall(r"\w+", text))
            made.append(part.replace(text, f'{id}["{text}"]'))
        else:
            made.append(
                re.sub(
                    r"^(\s*)([^\W\d_]\w*(?: \w+)+)(?=[\[({])",
                    lambda found: found[1] + found[2].title().replace(" ", ""),
                    part,
                )
            )
    new = "".join(made)
    if new != line:
        yield new, f"give the node an id of one word, and its name as a label: {shown(new)}"


REMEDIES = (
    quotes_all_its_texts,
    quotes_its_labels,
    quotes_text_on_its_arrows,
    draws_its_arrows,
    quotes_titles_of_groups,
    closes_its_brackets,
    names_its_nodes_in_one_word,
)
