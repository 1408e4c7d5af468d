"""RTCP and phones' reports within a capture: what receivers told, and how long answers took."""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING, Any

import pytest

from cxotel.media.files import Hints, read
from tests.media.frames import ALICE, BOB, SSRC, call, pcap, tcp, udp
from tests.media.vectors import VECTORS, document

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cxotel.media.files import Leg
    from tests.media.frames import Address, Timed

EPOCH = 2_208_988_800
BACK_SSRC = 0x11223344
ALICE_RTCP, BOB_RTCP = (ALICE[0], 4001), (BOB[0], 5001)


def sender_report(ssrc: int, time: float) -> bytes:
    """Make a sender report; the clock of its sender need not be ours."""
    ntp = round((time + EPOCH) * 2**32)
    return struct.pack("!BBHIQIII", 0x80, 200, 6, ssrc, ntp % 2**64, 0, 1, 160)


def receiver_report(
    reporter: int, source: int, *, lost: int, highest: int, jitter: int, asked: float, waited: float
) -> bytes:
    """Make a receiver report that answers the sender report made at a time."""
    lsr = round((asked + EPOCH) * 2**32) % 2**64 >> 16 & 0xFFFFFFFF
    block = struct.pack("!IIIIII", source, lost, highest, jitter, lsr, round(waited * 65536))
    return struct.pack("!BBHI", 0x81, 201, 7, reporter) + block


def legs(frames: Iterable[Timed], hints: Hints | None = None) -> dict[str, Leg]:
    """Read a capture and return its legs by their names."""
    ordered = sorted(frames, key=lambda frame: frame[0])
    return {leg.name: leg for leg in read(io.BytesIO(pcap(ordered)), hints).legs}


def both_ways() -> list[Timed]:
    """Make a call with sound on both ways."""
    return [*call(60), *call(60, source=BOB, target=ALICE, ssrc=BACK_SSRC)]


def asked_and_answered(
    source: Address, target: Address, ssrc: int, reporter: int, *, took: float, clock: float
) -> list[Timed]:
    """Make two sender reports and their answers, on some clock of the sender."""
    frames: list[Timed] = []
    for number, at in enumerate((1000.2, 1000.8)):
        answer = receiver_report(
            reporter,
            ssrc,
            lost=(20 << 24) + 2 * number,
            highest=10 + 30 * number,
            jitter=80,
            asked=at + clock,
            waited=0.05,
        )
        frames += [
            (at, udp(sender_report(ssrc, at + clock), source, target)),
            (at + took + 0.05, udp(answer, target, source)),
        ]
    return frames


def test_the_round_trip_is_the_sum_of_both_sides_of_the_capture() -> None:
    """Whatever the clocks of the ends say, the way to both ends is timed where it is captured."""
    frames = [
        *both_ways(),
        *asked_and_answered(ALICE_RTCP, BOB_RTCP, SSRC, BACK_SSRC, took=0.2, clock=5e5),
        *asked_and_answered(BOB_RTCP, ALICE_RTCP, BACK_SSRC, SSRC, took=0.1, clock=-7e6),
    ]

    found = legs(frames)
    there = found["192.0.2.1:4000 > 192.0.2.2:5000"].assessment

    assert there.record.round_trip == pytest.approx(0.3, abs=0.001)
    assert there.judgement is not None
    assert there.judgement.kind == "conversational"
    assert [unknown.what for unknown in there.unknown] == ["delay", "discard"]
    assert "at least 150 ms" in there.unknown[0].why


def test_half_a_round_trip_is_said_to_be_half() -> None:
    """Where one end alone was asked, the other half of the way stays unknown, and is said so."""
    frames = [*both_ways(), *asked_and_answered(ALICE, BOB, SSRC, BACK_SSRC, took=0.2, clock=0)]

    there = legs(frames)["192.0.2.1:4000 > 192.0.2.2:5000"]

    assert there.assessment.record.round_trip == pytest.approx(0.2, abs=0.001)
    whys = [why for what, why in there.assessment.unknown if what == "delay"]
    assert whys[-1] == "seen is only the way between the capture and one of the ends"
    told = legs(frames, Hints(delay=0.1))[there.name].assessment
    assert [what for what, _ in told.unknown] == ["discard"]


