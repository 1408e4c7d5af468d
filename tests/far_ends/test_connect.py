"""The real boto3 and aiobotocore clients against the far end of Amazon Connect."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest
from botocore import xform_name
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError

from cxotel.demo.far_ends import Fault
from cxotel.demo.far_ends.connect import (
    INSTANCE,
    SERVICES,
    ConnectFarEnd,
    Quality,
    async_client,
    client,
)
from cxotel.demo.far_ends.connect.canned import canned
from cxotel.demo.far_ends.connect.model import load
from cxotel.demo.far_ends.memory import Ids

if TYPE_CHECKING:
    from collections.abc import Iterator

CUSTOMER = "+15550100"
FLOW = "f0f0f0f0-0000-4000-8000-000000000000"
ONCE: dict[str, Any] = {"retries": {"max_attempts": 0}}


@pytest.fixture(scope="module")
def running() -> Iterator[ConnectFarEnd]:
    """One server for all tests of this file."""
    with ConnectFarEnd() as far_end:
        yield far_end


@pytest.fixture(autouse=True)
def far_end(running: ConnectFarEnd) -> Iterator[ConnectFarEnd]:
    """The server with nothing wrong and nothing received; no handler of it may crash."""
    running.clear()
    yield running
    assert running.crashes == []


@pytest.fixture(scope="module")
def connect(running: ConnectFarEnd) -> Iterator[Any]:
    """A real boto3 client; making one takes a quarter of a second."""
    with client(running.url, **ONCE) as connected:
        yield connected


def call_customer(connect: Any, to: str = CUSTOMER, **more: Any) -> str:
    """Call a customer as an application does, and return the contact's id."""
    started = connect.start_outbound_voice_contact(
        InstanceId=INSTANCE, ContactFlowId=FLOW, DestinationPhoneNumber=to, **more
    )
    return str(started["ContactId"])


def said(error: Any) -> dict[str, Any]:
    """Return what a ClientError carries; in its types everything may be missing."""
    response: dict[str, Any] = error.value.response
    return response


def described(connect: Any, contact: str) -> dict[str, Any]:
    """Describe a contact."""
    found: dict[str, Any] = connect.describe_contact(InstanceId=INSTANCE, ContactId=contact)
    return dict(found["Contact"])


def shown(contact: dict[str, Any], **expected: Any) -> bool:
    """Tell whether a contact has these fields, as far as the installed botocore knows them."""
    shape: Any = load("connect").shape_for("Contact")
    members: dict[str, Any] = shape.members
    known = {name: value for name, value in expected.items() if name in members}
    return {name: contact.get(name) for name in known} == known


def test_contact_waits_is_answered_and_ends(far_end: ConnectFarEnd, connect: Any) -> None:
    """A voice contact shows its queue, agent, and after its end its reason and quality."""
    far_end.conditions.queue_wait.set(240.0, scope=CUSTOMER)
    far_end.conditions.hold.set(30, scope=CUSTOMER)
    poor = Quality(2.5, 3.5, ("HighPacketLoss",))
    far_end.conditions.quality.set(poor, scope=CUSTOMER)
    contact = call_customer(connect)
    talking = described(connect, contact)
    wait = talking["AgentInfo"]["ConnectedToAgentTimestamp"]
    wait -= talking["QueueInfo"]["EnqueueTimestamp"]
    assert wait.total_seconds() == pytest.approx(240)
    assert "DisconnectTimestamp" not in talking
    connect.stop_contact(InstanceId=INSTANCE, ContactId=contact)
    over = described(connect, contact)
    legs = {
        party: {"Audio": {"QualityScore": score, "PotentialQualityIssues": ["HighPacketLoss"]}}
        for party, score in (("Agent", 2.5), ("Customer", 3.5))
    }
    assert shown(over, DisconnectReason="CUSTOMER_DISCONNECT", QualityMetrics=legs)
    assert over["AgentInfo"].get("AgentInitiatedHoldDuration", 30) == 30
    assert over["DisconnectTimestamp"] <= datetime.now(timezone.utc)
    assert far_end.received.operations == [
        "StartOutboundVoiceContact",
        "DescribeContact",
        "StopContact",
        "DescribeContact",
    ]


def test_ended_contact_cannot_be_stopped_again(connect: Any) -> None:
    """A contact that is over, or never was, is gone."""
    contact = call_customer(connect)
    connect.stop_contact(InstanceId=INSTANCE, ContactId=contact)
    for gone in (contact, "00000000-0000-4000-8000-000000000000"):
        with pytest.raises(ClientError) as stopped:
            connect.stop_contact(InstanceId=INSTANCE, ContactId=gone)
        assert said(stopped)["Error"]["Code"] == "ContactNotFoundException"
        assert said(stopped)["ResponseMetadata"]["HTTPStatusCode"] == 410


def test_customer_who_gives_up_has_no_agent(far_end: ConnectFarEnd, connect: Any) -> None:
    """A contact that nobody answers ends after its wait, without agent or quality."""
    far_end.conditions.answered.set(False, scope=CUSTOMER)
    far_end.conditions.ended.set(True, scope=CUSTOMER)
    contact = described(connect, call_customer(connect))
    waited = contact["DisconnectTimestamp"] - contact["QueueInfo"]["EnqueueTimestamp"]
    assert waited.total_seconds() == pytest.approx(12)
    assert "AgentInfo" not in contact
    assert "QualityMetrics" not in contact


