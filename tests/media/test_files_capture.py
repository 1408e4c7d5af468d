"""Captures: every container and link layer, what is sound in them, and what it is called."""

from __future__ import annotations

import io
import struct
import sys
from typing import TYPE_CHECKING

import pytest

from cxotel.media.errors import MalformedError
from cxotel.media.files import Hints, MissingLibraryError, read
from cxotel.media.files.source import Source
from tests.media.captures import rtp
from tests.media.frames import (
    ALICE,
    ALICE_6,
    BOB,
    BOB_6,
    block,
    call,
    interface,
    linked,
    option,
    packet,
    pcap,
    section,
    sip,
    tcp,
    udp,
)
from tests.media.vectors import VECTORS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cxotel.media.files import Leg, Reading
    from tests.media.frames import Timed

AUDIO = "c=IN IP4 192.0.2.2\nm=audio 5000 RTP/AVP 111 101\n"
OPUS = AUDIO + "a=rtpmap:111 opus/48000/2\na=rtpmap:101 telephone-event/8000\n"


def reading(frames: Iterable[Timed], hints: Hints | None = None, link: int = 101) -> Reading:
    """Read a capture of some frames."""
    return read(io.BytesIO(pcap(frames, link)), hints)


def only(frames: Iterable[Timed], hints: Hints | None = None) -> Leg:
    """Read a capture that holds one stream."""
    (leg,) = reading(frames, hints).legs
    return leg


def counts(leg: Leg) -> tuple[int | None, int | None]:
    """Return how many packets arrived and were lost."""
    return leg.assessment.record.packets, leg.assessment.record.lost


@pytest.mark.parametrize("peers", [(ALICE, BOB), (ALICE_6, BOB_6)], ids=["IPv4", "IPv6"])
@pytest.mark.parametrize("link", [1, 113, 276, 0, 108, 12, 14, 101, 228, 229])
def test_a_stream_is_found_behind_each_link_layer(
    link: int, peers: tuple[tuple[str, int], tuple[str, int]]
) -> None:
    """Wherever it was captured, a call is the same."""
    frames = [(t, linked(link, ip)) for t, ip in call(lost={9}, source=peers[0], target=peers[1])]

    found = read(io.BytesIO(pcap(frames, link)))

    assert [counts(leg) for leg in found.legs] == [(59, 1)]
    assert found.legs[0].name.endswith(
        "192.0.2.2:5000" if peers[1] is BOB else "[2001:db8::2]:5000"
    )


@pytest.mark.parametrize("tags", [1, 2])
def test_virtual_networks_are_looked_into(tags: int) -> None:
    """IEEE 802.1Q tags, also stacked, hide no call."""
    frames = [(t, linked(1, ip, tags=tags)) for t, ip in call()]
    assert counts(read(io.BytesIO(pcap(frames, 1))).legs[0]) == (60, 0)


def test_dial_up_over_ethernet_is_looked_into() -> None:
    """PPPoE, as behind many DSL lines, hides no call."""
    frames = [(t, bytes(12) + b"\x88\x64\x11\x00" + bytes(4) + b"\0\x21" + ip) for t, ip in call()]
    assert counts(read(io.BytesIO(pcap(frames, 1))).legs[0]) == (60, 0)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("nano", [False, True])
def test_classic_captures_of_any_machine_are_read(order: str, *, nano: bool) -> None:
    """Either byte order, microseconds or nanoseconds: the times are the same."""
    found = read(io.BytesIO(pcap(call(), order=order, nano=nano)))
    record = found.legs[0].assessment.record
    assert record.start == pytest.approx(1000.0)
    assert record.duration == pytest.approx(59 * 0.02)
    assert record.jitter == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize("order", ["<", ">"])
def test_interfaces_of_a_capture_have_their_own_clocks_and_links(order: str) -> None:
    """A merged capture times each packet as its interface does."""
    nanoseconds = option(9, b"\x09", order)
    shifted = option(14, struct.pack(f"{order}q", 900), order)
    blocks = [section(order), interface(101, nanoseconds, order), interface(1, shifted, order)]
    for number, (time, ip) in enumerate(call()):
        if number % 2:
            blocks.append(packet(0, round(time * 1e9), ip, order))
        else:
            ticks = round((time - 900) * 1e6)
            blocks.append(packet(1, ticks, linked(1, ip), order))

    record = read(io.BytesIO(b"".join(blocks))).legs[0].assessment.record

    assert record.packets == 60
    assert record.start == pytest.approx(1000.0)
    assert record.jitter == pytest.approx(0.0, abs=1e-6)


