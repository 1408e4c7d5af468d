"""What following sound costs: an RTP packet, a rating, and a record that is told."""

from __future__ import annotations

from itertools import count
from struct import pack
from typing import TYPE_CHECKING

from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider

import cxotel
from bench.measure import Timed, side_by_side
from bench.processor import TWELVE
from cxotel.media import codecs, emodel
from cxotel.media.judge import judged
from cxotel.media.quality import MediaQuality
from cxotel.media.rtp import RtpReceiver
from cxotel.media.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Callable

LOOPS = 50
RECORD = MediaQuality(
    source="rtp",
    direction="inbound",
    codec="PCMU",
    duration=5.0,
    packets=245,
    lost=5,
    loss=0.02,
    jitter=0.012,
    round_trip=0.08,
)


def costs() -> dict[str, float]:
    """Return microseconds for each part, and for a bare span with twelve attributes."""
    meters = MeterProvider([InMemoryMetricReader()], shutdown_on_exit=False)
    tracer = TracerProvider(shutdown_on_exit=False).get_tracer("cxotel.bench")
    codec = codecs.lookup("PCMU")
    watch = Watch()
    told = judged(RECORD)

    def span() -> None:
        with tracer.start_as_current_span("work", attributes=TWELVE):
            pass

    return side_by_side(
        {
            "bare span": Timed(span),
            "RTP packet": Timed(_packets()),
            "rating": Timed(lambda: emodel.rate(codec, ta=150.0, ppl=2.0, burst_r=1.2)),
            "record judged": Timed(lambda: judged(RECORD)),
            "sample watched": Timed(lambda: watch.feed((told,))),
            "record told": Timed(lambda: cxotel.record_media(told, meter_provider=meters)),
        },
        LOOPS,
    )


def _packets() -> Callable[[], object]:
    """Return what feeds one packet after the other, of which some are lost and all jitter."""
    receiver, numbers = RtpReceiver(), count()
    payload = bytes(160)

    def packet() -> None:
        number = next(numbers)
        if number % 50 == 7:
            number = next(numbers)
        head = pack("!BBHII", 0x80, 0, number & 0xFFFF, number * 160 & 0xFFFFFFFF, 0x2468ABCD)
        receiver.feed(head + payload, number * 0.02 + number % 7 * 0.001)

    return packet
