"""What is special about Genesys Cloud's client: threads, tokens, silent retries, lost connections.

The far end is the one of the contract: what is said there of its limits goes for these too.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

import cxotel
from cxotel import semconv
from cxotel.demo.far_ends import Fault, closed_port
from tests.vendors.far_ends.genesys_cloud import (
    AGENT,
    CONVERSATION,
    GenesysFarEnd,
    client,
    interface,
)
from tests.vendors.scored import calls, lost, scored, watching

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.timeout(300)  # importing the library takes seconds


@pytest.fixture(scope="module")
def running() -> Iterator[GenesysFarEnd]:
    """One server for all tests of this file."""
    with GenesysFarEnd() as far_end:
        yield far_end


@pytest.fixture
def far_end(running: GenesysFarEnd) -> Iterator[GenesysFarEnd]:
    """The server with nothing wrong; no handler of it may crash."""
    running.clear()
    yield running
    assert running.crashes == []


@pytest.fixture
def connected(far_end: GenesysFarEnd) -> Iterator[Any]:
    """A real client."""
    with client(far_end) as made:
        yield made


def test_a_call_with_a_callback_belongs_to_the_journey(connected: Any) -> None:
    """It ends with its reply; what the callback does is the journey's, and no part of the call."""
    conversations = interface(connected)
    seen: list[str] = []

    with watching("genesys_cloud") as telemetry, cxotel.journey("refund", channel="voice"):

        def done(reply: Any) -> None:
            seen.extend(span["name"] for span in telemetry.spans)
            interface(connected, "RoutingApi").get_routing_queues()
            assert reply.id == CONVERSATION

        with cxotel.step("look up"):
            conversations.get_conversation(CONVERSATION, callback=done).join()

    assert seen == ["fetch_conversation genesys_cloud"]
    fetched, listed = calls(telemetry)
    assert listed["name"] == "list_queues genesys_cloud"
    assert fetched["parent_id"] == listed["parent_id"]
    assert fetched["attributes"][semconv.CX_STEP_NAME] == "look up"
    assert [event["name"] for event in fetched["events"]] == [semconv.EVENT_CX_CONTACT]


def test_no_call_has_the_correlation_id_of_another(far_end: GenesysFarEnd, connected: Any) -> None:
    """The client's `last_response` is shared among threads; each span has its own reply's id."""
    conversations, wanted = interface(connected), [str(uuid4()) for _ in range(64)]

    with watching("genesys_cloud") as telemetry, ThreadPoolExecutor(8) as pool:
        list(pool.map(conversations.get_conversation, wanted))

    told = {
        span["attributes"][semconv.CX_CONTACT_ID]: span["attributes"][semconv.CX_VENDOR_REQUEST_ID]
        for span in calls(telemetry)
    }
    assert told == {one: far_end.correlated[f"/api/v2/conversations/{one}"] for one in wanted}


def test_every_silent_attempt_is_counted(far_end: GenesysFarEnd, connected: Any) -> None:
    """A POST goes out three times under one call that looks well; its span tells."""
    fault = Fault(failure="throttled", retry_after=0, times=2)
    far_end.faults.add("genesys_cloud", "place_call", fault)

    with watching("genesys_cloud") as telemetry:
        interface(connected).post_conversations_calls({"callUserId": AGENT})

    (placed,) = calls(telemetry)
    assert far_end.received.operations == ["place_call"] * 3
    assert placed["attributes"][semconv.HTTP_REQUEST_RESEND_COUNT] == 2
    assert placed["attributes"][semconv.CX_CALL_RECOVERED] is True
    assert placed["attributes"][semconv.CX_CALL_THROTTLED] is True


def test_a_token_is_renewed_within_the_call(far_end: GenesysFarEnd, connected: Any) -> None:
    """One span: the call was made twice, and the token's request is none of its attempts."""
    connected.refresh_token, far_end.expired = "again", True

    with watching("genesys_cloud") as telemetry:
        interface(connected).get_conversation(CONVERSATION)

    (fetched,) = calls(telemetry)
    assert far_end.received.operations == ["fetch", "token", "fetch"]
    assert fetched["status"] == "UNSET"
    assert fetched["attributes"][semconv.HTTP_REQUEST_RESEND_COUNT] == 1


def test_a_lost_connection_is_named_and_blamed(connected: Any) -> None:
    """urllib3's exception reaches the caller as it is, and the span says what was behind it."""
    connected.host = f"http://127.0.0.1:{closed_port()}"

    with pytest.raises(Exception, match="Max retries exceeded"), scored("genesys_cloud") as told:
        interface(connected).get_conversation(CONVERSATION)

    assert lost(told) >= {"reliability"}
    assert told[semconv.CX_EXPERIENCE_BLAME_SYSTEM] == "genesys_cloud"


def test_the_details_of_a_conversation_explain_a_score(connected: Any) -> None:
    """Four minutes in a queue, a hold, a blind transfer and a bad leg are found by one call."""
    with scored("genesys_cloud") as told:
        interface(connected, "AnalyticsApi").get_analytics_conversation_details(CONVERSATION)

    assert lost(told) == {"reach", "effort"}
    assert told[semconv.CX_EXPERIENCE_LOST_MEDIA] > 0
    assert told[semconv.CX_EXPERIENCE_BLAME_SYSTEM] == "genesys_cloud"


def test_a_transfer_told_twice_counts_once(connected: Any) -> None:
    """The agent's transfer and what analytics counts later are the same handoff."""
    with scored("genesys_cloud") as once:
        interface(connected, "AnalyticsApi").get_analytics_conversation_details(CONVERSATION)
    with scored("genesys_cloud") as twice:
        interface(connected).post_conversation_participant_replace_agent(
            CONVERSATION, AGENT, {"userId": AGENT}
        )
        interface(connected, "AnalyticsApi").get_analytics_conversation_details(CONVERSATION)

    lost_effort = semconv.CX_EXPERIENCE_LOST_EFFORT
    assert once[lost_effort] == twice[lost_effort]


def test_the_journey_id_is_carried_among_attributes(far_end: GenesysFarEnd, connected: Any) -> None:
    """It goes out beside the caller's own attributes, where the user switched it on."""
    with (
        cxotel.instrument("genesys_cloud", carry=["genesys_cloud"]),
        cxotel.journey("refund", journey_id="journey-7"),
    ):
        interface(connected).patch_conversation_participant_attributes(
            CONVERSATION, AGENT, {"attributes": {"order": "70001"}}
        )

    sent = far_end.received.last.json["attributes"]
    assert sent == {"order": "70001", "cx_journey_id": "journey-7"}
