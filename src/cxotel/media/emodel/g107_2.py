"""The fullband E-model, ITU-T G.107.2 (03/2023), for connections without echo."""

from __future__ import annotations

from typing import Final

from cxotel.media.emodel.g107_1 import LIMITS
from cxotel.media.emodel.impairments import equipment, pure_delay
from cxotel.media.emodel.opinion import SCALES, opinion
from cxotel.media.emodel.rating import Rating

RO: Final = 148.0
"""Ro of the fullband model, whose simultaneous impairment is 0."""

TOTAL_LOSS: Final = 132.0
"""What losing every packet costs."""

SCALE: Final = SCALES["g107.2"]

_NO_ECHO = {"t": 0.0, "tr": 0.0, "wepl": 110.0}


def fullband(
    *,
    ta: float = 0.0,
    t: float = 0.0,
    tr: float = 0.0,
    ie: float = 0.0,
    bpl: float = 4.3,
    ppl: float = 0.0,
    burst_r: float = 1.0,
    telr: float = 65.0,
    wepl: float = 110.0,
    st: float = 1.0,
    mt: float = 100.0,
    a: float = 0.0,
) -> Rating:
    """Rate a fullband (20 Hz to 20 kHz) or superwideband connection.

    Args:
        ta: Absolute one-way delay from mouth to ear, milliseconds.
        t: Mean one-way delay of the echo path, milliseconds. Above 0 the rating has no `r`.
        tr: Round-trip delay in the four-wire loop, milliseconds. Above 0 the rating has no `r`.
        ie: Fullband equipment impairment factor of the codec (Ie,fb).
        bpl: Fullband packet-loss robustness factor (Bpl,fb).
        ppl: Packet loss, per cent, with what the jitter buffer discarded.
        burst_r: Burst ratio. The model knows random loss only; another value is used as in the
            narrowband model and flagged in `outside`.
        telr: Talker echo loudness rating, dB; without effect where `t` is 0.
        wepl: Weighted echo path loss, dB. Other than 110 the rating has no `r`.
        st: Delay sensitivity: 1 default, 0.55 low, 0.4 very low.
        mt: Least noticed delay, milliseconds: 100 default, 120 low, 150 very low.
        a: Advantage factor.

    Raises:
        ValueError: An argument is no finite number, or one that no line can have; the message
            names it.

    Example:
        >>> rating = fullband(ie=7.2, bpl=11.4, ppl=1)
        >>> round(rating.r, 1), round(rating.mos, 2)
        (130.7, 4.3)

    Source: ITU-T G.107.2 (03/2023).
    """
    flags = LIMITS.outside((ta, t, tr, st, mt, ppl, a, ie, bpl, burst_r, telr, wepl))
    ie_eff = equipment(ie, bpl, ppl, burst_r, TOTAL_LOSS)
    echo = {"t": t, "tr": tr, "wepl": wepl}
    if echo != _NO_ECHO:
        names = tuple(name for name, value in echo.items() if value != _NO_ECHO[name])
        return Rating(None, None, "g107.2", RO, 0.0, None, ie_eff, a, flags, names)
    delayed = SCALE * pure_delay(ta, st, mt)
    r = RO - delayed - ie_eff + a
    return Rating(r, opinion(r / SCALE), "g107.2", RO, 0.0, delayed, ie_eff, a, flags)
