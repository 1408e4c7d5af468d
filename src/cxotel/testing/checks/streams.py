"""Replies that arrive in pieces: read, closed early, dropped, failing half-way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from cxotel import semconv
from cxotel.testing.checks.kinds import kind_of, kinds_of
from cxotel.testing.observed import Observed, ensure, observed
from cxotel.testing.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from cxotel.testing.case import Case, Example

_T = TypeVar("_T")
_ABILITIES = ("close", "aclose", "cancel", "send", "throw", "asend", "athrow", "read", "code")
"""What the code that reads a stream may ask it for."""


def check_stream(case: Case) -> None:
    """A stream looks like the client's own, is read when the caller reads it, and ends its span."""
    for seen, example, plain in _streams(case, _face):
        where = seen.where(example)
        seen.telemetry.clear()
        with seen.session.stream(example) as stream:
            ensure(
                seen.telemetry.open_spans == 1 and not seen.spans,
                f"{where}: its span was over before the caller read the stream",
            )
            found = _looks(stream)
        ensure(found == plain, f"{where}: a stream looks like {found}, the client's own {plain}")
        seen.call(example)
        _ensure_ended_once(seen, example, where)


def check_stream_closed_early(case: Case) -> None:
    """A stream that the caller closes, or lets go of, half-way ends its span, without an error."""
    for seen, example, _ in _streams(case, _nothing):
        where = seen.where(example)
        for how, leave in (("closed", _close), ("dropped", _drop)):
            seen.telemetry.clear()
            leave(seen, example)
            _ensure_ended_once(seen, example, f"{where}, {how} after one piece")
            for span in seen.spans:
                ensure(
                    span["status"] == "UNSET" and semconv.ERROR_TYPE not in span["attributes"],
                    f"{where}: a stream {how} early is no failure, its span says {span}",
                )


def _close(seen: Observed, example: Example) -> None:
    outcome = seen.session.call(example, pieces=1)
    ensure(outcome.error is None, f"{seen.where(example)}: closing it raised {outcome.error!r}")
    ensure(len(outcome.result) == 1, f"{seen.where(example)}: it has no piece to read")


def _drop(seen: Observed, example: Example) -> None:
    seen.session.drop(example)


def check_stream_fails(case: Case) -> None:
    """A stream that fails half-way raises what it always did, and its span says so."""
    for seen, example, plain in _streams(case, _plain_error, fails=True):
        where = seen.where(example)
        outcome = seen.call(example)
        ensure(
            kinds_of(outcome.error) == kinds_of(plain),
            f"{where}: raised {outcome.error!r}, without instrumentation {plain!r}",
        )
        _ensure_ended_once(seen, example, where)
        for span in seen.spans:
            found = span["attributes"].get(semconv.ERROR_TYPE)
            ensure(
                span["status"] == "ERROR" and found == example.error,
                f"{where}: its span says {span['status']}, {found!r}, expected {example.error!r}",
            )


def _streams(
    case: Case, plainly: Callable[[Session, Example], _T], *, fails: bool = False
) -> Generator[tuple[Observed, Example, _T], None, None]:
    """Give each stream example with an observed client, and what *plainly* made of it before."""
    for variant in case.variants:
        examples = [one for one in case.of(variant) if one.stream and one.fails is fails]
        with Session(case, variant) as session:
            plain = [plainly(session, example) for example in examples]
        if examples:
            with observed(case, variant) as seen:
                for example, value in zip(examples, plain, strict=True):
                    yield seen, example, value


def _ensure_ended_once(seen: Observed, example: Example, where: str) -> None:
    ensure(seen.telemetry.open_spans == 0, f"{where}: its span never ended")
    wanted = len(example.told)
    ensure(len(seen.spans) == wanted, f"{where}: made {len(seen.spans)} spans, expected {wanted}")
    count = sum(
        point["count"]
        for metric in seen.telemetry.metrics
        for point in metric["points"]
        if "count" in point
    )
    ensure(count == wanted, f"{where}: was measured {count} times, expected {wanted}")


def _nothing(_session: Session, _example: Example) -> None:
    """Make nothing of a stream that is not observed."""


def _face(session: Session, example: Example) -> tuple[Any, ...]:
    with session.stream(example) as stream:
        return _looks(stream)


def _looks(stream: Any) -> tuple[Any, ...]:
    """Return what the caller sees of a stream: its class, and what it can be asked for."""
    return kind_of(stream), [name for name in _ABILITIES if hasattr(stream, name)]


def _plain_error(session: Session, example: Example) -> BaseException | None:
    return session.call(example).error
