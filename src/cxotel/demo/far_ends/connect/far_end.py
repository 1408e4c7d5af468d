"""The far end of the AWS SDKs for Amazon Connect: four services on one port."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from cxotel.demo.far_ends.connect.canned import canned
from cxotel.demo.far_ends.connect.contacts import Conditions, Contacts
from cxotel.demo.far_ends.connect.model import complaints, load, parameters, pruned, write
from cxotel.demo.far_ends.connect.queues import Queues
from cxotel.demo.far_ends.far_end import HttpFarEnd, Route, route
from cxotel.demo.far_ends.faults import Failure, Faults, RefusedError
from cxotel.demo.far_ends.memory import Ids
from cxotel.demo.far_ends.wire import Received, Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from botocore.model import OperationModel

SERVICES = ("connect", "connectparticipant", "connectcases", "customer-profiles")
INSTANCE = "c0c0c0c0-c0c0-4c0c-8c0c-c0c0c0c0c0c0"
"""An instance id that clients may use; any other works too."""
FAILURES: Mapping[str, Failure] = {
    "throttled": Failure(429, "ThrottlingException", "Rate exceeded"),
    "unavailable": Failure(503, "ServiceUnavailableException", "Service is unavailable"),
    "server_error": Failure(500, "InternalServiceException", "Request processing failed"),
    "unauthorized": Failure(403, "AccessDeniedException", "Access denied"),
    "not_found": Failure(404, "ResourceNotFoundException", "The resource was not found"),
    "invalid": Failure(400, "InvalidParameterException", "The parameter is not valid"),
    "conflict": Failure(409, "ResourceConflictException", "The resource has a conflict"),
}
"""What Amazon Connect says to each kind of failure (API reference, "Common errors")."""
_INVALID = ("InvalidParameterException", "ValidationException", "BadRequestException")
_UUIDS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SIGNED_FOR = re.compile(r"Credential=[^,]*/([\w-]+)/aws4_request")


class ConnectFarEnd(HttpFarEnd):
    """Amazon Connect over loopback.

    Args:
        faults: What goes wrong, under the system name ``amazon_connect`` and the operations' own
            names, as in ``DescribeContact``.
        services: Which services to serve.
        seed: Ids are the same in every run with the same seed.

    Attributes:
        conditions: How contacts fare.
        contacts: Contacts by id.
        queues: The queues.
        handlers: Who answers an operation, from its parameters and what is known of whom it is
            about to its output, both as boto3 has them. Operations without one are answered with
            any values that the model allows; tests may add their own.
    """

    def __init__(
        self,
        faults: Faults | None = None,
        *,
        services: Iterable[str] = SERVICES,
        seed: str = "amazon_connect",
    ) -> None:
        self._ids = Ids(seed)
        self.conditions = Conditions()
        self.queues = Queues(self.conditions, self._ids)
        self.contacts = Contacts(self.conditions, self.queues, self._ids)
        self.queues.contacts = lambda: list(self.contacts.rows.values())
        self.handlers: dict[str, Callable[[dict[str, Any], str], dict[str, Any]]] = {
            **self.contacts.handlers(),
            **self.queues.handlers(),
        }
        self._index: defaultdict[tuple[str, str, int], list[Route]] = defaultdict(list)
        for service in services:
            self._learn(service)
        routes = [known for group in self._index.values() for known in group]
        super().__init__("amazon_connect", routes, FAILURES, faults=faults, ids=_UUIDS)

    def clear(self) -> None:
        """Forget faults, conditions, scripted replies and requests; contacts stay."""
        super().clear()
        self.conditions.clear()

    def candidates(self, method: str, path: str, headers: Mapping[str, str]) -> Iterable[Route]:
        """Look where the request is signed for: the services share paths."""
        signed = _SIGNED_FOR.search(headers.get("authorization", ""))
        return self._index[signed[1] if signed else "connect", method, path.count("/")]

    def failed(self, failure: Failure, request: Received) -> Reply:
        """Say it as AWS does: the error's name in a header field, the words in the body."""
        fields = {"x-amzn-ErrorType": failure.code, **failure.headers}
        return Reply.of(failure.status, {"Message": failure.message}, fields)

    def finished(self, reply: Reply, request: Received) -> Reply:
        """Add the request's id."""
        own = {"x-amzn-RequestId": self._ids.uuid()}
        return Reply(reply.status, {**own, **reply.headers}, reply.body)

    def _learn(self, service: str) -> None:
        model = load(service)
        for name in model.operation_names:
            operation = model.operation_model(name)
            method, uri = operation.http["method"], operation.http["requestUri"].partition("?")[0]
            known = route(name, method, uri, self._serving(operation))
            self._index[model.signing_name, method, uri.count("/")].append(known)
        for group in self._index.values():
            # "/contact/attributes/{id}" before "/contact/{a}/{b}".
            group.sort(key=lambda known: known.path.groups)

    def _serving(self, operation: OperationModel) -> Callable[[Received], Reply]:
        def serve(request: Received) -> Reply:
            params = parameters(operation, request)
            self._check(operation, params)
            shape = operation.output_shape
            output = self._output(operation, params, request)
            created = (output.get("ContactId"), output.get("ParticipantId"))
            ids = tuple(each for each in created if isinstance(each, str))
            return Reply.of(200, {} if shape is None else write(shape, output), created=ids)

        return serve

    def _check(self, operation: OperationModel, params: dict[str, Any]) -> None:
        wrong = complaints(operation.input_shape, params)
        if wrong:
            named = {str(error.name) for error in operation.error_shapes}
            code = next((each for each in _INVALID if each in named), "InvalidRequestException")
            raise RefusedError(400, code, "; ".join(wrong))

    def _output(
        self, operation: OperationModel, params: dict[str, Any], request: Received
    ) -> dict[str, Any]:
        handler, shape = self.handlers.get(operation.name), operation.output_shape
        if shape is None:
            return {}
        made = canned(shape, self._ids)
        if handler is not None:
            made = handler(params, self.belongs_to(request))
        output = pruned(shape, made)
        wrong = complaints(shape, output)
        if wrong:
            raise ValueError(f"{operation.name} answers what its model forbids: {wrong}")
        return output
