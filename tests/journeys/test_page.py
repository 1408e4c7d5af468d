"""The page about journeys shows the telemetry that its examples give."""

from __future__ import annotations

import re
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from cxotel.journey import set_provider
from tests.journeys.picture import ReproducibleIds, picture

if TYPE_CHECKING:
    import pytest

PAGE = Path(__file__).parents[2] / "docs" / "journeys.md"
BLOCK = re.compile(r"^```(python|text)\n(.*?)^```", re.DOTALL | re.MULTILINE)
SECOND = 1_000_000_000


def test_the_page_shows_what_its_examples_emit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each picture of spans on the page is what the examples before it really emit."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider(id_generator=ReproducibleIds(), shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    set_provider(provider)
    # Each look at the clock finds it a second later, so that times are the same in every run.
    time = count(1_767_268_800 * SECOND, SECOND)
    monkeypatch.setattr("cxotel.clock.now_ns", lambda: next(time))
    names: dict[str, Any] = {"__name__": "page"}
    shown: list[tuple[str, str]] = []
    try:
        for kind, text in BLOCK.findall(PAGE.read_text("utf-8")):
            if kind == "python":
                exporter.clear()
                exec(compile(text, str(PAGE), "exec"), names)  # noqa: S102 - our own page
            else:
                shown.append((text.rstrip(), picture(exporter.get_finished_spans())))
    finally:
        set_provider(None)
    assert len(shown) >= 5
    for page, real in shown:
        assert page == real
