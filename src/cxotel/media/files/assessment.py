"""What becomes of a record: how good the call was, what cost how much, and what is unknown."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

from cxotel.media.emodel.opinion import satisfaction
from cxotel.media.judge import delay_of, judged
from cxotel.media.verdict import on_narrowband, rating_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cxotel.media.codecs import Impairment
    from cxotel.media.emodel.opinion import Satisfaction
    from cxotel.media.files.hints import Hints
    from cxotel.media.quality import Judgement, MediaQuality

_NO_DELAY: Final = {
    "mouth_to_ear": None,
    "one_way_delay": None,
    "round_trip": None,
}
_LEAST: Final = 0.05


class Unknown(NamedTuple):
    """Something that would have changed the rating, had it been known.

    Args:
        what: `loss`, `codec` or `codec_values`, without which there is no rating of ours; `delay`;
            `discard`; `jitter`; `range`, where the model is used beyond what it covers.
        why: Why it is not known, and what that means.
    """

    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """What becomes of one record.

    Args:
        record: The record, with our judgement where one can be made.
        judgement: The judgement that counts: ours, else the conversational one of the reporter,
            else that of listening; None where nobody judged.
        satisfaction: The class of that judgement.
        lost: What cost how many points of R, the costliest first: `loss` on the network,
            `discard` by the jitter buffer, `codec`, `delay`. Empty for others' judgements.
        unknown: What is not known.
    """

    record: MediaQuality
    judgement: Judgement | None
    satisfaction: Satisfaction | None
    lost: tuple[tuple[str, float], ...]
    unknown: tuple[Unknown, ...]


def assess(record: MediaQuality, hints: Hints, *, discards_seen: bool = True) -> Assessment:
    """Judge a record.

    What an impairment cost is how much higher R would be without it and with all others: since
    loss weighs more the better the codec, these costs need not add up to what is lost in all.

    Args:
        record: The record.
        hints: What is known beyond it.
        discards_seen: Whether its source can know what a jitter buffer discarded.

    Example:
        >>> from cxotel.media.files.hints import Hints
        >>> from cxotel.media.quality import MediaQuality
        >>> found = assess(MediaQuality(source="rtp", codec="PCMU", loss=0.05), Hints(delay=0.2))
        >>> found.satisfaction, found.lost[0][0], round(found.lost[0][1], 1)
        ('some_dissatisfied', 'loss', 15.8)

    Source: ITU-T G.107 (06/2015) clause 7, G.107.1, G.107.2.
    """
    known = hints.added(record)
    values = hints.values(known)
    full = judged(known, values)
    ours = full.judgements[-1] if len(full.judgements) > len(known.judgements) else None
    judgement = ours or _reported(known.judgements)
    return Assessment(
        full,
        judgement,
        None if judgement is None else _class(judgement),
        () if ours is None else tuple(_lost(known, values, ours)),
        tuple(_unknown(known, values, ours, discards_seen=discards_seen)),
    )


def _reported(judgements: tuple[Judgement, ...]) -> Judgement | None:
    ranked = sorted(judgements, key=lambda each: (each.kind != "conversational", each.r is None))
    return ranked[0] if ranked else None


def _class(judgement: Judgement) -> Satisfaction | None:
    r = rating_of(judgement)
    return None if r is None else satisfaction(on_narrowband(r, judgement.model))


def _lost(record: MediaQuality, values: Impairment, ours: Judgement) -> list[tuple[str, float]]:
    without = {
        "loss": judged(replace(record, loss=0.0, burst=None), values),
        "discard": judged(replace(record, discard=None), values),
        "codec": judged(record, replace(values, ie=0.0)),
        "delay": judged(replace(record, **_NO_DELAY), values),
    }
    costs = {
        name: (other.judgements[-1].r or 0.0) - (ours.r or 0.0) for name, other in without.items()
    }
    found = [(name, cost) for name, cost in costs.items() if cost >= _LEAST]
    return sorted(found, key=lambda each: -each[1])


def _unknown(
    record: MediaQuality, values: Impairment, ours: Judgement | None, *, discards_seen: bool
) -> Iterator[Unknown]:
    if ours is None:
        yield _why_unrated(record, values)
    elif delay_of(record) is None:
        yield Unknown("delay", "not told: the rating is of listening alone, as if there were none")
    elif record.mouth_to_ear is None:
        least = (delay_of(record) or 0.0) * 1000.0
        yield Unknown("delay", f"at least {least:.0f} ms one way; what the ends add is not told")
    if not discards_seen and record.loss is not None:
        yield Unknown(
            "discard", "a capture does not show what a jitter buffer threw away as too late"
        )
    if record.jitter is None and record.packets:
        yield Unknown("jitter", "it takes the codec's clock rate to compute it")
    if ours is not None and ours.outside:
        yield Unknown("range", f"beyond what the model covers: {', '.join(ours.outside)}")


def _why_unrated(record: MediaQuality, values: Impairment) -> Unknown:
    if record.loss is None:
        return Unknown("loss", "not told: no rating of ours")
    if record.codec is None:
        return Unknown("codec", "not told: no rating of ours")
    if values.available:
        why = f"nobody published how {values.codec} stands packet loss: no rating of ours"
        return Unknown("codec_values", why)
    return Unknown("codec_values", f"{values.codec}: {values.source}")
