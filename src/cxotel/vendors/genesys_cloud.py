"""Genesys Cloud, seen where each call of its client is made: in the caller's thread, or its own.

The client tries again silently, shares one `last_response` among threads, and lets exceptions of
urllib3 through. Its tokens are fetched by functions of their own.
"""

from __future__ import annotations

import re
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from cxotel import semconv
from cxotel.engine import (
    MOVES,
    REACHES,
    Operation,
    Target,
    Vendor,
    body,
    const,
    digest,
    first,
    handed_off,
    header,
    hold_began,
    hold_ended,
    number,
    unwaited,
)
from cxotel.vendors.families.openapi_generator import (
    cause,
    error_code,
    in_path,
    sending,
    sent,
    template,
)
from cxotel.vendors.genesys_conversations import (
    BLIND,
    CONSULTED,
    ENDED,
    HEARD,
    HELD,
    SEEN,
    WAITED,
)

if TYPE_CHECKING:
    from cxotel.engine import Arguments, Call

_MODULE = "PureCloudPlatformClientV2.api_client"
_TOKENS = (
    "get_client_credentials_token",
    "get_code_authorization_token",
    "get_pkce_token",
    "get_saml2bearer_token",
    "refresh_code_authorization_token",
)
_MEDIA = re.compile(
    r"^conversations/(?:callbacks|calls|chats|cobrowsesessions|emails|messages|screenshares|socials"
    r"|videos)/\*"
)
_TO_SOMEBODY = re.compile(r"(?<=/replace)/(?:agent|external|contact/external)$|(?<=/consult)/.*$")
_CHANGED = frozenset({"PATCH conversations/*", "PATCH conversations/*/participants/*"})
_REPLACED = "POST conversations/*/participants/*/replace"


@lru_cache(maxsize=2048)
def _words(path: str) -> str:
    """Return a path's words; a conversation's medium and whom it is passed on to are left out."""
    words = _MEDIA.sub("conversations/*", path.removeprefix("/api/v2/"))
    words = words.replace("/participants/*/communications/*", "/participants/*")
    return _TO_SOMEBODY.sub("", words)


def _identify(call: Call) -> str:
    """Name a call by verb and path; what changes a conversation by how, too."""
    if call.function in _TOKENS:
        return "token"
    key = f"{call.argument('method')} {_words(template(call))}"
    if key in _CHANGED:
        return f"{key} {_change(call)}".rstrip()
    return f"{key}/queue" if key == _REPLACED and sent("queueId")(call) else key


def _change(call: Call) -> str:
    """Tell how a conversation or somebody's part in it is changed."""
    held, state = sent("held")(call), str(sent("state")(call)).lower()
    if state in {"connected", "disconnected"}:
        return state
    return "" if held is None else "held" if held else "resumed"


def _carry(call: Call, journey_id: str, *, field: str = "attributes") -> Arguments | None:
    """Write the journey id among the participant's attributes, which outlive the conversation."""
    return sending(call, field, {"cx_journey_id": journey_id})


def _remaining(call: Call) -> int | None:
    allowed = number(header("inin-ratelimit-allowed"))(call)
    count = number(header("inin-ratelimit-count"))(call)
    return None if allowed is None or count is None else max(0, allowed - count)


PLACE = digest(in_path("conversationId"), in_path("participantId"))
"""An agent's part in a conversation: it ends with a transfer."""


def _starting(name: str, field: str = "attributes") -> Operation:
    """Return an operation that brings the customer and the contact center together."""
    return Operation(name, shows=REACHES, response=STARTED, carry=partial(_carry, field=field))


STARTED = {
    semconv.CX_CONTACT_ID: first(body("conversation_id"), body("conversation", "id"), body("id"))
}
CONVERSED = {semconv.CX_CONTACT_ID: body("conversation_id")}
OUTBOUND = {semconv.CX_CONTACT_DIRECTION: const("outbound")}
QUEUE = {semconv.CX_QUEUE_ID: in_path("queueId")}
AGENT = {semconv.CX_AGENT_ID: in_path("userId")}
SEND = Operation("send_message", shows=REACHES)
HOLD = Operation("hold_participant", shows=("effort",), facts=(hold_began(PLACE),))
RESUME = Operation("resume_participant", shows=("effort",), facts=(hold_ended(PLACE),))
ANSWER = Operation("connect_participant", shows=REACHES)
LEAVE = Operation("disconnect_participant")
END = Operation("end_conversation")
UPDATE = Operation("update_participant")
DETAILS = unwaited(
    "fetch_conversation_details",
    WAITED,
    HELD,
    BLIND,
    CONSULTED,
    ENDED,
    HEARD,
    shows=("reach", "reliability", "effort", "media"),
)
QUERY = unwaited("query_conversation_details")
AGGREGATES = unwaited("query_aggregates")
OBSERVATIONS = unwaited("query_observations")
LIST = unwaited("list_conversations")

