"""When somebody is called, and what they are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cxotel.operations.alerts import journeys, layers, objectives
from cxotel.operations.rules import Group

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cxotel.operations.goals import Goals


def groups(goals: Goals, scale: float) -> Iterator[Group]:
    """Return all alerts, in groups.

    Args:
        goals: When they speak.
        scale: What windows are multiplied by.
    """
    yield Group("cxotel alerts objectives", tuple(objectives.alerts(goals, scale)))
    yield Group("cxotel alerts journeys", tuple(journeys.alerts(goals, scale)))
    yield Group("cxotel alerts layers", tuple(layers.alerts(goals, scale)))
