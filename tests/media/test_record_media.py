"""What was heard comes out: metrics, events on the journey's trace, and the score."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.sdk.metrics.export import HistogramDataPoint
from opentelemetry.trace import Link

import cxotel
from cxotel import privacy, semconv, store
from cxotel.engine import shield
from cxotel.experience.record import journey_score
from cxotel.media import codecs
from cxotel.media.quality import Judgement, MediaQuality
from cxotel.media.rtp.burst import Tally
from cxotel.semconv import metrics
from tests.experience.spans import World, fresh_id, span_id, trace_id

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from opentelemetry.sdk.trace import ReadableSpan

SCORE, LOST = semconv.CX_EXPERIENCE_SCORE, semconv.CX_EXPERIENCE_LOST_MEDIA
DAY_ONE = 1_767_225_600.0
"""1 January 2026, seconds since the epoch."""


@pytest.fixture
def world() -> Generator[World]:
    """Give each test a process of its own."""
    before = store.get_store()
    store.set_store(store.InMemoryContactStore())
    shield.forget()
    with World() as world:
        yield world
    store.set_store(before)


def rated(
    r: float | None = 72.0,
    seconds: float | None = 10.0,
    *,
    model: Any = "g107",
    start: float | None = None,
    **more: Any,
) -> MediaQuality:
    """Make a record that somebody rated."""
    judgements = () if r is None else (Judgement("computed", model, r, 3.7, "conversational"),)
    return MediaQuality(source="rtp", start=start, duration=seconds, judgements=judgements, **more)


def record(world: World, given: Any, **more: Any) -> None:
    """Record with the world's providers."""
    providers = {"tracer_provider": world.provider, "meter_provider": world.meters}
    cxotel.record_media(given, **providers, **more)


def heard(world: World, given: Any, **more: Any) -> dict[str, Any]:
    """Record in a voice journey; return its span's attributes."""
    with cxotel.journey("call", channel="voice", journey_id=fresh_id()):
        record(world, given, **more)
    return world.attributes("call")


def events(span: ReadableSpan) -> list[dict[str, Any]]:
    """Return what a span's media events say."""
    return [dict(e.attributes or {}) for e in span.events if e.name == semconv.EVENT_CX_MEDIA]


def points(world: World, name: str) -> list[HistogramDataPoint]:
    """Return the points of a metric as the SDK has them."""
    data = world.reader.get_metrics_data()
    return [
        point
        for resource in (data.resource_metrics if data else ())
        for scope in resource.scope_metrics
        for metric in scope.metrics
        if metric.name == name
        for point in metric.data.data_points
        if isinstance(point, HistogramDataPoint)
    ]


# The score


@pytest.mark.parametrize(
    ("r", "model", "lost"),
    [
        (72.0, "g107", 21.2),
        (116.1, "g107.1", 3.2),
        (118.4, "g107.2", 13.2),
        (-5.0, "g107", 93.2),
        (72.0, "vendor", 21.2),
    ],
)
def test_a_leg_loses_what_it_is_short_of_a_perfect_one(
    world: World, r: float, model: str, lost: float
) -> None:
    """R is held against 93.2 after its model's own stretch is taken out: 1, 1.29, 1.48."""
    assert heard(world, rated(r, model=model))[LOST] == pytest.approx(lost, abs=0.5)


def test_a_journey_whose_only_flaw_is_its_sound_scores_the_legs_r(world: World) -> None:
    """Where nothing else hurt, the score is R, as the E-model has it."""
    with cxotel.journey("call", channel="voice", journey_id=fresh_id()):
        record(world, rated(72.0))
        cxotel.handoff("queue", queue="billing")
        cxotel.outcome("resolved")

    told = world.attributes("call")
    assert told[SCORE] == 72
    assert told[semconv.CX_EXPERIENCE_BLAME_LAYER] == "connectivity"


def test_a_good_leg_beside_does_not_make_up_for_a_bad_one(world: World) -> None:
    """The worst leg counts, as it is the one that somebody could not hear on."""
    legs = (rated(91.0, 600.0, leg="a"), rated(60.0, 10.0, leg="b"))

    assert heard(world, legs)[LOST] == 33


def test_the_two_ways_of_a_leg_are_judged_apart(world: World) -> None:
    """Who cannot be heard is not helped by hearing well."""
    both = (
        rated(91.0, leg="a", direction="inbound"),
        rated(51.2, leg="a", direction="outbound"),
    )

    assert heard(world, both)[LOST] == 42


