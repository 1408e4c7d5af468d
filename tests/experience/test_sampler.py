"""The sampler: whole journeys, consistent with trace ids, everything recorded."""

from __future__ import annotations

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry import baggage, trace
from opentelemetry.context import Context
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.sampling import Decision, TraceIdRatioBased
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags, TraceState

from cxotel import semconv
from cxotel.context import Current, JourneyState, with_current
from cxotel.experience.sampler import JourneySampler

IDS = st.integers(min_value=1, max_value=(1 << 128) - 1)
RATIOS = st.floats(min_value=0, max_value=1)
ROOT = Context()


def decide(
    sampler: JourneySampler,
    trace_id: int = 1,
    *,
    journey: str | None = None,
    context: Context = ROOT,
) -> Decision:
    """Return what *sampler* decides for one span."""
    attributes = {} if journey is None else {semconv.CX_JOURNEY_ID: journey}
    return sampler.should_sample(context, trace_id, "name", attributes=attributes).decision


@given(ratio=RATIOS, trace_id=IDS)
def test_a_trace_without_a_journey_is_drawn_as_opentelemetry_draws_it(
    ratio: float, trace_id: int
) -> None:
    """Without a journey id the decision is that of the SDK's own ratio sampler."""
    upstream = TraceIdRatioBased(ratio).should_sample(ROOT, trace_id, "name").decision
    assert decide(JourneySampler(ratio), trace_id).is_sampled() == upstream.is_sampled()


@given(ratio=RATIOS, first=IDS, later=IDS)
def test_a_generated_journey_id_agrees_with_its_first_trace(
    ratio: float, first: int, later: int
) -> None:
    """The first segment is drawn by trace id, the next day's by the journey id: same answer."""
    sampler = JourneySampler(ratio)
    journey = f"{first:032x}"
    assert decide(sampler, first) == decide(sampler, later, journey=journey)
    assert decide(sampler, first) == decide(sampler, later, journey=f"{journey}-{later:016x}"[:49])


@given(journey=st.from_regex(r"[A-Za-z0-9._-]{1,64}", fullmatch=True), one=IDS, other=IDS)
def test_segments_of_one_journey_are_kept_or_dropped_together(
    journey: str, one: int, other: int
) -> None:
    """An id of any form decides for every trace it appears in."""
    sampler = JourneySampler(0.5)
    assert decide(sampler, one, journey=journey) == decide(sampler, other, journey=journey)


def test_the_lower_half_of_a_trace_id_decides() -> None:
    """As with the SDK's own sampler, whose decisions other services of yours may take."""
    sampler = JourneySampler(0.5)
    assert decide(sampler, journey="0" * 16 + "f" * 16) is Decision.RECORD_ONLY
    assert decide(sampler, journey="f" * 16 + "0" * 16) is Decision.RECORD_AND_SAMPLE
    assert decide(sampler, (1 << 64) - 1) is Decision.RECORD_ONLY


def test_about_the_asked_share_of_named_journeys_is_exported() -> None:
    """Hashed ids are spread evenly."""
    sampler = JourneySampler(0.25)
    kept = sum(decide(sampler, journey=f"order-{n}").is_sampled() for n in range(4000))
    assert 900 < kept < 1100


def test_the_journey_is_also_known_from_baggage_and_from_the_running_code() -> None:
    """A root that learns its journey from the caller's baggage, or runs inside one, follows it."""
    sampler = JourneySampler(0.5)
    for number in range(64):
        journey_id = f"j-{number}"
        wanted = decide(sampler, journey=journey_id)
        carried = baggage.set_baggage(semconv.CX_JOURNEY_ID, journey_id, ROOT)
        state = JourneyState(id=journey_id, name="refund", span=trace.INVALID_SPAN)
        running = with_current(Current(state), ROOT)
        assert decide(sampler, context=carried) == wanted
        assert decide(sampler, context=running) == wanted


@pytest.mark.parametrize("remote", [True, False])
@pytest.mark.parametrize("sampled", [True, False])
def test_children_follow_their_parent_and_keep_its_trace_state(
    *, remote: bool, sampled: bool
) -> None:
    """A parent's decision holds, here or in another process, whatever the journey id says."""
    state = TraceState([("vendor", "kept")])
    flags = TraceFlags(TraceFlags.SAMPLED if sampled else TraceFlags.DEFAULT)
    parent = NonRecordingSpan(SpanContext(7, 9, remote, flags, state))
    context = trace.set_span_in_context(parent, ROOT)
    result = JourneySampler(0.5).should_sample(
        context, 7, "name", attributes={semconv.CX_JOURNEY_ID: "any"}
    )
    assert result.decision.is_sampled() is sampled
    assert result.decision.is_recording()
    assert result.trace_state == state


def test_what_is_not_exported_is_recorded_with_its_attributes() -> None:
    """A dropped journey can still be scored: its spans are real ones."""
    tracer = TracerProvider(sampler=JourneySampler(0.0)).get_tracer("app")
    span = tracer.start_span("root", context=ROOT, attributes={"a": 1})
    assert isinstance(span, ReadableSpan)
    assert not span.get_span_context().trace_flags.sampled
    assert dict(span.attributes or {}) == {"a": 1}


@pytest.mark.parametrize(
    ("variable", "argument", "described"),
    [
        (None, None, "JourneySampler{1.0}"),
        ("0.25", None, "JourneySampler{0.25}"),
        ("0.25", "0.5", "JourneySampler{0.5}"),
        ("", None, "JourneySampler{1.0}"),
        (None, 1, "JourneySampler{1.0}"),
    ],
)
def test_the_ratio_comes_from_the_argument_or_the_environment(
    monkeypatch: pytest.MonkeyPatch,
    variable: str | None,
    argument: float | str | None,
    described: str,
) -> None:
    """The SDK passes the variable's text; a configuration file passes nothing at all."""
    monkeypatch.delenv("OTEL_TRACES_SAMPLER_ARG", raising=False)
    if variable is not None:
        monkeypatch.setenv("OTEL_TRACES_SAMPLER_ARG", variable)
    assert JourneySampler(argument).get_description() == described


@pytest.mark.parametrize("text", ["lots", "1.5", "-1", "nan"])
def test_a_wrong_variable_is_said_once_and_everything_is_exported(
    caplog: pytest.LogCaptureFixture, text: str
) -> None:
    """A misspelt environment costs one clear line, not the start of the application."""
    with caplog.at_level(logging.WARNING, "cxotel"):
        assert JourneySampler(text).get_description() == "JourneySampler{1.0}"
    assert "OTEL_TRACES_SAMPLER_ARG" in caplog.text


def test_a_wrong_number_in_code_is_an_error() -> None:
    """Whoever writes the ratio in code learns at once that it cannot be."""
    with pytest.raises(ValueError, match="from 0 to 1"):
        JourneySampler(1.5)
