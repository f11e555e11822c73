"""A Messages API on this machine, for tests and for trying things out: no model, no network, and it ends by itself."""

from .answers import HOSTILE, Asked, asked, document
from .server import KEY, Heard, Loopback

__all__ = ["HOSTILE", "KEY", "Asked", "Heard", "Loopback", "asked", "document"]
