"""The one record that every source of media quality is read into."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from cxotel.media.emodel.limits import require

if TYPE_CHECKING:
    from cxotel.media.emodel.opinion import Model
    from cxotel.media.rtp.burst import BurstGap

Direction = Literal["inbound", "outbound"]
"""Whether the media came here or went from here, whoever measured it."""

Origin = Literal["computed", "reported"]
"""Whether we computed a judgement, or took it as it was told."""

Kind = Literal["listening", "conversational"]
"""Whether delay is left out of a judgement, as in MOS-LQ, or counts, as in MOS-CQ."""

_COUNTS = ("packets", "lost", "discarded", "duplicates", "reordered", "jitter_samples")
_RATIOS = ("loss", "discard", "concealment")
_SECONDS = (
    "duration",
    "talk_duration",
    "silent_duration",
    "jitter",
    "jitter_max",
    "round_trip",
    "one_way_delay",
    "end_system_delay",
    "buffer_delay",
    "mouth_to_ear",
)
_BOUNDS: Final = (
    *((name, 0.0, 1e15) for name in _COUNTS),
    *((name, 0.0, 1.0) for name in _RATIOS),
    *((name, 0.0, 1e13) for name in _SECONDS),
    ("start", -1e12, 1e12),
    ("clock_rate", 1.0, 1e7),
    ("bitrate", 0.0, 1e7),
    ("signal_level", -1000.0, 1000.0),
    ("noise_level", -1000.0, 1000.0),
    ("echo_return_loss", -1000.0, 1000.0),
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one model says of a connection.

    Args:
        origin: Computed by us, or reported by someone.
        model: The E-model used; `vendor` where it is the reporter's own or unknown.
        r: Transmission rating on the model's scale.
        mos: Mean opinion score, 1 to 5.
        kind: Without delay or with it; None where the source does not say.
        outside: E-model inputs beyond what the Recommendation covers.

    Raises:
        ValueError: `mos` is no number from 1 to 5, or `r` is no finite number.

    Example:
        >>> Judgement("reported", "vendor", mos=4.1, kind="listening").r is None
        True
    """

    origin: Origin
    model: Model | Literal["vendor"]
    r: float | None = None
    mos: float | None = None
    kind: Kind | None = None
    outside: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.r is not None:
            require("r", self.r, -1e6, 1e6)
        if self.mos is not None:
            require("mos", self.mos, 1.0, 5.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaQuality:
    """How well one stream of sound travelled over some time, from one source at one place.

    What the source does not tell is None, never 0.

    Args:
        source: What it was read from: `rtp`, `rtcp`, `rtcp_xr`, `vq_rtcpxr`, `webrtc`, or the name
            of a vendor's report.
        system: The vendor that reported it.
        leg: Id of the leg of the call.
        leg_name: What the leg is to the call: `agent`, `customer`, `trunk`.
        direction: Whether the media came here or went from here.
        measured_at: Who measured: `local`, or `remote` where the other side reported.
        codec: Encoding name as in SDP.
        clock_rate: Units of the RTP timestamp a second.
        bitrate: Kilobits a second.
        start: Begin of what was measured, seconds: since 1970, or on the clock of the caller.
        duration: Length of what was measured, seconds.
        talk_duration: Time for which media was sent, seconds.
        silent_duration: Time without media where there should have been some, seconds.
        packets: Packets that arrived, each counted once.
        lost: Packets that never arrived.
        discarded: Packets that arrived too late or too early for the jitter buffer.
        duplicates: Packets that had arrived before.
        reordered: Packets that were overtaken.
        loss: Share of expected packets that were lost, 0 to 1.
        discard: Share of expected packets that were discarded, 0 to 1.
        concealment: Share of sound that was made up, 0 to 1.
        concealed: Whether the receiver conceals losses.
        burst: How losses clump together.
        jitter: Mean interarrival jitter, seconds.
        jitter_max: Greatest interarrival jitter, seconds.
        jitter_samples: How many values `jitter` is the mean of.
        round_trip: Network round trip, seconds.
        one_way_delay: Network delay in one direction, seconds.
        end_system_delay: Delay within the endpoint, seconds.
        buffer_delay: Delay of the jitter buffer, seconds.
        mouth_to_ear: Absolute one-way delay, seconds.
        signal_level: Level of speech, dBm0.
        noise_level: Level of background noise, dBm0.
        echo_return_loss: Residual echo return loss, dB.
        judgements: What models say of it.
        problems: What could not be read; not empty marks a partial record.

    Raises:
        ValueError: A number is not finite, negative, or a ratio above 1; the message names it.

    Example:
        >>> record = MediaQuality(source="rtp", packets=564, lost=34, loss=34 / 598)
        >>> record.jitter is None
        True
    """

    source: str
    system: str | None = None
    leg: str | None = None
    leg_name: str | None = None
    direction: Direction | None = None
    measured_at: Literal["local", "remote"] | None = None
    codec: str | None = None
    clock_rate: int | None = None
    bitrate: float | None = None
    start: float | None = None
    duration: float | None = None
    talk_duration: float | None = None
    silent_duration: float | None = None
    packets: int | None = None
    lost: int | None = None
    discarded: int | None = None
    duplicates: int | None = None
    reordered: int | None = None
    loss: float | None = None
    discard: float | None = None
    concealment: float | None = None
    concealed: bool | None = None
    burst: BurstGap | None = None
    jitter: float | None = None
    jitter_max: float | None = None
    jitter_samples: int | None = None
    round_trip: float | None = None
    one_way_delay: float | None = None
    end_system_delay: float | None = None
    buffer_delay: float | None = None
    mouth_to_ear: float | None = None
    signal_level: float | None = None
    noise_level: float | None = None
    echo_return_loss: float | None = None
    judgements: tuple[Judgement, ...] = ()
    problems: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name, low, high in _BOUNDS:
            value: float | None = getattr(self, name)
            if value is not None:
                require(name, value, low, high)

    @property
    def partial(self) -> bool:
        """Whether something of the source could not be read."""
        return bool(self.problems)

    @property
    def lost_or_discarded(self) -> float | None:
        """Share of packets that were not played, 0 to 1; None where loss is unknown."""
        if self.loss is None:
            return None
        return min(1.0, self.loss + (self.discard or 0.0))


def ratio(part: float | None, whole: float | None) -> float | None:
    """Return a share, 0 to 1, or None where there is nothing to share or it is unknown.

    Args:
        part: How many of them. Below 0 counts as 0: duplicates make RTCP's loss negative.
        whole: Out of how many.

    Example:
        >>> ratio(1, 4), ratio(0, 0), ratio(-2, 8)
        (0.25, None, 0.0)
    """
    if part is None or whole is None or whole <= 0:
        return None
    return min(1.0, max(0.0, part / whole))
