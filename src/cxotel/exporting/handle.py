"""What `cxotel.configure` returns: flush, and shut down."""

from __future__ import annotations

import atexit
from typing import TYPE_CHECKING, Any

from cxotel.engine.shield import report, shielded
from cxotel.exporting.choose import Exporters

if TYPE_CHECKING:
    from opentelemetry.metrics import MeterProvider
    from opentelemetry.trace import TracerProvider
    from typing_extensions import Self


class Handle:
    """What `configure` set up; as a context manager it shuts that down at the end of the block.

    Attributes:
        tracer_provider: Where spans go, whoever set it up; `None` where nothing is recorded.
        meter_provider: The provider of metrics, if `configure` set one up.
        owned: Whether `configure` set the tracer provider up, and so shuts it down.
    """

    def __init__(
        self,
        tracer_provider: TracerProvider | None = None,
        meter_provider: MeterProvider | None = None,
        exporters: Exporters | None = None,
        *,
        owned: bool = False,
    ) -> None:
        self.tracer_provider = tracer_provider
        self.meter_provider = meter_provider
        self.owned = owned
        self._exporters = exporters or Exporters()
        self._processors: list[Any] = []
        self._open = True

    def add(self, processor: Any) -> None:
        """Add a span processor to the provider, and remember that it is ours to shut down."""
        provider: Any = self.tracer_provider
        provider.add_span_processor(processor)
        self._processors.append(processor)

    def flush(self, timeout: float = 10.0) -> bool:
        """Send now what has been recorded, and wait for it.

        Args:
            timeout: Seconds to wait for traces, and again for metrics.

        Returns:
            Whether everything arrived.
        """
        flushed = [
            _flushed(provider, timeout)
            for provider in (self.tracer_provider, self.meter_provider)
            if provider is not None
        ]
        return all(flushed) and self._exporters.arriving

    def shutdown(self) -> None:
        """Send what is left and stop; once is enough, and the end of the process does it too.

        Where a receiver is known to be out of reach, nothing waits for it.
        """
        if not self._open:
            return
        self._open = False
        atexit.unregister(self.shutdown)
        self._exporters.close()
        ours: list[Any] = [self.tracer_provider] if self.owned else self._processors
        metrics: Any = self.meter_provider
        for part in [*ours, metrics]:
            if part is not None:
                with shielded(f"shutting down {type(part).__name__}"):
                    part.shutdown()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Shut down."""
        self.shutdown()


def _flushed(provider: Any, timeout: float) -> bool:
    flush = getattr(provider, "force_flush", None)
    if flush is None:
        return True
    try:
        return bool(flush(int(timeout * 1000)))
    except Exception as error:  # noqa: BLE001 - the metrics SDK raises where a reader fails
        report(f"flushing {type(provider).__name__}", error)
        return False
