"""What a transmission rating R means to people: MOS, good or better, poor or worse, the class.

Source: ITU-T G.107 (06/2015) Annex B and Appendix I. The wideband and fullband models read the
same curves after dividing R by 1.29 (G.107.1 Annex A) and by 1.48 (G.107.2).
"""

from __future__ import annotations

import math
from typing import Final, Literal

from cxotel.media.emodel.limits import require

Model = Literal["g107", "g107.1", "g107.2"]
"""Which E-model a rating comes from: narrowband, wideband or fullband."""

Satisfaction = Literal[
    "very_satisfied",
    "satisfied",
    "some_dissatisfied",
    "many_dissatisfied",
    "nearly_all_dissatisfied",
    "not_recommended",
]
"""The user satisfaction classes of ITU-T G.107 Table B.1, best first."""

SCALES: Final[dict[str, float]] = {"g107": 1.0, "g107.1": 1.29, "g107.2": 1.48}
"""How far each model's R is stretched against the narrowband scale."""

BANDS: Final[tuple[tuple[float, Satisfaction], ...]] = (
    (90.0, "very_satisfied"),
    (80.0, "satisfied"),
    (70.0, "some_dissatisfied"),
    (60.0, "many_dissatisfied"),
    (50.0, "nearly_all_dissatisfied"),
)
"""The least R of each satisfaction class but the last, `not_recommended`."""

_R_BOUND: Final = 1e6


def mos_from_r(r: float, *, model: Model = "g107") -> float:
    """Return the mean opinion score (MOS-CQE) that a rating stands for.

    The published cubic falls below 1 for R between 0 and 6.52, where no opinion can be; the
    result never does.

    Args:
        r: Transmission rating, on the model's own scale.
        model: The E-model that the rating comes from.

    Returns:
        MOS, 1 to 4.5.

    Raises:
        ValueError: `r` is no finite number, or `model` is none of the three.

    Example:
        >>> round(mos_from_r(93.2), 2)
        4.41
        >>> mos_from_r(3)
        1.0

    Source: ITU-T G.107 (06/2015) Annex B; G.107.1 Annex A for R/1.29.
    """
    return opinion(require("r", r, -_R_BOUND, _R_BOUND) / scale_of(model))


def r_from_mos(mos: float, *, model: Model = "g107") -> float:
    """Return the rating that a mean opinion score stands for.

    Args:
        mos: Mean opinion score, 1 to 4.5.
        model: The E-model on whose scale to answer.

    Returns:
        R, from 6.52 to 100 times the model's scale. Every R below has a MOS of 1 too.

    Raises:
        ValueError: `mos` is no number from 1 to 4.5, or `model` is none of the three.

    Example:
        >>> round(r_from_mos(3.1), 1)
        60.0

    Source: ITU-T G.107 (06/2015) Appendix I. The Recommendation writes arctan(x, y).
    """
    m = require("mos", mos, 1.0, 4.5)
    root = math.sqrt(-903522.0 + 1113960.0 * m - 202500.0 * m * m)
    h = math.atan2(15.0 * root, 18566.0 - 6750.0 * m) / 3.0
    r = 20.0 / 3.0 * (8.0 - math.sqrt(226.0) * math.cos(h + math.pi / 3.0))
    return r * scale_of(model)


def scale_of(model: str) -> float:
    """Return how far a model's R is stretched against the narrowband scale.

    Args:
        model: `g107`, `g107.1` or `g107.2`.

    Raises:
        ValueError: It is none of the three.

    Example:
        >>> scale_of("g107.1")
        1.29
    """
    scale = SCALES.get(model)
    if scale is None:
        raise ValueError(f"model must be one of {', '.join(SCALES)}, got {model!r}")
    return scale


def opinion(r: float) -> float:
    """Return the MOS for an R on the narrowband scale, without checking the argument.

    Args:
        r: Transmission rating on the scale of G.107.

    Example:
        >>> opinion(120)
        4.5

    Source: ITU-T G.107 (06/2015) Annex B.
    """
    if r <= 0.0:
        return 1.0
    if r >= 100.0:
        return 4.5
    mos = 1.0 + 0.035 * r + r * (r - 60.0) * (100.0 - r) * 7e-6
    return min(4.5, max(1.0, mos))


def good_or_better(r: float) -> float:
    """Return the share of people who would call a connection good or excellent.

    Args:
        r: Transmission rating on the scale of G.107.

    Returns:
        Per cent.

    Example:
        >>> good_or_better(60)
        50.0

    Source: ITU-T G.107 (06/2015) Annex B.
    """
    return 100.0 * _normal((r - 60.0) / 16.0)


def poor_or_worse(r: float) -> float:
    """Return the share of people who would call a connection poor or bad.

    Args:
        r: Transmission rating on the scale of G.107.

    Returns:
        Per cent.

    Example:
        >>> poor_or_worse(45)
        50.0

    Source: ITU-T G.107 (06/2015) Annex B.
    """
    return 100.0 * _normal((45.0 - r) / 16.0)


def satisfaction(r: float) -> Satisfaction:
    """Name the user satisfaction class of a rating.

    Args:
        r: Transmission rating on the scale of G.107.

    Example:
        >>> satisfaction(79.9)
        'some_dissatisfied'

    Source: ITU-T G.107 (06/2015) Table B.1.
    """
    for least, name in BANDS:
        if r >= least:
            return name
    return "not_recommended"


def _normal(x: float) -> float:
    return 0.5 * math.erfc(-x / math.sqrt(2.0))
