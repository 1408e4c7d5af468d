"""Amazon Cognito's user pools through boto3 and aiobotocore: who the customer is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cxotel import semconv
from cxotel.engine import Operation, body, count, told, unwaited, walk
from cxotel.vendors.families.botocore import asked, botocore_vendor, carrying, error_code

if TYPE_CHECKING:
    from cxotel.engine import Call
    from cxotel.semconv import CxImpairmentDimension

PROVES: tuple[CxImpairmentDimension, ...] = ("effort", "responsiveness", "reliability")
"""What a call shows in which the customer proves who they are: also how often they had to."""

UNPROVED = {
    "NotAuthorizedException": "failed",
    "CodeMismatchException": "failed",
    "UserNotFoundException": "failed",
    "UserNotConfirmedException": "failed",
    "PasswordResetRequiredException": "failed",
    "UserLambdaValidationException": "failed",
    "ExpiredCodeException": "timed_out",
}
"""Codes that say that the customer did not prove who they are.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RespondToAuthChallenge.html
"""
REFUSALS = (
    *UNPROVED,
    "TooManyFailedAttemptsException",
    "UsernameExistsException",
    "AliasExistsException",
    "InvalidPasswordException",
    "PasswordHistoryPolicyViolationException",
)
"""Codes by which Cognito says no to a customer; others say that Cognito failed, or its caller."""

_flow = asked("AuthFlow")
_carry = carrying("ClientMetadata")
"""Cognito gives it to the triggers of the pool, which are functions of your own."""


def _identify(call: Call) -> str:
    """Tell a renewal of tokens, which no customer notices, from a sign-in."""
    name = call.argument("operation_model").name
    if name not in {"InitiateAuth", "AdminInitiateAuth"}:
        return name
    return f"{name} refresh" if str(_flow(call)).startswith("REFRESH") else name


def _result(call: Call) -> str | None:
    """Read how an authentication ended; one that goes on with a challenge has not ended."""
    if walk(call.document, ("AuthenticationResult",)):
        return "succeeded"
    return UNPROVED.get(error_code(call) or "")


def _proving(name: str) -> Operation:
    return Operation(
        name,
        shows=PROVES,
        response={semconv.CX_AUTHENTICATION_RESULT: _result},
        facts=(told("authentication", {semconv.CX_AUTHENTICATION_RESULT: _result}, when=_result),),
        carry=_carry,
    )


SIGN_IN, ANSWER = _proving("sign_in"), _proving("answer_challenge")
REFRESH = Operation("refresh_tokens")
FETCH_USER, UPDATE_USER = Operation("fetch_user"), Operation("update_user")
DELETE_USER, SIGN_OUT = Operation("delete_user"), Operation("sign_out")

VENDOR = replace(
    botocore_vendor(
        "amazon_cognito",
        "identity",
        services={"cognito-idp": "CognitoIdentityProvider"},
        throttled=("LimitExceededException",),
        refusals=REFUSALS,
        operations={
            "InitiateAuth": SIGN_IN,
            "AdminInitiateAuth": SIGN_IN,
            "InitiateAuth refresh": REFRESH,
            "AdminInitiateAuth refresh": REFRESH,
            "GetTokensFromRefreshToken": REFRESH,
            "RespondToAuthChallenge": ANSWER,
            "AdminRespondToAuthChallenge": ANSWER,
            "SignUp": Operation("sign_up", carry=_carry),
            "ConfirmSignUp": Operation("confirm_sign_up", carry=_carry),
            "ResendConfirmationCode": Operation("resend_code", carry=_carry),
            "ForgotPassword": Operation("start_password_reset", carry=_carry),
            "ConfirmForgotPassword": Operation("confirm_password_reset", carry=_carry),
            "ChangePassword": Operation("change_password"),
            "AdminResetUserPassword": Operation("reset_password", carry=_carry),
            "AdminSetUserPassword": Operation("set_password"),
            "AssociateSoftwareToken": Operation("start_mfa_setup"),
            "VerifySoftwareToken": Operation("confirm_mfa_setup"),
            "SetUserMFAPreference": Operation("set_mfa_preference"),
            "GetUserAttributeVerificationCode": Operation("send_verification_code", carry=_carry),
            "VerifyUserAttribute": Operation("verify_attribute"),
            "GetUser": FETCH_USER,
            "AdminGetUser": FETCH_USER,
            "UpdateUserAttributes": UPDATE_USER,
            "AdminUpdateUserAttributes": UPDATE_USER,
            "AdminCreateUser": Operation("create_user", carry=_carry),
            "AdminEnableUser": Operation("enable_user"),
            "AdminDisableUser": Operation("disable_user"),
            "DeleteUser": DELETE_USER,
            "AdminDeleteUser": DELETE_USER,
            "ListUsers": Operation(
                "search_users", response={semconv.CX_CALL_ITEMS: count(body("Users"))}
            ),
            "GlobalSignOut": SIGN_OUT,
            "AdminUserGlobalSignOut": SIGN_OUT,
            "RevokeToken": Operation("revoke_token"),
            "AdminListUserAuthEvents": unwaited("list_sign_ins"),
        },
    ),
    identify=_identify,
)
