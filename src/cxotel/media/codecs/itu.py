"""The codecs that ITU-T G.113 (09/2024) tabulates, and those it is known to leave out."""

from __future__ import annotations

from typing import Final

from cxotel.media.codecs.entry import Impairment

_TABLE_I1 = "ITU-T G.113 (09/2024) Appendix I Table I.1"
_TABLE_I4 = "ITU-T G.113 (09/2024) Appendix I Table I.4"
_REPRODUCED = (
    "ITU-T G.113 Appendix I; reproduced by the delay bounds of Janssen and De Vleeschauwer,"
    " quality bounds for packetized voice, Table 3"
)
_MONOTIC = "ITU-T G.113 (09/2024) Appendix IV Table IV.1; no monotic Bpl,wb is published"
_DIOTIC = "ITU-T G.113 (09/2024) Appendix IV Tables IV.3 and IV.4"
_APPENDIX_IV = "ITU-T G.113 Appendix IV, values not confirmed against the text"
_EVS = (
    "ITU-T G.113 (09/2024) Appendix V Tables V.1 and V.3 with Erratum 1 (01/2026),"
    " which corrects 2 kbit/s to 32"
)


def _narrowband(
    codec: str, bitrate: float, ie: float, bpl: float | None = None, variant: str = ""
) -> Impairment:
    return Impairment(
        codec,
        "g107",
        bitrate,
        variant,
        ie=ie,
        bpl=bpl,
        loss=None if bpl is None else "random",
        source=_TABLE_I1 if bpl is None else _TABLE_I4,
        ie_confidence="high",
        bpl_confidence=None if bpl is None else "high",
    )


def _reproduced(codec: str, bitrate: float, ie: float) -> Impairment:
    return Impairment(codec, "g107", bitrate, ie=ie, source=_REPRODUCED, ie_confidence="medium")


def _amr_wb_monotic(bitrate: float, ie: float) -> Impairment:
    return Impairment(
        "AMR-WB",
        "g107.1",
        bitrate,
        listening="monotic",
        ie=ie,
        source=_MONOTIC,
        ie_confidence="high",
    )


def _amr_wb_diotic(bitrate: float, ie: float, bpl: float | None = None) -> Impairment:
    return Impairment(
        "AMR-WB",
        "g107.1",
        bitrate,
        listening="diotic",
        ie=ie,
        bpl=bpl,
        loss=None if bpl is None else "random",
        source=_DIOTIC,
        ie_confidence="high",
        bpl_confidence=None if bpl is None else "high",
    )


def _g722(bitrate: float, ie: float) -> Impairment:
    return Impairment("G.722", "g107.1", bitrate, ie=ie, source=_APPENDIX_IV, ie_confidence="low")


def _evs(bitrate: float, ie: float, bpl: float) -> Impairment:
    return Impairment(
        "EVS SWB",
        "g107.2",
        bitrate,
        listening="diotic",
        ie=ie,
        bpl=bpl,
        loss="random",
        source=_EVS,
        ie_confidence="high",
        bpl_confidence="high",
    )


ENTRIES: Final = (
    _narrowband("G.711", 64, 0, 25.1, "PLC"),
    _narrowband("G.711", 64, 0, 4.3, "no PLC"),
    _narrowband("G.729", 8, 11, 19.0, "VAD"),
    _narrowband("G.729", 8, 10, variant="no VAD"),
    _narrowband("G.723.1", 6.3, 15, 16.1, "VAD"),
    _reproduced("G.723.1", 5.3, 19),
    Impairment(
        "GSM-EFR",
        "g107",
        12.2,
        ie=5,
        bpl=10.0,
        loss="random",
        source=f"{_TABLE_I1} for Ie; Table I.4 for Bpl, not confirmed against the text",
        ie_confidence="high",
        bpl_confidence="medium",
    ),
    Impairment("IS-641", "g107", 7.4, ie=10, source=_TABLE_I1, ie_confidence="medium"),
    _reproduced("GSM-FR", 13, 20),
    _reproduced("GSM-HR", 5.6, 23),
    _reproduced("G.726", 40, 2),
    _reproduced("G.726", 32, 7),
    _reproduced("G.728", 16, 7),
    Impairment(
        "G.711",
        "g107.1",
        64,
        ie=35.8,
        source="129 - 93.2: narrowband G.711 heard on the scale of ITU-T G.107.1",
        ie_confidence="derived",
    ),
    # Not monotonic in the bitrate: the Recommendation prints them so.
    _amr_wb_monotic(23.85, 8),
    _amr_wb_monotic(23.05, 1),
    _amr_wb_monotic(19.85, 3),
    _amr_wb_monotic(18.25, 5),
    _amr_wb_monotic(15.85, 7),
    _amr_wb_monotic(14.25, 10),
    _amr_wb_monotic(12.65, 13),
    _amr_wb_monotic(8.85, 26),
    _amr_wb_monotic(6.6, 41),
    _amr_wb_diotic(23.85, 10, 4.9),
    _amr_wb_diotic(23.05, 8, 4.6),
    _amr_wb_diotic(15.85, 17),
    _amr_wb_diotic(12.65, 20, 4.3),
    _amr_wb_diotic(8.85, 41),
    _amr_wb_diotic(6.6, 56),
    _g722(64, 13),
    _g722(56, 20),
    _g722(48, 31),
    _evs(48, 10.2, 9.6),
    _evs(32, 8.7, 9.3),
    _evs(24.4, 7.2, 11.4),
    _evs(16.4, 10.8, 10.3),
    _evs(13.2, 17.1, 11.7),
    _evs(9.6, 22.7, 13.0),
)
"""Every value that G.113 has and that could be read, narrowband first."""

LEFT_OUT: Final[dict[str, str]] = {
    "AMR": "ITU-T G.113 (09/2024) has no narrowband AMR; GSM-EFR's values are not AMR's",
    "iLBC": "no Ie for iLBC was found in ITU-T G.113 or elsewhere",
    "Opus": "ITU-T G.113 (09/2024) has no Opus; the table al-ahmadi has research values",
}
"""Codecs in daily use that the ITU does not tabulate, and what is known of that."""
