"""The metrics of media quality, in seconds and shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opentelemetry import metrics as api

from cxotel import semconv
from cxotel.bounded import FewValues
from cxotel.media.recorder.evidence import mouth_to_ear, present
from cxotel.media.recorder.names import codec_on_metrics, leg_name_of, source_of
from cxotel.privacy import code
from cxotel.semconv import metrics
from cxotel.version import version

if TYPE_CHECKING:
    from collections.abc import Callable

    from opentelemetry.context import Context
    from opentelemetry.metrics import Histogram, Meter, MeterProvider
    from opentelemetry.util.types import AttributeValue

    from cxotel.media.quality import MediaQuality

SCOPE = "cxotel.media"
"""The instrumentation scope of what is made here."""

_READERS: tuple[
    tuple[Callable[[Meter], Histogram], Callable[[MediaQuality], float | None]], ...
] = (
    (metrics.create_cx_media_jitter, lambda record: record.jitter),
    (metrics.create_cx_media_loss, lambda record: record.loss),
    (metrics.create_cx_media_discard, lambda record: record.discard),
    (metrics.create_cx_media_concealment, lambda record: record.concealment),
    (metrics.create_cx_media_round_trip, lambda record: record.round_trip),
    (metrics.create_cx_media_mouth_to_ear, mouth_to_ear),
    (
        metrics.create_cx_media_burst_density,
        lambda record: record.burst.burst_density if record.burst else None,
    ),
    (
        metrics.create_cx_media_burst_duration,
        lambda record: record.burst.burst_duration if record.burst else None,
    ),
    (
        metrics.create_cx_media_burst_ratio,
        lambda record: record.burst.burst_r if record.burst else None,
    ),
)


class Meters:
    """Hold the instruments.

    Args:
        meter: The meter that makes them.
    """

    def __init__(self, meter: Meter) -> None:
        self._readings = tuple((create(meter), read) for create, read in _READERS)
        self._r = metrics.create_cx_media_r(meter)
        self._mos = metrics.create_cx_media_mos(meter)
        self._warnings = metrics.create_cx_media_warning_count(meter)
        self._dropped = metrics.create_cx_telemetry_dropped(meter)
        self._few_sources, self._few_systems = FewValues(32), FewValues(32)
        self._few_leg_names = FewValues(16)

    def record(self, record: MediaQuality, context: Context | None) -> None:
        """Record what is known of one leg over one interval.

        Args:
            record: The record, judged.
            context: Where its exemplars point to; the running code's span where None.
        """
        place = self._place(record)
        for histogram, read in self._readings:
            value = read(record)
            if value is not None:
                histogram.record(value, place, context)
        for judgement in record.judgements:
            judged = present(
                {
                    **place,
                    semconv.CX_MEDIA_MODEL: judgement.model,
                    semconv.CX_MEDIA_ORIGIN: judgement.origin,
                    semconv.CX_MEDIA_OPINION: judgement.kind,
                }
            )
            if judgement.r is not None:
                self._r.record(judgement.r, judged, context)
            if judgement.mos is not None:
                self._mos.record(judgement.mos, judged, context)

    def warned(self, name: str, record: MediaQuality, context: Context | None) -> None:
        """Count a warning that was raised.

        Args:
            name: Its name.
            record: What raised it.
            context: Where its exemplars point to.
        """
        place = {**self._place(record), semconv.CX_MEDIA_WARNING_NAME: name}
        place.pop(semconv.CX_MEDIA_CODEC, None)
        self._warnings.add(1, place, context)

    def dropped(self, table: str, number: int) -> None:
        """Count what a bounded table dropped."""
        self._dropped.add(number, {semconv.CX_TELEMETRY_TABLE: table})

    def _place(self, record: MediaQuality) -> dict[str, AttributeValue]:
        """Return what metrics of a record are told apart by: few values each, and no ids."""
        return present(
            {
                semconv.CX_MEDIA_SOURCE: self._few_sources(source_of(record)),
                semconv.CX_MEDIA_DIRECTION: record.direction,
                semconv.CX_MEDIA_CODEC: codec_on_metrics(record),
                semconv.CX_MEDIA_LEG_NAME: self._few_leg_names(leg_name_of(record)),
                semconv.CX_SYSTEM: self._few_systems(code(record.system)),
            }
        )


_latest: tuple[MeterProvider, Meters] | None = None


def meters(provider: MeterProvider | None = None) -> Meters:
    """Return the instruments of a provider.

    Args:
        provider: The provider; the global one where None, looked up each time.
    """
    global _latest  # noqa: PLW0603 - making the instruments costs more than recording
    wanted = provider or api.get_meter_provider()
    latest = _latest
    if latest is None or latest[0] is not wanted:
        latest = wanted, Meters(api.get_meter(SCOPE, version(), meter_provider=wanted))
        _latest = latest
    return latest[1]
