"""A journey: its ids, its outcome, and what wrong use does."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import SpanProcessor
from opentelemetry.sdk.trace.sampling import ALWAYS_ON, Decision, Sampler, SamplingResult
from opentelemetry.trace import StatusCode

import cxotel
from cxotel import context, privacy
from cxotel.journey import set_provider
from tests.journeys.telemetry import Telemetry, Witness, parent_id, spot

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import ReadableSpan

SID = "CA0123456789abcdef0123456789abcdef"


def test_a_journey_is_one_span_that_says_who_and_how(told: Telemetry) -> None:
    """A decorated handler gives one span with the journey's ids, channel, contact and outcome."""

    @cxotel.journey("refund", channel="voice", contact_id=lambda sid: sid)
    def handle(sid: str) -> str:
        cxotel.outcome("resolved")
        return sid

    assert handle(SID) == SID
    trace_id = f"{spot(told.span('refund')).trace_id:032x}"
    assert told.attributes("refund") == {
        "cx.journey.id": trace_id,
        "session.id": trace_id,
        "cx.journey.name": "refund",
        "cx.channel": "voice",
        "cx.contact.id": SID,
        "cx.journey.outcome": "resolved",
        "cx.journey.cause": "declared",
    }
    scope = told.span("refund").instrumentation_scope
    assert scope is not None
    assert (scope.name, scope.version) == ("cxotel.journey", cxotel.__version__)


def test_steps_carry_the_journey_and_their_own_name(told: Telemetry) -> None:
    """A step is a span inside the journey's, named as the step, with the journey's ids."""
    with cxotel.journey("refund", journey_id="j-1"), cxotel.step("authenticate"):
        pass
    assert told.attributes("authenticate") == {
        "cx.journey.id": "j-1",
        "session.id": "j-1",
        "cx.step.name": "authenticate",
    }
    assert parent_id(told.span("authenticate")) == spot(told.span("refund")).span_id


def test_details_are_worked_out_from_a_methods_arguments(told: Telemetry) -> None:
    """A function given for a detail gets the method's arguments, `self` first."""

    class Desk:
        channel = "chat"

        @cxotel.journey(
            "order",
            channel=lambda self, _sid, _ticket: self.channel,
            contact_id=lambda _self, sid, _ticket: sid,
            journey_id=lambda _self, _sid, ticket: ticket,
            aliases=lambda _self, sid, _ticket: [sid.lower()],
            attributes=lambda _self, _sid, ticket: {"shop.ticket": ticket},
        )
        def handle(self, sid: str, ticket: str) -> None:
            pass

        @cxotel.journey("class")
        @classmethod
        def of_class(cls) -> type:
            return cls

        @cxotel.journey("static")
        @staticmethod
        def of_none() -> int:
            return 7

    Desk().handle(SID, "t-1")
    seen = told.attributes("order")
    assert seen["cx.channel"] == "chat"
    assert seen["cx.contact.id"] == SID
    assert seen["cx.journey.id"] == "t-1"
    assert seen["cx.contact.aliases"] == (SID.lower(),)
    assert seen["shop.ticket"] == "t-1"
    assert (Desk.of_class(), Desk().of_none()) == (Desk, 7)
    assert told.names() == ["order", "class", "static"]


def test_a_detail_that_cannot_be_worked_out_costs_that_detail_only(
    told: Telemetry, caplog: pytest.LogCaptureFixture
) -> None:
    """A detail's function that raises is logged once; the handler runs and the rest is recorded."""

    @cxotel.journey("refund", channel="voice", contact_id=lambda contact: contact.id)
    def handle(contact: object) -> object:
        return contact

    thing = object()
    assert [handle(thing), handle(thing)] == [thing, thing]
    first, _ = told.spans()
    assert first.attributes
    assert "cx.contact.id" not in first.attributes
    assert first.attributes["cx.channel"] == "voice"
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "contact_id of journey refund" in caplog.text


