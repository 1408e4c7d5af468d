"""RTCP reports are read as the standards have them, damage and all."""

from __future__ import annotations

import math
from struct import pack
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxotel.media.errors import MalformedError
from cxotel.media.rtcp import (
    DelaySinceReceiverTime,
    ExtendedReport,
    Goodbye,
    OtherBlock,
    OtherPacket,
    ReceiverReport,
    ReceiverTime,
    ReportBlock,
    RtcpReader,
    SenderReport,
    SourceDescription,
    VoipMetrics,
    middle_ntp,
    parse,
    report_quality,
    round_trip,
)
from tests.media.vectors import document

SAMPLES: list[dict[str, Any]] = document("rtcpxr_samples.json")
METRICS = [sample for sample in SAMPLES if "rr" not in sample["expect"]]
CALLS: list[dict[str, Any]] = document("rtcp_real.json")


def packet(kind: int, count: int, body: bytes, *, padding: int = 0) -> bytes:
    """Make an RTCP packet."""
    body += bytes(padding - 1) + bytes((padding,)) if padding else b""
    flags = 0x80 | (0x20 if padding else 0) | count
    return pack("!BBH", flags, kind, len(body) // 4) + body


def block(
    ssrc: int = 7, *, fraction: int = 0, lost: int = 0, highest: int = 0, jitter: int = 0
) -> bytes:
    """Make a report block that answers no sender report."""
    return pack(
        "!IB3sIIII", ssrc, fraction, lost.to_bytes(3, "big", signed=True), highest, jitter, 0, 0
    )


def receiver_report(*blocks: bytes, ssrc: int = 9) -> bytes:
    """Make a receiver report."""
    return packet(201, len(blocks), pack("!I", ssrc) + b"".join(blocks))


SENDER = packet(200, 1, pack("!IQIII", 5, 0xE000_0000_8000_0000, 160, 50, 8000) + block(lost=-1))
NAMES = packet(202, 1, pack("!I", 5) + b"\x01\x04a@bc\x02\x01d\x00\x00\x00")
BYE = packet(203, 2, pack("!II", 5, 6) + b"\x05ended\x00\x00")


def only_metrics(data: bytes) -> VoipMetrics:
    """Read a datagram that holds one VoIP metrics block."""
    (report,) = parse(data).packets
    assert isinstance(report, ExtendedReport)
    (metrics,) = report.blocks
    assert isinstance(metrics, VoipMetrics)
    return metrics


@pytest.mark.parametrize("sample", METRICS, ids=lambda sample: sample["name"])
def test_voip_metrics_are_decoded(sample: dict[str, Any]) -> None:
    """Every field has its value in seconds and ratios, and no "unavailable" code is a number."""
    metrics, expect = only_metrics(bytes.fromhex(sample["hex"])), sample["expect"]
    assert metrics.ssrc == expect["ssrc"]
    assert metrics.loss == expect["loss_fraction"]
    assert metrics.discard == expect["discard_fraction"]
    assert metrics.burst_density == expect["burst_density"] / 256
    assert metrics.gap_density == expect["gap_density"] / 256
    assert metrics.burst_duration == expect["burst_duration_ms"] / 1000
    assert metrics.gap_duration == expect["gap_duration_ms"] / 1000
    assert metrics.round_trip == (expect["round_trip_delay_ms"] / 1000 or None)
    assert metrics.end_system_delay == (expect["end_system_delay_ms"] / 1000 or None)
    assert metrics.r == expect["r"]
    assert metrics.external_r is None
    assert metrics.mos_lq == expect["mos_lq"]
    assert metrics.mos_cq == expect["mos_cq"]
    assert metrics.gmin == expect["gmin"]
    assert metrics.concealment == [None, "disabled", "enhanced", "standard"][expect["plc"]]
    assert metrics.adaptive == [None, None, False, True][expect["jb_adaptive"]]
    assert metrics.buffer_rate == expect["jb_rate"]
    assert metrics.buffer_nominal == (expect["jb_nominal_ms"] / 1000 or None)
    assert metrics.buffer_max == (expect["jb_max_ms"] / 1000 or None)
    assert metrics.buffer_limit == (expect["jb_abs_max_ms"] / 1000 or None)
    for name, raw in {
        "signal_level": "signal_level_dbm",
        "noise_level": "noise_level_dbm",
        "echo_return_loss": "rerl_db",
    }.items():
        assert getattr(metrics, name) == (None if expect[raw] == 127 else expect[raw])


def test_voip_metrics_become_a_record() -> None:
    """The remote end's MOS stays a vendor's MOS, apart for listening and conversation."""
    (record,) = RtcpReader().feed(bytes.fromhex(METRICS[0]["hex"]))
    assert (record.source, record.direction, record.measured_at) == (
        "rtcp_xr",
        "outbound",
        "remote",
    )
    assert (record.leg, record.loss, record.discard) == ("2468abcd", 0.0, 0.0)
    assert (record.round_trip, record.end_system_delay, record.buffer_delay) == (0.034, 0.055, 0.04)
    assert record.concealed is True
    assert record.burst is not None
    assert record.burst.gap_duration == 20.44
    assert [(j.origin, j.model, j.kind, j.r, j.mos) for j in record.judgements] == [
        ("reported", "vendor", "listening", None, 4.1),
        ("reported", "vendor", "conversational", 93, 3.9),
    ]


def test_what_the_endpoint_could_not_measure_is_absent() -> None:
    """A block full of 127 and 0 is no MOS of 12.7 and no round trip of nothing."""
    (record,) = RtcpReader().feed(bytes.fromhex(METRICS[1]["hex"]))
    assert record.judgements == ()
    assert (record.round_trip, record.end_system_delay, record.buffer_delay) == (None, None, None)
    assert (record.signal_level, record.noise_level, record.echo_return_loss) == (None, None, None)
    assert (record.burst, record.concealed) == (None, None)


def test_values_outside_the_standard_are_ignored() -> None:
    """R of 120 does not exist, whoever sends it; a MOS of 0.9 or 5.1 neither."""
    assert only_metrics(bytes.fromhex(METRICS[2]["hex"])).r is None
    data = bytearray.fromhex(METRICS[0]["hex"])
    data[-10:-8] = (9, 51)
    metrics = only_metrics(bytes(data))
    assert (metrics.mos_lq, metrics.mos_cq) == (None, None)
    assert only_metrics(bytes.fromhex(METRICS[0]["hex"])).mos_cq == 3.9


def test_cumulative_loss_is_signed() -> None:
    """Duplicates make RTCP's loss negative; it is not 16 million packets."""
    (sample,) = (sample for sample in SAMPLES if "rr" in sample["expect"])
    (report,) = parse(bytes.fromhex(sample["hex"])).packets
    assert isinstance(report, ReceiverReport)
    (found,) = report.reports
    expect = sample["expect"]["rr"]
    assert found.cumulative_lost == expect["cumulative_lost"]
    assert (found.fraction_lost, found.jitter) == (expect["fraction_lost"], expect["jitter_units"])
    assert (found.lsr, found.dlsr) == (expect["lsr"], expect["dlsr"])
    assert found.round_trip(1_795_320_425.0) is sample["expect"]["rtt_s"]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: f"{call['run']} {call['sent_at']}")
