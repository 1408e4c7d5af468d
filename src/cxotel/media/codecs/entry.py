"""One entry of a codec table: what a codec costs on a model's scale, and who says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from cxotel.media.emodel.opinion import Model

Confidence = Literal["high", "medium", "low", "derived", "research"]
"""`high`: several independent readings of the source; `medium`: one reading, or reproduced from a
published result; `low`: not confirmed; `derived`: follows from other values; `research`: measured
by someone other than the ITU."""

Listening = Literal["monotic", "diotic"]
"""One ear (a handset) or both (a headset)."""

Loss = Literal["random", "bursty"]
"""How packets were lost when Bpl was measured."""

Table = Literal["itu", "al-ahmadi"]
"""Who published a table: the ITU (G.113), or Al-Ahmadi for Opus."""


@dataclass(frozen=True, slots=True)
class Impairment:
    """What one codec costs on one model's scale.

    Args:
        codec: The codec's name, as the table has it.
        model: The E-model on whose scale the values are; None where no table has the codec.
        bitrate: Kilobits a second; None where the values hold for any.
        variant: What else tells two entries of one codec apart: `PLC`, `VAD`, `VBR`, …
        listening: With one ear or two; None where the source does not say.
        ie: Equipment impairment factor; None is unavailable.
        bpl: Packet-loss robustness factor; None is unavailable.
        loss: The kind of loss that `bpl` holds for.
        source: Where the values are published, or why there are none.
        ie_confidence: How sure `ie` is; None where there is none.
        bpl_confidence: How sure `bpl` is; None where there is none.
        table: Who published it.

    Example:
        >>> Impairment("my codec", "g107.1", ie=9, bpl=12, source="own tests").available
        True
    """

    codec: str
    model: Model | None = None
    bitrate: float | None = None
    variant: str = ""
    listening: Listening | None = None
    ie: float | None = None
    bpl: float | None = None
    loss: Loss | None = None
    source: str = ""
    ie_confidence: Confidence | None = None
    bpl_confidence: Confidence | None = None
    table: Table = "itu"

    @property
    def available(self) -> bool:
        """Whether the E-model can rate this codec, at least without packet loss."""
        return self.ie is not None
