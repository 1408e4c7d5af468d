"""Contacts: started, described while and after they happen, transferred, ended."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from cxotel.demo.far_ends.faults import RefusedError
from cxotel.demo.far_ends.memory import Ids, Scoped, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cxotel.demo.far_ends.connect.queues import Queues

    Json = dict[str, Any]
    Handler = Callable[[Json, str], Json]

ATTRIBUTES_SIZE = 32_768
"""Most UTF-8 bytes of attributes that one contact holds (API_StartOutboundVoiceContact)."""
_FLOW = 2.0


@dataclass(frozen=True, slots=True)
class Quality:
    """The audio quality that Amazon Connect reports of a voice contact.

    Attributes:
        agent: The score of what the agent sent.
        customer: The score of what the customer sent.
        issues: Issues of both, as in ``HighPacketLoss``.
    """

    agent: float = 4.4
    customer: float = 4.3
    issues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Conditions:
    """How contacts fare; each may differ for one of them, by a number or id in its requests.

    They are looked up when a contact starts. Its times lie in the past, as if queueing and talking
    were over when it was started: nobody sits through them.

    Attributes:
        queue_wait: Time in the queue, in seconds.
        answered: Whether an agent takes it.
        talk: Time with the agent, in seconds.
        hold: How much of that the customer was on hold, in whole seconds.
        ended: Whether it is over when it is described; `StopContact` ends it anyway.
        disconnect_reason: How it ends, as in ``CUSTOMER_DISCONNECT``.
        quality: A voice contact's quality.
    """

    queue_wait: Scoped[float] = field(default_factory=lambda: Scoped(12.0))
    answered: Scoped[bool] = field(default_factory=lambda: Scoped(True))
    talk: Scoped[float] = field(default_factory=lambda: Scoped(95.0))
    hold: Scoped[int] = field(default_factory=lambda: Scoped(0))
    ended: Scoped[bool] = field(default_factory=lambda: Scoped(False))
    disconnect_reason: Scoped[str] = field(default_factory=lambda: Scoped("CUSTOMER_DISCONNECT"))
    quality: Scoped[Quality] = field(default_factory=lambda: Scoped(Quality()))

    def clear(self) -> None:
        """Let every contact fare the same again."""
        for each in fields(self):
            getattr(self, each.name).clear()


class Contacts:
    """Contacts by id, as the model's ``Contact`` has them.

    Args:
        conditions: How they fare.
        queues: Where they wait.
        ids: Where ids come from.
    """

    def __init__(self, conditions: Conditions, queues: Queues, ids: Ids) -> None:
        self.rows = Table()
        self._conditions, self._queues, self._ids = conditions, queues, ids
        self._ends: dict[str, Json] = {}

    def handlers(self) -> Mapping[str, Handler]:
        """Return the operations on contacts."""
        return {
            "StartOutboundVoiceContact": self.start_voice,
            "StartChatContact": self.start_chat,
            "StartTaskContact": self.start_task,
            "DescribeContact": self.describe,
            "TransferContact": self.transfer,
            "StopContact": self.stop,
            "UpdateContactAttributes": self.update_attributes,
            "GetContactAttributes": self.attributes,
            "SearchContacts": self.search,
        }

    def start_voice(self, params: Json, about: str) -> Json:
        """Call a customer."""
        customer = {"Type": "TELEPHONE_NUMBER", "Address": params["DestinationPhoneNumber"]}
        contact = self._start(params, about, Channel="VOICE", CustomerEndpoint=customer)
        return {"ContactId": contact["Id"]}

    def start_chat(self, params: Json, about: str) -> Json:
        """Begin a chat."""
        contact = self._start(params, about, Channel="CHAT")
        tokens = {"ParticipantId": self._ids.uuid(), "ParticipantToken": self._ids.hex(64)}
        return {"ContactId": contact["Id"], **tokens}

    def start_task(self, params: Json, about: str) -> Json:
        """Begin a task."""
        contact = self._start(params, about, Channel="TASK", Name=params["Name"])
        return {"ContactId": contact["Id"]}

    def describe(self, params: Json, about: str) -> Json:
        """Show a contact, with its end where that has come."""
        contact = self.found(params["ContactId"])
        if self._conditions.ended.of(about):
            self._end(contact, None)
        return {"Contact": contact}

    def transfer(self, params: Json, about: str) -> Json:
        """Hand a contact to another queue or agent: a new contact follows the old one."""
        before = self.found(params["ContactId"])
        follows = {"InitiationMethod": "TRANSFER", "PreviousContactId": before["Id"]}
        kept = {key: before.get(key) for key in ("InitialContactId", "Channel", "Attributes")}
        kept["CustomerEndpoint"] = before.get("CustomerEndpoint")
        contact = self._start(params, about, **kept, **follows)
        self._end(before, "CONTACT_FLOW_DISCONNECT")
        return {"ContactId": contact["Id"], "ContactArn": contact["Arn"]}

    def stop(self, params: Json, about: str) -> Json:
        """End a contact."""
        contact = self.found(params["ContactId"], gone="ContactNotFoundException")
        if "DisconnectTimestamp" in contact:
            raise RefusedError(410, "ContactNotFoundException", "The contact has ended.")
        self._end(contact, params.get("DisconnectReason", {}).get("Code"))
        return {}

    def update_attributes(self, params: Json, about: str) -> Json:
        """Add attributes to a contact, and replace those that it has."""
        contact = self.found(params["InitialContactId"])
        contact["Attributes"] = _sized({**contact["Attributes"], **params["Attributes"]})
        return {}

    def attributes(self, params: Json, about: str) -> Json:
        """Show a contact's attributes."""
        return {"Attributes": self.found(params["InitialContactId"])["Attributes"]}

    def search(self, params: Json, about: str) -> Json:
        """Show the contacts that match, in pages."""
        channels = params.get("SearchCriteria", {}).get("Channels")
        rows = [row for row in self.rows.values() if not channels or row["Channel"] in channels]
        start, size = int(params.get("NextToken", 0)), params.get("MaxResults", 100)
        page: Json = {"Contacts": rows[start : start + size], "TotalCount": len(rows)}
        if start + size < len(rows):
            page["NextToken"] = str(start + size)
        return page

    def found(self, contact: str, gone: str = "ResourceNotFoundException") -> Json:
        """Return a contact.

        Raises:
            RefusedError: There is none; `gone` names the error.
        """
        row = self.rows.get(contact)
        if row is None:
            status = 410 if gone == "ContactNotFoundException" else 404
            raise RefusedError(status, gone, f"Contact {contact} was not found.")
        return row

    def _start(self, params: Json, about: str, **given: Any) -> Json:
        contact_id, conditions = self._ids.uuid(), self._conditions
        wait, talk = conditions.queue_wait.of(about), conditions.talk.of(about)
        begun = datetime.now(timezone.utc) - timedelta(seconds=_FLOW + wait + talk)
        attributes = _sized(given.pop("Attributes", None) or params.get("Attributes", {}))
        queue = params.get("QueueId") or self._queues.of(attributes)["QueueId"]
        enqueued = begun + timedelta(seconds=_FLOW)
        taken = enqueued + timedelta(seconds=wait)
        contact = {
            "Id": contact_id,
            "Arn": self._queues.arn(params["InstanceId"], f"contact/{contact_id}"),
            "InitialContactId": contact_id,
            "RelatedContactId": params.get("RelatedContactId"),
            "InitiationMethod": "API",
            "Name": params.get("Name"),
            "Attributes": attributes,
            "QueueInfo": {"Id": queue, "EnqueueTimestamp": enqueued},
            "QueuePriority": 5,
            "InitiationTimestamp": begun,
            "ConnectedToSystemTimestamp": begun,
            "LastUpdateTimestamp": begun,
            **given,
        }
        contact["ContactAssociationId"] = contact["InitialContactId"]
        if conditions.answered.of(about):
            contact["AgentInfo"] = {"Id": self._ids.uuid(), "ConnectedToAgentTimestamp": taken}
        self.rows[contact_id] = contact
        self._ends[contact_id] = self._ending(contact, taken + timedelta(seconds=talk), about)
        return contact

    def _ending(self, contact: Json, hung_up: datetime, about: str) -> Json:
        """Work out what a contact will look like when it is over."""
        conditions = self._conditions
        agent = contact.get("AgentInfo")
        if agent is None:
            waited = timedelta(seconds=conditions.queue_wait.of(about))
            hung_up = contact["QueueInfo"]["EnqueueTimestamp"] + waited
        ending: Json = {
            "DisconnectTimestamp": hung_up,
            "LastUpdateTimestamp": hung_up,
            "DisconnectReason": conditions.disconnect_reason.of(about),
        }
        if agent is not None:
            hold = {"AgentInitiatedHoldDuration": conditions.hold.of(about)}
            ending["AgentInfo"] = {**agent, **hold, "AfterContactWorkDuration": 20}
        if agent is not None and contact["Channel"] == "VOICE":
            ending["QualityMetrics"] = _measured(conditions.quality.of(about))
        return ending

    def _end(self, contact: Json, reason: str | None) -> None:
        contact.update(self._ends[contact["Id"]])
        contact["DisconnectReason"] = reason or contact["DisconnectReason"]


def _sized(attributes: Mapping[str, str]) -> dict[str, str]:
    size = sum(len(f"{key}{value}".encode()) for key, value in attributes.items())
    if size > ATTRIBUTES_SIZE:
        message = f"Attributes have {size} bytes, more than {ATTRIBUTES_SIZE}."
        raise RefusedError(400, "InvalidParameterException", message)
    return dict(attributes)


def _measured(quality: Quality) -> Json:
    issues = list(quality.issues)
    scores = {"Agent": quality.agent, "Customer": quality.customer}
    return {
        party: {"Audio": {"QualityScore": score, "PotentialQualityIssues": issues}}
        for party, score in scores.items()
    }
