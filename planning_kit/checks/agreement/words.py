"""When two names mean the same thing: an entity and its table, a property and its column, a role written two ways."""

from __future__ import annotations

import re
from collections.abc import Iterable

_LONGEST = 2_000
"""So many characters of a cell are read."""


def word(text: str) -> str:
    """What stands in a cell, without marks, citations and remarks in parentheses; of a very long one the beginning."""
    text = re.sub(r"\[[^\]]*\](\([^)]*\))?|\([^)]*\)", " ", re.sub(r"[`*]", "", text[:_LONGEST]))
    return " ".join(text.split())


def snake(name: str) -> str:
    """``bookingDate``, ``Booking date`` and ``BOOKING_DATE`` as ``booking_date``."""
    name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.strip("`\"'[] "))
    return re.sub(r"[\W_]+", "_", name).strip("_").lower()


def flat(name: str) -> str:
    """A column's name as databases that fold it and programs that do not have in common: ``OrderId``, ``order_id`` and ``orderid``."""
    return snake(name).replace("_", "")


def entity(name: str) -> str:
    """What a table, a schema and an entity of one thing have in common: its snake name in the singular, without its database schema."""
    last = snake(name.rpartition(".")[2] or name)
    return (
        re.sub(r"(?<=[a-z])(?:ies)$", "y", last)
        if last.endswith("ies")
        else re.sub(r"(?<=ss|sh|ch)es$|(?<=x)es$|(?<!s)s$", "", last)
    )


def role(name: str) -> str:
    """A role as two ways of writing it have it in common: its words in the singular, in lower case."""
    return " ".join(entity(each) for each in re.split(r"[\W_]+", word(name).casefold()) if each)


def is_role(name: str, among: Iterable[str]) -> bool:
    """Whether a role (as :func:`role` gives it) is one of ``among``, or says more of one, or less: a signed-in member is a member."""
    mine = set(name.split())
    return any(mine <= set(each.split()) or set(each.split()) <= mine for each in among if each)


def path(template: str) -> str:
    """A path without its query, its last slash and the names of its parameters: ``/a/{id}``, ``/a/:id`` and ``/a/<id>`` are one."""
    bare = template.strip("` ").split("?", 1)[0].split("#", 1)[0]
    return re.sub(r"\{[^{}/]*\}|<[^<>/]*>|(?<=/):[A-Za-z_]\w*", "{}", bare).rstrip("/") or "/"


_UNITS = {
    "s": ("seconds", 1.0), "sec": ("seconds", 1.0), "second": ("seconds", 1.0), "ms": ("seconds", 0.001),
    "millisecond": ("seconds", 0.001), "min": ("seconds", 60.0), "minute": ("seconds", 60.0), "h": ("seconds", 3600.0),
    "hour": ("seconds", 3600.0), "day": ("seconds", 86400.0), "week": ("seconds", 604800.0),
    "kb": ("bytes", 1e3), "kib": ("bytes", 1024.0), "mb": ("bytes", 1e6), "mib": ("bytes", 2.0**20), "gb": ("bytes", 1e9), "gib": ("bytes", 2.0**30),
}  # fmt: skip
_QUANTITY = re.compile(r"(?:^|[\s≤<=≥>~])(\d[\d,_]*(?:\.\d+)?)\s*(%|[A-Za-z]+)?(?:\s*(?:/|per)\s*([A-Za-z]+))?")


def quantity(text: str) -> tuple[float, str] | None:
    """The one quantity a cell names, as a number in its base unit and that unit (``rate`` ones with what they are per).

    Nothing when there is none, or more than one.
    """
    found = [each for each in _QUANTITY.finditer(f" {word(text)}")]
    if len(found) != 1:
        return None
    number, unit, per = found[0].groups()
    base, times = _UNITS.get(_singular(unit or ""), (_singular(unit or ""), 1.0))
    return float(re.sub(r"[,_]", "", number)) * times, base + (f"/{_singular(per)}" if per else "")


_DURATION = re.compile(r"(?<![\w.,])(\d[\d,]{0,9}(?:\.\d{1,6})?)\s*([A-Za-z]{1,12})\b")


def durations(text: str) -> frozenset[float]:
    """Every length of time a cell names, in seconds."""
    found = (
        (each[1], _UNITS.get(_singular(each[2]), ("", 1.0)))
        for each in _DURATION.finditer(re.sub(r"[`*]", "", text[:_LONGEST]))
    )
    return frozenset(float(number.replace(",", "")) * times for number, (base, times) in found if base == "seconds")


def _singular(unit: str) -> str:
    lower = unit.lower()
    return lower if lower in _UNITS else lower.removesuffix("s")