def test_intervals_of_a_leg_weigh_by_how_long_somebody_talked(world: World) -> None:
    """Ten bad seconds in forty cost a quarter of what forty would."""
    intervals = (
        rated(93.2, 30.0, start=DAY_ONE, leg="a"),
        rated(53.2, 10.0, start=DAY_ONE + 30, leg="a"),
    )

    assert heard(world, intervals)[LOST] == 10


def test_time_in_which_nothing_was_heard_counts_as_no_sound_at_all(world: World) -> None:
    """One-way audio is R = 0 for as long as it lasts."""
    half = rated(93.2, 10.0, silent_duration=5.0)

    assert heard(world, half)[LOST] == 47  # 46.6


def test_what_nobody_rated_is_rated_here(world: World) -> None:
    """A record of loss and delay and a codec of the ITU's table is enough for the score."""
    told = heard(
        world,
        MediaQuality(source="rtcp", codec="PCMU", loss=0.05, round_trip=0.6, duration=20.0),
        leg_name="agent",
        system="edge_gateway",
        layer="channel",
    )
    (event,) = events(world.span("call"))

    assert event[semconv.CX_MEDIA_R] == 63  # 93.2 - 95 x 5/30.1 - 14.7 for 300 ms
    assert event[semconv.CX_MEDIA_MODEL] == "g107"
    assert event[semconv.CX_MEDIA_ORIGIN] == "computed"
    assert event[semconv.CX_MEDIA_OPINION] == "conversational"
    assert event[semconv.CX_MEDIA_LEG_NAME] == "agent"
    assert event[semconv.CX_MEDIA_CODEC] == "pcmu"
    assert event[semconv.CX_MEDIA_TALK_DURATION] == 20_000
    assert semconv.CX_MEDIA_MOUTH_TO_EAR not in event  # the endpoints' part of it is unknown
    assert told[semconv.CX_EXPERIENCE_BLAME_SYSTEM] == "edge_gateway"
    assert told[semconv.CX_EXPERIENCE_BLAME_LAYER] == "channel"


def test_a_codec_of_your_own_values_is_rated_by_them(world: World) -> None:
    """Opus has no values of the ITU's: without others there is no rating, and none is made up."""
    opus = MediaQuality(source="webrtc", codec="opus", loss=0.01, duration=5.0)
    values = codecs.lookup("opus", bitrate=40, table="al-ahmadi")
    with cxotel.journey("call", journey_id=fresh_id()):
        record(world, opus)
        record(world, opus, impairment=values)

    without, rated_by = events(world.span("call"))
    assert semconv.CX_MEDIA_R not in without
    assert semconv.CX_MEDIA_MODEL not in without
    assert rated_by[semconv.CX_MEDIA_MODEL] == "g107.2"


def test_what_a_vendor_judged_is_left_as_it_is(world: World) -> None:
    """A vendor's MOS alone stands for the R that G.107 gives it, and stays the vendor's."""
    told = MediaQuality(
        source="twilio_insights",
        codec="PCMU",
        loss=0.3,
        duration=10.0,
        judgements=(Judgement("reported", "vendor", mos=3.1),),
    )
    heard(world, told)
    (event,) = events(world.span("call"))

    assert event[semconv.CX_MEDIA_R] == 60
    assert event[semconv.CX_MEDIA_MOS] == 3.1
    assert event[semconv.CX_MEDIA_MODEL] == "vendor"
    assert event[semconv.CX_MEDIA_ORIGIN] == "reported"
    assert points(world, metrics.CX_MEDIA_R) == []
    assert len(points(world, metrics.CX_MEDIA_MOS)) == 1


def test_of_two_judgements_the_worse_counts(world: World) -> None:
    """Listening was fine, conversing was not: the score is of the conversation."""
    both = (
        Judgement("reported", "vendor", 92.0, 4.4, "listening"),
        Judgement("reported", "vendor", 71.0, 3.6, "conversational"),
    )
    heard(world, MediaQuality(source="rtcp_xr", duration=5.0, judgements=both))
    (event,) = events(world.span("call"))

    assert event[semconv.CX_MEDIA_R] == 71
    assert event[semconv.CX_MEDIA_OPINION] == "conversational"


# Events


