"""Where the media tests find their numbers."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

VECTORS = Path(__file__).parent.parent / "vectors"


def rows(name: str) -> list[dict[str, str]]:
    """Read a table of vectors."""
    with (VECTORS / name).open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


def document(name: str) -> Any:
    """Read a JSON file of vectors."""
    return json.loads((VECTORS / name).read_text(encoding="utf-8"))
