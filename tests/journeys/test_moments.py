"""Handoffs, outcomes, feedback, impairments and waits: what is recorded, and what is kept out."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.trace import StatusCode

import cxotel
from cxotel.journey import checks, words
from cxotel.semconv import CxJourneyOutcomeValues
from tests.journeys.telemetry import Telemetry, Witness, parent_id, spot

if TYPE_CHECKING:
    from collections.abc import Callable


def test_a_handoff_is_an_event_and_evidence(told: Telemetry, witness: Witness) -> None:
    """A handoff is an event on the step that runs, and reaches at once those who score."""
    with cxotel.journey("refund"), cxotel.step("talk"):
        cxotel.handoff(
            "bot_to_human",
            queue="Billing, English",
            reason="no_match",
            warm=True,
            forced=False,
            result="accepted",
        )
    expected = {
        "cx.evidence.kind": "handoff",
        "cx.handoff.kind": "bot_to_human",
        "cx.queue.name": "Billing, English",
        "cx.handoff.reason": "no_match",
        "cx.handoff.warm": True,
        "cx.handoff.forced": False,
        "cx.handoff.result": "accepted",
    }
    assert told.events("talk") == [("cx.handoff", expected)]
    assert ("noted", "cx.handoff", "talk", expected) in witness.seen
    assert told.events("refund") == []


def test_what_is_not_known_of_a_handoff_is_absent(told: Telemetry) -> None:
    """Only what the application says is recorded; a transfer's kind says whether it was warm."""
    with cxotel.journey("refund"):
        cxotel.handoff("queue")
        cxotel.handoff("transfer_warm")
        cxotel.handoff("transfer_cold")
    assert [attributes.get("cx.handoff.warm") for _, attributes in told.events("refund")] == [
        None,
        True,
        False,
    ]
    assert told.events("refund")[0][1] == {
        "cx.evidence.kind": "handoff",
        "cx.handoff.kind": "queue",
    }


def test_a_declined_handoff_is_no_error(told: Telemetry) -> None:
    """A party that refuses is a matter of business."""
    with cxotel.journey("refund"):
        cxotel.handoff("transfer_cold", result="declined")
    assert told.span("refund").status.status_code is StatusCode.UNSET


def test_feedback_keeps_its_scale(told: Telemetry) -> None:
    """A rating is recorded with the ends of its scale; the net promoter score brings its own."""
    with cxotel.journey("refund"):
        cxotel.feedback("csat", 4, scale=(1, 5))
        cxotel.feedback("nps", 0)
        cxotel.feedback("ces", 2.5, scale=(1, 7))
    assert [tuple(attributes.values()) for _, attributes in told.events("refund")] == [
        ("feedback", "csat", 4.0, 1.0, 5.0),
        ("feedback", "nps", 0.0, 0.0, 10.0),
        ("feedback", "ces", 2.5, 1.0, 7.0),
    ]


def test_the_applications_own_impairment(told: Telemetry, witness: Witness) -> None:
    """What no client library can see is recorded in whole points, with whom it blames."""
    with cxotel.journey("refund"):
        cxotel.impairment(
            "effort", 6.2, reason="form_asked_twice", layer="business_system", system="web_portal"
        )
    expected = {
        "cx.evidence.kind": "impairment",
        "cx.impairment.dimension": "effort",
        "cx.impairment.points": 7,
        "cx.impairment.reason": "form_asked_twice",
        "cx.layer": "business_system",
        "cx.system": "web_portal",
    }
    assert told.events("refund") == [("cx.impairment", expected)]
    assert ("noted", "cx.impairment", None, expected) in witness.seen


def test_a_wait_is_a_span_with_its_time(told: Telemetry, monkeypatch: pytest.MonkeyPatch) -> None:
    """A queue wait is a span that says how long, what was announced, and how it ended."""
    time = 1_000_000_000
    monkeypatch.setattr("cxotel.clock.now_ns", lambda: time)
    with (
        cxotel.journey("refund", journey_id="j-1"),
        cxotel.step("talk"),
        cxotel.wait("billing", announced=timedelta(minutes=1)) as waiting,
    ):
        time += 90_234_000_000
        waiting.ended("abandoned")
    wait = told.span("wait billing")
    assert (wait.start_time, wait.end_time) == (1_000_000_000, 91_234_000_000)
    assert told.attributes("wait billing") == {
        "cx.journey.id": "j-1",
        "session.id": "j-1",
        "cx.step.name": "talk",
        "cx.evidence.kind": "queue",
        "cx.queue.name": "billing",
        "cx.queue.announced_wait": 60_000,
        "cx.queue.wait": 90_234,
        "cx.queue.result": "abandoned",
    }
    assert parent_id(told.span("wait billing")) == spot(told.span("talk")).span_id


