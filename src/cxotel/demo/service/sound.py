"""How calls sounded: on the trunk that they came in by, and on the agent's own line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cxotel.bounded import BoundedTable
from cxotel.media.vq_rtcpxr import VqReader
from cxotel.media.webrtc import WebRtcReader

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cxotel.media.quality import MediaQuality

_CALLS: Final = 10_000
_AGE: Final = 3_600.0
"""Seconds until a call is reviewed, at most."""

Sounds = dict[str, "tuple[MediaQuality, ...]"]
"""By line, what was measured on it."""


class Reports:
    """What was measured of calls, until somebody reviews them."""

    def __init__(self) -> None:
        self._calls: BoundedTable[str, Sounds] = BoundedTable(_CALLS, _AGE)

    def trunk(self, report: bytes) -> None:
        """Read what the session border controller published of a call.

        Args:
            report: The body.
        """
        for record in VqReader().feed(report):
            self._keep(record.leg or "", "trunk", (record,))

    def last_mile(self, call: str, stats: Sequence[dict[str, Any]]) -> None:
        """Read what an agent's browser measured of a call.

        Args:
            call: The call's id.
            stats: Snapshots of `getStats()`, in order.
        """
        reader = WebRtcReader()
        heard = tuple(record for snapshot in stats for record in reader.feed(snapshot))
        self._keep(call, "last_mile", heard)

    def of(self, call: str) -> Sounds:
        """Return what is known of a call's sound."""
        return self._calls.get(call) or {}

    def _keep(self, call: str, line: str, records: tuple[MediaQuality, ...]) -> None:
        self._calls.put(call, {**self.of(call), line: records})
