"""Each check of the contract catches what it is there for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from cxotel.testing import CHECKS, Case, checks
from tests.contract import broken_engines as engines
from tests.contract.toy.test_switchboard import CASE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.contract.broken_engines import Breaking

REFERENCE = "tests.contract.toy.test_switchboard:CASE"


BOTH, ALL = ("sync", "async"), ("",)


@dataclass(frozen=True)
class Broken:
    """Something that is wrong, and the check that must notice."""

    check: Callable[[Case], None]
    complaint: str
    vendor: str = ""
    engine: Breaking = engines.sound
    changes: tuple[tuple[str, Any], ...] = ()
    variants: tuple[str, ...] = BOTH
    """The clients to try it with, one by one."""

    @property
    def name(self) -> str:
        """What the test is called."""
        wrong = self.vendor or (self.engine.__name__ if not self.changes else self.changes[0][0])
        return f"{_name(self.check)}-{wrong}"

    def case(self) -> Case:
        """The sound vendor's case with what is wrong put in."""
        vendor = f"tests.contract.broken_vendors:{self.vendor}" if self.vendor else CASE.vendor
        return replace(CASE, **{"vendor": vendor, **dict(self.changes)})


def _name(check: Callable[[Case], None]) -> str:
    return getattr(check, "__name__", "check_orders").removeprefix("check_")


def _orders(*order: str) -> Callable[[Case], None]:
    return partial(checks.check_orders, orders=(order,))


PLAIN = tuple(example for example in CASE.examples if not example.fails and not example.stream)

BROKEN = (
    Broken(checks.check_spans, "create_call switchboard", vendor="RENAMED"),
    Broken(checks.check_spans, "cx.contact.id is 'dialing'", vendor="WRONG_VALUE"),
    Broken(checks.check_spans, "events are", vendor="FORGETFUL"),
    Broken(checks.check_spans, "cx.call.items", vendor="WRONG_TYPE"),
    Broken(
        checks.check_registry,
        "the registry says int",
        vendor="WRONG_TYPE",
        engine=engines.letting_all_out,
    ),
    Broken(checks.check_registry, "not in the registry", vendor="UNREGISTERED"),
    Broken(checks.check_registry, "the registry knows", vendor="UNKNOWN_VALUE"),
    Broken(
        checks.check_registry,
        "it must not leave",
        vendor="PERSONAL",
        engine=engines.letting_all_out,
    ),
    Broken(checks.check_metrics, "calls made", engine=engines.measuring_nothing),
    Broken(checks.check_same_result, "another object", engine=engines.copying_results),
    Broken(checks.check_same_exception, "the caller got", engine=engines.raising_anew),
    Broken(checks.check_raising_reader, "left", engine=engines.giving_up_at_the_first_error),
    Broken(checks.check_raising_reader, "error's words", engine=engines.logging_words),
    Broken(checks.check_raising_hook, "the call raised", engine=engines.unshielded),
    Broken(checks.check_suppressed, "still told", engine=engines.deaf),
    Broken(checks.check_journey, "inside a journey", engine=engines.without_journey),
    Broken(checks.check_outside, "not marked as outside", engine=engines.unmarked),
    Broken(checks.check_outside, "not suppressed", engine=engines.unsuppressing),
    Broken(checks.check_carried, "caller's own objects", vendor="SCRIBBLING"),
    Broken(checks.check_carried, "was to be carried", vendor="KEEPING"),
    Broken(checks.check_carried, "nobody wanted it", engine=engines.pushing),
    Broken(checks.check_context_kept, "the caller is left", engine=engines.staying_inside),
    Broken(checks.check_canaries, "'name'", vendor="TALKATIVE"),
    Broken(checks.check_canaries, "left in spans", engine=engines.telling_errors),
    Broken(
        checks.check_canaries,
        "left in logs",
        vendor="GRUMBLING",
        engine=engines.logging_words,
    ),
    Broken(checks.check_canaries, "nothing is proved", changes=(("canaries", CASE.canaries[:1]),)),
    Broken(checks.check_canaries_among_neighbours, "left in spans", engine=engines.unsuppressing),
    Broken(checks.check_classes_restored, "has other", engine=engines.never_undoing),
    Broken(checks.check_cached_method_silent, "cached earlier", engine=engines.never_closing),
    Broken(checks.check_instrumented_twice, "made 3", engine=engines.forgetting_what_runs),
    Broken(checks.check_one_span_among_neighbours, "expected 1", engine=engines.unsuppressing),
    Broken(
        checks.check_cancelled,
        "never ended",
        engine=engines.missing_cancellation,
        variants=("async",),
    ),
    Broken(
        checks.check_timed_out,
        "timed_out",
        engine=engines.not_telling_timeouts,
        variants=("sync",),
    ),
    Broken(checks.check_interrupted, "never ended", engine=engines.missing_cancellation),
    Broken(
        checks.check_stream,
        "before the caller read",
        engine=engines.reading_ahead,
        variants=("sync",),
    ),
    Broken(checks.check_stream, "looks like", engine=engines.pretending_streams),
    Broken(checks.check_stream_closed_early, "never ended", engine=engines.never_ending_streams),
    Broken(checks.check_stream_fails, "expected 'Rem", engine=engines.losing_stream_errors),
    Broken(checks.check_eight_at_once, "journey's id", engine=engines.mixing_journeys),
    Broken(checks.check_one_client, "beside", engine=engines.observing_everybody),
    Broken(checks.check_complete, "nothing to assert", vendor="EMPTY", variants=ALL),
    Broken(checks.check_complete, "no example exercises DELETE", vendor="UNPROVED", variants=ALL),
    Broken(checks.check_complete, "Client.hang_up", vendor="MISPLACED", variants=ALL),
    Broken(checks.check_complete, "place_call: cx.queue.id", vendor="UNREAD", variants=ALL),
    Broken(checks.check_complete, "nothing to assert", changes=(("examples", ()),), variants=ALL),
    Broken(
        checks.check_complete,
        "no example of a failing",
        changes=(("examples", PLAIN),),
        variants=ALL,
    ),
    Broken(
        _orders("patch", "import"),
        "made 0 spans",
        changes=(("vendor", "tests.contract.hasty_vendor:VENDOR"), ("reference", REFERENCE)),
        variants=ALL,
    ),
    Broken(
        _orders("patch", "import"),
        "loaded",
        changes=(("vendor", "tests.contract.eager_vendor:VENDOR"), ("reference", REFERENCE)),
        variants=ALL,
    ),
    Broken(checks.check_orders, "must say where it is", variants=ALL),
)


@pytest.mark.parametrize(
    ("broken", "variant"),
    [
        pytest.param(broken, variant, id=f"{broken.name}-{variant}".strip("-"))
        for broken in BROKEN
        for variant in broken.variants
    ],
)
def test_a_check_catches_what_is_broken(broken: Broken, variant: str) -> None:
    """Whoever breaks a phrase of the contract is told which, for every kind of client."""
    case = broken.case().only(variant) if variant else broken.case()

    with broken.engine(), pytest.raises(AssertionError, match=broken.complaint):
        broken.check(case)


def test_every_check_has_something_broken_to_catch() -> None:
    """A check that nothing has ever failed is no check."""
    caught = {getattr(broken.check, "func", broken.check) for broken in BROKEN}

    assert {check.__name__ for check in CHECKS} <= {check.__name__ for check in caught}
