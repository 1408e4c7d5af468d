"""Every source that is read comes out: as metrics, on the journey's trace, and in its score."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest

import cxotel
from cxotel import semconv
from cxotel.media.files import Hints, read
from cxotel.media.judge import judged
from cxotel.media.rtcp import RtcpReader
from cxotel.media.verdict import verdict
from cxotel.media.vq_rtcpxr import VqReader
from cxotel.semconv import metrics
from tests.experience.spans import World, fresh_id
from tests.media.vectors import VECTORS, document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from cxotel.media.quality import MediaQuality

    Records = Iterable[MediaQuality]


def from_file(content: bytes) -> Records:
    """Read a file, of a call in G.711 where the file does not say."""
    return [leg.assessment.record for leg in read(io.BytesIO(content), Hints(codec="PCMU")).legs]


def from_reports() -> Records:
    """Read RTCP reports of a call, one after another."""
    reader = RtcpReader()
    return [
        record
        for row in document("rtcp_real.json")
        for record in reader.feed(bytes.fromhex(row["hex"]), row["sent_at"])
    ]


def from_extended_report() -> Records:
    """Read one extended report with VoIP metrics."""
    return RtcpReader().feed(bytes.fromhex(document("rtcpxr_samples.json")[0]["hex"]))


def from_phone(name: str) -> Records:
    """Read a SIP phone's report."""
    return VqReader().feed((VECTORS / "vq_rtcpxr" / name).read_bytes())


FILES = ("pcap/rx_pcmu5_nomarker.pcap", "getstats/chromium_pcmu_loss5_jit30.json")
MEASURED = (metrics.CX_MEDIA_LOSS, metrics.CX_MEDIA_JITTER, metrics.CX_MEDIA_MOS)
SOURCES: dict[str, Callable[[], Records]] = {
    "rtp": lambda: from_file((VECTORS / FILES[0]).read_bytes()),
    "chromium": lambda: from_file((VECTORS / FILES[1]).read_bytes()),
    "aiortc": lambda: from_file((VECTORS / "getstats" / "stats_pcmu5.json").read_bytes()),
    "livekit": lambda: from_file((VECTORS / "getstats" / "livekit_session.json").read_bytes()),
    "rtcp": from_reports,
    "rtcp_xr": from_extended_report,
    **{
        path.stem: lambda path=path: from_phone(path.name)
        for path in sorted((VECTORS / "vq_rtcpxr").glob("*.txt"))
    },
    **{
        name: lambda report=report: from_file(json.dumps(report).encode())
        for name, report in document("vendors/reports.json").items()
    },
}


@pytest.mark.parametrize("name", SOURCES)
def test_every_source_is_seen_in_metrics_and_in_the_score(name: str) -> None:
    """Metrics name the source; where quality can be judged, the journey's media has evidence."""
    records = tuple(SOURCES[name]())
    assert records
    rated = any(verdict(judged(record)) is not None for record in records)
    with World() as world:
        with cxotel.journey("call", channel="voice", journey_id=fresh_id()):
            cxotel.record_media(
                records, tracer_provider=world.provider, meter_provider=world.meters
            )
        told = world.attributes("call")
        points = [point for metric in MEASURED for point in world.metric(metric)]
    assert {attributes[semconv.CX_MEDIA_SOURCE] for attributes, _ in points} == {
        record.source for record in records
    }
    assert (told[semconv.CX_EXPERIENCE_COVERAGE] > 0) == rated
