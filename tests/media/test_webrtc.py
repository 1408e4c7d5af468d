"""Statistics of WebRTC calls are read from every library in its own units."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timezone
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxotel.media.errors import MalformedError
from cxotel.media.judge import judged
from cxotel.media.merging import merged
from cxotel.media.webrtc import WebRtcReader, totals
from cxotel.media.webrtc.daily import network_stats
from cxotel.media.webrtc.dump import Session, sessions
from cxotel.media.webrtc.snapshot import MAX_STATS, read_snapshots
from tests.media.vectors import document

if TYPE_CHECKING:
    from cxotel.media.quality import MediaQuality

CHROMIUM = ("chromium_opus_clean", "chromium_pcmu_loss5_jit30")


def chromium(name: str) -> dict[str, Any]:
    """Read a recorded call."""
    return document(f"getstats/{name}.json")


def exported(snapshots: list[dict[str, Any]]) -> dict[str, Any]:
    """Make the export of `chrome://webrtc-internals` that Chromium makes of such snapshots."""
    stats: dict[str, Any] = {}
    for snapshot in snapshots:
        for stat in snapshot.values():
            for member, value in stat.items():
                if member not in ("id", "type"):
                    series = stats.setdefault(
                        f"{stat['id']}-{member}",
                        {
                            "startTime": "2026-11-22T04:22:27.100Z",
                            "endTime": "2026-11-22T04:22:36.185Z",
                            "statsType": stat["type"],
                            "values": [],
                        },
                    )
                    series["values"].append(value)
    for series in stats.values():
        series["values"] = json.dumps(series["values"])
    stats["IT01A7-[packetsReceived/s]"] = {"statsType": "inbound-rtp", "values": "[1]"}
    return {"PeerConnections": {"7-1": {"stats": stats, "updateLog": []}}, "UserAgent": "Chromium"}


@pytest.mark.parametrize("name", CHROMIUM)
def test_a_recorded_call_has_the_quality_that_was_induced(name: str) -> None:
    """Loss, concealment, jitter and buffer of a real call equal what was worked out by hand."""
    call = chromium(name)
    inbound, outbound = totals(call["snapshots_1s"][-1])
    derived = call["derived"]
    assert (inbound.direction, inbound.measured_at, inbound.source) == (
        "inbound",
        "local",
        "webrtc",
    )
    assert inbound.lost == call["induced"]["dropped"]
    assert inbound.loss == pytest.approx(derived["loss_pct"] / 100)
    assert inbound.concealment == pytest.approx(derived["concealed_pct"] / 100)
    assert inbound.jitter == derived["jitter_ms"] / 1000
    assert inbound.buffer_delay == pytest.approx(derived["mean_jitter_buffer_ms"] / 1000)
    assert inbound.codec == ("PCMU" if "pcmu" in name else "opus")
    assert inbound.end_system_delay is not None
    assert inbound.end_system_delay > derived["mean_jitter_buffer_ms"] / 1000
    assert (outbound.direction, outbound.measured_at, outbound.loss) == ("outbound", "remote", 0)
    assert outbound.round_trip == pytest.approx(0.0018, abs=0.0002)
    assert not inbound.problems
    assert not outbound.problems


def test_the_round_trip_is_that_of_the_selected_pair() -> None:
    """Two candidate pairs were nominated; the transport says which one carries the call."""
    snapshot = deepcopy(chromium(CHROMIUM[0])["snapshots_1s"][0])
    assert sum(stat.get("nominated", False) for stat in snapshot.values()) == 2
    assert totals(snapshot)[0].round_trip == pytest.approx(0.001)
    del snapshot["T01"]
    assert totals(snapshot)[0].round_trip is None


@pytest.mark.parametrize("name", CHROMIUM)
def test_intervals_add_up_to_the_whole(name: str) -> None:
    """What happened between snapshots is what happened in all since the first."""
    reader, snapshots = WebRtcReader(), chromium(name)["snapshots_1s"]
    assert reader.feed(snapshots[0]) == ()
    records = [record for snapshot in snapshots[1:] for record in reader.feed(snapshot)]
    inbound = [record for record in records if record.direction == "inbound"]
    assert len(inbound) == len(snapshots) - 1
    first, last = totals(snapshots[0])[0], totals(snapshots[-1])[0]
    whole = merged(inbound)
    assert None not in (first.packets, last.packets, first.lost, last.lost)
    assert whole.packets == (last.packets or 0) - (first.packets or 0)
    assert whole.lost == (last.lost or 0) - (first.lost or 0)
    assert whole.duration == pytest.approx(len(inbound), rel=0.05)


def test_outbound_intervals_go_from_report_to_report() -> None:
    """Between two reports of the other end nothing is known; their loss is not that of a second."""
    snapshots = [
        {
            "O": {"id": "O", "type": "outbound-rtp", "kind": "audio", "ssrc": 5,
                  "timestamp": 1000.0 * second, "packetsSent": 50 * second, "remoteId": "R"},
            "R": {"id": "R", "type": "remote-inbound-rtp", "kind": "audio", "ssrc": 5,
                  "timestamp": reported * 1000.0, "packetsLost": lost, "fractionLost": 0.5,
                  "roundTripTime": 0.3, "totalRoundTripTime": trips, "jitter": 0.002,
                  "roundTripTimeMeasurements": count},
        }
        for second, reported, lost, trips, count in (
            (10, 9.5, 4, 0.4, 2), (11, 9.5, 4, 0.4, 2), (15, 12.0, 29, 0.6, 3),
        )
    ]  # fmt: skip
    reader = WebRtcReader()
    assert reader.feed(snapshots[0]) == ()
    assert reader.feed(snapshots[1]) == ()
    (record,) = reader.feed(snapshots[2])
    assert (record.start, record.duration, record.lost) == (9.5, 2.5, 25)
    assert record.loss == pytest.approx(25 / 125)
    assert record.round_trip == pytest.approx(0.2)
    assert record.packets is None


def test_firefox_is_read_with_its_differences() -> None:
    """No transport, a pair marked as selected, `mediaType`, and what the other end received."""
    report = [
        {"id": "in", "type": "inbound-rtp", "mediaType": "audio", "ssrc": 1, "timestamp": 5000,
         "jitter": 0.012, "packetsLost": 3, "packetsReceived": 97, "packetsDiscarded": 2},
        {"id": "out", "type": "outbound-rtp", "kind": "audio", "ssrc": 2, "timestamp": 5000,
         "packetsSent": 120},
        {"id": "rem", "type": "remote-inbound-rtp", "kind": "audio", "ssrc": 2, "timestamp": 4000,
         "localId": "out", "packetsReceived": 90, "packetsLost": 10, "jitter": 0.004,
         "roundTripTime": 0.05},
        {"id": "p1", "type": "candidate-pair", "nominated": True, "currentRoundTripTime": 9},
        {"id": "p2", "type": "candidate-pair", "nominated": True, "selected": True,
         "currentRoundTripTime": 0.03, "state": "succeeded"},
        {"id": "v", "type": "inbound-rtp", "kind": "video", "ssrc": 3, "packetsLost": 9},
    ]  # fmt: skip
    inbound, outbound = totals(json.dumps([[stat["id"], stat] for stat in report]))
    assert (inbound.loss, inbound.discard, inbound.jitter) == (0.03, 0.02, 0.012)
    assert (inbound.round_trip, inbound.concealment, inbound.concealed) == (0.03, None, None)
    assert (outbound.packets, outbound.loss, outbound.round_trip) == (90, 0.1, 0.05)


@dataclass
class Received:
    """As aiortc tells of a stream: RTP units, 256ths, and a `datetime`."""

    id: str
    type: str
    packetsReceived: int  # noqa: N815 - the W3C's names
    packetsLost: int  # noqa: N815
    jitter: int
    timestamp: datetime = datetime(2026, 11, 22, 4, 7, 16, tzinfo=timezone.utc)
    ssrc: int = 3786049243
    kind: str = "audio"


def test_aiortc_is_read_in_its_own_units() -> None:
    """Jitter counts RTP timestamp units: seconds only with the codec's clock."""
    ends = document("getstats/stats_pcmu5.json")
    (inbound,) = totals(ends["receiver"], codec="PCMU")
    assert (inbound.packets, inbound.lost, inbound.jitter) == (564, 34, 6 / 8000)
    (outbound,) = totals(ends["sender"], clock_rate=48000)
    assert (outbound.packets, outbound.lost, outbound.jitter) == (526, 31, 6 / 48000)
    assert (outbound.round_trip, outbound.leg) == (0.001061966584396713, "02cec675")
    assert totals(ends["sender"])[0].jitter is None
    live = {"i": Received("i", "inbound-rtp", 90, 10, 80)}
    (record,) = totals(live, codec="PCMU")
    assert (record.loss, record.jitter) == (0.1, 0.01)


