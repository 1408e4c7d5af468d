"""What a line sounds like before any packet is lost: the constant terms of ITU-T G.107 (06/2015).

A call's loudness, sidetone, noise and echo path do not change from one interval to the next, so
`terms` keeps what it has computed.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final, NamedTuple

from cxotel.media.emodel.limits import Limit, Limits

LIMITS: Final = Limits(
    Limit("slr", 0.0, 18.0, -60.0, 60.0),
    Limit("rlr", -5.0, 14.0, -60.0, 60.0),
    Limit("stmr", 10.0, 20.0, -10.0, 1000.0),
    Limit("lstr", 13.0, 23.0, -60.0, 1000.0),
    Limit("ds", -3.0, 3.0, -60.0, 60.0),
    Limit("dr", -3.0, 3.0, -60.0, 60.0),
    Limit("telr", 5.0, 65.0, -10.0, 1000.0),
    Limit("wepl", 5.0, 110.0, -7.0, 1000.0),
    Limit("qdu", 1.0, 14.0, 0.01, 1000.0),
    Limit("nc", -80.0, -40.0, -200.0, 0.0),
    Limit("nfor", -64.0, -64.0, -200.0, 0.0),
    Limit("ps", 35.0, 85.0, 0.0, 140.0),
    Limit("pr", 35.0, 85.0, 0.0, 140.0),
)
"""ITU-T G.107 (06/2015) Table 3 for what it covers; beyond the outer bounds no telephone exists."""


class Terms(NamedTuple):
    """The terms of R that depend on the line alone.

    Args:
        ro: Basic signal-to-noise ratio.
        is_: Simultaneous impairments.
        talker_echo: Idte, the impairment by hearing oneself late.
        outside: Names of inputs beyond the range that the Recommendation covers.
    """

    ro: float
    is_: float
    talker_echo: float
    outside: tuple[str, ...]


def terms(  # noqa: PLR0917 - handed on to the cache by position
    t: float,
    slr: float,
    rlr: float,
    stmr: float,
    lstr: float | None,
    ds: float,
    dr: float,
    telr: float,
    wepl: float,
    qdu: float,
    nc: float,
    nfor: float,
    ps: float,
    pr: float,
) -> Terms:
    """Return the terms of R that a line's loudness, sidetone, noise and echo path decide.

    Args:
        t: Mean one-way delay of the echo path, milliseconds, already checked.
        slr: Send loudness rating, dB.
        rlr: Receive loudness rating, dB.
        stmr: Sidetone masking rating, dB.
        lstr: Listener sidetone rating, dB; `stmr + dr` where None.
        ds: D-value of the telephone at the send side.
        dr: D-value of the telephone at the receive side.
        telr: Talker echo loudness rating, dB.
        wepl: Weighted echo path loss, dB; checked here, used in the listener echo.
        qdu: Number of quantising distortion units.
        nc: Circuit noise, dBm0p.
        nfor: Noise floor at the receive side, dBmp.
        ps: Room noise at the send side, dB(A).
        pr: Room noise at the receive side, dB(A).

    Raises:
        ValueError: An argument is no finite number, or one that no line can have.

    Example:
        >>> default = terms(0, 8, 2, 15, None, 3, 3, 65, 110, 1, -70, -64, 35, 35)
        >>> round(default.ro, 6), round(default.is_, 6)
        (94.768822, 1.413568)

    Source: ITU-T G.107 (06/2015) clauses 7.2 to 7.4.
    """
    try:
        return _terms(t, slr, rlr, stmr, lstr, ds, dr, telr, wepl, qdu, nc, nfor, ps, pr)
    except TypeError:
        # What cannot be looked up is no number: say which it is.
        _check(slr, rlr, stmr, lstr, ds, dr, telr, wepl, qdu, nc, nfor, ps, pr)
        raise


def _check(
    slr: float, rlr: float, stmr: float, lstr: float | None, *others: float
) -> tuple[str, ...]:
    given = 18.0 if lstr is None else lstr
    return LIMITS.outside((slr, rlr, stmr, given, *others))


# Typed, so that True is not taken for the 1 that was checked before.
@lru_cache(maxsize=256, typed=True)
def _terms(  # noqa: PLR0917 - the cache takes them by position
    t: float,
    slr: float,
    rlr: float,
    stmr: float,
    lstr: float | None,
    ds: float,
    dr: float,
    telr: float,
    wepl: float,
    qdu: float,
    nc: float,
    nfor: float,
    ps: float,
    pr: float,
) -> Terms:
    flags = _check(slr, rlr, stmr, lstr, ds, dr, telr, wepl, qdu, nc, nfor, ps, pr)
    no = _noise(slr, rlr, stmr + dr if lstr is None else lstr, ds, nc, nfor, ps, pr)
    ro = 15.0 - 1.5 * (slr + no)
    ist = _sidetone(stmr, telr, t)
    is_ = _loudness(slr + rlr, rlr, no) + ist + _quantising(ro, qdu)
    return Terms(ro, is_, _talker_echo(t, telr, stmr, ist, -1.5 * (no - rlr)), flags)


def _noise(  # noqa: PLR0917 - the symbols in the order of the clause
    slr: float,
    rlr: float,
    lstr: float,
    ds: float,
    nc: float,
    nfor: float,
    ps: float,
    pr: float,
) -> float:
    """Return No, the sum of all noise at the 0 dBr point (clause 7.2)."""
    nos = ps - slr - ds - 100.0 + 0.004 * (ps - slr - rlr - ds - 14.0) ** 2
    pre = pr + 10.0 * math.log10(1.0 + 10.0 ** ((10.0 - lstr) / 10.0))
    nor = rlr - 121.0 + pre + 0.008 * (pre - 35.0) ** 2
    levels = (nc, nos, nor, nfor + rlr)
    return 10.0 * math.log10(sum(10.0 ** (level / 10.0) for level in levels))


def _loudness(olr: float, rlr: float, no: float) -> float:
    """Return Iolr, the impairment by a connection that is too loud (clause 7.3)."""
    eighth = (olr + 0.2 * (64.0 + no - rlr)) / 8.0
    return 20.0 * ((1.0 + eighth**8) ** 0.125 - eighth)


def _sidetone(stmr: float, telr: float, t: float) -> float:
    """Return Ist, the impairment by hearing oneself at the wrong level (clause 7.3)."""
    echo = math.exp(-t / 4.0) * 10.0 ** (-telr / 10.0)
    stmr_o = -10.0 * math.log10(10.0 ** (-stmr / 10.0) + echo)
    return (
        12.0 * (1.0 + ((stmr_o - 13.0) / 6.0) ** 8) ** (1.0 / 8.0)
        - 28.0 * (1.0 + ((stmr_o + 1.0) / 19.4) ** 35) ** (1.0 / 35.0)
        - 13.0 * (1.0 + ((stmr_o - 3.0) / 33.0) ** 13) ** (1.0 / 13.0)
        + 29.0
    )


def _quantising(ro: float, qdu: float) -> float:
    """Return Iq, the impairment by quantising distortion (clause 7.3)."""
    q = 37.0 - 15.0 * math.log10(qdu)
    g = 1.07 + 0.258 * q + 0.0602 * q * q
    y = (ro - 100.0) / 15.0 + 46.0 / 8.4 - g / 9.0
    z = 46.0 / 30.0 - g / 40.0
    return 15.0 * math.log10(1.0 + 10.0**y + 10.0**z)


def _talker_echo(t: float, telr: float, stmr: float, ist: float, roe: float) -> float:
    """Return Idte, the impairment by hearing oneself late (clause 7.4)."""
    # An echo this early is sidetone.
    if t < 1.0:
        return 0.0
    terv = telr - 40.0 * math.log10((1.0 + t / 10.0) / (1.0 + t / 150.0))
    terv += 6.0 * math.exp(-0.3 * t * t)
    # Strong sidetone masks an echo, and weak sidetone adds to it.
    if stmr < 9.0:
        terv += ist / 2.0
    half = (roe - 80.0 - 2.5 * (terv - 14.0)) / 2.0
    idte = (half + math.sqrt(half * half + 100.0) - 1.0) * (1.0 - math.exp(-t))
    return math.hypot(idte, ist) if stmr > 20.0 else idte
