"""Stripe: the real client, synchronous and asynchronous, held to the contract.

The far end is a loopback server that follows Stripe's API reference. It proves what the client
sends and makes of replies; it does not prove that Stripe itself answers so. Tests against
localstripe, which somebody else wrote, are beside this file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import stripe

from cxotel import semconv
from cxotel.demo.far_ends import Fault
from cxotel.testing import ABSENT, Case, Example, VendorContract
from tests.vendors.far_ends.stripe import PAYS, AsyncClient, StripeFarEnd, client

if TYPE_CHECKING:
    from collections.abc import Callable

    from cxotel.testing import At

# Stripe's client gives httpx its content, and older ones its certificates, in older ways.
pytestmark = [
    pytest.mark.filterwarnings("ignore:Use 'content=<...>':DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:`verify=<str>` is deprecated:DeprecationWarning"),
]

STATUS = semconv.HTTP_RESPONSE_STATUS_CODE
TYPE, RECORD, ITEMS = semconv.CX_RECORD_TYPE, semconv.CX_RECORD_ID, semconv.CX_CALL_ITEMS
CODE = semconv.CX_VENDOR_ERROR_CODE
NO_FUNDS = "pm_card_chargeDeclinedInsufficientFunds"
PRICE: dict[str, Any] = {"amount": 4200, "currency": "eur", "payment_method": PAYS}


def service(at: At, path: str) -> Any:
    """Return a service of the client, by its path: `checkout.sessions`."""
    found: Any = getattr(at.client, "v1", at.client)  # older clients have no v1
    for name in path.split("."):
        found = getattr(found, name)
    return found


def prepared(at: At) -> str:
    """Return the id of the object that was prepared."""
    return str(at.prepared)


def made(at: At) -> str:
    """Return the id of the object that the call made."""
    return str(at.result.id)


def known(kind: str, **fields: Any) -> Callable[[At], str]:
    """Return a preparation: an object that the account has."""
    return lambda at: str(at.far_end.add(kind, **fields))


def calling(path: str, method: str, *args: Any, **params: Any) -> dict[str, Any]:
    """Return an example's call of a service's method; an argument may be found by a function."""

    def given(at: At) -> list[Any]:
        return [value(at) if callable(value) else value for value in args]

    def call(at: At) -> Any:
        return getattr(service(at, path), method)(*given(at), params=dict(params))

    async def call_async(at: At) -> Any:
        return await getattr(service(at, path), f"{method}_async")(*given(at), params=dict(params))

    return {"call": call, "call_async": call_async}


def creating(operation: str, path: str, kind: str, **params: Any) -> Example:
    """Return an example that makes an object."""
    return Example(
        operation=operation,
        attributes={TYPE: kind, RECORD: made},
        **calling(path, "create", **params),
    )


def about(operation: str, path: str, method: str, kind: str, **params: Any) -> Example:
    """Return an example about one object."""
    return Example(
        operation=operation,
        prepare=known(path.replace(".", "/")),
        attributes={TYPE: kind, RECORD: prepared},
        **calling(path, method, prepared, **params),
    )


def listing(operation: str, path: str, kind: str, method: str = "list", **params: Any) -> Example:
    """Return an example that lists objects."""
    return Example(
        operation=operation,
        attributes={TYPE: kind, ITEMS: lambda at: len(at.result.data)},
        **calling(path, method, **params),
    )


def raw(method: str, url: str) -> dict[str, Any]:
    """Return an example's call that bypasses the services."""

    def call(at: At) -> Any:
        return at.client.raw_request(method, url)

    async def call_async(at: At) -> Any:
        return await at.client.raw_request_async(method, url)

    return {"call": call, "call_async": call_async}


def failing(operation: str, fault: Fault, kind: str | None = None) -> Callable[[At], object]:
    """Return a preparation: something goes wrong at the far end, about an object or none."""

    def prepare(at: At) -> object:
        at.far_end.faults.add("stripe", operation, fault)
        return None if kind is None else at.far_end.add(kind)

    return prepare


def refused(at: At) -> object:
    """Let the far end repeat in its error what the customer said."""
    said = at.canary
    words = f"{said.phone} {said.email} {said.name} {said.text}"
    return failing("create", Fault(failure="invalid", message=words))(at)


def a_known_customer(at: At) -> str:
    """Prepare a customer of whom all is known that must not leave."""
    said = at.canary
    details = {"name": said.name, "email": said.email, "phone": said.phone}
    return str(at.far_end.add("customers", description=said.text, **details))


def reset(far_end: StripeFarEnd) -> None:
    """Let nothing go wrong, and forget all objects."""
    far_end.clear()
    far_end.objects.clear()


PAYMENT, SESSION = "payment_intent", "checkout.session"
RETRYING: dict[str, Callable[[Any], Any]] = {
    "sync": lambda far_end: client(far_end, max_network_retries=2),
    "async": lambda far_end: AsyncClient(far_end, max_network_retries=2),
}