def test_what_the_receiver_told_is_a_leg_of_its_own() -> None:
    """Loss behind the place of the capture shows in the receiver's reports alone."""
    frames = [
        *both_ways(),
        *asked_and_answered(ALICE_RTCP, BOB_RTCP, SSRC, BACK_SSRC, took=0.2, clock=0),
    ]

    told = legs(frames)["192.0.2.1:4000 > 192.0.2.2:5000, as 192.0.2.2:5001 reported"].assessment

    record = told.record
    assert (record.source, record.codec, record.lost, record.packets) == ("rtcp", "PCMU", 2, 28)
    assert (record.jitter, record.jitter_max, record.jitter_samples) == (0.01, 0.01, 2)
    assert told.lost[0][0] == "loss"


def test_one_report_alone_tells_its_share() -> None:
    """The first report of a receiver says what share was lost, not how many."""
    report = receiver_report(9, SSRC, lost=64 << 24, highest=9, jitter=0, asked=1, waited=0)
    (_, told) = legs([*call(), (1000.5, udp(report, BOB, ALICE))]).values()
    assert (told.assessment.record.loss, told.assessment.record.lost) == (0.25, None)
    assert told.assessment.record.round_trip is None


def test_encrypted_reports_are_not_believed() -> None:
    """What reads as reports on streams nobody sees, in packets that make no sense, is no report."""
    header = struct.pack("!BBHI", 0x81, 200, 12, BACK_SSRC)
    frames = [
        (1000 + n / 100, udp(header + bytes((n * 7 + k * 13) % 256 for k in range(58)), BOB, ALICE))
        for n in range(60)
    ]
    assert list(legs([*call(), *frames])) == ["192.0.2.1:4000 > 192.0.2.2:5000"]


@pytest.mark.parametrize("run", ["pcmu5", "pcmu5j"])
def test_reports_of_real_calls_are_judged(run: str) -> None:
    """Reports that aiortc sent, without their sound: share of loss, but neither codec nor R."""
    sent = [each for each in document("rtcp_real.json") if each["run"] == run]
    frames = [(each["sent_at"], udp(bytes.fromhex(each["hex"]), BOB, ALICE)) for each in sent]

    found = [leg.assessment for leg in legs(frames).values()]

    assert found
    assert all(each.judgement is None for each in found)
    assert all(each.record.loss is not None for each in found)
    assert {unknown.what for each in found for unknown in each.unknown} >= {"codec"}
    rated = [leg.assessment for leg in legs(frames, Hints(codec="PCMU")).values()]
    assert all(each.judgement is not None for each in rated)


@pytest.mark.parametrize(
    "sample",
    [each for each in document("rtcpxr_samples.json") if "discard_rate" in each["expect"]],
    ids=lambda each: each["name"],
)
def test_voip_metrics_in_a_capture_are_judged(sample: dict[str, Any]) -> None:
    """A phone's RTCP XR gives its own judgement beside ours, and tells what was discarded."""
    frames = [(1000, udp(bytes.fromhex(sample["hex"]), BOB, ALICE))]
    (leg,) = legs(frames, Hints(codec="PCMU")).values()
    found, expected = leg.assessment, sample["expect"]
    assert found.record.discard == pytest.approx(expected["discard_rate"] / 256)
    assert found.judgement is not None
    assert found.judgement.origin == "computed"
    assert "discard" not in {unknown.what for unknown in found.unknown}


def test_a_phones_report_in_a_capture_is_read() -> None:
    """A PUBLISH with a voice-quality report is a leg of its own; sent again, it is the same."""
    body = (VECTORS / "vq_rtcpxr/yealink_2015_session.txt").read_bytes()
    head = b"PUBLISH sip:c@example.org SIP/2.0\r\nCall-ID: 1\r\nCSeq: 1 PUBLISH\r\n"
    message = head + b"Content-Type: application/vq-rtcpxr\r\n\r\n" + body
    broken = head.replace(b"CSeq", b"Other") + b"\r\n"
    frames = [(1, udp(message)), (2, tcp(message)), (3, udp(broken)), (4, udp(message))]

    (leg,) = legs(frames).values()

    assert leg.name == "as the phone at 192.0.2.1:4000 reported"
    assert leg.assessment.record.codec == "G722"
