"""From attributes to evidence: what is read, and what is left out."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxotel import semconv
from cxotel.experience.evidence import (
    Authentication,
    Call,
    Callback,
    Contact,
    Declared,
    Evidence,
    Feedback,
    Handoff,
    Hold,
    Media,
    Outcome,
    Queue,
    Turn,
    Where,
)
from cxotel.experience.reading import read, read_call
from tests.experience.streams import observed

KEYS = [key for key in semconv.PRIVACY if key.startswith("cx.")] + [semconv.ERROR_TYPE]
KINDS = [kind.value for kind in semconv.CxEvidenceKindValues]
PLACE = {
    semconv.CX_LAYER: "ai",
    semconv.CX_SYSTEM: "dialogflow",
    semconv.CX_STEP_NAME: "ask",
}
WHERE = Where("ai", "dialogflow", "ask")


def reading(kind: str, attributes: dict[str, Any], step: str | None = None) -> Evidence | None:
    """Read attributes of a span from 1 to 2 s whose id is ``s1``."""
    whole = {semconv.CX_EVIDENCE_KIND: kind, **attributes}
    return read(whole, id="s1", start=1_000, end=2_000, step=step)


@pytest.mark.parametrize(
    ("kind", "attributes", "evidence"),
    [
        ("call", {}, Call("s1", Where(), 1_000, 2_000, span_id="s1")),
        (
            "call",
            {
                **PLACE,
                semconv.ERROR_TYPE: "Timeout",
                semconv.CX_CALL_CUSTOMER_WAITING: True,
                semconv.CX_CALL_TIMED_OUT: True,
                semconv.CX_CALL_MET: True,
                semconv.HTTP_REQUEST_RESEND_COUNT: 2,
                semconv.CX_CALL_RETRY_WAIT: 300,
                semconv.CX_EVIDENCE_SHOWS: ("effort", "comfort"),
                semconv.CX_EVIDENCE_ID: "e1",
                semconv.CX_EVIDENCE_START_TIME: 500,
                semconv.CX_EVIDENCE_END_TIME: 900,
            },
            Call(
                "e1",
                WHERE,
                500,
                900,
                waiting=True,
                error="Timeout",
                timed_out=True,
                met=True,
                retries=2,
                retry_wait=300,
                shows=frozenset({"effort"}),
                span_id="s1",
            ),
        ),
        (
            "callback",
            {semconv.CX_CALLBACK_SYSTEM: "dialogflow", semconv.CX_BOT_TURN_ID: "t1"},
            Callback("s1", Where(), 1_000, 2_000, "dialogflow", "t1"),
        ),
        (
            "turn",
            {
                **PLACE,
                semconv.CX_BOT_TURN_ID: "t1",
                semconv.CX_EVIDENCE_ID: "e1",
                semconv.CX_BOT_TURN_DURATION: 800,
                semconv.CX_BOT_TURN_FILLER_DELAY: 300,
                semconv.CX_BOT_TURN_MODALITY: "voice",
                semconv.CX_BOT_TURN_RESULT: "no_match",
                semconv.CX_BOT_LOOP_ID: "l1",
            },
            Turn("t1", WHERE, 1_000, 2_000, 800, 300, "voice", "no_match", "l1"),
        ),
        (
            "queue",
            {
                semconv.CX_QUEUE_ID: "q7",
                semconv.CX_QUEUE_WAIT: 45_000,
                semconv.CX_QUEUE_ANNOUNCED_WAIT: 60_000,
                semconv.CX_QUEUE_RESULT: "answered",
            },
            Queue("s1", Where(), "q7", 1_000, 2_000, 45_000, 60_000, "answered"),
        ),
        (
            "handoff",
            {
                semconv.CX_HANDOFF_ID: "h1",
                semconv.CX_HANDOFF_KIND: "transfer_warm",
                semconv.CX_HANDOFF_WARM: True,
                semconv.CX_HANDOFF_FORCED: False,
                semconv.CX_HANDOFF_RESULT: "declined",
            },
            Handoff("h1", Where(), "transfer_warm", True, False, "declined", 2_000),
        ),
        ("hold", {}, Hold("s1", Where(), 1_000, 2_000)),
        (
            "contact",
            {
                semconv.CX_CONTACT_ID: "c1",
                semconv.CX_CONTACT_DIRECTION: "inbound",
                semconv.CX_CONTACT_STATUS: "completed",
                semconv.CX_CONTACT_POST_DIAL_DELAY: 3_000,
                semconv.CX_CONTACT_CONNECTED_DURATION: 60_000,
                semconv.CX_CONTACT_ENDED_BY: "customer",
                semconv.CX_CONTACT_RELATION: "new",
                semconv.CX_CONTACT_ALIASES: ["c2"],
            },
            Contact(
                "c1",
                Where(),
                "inbound",
                "completed",
                3_000,
                60_000,
                "customer",
                "new",
                ("c2",),
                2_000,
            ),
        ),
        (
            "media",
            {
                semconv.CX_MEDIA_LEG_ID: "l1",
                semconv.CX_MEDIA_LEG_NAME: "agent",
                semconv.CX_MEDIA_R: 81,
                semconv.CX_MEDIA_MODEL: "g107.1",
                semconv.CX_MEDIA_TALK_DURATION: 700,
                semconv.CX_MEDIA_SILENT_DURATION: 100,
                semconv.CX_MEDIA_DIRECTION: "inbound",
            },
            Media("l1", Where(), 81, "g107.1", 700, 100, "inbound", 1_000, 2_000, "agent"),
        ),
        (
            "authentication",
            {semconv.CX_AUTHENTICATION_ID: "a1", semconv.CX_AUTHENTICATION_RESULT: "failed"},
            Authentication("a1", Where(), "failed", 2_000),
        ),
        ("outcome", {semconv.CX_JOURNEY_OUTCOME: "failed"}, Outcome("failed", 2_000)),
        (
            "outcome",
            {**PLACE, semconv.CX_JOURNEY_OUTCOME: "failed", semconv.CX_EVIDENCE_CAUSE: "b7"},
            Outcome("failed", 2_000, "b7", WHERE),
        ),
        (
            "impairment",
            {
                semconv.CX_IMPAIRMENT_DIMENSION: "effort",
                semconv.CX_IMPAIRMENT_POINTS: 5,
                semconv.CX_IMPAIRMENT_REASON: "card_declined",
            },
            Declared("s1", Where(), "effort", 5.0, "card_declined", 2_000),
        ),
        (
            "feedback",
            {
                semconv.CX_FEEDBACK_KIND: "csat",
                semconv.CX_FEEDBACK_VALUE: 4,
                semconv.CX_FEEDBACK_SCALE_MIN: 1,
                semconv.CX_FEEDBACK_SCALE_MAX: 5,
            },
            Feedback("csat", 4, 1, 5, 2_000),
        ),
    ],
)
def test_each_kind_is_read(kind: str, attributes: dict[str, Any], evidence: Evidence) -> None:
    """What a vendor file or another library's span says arrives in the score."""
    assert reading(kind, attributes) == evidence


