"""How the operations of the contract behave: transactions, repetition, pagination, versions."""

from __future__ import annotations

from ..basis import Basis
from ..draft import Draft


def write(basis: Basis) -> Draft:
    """The API design on the contract as it stands."""
    raise NotImplementedError
