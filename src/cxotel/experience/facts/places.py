"""Whose account a fact goes to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cxotel.experience.ledger import Key

if TYPE_CHECKING:
    from cxotel.experience.evidence import Where


def key_of(dimension: str, where: Where, reason: str, layer: str = "") -> Key:
    """Return the ledger's key for something at *where*.

    Args:
        dimension: What it hurt.
        where: The part of the stack that it belongs to.
        reason: What it was.
        layer: Layer that such a thing belongs to, where neither layer nor system is known.
    """
    if where.layer is None and where.system is None:
        return Key(dimension, layer, "", where.step or "", reason)
    return Key(dimension, where.layer or "", where.system or "", where.step or "", reason)


def known(where: Where) -> tuple[bool, str]:
    """Return what ranks places: one with a system first, then by all that is said of them."""
    return where.system is not None, repr(where)
