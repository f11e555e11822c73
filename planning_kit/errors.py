"""What can go wrong, and what merely has to wait.

::

    PlanningError                 .exit_status, one clear line: what, where, what to do
    ├── BadInput             2    the user can mend it: a brief, an option, a file
    │   ├── BriefRefused          the brief cannot be read
    │   ├── CatalogRefused        a consultant or recipe file is broken
    │   ├── FactsRefused          the facts of a run are broken
    │   └── OptionRefused         no such recipe, option, model, run or phase
    ├── Waiting              3    not an error: somebody has to decide first
    │   └── AwaitingApproval
    └── Stopped              4    the model, the machine or a person stopped us; resumable
        ├── ModelStopped          the model gave no complete answer
        ├── BudgetSpent           the next call could pass the cap
        ├── Interrupted           somebody interrupted: nothing more is asked
        ├── RunHeld               another process works on this run
        ├── KernelDied            a notebook did not reach its end
        ├── DiskRefused           a file could not be written
        └── Damaged               a record does not hold what it was written with

Anything else that escapes is a bug (exit status 1).
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class PlanningError(Exception):
    """Root of everything this package raises on purpose; its text is one line for a person."""

    exit_status = 1


class BadInput(PlanningError):
    """Something the user gave cannot be used; the message says what, where and what to do."""

    exit_status = 2


class BriefRefused(BadInput):
    """The brief cannot be read as text, or holds nothing."""


class CatalogRefused(BadInput):
    """A consultant, recipe or template file is broken; the message names file, line and field."""


class FactsRefused(BadInput):
    """A run's facts cannot be read; the message names file, line and field."""


class OptionRefused(BadInput):
    """A name or value that does not exist; the message gives the nearest right one."""


class Waiting(PlanningError):
    """Not an error: the run goes on as soon as somebody has done what the message says."""

    exit_status = 3


class AwaitingApproval(Waiting):
    """A gate is closed; the message says which, why, and what decides it."""


class Stopped(PlanningError):
    """The model or the machine stopped the run; the same command carries it on."""

    exit_status = 4


class ModelStopped(Stopped):
    """The model gave no complete answer."""


class BudgetSpent(Stopped):
    """The next call could cost more than what is left of the budget."""


class Interrupted(Stopped):
    """Somebody interrupted before this was asked; what was under way may still land."""


class RunHeld(Stopped):
    """Another process works on this run; the message says which."""


class KernelDied(Stopped):
    """A notebook's kernel died or ended before its last cell."""


class DiskRefused(Stopped):
    """A file could not be written; what was there before is unharmed."""


class Damaged(Stopped):
    """A record or stored answer no longer holds what it was written with."""


def nearest(wrong: str, right: Iterable[str]) -> str:
    """The end of a 'no such …' message: ``; did you mean 'x'?`` or the list of what there is.

    Args:
        wrong: the name that was not found.
        right: the names that exist.
    """
    names = sorted(right)
    close = difflib.get_close_matches(wrong, names, n=1)
    if close:
        return f"; did you mean {close[0]!r}?"
    return f"; there is {', '.join(names)}" if names else ""
