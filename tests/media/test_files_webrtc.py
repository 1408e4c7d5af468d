"""Files of WebRTC statistics that somebody made to be slow, and one that was dumped by hand."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from cxotel.media.errors import MalformedError
from cxotel.media.webrtc.dump import sessions
from cxotel.media.webrtc.internals import MAX_CONNECTIONS
from tests.media.vectors import document

MEMBERS = {"kind": '"audio"', "ssrc": "7", "packetsReceived": "50"}


def export(connections: int, objects: int, length: int) -> str:
    """Make an export whose every object is a stream of sound with long series."""
    stats = {
        f"I{number}-{member}": {
            "statsType": "inbound-rtp",
            "values": "[" + ",".join([value] * length) + "]",
        }
        for number in range(objects)
        for member, value in MEMBERS.items()
    }
    return json.dumps({"PeerConnections": {str(n): {"stats": stats} for n in range(connections)}})


def snapshots(count: int, objects: int) -> str:
    """Make a list of snapshots whose every object is a stream of sound."""
    stats = [{"type": "inbound-rtp", "kind": "audio", "ssrc": n} for n in range(objects)]
    return json.dumps([stats] * count)


@pytest.mark.parametrize(
    "text", [export(8, 200, 250), snapshots(1500, 150)], ids=["export", "snapshots"]
)
def test_a_file_full_of_streams_takes_seconds(text: str) -> None:
    """Of files with hundreds of thousands of streams the newest part is read."""
    start = time.process_time()

    found = sessions(text)
    records = [record for session in found for record in session.totals()]

    # Reading all of it takes minutes.
    assert time.process_time() - start < 20
    assert records
    assert sum(len(session.snapshots) * len(session.totals()) for session in found) < 50_000


def test_too_many_connections_are_refused_before_they_are_read() -> None:
    """The number of connections is looked at first."""
    many: dict[str, Any] = {str(n): {} for n in range(MAX_CONNECTIONS + 1)}

    with pytest.raises(MalformedError, match="more than 256 connections"):
        sessions({"PeerConnections": many})


def test_connections_that_are_too_much_together_are_refused() -> None:
    """Where one snapshot of each is more than can be read, none is."""
    stats = [{"type": "inbound-rtp", "kind": "audio", "ssrc": n} for n in range(500)]

    with pytest.raises(MalformedError, match="so many streams"):
        sessions({str(n): [stats] for n in range(100)})


def test_the_newest_snapshots_of_each_connection_are_kept() -> None:
    """A short connection beside a long one is read whole, and the long one's end."""
    stats: list[dict[str, Any]] = [
        {"type": "inbound-rtp", "kind": "audio", "ssrc": n, "packetsReceived": 0}
        for n in range(100)
    ]
    newest = [stat | {"packetsReceived": 9} for stat in stats]

    long, short = sessions({"long": [stats] * 300 + [newest], "short": [stats[:1]] * 3})

    assert 1 < len(long.snapshots) < 301
    assert {record.packets for record in long.totals()} == {9}
    assert len(short.snapshots) == 3


def test_aiortcs_statistics_written_as_text_keep_their_units() -> None:
    """Times written with a blank instead of a T tell aiortc as well: its jitter is no seconds."""
    call = document("getstats/chromium_pcmu_loss5_jit30.json")
    sent = sessions({"aiortc": call["aiortc_side"]})[0]

    records = sent.totals(codec="PCMU")

    assert {record.direction: record.jitter for record in records} == {
        "inbound": 19 / 8000,
        "outbound": 79 / 8000,
    }
    assert all(record.problems == () for record in records)


@pytest.mark.parametrize("time", [-1e15, 1e19, 1e300])
def test_a_time_beyond_all_calendars_is_none(time: float) -> None:
    """A snapshot with an impossible time is read without it."""
    stats = [{"type": "inbound-rtp", "kind": "audio", "ssrc": 7, "timestamp": time}]
    found = sessions([stats, stats])[0]
    assert [record.start for record in (*found.totals(), *found.intervals())] == [None]


def test_a_mean_over_next_to_nothing_is_none() -> None:
    """A count that is no count gives no mean, not an endless one."""
    remote = {"type": "remote-outbound-rtp", "localId": "I", "totalRoundTripTime": 1e12}
    stats = {
        "I": {"type": "inbound-rtp", "kind": "audio", "ssrc": 7, "remoteId": "R"},
        "R": remote | {"roundTripTimeMeasurements": 1e-320},
    }
    (record,) = sessions(stats)[0].totals()
    assert record.round_trip is None
