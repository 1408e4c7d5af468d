"""Spans from a file of OTLP JSON lines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from cxotel.reading.model import SourceError, of_journey
from cxotel.reading.otlp_json import spans_of

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator

    from cxotel.reading.model import Span


class FileSource:
    """Read journeys from a file that `cxotel.configure(file=…)` or the Collector has written.

    A line that is not whole yet, because somebody is writing, is passed over.

    Args:
        path: The file.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = Path(path)
        self.unreadable = 0
        """Lines that were no JSON, the last reading."""

    def __str__(self) -> str:
        return str(self._path)

    def spans(self, journey_id: str) -> list[Span]:
        """Return the spans of one journey.

        Args:
            journey_id: The journey's id.

        Raises:
            SourceError: The file cannot be read.
        """
        # Parsing is what takes the time: a line that does not hold the id holds no span of it.
        return of_journey(self._parsed(lambda line: journey_id in line), journey_id)

    def every_span(self) -> list[Span]:
        """Return all spans of the file.

        Raises:
            SourceError: The file cannot be read.
        """
        return list(self._parsed(lambda _: True))

    def _parsed(self, wanted: Callable[[str], bool]) -> Iterator[Span]:
        self.unreadable = 0
        for line in self._lines():
            if not wanted(line) or not line.strip():
                continue
            try:
                document = json.loads(line)
            except ValueError:
                self.unreadable += 1
                continue
            yield from spans_of(document)

    def _lines(self) -> Iterator[str]:
        try:
            with self._path.open(encoding="utf-8", errors="replace") as file:
                yield from file
        except OSError as error:
            raise SourceError(f"{self._path} cannot be read: {error.strerror}") from error
