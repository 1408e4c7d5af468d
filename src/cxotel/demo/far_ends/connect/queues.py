"""Queues and the metrics that dashboards poll."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from cxotel.demo.far_ends.faults import RefusedError
from cxotel.demo.far_ends.memory import Ids, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cxotel.demo.far_ends.connect.contacts import Conditions, Handler

    Json = dict[str, Any]

_NAMES = ("billing", "returns", "support")


class Queues:
    """The queues of an instance.

    Args:
        conditions: How contacts fare in them.
        ids: Where ids come from.

    Attributes:
        contacts: Gives the contacts to count, once they are there.
    """

    def __init__(self, conditions: Conditions, ids: Ids) -> None:
        self.contacts: Callable[[], Sequence[Json]] = list
        self.rows = Table()
        self._conditions, self._ids = conditions, ids
        for name in _NAMES:
            self.add(name)

    def handlers(self) -> Mapping[str, Handler]:
        """Return the operations on queues and metrics."""
        return {
            "ListQueues": self.list,
            "DescribeQueue": self.describe,
            "GetCurrentMetricData": self.current,
            "GetMetricDataV2": self.historical,
        }

    def add(self, name: str) -> Json:
        """Open a queue."""
        queue_id = self._ids.uuid()
        self.rows[queue_id] = {"QueueId": queue_id, "Name": name, "Status": "ENABLED"}
        return self.rows[queue_id]

    def of(self, attributes: Mapping[str, str]) -> Json:
        """Return the queue that a contact's attribute ``queue`` names, opened where it is new."""
        name = attributes.get("queue", _NAMES[0])
        return next(iter(self.rows.matching(Name=name)), None) or self.add(name)

    def arn(self, instance: str, resource: str) -> str:
        """Return the name of a resource of an instance."""
        return f"arn:aws:connect:eu-central-1:111122223333:instance/{instance}/{resource}"

    def list(self, params: Json, about: str) -> Json:
        """Show the queues."""
        rows = [
            {"Id": queue_id, "Name": row["Name"], "QueueType": "STANDARD"}
            for queue_id, row in self.rows.items()
        ]
        return {"QueueSummaryList": rows}

    def describe(self, params: Json, about: str) -> Json:
        """Show a queue."""
        row = self.rows.get(params["QueueId"])
        if row is None:
            raise RefusedError(404, "ResourceNotFoundException", "The queue was not found.")
        return {"Queue": {**row, "QueueArn": self.arn(params["InstanceId"], row["QueueId"])}}

    def current(self, params: Json, about: str) -> Json:
        """Show how queues stand now."""
        names = params["Filters"].get("Queues", list(self.rows))
        rows = [
            {
                "Dimensions": {"Queue": {"Id": queue}},
                "Collections": [
                    {"Metric": metric, "Value": self._now(metric["Name"], queue, about)}
                    for metric in params["CurrentMetrics"]
                ],
            }
            for queue in names
        ]
        return {"MetricResults": rows, "DataSnapshotTime": datetime.now(timezone.utc)}

    def historical(self, params: Json, about: str) -> Json:
        """Show how queues did."""
        queues = [name for each in params["Filters"] for name in each.get("FilterValues", ())]
        interval = {"Interval": "TOTAL", "StartTime": params["StartTime"]}
        interval["EndTime"] = params["EndTime"]
        rows = [
            {
                "Dimensions": {"QUEUE": queue},
                "MetricInterval": interval,
                "Collections": [
                    {"Metric": metric, "Value": self._past(metric["Name"], queue, about)}
                    for metric in params["Metrics"]
                ],
            }
            for queue in queues
        ]
        return {"MetricResults": rows}

    def _now(self, metric: str, queue: str, about: str) -> float:
        wait = self._conditions.queue_wait.of(about)
        waiting = [row for row in self._in(queue) if "DisconnectTimestamp" not in row]
        values = {"OLDEST_CONTACT_AGE": wait, "ESTIMATED_WAIT_TIME": wait}
        values["CONTACTS_IN_QUEUE"] = float(len(waiting))
        return values.get(metric, 1.0)

    def _past(self, metric: str, queue: str, about: str) -> float:
        rows = self._in(queue)
        lost = [row for row in rows if "AgentInfo" not in row]
        values = {
            "AVG_QUEUE_ANSWER_TIME": self._conditions.queue_wait.of(about),
            "AVG_HANDLE_TIME": self._conditions.talk.of(about),
            "ABANDONMENT_RATE": 100.0 * len(lost) / max(1, len(rows)),
        }
        return values.get(metric, float(len(rows)))

    def _in(self, queue: str) -> Sequence[Json]:
        return [row for row in self.contacts() if row["QueueInfo"]["Id"] == queue]