def test_what_is_not_known_is_absent(world: World) -> None:
    """A record that knows next to nothing says next to nothing, and costs no point."""
    told = heard(world, MediaQuality(source="rtp"))
    (event,) = events(world.span("call"))

    assert set(event) == {
        semconv.CX_EVIDENCE_KIND,
        semconv.CX_EVIDENCE_START_TIME,
        semconv.CX_EVIDENCE_END_TIME,
        semconv.CX_LAYER,
        semconv.CX_MEDIA_SOURCE,
    }
    assert LOST not in told


def test_an_event_stands_on_the_step_that_runs(world: World) -> None:
    """What was heard while the agent was on the line is found there."""
    with cxotel.journey("call", journey_id=fresh_id()), cxotel.step("talk"):
        record(world, rated())

    assert len(events(world.span("talk"))) == 1
    assert events(world.span("call")) == []


def test_a_record_on_an_own_clock_ended_now(world: World) -> None:
    """Readers of packets may run on a steady clock: their time is brought to the wall's."""
    steady = [rated(start=100.0, seconds=10.0, leg="a"), rated(start=110.0, seconds=5.0, leg="a")]
    heard(world, steady)
    span = world.span("call")
    first, second = events(span)
    (at,) = {event.timestamp for event in span.events if event.name == semconv.EVENT_CX_MEDIA}

    assert second[semconv.CX_EVIDENCE_END_TIME] == pytest.approx(at / 1e6, abs=1)
    assert first[semconv.CX_EVIDENCE_END_TIME] == second[semconv.CX_EVIDENCE_START_TIME]


def test_many_intervals_do_not_push_out_the_applications_events(world: World) -> None:
    """A thousand intervals are a thousand points of a metric, and one event of the leg."""
    many = [rated(80.0 if n % 2 else 60.0, 1.0, start=float(n), leg="a") for n in range(1000)]
    told = heard(world, many)
    (event,) = events(world.span("call"))

    assert event[semconv.CX_MEDIA_R] == 70
    assert event[semconv.CX_MEDIA_TALK_DURATION] == 1_000_000
    assert told[LOST] == 23  # 93.2 - 70: what the event says and what the score heard agree
    assert points(world, metrics.CX_MEDIA_R)[0].count == 1000


# Privacy


@pytest.mark.parametrize(
    "leg",
    [
        "a84b4c76e66710@192.0.2.7",
        "1-2345-192.0.2.7",
        "7-10.0.0.1",
        "sip:+15558675309@pbx.example.com",
        "15558675309",
        "2001:db8::7",
    ],
)
def test_a_legs_id_tells_no_address_and_no_number(world: World, leg: str) -> None:
    """A SIP Call-ID holds what its phone put there; legs are still told apart."""
    heard(world, [rated(91.0, leg=leg), rated(61.0, leg=f"{leg}1"), rated(91.0, leg=leg)])
    one, other, again = events(world.span("call"))

    told = repr([*(span.to_json() for span in world.spans())])
    assert not any(part in told for part in ("192.0.2", "10.0.0", "5558675309", "2001:db8"))
    assert one[semconv.CX_MEDIA_LEG_ID] == again[semconv.CX_MEDIA_LEG_ID]
    assert one[semconv.CX_MEDIA_LEG_ID] != other[semconv.CX_MEDIA_LEG_ID]


def test_with_a_key_a_legs_id_is_a_pseudonym(world: World) -> None:
    """Two processes with the same key name a leg alike."""
    privacy.set_policy(privacy.Policy(key=b"an example is no good secret"))
    try:
        heard(world, rated(leg="a84b@192.0.2.7"))
        expected = privacy.pseudonym("a84b@192.0.2.7")
    finally:
        privacy.set_policy(privacy.Policy())
    (event,) = events(world.span("call"))

    assert event[semconv.CX_MEDIA_LEG_ID] == expected


@pytest.mark.parametrize("words", ["Jane Doe +1 555 867 5309", "jane@example.com"])
def test_names_that_are_no_names_are_left_out(world: World, words: str) -> None:
    """What the application or a vendor wrote into a name never leaves as it is."""
    heard(world, replace(rated(leg_name=words, codec=words, system=words), source=words))
    told = repr([span.to_json() for span in world.spans()]) + repr(
        [point.attributes for point in points(world, metrics.CX_MEDIA_R)]
    )

    assert "Jane" not in told
    assert "jane" not in told
    assert "867 5309" not in told


# Metrics


