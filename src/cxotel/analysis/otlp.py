"""The shape of OTLP's JSON, as ClickHouse has types described.

Source: OpenTelemetry Protocol, "JSON Protobuf Encoding", and its trace and common messages.
"""

from __future__ import annotations

from typing import Final


def _list(of: str) -> str:
    return f"Array(Tuple({of}))"


_SINGLE: Final = (
    "stringValue Nullable(String), intValue Nullable(Int64), doubleValue Nullable(Float64), "
    "boolValue Nullable(Bool), bytesValue Nullable(String)"
)
_VALUE: Final = f"Tuple({_SINGLE}, arrayValue Tuple(values {_list(_SINGLE)}))"
_ATTRIBUTES: Final = f"attributes {_list(f'key String, value {_VALUE}')}"
_EVENTS: Final = _list(f"timeUnixNano Int64, name String, {_ATTRIBUTES}")
_LINKS: Final = _list(f"traceId String, spanId String, traceState String, {_ATTRIBUTES}")
# Enumerations are numbers, but protobuf's own JSON has their names: text takes both.
_SPANS: Final = _list(
    "traceId String, spanId String, parentSpanId String, traceState String, name String, "
    "kind String, startTimeUnixNano Int64, endTimeUnixNano Int64, "
    f"{_ATTRIBUTES}, events {_EVENTS}, links {_LINKS}, status Tuple(code String, message String)"
)
_SCOPES: Final = _list(f"scope Tuple(name String, version String), spans {_SPANS}")

SCHEMA: Final = f"resourceSpans {_list(f'resource Tuple({_ATTRIBUTES}), scopeSpans {_SCOPES}')}"
"""A line of a file, as far as it holds spans: metrics and logs are passed over."""
