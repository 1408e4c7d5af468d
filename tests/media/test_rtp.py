"""RTP statistics are those of RFC 3550, whatever the network and the sender do."""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxotel.media.errors import MalformedError
from cxotel.media.merging import merged
from cxotel.media.rtp import (
    Payload,
    RtpPacket,
    RtpReceiver,
    RtpStream,
    is_rtcp,
    parse,
    rtpmap,
)
from cxotel.media.rtp.burst import BurstMeter
from cxotel.media.rtp.sequence import SequenceMeter
from tests.media.captures import datagrams, rtp

if TYPE_CHECKING:
    from cxotel.media.quality import MediaQuality

OPUS = {96: Payload("opus", 48000)}


def heard(
    sequences: list[int], *, ptime: float = 0.02, receiver: RtpReceiver | None = None
) -> MediaQuality:
    """Receive packets on time and return the record of the only stream."""
    receiver = receiver or RtpReceiver()
    for number in sequences:
        receiver.feed(rtp(number, round(number * ptime * 8000)), 10 + number * ptime)
    (record,) = receiver.records()
    return record


@pytest.mark.parametrize(
    ("name", "packets", "lost", "jitter", "peak", "codec"),
    [
        ("rx_pcmu5_nomarker.pcap", 564, 34, 0.882, 1.489, "PCMU"),
        ("rx_opus10.pcap", 531, 66, 0.945, 1.197, "opus"),
    ],
)
def test_real_calls_are_measured_as_other_tools_measure_them(  # noqa: PLR0917 - a table
    name: str, packets: int, lost: int, jitter: float, peak: float, codec: str
) -> None:
    """Loss is exact and jitter agrees to a microsecond on captured calls with induced loss."""
    receiver = RtpReceiver(OPUS)
    for arrival, data in datagrams(name):
        receiver.feed(data, arrival)
    (record,) = receiver.records()
    assert (record.packets, record.lost, record.codec) == (packets, lost, codec)
    assert record.loss == lost / (packets + lost)
    assert record.jitter is not None
    assert record.jitter_max is not None
    assert round(record.jitter * 1000, 3) == jitter
    assert round(record.jitter_max * 1000, 3) == peak
    assert record.duration == pytest.approx(11.93, abs=0.02)
    assert record.talk_duration == pytest.approx((packets + lost) * 0.02)


def test_a_stream_may_begin_at_any_number() -> None:
    """Who joins late has lost nothing of what was before."""
    record = heard(list(range(40000, 40050)))
    assert (record.packets, record.lost, record.loss) == (50, 0, 0.0)


def test_sequence_numbers_wrap() -> None:
    """After 65535 comes 0, and nothing is lost."""
    record = heard(list(range(65500, 65600)))
    assert (record.packets, record.lost) == (100, 0)
    stream = RtpStream(1)
    for number in (65535, 65536):
        stream.add(parse(rtp(number)), 0.0)
    assert stream.highest_sequence == 65536


def test_duplicates_are_counted_once() -> None:
    """A packet that comes twice arrived; RTCP's loss turns negative, ours does not."""
    stream = RtpStream(1)
    for number in (1, 2, 2, 3, 3):
        stream.add(parse(rtp(number, number * 160)), number / 50)
    record = stream.quality()
    assert (record.packets, record.lost, record.duplicates) == (3, 0, 2)
    assert stream.cumulative_lost == -2


def test_overtaken_packets_are_not_lost() -> None:
    """A packet that arrives after its successor was reordered."""
    record = heard([1, 2, 4, 3, 5, 7, 8, 6])
    assert (record.packets, record.lost, record.reordered) == (8, 0, 2)
    assert record.burst is not None
    assert record.burst.gap_density == 0.0


def test_the_first_to_arrive_need_not_be_the_first_sent() -> None:
    """Packets that left before the first arrival count when they come."""
    record = heard([102, 100, 101, 103])
    assert (record.packets, record.lost) == (4, 0)


def test_packets_are_lost_when_they_are_too_late() -> None:
    """A hundred packets behind, a hole is a loss for good."""
    meter = SequenceMeter()
    for number in (0, *range(2, 101)):
        meter.add(number)
    assert (meter.decided_lost, meter.lost) == (0, 1)
    meter.add(101)
    assert (meter.decided_lost, meter.lost) == (1, 1)


