"""The real twilio client, synchronous and asynchronous, against the far end."""

from __future__ import annotations

import asyncio
import json
import threading
from typing import TYPE_CHECKING, Any

import pytest
import requests
from twilio.base.exceptions import TwilioException, TwilioRestException

from cxotel.demo.far_ends import Fault
from cxotel.demo.far_ends.twilio import ACCOUNT, Quality, TwilioFarEnd, async_client, client

if TYPE_CHECKING:
    from collections.abc import Iterator

# The library's own use of aiohttp; nothing of ours to mend.
pytestmark = [
    pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:The 'auth' parameter is deprecated:DeprecationWarning"),
]

CUSTOMER, CENTER = "+15550100", "+15550199"
WORKSPACE = "WS" + "1" * 32


@pytest.fixture(scope="module")
def running() -> Iterator[TwilioFarEnd]:
    """One server for all tests of this file."""
    with TwilioFarEnd() as far_end:
        yield far_end


@pytest.fixture
def far_end(running: TwilioFarEnd) -> Iterator[TwilioFarEnd]:
    """The server with nothing wrong and nothing received; no handler of it may crash."""
    running.clear()
    yield running
    assert running.crashes == []


@pytest.fixture
def twilio(far_end: TwilioFarEnd) -> Iterator[Any]:
    """A real synchronous client; untyped, because in its types everything may be None."""
    with client(far_end.url, timeout=3) as connected:
        yield connected


def place_call(twilio: Any, to: str = CUSTOMER) -> Any:
    """Place a call as an application does."""
    return twilio.calls.create(to=to, from_=CENTER, url="https://app.example/voice")


def test_call_is_placed_followed_and_ended(far_end: TwilioFarEnd, twilio: Any) -> None:
    """A call goes through its states, and keeps its numbers and id."""
    far_end.conditions.progress.set(("ringing", "in-progress"), scope=CUSTOMER)
    call = place_call(twilio)
    assert call.sid.startswith("CA")
    assert len(call.sid) == 34
    assert (call.status, call.to, call.direction) == ("queued", CUSTOMER, "outbound-api")
    states = [twilio.calls(call.sid).fetch().status for _ in range(3)]
    assert states == ["ringing", "in-progress", "in-progress"]
    ended = twilio.calls(call.sid).update(status="completed")
    assert (ended.status, ended.duration) == ("completed", "95")
    assert far_end.received.operations == [
        "create_call",
        *["fetch_call"] * 3,
        "update_call",
    ]
    sent = far_end.received.of("create_call")[0]
    assert sent.form["To"] == CUSTOMER
    assert sent.path == f"/2010-04-01/Accounts/{ACCOUNT}/Calls.json"
    assert sent.headers["authorization"].startswith("Basic ")


def test_ended_call_cannot_be_redirected(twilio: Any) -> None:
    """An update of a call that is over fails with Twilio's own code."""
    call = place_call(twilio)
    twilio.calls(call.sid).update(status="completed")
    with pytest.raises(TwilioRestException) as failed:
        twilio.calls(call.sid).update(url="https://app.example/other")
    assert (failed.value.status, failed.value.code) == (400, 21220)


def test_list_of_calls_comes_in_pages(far_end: TwilioFarEnd, twilio: Any) -> None:
    """A list longer than a page is fetched page by page, each call once."""
    number = "+15550142"
    placed = [place_call(twilio, number).sid for _ in range(5)]
    listed = [call.sid for call in twilio.calls.stream(to=number, page_size=2)]
    assert listed == placed[::-1]
    pages = far_end.received.of("list_calls")
    assert [page.params.get("Page", "0") for page in pages] == ["0", "1", "2"]


@pytest.mark.parametrize("to", ["5550100", "anna", "+0123"])
def test_error_repeats_what_the_customer_dialled(twilio: Any, to: str) -> None:
    """A number that cannot be called is repeated in the error's text, as Twilio does it."""
    with pytest.raises(TwilioRestException) as failed:
        place_call(twilio, to)
    assert failed.value.code == 21211
    assert to in failed.value.msg


