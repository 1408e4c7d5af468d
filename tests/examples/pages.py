"""Pages that show spans: what a page's examples emit is compared with the pictures on it."""

from __future__ import annotations

import re
from difflib import unified_diff
from itertools import groupby
from typing import TYPE_CHECKING

from cxotel import ExperienceProcessor
from cxotel.cli.drawing import draw
from cxotel.reading import journey_ids
from cxotel.reading.assemble import assemble
from cxotel.reading.file import FileSource
from cxotel.testing import Telemetry
from tests.journeys.picture import picture
from tests.source_tree import ROOT

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

_PICTURES = re.compile(r"^```text\n(.*?)^```", re.DOTALL | re.MULTILINE)
_DIFFERING = re.compile(
    r"((?:_time|duration|queue\.wait|port|request_id|limit\.reset|evidence\.shows) = ).*"
    r"|\d+ s(?=\))"
)
"""What is another in each run, or stands in the generated tables."""
_REPEATED = ("cx.system = ", "cx.layer = ", "cx.operation.name = ")
"""What events repeat of their span."""
_FOR_MACHINES = (
    "cx.experience.algorithm",
    "cx.experience.ledger",
    "cx.segment.id",
    "cx.segment.revision",
)
"""What pictures leave out."""


class Page:
    """A page with pictures of spans, while its examples run.

    Args:
        name: Its path from the top of the repository.
    """

    def __init__(self, name: str) -> None:
        self._telemetry = Telemetry(processors=[ExperienceProcessor()])
        self._telemetry.__enter__()
        self._pictures = iter(_PICTURES.findall((ROOT / name).read_text("utf-8")))

    @property
    def provider(self) -> TracerProvider:
        """Where spans have to go."""
        return self._telemetry.tracer_provider

    def shows(self) -> None:
        """Compare what was emitted since the last picture with the next one.

        Raises:
            AssertionError: The page shows something else.
        """
        real = _picture(self._telemetry)
        shown = next(self._pictures).rstrip()
        both = unified_diff(_compared(shown), _compared(real), "page", "real", lineterm="")
        differing = "\n".join(both)
        assert not differing, f"{differing}\nthe page should show:\n{real}"
        self._telemetry.clear()


def _picture(telemetry: Telemetry) -> str:
    lines, inside = list[str](), 0
    for line in picture(telemetry.finished).splitlines():
        text = line.lstrip()
        depth = len(line) - len(text)
        inside = inside if depth >= inside else 0
        if not text.startswith(_FOR_MACHINES) and not (inside and text.startswith(_REPEATED)):
            lines.append(line)
        if text.startswith("event cx.") and text != "event cx.impairment":
            inside = depth + 4
    return "\n".join(lines)


def _compared(text: str) -> list[str]:
    """Return a picture's lines without what differs, attributes that stand together in order."""
    lines = list[str]()
    masked = _DIFFERING.sub(r"\1…", text).splitlines()
    for are_attributes, group in groupby(masked, key=lambda line: " = " in line):
        together = list(group)
        lines += sorted(together) if are_attributes else together
    return lines


def shape(text: str) -> set[str]:
    """Return a story's lines without what differs from run to run: times, ids and numbers.

    Args:
        text: What `cxotel journey` and the examples print.
    """
    masked = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", "TIME", text)
    masked = re.sub(r"\bCA[0-9a-f]{32}\b|\b[0-9a-f]{32}\b", "ID", masked)
    masked = re.sub(r"-\d+ (?=\d|$)|-\d+$", "", masked, flags=re.MULTILINE)
    masked = re.sub(r"(\d+ min )?\d+(\.\d+)?( ms| s\b)?", "N", masked)
    return {" ".join(line.split()) for line in masked.splitlines() if line.strip()}


def story(name: str, file: str) -> None:
    """Compare the story of a file's only journey with the one that a page shows.

    Args:
        name: The page's path from the top of the repository.
        file: The file that the page's example has written.

    Raises:
        AssertionError: The page shows something else.
    """
    source = FileSource(file)
    (journey,) = journey_ids(source.every_span())
    lines = draw(assemble(journey, source.spans(journey)))
    real = "\n".join("".join(piece.text for piece in line) for line in lines)
    page = (ROOT / name).read_text("utf-8")
    (shown,) = re.findall(r"^\$ cxotel journey .*?\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    assert shape(shown) == shape(real), f"the page should show:\n{real}"
