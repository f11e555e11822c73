"""What reviewers sent a plan back with: a rule honours what it can, and what it cannot is said."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..markdown import shorten
from .work import Work

_SPLIT = re.compile(r"(?i)\b(?:split|smaller|too (?:large|big|long)|divide|cut (?:it|up)|break (?:it )?(?:up|down))\b")
_WAITS = re.compile(r"(?i)\b(?:after|wait(?:s)? for|depends? on|once)\b")
_CRITERION = re.compile(
    r"(?i)\b(?:add|must|should|needs?|require[sd]?|criteri\w+|check that|ensure|make sure|test that|missing)\b"
)
_GOES_ON = re.compile(r"(?i)(?:it|they|this|that|these|those|otherwise|so)\b")
_LEAST = 5
"""The shortest part of a task's name that a remark may call it by."""


def heard(made: list[Work], remarks: tuple[str, ...]) -> tuple[list[Work], list[str]]:
    """``made`` as ``remarks`` want it, and a sentence for each remark: what was done, or that no rule could do it."""
    said, numbers = [], {each.key: at * 2 + 1 for at, each in enumerate(made)}
    for number, remark in enumerate(remarks, start=1):
        done = [_done(made, numbers, number, each) for each in _wishes(" ".join(remark.split()))]
        said.append(f"[R{number}] {'; '.join(done)}.")
    return made, said


def _wishes(remark: str) -> list[str]:
    """What a remark asks for, a sentence each; a sentence that only explains the one before stays with it."""
    found: list[str] = []
    for each in re.split(r"(?<=[.!?])\s+(?=[A-Z'\"“])", remark):
        if found and (_GOES_ON.match(each) or not any(kind.search(each) for kind in (_SPLIT, _WAITS, _CRITERION))):
            found[-1] += f" {each}"
        else:
            found.append(each)
    return found


def _done(made: list[Work], numbers: Mapping[str, int], number: int, text: str) -> str:
    """What was done about one wish of remark ``number``; makers are called by the ``numbers`` they had before the first one."""
    named, done = _named(made, numbers, text), ""
    if _SPLIT.search(text) and len(named) == 1:
        done = _split(made, named[0])
    if not done and _WAITS.search(text) and len(named) == 2:
        done = _waits(made, numbers, named, text)
    if not done and _CRITERION.search(text):
        done = _criterion(made, named, number, text)
    return done or f"“{shorten(text, 160)}”: no rule can do this; a person has to"


def _named(made: list[Work], numbers: Mapping[str, int], text: str) -> list[Work]:
    """The makers a remark names, by name, number or what they are about; the longest names first count."""
    low = text.casefold()
    numbered = {int(each) for each in re.findall(r"(?i)\btask\s+#?(\d{1,4})\b", text)}
    found = [
        each for each in made if numbers.get(each.key, -2) in numbered or numbers.get(each.key, -2) + 1 in numbered
    ]
    found += [each for each in made if each not in found and each.name.casefold() in low]
    if not found:
        about = [(each, each.name.partition(" ")[2].removeprefix("the ").casefold()) for each in made]
        found = [
            each for each, name in about if len(name) >= _LEAST and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", low)
        ]
        first = [each for each in found if each.name.startswith("Build")]
        found = first if first and "test" not in low else found
    return found[:4]


def _split(made: list[Work], work: Work) -> str:
    """Two makers of the operations of one; the second works on the files of the first."""
    names = work.delivers["operations"]
    if len(names) < 2:
        return ""
    half = (len(names) + 1) // 2
    keep, move = names[:half], names[half:]
    other = Work(f"{work.key}-more", f"{work.name}: {', '.join(move)[:120]}", f"The rest of '{work.name}': {', '.join(move)}.", work.skill, [work.key], [f"Operations as the contract has them: {', '.join(move)}."], [], [*work.creates, *work.modifies])  # fmt: skip
    other.pattern, other.look = work.pattern, list(work.look)
    other.critical = [each for each in work.critical if any(name in each for name in move) or not any(name in each for name in names)]  # fmt: skip
    work.critical = [each for each in work.critical if any(name in each for name in keep) or not any(name in each for name in names)]  # fmt: skip
    other.expected = list(work.expected)
    other.give("operations", move)
    other.give("requirements", work.delivers["requirements"])
    work.delivers["operations"] = keep
    work.weight = [(points / 2, words) for points, words in work.weight] + [(0, "one half of what it was")]
    other.weight = list(work.weight)
    made.insert(made.index(work) + 1, other)
    for each in made:
        if each is not other and work.key in each.after:
            each.after.append(other.key)
    return f"'{work.name}' was split in two: {', '.join(keep)} first, then {', '.join(move)}"


def _waits(made: list[Work], numbers: Mapping[str, int], named: list[Work], text: str) -> str:
    """One of two makers waits for the other, where that makes no circle: the one that the text names first waits."""
    low = text.casefold()
    one, other = sorted(named, key=lambda each: _place(low, numbers.get(each.key, 0), each))
    if _reaches(made, other, one.key) or made.index(other) > made.index(one):
        return ""
    if other.key not in one.after:
        one.after.append(other.key)
    return f"'{one.name}' waits for '{other.name}'"


def _place(low: str, number: int, work: Work) -> int:
    """Where ``low`` speaks of ``work``, by its name or its number or that of its critique."""
    name = work.name.partition(" ")[2].casefold()
    called = re.search(rf"\btask\s+#?(?:{number}|{number + 1})\b", low) if number else None
    return low.find(name) if name in low else called.start() if called else len(low)


def _reaches(made: list[Work], work: Work, key: str) -> bool:
    """Whether ``work`` waits for ``key``, itself or by others."""
    by_key = {each.key: each for each in made}
    left, seen = [work], set[str]()
    while left:
        each = left.pop()
        for name in each.after:
            if name == key:
                return True
            if name not in seen and name in by_key:
                seen.add(name)
                left.append(by_key[name])
    return False


def _criterion(made: list[Work], named: list[Work], number: int, text: str) -> str:
    """The remark becomes a criterion of the makers it names; of those that build operations where it names none."""
    mine = named or [each for each in made if each.delivers["operations"]] or made[:1]
    for each in mine:
        each.critical.append(f"{shorten(text, 300)} [R{number}]")
    which = ", ".join(f"'{each.name}'" for each in mine[:3]) + (f" and {len(mine) - 3} more" if len(mine) > 3 else "")
    return f"taken as a critical criterion of {which}"
