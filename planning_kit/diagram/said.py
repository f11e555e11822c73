"""What Mermaid says against a diagram becomes a place in its source and a sentence.

Mermaid strips front matter, directives and comments before its grammars count lines, and each family of its grammars
(jison, langium) says in its own way where it stumbled.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from difflib import get_close_matches
from typing import Any, NamedTuple

KINDS = (
    "flowchart", "graph", "sequenceDiagram", "erDiagram", "classDiagram", "stateDiagram-v2", "stateDiagram", "C4Context", "C4Container",
    "C4Component", "C4Dynamic", "C4Deployment", "gantt", "journey", "pie", "mindmap", "timeline", "quadrantChart", "gitGraph",
    "requirementDiagram", "sankey-beta", "xychart-beta", "block-beta", "architecture-beta", "kanban", "packet-beta", "radar-beta", "treemap-beta",
)  # fmt: skip
"""The words a diagram may begin with, as Mermaid 11 documents them."""
_HEAD = re.compile(r"([^\S\n\r]*)-{3}\s*[\n\r](.*?)[\n\r]\1-{3}\s*[\n\r]+", re.DOTALL)
_DIRECTIVE = re.compile(r"%{2}{\s*(?:(\w+)\s*:|(\w+))\s*(?:(\w+)|((?:(?!}%{2}).|\r?\n)*))?\s*(?:}%{2})?", re.IGNORECASE)
_COMMENT = re.compile(r"^\s*%%(?!{)[^\n]+\n?", re.MULTILINE)
_ENTITY = re.compile(r"#\w+;")
_MEANT = {
    "SQE": "']'", "PE": "')'", "DIAMOND_STOP": "'}'", "STRUCT_STOP": "'}'", "BLOCK_STOP": "'}'", "STRUCT_START": "'{'", "COLON": "':'",
    "TXT": "': text'", "taskData": "': data'", "ATTRIBUTE_WORD": "a name", "COMMENT": "a quoted comment", "NODE_DEND": "a closing bracket",
    "STR": "a quoted text", "STYLE_SEPARATOR": "':::'", "COMMA": "','", "RBRACE": "'}'", "LBRACE": "'{'", "NEWLINE": "the end of the line",
    "EOF": "the end", "NL": "the end of the line", "SEMI": "';'", "LINK": "an arrow", "ACTOR": "a participant", "UNICODE_TEXT": "", "?": "", "left_of": "'left of'", "right_of": "'right of'",
}  # fmt: skip


class Fault(NamedTuple):
    """Why a diagram is none: a sentence, ``line`` and ``column`` of its source (from 1; column 0: not known), what mends it.

    ``mended`` is the source with that done, where it changes no word; empty where somebody has to decide.
    """

    message: str
    line: int
    column: int = 0
    hint: str = ""
    mended: str = ""


class _Kept:
    """What Mermaid keeps of a source, and where each character of it came from."""

    def __init__(self, source: str) -> None:
        self.text = source
        self._from: list[int] = list(range(len(source)))
        for _ in range(2):  # as Mermaid does: what one pass uncovers the next one takes
            if head := _HEAD.match(self.text):
                self._cut(0, head.end())
            self._each(_DIRECTIVE)
            self._each(_COMMENT)
            self._cut(0, len(self.text) - len(self.text.lstrip()))
        self._each(_ENTITY, lambda entity: "ﬂ°" + ("°" if entity[1:-1].isdigit() else "") + entity[1:-1] + "¶ß")

    def _cut(self, start: int, end: int) -> None:
        self.text = self.text[:start] + self.text[end:]
        del self._from[start:end]

    def _each(self, rule: re.Pattern[str], instead: Callable[[str], str] = lambda found: "") -> None:
        texts, places, last = [], [], 0
        for found in rule.finditer(self.text):
            new = instead(found[0])
            texts += [self.text[last : found.start()], new]
            places += [*self._from[last : found.start()], *[self._from[found.start()]] * len(new)]
            last = found.end()
        if last or texts:
            self.text = "".join([*texts, self.text[last:]])
            self._from = [*places, *self._from[last:]]

    def offset(self, line: int, column: int) -> int:
        """The offset of a line (from 1) and column (from 0) of :attr:`text`."""
        start = 0
        for _ in range(line - 1):
            following = self.text.find("\n", start) + 1
            if not following:
                return len(self.text)
            start = following
        return min(start + max(0, column), len(self.text))

    def origin(self, offset: int) -> int:
        """Where that character stands in the source; at the end of what is written there for one past the end."""
        if offset < len(self._from):
            return self._from[offset]
        kept = len(self.text.rstrip())
        return self._from[kept - 1] + 1 if kept else 0


def placed(source: str, raw: dict[str, Any]) -> Fault:
    """The fault Mermaid describes in ``raw``, at its place in ``source``."""
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    message = str(raw.get("message") or "?")
    if raw.get("name") == "UnknownDiagramError":
        return _unknown(source)
    if mark := raw.get("mark"):
        head = len(source) - len(source.lstrip("\n"))
        return Fault(f"its front matter is not YAML: {message}", int(mark["line"]) + 2 + head, int(mark["column"]) + 1)
    if limit := re.match(r"Edge limit exceeded\. \d+ edges found, but the limit is (\d+)", message):
        said = f"it has more than the {limit[1]} arrows that Mermaid draws in one diagram"
        return Fault(said, 1, hint="divide it into several diagrams")
    kept = _Kept(source)
    at, sentence = _grammar(kept, raw, message) or _elsewhere(kept, raw, message)
    line, column = _position(source, kept.origin(at) if at >= 0 else 0)
    return Fault(sentence, line, column if at >= 0 else 0)


def _position(source: str, offset: int) -> tuple[int, int]:
    before = source[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1


def _unknown(source: str) -> Fault:
    kept = _Kept(source)
    if not (words := kept.text.split(None, 1)):
        if (at := source.find("%%{")) >= 0 and "}%%" not in source:
            return Fault("its directive is never closed", *_position(source, at), "close it with '}%%'")
        return Fault("it is empty", 1, hint="draw something, or remove the block")
    line, column = _position(source, kept.origin(0))
    if words[0] == "zenuml":
        return Fault("'zenuml' is a plug-in that few viewers have", line, column, "draw a sequenceDiagram")
    near = get_close_matches(words[0].lower(), [kind.lower() for kind in KINDS], 1, 0.6)
    kind = next((kind for kind in KINDS if near and kind.lower() == near[0]), "")
    hint = (
        f"begin it with {kind!r}"
        if kind
        else "begin it with what it is: 'flowchart LR', 'sequenceDiagram', 'erDiagram', 'stateDiagram-v2' …"
    )
    return Fault(f"{quoted(words[0])} is no kind of diagram that it knows", line, column, hint)


def _grammar(kept: _Kept, raw: dict[str, Any], message: str) -> tuple[int, str] | None:
    """Offset and sentence of what a grammar stumbled over; nothing if it was none."""
    for found in raw.get("lexer") or ():
        at = kept.offset(int(found["line"]), int(found["column"]) - 1)
        return at, f"{quoted(kept.text[at : at + 1])} is not expected{_after(kept, at)}"
    for found in raw.get("parser") or ():
        expected = _named(re.findall(r"token of type '([^']+)'", str(found["message"])))
        if token := found["at"]:
            at = kept.offset(int(token["line"]), int(token["column"]) - 1)
            return at, _unexpected(kept, at, str(token["text"]), expected)
        return len(kept.text.rstrip()), "it ends too early" + expected
    if message.startswith("Lexical error"):
        return _lexical(kept, message)
    spot = raw.get("hash") or {}
    loc = spot.get("loc")
    if not loc or not message.startswith(("Parse error", "Syntax error")):
        return None
    token, after = str(spot["text"]), kept.offset(int(loc["last_line"]), int(loc["last_column"]))
    if not token or after >= len(kept.text.rstrip()) or kept.text.find(token.rstrip("\n") or "\n", after) < 0:
        return len(kept.text.rstrip()), "it ends too early" + _named(spot.get("expected") or ())
    at = kept.text.find(token.rstrip("\n") or "\n", after)
    return at, _unexpected(kept, at, token, _named(spot.get("expected") or ()))


def _lexical(kept: _Kept, message: str) -> tuple[int, str] | None:
    """A lexer says the line and shows what comes under a caret, without its ends of lines."""
    number = re.search(r"on line (\d+)", message)
    shown = re.search(r"\n(.*)\n(-*)\^", message)
    if not number or not shown:
        return None
    coming = shown[1][len(shown[2]) :].removesuffix("...")
    start = kept.offset(int(number[1]), 0)
    for at in range(start, min(len(kept.text), start + 2_000)):
        if kept.text[at : at + 60].replace("\n", "").startswith(coming):
            return at, f"{quoted(kept.text[at : at + 1].strip() or coming)} is not expected{_after(kept, at)}"
    return start, "it holds a character that is not expected"


def _unexpected(kept: _Kept, at: int, token: str, expected: str) -> str:
    if not token.strip() and "\n" in token:
        return f"the line ends too early{_after(kept, at)}{expected}"
    return f"{quoted(token.strip().split(chr(10))[0]) if token.strip() else 'what comes'} is not expected{_after(kept, at)}{expected}"


def _after(kept: _Kept, at: int) -> str:
    before = re.sub(r"ﬂ°°?(\w+)¶ß", r"#\1;", kept.text[kept.text.rfind("\n", 0, at) + 1 : at]).strip()
    return f" after {quoted(before if len(before) <= 30 else '…' + before[-30:])}" if before else " here"


def _named(expected: Any) -> str:
    """What was expected, if that is little enough to be read."""
    names = [str(each).strip("'") for each in expected]
    readable = dict.fromkeys(
        _MEANT.get(name, f"'{name}'" if not re.fullmatch(r"[A-Z][A-Z_]+", name) else name) for name in names
    )
    shown = [name for name in readable if name]
    return (
        f"; it wants {' or '.join(shown)}"
        if 0 < len(shown) <= 3 and not any(re.fullmatch(r"[A-Z_]{2,}", each) for each in shown)
        else ""
    )


def _elsewhere(kept: _Kept, raw: dict[str, Any], message: str) -> tuple[int, str]:
    """Offset (-1: not known) and sentence of what Mermaid's own code objects to: it names the thing, not its place."""
    sentence = shortened(message)
    if inactive := re.search(r"inactivate an inactive participant \((.+?)\)", message):
        return _first_inactive(kept, inactive[1]), f"{quoted(inactive[1])} is deactivated while it is not active"
    if (at := _branching(kept, message)) >= 0:
        return at, sentence
    named = [str((raw.get("hash") or {}).get("text") or ""), *re.findall(r"[\"'(\[]([^\"'()\[\]]+)[\"')\]]", message)]
    if block := re.search(r"Packet block (\d+)", message):
        named.append(block[1])
    for name in named:
        if name and (places := list(re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", kept.text))):
            return places[-1 if "root" in message else 0].start(), sentence
    if shape := re.search(r"No such shape: (\S+?)\.?$", message):
        return kept.text.find(shape[1]), sentence
    if "property 'style' of undefined" in message and (links := list(re.finditer(r"\blinkStyle\s+(\d+)", kept.text))):
        link = max(links, key=lambda each: int(each[1][:9]))
        return link.start(), f"linkStyle {link[1]} is about an arrow that is not there before it (they count from 0)"
    return -1, sentence


def _branching(kept: _Kept, message: str) -> int:
    """Where a gitGraph merges a branch into itself, or makes one that is there; -1 for another fault."""
    if own := re.search(r"Cannot merge branch '(.+?)' into itself", message):
        places = [each.start() for each in re.finditer(rf"\bmerge\s+\"?{re.escape(own[1])}(?!\S)", kept.text)]
        return places[-1] if places else -1
    if made := re.search(r'create an existing branch.*checkout (.+?)"', message):
        places = [each.start() for each in re.finditer(rf"\bbranch\s+\"?{re.escape(made[1])}(?!\S)", kept.text)]
        return places[1] if len(places) > 1 else -1
    return -1


def _first_inactive(kept: _Kept, who: str) -> int:
    active, at = 0, 0
    for line in kept.text.split("\n"):
        said = line.strip()
        if re.match(rf"activate\s+{re.escape(who)}\s*$", said) or re.search(
            rf"[>x)]>?\s*\+\s*{re.escape(who)}\s*:", said
        ):
            active += 1
        if re.match(rf"deactivate\s+{re.escape(who)}\s*$", said) or re.match(
            rf"{re.escape(who)}\s*-[^:]*[>x)]\s*-\s*[^:>]+:", said
        ):
            active -= 1
        if active < 0:
            return at + len(line) - len(line.lstrip())
        at += len(line) + 1
    return -1


def shortened(message: str) -> str:
    """What Mermaid said, on one line, without the picture of the place."""
    lines = [line.strip() for line in message.splitlines()]
    kept = " ".join(line for line in lines if line and not re.match(r"^\.{3}|^-+\^", line))
    return (kept.removeprefix("Error: ").removesuffix(".") or "?")[:200]


def quoted(text: str) -> str:
    """``text`` as it is named in a sentence."""
    return f"'{text if len(text) <= 40 else text[:40] + '…'}'"