def test_reports_of_real_calls_are_read(call: dict[str, Any]) -> None:
    """Each field of receivers' reports equals what another implementation reads."""
    (report,) = parse(bytes.fromhex(call["hex"])).packets
    assert isinstance(report, ReceiverReport)
    assert report.ssrc == call["ssrc"]
    for found, expect in zip(report.reports, call["reports"], strict=True):
        assert found == ReportBlock(
            expect["ssrc"],
            expect["fraction_lost"],
            expect["packets_lost"],
            expect["highest_sequence"],
            expect["jitter"],
            expect["lsr"],
            expect["dlsr"],
        )


@pytest.mark.parametrize("run", ["pcmu5", "pcmu5j", "opus10"])
def test_two_reports_make_an_interval(run: str) -> None:
    """Loss between reports is exact, and the round trip of a loopback call is some milliseconds."""
    first, second = (call for call in CALLS if call["run"] == run)
    reader = RtcpReader(clock_rate=48000 if run == "opus10" else 8000)
    (begun,) = reader.feed(bytes.fromhex(first["hex"]), first["sent_at"])
    (record,) = reader.feed(bytes.fromhex(second["hex"]), second["sent_at"])
    earlier, later = first["reports"][0], second["reports"][0]
    expected = later["highest_sequence"] - earlier["highest_sequence"]
    assert (begun.packets, begun.round_trip) == (None, None)
    assert begun.loss == earlier["fraction_lost"] / 256
    assert record.lost == later["packets_lost"] - earlier["packets_lost"]
    assert record.packets == expected - record.lost
    assert record.duplicates is None
    assert record.loss == record.lost / expected
    assert record.jitter == later["jitter"] / (48000 if run == "opus10" else 8000)
    assert record.round_trip is not None
    assert 0 < record.round_trip < 0.05


