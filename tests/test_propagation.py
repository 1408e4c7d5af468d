"""What crosses to own services, and what does not cross to vendors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry import baggage, propagate, trace
from opentelemetry import context as otel_context
from opentelemetry.baggage.propagation import W3CBaggagePropagator
from opentelemetry.sdk.trace import TracerProvider

from cxotel import propagation
from cxotel.context import OUTSIDE_KEY, Outside, outside
from cxotel.engine import shield
from cxotel.propagation import OutsidePropagator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opentelemetry.context import Context


@pytest.fixture(autouse=True)
def installed() -> Iterator[None]:
    """Install our propagator, and leave the global one as it was."""
    before = propagate.get_global_textmap()
    propagation.install()
    yield
    propagate.set_global_textmap(before)


def _context(where: Outside | None = None) -> Context:
    span = TracerProvider(shutdown_on_exit=False).get_tracer("t").start_span("s")
    context = baggage.set_baggage("tenant", "t-1", trace.set_span_in_context(span))
    context = propagation.with_journey_id("j-1", context)
    return otel_context.set_value(OUTSIDE_KEY, where, context)


def _headers(where: Outside | None = None) -> dict[str, str]:
    headers: dict[str, str] = {}
    propagate.inject(headers, _context(where))
    return headers


def test_own_services_get_everything() -> None:
    """Outside any vendor call, headers are what they would be without us."""
    headers = _headers()
    assert set(headers) == {"traceparent", "baggage"}
    assert "cx.journey.id=j-1" in headers["baggage"]


def test_a_vendor_gets_nothing() -> None:
    """In a call to a vendor, neither trace nor baggage leaves: it would only tell of the user."""
    assert _headers(Outside("salesforce", traceparent=False)) == {}


def test_a_vendor_that_uses_traces_gets_the_trace_alone() -> None:
    """A vendor that is listed as able to use it gets `traceparent`, and never baggage."""
    assert set(_headers(Outside("dialogflow", traceparent=True))) == {"traceparent"}


def test_the_current_context_counts_where_none_is_given() -> None:
    """Instrumentations that inject from where they are meet the same rule."""
    token = otel_context.attach(_context(Outside("twilio", traceparent=False)))
    headers: dict[str, str] = {}
    propagate.inject(headers)
    otel_context.detach(token)
    assert headers == {}
    assert outside() is None


def test_what_arrives_is_read_as_before() -> None:
    """Extraction is the configured propagator's own, also while a vendor calls us back."""
    headers = _headers()
    token = otel_context.attach(_context(Outside("twilio", traceparent=False)))
    context = propagate.extract(headers)
    otel_context.detach(token)
    assert propagation.arrived_journey_id(context) == "j-1"
    assert trace.get_current_span(context).get_span_context().is_remote
    assert propagate.get_global_textmap().fields == {"traceparent", "tracestate", "baggage"}


def test_installing_twice_is_once_and_can_be_undone() -> None:
    """Whatever the order, the configured propagator is wrapped once, and comes back."""
    ours = propagate.get_global_textmap()
    propagation.install()
    assert propagate.get_global_textmap() is ours
    propagation.uninstall()
    configured = propagate.get_global_textmap()
    assert not isinstance(configured, OutsidePropagator)
    propagation.uninstall()
    assert propagate.get_global_textmap() is configured
    propagation.install()
    assert isinstance(propagate.get_global_textmap(), OutsidePropagator)


def test_a_propagator_that_is_configured_later_is_wrapped_then() -> None:
    """Where the application sets its propagator after us, installing again wraps that one."""
    later = W3CBaggagePropagator()
    propagate.set_global_textmap(later)
    propagation.install()
    ours = propagate.get_global_textmap()
    assert isinstance(ours, OutsidePropagator)
    assert ours.configured is later
    assert set(_headers()) == {"baggage"}


@given(st.text(max_size=80))
def test_only_what_looks_like_an_id_is_believed(text: str) -> None:
    """Any text in baggage is either an id of 1 to 64 harmless characters, or no id."""
    context = baggage.set_baggage("cx.journey.id", text)
    found = propagation.arrived_journey_id(context)
    harmless = text.isascii() and all(each.isalnum() or each in "._-" for each in text)
    assert found == (text if harmless and 0 < len(text) <= 64 else None)
    shield.forget()


def test_without_baggage_there_is_no_journey() -> None:
    """Nothing that arrived is nothing to complain about."""
    shield.forget()
    assert propagation.arrived_journey_id(otel_context.Context()) is None
    assert shield.errors() == {}