@pytest.mark.parametrize(
    ("kind", "attributes"),
    [
        ("weather", {}),
        ("handoff", {semconv.CX_HANDOFF_KIND: "levitation"}),
        ("outcome", {}),
        ("outcome", {semconv.CX_JOURNEY_OUTCOME: "great"}),
        ("impairment", {semconv.CX_IMPAIRMENT_DIMENSION: "effort"}),
        ("impairment", {semconv.CX_IMPAIRMENT_POINTS: 3}),
        ("feedback", {semconv.CX_FEEDBACK_KIND: "csat"}),
    ],
)
def test_what_lacks_its_point_is_no_evidence(kind: str, attributes: dict[str, Any]) -> None:
    """A fact without what makes it one is not guessed at."""
    assert reading(kind, attributes) is None


def test_a_span_that_is_no_evidence_gives_none() -> None:
    """Most spans say nothing about the customer."""
    assert read({}, id="s1", start=0, end=1, step=None) is None


def test_values_of_a_wrong_type_are_left_out() -> None:
    """Other libraries' attributes may hold anything: one odd value costs one value."""
    turn = reading(
        "turn",
        {
            semconv.CX_LAYER: "cellar",
            semconv.CX_SYSTEM: 7,
            semconv.CX_STEP_NAME: "",
            semconv.CX_BOT_TURN_DURATION: "800",
            semconv.CX_BOT_TURN_FILLER_DELAY: -1,
            semconv.CX_BOT_TURN_MODALITY: ["voice"],
            semconv.CX_BOT_TURN_RESULT: "no_match",
            semconv.CX_EVIDENCE_SHOWS: "effort",
        },
        step="ask",
    )

    assert turn == Turn("s1", Where(step="ask"), 1_000, 2_000, result="no_match")