@pytest.mark.parametrize(("overtaken_by", "lost"), [(1, 0), (60, 0), (99, 0), (100, 1)])
def test_a_packet_counts_until_a_hundred_have_overtaken_it(overtaken_by: int, lost: int) -> None:
    """Up to 99 places behind the newest, a packet is late; further behind, it is lost."""
    meter = SequenceMeter()
    for number in (*range(100), *range(101, 101 + overtaken_by), 100):
        meter.add(number)
    assert (meter.lost, meter.reordered) == (lost, 1 - lost)


def test_a_sender_that_restarts_its_numbers_loses_nothing() -> None:
    """A jump that the next packet confirms is a restart, not thousands of losses."""
    record = heard([*range(100, 150), *range(30000, 30050)])
    assert (record.packets, record.lost) == (100, 0)


def test_a_stray_number_is_left_out() -> None:
    """One packet far off, never confirmed, changes nothing."""
    record = heard([*range(100, 150), 30000, *range(150, 200)])
    assert (record.packets, record.lost) == (100, 0)


def test_stray_numbers_do_not_confirm_each_other_later() -> None:
    """Only the very next packet makes a restart of a jump."""
    record = heard([*range(100, 150), 30000, *range(150, 200), 30001, *range(200, 250)])
    assert (record.packets, record.lost) == (150, 0)


def test_a_restart_is_no_jitter() -> None:
    """A sender that begins anew has a new clock as well."""
    stream = RtpStream(1)
    for number in range(100):
        anew = number >= 50
        packet = parse(rtp(number + anew * 20000, number * 160 + anew * 8000))
        stream.add(packet, number * 0.02)
    assert stream.quality().jitter_max == pytest.approx(0.0, abs=1e-9)


def test_an_outage_shorter_than_a_minute_is_loss() -> None:
    """Up to 3000 packets may be missing at once."""
    record = heard([*range(100), *range(2100, 2200)])
    assert (record.packets, record.lost) == (200, 2000)
    assert record.burst is not None
    assert record.burst.burst_duration == pytest.approx(40.0)


def test_jitter_is_that_of_the_rfc() -> None:
    """One packet 16 ms late adds a millisecond, and as much again when the next is on time."""
    stream = RtpStream(1)
    for number, late in enumerate((0.0, 0.0, 0.016, 0.0)):
        stream.add(parse(rtp(number, number * 160)), number * 0.02 + late)
    assert stream.jitter == pytest.approx(0.001 * 15 / 16 + 0.001)
    record = stream.quality()
    assert record.jitter == pytest.approx((0 + 0.001 + 0.001 * 31 / 16) / 3)
    assert record.jitter_max == pytest.approx(0.001 * 31 / 16)
    assert record.jitter_samples == 3


def test_overtaken_packets_have_jitter_in_the_order_of_arrival() -> None:
    """A packet that comes one place late is 40 ms off, and so is the next."""
    stream = RtpStream(1)
    for place, number in enumerate((0, 2, 1, 3)):
        stream.add(parse(rtp(number, number * 160)), place * 0.02)
    jitter = 0.0
    for off in (0.02, 0.04, 0.02):
        jitter += (off - jitter) / 16
    assert stream.jitter == pytest.approx(jitter)


def test_padding_between_the_packets_of_sound_is_no_jitter() -> None:
    """What browsers send to probe the network has the time of the packet before."""
    plain, probed = RtpStream(7), RtpStream(7)
    for number in range(100):
        arrival = number * 0.02 + (number % 3) * 0.004
        plain.add(RtpPacket(7, number, number * 160, 0, False, 160), arrival)
        for part in range(3):
            packet = RtpPacket(7, number * 3 + part, number * 160, 0, False, 160)
            probed.add(packet, arrival + part * 0.003)
    assert probed.quality().jitter == plain.quality().jitter
    assert probed.quality().packets == 300


def test_each_interval_has_its_own_greatest_jitter() -> None:
    """One late packet marks its interval, and fades from the later ones."""
    stream = RtpStream(1)
    peaks: list[float | None] = []
    for number in range(300):
        late = 0.1 if number == 20 else 0.0
        stream.add(parse(rtp(number, number * 160)), number * 0.02 + late)
        if number % 100 == 99:
            peaks.append(stream.interval().jitter_max)
    assert peaks[0] == pytest.approx(0.1 / 16 * (1 + 15 / 16))
    assert peaks[1] is not None
    assert peaks[1] < 0.0001
    assert stream.quality().jitter_max == peaks[0]


