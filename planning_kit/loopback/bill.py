"""What the loopback server would have billed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from ..model import Usage


@dataclass(frozen=True)
class Billed:
    """One request that was begun to be answered.

    Attributes:
        digest: SHA-256 of the request's body as it came, 64 hex characters.
        model: the model that was asked.
        seat: the consultant who asked; empty if the request does not say.
        usage: the tokens billed: for an answer that broke off the input, and the output sent until then.
        ended: ``whole``, ``broken``, ``refused`` (before a word was written, which is not billed), or ``open`` while it is written.
    """

    digest: str
    model: str
    seat: str
    usage: Usage
    ended: str

    @property
    def facts(self) -> dict[str, Any]:
        """The entry as plain values."""
        return asdict(self)


@dataclass
class Account:
    """An entry of the bill while its answer is written; ``usage`` is what the whole answer comes to."""

    digest: str
    model: str
    seat: str
    usage: Usage
    output: int = 0
    searches: int = 0
    ended: str = field(default="open")

    def sent(self, output: int, searches: int) -> None:
        """So many tokens and searches have been sent."""
        self.output, self.searches = output, searches

    def whole(self) -> None:
        """The answer is complete."""
        self.sent(self.usage.output, self.usage.searches)
        self.ended = "whole"

    @property
    def billed(self) -> Billed:
        """The entry as it stands."""
        usage = replace(self.usage, output=self.output, searches=self.searches)
        if self.ended == "refused":
            usage = Usage()
        return Billed(self.digest, self.model, self.seat, usage, self.ended)


def lines(billed: Sequence[Billed], cost: Callable[[str, Usage], float], as_of: str) -> tuple[str, ...]:
    """The bill in a few lines for a person: requests, tokens by kind, dollars.

    Args:
        billed: the entries.
        cost: US dollars for a model's tokens; 0.0 for a model without a known price.
        as_of: the day of the prices.
    """
    ended = Counter(entry.ended for entry in billed)
    how = f": {', '.join(f'{number} {name}' for name, number in ended.items())}" if billed else ""
    total = sum((entry.usage for entry in billed), Usage())
    tokens = {
        "input": total.input, "cache write 5m": total.cache_write, "cache write 1h": total.cache_write_1h,
        "cache read": total.cache_read, "output": total.output,
    }  # fmt: skip
    used = [f"{name} {number:,}" for name, number in tokens.items()]
    unknown = sorted({entry.model for entry in billed if entry.usage.output and not cost(entry.model, entry.usage)})
    without = f"; no price is known for {', '.join(unknown)}" if unknown else ""
    dollars = sum(cost(entry.model, entry.usage) for entry in billed)
    return (
        f"answered   {len(billed)} requests{how}",
        f"tokens     {' · '.join(used)} · {total.searches} searches",
        f"billed     ${dollars:.4f} it would have been, at the prices of {as_of}{without}",
    )
