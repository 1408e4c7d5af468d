"""Which of a record's judgements counts, and its R where only a MOS was told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cxotel.media.emodel.opinion import Model, r_from_mos, scale_of

if TYPE_CHECKING:
    from cxotel.media.quality import Judgement, MediaQuality

BEST_MOS: Final = 4.5
"""The highest MOS that an E-model gives; vendors' scales end at 5."""


def rating_of(judgement: Judgement) -> float | None:
    """Return the R of a judgement, on the scale of its model.

    Args:
        judgement: The judgement.

    Returns:
        Its own R, or the one that its MOS stands for; a vendor's is taken for narrowband. None
        where it has neither.

    Example:
        >>> from cxotel.media.quality import Judgement
        >>> round(rating_of(Judgement("reported", "vendor", mos=3.1)))
        60

    Source: ITU-T G.107 (06/2015) Appendix I, for R from MOS.
    """
    if judgement.r is not None or judgement.mos is None:
        return judgement.r
    model: Model = "g107" if judgement.model == "vendor" else judgement.model
    return r_from_mos(min(BEST_MOS, judgement.mos), model=model)


def on_narrowband(r: float, model: str) -> float:
    """Return an R brought to the scale of G.107, where different models' limits agree.

    Args:
        r: Transmission rating on the scale of `model`.
        model: `g107`, `g107.1`, `g107.2`, or `vendor`, which is taken for narrowband.

    Example:
        >>> on_narrowband(103.2, "g107.1"), on_narrowband(80.0, "vendor")
        (80.0, 80.0)
    """
    return r if model == "vendor" else r / scale_of(model)


def verdict(record: MediaQuality) -> tuple[Judgement, float] | None:
    """Return the judgement that counts, and its R on the scale of its model.

    Args:
        record: The record.

    Returns:
        The worst of its judgements: of listening and conversing the second, and of two sources
        of one fact the larger loss. None where no judgement has a number.

    Example:
        >>> from cxotel.media.quality import Judgement, MediaQuality
        >>> listening = Judgement("reported", "vendor", r=92.0, kind="listening")
        >>> conversing = Judgement("reported", "vendor", r=71.0, kind="conversational")
        >>> record = MediaQuality(source="rtcp_xr", judgements=(listening, conversing))
        >>> verdict(record)[1]
        71.0
    """
    rated = [(judgement, rating_of(judgement)) for judgement in record.judgements]
    known = [(judgement, r) for judgement, r in rated if r is not None]
    if not known:
        return None
    return min(known, key=lambda each: on_narrowband(each[1], each[0].model))
