"""Amazon Connect and its sibling services: boto3 and aiobotocore, held to the contract.

The far end is a loopback server that follows the service models which botocore itself ships. It
proves what the clients send and make of replies; it does not prove that AWS itself answers so.
"""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError, ReadTimeoutError

from cxotel import semconv
from cxotel.demo.far_ends import Fault
from cxotel.demo.far_ends.connect import INSTANCE, SERVICES, ConnectFarEnd
from cxotel.testing import ABSENT, Case, Event, Example, VendorContract
from tests.vendors.aws_clients import ONCE, Clients, both, operating
from tests.vendors.connect_siblings import SIBLINGS, TOKEN

if TYPE_CHECKING:
    from collections.abc import Callable

    from cxotel.testing import At

CUSTOMER = "+15550100"
FLOW = "f0f0f0f0-0000-4000-8000-000000000000"
QUEUE = "a0a0a0a0-0000-4000-8000-000000000000"
ARN = f"arn:aws:connect:eu-central-1:111122223333:instance/{INSTANCE}"
TWICE: dict[str, Any] = {"retries": {"mode": "standard", "max_attempts": 2}}
VOICE: dict[str, Any] = {
    "InstanceId": INSTANCE,
    "ContactFlowId": FLOW,
    "DestinationPhoneNumber": CUSTOMER,
}
CHAT: dict[str, Any] = {
    "InstanceId": INSTANCE,
    "ContactFlowId": FLOW,
    "ParticipantDetails": {"DisplayName": "customer"},
}
SENT = semconv.HTTP_RESPONSE_STATUS_CODE


def operate(method: str, **values: Any) -> Callable[[At], Any]:
    """Return a call of the client's *method*; a value may be found by a function."""

    def call(at: At) -> Any:
        given = {name: value(at) if callable(value) else value for name, value in values.items()}
        return getattr(at.client, method)(**given)

    return call


def on_contact(method: str, name: str = "ContactId", **values: Any) -> Callable[[At], Any]:
    """Return a call of *method* about the contact that was prepared."""
    return operate(method, InstanceId=INSTANCE, **{name: prepared, **values})


def prepared(at: At) -> str:
    """Return the id of the contact that was prepared."""
    return str(at.prepared)


def started(at: At) -> str:
    """Return the id of the contact that the call started."""
    return str(at.result["ContactId"])


def a_call(at: At) -> str:
    """Prepare a voice contact, without a client."""
    contact = str(at.far_end.contacts.start_voice(VOICE, CUSTOMER)["ContactId"])
    at.far_end.lineage.remember(contact, CUSTOMER)
    return contact


def a_call_that(**conditions: Any) -> Callable[[At], str]:
    """Return a preparation: a customer called, and fared as *conditions* say."""

    def prepare(at: At) -> str:
        for name, value in conditions.items():
            getattr(at.far_end.conditions, name).set(value, scope=CUSTOMER)
        contact = a_call(at)
        at.far_end.contacts.rows[contact]["InitiationMethod"] = "INBOUND"
        return contact

    return prepare


def failing(operation: str, fault: Fault) -> Callable[[At], object]:
    """Return a preparation: a voice contact, and something that goes wrong at the far end."""

    def prepare(at: At) -> str:
        at.far_end.faults.add("amazon_connect", operation, fault)
        return a_call(at)

    return prepare


def a_described_customer(at: At) -> str:
    """Prepare a contact whose description holds what the customer is and said."""
    said = at.canary
    known = {"phone": said.phone, "email": said.email, "said": said.text}
    task = {**VOICE, "Name": said.name, "Attributes": known}
    return str(at.far_end.contacts.start_task(task, CUSTOMER)["ContactId"])


def a_known_customer(at: At) -> object:
    """Prepare a profile that holds who the customer is."""
    said = at.canary
    known = {"FirstName": said.name, "PhoneNumber": said.phone, "EmailAddress": said.email}
    found = {"Items": [{"ProfileId": "0f" * 16, "AdditionalInformation": said.text, **known}]}
    return at.far_end.replies.push("SearchProfiles", 200, {}, found)


