"""What Genesys Cloud knows of a conversation, while it lasts and in the details of its analytics.

The shapes are those of the models Conversation and AnalyticsConversation of its API; what the words
mean: https://help.mypurecloud.com/articles/metric-definitions and
https://developer.genesys.cloud/analyticsdatamanagement/analytics/detail/conversations
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cxotel import semconv
from cxotel.engine import (
    body,
    const,
    decimal,
    digest,
    handed_off,
    heard,
    item,
    mapped,
    moment,
    number,
    told,
    walk,
)

if TYPE_CHECKING:
    from cxotel.engine import Call, Fact, Reader
    from cxotel.semconv import CxHandoffKind

CUSTOMERS = frozenset({"customer", "external"})
ALONE = frozenset({"callback", "email"})
"""Media in which a customer does not stay on the line while the queue works."""
CHANNEL = {"voice": "voice", "chat": "chat", "message": "messaging", "email": "email"}
ENDED_BY = {
    "endpoint": "customer",
    "client": "customer",
    "system": "system",
    "timeout": "system",
    "inactivity": "system",
    "transport.failure": "network",
    "transportFailure": "network",
}
"""How the customer's own leg was disconnected; `peer` tells only that it was somebody else."""
LEFT_QUEUE = {"tAbandon": "abandoned", "tFlowOut": "overflowed"}
STATE = {
    "dialing": "ringing",
    "contacting": "ringing",
    "alerting": "ringing",
    "offering": "ringing",
    "connected": "connected",
}


def _people(call: Call) -> list[Any]:
    return walk(call.document, ("participants",)) or []


def _customer(*path: str | int) -> Reader:
    """Return a reader of the customer's own leg: in a call, or where there is only one medium."""

    def read(call: Call) -> object:
        for person in _people(call):
            if walk(person, ("purpose",)) in CUSTOMERS:
                leg = walk(person, ("calls", -1)) or walk(person, ("sessions", 0)) or person
                return walk(leg, path)
        return None

    return read


def _status(call: Call) -> str | None:
    """Read how far the customer got; one who hung up was connected, or else nobody knows."""
    state = _customer("state")(call)
    if state in {"disconnected", "terminated"}:
        return "completed" if _customer("connected_time")(call) else None
    return STATE.get(state)


def _of(purpose: str) -> Reader:
    """Return a reader of the sessions of everybody with *purpose*, each with whose it is."""

    def read(call: Call) -> list[tuple[Any, Any]]:
        return [
            (person, session)
            for person in _people(call)
            if walk(person, ("purpose",)) == purpose
            for session in walk(person, ("sessions",)) or ()
        ]

    return read


def _metric(session: Any, name: str) -> Any:
    metrics = walk(session, ("metrics",)) or ()
    return next((one for one in metrics if walk(one, ("name",)) == name), None)


def _left_queue(call: Call) -> str | None:
    """Read how a wait ended: by what was counted, or by a transfer to the agent who was chosen."""
    _, session = call.item
    for name, result in LEFT_QUEUE.items():
        if _metric(session, name) is not None:
            return result
    disconnected = walk(session, ("segments", -1, "disconnect_type"))
    if disconnected == "transfer" and walk(session, ("selected_agent_id",)):
        return "answered"
    return None


def _holds(call: Call) -> list[tuple[Any, Any]]:
    return [
        (session, segment)
        for _, session in _of("agent")(call)
        for segment in walk(session, ("segments",)) or ()
        if walk(segment, ("segment_type",)) == "hold"
    ]


def _transferred(kind: CxHandoffKind, metric: str, *, warm: bool) -> Fact:
    """Return the handoffs that were counted with an agent, who leaves with each."""

    def read(call: Call) -> list[tuple[Any, Any]]:
        counted = ((person, _metric(session, metric)) for person, session in _of("agent")(call))
        return [(person, one) for person, one in counted if one is not None]

    when = moment(item(1, "emit_date"))
    reads = {
        semconv.CX_HANDOFF_RESULT: const("completed"),
        semconv.CX_EVIDENCE_START_TIME: when,
        semconv.CX_EVIDENCE_END_TIME: when,
    }
    who = digest(body("conversation_id"), item(0, "participant_id"))
    return handed_off(kind, reads, fact_id=who, warm=warm, each=read)