def test_message_is_sent_and_delivered(twilio: Any) -> None:
    """A message is queued, then delivered."""
    message = twilio.messages.create(to=CUSTOMER, from_=CENTER, body="Your refund is on its way")
    assert message.sid.startswith("SM")
    assert message.status == "queued"
    assert twilio.messages(message.sid).fetch().status == "delivered"
    assert twilio.messages(message.sid).delete()


def test_call_is_transferred_through_a_conference(twilio: Any) -> None:
    """Two people join a conference by name, one is put on hold, the other leaves."""
    room = twilio.conferences("refund-42")
    caller = room.participants.create(to=CUSTOMER, from_=CENTER, label="customer")
    agent = room.participants.create(to="client:agent", from_=CENTER, label="agent")
    assert caller.conference_sid == agent.conference_sid
    conference = twilio.conferences(caller.conference_sid)
    assert conference.participants(caller.call_sid).update(hold=True).hold is True
    assert conference.participants(agent.call_sid).delete()
    assert [one.label for one in conference.participants.list()] == ["customer"]
    assert conference.fetch().status == "in-progress"
    assert conference.update(status="completed").reason_conference_ended is not None


def test_task_waits_in_a_queue_until_a_worker_accepts(far_end: TwilioFarEnd, twilio: Any) -> None:
    """A task's age is the customer's wait, and accepting a reservation assigns it."""
    far_end.conditions.queue_wait.set(240, scope=CUSTOMER)
    workspace = twilio.taskrouter.v1.workspaces(WORKSPACE)
    task = workspace.tasks.create(
        attributes=json.dumps({"from": CUSTOMER, "queue": "returns"}), task_channel="voice"
    )
    assert (task.assignment_status, task.task_queue_friendly_name) == ("pending", "returns")
    assert workspace.tasks(task.sid).fetch().assignment_status == "reserved"
    reservations = workspace.tasks(task.sid).reservations.list()
    assert [one.reservation_status for one in reservations] == ["pending"]
    accepted = workspace.tasks(task.sid).reservations(str(reservations[0].sid))
    accepted.update(reservation_status="accepted")
    seen = workspace.tasks(task.sid).fetch()
    assert seen.assignment_status == "assigned"
    assert 240 <= seen.age < 250
    wait = reservations[0].date_created - seen.task_queue_entered_date
    assert 240 <= wait.total_seconds() < 250
    done = workspace.tasks(task.sid).update(assignment_status="completed", reason="solved")
    assert (done.assignment_status, done.reason) == ("completed", "solved")


def test_nobody_is_reserved_in_an_empty_office(far_end: TwilioFarEnd, twilio: Any) -> None:
    """Without workers a task stays pending, and the queue's statistics show the wait."""
    far_end.conditions.staffed.set(False, scope="empty-office")
    workspace = twilio.taskrouter.v1.workspaces(WORKSPACE)
    task = workspace.tasks.create(attributes='{"queue": "empty-office"}')
    assert task.assignment_status == "pending"
    queue = workspace.task_queues(str(task.task_queue_sid))
    live = queue.real_time_statistics().fetch()
    assert (live.total_tasks, live.longest_task_waiting_age) == (1, 12)
    past = queue.cumulative_statistics().fetch()
    assert past.wait_duration_until_accepted["total"] == 0
    both = queue.statistics().fetch()
    assert both.realtime["tasks_by_status"]["pending"] == 1


