"""The account of one segment: takes its evidence from any thread and keeps its carrier current."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable
from threading import RLock
from typing import TYPE_CHECKING, Final, NamedTuple

from cxotel import semconv
from cxotel.experience.describe import describe_impairment, describe_score
from cxotel.experience.evidence import Call, Outcome
from cxotel.experience.pen import Pen, SpanEvent

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from opentelemetry.util.types import AttributeValue

    from cxotel.experience.evidence import Evidence, Impairment
    from cxotel.experience.ledger import Ledger
    from cxotel.experience.score import Score
    from cxotel.experience.segment import Segment

Task = Callable[[], "tuple[Impairment, ...]"]

MAX_EVENTS: Final = 32
"""Impairment events on one carrier: the application's own are not to be pushed out."""
SMALLEST_EVENT: Final = 0.5
"""Points below which an impairment gets no event: it would show as none."""
MAX_FAILURES: Final = 64
"""Failed calls remembered until it is known whether the journey's code met them."""


class Found(NamedTuple):
    """Evidence, with the span that showed it and the moment it became true."""

    evidence: Evidence
    span_id: str
    time_ns: int


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
        self.pen: Pen | None = None
        self._owners = owners
        self._dropped = dropped
        # Reentrant, because garbage collection may end a span in the middle of our own work; what
        # that brings waits for the work to be done.
        self._lock = RLock()
        self._busy = False
        self._later: deque[Task] = deque()
        self._failures: OrderedDict[str, str] = OrderedDict()
        self._outcome: Outcome | None = None
        self._written: dict[str, AttributeValue] = {}
        self._written_version = -1
        self._events = 0
        self._stated_version: int | None = None
        self._revision = 0

    def take(self, found: Found) -> tuple[Impairment, ...]:
        """Take evidence and return what got worse by it."""
        return self._work(lambda: self._observe(found))

    def met(self, span_id: str, time_ns: int) -> None:
        """Learn that the failed call of span *span_id* reached the journey's code."""
        self._work(lambda: self._meet(span_id, time_ns))

    def _work(self, task: Task) -> tuple[Impairment, ...]:
        with self._lock:
            if self._busy:
                self._later.append(task)
                return ()
            self._busy = True
            try:
                hurts = task()
                while self._later:
                    self._later.popleft()()
                self._note_changes()
            finally:
                self._busy = False
        self.flush()
        return hurts

    def _meet(self, span_id: str, time_ns: int) -> tuple[Impairment, ...]:
        hurts = self.segment.met(self._failures.get(span_id, span_id))
        self._queue_events(hurts, span_id, time_ns)
        return hurts

    def _observe(self, found: Found) -> tuple[Impairment, ...]:
        evidence = found.evidence
        if isinstance(evidence, Call) and evidence.error and not evidence.recovered:
            self._failures[found.span_id] = evidence.id
            if len(self._failures) > MAX_FAILURES:
                self._failures.popitem(last=False)
        elif isinstance(evidence, Outcome) and (
            self._outcome is None or evidence.at >= self._outcome.at
        ):
            self._outcome = evidence
        hurts = self.segment.observe(evidence)
        if hurts:
            self._queue_events(hurts, found.span_id, found.time_ns)
        return hurts

    def last_failure(self, *, but: str) -> str | None:
        """Return the span of the latest failed call, unless it is *but*."""
        with self._lock:
            latest = next(reversed(self._failures), None)
        return None if latest == but else latest

    def write_on(self, pen: Pen) -> None:
        """Write all that is known on a carrier, and from now on what changes."""
        with self._lock:
            self.pen = pen
            self._note_changes()
        self.flush()

    def flush(self) -> None:
        """Write what is queued."""
        if self.pen is not None:
            self.pen.flush()

    def close(self, last_word: Callable[[Statement], Mapping[str, AttributeValue]]) -> None:
        """Write the last word on the carrier, and nothing later.

        Args:
            last_word: Returns the attributes that tell the final statement exactly.
        """
        with self._lock:
            self._note_changes()
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

    @property
    def channel(self) -> str | None:
        """The channel, once it is known."""
        return self.segment.channel

    def know_channel(self, channel: str) -> None:
        """Learn the channel from evidence, where the journey did not tell it."""
        with self._lock:
            self.segment.know(channel=channel)

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

    def _note_changes(self) -> None:
        """Queue the attributes that are not yet as they should be: only if something changed."""
        if self.pen is None or self._written_version == self.segment.version:
            return
        self._written_version = self.segment.version
        wanted = describe_score(self.segment.score(), self._owners)
        for key in self._written.keys() - wanted.keys() - {semconv.CX_EXPERIENCE_SCORE}:
            # Attributes cannot be taken back. (A score that is none any more has its class.)
            wanted[key] = _nothing_like(self._written[key])
        changed = {key: value for key, value in wanted.items() if self._written.get(key) != value}
        self._written |= changed
        self.pen.queue(changed)

    def _queue_events(self, hurts: Iterable[Impairment], span_id: str, time_ns: int) -> None:
        worth_it = [each for each in hurts if each.points >= SMALLEST_EVENT]
        if not worth_it or self.pen is None:
            return
        kept = worth_it[: MAX_EVENTS - self._events]
        self._events += len(kept)
        if len(kept) < len(worth_it):
            self._dropped(len(worth_it) - len(kept))
        self.pen.queue(
            {},
            [
                SpanEvent(semconv.EVENT_CX_IMPAIRMENT, describe_impairment(each, span_id), time_ns)
                for each in kept
            ],
        )


def _nothing_like(value: AttributeValue) -> AttributeValue:
    if isinstance(value, (int, float)):
        return 0
    return "" if isinstance(value, str) else ()
