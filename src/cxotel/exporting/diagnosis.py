"""Find out why telemetry does not arrive, by looking at what answers at its destination."""

from __future__ import annotations

import socket
import ssl
import time
from http.client import BadStatusLine, HTTPConnection, HTTPException, HTTPSConnection
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlsplit

from cxotel.exporting.destination import GRPC
from cxotel.exporting.proxies import proxy_to

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cxotel.exporting.destination import Destination
    from cxotel.exporting.proxies import Proxy

_PREFACE: Final = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\x00\x00\x00\x04\x00\x00\x00\x00\x00"
"""An HTTP/2 client's first words and an empty SETTINGS frame: RFC 9113, sections 3.4 and 6.5."""
_SETTINGS: Final = 4
"""The type of the frame that an HTTP/2 server answers with: RFC 9113, section 6.5."""
_SLOW: Final = 1.0
"""Seconds for a name beyond which something is wrong: answers come in milliseconds."""
_TLS_RECORDS: Final = (b"\x15\x03", b"\x16\x03")
"""A TLS alert and a TLS handshake: RFC 8446, section 5.1."""


class Diagnosis(NamedTuple):
    """What is wrong at a destination, and what to do about it."""

    code: str
    """A word for scripts: `refused`, `protocol`, `path`, …"""
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.problem}. {self.remedy}"


def diagnose(
    destination: Destination,
    *,
    words: str = "",
    headers: Mapping[str, str] | None = None,
    timeout: float = 2.0,
) -> Diagnosis | None:
    """Return what is wrong at *destination*, or `None` where nothing seems to be.

    It sends an empty request at most, and never telemetry.

    Args:
        destination: Where telemetry should go.
        words: What OpenTelemetry's exporter said about its failure.
        headers: Headers to send over HTTP.
        timeout: Seconds to wait for an answer.
    """
    if not destination.host:
        problem = f"{destination.url!r} is no URL with a host"
        return _named(destination, "url", problem, "Correct the endpoint")
    proxy = proxy_to(destination)
    if proxy is not None:
        return _through(proxy, destination, words, timeout)
    begin = time.monotonic()
    try:
        socket.getaddrinfo(destination.host, destination.port)
        slow = _slow_names(destination, time.monotonic() - begin)
        if destination.protocol == GRPC:
            return _over_grpc(destination, timeout) or _refusal(destination, words) or slow
        return _over_http(destination, headers or {}, timeout) or slow
    except ssl.SSLError as error:
        return _no_trust(destination, error)
    except (OSError, HTTPException) as error:
        return _no_connection(destination, error, timeout)


def _no_connection(
    destination: Destination, error: OSError | HTTPException, timeout: float
) -> Diagnosis:
    where = destination.address
    if isinstance(error, socket.gaierror):
        problem = f"no host is called {destination.host}"
        return _named(destination, "host", problem, "Correct the endpoint")
    if isinstance(error, ConnectionRefusedError):
        remedy = "Start an OTLP receiver there, or name yours"
        return _named(destination, "refused", f"nothing listens at {where}", remedy)
    if isinstance(error, TimeoutError):
        return Diagnosis(
            "timeout",
            f"{where} does not answer within {timeout:g} s",
            "Look for a firewall between, or a receiver that is overloaded",
        )
    return Diagnosis(
        "connection",
        f"the connection to {where} fails: {error}",
        "Check the network and the receiver's log",
    )


def _slow_names(destination: Destination, seconds: float) -> Diagnosis | None:
    if seconds < _SLOW:
        return None
    return Diagnosis(
        "names",
        f"it takes {seconds:.1f} s to find out where {destination.host} is",
        "Look at the name servers of this machine, or name an address",
    )


def _through(
    proxy: Proxy, destination: Destination, words: str, timeout: float
) -> Diagnosis | None:
    """Look at the proxy only: what is beyond it is reached through it or not at all."""
    remedy = f"Look at it, or go round it: NO_PROXY={destination.host}"
    try:
        socket.create_connection((proxy.host, proxy.port), timeout).close()
    except OSError as error:
        problem = f"the proxy {proxy} cannot be reached: {error}"
        return Diagnosis("proxy", problem, remedy)
    if not words:
        return None
    where = destination.address
    problem = f"{where} is not reached through the proxy {proxy}"
    return Diagnosis("proxy", problem, remedy)


def _named(destination: Destination, code: str, problem: str, remedy: str) -> Diagnosis:
    """Add where the endpoint is to be named."""
    where = destination.source
    if where == "the default":
        where = "OTEL_EXPORTER_OTLP_ENDPOINT"
    exporter = f"OTEL_{destination.signal.upper()}_EXPORTER"
    return Diagnosis(code, problem, f"{remedy} in {where}; {exporter}=none sends nothing")


