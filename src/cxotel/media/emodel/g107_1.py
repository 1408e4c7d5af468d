"""The wideband E-model, ITU-T G.107.1 (06/2019).

Its scope leaves out loudness, sidetone, noise and quantising. What it does with talker echo hangs
on equation 7-6, which Corrigendum 1 (01/2020) replaced and whose new text is not at hand: such a
rating is unavailable rather than wrong.
"""

from __future__ import annotations

from typing import Final

from cxotel.media.emodel.g107 import PACKET_LIMITS
from cxotel.media.emodel.impairments import equipment, listener_echo, pure_delay
from cxotel.media.emodel.limits import Limit, Limits
from cxotel.media.emodel.opinion import SCALES, opinion
from cxotel.media.emodel.rating import Rating

RO: Final = 129.0
"""Ro of the wideband model, whose simultaneous impairment is 0."""

SCALE: Final = SCALES["g107.1"]

# The ranges of the narrowband codec values say nothing here (AMR-WB at 6.6 kbit/s has Ie 56),
# and random loss is all that the wideband equation knows.
_NARROWBAND_ONLY = {"ie", "bpl", "burst_r"}
LIMITS: Final = Limits(
    *(limit for limit in PACKET_LIMITS if limit.name not in _NARROWBAND_ONLY),
    Limit("ie", 0.0, 1000.0, 0.0, 1000.0),
    Limit("bpl", 0.1, 1000.0, 0.1, 1000.0),
    Limit("burst_r", 1.0, 1.0, 0.1, 1e6),
    Limit("telr", 5.0, 65.0, -10.0, 1000.0),
    Limit("wepl", 5.0, 110.0, -7.0, 1000.0),
)
"""What the arguments of the wideband and fullband models may be."""


def wideband(
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
    """Rate a wideband (50 Hz to 7 kHz) connection.

    Args:
        ta: Absolute one-way delay from mouth to ear, milliseconds.
        t: Mean one-way delay of the echo path, milliseconds. Above 0 there is a talker echo, the
            rating has no `r`, and `t` is named in `unavailable`.
        tr: Round-trip delay in the four-wire loop, milliseconds.
        ie: Wideband equipment impairment factor of the codec (Ie,wb). A narrowband Ie is another
            thing: G.711 has 35.8 here.
        bpl: Wideband packet-loss robustness factor (Bpl,wb).
        ppl: Packet loss, per cent, with what the jitter buffer discarded.
        burst_r: Burst ratio. The Recommendation knows random loss only; another value is used as
            in the narrowband model and flagged in `outside`.
        telr: Talker echo loudness rating, dB; without effect where `t` is 0.
        wepl: Weighted echo path loss, dB.
        st: Delay sensitivity: 1 default, 0.55 low, 0.4 very low.
        mt: Least noticed delay, milliseconds: 100 default, 120 low, 150 very low.
        a: Advantage factor.

    Raises:
        ValueError: An argument is no finite number, or one that no line can have; the message
            names it.

    Example:
        >>> rating = wideband(ta=150, ie=8)
        >>> round(rating.r, 1), round(rating.mos, 2)
        (120.6, 4.42)
        >>> wideband(t=30).unavailable
        ('t',)

    Source: ITU-T G.107.1 (06/2019) clause 7 and Annex A.
    """
    flags = LIMITS.outside((ta, t, tr, st, mt, ppl, a, ie, bpl, burst_r, telr, wepl))
    ie_eff = equipment(ie, bpl, ppl, burst_r)
    if t > 0.0:
        return Rating(None, None, "g107.1", RO, 0.0, None, ie_eff, a, flags, ("t",))
    delayed = listener_echo(RO, wepl, tr) + SCALE * pure_delay(ta, st, mt)
    r = RO - delayed - ie_eff + a
    return Rating(r, opinion(r / SCALE), "g107.1", RO, 0.0, delayed, ie_eff, a, flags)
