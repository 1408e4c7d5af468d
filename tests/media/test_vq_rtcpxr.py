"""Voice-quality reports of SIP phones are read in every dialect, once each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxotel.media.errors import MalformedError
from cxotel.media.judge import judged
from cxotel.media.vq_rtcpxr import Alert, VqMetrics, VqReader, parse, qualities, read_publish
from tests.media.vectors import VECTORS, document

if TYPE_CHECKING:
    from cxotel.media.quality import MediaQuality

EXPECTED: dict[str, Any] = document("vq_rtcpxr/expected.json")
FIELDS = {
    "payload_type": ("payload_type", 1),
    "codec": ("codec", 1),
    "fmtp": ("fmtp", 1),
    "nlr_percent": ("loss", 100),
    "jdr_percent": ("discard", 100),
    "rtd_ms": ("round_trip", 1000),
    "esd_ms": ("end_system_delay", 1000),
    "owd_ms": ("one_way_delay", 1000),
    "sowd_ms": ("symmetric_one_way_delay", 1000),
    "iaj_ms": ("jitter", 1000),
    "maj_ms": ("absolute_jitter", 1000),
    "gmin": ("gmin", 1),
    "rerl_db": ("echo_return_loss", 1),
    "rlq": ("r_lq", 1),
    "rcq": ("r_cq", 1),
    "extri": ("external_r_in", 1),
    "mos_lq": ("mos_lq", 1),
    "mos_cq": ("mos_cq", 1),
}
PUBLISH = (
    b"PUBLISH sip:collector@example.org SIP/2.0\r\n"
    b"Via: SIP/2.0/UDP 192.0.2.21;branch=z9hG4bK1\r\n"
    b"Call-ID: 3c26a8@192.0.2.21\r\nCSeq: 3 PUBLISH\r\nEvent: vq-rtcpxr\r\n"
    b"Content-Type: application/vq-rtcpxr\r\nContent-Length: 41\r\n\r\n"
    b"VQSessionReport\r\nPacketLoss:NLR=5 JDR=2\r\n"
)


def body(name: str) -> bytes:
    """Read a report."""
    return (VECTORS / "vq_rtcpxr" / name).read_bytes()


def check(metrics: VqMetrics | None, expect: dict[str, Any]) -> None:
    """Compare metrics with what is expected of them, in the standard's units."""
    assert metrics is not None
    for key, value in expect.items():
        name, scale = FIELDS[key]
        found = getattr(metrics, name)
        assert (found * scale if isinstance(value, float | int) else found) == (
            pytest.approx(value) if isinstance(value, float | int) else value
        ), key


@pytest.mark.parametrize("name", EXPECTED)
def test_reports_of_phones_are_read(name: str) -> None:
    """Standard, draft and vendors' dialects give the same fields, in seconds and ratios."""
    report, expect = parse(body(name)), EXPECTED[name]["expect"]
    assert report.kind == expect["report_type"]
    assert report.call_term == expect.get("call_term", False)
    assert report.call_id == expect.get("call_id", report.call_id)
    check(report.local, expect["local"])
    if "remote" in expect:
        check(report.remote, expect["remote"])
    else:
        assert report.remote is None
    if "duration_s" in expect:
        assert report.local is not None
        assert report.local.duration == expect["duration_s"]


def test_both_ends_become_records() -> None:
    """The phone's own metrics are of what came in, the other end's of what went out."""
    local, remote = VqReader().feed(body("rfc6035_4.7.3_session.txt"))
    assert (local.direction, local.measured_at) == ("inbound", "local")
    assert (remote.direction, remote.measured_at) == ("outbound", "remote")
    assert (local.leg, local.codec, local.clock_rate) == ("6dg37f1890463", "G729", 8000)
    assert (local.loss, local.discard, local.jitter) == (0.05, 0.02, 0.002)
    assert (local.round_trip, local.end_system_delay, local.mouth_to_ear) == (0.2, 0.14, 0.2)
    assert (local.signal_level, local.noise_level, remote.noise_level) == (-21, -50, -45)
    assert local.concealed is True
    assert local.burst is not None
    assert (local.burst.gap_density, local.burst.gap_duration) == (0.02, 0.5)
    assert [(j.origin, j.model, j.kind, j.r, j.mos) for j in remote.judgements] == [
        ("reported", "vendor", "listening", 90, 4.3),
        ("reported", "vendor", "conversational", 85, 4.2),
    ]


def test_a_report_that_ends_before_it_begins_has_no_duration() -> None:
    """The standard's own example stops nine days before it starts: that is told, not negative."""
    local, _ = VqReader().feed(body("rfc6035_4.7.3_session.txt"))
    assert local.duration is None
    assert local.partial
    assert "vq-rtcpxr: local STOP is before START" in local.problems


