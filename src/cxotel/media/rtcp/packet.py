"""The RTCP packets that tell of quality, as they are on the wire.

Times stay in the units of the wire here; `cxotel.media.rtcp` makes seconds and ratios of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from cxotel.media.rtcp.time import middle_ntp, round_trip

if TYPE_CHECKING:
    from cxotel.media.rtcp.xr import XrBlock


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
