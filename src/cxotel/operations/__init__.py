"""What is shipped for operators: rules, alerts and objectives for Prometheus, and dashboards.

`cxotel dashboards` writes them out. Nothing here runs in a service that is observed.
"""

from __future__ import annotations

from cxotel.operations.goals import Goals, Journey, Thresholds
from cxotel.operations.reading import GoalsError, load
from cxotel.operations.shipped import files

__all__ = ["Goals", "GoalsError", "Journey", "Thresholds", "files", "load"]