def test_conversation_has_messages_and_participants(twilio: Any) -> None:
    """A chat is begun, talked in, joined and closed; after that nobody can talk."""
    chats = twilio.conversations.v1.conversations
    chat = chats.create(friendly_name="refund", unique_name="chat-7", attributes='{"tier": 1}')
    one = chats(str(chat.sid))
    one.messages.create(author="anna", body="Where is my refund?")
    one.messages.create(author="bot", body="Let me look")
    one.participants.create(identity="agent-3")
    assert [message.index for message in one.messages.list()] == [0, 1]
    assert [person.identity for person in one.participants.list()] == ["agent-3"]
    assert chats("chat-7").fetch().sid == chat.sid
    assert one.update(state="closed").state == "closed"
    with pytest.raises(TwilioRestException) as closed:
        one.messages.create(body="Hello?")
    assert closed.value.status == 400
    with pytest.raises(TwilioRestException) as taken:
        chats.create(unique_name="chat-7")
    assert taken.value.status == 409


def test_insights_show_the_quality_of_a_call(far_end: TwilioFarEnd, twilio: Any) -> None:
    """A summary and samples carry the quality set for a customer, found by the call's id."""
    poor = Quality(loss=4.2, jitter=38, jitter_max=140, mos=2.6, tags=("high_jitter",))
    far_end.conditions.quality.set(poor, scope=CUSTOMER)
    call = place_call(twilio)
    twilio.calls(call.sid).update(status="completed")
    insights = twilio.insights.v1.calls(call.sid)
    summary = insights.summary().fetch()
    assert summary.tags == ["high_jitter"]
    inbound = summary.carrier_edge["metrics"]["inbound"]
    assert (inbound["packets_loss_percentage"], inbound["jitter"]["avg"]) == (4.2, 38)
    metrics = insights.metrics.list(page_size=4)
    assert len(metrics) == 9
    assert metrics[0].carrier_edge["interval"]["mos"]["value"] == 2.6


def test_scripted_reply_is_given_exactly(far_end: TwilioFarEnd, twilio: Any) -> None:
    """A pushed reply answers the next request as it is, and only that one."""
    far_end.replies.push("create_call", 201, {"Twilio-Request-Id": "RQ1"}, {"sid": "CA1"})
    scripted = twilio.request("POST", f"{far_end.url}/2010-04-01/Accounts/{ACCOUNT}/Calls.json")
    assert json.loads(scripted.text) == {"sid": "CA1"}
    assert scripted.headers["twilio-request-id"] == "RQ1"
    assert "twilio-concurrent-requests" not in scripted.headers
    assert place_call(twilio).sid != "CA1"


def test_throttling_says_when_to_come_back(far_end: TwilioFarEnd, twilio: Any) -> None:
    """A throttled call fails with 20429 and Retry-After, and the next one goes through."""
    far_end.faults.add("twilio", "create_call", Fault(failure="throttled", retry_after=2, times=1))
    with pytest.raises(TwilioRestException) as throttled:
        place_call(twilio)
    assert (throttled.value.status, throttled.value.code) == (429, 20429)
    assert place_call(twilio).status == "queued"
    assert [hit.operation for hit in far_end.faults.injected] == ["create_call"]


def test_fault_follows_one_customer_through_ids(far_end: TwilioFarEnd, twilio: Any) -> None:
    """A fault scoped by a number hits the customer's call by its id, and nobody else's."""
    far_end.faults.add("twilio", "fetch_call", Fault(changes={"status": "busy"}, scope=CUSTOMER))
    theirs, other = place_call(twilio), place_call(twilio, "+15550177")
    assert twilio.calls(theirs.sid).fetch().status == "busy"
    assert twilio.calls(other.sid).fetch().status == "queued"


@pytest.mark.parametrize(
    ("fault", "error", "words"),
    [
        (Fault(reset=True), requests.ConnectionError, "reset by peer"),
        (Fault(hang=True), requests.ReadTimeout, "timed out"),
        (Fault(truncate=10), requests.exceptions.ChunkedEncodingError, "10 bytes read"),
    ],
)
def test_broken_connection_reaches_the_client(
    far_end: TwilioFarEnd, fault: Fault, error: type[Exception], words: str
) -> None:
    """What the network does to an answer comes out of the client as its own exception."""
    far_end.faults.add("twilio", "create_call", fault)
    patience = 0.3 if fault.hang else 10
    with client(far_end.url, timeout=patience) as twilio, pytest.raises(error, match=words):
        place_call(twilio)


