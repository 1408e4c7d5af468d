"""What settings decide of instrumentation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import cxotel
from cxotel import settings
from cxotel.engine.instrumentation import instrumented
from cxotel.engine.readers import BODY_LIMIT, json_text, set_body_limit

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    yield
    cxotel.uninstrument()
    settings.deactivate()
    set_body_limit(BODY_LIMIT)


def test_a_vendor_that_is_switched_off_is_left_alone() -> None:
    """Instrumenting everything passes over it; asking for it by name does not."""
    settings.activate(settings.load(environ={}, given={"vendors": {"twilio": False}}))

    cxotel.instrument()
    assert "twilio" not in instrumented()
    assert "salesforce" in instrumented()

    cxotel.instrument("twilio")
    assert "twilio" in instrumented()


def test_the_longest_reply_that_is_read_can_be_set() -> None:
    """A reply above the limit tells nothing; the call is observed all the same."""
    settings.activate(settings.load(environ={}, given={"limits": {"body_bytes": 1024}}))

    cxotel.instrument("twilio")

    assert json_text('"' + "x" * 1000 + '"') is not None
    assert json_text('"' + "x" * 1100 + '"') is None
