"""Files of any kind: recognised, judged or refused with one line; and what judging says."""

from __future__ import annotations

import io
import json
import struct
import time
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxotel.media.errors import MalformedError
from cxotel.media.files import Hints, assess, read
from cxotel.media.files import streams as limits
from cxotel.media.quality import Judgement, MediaQuality
from tests.media.captures import rtp
from tests.media.frames import call, packet, pcap, section, sip, udp
from tests.media.frames import interface as described
from tests.media.vectors import VECTORS, document

if TYPE_CHECKING:
    from pathlib import Path

    from cxotel.media.files import Reading

FILES = sorted(
    path
    for folder in ("pcap", "getstats", "vq_rtcpxr")
    for path in (VECTORS / folder).iterdir()
    if path.name != "expected.json"
)
REPORTS: dict[str, object] = document("vendors/reports.json")
KINDS = {"pcap": "capture", "getstats": "webrtc", "vq_rtcpxr": "vq_rtcpxr"}


def reading(data: bytes, hints: Hints | None = None) -> Reading:
    """Read a file that is at hand."""
    return read(io.BytesIO(data), hints)


def whys(record: MediaQuality, hints: Hints | None = None) -> dict[str, str]:
    """Return what is not known of a record."""
    return dict(assess(record, hints or Hints()).unknown)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_sample_is_judged_or_says_what_is_missing(path: Path) -> None:
    """Each leg of each sample has a rating, or the one thing that stands in its way is named."""
    found = reading(path.read_bytes())

    assert found.kind == KINDS[path.parent.name]
    assert found.legs
    for leg in found.legs:
        lacking = {unknown.what for unknown in leg.assessment.unknown}
        ours = [each for each in leg.assessment.record.judgements if each.origin == "computed"]
        assert bool(ours) != bool(lacking & {"loss", "codec", "codec_values"})


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_sample_is_rated_where_its_codec_is_told(path: Path) -> None:
    """With the codec, and research values for Opus, no sample stays without a rating."""
    opus = "opus" in path.name or "livekit" in path.name or "webrtc" in path.name
    hints = Hints(codec="opus" if opus else "PCMU", bitrate=40, table="al-ahmadi")

    for leg in reading(path.read_bytes(), hints).legs:
        assert leg.assessment.satisfaction is not None


@pytest.mark.parametrize("name", REPORTS)
def test_every_vendors_report_is_recognised(name: str) -> None:
    """A vendor's report is told by its members; its own judgement is taken over."""
    found = reading(json.dumps(REPORTS[name]).encode())
    assert found.kind == "vendor"
    assert found.legs


def test_an_export_of_the_browser_is_recognised() -> None:
    """An export of webrtc-internals is named as such."""
    members = {"kind": '["audio"]', "packetsReceived": "[98]", "packetsLost": "[2]", "ssrc": "[7]"}
    stats = {f"I-{k}": {"statsType": "inbound-rtp", "values": v} for k, v in members.items()}
    found = reading(json.dumps({"PeerConnections": {"7-1": {"stats": stats}}}).encode())
    assert (found.what, [leg.name for leg in found.legs]) == (
        "webrtc-internals export",
        ["7-1 inbound 00000007"],
    )


@pytest.mark.parametrize("mark", ["utf-8-sig", "utf-16"])
def test_json_that_windows_wrote_is_read(mark: str) -> None:
    """A byte order mark before the text changes nothing."""
    assert reading(json.dumps(REPORTS["zoom_phone"]).encode(mark)).kind == "vendor"


def test_a_whole_sip_request_is_read() -> None:
    """What a phone sent, with its headers, is as good as the body alone."""
    body = (VECTORS / "vq_rtcpxr/yealink_2015_session.txt").read_bytes()
    head = b"PUBLISH sip:c@example.org SIP/2.0\r\nCall-ID: 1\r\nCSeq: 1 PUBLISH\r\n"
    request = head + b"Content-Type: application/vq-rtcpxr\r\n\r\n" + body
    assert reading(request).legs == reading(b"\r\n" + body).legs


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "the file is empty"),
        (b" \n\t", "the file is empty"),
        (bytes(5000), "not a capture"),
        (b"%PDF-1.7", "not a capture .* a vendor's report"),
        (b"\x1f\x8b\x08", "compressed file: unpack it first"),
        (b'{"a": 1', "no JSON"),
        (b"[" * 5000, "no JSON"),
        (b"{}", "JSON, but no vendor's report"),
        (b'[{"type": "transport", "id": "T"}]', "no stream of sound"),
        (b"[" + b"{}," * 700_000 + b"{}]", "more than 600000 objects"),
        (b"{" + b" " * (33 << 20), "more than 32 MiB"),
        (b"INVITE sip:a@example.org SIP/2.0\r\n\r\n", "no PUBLISH or NOTIFY"),
        (b"\xff\xfe\x00", "no JSON"),
        (b'{"items": [{"audioIn": []}]}', "tells nothing of media quality"),
    ],
)
def test_what_is_none_of_the_kinds_is_refused_with_a_reason(data: bytes, why: str) -> None:
    """Each wrong file gets one line that says what is wrong with it."""
    with pytest.raises(MalformedError, match=why) as raised:
        reading(data)
    assert "\n" not in str(raised.value)