def test_transfer_starts_a_contact_that_follows(connect: Any) -> None:
    """A transferred contact keeps its root, customer and attributes, and ends the one before."""
    first = call_customer(connect, Attributes={"cx_journey_id": "j-1"})
    moved = connect.transfer_contact(InstanceId=INSTANCE, ContactId=first, ContactFlowId=FLOW)
    second = described(connect, moved["ContactId"])
    assert (second["PreviousContactId"], second["InitialContactId"]) == (first, first)
    assert second["InitiationMethod"] == "TRANSFER"
    assert shown(
        second,
        ContactAssociationId=first,
        CustomerEndpoint={"Type": "TELEPHONE_NUMBER", "Address": CUSTOMER},
    )
    assert "DisconnectTimestamp" in described(connect, first)


def test_attributes_are_added_up_to_their_limit(connect: Any) -> None:
    """Attributes merge, and more than 32,768 bytes of them are refused by the service."""
    contact = call_customer(connect, Attributes={"a": "1"})
    ids = {"InstanceId": INSTANCE, "InitialContactId": contact}
    connect.update_contact_attributes(**ids, Attributes={"b": "2"})
    assert connect.get_contact_attributes(**ids)["Attributes"] == {"a": "1", "b": "2"}
    with pytest.raises(ClientError) as refused:
        connect.update_contact_attributes(**ids, Attributes={"c": "x" * 32_768})
    assert said(refused)["Error"]["Code"] == "InvalidParameterException"


def test_chat_waits_in_the_queue_that_it_names(far_end: ConnectFarEnd, connect: Any) -> None:
    """A chat goes to its queue, whose metrics show it; a participant can be added."""
    chat = connect.start_chat_contact(
        InstanceId=INSTANCE,
        ContactFlowId=FLOW,
        ParticipantDetails={"DisplayName": "Anna"},
        Attributes={"queue": "night-shift"},
    )
    queue = described(connect, chat["ContactId"])["QueueInfo"]["Id"]
    shown = connect.describe_queue(InstanceId=INSTANCE, QueueId=queue)["Queue"]
    assert shown["Name"] == "night-shift"
    names = ("CONTACTS_IN_QUEUE", "OLDEST_CONTACT_AGE")
    now = connect.get_current_metric_data(
        InstanceId=INSTANCE,
        Filters={"Queues": [queue]},
        CurrentMetrics=[{"Name": name, "Unit": "COUNT"} for name in names],
    )
    values = [each["Value"] for each in now["MetricResults"][0]["Collections"]]
    assert values == [1.0, 12.0]
    past = connect.get_metric_data_v2(
        ResourceArn=f"arn:aws:connect:eu-central-1:111122223333:instance/{INSTANCE}",
        StartTime=datetime.now(timezone.utc) - timedelta(hours=1),
        EndTime=datetime.now(timezone.utc),
        Filters=[{"FilterKey": "QUEUE", "FilterValues": [queue]}],
        Metrics=[{"Name": "AVG_QUEUE_ANSWER_TIME"}, {"Name": "ABANDONMENT_RATE"}],
    )
    assert [each["Value"] for each in past["MetricResults"][0]["Collections"]] == [12.0, 0.0]
    participant = connect.create_participant(
        InstanceId=INSTANCE,
        ContactId=chat["ContactId"],
        ParticipantDetails={"ParticipantRole": "AGENT", "DisplayName": "Bo"},
    )
    assert len(participant["ParticipantId"]) == 36
    assert far_end.received.last.json["ParticipantDetails"]["DisplayName"] == "Bo"


def test_contacts_are_found_in_pages(connect: Any) -> None:
    """A search gives every contact once, over several pages."""
    task = {"InstanceId": INSTANCE, "ContactFlowId": FLOW, "Name": "call back"}
    made = {connect.start_task_contact(**task)["ContactId"] for _ in range(3)}
    now = datetime.now(timezone.utc)
    window = {"Type": "INITIATION_TIMESTAMP", "StartTime": now, "EndTime": now}
    pages = connect.get_paginator("search_contacts").paginate(
        InstanceId=INSTANCE,
        TimeRange=window,
        SearchCriteria={"Channels": ["TASK"]},
        PaginationConfig={"PageSize": 2},
    )
    assert {row["Id"] for page in pages for row in page["Contacts"]} == made


def test_service_checks_what_the_client_does_not(connect: Any) -> None:
    """An enumeration's unknown value passes the client and is refused by the service."""
    with pytest.raises(ClientError) as refused:
        call_customer(connect, TrafficType="SPAM")
    error = said(refused)["Error"]
    assert error["Code"] == "InvalidParameterException"
    assert "SPAM" in error["Message"]


