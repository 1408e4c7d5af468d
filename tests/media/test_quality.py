"""The quality record refuses nonsense, is judged by its own codec's model, and merges."""

from __future__ import annotations

import math
from dataclasses import FrozenInstanceError, fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxotel.media import codecs, emodel
from cxotel.media.judge import delay_of, judged
from cxotel.media.merging import merged
from cxotel.media.quality import Judgement, MediaQuality
from cxotel.media.rtp.burst import BurstGap, Tally

NUMBERS = [
    field.name
    for field in fields(MediaQuality)
    if str(field.type) in {"float | None", "int | None"}
]
CALL = MediaQuality(source="rtp", codec="PCMU", loss=0.02, discard=0.01, round_trip=0.2)


def test_a_record_knows_only_what_it_was_told() -> None:
    """Everything but the source is absent unless given."""
    record = MediaQuality(source="webrtc")
    values = {field.name: getattr(record, field.name) for field in fields(record)}
    assert {name for name, value in values.items() if value is not None} == {
        "source",
        "judgements",
        "problems",
    }
    assert not record.partial
    assert record.lost_or_discarded is None


def test_a_record_is_immutable() -> None:
    """A record once made cannot be changed."""
    with pytest.raises(FrozenInstanceError):
        CALL.loss = 0.0  # type: ignore[misc]


@pytest.mark.parametrize("bad", [math.nan, math.inf, "0.1", True, -2000.0], ids=repr)
@pytest.mark.parametrize("name", [name for name in NUMBERS if name != "start"])
def test_numbers_that_cannot_be_are_refused_by_name(name: str, bad: object) -> None:
    """A NaN or a negative duration would spoil every metric that it reaches."""
    with pytest.raises(ValueError, match=rf"^{name} must"):
        replace(CALL, **{name: bad})


@pytest.mark.parametrize("name", ["loss", "discard", "concealment"])
def test_shares_are_not_per_cent(name: str) -> None:
    """A loss of 5 is a mistake of units."""
    values: dict[str, Any] = {name: 5.0}
    with pytest.raises(ValueError, match=rf"^{name} must lie between 0 and 1"):
        replace(CALL, **values)


@pytest.mark.parametrize("bad", [{"mos": 0.0}, {"mos": 12.7}, {"r": math.nan}], ids=repr)
def test_judgements_that_cannot_be_are_refused(bad: dict[str, Any]) -> None:
    """Opinions run from 1 to 5."""
    (name,) = bad
    with pytest.raises(ValueError, match=rf"^{name} must"):
        Judgement("reported", "vendor", **bad)


def test_a_call_is_judged_by_its_codec_loss_and_delay() -> None:
    """Lost and discarded packets count alike, half the round trip is delay."""
    (judgement,) = judged(CALL).judgements
    rating = emodel.narrowband(ta=100, bpl=25.1, ppl=3)
    assert (judgement.r, judgement.mos) == (pytest.approx(rating.r), pytest.approx(rating.mos))
    assert (judgement.origin, judgement.model, judgement.kind) == (
        "computed",
        "g107",
        "conversational",
    )


def test_a_call_is_judged_on_its_own_scale() -> None:
    """A wideband codec is rated by the wideband model, a codec with own values by theirs."""
    wide = replace(CALL, codec="AMR-WB", bitrate=12.65, loss=0.0, discard=None)
    assert judged(wide) == wide
    entry = codecs.lookup("AMR-WB", bitrate=12.65, listening="diotic")
    (judgement,) = judged(wide, entry).judgements
    assert judgement.model == "g107.1"
    own = codecs.Impairment("Opus", "g107.2", ie=4, bpl=12, source="own tests")
    (judgement,) = judged(replace(CALL, codec="opus"), own).judgements
    assert judgement.model == "g107.2"
    assert judgement.r == pytest.approx(emodel.fullband(ta=100, ie=4, bpl=12, ppl=3).r)


