"""Calls of the 2010-04-01 interface: placed, fetched, changed, listed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cxotel.demo.far_ends.far_end import Route, route
from cxotel.demo.far_ends.faults import RefusedError
from cxotel.demo.far_ends.memory import Table
from cxotel.demo.far_ends.twilio.desk import ACCOUNT, Desk, found, now, required, rfc2822
from cxotel.demo.far_ends.wire import Received, Reply

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = "/2010-04-01/Accounts/{account}"
_ENDED = ("completed", "busy", "no-answer", "failed", "canceled")
_DIALLABLE = re.compile(r"\+[1-9]\d{6,14}|(client|sip):.+")


class Calls:
    """Calls by sid; their state moves on as `Conditions.progress` says."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.rows = Table()
        self._steps: dict[str, int] = {}

    def routes(self) -> Iterable[Route]:
        """Return the operations on calls."""
        one = ROOT + "/Calls/{call}.json"
        return (
            route("create_call", "POST", ROOT + "/Calls.json", self.create),
            route("list_calls", "GET", ROOT + "/Calls.json", self.list),
            route("fetch_call", "GET", one, self.fetch),
            route("update_call", "POST", one, self.update),
            route("delete_call", "DELETE", one, self.delete),
        )

    def create(self, request: Received) -> Reply:
        """Place a call; it is queued."""
        form = request.form
        to, caller = diallable(required(form, "To", "21201")), required(form, "From", "21213")
        if not {"Url", "Twiml", "ApplicationSid"} & form.keys():
            raise RefusedError(400, "21205", "Url parameter is required.")
        call = self.add(to, caller)
        return Reply.of(201, call, created=(call["sid"],))

    def add(self, to: str, caller: str, direction: str = "outbound-api") -> dict[str, Any]:
        """Let a call be there, as if it had been placed or had come in."""
        sid, moment = self._desk.sid("CA"), rfc2822(now())
        uri = f"/2010-04-01/Accounts/{ACCOUNT}/Calls/{sid}"
        absent = ("parent_call_sid", "start_time", "end_time", "duration", "price", "answered_by")
        others = ("annotation", "forwarded_from", "group_sid", "caller_name")
        call = {
            **dict.fromkeys(absent + others),
            "sid": sid,
            "account_sid": ACCOUNT,
            "to": to,
            "to_formatted": to,
            "from": caller,
            "from_formatted": caller,
            "phone_number_sid": "PN" + "0" * 32,
            "status": "queued",
            "direction": direction,
            "price_unit": "USD",
            "api_version": "2010-04-01",
            "queue_time": "0",
            "trunk_sid": "",
            "date_created": moment,
            "date_updated": moment,
            "uri": f"{uri}.json",
            "subresource_uris": {"recordings": f"{uri}/Recordings.json"},
        }
        self.rows[sid] = call
        return call

    def fetch(self, request: Received) -> Reply:
        """Show a call, which has moved on by one state since it was last looked at."""
        call = found(self.rows, request.ids["call"], request)
        progress = self._desk.conditions.progress.of(self._desk.about(request))
        step = self._steps.get(call["sid"], 0)
        if step < len(progress) and call["status"] not in _ENDED:
            self._steps[call["sid"]] = step + 1
            self._move(call, progress[step], request)
        return Reply.of(200, call)

    def update(self, request: Received) -> Reply:
        """End a call, or send it on to other instructions."""
        call = found(self.rows, request.ids["call"], request)
        if call["status"] in _ENDED:
            raise RefusedError(400, "21220", "Call is not in-progress. Cannot redirect.")
        self._move(call, request.form.get("Status") or call["status"], request)
        return Reply.of(200, call)

    def list(self, request: Received) -> Reply:
        """Show the calls that match, newest first."""
        wanted = {
            name: request.params.get(key)
            for name, key in (("to", "To"), ("from", "From"), ("status", "Status"))
        }
        parent = request.params.get("ParentCallSid")
        rows = self.rows.matching(**wanted, parent_call_sid=parent)
        return self._desk.account_page(request, "calls", rows[::-1])

    def delete(self, request: Received) -> Reply:
        """Forget a call."""
        del self.rows[found(self.rows, request.ids["call"], request)["sid"]]
        return Reply(204)

    def _move(self, call: dict[str, Any], status: str, request: Received) -> None:
        moment = rfc2822(now())
        call.update(status=status, date_updated=moment)
        if status == "in-progress":
            call.update(start_time=moment, answered_by="human")
        elif status == "completed":
            talk = self._desk.conditions.talk.of(self._desk.about(request))
            call.update(start_time=rfc2822(now(talk)), end_time=moment, duration=str(talk))
        elif status in _ENDED:
            call.update(end_time=moment, duration="0")


def diallable(to: str) -> str:
    """Return a number or address, or refuse one that cannot be called.

    Raises:
        RefusedError: Error 21211; like Twilio's, its message repeats the number.
    """
    if not _DIALLABLE.fullmatch(to):
        raise RefusedError(400, "21211", f"The 'To' number {to} is not a valid phone number.")
    return to