def test_an_alert_says_why_it_was_sent() -> None:
    """Attributes on a line of their own belong to the alert."""
    report = parse(body("polycom_2015_alert.txt"))
    assert report.alert == Alert("OWD", "Critical", "local")
    assert (report.local_ssrc, report.remote_ssrc) == (3825483318, 2017446972)
    (record,) = qualities(report)
    assert (record.codec, record.mouth_to_ear, record.problems) == ("G722", 0.24, ())


def test_what_a_phone_fills_in_is_not_measured() -> None:
    """Zeros of a softphone that measures little are no delay, no jitter, no MOS, no date."""
    (record,) = VqReader().feed(body("webrtc_softphone_session.txt"))
    assert (record.codec, record.clock_rate, record.loss) == ("opus", 48000, 0.0125)
    assert (record.start, record.duration, record.jitter, record.round_trip) == (None,) * 4
    assert (record.end_system_delay, record.mouth_to_ear, record.burst) == (None, None, None)
    assert record.buffer_delay == 0.0415
    assert [judgement.kind for judgement in record.judgements] == ["listening"]
    assert not record.partial


def test_a_clock_that_was_never_set_tells_no_time() -> None:
    """How long it was measured is known all the same."""
    local, remote = VqReader().feed(body("prestandard_session.txt"))
    assert (local.start, local.duration) == (None, 60)
    assert (local.leg, remote.leg) == ("1890463548@192.0.2.100",) * 2
    assert (local.codec, remote.loss) == ("PCMU", 0.03)


def test_a_vendors_ceiling_stays_as_told() -> None:
    """R of 93 next to a MOS of 4.1 is carried, not reconciled; ours is apart from it."""
    (record,) = VqReader().feed(body("audiocodes_session.txt"))
    assert (record.judgements[0].r, record.judgements[0].mos) == (93, 4.1)
    assert judged(record).judgements[-1].origin == "computed"
    assert judged(record).judgements[-1].mos == pytest.approx(4.41, abs=0.01)


@pytest.mark.parametrize(
    ("written", "ssrc"),
    [
        ("0x2468abcd", 0x2468ABCD),
        ("1a3b5c7d", 0x1A3B5C7D),
        ("3825483318", 3825483318),
        ("-469483978", 3825483318),
        ("0x00000000", None),
        ("none", None),
        ("99999999999999", None),
    ],
)
def test_ssrcs_are_read_as_they_are_written(written: str, ssrc: int | None) -> None:
    """Hexadecimal with 0x or without, decimal, signed; 0 and nonsense are unknown."""
    assert parse(f"VQSessionReport\r\nLocalAddr:IP=192.0.2.1 SSRC={written}").local_ssrc == ssrc


def test_a_retransmission_is_read_once() -> None:
    """A phone that got no answer in time sends its report again; a new request is a new report."""
    reader = VqReader()
    (record,) = reader.receive(PUBLISH, now=100.0)
    assert (record.loss, record.discard) == (0.05, 0.02)
    assert reader.receive(PUBLISH, now=131.5) == ()
    assert len(reader.receive(PUBLISH.replace(b"CSeq: 3", b"CSeq: 4"), now=131.5)) == 1
    assert len(reader.receive(PUBLISH, now=140.0)) == 1
    assert len(reader.feed(b"VQSessionReport\r\nPacketLoss:NLR=5")) == 1


def test_a_flood_of_requests_is_bounded() -> None:
    """Beyond the limit the oldest request is forgotten."""
    reader = VqReader(max_requests=2)
    for number in range(3):
        reader.feed("VQSessionReport\nDelay:RTD=1", call_id="a", sequence=number, now=1.0)
    again = [
        reader.feed("VQSessionReport\nDelay:RTD=1", call_id="a", sequence=number, now=2.0)
        for number in (2, 0)
    ]
    assert [len(records) for records in again] == [0, 1]
    with pytest.raises(ValueError, match="max_requests must"):
        VqReader(max_requests=0)


def test_headers_are_read_in_compact_and_folded_form() -> None:
    """SIP lets names be short and values go on in the next line."""
    message = (
        b"NOTIFY sip:a@b SIP/2.0\ni: 7@a\nCSeq: 9\n NOTIFY\n"
        b"c: application/vq-rtcpxr;charset=utf-8\n\nVQSessionReport\n"
    )
    publish = read_publish(message)
    assert (publish.call_id, publish.sequence, publish.body) == ("7@a", 9, b"VQSessionReport\n")


