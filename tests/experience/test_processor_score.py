"""The score on the span that carries a segment, kept current while it is open."""

from __future__ import annotations

import json
from typing import Any

import pytest

import cxotel
from cxotel import semconv
from cxotel.experience import Ledger, Rules, processor
from cxotel.experience.processor import ExperienceProcessor
from cxotel.semconv import metrics
from tests.experience.spans import World, fresh_id, next_millisecond, span_id

SCORE, CLASS = semconv.CX_EXPERIENCE_SCORE, semconv.CX_EXPERIENCE_CLASS
POINTS = semconv.CX_EXPERIENCE_POINTS
SLOW = 9.0


def impairments(world: World, name: str) -> list[dict[str, Any]]:
    """Return the attributes of each impairment event of a span."""
    events = world.span(name).events
    return [
        dict(event.attributes or {})
        for event in events
        if event.name == semconv.EVENT_CX_IMPAIRMENT
    ]


@pytest.mark.parametrize("processor_first", [True, False])
def test_a_journeys_span_bears_a_score_that_explains_itself(*, processor_first: bool) -> None:
    """Score, class, coverage, losses, reasons, blame and its owner are there before any export."""
    owners = {"salesforce": "crm-team", "identity": "iam-team"}
    with World(processor_first=processor_first, owners=owners) as world:
        with cxotel.journey("refund", channel="voice"):
            with cxotel.step("find order"):
                world.call(SLOW)
            cxotel.outcome("resolved")
        told = world.attributes("refund")
    assert told[SCORE] == 87
    assert told[CLASS] == "satisfied"
    assert told[semconv.CX_EXPERIENCE_COVERAGE] == 0.5
    assert told[semconv.CX_EXPERIENCE_ALGORITHM] == "cxotel/1"
    assert told[semconv.CX_EXPERIENCE_LOST_RESPONSIVENESS] == 7
    assert told[semconv.CX_EXPERIENCE_BLAME_LAYER] == "business_system"
    assert told[semconv.CX_EXPERIENCE_BLAME_SYSTEM] == "salesforce"
    assert told[semconv.CX_EXPERIENCE_BLAME_STEP] == "find order"
    assert told[semconv.CX_EXPERIENCE_BLAME_OWNER] == "crm-team"
    assert len(told[semconv.CX_EXPERIENCE_REASONS]) == 1


def test_blame_is_owned_by_the_layer_where_the_system_has_no_owner() -> None:
    """An owner of a whole layer answers for every system in it."""
    with World(owners={"business_system": "integrations"}) as world:
        with cxotel.journey("refund", channel="voice"):
            world.call(SLOW)
        assert world.attributes("refund")[semconv.CX_EXPERIENCE_BLAME_OWNER] == "integrations"


def test_the_exact_ledger_is_written_once_at_the_end() -> None:
    """Machines merge the ledger; it names its segment and revision."""
    journey_id = fresh_id()
    with World() as world:
        with cxotel.journey("refund", channel="voice", journey_id=journey_id):
            world.call(SLOW)
        told = world.attributes("refund")
        ledger = Ledger.from_json(told[semconv.CX_EXPERIENCE_LEDGER])
        record = world.processor.record(journey_id)
    assert json.loads(told[semconv.CX_EXPERIENCE_LEDGER])
    assert told[semconv.CX_SEGMENT_REVISION] == 0
    assert record is not None
    (kept,) = record.segments.items()
    assert kept[0] == told[semconv.CX_SEGMENT_ID]
    assert kept[1].ledger == ledger


def test_a_journey_without_evidence_has_no_score() -> None:
    """Nothing observed is not a good score."""
    with World() as world:
        with cxotel.journey("refund", channel="voice"):
            pass
        told = world.attributes("refund")
    assert SCORE not in told
    assert told[CLASS] == "unclassified"
    assert told[semconv.CX_EXPERIENCE_COVERAGE] == 0.0


def test_a_vendors_span_bears_the_points_that_it_added() -> None:
    """Each call bears what the price rose by, rounded up; a fast one bears none."""
    with World() as world:
        with cxotel.journey("refund", channel="voice"):
            with cxotel.step("find order"):
                first = world.call(SLOW, after=-60)
                second = world.call(7.0, after=-40)
            with cxotel.step("authenticate"):
                third = world.call(0.1, system="okta", after=-20)
        assert [(each.attributes or {}).get(POINTS) for each in (first, second, third)] == [
            7,
            3,
            None,
        ]
        told = impairments(world, "refund")
    assert [each[semconv.CX_IMPAIRMENT_POINTS] for each in told] == [7, 3]
    assert told[0] == {
        semconv.CX_IMPAIRMENT_DIMENSION: "responsiveness",
        semconv.CX_IMPAIRMENT_REASON: "wait",
        semconv.CX_IMPAIRMENT_POINTS: 7,
        semconv.CX_IMPAIRMENT_SPAN_ID: f"{span_id(first):016x}",
        semconv.CX_LAYER: "business_system",
        semconv.CX_SYSTEM: "salesforce",
        semconv.CX_STEP_NAME: "find order",
    }


def test_an_impairment_is_an_event_at_the_moment_it_hurt() -> None:
    """The event's time is the end of the call that hurt."""
    with World() as world:
        with cxotel.journey("refund", channel="voice"):
            call = world.call(SLOW)
        (event,) = world.span("refund").events
    assert event.timestamp == call.end_time


def test_a_call_whose_end_nobody_announced_is_read_from_its_span() -> None:
    """The score is the same; only the call's own span, frozen by then, bears no points."""
    with World() as world:
        with cxotel.journey("refund", channel="voice"):
            call = world.call(SLOW, told=False)
        assert POINTS not in (call.attributes or {})
        assert world.attributes("refund")[SCORE] == 87


