"""The SQL of journeys, with the names of the registry filled in."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files
from typing import Final

from cxotel import semconv

SCHEMA: Final = ("segments", "journeys", "records", "scores")
"""Files that make what is added to the exporter's tables, in this order."""

_NAME: Final = re.compile(r"\{([A-Z][A-Z0-9_]+)\}")
_COMMENT: Final = re.compile(r"^[ \t]*--[^\n]*\n?", re.MULTILINE)


@lru_cache(maxsize=32)
def text(name: str) -> str:
    """Return a file of SQL as it is shipped, but with the attributes' names in it.

    Args:
        name: The file's name without its ending.
    """
    source = files(__name__).joinpath(f"{name}.sql").read_text(encoding="utf-8")
    return _NAME.sub(lambda found: str(getattr(semconv, found[1])), source)


def statements(name: str) -> list[str]:
    """Return the statements of a file, without comments.

    Args:
        name: The file's name without its ending.

    Example:
        >>> [statement.split()[:2] for statement in statements("segments")]
        [['CREATE', 'TABLE'], ['CREATE', 'MATERIALIZED']]
    """
    parts = _COMMENT.sub("", text(name)).split(";")
    return [part.strip() for part in parts if part.strip()]


def schema() -> str:
    """Return what to run once on a ClickHouse server, after the Collector has made its tables.

    Example:
        >>> "CREATE MATERIALIZED VIEW IF NOT EXISTS cx_segments_of_traces" in schema()
        True
    """
    return "\n".join(f"{text(name).rstrip().rstrip(';')};\n" for name in SCHEMA)
