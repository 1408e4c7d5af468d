"""LiveKit's server API over loopback: Twirp, with the vendor's own protobuf messages as bodies.

It answers as https://docs.livekit.io/reference/other/roomservice-api and the SIP API's reference
say, and knows as much as the tests ask for. It does not prove that LiveKit itself answers so.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from cxotel.demo.far_ends.far_end import HttpFarEnd, route
from cxotel.demo.far_ends.faults import Failure, RefusedError
from cxotel.demo.far_ends.memory import Ids
from cxotel.demo.far_ends.wire import Received, Reply

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping

    from livekit.api import LiveKitAPI

FAILURES: Mapping[str, Failure] = {
    "throttled": Failure(429, "resource_exhausted", "rate limit exceeded"),
    "unavailable": Failure(503, "unavailable", "no response from servers"),
    "server_error": Failure(500, "internal", "internal error"),
    "unauthorized": Failure(401, "unauthenticated", "invalid token"),
    "not_found": Failure(404, "not_found", "participant does not exist"),
    "invalid": Failure(400, "invalid_argument", "missing sip trunk"),
}
"""Twirp's codes and statuses: https://twitchtv.github.io/twirp/docs/spec_v7.html."""
_KEY, _SECRET = "loopback", "a secret that is long enough for HS256"


class LiveKitFarEnd(HttpFarEnd):
    """LiveKit's server; its operations are called like the API's methods.

    Attributes:
        transfer: What `TransferSIPParticipant` answers: fields of its response.
    """

    def __init__(self) -> None:
        self._ids = Ids("livekit")
        self.transfer: dict[str, Any] = {}
        answers: dict[str, Callable[[Received], Any]] = {
            "SIP/CreateSIPParticipant": self._dialled,
            "SIP/TransferSIPParticipant": self._transferred,
            "RoomService/CreateRoom": self._room,
            "RoomService/DeleteRoom": _empty("DeleteRoomResponse"),
            "RoomService/ListRooms": self._rooms,
            "RoomService/UpdateRoomMetadata": self._room,
            "RoomService/GetParticipant": self._participant,
            "RoomService/ListParticipants": self._participants,
            "RoomService/UpdateParticipant": self._participant,
            "RoomService/MoveParticipant": _empty("MoveParticipantResponse"),
            "RoomService/RemoveParticipant": _empty("RemoveParticipantResponse"),
            "RoomService/MutePublishedTrack": _empty("MuteRoomTrackResponse"),
            "RoomService/SendData": _empty("SendDataResponse"),
            "AgentDispatchService/CreateDispatch": self._dispatch,
            "AgentDispatchService/ListDispatch": _empty("ListAgentDispatchResponse"),
            "Egress/StartRoomCompositeEgress": _empty("EgressInfo"),
            "Egress/StartParticipantEgress": _empty("EgressInfo"),
            "Egress/StopEgress": _empty("EgressInfo"),
            "Ingress/ListIngress": _empty("ListIngressResponse"),
        }
        routes = [
            route(name.partition("/")[2], "POST", f"/twirp/livekit.{name}", _in_protobuf(answer))
            for name, answer in answers.items()
        ]
        super().__init__("livekit", routes, FAILURES)

    def clear(self) -> None:
        """Forget what was to go wrong."""
        super().clear()
        self.transfer = {}

    def admit(self, request: Received) -> None:
        """Refuse a request without a token."""
        if not request.headers.get("authorization", "").startswith("Bearer "):
            raise RefusedError(401, "unauthenticated", "invalid token")

    def failed(self, failure: Failure, request: Received) -> Reply:
        """Put a failure into Twirp's form."""
        content = {"code": failure.code, "msg": failure.message}
        return Reply.of(failure.status, content, failure.headers)

    def answered(self, operation: str, status: int, code: str, **meta: str) -> None:
        """Let the telephone network answer the next request.

        Args:
            operation: The API's method.
            status: The HTTP status that Twirp makes of it.
            code: Twirp's code.
            meta: What LiveKit tells of the answer.
        """
        content = {"code": code, "msg": "sip status", "meta": meta}
        self.replies.push(operation, status, {}, content)

    def _dialled(self, request: Received) -> Any:
        from livekit.protocol.sip import CreateSIPParticipantRequest, SIPParticipantInfo

        asked = CreateSIPParticipantRequest.FromString(request.body)
        return SIPParticipantInfo(
            participant_id=f"PA_{self._ids.hex(12)}",
            participant_identity=asked.participant_identity,
            room_name=asked.room_name,
            sip_call_id=f"SCL_{self._ids.hex(12)}",
        )

    def _transferred(self, request: Received) -> Any:
        from livekit.protocol.sip import TransferSIPParticipantResponse

        return TransferSIPParticipantResponse(**self.transfer)

    def _room(self, request: Received) -> Any:
        from livekit.protocol.models import Room
        from livekit.protocol.room import CreateRoomRequest

        asked = CreateRoomRequest.FromString(request.body)
        return Room(sid=f"RM_{self._ids.hex(12)}", name=asked.name, metadata=asked.metadata)

    def _rooms(self, request: Received) -> Any:
        from livekit.protocol.room import ListRoomsResponse

        return ListRoomsResponse(rooms=[self._room(Received("livekit", "", "POST", ""))])

    def _participant(self, request: Received) -> Any:
        from livekit.protocol.models import ParticipantInfo
        from livekit.protocol.room import UpdateParticipantRequest

        asked = UpdateParticipantRequest.FromString(request.body)
        return ParticipantInfo(
            sid="PA_1",
            identity=asked.identity,
            name=asked.name,
            attributes={"sip.callID": "SCL_1", "sip.phoneNumber": "+15550100"},
        )

    def _participants(self, request: Received) -> Any:
        from livekit.protocol.room import ListParticipantsResponse

        return ListParticipantsResponse(participants=[self._participant(request)])

    def _dispatch(self, request: Received) -> Any:
        from livekit.protocol.agent_dispatch import AgentDispatch, CreateAgentDispatchRequest

        asked = CreateAgentDispatchRequest.FromString(request.body)
        return AgentDispatch(id="AD_1", agent_name=asked.agent_name, room=asked.room)


def _empty(name: str) -> Callable[[Received], Any]:
    def answer(request: Received) -> Any:
        from livekit import protocol
        from livekit.protocol import agent_dispatch, egress, ingress, room

        modules: tuple[Any, ...] = (room, agent_dispatch, egress, ingress, protocol)
        return next(getattr(one, name)() for one in modules if hasattr(one, name))

    return answer


def _in_protobuf(answer: Callable[[Received], Any]) -> Callable[[Received], Reply]:
    def reply(request: Received) -> Reply:
        headers = {"Content-Type": "application/protobuf"}
        return Reply.of(200, answer(request).SerializeToString(), headers)

    return reply


@asynccontextmanager
async def client(far_end: LiveKitFarEnd, **options: Any) -> AsyncGenerator[LiveKitAPI, None]:
    """Give a client that talks to the far end.

    Args:
        far_end: Whom to talk to.
        options: More arguments for the client.
    """
    from livekit.api import LiveKitAPI

    async with LiveKitAPI(far_end.url, _KEY, _SECRET, **options) as connected:
        yield connected
