"""What people already know, exactly as published: Apdex, Teams CQD, Twilio tags, risk rules.

These judge by thresholds of their own, beside the score, so that its verdicts can be compared with
the ones that people have. A measure that nobody took is None, and no rule hits on it; where none
was taken at all, the result is ``unclassified``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

UNCLASSIFIED: Final = "unclassified"


class Apdex(NamedTuple):
    """An Apdex score and its rating.

    Args:
        value: The score, 0..1 with two decimals; None without samples.
        rating: ``excellent``, ``good``, ``fair``, ``poor``, ``unacceptable`` or ``unclassified``.
    """

    value: float | None
    rating: str


APDEX_RATINGS: Final = ((94, "excellent"), (85, "good"), (70, "fair"), (50, "poor"))
"""The lowest score of each rating, in hundredths."""


def apdex(durations: Iterable[float], target: float, *, failed: int = 0) -> Apdex:
    """Return the Apdex of *durations*: (satisfied + tolerating / 2) / all.

    Satisfied is who waits up to the target, tolerating up to four times the target; whoever waits
    longer, or got an error, is frustrated.

    Args:
        durations: Durations of what succeeded, s.
        target: The target T, s.
        failed: Number of requests that failed.

    Source: Apdex technical specification (apdex.org): formula, zones T and 4T, and ratings
        0.94 / 0.85 / 0.70 / 0.50, published with two decimals.

    Example:
        >>> apdex([0.3, 0.4, 1.2, 9.0], target=0.5)
        Apdex(value=0.63, rating='poor')
    """
    satisfied = tolerating = total = 0
    for duration in durations:
        total += 1
        satisfied += duration <= target
        tolerating += target < duration <= 4 * target
    total += failed
    if not total:
        return Apdex(None, UNCLASSIFIED)
    # Whole numbers, so that a half is rounded up everywhere.
    hundredths = (100 * (2 * satisfied + tolerating) + total) // (2 * total)
    ratings = (name for least, name in APDEX_RATINGS if hundredths >= least)
    return Apdex(hundredths / 100, next(ratings, "unacceptable"))


def teams_cqd(
    *,
    degradation: float | None = None,
    round_trip: float | None = None,
    loss: float | None = None,
    jitter: float | None = None,
    concealed: float | None = None,
    invalid: bool = False,
) -> str:
    """Classify an audio stream as Microsoft's Call Quality Dashboard does.

    Args:
        degradation: Average degradation of the network MOS, MOS points: poor above 1.0.
        round_trip: Average round trip, ms: poor above 500.
        loss: Average packet loss, ratio: poor above 0.1.
        jitter: Average jitter, ms: poor above 30.
        concealed: Average ratio of concealed samples: poor above 0.07.
        invalid: Whether connectivity checks failed, the call was too short or hardly any packets
            were sent: such a stream is not classified.

    Returns:
        ``poor`` where any measure is, ``good`` otherwise, ``unclassified`` without any.

    Source: Microsoft, "Stream classification in Call Quality Dashboard", audio.

    Example:
        >>> teams_cqd(round_trip=120, jitter=31), teams_cqd(loss=0.02), teams_cqd()
        ('poor', 'good', 'unclassified')
    """
    measured = (
        (degradation, 1.0),
        (round_trip, 500),
        (loss, 0.1),
        (jitter, 30),
        (concealed, 0.07),
    )
    known = [(value, most) for value, most in measured if value is not None]
    if invalid or not known:
        return UNCLASSIFIED
    return "poor" if any(value > most for value, most in known) else "good"


def twilio_tags(
    *,
    silent: bool | None = None,
    jitter: float | None = None,
    jitter_max: float | None = None,
    late: float | None = None,
    loss: float | None = None,
    post_dial_delay: float | None = None,
    post_dial_delay_p95: float | None = None,
    latency: float | None = None,
) -> tuple[str, ...] | None:
    """Return the tags that Twilio Voice Insights gives to a carrier, SIP or client edge.

    Args:
        silent: Whether silence was detected.
        jitter: Average jitter, ms.
        jitter_max: Highest jitter, ms: with an average above 5 ms, ``high_jitter`` above 30 ms.
        late: Share of packets delayed by 200 ms or more: ``high_jitter`` above 0.01.
        loss: Packet loss, ratio: ``high_packet_loss`` above 0.05.
        post_dial_delay: Post-dial delay, s.
        post_dial_delay_p95: The country's 95th percentile of it, s: ``high_pdd`` above.
        latency: Average time to pass through the edge, ms: ``high_latency`` above 150.

    Returns:
        The tags in alphabetical order; None where nothing was measured.

    Source: Twilio, "Voice Insights API: call tags", carrier, SIP and client edges.

    Example:
        >>> twilio_tags(jitter=6, jitter_max=42, loss=0.001)
        ('high_jitter',)
    """
    dialled = _both(post_dial_delay, post_dial_delay_p95)
    jittered = _both(jitter, jitter_max)
    return _tags(
        ("silence", silent),
        ("high_jitter", None if jittered is None else jittered[0] > 5 and jittered[1] > 30),
        ("high_jitter", _above(late, 0.01)),
        ("high_packet_loss", _above(loss, 0.05)),
        ("high_pdd", None if dialled is None else dialled[0] > dialled[1]),
        ("high_latency", _above(latency, 150)),
    )


def twilio_sdk_tags(
    *,
    ice_failed: bool | None = None,
    round_trip: float | None = None,
    mos: float | None = None,
    jitter: float | None = None,
    jitter_max: float | None = None,
    late: float | None = None,
    loss: float | None = None,
) -> tuple[str, ...] | None:
    """Return the tags that Twilio Voice Insights gives to an SDK edge.

    Args:
        ice_failed: Whether connectivity checks failed.
        round_trip: Round trip, ms: ``high_latency`` above 400.
        mos: MOS as Twilio computes it: ``low_mos`` below 3.5 (the JavaScript SDK warns below 3).
        jitter: Average jitter, ms.
        jitter_max: Highest jitter, ms: with an average above 5 ms, ``high_jitter`` above 30 ms.
        late: Share of packets delayed by 200 ms or more: ``high_jitter`` above 0.01.
        loss: Packet loss, ratio: ``high_packet_loss`` above 0.05.

    Returns:
        The tags in alphabetical order; None where nothing was measured.

    Source: Twilio, "Voice Insights API: call tags", SDK edge.

    Example:
        >>> twilio_sdk_tags(round_trip=450, mos=3.4)
        ('high_latency', 'low_mos')
    """
    shared = twilio_tags(jitter=jitter, jitter_max=jitter_max, late=late, loss=loss)
    own = _tags(
        ("ice_failure", ice_failed),
        ("high_latency", _above(round_trip, 400)),
        ("low_mos", None if mos is None else mos < 3.5),
    )
    if shared is None or own is None:
        return own if shared is None else shared
    return tuple(sorted({*shared, *own}))


class Risk(NamedTuple):
    """A level of risk, and the first rule that gave it.

    Args:
        level: ``high``, ``medium``, ``low`` or ``unclassified``.
        rule: Name of the rule; None where none hit.
    """

    level: str
    rule: str | None = None


def technical_risk(
    *,
    no_media: bool | None = None,
    mos: float | None = None,
    mos_min: float | None = None,
    virtual_desktop: bool | None = None,
    cpu: float | None = None,
    one_way_audio: bool | None = None,
    disconnected: bool | None = None,
    chromium: int | None = None,
    wifi: bool | None = None,
) -> Risk:
    """Judge a contact's technical risk by the published rules of a contact center monitor.

    The rules are tried in order, and the first that hits decides.

    Args:
        no_media: Whether no media was seen at all: high.
        mos: Average MOS: high below 3.5, medium below 4.0.
        mos_min: Lowest MOS: high below 3.0, medium below 3.5.
        virtual_desktop: Whether media ran inside a virtual desktop: high.
        cpu: Load of the agent's processor, ratio: high from 0.95, medium from 0.90.
        one_way_audio: Whether one side heard nothing: high.
        disconnected: Whether the telephone network broke the call off: high.
        chromium: Major version of the agent's browser: high up to 120, medium up to 125.
        wifi: Whether the agent was on Wi-Fi: medium.

    Source: Operata, "Technology CX Risks measures" (help.operata.com, 2025). Where its headings say
        "below" and its sentences "or below", MOS follows the headings, versions the sentences.

    Example:
        >>> technical_risk(mos=3.8, mos_min=2.9)
        Risk(level='high', rule='low minimum MOS')
    """
    return _first(
        ("high", "no media", no_media),
        ("high", "low average MOS", _below(mos, 3.5)),
        ("high", "low minimum MOS", _below(mos_min, 3.0)),
        ("high", "media in a virtual desktop", virtual_desktop),
        ("high", "processor load", _from(cpu, 0.95)),
        ("high", "one-way audio", one_way_audio),
        ("high", "network disconnection", disconnected),
        ("high", "old browser", _up_to(chromium, 120)),
        ("medium", "low average MOS", _below(mos, 4.0)),
        ("medium", "low minimum MOS", _below(mos_min, 3.5)),
        ("medium", "processor load", _from(cpu, 0.90)),
        ("medium", "Wi-Fi", wifi),
        ("medium", "old browser", _up_to(chromium, 125)),
    )


def operational_risk(
    *,
    no_media: bool | None = None,
    duration: float | None = None,
    held: float | None = None,
    queued: float | None = None,
    one_way_audio: bool | None = None,
) -> Risk:
    """Judge a contact's operational risk by the published rules of a contact center monitor.

    The rules are tried in order, and the first that hits decides.

    Args:
        no_media: Whether no media was seen at all: high.
        duration: Time from answer to end, s: high up to 15 or above 3600, medium up to 30 or
            above 2400.
        held: Time on hold and muted, s: high above 240 and a fifth of `duration`, medium above 180
            and 15 % of it.
        queued: Time in the queue, s: high above 480, medium above 300.
        one_way_audio: Whether one side heard nothing: high.

    Source: Operata, "Operational CX Risks measures" (help.operata.com, 2025). Where its headings
        say "below" and its sentences "or less", durations follow the sentences.

    Example:
        >>> operational_risk(duration=900, held=200)
        Risk(level='medium', rule='long hold')
    """
    return _first(
        ("high", "no media", no_media),
        ("high", "very short call", _up_to(duration, 15)),
        ("high", "very long call", _above(duration, 3600)),
        ("high", "long hold", _held(held, duration, 240, 0.20)),
        ("high", "long queue", _above(queued, 480)),
        ("high", "one-way audio", one_way_audio),
        ("medium", "short call", _up_to(duration, 30)),
        ("medium", "long call", _above(duration, 2400)),
        ("medium", "long hold", _held(held, duration, 180, 0.15)),
        ("medium", "long queue", _above(queued, 300)),
    )


PROFILES: Final[dict[str, Callable[..., object]]] = {
    "apdex": apdex,
    "teams-cqd": teams_cqd,
    "twilio-tags": twilio_tags,
    "twilio-sdk-tags": twilio_sdk_tags,
    "technical-risk": technical_risk,
    "operational-risk": operational_risk,
}
"""All profiles by their names."""


def _tags(*found: tuple[str, bool | None]) -> tuple[str, ...] | None:
    if all(hit is None for _, hit in found):
        return None
    return tuple(sorted({tag for tag, hit in found if hit}))


def _first(*rules: tuple[str, str, bool | None]) -> Risk:
    """Return the level of the first rule that hits."""
    if all(hit is None for _, _, hit in rules):
        return Risk(UNCLASSIFIED)
    return next((Risk(level, rule) for level, rule, hit in rules if hit), Risk("low"))


def _above(value: float | None, most: float) -> bool | None:
    return None if value is None else value > most


def _below(value: float | None, least: float) -> bool | None:
    return None if value is None else value < least


def _from(value: float | None, least: float) -> bool | None:
    return None if value is None else value >= least


def _up_to(value: float | None, most: float) -> bool | None:
    return None if value is None else value <= most


def _both(one: float | None, other: float | None) -> tuple[float, float] | None:
    return None if one is None or other is None else (one, other)


def _held(held: float | None, duration: float | None, most: float, part: float) -> bool | None:
    known = _both(held, duration)
    return None if known is None else known[0] > most and known[0] > part * known[1]
