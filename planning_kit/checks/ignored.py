"""Comments by which a person silences a rule in a document; they count only where :attr:`About.ignores` says so.

``<!-- planning-kit: ignore RULE, RULE -->`` on a line of its own is about the block that follows, at the end of a line about
that line; ``ignore-file`` on a line of its own is about the whole document. In a file that is one artefact it is the
file's own comment: ``-- planning-kit: ignore RULE``; there a block ends at an empty line.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ..document import Document, Finding
from ..errors import nearest
from .about import About
from .artefact import is_markdown

SAYS = "planning-kit:"
MOST = 1000
"""The most comments that are read in one document."""
EXIST = "names-rules-that-exist"
UNUSED = "unused"
RULES = {
    EXIST: "Name rules that exist in a comment that silences them.",
    UNUSED: "Leave no comment that silences nothing.",
}
"""The rules about the comments themselves, and what they ask for."""
_OPENS = re.compile(r"^\s*(?:--|#|//|%%|/\*|<!--)\s*$")
_ENDS = ("-->", "*/")
_AROUND = {"bullet_list_open", "ordered_list_open", "blockquote_open"}


@dataclass(frozen=True)
class _Comment:
    """One comment: the ``line`` and ``column`` it is at, the ``first`` and ``last`` line it is about, the ``rules`` it names."""

    line: int
    column: int
    first: int
    last: int
    rules: tuple[str, ...]
    order: str = "ignore"

    def silences(self, finding: Finding) -> bool:
        """Whether it is about ``finding``."""
        return finding.rule in self.rules and (
            self.order == "ignore-file" or (self.order == "ignore" and self.first <= finding.line <= self.last)
        )


def sieve(document: Document, findings: Sequence[Finding], about: About, rules: Collection[str]) -> tuple[Finding, ...]:
    """``findings`` without those a comment of ``document`` silences, where its comments count.

    Args:
        document: the document.
        findings: what is wrong with it.
        about: whether its comments count.
        rules: the names of all rules.
    """
    if not about.ignores or SAYS not in document.text:
        return tuple(findings)
    comments = tuple(islice(_comments(document), MOST))
    kept = tuple(each for each in findings if not any(comment.silences(each) for comment in comments))
    known = {*rules, "can-be-checked"}
    return (*kept, *(wrong for comment in comments for wrong in _wrong(document, comment, findings, known)))


def _wrong(
    document: Document, comment: _Comment, findings: Sequence[Finding], rules: Collection[str]
) -> Iterator[Finding]:
    def say(rule: str, message: str, hint: str) -> Finding:
        return Finding(
            document.name, comment.line, rule, "planning_kit", "warning", message, comment.column, hint
        )  # fmt: skip

    if comment.order not in ("ignore", "ignore-file"):
        yield say(EXIST, f"a comment cannot say {comment.order[:40]!r}", "write 'ignore RULE' or 'ignore-file RULE'")
    elif not comment.rules:
        yield say(EXIST, "this comment names no rule to silence", "name the rule, as in the brackets of a finding")
    else:
        for name in comment.rules:
            if name not in rules:
                near = nearest(name[:60], rules)
                meant = near.removeprefix("; did you mean ").rstrip("?").strip("'") if "did you mean" in near else ""
                hint = f"write {meant}" if meant else "name the rule, as in the brackets of a finding"
                yield say(EXIST, f"there is no rule {name[:60]!r}", hint)
            elif not any(comment.silences(each) and each.rule == name for each in findings):
                where = "in this document" if comment.order == "ignore-file" else "there"
                yield say(UNUSED, f"this comment silences nothing: {name} finds nothing {where}", "take it out")


def _comments(document: Document) -> Iterator[_Comment]:
    if not is_markdown(document):
        yield from _in_a_file(document)
        return
    tokens = MarkdownIt("commonmark").enable("table").disable("inline").parse(document.text)
    blocks = [token for token in tokens if token.map and token.nesting >= 0 and token.type != "inline"]
    starts = [token.map[0] for token in blocks if token.map]
    code = [token.map for token in blocks if token.type in ("fence", "code_block") and token.map]
    inside = {line for first, end in code for line in range(first + 1, end + 1)}
    for number, line in _said(document):
        if number in inside:
            continue
        before, _, rest = line.partition("<!--")
        ended = rest.partition("-->")[2].strip().strip("|").strip()
        if SAYS not in rest or ended:
            continue
        alone = not before.strip().strip(">").strip()
        first, last = _following(blocks[bisect_left(starts, number) :][:MOST], number) if alone else (number, number)
        yield _read(rest, number, len(before) + 1, first, last)


def _following(blocks: Sequence[Token], number: int) -> tuple[int, int]:
    """First and last line of the block after the comment on line ``number``; comments before it are passed over."""
    for token in blocks:
        comment = token.type == "html_block" and SAYS in token.content
        if token.map and token.type not in _AROUND and not comment:
            return token.map[0] + 1, token.map[1]
    return number, number


def _in_a_file(document: Document) -> Iterator[_Comment]:
    for number, line in _said(document):
        at = line.index(SAYS)
        opens = max(line.rfind(mark, 0, at) for mark in ("--", "#", "//", "%%", "/*"))
        if opens < 0 or line[opens:at].strip("-#/%* \t"):
            continue
        last = number
        if alone := bool(_OPENS.match(line[:at])):
            while last < len(document.lines) and document.lines[last].strip():
                last += 1
        yield _read(line[opens:], number, opens + 1, number + 1 if alone else number, last)


def _said(document: Document) -> Iterator[tuple[int, str]]:
    return ((number, line) for number, line in enumerate(document.lines, start=1) if SAYS in line)


def _read(comment: str, number: int, column: int, first: int, last: int) -> _Comment:
    said = comment.partition(SAYS)[2]
    for end in _ENDS:
        said = said.partition(end)[0]
    order, *names = said.replace(",", " ").split() or [""]
    return _Comment(number, column, first, last, tuple(dict.fromkeys(names)), order)
