"""The log lines of telemetry itself, and how they look on the wire."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest

LOGGERS = ("cxotel", "opentelemetry")
"""Whose lines are kept. What a client library logs itself is its own affair."""
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}


class LogKeeper(logging.Handler):
    """Keep log lines as OpenTelemetry's logging handler would send them."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[dict[str, Any]] = []
        self._levels: dict[str, int] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one line, with the texts of an exception that it carries."""
        attributes = {key: value for key, value in vars(record).items() if key not in _STANDARD}
        if record.exc_info and record.exc_info[1] is not None:
            kind, error, _ = record.exc_info
            attributes["exception.type"] = getattr(kind, "__name__", "")
            attributes["exception.message"] = str(error)
            attributes["exception.stacktrace"] = logging.Formatter().formatException(
                record.exc_info
            )
        self.lines.append(
            {
                "logger": record.name,
                "severity": record.levelname,
                "body": record.getMessage(),
                "attributes": attributes,
            }
        )

    def start(self) -> None:
        """Listen to telemetry's loggers, down to their debug lines."""
        for name in LOGGERS:
            logger = logging.getLogger(name)
            self._levels[name] = logger.level
            logger.setLevel(logging.DEBUG)
            logger.addHandler(self)

    def stop(self) -> None:
        """Listen no longer."""
        for name in LOGGERS:
            logger = logging.getLogger(name)
            logger.removeHandler(self)
            logger.setLevel(self._levels.pop(name, logging.NOTSET))


def log_request(lines: list[dict[str, Any]]) -> ExportLogsServiceRequest:
    """Return *lines* as an OTLP request."""
    # Imported here: the messages take longer to load than everything else that tests need.
    from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
    from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
    from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord

    request = ExportLogsServiceRequest()
    scope = request.resource_logs.add().scope_logs.add()
    scope.log_records.extend(
        LogRecord(
            severity_text=line["severity"],
            body=AnyValue(string_value=line["body"]),
            attributes=[
                KeyValue(key=key, value=AnyValue(string_value=str(value)))
                for key, value in {"logger": line["logger"], **line["attributes"]}.items()
            ],
        )
        for line in lines
    )
    return request
