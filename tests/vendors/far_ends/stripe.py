"""Stripe's payments on a loopback port, and the real client that talks to it.

Objects live in memory. Cards are Stripe's published ones for tests: one pays, others are declined.
Nothing is charged, settled or sent; webhooks are not there.
"""

from __future__ import annotations

import itertools
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from cxotel.demo.far_ends.far_end import HttpFarEnd, route
from cxotel.demo.far_ends.faults import Failure, RefusedError
from cxotel.demo.far_ends.wire import Received, Reply

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from stripe import StripeClient

PAYS = "pm_card_visa"
DECLINED: Mapping[str, tuple[str, str | None]] = {
    "pm_card_chargeDeclinedInsufficientFunds": ("card_declined", "insufficient_funds"),
    "pm_card_chargeDeclinedExpiredCard": ("expired_card", None),
}
"""Cards that are declined: the error's code and the bank's; https://docs.stripe.com/testing."""
FAILURES: Mapping[str, Failure] = {
    "throttled": Failure(429, "rate_limit", "Too many requests"),
    "unavailable": Failure(503, "api_error", "Please try again"),
    "server_error": Failure(500, "api_error", "An unknown error occurred"),
    "unauthorized": Failure(401, "api_key_expired", "Expired API key provided"),
    "not_found": Failure(404, "resource_missing", "No such object"),
    "invalid": Failure(400, "parameter_invalid_string", "Invalid string"),
    "conflict": Failure(409, "idempotency_key_in_use", "Another request uses this key"),
}
"""https://docs.stripe.com/error-codes."""
_PREFIX = {
    "payment_intents": "pi",
    "setup_intents": "seti",
    "charges": "ch",
    "refunds": "re",
    "customers": "cus",
    "payment_methods": "pm",
    "payment_links": "plink",
    "invoices": "in",
    "subscriptions": "sub",
    "checkout/sessions": "cs_test",
}


class StripeFarEnd(HttpFarEnd):
    """One Stripe account in test mode.

    Attributes:
        objects: What it holds, by id.
    """

    def __init__(self) -> None:
        self.objects: dict[str, dict[str, Any]] = {}
        self._numbers = itertools.count(1)
        plain = [
            route("download", "GET", "/v1/quotes/{id}/pdf", lambda _: Reply.of(200, b"%PDF-1.7")),
            route("search", "GET", "/v1/{kind}/search", self._list),
            route("create", "POST", "/v1/checkout/sessions", self._create),
            route("fetch", "GET", "/v1/checkout/sessions/{id}", self._fetch),
            route("act", "POST", "/v1/checkout/sessions/{id}/{action}", self._act),
            route("list", "GET", "/v1/{kind}", self._list),
            route("create", "POST", "/v1/{kind}", self._create),
            route("fetch", "GET", "/v1/{kind}/{id}", self._fetch),
            route("act", "POST", "/v1/{kind}/{id}", self._act),
            route("act", "DELETE", "/v1/{kind}/{id}", self._act),
            route("act", "POST", "/v1/{kind}/{id}/{action}", self._act),
            route("list", "GET", "/v1/{kind}/{id}/{inner}", self._list),
        ]
        super().__init__("stripe", plain, FAILURES)

    def add(self, kind: str, **fields: Any) -> str:
        """Let the account have an object, and return its id.

        Args:
            kind: The collection, as in ``payment_intents``.
            fields: What it says.
        """
        new_id = f"{_PREFIX[kind]}_{next(self._numbers):016d}x"
        name = kind.replace("/", ".").removesuffix("s")
        self.objects[new_id] = {"id": new_id, "object": name, **fields}
        return new_id

    def failed(self, failure: Failure, request: Received) -> Reply:
        """Say it as Stripe does: a kind of error, its code, and of a card the bank's reason."""
        kind = "card_error" if failure.status == 402 else "invalid_request_error"
        kind = "api_error" if failure.status >= 500 else kind
        code, _, reason = failure.code.partition("/")
        content = {"type": kind, "code": code, "message": failure.message}
        if reason:
            content["decline_code"] = reason
        return Reply.of(failure.status, {"error": content}, failure.headers)

    def finished(self, reply: Reply, request: Received) -> Reply:
        """Add the request's id."""
        own = {"Request-Id": f"req_{next(self._numbers):014d}x"}
        return Reply(reply.status, {**own, **reply.headers}, reply.body)

    def _create(self, request: Received) -> Reply:
        self._pay(request)
        kind = request.ids.get("kind", "checkout/sessions")
        new_id = self.add(kind, **_plain(request.form))
        return Reply.of(200, self.objects[new_id])

    def _fetch(self, request: Received) -> Reply:
        return Reply.of(200, self._found(request.ids["id"]))

    def _act(self, request: Received) -> Reply:
        self._pay(request)
        found = self._found(request.ids["id"])
        found.update(_plain(request.form))
        return Reply.of(200, found)

    def _list(self, request: Received) -> Reply:
        name = request.ids.get("inner", request.ids["kind"]).removesuffix("s")
        data = [each for each in self.objects.values() if each["object"] == name]
        content = {"object": "list", "data": data, "has_more": False, "url": request.path}
        return Reply.of(200, content)

    def _found(self, wanted: str) -> dict[str, Any]:
        if wanted not in self.objects:
            raise RefusedError(404, "resource_missing", f"No such object: '{wanted}'")
        return self.objects[wanted]

    def _pay(self, request: Received) -> None:
        """Let the bank decline a payment, where its card is one of those."""
        code, reason = DECLINED.get(request.form.get("payment_method", ""), (None, None))
        if code is not None:
            raise RefusedError(402, f"{code}/{reason or ''}", "Your card was declined.")


def _plain(form: Mapping[str, str]) -> dict[str, str]:
    """Return the fields that are no parts of others: `metadata[order]` is one."""
    return {key: value for key, value in form.items() if "[" not in key}


class Place(Protocol):
    """A server that speaks Stripe's language."""

    @property
    def url(self) -> str:
        """Where it listens."""
        ...


@contextmanager
def client(far_end: Place, **options: Any) -> Generator[StripeClient, None, None]:
    """Give a real client, and close its connections afterwards.

    Args:
        far_end: Where it calls.
        options: Of its HTTP client, such as ``timeout`` in seconds; ``max_network_retries``.
    """
    import requests
    import stripe

    retries = options.pop("max_network_retries", 0)
    session = requests.Session()
    session.trust_env = False  # no proxy may stand between a client and a loopback port
    http = stripe.RequestsClient(session=session, **options)
    try:
        yield _connected(far_end, http, retries)
    finally:
        session.close()


class AsyncClient:
    """Give a real client that uses httpx, and close its connections afterwards.

    Args:
        far_end: Where it calls.
    """

    def __init__(self, far_end: Place, max_network_retries: int = 0) -> None:
        import stripe

        self._http = stripe.HTTPXClient(timeout=30)
        self._client = _connected(far_end, self._http, max_network_retries)

    async def __aenter__(self) -> StripeClient:
        """Return the client."""
        return self._client

    async def __aexit__(self, *_: object) -> None:
        """Close its connections."""
        await self._http.close_async()


def _connected(far_end: Place, http: Any, retries: int) -> StripeClient:
    from stripe import StripeClient

    bases: Any = {"api": far_end.url, "files": far_end.url}
    return StripeClient(
        "sk_test_loopback",
        base_addresses=bases,
        http_client=http,
        max_network_retries=retries,
    )
