"""Metrics in a real Prometheus: through the Collector, and by OTLP from the SDK itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from backends.programs import HOST
from backends.servers import Collector, Prometheus
from cxotel.demo.far_ends import Fault
from cxotel.experience.emit import MOST_VALUES
from cxotel.operations import files, load
from cxotel.operations.shipped import ALERTS, RECORDINGS
from tests.backends.asking import exemplars, labels, names, query
from tests.backends.bridge import REGION, SERVICE, SYSTEM, Bridge, wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.backends.conftest import Serve

WAYS = ("Collector", "OTLP")
_ENDED = "cx_journey_completed_total"
_OTHERS = 'cx_journey_completed_total{cx_journey_name="_OTHER"}'
_NOBODY = f"{HOST}:9"
_PROMOTED = "\notlp:\n  promote_resource_attributes: [cloud.region]\n"


class Stack:
    """A service that sends its metrics both ways at once.

    Attributes:
        urls: Where Prometheus is asked, by the way that its metrics come.
        bridge: The service.
    """

    def __init__(self, urls: dict[str, str], bridge: Bridge) -> None:
        self.urls = urls
        self.bridge = bridge

    def settle(self) -> None:
        """Wait until every journey that has ended is in Prometheus."""
        for url in self.urls.values():
            wait_for(lambda url=url: sum(query(url, _ENDED).values()) == self.bridge.ended)


def _takes_otlp() -> Prometheus:
    made = Prometheus(_NOBODY)
    path = made.program.folder / "prometheus.yml"
    text = path.read_text("utf-8")
    path.write_text(text if "promote_resource" in text else text + _PROMOTED, "utf-8")
    return made


@pytest.fixture(scope="module")
def stack(serve_module: Serve) -> Iterator[Stack]:
    """Twelve journeys, two of which fail, have arrived both ways."""
    collector = serve_module(lambda: Collector([_NOBODY]))
    urls = {
        "Collector": serve_module(lambda: Prometheus(collector.metrics)).url,
        "OTLP": serve_module(_takes_otlp).url,
    }
    receivers = [f"{collector.otlp_http}/v1/metrics", f"{urls['OTLP']}/api/v1/otlp/v1/metrics"]
    with Bridge(receivers) as bridge:
        for _ in range(5):
            bridge.refund()
            bridge.escalation()
        bridge.far_end.faults.add(SYSTEM, "*", Fault(failure="throttled", times=2))
        assert [bridge.refund() for _ in range(2)] == ["failed", "failed"]
        stack = Stack(urls, bridge)
        stack.settle()
        yield stack


def wanted() -> set[str]:
    """Return the names of the series of cxotel's metrics that the rules read."""
    written = files(load())
    text = written[RECORDINGS] + written[ALERTS]
    found = set(re.findall(r"(?:increase|rate|\) )\((cx_[a-z_]+)\b", text))
    assert {"cx_journey_age_seconds", "cx_handoff_count_total", "cx_media_r_bucket"} <= found
    return found


@pytest.mark.parametrize("way", WAYS)
def test_every_series_that_the_rules_read_arrives(way: str, stack: Stack) -> None:
    """No rule waits for a name that Prometheus never gets, whichever way metrics take."""
    assert wanted() - names(stack.urls[way]) == set()


@pytest.mark.parametrize("way", WAYS)
def test_services_and_regions_are_told_apart(way: str, stack: Stack) -> None:
    """`job` is the service's name, and the region of its resource is a label."""
    for each in labels(stack.urls[way], "cx_media_r_count"):
        assert (each["job"], each["cloud_region"]) == (SERVICE, REGION)
        assert (each["cx_media_leg_name"], each["cx_system"]) == ("agent", "twilio")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "series",
    ["cx_experience_segment_score_bucket", "cx_vendor_call_duration_seconds_bucket"],
)
def test_an_exemplar_leads_to_a_journey(way: str, series: str, stack: Stack) -> None:
    """From a bucket of a histogram to a trace of a journey that is in it."""
    # The Collector shows an exemplar until the next export, so that a scrape may miss one.
    found = wait_for(lambda: stack.bridge.refund() and exemplars(stack.urls[way], series))
    assert found <= stack.bridge.traces


@pytest.mark.parametrize("way", WAYS)
def test_the_buckets_that_the_rules_read_are_there(way: str, stack: Stack) -> None:
    """Prometheus writes the edge 60 one way or the other, and the rules know both."""
    selected = 'cx_media_r_bucket{cx_media_model="g107",le=~"60(\\\\.0)?"}'
    all_of = 'cx_media_r_count{cx_media_model="g107"}'
    assert sum(query(stack.urls[way], f"{selected} == on () {all_of}").values()) >= 5
    assert selected.partition("{")[2].rstrip("}") in files(load())[RECORDINGS]


@pytest.mark.parametrize("way", WAYS)
def test_more_journeys_make_no_more_series(
    way: str, stack: Stack, record_testsuite_property: Callable[[str, object], None]
) -> None:
    """Thirty more customers of the same kind make none; what there is, is told."""
    url = stack.urls[way]
    by_name = 'count by (__name__) ({__name__=~"cx_.+"})'
    stack.settle()
    before = query(url, by_name)
    for _ in range(15):
        stack.bridge.refund()
        stack.bridge.escalation()
    stack.settle()
    assert query(url, by_name) == before
    record_testsuite_property(f"series by {way}", sum(before.values()))
    record_testsuite_property(f"most series of one metric by {way}", max(before.values()))


def test_hostile_names_make_a_bounded_number_of_series(stack: Stack) -> None:
    """Two hundred names from outside, and Prometheus has 64 of them and `_OTHER`."""
    most = MOST_VALUES["cx.journey.name"] + 1
    for number in range(most + 40):
        stack.bridge.refund(f"refund {number}")
    stack.settle()
    for url in stack.urls.values():
        assert sum(query(url, _OTHERS).values()) >= 40
        told = query(url, "count by (cx_journey_name) (cx_journey_completed_total)")
        assert len(told) <= most
