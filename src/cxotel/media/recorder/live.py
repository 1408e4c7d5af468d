"""Record a call while it runs."""

from __future__ import annotations

import asyncio
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from cxotel.engine.shield import shielded, warn_once
from cxotel.journey.checks import left_out, number, word
from cxotel.journey.words import LAYERS
from cxotel.media.recorder.session import Options, Session
from cxotel.media.recorder.statistics import Statistics
from cxotel.media.recorder.telling import records_of
from cxotel.media.thresholds import DEFAULT

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Sequence
    from types import TracebackType

    from opentelemetry.metrics import MeterProvider
    from opentelemetry.trace import TracerProvider
    from typing_extensions import Self

    from cxotel.media.codecs import Impairment
    from cxotel.media.quality import MediaQuality
    from cxotel.media.thresholds import Threshold
    from cxotel.semconv import CxLayer

INTERVAL: Final = 5.0
"""Seconds between two looks at a connection's statistics unless told otherwise."""
LONGEST: Final = 4 * 3600.0
"""Seconds after which a connection is asked no more unless told otherwise."""
_FIRST: Final = 0.5


class MediaRecorder:
    """Record the sound of one call while it runs: metrics, score and warnings, and a summary.

    With `async with` it asks an aiortc `RTCPeerConnection` or a LiveKit `Room` for its statistics
    every few seconds, beside whatever else the loop does, until the block ends or the connection
    closes. With a plain `with`, and without a connection, you `feed` it records of your own
    readers. It belongs to the journey, step and span that it is entered in: it does not raise, and
    does not keep a connection from closing.

    Each interval becomes metrics and evidence for the journey's score. Problems that last become
    `cx.media.warning` events, with the limits of `cxotel.media.thresholds`. At the end each leg
    gets one `cx.media` event on the journey's span; where that has ended by then, a trace of its
    own with a link to it.

    Args:
        connection: An `RTCPeerConnection` of aiortc, a `Room` of LiveKit, or a function, plain or
            asynchronous, that returns what the browser's `getStats()` would.
        interval: Seconds from one interval to the next, 0.1 to 60.
        leg_name: What the leg is to the call: `agent`, `customer`, `trunk`; few different values.
        system: The vendor to blame, where the statistics do not say.
        layer: The layer to blame; `connectivity` where not given.
        codec: Encoding name as in SDP, where the statistics do not tell it; aiortc's is found.
        clock_rate: Units of the RTP timestamp a second, for the same.
        impairment: Ie and Bpl of the codec, where the ITU has none, as for Opus: see
            `cxotel.media.codecs.lookup`.
        thresholds: When to warn.
        longest: Seconds after which the connection is asked no more.
        tracer_provider: Makes the trace of what comes late; the global one by default.
        meter_provider: Takes the metrics; the global one by default.

    Example:
        >>> from cxotel.media.quality import MediaQuality
        >>> with MediaRecorder(leg_name="agent") as recorder:
        ...     recorder.feed(MediaQuality(source="rtp", codec="PCMU", loss=0.2, duration=5.0))
        ...     recorder.warnings
        ('loss_burst',)
    """

    def __init__(
        self,
        connection: object = None,
        *,
        interval: float = INTERVAL,
        leg_name: str | None = None,
        system: str | None = None,
        layer: CxLayer | None = None,
        codec: str | None = None,
        clock_rate: int | None = None,
        impairment: Impairment | None = None,
        thresholds: Sequence[Threshold] = DEFAULT,
        longest: float = LONGEST,
        tracer_provider: TracerProvider | None = None,
        meter_provider: MeterProvider | None = None,
    ) -> None:
        self._options = Options(
            leg_name=leg_name,
            system=system,
            layer=word("MediaRecorder", "layer", layer, LAYERS),
            impairment=impairment,
            thresholds=thresholds,
            tracer_provider=tracer_provider,
            meter_provider=meter_provider,
        )
        self._interval = _seconds("interval", interval, 0.1, 60.0, INTERVAL)
        self._longest = _seconds("longest", longest, 0.0, 1e6, LONGEST)
        self._statistics: Statistics | None = None
        self._session: Session | None = None
        self._task: asyncio.Task[None] | None = None
        self._holds = 0
        if connection is not None:
            with shielded("looking at a connection"):
                self._statistics = Statistics(connection, codec, clock_rate)

    @property
    def warnings(self) -> tuple[str, ...]:
        """The warnings that are raised now, as `high_jitter`."""
        return self._session.warnings if self._session else ()

    @property
    def asking(self) -> bool:
        """Whether a connection is asked for its statistics."""
        return self._task is not None and not self._task.done()

    def start(self) -> None:
        """Begin: what `async with` and `with` do on entry. A second time changes nothing."""
        if self._session is not None:
            return
        with shielded("starting to record a call"):
            self._session = Session(self._options)
            if self._statistics is not None:
                self._begin_to_ask(self._statistics)

    def feed(self, record: MediaQuality | Iterable[MediaQuality]) -> None:
        """Take an interval of your own reader, from any thread.

        Args:
            record: One interval; or those of all legs of one moment, by which one-way audio is
                found.
        """
        with shielded("recording an interval"):
            session = self._session
            if session is None:
                warn_once(
                    "MediaRecorder.feed before start",
                    "cxotel.MediaRecorder: feed() before `with` or start() records nothing",
                )
                return
            session.take(records_of(record), time.monotonic(), expected=not self._holds)

    @contextmanager
    def on_hold(self) -> Generator[None]:
        """Say that media may stop meanwhile: there is no one-way audio and no silence."""
        self._holds += 1
        try:
            yield
        finally:
            self._holds -= 1

    def close(self) -> None:
        """Tell the summary; what comes later is not recorded. A second time changes nothing."""
        with shielded("ending the record of a call"):
            if self._task is not None:
                self._task.cancel()
        self._close_session()

    async def aclose(self) -> None:
        """Ask the connection a last time, and tell the summary."""
        task, self._task = self._task, None
        try:
            if task is not None and not task.done():
                task.cancel()
                await asyncio.wait((task,))
                await self._look()
        finally:
            self.close()

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close."""
        self.close()

    async def __aenter__(self) -> Self:
        """Start."""
        self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close."""
        await self.aclose()

    def _begin_to_ask(self, statistics: Statistics) -> None:
        if not statistics.can_be_asked:
            warn_once(
                "MediaRecorder connection",
                "cxotel.MediaRecorder: the connection has neither getStats nor get_rtc_stats; "
                "only what is fed is recorded",
            )
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            warn_once(
                "MediaRecorder without a loop",
                "cxotel.MediaRecorder: a connection is asked in a running event loop only: use "
                "`async with`; only what is fed is recorded",
            )
            return
        self._task = loop.create_task(self._follow(statistics), name="cxotel.MediaRecorder")

    async def _follow(self, statistics: Statistics) -> None:
        """Look at the connection until it is closed, or for long enough."""
        last = time.monotonic() + self._longest
        try:
            while not statistics.over and time.monotonic() < last:
                await self._look()
                # What is there before both sides agreed says nothing: the begin is not missed.
                wait = self._interval if statistics.begun else min(_FIRST, self._interval)
                await asyncio.sleep(wait)
        except asyncio.CancelledError:
            if self._task is not None:
                self._close_session()  # the loop ends, and nobody will close us
            raise
        await self._look()
        self._close_session()

    def _close_session(self) -> None:
        session = self._session
        if session is not None:
            with shielded("ending the record of a call"):
                session.close()

    async def _look(self) -> None:
        statistics, session = self._statistics, self._session
        if statistics is not None and session is not None:
            records = await statistics.read()
            with shielded("recording an interval"):
                session.take(records, time.monotonic(), expected=not self._holds)


def _seconds(what: str, value: object, low: float, high: float, otherwise: float) -> float:
    seconds = number(value)
    if seconds is not None and low <= seconds <= high:
        return seconds
    left_out("MediaRecorder", f"{what} must be seconds from {low:g} to {high:g}")
    return otherwise
