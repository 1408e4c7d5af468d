"""What is special about Okta's client: errors that are returned, waits that are hidden, a cache.

The far end is the one of the contract: what is said there of its limits goes for these too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from jwcrypto.jwk import JWK
from okta.exceptions.exceptions import OktaAPIException

import cxotel
from cxotel import semconv
from cxotel.demo.far_ends import Fault
from tests.vendors.far_ends.okta import (
    CODE,
    LOGIN,
    PASSCODE,
    PASSWORD,
    PUSH,
    TRANSACTION,
    USER,
    OktaFarEnd,
    ask,
    client,
)
from tests.vendors.scored import calls, lost, scored, watching

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.timeout(180)  # importing the library takes seconds


@pytest.fixture(scope="module")
def running() -> Iterator[OktaFarEnd]:
    """One server for all tests of this file."""
    with OktaFarEnd() as far_end:
        yield far_end


@pytest.fixture
def far_end(running: OktaFarEnd) -> Iterator[OktaFarEnd]:
    """The server with nothing wrong; no handler of it may crash."""
    running.clear()
    yield running
    assert running.crashes == []


async def test_a_returned_error_is_a_failure_and_is_blamed(far_end: OktaFarEnd) -> None:
    """Nothing is raised; the span says what went wrong, and whoever waited for it is told why."""
    far_end.faults.add("okta", "user", Fault(failure="server_error"))

    async with client(far_end) as okta:
        with watching("okta") as telemetry:
            user, _, error = await okta.get_user(USER)

    (fetched,) = calls(telemetry)
    assert (user, error.error_code) == (None, "E0000009")
    assert (fetched["status"], fetched["attributes"][semconv.ERROR_TYPE]) == ("ERROR", "500")
    assert fetched["attributes"][semconv.CX_VENDOR_ERROR_CODE] == "E0000009"


async def test_an_error_that_the_client_raises_costs_the_journey(far_end: OktaFarEnd) -> None:
    """With `raiseException` the library raises after it was told: the journey knows the failure."""
    far_end.faults.add("okta", "user", Fault(failure="server_error"))

    async with client(far_end, raiseException=True) as okta:
        with pytest.raises(OktaAPIException), scored("okta") as told:
            await okta.get_user(USER)
    async with client(far_end):
        pass  # the library keeps that choice for all clients, until the next one is made

    assert lost(told) == {"reliability"}
    assert told[semconv.CX_EXPERIENCE_BLAME_SYSTEM] == "okta"


async def test_a_wait_for_the_rate_limit_is_part_of_the_call(far_end: OktaFarEnd) -> None:
    """The client sleeps until the window begins anew, and the customer waits with it."""
    far_end.resets_in = -1  # the library adds a second
    far_end.faults.add("okta", "user", Fault(failure="throttled", times=1))

    async with client(far_end) as okta:
        with watching("okta") as telemetry:
            await okta.get_user(USER)

    (fetched,) = calls(telemetry)
    assert fetched["attributes"][semconv.HTTP_REQUEST_RESEND_COUNT] == 1
    assert fetched["attributes"][semconv.CX_CALL_RECOVERED] is True
    assert fetched["attributes"][semconv.CX_CALL_THROTTLED] is True


async def test_an_answer_from_the_cache_is_a_call_without_a_request(far_end: OktaFarEnd) -> None:
    """The second look-up takes no time, and says so; nothing of the first reply is told again."""
    async with client(far_end, cache={"enabled": True}) as okta:
        with watching("okta") as telemetry:
            await okta.get_user(USER)
            await okta.get_user(USER)

    first, second = calls(telemetry)
    assert far_end.received.operations == ["user"]
    assert semconv.HTTP_RESPONSE_STATUS_CODE in first["attributes"]
    assert semconv.HTTP_RESPONSE_STATUS_CODE not in second["attributes"]
    assert second["attributes"][semconv.CX_RECORD_ID] == USER


async def test_fetching_a_token_is_a_call_of_its_own(far_end: OktaFarEnd) -> None:
    """With a private key the first call needs a token, for which the customer waits too."""
    made: Any = JWK
    key = made.generate(kty="RSA", size=2048)
    service = {
        "authorizationMode": "PrivateKey",
        "clientId": "0oa1",
        "scopes": ["okta.users.read"],
        "privateKey": key.export_private(),
    }

    async with client(far_end, **service) as okta:
        with watching("okta") as telemetry:
            await okta.get_user(USER)
            await okta.get_user(USER)

    names = [span["name"] for span in calls(telemetry)]
    assert names == ["fetch_token okta", "fetch_user okta", "fetch_user okta"]


async def test_authenticating_twice_is_effort_and_a_wrong_passcode_no_failure(
    far_end: OktaFarEnd,
) -> None:
    """The customer had to try again; Okta did its work both times, and is not to blame for it."""
    path = f"/api/v1/users/{USER}/factors/{CODE}/verify"

    async with client(far_end) as okta:
        with scored("okta") as told:
            for passcode in ("000000", PASSCODE):
                await ask(okta, "POST", path, {"passCode": passcode})

    assert lost(told) == {"effort"}


async def test_polling_a_push_is_one_authentication(far_end: OktaFarEnd) -> None:
    """However often the same verification is asked about, the customer proved it once."""
    path = f"/api/v1/users/{USER}/factors/{PUSH}/transactions/{TRANSACTION}"

    async with client(far_end) as okta:
        with scored("okta") as told:
            for state in ("WAITING", "SUCCESS", "SUCCESS"):
                far_end.pushed = state
                await ask(okta, "GET", path)

    assert lost(told) == set()


async def test_a_sign_in_belongs_to_the_step_it_is_made_in(far_end: OktaFarEnd) -> None:
    """The login is nowhere; the step is."""
    async with client(far_end) as okta:
        with watching("okta") as telemetry, cxotel.journey("refund"), cxotel.step("sign in"):
            await ask(okta, "POST", "/api/v1/authn", {"username": LOGIN, "password": PASSWORD})

    (signed_in,) = calls(telemetry)
    assert signed_in["attributes"][semconv.CX_STEP_NAME] == "sign in"
    assert LOGIN not in str(telemetry.spans)
