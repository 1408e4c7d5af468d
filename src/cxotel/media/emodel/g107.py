"""The narrowband E-model, ITU-T G.107 (06/2015)."""

from __future__ import annotations

from typing import Final

from cxotel.media.emodel import line
from cxotel.media.emodel.impairments import equipment, listener_echo, pure_delay
from cxotel.media.emodel.limits import Limit, Limits
from cxotel.media.emodel.opinion import opinion
from cxotel.media.emodel.rating import Rating

PACKET_LIMITS: Final = Limits(
    Limit("ta", 0.0, 500.0, 0.0, 1e6),
    Limit("t", 0.0, 500.0, 0.0, 1e6),
    Limit("tr", 0.0, 1000.0, 0.0, 1e6),
    Limit("st", 0.4, 1.0, 0.05, 10.0),
    Limit("mt", 20.0, 150.0, 1.0, 1e6),
    Limit("ie", 0.0, 40.0, 0.0, 1000.0),
    Limit("bpl", 4.3, 40.0, 0.1, 1000.0),
    Limit("ppl", 0.0, 20.0, 0.0, 100.0),
    Limit("burst_r", 1.0, 8.0, 0.1, 1e6),
    Limit("a", 0.0, 20.0, 0.0, 100.0),
)
"""What may change while a call lasts. The limits of the line itself are in `line.LIMITS`."""


def narrowband(
    *,
    ta: float = 0.0,
    t: float = 0.0,
    tr: float = 0.0,
    ie: float = 0.0,
    bpl: float = 4.3,
    ppl: float = 0.0,
    burst_r: float = 1.0,
    slr: float = 8.0,
    rlr: float = 2.0,
    stmr: float = 15.0,
    lstr: float | None = None,
    ds: float = 3.0,
    dr: float = 3.0,
    telr: float = 65.0,
    wepl: float = 110.0,
    st: float = 1.0,
    mt: float = 100.0,
    qdu: float = 1.0,
    nc: float = -70.0,
    nfor: float = -64.0,
    ps: float = 35.0,
    pr: float = 35.0,
    a: float = 0.0,
) -> Rating:
    """Rate a narrowband telephone connection.

    `ta`, `t` and `tr` are three inputs: with `t` and `tr` left at 0 the connection is free of
    echo. Inputs beyond the range of the Recommendation are computed with and flagged in `outside`.

    Args:
        ta: Absolute one-way delay from mouth to ear, milliseconds: network, jitter buffer,
            packetisation and codec look-ahead.
        t: Mean one-way delay of the echo path, milliseconds.
        tr: Round-trip delay in the four-wire loop, milliseconds.
        ie: Equipment impairment factor of the codec.
        bpl: Packet-loss robustness factor of the codec.
        ppl: Packet loss, per cent, with what the jitter buffer discarded.
        burst_r: Burst ratio: 1 for random loss, more for bursts. Recommended for codecs with a
            `bpl` of 16 or more; more than 2 is covered only for `ppl` below 2.
        slr: Send loudness rating, dB.
        rlr: Receive loudness rating, dB.
        stmr: Sidetone masking rating, dB.
        lstr: Listener sidetone rating, dB; `stmr + dr` where not given.
        ds: D-value of the telephone at the send side.
        dr: D-value of the telephone at the receive side; used for `lstr`.
        telr: Talker echo loudness rating, dB.
        wepl: Weighted echo path loss, dB.
        st: Delay sensitivity: 1 default, 0.55 low, 0.4 very low.
        mt: Least noticed delay, milliseconds: 100 default, 120 low, 150 very low.
        qdu: Number of quantising distortion units.
        nc: Circuit noise referred to the 0 dBr point, dBm0p.
        nfor: Noise floor at the receive side, dBmp.
        ps: Room noise at the send side, dB(A).
        pr: Room noise at the receive side, dB(A).
        a: Advantage factor: 0 wired, 5 cordless, 10 mobile, 20 hard to reach.

    Raises:
        ValueError: An argument is no finite number, or one that no line can have; the message
            names it.

    Example:
        >>> rating = narrowband(ta=150, ie=11, bpl=19, ppl=1)
        >>> round(rating.r, 1), round(rating.mos, 2)
        (77.8, 3.94)

    Source: ITU-T G.107 (06/2015) clause 7.
    """
    flags = PACKET_LIMITS.outside((ta, t, tr, st, mt, ie, bpl, ppl, burst_r, a))
    terms = line.terms(t, slr, rlr, stmr, lstr, ds, dr, telr, wepl, qdu, nc, nfor, ps, pr)
    delayed = terms.talker_echo + listener_echo(terms.ro, wepl, tr) + pure_delay(ta, st, mt)
    ie_eff = equipment(ie, bpl, ppl, burst_r)
    r = terms.ro - terms.is_ - delayed - ie_eff + a
    # Table 3, note 6: bursts are verified for little loss only.
    if burst_r > 2.0 and ppl >= 2.0 and "burst_r" not in flags:
        flags += ("burst_r",)
    flags += terms.outside
    return Rating(r, opinion(r), "g107", terms.ro, terms.is_, delayed, ie_eff, a, flags)
