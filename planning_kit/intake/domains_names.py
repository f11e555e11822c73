"""What domains are called: short nouns that can name a folder, spelt as the codebase spells them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from slugify import slugify

from ..codebase import Codebase
from ..offline.reading import words
from .wording import vocabulary

_LONGEST = 40
_EMPTY = vocabulary(
    "a an and the of for to in on with by from or our your my this that is it its build create make write simple "
    "small new system service api backend application app platform management module feature features component "
    "requirements prd mvp web rest restful http server project functional specification spec please want need we i "
    "us solution tool where which who manage managing handling support interface functionality using must should "
    "can lets let endpoint add adds expose write customers users customer user people download show list get "
    "often always never once lost tired run running keep having something like going would about returns return as endpoints their needs sign up"
)


def short(title: str) -> str:
    """``title`` as a short noun: at most three telling words in lower case, joined by '-'; ``service`` when none is left."""
    plain = re.sub(r"^[\dIVX]{1,4}(?:[.)]\d*)*\s+", "", re.sub(r"(?<=\w)['’](?:m|s|d|re|ve|ll|t)\b", "", title))
    parts = [word for word in re.split(r"[^a-z0-9]+", str(slugify(plain, separator=" "))) if word]
    telling = [word for word in parts if word not in _EMPTY and not word.isdigit() and len(word) > 1] or parts
    name = "-".join(telling[:3])
    return (name if len(name) <= _LONGEST else name[:_LONGEST].rsplit("-", 1)[0]) or "service"


def distinct(wanted: str, taken: set[str]) -> str:
    """``wanted``, or with the first number from 2 that makes it new; it is taken from now on."""
    name, number = wanted, 1
    while name in taken:
        number += 1
        name = f"{wanted}-{number}"
    taken.add(name)
    return name


def spelling(name: str, codebase: Codebase | None) -> str:
    """``name`` as a folder of the codebase spells it: one or several of the same thing, else ``name`` itself."""
    wanted = words.one(name)
    for folder in _folders(codebase) if codebase else ():
        if words.one(folder) == wanted:
            spelt = re.sub(r"[^a-z0-9]+", "-", "-".join(words.parts(folder))).strip("-")
            return spelt or name
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:_LONGEST].strip("-") or "service"


def _folders(codebase: Codebase) -> Iterator[str]:
    """The names of the folders and modules the codebase is known by, in the order they were found."""
    paths = [package.path for package in codebase.packages]
    paths += [e.path for p in codebase.packages for s in p.statements for e in s.evidence]
    paths += [quoted.path for quoted in codebase.quoted]
    for path in dict.fromkeys(paths):
        for part in path.split("/"):
            yield part.split(".")[0]
