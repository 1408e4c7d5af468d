"""Stripe's calls, seen at the requestor that every resource and service of the client has."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

from cxotel import semconv
from cxotel.engine import (
    Arguments,
    Operation,
    Problem,
    Target,
    Vendor,
    body,
    count,
    header,
    json_text,
    unwaited,
    walk,
)
from cxotel.vendors.families.rest_paths import segments, starred, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from cxotel.engine import Call

_FIRST_ERROR = 300
_DECLINED = 402
_MOST_KEYS = 50
"""A record has room for so much metadata; https://docs.stripe.com/metadata."""
_VERSION = re.compile(r"^/v\d+/")
_ID = re.compile(r"[a-z]+(?:_test|_live)?_(?=[a-z]*[A-Z0-9])[A-Za-z0-9]{8,}")
"""An id is a prefix and letters of both cases and digits; a word of a path has none of these."""


def _path(call: Call) -> str:
    """Return the path without the version of the interface that it begins with."""
    return _VERSION.sub("", call.argument("url"))


def _identify(call: Call) -> str:
    return starred(call.argument("method"), _path(call), WORDS)


def _record_type(call: Call) -> str:
    """Read what kind of object a path is about: `payment_intent`, `checkout.session`."""
    first, *rest = segments(_path(call))
    return ".".join(part.removesuffix("s") for part in (first, *rest[: first in _GROUPS]))


def _record_id(call: Call) -> str | None:
    found = (part for part in segments(_path(call)) if _ID.fullmatch(part))
    return next(found, None)


def _connections(call: Call) -> object:
    """Return the HTTP client: objects that a client makes have requestors of their own."""
    return call.instance._client  # noqa: SLF001 - there is no public way from a requestor to it


def _raw(response: Any) -> tuple[Any, int, Any] | None:
    """Return body, status and headers, where no object was made of a reply."""
    return cast("tuple[Any, int, Any]", response) if isinstance(response, tuple) else None


def _document(response: Any) -> object:
    raw = _raw(response)
    if raw is None:
        return response
    return json_text(raw[0]) if isinstance(raw[0], (str, bytes)) else None  # a stream is not ours


def _failure(call: Call) -> Problem | None:
    """Find the failure in a raw reply; of others an exception was made by now."""
    raw = _raw(call.response)
    if raw is None or raw[1] < _FIRST_ERROR:
        return None
    return Problem(str(raw[1]), _code(call.document))


def _code(document: object) -> str | None:
    """Read why: a bank's reason for declining a card says more than that it was declined.

    https://docs.stripe.com/declines/codes, https://docs.stripe.com/error-codes
    """
    named = (walk(document, ("error", key)) for key in ("decline_code", "code", "type"))
    return next((name for name in named if name), None)


def _declined(call: Call, _: Problem) -> bool:
    """Tell whether a bank said no: Stripe did its work. The client calls this a `CardError`.

    https://docs.stripe.com/api/errors
    """
    raw = _raw(call.response)
    status = call.error.http_status if raw is None else raw[1]
    return status == _DECLINED


def _carry(call: Call, journey_id: str) -> Arguments | None:
    """Write the journey id among the record's metadata, where that has room."""
    params: dict[str, Any] = call.argument("params") or {}
    metadata: dict[str, Any] = {**(params.get("metadata") or {}), "cx_journey_id": journey_id}
    if len(metadata) > _MOST_KEYS:
        return None
    return call.replacing("params", {**params, "metadata": metadata})


def _creating(name: str) -> Operation:
    return Operation(name, response={semconv.CX_RECORD_ID: body("id")}, carry=_carry)


def _listing(name: str, make: Callable[..., Operation] = Operation) -> Operation:
    return make(name, response={semconv.CX_CALL_ITEMS: count(body("data"))})


OPERATIONS = {
    "POST payment_intents": _creating("create_payment"),
    "GET payment_intents/*": Operation("fetch_payment"),
    "POST payment_intents/*": Operation("update_payment"),
    "POST payment_intents/*/confirm": Operation("confirm_payment"),
    "POST payment_intents/*/capture": Operation("capture_payment"),
    "POST payment_intents/*/cancel": Operation("cancel_payment"),
    "GET payment_intents": _listing("list_payments"),
    "GET payment_intents/search": _listing("search_payments"),
    "POST setup_intents": _creating("create_setup"),
    "POST setup_intents/*/confirm": Operation("confirm_setup"),
    "POST charges": _creating("create_charge"),
    "GET charges/*": Operation("fetch_charge"),
    "POST charges/*/capture": Operation("capture_charge"),
    "GET charges": _listing("list_charges"),
    "POST refunds": _creating("create_refund"),
    "GET refunds/*": Operation("fetch_refund"),
    "GET refunds": _listing("list_refunds"),
    "POST customers": _creating("create_customer"),
    "GET customers/*": Operation("fetch_customer"),
    "POST customers/*": Operation("update_customer"),
    "GET customers": _listing("list_customers"),
    "GET customers/search": _listing("search_customers"),
    "GET customers/*/payment_methods": _listing("list_payment_methods"),
    "POST payment_methods": _creating("create_payment_method"),
    "POST payment_methods/*/attach": Operation("attach_payment_method"),
    "POST checkout/sessions": _creating("create_checkout"),
    "GET checkout/sessions/*": Operation("fetch_checkout"),
    "POST checkout/sessions/*/expire": Operation("expire_checkout"),
    "POST payment_links": _creating("create_payment_link"),
    "POST invoices": _creating("create_invoice"),
    "GET invoices/*": Operation("fetch_invoice"),
    "GET invoices": _listing("list_invoices"),
    "POST invoices/*/pay": Operation("pay_invoice"),
    "POST subscriptions": _creating("create_subscription"),
    "GET subscriptions/*": Operation("fetch_subscription"),
    "POST subscriptions/*": Operation("update_subscription"),
    "DELETE subscriptions/*": Operation("cancel_subscription"),
    "GET subscriptions": _listing("list_subscriptions"),
    "GET disputes": _listing("list_disputes", unwaited),
    "GET balance_transactions": _listing("list_balance_transactions", unwaited),
    "GET events": _listing("list_events", unwaited),
}
WORDS = words(OPERATIONS)
_GROUPS = frozenset({"checkout", "billing_portal", "terminal", "identity"})
"""First parts of paths that name a group of resources, and not one of them."""

VENDOR = Vendor(
    name="stripe",
    layer="payment",
    requires=("stripe >= 11",),
    # What is asked for raw, or as a stream, passes the inner pair alone.
    targets=tuple(
        Target("stripe._api_requestor", f"_APIRequestor.{name}", anchor=_connections)
        for name in ("request", "request_async", "request_raw", "request_raw_async")
    ),
    clients=("stripe.",),
    anchor=lambda client: client._requestor._client,  # noqa: SLF001 - what all its requestors share
    identify=_identify,
    document=_document,
    failure=_failure,
    error_code=lambda error: _code(error.json_body),
    raises=("stripe",),
    refused=_declined,
    throttled=frozenset({"rate_limit", "lock_timeout"}),
    request={semconv.CX_RECORD_TYPE: _record_type, semconv.CX_RECORD_ID: _record_id},
    response={semconv.CX_VENDOR_REQUEST_ID: header("Request-Id")},
    operations=OPERATIONS,
)
