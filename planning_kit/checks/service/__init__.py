"""What a service design owes: the architecture, its tests, its delivery, its observability, its skeleton and its register."""

from . import architecture, delivery, joined, registry, signals, skeleton, tested

CHECKS = {
    **architecture.CHECKS,
    **delivery.CHECKS,
    **joined.CHECKS,
    **registry.CHECKS,
    **signals.CHECKS,
    **skeleton.CHECKS,
    **tested.CHECKS,
}
"""By the name a consultant asks for it."""
EVIDENCE = {**delivery.EVIDENCE, **signals.EVIDENCE, **tested.EVIDENCE}
"""By the same name: what a document holds of it, and on which line."""
