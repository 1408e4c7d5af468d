"""Zoom: what is pyzoom's own: errors that it returns, pages, and the quality that Zoom reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from cxotel import semconv
from cxotel.demo.far_ends import Fault
from tests.vendors.far_ends.zoom import CALL, MEETING, ZoomFarEnd, client, err
from tests.vendors.scored import calls, lost, scored, watching

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cxotel.testing import Telemetry

PERSON = {"id": "p1", "name": "A", "user_email": ""}


@pytest.fixture(scope="module")
def running() -> Iterator[ZoomFarEnd]:
    """One server for all tests of this file."""
    with ZoomFarEnd() as far_end:
        yield far_end


@pytest.fixture
def far_end(running: ZoomFarEnd) -> Iterator[ZoomFarEnd]:
    """The server with nothing wrong; no handler of it may crash."""
    running.clear()
    yield running
    assert running.crashes == []


@pytest.fixture
def zoom(far_end: ZoomFarEnd) -> Iterator[Any]:
    """A real client."""
    with client(far_end) as connected:
        yield connected


@pytest.fixture
def telemetry() -> Iterator[Telemetry]:
    """What Zoom's calls tell."""
    with watching("zoom") as seen:
        yield seen


def test_an_error_that_the_caller_wants_returned_is_an_error_all_the_same(
    far_end: ZoomFarEnd, zoom: Any, telemetry: Telemetry
) -> None:
    """The caller gets the reply, as asked, and the span tells Zoom's status and code."""
    far_end.faults.add("zoom", "meeting", Fault(failure="not_found"))
    reply = zoom.raw.get(f"/meetings/{MEETING}", raise_on_error=False)
    assert reply.status_code == 404
    (span,) = calls(telemetry)
    assert span["status"] == "ERROR"
    assert span["attributes"][semconv.ERROR_TYPE] == "404"
    assert span["attributes"][semconv.CX_VENDOR_ERROR_CODE] == "3001"


def test_each_page_is_a_call(far_end: ZoomFarEnd, zoom: Any, telemetry: Telemetry) -> None:
    """The library fetches all pages at once; each is a request of its own."""
    page: dict[str, Any] = {"page_count": 2, "page_size": 1, "total_records": 2}
    first = {**page, "next_page_token": "more", "participants": [PERSON]}
    far_end.replies.push("participants", 200, {}, first)
    zoom.meetings.past_meeting_participants(MEETING)
    names = [span["attributes"][semconv.CX_OPERATION_NAME] for span in calls(telemetry)]
    assert names == ["list_participants", "list_participants"]


def test_bad_sound_on_the_phone_is_zooms(zoom: Any) -> None:
    """A leg that Zoom itself gives 3.2 costs what such a leg costs, and Zoom is named for it."""
    with scored("zoom") as told:
        zoom.raw.get(f"/phone/metrics/call_logs/{CALL}/qos")
    assert told[semconv.CX_EXPERIENCE_LOST_MEDIA] > 0
    assert told[semconv.CX_EXPERIENCE_BLAME_SYSTEM] == "zoom"


def test_an_error_that_reaches_the_service_costs_reliability(
    far_end: ZoomFarEnd, zoom: Any
) -> None:
    """A meeting that cannot be found is Zoom's failure where the journey meets it."""
    far_end.faults.add("zoom", "meeting", Fault(failure="unavailable"))
    with pytest.raises(err.APIError), scored("zoom") as told:
        zoom.meetings.get_meeting(MEETING)
    assert told[semconv.CX_EXPERIENCE_BLAME_SYSTEM] == "zoom"
    assert "reliability" in lost(told)
