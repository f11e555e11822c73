"""A whole answer, in as many turns as it takes: cut ones are gone on with, empty ones asked again, refused ones asked of another model."""

from __future__ import annotations

from dataclasses import replace

from .model import Hear, Reply, Request, Transport, Turn

CUTS = 2
"""How often an answer that used up its length is gone on with."""

PAUSES = 8
"""How often a model that paused in the middle of its searches is asked to go on."""


class Whole:
    """A transport that asks another one, turn by turn; every turn is a question of its own, so none is paid for twice.

    Args:
        transport: whom to ask.
        fallback: the model to ask when the one asked refuses; empty for none.
    """

    def __init__(self, transport: Transport, fallback: str = "") -> None:
        self._transport, self._fallback = transport, fallback

    def send(self, request: Request, hear: Hear) -> Reply:
        """The answer with all its turns; one that stays incomplete, refused or empty says so in its ``stop``.

        Raises:
            ModelStopped: no whole turn came.
            BudgetSpent: the next turn could pass the cap.
        """
        reply = self._turns(request, hear)
        if reply.stop == "empty":
            reply = _after(reply, self._turns(replace(request, again=True), hear))
        if reply.refused and self._fallback not in ("", request.model):
            other = self._turns(replace(request, model=self._fallback), hear)
            reply = _after(reply, other)
        return reply

    def _turns(self, request: Request, hear: Hear) -> Reply:
        reply = said = self._transport.send(request, hear)
        turns: tuple[Turn, ...] = ()
        while _goes_on(request, said, turns):
            turns = (*turns, Turn(said.stop, said.content, len(said.sources)))
            said = self._transport.send(replace(request, turns=turns), hear)
            cut = said.stop == "empty" and turns[-1].stop == "max_tokens"  # nothing more came of an answer that was cut
            stop = "max_tokens" if cut else said.stop
            text, sources = reply.text + said.text, reply.sources + said.sources
            reply = replace(_after(reply, said), text=text, sources=sources, stop=stop)
        return reply


def _goes_on(request: Request, said: Reply, turns: tuple[Turn, ...]) -> bool:
    """Whether there is something to hand back, and enough patience left."""
    if not said.content:
        return False
    if said.stop == "pause_turn":
        return sum(turn.stop == "pause_turn" for turn in turns) < PAUSES
    cuts = sum(turn.stop == "max_tokens" for turn in turns)
    return cuts < CUTS and bool(said.text.strip()) and not request.schema


def _after(first: Reply, then: Reply) -> Reply:
    """``then``, with what ``first`` took as well."""
    return replace(
        then,
        usage=first.usage + then.usage,
        lost=first.lost + then.lost,
        seconds=round(first.seconds + then.seconds, 3),
        attempts=first.attempts + then.attempts,
    )
