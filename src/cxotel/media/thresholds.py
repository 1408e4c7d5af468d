"""From where on quality is a problem, by whom, and for how long before it is told.

Limits and counts are those that vendors have published for their own products. Twilio samples
once a second; of longer intervals the same counts take longer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from cxotel.media.emodel.limits import require

WarningName = Literal[
    "high_jitter",
    "high_round_trip",
    "high_loss",
    "loss_burst",
    "high_concealment",
    "low_mos",
    "one_way_audio",
    "silence",
]
"""What can be wrong."""

_MOST: Final = 1000


@dataclass(frozen=True, slots=True)
class Threshold:
    """A limit, and how many of the latest samples decide whether it is a problem.

    Args:
        name: The warning.
        limit: In seconds, as a share from 0 to 1, or as a MOS; None where there is no number.
        samples: How many of the latest samples are looked at.
        raise_count: From how many samples beyond the limit on the warning is raised.
        clear_count: Up to how many of them it is cleared; less than `raise_count`, so that it
            does not flicker.

    Raises:
        ValueError: A number is none, or the counts cannot work.

    Example:
        >>> Threshold("high_jitter", 0.05, samples=5, raise_count=3, clear_count=0).limit
        0.05
        >>> Threshold("high_jitter", 0.05, samples=5, raise_count=3, clear_count=3)
        Traceback (most recent call last):
        ValueError: clear_count must lie between 0 and 2, got 3
    """

    name: WarningName
    limit: float | None
    samples: int = 5
    raise_count: int = 3
    clear_count: int = 0

    def __post_init__(self) -> None:
        if self.limit is not None:
            require("limit", self.limit, 0.0, 1e6)
        require("samples", self.samples, 1, _MOST)
        require("raise_count", self.raise_count, 1, self.samples)
        require("clear_count", self.clear_count, 0, self.raise_count - 1)

    def is_beyond(self, value: float) -> bool:
        """Tell whether a value is on the wrong side of the limit."""
        if self.limit is None:
            return bool(value)
        return value < self.limit if self.name == "low_mos" else value > self.limit


HIGH_JITTER: Final = Threshold("high_jitter", 0.03)
"""Interarrival jitter above 30 ms in 3 of 5 samples; cleared after 5 without.

Source: Twilio Voice JavaScript SDK 2.18.5, statsMonitor, `jitter: {max: 30}` with its default
counts; Telnyx WebRTC SDK 2.27.10 and Microsoft Teams' Call Quality Dashboard have the same limit.
"""

HIGH_ROUND_TRIP: Final = Threshold("high_round_trip", 0.4)
"""Round trips above 400 ms in 3 of 5 samples; cleared after 5 without.

Source: Twilio Voice JavaScript SDK 2.18.5, statsMonitor, `rtt: {max: 400}`; Telnyx WebRTC SDK
2.27.10 has the same limit. Microsoft Teams' is 500 ms.
"""

HIGH_LOSS: Final = Threshold("high_loss", 0.01)
"""More than 1 % of packets lost in 3 of 5 samples; cleared after 5 without.

Source: Twilio Voice JavaScript SDK 2.18.5, statsMonitor, `packetsLostFraction: [{max: 1}]`; Telnyx
WebRTC SDK 2.27.10 has the same limit.
"""

LOSS_BURST: Final = Threshold("loss_burst", 0.1, raise_count=1)
"""More than 10 % of packets lost in one sample; cleared after 5 without.

Source: Microsoft Teams' Call Quality Dashboard calls a stream poor whose packet loss rate is above
0.1. That one sample is enough is our choice: a burst is short.
"""

HIGH_CONCEALMENT: Final = Threshold("high_concealment", 0.07)
"""More than 7 % of the sound made up by the receiver in 3 of 5 samples; cleared after 5 without.

Source: Microsoft Teams' Call Quality Dashboard, ratio of concealed samples above 0.07. Cisco calls
a second severely concealed from 5 % on. The counts are those of Twilio's other warnings.
"""

LOW_MOS: Final = Threshold("low_mos", 3.5)
"""A MOS below 3.5 in 3 of 5 samples; cleared after 5 without.

Source: Twilio Voice Insights' documentation and mobile SDKs, Telnyx WebRTC SDK 2.27.10. (Twilio's
JavaScript SDK 2.18.5 has 3.)
"""

ONE_WAY_AUDIO: Final = Threshold("one_way_audio", None, samples=3, clear_count=2)
"""Packets one way and none the other in 3 samples; cleared by the first with packets.

Source: Twilio Voice JavaScript SDK 2.18.5, statsMonitor, `bytesReceived` and `bytesSent`:
`{clearCount: 2, min: 1, raiseCount: 3, sampleCount: 3}`.
"""

SILENCE: Final = Threshold("silence", None, samples=3, clear_count=2)
"""No packets either way in 3 samples, as far as is known; cleared by the first with packets.

Source: as of `ONE_WAY_AUDIO`.
"""

DEFAULT: Final = (
    HIGH_JITTER,
    HIGH_ROUND_TRIP,
    HIGH_LOSS,
    LOSS_BURST,
    HIGH_CONCEALMENT,
    LOW_MOS,
    ONE_WAY_AUDIO,
    SILENCE,
)
"""All thresholds."""
