"""Journeys that are found again by the id of a contact."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cxotel
from cxotel import privacy, store
from tests.journeys.telemetry import Telemetry, spot

if TYPE_CHECKING:
    import pytest
    from opentelemetry.sdk.trace import ReadableSpan

SID = "CA0123456789abcdef0123456789abcdef"


def _link(span: ReadableSpan) -> tuple[int, int, dict[str, object]]:
    (link,) = span.links
    return link.context.trace_id, link.context.span_id, dict(link.attributes or {})


def test_a_webhook_about_a_contact_continues_its_journey_in_a_linked_trace(
    told: Telemetry,
) -> None:
    """A contact seen before brings its journey id back, in a new trace linked to the last."""
    with cxotel.journey("refund", contact_id=SID) as before:
        pass
    with cxotel.journey("status callback", contact_id=SID) as after:
        pass
    assert after.id == before.id
    earlier, later = spot(told.span("refund")), spot(told.span("status callback"))
    assert later.trace_id != earlier.trace_id
    assert _link(told.span("status callback")) == (
        earlier.trace_id,
        earlier.span_id,
        {"cx.link.relation": "previous_segment"},
    )


def test_where_a_trace_goes_on_it_goes_on_and_is_linked(told: Telemetry) -> None:
    """Under a live server span, the segment stays in that trace, and links to the one before."""
    with cxotel.journey("refund", contact_id=SID) as before:
        pass
    with (
        told.tracer.start_as_current_span("POST /callback"),
        cxotel.journey("status callback", contact_id=SID) as after,
    ):
        pass
    assert after.id == before.id
    request, callback = spot(told.span("POST /callback")), spot(told.span("status callback"))
    assert callback.trace_id == request.trace_id
    assert _link(told.span("status callback"))[1] == spot(told.span("refund")).span_id


def test_within_one_trace_there_is_nothing_to_link(told: Telemetry) -> None:
    """Two segments in the same trace need no link."""
    with told.tracer.start_as_current_span("POST /calls"):
        with cxotel.journey("first", contact_id=SID) as first:
            pass
        with cxotel.journey("second", contact_id=SID) as second:
            pass
    assert first.id == second.id
    assert told.span("second").links == ()


def test_aliases_find_the_journey_too(told: Telemetry) -> None:
    """Another vendor's id of the same contact finds the same journey, whoever named it first."""
    with cxotel.journey("refund", contact_id=SID, aliases=["genesys-7", "connect-9"]) as first:
        pass
    with cxotel.journey("later", contact_id="genesys-7") as second:
        pass
    with cxotel.journey("latest", aliases=["connect-9"], contact_id="new-1") as third:
        pass
    with cxotel.journey("again", contact_id="new-1") as fourth:
        pass
    assert {first.id, second.id, third.id, fourth.id} == {first.id}
    assert _link(told.span("again"))[1] == spot(told.span("latest")).span_id


def test_an_id_that_is_given_wins_and_finds_its_own_last_segment(told: Telemetry) -> None:
    """The application's journey id stands; the link goes to that journey, never to another's."""
    with cxotel.journey("one", journey_id="j-1", contact_id=SID):
        pass
    with cxotel.journey("two", journey_id="j-2", contact_id=SID) as two:
        pass
    with cxotel.journey("next day", journey_id="j-1") as three:
        pass
    assert (two.id, three.id) == ("j-2", "j-1")
    assert told.span("two").links == ()
    assert _link(told.span("next day"))[1] == spot(told.span("one")).span_id


def test_a_contact_learned_inside_a_journey_is_remembered(told: Telemetry) -> None:
    """What a vendor's reply tells about a contact lets its callbacks find the journey."""
    with cxotel.journey("refund") as before:
        store.remember(SID)
        store.remember("+15558675309")
    store.remember("c-9")
    with cxotel.journey("status callback", contact_id=SID) as after:
        pass
    with cxotel.journey("other", contact_id="c-9") as other:
        pass
    assert after.id == before.id != other.id


def test_a_nested_block_tells_the_contact_of_its_journey(told: Telemetry) -> None:
    """A contact id that only an inner block knows finds the journey again, too."""
    with cxotel.journey("inbound") as before, cxotel.journey("refund", contact_id=SID):
        pass
    with cxotel.journey("status callback", contact_id=SID) as after:
        pass
    assert after.id == before.id
    assert _link(told.span("status callback"))[1] == spot(told.span("inbound")).span_id


def test_a_phone_number_is_looked_up_as_a_pseudonym_only(told: Telemetry) -> None:
    """The store never sees a number: without a key nothing is found, with one it works."""
    seen: list[str] = []

    class Watching(store.InMemoryContactStore):
        def remember(self, key: str, segment: store.LastSegment) -> None:
            seen.append(key)
            super().remember(key, segment)

    store.set_store(Watching())
    number = "+15558675309"
    with cxotel.journey("a", contact_id=number) as a, cxotel.step("s"):
        pass
    with cxotel.journey("b", contact_id=number) as b:
        pass
    privacy.set_policy(privacy.Policy(key=b"0123456789abcdef"))
    with cxotel.journey("c", contact_id=number) as c:
        pass
    with cxotel.journey("d", contact_id="+1 (555) 867-5309") as d:
        pass
    assert len({a.id, b.id, c.id}) == 3
    assert d.id == c.id
    assert not [key for key in seen if "5309" in key]


def test_a_store_that_fails_costs_one_line(
    told: Telemetry, caplog: pytest.LogCaptureFixture
) -> None:
    """A store of the application's own may raise: the journey is then a new one."""

    class Broken:
        def find(self, key: str) -> store.LastSegment | None:
            raise ConnectionError(key)

        def remember(self, key: str, segment: store.LastSegment) -> None:
            raise ConnectionError(key)

    store.set_store(Broken())
    for _ in range(2):
        with cxotel.journey("refund", contact_id=SID):
            pass
    assert told.names() == ["refund", "refund"]
    assert [each.levelname for each in caplog.records] == ["WARNING", "WARNING"]
    assert SID not in caplog.text