def test_the_sampler_sees_a_known_id_and_may_decide_by_it(told: Telemetry) -> None:
    """An id that the application gives is among the attributes when the root span is sampled."""
    seen: list[dict[str, Any]] = []

    class Watching(Sampler):
        def should_sample(  # the SDK's signature, as far as it matters
            self, parent_context: Any, trace_id: int, name: str, *rest: Any, **_: Any
        ) -> SamplingResult:
            attributes = rest[1]
            seen.append(dict(attributes))
            return SamplingResult(Decision.RECORD_AND_SAMPLE, attributes)

        def get_description(self) -> str:
            return "watching"

    set_provider(Telemetry(Watching()).provider)
    with cxotel.journey("refund", journey_id="j-9"):
        pass
    assert seen[0]["cx.journey.id"] == "j-9"
    assert seen[0]["session.id"] == "j-9"


def test_a_session_that_the_application_chose_stays(told: Telemetry) -> None:
    """`session.id` among the application's own attributes wins over the journey's id."""
    with cxotel.journey("refund", attributes={"session.id": "s-1"}):
        pass
    with cxotel.journey("other", journey_id="j-2", attributes={"session.id": "s-2"}):
        pass
    assert told.attributes("refund")["session.id"] == "s-1"
    assert told.attributes("other")["session.id"] == "s-2"


def test_an_exception_means_failed_and_leaves_its_words_behind(
    told: Telemetry, caplog: pytest.LogCaptureFixture
) -> None:
    """What escapes marks the span by its class, is the same object outside; its text stays in."""
    error = ValueError("call me at +15558675309")
    with pytest.raises(ValueError, match="call me") as caught, cxotel.journey("refund"):
        raise error
    assert caught.value is error
    seen = told.attributes("refund")
    assert seen["error.type"] == "ValueError"
    assert seen["cx.journey.outcome"] == "failed"
    assert seen["cx.journey.cause"] == "exception"
    assert told.span("refund").status.status_code is StatusCode.ERROR
    assert told.events("refund") == [
        ("cx.outcome", {"cx.evidence.kind": "outcome", "cx.journey.outcome": "failed"})
    ]
    assert "8675309" not in (told.text() + caplog.text).replace(" ", "")


def test_an_outcome_that_was_declared_outlives_an_exception(told: Telemetry) -> None:
    """What the application said about the outcome stands, though the span is an error."""

    @cxotel.journey("refund")
    def handle() -> None:
        cxotel.outcome("resolved")
        raise KeyError

    with pytest.raises(KeyError):
        handle()
    assert told.attributes("refund")["cx.journey.outcome"] == "resolved"
    assert told.attributes("refund")["cx.journey.cause"] == "declared"
    assert told.span("refund").status.status_code is StatusCode.ERROR


@pytest.mark.parametrize("name", ["escalated", "abandoned", "unresolved", "failed"])
def test_a_business_outcome_is_no_error(told: Telemetry, name: Any) -> None:
    """However badly a journey ends for the customer, its span is no error."""
    with cxotel.journey("refund"):
        cxotel.outcome(name)
    assert told.span("refund").status.status_code is StatusCode.UNSET
    assert told.attributes("refund")["cx.journey.outcome"] == name


def test_without_an_outcome_there_is_none(told: Telemetry) -> None:
    """A handler that ends without saying how leaves the outcome unknown."""
    with cxotel.journey("refund"):
        pass
    assert "cx.journey.outcome" not in told.attributes("refund")
    assert "cx.journey.cause" not in told.attributes("refund")


