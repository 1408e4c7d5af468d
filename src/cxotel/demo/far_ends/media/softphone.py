"""An agent's softphone in a browser: `getStats()` at the begin and at the end of a call."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from cxotel.demo.far_ends.media.line import PACKET, travel

if TYPE_CHECKING:
    from random import Random

    from cxotel.demo.far_ends.media.line import Line

_RATE = 8000
"""Samples a second of G.711."""


def snapshots(line: Line, seconds: float, random: Random) -> list[dict[str, Any]]:
    """Return two snapshots in the shape of Chromium's, by the ids of their parts.

    Args:
        line: The last mile.
        seconds: How long the call was.
        random: Chance.

    Source: W3C, Identifiers for WebRTC's Statistics API.
    """
    found = travel(line, seconds, random)
    end = time.time()
    ssrc = random.getrandbits(32)
    begin = _snapshot(end - seconds, line, ssrc, _counters(line))
    heard = _counters(
        line, found.arrived, found.lost, found.discarded, jitter=found.jitter, sent=found.sent
    )
    return [begin, _snapshot(end, line, ssrc, heard)]


def _counters(
    line: Line,
    arrived: int = 0,
    lost: int = 0,
    discarded: int = 0,
    *,
    jitter: float = 0.0,
    sent: int = 0,
) -> dict[str, Any]:
    in_packet = round(_RATE * PACKET)
    played = arrived - discarded
    return {
        "packetsReceived": arrived,
        "packetsLost": lost,
        "packetsDiscarded": discarded,
        "jitter": round(jitter, 6),
        "totalSamplesReceived": sent * in_packet,
        "concealedSamples": (lost + discarded) * in_packet,
        "silentConcealedSamples": 0,
        "jitterBufferDelay": played * in_packet * line.buffer,
        "jitterBufferEmittedCount": played * in_packet,
    }


def _snapshot(at: float, line: Line, ssrc: int, counters: dict[str, Any]) -> dict[str, Any]:
    now = {"timestamp": round(at * 1000.0, 2)}
    inbound = {"type": "inbound-rtp", "kind": "audio", "ssrc": ssrc, "codecId": "CIT01_0"}
    parts: dict[str, dict[str, Any]] = {
        f"IT01A{ssrc}": {**inbound, "transportId": "T01", **counters},
        "CIT01_0": {
            "type": "codec",
            "mimeType": "audio/PCMU",
            "clockRate": _RATE,
            "payloadType": 0,
        },
        "T01": {"type": "transport", "selectedCandidatePairId": "CP1"},
        "CP1": {
            "type": "candidate-pair",
            "state": "succeeded",
            "nominated": True,
            "currentRoundTripTime": line.round_trip,
        },
    }
    return {name: {"id": name, **now, **part} for name, part in parts.items()}