def test_each_cost_is_what_its_absence_would_gain() -> None:
    """Loss, late packets, codec and delay are told apart, the costliest first."""
    record = MediaQuality(
        source="vq_rtcpxr", codec="G729", loss=0.05, discard=0.02, mouth_to_ear=0.25
    )
    found = assess(record, Hints())
    assert found.judgement is not None
    assert found.judgement.r is not None
    by_name = dict(found.lost)
    assert list(by_name) == ["loss", "delay", "codec", "discard"]
    without = assess(replace(record, mouth_to_ear=0.05), Hints()).judgement
    assert without is not None
    assert by_name["delay"] == pytest.approx((without.r or 0) - found.judgement.r)


def test_what_costs_nothing_is_not_named() -> None:
    """A good call has no culprit."""
    assert assess(MediaQuality(source="rtp", codec="PCMU", loss=0.0), Hints()).lost == ()


def test_what_is_not_known_is_said_with_what_it_means() -> None:
    """Each missing thing is named once, with its consequence."""
    plain = MediaQuality(source="webrtc", codec="PCMU", loss=0.01, packets=99)
    assert "listening alone" in whys(plain)["delay"]
    assert "clock rate" in whys(plain)["jitter"]
    assert "at least 100 ms" in whys(replace(plain, round_trip=0.2))["delay"]
    assert "delay" not in whys(replace(plain, mouth_to_ear=0.2))
    assert whys(replace(plain, loss=0.4))["range"] == "beyond what the model covers: ppl"
    assert whys(replace(plain, loss=None))["loss"] == "not told: no rating of ours"
    assert whys(replace(plain, codec=None))["codec"] == "not told: no rating of ours"
    assert "research values" in whys(replace(plain, codec="opus"))["codec_values"]
    assert "stands packet loss" in whys(replace(plain, codec="G722"))["codec_values"]


def test_without_a_rating_of_ours_the_reporters_own_counts() -> None:
    """The conversational judgement before that of listening; R before MOS; no costs."""
    heard = Judgement("reported", "vendor", r=92.0, kind="listening")
    talked = Judgement("reported", "vendor", mos=3.2, kind="conversational")
    found = assess(MediaQuality(source="x", judgements=(heard, talked)), Hints())
    assert (found.judgement, found.satisfaction, found.lost) == (talked, "many_dissatisfied", ())
    high = Judgement("reported", "vendor", mos=5.0)
    assert assess(MediaQuality(source="x", judgements=(high,)), Hints()).satisfaction == (
        "very_satisfied"
    )
    silent = Judgement("reported", "vendor")
    assert assess(MediaQuality(source="x", judgements=(silent,)), Hints()).satisfaction is None


def test_hints_fill_what_the_file_does_not_tell() -> None:
    """The codec where there is none; the bitrate where it matters; the delay always."""
    unknown = MediaQuality(source="rtp", loss=0.01, round_trip=0.9)
    told = assess(unknown, Hints(codec="G.711 A-law", bitrate=64, delay=0.15))
    assert (told.record.codec, told.record.mouth_to_ear) == ("PCMA", 0.15)
    assert told.judgement is not None
    opus = replace(unknown, codec="opus")
    assert assess(opus, Hints(codec="PCMU")).judgement is None
    assert assess(opus, Hints(table="al-ahmadi")).judgement is None
    rated = assess(opus, Hints(table="al-ahmadi", bitrate=40)).judgement
    assert rated is not None
    assert rated.model == "g107.2"
    assert assess(replace(opus, codec="PCMU"), Hints(table="al-ahmadi")).judgement is not None
    assert Hints(codec="nobody's").payload() is None


def test_a_receiver_that_conceals_nothing_is_rated_so() -> None:
    """Where losses are heard as holes, G.711 has its value without concealment."""
    record = MediaQuality(source="vq_rtcpxr", codec="PCMU", loss=0.02)
    concealed = assess(record, Hints()).judgement
    bare = assess(replace(record, concealed=False), Hints()).judgement
    assert bare is not None
    assert concealed is not None
    assert (bare.r or 0) < (concealed.r or 0) - 10


@pytest.mark.parametrize(
    "wrong", [{"table": "mine"}, {"bitrate": 0}, {"delay": -1}, {"delay": float("nan")}]
)
def test_impossible_hints_are_refused(wrong: dict[str, float]) -> None:
    """A hint that cannot be is an error that names it."""
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Hints(**wrong)  # pyright: ignore[reportArgumentType] - wrong on purpose


