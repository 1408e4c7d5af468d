"""What `cxotel doctor` finds: each finding with what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "absent", "note", "problem"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Args:
        area: Which part of the report it stands in.
        subject: What was looked at.
        text: What was found.
        state: Whether that is well, not there, worth knowing, or wrong.
        remedy: What to do, where something is wrong.
    """

    area: str
    subject: str
    text: str
    state: State = "ok"
    remedy: str | None = None