@pytest.mark.parametrize(
    "unknown",
    [{"codec": "opus"}, {"codec": None}, {"loss": None}, {"codec": "G722"}],
    ids=["no Ie", "no codec", "no loss", "no Bpl"],
)
def test_a_call_of_which_too_little_is_known_is_not_judged(unknown: dict[str, Any]) -> None:
    """No number is better than a made-up one."""
    record = replace(CALL, **unknown)
    assert judged(record) is record


def test_without_any_delay_only_listening_is_judged() -> None:
    """A rating without delay says so."""
    (judgement,) = judged(replace(CALL, round_trip=None)).judgements
    assert judgement.kind == "listening"
    assert judgement.r == pytest.approx(emodel.narrowband(bpl=25.1, ppl=3).r)


def test_what_others_reported_stays_beside_what_we_compute() -> None:
    """A vendor's MOS is kept, and ours is added."""
    told = Judgement("reported", "vendor", mos=4.2)
    assert judged(replace(CALL, judgements=(told,))).judgements[0] is told


def test_inputs_beyond_the_model_are_told() -> None:
    """A judgement carries the names of inputs that the Recommendation does not cover."""
    (judgement,) = judged(replace(CALL, loss=0.5, mouth_to_ear=0.9)).judgements
    assert judgement.outside == ("ta", "ppl")


def test_bursts_count_where_the_model_covers_them() -> None:
    """The burst ratio is used for robust narrowband codecs only."""
    bursty = replace(CALL, burst=BurstGap(burst_r=1.8))
    (judgement,) = judged(bursty).judgements
    assert judgement.r == pytest.approx(emodel.narrowband(ta=100, bpl=25.1, ppl=3, burst_r=1.8).r)
    plain = judged(replace(bursty, concealed=False)).judgements[0]
    assert plain.r == pytest.approx(emodel.narrowband(ta=100, bpl=4.3, ppl=3).r)
    own = codecs.Impairment("x", "g107.1", ie=4, bpl=20, source="own tests")
    wide = judged(bursty, own).judgements[0]
    assert wide.r == pytest.approx(emodel.wideband(ta=100, ie=4, bpl=20, ppl=3).r)


@pytest.mark.parametrize(
    ("known", "delay"),
    [
        ({"mouth_to_ear": 0.3, "round_trip": 1.0}, 0.3),
        ({"one_way_delay": 0.1, "round_trip": 1.0}, 0.1),
        ({"round_trip": 0.25}, 0.125),
        ({"round_trip": 0.25, "buffer_delay": 0.0625}, 0.1875),
        ({"round_trip": 0.25, "buffer_delay": 0.0625, "end_system_delay": 0.125}, 0.25),
        ({"buffer_delay": 0.06}, None),
        ({}, None),
    ],
)
def test_delay_is_put_together_from_what_is_known(
    known: dict[str, float], delay: float | None
) -> None:
    """The best measurement wins; a buffer alone is no delay of a path."""
    assert delay_of(replace(MediaQuality(source="rtp"), **known)) == delay


def test_merging_keeps_what_is_common_and_adds_what_counts() -> None:
    """Counts add up, means are weighted, and what differs is unknown."""
    first = MediaQuality(
        source="rtp",
        leg="a",
        codec="PCMU",
        start=10.0,
        duration=10.0,
        packets=90,
        lost=10,
        loss=0.1,
        jitter=0.01,
        jitter_samples=90,
        jitter_max=0.03,
        round_trip=0.1,
    )
    second = replace(
        first,
        codec="PCMA",
        start=0.0,
        duration=30.0,
        packets=300,
        lost=0,
        loss=0.0,
        jitter=0.03,
        jitter_samples=10,
        round_trip=0.3,
        judgements=(Judgement("reported", "vendor", mos=4.0),),
        problems=("cut off",),
    )
    whole = merged([first, second])
    assert (whole.leg, whole.codec, whole.start, whole.duration) == ("a", None, 0.0, 40.0)
    assert (whole.packets, whole.lost, whole.loss) == (390, 10, 0.025)
    assert whole.jitter == pytest.approx(0.012)
    assert (whole.jitter_max, whole.round_trip) == (0.03, pytest.approx(0.25))
    assert (whole.judgements, whole.problems) == ((), ("cut off",))


