"""One end's metrics in a SIP voice-quality report: text to numbers of ours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cxotel.media.values import MAX_TEXT, parse_number, parse_time

if TYPE_CHECKING:
    from collections.abc import Mapping

_UNAVAILABLE: Final = 127.0
_CLOCK_SET: Final = 978_307_200.0
"""2001-01-01: phones whose clock was never set tell times in 1970 or 2000."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VqMetrics:
    """What one end measured of the media that it received. What it does not tell is None.

    Args:
        start: When measuring began, seconds since 1970; None where the clock was never set.
        duration: How long it was measured, seconds.
        payload_type: RTP payload type.
        codec: The codec's name as the phone writes it.
        clock_rate: Units of the RTP timestamp a second.
        fmtp: Format parameters as in SDP.
        concealment: Loss concealment: 1 disabled, 2 enhanced, 3 standard.
        adaptive: Whether the jitter buffer adapts.
        buffer_nominal: Nominal delay of the jitter buffer, seconds.
        buffer_max: Greatest delay of the jitter buffer at its present size, seconds.
        buffer_limit: Greatest delay that the jitter buffer can reach, seconds.
        loss: Share of packets lost in the network, 0 to 1.
        discard: Share of packets discarded by the jitter buffer, 0 to 1.
        burst_density: Share of packets lost or discarded within bursts, 0 to 1.
        gap_density: The same within gaps.
        burst_duration: Mean duration of bursts, seconds.
        gap_duration: Mean duration of gaps, seconds.
        gmin: Consecutive packets received that end a burst.
        round_trip: Network round trip, seconds.
        end_system_delay: Delay within the endpoint, seconds.
        one_way_delay: Delay in one direction, the endpoints' included, seconds.
        symmetric_one_way_delay: Half of the round trip and of the endpoints' delays, seconds.
        jitter: Interarrival jitter, seconds.
        absolute_jitter: Mean absolute jitter, seconds.
        signal_level: Level of speech, dBm0.
        noise_level: Level of silence, dBm0.
        echo_return_loss: Residual echo return loss, dB.
        r_lq: R of listening quality.
        r_cq: R of conversational quality.
        external_r_in: R of a segment beyond, as it comes in.
        external_r_out: R of a segment beyond, as it goes out.
        mos_lq: MOS of listening quality, 1 to 5.
        mos_cq: MOS of conversational quality, 1 to 5.

    Source: RFC 6035 clause 4.6.2; RFC 3611 clause 4.7 for what they mean.
    """

    start: float | None = None
    duration: float | None = None
    payload_type: int | None = None
    codec: str | None = None
    clock_rate: int | None = None
    fmtp: str | None = None
    concealment: int | None = None
    adaptive: bool | None = None
    buffer_nominal: float | None = None
    buffer_max: float | None = None
    buffer_limit: float | None = None
    loss: float | None = None
    discard: float | None = None
    burst_density: float | None = None
    gap_density: float | None = None
    burst_duration: float | None = None
    gap_duration: float | None = None
    gmin: int | None = None
    round_trip: float | None = None
    end_system_delay: float | None = None
    one_way_delay: float | None = None
    symmetric_one_way_delay: float | None = None
    jitter: float | None = None
    absolute_jitter: float | None = None
    signal_level: float | None = None
    noise_level: float | None = None
    echo_return_loss: float | None = None
    r_lq: float | None = None
    r_cq: float | None = None
    external_r_in: float | None = None
    external_r_out: float | None = None
    mos_lq: float | None = None
    mos_cq: float | None = None


