"""The blocks of an RTCP extended report, RFC 3611."""

from __future__ import annotations

from dataclasses import dataclass
from struct import Struct
from typing import Final, TypeAlias

from cxotel.media.errors import MalformedError
from cxotel.media.rtcp.time import middle_ntp, round_trip

_HEADER: Final = Struct("!BBH")
_TIME: Final = Struct("!Q")
_ANSWER: Final = Struct("!III")
_VOIP_FIRST: Final = Struct("!I4B4H")
_VOIP_LEVELS: Final = Struct("!2b6B")
_VOIP_BUFFER: Final = Struct("!BxHHH")
_VOIP_SIZE: Final = _VOIP_FIRST.size + _VOIP_LEVELS.size + _VOIP_BUFFER.size

_UNAVAILABLE: Final = 127
_CONCEALMENT: tuple[str | None, ...] = (None, "disabled", "enhanced", "standard")
_ADAPTIVE: tuple[bool | None, ...] = (None, None, False, True)


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


def xr_blocks(body: bytes, at: int) -> tuple[XrBlock, ...]:
    """Read the blocks of an extended report.

    Args:
        body: The packet without its header.
        at: Where the first block begins.

    Raises:
        MalformedError: A block is cut off, or has another length than its type.

    Example:
        >>> xr_blocks(bytes.fromhex("040000020000000100000000"), 0)
        (ReceiverTime(ntp=4294967296),)

    Source: RFC 3611 clauses 3 and 4.
    """
    blocks: list[XrBlock] = []
    while at < len(body):
        if len(body) - at < 4:
            raise MalformedError("RTCP: an extended report block is cut off")
        kind, _, words = _HEADER.unpack_from(body, at)
        start, at = at + 4, at + 4 + 4 * words
        if at > len(body):
            raise MalformedError("RTCP: an extended report block is cut off")
        blocks.append(_block(kind, body[start:at]))
    return tuple(blocks)


def _block(kind: int, content: bytes) -> XrBlock:
    if kind == 4:
        _sized(content, _TIME.size, "receiver reference time")
        return ReceiverTime(_TIME.unpack(content)[0])
    if kind == 5:
        if len(content) % _ANSWER.size:
            raise MalformedError("RTCP: a DLRR block is cut off")
        return tuple(DelaySinceReceiverTime(*answer) for answer in _ANSWER.iter_unpack(content))
    if kind == 7:
        _sized(content, _VOIP_SIZE, "VoIP metrics")
        return _voip_metrics(content)
    return OtherBlock(kind)


def _sized(content: bytes, size: int, what: str) -> None:
    if len(content) != size:
        raise MalformedError(f"RTCP: a {what} block has {len(content)} bytes, not {size}")


def _voip_metrics(content: bytes) -> VoipMetrics:
    ssrc, *rates, burst, gap, round_trip, end_system = _VOIP_FIRST.unpack_from(content)
    signal, noise, echo, gmin, r, external_r, mos_lq, mos_cq = _VOIP_LEVELS.unpack_from(content, 16)
    config: int
    config, nominal, maximum, limit = _VOIP_BUFFER.unpack_from(content, 24)
    loss, discard, burst_density, gap_density = (rate / 256 for rate in rates)
    return VoipMetrics(
        ssrc=ssrc,
        loss=loss,
        discard=discard,
        burst_density=burst_density,
        gap_density=gap_density,
        burst_duration=burst / 1000,
        gap_duration=gap / 1000,
        round_trip=_delay(round_trip),
        end_system_delay=_delay(end_system),
        signal_level=_known(signal),
        noise_level=_known(noise),
        echo_return_loss=_known(echo),
        gmin=gmin or None,
        r=_within(r, 0, 100),
        external_r=_within(external_r, 0, 100),
        mos_lq=_mos(mos_lq),
        mos_cq=_mos(mos_cq),
        concealment=_CONCEALMENT[config >> 6],
        adaptive=_ADAPTIVE[config >> 4 & 3],
        buffer_rate=config & 15,
        buffer_nominal=_delay(nominal),
        buffer_max=_delay(maximum),
        buffer_limit=_delay(limit),
    )


def _known(value: int) -> int | None:
    return None if value == _UNAVAILABLE else value


def _within(value: int, low: int, high: int) -> int | None:
    # Receivers must ignore what lies outside; 127, unavailable, does as well.
    return value if low <= value <= high else None


def _mos(tenths: int) -> float | None:
    known = _within(tenths, 10, 50)
    return None if known is None else known / 10


def _delay(milliseconds: int) -> float | None:
    # No path and no buffer takes 0 ms: it is what endpoints send that have not measured.
    return milliseconds / 1000 if milliseconds else None
