"""LiveKit's server API: rooms, SIP calls, agents and recordings, at its one Twirp client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cxotel import semconv
from cxotel.engine import (
    MOVES,
    REACHES,
    Operation,
    Target,
    Vendor,
    argument,
    body,
    const,
    count,
    first,
    handed_off,
    mapped,
    protobuf,
    told,
    unwaited,
    walk,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from cxotel.engine import Arguments, Call, Problem

ANSWERS = {
    "404": "failed",
    "408": "no_answer",
    "410": "failed",
    "480": "no_answer",
    "484": "failed",
    "486": "busy",
    "487": "no_answer",
    "600": "busy",
    "603": "no_answer",
    "604": "failed",
}
"""What a refused call came to, by its SIP status: RFC 3261, sections 21.4 and 21.6.

A customer who is busy comes as HTTP 429 (Twirp's `resource_exhausted`), and is no throttling.
"""
TRANSFERS = {
    "STR_REJECTED": "declined",
    "STR_RINGING_TIMEOUT": "timed_out",
    "STR_CALL_ENDED": "abandoned",
    "STS_TRANSFER_SUCCESSFUL": "completed",
    "STS_TRANSFER_FAILED": "failed",
}
"""How a transfer ended: reasons first, for a failed one has one of these or another.

https://docs.livekit.io/reference/telephony/sip-api, SIPTransferReason and SIPTransferStatus.
"""


def _code(error: Any) -> str | None:
    """Read what a telephone network answered, else the code of Twirp."""
    answer: str | None = walk(error, ("metadata", "sip_status_code"))
    return answer or walk(error, ("metadata", "sip_transfer_reason")) or walk(error, ("code",))


def _answered(call: Call) -> str | None:
    """Read the answer of the one who was called, where there was one and it was no."""
    return _code(call.error) if call.error is not None else None


def _refused(_: Call, problem: Problem) -> bool:
    return problem.code in ANSWERS or problem.code in TRANSFERS


def _carrying(field: str) -> Callable[[Call, str], Arguments]:
    """Return what adds the journey id to a map of attributes, which webhooks and agents get."""

    def carry(call: Call, journey_id: str) -> Arguments:
        request = call.argument("data")
        copied = type(request)()
        copied.CopyFrom(request)
        attributes = getattr(copied, field)
        attributes["cx_journey_id"] = attributes.get("cx_journey_id", journey_id)
        return call.replacing("data", copied)

    return carry


def _participant(call: Call) -> list[str] | None:
    participant = walk(call.document, ("participant_id",))
    return [participant] if participant else None


UNTIL_ANSWERED = argument("data", "wait_until_answered")
PLACED = told(
    "contact",
    {
        semconv.CX_CONTACT_ID: body("sip_call_id"),
        semconv.CX_CONTACT_DIRECTION: const("outbound"),
        semconv.CX_CONTACT_STATUS: first(
            mapped(_answered, ANSWERS),
            const("connected", when=UNTIL_ANSWERED),
        ),
    },
)
TRANSFERRED = handed_off(
    "transfer_cold",
    {
        semconv.CX_HANDOFF_ID: body("transfer_id"),
        semconv.CX_HANDOFF_RESULT: first(
            mapped(_answered, {**dict.fromkeys(ANSWERS, "failed"), **TRANSFERS}),
            mapped(body("reason"), TRANSFERS),
            mapped(body("status"), TRANSFERS),
            const("requested"),
        ),
    },
    warm=False,
)
CALL = {
    semconv.CX_CONTACT_ID: body("sip_call_id"),
    semconv.CX_CONTACT_ALIASES: _participant,
}
JOINED = {semconv.CX_CONTACT_ID: body("attributes", "sip.callID")}
"""https://docs.livekit.io/reference/telephony/sip-participant, attributes."""


def _whose(client: Any) -> object:
    """Return the HTTP session: what an API client shares with the services that it is made of."""
    return walk(client, ("_session",)) or walk(client, ("_client", "_session"))


VENDOR = Vendor(
    name="livekit",
    layer="channel",
    requires=("livekit-api >= 1.2.1",),
    targets=(
        Target(
            "livekit.api.twirp_client",
            "TwirpClient.request",
            anchor=lambda call: _whose(call.instance),
        ),
    ),
    clients=("livekit.api.",),
    asides=(Target("livekit.api._failover", "RegionCache.region_origins"),),
    anchor=_whose,
    identify=lambda call: f"{call.argument('service')}/{call.argument('method')}",
    document=protobuf,
    error_code=_code,
    refused=_refused,
    raises=("livekit.api",),
    operations={
        "SIP/CreateSIPParticipant": Operation(
            "place_call",
            shows=REACHES,
            request={
                semconv.CX_CONTACT_DIRECTION: const("outbound"),
                # While a telephone rings nobody waits for LiveKit.
                semconv.CX_CALL_CUSTOMER_WAITING: const(False, when=UNTIL_ANSWERED),
            },
            response=CALL,
            facts=(PLACED,),
            carry=_carrying("participant_attributes"),
        ),
        "SIP/TransferSIPParticipant": Operation("transfer_call", shows=MOVES, facts=(TRANSFERRED,)),
        "RoomService/CreateRoom": Operation("create_room", shows=REACHES),
        "RoomService/DeleteRoom": Operation("end_room"),
        "RoomService/ListRooms": unwaited(
            "list_rooms", response={semconv.CX_CALL_ITEMS: count(body("rooms"))}
        ),
        "RoomService/UpdateRoomMetadata": Operation("update_room"),
        "RoomService/GetParticipant": Operation("fetch_participant", response=JOINED),
        "RoomService/ListParticipants": Operation(
            "list_participants",
            response={semconv.CX_CALL_ITEMS: count(body("participants"))},
        ),
        "RoomService/UpdateParticipant": Operation("update_participant", response=JOINED),
        "RoomService/MoveParticipant": Operation("move_participant", shows=MOVES),
        "RoomService/RemoveParticipant": Operation("remove_participant"),
        "RoomService/MutePublishedTrack": Operation("mute_track"),
        "RoomService/SendData": Operation("send_data"),
        "AgentDispatchService/CreateDispatch": Operation(
            "dispatch_agent", layer="ai", shows=REACHES
        ),
        "AgentDispatchService/ListDispatch": unwaited("list_dispatches"),
        "Egress/StartRoomCompositeEgress": unwaited("start_recording"),
        "Egress/StartParticipantEgress": unwaited("start_recording"),
        "Egress/StopEgress": unwaited("stop_recording"),
    },
)
