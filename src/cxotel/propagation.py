"""Carry the journey id between your own services, and nothing of it to a vendor."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from opentelemetry import baggage, propagate
from opentelemetry.propagators.textmap import TextMapPropagator, default_getter, default_setter

from cxotel import semconv
from cxotel.context import outside
from cxotel.engine.shield import warn_once

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.propagators.textmap import CarrierT, Getter, Setter

_JOURNEY_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


def valid_journey_id(value: object) -> bool:
    """Tell whether *value* can be a journey id: `[A-Za-z0-9._-]{1,64}`.

    Example:
        >>> valid_journey_id("refund-7"), valid_journey_id("a b"), valid_journey_id("")
        (True, False, False)
    """
    return isinstance(value, str) and _JOURNEY_ID.fullmatch(value) is not None


def with_journey_id(journey_id: str, context: Context | None = None) -> Context:
    """Return *context* with the journey id in its baggage, which crosses to your own services.

    Baggage: W3C Recommendation track, "Propagation format for distributed context: Baggage".
    """
    return baggage.set_baggage(semconv.CX_JOURNEY_ID, journey_id, context)


def arrived_journey_id(context: Context | None = None) -> str | None:
    """Return the journey id in the baggage of *context*, where there is one.

    Anybody who can send a request can send baggage: it is held to the shape of an id, and believed.
    What cannot be an id is dropped with one log line.
    """
    value = baggage.get_baggage(semconv.CX_JOURNEY_ID, context)
    if value is None:
        return None
    if isinstance(value, str) and valid_journey_id(value):
        return value
    warn_once(
        "reading baggage",
        f"dropped the {semconv.CX_JOURNEY_ID} that arrived in baggage: a journey id has 1 to 64 "
        "letters, digits, dots, dashes and underscores",
    )
    return None


class OutsidePropagator(TextMapPropagator):
    """Let the configured propagator inject, except what must not reach a vendor.

    In a call to a vendor it injects no baggage at all, and `traceparent` only for a vendor that is
    known to make use of it. Everywhere else, and for all that is received, it changes nothing.

    Args:
        configured: The propagator to ask.
    """

    def __init__(self, configured: TextMapPropagator) -> None:
        """Wrap the configured propagator."""
        self.configured = configured

    def inject(
        self,
        carrier: CarrierT,
        context: Context | None = None,
        setter: Setter[CarrierT] = default_setter,
    ) -> None:
        """Write headers as configured, without what is not for this vendor."""
        vendor = outside(context)
        if vendor is None:
            self.configured.inject(carrier, context, setter)
        elif vendor.traceparent:
            self.configured.inject(carrier, baggage.clear(context), setter)

    def extract(
        self,
        carrier: CarrierT,
        context: Context | None = None,
        getter: Getter[CarrierT] = default_getter,
    ) -> Context:
        """Read headers as configured."""
        return self.configured.extract(carrier, context, getter)

    @property
    def fields(self) -> set[str]:
        """The headers that the configured propagator writes."""
        return self.configured.fields


def install() -> None:
    """Put an `OutsidePropagator` around the global propagator; once is enough."""
    configured = propagate.get_global_textmap()
    if not isinstance(configured, OutsidePropagator):
        propagate.set_global_textmap(OutsidePropagator(configured))


def uninstall() -> None:
    """Make the propagator that was configured the global one again; harmless when it is."""
    installed = propagate.get_global_textmap()
    if isinstance(installed, OutsidePropagator):
        propagate.set_global_textmap(installed.configured)
