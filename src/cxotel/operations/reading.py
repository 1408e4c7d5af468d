"""Read what an operator wants from a TOML file, and say precisely what does not fit."""

from __future__ import annotations

import sys
from dataclasses import MISSING, fields
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from cxotel.operations.goals import BELOW, Goals, Journey, Thresholds
from cxotel.operations.windows import seconds
from cxotel.semconv import CxJourneyOutcomeValues

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

Made = TypeVar("Made", Journey, Thresholds)

DEFAULT: Final = Path(__file__).with_name("journeys.toml")
"""The file that comes with cxotel, to begin with."""
MOST: Final = 20
"""Journeys that are taken: each has two dozen series recorded, and somebody to answer for it."""


class GoalsError(ValueError):
    """A file of journeys that cannot be used: the file, the key, and what was expected."""


class _UnfitError(ValueError):
    """A value that does not fit; the message says what was expected."""


def load(path: Path = DEFAULT) -> Goals:
    """Return what a file wants.

    Args:
        path: A TOML file.

    Raises:
        GoalsError: It cannot be read, or holds something that cannot be used.

    Example:
        >>> load().journeys[0].name
        'refund'
    """
    toml: Any = import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
    try:
        with path.open("rb") as file:
            return from_mapping(toml.load(file), str(path))
    except OSError as error:
        raise GoalsError(f"{path}: cannot be read: {error.strerror}") from error
    except GoalsError:
        raise
    except ValueError as error:
        raise GoalsError(f"{path}: is not TOML: {error}") from error


def from_mapping(document: Mapping[str, Any], source: str) -> Goals:
    """Return what a document in the file's shape wants.

    Args:
        document: The document.
        source: What errors call it.

    Raises:
        GoalsError: It holds something that cannot be used.

    Example:
        >>> try:
        ...     from_mapping({"journeys": {"refund": {"outcome": 101}}}, "mine.toml")
        ... except GoalsError as error:
        ...     print(error)
        mine.toml: journeys.refund.outcome must be a percentage between 0 and 100, not 101
    """
    reader = _Reader(source)
    reader.known("", document, ("window", "service", "journeys", "owners", "alerts"))
    journeys = tuple(
        reader.made(
            Journey,
            f"journeys.{name}",
            entry,
            {"name": reader.checked("journeys: a name", name, _text)},
        )
        for name, entry in reader.table(document, "journeys").items()
    )
    if not 1 <= len(journeys) <= MOST:
        raise GoalsError(f"{source}: journeys must hold 1 to {MOST} tables, not {len(journeys)}")
    for journey in journeys:
        if journey.outcome is None and journey.score is None:
            raise GoalsError(f"{source}: journeys.{journey.name} must set outcome, score, or both")
    owners = reader.table(document, "owners")
    given = {"window": _length, "service": _text}
    return Goals(
        journeys,
        {name: reader.checked(f"owners.{name}", who, _text) for name, who in owners.items()},
        thresholds=reader.made(Thresholds, "alerts", reader.table(document, "alerts"), {}),
        **{
            name: reader.checked(name, document[name], check)
            for name, check in given.items()
            if name in document
        },
    )


class _Reader:
    """Check values, and tell where they stand.

    Args:
        source: The file.
    """

    def __init__(self, source: str) -> None:
        self._source = source

    def table(self, document: Mapping[str, Any], name: str) -> dict[str, Any]:
        """Return a table, which may be left out."""
        return self.checked(name, document.get(name, {}), _table)

    def made(self, kind: type[Made], where: str, entry: object, given: dict[str, Any]) -> Made:
        """Return an object of a table's values."""
        table = self.checked(where, entry, _table)
        names = [field.name for field in fields(kind) if field.name not in given]
        self.known(where, table, names)
        missing = [
            field.name
            for field in fields(kind)
            if field.default is MISSING and field.name not in {*table, *given}
        ]
        if missing:
            raise GoalsError(f"{self._source}: {where} must set {missing[0]}")
        values = {
            name: self.checked(f"{where}.{name}", value, _CHECKS[name])
            for name, value in table.items()
        }
        return kind(**given, **values)

    def known(self, where: str, table: Mapping[str, Any], names: Iterable[str]) -> None:
        """Refuse a key that means nothing: it is most often another's misspelling."""
        from difflib import get_close_matches

        names = list(names)
        for key in table:
            if key not in names:
                near = get_close_matches(key, names, 1)
                hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(names)}"
                path = f"{where}.{key}".lstrip(".")
                raise GoalsError(f"{self._source}: unknown key {path}; {hint}")

    def checked(self, where: str, value: object, check: Callable[[Any], Any]) -> Any:
        """Return a value as it is used."""
        try:
            return check(value)
        except _UnfitError as error:
            shown = f'"{value}"' if isinstance(value, str) else value
            raise GoalsError(f"{self._source}: {where} must be {error}, not {shown}") from None


def _table(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _UnfitError("a table")
    return value  # pyright: ignore[reportUnknownVariableType] - TOML's keys are strings


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip() or "{{" in value or not value.isprintable():
        raise _UnfitError("a text without line breaks and {{")
    return value


def _within(low: float, high: float, words: str) -> Callable[[object], float]:
    """Return what takes a number between two others, and says *words* of anything else."""

    def read(value: object) -> float:
        if isinstance(value, (int, float)) and not isinstance(value, bool) and low < value < high:
            return float(value)
        raise _UnfitError(words)

    return read


_percentage = _within(0, 100, "a percentage between 0 and 100")
_share = _within(0, 1, "a share between 0 and 1")
_positive = _within(0, 1e9, "a number above 0")
_above_one = _within(1, 1e3, "a number above 1")


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 1_000_000:
        raise _UnfitError("a whole number from 1")
    return value


def _length(value: object) -> str:
    try:
        seconds(_text(value))
    except ValueError:
        raise _UnfitError('a length of time such as "30m", "1h" or "30d"') from None
    return str(value)


def _bound(value: object) -> int:
    if value not in BELOW:
        raise _UnfitError("50, 60, 70, 80 or 90")
    return int(value)  # type: ignore[call-overload] # it is one of these


def _outcomes(value: object) -> tuple[str, ...]:
    known = [outcome.value for outcome in CxJourneyOutcomeValues]
    if not isinstance(value, list) or not value or any(each not in known for each in value):  # pyright: ignore[reportUnknownVariableType]
        raise _UnfitError(f"a list of {', '.join(known)}")
    return tuple(map(str, value))  # pyright: ignore[reportUnknownArgumentType]


_CHECKS: Final[dict[str, Callable[[Any], Any]]] = {
    "owner": _text,
    "outcome": _percentage,
    "failing": _outcomes,
    "score": _percentage,
    "score_at_least": _bound,
    "longest": _length,
    "minimum": _count,
    "escalation_rise": _above_one,
    "containment_fall": _share,
    "not_understood": _share,
    "looping": _positive,
    "poor_media": _share,
    "throttled": _share,
    "impact": _positive,
}
"""Key to what its value must be."""
