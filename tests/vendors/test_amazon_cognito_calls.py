"""Amazon Cognito: sign-ins that fail, and what a journey makes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

import cxotel
from cxotel import semconv
from cxotel.demo.far_ends import Fault
from cxotel.engine.instrumentation import instrument, uninstrument
from cxotel.testing import Telemetry
from tests.vendors.aws_clients import ONCE, Clients
from tests.vendors.far_ends.cognito import PASSWORD, USER, CognitoFarEnd
from tests.vendors.scored import calls, lost, scored, watching

if TYPE_CHECKING:
    from collections.abc import Iterator

RESULT = semconv.CX_AUTHENTICATION_RESULT


@pytest.fixture(scope="module")
def running() -> Iterator[CognitoFarEnd]:
    """One server for all tests of this file."""
    with CognitoFarEnd() as far_end:
        yield far_end


@pytest.fixture
def far_end(running: CognitoFarEnd) -> Iterator[CognitoFarEnd]:
    """The server with nothing wrong and one user; no handler of it may crash."""
    running.clear()
    running.reset()
    yield running
    assert running.crashes == []


@pytest.fixture(scope="module")
def cognito(running: CognitoFarEnd) -> Iterator[Any]:
    """A real boto3 client."""
    with Clients(running.url, "cognito-idp", **ONCE) as connected:
        yield connected


def sign_in(cognito: Any, far_end: CognitoFarEnd, password: str = PASSWORD) -> Any:
    """Give the user's name and a password."""
    return cognito.initiate_auth(
        ClientId=far_end.app,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": USER, "PASSWORD": password},
    )


def test_challenge_and_its_answer_are_one_authentication(
    far_end: CognitoFarEnd, cognito: Any
) -> None:
    """A password and the code after it prove once who the customer is: no effort is charged."""
    far_end.ask_for_code()
    with scored("amazon_cognito") as told:
        session = sign_in(cognito, far_end)["Session"]
        cognito.respond_to_auth_challenge(
            ClientId=far_end.app,
            ChallengeName="SOFTWARE_TOKEN_MFA",
            Session=session,
            ChallengeResponses={"USERNAME": USER, "SOFTWARE_TOKEN_MFA_CODE": "123456"},
        )
    assert lost(told) == set()


def test_signing_in_again_costs_effort(far_end: CognitoFarEnd, cognito: Any) -> None:
    """A customer who has to prove twice who they are has an effort that the first was not."""
    with scored("amazon_cognito") as told:
        sign_in(cognito, far_end)
        sign_in(cognito, far_end)
    assert lost(told) == {"effort"}
    assert "amazon_cognito" in told[semconv.CX_EXPERIENCE_REASONS][0]


def test_renewed_token_is_no_authentication(far_end: CognitoFarEnd, cognito: Any) -> None:
    """The renewal of a token is nothing that the customer does."""
    with watching("amazon_cognito") as telemetry:
        cognito.initiate_auth(
            ClientId=far_end.app,
            AuthFlow="REFRESH_TOKEN_AUTH",
            AuthParameters={"REFRESH_TOKEN": far_end.refresh_token()},
        )
    (span,) = calls(telemetry)
    assert span["name"] == "refresh_tokens amazon_cognito"
    assert span["events"] == []


def test_wrong_password_is_an_answer(far_end: CognitoFarEnd, cognito: Any) -> None:
    """A wrong password reaches the caller as ever; the span tells it, and calls it no error."""
    with watching("amazon_cognito") as telemetry, pytest.raises(ClientError):
        sign_in(cognito, far_end, "wrong")
    (span,) = calls(telemetry)
    told = span["attributes"]
    assert span["status"] == "UNSET"
    assert semconv.ERROR_TYPE not in told
    assert told[semconv.CX_VENDOR_ERROR_CODE] == "NotAuthorizedException"
    assert told[RESULT] == "failed"


def test_wrong_password_is_the_customers_effort(far_end: CognitoFarEnd, cognito: Any) -> None:
    """Asked again, the customer gets in: that is effort, and Cognito worked all the time."""
    with scored("amazon_cognito") as told:
        with pytest.raises(ClientError):
            sign_in(cognito, far_end, "wrong")
        sign_in(cognito, far_end)
    assert lost(told) == {"effort"}


def test_wrong_password_that_nobody_handles_is_not_cognitos_failure(
    far_end: CognitoFarEnd, cognito: Any
) -> None:
    """Also where its exception ends the journey, Cognito is not called unreliable."""
    with pytest.raises(ClientError), scored("amazon_cognito") as told:
        sign_in(cognito, far_end, "wrong")
    assert "reliability" not in lost(told)


def test_name_that_is_taken_is_an_answer(far_end: CognitoFarEnd, cognito: Any) -> None:
    """A customer who picks another's name has not met a failure."""
    with pytest.raises(ClientError), scored("amazon_cognito") as told:
        cognito.sign_up(ClientId=far_end.app, Username=USER, Password=PASSWORD)
    assert "reliability" not in lost(told)


def test_outage_is_no_failed_authentication(far_end: CognitoFarEnd, cognito: Any) -> None:
    """Where Cognito itself fails nothing is said of who the customer is, and Cognito is blamed."""
    far_end.faults.add("amazon_cognito", "InitiateAuth", Fault(failure="server_error"))
    with pytest.raises(ClientError), scored("amazon_cognito") as told:
        sign_in(cognito, far_end)
    assert lost(told) == {"reliability"}
    assert told[semconv.CX_EXPERIENCE_BLAME_SYSTEM] == "amazon_cognito"
    assert told[semconv.CX_EXPERIENCE_BLAME_LAYER] == "identity"


def test_secrets_stay_inside(far_end: CognitoFarEnd, cognito: Any) -> None:
    """Of what a user sends and gets neither the password nor any token is told."""
    token = far_end.signed_in()
    with watching("amazon_cognito") as telemetry:
        sign_in(cognito, far_end)
        cognito.get_user(AccessToken=token)
        exported = telemetry.exported()
    assert not any(secret.encode() in exported for secret in (PASSWORD, USER, far_end.app, token))


def test_journey_id_goes_to_the_triggers_where_switched_on(
    far_end: CognitoFarEnd, cognito: Any
) -> None:
    """The functions that Cognito calls during a sign-in find the journey in their event."""
    with Telemetry() as telemetry:
        names = ["amazon_cognito"]
        instrument(*names, tracer_provider=telemetry.tracer_provider, carry=names)
        try:
            with cxotel.journey("refund", journey_id="j-1"):
                sign_in(cognito, far_end)
        finally:
            uninstrument(*names)
    assert far_end.received.last.json["ClientMetadata"] == {"cx_journey_id": "j-1"}
