"""The procedures over HTTP and JSON, as the clients' ``rest`` transport calls them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cxotel.demo.far_ends.dialogflow.methods import FAILURES, HTTP_STATUS, Method
from cxotel.demo.far_ends.dialogflow.rpc import DOMAIN, SYSTEM
from cxotel.demo.far_ends.far_end import UNKNOWN, HttpFarEnd, route
from cxotel.demo.far_ends.wire import Received, Reply

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cxotel.demo.far_ends.far_end import Handler
    from cxotel.demo.far_ends.faults import Failure, Faults

_CODES = {
    3: "INVALID_ARGUMENT", 5: "NOT_FOUND", 8: "RESOURCE_EXHAUSTED", 10: "ABORTED",
    13: "INTERNAL", 14: "UNAVAILABLE", 16: "UNAUTHENTICATED",
}  # fmt: skip


class RestServer(HttpFarEnd):
    """Serve the procedures that take one message; streams towards the server need gRPC.

    Args:
        methods: The procedures.
        faults: What goes wrong, told in canonical codes as over gRPC.
    """

    def __init__(self, methods: Sequence[Method], faults: Faults) -> None:
        self._procedures = {_verb(method): method for method in methods if not method.streams_in}
        routes = [
            route(method.operation, "POST", f"/{version}/{{session+}}:{name}", _unreached)
            for (version, name), method in self._procedures.items()
        ]
        super().__init__(SYSTEM, routes, FAILURES, faults=faults)

    def respond(self, handler: Handler, request: Received, changes: Mapping[str, Any]) -> Reply:
        """Answer; what a fault changes is the bot's turn and not its JSON."""
        if request.operation == UNKNOWN:
            return handler(request)
        version, name = request.path.split("/")[1], request.path.rsplit(":", 1)[1]
        method, message = self._procedures[version, name], request.json
        message.get("matchIntentRequest", message)["session"] = request.ids["session"]
        answers = list(method.answer(iter([message]), changes))
        return Reply.of(200, answers if method.streams_out else answers[0])

    def failed(self, failure: Failure, request: Received) -> Reply:
        """Say it as Google does: code, canonical status and details."""
        info = {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": failure.code,
            "domain": DOMAIN,
            "metadata": {"service": DOMAIN},
        }
        status = HTTP_STATUS.get(failure.status, failure.status)
        name = _CODES.get(failure.status, "UNKNOWN")
        error = {"code": status, "message": failure.message, "status": name, "details": [info]}
        return Reply.of(status, {"error": error}, failure.headers)


def _unreached(request: Received) -> Reply:
    raise NotImplementedError(request.operation)


def _verb(method: Method) -> tuple[str, str]:
    """Return the version and the verb that the path of a procedure has."""
    return method.package.rsplit(".", 1)[1], method.name[0].lower() + method.name[1:]