def words(at: At) -> str:
    """Return what the customer writes."""
    return f"I am {at.canary.name}, {at.canary.text}"


def numbers(at: At) -> list[str]:
    """Return the numbers that a customer is looked for by."""
    return [at.canary.phone]


def titled(at: At) -> list[Any]:
    """Return a case's fields, in the customer's words."""
    return [{"id": "title", "value": {"stringValue": at.canary.text}}]


def refused(at: At) -> object:
    """Let the far end repeat in its error what the customer said."""
    said = at.canary
    words = f"{said.phone} {said.email} {said.name} {said.text}"
    return failing("StopContact", Fault(failure="invalid", message=words))(at)


def reset(far_end: ConnectFarEnd) -> None:
    """Let nothing go wrong."""
    far_end.clear()


def milliseconds(*path: str) -> Callable[[At], int]:
    """Return what finds a time in the contact that was described, as evidence has it."""

    def find(at: At) -> int:
        moment = at.result["Contact"]
        for step in path:
            moment = moment[step]
        return round(moment.timestamp() * 1000)

    return find


def queued(result: str | None = None, end: Callable[[At], int] | None = None) -> Event:
    """Return the event of a wait in a queue."""
    ended = {semconv.CX_QUEUE_RESULT: result, semconv.CX_EVIDENCE_END_TIME: end}
    return Event(
        semconv.EVENT_CX_QUEUE,
        {
            semconv.CX_EVIDENCE_ID: prepared,
            semconv.CX_QUEUE_ID: str,
            semconv.CX_EVIDENCE_START_TIME: milliseconds("QueueInfo", "EnqueueTimestamp"),
            **{key: value for key, value in ended.items() if value is not None},
        },
    )


def contact(**more: Any) -> Event:
    """Return the event of a contact as it is described."""
    return Event(
        semconv.EVENT_CX_CONTACT,
        {
            semconv.CX_EVIDENCE_ID: prepared,
            semconv.CX_CONTACT_ID: prepared,
            semconv.CX_CHANNEL: "voice",
            semconv.CX_CONTACT_DIRECTION: "inbound",
            **more,
        },
    )


def leg(party: str, score: float) -> Event:
    """Return the event of one party's audio."""
    return Event(
        semconv.EVENT_CX_MEDIA,
        {
            semconv.CX_MEDIA_LEG_ID: prepared,
            semconv.CX_MEDIA_LEG_NAME: party,
            semconv.CX_MEDIA_MODEL: "vendor",
            semconv.CX_MEDIA_ORIGIN: "reported",
            semconv.CX_MEDIA_SOURCE: "amazon_connect",
            semconv.CX_MEDIA_MOS: score,
        },
    )


ENDED: dict[str, Any] = {
    semconv.CX_CONTACT_STATUS: "completed",
    semconv.CX_CONTACT_ENDED_BY: "customer",
}
HELD = Event(
    semconv.EVENT_CX_HOLD, {semconv.CX_EVIDENCE_ID: prepared, semconv.CX_HOLD_DURATION: 30_000}
)
ABOUT: dict[str, Any] = {semconv.CX_CONTACT_ID: prepared}
NEW: dict[str, Any] = {semconv.CX_CONTACT_ID: started}
OUTBOUND: dict[str, Any] = {semconv.CX_CONTACT_DIRECTION: "outbound"}
NOW = datetime(2026, 1, 1, tzinfo=timezone.utc)

