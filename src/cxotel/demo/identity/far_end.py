"""The identity service itself, over loopback."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cxotel.demo.far_ends.far_end import HttpFarEnd, route
from cxotel.demo.far_ends.faults import Failure, RefusedError
from cxotel.demo.far_ends.memory import Ids
from cxotel.demo.far_ends.wire import Received, Reply

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cxotel.demo.far_ends.faults import Faults

FAILURES: Mapping[str, Failure] = {
    "throttled": Failure(429, "slow_down", "Too many verifications"),
    "unavailable": Failure(503, "unavailable", "The directory cannot be reached"),
    "server_error": Failure(500, "internal", "Something went wrong"),
    "not_found": Failure(404, "not_found", "There is no such thing"),
}


class IdentityFarEnd(HttpFarEnd):
    """Verify whoever knows the code that belongs to them.

    Args:
        faults: What goes wrong, under the system name ``identity``.
        seed: Ids are the same in every run with the same seed.

    Attributes:
        codes: The code of each customer.
    """

    def __init__(self, faults: Faults | None = None, *, seed: str = "identity") -> None:
        self._ids = Ids(seed)
        self.codes: dict[str, str] = {}
        routes = (route("verify", "POST", "/v1/verifications", self.verify),)
        super().__init__("identity", routes, FAILURES, faults=faults)

    def verify(self, request: Received) -> Reply:
        """Compare the code that was given with the customer's."""
        asked = request.json
        who, code = asked["who"], asked["code"]
        if who not in self.codes:
            raise RefusedError(404, "unknown_customer", f"nobody is known as {who}")
        result = "verified" if self.codes[who] == code else "rejected"
        return Reply.of(200, {"id": self._ids.uuid(), "who": who, "result": result})