def test_timestamps_wrap() -> None:
    """At 2^32 the timestamp begins anew and the jitter stays where it was."""
    stream = RtpStream(1)
    for number in range(10):
        stream.add(parse(rtp(number, 2**32 - 800 + number * 160)), number * 0.02)
    assert stream.jitter == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize(
    ("kind", "step", "codec"), [(9, 160, "G722"), (96, 960, "opus"), (11, 882, "L16")]
)
def test_the_clock_is_that_of_the_payload(kind: int, step: int, codec: str) -> None:
    """G.722 counts at 8000, Opus at 48000: with the right clock steady packets have no jitter."""
    receiver = RtpReceiver(OPUS)
    for number in range(50):
        receiver.feed(rtp(number, number * step, kind=kind), number * 0.02)
    (record,) = receiver.records()
    assert record.codec == codec
    assert record.jitter == pytest.approx(0.0, abs=1e-9)
    assert record.talk_duration == pytest.approx(1.0)


def test_an_unknown_payload_has_no_jitter_rather_than_a_wrong_one() -> None:
    """Without a clock rate there is loss, but no jitter and no codec."""
    receiver = RtpReceiver()
    for number in (1, 2, 3, 5):
        receiver.feed(rtp(number, number * 960, kind=111), number * 0.02)
    (record,) = receiver.records()
    assert (record.lost, record.jitter, record.jitter_max) == (1, None, None)
    assert (record.codec, record.clock_rate, record.talk_duration) == (None, None, None)
    assert record.burst is not None
    assert record.burst.gap_duration is None


def test_pauses_are_neither_loss_nor_jitter() -> None:
    """A sender that is silent for two seconds, and marks its return, did nothing wrong."""
    stream = RtpStream(1)
    for number in range(100):
        pause = 2.0 if number >= 50 else 0.0
        packet = parse(rtp(number, round((number * 0.02 + pause) * 8000), marker=number == 50))
        stream.add(packet, number * 0.02 + pause)
    record = stream.quality()
    assert (record.lost, record.packets) == (0, 100)
    assert record.jitter_max == pytest.approx(0.0, abs=1e-9)
    assert record.talk_duration == pytest.approx(2.0)
    assert record.duration == pytest.approx(99 * 0.02 + 2.0)


def test_a_pause_is_not_the_length_of_a_packet() -> None:
    """The sound in a packet is what two packets in a row agree on."""
    stream = RtpStream(1)
    for number, timestamp in enumerate((0, 160, 320, 480, 20_000)):
        stream.add(parse(rtp(number, timestamp)), timestamp / 8000)
    assert stream.packet_duration == 0.02


def test_a_held_timestamp_after_silence_is_not_jitter() -> None:
    """Some senders stop their clock while they are silent; the marker shows it."""
    stream = RtpStream(1)
    for number in range(100):
        pause = 2.0 if number >= 50 else 0.0
        stream.add(parse(rtp(number, number * 160, marker=number == 50)), number * 0.02 + pause)
    assert stream.quality().jitter_max == pytest.approx(0.0, abs=1e-9)


def test_a_late_packet_is_jitter_though_every_packet_is_marked() -> None:
    """Senders that mark every packet are measured like any other."""
    stream = RtpStream(1)
    for number in range(50):
        late = 0.016 if number == 20 else 0.0
        stream.add(parse(rtp(number, number * 160, marker=True)), number * 0.02 + late)
    assert stream.quality().jitter_max == pytest.approx(0.001 * 31 / 16)


def test_a_new_clock_is_no_jitter() -> None:
    """A timestamp that jumps by minutes without a marker is a new clock, not a late packet."""
    stream = RtpStream(1)
    for number in range(100):
        jump = 5_000_000 if number >= 50 else 0
        stream.add(parse(rtp(number, number * 160 + jump)), number * 0.02)
    assert stream.quality().jitter_max == pytest.approx(0.0, abs=1e-9)


