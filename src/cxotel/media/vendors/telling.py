"""What the readers of vendors' reports have in common."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from cxotel.media.fields import MAX_ITEMS
from cxotel.media.quality import Judgement

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cxotel.media.fields import Fields
    from cxotel.media.quality import Kind, MediaQuality


def reported(
    mos: float | None, r: float | None = None, kind: Kind | None = None
) -> tuple[Judgement, ...]:
    """Return a vendor's judgement, none where it made none.

    Args:
        mos: Its MOS; below 1 there is no opinion, and vendors write 0 for none.
        r: Its R, on its own scale; 0 likewise.
        kind: Whether delay counts, where the vendor says so.

    Example:
        >>> reported(4.1)[0].model, reported(0.0)
        ('vendor', ())
    """
    opinion = mos if mos is not None and 1.0 <= mos <= 5.0 else None
    if opinion is None and not r:
        return ()
    return (Judgement("reported", "vendor", r or None, opinion, kind),)


def statistic(fields: Fields, name: str, which: str, *, unit: float = 1.0) -> float | None:
    """Return a number that stands alone, or as one of several statistics.

    Args:
        fields: Where it stands.
        name: Its name.
        which: Which of the statistics.
        unit: What one of theirs is in ours.

    Example:
        >>> from cxotel.media.fields import Fields
        >>> statistic(Fields({"jitter": {"avg": 4, "max": 9}}, "report"), "jitter", "avg")
        4.0
    """
    value = fields.raw(name)
    if value is None or isinstance(value, (int, float, str)):
        return None if which == "max" else fields.number(name, unit=unit)
    return fields.child(name).number(which, unit=unit)


def telling(records: Iterable[MediaQuality], problems: Iterable[str]) -> tuple[MediaQuality, ...]:
    """Return the records that tell anything, each with the problems of the report.

    Where none does but there are problems, one record is left to tell them.

    Args:
        records: The records, the first `MAX_ITEMS` of which count.
        problems: The problems, known when the records are made.
    """
    made = list(islice(records, MAX_ITEMS))
    wrong = tuple(problems)
    found = [record for record in made if _tells(record)] or (made[:1] if wrong else [])
    return tuple(replace(record, problems=wrong) for record in found)


def _tells(record: MediaQuality) -> bool:
    measured = (
        record.packets,
        record.loss,
        record.discard,
        record.jitter,
        record.round_trip,
        record.one_way_delay,
    )
    return bool(record.judgements) or any(value is not None for value in measured)
