"""A room of LiveKit is recorded while it is connected.

LiveKit's native client connects to a server only, and there is none here. The messages are the
vendor's own protobuf classes, made from a session's statistics; the room around them is a stand-in
with the two methods that are called. So these tests do not prove that a server's numbers come out
right, nor how long `get_rtc_stats()` takes.
"""

from __future__ import annotations

import asyncio
import inspect
from typing import TYPE_CHECKING, Any

import pytest
from google.protobuf.json_format import ParseDict
from livekit import rtc
from livekit.rtc import room as livekit_room
from livekit.rtc._proto import stats_pb2

import cxotel
from cxotel import semconv
from cxotel.engine import shield
from cxotel.media import codecs
from tests.experience.spans import World, fresh_id
from tests.media.test_recorder import named, recorder, until
from tests.media.vectors import document

if TYPE_CHECKING:
    from collections.abc import Generator


@pytest.fixture
def world() -> Generator[World]:
    """Give each test a process of its own."""
    shield.forget()
    with World() as world:
        yield world


class Room:
    """Stands in for a room: it is connected for a while, and tells one session after another."""

    def __init__(self) -> None:
        self.connected = False
        self.asked = 0
        self._answers = [_answer(each) for each in document("getstats/livekit_session.json")]

    def isconnected(self) -> bool:
        """Tell whether the room is connected."""
        return self.connected

    async def get_rtc_stats(self) -> Any:
        """Answer, or raise what the vendor's room raises when it is not connected."""
        if not self.connected:
            raise RuntimeError("the room isn't connected")
        self.asked += 1
        return self._answers[min(self.asked, len(self._answers)) - 1]


def _answer(peers: dict[str, list[Any]]) -> Any:
    """Make the vendor's answer of its JSON form."""
    messages = {
        peer: [ParseDict(stat, stats_pb2.RtcStats()) for stat in stats]
        for peer, stats in peers.items()
    }
    return livekit_room.RtcStats(**messages)


def test_the_stand_in_has_what_the_vendors_room_has() -> None:
    """The methods that are called exist on the vendor's class, and are of the same kind."""
    assert inspect.iscoroutinefunction(rtc.Room.get_rtc_stats)
    assert not inspect.iscoroutinefunction(rtc.Room.isconnected)
    assert list(inspect.signature(rtc.Room.get_rtc_stats).parameters) == ["self"]


def test_a_room_is_recorded_from_connect_to_disconnect(world: World) -> None:
    """Before and after there is nothing to ask, and no error; both ways are told at the end."""

    async def run() -> None:
        room = Room()
        with cxotel.journey("call", channel="voice", journey_id=fresh_id()):
            async with recorder(
                world,
                room,
                interval=0.1,
                impairment=codecs.lookup("opus", bitrate=40, table="al-ahmadi"),
            ) as recording:
                await asyncio.sleep(0.15)
                assert room.asked == 0
                room.connected = True
                await until(lambda: room.asked >= 3)
                room.connected = False
                await until(lambda: not recording.asking)

    asyncio.run(run())
    told = {
        each[semconv.CX_MEDIA_DIRECTION]: each
        for each in named(world.span("call"), semconv.EVENT_CX_MEDIA)
    }

    inbound, outbound = told["inbound"], told["outbound"]
    assert inbound[semconv.CX_SYSTEM] == "livekit"
    assert inbound[semconv.CX_MEDIA_CODEC] == "opus"
    assert inbound[semconv.CX_MEDIA_LOSS] == inbound[semconv.CX_MEDIA_CONCEALMENT] == 0.04
    assert inbound[semconv.CX_MEDIA_MODEL] == "g107.2"
    assert outbound[semconv.CX_MEDIA_LOSS] == 0.02
    assert outbound[semconv.CX_MEDIA_ROUND_TRIP] == pytest.approx(0.08)
    assert shield.errors() == {}
