"""From the records of intervals to the record of the whole."""

from __future__ import annotations

from functools import reduce
from operator import add
from typing import TYPE_CHECKING, Any

from cxotel.media.quality import MediaQuality, ratio
from cxotel.media.rtp.burst import GMIN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cxotel.media.rtp.burst import BurstGap

_IDENTITY = (
    "system",
    "leg",
    "leg_name",
    "direction",
    "measured_at",
    "codec",
    "clock_rate",
    "concealed",
)
_SUMS = (
    "packets",
    "lost",
    "discarded",
    "duplicates",
    "reordered",
    "duration",
    "talk_duration",
    "silent_duration",
    "jitter_samples",
)
_MEANS = (
    "bitrate",
    "concealment",
    "round_trip",
    "one_way_delay",
    "end_system_delay",
    "buffer_delay",
    "mouth_to_ear",
    "signal_level",
    "noise_level",
    "echo_return_loss",
)


def merged(records: Sequence[MediaQuality]) -> MediaQuality:
    """Return one record for several intervals of one stream, in any order.

    Counts add up, shares and jitter are those of the whole, delays and levels are means weighted
    by duration. What one interval does not know, the sum does not know either. Judgements are
    left out: a MOS of the whole is not a mean of MOS; let `judged` compute it.

    Args:
        records: The intervals, of one source.

    Raises:
        ValueError: There is none, or they come from different sources.

    Example:
        >>> whole = merged(
        ...     [
        ...         MediaQuality(source="rtp", packets=90, lost=10, loss=0.1),
        ...         MediaQuality(source="rtp", packets=100, lost=0, loss=0.0),
        ...     ]
        ... )
        >>> whole.packets, whole.loss
        (190, 0.05)
    """
    sources = {record.source for record in records}
    if len(sources) != 1:
        raise ValueError(f"records must come from one source, not {len(sources)}")
    values: dict[str, Any] = {name: _common(records, name) for name in _IDENTITY}
    values |= {name: _sum(records, name) for name in _SUMS}
    values |= {name: _mean(records, name, "duration") for name in _MEANS}
    starts = [record.start for record in records if record.start is not None]
    peaks = [record.jitter_max for record in records if record.jitter_max is not None]
    return MediaQuality(
        source=sources.pop(),
        start=min(starts, default=None),
        loss=_share(records, values, "loss", "lost"),
        discard=_share(records, values, "discard", "discarded"),
        jitter=_mean(records, "jitter", "jitter_samples"),
        jitter_max=max(peaks, default=None),
        burst=_burst(records, values),
        problems=tuple(dict.fromkeys(text for record in records for text in record.problems)),
        **values,
    )


def _common(records: Sequence[MediaQuality], name: str) -> object:
    values = {getattr(record, name) for record in records}
    return values.pop() if len(values) == 1 else None


def _sum(records: Sequence[MediaQuality], name: str) -> float | None:
    values = [getattr(record, name) for record in records]
    return None if None in values else sum(values)


def _mean(records: Sequence[MediaQuality], name: str, weight: str) -> float | None:
    """Return the mean over the records that know a value, each weighing alike where no weight is.

    Weighing alike keeps a mean of reports that have no duration of their own.
    """
    pairs = [(getattr(r, name), getattr(r, weight)) for r in records]
    known = [(value, heft) for value, heft in pairs if value is not None]
    if not known:
        return None
    total = sum(heft or 0 for _, heft in known)
    if not total or any(heft is None for _, heft in known):
        return sum(value for value, _ in known) / len(known)
    return sum(value * heft for value, heft in known) / total


def _share(
    records: Sequence[MediaQuality], values: dict[str, Any], name: str, count: str
) -> float | None:
    packets, lost = values["packets"], values["lost"]
    if values[count] is None or packets is None or lost is None:
        return _mean(records, name, "duration")
    return ratio(values[count], packets + lost)


def _burst(records: Sequence[MediaQuality], values: dict[str, Any]) -> BurstGap | None:
    bursts = [record.burst for record in records if record.burst is not None]
    tallies = [burst.tally for burst in bursts if burst.tally is not None]
    gmins = {burst.gmin for burst in bursts}
    if not tallies or len(tallies) < len(bursts) or len(gmins) > 1:
        return None
    packets, lost, talk = values["packets"], values["lost"], values["talk_duration"]
    step = talk / (packets + lost) if talk and packets is not None and lost is not None else None
    return reduce(add, tallies).burst_gap(step, gmins.pop() or GMIN)