def test_without_any_code_the_request_bears_the_score() -> None:
    """A web framework's own span carries the segment, live, whoever exports it."""
    with World(processor_first=False) as world:
        with world.request():
            world.call(SLOW)
        told = world.attributes("POST /calls")
    assert told[SCORE] == 87
    assert semconv.CX_EXPERIENCE_LEDGER not in told
    assert len(impairments(world, "POST /calls")) == 1


def test_a_call_that_is_its_own_root_bears_score_and_points() -> None:
    """A script's single call is a whole segment; nobody waits for a script."""
    with World() as world:
        call = world.call(SLOW)
        told = dict(call.attributes or {})
    assert told[CLASS] == "unclassified"
    assert POINTS not in told


def test_the_score_follows_what_happens_later() -> None:
    """A journey that looked lost and was resolved shows no trace of it but its events."""
    with World() as world:
        with cxotel.journey("refund", channel="chat"):
            world.call(0.1)
            cxotel.outcome("unresolved")
            next_millisecond()
            cxotel.outcome("resolved")
        told = world.attributes("refund")
    assert told[semconv.CX_EXPERIENCE_LOST_RESOLUTION] == 0
    assert told[semconv.CX_EXPERIENCE_REASONS] == ()


def test_the_root_was_scored_before_a_journey_opened_under_it() -> None:
    """It is marked, keeps what it bore, and the journey starts a segment of its own."""
    with World() as world:
        with world.request():
            world.call(SLOW)
            with cxotel.journey("refund", channel="voice"):
                world.call(0.5, after=-30)
            world.call(SLOW, after=-20)
        root, own = world.attributes("POST /calls"), world.attributes("refund")
    assert root[semconv.CX_EXPERIENCE_SUPERSEDED] is True
    assert root[SCORE] == 87
    assert root[semconv.CX_JOURNEY_ID] == own[semconv.CX_JOURNEY_ID]
    assert semconv.CX_EXPERIENCE_LOST_RESPONSIVENESS not in own
    assert len(world.metric(metrics.CX_EXPERIENCE_LOST_POINTS)) == 0


def test_of_sibling_journeys_each_carries_its_own_score_and_the_root_none() -> None:
    """One slow journey in a batch does not spoil the others'."""
    with World() as world:
        with world.request():
            with cxotel.journey("slow", channel="voice", journey_id="j-1"):
                world.call(SLOW)
            with cxotel.journey("fast", channel="voice", journey_id="j-2"):
                world.call(0.1)
                cxotel.outcome("resolved")
        slow, fast = world.attributes("slow"), world.attributes("fast")
        assert slow[SCORE] == 87
        assert SCORE not in world.attributes("POST /calls")
    assert fast[SCORE] == 100


def test_a_journey_within_another_has_a_segment_of_its_own() -> None:
    """A block with another id is another customer's journey."""
    with World() as world:
        with cxotel.journey("outer", channel="voice", journey_id="j-1"):
            with cxotel.journey("inner", channel="voice", journey_id="j-2"):
                world.call(SLOW)
            world.call(0.1, after=-20)
        assert world.attributes("inner")[SCORE] == 87
        assert semconv.CX_EXPERIENCE_LOST_RESPONSIVENESS not in world.attributes("outer")


def test_two_processors_take_each_span_once() -> None:
    """On one provider or on two, by hand and by the zero-code hook."""
    with World() as world:
        world.provider.add_span_processor(ExperienceProcessor())
        with cxotel.journey("refund", channel="voice"):
            world.call(SLOW)
            world.call(SLOW, told=False, after=-30)
            cxotel.handoff("transfer_cold")
        told = world.attributes("refund")
        handoffs = world.metric(metrics.CX_HANDOFF_COUNT)
    assert len(json.loads(told[semconv.CX_EXPERIENCE_LEDGER])["entries"]) == 2
    assert told[semconv.CX_EXPERIENCE_LOST_EFFORT] == 7
    assert handoffs[0][1] == 1


def test_what_the_code_said_on_the_journeys_own_span_is_one_event() -> None:
    """A declared impairment is an event already; it is not told twice on the same span."""
    with World() as world:
        with cxotel.journey("refund", channel="voice"):
            cxotel.impairment("effort", points=5, reason="clumsy_form")
        assert len(impairments(world, "refund")) == 1
        assert world.attributes("refund")[semconv.CX_EXPERIENCE_LOST_EFFORT] == 5


def test_a_carrier_bears_at_most_32_impairment_events() -> None:
    """The application's own events are not pushed out; what found no room is counted."""
    with World() as world:
        with cxotel.journey("refund", channel="voice"), cxotel.step("form"):
            for _ in range(40):
                cxotel.impairment("effort", points=1, reason="clumsy_form")
        assert len(impairments(world, "refund")) == 32
        ((attributes, dropped),) = world.metric(metrics.CX_TELEMETRY_DROPPED)
    assert attributes == {semconv.CX_TELEMETRY_TABLE: "impairment events"}
    assert dropped > 0


def test_your_own_rules_price_and_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """The algorithm's name tells that a rule differs from the default."""
    monkeypatch.setattr(processor.SHARED.intake, "rules", processor.SHARED.intake.rules)
    with World() as world:
        ExperienceProcessor(rules=Rules.from_mapping({"responsiveness": {"cap": 3.0}}))
        with cxotel.journey("refund", channel="voice"):
            world.call(SLOW)
        told = world.attributes("refund")
    assert told[semconv.CX_EXPERIENCE_ALGORITHM].startswith("cxotel/1+")
    assert told[semconv.CX_EXPERIENCE_LOST_RESPONSIVENESS] == 3
