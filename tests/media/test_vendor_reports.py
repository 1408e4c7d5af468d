"""Vendors' own reports of quality become records, in seconds and ratios."""

from __future__ import annotations

import json
import time
from datetime import datetime, timezone
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxotel.media.errors import MalformedError
from cxotel.media.judge import judged
from cxotel.media.vendors import (
    amazon_connect,
    asterisk,
    genesys,
    telnyx,
    twilio,
    webex,
    zoom,
)
from cxotel.media.vendors.recognition import recognised
from tests.media.vectors import document

if TYPE_CHECKING:
    from collections.abc import Callable

    from cxotel.media.quality import MediaQuality

REPORTS: dict[str, Any] = document("vendors/reports.json")
READERS: dict[str, Callable[[object], tuple[MediaQuality, ...]]] = {
    "twilio_summary": twilio.summary,
    "twilio_metrics": twilio.metrics,
    "twilio_participant": twilio.participant,
    "genesys_conversation": genesys.conversations,
    "amazon_connect_contact": amazon_connect.contact,
    "telnyx_hangup": telnyx.hangup,
    "zoom_meeting": zoom.meeting,
    "zoom_phone": zoom.phone_call,
    "webex_qualities": webex.meeting,
    "asterisk_ari": asterisk.rtp_statistics,
}


def read(name: str) -> tuple[MediaQuality, ...]:
    """Read a sample."""
    return READERS[name](REPORTS[name])


def mos_of(record: MediaQuality) -> float | None:
    """Return the vendor's MOS, and see that it is called the vendor's."""
    (judgement,) = record.judgements
    assert (judgement.origin, judgement.model) == ("reported", "vendor")
    return judgement.mos


@pytest.mark.parametrize("name", READERS)
def test_json_and_content_are_read_alike(name: str) -> None:
    """Text as it came from the vendor gives the same as what was read from it."""
    records = read(name)
    assert records
    assert READERS[name](json.dumps(REPORTS[name])) == records
    assert READERS[name](json.dumps(REPORTS[name]).encode()) == records
    assert not any(record.partial for record in records)


@pytest.mark.parametrize("name", READERS)
def test_a_report_is_recognised_by_its_members(name: str) -> None:
    """Nobody needs to say whose report a file is."""
    kind = recognised(json.dumps(REPORTS[name]))
    assert kind.read is READERS[name]
    assert kind.name.lower().startswith(name.partition("_")[0])
    with pytest.raises(MalformedError, match="of no vendor"):
        recognised({"a": []})


def test_lists_of_reports_are_recognised() -> None:
    """Some interfaces answer with a list alone."""
    assert recognised(REPORTS["webex_qualities"]["items"]).read is webex.meeting
    assert recognised(REPORTS["twilio_metrics"]["metrics"]).read is twilio.metrics


def test_twilios_summary_tells_of_each_edge() -> None:
    """Per cent become ratios, milliseconds seconds; what only was sent tells nothing."""
    carrier, sdk = read("twilio_summary")
    assert (carrier.leg_name, carrier.direction, carrier.codec) == (
        "carrier_edge",
        "inbound",
        "PCMU",
    )
    assert (carrier.packets, carrier.lost, carrier.loss) == (2940, 60, 0.02)
    assert (carrier.jitter, carrier.jitter_max, carrier.duration) == (0.0125, 0.043, 60)
    assert carrier.start == datetime(2026, 11, 22, 4, 7, tzinfo=timezone.utc).timestamp()
    assert (sdk.leg_name, sdk.round_trip, mos_of(sdk)) == ("sdk_edge", 0.081, 4.21)
    assert sdk.loss == 0.005


def test_twilios_samples_are_intervals() -> None:
    """A sample is of the seconds before it; what is of the call so far is no interval."""
    sdk, carrier, so_far = read("twilio_metrics")
    assert (sdk.duration, sdk.packets, sdk.round_trip, mos_of(sdk)) == (1.0, 50, 0.081, 4.39)
    assert (sdk.jitter, sdk.leg_name, sdk.direction) == (0.009, "sdk_edge", "inbound")
    assert (carrier.duration, carrier.loss, carrier.codec) == (10.0, 0.1, "PCMU")
    assert (so_far.duration, so_far.start, so_far.jitter) == (None, None, 0.004)
    listed = twilio.metrics(
        [SimpleNamespace(**sample) for sample in REPORTS["twilio_metrics"]["metrics"]]
    )
    assert listed == (sdk, carrier, so_far)


def test_twilios_participants_spell_it_differently() -> None:
    """`packet_loss_percentage`, `total_packets_lost`, a MOS that stands alone."""
    inbound, outbound = read("twilio_participant")
    assert (inbound.loss, inbound.jitter, mos_of(inbound)) == (0.01, 0.0032, 4.38)
    assert (outbound.loss, outbound.measured_at) == (0.005, None)
    assert (inbound.leg, inbound.duration) == ("CA00000000000000000000000000000002", 30)