def test_round_trip_of_the_standards_own_example() -> None:
    """Figure 2 of RFC 3550: 6.125 seconds."""
    assert round_trip(0xB7108000, 0xB7052000, 0x00054000) == 6.125


@pytest.mark.parametrize(
    ("arrival", "last", "delay"),
    [(100, 0, 5), (100, 50, 0), (100, 90, 20), (3601 << 16, 1 << 16, 1)],
    ids=["no report yet", "no delay", "clock set back", "clock set on"],
)
def test_a_round_trip_that_cannot_be_is_absent(arrival: int, last: int, delay: int) -> None:
    """Before the first sender report, or with a clock that was set, there is no round trip."""
    assert round_trip(arrival, last, delay) is None


@given(
    st.floats(0, 4e9),
    st.floats(0.001, 59),
    st.floats(0.001, 100),
)
def test_round_trips_survive_the_wrap_of_the_clock(sent: float, path: float, kept: float) -> None:
    """Whatever the time, LSR and DLSR give back the time on the way."""
    last, delay = middle_ntp(sent), round(kept * 65536)
    if last:
        measured = round_trip(middle_ntp(sent + path + kept), last, delay)
        assert measured == pytest.approx(path, abs=1e-4)


def test_compound_packets_are_read_in_order() -> None:
    """A sender's report, its name, an extension, its goodbye, and what is not for us."""
    extended = packet(
        207,
        0,
        pack("!I", 5)
        + pack("!BBHQ", 4, 0, 2, 0xE000_0000_0000_0000)
        + pack("!BBHIII", 5, 0, 3, 8, 0xB7052000, 0x54000)
        + pack("!BBHI", 6, 0, 1, 0),
    )
    compound = parse(SENDER + NAMES + extended + BYE + packet(204, 0, b"\0\0\0\5TEST"))
    assert compound.problem is None
    assert compound.packets == (
        SenderReport(5, 0xE000_0000_8000_0000, 160, 50, 8000, (ReportBlock(7, 0, -1, 0, 0, 0, 0),)),
        SourceDescription(((5, ((1, "a@bc"), (2, "d"))),)),
        ExtendedReport(
            5,
            (
                ReceiverTime(0xE000_0000_0000_0000),
                (DelaySinceReceiverTime(8, 0xB7052000, 0x54000),),
                OtherBlock(6),
            ),
        ),
        Goodbye((5, 6), "ended"),
        OtherPacket(204),
    )


