"""Intercom's REST API over loopback: conversations, tickets, contacts, articles.

It answers as https://developers.intercom.com/docs/references/rest-api says, and knows as much as
the tests ask for. It does not prove that Intercom itself answers so.
"""

from __future__ import annotations

import time
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any

import httpx

from cxotel.demo.far_ends.far_end import HttpFarEnd, route
from cxotel.demo.far_ends.faults import Failure, RefusedError
from cxotel.demo.far_ends.memory import Ids
from cxotel.demo.far_ends.wire import Received, Reply

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator, Mapping

    from intercom import AsyncIntercom, Intercom

FAILURES: Mapping[str, Failure] = {
    "throttled": Failure(429, "rate_limit_exceeded", "Exceeded rate limit of 167 in 10_seconds"),
    "unavailable": Failure(503, "service_unavailable", "Sorry, the API service is unavailable"),
    "server_error": Failure(500, "server_error", "Internal server error"),
    "unauthorized": Failure(401, "unauthorized", "Access Token Invalid"),
    "not_found": Failure(404, "not_found", "Resource Not Found"),
    "invalid": Failure(422, "parameter_invalid", "Attribute is invalid"),
}
"""https://developers.intercom.com/docs/references/rest-api/errors/error-codes."""
WINDOW_SECONDS = 10


