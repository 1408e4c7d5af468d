"""Our figures of a call against tshark's, of the very same capture.

tshark counts what comes twice as received and computes jitter over it, expects packets from the
first to the last that arrived even where others were overtaken by those, counts a wrap of the
numbers more than once in disorder, and leaves packets with the marker bit out of its jitter. The
captures here have none of that.
"""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Final

import pytest

from cxotel.media.files import read
from tests.media.captures import rtp
from tests.media.frames import pcap, udp
from tests.media.live.programs import DUMPCAP, needs_sipp, needs_tshark
from tests.media.live.relay import Harm, Relay, free_socket
from tests.media.live.sip_call import call
from tests.media.live.tshark import Stream, streams

if TYPE_CHECKING:
    import socket
    from pathlib import Path

    from cxotel.media.files import Leg
    from tests.media.frames import Timed

pytestmark = [needs_tshark, pytest.mark.timeout(120)]

HARMS: Final = {
    "clean": Harm(),
    "loss": Harm(loss=0.05),
    "bursts": Harm(loss=0.05, burst=4),
    "jitter": Harm(jitter=0.03),
    "loss and disorder": Harm(loss=0.02, jitter=0.05, in_order=False),
}


def same(leg: Leg, stream: Stream) -> bool:
    """Tell whether we and tshark found the same call, jitter to a thousandth of a millisecond."""
    record = leg.assessment.record
    assert record.jitter is not None
    assert record.jitter_max is not None
    assert (record.packets, record.lost) == (stream.packets, stream.lost)
    # Times of a capture are microseconds, which we carry as fractions of seconds.
    assert record.jitter * 1000 == pytest.approx(stream.jitter, abs=0.0015)
    assert record.jitter_max * 1000 == pytest.approx(stream.jitter_max, abs=0.0015)
    return True


def compare(capture: Path, ports: tuple[int, ...] = ()) -> int:
    """Compare all streams of sound in a capture, and return how many there were."""
    with capture.open("rb") as file:
        legs = read(file).legs
    theirs = streams(capture, ports=ports)
    for leg in legs:
        ssrc, port = leg.assessment.record.leg or "", int(leg.name.rpartition(":")[2])
        (stream,) = [each for each in theirs[ssrc] if each.target_port == port]
        assert same(leg, stream)
    return len(legs)


def speech(dice: random.Random, number: int) -> list[Timed]:
    """Make a call of random length whose network loses and delays at random."""
    harm = Harm(
        loss=dice.uniform(0, 0.3),
        burst=dice.uniform(1, 6),
        jitter=dice.uniform(0, 0.2),
        in_order=dice.random() < 0.5,
        seed=number,
    )
    begin = dice.randrange(65536 if harm.in_order else 60000)
    frames: list[Timed] = []
    last = 0.0
    steps = dice.randrange(50, 1500)
    for step in range(steps):
        if harm.drops() and step < steps - 1:
            continue
        due = 1_700_000_000 + step * 0.02 + (harm.delay() if step < steps - 1 else harm.jitter)
        last = max(due, last) if harm.in_order else due
        data = rtp(begin + step, step * 160, ssrc=number + 1)
        frames.append((last, udp(data, target=("192.0.2.2", 5000 + 2 * number))))
    return frames


def test_calls_over_any_network_are_counted_alike(tmp_path: Path) -> None:
    """Packets, losses, mean and greatest jitter of forty random calls."""
    dice = random.Random(20260101)
    frames = [frame for number in range(40) for frame in speech(dice, number)]
    capture = tmp_path / "calls.pcap"
    capture.write_bytes(pcap(sorted(frames)))

    assert compare(capture, tuple(range(5000, 5080, 2))) == 40


@pytest.mark.parametrize("name", HARMS)
def test_a_call_through_a_bad_network_is_counted_alike(name: str, tmp_path: Path) -> None:
    """Sound that really went over sockets, as the relay passed it on."""
    with free_socket("127.0.0.1") as sink, free_socket("127.0.0.1") as voice:
        with Relay("127.0.0.1", HARMS[name]) as relay:
            relay.parties[1] = ("127.0.0.1", int(sink.getsockname()[1]))
            _speak(voice, relay.ports[0])
        capture = tmp_path / "call.pcap"
        capture.write_bytes(pcap(relay.passed))
        ports = (int(sink.getsockname()[1]),)

    assert (relay.dropped > 0) == (HARMS[name].loss > 0)
    assert len(relay.passed) > 150
    assert compare(capture, ports) == 1


def _speak(voice: socket.socket, port: int) -> None:
    """Send a packet each 10 ms, the last when all others have gone through."""
    begin = time.monotonic()
    for step in range(250):
        if step == 249:
            time.sleep(0.1)
        voice.sendto(rtp(step, step * 80, size=80), ("127.0.0.1", port))
        time.sleep(max(0.0, begin + (step + 1) * 0.01 - time.monotonic()))
    time.sleep(0.1)


@needs_sipp
@pytest.mark.skipif(DUMPCAP is None, reason="dumpcap is not on PATH")
def test_a_captured_sip_call_is_counted_alike(tmp_path: Path) -> None:
    """SIPp calls itself; its sound is captured before and behind a relay that harms it."""
    capture, relay = call(tmp_path, Harm(loss=0.06, jitter=0.03))
    sink = relay.parties[1]
    assert sink is not None

    assert compare(capture, (sink[1],)) == 2

    with capture.open("rb") as file:
        before, behind = (leg.assessment for leg in read(file).legs)
    assert (before.record.codec, before.satisfaction) == ("PCMA", "very_satisfied")
    assert before.record.lost == 0
    assert behind.record.lost
    assert behind.lost[0][0] == "loss"
