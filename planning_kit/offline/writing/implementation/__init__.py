"""Research sessions and the implementation plan, written by rule."""

from collections.abc import Callable

from ..basis import Basis
from ..draft import Draft

WRITERS: dict[str, Callable[[Basis], Draft]] = {}
"""Who writes for which seat."""
