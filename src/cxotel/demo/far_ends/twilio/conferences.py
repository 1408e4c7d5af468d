"""Conferences and who takes part in them: how a call is handed from one agent to another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cxotel.demo.far_ends.far_end import Route, route
from cxotel.demo.far_ends.memory import Table
from cxotel.demo.far_ends.twilio.desk import ACCOUNT, Desk, found, now, required, rfc2822
from cxotel.demo.far_ends.twilio.voice import ROOT, Calls, diallable
from cxotel.demo.far_ends.wire import Received, Reply

if TYPE_CHECKING:
    from collections.abc import Iterable

_ONE = ROOT + "/Conferences/{conference}"
_PARTICIPANT = _ONE + "/Participants/{call}.json"
_FLAGS = {
    "Muted": "muted",
    "Hold": "hold",
    "Coaching": "coaching",
    "EndConferenceOnExit": "end_conference_on_exit",
}


class Conferences:
    """Conferences by sid; one begins when somebody is put into it by a new name."""

    def __init__(self, desk: Desk, calls: Calls) -> None:
        self._desk = desk
        self._calls = calls
        self.rows = Table()
        self.participants: dict[str, Table] = {}

    def routes(self) -> Iterable[Route]:
        """Return the operations on conferences and participants."""
        return (
            route("list_conferences", "GET", ROOT + "/Conferences.json", self.list),
            route("fetch_conference", "GET", _ONE + ".json", self.fetch),
            route("update_conference", "POST", _ONE + ".json", self.update),
            route("create_participant", "POST", _ONE + "/Participants.json", self.join),
            route("list_participants", "GET", _ONE + "/Participants.json", self.who),
            route("fetch_participant", "GET", _PARTICIPANT, self.fetch_participant),
            route("update_participant", "POST", _PARTICIPANT, self.update_participant),
            route("delete_participant", "DELETE", _PARTICIPANT, self.leave),
        )

    def list(self, request: Received) -> Reply:
        """Show the conferences that match, newest first."""
        name, status = request.params.get("FriendlyName"), request.params.get("Status")
        rows = self.rows.matching(friendly_name=name, status=status)
        return self._desk.account_page(request, "conferences", rows[::-1])

    def fetch(self, request: Received) -> Reply:
        """Show a conference."""
        return Reply.of(200, found(self.rows, request.ids["conference"], request))

    def update(self, request: Received) -> Reply:
        """End a conference."""
        conference = found(self.rows, request.ids["conference"], request)
        if request.form.get("Status") == "completed":
            conference.update(
                status="completed", reason_conference_ended="conference-ended-via-api"
            )
        return Reply.of(200, conference)

    def join(self, request: Received) -> Reply:
        """Call somebody into a conference, by its sid or by a name of the caller's choice."""
        form = request.form
        to, caller = diallable(required(form, "To", "21201")), required(form, "From", "21213")
        conference = self._conference(request.ids["conference"])
        call = self._calls.add(to, caller)
        people = self.participants[conference["sid"]]
        people[call["sid"]] = self._participant(conference["sid"], call["sid"], form)
        return Reply.of(201, people[call["sid"]], created=(call["sid"], conference["sid"]))

    def who(self, request: Received) -> Reply:
        """Show who takes part."""
        conference = found(self.rows, request.ids["conference"], request)
        rows = list(self.participants[conference["sid"]].values())
        return self._desk.account_page(request, "participants", rows)

    def fetch_participant(self, request: Received) -> Reply:
        """Show one who takes part."""
        return Reply.of(200, self._found(request))

    def update_participant(self, request: Received) -> Reply:
        """Put somebody on hold, mute them, and the like."""
        participant = self._found(request)
        for field, key in _FLAGS.items():
            if field in request.form:
                participant[key] = request.form[field].lower() == "true"
        return Reply.of(200, participant)

    def leave(self, request: Received) -> Reply:
        """Put somebody out of the conference."""
        conference = request.ids["conference"]
        del self.participants[conference][self._found(request)["call_sid"]]
        return Reply(204)

    def _found(self, request: Received) -> dict[str, Any]:
        conference = found(self.rows, request.ids["conference"], request)
        return found(self.participants[conference["sid"]], request.ids["call"], request)

    def _conference(self, name: str) -> dict[str, Any]:
        known = self.rows.get(name) or next(
            iter(self.rows.matching(friendly_name=name, status="in-progress")), None
        )
        return known or self._begin(name)

    def _begin(self, name: str) -> dict[str, Any]:
        sid, moment = self._desk.sid("CF"), rfc2822(now())
        uri = f"/2010-04-01/Accounts/{ACCOUNT}/Conferences/{sid}"
        self.participants[sid] = Table()
        self.rows[sid] = {
            "sid": sid,
            "account_sid": ACCOUNT,
            "friendly_name": name,
            "region": "us1",
            "status": "in-progress",
            "reason_conference_ended": None,
            "call_sid_ending_conference": None,
            "api_version": "2010-04-01",
            "date_created": moment,
            "date_updated": moment,
            "uri": f"{uri}.json",
            "subresource_uris": {"participants": f"{uri}/Participants.json"},
        }
        return self.rows[sid]

    def _participant(self, conference: str, call: str, form: dict[str, str]) -> dict[str, Any]:
        moment, path = rfc2822(now()), self.rows[conference]["subresource_uris"]["participants"]
        flags = {key: form.get(field, "false").lower() == "true" for field, key in _FLAGS.items()}
        return {
            **flags,
            "account_sid": ACCOUNT,
            "call_sid": call,
            "conference_sid": conference,
            "label": form.get("Label"),
            "call_sid_to_coach": form.get("CallSidToCoach"),
            "start_conference_on_enter": True,
            "status": "queued",
            "queue_time": "0",
            "date_created": moment,
            "date_updated": moment,
            "uri": path.replace(".json", f"/{call}.json"),
        }
