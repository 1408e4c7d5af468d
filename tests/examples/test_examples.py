"""The examples run by the one command that their pages name, and give the telemetry shown there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

import pytest

from cxotel.reading.file import FileSource
from examples.stage import CUSTOMERS, FILE
from tests.examples.pages import shape
from tests.source_tree import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from cxotel.reading import Span

# Two interpreters start one after the other, each with three vendors' libraries.
pytestmark = pytest.mark.timeout(240)
BY_HAND = "refund_bridge"
ZERO_CODE = "refund_bridge_zero_code"
VENDOR_SPANS = {
    "accept_reservation twilio",
    "create_task twilio",
    "detect_intent dialogflow",
    "fetch_task twilio",
    "list_call_metrics twilio",
    "list_reservations twilio",
    "query_records salesforce",
    "send_message twilio",
    "update_record salesforce",
}


class Run(NamedTuple):
    """What an example printed, and the telemetry that it left."""

    out: str
    spans: list[Span]
    bytes_: bytes

    def named(self, name: str) -> list[Span]:
        """Return the spans of a name, in the order in which they started."""
        return sorted(
            (span for span in self.spans if span.name == name), key=lambda span: span.start_ns
        )


def _run(name: str, folder: Path) -> Run:
    ours = ("OTEL_", "CXOTEL_")
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(ours)}
    ended = subprocess.run(
        [sys.executable, "-m", f"examples.{name}"],
        cwd=folder,
        # Google's libraries warn of Python 3.10.
        env={**inherited, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore::FutureWarning"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    file = folder / FILE
    return Run(ended.stdout, FileSource(file).every_span(), file.read_bytes())


@pytest.fixture(scope="module")
def by_hand(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Run the example with cxotel by hand, once."""
    return _run(BY_HAND, tmp_path_factory.mktemp(BY_HAND))


@pytest.fixture(scope="module")
def zero_code(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Run the example without cxotel in its code, once."""
    return _run(ZERO_CODE, tmp_path_factory.mktemp(ZERO_CODE))


@pytest.fixture(params=[BY_HAND, ZERO_CODE])
def either(request: pytest.FixtureRequest) -> Run:
    """Take the run of each example in turn."""
    run: Run = request.getfixturevalue("by_hand" if request.param == BY_HAND else "zero_code")
    return run


def _names(spans: Iterable[Span], kind: str) -> set[str]:
    return {span.name for span in spans if span.kind == kind}


def test_every_span_has_a_journey_id(either: Run) -> None:
    """Whoever finds one span of a journey finds them all, but what ended before it began."""
    without = {span.name for span in either.spans if not span.journey_id}

    assert without <= {"POST /calls http receive", "POST /ended http receive"}
    assert [span for span in either.spans if span.text("session.id") != span.journey_id] == []


def test_vendor_calls_are_named_by_what_they_mean(either: Run) -> None:
    """Each vendor call is one span with a name; none repeats it as an HTTP or gRPC request."""
    assert _names(either.spans, "CLIENT") == VENDOR_SPANS


def test_nothing_of_a_customer_leaves(either: Run) -> None:
    """Numbers, words and orders of customers are in no byte of the telemetry."""
    said = [text for customer in CUSTOMERS for text in (*customer.said, customer.number)]
    orders = [customer.order for customer in CUSTOMERS]

    assert [text for text in [*said, *orders] if f'"{text}'.encode() in either.bytes_] == []
    assert [text for text in said if len(text) > 5 and text.encode() in either.bytes_] == []


def test_three_calls_are_three_journeys(by_hand: Run) -> None:
    """The webhook at the end of a call is found to be part of that call's journey."""
    calls, ends = by_hand.named("refund"), by_hand.named("refund call ended")

    assert len({span.journey_id for span in calls}) == len(calls) == 3
    assert [span.journey_id for span in ends] == [span.journey_id for span in calls]
    assert [link.span_id for span in ends for link in span.links] == [
        span.span_id for span in calls
    ]


def test_scores_say_who_lost_the_points(by_hand: Run) -> None:
    """The journey span carries a whole number, who is to blame, and who owns that."""
    well, slow, lost = by_hand.named("refund")

    assert isinstance(well.whole("cx.experience.score"), int)
    assert slow.text("cx.experience.blame.system") == "salesforce"
    assert slow.text("cx.experience.blame.owner") == "crm-team"
    assert lost.text("cx.experience.blame.system") in {"dialogflow", "twilio"}
    assert "queue billing" in str(lost.attributes["cx.experience.reasons"])
    assert [span.text("cx.journey.outcome") for span in (well, slow, lost)] == [
        "contained",
        "contained",
        "escalated",
    ]
    assert all(span.text("enduser.pseudo.id") for span in (well, slow, lost))


def test_without_code_the_server_span_carries_the_score(zero_code: Run) -> None:
    """Where no code speaks of journeys, the request that a webhook makes is one, and is scored."""
    well, slow, lost = zero_code.named("POST /calls")

    assert len({span.journey_id for span in (well, slow, lost)}) == 3
    assert all(span.kind == "SERVER" for span in (well, slow, lost))
    assert isinstance(well.whole("cx.experience.score"), int)
    assert slow.text("cx.experience.blame.system") == "salesforce"
    assert slow.text("cx.experience.blame.owner") == "crm-team"
    assert "queue billing" in str(lost.attributes["cx.experience.reasons"])


def test_the_second_service_has_no_line_of_cxotel() -> None:
    """The example of zero code keeps its promise."""
    for path in (ROOT / "examples" / ZERO_CODE / "service.py", ROOT / "examples" / "clients.py"):
        code = path.read_text("utf-8").partition('"""\n')[2]
        assert "cxotel" not in code


@pytest.mark.parametrize(
    ("page", "example"),
    [
        ("README.md", BY_HAND),
        ("docs/index.md", BY_HAND),
        ("docs/quickstart.md", ZERO_CODE),
        (f"examples/{BY_HAND}/README.md", BY_HAND),
        (f"examples/{ZERO_CODE}/README.md", ZERO_CODE),
    ],
)
def test_pages_show_what_is_printed(
    page: str, example: str, request: pytest.FixtureRequest
) -> None:
    """What a page shows of an example is what a reader who runs it gets."""
    text = (ROOT / page).read_text("utf-8")
    shown = re.findall(r"^```text\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    run: Run = request.getfixturevalue("by_hand" if example == BY_HAND else "zero_code")

    assert shown
    assert shape("".join(shown)) - shape(run.out) == set()
