"""Warnings are raised by problems that last, and cleared when they are gone."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxotel.media.flow import OLDEST_REPORT
from cxotel.media.quality import Judgement, MediaQuality
from cxotel.media.thresholds import DEFAULT, HIGH_JITTER, Threshold
from cxotel.media.watch import Alarm, Change, Watch
from tests.media.vectors import document

NAMES = [threshold.name for threshold in DEFAULT]
LIMITS = {threshold.name: threshold for threshold in DEFAULT}


def sample(**measured: Any) -> MediaQuality:
    """Make a sample of what arrives."""
    known: dict[str, Any] = {"leg": "a", "direction": "inbound", **measured}
    return MediaQuality(source="webrtc", **known)


def mos(value: float) -> MediaQuality:
    """Make a sample with a MOS."""
    return sample(judgements=(Judgement("reported", "vendor", mos=value),))


def told(changes: tuple[Change, ...]) -> list[tuple[str, bool]]:
    """Return what was raised and what was cleared."""
    return [(change.name, change.raised) for change in changes]


def fed(watch: Watch, *samples: MediaQuality) -> list[tuple[str, bool]]:
    """Feed samples one by one; return what was raised and cleared."""
    return [each for one in samples for each in told(watch.feed((one,)))]


# Limits


def test_the_limits_are_those_that_vendors_have_published() -> None:
    """Each limit and count is the one that its docstring's source has."""
    published = document("thresholds.json")
    twilio, teams = published["twilio_voice_js_2.18.5"], published["microsoft_teams_cqd_audio_poor"]
    telnyx = published["telnyx_webrtc_2.27.10"]

    assert LIMITS["high_jitter"].limit == twilio["jitter_ms_max"] / 1000
    assert LIMITS["high_round_trip"].limit == twilio["rtt_ms_max"] / 1000 == telnyx["rtt_s_max"]
    assert LIMITS["high_loss"].limit == twilio["packets_lost_pct"][0]["max"] / 100
    assert LIMITS["loss_burst"].limit == teams["any_of"]["packet_loss_rate_fraction"]["gt"]
    assert LIMITS["high_concealment"].limit == teams["any_of"]["ratio_concealed_samples_avg"]["gt"]
    assert LIMITS["low_mos"].limit == telnyx["mos_min"]
    for name in ("high_jitter", "high_round_trip", "high_loss", "low_mos", "high_concealment"):
        limit = LIMITS[name]
        assert limit.samples == twilio["samples"]
        assert limit.raise_count == twilio["raise_count"]
        assert limit.clear_count == twilio["clear_count"]


@pytest.mark.parametrize(
    ("name", "bad", "good"),
    [
        ("high_jitter", sample(jitter=0.031), sample(jitter=0.03)),
        ("high_round_trip", sample(round_trip=0.41), sample(round_trip=0.4)),
        ("high_loss", sample(loss=0.011), sample(loss=0.01)),
        ("high_concealment", sample(concealment=0.071), sample(concealment=0.07)),
        ("low_mos", mos(3.4), mos(3.5)),
    ],
)
def test_three_samples_of_five_raise_and_five_good_ones_clear(
    name: str, bad: MediaQuality, good: MediaQuality
) -> None:
    """Something that lasts is told once, and told to be over once it is."""
    watch = Watch()

    assert fed(watch, bad, good, bad, good) == []
    assert fed(watch, bad) == [(name, True)]
    assert watch.active == (name,)
    assert fed(watch, bad, bad, bad, good, good, good, good) == []
    assert fed(watch, good) == [(name, False)]
    assert watch.active == ()


@pytest.mark.parametrize(
    ("good", "name"),
    [
        (sample(jitter=0.03), "high_jitter"),
        (sample(loss=0.01), "high_loss"),
        (mos(3.5), "low_mos"),
    ],
)
def test_what_lies_on_the_limit_is_no_problem(good: MediaQuality, name: str) -> None:
    """Above means above, and below means below."""
    assert fed(Watch(), *[good] * 10) == []


def test_one_burst_of_loss_is_told_at_once() -> None:
    """A tenth of a sample's packets gone is heard, however good the others were."""
    watch = Watch()

    assert fed(watch, sample(loss=0.0), sample(loss=0.11)) == [("loss_burst", True)]
    assert fed(watch, *[sample(loss=0.0)] * 4) == []
    assert fed(watch, sample(loss=0.0)) == [("loss_burst", False)]