CASE = Case(
    vendor="amazon_connect",
    far_end=lambda: ConnectFarEnd(services=(*SERVICES, "connect-contact-lens")),
    clients=both("connect", **ONCE),
    reset=reset,
    common={SENT: 200, semconv.SERVER_ADDRESS: "127.0.0.1", semconv.CX_VENDOR_REQUEST_ID: str},
    examples=(
        Example(
            operation="place_call",
            call=operate("start_outbound_voice_contact", **VOICE),
            attributes={**NEW, **OUTBOUND},
        ),
        Example(operation="start_chat", call=operate("start_chat_contact", **CHAT), attributes=NEW),
        Example(
            operation="start_web_call",
            call=operate(
                "start_web_rtc_contact",
                InstanceId=INSTANCE,
                ContactFlowId=FLOW,
                ParticipantDetails={"DisplayName": "customer"},
            ),
            attributes=NEW,
        ),
        Example(
            operation="start_outbound_chat",
            call=operate(
                "start_outbound_chat_contact",
                InstanceId=INSTANCE,
                ContactFlowId=FLOW,
                SourceEndpoint={"Type": "TELEPHONE_NUMBER", "Address": "+15550199"},
                DestinationEndpoint={"Type": "TELEPHONE_NUMBER", "Address": CUSTOMER},
                SegmentAttributes={"connect:Subtype": {"ValueString": "connect:SMS"}},
            ),
            attributes={**NEW, **OUTBOUND},
        ),
        Example(
            operation="start_task",
            call=operate(
                "start_task_contact", InstanceId=INSTANCE, ContactFlowId=FLOW, Name="call back"
            ),
            attributes=NEW,
        ),
        Example(
            operation="create_contact",
            call=operate(
                "create_contact", InstanceId=INSTANCE, Channel="EMAIL", InitiationMethod="OUTBOUND"
            ),
            attributes=NEW,
        ),
        Example(
            operation="fetch_contact",
            prepare=a_call_that(hold=30, ended=True),
            call=on_contact("describe_contact"),
            attributes=ABOUT,
            events=(
                queued("answered", milliseconds("AgentInfo", "ConnectedToAgentTimestamp")),
                HELD,
                contact(**ENDED),
                leg("customer", 4.3),
                leg("agent", 4.4),
            ),
        ),
        Example(
            operation="fetch_contact",
            prepare=a_call_that(answered=False),
            call=on_contact("describe_contact"),
            attributes=ABOUT,
            events=(queued(), contact()),
        ),
        Example(
            operation="fetch_contact",
            prepare=a_call_that(answered=False, ended=True),
            call=on_contact("describe_contact"),
            attributes=ABOUT,
            events=(
                queued("abandoned", milliseconds("DisconnectTimestamp")),
                contact(**ENDED),
            ),
        ),
        Example(
            operation="transfer_contact",
            prepare=a_call,
            call=on_contact("transfer_contact", ContactFlowId=FLOW, QueueId=QUEUE),
            attributes=ABOUT,
            events=(
                Event(
                    semconv.EVENT_CX_HANDOFF,
                    {
                        semconv.CX_EVIDENCE_ID: started,
                        semconv.CX_HANDOFF_KIND: "transfer_cold",
                        semconv.CX_HANDOFF_WARM: False,
                        semconv.CX_HANDOFF_RESULT: "requested",
                    },
                ),
            ),
        ),
        Example(
            operation="end_contact",
            prepare=a_call,
            call=on_contact("stop_contact"),
            attributes=ABOUT,
        ),
        Example(
            operation="update_contact_attributes",
            prepare=a_call,
            call=on_contact("update_contact_attributes", "InitialContactId", Attributes={"a": "1"}),
            attributes=ABOUT,
        ),
        Example(
            operation="fetch_contact_attributes",
            prepare=a_call,
            call=on_contact("get_contact_attributes", "InitialContactId"),
            attributes=ABOUT,
        ),
        Example(
            operation="update_contact",
            prepare=a_call,
            call=on_contact("update_contact", Name="refund"),
            attributes=ABOUT,
        ),
        Example(
            operation="update_contact_routing",
            prepare=a_call,
            call=on_contact("update_contact_routing_data", QueuePriority=1),
            attributes=ABOUT,
        ),
        Example(
            operation="add_participant",
            prepare=a_call,
            call=on_contact(
                "create_participant",
                ParticipantDetails={"ParticipantRole": "AGENT", "DisplayName": "agent"},
            ),
            attributes=ABOUT,
        ),
        Example(
            operation="search_contacts",
            call=operate(
                "search_contacts",
                InstanceId=INSTANCE,
                TimeRange={"Type": "INITIATION_TIMESTAMP", "StartTime": NOW, "EndTime": NOW},
            ),
        ),
        Example(
            operation="fetch_queue_statistics",
            call=operate(
                "get_current_metric_data",
                InstanceId=INSTANCE,
                Filters={"Queues": [QUEUE]},
                CurrentMetrics=[{"Name": "CONTACTS_IN_QUEUE", "Unit": "COUNT"}],
            ),
        ),
        Example(
            operation="fetch_metrics",
            call=operate(
                "get_metric_data_v2",
                ResourceArn=ARN,
                StartTime=NOW,
                EndTime=NOW,
                Filters=[{"FilterKey": "QUEUE", "FilterValues": [QUEUE]}],
                Metrics=[{"Name": "ABANDONMENT_RATE"}],
            ),
        ),
        *SIBLINGS,
        Example(
            operation="request",
            call=operate("list_queues", InstanceId=INSTANCE),
        ),
        Example(
            operation="end_contact",
            prepare=failing("StopContact", Fault(failure="throttled", times=1)),
            call=on_contact("stop_contact"),
            clients=both("connect", **TWICE),
            attributes={
                **ABOUT,
                semconv.HTTP_REQUEST_RESEND_COUNT: 1,
                semconv.CX_CALL_RETRY_WAIT: int,
                semconv.CX_CALL_RECOVERED: True,
                semconv.CX_CALL_THROTTLED: True,
            },
        ),
        Example(
            operation="end_contact",
            prepare=failing("StopContact", Fault(failure="throttled")),
            call=on_contact("stop_contact"),
            raises=ClientError,
            error="ThrottlingException",
            attributes={
                **ABOUT,
                SENT: 429,
                semconv.CX_VENDOR_ERROR_CODE: "ThrottlingException",
                semconv.CX_CALL_THROTTLED: True,
            },
        ),
    ),
    slow=Example(
        operation="place_call",
        prepare=failing("StartOutboundVoiceContact", Fault(hang=True)),
        call=operate("start_outbound_voice_contact", **VOICE),
        clients={"sync": lambda far_end: Clients(far_end.url, "connect", read_timeout=0.3, **ONCE)},
        raises=ReadTimeoutError,
        error="ReadTimeoutError",
        attributes={SENT: ABSENT},
    ),
    canaries=(
        Example(
            operation="start_chat",
            call=lambda at: at.client.start_chat_contact(
                **{**CHAT, "ParticipantDetails": {"DisplayName": at.canary.name}},
                Attributes={"phone": at.canary.phone, "email": at.canary.email},
                InitialMessage={"ContentType": "text/plain", "Content": at.canary.text},
            ),
        ),
        Example(
            operation="fetch_contact",
            prepare=a_described_customer,
            call=on_contact("describe_contact"),
        ),
        Example(
            operation="end_contact",
            prepare=refused,
            call=on_contact("stop_contact"),
            raises=ClientError,
        ),
        Example(
            operation="send_message",
            **operating(
                "connectparticipant",
                "send_message",
                ConnectionToken=TOKEN,
                ContentType="text/plain",
                Content=words,
            ),
        ),
        Example(
            operation="search_profiles",
            prepare=a_known_customer,
            **operating(
                "customer-profiles",
                "search_profiles",
                DomainName="support",
                KeyName="_phone",
                Values=numbers,
            ),
        ),
        Example(
            operation="create_case",
            **operating(
                "connectcases",
                "create_case",
                domainId="support",
                templateId="refund",
                fields=titled,
            ),
        ),
    ),
)


class TestAmazonConnect(VendorContract):
    """The contract that every vendor keeps."""

    case = CASE
