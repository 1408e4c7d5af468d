"""Genesys Cloud: the real client, held to the contract.

The far end is a loopback server that answers in the shapes of the client's own models. It proves
what the client sends and makes of replies; it does not prove that Genesys Cloud itself answers so.
"""

from __future__ import annotations

import warnings
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from urllib3.exceptions import MaxRetryError

from cxotel import semconv
from cxotel.demo.far_ends import Fault
from cxotel.testing import Case, Event, Example, VendorContract
from tests.vendors.far_ends.genesys_cloud import (
    AGENT,
    AGENT_LEG,
    CONVERSATION,
    CUSTOMER_LEG,
    QUEUE,
    QUEUE_LEG,
    USER,
    GenesysFarEnd,
    client,
    interface,
    library,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from cxotel.testing import At

pytestmark = pytest.mark.timeout(300)  # importing the library takes seconds

Genesys = library()
ApiException = Genesys.rest.ApiException

STATUS = semconv.HTTP_RESPONSE_STATUS_CODE
CONTACT = semconv.CX_CONTACT_ID
OUTBOUND = {semconv.CX_CONTACT_DIRECTION: "outbound"}
HERE = (CONVERSATION, AGENT)
COMMON: dict[str, Any] = {
    STATUS: 200,
    semconv.SERVER_ADDRESS: "127.0.0.1",
    semconv.CX_VENDOR_REQUEST_ID: str,
    semconv.CX_RATE_LIMIT_LIMIT: 300,
    semconv.CX_RATE_LIMIT_REMAINING: int,
    semconv.CX_RATE_LIMIT_RESET: 60,
}


def api(at: At, name: str = "ConversationsApi") -> Any:
    """Return one of the client's interfaces."""
    return interface(at.client, name)


def failing(operation: str, fault: Fault) -> Callable[[At], object]:
    """Return a preparation: something goes wrong at the far end."""
    return lambda at: at.far_end.faults.add("genesys_cloud", operation, fault)


def place_call(at: At) -> Any:
    """Place a call as an application does."""
    return api(at).post_conversations_calls(Genesys.CreateCallRequest())


def change(**values: Any) -> Callable[[At], Any]:
    """Return a call that changes the agent's part in the conversation."""
    body = Genesys.MediaParticipantRequest()
    for name, value in values.items():
        setattr(body, name, value)
    return lambda at: api(at).patch_conversations_call_participant(*HERE, body)


def change_leg(**values: Any) -> Callable[[At], Any]:
    """Return a call that changes one connection of the agent's."""
    return lambda at: api(at).patch_conversations_call_participant_communication(
        *HERE, AGENT_LEG, values
    )


def example(operation: str, call: Callable[[At], Any], **more: Any) -> Example:
    """Return an example about the conversation that is always there."""
    attributes = {CONTACT: CONVERSATION, STATUS: 202, **more.pop("attributes", {})}
    return Example(operation=operation, call=call, attributes=attributes, **more)


def ask(
    operation: str, where: str, method: str, *args: Any, about: dict[str, Any] | None = None
) -> Example:
    """Return an example that asks for something beside conversations."""
    return Example(
        operation=operation,
        call=lambda at: getattr(api(at, where), method)(*args),
        attributes=about or {},
    )


def handed(kind: str, more: dict[str, Any] | None = None, *, warm: bool = False) -> Event:
    """Return the event of a handoff."""
    told = {
        semconv.CX_EVIDENCE_ID: str,
        semconv.CX_HANDOFF_KIND: kind,
        semconv.CX_HANDOFF_WARM: warm,
        semconv.CX_HANDOFF_RESULT: "requested",
    }
    return Event(semconv.EVENT_CX_HANDOFF, {**told, **(more or {})})


def held(end: str) -> tuple[Event, ...]:
    """Return the event of one end of a hold."""
    return (Event(semconv.EVENT_CX_HOLD, {semconv.CX_EVIDENCE_ID: str, end: int}),)


def token(name: str, given: tuple[str, ...], at: At) -> Any:
    """Fetch a token."""
    return getattr(at.client, name)(*given)


TOKENS = {
    "get_client_credentials_token": ("id", "secret"),
    "get_saml2bearer_token": ("id", "secret", "org", "assertion"),
    "get_code_authorization_token": ("id", "secret", "code", "https://app.example"),
    "refresh_code_authorization_token": ("id", "secret", "again"),
    "get_pkce_token": ("id", "v" * 64, "code", "https://app.example"),
}


def to_queue() -> Any:
    """Return a transfer to the queue as one of the client's models."""
    body: Any = Genesys.TransferRequest()
    body.queue_id = QUEUE
    return body


def on_agent(method: str, body: object, at: At) -> Any:
    """Call a method about the agent's part in the conversation."""
    with warnings.catch_warnings(record=True):  # the library calls one of them deprecated
        return getattr(api(at), method)(*HERE, body)


HOLD, RESUME = held(semconv.CX_EVIDENCE_START_TIME), held(semconv.CX_EVIDENCE_END_TIME)
COLD, WARM = (handed("transfer_cold"),), (handed("transfer_warm", warm=True),)
TO_QUEUE = (handed("queue"),)
QUEUED, AGENT_MEANT, ELSEWHERE = {"queueId": QUEUE}, {"userId": USER}, {"address": "desk"}
REPLACE, CONSULT = "participant_replace", "post_conversations_call_participant_consult"
MOVES: tuple[tuple[str, str, object, tuple[Event, ...]], ...] = (
    ("transfer_conversation", f"post_conversation_{REPLACE}", AGENT_MEANT, COLD),
    ("transfer_conversation", f"post_conversation_{REPLACE}_agent", AGENT_MEANT, COLD),
    ("transfer_conversation", f"post_conversation_{REPLACE}_external", ELSEWHERE, COLD),
    ("transfer_to_queue", f"post_conversation_{REPLACE}", to_queue(), TO_QUEUE),
    ("transfer_to_queue", f"post_conversation_{REPLACE}_queue", QUEUED, TO_QUEUE),
    ("consult", CONSULT, {"speakTo": "DESTINATION"}, WARM),
    ("consult", f"{CONSULT}_agent", AGENT_MEANT, WARM),
    ("consult", f"{CONSULT}_external", ELSEWHERE, WARM),
    ("consult", f"{CONSULT}_queue", QUEUED, WARM),
)
"""Ways in which an agent passes a conversation on: what is sent, and what it means."""
NOON = 1_777_483_843_090
"""When the conversation began: 2026-04-29T17:30:43.090Z, in milliseconds."""


def heard(codec: str, mos: float, r: int) -> Event:
    """Return the event of one endpoint of the customer's leg."""
    return Event(
        semconv.EVENT_CX_MEDIA,
        {
            semconv.CX_MEDIA_SOURCE: "genesys",
            semconv.CX_MEDIA_MODEL: "vendor",
            semconv.CX_MEDIA_ORIGIN: "reported",
            semconv.CX_MEDIA_LEG_ID: CUSTOMER_LEG,
            semconv.CX_MEDIA_LEG_NAME: "customer",
            semconv.CX_MEDIA_DIRECTION: "inbound",
            semconv.CX_MEDIA_CODEC: codec,
            semconv.CX_MEDIA_MOS: mos,
            semconv.CX_MEDIA_R: r,
            semconv.CX_MEDIA_DISCARD: 0.04,
            semconv.CX_EVIDENCE_START_TIME: NOON,
            semconv.CX_EVIDENCE_END_TIME: NOON + 454_884,
        },
    )


def contact(**more: Any) -> Event:
    """Return the event of the conversation as a contact."""
    told = {semconv.CX_EVIDENCE_ID: CONVERSATION, CONTACT: CONVERSATION}
    inbound = {semconv.CX_CONTACT_DIRECTION: "inbound"}
    return Event(semconv.EVENT_CX_CONTACT, {**told, **inbound, **more})


OVER = (
    Event(
        semconv.EVENT_CX_QUEUE,
        {
            semconv.CX_EVIDENCE_ID: QUEUE_LEG,
            semconv.CX_QUEUE_ID: QUEUE,
            semconv.CX_QUEUE_NAME: "billing",
            semconv.CX_EVIDENCE_START_TIME: NOON + 64_548,
            semconv.CX_EVIDENCE_END_TIME: NOON + 304_548,
            semconv.CX_QUEUE_RESULT: "answered",
        },
    ),
    Event(
        semconv.EVENT_CX_HOLD,
        {
            semconv.CX_EVIDENCE_ID: str,
            semconv.CX_EVIDENCE_START_TIME: NOON + 326_910,
            semconv.CX_EVIDENCE_END_TIME: NOON + 416_910,
        },
    ),
    handed(
        "transfer_cold",
        {
            semconv.CX_HANDOFF_RESULT: "completed",
            semconv.CX_EVIDENCE_START_TIME: NOON + 436_910,
            semconv.CX_EVIDENCE_END_TIME: NOON + 436_910,
        },
    ),
    contact(
        **{
            semconv.CX_CHANNEL: "voice",
            semconv.CX_CONTACT_STATUS: "completed",
            semconv.CX_CONTACT_ENDED_BY: "customer",
            semconv.CX_CONTACT_CONNECTED_DURATION: 451_651,
            semconv.CX_EVIDENCE_END_TIME: NOON + 454_884,
        }
    ),
    heard("opus", 4.88, 92),
    heard("PCMU", 2.6, 48),
)
"""What analytics tells of the conversation."""

CASE = Case(
    vendor="genesys_cloud",
    far_end=GenesysFarEnd,
    clients={"sync": client},
    reset=lambda far_end: far_end.clear(),
    common=COMMON,
    examples=(
        Example(
            operation="place_call",
            call=place_call,
            attributes={**OUTBOUND, CONTACT: lambda at: at.result.id},
        ),
        Example(
            operation="place_call",
            prepare=failing("place_call", Fault(failure="throttled", retry_after=0, times=1)),
            call=lambda at: api(at).post_conversations_calls({"phoneNumber": "+15550100"}),
            attributes={
                **OUTBOUND,
                CONTACT: lambda at: at.result.id,
                semconv.HTTP_REQUEST_RESEND_COUNT: 1,
                semconv.CX_CALL_RETRY_WAIT: int,
                semconv.CX_CALL_RECOVERED: True,
                semconv.CX_CALL_THROTTLED: True,
            },
        ),
        Example(
            operation="place_call",
            prepare=failing("place_call", Fault(failure="invalid")),
            call=place_call,
            raises=ApiException,
            error="ApiException",
            attributes={**OUTBOUND, STATUS: 400, semconv.CX_VENDOR_ERROR_CODE: "bad.request"},
        ),
        Example(
            operation="create_callback",
            call=lambda at: api(at).post_conversations_callbacks(Genesys.CreateCallbackCommand()),
            attributes={CONTACT: lambda at: at.result.conversation.id},
        ),
        Example(
            operation="create_email",
            call=lambda at: api(at).post_conversations_emails({"queueId": QUEUE}),
            attributes={CONTACT: lambda at: at.result.id},
        ),
        Example(
            operation="start_messaging",
            call=lambda at: api(at).post_conversations_messages({"queueId": QUEUE}),
            attributes={**OUTBOUND, CONTACT: lambda at: at.result.id},
        ),
        Example(
            operation="send_message",
            call=lambda at: api(at).post_conversations_messages_agentless({"textBody": "hello"}),
            attributes={**OUTBOUND, CONTACT: lambda at: at.result.conversation_id},
        ),
        example(
            "send_message",
            lambda at: api(at).post_conversations_message_communication_messages(
                CONVERSATION, AGENT_LEG, {"textBody": "hello"}
            ),
        ),
        example(
            "send_message",
            lambda at: api(at).post_conversations_email_messages(CONVERSATION, {"textBody": "a"}),
        ),
        example(
            "receive_message",
            lambda at: api(at).post_conversations_message_inbound_open_message(
                "i1", {"text": "hello"}
            ),
        ),
        example(
            "fetch_conversation",
            lambda at: api(at).get_conversation(CONVERSATION),
            attributes={STATUS: 200},
            events=(
                contact(
                    **{
                        semconv.CX_CONTACT_STATUS: "completed",
                        semconv.CX_CONTACT_ENDED_BY: "customer",
                    }
                ),
            ),
        ),
        example(
            "fetch_conversation",
            lambda at: api(at).get_conversations_call(CONVERSATION),
            attributes={STATUS: 200},
            events=(contact(**{semconv.CX_CONTACT_STATUS: "ringing"}),),
        ),
        ask("list_conversations", "ConversationsApi", "get_conversations"),
        ask("list_conversations", "ConversationsApi", "get_conversations_calls"),
        example(
            "update_conversation",
            lambda at: api(at).patch_conversations_call(CONVERSATION, {"recordingState": "PAUSED"}),
        ),
        example(
            "end_conversation",
            lambda at: api(at).patch_conversations_call(CONVERSATION, {"state": "disconnected"}),
        ),
        example("end_conversation", lambda at: api(at).post_conversation_disconnect(CONVERSATION)),
        example("update_participant", change(muted=True)),
        example("hold_participant", change(held=True), events=HOLD),
        example("resume_participant", change(held=False), events=RESUME),
        example("connect_participant", change(state="connected")),
        example("disconnect_participant", change(state="disconnected")),
        example("update_participant", change_leg(muted=True)),
        example("hold_participant", change_leg(held=True), events=HOLD),
        example("resume_participant", change_leg(held=False), events=RESUME),
        example("connect_participant", change_leg(state="CONNECTED")),
        example(
            "update_participant_attributes",
            lambda at: api(at).patch_conversation_participant_attributes(
                *HERE, Genesys.ParticipantAttributes()
            ),
        ),
        example(
            "add_participant",
            lambda at: api(at).post_conversations_call_participants(CONVERSATION, {}),
        ),
        *(
            example(
                operation,
                partial(on_agent, method, body),
                attributes={semconv.CX_QUEUE_ID: QUEUE} if operation.endswith("queue") else {},
                events=events,
            )
            for operation, method, body, events in MOVES
        ),
        example(
            "cancel_consult",
            lambda at: api(at).delete_conversations_call_participant_consult(*HERE),
        ),
        example(
            "wrap_up_conversation",
            lambda at: api(at).post_conversations_call_participant_communication_wrapup(
                *HERE, AGENT_LEG
            ),
        ),
        ask("list_queues", "RoutingApi", "get_routing_queues"),
        ask(
            "fetch_queue",
            "RoutingApi",
            "get_routing_queue",
            QUEUE,
            about={semconv.CX_QUEUE_ID: QUEUE},
        ),
        ask(
            "estimate_wait",
            "RoutingApi",
            "get_routing_queue_estimatedwaittime",
            QUEUE,
            about={semconv.CX_QUEUE_ID: QUEUE},
        ),
        ask("list_wrapup_codes", "RoutingApi", "get_routing_queue_wrapupcodes", QUEUE),
        ask("list_wrapup_codes", "RoutingApi", "get_routing_wrapupcodes"),
        ask(
            "fetch_routing_status",
            "UsersApi",
            "get_user_routingstatus",
            USER,
            about={semconv.CX_AGENT_ID: USER},
        ),
        ask(
            "update_routing_status",
            "UsersApi",
            "put_user_routingstatus",
            USER,
            {"status": "IDLE"},
            about={semconv.CX_AGENT_ID: USER},
        ),
        example(
            "fetch_conversation_details",
            lambda at: api(at, "AnalyticsApi").get_analytics_conversation_details(CONVERSATION),
            attributes={STATUS: 200},
            events=OVER,
        ),
        ask(
            "query_conversation_details",
            "AnalyticsApi",
            "post_analytics_conversations_details_query",
            {"interval": "2026-04-29T00:00:00/P1D"},
        ),
        ask(
            "query_aggregates", "AnalyticsApi", "post_analytics_conversations_aggregates_query", {}
        ),
        ask("query_conversation_details", "AnalyticsApi", "get_analytics_conversations_details"),
        ask("query_aggregates", "AnalyticsApi", "post_analytics_users_aggregates_query", {}),
        ask("query_observations", "AnalyticsApi", "post_analytics_queues_observations_query", {}),
        ask("query_observations", "AnalyticsApi", "post_analytics_users_observations_query", {}),
        ask("request", "OrganizationApi", "get_organizations_me"),
        *(
            Example(operation="fetch_token", call=partial(token, name, given))
            for name, given in TOKENS.items()
        ),
    ),
    slow=Example(
        operation="place_call",
        prepare=failing("place_call", Fault(hang=True)),
        call=place_call,
        clients={"sync": lambda far_end: client(far_end, timeout=0.3)},
        raises=MaxRetryError,
        error="ReadTimeoutError",
        attributes=OUTBOUND,
    ),
    canaries=(
        Example(
            operation="create_callback",
            call=lambda at: api(at).post_conversations_callbacks(
                {
                    "callbackUserName": f"{at.canary.name}: {at.canary.text}",
                    "callbackNumbers": [at.canary.phone, at.canary.email],
                }
            ),
        ),
        Example(
            operation="send_message",
            call=lambda at: api(at).post_conversations_messages_agentless(
                {
                    "toAddress": at.canary.phone,
                    "fromAddress": at.canary.email,
                    "textBody": f"{at.canary.name}: {at.canary.text}",
                }
            ),
        ),
        Example(
            operation="fetch_queue",
            prepare=lambda at: failing(
                "queue",
                Fault(
                    failure="invalid",
                    message=f"{at.canary.phone} {at.canary.email} {at.canary.name} "
                    f"{at.canary.text}",
                ),
            )(at),
            call=lambda at: api(at, "RoutingApi").get_routing_queue(at.canary.phone),
            raises=ApiException,
        ),
    ),
)


class TestGenesysCloud(VendorContract):
    """The contract that every vendor keeps."""

    case = CASE