def test_genesys_tells_discards_but_no_loss() -> None:
    """The legs are sessions, named by what the participant is to the call."""
    customer, agent = read("genesys_conversation")
    assert (customer.leg_name, agent.leg_name) == ("customer", "agent")
    assert (agent.codec, agent.packets, agent.discarded, agent.discard) == ("opus", 200, 8, 0.04)
    assert (agent.one_way_delay, agent.loss, agent.jitter) == (0.03, None, None)
    assert mos_of(agent) == 4.882504366160681
    assert agent.judgements[0].r == 92.44775390625
    assert customer.codec is None
    assert judged(agent) is agent


def test_genesys_objects_are_read_by_their_python_names() -> None:
    """The client library spells members in snake case."""
    stats = SimpleNamespace(
        min_mos=4.1, min_r_factor=82.0, received_packets=10, codecs=["audio/PCMU"]
    )
    session = SimpleNamespace(session_id="s", media_endpoint_stats=[stats])
    person = SimpleNamespace(purpose="agent", sessions=[session])
    (record,) = genesys.conversations(SimpleNamespace(participants=[person]))
    assert (record.leg, record.codec, mos_of(record)) == ("s", "PCMU", 4.1)
    assert record.judgements[0].r == 82
    (least,) = genesys.conversations({"conversations": [{"mediaStatsMinConversationMos": 3.3}]})
    assert mos_of(least) == 3.3


def test_amazon_connect_scores_both_parties() -> None:
    """A score of 1 to 5, without counts; times as boto3 gives them."""
    agent, customer = read("amazon_connect_contact")
    assert (agent.leg_name, mos_of(agent), agent.duration) == ("agent", 4.36, 90.0)
    assert (customer.leg_name, mos_of(customer), customer.loss) == ("customer", 3.05, None)
    assert amazon_connect.issues(REPORTS["amazon_connect_contact"]) == {
        "customer": ("HighPacketLoss", "HighJitterBuffer")
    }
    started = datetime(2026, 11, 22, tzinfo=timezone.utc)
    contact = REPORTS["amazon_connect_contact"]["Contact"] | {"DisconnectTimestamp": started}
    assert amazon_connect.contact(contact)[0].duration is None


def test_telnyx_writes_numbers_as_text() -> None:
    """Its media server's variance is no jitter, and its skipped reads are no loss."""
    (inbound,) = read("telnyx_hangup")
    assert (inbound.packets, mos_of(inbound), inbound.direction) == (1350, 4.5, "inbound")
    assert (inbound.lost, inbound.jitter) == (None, None)
    stats = REPORTS["telnyx_hangup"]["data"]["payload"]["call_quality_stats"]
    (texml,) = telnyx.hangup({"CallSid": "v3:1", "CallQualityStats": json.dumps(stats)})
    assert (texml.leg, mos_of(texml)) == ("v3:1", 4.5)
    with pytest.raises(MalformedError, match="telnyx: no JSON"):
        telnyx.hangup({"CallQualityStats": "{"})
    assert telnyx.hangup({"data": {"payload": {"call_quality_stats": None}}}) == ()


def test_zooms_values_have_their_units_behind_them() -> None:
    """Input is what Zoom gets from the participant, output what the participant gets."""
    inbound, outbound = read("zoom_meeting")
    assert (inbound.direction, inbound.round_trip, inbound.jitter) == ("inbound", 0.08, 0.008)
    assert (inbound.loss, inbound.duration) == (0.003, 60.0)
    assert (outbound.direction, outbound.loss) == ("outbound", 0.0)
    caller, callee = read("zoom_phone")
    assert (caller.leg_name, caller.one_way_delay, mos_of(caller)) == ("caller", 0.022, 4.31)
    assert (callee.leg_name, callee.direction, callee.jitter) == ("callee", "outbound", 0.003)
    assert callee.judgements == ()


def test_webex_has_a_value_for_each_interval() -> None:
    """Arrays become records; what is null or below 0 was not measured."""
    first, second, third = read("webex_qualities")
    assert (first.loss, first.jitter, first.round_trip) == (0.005, 0.004, 0.045)
    assert (second.loss, second.jitter, second.round_trip) == (0.02, None, None)
    assert (first.codec, first.duration) == ("opus", 60.0)
    assert second.start == (first.start or 0) + 60
    assert (third.direction, third.loss) == ("outbound", 0.0)