def _over_grpc(destination: Destination, timeout: float) -> Diagnosis | None:
    heard = _hear(destination, timeout)
    if len(heard) > 3 and heard[3] == _SETTINGS:
        return None
    where = destination.address
    if heard.startswith(_TLS_RECORDS):
        return Diagnosis("tls", f"{where} speaks TLS", "Begin the endpoint with https://")
    http = heard.startswith(b"HTTP/") or _answers_http(destination, timeout)
    return Diagnosis(
        "protocol",
        f"{where} speaks {'HTTP' if http else 'something else'}, not gRPC",
        "Set OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf, or use the receiver's gRPC port "
        "(usually 4317)",
    )


def _answers_http(destination: Destination, timeout: float) -> bool:
    """Ask again in HTTP/1.1: some servers do not understand HTTP/2's first words at all."""
    try:
        return _status(destination, "/", {}, timeout) > 0
    except (OSError, HTTPException):
        return False


def _hear(destination: Destination, timeout: float) -> bytes:
    """Return the first bytes that a server says to an HTTP/2 client."""
    address = (destination.host, destination.port)
    with socket.create_connection(address, timeout) as plain:
        connection = plain if destination.plain else _wrapped(plain, destination.host)
        with connection:
            connection.sendall(_PREFACE)
            try:
                return connection.recv(16)
            except ConnectionResetError:
                return b""


def _wrapped(plain: socket.socket, host: str) -> ssl.SSLSocket:
    context = _trust()
    context.set_alpn_protocols(["h2"])
    return context.wrap_socket(plain, server_hostname=host)


def _trust() -> ssl.SSLContext:
    import os

    return ssl.create_default_context(cafile=os.environ.get("OTEL_EXPORTER_OTLP_CERTIFICATE"))


def _refusal(destination: Destination, words: str) -> Diagnosis | None:
    """Read why a gRPC server that is there refused, from what the exporter said."""
    where = destination.address
    if "UNIMPLEMENTED" in words:
        return _not_taken(destination, f"the receiver at {where}")
    if "UNAUTHENTICATED" in words or "PERMISSION_DENIED" in words:
        return _not_allowed(where)
    if "RESOURCE_EXHAUSTED" in words:
        return _overloaded(where)
    return None


def _overloaded(where: str) -> Diagnosis:
    return Diagnosis(
        "overloaded", f"the receiver at {where} takes no more", "Look at its limits and log"
    )


def _not_taken(destination: Destination, who: str) -> Diagnosis:
    exporter = f"OTEL_{destination.signal.upper()}_EXPORTER"
    return Diagnosis(
        "signal",
        f"{who} takes no {destination.signal}",
        f"Set {exporter}=none, or send {destination.signal} elsewhere with "
        f"OTEL_EXPORTER_OTLP_{destination.signal.upper()}_ENDPOINT",
    )


def _not_allowed(where: str) -> Diagnosis:
    return Diagnosis(
        "credentials",
        f"the receiver at {where} wants other credentials",
        "Set them in OTEL_EXPORTER_OTLP_HEADERS",
    )


def _over_http(
    destination: Destination, headers: Mapping[str, str], timeout: float
) -> Diagnosis | None:
    parts = urlsplit(destination.url)
    try:
        status = _status(destination, parts.path or "/", headers, timeout)
    except BadStatusLine as error:
        where = destination.address
        grpc = str(error)[3:4] == chr(_SETTINGS)
        return Diagnosis(
            "protocol",
            f"{where} speaks {'gRPC' if grpc else 'something else'}, not HTTP",
            "Set OTEL_EXPORTER_OTLP_PROTOCOL=grpc, or use the receiver's HTTP port (usually 4318)",
        )
    return _from_status(destination, status, parts.path)


def _status(destination: Destination, path: str, headers: Mapping[str, str], timeout: float) -> int:
    """Return the status that answers an export of nothing."""
    connection = (
        HTTPConnection(destination.host, destination.port, timeout=timeout)
        if destination.plain
        else HTTPSConnection(destination.host, destination.port, timeout=timeout, context=_trust())
    )
    try:
        content = {"Content-Type": "application/x-protobuf"}
        connection.request("POST", path, body=b"", headers={**headers, **content})
        return connection.getresponse().status
    finally:
        connection.close()


def _from_status(destination: Destination, status: int, path: str) -> Diagnosis | None:
    where = destination.address
    if status < 400:
        return None
    if status in {401, 403}:
        return _not_allowed(where)
    if status == 429:
        return _overloaded(where)
    if status in {404, 405, 501}:
        return _not_taken(destination, f"{where} answers {status} at {path}: it")
    return Diagnosis(
        "status", f"the receiver at {where} answers {status}", "Look at the receiver's log"
    )


def _no_trust(destination: Destination, error: ssl.SSLError) -> Diagnosis:
    if isinstance(error, ssl.SSLCertVerificationError):
        return Diagnosis(
            "certificate",
            f"the certificate of {destination.host} is not trusted: {error.verify_message}",
            "Name the authority's file in OTEL_EXPORTER_OTLP_CERTIFICATE",
        )
    remedy = (
        "Begin the endpoint with http://"
        if "//" in destination.url
        else f"Write http:// before {destination.url}: without a scheme gRPC uses TLS"
    )
    return Diagnosis("tls", f"{destination.address} does not speak TLS", remedy)
