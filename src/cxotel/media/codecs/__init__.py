"""Equipment impairment factors of codecs, each with where it comes from and how sure it is.

The ITU tabulates few codecs. For Opus, narrowband AMR, iLBC and every other that it leaves out,
borrowing a neighbour's Ie is an error of many points of R: `lookup` answers with an entry whose
`ie` and `bpl` are None. Who measured values of their own passes those to the E-model; who accepts
somebody else's names the table.

The values are planning figures of ITU-T G.113 for network design, not measurements of a call.
"""

from __future__ import annotations

from typing import Final

from cxotel.media.codecs import itu, opus
from cxotel.media.codecs.entry import Confidence, Impairment, Listening, Loss, Table
from cxotel.media.emodel.opinion import Model

TABLES: Final[dict[str, tuple[Impairment, ...]]] = {
    "itu": itu.ENTRIES,
    "al-ahmadi": opus.ENTRIES,
}
"""All entries, by who published them."""

# RTP encoding names (IANA) and what people write, lower case without blanks.
_NAMES: dict[str, tuple[str, float | None]] = {
    "pcmu": ("G.711", None),
    "pcma": ("G.711", None),
    "g711": ("G.711", None),
    "g711u": ("G.711", None),
    "g711a": ("G.711", None),
    "g722": ("G.722", 64.0),
    "g723": ("G.723.1", None),
    "g7231": ("G.723.1", None),
    "g72632": ("G.726", 32.0),
    "g72640": ("G.726", 40.0),
    "g72624": ("G.726", 24.0),
    "g72616": ("G.726", 16.0),
    "g726": ("G.726", None),
    "g728": ("G.728", None),
    "g729": ("G.729", None),
    "g729a": ("G.729", None),
    "gsm": ("GSM-FR", None),
    "gsmefr": ("GSM-EFR", None),
    "gsmfr": ("GSM-FR", None),
    "gsmhr": ("GSM-HR", None),
    "gsmhr08": ("GSM-HR", None),
    "is641": ("IS-641", None),
    "amr": ("AMR", None),
    "amrnb": ("AMR", None),
    "amrwb": ("AMR-WB", None),
    "g7222": ("AMR-WB", None),
    "evs": ("EVS SWB", None),
    "evsswb": ("EVS SWB", None),
    "ilbc": ("iLBC", None),
    "opus": ("Opus", None),
}

_USUAL_VARIANT = {"G.711": "PLC", "G.729": "VAD", "Opus": "VBR"}


def lookup(
    codec: str,
    *,
    model: Model | None = None,
    bitrate: float | None = None,
    variant: str | None = None,
    listening: Listening | None = None,
    loss: Loss = "random",
    table: Table = "itu",
) -> Impairment:
    """Find a codec's Ie and Bpl, or learn that they are unavailable.

    A codec whose values depend on something not given is unavailable too: nothing is interpolated
    between bitrates, and no bitrate is assumed.

    Args:
        codec: A name as in SDP (`PCMU`, `G729`, `opus`) or in the Recommendation (`G.711`).
        model: The E-model to use the values with; by default the one of the codec's own band.
        bitrate: Kilobits a second.
        variant: `PLC` or `no PLC` for G.711, `VAD` or `no VAD` for G.729, `VBR` or `CBR` for
            Opus. The first of each is assumed where not given: receivers conceal losses, and
            Annex B is on unless SDP says otherwise.
        listening: `monotic` for a handset, `diotic` for a headset.
        loss: The kind of loss that Bpl should hold for.
        table: `itu`, or `al-ahmadi` for research values of Opus.

    Returns:
        The entry. Its `ie` is None where no value, or more than one, fits; `source` says why.

    Raises:
        ValueError: There is no such table.

    Example:
        >>> lookup("PCMU").bpl
        25.1
        >>> lookup("AMR-WB", bitrate=12.65, listening="diotic").ie
        20
        >>> lookup("opus").available
        False
        >>> lookup("opus", bitrate=40, table="al-ahmadi").model
        'g107.2'

    Source: ITU-T G.113 (09/2024) Appendices I, IV and V.
    """
    entries = TABLES.get(table)
    if entries is None:
        raise ValueError(f"table must be one of {', '.join(TABLES)}, got {table!r}")
    plain = "".join(c for c in codec.lower() if c.isalnum())
    name, own_bitrate = _NAMES.get(plain, (codec, None))
    wanted = (
        ("bitrate", own_bitrate if bitrate is None else bitrate),
        ("variant", variant),
        ("listening", listening),
        ("model", model),
    )
    found = [entry for entry in entries if entry.codec == name]
    # The ITU's Bpl is for random loss and meets bursts through `burst_r`.
    if {entry.loss for entry in found} == {"random", "bursty"}:
        found = [entry for entry in found if entry.loss == loss]
    for field, value in wanted:
        if value is not None:
            found = [entry for entry in found if getattr(entry, field) == value]
    return _only(name, _usual(found, name))


def _usual(found: list[Impairment], name: str) -> list[Impairment]:
    """Prefer the codec's own band, then its usual variant."""
    own_band = [entry for entry in found if entry.model == found[0].model]
    usual = [entry for entry in own_band if entry.variant == _USUAL_VARIANT.get(name)]
    return usual or own_band


def _only(name: str, found: list[Impairment]) -> Impairment:
    if len(found) == 1:
        return found[0]
    if not found:
        return Impairment(name, source=itu.LEFT_OUT.get(name, "the table has no such entry"))
    deciding = [
        field
        for field in ("bitrate", "listening", "variant")
        if len({getattr(entry, field) for entry in found}) > 1
    ]
    return Impairment(name, source=f"depends on {' and '.join(deciding)}, which was not given")


__all__ = [
    "TABLES",
    "Confidence",
    "Impairment",
    "Listening",
    "Loss",
    "Model",
    "Table",
    "lookup",
]