def test_aiortcs_share_of_loss_counts_256ths() -> None:
    """Where only the share is told, 27 is a tenth and not 27 times everything."""
    ends = document("getstats/stats_pcmu5.json")["sender"]
    for stat in ends.values():
        stat.pop("packetsLost", None)
        stat.pop("packetsReceived", None)
    assert totals(ends)[0].loss == 27 / 256


def test_livekit_is_read_from_both_peer_connections() -> None:
    """Messages within messages, 64-bit numbers as text, microseconds, zeros for unknown."""
    before, after = document("getstats/livekit_session.json")
    reader = WebRtcReader()
    assert reader.feed(before) == ()
    outbound, inbound = reader.feed(after)
    assert (inbound.system, inbound.codec, inbound.leg) == ("livekit", "opus", "12345678")
    assert (inbound.packets, inbound.lost, inbound.loss, inbound.duration) == (96, 4, 0.04, 2.0)
    assert (inbound.concealment, inbound.buffer_delay) == (0.04, 0.05)
    assert (outbound.packets, outbound.lost, outbound.loss) == (None, 2, 0.02)
    assert outbound.round_trip == pytest.approx(0.08)


class Message:
    """A protobuf message as the reader sees it: it lists the fields that were set."""

    def __init__(self, content: dict[str, Any]) -> None:
        self._content = content

    def ListFields(self) -> list[tuple[Any, Any]]:  # noqa: N802 - protobuf's name
        """List the fields."""
        return [
            (SimpleNamespace(name=name), Message(value) if isinstance(value, dict) else value)  # pyright: ignore[reportUnknownArgumentType]
            for name, value in self._content.items()
        ]