@given(
    st.floats(0, 0.2),
    st.floats(0, 0.1),
    st.floats(0, 0.5),
    st.sampled_from(["PCMU", "G729", "AMR-WB", "EVS", "opus"]),
)
def test_costs_are_never_negative_and_r_stays_on_its_scale(
    loss: float, discard: float, delay: float, codec: str
) -> None:
    """Whatever is taken away, a call does not get worse, and no rating leaves its scale."""
    record = MediaQuality(source="rtp", codec=codec, loss=loss, discard=discard, mouth_to_ear=delay)
    found = assess(record, Hints(bitrate=13.2 if codec == "EVS" else 40, table="al-ahmadi"))
    assert all(points > 0 for _, points in found.lost)
    assert list(found.lost) == sorted(found.lost, key=lambda each: -each[1])
    if found.judgement is not None:
        assert found.judgement.r is not None
        assert found.judgement.r <= 148
        assert 1 <= (found.judgement.mos or 0) <= 4.5


def test_memory_is_bounded_however_many_streams_there_seem_to_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Beyond the limits the newest is left out or the oldest forgotten, and it is said."""
    monkeypatch.setattr(limits, "MAX_STREAMS", 3)
    monkeypatch.setattr(limits, "MAX_CANDIDATES", 4)
    monkeypatch.setattr(limits, "MAX_ANNOUNCED", 2)
    frames = [frame for number in range(6) for frame in call(10, ssrc=number)]
    scattered = [(1, udp(rtp(1, ssrc=1000 + n))) for n in range(50)]
    offers = [
        (0, udp(sip(f"c=IN IP4 192.0.2.{n}\nm=audio 5000 RTP/AVP 0\n"))) for n in range(1, 20)
    ]
    found = reading(pcap([*offers, *scattered, *frames]))
    assert len(found.legs) == 3
    assert found.notes == ("30 packets of further streams are left out",)


def damaged(whole: bytes) -> st.SearchStrategy[bytes]:
    """Overwrite some bytes of a file, and cut it."""
    spots = st.lists(st.tuples(st.integers(0, len(whole) - 1), st.integers(0, 255)), max_size=40)

    def put(drawn: tuple[list[tuple[int, int]], int]) -> bytes:
        data = bytearray(whole)
        for at, value in drawn[0]:
            data[at] = value
        return bytes(data[: drawn[1]])

    return st.tuples(spots, st.integers(0, len(whole))).map(put)


ETHERNET = [(t, bytes(12) + b"\x08\x00" + ip) for t, ip in call(12)]
CLASSIC = pcap(ETHERNET, 1)
NEW = b"".join([section(), described(1), *(packet(0, round(t * 1e6), f) for t, f in ETHERNET)])


@given(damaged(CLASSIC) | damaged(NEW) | st.binary(max_size=200).map(lambda b: CLASSIC[:24] + b))
def test_damaged_captures_are_judged_or_refused(data: bytes) -> None:
    """Whatever a capture holds, the answer is a reading or one clear error, and soon."""
    begin = time.process_time()
    with suppress(MalformedError):
        assert reading(data).legs
    assert time.process_time() - begin < 2


@given(st.lists(st.tuples(st.floats(0, 2e9), st.binary(max_size=120)), max_size=30))
def test_any_packets_are_judged_or_refused(frames: list[tuple[float, bytes]]) -> None:
    """Junk inside sound UDP, IP and link headers raises nothing else either."""
    wrapped = [(t, udp(data)) for t, data in frames]
    raw = [(t, b"\x45" + data) for t, data in frames]
    tagged = [(t, bytes(12) + data) for t, data in frames]
    for file in (pcap(wrapped), pcap(raw), pcap(tagged, 1), pcap(tagged, 113)):
        with suppress(MalformedError):
            assert reading(file).legs


@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: ("{" + text).encode()))
def test_any_file_is_judged_or_refused(data: bytes) -> None:
    """Junk of any kind raises nothing but the one error."""
    with suppress(MalformedError):
        assert reading(data).legs


def test_a_long_capture_takes_time_in_proportion() -> None:
    """A hundred thousand packets with hostile jumps of their numbers take seconds."""
    frames = [(n / 1000, udp(rtp(n * 2999, n * 160))) for n in range(6)]
    frames += [
        (n / 1000, udp(struct.pack("!BBHII", 128, 0, n * 2999 % 65536, n, 9)))
        for n in range(40_000)
    ]
    begin = time.process_time()
    with pytest.raises(MalformedError):
        reading(pcap(frames))
    steady = [
        (n / 1000, udp(rtp(n, n * 160) if n < 9 else rtp(n * 2999, n))) for n in range(40_000)
    ]
    assert reading(pcap(steady)).legs
    assert time.process_time() - begin < 30
