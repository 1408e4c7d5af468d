"""Jira on a loopback port: issues by jira820, a stateful Jira 8.20; service desks by ourselves.

jira820 knows no service desks, no limits and no faults. So it stands behind a far end that answers
what belongs to service desks, lets things go wrong, adds the header fields of limits, and passes
everything else on. It shares the records of jira820: a customer's request is an issue there.
"""

from __future__ import annotations

import http.client
import itertools
import json
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from jira820 import Config, make_app

from cxotel.demo.far_ends.far_end import HttpFarEnd, route
from cxotel.demo.far_ends.faults import Failure, RefusedError
from cxotel.demo.far_ends.server import HOST, LoopbackServer
from cxotel.demo.far_ends.wire import Received, Reply

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from jira import JIRA

FAILURES: Mapping[str, Failure] = {
    "throttled": Failure(429, "rate-limited", "Rate limit exceeded."),
    "unavailable": Failure(503, "unavailable", "Jira is being updated."),
    "server_error": Failure(500, "internal", "Internal server error"),
    "unauthorized": Failure(401, "unauthorized", "You are not authenticated."),
    "not_found": Failure(404, "sd.admin.servicedesk.error.not.existed", "No such service desk."),
    "invalid": Failure(400, "sd.validation.field.required", "This field is required."),
    "conflict": Failure(409, "conflict", "It was changed meanwhile."),
}
"""https://developer.atlassian.com/cloud/jira/service-desk/rest/intro/#errors."""
PROJECT = "SUP"
DESK = {"id": "1", "projectId": "10000", "projectKey": PROJECT, "projectName": "Support"}
TYPES = [{"id": "11", "name": "Refund", "serviceDeskId": "1"}]
_LIMIT = 100
_PASSED_ON = {
    ("create_issue", "POST"): "/rest/api/2/issue",
    ("fetch_issue", "GET"): "/rest/api/2/issue/{key}",
    ("search", "GET"): "/rest/api/2/search",
    ("any", "GET"): "/rest/api/{version}/{rest+}",
    ("any", "POST"): "/rest/api/{version}/{rest+}",
    ("any", "PUT"): "/rest/api/{version}/{rest+}",
    ("any", "DELETE"): "/rest/api/{version}/{rest+}",
}


