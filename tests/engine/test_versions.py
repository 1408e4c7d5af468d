"""A client library of a version that was not proved: observed as far as it fits, and said so."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

import cxotel
from cxotel.engine import Target, shield
from cxotel.engine.instrumentation import instrumented
from tests.engine import toy
from tests.engine.test_wire import TOY

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    from tests.engine.conftest import ScriptedServer

GONE = Target("tests.engine.toy", "Client.that_is_gone")
NEWER = replace(TOY, requires=("pytest < 1",), targets=(*TOY.targets, GONE))


@pytest.fixture(autouse=True)
def _unsaid() -> None:
    shield.forget()


def test_a_version_out_of_range_is_said_once_and_observed(
    server: ScriptedServer,
    provider: TracerProvider,
    spans: InMemorySpanExporter,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The line names the version and the proved range; what is still there is observed."""
    with caplog.at_level(logging.WARNING, "cxotel"):
        cxotel.instrument(NEWER, tracer_provider=provider)
        cxotel.instrument(NEWER, tracer_provider=provider)
    toy.with_requests(server.url)

    assert [span.name for span in spans.get_finished_spans()] == ["fetch toy"]
    version, gone = (record.getMessage() for record in caplog.records)
    assert version == (
        f"toy: pytest {pytest.__version__} is outside <1; it is observed as far as it fits"
    )
    assert gone.startswith("tests.engine.toy.Client.that_is_gone is not there in the installed")


def test_a_library_that_is_missing_is_passed_over(caplog: pytest.LogCaptureFixture) -> None:
    """There is nothing to observe; who asked for it by name reads how to install it."""
    missing = replace(TOY, requires=("no-such-distribution",))
    with caplog.at_level(logging.WARNING, "cxotel"):
        cxotel.instrument(missing)

    assert instrumented() == {}
    assert "run: pip install no-such-distribution" in caplog.text
