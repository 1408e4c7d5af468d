"""One run of `cxotel.configure`: set up what is missing, and add the score to what is there."""

from __future__ import annotations

import atexit
import os
from typing import TYPE_CHECKING, Any

from cxotel.engine.shield import warn_once
from cxotel.exporting.choose import Exporters
from cxotel.exporting.handle import Handle
from cxotel.exporting.surroundings import declared, sampler_from_environment, settings_from

if TYPE_CHECKING:
    from opentelemetry.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import MetricReader
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace.sampling import Sampler


class Setup:
    """One run of `configure`.

    Args:
        arguments: What was given to it.
    """

    def __init__(self, arguments: dict[str, Any]) -> None:
        self._arguments = arguments
        self._settings = settings_from(arguments.get("settings"))
        given = {key: arguments.get(key) for key in ("endpoint", "protocol", "headers", "file")}
        self._exporters = Exporters(
            **given,  # pyright: ignore[reportArgumentType] - as `configure` declares them
            export=self._settings.export,
            others="exporter" in arguments or "metric_reader" in arguments,
        )
        # A wrong protocol in code is told before anything has been set up.
        self._exporters.destination("traces")

    def run(self) -> Handle:
        """Set up what is missing."""
        if os.environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
            return Handle()
        from opentelemetry import trace

        from cxotel import propagation

        propagation.install()
        provider = trace.get_tracer_provider()
        file = os.environ.get("OTEL_CONFIG_FILE")
        if isinstance(provider, trace.ProxyTracerProvider):
            if not file:
                return self._fresh()
            if not declared(file):
                return Handle()
            provider = trace.get_tracer_provider()
        return self._beside(provider)

    def _fresh(self) -> Handle:
        """Set up providers of our own."""
        from opentelemetry import trace
        from opentelemetry.sdk.trace import TracerProvider

        resource = self._resource()
        provider = TracerProvider(
            sampler=self._sampler(), resource=resource, shutdown_on_exit=False
        )
        meters = self._meter_provider(resource)
        handle = Handle(provider, meters, self._exporters, owned=True)
        self._add_score(handle)
        own = self._arguments.get("exporter")
        for exporter in [own] if own else []:
            self._add_exporter(handle, exporter)
        for exporter in self._exporters.of("traces"):
            self._add_exporter(handle, exporter)
        trace.set_tracer_provider(provider)
        atexit.register(handle.shutdown)
        return handle

    def _beside(self, provider: Any) -> Handle:
        """Add the score to a provider that is there."""
        if not hasattr(provider, "add_span_processor"):
            warn_once(
                "setting up beside another provider",
                f"the tracer provider in use, {type(provider).__name__}, takes no span processors: "
                "journeys are not scored. Use OpenTelemetry's SDK, or none before cxotel.configure",
            )
            return Handle(provider)
        handle = Handle(provider, None, self._exporters)
        self._add_score(handle)
        extra = (self._arguments.get("exporter"), self._exporters.of_file("traces"))
        for exporter in extra:
            if exporter is not None:
                self._add_exporter(handle, exporter)
        self._tell_what_is_not_used()
        atexit.register(handle.shutdown)
        return handle

    def _tell_what_is_not_used(self) -> None:
        fixed = {"service_name", "endpoint", "protocol", "headers", "sampler", "resource"}
        unused = [key for key in self._arguments if key in {*fixed, "metric_reader"}]
        if unused:
            warn_once(
                "configuring beside a provider",
                f"a tracer provider is set up already and stays: {', '.join(unused)} not used. "
                "Call cxotel.configure first, or leave them out",
            )

    def _add_score(self, handle: Handle) -> None:
        from cxotel.experience.processor import ExperienceProcessor

        handle.add(ExperienceProcessor(rules=self._settings.score, owners=self._settings.owners))

    @staticmethod
    def _add_exporter(handle: Handle, exporter: Any) -> None:
        from cxotel.exporting.losses import CountedQueue

        handle.add(CountedQueue(exporter))

    def _resource(self) -> Resource:
        from opentelemetry.sdk.resources import SERVICE_NAME, Resource

        attributes: dict[str, Any] = dict(self._arguments.get("resource", {}))
        name = self._arguments.get("service_name")
        if not name and not os.environ.get("OTEL_SERVICE_NAME"):
            name = self._settings.export.service_name
        if name:
            attributes[SERVICE_NAME] = name
        return Resource.create(attributes)

    def _sampler(self) -> Sampler | None:
        given = self._arguments.get("sampler") or sampler_from_environment()
        if given:
            return given
        from cxotel.experience.sampler import JourneySampler

        return JourneySampler(self._settings.sample_ratio)

    def _meter_provider(self, resource: Resource) -> MeterProvider | None:
        from opentelemetry import metrics

        readers = self._readers()
        # The API's own classes stand in until somebody sets a provider.
        unset = type(metrics.get_meter_provider()).__module__.startswith("opentelemetry.metrics")
        if not readers or not unset:
            return None
        from opentelemetry.sdk.metrics import MeterProvider

        provider = MeterProvider(readers, resource=resource, shutdown_on_exit=False)
        metrics.set_meter_provider(provider)
        return provider

    def _readers(self) -> list[MetricReader]:
        from opentelemetry.sdk.metrics.export import MetricReader, PeriodicExportingMetricReader

        own = self._arguments.get("metric_reader")
        readers: list[MetricReader] = [own] if own else []
        for exporter in self._exporters.of("metrics"):
            pulled = isinstance(exporter, MetricReader)
            readers.append(exporter if pulled else PeriodicExportingMetricReader(exporter))
        return readers
