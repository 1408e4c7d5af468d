"""What the tests of the analysis share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cxotel.analysis.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Return empty tables."""
    with Store(tmp_path / "tables") as opened:
        yield opened
