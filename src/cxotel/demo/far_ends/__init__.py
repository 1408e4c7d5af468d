"""The far ends of the wire: servers that real client libraries of vendors talk to over loopback.

Every vendor's package below builds on the same four parts: a `LoopbackServer`, a `Faults` table
that says what goes wrong, `Replies` for exact scripted answers, and a `RequestLog` of what came in.
Nothing here imports OpenTelemetry or the rest of the project: a far end knows as little of tracing
as the real vendor does.

What all of them leave unproved: that the real vendor answers so. They follow the vendors'
documentation and are shaped by what the client libraries send and accept.
"""

from cxotel.demo.far_ends.faults import Fault, Faults, Injected
from cxotel.demo.far_ends.memory import Scoped
from cxotel.demo.far_ends.replies import Replies
from cxotel.demo.far_ends.server import LoopbackServer, closed_port
from cxotel.demo.far_ends.wire import Received, Reply, RequestLog

__all__ = [
    "Fault",
    "Faults",
    "Injected",
    "LoopbackServer",
    "Received",
    "Replies",
    "Reply",
    "RequestLog",
    "Scoped",
    "closed_port",
]