def test_answers_to_our_own_clock_give_the_round_trip_to_a_sender() -> None:
    """A side that only receives learns its round trip from DLRR."""
    answer = pack("!BBHIII", 5, 0, 3, 8, middle_ntp(1000.0), 65536)
    reader = RtcpReader()
    data = packet(207, 0, pack("!I", 5) + answer)
    (record,) = reader.feed(data, 1001.25)
    assert (record.round_trip, record.direction, record.leg) == (0.25, "inbound", "00000005")
    assert reader.feed(data) == ()
    assert reader.feed(packet(207, 0, pack("!I", 5) + pack("!BBHIII", 5, 0, 3, 8, 0, 0)), 1.0) == ()


def test_padding_and_several_chunks_are_read() -> None:
    """Padding is not part of a packet, and a description may name several sources."""
    two = packet(202, 2, pack("!I", 1) + b"\x01\x01a\x00" + pack("!I", 2) + bytes(4))
    assert parse(two).packets == (SourceDescription(((1, ((1, "a"),)), (2, ()))),)
    assert parse(packet(203, 1, pack("!I", 5), padding=8)).packets == (Goodbye((5,)),)
    assert parse(packet(203, 0, b"")).packets == (Goodbye(()),)


def test_a_source_that_restarted_is_not_compared() -> None:
    """Numbers that run backwards are a new beginning, not four billion losses."""
    before = ReportBlock(1, 0, 10, 5000, 0, 0, 0)
    record = report_quality(ReportBlock(1, 64, 0, 100, 0, 0, 0), before=before)
    assert (record.packets, record.lost, record.loss) == (None, None, 0.25)


def test_more_duplicates_than_losses_are_no_loss() -> None:
    """Between two reports the loss may fall; packets came twice."""
    before = ReportBlock(1, 0, 10, 5000, 0, 0, 0)
    record = report_quality(ReportBlock(1, 0, 7, 5100, 0, 0, 0), before=before)
    assert (record.packets, record.lost, record.loss, record.duplicates) == (100, 0, 0.0, 3)


def test_sequence_numbers_of_reports_wrap() -> None:
    """The extended number wraps at 2^32 as well."""
    before = ReportBlock(1, 0, 0, 2**32 - 50, 0, 0, 0)
    record = report_quality(ReportBlock(1, 0, 5, 50, 0, 0, 0), before=before)
    assert (record.packets, record.lost) == (95, 5)


def test_without_a_clock_rate_the_jitter_is_unknown() -> None:
    """Timestamp units are not seconds."""
    (record,) = RtcpReader().feed(receiver_report(block(jitter=80)))
    assert record.jitter is None
    (record,) = RtcpReader(clock_rate=8000).feed(receiver_report(block(jitter=80)))
    assert record.jitter == 0.01


def test_a_source_that_left_is_forgotten() -> None:
    """After a goodbye the same id is a new stream."""
    reader = RtcpReader()
    reader.feed(receiver_report(block(highest=100)))
    reader.feed(packet(203, 1, pack("!I", 7)))
    (record,) = reader.feed(receiver_report(block(highest=200)))
    assert record.packets is None


