"""What a brief says, found by rule: every fact with the passages it came from."""

from .remembered import read

__all__ = ["read"]
