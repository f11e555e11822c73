"""A Messages API on this machine, for tests and for trying things out: no model, no network, and it ends by itself."""

from .answers import HOSTILE, Asked, asked, document
from .bill import Billed, lines
from .scenarios import SCENARIOS
from .server import KEY, Loopback
from .wire import Heard

__all__ = ["HOSTILE", "KEY", "SCENARIOS", "Asked", "Billed", "Heard", "Loopback", "asked", "document", "lines"]
