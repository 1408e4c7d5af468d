"""What `cxotel.testing` itself promises to those who test with it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF

import cxotel
from cxotel import clock
from cxotel.experience.sampler import JourneySampler
from cxotel.testing import (
    CANARY,
    FixedClock,
    SequentialIds,
    Telemetry,
    VendorContract,
    found_in,
)
from cxotel.testing.texts import texts
from tests.contract.toy.cxotel_switchboard import VENDOR
from tests.contract.toy.exchange import Exchange
from tests.contract.toy.switchboard import Client
from tests.contract.toy.test_switchboard import CASE

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def telemetry() -> Iterator[Telemetry]:
    """Telemetry that is kept in memory while a test runs."""
    with Telemetry() as kept:
        yield kept


def refund() -> None:
    """Go on a small journey."""
    with cxotel.journey("refund", channel="voice"), cxotel.step("find order"):
        cxotel.outcome("resolved")


def test_the_same_code_gives_the_same_spans() -> None:
    """A snapshot of spans holds from run to run: ids count, and time stands still."""
    snapshots: list[list[dict[str, Any]]] = []
    for _ in range(2):
        with FixedClock(), Telemetry() as telemetry:
            refund()
        snapshots.append(telemetry.spans)

    assert snapshots[0] == snapshots[1]
    assert [(span["name"], span["span_id"][-1]) for span in snapshots[0]] == [
        ("refund", "1"),
        ("find order", "2"),
    ]
    assert snapshots[0][1]["parent_id"] == snapshots[0][0]["span_id"]


def test_a_fixed_clock_moves_only_when_told() -> None:
    """Waits in tests take as long as the test says, and no time at all."""
    real = clock.now_ns
    with FixedClock(5_000_000) as time:
        time.advance(milliseconds=1.5)

        assert clock.now_ns() == 6_500_000
    assert clock.now_ns is real


def test_ids_never_repeat() -> None:
    """Spans made anywhere in a test are told apart."""
    ids = SequentialIds()

    assert len({ids.generate_span_id() for _ in range(100)}) == 100
    assert len({ids.generate_trace_id() for _ in range(100)}) == 100


def test_exported_bytes_hold_traces_metrics_and_logs(telemetry: Telemetry) -> None:
    """Whoever searches the exported bytes searches all three signals."""
    with (
        Exchange() as exchange,
        Client(exchange.url) as client,
        cxotel.instrument(
            VENDOR,
            tracer_provider=telemetry.tracer_provider,
            meter_provider=telemetry.meter_provider,
        ),
    ):
        client.place_call("+15550100")
    logging.getLogger("cxotel").warning("a line of %s", "its own", extra={"where": "over there"})
    exported = telemetry.exported()

    for found in (b"place_call switchboard", b"cx.vendor.call.duration", b"a line of its own"):
        assert found in exported
    assert b"over there" in exported


def test_the_words_of_a_logged_exception_are_kept(telemetry: Telemetry) -> None:
    """What a logging exporter would send of an exception is searched too."""
    logging.getLogger("cxotel").error("it failed", exc_info=ValueError(CANARY.text))

    assert found_in(telemetry.exported()) == {"text"}


def test_lines_of_other_loggers_are_not_ours(telemetry: Telemetry) -> None:
    """What an application or a client library logs is its own affair."""
    logging.getLogger("twilio").warning("calling %s", CANARY.phone)

    assert telemetry.logs == []


def test_what_is_not_sampled_is_not_exported() -> None:
    """A span that is only recorded is seen, as a processor sees it, and never leaves."""
    with Telemetry(sampler=JourneySampler(0.0)) as telemetry:
        refund()

    assert [span["name"] for span in telemetry.spans] == ["refund", "find order"]
    assert b"refund" not in telemetry.exported()


def test_what_is_dropped_is_not_seen() -> None:
    """A sampler that drops everything leaves nothing."""
    with Telemetry(sampler=ALWAYS_OFF) as telemetry:
        refund()

    assert telemetry.spans == []


def test_open_spans_are_counted(telemetry: Telemetry) -> None:
    """A span that nobody ends is noticed."""
    span = trace.get_tracer("test", tracer_provider=telemetry.tracer_provider).start_span("open")

    assert telemetry.open_spans == 1
    assert telemetry.spans == []
    span.end()
    assert telemetry.open_spans == 0


def test_clearing_forgets_everything_but_the_ids(telemetry: Telemetry) -> None:
    """One test can look at several calls, each on a clean sheet."""
    counter = telemetry.meter_provider.get_meter("test").create_counter("count")
    counter.add(1)
    refund()
    telemetry.clear()
    counter.add(2)
    refund()

    assert [span["span_id"][-1] for span in telemetry.spans] == ["3", "4"]
    assert [metric["points"][0]["value"] for metric in telemetry.metrics] == [2]
    assert telemetry.metrics == telemetry.metrics


def test_outside_of_it_nothing_is_kept(telemetry: Telemetry) -> None:
    """Journeys go back to the global provider when it is left."""
    with Telemetry() as inner:
        pass
    refund()

    assert inner.spans == []


@pytest.mark.parametrize(
    ("content", "betrayed"),
    [
        (f"To={CANARY.phone}", {"phone"}),
        ("to=%2B15558675309&text=Purple+Walrus", {"phone", "text"}),
        ("(555) 867-5309", {"phone"}),
        (CANARY.email.upper(), {"email"}),
        (CANARY.name.replace(" ", "%20"), {"name"}),
        ("PN5550100", set[str]()),
    ],
)
def test_canaries_are_found_however_they_are_written(content: str, betrayed: set[str]) -> None:
    """URL encoding, capitals and formatting hide nothing."""
    assert found_in(content) == betrayed
    assert found_in(content.encode()) == betrayed


def test_texts_are_found_however_deep() -> None:
    """A canary in a reply is seen in mappings, lists, bytes, attributes and exceptions."""

    class Reply:
        def __init__(self) -> None:
            self.content = {"caller": [CANARY.name.encode()]}

    error = ValueError(CANARY.text)
    error.reply = Reply()  # type: ignore[attr-defined] # pyright: ignore[reportAttributeAccessIssue] - as clients do

    assert found_in(texts([error, {CANARY.email: 1}])) == {"name", "text", "email"}


def test_a_contract_knows_where_its_case_is() -> None:
    """A fresh interpreter can find the case of a test class without being told."""

    class TestIt(VendorContract):
        case = CASE

    assert TestIt.case.reference.startswith("tests.contract.test_telemetry:")
    assert TestIt.case.only("sync").variants == ("sync",)
