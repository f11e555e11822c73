"""The documents of a service design, written by rule: each rests on the architecture as it stands now."""

from collections.abc import Callable

from ..basis import Basis
from ..draft import Draft

WRITERS: dict[str, Callable[[Basis], Draft]] = {}
"""Who writes for which seat."""
