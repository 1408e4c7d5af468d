"""The RTCP packets that tell of quality, as they are on the wire.

Times stay in the units of the wire here; `cxotel.media.rtcp` makes seconds and ratios of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

NTP_EPOCH: Final = 2_208_988_800
"""Seconds from 1900, where NTP begins, to 1970."""

_WRAP: Final = 1 << 32
_LONGEST: Final = 60 << 16


def middle_ntp(time: float) -> int:
    """Return the middle 32 bits of a time's NTP form, in which RTCP measures round trips.

    Args:
        time: Seconds since 1970.

    Example:
        >>> hex(middle_ntp(0.5))
        '0x7e808000'

    Source: RFC 3550 clause 4.
    """
    return round((time + NTP_EPOCH) * 65536.0) % _WRAP


def round_trip(arrival: int, last: int, delay: int) -> float | None:
    """Return the network round trip that a report shows.

    Args:
        arrival: When the report arrived, middle 32 bits of NTP time.
        last: The time that the report sends back: LSR, or LRR in a DLRR block.
        delay: How long it was kept there, units of 1/65536 s: DLSR or DLRR.

    Returns:
        Seconds; None where the other side had nothing to send back, and where it would be more
        than a minute or less than nothing: a clock was set between.

    Example:
        >>> round_trip(0xB7108000, 0xB7052000, 0x00054000)
        6.125

    Source: RFC 3550 clause 6.4.1 and figure 2; RFC 3611 clause 4.5.
    """
    if not last or not delay:
        return None
    units = (arrival - last - delay) % _WRAP
    return units / 65536.0 if units < _LONGEST else None


@dataclass(frozen=True, slots=True)
class ReportBlock:
    """What one receiver says of one source.

    Args:
        ssrc: The source.
        fraction_lost: Packets lost since the last report, in 1/256 of those expected.
        cumulative_lost: Packets lost since the beginning; negative where more came twice.
        highest_sequence: The newest sequence number, with its wraps in the upper 16 bits.
        jitter: Interarrival jitter, units of the RTP timestamp.
        lsr: Middle 32 bits of the last sender report's time; 0 before there was one.
        dlsr: Time since then, units of 1/65536 s.

    Source: RFC 3550 clause 6.4.1.
    """

    ssrc: int
    fraction_lost: int
    cumulative_lost: int
    highest_sequence: int
    jitter: int
    lsr: int
    dlsr: int

    def round_trip(self, arrival: float) -> float | None:
        """Return the round trip between its receiver and the reporter, seconds.

        Args:
            arrival: When the report arrived, seconds since 1970, on the clock of the sender
                reports that it answers.
        """
        return round_trip(middle_ntp(arrival), self.lsr, self.dlsr)


@dataclass(frozen=True, slots=True)
class SenderReport:
    """What a sender says of itself, and as a receiver of others.

    Args:
        ssrc: The sender.
        ntp: When it was sent, 64-bit NTP time.
        rtp_timestamp: The same instant on the RTP clock.
        packets: Packets sent.
        octets: Bytes of payload sent.
        reports: What it receives.

    Source: RFC 3550 clause 6.4.1.
    """

    ssrc: int
    ntp: int
    rtp_timestamp: int
    packets: int
    octets: int
    reports: tuple[ReportBlock, ...] = ()


@dataclass(frozen=True, slots=True)
class ReceiverReport:
    """What one who sends nothing receives.

    Args:
        ssrc: The reporter.
        reports: What it receives.

    Source: RFC 3550 clause 6.4.2.
    """

    ssrc: int
    reports: tuple[ReportBlock, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceDescription:
    """Who the sources are.

    Args:
        chunks: For each source its id and its items, each a type (1 CNAME, 2 NAME, 3 EMAIL, …)
            and a text. The text may hold names and addresses of people.

    Source: RFC 3550 clause 6.5.
    """

    chunks: tuple[tuple[int, tuple[tuple[int, str], ...]], ...]


@dataclass(frozen=True, slots=True)
class Goodbye:
    """Sources that end.

    Args:
        ssrcs: The sources.
        reason: Why, in words.

    Source: RFC 3550 clause 6.6.
    """

    ssrcs: tuple[int, ...]
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ReceiverTime:
    """A receiver's clock, so that senders' answers (DLRR) let it measure round trips.

    Args:
        ntp: 64-bit NTP time.

    Source: RFC 3611 clause 4.4.
    """

    ntp: int


@dataclass(frozen=True, slots=True)
class DelaySinceReceiverTime:
    """One answer to a `ReceiverTime`.

    Args:
        ssrc: The receiver answered.
        lrr: Middle 32 bits of its time; 0 before there was one.
        dlrr: Time since then, units of 1/65536 s.

    Source: RFC 3611 clause 4.5.
    """

    ssrc: int
    lrr: int
    dlrr: int

    def round_trip(self, arrival: float) -> float | None:
        """Return the round trip between its receiver and the sender, seconds.

        Args:
            arrival: When the answer arrived, seconds since 1970, on the clock of the question.
        """
        return round_trip(middle_ntp(arrival), self.lrr, self.dlrr)


@dataclass(frozen=True, slots=True)
class VoipMetrics:
    """What an endpoint measured of a call's sound. What it could not measure is None.

    Args:
        ssrc: The source measured.
        loss: Share of packets lost since reception began, 0 to 1.
        discard: Share of packets discarded by the jitter buffer, 0 to 1.
        burst_density: Share of packets lost or discarded within bursts, 0 to 1.
        gap_density: The same within gaps.
        burst_duration: Mean duration of bursts, seconds.
        gap_duration: Mean duration of gaps, seconds.
        round_trip: Newest network round trip, seconds.
        end_system_delay: Newest delay within the endpoint, seconds.
        signal_level: Level of speech, dBm0.
        noise_level: Level of silence, dBm0.
        echo_return_loss: Residual echo return loss, dB.
        gmin: Consecutive packets received that end a burst.
        r: R of the RTP segment, 0 to 100.
        external_r: R of a segment beyond the endpoint, 0 to 100.
        mos_lq: MOS of listening quality, 1 to 5: without delay.
        mos_cq: MOS of conversational quality, 1 to 5: with delay.
        concealment: Loss concealment: `disabled`, `enhanced` or `standard`.
        adaptive: Whether the jitter buffer adapts.
        buffer_rate: How fast it does, 0 to 15.
        buffer_nominal: Nominal delay of the jitter buffer, seconds.
        buffer_max: Greatest delay of the jitter buffer at its present size, seconds.
        buffer_limit: Greatest delay that the jitter buffer can reach, seconds.

    Source: RFC 3611 clause 4.7.
    """

    ssrc: int
    loss: float
    discard: float
    burst_density: float
    gap_density: float
    burst_duration: float
    gap_duration: float
    round_trip: float | None
    end_system_delay: float | None
    signal_level: int | None
    noise_level: int | None
    echo_return_loss: int | None
    gmin: int | None
    r: int | None
    external_r: int | None
    mos_lq: float | None
    mos_cq: float | None
    concealment: str | None
    adaptive: bool | None
    buffer_rate: int
    buffer_nominal: float | None
    buffer_max: float | None
    buffer_limit: float | None


@dataclass(frozen=True, slots=True)
class OtherBlock:
    """A block of an extended report that is not read.

    Args:
        block_type: Its type.
    """

    block_type: int


XrBlock: TypeAlias = "ReceiverTime | tuple[DelaySinceReceiverTime, ...] | VoipMetrics | OtherBlock"
"""A block of an extended report."""


@dataclass(frozen=True, slots=True)
class ExtendedReport:
    """Blocks beyond the sender and receiver reports.

    Args:
        ssrc: The reporter.
        blocks: Its blocks; answers to receiver times (DLRR) are a tuple of them.

    Source: RFC 3611 clause 2.
    """

    ssrc: int
    blocks: tuple[XrBlock, ...]


@dataclass(frozen=True, slots=True)
class OtherPacket:
    """An RTCP packet that is not read: application-defined or feedback.

    Args:
        packet_type: Its type.
    """

    packet_type: int


RtcpPacket: TypeAlias = (
    "SenderReport | ReceiverReport | SourceDescription | Goodbye | ExtendedReport | OtherPacket"
)
"""Any RTCP packet."""
