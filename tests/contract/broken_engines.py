"""Ways in which the engine could be wrong, one each: context managers that make it so."""

from __future__ import annotations

import copy
import inspect
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any
from unittest import mock

from opentelemetry import context as otel_context
from opentelemetry.context import Context

from cxotel import semconv
from cxotel.context import OUTSIDE_KEY, current, with_current
from cxotel.engine import instrumentation, life, observe, plan, shield, streams
from cxotel.engine.instrumentation import Instrumentation
from cxotel.engine.life import Life
from cxotel.engine.measure import Measure
from cxotel.engine.observe import Gate
from cxotel.engine.patching import Patch

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable
    from contextlib import AbstractContextManager

    from cxotel.context import Current
    from cxotel.engine.call import Call
    from cxotel.engine.plan import Reading
    from cxotel.engine.vocabulary import Problem

    Breaking = Callable[[], AbstractContextManager[Any]]

_open = Life.open
_close = Life.close
_deliver = streams.deliver


def sound() -> AbstractContextManager[Any]:
    """Break nothing: the vendor is what is wrong."""
    return mock.patch.object(life, "_FAILURES_KEPT", 32)


def _unchanged(value: object) -> object:
    return value


def letting_all_out() -> AbstractContextManager[Any]:
    """Let values out whatever their class and type."""
    return mock.patch.object(plan, "permit", return_value=_unchanged)


def measuring_nothing() -> AbstractContextManager[Any]:
    """Record no metric."""
    return mock.patch.object(Measure, "record")


@contextmanager
def _delivering(deliver: Callable[..., Any]) -> Generator[None, None, None]:
    with (
        mock.patch.object(streams, "deliver", deliver),
        mock.patch.object(observe, "deliver", deliver),
    ):
        yield


def copying_results() -> AbstractContextManager[Any]:
    """Hand out copies of what the client returned."""

    def deliver(life: Life, call: Call, result: Any, *, streams: bool) -> Any:
        given = _deliver(life, call, result, streams=streams)
        return given if streams or inspect.isawaitable(given) else copy.copy(given)

    return _delivering(deliver)


def reading_ahead() -> AbstractContextManager[Any]:
    """Read a stream to its end before the caller does."""

    def deliver(life: Life, call: Call, result: Any, *, streams: bool) -> Any:
        if streams and hasattr(result, "__next__"):
            result = iter(list(_deliver(life, call, result, streams=streams)))
        return result if streams else _deliver(life, call, result, streams=streams)

    return _delivering(deliver)


def raising_anew() -> AbstractContextManager[Any]:
    """Raise another exception in place of the client's."""

    def close(self: Life, call: Call, error: BaseException | None = None) -> None:
        _close(self, call, error)
        if error is not None:
            other = error.__class__.__new__(error.__class__, *error.args)
            other.__dict__.update(error.__dict__)
            raise other from error.__cause__

    return mock.patch.object(Life, "close", close)


def telling_errors() -> AbstractContextManager[Any]:
    """Record the exception's words on the span, as instrumentations do by default."""

    def close(self: Life, call: Call, error: BaseException | None = None) -> None:
        if error is not None:
            call.span.record_exception(error)
        _close(self, call, error)

    return mock.patch.object(Life, "close", close)


def logging_words() -> AbstractContextManager[Any]:
    """Log the words of a telemetry error."""

    def report(where: str, error: BaseException) -> None:
        shield.warn_once(where, f"{where} failed: {error}")

    return mock.patch.object(plan, "report", report)


def giving_up_at_the_first_error() -> AbstractContextManager[Any]:
    """Shield all readings together, where each should be on its own."""

    def read_into(attributes: dict[str, object], call: Call, readings: Iterable[Reading]) -> None:
        try:
            for reading in readings:
                value = reading.reader(call)
                if value is not None:
                    attributes[reading.key] = reading.let_out(value)
        except Exception as error:  # noqa: BLE001 - a shield, only too wide a one
            shield.report("reading", error)

    return mock.patch.object(life, "read_into", read_into)


def unshielded() -> AbstractContextManager[Any]:
    """Let errors of identifying a call reach the caller."""

    def open_(self: Life, call: Call) -> bool:
        self.vendor.identify(call)
        return _open(self, call)

    return mock.patch.object(Life, "open", open_)


def _opening(
    before: Callable[[Context], Context] | None = None,
    after: Callable[[Context], Context] | None = None,
) -> AbstractContextManager[Any]:
    """Open calls in another context, or give them another one to run in."""

    def open_(self: Life, call: Call) -> bool:
        context = otel_context.get_current()
        token = otel_context.attach(before(context) if before else context)
        try:
            opened = _open(self, call)
        finally:
            otel_context.detach(token)
        if opened and after:
            call.context = after(call.context)
        return opened

    return mock.patch.object(Life, "open", open_)


