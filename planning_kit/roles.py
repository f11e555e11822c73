"""Who is asked as what: for every seat its model, how hard it tries, how it thinks, and whether it may search the web."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, get_args

from . import claude
from .catalog import Catalog
from .errors import Damaged, OptionRefused, nearest
from .model import OFFLINE, Web
from .recipe import Consultant, Effort, Recipe, Thinking, Tier

AUTO = "auto"
"""The word for 'by tier'."""

SEARCHES = 8
"""Most web searches of one answer unless ``web.searches`` says otherwise: eight sources are what a table of
recommendations cites, at a cent each."""

_MOST_SEARCHES = 100
_BY_SEAT = ("model", "effort", "thinking")
_PLAIN = ("effort", "thinking", "fallback", "web.searches", "web.domains", "lookup")
_VALUES = {"effort": get_args(Effort)[1:], "thinking": get_args(Thinking)[1:], "lookup": ("auto", "off", "on")}
_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+(/[\w./~-]*)?")


@dataclass(frozen=True)
class Role:
    """How a seat is asked: by which ``model``, with which ``effort`` and ``thinking`` (empty: the model's own default), and leave to search."""

    model: str
    effort: str = ""
    thinking: str = ""
    web: Web | None = None

    @property
    def facts(self) -> dict[str, Any]:
        """The role as ``run.json`` holds it."""
        web = {"searches": self.web.searches, "domains": list(self.web.domains)} if self.web else None
        return {"model": self.model, "effort": self.effort, "thinking": self.thinking, "web": web}

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> Role:
        """The role whose :attr:`facts` these are.

        Raises:
            KeyError, TypeError: it is none.
        """
        web = facts["web"]
        leave = Web(int(web["searches"]), tuple(web["domains"])) if web else None
        return cls(str(facts["model"]), str(facts["effort"]), str(facts["thinking"]), leave)


def kept_roles(facts: Any, where: str) -> dict[str, Role]:
    """The roles that a ``run.json`` holds, by seat.

    Args:
        facts: what it says under ``roles``.
        where: how a message names it.

    Raises:
        Damaged: it holds none.
    """
    try:
        return {str(seat): Role.of(role) for seat, role in facts.items()}
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Damaged(f"{where} does not say how its seats are asked; restore it from a copy of the run") from error


def tiers() -> dict[str, str]:
    """Tier → the id of its model on the platform that is asked, from ``models.json``.

    Raises:
        BadInput: ``PLANNING_KIT_PLATFORM`` names no platform.
    """
    table = _table()
    prefix = table["prefixes"].get(claude.platform(), "")
    return {tier: f"{prefix}{table['tiers'][tier]['model']}" for tier in get_args(Tier)}


def as_of() -> str:
    """The day the table of tiers was settled, ISO 8601."""
    return str(_table()["as_of"])


def named(said: str) -> str:
    """The model id that ``said`` means: a tier's, or itself."""
    return tiers().get(said, said)


def is_general(key: str) -> bool:
    """Whether a setting is one every recipe takes, and none of the recipe's own."""
    return key in _PLAIN or key.partition(".")[0] in (*_BY_SEAT, "web")


def general(recipe: Recipe) -> tuple[str, ...]:
    """The settings every recipe takes, those by seat spelled out for ``recipe``."""
    return (*_PLAIN, *(f"{key}.{seat}" for key in _BY_SEAT for seat in seats(recipe)))


def seats(recipe: Recipe) -> tuple[str, ...]:
    """Everybody who sits in ``recipe``, in order, each once."""
    return tuple(dict.fromkeys(seat for phase in recipe.phases for seat in phase.seats))


def cast(recipe: Recipe, catalog: Catalog, said_model: str, settings: Mapping[str, str]) -> dict[str, Role]:
    """The role of every seat of ``recipe``.

    What a seat is told by name wins over ``said_model``, that over the consultant's tier, that over the recipe's.

    Args:
        recipe: who sits where.
        catalog: the consultants.
        said_model: ``auto`` (by tier), ``offline``, a tier or a model id.
        settings: what was set with ``--set``; what is not general is passed over.

    Raises:
        OptionRefused: no such seat, or a value that cannot be used; names the nearest.
    """
    said = checked(recipe, settings)
    leave = web(said)
    return {seat: _role(catalog.consultants[seat], recipe, said_model, said, leave) for seat in seats(recipe)}


def checked(recipe: Recipe, settings: Mapping[str, str]) -> dict[str, str]:
    """The general ones of ``settings``, every key and value of which can be used.

    Raises:
        OptionRefused: it cannot.
    """
    said = {key: value.strip() for key, value in settings.items() if is_general(key)}
    for key, value in said.items():
        first, _, seat = key.partition(".")
        if key == "model":
            raise OptionRefused(
                f"--set model={value}: for every seat write --model {value}; for one --set model.SEAT={value}"
            )
        if key not in general(recipe):
            names = seats(recipe) if first in _BY_SEAT else ()
            near = nearest(seat, names) if seat and names else nearest(key, general(recipe))
            raise OptionRefused(f"no such {'seat' if names else 'option'}: {key!r}{near}")
        _check(key, value, _VALUES.get(first, ()))
    web(said)
    return said


def web(settings: Mapping[str, str]) -> Web | None:
    """Leave to search the web as ``settings`` give it; none when no searches are allowed.

    Raises:
        OptionRefused: ``web.searches`` is no number from 0 to 100, or ``web.domains`` names something else than hosts.
    """
    searches, domains = settings.get("web.searches", str(SEARCHES)), settings.get("web.domains", "")
    if not (searches.isascii() and searches.isdigit() and int(searches[:9]) <= _MOST_SEARCHES):
        raise OptionRefused(f"--set web.searches={searches}: give a number from 0 (no search) to {_MOST_SEARCHES}")
    hosts = tuple(dict.fromkeys(host.strip().lower() for host in domains.split(",") if host.strip()))
    for host in hosts:
        if not _HOST.fullmatch(host):
            raise OptionRefused(
                f"--set web.domains: {host!r} is not a host name like 'postgresql.org' (no scheme, no port)"
            )
    return Web(int(searches), hosts) if int(searches) else None


def fallback(settings: Mapping[str, str]) -> str:
    """The id of the model to ask when one refuses; empty for none."""
    return named(settings.get("fallback", "").strip())


def lookup(roles: Mapping[str, Role], settings: Mapping[str, str]) -> bool:
    """Whether package indexes may be asked: as ``settings`` say, else when any seat is a model's."""
    said = settings.get("lookup", "auto").strip()
    return any(role.model != OFFLINE for role in roles.values()) if said == "auto" else said == "on"


def models(roles: Mapping[str, Role]) -> tuple[str, ...]:
    """The model ids in use, each once, in the order of the seats."""
    return tuple(dict.fromkeys(role.model for role in roles.values()))


def phrase(names: Iterable[str]) -> str:
    """Model ids in words: ``a``, ``a and b``, ``a, b and c``; ``offline`` for none."""
    *most, last = list(names) or [OFFLINE]
    return f"{', '.join(most)} and {last}" if most else last


def _role(who: Consultant, recipe: Recipe, said_model: str, said: Mapping[str, str], leave: Web | None) -> Role:
    model = said.get(f"model.{who.name}") or (said_model if said_model != AUTO else who.tier or recipe.tier)
    model = named((who.tier or recipe.tier) if model == AUTO else model)
    if model == OFFLINE:
        return Role(OFFLINE)
    ways = {way: said.get(f"{way}.{who.name}") or said.get(way) or getattr(who, way) for way in ("effort", "thinking")}
    return Role(model, **ways, web=leave if who.web else None)


def _check(key: str, value: str, values: tuple[str, ...]) -> None:
    if values and value not in values:
        raise OptionRefused(f"--set {key}={value}: no such value{nearest(value, values)}")
    empty = not value and key not in ("fallback", "web.domains")
    if empty or (not key.startswith("web.") and any(not letter.isprintable() or letter.isspace() for letter in value)):
        raise OptionRefused(f"--set {key}={value!r}: give a value without blanks")


@cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = json.loads(files(__package__).joinpath("models.json").read_text(encoding="utf-8"))
    return table