def test_the_latest_outcome_counts_and_the_worse_of_two_at_once(
    told: Telemetry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A later outcome replaces an earlier one; at the same nanosecond the worse stays."""
    times = iter([1, 10, 20, 20, 20, 5, 30])
    monkeypatch.setattr("cxotel.clock.now_ns", lambda: next(times))
    with cxotel.journey("refund"):
        cxotel.outcome("failed")
        cxotel.outcome("resolved")
        cxotel.outcome("abandoned")
        cxotel.outcome("contained")
        cxotel.outcome("failed")
    assert told.attributes("refund")["cx.journey.outcome"] == "abandoned"
    assert len(told.events("refund")) == 5


@pytest.mark.parametrize("error", [asyncio.CancelledError, KeyboardInterrupt, SystemExit])
def test_stopping_the_handler_says_nothing_about_the_customer(
    told: Telemetry, error: type[BaseException]
) -> None:
    """A handler that is cancelled or interrupted leaves the outcome unknown, and says why."""
    with pytest.raises(error), cxotel.journey("refund"), cxotel.step("wait"):
        raise error
    assert told.attributes("refund")["cx.journey.cause"] == "cancelled"
    assert "cx.journey.outcome" not in told.attributes("refund")
    assert told.span("refund").status.status_code is StatusCode.UNSET
    assert told.span("wait").status.status_code is StatusCode.UNSET


async def test_a_cancelled_task_is_cancelled(told: Telemetry) -> None:
    """Cancellation passes through a decorated coroutine, and ends its journey."""
    started = asyncio.Event()

    @cxotel.journey("refund")
    async def handle() -> None:
        started.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(handle())
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert task.cancelled()
    assert told.attributes("refund")["cx.journey.cause"] == "cancelled"


async def test_a_block_may_be_asynchronous(told: Telemetry) -> None:
    """`async with` does the same as `with`, for journeys, steps and waits."""
    async with cxotel.journey("refund") as refund, cxotel.step("a"), cxotel.wait("billing"):
        assert refund == cxotel.current_journey()
    assert told.names() == ["wait billing", "a", "refund"]
    assert cxotel.current_journey() is None


def test_the_current_journey_is_told_and_cannot_be_changed(told: Telemetry) -> None:
    """Code inside can read which journey it is part of, for its own logs."""
    assert cxotel.current_journey() is None
    with cxotel.journey("refund", channel="chat", journey_id="j-1", contact_id=SID) as now:
        assert now == cxotel.CurrentJourney("j-1", "refund", "chat", SID)
        assert cxotel.current_journey() == now
        with pytest.raises(AttributeError):
            now.id = "j-2"  # type: ignore[misc] # pyright: ignore[reportAttributeAccessIssue]


def test_one_object_serves_many_blocks_at_once(told: Telemetry) -> None:
    """A journey object made once can be entered by several threads, and inside itself."""
    refund = cxotel.journey("refund", channel="voice")
    both_inside = threading.Barrier(2)

    def work() -> None:
        with refund as mine, cxotel.step("look up"):
            both_inside.wait(10)
            assert cxotel.current_journey() == mine

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    with refund as outer, refund as inner:
        assert inner.id == outer.id
    roots = [span for span in told.spans() if span.name == "refund" and span.parent is None]
    steps = [span for span in told.spans() if span.name == "look up"]
    assert len({spot(root).trace_id for root in roots}) == 3
    assert {parent_id(each) for each in steps} < {spot(root).span_id for root in roots}


def test_a_journey_inside_with_no_id_is_a_step_of_it(told: Telemetry, witness: Witness) -> None:
    """A journey block inside another is the same journey: no second carrier, no second outcome."""
    with cxotel.journey("inbound", channel="voice") as outer:
        with cxotel.journey("refund", contact_id=SID) as inner:
            cxotel.outcome("resolved")
        assert inner.id == outer.id
        assert cxotel.current_journey() == cxotel.CurrentJourney(outer.id, "inbound", "voice", SID)
    assert told.attributes("refund") == {
        "cx.journey.id": outer.id,
        "session.id": outer.id,
        "cx.step.name": "refund",
        "cx.contact.id": SID,
    }
    assert told.attributes("inbound")["cx.journey.outcome"] == "resolved"
    assert parent_id(told.span("refund")) == spot(told.span("inbound")).span_id
    assert [what[:2] for what in witness.seen] == [
        ("opened", "inbound"),
        ("noted", "cx.outcome"),
        ("closing", "inbound"),
    ]


def test_an_exception_out_of_an_inner_journey_that_is_caught_fails_nothing_else(
    told: Telemetry,
) -> None:
    """Only what escapes the outermost block decides the journey's outcome."""
    with cxotel.journey("inbound"):
        with pytest.raises(OSError, match="gone"), cxotel.journey("refund"):
            raise OSError("gone")
        cxotel.outcome("contained")
    assert told.attributes("refund")["error.type"] == "OSError"
    assert told.span("refund").status.status_code is StatusCode.ERROR
    assert told.attributes("inbound")["cx.journey.outcome"] == "contained"
    assert told.span("inbound").status.status_code is StatusCode.UNSET


def test_a_journey_inside_with_an_id_of_its_own_is_another(
    told: Telemetry, witness: Witness
) -> None:
    """A block with another id is a journey of its own in the same trace, with its own outcome."""
    with cxotel.journey("batch", journey_id="j-1"):
        with cxotel.journey("refund", journey_id="j-2"):
            cxotel.outcome("failed")
        with cxotel.step("tidy"):
            pass
    assert told.attributes("refund")["cx.journey.id"] == "j-2"
    assert told.attributes("refund")["cx.journey.outcome"] == "failed"
    assert told.attributes("tidy")["cx.journey.id"] == "j-1"
    assert "cx.journey.outcome" not in told.attributes("batch")
    assert spot(told.span("refund")).trace_id == spot(told.span("batch")).trace_id
    assert [what[:2] for what in witness.seen if what[0] != "noted"] == [
        ("opened", "batch"),
        ("opened", "refund"),
        ("closing", "refund"),
        ("closing", "batch"),
    ]


def test_journeys_beside_each_other_in_one_trace_are_two(told: Telemetry) -> None:
    """The first generated id is the trace's; the next adds its own span's."""
    with told.tracer.start_as_current_span("request"):
        with cxotel.journey("first") as first:
            pass
        with cxotel.journey("second") as second:
            pass
    trace_id = f"{spot(told.span('request')).trace_id:032x}"
    assert first.id == trace_id
    assert second.id == f"{trace_id}-{spot(told.span('second')).span_id:016x}"
    assert len(second.id) == 49


def test_those_who_follow_a_journey_write_on_its_live_span(
    told: Telemetry, witness: Witness
) -> None:
    """An observer learns of a journey when it starts, and just before its span ends."""
    with cxotel.journey("refund"):
        assert witness.seen == [("opened", "refund")]
    assert witness.seen[1:] == [("closing", "refund", True)]


def test_a_broken_observer_does_not_reach_the_application(
    told: Telemetry, witness: Witness, caplog: pytest.LogCaptureFixture
) -> None:
    """An observer that raises costs one log line; other observers and the handler go on."""

    class Broken(Witness):
        def opened(self, journey: context.JourneyState) -> None:
            raise RuntimeError

        def noted(self, *args: Any, **kwargs: Any) -> None:
            raise RuntimeError

        def closing(self, journey: context.JourneyState) -> None:
            raise RuntimeError

    broken = Broken()
    context.observe(broken)
    try:
        with cxotel.journey("refund"):
            cxotel.outcome("resolved")
    finally:
        context.ignore(broken)
    assert told.attributes("refund")["cx.journey.outcome"] == "resolved"
    assert [what[0] for what in witness.seen] == ["opened", "noted", "closing"]
    assert {record.levelname for record in caplog.records} == {"WARNING"}


class _Raises(SpanProcessor):
    """A processor of somebody else that is broken."""

    def on_start(self, span: Any, parent_context: Any = None) -> None:
        """Raise."""
        raise RuntimeError("broken processor")

    def on_end(self, span: ReadableSpan) -> None:
        """Raise."""
        raise RuntimeError("broken processor")


class _EndRaises(_Raises):
    """A processor that breaks at the end only."""

    def on_start(self, span: Any, parent_context: Any = None) -> None:
        """Do nothing."""


@pytest.mark.parametrize("broken", [_Raises, _EndRaises])
def test_a_broken_pipeline_does_not_reach_the_application(
    told: Telemetry, broken: type[SpanProcessor], caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever the SDK or its processors raise, the handler's result comes back."""
    told.provider.add_span_processor(broken())

    @cxotel.journey("refund")
    def handle() -> int:
        with cxotel.step("a"), cxotel.wait("billing") as waiting:
            waiting.ended("answered")
            cxotel.handoff("queue")
            return 7

    assert handle() == 7
    with cxotel.journey("refund") as now:
        assert now.name == "refund"
    assert cxotel.current_journey() is None
    assert "broken processor" not in caplog.text


def test_without_any_sdk_journeys_still_have_an_id() -> None:
    """Where nothing records, the id is random, and crosses to other services all the same."""
    set_provider(trace.NoOpTracerProvider())
    try:
        with cxotel.journey("refund") as one:
            cxotel.outcome("resolved")
        with cxotel.journey("refund") as two:
            pass
    finally:
        set_provider(None)
    assert len(one.id) == len(two.id) == 32
    assert one.id != two.id


def test_the_customer_is_a_pseudonym_or_nothing(
    told: Telemetry, caplog: pytest.LogCaptureFixture
) -> None:
    """A customer's number never leaves; with a key a pseudonym does, without one nothing."""
    with cxotel.journey("first", customer="+15558675309"):
        pass
    privacy.set_policy(privacy.Policy(key=b"0123456789abcdef"))
    with cxotel.journey("second", customer="+1 555 867 5309", contact_id="+15558675309"):
        pass
    assert "enduser.pseudo.id" not in told.attributes("first")
    pseudonym = told.attributes("second")["enduser.pseudo.id"]
    assert pseudonym == privacy.pseudonym("+15558675309")
    assert told.attributes("second")["cx.contact.id"] == pseudonym
    assert "there is no key" in caplog.text
    assert "8675309" not in (told.text() + caplog.text).replace(" ", "")


def test_what_may_not_leave_is_not_on_the_span(
    told: Telemetry, caplog: pytest.LogCaptureFixture
) -> None:
    """Ids that look personal and personal attributes are kept in; the rest is recorded."""
    with cxotel.journey(
        "refund",
        journey_id="15558675309",
        contact_id="jane@example.com",
        aliases=["tel:+15558675309", "c-7"],
        attributes={"cx.bot.utterance": "it is Jane Doe", "shop.size": 7},
    ) as now:
        pass
    seen = told.attributes("refund")
    assert seen["cx.contact.aliases"] == ("c-7",)
    assert seen["shop.size"] == 7
    assert now.id == f"{spot(told.span('refund')).trace_id:032x}"
    for canary in ("8675309", "jane", "Jane"):
        assert canary not in told.text() + caplog.text


def test_wrong_use_is_found_at_decoration(told: Telemetry) -> None:
    """A wrong word in a decorator stops the program when it is imported, with the right words."""

    def handle() -> None:
        pass

    with pytest.raises(ValueError, match="channel must be one of voice, chat"):
        cxotel.journey("refund", channel="vocie")(handle)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    with pytest.raises(ValueError, match="relation must be one of new, repeat"):
        cxotel.journey("refund", relation="again")(handle)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    with pytest.raises(ValueError, match="name must be a string"):
        cxotel.journey("")(handle)
    with pytest.raises(ValueError, match="name must be a string"):
        cxotel.step("")(handle)
    with pytest.raises(TypeError, match="decorate a function"):
        cxotel.journey("refund")(Telemetry)
    with pytest.raises(TypeError, match="decorate a function"):
        cxotel.step("refund")(7)  # type: ignore[type-var] # pyright: ignore[reportArgumentType]


def test_wrong_use_at_run_time_is_logged_once_and_left_out(
    told: Telemetry, caplog: pytest.LogCaptureFixture
) -> None:
    """A wrong word in a running handler costs that word: the handler goes on."""
    wrong: dict[str, Any] = {"channel": "vocie", "relation": "+15558675309", "attributes": 7}
    for _ in range(3):
        with cxotel.journey("refund", **wrong):
            pass
    with cxotel.journey(None) as nameless:  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
        assert nameless.name == "journey"
        with cxotel.step(7):  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
            pass
    assert set(told.spans()[0].attributes or {}) == {
        "cx.journey.id",
        "session.id",
        "cx.journey.name",
    }
    assert told.names() == ["refund"] * 3 + ["step", "journey"]
    assert len([each for each in caplog.records if "channel must be" in each.message]) == 1
    assert "5309" not in caplog.text


def test_leaving_a_block_that_was_never_entered_is_harmless(told: Telemetry) -> None:
    """A stray exit, as a framework's clean-up may make, does nothing."""
    refund = cxotel.journey("refund")
    refund.__exit__(None, None, None)
    assert told.names() == []


def test_a_provider_that_comes_later_is_used(told: Telemetry) -> None:
    """Journeys go to the provider that is set when they start, not when cxotel was imported."""
    other = Telemetry(ALWAYS_ON)
    with cxotel.journey("first"):
        pass
    set_provider(other.provider)
    with cxotel.journey("second"):
        pass
    assert (told.names(), other.names()) == (["first"], ["second"])
