"""Jaeger and Tempo, as far as their query interfaces are asked, on loopback.

What they answer is shaped like recorded answers: Jaeger 2.13 (searches by tag in its older
interface only), a later Jaeger (by attribute in v3, no older interface), and Tempo 3.0 (ids in
base 64).
"""

from __future__ import annotations

import base64
import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

from backends.listening import Listening, Quiet

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    Query = dict[str, str]
    Answer = tuple[int, Any]

NOT_FOUND: Answer = (404, {"error": {"httpCode": 404, "message": "No traces found"}})
_TEMPO_SEARCHES = 168 * 3600
_IDS = {"traceId", "spanId", "parentSpanId"}
PAGE: Answer = (200, "<!doctype html><title>Jaeger UI</title>")


class Store:
    """The traces of a file, and the requests that were made for them."""

    def __init__(self, path: Path) -> None:
        self.resource_spans = [
            resource
            for line in path.read_text().splitlines()
            for resource in json.loads(line).get("resourceSpans", [])
        ]
        self.asked: list[str] = []

    def services(self) -> list[str]:
        """Return the names of all services."""
        return sorted({_service(resource) for resource in self.resource_spans})

    def traces(self, key: str, value: str, service: str | None = None) -> list[str]:
        """Return the ids of traces with a span that has an attribute."""
        return sorted(
            {
                span["traceId"]
                for resource in self.resource_spans
                for scope in resource["scopeSpans"]
                for span in scope["spans"]
                if service in (None, _service(resource)) and _has(span, key, value)
            }
        )

    def trace(self, trace_id: str) -> list[Any]:
        """Return the spans of one trace, with their resources."""
        return [
            resource
            for resource in self.resource_spans
            if any(
                span["traceId"] == trace_id
                for scope in resource["scopeSpans"]
                for span in scope["spans"]
            )
        ]


def _service(resource: Any) -> str:
    pairs = {pair["key"]: pair["value"] for pair in resource["resource"]["attributes"]}
    return str(pairs["service.name"]["stringValue"])


def _has(span: Any, key: str, value: str) -> bool:
    return {"key": key, "value": {"stringValue": value}} in span["attributes"]


def jaeger_213(store: Store, path: str, query: Query) -> Answer:
    """Answer as Jaeger 2.13 does."""
    if path == "/api/v3/services":
        return 200, {"services": store.services()}
    if path == "/api/v3/traces":
        message = "malformed parameter: query.start_time_min and query.start_time_max are required"
        return 400, {"error": {"httpCode": 400, "message": message}}
    if path == "/api/traces":
        ((key, value),) = json.loads(query["tags"]).items()
        found = store.traces(key, value, query["service"])
        return 200, {"data": [{"traceID": trace} for trace in found], "errors": None}
    if path.startswith("/api/v3/traces/"):
        return 200, {"result": {"resourceSpans": store.trace(path.rpartition("/")[2])}}
    return PAGE


def jaeger_later(store: Store, path: str, query: Query) -> Answer:
    """Answer as a Jaeger that searches by attribute, and has no older interface."""
    if path == "/api/v3/services":
        return 200, {"services": [*store.services(), "another"]}
    if path == "/api/v3/traces":
        assert query["query.startTimeMin"] < query["query.startTimeMax"]
        ((key, value),) = json.loads(query["query.attributes"]).items()
        found = store.traces(key, value, query["query.serviceName"])
        spans = [resource for trace in found for resource in store.trace(trace)]
        return (200, {"result": {"resourceSpans": spans}}) if spans else NOT_FOUND
    return PAGE


def tempo(store: Store, path: str, query: Query) -> Answer:
    """Answer as Tempo 3.0 does: ids in base 64, leading zeros left out of those it lists."""
    if path == "/api/search":
        assert int(query["start"]) < int(query["end"])
        if int(query["end"]) - int(query["start"]) > _TEMPO_SEARCHES:
            return 400, "range specified by start and end exceeds 168h0m0s"
        key, _, value = query["q"].strip("{ }").partition(" = ")
        found = store.traces(key.removeprefix("span."), json.loads(value))
        return 200, {"traces": [{"traceID": trace.lstrip("0")} for trace in found]}
    if path.startswith("/api/v2/traces/"):
        spans = store.trace(path.rpartition("/")[2])
        return 200, {"trace": {"resourceSpans": _with_base64_ids(spans)}}
    return 404, None


def tempo_before_v2(store: Store, path: str, query: Query) -> Answer:
    """Answer as a Tempo that has only the older query by id, with the older names."""
    if path.startswith("/api/traces/"):
        spans = _with_base64_ids(store.trace(path.rpartition("/")[2]))
        return 200, {"batches": spans}
    return (404, None) if path.startswith("/api/v2/") else tempo(store, path, query)


def _with_base64_ids(spans: list[Any]) -> Any:
    """Write ids as protobuf's own JSON does."""

    def convert(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        return {
            key: base64.b64encode(bytes.fromhex(value)).decode() if key in _IDS else value
            for key, value in pairs
        }

    return json.loads(json.dumps(spans), object_pairs_hook=convert)


@contextmanager
def answering(
    answer: Callable[[Store, str, Query], Answer], store: Store
) -> Generator[str, None, None]:
    """Serve *answer* on loopback and give the base URL."""

    class Handler(Quiet):
        def do_GET(self) -> None:
            url = urlsplit(self.path)
            store.asked.append(url.path)
            query = {name: values[0] for name, values in parse_qs(url.query).items()}
            status, document = answer(store, unquote(url.path), query)
            body = document if isinstance(document, str) else json.dumps(document)
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body.encode())

    with Listening(Handler) as server:
        yield f"http://127.0.0.1:{server.port}"
