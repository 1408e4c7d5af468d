"""Phrases of vendors' tables: what several of them say in the same way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cxotel import semconv
from cxotel.engine import Call, Operation, Vendor, const, hold_began, hold_ended
from cxotel.engine.call import Site
from cxotel.experience.evidence import Hold
from cxotel.experience.reading import read

if TYPE_CHECKING:
    from cxotel.engine import Fact

VENDOR = Vendor("toy", "channel", ("pytest",), (), ("toy.",), {"": Operation("request")})


def evidence(fact: Fact, at: int) -> Hold:
    """Return the evidence in a fact of a call that ended at a moment, in ms since the epoch."""
    call = Call(Site(VENDOR, "send", {}), None, (), {})
    call.ended_ns = at * 1_000_000
    told: dict[str, Any] = {key: reader(call) for key, reader in fact.reads.items()}
    kind = {semconv.CX_EVIDENCE_KIND: fact.kind}
    found = read({**kind, **told}, id="s1", start=at, end=at, step=None)
    assert isinstance(found, Hold)
    return found


def test_holding_and_resuming_are_the_two_ends_of_one_hold() -> None:
    """A hold is as long as the time between the two requests, which have its id in common."""
    began = evidence(hold_began(const("leg-1")), 1_000)
    ended = evidence(hold_ended(const("leg-1")), 41_000)

    assert began.id == ended.id == "leg-1"
    assert (began.start, began.end) == (1_000, None)
    assert (ended.start, ended.end) == (None, 41_000)


def test_a_hold_may_depend_on_what_the_call_says() -> None:
    """A request that also does other things is a hold only where it says so."""
    unknown = const(None)

    assert hold_began(unknown, when=unknown).when is unknown
    assert hold_ended(unknown).when is None
