"""Messages of the 2010-04-01 interface: SMS and the like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cxotel.demo.far_ends.far_end import Route, route
from cxotel.demo.far_ends.faults import RefusedError
from cxotel.demo.far_ends.memory import Table
from cxotel.demo.far_ends.twilio.desk import ACCOUNT, Desk, found, now, required, rfc2822
from cxotel.demo.far_ends.twilio.voice import ROOT, diallable
from cxotel.demo.far_ends.wire import Received, Reply

if TYPE_CHECKING:
    from collections.abc import Iterable


class Messages:
    """Messages by sid."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.rows = Table()

    def routes(self) -> Iterable[Route]:
        """Return the operations on messages."""
        one = ROOT + "/Messages/{message}.json"
        return (
            route("create_message", "POST", ROOT + "/Messages.json", self.create),
            route("list_messages", "GET", ROOT + "/Messages.json", self.list),
            route("fetch_message", "GET", one, self.fetch),
            route("update_message", "POST", one, self.update),
            route("delete_message", "DELETE", one, self.delete),
        )

    def create(self, request: Received) -> Reply:
        """Send a message; it is queued."""
        form = request.form
        to = diallable(required(form, "To", "21604"))
        if not {"From", "MessagingServiceSid"} & form.keys():
            raise RefusedError(400, "21603", "A 'From' phone number is required.")
        body = required(form, "Body", "21602")
        sid, moment = self._desk.sid("SM"), rfc2822(now())
        uri = f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{sid}"
        self.rows[sid] = {
            "sid": sid,
            "account_sid": ACCOUNT,
            "messaging_service_sid": form.get("MessagingServiceSid"),
            "to": to,
            "from": form.get("From"),
            "body": body,
            "status": "queued",
            "direction": "outbound-api",
            "num_segments": str(1 + len(body) // 160),
            "num_media": "0",
            "error_code": None,
            "error_message": None,
            "price": None,
            "price_unit": "USD",
            "api_version": "2010-04-01",
            "date_created": moment,
            "date_updated": moment,
            "date_sent": None,
            "uri": f"{uri}.json",
            "subresource_uris": {"media": f"{uri}/Media.json"},
        }
        return Reply.of(201, self.rows[sid], created=(sid,))

    def fetch(self, request: Received) -> Reply:
        """Show a message; by now it is delivered."""
        message = found(self.rows, request.ids["message"], request)
        message.update(status="delivered", date_sent=message["date_sent"] or rfc2822(now()))
        return Reply.of(200, message)

    def update(self, request: Received) -> Reply:
        """Redact a message's text, or cancel one that is scheduled."""
        message = found(self.rows, request.ids["message"], request)
        form = request.form
        message["body"] = form.get("Body", message["body"])
        message["status"] = form.get("Status", message["status"])
        return Reply.of(200, message)

    def list(self, request: Received) -> Reply:
        """Show the messages that match, newest first."""
        to, sender = request.params.get("To"), request.params.get("From")
        rows = self.rows.matching(**{"to": to, "from": sender})
        return self._desk.account_page(request, "messages", rows[::-1])

    def delete(self, request: Received) -> Reply:
        """Forget a message."""
        del self.rows[found(self.rows, request.ids["message"], request)["sid"]]
        return Reply(204)