def test_throttling_is_retried_by_the_library(far_end: ConnectFarEnd, connect: Any) -> None:
    """A throttled call fails with 429, and where retries are on the library makes it good."""
    fault = Fault(failure="throttled", times=1, scope="+15550133")
    far_end.faults.add("amazon_connect", "StartOutboundVoiceContact", fault)
    with pytest.raises(ClientError) as throttled:
        call_customer(connect, "+15550133")
    metadata = said(throttled)["ResponseMetadata"]
    assert said(throttled)["Error"]["Code"] == "ThrottlingException"
    assert metadata["HTTPStatusCode"] == 429
    assert metadata["RequestId"] == metadata["HTTPHeaders"]["x-amzn-requestid"]
    far_end.faults.add("amazon_connect", "StartOutboundVoiceContact", fault)
    with client(far_end.url, retries={"mode": "standard", "max_attempts": 2}) as patient:
        call_customer(patient, "+15550133")
    assert len(far_end.received) == 3


@pytest.mark.parametrize(
    ("fault", "error"),
    [(Fault(reset=True), ConnectionClosedError), (Fault(hang=True), ReadTimeoutError)],
)
def test_broken_connection_reaches_the_client(
    far_end: ConnectFarEnd, fault: Fault, error: type[Exception]
) -> None:
    """What the network does to an answer comes out as botocore's own exception."""
    far_end.faults.add("amazon_connect", "*", fault)
    patience = 0.3 if fault.hang else 10
    with client(far_end.url, read_timeout=patience, **ONCE) as connect, pytest.raises(error):
        call_customer(connect)


def test_fault_follows_one_customer(far_end: ConnectFarEnd, connect: Any) -> None:
    """A change scoped by a number hits that customer's contact by its id."""
    fault = Fault(changes={"Contact": {"QueuePriority": 9}}, scope="+15550144")
    far_end.faults.add("amazon_connect", "DescribeContact", fault)
    theirs = described(connect, call_customer(connect, "+15550144"))
    assert theirs["QueuePriority"] == 9
    assert described(connect, call_customer(connect))["QueuePriority"] == 5


def test_scripted_reply_and_own_handler_answer(far_end: ConnectFarEnd, connect: Any) -> None:
    """A pushed reply is given exactly, and a test's handler answers in boto3's terms."""
    body = {"Contact": {"Id": "c-1", "Channel": "CHAT"}}
    far_end.replies.push("DescribeContact", 200, {"x-amzn-RequestId": "r-1"}, body)
    reply = connect.describe_contact(InstanceId=INSTANCE, ContactId="c-1")
    assert reply["Contact"] == {"Id": "c-1", "Channel": "CHAT"}
    assert reply["ResponseMetadata"]["RequestId"] == "r-1"
    started = datetime(2026, 5, 4, tzinfo=timezone.utc)

    def user_of(params: dict[str, Any], about: str) -> dict[str, Any]:
        assert params["UserId"] in about
        return {"User": {"Id": params["UserId"], "LastModifiedTime": started}}

    far_end.handlers["DescribeUser"] = user_of
    user = connect.describe_user(InstanceId=INSTANCE, UserId="u-1")["User"]
    assert (user["Id"], user["LastModifiedTime"]) == ("u-1", started)


@pytest.mark.parametrize("service", SERVICES)
def test_every_operation_is_served(far_end: ConnectFarEnd, service: str) -> None:
    """Each operation of each service is routed, validated and answered as its model says."""
    model, ids = load(service), Ids("requests")
    names = [name for name in model.operation_names if name not in far_end.handlers]
    with client(far_end.url, service, **ONCE) as connected:
        for name in names:
            call = getattr(connected, xform_name(name))
            call(**canned(model.operation_model(name).input_shape, ids))
    assert far_end.received.operations == names


async def test_asynchronous_client_does_the_same(far_end: ConnectFarEnd) -> None:
    """aiobotocore starts and describes contacts concurrently, and sees errors."""
    async with async_client(far_end.url, **ONCE) as connect:

        async def follow(number: str) -> dict[str, Any]:
            started = await connect.start_outbound_voice_contact(
                InstanceId=INSTANCE, ContactFlowId=FLOW, DestinationPhoneNumber=number
            )
            ids = {"InstanceId": INSTANCE, "ContactId": started["ContactId"]}
            contact: dict[str, Any] = (await connect.describe_contact(**ids))["Contact"]
            return contact

        numbers = [f"+1555010{digit}" for digit in range(4)]
        for digit, number in enumerate(numbers):
            far_end.conditions.queue_wait.set(60.0 + digit, scope=number)
        contacts = await asyncio.gather(*(follow(number) for number in numbers))
        waits = [
            contact["AgentInfo"]["ConnectedToAgentTimestamp"]
            - contact["QueueInfo"]["EnqueueTimestamp"]
            for contact in contacts
        ]
        assert [wait.total_seconds() for wait in waits] == pytest.approx([60, 61, 62, 63])
        far_end.faults.add("amazon_connect", "StopContact", Fault(failure="server_error"))
        with pytest.raises(ClientError) as failed:
            await connect.stop_contact(InstanceId=INSTANCE, ContactId=contacts[0]["Id"])
    assert said(failed)["Error"]["Code"] == "InternalServiceException"
