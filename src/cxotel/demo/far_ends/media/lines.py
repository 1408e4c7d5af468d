"""How the calls' lines are: the trunk's, and the last mile's to the agent."""

from __future__ import annotations

from dataclasses import dataclass, field

from cxotel.demo.far_ends.media.line import Line
from cxotel.demo.far_ends.memory import Scoped


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of all calls; each may differ for one customer, by the number.

    Attributes:
        trunk: From the telephone network to the contact center.
        last_mile: From the contact center to the agent, who works from home.
    """

    trunk: Scoped[Line] = field(default_factory=lambda: Scoped(Line()))
    last_mile: Scoped[Line] = field(default_factory=lambda: Scoped(Line(jitter=0.004)))
