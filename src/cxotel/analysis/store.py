"""The tables and the queries, in this process: chDB is ClickHouse's engine as a library."""

from __future__ import annotations

import json
import re
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from cxotel.analysis import sql
from cxotel.analysis.complete import complete
from cxotel.analysis.feed import fed
from cxotel.analysis.otlp import SCHEMA
from cxotel.analysis.scoring import scored
from cxotel.experience.rules import DEFAULT

if TYPE_CHECKING:
    import os
    from collections.abc import Callable
    from types import TracebackType

    from typing_extensions import Self

    from cxotel.experience.rules import Rules

FUNCTION: Final = "cx_journey_score"
"""The name by which the queries know `cxotel.analysis.scoring.scored`."""

_OFTEN: Final = 500
# Merging parts serves queries of months; here it would cost memory and gain nothing.
_UNMERGED: Final = (
    "ALTER TABLE otel_traces MODIFY SETTING max_bytes_to_merge_at_max_space_in_pool = 1, "
    "max_bytes_to_merge_at_min_space_in_pool = 1, parts_to_delay_insert = 10000, "
    "parts_to_throw_insert = 10000"
)


class AnalysisError(Exception):
    """What was asked for cannot be done; the message says why, and what to do."""


class Store:
    """Hold the spans of files in tables on disk, and ask them.

    Args:
        folder: A folder of its own, for the tables.
        memory: Most bytes that the engine may take; what does not fit goes to disk.
        rules: The rules to score by.

    Raises:
        AnalysisError: chDB is not installed.
    """

    def __init__(
        self,
        folder: str | os.PathLike[str],
        *,
        memory: int = 2 * 1024**3,
        rules: Rules = DEFAULT,
    ) -> None:
        chdb = _engine()
        self._session: Any = import_module("chdb.session").Session(str(folder))
        self._counter = _Counter(rules)
        chdb.create_function(FUNCTION, self._counter.score, ["String"], "String")
        self._drop = chdb.drop_function
        self._rules = rules
        self._folder = Path(folder)
        for setting, value in _limits(memory).items():
            self._run(f"SET {setting} = {value}")
        for name in ("traces", *sql.SCHEMA):
            self.run(name)
        self._run(_UNMERGED)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._session.close()
        self._drop(FUNCTION)

    def read(
        self,
        path: str | os.PathLike[str],
        tell: Callable[[int], None] = lambda _passed: None,
    ) -> None:
        """Add the spans of a file of OTLP JSON lines.

        Args:
            path: The file; one whose name ends in `.gz` is decompressed.
            tell: Called with the number of its bytes that have been read.

        Raises:
            UnreadableError: The file cannot be read.
            AnalysisError: The engine refused.
        """
        with fed(Path(path), self._folder, tell) as pipe:
            self.run("read", path=pipe, schema=SCHEMA)

    def score(self, tell: Callable[[int], None] = lambda _scored: None) -> None:
        """Score all journeys, after those are made complete whose carriers bear no ledger.

        Args:
            tell: Called with the number of journeys that have been scored.
        """
        complete(self, self._rules)
        self._counter.start(tell)
        self.run("score", since="1970-01-01 00:00:00")

    def run(self, name: str, **values: object) -> None:
        """Run the statements of a file.

        Args:
            name: The file's name without its ending.
            values: Values of its parameters.
        """
        for statement in sql.statements(name):
            self._run(statement, **values)

    def rows(self, name: str, **values: object) -> list[dict[str, Any]]:
        """Return the rows that a file's query finds.

        Args:
            name: The file's name without its ending.
            values: Values of its parameters.
        """
        [query] = sql.statements(name)
        return self.ask(query, **values)

    def ask(self, query: str, **values: object) -> list[dict[str, Any]]:
        """Return the rows that a query finds.

        Args:
            query: The query.
            values: Values of its parameters.
        """
        found = self._run(query, **values)
        return [cast("dict[str, Any]", json.loads(line)) for line in found.splitlines()]

    def _run(self, statement: str, **values: object) -> str:
        used = {
            key: _escaped(str(value)) for key, value in values.items() if f"{{{key}:" in statement
        }
        try:
            return str(self._session.query(statement, "JSONEachRow", params=used))
        except RuntimeError as error:
            raise AnalysisError(_reason(error)) from error


def _engine() -> Any:
    try:
        return import_module("chdb")
    except ImportError:
        raise AnalysisError(
            "analysing files needs chdb, which is not installed; run: pip install 'cxotel[analyze]'"
        ) from None


class _Counter:
    """Score records, and tell now and then how many."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._scored = 0
        self._tell: Callable[[int], None] = lambda _scored: None

    def start(self, tell: Callable[[int], None]) -> None:
        """Count from the beginning."""
        self._scored, self._tell = 0, tell

    def score(self, record: str) -> str:
        """Return the score of a record."""
        self._scored += 1
        if self._scored % _OFTEN == 0:
            self._tell(self._scored)
        return scored(record, self._rules)


def _limits(memory: int) -> dict[str, int]:
    """Return the settings that keep the engine within *memory* bytes."""
    return {
        "max_memory_usage": memory,
        "max_bytes_before_external_group_by": memory // 4,
        "max_bytes_before_external_sort": memory // 4,
        "output_format_json_quote_64bit_integers": 0,
    }


def _escaped(value: str) -> str:
    """Return a parameter's value as the engine wants it: like a field of tab-separated text."""
    for plain, escaped in (("\\", r"\\"), ("\n", r"\n"), ("\t", r"\t")):
        value = value.replace(plain, escaped)
    return value


def _reason(error: Exception) -> str:
    """Return the first sentence of what the engine says."""
    told = re.sub(r"^.*?DB::Exception: ", "", str(error), flags=re.DOTALL)
    return told.split("\n", 1)[0].split(" (version", 1)[0][:300]
