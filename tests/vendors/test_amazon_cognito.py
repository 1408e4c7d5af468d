"""Amazon Cognito: boto3 and aiobotocore against moto's user pools, held to the contract.

moto is a model of Cognito, and what it does not know is answered by botocore's own model. So this
proves what the clients send and make of replies; it does not prove that AWS itself answers so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError, ReadTimeoutError

from cxotel import semconv
from cxotel.demo.far_ends import Fault
from cxotel.testing import ABSENT, Case, Event, Example, VendorContract
from tests.vendors.aws_clients import ONCE, Clients, both
from tests.vendors.far_ends.cognito import PASSWORD, USER, CognitoFarEnd

if TYPE_CHECKING:
    from collections.abc import Callable

    from cxotel.testing import At

SENT = semconv.HTTP_RESPONSE_STATUS_CODE
RESULT = semconv.CX_AUTHENTICATION_RESULT
CODE = semconv.CX_VENDOR_ERROR_CODE
KNOWN = {"USERNAME": USER, "PASSWORD": PASSWORD}
WRONG = {"USERNAME": USER, "PASSWORD": "wrong"}
TWICE: dict[str, Any] = {"retries": {"mode": "standard", "max_attempts": 2}}
PROVED: dict[str, Any] = {
    "attributes": {RESULT: "succeeded"},
    "events": (Event(semconv.EVENT_CX_AUTHENTICATION, {RESULT: "succeeded"}),),
}


def app(at: At) -> str:
    """Return the app client's id."""
    return str(at.far_end.app)


def pool(at: At) -> str:
    """Return the pool's id."""
    return str(at.far_end.pool)


def prepared(at: At) -> Any:
    """Return what was prepared."""
    return at.prepared


def token(at: At) -> str:
    """Sign the user in, beforehand, and return the access token."""
    return str(at.far_end.signed_in())


def operate(method: str, **values: Any) -> Callable[[At], Any]:
    """Return a call of the client's *method*; a value may be found by a function."""

    def call(at: At) -> Any:
        given = {name: value(at) if callable(value) else value for name, value in values.items()}
        return getattr(at.client, method)(**given)

    return call


def sign_in(known: dict[str, str]) -> Callable[[At], Any]:
    """Return a sign-in with a password."""
    return operate(
        "initiate_auth", ClientId=app, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=known
    )


def by_admin(method: str, **values: Any) -> Callable[[At], Any]:
    """Return what an administrator does to the user."""
    return operate(method, UserPoolId=pool, Username=USER, **values)


def by_user(method: str, **values: Any) -> dict[str, Any]:
    """Return what the user does once signed in."""
    return {"prepare": token, "call": operate(method, AccessToken=prepared, **values)}


def by_app(method: str, **values: Any) -> Callable[[At], Any]:
    """Return what somebody does in the app before they are signed in."""
    return operate(method, ClientId=app, Username=USER, **values)


def asked_for_code(at: At) -> str:
    """Have the user asked for a code, and return the challenge's session."""
    at.far_end.ask_for_code()
    return str(at.far_end.begun())


def answering(method: str, **values: Any) -> dict[str, Any]:
    """Return an example's answer to the challenge for a code."""
    responses = {"USERNAME": USER, "SOFTWARE_TOKEN_MFA_CODE": "123456"}
    return {
        "prepare": asked_for_code,
        "call": operate(
            method,
            ClientId=app,
            ChallengeName="SOFTWARE_TOKEN_MFA",
            Session=prepared,
            ChallengeResponses=responses,
            **values,
        ),
    }


def refresh_token(at: At) -> str:
    """Sign the user in, beforehand, and return the token that renews the others."""
    return str(at.far_end.refresh_token())


def to_refresh(at: At) -> dict[str, str]:
    """Return what a renewal sends."""
    return {"REFRESH_TOKEN": str(at.prepared)}


def refreshing(method: str, **values: Any) -> dict[str, Any]:
    """Return an example's renewal of tokens."""
    return {
        "prepare": refresh_token,
        "call": operate(
            method,
            ClientId=app,
            AuthFlow="REFRESH_TOKEN_AUTH",
            AuthParameters=to_refresh,
            **values,
        ),
    }


