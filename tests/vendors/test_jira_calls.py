"""Jira: what is the client library's own: its retries, what it reads unasked, carrying."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from jira import JIRAError

import cxotel
from cxotel import semconv
from cxotel.demo.far_ends import Fault
from cxotel.testing import Telemetry
from cxotel.testing.observed import observing
from cxotel.vendors import load
from tests.vendors.far_ends.jira import PROJECT, JiraFarEnd, client
from tests.vendors.scored import calls, lost, scored, watching

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def running() -> Iterator[JiraFarEnd]:
    """One server for all tests of this file."""
    with JiraFarEnd() as far_end:
        yield far_end


@pytest.fixture
def far_end(running: JiraFarEnd) -> Iterator[JiraFarEnd]:
    """The server with nothing wrong; no handler of it may crash."""
    running.clear()
    yield running
    assert running.crashes == []


@pytest.fixture
def jira(far_end: JiraFarEnd) -> Iterator[Any]:
    """A real client; untyped, as what it returns is."""
    with client(far_end) as connected:
        yield connected


@pytest.fixture
def telemetry() -> Iterator[Telemetry]:
    """What Jira's calls tell."""
    with watching("jira") as seen:
        yield seen


def names(telemetry: Telemetry) -> list[str]:
    """Return what was called, in order."""
    return [span["attributes"][semconv.CX_OPERATION_NAME] for span in calls(telemetry)]


def test_retries_inside_the_library_are_one_call(
    far_end: JiraFarEnd, jira: Any, telemetry: Telemetry
) -> None:
    """The library waits between one and two seconds and tries again: one span says how long."""
    far_end.faults.add("jira", "fetch_issue", Fault(failure="throttled", retry_after=1, times=1))
    jira.issue("SUP-1")
    (span,) = calls(telemetry)
    told = span["attributes"]
    assert told[semconv.HTTP_REQUEST_RESEND_COUNT] == 1
    assert told[semconv.CX_CALL_RETRY_WAIT] >= 1000
    assert (told[semconv.CX_CALL_THROTTLED], told[semconv.CX_CALL_RECOVERED]) == (True, True)


def test_what_the_library_reads_unasked_is_told(jira: Any, telemetry: Telemetry) -> None:
    """Names instead of ids cost look-ups, and the new issue is read back: four waits, not one."""
    jira.create_issue(project=PROJECT, issuetype="Task", summary="Refund")
    assert names(telemetry) == ["fetch_project", "fetch_project", "create_issue", "fetch_issue"]


def test_a_new_issue_carries_the_journey_where_nobody_sees_it(
    far_end: JiraFarEnd, jira: Any
) -> None:
    """The journey id is a property of the issue: no field, no label; the caller's dict stays."""
    fields = {"project": {"key": PROJECT}, "issuetype": {"name": "Task"}, "summary": "Refund"}
    before = json.dumps(fields)
    with (
        Telemetry() as telemetry,
        observing(load("jira"), telemetry, carry=True),
        cxotel.journey("refund", journey_id="j-1"),
    ):
        jira.create_issue(fields, prefetch=False)
    sent = far_end.received.of("create_issue")[-1].json
    assert sent["properties"] == [{"key": "cx_journey_id", "value": "j-1"}]
    assert json.dumps(sent["fields"]) == before == json.dumps(fields)


def test_a_refusal_that_reaches_the_service_costs_reliability(
    far_end: JiraFarEnd, jira: Any
) -> None:
    """An issue that cannot be made is Jira's failure where the journey meets it."""
    far_end.faults.add("jira", "create_issue", Fault(failure="server_error"))
    with pytest.raises(JIRAError), scored("jira") as journey:
        jira.create_issue(
            project={"key": PROJECT}, issuetype={"name": "Task"}, summary="Refund", prefetch=False
        )
    assert journey[semconv.CX_EXPERIENCE_BLAME_SYSTEM] == "jira"
    assert "reliability" in lost(journey)


def test_a_hidden_wait_costs_responsiveness(far_end: JiraFarEnd, jira: Any) -> None:
    """A customer waits for what the library reads unasked too."""
    far_end.faults.add("jira", "fetch_issue", Fault(latency=4.5))
    with scored("jira") as journey, cxotel.step("open case"):
        jira.create_issue(project={"key": PROJECT}, issuetype={"name": "Task"}, summary="Refund")
    assert journey[semconv.CX_EXPERIENCE_BLAME_SYSTEM] == "jira"
    assert journey[semconv.CX_EXPERIENCE_BLAME_STEP] == "open case"
    assert lost(journey) == {"responsiveness"}
