"""The intervals of one leg folded into a whole, one by one and in constant memory."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from cxotel.media.emodel.opinion import mos_from_r, scale_of
from cxotel.media.merging import merged
from cxotel.media.quality import Judgement
from cxotel.media.verdict import on_narrowband, verdict

if TYPE_CHECKING:
    from cxotel.media.quality import Kind, MediaQuality

_LEAST: Final = 0.001
"""Seconds that an interval of unknown length weighs."""


class LegFold:
    """Follow one leg from interval to interval.

    The whole is rated by the mean R of its intervals, weighted by talk time, as the experience
    score weighs them. After a change of codec that is the mean on the narrowband scale, told on
    the scale of the last codec's model.

    Example:
        >>> from cxotel.media.quality import MediaQuality
        >>> fold = LegFold()
        >>> for r, seconds in ((90.0, 30.0), (70.0, 10.0)):
        ...     judgement = Judgement("computed", "g107", r=r)
        ...     record = MediaQuality(source="rtp", duration=seconds, judgements=(judgement,))
        ...     fold.add(record)
        >>> whole = fold.whole()
        >>> whole.duration, whole.judgements[0].r
        (40.0, 85.0)
    """

    __slots__ = ("_codec", "_kinds", "_last", "_rated", "_silent", "_weight", "_whole")

    def __init__(self) -> None:
        self._whole: MediaQuality | None = None
        self._codec: str | None = None
        self._last: Judgement | None = None
        self._kinds: set[Kind | None] = set()
        self._rated = 0.0
        self._weight = 0.0
        self._silent: float | None = None

    def add(self, record: MediaQuality) -> None:
        """Take one interval, judged.

        Args:
            record: The interval: of the same source as those before.

        Raises:
            ValueError: It is of another source.
        """
        # How many values a jitter is the mean of decides what it weighs: of getStats it is one.
        told_once = record.jitter is not None and record.jitter_samples is None
        interval = replace(record, jitter_samples=1) if told_once else record
        self._whole = merged((interval,) if self._whole is None else (self._whole, interval))
        self._codec = record.codec or self._codec
        if record.silent_duration is not None:
            self._silent = (self._silent or 0.0) + record.silent_duration
        found = verdict(record)
        if found is not None:
            judgement, r = found
            weight = talk_of(record) or _LEAST
            self._rated += on_narrowband(r, judgement.model) * weight
            self._weight += weight
            self._last = judgement
            self._kinds.add(judgement.kind)

    def whole(self) -> MediaQuality | None:
        """Return the record of all intervals so far; None where there was none."""
        if self._whole is None:
            return None
        last = self._last
        whole = replace(self._whole, codec=self._codec, silent_duration=self._silent)
        if last is None:
            return whole
        mean = self._rated / self._weight
        r = mean if last.model == "vendor" else mean * scale_of(last.model)
        kind = last.kind if len(self._kinds) == 1 else None
        judgement = Judgement(last.origin, last.model, r, mos_from_r(mean), kind)
        # The time that the rating speaks for, and no longer.
        return replace(whole, talk_duration=self._weight, judgements=(judgement,))


def talk_of(record: MediaQuality) -> float | None:
    """Return the time that a record's rating speaks for, seconds.

    Args:
        record: The record.

    Returns:
        The time for which media was sent, or else the whole length but for what was silent and
        should not have been; None where neither is known.

    Example:
        >>> from cxotel.media.quality import MediaQuality
        >>> talk_of(MediaQuality(source="webrtc", duration=10.0, silent_duration=4.0))
        6.0
    """
    if record.talk_duration is not None:
        return record.talk_duration
    if record.duration is None:
        return None
    return max(0.0, record.duration - (record.silent_duration or 0.0))
