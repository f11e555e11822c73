"""What seats have taken, one by one and together, beside what was expected of them."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from . import prices
from .model import OFFLINE, Usage


@dataclass(frozen=True)
class Expected:
    """What was expected before anything was spent: tokens ``read`` and ``written``, US ``dollars`` where a price is known."""

    read: int
    written: int
    dollars: float | None


@dataclass(frozen=True)
class Line:
    """What one seat has taken.

    Attributes:
        phase: the phase of the recipe that names the seat; empty for a seat the recipe does not know.
        seat: the consultant's name.
        models: who was asked, each once; who will be asked as long as nobody was.
        calls: kept answers.
        usage: tokens of those answers, by kind.
        shares: US dollars by what they were paid for, broken tries left out; see :data:`prices.KINDS`.
        lost: tokens of tries that were broken off, as far as the server had told them.
        lost_dollars: what those come to; they may have been billed.
        broken: how many tries were broken off, as far as that is known: an answer that took several counts one.
        tries: how often it was sent, broken and further turns included.
        seconds: how long the answers took, one after the other.
        priced: whether the price of every model is known; the offline author is free.
        expected: what was expected, if that was noted.
    """

    phase: str
    seat: str
    models: tuple[str, ...] = ()
    calls: int = 0
    usage: Usage = field(default_factory=Usage)
    shares: dict[str, float] = field(default_factory=dict)
    lost: Usage = field(default_factory=Usage)
    lost_dollars: float = 0.0
    broken: int = 0
    tries: int = 0
    seconds: float = 0.0
    priced: bool = True
    expected: Expected | None = None

    @property
    def model(self) -> str:
        """Who was asked, in words."""
        return ", ".join(self.models)

    @property
    def asked(self) -> bool:
        """Whether anything was sent."""
        return self.tries > 0

    @property
    def dollars(self) -> float | None:
        """US dollars as far as prices are known, broken tries included; ``None`` when none is."""
        known = self.priced or any(map(is_priced, self.models))
        return sum(self.shares.values()) + self.lost_dollars if known else None

    @property
    def tokens(self) -> int:
        """Tokens read and written, broken tries included."""
        return self.usage.read + self.usage.output + self.lost.read + self.lost.output

    @property
    def off(self) -> float | None:
        """What it took over what was expected, see :attr:`Sum.off`."""
        return Sum(self.seat, (self,)).off

    @property
    def facts(self) -> dict[str, Any]:
        """Everything about it, as plain values."""
        return {
            "phase": self.phase,
            "seat": self.seat,
            "models": list(self.models),
            "answers": self.calls,
            "tries": self.tries,
            "seconds": round(self.seconds, 2),
            "tokens": asdict(self.usage),
            "dollars": _rounded(self.dollars),
            "dollars_by_kind": {kind: round(dollars, 6) for kind, dollars in self.shares.items()},
            "broken": _broken(self),
            "priced": self.priced,
            "expected": asdict(self.expected) if self.expected else None,
            "off": _rounded(self.off),
        }


@dataclass(frozen=True)
class Sum:
    """Several seats together: those of one phase, or of the run."""

    name: str
    lines: tuple[Line, ...]

    @property
    def calls(self) -> int:
        """Kept answers."""
        return sum(line.calls for line in self.lines)

    @property
    def usage(self) -> Usage:
        """Tokens of those answers, by kind."""
        return sum((line.usage for line in self.lines), Usage())

    @property
    def lost(self) -> Usage:
        """Tokens of tries that were broken off."""
        return sum((line.lost for line in self.lines), Usage())

    @property
    def lost_dollars(self) -> float:
        """US dollars those tries may have been billed, as far as prices are known."""
        return sum((line.lost_dollars for line in self.lines), 0.0)

    @property
    def broken(self) -> int:
        """Tries that were broken off, see :attr:`Line.broken`."""
        return sum(line.broken for line in self.lines)

    @property
    def dollars(self) -> float | None:
        """US dollars as far as prices are known, broken tries included; ``None`` when none is."""
        known = [line.dollars for line in self.lines if line.dollars is not None]
        return sum(known) if known or not self.lines else None

    @property
    def without(self) -> tuple[str, ...]:
        """The seats whose tokens are not, or not all, in :attr:`dollars`, since a price is not known."""
        return tuple(line.seat for line in self.lines if line.asked and not line.priced)

    @property
    def expected(self) -> float | None:
        """US dollars that were expected for all of its seats; ``None`` when nothing was, or no price is known."""
        known = [line.expected.dollars for line in self.lines if line.expected and line.expected.dollars is not None]
        return sum(known) if known else None

    @property
    def off(self) -> float | None:
        """What was taken over what was expected, for the seats that have both: 1.2 is a fifth more.

        In dollars; in tokens when no seat has both in dollars; ``None`` when none has both.
        """
        both = [(line, line.expected) for line in self.lines if line.asked and line.expected]
        paid = [(line.dollars or 0.0, then.dollars) for line, then in both if line.priced and then.dollars is not None]
        pairs = paid or [(float(line.tokens), float(then.read + then.written)) for line, then in both]
        hoped = sum(then for _, then in pairs)
        return sum(now for now, _ in pairs) / hoped if hoped else None

    def told(self, money: bool = True) -> str:
        """What was taken, in words: US dollars, or tokens without ``money``, and how far off the estimate was."""
        if not any(line.asked for line in self.lines):
            return "not asked yet"
        tokens = sum(line.tokens for line in self.lines)
        said = f"${self.dollars:.2f}" if money and self.dollars is not None else f"{tokens:,} tokens"
        if money and self.without:
            said += f" without {', '.join(self.without)}" if self.dollars is not None else ", no price known"
        return ", ".join(filter(None, (said, compared(self.off))))

    @property
    def facts(self) -> dict[str, Any]:
        """Everything about it, as plain values."""
        return {
            "answers": self.calls,
            "dollars": _rounded(self.dollars),
            "tokens": asdict(self.usage),
            "broken": _broken(self),
            "without": list(self.without),
            "expected": _rounded(self.expected),
            "off": _rounded(self.off),
        }


def compared(off: float | None) -> str:
    """How far off an estimate was, in words, given the truth over it; nothing where there is none."""
    if off is None:
        return ""
    if off >= 2:
        return f"{off:.1f} times what was expected"
    percent = round(abs(off - 1) * 100)
    return f"{percent} % {'more' if off > 1 else 'less'} than expected" if percent else "as expected"


def is_priced(model: str) -> bool:
    """Whether what ``model`` costs is known; the offline author costs nothing."""
    return model in ("", OFFLINE) or prices.price(model) is not None


def _broken(those: Line | Sum) -> dict[str, Any]:
    tokens = those.lost.read + those.lost.output
    return {"tries": those.broken, "tokens": tokens, "dollars": round(those.lost_dollars, 6)}


def _rounded(figure: float | None) -> float | None:
    return None if figure is None else round(figure, 6)
