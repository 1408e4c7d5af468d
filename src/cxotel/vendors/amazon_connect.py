"""Amazon Connect through boto3 and aiobotocore: contacts, and the services around them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cxotel import semconv
from cxotel.engine import (
    MOVES,
    REACHES,
    Fact,
    Operation,
    body,
    const,
    first,
    handed_off,
    heard,
    mapped,
    moment,
    number,
    told,
    unwaited,
)
from cxotel.vendors.amazon_connect_siblings import ANALYSIS, CASES, PARTICIPANT, PROFILES, RECORD
from cxotel.vendors.families.botocore import asked, botocore_vendor, carrying

if TYPE_CHECKING:
    from cxotel.engine import Reader

_carry = carrying("Attributes", 32_768)
"""A contact's attributes may have so many bytes; their keys know no dots.

https://docs.aws.amazon.com/connect/latest/APIReference/API_StartOutboundVoiceContact.html
"""

CHANNEL = {"VOICE": "voice", "CHAT": "chat", "EMAIL": "email"}
DIRECTION = {
    "INBOUND": "inbound",
    "OUTBOUND": "outbound",
    "CALLBACK": "outbound",
    "EXTERNAL_OUTBOUND": "outbound",
}
"""https://docs.aws.amazon.com/connect/latest/APIReference/API_Contact.html."""
ENDED_BY = {
    "CUSTOMER_DISCONNECT": "customer",
    "AGENT_DISCONNECT": "agent",
    "TELECOM_PROBLEM": "network",
    "CONTACT_FLOW_DISCONNECT": "system",
    "EXPIRED": "system",
}
LEFT_QUEUE = {"CUSTOMER_DISCONNECT": "abandoned", "EXPIRED": "timed_out"}
"""https://docs.aws.amazon.com/connect/latest/adminguide/ctr-data-model.html, DisconnectReason."""


def _contact(*path: str) -> Reader:
    return body("Contact", *path)


def _leg(party: str) -> Fact:
    """Return the media fact of one party: Amazon publishes a score, but not its range."""
    score = _contact("QualityMetrics", party, "Audio", "QualityScore")
    reads = {
        semconv.CX_MEDIA_LEG_ID: _contact("Id"),
        semconv.CX_MEDIA_LEG_NAME: const(party.lower()),
        semconv.CX_MEDIA_MOS: score,
    }
    return heard("amazon_connect", reads, when=score)


ANSWERED = _contact("AgentInfo", "ConnectedToAgentTimestamp")
ENDED = _contact("DisconnectTimestamp")
HOLD = _contact("AgentInfo", "AgentInitiatedHoldDuration")
WAITED = told(
    "queue",
    when=_contact("QueueInfo", "EnqueueTimestamp"),
    reads={
        semconv.CX_EVIDENCE_ID: _contact("Id"),
        semconv.CX_QUEUE_ID: _contact("QueueInfo", "Id"),
        semconv.CX_EVIDENCE_START_TIME: moment(_contact("QueueInfo", "EnqueueTimestamp")),
        semconv.CX_EVIDENCE_END_TIME: moment(first(ANSWERED, ENDED)),
        semconv.CX_QUEUE_RESULT: first(
            const("answered", when=ANSWERED), mapped(_contact("DisconnectReason"), LEFT_QUEUE)
        ),
    },
)
HELD = told(
    "hold",
    when=HOLD,
    reads={
        semconv.CX_EVIDENCE_ID: _contact("Id"),
        semconv.CX_HOLD_DURATION: number(HOLD, 1000),
    },
)
CONTACT = told(
    "contact",
    reads={
        semconv.CX_EVIDENCE_ID: _contact("Id"),
        semconv.CX_CONTACT_ID: _contact("Id"),
        semconv.CX_CHANNEL: mapped(_contact("Channel"), CHANNEL),
        semconv.CX_CONTACT_DIRECTION: mapped(_contact("InitiationMethod"), DIRECTION),
        semconv.CX_CONTACT_ENDED_BY: mapped(_contact("DisconnectReason"), ENDED_BY),
        semconv.CX_CONTACT_STATUS: const("completed", when=ENDED),
    },
)
TRANSFERRED = handed_off("transfer_cold", fact_id=body("ContactId"), warm=False)
STARTED = {semconv.CX_CONTACT_ID: body("ContactId")}

VENDOR = botocore_vendor(
    "amazon_connect",
    "contact_center",
    services={
        "connect": "Connect",
        "connectparticipant": "ConnectParticipant",
        "connectcases": "ConnectCases",
        "customer-profiles": "CustomerProfiles",
        "connect-contact-lens": "ConnectContactLens",
    },
    request={
        semconv.CX_CONTACT_ID: asked("ContactId", "InitialContactId"),
        semconv.CX_RECORD_ID: RECORD,
    },
    operations={
        "StartOutboundVoiceContact": Operation(
            "place_call",
            shows=REACHES,
            request={semconv.CX_CONTACT_DIRECTION: const("outbound")},
            response=STARTED,
            carry=_carry,
        ),
        "StartChatContact": Operation("start_chat", shows=REACHES, response=STARTED, carry=_carry),
        "StartWebRTCContact": Operation(
            "start_web_call", shows=REACHES, response=STARTED, carry=_carry
        ),
        "StartOutboundChatContact": Operation(
            "start_outbound_chat",
            shows=REACHES,
            request={semconv.CX_CONTACT_DIRECTION: const("outbound")},
            response=STARTED,
            carry=_carry,
        ),
        "StartTaskContact": Operation("start_task", response=STARTED, carry=_carry),
        "CreateContact": Operation("create_contact", response=STARTED, carry=_carry),
        "DescribeContact": Operation(
            "fetch_contact",
            shows=("reach", "responsiveness", "reliability", "effort", "media"),
            facts=(WAITED, HELD, CONTACT, _leg("Customer"), _leg("Agent")),
        ),
        "TransferContact": Operation(
            "transfer_contact",
            shows=MOVES,
            facts=(TRANSFERRED,),
        ),
        "StopContact": Operation("end_contact"),
        "UpdateContactAttributes": Operation("update_contact_attributes"),
        "GetContactAttributes": Operation("fetch_contact_attributes"),
        "UpdateContact": Operation("update_contact"),
        "UpdateContactRoutingData": Operation("update_contact_routing"),
        "CreateParticipant": Operation("add_participant"),
        "SearchContacts": unwaited("search_contacts"),
        "GetCurrentMetricData": unwaited("fetch_queue_statistics"),
        "GetMetricDataV2": unwaited("fetch_metrics"),
        **PARTICIPANT,
        **CASES,
        **PROFILES,
        **ANALYSIS,
    },
)
