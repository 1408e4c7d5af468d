"""Ask a connection for its statistics: aiortc's, LiveKit's, or any function that returns them."""

from __future__ import annotations

import asyncio
import inspect
from typing import TYPE_CHECKING, Any, Final

from cxotel.engine.shield import report
from cxotel.media.errors import MalformedError
from cxotel.media.rtp.packet import rtpmap
from cxotel.media.webrtc import WebRtcReader

if TYPE_CHECKING:
    from collections.abc import Callable

    from cxotel.media.quality import MediaQuality

MAX_FAILURES: Final = 5
"""Answers missing in a row after which nobody asks any more."""
LONGEST_WAIT: Final = 5.0
"""Seconds that an answer may take."""

_METHODS: Final = ("getStats", "get_rtc_stats")


class Statistics:
    """Read a connection's statistics, from answer to answer.

    Args:
        connection: An `RTCPeerConnection` of aiortc, a `Room` of LiveKit, or a function, plain or
            asynchronous, that returns what `getStats()` would.
        codec: Encoding name as in SDP, where the statistics do not tell it. aiortc's do not: it is
            the first that both sides agreed on.
        clock_rate: Units of the RTP timestamp a second, for the same.
    """

    def __init__(self, connection: object, codec: str | None, clock_rate: int | None) -> None:
        self._connection: Any = connection
        self._ask = _method(connection)
        self._codec = codec
        self._clock_rate = clock_rate
        self._reader: WebRtcReader | None = None
        self._begun = False
        self._failures = 0

    @property
    def begun(self) -> bool:
        """Whether there was an answer yet."""
        return self._begun

    @property
    def can_be_asked(self) -> bool:
        """Whether the connection has statistics at all."""
        return self._ask is not None

    @property
    def over(self) -> bool:
        """Whether there will be no more: the connection is closed, or answers nothing."""
        if self._failures >= MAX_FAILURES:
            return True
        return _state(self._connection) == "closed" or (self._begun and not self._connected())

    async def read(self) -> tuple[MediaQuality, ...]:
        """Return a record for each stream of what happened since the answer before."""
        try:
            reader = self._reader or self._make_reader()
            if reader is not None and self._ask is not None and self._connected():
                return await self._read(reader, self._ask)
        except MalformedError as error:
            # Before there are streams some libraries have nothing to tell.
            if self._begun:
                self._fail(error)
        except Exception as error:  # noqa: BLE001 - whatever the library raises, the call goes on
            self._fail(error)
        return ()

    async def _read(self, reader: WebRtcReader, ask: Callable[[], Any]) -> tuple[MediaQuality, ...]:
        answer = ask()
        if inspect.isawaitable(answer):
            answer = await asyncio.wait_for(answer, LONGEST_WAIT)
        if answer in ({}, []):
            return ()  # there is no stream yet
        records = reader.feed(answer)
        self._begun = True
        self._failures = 0
        return records

    def _fail(self, error: Exception) -> None:
        self._failures += 1
        report("reading a connection's statistics", error)

    def _connected(self) -> bool:
        """Tell whether a LiveKit room is connected; aiortc can be asked at any time."""
        connected = getattr(self._connection, "isconnected", None)
        return bool(connected()) if callable(connected) else True

    def _make_reader(self) -> WebRtcReader | None:
        codec, clock_rate = self._codec, self._clock_rate
        if codec is None and hasattr(self._connection, "localDescription"):
            found = negotiated(self._connection)
            if found is None:
                return None
            codec, clock_rate = found[0], clock_rate or found[1]
        self._reader = WebRtcReader(codec=codec, clock_rate=clock_rate)
        return self._reader


def negotiated(connection: Any) -> tuple[str, int] | None:
    """Return codec and clock rate of a connection's sound, once both sides have agreed.

    Args:
        connection: An `RTCPeerConnection`.

    Returns:
        The first payload type of the answer's first audio section.

    Source: RFC 3264 clause 6.1; RFC 8829 clause 5.3.1.
    """
    local, remote = connection.localDescription, connection.remoteDescription
    if local is None or remote is None:
        return None
    answer = local if local.type == "answer" else remote
    return _first_codec(str(answer.sdp))


def _first_codec(sdp: str) -> tuple[str, int] | None:
    r"""Read the codec of the first audio section.

    Example:
        >>> _first_codec("m=audio 9 UDP/TLS/RTP/SAVPF 96 0\r\na=rtpmap:96 opus/48000/2")
        ('opus', 48000)
    """
    preferred: str | None = None
    for line in sdp.splitlines():
        if line.startswith("m=audio "):
            preferred = (line.split() + [""] * 4)[3]
        elif preferred and line.startswith(f"a=rtpmap:{preferred} "):
            _, payload = rtpmap(line.removeprefix("a=rtpmap:"))
            return payload.codec, payload.clock_rate
    return None


def _method(connection: object) -> Callable[[], Any] | None:
    for name in _METHODS:
        method = getattr(connection, name, None)
        if callable(method):
            return method
    return connection if callable(connection) else None


def _state(connection: object) -> object:
    return getattr(connection, "connectionState", None)