def test_everything_measured_is_a_metric(world: World) -> None:
    """Seconds and shares, each under its own name, with the leg and the codec beside it."""
    everything = MediaQuality(
        source="rtcp_xr",
        direction="inbound",
        codec="PCMU",
        leg_name="agent",
        system="edge_gateway",
        loss=0.02,
        discard=0.01,
        concealment=0.03,
        jitter=0.025,
        round_trip=0.2,
        end_system_delay=0.05,
        burst=Tally(
            bursts=1,
            burst_packets=10,
            burst_lost=5,
            received_runs=1,
            received=10,
            lost_runs=1,
            lost=5,
        ).burst_gap(0.02),
        duration=10.0,
    )
    record(world, everything)
    place = {
        semconv.CX_MEDIA_SOURCE: "rtcp_xr",
        semconv.CX_MEDIA_DIRECTION: "inbound",
        semconv.CX_MEDIA_CODEC: "pcmu",
        semconv.CX_MEDIA_LEG_NAME: "agent",
        semconv.CX_SYSTEM: "edge_gateway",
    }

    for name, value in (
        (metrics.CX_MEDIA_LOSS, 0.02),
        (metrics.CX_MEDIA_DISCARD, 0.01),
        (metrics.CX_MEDIA_CONCEALMENT, 0.03),
        (metrics.CX_MEDIA_JITTER, 0.025),
        (metrics.CX_MEDIA_ROUND_TRIP, 0.2),
        (metrics.CX_MEDIA_MOUTH_TO_EAR, 0.15),
        (metrics.CX_MEDIA_BURST_DENSITY, 0.5),
        (metrics.CX_MEDIA_BURST_DURATION, 0.2),
        (metrics.CX_MEDIA_BURST_RATIO, 1 / (1 / 10 + 1 / 5)),
    ):
        assert world.metric(name) == [(place, (1, pytest.approx(value)))]
    judged = {
        semconv.CX_MEDIA_MODEL: "g107",
        semconv.CX_MEDIA_ORIGIN: "computed",
        semconv.CX_MEDIA_OPINION: "conversational",
    }
    for name in (metrics.CX_MEDIA_R, metrics.CX_MEDIA_MOS):
        ((told, (count, _)),) = world.metric(name)
        assert (told, count) == (place | judged, 1)


@pytest.mark.parametrize("scale", [1, 1.29, 1.48])
def test_the_standards_limits_are_edges_of_buckets(world: World, scale: float) -> None:
    """How many legs left their users satisfied can be read without interpolation."""
    record(world, rated())
    (r,) = points(world, metrics.CX_MEDIA_R)
    (mos,) = points(world, metrics.CX_MEDIA_MOS)

    assert {round(limit * scale, 1) for limit in (50, 60, 70, 80, 90)} <= set(r.explicit_bounds)
    assert {2.58, 3.1, 3.6, 4.03, 4.34} <= set(mos.explicit_bounds)


def test_numbers_of_different_models_are_different_series(world: World) -> None:
    """Scales are never mixed: each R and MOS says by which model, and whose it is."""
    record(world, [rated(72.0), rated(93.0, model="g107.1"), rated(72.0, model="vendor")])

    models = {told[semconv.CX_MEDIA_MODEL] for told, _ in world.metric(metrics.CX_MEDIA_R)}
    assert models == {"g107", "g107.1", "vendor"}


def test_an_exemplar_leads_from_the_metric_to_the_journey(world: World) -> None:
    """From a bad bucket one click leads to a call that fell into it."""
    with cxotel.journey("call", journey_id=fresh_id()), cxotel.step("talk"):
        record(world, rated(jitter=0.15))
    talk = world.span("talk")

    (point,) = points(world, metrics.CX_MEDIA_JITTER)
    (exemplar,) = point.exemplars
    assert exemplar.value == 0.15
    assert f"{exemplar.trace_id:032x}" == trace_id(talk)
    assert exemplar.span_id == span_id(talk)


def test_metrics_stay_few_whatever_is_written_into_names(world: World) -> None:
    """A name that changes with every call cannot fill the backend with time series."""
    for number in range(100):
        record(world, replace(rated(codec=f"x{number}", leg_name=f"leg {number}"), source="rtp"))

    assert len(world.metric(metrics.CX_MEDIA_R)) <= 17
    assert {told[semconv.CX_MEDIA_CODEC] for told, _ in world.metric(metrics.CX_MEDIA_R)} == {
        "_OTHER"
    }


# Outside of a journey, and late


