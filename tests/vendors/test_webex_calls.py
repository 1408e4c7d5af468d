"""Webex: what is wxc_sdk's own: it sleeps where it is throttled, pages, and mixes up addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import cxotel
from cxotel import semconv
from cxotel.demo.far_ends import Fault
from tests.vendors.far_ends.webex import RECORD, RestError, WebexFarEnd, client
from tests.vendors.scored import calls, lost, scored, watching

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cxotel.testing import Telemetry

CALL = "Y2FsbC0x"


@pytest.fixture(scope="module")
def running() -> Iterator[WebexFarEnd]:
    """One server for all tests of this file."""
    with WebexFarEnd() as far_end:
        yield far_end


@pytest.fixture
def far_end(running: WebexFarEnd) -> Iterator[WebexFarEnd]:
    """The server with nothing wrong; no handler of it may crash."""
    running.clear()
    yield running
    assert running.crashes == []


@pytest.fixture
def webex(far_end: WebexFarEnd) -> Iterator[Any]:
    """A real client."""
    with client(far_end) as connected:
        yield connected


@pytest.fixture
def telemetry() -> Iterator[Telemetry]:
    """What Webex's calls tell."""
    with watching("webex") as seen:
        yield seen


def test_the_sleep_of_a_throttled_client_is_on_its_span(
    far_end: WebexFarEnd, webex: Any, telemetry: Telemetry
) -> None:
    """A 429 makes the library sleep as long as it is told to; the caller sees only a slow call."""
    far_end.faults.add("webex", "control", Fault(failure="throttled", retry_after=1, times=1))
    webex.telephony.calls.dial("+15550100")
    (span,) = calls(telemetry)
    told = span["attributes"]
    assert told[semconv.CX_CALL_RETRY_WAIT] >= 1000
    assert told[semconv.CX_CALL_THROTTLED] is True
    assert told[semconv.CX_CALL_RECOVERED] is True
    assert semconv.ERROR_TYPE not in told


def test_each_page_of_records_is_a_call_in_the_step_that_reads_it(
    far_end: WebexFarEnd, webex: Any, telemetry: Telemetry
) -> None:
    """A listing is fetched page by page while the caller goes through it."""
    more = f'<{far_end.url}/v1/cdr_feed?page=2>; rel="next"'
    far_end.replies.push("records", 200, {"Link": more}, {"items": [RECORD]})
    with cxotel.journey("report", journey_id="j-1"):
        records = webex.cdr.get_cdr_history(host=far_end.authority)
        with cxotel.step("first"):
            next(records)
        with cxotel.step("second"):
            assert len(list(records)) == 1
    steps = [span["attributes"][semconv.CX_STEP_NAME] for span in calls(telemetry)]
    assert steps == ["first", "second"]


def test_a_blind_transfer_costs_more_than_a_consulted_one(webex: Any) -> None:
    """Whether somebody explained the matter is told by what a transfer names."""
    scores: list[int] = []
    for where in ({"destination": "+15550111"}, {"call_id2": "Y2FsbC0y"}):
        with scored("webex") as told:
            webex.telephony.calls.transfer(CALL, **where)
        assert lost(told) == {"effort"}
        scores.append(told[semconv.CX_EXPERIENCE_SCORE])
    assert scores[0] < scores[1]


def test_an_error_that_reaches_the_service_is_webexs(far_end: WebexFarEnd, webex: Any) -> None:
    """A call that Webex cannot place is its failure where the journey meets it."""
    far_end.faults.add("webex", "control", Fault(failure="unavailable"))
    with pytest.raises(RestError), scored("webex") as told:
        webex.telephony.calls.dial("+15550100")
    assert told[semconv.CX_EXPERIENCE_BLAME_SYSTEM] == "webex"
    assert "reliability" in lost(told)
