"""The codec tables hold what is published, and answer nothing where nothing is."""

from __future__ import annotations

import pytest

from cxotel.media import codecs
from cxotel.media.codecs.itu import LEFT_OUT
from tests.media.vectors import rows

ENTRIES = [entry for table in codecs.TABLES.values() for entry in table]


def number(text: str) -> float | None:
    """Read a number that may be absent."""
    return float(text) if text else None


def key(entry: codecs.Impairment) -> tuple[object, ...]:
    """Reduce an entry to what the vectors say of it."""
    return (
        entry.codec,
        entry.variant,
        entry.bitrate,
        entry.model,
        entry.listening or "",
        entry.ie,
        entry.bpl,
        entry.loss or "",
        entry.table,
        entry.ie_confidence or "",
        entry.bpl_confidence or "",
    )


def order(values: tuple[object, ...]) -> list[str]:
    """Sort by text, so that 64 and 64.0 stand at the same place."""
    return [f"{v:f}" if isinstance(v, (int, float)) else str(v) for v in values]


def test_the_tables_are_the_published_values_and_no_others() -> None:
    """Every Ie and Bpl with its confidence is in the vectors, and the other way round."""
    published = [
        (
            row["codec"],
            row["variant"],
            number(row["bitrate_kbps"]),
            row["model"],
            row["listening"],
            number(row["Ie"]),
            number(row["Bpl"]),
            row["loss_type"],
            row["table"],
            row["ie_confidence"],
            row["bpl_confidence"],
        )
        for row in rows("codec_impairments.csv")
        if row["Ie"]
    ]
    assert sorted(map(key, ENTRIES), key=order) == sorted(published, key=order)


def test_every_value_has_a_source_and_a_confidence() -> None:
    """Whoever doubts a number finds where it is from and how sure it is."""
    for entry in ENTRIES:
        assert entry.source
        assert entry.ie_confidence is not None
        assert (entry.bpl is None) == (entry.bpl_confidence is None)
        assert (entry.bpl is None) == (entry.loss is None)


def test_codecs_that_no_table_has_are_unavailable() -> None:
    """AMR, iLBC and Opus have no ITU value; the entry says so and borrows none."""
    for row in rows("codec_impairments.csv"):
        if not row["Ie"]:
            entry = codecs.lookup(row["codec"])
            assert not entry.available
            assert entry.source == LEFT_OUT[row["codec"]]
    for name in ("AMR", "iLBC", "opus", "L16", "no such codec"):
        entry = codecs.lookup(name)
        assert (entry.ie, entry.bpl, entry.model) == (None, None, None)
        assert entry.source


@pytest.mark.parametrize(
    ("name", "codec", "ie", "bpl"),
    [
        ("PCMU", "G.711", 0, 25.1),
        ("pcma", "G.711", 0, 25.1),
        ("G.711", "G.711", 0, 25.1),
        ("G729", "G.729", 11, 19),
        ("GSM", "GSM-FR", 20, None),
        ("GSM-EFR", "GSM-EFR", 5, 10),
        ("G726-32", "G.726", 7, None),
        ("G722", "G.722", 13, None),
        ("IS-641", "IS-641", 10, None),
    ],
)
def test_codecs_are_found_by_the_names_of_sdp_and_of_the_recommendation(
    name: str, codec: str, ie: float, bpl: float | None
) -> None:
    """`PCMU` and `G.711` are the same codec."""
    entry = codecs.lookup(name)
    assert (entry.codec, entry.ie, entry.bpl) == (codec, ie, bpl)


def test_each_entry_is_found_by_its_own_properties() -> None:
    """Given everything that tells entries apart, lookup answers with exactly that entry."""
    for entry in ENTRIES:
        found = codecs.lookup(
            entry.codec,
            model=entry.model,
            bitrate=entry.bitrate,
            variant=entry.variant,
            listening=entry.listening,
            loss=entry.loss or "random",
            table=entry.table,
        )
        assert found == entry


def test_a_codec_stays_on_its_own_scale_unless_asked() -> None:
    """G.711 is narrowband; on the wideband scale it costs 35.8."""
    assert codecs.lookup("PCMU").model == "g107"
    assert codecs.lookup("PCMU", model="g107.1").ie == 35.8
    assert not codecs.lookup("PCMU", model="g107.2").available


def test_what_is_not_given_is_not_assumed() -> None:
    """AMR-WB needs its bitrate and the way of listening; nothing is interpolated."""
    assert codecs.lookup("AMR-WB").source == "depends on bitrate and listening, which was not given"
    assert not codecs.lookup("AMR-WB", bitrate=12.65).available
    assert codecs.lookup("AMR-WB", bitrate=12.65, listening="monotic").ie == 13
    assert not codecs.lookup("AMR-WB", bitrate=13, listening="monotic").available
    assert codecs.lookup("G.723.1", bitrate=6.3).ie == 15
    assert not codecs.lookup("G.723.1").available


def test_research_values_are_used_only_when_named() -> None:
    """Opus has values in a table of its own, by kind of loss and rate control."""
    assert not codecs.lookup("opus", bitrate=12).available
    vbr = codecs.lookup("opus", bitrate=12, table="al-ahmadi")
    assert (vbr.model, vbr.variant, vbr.bpl) == ("g107.1", "VBR", 22.2151863)
    bursty = codecs.lookup("opus", bitrate=12, variant="CBR", loss="bursty", table="al-ahmadi")
    assert (bursty.bpl, bursty.ie_confidence) == (20.77703993, "research")


def test_the_values_of_the_itu_hold_for_bursts_too() -> None:
    """Burstiness enters the E-model through the burst ratio, so Bpl is the same."""
    assert codecs.lookup("PCMU", loss="bursty").bpl == 25.1


def test_an_unknown_table_is_an_error() -> None:
    """A misspelt table does not quietly answer for the ITU."""
    with pytest.raises(ValueError, match="table must be one of itu, al-ahmadi"):
        codecs.lookup("PCMU", table="iut")  # type: ignore[arg-type]
