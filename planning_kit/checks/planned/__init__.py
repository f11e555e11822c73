"""What research and an implementation plan owe: evidence, options, phases that follow from each other."""

from . import decided, phased, researched

CHECKS = {**decided.CHECKS, **phased.CHECKS, **researched.CHECKS}
"""By the name a consultant asks for it."""
