"""The entry point through which `opentelemetry-instrument` switches cxotel on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opentelemetry.instrumentation.instrumentor import BaseInstrumentor

from cxotel.engine.instrumentation import instrument, uninstrument

if TYPE_CHECKING:
    from collections.abc import Collection


class CxotelInstrumentor(BaseInstrumentor):
    """Observe every supported client library that is installed.

    Versions are checked for each library on its own: a dependency named here and missing would
    switch off all of them.
    """

    def instrumentation_dependencies(self) -> Collection[str]:
        """Return no dependency of its own."""
        return ()

    def _instrument(self, **kwargs: Any) -> None:
        instrument(
            tracer_provider=kwargs.get("tracer_provider"),
            meter_provider=kwargs.get("meter_provider"),
        )

    def _uninstrument(self, **kwargs: Any) -> None:
        uninstrument()
