"""From what spans and code say to the accounts of segments."""

from __future__ import annotations

from threading import RLock
from typing import TYPE_CHECKING, Final

from opentelemetry.trace import StatusCode

from cxotel import semconv
from cxotel.experience.account import Account, Found
from cxotel.experience.reading import read
from cxotel.experience.rules import DEFAULT
from cxotel.experience.segment import Segment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.util.types import AttributeValue

    from cxotel.experience.account import Statement
    from cxotel.experience.carriers import Carrier, Place
    from cxotel.experience.evidence import Impairment
    from cxotel.experience.publishing import Publisher
    from cxotel.experience.rules import Rules

EXCEPTION: Final = "exception"
"""Name of the event that OpenTelemetry records for an exception."""
MS: Final = 1_000_000
"""Nanoseconds in a millisecond."""


class Intake:
    """Read evidence, and give it to the account of its segment.

    Args:
        publisher: Told of segments that ended.
    """

    def __init__(self, publisher: Publisher) -> None:
        self.rules: Rules = DEFAULT
        self.owners: Mapping[str, str] = {}
        self._publisher = publisher
        self._lock = RLock()

    def fork(self) -> None:
        """Start anew: this is a forked child."""
        self._lock = RLock()

    def take(
        self,
        place: Place,
        attributes: Mapping[str, object],
        *,
        evidence_id: str,
        span_id: str,
        start_ns: int,
        end_ns: int,
    ) -> tuple[Impairment, ...]:
        """Take what *attributes* say, and return what got worse by it.

        Args:
            place: Segment and step that it belongs to.
            attributes: The evidence, in registered names.
            evidence_id: Its id, unless the attributes give one.
            span_id: The span that showed it, as 16 hexadecimal digits.
            start_ns: When it began, ns since the epoch.
            end_ns: When it ended, ns since the epoch.
        """
        evidence = read(
            attributes,
            id=evidence_id,
            start=start_ns // MS,
            end=end_ns // MS,
            step=place.step,
        )
        if evidence is None:
            return ()
        carrier = place.carrier
        self._publisher.meters.arrived(evidence, carrier)
        account = self.account(carrier, attributes.get(semconv.CX_CHANNEL))
        if account is None:
            return ()
        hurts = account.take(Found(evidence, span_id, end_ns))
        self._tell_if_late(carrier, account)
        return hurts

    def met(self, carrier: Carrier, span_id: str, time_ns: int) -> None:
        """Learn that the failed call of span *span_id* reached the journey's code."""
        account = carrier.account
        if account is not None:
            account.met(span_id, time_ns)
            self._tell_if_late(carrier, account)

    def _tell_if_late(self, carrier: Carrier, account: Account) -> None:
        if carrier.end_ns is not None and account.has_news:
            self._publisher.publish(carrier)

    def account(self, carrier: Carrier, channel: object = None) -> Account | None:
        """Return the account of a segment; a local root whose journeys carry theirs has none."""
        account = carrier.account
        if account is None:
            with self._lock:
                if carrier.holds_journeys:
                    return None
                account = carrier.account = carrier.account or self._open(carrier)
            self.write_on(carrier)
        if isinstance(channel, str) and account.channel is None:
            account.know_channel(channel)
        return account

    def _open(self, carrier: Carrier) -> Account:
        segment = Segment(
            self.rules,
            id=carrier.id,
            start=carrier.start_ns // MS,
            channel=carrier.journey.channel if carrier.journey else None,
            waiting=True if carrier.is_served else None,
        )
        return Account(segment, self.owners, self._publisher.dropped_events)

    def write_on(self, carrier: Carrier) -> None:
        """Write a segment's account on its carrier, once it is known to be part of a journey."""
        account = carrier.account
        if account is not None and account.pen is None and carrier.journey_id is not None:
            pen = carrier.write()
            if pen is not None:
                account.write_on(pen)

    def close(self, carrier: Carrier) -> None:
        """Write the last word on a journey's span that is about to end."""
        account = self.account(carrier)
        if account is not None:
            account.close(lambda stated: _last_word(carrier, stated))

    def finish(self, carrier: Carrier, span: ReadableSpan) -> None:
        """Count and record a segment whose carrier has ended."""
        was_journey = carrier.journey is not None
        if was_journey:
            self.account(carrier)
        carrier.end(span.end_time or carrier.start_ns)
        account = carrier.account
        if account is not None:
            # Nobody told who handled an error that left a span which is not ours.
            failure = None if was_journey else account.last_failure(but=carrier.id)
            if failure is not None and _failed(span):
                account.met(failure, carrier.end_ns or 0)
            self._publisher.publish(carrier)


def _last_word(carrier: Carrier, stated: Statement) -> dict[str, AttributeValue]:
    return {
        semconv.CX_EXPERIENCE_LEDGER: stated.ledger.to_json().decode(),
        semconv.CX_SEGMENT_ID: carrier.id,
        semconv.CX_SEGMENT_REVISION: stated.revision,
    }


def _failed(span: ReadableSpan) -> bool:
    if span.status.status_code is StatusCode.ERROR:
        return True
    return any(event.name == EXCEPTION for event in span.events)
