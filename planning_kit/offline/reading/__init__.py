"""What a brief says, found by rule: every fact with the passages it came from."""

from .whole import read

__all__ = ["read"]