def test_sections_and_unknown_blocks_of_a_capture_are_passed() -> None:
    """A second section has interfaces of its own; statistics and comments are skipped."""
    frames = [(round(time * 1e6), ip) for time, ip in call()]
    first = [packet(0, ticks, ip) for ticks, ip in frames[:30]]
    second = [packet(0, ticks, linked(1, ip), ">") for ticks, ip in frames[30:]]
    blocks = [section(), block(0xBAD, b"abcd"), interface(101), packet(7, 1, b"lost"), *first]

    found = read(io.BytesIO(b"".join([*blocks, section(">"), interface(1, b"", ">"), *second])))

    assert counts(found.legs[0]) == (60, 0)


def test_packets_of_old_captures_are_read() -> None:
    """The packet block that pcapng has given up is still found in files."""
    blocks = [section(), interface(101, option(9, b"\x8a"))]
    for time, ip in call():
        fields = 0, 0, 0, round(time * 1024), len(ip), len(ip)
        blocks.append(block(2, struct.pack("<HHIIII", *fields) + ip))
    record = read(io.BytesIO(b"".join(blocks))).legs[0].assessment.record
    assert (record.packets, record.start) == (60, pytest.approx(1000.0))


def test_a_capture_that_breaks_off_is_read_so_far() -> None:
    """A capture whose program was killed tells what it has, and that it breaks off."""
    whole = pcap(call())
    found = read(io.BytesIO(whole[:-7]))
    assert counts(found.legs[0]) == (60, 0)
    assert found.notes == ("the file ends inside a packet",)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (pcap([]), "no RTP in 0 packets"),
        (pcap([])[:9], "ends inside a packet"),
        (pcap([(1, b"x" * 60)] * 3, link=147), "link layers that are not read: 147"),
        (pcap([]) + struct.pack("<IIII", 1, 1, 2**32 - 1, 1), "4294967295 bytes is no packet"),
        (section() + struct.pack("<II", 1, 4), "a block of 4 bytes"),
        (section()[:8] + b"abcd" + bytes(16), "without byte order"),
        (section() + block(1, b"") + bytes(3), "header is damaged"),
    ],
)
def test_a_capture_without_a_call_says_why(data: bytes, why: str) -> None:
    """Nothing to judge is one clear error."""
    with pytest.raises(MalformedError, match=why):
        read(io.BytesIO(data))


def test_what_is_needed_to_read_captures_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the library, one line says what to install."""
    monkeypatch.setitem(sys.modules, "dpkt.pcap", None)
    with pytest.raises(MissingLibraryError, match=r"pip install 'cxotel\[pcap\]'") as raised:
        reading(call())
    assert raised.value.name == "dpkt"


def test_sdp_names_what_the_receiver_waits_for() -> None:
    """A dynamic payload type has the name that the receiver's description gives it."""
    leg = only([(999, udp(sip(OPUS))), *call(kind=111, step=960)])
    assert (leg.assessment.record.codec, leg.assessment.record.clock_rate) == ("opus", 48000)
    assert leg.name == "192.0.2.1:4000 > 192.0.2.2:5000"


def test_behind_address_translation_everybodys_name_counts() -> None:
    """Where the description's address is not the packets', its names hold while they agree."""
    elsewhere = OPUS.replace("192.0.2.2", "10.0.0.9")
    assert only([(999, udp(sip(elsewhere))), *call(kind=111)]).assessment.record.codec == "opus"
    other = elsewhere.replace("opus/48000/2", "EVS/16000").replace("10.0.0.9", "10.0.0.8")
    frames = [(998, udp(sip(other))), (999, udp(sip(elsewhere))), *call(kind=111)]
    assert only(frames).assessment.record.codec is None


def test_descriptions_in_one_segment_of_tcp_count() -> None:
    """SIP over TCP is read where a message fits into one segment."""
    frames = [(999, tcp(sip(OPUS, "INVITE sip:a@example.org SIP/2.0"))), *call(kind=111)]
    assert only(frames).assessment.record.codec == "opus"


