"""Stripe: declined cards, retries, and what a journey makes of them; the other server's word too.

localstripe follows Stripe's API by somebody else's reading of it. It is run as it is, in a process
of its own; it sends no ids of requests, and its cards are numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import stripe

import cxotel
from cxotel import semconv
from cxotel.demo.far_ends import Fault
from tests.vendors.far_ends.localstripe import Localstripe, localstripe
from tests.vendors.far_ends.stripe import PAYS, StripeFarEnd, client
from tests.vendors.scored import calls, lost, scored, watching

if TYPE_CHECKING:
    from collections.abc import Iterator

NO_FUNDS = "pm_card_chargeDeclinedInsufficientFunds"
PRICE: dict[str, Any] = {"amount": 4200, "currency": "eur"}


@pytest.fixture(scope="module")
def running() -> Iterator[StripeFarEnd]:
    """One server for all tests of this file."""
    with StripeFarEnd() as far_end:
        yield far_end


@pytest.fixture
def far_end(running: StripeFarEnd) -> Iterator[StripeFarEnd]:
    """The server with nothing wrong; no handler of it may crash."""
    running.clear()
    yield running
    assert running.crashes == []


@pytest.fixture
def payments(far_end: StripeFarEnd) -> Iterator[Any]:
    """The payments of a real client."""
    with client(far_end) as connected:
        yield services(connected).payment_intents


def services(connected: Any) -> Any:
    """Return the client's services; older ones have them on the client itself."""
    return getattr(connected, "v1", connected)


@pytest.fixture(scope="module")
def other() -> Iterator[Localstripe]:
    """The server that somebody else wrote."""
    with localstripe() as server:
        yield server


@pytest.fixture
def shop(other: Localstripe) -> Iterator[Any]:
    """The services of a client that talks to localstripe."""
    with client(other) as connected:
        yield services(connected)


def card(shop: Any, number: str) -> str:
    """Register a card, and return its id."""
    details = {"number": number, "exp_month": 12, "exp_year": 2040, "cvc": "123"}
    return str(shop.payment_methods.create(params={"type": "card", "card": details}).id)


def test_declined_card_is_the_banks_answer(far_end: StripeFarEnd, payments: Any) -> None:
    """A bank that says no is no failure of Stripe's: the reason is told, and nothing is lost."""
    made = payments.create(params=PRICE)
    with pytest.raises(stripe.CardError), scored("stripe") as told:
        payments.confirm(made.id, params={"payment_method": NO_FUNDS})
    assert "reliability" not in lost(told)


def test_outage_is_stripes(far_end: StripeFarEnd, payments: Any) -> None:
    """A payment that Stripe itself cannot make costs reliability, in the layer of payments."""
    far_end.faults.add("stripe", "create", Fault(failure="server_error"))
    with pytest.raises(stripe.APIError), scored("stripe") as told:
        payments.create(params=PRICE)
    assert lost(told) == {"reliability"}
    assert told[semconv.CX_EXPERIENCE_BLAME_SYSTEM] == "stripe"
    assert told[semconv.CX_EXPERIENCE_BLAME_LAYER] == "payment"


def test_hidden_retries_keep_the_customer_waiting(far_end: StripeFarEnd) -> None:
    """The client tries again by itself, with the same key; the wait for that is told."""
    far_end.faults.add("stripe", "create", Fault(failure="unavailable", times=2))
    with client(far_end, max_network_retries=3) as patient, watching("stripe") as telemetry:
        services(patient).payment_intents.create(params=PRICE)
    (span,) = calls(telemetry)
    told = span["attributes"]
    assert told[semconv.HTTP_REQUEST_RESEND_COUNT] == 2
    assert told[semconv.CX_CALL_RETRY_WAIT] >= 500
    assert told[semconv.CX_CALL_RECOVERED] is True
    keys = {request.headers["idempotency-key"] for request in far_end.received}
    assert len(keys) == 1
    assert not any(key in str(told) for key in keys)


def test_objects_carry_their_client(far_end: StripeFarEnd) -> None:
    """Where one client is observed alone, so is what its objects do."""
    far_end.add("payment_intents")
    with client(far_end) as chosen, client(far_end) as another, watching("stripe") as telemetry:
        cxotel.uninstrument("stripe")
        provider = telemetry.tracer_provider
        cxotel.instrument_client(chosen, tracer_provider=provider)
        try:
            for connected in (chosen, another):
                found = services(connected).payment_intents.list().data[0]
                found.confirm(payment_method=PAYS)
        finally:
            cxotel.uninstrument("stripe")
        names = [span["name"] for span in calls(telemetry)]
    assert names == ["list_payments stripe", "confirm_payment stripe"]


def test_localstripe_takes_a_payment_and_gives_it_back(shop: Any) -> None:
    """A card that pays: the payment, its confirmation and its refund are told by their ids."""
    paying = card(shop, "4242424242424242")
    buyer = shop.customers.create(params={"description": "a shop"})
    with watching("stripe") as telemetry:
        params = {**PRICE, "payment_method": paying, "customer": buyer.id}
        made = shop.payment_intents.create(params=params)
        paid = shop.payment_intents.confirm(made.id)
        given_back = shop.refunds.create(params={"charge": paid.latest_charge.id})
    told = [
        (span["name"], span["attributes"].get(semconv.CX_RECORD_ID)) for span in calls(telemetry)
    ]
    assert told == [
        ("create_payment stripe", made.id),
        ("confirm_payment stripe", made.id),
        ("create_refund stripe", given_back.id),
    ]


def test_localstripe_declines_a_card(shop: Any) -> None:
    """A card that is declined: the client raises, and the span has the code and no error."""
    declined = card(shop, "4000000000000341")
    buyer = shop.customers.create(params={"description": "a shop"})
    params = {**PRICE, "payment_method": declined, "customer": buyer.id}
    made = shop.payment_intents.create(params=params)
    with watching("stripe") as telemetry, pytest.raises(stripe.CardError):
        shop.payment_intents.confirm(made.id)
    (span,) = calls(telemetry)
    assert span["status"] == "UNSET"
    assert span["attributes"][semconv.CX_VENDOR_ERROR_CODE] == "card_declined"
    assert span["attributes"][semconv.HTTP_RESPONSE_STATUS_CODE] == 402
    assert semconv.ERROR_TYPE not in span["attributes"]


def test_localstripe_does_not_know_somebody(shop: Any) -> None:
    """Who is not there is a failed call, of which nothing is said that was asked for."""
    with watching("stripe") as telemetry, pytest.raises(stripe.InvalidRequestError):
        shop.customers.retrieve("cus_4242424242x")
    (span,) = calls(telemetry)
    assert span["attributes"][semconv.ERROR_TYPE] == "InvalidRequestError"
    assert span["attributes"][semconv.HTTP_RESPONSE_STATUS_CODE] == 404
