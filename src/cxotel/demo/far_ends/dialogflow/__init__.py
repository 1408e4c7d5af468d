"""Dialogflow CX v3 and ES v2 sessions, over gRPC and over HTTP.

The far end is a real gRPC server whose bot follows scripts and a handful of rules. It does not
prove how well Dialogflow understands anybody, what its audio sounds like (audio here is its words
in UTF-8), or its quotas and deadlines. Message shapes are those of the installed client library's
protobuf types, so a field that only the real service sends is not seen here.
"""

from cxotel.demo.far_ends.dialogflow.bot import LOST, RULES, SILENCE, Bot, Said, Turn
from cxotel.demo.far_ends.dialogflow.clients import (
    async_client,
    client,
    library,
    rest_client,
    session,
)
from cxotel.demo.far_ends.dialogflow.far_end import DialogflowFarEnd

__all__ = [
    "LOST",
    "RULES",
    "SILENCE",
    "Bot",
    "DialogflowFarEnd",
    "Said",
    "Turn",
    "async_client",
    "client",
    "library",
    "rest_client",
    "session",
]