def test_livekits_own_objects_are_read_like_their_json() -> None:
    """What `Room.get_rtc_stats()` returns can be fed as it is."""
    stat = {"inbound_rtp": {
        "rtc": {"id": "I1"}, "stream": {"ssrc": 7, "kind": "audio"},
        "received": {"packets_received": 96, "packets_lost": 4, "jitter": 0.004},
    }}  # fmt: skip
    stats = SimpleNamespace(publisher_stats=[], subscriber_stats=[Message(stat)])
    with pytest.raises(MalformedError, match="no statistics"):
        totals(SimpleNamespace(publisher_stats=[]))
    stats.publisher_stats = [Message({"codec": {"rtc": {"id": "C1"}}})]
    (record,) = totals(stats)
    assert (record.loss, record.jitter) == (0.04, 0.004)


def test_a_livekit_room_that_only_listens_is_read() -> None:
    """The peer connection that nothing is sent over has no statistics; the other one has."""
    stat = {"inboundRtp": {
        "rtc": {"id": "I1"}, "stream": {"ssrc": 7, "kind": "audio"},
        "received": {"packetsReceived": "96", "packetsLost": "4"},
    }}  # fmt: skip
    (record,) = totals({"publisherStats": [], "subscriberStats": [stat]})
    assert record.loss == 0.04


def test_daily_tells_intervals_of_both_directions() -> None:
    """Null is what Daily does not know; before a call it knows nothing."""
    assert network_stats({"quality": 100, "threshold": "good", "stats": {"latest": {}}}) == ()
    latest = {
        "timestamp": 1_700_000_002,
        "networkRoundTripTime": 0.04,
        "audioRecvPacketLoss": 0.02,
        "audioRecvJitter": 0.005,
        "audioSendPacketLoss": None,
        "audioSendJitter": 0.003,
    }
    inbound, outbound = network_stats(json.dumps({"stats": {"latest": latest}}))
    assert (inbound.system, inbound.loss, inbound.jitter) == ("daily", 0.02, 0.005)
    assert (inbound.start, inbound.duration, inbound.round_trip) == (1_700_000_000, 2.0, 0.04)
    assert (outbound.loss, outbound.jitter, outbound.direction) == (None, 0.003, "outbound")
    (partial,) = network_stats({"stats": {"latest": {"audioRecvPacketLoss": 2}}})[:1]
    assert partial.problems == (
        "daily.stats.latest: audioRecvPacketLoss must lie between 0 and 1, got 2",
    )


