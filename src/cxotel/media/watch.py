"""Find quality problems that last, from sample to sample, without flickering."""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cxotel.media.emodel.opinion import opinion
from cxotel.media.flow import Flow
from cxotel.media.thresholds import DEFAULT
from cxotel.media.verdict import on_narrowband, verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from cxotel.media.quality import MediaQuality
    from cxotel.media.thresholds import Threshold, WarningName

MAX_LEGS: Final = 64
"""How many legs are watched; beyond it the one heard of longest ago is forgotten."""


@dataclass(frozen=True, slots=True)
class Change:
    """A warning that was raised, or cleared.

    Args:
        threshold: What it is about.
        raised: Whether it was raised; otherwise it was cleared.
        record: The sample that did it.
        value: The value of that sample; None where there is no number.
    """

    threshold: Threshold
    raised: bool
    record: MediaQuality
    value: float | None = None

    @property
    def name(self) -> WarningName:
        """The warning's name."""
        return self.threshold.name


class Alarm:
    """One warning on one leg: raised and cleared by turns.

    Samples that do not know the value change nothing.

    Args:
        threshold: When to raise and when to clear it.

    Example:
        >>> from cxotel.media.thresholds import HIGH_JITTER
        >>> alarm = Alarm(HIGH_JITTER)
        >>> [alarm.take(jitter) for jitter in (0.05, 0.05, 0.05, 0.05)]
        [None, None, True, None]
        >>> [alarm.take(jitter) for jitter in (0.01, 0.01, 0.01, 0.01, 0.01)]
        [None, None, None, None, False]
    """

    __slots__ = ("_latest", "raised", "threshold")

    def __init__(self, threshold: Threshold) -> None:
        self.threshold = threshold
        self.raised = False
        self._latest: deque[bool] = deque(maxlen=threshold.samples)

    def take(self, value: float | None) -> bool | None:
        """Take a sample.

        Args:
            value: Its value; None where it is not known.

        Returns:
            True where this raises the warning, False where it clears it, None otherwise.
        """
        if value is None:
            return None
        threshold, latest = self.threshold, self._latest
        latest.append(threshold.is_beyond(value))
        beyond = sum(latest)
        if not self.raised and beyond >= threshold.raise_count:
            self.raised = True
            return True
        if self.raised and len(latest) == threshold.samples and beyond <= threshold.clear_count:
            self.raised = False
            return False
        return None

    def forget(self) -> None:
        """Forget the latest samples, but not whether the warning is raised."""
        self._latest.clear()


class _Leg:
    """The alarms of one leg."""

    __slots__ = ("alarms", "latest")

    def __init__(self, thresholds: Iterable[Threshold]) -> None:
        self.alarms = tuple(Alarm(threshold) for threshold in thresholds)
        self.latest: float | None = None


class Watch:
    """Watch the legs of one call.

    Args:
        thresholds: What to watch, and when to warn.
        max_legs: How many legs to watch.

    Example:
        >>> from cxotel.media.quality import MediaQuality
        >>> watch = Watch()
        >>> burst = MediaQuality(source="rtp", direction="inbound", packets=80, loss=0.2)
        >>> [(change.name, change.raised, change.value) for change in watch.feed((burst,))]
        [('loss_burst', True, 0.2)]
        >>> watch.feed((burst,))
        ()
    """

    def __init__(
        self, thresholds: Sequence[Threshold] = DEFAULT, *, max_legs: int = MAX_LEGS
    ) -> None:
        self._measured = [each for each in thresholds if each.name in _READERS]
        self._flowing = {each.name: Alarm(each) for each in thresholds if each.name not in _READERS}
        self._legs: OrderedDict[object, _Leg] = OrderedDict()
        self._max_legs = max_legs
        self._flow = Flow()

    @property
    def active(self) -> tuple[WarningName, ...]:
        """The warnings that are raised now, on any leg."""
        alarms = [alarm for leg in self._legs.values() for alarm in leg.alarms]
        alarms += self._flowing.values()
        return tuple(alarm.threshold.name for alarm in alarms if alarm.raised)

    def feed(
        self,
        records: Sequence[MediaQuality],
        *,
        at: float | None = None,
        expected: bool = True,
    ) -> tuple[Change, ...]:
        """Take the samples of one moment.

        Args:
            records: One sample of each leg. One that began before the leg's last is left out.
            at: The time now, seconds on a clock that does not go back: it tells how old the far
                end's last report is. Where None, each call is its own moment.
            expected: Whether there should be media: not while the call is on hold.

        Returns:
            What was raised and what was cleared.
        """
        newer = [record for record in records if self._is_newer(record)]
        changes = [change for record in newer for change in self._measure(record)]
        if not expected:
            self._flow = Flow()
            for alarm in self._flowing.values():
                alarm.forget()
        elif newer:
            changes += self._see_flow(newer, at)
        return tuple(changes)

    def _is_newer(self, record: MediaQuality) -> bool:
        leg, start = self._leg(record), record.start
        if start is None:
            return True
        if leg.latest is not None and start < leg.latest:
            return False
        leg.latest = start
        return True

    def _leg(self, record: MediaQuality) -> _Leg:
        key = (record.source, record.leg, record.leg_name, record.direction)
        leg = self._legs.pop(key, None) or _Leg(self._measured)
        self._legs[key] = leg
        if len(self._legs) > self._max_legs:
            self._legs.popitem(last=False)
        return leg

    def _measure(self, record: MediaQuality) -> Iterator[Change]:
        for alarm in self._leg(record).alarms:
            value = _READERS[alarm.threshold.name](record)
            changed = alarm.take(value)
            if changed is not None:
                yield Change(alarm.threshold, changed, record, value)

    def _see_flow(self, records: Sequence[MediaQuality], at: float | None) -> Iterator[Change]:
        seen = self._flow.see(records, at)
        for name, value in (("one_way_audio", seen.one_way), ("silence", seen.silent)):
            alarm = self._flowing.get(name)
            changed = alarm.take(value) if alarm else None
            if alarm and changed is not None:
                yield Change(alarm.threshold, changed, seen.record or records[0])


def _mos(record: MediaQuality) -> float | None:
    found = verdict(record)
    if found is None:
        return None
    judgement, r = found
    return judgement.mos or opinion(on_narrowband(r, judgement.model))


_READERS: Final[dict[str, Callable[[MediaQuality], float | None]]] = {
    "high_jitter": lambda record: record.jitter,
    "high_round_trip": lambda record: record.round_trip,
    "high_loss": lambda record: record.loss,
    "loss_burst": lambda record: record.loss,
    "high_concealment": lambda record: record.concealment,
    "low_mos": _mos,
}
"""Where each warning's value is found in a sample; those without are about the whole call."""