CASE = Case(
    vendor="stripe",
    far_end=StripeFarEnd,
    clients={"sync": client, "async": AsyncClient},
    reset=reset,
    common={
        STATUS: 200,
        semconv.SERVER_ADDRESS: "127.0.0.1",
        semconv.CX_VENDOR_REQUEST_ID: str,
    },
    examples=(
        creating("create_payment", "payment_intents", PAYMENT, **PRICE),
        about("fetch_payment", "payment_intents", "retrieve", PAYMENT),
        about("update_payment", "payment_intents", "update", PAYMENT, amount=4300),
        about("confirm_payment", "payment_intents", "confirm", PAYMENT, payment_method=PAYS),
        about("capture_payment", "payment_intents", "capture", PAYMENT),
        about("cancel_payment", "payment_intents", "cancel", PAYMENT),
        listing("list_payments", "payment_intents", PAYMENT),
        listing("search_payments", "payment_intents", PAYMENT, "search", query="amount>1"),
        creating("create_setup", "setup_intents", "setup_intent"),
        about("confirm_setup", "setup_intents", "confirm", "setup_intent"),
        creating("create_charge", "charges", "charge", amount=4200, currency="eur"),
        about("fetch_charge", "charges", "retrieve", "charge"),
        about("capture_charge", "charges", "capture", "charge"),
        listing("list_charges", "charges", "charge"),
        creating("create_refund", "refunds", "refund", payment_intent="pi_0000000000000000x"),
        about("fetch_refund", "refunds", "retrieve", "refund"),
        listing("list_refunds", "refunds", "refund"),
        creating("create_customer", "customers", "customer", description="a shop"),
        about("fetch_customer", "customers", "retrieve", "customer"),
        about("update_customer", "customers", "update", "customer", description="a shop"),
        listing("list_customers", "customers", "customer"),
        listing("search_customers", "customers", "customer", "search", query="name:'a'"),
        Example(
            operation="list_payment_methods",
            prepare=known("customers"),
            attributes={TYPE: "customer", RECORD: prepared, ITEMS: 0},
            **calling("customers.payment_methods", "list", prepared),
        ),
        creating("create_payment_method", "payment_methods", "payment_method", type="card"),
        about(
            "attach_payment_method", "payment_methods", "attach", "payment_method", customer="cus_1"
        ),
        creating("create_checkout", "checkout.sessions", SESSION, mode="payment"),
        about("fetch_checkout", "checkout.sessions", "retrieve", SESSION),
        about("expire_checkout", "checkout.sessions", "expire", SESSION),
        creating("create_payment_link", "payment_links", "payment_link"),
        creating("create_invoice", "invoices", "invoice"),
        about("fetch_invoice", "invoices", "retrieve", "invoice"),
        listing("list_invoices", "invoices", "invoice"),
        about("pay_invoice", "invoices", "pay", "invoice"),
        creating("create_subscription", "subscriptions", "subscription"),
        about("fetch_subscription", "subscriptions", "retrieve", "subscription"),
        about("update_subscription", "subscriptions", "update", "subscription"),
        about("cancel_subscription", "subscriptions", "cancel", "subscription"),
        listing("list_subscriptions", "subscriptions", "subscription"),
        listing("list_disputes", "disputes", "dispute"),
        listing("list_balance_transactions", "balance_transactions", "balance_transaction"),
        listing("list_events", "events", "event"),
        Example(
            operation="request",
            attributes={TYPE: "quote", RECORD: "qt_0000000000000001x"},
            **calling("quotes", "pdf", "qt_0000000000000001x"),
        ),
        Example(
            operation="list_customers",
            attributes={TYPE: "customer", ITEMS: 0},
            **raw("get", "/v1/customers"),
        ),
        Example(
            operation="fetch_customer",
            raises=stripe.InvalidRequestError,
            error="404",
            attributes={
                TYPE: "customer",
                RECORD: "cus_0000000000000000x",
                STATUS: 404,
                CODE: "resource_missing",
            },
            **raw("get", "/v1/customers/cus_0000000000000000x"),
        ),
        Example(
            operation="confirm_payment",
            prepare=known("payment_intents"),
            raises=stripe.CardError,
            attributes={TYPE: PAYMENT, RECORD: prepared, STATUS: 402, CODE: "insufficient_funds"},
            **calling("payment_intents", "confirm", prepared, payment_method=NO_FUNDS),
        ),
        Example(
            operation="create_payment",
            clients=RETRYING,
            prepare=failing("create", Fault(failure="unavailable", times=1)),
            attributes={
                TYPE: PAYMENT,
                RECORD: made,
                semconv.HTTP_REQUEST_RESEND_COUNT: 1,
                semconv.CX_CALL_RETRY_WAIT: int,
                semconv.CX_CALL_RECOVERED: True,
            },
            **calling("payment_intents", "create", **PRICE),
        ),
        Example(
            operation="fetch_payment",
            prepare=failing("fetch", Fault(failure="throttled"), "payment_intents"),
            raises=stripe.RateLimitError,
            error="RateLimitError",
            attributes={
                TYPE: PAYMENT,
                RECORD: prepared,
                STATUS: 429,
                CODE: "rate_limit",
                semconv.CX_CALL_THROTTLED: True,
            },
            **calling("payment_intents", "retrieve", prepared),
        ),
    ),
    slow=Example(
        operation="create_payment",
        prepare=failing("create", Fault(hang=True)),
        clients={"sync": lambda far_end: client(far_end, timeout=0.3)},
        raises=stripe.APIConnectionError,
        error="APIConnectionError",
        attributes={TYPE: PAYMENT, STATUS: ABSENT, semconv.CX_VENDOR_REQUEST_ID: ABSENT},
        **calling("payment_intents", "create", **PRICE),
    ),
    canaries=(
        Example(
            operation="create_customer",
            call=lambda at: service(at, "customers").create(params=a_customer(at)),
            call_async=lambda at: service(at, "customers").create_async(params=a_customer(at)),
        ),
        Example(
            operation="fetch_customer",
            prepare=a_known_customer,
            **calling("customers", "retrieve", prepared),
        ),
        Example(
            operation="create_payment",
            prepare=refused,
            raises=stripe.InvalidRequestError,
            **calling("payment_intents", "create", **PRICE),
        ),
    ),
)


def a_customer(at: At) -> dict[str, str]:
    """Return what is said of a new customer."""
    said = at.canary
    details = {"name": said.name, "email": said.email, "phone": said.phone}
    return {"description": said.text, **details}


class TestStripe(VendorContract):
    """The contract that every vendor keeps."""

    case = CASE
