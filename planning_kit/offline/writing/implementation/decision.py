"""The decision brief: what is built, the decisions that matter, risks, cost and time, each with a link."""

from __future__ import annotations

from ..basis import Basis
from ..draft import Draft


def write(basis: Basis) -> Draft:
    """The decision brief, from the documents as they stand."""
    raise NotImplementedError
