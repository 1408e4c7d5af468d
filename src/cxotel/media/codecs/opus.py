"""Research values for Opus; the ITU publishes none.

Source: Al-Ahmadi, E-model parameters for Opus (MIT licence), derived with an instrumental model of
speech quality rather than from listening tests.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from cxotel.media.codecs.entry import Impairment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cxotel.media.emodel.opinion import Model

_SOURCE = "Al-Ahmadi, E-model parameters for Opus: instrumentally derived, not ITU"

# Kilobits a second, Ie, Bpl for random loss, Bpl for bursts.
_Row = tuple[float, float, float, float]

_FULLBAND_VBR: tuple[_Row, ...] = (
    (14, 38.06, 16.51, 9.13),
    (15, 34.12, 15.0, 7.9),
    (16, 30.16302131, 11.83, 10.06),
    (19, 23.80720462, 10.67, 8.92),
    (22, 20.22332357, 10.47, 8.57),
    (25, 20.20905481, 11.28, 9.18),
    (28, 18.47734739, 10.63, 8.91),
    (31, 16.82867498, 10.44, 8.82),
    (34, 14.75893036, 10.12, 8.54),
    (37, 12.07782849, 10.38, 8.3),
    (40, 10.66596559, 9.79, 8.04),
)
_WIDEBAND_VBR: tuple[_Row, ...] = (
    (11, 28.41322299, 23.93979569, 20.11987374),
    (12, 23.29505705, 22.2151863, 18.90376092),
    (13, 19.958882, 19.49608704, 16.91955649),
)
_WIDEBAND_CBR: tuple[_Row, ...] = (
    (12, 29.76435108, 24.80947978, 20.77703993),
    (13, 26.16108167, 23.0047189, 19.372252),
    (14, 20.77194577, 17.5623101, 15.84824707),
    (15, 18.06274989, 18.73740804, 16.09740659),
)
_NARROWBAND_VBR: tuple[_Row, ...] = (
    (6, 23.00233478, 24.5644848, 15.35503534),
    (7, 21.25545861, 22.45885046, 14.42549516),
    (8, 16.02443357, 20.25866692, 13.47963008),
    (9, 11.73674352, 18.90829837, 12.44222463),
)


def _entries(model: Model, variant: str, rows: tuple[_Row, ...]) -> Iterator[Impairment]:
    for bitrate, ie, random, bursty in rows:
        own = Impairment(
            "Opus",
            model,
            bitrate,
            variant,
            ie=ie,
            bpl=random,
            loss="random",
            source=_SOURCE,
            ie_confidence="research",
            bpl_confidence="research",
            table="al-ahmadi",
        )
        yield own
        yield replace(own, bpl=bursty, loss="bursty")


ENTRIES: Final = (
    # Superwideband is read on the fullband scale, as for EVS.
    *_entries("g107.2", "VBR", _FULLBAND_VBR),
    *_entries("g107.1", "VBR", _WIDEBAND_VBR),
    *_entries("g107.1", "CBR", _WIDEBAND_CBR),
    *_entries("g107", "VBR", _NARROWBAND_VBR),
)
"""Ie and Bpl of Opus by bandwidth, rate control, bitrate and kind of loss."""
