"""Colours and limits: those of standards, and of vendors who publish theirs.

What nobody has set a limit for, such as a share of abandoned journeys, gets no colour: what is good
there is the operator's to say, by an objective.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from grafana_foundation_sdk.models.dashboard import Threshold

from cxotel.semconv import CxExperienceClassValues as Class
from cxotel.semconv import CxMediaModelValues as Model

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NEUTRAL: Final = "text"
GOOD: Final = "green"
WARNING: Final = "orange"
BAD: Final = "red"

CLASSES: Final[Mapping[str, tuple[str, str]]] = {
    Class.VERY_SATISFIED.value: ("very satisfied, from 90", "dark-green"),
    Class.SATISFIED.value: ("satisfied, 80 to 89", "green"),
    Class.SOME_DISSATISFIED.value: ("some dissatisfied, 70 to 79", "yellow"),
    Class.MANY_DISSATISFIED.value: ("many dissatisfied, 60 to 69", "orange"),
    Class.NEARLY_ALL_DISSATISFIED.value: ("nearly all dissatisfied, 50 to 59", "red"),
    Class.NOT_RECOMMENDED.value: ("not recommended, below 50", "dark-red"),
    Class.UNCLASSIFIED.value: ("unclassified: too little was observed", "text"),
}
"""Class to what it is called and its colour. Source: ITU-T G.109, table 1."""

_COLOURS: Final = tuple(colour for _, colour in list(CLASSES.values())[:6])[::-1]
_LIMITS: Final = (50, 60, 70, 80, 90)
_MOS: Final = (2.58, 3.1, 3.6, 4.03, 4.34)

R_SCALES: Final[Mapping[str, float]] = {
    Model.G107.value: 1,
    Model.G107_1.value: 1.29,
    Model.G107_2.value: 1.48,
}
"""Model to how much longer its scale of R is.

Source: ITU-T G.107.1, clause 7 (129 instead of 100), and G.107.2, clause 7 (148).
"""


def score() -> list[Threshold]:
    """Return the limits of the classes. Source: ITU-T G.109, table 1."""
    return _steps(_LIMITS)


def rating(model: str) -> list[Threshold]:
    """Return the limits of R on a model's scale. Source: ITU-T G.107, table B.1."""
    return _steps([round(limit * R_SCALES[model], 1) for limit in _LIMITS])


def opinion() -> list[Threshold]:
    """Return the limits of MOS. Source: ITU-T G.107, table B.1."""
    return _steps(_MOS)


def above(warning: float, bad: float | None = None) -> list[Threshold]:
    """Return limits of what is worse the more it is.

    Args:
        warning: From where it is watched.
        bad: From where it is bad.
    """
    steps = [Threshold(None, GOOD), Threshold(warning, WARNING)]
    return steps if bad is None else [*steps, Threshold(bad, BAD)]


def any_at_all() -> list[Threshold]:
    """Return limits of what should not be there at all."""
    return [Threshold(None, GOOD), Threshold(1, BAD)]


def none() -> list[Threshold]:
    """Return no limits: nobody has set any."""
    return [Threshold(None, NEUTRAL)]


def _steps(limits: Sequence[float]) -> list[Threshold]:
    return [
        Threshold(limit, colour) for limit, colour in zip((None, *limits), _COLOURS, strict=True)
    ]
