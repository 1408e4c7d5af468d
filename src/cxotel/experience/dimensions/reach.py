"""Reach: could the customer get through?"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cxotel.experience import reasons
from cxotel.experience.arithmetic import doublings, milli
from cxotel.experience.dimensions.priced import Priced, Series, by_weight, together
from cxotel.experience.dimensions.settings import above_zero, ceiling

if TYPE_CHECKING:
    from cxotel.experience.dimensions.priced import Rows


@dataclass(frozen=True, slots=True)
class QueueWait:
    """Price each wait in a queue.

    Curve: 4 log2(1 + max(0, W - 30)/60) for W seconds. Where a wait of A seconds was announced,
        max(30, A) takes the place of 30, but the price is at most 5 points less than without.
    Kept: sum of points.
    Source: No price up to 30 s as in US 47 CFR 76.309(c); the curve is concave because perceived
        waiting is a power function of clock time (Antonides, Verhoef, van Aalst, J. Consumer
        Psychology 12(3), 2002), and shallow because measured effects are small (Garcia et al.,
        Psychology 3(2), 2012; Feinberg et al., IJSIM 11(2), 2000). An announced wait is judged
        from the announcement (Webb, Yu, Bretthauer, 2019), by at most the credit that the E-model
        grants to expectation (advantage factor A, G.107 clause 7.6).
    Grade: S for the start, P (abstracts) for the shape; the size is ours.

    Args:
        free: Wait that costs nothing, s.
        unit: Further wait that costs the first `points`, s.
        points: Points of R per doubling.
        credit: What an announcement can save at most, points of R.
    """

    free: float = 30.0
    unit: float = above_zero(60.0)
    points: float = 4.0
    credit: float = 5.0

    def _from(self, wait: float, free: float) -> float:
        return self.points * math.log2(1 + max(0.0, wait - free) / self.unit)

    def price(self, wait: int, announced: int | None = None) -> int:
        """Return the price of a wait, in thousandths of a point.

        Args:
            wait: Time waited, ms.
            announced: Wait that was announced, ms.

        Example:
            >>> QueueWait().price(90_000)
            4000
            >>> QueueWait().price(600_000, announced=600_000)
            8569
        """
        plain = self._from(wait / 1000, self.free)
        if announced is None:
            return milli(plain)
        told = self._from(wait / 1000, max(self.free, announced / 1000))
        return milli(max(told, plain - self.credit))


@dataclass(frozen=True, slots=True)
class PostDialDelay:
    """Price the silence between dialling and ringing; the longest counts.

    Curve: 6 log2(t/6) for t seconds, at most 12.
    Kept: maximum.
    Source: ITU-T E.721 Table 2: 95 % within 6 s for local calls, 8 s for toll, 11 s for
        international. A target only: no opinion curve was found.
    Grade: S (secondary copy) for the start; the curve is ours.

    Args:
        free: Delay that costs nothing, s.
        points: Points of R per doubling.
        at_most: Highest price, points of R.
    """

    free: float = above_zero(6.0)
    points: float = 6.0
    at_most: float = 12.0

    def price(self, delay: int) -> int:
        """Return the price of a delay in ms, in thousandths of a point.

        Example:
            >>> PostDialDelay().price(8_000)
            2490
        """
        return milli(min(self.at_most, self.points * doublings(delay / 1000, self.free)))


@dataclass(frozen=True, slots=True)
class FailedAttempts(Series):
    """Price attempts to connect that failed, but not an outbound call that nobody answers.

    Curve: 7 for the first, 6 for each further one, at most 20.
    Kept: count.
    Source: No direct source. Priced like a repeat contact, whose effect is 15 points of CSAT
        (SQM, 2021): 16 (Phi^-1(.80) - Phi^-1(.65)) = 7.3 points of R.
    Grade: F by analogy to V.

    Args:
        first: Points of R for the first.
        then: Points of R for each further one.
        at_most: Highest price, points of R.
    """


@dataclass(frozen=True, slots=True)
class Reach:
    """Could the customer get through?

    Args:
        cap: Points of R that reach can take at most.
        queue: Waits in queues.
        post_dial_delay: Silence between dialling and ringing.
        failed_attempts: Attempts to connect that failed.
    """

    cap: float = ceiling(30.0)
    queue: QueueWait = field(default_factory=QueueWait)
    post_dial_delay: PostDialDelay = field(default_factory=PostDialDelay)
    failed_attempts: FailedAttempts = field(default_factory=FailedAttempts)

    def price(self, rows: Rows) -> Priced:
        """Price the rows of a ledger that are about reach."""
        return together((self._sums(rows), self._delay(rows), self._attempts(rows)), self.cap)

    def _sums(self, rows: Rows) -> Priced:
        sums = [
            (key, entry.sum)
            for key, entry in rows
            if key.reason == reasons.QUEUE or reasons.is_declared(key.reason)
        ]
        return Priced(sum(points for _, points in sums), sums)

    def _delay(self, rows: Rows) -> Priced:
        delays = [row for row in rows if row[0].reason == reasons.POST_DIAL_DELAY]
        if not delays:
            return Priced(0, [])
        key, entry = max(delays, key=lambda row: row[1].maximum)
        return by_weight(self.post_dial_delay.price(entry.maximum), [(key, 1)])

    def _attempts(self, rows: Rows) -> Priced:
        return self.failed_attempts.of(
            [row for row in rows if row[0].reason == reasons.FAILED_ATTEMPT]
        )
