"""A client under observation, and what its calls told: the setting of most checks."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cxotel.engine import shield
from cxotel.engine.instrumentation import instrument, instrumented, uninstrument
from cxotel.testing.session import Outcome, Session
from cxotel.testing.telemetry import Telemetry

if TYPE_CHECKING:
    from collections.abc import Generator

    from cxotel.engine import Vendor
    from cxotel.testing.case import Case, Example

JOURNEY = "cxotel.journey"
"""The scope of journeys' spans: the suite's own, around a call."""


def ensure(truth: object, complaint: str) -> None:
    """Fail the check with *complaint* where *truth* is not true."""
    if not truth:
        raise AssertionError(complaint)


@dataclass(slots=True)
class Observed:
    """A session whose client is observed."""

    case: Case
    variant: str
    vendor: Vendor
    session: Session
    telemetry: Telemetry

    def call(self, example: Example, **options: Any) -> Outcome:
        """Run *example* on a clean sheet, and make sure that its caller got what it should."""
        self.telemetry.clear()
        outcome = self.session.call(example, **options)
        as_expected(outcome, example, self.where(example))
        return outcome

    def where(self, example: Example) -> str:
        """Return a name of *example* for complaints."""
        return f"{self.vendor.name}, {self.variant} client, example {example.operation!r}"

    @property
    def spans(self) -> list[dict[str, Any]]:
        """The spans of calls, whoever made them; not those of the suite's own journeys."""
        return [span for span in self.telemetry.spans if span["scope"] != JOURNEY]


def as_expected(outcome: Outcome, example: Example, where: str) -> None:
    """Make sure that a call succeeded or failed as its author says."""
    error = outcome.error
    if example.raises is None:
        if error is not None:
            raise AssertionError(f"{where}: the call raised {error!r}") from error
        return
    if error is None:
        raise AssertionError(f"{where}: the call should have raised {example.raises.__qualname__}")
    wanted = example.raises.__qualname__
    ensure(isinstance(error, example.raises), f"{where}: the call raised {error!r}, not {wanted}")


@contextmanager
def observing(
    vendor: Vendor, telemetry: Telemetry, *, carry: bool = False
) -> Generator[None, None, None]:
    """Observe *vendor*'s clients for the length of a block.

    Args:
        vendor: The vendor's description.
        telemetry: Where spans and metrics go.
        carry: Whether the journey id is written into the vendor's own fields.
    """
    ensure(vendor.name not in instrumented(), f"{vendor.name} is instrumented already")
    shield.forget()
    instrument(
        vendor,
        tracer_provider=telemetry.tracer_provider,
        meter_provider=telemetry.meter_provider,
        carry=[vendor.name] if carry else [],
    )
    ensure(
        vendor.name in instrumented(),
        f"{vendor.name} cannot be instrumented: is {', '.join(vendor.requires)} installed?",
    )
    try:
        yield
    finally:
        uninstrument(vendor)


@contextmanager
def observed(
    case: Case, variant: str, vendor: Vendor | None = None
) -> Generator[Observed, None, None]:
    """Give a client of *variant* under observation.

    Args:
        case: The vendor's case.
        variant: Which client.
        vendor: A changed description to observe it by.
    """
    vendor = vendor or case.load()
    with (
        Telemetry() as telemetry,
        Session(case, variant) as session,
        observing(vendor, telemetry),
    ):
        yield Observed(case, variant, vendor, session, telemetry)
