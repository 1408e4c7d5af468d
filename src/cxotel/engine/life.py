"""The life of one observed call: opened, read, closed; the same for every vendor and style."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from opentelemetry import context as otel_context
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import SpanKind, Status, StatusCode

from cxotel import clock, privacy, semconv
from cxotel.context import OUTSIDE_KEY, Failure, Outside, current, observers
from cxotel.engine.absorb import absorbed, rename
from cxotel.engine.measure import Measure
from cxotel.engine.plan import plans, read_into
from cxotel.engine.shield import report, shielded
from cxotel.engine.vocabulary import Problem
from cxotel.engine.wire import ACTIVE_CALL_KEY, wire_attributes
from cxotel.store import remember

if TYPE_CHECKING:
    from opentelemetry.metrics import MeterProvider
    from opentelemetry.trace import TracerProvider

    from cxotel.engine.call import Call
    from cxotel.engine.vocabulary import Vendor

SUPPRESS = "suppress_instrumentation"
"""OpenTelemetry's documented key: an instrumentation that finds it set stays silent."""
_SUPPRESS_TOO = otel_context._SUPPRESS_INSTRUMENTATION_KEY  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - the same switch as the API's own `suppress_instrumentation()` sets it
_FAILURES_KEPT = 32
_TOO_MANY_REQUESTS = 429
_SPENT = Context()


class Life:
    """Opens and closes the observed calls of one vendor.

    Args:
        vendor: The client library's description.
        tracer_provider: Where spans go; the global provider where left out.
        meter_provider: Where metrics go; the global provider where left out.
        carries: Whether the journey id is written into the vendor's own fields.
    """

    def __init__(
        self,
        vendor: Vendor,
        *,
        tracer_provider: TracerProvider | None = None,
        meter_provider: MeterProvider | None = None,
        carries: bool = False,
    ) -> None:
        """Prepare the vendor's tables."""
        self.vendor = vendor
        self.carries = carries
        self._plans, self._unknown = plans(vendor)
        self._tracer = trace.get_tracer(f"cxotel.{vendor.name}", tracer_provider=tracer_provider)
        self._measure = Measure(meter_provider)
        self._outside = Outside(vendor.system_name, vendor.traceparent)

    def open(self, call: Call) -> bool:
        """Start observing *call*; `False` where it is to pass unobserved."""
        try:
            parent = otel_context.get_current()
            if parent.get(SUPPRESS) or parent.get(_SUPPRESS_TOO):
                return False
            call.plan = self._plans.get(self.vendor.identify(call), self._unknown)
            self._start(call, parent)
        except Exception as error:  # noqa: BLE001 - the client's call must go on
            report(f"opening a call of {self.vendor.name}", error)
            return False
        return True

    def _start(self, call: Call, parent: Context) -> None:
        plan = call.plan
        attributes: dict[str, Any] = {**plan.static, **_place(parent)}
        read_into(attributes, call, plan.request)
        call.started_ns = clock.now_ns()
        span = absorbed(parent, self.vendor.absorbs)
        if span is not None:
            call.owns_span = False
            span.set_attributes(attributes)
            if call.address is not None:
                rename(span, call)
        else:
            span = self._tracer.start_span(
                plan.span_name, parent, SpanKind.CLIENT, attributes, start_time=call.started_ns
            )
        call.span = span
        call.context = Context(
            {
                **trace.set_span_in_context(span, parent),
                SUPPRESS: True,
                OUTSIDE_KEY: self._outside,
                ACTIVE_CALL_KEY: call,
            }
        )

    def close(self, call: Call, error: BaseException | None = None, *, at_ns: int = 0) -> None:
        """End *call*: it returned, or *error* is about to reach the caller. Once is enough.

        Args:
            call: The call.
            error: What it raised.
            at_ns: When it ended, where that was before now: nanoseconds since the epoch.
        """
        if call.ended_ns:
            return
        call.ended_ns = at_ns or clock.now_ns()
        call.error = error
        try:
            found = self._problem(call, error)
            refused = found is not None and self._refused(call, found)
            problem = None if refused else found
            throttled = not refused and _throttled(call, problem)
            if call.span.is_recording():
                self._describe(call, found, failed=problem is not None, throttled=throttled)
            self._measure.record(call, problem, throttled=throttled)
            if problem:
                _remember(call, error)
            for observer in observers():
                observer.ending(call.span, call.started_ns, call.ended_ns)
        except Exception as kept:  # noqa: BLE001 - the client's result must reach the caller
            report(f"closing a call of {self.vendor.name}", kept)
        if call.owns_span:
            with shielded("ending a span: a span processor failed"):
                call.span.end(call.ended_ns)
        # The context holds the call itself, and so does the error's traceback: cycles to collect.
        call.context, call.error = _SPENT, None

    def _problem(self, call: Call, error: BaseException | None) -> Problem | None:
        code, kind = None, type(error)
        try:
            if error is None:
                return self.vendor.failure(call)
            kind = type(self.vendor.cause(error))
            code = self.vendor.error_code(error)
        except Exception as kept:  # noqa: BLE001 - costs the code only
            report(f"reading how {call.plan.span_name} failed", kept)
        return None if error is None else Problem(kind.__qualname__, code)

    def _refused(self, call: Call, problem: Problem) -> bool:
        try:
            return self.vendor.refused(call, problem)
        except Exception as kept:  # noqa: BLE001 - then it is a failure
            report(f"telling whether {call.plan.span_name} was refused", kept)
            return False

    def _describe(
        self, call: Call, problem: Problem | None, *, failed: bool, throttled: bool
    ) -> None:
        plan, span = call.plan, call.span
        attributes = wire_attributes(call)
        read_into(attributes, call, plan.response)
        code = privacy.code(problem.code) if problem else None
        if code:
            attributes[semconv.CX_VENDOR_ERROR_CODE] = code
        if problem and failed:
            _describe_failure(attributes, problem)
            span.set_status(Status(StatusCode.ERROR))
        if throttled:
            attributes[semconv.CX_CALL_THROTTLED] = True
        span.set_attributes(attributes)
        if semconv.CX_CONTACT_ID in attributes:
            remember(attributes[semconv.CX_CONTACT_ID], call.context)
        for prepared in () if failed else plan.facts:
            _tell(call, prepared)