def test_latency_is_waited_for(far_end: TwilioFarEnd) -> None:
    """A slow answer is later than the client's patience, and arrives within it elsewhere."""
    far_end.faults.add("twilio", "create_call", Fault(latency=1.5, scope=CUSTOMER))
    with client(far_end.url, timeout=0.7) as twilio:
        assert place_call(twilio, "+15550188").status == "queued"
        with pytest.raises(requests.ReadTimeout):
            place_call(twilio)


@pytest.mark.parametrize("fault", [Fault(hang=True), Fault(latency=3600, reset=True)])
def test_server_stops_while_a_request_hangs(fault: Fault, caplog: pytest.LogCaptureFixture) -> None:
    """Stopping ends requests that hang, quietly, and the client sees its connection drop."""
    far_end = TwilioFarEnd().start()
    far_end.faults.add("twilio", "create_call", fault)
    errors: list[Exception] = []

    def hang() -> None:
        with client(far_end.url, timeout=10) as twilio:
            try:
                place_call(twilio)
            except requests.ConnectionError as error:
                errors.append(error)

    caller = threading.Thread(target=hang)
    caller.start()
    assert far_end.received.wait_for(1)
    far_end.stop()
    caller.join(5)
    assert len(errors) == 1
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


def test_unknown_path_and_missing_credentials_are_refused(far_end: TwilioFarEnd) -> None:
    """What the far end does not know is 404, and without credentials nothing is given."""
    path = f"{far_end.url}/2010-04-01/Accounts/{ACCOUNT}"
    unknown = requests.get(f"{path}/Nothing.json", auth=("a", "b"), timeout=3)
    anonymous = requests.get(f"{path}/Calls.json", timeout=3)
    assert (unknown.status_code, unknown.json()["code"]) == (404, 20404)
    assert (anonymous.status_code, anonymous.json()["code"]) == (401, 20003)
    assert anonymous.headers["Twilio-Request-Id"].startswith("RQ")


async def test_asynchronous_client_does_the_same(far_end: TwilioFarEnd) -> None:
    """The aiohttp client places, fetches and lists calls concurrently, and sees errors."""
    number = "+15550123"
    async with async_client(far_end.url, timeout=3) as twilio:

        async def place() -> str:
            call = await twilio.calls.create_async(to=number, from_=CENTER, twiml="<Response/>")
            return str(call.sid)

        placed = await asyncio.gather(*(place() for _ in range(4)))
        listed = [
            call.sid async for call in await twilio.calls.stream_async(to=number, page_size=3)
        ]
        assert sorted(map(str, listed)) == sorted(placed)
        chat = await twilio.conversations.v1.conversations.create_async(friendly_name="refund")
        assert str(chat.sid).startswith("CH")
        far_end.faults.add("twilio", "fetch_call", Fault(failure="unavailable"))
        with pytest.raises(TwilioRestException) as failed:
            await twilio.calls(placed[0]).fetch_async()
    assert (failed.value.status, failed.value.code) == (503, 20503)


async def test_asynchronous_client_sees_a_reset(far_end: TwilioFarEnd) -> None:
    """A dropped connection reaches the aiohttp client as its own exception."""
    aiohttp = pytest.importorskip("aiohttp")
    far_end.faults.add("twilio", "create_call", Fault(reset=True))
    async with async_client(far_end.url) as twilio:
        with pytest.raises(aiohttp.ClientConnectionError):
            await twilio.calls.create_async(to=CUSTOMER, from_=CENTER, twiml="<Response/>")


def test_page_that_fails_is_an_exception(far_end: TwilioFarEnd, twilio: Any) -> None:
    """A list whose page fails raises the library's own exception for pages."""
    far_end.faults.add("twilio", "list_calls", Fault(failure="throttled"))
    with pytest.raises(TwilioException):
        twilio.calls.list()