def test_an_announced_stream_is_believed_sooner() -> None:
    """Two packets are enough where SDP told of them, five where nobody did."""
    assert counts(only([(999, udp(sip(OPUS))), *call(2, kind=111)])) == (2, 0)
    assert counts(only(call(5))) == (5, 0)
    with pytest.raises(MalformedError, match="no RTP in 4 packets"):
        reading(call(4))


def test_a_stream_that_begins_in_disorder_or_twice_is_counted_from_its_first_packet() -> None:
    """Neither packets that overtake nor interfaces that see all twice delay belief."""
    frames = call()
    disorder = [frames[n] for n in (2, 0, 3, 1, 5, 4)] + frames[6:]
    times = sorted(time for time, _ in frames)
    mixed = [(time, ip) for time, (_, ip) in zip(times, disorder, strict=True)]
    assert counts(only(mixed)) == (60, 0)
    twice = [frame for frame in frames for _ in range(2)]
    leg = only(twice)
    assert counts(leg) == (60, 0)
    assert leg.assessment.record.duplicates == 60


def test_what_repeats_itself_is_no_stream() -> None:
    """Heartbeats with few numbers are not taken for sound, however many there are."""
    frames = [(1000 + n, udp(rtp(n % 4))) for n in range(200)]
    with pytest.raises(MalformedError, match="no RTP in 200 packets"):
        reading(frames)


def test_refused_streams_and_odd_lines_announce_nothing() -> None:
    """Port 0, addresses that are none and names that are none are passed over."""
    odd = "c=IN IP4 999.1.1.1\nm=audio 0 RTP/AVP 111\na=rtpmap:111 opus/48000/2\nm=audio x\n"
    odd += "m=audio 5000 RTP/AVP 111\nc=IN IP4 192.0.2.2\na=rtpmap:nonsense\n"
    leg = only([(999, udp(sip(odd))), *call(kind=111)])
    assert leg.assessment.record.codec is None
    assert leg.name == "192.0.2.1:4000 > 192.0.2.2:5000, payload type 111"


