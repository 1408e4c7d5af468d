"""Watch an exporter: one clear line when telemetry stops arriving, one when it arrives again."""

from __future__ import annotations

import logging
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from cxotel.exporting.diagnosis import Diagnosis, diagnose

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

    from cxotel.exporting.destination import Destination

_logger = logging.getLogger("cxotel")
_Exporter = TypeVar("_Exporter")
_Result = TypeVar("_Result")


class _Overheard(threading.local):
    """What exporters log on this thread while one of ours exports."""

    words: list[str] | None = None


_overheard: Final = _Overheard()


class _Overhear(logging.Filter):
    """Keep what an exporter logs about a failure for our one line, in place of its several."""

    def filter(self, record: logging.LogRecord) -> bool:
        if _overheard.words is None:
            return True
        _overheard.words.append(record.getMessage())
        return False


_filter: Final = _Overhear()


@contextmanager
def _listening(words: list[str]) -> Generator[None]:
    _overheard.words = words
    try:
        yield
    finally:
        _overheard.words = None


class _Words(list[str]):
    """What was overheard; the first word of it means trouble, long before the exporter gives up."""

    def __init__(self, delivery: Delivery) -> None:
        super().__init__()
        self._delivery = delivery

    def append(self, word: str) -> None:
        self._delivery.troubled = True
        super().append(word)


class Delivery:
    """Whether one signal arrives at its destination.

    Args:
        destination: Where it goes.
        told: Problems that have been logged, shared by all signals of a process: a receiver that is
            down is one problem, however many signals go there.
        headers: Headers for a look at what answers there.

    Attributes:
        troubled: Whether the latest attempt has met a problem.
        closing: Whether the process is about to end: then nothing waits for a receiver that is
            not there.
    """

    def __init__(
        self,
        destination: Destination,
        told: set[tuple[str, int, str]] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.destination = destination
        self.troubled = False
        self.closing = False
        self._told = set[tuple[str, int, str]]() if told is None else told
        self._headers = headers
        self._arrived = False
        self._problem: tuple[str, int, str] | None = None

    def watch(self, export: Callable[[], _Result], failure: _Result, spans: int = 0) -> _Result:
        """Export, count what is lost, and tell of a change for the worse or the better.

        Args:
            export: Exports a batch; returns what has the name `SUCCESS` where that worked.
            failure: What to return in place of an error.
            spans: How many spans the batch has.
        """
        result = self._watch(export, failure)
        if spans and not _worked(result):
            from cxotel.exporting.losses import FAILED, lost

            lost(FAILED, spans)
        return result

    def _watch(self, export: Callable[[], _Result], failure: _Result) -> _Result:
        if self.closing and not self._arrived and self._hopeless():
            return failure
        words = _Words(self)
        try:
            with _listening(words):
                result = export()
        except Exception as error:  # noqa: BLE001 - whatever an exporter does, the batch is lost
            words.append(f"{type(error).__name__}: {error}")
            result = failure
        if _worked(result):
            self._works()
        else:
            self._fails(words)
        return result

    def _hopeless(self) -> bool:
        problem = diagnose(self.destination, headers=self._headers, timeout=1.0)
        if problem:
            self._tell(problem)
        return problem is not None

    def _works(self) -> None:
        self.troubled, self._arrived = False, True
        if self._problem is None:
            return
        self._told.discard(self._problem)
        self._problem = None
        _logger.info("%s arrive again at %s", self.destination.signal, self.destination.url)

    def _fails(self, words: list[str]) -> None:
        self.troubled, self._arrived = True, False
        said = words[-1] if words else "the exporter does not say why"
        problem = diagnose(self.destination, words=" ".join(words), headers=self._headers)
        if problem is None and self._problem is not None:
            return  # what went wrong has been told, and by now nothing seems to be
        self._tell(problem or Diagnosis("export", said, "Look at the receiver's log"))

    def _tell(self, problem: Diagnosis) -> None:
        here = (self.destination.host, self.destination.port, problem.code)
        known, self._problem = here in self._told, here
        self._told.add(here)
        if not known:
            _logger.warning(
                "%s do not arrive at %s: %s. The application is unaffected.",
                self.destination.signal,
                self.destination,
                problem,
            )


def _worked(result: object) -> bool:
    """Tell whether a signal's own kind of result says that a batch was taken."""
    return getattr(result, "name", None) == "SUCCESS"


def watched(kind: type[_Exporter], delivery: Delivery, failure: Any) -> type[_Exporter]:
    """Return a subclass of an exporter class whose exports *delivery* watches.

    A subclass, because the SDK's metric reader takes more than `export` from its exporter.

    Args:
        kind: The exporter's class.
        delivery: Who watches.
        failure: What `export` returns for a batch that is lost.
    """
    base: Any = kind

    def export(self: Any, batch: Any, *args: Any, **kwargs: Any) -> Any:
        # Metrics come as one object, and what they tell of comes again with the next.
        spans = len(batch) if delivery.destination.signal == "traces" else 0
        return delivery.watch(lambda: base.export(self, batch, *args, **kwargs), failure, spans)

    def shutdown(self: Any, *args: Any, **kwargs: Any) -> None:
        with _listening([]):
            base.shutdown(self, *args, **kwargs)

    _overhear(kind)
    own: Any = {"export": export, "shutdown": shutdown}
    return cast("type[_Exporter]", type(f"Watched{kind.__name__}", (kind,), own))


@contextmanager
def overhearing(kind: type[Any], words: list[str]) -> Generator[None]:
    """Let an exporter's log messages on this thread go to *words* while the block runs.

    Args:
        kind: The exporter's class.
        words: Where they go.
    """
    _overhear(kind)
    with _listening(words):
        yield


def _overhear(kind: type[Any]) -> None:
    # By convention a module's logger has the module's name; urllib3 logs each of its own attempts.
    for name in {*(parent.__module__ for parent in kind.__mro__), "urllib3.connectionpool"}:
        logger = logging.getLogger(name)
        if _filter not in logger.filters:
            # Before upstream's own, which drops what is said again within some seconds.
            logger.filters.insert(0, _filter)
