"""The span processor that lets every span bear its journey, and scores journeys while they run."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from opentelemetry.sdk.trace import SpanProcessor

from cxotel import context as journeys
from cxotel.engine.shield import report
from cxotel.experience.follower import Follower
from cxotel.experience.intake import Intake
from cxotel.experience.publishing import MAX_RECORDS, Publisher
from cxotel.experience.registry import Registry
from cxotel.experience.tables import Tables
from cxotel.version import version

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opentelemetry.context import Context
    from opentelemetry.metrics import MeterProvider
    from opentelemetry.sdk.trace import ReadableSpan, Span

    from cxotel.experience.emit import Meters
    from cxotel.experience.record import JourneyRecord
    from cxotel.experience.rules import Rules

SCOPE = "cxotel"
"""The instrumentation scope of the metrics made here."""


class Shared:
    """What all processors of a process share: set up twice is set up once.

    Args:
        tables: Where spans are looked up; of the usual sizes where left out.
        max_records: Number of journeys whose records are kept.
    """

    def __init__(self, tables: Tables | None = None, max_records: int = MAX_RECORDS) -> None:
        self.publisher = Publisher(self._make_meters, max_records)
        self.intake = Intake(self.publisher)
        self.registry = Registry(
            Tables() if tables is None else tables, self.intake, self.publisher
        )
        self.registry.tables.on_drop = self.registry.forget
        self.follower = Follower(self.registry)
        self._meter_provider: MeterProvider | None = None
        self._users = 0
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._forked)

    def join(self) -> None:
        """Follow journeys from now on, if nobody did."""
        self._users += 1
        journeys.observe(self.follower)

    def leave(self) -> None:
        """Follow journeys no more, once the last processor has been shut down."""
        self._users -= 1
        if self._users <= 0:
            journeys.ignore(self.follower)

    def count_with(self, provider: MeterProvider) -> None:
        """Count with the instruments of *provider* from now on."""
        self._meter_provider = provider
        self.publisher.forget_meters()

    def _make_meters(self) -> Meters:
        from opentelemetry import metrics

        from cxotel.experience.emit import Meters

        meter = metrics.get_meter(SCOPE, version(), meter_provider=self._meter_provider)
        return Meters(meter, self.registry.ages)

    def _forked(self) -> None:
        # Locks may have been held by threads that do not exist here, and what was open is the
        # parent's: it scores it.
        self.publisher.fork()
        self.intake.fork()
        self.registry.fork()


SHARED = Shared()
"""What the processors of this process share."""


class ExperienceProcessor(SpanProcessor):
    """Let every span bear its journey's id, and keep the score of each journey on a live span.

    Each span that starts inside a journey gets `cx.journey.id` and `session.id`. Each that ends is
    read as evidence, cxotel's own and those of other libraries: `cxotel.experience.scopes`. The
    span that carries the segment, the outermost journey span of this process or else the local
    root, bears the score while it is open: `cx.experience.score`, class, coverage, what was lost
    on which dimension, why, and whom to blame. It does not matter whether the processor is added
    before or after those that export. Several in one process act as one.

    What cannot be taken back: attributes. A local root that held several journeys bears
    `cx.journey.count`, and an empty `cx.journey.id`; one that was scored before a journey opened
    under it bears `cx.experience.superseded`.

    A forked child starts empty and scores nothing of its parent's.

    Args:
        rules: The rules to price by; the default ones where left out.
        owners: Who owns a system or a layer, by its name: blame names the owner.
        meter_provider: Where metrics go; the global provider where left out.

    Example:
        >>> from opentelemetry.sdk.trace import TracerProvider
        >>> provider = TracerProvider()
        >>> provider.add_span_processor(ExperienceProcessor(owners={"salesforce": "crm-team"}))
        >>> provider.shutdown()
    """

    def __init__(
        self,
        *,
        rules: Rules | None = None,
        owners: Mapping[str, str] | None = None,
        meter_provider: MeterProvider | None = None,
    ) -> None:
        self._shared = SHARED
        self._started = SHARED.registry.started
        self._ended = SHARED.registry.ended
        self._is_open = True
        if rules is not None:
            SHARED.intake.rules = rules
        if owners is not None:
            SHARED.intake.owners = dict(owners)
        if meter_provider is not None:
            SHARED.count_with(meter_provider)
        SHARED.join()

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        """Find the segment of a span, and let the span bear the journey's id."""
        if self._is_open:
            try:
                self._started(span, parent_context)
            except Exception as error:  # noqa: BLE001 - the application's span must start
                report("reading a span that starts", error)

    def on_end(self, span: ReadableSpan) -> None:
        """Read an ended span as evidence."""
        if self._is_open:
            try:
                self._ended(span)
            except Exception as error:  # noqa: BLE001 - other processors must see the span
                report("reading a span that ended", error)

    def record(self, journey_id: str) -> JourneyRecord | None:
        """Return what this process knows of a journey from the segments that ended here.

        Args:
            journey_id: The journey's id.

        Returns:
            The record, or `None` where the journey is not known, or not any more: the latest 2,048
            are kept, for an hour.
        """
        return self._shared.publisher.record(journey_id)

    def shutdown(self) -> None:
        """Read no more spans."""
        if self._is_open:
            self._is_open = False
            self._shared.leave()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Return `True`: everything is written as it arrives."""
        return True
