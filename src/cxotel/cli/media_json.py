"""What `cxotel media --json` writes. The names are documented in docs/media-quality.md."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final

from cxotel.media.quality import MediaQuality

if TYPE_CHECKING:
    from cxotel.media.files import Leg, Reading
    from cxotel.media.quality import Judgement

MEASURED: Final = tuple(
    field.name
    for field in fields(MediaQuality)
    if field.name not in {"judgements", "problems", "burst"}
)
"""What is taken over from a record as it is."""

BURST: Final = ("burst_density", "gap_density", "burst_duration", "gap_duration", "burst_r")
"""What is taken over of bursts."""


def document(name: str, reading: Reading | None, error: str | None) -> dict[str, Any]:
    """Return one file as a document for scripts.

    Args:
        name: The file's name.
        reading: What was read; None where it could not be.
        error: Why not.
    """
    return {
        "file": name,
        "error": error,
        "kind": None if reading is None else reading.kind,
        "format": None if reading is None else reading.what,
        "notes": [] if reading is None else list(reading.notes),
        "legs": [] if reading is None else [_leg(leg) for leg in reading.legs],
    }


def _leg(leg: Leg) -> dict[str, Any]:
    found = leg.assessment
    return {
        "name": leg.name,
        "judgement": None if found.judgement is None else _judgement(found.judgement),
        "class": found.satisfaction,
        "lost": dict(found.lost),
        "worst": found.lost[0][0] if found.lost else None,
        "unknown": [unknown._asdict() for unknown in found.unknown],
        "judgements": [_judgement(each) for each in found.record.judgements],
        "measured": _measured(found.record),
        "problems": list(found.record.problems),
    }


def _judgement(judgement: Judgement) -> dict[str, Any]:
    return {
        "origin": judgement.origin,
        "model": judgement.model,
        "kind": judgement.kind,
        "r": judgement.r,
        "mos": judgement.mos,
        "outside": list(judgement.outside),
    }


def _measured(record: MediaQuality) -> dict[str, Any]:
    found = {name: getattr(record, name) for name in MEASURED}
    found |= {name: getattr(record.burst, name, None) for name in BURST}
    return {name: value for name, value in found.items() if value is not None}
