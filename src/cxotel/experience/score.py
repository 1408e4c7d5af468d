"""From a ledger to a number that explains itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cxotel.experience.rules import DEFAULT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cxotel.experience.evidence import Where
    from cxotel.experience.ledger import Ledger
    from cxotel.experience.rules import Rules


@dataclass(frozen=True, slots=True)
class Reason:
    """One cause of lost points; ``str()`` gives it as a person would say it."""

    dimension: str
    where: Where
    reason: str
    points: float
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Blame:
    """The system that took most, and its share (0..1) of all that was lost."""

    layer: str | None
    system: str | None
    step: str | None
    share: float


@dataclass(frozen=True, slots=True)
class Score:
    """A score with its class, its coverage and its reasons.

    Args:
        value: The published whole number, 0..100; None below the coverage floor.
        r: The rating on the E-model's scale; None below the coverage floor.
        class_: The class of `value`.
        coverage: Share of the channel's dimensions that evidence could speak on.
        lost: Points per dimension, every dimension that lost any.
        reasons: All causes, the worst first; per dimension their points sum to `lost`.
        blame: Who took most, if anybody took enough.
        algorithm: Name of the method.
    """

    value: int | None
    r: float | None
    class_: str
    coverage: float
    lost: Mapping[str, float]
    reasons: tuple[Reason, ...]
    blame: Blame | None
    algorithm: str


def score(ledger: Ledger, rules: Rules = DEFAULT) -> Score:
    """Score *ledger*."""
    return Score(None, None, "unclassified", 0.0, {}, (), None, rules.algorithm)