def test_an_export_of_the_browser_is_read() -> None:
    """Series per member give the same call as the snapshots that they were made of."""
    call = chromium(CHROMIUM[1])
    (session,) = sessions(json.dumps(exported(call["snapshots_1s"])))
    assert (session.name, len(session.snapshots)) == ("7-1", len(call["snapshots_1s"]))
    inbound, outbound = session.totals()
    assert inbound.loss == pytest.approx(call["derived"]["loss_pct"] / 100)
    assert (inbound.jitter_samples, inbound.jitter_max) == (12, 0.012)
    assert outbound.codec == "PCMU"
    reader = WebRtcReader()
    live = [record for snapshot in call["snapshots_1s"] for record in reader.feed(snapshot)]
    assert list(session.intervals()) == live


def test_series_of_an_export_are_dated_by_its_ends() -> None:
    """Without timestamps of their own the values stand evenly between the first and the last."""
    export = exported(chromium(CHROMIUM[0])["snapshots_1s"][:3])
    stats = export["PeerConnections"]["7-1"]["stats"]
    export["PeerConnections"]["7-1"]["stats"] = {
        name: series for name, series in stats.items() if not name.endswith("-timestamp")
    }
    records = [r for r in sessions(export)[0].intervals() if r.direction == "inbound"]
    assert [record.duration for record in records] == pytest.approx([4.5425, 4.5425])


def test_files_with_several_connections_keep_their_names() -> None:
    """A file may hold one snapshot, a list, or an object that names them."""
    call = chromium(CHROMIUM[0])
    assert [s.name for s in sessions(call)] == ["snapshots_1s", "aiortc_side"]
    assert [s.name for s in sessions(document("getstats/stats_pcmu5.json"))] == [
        "sender",
        "receiver",
    ]
    assert len(sessions(call["snapshots_1s"])[0].snapshots) == 10
    livekit = sessions(document("getstats/livekit_session.json"))
    assert [session.name for session in livekit] == ["publisher", "subscriber"]
    with pytest.raises(MalformedError, match="no statistics of getStats"):
        sessions('{"a": [1, {"b": {}}], "c": "d"}')


def test_a_stream_that_restarted_is_not_compared() -> None:
    """Counters that run backwards are a new beginning."""

    def snapshot(time: float, received: int, lost: int) -> dict[str, Any]:
        stat = {"type": "inbound-rtp", "kind": "audio", "ssrc": 1, "timestamp": time}
        return {"i": stat | {"packetsReceived": received, "packetsLost": lost}}

    reader = WebRtcReader()
    reader.feed(snapshot(1000, 500, 5))
    assert reader.feed(snapshot(1000, 500, 5)) == ()
    (record,) = reader.feed(snapshot(2000, 40, 10))
    assert (record.packets, record.lost, record.loss) == (40, 10, 0.2)
    (record,) = reader.feed(snapshot(3000, 90, 7))
    assert (record.packets, record.lost, record.loss) == (50, 0, 0.0)


def test_a_stream_that_came_later_is_read_from_its_begin() -> None:
    """After the first snapshot a new stream is news."""
    stat = {"type": "inbound-rtp", "kind": "audio", "packetsReceived": 9, "packetsLost": 1}
    reader = WebRtcReader(max_streams=1)
    assert reader.feed({"a": stat | {"ssrc": 1, "timestamp": 1}}) == ()
    (record,) = reader.feed({"b": stat | {"ssrc": 2, "timestamp": 2}})
    assert record.loss == 0.1
    (forgotten,) = reader.feed({"a": stat | {"ssrc": 1, "timestamp": 3}})
    assert forgotten.packets == 9


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ("", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("7", "int is no report"),
        (None, "NoneType is no report"),
        ({}, "has no statistics"),
        ([1, [2], "x", None], "has no statistics"),
        ({"a": {"type": 5}}, "has no statistics"),
        ([{"type": "codec"}] * (MAX_STATS + 1), f"more than {MAX_STATS} objects"),
    ],
)
def test_what_is_no_answer_is_refused_with_a_reason(bad: object, message: str) -> None:
    """Other JSON, junk and floods give one clear error."""
    with pytest.raises(MalformedError, match=message):
        totals(bad)


def test_floods_in_files_are_refused() -> None:
    """More connections or objects than a call can have give one clear error."""
    snapshot = {"t": {"type": "transport"}}
    with pytest.raises(MalformedError, match="more than 256 connections"):
        sessions({str(number): snapshot for number in range(257)})
    series = {"statsType": "inbound-rtp", "values": "[1]"}
    stats = {f"I{number}-packetsLost": series for number in range(1001)}
    with pytest.raises(MalformedError, match="more than 1000 objects"):
        sessions({"PeerConnections": {"7-1": {"stats": stats}}})