def failing(operation: str, fault: Fault) -> Callable[[At], object]:
    """Return a preparation: something goes wrong at the far end."""
    return lambda at: at.far_end.faults.add("amazon_cognito", operation, fault)


def reset(far_end: CognitoFarEnd) -> None:
    """Let nothing go wrong, and forget all but one user."""
    far_end.clear()
    far_end.reset()


def a_known_customer(at: At) -> object:
    """Prepare a user of whom all is known that must not leave."""
    said = at.canary
    details = {"email": said.email, "phone_number": said.phone, "name": said.name}
    return at.far_end.add("grace", **details, **{"custom:note": said.text})


def refused(at: At) -> object:
    """Let the far end repeat in its error what the customer said."""
    said = at.canary
    words = f"{said.phone} {said.email} {said.name} {said.text}"
    return failing("InitiateAuth", Fault(failure="unauthorized", message=words))(at)


CASE = Case(
    vendor="amazon_cognito",
    far_end=CognitoFarEnd,
    clients=both("cognito-idp", **ONCE),
    reset=reset,
    common={SENT: 200, semconv.SERVER_ADDRESS: "127.0.0.1", semconv.CX_VENDOR_REQUEST_ID: str},
    examples=(
        Example(operation="sign_in", call=sign_in(KNOWN), **PROVED),
        Example(
            operation="sign_in",
            call=operate(
                "admin_initiate_auth",
                UserPoolId=pool,
                ClientId=app,
                AuthFlow="ADMIN_USER_PASSWORD_AUTH",
                AuthParameters=KNOWN,
            ),
            **PROVED,
        ),
        Example(
            operation="sign_in",
            prepare=lambda at: at.far_end.ask_for_code(),
            call=sign_in(KNOWN),
        ),
        Example(operation="answer_challenge", **answering("respond_to_auth_challenge"), **PROVED),
        Example(
            operation="answer_challenge",
            **answering("admin_respond_to_auth_challenge", UserPoolId=pool),
            **PROVED,
        ),
        Example(operation="refresh_tokens", **refreshing("initiate_auth")),
        Example(operation="refresh_tokens", **refreshing("admin_initiate_auth", UserPoolId=pool)),
        Example(
            operation="refresh_tokens",
            call=operate("get_tokens_from_refresh_token", ClientId=app, RefreshToken="r"),
        ),
        Example(
            operation="sign_up",
            call=operate("sign_up", ClientId=app, Username="grace", Password=PASSWORD),
        ),
        Example(
            operation="confirm_sign_up", call=by_app("confirm_sign_up", ConfirmationCode="123456")
        ),
        Example(operation="resend_code", call=by_app("resend_confirmation_code")),
        Example(operation="start_password_reset", call=by_app("forgot_password")),
        Example(
            operation="confirm_password_reset",
            call=by_app("confirm_forgot_password", ConfirmationCode="123456", Password=PASSWORD),
        ),
        Example(
            operation="change_password",
            **by_user("change_password", PreviousPassword=PASSWORD, ProposedPassword=PASSWORD),
        ),
        Example(operation="reset_password", call=by_admin("admin_reset_user_password")),
        Example(
            operation="set_password", call=by_admin("admin_set_user_password", Password=PASSWORD)
        ),
        Example(operation="start_mfa_setup", **by_user("associate_software_token")),
        Example(
            operation="confirm_mfa_setup", **by_user("verify_software_token", UserCode="1" * 6)
        ),
        Example(
            operation="set_mfa_preference",
            **by_user("set_user_mfa_preference", SMSMfaSettings={"Enabled": True}),
        ),
        Example(
            operation="send_verification_code",
            **by_user("get_user_attribute_verification_code", AttributeName="email"),
        ),
        Example(
            operation="verify_attribute",
            **by_user("verify_user_attribute", AttributeName="email", Code="123456"),
        ),
        Example(operation="fetch_user", **by_user("get_user")),
        Example(operation="fetch_user", call=by_admin("admin_get_user")),
        Example(operation="update_user", **by_user("update_user_attributes", UserAttributes=[])),
        Example(
            operation="update_user",
            call=by_admin("admin_update_user_attributes", UserAttributes=[]),
        ),
        Example(
            operation="create_user",
            call=operate("admin_create_user", UserPoolId=pool, Username="grace"),
        ),
        Example(operation="enable_user", call=by_admin("admin_enable_user")),
        Example(operation="disable_user", call=by_admin("admin_disable_user")),
        Example(operation="delete_user", **by_user("delete_user")),
        Example(operation="delete_user", call=by_admin("admin_delete_user")),
        Example(
            operation="search_users",
            call=operate("list_users", UserPoolId=pool, Filter='username = "ada"'),
            attributes={semconv.CX_CALL_ITEMS: lambda at: len(at.result["Users"])},
        ),
        Example(operation="sign_out", **by_user("global_sign_out")),
        Example(operation="sign_out", call=by_admin("admin_user_global_sign_out")),
        Example(operation="revoke_token", call=operate("revoke_token", ClientId=app, Token="r")),
        Example(operation="list_sign_ins", call=by_admin("admin_list_user_auth_events")),
        Example(operation="request", call=operate("list_user_pools", MaxResults=1)),
        Example(
            operation="sign_in",
            call=sign_in(WRONG),
            raises=ClientError,
            attributes={SENT: 400, CODE: "NotAuthorizedException", RESULT: "failed"},
            events=(Event(semconv.EVENT_CX_AUTHENTICATION, {RESULT: "failed"}),),
        ),
        Example(
            operation="answer_challenge",
            prepare=failing(
                "RespondToAuthChallenge", Fault(failure="unauthorized", code="ExpiredCodeException")
            ),
            call=operate(
                "respond_to_auth_challenge",
                ClientId=app,
                ChallengeName="SMS_MFA",
                ChallengeResponses={"USERNAME": USER, "SMS_MFA_CODE": "123456"},
            ),
            raises=ClientError,
            attributes={SENT: 400, CODE: "ExpiredCodeException", RESULT: "timed_out"},
            events=(Event(semconv.EVENT_CX_AUTHENTICATION, {RESULT: "timed_out"}),),
        ),
        Example(
            operation="sign_in",
            clients=both("cognito-idp", **TWICE),
            prepare=failing("InitiateAuth", Fault(failure="throttled", times=1)),
            call=sign_in(KNOWN),
            attributes={
                RESULT: "succeeded",
                semconv.HTTP_REQUEST_RESEND_COUNT: 1,
                semconv.CX_CALL_RETRY_WAIT: int,
                semconv.CX_CALL_RECOVERED: True,
            },
            events=PROVED["events"],
        ),
        Example(
            operation="sign_in",
            prepare=failing("InitiateAuth", Fault(failure="throttled")),
            call=sign_in(KNOWN),
            raises=ClientError,
            error="TooManyRequestsException",
            attributes={
                SENT: 400,
                CODE: "TooManyRequestsException",
                semconv.CX_CALL_THROTTLED: True,
            },
        ),
    ),
    slow=Example(
        operation="sign_in",
        prepare=failing("InitiateAuth", Fault(hang=True)),
        call=sign_in(KNOWN),
        clients={
            "sync": lambda far_end: Clients(far_end.url, "cognito-idp", read_timeout=0.3, **ONCE)
        },
        raises=ReadTimeoutError,
        error="ReadTimeoutError",
        attributes={SENT: ABSENT, semconv.CX_VENDOR_REQUEST_ID: ABSENT},
    ),
    canaries=(
        Example(
            operation="fetch_user",
            prepare=a_known_customer,
            call=operate("admin_get_user", UserPoolId=pool, Username="grace"),
        ),
        Example(
            operation="sign_up",
            call=lambda at: at.client.sign_up(
                ClientId=at.far_end.app,
                Username=at.canary.email,
                Password=PASSWORD,
                UserAttributes=[
                    {"Name": "phone_number", "Value": at.canary.phone},
                    {"Name": "name", "Value": at.canary.name},
                ],
                ClientMetadata={"note": at.canary.text},
            ),
        ),
        Example(
            operation="sign_in",
            prepare=refused,
            call=sign_in(KNOWN),
            raises=ClientError,
        ),
    ),
)


class TestAmazonCognito(VendorContract):
    """The contract that every vendor keeps."""

    case = CASE
