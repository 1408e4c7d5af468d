"""LiveKit: the real server API client, which is asynchronous, held to the contract.

The far end is a loopback server that speaks Twirp with LiveKit's own protobuf messages. It proves
what the client sends and makes of replies; it does not prove that LiveKit itself answers so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
from livekit import api
from livekit.api.twirp_client import TwirpClient

import cxotel
from cxotel import semconv
from cxotel.demo.far_ends import Fault
from cxotel.demo.far_ends.far_end import route
from cxotel.demo.far_ends.wire import Reply
from cxotel.testing import ABSENT, Case, Event, Example, VendorContract
from tests.vendors.far_ends.livekit import LiveKitFarEnd, client
from tests.vendors.scored import calls, lost, scored, watching

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cxotel.testing import At

STATUS = semconv.HTTP_RESPONSE_STATUS_CODE
CODE = semconv.CX_VENDOR_ERROR_CODE
CUSTOMER = "+15550100"


def dial(at: At, *, wait: bool = False) -> Any:
    """Call a customer, and bring them into a room."""
    request = api.CreateSIPParticipantRequest(
        sip_trunk_id="ST_1",
        sip_call_to=CUSTOMER,
        room_name="refund",
        participant_identity="customer",
        wait_until_answered=wait,
    )
    return at.client.sip.create_sip_participant(request)


def dial_and_wait(at: At) -> Any:
    """Call a customer, and wait until somebody answers."""
    return dial(at, wait=True)


def transfer(at: At) -> Any:
    """Pass the customer on."""
    request = api.TransferSIPParticipantRequest(
        room_name="refund", participant_identity="customer", transfer_to="sip:refunds@center"
    )
    return at.client.sip.transfer_sip_participant(request)


def answered(operation: str, status: int, code: str, **meta: str) -> Callable[[At], None]:
    """Return a preparation: the telephone network says no."""
    return lambda at: at.far_end.answered(operation, status, code, **meta)


def transferring(**told: Any) -> Callable[[At], None]:
    """Return a preparation: how the transfer ends."""
    return lambda at: at.far_end.transfer.update(told)


def refuse(at: At) -> None:
    """Let the far end repeat in its error what the customer said."""
    said = at.canary
    words = f"{said.phone} {said.email} {said.name} {said.text}"
    at.far_end.faults.add("livekit", "UpdateParticipant", Fault(failure="invalid", message=words))


def placed(**more: Any) -> Event:
    """Return the event of a call that was placed."""
    keys = {"contact": semconv.CX_CONTACT_ID, "status": semconv.CX_CONTACT_STATUS}
    told = {keys[key]: value for key, value in more.items()}
    return Event(semconv.EVENT_CX_CONTACT, {semconv.CX_CONTACT_DIRECTION: "outbound", **told})


def handed(result: str, **more: Any) -> Event:
    """Return the event of a transfer."""
    return Event(
        semconv.EVENT_CX_HANDOFF,
        {
            semconv.CX_HANDOFF_KIND: "transfer_cold",
            semconv.CX_HANDOFF_WARM: False,
            semconv.CX_HANDOFF_RESULT: result,
            **more,
        },
    )


def call_id(at: At) -> str:
    """Return the id of the call that was placed."""
    return str(at.result.sip_call_id)


def joined(at: At) -> list[str]:
    """Return the id of the participant that the callee has become."""
    return [at.result.participant_id]


def in_room(method: str, kind: Any, **values: Any) -> Callable[[At], Any]:
    """Return a call of one of the methods about rooms."""
    return lambda at: getattr(at.client.room, method)(kind(**values))


OUTBOUND = {semconv.CX_CONTACT_DIRECTION: "outbound"}
RINGING = {**OUTBOUND, semconv.CX_CALL_CUSTOMER_WAITING: False}
PLACED: dict[str, Any] = {
    semconv.CX_CONTACT_ID: call_id,
    semconv.CX_CONTACT_ALIASES: joined,
}
SOMEBODY = {"room": "refund", "identity": "customer"}

CASE = Case(
    vendor="livekit",
    far_end=LiveKitFarEnd,
    clients={"async": client},
    reset=lambda far_end: far_end.clear(),
    common={STATUS: 200, semconv.SERVER_ADDRESS: "127.0.0.1"},
    examples=(
        Example(
            operation="place_call",
            call=dial,
            attributes={**OUTBOUND, **PLACED},
            events=(placed(contact=call_id),),
        ),
        Example(
            operation="place_call",
            call=dial_and_wait,
            attributes={**RINGING, **PLACED},
            events=(placed(contact=call_id, status="connected"),),
        ),
        Example(
            operation="place_call",
            prepare=answered(
                "CreateSIPParticipant", 429, "resource_exhausted", sip_status_code="486"
            ),
            call=dial_and_wait,
            raises=api.TwirpError,
            attributes={**RINGING, STATUS: 429, CODE: "486"},
            events=(placed(status="busy"),),
        ),
        Example(
            operation="place_call",
            prepare=answered(
                "CreateSIPParticipant", 412, "failed_precondition", sip_status_code="503"
            ),
            call=dial_and_wait,
            raises=api.TwirpError,
            error=api.TwirpError.__name__,
            attributes={**RINGING, STATUS: 412, CODE: "503"},
        ),
        Example(operation="transfer_call", call=transfer, events=(handed("requested"),)),
        Example(
            operation="transfer_call",
            prepare=transferring(transfer_id="STR_7", status="STS_TRANSFER_SUCCESSFUL"),
            call=transfer,
            events=(handed("completed", **{semconv.CX_HANDOFF_ID: "STR_7"}),),
        ),
        Example(
            operation="transfer_call",
            prepare=transferring(status="STS_TRANSFER_FAILED", reason="STR_RINGING_TIMEOUT"),
            call=transfer,
            events=(handed("timed_out"),),
        ),
        Example(
            operation="transfer_call",
            prepare=answered(
                "TransferSIPParticipant",
                412,
                "failed_precondition",
                sip_transfer_reason="STR_REJECTED",
            ),
            call=transfer,
            raises=api.TwirpError,
            attributes={STATUS: 412, CODE: "STR_REJECTED"},
            events=(handed("declined"),),
        ),
        Example(
            operation="create_room",
            call=in_room("create_room", api.CreateRoomRequest, name="refund"),
        ),
        Example(
            operation="end_room", call=in_room("delete_room", api.DeleteRoomRequest, room="refund")
        ),
        Example(
            operation="list_rooms",
            call=in_room("list_rooms", api.ListRoomsRequest),
            attributes={semconv.CX_CALL_ITEMS: 1},
        ),
        Example(
            operation="update_room",
            call=in_room("update_room_metadata", api.UpdateRoomMetadataRequest, room="refund"),
        ),
        Example(
            operation="fetch_participant",
            call=in_room("get_participant", api.RoomParticipantIdentity, **SOMEBODY),
            attributes={semconv.CX_CONTACT_ID: "SCL_1"},
        ),
        Example(
            operation="list_participants",
            call=in_room("list_participants", api.ListParticipantsRequest, room="refund"),
            attributes={semconv.CX_CALL_ITEMS: 1},
        ),
        Example(
            operation="update_participant",
            call=in_room("update_participant", api.UpdateParticipantRequest, **SOMEBODY),
            attributes={semconv.CX_CONTACT_ID: "SCL_1"},
        ),
        Example(
            operation="move_participant",
            call=in_room(
                "move_participant",
                api.MoveParticipantRequest,
                **SOMEBODY,
                destination_room="agents",
            ),
        ),
        Example(
            operation="remove_participant",
            call=in_room("remove_participant", api.RoomParticipantIdentity, **SOMEBODY),
        ),
        Example(
            operation="mute_track",
            call=in_room(
                "mute_published_track", api.MuteRoomTrackRequest, **SOMEBODY, track_sid="TR_1"
            ),
        ),
        Example(
            operation="send_data",
            call=in_room("send_data", api.SendDataRequest, room="refund", data=b"hello"),
        ),
        Example(
            operation="dispatch_agent",
            call=lambda at: at.client.agent_dispatch.create_dispatch(
                api.CreateAgentDispatchRequest(agent_name="helper", room="refund")
            ),
        ),
        Example(
            operation="list_dispatches",
            call=lambda at: at.client.agent_dispatch.list_dispatch("refund"),
        ),
        Example(
            operation="start_recording",
            call=lambda at: at.client.egress.start_room_composite_egress(
                api.RoomCompositeEgressRequest(room_name="refund")
            ),
        ),
        Example(
            operation="start_recording",
            call=lambda at: at.client.egress.start_participant_egress(
                api.ParticipantEgressRequest(room_name="refund", identity="customer")
            ),
        ),
        Example(
            operation="stop_recording",
            call=lambda at: at.client.egress.stop_egress(api.StopEgressRequest(egress_id="EG_1")),
        ),
        Example(
            operation="request",
            call=lambda at: at.client.ingress.list_ingress(api.ListIngressRequest()),
        ),
        Example(
            operation="remove_participant",
            prepare=lambda at: at.far_end.faults.add(
                "livekit", "RemoveParticipant", Fault(failure="not_found")
            ),
            call=in_room("remove_participant", api.RoomParticipantIdentity, **SOMEBODY),
            raises=api.TwirpError,
            error=api.TwirpError.__name__,
            attributes={STATUS: 404, CODE: "not_found"},
        ),
    ),
    slow=Example(
        operation="place_call",
        prepare=lambda at: at.far_end.faults.add(
            "livekit", "CreateSIPParticipant", Fault(hang=True)
        ),
        call=dial,
        attributes={**OUTBOUND, STATUS: ABSENT, semconv.SERVER_ADDRESS: ABSENT},
    ),
    canaries=(
        Example(
            operation="place_call",
            call=lambda at: at.client.sip.create_sip_participant(
                api.CreateSIPParticipantRequest(
                    sip_trunk_id="ST_1",
                    sip_call_to=at.canary.phone,
                    room_name=f"call-{at.canary.phone}",
                    participant_identity=f"sip_{at.canary.phone}",
                    participant_name=at.canary.name,
                    participant_metadata=f"{at.canary.email}: {at.canary.text}",
                )
            ),
        ),
        Example(
            operation="update_participant",
            call=lambda at: at.client.room.update_participant(
                api.UpdateParticipantRequest(
                    room=f"call-{at.canary.phone}",
                    identity=f"{at.canary.phone} {at.canary.email}",
                    name=f"{at.canary.name}: {at.canary.text}",
                )
            ),
        ),
        Example(
            operation="update_participant",
            prepare=refuse,
            call=in_room("update_participant", api.UpdateParticipantRequest, **SOMEBODY),
            raises=api.TwirpError,
        ),
    ),
)


class TestLiveKit(VendorContract):
    """The contract that every vendor keeps."""

    case = CASE


@pytest.fixture
def far_end() -> Iterator[LiveKitFarEnd]:
    """A server of one's own; no handler of it may crash."""
    with LiveKitFarEnd() as running:
        yield running
    assert running.crashes == []


