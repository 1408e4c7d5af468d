"""Where a signal goes over OTLP, and who said so."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, cast
from urllib.parse import urlsplit

from cxotel.engine.shield import warn_once

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cxotel.settings import Export, Protocol

Signal = Literal["traces", "metrics"]

GRPC: Final = "grpc"
HTTP: Final = "http/protobuf"
_PORTS: Final = {GRPC: 4317, HTTP: 4318}
"""OTLP's registered ports: OpenTelemetry Protocol 1.x, "OTLP/gRPC Default Port" and "OTLP/HTTP"."""


@dataclass(frozen=True, slots=True)
class Destination:
    """Where one signal goes.

    Args:
        signal: `traces` or `metrics`.
        url: What OpenTelemetry's exporter is given.
        protocol: `grpc` or `http/protobuf`.
        source: Who named the endpoint: an argument, a variable, the settings, or nobody.
        plain: Whether a gRPC exporter speaks without TLS.
    """

    signal: Signal
    url: str
    protocol: Protocol
    source: str
    plain: bool

    @property
    def host(self) -> str:
        """The host's name or address; empty where the URL is none."""
        return self._parts[0]

    @property
    def port(self) -> int:
        """The port that is connected to."""
        return self._parts[1]

    @property
    def address(self) -> str:
        """Host and port, as in `127.0.0.1:4317`."""
        return f"{self.host}:{self.port}"

    @property
    def _parts(self) -> tuple[str, int]:
        host, port = _address(self.url)
        return host, port or (80 if self.plain else 443)

    def __str__(self) -> str:
        return f"{self.url} ({self.protocol}, {self.source})"


def resolve(
    signal: Signal,
    *,
    endpoint: str | None = None,
    protocol: str | None = None,
    export: Export | None = None,
    environ: Mapping[str, str] | None = None,
) -> Destination:
    """Work out where *signal* goes: arguments first, then `OTEL_*` variables, then settings.

    Args:
        signal: `traces` or `metrics`.
        endpoint: Base URL given in code; one without a scheme is taken as `http://`.
        protocol: Protocol given in code.
        export: Settings that stand below the environment.
        environ: The environment; the process's own if left out.

    Raises:
        ValueError: A protocol given in code that is neither `grpc` nor `http/protobuf`.

    Example:
        >>> resolve("traces", endpoint="http://collector:4318", environ={}).url
        'http://collector:4318/v1/traces'
        >>> str(resolve("metrics", environ={}))
        'http://localhost:4317 (grpc, the default)'

    Source:
        OpenTelemetry Protocol Exporter, "Endpoint URLs for OTLP/HTTP" and "Specify Protocol".
    """
    environ = os.environ if environ is None else environ
    base, source = _endpoint(signal, endpoint, export, environ)
    chosen = _protocol(signal, protocol, base, export, environ)
    own = f"OTEL_EXPORTER_OTLP_{signal.upper()}_ENDPOINT"
    url = base or f"http://localhost:{_PORTS[chosen]}"
    if chosen == HTTP:
        url = url if "//" in url else f"http://{url}"
        if source != own:
            url = _signal_path(url, signal)
    return Destination(signal, url, chosen, source, _plain(url, chosen, signal, environ))


def _endpoint(
    signal: Signal, argument: str | None, export: Export | None, environ: Mapping[str, str]
) -> tuple[str | None, str]:
    if argument:
        return (argument if "//" in argument else f"http://{argument}"), "configure(endpoint=…)"
    for name in (f"OTEL_EXPORTER_OTLP_{signal.upper()}_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"):
        if environ.get(name):
            return environ[name], name
    if export and export.endpoint:
        found = export.endpoint
        return (found if "//" in found else f"http://{found}"), "settings export.endpoint"
    return None, "the default"


def _protocol(
    signal: Signal,
    argument: str | None,
    base: str | None,
    export: Export | None,
    environ: Mapping[str, str],
) -> Protocol:
    if argument is not None:
        if argument not in _PORTS:
            raise ValueError(f"protocol must be grpc or http/protobuf, not {argument!r}")
        return cast("Protocol", argument)
    for name in (f"OTEL_EXPORTER_OTLP_{signal.upper()}_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"):
        given = environ.get(name, "").strip()
        if given in _PORTS:
            return cast("Protocol", given)
        if given:
            warn_once(
                f"reading {name}",
                f"{name} is {given!r}, which is not supported: set grpc or http/protobuf",
            )
    if export and export.protocol:
        return export.protocol
    return HTTP if base and _address(base)[1] == _PORTS[HTTP] else GRPC


def _address(url: str) -> tuple[str, int | None]:
    """Return host and port of a URL with or without a scheme; no host where it is no URL."""
    try:
        parts = urlsplit(url if "//" in url else f"//{url}")
        return parts.hostname or "", parts.port
    except ValueError:
        return "", None


def _signal_path(url: str, signal: Signal) -> str:
    """Add the signal's path, in place of another signal's that was given by mistake."""
    base = url.rstrip("/")
    for other in ("traces", "metrics", "logs"):
        base = base.removesuffix(f"/v1/{other}")
    return f"{base}/v1/{signal}"


def _plain(url: str, protocol: str, signal: Signal, environ: Mapping[str, str]) -> bool:
    if url.startswith("https://"):
        return False
    if protocol == HTTP or url.startswith("http://"):
        return True
    # Without a scheme OpenTelemetry's gRPC exporter speaks TLS, unless told otherwise.
    names = (f"OTEL_EXPORTER_OTLP_{signal.upper()}_INSECURE", "OTEL_EXPORTER_OTLP_INSECURE")
    told = next((environ[name] for name in names if environ.get(name)), "false")
    return told.lower() == "true"