@pytest.mark.parametrize(
    ("message", "error"),
    [
        (b"", "no PUBLISH or NOTIFY"),
        (b"SIP/2.0 200 OK\r\n\r\n", "no PUBLISH or NOTIFY"),
        (PUBLISH.replace(b"vq-rtcpxr\r\nContent-L", b"sdp\r\nContent-L"), "content is not"),
        (PUBLISH.replace(b"Call-ID", b"Call"), "Call-ID or CSeq"),
        (PUBLISH.replace(b"3 PUBLISH", b"three"), "Call-ID or CSeq"),
        (PUBLISH.replace(b"3c26a8", b"3" * 300), "Call-ID or CSeq"),
        (PUBLISH.replace(b": 41", b": 4100"), "has 41 bytes, not 4100"),
        (PUBLISH.partition(b"\r\n\r\n")[0], "has 0 bytes, not 41"),
        (bytes(200_000), "200000 bytes are no SIP request"),
    ],
)
def test_what_is_no_request_is_refused_with_a_reason(message: bytes, error: str) -> None:
    """Other requests, missing headers and hostile lengths give one clear error."""
    with pytest.raises(MalformedError, match=error):
        VqReader().receive(message)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "names no report"),
        ("\r\n\r\n", "names no report"),
        ("PacketLoss:NLR=1", "names no report"),
        ("<html>", "names no report"),
        ("VQSessionReport\r\n" + "x" * 70_000, "70017 bytes are no report"),
    ],
)
def test_what_is_no_report_is_refused_with_a_reason(text: str, error: str) -> None:
    """Junk and megabytes give one clear error."""
    with pytest.raises(MalformedError, match=error):
        parse(text)


def test_a_call_id_without_end_is_refused() -> None:
    """What is remembered of a request is bounded too."""
    with pytest.raises(MalformedError, match="300 characters"):
        VqReader().feed("VQSessionReport", call_id="x" * 300, sequence=1, now=0.0)


def test_values_that_make_no_sense_leave_a_partial_record() -> None:
    """What could be read is kept, what could not is told."""
    (record,) = VqReader().feed(
        "VQSessionReport\r\nPacketLoss:NLR=many JDR=101\r\nDelay:RTD=-5 IAJ=3\r\n"
        "Timestamps:START=yesterday\r\nQualityEst:MOSLQ=nan MOSCQ=9.9 RLQ=127"
    )
    assert (record.loss, record.discard, record.round_trip) == (None, None, None)
    assert (record.jitter, record.judgements) == (0.003, ())
    assert record.problems == (
        "vq-rtcpxr: local START is no time",
        "vq-rtcpxr: local NLR is no number",
        "vq-rtcpxr: local JDR must lie between 0 and 100, got 101",
        "vq-rtcpxr: local MOSLQ is no number",
    )
    (empty,) = VqReader().feed("VQSessionReport: CallTerm\r\nCallID: 1@a")
    assert (empty.leg, empty.problems) == ("1@a", ("vq-rtcpxr: the report has no metrics",))


def sane(records: tuple[MediaQuality, ...]) -> None:
    """Judge records: the model takes whatever a record may hold."""
    for record in records:
        judged(record)


@given(st.one_of(st.binary(max_size=300), st.text(max_size=300)))
def test_anything_behind_the_first_line_is_a_record(junk: bytes | str) -> None:
    """Whatever a report holds, it is read or told of, never an error of another kind."""
    first = "VQSessionReport\r\n"
    sane(VqReader().feed(first + junk if isinstance(junk, str) else first.encode() + junk))


@given(
    st.sampled_from(sorted(EXPECTED)),
    st.lists(st.tuples(st.integers(0, 1500), st.integers(0, 255)), max_size=6),
    st.integers(0, 1500),
)
def test_damaged_reports_are_sane_or_one_error(
    name: str, changes: list[tuple[int, int]], end: int
) -> None:
    """Changed bytes and cuts leave sane records, or the reader's own error."""
    data = bytearray(body(name))
    for at, value in changes:
        data[at % len(data)] = value
    try:
        sane(VqReader().feed(bytes(data[:end])))
    except MalformedError as error:
        assert str(error).startswith("vq-rtcpxr: ")  # noqa: PT017 - the other outcome is no error


@given(st.binary(max_size=300), st.integers(0, len(PUBLISH)))
def test_any_message_is_a_request_or_one_error(junk: bytes, at: int) -> None:
    """Junk in the middle of a request never raises anything but the reader's own error."""
    try:
        sane(VqReader().receive(PUBLISH[:at] + junk + PUBLISH[at:]))
    except MalformedError as error:
        assert str(error).startswith("vq-rtcpxr: ")  # noqa: PT017 - the other outcome is no error
