"""Every environment variable that cxotel reads, as data: docs/configuration.md is made from it."""

from __future__ import annotations

from typing import Final, NamedTuple


class Variable(NamedTuple):
    """An environment variable.

    Args:
        name: The variable's name.
        default: What holds where it is not set, in words.
        meaning: What it does, in a sentence or two.
        setting: The key of the settings file that it stands above, where there is one.
    """

    name: str
    default: str
    meaning: str
    setting: str | None = None


CXOTEL_CONFIG: Final = "CXOTEL_CONFIG"
CXOTEL_FILE: Final = "CXOTEL_FILE"
CXOTEL_PSEUDONYM_KEY: Final = "CXOTEL_PSEUDONYM_KEY"
CXOTEL_PSEUDONYM_KEY_FILE: Final = "CXOTEL_PSEUDONYM_KEY_FILE"
CXOTEL_PRIVACY_CLASSES: Final = "CXOTEL_PRIVACY_CLASSES"
CXOTEL_OWNERS: Final = "CXOTEL_OWNERS"
CXOTEL_VENDORS_OFF: Final = "CXOTEL_VENDORS_OFF"
CXOTEL_ROUTES: Final = "CXOTEL_ROUTES"
CXOTEL_CARRY: Final = "CXOTEL_CARRY"
CXOTEL_SAMPLE_RATIO: Final = "CXOTEL_SAMPLE_RATIO"
CXOTEL_BODY_LIMIT: Final = "CXOTEL_BODY_LIMIT"

VARIABLES: Final = (
    Variable(
        CXOTEL_CONFIG,
        "no file",
        "Path of the settings file (TOML). A file that cannot be used is named in one log line, "
        "and the defaults hold.",
    ),
    Variable(
        CXOTEL_FILE,
        "no file",
        "Path of a file to which spans and metrics are appended as OTLP JSON lines: beside the "
        "exporters or the endpoint that OpenTelemetry's variables name, otherwise in place of "
        "sending anything.",
        "export.file",
    ),
    Variable(
        CXOTEL_PSEUDONYM_KEY,
        "no pseudonyms",
        "Secret that pseudonyms of customers are made with: at least 16 bytes. Without one, what "
        "would need a pseudonym is left out.",
        "privacy.key_env",
    ),
    Variable(
        CXOTEL_PSEUDONYM_KEY_FILE,
        "no pseudonyms",
        "Path of a file that holds that secret.",
        "privacy.key_file",
    ),
    Variable(
        CXOTEL_PRIVACY_CLASSES,
        "`public,pseudonymous`",
        "Privacy classes whose attributes may leave the process, separated by commas: `public`, "
        "`pseudonymous`, `personal`, `content`.",
        "privacy.classes",
    ),
    Variable(
        CXOTEL_OWNERS,
        "nobody",
        "Who owns what: `salesforce=crm-team,ai=bot-team`. A system's owner stands above its "
        "layer's.",
        "owners",
    ),
    Variable(
        CXOTEL_VENDORS_OFF,
        "none",
        "Vendors whose client libraries are not instrumented, separated by commas.",
        "vendors",
    ),
    Variable(
        CXOTEL_ROUTES,
        "none",
        "Paths of tables of routes (YAML), separated by commas.",
        "routes.files",
    ),
    Variable(
        CXOTEL_CARRY,
        "none",
        "Vendors into whose own fields the journey id is written, separated by commas.",
        "propagation.carry",
    ),
    Variable(
        CXOTEL_SAMPLE_RATIO,
        "`1`",
        "Share of journeys whose traces are exported, from 0 to 1. All are scored and counted in "
        "metrics. Not used where `OTEL_TRACES_SAMPLER` is set.",
        "sampler.ratio",
    ),
    Variable(
        CXOTEL_BODY_LIMIT,
        "`65536`",
        "Replies of vendors with more bytes than this are not parsed.",
        "limits.body_bytes",
    ),
)
"""What only cxotel reads."""

STANDARD: Final = (
    Variable("OTEL_SDK_DISABLED", "`false`", "`true`: nothing is set up, and nothing leaves."),
    Variable("OTEL_SERVICE_NAME", "`unknown_service`", "The service's name."),
    Variable("OTEL_RESOURCE_ATTRIBUTES", "none", "Attributes of the resource: `key=value,…`."),
    Variable(
        "OTEL_TRACES_EXPORTER",
        "`otlp`",
        "Where spans go: `otlp`, `console`, `none`, or any installed exporter's name; several with "
        "commas.",
    ),
    Variable(
        "OTEL_METRICS_EXPORTER",
        "`otlp`",
        "The same for metrics. `none` for a backend that takes traces only.",
    ),
    Variable(
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "`http://localhost:4317` (grpc), `http://localhost:4318` (http/protobuf)",
        "Where OTLP goes. Also with `_TRACES_` or `_METRICS_` before `ENDPOINT`, for one signal.",
        "export.endpoint",
    ),
    Variable(
        "OTEL_EXPORTER_OTLP_PROTOCOL",
        "`http/protobuf` where the endpoint's port is 4318, otherwise `grpc`",
        "`grpc` or `http/protobuf`. Also for one signal, as above.",
        "export.protocol",
    ),
    Variable(
        "OTEL_EXPORTER_OTLP_HEADERS",
        "none",
        "Headers to send: `key=value,…`, such as a token. Also for one signal.",
    ),
    Variable(
        "OTEL_EXPORTER_OTLP_TIMEOUT, _COMPRESSION, _CERTIFICATE, _CLIENT_KEY, "
        "_CLIENT_CERTIFICATE, _INSECURE",
        "OpenTelemetry's",
        "Passed on to OpenTelemetry's exporters.",
    ),
    Variable(
        "OTEL_TRACES_SAMPLER, OTEL_TRACES_SAMPLER_ARG",
        "cxotel's journey sampler",
        "Another sampler; `cx_journey` is cxotel's own. One that drops spans hides what hurt from "
        "the score.",
    ),
    Variable("OTEL_PROPAGATORS", "`tracecontext,baggage`", "What crosses to your own services."),
    Variable(
        "OTEL_BSP_*, OTEL_METRIC_EXPORT_*, OTEL_SPAN_*_LIMIT, OTEL_ATTRIBUTE_*_LIMIT",
        "OpenTelemetry's",
        "Passed on to OpenTelemetry's SDK.",
    ),
    Variable(
        "OTEL_CONFIG_FILE",
        "no file",
        "OpenTelemetry's declarative configuration: it alone then says where telemetry goes. Needs "
        "the package `opentelemetry-configuration`.",
    ),
    Variable(
        "OTEL_PYTHON_DISABLED_INSTRUMENTATIONS",
        "none",
        "With `cxotel` among its names, `opentelemetry-instrument` leaves cxotel off altogether.",
    ),
)
"""OpenTelemetry's own variables that `cxotel.configure` honours."""
