"""Bursts and gaps follow the definition of RFC 3611."""

from __future__ import annotations

import re
from dataclasses import astuple
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxotel.media.rtp.burst import BurstMeter, Tally
from tests.media.vectors import document

# Arrived is 1, lost is 0, as in the vectors.
patterns = st.lists(
    st.tuples(st.sampled_from("01"), st.integers(1, 40)), min_size=1, max_size=12
).map(lambda runs: "".join(kind * count for kind, count in runs))


def measured(pattern: str, gmin: int = 16) -> BurstMeter:
    """Feed a pattern packet by packet."""
    meter = BurstMeter(gmin)
    for arrived in pattern:
        if arrived == "1":
            meter.received()
        else:
            meter.lost()
    return meter


def by_definition(pattern: str, gmin: int) -> Tally:
    """Count bursts and gaps with the whole stream at hand."""
    received = f"1{{0,{gmin - 1}}}"
    bursts = list(re.finditer(f"0(?:{received}0)+", pattern))
    spans = [m.span() for m in bursts]
    edges = [0, *(edge for span in spans for edge in span), len(pattern)]
    gaps = [pattern[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True) if b > a]
    pairs = [a + b for a, b in pairwise(pattern)]
    return Tally(
        bursts=len(bursts),
        burst_packets=sum(len(m.group()) for m in bursts),
        burst_lost=sum(m.group().count("0") for m in bursts),
        gaps=len(gaps),
        gap_packets=sum(len(gap) for gap in gaps),
        gap_lost=sum(gap.count("0") for gap in gaps),
        received_runs=pairs.count("10"),
        received=pairs.count("10") + pairs.count("11"),
        lost_runs=pairs.count("01"),
        lost=pairs.count("01") + pairs.count("00"),
    )


@pytest.mark.parametrize("case", document("burst_gap.json"), ids=lambda case: case["name"])
def test_known_patterns_give_known_metrics(case: dict[str, Any]) -> None:
    """Density, duration and burst ratio of worked patterns come out to the last digit."""
    expect = case["expect"]
    tally = measured(case["pattern"], case["gmin"]).tally()
    metrics = tally.burst_gap(case["ptime_ms"] / 1000)
    assert tally.bursts == expect["bursts"]
    assert metrics.burst_density == pytest.approx(expect["burst_density"])
    assert metrics.gap_density == pytest.approx(expect["gap_density"])
    assert metrics.burst_duration == pytest.approx(expect["burst_duration_ms"] / 1000)
    assert metrics.gap_duration == pytest.approx(expect["gap_duration_ms"] / 1000)
    assert metrics.burst_r == pytest.approx(expect["burst_r_markov"])
    assert metrics.gmin == case["gmin"]


def test_fifteen_packets_hold_a_burst_together_and_sixteen_do_not() -> None:
    """Two losses with 15 packets between are one burst, with 16 two losses in a gap."""
    assert measured("1" * 20 + "0" + "1" * 15 + "0" + "1" * 20).tally().bursts == 1
    assert measured("1" * 20 + "0" + "1" * 16 + "0" + "1" * 20).tally().bursts == 0


def test_durations_are_unknown_without_the_length_of_a_packet() -> None:
    """A count of packets is no time until one knows how long a packet is."""
    metrics = measured("1001").tally().burst_gap()
    assert metrics.burst_duration is None
    assert metrics.gap_duration is None
    assert metrics.burst_density == 1.0


def test_a_gap_that_goes_on_has_no_duration_yet() -> None:
    """Packets of a gap without an end tell its density, not how long gaps are."""
    metrics = measured("1" * 50 + "0" + "1" * 50 + "0").tally(final=False).burst_gap(0.02)
    assert metrics.gap_duration is None
    assert metrics.gap_density == pytest.approx(1 / 101)
    assert metrics.burst_duration == 0.0


@given(patterns, st.integers(1, 30))
def test_streaming_counts_equal_the_definition(pattern: str, gmin: int) -> None:
    """Packet by packet gives what looking at the whole stream gives."""
    assert measured(pattern, gmin).tally() == by_definition(pattern, gmin)


@given(patterns)
def test_runs_count_as_their_packets(pattern: str) -> None:
    """Telling the meter of ten packets at once is telling it of each."""
    meter = BurstMeter()
    for run in re.finditer(r"1+|0+", pattern):
        (meter.received if run.group()[0] == "1" else meter.lost)(len(run.group()))
    assert meter.tally() == measured(pattern).tally()


@given(st.lists(patterns, min_size=1, max_size=5))
def test_intervals_add_up_to_the_whole(parts: list[str]) -> None:
    """Counts that are not final never fall, and their differences make up the final ones."""
    meter = BurstMeter()
    seen, total = Tally(), Tally()
    for part in parts:
        for arrived in part:
            meter.received() if arrived == "1" else meter.lost()
        now = meter.tally(final=False)
        assert min(astuple(now - seen)) >= 0
        total += now - seen
        seen = now
    total += meter.tally() - seen
    assert total == measured("".join(parts)).tally()


@given(patterns)
def test_metrics_stay_within_their_bounds(pattern: str) -> None:
    """Densities are shares, durations are not negative, and bursts are no rarer than chance."""
    tally = measured(pattern).tally()
    metrics = tally.burst_gap(0.02)
    assert metrics.burst_density is not None
    assert metrics.gap_density is not None
    assert 0 <= metrics.gap_density <= 1
    assert metrics.burst_density == 0 or metrics.burst_density > 1 / 17
    assert tally.burst_packets + tally.gap_packets == len(pattern)
    assert metrics.burst_r is not None
    assert metrics.burst_r >= 1


@pytest.mark.parametrize("gmin", [0, 256, -1, "16"])
def test_an_impossible_gmin_is_refused(gmin: int) -> None:
    """RFC 3611 gives Gmin eight bits and demands at least 1."""
    with pytest.raises(ValueError, match=r"^gmin must"):
        BurstMeter(gmin)
