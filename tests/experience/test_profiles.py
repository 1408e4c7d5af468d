"""Published yardsticks, exactly as published."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxotel.experience.profiles import (
    PROFILES,
    Apdex,
    Risk,
    apdex,
    operational_risk,
    teams_cqd,
    technical_risk,
    twilio_sdk_tags,
    twilio_tags,
)


@pytest.mark.parametrize(
    ("durations", "failed", "result"),
    [
        ([0.5, 2.0, 2.01], 0, Apdex(0.5, "poor")),
        ([0.5] * 94 + [3.0] * 6, 0, Apdex(0.94, "excellent")),
        ([0.5] * 93 + [3.0] * 7, 0, Apdex(0.93, "good")),
        ([0.5] * 85, 15, Apdex(0.85, "good")),
        ([0.5] * 84, 16, Apdex(0.84, "fair")),
        ([0.5] * 69, 31, Apdex(0.69, "poor")),
        ([0.5] * 49, 51, Apdex(0.49, "unacceptable")),
        ([], 3, Apdex(0.0, "unacceptable")),
        ([], 0, Apdex(None, "unclassified")),
    ],
)
def test_apdex(durations: list[float], failed: int, result: Apdex) -> None:
    """Satisfied up to T, tolerating up to four times T, errors frustrated; bands as published."""
    assert apdex(durations, 0.5, failed=failed) == result


@given(st.lists(st.floats(0, 100), min_size=1), st.floats(0.1, 10))
def test_apdex_is_a_share(durations: list[float], target: float) -> None:
    """It is never outside of 0..1."""
    value = apdex(durations, target).value

    assert value is not None
    assert 0 <= value <= 1


@pytest.mark.parametrize(
    ("measured", "result"),
    [
        ({}, "unclassified"),
        ({"degradation": 1.0}, "good"),
        ({"degradation": 1.1}, "poor"),
        ({"round_trip": 500}, "good"),
        ({"round_trip": 501}, "poor"),
        ({"loss": 0.1}, "good"),
        ({"loss": 0.11, "jitter": 3}, "poor"),
        ({"jitter": 30}, "good"),
        ({"jitter": 31}, "poor"),
        ({"concealed": 0.07}, "good"),
        ({"concealed": 0.08}, "poor"),
        ({"jitter": 31, "invalid": True}, "unclassified"),
    ],
)
def test_teams_cqd(measured: dict[str, Any], result: str) -> None:
    """Any poor measure makes a stream poor; without measures it is unclassified."""
    assert teams_cqd(**measured) == result


@pytest.mark.parametrize(
    ("measured", "tags"),
    [
        ({}, None),
        ({"jitter": 5, "jitter_max": 99}, ()),
        ({"jitter": 6, "jitter_max": 30}, ()),
        ({"jitter": 6, "jitter_max": 31}, ("high_jitter",)),
        ({"jitter": 6}, None),
        ({"late": 0.02}, ("high_jitter",)),
        ({"loss": 0.05}, ()),
        ({"loss": 0.06, "silent": True}, ("high_packet_loss", "silence")),
        ({"post_dial_delay": 8, "post_dial_delay_p95": 7}, ("high_pdd",)),
        ({"post_dial_delay": 8}, None),
        ({"latency": 151}, ("high_latency",)),
    ],
)
def test_twilio_tags(measured: dict[str, Any], tags: tuple[str, ...] | None) -> None:
    """Tags of carrier, SIP and client edges."""
    assert twilio_tags(**measured) == tags


@pytest.mark.parametrize(
    ("measured", "tags"),
    [
        ({}, None),
        ({"round_trip": 400, "mos": 3.5}, ()),
        (
            {"round_trip": 401, "mos": 3.4, "loss": 0.06},
            ("high_latency", "high_packet_loss", "low_mos"),
        ),
        ({"ice_failed": True}, ("ice_failure",)),
        ({"late": 0.02}, ("high_jitter",)),
    ],
)
def test_twilio_sdk_tags(measured: dict[str, Any], tags: tuple[str, ...] | None) -> None:
    """Tags of SDK edges, with a latency of their own."""
    assert twilio_sdk_tags(**measured) == tags


@pytest.mark.parametrize(
    ("measured", "risk"),
    [
        ({}, Risk("unclassified")),
        ({"mos": 4.2}, Risk("low")),
        ({"mos": 3.49}, Risk("high", "low average MOS")),
        ({"mos": 3.9, "mos_min": 2.9}, Risk("high", "low minimum MOS")),
        ({"mos": 3.9}, Risk("medium", "low average MOS")),
        ({"mos_min": 3.4}, Risk("medium", "low minimum MOS")),
        ({"cpu": 0.95}, Risk("high", "processor load")),
        ({"cpu": 0.9}, Risk("medium", "processor load")),
        ({"chromium": 120, "wifi": True}, Risk("high", "old browser")),
        ({"chromium": 125, "wifi": True}, Risk("medium", "Wi-Fi")),
        ({"chromium": 126, "wifi": False}, Risk("low")),
        ({"no_media": True, "mos": 4.4}, Risk("high", "no media")),
        ({"disconnected": True}, Risk("high", "network disconnection")),
    ],
)
def test_technical_risk(measured: dict[str, Any], risk: Risk) -> None:
    """The first rule that hits decides."""
    assert technical_risk(**measured) == risk


@pytest.mark.parametrize(
    ("measured", "risk"),
    [
        ({}, Risk("unclassified")),
        ({"duration": 300}, Risk("low")),
        ({"duration": 15}, Risk("high", "very short call")),
        ({"duration": 30}, Risk("medium", "short call")),
        ({"duration": 2401}, Risk("medium", "long call")),
        ({"duration": 3601}, Risk("high", "very long call")),
        ({"duration": 1000, "held": 241}, Risk("high", "long hold")),
        ({"duration": 1205, "held": 241}, Risk("medium", "long hold")),
        ({"duration": 1700, "held": 241}, Risk("low")),
        ({"held": 241}, Risk("unclassified")),
        ({"queued": 301}, Risk("medium", "long queue")),
        ({"queued": 481}, Risk("high", "long queue")),
        ({"one_way_audio": True, "queued": 10}, Risk("high", "one-way audio")),
    ],
)
def test_operational_risk(measured: dict[str, Any], risk: Risk) -> None:
    """The first rule that hits decides; a share of an unknown length is unknown."""
    assert operational_risk(**measured) == risk


@pytest.mark.parametrize("name", sorted(PROFILES))
def test_every_profile_says_where_it_is_published(name: str) -> None:
    """Whoever compares finds the page that it was taken from."""
    assert "Source:" in (inspect.getdoc(PROFILES[name]) or "")
