"""Calls between real peers of aiortc on this machine's loopback are recorded while they run."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from aiortc import RTCPeerConnection, RTCRtpSender
from aiortc.mediastreams import AudioStreamTrack, MediaStreamError

import cxotel
from cxotel import semconv
from cxotel.engine import shield
from cxotel.media.recorder.statistics import negotiated
from cxotel.semconv import metrics
from tests.experience.spans import World, fresh_id, trace_id
from tests.media.test_recorder import count, exemplars, named, recorder, until, warned

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator

LOST = semconv.CX_EXPERIENCE_LOST_MEDIA


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Generator[World]:
    """Give each test a process of its own, whose peers meet on loopback."""

    def loopback(use_ipv4: object = True, use_ipv6: object = True) -> list[str]:  # noqa: FBT002
        return ["127.0.0.1"]

    monkeypatch.setattr("aioice.ice.get_host_addresses", loopback)
    shield.forget()
    with World() as world:
        yield world


class Call:
    """Two peers that hear each other, as far as packets are let through."""

    def __init__(self) -> None:
        self.here, self.there = RTCPeerConnection(), RTCPeerConnection()
        self._listeners: list[asyncio.Task[None]] = []

    async def connect(self, codec: str) -> None:
        """Agree on a codec and wait for the connection."""
        wanted = [
            each
            for each in RTCRtpSender.getCapabilities("audio").codecs
            if each.mimeType == f"audio/{codec}"
        ]
        for peer in (self.here, self.there):
            peer.on("track", self._listen)
        self.here.addTrack(AudioStreamTrack())
        self.here.getTransceivers()[0].setCodecPreferences(wanted)
        await self.here.setLocalDescription(await self.here.createOffer())
        await self.there.setRemoteDescription(self.here.localDescription)
        self.there.addTrack(AudioStreamTrack())
        await self.there.setLocalDescription(await self.there.createAnswer())
        await self.here.setRemoteDescription(self.there.localDescription)
        await until(lambda: self.here.connectionState == "connected")

    def lose(self, share: float) -> None:
        """Lose a share of what the far end sends, evenly."""
        transport: Any = self.there.getSenders()[0].transport
        send, debt = transport._send_rtp, 0.0  # noqa: SLF001

        async def send_some(data: bytes) -> None:
            nonlocal debt
            debt += share
            if debt >= 1.0:
                debt -= 1.0
            else:
                await send(data)

        transport._send_rtp = send_some  # noqa: SLF001

    def _listen(self, track: Any) -> None:
        self._listeners.append(asyncio.ensure_future(_hear(track)))

    async def end(self) -> None:
        """Close both peers."""
        await asyncio.gather(self.here.close(), self.there.close())
        await asyncio.gather(*self._listeners)


async def _hear(track: Any) -> None:
    try:
        while True:
            await track.recv()
    except MediaStreamError:
        return


@asynccontextmanager
async def call(codec: str = "PCMU") -> AsyncGenerator[Call]:
    """Make a call and end it."""
    running = Call()
    try:
        await running.connect(codec)
        yield running
    finally:
        await running.end()


def legs(world: World) -> dict[Any, dict[str, Any]]:
    """Return the summaries on the journey's span by their direction."""
    summaries = named(world.span("call"), semconv.EVENT_CX_MEDIA)
    return {each[semconv.CX_MEDIA_DIRECTION]: each for each in summaries}


