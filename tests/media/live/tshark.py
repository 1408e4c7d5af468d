"""What tshark finds in a capture."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tests.media.live.programs import TSHARK

if TYPE_CHECKING:
    from pathlib import Path

# Addresses and ports of both ends, source id, payload, packets, lost, deltas, jitter.
_ROW: Final = re.compile(
    r"^\s*[\d.]+\s+[\d.]+\s+(\S+)\s+(\d+)\s+(\S+)\s+(\d+)\s+0x([0-9A-Fa-f]{8})\s+(.+?)"
    r"\s+(\d+)\s+(-?\d+) \(\s*-?[\d.]+%\)\s+[-\d.]+\s+[-\d.]+\s+[-\d.]+"
    r"\s+([-\d.]+)\s+([-\d.]+)\s+([-\d.]+)",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream, as tshark counts it.

    Args:
        target_port: The port it went to.
        payload: What it carries, as tshark names it.
        packets: Packets that arrived.
        lost: Packets that did not.
        jitter: Mean jitter, milliseconds.
        jitter_max: Greatest jitter, milliseconds.
    """

    target_port: int
    payload: str
    packets: int
    lost: int
    jitter: float
    jitter_max: float


def streams(capture: Path, *, ports: tuple[int, ...] = ()) -> dict[str, list[Stream]]:
    """Return the RTP streams of a capture by their source id.

    Args:
        capture: The file.
        ports: UDP ports of RTP that no SDP in it names.
    """
    assert TSHARK is not None
    named = [part for port in ports for part in ("-d", f"udp.port=={port},rtp")]
    told = subprocess.run(
        [TSHARK, "-r", str(capture), *named, "-q", "-z", "rtp,streams"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    ).stdout
    found: dict[str, list[Stream]] = {}
    for row in _ROW.findall(told):
        _, _, _, port, ssrc, payload, packets, lost, _, mean, peak = row
        stream = Stream(int(port), payload, int(packets), int(lost), float(mean), float(peak))
        found.setdefault(ssrc.lower(), []).append(stream)
    return found