def _without(word: str) -> Callable[[Context], Context]:
    """Return what takes away those values of a context whose key contains *word*."""
    return lambda context: Context(
        {key: value for key, value in context.items() if word not in key}
    )


def deaf() -> AbstractContextManager[Any]:
    """Speak although OpenTelemetry's instrumentations are told to be silent."""
    return _opening(before=_without("suppress_instrumentation"))


def unsuppressing() -> AbstractContextManager[Any]:
    """Let other instrumentations speak inside of a call."""
    return _opening(after=_without("suppress_instrumentation"))


def unmarked() -> AbstractContextManager[Any]:
    """Mark no call as going outside."""
    return _opening(after=_without(OUTSIDE_KEY))


def pushing() -> AbstractContextManager[Any]:
    """Carry the journey id also where nobody wanted it."""
    start = Life.__init__

    def init(self: Life, *args: Any, **kwargs: Any) -> None:
        start(self, *args, **{**kwargs, "carries": True})

    return mock.patch.object(Life, "__init__", init)


@contextmanager
def staying_inside() -> Generator[None, None, None]:
    """Leave the caller in the context of the call."""
    before = otel_context.get_current()
    module = mock.Mock(wraps=otel_context)
    module.detach = mock.Mock()
    with (
        mock.patch.object(observe, "otel_context", module),
        mock.patch.object(streams, "otel_context", module),
    ):
        yield
    otel_context.attach(before)


def without_journey() -> AbstractContextManager[Any]:
    """Put no journey id on a call's span."""
    return _opening(before=partial(with_current, None))


def mixing_journeys() -> AbstractContextManager[Any]:
    """Remember the first journey seen, and put its id on every span."""
    seen: list[Current] = []

    def the_first(context: Context) -> Context:
        now = current(context)
        if now and not seen:
            seen.append(now)
        return with_current(seen[0] if seen else now, context)

    return _opening(before=the_first)


def never_undoing() -> AbstractContextManager[Any]:
    """Leave the replaced functions where they are."""
    return _cleaned_up_after(mock.patch.object(Patch, "undo"))


@contextmanager
def _cleaned_up_after(broken: AbstractContextManager[Any]) -> Generator[None, None, None]:
    """Undo at last what a broken engine left behind: later tests need sound classes."""
    made: list[Instrumentation] = []
    apply = Instrumentation.apply

    def remember(self: Instrumentation) -> None:
        made.append(self)
        apply(self)

    try:
        with mock.patch.object(Instrumentation, "apply", remember), broken:
            yield
    finally:
        for one in reversed(made):
            one.undo()


def never_closing() -> AbstractContextManager[Any]:
    """Go on observing whoever still calls a replaced function."""
    return mock.patch.object(Gate, "close")


def forgetting_what_runs() -> AbstractContextManager[Any]:
    """Patch again what is patched already, and do not notice that from inside."""

    class Forgetful(dict[str, Instrumentation]):
        def get(self, key: str, default: Any = None) -> Any:
            return default

    @contextmanager
    def both() -> Generator[None, None, None]:
        with unsuppressing(), mock.patch.object(instrumentation, "_running", Forgetful()):
            yield

    return _cleaned_up_after(both())


def observing_everybody() -> AbstractContextManager[Any]:
    """Observe all clients, also where only one is to be."""
    return mock.patch.object(Gate, "open_for", return_value=True)


def missing_cancellation() -> AbstractContextManager[Any]:
    """Notice only what derives from `Exception`, as a cancellation does not."""

    def close(self: Life, call: Call, error: BaseException | None = None) -> None:
        if error is None or isinstance(error, Exception):
            _close(self, call, error)

    return mock.patch.object(Life, "close", close)


def not_telling_timeouts() -> AbstractContextManager[Any]:
    """Record no more of a failure than its class."""

    def describe(attributes: dict[str, Any], problem: Problem) -> None:
        attributes.pop(semconv.CX_CALL_TIMED_OUT, None)
        attributes[semconv.ERROR_TYPE] = problem.type

    return mock.patch.object(life, "_describe_failure", describe)


def _of_the_client(stream: Any, name: str) -> Any:
    return getattr(stream.__wrapped__, name)


def never_ending_streams() -> AbstractContextManager[Any]:
    """End a stream's span only when it was read to its end."""
    return mock.patch.multiple(
        streams._Reply,  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - broken on purpose
        __getattr__=_of_the_client,
        __del__=mock.DEFAULT,
    )


def pretending_streams() -> AbstractContextManager[Any]:
    """Give streams a method that the client's own do not have."""
    return mock.patch.object(
        streams._Reply,  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - broken on purpose
        "cancel",
        create=True,
    )


def losing_stream_errors() -> AbstractContextManager[Any]:
    """End a failing stream's span as if all were well."""

    def end(self: Any, error: BaseException | None = None) -> None:
        self._self_life.close(self._self_call)

    return mock.patch.object(streams._Reply, "_self_end", end)  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - broken on purpose