def test_outside_of_a_journey_there_are_metrics_alone(world: World) -> None:
    """A media server without journeys has its dashboards all the same."""
    record(world, rated())

    assert points(world, metrics.CX_MEDIA_R)[0].count == 1
    assert world.spans() == []


def test_outside_of_a_journey_the_current_span_gets_the_event(world: World) -> None:
    """Whoever traces calls by other means finds the quality on them."""
    with world.request("POST /calls"):
        record(world, rated())

    assert len(events(world.span("POST /calls"))) == 1


def test_a_late_record_is_a_segment_of_its_own_linked_to_the_call(world: World) -> None:
    """Quality that comes an hour after the call is found with it, and counts in its journey."""
    journey_id = fresh_id()
    with cxotel.journey("call", journey_id=journey_id, contact_id="CA17", channel="voice"):
        cxotel.outcome("resolved")
    with world.request("POST /quality"):
        record(world, rated(51.2, start=DAY_ONE, leg="a"), contact_id="CA17")
    call, late = world.span("call"), world.span("media_quality rtp")

    told = dict(late.attributes or {})
    assert told[semconv.CX_JOURNEY_ID] == told[semconv.SESSION_ID] == journey_id
    assert told[semconv.CX_CONTACT_ID] == "CA17"
    assert told[semconv.CX_SEGMENT_ID] == f"rtp:a:{DAY_ONE:.0f}000"
    assert told[semconv.CX_SEGMENT_REVISION] == 0
    assert late.parent is None
    (link,) = late.links
    assert isinstance(link, Link)
    assert f"{link.context.trace_id:032x}" == trace_id(call)
    assert (link.attributes or {})[semconv.CX_LINK_RELATION] == "previous_segment"
    assert journey_score_of(world, journey_id) == 51


def journey_score_of(world: World, journey_id: str) -> int | None:
    """Return a journey's score by its record; it is of one contact."""
    known = world.processor.record(journey_id)
    assert known is not None
    score = journey_score(known)
    assert len(score.contacts) == 1
    return score.value


def test_the_same_late_record_twice_changes_nothing(world: World) -> None:
    """Webhooks are delivered again: neither metrics nor traces count twice."""
    journey_id = fresh_id()
    for _ in range(3):
        record(world, rated(start=DAY_ONE, leg="a"), journey_id=journey_id)

    assert len(world.spans()) == 1
    assert points(world, metrics.CX_MEDIA_R)[0].count == 1


def test_a_late_record_that_is_corrected_is_the_next_revision(world: World) -> None:
    """The vendor's last word on a leg is the one that counts when the journey is read back."""
    journey_id = fresh_id()
    for r in (60.0, 75.0, 75.0):
        record(world, rated(r, start=DAY_ONE, leg="a"), journey_id=journey_id)

    told = [dict(span.attributes or {}) for span in world.spans()]
    assert [each[semconv.CX_SEGMENT_REVISION] for each in told] == [0, 1]
    assert len({str(each[semconv.CX_SEGMENT_ID]) for each in told}) == 1


def test_intervals_that_come_late_one_by_one_are_different_segments(world: World) -> None:
    """Ten seconds at a time is not a correction of the ten before."""
    journey_id = fresh_id()
    for number in range(3):
        record(world, rated(start=DAY_ONE + 10 * number, leg="a"), journey_id=journey_id)

    told = [dict(span.attributes or {}) for span in world.spans()]
    assert len({str(each[semconv.CX_SEGMENT_ID]) for each in told}) == 3


def test_a_record_of_another_call_does_not_hurt_the_journey_that_runs(world: World) -> None:
    """A worker that handles one call may learn of the quality of another."""
    first = fresh_id()
    with cxotel.journey("first", journey_id=first, contact_id="CA1", channel="voice"):
        cxotel.outcome("resolved")
    with cxotel.journey("second", journey_id=fresh_id(), contact_id="CA2", channel="voice"):
        record(world, rated(20.0), contact_id="CA1")

    assert LOST not in world.attributes("second")
    assert journey_score_of(world, first) == 20


def test_a_late_record_counts_for_the_contact_that_it_is_of(world: World) -> None:
    """The customer called twice; only the second call was bad."""
    journey_id = fresh_id()
    for contact in ("CA1", "CA2"):
        with cxotel.journey("call", journey_id=journey_id, contact_id=contact, channel="voice"):
            record(world, rated(91.0, leg=contact))
            cxotel.outcome("resolved")
    record(world, rated(50.0, start=DAY_ONE), contact_id="CA2")

    known = world.processor.record(journey_id)
    assert known is not None
    scores = {contact.ids: contact.score.value for contact in journey_score(known).contacts}
    assert (scores[("CA1",)] or 0) > 90
    assert scores[("CA2",)] == 50


