"""Five9's configuration and statistics services on a loopback port, and the real zeep.

The WSDLs are ours, written after Five9's reference guides: their namespaces, operations and the
parameters and results that are used here, wrapped as Five9 wraps them. Campaigns, lists and reports
answer always the same.
"""

from __future__ import annotations

import re
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from cxotel.demo.far_ends.far_end import HttpFarEnd, route
from cxotel.demo.far_ends.faults import Failure
from cxotel.demo.far_ends.wire import Received, Reply

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Generator, Mapping

    import zeep

FAILURES: Mapping[str, Failure] = {
    "throttled": Failure(500, "ApiRequestsLimitException", "Too many requests"),
    "unavailable": Failure(503, "ServiceUnavailable", "Maintenance"),
    "server_error": Failure(500, "UnexpectedException", "Internal error"),
    "unauthorized": Failure(500, "AuthorizationException", "No permission"),
    "not_found": Failure(500, "CampaignNotFoundException", "No such campaign"),
    "invalid": Failure(500, "IllegalArgumentException", "A field has a wrong value"),
    "conflict": Failure(500, "ConcurrentModificationException", "It was changed meanwhile"),
}
"""The services answer with a fault and status 500; its detail is named by what went wrong."""
ADMIN, SUPERVISOR = "AdminWebService", "SupervisorWebService"
_NAMESPACES = {
    ADMIN: "http://service.admin.ws.five9.com/",
    SUPERVISOR: "http://service.supervisor.ws.five9.com/",
}
_STRING, _FLAG = "xs:string", "xs:boolean"
_OPERATIONS: Mapping[str, Mapping[str, tuple[tuple[str, ...], str, str]]] = {
    ADMIN: {
        "addRecordToList": (("listName", "record*"), "tns:importResult", "imported"),
        "addRecordToListSimple": (("listName", "record*"), "tns:importResult", "imported"),
        "asyncAddRecordsToList": (("listName", "record*"), _STRING, "identifier"),
        "addToListCsv": (("listName", "csvData"), _STRING, "identifier"),
        "deleteRecordFromList": (("listName", "record*"), "tns:importResult", "imported"),
        "getListImportResult": (("identifier",), "tns:importResult", "imported"),
        "isImportRunning": (("identifier",), _FLAG, "flag"),
        "getContactRecords": (("lookupCriteria",), "tns:contacts", "contacts"),
        "updateContacts": (("record*",), "tns:importResult", "imported"),
        "checkDncForNumbers": (("numbers*",), f"{_STRING}*", "numbers"),
        "addNumbersToDnc": (("numbers*",), "xs:int", "number"),
        "removeNumbersFromDnc": (("numbers*",), "xs:int", "number"),
        "getCampaigns": (("campaignNamePattern",), f"{_STRING}*", "names"),
        "getCampaignState": (("campaignName",), _STRING, "state"),
        "startCampaign": (("campaignName",), _STRING, "state"),
        "stopCampaign": (("campaignName",), _STRING, "state"),
        "getSkills": (("skillNamePattern",), f"{_STRING}*", "names"),
        "getDispositions": (("dispositionNamePattern",), f"{_STRING}*", "names"),
        "getUsersGeneralInfo": (("userNamePattern",), f"{_STRING}*", "names"),
        "getIVRScripts": (("namePattern",), f"{_STRING}*", "names"),
        "runReport": (("folderName", "reportName"), _STRING, "identifier"),
        "isReportRunning": (("identifier",), _FLAG, "flag"),
        "getReportResultCsv": (("identifier",), _STRING, "state"),
        "getCallCountersState": ((), f"{_STRING}*", "names"),
    },
    SUPERVISOR: {
        "setSessionParameters": (("viewSettings",), _STRING, "state"),
        "getStatistics": (("statisticType",), f"{_STRING}*", "names"),
    },
}
"""By service and operation: parameters (a star: any number), the type of its result, its kind."""
_RESULTS: Mapping[str, tuple[str, ...]] = {
    "imported": ("<failureMessage/><uploadErrorsCount>0</uploadErrorsCount>",),
    "identifier": ("47CC8E1068F0CCC80rt1",),
    "flag": ("false",),
    "numbers": ("5550100",),
    "number": ("1",),
    "names": ("billing", "returns"),
    "state": ("RUNNING",),
}
_SOAP = "http://schemas.xmlsoap.org/wsdl/soap/"
_ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
_XML = {"Content-Type": "text/xml; charset=utf-8"}
_OPERATION = re.compile(rb"Body>\s*<(?:\w+:)?(\w+)")


