"""Amazon Connect: the quality metrics of a contact.

The score is Amazon's own and its parts are not told: there are no counts of packets.
"""

from __future__ import annotations

from typing import Final

from cxotel.media.fields import Fields, report
from cxotel.media.quality import MediaQuality
from cxotel.media.vendors.telling import reported, telling

ISSUES: Final = ("HighPacketLoss", "HighRoundTripTime", "HighJitterBuffer")
"""What Amazon names as possible causes; its thresholds are not published."""

_PARTIES: Final = {"Agent": "agent", "Customer": "customer"}


def contact(document: object) -> tuple[MediaQuality, ...]:
    """Read the quality metrics of a contact.

    Args:
        document: The answer of `DescribeContact`, its `Contact`, a contact record of the stream,
            or its JSON.

    Returns:
        A record for the agent and one for the customer, where they were measured. What Amazon
        scores from 1 to 5 is its MOS.

    Raises:
        MalformedError: It is no object.

    Example:
        >>> told = {"Agent": {"Audio": {"QualityScore": 4.2, "PotentialQualityIssues": []}}}
        >>> (record,) = contact({"Contact": {"Id": "c1", "QualityMetrics": told}})
        >>> record.leg, record.leg_name, record.judgements[0].mos
        ('c1', 'agent', 4.2)

    Source: the contact record's data model, AudioQualityMetricsInfo, in Connect's administrator
    guide.
    """
    told = _contact(document)
    start = told.child("AgentInfo").time("ConnectedToAgentTimestamp")
    end = told.time("DisconnectTimestamp")
    records = [
        MediaQuality(
            source="amazon_connect",
            system="amazon_connect",
            leg=told.text("Id") or told.text("ContactId"),
            leg_name=name,
            start=start,
            duration=None if start is None or end is None or end < start else end - start,
            judgements=reported(_audio(told, party).number("QualityScore", high=5.0)),
        )
        for party, name in _PARTIES.items()
    ]
    return telling(records, told.problems)


def issues(document: object) -> dict[str, tuple[str, ...]]:
    """Return what Amazon holds to be the cause, of those in `ISSUES`.

    Args:
        document: As for `contact`.

    Returns:
        The issues by `agent` and `customer`; none for whom nothing was found.

    Raises:
        MalformedError: It is no object.

    Example:
        >>> audio = {"PotentialQualityIssues": ["HighPacketLoss"]}
        >>> issues({"QualityMetrics": {"Customer": {"Audio": audio}}})
        {'customer': ('HighPacketLoss',)}
    """
    told = _contact(document)
    found: dict[str, tuple[str, ...]] = {}
    for party, name in _PARTIES.items():
        listed = _audio(told, party).values("PotentialQualityIssues")
        found[name] = tuple(issue for issue in ISSUES if issue in listed)
    return {name: some for name, some in found.items() if some}


def _contact(document: object) -> Fields:
    answer = report(document, "amazon_connect")
    return answer if answer.raw("Contact") is None else answer.child("Contact")


def _audio(told: Fields, party: str) -> Fields:
    return told.child("QualityMetrics").child(party).child("Audio")
