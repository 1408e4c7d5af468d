"""A span as it was exported, whoever keeps it: what every source is turned into."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from opentelemetry.sdk.resources import SERVICE_INSTANCE_ID, SERVICE_NAME

from cxotel import semconv

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

MS = 1_000_000
"""Nanoseconds in a millisecond."""


class SourceError(Exception):
    """A source that cannot be read; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that a span tells of a moment.

    Args:
        name: Its name.
        attributes: Its attributes.
        time_ns: When it was, ns since the epoch.
    """

    name: str
    attributes: Mapping[str, object]
    time_ns: int


@dataclass(frozen=True, slots=True)
class Link:
    """A span that another points to.

    Args:
        trace_id: 32 hexadecimal digits.
        span_id: 16 hexadecimal digits.
        attributes: What the link says.
    """

    trace_id: str
    span_id: str
    attributes: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Span:
    """A span that has ended.

    Args:
        name: Its name.
        kind: `INTERNAL`, `SERVER`, `CLIENT`, `PRODUCER`, `CONSUMER`.
        trace_id: 32 hexadecimal digits.
        span_id: 16 hexadecimal digits.
        parent_id: 16 hexadecimal digits, or empty.
        start_ns: When it started, ns since the epoch.
        end_ns: When it ended, ns since the epoch.
        failed: Whether its status is an error.
        scope: Name of the instrumentation scope that made it.
        attributes: Its attributes.
        events: Its events, by their time.
        links: The spans that it points to.
        resource: Attributes of the process that it is from.
    """

    name: str
    kind: str
    trace_id: str
    span_id: str
    parent_id: str
    start_ns: int
    end_ns: int
    failed: bool
    scope: str
    attributes: Mapping[str, object]
    events: tuple[Event, ...]
    links: tuple[Link, ...]
    resource: Mapping[str, object]

    @property
    def journey_id(self) -> str | None:
        """The journey that it bears the id of."""
        return self.text(semconv.CX_JOURNEY_ID)

    @property
    def service(self) -> str:
        """The service that it is from."""
        return str(self.resource.get(SERVICE_NAME) or "unknown_service")

    @property
    def process(self) -> tuple[str, str]:
        """The service and the instance of it that it is from."""
        return self.service, str(self.resource.get(SERVICE_INSTANCE_ID) or "")

    def text(self, key: str) -> str | None:
        """Return an attribute that is text and not empty."""
        value = self.attributes.get(key)
        return value if isinstance(value, str) and value else None

    def whole(self, key: str) -> int | None:
        """Return an attribute that is a whole number."""
        value = self.attributes.get(key)
        return value if isinstance(value, int) and not isinstance(value, bool) else None


def of_journey(spans: Iterable[Span], journey_id: str) -> list[Span]:
    """Return the spans of one journey, each once, in the order in which they started.

    Args:
        spans: Spans, maybe several times: batches are sent again, backends keep copies.
        journey_id: The journey's id.
    """
    found = {(span.trace_id, span.span_id): span for span in spans if span.journey_id == journey_id}
    return in_order(found.values())


def in_order(spans: Iterable[Span]) -> list[Span]:
    """Return *spans* in the order in which they started; the outer of two comes first."""
    return sorted(spans, key=lambda span: (span.start_ns, -span.end_ns, span.span_id))


def journey_ids(spans: Sequence[Span]) -> list[str]:
    """Return the ids of the journeys that *spans* are of, in the order in which they started."""
    return list(dict.fromkeys(span.journey_id for span in in_order(spans) if span.journey_id))


def events_in_order(events: Iterable[Event]) -> tuple[Event, ...]:
    """Return *events* by time, those of one moment by what they say: Jaeger does not keep these."""
    return tuple(sorted(events, key=lambda event: (event.time_ns, event.name, _written(event))))


def _written(event: Event) -> str:
    return json.dumps(event.attributes, sort_keys=True, default=str)
