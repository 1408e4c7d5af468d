"""Each program with the configuration of `examples/stack`, on free ports of loopback."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from backends.programs import HOST, Program, free_ports

STACK = Path(__file__).parent.parent / "examples" / "stack"
"""The configurations, which `compose.yaml` uses too."""


@dataclass(frozen=True, slots=True)
class Jaeger:
    """A Jaeger that is started.

    Attributes:
        program: The program, for a `with`.
        url: Where it is asked.
        otlp_grpc: Where it takes OTLP over gRPC.
        otlp_http: Where it takes OTLP over HTTP, without a path.
    """

    program: Program
    url: str
    otlp_grpc: str
    otlp_http: str


def jaeger() -> Jaeger:
    """Return a Jaeger to start, with traces in memory."""
    health, query, query_grpc, grpc, http = free_ports(5)
    ports = {
        "JAEGER_HEALTH_PORT": health,
        "JAEGER_QUERY_PORT": query,
        "JAEGER_QUERY_GRPC_PORT": query_grpc,
        "JAEGER_OTLP_GRPC_PORT": grpc,
        "JAEGER_OTLP_HTTP_PORT": http,
    }
    program = Program(
        "jaeger",
        ["--config", str(STACK / "jaeger.yaml")],
        ready=f"http://{HOST}:{health}/status",
        environment={name: str(port) for name, port in ports.items()},
    )
    address = f"http://{HOST}"
    return Jaeger(program, f"{address}:{query}", f"{address}:{grpc}", f"{address}:{http}")
