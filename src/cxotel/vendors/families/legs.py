"""The legs in a vendor's report on quality: all samples of a leg as one fact, judged if need be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cxotel import semconv
from cxotel.engine import decimal, item, number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from cxotel.engine import Call, Reader
    from cxotel.media.quality import MediaQuality


def legs(read: Callable[[Any], Iterable[MediaQuality]]) -> Reader:
    """Return a reader of the legs in a reply's document, for a fact's `each`.

    A report has a sample for each minute, or for less: a span has room for some dozens of events.
    Where the vendor gave no opinion of its own, the E-model judges what it measured.

    Args:
        read: Reads the document into the samples; see `cxotel.media.vendors`.
    """

    def reader(call: Call) -> list[MediaQuality]:
        from cxotel.media.folding import LegFold  # costs import time
        from cxotel.media.judge import judged

        folds: dict[tuple[object, ...], LegFold] = {}
        for sample in read(call.document):
            leg = (sample.leg, sample.leg_name, sample.direction)
            fold = folds.setdefault(leg, LegFold())
            fold.add(sample if sample.judgements else judged(sample))
        wholes = (fold.whole() for fold in folds.values())
        return [whole for whole in wholes if whole is not None]

    return reader


def _began(call: Call) -> int | None:
    start = call.item.start
    return None if start is None else round(start * 1000)


def _ended(call: Call) -> int | None:
    start, duration = call.item.start, call.item.duration
    return None if start is None or duration is None else round((start + duration) * 1000)


LEG: dict[str, Reader] = {
    semconv.CX_MEDIA_LEG_ID: item("leg"),
    semconv.CX_MEDIA_DIRECTION: item("direction"),
    semconv.CX_MEDIA_LOSS: decimal(item("loss")),
    semconv.CX_MEDIA_JITTER: decimal(item("jitter")),
    semconv.CX_MEDIA_R: number(item("judgements", 0, "r")),
    semconv.CX_MEDIA_MOS: decimal(item("judgements", 0, "mos")),
    semconv.CX_MEDIA_MODEL: item("judgements", 0, "model"),
    semconv.CX_MEDIA_ORIGIN: item("judgements", 0, "origin"),
    semconv.CX_EVIDENCE_START_TIME: _began,
}
"""What is told of a leg, for `heard`; with `WHOLE` where samples have a known length."""
WHOLE: dict[str, Reader] = {semconv.CX_EVIDENCE_END_TIME: _ended}