def test_without_timestamps_a_change_is_progress() -> None:
    """A library that tells no time is read all the same, without durations."""
    stat = {"type": "inbound-rtp", "kind": "audio", "ssrc": 1, "packetsLost": 0}
    reader = WebRtcReader()
    reader.feed({"i": stat | {"packetsReceived": 10}})
    assert reader.feed({"i": stat | {"packetsReceived": 10}}) == ()
    (record,) = reader.feed({"i": stat | {"packetsReceived": 30}})
    assert (record.packets, record.duration, record.start) == (20, None, None)


def test_livekit_messages_without_content_are_no_statistics() -> None:
    """An empty message, or something that is none, tells nothing."""
    with pytest.raises(MalformedError, match="no statistics"):
        totals(SimpleNamespace(publisher_stats=["", 5, Message({})]))


def test_impossible_settings_are_refused() -> None:
    """No clock and no memory are mistakes of the caller, named as such."""
    with pytest.raises(ValueError, match="clock_rate must"):
        WebRtcReader(clock_rate=0)
    with pytest.raises(ValueError, match="max_streams must"):
        WebRtcReader(max_streams=0)


def test_members_of_a_wrong_type_leave_a_partial_record() -> None:
    """What could be read is kept, what could not is told."""
    (record,) = totals(
        {"i": {"type": "inbound-rtp", "kind": "audio", "packetsReceived": 90, "packetsLost": 10,
               "jitter": "long", "packetsDiscarded": -4, "codecId": ["x"], "ssrc": {}}}
    )  # fmt: skip
    assert (record.loss, record.jitter, record.discarded, record.leg) == (0.1, None, None, None)
    assert record.problems == (
        "webrtc: inbound-rtp: ssrc is no number",
        "webrtc: inbound-rtp: packetsDiscarded must lie between 0 and 1e+12, got -4",
        "webrtc: inbound-rtp: jitter is no number",
    )


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
STREAMS = ("IT01A3108124076", "OT01A1536480", "RIA1536480", "T01")
TWO: list[dict[str, Any]] = [
    {name: snapshot[name] for name in STREAMS}
    for snapshot in chromium(CHROMIUM[0])["snapshots_1s"][-2:]
]
NAMES: list[str] = sorted({name for stat in TWO[1].values() for name in stat})
STATS = st.dictionaries(
    st.sampled_from((*STREAMS, "x")),
    st.dictionaries(st.sampled_from(NAMES), JUNK, max_size=6),
    max_size=4,
)


def sane(records: tuple[MediaQuality, ...]) -> None:
    """Judge records: the model takes whatever a record may hold."""
    for record in records:
        judged(record)


@given(JUNK | st.text() | st.binary())
def test_any_document_is_read_or_one_error(junk: object) -> None:
    """Junk of any shape never raises anything but the reader's own error."""
    for read in (totals, WebRtcReader().feed, read_snapshots, sessions, network_stats):
        try:
            read(junk)
        except MalformedError as error:
            assert str(error).startswith(("webrtc: ", "daily: "))  # noqa: PT017 - or no error


@given(STATS, STATS)
def test_damaged_answers_are_sane(first: dict[str, Any], second: dict[str, Any]) -> None:
    """Members of any value leave sane records."""
    before, after = deepcopy(TWO)
    reader = WebRtcReader()
    for snapshot, changes in ((before, first), (after, second)):
        for name, members in changes.items():
            snapshot.setdefault(name, {}).update(members)
        sane(reader.feed(snapshot))
        sane(totals(snapshot))
    sane(Session("", read_snapshots(before) + read_snapshots(after)).totals())


@given(st.dictionaries(st.sampled_from(("values", "statsType", "startTime", "endTime")), JUNK))
def test_damaged_exports_are_sane_or_one_error(series: dict[str, Any]) -> None:
    """A series of any value leaves sane records, or the reader's own error."""
    export = exported(TWO)
    stats = export["PeerConnections"]["7-1"]["stats"]
    stats["IT01A3108124076-packetsLost"].update(series)
    stats["T01-selectedCandidatePairId"].update(series)
    for session in sessions(export):
        sane(session.totals())
        sane(session.intervals())