VENDOR = Vendor(
    name="genesys_cloud",
    layer="contact_center",
    requires=("PureCloudPlatformClientV2 >= 230",),
    targets=(
        Target(_MODULE, "ApiClient._ApiClient__call_api", callback="callback"),
        *(Target(_MODULE, f"ApiClient.{name}") for name in _TOKENS),
    ),
    clients=("PureCloudPlatformClientV2.",),
    scopes=(Target(_MODULE, "ApiClient.call_api"),),
    asides=(Target(_MODULE, "ApiClient.handle_expired_access_token"),),
    anchor=lambda client: getattr(client, "api_client", client),
    identify=_identify,
    document=lambda reply: reply,
    cause=cause,
    error_code=lambda error: error_code(error, "code"),
    request={semconv.CX_CONTACT_ID: in_path("conversationId")},
    response={
        semconv.CX_VENDOR_REQUEST_ID: header("ININ-Correlation-Id"),
        semconv.CX_RATE_LIMIT_LIMIT: number(header("inin-ratelimit-allowed")),
        semconv.CX_RATE_LIMIT_REMAINING: _remaining,
        semconv.CX_RATE_LIMIT_RESET: number(header("inin-ratelimit-reset")),
    },
    operations={
        "token": Operation("fetch_token", layer="identity"),
        "POST conversations/calls": Operation(
            "place_call", shows=REACHES, request=OUTBOUND, response=STARTED, carry=_carry
        ),
        "POST conversations/callbacks": _starting("create_callback", "data"),
        "POST conversations/emails": _starting("create_email"),
        "POST conversations/messages": Operation(
            "start_messaging", shows=REACHES, request=OUTBOUND, response=STARTED
        ),
        "POST conversations/messages/agentless": Operation(
            "send_message", shows=REACHES, request=OUTBOUND, response=STARTED
        ),
        "POST conversations/*/communications/*/messages": SEND,
        "POST conversations/*/messages": SEND,
        "POST conversations/*/inbound/open/message": Operation(
            "receive_message", response=CONVERSED
        ),
        "GET conversations/*": Operation(
            "fetch_conversation",
            shows=("reach", "responsiveness", "reliability"),
            facts=(SEEN,),
        ),
        "GET conversations": LIST,
        "GET conversations/calls": LIST,
        "PATCH conversations/*": Operation("update_conversation"),
        "PATCH conversations/* disconnected": END,
        "POST conversations/*/disconnect": END,
        "PATCH conversations/*/participants/*": UPDATE,
        "PATCH conversations/*/participants/* held": HOLD,
        "PATCH conversations/*/participants/* resumed": RESUME,
        "PATCH conversations/*/participants/* connected": ANSWER,
        "PATCH conversations/*/participants/* disconnected": LEAVE,
        "PATCH conversations/*/participants/*/attributes": Operation(
            "update_participant_attributes", carry=_carry
        ),
        "POST conversations/*/participants": Operation("add_participant"),
        _REPLACED: Operation(
            "transfer_conversation",
            shows=MOVES,
            facts=(handed_off("transfer_cold", fact_id=PLACE, warm=False),),
        ),
        f"{_REPLACED}/queue": Operation(
            "transfer_to_queue",
            shows=MOVES,
            request={semconv.CX_QUEUE_ID: sent("queueId")},
            facts=(handed_off("queue", fact_id=PLACE, warm=False),),
        ),
        "POST conversations/*/participants/*/consult": Operation(
            "consult",
            shows=MOVES,
            facts=(handed_off("transfer_warm", fact_id=PLACE, warm=True),),
        ),
        "DELETE conversations/*/participants/*/consult": Operation("cancel_consult"),
        "POST conversations/*/participants/*/wrapup": unwaited("wrap_up_conversation"),
        "GET routing/queues": Operation("list_queues"),
        "GET routing/queues/*": Operation("fetch_queue", request=QUEUE),
        "GET routing/queues/*/estimatedwaittime": Operation("estimate_wait", request=QUEUE),
        "GET routing/queues/*/wrapupcodes": unwaited("list_wrapup_codes"),
        "GET routing/wrapupcodes": unwaited("list_wrapup_codes"),
        "GET users/*/routingstatus": Operation("fetch_routing_status", request=AGENT),
        "PUT users/*/routingstatus": Operation("update_routing_status", request=AGENT),
        "GET analytics/conversations/*/details": DETAILS,
        "GET analytics/conversations/details": QUERY,
        "POST analytics/conversations/details/query": QUERY,
        "POST analytics/conversations/aggregates/query": AGGREGATES,
        "POST analytics/users/aggregates/query": AGGREGATES,
        "POST analytics/queues/observations/query": OBSERVATIONS,
        "POST analytics/users/observations/query": OBSERVATIONS,
    },
)