class Five9FarEnd(HttpFarEnd):
    """One Five9 domain.

    Attributes:
        contacts: What a search finds: each contact's fields.
        refuses: What an import is refused with, or nothing.
        namespace: The target namespace of the WSDLs, where it is not Five9's.
    """

    def __init__(self, namespace: str | None = None) -> None:
        self.contacts: list[list[str]] = []
        self.refuses = ""
        self.namespace = namespace
        routes = [
            route("wsdl", "GET", "/{folder}/v13/{service}", self._wsdl),
            route("soap", "POST", "/{folder}/v13/{service}", self._answered),
        ]
        super().__init__("five9", routes, FAILURES)

    def clear(self) -> None:
        """Forget faults, scripted replies, requests and contacts; refuse nothing."""
        super().clear()
        self.contacts.clear()
        self.refuses = ""

    def routed(
        self, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[Received, Callable[[Received], Reply]]:
        """Name a request by the operation in its envelope."""
        request, handler = super().routed(method, path, query, headers, body)
        found = _OPERATION.search(body)
        return (replace(request, operation=found[1].decode()) if found else request), handler

    def failed(self, failure: Failure, request: Received) -> Reply:
        """Say it as a fault, whose detail is named by what went wrong."""
        if failure.status == 503:
            return Reply.of(503, "<html><body>Maintenance</body></html>", {})
        words = escape(failure.message)
        detail = f"<detail><{failure.code}><message>{words}</message></{failure.code}></detail>"
        said = f"<faultcode>env:Server</faultcode><faultstring>{words}</faultstring>{detail}"
        return _enveloped(failure.status, f"<env:Fault>{said}</env:Fault>")

    def address(self, service: str) -> str:
        """Return where a service listens."""
        folder = "wsadmin" if service == ADMIN else "wssupervisor"
        return f"{self.url}/{folder}/v13/{service}"

    def _wsdl(self, request: Received) -> Reply:
        service = request.ids["service"]
        namespace = self.namespace or _NAMESPACES[service]
        return Reply.of(200, _described(service, namespace, self.address(service)), _XML)

    def _answered(self, request: Received) -> Reply:
        service = request.ids["service"]
        namespace = self.namespace or _NAMESPACES[service]
        _, _, kind = _OPERATIONS[service][request.operation]
        returned = "".join(f"<return>{value}</return>" for value in self._results(kind))
        name = f"{request.operation}Response"
        return _enveloped(200, f'<n:{name} xmlns:n="{namespace}">{returned}</n:{name}>')

    def _results(self, kind: str) -> tuple[str, ...]:
        if kind == "contacts":
            return ("<fields>name</fields>" + "".join(map(_record, self.contacts)),)
        if kind == "imported" and self.refuses:
            return (f"<failureMessage>{escape(self.refuses)}</failureMessage>",)
        return _RESULTS[kind]


def _record(fields: list[str]) -> str:
    values = "".join(f"<values>{escape(one)}</values>" for one in fields)
    return f"<records>{values}</records>"


def _enveloped(status: int, content: str) -> Reply:
    opened = f'<env:Envelope xmlns:env="{_ENVELOPE}"><env:Body>'
    return Reply.of(status, f"{opened}{content}</env:Body></env:Envelope>", _XML)


def _described(service: str, namespace: str, address: str) -> str:
    """Return the WSDL of a service."""
    operations = _OPERATIONS[service]
    elements = "".join(
        _element(name, parameters) + _element(f"{name}Response", (f"return:{result}",))
        for name, (parameters, result, _) in operations.items()
    )
    messages = "".join(
        f'<message name="{name}"><part name="parameters" element="tns:{name}"/></message>'
        for operation in operations
        for name in (operation, f"{operation}Response")
    )
    port = "".join(
        f'<operation name="{name}"><input message="tns:{name}"/>'
        f'<output message="tns:{name}Response"/></operation>'
        for name in operations
    )
    bound = "".join(
        f'<operation name="{name}"><soap:operation soapAction=""/>'
        '<input><soap:body use="literal"/></input>'
        '<output><soap:body use="literal"/></output></operation>'
        for name in operations
    )
    return (
        f'<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="{_SOAP}" '
        f'xmlns:tns="{namespace}" xmlns:xs="http://www.w3.org/2001/XMLSchema" '
        f'targetNamespace="{namespace}" name="{service}">'
        f'<types><xs:schema targetNamespace="{namespace}">{_TYPES}{elements}</xs:schema></types>'
        f'{messages}<portType name="Ws">{port}</portType>'
        '<binding name="WsBinding" type="tns:Ws"><soap:binding style="document" '
        f'transport="http://schemas.xmlsoap.org/soap/http"/>{bound}</binding>'
        f'<service name="{service}"><port name="WsPort" binding="tns:WsBinding">'
        f'<soap:address location="{address}"/></port></service></definitions>'
    )


_TYPES = (
    '<xs:complexType name="importResult"><xs:sequence>'
    '<xs:element name="failureMessage" type="xs:string" minOccurs="0"/>'
    '<xs:element name="uploadErrorsCount" type="xs:int" minOccurs="0"/>'
    "</xs:sequence></xs:complexType>"
    '<xs:complexType name="contact"><xs:sequence>'
    '<xs:element name="values" type="xs:string" minOccurs="0" maxOccurs="unbounded"/>'
    "</xs:sequence></xs:complexType>"
    '<xs:complexType name="contacts"><xs:sequence>'
    '<xs:element name="fields" type="xs:string" minOccurs="0" maxOccurs="unbounded"/>'
    '<xs:element name="records" type="tns:contact" minOccurs="0" maxOccurs="unbounded"/>'
    "</xs:sequence></xs:complexType>"
)


def _element(name: str, parts: tuple[str, ...]) -> str:
    """Return the element of a request or a reply; a part is `name`, `name*` or `name:type*`."""
    inside = ""
    for part in parts:
        own, _, kind = part.rstrip("*").partition(":")
        many = ' maxOccurs="unbounded"' if part.endswith("*") else ""
        inside += f'<xs:element name="{own}" type="{kind or _STRING}" minOccurs="0"{many}/>'
    content = f"<xs:complexType><xs:sequence>{inside}</xs:sequence></xs:complexType>"
    return f'<xs:element name="{name}">{content}</xs:element>'


@contextmanager
def client(
    far_end: Five9FarEnd, service: str = ADMIN, *, timeout: float = 5.0
) -> Generator[zeep.Client, None, None]:
    """Give a client of one service, and close its connections afterwards.

    Args:
        far_end: The far end, running.
        service: Which service.
        timeout: Seconds until a request is given up.
    """
    import requests
    import zeep

    session = requests.Session()
    session.auth = ("service@cx.example", "loopback")
    session.trust_env = False  # the machine's settings could bring in a proxy
    transport = zeep.Transport(session=session, operation_timeout=timeout)
    try:
        yield zeep.Client(f"{far_end.address(service)}?wsdl", transport=transport)
    finally:
        session.close()


@asynccontextmanager
async def async_client(
    far_end: Five9FarEnd, service: str = ADMIN
) -> AsyncGenerator[zeep.AsyncClient, None]:
    """Give an asynchronous client of one service, and close its connections afterwards."""
    import zeep
    from zeep.transports import AsyncTransport

    transport: Any = AsyncTransport(timeout=5, operation_timeout=5)
    try:
        yield zeep.AsyncClient(f"{far_end.address(service)}?wsdl", transport=transport)
    finally:
        transport.wsdl_client.close()
        await transport.aclose()
