"""From a fault at a vendor to a page: service, Collector, Prometheus, Alertmanager, webhook."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from backends.pager import Pager
from backends.programs import HOST
from backends.servers import Alertmanager, Collector, Prometheus
from cxotel.demo.far_ends import Fault
from cxotel.operations import files, load
from cxotel.operations.shipped import ALERTS, RECORDINGS
from tests.backends.asking import query
from tests.backends.bridge import SYSTEM, Bridge, wait_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.backends.conftest import Serve

SCALE = 1 / 60
"""What an hour is to the rules is a minute here."""
_ENOUGH = 'cx_slo:events:increase1h{cx_slo="refund-outcome"} > 20'


def test_a_fault_at_a_vendor_pages_the_owner_of_the_journey(
    serve: Serve, record_testsuite_property: Callable[[str, object], None]
) -> None:
    """Healthy journeys page nobody; when the CRM fails, its owner is called within seconds."""
    goals = replace(load(), owners={"salesforce": "crm team"})
    written = files(goals, SCALE)
    rules = {name.rpartition("/")[2]: written[name] for name in (RECORDINGS, ALERTS)}
    over = threading.Event()
    with Pager() as pager:
        alertmanager = serve(lambda: Alertmanager(pager.url))
        collector = serve(lambda: Collector([f"{HOST}:9"]))
        prometheus = serve(
            lambda: Prometheus(collector.metrics, alertmanager=alertmanager.address, rules=rules)
        )
        with Bridge([f"{collector.otlp_http}/v1/metrics"], interval=250.0) as bridge:
            last = bridge.keep_calling(over, pause=0.02)
            try:
                wait_for(lambda: query(prometheus.url, _ENOUGH))
                assert query(prometheus.url, 'ALERTS{alertstate="firing"}') == {}
                bridge.far_end.faults.add(SYSTEM, "*", Fault(failure="unavailable"))
                injected = time.monotonic()
                told = pager.page(30.0)
            finally:
                over.set()
                last()
    seconds = told.at - injected
    record_testsuite_property("seconds from fault to page", round(seconds, 1))
    labels, annotations = told.alert["labels"], told.alert["annotations"]
    assert labels["alertname"] == "CxJourneyBudgetBurnsFast"
    assert (labels["cx_journey_name"], labels["severity"]) == ("refund", "page")
    assert annotations["owner"] == "returns team"
    assert annotations["traceql"].startswith('{ span.cx.journey.name = "refund" && (')
    assert json.loads(annotations["jaeger_tags"])["cx.journey.outcome"] == "failed"
    assert "$labels" not in json.dumps(annotations)
    assert seconds < 20
