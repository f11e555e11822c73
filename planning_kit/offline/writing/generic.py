"""A document for a consultant the rules know nothing about: what the brief says under each heading asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ...brief import Passage
from .draft import Draft
from .markdown import bullets, listing, quote, shorten

_CLOSING = {"assumptions", "open questions", "key decisions", "review remarks"}
_FILLING = "a an and are as at be by for from how in is it of on or our that the this to we what when where which who why with will"
_EMPTY = frozenset(_FILLING.split())
_MOST = 12


def write(feature: str, seat: str, outline: Sequence[str], passages: Sequence[Passage]) -> Draft:
    """For each heading of ``outline`` the passages that speak about it, cited; an open question where there are none.

    A heading that starts with ``# `` or names the document gives the title; the closing sections are written as in every document.
    """
    title, headings = _headings(outline, seat)
    draft = Draft(title if feature.casefold() in title.casefold() else f"{title}: {quote(feature)}")
    draft.assumptions.append(
        "A passage belongs under a heading when it, or the section it stands in, shares a word with it."
    )
    answered: list[str] = []
    for heading in headings:
        found = list(_about(heading, passages))
        if found:
            answered.append(heading)
            rest = len(found) - _MOST
            more = (
                f"{rest} more passages speak about it: {' '.join(f'[{p.id}]' for p in found[_MOST : _MOST + 20])}"
                if rest > 0
                else ""
            )
            draft.add(quote(heading), bullets(f"{quote(shorten(p.plain, 300))} [{p.id}]" for p in found[:_MOST]), more)
        else:
            draft.add(quote(heading), "The brief says nothing about it.")
            draft.ask(f"What is wanted for “{heading}”?", "nothing is decided")
    said = listing([f"“{quote(h)}”" for h in answered], 6)
    silent = len(headings) - len(answered)
    draft.decisions = (
        f"The brief speaks about {said}; it is taken as it stands."
        if answered
        else "Nothing is decided: the brief says nothing about the headings asked for."
    )
    if answered and silent:
        draft.decisions += f" {'One heading is' if silent == 1 else f'{silent} headings are'} open."
    return draft


def _headings(outline: Sequence[str], seat: str) -> tuple[str, list[str]]:
    plain = [(re.match(r"\s*(#*)", line), re.sub(r"\s+", " ", line.strip().lstrip("#")).strip()) for line in outline]
    titles = [name for marks, name in plain if marks and marks.group(1) == "#" and name]
    headings = [
        name
        for marks, name in plain
        if name and not (marks and marks.group(1) == "#") and name.casefold() not in _CLOSING
    ]
    own = re.sub(r"[-_]+", " ", seat).strip().capitalize() or "Notes"
    return quote(titles[0] if titles else own), list(dict.fromkeys(headings))


def _about(heading: str, passages: Sequence[Passage]) -> Iterator[Passage]:
    wanted = _stems(heading)
    for passage in passages:
        if passage.kind in ("heading", "metadata", "rule", "html") or not passage.plain:
            continue
        above = _stems(passage.section[-1]) if passage.section else set()
        if wanted & (_stems(passage.plain) | above):
            yield passage


def _stems(text: str) -> set[str]:
    """The telling words of ``text``, cut to what their forms share."""
    words = (word for word in re.findall(r"[^\W\d_]+", text.casefold()) if word not in _EMPTY)
    return {re.sub(r"(?:ations?|ions?|ing|ies|es|ed|s|y)$", "", word) if len(word) > 4 else word for word in words}