def test_a_flood_of_sources_is_bounded() -> None:
    """Beyond the limit the pair silent for longest is forgotten."""
    reader = RtcpReader(max_sources=2)
    for ssrc in (1, 2, 3):
        reader.feed(receiver_report(block(ssrc, highest=100)))
    (forgotten,) = reader.feed(receiver_report(block(1, highest=200)))
    (known,) = reader.feed(receiver_report(block(3, highest=200)))
    assert (forgotten.packets, known.packets) == (None, 100)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "0 bytes are no header"),
        (b"\x80\xc8\x00", "3 bytes are no header"),
        (b"INVITE sip:a@b SIP/2.0", "version 1, not 2"),
        (bytes.fromhex("80000000"), "0 is no packet type"),
        (SENDER[:-4], "longer than the datagram"),
        (packet(200, 0, bytes(20)), "sender report is cut off"),
        (packet(200, 1, bytes(44)), "report block is cut off"),
        (packet(201, 0, b""), "receiver report is cut off"),
        (packet(201, 31, bytes(28)), "report block is cut off"),
        (packet(202, 1, bytes(4)), "source description is cut off"),
        (packet(202, 1, bytes(4) + b"\x01\xffab"), "source description is cut off"),
        (packet(202, 1, bytes(4) + b"\x01\x01a\x01"), "source description is cut off"),
        (packet(203, 2, bytes(4)), "goodbye is cut off"),
        (packet(203, 0, b"\xffabc"), "goodbye is cut off"),
        (packet(207, 0, b""), "extended report is cut off"),
        (packet(207, 0, bytes(4) + b"\x04\x00\x00\x02"), "block is cut off"),
        (packet(207, 0, bytes(4) + b"\x04\x00", padding=2), "block is cut off"),
        (packet(207, 0, bytes(4) + b"\x04\x00\x00\x01\x00\x00\x00\x00"), "4 bytes, not 8"),
        (packet(207, 0, bytes(4) + b"\x05\x00\x00\x01\x00\x00\x00\x00"), "DLRR block is cut off"),
        (packet(207, 0, bytes(4) + b"\x07\x00\x00\x00"), "0 bytes, not 32"),
        (bytes.fromhex("a0c90001 00000009"), "padding is longer"),
        (bytes.fromhex("a0c90001 00000000"), "padding is longer"),
        (bytes.fromhex("a0c90000"), "padding is longer"),
        (bytes(70_000), "70000 bytes are no datagram"),
    ],
)
def test_what_is_no_rtcp_is_refused_with_a_reason(data: bytes, message: str) -> None:
    """Truncated packets and hostile lengths give one clear error."""
    with pytest.raises(MalformedError, match=message):
        parse(data)


def test_damage_behind_a_good_packet_leaves_a_partial_record() -> None:
    """What could be read is kept and marked; what is wrong is said."""
    reader = RtcpReader()
    (record,) = reader.feed(receiver_report(block(fraction=64)) + b"\x80\xc8")
    assert record.loss == 0.25
    assert record.partial
    assert record.problems == ("RTCP: 2 bytes are no header",)
    (empty,) = reader.feed(BYE + b"junk")
    assert empty.problems == ("RTCP: version 1, not 2",)


@pytest.mark.parametrize("arrival", [math.nan, math.inf, "now"])
def test_a_time_that_is_none_is_refused(arrival: float) -> None:
    """A broken clock is told of."""
    with pytest.raises(ValueError, match="arrival must"):
        RtcpReader().feed(SENDER, arrival)


def test_impossible_settings_are_refused() -> None:
    """No clock and no memory are mistakes of the caller, named as such."""
    with pytest.raises(ValueError, match="clock_rate must"):
        RtcpReader(clock_rate=0)
    with pytest.raises(ValueError, match="max_sources must"):
        RtcpReader(max_sources=0)


GOOD = [SENDER, NAMES, BYE, *(bytes.fromhex(sample["hex"]) for sample in SAMPLES)]


@given(st.binary(max_size=200))
def test_any_bytes_are_reports_or_one_error(data: bytes) -> None:
    """Junk never raises anything but the reader's own error."""
    try:
        RtcpReader(clock_rate=8000).feed(data, 0.0)
    except MalformedError as error:
        assert str(error).startswith("RTCP: ")  # noqa: PT017 - the other outcome is no error


@given(
    st.lists(st.sampled_from(GOOD), min_size=1, max_size=4),
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=4),
    st.integers(0, 400),
)
def test_damaged_reports_are_sane_or_one_error(
    packets: list[bytes], changes: list[tuple[int, int]], end: int
) -> None:
    """Changed bytes and cuts leave sane records, or the reader's own error."""
    data = bytearray(b"".join(packets))
    for at, value in changes:
        data[at % len(data)] = value
    try:
        records = RtcpReader(clock_rate=8000).feed(bytes(data[:end]), 1000.0)
    except MalformedError:
        return
    for record in records:
        assert record.loss is None or 0 <= record.loss <= 1
        assert all(j.mos is None or 1 <= j.mos <= 5 for j in record.judgements)
