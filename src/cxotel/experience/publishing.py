"""What is told of segments beside their spans: the records of journeys, and metrics."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import RLock
from typing import TYPE_CHECKING, Final, NamedTuple

from cxotel.bounded import BoundedTable
from cxotel.engine import shield
from cxotel.experience.record import JourneyRecord

if TYPE_CHECKING:
    from collections.abc import Callable

    from cxotel.experience.account import Statement
    from cxotel.experience.carriers import Carrier
    from cxotel.experience.emit import Meters

MAX_RECORDS: Final = 2_048
"""Journeys whose records are kept."""
MAX_AGE: Final = 3_600.0
"""Seconds that a journey's record is kept after its last segment."""
POOR: Final = 60
"""Score below which a segment's duration counts as impact.

Source: ITU-T G.109, table 1: below R = 60 nearly all users are dissatisfied.
"""

PointsKey = tuple[str, str, str]
"""Dimension, layer and system."""


class Due(NamedTuple):
    """What of a segment is still to be counted."""

    points: dict[PointsKey, float]
    score: bool
    impact: bool
    completed: bool


@dataclass(slots=True)
class Counted:
    """What of a segment was counted already: late evidence adds only the difference."""

    points: dict[PointsKey, float] = field(default_factory=dict[PointsKey, float])
    score: bool = False
    impact: bool = False
    completed: bool = False

    def due(self, stated: Statement) -> Due:
        """Return what is to be counted of a segment now, and hold it for counted."""
        score = stated.score
        due = Due(
            self._more_points(stated),
            score.value is not None and not self.score,
            score.value is not None and score.value < POOR and not self.impact,
            stated.outcome is not None and not self.completed,
        )
        self.score |= due.score
        self.impact |= due.impact
        self.completed |= due.completed
        return due

    def _more_points(self, stated: Statement) -> dict[PointsKey, float]:
        lost: dict[PointsKey, float] = {}
        for reason in stated.score.reasons:
            key = (reason.dimension, reason.where.layer or "", reason.where.system or "")
            lost[key] = lost.get(key, 0.0) + reason.points
        more = {key: points - self.points.get(key, 0.0) for key, points in lost.items()}
        more = {key: points for key, points in more.items() if points > 0}
        self.points |= {key: lost[key] for key in more}
        return more


class Publisher:
    """Keep the records of journeys and count segments, each revision once.

    Args:
        make_meters: Makes the instruments, the first time that there is something to count.
        max_records: Number of journeys whose records are kept.
    """

    def __init__(self, make_meters: Callable[[], Meters], max_records: int = MAX_RECORDS) -> None:
        self._make_meters = make_meters
        self._meters: Meters | None = None
        self._max_records = max_records
        self._records: BoundedTable[str, JourneyRecord] = BoundedTable(max_records, MAX_AGE)
        self._lock = RLock()
        self._dropped = 0
        self._errors: dict[str, int] = {}

    @property
    def meters(self) -> Meters:
        """The instruments."""
        if self._meters is None:
            self._meters = self._make_meters()
        return self._meters

    def forget_meters(self) -> None:
        """Make the instruments anew when they are needed next."""
        self._meters = None

    def fork(self) -> None:
        """Start empty: this is a forked child."""
        self._records = BoundedTable(self._max_records, MAX_AGE)
        self._dropped = 0
        self._lock = RLock()

    def record(self, journey_id: str) -> JourneyRecord | None:
        """Return what this process knows of a journey, if it still remembers it."""
        return self._records.get(journey_id)

    def dropped_events(self, number: int) -> None:
        """Count impairment events that found no room on their carrier."""
        self.meters.dropped("impairment events", number)

    def publish(self, carrier: Carrier) -> None:
        """State what is known of a segment that has ended, or has more to tell since it did."""
        account, journey_id = carrier.account, carrier.journey_id
        if account is None or journey_id is None:
            return
        stated = account.state()
        with self._lock:
            due = carrier.counted.due(stated)
            dropped = self._keep(journey_id, carrier, stated)
            errors = self._new_errors()
        self.meters.segment(carrier, stated, due)
        if dropped:
            self.meters.dropped("records", dropped)
        for place, number in errors.items():
            self.meters.errors(place, number)

    def _new_errors(self) -> dict[str, int]:
        """Return the telemetry errors since the last time: whoever kept them in has no meter."""
        before, self._errors = self._errors, shield.errors()
        more = {place: number - before.get(place, 0) for place, number in self._errors.items()}
        return {place: number for place, number in more.items() if number > 0}

    def _keep(self, journey_id: str, carrier: Carrier, stated: Statement) -> int:
        segment_id, revision = carrier.given or (carrier.id, stated.revision)
        record = JourneyRecord.of(
            segment_id,
            stated.ledger,
            start=carrier.start_ns // 1_000_000,
            revision=revision,
            contacts=stated.contacts | carrier.contacts,
        )
        known = self._records.get(journey_id)
        self._records.put(journey_id, known | record if known else record)
        before, self._dropped = self._dropped, self._records.dropped
        return self._dropped - before
