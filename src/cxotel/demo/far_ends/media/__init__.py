"""The sound of calls: what a trunk's border controller and an agent's softphone measure of it.

They report as such devices do: a SIP quality report (RFC 6035), and `getStats()` of a browser. What
they measure is a simulated stream, packet by packet; no sound is sent. It proves what is made of
such reports; it does not prove how a real network or a real jitter buffer behaves.
"""

from cxotel.demo.far_ends.media.border import quality_report
from cxotel.demo.far_ends.media.line import Line, travel
from cxotel.demo.far_ends.media.lines import Lines
from cxotel.demo.far_ends.media.softphone import snapshots

__all__ = ["Line", "Lines", "quality_report", "snapshots", "travel"]
"""In the order of a call: what it travels over, and who reports of it."""