def test_asterisk_tells_both_directions_in_seconds() -> None:
    """What we lost is `lp`, what the other end lost is `rlp`."""
    inbound, outbound = asterisk.audio_qos(
        "ssrc=1;themssrc=2882400018;lp=1;rxjitter=0.012;rxcount=1516;txjitter=0.0030;txcount=1520;"
        "rlp=38;rtt=0.129104;rxmes=83.194;txmes=82.967"
    )
    assert (inbound.packets, inbound.lost, inbound.jitter) == (1516, 1, 0.012)
    assert (inbound.round_trip, inbound.leg) == (0.129104, "abcdef12")
    assert (outbound.lost, outbound.loss, outbound.jitter) == (38, 0.025, 0.003)
    assert inbound.judgements == outbound.judgements == ()
    (alone,) = asterisk.audio_qos("lp=4294967294;rxjitter=0.01;rxcount=10;rlp=0;rtt=0.000000")
    assert (alone.lost, alone.round_trip) == (0, None)
    (mean,) = asterisk.audio_qos("rxcount=9;avgrxjitter=0.02;maxrxjitter=0.05;rxjitter=0.5")
    assert (mean.jitter, mean.jitter_max) == (0.02, 0.05)
    inbound, outbound = read("asterisk_ari")
    assert (inbound.leg, inbound.loss, inbound.jitter) == ("1700000000.7", 0.04, 0.005)
    assert (outbound.loss, outbound.round_trip) == (0.02, 0.06)


@pytest.mark.parametrize("text", ["", "rtt", "a=b;c=d", "x" * 9000])
def test_what_is_no_audio_qos_is_refused(text: str) -> None:
    """Other text gives one clear error."""
    with pytest.raises(MalformedError, match="asterisk: "):
        asterisk.audio_qos(text)


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize(
    "junk", ["", "[", "7", "null", b"\xff", "[" * 50_000, "9" * 9_000_000, 7, None, "text", True]
)
def test_what_is_no_report_is_refused(name: str, junk: object) -> None:
    """Junk and megabytes give one clear error."""
    with pytest.raises(MalformedError):
        READERS[name](junk)


def test_what_makes_no_sense_is_told() -> None:
    """What could be read is kept, what could not is a problem of the record."""
    inbound = {"packets_received": "many", "packets_loss_percentage": 130, "jitter": {"avg": -1}}
    edge = {"metrics": {"inbound": inbound | {"mos": 4.0}}}
    (record,) = twilio.summary({"carrier_edge": edge, "sip_edge": 5, "start_time": "soon"})
    assert mos_of(record) == 4.0
    inbound_of = "twilio.carrier_edge.metrics.inbound"
    assert record.problems == (
        "twilio: start_time is no time",
        f"{inbound_of}: packets_received is no number",
        f"{inbound_of}: packets_loss_percentage must lie between 0 and 100, got 130",
        f"{inbound_of}.jitter: avg must lie between 0 and 1e+12, got -1",
        "twilio: sip_edge is no object",
    )
    (lost,) = webex.meeting({"audioIn": [{"packetLoss": 4}]}) or (None,)
    assert lost is None
    (empty,) = zoom.meeting({"user_qos": [{"audio_input": {"jitter": "fast"}}]})
    assert empty.problems == ("zoom.user_qos[0].audio_input: jitter is no number",)


def test_a_flood_is_read_in_bounded_time() -> None:
    """Millions of items within the limit of size are not read one by one, and that is told."""
    streams = [{"packetLoss": [1]}] + [{}] * 20_000
    flood = json.dumps({"items": [{"audioIn": streams}] * 60})
    began = time.monotonic()
    records = webex.meeting(flood)
    genesys.conversations(json.dumps({"participants": [{"sessions": [{}] * 20_000}] * 60}))
    assert time.monotonic() - began < 10
    assert 0 < len(records) < 60
    assert records[0].problems[0].endswith("a report has more than 50000 items")


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


def damaged(content: Any, path: list[int], junk: object) -> Any:
    """Put junk somewhere into a report."""
    if not path or not content or not isinstance(content, dict | list):
        return junk
    keys: list[Any] = list(content) if isinstance(content, dict) else list(range(len(content)))  # pyright: ignore[reportUnknownArgumentType]
    key = keys[path[0] % len(keys)]
    copy: Any = content.copy()  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    copy[key] = damaged(content[key], path[1:], junk)
    return copy  # pyright: ignore[reportUnknownVariableType]


@given(st.sampled_from(sorted(READERS)), st.lists(st.integers(0, 30), max_size=9), JUNK)
def test_damaged_reports_are_sane_or_one_error(name: str, path: list[int], junk: object) -> None:
    """Any value in any place leaves sane records, or the reader's own error."""
    try:
        for record in READERS[name](damaged(REPORTS[name], path, junk)):
            judged(record)
        amazon_connect.issues(damaged(REPORTS["amazon_connect_contact"], path, junk))
    except MalformedError as error:
        assert ": " in str(error)  # noqa: PT017 - the other outcome is no error


@given(st.text(max_size=200))
def test_any_text_is_audio_qos_or_one_error(text: str) -> None:
    """Junk behind what is known leaves sane records, or the reader's own error."""
    for record in asterisk.audio_qos(f"rxcount=5;lp={text}"):
        judged(record)