@pytest.mark.parametrize("named", ["journey", "contact", "nobody knows it"])
def test_the_journey_that_runs_may_be_named(world: World, named: str) -> None:
    """Naming the call that is being handled is the same as naming none."""
    journey_id = fresh_id()
    with cxotel.journey("call", journey_id=journey_id, contact_id="CA1", channel="voice"):
        given: dict[str, str] = {
            "journey": {"journey_id": journey_id},
            "contact": {"contact_id": "CA1"},
            "nobody knows it": {"contact_id": "CA99"},
        }[named]
        record(world, rated(72.0), **given)

    assert world.attributes("call")[LOST] == 21


def test_a_task_that_outlives_its_journey_tells_late(world: World) -> None:
    """The last report of a call may come when its handler has returned."""
    import contextvars

    journey_id = fresh_id()
    with cxotel.journey("call", journey_id=journey_id, contact_id="CA1", channel="voice"):
        inside = contextvars.copy_context()
    inside.run(record, world, rated(72.0))

    assert world.attributes("media_quality rtp")[semconv.CX_JOURNEY_ID] == journey_id


# Wrong use


@pytest.mark.parametrize(
    "garbage",
    [None, 7, "rtp", b"rtp", {"source": "rtp"}, [None], ["rtp"], object(), [rated(), object()]],
)
def test_what_is_no_record_is_logged_once_and_never_raised(
    world: World, garbage: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """Telemetry never breaks the call that it tells of."""
    with caplog.at_level(logging.WARNING):
        for _ in range(2):
            record(world, garbage)

    assert len(caplog.records) == 1
    assert "record_media" in caplog.text


def test_records_that_fail_to_come_are_no_trouble(world: World) -> None:
    """A generator that raises costs the records that it did not give."""

    def failing() -> Iterable[MediaQuality]:
        yield rated()
        raise RuntimeError("the database is gone")

    record(world, failing())

    assert shield.errors()["recording media quality"] == 1


def test_what_cannot_be_judged_is_recorded_all_the_same(world: World) -> None:
    """No line is half an hour long: there is no rating then, and everything else is there."""
    record(world, MediaQuality(source="rtcp", codec="PCMU", loss=0.02, mouth_to_ear=1800.0))

    assert points(world, metrics.CX_MEDIA_LOSS)[0].count == 1
    assert points(world, metrics.CX_MEDIA_R) == []
    assert shield.errors() == {"judging media quality": 1}


@pytest.mark.parametrize("wrong", ["+15558675309", "a b", 7, "x" * 65])
def test_an_id_that_can_be_none_is_left_out(world: World, wrong: Any) -> None:
    """A phone number does not become a journey."""
    record(world, rated(), journey_id=wrong)

    assert world.spans() == []
    assert points(world, metrics.CX_MEDIA_R)[0].count == 1


RATIO = st.none() | st.floats(0.0, 1.0)
SECONDS = st.none() | st.floats(0.0, 1e6)
DELAY = st.none() | st.floats(0.0, 900.0)


@given(
    fields=st.fixed_dictionaries(
        {
            "source": st.text(max_size=8),
            "system": st.none() | st.text(max_size=8),
            "leg": st.none() | st.text(max_size=8),
            "leg_name": st.none() | st.text(max_size=8),
            "codec": st.none() | st.sampled_from(["PCMU", "opus", "G722", "\x00", "x y"]),
            "start": st.none() | st.floats(-1e12, 1e12),
            "duration": SECONDS,
            "talk_duration": SECONDS,
            "silent_duration": SECONDS,
            "loss": RATIO,
            "discard": RATIO,
            "concealment": RATIO,
            "jitter": SECONDS,
            "round_trip": DELAY,
            "mouth_to_ear": DELAY,
        }
    )
)
def test_any_record_can_be_recorded(fields: dict[str, Any]) -> None:
    """Whatever a reader returns is recorded without an error, and every number stays finite."""
    shield.forget()
    with World() as world:
        told = heard(world, MediaQuality(**fields))
        assert len(events(world.span("call"))) == 1

    assert shield.errors() == {}
    assert 0 <= told.get(LOST, 0) <= 94