def test_a_warning_says_what_the_value_was() -> None:
    """Whoever reads it need not look for the number, nor for the limit."""
    (change,) = Watch().feed((sample(loss=0.25),))

    assert (change.value, change.threshold.limit, change.record.leg) == (0.25, 0.1, "a")


def test_a_rating_without_a_mos_is_held_against_the_same_limit() -> None:
    """R and MOS are one scale: R 60 is MOS 3.1, also where a wideband model gave it."""
    poor = sample(judgements=(Judgement("computed", "g107.1", r=60 * 1.29),))

    assert fed(Watch(), poor, poor, poor) == [("low_mos", True)]


# Flow


def both(here: int | None, there: float | None) -> tuple[MediaQuality, ...]:
    """Make the samples of one moment: packets that arrived, and the far end's loss."""
    inbound = [sample(packets=here)] if here is not None else []
    outbound = [sample(direction="outbound", loss=there)] if there is not None else []
    return (*inbound, *outbound)


def moments(watch: Watch, *pairs: tuple[int | None, float | None]) -> list[tuple[str, bool]]:
    """Feed moments, a second apart."""
    return [
        each
        for second, pair in enumerate(pairs)
        for each in told(watch.feed(both(*pair), at=float(second)))
    ]


def test_media_one_way_only_is_one_way_audio() -> None:
    """The far end hears us and nothing comes from there: three samples of that are a warning."""
    watch = Watch()

    assert moments(watch, (50, 0.0), (0, 0.0), (0, 0.0)) == []
    changes = watch.feed(both(0, 0.0), at=3.0)
    assert told(changes) == [("one_way_audio", True)]
    assert changes[0].record.direction == "inbound"
    assert told(watch.feed(both(50, 0.0), at=4.0)) == [("one_way_audio", False)]


def test_who_is_not_heard_at_all_is_one_way_audio_too() -> None:
    """The far end loses everything that we send, and we hear it."""
    watch = Watch()
    total_loss = (50, 1.0)

    changes = moments(watch, total_loss, total_loss, total_loss)
    assert ("one_way_audio", True) in changes


def test_no_media_at_all_is_silence() -> None:
    """Where nobody says that we are heard, what does not arrive is silence, not one-way audio."""
    assert moments(Watch(), (50, None), (0, None), (0, None), (0, None)) == [("silence", True)]


def test_a_connection_that_broke_is_not_mistaken_for_one_way_audio() -> None:
    """The far end's last report is older than the silence: it proves nothing."""
    watch = Watch()
    cut = [(50, 0.0), *[(0, None)] * int(OLDEST_REPORT + 4)]

    assert moments(watch, *cut) == [("silence", True)]


def test_a_report_after_the_silence_began_tells_one_way_audio() -> None:
    """Reports come every five seconds; the first after the silence began is the proof."""
    watch = Watch()
    seconds = [(50, 0.0), (0, None), (0, None), (0, None), (0, 0.0), (0, None), (0, None)]

    assert moments(watch, *seconds) == [("one_way_audio", True)]


def test_a_call_on_hold_is_neither() -> None:
    """Music on hold may go one way for as long as it likes."""
    watch = Watch()
    for second in range(10):
        assert watch.feed(both(0, 0.0), at=float(second), expected=False) == ()

    assert moments(watch, (0, 0.0), (0, 0.0)) == []


# Order and memory


def test_legs_are_watched_apart() -> None:
    """Two bad legs are two warnings, and half a problem on each is none."""
    watch = Watch()
    a, b = sample(jitter=0.1), sample(jitter=0.1, leg="b")

    assert fed(watch, a, b, a, b) == []
    assert fed(watch, a) == [("high_jitter", True)]
    assert fed(watch, b) == [("high_jitter", True)]


def test_a_sample_that_comes_too_late_is_left_out() -> None:
    """What happened before the latest sample is no news."""
    watch = Watch()
    bad = [sample(jitter=0.1, start=float(second)) for second in (5, 4, 3, 2, 1)]

    assert fed(watch, *bad) == []
    assert fed(watch, replace(bad[0], start=6.0), replace(bad[0], start=7.0)) == [
        ("high_jitter", True)
    ]


