"""Look at the client libraries that are installed, and at what else instruments them."""

from __future__ import annotations

import os
from importlib.metadata import PackageNotFoundError, entry_points, version
from typing import TYPE_CHECKING, Final

from cxotel.cli.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cxotel.cli.findings import State
    from cxotel.engine.requirements import Found
    from cxotel.engine.vocabulary import Vendor
    from cxotel.settings import Settings

AREA: Final = "client libraries"
READY: Final = ", ready"
BESIDE: Final = "beside cxotel"

_COMPANIONS: Final = {
    "opentelemetry-instrumentation-botocore": "its spans of Amazon Connect calls are enriched; "
    "there is no second one",
    "opentelemetry-instrumentation-requests": "silent inside vendor calls: one call, one span",
    "opentelemetry-instrumentation-httpx": "silent inside vendor calls: one call, one span",
    "opentelemetry-instrumentation-aiohttp-client": "silent inside vendor calls: one call, one "
    "span",
    "opentelemetry-instrumentation-urllib3": "silent inside vendor calls: one call, one span",
    "opentelemetry-instrumentation-grpc": "silent inside vendor calls: one call, one span",
}
_OTEL: Final = "opentelemetry-instrumentation-"
_RIVALS: Final = {
    "ddtrace": "it patches HTTP clients by itself and does not know OpenTelemetry's suppression: "
    "calls may be seen twice",
    "newrelic": "it patches HTTP clients by itself: calls may be seen twice",
    "elastic-apm": "it patches HTTP clients by itself: calls may be seen twice",
}


def libraries(settings: Settings) -> list[Finding]:
    """Return what is installed of the supported client libraries.

    Args:
        settings: Those in force.
    """
    from cxotel.engine.instrumentation import instrumented
    from cxotel.engine.requirements import check
    from cxotel.vendors import load_all

    running = instrumented()
    vendors = load_all()
    found = [
        _library(vendor, check(vendor.requires), settings, running=vendor.name in running)
        for vendor in vendors
    ]
    known = {vendor.name for vendor in vendors}
    found += _unknown(settings, known)
    if any(finding.text.endswith(READY) for finding in found):
        how = "means: cxotel.instrument() or opentelemetry-instrument will observe its calls"
        found.append(Finding(AREA, "ready", how, "note"))
    if all(finding.state == "absent" for finding in found):
        found.append(
            Finding(
                AREA,
                "none",
                "no supported client library is installed here",
                "problem",
                "Run cxotel doctor with the Python of your application",
            )
        )
    return found


def _library(vendor: Vendor, found: Found, settings: Settings, *, running: bool) -> Finding:
    if found.missing:
        return Finding(AREA, vendor.name, f"{found.missing} is not installed", "absent")
    versions = ", ".join(f"{name} {number}" for name, number in found.versions.items())
    if found.conflict:
        return Finding(
            AREA,
            vendor.name,
            f"{found.conflict}: observed as far as it fits",
            "problem",
            f"Run: pip install '{vendor.requires[0].replace(' ', '')}'",
        )
    if not settings.observes(vendor.name):
        return Finding(AREA, vendor.name, f"{versions}: switched off in the settings", "note")
    return Finding(
        AREA, vendor.name, f"{versions}{': instrumented here' if running else ', ready'}"
    )


def _unknown(settings: Settings, known: set[str]) -> Iterator[Finding]:
    from cxotel.cli.routes import named

    for name in sorted({*settings.vendors, *settings.carry} - known):
        if named(name, settings):
            continue
        yield Finding(
            AREA,
            name,
            "named in the settings, but there is no such vendor",
            "problem",
            f"Name one of {', '.join(sorted(known))}",
        )


def others(settings: Settings) -> list[Finding]:
    """Return what else is installed that instruments the same calls.

    Args:
        settings: Those in force.
    """
    found = [*_installed(_COMPANIONS, "ok"), *_installed(_RIVALS, "note")]
    return [*found, *_zero_code(), _set_up(settings)]


def _installed(table: Mapping[str, str], state: State) -> Iterator[Finding]:
    """Tell of what is installed; those of which the same is to be said share a line."""
    there = {name: number for name in table if (number := _version(name)) is not None}
    for words in dict.fromkeys(table[name] for name in there):
        names = [name for name in there if table[name] == words]
        shown = ", ".join(name.removeprefix(_OTEL) for name in names)
        subject = "opentelemetry" if names[0].startswith(_OTEL) else names[0]
        numbers = ", ".join(dict.fromkeys(there[name] for name in names))
        yield Finding(BESIDE, subject, f"{shown} {numbers}: {words}", state)


def _zero_code() -> Iterator[Finding]:
    """Look at what `opentelemetry-instrument` will find."""
    disabled = os.environ.get("OTEL_PYTHON_DISABLED_INSTRUMENTATIONS", "")
    if {"cxotel", "*"} & {name.strip() for name in disabled.split(",")}:
        yield Finding(
            BESIDE,
            "zero code",
            f"OTEL_PYTHON_DISABLED_INSTRUMENTATIONS={disabled} leaves cxotel off",
            "problem",
            "Take cxotel out of it",
        )
    if not entry_points(group="opentelemetry_post_instrument", name="cxotel"):
        yield Finding(
            BESIDE,
            "zero code",
            "cxotel's entry points are not installed: it was put on the path without pip",
            "problem",
            "Run: pip install cxotel",
        )


def _set_up(settings: Settings) -> Finding:
    """Tell who sets the SDK up under `opentelemetry-instrument`."""
    distros = _distros()
    chosen = os.environ.get("OTEL_PYTHON_DISTRO")
    if len(distros) > 1 and not chosen:
        return Finding(
            BESIDE,
            "zero code",
            f"several distros are installed ({', '.join(distros)}): any of them may be used",
            "problem",
            "Name one in OTEL_PYTHON_DISTRO",
        )
    if not distros:
        return Finding(BESIDE, "zero code", "no distro: cxotel sets the SDK up")
    words = f"{chosen or distros[0]} sets the SDK up"
    if settings.export.file and not os.environ.get("OTEL_TRACES_EXPORTER"):
        return Finding(
            BESIDE,
            "zero code",
            f"{words}, and its own exporters stay beside the file",
            "note",
            "For the file alone set OTEL_TRACES_EXPORTER=none and OTEL_METRICS_EXPORTER=none",
        )
    return Finding(BESIDE, "zero code", words)


def _distros() -> list[str]:
    points = entry_points(group="opentelemetry_distro")
    return sorted({point.dist.name if point.dist else point.name for point in points})


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
