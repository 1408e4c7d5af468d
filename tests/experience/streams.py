"""Random streams of evidence, in steps that do not overlap in time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hypothesis import strategies as st

from cxotel.experience.evidence import (
    Authentication,
    Call,
    Callback,
    Contact,
    Declared,
    Evidence,
    Handoff,
    Hold,
    Media,
    Outcome,
    Queue,
    Turn,
    Where,
)
from cxotel.experience.rules import DEFAULT
from cxotel.experience.segment import Segment

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hypothesis.strategies import SearchStrategy

    from cxotel.experience.rules import Rules
    from cxotel.experience.score import Score

WINDOW: Final = 2_000_000
"""Each step has a time of its own, ms."""

LONGEST: Final = 900_000
"""No fact begins later in its step, ms."""

STEPS: Final = (None, "authenticate", "find order", "refund")

SYSTEMS: Final = (
    Where("business_system", "salesforce"),
    Where("identity", "okta"),
    Where("ai", "dialogflow"),
    Where("contact_center", "genesys_cloud"),
    Where("connectivity"),
    Where(),
)

BASE: Final = 93.2


def _placed(draw: st.DrawFn, step: int) -> tuple[int, Where]:
    # Coarse times and few of them, so that facts often touch, hold or overlap one another.
    offset = draw(st.integers(0, LONGEST // 500)) * 500
    near = draw(st.booleans())
    where = draw(st.sampled_from(SYSTEMS))
    start = step * WINDOW + (offset % 20_000 if near else offset)
    return start, Where(where.layer, where.system, STEPS[step])


DURATIONS: Final = st.one_of(
    st.integers(0, 30).map(lambda half: half * 500), st.integers(0, 400_000)
)


@st.composite
def calls(draw: st.DrawFn, step: int, number: str) -> Call:
    """Return a call in a step."""
    start, where = _placed(draw, step)
    error = draw(st.sampled_from((None, None, "Timeout", "HTTP 503")))
    return Call(
        number,
        where,
        start,
        start + draw(st.one_of(st.integers(0, 20_000), DURATIONS)),
        draw(st.sampled_from((None, None, True, False))),
        error,
        timed_out=error == "Timeout",
        recovered=error is not None and draw(st.booleans()),
        met=error is not None and draw(st.booleans()),
        shows=draw(st.sampled_from((frozenset[str](), frozenset({"reliability", "effort"})))),
    )


@st.composite
def turns(draw: st.DrawFn, step: int, number: str) -> Turn:
    """Return a turn in a step."""
    start, where = _placed(draw, step)
    duration = draw(st.one_of(st.none(), st.integers(0, 40_000)))
    return Turn(
        number,
        where,
        start,
        start + (duration or draw(st.integers(0, 20_000))),
        duration,
        draw(st.sampled_from((None, None, 500, 2_000))),
        draw(st.sampled_from(("voice", "voice", "text", None))),
        draw(st.sampled_from((None, "matched", "no_match", "no_input", "fallback", "escalated"))),
        draw(st.sampled_from((None, None, f"loop-{step}"))),
    )


@st.composite
def queues(draw: st.DrawFn, step: int, number: str, *, linked: bool = True) -> Queue:
    """Return a wait in a queue, or if *linked* one end of it."""
    start, where = _placed(draw, step)
    if linked and draw(st.booleans()):
        end = draw(st.booleans())
        result = draw(st.sampled_from((None, "answered", "abandoned")))
        name = f"queue-{step}"
        return Queue(
            name, where, None, None if end else start, start if end else None, None, None, result
        )
    wait = draw(DURATIONS)
    placed = draw(st.booleans())
    return Queue(
        number,
        where,
        draw(st.sampled_from((None, "billing", "sales"))),
        start if placed else None,
        start + wait if placed else None,
        wait if not placed or draw(st.booleans()) else None,
        draw(st.sampled_from((None, None, 10_000, 120_000))),
        draw(st.sampled_from((None, "answered", "overflowed"))),
    )


@st.composite
def holds(draw: st.DrawFn, step: int, number: str, *, linked: bool = True) -> Hold:
    """Return a hold, or if *linked* one end of it."""
    start, where = _placed(draw, step)
    if linked and draw(st.booleans()):
        end = draw(st.booleans())
        return Hold(f"hold-{step}", where, None if end else start, start if end else None)
    return Hold(number, where, start, start + draw(DURATIONS))


KINDS: Final = ("bot_to_human", "queue", "transfer_warm", "transfer_cold", "channel_switch")


@st.composite
def handoffs(draw: st.DrawFn, step: int, number: str, kinds: tuple[str, ...] = KINDS) -> Handoff:
    """Return a handoff, by a system that is known."""
    start, where = _placed(draw, step)
    return Handoff(
        number,
        where if where.system else Where("ai", "dialogflow", where.step),
        draw(st.sampled_from(kinds)),
        draw(st.sampled_from((None, True, False))),
        draw(st.sampled_from((None, True, False))),
        "completed",
        start,
    )


@st.composite
def contacts(draw: st.DrawFn, step: int, number: str) -> Contact:
    """Return a report of one of the contacts of a step."""
    start, where = _placed(draw, step)
    statuses = (None, "queued", "connected", "completed", "busy", "no_answer", "failed", "dropped")
    return Contact(
        f"contact-{step}-{draw(st.integers(0, 1))}",
        where,
        draw(st.sampled_from((None, "inbound", "outbound"))),
        draw(st.sampled_from(statuses)),
        draw(st.sampled_from((None, 4_000, 9_000, 40_000))),
        draw(st.sampled_from((None, 0, 60_000))),
        draw(st.sampled_from((None, "customer", "network"))),
        draw(st.sampled_from((None, "new", "repeat", "continuation"))),
        at=start,
    )


@st.composite
def media(draw: st.DrawFn, step: int, number: str) -> Media:
    """Return an interval of one of the legs of a step."""
    start, where = _placed(draw, step)
    return Media(
        f"leg-{step}-{draw(st.integers(0, 1))}",
        where,
        draw(st.one_of(st.none(), st.floats(0, 130), st.integers(0, 93))),
        draw(st.sampled_from((None, "g107", "g107.1", "g107.2", "vendor"))),
        draw(st.sampled_from((None, 1, 30_000))),
        draw(st.sampled_from((None, 0, 10_000))),
        draw(st.sampled_from((None, "inbound", "outbound"))),
        start,
        start + draw(st.integers(0, 60_000)),
        draw(st.sampled_from((None, "agent"))),
    )


@st.composite
def others(draw: st.DrawFn, step: int, number: str, *, linked: bool = True) -> Evidence:
    """Return an authentication, an impairment of the user's own, or a callback."""
    start, where = _placed(draw, step)
    kind = draw(st.integers(0, 2))
    if kind == 0:
        result = draw(st.sampled_from((None, "succeeded", "failed", "timed_out")))
        return Authentication(number, where, result, start)
    if kind == 1:
        dimension = draw(st.sampled_from(("reach", "responsiveness", "media", "effort")))
        return Declared(number, where, dimension, draw(st.floats(0, 20)), "own", start)
    system = draw(st.sampled_from((None, "dialogflow", "lex")))
    turn_id = draw(st.sampled_from((None, "0", "1", "2"))) if linked else None
    return Callback(number, where, start, start + draw(st.integers(0, 30_000)), system, turn_id)


