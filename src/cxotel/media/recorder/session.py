"""One call as it is recorded: intervals in; metrics, evidence, warnings and a summary out."""

from __future__ import annotations

import os
from collections import OrderedDict
from dataclasses import dataclass, replace
from threading import RLock
from typing import TYPE_CHECKING, Final

from opentelemetry.context import get_current

from cxotel import clock, semconv
from cxotel.context import current
from cxotel.engine.shield import shielded
from cxotel.media.folding import LegFold
from cxotel.media.recorder.evidence import describe, leg_of, offset_of, present, when, whose
from cxotel.media.recorder.meters import meters
from cxotel.media.recorder.place import context_of, ended
from cxotel.media.recorder.telling import complete, measure, note, span_of, tell_elsewhere
from cxotel.media.watch import Watch
from cxotel.semconv import CxMediaWarningStateValues

if TYPE_CHECKING:
    from collections.abc import Sequence

    from opentelemetry.metrics import MeterProvider
    from opentelemetry.trace import TracerProvider

    from cxotel.media.codecs import Impairment
    from cxotel.media.quality import MediaQuality
    from cxotel.media.recorder.evidence import Leg, Span
    from cxotel.media.thresholds import Threshold
    from cxotel.media.watch import Change

MAX_LEGS: Final = 64
"""How many legs of one call are summed up; beyond it the one heard of longest ago is let go."""
MAX_WARNINGS: Final = 32
"""Warnings that become events of the span: the application's own are not to be pushed out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What is known of a call before it begins; see `MediaRecorder`."""

    leg_name: str | None
    system: str | None
    layer: str | None
    impairment: Impairment | None
    thresholds: Sequence[Threshold]
    tracer_provider: TracerProvider | None
    meter_provider: MeterProvider | None


class _Leg:
    """One leg: what was heard of it so far, and for how long nothing has been."""

    __slots__ = ("fold", "unheard")

    def __init__(self) -> None:
        self.fold = LegFold()
        self.unheard = 0.0


class Session:
    """Record one call, from the journey and span that it begins in.

    Args:
        options: What is known of the call.
    """

    def __init__(self, options: Options) -> None:
        self._options = options
        now = current()
        self._now = now if now is not None and now.journey.is_open() else None
        self._context = context_of(self._now) or get_current()
        self._span = span_of(self._now)
        self._meters = meters(options.meter_provider)
        self._watch = Watch(options.thresholds)
        self._legs: OrderedDict[Leg, _Leg] = OrderedDict()
        self._warnings = 0
        self._offset: float | None = None
        self._open = True
        self._process = os.getpid()
        # Reentrant: garbage collection may end somebody's recorder in the middle of our own work.
        self._lock = RLock()

    @property
    def warnings(self) -> tuple[str, ...]:
        """The warnings that are raised now."""
        return self._watch.active

    def take(self, records: Sequence[MediaQuality], at: float | None, *, expected: bool) -> None:
        """Take the samples of one moment.

        Args:
            records: One of each leg, or several intervals of one.
            at: The time now, seconds on a clock that does not go back.
            expected: Whether there should be media.
        """
        if not records or self._is_copy():
            return
        with self._lock:
            if not self._open:
                return
            options = self._options
            whole = [
                complete(record, options.leg_name, options.system, options.impairment)
                for record in records
            ]
            with shielded("watching media quality"):
                changes = self._watch.feed(whole, at=at, expected=expected)
                for change in changes:
                    self._warn(change)
                whole = [self._with_silence(record) for record in whole]
            measure(whole, self._meters, self._context)
            self._note(whole)
            for record in whole:
                with shielded("summing up media quality"):
                    self._leg(record).fold.add(record)

    def close(self) -> None:
        """Tell each leg's quality over the whole call, once."""
        if self._is_copy():
            return
        with self._lock:
            if not self._open:
                return
            self._open = False
            found = [each.fold.whole() for each in self._legs.values()]
            records = [record for record in found if record is not None]
            self._legs.clear()
            if self._now is not None and not self._now.journey.is_open():
                tell_elsewhere(
                    records,
                    ended(self._now),
                    self._options.layer,
                    self._options.tracer_provider,
                    None,
                )
            else:
                self._sum_up(records)

    def _is_copy(self) -> bool:
        """Tell whether this is a forked child: the call is its parent's, and so may the lock be."""
        return self._process != os.getpid()

    def _with_silence(self, record: MediaQuality) -> MediaQuality:
        """Let the time in which nothing was heard that should have been count, once it is sure."""
        if record.direction != "inbound" or record.packets is None or record.duration is None:
            return record
        leg = self._leg(record)
        if record.packets:
            leg.unheard = 0.0
            return record
        if "one_way_audio" not in self._watch.active or record.silent_duration is not None:
            leg.unheard += record.duration
            return record
        unheard, leg.unheard = leg.unheard, 0.0
        return replace(record, silent_duration=record.duration + unheard)

    def _note(self, records: Sequence[MediaQuality]) -> None:
        """Let the score hear of each interval while the journey runs; a span would overflow."""
        now = self._now
        if now is not None and now.journey.is_open():
            time_ns = clock.now_ns()
            for record in records:
                times = self._when(record, time_ns)
                note(now, describe(record, times, self._options.layer), time_ns)

    def _when(self, record: MediaQuality, time_ns: int) -> Span:
        # One clock is held for one distance from the wall's, whenever its records come.
        if self._offset is None:
            self._offset = offset_of((record,), time_ns)
        return when(record, time_ns, self._offset)

    def _leg(self, record: MediaQuality) -> _Leg:
        key = leg_of(record)
        leg = self._legs.pop(key, None) or _Leg()
        self._legs[key] = leg
        if len(self._legs) > MAX_LEGS:
            self._legs.popitem(last=False)
            self._meters.dropped("media legs", 1)
        return leg

    def _sum_up(self, records: Sequence[MediaQuality]) -> None:
        time_ns = clock.now_ns()
        for record in records if self._span.is_recording() else ():
            with shielded("telling a call's media quality"):
                attributes = describe(record, self._when(record, time_ns), self._options.layer)
                self._span.add_event(semconv.EVENT_CX_MEDIA, attributes, time_ns)

    def _warn(self, change: Change) -> None:
        if change.raised:
            self._meters.warned(change.name, change.record, self._context)
        if self._warnings >= MAX_WARNINGS:
            self._meters.dropped("media warnings", 1)
            return
        self._warnings += 1
        state = CxMediaWarningStateValues
        told = {
            semconv.CX_MEDIA_WARNING_NAME: change.name,
            semconv.CX_MEDIA_WARNING_STATE: (
                state.RAISED if change.raised else state.CLEARED
            ).value,
            semconv.CX_MEDIA_WARNING_VALUE: change.value,
            semconv.CX_MEDIA_WARNING_THRESHOLD: change.threshold.limit,
            **whose(change.record),
        }
        self._span.add_event(semconv.EVENT_CX_MEDIA_WARNING, present(told), clock.now_ns())
