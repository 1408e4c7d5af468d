"""The account of one segment: takes its evidence from any thread and keeps its carrier current."""

from __future__ import annotations

from collections import deque
from threading import RLock
from typing import TYPE_CHECKING, Final, NamedTuple

from cxotel import semconv
from cxotel.experience.arrivals import Arrivals
from cxotel.experience.describe import describe_impairment, describe_score
from cxotel.experience.evidence import Call, Declared, Outcome
from cxotel.experience.pen import Pen, SpanEvent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from opentelemetry.util.types import AttributeValue

    from cxotel.experience.evidence import Evidence, Impairment
    from cxotel.experience.ledger import Ledger
    from cxotel.experience.score import Score
    from cxotel.experience.segment import Segment

MAX_EVENTS: Final = 32
"""Impairment events on one carrier: the application's own are not to be pushed out."""
SMALLEST_EVENT: Final = 0.5
"""Points below which an impairment gets no event: it would show as none."""


class Statement(NamedTuple):
    """What a segment knows at one revision."""

    score: Score
    ledger: Ledger
    revision: int
    contacts: frozenset[str]
    outcome: str | None


class Account:
    """Take a segment's evidence; queue what changed for its carrier.

    Args:
        segment: The arithmetic. It is only touched under this account's lock.
        owners: Who owns a system or a layer.
        dropped: Told how many impairment events found no room.
    """

    def __init__(
        self, segment: Segment, owners: Mapping[str, str], dropped: Callable[[int], None]
    ) -> None:
        self.segment = segment
        self.knows_channel = segment.channel is not None
        self.arrivals = Arrivals()
        self.pen: Pen | None = None
        self._owners = owners
        self._dropped = dropped
        # Reentrant, because garbage collection may end a span in the middle of our own work; what
        # that brings waits for the work to be done.
        self._lock = RLock()
        self._busy = False
        self._later: deque[tuple[Evidence | None, str, int]] = deque()
        self._last_failure: str | None = None
        self._outcome: Outcome | None = None
        self._written: dict[str, AttributeValue] = {}
        self._written_version = -1
        self._events = 0
        self._homeless = 0
        self._queued = False
        self._stated_version: int | None = None
        self._revision = 0

    def take(self, evidence: Evidence, span_id: str, time_ns: int) -> tuple[Impairment, ...]:
        """Take evidence and return what got worse by it.

        Args:
            evidence: What was found.
            span_id: The span that showed it, as 16 hexadecimal digits.
            time_ns: When it had become true, ns since the epoch.
        """
        return self._work(evidence, span_id, time_ns)

    def met(self, span_id: str, time_ns: int) -> None:
        """Learn that the failed call of span *span_id* reached the journey's code."""
        self._work(None, span_id, time_ns)

    def _work(
        self, evidence: Evidence | None, span_id: str, time_ns: int
    ) -> tuple[Impairment, ...]:
        with self._lock:
            if self._busy:
                self._later.append((evidence, span_id, time_ns))
                return ()
            self._busy = True
            try:
                hurts = self._observe(evidence, span_id, time_ns)
                while self._later:
                    self._observe(*self._later.popleft())
                if self._written_version != self.segment.version:
                    self._queue_changes()
            finally:
                self._busy = False
        if self._queued:
            self.flush()
        return hurts

    def _observe(
        self, evidence: Evidence | None, span_id: str, time_ns: int
    ) -> tuple[Impairment, ...]:
        if evidence is None:
            hurts = self.segment.met(span_id)
        else:
            hurts = self.segment.observe(evidence)
            if type(evidence) is Call:
                if evidence.error and not evidence.recovered:
                    self._last_failure = span_id
            elif type(evidence) is Outcome and (
                self._outcome is None or evidence.at >= self._outcome.at
            ):
                self._outcome = evidence
        # What code said on the carrier's own span is an event on it already.
        if hurts and not (type(evidence) is Declared and span_id == self.segment.id):
            self._queue_events(hurts, span_id, time_ns)
        return hurts

    @property
    def last_failure(self) -> str | None:
        """The span of the latest call that failed and was not made good."""
        return self._last_failure

    def write_on(self, pen: Pen) -> None:
        """Write all that is known on a carrier, and from now on what changes."""
        with self._lock:
            self.pen = pen
            if self.segment.version:
                self._queue_changes()
        self.flush()

    def flush(self) -> None:
        """Write what is queued, holding no lock."""
        self._queued = False
        if self.pen is not None:
            self.pen.flush()
        homeless, self._homeless = self._homeless, 0
        if homeless:
            self._dropped(homeless)

    def close(self, last_word: Callable[[Statement], Mapping[str, AttributeValue]]) -> None:
        """Write the last word on the carrier, and nothing later.

        Args:
            last_word: Returns the attributes that tell the final statement exactly.
        """
        with self._lock:
            self._queue_changes()
            statement = self.state()
            if self.pen is not None:
                self.pen.queue(last_word(statement))
            pen, self.pen = self.pen, None
        if pen is not None:
            pen.close()

    def detach(self) -> bool:
        """Write nothing any more; tell whether the carrier bears a score."""
        with self._lock:
            self.pen = None
            return bool(self._written)

    def know_channel(self, channel: object) -> None:
        """Learn the channel from evidence, where the journey did not tell it."""
        if isinstance(channel, str) and channel:
            with self._lock:
                self.segment.know(channel=channel)
                self.knows_channel = True

    def state(self) -> Statement:
        """Return what is known now; what differs from an earlier statement is a new revision."""
        with self._lock:
            segment = self.segment
            if self._stated_version not in (None, segment.version):
                self._revision += 1
            self._stated_version = segment.version
            outcome = self._outcome.outcome if self._outcome else None
            return Statement(
                segment.score(), segment.ledger(), self._revision, segment.contacts, outcome
            )

    @property
    def has_news(self) -> bool:
        """Whether more is known than was last stated."""
        return self._stated_version != self.segment.version

    def _queue_changes(self) -> None:
        """Queue the attributes that are not as they should be."""
        if self.pen is None:
            return
        self._written_version = self.segment.version
        wanted = describe_score(self.segment.score(), self._owners)
        for key in self._written.keys() - wanted.keys() - {semconv.CX_EXPERIENCE_SCORE}:
            # Attributes cannot be taken back. (A score that is none any more has its class.)
            wanted[key] = _nothing_like(self._written[key])
        changed = {key: value for key, value in wanted.items() if self._written.get(key) != value}
        if changed:
            self._written |= changed
            self.pen.queue(changed)
            self._queued = True

    def _queue_events(self, hurts: Iterable[Impairment], span_id: str, time_ns: int) -> None:
        worth_it = [each for each in hurts if each.points >= SMALLEST_EVENT]
        if not worth_it or self.pen is None:
            return
        kept = worth_it[: MAX_EVENTS - self._events]
        self._events += len(kept)
        self._homeless += len(worth_it) - len(kept)
        name = semconv.EVENT_CX_IMPAIRMENT
        events = [SpanEvent(name, describe_impairment(each, span_id), time_ns) for each in kept]
        self.pen.queue({}, events)
        self._queued = True


def _nothing_like(value: AttributeValue) -> AttributeValue:
    if isinstance(value, (int, float)):
        return 0
    return "" if isinstance(value, str) else ()