class IntercomFarEnd(HttpFarEnd):
    """Intercom's REST API.

    Attributes:
        fin: How Intercom's bot left a conversation, or None where it had no part in it.
        assignments: How often a conversation has been assigned.
    """

    def __init__(self) -> None:
        self._ids = Ids("intercom")
        self.fin: str | None = None
        self.assignments = 1
        conversation, ticket, person = "/conversations/{id}", "/tickets/{id}", "/contacts/{id}"
        routes = (
            route("create_conversation", "POST", "/conversations", self._message),
            route("list_conversations", "GET", "/conversations", self._conversations),
            route("search_conversations", "POST", "/conversations/search", self._conversations),
            route("conversation", "GET", conversation, self._conversation),
            route("conversation", "PUT", conversation, self._conversation),
            route("reply", "POST", f"{conversation}/reply", self._conversation),
            route("manage", "POST", f"{conversation}/parts", self._conversation),
            route("assign", "POST", f"{conversation}/run_assignment_rules", self._conversation),
            route("convert", "POST", f"{conversation}/convert", self._ticket),
            route("attach", "POST", f"{conversation}/customers", self._conversation),
            route("detach", "DELETE", f"{conversation}/customers/{{who}}", self._conversation),
            route("redirect", "POST", "/phone_call_redirects", self._redirect),
            route("message", "POST", "/messages", self._message),
            route("create_ticket", "POST", "/tickets", self._ticket),
            route("search_tickets", "POST", "/tickets/search", self._tickets),
            route("ticket", "GET", ticket, self._ticket),
            route("ticket", "PUT", ticket, self._ticket),
            route("ticket_reply", "POST", f"{ticket}/reply", self._ticket),
            route("create_contact", "POST", "/contacts", self._contact),
            route("search_contacts", "POST", "/contacts/search", self._contacts),
            route("merge", "POST", "/contacts/merge", self._contact),
            route("contact", "GET", "/contacts/find_by_external_id/{key}", self._contact),
            route("contact", "GET", person, self._contact),
            route("contact", "PUT", person, self._contact),
            route("articles", "GET", "/articles/search", self._articles),
            route("article", "GET", "/articles/{id}", self._article),
            route("event", "POST", "/events", lambda _: Reply.of(202)),
            route("admins", "GET", "/admins", self._admins),
        )
        super().__init__("intercom", routes, FAILURES)

    def clear(self) -> None:
        """Forget what was to go wrong."""
        super().clear()
        self.fin, self.assignments = None, 1

    def admit(self, request: Received) -> None:
        """Refuse a request without a token."""
        if not request.headers.get("authorization", "").startswith("Bearer "):
            raise RefusedError(401, "unauthorized", "Access Token Invalid")

    def failed(self, failure: Failure, request: Received) -> Reply:
        """Put a failure into Intercom's list of errors."""
        errors = [{"code": failure.code, "message": failure.message}]
        content = {"type": "error.list", "request_id": self._ids.hex(20), "errors": errors}
        return Reply.of(failure.status, content, failure.headers)

    def finished(self, reply: Reply, request: Received) -> Reply:
        """Add the request's id, and the rate limit with the moment of its next window."""
        told = {
            "X-Request-Id": self._ids.hex(20),
            "X-RateLimit-Limit": "167",
            "X-RateLimit-Remaining": "166",
            "X-RateLimit-Reset": str(int(time.time()) + WINDOW_SECONDS),
        }
        return Reply(reply.status, {**told, **reply.headers}, reply.body, reply.created)

    def _about(self, request: Received, kind: str) -> dict[str, Any]:
        return {"type": kind, "id": request.ids.get("id", "215468435")}

    def _conversation(self, request: Received) -> Reply:
        content: dict[str, Any] = {
            **self._about(request, "conversation"),
            "state": "open",
            "statistics": {
                "type": "conversation_statistics",
                "count_assignments": self.assignments,
            },
            "source": {"body": request.json.get("body", ""), "author": {"type": "user"}},
        }
        if self.fin is not None:
            content["ai_agent"] = {"resolution_state": self.fin, "updated_at": 1_795_000_000}
        return Reply.of(200, content)

    def _conversations(self, request: Received) -> Reply:
        found = [{"type": "conversation", "id": "215468435"}]
        return Reply.of(200, {"type": "conversation.list", "conversations": found})

    def _message(self, request: Received) -> Reply:
        message = {"type": "user_message", "id": "403918330", "body": request.json.get("body")}
        return Reply.of(200, {**message, "message_type": "inapp", "conversation_id": "215468435"})

    def _redirect(self, request: Received) -> Reply:
        return Reply.of(200, {"type": "phone_call_redirect", "phone": request.json.get("phone")})

    def _ticket(self, request: Received) -> Reply:
        sent: dict[str, Any] = request.json
        about, key = self._about(request, "ticket"), "ticket_attributes"
        return Reply.of(200, {**about, key: sent.get(key, {})})

    def _tickets(self, request: Received) -> Reply:
        return Reply.of(200, {"type": "ticket.list", "tickets": [{"type": "ticket", "id": "7"}]})

    def _contact(self, request: Received) -> Reply:
        about = {"type": "contact", "id": request.ids.get("id", "6762f0dd1bb69f9f2193bb83")}
        return Reply.of(200, {**request.json, **about})

    def _contacts(self, request: Received) -> Reply:
        found = [{"type": "contact", "id": "6762f0dd1bb69f9f2193bb83", "email": "a@b.example"}]
        return Reply.of(200, {"type": "list", "data": found, "total_count": 1})

    def _articles(self, request: Received) -> Reply:
        return Reply.of(200, {"type": "list", "total_count": 0, "data": {"articles": []}})

    def _article(self, request: Received) -> Reply:
        return Reply.of(200, {**self._about(request, "article"), "title": "Refunds"})

    def _admins(self, request: Received) -> Reply:
        return Reply.of(200, {"type": "admin.list", "admins": []})


@contextmanager
def client(far_end: IntercomFarEnd, timeout: float = 5.0) -> Generator[Intercom, None, None]:
    """Give a synchronous client that talks to the far end.

    Args:
        far_end: Whom to talk to.
        timeout: Seconds until a request is given up.
    """
    from intercom import Intercom

    with httpx.Client(trust_env=False, timeout=timeout) as http:
        yield Intercom(token="loopback", base_url=far_end.url, httpx_client=http)


@asynccontextmanager
async def async_client(far_end: IntercomFarEnd) -> AsyncGenerator[AsyncIntercom, None]:
    """Give an asynchronous client that talks to the far end.

    Args:
        far_end: Whom to talk to.
    """
    from intercom import AsyncIntercom

    async with httpx.AsyncClient(trust_env=False) as http:
        yield AsyncIntercom(token="loopback", base_url=far_end.url, httpx_client=http)
