"""The formulas that the documentation compares us with are what their authors ship."""

from __future__ import annotations

import pytest

from tests.media import popular_formulas as popular
from tests.media.vectors import rows
from tests.source_tree import ROOT

RECORDED = rows("heuristics_comparison.csv")


def numbers(row: dict[str, str]) -> tuple[float, float, float]:
    """Return the round trip, the jitter and the loss of a recorded call."""
    return float(row["rtt_ms"]), float(row["jitter_ms"]), float(row["loss_pct"])


@pytest.mark.parametrize(
    ("formula", "column"),
    [
        *((each.formula, each.column) for each in popular.POPULAR if each.column),
        (popular.with_echo, "emodel_g711_plc_MOS"),
    ],
)
def test_a_formula_says_what_its_original_said(formula: popular.Formula, column: str) -> None:
    """Each gives, for forty calls, what the published code gave when it was run."""
    for row in RECORDED:
        # Some originals round to hundredths; below 1 some clamp.
        assert max(1.0, formula(*numbers(row))) == pytest.approx(
            max(1.0, float(row[column])), abs=0.006
        )


def test_the_table_of_the_documentation_is_computed() -> None:
    """What docs/media-quality.md prints is what the formulas say today."""
    page = (ROOT / "docs/media-quality.md").read_text("utf-8")
    assert popular.table() in page


def test_the_cubic_without_limits_leaves_its_scale() -> None:
    """Copied without its limits, a hopeless call gets a mark below 1, or a better one than 4.5."""
    assert popular.cubic(3.2) < 1.0
    assert popular.cubic(-100.0) > 10.0
