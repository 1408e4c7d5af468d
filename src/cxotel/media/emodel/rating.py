"""What an E-model answers: one immutable rating."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cxotel.media.emodel import opinion

if TYPE_CHECKING:
    from cxotel.media.emodel.opinion import Model, Satisfaction


@dataclass(frozen=True, slots=True)
class Rating:
    """A transmission rating with the terms it is made of: `r = ro - is_ - id - ie_eff + a`.

    Args:
        r: Transmission rating on the scale of its own model: up to 100 narrowband, 129 wideband,
            148 fullband. Not clamped: a hopeless connection is below 0. None where an input has
            an effect that is not settled (see `unavailable`).
        mos: Mean opinion score, 1 to 4.5. None where `r` is.
        model: The E-model used.
        ro: Basic signal-to-noise ratio.
        is_: Simultaneous impairments: loudness, sidetone, quantising.
        id: Delayed impairments: talker echo, listener echo, delay itself. None where `r` is.
        ie_eff: Effective equipment impairment: codec and packet loss.
        a: Advantage of access.
        outside: Names of inputs beyond the range that the Recommendation covers. The rating
            extrapolates there.
        unavailable: Names of inputs whose effect this model does not settle.

    Example:
        >>> from cxotel.media.emodel import narrowband
        >>> rating = narrowband(ta=250)
        >>> round(rating.r), rating.satisfaction
        (84, 'satisfied')

    Source: ITU-T G.107 (06/2015) clause 7.1.
    """

    r: float | None
    mos: float | None
    model: Model
    ro: float
    is_: float
    id: float | None
    ie_eff: float
    a: float
    outside: tuple[str, ...] = ()
    unavailable: tuple[str, ...] = ()

    @property
    def r_narrowband(self) -> float | None:
        """R brought to the scale of G.107, where bands and opinions are read: `r` / 1, 1.29, 1.48.

        Ratings of different models stay estimates of different things: one network's wideband
        and narrowband legs are each judged on their own.
        """
        return None if self.r is None else self.r / opinion.SCALES[self.model]

    @property
    def good_or_better(self) -> float | None:
        """Per cent of people who would say good or excellent; None where `r` is."""
        r = self.r_narrowband
        return None if r is None else opinion.good_or_better(r)

    @property
    def poor_or_worse(self) -> float | None:
        """Per cent of people who would say poor or bad; None where `r` is."""
        r = self.r_narrowband
        return None if r is None else opinion.poor_or_worse(r)

    @property
    def satisfaction(self) -> Satisfaction | None:
        """The class of G.107 Table B.1; None where `r` is."""
        r = self.r_narrowband
        return None if r is None else opinion.satisfaction(r)
