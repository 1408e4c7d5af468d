"""Make the exporters that arguments, `OTEL_*` variables and settings ask for."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from cxotel.engine.shield import warn_once
from cxotel.exporting.delivery import Delivery, watched
from cxotel.exporting.destination import GRPC, HTTP, resolve
from cxotel.settings import Export

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cxotel.exporting.destination import Destination, Signal

_PROTOCOL_OF: Final = {"otlp": None, "otlp_proto_grpc": GRPC, "otlp_proto_http": HTTP}
_ENTRY_POINT_OF: Final = {GRPC: "otlp_proto_grpc", HTTP: "otlp_proto_http"}


@dataclass(slots=True)
class Exporters:
    """The exporters of a process.

    Args:
        endpoint: Base URL given in code.
        protocol: Protocol given in code.
        headers: Headers given in code.
        file: Path of a file for OTLP JSON lines, given in code.
        export: What the settings say.
        others: Whether something else was given in code that telemetry goes to: then it goes
            nowhere else unless that is asked for.
    """

    endpoint: str | None = None
    protocol: str | None = None
    headers: Mapping[str, str] | None = None
    file: str | os.PathLike[str] | None = None
    export: Export = field(default_factory=Export)
    others: bool = False
    _watched: list[tuple[Delivery, Any]] = field(default_factory=list[tuple[Delivery, Any]])
    _told: set[tuple[str, int, str]] = field(default_factory=set[tuple[str, int, str]])
    _to_file: tuple[Any, Any] | None = None

    def of(self, signal: Signal) -> list[Any]:
        """Return the exporters of one signal; one that cannot be made costs one log line.

        Args:
            signal: `traces` or `metrics`.

        Raises:
            ValueError: The protocol given in code is none.
        """
        made = [self._named(name, signal) for name in self.names(signal)]
        made.append(self.of_file(signal))
        return [exporter for exporter in made if exporter is not None]

    def names(self, signal: Signal) -> list[str]:
        """Return the names of the exporters that are asked for, a file aside."""
        given = os.environ.get(f"OTEL_{signal.upper()}_EXPORTER", "").strip()
        if given:
            return [name.strip() for name in given.split(",") if name.strip() not in {"", "none"}]
        elsewhere = self.path or self.others
        return ["otlp"] if self._endpoint_is_named(signal) or not elsewhere else []

    def destination(self, signal: Signal, protocol: str | None = None) -> Destination:
        """Return where OTLP goes."""
        return resolve(
            signal,
            endpoint=self.endpoint,
            protocol=protocol or self.protocol,
            export=self.export,
        )

    @property
    def path(self) -> str | os.PathLike[str] | None:
        """The path of the file for OTLP JSON lines, if there is to be one."""
        return self.file or self.export.file

    def of_file(self, signal: Signal) -> Any:
        """Return the exporter to the file, or `None` without one; both signals share it."""
        if self.path is None:
            return None
        if self._to_file is None:
            from cxotel.exporting.json_lines import WholeLines, exporters

            try:
                self._to_file = exporters(WholeLines(self.path))
            except OSError as error:
                warn_once("opening the file", f"cannot write {self.path}: {error.strerror}")
                self._to_file = (None, None)
        return self._to_file[signal == "metrics"]

    def close(self) -> None:
        """Let no exporter that is in trouble hold up the end of the process."""
        for delivery, exporter in self._watched:
            delivery.closing = True
            if delivery.troubled:
                exporter.shutdown()

    @property
    def arriving(self) -> bool:
        """Whether everything that was sent of late has arrived."""
        return not any(delivery.troubled for delivery, _ in self._watched)

    def _endpoint_is_named(self, signal: Signal) -> bool:
        own = f"OTEL_EXPORTER_OTLP_{signal.upper()}_ENDPOINT"
        named = os.environ.get(own) or os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT")
        return bool(self.endpoint or named or self.export.endpoint)

    def _named(self, name: str, signal: Signal) -> Any:
        if name not in _PROTOCOL_OF:
            return _other(name, signal)
        destination = self.destination(signal, _PROTOCOL_OF[name])
        headers = sent_headers(signal, self.headers) if destination.protocol == HTTP else {}
        delivery = Delivery(destination, self._told, headers)
        kind = load(_ENTRY_POINT_OF[destination.protocol], signal)
        options: dict[str, Any] = {"endpoint": destination.url}
        if self.headers:
            options["headers"] = {key.lower(): value for key, value in self.headers.items()}
        exporter = _made(watched(kind, delivery, _failure(signal)), f"OTLP {signal}", options)
        if exporter is not None:
            self._watched.append((delivery, exporter))
        return exporter


def load(name: str, signal: Signal) -> Any:
    """Return the exporter class that is installed under *name*.

    Raises:
        LookupError: There is none; the message names those there are.
    """
    from importlib.metadata import entry_points

    points = entry_points(group=f"opentelemetry_{signal}_exporter")
    for point in points:
        if point.name == name:
            return point.load()
    known = ", ".join(sorted(point.name for point in points))
    message = f"no {signal} exporter is called {name!r}; installed are {known}"
    raise LookupError(message)


def sent_headers(signal: Signal, given: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the headers that go with one signal, from code or from the environment."""
    from opentelemetry.util.re import parse_env_headers

    own = f"OTEL_EXPORTER_OTLP_{signal.upper()}_HEADERS"
    text = os.environ.get(own) or os.environ.get("OTEL_EXPORTER_OTLP_HEADERS") or ""
    return dict(given) if given else dict(parse_env_headers(text, liberal=True))


def _other(name: str, signal: Signal) -> Any:
    """Make an exporter that is not OTLP's; for metrics it may be a reader that is asked itself."""
    variable = f"OTEL_{signal.upper()}_EXPORTER"
    try:
        kind = load(name, signal)
    except LookupError as error:
        warn_once(f"reading {variable}", f"{variable}: {error}")
        return None
    return _made(kind, f"{name} {signal}", {})


def _made(kind: Any, what: str, options: dict[str, Any]) -> Any:
    try:
        return kind(**options)
    except Exception as error:  # noqa: BLE001 - the application goes on without this exporter
        # The error speaks of configuration alone: nothing has been sent yet.
        reason = f"{type(error).__name__}: {error}"
        warn_once(f"making the {what} exporter", f"no {what} are exported: {reason}")
        return None


def _failure(signal: Signal) -> Any:
    if signal == "traces":
        from opentelemetry.sdk.trace.export import SpanExportResult

        return SpanExportResult.FAILURE
    from opentelemetry.sdk.metrics.export import MetricExportResult

    return MetricExportResult.FAILURE
