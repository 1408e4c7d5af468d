"""Voice Insights: what Twilio measured of a call, as a summary and as ten-second samples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cxotel.demo.far_ends.far_end import Route, route
from cxotel.demo.far_ends.twilio.desk import ACCOUNT, Desk, Quality, found, iso, now
from cxotel.demo.far_ends.wire import Received, Reply

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cxotel.demo.far_ends.twilio.voice import Calls

_CALL = "/v1/Voice/{call}"
_PACKETS_PER_SECOND = 50
_INTERVAL = 10


class Insights:
    """Summaries and metrics of the calls that were placed.

    Args:
        desk: The account; `Conditions.quality` says what was measured.
        calls: The calls.
    """

    def __init__(self, desk: Desk, calls: Calls) -> None:
        self._desk = desk
        self._calls = calls

    def routes(self) -> Iterable[Route]:
        """Return the operations of Voice Insights."""
        return (
            route("fetch_call_insights", "GET", _CALL, self.fetch),
            route("fetch_call_summary", "GET", _CALL + "/Summary", self.summary),
            route("list_call_metrics", "GET", _CALL + "/Metrics", self.metrics),
            route("list_call_events", "GET", _CALL + "/Events", self.events),
        )

    def fetch(self, request: Received) -> Reply:
        """Show where a call's insights are."""
        call = found(self._calls.rows, request.ids["call"], request)
        url = self._desk.link(request.path)
        links = {"summary": f"{url}/Summary", "metrics": f"{url}/Metrics"}
        return Reply.of(200, {"sid": call["sid"], "url": url, "links": links})

    def summary(self, request: Received) -> Reply:
        """Show what was measured of a whole call."""
        call = found(self._calls.rows, request.ids["call"], request)
        about = self._desk.about(request)
        conditions = self._desk.conditions
        quality, talk = conditions.quality.of(about), conditions.talk.of(about)
        side = _summed(quality, talk)
        edge = {
            "metrics": {"inbound": side, "outbound": side},
            "properties": {
                "direction": "outbound",
                "media_region": "us1",
                "signaling_region": "us1",
                "edge_location": "ashburn",
            },
        }
        return Reply.of(
            200,
            {
                "call_sid": call["sid"],
                "account_sid": ACCOUNT,
                "call_type": "carrier",
                "call_state": call["status"],
                "processing_state": "complete",
                "answered_by": call["answered_by"],
                "created_time": iso(now(talk)),
                "start_time": iso(now(talk)),
                "end_time": iso(now()),
                "duration": talk + 5,
                "connect_duration": talk,
                "from": {"caller": call["from"], "country_code": "US"},
                "to": {"callee": call["to"], "country_code": "US"},
                "carrier_edge": edge,
                "client_edge": None,
                "sdk_edge": None,
                "sip_edge": None,
                "tags": list(quality.tags),
                "attributes": {"conference_participant": False},
                "properties": {
                    "pdd_ms": conditions.post_dial_delay.of(about),
                    "last_sip_response_num": 200,
                    "disconnected_by": conditions.ended_by.of(about),
                    "queue_time": 0,
                    "direction": call["direction"],
                },
                "trust": {},
                "annotation": {},
                "url": self._desk.link(request.path),
            },
        )

    def metrics(self, request: Received) -> Reply:
        """Show the samples of a call, one each ten seconds."""
        call = found(self._calls.rows, request.ids["call"], request)
        about = self._desk.about(request)
        quality = self._desk.conditions.quality.of(about)
        talk = self._desk.conditions.talk.of(about)
        rows = [
            {
                "timestamp": iso(now(talk - second)),
                "call_sid": call["sid"],
                "account_sid": ACCOUNT,
                "edge": "carrier_edge",
                "direction": "inbound",
                "carrier_edge": _sample(quality, second),
                "client_edge": None,
                "sdk_edge": None,
                "sip_edge": None,
            }
            for second in range(_INTERVAL, talk + 1, _INTERVAL)
        ]
        return self._desk.meta_page(request, "metrics", rows)

    def events(self, request: Received) -> Reply:
        """Show what happened to a call."""
        call = found(self._calls.rows, request.ids["call"], request)
        names = ("initiated", "ringing", "answered", "ended")
        common = {"call_sid": call["sid"], "account_sid": ACCOUNT, "edge": "carrier_edge"}
        rows = [
            {**common, "timestamp": iso(now()), "group": "call", "level": "INFO", "name": name}
            for name in names
        ]
        return self._desk.meta_page(request, "events", rows)


def _summed(quality: Quality, seconds: int) -> dict[str, Any]:
    sent = seconds * _PACKETS_PER_SECOND
    lost = round(sent * quality.loss / 100)
    return {
        "codec": 0,
        "codec_name": quality.codec,
        "packets_sent": sent,
        "packets_received": sent - lost,
        "packets_lost": lost,
        "packets_loss_percentage": quality.loss,
        "jitter": {"avg": quality.jitter, "max": quality.jitter_max},
        "latency": {"avg": quality.round_trip / 2, "max": quality.round_trip},
    }


def _sample(quality: Quality, seconds: int) -> dict[str, Any]:
    interval = _summed(quality, _INTERVAL)
    values = {
        "jitter": {"value": quality.jitter},
        "rtt": {"value": quality.round_trip},
        "mos": {"value": quality.mos},
    }
    return {
        "codec": 0,
        "codec_name": quality.codec,
        "cumulative": _summed(quality, seconds),
        "interval": {**interval, **values},
        "metadata": {"region": "us1"},
    }
