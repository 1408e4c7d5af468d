"""The blocks of an RTCP extended report, RFC 3611."""

from __future__ import annotations

from struct import Struct
from typing import TYPE_CHECKING, Final

from cxotel.media.errors import MalformedError
from cxotel.media.rtcp_packet import DelaySinceReceiverTime, OtherBlock, ReceiverTime, VoipMetrics

if TYPE_CHECKING:
    from cxotel.media.rtcp_packet import XrBlock

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