def test_what_is_not_known_of_a_wait_is_absent(told: Telemetry) -> None:
    """Without a result there is none, whatever left the block."""
    with pytest.raises(KeyError), cxotel.journey("refund"), cxotel.wait("billing"):
        raise KeyError
    seen = told.attributes("wait billing")
    assert "cx.queue.result" not in seen
    assert "cx.queue.announced_wait" not in seen
    assert seen["error.type"] == "KeyError"


def test_outside_any_journey_all_is_harmless(
    told: Telemetry, witness: Witness, caplog: pytest.LogCaptureFixture
) -> None:
    """Without a journey, moments are events on the current span, and stages are plain spans."""
    _everything()
    with told.tracer.start_as_current_span("request"):
        _everything()
    assert [name for name, _ in told.events("request")] == [
        "cx.handoff",
        "cx.outcome",
        "cx.feedback",
        "cx.impairment",
    ]
    assert told.names() == ["look up", "wait billing"] * 2 + ["request"]
    steps = [span.attributes for span in told.spans() if span.name == "look up"]
    assert steps == [{"cx.step.name": "look up"}] * 2
    assert witness.seen == []
    assert caplog.records == []


def _everything() -> None:
    cxotel.handoff("queue")
    cxotel.outcome("resolved")
    cxotel.feedback("nps", 9)
    cxotel.impairment("media", 3, reason="echo")
    with cxotel.step("look up"):
        pass
    with cxotel.wait("billing"):
        pass


WRONG: list[Callable[..., None]] = [
    lambda: cxotel.outcome("happy"),  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    lambda: cxotel.outcome(None),  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    lambda: cxotel.handoff("warm"),  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    lambda: cxotel.feedback("stars", 3, scale=(1, 5)),  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    lambda: cxotel.feedback("csat", 3),
    lambda: cxotel.feedback("csat", 9, scale=(1, 5)),
    lambda: cxotel.feedback("csat", float("nan"), scale=(1, 5)),
    lambda: cxotel.feedback("csat", 3, scale=(1, 3, 5)),  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    lambda: cxotel.impairment("speed", 3, reason="slow"),  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    lambda: cxotel.impairment("media", 0, reason="echo"),
    lambda: cxotel.impairment("media", 94, reason="echo"),
    lambda: cxotel.impairment("media", 3, reason="Mrs Doe heard an echo"),
]


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_moment_is_logged_once_and_kept_out(
    told: Telemetry, witness: Witness, caplog: pytest.LogCaptureFixture, wrong: Any
) -> None:
    """Wrong use says once what would be right, records nothing, and never raises."""
    with cxotel.journey("refund"):
        wrong()
        wrong()
    assert told.events("refund") == []
    assert "cx.journey.outcome" not in told.attributes("refund")
    assert not [what for what in witness.seen if what[0] == "noted"]
    assert len(caplog.records) in {1, 2}
    assert len({each.message for each in caplog.records}) == len(caplog.records)
    assert "Doe" not in caplog.text


def test_a_wrong_detail_costs_that_detail(
    told: Telemetry, caplog: pytest.LogCaptureFixture
) -> None:
    """A detail that cannot be right is left out of a handoff or a wait that can."""
    wrong: dict[str, Any] = {
        "queue": "+15558675309",
        "reason": "the customer, Jane Doe, shouted",
        "warm": "yes",
        "result": "maybe",
    }
    with cxotel.journey("refund"):
        cxotel.handoff("queue", **wrong)
        with cxotel.wait("jane@example.com", announced=-1) as waiting:
            waiting.ended("lost")  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    assert told.events("refund") == [
        ("cx.handoff", {"cx.evidence.kind": "handoff", "cx.handoff.kind": "queue"})
    ]
    assert set(told.attributes("wait")) == {
        "cx.journey.id",
        "session.id",
        "cx.evidence.kind",
        "cx.queue.wait",
    }
    for canary in ("8675309", "Jane", "jane"):
        assert canary not in told.text() + caplog.text


@given(
    st.one_of(
        st.floats(),
        st.integers(-(10**400), 10**400),
        st.text(),
        st.none(),
        st.booleans(),
        st.binary(),
    )
)
def test_anything_as_an_announced_wait_is_milliseconds_or_nothing(value: object) -> None:
    """Whatever is given as seconds becomes a whole number of milliseconds, or is left out."""
    found = checks.milliseconds("wait", "announced", value)
    assert found is None or (isinstance(found, int) and 0 <= found < 2**63)


def test_every_outcome_has_its_place_in_the_order() -> None:
    """The order that decides between outcomes of the same moment names each of them once."""
    assert sorted(words.OUTCOMES_BEST_FIRST) == sorted(
        each.value for each in CxJourneyOutcomeValues
    )


def test_a_member_of_the_registry_is_as_good_as_its_word(told: Telemetry) -> None:
    """`CxJourneyOutcomeValues.FAILED` may be given for `failed`; a plain string is recorded."""
    with cxotel.journey("refund"):
        cxotel.outcome(CxJourneyOutcomeValues.FAILED)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    assert type(told.attributes("refund")["cx.journey.outcome"]) is str
