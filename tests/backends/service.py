"""A service that does as it is told, line by line: `python -m tests.backends.service`.

It exports as `OTEL_*` variables say. Each line on standard input is a command, each on standard
output its answer, both in JSON; on standard error it logs.
"""

from __future__ import annotations

import gc
import json
import logging
import os
import socket
import sys
import time
from statistics import median
from typing import Any

from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider

import cxotel
from cxotel import semconv
from cxotel.experience.processor import ExperienceProcessor
from cxotel.journey.journey import set_provider
from cxotel.semconv.metrics import CX_TELEMETRY_DROPPED

_BLOCK = 10
_look_up = socket.getaddrinfo


class Service:
    """The service and its commands."""

    def __init__(self) -> None:
        self._reader = InMemoryMetricReader()
        self._handle = cxotel.configure(service_name="patient", metric_reader=self._reader)
        self._silent = TracerProvider(shutdown_on_exit=False)
        self._silent.add_span_processor(ExperienceProcessor())
        self._number = 0

    def work(self, journeys: int) -> int:
        """Handle journeys, and return how many spans that made."""
        for _ in range(journeys):
            self._number += 1
            with cxotel.journey("refund", channel="voice", journey_id=f"j-{self._number}"):
                with cxotel.step("authenticate"):
                    pass
                cxotel.outcome("resolved")
        return 2 * journeys

    def compare(self, journeys: int) -> dict[str, float]:
        """Return how long a journey takes with export, in units of one without, and the spans.

        One after the other and journey by journey, as other programs come in between.
        """
        took: dict[bool, list[float]] = {True: [], False: []}
        for number in range(journeys * 2):
            exported = bool(number // _BLOCK % 2)
            if number % _BLOCK == 0:
                set_provider(None if exported else self._silent)
            begin = time.perf_counter()
            self.work(1)
            took[exported].append(time.perf_counter() - begin)
        set_provider(None)
        return {"ratio": median(took[True]) / median(took[False]), "spans": 2 * journeys}

    def flush(self) -> bool:
        """Send what waits, and return whether all arrived."""
        return self._handle.flush(10.0)

    def held(self) -> int:
        """Return how many spans are in memory."""
        gc.collect()
        return sum(isinstance(each, ReadableSpan) for each in gc.get_objects())

    def lost(self) -> dict[str, int]:
        """Return what cxotel counts as lost, by where."""
        data: Any = self._reader.get_metrics_data()
        return {
            point.attributes[semconv.CX_TELEMETRY_TABLE]: point.value
            for resource in data.resource_metrics
            for scope in resource.scope_metrics
            for metric in scope.metrics
            if metric.name == CX_TELEMETRY_DROPPED
            for point in metric.data.data_points
        }

    def names(self, seconds: float) -> None:
        """Let every look-up of a name take some seconds."""
        slow_names(seconds)


def slow_names(seconds: float) -> None:
    """Let every look-up of a name take some seconds, and have all names mean this machine."""

    def look_up(host: str, port: int, *args: Any, **kwargs: Any) -> Any:
        if host.endswith(".example"):
            time.sleep(seconds)
            host = "127.0.0.1"
        return _look_up(host, port, *args, **kwargs)

    socket.getaddrinfo = look_up


def main() -> None:
    """Do what is said until there is nothing more."""
    logging.basicConfig(level=logging.INFO, format="%(name)s %(levelname)s %(message)s")
    slow_names(float(os.environ.get("SLOW_NAMES", "0")))
    service = Service()
    print(json.dumps("ready"), flush=True)  # noqa: T201 - it answers so
    for line in sys.stdin:
        command, *given = json.loads(line)
        answer = getattr(service, command)(*given)
        print(json.dumps(answer), flush=True)  # noqa: T201 - it answers so
    # It ends as a service that is killed does: what still waits is nobody's concern here.
    os._exit(0)


if __name__ == "__main__":
    main()
