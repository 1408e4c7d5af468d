"""Run the refund bridge: `python -m examples.refund_bridge`."""

from __future__ import annotations

import sys

from examples.stage import perform

if __name__ == "__main__":
    sys.exit(perform([sys.executable, "-m", "examples.refund_bridge.service"]))
