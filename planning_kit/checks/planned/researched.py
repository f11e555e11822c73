"""One session of research."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from ...document import Document
from ..about import About
from ..evidence import cited_in
from ..wrong import Wrong, Wrongs
from .reading import Part, column, plain, rows, tables, under

_SHOWN = re.compile(
    r"(?i)\[(?:[PRQAS]\d{1,5}[,;\s]{0,3})+\]|[\w.)\]-]:\d+\b|not verified|\]\(|\bno code ?base\b|\bassumed\b|https?://"
)
"""What shows where a finding comes from, or says that nothing does."""
_EMPTY = re.compile(r"[\s–—.-]*|(?i:n/?a|tbd)")
_LEVEL = re.compile(r"(?i)\b(?:high|medium|low)\b")
_SMALL = frozenset(
    (
        "the",
        "and",
        "with",
        "for",
        "from",
        "into",
        "one",
        "own",
        "its",
        "that",
        "this",
        "each",
        "per",
        "our",
        "not",
        "use",
        "using",
        "via",
        "option",
        "variant",
        "alternative",
        "approach",
    )
)
_KINDS = r"option|variant|alternative|approach|choice|way|solution"
_LABEL = re.compile(rf"(?i:(?:{_KINDS})\s{{1,3}})?([A-Z]|\d{{1,2}})(?:\s{{0,3}}[:.)–—-]|\s{{0,3}}$)")
"""What an option is called beside its name: ``Option 2: …``, ``B – …``."""
_THERE = re.compile(
    r"(?i)\b(?:code ?base|code|digest|repositor(?:y|ies)|existing|modules?|components?|routes?|models?|greenfield|scratch|anew|new system)\b"
)
_NOTHING = re.compile(
    r"(?i)\b(?:no|not|none|nothing|without|nowhere|never|neither|greenfield|scratch|anew|lacks?|missing|absent)\b"
)


def concludes_its_research(document: Document, about: About) -> Wrongs:
    """Under 'Findings' give each row its evidence ([S1], path:line, [P3], or 'not verified'), under 'Options' at least two with what speaks for and against each, under 'Recommendation' name one of them, and under 'Confidence' say high, medium or low, and why."""
    yield from _evidenced(document)
    options = list(_options(document))
    yield from _weighed(document, options)
    if (held := under(document, "Recommendation")) and options:
        said = frozenset(_words(held.said))
        if not any(_named(name, plain(held.said), said) or _labelled(name, held.said) for _, name, *_ in options):
            some = ", ".join(repr(name[:60]) for _, name, *_ in options[:4])
            yield Wrong(held.line, "the recommendation names none of the options", f"name one of {some}, and why", 1)
    if held := under(document, "Confidence"):
        if not _LEVEL.search(held.said[:2_000]):
            yield Wrong(held.line, "the confidence is not said to be high, medium or low", "say which, and why", 1)
        elif len(re.findall(r"\w+", held.said[:2_000])) < 5:
            yield Wrong(held.line, "the confidence is not explained", "say why, and what would make it surer", 1)


def _evidenced(document: Document) -> Wrongs:
    held = under(document, "Findings")
    found = 0
    for table in tables(document, held) if held else ():
        at = column(table, "Evidence")
        for line, row in rows(table) if at is not None else ():
            found += 1
            if not _SHOWN.search(row[at] if at is not None and at < len(row) else ""):
                hint = "cite one like [S1] or [P3], name path:line, or write 'not verified'"
                yield Wrong(line, f"the finding {row[0][:60]!r} has no evidence", hint, 1)
    if held and not found:
        yield Wrong(held.line, "there is no finding", "add rows to the table | Finding | Evidence |", 1)


def _options(document: Document) -> Iterator[tuple[int, str, str, str]]:
    """Each option: its line, its name, what speaks for it and against it."""
    held = under(document, "Options")
    for table in tables(document, held) if held else ():
        at = [column(table, name) for name in ("Option", "For", "Against")]
        for line, row in rows(table):
            cells = [row[each].strip() if each is not None and each < len(row) else "" for each in at]
            if at[0] is not None and cells[0]:
                yield line, cells[0], cells[1], cells[2]


def _weighed(document: Document, options: list[tuple[int, str, str, str]]) -> Wrongs:
    held = under(document, "Options")
    if held and len({plain(name) for _, name, *_ in options}) < 2:
        few = "there is no option" if not options else "there is only one option"
        yield Wrong(held.line, few, "weigh at least two ways against each other, one of them may be to do nothing", 1)
    for line, name, speaks, against in options:
        for said, word in ((speaks, "for"), (against, "against")):
            if _EMPTY.fullmatch(said):
                yield Wrong(line, f"nothing is said {word} {name[:60]!r}", f"say what speaks {word} it here", 1)


def _named(name: str, said: str, words: frozenset[str]) -> bool:
    """Whether what is ``said`` names the option: its whole name, or half of the words it is made of."""
    own = _words(name)
    return not own or plain(name) in said or 2 * sum(each in words for each in own) >= len(own)


def _labelled(name: str, said: str) -> bool:
    """Whether what is ``said`` calls the option by the letter or number its name begins with: ``Option 2``, ``B``."""
    label = _LABEL.match(re.sub(r"[*_`]", "", name[:200]).strip())
    if label is None:
        return False
    plainly = re.sub(r"[*_`]", "", said[:20_000])
    kind = rf"(?i:{_KINDS})\s{{1,3}}(?i:{label[1]})(?!\w)"
    after = r"(?=\s{0,3}(?:[.,;:–—(]|$))" if label[1] in "AI" else r"(?!\w)"
    alone = rf"|(?<!\w){label[1]}{after}" if label[1].isalpha() else ""
    return bool(re.search(f"{kind}{alone}", plainly, re.MULTILINE))


def _words(text: str) -> list[str]:
    """The words of ``text`` that tell something, without the ends they are declined by."""
    return [each[:6] for each in re.findall(r"[^\W_]{2,40}", text.casefold()[:4_000]) if each not in _SMALL]


def shows_the_code_it_means(document: Document, about: About) -> Wrongs:
    """Where there is a codebase, name path:line for what is found in it, or say that nothing in it is about this; where there is none, say so and cite none."""
    held = under(document, "Findings") or Part("", 0, len(document.lines), document.text)
    cited = [each for each in cited_in(document) if held.line <= each.line <= held.last]
    if about.code is None:
        for each in cited[:1]:
            said = f"{each.path}:{each.first} cannot be shown: there is no codebase"
            yield Wrong(each.line, said, "take it out, and say that no codebase was given", each.column)
        if not cited and not any(_says_nothing(line) for line in document.lines):
            yield Wrong(held.line, "it is not said that there is no codebase", "say so, and what follows from it", 1)
    elif not cited and not any(map(_says_nothing, held.said.split("\n"))):
        hint = "name path:line as the digest has it, or say that nothing in the codebase is about this"
        yield Wrong(held.line, "no finding names a line of the codebase", hint, 1)


def _says_nothing(line: str) -> bool:
    said = re.sub(r"(?i)not verified", "", line[:2_000])
    return bool(_THERE.search(said) and _NOTHING.search(said))


CHECKS: Mapping[str, Callable[[Document, About], Wrongs]] = {
    "researched": concludes_its_research,
    "codebase-evidenced": shows_the_code_it_means,
}
"""By the name a consultant asks for it."""
