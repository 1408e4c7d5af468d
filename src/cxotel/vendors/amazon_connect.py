"""Amazon Connect through boto3 and aiobotocore, seen where botocore hands a request over.

Its endpoint lies inside every other instrumentation of botocore, so a span that one of them made
for the same call is there to be enriched, whoever patched first. botocore's own events would come
close, but a call that is cancelled between two events never reports its end.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from cxotel import semconv
from cxotel.engine import (
    Arguments,
    Fact,
    Operation,
    Problem,
    Target,
    Vendor,
    body,
    const,
    json_text,
    mapped,
    moment,
    number,
    walk,
)

if TYPE_CHECKING:
    from cxotel.engine import Call, Reader

_FIRST_ERROR = 300
"""botocore raises from 300 on, after its endpoint has returned."""
_SERVICES = frozenset({"connect"})

CHANNEL = {"VOICE": "voice", "CHAT": "chat", "EMAIL": "email", "TASK": None}
"""https://docs.aws.amazon.com/connect/latest/APIReference/API_Contact.html, Channel."""

DIRECTION = {
    "INBOUND": "inbound",
    "OUTBOUND": "outbound",
    "CALLBACK": "outbound",
    "EXTERNAL_OUTBOUND": "outbound",
}
ENDED_BY = {
    "CUSTOMER_DISCONNECT": "customer",
    "AGENT_DISCONNECT": "agent",
    "TELECOM_PROBLEM": "network",
    "CONTACT_FLOW_DISCONNECT": "system",
    "EXPIRED": "system",
}
"""https://docs.aws.amazon.com/connect/latest/adminguide/ctr-data-model.html, DisconnectReason."""


def _is_connect(call: Call) -> bool:
    return call.argument("operation_model").service_model.service_name in _SERVICES


def _identify(call: Call) -> str:
    return call.argument("operation_model").name


def _failure(call: Call) -> Problem | None:
    http, parsed = call.response
    if http.status_code < _FIRST_ERROR:
        return None
    code = walk(parsed, ("Error", "Code"))
    return Problem(code or str(http.status_code), code)


def asked(name: str) -> Reader:
    """Return a reader of a member of the request, in its path or in its JSON body."""

    def read(call: Call) -> object:
        in_path = _labels(call).get(name)
        return in_path if in_path is not None else _request_body(call).get(name)

    return read


def _labels(call: Call) -> dict[str, str]:
    """Read the ids out of the path with the template that the service's model gives."""
    template = call.argument("operation_model").http["requestUri"].partition("?")[0].split("/")
    path = call.argument("request_dict")["url_path"].split("/")
    pairs = zip(template, path, strict=False)
    return {name[1:-1]: value for name, value in pairs if name.startswith("{")}


def _request_body(call: Call) -> dict[str, Any]:
    """Parse the request's JSON once; botocore has written it by now."""
    if "body" not in call.notes:
        call.notes["body"] = json_text(call.argument("request_dict")["body"]) or {}
    return cast("dict[str, Any]", call.notes["body"])


def _carry(call: Call, journey_id: str) -> Arguments | None:
    """Write the journey id among the contact's attributes, where they have room for it.

    Attributes hold 32,768 bytes of UTF-8 a contact, and their keys know no dots:
    https://docs.aws.amazon.com/connect/latest/APIReference/API_StartOutboundVoiceContact.html.
    """
    request, content = call.argument("request_dict"), _request_body(call)
    attributes: dict[str, str] = {**(content.get("Attributes") or {}), "cx_journey_id": journey_id}
    if sum(len(f"{key}{value}".encode()) for key, value in attributes.items()) > 32_768:
        return None
    written = json.dumps({**content, "Attributes": attributes}).encode()
    return Arguments((call.argument("operation_model"), {**request, "body": written}), {})


CONTACT_ID = {semconv.CX_CONTACT_ID: body("ContactId")}
ON_CONTACT = {semconv.CX_CONTACT_ID: asked("ContactId")}
REACH = ("reach", "responsiveness", "reliability")