def test_what_a_sample_does_not_know_changes_nothing() -> None:
    """Unknown is neither good nor bad: a warning is not cleared by ignorance."""
    watch = Watch()
    fed(watch, *[sample(jitter=0.1)] * 3)

    assert fed(watch, *[sample()] * 50) == []
    assert watch.active == ("high_jitter",)


def test_memory_is_bounded_by_legs() -> None:
    """A call with a new stream every second does not grow for ever."""
    watch = Watch(max_legs=4)
    for number in range(1000):
        watch.feed((sample(leg=str(number), jitter=0.1),))

    assert len(watch._legs) == 4  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]


@pytest.mark.parametrize(
    "wrong",
    [
        {"limit": -1.0},
        {"limit": float("nan")},
        {"samples": 0},
        {"samples": 2, "raise_count": 3},
        {"raise_count": 3, "clear_count": 3},
    ],
)
def test_thresholds_that_cannot_work_are_refused(wrong: dict[str, Any]) -> None:
    """A typing error in a threshold is told when it is made, not by warnings that never come."""
    with pytest.raises(ValueError, match=list(wrong)[-1]):
        Threshold("high_jitter", wrong.pop("limit", 0.03), **wrong)


VALUES = st.none() | st.floats(0.0, 0.1)


def possible(samples: int, up: int, down: int) -> Threshold:
    """Make a threshold that can work."""
    raised = 1 + up % samples
    return Threshold("high_jitter", 0.03, samples, raised, down % raised)


THRESHOLDS = st.builds(possible, st.integers(1, 9), st.integers(0, 8), st.integers(0, 8))


@given(threshold=THRESHOLDS, values=st.lists(VALUES, max_size=60))
def test_a_warning_is_raised_and_cleared_by_turns(
    threshold: Threshold, values: list[float | None]
) -> None:
    """Never twice raised without having been cleared, nor cleared without having been raised."""
    alarm = Alarm(threshold)
    changes = [change for value in values if (change := alarm.take(value)) is not None]

    assert changes[:1] in ([], [True])
    assert all(len(list(group)) == 1 for _, group in groupby(changes))
    assert alarm.raised == (len(changes) % 2 == 1)


@given(threshold=THRESHOLDS, values=st.lists(st.floats(0.0, 0.1), max_size=60))
def test_a_warning_is_what_the_latest_samples_say(
    threshold: Threshold, values: list[float]
) -> None:
    """The state after each sample follows from the counts alone, by the rule as it is written."""
    alarm, raised = Alarm(threshold), False
    for number, value in enumerate(values, 1):
        alarm.take(value)
        latest = values[max(0, number - threshold.samples) : number]
        beyond = sum(each > 0.03 for each in latest)
        if beyond >= threshold.raise_count:
            raised = True
        elif number >= threshold.samples and beyond <= threshold.clear_count:
            raised = False
        assert alarm.raised == raised


@given(values=st.lists(st.floats(0.0, 0.1), max_size=40), worse=st.floats(0.0, 0.1))
def test_worse_samples_never_keep_a_warning_from_being_raised(
    values: list[float], worse: float
) -> None:
    """What is raised by good samples is raised by worse ones no later."""

    def first(samples: list[float]) -> int:
        alarm = Alarm(HIGH_JITTER)
        return next((n for n, each in enumerate(samples) if alarm.take(each)), len(samples))

    assert first([value + worse for value in values]) <= first(values)


@given(
    moments=st.lists(
        st.tuples(st.none() | st.integers(0, 3), st.none() | st.sampled_from([0.0, 0.5, 1.0])),
        max_size=40,
    ),
    step=st.sampled_from([0.5, 1.0, 5.0, 20.0, None]),
)
def test_one_way_audio_and_silence_take_turns_too(
    moments: list[tuple[int | None, float | None]], step: float | None
) -> None:
    """Whatever arrives and whatever is reported, each warning is raised and cleared by turns."""
    watch = Watch()
    states: dict[str, bool] = {}
    for number, pair in enumerate(moments):
        at = None if step is None else number * step
        for change in watch.feed(both(*pair), at=at):
            assert states.get(change.name, False) != change.raised
            states[change.name] = change.raised

    assert sorted(watch.active) == sorted(name for name, raised in states.items() if raised)