def test_video_is_left_out() -> None:
    """Pictures are no sound: by their payload type, or because many packets share a time."""
    movie = [(1000 + n * 0.01, udp(rtp(n, n // 4 * 3000, kind=100, ssrc=9))) for n in range(40)]
    found = reading(sorted([*call(), *movie, *call(kind=34, ssrc=8)]))
    assert [counts(leg) for leg in found.legs] == [(60, 0)]
    assert found.notes == ("2 streams of video are left out",)


@pytest.mark.parametrize("host", ["192.0.2.2", "10.0.0.9"], ids=["there", "translated"])
def test_announced_video_is_left_out_whatever_it_looks_like(host: str) -> None:
    """SDP tells pictures from sound, by address, or else by payload type."""
    offer = f"c=IN IP4 {host}\nm=video 6000 RTP/AVP 96\na=rtpmap:96 H264/90000\n"
    movie = call(kind=96, target=("192.0.2.2", 6000), ssrc=9)
    found = reading(sorted([(999, udp(sip(OPUS + offer))), *call(kind=111), *movie]))
    assert [counts(leg) for leg in found.legs] == [(60, 0)]
    assert found.notes == ("1 streams of video are left out",)


def test_probes_of_a_browser_are_no_pictures() -> None:
    """Many packets of padding with one time are still a stream of sound."""
    frames: list[Timed] = []
    for number in range(120):
        data = bytearray(rtp(number, number // 6 * 960, kind=111))
        data[0] |= 0x20 if number % 6 else 0
        frames.append((1000 + number * 0.004, udp(bytes(data))))
    assert counts(only(frames)) == (120, 0)


def test_empty_packets_and_later_fragments_are_no_sound() -> None:
    """What keeps a way through a firewall open has no payload; a fragment has no header."""
    empty = [(1000 + n, udp(rtp(n, n * 160, size=0))) for n in range(40)]
    with pytest.raises(MalformedError, match="no RTP in 40 packets"):
        reading(empty)
    later = [(t, ip[:6] + b"\x00\x10" + ip[8:]) for t, ip in call(40)]
    with pytest.raises(MalformedError, match="no RTP in 40 packets"):
        reading(later)


def test_pressed_keys_alone_are_no_sound() -> None:
    """Some telephones send key presses in a stream of their own, each thrice."""
    keys = [(1001 + n / 50, udp(rtp(n, 5, kind=101, ssrc=9))) for n in range(8)]
    found = reading(sorted([(999, udp(sip(OPUS))), *call(kind=111), *keys]))
    assert [counts(leg) for leg in found.legs] == [(60, 0)]
    assert found.notes == ("1 streams of pressed keys are left out",)


def test_a_codec_that_somebody_knows_names_dynamic_types_only() -> None:
    """The hint fills what the capture does not tell, and leaves alone what it does."""
    hints = Hints(codec="opus")
    assert only(call(kind=111), hints).assessment.record.codec == "opus"
    assert only(call(kind=0), hints).assessment.record.codec == "PCMU"


def test_streams_are_told_apart_by_both_ends_and_their_id() -> None:
    """The same id on both ways, or on both sides of a relay, makes separate legs."""
    relay = ("192.0.2.9", 7000)
    frames = [
        *call(60),
        *call(50, source=BOB, target=ALICE),
        *call(40, source=relay),
        *call(30, ssrc=1),
    ]
    found = reading(sorted(frames))
    assert sorted(counts(leg) for leg in found.legs) == [(30, 0), (40, 0), (50, 0), (60, 0)]


def test_other_traffic_is_no_sound() -> None:
    """Names, times, keys and noise on the network are not taken for streams."""
    noise = [
        struct.pack("!HHHHHH", 0x8180, 0x8180, 1, 1, 0, 0) + bytes(40),
        bytes.fromhex("000100002112a442") + bytes(20),
        bytes.fromhex("16fefd0000000000000001") + bytes(40),
        bytes.fromhex("8000") + bytes(30),
        bytes(3),
        b"",
    ]
    frames = [(1000 + n, udp(payload)) for n, payload in enumerate(noise * 20)]
    with pytest.raises(MalformedError, match="no RTP in 120 packets"):
        reading(frames)


def test_fragments_and_headers_of_ipv6_are_handled() -> None:
    """Later fragments are passed over; extension headers are walked through."""
    later = bytearray(udp(rtp(1)))
    later[6:8] = b"\x00\x10"
    plain = udp(rtp(1), ALICE_6, BOB_6)
    options = plain[:6] + b"\x00" + plain[7:40] + bytes((17, 0)) + bytes(6) + plain[40:]
    options = options[:4] + struct.pack("!H", len(options) - 40) + options[6:]
    frames: list[Timed] = [(1, bytes(later)), (1, options[:44]), (1, b"\x45"), (1, b"\x60\x00")]
    for number in range(8):
        payload = udp(rtp(number, number * 160), ALICE_6, BOB_6)[40:]
        header = options[:48]
        size = struct.pack("!H", 8 + len(payload))
        frames.append((2 + number / 50, header[:4] + size + header[6:] + payload))
    assert counts(only(frames)) == (8, 0)


def test_the_recorded_calls_have_the_figures_that_tshark_found() -> None:
    """Packets, losses and jitter of two real calls, as tshark 4.0.17 counts them."""
    with (VECTORS / "pcap/rx_pcmu5_nomarker.pcap").open("rb") as file:
        pcmu = read(file).legs[0].assessment.record
    with (VECTORS / "pcap/rx_opus10.pcap").open("rb") as file:
        opus = read(file, Hints(codec="opus")).legs[0].assessment.record
    assert (pcmu.packets, pcmu.lost) == (564, 34)
    assert round((pcmu.jitter or 0) * 1000, 3) == 0.882
    assert round((pcmu.jitter_max or 0) * 1000, 3) == 1.489
    assert (opus.packets, opus.lost) == (531, 66)


def test_a_pipe_that_hands_out_little_is_read_to_its_end() -> None:
    """Where reading yields less than was asked for, reading goes on."""

    class Drip(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(min(size or 0, 100))

    assert counts(read(Drip(pcap(call()))).legs[0]) == (60, 0)
    assert Source(Drip(bytes(5000))).rest(6000) == bytes(5000)
