"""Vendors that are wrong in one way each; the sound one is `toy.cxotel_switchboard.VENDOR`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NoReturn

from cxotel import semconv
from cxotel.engine import Operation, Target, body, const
from tests.contract.toy.cxotel_switchboard import MODULE, VENDOR

if TYPE_CHECKING:
    from cxotel.engine import Call, Vendor

PLACE_CALL = VENDOR.operations["POST calls"]
FETCH_CALL = VENDOR.operations["GET calls/*"]


def _with(key: str, operation: Operation) -> Vendor:
    return replace(VENDOR, operations={**VENDOR.operations, key: operation})


def _placing(**changes: Any) -> Vendor:
    return _with("POST calls", replace(PLACE_CALL, **changes))


RENAMED = _placing(name="create_call")
"""Names a call otherwise than its author says."""

WRONG_VALUE = _placing(response={**PLACE_CALL.response, semconv.CX_CONTACT_ID: body("state")})
"""Reads the state where the id should be."""

WRONG_TYPE = _with(
    "GET calls/*/transcript",
    Operation("read_transcript", response={semconv.CX_CALL_ITEMS: lambda call: call.pieces > 0}),
)
"""Reads a truth where a number should be."""

FORGETFUL = _with("GET calls/*", replace(FETCH_CALL, facts=()))
"""Does not tell of the queue."""

UNREGISTERED = _placing(request={**PLACE_CALL.request, "switchboard.plan": const("gold")})
"""Makes up an attribute that the registry does not know."""

UNKNOWN_VALUE = _placing(request={semconv.CX_CONTACT_DIRECTION: const("sideways")})
"""Makes up a value of a closed set."""

PERSONAL = _placing(request={**PLACE_CALL.request, semconv.CX_CONTACT_ADDRESS: const("jane")})
"""Reads what must not leave."""


def _first_words(call: Call) -> str:
    return call.argument("content")["note"].partition(",")[0]


TALKATIVE = _placing(
    request={
        **PLACE_CALL.request,
        semconv.CX_QUEUE_NAME: _first_words,
    }
)
"""Reads a customer's name where a queue's should be."""


def _grumble(call: Call) -> NoReturn:
    raise ValueError(call.argument("content")["note"])


GRUMBLING = _placing(request={**PLACE_CALL.request, semconv.CX_QUEUE_ID: _grumble})
"""Has a reader that raises, and says a customer's words as it does."""


def _scribble(call: Call, journey_id: str) -> None:
    call.argument("content")["reference"] = journey_id


def _keep(call: Call, journey_id: str) -> None:
    """Do nothing."""


SCRIBBLING = _placing(carry=_scribble)
"""Writes into what belongs to the caller."""

KEEPING = _placing(carry=_keep)
"""Promises to send the journey id along, and does not."""

EMPTY = replace(VENDOR, operations={})
"""Names no operation at all."""

UNPROVED = _with("DELETE calls/*", Operation("end_call"))
"""Names an operation that nobody makes an example of."""

MISPLACED = replace(VENDOR, targets=(*VENDOR.targets, Target(MODULE, "Client.hang_up")))
"""Names a function that the client does not have."""

UNREAD = _placing(response={**PLACE_CALL.response, semconv.CX_QUEUE_ID: body("queue_id")})
"""Has a reader that never finds anything."""
