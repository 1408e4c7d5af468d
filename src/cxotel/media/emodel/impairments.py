"""The impairments that the narrowband, wideband and fullband E-models share."""

from __future__ import annotations

import math


def pure_delay(ta: float, st: float, mt: float) -> float:
    """Return Idd, the impairment by delay that even an echo-free connection has.

    Args:
        ta: Absolute one-way delay, mouth to ear, milliseconds.
        st: Delay sensitivity of the users (1 default, 0.55 low, 0.4 very low).
        mt: Least delay that is noticed, milliseconds (100 default, 120 low, 150 very low).

    Returns:
        Points of R on the narrowband scale.

    Example:
        >>> round(pure_delay(250, 1, 100), 3)
        8.917

    Source: ITU-T G.107 (06/2015) clause 7.4.
    """
    if ta <= mt:
        return 0.0
    x = math.log2(ta / mt)
    power = 6.0 * st
    return 25.0 * (
        (1.0 + x**power) ** (1.0 / power) - 3.0 * (1.0 + (x / 3.0) ** power) ** (1.0 / power) + 2.0
    )


def listener_echo(ro: float, wepl: float, tr: float) -> float:
    """Return Idle, the impairment by hearing the other side twice.

    Args:
        ro: Basic signal-to-noise ratio of the model.
        wepl: Weighted echo path loss, dB.
        tr: Round-trip delay in the four-wire loop, milliseconds.

    Returns:
        Points of R on the scale of `ro`.

    Example:
        >>> round(listener_echo(94.768822, 110, 0), 6)
        0.149046

    Source: ITU-T G.107 (06/2015) clause 7.4.
    """
    rle = 10.5 * (wepl + 7.0) * (tr + 1.0) ** -0.25
    half = (ro - rle) / 2.0
    return half + math.sqrt(half * half + 169.0)


def equipment(ie: float, bpl: float, ppl: float, burst_r: float, top: float = 95.0) -> float:
    """Return Ie,eff, the impairment by codec and packet loss together.

    Args:
        ie: Equipment impairment factor of the codec.
        bpl: Packet-loss robustness factor of the codec.
        ppl: Packets lost or discarded, per cent.
        burst_r: Burst ratio: 1 for random loss, more for bursts.
        top: What total loss costs: 95, in the fullband model 132.

    Example:
        >>> equipment(ie=11, bpl=19, ppl=2, burst_r=1)
        19.0

    Source: ITU-T G.107 (06/2015) clause 7.5; ITU-T G.107.2 for 132.
    """
    return ie + (top - ie) * ppl / (ppl / burst_r + bpl)
