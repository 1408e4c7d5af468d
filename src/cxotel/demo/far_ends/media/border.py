"""A session border controller at the end of a SIP trunk: its report when a call is over."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from cxotel.demo.far_ends.media.line import travel

if TYPE_CHECKING:
    from random import Random

    from cxotel.demo.far_ends.media.line import Line

_TIME = "%Y-%m-%dT%H:%M:%SZ"


def quality_report(call: str, line: Line, seconds: float, random: Random) -> str:
    """Return the body that is published of a call: `application/vq-rtcpxr`.

    Args:
        call: The call's id on the trunk.
        line: The trunk.
        seconds: How long the call was.
        random: Chance.

    Source: RFC 6035 section 4.6.
    """
    found = travel(line, seconds, random)
    stop = datetime.now(timezone.utc)
    start = stop - timedelta(seconds=seconds)
    lost, late = (100.0 * part / found.sent for part in (found.lost, found.discarded))
    jitter = f"IAJ={_ms(found.jitter)} MAJ={_ms(found.jitter_max)}"
    lines = (
        "VQSessionReport: CallTerm",
        f"CallID: {call}",
        "LocalID: <sip:border@contact-center.example>",
        "RemoteID: <sip:carrier@trunk.example>",
        "OrigID: <sip:carrier@trunk.example>",
        "LocalAddr: IP=192.0.2.10 PORT=16384 SSRC=2d0c1a7b",
        "RemoteAddr: IP=198.51.100.7 PORT=24680 SSRC=6f3e5d01",
        "LocalMetrics:",
        f"Timestamps:START={start.strftime(_TIME)} STOP={stop.strftime(_TIME)}",
        "SessionDesc:PT=0 PD=PCMU SR=8000 FD=20 FO=160 FPP=1 PPS=50 PLC=3 SSUP=off",
        f"JitterBuffer:JBA=2 JBR=0 JBN={_ms(line.buffer)} JBM={_ms(line.buffer)} JBX=120",
        f"PacketLoss:NLR={lost:.1f} JDR={late:.1f}",
        f"Delay:RTD={_ms(line.round_trip)} ESD={_ms(line.buffer)} {jitter}",
    )
    return "\r\n".join(lines) + "\r\n"


def _ms(seconds: float) -> int:
    return round(seconds * 1000.0)