def test_telephone_events_keep_out_of_the_jitter() -> None:
    """While a key is pressed the timestamp stands still, and its last packet is sent thrice."""
    receiver = RtpReceiver({101: Payload("telephone-event", 8000)})
    for number in range(50):
        receiver.feed(rtp(number, number * 160), number * 0.02)
    for number in (50, 51, 52, 52, 52):
        receiver.feed(rtp(number, 50 * 160, kind=101), 1.0)
    for number in range(53, 100):
        receiver.feed(rtp(number, number * 160), number * 0.02)
    (record,) = receiver.records()
    assert record.codec == "PCMU"
    assert (record.packets, record.lost, record.duplicates) == (100, 0, 2)
    assert record.jitter_max == pytest.approx(0.0, abs=1e-9)


def test_a_stream_of_events_alone_has_no_jitter() -> None:
    """Key presses on a source of their own are not sound."""
    receiver = RtpReceiver({101: Payload("telephone-event", 8000)})
    for number in range(10):
        receiver.feed(rtp(number, 0, kind=101), number * 0.05)
    (record,) = receiver.records()
    assert (record.codec, record.jitter, record.packets) == ("telephone-event", None, 10)


def test_comfort_noise_is_not_the_codec() -> None:
    """The codec is what speech came in, however much silence there was."""
    stream = RtpStream(1)
    for number in range(30):
        stream.add(parse(rtp(number, number * 160, kind=8 if number < 5 else 13)), number * 0.02)
    assert stream.quality().codec == "PCMA"


def test_a_codec_change_begins_a_new_clock() -> None:
    """Changing from Opus to G.711 in mid-stream is not a late packet."""
    stream = RtpStream(1, OPUS)
    for number in range(40):
        opus = number < 20
        packet = parse(rtp(number, number * (960 if opus else 160), kind=96 if opus else 0))
        stream.add(packet, number * 0.02)
    record = stream.quality()
    assert record.jitter_max == pytest.approx(0.0, abs=1e-9)
    assert (record.packets, record.lost) == (40, 0)


def test_a_new_source_is_a_new_stream() -> None:
    """Each SSRC has numbers of its own, so a change of source is no loss."""
    receiver = RtpReceiver()
    for number in range(50):
        receiver.feed(rtp(number, number * 160, ssrc=1), number * 0.02)
        receiver.feed(rtp(number + 9000, number * 160, ssrc=2), number * 0.02)
    assert [(r.leg, r.packets, r.lost) for r in receiver.records()] == [
        ("00000001", 50, 0),
        ("00000002", 50, 0),
    ]


def test_a_flood_of_sources_is_bounded() -> None:
    """Beyond the limit the stream silent for longest goes, and the loss is counted."""
    receiver = RtpReceiver(max_streams=3)
    for ssrc in (1, 2, 3, 1, 4, 5):
        receiver.feed(rtp(1, ssrc=ssrc), 0.0)
    assert [stream.ssrc for stream in receiver.streams] == [1, 4, 5]
    assert receiver.dropped == 2


def test_memory_does_not_grow_with_the_stream() -> None:
    """However many packets come, they are kept in the same few counters."""
    stream = RtpStream(1)
    sizes: list[int] = []
    for number in range(20_000):
        if number % 7:
            stream.add(parse(rtp(number, number * 160)), number * 0.02)
        if number in {1000, 19_999}:
            meters = (stream._sequence, stream._jitter, stream._counts)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
            sizes.append(sum(sys.getsizeof(meter) for meter in meters))
    assert sizes[0] == sizes[1]


def test_an_empty_stream_knows_nothing() -> None:
    """Before the first packet every figure is absent, none is zero quality."""
    record = RtpStream(1).quality()
    assert (record.loss, record.jitter, record.codec, record.start, record.duration) == (None,) * 5
    assert record.burst is None


@pytest.mark.parametrize("arrival", [math.nan, math.inf, "now", None])
def test_a_time_that_is_none_is_refused(arrival: float) -> None:
    """A broken clock is told of, and does not spoil the jitter for good."""
    with pytest.raises(ValueError, match="arrival must"):
        RtpStream(1).add(parse(rtp(1)), arrival)


@given(st.integers(0, 65535), st.lists(st.booleans(), min_size=1, max_size=400))
def test_loss_and_bursts_are_those_of_the_pattern(start: int, arrived: list[bool]) -> None:
    """Whatever is missing between the first and the last packet is lost, in its place."""
    if True not in arrived:
        arrived.append(True)
    first, last = arrived.index(True), len(arrived) - arrived[::-1].index(True)
    meter, bursts = SequenceMeter(), BurstMeter()
    for number, came in enumerate(arrived[first:last]):
        if came:
            meter.add((start + number) & 0xFFFF)
            bursts.received()
        else:
            bursts.lost()
    assert meter.packets == arrived.count(True)
    assert meter.expected == last - first
    assert meter.tally() == bursts.tally()


