"""Journeys by the million: one schema and one set of queries, on a laptop and on a cluster.

The SQL beside this file is ClickHouse's. It reads the table that the OpenTelemetry Collector's
ClickHouse exporter fills; on a laptop the same engine runs inside this process (chDB) over files of
OTLP JSON lines. Assembling journeys is SQL; the last step, from merged ledgers to a score, is the
same Python as in the process that made them, so that both give the same number.
"""

from __future__ import annotations

from cxotel.analysis.feed import UnreadableError
from cxotel.analysis.report import (
    Dependency,
    Figures,
    Impact,
    Loss,
    Report,
    Worst,
    analyze,
)
from cxotel.analysis.sql import schema
from cxotel.analysis.store import AnalysisError, Store

__all__ = [
    "AnalysisError",
    "Dependency",
    "Figures",
    "Impact",
    "Loss",
    "Report",
    "Store",
    "UnreadableError",
    "Worst",
    "analyze",
    "schema",
]