def test_merging_does_not_invent_what_one_interval_does_not_know() -> None:
    """A sum with an unknown part is unknown; a share is then a mean over time."""
    first = MediaQuality(source="rtcp", loss=0.1, duration=10.0)
    second = MediaQuality(source="rtcp", loss=0.2, duration=30.0, packets=5, lost=1)
    whole = merged([first, second])
    assert (whole.packets, whole.lost) == (None, None)
    assert whole.loss == pytest.approx(0.175)
    assert merged([first, replace(second, duration=None)]).loss == pytest.approx(0.15)
    assert merged([replace(first, burst=BurstGap(burst_density=0.1))]).burst is None


def test_merging_adds_bursts_that_were_counted() -> None:
    """Counts of bursts make exact metrics of the whole."""
    part = MediaQuality(
        source="rtp",
        packets=95,
        lost=5,
        talk_duration=2.0,
        burst=Tally(bursts=1, burst_packets=10, burst_lost=5, gaps=2, gap_packets=90).burst_gap(),
    )
    whole = merged([part, part]).burst
    assert whole is not None
    assert (whole.burst_density, whole.burst_duration, whole.gap_duration) == (0.5, 0.2, 0.9)


def test_bursts_counted_differently_do_not_add_up() -> None:
    """Counts made with another Gmin are counts of something else."""
    usual = MediaQuality(source="rtp", burst=Tally(bursts=1).burst_gap())
    other = MediaQuality(source="rtp", burst=Tally(bursts=1).burst_gap(gmin=8))
    assert merged([usual, usual]).burst is not None
    assert merged([usual, other]).burst is None


def test_all_lost_and_more_is_all_lost() -> None:
    """Loss and discards together are at most everything."""
    assert replace(CALL, loss=0.7, discard=0.6).lost_or_discarded == 1.0


def test_only_records_of_one_source_merge() -> None:
    """What two sources say of a call is two views, not two halves."""
    with pytest.raises(ValueError, match="one source, not 0"):
        merged([])
    with pytest.raises(ValueError, match="one source, not 2"):
        merged([CALL, MediaQuality(source="webrtc")])


records = st.builds(
    MediaQuality,
    source=st.just("rtp"),
    duration=st.floats(0, 1e6),
    packets=st.integers(0, 10**9),
    lost=st.integers(0, 10**9),
    jitter=st.none() | st.floats(0, 10),
    jitter_samples=st.integers(0, 10**9),
    round_trip=st.none() | st.floats(0, 10),
)


@given(st.lists(records, min_size=1, max_size=6), st.randoms())
def test_merging_is_the_same_in_any_order(parts: list[MediaQuality], random: Any) -> None:
    """Intervals may come in any order."""
    shuffled = list(parts)
    random.shuffle(shuffled)
    one, other = merged(parts), merged(shuffled)
    for field in fields(MediaQuality):
        value = getattr(one, field.name)
        expected = pytest.approx(value) if isinstance(value, float) else value
        assert getattr(other, field.name) == expected


@given(st.floats(0, 0.2), st.floats(0, 0.1), st.floats(0, 0.5), st.floats(0, 0.1))
def test_a_worse_call_is_never_judged_better(
    loss: float, discard: float, delay: float, more: float
) -> None:
    """More loss, more discards or more delay never raises R."""
    call = replace(CALL, loss=loss, discard=discard, round_trip=delay)
    worse = (
        replace(call, loss=loss + more),
        replace(call, discard=discard + more),
        replace(call, round_trip=delay + more),
    )
    (judgement,) = judged(call).judgements
    assert judgement.r is not None
    for record in worse:
        (other,) = judged(record).judgements
        assert other.r is not None
        assert other.r <= judgement.r + 1e-9