def facts(
    step: int, number: str, kinds: tuple[str, ...] = KINDS, *, linked: bool = True
) -> SearchStrategy[Any]:
    """Return any fact of a step; *linked* ones may name turns of other steps."""
    return st.one_of(
        calls(step, number),
        calls(step, number),
        turns(step, number),
        queues(step, number, linked=linked),
        holds(step, number, linked=linked),
        handoffs(step, number, kinds),
        contacts(step, number),
        media(step, number),
        others(step, number, linked=linked),
    )


@st.composite
def outcomes(draw: st.DrawFn, *, last: bool) -> Outcome:
    """Return an outcome, after everything else or at any time."""
    names = ("resolved", "contained", "escalated", "unresolved", "abandoned", "failed")
    at = len(STEPS) * WINDOW if last else draw(st.integers(0, len(STEPS) * WINDOW))
    cause = draw(st.sampled_from((None, "0", "1", "2")))
    return Outcome(draw(st.sampled_from(names)), at, cause)


@st.composite
def streams(
    draw: st.DrawFn,
    *,
    most: int = 14,
    last: bool = False,
    kinds: tuple[str, ...] = KINDS,
) -> list[Evidence]:
    """Return a stream of evidence.

    Args:
        draw: Hypothesis gives it.
        most: Number of facts at most, outcomes apart.
        last: Whether outcomes come after everything else, and no fact names one of another step.
        kinds: Kinds of handoffs.
    """
    size = draw(st.integers(0, most))
    # Often all in one step, where facts explain one another most.
    most_steps = draw(st.sampled_from((1, 1, 2, len(STEPS))))
    steps = [draw(st.integers(0, most_steps - 1)) for _ in range(size)]
    found = [draw(facts(step, str(i), kinds, linked=not last)) for i, step in enumerate(steps)]
    return found + draw(st.lists(outcomes(last=last), max_size=1 if last else 2))


CHANNELS: Final = st.sampled_from(("voice", "chat", "email", None))


def observed(
    evidence: Iterable[Evidence], *, channel: str | None = "voice", rules: Rules = DEFAULT
) -> Segment:
    """Return a segment that observed *evidence*."""
    segment = Segment(rules, id="a1", start=0, channel=channel)
    for fact in evidence:
        segment.observe(fact)
    return segment


def remaining(score: Score) -> float:
    """Return R, whether or not enough is known to publish it."""
    r = BASE
    for points in score.lost.values():
        r *= 1 - points / BASE
    return r