async def test_a_customer_who_does_not_answer_is_no_failure(far_end: LiveKitFarEnd) -> None:
    """A busy telephone is the customer's affair: the score blames nobody, whoever passes it on."""
    far_end.answered("CreateSIPParticipant", 429, "resource_exhausted", sip_status_code="486")
    async with client(far_end) as livekit:
        with pytest.raises(api.TwirpError), scored("livekit") as told:
            await livekit.sip.create_sip_participant(
                api.CreateSIPParticipantRequest(sip_call_to=CUSTOMER, wait_until_answered=True)
            )
    assert lost(told) == set()


async def test_a_trunk_that_is_down_is_blamed(far_end: LiveKitFarEnd) -> None:
    """The library raises another exception than at its client: the journey knows whose it is."""
    far_end.answered("CreateSIPParticipant", 412, "failed_precondition", sip_status_code="503")
    async with client(far_end) as livekit:
        with pytest.raises(api.TwirpError), scored("livekit") as told:
            await livekit.sip.create_sip_participant(
                api.CreateSIPParticipantRequest(sip_call_to=CUSTOMER)
            )
    assert told[semconv.CX_EXPERIENCE_BLAME_SYSTEM] == "livekit"
    assert "reliability" in lost(told)


async def test_asking_for_regions_is_no_attempt_of_the_call(far_end: LiveKitFarEnd) -> None:
    """LiveKit Cloud's failover looks for another region between: one call, sent twice."""
    other = {"region": "eu", "url": far_end.url.replace("127.0.0.1", "localhost")}
    known = Reply.of(200, {"regions": [other]})
    regions = route("regions", "GET", "/settings/regions", lambda _: known)
    far_end.routes = (*far_end.routes, regions)
    far_end.faults.add("livekit", "DeleteRoom", Fault(failure="unavailable", times=1))
    async with aiohttp.ClientSession() as session:
        # Only hosts of LiveKit Cloud fail over; the library's own tests force it in this way too.
        options: Any = {"_failover_force": True, "_failover_backoff": 0.01}
        twirp = TwirpClient(session, far_end.url, "livekit", **options)
        with watching("livekit") as telemetry:
            await twirp.request(
                "RoomService",
                "DeleteRoom",
                api.DeleteRoomRequest(room="refund"),
                {"authorization": "Bearer loopback"},
                api.DeleteRoomResponse,
            )
    (span,) = calls(telemetry)
    assert span["attributes"][semconv.HTTP_REQUEST_RESEND_COUNT] == 1
    assert span["attributes"][semconv.CX_CALL_RECOVERED] is True
    assert far_end.received.operations == ["DeleteRoom", "regions", "DeleteRoom"]


async def test_an_attribute_of_ones_own_stays(far_end: LiveKitFarEnd) -> None:
    """Who already gives the participant a journey id keeps it."""
    request = api.CreateSIPParticipantRequest(
        sip_call_to=CUSTOMER, participant_attributes={"cx_journey_id": "mine", "tier": "gold"}
    )
    async with client(far_end) as livekit:
        with cxotel.instrument("livekit", carry=["livekit"]), cxotel.journey("refund"):
            await livekit.sip.create_sip_participant(request)
    sent = api.CreateSIPParticipantRequest.FromString(far_end.received.last.body)
    assert dict(sent.participant_attributes) == {"cx_journey_id": "mine", "tier": "gold"}