class JiraFarEnd(HttpFarEnd):
    """One Jira site with one service desk.

    Attributes:
        issues: The jira820 server behind it.
    """

    def __init__(self) -> None:
        self._requests = itertools.count(1)
        self.issues = LoopbackServer(make_app(config=Config(project_key=PROJECT)))
        desks = "/rest/servicedeskapi"
        own = [
            route("create_request", "POST", f"{desks}/request", self._request),
            route("create_customer", "POST", f"{desks}/customer", _customer),
            route("list_desks", "GET", f"{desks}/servicedesk", _desks),
            route("request_types", "GET", f"{desks}/servicedesk/{{id}}/requesttype", _types),
            route("fetch_desk", "GET", f"{desks}/servicedesk/{{id}}", _desk),
            route("enhanced_search", "GET", "/rest/api/2/search/jql", self._enhanced),
            route("create_issues", "POST", "/rest/api/2/issue/bulk", self._bulk),
        ]
        passed_on = [
            route(operation, method, path, self._pass_on)
            for (operation, method), path in _PASSED_ON.items()
        ]
        super().__init__("jira", [*own, *passed_on], FAILURES)

    def start(self) -> JiraFarEnd:
        """Open both ports."""
        self.issues.start()
        super().start()
        return self

    def stop(self) -> None:
        """Close both ports."""
        super().stop()
        self.issues.stop()

    def failed(self, failure: Failure, request: Received) -> Reply:
        """Say it as Jira does, with a code where it comes from a service desk."""
        content: dict[str, Any] = {"errorMessages": [failure.message], "errors": {}}
        if "servicedeskapi" in request.path:
            key: dict[str, Any] = {"i18nErrorKey": failure.code, "parameters": []}
            content = {"errorMessage": failure.message, "i18nErrorMessage": key}
        return Reply.of(failure.status, content, failure.headers)

    def finished(self, reply: Reply, request: Received) -> Reply:
        """Count the request against the site's limit, and say so."""
        number = next(self._requests)
        reset = datetime.now(timezone.utc) + timedelta(seconds=40)
        told = {
            "Atl-Traceid": f"{number:032x}",
            "X-RateLimit-Limit": str(_LIMIT),
            "X-RateLimit-Remaining": str(_LIMIT - number % _LIMIT),
            "X-RateLimit-Reset": reset.isoformat(timespec="milliseconds"),
        }
        return Reply(reply.status, {**told, **reply.headers}, reply.body)

    def issue(self, summary: str = "Where is my refund?", **fields: Any) -> str:
        """Let the site have an issue, and return its key."""
        about = {"project": {"key": PROJECT}, "issuetype": {"name": "Task"}, "summary": summary}
        reply = self._ask("POST", "/rest/api/2/issue", {"fields": {**about, **fields}})
        key: str = json.loads(reply.body)["key"]
        return key

    def _pass_on(self, request: Received) -> Reply:
        query = f"?{request.query}" if request.query else ""
        path = request.path.replace("/api/latest/", "/api/2/")
        return self._sent(request.method, f"{path}{query}", request.body, request.headers)

    def _ask(self, method: str, path: str, content: Any = None) -> Reply:
        body = b"" if content is None else json.dumps(content).encode()
        return self._sent(method, path, body, {"content-type": "application/json"})

    def _sent(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        connection = http.client.HTTPConnection(HOST, int(self.issues.authority.split(":")[1]))
        try:
            # With the host, so that the links in its replies lead here.
            kept = {key: headers[key] for key in ("content-type", "host") if key in headers}
            connection.request(method, path, body, kept)
            reply = connection.getresponse()
            content_type = {"Content-Type": reply.headers.get("Content-Type", "")}
            return Reply(reply.status, content_type, reply.read())
        finally:
            connection.close()

    def _request(self, request: Received) -> Reply:
        given: dict[str, Any] = request.json["requestFieldValues"]
        key = self.issue(given["summary"], description=given.get("description"))
        return Reply.of(201, {"issueId": "10001", "issueKey": key, "serviceDeskId": "1"})

    def _bulk(self, request: Received) -> Reply:
        made = [self._ask("POST", "/rest/api/2/issue", one) for one in request.json["issueUpdates"]]
        return Reply.of(201, {"issues": [json.loads(one.body) for one in made], "errors": []})

    def _enhanced(self, request: Received) -> Reply:
        found = json.loads(self._ask("GET", "/rest/api/2/search?maxResults=1").body)
        return Reply.of(200, {"issues": found["issues"], "isLast": True})


def _customer(request: Received) -> Reply:
    given = request.json
    customer = {"accountId": "qm:a713c8ea", "name": "ada", "emailAddress": given["email"]}
    return Reply.of(201, {**customer, "displayName": given["displayName"]})


def _desks(request: Received) -> Reply:
    return Reply.of(200, {"values": [DESK], "isLastPage": True})


def _desk(request: Received) -> Reply:
    if request.ids["id"] not in {DESK["id"], PROJECT}:
        failure = FAILURES["not_found"]
        raise RefusedError(failure.status, failure.code, failure.message)
    return Reply.of(200, DESK)


def _types(request: Received) -> Reply:
    return Reply.of(200, {"values": TYPES, "isLastPage": True})


@contextmanager
def client(far_end: JiraFarEnd, **options: Any) -> Generator[JIRA, None, None]:
    """Give a client, and close its connections afterwards.

    Args:
        far_end: The far end, running.
        options: More arguments for `JIRA`; by default it does not ask for the server's version.
    """
    from jira import JIRA

    known: dict[str, Any] = {"timeout": 5.0, "get_server_info": False, **options}
    made = JIRA(far_end.url, basic_auth=("service@cx.example", "loopback"), **known)
    session: Any = made._session  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - it has no other name
    session.trust_env = False  # the machine's settings could bring in a proxy
    try:
        yield made
    finally:
        made.close()