class MetricsReader:
    """Read the values of one end's lines.

    Args:
        values: Keys and values of all of its lines.
        end: `local` or `remote`, for messages.
        problems: Where to put what makes no sense.
    """

    __slots__ = ("_end", "_problems", "_values")

    def __init__(self, values: Mapping[str, str], end: str, problems: list[str]) -> None:
        self._values = values
        self._end = end
        self._problems = problems

    def read(self) -> VqMetrics:
        """Return the metrics."""
        start, duration = self._times()
        gmin = self._within("GMIN", 1, 255)
        # No endpoint counts with a Gmin of 0: one that says so fills in what it does not measure.
        measures = not ("GMIN" in self._values and gmin is None)
        return VqMetrics(
            start=start,
            duration=duration,
            payload_type=_whole(self._within("PT", 0, 127)),
            codec=self._text("PD"),
            clock_rate=_whole(self._within("SR", 1, 1e6)),
            fmtp=self._text("FMTP"),
            concealment=_whole(self._within("PLC", 1, 3)),
            adaptive={2.0: False, 3.0: True}.get(self._within("JBA", 0, 3) or 0.0),
            buffer_nominal=self._delay("JBN"),
            buffer_max=self._delay("JBM"),
            buffer_limit=self._delay("JBX"),
            loss=self._share("NLR"),
            discard=self._share("JDR"),
            burst_density=self._share("BLD"),
            gap_density=self._share("GLD"),
            burst_duration=self._milliseconds("BD"),
            gap_duration=self._milliseconds("GD"),
            gmin=_whole(gmin),
            round_trip=self._delay("RTD"),
            end_system_delay=self._delay("ESD"),
            one_way_delay=self._delay("OWD"),
            symmetric_one_way_delay=self._delay("SOWD"),
            jitter=self._milliseconds("IAJ") if measures else self._delay("IAJ"),
            absolute_jitter=self._delay("MAJ"),
            signal_level=self._level("SL"),
            noise_level=self._level("NL"),
            echo_return_loss=self._level("RERL"),
            r_lq=self._r("RLQ"),
            r_cq=self._r("RCQ"),
            external_r_in=self._r("EXTRI"),
            external_r_out=self._r("EXTRO"),
            mos_lq=self._within("MOSLQ", 1, 5),
            mos_cq=self._within("MOSCQ", 1, 5),
        )

    def _times(self) -> tuple[float | None, float | None]:
        start, stop = self._time("START"), self._time("STOP")
        if start is None or stop is None:
            return _set(start), None
        if stop < start:
            self._problem("STOP is before START")
            return _set(start), None
        return _set(start), stop - start

    def _time(self, key: str) -> float | None:
        text = self._values.get(key)
        time = parse_time(text)
        if time is None and text not in (None, "", "0"):
            self._problem(f"{key} is no time")
        return time

    def _number(self, key: str) -> float | None:
        text = self._values.get(key)
        number = parse_number(text)
        if number is None and text:
            self._problem(f"{key} is no number")
        return number

    def _within(self, key: str, low: float, high: float) -> float | None:
        # Collectors must ignore what lies outside; "unavailable", 127, does as well.
        number = self._number(key)
        return number if number is not None and low <= number <= high else None

    def _share(self, key: str) -> float | None:
        number = self._number(key)
        if number is None:
            return None
        if not 0 <= number <= 100:
            self._problem(f"{key} must lie between 0 and 100, got {number:g}")
            return None
        return number / 100.0

    def _milliseconds(self, key: str) -> float | None:
        number = self._within(key, 0, 1e9)
        return None if number is None else number / 1000.0

    def _delay(self, key: str) -> float | None:
        # No path and no buffer takes 0 ms, and 65535 is what did not fit.
        number = self._within(key, 0, 65_534)
        return number / 1000.0 if number else None

    def _level(self, key: str) -> float | None:
        number = self._within(key, -128, 255)
        return None if number == _UNAVAILABLE else number

    def _r(self, key: str) -> float | None:
        # 0 stands where nothing was measured; 120 is the greatest that the standard allows.
        return self._within(key, 1, 120)

    def _text(self, key: str) -> str | None:
        return self._values.get(key, "")[:MAX_TEXT] or None

    def _problem(self, text: str) -> None:
        self._problems.append(f"vq-rtcpxr: {self._end} {text}")


def _set(time: float | None) -> float | None:
    return time if time is not None and time >= _CLOCK_SET else None


def _whole(number: float | None) -> int | None:
    return None if number is None else int(number)
