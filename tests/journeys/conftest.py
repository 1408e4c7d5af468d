"""What the tests of journeys share: spans in memory, and someone who follows journeys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cxotel import context, privacy, store
from cxotel.engine import shield
from cxotel.journey import set_provider
from tests.journeys.telemetry import Telemetry, Witness

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def clean_slate() -> Iterator[None]:
    """Begin and end with nothing logged, remembered or configured."""
    shield.forget()
    kept = store.get_store()
    store.set_store(store.InMemoryContactStore())
    yield
    store.set_store(kept)
    privacy.set_policy(privacy.Policy())
    shield.forget()


@pytest.fixture
def told() -> Iterator[Telemetry]:
    """Keep in memory what journeys tell."""
    telemetry = Telemetry()
    set_provider(telemetry.provider)
    yield telemetry
    set_provider(None)
    telemetry.provider.shutdown()


@pytest.fixture
def witness() -> Iterator[Witness]:
    """Follow journeys while they are open."""
    watching = Witness()
    context.observe(watching)
    yield watching
    context.ignore(watching)
