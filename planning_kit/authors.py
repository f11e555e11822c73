"""Who can be asked: what ``--model`` means here, which models the server knows, and each request to the author it names."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

from . import claude, prices, roles
from .claude import Abilities
from .errors import OptionRefused, nearest
from .model import OFFLINE, Hear, Reply, Request, Transport
from .store import Store

SERVER = "server.json"
"""The file in a run's folder that holds what the server said it can do."""

_FEW = 12
"""Most models of a server that are listed in a message."""


class Authors:
    """A transport that hands a request for ``offline`` to the rule-based author and any other to Claude.

    Each is made when the first request for it comes. Safe to use from several threads.

    Args:
        claude: gives the transport to Claude.
    """

    def __init__(self, claude: Callable[[], Transport]) -> None:
        self._claude = claude
        self._made: dict[bool, Transport] = {}
        self._lock = threading.Lock()

    def send(self, request: Request, hear: Hear) -> Reply:
        """Ask the author that ``request.model`` names.

        Raises:
            BadInput: Claude cannot be asked from here: address or credential are missing.
            BudgetSpent: asking again after a broken try could pass the cap.
            ModelStopped: no complete answer came.
        """
        return self._author(request.model == OFFLINE).send(request, hear)

    def _author(self, offline: bool) -> Transport:
        with self._lock:
            if offline not in self._made:
                self._made[offline] = _offline() if offline else self._claude()
            return self._made[offline]


def resolve_model(said: str) -> str:
    """What ``--model`` means: ``offline``, ``auto`` (by tier) or a model id.

    Raises:
        BadInput: ``PLANNING_KIT_PLATFORM`` names no platform.
    """
    if said == OFFLINE or (said == roles.AUTO and not claude.credentials()):
        return OFFLINE
    return said if said == roles.AUTO else roles.named(said)


def checked(models: Iterable[str]) -> Abilities | None:
    """What the server can do, if it could be asked, when ``models`` can be asked there; ``offline`` always can.

    Raises:
        BadInput: a model the server does not know, or address or credential cannot be used.
    """
    names = [name for name in dict.fromkeys(models) if name and name != OFFLINE]
    if not names:
        return None
    claude.check_server()
    held = claude.credentials()
    if held:
        claude.credential()
    found = claude.ask() if held else None
    for name in names:
        _refuse_unknown(name, found)
    if not held:
        raise OptionRefused(
            f"the model {names[0]} needs a key: set ANTHROPIC_API_KEY (any value for a local server), or use --model offline"
        )
    return found


def abilities(store: Store) -> Abilities | None:
    """What the server that would be asked now can do: as kept in ``store``, else as it says now, and then kept.

    Without a credential nobody can be asked: then what is kept stands, whichever server said it.

    Raises:
        BadInput: address or credential cannot be used.
        Damaged: what was kept cannot be read.
    """
    kept = store.read(SERVER)
    known = Abilities.loaded(kept, str(store.folder / SERVER)) if kept else None
    if not claude.credentials() or (known and known.host == claude.server()):
        return known
    found = claude.ask()
    if found:
        store.replace(SERVER, found.dumped())
    return found


def _refuse_unknown(name: str, found: Abilities | None) -> None:
    if found and found.models:
        if not found.knows(name):
            near = next(
                (near for each in (found.models, roles.tiers()) if "did you mean" in (near := nearest(name, each))), ""
            )
            few = len(found.models) <= _FEW
            some = near or (nearest(name, found.models) if few else f"; it has {len(found.models)} others")
            raise OptionRefused(f"no such model at {found.host}: {name!r}{some}")
    elif claude.is_anthropic() and prices.price(name) is None:
        raise OptionRefused(
            f"no such model: {name!r}{nearest(name, (roles.AUTO, OFFLINE, *roles.tiers(), *prices.known_models()))}"
        )


def _offline() -> Transport:
    from .offline.author import Offline

    return Offline()
