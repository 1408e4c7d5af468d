"""What the tests of the command line share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cxotel import settings
from tests.cli import sample

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def journey_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file that holds the sample journey."""
    return sample.write(tmp_path_factory.mktemp("journeys") / "journeys.jsonl")


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Start each test with no variable set that the commands read."""
    import os

    for name in list(os.environ):
        if name.startswith(("OTEL_", "CXOTEL_")):
            monkeypatch.delenv(name)
    settings.deactivate()
    yield
    settings.deactivate()
