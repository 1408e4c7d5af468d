"""What else says how things are to be set up: settings, a sampler's name, a declarative file."""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

from cxotel.engine.shield import warn_once

if TYPE_CHECKING:
    from opentelemetry.sdk.trace.sampling import Sampler

    from cxotel.settings import Settings


def settings_from(given: Any) -> Settings:
    """Put the given settings in force; one that cannot be used costs a log line."""
    from cxotel import settings

    if given is None:
        return settings.active()
    try:
        if isinstance(given, settings.Settings):
            chosen = given
        elif isinstance(given, (str, os.PathLike)):
            chosen = settings.load(given)  # pyright: ignore[reportUnknownArgumentType] - a path
        else:
            chosen = settings.load(given=given)
    except settings.SettingsError as error:
        warn_once("loading settings", f"{error}; the defaults hold until that is put right")
        chosen = settings.Settings()
    settings.activate(chosen)
    return chosen


def sampler_from_environment() -> Sampler | None:
    """Make the sampler that `OTEL_TRACES_SAMPLER` names, through the SDK's entry points."""
    name = os.environ.get("OTEL_TRACES_SAMPLER", "").strip()
    if not name:
        return None
    try:
        return _sampler(name, os.environ.get("OTEL_TRACES_SAMPLER_ARG"))
    except Exception as error:  # noqa: BLE001 - whatever a sampler raises, the application goes on
        warn_once(
            "reading OTEL_TRACES_SAMPLER",
            f"OTEL_TRACES_SAMPLER={name} cannot be used: {error}; cxotel's own sampler is used",
        )
        return None


def _sampler(name: str, argument: Any) -> Sampler:
    from importlib.metadata import entry_points

    points = entry_points(group="opentelemetry_traces_sampler")
    for point in points:
        if point.name == name:
            if name.endswith("traceidratio"):
                argument = float(argument or 1)
            return point.load()(argument)
    known = ", ".join(sorted({point.name for point in points}))
    message = f"no sampler has that name; installed are {known}"
    raise LookupError(message)


def declared(path: str) -> bool:
    """Set up what OpenTelemetry's declarative configuration file says; tell whether that worked."""
    try:
        configuration: Any = import_module("opentelemetry.configuration")
    except ImportError:
        warn_once(
            "reading OTEL_CONFIG_FILE",
            "OTEL_CONFIG_FILE is set, but what reads it is not installed, so nothing is exported; "
            "run: pip install opentelemetry-configuration",
        )
        return False
    try:
        configuration.configure_sdk(configuration.load_config_file(path))
    except Exception as error:  # noqa: BLE001 - a broken file must not stop the application
        reason = " ".join(str(error).split())[:300]
        warn_once(
            "reading OTEL_CONFIG_FILE",
            f"{path} (OTEL_CONFIG_FILE) cannot be used, so nothing is exported: {reason}",
        )
        return False
    return True