def _legs(call: Call) -> list[Any]:
    from cxotel.media.vendors.genesys import conversations  # costs import time

    return [leg for leg in conversations(call.document) if leg.judgements]


SEEN = told(
    "contact",
    {
        semconv.CX_EVIDENCE_ID: body("id"),
        semconv.CX_CONTACT_ID: body("id"),
        semconv.CX_CONTACT_DIRECTION: _customer("direction"),
        semconv.CX_CONTACT_STATUS: _status,
        semconv.CX_CONTACT_ENDED_BY: mapped(_customer("disconnect_type"), ENDED_BY),
    },
)
"""A conversation as it is now."""
ENDED = told(
    "contact",
    {
        semconv.CX_EVIDENCE_ID: body("conversation_id"),
        semconv.CX_CONTACT_ID: body("conversation_id"),
        semconv.CX_CHANNEL: mapped(_customer("media_type"), CHANNEL),
        semconv.CX_CONTACT_DIRECTION: body("originating_direction"),
        semconv.CX_CONTACT_STATUS: const("completed", when=body("conversation_end")),
        semconv.CX_CONTACT_ENDED_BY: mapped(_customer("segments", -1, "disconnect_type"), ENDED_BY),
        semconv.CX_CONTACT_CONNECTED_DURATION: number(
            lambda call: walk(_metric(_customer()(call), "tConnected"), ("value",))
        ),
        semconv.CX_EVIDENCE_END_TIME: moment(body("conversation_end")),
    },
    when=lambda call: _metric(_customer()(call), "tConnected"),
)
"""A conversation in which the customer was connected, once it is over."""
WAITED = told(
    "queue",
    {
        semconv.CX_EVIDENCE_ID: item(1, "session_id"),
        semconv.CX_QUEUE_ID: item(1, "segments", 0, "queue_id"),
        semconv.CX_QUEUE_NAME: item(0, "participant_name"),
        semconv.CX_EVIDENCE_START_TIME: moment(item(1, "segments", 0, "segment_start")),
        semconv.CX_EVIDENCE_END_TIME: moment(item(1, "segments", -1, "segment_end")),
        semconv.CX_QUEUE_RESULT: _left_queue,
    },
    each=_of("acd"),
    when=lambda call: walk(call.item, (1, "media_type")) not in ALONE,
)
HELD = told(
    "hold",
    {
        semconv.CX_EVIDENCE_ID: digest(item(0, "session_id"), item(1, "segment_start")),
        semconv.CX_EVIDENCE_START_TIME: moment(item(1, "segment_start")),
        semconv.CX_EVIDENCE_END_TIME: moment(item(1, "segment_end")),
    },
    each=_holds,
)
HEARD = heard(
    "genesys",
    {
        semconv.CX_MEDIA_LEG_ID: item("leg"),
        semconv.CX_MEDIA_LEG_NAME: item("leg_name"),
        semconv.CX_MEDIA_DIRECTION: item("direction"),
        semconv.CX_MEDIA_CODEC: item("codec"),
        semconv.CX_MEDIA_MOS: decimal(item("judgements", 0, "mos")),
        semconv.CX_MEDIA_R: number(item("judgements", 0, "r")),
        semconv.CX_MEDIA_DISCARD: decimal(item("discard")),
        semconv.CX_EVIDENCE_START_TIME: moment(body("conversation_start")),
        semconv.CX_EVIDENCE_END_TIME: moment(body("conversation_end")),
    },
    each=_legs,
)
BLIND = _transferred("transfer_cold", "nBlindTransferred", warm=False)
CONSULTED = _transferred("transfer_warm", "nConsultTransferred", warm=True)
