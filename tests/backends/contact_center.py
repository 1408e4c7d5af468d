"""One run of `cxotel demo`, small, that all tests of backends share."""

from __future__ import annotations

import atexit
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from backends.stack import CXOTEL
from cxotel.reading import journey_ids
from cxotel.reading.file import FileSource

JOURNEYS = 4


@cache
def demo_file() -> Path:
    """Return the file with the telemetry of a small contact center; it runs once."""
    folder = Path(tempfile.mkdtemp(prefix="cxotel-demo-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    file = folder / "journeys.jsonl"
    command = [
        "demo",
        "--journeys",
        str(JOURNEYS),
        "--seed",
        "3",
        "--speed",
        "60",
        "--file",
        str(file),
    ]
    ran = subprocess.run(
        [*CXOTEL, *command],
        capture_output=True,
        text=True,
        check=False,
    )
    assert file.exists(), ran.stderr
    assert len(demo_journeys(file)) == JOURNEYS, ran.stderr
    return file


def demo_journeys(file: Path) -> list[str]:
    """Return the ids of all journeys of a file."""
    return journey_ids(FileSource(file).every_span())
