"""What `import cxotel` costs, against importing the SDK's tracing that a service needs anyway."""

from __future__ import annotations

import subprocess
import sys

ROUNDS = 11
_PROGRAM = """
import sys, time
start = time.perf_counter()
import {module}
print(time.perf_counter() - start)
"""


def costs() -> dict[str, float]:
    """Return the best import time of each module in a fresh interpreter, in milliseconds."""
    modules = ("cxotel", "opentelemetry.sdk.trace")
    best: dict[str, float] = dict.fromkeys(modules, float("inf"))
    for _ in range(ROUNDS):
        for module in modules:
            best[module] = min(best[module], _seconds(module) * 1000)
    return best


def _seconds(module: str) -> float:
    program = _PROGRAM.format(module=module)
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    return float(done.stdout)
