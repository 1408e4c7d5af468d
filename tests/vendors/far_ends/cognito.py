"""Amazon Cognito on a loopback port: moto's user pools, behind what may go wrong on the way.

Users, passwords, challenges and tokens are moto's. What moto does not know yet is answered with any
values that botocore's own model of the service allows.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cxotel.demo.far_ends.connect.canned import canned
from cxotel.demo.far_ends.connect.model import load, write
from cxotel.demo.far_ends.far_end import HttpFarEnd, Route
from cxotel.demo.far_ends.faults import Failure
from cxotel.demo.far_ends.memory import Ids
from cxotel.demo.far_ends.wire import Received, Reply

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

REGION = "eu-central-1"
USER = "ada"
PASSWORD = "Correct-Horse-1"
FAILURES: Mapping[str, Failure] = {
    "throttled": Failure(400, "TooManyRequestsException", "Rate exceeded"),
    "unavailable": Failure(503, "ServiceUnavailable", "Service is unavailable"),
    "server_error": Failure(500, "InternalErrorException", "Something went wrong"),
    "unauthorized": Failure(400, "NotAuthorizedException", "Incorrect username or password."),
    "not_found": Failure(400, "ResourceNotFoundException", "The pool was not found"),
    "invalid": Failure(400, "InvalidParameterException", "The parameter is not valid"),
    "conflict": Failure(400, "UsernameExistsException", "User already exists"),
}
"""https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/CommonErrors.html."""
_ROOT = re.compile("/")
_TOKEN = re.compile(rb"ey[\w-]+\.[\w-]+\.[\w-]+")
"""A JSON Web Token: another in each run, because it holds the time."""


class CognitoFarEnd(HttpFarEnd):
    """One user pool with an app client.

    Attributes:
        pool: The pool's id.
        app: The app client's id.
    """

    def __init__(self) -> None:
        from moto.cognitoidp.models import cognitoidp_backends
        from moto.core.models import DEFAULT_ACCOUNT_ID
        from moto.moto_api._internal import mock_random
        from moto.moto_server.werkzeug_app import create_backend_app
        from werkzeug.test import Client

        # A new backend: pools of an earlier far end would be searched too.
        cognitoidp_backends.reset()
        mock_random.seed(1)  # ids are the same in every run
        self._backend: Any = cognitoidp_backends[DEFAULT_ACCOUNT_ID][REGION]
        self._moto: Any = Client(create_backend_app("cognito-idp"))
        self._model = load("cognito-idp")
        self._ids = Ids("amazon_cognito")
        self.pool = str(self._backend.create_user_pool("customers", {}).id)
        self.app = str(self._backend.create_user_pool_client(self.pool, False, {}).id)
        self.reset()
        super().__init__("amazon_cognito", (), FAILURES)

    def reset(self) -> None:
        """Have one user, who has confirmed, and no other."""
        self._backend.user_pools[self.pool].users.clear()
        self.add(USER, email="ada@example.com", email_verified="true")

    def add(self, name: str, /, **attributes: str) -> Any:
        """Add a user, and return what moto knows of them.

        Args:
            name: Their name.
            attributes: What else is known of them.
        """
        known = [{"Name": key, "Value": value} for key, value in attributes.items()]
        user = self._backend.admin_create_user(self.pool, name, "SUPPRESS", PASSWORD, known)
        self._backend.admin_set_user_password(self.pool, name, PASSWORD, permanent=True)
        return user

    def ask_for_code(self, setting: str = "SOFTWARE_TOKEN_MFA") -> None:
        """Have the user answer a challenge after the password."""
        user = self._backend.user_pools[self.pool].users[USER]
        user.software_token_mfa_enabled = True
        user.preferred_mfa_setting = setting

    def signed_in(self) -> str:
        """Sign the user in, and return an access token."""
        return str(self._begin()["AuthenticationResult"]["AccessToken"])

    def refresh_token(self) -> str:
        """Sign the user in, and return a token to renew the others with."""
        return str(self._begin()["AuthenticationResult"]["RefreshToken"])

    def begun(self) -> str:
        """Give the user's password, and return the session of the challenge that follows."""
        return str(self._begin()["Session"])

    def _begin(self) -> Any:
        known = {"USERNAME": USER, "PASSWORD": PASSWORD}
        return self._backend.initiate_auth(self.app, "USER_PASSWORD_AUTH", known)

    def candidates(self, method: str, path: str, headers: Mapping[str, str]) -> Iterable[Route]:
        """Read what is asked for in the header that AWS's JSON protocol has for it.

        https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
        """
        target = headers.get("x-amz-target", "").rpartition(".")[2]
        return [Route(target, method, _ROOT, self._serve)]

    def failed(self, failure: Failure, request: Received) -> Reply:
        """Say it as AWS's JSON protocol does."""
        content = {"__type": failure.code, "message": failure.message}
        return Reply.of(failure.status, content, failure.headers)

    def finished(self, reply: Reply, request: Received) -> Reply:
        """Add the request's id."""
        own = {"x-amzn-RequestId": self._ids.uuid()}
        return Reply(reply.status, {**own, **reply.headers}, reply.body)

    def _serve(self, request: Received) -> Reply:
        # What users may call is not signed, so moto would look in another region.
        headers = {"authorization": f"AWS4 Credential=A/1/{REGION}/cognito-idp/aws4_request"}
        headers |= {key: value for key, value in request.headers.items() if key != "content-length"}
        try:
            answer = self._moto.post("/", data=request.body, headers=headers)
        except NotImplementedError:
            shape = self._model.operation_model(request.operation).output_shape
            return Reply.of(200, {} if shape is None else write(shape, canned(shape, self._ids)))
        body = _TOKEN.sub(b"token", answer.data)
        return Reply(answer.status_code, {"Content-Type": answer.content_type}, body)
