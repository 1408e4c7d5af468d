"""The E-model: what a telephone connection's delay, loss, codec and line do to its users.

Three models on three scales: `narrowband` (R up to 100), `wideband` (129) and `fullband` (148).
A codec's Ie and Bpl belong to one of them; `cxotel.media.codecs` says to which.

Example:
    >>> from cxotel.media import codecs, emodel
    >>> rating = emodel.rate(codecs.lookup("PCMU"), ta=180, ppl=2)
    >>> round(rating.r, 1), rating.satisfaction
    (84.8, 'satisfied')

Source: ITU-T G.107 (06/2015), G.107.1 (06/2019), G.107.2 (03/2023).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cxotel.media.emodel.g107 import narrowband
from cxotel.media.emodel.g107_1 import wideband
from cxotel.media.emodel.g107_2 import fullband
from cxotel.media.emodel.opinion import (
    Model,
    Satisfaction,
    good_or_better,
    mos_from_r,
    poor_or_worse,
    r_from_mos,
    satisfaction,
)
from cxotel.media.emodel.rating import Rating

if TYPE_CHECKING:
    from cxotel.media.codecs.entry import Impairment

DELAY_CLASSES: Final[dict[str, tuple[float, float]]] = {
    "default": (1.0, 100.0),
    "low": (0.55, 120.0),
    "very_low": (0.4, 150.0),
}
"""`st` and `mt` (milliseconds) by how much users mind delay, ITU-T G.107 (06/2015) clause 7.4.

Carrier and enterprise telephony is `default`.
"""

_MODELS = {"g107": narrowband, "g107.1": wideband, "g107.2": fullband}


def rate(
    codec: Impairment, *, ta: float = 0.0, ppl: float = 0.0, burst_r: float = 1.0, a: float = 0.0
) -> Rating | None:
    """Rate an echo-free connection from its codec and packet statistics, with the codec's model.

    Args:
        codec: An entry of a codec table, or one with values of your own.
        ta: Absolute one-way delay from mouth to ear, milliseconds.
        ppl: Packet loss, per cent, with what the jitter buffer discarded.
        burst_r: Burst ratio.
        a: Advantage factor.

    Returns:
        The rating; None where the codec's Ie is unavailable, or packets were lost and its Bpl is.

    Raises:
        ValueError: An argument is no finite number, or one that no line can have; the message
            names it.

    Example:
        >>> from cxotel.media import codecs
        >>> rate(codecs.lookup("G722"), ta=120).model
        'g107.1'
        >>> rate(codecs.lookup("G722"), ta=120, ppl=1) is None
        True
    """
    if codec.model is None or codec.ie is None or (codec.bpl is None and ppl > 0.0):
        return None
    # Without loss, Bpl is without effect.
    bpl = 4.3 if codec.bpl is None else codec.bpl
    model = _MODELS[codec.model]
    return model(ta=ta, ie=codec.ie, bpl=bpl, ppl=ppl, burst_r=burst_r, a=a)


__all__ = [
    "DELAY_CLASSES",
    "Model",
    "Rating",
    "Satisfaction",
    "fullband",
    "good_or_better",
    "mos_from_r",
    "narrowband",
    "poor_or_worse",
    "r_from_mos",
    "rate",
    "satisfaction",
    "wideband",
]