def _place(parent: Context) -> dict[str, Any]:
    """Return the journey, step and channel that a call is part of."""
    now = current(parent)
    if now is None:
        return {}
    journey = now.journey
    place: dict[str, Any] = {semconv.CX_JOURNEY_ID: journey.id, semconv.SESSION_ID: journey.id}
    if now.step:
        place[semconv.CX_STEP_NAME] = now.step
    if journey.channel:
        place[semconv.CX_CHANNEL] = journey.channel
    if journey.contact_id:
        place[semconv.CX_CONTACT_ID] = journey.contact_id
    return place


def _describe_failure(attributes: dict[str, Any], problem: Problem) -> None:
    attributes[semconv.ERROR_TYPE] = problem.type
    if "Timeout" in problem.type or "DeadlineExceeded" in problem.type:
        attributes[semconv.CX_CALL_TIMED_OUT] = True


def _throttled(call: Call, problem: Problem | None) -> bool:
    """Tell whether the vendor refused an attempt for its rate (RFC 6585 section 4), or said so."""
    refused = any(attempt.status == _TOO_MANY_REQUESTS for attempt in call.exchanges)
    return refused or (problem is not None and problem.code in call.vendor.throttled)


def _tell(call: Call, prepared: Any) -> None:
    """Add a fact's event to the span, once for each item it is told of."""
    fact = prepared.fact
    try:
        items = [None] if fact.each is None else fact.each(call) or ()
        for item in items:
            call.item = item
            if fact.when is None or fact.when(call):
                attributes = dict(prepared.static)
                read_into(attributes, call, prepared.readings)
                call.span.add_event(fact.event, attributes, call.ended_ns)
    except Exception as error:  # noqa: BLE001 - costs this fact only
        report(f"telling {fact.event} of {call.plan.span_name}", error)


def _remember(call: Call, error: BaseException | None) -> None:
    """Let the journey recognise this failure if it reaches the journey's code."""
    now = current(call.context)
    if now is None:
        return
    journey = now.journey
    if journey.failures is None:
        journey.failures = deque(maxlen=_FAILURES_KEPT)
    span_id = call.span.get_span_context().span_id
    identity, kind = (None, None) if error is None else (id(error), type(error))
    journey.failures.append(
        Failure(call.vendor.system_name, span_id, identity, call.vendor.raises, kind)
    )


def arguments(life: Life, call: Call) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Return the arguments for the call: the caller's, or copies that carry the journey id."""
    carry = call.plan.operation.carry
    now = current(call.context) if life.carries and carry else None
    if now is not None and carry is not None:
        try:
            replaced = carry(call, now.journey.id)
            if replaced is not None:
                return replaced
        except Exception as error:  # noqa: BLE001 - then the call goes out as the caller made it
            report(f"carrying the journey id into {call.plan.span_name}", error)
    return call.args, call.kwargs
