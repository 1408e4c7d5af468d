"""From what spans and code say to the accounts of segments."""

from __future__ import annotations

from threading import RLock
from typing import TYPE_CHECKING, Final

from opentelemetry.trace import StatusCode

from cxotel import semconv
from cxotel.experience.account import Account
from cxotel.experience.evidence import Call
from cxotel.experience.reading import read, read_call
from cxotel.experience.rules import DEFAULT
from cxotel.experience.segment import Segment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.util.types import AttributeValue

    from cxotel.experience.account import Statement
    from cxotel.experience.carriers import Carrier, Place
    from cxotel.experience.evidence import Evidence, Impairment
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

    def take(  # noqa: PLR0917 - called for every piece of evidence: names cost time
        self,
        place: Place,
        attributes: Mapping[str, object],
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
        channel = attributes.get(semconv.CX_CHANNEL)
        return self._enter(place.carrier, evidence, channel, span_id, end_ns)

    def take_call_behind(
        self,
        place: Place,
        attributes: Mapping[str, object],
        span_id: str,
        start_ns: int,
        end_ns: int,
    ) -> tuple[Impairment, ...]:
        """Take the call behind a span that is evidence of something else, if there is one."""
        call = read_call(
            attributes,
            id=span_id,
            start=start_ns // MS,
            end=end_ns // MS,
            step=place.step,
        )
        return self._enter(place.carrier, call, None, span_id, end_ns) if call else ()

    def _enter(
        self, carrier: Carrier, evidence: Evidence, channel: object, span_id: str, time_ns: int
    ) -> tuple[Impairment, ...]:
        account = carrier.account or self.account(carrier)
        if type(evidence) is not Call:
            self._count(evidence, carrier)
        if account is None:
            return ()
        if not account.knows_channel:
            account.know_channel(channel)
        hurts = account.take(evidence, span_id, time_ns)
        if carrier.end_ns is not None:
            self._tell_late(carrier, account)
        return hurts

    def _count(self, evidence: Evidence, carrier: Carrier) -> None:
        """Count what is counted as it arrives: once, and a wait in a queue when it is whole."""
        account = carrier.account
        whole = account.arrivals.whole(evidence) if account else evidence
        if whole is not None:
            self._publisher.meters.arrived(whole, carrier)

    def met(self, carrier: Carrier, span_id: str, time_ns: int) -> None:
        """Learn that the failed call of span *span_id* reached the journey's code."""
        account = carrier.account
        if account is not None:
            account.met(span_id, time_ns)
            if carrier.end_ns is not None:
                self._tell_late(carrier, account)

    def _tell_late(self, carrier: Carrier, account: Account) -> None:
        if account.has_news:
            self._publisher.publish(carrier)

    def account(self, carrier: Carrier) -> Account | None:
        """Return the account of a segment; a local root whose journeys carry theirs has none."""
        with self._lock:
            if carrier.holds_journeys:
                return None
            account = carrier.account = carrier.account or self._open(carrier)
        self.write_on(carrier)
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
        account = carrier.account or self.account(carrier)
        if account is not None:
            account.close(lambda stated: _last_word(carrier, stated))

    def finish(self, carrier: Carrier, span: ReadableSpan) -> None:
        """Count and record a segment whose carrier has ended."""
        was_journey = carrier.journey is not None
        if was_journey and carrier.account is None:
            self.account(carrier)
        carrier.end(span.end_time or carrier.start_ns)
        carrier.heed(span.attributes or {})
        account = carrier.account
        if account is not None:
            # Nobody told who handled an error that left a span which is not ours. A call that is
            # its own local root has no code above it here that could have met its failure.
            failure = None if was_journey else account.last_failure
            if failure not in (None, carrier.id) and _failed(span):
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
