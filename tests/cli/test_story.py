"""How the moments of a journey are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cxotel import semconv
from cxotel.cli.drawing import draw
from cxotel.cli.lines import plain
from cxotel.reading import Event, Span
from cxotel.reading.assemble import Journey, assemble
from cxotel.reading.story import moments

if TYPE_CHECKING:
    from collections.abc import Mapping

SECOND = 1_000_000_000
RESOURCE = {"service.name": "bridge"}


def span(
    number: int,
    name: str,
    scope: str = "cxotel.journey",
    *,
    under: int = 0,
    start: int = 0,
    end: int = 1,
    attributes: Mapping[str, object] | None = None,
    events: tuple[Event, ...] = (),
    failed: bool = False,
) -> Span:
    """Return a span of the journey j-1; times are in seconds."""
    return Span(
        name=name,
        kind="INTERNAL",
        trace_id="1" * 32,
        span_id=f"{number:016x}",
        parent_id=f"{under:016x}" if under else "",
        start_ns=start * SECOND,
        end_ns=end * SECOND,
        failed=failed,
        scope=scope,
        attributes={semconv.CX_JOURNEY_ID: "j-1", **(attributes or {})},
        events=events,
        links=(),
        resource=RESOURCE,
    )


def carrier(number: int = 1, *, start: int = 0, end: int = 10, **attributes: object) -> Span:
    """Return the span of a journey."""
    named = {key.replace("_", "."): value for key, value in attributes.items()}
    return span(
        number,
        "refund",
        start=start,
        end=end,
        attributes={semconv.CX_JOURNEY_NAME: "refund", semconv.CX_CHANNEL: "voice", **named},
    )


def told(*spans: Span) -> list[str]:
    """Return the moments of a journey with one segment, as they are drawn."""
    (segment,) = assemble("j-1", spans).segments
    return [
        f"{moment.text} ({', '.join(moment.notes)})" if moment.notes else moment.text
        for moment in moments(segment)
    ]


def event(name: str, **attributes: object) -> Event:
    """Return an event at the second 1; in names of attributes a double underscore is a dot."""
    named = {f"cx.{key.replace('__', '.')}": value for key, value in attributes.items()}
    return Event(f"cx.{name}", named, SECOND)


@pytest.mark.parametrize(
    ("happened", "text"),
    [
        (
            event("handoff", handoff__kind="bot_to_human", queue__name="billing"),
            "handoff: bot to human, billing",
        ),
        (
            event("queue", queue__name="billing", queue__wait=45_000, queue__result="answered"),
            "queue: billing, 45 s of waiting, answered",
        ),
        (event("hold", hold__duration=90_000), "hold: 90 s"),
        (
            event("contact", contact__status="dropped", contact__ended_by="network"),
            "contact: dropped, network",
        ),
        (event("media", media__r=72, media__leg__name="agent"), "media: agent leg, R 72"),
        (event("authentication", authentication__result="timed_out"), "authentication: timed out"),
        (event("outcome", journey__outcome="resolved"), "outcome: resolved"),
        (event("feedback", feedback__kind="nps", feedback__value=7.0), "feedback: nps 7"),
        (
            event("turn", bot__turn__duration=1_500, bot__turn__result="no_match"),
            "turn: 1.5 s until the answer, no match",
        ),
        (
            event("turn", bot__turn__duration=8, bot__turn__result="matched"),
            "turn: 8 ms until the answer, matched",
        ),
        (event("hold"), "hold"),
        (event("feedback"), "feedback"),
    ],
)
def test_each_kind_of_event_is_told(happened: Event, text: str) -> None:
    """What the vendors' replies and the code tell is said in words."""
    call = span(2, "fetch_task twilio", "cxotel.twilio", under=1, events=(happened,))
    assert told(carrier(), call) == ["fetch_task twilio", text]


def test_what_other_libraries_add_is_left_out() -> None:
    """Events of other libraries, such as logged messages, are none of the story."""
    noise = Event("exception", {"exception.message": "secret"}, SECOND)
    assert told(carrier(), span(2, "GET", "http", under=1, events=(noise,))) == ["GET"]


@pytest.mark.parametrize(
    ("attributes", "notes"),
    [
        ({semconv.ERROR_TYPE: "503"}, "failed: 503"),
        ({semconv.ERROR_TYPE: "429", semconv.CX_VENDOR_ERROR_CODE: "20429"}, "failed: 429 (20429)"),
        (
            {semconv.ERROR_TYPE: "ReadTimeout", semconv.CX_CALL_TIMED_OUT: True},
            "failed: ReadTimeout, timed out",
        ),
        (
            {semconv.CX_CALL_THROTTLED: True, semconv.HTTP_REQUEST_RESEND_COUNT: 2},
            "throttled, tried 3 times",
        ),
        ({semconv.CX_CALL_RECOVERED: True}, "recovered"),
        (
            {
                semconv.CX_EVIDENCE_KIND: "turn",
                semconv.CX_BOT_TURN_DURATION: 1_200,
                semconv.CX_BOT_TURN_RESULT: "matched",
            },
            "1.2 s until the answer, matched",
        ),
    ],
)
def test_what_is_to_be_said_of_a_call(attributes: dict[str, object], notes: str) -> None:
    """Errors, throttling and retries stand beside the call."""
    call = span(2, "query salesforce", "cxotel.salesforce", under=1, attributes=attributes)
    assert told(carrier(), call) == [f"query salesforce ({notes})"]