WAITED = Fact(
    semconv.EVENT_CX_QUEUE,
    "queue",
    when=body("Contact", "QueueInfo", "EnqueueTimestamp"),
    reads={
        semconv.CX_EVIDENCE_ID: body("Contact", "Id"),
        semconv.CX_QUEUE_ID: body("Contact", "QueueInfo", "Id"),
        semconv.CX_EVIDENCE_START_TIME: moment(body("Contact", "QueueInfo", "EnqueueTimestamp")),
        semconv.CX_EVIDENCE_END_TIME: moment(
            body("Contact", "AgentInfo", "ConnectedToAgentTimestamp")
        ),
        semconv.CX_QUEUE_RESULT: lambda call: (
            "answered"
            if walk(call.document, ("Contact", "AgentInfo", "ConnectedToAgentTimestamp"))
            else "abandoned"
            if walk(call.document, ("Contact", "DisconnectTimestamp"))
            else None
        ),
    },
)
HELD = Fact(
    semconv.EVENT_CX_HOLD,
    "hold",
    when=body("Contact", "AgentInfo", "AgentInitiatedHoldDuration"),
    reads={
        semconv.CX_EVIDENCE_ID: body("Contact", "Id"),
        semconv.CX_HOLD_DURATION: number(
            body("Contact", "AgentInfo", "AgentInitiatedHoldDuration"), 1000
        ),
    },
)
CONTACT = Fact(
    semconv.EVENT_CX_CONTACT,
    "contact",
    reads={
        semconv.CX_EVIDENCE_ID: body("Contact", "Id"),
        semconv.CX_CONTACT_ID: body("Contact", "Id"),
        semconv.CX_CHANNEL: mapped(body("Contact", "Channel"), CHANNEL),
        semconv.CX_CONTACT_DIRECTION: mapped(body("Contact", "InitiationMethod"), DIRECTION),
        semconv.CX_CONTACT_ENDED_BY: mapped(body("Contact", "DisconnectReason"), ENDED_BY),
        semconv.CX_CONTACT_STATUS: lambda call: (
            "completed" if walk(call.document, ("Contact", "DisconnectTimestamp")) else None
        ),
    },
)


def _leg(party: str) -> Fact:
    """Return the media fact of one party: Amazon publishes a score, but not its range."""
    return Fact(
        semconv.EVENT_CX_MEDIA,
        "media",
        when=body("Contact", "QualityMetrics", party, "Audio", "QualityScore"),
        reads={
            semconv.CX_MEDIA_LEG_ID: body("Contact", "Id"),
            semconv.CX_MEDIA_LEG_NAME: const(party.lower()),
            semconv.CX_MEDIA_MODEL: const("vendor"),
            semconv.CX_MEDIA_ORIGIN: const("reported"),
            semconv.CX_MEDIA_SOURCE: const("amazon_connect"),
            semconv.CX_MEDIA_MOS: body("Contact", "QualityMetrics", party, "Audio", "QualityScore"),
        },
    )


TRANSFERRED = Fact(
    semconv.EVENT_CX_HANDOFF,
    "handoff",
    reads={
        semconv.CX_EVIDENCE_ID: body("ContactId"),
        semconv.CX_HANDOFF_KIND: const("transfer_cold"),
        semconv.CX_HANDOFF_WARM: const(value=False),
        semconv.CX_HANDOFF_RESULT: const("requested"),
    },
)


def _report(name: str) -> Operation:
    """Return an operation that no customer waits for."""
    return Operation(name, shows=(), customer_waits=False)


VENDOR = Vendor(
    name="amazon_connect",
    layer="contact_center",
    requires=("botocore >= 1.34", "boto3 >= 1.34", "aiobotocore >= 2.13"),
    targets=(
        Target(
            "botocore.endpoint",
            "Endpoint.make_request",
            when=_is_connect,
        ),
    ),
    clients=("botocore.client", "aiobotocore.client"),
    anchor=lambda client: client._endpoint,  # noqa: SLF001 - what the client's calls pass through
    identify=_identify,
    document=lambda response: response[1],
    failure=_failure,
    raises=("botocore",),
    throttled=frozenset({"ThrottlingException", "TooManyRequestsException"}),
    absorbs=(
        "opentelemetry.instrumentation.botocore.connect",
        "opentelemetry.instrumentation.botocore",
    ),
    request=ON_CONTACT,
    response={
        semconv.CX_VENDOR_REQUEST_ID: body("ResponseMetadata", "RequestId"),
        semconv.HTTP_REQUEST_RESEND_COUNT: lambda call: (
            walk(call.document, ("ResponseMetadata", "RetryAttempts")) or None
        ),
    },
    operations={
        "StartOutboundVoiceContact": Operation(
            "place_call",
            shows=REACH,
            request={semconv.CX_CONTACT_DIRECTION: const("outbound")},
            response=CONTACT_ID,
            carry=_carry,
        ),
        "StartChatContact": Operation("start_chat", shows=REACH, response=CONTACT_ID, carry=_carry),
        "StartTaskContact": Operation("start_task", response=CONTACT_ID, carry=_carry),
        "CreateContact": Operation("create_contact", response=CONTACT_ID),
        "DescribeContact": Operation(
            "fetch_contact",
            shows=("reach", "responsiveness", "reliability", "effort", "media"),
            facts=(WAITED, HELD, CONTACT, _leg("Customer"), _leg("Agent")),
        ),
        "TransferContact": Operation(
            "transfer_contact",
            shows=("effort", "responsiveness", "reliability"),
            facts=(TRANSFERRED,),
        ),
        "StopContact": Operation("end_contact"),
        "UpdateContactAttributes": Operation("update_contact_attributes"),
        "GetContactAttributes": Operation("fetch_contact_attributes"),
        "UpdateContact": Operation("update_contact"),
        "CreateParticipant": Operation("add_participant"),
        "SearchContacts": _report("search_contacts"),
        "GetCurrentMetricData": _report("fetch_queue_statistics"),
        "GetMetricDataV2": _report("fetch_metrics"),
    },
)
