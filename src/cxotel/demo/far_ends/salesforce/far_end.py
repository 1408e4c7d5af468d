"""The far end of simple-salesforce: one org, its interfaces and its login, over TLS."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from cxotel.demo.far_ends.far_end import HttpFarEnd, route
from cxotel.demo.far_ends.faults import Failure, Faults, RefusedError
from cxotel.demo.far_ends.memory import Ids
from cxotel.demo.far_ends.salesforce.bulk1 import Bulk1
from cxotel.demo.far_ends.salesforce.bulk2 import Bulk2
from cxotel.demo.far_ends.salesforce.records import Records
from cxotel.demo.far_ends.salesforce.rest import Rest
from cxotel.demo.far_ends.wire import Received, Reply

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SESSION = "00D000000000001!loopback"
"""A session id that is valid until sessions are expired."""
FAILURES: Mapping[str, Failure] = {
    "throttled": Failure(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."),
    "unavailable": Failure(503, "SERVER_UNAVAILABLE", "Server is unavailable"),
    "server_error": Failure(500, "UNKNOWN_EXCEPTION", "An unexpected error occurred."),
    "unauthorized": Failure(401, "INVALID_SESSION_ID", "Session expired or invalid"),
    "not_found": Failure(404, "NOT_FOUND", "The requested resource does not exist"),
    "invalid": Failure(400, "INVALID_FIELD", "No such column on the entity."),
    "conflict": Failure(
        500, "UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access to this record"
    ),
}
"""What Salesforce says to each kind of failure (REST API Developer Guide, status codes)."""
_IDS = re.compile(r"\b[0-9a-zA-Z]{18}\b")
_LIMIT = 15_000
_ENVELOPE = (
    '<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope '
    'xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" '
    'xmlns:sf="urn:fault.partner.soap.sforce.com"><soapenv:Body>{}</soapenv:Body>'
    "</soapenv:Envelope>"
)
_XML = {"Content-Type": "text/xml; charset=UTF-8"}


class SalesforceFarEnd(HttpFarEnd):
    """A Salesforce org over loopback.

    Args:
        faults: What goes wrong, under the system name ``salesforce``; the operations are the names
            in the ``routes`` of each interface, and ``login``.
        seed: Ids are the same in every run with the same seed.

    Attributes:
        records: The org's records.
        rest: The REST interface, for its page size.
        bulk2: Jobs of Bulk API 2.0.
        logins: How often somebody logged in.
    """

    def __init__(self, faults: Faults | None = None, *, seed: str = "salesforce") -> None:
        self._ids = Ids(seed)
        self.records = Records(self._ids)
        self.rest = Rest(self.records, self._inner)
        self.bulk2 = Bulk2(self.records)
        self.logins = 0
        self._sessions = {SESSION}
        self._used = 0
        soap = route("login", "POST", "/services/Soap/u/{version}", self._login)
        token = route("login", "POST", "/services/oauth2/token", self._token)
        interfaces = (self.rest, self.bulk2, Bulk1(self.records))
        routes = [soap, token, *(each for one in interfaces for each in one.routes())]
        super().__init__("salesforce", routes, FAILURES, faults=faults, ids=_IDS, tls=True)

    @property
    def authority(self) -> str:
        """Host and port, which the client calls the instance."""
        return self.server.authority

    @property
    def ca_file(self) -> Path:
        """The certificate authority that a client must trust, as a PEM file."""
        return self.server.ca_file

    def clear(self) -> None:
        """Forget faults, scripted replies, requests and expiries; records stay."""
        super().clear()
        self._sessions.add(SESSION)
        self.logins = 0

    def expire(self) -> None:
        """Let every session end, so that clients must log in again."""
        self._sessions.clear()

    def admit(self, request: Received) -> None:
        """Refuse a request without a valid session."""
        bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
        session = request.headers.get("x-sfdc-session", bearer)
        if request.operation != "login" and session not in self._sessions:
            expired = FAILURES["unauthorized"]
            raise RefusedError(expired.status, expired.code, expired.message)

    def failed(self, failure: Failure, request: Received) -> Reply:
        """Say it as Salesforce does: a list of errors, or a fault in XML to a login."""
        if request.operation == "login" and "Soap" in request.path:
            words = f"<faultstring>{escape(failure.message)}</faultstring>"
            code = f"<sf:exceptionCode>{escape(failure.code)}</sf:exceptionCode>"
            said = f"<sf:exceptionMessage>{escape(failure.message)}</sf:exceptionMessage>"
            fault = f"<soapenv:Fault>{words}<detail>{code}{said}</detail></soapenv:Fault>"
            return Reply.of(failure.status, _ENVELOPE.format(fault), {**_XML, **failure.headers})
        error: Any = [{"message": failure.message, "errorCode": failure.code}]
        if request.operation == "login":
            error = {"error": failure.code, "error_description": failure.message}
        return Reply.of(failure.status, error, failure.headers)

    def finished(self, reply: Reply, request: Received) -> Reply:
        """Count the request against the org's limit, and say so."""
        if "/services/data/" not in request.path:
            return reply
        self._used += 1
        usage = {"Sforce-Limit-Info": f"api-usage={self._used}/{_LIMIT}"}
        return Reply(reply.status, {**usage, **reply.headers}, reply.body)

    def _begin(self) -> str:
        self.logins += 1
        session = f"00D000000000001!{self._ids.hex(24)}"
        self._sessions.add(session)
        return session

    def _login(self, request: Received) -> Reply:
        server = f"{self.url}/services/Soap/u/{request.ids['version']}/00D000000000001"
        session = f"<sessionId>{self._begin()}</sessionId><serverUrl>{server}</serverUrl>"
        result = f"<loginResponse><result>{session}</result></loginResponse>"
        return Reply.of(200, _ENVELOPE.format(result), _XML)

    def _token(self, request: Received) -> Reply:
        content = {"access_token": self._begin(), "instance_url": self.url, "token_type": "Bearer"}
        return Reply.of(200, content)

    def _inner(self, method: str, url: str, body: bytes) -> Reply:
        """Answer one of several requests within a request."""
        target = urlsplit(url)
        request, handler = self.routed(method, target.path, target.query, {}, body)
        try:
            return handler(request)
        except RefusedError as refused:
            return self.failed(refused.failure, request)