def test_points_are_kept_within_the_scale() -> None:
    """There are 93.2 points to lose; a gain is none."""
    effort = {semconv.CX_IMPAIRMENT_DIMENSION: "effort"}
    many = reading("impairment", {**effort, semconv.CX_IMPAIRMENT_POINTS: 1e9})
    gain = reading("impairment", {**effort, semconv.CX_IMPAIRMENT_POINTS: -5.0})

    assert isinstance(many, Declared)
    assert isinstance(gain, Declared)
    assert (many.points, gain.points) == (93.2, 0.0)
    infinite = {**effort, semconv.CX_IMPAIRMENT_POINTS: float("inf")}
    assert reading("impairment", infinite) is None


def test_a_turn_that_failed_is_a_failed_call() -> None:
    """A bot that raised an error answered nothing: that is no turn."""
    failed = reading("turn", {**PLACE, semconv.ERROR_TYPE: "DeadlineExceeded"})

    assert isinstance(failed, Call)
    assert (failed.error, failed.where) == ("DeadlineExceeded", WHERE)


def test_the_call_behind_a_fact_was_waited_for() -> None:
    """A call that transferred a contact took time like any other; a turn prices its own."""
    span = {
        semconv.CX_EVIDENCE_KIND: "handoff",
        semconv.CX_OPERATION_NAME: "transfer_contact",
        **PLACE,
    }

    def behind(**changes: object) -> Call | None:
        return read_call({**span, **changes}, id="s1", start=1_000, end=6_000, step=None)

    assert behind() == Call("s1", WHERE, 1_000, 6_000, span_id="s1")
    assert behind(**{semconv.CX_EVIDENCE_KIND: "turn"}) is None
    assert behind(**{semconv.CX_EVIDENCE_KIND: "call"}) is None
    assert behind(**{semconv.ERROR_TYPE: "X"}) is None
    assert read_call({}, id="s1", start=0, end=1, step=None) is None


def test_an_event_without_times_places_no_wait() -> None:
    """A reply that tells how long the queue was does not tell when."""
    queue = read(
        {semconv.CX_EVIDENCE_KIND: "queue", semconv.CX_QUEUE_WAIT: 90_000},
        id="s1.0",
        start=50_000,
        end=50_000,
        step=None,
    )
    assert isinstance(queue, Queue)
    slow = Call("s2", Where("ai", "lex"), 40_000, 60_000)

    assert set(observed([queue, slow]).score().lost) == {"reach", "responsiveness"}


def test_a_hold_may_tell_its_length_alone() -> None:
    """An event at the end of a hold that says how long it was is a hold before it."""
    attributes = {semconv.CX_EVIDENCE_KIND: "hold", semconv.CX_HOLD_DURATION: 30_000}

    hold = read(attributes, id="s1.0", start=50_000, end=50_000, step=None)

    assert hold == Hold("s1.0", Where(), 20_000, 50_000)
    assert read({semconv.CX_EVIDENCE_KIND: "hold"}, id="s", start=5, end=5, step=None) is None


def test_reports_without_a_contact_id_are_of_the_segments_own_contact() -> None:
    """Without a key for pseudonyms ids are absent; no span's id is taken for a contact's."""
    report = reading("contact", {semconv.CX_CONTACT_STATUS: "completed"})
    assert report is not None

    assert observed([report]).contacts == frozenset()


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.sampled_from(["voice", "resolved", "no_match", "abandoned", "effort", "completed"]),
    st.lists(st.one_of(st.text(max_size=3), st.integers()), max_size=3),
)


@given(
    st.sampled_from(KINDS),
    st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=12),
    st.integers(0, 10**13),
    st.integers(0, 10**13),
)
def test_nothing_that_spans_may_hold_breaks_the_score(
    kind: str, attributes: dict[str, Any], start: int, end: int
) -> None:
    """Telemetry never breaks the app, whatever other code writes on spans."""
    whole = {**attributes, semconv.CX_EVIDENCE_KIND: kind}
    evidence = read(whole, id="s1", start=start, end=end, step=None)

    if evidence is not None:
        value = observed([evidence]).score().value
        assert value is None or 0 <= value <= 100
