"""What is written on a span about a score: attributes and events, by their registered names."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Final

from cxotel import semconv

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from opentelemetry.util.types import AttributeValue

    from cxotel.experience.evidence import Impairment
    from cxotel.experience.score import Blame, Score

REASONS: Final = 5
"""How many reasons are written, the worst first."""

_LOST: Final = {
    "reach": semconv.CX_EXPERIENCE_LOST_REACH,
    "responsiveness": semconv.CX_EXPERIENCE_LOST_RESPONSIVENESS,
    "reliability": semconv.CX_EXPERIENCE_LOST_RELIABILITY,
    "media": semconv.CX_EXPERIENCE_LOST_MEDIA,
    "effort": semconv.CX_EXPERIENCE_LOST_EFFORT,
    "resolution": semconv.CX_EXPERIENCE_LOST_RESOLUTION,
}


def describe_score(score: Score, owners: Mapping[str, str]) -> dict[str, AttributeValue]:
    """Return the attributes that tell *score* on the span that carries it.

    Numbers that people compare are whole: TraceQL finds `< 60` in integer attributes only.

    Args:
        score: The score.
        owners: Who owns a system or a layer, by its name.
    """
    attributes: dict[str, AttributeValue] = {
        semconv.CX_EXPERIENCE_CLASS: score.class_,
        semconv.CX_EXPERIENCE_COVERAGE: round(score.coverage, 4),
        semconv.CX_EXPERIENCE_ALGORITHM: score.algorithm,
    }
    if score.value is not None:
        attributes[semconv.CX_EXPERIENCE_SCORE] = score.value
    # What comes to no whole point is left out: a 0 with a reason puzzles whoever reads it.
    lost = {_LOST[dimension]: round(points) for dimension, points in score.lost.items()}
    attributes |= {key: points for key, points in lost.items() if points}
    worst = [str(each) for each in score.reasons if round(each.points)][:REASONS]
    if worst:
        attributes[semconv.CX_EXPERIENCE_REASONS] = worst
    if score.blame:
        attributes |= _describe_blame(score.blame, owners)
    return attributes


def _describe_blame(blame: Blame, owners: Mapping[str, str]) -> dict[str, AttributeValue]:
    owner = owners.get(blame.system or "") or owners.get(blame.layer or "")
    named = {
        semconv.CX_EXPERIENCE_BLAME_LAYER: blame.layer,
        semconv.CX_EXPERIENCE_BLAME_SYSTEM: blame.system,
        semconv.CX_EXPERIENCE_BLAME_STEP: blame.step,
        semconv.CX_EXPERIENCE_BLAME_OWNER: owner,
    }
    return {key: value for key, value in named.items() if value}


def describe_impairment(impairment: Impairment, span_id: str | None) -> dict[str, AttributeValue]:
    """Return the attributes of the event that tells one impairment.

    Args:
        impairment: What hurt.
        span_id: The span that showed it, as 16 hexadecimal digits.
    """
    where = impairment.where
    named: dict[str, AttributeValue | None] = {
        semconv.CX_IMPAIRMENT_DIMENSION: impairment.dimension,
        semconv.CX_IMPAIRMENT_REASON: impairment.reason,
        semconv.CX_IMPAIRMENT_POINTS: whole_points([impairment]),
        semconv.CX_IMPAIRMENT_SPAN_ID: span_id,
        semconv.CX_LAYER: where.layer,
        semconv.CX_SYSTEM: where.system,
        semconv.CX_STEP_NAME: where.step,
    }
    return {key: value for key, value in named.items() if value is not None}


def whole_points(impairments: Sequence[Impairment]) -> int:
    """Return the points of *impairments* together, rounded up.

    Example:
        >>> from cxotel.experience.evidence import NOWHERE, Impairment
        >>> hurt = Impairment("effort", NOWHERE, "hold", 2.1)
        >>> whole_points([hurt]), whole_points([])
        (3, 0)
    """
    # Rounding first: adding thousandths as floats must not push 7 up to 8.
    return ceil(round(sum(each.points for each in impairments), 6))
