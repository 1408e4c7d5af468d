"""Whether media goes both ways, one way, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cxotel.media.quality import Direction, MediaQuality

OLDEST_REPORT: Final = 10.0
"""Seconds for which the far end's last report is believed.

Source: RFC 3550 clause 6.2: reports come every 5 s, so that here two are missing.
"""


class Seen(NamedTuple):
    """What one moment shows; None where that cannot be told.

    Args:
        one_way: Whether media went one way only.
        silent: Whether there was none at all.
        record: A sample of the way that is silent, where one is.
    """

    one_way: bool | None
    silent: bool | None
    record: MediaQuality | None


class _Report(NamedTuple):
    """What the far end told last of what reached it, and when."""

    flows: bool
    at: float


class Flow:
    """Follow from sample to sample which ways of a call have media.

    What arrives here is counted here. What went out is known by the far end's reports alone. When
    nothing arrives any more, only a report that comes after that tells a call that is heard on
    one side from a connection that broke.

    Example:
        >>> from cxotel.media.quality import MediaQuality
        >>> deaf = MediaQuality(source="webrtc", direction="inbound", packets=0)
        >>> heard = MediaQuality(source="webrtc", direction="outbound", loss=0.0)
        >>> seen = Flow().see((deaf, heard))
        >>> seen.one_way, seen.silent
        (True, False)
    """

    __slots__ = ("_report", "_stopped_at")

    def __init__(self) -> None:
        self._report: _Report | None = None
        self._stopped_at: float | None = None

    def see(self, records: Sequence[MediaQuality], at: float | None = None) -> Seen:
        """Take the samples of one moment.

        Args:
            records: One of each leg.
            at: The time now, seconds on a clock that does not go back; None for a moment that has
                nothing to do with the one before.
        """
        if at is None:
            self._report = self._stopped_at = None
            at = 0.0
        here, there = _flows(records, "inbound"), _flows(records, "outbound")
        if there is not None:
            self._report = _Report(there, at)
        if here is not False:
            self._stopped_at = None
        elif self._stopped_at is None:
            self._stopped_at = at
        return self._judge(here=here, at=at, records=records)

    def _judge(self, *, here: bool | None, at: float, records: Sequence[MediaQuality]) -> Seen:
        report, stopped = self._report, self._stopped_at
        if report is not None and at - report.at > OLDEST_REPORT:
            report = None
        if report is not None and report.flows and stopped is not None and report.at < stopped:
            return Seen(None, None, None)
        silent = "inbound" if here is False else "outbound"
        record = next((each for each in records if each.direction == silent), None)
        if report is None or here is None:
            known = here if report is None else report.flows
            return Seen(None, None if known is None else not known, record)
        return Seen(here != report.flows, not (here or report.flows), record)


def _flows(records: Sequence[MediaQuality], direction: Direction) -> bool | None:
    """Tell whether media went one way, where a sample knows."""
    known = [
        _has_media(record)
        for record in records
        if record.direction == direction and _has_media(record) is not None
    ]
    return any(known) if known else None


def _has_media(record: MediaQuality) -> bool | None:
    if record.packets is not None:
        return record.packets > 0
    # A browser does not learn how many packets reached the far end, but which share did not.
    return None if record.loss is None else record.loss < 1.0