@given(
    st.integers(0, 65535),
    st.lists(st.tuples(st.booleans(), st.integers(0, 40), st.integers(1, 3)), max_size=300),
)
def test_order_and_repetition_change_no_loss(
    start: int, packets: list[tuple[bool, int, int]]
) -> None:
    """Reordered within the window and repeated, the same packets are lost."""
    # Each packet: whether it comes, how many places it is delayed by, how often it comes.
    sent = [
        (number + delay, number, copies)
        for number, (came, delay, copies) in enumerate(packets)
        if came
    ]
    meter, seen = SequenceMeter(), {number for _, number, _ in sent}
    for _, number, copies in sorted(sent):
        for _ in range(copies):
            meter.add((start + number) & 0xFFFF)
    expected = max(seen) - min(seen) + 1 if seen else 0
    assert meter.packets == len(seen)
    assert meter.lost == expected - len(seen)
    assert meter.duplicates == sum(copies - 1 for _, _, copies in sent)
    tally = meter.tally()
    assert tally.burst_lost + tally.gap_lost == meter.lost
    assert tally.burst_packets + tally.gap_packets == expected


@given(st.lists(st.floats(0, 0.3), min_size=2, max_size=100))
def test_jitter_equals_the_formula(delays: list[float]) -> None:
    """The jitter of a stream is the recursion of RFC 3550 over its delays."""
    stream, jitter = RtpStream(1), 0.0
    for number, delay in enumerate(delays):
        stream.add(parse(rtp(number, number * 160)), number * 0.02 + delay)
        if number:
            jitter += (abs(delay - delays[number - 1]) - jitter) / 16
    assert stream.jitter == pytest.approx(jitter, abs=1e-9)


@given(
    st.lists(st.tuples(st.integers(0, 3), st.floats(0, 0.1)), min_size=1, max_size=400),
    st.sets(st.integers(0, 400), max_size=6),
)
def test_intervals_add_up_to_the_whole_call(
    packets: list[tuple[int, float]], cuts: set[int]
) -> None:
    """Merging the intervals of a stream gives its record, however it is cut."""
    stream, number = RtpStream(1), 0
    parts: list[MediaQuality] = []
    for index, (skipped, late) in enumerate(packets):
        number += 1 + skipped
        stream.add(parse(rtp(number, number * 160)), number * 0.02 + late)
        if index in cuts:
            parts.append(stream.interval())
    whole = stream.quality()
    parts.append(stream.interval(final=True))
    total = merged(parts)
    for name in ("packets", "lost", "duplicates", "reordered", "jitter_samples", "start"):
        assert getattr(total, name) == getattr(whole, name), name
    assert total.loss == pytest.approx(whole.loss)
    assert total.jitter == (None if whole.jitter is None else pytest.approx(whole.jitter))
    assert total.jitter_max == whole.jitter_max
    assert total.duration == pytest.approx(whole.duration)
    assert total.burst is not None
    assert whole.burst is not None
    assert total.burst.tally == whole.burst.tally
    assert all(part.lost is not None and part.lost >= 0 for part in parts)


def test_the_marker_is_no_part_of_the_payload_type() -> None:
    """The highest payload type is read with the marker and without."""
    for marker in (False, True):
        packet = parse(rtp(1, kind=127, marker=marker))
        assert (packet.payload_type, packet.marker) == (127, marker)


def test_headers_with_everything_are_read() -> None:
    """Contributing sources, an extension and padding are no payload."""
    fixed = bytes((0xB2, 0x80 | 8)) + bytes.fromhex("0102 00000003 00000004")
    sources, extension = bytes(8), bytes.fromhex("bede0001 00000000")
    packet = parse(fixed + sources + extension + b"sound" + bytes((0, 0, 3)))
    assert (packet.sequence, packet.timestamp, packet.ssrc) == (0x0102, 3, 4)
    assert (packet.payload_type, packet.marker, packet.payload_size) == (8, True, 5)


