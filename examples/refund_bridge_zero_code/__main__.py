"""Run the refund bridge under `opentelemetry-instrument`, which adds all telemetry."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from examples.stage import FILE, perform

SERVICE = "examples.refund_bridge_zero_code.service"
ENVIRON = {
    "OTEL_SERVICE_NAME": "refund-bridge",
    "CXOTEL_FILE": FILE,
    "CXOTEL_OWNERS": "salesforce=crm-team",
}
TO_THE_FILE_ALONE = {
    "OTEL_TRACES_EXPORTER": "none",
    "OTEL_METRICS_EXPORTER": "none",
    "OTEL_LOGS_EXPORTER": "none",
}
"""Without these OpenTelemetry's distro, where it is installed, looks for a receiver too."""

if __name__ == "__main__":
    # Of the same environment as this Python: another one would not find cxotel.
    instrument = Path(sys.executable).with_name("opentelemetry-instrument")
    named = "OTEL_EXPORTER_OTLP_ENDPOINT" in os.environ
    environ = ENVIRON if named else {**ENVIRON, **TO_THE_FILE_ALONE}
    sys.exit(perform([str(instrument), sys.executable, "-m", SERVICE], environ))
