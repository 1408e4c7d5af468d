"""Pages that show spans: what a page's examples emit is compared with the pictures on it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cxotel import ExperienceProcessor
from cxotel.testing import Telemetry
from tests.journeys.picture import picture
from tests.source_tree import ROOT

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

_PICTURES = re.compile(r"^```text\n(.*?)^```", re.DOTALL | re.MULTILINE)
_DIFFERING = re.compile(r"((?:_time|duration|queue\.wait|port) = ).*|\d+ s(?=\))")
"""What is another in each run."""
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
        assert _masked(shown) == _masked(real), f"the page should show:\n{real}"
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


def _masked(text: str) -> str:
    return _DIFFERING.sub(r"\1…", text)