@pytest.mark.parametrize(
    ("payload", "size"), [(b"", 0), (b"\x00", 1), (b"ab\x09", 3), (b"ab\x03", 0), (b"ab\x02", 1)]
)
def test_encrypted_padding_is_no_reason_to_refuse_a_packet(payload: bytes, size: int) -> None:
    """Browsers pad SRTP to find out how much the network carries: those packets have arrived."""
    assert parse(bytes.fromhex("a000") + bytes(10) + payload).payload_size == size


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "0 bytes are no header"),
        (rtp(1)[:11], "11 bytes are no header"),
        (b"GET / HTTP/1.1", "version 1, not 2"),
        (bytes.fromhex("81c90007") + bytes(28), "this is RTCP"),
        (bytes.fromhex("8f00") + bytes(10), "header is longer"),
        (bytes.fromhex("9000") + bytes(10), "header is longer"),
        (bytes.fromhex("9000") + bytes(10) + b"\xbe\xde\xff\xff", "header is longer"),
    ],
)
def test_what_is_no_rtp_is_refused_with_a_reason(data: bytes, message: str) -> None:
    """Truncated packets and hostile lengths give one clear error."""
    with pytest.raises(MalformedError, match=message):
        parse(data)


@given(st.binary(max_size=80), st.floats(-1e9, 1e9))
def test_any_bytes_are_a_packet_or_one_error(data: bytes, arrival: float) -> None:
    """Junk never raises anything but the reader's own error, and never corrupts a record."""
    receiver = RtpReceiver()
    receiver.feed(rtp(1), 0.0)
    try:
        receiver.feed(data, arrival)
    except MalformedError as error:
        assert str(error).startswith("RTP: ")  # noqa: PT017 - the other outcome is no error
    assert all(record.packets for record in receiver.records())


@given(
    st.lists(
        st.tuples(
            st.integers(0, 65535),
            st.integers(0, 2**32 - 1),
            st.sampled_from([0, 9, 13, 96, 101, 111]),
            st.floats(-1e12, 1e12),
            st.booleans(),
        ),
        min_size=1,
        max_size=60,
    )
)
def test_hostile_headers_give_sane_figures(
    headers: list[tuple[int, int, int, float, bool]],
) -> None:
    """Random numbers, clocks and times leave shares between 0 and 1 and nothing negative."""
    stream = RtpStream(1, {101: Payload("telephone-event", 8000), **OPUS})
    for sequence, timestamp, kind, arrival, marker in headers:
        packet = parse(rtp(sequence, timestamp, kind=kind, marker=marker, size=0))
        stream.add(packet, arrival)
    record = stream.quality()
    assert record.packets is not None
    assert record.packets >= 1
    assert record.lost is not None
    assert record.lost >= 0
    assert record.jitter is None or 0 <= record.jitter <= 5


@pytest.mark.parametrize(
    ("line", "kind", "codec", "clock"),
    [
        ("a=rtpmap:111 opus/48000/2", 111, "opus", 48000),
        ("0 PCMU/8000", 0, "PCMU", 8000),
        (" 9 G722/8000 ", 9, "G722", 8000),
    ],
)
def test_rtpmap_lines_are_read(line: str, kind: int, codec: str, clock: int) -> None:
    """Payload types come as SDP has them."""
    assert rtpmap(line) == (kind, Payload(codec, clock))


@pytest.mark.parametrize(
    "line", ["", "opus", "128 opus/48000", "96 opus", "96 /8000", "96 x/0", "x y/z", "96 a/1e9"]
)
def test_what_is_no_rtpmap_is_refused(line: str) -> None:
    """A line that says nothing of a payload type is an error, not a guess."""
    with pytest.raises(MalformedError, match="no rtpmap"):
        rtpmap(line)


def test_rtcp_on_the_same_port_is_told_apart() -> None:
    """With rtcp-mux, the second byte decides."""
    assert is_rtcp(bytes.fromhex("80c80006"))
    assert not is_rtcp(rtp(1))
    assert not is_rtcp(rtp(1, kind=111, marker=True))
    assert not is_rtcp(b"")


def test_a_receiver_needs_room_for_a_stream() -> None:
    """No room is a mistake of the caller, named as such."""
    with pytest.raises(ValueError, match="max_streams must"):
        RtpReceiver(max_streams=0)
    with pytest.raises(ValueError, match="clock_rate must"):
        Payload("opus", 0)
