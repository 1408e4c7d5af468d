"""The files for operators, by name, as text."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from cxotel.operations import alerts, signals, slo
from cxotel.operations.documents import openslo, sloth
from cxotel.operations.plain_yaml import write

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cxotel.operations.goals import Goals
    from cxotel.operations.rules import Group

RECORDINGS: Final = "rules/cxotel-recordings.yml"
ALERTS: Final = "rules/cxotel-alerts.yml"
SLOTH: Final = "slo/sloth.yml"
OPENSLO: Final = "slo/openslo.yml"
GRAFANA: Final = "grafana"
_MADE: Final = "Made by `cxotel dashboards`; change the file of journeys and make it again."


def files(goals: Goals, scale: float = 1.0) -> dict[str, str]:
    """Return everything that is written for operators.

    Args:
        goals: What is wanted.
        scale: What all windows are multiplied by, for a trial that must not take days.

    Returns:
        The text of each file by its path, with `/` between folders.

    Example:
        >>> from cxotel.operations.reading import load
        >>> sorted(files(load()))[-3:]
        ['rules/cxotel-recordings.yml', 'slo/openslo.yml', 'slo/sloth.yml']
    """
    recorded = [*slo.recordings(goals, scale), *signals.recordings(goals, scale)]
    return {
        RECORDINGS: _rules(recorded),
        ALERTS: _rules(alerts.groups(goals, scale)),
        SLOTH: write(sloth(goals), comment=_MADE),
        OPENSLO: write(*openslo(goals), comment=_MADE),
        **dashboards(),
    }


def dashboards() -> dict[str, str]:
    """Return the dashboards for Grafana, by path."""
    folder = Path(__file__).parent / "grafana"
    return {
        f"{GRAFANA}/{path.name}": path.read_text("utf-8") for path in sorted(folder.glob("*.json"))
    }


def _rules(groups: Iterable[Group]) -> str:
    return write({"groups": [group.document for group in groups]}, comment=_MADE)
