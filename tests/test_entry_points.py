"""What `pyproject.toml` promises to other programs: the command, and OpenTelemetry's plug-ins."""

from __future__ import annotations

import sys
from importlib.metadata import EntryPoint
from typing import Any

import pytest
from opentelemetry.instrumentation.instrumentor import BaseInstrumentor
from opentelemetry.sdk.trace.sampling import Sampler

from tests.source_tree import ROOT

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
GROUPS: dict[str, dict[str, str]] = {
    **PROJECT["entry-points"],
    "console_scripts": PROJECT["scripts"],
}
ENTRY_POINTS = [
    EntryPoint(name, value, group)
    for group, entries in GROUPS.items()
    for name, value in entries.items()
]


@pytest.mark.parametrize("entry", ENTRY_POINTS, ids=lambda entry: f"{entry.group}:{entry.name}")
def test_each_entry_point_leads_to_what_its_group_asks_for(entry: EntryPoint) -> None:
    """OpenTelemetry's launcher, its samplers' look-up and the shell find what they expect."""
    found = entry.load()

    if entry.group == "opentelemetry_instrumentor":
        assert issubclass(found, BaseInstrumentor)
    elif entry.group.endswith("sampler"):
        assert issubclass(found, Sampler)
    else:
        assert callable(found)


def test_no_distro_or_configurator_is_registered() -> None:
    """cxotel adds itself to whatever sets OpenTelemetry up, and takes nobody's place."""
    assert {"opentelemetry_distro", "opentelemetry_configurator"} & set(GROUPS) == set()


def test_no_extra_makes_instrumentation_depend_on_every_client_library() -> None:
    """A missing client library disables its own instrumentation and no other's."""
    assert "instruments" not in PROJECT["optional-dependencies"]
