"""The remote procedures of both editions as one table, for every transport."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cxotel.demo.far_ends.dialogflow.cx import Cx
from cxotel.demo.far_ends.dialogflow.es import Es
from cxotel.demo.far_ends.faults import Failure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from cxotel.demo.far_ends.dialogflow.bot import Bot
    from cxotel.demo.far_ends.memory import Ids

    Json = dict[str, Any]
    Answer = Callable[[Iterator[Json], Mapping[str, Any]], Iterator[Json]]

CX, ES = "google.cloud.dialogflow.cx", "google.cloud.dialogflow"
FAILURES: Mapping[str, Failure] = {
    "throttled": Failure(8, "RATE_LIMIT_EXCEEDED", "Quota exceeded for quota metric."),
    "unavailable": Failure(14, "SERVICE_UNAVAILABLE", "The service is currently unavailable."),
    "server_error": Failure(13, "INTERNAL", "Internal error encountered."),
    "unauthorized": Failure(16, "ACCESS_TOKEN_EXPIRED", "Invalid authentication credentials."),
    "not_found": Failure(5, "RESOURCE_NOT_FOUND", "The agent was not found."),
    "invalid": Failure(3, "INVALID_ARGUMENT", "The request is not valid."),
    "conflict": Failure(10, "ABORTED", "The operation was aborted."),
}
"""What Google says to each kind of failure; the status is the number of a `google.rpc.Code`."""
HTTP_STATUS: Mapping[int, int] = {
    3: 400, 4: 504, 5: 404, 6: 409, 7: 403, 8: 429, 9: 400, 10: 409, 11: 400,
    12: 501, 13: 500, 14: 503, 16: 401,
}  # fmt: skip
"""The HTTP status of a code (google/rpc/code.proto)."""


@dataclass(frozen=True, slots=True)
class Method:
    """One remote procedure.

    Attributes:
        package: The protobuf package with its version.
        name: The procedure's name, as in ``DetectIntent``.
        operation: The name by which faults, replies and tests know it.
        answer: Who answers, from JSON messages to JSON messages.
        streams_in: Whether it takes a stream of messages.
        streams_out: Whether it answers with a stream of messages.
    """

    package: str
    name: str
    operation: str
    answer: Answer
    streams_in: bool = False
    streams_out: bool = False

    @property
    def messages(self) -> str:
        """What its messages are named after: one stream shares those of the plain call."""
        return self.name.removeprefix("ServerStreaming")

    @property
    def path(self) -> str:
        """The path under which gRPC calls it."""
        return f"/{self.package}.Sessions/{self.name}"


def methods(bot: Bot, ids: Ids) -> Sequence[Method]:
    """Return the procedures of both editions; the beta versions answer like the stable ones."""
    cx, es = Cx(bot, ids), Es(bot, ids)

    def edition(cx_package: str, es_package: str) -> Sequence[Method]:
        streaming = ("StreamingDetectIntent", "streaming_detect_intent")
        serving = ("ServerStreamingDetectIntent", "server_streaming_detect_intent")
        return (
            Method(cx_package, "DetectIntent", "detect_intent", cx.detect),
            Method(cx_package, "MatchIntent", "match_intent", cx.match),
            Method(cx_package, "FulfillIntent", "fulfill_intent", cx.fulfil),
            Method(cx_package, *serving, cx.server_stream, streams_out=True),
            Method(cx_package, *streaming, cx.stream, streams_in=True, streams_out=True),
            Method(es_package, "DetectIntent", "detect_intent", es.detect),
            Method(es_package, *streaming, es.stream, streams_in=True, streams_out=True),
        )

    return (*edition(f"{CX}.v3", f"{ES}.v2"), *edition(f"{CX}.v3beta1", f"{ES}.v2beta1"))
