"""Our figures of a call against those of the browser that received it.

A headless Chromium calls itself through a relay that drops and delays. What the relay passed on,
read as a capture, and what `getStats()` told, read as a dump, must be the same call.
"""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Final

import pytest

from cxotel.media.files import Hints, read
from tests.media.frames import pcap
from tests.media.live.programs import CHROMIUM, needs_chromium
from tests.media.live.relay import Harm
from tests.media.live.webrtc_call import Scenario, talk

if TYPE_CHECKING:
    from cxotel.media.files import Assessment
    from tests.media.live.webrtc_call import Told

pytestmark = [needs_chromium, pytest.mark.timeout(150)]

SCENARIOS: Final = {
    "clean": Scenario("pcmu", Harm()),
    "loss and jitter": Scenario("pcmu", Harm(loss=0.05, jitter=0.03)),
    "bursts and jitter": Scenario("opus", Harm(loss=0.03, burst=3, jitter=0.08)),
    "probed": Scenario("pcmu", Harm(loss=0.05), probes=True),
}


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Told]:
    """Hold all calls at once, which takes as long as one."""
    assert CHROMIUM is not None
    return talk(CHROMIUM, tmp_path_factory.mktemp("browser"), SCENARIOS)


def ours(told: Told) -> Assessment:
    """Judge the call from the packets that the relay passed on."""
    (leg,) = read(io.BytesIO(pcap(told.passed)), Hints(codec="opus")).legs
    return leg.assessment


def theirs(told: Told) -> Assessment:
    """Judge the call from what the browser told."""
    (leg,) = read(io.BytesIO(json.dumps(told.snapshots).encode())).legs
    return leg.assessment


@pytest.mark.parametrize("name", ["clean", "loss and jitter", "bursts and jitter"])
def test_packets_and_losses_are_those_of_the_browser(name: str, calls: dict[str, Told]) -> None:
    """To the packet: what arrived and what did not."""
    captured, told = ours(calls[name]).record, theirs(calls[name]).record

    assert captured.packets is not None
    assert captured.packets > 300
    assert (captured.packets, captured.lost) == (told.packets, told.lost)
    assert captured.lost == pytest.approx(calls[name].dropped, abs=3)
    assert (captured.lost == 0) == (name == "clean")


@pytest.mark.parametrize("name", ["clean", "loss and jitter", "bursts and jitter"])
def test_jitter_is_that_of_the_browser(name: str, calls: dict[str, Told]) -> None:
    """Within what the browser's whole milliseconds, once a second, let one know."""
    captured, told = ours(calls[name]).record, theirs(calls[name]).record

    assert captured.jitter is not None
    assert captured.jitter_max is not None
    assert captured.jitter == pytest.approx(told.jitter, rel=0.2, abs=0.002)
    # It looks once a second, we at each packet.
    assert (told.jitter_max or 0) <= captured.jitter_max + 0.002


def test_the_rating_is_the_same_from_either(calls: dict[str, Told]) -> None:
    """The browser's dump and the capture of one call get one R."""
    captured, told = ours(calls["loss and jitter"]), theirs(calls["loss and jitter"])

    assert captured.judgement is not None
    assert told.judgement is not None
    assert captured.judgement.r == pytest.approx(told.judgement.r, abs=0.1)
    assert [name for name, _ in captured.lost] == [name for name, _ in told.lost] == ["loss"]


def test_padding_by_which_a_browser_probes_is_no_loss(calls: dict[str, Told]) -> None:
    """Packets whose padding is encrypted have arrived like any other."""
    captured, told = ours(calls["probed"]).record, theirs(calls["probed"]).record

    assert any(ip[28] & 0x20 for _, ip in calls["probed"].passed), "the browser did not probe"
    # It may go on probing after it was looked at last.
    assert captured.packets == pytest.approx(told.packets, rel=0.05)
    assert captured.loss == pytest.approx(told.loss, abs=0.01)