def test_an_impairment_that_code_declared_is_told_by_itself() -> None:
    """What no call took has a line of its own, and names the step."""
    hurt = event(
        "impairment",
        impairment__dimension="effort",
        impairment__reason="asked_twice",
        impairment__points=4,
        step__name="verify",
    )
    journey = carrier()
    with_hurt = span(
        1, "refund", end=10, attributes=dict(journey.attributes), events=(hurt, event("impairment"))
    )
    assert told(with_hurt) == ["effort: asked twice (verify)", "None: "]


def drawn(*spans: Span) -> list[str]:
    """Draw the journey as it is piped."""
    return plain(draw(assemble("j-1", spans)))


def test_a_journey_that_nothing_is_known_of() -> None:
    """Unknown stays unknown: no score, no class, no outcome, and nobody is blamed."""
    assert drawn(carrier())[1:6] == [
        "score unknown  unclassified",
        "no outcome was declared",
        "1 contact, 1 segment, 10.0 s from 1970-01-01 00:00:00 UTC",
        "",
        "nothing was lost",
    ]


def samples(*milliseconds: int, r: int = 50) -> list[Event]:
    """Return samples of a leg's quality at some times."""
    said = {semconv.CX_MEDIA_R: r, semconv.CX_MEDIA_LEG_NAME: "carrier_edge"}
    return [Event("cx.media", said, number * 1_000_000) for number in milliseconds]


def test_the_same_fact_in_a_row_is_told_once() -> None:
    """Nine samples of one leg are one line; another value, and the same much later, are not."""
    events = (*samples(998, 999, 1_001), *samples(1_002, r=70), *samples(9_000))
    metrics = span(2, "list_call_metrics twilio", "cxotel.twilio", under=1, events=events)
    lines = [line.split("media: ") for line in drawn(carrier(), metrics) if "media: " in line]
    assert [(before.strip(), what) for before, what in lines] == [
        ("998 ms", "carrier_edge leg, R 50, 3 times"),
        ("1.0 s", "carrier_edge leg, R 70"),
        ("9.0 s", "carrier_edge leg, R 50"),
    ]


def test_a_warning_of_a_leg_is_told() -> None:
    """Who reads the journey sees when a leg became bad, and when it was well again."""
    said = {"media__warning__name": "high_jitter", "media__leg__name": "agent"}
    events = [
        event("media.warning", media__warning__state=state, **said)
        for state in ("raised", "cleared")
    ]
    call = span(2, "review", "cxotel.twilio", under=1, events=tuple(events))
    told = [line.split("warning: ")[1] for line in drawn(carrier(), call) if "warning: " in line]
    assert told == ["agent leg, high jitter, raised", "agent leg, high jitter, cleared"]


def transfer() -> Event:
    """Return a cold transfer."""
    kind = {"evidence__kind": "handoff", "handoff__kind": "transfer_cold", "handoff__warm": False}
    return event("handoff", **kind)


def test_several_contacts_are_told_apart() -> None:
    """Each contact has its score and its reasons; one without an id is called so."""
    first = span(
        1,
        "refund",
        end=10,
        attributes={**carrier().attributes, semconv.CX_CONTACT_ID: "c-1"},
        events=(
            transfer(),
            event("outcome", evidence__kind="outcome", journey__outcome="unresolved"),
        ),
    )
    second = span(
        2,
        "refund",
        start=100,
        end=110,
        attributes={
            **carrier().attributes,
            semconv.CX_CONTACT_ID: "c-2",
            semconv.CX_CONTACT_ALIASES: ["v-2"],
        },
        events=(
            transfer(),
            event("outcome", evidence__kind="outcome", journey__outcome="resolved"),
        ),
    )
    lines = drawn(first, second)
    assert any(line.startswith("  contact c-1, score ") for line in lines)
    assert any(line.startswith("  contact c-2 = v-2, score ") for line in lines)
    assert sum("cold transfer" in line for line in lines) == 2


def test_the_owner_that_the_service_knew_is_named() -> None:
    """Blame carries the owner from the span, so that a reader needs no settings."""
    call = span(
        2,
        "query salesforce",
        "cxotel.salesforce",
        under=1,
        end=9,
        attributes={
            semconv.CX_EVIDENCE_KIND: "call",
            semconv.CX_EVIDENCE_SHOWS: ["responsiveness", "reliability"],
            semconv.CX_SYSTEM: "salesforce",
            semconv.CX_LAYER: "business_system",
        },
    )
    journey = carrier(cx_experience_blame_system="salesforce", cx_experience_blame_owner="crm-team")
    blamed = [line for line in drawn(journey, call) if "blamed" in line]
    assert blamed == [
        "  blamed: salesforce (business system), 100% of what was lost; owner: crm-team"
    ]


def test_a_circle_of_parents_ends() -> None:
    """Broken data, such as spans that are each other's parents, does not hang the reader."""
    circle = [span(1, "a", "x", under=2), span(2, "b", "x", under=1)]
    assert isinstance(assemble("j-1", circle), Journey)