def test_a_good_call_is_measured_both_ways(world: World) -> None:
    """What arrives is measured here, what goes out by the far end's reports; both are good."""

    async def run() -> None:
        async with call() as running:
            with cxotel.journey("call", channel="voice", journey_id=fresh_id()):
                async with recorder(world, running.here, interval=0.3, leg_name="agent"):
                    await until(lambda: len(world.metric(metrics.CX_MEDIA_ROUND_TRIP)) == 1)
                    await until(lambda: count(world, metrics.CX_MEDIA_R) >= 4)

    asyncio.run(run())
    told = legs(world)

    assert set(told) == {"inbound", "outbound"}
    for leg in told.values():
        assert leg[semconv.CX_MEDIA_CODEC] == "pcmu"
        assert leg[semconv.CX_MEDIA_MODEL] == "g107"
        assert leg[semconv.CX_MEDIA_LOSS] == 0.0
        assert leg[semconv.CX_MEDIA_R] == 93
        assert leg[semconv.CX_MEDIA_LEG_NAME] == "agent"
    assert 0.0 < told["outbound"][semconv.CX_MEDIA_ROUND_TRIP] < 0.5
    assert told["inbound"][semconv.CX_MEDIA_TALK_DURATION] > 500
    assert LOST not in world.attributes("call")
    assert shield.errors() == {}


def test_loss_on_the_way_costs_points_and_warns(world: World) -> None:
    """A fifth of the packets is lost: the journey's score, a warning and an exemplar say so."""

    async def run() -> None:
        async with call() as running:
            running.lose(0.2)
            with cxotel.journey("call", channel="voice", journey_id=fresh_id()):
                async with recorder(world, running.here, interval=0.5) as recording:
                    await until(lambda: "high_loss" in recording.warnings)

    asyncio.run(run())
    inbound = legs(world)["inbound"]

    assert inbound[semconv.CX_MEDIA_LOSS] == pytest.approx(0.2, abs=0.06)
    # 93.2 - 95 x 20 / (20 + 25.1) = 51
    assert inbound[semconv.CX_MEDIA_R] == pytest.approx(51, abs=8)
    assert world.attributes("call")[LOST] == pytest.approx(42, abs=8)
    assert {("high_loss", "raised"), ("loss_burst", "raised")} <= set(warned(world.span("call")))
    assert exemplars(world)[metrics.CX_MEDIA_LOSS] == {trace_id(world.span("call"))}


def test_a_call_that_hangs_up_is_summed_up(world: World) -> None:
    """The peer closes within the block: what was heard is told, and nothing is asked any more."""

    async def run() -> None:
        async with call() as running:
            with cxotel.journey("call", channel="voice", journey_id=fresh_id()):
                async with recorder(world, running.here, interval=0.2) as recording:
                    await until(lambda: count(world, metrics.CX_MEDIA_R) >= 2)
                    await running.here.close()
                    await until(lambda: not recording.asking)

    asyncio.run(run())

    assert legs(world)["inbound"][semconv.CX_MEDIA_R] == 93
    assert shield.errors() == {}


def test_a_codec_that_the_itu_does_not_tabulate_is_not_rated(world: World) -> None:
    """Opus without values of your own: everything is measured and nothing made up."""

    async def run() -> None:
        async with call("opus") as running:
            with cxotel.journey("call", channel="voice", journey_id=fresh_id()):
                async with recorder(world, running.here, interval=0.2):
                    await until(lambda: count(world, metrics.CX_MEDIA_JITTER) >= 2)

    asyncio.run(run())
    inbound = legs(world)["inbound"]

    assert inbound[semconv.CX_MEDIA_CODEC] == "opus"
    assert semconv.CX_MEDIA_R not in inbound
    assert count(world, metrics.CX_MEDIA_R) == 0
    assert 0.0 <= inbound[semconv.CX_MEDIA_JITTER] < 0.2


def test_a_recorder_may_be_there_before_the_call(world: World) -> None:
    """Entered before the peers have agreed on anything, it waits without a word."""

    async def run() -> None:
        running = Call()
        with cxotel.journey("call", channel="voice", journey_id=fresh_id()):
            async with recorder(world, running.here, interval=0.2):
                assert negotiated(running.here) is None
                await running.connect("PCMA")
                await until(lambda: count(world, metrics.CX_MEDIA_R) >= 2)
        await running.end()

    asyncio.run(run())

    assert legs(world)["inbound"][semconv.CX_MEDIA_CODEC] == "pcma"
    assert shield.errors() == {}
